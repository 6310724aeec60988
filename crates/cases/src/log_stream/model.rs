//! What a right program makes of a log, and the ways in which it can be broken.

use std::collections::{BTreeMap, BTreeSet};

/// How far a line may lie behind the newest one, in milliseconds.
pub(super) const LATENESS_MS: u64 = 5_000;

/// Length of a window in milliseconds.
pub(super) const WINDOW_MS: u64 = 60_000;

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate<'a> {
    /// Nothing on it; not counted at all.
    Empty,
    /// Not of the format, or cut off.
    Malformed,
    /// Older than the lateness allows.
    Late,
    /// Its time and id had been counted.
    Duplicate,
    /// Part of the row of a window and a route.
    Counted {
        window: u64,
        route: &'a [u8],
        ms: u64,
        error: bool,
    },
}

/// A bug that real programs have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bug {
    AnySpace,
    CutCounted,
    LateAtBoundary,
    LateKept,
    NewestIsLast,
    DuplicateById,
    DuplicateKept,
    DuplicateBeforeLate,
    RankDown,
    DistinctDurations,
    ClientErrors,
    WindowAfterBoundary,
    SignedNumbers,
    EmptyMalformed,
}

/// Each bug with its slug and what is broken.
pub(super) const BUGS: [(Bug, &str, &str); 14] = [
    (
        Bug::AnySpace,
        "any-space",
        "Several spaces between fields are taken as one.",
    ),
    (
        Bug::CutCounted,
        "cut-counted",
        "A last line without its newline is counted as if it were whole.",
    ),
    (
        Bug::LateAtBoundary,
        "late-at-boundary",
        "A line that is exactly 5,000 ms old is taken as late.",
    ),
    (
        Bug::LateKept,
        "late-kept",
        "Late lines are put into their windows after all.",
    ),
    (
        Bug::NewestIsLast,
        "newest-is-last",
        "The lateness is measured from the line before, not from the newest time so far.",
    ),
    (
        Bug::DuplicateById,
        "duplicate-by-id",
        "A second request with the same id at another time is dropped as a duplicate.",
    ),
    (
        Bug::DuplicateKept,
        "duplicate-kept",
        "A line that is delivered twice counts twice.",
    ),
    (
        Bug::DuplicateBeforeLate,
        "duplicate-before-late",
        "An old line that comes again is called a duplicate, though it is late.",
    ),
    (
        Bug::RankDown,
        "rank-down",
        "The rank of a percentile is rounded down.",
    ),
    (
        Bug::DistinctDurations,
        "distinct-durations",
        "Equal durations count once in the percentiles.",
    ),
    (
        Bug::ClientErrors,
        "client-errors",
        "Statuses from 400 count as errors.",
    ),
    (
        Bug::WindowAfterBoundary,
        "window-boundary",
        "A request at the very start of a window is put into the one before.",
    ),
    (
        Bug::SignedNumbers,
        "signed-numbers",
        "Numbers with a sign are accepted.",
    ),
    (
        Bug::EmptyMalformed,
        "empty-malformed",
        "Empty lines count as malformed.",
    ),
];

/// Reads a log line by line.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    bug: Option<Bug>,
    newest: Option<u64>,
    seen: BTreeSet<(u64, &'a [u8])>,
}

/// The fields of a line.
struct Fields<'a> {
    time: u64,
    id: &'a [u8],
    route: &'a [u8],
    status: u64,
    ms: u64,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bug: Option<Bug>) -> Self {
        Self {
            bug,
            newest: None,
            seen: BTreeSet::new(),
        }
    }

    /// Takes one line with its newline, if it has one.
    pub(super) fn read(&mut self, line: &'a [u8]) -> Fate<'a> {
        let whole = line.strip_suffix(b"\n");
        let text = whole.unwrap_or(line);
        let bare = if whole.is_some() {
            text.strip_suffix(b"\r").unwrap_or(text)
        } else {
            text
        };
        if bare.is_empty() {
            return if self.has(Bug::EmptyMalformed) {
                Fate::Malformed
            } else {
                Fate::Empty
            };
        }
        if whole.is_none() && !self.has(Bug::CutCounted) {
            return Fate::Malformed;
        }
        let Some(fields) = fields(bare, self.bug) else {
            return Fate::Malformed;
        };
        self.place(&fields)
    }

    fn place(&mut self, fields: &Fields<'a>) -> Fate<'a> {
        let newest = self.newest.map_or(fields.time, |newest| newest.max(fields.time));
        let behind = newest - fields.time;
        let late = if self.has(Bug::LateAtBoundary) {
            behind >= LATENESS_MS
        } else {
            behind > LATENESS_MS
        };
        let late = late && !self.has(Bug::LateKept);
        let key = (
            if self.has(Bug::DuplicateById) {
                0
            } else {
                fields.time
            },
            fields.id,
        );
        let known = self.seen.contains(&key) && !self.has(Bug::DuplicateKept);
        if late && !(known && self.has(Bug::DuplicateBeforeLate)) {
            return Fate::Late;
        }
        self.newest = Some(if self.has(Bug::NewestIsLast) {
            fields.time
        } else {
            newest
        });
        if known {
            return Fate::Duplicate;
        }
        self.seen.insert(key);
        let shift = u64::from(self.has(Bug::WindowAfterBoundary));
        Fate::Counted {
            window: fields.time.saturating_sub(shift) / WINDOW_MS * WINDOW_MS,
            route: fields.route,
            ms: fields.ms,
            error: fields.status >= if self.has(Bug::ClientErrors) { 400 } else { 500 },
        }
    }

    fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }
}

