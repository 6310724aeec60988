//! Mock loops: what is asked to happen in them, and how they stand.

use domain::SpokenTo;
use practice::{
    LoopView, Moment, NewLoopEvent, Preset, QuestionPhase, StagePhase, limit_ms, purpose, stage_weight,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use super::question::QuestionBody;
use super::words::{
    Competency, Level, LineAct, LoopAct, LoopPart, LoopPhase, Mistake, QuestionState, StageKind, StageState,
    Who,
};
use crate::markdown;

/// A loop to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLoopBody {
    /// The preset, by its id.
    #[schema(min_length = 1, max_length = 64)]
    pub preset: String,
    /// The level; decides what is asked and what it weighs.
    pub level: Level,
    /// The role, as you call it.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub role: String,
    /// Topics to prefer, such as those of a job.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub topics: Vec<String>,
    /// Seed of what is chosen and shuffled; drawn by the server when absent.
    #[schema(nullable = false, maximum = 9_007_199_254_740_991_u64)]
    pub seed: Option<u64>,
}

/// An event with the position that it follows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLoopEventBody {
    /// The `position` of the loop as you saw it last. The same event sent again at the same position is answered
    /// and does not happen twice.
    #[schema(minimum = 0, maximum = 20_000)]
    pub position: u32,
    /// What happens.
    pub event: LoopEventBody,
}

/// What happens in a loop. `elapsed_ms` is active time in the stage, pauses left out, as the client measured
/// it; within a stage it never falls. At the end of the stage's minutes what was said is handed in as it stands.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum LoopEventBody {
    /// Begin the stage that is next.
    Begin {},
    /// A turn of the candidate.
    Say {
        /// When the turn ended.
        #[schema(maximum = 86_400_000)]
        elapsed_ms: u64,
        /// The words, at most 16,384 bytes.
        #[schema(min_length = 1, max_length = 16_384)]
        text: String,
        /// What it speaks to; the question when absent.
        #[serde(default)]
        #[schema(nullable = false)]
        to: Option<LoopPart>,
    },
    /// A clarifying question: typed in `text`, or one of the loop's `asks` by its id in `clarification`.
    Ask {
        /// When.
        #[schema(maximum = 86_400_000)]
        elapsed_ms: u64,
        /// The question as typed.
        #[schema(nullable = false, min_length = 1, max_length = 500)]
        text: Option<String>,
        /// The id of a question that was offered.
        #[schema(nullable = false, max_length = 64)]
        clarification: Option<String>,
    },
    /// Activity: words typed or heard since the last event that are not said yet. Some every ten seconds; with 0
    /// words it is a silence.
    Pulse {
        /// When.
        #[schema(maximum = 86_400_000)]
        elapsed_ms: u64,
        /// How many.
        #[schema(maximum = 10_000)]
        words: u32,
    },
    /// Hand in what was said; nothing said is a result too.
    HandIn {
        /// When.
        #[schema(maximum = 86_400_000)]
        elapsed_ms: u64,
    },
    /// Stop the clock.
    Pause {
        /// When.
        #[schema(maximum = 86_400_000)]
        elapsed_ms: u64,
    },
    /// Let the clock go on.
    Resume {},
    /// On to the next question, or out of the stage after its last.
    Next {
        /// When.
        #[schema(maximum = 86_400_000)]
        elapsed_ms: u64,
    },
    /// End the loop; what was said is handed in.
    End {},
}

/// A page of loops, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopList {
    /// The loops.
    pub data: Vec<LoopEntry>,
    /// The cursor of the next page; null on the last.
    #[schema(required)]
    pub next: Option<String>,
}

/// A loop as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopEntry {
    /// Its id.
    pub id: String,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// The preset that it was made from.
    pub preset: String,
    /// Its name.
    pub title: String,
    /// The level.
    pub level: Level,
    /// The role; may be empty.
    pub role: String,
    /// Where it stands.
    pub phase: LoopPhase,
    /// The stage that is under way or next, from 0; null when it has ended.
    #[schema(required)]
    pub stage: Option<usize>,
    /// How many stages it has.
    pub stages: usize,
    /// Minutes of all stages.
    pub minutes: u32,
}

/// A loop as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopBody {
    /// Its id; ids sort by creation.
    pub id: String,
    /// How many events led here; goes with the next event.
    pub position: usize,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When something last happened in it.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// The preset that it was made from.
    pub preset: String,
    /// Its name.
    pub title: String,
    /// The level.
    pub level: Level,
    /// The role; may be empty.
    pub role: String,
    /// Seed of what was chosen and is shuffled.
    pub seed: u64,
    /// Where it stands.
    pub phase: LoopPhase,
    /// The stage that is under way or next, from 0; null when it has ended.
    #[schema(required)]
    pub stage: Option<usize>,
    /// The stages.
    pub stages: Vec<LoopStageBody>,
    /// What can be done now.
    pub may: Vec<LoopAct>,
    /// Clarifying questions that are offered for the question under way. Asking in your own words is the better
    /// practice: show these on request.
    pub asks: Vec<AskBody>,
    /// The interviewer's question on an attempt; answered with `POST /attempts/{id}/replies`.
    #[schema(required)]
    pub pending: Option<PendingBody>,
}

