//! Attempts, whole and in lists.

use practice::{AttemptView, Change, Listed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use super::item::VariantBody;
use super::overrides::{OverrideBody, WithOverridesBody};
use super::program::{FileBody, GradingBody};
use super::question::{AnsweredBody, QuestionBody};
use super::reading::ReadingBody;
use super::scorecard::{ScorecardBody, band};
use super::words::{Band, GroupId, Language, Round, State, Status};

/// A submission to grade.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAttempt {
    /// The item.
    #[schema(max_length = 64, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub item: String,
    /// The variant of the item that is answered; the default without it.
    #[schema(nullable = false, minimum = 0, maximum = 47)]
    pub variant: Option<u32>,
    /// The answer.
    pub submission: NewSubmission,
    /// Seed of everything that is shuffled; drawn by the server when absent.
    #[schema(nullable = false, maximum = 9_007_199_254_740_991_u64)]
    pub seed: Option<u64>,
    /// How long the candidate took, in milliseconds, at most a day.
    #[schema(minimum = 0, maximum = 86_400_000)]
    pub elapsed_ms: Option<i64>,
    /// The attempt at the same item that this one improves on.
    #[schema(pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    pub previous: Option<String>,
}

/// What the candidate hands in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum NewSubmission {
    /// A typed or spoken answer.
    Text {
        /// The words, at most 65,536 bytes and not only white space.
        #[schema(min_length = 1, max_length = 65_536)]
        text: String,
    },
    /// A program.
    Source {
        /// Its language.
        lang: Language,
        /// The program under the `file` of its language, and own tests under `tests.txt`.
        #[schema(min_items = 1, max_items = 2)]
        files: Vec<FileBody>,
    },
}

/// What was handed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SubmissionBody {
    /// A typed or spoken answer.
    Text {
        /// The words; evidence offsets count its UTF-8 bytes.
        text: String,
    },
    /// A program.
    Source {
        /// Its language.
        lang: Language,
        /// The program and the tests.
        files: Vec<FileBody>,
    },
}

/// One submission with its scorecard and the interviewer's questions.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptBody {
    /// Its id; ids sort by creation.
    pub id: String,
    /// The item.
    pub item: String,
    /// Title of the item.
    pub title: String,
    /// The round.
    pub round: Round,
    /// The revision that was graded.
    pub revision: String,
    /// Whether the bank still has that revision.
    pub current: bool,
    /// The variant that was answered; null for an item without variants.
    #[schema(required)]
    pub variant: Option<VariantBody>,
    /// Where it stands.
    pub state: State,
    /// Why it is void.
    #[schema(required)]
    pub void_reason: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// How long the candidate took, in milliseconds.
    #[schema(required)]
    pub elapsed_ms: Option<i64>,
    /// The attempt that it improves on.
    #[schema(required)]
    pub previous: Option<String>,
    /// What was handed in.
    pub submission: SubmissionBody,
    /// How a program that is not graded yet stands; null once it is.
    #[schema(required)]
    pub grading: Option<GradingBody>,
    /// The result as graded, with the replies applied; null when void, or not graded yet.
    #[schema(required)]
    pub scorecard: Option<ScorecardBody>,
    /// What a second reader said, and the scorecard merged with it; `scorecard` stays without it.
    pub reading: ReadingBody,
    /// Criteria that a human has overridden, each with both values, in the order of the scorecard.
    pub overrides: Vec<OverrideBody>,
    /// The scores with those values, over the merged scorecard where there is one; null without an override.
    /// `scorecard` keeps what was graded.
    #[schema(required)]
    pub with_overrides: Option<WithOverridesBody>,
    /// What was asked and answered.
    pub asked: Vec<AnsweredBody>,
    /// The pending question; null when the interviewer is done.
    #[schema(required)]
    pub question: Option<QuestionBody>,
    /// What changed against `previous`, both answers taken alone.
    #[schema(required)]
    pub change: Option<ChangeBody>,
}

/// The difference of two answers, before any follow-up.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeBody {
    /// The earlier attempt.
    pub previous: String,
    /// Change of the total, in points of 100.
    #[schema(required)]
    pub score: Option<f64>,
    /// Criteria that moved.
    pub criteria: Vec<MovedBody>,
}

/// A criterion that moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovedBody {
    /// Its group.
    pub group: GroupId,
    /// Its id.
    pub id: String,
    /// Its statement.
    pub title: String,
    /// Status before.
    pub from: Status,
    /// Status now.
    pub to: Status,
    /// Change in its points.
    pub points: f64,
}