fn fields(line: &[u8], bug: Option<Bug>) -> Option<Fields<'_>> {
    let mut parts: Vec<&[u8]> = line.split(|&byte| byte == b' ').collect();
    if bug == Some(Bug::AnySpace) {
        parts.retain(|part| !part.is_empty());
    }
    let [time, id, route, status, ms] = parts.as_slice() else {
        return None;
    };
    let signs = bug == Some(Bug::SignedNumbers);
    let id_byte = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let id_fits = (1..=40).contains(&id.len()) && id.iter().all(id_byte);
    let route_fits =
        (1..=200).contains(&route.len()) && route[0] == b'/' && route.iter().all(u8::is_ascii_graphic);
    let status = number(status, 3, signs).filter(|code| status.len() == 3 && (100..=599).contains(code))?;
    (id_fits && route_fits).then_some(Fields {
        time: number(time, 15, signs)?,
        id,
        route,
        status,
        ms: number(ms, 9, signs)?,
    })
}

/// A number of at most `most` digits.
fn number(text: &[u8], most: usize, signs: bool) -> Option<u64> {
    let digits = match text {
        [b'+' | b'-', rest @ ..] if signs => rest,
        _ => text,
    };
    let fits = (1..=most).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    fits.then(|| {
        digits
            .iter()
            .fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
    })
}

/// The durations of a row, and how many errors it has.
type Row = (Vec<u64>, u64);

/// The output for an input.
pub(super) fn output(input: &[u8], bug: Option<Bug>) -> Vec<String> {
    let mut rows: BTreeMap<(u64, &[u8]), Row> = BTreeMap::new();
    let (mut lines, mut duplicate, mut late, mut malformed) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut counted = 0_u64;
    let mut reader = Reader::new(bug);
    for line in input.split_inclusive(|&byte| byte == b'\n') {
        let fate = reader.read(line);
        lines += u64::from(fate != Fate::Empty);
        match fate {
            Fate::Empty => {}
            Fate::Malformed => malformed += 1,
            Fate::Late => late += 1,
            Fate::Duplicate => duplicate += 1,
            Fate::Counted {
                window,
                route,
                ms,
                error,
            } => {
                counted += 1;
                let (durations, errors) = rows.entry((window, route)).or_default();
                durations.push(ms);
                *errors += u64::from(error);
            }
        }
    }
    let mut output = Vec::with_capacity(rows.len() + 1);
    for ((window, route), (mut durations, errors)) in rows {
        let count = durations.len();
        durations.sort_unstable();
        if bug == Some(Bug::DistinctDurations) {
            durations.dedup();
        }
        let [p50, p95, p99] = [50, 95, 99].map(|percent| percentile(&durations, percent, bug));
        // A route that was counted is ASCII.
        let route = String::from_utf8_lossy(route);
        output.push(format!(
            "{window} {route} count={count} errors={errors} p50={p50} p95={p95} p99={p99}"
        ));
    }
    output.push(format!(
        "end lines={lines} counted={counted} duplicate={duplicate} late={late} malformed={malformed}"
    ));
    output
}

/// The nearest rank: the smallest value that at least `percent` of 100 do not exceed.
fn percentile(sorted: &[u64], percent: usize, bug: Option<Bug>) -> u64 {
    let exact = percent * sorted.len();
    let rank = if bug == Some(Bug::RankDown) {
        (exact / 100).max(1)
    } else {
        exact.div_ceil(100)
    };
    sorted[rank - 1]
}