/// A stage of a loop.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopStageBody {
    /// What it is for.
    pub kind: StageKind,
    /// Its name.
    pub title: String,
    /// What it shows an interviewer, in one sentence.
    pub purpose: String,
    /// How long it is.
    pub minutes: u32,
    /// Its weight in a whole loop at this level, in percent.
    pub weight: u32,
    /// The recommendation has a floor in it.
    pub decisive: bool,
    /// Why it weighs that.
    pub why: String,
    /// The sentence that says what stands in for a round that is not built yet; show it.
    #[schema(required)]
    pub stands_in: Option<String>,
    /// The sentence that says what the bank lacked; show it.
    #[schema(required)]
    pub missing: Option<String>,
    /// Where it stands.
    pub phase: StageState,
    /// Active time so far, in milliseconds.
    pub elapsed_ms: u64,
    /// Active time in all, in milliseconds.
    pub limit_ms: u64,
    /// The question that is under way, from 0; null when none is.
    #[schema(required)]
    pub question: Option<usize>,
    /// Its questions; those not put yet show their place only.
    pub questions: Vec<LoopQuestionBody>,
    /// What was said on both sides, in order.
    pub lines: Vec<LineBody>,
    /// Common mistakes with their moment, in order. They move no score.
    pub moments: Vec<MomentBody>,
}

/// A question of a stage.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopQuestionBody {
    /// Where it stands.
    pub phase: QuestionState,
    /// The item; null until it is put.
    #[schema(required)]
    pub item: Option<String>,
    /// Its variant, 0 for the default.
    pub variant: u32,
    /// Short name; null until it is put.
    #[schema(required)]
    pub title: Option<String>,
    /// What it assesses; null until it is put.
    #[schema(required)]
    pub competency: Option<Competency>,
    /// The question (Markdown); null until it is put.
    #[schema(required)]
    pub prompt: Option<String>,
    /// When it was put.
    #[schema(required)]
    pub begun_ms: Option<u64>,
    /// All turns to it as one text, which is handed in; spans count its UTF-8 bytes.
    pub text: String,
    /// The attempt at it; null until it is handed in, and when nothing was said.
    #[schema(required)]
    pub attempt: Option<String>,
    /// Whether it was handed in.
    pub handed_in: bool,
    /// The requirement that changed; null until it is told.
    #[schema(required)]
    pub change: Option<LoopChangeBody>,
}

/// A requirement that changed mid-way.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopChangeBody {
    /// What the interviewer said (Markdown).
    pub say: String,
    /// When.
    pub told_ms: u64,
    /// All turns to it as one text.
    pub text: String,
    /// The attempt at it.
    #[schema(required)]
    pub attempt: Option<String>,
    /// Whether it was handed in.
    pub handed_in: bool,
}

/// One thing that was said.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineBody {
    /// When, in milliseconds of the stage.
    pub elapsed_ms: u64,
    /// By whom.
    pub who: Who,
    /// What it does.
    pub act: LineAct,
    /// The question that it belongs to, from 0.
    #[schema(required)]
    pub question: Option<usize>,
    /// The words; Markdown for `question`, `change` and `clarify`.
    pub text: String,
    /// The same as HTML where they are Markdown, with nothing active in it; null elsewhere.
    #[schema(required)]
    pub html: Option<String>,
    /// Why the interviewer says it; empty for the candidate.
    pub why: String,
    /// For a turn of the candidate: its first byte in the text of the question or its change.
    #[schema(required)]
    pub start: Option<usize>,
}

/// A common mistake with its moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct MomentBody {
    /// Which.
    pub mistake: Mistake,
    /// The question in its stage, from 0.
    pub question: usize,
    /// When, in milliseconds of the stage.
    pub elapsed_ms: u64,
    /// For how long, for a silence.
    #[schema(required)]
    pub for_ms: Option<u64>,
    /// Where in the text of the question; null for a silence.
    #[schema(required)]
    pub span: Option<SpanBody>,
    /// Why it is one.
    pub why: String,
}

/// A slice of what was handed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpanBody {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The slice.
    pub text: String,
}

/// A clarifying question that is offered.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskBody {
    /// Its id, for `clarification`.
    pub id: String,
    /// The question.
    pub ask: String,
}

