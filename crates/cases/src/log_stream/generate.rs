//! Logs that show the rules, from a seed.

use domain::GroupId;

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

/// What makes the log of a case.
type Family = (&'static str, &'static str, fn(&mut Log));

const BEHAVIOUR: [Family; 6] = [
    (
        "rows",
        "Rows come by window, then by route in byte order, whatever came first.",
        rows,
    ),
    (
        "errors",
        "Statuses from 500 to 599 are errors, all others are not.",
        errors,
    ),
    (
        "ranks",
        "The percentile is the value at rank ceil(p * n / 100) of the sorted durations.",
        ranks,
    ),
    (
        "duplicates",
        "A line whose time and id were counted before is a duplicate, and one with another time is not.",
        duplicates,
    ),
    (
        "order",
        "A line that is at most 5,000 ms behind the newest time counts in the window of its own time.",
        disorder,
    ),
    (
        "late",
        "A line that is more than 5,000 ms behind the newest time is late and counts nowhere else.",
        late,
    ),
];

const EDGES: [Family; 7] = [
    (
        "lateness-boundary",
        "Exactly 5,000 ms behind the newest time is in time, 5,001 ms is late.",
        lateness_boundary,
    ),
    (
        "window-boundary",
        "A window holds the times from its start to one before the start of the next.",
        window_boundary,
    ),
    (
        "rank-boundary",
        "The rank is exact at every number of values, equal ones included.",
        rank_boundary,
    ),
    (
        "start-of-time",
        "The lateness reaches below zero while the newest time is under 5,000.",
        start_of_time,
    ),
    (
        "large-numbers",
        "Times have up to 15 digits and durations up to 9; leading zeros are allowed.",
        large_numbers,
    ),
    (
        "empty-lines",
        "Empty lines count nowhere; one CR before the newline belongs to the line end.",
        empty_lines,
    ),
    (
        "late-duplicate",
        "Late is looked at before duplicate, and a duplicate may differ in its other fields.",
        late_duplicate,
    ),
];

const FAULTS: [Family; 7] = [
    (
        "torn",
        "Torn lines are malformed, one each, and the lines around them count.",
        torn,
    ),
    (
        "cut-end",
        "What follows the last newline is malformed, even where it looks whole.",
        cut_end,
    ),
    ("numbers", "A number is ASCII digits and nothing else.", numbers),
    (
        "bytes",
        "Bytes that are no text make the line malformed, not the program end.",
        bytes,
    ),
    (
        "long-line",
        "A line of any length is one malformed line.",
        long_line,
    ),
    (
        "limits",
        "Fields outside their limits make a line malformed.",
        limits,
    ),
    (
        "separators",
        "Only LF ends a line, and one space parts two fields.",
        separators,
    ),
];

