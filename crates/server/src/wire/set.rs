//! Tailored sets.

use domain::{DocumentId, SetInputs, TailoredSet};
use practice::{Held, SetQuestion, SetView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use super::words::{Because, Competency, Kind, Level, RemarkKind, Source};

/// A set to make: from a job, or from texts given here.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSetBody {
    /// The job; then `inputs` stays out.
    #[schema(max_length = 140, pattern = "^[A-Za-z0-9._-]+$")]
    pub job: Option<String>,
    /// The texts; then `job` stays out.
    pub inputs: Option<NewSetInputs>,
    /// Minutes that the set may take.
    #[schema(minimum = 10, maximum = 600, default = 90)]
    pub minutes: Option<u32>,
    /// Decides between questions of equal worth; drawn when absent.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub seed: Option<u64>,
}

/// What to choose by.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSetInputs {
    /// Title of the job, one line.
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
    /// What they build, their public API, their stack. At most 16,384 bytes.
    #[serde(default)]
    #[schema(max_length = 16_384, default = "")]
    pub company_notes: String,
    /// The job description. At most 32,768 bytes.
    #[serde(default)]
    #[schema(max_length = 32_768, default = "")]
    pub description: String,
    /// The candidate's CV. At most 32,768 bytes.
    #[serde(default)]
    #[schema(max_length = 32_768, default = "")]
    pub cv: String,
}

/// Words of one of the texts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MarkBody {
    /// Which text.
    pub source: Source,
    /// First byte (UTF-8).
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// The slice.
    pub text: String,
}

/// Why a question is in the set.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonBody {
    /// What sort of reason.
    pub because: Because,
    /// The term that the words stand for; null where no words chose.
    #[schema(required)]
    pub term: Option<String>,
    /// The reason in a sentence.
    pub says: String,
    /// The words.
    pub marks: Vec<MarkBody>,
}

/// A question of a set.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetEntryBody {
    /// The item.
    pub item: String,
    /// Its title; the id when the bank no longer has it.
    pub title: String,
    /// Whether the bank still has it.
    pub available: bool,
    /// Which variant; 0 is the default.
    pub variant: u32,
    /// What is particular to the variant; null for an item without variants.
    #[schema(required)]
    pub variant_title: Option<String>,
    /// What sort of question; null when the bank no longer has it.
    #[schema(required)]
    pub kind: Option<Kind>,
    /// What it assesses; null when the bank no longer has it.
    #[schema(required)]
    pub competency: Option<Competency>,
    /// Minutes to answer it and to be questioned.
    pub minutes: u32,
    /// 1 worth a look, 2 expected, 3 decisive.
    #[schema(minimum = 1, maximum = 3)]
    pub weight: u32,
    /// Why it is here, strongest first.
    pub reasons: Vec<ReasonBody>,
    /// How many scored attempts there are at all.
    pub attempts: u32,
    /// The newest attempt since the set was made; null before.
    #[schema(required)]
    pub done: Option<SetDoneBody>,
}

/// An attempt that counts for a set.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetDoneBody {
    /// The attempt.
    pub attempt: String,
    /// Its total; null when void.
    #[schema(required)]
    pub score: Option<f64>,
}

/// What the CV says and the job wants.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimBody {
    /// The term.
    pub term: String,
    /// Its name.
    pub name: String,
    /// What an interviewer would ask.
    pub ask: String,
    /// The words of CV and job.
    pub marks: Vec<MarkBody>,
}

/// What the job wants and the CV does not show.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapBody {
    /// The term.
    pub term: String,
    /// Its name.
    pub name: String,
    /// Whether the posting demands it.
    pub required: bool,
    /// What to do about it.
    pub says: String,
    /// The words of the job.
    pub marks: Vec<MarkBody>,
}

/// What a reader must know of the texts.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemarkBody {
    /// What about.
    pub kind: RemarkKind,
    /// The sentence.
    pub says: String,
}

/// A set as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetSummary {
    /// Its id; empty for one that was not kept.
    pub id: String,
    /// The job that it was made for; null when the texts were given directly.
    #[schema(required)]
    pub job: Option<String>,
    /// Title of the job.
    pub title: String,
    /// The company.
    pub company: String,
    /// The role.
    pub role: String,
    /// The level.
    pub level: Level,
    /// What decided between questions of equal worth.
    pub seed: u64,
    /// Equal for sets that were made from the same inputs.
    pub digest: String,
    /// How many questions it has.
    pub questions: usize,
    /// Minutes of all of them.
    pub minutes: u32,
    /// Minutes that it may take.
    pub budget: u32,
    /// When it was made; null for one that was not kept.
    #[schema(required, format = DateTime)]
    pub created_at: Option<String>,
}

/// A page of sets, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetList {
    /// The sets.
    pub data: Vec<SetSummary>,
    /// The cursor of the next page; null on the last.
    #[schema(required)]
    pub next: Option<String>,
}

