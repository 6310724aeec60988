//! A pack of files becomes a bank of items.

use std::collections::BTreeMap;

use domain::{AnswerSpec, Fact, Guidance, Item, ItemId, Lexicon};

use crate::head::{Head, RawLexicon};
use crate::{Diagnostic, SourceFile, body};

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
    pub(crate) text: String,
    pub(crate) lexicon: String,
    pub(crate) places: BTreeMap<String, usize>,
}

impl Bank {
    /// All items in id order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.entries.values().map(|entry| &entry.item)
    }

    /// The item of that id.
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.entries.get(id).map(|entry| &entry.item)
    }

    /// The texts an item was parsed from: its file and the lexicon. Parsing both again gives the same
    /// item, so an attempt that keeps them can be graded again.
    pub fn source(&self, id: &ItemId) -> Option<(&str, &str)> {
        self.entries
            .get(id)
            .map(|entry| (entry.text.as_str(), entry.lexicon.as_str()))
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
        let entry = match item(file, &bank.lexicon, &lexicon, &mut found) {
            Some(entry) => entry,
            None => continue,
        };
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

/// Item files are `<round>/<id>.md`; anything else in the folder (README, licence) is left alone.
fn is_item(path: &str) -> bool {
    path.strip_prefix("answer/")
        .is_some_and(|name| name.ends_with(".md") && !name.contains('/'))
}

fn item(
    file: &SourceFile,
    lexicon_text: &str,
    lexicon: &Lexicon,
    found: &mut Vec<Diagnostic>,
) -> Option<Entry> {
    let SourceFile { path, text } = file;
    let fence = "start the file with a ```toml fence that holds the head, closed by ``` on its own line";
    let Some((head_at, body_at)) = fenced_head(text) else {
        found.push(Diagnostic::at(path, text, 0, "no fenced TOML head", fence));
        return None;
    };
    let head_text = &text[head_at..body_at.0];
    let head: Head = match toml::from_str(head_text) {
        Ok(head) => head,
        Err(error) => {
            let at = head_at + error.span().map_or(0, |span| span.start);
            found.push(Diagnostic::at(
                path,
                text,
                at,
                error.message().trim(),
                "see docs/bank-format.md",
            ));
            return None;
        }
    };
    let report = |at: usize, message: String, cure: &str| Diagnostic::at(path, text, at, message, cure);
    if *head.format.get_ref() != FORMAT {
        let message = format!(
            "format {} is unknown, this reader knows {FORMAT}",
            head.format.get_ref()
        );
        found.push(report(
            head_at + head.format.span().start,
            message,
            "write `format = 1`",
        ));
        return None;
    }
    let id: ItemId = match head.id.get_ref().parse() {
        Ok(id) => id,
        Err(error) => {
            found.push(report(
                head_at + head.id.span().start,
                error.to_string(),
                "use a slug",
            ));
            return None;
        }
    };
    let (body, mut body_found) = body::parse(path, text, body_at.1);
    found.append(&mut body_found);
    for fact in body.statements.keys() {
        if !head.fact.iter().any(|f| f.get_ref().id.get_ref() == fact) {
            let at = body.places.last().map_or(0, |(_, at)| *at);
            let message = format!("statements of `{fact}`, which is no fact of this item");
            found.push(report(at, message, "name one of its facts, or drop them"));
        }
    }
    let places = places(&head, &body, head_at);
    let revision = revision(text, lexicon_text);
    let item = assemble(id, head, body, lexicon, revision);
    Some(Entry {
        item,
        path: path.clone(),
        text: text.clone(),
        lexicon: lexicon_text.to_owned(),
        places,
    })
}

/// Where the head starts, and where it ends and the body starts.
fn fenced_head(text: &str) -> Option<(usize, (usize, usize))> {
    let start = text.strip_prefix("```toml\n").map(|_| "```toml\n".len())?;
    let end = text[start..].find("\n```\n")? + start + 1;
    Some((start, (end, end + "```\n".len())))
}

fn revision(text: &str, lexicon: &str) -> String {
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
        let fact = spanned.get_ref();
        let id = fact.id.get_ref();
        put(format!("fact/{id}"), head_at + fact.id.span().start);
        put(format!("fact/{id}/claim"), head_at + fact.claim.span().start);
        put(format!("fact/{id}/weight"), head_at + fact.weight.span().start);
        put(format!("fact/{id}/tip"), head_at + fact.tip.span().start);
        put(format!("fact/{id}/probe"), head_at + fact.probe.span().start);
        if let Some(check) = &fact.check {
            put(format!("fact/{id}/check"), head_at + check.span().start);
        }
        for (field, texts) in fact.texts() {
            for (i, text) in texts.iter().enumerate() {
                put(format!("fact/{id}/{field}/{i}"), head_at + text.span().start);
            }
        }
    }
    for (name, at) in &body.places {
        put(format!("section/{name}"), *at);
    }
    for (i, (at, _)) in body.references.iter().enumerate() {
        put(format!("reference/{i}"), *at);
    }
    places
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
        spec,
    }
}
