//! Readings in memory: those made, bounded in number, and those being made, one for equal questions.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use tokio::sync::OnceCell;

use crate::{Fingerprint, ReadError, Reading};

/// What comes of one reading, for all who wait for it. When the one who makes it goes away, another who
/// waits takes over.
pub(crate) type Flight = OnceCell<Result<Arc<Reading>, ReadError>>;

#[derive(Debug)]
pub(crate) struct Shelf {
    room: usize,
    /// Counts uses, to tell which was used longest ago.
    uses: u64,
    readings: BTreeMap<Fingerprint, (u64, Arc<Reading>)>,
    /// Weak: a flight lives as long as somebody waits for it.
    flights: BTreeMap<Fingerprint, Weak<Flight>>,
}

impl Shelf {
    pub(crate) fn new(room: usize) -> Self {
        Self {
            room,
            uses: 0,
            readings: BTreeMap::new(),
            flights: BTreeMap::new(),
        }
    }

    pub(crate) fn find(&mut self, key: Fingerprint) -> Option<Arc<Reading>> {
        self.uses += 1;
        let (used, reading) = self.readings.get_mut(&key)?;
        *used = self.uses;
        Some(Arc::clone(reading))
    }

    pub(crate) fn put(&mut self, key: Fingerprint, reading: Arc<Reading>) {
        self.uses += 1;
        self.readings.insert(key, (self.uses, reading));
        while self.readings.len() > self.room {
            let oldest = self.readings.iter().min_by_key(|(_, (used, _))| *used);
            let Some(oldest) = oldest.map(|(key, _)| *key) else {
                return;
            };
            self.readings.remove(&oldest);
        }
    }

    /// The flight for this question: the one under way, or a new one.
    pub(crate) fn board(&mut self, key: Fingerprint) -> Arc<Flight> {
        if let Some(flight) = self.flights.get(&key).and_then(Weak::upgrade) {
            return flight;
        }
        self.flights.retain(|_, flight| flight.strong_count() > 0);
        let flight = Arc::new(Flight::new());
        self.flights.insert(key, Arc::downgrade(&flight));
        flight
    }

    /// A flight came to its end: who asks from now on finds the reading, or makes a new try.
    pub(crate) fn land(&mut self, key: Fingerprint, flight: &Arc<Flight>) {
        let ours = |other: &Weak<Flight>| std::ptr::eq(other.as_ptr(), Arc::as_ptr(flight));
        if !self.flights.get(&key).is_some_and(ours) {
            return;
        }
        self.flights.remove(&key);
        if let Some(Ok(reading)) = flight.get() {
            self.put(key, Arc::clone(reading));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ask;

    fn key(n: usize) -> Fingerprint {
        let answer = n.to_string();
        let ask = Ask {
            question: "",
            claims: &[],
            answer: &answer,
            withheld: &[],
        };
        ask.fingerprint("m")
    }

    #[test]
    fn the_longest_unused_reading_goes_first() {
        let mut shelf = Shelf::new(2);
        let reading = Arc::new(crate::prompt::silent("m"));
        shelf.put(key(1), Arc::clone(&reading));
        shelf.put(key(2), Arc::clone(&reading));
        assert!(shelf.find(key(1)).is_some());
        shelf.put(key(3), reading);
        let kept: Vec<_> = [1, 2, 3].map(|n| shelf.find(key(n)).is_some()).to_vec();
        assert_eq!(kept, [true, false, true]);
    }

    #[test]
    fn equal_questions_share_a_flight_until_nobody_waits() {
        let mut shelf = Shelf::new(2);
        let (a, b) = (shelf.board(key(1)), shelf.board(key(1)));
        assert!(Arc::ptr_eq(&a, &b));
        assert!(!Arc::ptr_eq(&a, &shelf.board(key(2))));
        drop((a, b));
        let _other = shelf.board(key(3));
        assert_eq!(shelf.flights.len(), 1, "abandoned flights are forgotten");
    }

    #[test]
    fn a_failed_flight_is_not_kept() {
        let mut shelf = Shelf::new(2);
        let flight = shelf.board(key(1));
        flight.set(Err(ReadError::Cut)).unwrap();
        shelf.land(key(1), &flight);
        assert!(shelf.find(key(1)).is_none());
        assert!(!Arc::ptr_eq(&flight, &shelf.board(key(1))));
    }
}
