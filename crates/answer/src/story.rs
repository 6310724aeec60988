//! Stories, read with the engine that grades answers: tokens, marks of own action and figures, the arithmetic
//! and the quantification axis. No words are judged here by a rule of its own; what is new is only the share
//! that each part of a story has.

use std::ops::Range;

use domain::{Kind, StoryPart};
use encoder::{Encoded, Encoder};

use crate::GradeError;
use crate::axes::{self, Scene};
use crate::guard::is_content;
use crate::recall::rarity;
use crate::text::{Mark, Text};

/// Words of three spoken minutes, at 150 a minute as the conciseness axis counts them.
const THREE_MINUTES_WORDS: usize = 450;

/// Below this many words of situation and task there is nothing to shorten.
const SHORT_SETTING_WORDS: usize = 25;

/// A "we" for each own action and two more: the team did it.
const WE_BESIDE_OWN: usize = 2;

/// Mean cosine from which a sentence of the record counts as told, with the encoder. Chosen, not fitted: the
/// retold sentences of its tests, of our own making, lie above it and those of other parts below.
const TOLD_AT: f64 = 0.6;

/// The same for the share of its content words, without the encoder.
const TOLD_WORDS_AT: f64 = 0.5;

/// What is to be looked at in a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryFinding {
    /// The part.
    pub part: StoryPart,
    /// Which rule: a slug.
    pub rule: &'static str,
    /// What was found, and what to do.
    pub why: String,
    /// The words in question, in bytes of the part; empty where words are missing.
    pub spans: Vec<Range<usize>>,
}

/// A sentence of the record, and whether it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldSentence {
    /// Its part.
    pub part: StoryPart,
    /// Its words.
    pub text: String,
    /// Whether the telling says it.
    pub told: bool,
}

/// A telling beside the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsed {
    /// Every sentence of the record, in order.
    pub sentences: Vec<ToldSentence>,
    /// Words told, fillers included.
    pub words: usize,
    /// Words spent on each part, in the order of [`StoryPart::ALL`].
    pub split: Vec<usize>,
    /// Bytes of the fillers in the telling.
    pub fillers: Vec<Range<usize>>,
}

/// Looks at the parts of a story, in the order given.
pub fn check_story(parts: &[(StoryPart, &str)], names: &[String]) -> Vec<StoryFinding> {
    let mut findings = Vec::new();
    let words = |part: StoryPart| {
        let of = parts.iter().find(|(p, _)| *p == part);
        of.map_or(0, |(_, text)| Text::new(text).tokens.len())
    };
    let found = |part, rule, why: &str, spans| StoryFinding {
        part,
        rule,
        why: why.to_owned(),
        spans,
    };
    let setting = words(StoryPart::Situation) + words(StoryPart::Task);
    let action = words(StoryPart::Action);
    for (part, raw) in parts {
        let text = Text::new(raw);
        if text.tokens.is_empty() {
            if let Some(why) = missing(*part) {
                findings.push(found(*part, "missing", why, Vec::new()));
            }
            continue;
        }
        let all = text.sentences.first().map_or(0, |s| s.bytes.start)
            ..text.sentences.last().map_or(0, |s| s.bytes.end);
        match part {
            StoryPart::Situation if setting > action && setting > SHORT_SETTING_WORDS && action > 0 => {
                let why = format!(
                    "{setting} words before you act, {action} of acting: shorten this, or say more of what you did"
                );
                findings.push(found(*part, "long-situation", &why, vec![all]));
            }
            StoryPart::Action => findings.extend(own_action(&text)),
            StoryPart::Result => findings.extend(figures(raw, &text)),
            _ => {}
        }
        findings.extend(slips(*part, raw, &text));
        findings.extend(named(*part, raw, names));
    }
    let told: usize = StoryPart::ALL.iter().map(|part| words(*part)).sum();
    if told > THREE_MINUTES_WORDS {
        let longest = StoryPart::ALL.iter().max_by_key(|part| words(**part));
        let why = format!(
            "{told} words are more than three minutes: aim for {THREE_MINUTES_WORDS} at most, this part is the longest"
        );
        findings.extend(longest.map(|part| found(*part, "long-story", &why, Vec::new())));
    }
    findings
}

