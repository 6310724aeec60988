//! A pack of files becomes a bank of items.

use std::collections::BTreeMap;

use domain::{AnswerSpec, Fact, Guidance, Item, ItemId, Lexicon, Spec};
use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::dialogue::{RawChange, change_source};
use crate::head::{Head, RawFact, RawLexicon};
use crate::vary::{Plan, Problem, vary};
use crate::{Diagnostic, SourceFile, body, program};

/// The file of word sets at the root of a pack.
pub const LEXICON_FILE: &str = "lexicon.toml";

/// The newest head format this reader knows.
const FORMAT: u32 = 1;

/// Items by id, with the sources they came from.
#[derive(Debug, Clone, Default)]
pub struct Bank {
    entries: BTreeMap<ItemId, Entry>,
    lexicon: String,
}

/// An item with its source and the places of its parts.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) item: Item,
    pub(crate) path: String,
    /// The file as written.
    pub(crate) text: String,
    /// The plain item file that the item was read from: the default variant.
    pub(crate) source: String,
    pub(crate) lexicon: String,
    /// Own tests that find every broken implementation; empty for an item that takes an answer.
    pub(crate) full_tests: String,
    /// Offsets into `text`.
    pub(crate) places: BTreeMap<String, usize>,
}

/// An item with the texts it was read from. Reading both again gives the same item, so an attempt that keeps
/// them can be graded again.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The item.
    pub item: Item,
    /// The text of a plain item file.
    pub source: String,
    /// The text of the lexicon; of an item that takes a program, the files that its grading depends on.
    pub lexicon: String,
}

impl Bank {
    /// All items in id order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.entries.values().map(|entry| &entry.item)
    }

    /// The items that take an answer, in id order.
    pub fn answer_items(&self) -> impl Iterator<Item = &Item> {
        self.items().filter(|item| item.answer().is_some())
    }

    /// The item of that id, at its default variant.
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.entries.get(id).map(|entry| &entry.item)
    }

    /// An item at a variant; `None` without such an item or variant. Reads the text anew, some milliseconds.
    pub fn instance(&self, id: &ItemId, variant: u32) -> Option<Instance> {
        let entry = self.entries.get(id)?;
        if variant == 0 {
            return Some(Instance {
                item: entry.item.clone(),
                source: entry.source.clone(),
                lexicon: entry.lexicon.clone(),
            });
        }
        (variant < entry.item.variant_count())
            .then(|| entry.at(variant, &mut Vec::new()))?
            .map(Entry::into_instance)
    }

    /// The change of an item at a variant, as an item to answer; `None` without one.
    pub fn change(&self, id: &ItemId, variant: u32) -> Option<Instance> {
        let entry = self.entries.get(id)?;
        entry.item.change.as_ref()?;
        let source = change_source(&vary(&entry.text, variant).ok()?)?;
        entry.instance(source)
    }

    /// The item as it is at a revision: at one of its variants, or the change of one. `None` when the bank no
    /// longer has that revision.
    pub fn at_revision(&self, id: &ItemId, revision: &str) -> Option<Instance> {
        let entry = self.entries.get(id)?;
        if entry.item.revision == revision {
            return self.instance(id, 0);
        }
        entry.item.answer()?;
        let sources = (0..entry.item.variant_count()).filter_map(|n| vary(&entry.text, n).ok());
        let source = sources
            .flat_map(|source| [change_source(&source), Some(source)])
            .flatten()
            .find(|source| self::revision(source, &entry.lexicon) == revision)?;
        entry.instance(source)
    }

    /// Own tests that find every broken implementation of an item: the proof that it can be done. Empty without.
    pub fn full_tests(&self, id: &ItemId) -> &str {
        self.entries.get(id).map_or("", |entry| &entry.full_tests)
    }

    /// A diagnostic at a part of an item, such as `fact/shared-store/right/0`; at the top of the file
    /// when the part has no place of its own.
    pub fn diagnostic(
        &self,
        id: &ItemId,
        part: &str,
        message: impl Into<String>,
        cure: impl Into<String>,
    ) -> Diagnostic {
        match self.entries.get(id) {
            Some(entry) => entry.diagnostic(part, message, cure),
            None => Diagnostic::at(id.as_str(), "", 0, message, cure),
        }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }
}