/// A page of attempts, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptList {
    /// The attempts.
    pub data: Vec<AttemptEntry>,
    /// The cursor of the next page; null on the last.
    #[schema(required)]
    pub next: Option<String>,
}

/// An attempt as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptEntry {
    /// Its id.
    pub id: String,
    /// The item.
    pub item: String,
    /// Title of the item.
    pub title: String,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Where it stands.
    pub state: State,
    /// Total after replies, as graded, 0 to 100.
    #[schema(required)]
    pub score: Option<f64>,
    /// The word for the score.
    #[schema(required)]
    pub band: Option<Band>,
    /// Total with the last second reading merged; null without one.
    #[schema(required)]
    pub score_merged: Option<f64>,
    /// Total with the overrides in force; null without any.
    #[schema(required)]
    pub score_by_hand: Option<f64>,
    /// Coverage after replies, 0 to 100.
    #[schema(required)]
    pub coverage: Option<f64>,
    /// How long the candidate took, in milliseconds.
    #[schema(required)]
    pub elapsed_ms: Option<i64>,
    /// The attempt that it improves on.
    #[schema(required)]
    pub previous: Option<String>,
}

impl From<NewSubmission> for domain::Submission {
    fn from(new: NewSubmission) -> Self {
        match new {
            NewSubmission::Text { text } => Self::Text { text },
            NewSubmission::Source { lang, files } => Self::Source {
                lang: lang.0,
                files: files.into_iter().map(Into::into).collect(),
            },
        }
    }
}

impl From<&domain::Submission> for SubmissionBody {
    fn from(submission: &domain::Submission) -> Self {
        match submission {
            domain::Submission::Text { text } => Self::Text { text: text.clone() },
            domain::Submission::Source { lang, files } => Self::Source {
                lang: (*lang).into(),
                files: files.iter().map(FileBody::from).collect(),
            },
        }
    }
}

impl From<&AttemptView> for AttemptBody {
    fn from(view: &AttemptView) -> Self {
        let attempt = &view.attempt;
        Self {
            id: attempt.id.to_string(),
            item: attempt.item.to_string(),
            title: view.title.clone(),
            round: match &attempt.submission {
                domain::Submission::Text { .. } => domain::Round::Answer.into(),
                domain::Submission::Source { .. } => domain::Round::Code.into(),
            },
            revision: attempt.revision.clone(),
            current: view.current,
            variant: view.variant.as_ref().map(VariantBody::from),
            state: attempt.state.into(),
            void_reason: attempt.void_reason.clone(),
            created_at: instant(attempt.created_at_us),
            elapsed_ms: attempt.elapsed_ms,
            previous: attempt.previous.as_ref().map(ToString::to_string),
            submission: SubmissionBody::from(&attempt.submission),
            grading: view.grading.as_ref().map(GradingBody::from),
            scorecard: view.scorecard.as_ref().map(ScorecardBody::from),
            reading: ReadingBody::from(view),
            overrides: view
                .overridden
                .as_ref()
                .map(OverrideBody::all)
                .unwrap_or_default(),
            with_overrides: view.overridden.as_ref().map(WithOverridesBody::from),
            asked: view.asked.iter().map(AnsweredBody::from).collect(),
            question: view.question.as_ref().map(QuestionBody::from),
            change: view.change.as_ref().map(ChangeBody::from),
        }
    }
}

impl From<&Change> for ChangeBody {
    fn from(change: &Change) -> Self {
        let moved = |moved: &practice::Moved| MovedBody {
            group: moved.group.into(),
            id: moved.id.clone(),
            title: moved.title.clone(),
            from: moved.from.into(),
            to: moved.to.into(),
            points: moved.points,
        };
        Self {
            previous: change.previous.to_string(),
            score: change.score,
            criteria: change.criteria.iter().map(moved).collect(),
        }
    }
}

impl From<&Listed> for AttemptEntry {
    fn from(listed: &Listed) -> Self {
        let entry = &listed.entry;
        Self {
            id: entry.id.to_string(),
            item: entry.item.to_string(),
            title: listed.title.clone(),
            created_at: instant(entry.created_at_us),
            state: entry.state.into(),
            score: entry.score,
            band: band(entry.score),
            score_merged: entry.score_merged,
            score_by_hand: entry.score_by_hand,
            coverage: entry.coverage,
            elapsed_ms: entry.elapsed_ms,
            previous: entry.previous.as_ref().map(ToString::to_string),
        }
    }
}
