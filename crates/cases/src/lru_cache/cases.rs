//! Generated cases of the cache: each shows one rule of the prompt.

use domain::GroupId;
use serde_json::{Value, json};

use super::{crossing, examples};
use crate::{Call, Case, Script, Seed, Step, Wanted};

/// A kind of case: its slug, its rule, and what makes one.
type Kind = (&'static str, &'static str, fn(&mut Seed) -> Story);

const BEHAVIOUR: [Kind; 9] = [
    (
        "evicts",
        "When a new key does not fit, the entry that was used least recently leaves.",
        |seed| {
            mixed(
                seed,
                &Mix {
                    put: 80,
                    get: 20,
                    ..Mix::default()
                },
            )
        },
    ),
    (
        "hits",
        "A hit makes its entry the most recently used; a miss changes nothing.",
        |seed| {
            mixed(
                seed,
                &Mix {
                    put: 40,
                    get: 60,
                    ..Mix::default()
                },
            )
        },
    ),
    (
        "overwrites",
        "A put of a key that is there replaces its value, makes it the most recently used and evicts nobody.",
        |seed| {
            mixed(
                seed,
                &Mix {
                    put: 75,
                    get: 25,
                    spare: 1,
                    ..Mix::default()
                },
            )
        },
    ),
    (
        "lifetimes",
        "An entry put at p with a lifetime of t is there while now_ms < p + t, and gone from then on.",
        |seed| {
            mixed(
                seed,
                &Mix {
                    put: 40,
                    get: 60,
                    lifetimes: 80,
                    capacity: 8,
                    spare: 0,
                    ..Mix::default()
                },
            )
        },
    ),
    (
        "new-lifetimes",
        "Each put sets the lifetime anew, to none where it gives none; a hit does not prolong it.",
        |seed| {
            mixed(
                seed,
                &Mix {
                    put: 50,
                    get: 50,
                    lifetimes: 60,
                    capacity: 6,
                    spare: 0,
                    ..Mix::default()
                },
            )
        },
    ),
    (
        "room",
        "An expired entry takes no room: nobody is evicted while fewer than capacity entries are live.",
        |seed| {
            mixed(
                seed,
                &Mix {
                    put: 65,
                    get: 35,
                    lifetimes: 40,
                    spare: 3,
                    ..Mix::default()
                },
            )
        },
    ),
    (
        "deletes",
        "A delete removes the entry and says whether a live one was there.",
        |seed| {
            mixed(
                seed,
                &Mix {
                    put: 45,
                    get: 20,
                    delete: 35,
                    lifetimes: 30,
                    ..Mix::default()
                },
            )
        },
    ),
    ("sizes", "The size is the number of live entries.", |seed| {
        mixed(
            seed,
            &Mix {
                put: 45,
                get: 10,
                delete: 10,
                size: 35,
                lifetimes: 60,
                ..Mix::default()
            },
        )
    }),
    ("together", "All rules hold together.", |seed| {
        let long = Mix {
            put: 40,
            get: 40,
            delete: 10,
            size: 10,
            lifetimes: 40,
            calls: 120,
            ..Mix::default()
        };
        mixed(seed, &long)
    }),
];

const EDGES: [Kind; 6] = [
    (
        "room-for-one",
        "A cache of capacity 1 holds the last key that was put.",
        |seed| {
            mixed(
                seed,
                &Mix {
                    put: 50,
                    get: 40,
                    size: 10,
                    lifetimes: 20,
                    capacity: 1,
                    ..Mix::default()
                },
            )
        },
    ),
    (
        "no-room",
        "A cache of capacity 0 stores nothing and raises nothing.",
        |seed| {
            mixed(
                seed,
                &Mix {
                    put: 50,
                    get: 30,
                    delete: 10,
                    size: 10,
                    capacity: 0,
                    ..Mix::default()
                },
            )
        },
    ),
    (
        "no-lifetime",
        "A put with a lifetime of 0 or less stores nothing, evicts nobody and removes what was under its key.",
        no_lifetime,
    ),
    (
        "empty-texts",
        "The empty text is a key and a value like any other.",
        |seed| named(seed, &["", " ", "0", "null"], &["", "0", "false", "null"]),
    ),
    (
        "odd-keys",
        "Any text is a key, whatever it means to the language.",
        |seed| {
            let keys = [
                "__proto__",
                "constructor",
                "toString",
                "hasOwnProperty",
                "naïve",
                "naive",
                "键",
                "a\"b\\",
                "A",
                "a",
            ];
            named(seed, &keys, &["[object Object]", "undefined", "😀", "\n"])
        },
    ),
    (
        "far-times",
        "Times and lifetimes of many years count to the millisecond.",
        far_times,
    ),
];

