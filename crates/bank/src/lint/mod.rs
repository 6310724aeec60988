//! What a well-formed item must also be: complete, proved by its references, and like no other item.

mod dialogue;
mod fact;
mod program;
mod sums;
mod vary;

use std::collections::{BTreeMap, BTreeSet};

use domain::{GroupId, ReferenceKind, Round};
use rust_stemmers::{Algorithm, Stemmer};

use crate::pack::Entry;
use crate::{Bank, Diagnostic};

/// Two sentences of different items that share more than this of their word stems (Jaccard) are too alike.
pub const MAX_LIKENESS: f64 = 0.8;

/// Sentences with fewer distinct stems are too short to judge for likeness.
const MIN_STEMS: usize = 5;

/// Lints every item alone, then the items against each other.
pub fn lint(bank: &Bank) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for entry in bank.entries() {
        head(entry, &mut found);
        sections(entry, &mut found);
        if let Some(spec) = entry.item.code() {
            program::program(entry, spec, &mut found);
            continue;
        }
        facts(entry, &mut found);
        for fact in entry.item.facts() {
            fact::fact(entry, "fact", fact, &mut found);
        }
        core(entry, &mut found);
        dialogue::dialogue(entry, &mut found);
        vary::vary(entry, &mut found);
    }
    alike(bank, &mut found);
    found.sort();
    found
}

fn head(entry: &Entry, found: &mut Vec<Diagnostic>) {
    let item = &entry.item;
    let mut report = |part: &str, message: String, cure: &str| {
        found.push(entry.diagnostic(part, message, cure));
    };
    let (round, named) = match item.code() {
        Some(_) => (Round::Code, format!("code/{}/item.md", item.id)),
        None => (Round::Answer, format!("answer/{}.md", item.id)),
    };
    if entry.path != named {
        report(
            "id",
            format!("id `{}` differs from the file name", item.id),
            "name the file after the id",
        );
    }
    if item.round != round {
        report(
            "id",
            format!("`round = \"{}\"` in the folder `{round}`", item.round),
            "put it into the folder of its round",
        );
    }
    if !(1..=60).contains(&item.minutes) {
        report(
            "minutes",
            format!("`minutes = {}` is not 1 to 60", item.minutes),
            "give the spoken time",
        );
    }
    if !is_date(&item.reviewed) {
        report(
            "reviewed",
            format!("`reviewed = \"{}\"` is no date", item.reviewed),
            "write YYYY-MM-DD",
        );
    }
    for (i, topic) in item.topics.iter().enumerate() {
        if topic.parse::<domain::ItemId>().is_err() {
            report(
                &format!("topics/{i}"),
                format!("topic `{topic}` is not a slug"),
                "use lower case and hyphens",
            );
        }
    }
    if item.topics.is_empty() || item.levels.is_empty() {
        report(
            "id",
            "`topics` or `levels` is empty".into(),
            "name at least one of each",
        );
    }
    let notes = &item.guidance.level_notes;
    if [&notes.junior, &notes.mid, &notes.senior]
        .iter()
        .any(|note| note.trim().is_empty())
    {
        report(
            "id",
            "a level note is empty".into(),
            "say what changes for junior, mid and senior",
        );
    }
}

fn facts(entry: &Entry, found: &mut Vec<Diagnostic>) {
    let item = &entry.item;
    let mut report = |part: &str, message: String, cure: &str| {
        found.push(entry.diagnostic(part, message, cure));
    };
    let facts = item.facts();
    if !(3..=12).contains(&facts.len()) || !facts.iter().any(|fact| fact.must) {
        let message = format!(
            "{} facts, {} of them must",
            facts.len(),
            facts.iter().filter(|f| f.must).count()
        );
        report(
            "id",
            message,
            "write 3 to 12 facts, at least one of them `must = true`",
        );
    }
    let ids: BTreeSet<_> = facts.iter().map(|fact| &fact.id).collect();
    if ids.len() < facts.len() {
        report("id", "two facts share an id".into(), "give each fact its own id");
    }
}

fn sections(entry: &Entry, found: &mut Vec<Diagnostic>) {
    let item = &entry.item;
    let mut report = |part: &str, message: String, cure: &str| {
        found.push(entry.diagnostic(part, message, cure));
    };
    for section in ["Misconceptions", "Follow-ups"] {
        let n = if section == "Follow-ups" {
            item.guidance.follow_ups.len()
        } else {
            item.guidance.misconceptions.len()
        };
        if n < 2 {
            report(
                &format!("section/{section}"),
                format!("{n} entries under `{section}`"),
                "write at least 2",
            );
        }
    }
}

fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let digits = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let within = |part: &str, max: u32| part.parse::<u32>().is_ok_and(|n| (1..=max).contains(&n));
    digits(year, 4) && digits(month, 2) && digits(day, 2) && within(month, 12) && within(day, 31)
}

