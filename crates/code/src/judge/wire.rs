//! The lines between the judge and a program: calls out, answers back.
//!
//! Whole numbers beyond 2^53 travel as text, since not every language's JSON keeps them. What a program
//! writes is read with a bound on depth (that of the parser, 128) and on length (the session's).

use cases::{Call, Reply};
use domain::{Signature, Type};
use serde::Serialize;
use serde_json::Value;

/// The largest whole number that every JSON reader keeps: 2^53 - 1.
const SAFE: i64 = (1 << 53) - 1;

/// Of a line that is shown: enough to see what it is.
const LINE_SHOWN: usize = 200;

/// A line that came back.
#[derive(Debug, PartialEq)]
pub(super) enum Line {
    /// An answer to a call.
    Answer(u64, Reply),
    /// The program says that it was sent a line that is no call.
    BadLine,
}

#[derive(Serialize)]
struct Sent<'a> {
    id: u64,
    op: &'a str,
    args: &'a [Value],
    #[serde(skip_serializing_if = "Option::is_none")]
    c: Option<u32>,
}

/// What a signature says of how values travel.
#[derive(Clone, Copy)]
pub(super) struct Wire<'a> {
    /// The signature; none for programs without one.
    pub(super) signature: &'a Signature,
}

impl Wire<'_> {
    /// The line that makes the object.
    pub(super) fn init(self, id: u64, folder: &str, args: &[Value]) -> Vec<u8> {
        let folder = self.signature.durable.then(|| Value::from(folder));
        let types = self.signature.init.iter().map(|param| &param.ty);
        let args = folder
            .into_iter()
            .chain(self.encode_all(args, types))
            .collect::<Vec<_>>();
        line(&Sent {
            id,
            op: "init",
            args: &args,
            c: None,
        })
    }

    /// The line of a call; with its client where calls of several are under way.
    pub(super) fn call(self, id: u64, call: &Call, client: bool) -> Vec<u8> {
        let args = self.args(call);
        let c = client.then_some(call.client);
        line(&Sent {
            id,
            op: &call.op,
            args: &args,
            c,
        })
    }

    /// The line of scripts for threads.
    pub(super) fn par(self, id: u64, scripts: &[Vec<Call>]) -> Vec<u8> {
        let script = |calls: &Vec<Call>| -> Value {
            let call = |call: &Call| serde_json::json!({"op": call.op, "args": self.args(call)});
            calls.iter().map(call).collect()
        };
        let args = scripts.iter().map(script).collect::<Vec<_>>();
        line(&Sent {
            id,
            op: "@par",
            args: &args,
            c: None,
        })
    }

    fn args(self, call: &Call) -> Vec<Value> {
        let clock = self.signature.clock.then_some(&Type::Int);
        let op = self.signature.ops.iter().find(|op| op.name == call.op);
        let params = op
            .into_iter()
            .flat_map(|op| op.params.iter().map(|param| &param.ty));
        self.encode_all(&call.args, clock.into_iter().chain(params))
            .collect()
    }

    fn encode_all<'v>(
        self,
        values: &'v [Value],
        types: impl Iterator<Item = &'v Type>,
    ) -> impl Iterator<Item = Value> {
        let types = types.map(Some).chain(std::iter::repeat(None));
        let encode = move |(value, ty): (&'v Value, Option<&'v Type>)| match ty {
            Some(ty) => self.walk(value.clone(), ty, &encode_int),
            None => value.clone(),
        };
        values.iter().zip(types).map(encode)
    }

    /// An answer as the models write it: whole numbers as numbers, floats as floats.
    pub(super) fn decode(self, op: &str, reply: Reply) -> Reply {
        let returns = self
            .signature
            .ops
            .iter()
            .find(|o| o.name == op)
            .and_then(|o| o.returns.as_ref());
        match (reply, returns) {
            (Reply::Ok(value), Some(ty)) => Reply::Ok(self.walk(value, ty, &decode_leaf)),
            (reply, _) => reply,
        }
    }

    fn walk(self, value: Value, ty: &Type, leaf: &dyn Fn(Value, &Type) -> Value) -> Value {
        match (value, ty) {
            (Value::Null, _) => Value::Null,
            (value, Type::Optional(inner)) => self.walk(value, inner, leaf),
            (Value::Array(list), Type::List(inner)) => {
                list.into_iter().map(|v| self.walk(v, inner, leaf)).collect()
            }
            (Value::Object(map), Type::Map(inner)) => map
                .into_iter()
                .map(|(k, v)| (k, self.walk(v, inner, leaf)))
                .collect(),
            (Value::Object(map), Type::Record(name)) => {
                let record = self.signature.records.iter().find(|record| record.name == *name);
                let ty = |key: &str| {
                    let field = record?.fields.iter().find(|field| field.name == key)?;
                    Some(&field.ty)
                };
                let each = |(key, value): (String, Value)| match ty(&key) {
                    Some(ty) => (key, self.walk(value, ty, leaf)),
                    None => (key, value),
                };
                map.into_iter().map(each).collect()
            }
            (value, ty) => leaf(value, ty),
        }
    }
}

