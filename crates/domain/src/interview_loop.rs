//! A mock loop: the stages of one interview with what is asked in them, and the log of what happened.
//!
//! The head is the script, fixed when the loop is made; everything else follows from it and the log. Both
//! are documents on disk: change them only by addition.

use serde::{Deserialize, Serialize};

use crate::{AttemptId, Competency, Document, DocumentError, DocumentKind, ItemId, Level};

/// Version of the head.
pub const LOOP_FORMAT: u32 = 1;

/// Most stages of a loop; real ones have four to six.
pub const MAX_STAGES: usize = 12;

/// Longest stage in minutes: a half day on site is several stages.
pub const MAX_STAGE_MINUTES: u32 = 180;

/// Most questions of one stage.
pub const MAX_STAGE_QUESTIONS: usize = 8;

/// Most entries of a log. A pulse every five seconds over a loop of four and a half hours makes some 3,300.
pub const MAX_LOOP_EVENTS: usize = 20_000;

/// Largest turn of the candidate, in bytes: some ten minutes of speech.
pub const MAX_TURN_BYTES: usize = 16 * 1024;

/// Longest clarifying question, in characters.
pub const MAX_ASK_CHARS: usize = 500;

/// Most words that one pulse may report.
pub const MAX_PULSE_WORDS: u32 = 10_000;

/// Longest time that an event may report, in milliseconds: a day, as for attempts.
pub const MAX_STAGE_MS: u64 = 24 * 60 * 60 * 1000;

/// Longest name or sentence of a head, in characters.
const MAX_TEXT_CHARS: usize = 1_000;

/// Longest question or change of a head, in bytes.
const MAX_PROMPT_BYTES: usize = 16 * 1024;

crate::item::vocabulary! {
    /// What a stage of a loop is for.
    StageKind {
        /// The recruiter's call: who you are, in two minutes.
        Recruiter = "recruiter",
        /// Fundamentals and experience, by phone.
        PhoneScreen = "phone_screen",
        /// A program against the clock.
        Coding = "coding",
        /// A system, from requirements to failure.
        SystemDesign = "system_design",
        /// What you did, told as stories.
        Behavioural = "behavioural",
        /// Judgement, ownership and what you ask them.
        HiringManager = "hiring_manager",
    }
}

/// The script of a loop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterviewLoop {
    /// [`LOOP_FORMAT`].
    pub format: u32,
    /// The preset that it was made from.
    pub preset: String,
    /// Its name.
    pub title: String,
    /// The level that is interviewed for; decides the weights.
    pub level: Level,
    /// The role, as the candidate calls it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// Seed of what is chosen and shuffled.
    pub seed: u64,
    /// The stages, in order.
    pub stages: Vec<Stage>,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// What it is for; decides its weight.
    pub kind: StageKind,
    /// Its name.
    pub title: String,
    /// How long it is.
    pub minutes: u32,
    /// Set when the round is not built and an answer stands in for it: the sentence that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands_in: Option<String>,
    /// Set when the bank had too little for it: the sentence that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// What is asked, in order; empty when the bank had nothing.
    pub questions: Vec<StageQuestion>,
}

/// One question of a stage, as it is put.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageQuestion {
    /// The item.
    pub item: ItemId,
    /// Its variant, 0 for the default.
    #[serde(default, skip_serializing_if = "is_default")]
    pub variant: u32,
    /// Its revision when the loop was made.
    pub revision: String,
    /// Short name.
    pub title: String,
    /// What it assesses.
    pub competency: Competency,
    /// The question as put (Markdown).
    pub prompt: String,
    /// The requirement that changes mid-way, as the interviewer says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
}

fn is_default(variant: &u32) -> bool {
    *variant == 0
}

crate::item::vocabulary! {
    /// What a turn of the candidate speaks to, and what is handed in.
    SpokenTo {
        /// The question.
        Question = "question",
        /// The requirement that changed.
        Change = "change",
    }
}

impl SpokenTo {
    fn question() -> Self {
        Self::Question
    }

    fn is_question(&self) -> bool {
        *self == Self::Question
    }
}

/// What happened in a loop. Times are milliseconds of active time in the stage, pauses left out, as the
/// client measured them; within a stage they never fall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LoopEvent {
    /// The stage that is next began.
    Begin,
    /// The candidate spoke.
    Say {
        /// When the turn ended.
        elapsed_ms: u64,
        /// The words.
        text: String,
        /// To the question or to its change.
        #[serde(default = "SpokenTo::question", skip_serializing_if = "SpokenTo::is_question")]
        to: SpokenTo,
    },
    /// The candidate asked for a requirement.
    Ask {
        /// When.
        elapsed_ms: u64,
        /// The question as asked.
        text: String,
        /// The hidden requirement that it brought out; `None` when the item holds none of that sort.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clarification: Option<String>,
        /// What the interviewer answered.
        answer: String,
    },
    /// The candidate is at it: words typed or heard since the last event, that are not said yet.
    Pulse {
        /// When.
        elapsed_ms: u64,
        /// How many.
        words: u32,
    },
    /// What was said was handed in.
    HandIn {
        /// When.
        elapsed_ms: u64,
        /// The attempt at the question; `None` when nothing was said, or it was handed in before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        attempt: Option<AttemptId>,
        /// The attempt at the change; `None` when nothing was said to it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change_attempt: Option<AttemptId>,
    },
    /// The clock stopped.
    Pause {
        /// When.
        elapsed_ms: u64,
    },
    /// The clock went on.
    Resume,
    /// On to the next question, or out of the stage after its last.
    Next {
        /// When.
        elapsed_ms: u64,
    },
    /// The candidate ended the loop.
    End,
}

