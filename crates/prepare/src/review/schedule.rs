//! The log of a card becomes its schedule.

use domain::{CardEntry, Day, Rating};
use fsrs::{FSRS, ItemState, MemoryState, NextStates};

/// After so many lapses, reviewing the fact alone has not worked: time for the whole question again. Anki
/// suspends after eight; a fact of an interview question has its context at hand sooner.
pub const LEECH_LAPSES: u32 = 6;

/// Longest interval in days: a year. Nobody prepares for longer, and a figure of ten years reads as a joke.
const MAX_INTERVAL_DAYS: f32 = 365.0;

/// A review that is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// How well the card was known.
    pub rating: Rating,
    /// The candidate's day.
    pub day: Day,
}

/// Where a card stands after its reviews.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// When it comes up next.
    pub due: Day,
    /// Days from the last review to `due`.
    pub interval_days: u32,
    /// The day of the first review.
    pub first: Day,
    /// The day of the last review.
    pub last: Day,
    /// Reviews in force.
    pub reviews: u32,
    /// How often it was forgotten after a day or more.
    pub lapses: u32,
    /// Days until it is still known with 90 %.
    pub stability: f32,
    /// How hard it is to keep, 1 to 10.
    pub difficulty: f32,
    /// Times in a row that it was not known on the last day.
    again_on_last: u32,
}

impl Schedule {
    /// Whether the card keeps being forgotten: see [`LEECH_LAPSES`].
    pub fn is_leech(&self) -> bool {
        self.lapses >= LEECH_LAPSES
    }
}

/// The days until the next review that each rating would give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preview {
    /// After `again`; 0 is once more today.
    pub again: u32,
    /// After `hard`.
    pub hard: u32,
    /// After `good`.
    pub good: u32,
    /// After `easy`.
    pub easy: u32,
}

/// The reviews of a log that no later entry took back, in order.
pub fn in_force(log: &[CardEntry]) -> Vec<Review> {
    let mut reviews = Vec::new();
    for entry in log {
        match *entry {
            CardEntry::Review { rating, day, .. } => reviews.push(Review { rating, day }),
            CardEntry::Undo { .. } => {
                reviews.pop();
            }
        }
    }
    reviews
}

/// Where a card stands when `retention` percent should still be known at the next review; `None` before the
/// first one.
pub fn schedule(reviews: &[Review], retention: u32) -> Option<Schedule> {
    let fsrs = FSRS::default();
    let mut so_far: Option<Schedule> = None;
    for review in reviews {
        so_far = Some(after(&fsrs, so_far.as_ref(), *review, retention)?);
    }
    so_far
}

/// What each rating would give on that day.
pub fn preview(so_far: Option<&Schedule>, today: Day, retention: u32) -> Preview {
    let fsrs = FSRS::default();
    let days = |rating| {
        let next = after(&fsrs, so_far, Review { rating, day: today }, retention);
        next.map_or(1, |next| next.interval_days)
    };
    Preview {
        again: days(Rating::Again),
        hard: days(Rating::Hard),
        good: days(Rating::Good),
        easy: days(Rating::Easy),
    }
}

/// One step; `None` only when FSRS refuses its own state, which finite states rule out.
fn after(fsrs: &FSRS, so_far: Option<&Schedule>, review: Review, retention: u32) -> Option<Schedule> {
    // A clock that was set back, or a flight west: no time has passed.
    let day = so_far.map_or(review.day, |s| s.last.max(review.day));
    let elapsed = so_far.map_or(0, |s| day.since(s.last));
    let memory = so_far.map(|s| MemoryState {
        stability: s.stability,
        difficulty: s.difficulty,
    });
    let wanted = retention as f32 / 100.0;
    let states = fsrs.next_states(memory, wanted, elapsed).ok()?;
    let state = of(states, review.rating);
    let again = review.rating == Rating::Again;
    let again_on_last = match so_far {
        Some(s) if again && elapsed == 0 => s.again_on_last + 1,
        _ => u32::from(again),
    };
    // What was not known is asked once more the same day, then tomorrow.
    let days = state.interval.round().clamp(1.0, MAX_INTERVAL_DAYS) as u32;
    let interval_days = match again_on_last {
        0 => days,
        1 => 0,
        _ => 1,
    };
    Some(Schedule {
        due: day.plus(interval_days),
        interval_days,
        first: so_far.map_or(day, |s| s.first),
        last: day,
        reviews: so_far.map_or(0, |s| s.reviews) + 1,
        lapses: so_far.map_or(0, |s| s.lapses) + u32::from(again && elapsed > 0),
        stability: state.memory.stability,
        difficulty: state.memory.difficulty,
        again_on_last,
    })
}

fn of(states: NextStates, rating: Rating) -> ItemState {
    match rating {
        Rating::Again => states.again,
        Rating::Hard => states.hard,
        Rating::Good => states.good,
        Rating::Easy => states.easy,
    }
}
