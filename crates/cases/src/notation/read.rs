//! Reading the notation line by line, with the line and the cure of what is wrong.

use domain::Type;
use serde_json::Value;

use super::{Words, brief};
use crate::{Call, TestsError};

/// Whole numbers beyond it do not survive JavaScript, and models may add two of them.
const MAX_INT: i64 = 1 << 53;
/// Bytes of a file of own tests: some 1500 lines, more than anybody writes in an interview.
const MAX_BYTES: usize = 64 * 1024;

/// A line that says something.
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) block: Block,
    pub(super) what: What,
}

/// How a line stands to its neighbours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    None,
    Together,
    Par,
}

/// What it says.
pub(super) enum What {
    Test(String),
    New(Vec<Value>),
    Call { call: Call, expected: Option<Expected> },
    Restart,
    Garbage(String),
}

/// What is expected of a call.
pub(super) enum Expected {
    Whole(Value),
    Part(Value),
    Error(Option<String>),
}

/// The lines of a text that are no comments.
pub(super) fn lines_of(text: &str, words: &Words) -> Result<Vec<Line>, TestsError> {
    if text.len() > MAX_BYTES {
        return Err(wrong(
            1,
            &format!("longer than {MAX_BYTES} bytes: keep the tests that show something"),
        ));
    }
    let mut lines = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        lines.push(line_of(i + 1, line, words)?);
    }
    Ok(lines)
}

fn line_of(number: usize, line: &str, words: &Words) -> Result<Line, TestsError> {
    let (block, rest) = match (line.strip_prefix("||"), line.strip_prefix('|')) {
        (Some(rest), _) => (Block::Par, rest),
        (None, Some(rest)) => (Block::Together, rest),
        (None, None) => (Block::None, line),
    };
    let (client, rest) = client_of(number, rest.trim_start())?;
    let (word, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if let "test" | "new" | "restart" | "garbage" = word
        && (block != Block::None || client != 0)
    {
        return Err(wrong(
            number,
            &format!("`{word}` is no call: it stands on a line of its own"),
        ));
    }
    let what = match word {
        "test" => {
            let name = rest.split_once(" #").map_or(rest, |(name, _)| name).trim();
            if name.is_empty() {
                return Err(wrong(number, "a test without a name: write `test what it shows`"));
            }
            What::Test(name.to_owned())
        }
        "new" => {
            let (values, expected) = values_of(number, rest)?;
            fits(number, "new", words.new, &values, words)?;
            if expected.is_some() {
                return Err(wrong(number, "`new` answers nothing: take the expectation away"));
            }
            What::New(values)
        }
        "restart" if words.durable => What::Restart,
        "garbage" => What::Garbage(rest.to_owned()),
        _ => {
            let Some((_, params)) = words.ops.iter().find(|(name, _)| *name == word) else {
                return Err(wrong(number, &unknown(word, words)));
            };
            let (args, expected) = values_of(number, rest)?;
            fits(number, word, params, &args, words)?;
            let op = word.to_owned();
            let call = Call { client, op, args };
            What::Call { call, expected }
        }
    };
    Ok(Line { number, block, what })
}

fn client_of(number: usize, rest: &str) -> Result<(u32, &str), TestsError> {
    let Some(after) = rest.strip_prefix('@') else {
        return Ok((0, rest));
    };
    let (client, rest) = after.split_once(char::is_whitespace).unwrap_or((after, ""));
    match client.parse() {
        Ok(client) if client < 1000 => Ok((client, rest.trim_start())),
        _ => Err(wrong(
            number,
            "a client is a number below 1000: write `@1` before the operation",
        )),
    }
}

/// The JSON values of a line up to its end, a comment or an expectation.
fn values_of(number: usize, text: &str) -> Result<(Vec<Value>, Option<Expected>), TestsError> {
    let mut values = Vec::new();
    let mut rest = text.trim_start();
    loop {
        if rest.is_empty() || rest.starts_with('#') {
            return Ok((values, None));
        }
        let whole = rest.strip_prefix("->");
        if let Some(wanted) = whole.or_else(|| rest.strip_prefix("~>")) {
            return Ok((
                values,
                Some(expected_of(number, wanted.trim_start(), whole.is_some())?),
            ));
        }
        let (value, after) = value_of(number, rest)?;
        values.push(value);
        rest = after;
    }
}

fn expected_of(number: usize, text: &str, whole: bool) -> Result<Expected, TestsError> {
    if let Some(rest) = text.strip_prefix("error")
        && !rest.starts_with(|c: char| c.is_alphanumeric())
    {
        let rest = rest.trim();
        if rest.is_empty() || rest.starts_with('#') {
            return Ok(Expected::Error(None));
        }
        if rest.starts_with('"') {
            let (value, after) = value_of(number, rest)?;
            end(number, after)?;
            return Ok(Expected::Error(value.as_str().map(str::to_owned)));
        }
        let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        end(number, after.trim_start())?;
        return Ok(Expected::Error(Some(word.to_owned())));
    }
    if text.is_empty() || text.starts_with('#') {
        return Err(wrong(
            number,
            "nothing is expected after the arrow: write a JSON value or `error`",
        ));
    }
    let (value, after) = value_of(number, text)?;
    end(number, after)?;
    Ok(if whole {
        Expected::Whole(value)
    } else {
        Expected::Part(value)
    })
}

fn end(number: usize, rest: &str) -> Result<(), TestsError> {
    if rest.is_empty() || rest.starts_with('#') {
        return Ok(());
    }
    Err(wrong(
        number,
        &format!("`{}` after the expectation: one value is expected", head(rest)),
    ))
}

/// The value that a text starts with, and what follows it.
fn value_of(number: usize, text: &str) -> Result<(Value, &str), TestsError> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match stream.next() {
        Some(Ok(value)) => {
            let rest = &text[stream.byte_offset()..];
            Ok((value, rest.trim_start()))
        }
        _ => Err(wrong(
            number,
            &format!(
                "`{}` is not JSON: write texts in double quotes, such as \"a\", and a space between values",
                head(text)
            ),
        )),
    }
}