impl LoopEvent {
    /// The time that it carries, in milliseconds.
    pub fn elapsed_ms(&self) -> Option<u64> {
        match self {
            Self::Begin | Self::Resume | Self::End => None,
            Self::Say { elapsed_ms, .. }
            | Self::Ask { elapsed_ms, .. }
            | Self::Pulse { elapsed_ms, .. }
            | Self::HandIn { elapsed_ms, .. }
            | Self::Pause { elapsed_ms }
            | Self::Next { elapsed_ms } => Some(*elapsed_ms),
        }
    }
}

impl Document for InterviewLoop {
    const KIND: DocumentKind = DocumentKind::Loop;

    type Entry = LoopEvent;

    fn check(&self) -> Result<(), DocumentError> {
        if self.format != LOOP_FORMAT {
            return Err(DocumentError::new("format", format!("must be {LOOP_FORMAT}")));
        }
        short("preset", &self.preset)?;
        short("title", &self.title)?;
        short("role", &self.role)?;
        if self.stages.is_empty() || self.stages.len() > MAX_STAGES {
            return Err(DocumentError::new("stages", format!("must be 1 to {MAX_STAGES}")));
        }
        for (i, stage) in self.stages.iter().enumerate() {
            stage
                .check()
                .map_err(|e| DocumentError::new(format!("stages[{i}].{}", e.field), e.rule))?;
        }
        Ok(())
    }

    fn check_entry(entry: &LoopEvent) -> Result<(), DocumentError> {
        if entry.elapsed_ms().is_some_and(|ms| ms > MAX_STAGE_MS) {
            return Err(DocumentError::new(
                "elapsed_ms",
                format!("must be 0 to {MAX_STAGE_MS}"),
            ));
        }
        match entry {
            LoopEvent::Say { text, .. } => {
                spoken("text", text)?;
                if text.len() > MAX_TURN_BYTES {
                    let rule = format!("has {} bytes, the limit is {MAX_TURN_BYTES}", text.len());
                    return Err(DocumentError::new("text", rule));
                }
                Ok(())
            }
            LoopEvent::Ask { text, answer, .. } => {
                spoken("text", text)?;
                if text.chars().count() > MAX_ASK_CHARS {
                    return Err(DocumentError::new(
                        "text",
                        format!("must be 1 to {MAX_ASK_CHARS} characters"),
                    ));
                }
                prompt("answer", answer)
            }
            LoopEvent::Pulse { words, .. } if *words > MAX_PULSE_WORDS => Err(DocumentError::new(
                "words",
                format!("must be 0 to {MAX_PULSE_WORDS}"),
            )),
            _ => Ok(()),
        }
    }
}

impl Stage {
    fn check(&self) -> Result<(), DocumentError> {
        short("title", &self.title)?;
        for (field, text) in [("stands_in", &self.stands_in), ("missing", &self.missing)] {
            short(field, text.as_deref().unwrap_or_default())?;
        }
        if self.minutes == 0 || self.minutes > MAX_STAGE_MINUTES {
            return Err(DocumentError::new(
                "minutes",
                format!("must be 1 to {MAX_STAGE_MINUTES}"),
            ));
        }
        if self.questions.len() > MAX_STAGE_QUESTIONS {
            return Err(DocumentError::new(
                "questions",
                format!("must be at most {MAX_STAGE_QUESTIONS}"),
            ));
        }
        for (i, question) in self.questions.iter().enumerate() {
            let at = |e: DocumentError| DocumentError::new(format!("questions[{i}].{}", e.field), e.rule);
            short("title", &question.title).map_err(at)?;
            short("revision", &question.revision).map_err(at)?;
            prompt("prompt", &question.prompt).map_err(at)?;
            prompt("change", question.change.as_deref().unwrap_or_default()).map_err(at)?;
        }
        Ok(())
    }
}

/// Words of the candidate: some, and nothing that no text has.
fn spoken(field: &str, text: &str) -> Result<(), DocumentError> {
    if text.trim().is_empty() {
        return Err(DocumentError::new(
            field,
            "is empty: say something, or send no turn",
        ));
    }
    if text.contains('\0') {
        return Err(DocumentError::new(field, "has a NUL character: remove it"));
    }
    Ok(())
}

fn short(field: &str, text: &str) -> Result<(), DocumentError> {
    if text.chars().count() > MAX_TEXT_CHARS || text.contains('\0') {
        let rule = format!("must be at most {MAX_TEXT_CHARS} characters, without NUL");
        return Err(DocumentError::new(field, rule));
    }
    Ok(())
}

fn prompt(field: &str, text: &str) -> Result<(), DocumentError> {
    if text.len() > MAX_PROMPT_BYTES || text.contains('\0') {
        let rule = format!("must be at most {MAX_PROMPT_BYTES} bytes, without NUL");
        return Err(DocumentError::new(field, rule));
    }
    Ok(())
}