const CONCURRENCY: [Kind; 5] = [
    (
        "all-kept",
        "Entries that several threads put at once are all kept while there is room.",
        crossing::all_kept,
    ),
    (
        "crowded",
        "Under many threads the cache never holds more than its capacity, loses no room, and gives each key only values that were put under it.",
        crossing::crowded,
    ),
    (
        "deleted-once",
        "Of several threads that delete the same entry at once, exactly one is told that it was there.",
        crossing::deleted_once,
    ),
    (
        "explained",
        "Calls at once answer as if they had been made one at a time, in some order.",
        crossing::explained,
    ),
    (
        "pipelined",
        "Calls of one client take effect in the order they were sent, whatever the other clients do.",
        crossing::pipelined,
    ),
];

/// The constructor's argument and what happens.
pub(super) struct Story {
    pub(super) capacity: u64,
    pub(super) steps: Vec<Step>,
}

pub(super) fn generate(wanted: Wanted) -> Vec<Case> {
    let kinds: &[Kind] = match wanted.group {
        GroupId::Examples => return examples::all(wanted.count),
        GroupId::Behaviour => &BEHAVIOUR,
        GroupId::Edges => &EDGES,
        GroupId::Concurrency => &CONCURRENCY,
        _ => return Vec::new(),
    };
    let numbered = (0..wanted.count as usize).map(|index| {
        let (slug, rule, story) = kinds[index % kinds.len()];
        let id = format!("{slug}-{}", index / kinds.len() + 1);
        let mut seed = Seed::new(wanted.seed, &format!("lru-cache/{id}"));
        case(id, wanted.group, rule, story(&mut seed))
    });
    numbered.collect()
}

pub(super) fn case(id: String, group: GroupId, rule: &str, story: Story) -> Case {
    Case {
        id,
        group,
        rule: rule.to_owned(),
        script: Script::Calls {
            init: vec![Value::from(story.capacity)],
            steps: story.steps,
        },
    }
}

/// What a random story is made of, in percent of its calls where nothing else is said.
struct Mix {
    put: u64,
    get: u64,
    delete: u64,
    size: u64,
    /// Puts with a lifetime, in percent of the puts.
    lifetimes: u64,
    calls: usize,
    /// The capacity, or one below it; 1 and 0 are exact.
    capacity: u64,
    /// How many keys there are beyond the capacity.
    spare: u64,
}

impl Default for Mix {
    fn default() -> Self {
        Self {
            put: 0,
            get: 0,
            delete: 0,
            size: 0,
            lifetimes: 0,
            calls: 48,
            capacity: 4,
            spare: 2,
        }
    }
}

/// A story of random calls. Times move on by a little, or to the end of some lifetime or one before it.
fn mixed(seed: &mut Seed, mix: &Mix) -> Story {
    let capacity = match mix.capacity {
        small @ 0..=1 => small,
        most => seed.within(most - 1, most),
    };
    let salt = seed.within(10, 99);
    let keys: Vec<String> = (0..capacity + mix.spare.max(1))
        .map(|n| format!("k{salt}{}", char::from(b'a' + n as u8)))
        .collect();
    let mut now = seed.within(1, 1_000_000) as i64;
    let mut ends: Vec<i64> = Vec::new();
    let mut steps = Vec::new();
    for number in 0..mix.calls {
        ends.retain(|&end| end > now);
        now = match ends.as_slice() {
            [] => now + seed.within(0, 3) as i64,
            _ if seed.chance(60) => now + seed.within(0, 3) as i64,
            some => {
                let end = *seed.pick(some);
                now.max(end - i64::from(seed.chance(50)))
            }
        };
        let key = seed.pick(&keys).as_str();
        let die = seed.within(0, mix.put + mix.get + mix.delete + mix.size - 1);
        steps.push(if die < mix.put {
            let ttl = seed.chance(mix.lifetimes).then(|| seed.within(2, 40) as i64);
            ends.extend(ttl.map(|ttl| now + ttl));
            put(now, key, &format!("v{salt}-{number}"), ttl)
        } else if die < mix.put + mix.get {
            get(now, key)
        } else if die < mix.put + mix.get + mix.delete {
            delete(now, key)
        } else {
            size(now)
        });
    }
    audit(&mut steps, now, keys.iter().map(String::as_str));
    Story {
        capacity,
        steps: each(steps),
    }
}

