//! The hiring scorecard of a loop.

use practice::{
    CompetencyResult, LOOP_RULE, LoopEvidence, LoopScorecard, LoopView, Need, QuestionResult, StageResult,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::interview_loop::SpanBody;
use super::words::{Competency, GroupId, Level, QuestionState, Recommendation, StageKind, Status, Within};

/// What a loop came to: this loop, by a stated rule; no verdict on a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopScorecardBody {
    /// The loop.
    pub id: String,
    /// Its name.
    pub title: String,
    /// The level.
    pub level: Level,
    /// The role; may be empty.
    pub role: String,
    /// The rule and its version; see docs/loop.md.
    pub rule: String,
    /// Whether the loop has ended; before, nothing is recommended.
    pub ended: bool,
    /// What is recommended; null when the loop is not over or too little was assessed: the first reason says why.
    #[schema(required)]
    pub recommendation: Option<Recommendation>,
    /// Where in its step the loop lies.
    #[schema(required)]
    pub within: Option<Within>,
    /// Weighted coverage of the assessed stages less what contradictions cost, 0 to 100; null when none is.
    #[schema(required)]
    pub result: Option<f64>,
    /// What contradictions cost of it, beyond their own points.
    pub contradiction_cost: f64,
    /// From where each recommendation begins, lowest first.
    pub bars: Vec<BarBody>,
    /// Why, in sentences, what decided first.
    pub reasons: Vec<String>,
    /// The stages.
    pub stages: Vec<StageResultBody>,
    /// All competencies, each with its evidence across the stages.
    pub competencies: Vec<CompetencyResultBody>,
    /// Delivery, over all answers; shown, and moves the place within a step only.
    pub delivery: Vec<DeliveryBody>,
    /// The smallest change that would lift it one step; null at the top and without a recommendation.
    #[schema(required)]
    pub step: Option<StepBody>,
    /// What this result does not say, in sentences.
    pub limits: Vec<String>,
}

/// From where a recommendation begins.
#[derive(Debug, Serialize, ToSchema)]
pub struct BarBody {
    /// The recommendation.
    pub recommendation: Recommendation,
    /// The result that it takes.
    pub from: f64,
}

/// A stage of the scorecard.
#[derive(Debug, Serialize, ToSchema)]
pub struct StageResultBody {
    /// What it is for.
    pub kind: StageKind,
    /// Its name.
    pub title: String,
    /// Its weight in a whole loop at this level, in percent.
    pub weight: u32,
    /// Its share of this loop over the assessed stages, in percent; 0 when not assessed.
    pub share: f64,
    /// The recommendation has a floor in it.
    pub decisive: bool,
    /// Why it weighs that.
    pub why: String,
    /// Coverage at this level, 0 to 100; null when not assessed.
    #[schema(required)]
    pub score: Option<f64>,
    /// Why it is not assessed.
    #[schema(required)]
    pub not_assessed: Option<String>,
    /// Its questions.
    pub questions: Vec<QuestionResultBody>,
}

/// A question of the scorecard.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionResultBody {
    /// The item.
    pub item: String,
    /// Short name.
    pub title: String,
    /// What it assesses.
    pub competency: Competency,
    /// Where it stood.
    pub phase: QuestionState,
    /// The attempt at it.
    #[schema(required)]
    pub attempt: Option<String>,
    /// The attempt at its change.
    #[schema(required)]
    pub change_attempt: Option<String>,
    /// Coverage at this level with the change counted in, 0 to 100; null when not assessed.
    #[schema(required)]
    pub score: Option<f64>,
    /// Coverage of the change alone.
    #[schema(required)]
    pub change_score: Option<f64>,
    /// What must be known about it; empty when nothing.
    pub note: String,
}

/// A competency with its evidence.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompetencyResultBody {
    /// Which.
    pub competency: Competency,
    /// Mean coverage of its questions, 0 to 100; null when not assessed.
    #[schema(required)]
    pub score: Option<f64>,
    /// What was found, in the order of the loop.
    pub evidence: Vec<LoopEvidenceBody>,
}

/// A finding of one attempt.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopEvidenceBody {
    /// The stage, from 0.
    pub stage: usize,
    /// Short name of the question.
    pub question: String,
    /// The attempt.
    pub attempt: String,
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
    pub spans: Vec<SpanBody>,
}

/// A score of delivery.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryBody {
    /// The group.
    pub id: GroupId,
    /// Mean over all answers, 0 to 100; null when not assessed.
    #[schema(required)]
    pub score: Option<f64>,
}

/// What would lift a loop one step.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepBody {
    /// The recommendation that it would be.
    pub to: Recommendation,
    /// What it takes, the weightiest first.
    pub needs: Vec<NeedBody>,
    /// No smaller set does; false when there were too many to try.
    pub smallest: bool,
}

