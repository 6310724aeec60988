//! Listens while an answer grows and says what is still missing: at most two nudges at a time.
//!
//! What counts as made, touched or wrong is what the grader finds, by the same rules on the same sentences;
//! this module only chooses what is worth saying now. A nudge asks; it never tells the answer, nor what a
//! sum comes to. It follows from the text and what was dismissed alone. So that nothing flickers, the choice
//! changes only when a point is made, when something wrong is said, or when the answer passes from its
//! opening to its middle to its end.

mod delivery;
mod hear;
mod matter;
mod telling;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{Fact, Grounds, Kind, Nudge, NudgeKind, Status};

use crate::axes::{Scene, says};
use crate::find::Finding;
use crate::text::Text;
use crate::{GradeError, Grader};

pub use delivery::{Delivery, TimePoint};

/// Nudges at a time: more is not read while one writes or speaks.
const MAX_NUDGES: usize = 2;

/// Words up to which an answer is in its opening, where nobody can be missing its points yet, and from which
/// it comes to its end. Strong references have 150 to 250 words.
const OPENING_WORDS: usize = 40;
const END_WORDS: usize = 130;

/// Listens to answers to one item. Sentences heard before are not encoded again; what is kept changes no
/// result. Clones are cheap and independent.
#[derive(Clone)]
pub struct Listener {
    grader: Arc<Grader>,
    memory: hear::Memory,
    asks: Asks,
    /// How each fact is asked for.
    ask: Arc<[matter::Ask]>,
}

/// An answer so far.
#[derive(Debug, Clone, Copy)]
pub struct Speech<'a> {
    /// The words.
    pub text: &'a str,
    /// Said aloud rather than typed: pace counts, and pauses are short.
    pub spoken: bool,
    /// How it grew; may be empty.
    pub timeline: &'a [TimePoint],
    /// Ids of nudges that are not wanted again.
    pub dismissed: &'a BTreeSet<String>,
}

/// What the coach says to an answer so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Coaching {
    /// At most two, the more urgent first.
    pub nudges: Vec<Nudge>,
    /// What was heard of the facts.
    pub heard: Heard,
    /// How it is spoken or typed.
    pub delivery: Delivery,
}

/// What was heard of the facts so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Heard {
    /// Facts of the rubric.
    pub facts: usize,
    /// Met.
    pub made: usize,
    /// Mentioned or half right.
    pub touched: usize,
    /// Said the wrong way round.
    pub contradicted: usize,
}

/// What a question wants to hear, as far as it decides how to begin and in which order to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// A design: its requirements come first.
    Design,
    /// Something that broke.
    Incident,
    /// What the candidate did.
    Story,
    /// Anything else.
    Explanation,
}

/// Where an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Opening,
    Middle,
    End,
}

/// The answer so far as the grader reads it, and what it is held against.
struct Moment<'a> {
    grader: &'a Grader,
    scene: &'a Scene<'a>,
    findings: &'a [Finding],
    ask: &'a [matter::Ask],
    asks: Asks,
    stage: Stage,
    words: usize,
    /// The last sentence has its end: before that nobody knows what it will say.
    finished: bool,
    dismissed: &'a BTreeSet<String>,
}

impl Listener {
    /// Listens with the rubric of a grader.
    pub fn new(grader: Arc<Grader>) -> Self {
        let ask = |fact| matter::Ask::new(fact, &grader.rubric);
        Self {
            asks: Asks::of(&grader.spec.question, grader.spec.kind),
            ask: grader.spec.facts.iter().map(ask).collect(),
            memory: hear::Memory::default(),
            grader,
        }
    }

    /// Says what is worth saying now.
    ///
    /// # Errors
    /// [`GradeError`] when the platform fails; no text can cause it.
    pub fn listen(&mut self, speech: &Speech<'_>) -> Result<Coaching, GradeError> {
        let text = Text::new(speech.text);
        let guarded = self.grader.guard.apply(&text);
        let compared = self.memory.compare(&self.grader, speech.text, &text)?;
        let (findings, scene) = self.grader.read(speech.text, &text, &guarded.kept, compared);
        let words = text.tokens.len() + text.fillers.len();
        let moment = Moment {
            grader: &self.grader,
            scene: &scene,
            findings: &findings,
            ask: &self.ask,
            asks: self.asks,
            stage: Stage::of(words),
            words,
            finished: ends(speech.text),
            dismissed: speech.dismissed,
        };
        let nudges = moment.nudges();
        Ok(Coaching {
            delivery: delivery::delivery(&moment, speech, !nudges.is_empty()),
            heard: Heard::of(&findings),
            nudges,
        })
    }
}

impl Moment<'_> {
    /// First what is wrong, then one word on the telling, then the points that are open.
    fn nudges(&self) -> Vec<Nudge> {
        let wanted = |nudge: &Nudge| !self.dismissed.contains(&nudge.id);
        let mut nudges = matter::wrong(self);
        nudges.retain(wanted);
        nudges.extend(telling::telling(self).into_iter().find(wanted));
        nudges.extend(matter::open(self).into_iter().filter(wanted));
        nudges.truncate(MAX_NUDGES);
        nudges
    }

    /// The facts, how each is asked for, and what was found of it.
    fn facts(&self) -> impl Iterator<Item = (&Fact, &matter::Ask, &Finding)> {
        let facts = self.grader.spec.facts.iter().zip(self.ask).zip(self.findings);
        facts.map(|((fact, ask), finding)| (fact, ask, finding))
    }

    /// Whether a sentence is whole.
    fn is_whole(&self, at: usize) -> bool {
        self.finished || at + 1 < self.scene.text.sentences.len()
    }
}

impl Asks {
    fn of(question: &str, kind: Kind) -> Self {
        let text = Text::new(question);
        let names = |phrases: &[&str]| says(&text.tokens, phrases);
        let broke = [
            "incident",
            "outage",
            "on call",
            "critical bug",
            "leak",
            "what broke",
        ];
        match kind {
            Kind::Behavioural | Kind::Situational if names(&broke) => Self::Incident,
            Kind::Behavioural => Self::Story,
            Kind::Technical if names(&["design the", "design a"]) => Self::Design,
            _ => Self::Explanation,
        }
    }
}

impl Stage {
    fn of(words: usize) -> Self {
        match words {
            0..OPENING_WORDS => Self::Opening,
            OPENING_WORDS..END_WORDS => Self::Middle,
            _ => Self::End,
        }
    }
}

impl Heard {
    fn of(findings: &[Finding]) -> Self {
        let count = |wanted: &[Status]| findings.iter().filter(|f| wanted.contains(&f.status)).count();
        Self {
            facts: findings.len(),
            made: count(&[Status::Met]),
            touched: count(&[Status::Mentioned, Status::Partial]),
            contradicted: count(&[Status::Contradicted]),
        }
    }
}

/// Whether a text stops at the end of a sentence.
fn ends(text: &str) -> bool {
    let said = text.trim_end_matches([' ', '\t', '"', ')', '\u{201d}']);
    said.ends_with(['.', '?', '!', '\n', '\u{2026}'])
}

/// A nudge that no fact gives rise to.
fn plain(id: &str, kind: NudgeKind, text: &str, reason: impl Into<String>) -> Nudge {
    Nudge {
        id: id.to_owned(),
        kind,
        text: text.to_owned(),
        because: Grounds {
            reason: reason.into(),
            fact: None,
            span: None,
        },
    }
}
