//! Requests and responses as data.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// A request as the model sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    /// With the query.
    pub(super) path: String,
    /// Who asks, known to be so. Empty for nobody.
    pub(super) user: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
}

/// A response. Only the headers that the prompt names.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Response {
    pub(super) status: i64,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
}

/// Headers that say something wrong where the prompt does not ask for them.
const STATED: [&str; 3] = ["allow", "etag", "location"];

impl Request {
    pub(super) fn new(user: &str, method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            user: user.to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(super) fn body(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    /// Reads a request; what it does not say is empty.
    pub(super) fn of(value: &Value) -> Self {
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Self {
            method: text("method"),
            path: text("path"),
            user: text("user"),
            headers: texts(&value["headers"]),
            body: text("body"),
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "method": self.method, "path": self.path, "user": self.user,
            "headers": self.headers, "body": self.body,
        })
    }

    /// Without what is empty and need not be written: shorter to read.
    pub(super) fn brief(&self) -> Value {
        let mut value = self.json();
        if let Value::Object(fields) = &mut value {
            let needed = |name: &str| matches!(name, "method" | "path");
            fields.retain(|name, field| needed(name) || (*field != json!("") && *field != json!({})));
        }
        value
    }
}

impl Response {
    pub(super) fn of(status: i64) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Reads what a program answered; nothing where that is no response.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let body = value["body"].as_str()?.to_owned();
        let headers = value["headers"].as_object()?;
        if !headers.values().all(Value::is_string) {
            return None;
        }
        let status = value["status"].as_i64()?;
        Some(Self {
            status,
            headers: texts(&value["headers"]),
            body,
        })
    }

    pub(super) fn json(&self) -> Value {
        json!({"status": self.status, "headers": self.headers, "body": self.body})
    }

    /// Whether `got` says the same: names of headers in any spelling, methods of `Allow` in any order, and
    /// headers that the prompt does not name are free.
    pub(super) fn agrees(&self, got: &Self) -> bool {
        let (right, given) = (named(&self.headers), named(&got.headers));
        let said = right.iter().all(|(name, value)| given.get(name) == Some(value));
        let silent = STATED
            .iter()
            .all(|name| right.contains_key(*name) || !given.contains_key(*name));
        self.status == got.status && self.body == got.body && said && silent
    }
}

/// Headers by name in lower case; the methods of `Allow` sorted.
fn named(headers: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let one = |(name, value): (&String, &String)| {
        let name = name.to_ascii_lowercase();
        if name != "allow" {
            return (name, value.clone());
        }
        let mut methods: Vec<&str> = value.split(',').map(str::trim).collect();
        methods.sort_unstable();
        (name, methods.join(", "))
    };
    headers.iter().map(one).collect()
}

fn texts(value: &Value) -> BTreeMap<String, String> {
    let none = Map::new();
    let fields = value.as_object().unwrap_or(&none);
    fields
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}
