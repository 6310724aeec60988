//! Items that take a program: `code/<id>/item.md` with the files beside it.
//!
//! | file | what it is |
//! |---|---|
//! | `item.md` | head, prompt and study material |
//! | `starters/main.<ext>` | what the editor starts with, where it is not made from the signature |
//! | `tests.txt` | the example of own tests |
//! | `tests-full.txt` | own tests that find every broken implementation; proves that it can be done |
//! | `submissions/<verdict>/<slug>.<ext>` | programs with what must come of them |

use std::collections::BTreeMap;

use domain::{
    CaseGroup, CodeLimits, CodeSpec, Competency, Guidance, Item, Kind, Language, Level, LevelNotes, Mode,
    Proof, Round, Signature, Spec,
};
use serde::Deserialize;
use toml::Spanned;

use crate::pack::{Entry, Opened, open};
use crate::vary::Problem;
use crate::{Diagnostic, SourceFile, body};

/// The file of an item below its folder.
const ITEM_FILE: &str = "item.md";

/// The example of own tests.
const TESTS_FILE: &str = "tests.txt";

/// Own tests that find every broken implementation.
const FULL_TESTS_FILE: &str = "tests-full.txt";

/// The first line of the text that holds the files which grading depends on.
const FILES_MAGIC: &str = "spar files 1\n";

/// The stem of the program in each language that sizes are measured against.
pub(crate) const REFERENCE: &str = "accepted/reference";

/// The head as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: Spanned<u32>,
    id: Spanned<String>,
    round: Round,
    kind: Kind,
    competency: Competency,
    topics: Vec<Spanned<String>>,
    levels: Vec<Level>,
    minutes: Spanned<u32>,
    #[serde(default)]
    core: bool,
    reviewed: Spanned<String>,
    mode: Mode,
    model: Spanned<String>,
    level_notes: LevelNotes,
    limits: Spanned<CodeLimits>,
    signature: Option<Spanned<Signature>>,
    group: Vec<Spanned<CaseGroup>>,
}

/// The folder of the item that a path is the item file of, such as `code/lru-cache/`.
pub(crate) fn folder(path: &str) -> Option<&str> {
    let folder = path.strip_suffix(ITEM_FILE)?;
    let id = folder.strip_prefix("code/")?.strip_suffix('/')?;
    (!id.is_empty() && !id.contains('/')).then_some(folder)
}

/// Whether a file of a pack belongs to an item that takes a program.
pub fn is_program_file(path: &str) -> bool {
    let Some((id, rest)) = path.strip_prefix("code/").and_then(|below| below.split_once('/')) else {
        return false;
    };
    let source = || Language::of_file(rest).is_some();
    !id.is_empty()
        && match rest {
            ITEM_FILE | TESTS_FILE | FULL_TESTS_FILE => true,
            _ if rest.starts_with("starters/") => source(),
            _ if rest.starts_with("submissions/") => source() && rest.matches('/').count() == 2,
            _ => false,
        }
}