impl Entry {
    pub(crate) fn diagnostic(
        &self,
        part: &str,
        message: impl Into<String>,
        cure: impl Into<String>,
    ) -> Diagnostic {
        let at = self.places.get(part).copied().unwrap_or(0);
        Diagnostic::at(&self.path, &self.text, at, message, cure)
    }

    /// This file at a variant; `None` when it is no item there, with the reason in `found`.
    pub(crate) fn at(&self, variant: u32, found: &mut Vec<Diagnostic>) -> Option<Self> {
        self.read(self.text.clone(), variant, found)
    }

    /// The item in a plain text made of this file; `None` when it is none.
    fn instance(&self, source: String) -> Option<Instance> {
        self.read(source, 0, &mut Vec::new()).map(Self::into_instance)
    }

    fn read(&self, text: String, variant: u32, found: &mut Vec<Diagnostic>) -> Option<Self> {
        let lexicon = toml::from_str::<RawLexicon>(&self.lexicon).ok()?;
        let file = SourceFile {
            path: self.path.clone(),
            text,
        };
        let mut entry = item(&file, variant, &self.lexicon, &lexicon, found)?;
        entry.item.variants = self.item.variants.clone();
        Some(entry)
    }

    fn into_instance(self) -> Instance {
        Instance {
            item: self.item,
            source: self.source,
            lexicon: self.lexicon,
        }
    }
}

/// Parses the files of one pack over `base`: items of the same id replace those of the base, and a pack
/// without a lexicon of its own uses the base's.
pub fn parse(files: &[SourceFile], base: Option<&Bank>) -> (Bank, Vec<Diagnostic>) {
    let mut bank = base.cloned().unwrap_or_default();
    let mut found = Vec::new();
    if let Some(file) = files.iter().find(|file| file.path == LEXICON_FILE) {
        bank.lexicon = file.text.clone();
    }
    let lexicon: Lexicon = match toml::from_str::<RawLexicon>(&bank.lexicon) {
        Ok(lexicon) => lexicon,
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let cure = "a lexicon is `name = [\"member\", ...]`, one set a line";
            found.push(Diagnostic::at(
                LEXICON_FILE,
                &bank.lexicon,
                at,
                error.message(),
                cure,
            ));
            Lexicon::new()
        }
    };
    let mut seen: BTreeMap<ItemId, &str> = BTreeMap::new();
    for file in files.iter().filter(|file| is_item(&file.path)) {
        let entry = match program::folder(&file.path) {
            Some(_) => program::item(file, files, &mut found),
            None => item(file, 0, &bank.lexicon, &lexicon, &mut found),
        };
        let Some(entry) = entry else { continue };
        let id = entry.item.id.clone();
        if let Some(other) = seen.insert(id.clone(), &file.path) {
            let message = format!("id `{id}` is already taken by `{other}`");
            found.push(entry.diagnostic("id", message, "give each file its own id"));
            continue;
        }
        bank.entries.insert(id, entry);
    }
    found.sort();
    (bank, found)
}

/// Item files are `answer/<id>.md` and `code/<id>/item.md`; anything else in the folder (README, licence) is
/// left alone.
fn is_item(path: &str) -> bool {
    let answer = path.strip_prefix("answer/");
    answer.is_some_and(|name| name.ends_with(".md") && !name.contains('/')) || program::folder(path).is_some()
}