/// A question of the interviewer on an attempt.
#[derive(Debug, Serialize, ToSchema)]
pub struct PendingBody {
    /// The attempt to reply to.
    pub attempt: String,
    /// An attempt at the question or at its change.
    pub of: LoopPart,
    /// The question.
    pub question: QuestionBody,
}

/// The presets.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopPresetList {
    /// Every preset, the whole loop first.
    pub data: Vec<LoopPresetBody>,
}

/// A loop to choose.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopPresetBody {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What it is for.
    pub about: String,
    /// Where its minutes come from, and which are our choice.
    pub note: String,
    /// Minutes of all stages.
    pub minutes: u32,
    /// Its stages.
    pub stages: Vec<PresetStageBody>,
}

/// A stage of a preset.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresetStageBody {
    /// What it is for.
    pub kind: StageKind,
    /// Its name.
    pub title: String,
    /// What it shows an interviewer, in one sentence.
    pub purpose: String,
    /// How long it is.
    pub minutes: u32,
    /// How many questions it asks.
    pub questions: usize,
    /// The sentence that says what stands in for a round that is not built yet.
    #[schema(required)]
    pub stands_in: Option<String>,
    /// Its weight at each level, in the order junior, mid, senior.
    pub weights: Vec<PresetWeightBody>,
}

/// What a stage weighs at a level.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresetWeightBody {
    /// The level.
    pub level: Level,
    /// Share of a whole loop, in percent.
    pub weight: u32,
    /// The recommendation has a floor in it.
    pub decisive: bool,
    /// Why.
    pub why: String,
}

impl LoopEventBody {
    /// The event, when exactly one way to ask is given.
    pub(crate) fn into_event(self) -> Result<NewLoopEvent, &'static str> {
        Ok(match self {
            Self::Begin {} => NewLoopEvent::Begin,
            Self::Say { elapsed_ms, text, to } => NewLoopEvent::Say {
                elapsed_ms,
                text,
                to: to.map_or(SpokenTo::Question, |to| to.0),
            },
            Self::Ask {
                elapsed_ms,
                text: Some(text),
                clarification: None,
            } => NewLoopEvent::Ask { elapsed_ms, text },
            Self::Ask {
                elapsed_ms,
                text: None,
                clarification: Some(clarification),
            } => NewLoopEvent::Choose {
                elapsed_ms,
                clarification,
            },
            Self::Ask { .. } => return Err("`event` needs exactly one of `text` and `clarification`"),
            Self::Pulse { elapsed_ms, words } => NewLoopEvent::Pulse { elapsed_ms, words },
            Self::HandIn { elapsed_ms } => NewLoopEvent::HandIn { elapsed_ms },
            Self::Pause { elapsed_ms } => NewLoopEvent::Pause { elapsed_ms },
            Self::Resume {} => NewLoopEvent::Resume,
            Self::Next { elapsed_ms } => NewLoopEvent::Next { elapsed_ms },
            Self::End {} => NewLoopEvent::End,
        })
    }
}

impl LoopEntry {
    /// A loop with where it stands.
    pub fn of(held: &practice::Held<domain::InterviewLoop>, state: &practice::LoopState) -> Self {
        let head = &held.body;
        Self {
            id: held.id.to_string(),
            created_at: instant(held.created_at_us),
            preset: head.preset.clone(),
            title: head.title.clone(),
            level: head.level.into(),
            role: head.role.clone(),
            phase: state.phase.into(),
            stage: (state.phase != practice::Phase::Ended).then_some(state.stage),
            stages: head.stages.len(),
            minutes: head.stages.iter().map(|stage| stage.minutes).sum(),
        }
    }
}

impl From<&LoopView> for LoopBody {
    fn from(view: &LoopView) -> Self {
        let (head, state) = (&view.head, &view.state);
        Self {
            id: view.id.to_string(),
            position: state.events,
            created_at: instant(view.created_at_us),
            updated_at: instant(view.updated_at_us),
            preset: head.preset.clone(),
            title: head.title.clone(),
            level: head.level.into(),
            role: head.role.clone(),
            seed: head.seed,
            phase: state.phase.into(),
            stage: (state.phase != practice::Phase::Ended).then_some(state.stage),
            stages: (0..head.stages.len())
                .filter_map(|number| LoopStageBody::of(view, number))
                .collect(),
            may: view.may.iter().map(|act| (*act).into()).collect(),
            asks: view
                .asks
                .iter()
                .map(|(id, ask)| AskBody {
                    id: id.clone(),
                    ask: ask.clone(),
                })
                .collect(),
            pending: view.pending.as_ref().map(|pending| PendingBody {
                attempt: pending.attempt.to_string(),
                of: pending.of.into(),
                question: QuestionBody::from(&pending.question),
            }),
        }
    }
}