/// The item in an item file and the files beside it.
pub(crate) fn item(file: &SourceFile, files: &[SourceFile], found: &mut Vec<Diagnostic>) -> Option<Entry> {
    let SourceFile { path, text } = file;
    let report = |problem: Problem| Diagnostic::at(path, text, problem.at, problem.message, problem.cure);
    let Opened {
        head,
        id,
        head_at,
        body_at,
    } = match open(text, |head: &Head| (&head.format, &head.id)) {
        Ok(opened) => opened,
        Err(problem) => {
            found.push(report(problem));
            return None;
        }
    };
    let (body, body_found) = body::parse(text, body_at);
    found.extend(body_found.into_iter().map(report));
    let folder = folder(path)?;
    let places = places(&head, &body, head_at);
    let spec = CodeSpec {
        mode: head.mode,
        model: head.model.into_inner(),
        signature: head.signature.map(Spanned::into_inner),
        groups: head.group.into_iter().map(Spanned::into_inner).collect(),
        limits: head.limits.into_inner(),
        starters: starters(folder, files),
        tests: beside(folder, files, TESTS_FILE),
        proofs: proofs(folder, files, found),
    };
    let kept = kept_files(&spec.proofs);
    let item = Item {
        id,
        title: body.title,
        round: head.round,
        kind: head.kind,
        competency: head.competency,
        topics: head.topics.into_iter().map(Spanned::into_inner).collect(),
        levels: head.levels,
        minutes: head.minutes.into_inner(),
        core: head.core,
        reviewed: head.reviewed.into_inner(),
        revision: crate::pack::revision(text, &kept),
        prompt: body.prompt,
        guidance: Guidance {
            why_asked: body.why_asked,
            separates_levels: body.separates_levels,
            sample: body.sample,
            misconceptions: body.misconceptions,
            follow_ups: body.follow_ups,
            level_notes: head.level_notes,
        },
        spec: Spec::Code(spec),
        variants: Vec::new(),
        variant: None,
        clarifications: Vec::new(),
        change: None,
    };
    Some(Entry {
        item,
        path: path.clone(),
        text: text.clone(),
        source: text.clone(),
        lexicon: kept,
        full_tests: beside(folder, files, FULL_TESTS_FILE),
        places,
    })
}

/// The text of a file in the folder; empty when there is none.
fn beside(folder: &str, files: &[SourceFile], name: &str) -> String {
    let path = format!("{folder}{name}");
    let file = files.iter().find(|file| file.path == path);
    file.map(|file| file.text.clone()).unwrap_or_default()
}

fn starters(folder: &str, files: &[SourceFile]) -> Vec<(Language, String)> {
    let of = |language: &Language| {
        let path = format!("{folder}starters/{}", language.file());
        let file = files.iter().find(|file| file.path == path)?;
        Some((*language, file.text.clone()))
    };
    Language::ALL.iter().filter_map(of).collect()
}

fn proofs(folder: &str, files: &[SourceFile], found: &mut Vec<Diagnostic>) -> Vec<Proof> {
    let below = format!("{folder}submissions/");
    let mut proofs = Vec::new();
    for file in files {
        let Some(path) = file.path.strip_prefix(&below) else {
            continue;
        };
        let verdict = path.split_once('/').map_or(path, |(verdict, _)| verdict);
        match (verdict.parse(), Language::of_file(path)) {
            (Ok(verdict), Some(language)) => proofs.push(Proof {
                path: path.to_owned(),
                language,
                verdict,
                source: file.text.clone(),
            }),
            (Err(error), _) => {
                let cure = "name the folder after what must come of the program";
                found.push(Diagnostic::at(&file.path, &file.text, 0, error, cure));
            }
            (_, None) => {
                let cure = "end it in .py, .js, .ts, .go or .rs";
                found.push(Diagnostic::at(
                    &file.path,
                    &file.text,
                    0,
                    "is in no known language",
                    cure,
                ));
            }
        }
    }
    proofs.sort_by(|a, b| a.path.cmp(&b.path));
    proofs
}

fn places(head: &Head, body: &body::Body, head_at: usize) -> BTreeMap<String, usize> {
    let mut places = BTreeMap::new();
    let mut put = |key: &str, at: usize| {
        places.insert(key.to_owned(), at);
    };
    put("id", head_at + head.id.span().start);
    put("minutes", head_at + head.minutes.span().start);
    put("reviewed", head_at + head.reviewed.span().start);
    put("model", head_at + head.model.span().start);
    put("limits", head_at + head.limits.span().start);
    if let Some(signature) = &head.signature {
        put("signature", head_at + signature.span().start);
    }
    for (i, topic) in head.topics.iter().enumerate() {
        put(&format!("topics/{i}"), head_at + topic.span().start);
    }
    for group in &head.group {
        put(
            &format!("group/{}", group.get_ref().id),
            head_at + group.span().start,
        );
    }
    for (name, at) in &body.places {
        put(&format!("section/{name}"), *at);
    }
    places
}

