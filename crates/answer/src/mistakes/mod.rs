//! Four common mistakes of spoken designs, with the words that show them.
//!
//! They mark a moment and move no score. What is read here is whether something was said, with the same
//! tokens, negations and patterns as facts: "we do not need Kubernetes" chooses nothing, and "the naive way
//! would be to shard" warns. `docs/loop.md` says how often they hit and how often they cry wolf.

mod load;
mod patterns;

use std::ops::Range;

use domain::Lexicon;

use crate::clarify::asks;
use crate::pattern::{Compiler, Pattern, PatternError, Read, Vocabulary};
use crate::text::{Text, dismisses, warns};

/// Words from which on an answer is long enough to have said what is kept where.
const ENOUGH_FOR_DATA: usize = 40;

/// Words from which on an answer is long enough to have said what fails.
const ENOUGH_FOR_FAILURE: usize = 60;

/// Requests a second up to which two heavy parts are too many. One process on one machine serves some thousands
/// of ordinary requests a second; at a tenth of one thousand nothing has to be spread for the load.
const LIGHT_RPS: f64 = 100.0;

/// Requests a second up to which even one heavy part is too much: a request a second leaves any machine idle.
const IDLE_RPS: f64 = 1.0;

/// A mistake that words show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpokenMistake {
    /// A component was chosen before anything was asked, assumed or sized.
    SolutionBeforeRequirements,
    /// Data goes into the database, and nothing is said of how it lies there.
    BlackBoxDatabase,
    /// Nothing fails in the whole answer.
    HappyPathOnly,
    /// Far more machinery than the load asks for.
    OverEngineering,
}

impl SpokenMistake {
    /// Every one.
    pub const ALL: [Self; 4] = [
        Self::SolutionBeforeRequirements,
        Self::BlackBoxDatabase,
        Self::HappyPathOnly,
        Self::OverEngineering,
    ];

    /// Its name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SolutionBeforeRequirements => "solution_before_requirements",
            Self::BlackBoxDatabase => "black_box_database",
            Self::HappyPathOnly => "happy_path_only",
            Self::OverEngineering => "over_engineering",
        }
    }
}

/// A mistake with the words that show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub mistake: SpokenMistake,
    /// Bytes of the sentence in the text.
    pub bytes: Range<usize>,
    /// Why it is one, as a sentence.
    pub why: String,
}

/// What an answer is read against.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// What the interviewer stated: the question, its change, what was clarified. The load is looked for here
    /// first.
    pub stated: &'a [&'a str],
    /// Bytes of the answer that were said before each clarifying question.
    pub asked_after: &'a [usize],
}

/// The patterns of the mistakes, compiled.
pub struct Mistakes {
    vocabulary: Vocabulary,
    requirement: Vec<Pattern>,
    component: Pattern,
    database: Vec<Pattern>,
    data: Vec<Pattern>,
    failure: Vec<Pattern>,
    heavy: Vec<(&'static str, Pattern)>,
    later: Pattern,
}

impl Mistakes {
    /// Compiles the patterns, some ten milliseconds.
    ///
    /// # Errors
    /// A pattern does not compile, which a test rules out.
    pub fn new() -> Result<Self, PatternError> {
        let lexicon = Lexicon::new();
        let mut compiler = Compiler::new(&lexicon);
        let all = |compiler: &mut Compiler<'_>, sources: &[&str]| -> Result<Vec<Pattern>, PatternError> {
            sources.iter().map(|source| compiler.pattern(source)).collect()
        };
        let requirement = all(&mut compiler, &patterns::REQUIREMENT)?;
        let component = compiler.pattern(patterns::COMPONENT)?;
        let database = all(&mut compiler, &patterns::DATABASE)?;
        let data = all(&mut compiler, &patterns::DATA)?;
        let failure = all(&mut compiler, &patterns::FAILURE)?;
        let later = compiler.pattern(patterns::LATER)?;
        let mut heavy = Vec::new();
        for (name, source) in patterns::HEAVY {
            heavy.push((name, compiler.pattern(source)?));
        }
        Ok(Self {
            vocabulary: compiler.finish(),
            requirement,
            component,
            database,
            data,
            failure,
            heavy,
            later,
        })
    }

