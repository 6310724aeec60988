//! A closed-loop load: a bounded number of requests over kept connections, on the server's own cores.
//!
//! Closed loop: each connection asks again when it was answered, so the latencies are those at the highest
//! rate this machine reaches, and say nothing about queueing at a fixed arrival rate.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::http::Connection;
use crate::project::Outcome;

/// Connections, each on a thread.
const CONNECTIONS: usize = 16;

/// Requests before measuring, so that caches are warm and connections open.
const WARM_UP: usize = 2_000;

/// What a load did.
pub(crate) struct Load {
    pub(crate) requests: usize,
    pub(crate) errors: usize,
    pub(crate) requests_per_s: f64,
    pub(crate) p50: Duration,
    pub(crate) p95: Duration,
    pub(crate) p99: Duration,
    /// The first thing that went wrong, for whoever has to find out why.
    pub(crate) first_error: Option<String>,
}

/// What some connections did.
#[derive(Default)]
struct Burst {
    /// Of the requests that succeeded.
    times: Vec<Duration>,
    errors: Vec<String>,
}

/// Sends `requests` requests for `paths` in turn. Anything but a 200 is an error.
pub(crate) fn run(address: SocketAddr, paths: &[String], requests: usize) -> Outcome<Load> {
    if paths.is_empty() {
        return Err("there is no path to ask for".to_owned());
    }
    burst(address, paths, WARM_UP.min(requests))?;
    let start = Instant::now();
    let Burst { mut times, errors } = burst(address, paths, requests)?;
    let seconds = start.elapsed().as_secs_f64();
    times.sort_unstable();
    let [p50, p95, p99] = [0.50, 0.95, 0.99].map(|share| percentile(&times, share));
    let requests = times.len() + errors.len();
    Ok(Load {
        requests,
        errors: errors.len(),
        requests_per_s: requests as f64 / seconds,
        p50,
        p95,
        p99,
        first_error: errors.into_iter().next(),
    })
}

fn burst(address: SocketAddr, paths: &[String], requests: usize) -> Outcome<Burst> {
    let each = requests.div_ceil(CONNECTIONS);
    let parts: Vec<Outcome<Burst>> = std::thread::scope(|scope| {
        let one = |offset| scope.spawn(move || one_connection(address, paths, offset, each));
        let threads: Vec<_> = (0..CONNECTIONS).map(one).collect();
        let panicked = |_| Err("a load thread panicked".to_owned());
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(panicked))
            .collect()
    });
    let mut all = Burst::default();
    for part in parts {
        let part = part?;
        all.times.extend(part.times);
        all.errors.extend(part.errors);
    }
    Ok(all)
}

fn one_connection(address: SocketAddr, paths: &[String], offset: usize, requests: usize) -> Outcome<Burst> {
    let mut connection = Connection::open(address)?;
    let mut done = Burst::default();
    for i in 0..requests {
        let path = &paths[(offset + i) % paths.len()];
        let start = Instant::now();
        match connection.get(path) {
            Ok(response) if response.status == 200 => done.times.push(start.elapsed()),
            Ok(response) => done
                .errors
                .push(format!("GET {path}: status {}", response.status)),
            Err(error) => {
                done.errors.push(error);
                // A broken connection would fail all the rest: count one, and go on with another.
                connection = Connection::open(address)?;
            }
        }
    }
    Ok(done)
}

/// The nearest-rank percentile of sorted times; zero of none.
pub(crate) fn percentile(sorted: &[Duration], share: f64) -> Duration {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let times: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(percentile(&times, 0.50), Duration::from_millis(50));
        assert_eq!(percentile(&times, 0.99), Duration::from_millis(99));
        assert_eq!(percentile(&times[..1], 0.95), Duration::from_millis(1));
        assert_eq!(percentile(&[], 0.95), Duration::ZERO);
    }
}