/// The files that grading depends on as one text, to be kept with an attempt and hashed into the revision.
fn kept_files(proofs: &[Proof]) -> String {
    let mut text = FILES_MAGIC.to_owned();
    let references = proofs.iter().filter(|proof| proof.path.starts_with(REFERENCE));
    for proof in references {
        let Proof { path, source, .. } = proof;
        text.push_str(&format!("{path} {}\n{source}\n", source.len()));
    }
    text
}

/// The files of an item as they were when an attempt was graded, from what is kept of them: the text of the item
/// file and the text beside it, which is the lexicon of an answer item. `None` for a text that is neither.
pub fn kept(id: &domain::ItemId, source: &str, beside: &str) -> Option<Vec<SourceFile>> {
    let file = |path: String, text: &str| SourceFile {
        path,
        text: text.to_owned(),
    };
    let Some(mut rest) = beside.strip_prefix(FILES_MAGIC) else {
        return Some(vec![
            file(crate::LEXICON_FILE.to_owned(), beside),
            file(format!("answer/{id}.md"), source),
        ]);
    };
    let mut files = vec![file(format!("code/{id}/{ITEM_FILE}"), source)];
    while !rest.is_empty() {
        let (head, body) = rest.split_once('\n')?;
        let (path, bytes) = head.split_once(' ')?;
        let bytes: usize = bytes.parse().ok()?;
        files.push(file(format!("code/{id}/submissions/{path}"), body.get(..bytes)?));
        rest = body.get(bytes..)?.strip_prefix('\n')?;
    }
    Some(files)
}

#[cfg(test)]
mod tests {
    use domain::RunVerdict;

    use super::*;
    use crate::{lint, parse};

    const HEAD: &str = r#"format = 1
id = "shelf"
round = "code"
kind = "technical"
competency = "coding"
topics = ["maps"]
levels = ["mid"]
minutes = 30
reviewed = "2026-11-23"
mode = "calls"
model = "shelf"
level_notes = { junior = "a", mid = "b", senior = "c" }

[limits]
cpu_ms = 2000
memory_mb = 64
why = "Ten times what is needed."

[signature]
class = "Shelf"
clock = true
init = [{ name = "room", type = "int" }]
[[signature.op]]
name = "get"
params = [{ name = "key", type = "str" }]
returns = "[Book]?"
doc = "Gives the books."
[[signature.record]]
name = "Book"
fields = [{ name = "title", type = "str" }]

[[group]]
id = "examples"
title = "Examples"
weight = 85
visible = true
cases = 3
why = "Those of the prompt."
[[group]]
id = "own_tests"
title = "Own tests"
weight = 15
why = "Tests that find mistakes."
"#;

    /// A whole item, with a change to its head.
    fn files(from: &str, to: &str) -> Vec<SourceFile> {
        assert!(HEAD.contains(from), "{from}");
        let head = HEAD.replacen(from, to, 1);
        let sections = body::SECTIONS.map(|name| match name {
            "Misconceptions" => format!("## {name}\n- **A.** B.\n- **C.** D.\n\n"),
            _ => format!("## {name}\n- one\n- two\n\n"),
        });
        let item = format!(
            "```toml\n{head}```\n\n# Shelf\n\nBuild one.\n\n{}",
            sections.concat()
        );
        let file = |path: &str, text: &str| SourceFile {
            path: format!("code/shelf/{path}"),
            text: text.to_owned(),
        };
        let mut files = vec![
            file("item.md", &item),
            file("tests.txt", "test a\n"),
            file("tests-full.txt", "test b\n"),
        ];
        for extension in ["py", "js", "ts", "go", "rs"] {
            files.push(file(
                &format!("submissions/accepted/reference.{extension}"),
                "right",
            ));
        }
        for n in 0..10 {
            files.push(file(&format!("submissions/wrong_answer/{n}.py"), "wrong"));
        }
        files
    }

    fn found(files: &[SourceFile]) -> Vec<String> {
        let (bank, mut found) = parse(files, None);
        found.extend(lint(&bank));
        found.into_iter().map(|d| d.message).collect()
    }