impl LoopStageBody {
    fn of(view: &LoopView, number: usize) -> Option<Self> {
        let (script, state) = (view.head.stages.get(number)?, view.state.stages.get(number)?);
        let weight = stage_weight(view.head.level, script.kind);
        let moments = view.moments.get(number).map_or(&[][..], Vec::as_slice);
        let under_way = matches!(state.phase, StagePhase::Running | StagePhase::TimeOver);
        let questions = script.questions.iter().zip(&state.questions).enumerate();
        Some(Self {
            kind: script.kind.into(),
            title: script.title.clone(),
            purpose: purpose(script.kind).to_owned(),
            minutes: script.minutes,
            weight: weight.weight,
            decisive: weight.decisive,
            why: weight.why.to_owned(),
            stands_in: script.stands_in.clone(),
            missing: script.missing.clone(),
            phase: state.phase.into(),
            elapsed_ms: state.elapsed_ms,
            limit_ms: limit_ms(script),
            question: (under_way && state.question < state.questions.len()).then_some(state.question),
            questions: questions
                .map(|(at, (asked, question))| question_body(asked, question, state.question_phase(at)))
                .collect(),
            lines: state.lines.iter().map(LineBody::from).collect(),
            moments: moments.iter().map(MomentBody::from).collect(),
        })
    }
}

fn question_body(
    asked: &domain::StageQuestion,
    question: &practice::QuestionState,
    phase: QuestionPhase,
) -> LoopQuestionBody {
    // What was not put stays unknown, as in an interview; after the loop there is nothing left to hide.
    let hidden = question.begun_ms.is_none() && phase == QuestionPhase::Waiting;
    let shown = |text: &str| (!hidden).then(|| text.to_owned());
    let attempt = |spoken: &practice::Spoken| {
        spoken
            .handed_in
            .as_ref()
            .and_then(|handed| handed.attempt.as_ref())
            .map(ToString::to_string)
    };
    LoopQuestionBody {
        phase: phase.into(),
        item: shown(asked.item.as_str()),
        variant: if hidden { 0 } else { asked.variant },
        title: shown(&asked.title),
        competency: (!hidden).then(|| asked.competency.into()),
        prompt: shown(&asked.prompt),
        begun_ms: question.begun_ms,
        text: question.answer.text.clone(),
        attempt: attempt(&question.answer),
        handed_in: question.answer.handed_in.is_some(),
        change: question
            .change_told_ms
            .zip(asked.change.as_ref())
            .map(|(told_ms, say)| LoopChangeBody {
                say: say.clone(),
                told_ms,
                text: question.change.text.clone(),
                attempt: attempt(&question.change),
                handed_in: question.change.handed_in.is_some(),
            }),
    }
}

impl From<&practice::Line> for LineBody {
    fn from(line: &practice::Line) -> Self {
        Self {
            elapsed_ms: line.elapsed_ms,
            who: line.who.into(),
            act: line.act.into(),
            question: line.question,
            text: line.text.clone(),
            html: matches!(
                line.act,
                practice::LineAct::Question | practice::LineAct::Change | practice::LineAct::Clarify
            )
            .then(|| markdown::to_html(&line.text)),
            why: line.why.to_owned(),
            start: line.start,
        }
    }
}

impl From<&Moment> for MomentBody {
    fn from(moment: &Moment) -> Self {
        Self {
            mistake: moment.mistake.into(),
            question: moment.question,
            elapsed_ms: moment.elapsed_ms,
            for_ms: moment.for_ms,
            span: moment.span.as_ref().map(|(start, end, text)| SpanBody {
                start: *start,
                end: *end,
                text: text.clone(),
            }),
            why: moment.why.clone(),
        }
    }
}

impl From<&Preset> for LoopPresetBody {
    fn from(preset: &Preset) -> Self {
        let weights = |kind: domain::StageKind| {
            let of = |level: &domain::Level| {
                let weight = stage_weight(*level, kind);
                PresetWeightBody {
                    level: (*level).into(),
                    weight: weight.weight,
                    decisive: weight.decisive,
                    why: weight.why.to_owned(),
                }
            };
            domain::Level::ALL.iter().map(of).collect()
        };
        let stages = preset.stages.iter().map(|stage| PresetStageBody {
            kind: stage.kind.into(),
            title: stage.title.to_owned(),
            purpose: purpose(stage.kind).to_owned(),
            minutes: stage.minutes,
            questions: stage.slots.len(),
            stands_in: practice::stands_in(stage.kind).map(str::to_owned),
            weights: weights(stage.kind),
        });
        Self {
            id: preset.id.to_owned(),
            title: preset.title.to_owned(),
            about: preset.about.to_owned(),
            note: preset.note.to_owned(),
            minutes: preset.minutes(),
            stages: stages.collect(),
        }
    }
}
