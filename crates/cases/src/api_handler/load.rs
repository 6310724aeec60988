//! Histories that are too long for a search: what every order of the requests keeps.

use std::collections::{BTreeMap, BTreeSet};

use super::message::{Request, Response};
use super::model::MAX_NOTES;
use super::{request, response};
use crate::history::{Asked, mismatch};
use crate::{Mismatch, Timed};

/// What is known of the requests so far.
#[derive(Default)]
struct Seen {
    /// The path of the note that was made under a user and a key.
    made: BTreeMap<(String, String), String>,
    /// Users and keys that were refused for the quota.
    refused: BTreeSet<(String, String)>,
    /// The notes of each user.
    owned: BTreeMap<String, BTreeSet<String>>,
    /// By note and the version it has after a replacement: the text.
    texts: BTreeMap<String, BTreeMap<u64, String>>,
}

/// Checks requests with keys, replacements by tag, and the reads after them. Nothing is deleted in between.
pub(super) fn check(history: &[Timed<Asked<'_>>], rule: &str) -> Result<(), Box<Mismatch>> {
    let mut seen = Seen::default();
    for Timed { call: asked, .. } in history {
        let Some(got) = asked.reply.and_then(response) else {
            return Ok(());
        };
        let asks = request(asked);
        let right = match asks.method.as_str() {
            "POST" => seen.made(&asks, &got),
            "PUT" => seen.replaced(&asks, &got),
            _ if asks.path == "/notes" => seen.listed(&asks, &got),
            _ => seen.read(&asks, &got),
        };
        right.map_err(|expected| mismatch(asked, expected, rule))?;
    }
    Ok(())
}

impl Seen {
    fn made(&mut self, asks: &Request, got: &Response) -> Result<(), String> {
        let owned = self.owned.entry(asks.user.clone()).or_default();
        let key = asks
            .headers
            .get("Idempotency-Key")
            .map(|key| (asks.user.clone(), key.clone()));
        let known = key.as_ref().and_then(|key| self.made.get(key));
        let location = header(got, "location");
        match (got.status, location, known) {
            (201, Some(path), Some(known)) if *known == path => Ok(()),
            (201 | 409, _, Some(known)) => {
                Err(format!("201 with Location {known}, as before under this key"))
            }
            (201, Some(path), None) => {
                let refused = key.as_ref().is_some_and(|key| self.refused.contains(key));
                if refused {
                    return Err("409, as before: the owner has 10 notes, and none was deleted".to_owned());
                }
                if !owned.insert(path.clone()) {
                    return Err("a Location of its own: another request made this note".to_owned());
                }
                if owned.len() > MAX_NOTES {
                    return Err(format!("409: the owner has {MAX_NOTES} notes already"));
                }
                self.made.extend(key.map(|key| (key, path)));
                Ok(())
            }
            (409, ..) => {
                self.refused.extend(key);
                Ok(())
            }
            _ => Err("201 with Location, or 409 once the quota is full".to_owned()),
        }
    }

    fn replaced(&mut self, asks: &Request, got: &Response) -> Result<(), String> {
        let version = asks
            .headers
            .get("If-Match")
            .and_then(|tag| tag.trim_matches('"').parse::<u64>().ok());
        let next = version.unwrap_or_default() + 1;
        match got.status {
            412 => Ok(()),
            204 if header(got, "etag") == Some(format!("\"{next}\"")) => {
                let texts = self.texts.entry(asks.path.clone()).or_default();
                match texts.insert(next, asks.body.clone()) {
                    None => Ok(()),
                    Some(_) => Err(format!("412: another request has replaced version {}", next - 1)),
                }
            }
            _ => Err(format!("204 with ETag \"{next}\", or 412")),
        }
    }

    fn listed(&self, asks: &Request, got: &Response) -> Result<(), String> {
        let listed: BTreeSet<String> = got.body.lines().map(|id| format!("/notes/{id}")).collect();
        let owned = self.owned.get(&asks.user).cloned().unwrap_or_default();
        let asked_for = self
            .made
            .keys()
            .chain(&self.refused)
            .filter(|(user, _)| *user == asks.user)
            .count();
        let full = owned.len() == asked_for.min(MAX_NOTES);
        if listed == owned && listed.len() == got.body.lines().count() && full {
            return Ok(());
        }
        Err(format!(
            "{} notes, those that the answers before named",
            asked_for.min(MAX_NOTES)
        ))
    }

    fn read(&self, asks: &Request, got: &Response) -> Result<(), String> {
        let Some(texts) = self.texts.get(&asks.path) else {
            return Err("a version that was replaced: one request for it had to succeed".to_owned());
        };
        let Some((version, text)) = texts.last_key_value() else {
            return Ok(());
        };
        if texts.len() as u64 != version - 1 {
            return Err("every version to follow from the one before".to_owned());
        }
        if got.status == 200 && got.body == *text && header(got, "etag") == Some(format!("\"{version}\"")) {
            return Ok(());
        }
        Err(format!("version \"{version}\" with the text that made it"))
    }
}

fn header(response: &Response, name: &str) -> Option<String> {
    let found = response
        .headers
        .iter()
        .find(|(given, _)| given.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.clone())
}
