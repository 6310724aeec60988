//! Jobs, and the roles that there are.

use domain::Day;
use practice::Held;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use super::words::{Level, Task};

/// What a job says. Every text may be empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JobFields {
    /// As the posting names it, one line.
    #[serde(default)]
    #[schema(max_length = 200, default = "")]
    pub title: String,
    /// The id of a role; `GET /roles` lists them.
    #[schema(max_length = 64, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub role: String,
    /// The level interviewed for.
    pub level: Level,
    /// The company's name, one line.
    #[serde(default)]
    #[schema(max_length = 200, default = "")]
    pub company: String,
    /// What they build, their public API, their stack; chooses questions. At most 16,384 bytes.
    #[serde(default)]
    #[schema(max_length = 16_384, default = "")]
    pub company_notes: String,
    /// The pasted description. At most 32,768 bytes.
    #[serde(default)]
    #[schema(max_length = 32_768, default = "")]
    pub description: String,
    /// The candidate's CV. At most 32,768 bytes.
    #[serde(default)]
    #[schema(max_length = 32_768, default = "")]
    pub cv: String,
    /// The day of the interview.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub interview_on: Option<Day>,
    /// The candidate's own notes; they choose nothing. At most 16,384 bytes.
    #[serde(default)]
    #[schema(max_length = 16_384, default = "")]
    pub notes: String,
    /// What of the checklist is done, in its order.
    #[serde(default)]
    #[schema(max_items = 32)]
    pub done: Vec<Task>,
}

/// A job to keep in place of the version that was seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutJob {
    /// What it says.
    pub job: JobFields,
    /// The `version` that was read.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    pub version: i64,
}

/// A job as kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobBody {
    /// Its id.
    pub id: String,
    /// How often it was written; a writer sends back the one that was read.
    pub version: i64,
    /// When it was first kept.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was last written.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// What it says.
    pub job: JobFields,
}

/// A page of jobs, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobList {
    /// The jobs.
    pub data: Vec<JobBody>,
    /// The cursor of the next page; null on the last.
    #[schema(required)]
    pub next: Option<String>,
}

/// A role that sets can be made for.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleBody {
    /// Its slug.
    pub id: String,
    /// As people call it.
    pub title: String,
    /// What the packs that are loaded have for it.
    pub note: String,
}

/// The roles.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleList {
    /// The roles, in the order of the packs.
    pub data: Vec<RoleBody>,
}

impl From<&domain::Job> for JobFields {
    fn from(job: &domain::Job) -> Self {
        Self {
            title: job.title.clone(),
            role: job.role.clone(),
            level: job.level.into(),
            company: job.company.clone(),
            company_notes: job.company_notes.clone(),
            description: job.description.clone(),
            cv: job.cv.clone(),
            interview_on: job.interview_on,
            notes: job.notes.clone(),
            done: job.done.iter().copied().map(Task).collect(),
        }
    }
}

impl From<JobFields> for domain::Job {
    fn from(fields: JobFields) -> Self {
        Self {
            title: fields.title,
            role: fields.role,
            level: fields.level.0,
            company: fields.company,
            company_notes: fields.company_notes,
            description: fields.description,
            cv: fields.cv,
            interview_on: fields.interview_on,
            notes: fields.notes,
            done: fields.done.into_iter().map(|task| task.0).collect(),
        }
    }
}

impl From<&Held<domain::Job>> for JobBody {
    fn from(held: &Held<domain::Job>) -> Self {
        Self {
            id: held.id.to_string(),
            version: held.version,
            created_at: instant(held.created_at_us),
            updated_at: instant(held.updated_at_us),
            job: JobFields::from(&held.body),
        }
    }
}

impl From<&practice::Role> for RoleBody {
    fn from(role: &practice::Role) -> Self {
        Self {
            id: role.id.clone(),
            title: role.title.clone(),
            note: role.note.clone(),
        }
    }
}