/// What is asked of an empty part.
fn missing(part: StoryPart) -> Option<&'static str> {
    match part {
        StoryPart::Situation => Some("say where it happened and what was wrong, in two sentences"),
        // Often the same sentence as the situation.
        StoryPart::Task => None,
        StoryPart::Action => Some("say what you yourself did, step by step"),
        StoryPart::Result => Some("say what came of it, with a figure and what it was before"),
        StoryPart::Lesson => Some("say what you would do again or otherwise: it is asked nearly every time"),
    }
}

fn own_action(text: &Text) -> Option<StoryFinding> {
    let own = text.tokens.iter().filter(|t| t.is(Mark::Own)).count();
    let we: Vec<Range<usize>> = text
        .tokens
        .iter()
        .filter(|t| matches!(t.norm.as_str(), "we" | "our" | "us"))
        .map(|t| t.start..t.end)
        .collect();
    let (rule, why) = match (own, we.len()) {
        (0, 0) => (
            "no-own-action",
            "no action of your own: begin sentences with \u{201c}I\u{201d} and a verb in the past".to_owned(),
        ),
        (0, _) => (
            "no-own-action",
            "\u{201c}we\u{201d} and no action of your own: say which part was yours".to_owned(),
        ),
        (own, we) if we > own + WE_BESIDE_OWN => (
            "mostly-we",
            format!("{we} times \u{201c}we\u{201d}, {own} your own: keep the team where it was the team"),
        ),
        _ => return None,
    };
    Some(StoryFinding {
        part: StoryPart::Action,
        rule,
        why,
        spans: we,
    })
}

/// What the quantification axis says of a part.
fn figures(raw: &str, text: &Text) -> Option<StoryFinding> {
    let (kept, related) = (vec![true; text.sentences.len()], vec![true; text.sentences.len()]);
    let scene = Scene::new(raw, text, &kept, Kind::Behavioural, &[], related);
    let criteria = axes::quantification(&scene);
    let earned = |id: &str| criteria.iter().any(|c| c.id == id && c.points > 0.0);
    let (rule, why) = match (earned("figures"), earned("baseline")) {
        (true, true) => return None,
        (true, false) => (
            "no-baseline",
            "a figure alone says little: set it against what it was before, or what was promised",
        ),
        (false, _) => (
            "no-figure",
            "no figure: say how much, how many or how long, and what it was before",
        ),
    };
    let spans = criteria
        .iter()
        .filter(|c| c.id == "figures")
        .flat_map(|c| &c.evidence);
    let spans = spans.filter_map(|evidence| match evidence {
        domain::Evidence::Span { start, end, .. } => Some(*start..*end),
        _ => None,
    });
    Some(StoryFinding {
        part: StoryPart::Result,
        rule,
        why: why.to_owned(),
        spans: spans.collect(),
    })
}

fn slips(part: StoryPart, raw: &str, text: &Text) -> Vec<StoryFinding> {
    let (kept, related) = (vec![true; text.sentences.len()], vec![true; text.sentences.len()]);
    let scene = Scene::new(raw, text, &kept, Kind::Behavioural, &[], related);
    let slips = axes::slips(&scene);
    let finding = |slip: axes::Slip| StoryFinding {
        part,
        rule: "sum",
        why: slip.why,
        spans: vec![text.sentences[slip.at].bytes.clone()],
    };
    slips.into_iter().map(finding).collect()
}

/// Where the names stand that the candidate wants to hide.
fn named(part: StoryPart, raw: &str, names: &[String]) -> Vec<StoryFinding> {
    let finding = |name: &String| {
        let spans = occurrences(raw, name);
        (!spans.is_empty()).then(|| StoryFinding {
            part,
            rule: "name",
            why: format!("\u{201c}{name}\u{201d} is hidden when the story leaves; say \u{201c}my company\u{201d} or \u{201c}a customer\u{201d} aloud"),
            spans,
        })
    };
    names.iter().filter_map(finding).collect()
}

/// Where a name stands as words of its own, in any case of ASCII letters.
pub fn occurrences(text: &str, name: &str) -> Vec<Range<usize>> {
    let name = name.trim();
    if name.is_empty() {
        return Vec::new();
    }
    // Lower case of ASCII keeps every byte where it is.
    let (hay, needle) = (text.to_ascii_lowercase(), name.to_ascii_lowercase());
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let whole = |at: &usize| {
        !word(text[..*at].chars().next_back()) && !word(text[*at + needle.len()..].chars().next())
    };
    hay.match_indices(&needle)
        .map(|(at, _)| at)
        .filter(whole)
        .map(|at| at..at + needle.len())
        .collect()
}

