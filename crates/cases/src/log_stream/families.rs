//! The sorts of logs: each shows a rule.

use super::generate::{Log, ROUTES};
use super::model::{LATENESS_MS, WINDOW_MS};

/// What makes the log of a case.
pub(super) type Family = (&'static str, &'static str, fn(&mut Log));

pub(super) const BEHAVIOUR: [Family; 6] = [
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

pub(super) const EDGES: [Family; 7] = [
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

pub(super) const FAULTS: [Family; 7] = [
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
    let kept = if log.round.is_multiple_of(2) {
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
