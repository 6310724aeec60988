//! Items: the things to practise, and the closed vocabularies that describe them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{AnswerSpec, Change, Clarification, CodeSpec, Fact, Reference, Spec};

/// Longest item id. Ids are file names, URL segments and primary keys; 64 is ample for a slug.
const MAX_ID_CHARS: usize = 64;

/// The slug that names an item: lower-case letters, digits and single hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ItemId(String);

/// Why a text is not an [`ItemId`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemIdError(String);

impl ItemId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ItemId {
    type Err = ItemIdError;

    fn from_str(text: &str) -> Result<Self, ItemIdError> {
        let shape = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let hyphens = text.starts_with('-') || text.ends_with('-') || text.contains("--");
        if text.is_empty() || text.len() > MAX_ID_CHARS || !text.chars().all(shape) || hyphens {
            return Err(ItemIdError(text.chars().take(MAX_ID_CHARS).collect()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for ItemId {
    type Error = ItemIdError;

    fn try_from(text: String) -> Result<Self, ItemIdError> {
        text.parse()
    }
}

impl From<ItemId> for String {
    fn from(id: ItemId) -> Self {
        id.0
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ItemIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not an item id: use 1 to {MAX_ID_CHARS} lower-case letters, digits and single hyphens",
            self.0
        )
    }
}

impl std::error::Error for ItemIdError {}

/// Declares a closed vocabulary: one enum whose variants have a fixed spelling everywhere.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The one spelling used in files, JSON, SQL and the page.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|value| value.as_str()).collect();
                    format!("`{text}` is not one of {}", known.join(", "))
                })
            }
        }
    };
}
pub(crate) use vocabulary;

vocabulary! {
    /// A kind of practice with its own grader.
    Round {
        /// A spoken or typed answer, graded against a rubric of facts.
        Answer = "answer",
        /// A program, run in a sandbox.
        Code = "code",
        /// An architecture, run in a simulator.
        Design = "design",
        /// SQL, run on a real PostgreSQL.
        Query = "query",
    }
}

vocabulary! {
    /// What sort of interview question an answer item is; decides the weights of the groups.
    Kind {
        /// How something works or should be built.
        Technical = "technical",
        /// What the candidate did, told as a story.
        Behavioural = "behavioural",
        /// What the candidate would do in a described situation.
        Situational = "situational",
        /// How the candidate works with people in other places and time zones.
        Remote = "remote",
    }
}

vocabulary! {
    /// The interviewing level an item or a fact is meant for.
    Level {
        /// Up to about two years of practice.
        Junior = "junior",
        /// Works on their own.
        Mid = "mid",
        /// Leads others by design and ownership.
        Senior = "senior",
    }
}

vocabulary! {
    /// What a hiring loop assesses with the item.
    Competency {
        /// Modelling, storing and finding data.
        DataModelling = "data-modelling",
        /// The contract between services and their clients.
        ApiContracts = "api-contracts",
        /// Concurrency and consistency.
        ConcurrencyConsistency = "concurrency-consistency",
        /// Failure and resilience.
        FailureResilience = "failure-resilience",
        /// Running what was built.
        Operations = "operations",
        /// Writing programs.
        Coding = "coding",
        /// Communication and ownership.
        CommunicationOwnership = "communication-ownership",
    }
}

/// One thing to practise.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The slug, equal to the name of its file or folder.
    pub id: ItemId,
    /// Short name for lists.
    pub title: String,
    /// Which grader takes it.
    pub round: Round,
    /// What sort of question it is.
    pub kind: Kind,
    /// What it assesses.
    pub competency: Competency,
    /// Slugs for search and filters.
    pub topics: Vec<String>,
    /// Levels it is asked at.
    pub levels: Vec<Level>,
    /// Minutes to answer it aloud, or to write the program.
    pub minutes: u32,
    /// Whether it carries graded references and checks.
    pub core: bool,
    /// The date of the last review, `YYYY-MM-DD`.
    pub reviewed: String,
    /// `b3:` and the first 32 hex digits of BLAKE3 over the source text and what else grading depends on: the lexicon, or
    /// the accepted programs.
    pub revision: String,
    /// The question as put to the candidate (Markdown).
    pub prompt: String,
    /// What unfolds after an attempt.
    pub guidance: Guidance,
    /// What the grader needs.
    pub spec: Spec,
    /// All variants, the default first; empty when there is only this one, and in an item that was read from
    /// the text of one variant.
    pub variants: Vec<Variant>,
    /// Which variant this is; `None` for an item without variants.
    pub variant: Option<Variant>,
    /// Hidden requirements, each behind a question.
    pub clarifications: Vec<Clarification>,
    /// The requirement that changes mid-way.
    pub change: Option<Change>,
}

impl Item {
    /// What an answer is graded by; `None` for an item that takes a program.
    pub fn answer(&self) -> Option<&AnswerSpec> {
        match &self.spec {
            Spec::Answer(spec) => Some(spec),
            Spec::Code(_) => None,
        }
    }

    /// What a program is graded by; `None` for an item that takes an answer.
    pub fn code(&self) -> Option<&CodeSpec> {
        match &self.spec {
            Spec::Code(spec) => Some(spec),
            Spec::Answer(_) => None,
        }
    }

    /// The points that a full answer makes; none where a program is asked for.
    pub fn facts(&self) -> &[Fact] {
        self.answer().map_or(&[], |spec| &spec.facts)
    }

    /// Answers with the grades of their author; none where a program is asked for.
    pub fn references(&self) -> &[Reference] {
        self.answer().map_or(&[], |spec| &spec.references)
    }

    /// How many variants there are; 1 for an item without any.
    pub fn variant_count(&self) -> u32 {
        u32::try_from(self.variants.len()).unwrap_or(u32::MAX).max(1)
    }
}

/// One way to put an item: the same question with other figures or under another constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// From 0, the default.
    pub number: u32,
    /// What is particular to it, such as `2 billion redirects a day, one region`.
    pub title: String,
}

/// Study material of an item; folded away until asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Guidance {
    /// Why interviewers ask it (Markdown).
    pub why_asked: String,
    /// The detail that separates levels (Markdown).
    pub separates_levels: String,
    /// A full answer in our own words (Markdown).
    pub sample: String,
    /// What people believe and should not.
    pub misconceptions: Vec<Misconception>,
    /// Where an interviewer goes next.
    pub follow_ups: Vec<String>,
    /// What changes with the level.
    pub level_notes: LevelNotes,
}

/// A common false belief with its correction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Misconception {
    /// The belief, as held.
    pub claim: String,
    /// Why it does not hold.
    pub correction: String,
}

/// What interviewers expect at each level.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LevelNotes {
    /// Junior.
    pub junior: String,
    /// Mid.
    pub mid: String,
    /// Senior.
    pub senior: String,
}
