//! The cache as the prompt tells it, and its broken variants.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Call;
use crate::history::{int, text};

/// What is broken in a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bug {
    GetDoesNotRefresh,
    PutDoesNotRefresh,
    OverwriteEvicts,
    OneTooMany,
    LivesOneLonger,
    ExpiredTakeRoom,
    LifetimeIsKept,
    GetExtends,
    SizeCountsExpired,
    DeletesExpired,
    EmptyIsMissing,
    ZeroIsForever,
}

/// Each broken variant with its slug and what is wrong with it.
pub(super) const BUGS: [(Bug, &str, &str); 12] = [
    (
        Bug::GetDoesNotRefresh,
        "get-does-not-refresh",
        "A hit does not count as a use: entries leave in the order they were put.",
    ),
    (
        Bug::PutDoesNotRefresh,
        "put-does-not-refresh",
        "Overwriting a key does not count as a use of it.",
    ),
    (
        Bug::OverwriteEvicts,
        "overwrite-evicts",
        "Overwriting a key in a full cache evicts another entry.",
    ),
    (
        Bug::OneTooMany,
        "one-too-many",
        "The cache holds one entry more than its capacity.",
    ),
    (
        Bug::LivesOneLonger,
        "lives-one-longer",
        "An entry is still there in the millisecond in which its lifetime is over.",
    ),
    (
        Bug::ExpiredTakeRoom,
        "expired-take-room",
        "Expired entries take up capacity, so that a live one is evicted.",
    ),
    (
        Bug::LifetimeIsKept,
        "lifetime-is-kept",
        "A put without a lifetime keeps the one of the value it replaces.",
    ),
    (
        Bug::GetExtends,
        "get-extends",
        "A hit starts the lifetime of the entry anew.",
    ),
    (
        Bug::SizeCountsExpired,
        "size-counts-expired",
        "The size counts entries whose lifetime is over.",
    ),
    (
        Bug::DeletesExpired,
        "deletes-expired",
        "Deleting an expired entry says that something was removed.",
    ),
    (
        Bug::EmptyIsMissing,
        "empty-is-missing",
        "An empty value is taken for no value.",
    ),
    (
        Bug::ZeroIsForever,
        "zero-is-forever",
        "A lifetime of 0 is taken for no lifetime, so that the entry stays.",
    ),
];

/// The cache. Ordered by what it holds, so that the search can remember states.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cache {
    bug: Option<Bug>,
    capacity: usize,
    entries: BTreeMap<String, Entry>,
    /// Keys by their last use.
    uses: BTreeMap<u64, String>,
    /// Keys by the end of their lifetime.
    ends: BTreeSet<(i64, String)>,
    clock: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    value: String,
    used: u64,
    end: Option<i64>,
    lifetime: Option<i64>,
}

impl Cache {
    pub(super) fn new(init: &[Value], bug: Option<Bug>) -> Self {
        let capacity = init.first().and_then(Value::as_u64).unwrap_or(0);
        let extra = u64::from(bug == Some(Bug::OneTooMany));
        Self {
            bug,
            capacity: usize::try_from(capacity + extra).unwrap_or(usize::MAX),
            entries: BTreeMap::new(),
            uses: BTreeMap::new(),
            ends: BTreeSet::new(),
            clock: 0,
        }
    }

    /// Makes a call and gives its answer.
    pub(super) fn answer(&mut self, call: &Call) -> Value {
        let now = int(call, 0);
        let key = text(call, 1);
        match call.op.as_str() {
            "put" => {
                let ttl = call.args.get(3).and_then(Value::as_i64);
                self.put(now, key, text(call, 2), ttl);
                Value::Null
            }
            "get" => self.get(now, key).map_or(Value::Null, Value::from),
            "delete" => Value::from(self.delete(now, key)),
            "size" => Value::from(self.size(now)),
            _ => Value::Null,
        }
    }

