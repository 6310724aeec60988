use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Mutex;

pub struct LruCache {
    capacity: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    entries: HashMap<String, Entry>,
    /// Keys by the number of their last use: the first is the least recently used.
    by_use: BTreeMap<u64, String>,
    /// Keys of entries with a lifetime, the earliest end first.
    by_end: BTreeSet<(i64, String)>,
    uses: u64,
}

struct Entry {
    value: String,
    used: u64,
    end: Option<i64>,
}

impl LruCache {
    pub fn new(capacity: i64) -> Self {
        Self {
            capacity: capacity as usize,
            state: Mutex::default(),
        }
    }

    pub fn put(&self, now_ms: i64, key: &str, value: &str, ttl_ms: Option<i64>) {
        let mut state = self.state.lock().unwrap();
        state.drop_expired(now_ms);
        state.remove(key);
        if self.capacity == 0 || ttl_ms.is_some_and(|ttl| ttl <= 0) {
            return;
        }
        if state.entries.len() == self.capacity {
            let oldest = state.by_use.first_key_value().map(|(_, key)| key.clone());
            state.remove(&oldest.expect("a full cache has an oldest entry"));
        }
        let end = ttl_ms.map(|ttl| now_ms + ttl);
        if let Some(end) = end {
            state.by_end.insert((end, key.to_owned()));
        }
        let used = state.touch(key);
        let entry = Entry { value: value.to_owned(), used, end };
        state.entries.insert(key.to_owned(), entry);
    }

    pub fn get(&self, now_ms: i64, key: &str) -> Option<String> {
        let mut state = self.state.lock().unwrap();
        state.drop_expired(now_ms);
        let before = state.entries.get(key)?.used;
        state.by_use.remove(&before);
        let used = state.touch(key);
        let entry = state.entries.get_mut(key)?;
        entry.used = used;
        Some(entry.value.clone())
    }

    pub fn delete(&self, now_ms: i64, key: &str) -> bool {
        let mut state = self.state.lock().unwrap();
        state.drop_expired(now_ms);
        state.remove(key)
    }

    pub fn size(&self, now_ms: i64) -> i64 {
        let mut state = self.state.lock().unwrap();
        state.drop_expired(now_ms);
        state.entries.len() as i64
    }
}

impl State {
    fn drop_expired(&mut self, now_ms: i64) {
        while let Some((end, key)) = self.by_end.first().cloned() {
            if end > now_ms {
                break;
            }
            self.remove(&key);
        }
    }

    fn touch(&mut self, key: &str) -> u64 {
        self.uses += 1;
        self.by_use.insert(self.uses, key.to_owned());
        self.uses
    }

    fn remove(&mut self, key: &str) -> bool {
        let Some(entry) = self.entries.remove(key) else {
            return false;
        };
        self.by_use.remove(&entry.used);
        if let Some(end) = entry.end {
            self.by_end.remove(&(end, key.to_owned()));
        }
        true
    }
}
