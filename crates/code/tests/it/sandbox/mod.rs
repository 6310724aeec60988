//! Programs in the sandbox.

mod honest;
pub(crate) mod stage;
