//! The store over real files.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod concurrency;
mod documents;
mod erasure;
mod opening;
mod overrides;
mod paging;
mod readings;
mod story;
mod waiting;

use domain::{
    Attempt, AttemptId, AttemptState, Criterion, Evidence, Group, GroupId, ItemId, KeptReading,
    READING_FORMAT, Reading, Reply, ReplyBody, Round, Scorecard, Status, Submission, reading,
};
use store::{Added, Key, NewAttempt, NewReply, Seen, Source, Standing, Store};

const SOURCE: Source<'static> = Source {
    text: "# An item",
    lexicon: "client = []",
};

/// A fixed instant: 2026-11-22 12:00 UTC.
const NOON_US: i64 = 1_795_348_800_000_000;

fn item(id: &str) -> ItemId {
    id.parse().unwrap()
}

/// The `n`-th attempt of the test, one second after the other.
fn attempt(item_id: &str, n: i64, text: &str) -> Attempt {
    let created_at_us = NOON_US + n * 1_000_000;
    Attempt {
        id: AttemptId::new(
            u64::try_from(created_at_us / 1000).unwrap(),
            u128::try_from(n).unwrap(),
        ),
        item: item(item_id),
        revision: "b3:one".to_owned(),
        state: AttemptState::Scored,
        void_reason: None,
        created_at_us,
        elapsed_ms: Some(90_000),
        previous: None,
        submission: Submission::Text {
            text: text.to_owned(),
        },
        scorecard: Some(card(item_id, text, 2.0)),
        replies: Vec::new(),
        overrides: Vec::new(),
        readings: Vec::new(),
    }
}

/// A scorecard of one fact worth 4 points, `points` of them earned by the whole text.
fn card(item_id: &str, text: &str, points: f64) -> Scorecard {
    let criterion = Criterion {
        id: "shared-store".to_owned(),
        title: "State is shared".to_owned(),
        points,
        out_of: 4.0,
        status: Status::Partial,
        why: "says so".to_owned(),
        evidence: vec![Evidence::Span {
            start: 0,
            end: text.len(),
            text: text.to_owned(),
        }],
        tip: String::new(),
        must: true,
    };
    Scorecard {
        format: domain::SCORECARD_FORMAT,
        item: item_id.to_owned(),
        round: Round::Answer,
        revision: "b3:one".to_owned(),
        scorer: "answer/1".to_owned(),
        seed: 7,
        verdict: None,
        groups: vec![Group {
            id: GroupId::Coverage,
            title: "Coverage".to_owned(),
            weight: 60,
            assessed: true,
            criteria: vec![criterion],
            interval: None,
        }],
        next: None,
        probe: None,
        notes: Vec::new(),
    }
}

fn key(key: &str, hash: &str) -> Key {
    Key {
        key: key.to_owned(),
        request_hash: hash.to_owned(),
    }
}

async fn add(store: &Store, attempt: &Attempt, key: Option<&Key>) -> Added {
    store
        .add_attempt(NewAttempt {
            attempt,
            source: SOURCE,
            key,
            seed: 0,
        })
        .await
        .unwrap()
}

/// A reading that says this of the one fact of [`card`].
fn kept(why: &str) -> KeptReading {
    let verdict = reading::Verdict {
        fact: "shared-store".to_owned(),
        finding: reading::Finding::Missing,
        quote: None,
        why: why.to_owned(),
    };
    KeptReading {
        fingerprint: "f".repeat(64),
        sent_to: "http://127.0.0.1:11434".to_owned(),
        asked_at_us: NOON_US,
        withheld: vec![0..2, 4..6],
        reading: Reading {
            format: READING_FORMAT,
            model: "small-model".to_owned(),
            prompt: "reader/1".to_owned(),
            verdicts: vec![verdict],
            dropped: Vec::new(),
        },
    }
}

fn choice(option: u32) -> Reply {
    Reply {
        question: "shared-store".to_owned(),
        body: ReplyBody::Choice(option),
    }
}

async fn reply(store: &Store, attempt: &Attempt, position: u32, key: Option<&Key>) -> Added {
    let standing = Standing::of(
        &card(attempt.item.as_str(), attempt.submission.text(), 3.0),
        None,
        &attempt.overrides,
    );
    let new = NewReply {
        attempt: &attempt.id,
        seen: Seen {
            replies: position,
            ..Seen::of(attempt)
        },
        reply: &choice(position),
        standing: &standing,
        key,
        now_us: NOON_US,
    };
    store.add_reply(new).await.unwrap()
}
