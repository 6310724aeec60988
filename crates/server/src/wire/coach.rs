//! What the coach hears, and what it says.

use std::collections::BTreeSet;

use domain::{ItemId, Nudge};
use practice::{Coaching, Delivery, Heard, SoFar, TimePoint};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::NudgeKind;

/// An answer so far.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCoaching {
    /// The variant of the item that is answered; the default without it.
    #[schema(nullable = false, minimum = 0, maximum = 47)]
    pub variant: Option<u32>,
    /// The words so far, at most 65,536 bytes; empty before the first.
    #[schema(max_length = 65_536)]
    pub text: String,
    /// Said aloud rather than typed: pace counts, and pauses are short.
    #[serde(default)]
    #[schema(default = false)]
    pub spoken: bool,
    /// How the text grew, in rising order of time.
    #[serde(default)]
    #[schema(max_items = 900)]
    pub timeline: Vec<NewTimePoint>,
    /// Ids of nudges that are not wanted again.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub dismissed: Vec<String>,
    /// The graded loop that the answer is part of. There the coach is off, so a request that names one is
    /// refused.
    #[serde(rename = "loop")]
    #[schema(max_length = 64)]
    pub within: Option<String>,
}

/// How many words there were at a moment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTimePoint {
    /// Since the answer was begun, in milliseconds, at most a day.
    #[schema(minimum = 0, maximum = 86_400_000)]
    pub elapsed_ms: u64,
    /// Words so far.
    #[schema(minimum = 0, maximum = 65_536)]
    pub words: u32,
}

/// What the coach says to an answer so far. It is no grade, and nothing of it is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoachingBody {
    /// At most two, the more urgent first.
    #[schema(max_items = 2)]
    pub nudges: Vec<NudgeBody>,
    /// What was heard of the points of a full answer.
    pub heard: HeardBody,
    /// How it is spoken or typed.
    pub delivery: PaceSoFar,
}

/// One thing that the coach says.
#[derive(Debug, Serialize, ToSchema)]
pub struct NudgeBody {
    /// The same for the same thing as the text grows; send it in `dismissed` when it is not wanted again.
    pub id: String,
    /// What it is about.
    pub kind: NudgeKind,
    /// What to do or to answer.
    pub text: String,
    /// What it rests on.
    pub because: GroundsBody,
}

/// What a nudge rests on.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroundsBody {
    /// The reason, as a sentence.
    pub reason: String,
    /// The fact of the rubric that it is aimed at.
    #[schema(required)]
    pub fact: Option<String>,
    /// The words that gave rise to it.
    #[schema(required)]
    pub span: Option<NudgeSpan>,
}

/// A slice of the text.
#[derive(Debug, Serialize, ToSchema)]
pub struct NudgeSpan {
    /// First byte, in UTF-8.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The slice.
    pub text: String,
}

/// What was heard of the points of a full answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeardBody {
    /// Points that a full answer makes.
    pub facts: usize,
    /// Made.
    pub made: usize,
    /// Touched or half right.
    pub touched: usize,
    /// Said the wrong way round.
    pub contradicted: usize,
}

/// How an answer is spoken or typed.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaceSoFar {
    /// Words so far, fillers included.
    pub words: usize,
    /// Over the last minute of the timeline; null while there is too little to tell.
    #[schema(required)]
    pub words_a_minute: Option<u32>,
    /// Fillers so far.
    pub fillers: usize,
    /// Since the last word of the timeline, in milliseconds.
    pub pause_ms: u64,
    /// One gentle word, where it may help.
    #[schema(required)]
    pub nudge: Option<NudgeBody>,
}

impl NewCoaching {
    /// For the application.
    pub fn of(self, item: ItemId) -> SoFar {
        let point = |point: NewTimePoint| TimePoint {
            elapsed_ms: point.elapsed_ms,
            words: point.words,
        };
        SoFar {
            item,
            variant: self.variant.unwrap_or_default(),
            text: self.text,
            spoken: self.spoken,
            timeline: self.timeline.into_iter().map(point).collect(),
            dismissed: BTreeSet::from_iter(self.dismissed),
            within: self.within,
        }
    }
}

impl CoachingBody {
    /// What was said to a text.
    pub fn new(coaching: &Coaching, text: &str) -> Self {
        let nudge = |nudge| NudgeBody::new(nudge, text);
        Self {
            nudges: coaching.nudges.iter().map(nudge).collect(),
            heard: HeardBody::from(coaching.heard),
            delivery: PaceSoFar::new(&coaching.delivery, text),
        }
    }
}

impl NudgeBody {
    fn new(nudge: &Nudge, text: &str) -> Self {
        let span = nudge.because.span.clone().map(|span| NudgeSpan {
            start: span.start,
            end: span.end,
            text: text[span].to_owned(),
        });
        Self {
            id: nudge.id.clone(),
            kind: nudge.kind.into(),
            text: nudge.text.clone(),
            because: GroundsBody {
                reason: nudge.because.reason.clone(),
                fact: nudge.because.fact.clone(),
                span,
            },
        }
    }
}

impl From<Heard> for HeardBody {
    fn from(heard: Heard) -> Self {
        Self {
            facts: heard.facts,
            made: heard.made,
            touched: heard.touched,
            contradicted: heard.contradicted,
        }
    }
}

impl PaceSoFar {
    fn new(delivery: &Delivery, text: &str) -> Self {
        Self {
            words: delivery.words,
            words_a_minute: delivery.words_a_minute,
            fillers: delivery.fillers,
            pause_ms: delivery.pause_ms,
            nudge: delivery.nudge.as_ref().map(|nudge| NudgeBody::new(nudge, text)),
        }
    }
}