fn encode_int(value: Value, ty: &Type) -> Value {
    match (value.as_i64(), ty) {
        (Some(n), Type::Int) if !(-SAFE..=SAFE).contains(&n) => Value::from(n.to_string()),
        _ => value,
    }
}

fn decode_leaf(value: Value, ty: &Type) -> Value {
    match (&value, ty) {
        (Value::String(text), Type::Int) => match text.parse::<i64>() {
            Ok(n) if !(-SAFE..=SAFE).contains(&n) => Value::from(n),
            _ => value,
        },
        (Value::Number(n), Type::Float) => n.as_f64().map_or(value, Value::from),
        _ => value,
    }
}

fn line(sent: &Sent<'_>) -> Vec<u8> {
    // Values and a struct of them always are JSON; an empty line would be a fault that every test shows.
    let mut line = serde_json::to_vec(sent).unwrap_or_default();
    line.push(b'\n');
    line
}

/// Reads a line of the program.
///
/// # Errors
/// Says why it is no answer.
pub(super) fn read(line: &[u8]) -> Result<Line, String> {
    let no_answer = |why: &str| format!("{why}: `{}`", shown(line));
    let text = std::str::from_utf8(line).map_err(|_| no_answer("a line that is not UTF-8"))?;
    let value: Value = serde_json::from_str(text).map_err(|_| no_answer("a line that is no JSON"))?;
    let Value::Object(mut fields) = value else {
        return Err(no_answer("a line that is no answer"));
    };
    let id = fields.remove("id");
    let (ok, err) = (fields.remove("ok"), fields.remove("err"));
    if !fields.is_empty() {
        return Err(no_answer("an answer with fields that it cannot have"));
    }
    match (id, ok, err) {
        (Some(Value::Null), None, Some(Value::String(_))) => Ok(Line::BadLine),
        (Some(id), Some(value), None) if id.is_u64() => {
            Ok(Line::Answer(id.as_u64().unwrap_or_default(), Reply::Ok(value)))
        }
        (Some(id), None, Some(Value::String(text))) if id.is_u64() => {
            Ok(Line::Answer(id.as_u64().unwrap_or_default(), Reply::Err(text)))
        }
        _ => Err(no_answer("a line that is no answer")),
    }
}

/// The beginning of a line, fit to be read.
fn shown(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(&line[..line.len().min(LINE_SHOWN)]);
    let plain = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().map(plain).collect()
}

/// A reply of a thread's script with the program's own stamps.
pub(super) struct Stamped {
    pub(super) reply: Reply,
    pub(super) began: u64,
    pub(super) ended: u64,
}