fn item(
    file: &SourceFile,
    variant: u32,
    lexicon_text: &str,
    lexicon: &Lexicon,
    found: &mut Vec<Diagnostic>,
) -> Option<Entry> {
    let SourceFile { path, text } = file;
    let at_written = |problem: Problem| Diagnostic::at(path, text, problem.at, problem.message, problem.cure);
    let read = Plan::read(text).and_then(|plan| Ok((plan.variants(), plan.fill(variant)?)));
    let (variants, filled) = match read {
        Ok(read) => read,
        Err(problem) => {
            found.push(at_written(problem));
            return None;
        }
    };
    let source = &filled.text;
    let report = |at: usize, message: String, cure: &str| {
        Diagnostic::at(path, text, filled.written(at), message, cure)
    };
    let Opened {
        head,
        id,
        head_at,
        body_at,
    } = match open(source, |head: &Head| (&head.format, &head.id)) {
        Ok(opened) => opened,
        Err(problem) => {
            found.push(report(problem.at, problem.message, problem.cure));
            return None;
        }
    };
    let (body, body_found) = body::parse(source, body_at);
    found.extend(body_found.into_iter().map(|p| report(p.at, p.message, p.cure)));
    for fact in body.statements.keys() {
        if !head.fact.iter().any(|f| f.get_ref().id.get_ref() == fact) {
            let at = body.places.last().map_or(0, |(_, at)| *at);
            let message = format!("statements of `{fact}`, which is no fact of this item");
            found.push(report(at, message, "name one of its facts, or drop them"));
        }
    }
    let mut places = places(&head, &body, head_at);
    places.values_mut().for_each(|at| *at = filled.written(*at));
    let revision = revision(source, lexicon_text);
    let item = Item {
        variants,
        ..assemble(id, head, body, lexicon, revision)
    };
    Some(Entry {
        item,
        path: path.clone(),
        text: text.clone(),
        source: filled.text,
        lexicon: lexicon_text.to_owned(),
        full_tests: String::new(),
        places,
    })
}

/// A file with its head read.
pub(crate) struct Opened<H> {
    pub(crate) head: H,
    pub(crate) id: ItemId,
    pub(crate) head_at: usize,
    pub(crate) body_at: usize,
}

/// Reads the head of a file; `common` picks its format and id.
pub(crate) fn open<H: DeserializeOwned>(
    source: &str,
    common: impl Fn(&H) -> (&Spanned<u32>, &Spanned<String>),
) -> Result<Opened<H>, Problem> {
    let problem = |at: usize, message: String, cure: &'static str| Problem { at, message, cure };
    let fence = "start the file with a ```toml fence that holds the head, closed by ``` on its own line";
    let (head_at, (head_end, body_at)) =
        fenced_head(source).ok_or_else(|| problem(0, "no fenced TOML head".to_owned(), fence))?;
    let head: H = toml::from_str(&source[head_at..head_end]).map_err(|error| {
        let at = head_at + error.span().map_or(0, |span| span.start);
        problem(at, error.message().trim().to_owned(), "see docs/bank-format.md")
    })?;
    let (format, written) = common(&head);
    if *format.get_ref() != FORMAT {
        let message = format!(
            "format {} is unknown, this reader knows {FORMAT}",
            format.get_ref()
        );
        return Err(problem(
            head_at + format.span().start,
            message,
            "write `format = 1`",
        ));
    }
    let id = written.get_ref().parse();
    let id = id.map_err(|error: domain::ItemIdError| {
        problem(head_at + written.span().start, error.to_string(), "use a slug")
    })?;
    Ok(Opened {
        head,
        id,
        head_at,
        body_at,
    })
}

/// Where the head starts, and where it ends and the body starts.
pub(crate) fn fenced_head(text: &str) -> Option<(usize, (usize, usize))> {
    let start = text.strip_prefix("```toml\n").map(|_| "```toml\n".len())?;
    let end = text[start..].find("\n```\n")? + start + 1;
    Some((start, (end, end + "```\n".len())))
}

/// Names the texts that grading depends on: the file and what is kept beside it.
pub(crate) fn revision(text: &str, lexicon: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(text.as_bytes());
    hasher.update(&[0]);
    hasher.update(lexicon.as_bytes());
    format!("b3:{}", &hasher.finalize().to_hex()[..32])
}