const ROUTES: [&str; 8] = [
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
    bytes: Vec<u8>,
    seed: Seed,
    /// Counts the ids.
    next: u64,
    /// Which case of its family, from 0: later ones are larger.
    round: u64,
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
        let mut log = Log {
            bytes: Vec::new(),
            seed,
            next: 0,
            round,
        };
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
    /// An id that was not there before.
    fn id(&mut self) -> String {
        self.next += 1;
        let letter = *self.seed.pick(&['a', 'K', 'z', '_', '-', '7']);
        format!("{letter}{:x}-{}", self.seed.within(0x10, 0xfff), self.next)
    }

    fn duration(&mut self) -> u64 {
        self.seed.within(3, 900)
    }

    fn route(&mut self) -> &'static str {
        *self.seed.pick::<&'static str>(&ROUTES)
    }

    fn raw(&mut self, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.bytes.push(b'\n');
    }

    fn text(&mut self, line: &str) {
        self.raw(line.as_bytes());
    }

    /// A good line at a time; gives it, so that it can come again.
    fn at(&mut self, time: u64) -> String {
        let route = self.route();
        self.on(time, route)
    }

    fn on(&mut self, time: u64, route: &str) -> String {
        let status = *self
            .seed
            .pick(&[200, 201, 204, 301, 404, 409, 499, 500, 503, 599]);
        let ms = self.duration();
        let line = format!("{time} {} {route} {status} {ms}", self.id());
        self.text(&line);
        line
    }

    /// A start that is inside a window and not near its ends.
    fn start(&mut self) -> u64 {
        self.seed.within(20, 20_000_000) * WINDOW_MS + self.seed.within(20_000, 40_000)
    }

    /// Bad lines among good ones, each after a good one.
    fn among(&mut self, bad: &[Vec<u8>]) {
        let mut time = self.start();
        for line in bad {
            self.at(time);
            self.raw(line);
            time += self.seed.within(1, 900);
        }
        self.at(time);
    }

    /// A good line whose fields are made by `change` into bad ones.
    fn spoilt(&mut self, change: impl Fn(&mut [String; 5])) -> Vec<u8> {
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

fn rows(log: &mut Log) {
    let start = log.start();
    let mut routes = ROUTES;
    log.seed.shuffle(&mut routes);
    let mut time = start;
    for i in 0..(8 + 24 * log.round) {
        let route = routes[i as usize % routes.len().min(3 + i as usize)];
        log.on(time, route);
        time += log.seed.within(2_000, 26_000);
    }
}

fn errors(log: &mut Log) {
    let time = log.start();
    let mut statuses = [100, 200, 399, 400, 404, 429, 499, 500, 501, 503, 599];
    log.seed.shuffle(&mut statuses);
    for status in statuses {
        let (id, ms) = (log.id(), log.duration());
        log.text(&format!("{time} {id} /pay {status} {ms}"));
    }
}

fn ranks(log: &mut Log) {
    let time = log.start();
    let count = *log.seed.pick(&[7, 13, 19, 23, 37]) + 20 * log.round;
    for i in 0..count {
        let (id, ms) = (log.id(), log.seed.within(1, 40 + i * 7));
        log.text(&format!("{} {id} /search 200 {ms}", time + i));
    }
}

fn duplicates(log: &mut Log) {
    let time = log.start();
    let first = log.at(time);
    log.text(&first);
    let second = log.at(time + 40);
    let id = first.split(' ').nth(1).unwrap_or_default().to_owned();
    // The same request again, sent anew: another time makes it another line.
    log.text(&format!("{} {id} /orders 200 77", time + 900));
    for i in 0..(2 + 10 * log.round) {
        log.at(time + 1_000 + i * 20);
    }
    log.text(&first);
    log.text(&second);
    log.text(&format!("{} {id} /orders 200 77", time + 900));
    // Two requests at one time.
    log.at(time + 40);
}

fn disorder(log: &mut Log) {
    let edge = (log.start() / WINDOW_MS + 1) * WINDOW_MS;
    for _ in 0..(6 + 30 * log.round) {
        let time = edge - 2_400 + log.seed.within(0, 4_800);
        log.at(time);
    }
    log.at(edge + 2_400);
    log.at(edge - 1_900);
}

fn late(log: &mut Log) {
    let mut newest = log.start();
    log.at(newest);
    for _ in 0..(3 + 12 * log.round) {
        newest += log.seed.within(5_100, 30_000);
        log.at(newest);
        let behind = log.seed.within(5_002, 90_000);
        log.at(newest - behind);
        // Late for the newest time, though not for the line before.
        log.at(newest - log.round - 5_001);
        let behind = log.seed.within(1, 4_900);
        log.at(newest - behind);
    }
}

fn lateness_boundary(log: &mut Log) {
    let newest = log.start();
    log.at(newest);
    for behind in [
        LATENESS_MS,
        LATENESS_MS + 1,
        LATENESS_MS - 1,
        LATENESS_MS,
        LATENESS_MS + 1,
    ] {
        log.at(newest - behind);
    }
    log.at(newest + 1);
    log.at(newest - LATENESS_MS);
    log.at(newest + 1 - LATENESS_MS);
}

fn window_boundary(log: &mut Log) {
    let edge = (log.start() / WINDOW_MS + 1) * WINDOW_MS;
    let far = edge + log.seed.within(3, 90) * WINDOW_MS;
    for time in [
        edge - 1,
        edge,
        edge + 1,
        edge + WINDOW_MS - 1,
        edge + WINDOW_MS,
        far,
        far + WINDOW_MS - 1,
    ] {
        log.on(time, "/orders");
    }
}

fn rank_boundary(log: &mut Log) {
    let time = log.start();
    let counts: [u64; 6] = [1, 2, 20, 21, 100, 101];
    for (at, count) in counts.into_iter().enumerate() {
        let window = time + at as u64 * WINDOW_MS;
        let mut values: Vec<u64> = (0..count).map(|i| 5 + (i / 2) * 3).collect();
        log.seed.shuffle(&mut values);
        for (i, ms) in values.into_iter().enumerate() {
            let id = log.id();
            log.text(&format!("{} {id} /rank 200 {ms}", window + i as u64));
        }
    }
}

fn start_of_time(log: &mut Log) {
    let newest = log.seed.within(3_000, 4_990);
    log.at(newest);
    log.at(0);
    log.at(1);
    log.at(LATENESS_MS);
    log.at(0);
    log.at(LATENESS_MS + 1);
    log.at(0);
    log.at(1);
}

fn large_numbers(log: &mut Log) {
    let start = 900_000_000_000_000 + log.start();
    for (step, ms) in ["999999999", "000000007", "2147483", "0", "88"]
        .into_iter()
        .enumerate()
    {
        let id = log.id();
        log.text(&format!("{} {id} /big 200 {ms}", start + step as u64));
    }
    log.at(start - LATENESS_MS - 1);
    log.at(999_999_999_999_999);
    let id = log.id();
    log.text(&format!("0{} {id} /big 200 5", 1_000));
}

fn empty_lines(log: &mut Log) {
    let time = log.start();
    log.raw(b"");
    let line = log.at(time);
    log.raw(b"\r");
    log.text(&format!("{line}\r"));
    let id = log.id();
    log.text(&format!("{} {id} /crlf 200 15\r", time + 5));
    let id = log.id();
    log.text(&format!("{} {id} /crlf 200 16\r\r", time + 5));
    log.raw(b"");
    log.raw(b" ");
    log.at(time + 9);
    log.raw(b"");
}

fn late_duplicate(log: &mut Log) {
    let time = log.start();
    let first = log.at(time);
    let id = first.split(' ').nth(1).unwrap_or_default().to_owned();
    log.text(&format!("{time} {id} /elsewhere 503 {}", 1_000));
    log.at(time + 4_000);
    log.text(&first);
    let newest = time + LATENESS_MS + log.seed.within(1, 400);
    log.at(newest);
    log.text(&first);
    log.at(newest + 10);
    log.text(&first);
}

fn torn(log: &mut Log) {
    let time = log.start();
    for i in 0..(3 + 9 * log.round) {
        let now = time + i * 300;
        log.at(now);
        let (one, two) = (log.id(), log.id());
        let route = log.route();
        let whole = format!("{now} {one} {route} 200 31");
        // Two lines ran into each other, or one was cut inside a field.
        let keep = log.seed.within(4, whole.len() as u64 - 6) as usize;
        match i % 3 {
            0 => log.text(&format!("{}{now} {two} /orders 500 8", &whole[..keep])),
            1 => log.text(&whole[..keep]),
            _ => log.text(&format!("{} {whole}", &whole[keep..])),
        }
    }
    log.at(time + 5);
}

fn cut_end(log: &mut Log) {
    let time = log.start();
    for i in 0..(2 + 5 * log.round) {
        log.at(time + i);
    }
    let id = log.id();
    let last = format!("{} {id} /orders 503 120", time + 70);
    let kept = if log.round % 2 == 0 {
        last.len()
    } else {
        last.len() - 1
    };
    log.bytes.extend_from_slice(&last.as_bytes()[..kept]);
}

fn numbers(log: &mut Log) {
    let mut bad = Vec::new();
    for text in [
        "+12",
        "-12",
        "1e3",
        "12.0",
        "0x1f",
        "1_000",
        "",
        "NaN",
        "12ms",
        "\u{661}\u{662}",
        "\u{ff11}2",
        "1,000",
    ] {
        let field = *log.seed.pick(&[0, 4]);
        bad.push(log.spoilt(|fields| text.clone_into(&mut fields[field])));
    }
    for field in [0, 4] {
        bad.push(log.spoilt(|fields| fields[field].insert(0, '+')));
        bad.push(log.spoilt(|fields| fields[field].insert(0, '-')));
    }
    log.seed.shuffle(&mut bad);
    log.among(&bad);
}

fn bytes(log: &mut Log) {
    let mut bad = Vec::new();
    for junk in [
        &b"\xff\xfe"[..],
        b"\x00",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\x1b[31m",
        b"\x7f",
        b"\xe2\x82",
        b"\xf0\x9f\x98\x80",
    ] {
        let mut line = log.spoilt(|_| ());
        let at = line.len() - log.seed.within(0, 12) as usize;
        line.splice(at..at, junk.iter().copied());
        bad.push(line);
    }
    bad.push(b"\xef\xbb\xbf1000 bom /orders 200 5".to_vec());
    bad.push(vec![0; 40]);
    log.seed.shuffle(&mut bad);
    log.among(&bad);
}

fn long_line(log: &mut Log) {
    let length = 70_000 + log.seed.within(1, 9_000) as usize;
    let long = log.spoilt(|fields| fields[2].push_str(&"x".repeat(length)));
    let digits = log.spoilt(|fields| fields[4] = "9".repeat(length));
    let spaces = vec![b' '; length];
    log.among(&[long, digits, spaces]);
}

fn limits(log: &mut Log) {
    let mut bad = Vec::new();
    for status in ["99", "099", "600", "999", "0200", "20", "2000", "2xx"] {
        bad.push(log.spoilt(|fields| status.clone_into(&mut fields[3])));
    }
    bad.push(log.spoilt(|fields| fields[0] = "1000000000000000".to_owned()));
    bad.push(log.spoilt(|fields| fields[4] = "1000000000".to_owned()));
    bad.push(log.spoilt(|fields| fields[1] = "i".repeat(41)));
    bad.push(log.spoilt(|fields| fields[1] = "a.b".to_owned()));
    bad.push(log.spoilt(|fields| fields[1].clear()));
    bad.push(log.spoilt(|fields| fields[2] = "orders".to_owned()));
    bad.push(log.spoilt(|fields| fields[2].clear()));
    bad.push(log.spoilt(|fields| fields[2] = format!("/{}", "r".repeat(200))));
    bad.push(log.spoilt(|fields| fields[2] = "/caf\u{e9}".to_owned()));
    log.seed.shuffle(&mut bad);
    log.among(&bad);
    // The same limits from inside.
    let time = log.start() + 20_000_000_000_000;
    for (id, route, status) in [
        ("i".repeat(40), "/100".to_owned(), 100),
        ("x".to_owned(), format!("/{}", "r".repeat(199)), 599),
    ] {
        log.text(&format!("{time} {id} {route} {status} 41"));
    }
}

fn separators(log: &mut Log) {
    let mut bad = Vec::new();
    for (from, to) in [
        (" ", "  "),
        (" ", "\t"),
        (" ", " \t"),
        (" 2", "\r2"),
        (" 2", "\x0b2"),
        (" 2", "\u{2028}2"),
    ] {
        let line = log.spoilt(|_| ());
        let text = String::from_utf8_lossy(&line).replacen(from, to, 1);
        bad.push(text.into_bytes());
    }
    for space in [" ", "\t", "\x0c", "\u{85}", "\u{a0}"] {
        let line = String::from_utf8_lossy(&log.spoilt(|_| ())).into_owned();
        bad.push(format!("{line}{space}").into_bytes());
        bad.push(format!("{space}{line}").into_bytes());
    }
    let glued = String::from_utf8_lossy(&log.spoilt(|_| ())).into_owned();
    bad.push(format!("{glued}\r{glued}").into_bytes());
    log.seed.shuffle(&mut bad);
    log.among(&bad);
}

/// Half of the lines within the lateness of one another, half over many windows.
pub(super) fn scale(size: u64, seed: u64) -> Case {
    let mut log = Log {
        bytes: Vec::new(),
        seed: Seed::new(seed, "log-stream scale"),
        next: 0,
        round: 0,
    };
    let dense = size / 2;
    let start = log.start();
    for i in 0..dense {
        let time = start + i * (LATENESS_MS - 500) / dense.max(1) + log.seed.within(0, 400);
        log.at(time);
    }
    steady(&mut log, start + LATENESS_MS, size - dense, 3_000);
    case(
        "scale",
        GroupId::Scale,
        "The time grows in proportion to the lines.",
        log.bytes,
    )
}

/// Lines in the memory case. With what a set of all ids or a list of all lines takes for each (from 60 bytes
/// in Rust to 200 in Python), keeping them exceeds the limit of the item; a window of them has about a
/// thousand.
const MEMORY_LINES: u64 = 600_000;

/// A long log of short windows: what is finished must be let go.
pub(super) fn memory(seed: u64) -> Case {
    let mut log = Log {
        bytes: Vec::new(),
        seed: Seed::new(seed, "log-stream memory"),
        next: 0,
        round: 0,
    };
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
