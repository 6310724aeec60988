//! Pace, fillers and silence: figures for the one who wants them, and at most one gentle word.

use domain::{Nudge, NudgeKind};

use super::{Moment, Speech, plain};
use crate::axes::{MANY_FILLERS, filler_rate};

/// The stretch of time that pace is measured over, and the least that shows one.
const PACE_OVER_MS: u64 = 60_000;
const PACE_FROM_MS: u64 = 10_000;

/// Words a minute from which speech is hard to follow. Conversation lies at 140 to 160 (the figure that
/// conciseness reckons with); a quarter above that is fast.
const FAST_WORDS_A_MINUTE: u32 = 190;

/// Pauses after which a word may help: aloud, and while typing.
const SILENT_MS: u64 = 6_000;
const STILL_MS: u64 = 20_000;

/// Fillers below which nobody notices.
const FEW_FILLERS: usize = 4;

/// How many words there were at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimePoint {
    /// Since the answer was begun, in milliseconds; rises from point to point.
    pub elapsed_ms: u64,
    /// Words so far.
    pub words: u32,
}

/// How an answer is spoken or typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Words so far, fillers included.
    pub words: usize,
    /// Over the last minute; `None` while there is too little to tell.
    pub words_a_minute: Option<u32>,
    /// Fillers so far.
    pub fillers: usize,
    /// Since the last word, in milliseconds.
    pub pause_ms: u64,
    /// One gentle word, where it may help.
    pub nudge: Option<Nudge>,
}

/// What there is to say of the delivery; `asked` when the coach has a question on the matter as well.
pub(super) fn delivery(moment: &Moment<'_>, speech: &Speech<'_>, asked: bool) -> Delivery {
    let words_a_minute = pace(speech.timeline);
    let pause_ms = pause(speech.timeline);
    let nudges = [
        silence(pause_ms, speech.spoken, asked),
        words_a_minute.filter(|_| speech.spoken).and_then(too_fast),
        fillers(moment),
    ];
    let mut nudges = nudges.into_iter().flatten();
    Delivery {
        words: moment.words,
        words_a_minute,
        fillers: moment.scene.text.fillers.len(),
        pause_ms,
        nudge: nudges.find(|nudge| !moment.dismissed.contains(&nudge.id)),
    }
}

/// Words a minute over the last minute; words taken back do not count.
fn pace(timeline: &[TimePoint]) -> Option<u32> {
    let last = timeline.last()?;
    let recent = |point: &&TimePoint| point.elapsed_ms + PACE_OVER_MS >= last.elapsed_ms;
    let first = timeline.iter().find(recent)?;
    let took_ms = last.elapsed_ms.saturating_sub(first.elapsed_ms);
    if took_ms < PACE_FROM_MS {
        return None;
    }
    let words = u64::from(last.words.saturating_sub(first.words));
    u32::try_from(words * 60_000 / took_ms).ok()
}

/// How long ago the last word came.
fn pause(timeline: &[TimePoint]) -> u64 {
    let Some(last) = timeline.last() else { return 0 };
    let same = timeline
        .iter()
        .rev()
        .take_while(|point| point.words == last.words);
    let since = same.last().map_or(last.elapsed_ms, |point| point.elapsed_ms);
    last.elapsed_ms.saturating_sub(since)
}

fn silence(pause_ms: u64, spoken: bool, asked: bool) -> Option<Nudge> {
    let long = if spoken { SILENT_MS } else { STILL_MS };
    if pause_ms < long {
        return None;
    }
    let text = if asked {
        "A pause is fine. When you are ready, take up the question above."
    } else {
        "A pause is fine. When you are ready, go on where you were."
    };
    let reason = format!("No new word for {} seconds.", pause_ms / 1000);
    Some(plain("silence", NudgeKind::Silence, text, reason))
}

fn too_fast(words_a_minute: u32) -> Option<Nudge> {
    (words_a_minute >= FAST_WORDS_A_MINUTE).then(|| {
        let reason = format!("{words_a_minute} words in the last minute; conversation has 140 to 160.");
        let text = "A little slower is easier to follow.";
        plain("pace", NudgeKind::Pace, text, reason)
    })
}

fn fillers(moment: &Moment<'_>) -> Option<Nudge> {
    let said = &moment.scene.text.fillers;
    if said.len() < FEW_FILLERS || filler_rate(moment.scene) < MANY_FILLERS {
        return None;
    }
    let reason = format!("{} fillers in {} words.", said.len(), moment.words);
    let text = "A short pause does the work of a filler.";
    let mut nudge = plain("fillers", NudgeKind::Fillers, text, reason);
    nudge.because.span = said.last().cloned();
    Some(nudge)
}
