// Looks an entry up and removes from the same map while it is still borrowed.
use std::collections::HashMap;
use std::sync::Mutex;

pub struct LruCache {
    capacity: usize,
    entries: Mutex<HashMap<String, (String, Option<i64>)>>,
}

impl LruCache {
    pub fn new(capacity: i64) -> Self {
        Self { capacity: capacity as usize, entries: Mutex::default() }
    }

    pub fn put(&self, now_ms: i64, key: &str, value: &str, ttl_ms: Option<i64>) {
        let end = ttl_ms.map(|ttl| now_ms + ttl);
        let mut entries = self.entries.lock().unwrap();
        if entries.len() < self.capacity {
            entries.insert(key.to_owned(), (value.to_owned(), end));
        }
    }

    pub fn get(&self, now_ms: i64, key: &str) -> Option<String> {
        let mut entries = self.entries.lock().unwrap();
        let (value, end) = entries.get(key)?;
        if end.is_some_and(|end| end <= now_ms) {
            entries.remove(key);
        }
        Some(value.clone())
    }

    pub fn delete(&self, _now_ms: i64, key: &str) -> bool {
        self.entries.lock().unwrap().remove(key).is_some()
    }

    pub fn size(&self, _now_ms: i64) -> i64 {
        self.entries.lock().unwrap().len() as i64
    }
}
