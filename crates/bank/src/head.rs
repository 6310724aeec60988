//! The fenced TOML head of an item file, as written.

use domain::{
    Check, ClosedSet, Competency, Fact, Figure, Grades, Kind, Level, LevelNotes, Round, Statements, Variant,
    WrongOption,
};
use serde::Deserialize;
use toml::Spanned;

/// The whole head.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    pub(crate) format: Spanned<u32>,
    pub(crate) id: Spanned<String>,
    pub(crate) round: Round,
    pub(crate) kind: Kind,
    pub(crate) competency: Competency,
    pub(crate) topics: Vec<Spanned<String>>,
    pub(crate) levels: Vec<Level>,
    pub(crate) minutes: Spanned<u32>,
    #[serde(default)]
    pub(crate) core: bool,
    pub(crate) reviewed: Spanned<String>,
    /// Which variant the text is, written when it was filled in.
    pub(crate) variant: Option<Variant>,
    pub(crate) level_notes: LevelNotes,
    #[serde(default)]
    pub(crate) fact: Vec<Spanned<RawFact>>,
}

/// A fact as written; every text keeps its place for diagnostics.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFact {
    pub(crate) id: Spanned<String>,
    pub(crate) claim: Spanned<String>,
    pub(crate) weight: Spanned<u32>,
    #[serde(default)]
    pub(crate) must: bool,
    #[serde(default = "junior")]
    pub(crate) level: Level,
    pub(crate) say: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) untrue: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) topic: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) right: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) half: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) wrong: Vec<Spanned<String>>,
    pub(crate) figure: Option<Figure>,
    pub(crate) set: Option<ClosedSet>,
    pub(crate) tip: Spanned<String>,
    pub(crate) probe: Spanned<String>,
    pub(crate) check: Option<Spanned<RawCheck>>,
}

fn junior() -> Level {
    Level::Junior
}

/// A check as written.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum RawCheck {
    Choice {
        ask: String,
        right: String,
        wrong: Vec<[String; 2]>,
    },
    Pick {
        ask: String,
        right: Vec<String>,
        wrong: Vec<[String; 2]>,
    },
    Number {
        ask: String,
        value: f64,
        unit: String,
        tolerance: f64,
        why: String,
    },
    Order {
        ask: String,
        steps: Vec<String>,
        why: String,
    },
}

/// The grades fence of a reference.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawGrades {
    coverage: f64,
    structure: f64,
    specificity: f64,
    quantification: f64,
    conciseness: f64,
    remote_readiness: f64,
    /// Those of the second reader.
    pub(crate) second: Option<Grades>,
    /// Kept in the file for readers and reviewers; grading does not use it.
    pub(crate) why: String,
}

/// A lexicon file.
pub(crate) type RawLexicon = std::collections::BTreeMap<String, Vec<String>>;

impl RawGrades {
    pub(crate) fn grades(&self) -> Grades {
        Grades {
            coverage: self.coverage,
            structure: self.structure,
            specificity: self.specificity,
            quantification: self.quantification,
            conciseness: self.conciseness,
            remote_readiness: self.remote_readiness,
        }
    }
}

impl RawFact {
    /// The lists of texts with their field names, for placing diagnostics.
    pub(crate) fn texts(&self) -> [(&'static str, &[Spanned<String>]); 6] {
        [
            ("say", &self.say),
            ("untrue", &self.untrue),
            ("topic", &self.topic),
            ("right", &self.right),
            ("half", &self.half),
            ("wrong", &self.wrong),
        ]
    }

    pub(crate) fn into_fact(self) -> Fact {
        let texts = |list: Vec<Spanned<String>>| list.into_iter().map(Spanned::into_inner).collect();
        Fact {
            id: self.id.into_inner(),
            claim: self.claim.into_inner(),
            weight: self.weight.into_inner(),
            must: self.must,
            level: self.level,
            say: texts(self.say),
            untrue: texts(self.untrue),
            topic: texts(self.topic),
            right: texts(self.right),
            half: texts(self.half),
            wrong: texts(self.wrong),
            figure: self.figure,
            set: self.set,
            tip: self.tip.into_inner(),
            probe: self.probe.into_inner(),
            check: self.check.map(|check| check.into_inner().into_check()),
            statements: Statements::default(),
        }
    }
}

impl RawCheck {
    fn into_check(self) -> Check {
        let options = |pairs: Vec<[String; 2]>| {
            pairs
                .into_iter()
                .map(|[option, correction]| WrongOption { option, correction })
                .collect()
        };
        match self {
            Self::Choice { ask, right, wrong } => Check::Choice {
                ask,
                right,
                wrong: options(wrong),
            },
            Self::Pick { ask, right, wrong } => Check::Pick {
                ask,
                right,
                wrong: options(wrong),
            },
            Self::Number {
                ask,
                value,
                unit,
                tolerance,
                why,
            } => Check::Number {
                ask,
                value,
                unit,
                tolerance,
                why,
            },
            Self::Order { ask, steps, why } => Check::Order { ask, steps, why },
        }
    }
}