/// Sets a telling beside the record of a story.
///
/// # Errors
/// [`GradeError`] when the platform fails; no text can cause it.
pub fn rehearse(
    parts: &[(StoryPart, &str)],
    telling: &str,
    encoder: Option<&Encoder>,
) -> Result<Rehearsed, GradeError> {
    let told = Text::new(telling);
    let spoken: Vec<&str> = told.sentences.iter().map(|s| &telling[s.bytes.clone()]).collect();
    let mut record: Vec<(StoryPart, String)> = Vec::new();
    for (part, raw) in parts {
        let text = Text::new(raw);
        record.extend(
            text.sentences
                .iter()
                .map(|s| (*part, raw[s.bytes.clone()].to_owned())),
        );
    }
    let wanted: Vec<&str> = record.iter().map(|(_, text)| text.as_str()).collect();
    let (likeness, enough) = match encoder {
        Some(encoder) => (by_vectors(encoder, &wanted, &spoken)?, TOLD_AT),
        None => (by_words(&wanted, &spoken), TOLD_WORDS_AT),
    };
    let best = |row: &[f64]| row.iter().copied().fold(0.0, f64::max);
    let sentences = record
        .iter()
        .zip(&likeness)
        .map(|((part, text), row)| ToldSentence {
            part: *part,
            text: text.clone(),
            told: best(row) >= enough,
        });
    let mut split = vec![0; StoryPart::ALL.len()];
    for (at, sentence) in told.sentences.iter().enumerate() {
        // A sentence like none of the record belongs to the part before it.
        let nearest = (0..record.len()).max_by(|a, b| likeness[*a][at].total_cmp(&likeness[*b][at]));
        if let Some(nearest) = nearest {
            split[record[nearest].0 as usize] += sentence.tokens.len();
        }
    }
    Ok(Rehearsed {
        sentences: sentences.collect(),
        words: told.tokens.len() + told.fillers.len(),
        split,
        fillers: told.fillers,
    })
}

/// How much of each wanted sentence (row) each spoken one (column) says: the mean over its word pieces, rare ones
/// more, of the highest cosine.
fn by_vectors(encoder: &Encoder, wanted: &[&str], spoken: &[&str]) -> Result<Vec<Vec<f64>>, GradeError> {
    let all: Vec<&str> = wanted.iter().chain(spoken).copied().collect();
    let encoded = encoder.encode(&all)?;
    let (wanted, spoken) = encoded.split_at(wanted.len());
    let mut rows = Vec::with_capacity(wanted.len());
    for want in wanted {
        let row = spoken
            .iter()
            .map(|said| recalled(encoder, want, said))
            .collect::<Result<_, _>>()?;
        rows.push(row);
    }
    Ok(rows)
}

fn recalled(encoder: &Encoder, want: &Encoded, said: &Encoded) -> Result<f64, GradeError> {
    if want.is_empty() || said.is_empty() {
        return Ok(0.0);
    }
    let cosines = encoder.cosines(want.vectors(), said.vectors())?;
    let weights: Vec<f64> = want.tokens.iter().map(|t| f64::from(rarity(t.id))).collect();
    let best = |row: usize| {
        f64::from(
            cosines[row * said.len()..][..said.len()]
                .iter()
                .copied()
                .fold(0.0, f32::max),
        )
    };
    let sum: f64 = weights.iter().enumerate().map(|(row, w)| w * best(row)).sum();
    Ok(sum / weights.iter().sum::<f64>().max(1e-9))
}

/// The same without the encoder: the share of its content words.
fn by_words(wanted: &[&str], spoken: &[&str]) -> Vec<Vec<f64>> {
    let stems = |text: &&str| -> Vec<String> {
        let tokens = Text::new(text).tokens;
        tokens.into_iter().filter(is_content).map(|t| t.stem).collect()
    };
    let spoken: Vec<Vec<String>> = spoken.iter().map(stems).collect();
    let row = |want: &&str| -> Vec<f64> {
        let want = stems(want);
        let share = |said: &Vec<String>| {
            want.iter().filter(|stem| said.contains(stem)).count() as f64 / want.len().max(1) as f64
        };
        spoken.iter().map(share).collect()
    };
    wanted.iter().map(row).collect()
}
