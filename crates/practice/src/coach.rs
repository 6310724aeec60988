//! Listening to an answer while it grows. Nothing of it is kept but what its sentences recall, in memory.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use answer::{Coaching, Grader, Listener, Speech, TimePoint};
use domain::{ItemId, MAX_ANSWER_BYTES};

use crate::graders::chain;
use crate::items::{Part, rubric};
use crate::submit::MAX_ELAPSED_MS;
use crate::{Error, Practice};

/// Most points of a timeline: one a second for a quarter of an hour.
pub const MAX_TIME_POINTS: usize = 900;

/// Most nudges that a client may name as dismissed, and the longest name; an item has about twenty.
pub const MAX_DISMISSED: usize = 200;
const MAX_NUDGE_ID_BYTES: usize = 128;

/// Items listened to at once that keep their sentences. One keeps at most 256 of some 1.5 KB, and its grader.
const KEPT: usize = 8;

/// An answer so far.
#[derive(Debug, Clone)]
pub struct SoFar {
    /// The item.
    pub item: ItemId,
    /// Its variant, 0 for the default.
    pub variant: u32,
    /// The words, at most as many as an answer may have; may be empty.
    pub text: String,
    /// Said aloud rather than typed.
    pub spoken: bool,
    /// How it grew, at most [`MAX_TIME_POINTS`], in rising order; may be empty.
    pub timeline: Vec<TimePoint>,
    /// Ids of nudges that are not wanted again, at most [`MAX_DISMISSED`].
    pub dismissed: BTreeSet<String>,
    /// The graded loop that the answer is part of: there the coach does not speak.
    pub within: Option<String>,
}

/// Listeners to the most recently answered items, newest first.
#[derive(Default)]
pub(crate) struct Listeners {
    kept: Mutex<Vec<(ItemId, String, Listener)>>,
}

impl Practice {
    /// Says what is still missing in an answer that is being written. What it says follows from the
    /// arguments alone; nothing is kept of them.
    ///
    /// # Errors
    /// The item or variant is unknown, a field breaks a limit, the answer is part of a graded loop, the machine is
    /// busy, or the rubric cannot be used.
    pub async fn coach(&self, so_far: SoFar) -> Result<Coaching, Error> {
        let instance = self.instance(&so_far.item, so_far.variant, Part::Question)?;
        if so_far.within.is_some() {
            return Err(Error::CoachOff);
        }
        so_far.check()?;
        rubric(&instance.item)?;
        let practice = self.clone();
        let listened = self.0.slots.run(move || {
            let item = &instance.item;
            let grader = practice.0.graders.get(&item.id, &item.revision, rubric(item)?)?;
            let mut listener = practice.0.listeners.take(&item.id, &item.revision, grader);
            let speech = Speech {
                text: &so_far.text,
                spoken: so_far.spoken,
                timeline: &so_far.timeline,
                dismissed: &so_far.dismissed,
            };
            let coaching = listener.listen(&speech).map_err(|error| Error::Rubric {
                item: item.id.clone(),
                why: chain(&error),
            })?;
            practice.0.listeners.keep(&item.id, &item.revision, listener);
            Ok(coaching)
        });
        listened.await?
    }
}

impl SoFar {
    fn check(&self) -> Result<(), Error> {
        let broken = |field, rule| Err(Error::Field { field, rule });
        if self.text.len() > MAX_ANSWER_BYTES {
            return broken("text", format!("has more than {MAX_ANSWER_BYTES} bytes"));
        }
        if self.timeline.len() > MAX_TIME_POINTS {
            return broken("timeline", format!("has more than {MAX_TIME_POINTS} points"));
        }
        let rises = self.timeline.is_sorted_by_key(|point| point.elapsed_ms);
        let last = self.timeline.last().map_or(0, |point| point.elapsed_ms);
        if !rises || last > MAX_ELAPSED_MS as u64 {
            return broken(
                "timeline",
                format!("must rise from point to point, to at most {MAX_ELAPSED_MS} ms"),
            );
        }
        let long = |id: &String| id.len() > MAX_NUDGE_ID_BYTES;
        if self.dismissed.len() > MAX_DISMISSED || self.dismissed.iter().any(long) {
            return broken(
                "dismissed",
                format!("holds at most {MAX_DISMISSED} ids of at most {MAX_NUDGE_ID_BYTES} bytes"),
            );
        }
        Ok(())
    }
}

impl Listeners {
    /// A listener to an item at a revision, with what was heard before. It is the caller's own: two that
    /// listen at once do not wait for each other.
    fn take(&self, item: &ItemId, revision: &str, grader: Arc<Grader>) -> Listener {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(i, r, _)| i == item && r == revision);
        let found = found.map(|(_, _, listener)| listener.clone());
        drop(kept);
        found.unwrap_or_else(|| Listener::new(grader))
    }

    /// Keeps what a listener has heard now, in place of what was kept of the item.
    fn keep(&self, item: &ItemId, revision: &str, listener: Listener) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(i, r, _)| i != item || r != revision);
        kept.insert(0, (item.clone(), revision.to_owned(), listener));
        kept.truncate(KEPT);
    }
}
