//! What the graders need of an item. Behaviour lives in the round crates; the shapes live here so
//! that `bank` can parse every item without depending on any round.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{CodeSpec, GroupId, Kind, Level};

/// Word sets that patterns refer to as `@name`: name to members in the pattern grammar.
pub type Lexicon = BTreeMap<String, Vec<String>>;

/// What is graded, by round.
#[derive(Debug, Clone, PartialEq)]
pub enum Spec {
    /// Words, against a rubric.
    Answer(AnswerSpec),
    /// A program, against cases.
    Code(CodeSpec),
}

/// The rubric of an answer item.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerSpec {
    /// Decides group weights and whether hypothetical speech counts in full.
    pub kind: Kind,
    /// Title and prompt as one text: what an echo repeats.
    pub question: String,
    /// The points a full answer makes.
    pub facts: Vec<Fact>,
    /// The shipped sample answer.
    pub sample: String,
    /// Graded references; empty outside core items.
    pub references: Vec<Reference>,
    /// Word sets for the patterns.
    pub lexicon: Lexicon,
}

impl AnswerSpec {
    /// Full-mark answers: the good references and the sample. They set each fact's similarity ceiling.
    pub fn exemplars(&self) -> impl Iterator<Item = &str> {
        let good = self.references.iter().filter(|r| r.kind == ReferenceKind::Good);
        good.map(|r| r.text.as_str())
            .chain(std::iter::once(self.sample.as_str()))
    }
}

/// A point that a full answer must make.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Slug, unique within the item.
    pub id: String,
    /// The point as one sentence.
    pub claim: String,
    /// 1 nice, 2 expected, 3 decisive.
    pub weight: u32,
    /// A full answer cannot leave it out.
    pub must: bool,
    /// From which level on it is expected.
    pub level: Level,
    /// The point as people say it.
    pub say: Vec<String>,
    /// The wrong direction as people say it.
    pub untrue: Vec<String>,
    /// Patterns that touch the subject.
    pub topic: Vec<String>,
    /// Patterns that only fit the right direction.
    pub right: Vec<String>,
    /// Patterns for a right but incomplete form.
    pub half: Vec<String>,
    /// Patterns that only fit the wrong direction.
    pub wrong: Vec<String>,
    /// A quantity that confirms by value.
    pub figure: Option<Figure>,
    /// A closed set that confirms by its members.
    pub set: Option<ClosedSet>,
    /// What to say when it was missed.
    pub tip: String,
    /// The open follow-up question aimed at it.
    pub probe: String,
    /// The follow-up with a checkable answer.
    pub check: Option<Check>,
    /// What other people said of it.
    pub statements: Statements,
}

/// Sentences of several speakers on one fact. Words that a right and a wrong one share tell nothing; what
/// is nearer to the right ones than to the wrong ones leans right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statements {
    /// Each says the fact, rightly and fully.
    pub right: Vec<String>,
    /// Each shows that the speaker does not know it: a misconception, in the right vocabulary.
    pub wrong: Vec<String>,
    /// Each talks about the subject and says nothing.
    #[serde(default)]
    pub vague: Vec<String>,
}

/// A quantity checked by value and tolerance.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Pattern of the sentence that states it.
    pub about: String,
    /// Accepted values.
    pub values: Vec<f64>,
    /// Relative tolerance, 0.15 is 15 %.
    pub tolerance: f64,
    /// Alternatives for the unit, in the pattern grammar.
    pub unit: String,
    /// How the value follows from what the question gives, such as `100 M a day / 86,400 s = 1,157 a second`.
    pub derivation: String,
}

/// A closed set of names, such as the isolation levels.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosedSet {
    /// One entry a member, each with its alternatives.
    pub members: Vec<String>,
    /// How many make the fact met.
    pub need: usize,
}

/// A follow-up whose answer can be checked.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    /// One right option and real misconceptions.
    Choice {
        /// The question.
        ask: String,
        /// The right option.
        right: String,
        /// The others.
        wrong: Vec<WrongOption>,
    },
    /// All options that apply.
    Pick {
        /// The question.
        ask: String,
        /// Options that apply.
        right: Vec<String>,
        /// Options that do not.
        wrong: Vec<WrongOption>,
    },
    /// A quantity.
    Number {
        /// The question.
        ask: String,
        /// The right value.
        value: f64,
        /// Its unit.
        unit: String,
        /// Relative tolerance.
        tolerance: f64,
        /// How the value comes about.
        why: String,
    },
    /// Steps to put in order.
    Order {
        /// The question.
        ask: String,
        /// The steps in the right order.
        steps: Vec<String>,
        /// Why that order.
        why: String,
    },
}

impl Check {
    /// The question as put to the candidate.
    pub fn ask(&self) -> &str {
        match self {
            Self::Choice { ask, .. }
            | Self::Pick { ask, .. }
            | Self::Number { ask, .. }
            | Self::Order { ask, .. } => ask,
        }
    }
}

/// A misconception offered as an option, with what is wrong about it.
#[derive(Debug, Clone, PartialEq)]
pub struct WrongOption {
    /// The option.
    pub option: String,
    /// One sentence that teaches.
    pub correction: String,
}

/// An answer with the grades its author gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// What it stands for.
    pub kind: ReferenceKind,
    /// The words after the kind in its heading.
    pub label: String,
    /// The author's grades.
    pub grades: Grades,
    /// The grades of a second reader who had not seen the first: their distance is the noise of both.
    pub second: Option<Grades>,
    /// The answer.
    pub text: String,
}

crate::item::vocabulary! {
    /// What a reference answer stands for.
    ReferenceKind {
        /// A full answer.
        Good = "good",
        /// Knows the idea, misses depth.
        Middling = "middling",
        /// Right, badly told.
        Rambling = "rambling",
        /// Fluent, no substance.
        Empty = "empty",
        /// Confident and wrong.
        Wrong = "wrong",
        /// Aimed at the grader.
        Hostile = "hostile",
    }
}

/// Grades that somebody gave, 0 to 100 a group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grades {
    /// Required facts present and right.
    pub coverage: f64,
    /// A listener can predict what comes next.
    pub structure: f64,
    /// Own system, named decisions, mechanisms.
    pub specificity: f64,
    /// Figures that carry the argument.
    pub quantification: f64,
    /// Information per minute.
    pub conciseness: f64,
    /// Would work with people asleep.
    pub remote_readiness: f64,
}

impl Grades {
    /// The grade of a group; none for the groups of other rounds.
    pub fn of(&self, group: GroupId) -> Option<f64> {
        Some(match group {
            GroupId::Coverage => self.coverage,
            GroupId::Structure => self.structure,
            GroupId::Specificity => self.specificity,
            GroupId::Quantification => self.quantification,
            GroupId::Conciseness => self.conciseness,
            GroupId::RemoteReadiness => self.remote_readiness,
            _ => return None,
        })
    }
}
