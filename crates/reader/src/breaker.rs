//! The circuit breaker: after a run of failures the endpoint is left alone, then tried with one request.
//! Pure: time is an argument.

use std::time::{Duration, Instant};

/// Failures in a row that open the circuit: more than the tries of one read, so that one bad moment does not.
const FAILURES_TO_OPEN: u32 = 5;

/// How often the rest doubles while the endpoint stays down: 30 s become 16 minutes at most.
const DOUBLINGS: u32 = 5;

/// What the breaker lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Circuit {
    /// Everything.
    Closed,
    /// Nothing, for so long.
    Open {
        /// Time until one request is let through.
        remaining: Duration,
    },
    /// One request, to see whether the endpoint is back.
    HalfOpen,
}

#[derive(Debug)]
pub(crate) struct Breaker {
    cooldown: Duration,
    failures: u32,
    /// How often it opened since the last success.
    opened: u32,
    state: State,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Closed,
    Open {
        until: Instant,
    },
    /// The one request is under way.
    Trying,
}

/// Leave to make one try; hand it back with what came of it.
#[derive(Debug)]
pub(crate) struct Ticket {
    trial: bool,
}

impl Breaker {
    pub(crate) fn new(cooldown: Duration) -> Self {
        Self {
            cooldown,
            failures: 0,
            opened: 0,
            state: State::Closed,
        }
    }

    /// Leave to try now, or how long to wait before asking again.
    pub(crate) fn admit(&mut self, now: Instant) -> Result<Ticket, Duration> {
        match self.state {
            State::Closed => Ok(Ticket { trial: false }),
            State::Open { until } if now < until => Err(until - now),
            State::Open { .. } => {
                self.state = State::Trying;
                Ok(Ticket { trial: true })
            }
            State::Trying => Err(Duration::ZERO),
        }
    }

    /// The endpoint answered: it is there, whatever it said.
    pub(crate) fn succeeded(&mut self, _ticket: Ticket) {
        *self = Self::new(self.cooldown);
    }

    /// The endpoint failed.
    pub(crate) fn failed(&mut self, ticket: Ticket, now: Instant) {
        let open = match self.state {
            State::Closed => {
                self.failures += 1;
                self.failures >= FAILURES_TO_OPEN
            }
            State::Trying => ticket.trial,
            // A straggler from before it opened says nothing new.
            State::Open { .. } => false,
        };
        if open {
            let rest = self.cooldown * 2u32.pow(self.opened.min(DOUBLINGS));
            self.state = State::Open { until: now + rest };
            self.opened += 1;
        }
    }

    /// The caller went away before anything came of it: another may try.
    pub(crate) fn abandoned(&mut self, ticket: Ticket, now: Instant) {
        if ticket.trial && matches!(self.state, State::Trying) {
            self.state = State::Open { until: now };
        }
    }

    pub(crate) fn circuit(&self, now: Instant) -> Circuit {
        match self.state {
            State::Closed => Circuit::Closed,
            State::Open { until } if now < until => Circuit::Open {
                remaining: until - now,
            },
            State::Open { .. } | State::Trying => Circuit::HalfOpen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Duration = Duration::from_secs(30);

    fn opened(now: Instant) -> Breaker {
        let mut breaker = Breaker::new(REST);
        for _ in 0..FAILURES_TO_OPEN {
            let ticket = breaker.admit(now).unwrap();
            breaker.failed(ticket, now);
        }
        breaker
    }

    #[test]
    fn a_success_starts_the_count_anew() {
        let now = Instant::now();
        let mut breaker = Breaker::new(REST);
        for failure in [true, true, true, true, false, true, true, true, true] {
            let ticket = breaker.admit(now).unwrap();
            if failure {
                breaker.failed(ticket, now);
            } else {
                breaker.succeeded(ticket);
            }
        }
        assert_eq!(breaker.circuit(now), Circuit::Closed);
    }

    #[test]
    fn five_failures_open_it_and_one_trial_decides() {
        let now = Instant::now();
        let mut breaker = opened(now);
        assert_eq!(breaker.circuit(now), Circuit::Open { remaining: REST });
        assert_eq!(breaker.admit(now + REST / 2).unwrap_err(), REST / 2);

        let back = now + REST;
        assert_eq!(breaker.circuit(back), Circuit::HalfOpen);
        let trial = breaker.admit(back).unwrap();
        assert!(breaker.admit(back).is_err(), "one trial at a time");
        breaker.failed(trial, back);
        assert_eq!(breaker.admit(back).unwrap_err(), 2 * REST, "the rest doubles");

        let later = back + 2 * REST;
        let trial = breaker.admit(later).unwrap();
        breaker.succeeded(trial);
        assert_eq!(breaker.circuit(later), Circuit::Closed);
    }

    #[test]
    fn the_rest_is_bounded() {
        let mut now = Instant::now();
        let mut breaker = opened(now);
        for _ in 0..40 {
            now += breaker.admit(now).unwrap_err();
            let trial = breaker.admit(now).unwrap();
            breaker.failed(trial, now);
        }
        assert_eq!(breaker.admit(now).unwrap_err(), REST * 32);
    }

    #[test]
    fn an_abandoned_trial_lets_the_next_one_try() {
        let now = Instant::now();
        let mut breaker = opened(now);
        let trial = breaker.admit(now + REST).unwrap();
        breaker.abandoned(trial, now + REST);
        assert!(breaker.admit(now + REST).is_ok());
    }

    #[test]
    fn a_straggler_does_not_end_the_trial_of_another() {
        let now = Instant::now();
        let mut breaker = Breaker::new(REST);
        let (early, late) = (breaker.admit(now).unwrap(), breaker.admit(now).unwrap());
        for _ in 0..FAILURES_TO_OPEN {
            let ticket = breaker.admit(now).unwrap();
            breaker.failed(ticket, now);
        }
        let _trial = breaker.admit(now + REST).unwrap();
        breaker.failed(early, now + REST);
        breaker.abandoned(late, now + REST);
        assert!(breaker.admit(now + REST).is_err(), "the trial is still under way");
    }
}