    /// The mistakes that an answer to a design question shows, in the order of [`SpokenMistake::ALL`]; each at
    /// most once.
    pub fn find(&self, text: &str, setting: &Setting<'_>) -> Vec<Shown> {
        let analysed = Text::new(text);
        if analysed.sentences.is_empty() {
            return Vec::new();
        }
        let read = self.vocabulary.read(&analysed);
        let speech = Speech {
            raw: text,
            text: &analysed,
            read: &read,
        };
        [
            self.before_requirements(&speech, setting),
            self.black_box(&speech),
            self.happy_path(&speech),
            self.over_engineering(&speech, setting),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The first sentence that chooses a component, when no requirement was spoken of up to there.
    fn before_requirements(&self, speech: &Speech<'_>, setting: &Setting<'_>) -> Option<Shown> {
        for at in speech.sentences() {
            if speech.any(&self.requirement, at) || speech.asks(at) {
                return None;
            }
            if speech.chooses(&self.component, at) {
                let bytes = speech.bytes(at);
                if setting.asked_after.iter().any(|said| *said <= bytes.start) {
                    return None;
                }
                let why = "A component is chosen here, before anything was asked, assumed or sized. Start with who \
                    uses it, how much, and what must not go wrong.";
                return Some(Shown {
                    mistake: SpokenMistake::SolutionBeforeRequirements,
                    bytes,
                    why: why.to_owned(),
                });
            }
        }
        None
    }

    /// The first sentence that leaves something to the database, when no sentence says how it lies there.
    fn black_box(&self, speech: &Speech<'_>) -> Option<Shown> {
        if speech.text.tokens.len() < ENOUGH_FOR_DATA
            || speech.sentences().any(|at| speech.any(&self.data, at))
        {
            return None;
        }
        let at = speech.sentences().find(|at| speech.any(&self.database, *at))?;
        let why = "The data goes into the database here, and nothing in the answer says how it lies there: what the \
            key is, which index serves the reads, what two writers do.";
        Some(Shown {
            mistake: SpokenMistake::BlackBoxDatabase,
            bytes: speech.bytes(at),
            why: why.to_owned(),
        })
    }

    /// The end of an answer in which nothing fails.
    fn happy_path(&self, speech: &Speech<'_>) -> Option<Shown> {
        let fails = |at: usize| speech.any(&self.failure, at) && dismisses(speech.tokens(at)).is_none();
        if speech.text.tokens.len() < ENOUGH_FOR_FAILURE || speech.sentences().any(fails) {
            return None;
        }
        let why = "The answer ends here and nothing in it has failed. Say what a crash, a slow part or the same \
            request twice does to it.";
        Some(Shown {
            mistake: SpokenMistake::HappyPathOnly,
            bytes: speech.bytes(speech.text.sentences.len() - 1),
            why: why.to_owned(),
        })
    }

    /// The sentence with which the answer has too many heavy parts for its load.
    fn over_engineering(&self, speech: &Speech<'_>, setting: &Setting<'_>) -> Option<Shown> {
        let stated = setting
            .stated
            .iter()
            .filter_map(|text| load::per_second(&Text::new(text)));
        // The interviewer's figure counts; the candidate's own where the interviewer gave none.
        let rps = stated
            .reduce(f64::max)
            .or_else(|| load::per_second(speech.text))?;
        let allowed = if rps <= IDLE_RPS {
            0
        } else if rps <= LIGHT_RPS {
            1
        } else {
            return None;
        };
        let mut named: Vec<&str> = Vec::new();
        for at in speech.sentences() {
            for (name, pattern) in &self.heavy {
                if !named.contains(name)
                    && speech.chooses(pattern, at)
                    && pattern_absent(&self.later, speech, at)
                {
                    named.push(name);
                }
            }
            if named.len() > allowed {
                let parts = named.join(" and ");
                let why = format!(
                    "{} for {}: one process on one machine serves that. Do the division, say so, and keep the rest \
                     for a load that needs it.",
                    capital(&parts),
                    load::told(rps)
                );
                return Some(Shown {
                    mistake: SpokenMistake::OverEngineering,
                    bytes: speech.bytes(at),
                    why,
                });
            }
        }
        None
    }
}

fn pattern_absent(pattern: &Pattern, speech: &Speech<'_>, at: usize) -> bool {
    pattern.find(speech.text, speech.read, at).is_none()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    first + chars.as_str()
}

/// An analysed answer.
struct Speech<'a> {
    raw: &'a str,
    text: &'a Text,
    read: &'a Read,
}

impl Speech<'_> {
    fn sentences(&self) -> std::ops::Range<usize> {
        0..self.text.sentences.len()
    }

    fn tokens(&self, at: usize) -> &[crate::text::Token] {
        self.text.of(&self.text.sentences[at])
    }

    fn bytes(&self, at: usize) -> Range<usize> {
        self.text.sentences[at].bytes.clone()
    }

    fn asks(&self, at: usize) -> bool {
        asks(self.raw, self.text, at)
    }

    fn any(&self, patterns: &[Pattern], at: usize) -> bool {
        patterns
            .iter()
            .any(|pattern| pattern.find(self.text, self.read, at).is_some())
    }

    /// Whether a sentence takes what the pattern names, rather than asks about it, warns of it or waves it away.
    fn chooses(&self, pattern: &Pattern, at: usize) -> bool {
        let tokens = self.tokens(at);
        pattern.find(self.text, self.read, at).is_some()
            && !self.asks(at)
            && warns(tokens).is_none()
            && dismisses(tokens).is_none()
    }
}