    /// The state with its uses numbered from 0, so that equal caches are equal states.
    pub(super) fn settled(mut self) -> Self {
        let keys: Vec<String> = std::mem::take(&mut self.uses).into_values().collect();
        for (used, key) in (0..).zip(&keys) {
            if let Some(entry) = self.entries.get_mut(key) {
                entry.used = used;
            }
        }
        self.clock = keys.len() as u64;
        self.uses = (0..).zip(keys).collect();
        self
    }

    fn put(&mut self, now: i64, key: &str, value: &str, ttl: Option<i64>) {
        if self.bug != Some(Bug::ExpiredTakeRoom) {
            self.drop_expired(now);
        }
        let ttl = ttl.filter(|&ttl| ttl > 0 || self.bug != Some(Bug::ZeroIsForever));
        let held = self.entries.len();
        let old = self.take(key);
        if ttl.is_some_and(|ttl| ttl <= 0) || self.capacity == 0 {
            return;
        }
        let evicts = old.is_none() || self.bug == Some(Bug::OverwriteEvicts);
        if evicts
            && held >= self.capacity
            && let Some(oldest) = self.uses.first_key_value().map(|(_, key)| key.clone())
        {
            self.take(&oldest);
        }
        let used = match &old {
            Some(old) if self.bug == Some(Bug::PutDoesNotRefresh) => old.used,
            _ => self.tick(),
        };
        let (lifetime, end) = match &old {
            Some(old) if self.bug == Some(Bug::LifetimeIsKept) && ttl.is_none() => (old.lifetime, old.end),
            _ => (ttl, ttl.map(|ttl| now.saturating_add(ttl))),
        };
        let entry = Entry {
            value: value.to_owned(),
            used,
            end,
            lifetime,
        };
        self.place(key, entry);
    }

    fn get(&mut self, now: i64, key: &str) -> Option<String> {
        if !self.is_live(now, key) {
            return None;
        }
        let mut entry = self.take(key)?;
        if self.bug != Some(Bug::GetDoesNotRefresh) {
            entry.used = self.tick();
        }
        if self.bug == Some(Bug::GetExtends) {
            entry.end = entry.lifetime.map(|ttl| now.saturating_add(ttl));
        }
        let value = entry.value.clone();
        self.place(key, entry);
        Some(value).filter(|value| !value.is_empty() || self.bug != Some(Bug::EmptyIsMissing))
    }

    fn delete(&mut self, now: i64, key: &str) -> bool {
        let live = self.is_live(now, key) || self.bug == Some(Bug::DeletesExpired);
        live && self.take(key).is_some()
    }

    fn size(&mut self, now: i64) -> usize {
        match self.bug {
            Some(Bug::SizeCountsExpired) => self.entries.len(),
            // This variant shows only while what is expired is held.
            Some(Bug::ExpiredTakeRoom | Bug::DeletesExpired) => {
                let live = self.entries.keys().filter(|key| self.is_live(now, key));
                live.count()
            }
            _ => {
                self.drop_expired(now);
                self.entries.len()
            }
        }
    }

    fn is_live(&self, now: i64, key: &str) -> bool {
        let entry = self.entries.get(key);
        entry.is_some_and(|entry| entry.end.is_none_or(|end| self.lives(now, end)))
    }

    fn lives(&self, now: i64, end: i64) -> bool {
        now < end || now == end && self.bug == Some(Bug::LivesOneLonger)
    }

    fn drop_expired(&mut self, now: i64) {
        while let Some((end, key)) = self.ends.first().cloned()
            && !self.lives(now, end)
        {
            self.take(&key);
        }
    }

    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    fn take(&mut self, key: &str) -> Option<Entry> {
        let entry = self.entries.remove(key)?;
        self.uses.remove(&entry.used);
        if let Some(end) = entry.end {
            self.ends.remove(&(end, key.to_owned()));
        }
        Some(entry)
    }

    fn place(&mut self, key: &str, entry: Entry) {
        self.uses.insert(entry.used, key.to_owned());
        if let Some(end) = entry.end {
            self.ends.insert((end, key.to_owned()));
        }
        self.entries.insert(key.to_owned(), entry);
    }
}