/// References wanted of a core item, by kind.
const WANTED: [(ReferenceKind, usize); 6] = [
    (ReferenceKind::Good, 2),
    (ReferenceKind::Middling, 1),
    (ReferenceKind::Rambling, 1),
    (ReferenceKind::Empty, 1),
    (ReferenceKind::Wrong, 1),
    (ReferenceKind::Hostile, 1),
];

fn core(entry: &Entry, found: &mut Vec<Diagnostic>) {
    let item = &entry.item;
    if !item.core {
        return;
    }
    for (kind, want) in WANTED {
        let have = item.references().iter().filter(|r| r.kind == kind).count();
        if have < want {
            let message = format!("{have} references of kind `{kind}`, a core item has {want} or more");
            found.push(entry.diagnostic("section/References", message, "write the missing ones"));
        }
    }
    for (i, reference) in item.references().iter().enumerate() {
        let gradings = std::iter::once(&reference.grades).chain(&reference.second);
        let mut all =
            gradings.flat_map(|grades| GroupId::ANSWER.iter().filter_map(|group| grades.of(*group)));
        if all.any(|grade| !(0.0..=100.0).contains(&grade)) {
            let message = format!("a grade of reference `{}` is not 0 to 100", reference.label);
            found.push(entry.diagnostic(&format!("reference/{i}"), message, "grades are 0 to 100"));
        }
        if reference.second.is_none() {
            let message = format!(
                "reference `{}: {}` has no second grading",
                reference.kind, reference.label
            );
            let cure = "let somebody who has not seen the first grade it: `second = { coverage = .., ... }`";
            found.push(entry.diagnostic(&format!("reference/{i}"), message, cure));
        }
    }
    for fact in item.facts().iter().filter(|fact| fact.must) {
        if fact.untrue.is_empty() {
            let message = format!("must-fact `{}` of a core item has no `untrue` sentence", fact.id);
            found.push(entry.diagnostic(&format!("fact/{}", fact.id), message, "say what people get wrong"));
        }
    }
}

/// A sentence that must be like no other of its class in another item.
struct Sentence<'a> {
    entry: &'a Entry,
    part: String,
    text: String,
    stems: BTreeSet<String>,
}

/// Classes compared with themselves: claims and phrasings, probes, sentences of references.
fn alike(bank: &Bank, found: &mut Vec<Diagnostic>) {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut classes: [Vec<Sentence<'_>>; 3] = [Vec::new(), Vec::new(), Vec::new()];
    for entry in bank.entries() {
        let mut put = |class: usize, part: String, text: &str| {
            let stems = stems(&stemmer, text);
            if stems.len() >= MIN_STEMS {
                classes[class].push(Sentence {
                    entry,
                    part,
                    text: text.to_owned(),
                    stems,
                });
            }
        };
        let change = entry.item.change.iter().flat_map(|change| &change.facts);
        let own = entry.item.facts().iter().map(|fact| ("fact", fact));
        for (prefix, fact) in own.chain(change.map(|fact| ("change/fact", fact))) {
            put(0, format!("{prefix}/{}/claim", fact.id), &fact.claim);
            put(1, format!("{prefix}/{}/probe", fact.id), &fact.probe);
            for (i, say) in fact.say.iter().enumerate() {
                put(0, format!("{prefix}/{}/say/{i}", fact.id), say);
            }
        }
        for (i, reference) in entry.item.references().iter().enumerate() {
            for sentence in reference.text.split_inclusive(['.', '!', '?']) {
                put(2, format!("reference/{i}"), sentence.trim());
            }
        }
        for sentence in entry.item.guidance.sample.split_inclusive(['.', '!', '?']) {
            put(2, "section/Sample answer".to_owned(), sentence.trim());
        }
    }
    for class in &classes {
        compare(class, found);
    }
}

/// Compares only pairs that share their rarest stems, through an inverted index.
fn compare(class: &[Sentence<'_>], found: &mut Vec<Diagnostic>) {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for stem in class.iter().flat_map(|sentence| &sentence.stems) {
        *count.entry(stem).or_default() += 1;
    }
    let mut index: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, sentence) in class.iter().enumerate() {
        let mut rare: Vec<&str> = sentence.stems.iter().map(String::as_str).collect();
        rare.sort_by_key(|stem| (count[stem], *stem));
        // Sets alike by more than MAX_LIKENESS share at least one of their rarest fifth plus one stems.
        rare.truncate(rare.len() / 5 + 1);
        let mut others: BTreeSet<usize> = BTreeSet::new();
        for stem in rare {
            let list = index.entry(stem).or_default();
            others.extend(list.iter().copied());
            list.push(i);
        }
        for other in others.into_iter().map(|j| &class[j]) {
            if other.entry.item.id == sentence.entry.item.id {
                continue;
            }
            let shared = sentence.stems.intersection(&other.stems).count() as f64;
            let likeness = shared / (sentence.stems.len() + other.stems.len()) as f64;
            let jaccard = likeness / (1.0 - likeness);
            if jaccard > MAX_LIKENESS {
                let message = format!(
                    "{:.0} % alike with `{}` of `{}`: `{}`",
                    jaccard * 100.0,
                    other.part,
                    other.entry.item.id,
                    sentence.text
                );
                found.push(
                    sentence
                        .entry
                        .diagnostic(&sentence.part, message, "say it in words of its own"),
                );
            }
        }
    }
}

