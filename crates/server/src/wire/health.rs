//! What works here.

use practice::Capability;
use serde::Serialize;
use utoipa::ToSchema;

/// Whether the server can do its work.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthBody {
    /// `ok`: it can.
    pub status: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// What works and what does not, each with its cure.
    pub capabilities: Vec<CapabilityBody>,
}

/// One thing that works or does not.
#[derive(Debug, Serialize, ToSchema)]
pub struct CapabilityBody {
    /// Short name.
    pub name: &'static str,
    /// Whether it works.
    pub ok: bool,
    /// What there is, or what is missing.
    pub detail: String,
    /// What to do about it; empty when there is nothing to do.
    pub cure: String,
}

impl From<Capability> for CapabilityBody {
    fn from(capability: Capability) -> Self {
        let Capability {
            name,
            ok,
            detail,
            cure,
        } = capability;
        Self {
            name,
            ok,
            detail,
            cure: cure.into_owned(),
        }
    }
}
