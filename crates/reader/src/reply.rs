//! What came back: found in whatever the model wrapped it in, and stripped of what it cannot prove.

use serde_json::Value;

use crate::prompt::{Ask, VERSION};
use crate::quote::Quotable;
use domain::reading::{Dropped, Finding, READING_FORMAT, Reading, Reason, Verdict};

/// Longest reason of a model that is kept.
const MAX_WHY_CHARS: usize = 300;

/// Longest fact name of a dropped verdict that is kept; ids are shorter.
const MAX_FACT_CHARS: usize = 64;

/// Dropped verdicts that are listed. A model that goes on is not worth the room.
const MAX_DROPPED: usize = 64;

/// Verdicts that are looked at: no rubric has a tenth of that.
const MAX_VERDICTS: usize = 512;

/// Places tried as the start of an object, in a reply with text around it. Each costs at most one pass over
/// the reply.
const MAX_STARTS: usize = 64;

/// The reading in a response body of `/chat/completions`.
///
/// # Errors
/// What is wrong with the reply as a whole. A single bad verdict is dropped, not an error.
pub(crate) fn parse(body: &[u8], model: &str, ask: &Ask<'_>) -> Result<Reading, &'static str> {
    let text = std::str::from_utf8(body).map_err(|_| "its bytes are not UTF-8")?;
    let response: Value = serde_json::from_str(text).map_err(|_| "it is not JSON")?;
    let choice = response
        .pointer("/choices/0")
        .ok_or("it has no `choices`: is this a chat endpoint?")?;
    let content = content(choice).ok_or("it has no content: the model refused or only reasoned")?;
    let Some(entries) = verdicts(&content) else {
        let cut = choice.get("finish_reason").and_then(Value::as_str) == Some("length");
        return Err(if cut {
            "it was cut at the token limit: raise `max_tokens`"
        } else {
            "it holds no JSON object with `verdicts`: does the model follow a schema?"
        });
    };
    Ok(judge(&entries, model, ask))
}

/// The text of a message, which some servers send in parts.
fn content(choice: &Value) -> Option<String> {
    match choice.pointer("/message/content")? {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts = parts.iter().filter_map(|part| part.get("text")?.as_str());
            Some(texts.collect())
        }
        _ => None,
    }
}

/// The list of verdicts in a text that may have reasoning, fences or prose around it. The last object counts:
/// models that think aloud draft before they answer.
fn verdicts(content: &str) -> Option<Vec<Value>> {
    let mut rest = ["</think>", "</thinking>", "</reasoning>"]
        .iter()
        .filter_map(|tag| content.rfind(tag).map(|at| at + tag.len()))
        .max()
        .map_or(content, |at| &content[at..]);
    let mut found = None;
    for _ in 0..MAX_STARTS {
        let Some(start) = rest.find('{') else { break };
        let mut values = serde_json::Deserializer::from_str(&rest[start..]).into_iter::<Value>();
        if let Some(Ok(mut object)) = values.next() {
            rest = &rest[start + values.byte_offset()..];
            if let Some(Value::Array(entries)) = object.get_mut("verdicts").map(Value::take) {
                found = Some(entries);
            }
        } else {
            rest = &rest[start + 1..];
        }
    }
    found
}

fn judge(entries: &[Value], model: &str, ask: &Ask<'_>) -> Reading {
    let mut kept: Vec<Option<Verdict>> = vec![None; ask.claims.len()];
    let mut dropped = Vec::new();
    let quotable = Quotable::new(ask.answer, ask.withheld);
    for entry in entries.iter().take(MAX_VERDICTS) {
        match verdict(entry, ask, &quotable) {
            Ok((at, verdict)) if kept[at].is_none() => kept[at] = Some(verdict),
            Ok(_) => dropped.push((entry, Reason::Duplicate)),
            Err(reason) => dropped.push((entry, reason)),
        }
    }
    let name = |entry: &Value| {
        entry
            .get("fact")
            .and_then(Value::as_str)
            .map(|f| shown(f, MAX_FACT_CHARS))
    };
    Reading {
        format: READING_FORMAT,
        model: model.to_owned(),
        prompt: VERSION.to_owned(),
        verdicts: kept.into_iter().flatten().collect(),
        dropped: dropped
            .into_iter()
            .take(MAX_DROPPED)
            .map(|(entry, reason)| Dropped {
                fact: name(entry).unwrap_or_default(),
                reason,
            })
            .collect(),
    }
}

fn verdict(entry: &Value, ask: &Ask<'_>, quotable: &Quotable<'_>) -> Result<(usize, Verdict), Reason> {
    let text = |key: &str| match entry.get(key) {
        Some(Value::String(text)) => Ok(text.as_str()),
        None | Some(Value::Null) => Ok(""),
        Some(_) => Err(Reason::Malformed),
    };
    let (fact, word, quoted, why) = (text("fact")?, text("verdict")?, text("quote")?, text("why")?);
    if fact.is_empty() || word.is_empty() {
        return Err(Reason::Malformed);
    }
    let at = ask
        .claims
        .iter()
        .position(|claim| claim.id == fact)
        .ok_or(Reason::UnknownFact)?;
    let word = word.trim().to_ascii_lowercase();
    let finding: Finding = word.parse().map_err(|_| Reason::UnknownFinding)?;
    let quote = if quoted.trim().is_empty() {
        None
    } else {
        Some(quotable.locate(quoted)?)
    };
    if quote.is_none() && finding != Finding::Missing {
        return Err(Reason::NoQuote);
    }
    let verdict = Verdict {
        fact: fact.to_owned(),
        finding,
        quote,
        why: shown(why, MAX_WHY_CHARS),
    };
    Ok((at, verdict))
}

/// Text of a stranger in one line of bounded length, without what could hide or reorder other text.
fn shown(text: &str, max_chars: usize) -> String {
    let hidden = |c: &char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let line = |c: char| {
        if c.is_control() || c.is_whitespace() {
            ' '
        } else {
            c
        }
    };
    let kept = text.trim().chars().filter(|c| !hidden(c)).map(line);
    kept.take(max_chars).collect()
}
