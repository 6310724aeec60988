//! The hiring scorecard: what the attempts of a loop come to at its level.
//!
//! Coverage decides; delivery is shown and moves a loop within its step only. The rule, with the reasons for
//! its figures, is in `docs/loop.md`; [`RULE`] names it.

use domain::{AttemptId, Competency, GroupId, ItemId, Level, StageKind, Status};

use crate::graded::{Graded, GradedAttempt, GradedFact, GradedQuestion, Span};
use crate::step::Step;
use crate::words::{QuestionPhase, Recommendation, Within};

/// Name and version of the rule; a change that can move a recommendation raises the number.
pub const RULE: &str = "loop/1";

/// From here a loop is a no and no longer a strong no. The bank's middling references are graded 35 (second
/// reader) to 51 (author) of 100 and empty ones 0 to 5: this is midway.
pub const NO_BAR: f64 = 25.0;

/// From here a loop is a yes: midway between the middling references (35 to 51) and the good ones (92, 93) lies
/// at 64 to 72.
pub const YES_BAR: f64 = 65.0;

/// From here a loop is a strong yes: no further below a good reference (92) than two careful readers of the
/// same answer lie apart (12, [`domain::GRADING_NOISE`]).
pub const STRONG_YES_BAR: f64 = 80.0;

/// From where each recommendation begins, lowest first.
pub const BARS: [(Recommendation, f64); 4] = [
    (Recommendation::StrongNo, 0.0),
    (Recommendation::No, NO_BAR),
    (Recommendation::Yes, YES_BAR),
    (Recommendation::StrongYes, STRONG_YES_BAR),
];

/// What a yes needs in each decisive stage: half-right, the middle of what a grade can be. A loop that is
/// carried by its other stages is no yes for this level.
pub const DECISIVE_FLOOR: f64 = 50.0;

/// What a strong yes needs in each decisive stage: the bar of a yes.
pub const STRONG_DECISIVE_FLOOR: f64 = YES_BAR;

/// The share of the facts which a full answer cannot leave out that a yes needs: the most of them.
pub const MUST_SHARE: f64 = 0.5;

/// The same for a strong yes.
pub const STRONG_MUST_SHARE: f64 = 0.75;

/// What each fact that stands contradicted costs the result, beyond its own points: in a debrief it weighs more
/// than a gap, since it was said with confidence.
pub const CONTRADICTION_COST: f64 = 2.0;

/// What contradictions cost at most.
pub const MAX_CONTRADICTION_COST: f64 = 10.0;

/// The share of a question that the change of its requirement counts: about the share of the time it gets.
pub const CHANGE_SHARE: f64 = 0.2;

/// The share of the loop's weight that must be assessed before anything is recommended.
pub const ASSESSED_SHARE: f64 = 0.6;

/// What a loop came to.
#[derive(Debug, Clone, PartialEq)]
pub struct LoopScorecard {
    /// Whether the loop has ended: before, nothing is recommended.
    pub ended: bool,
    /// What is recommended; `None` when too little was assessed.
    pub recommendation: Option<Recommendation>,
    /// Where in its step it lies.
    pub within: Option<Within>,
    /// The weighted coverage of the assessed stages, less what contradictions cost, 0 to 100.
    pub result: Option<f64>,
    /// What contradictions cost of it.
    pub contradiction_cost: f64,
    /// Why it is what it is, in sentences, the weightiest first.
    pub reasons: Vec<String>,
    /// The stages.
    pub stages: Vec<StageResult>,
    /// The competencies, all of them.
    pub competencies: Vec<CompetencyResult>,
    /// Mean scores of delivery over all answers; `None` where not assessed.
    pub delivery: Vec<(GroupId, Option<f64>)>,
    /// The smallest change that would lift it one step; `None` at the top and without a recommendation.
    pub step: Option<Step>,
    /// What this result does not say.
    pub limits: Vec<String>,
}

/// A stage of the scorecard.
#[derive(Debug, Clone, PartialEq)]
pub struct StageResult {
    /// What it is for.
    pub kind: StageKind,
    /// Its name.
    pub title: String,
    /// Its share of this loop, in percent, over the assessed stages; 0 when not assessed.
    pub share: f64,
    /// Its weight at this level.
    pub weight: u32,
    /// The recommendation has a floor in it.
    pub decisive: bool,
    /// Why it weighs that.
    pub why: &'static str,
    /// Coverage at this level, 0 to 100.
    pub score: Option<f64>,
    /// Why it is not assessed, as a sentence.
    pub not_assessed: Option<String>,
    /// Its questions.
    pub questions: Vec<QuestionResult>,
}

