//! Logs that show the rules, from a seed.

use domain::GroupId;

use super::families::{BEHAVIOUR, EDGES, FAULTS, Family};
use super::model::{LATENESS_MS, WINDOW_MS};
use crate::{Case, Script, Seed, Wanted};

/// The examples of the prompt.
const EXAMPLES: [(&str, &str, &[u8]); 3] = [
    (
        "two-windows",
        "Counted lines are summed up by window and route, in order.",
        b"1200 a1 /orders 200 30\n61000 b7 /orders 200 8\n1500 a2 /orders 503 45\n59000 c3 /users/{id} 404 5\n\
          59000 c3 /users/{id} 404 5\n2000 d4 /orders 200 12\nGET /orders\n61500 b8 /orders 200",
    ),
    (
        "nearest-rank",
        "The percentile is the value at rank ceil(p * n / 100) of the sorted durations.",
        b"1000 r1 /cart 200 70\n1001 r2 /cart 200 10\n1002 r3 /cart 500 30\n1003 r4 /cart 200 20\n\
          1004 r5 /cart 200 10\n",
    ),
    (
        "nothing",
        "Without input there is the last line alone.",
        b"",
    ),
];

/// Their order by bytes is not that of a dictionary.
pub(super) const ROUTES: [&str; 8] = [
    "/orders",
    "/orders/{id}",
    "/orders-old",
    "/users",
    "/Users",
    "/",
    "/cart?full=1",
    "/a%20b",
];

/// A log that grows.
pub(super) struct Log {
    pub(super) bytes: Vec<u8>,
    pub(super) seed: Seed,
    /// Counts the ids.
    next: u64,
    /// Which case of its family, from 0: later ones are larger.
    pub(super) round: u64,
    /// Ids of 40 bytes: what is kept for each line weighs more.
    long_ids: bool,
}

/// The cases of a group.
pub(super) fn cases(wanted: Wanted) -> Vec<Case> {
    let families: &[Family] = match wanted.group {
        GroupId::Examples => return examples(wanted.count),
        GroupId::Behaviour => &BEHAVIOUR,
        GroupId::Edges => &EDGES,
        GroupId::Faults => &FAULTS,
        _ => return Vec::new(),
    };
    let mut cases = Vec::new();
    for at in 0..wanted.count as usize {
        let (name, rule, fill) = families[at % families.len()];
        let round = (at / families.len()) as u64;
        let seed = Seed::new(wanted.seed, &format!("log-stream {name} {round}"));
        let mut log = Log::new(seed, round);
        fill(&mut log);
        cases.push(Case {
            id: format!("{name}-{}", round + 1),
            group: wanted.group,
            rule: rule.to_owned(),
            script: Script::Stdio { input: log.bytes },
        });
    }
    cases
}

fn examples(count: u32) -> Vec<Case> {
    let case = |(id, rule, input): &(&str, &str, &[u8])| Case {
        id: (*id).to_owned(),
        group: GroupId::Examples,
        rule: (*rule).to_owned(),
        script: Script::Stdio {
            input: input.to_vec(),
        },
    };
    EXAMPLES.iter().take(count as usize).map(case).collect()
}

impl Log {
    fn new(seed: Seed, round: u64) -> Self {
        Self {
            bytes: Vec::new(),
            seed,
            next: 0,
            round,
            long_ids: false,
        }
    }

    /// An id that was not there before.
    pub(super) fn id(&mut self) -> String {
        self.next += 1;
        if self.long_ids {
            return format!(
                "{:016x}{:016x}{:08x}",
                self.seed.bits(),
                self.seed.bits(),
                self.next
            );
        }
        let letter = *self.seed.pick(&['a', 'K', 'z', '_', '-', '7']);
        format!("{letter}{:x}-{}", self.seed.within(0x10, 0xfff), self.next)
    }

    pub(super) fn duration(&mut self) -> u64 {
        self.seed.within(3, 900)
    }

