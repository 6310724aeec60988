//! Requests a minute, for each client address.
//!
//! The generic cell rate algorithm (ITU-T I.371): one instant a client, at which its next request would be
//! due if all came evenly; a client may run ahead of it by a whole minute's worth. Sixty lines, where the
//! `governor` crate would bring a concurrent map, a clock and jitter of its own and still leave the headers.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderValue};

const WINDOW: Duration = Duration::from_secs(60);

/// Addresses remembered. When there are more, those that have their whole quota again are forgotten; a
/// flood from still more addresses shares one quota.
const MAX_CLIENTS: usize = 10_000;

/// Hands out the quota.
pub(crate) struct RateLimiter {
    quota: NonZeroU32,
    start: Instant,
    /// When the next request of a client is due, since `start`.
    due: Mutex<BTreeMap<IpAddr, Duration>>,
}

/// What a client has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quota {
    limit: u32,
    remaining: u32,
    /// Until the whole quota is there again.
    reset_s: u64,
    /// Set when there is none: when the next request has one.
    pub(crate) retry_after_s: Option<u64>,
}

impl RateLimiter {
    pub(crate) fn new(quota: NonZeroU32) -> Self {
        Self {
            quota,
            start: Instant::now(),
            due: Mutex::default(),
        }
    }

    /// Takes one request from the quota of `client`.
    pub(crate) fn take(&self, client: IpAddr) -> Quota {
        self.take_at(client, self.start.elapsed())
    }

    fn take_at(&self, client: IpAddr, now: Duration) -> Quota {
        let interval = WINDOW / self.quota.get();
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        if due.len() >= MAX_CLIENTS {
            due.retain(|_, due| *due > now);
        }
        let mut key = network(client);
        if due.len() >= MAX_CLIENTS && !due.contains_key(&key) {
            key = IpAddr::from([0, 0, 0, 0]);
        }
        let at = due.get(&key).copied().unwrap_or_default().max(now);
        let ahead = at + interval - now;
        let refused = ahead > WINDOW;
        if !refused {
            due.insert(key, at + interval);
        }
        let used = if refused { at - now } else { ahead };
        let left = (WINDOW.saturating_sub(used)).as_nanos() / interval.as_nanos().max(1);
        Quota {
            limit: self.quota.get(),
            remaining: if refused {
                0
            } else {
                u32::try_from(left).unwrap_or(u32::MAX)
            },
            reset_s: ceil_s(used),
            retry_after_s: refused.then(|| ceil_s(ahead - WINDOW).max(1)),
        }
    }
}

impl Quota {
    /// The headers of draft-ietf-httpapi-ratelimit-headers.
    pub(crate) fn describe(&self, headers: &mut HeaderMap) {
        let policy = format!("\"default\";q={};w={}", self.limit, WINDOW.as_secs());
        let state = format!("\"default\";r={};t={}", self.remaining, self.reset_s);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
}

fn ceil_s(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// One household or host has a whole /64 of IPv6 addresses.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => IpAddr::from((u128::from(address) >> 64 << 64).to_be_bytes()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
    const B: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2));

    fn limiter(quota: u32) -> RateLimiter {
        RateLimiter::new(NonZeroU32::new(quota).unwrap())
    }

    #[test]
    fn a_burst_of_the_quota_passes_and_then_one_each_interval() {
        let limiter = limiter(6);
        let at = Duration::from_secs;
        for left in (0..6).rev() {
            let quota = limiter.take_at(A, at(0));
            assert_eq!((quota.remaining, quota.retry_after_s), (left, None));
        }
        let refused = limiter.take_at(A, at(0));
        assert_eq!((refused.retry_after_s, refused.reset_s), (Some(10), 60));
        assert_eq!(
            limiter.take_at(B, at(0)).remaining,
            5,
            "another client has its own"
        );
        assert_eq!(limiter.take_at(A, at(9)).retry_after_s, Some(1));
        assert_eq!(limiter.take_at(A, at(10)).retry_after_s, None);
        assert_eq!(limiter.take_at(A, at(10)).retry_after_s, Some(10));
        assert_eq!(
            limiter.take_at(A, at(100)).remaining,
            5,
            "a minute later all of it is back"
        );
    }

    #[test]
    fn memory_is_bounded() {
        let limiter = limiter(1);
        for n in 0..(MAX_CLIENTS as u32 + 100) {
            limiter.take_at(IpAddr::from(n.to_be_bytes()), Duration::ZERO);
        }
        assert!(limiter.due.lock().unwrap().len() <= MAX_CLIENTS + 1);
    }
}
