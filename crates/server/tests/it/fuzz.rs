//! A seeded fuzz that reads the OpenAPI document and asks everything it describes, as described and not
//! quite. No request may end in a 5xx, in a status the document does not name, or in an error that is not
//! a problem. A failure prints the request; the seed makes it repeatable.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::random::{NASTY, Random};
use crate::reached::REACHED;
use crate::{Answer, Api, ITEM, WEAK, id};

const REQUESTS: usize = 10_000;
const SEED: u64 = 20_261_122;

/// Collections whose documents are remembered, so that deep paths are reached.
const KEPT: [&str; 3] = ["jobs", "sets", "stories"];

struct Fuzz {
    random: Random,
    document: Value,
    /// Ids that exist, so that deep paths are reached.
    attempts: Vec<String>,
    questions: Vec<String>,
    /// Loops with the position that each was last seen at.
    loops: Vec<(String, Value)>,
    /// Documents by their collection.
    kept: BTreeMap<&'static str, Vec<String>>,
    /// Paths of overrides that were made.
    overridden: Vec<String>,
}

impl Fuzz {
    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => self
                .document
                .pointer(&reference[1..])
                .unwrap_or_else(|| panic!("{reference}")),
            None => schema,
        }
    }

    /// A value as the schema describes it.
    fn value(&mut self, schema: &Value, depth: usize) -> Value {
        let schema = self.resolve(schema).clone();
        if let Some(values) = schema["enum"].as_array() {
            return self.random.pick(values).clone();
        }
        for combined in ["oneOf", "anyOf"] {
            if let Some(variants) = schema[combined].as_array() {
                let variant = self.random.pick(variants).clone();
                return self.value(&variant, depth);
            }
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => self.random.pick(kinds).as_str().unwrap_or("null").to_owned(),
            kind => kind.as_str().unwrap_or("object").to_owned(),
        };
        match kind.as_str() {
            "null" => Value::Null,
            "boolean" => json!(self.random.one_in(2)),
            "integer" => {
                let minimum = schema["minimum"].as_i64().unwrap_or(-1000);
                let maximum = schema["maximum"].as_i64().unwrap_or(1000).max(minimum);
                json!(minimum + (self.random.next() % (maximum - minimum + 1).unsigned_abs()) as i64)
            }
            "number" => json!((self.random.below(20_000) as f64 - 10_000.0) / 7.0),
            "string" => json!(self.text(&schema)),
            "array" => {
                let most = schema["maxItems"].as_u64().unwrap_or(4).min(5) as usize;
                json!(
                    (0..self.random.below(most + 1))
                        .map(|_| self.value(&schema["items"], depth + 1))
                        .collect::<Vec<_>>()
                )
            }
            _ => self.object(&schema, depth),
        }
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut object = Map::new();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if required.contains(&name.as_str()) || (depth < 4 && self.random.one_in(3)) {
                object.insert(name.clone(), self.named(name, property, depth + 1));
            }
        }
        Value::Object(object)
    }

    /// Values that mean something here, more often than not.
    fn named(&mut self, name: &str, schema: &Value, depth: usize) -> Value {
        match name {
            "item" if !self.random.one_in(4) => json!(ITEM),
            "role" if !self.random.one_in(4) => json!("backend"),
            "job" if schema["$ref"].is_null() && self.random.one_in(2) => {
                json!(self.kept_id("/jobs/{id}"))
            }
            "preset" if !self.random.one_in(4) => json!("system-design"),
            "previous" if !self.random.one_in(3) => json!(self.random.pick(&self.attempts).clone()),
            "question" if !self.random.one_in(3) => json!(self.random.pick(&self.questions).clone()),
            "text" if self.random.one_in(2) => json!(WEAK),
            _ => self.value(schema, depth),
        }
    }

    fn text(&mut self, schema: &Value) -> String {
        let most = schema["maxLength"].as_u64().unwrap_or(40).min(300) as usize;
        let pattern = schema["pattern"].as_str().unwrap_or_default();
        if pattern.starts_with("^[0-7]") {
            return (0..26)
                .map(|at| {
                    if at == 0 {
                        '0'
                    } else {
                        *self.random.pick(&['0', '7', 'A', 'Z'])
                    }
                })
                .collect();
        }
        let alphabet: Vec<char> = if pattern.is_empty() {
            "aZ9 -_.é中\n\"\\/".chars().collect()
        } else {
            "abc019".chars().collect()
        };
        (0..1 + self.random.below(most))
            .map(|_| *self.random.pick(&alphabet))
            .collect()
    }

    /// Breaks a value somewhere.
    fn mutate(&mut self, value: &mut Value) {
        match value {
            Value::Object(object) if !object.is_empty() && !self.random.one_in(3) => {
                let keys: Vec<String> = object.keys().cloned().collect();
                let key = self.random.pick(&keys).clone();
                match self.random.below(4) {
                    0 => drop(object.remove(&key)),
                    1 => drop(object.insert(format!("{key}x"), json!(1))),
                    _ => self.mutate(&mut object[&key]),
                }
            }
            Value::Array(items) if !items.is_empty() && self.random.one_in(2) => {
                let at = self.random.below(items.len());
                self.mutate(&mut items[at]);
            }
            value => {
                *value = match self.random.below(7) {
                    0 => Value::Null,
                    1 => json!(*self.random.pick(&[0_i64, -1, i64::MAX, i64::MIN])),
                    2 => json!(1.5e300),
                    3 => json!([[[[]]]]),
                    4 => json!({}),
                    5 => json!("x".repeat(70_000)),
                    _ => json!(*self.random.pick(&NASTY)),
                };
            }
        }
    }

    fn path(&mut self, template: &str) -> String {
        let mut path = template.to_owned();
        let group: &str = self
            .random
            .pick::<&str>(&["coverage", "coverage", "structure", "looks"]);
        let criterion: &str = self.random.pick::<&str>(&["jitter", "stale", "no-such", "%00"]);
        path = path.replace("{group}", group).replace("{criterion}", criterion);
        for (name, known) in [("{id}", true), ("{item}", false)] {
            if !path.contains(name) {
                continue;
            }
            let attempt = known && path.contains("attempts");
            let value = match self.random.below(5) {
                0 => escape(self.random.pick::<&str>(&NASTY)),
                1 => "no-such-thing".to_owned(),
                _ if attempt => self.random.pick(&self.attempts).clone(),
                _ if path.contains("/loops/") && !self.loops.is_empty() => {
                    self.random.pick(&self.loops).0.clone()
                }
                _ if path.contains("/cards/") => format!("{ITEM}.{criterion}"),
                _ => self.kept_id(&path).unwrap_or(ITEM.to_owned()),
            };
            path = path.replace(name, &value);
        }
        path
    }

    /// A document of the collection that a path leads into.
    fn kept_id(&mut self, path: &str) -> Option<String> {
        let of = KEPT
            .into_iter()
            .find(|of| path.contains(&format!("/{of}/{{id}}")))?;
        let ids = self.kept.get(of).filter(|ids| !ids.is_empty())?;
        Some(self.random.pick(ids).clone())
    }

    fn query(&mut self, operation: &Value) -> String {
        let mut pairs = Vec::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            if parameter["in"] == "query" && self.random.one_in(3) {
                let name = parameter["name"].as_str().unwrap();
                let mut value = match self.value(&parameter["schema"], 0) {
                    Value::String(text) => text,
                    value => value.to_string(),
                };
                if self.random.one_in(4) {
                    value = (*self.random.pick(&NASTY)).to_owned();
                }
                pairs.push(format!("{name}={}", escape(&value)));
            }
        }
        if self.random.one_in(20) {
            pairs.push("surprise=1".to_owned());
        }
        if pairs.is_empty() {
            String::new()
        } else {
            format!("?{}", pairs.join("&"))
        }
    }
}

