//! What must hold of long histories of threads, whose orders are too many to search. Each check needs no more
//! than the intervals of the calls.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::history::{Asked, mismatch, text};
use crate::{Mismatch, Reply, Timed};

type Calls<'a> = [Timed<Asked<'a>>];

/// The cases that come here have one time and no lifetime that ends in it, so that entries leave by eviction
/// and by delete alone.
pub(super) fn check(calls: &Calls<'_>, init: &[Value]) -> Result<(), Box<Mismatch>> {
    let capacity = init.first().and_then(Value::as_u64).unwrap_or(0);
    let by_key = by_key(calls);
    let evicts = by_key.len() as u64 > capacity;
    for of_key in by_key.values() {
        hits_are_of_the_key(of_key)?;
        hits_are_the_last_of_their_writer(of_key)?;
        deletes_happen_once(of_key, evicts)?;
        if !evicts {
            nothing_is_lost(of_key)?;
        }
    }
    let deleted = calls.iter().any(|timed| timed.call.call.op == "delete");
    let wanted = capacity.min(by_key.len() as u64);
    if deleted {
        Ok(())
    } else {
        all_room_is_used(calls, wanted)
    }
}

fn by_key<'a>(calls: &Calls<'a>) -> BTreeMap<&'a str, Vec<Timed<Asked<'a>>>> {
    let mut by_key: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for timed in calls.iter().filter(|timed| timed.call.call.op != "size") {
        by_key.entry(text(timed.call.call, 1)).or_default().push(*timed);
    }
    by_key
}

fn is<'a>(op: &str) -> impl Fn(&&Timed<Asked<'a>>) -> bool {
    move |timed| timed.call.call.op == op
}

/// The text that a get found.
fn found<'a>(timed: &Timed<Asked<'a>>) -> Option<&'a Value> {
    match timed.call.reply {
        Some(Reply::Ok(value)) if !value.is_null() => Some(value),
        _ => None,
    }
}

fn ended(timed: &Timed<Asked<'_>>) -> u64 {
    timed.ended.unwrap_or(u64::MAX)
}

fn hits_are_of_the_key(calls: &Calls<'_>) -> Result<(), Box<Mismatch>> {
    for get in calls.iter().filter(is("get")) {
        let Some(value) = found(get) else { continue };
        let mut puts = calls.iter().filter(is("put"));
        if !puts.any(|put| put.began <= ended(get) && value == text(put.call.call, 2)) {
            let expected = "null, or a value that was put under the key".to_owned();
            return Err(mismatch(
                &get.call,
                expected,
                "A hit gives a value that was put under its key.",
            ));
        }
    }
    Ok(())
}

/// Where one client alone writes a key, nobody may see an older value after a newer one was put.
fn hits_are_the_last_of_their_writer(calls: &Calls<'_>) -> Result<(), Box<Mismatch>> {
    let writers: BTreeSet<u32> = calls.iter().filter(is("put")).map(|put| put.client).collect();
    if writers.len() != 1 {
        return Ok(());
    }
    for get in calls.iter().filter(is("get")) {
        let Some(value) = found(get) else { continue };
        let before = calls
            .iter()
            .filter(is("put"))
            .filter(|put| ended(put) < get.began);
        let Some(last) = before.max_by_key(|put| ended(put)) else {
            continue;
        };
        let mut later = calls
            .iter()
            .filter(is("put"))
            .filter(|put| ended(put) >= get.began);
        let last = text(last.call.call, 2);
        if value != last && !later.any(|put| value == text(put.call.call, 2)) {
            let expected = format!("null or {}, which was put last", Value::from(last));
            return Err(mismatch(
                &get.call,
                expected,
                "A get that begins after a put has ended does not see what the put replaced.",
            ));
        }
    }
    Ok(())
}

/// The cases put each key that is deleted once, before.
fn deletes_happen_once(calls: &Calls<'_>, evicts: bool) -> Result<(), Box<Mismatch>> {
    let rule = "Of several deletes of one entry exactly one removes it.";
    let removed = |timed: &&Timed<Asked<'_>>| timed.call.reply == Some(&Reply::Ok(Value::Bool(true)));
    let deletes: Vec<_> = calls.iter().filter(is("delete")).collect();
    let puts = calls.iter().filter(is("put")).count();
    let mut successes = deletes.iter().copied().filter(removed).skip(puts);
    if let Some(second) = successes.next() {
        let expected = "false: the entry was removed by another call".to_owned();
        return Err(mismatch(&second.call, expected, rule));
    }
    let answered = deletes.iter().all(|delete| delete.ended.is_some());
    match deletes.last() {
        Some(last) if puts == 1 && !evicts && answered && !deletes.iter().copied().any(|d| removed(&d)) => {
            let expected = "true of exactly one delete of the entry".to_owned();
            Err(mismatch(&last.call, expected, rule))
        }
        _ => Ok(()),
    }
}

fn nothing_is_lost(calls: &Calls<'_>) -> Result<(), Box<Mismatch>> {
    if calls.iter().any(|timed| timed.call.call.op == "delete") {
        return Ok(());
    }
    for get in calls.iter().filter(is("get")).filter(|get| get.ended.is_some()) {
        let mut puts = calls.iter().filter(is("put"));
        if found(get).is_none() && puts.any(|put| ended(put) < get.began) {
            let expected = "the value that was put".to_owned();
            return Err(mismatch(
                &get.call,
                expected,
                "While there is room no entry is lost.",
            ));
        }
    }
    Ok(())
}

/// After the threads have ended, what the size says and what is found are as many as fit.
fn all_room_is_used(calls: &Calls<'_>, wanted: u64) -> Result<(), Box<Mismatch>> {
    let last_put = calls.iter().filter(is("put")).map(ended).max().unwrap_or(0);
    let quiet = || {
        calls
            .iter()
            .filter(|timed| timed.began > last_put && timed.ended.is_some())
    };
    let puts_at = calls.iter().filter(is("put")).map(|put| put.call.step).max();
    let audit = |timed: &&Timed<Asked<'_>>| Some(timed.call.step) > puts_at;
    let rule = "After the threads have ended, exactly as many entries are there as fit.";
    for size in quiet().filter(audit).filter(is("size")) {
        if size.call.reply != Some(&Reply::Ok(Value::from(wanted))) {
            return Err(mismatch(&size.call, wanted.to_string(), rule));
        }
    }
    let gets: Vec<_> = quiet().filter(audit).filter(is("get")).collect();
    let keys: BTreeSet<_> = gets.iter().map(|get| text(get.call.call, 1)).collect();
    let all = by_key(calls).len();
    let hits = gets.iter().filter(|get| found(get).is_some()).count() as u64;
    match gets.last() {
        Some(last) if keys.len() == all && gets.len() == all && hits != wanted => {
            let expected = format!("{wanted} of these gets find something, not {hits}");
            Err(mismatch(&last.call, expected, rule))
        }
        _ => Ok(()),
    }
}
