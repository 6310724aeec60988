//! What postings call things: terms with their aliases, and the phrases that give a posting its sections.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::words::{Aliases, phrase};

/// What sort of thing a term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermKind {
    /// A product, language or protocol.
    Technology,
    /// Something that engineers do or build.
    Practice,
    /// What the company does.
    Domain,
    /// How people work together.
    Way,
}

/// A thing that postings name, and the items that it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// A slug.
    pub id: String,
    /// As sentences name it.
    pub name: String,
    /// What sort of thing it is.
    pub kind: TermKind,
    /// Terms of one family can stand in for each other in a CV.
    #[serde(default)]
    pub family: Option<String>,
    /// Phrases in any case; the last word may be plural.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Phrases in exactly this spelling.
    #[serde(default)]
    pub exact: Vec<String>,
    /// Words that make a one-word alias something else when they follow it.
    #[serde(default)]
    pub not_before: Vec<String>,
    /// Words that make a one-word alias something else when they stand before it.
    #[serde(default)]
    pub not_after: Vec<String>,
    /// Whether postings of other fields have it too.
    #[serde(default)]
    pub common: bool,
    /// Whether it stands in nearly every posting of this field, so that it tells little.
    #[serde(default)]
    pub usual: bool,
    /// Whether it says that the job is remote.
    #[serde(default)]
    pub remote: bool,
    /// Whether its aliases of several words count among the benefits, too.
    #[serde(default)]
    pub anywhere: bool,
    /// Items: 3 is about it, 2 comes close, 1 touches it.
    #[serde(default)]
    pub items: BTreeMap<String, u32>,
    /// Topics of items that come close.
    #[serde(default)]
    pub topics: BTreeSet<String>,
}

/// Phrases by what they begin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Headings {
    required: Vec<String>,
    work: Vec<String>,
    stack: Vec<String>,
    wished: Vec<String>,
    company: Vec<String>,
    ignored: Vec<String>,
}

/// Phrases by what they do to their sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Cues {
    required: Vec<String>,
    soft: Vec<String>,
    wished: Vec<String>,
    negated_before: Vec<String>,
    negated_after: Vec<String>,
    not_negated: Vec<String>,
    ignored: Vec<String>,
}

/// How English is told from other languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Language {
    words: Vec<String>,
    /// In percent.
    least: u32,
}

/// A terms file as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    headings: Headings,
    cues: Cues,
    language: Language,
    term: Vec<Term>,
}

/// A file of terms or roles that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    /// Where in the file, in bytes.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

impl FileError {
    pub(crate) fn of_toml(error: &toml::de::Error) -> Self {
        Self {
            at: error.span().map_or(0, |span| span.start),
            message: error.message().to_owned(),
        }
    }
}

/// A part of a posting, by its heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    /// Before any heading.
    Plain,
    Required,
    Work,
    Stack,
    Wished,
    Company,
    Ignored,
}

/// All terms, ready to be found.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    file: File,
    pub(crate) aliases: Aliases,
    pub(crate) headings: Vec<(Vec<String>, Section)>,
    pub(crate) cues: Phrases,
}

/// Cues as words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Phrases {
    pub(crate) required: Vec<Vec<String>>,
    pub(crate) soft: Vec<Vec<String>>,
    pub(crate) wished: Vec<Vec<String>>,
    pub(crate) negated_before: Vec<Vec<String>>,
    pub(crate) negated_after: Vec<Vec<String>>,
    pub(crate) not_negated: Vec<Vec<String>>,
    pub(crate) ignored: Vec<Vec<String>>,
}

impl Terms {
    /// Reads a file of terms over those of `base`: a term of the same id is replaced, all else is added.
    ///
    /// # Errors
    /// The file is not TOML of this form, or a term in it breaks a rule.
    pub fn parse(text: &str, base: &Self) -> Result<Self, FileError> {
        let file: File = toml::from_str(text).map_err(|error| FileError::of_toml(&error))?;
        for term in &file.term {
            if let Some(message) = broken(term) {
                let at = text.find(&format!("\"{}\"", term.id)).unwrap_or(0);
                return Err(FileError { at, message });
            }
        }
        Ok(Self::new(over(base.file.clone(), file)))
    }