/// A question of the scorecard.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionResult {
    /// The item.
    pub item: ItemId,
    /// Short name.
    pub title: String,
    /// What it assesses.
    pub competency: Competency,
    /// Where it stood.
    pub phase: QuestionPhase,
    /// The attempt at the question.
    pub attempt: Option<AttemptId>,
    /// The attempt at its change.
    pub change_attempt: Option<AttemptId>,
    /// Coverage at this level with the change counted in, 0 to 100.
    pub score: Option<f64>,
    /// Coverage of the change alone; `None` when none was told or it is not assessed.
    pub change_score: Option<f64>,
    /// What must be known about it, as a sentence; empty when nothing.
    pub note: String,
}

/// A competency with its evidence across the stages.
#[derive(Debug, Clone, PartialEq)]
pub struct CompetencyResult {
    /// Which.
    pub competency: Competency,
    /// Mean coverage of its questions, 0 to 100; `None` when not assessed.
    pub score: Option<f64>,
    /// What was found, in the order of the loop.
    pub evidence: Vec<LoopEvidence>,
}

/// A finding of one attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct LoopEvidence {
    /// The stage, from 0.
    pub stage: usize,
    /// Short name of the question.
    pub question: String,
    /// The attempt.
    pub attempt: AttemptId,
    /// The criterion within its coverage.
    pub criterion: String,
    /// Its statement.
    pub title: String,
    /// The finding.
    pub status: Status,
    /// A full answer cannot leave it out.
    pub must: bool,
    /// A human said so.
    pub by_hand: bool,
    /// Where it was seen; empty for what was missed.
    pub spans: Vec<Span>,
}

/// What the rule looks at: everything a step can change, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Standing {
    pub(crate) result: f64,
    pub(crate) decisive: f64,
    pub(crate) must_share: f64,
    pub(crate) contradicted_musts: usize,
    pub(crate) silent: bool,
}

impl Standing {
    /// The recommendation: the highest step all of whose conditions hold.
    pub(crate) fn recommendation(self) -> Recommendation {
        let strong = self.result >= STRONG_YES_BAR
            && self.decisive >= STRONG_DECISIVE_FLOOR
            && self.must_share >= STRONG_MUST_SHARE
            && self.contradicted_musts == 0
            && !self.silent;
        let yes = self.result >= YES_BAR && self.decisive >= DECISIVE_FLOOR && self.must_share >= MUST_SHARE;
        if strong {
            Recommendation::StrongYes
        } else if yes {
            Recommendation::Yes
        } else if self.result >= NO_BAR {
            Recommendation::No
        } else {
            Recommendation::StrongNo
        }
    }
}

/// Points and points possible of an attempt at a level. What is expected there is the whole; what lies above
/// neither weighs nor lifts, but a contradiction costs wherever it lies. When nothing is expected, all is.
pub(crate) fn points(graded: &GradedAttempt, level: Level) -> (f64, f64) {
    let any = graded.facts.iter().any(|fact| fact.level <= level);
    let expected = |fact: &&GradedFact| !any || fact.level <= level;
    let points = |fact: &GradedFact| {
        if expected(&fact) {
            fact.points
        } else {
            fact.points.min(0.0)
        }
    };
    (
        graded.facts.iter().map(points).sum(),
        graded.facts.iter().filter(expected).map(|fact| fact.out_of).sum(),
    )
}

/// Coverage of one attempt at a level, 0 to 100.
pub(crate) fn coverage(graded: &GradedAttempt, level: Level) -> f64 {
    let (points, out_of) = points(graded, level);
    if out_of > 0.0 {
        (100.0 * points / out_of).clamp(0.0, 100.0)
    } else {
        0.0
    }
}

/// The score of something said; `None` when not assessed.
pub(crate) fn scored(graded: &Graded, level: Level) -> Option<f64> {
    match graded {
        Graded::Silent => Some(0.0),
        Graded::Scored(attempt) => Some(coverage(attempt, level)),
        Graded::NotAssessed { .. } => None,
    }
}

impl GradedQuestion {
    /// Its score at a level, with the change counted in.
    pub(crate) fn score(&self, level: Level) -> Option<f64> {
        match self.phase {
            QuestionPhase::Waiting | QuestionPhase::Answering | QuestionPhase::NotReached => return None,
            QuestionPhase::OutOfTime => return Some(0.0),
            QuestionPhase::FollowingUp | QuestionPhase::Done | QuestionPhase::Silent => {}
        }
        let answer = scored(&self.answer, level)?;
        let change = self.change.as_ref().and_then(|change| scored(change, level));
        Some(change.map_or(answer, |change| {
            (1.0 - CHANGE_SHARE) * answer + CHANGE_SHARE * change
        }))
    }

    /// The graded attempts: the answer, then the change.
    pub(crate) fn attempts(&self) -> impl Iterator<Item = &GradedAttempt> {
        [Some(&self.answer), self.change.as_ref()]
            .into_iter()
            .flatten()
            .filter_map(|graded| match graded {
                Graded::Scored(attempt) => Some(attempt),
                Graded::Silent | Graded::NotAssessed { .. } => None,
            })
    }
}