fn places(head: &Head, body: &body::Body, head_at: usize) -> BTreeMap<String, usize> {
    let mut places = BTreeMap::new();
    let mut put = |key: String, at: usize| {
        places.insert(key, at);
    };
    put("id".into(), head_at + head.id.span().start);
    put("minutes".into(), head_at + head.minutes.span().start);
    put("reviewed".into(), head_at + head.reviewed.span().start);
    for (i, topic) in head.topics.iter().enumerate() {
        put(format!("topics/{i}"), head_at + topic.span().start);
    }
    for spanned in &head.fact {
        fact_places(&mut put, "fact", head_at, spanned.get_ref());
    }
    for spanned in body.change.iter().flat_map(|change| &change.facts) {
        let from = body.change.as_ref().map_or(0, |change| change.facts_at);
        fact_places(&mut put, "change/fact", from, spanned.get_ref());
    }
    for (i, (at, _)) in body.clarifications.iter().enumerate() {
        put(format!("clarification/{i}"), *at);
    }
    for (i, (at, _)) in body.change.iter().flat_map(|change| &change.proofs).enumerate() {
        put(format!("change/proof/{i}"), *at);
    }
    for (name, at) in &body.places {
        put(format!("section/{name}"), *at);
    }
    for (i, (at, _)) in body.references.iter().enumerate() {
        put(format!("reference/{i}"), *at);
    }
    places
}

/// The places of a fact and its parts, below `prefix`; its spans count from `from`.
fn fact_places(put: &mut impl FnMut(String, usize), prefix: &str, from: usize, fact: &RawFact) {
    let id = fact.id.get_ref();
    put(format!("{prefix}/{id}"), from + fact.id.span().start);
    put(format!("{prefix}/{id}/claim"), from + fact.claim.span().start);
    put(format!("{prefix}/{id}/weight"), from + fact.weight.span().start);
    put(format!("{prefix}/{id}/tip"), from + fact.tip.span().start);
    put(format!("{prefix}/{id}/probe"), from + fact.probe.span().start);
    if let Some(check) = &fact.check {
        put(format!("{prefix}/{id}/check"), from + check.span().start);
    }
    for (field, texts) in fact.texts() {
        for (i, text) in texts.iter().enumerate() {
            put(format!("{prefix}/{id}/{field}/{i}"), from + text.span().start);
        }
    }
}

fn assemble(id: ItemId, head: Head, mut body: body::Body, lexicon: &Lexicon, revision: String) -> Item {
    let spec = AnswerSpec {
        kind: head.kind,
        question: format!("{}. {}", body.title, body.prompt),
        facts: head
            .fact
            .into_iter()
            .map(|fact| fact.into_inner().into_fact())
            .map(|fact| Fact {
                statements: body.statements.remove(&fact.id).unwrap_or_default(),
                ..fact
            })
            .collect(),
        sample: body.sample.clone(),
        references: body
            .references
            .into_iter()
            .map(|(_, reference)| reference)
            .collect(),
        lexicon: lexicon.clone(),
    };
    Item {
        id,
        title: body.title,
        round: head.round,
        kind: head.kind,
        competency: head.competency,
        topics: head.topics.into_iter().map(toml::Spanned::into_inner).collect(),
        levels: head.levels,
        minutes: head.minutes.into_inner(),
        core: head.core,
        reviewed: head.reviewed.into_inner(),
        revision,
        prompt: body.prompt,
        guidance: Guidance {
            why_asked: body.why_asked,
            separates_levels: body.separates_levels,
            sample: body.sample,
            misconceptions: body.misconceptions,
            follow_ups: body.follow_ups,
            level_notes: head.level_notes,
        },
        spec: Spec::Answer(spec),
        variants: Vec::new(),
        variant: head.variant,
        clarifications: body.clarifications.into_iter().map(|(_, c)| c).collect(),
        change: body.change.map(RawChange::into_change),
    }
}