    fn new(file: File) -> Self {
        let mut aliases = Aliases::default();
        for (at, term) in file.term.iter().enumerate() {
            term.aliases.iter().for_each(|text| aliases.add(text, false, at));
            term.exact.iter().for_each(|text| aliases.add(text, true, at));
        }
        let phrases = |texts: &[String]| -> Vec<Vec<String>> { texts.iter().map(|t| phrase(t)).collect() };
        let h = &file.headings;
        let mut headings: Vec<(Vec<String>, Section)> = [
            (&h.required, Section::Required),
            (&h.work, Section::Work),
            (&h.stack, Section::Stack),
            (&h.wished, Section::Wished),
            (&h.company, Section::Company),
            (&h.ignored, Section::Ignored),
        ]
        .into_iter()
        .flat_map(|(texts, section)| texts.iter().map(move |t| (phrase(t), section)))
        .collect();
        // The longest phrase that fits a heading names its section.
        headings.sort_by(|a, b| (b.0.len(), &a.0, a.1).cmp(&(a.0.len(), &b.0, b.1)));
        let c = &file.cues;
        let cues = Phrases {
            required: phrases(&c.required),
            soft: phrases(&c.soft),
            wished: phrases(&c.wished),
            negated_before: phrases(&c.negated_before),
            negated_after: phrases(&c.negated_after),
            not_negated: phrases(&c.not_negated),
            ignored: phrases(&c.ignored),
        };
        Self {
            aliases,
            headings,
            cues,
            file,
        }
    }

    /// All terms, in the order of their files.
    pub fn all(&self) -> &[Term] {
        &self.file.term
    }

    /// The term of that id.
    pub fn term(&self, id: &str) -> Option<&Term> {
        self.all().iter().find(|term| term.id == id)
    }

    /// Whether a term names the item.
    pub(crate) fn knows(&self, item: &str) -> bool {
        self.all().iter().any(|term| term.items.contains_key(item))
    }

    /// Whether words look like English. Too few to tell count as English.
    pub(crate) fn is_english(&self, words: &[super::words::Word]) -> bool {
        const ENOUGH: usize = 20;
        let known = |word: &&super::words::Word| self.file.language.words.contains(&word.lower);
        let share = 100 * words.iter().filter(known).count();
        words.len() < ENOUGH || share >= words.len() * self.file.language.least as usize
    }
}

/// What is wrong with a term.
fn broken(term: &Term) -> Option<String> {
    let id = &term.id;
    if id.parse::<domain::ItemId>().is_err() {
        return Some(format!("the term `{id}` must have a slug as its id"));
    }
    if term.name.trim().is_empty() {
        return Some(format!("the term `{id}` must have a name"));
    }
    if term.aliases.is_empty() && term.exact.is_empty() {
        return Some(format!("the term `{id}` must have an alias"));
    }
    let empty = |text: &&String| phrase(text).is_empty();
    if let Some(alias) = term.aliases.iter().chain(&term.exact).find(empty) {
        return Some(format!("the alias `{alias}` of `{id}` has no word"));
    }
    let outside = term
        .items
        .iter()
        .find(|(_, strength)| !(1..=3).contains(*strength));
    outside.map(|(item, _)| format!("`items.{item}` of `{id}` must be 1, 2 or 3"))
}

fn over(mut base: File, file: File) -> File {
    let (h, mut of) = (&mut base.headings, file.headings);
    h.required.append(&mut of.required);
    h.work.append(&mut of.work);
    h.stack.append(&mut of.stack);
    h.wished.append(&mut of.wished);
    h.company.append(&mut of.company);
    h.ignored.append(&mut of.ignored);
    let (c, mut of) = (&mut base.cues, file.cues);
    c.required.append(&mut of.required);
    c.soft.append(&mut of.soft);
    c.wished.append(&mut of.wished);
    c.negated_before.append(&mut of.negated_before);
    c.negated_after.append(&mut of.negated_after);
    c.not_negated.append(&mut of.not_negated);
    c.ignored.append(&mut of.ignored);
    base.language.words.extend(file.language.words);
    if file.language.least > 0 {
        base.language.least = file.language.least;
    }
    for term in file.term {
        match base.term.iter_mut().find(|own| own.id == term.id) {
            Some(own) => *own = term,
            None => base.term.push(term),
        }
    }
    base
}