    pub(super) fn route(&mut self) -> &'static str {
        self.seed.pick::<&'static str>(&ROUTES)
    }

    pub(super) fn raw(&mut self, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.bytes.push(b'\n');
    }

    pub(super) fn text(&mut self, line: &str) {
        self.raw(line.as_bytes());
    }

    /// A good line at a time; gives it, so that it can come again.
    pub(super) fn at(&mut self, time: u64) -> String {
        let route = self.route();
        self.on(time, route)
    }

    pub(super) fn on(&mut self, time: u64, route: &str) -> String {
        let status = *self
            .seed
            .pick(&[200, 201, 204, 301, 404, 409, 499, 500, 503, 599]);
        let ms = self.duration();
        let line = format!("{time} {} {route} {status} {ms}", self.id());
        self.text(&line);
        line
    }

    /// A start that is inside a window and not near its ends.
    pub(super) fn start(&mut self) -> u64 {
        self.seed.within(20, 20_000_000) * WINDOW_MS + self.seed.within(20_000, 40_000)
    }

    /// Bad lines among good ones, each after a good one.
    pub(super) fn among(&mut self, bad: &[Vec<u8>]) {
        let mut time = self.start();
        for line in bad {
            self.at(time);
            self.raw(line);
            time += self.seed.within(1, 900);
        }
        self.at(time);
    }

    /// A good line whose fields are made by `change` into bad ones.
    pub(super) fn spoilt(&mut self, change: impl Fn(&mut [String; 5])) -> Vec<u8> {
        let mut fields = [
            self.seed.within(1_000, 900_000).to_string(),
            self.id(),
            self.route().to_owned(),
            "200".to_owned(),
            self.duration().to_string(),
        ];
        change(&mut fields);
        fields.join(" ").into_bytes()
    }
}

/// Half of the lines within the lateness of one another, half over many windows.
pub(super) fn scale(size: u64, seed: u64) -> Case {
    let mut log = Log::new(Seed::new(seed, "log-stream scale"), 0);
    let dense = size / 2;
    let start = log.start();
    for i in 0..dense {
        let time = start + i * (LATENESS_MS - 500) / dense.max(1) + log.seed.within(0, 400);
        log.at(time);
    }
    // Six hundred windows at the largest size: their rows stay far below what a program may write.
    steady(&mut log, start + LATENESS_MS, size - dense, 600);
    case(
        "scale",
        GroupId::Scale,
        "The time grows in proportion to the lines.",
        log.bytes,
    )
}

/// Lines in the memory case. A set of all ids takes 200 bytes for each in Python and 300 in Node: kept, they
/// exceed the limit of the item. A window has a thousand of them.
const MEMORY_LINES: u64 = 340_000;

/// A long log of short windows: what is finished must be let go.
pub(super) fn memory(seed: u64) -> Case {
    let mut log = Log::new(Seed::new(seed, "log-stream memory"), 0);
    log.long_ids = true;
    let start = log.start();
    steady(&mut log, start, MEMORY_LINES, 60);
    case(
        "memory",
        GroupId::Memory,
        "A window that nothing can come into any more is printed and forgotten.",
        log.bytes,
    )
}

/// Lines that advance by `step` milliseconds, with some disorder, duplicates and torn ones.
fn steady(log: &mut Log, start: u64, lines: u64, step: u64) {
    let mut last = String::new();
    for i in 0..lines {
        let time = start + i * step;
        match log.seed.within(0, 49) {
            0 if i > 0 => log.text(&last.clone()),
            1 => log.text("torn"),
            _ => {
                let back = log.seed.within(0, step.min(4_000));
                last = log.at(time - back);
            }
        }
    }
}

fn case(id: &str, group: GroupId, rule: &str, input: Vec<u8>) -> Case {
    Case {
        id: id.to_owned(),
        group,
        rule: rule.to_owned(),
        script: Script::Stdio { input },
    }
}