/// Reads the answer to scripts for threads; none when it does not have their shape.
pub(super) fn read_par(value: &Value, scripts: &[Vec<Call>]) -> Option<Vec<Vec<Stamped>>> {
    let threads = value.as_array()?;
    if threads.len() != scripts.len() {
        return None;
    }
    let thread = |(replies, script): (&Value, &Vec<Call>)| {
        let replies = replies.as_array()?;
        if replies.len() != script.len() {
            return None;
        }
        replies.iter().map(stamped).collect::<Option<Vec<_>>>()
    };
    threads.iter().zip(scripts).map(thread).collect()
}

fn stamped(value: &Value) -> Option<Stamped> {
    let [reply, began, ended] = value.as_array()?.as_slice() else {
        return None;
    };
    let reply = match (reply.get("ok"), reply.get("err")) {
        (Some(value), None) => Reply::Ok(value.clone()),
        (None, Some(Value::String(text))) => Reply::Err(text.clone()),
        _ => return None,
    };
    let stamp = |v: &Value| v.as_u64().or_else(|| v.as_str()?.parse().ok());
    Some(Stamped {
        reply,
        began: stamp(began)?,
        ended: stamp(ended)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature() -> Signature {
        let int = |name: &str| domain::Param {
            name: name.to_owned(),
            ty: Type::Int,
        };
        Signature {
            class: "Thing".to_owned(),
            init: vec![int("size")],
            ops: vec![domain::Operation {
                name: "add".to_owned(),
                params: vec![int("n")],
                returns: Some(Type::List(Box::new(Type::Float))),
                doc: String::new(),
            }],
            records: Vec::new(),
            clock: true,
            concurrent: false,
            durable: true,
        }
    }

    #[test]
    fn calls_are_lines_and_large_numbers_are_text() {
        let signature = signature();
        let wire = Wire {
            signature: &signature,
        };
        let call = Call {
            client: 3,
            op: "add".to_owned(),
            args: vec![5.into(), i64::MAX.into()],
        };
        let text = |bytes| String::from_utf8(bytes).unwrap();
        assert_eq!(
            text(wire.call(7, &call, true)),
            "{\"id\":7,\"op\":\"add\",\"args\":[5,\"9223372036854775807\"],\"c\":3}\n"
        );
        assert_eq!(
            text(wire.init(1, "/data", &[2.into()])),
            "{\"id\":1,\"op\":\"init\",\"args\":[\"/data\",2]}\n"
        );
        let floats = wire.decode("add", Reply::Ok(serde_json::json!([1, 2.5])));
        assert_eq!(floats, Reply::Ok(serde_json::json!([1.0, 2.5])));
    }

    #[test]
    fn only_answers_are_answers() {
        assert_eq!(
            read(br#"{"id":4,"ok":null}"#),
            Ok(Line::Answer(4, Reply::Ok(Value::Null)))
        );
        assert_eq!(read(br#"{"id":null,"err":"bad line"}"#), Ok(Line::BadLine));
        let deep = [b"{\"id\":1,\"ok\":".as_slice(), &vec![b'['; 200_000]].concat();
        let bad: &[&[u8]] = &[
            b"",
            b"hello",
            b"[]",
            br#"{"id":4}"#,
            br#"{"id":4,"ok":1,"err":"x"}"#,
            br#"{"id":"4","ok":1}"#,
            br#"{"id":-1,"ok":1}"#,
            br#"{"id":4,"ok":1,"verdict":"accepted"}"#,
            br#"{"id":4,"ok":NaN}"#,
            br#"{"id":4,"ok":1e999}"#,
            br#"{"id":4,"ok":"\ud800"}"#,
            b"{\"id\":4,\"ok\":\"\xff\"}",
            b"{\"id\":4,\"ok\":\"\0\"}",
            &deep,
        ];
        for line in bad {
            assert!(read(line).is_err(), "{}", shown(line));
        }
    }
}
