use std::collections::HashMap;
use std::sync::Mutex;

#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub job_id: String,
    pub attempts: i64,
    pub note: Option<String>,
    pub tags: Vec<String>,
}

type Values = HashMap<String, i64>;

pub struct Shelf {
    values: Mutex<Values>,
}

impl Shelf {
    pub fn new(capacity: i64) -> Self {
        assert!(capacity >= 1, "capacity must be positive");
        Self { values: Mutex::new(Values::new()) }
    }

    pub fn put(&self, key: &str, value: i64) {
        self.values.lock().unwrap().insert(key.to_owned(), value);
    }

    pub fn get(&self, key: &str) -> Option<i64> {
        self.values.lock().unwrap().get(key).copied()
    }

    pub fn add(&self, key: &str, by: i64) -> i64 {
        let mut values = self.values.lock().unwrap();
        let value = values.entry(key.to_owned()).or_default();
        *value += by;
        *value
    }

    pub fn wait_for(&self, key: &str) -> i64 {
        loop {
            if let Some(value) = self.get(key) {
                return value;
            }
            std::thread::yield_now();
        }
    }

    pub fn echo_int(&self, value: i64) -> i64 {
        value
    }

    pub fn halve(&self, value: f64) -> f64 {
        value / 2.0
    }

    pub fn join(&self, parts: Vec<String>) -> String {
        parts.concat()
    }

    pub fn maybe(&self, value: Option<i64>, flag: bool) -> Vec<Option<i64>> {
        if flag { vec![value, value] } else { Vec::new() }
    }

    pub fn counts(&self, words: Vec<String>) -> HashMap<String, i64> {
        let mut counts = HashMap::new();
        for word in words {
            *counts.entry(word).or_default() += 1;
        }
        counts
    }

    pub fn move_job(&self, mut job: Job) -> Option<Job> {
        job.attempts += 1;
        (!job.job_id.is_empty()).then_some(job)
    }

    pub fn all_jobs(&self, jobs: HashMap<String, Job>) -> Vec<Job> {
        let mut jobs: Vec<(String, crate::Job)> = jobs.into_iter().collect();
        jobs.sort_by(|a, b| a.0.cmp(&b.0));
        jobs.into_iter().map(|(_, job)| job).collect()
    }

    pub fn fail(&self, text: &str) {
        panic!("{text}")
    }

    pub fn log(&self, text: &str) -> bool {
        println!("{text}");
        true
    }

    pub fn ratio(&self, a: f64, b: f64) -> f64 {
        a / b
    }
}
