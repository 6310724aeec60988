//! How long the judge itself waited for a core: what it tells of the machine, the program beside it feels too.

use std::fs;
use std::time::{Duration, Instant};

/// From this part of the time on, spent waiting for a core by a thread that hardly computes, the machine is so
/// busy that a clock says nothing of a program. Quiet machines stay below a hundredth.
const BUSY: u32 = 10;

/// A span of time of the thread that made it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    began: Instant,
    delay: Option<Duration>,
}

impl Span {
    /// From now on.
    pub(super) fn begin() -> Self {
        Self {
            began: Instant::now(),
            delay: delay(),
        }
    }

    /// Whether this thread had to wait for cores since. Where the system does not tell: no.
    pub(super) fn is_starved(&self) -> bool {
        let (Some(then), Some(now)) = (self.delay, delay()) else {
            return false;
        };
        starved(now.saturating_sub(then), self.began.elapsed())
    }
}

fn starved(delay: Duration, passed: Duration) -> bool {
    delay * BUSY >= passed
}

/// How long this thread was ready to run and did not, in all of its life.
fn delay() -> Option<Duration> {
    delay_of(&fs::read_to_string("/proc/thread-self/schedstat").ok()?)
}

/// The second of three figures: time on a core, time waiting for one, both in nanoseconds, and turns.
fn delay_of(text: &str) -> Option<Duration> {
    let nanos = text.split_whitespace().nth(1)?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_of_the_time_in_the_queue_is_a_busy_machine() {
        let delay = delay_of("1422435 250000000 2\n").expect("three figures");
        assert!(starved(delay, Duration::from_secs(2)));
        assert!(!starved(delay, Duration::from_secs(3)));
        assert_eq!(delay_of(""), None);
    }
}