/// A set with its questions.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetBody {
    /// What lists show of it.
    #[serde(flatten)]
    pub summary: SetSummary,
    /// The job description that it was made from; marks point into it.
    pub description: String,
    /// The notes on the company that it was made from.
    pub company_notes: String,
    /// The questions, most important first.
    pub entries: Vec<SetEntryBody>,
    /// What of the CV will be probed.
    pub claims: Vec<ClaimBody>,
    /// What the CV lacks.
    pub gaps: Vec<GapBody>,
    /// What a reader must know of the texts.
    pub remarks: Vec<RemarkBody>,
}

impl NewSetInputs {
    pub(crate) fn into_inputs(self, minutes: u32) -> SetInputs {
        SetInputs {
            title: self.title,
            role: self.role,
            level: self.level.0,
            company: self.company,
            company_notes: self.company_notes,
            description: self.description,
            cv: self.cv,
            minutes,
        }
    }
}

impl SetSummary {
    /// From a set that is kept under an id since an instant, or is not kept.
    pub fn new(set: &TailoredSet, kept: Option<(&DocumentId, i64)>) -> Self {
        let inputs = &set.inputs;
        Self {
            id: kept.map_or(String::new(), |(id, _)| id.to_string()),
            job: set.job.as_ref().map(DocumentId::to_string),
            title: inputs.title.clone(),
            company: inputs.company.clone(),
            role: inputs.role.clone(),
            level: inputs.level.into(),
            seed: set.seed,
            digest: set.digest.clone(),
            questions: set.entries.len(),
            minutes: set.minutes(),
            budget: inputs.minutes,
            created_at: kept.map(|(_, us)| instant(us)),
        }
    }
}

impl From<&Held<TailoredSet>> for SetSummary {
    fn from(held: &Held<TailoredSet>) -> Self {
        Self::new(&held.body, Some((&held.id, held.created_at_us)))
    }
}

impl From<&SetView> for SetBody {
    fn from(view: &SetView) -> Self {
        let kept = view.kept.as_ref().map(|kept| (&kept.id, kept.created_at_us));
        let set = &view.set;
        Self {
            summary: SetSummary::new(set, kept),
            description: set.inputs.description.clone(),
            company_notes: set.inputs.company_notes.clone(),
            entries: view.questions.iter().map(SetEntryBody::from).collect(),
            claims: set.claims.iter().map(ClaimBody::from).collect(),
            gaps: set.gaps.iter().map(GapBody::from).collect(),
            remarks: set.remarks.iter().map(RemarkBody::from).collect(),
        }
    }
}

impl From<&SetQuestion> for SetEntryBody {
    fn from(question: &SetQuestion) -> Self {
        let item = question.instance.as_ref().map(|instance| &instance.item);
        let entry = &question.entry;
        Self {
            item: entry.item.to_string(),
            title: question.title().to_owned(),
            available: item.is_some(),
            variant: entry.variant,
            variant_title: item
                .and_then(|item| item.variant.as_ref())
                .map(|v| v.title.clone()),
            kind: item.map(|item| item.kind.into()),
            competency: item.map(|item| item.competency.into()),
            minutes: entry.minutes,
            weight: entry.weight,
            reasons: entry.reasons.iter().map(ReasonBody::from).collect(),
            attempts: question.summary.as_ref().map_or(0, |summary| summary.attempts),
            done: question.done.as_ref().map(|done| SetDoneBody {
                attempt: done.attempt.to_string(),
                score: done.score,
            }),
        }
    }
}

fn marks(marks: &[domain::Mark]) -> Vec<MarkBody> {
    let body = |mark: &domain::Mark| MarkBody {
        source: mark.source.into(),
        start: mark.start,
        end: mark.end,
        text: mark.text.clone(),
    };
    marks.iter().map(body).collect()
}

impl From<&domain::Reason> for ReasonBody {
    fn from(reason: &domain::Reason) -> Self {
        Self {
            because: reason.because.into(),
            term: reason.term.clone(),
            says: reason.says.clone(),
            marks: marks(&reason.marks),
        }
    }
}

impl From<&domain::Claim> for ClaimBody {
    fn from(claim: &domain::Claim) -> Self {
        Self {
            term: claim.term.clone(),
            name: claim.name.clone(),
            ask: claim.ask.clone(),
            marks: marks(&claim.marks),
        }
    }
}

impl From<&domain::Gap> for GapBody {
    fn from(gap: &domain::Gap) -> Self {
        Self {
            term: gap.term.clone(),
            name: gap.name.clone(),
            required: gap.required,
            says: gap.says.clone(),
            marks: marks(&gap.marks),
        }
    }
}

impl From<&domain::Remark> for RemarkBody {
    fn from(remark: &domain::Remark) -> Self {
        Self {
            kind: remark.kind.into(),
            says: remark.says.clone(),
        }
    }
}
