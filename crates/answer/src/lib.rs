//! Grades answers against rubrics of facts, and questions the candidate on what was not confirmed.
//!
//! Pure: same spec, text, replies and seed give the same bytes. Credit needs confirmation: a form that
//! only fits the right direction, a figure, a closed set, or a check answered right. Similarity and
//! topic words only show a *mention*, which earns a small share and is asked about next.

mod adhoc;
mod assemble;
mod axes;
mod check;
mod clarify;
mod contrast;
mod examine;
mod find;
mod guard;
mod mistakes;
mod options;
mod pattern;
mod prove;
mod recall;
mod rubric;
mod story;
mod text;
mod whole;

use std::sync::Arc;

use domain::{AnswerSpec, Scorecard};
use encoder::Encoder;

pub use adhoc::{adhoc, content_words};
pub use check::{Judgement, ask, judge_check, right_answer};
pub use clarify::{Clarified, Clarifier};
pub use examine::{Examination, MAX_QUESTIONS, Order, ReplyError};
pub use mistakes::{Mistakes, Setting, Shown, SpokenMistake};
pub use pattern::PatternError;
pub use prove::{Finding as ProofFinding, prove, prove_clarifications};
pub use story::{Rehearsed, StoryFinding, ToldSentence, check_story, occurrences, rehearse};

use axes::{Habits, Scene};
use find::Search;
use guard::Guard;
use rubric::Rubric;
use text::Text;

/// Name and version of this grader; a change that can move a score raises the number.
pub const SCORER: &str = "answer/2";

/// Grades answers to one item.
pub struct Grader {
    spec: AnswerSpec,
    rubric: Rubric,
    guard: Guard,
    habits: Habits,
    encoder: Option<Arc<Encoder>>,
}

/// What a scorecard says of itself besides its findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The item.
    pub item: String,
    /// Its revision.
    pub revision: String,
    /// Seed of everything that is shuffled.
    pub seed: u64,
}

/// Why a rubric cannot grade.
#[derive(Debug)]
pub enum SpecError {
    /// A pattern does not compile.
    Pattern {
        /// The part of the item, such as `fact/shared-store/right/0`.
        part: String,
        /// What is wrong with it.
        error: PatternError,
    },
    /// The encoder failed on the rubric's own text.
    Encode(GradeError),
}

/// A failure of the platform while grading, never of the answer.
#[derive(Debug)]
pub struct GradeError(encoder::EncodeError);

impl From<encoder::EncodeError> for GradeError {
    fn from(error: encoder::EncodeError) -> Self {
        Self(error)
    }
}

impl std::fmt::Display for GradeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("encode the answer")
    }
}

impl std::error::Error for GradeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

impl std::fmt::Display for SpecError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pattern { part, error } => write!(f, "{part}: {error}"),
            Self::Encode(_) => f.write_str("encode the rubric"),
        }
    }
}

impl std::error::Error for SpecError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Pattern { error, .. } => Some(error),
            Self::Encode(error) => Some(error),
        }
    }
}

impl Grader {
    /// Compiles a rubric. With the encoder this also encodes its phrasings and full-mark answers, some
    /// 0.3 s of one core, so keep the grader as long as the revision is current.
    ///
    /// # Errors
    /// [`SpecError`] names the pattern that does not compile.
    pub fn new(spec: &AnswerSpec, encoder: Option<Arc<Encoder>>) -> Result<Self, SpecError> {
        let rubric = Rubric::new(spec, encoder.as_deref())?;
        let own = |part: &'static str| {
            move |error| SpecError::Pattern {
                part: part.to_owned(),
                error,
            }
        };
        let guard = Guard::new(&spec.question).map_err(own("guard"))?;
        let habits = Habits::new().map_err(own("remote-readiness"))?;
        Ok(Self {
            spec: spec.clone(),
            rubric,
            guard,
            habits,
            encoder,
        })
    }

    /// Which scorer grades: [`SCORER`], with the encoder's id where there is one.
    pub fn scorer(&self) -> String {
        match &self.encoder {
            Some(encoder) => format!("{SCORER}+{}", encoder.id()),
            None => SCORER.to_owned(),
        }
    }

    /// The byte ranges of `text` that are no part of the answer and earn nothing: text addressed to a grader,
    /// the question echoed, keywords. No other reader should see them or cite them.
    pub fn withheld(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        let guarded = self.guard.apply(&Text::new(text));
        guarded.notes.into_iter().map(|(_, bytes)| bytes).collect()
    }

    /// Grades the answer alone, before any follow-up.
    ///
    /// # Errors
    /// [`GradeError`] when the platform fails; no text can cause it.
    pub fn grade(&self, header: &Header, text: &str) -> Result<Scorecard, GradeError> {
        let analysed = Text::new(text);
        let guarded = self.guard.apply(&analysed);
        let (mut recalls, mut likenesses) = (None, None);
        if let Some(encoder) = &self.encoder {
            let windows = rubric::encode_analysed(encoder, text, &analysed)?;
            recalls = Some(self.rubric.phrasings.recalls(encoder, &windows)?);
            likenesses = Some(self.rubric.statements.likenesses(encoder, &windows)?);
        }
        let read = self.rubric.vocabulary.read(&analysed);
        let search = Search {
            text: &analysed,
            read,
            kept: &guarded.kept,
            recalls,
            likenesses,
        };
        let findings = self.rubric.find(&search);
        let related = self.rubric.related(&search);
        let scene = Scene::new(text, &analysed, &guarded.kept, self.spec.kind, &findings, related);
        Ok(self.assemble(header, &scene, &guarded, &findings))
    }
}
