use domain::Check;

use super::*;
use crate::{Bank, SourceFile, lint, parse};

const VARY: &str = r#"[vary]
a_day = { default = 100_000_000, choices = [5_000_000, 100_000_000, 2_000_000_000], say = "{n} redirects a day" }
where = { default = "one", choices = ["one", "three"], say = ["", "three regions"], with = { regions = ["", " in three regions"] } }
per_second = "a_day / 86_400"
"#;

/// An item file with a `[vary]` table; `edit` changes it.
fn file(vary: &str, edit: impl Fn(String) -> String) -> SourceFile {
    let text = format!(
        r#"```toml
format = 1
id = "x"
round = "answer"
kind = "technical"
competency = "operations"
topics = ["x"]
levels = ["mid"]
minutes = 4
reviewed = "2026-11-22"
level_notes = {{ junior = "a", mid = "b", senior = "c" }}

{vary}
[[fact]]
id = "rate"
claim = "{{{{a_day|spelled|cap}}}} a day is about {{{{per_second|about}}}} a second."
weight = 1
must = true
say = []
tip = "Divide by the seconds of a day."
probe = "What is that in every second?"
[fact.check]
type = "number"
ask = "{{{{a_day|words}}}} a day: how many a second?"
value = {{{{per_second|round}}}}
unit = "a second"
tolerance = 0.1
why = "{{{{a_day|words}}}} / 86,400 = {{{{per_second|about}}}}."
```

# X

Serve {{{{a_day|spelled}}}} redirects a day{{{{regions}}}}. Write \{{{{id}}}} in the path.
{{{{when where = three}}}}
Each region answers alone.
{{{{end}}}}

## Why it is asked
w

## The detail that separates levels
w

## Sample answer
w

## Misconceptions
- **A.** B.
- **A.** B.

## Follow-ups
- w
- w
"#
    );
    SourceFile {
        path: "answer/x.md".to_owned(),
        text: edit(text),
    }
}

fn bank(file: SourceFile) -> Bank {
    let (bank, found) = parse(&[file], None);
    assert_eq!(found, []);
    bank
}

#[test]
fn a_variant_is_a_plain_item_that_says_which_it_is() {
    let bank = bank(file(VARY, |text| text));
    let default = bank.items().next().unwrap();
    assert_eq!(
        default.prompt,
        "Serve a hundred million redirects a day. Write {{id}} in the path."
    );
    assert_eq!(
        default.facts()[0].claim,
        "A hundred million a day is about 1,160 a second."
    );
    let titles: Vec<_> = default.variants.iter().map(|v| v.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "100 million redirects a day",
            "5 million redirects a day",
            "2 billion redirects a day",
            "100 million redirects a day, three regions",
            "5 million redirects a day, three regions",
            "2 billion redirects a day, three regions"
        ]
    );
    let last = bank.instance(&default.id, 5).unwrap();
    assert_eq!(
        last.item.prompt,
        "Serve two billion redirects a day in three regions. Write {{id}} in the path.\nEach region answers alone."
    );
    let Some(Check::Number { value, why, .. }) = &last.item.facts()[0].check else {
        panic!("a number check");
    };
    assert_eq!((*value, why.as_str()), (23_148.0, "2 billion / 86,400 = 23,100."));

    // What is kept with an attempt reads back to the same item without the file that it was made from.
    let kept = SourceFile {
        path: "answer/x.md".to_owned(),
        text: last.source.clone(),
    };
    let again = self::bank(kept);
    let again = again.items().next().unwrap();
    assert_eq!(
        (&again.revision, &again.prompt),
        (&last.item.revision, &last.item.prompt)
    );
    assert_eq!(again.variant.as_ref().map(|v| v.number), Some(5));
    assert!(again.variants.is_empty());
    assert_eq!(
        bank.at_revision(&default.id, &again.revision)
            .unwrap()
            .item
            .variant,
        again.variant
    );
    assert!(bank.at_revision(&default.id, "b3:00").is_none());
    assert!(bank.instance(&default.id, 6).is_none());
}

#[test]
fn a_plain_text_is_its_own_variant() {
    let plain = "```toml\nid = \"x\"\n```\n# A {{name}}\n";
    assert_eq!(vary(plain, 0).as_deref(), Ok(plain));
    assert!(vary(plain, 1).is_err());
}

fn findings(file: SourceFile) -> Vec<(usize, String)> {
    let (bank, mut found) = parse(&[file], None);
    found.extend(lint(&bank));
    found.into_iter().map(|d| (d.line, d.message)).collect()
}

/// The message is found somewhere in the line that holds the words.
fn finds(file: SourceFile, words: &str, message: &str) {
    let line = file.text.lines().position(|line| line.contains(words));
    let found = findings(file);
    let hit = found
        .iter()
        .any(|(at, text)| Some(at - 1) == line && text.contains(message));
    assert!(hit, "`{message}` at {line:?} in {found:#?}");
}

#[test]
fn a_bad_table_is_found_where_it_is_written() {
    for (from, to, words, message) in [
        ("86_400", "(a_day - a_day)", "claim", "divides by zero"),
        ("86_400", "per_second", "claim", "names itself"),
        (
            "86_400\"",
            "86_400\"\nspare = \"a_day\"",
            "spare",
            "`spare` of `[vary]` is used nowhere",
        ),
        (
            "default = 100_000_000",
            "default = 7",
            "default = 7",
            "none of the `choices`",
        ),
        (
            "5_000_000,",
            "2_000,",
            "claim",
            "variant 1 (2,000 redirects a day): `per_second|about`",
        ),
        (
            "[\"\", \"three regions\"]",
            "[\"\", \"\"]",
            "id = \"x\"",
            "the same title",
        ),
    ] {
        finds(file(&VARY.replace(from, to), |text| text), words, message);
    }
}

#[test]
fn a_bad_placeholder_or_sum_is_found_where_it_is_written() {
    let fact = "id = \"rate\"";
    for (from, to, words, message) in [
        ("{{regions}}", "{{region}}", "{{region}}", "`region` is no name"),
        ("{{end}}", "", "{{when", "has no `{{end}}`"),
        (
            "{{per_second|round}}",
            "1157",
            fact,
            "variant 1 (5 million redirects a day): no sum",
        ),
        ("86,400 = ", "8,640 = ", fact, "the check says"),
        (
            "{{per_second|about}}",
            "{{per_second|nicely}}",
            "claim",
            "`nicely` is unknown",
        ),
        (
            "{{per_second|about}}",
            "{{per_second|about",
            "claim",
            "not closed on its line",
        ),
    ] {
        finds(file(VARY, |text| text.replace(from, to)), words, message);
    }
}

#[test]
fn only_what_is_wrong_is_found() {
    let clean = findings(file(VARY, |text| text));
    let variants = clean
        .iter()
        .filter(|(_, text)| text.contains("ariant") || text.contains("[vary]"));
    assert_eq!(variants.count(), 0, "{clean:#?}");
    // The head of a filled-in text names its variant; in a file as written nobody does.
    let text = vary(&file(VARY, |text| text).text, 0).unwrap();
    let path = "answer/x.md".to_owned();
    finds(SourceFile { path, text }, "id = \"x\"", "not by hand");
}
