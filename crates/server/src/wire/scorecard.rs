//! A scorecard with its derived scores.

use serde::Serialize;
use utoipa::ToSchema;

use super::words::{Band, GroupId, Round, RunVerdict, Status};

/// A graded result, with what the replies moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScorecardBody {
    /// Version of the document.
    pub format: u32,
    /// The item.
    pub item: String,
    /// The round.
    pub round: Round,
    /// Revision of the item that was graded.
    pub revision: String,
    /// Which grader.
    pub scorer: String,
    /// Seed of everything that is shuffled.
    #[schema(maximum = 9_007_199_254_740_991_u64)]
    pub seed: u64,
    /// Weighted mean over assessed groups, 0 to 100.
    #[schema(required)]
    pub score: Option<f64>,
    /// The word for the score.
    #[schema(required)]
    pub band: Option<Band>,
    /// Of a program: the worst that came of running it; null for an answer.
    #[schema(required)]
    pub verdict: Option<RunVerdict>,
    /// What the reader must know about this grading.
    pub notes: Vec<String>,
    /// The scored parts.
    pub groups: Vec<GroupBody>,
    /// The one change worth most.
    #[schema(required)]
    pub next: Option<FixBody>,
    /// The question an interviewer would now ask.
    #[schema(required)]
    pub probe: Option<String>,
}

/// A scored part with a weight.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupBody {
    /// Its id.
    pub id: GroupId,
    /// Its heading.
    pub title: String,
    /// Share in the total, in percent.
    pub weight: u32,
    /// False: listed, but without a score.
    pub assessed: bool,
    /// Points over out-of in percent; null when not assessed.
    #[schema(required)]
    pub score: Option<f64>,
    /// The word for the score.
    #[schema(required)]
    pub band: Option<Band>,
    /// Coverage only: the score if only what is confirmed counted, less the noise of grading.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub low: Option<f64>,
    /// Coverage only: the score if every mention were right, and the noise of grading.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub high: Option<f64>,
    /// The observed statements.
    pub criteria: Vec<CriterionBody>,
}

/// One observable statement with points out of a maximum.
#[derive(Debug, Serialize, ToSchema)]
pub struct CriterionBody {
    /// Unique within the group.
    pub id: String,
    /// The statement.
    pub title: String,
    /// Points earned; negative for a contradiction.
    pub points: f64,
    /// Points possible.
    pub out_of: f64,
    /// The finding.
    pub status: Status,
    /// Why it fired.
    pub why: String,
    /// What to say instead or in addition; empty when nothing is missing.
    pub tip: String,
    /// A full answer cannot leave it out.
    pub must: bool,
    /// Where it was seen.
    pub evidence: Vec<EvidenceBody>,
}

/// What a point rests on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EvidenceBody {
    /// A slice of the submission, in UTF-8 byte offsets.
    Span {
        /// First byte.
        start: usize,
        /// One past the last byte.
        end: usize,
        /// The slice.
        text: String,
    },
    /// A reply to a follow-up question.
    Reply {
        /// The question.
        question: String,
        /// The chosen option or the words given.
        text: String,
    },
    /// A measured quantity.
    Figure {
        /// What was measured.
        name: String,
        /// Its value.
        value: f64,
        /// Its unit.
        unit: String,
        /// The bound it is held to.
        #[schema(required)]
        limit: Option<f64>,
    },
    /// A run of the program: the smallest failing case, or how many passed.
    Case {
        /// What was run; empty for a hidden case.
        input: String,
        /// What a right program gives; empty for a hidden case.
        expected: String,
        /// What came, bounded; for a hidden case only what kind of answer it was.
        got: String,
        /// How large the case is, such as `4 calls`.
        size: String,
    },
}

/// The single change worth most points.
#[derive(Debug, Serialize, ToSchema)]
pub struct FixBody {
    /// What to do.
    pub change: String,
    /// Which criterion it moves.
    pub criterion: String,
    /// Points of the total it is worth.
    pub worth: f64,
}

pub(crate) fn band(score: Option<f64>) -> Option<Band> {
    score.map(|score| Band(domain::Band::of(score)))
}

impl From<&domain::Scorecard> for ScorecardBody {
    fn from(card: &domain::Scorecard) -> Self {
        let fix = |fix: &domain::Fix| FixBody {
            change: fix.change.clone(),
            criterion: fix.criterion.clone(),
            worth: fix.worth,
        };
        Self {
            format: card.format,
            item: card.item.clone(),
            round: card.round.into(),
            revision: card.revision.clone(),
            scorer: card.scorer.clone(),
            seed: card.seed,
            score: card.score(),
            band: band(card.score()),
            verdict: card.verdict.map(RunVerdict),
            notes: card.notes.clone(),
            groups: card.groups.iter().map(GroupBody::from).collect(),
            next: card.next.as_ref().map(fix),
            probe: card.probe.clone(),
        }
    }
}

impl From<&domain::Group> for GroupBody {
    fn from(group: &domain::Group) -> Self {
        Self {
            id: group.id.into(),
            title: group.title.clone(),
            weight: group.weight,
            assessed: group.assessed,
            score: group.score(),
            band: band(group.score()),
            low: group.interval.map(|interval| interval.low),
            high: group.interval.map(|interval| interval.high),
            criteria: group.criteria.iter().map(CriterionBody::from).collect(),
        }
    }
}

impl From<&domain::Criterion> for CriterionBody {
    fn from(criterion: &domain::Criterion) -> Self {
        Self {
            id: criterion.id.clone(),
            title: criterion.title.clone(),
            points: criterion.points,
            out_of: criterion.out_of,
            status: criterion.status.into(),
            why: criterion.why.clone(),
            tip: criterion.tip.clone(),
            must: criterion.must,
            evidence: criterion.evidence.iter().map(EvidenceBody::from).collect(),
        }
    }
}

impl From<&domain::Evidence> for EvidenceBody {
    fn from(evidence: &domain::Evidence) -> Self {
        match evidence.clone() {
            domain::Evidence::Span { start, end, text } => Self::Span { start, end, text },
            domain::Evidence::Reply { question, text } => Self::Reply { question, text },
            domain::Evidence::Figure {
                name,
                value,
                unit,
                limit,
            } => Self::Figure {
                name,
                value,
                unit,
                limit,
            },
            domain::Evidence::Case {
                input,
                expected,
                got,
                size,
            } => Self::Case {
                input,
                expected,
                got,
                size,
            },
        }
    }
}