    #[test]
    fn a_folder_is_an_item() {
        let files = files("format", "format");
        assert_eq!(found(&files), Vec::<String>::new());
        let (bank, _) = parse(&files, None);
        let item = bank.items().next().unwrap();
        let spec = item.code().unwrap();
        assert_eq!((item.round, spec.limits.allowance.memory_mb), (Round::Code, 64));
        assert_eq!((spec.proofs.len(), spec.tests.as_str()), (15, "test a\n"));
        assert_eq!(spec.proofs[14].verdict, RunVerdict::WrongAnswer);
        assert_eq!(spec.references().count(), 5);
        assert_eq!(bank.full_tests(&item.id), "test b\n");
        assert!(item.answer().is_none() && item.facts().is_empty());
        assert_eq!(bank.answer_items().count(), 0);
    }

    #[test]
    fn the_revision_is_of_what_grading_depends_on_and_what_is_kept_reads_to_it() {
        let revision = |files: &[SourceFile]| {
            let (bank, _) = parse(files, None);
            bank.items().next().unwrap().revision.clone()
        };
        let base = files("format", "format");
        let changed = |path: &str| {
            let mut files = base.clone();
            let file = files.iter_mut().find(|file| file.path.ends_with(path)).unwrap();
            file.text.push_str("\n# more\n");
            revision(&files)
        };
        assert_ne!(changed("item.md"), revision(&base));
        assert_ne!(changed("accepted/reference.go"), revision(&base));
        assert_eq!(changed("wrong_answer/3.py"), revision(&base));
        let (bank, _) = parse(&base, None);
        let id = bank.items().next().unwrap().id.clone();
        let instance = bank.instance(&id, 0).unwrap();
        let again = kept(&id, &instance.source, &instance.lexicon).unwrap();
        assert_eq!(revision(&again), instance.item.revision);
        let cut = &instance.lexicon[..instance.lexicon.len() - 3];
        assert!(kept(&id, &instance.source, cut).is_none());
    }

    #[test]
    fn what_is_off_is_told_with_its_place() {
        for (from, to, says) in [
            ("weight = 15", "weight = 16", "sum to 101"),
            ("\"own_tests\"", "\"scale\"", "no group `own_tests`"),
            ("\"own_tests\"", "\"coverage\"", "is for answers"),
            ("memory_mb = 64", "memory_mb = 640", "640 MiB"),
            ("\"[Book]?\"", "\"[Paper]?\"", "record `Paper`"),
            ("\"[Book]?\"", "\"[book]?\"", "not a type"),
            ("name = \"get\"", "name = \"getAll\"", "not snake_case"),
            ("mode = \"calls\"", "mode = \"stdio\"", "with `[signature]`"),
            ("round = \"code\"", "round = \"answer\"", "in the folder `code`"),
            ("id = \"shelf\"", "id = \"shelves\"", "differs from the file name"),
            ("cpu_ms = 2000", "cpu = 2000", "cpu"),
        ] {
            let found = found(&files(from, to));
            assert!(
                found.iter().any(|m| m.contains(says)),
                "{from} -> {to}: {found:?}"
            );
        }
        let mut folders = files("format", "format");
        folders[3].path = "code/shelf/submissions/right/reference.py".to_owned();
        let found = found(&folders);
        assert!(
            found.iter().any(|m| m.contains("`right` is not one of")),
            "{found:?}"
        );
        assert!(
            found
                .iter()
                .any(|m| m.contains("no accepted reference in Python")),
            "{found:?}"
        );
    }

    #[test]
    fn only_what_an_item_is_made_of_is_read() {
        for path in [
            "item.md",
            "tests.txt",
            "submissions/crashes/a.go",
            "starters/main.rs",
        ] {
            assert!(is_program_file(&format!("code/shelf/{path}")), "{path}");
        }
        for path in [
            "code/main.py",
            "code/shelf/notes.py",
            "code/shelf/submissions/a.py",
            "code/shelf/submissions/crashes/deep/a.py",
            "code/shelf/submissions/crashes/a.exe",
            "answer/shelf/item.md",
        ] {
            assert!(!is_program_file(path), "{path}");
        }
    }
}