/// Asks for everything, so that what went wrong silently shows.
pub(super) fn audit<'a>(calls: &mut Vec<Call>, now: i64, keys: impl Iterator<Item = &'a str>) {
    calls.push(size(now));
    calls.extend(keys.map(|key| get(now, key)));
}

fn no_lifetime(seed: &mut Seed) -> Story {
    let mut now = seed.within(1, 1000) as i64;
    let ttls = [0, -1, -(seed.within(2, 1_000_000) as i64)];
    let mut calls = vec![put(now, "old", "1", None), put(now, "new", "2", Some(5000))];
    for (number, ttl) in ttls.into_iter().enumerate() {
        now += seed.within(0, 9) as i64;
        let other = format!("other{number}");
        calls.push(put(now, &other, "3", Some(ttl)));
        calls.push(get(now, &other));
        calls.push(size(now));
    }
    calls.push(get(now, "old"));
    calls.push(put(now, "new", "4", Some(*seed.pick(&ttls))));
    audit(&mut calls, now, ["old", "new"].into_iter());
    calls.push(delete(now, "new"));
    Story {
        capacity: 2,
        steps: each(calls),
    }
}

fn named(seed: &mut Seed, keys: &[&str], values: &[&str]) -> Story {
    let mut now = seed.within(1, 1000) as i64;
    let mut keys = keys.to_vec();
    seed.shuffle(&mut keys);
    let mut calls: Vec<Call> = keys.iter().map(|key| get(now, key)).collect();
    calls.extend(keys.iter().map(|key| delete(now, key)));
    for (key, value) in keys.iter().zip(values.iter().cycle()) {
        now += seed.within(0, 2) as i64;
        calls.push(put(now, key, value, None));
        calls.push(get(now, key));
        calls.push(size(now));
    }
    audit(&mut calls, now, keys.iter().copied());
    let gone = *seed.pick(&keys);
    calls.extend([delete(now, gone), delete(now, gone)]);
    audit(&mut calls, now, keys.iter().copied());
    let capacity = keys.len() as u64 - seed.within(1, 2);
    Story {
        capacity,
        steps: each(calls),
    }
}

fn far_times(seed: &mut Seed) -> Story {
    // The milliseconds of the year 2026 and of the year 5138: beyond 32 bits, far below 2^53.
    let start = 1_767_225_600_000 + seed.within(0, 1_000_000_000) as i64;
    let long = 100_000_000_000_000 - start + seed.within(0, 1_000_000) as i64;
    let short = 2_147_483_648 + seed.within(0, 1000) as i64;
    let mut calls = vec![
        put(start, "long", "l", Some(long)),
        put(start, "short", "s", Some(short)),
        put(start + 1, "ever", "e", None),
    ];
    for now in [start + short - 1, start + short, start + long - 1, start + long] {
        audit(&mut calls, now, ["short", "long", "ever"].into_iter());
    }
    Story {
        capacity: 3,
        steps: each(calls),
    }
}

pub(super) fn each(calls: Vec<Call>) -> Vec<Step> {
    calls.into_iter().map(Step::Call).collect()
}

pub(super) fn put(now: i64, key: &str, value: &str, ttl: Option<i64>) -> Call {
    call("put", vec![json!(now), json!(key), json!(value), json!(ttl)])
}

pub(super) fn get(now: i64, key: &str) -> Call {
    call("get", vec![json!(now), json!(key)])
}

pub(super) fn delete(now: i64, key: &str) -> Call {
    call("delete", vec![json!(now), json!(key)])
}

pub(super) fn size(now: i64) -> Call {
    call("size", vec![json!(now)])
}

fn call(op: &str, args: Vec<Value>) -> Call {
    Call {
        client: 0,
        op: op.to_owned(),
        args,
    }
}