/// Whether values are what an operation takes.
fn fits(number: usize, op: &str, params: &[&str], values: &[Value], words: &Words) -> Result<(), TestsError> {
    if params.len() != values.len() {
        let takes = if params.is_empty() {
            "nothing"
        } else {
            &params.join(", ")
        };
        let given = values.len();
        return Err(wrong(number, &format!("`{op}` takes {takes}; {given} given")));
    }
    for (param, value) in params.iter().zip(values) {
        let (name, ty) = split(param);
        let at = |message: String| wrong(number, &format!("`{name}` of `{op}` {message}"));
        match ty.parse::<Type>() {
            Ok(ty) => is_of(value, &ty, words).map_err(at)?,
            Err(message) => return Err(at(message)),
        }
    }
    Ok(())
}

fn is_of(value: &Value, ty: &Type, words: &Words) -> Result<(), String> {
    let right = match ty {
        Type::Int => value.as_i64().is_some_and(|n| n.abs() <= MAX_INT),
        Type::Float => value.is_number(),
        Type::Str => value.is_string(),
        Type::Bool => value.is_boolean(),
        Type::Optional(inner) => {
            return if value.is_null() {
                Ok(())
            } else {
                is_of(value, inner, words)
            };
        }
        Type::List(inner) => {
            if let Value::Array(values) = value {
                return values.iter().try_for_each(|value| is_of(value, inner, words));
            }
            false
        }
        Type::Map(inner) => {
            if let Value::Object(values) = value {
                return values.values().try_for_each(|value| is_of(value, inner, words));
            }
            false
        }
        Type::Record(name) => {
            let fields = words
                .records
                .iter()
                .find(|(record, _)| record == name)
                .map(|(_, fields)| *fields);
            return is_record(value, name, fields, words);
        }
    };
    let wanted = match ty {
        Type::Int => "a whole number up to 2^53",
        Type::Float => "a number",
        Type::Str => "a text in double quotes",
        Type::Bool => "true or false",
        Type::List(_) => "a list such as [1, 2]",
        _ => "an object such as {\"a\": 1}",
    };
    if right {
        Ok(())
    } else {
        Err(format!("is {wanted}, not `{}`", brief(value)))
    }
}

fn is_record(value: &Value, name: &str, fields: Option<&[&str]>, words: &Words) -> Result<(), String> {
    let Value::Object(values) = value else {
        return Err(format!(
            "is an object with the fields of {name}, not `{}`",
            brief(value)
        ));
    };
    let Some(fields) = fields else { return Ok(()) };
    for field in fields {
        let (field, ty) = split(field);
        let ty = ty.parse()?;
        let value = match (values.get(field), &ty) {
            (Some(value), _) => value,
            (None, Type::Optional(_)) => continue,
            (None, _) => return Err(format!("lacks the field `{field}` of {name}")),
        };
        is_of(value, &ty, words).map_err(|message| format!("has a field `{field}` that {message}"))?;
    }
    let known = |key: &String| fields.iter().any(|field| split(field).0 == key);
    match values.keys().find(|key| !known(key)) {
        Some(key) => Err(format!("has a field `{key}`, which {name} does not have")),
        None => Ok(()),
    }
}

fn split(param: &str) -> (&str, &str) {
    param.split_once(": ").unwrap_or((param, "str"))
}

fn unknown(word: &str, words: &Words) -> String {
    let mut known: Vec<&str> = words.ops.iter().map(|(name, _)| *name).collect();
    known.extend(["test", "new"]);
    known.extend(words.durable.then_some("restart"));
    format!("`{}` is no operation here: use {}", head(word), known.join(", "))
}

/// No `new` where one must stand.
pub(super) fn missing_new(number: usize, words: &Words) -> TestsError {
    let takes = words.new.iter().map(|param| format!(" <{}>", split(param).0));
    let takes: String = takes.collect();
    wrong(
        number,
        &format!("`new{takes}` is missing before this line: it makes what is called"),
    )
}

/// What is wrong with a line, and its cure.
pub(super) fn wrong(line: usize, message: &str) -> TestsError {
    TestsError {
        line,
        message: message.to_owned(),
    }
}

fn head(text: &str) -> String {
    text.chars().take(30).collect()
}