/// One thing that a step takes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum NeedBody {
    /// A fact made right.
    Fact {
        /// The stage, from 0.
        stage: usize,
        /// Short name of the question.
        question: String,
        /// The attempt that has it not yet.
        attempt: String,
        /// The criterion within its coverage.
        criterion: String,
        /// Its statement.
        title: String,
        /// What was found of it.
        status: Status,
        /// What to say.
        tip: String,
        /// What it moves the result by, in points of 100.
        worth: f64,
    },
    /// A question answered that was left open.
    Question {
        /// The stage, from 0.
        stage: usize,
        /// Short name of the question.
        question: String,
        /// Whether it is the change of that question.
        change: bool,
        /// The coverage that is taken for it.
        at: f64,
        /// What it moves the result by, in points of 100.
        worth: f64,
    },
}

impl LoopScorecardBody {
    /// The scorecard of a loop.
    pub fn of(view: &LoopView, card: &LoopScorecard) -> Self {
        let bar = |(recommendation, from): &(practice::Recommendation, f64)| BarBody {
            recommendation: (*recommendation).into(),
            from: *from,
        };
        Self {
            id: view.id.to_string(),
            title: view.head.title.clone(),
            level: view.head.level.into(),
            role: view.head.role.clone(),
            rule: LOOP_RULE.to_owned(),
            ended: card.ended,
            recommendation: card.recommendation.map(Into::into),
            within: card.within.map(Into::into),
            result: card.result,
            contradiction_cost: card.contradiction_cost,
            bars: practice::LOOP_BARS.iter().map(bar).collect(),
            reasons: card.reasons.clone(),
            stages: card.stages.iter().map(StageResultBody::from).collect(),
            competencies: card.competencies.iter().map(CompetencyResultBody::from).collect(),
            delivery: card
                .delivery
                .iter()
                .map(|(id, score)| DeliveryBody {
                    id: (*id).into(),
                    score: *score,
                })
                .collect(),
            step: card.step.as_ref().map(|step| StepBody {
                to: step.to.into(),
                needs: step.needs.iter().map(NeedBody::from).collect(),
                smallest: step.smallest,
            }),
            limits: card.limits.clone(),
        }
    }
}

impl From<&StageResult> for StageResultBody {
    fn from(stage: &StageResult) -> Self {
        Self {
            kind: stage.kind.into(),
            title: stage.title.clone(),
            weight: stage.weight,
            share: stage.share,
            decisive: stage.decisive,
            why: stage.why.to_owned(),
            score: stage.score,
            not_assessed: stage.not_assessed.clone(),
            questions: stage.questions.iter().map(QuestionResultBody::from).collect(),
        }
    }
}

impl From<&QuestionResult> for QuestionResultBody {
    fn from(question: &QuestionResult) -> Self {
        Self {
            item: question.item.to_string(),
            title: question.title.clone(),
            competency: question.competency.into(),
            phase: question.phase.into(),
            attempt: question.attempt.as_ref().map(ToString::to_string),
            change_attempt: question.change_attempt.as_ref().map(ToString::to_string),
            score: question.score,
            change_score: question.change_score,
            note: question.note.clone(),
        }
    }
}

impl From<&CompetencyResult> for CompetencyResultBody {
    fn from(result: &CompetencyResult) -> Self {
        Self {
            competency: result.competency.into(),
            score: result.score,
            evidence: result.evidence.iter().map(LoopEvidenceBody::from).collect(),
        }
    }
}

impl From<&LoopEvidence> for LoopEvidenceBody {
    fn from(evidence: &LoopEvidence) -> Self {
        let span = |span: &practice::Span| SpanBody {
            start: span.start,
            end: span.end,
            text: span.text.clone(),
        };
        Self {
            stage: evidence.stage,
            question: evidence.question.clone(),
            attempt: evidence.attempt.to_string(),
            criterion: evidence.criterion.clone(),
            title: evidence.title.clone(),
            status: evidence.status.into(),
            must: evidence.must,
            by_hand: evidence.by_hand,
            spans: evidence.spans.iter().map(span).collect(),
        }
    }
}

impl From<&Need> for NeedBody {
    fn from(need: &Need) -> Self {
        match need.clone() {
            Need::Fact {
                stage,
                question,
                attempt,
                criterion,
                title,
                status,
                tip,
                worth,
            } => Self::Fact {
                stage,
                question,
                attempt: attempt.to_string(),
                criterion,
                title,
                status: status.into(),
                tip,
                worth,
            },
            Need::Question {
                stage,
                question,
                change,
                at,
                worth,
            } => Self::Question {
                stage,
                question,
                change,
                at,
                worth,
            },
        }
    }
}