fn escape(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
    text.bytes()
        .map(|b| {
            if plain(b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

fn check(request: &str, operation: &Value, answer: &Answer) {
    let status = answer.status.as_u16();
    let told = || {
        format!(
            "{request}\n-> {status} {}",
            String::from_utf8_lossy(&answer.bytes)
        )
    };
    assert!(status < 500, "{}", told());
    assert!(
        operation["responses"].get(status.to_string()).is_some(),
        "undocumented: {}",
        told()
    );
    if status >= 400 {
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{}",
            told()
        );
        let body = answer.json();
        assert_eq!(body["status"], status, "{}", told());
        assert!(
            body["code"].is_string() && body["detail"].is_string(),
            "{}",
            told()
        );
    }
}

/// A request to send.
struct Made {
    method: String,
    template: String,
    operation: Value,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Fuzz {
    fn new(attempt: &Value) -> Self {
        let document: Value = serde_json::from_str(&server::document()).unwrap();
        let questions = vec![attempt["question"]["id"].as_str().unwrap().to_owned()];
        Self {
            random: Random(SEED),
            document,
            attempts: vec![id(attempt).to_owned()],
            questions,
            loops: Vec::new(),
            kept: BTreeMap::new(),
            overridden: Vec::new(),
        }
    }

    /// Every operation of the document but streams, which do not end and have a test of their own.
    fn operations(&self) -> Vec<(String, String, Value)> {
        let mut operations = Vec::new();
        for (path, item) in self.document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if !(method == "get" && path.ends_with("/events")) {
                    operations.push((method.to_uppercase(), path.clone(), operation.clone()));
                }
            }
        }
        operations
    }

    fn request(&mut self, operations: &[(String, String, Value)]) -> Made {
        let (method, template, operation) = self.random.pick(operations).clone();
        let mut path = self.path(&template) + &self.query(&operation);
        // A random criterion seldom has an override to withdraw.
        if method == "DELETE"
            && template.contains("/overrides/")
            && self.random.one_in(2)
            && let Some(made) = self.overridden.pop()
        {
            path = made;
        }
        let mut made = Made {
            method,
            template,
            operation,
            path,
            headers: Vec::new(),
            body: Vec::new(),
        };
        if self.random.one_in(4) {
            let key = *self.random.pick(&["k1", "k2", "k3", "not a key"]);
            made.headers.push(("idempotency-key", key.to_owned()));
        }
        if let Some(content) = made.operation["requestBody"]["content"].get("application/json") {
            let mut value = self.value(&content["schema"], 0);
            if self.random.one_in(2) {
                self.mutate(&mut value);
            }
            made.body = value.to_string().into_bytes();
            if self.random.one_in(15) {
                made.body.truncate(self.random.below(made.body.len() + 1));
            }
            self.fit(&mut made, &mut value);
            let kind = if self.random.one_in(30) {
                "text/plain"
            } else {
                "application/json"
            };
            made.headers.push(("content-type", kind.to_owned()));
        }
        made
    }

    /// Puts in what only a client that reads the answers knows: random values never hit it.
    fn fit(&mut self, made: &mut Made, value: &mut Value) {
        // A random reply never fits: now and then, one to the question that is pending.
        if made.template.ends_with("/replies") && !self.random.one_in(3) {
            made.path = made.template.replace("{id}", self.attempts.last().unwrap());
            made.body = json!({"question": self.questions.last(), "pass": true})
                .to_string()
                .into_bytes();
        }
        // An event after the last one that was seen of a loop.
        if made.template.ends_with("/events")
            && !self.random.one_in(3)
            && value["event"].is_object()
            && let Some((id, position)) = self.loops.last().cloned()
        {
            made.path = made.template.replace("{id}", &id);
            value["position"] = position;
            made.body = value.to_string().into_bytes();
        }
        // The same for what names a version or a place in a log.
        if ["/cards/", "/jobs/{id}", "/stories/{id}"]
            .iter()
            .any(|part| made.template.contains(part))
            && self.random.one_in(2)
        {
            if made.template.contains("/cards/") {
                made.path = made.template.replace("{id}", &format!("{ITEM}.jitter"));
            }
            let mut body: Value = serde_json::from_slice(&made.body).unwrap_or(Value::Null);
            let seen = if self.random.one_in(2) { 0 } else { 7 };
            for (name, value) in [
                ("version", json!(1)),
                ("seen", json!(seen)),
                ("date", json!("2026-11-22")),
            ] {
                if body.get(name).is_some() {
                    body[name] = value;
                }
            }
            if made.template.ends_with("/reviews") && seen == 0 {
                body = json!({"date": "2026-11-22", "elapsed_ms": 900, "seen": 0, "rating": "good"});
            }
            made.body = body.to_string().into_bytes();
        }
        // The first version of the newest job, as long as it is that.
        if made.method == "PUT"
            && made.template.ends_with("/jobs/{id}")
            && self.random.one_in(3)
            && let Some(job) = self.kept.get("jobs").and_then(|ids| ids.last())
        {
            made.path = made.template.replace("{id}", job);
            made.body = json!({"job": {"role": "backend", "level": "mid"}, "version": 1})
                .to_string()
                .into_bytes();
        }
        // Either a job or texts, which random values seldom give.
        if made.template.ends_with("/sets") && self.random.one_in(2) {
            made.body = json!({"inputs": {"role": "backend", "level": "mid"}})
                .to_string()
                .into_bytes();
        }
        // Not every one may go through, or nothing would live long enough to be asked for.
        if made.template.ends_with("/wipe") {
            let sure = self.random.one_in(20);
            let confirm = if sure { "delete everything" } else { "everything" };
            made.body = json!({"confirm": confirm}).to_string().into_bytes();
        }
        // The same for an override: one that can be made on the newest attempt.
        if made.template.contains("/overrides/") && self.random.one_in(3) {
            let newest = made.template.replace("{id}", self.attempts.last().unwrap());
            made.path = newest
                .replace("{group}", "coverage")
                .replace("{criterion}", "jitter");
            let status = *self.random.pick(&["met", "contradicted"]);
            made.body = json!({"status": status, "reason": "Words."})
                .to_string()
                .into_bytes();
        }
    }

    /// Remembers what was made, so that later requests can name it.
    fn learn(&mut self, made: &Made, answer: &Answer) {
        if made.template.contains("/overrides/") && answer.status == 201 {
            self.overridden.push(made.path.clone());
        }
        if made.method != "POST" || !answer.status.is_success() {
            return;
        }
        if made.template.contains("/loops") {
            let seen = answer.json();
            self.loops.push((id(&seen).to_owned(), seen["position"].clone()));
        }
        if made.template.ends_with("/wipe") {
            self.kept.clear();
        }
        if let Some(of) = KEPT.iter().find(|of| made.template.ends_with(&format!("/{of}"))) {
            let ids = self.kept.entry(of).or_default();
            ids.push(id(&answer.json()).to_owned());
        }
        if made.template.contains("/attempts") {
            let attempt = answer.json();
            self.attempts.push(id(&attempt).to_owned());
            self.questions
                .extend(attempt["question"]["id"].as_str().map(str::to_owned));
        }
    }
}

#[tokio::test]
async fn ten_thousand_requests_that_the_document_describes() {
    let api = Api::new().await;
    let mut fuzz = Fuzz::new(&api.attempt(WEAK).await);
    let operations = fuzz.operations();
    let mut seen: BTreeMap<(String, u16), usize> = BTreeMap::new();
    for _ in 0..REQUESTS {
        let made = fuzz.request(&operations);
        let headers: Vec<(&str, &str)> = made.headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answer = api
            .send(&made.method, &made.path, &headers, made.body.clone())
            .await;
        let body = String::from_utf8_lossy(&made.body);
        check(
            &format!("{} {} {headers:?}\n{body}", made.method, made.path),
            &made.operation,
            &answer,
        );
        fuzz.learn(&made, &answer);
        *seen
            .entry((
                format!("{} {}", made.method, made.template),
                answer.status.as_u16(),
            ))
            .or_default() += 1;
    }
    // The fuzz must reach behind the validation, or it proves nothing.
    for &(operation, status) in REACHED {
        assert!(
            seen.contains_key(&(operation.to_owned(), status)),
            "never: {operation} {status}\n{seen:#?}"
        );
    }
}
