// Mistake: trusts that a line with five fields has numbers in them.
use std::collections::{BTreeMap, HashSet};
use std::io::{self, BufRead, BufWriter, Write};

const LATENESS_MS: u64 = 5_000;
const WINDOW_MS: u64 = 60_000;

/// A minute of requests. A duplicate has the time of its original and so its window: what was seen goes when
/// the window goes.
#[derive(Default)]
struct Window {
    seen: HashSet<(u64, Box<str>)>,
    routes: BTreeMap<Box<str>, Row>,
}

#[derive(Default)]
struct Row {
    durations: Vec<u32>,
    errors: u64,
}

#[derive(Default)]
struct Summary {
    windows: BTreeMap<u64, Window>,
    newest: u64,
    lines: u64,
    counted: u64,
    duplicate: u64,
    late: u64,
    malformed: u64,
}

struct Request<'a> {
    time: u64,
    id: &'a str,
    route: &'a str,
    status: u64,
    ms: u32,
}

fn main() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut out = BufWriter::new(io::stdout().lock());
    let mut summary = Summary::default();
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        match line.strip_suffix(b"\n") {
            Some(whole) => summary.read(whole.strip_suffix(b"\r").unwrap_or(whole), &mut out)?,
            // The stream was cut inside this line.
            None => {
                summary.lines += 1;
                summary.malformed += 1;
            }
        }
        line.clear();
        line.shrink_to(64 * 1024);
    }
    while let Some((start, window)) = summary.windows.pop_first() {
        print_window(start, window, &mut out)?;
    }
    let Summary { lines, counted, duplicate, late, malformed, .. } = summary;
    writeln!(out, "end lines={lines} counted={counted} duplicate={duplicate} late={late} malformed={malformed}")?;
    out.flush()
}

impl Summary {
    fn read(&mut self, line: &[u8], out: &mut impl Write) -> io::Result<()> {
        if line.is_empty() {
            return Ok(());
        }
        self.lines += 1;
        let Some(request) = parse(line) else {
            self.malformed += 1;
            return Ok(());
        };
        // Added, not subtracted: near time zero `newest - LATENESS_MS` would be below it.
        if request.time + LATENESS_MS < self.newest {
            self.late += 1;
            return Ok(());
        }
        let start = request.time - request.time % WINDOW_MS;
        let window = self.windows.entry(start).or_default();
        if !window.seen.insert((request.time, request.id.into())) {
            self.duplicate += 1;
            return Ok(());
        }
        self.counted += 1;
        if !window.routes.contains_key(request.route) {
            window.routes.insert(request.route.into(), Row::default());
        }
        if let Some(row) = window.routes.get_mut(request.route) {
            row.durations.push(request.ms);
            row.errors += u64::from(request.status >= 500);
        }
        self.newest = self.newest.max(request.time);
        while let Some(first) = self.windows.first_entry() {
            if first.key() + WINDOW_MS + LATENESS_MS > self.newest {
                break;
            }
            let (start, window) = first.remove_entry();
            print_window(start, window, out)?;
        }
        Ok(())
    }
}

fn print_window(start: u64, window: Window, out: &mut impl Write) -> io::Result<()> {
    for (route, mut row) in window.routes {
        row.durations.sort_unstable();
        let count = row.durations.len();
        // Nearest rank in whole numbers: ceil(p * n / 100), counted from 1.
        let [p50, p95, p99] = [50, 95, 99].map(|p| row.durations[(p * count).div_ceil(100) - 1]);
        let errors = row.errors;
        writeln!(out, "{start} {route} count={count} errors={errors} p50={p50} p95={p95} p99={p99}")?;
    }
    Ok(())
}

fn parse(line: &[u8]) -> Option<Request<'_>> {
    let line = std::str::from_utf8(line).ok()?;
    let mut fields = line.split(' ');
    let mut next = || fields.next();
    let (time, id, route, status, ms) = (next()?, next()?, next()?, next()?, next()?);
    let id_byte = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let fits = fields.next().is_none()
        && (1..=40).contains(&id.len())
        && id.bytes().all(id_byte)
        && (1..=200).contains(&route.len())
        && route.starts_with('/')
        && route.bytes().all(|b| b.is_ascii_graphic());
    if !fits {
        return None;
    }
    let code: u64 = status.parse().unwrap();
    Some(Request { time: time.parse().unwrap(), id, route, status: code, ms: ms.parse().unwrap() })
}