fn stems(stemmer: &Stemmer, text: &str) -> BTreeSet<String> {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words
        .map(|word| stemmer.stem(&word.to_lowercase()).into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SourceFile, parse};

    #[test]
    fn statements_stand_against_each_other() {
        let head = "format = 1\nid = \"x\"\nround = \"answer\"\nkind = \"technical\"\ncompetency = \"operations\"\n\
                    topics = [\"x\"]\nlevels = [\"mid\"]\nminutes = 4\nreviewed = \"2026-11-22\"\n\
                    level_notes = { junior = \"a\", mid = \"b\", senior = \"c\" }\n[[fact]]\nid = \"f\"\nclaim = \"c\"\n\
                    weight = 1\nsay = []\ntip = \"t\"\nprobe = \"p\"\n";
        let found = |statements: &str| -> Vec<String> {
            let text = format!(
                "```toml\n{head}```\n\n# X\n\nAsk.\n\n## Why it is asked\nw\n\n## The detail that separates levels\nw\n\n\
                 ## Sample answer\nw\n\n## Misconceptions\n- **A.** B.\n\n## Follow-ups\n- w\n\n## Statements\n{statements}"
            );
            let path = "answer/x.md".to_owned();
            let (bank, mut found) = parse(&[SourceFile { path, text }], None);
            found.extend(lint(&bank));
            let messages = found.into_iter().map(|d| d.message);
            messages.filter(|m| m.contains("statement")).collect()
        };
        let fenced = |right: &str, wrong: &str| {
            format!("Said.\n\n```toml\n[f]\nright = [{right}]\nwrong = [{wrong}]\n```\n")
        };
        let two = "\"I retry it once more.\", \"We try again a bit later.\"";
        assert!(found(&fenced(two, two)).is_empty());
        assert!(found(&fenced(two, "\"It is fine.\""))[0].contains("2 right and 1 wrong"));
        assert!(found(&fenced(two, "\"No.\", \"It is fine as it is.\""))[0].contains("`No.`"));
        assert!(found(&fenced(two, two).replace("[f]", "[g]"))[0].contains("`g`"));
        assert!(found("Said.\n")[0].contains("in no fence"));
        assert!(found(&fenced(two, two).replace("wrong", "false"))[0].contains("false"));
    }

    /// Findings on the references of an item that has this one.
    fn found(core: bool, second: &str) -> Vec<String> {
        let head = "format = 1\nid = \"x\"\nround = \"answer\"\nkind = \"technical\"\ncompetency = \"operations\"\n\
                    topics = [\"x\"]\nlevels = [\"mid\"]\nminutes = 4\nreviewed = \"2026-11-22\"\n\
                    level_notes = { junior = \"a\", mid = \"b\", senior = \"c\" }\n";
        let sections = [
            "Why it is asked",
            "The detail that separates levels",
            "Sample answer",
            "Misconceptions",
            "Follow-ups",
        ];
        let sections = sections.map(|name| format!("## {name}\nwords\n\n"));
        let axes = [
            "coverage",
            "structure",
            "specificity",
            "quantification",
            "conciseness",
            "remote_readiness",
        ];
        let first = axes.map(|axis| format!("{axis} = 50\n"));
        let text = format!(
            "```toml\n{head}core = {core}\n```\n\n# X\n\nAsk.\n\n{}## References\n\n### good: terse\n```toml\n{}{second}why = \
             \"so\"\n```\nAn answer.\n",
            sections.concat(),
            first.concat()
        );
        let file = SourceFile {
            path: "answer/x.md".to_owned(),
            text,
        };
        let (bank, _) = parse(&[file], None);
        assert_eq!(bank.items().count(), 1);
        let findings = lint(&bank)
            .into_iter()
            .map(|d| format!("{}: {}", d.line, d.message));
        findings
            .filter(|message| message.contains("`good: terse`") || message.contains("`terse`"))
            .collect()
    }

    #[test]
    fn references_of_core_items_are_graded_twice() {
        let second = |coverage: u32| {
            format!(
                "second = {{ coverage = {coverage}, structure = 1, specificity = 1, quantification = 1, conciseness = 1, \
                 remote_readiness = 1 }}\n"
            )
        };
        let missing = found(true, "");
        assert!(
            missing.len() == 1 && missing[0].contains("no second grading"),
            "{missing:?}"
        );
        assert!(found(true, &second(40)).is_empty());
        assert!(
            found(false, "").is_empty(),
            "only core items carry graded references"
        );
        let beyond = found(true, &second(101));
        assert!(
            beyond.len() == 1 && beyond[0].contains("not 0 to 100"),
            "{beyond:?}"
        );
    }
}
