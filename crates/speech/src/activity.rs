//! Where somebody speaks: loudness against the quiet of the same recording.
//!
//! It stands before the model, which writes words into silence and hum if it is given them. It is generous:
//! what it lets through the model may still call no speech, what it holds back is never heard.

use crate::RATE;

/// Samples of a frame: 20 ms.
const FRAME: usize = RATE as usize / 50;
const FRAME_MS: u32 = 20;

/// Share of the sample before that is taken off each sample: hum and rumble go, consonants stay. The usual
/// value of speech coding.
const EMPHASIS: f32 = 0.97;

/// Decibels below full scale, after the emphasis, under which nothing is speech.
const QUIETEST: f32 = -68.0;
/// How far speech stands above the quiet of a recording, in decibels ...
const ABOVE_QUIET: f32 = 9.0;
/// ... and how far below its loud parts its soft parts still lie.
const BELOW_LOUD: f32 = 26.0;
/// A recording whose loud parts stand less than this above its quiet ones is a steady noise.
const STEADY: f32 = 12.0;

/// Quiet that is no pause: between words and inside them.
const JOINED_FRAMES: usize = 25;
/// What lasts less is a click or a knock, no word.
const LEAST_FRAMES: usize = 6;

/// A stretch of speech, in frames; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) fn start_ms(self) -> u32 {
        frames_ms(self.start)
    }

    pub(crate) fn end_ms(self) -> u32 {
        frames_ms(self.end)
    }

    /// Its samples with `margin_ms` around it, within `len`.
    pub(crate) fn samples(self, margin_ms: u32, len: usize) -> std::ops::Range<usize> {
        let margin = (margin_ms / FRAME_MS) as usize * FRAME;
        (self.start * FRAME).saturating_sub(margin)..(self.end * FRAME + margin).min(len)
    }
}

fn frames_ms(frames: usize) -> u32 {
    u32::try_from(frames).unwrap_or(u32::MAX).saturating_mul(FRAME_MS)
}

/// The stretches of speech in a sound at 16 kHz, in order.
pub(crate) fn spans(samples: &[f32]) -> Vec<Span> {
    let levels = levels(samples);
    let Some(threshold) = threshold(&levels) else {
        return Vec::new();
    };
    let mut spans: Vec<(Span, usize)> = Vec::new();
    for (frame, _) in levels.iter().enumerate().filter(|(_, level)| **level > threshold) {
        match spans.last_mut() {
            Some((span, loud)) if frame - span.end <= JOINED_FRAMES => {
                span.end = frame + 1;
                *loud += 1;
            }
            _ => {
                let span = Span {
                    start: frame,
                    end: frame + 1,
                };
                spans.push((span, 1));
            }
        }
    }
    spans.retain(|(_, loud)| *loud >= LEAST_FRAMES);
    spans.into_iter().map(|(span, _)| span).collect()
}

/// The level of each frame in decibels of full scale.
fn levels(samples: &[f32]) -> Vec<f32> {
    let mut before = samples.first().copied().unwrap_or_default();
    samples
        .chunks(FRAME)
        .map(|frame| {
            let mut power = 0.0;
            for sample in frame {
                let emphasised = sample - EMPHASIS * before;
                before = *sample;
                power += emphasised * emphasised;
            }
            10.0 * (power / frame.len() as f32).max(1e-12).log10()
        })
        .collect()
}

/// The level above which a frame is speech; `None` when no frame can be.
fn threshold(levels: &[f32]) -> Option<f32> {
    let mut sorted = levels.to_vec();
    sorted.sort_by(f32::total_cmp);
    let at = |share: f32| sorted.get((sorted.len() as f32 * share) as usize).copied();
    let quiet = at(0.1)?.max(QUIETEST - ABOVE_QUIET);
    // One word in a long silence is loud in few frames.
    let loud = at(0.98)?.max(sorted[sorted.len().saturating_sub(LEAST_FRAMES)]);
    let threshold = (quiet + ABOVE_QUIET).min(loud - BELOW_LOUD).max(QUIETEST);
    let heard = loud > QUIETEST && loud - quiet >= STEADY;
    // In a short recording without a quiet moment the softest tenth is speech too.
    heard.then_some(threshold)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise of a level in decibels, always the same.
    fn noise(seconds: f32, decibels: f32, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let amplitude = 10f32.powf(decibels / 20.0);
        (0..(seconds * RATE as f32) as usize)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state as f32 / u32::MAX as f32 - 0.5) * 2.0 * amplitude
            })
            .collect()
    }

    fn spoken(parts: &[(f32, f32)]) -> Vec<(u32, u32)> {
        let samples: Vec<f32> = parts
            .iter()
            .zip(1..)
            .flat_map(|((seconds, level), seed)| noise(*seconds, *level, seed))
            .collect();
        spans(&samples)
            .iter()
            .map(|s| (s.start_ms(), s.end_ms()))
            .collect()
    }

    #[test]
    fn silence_hum_and_steady_noise_are_no_speech() {
        assert!(spoken(&[]).is_empty());
        assert!(spans(&vec![0.0; 160_000]).is_empty());
        assert!(spoken(&[(10.0, -90.0)]).is_empty());
        for level in [-60.0, -40.0, -20.0, -3.0] {
            assert!(spoken(&[(10.0, level)]).is_empty(), "{level}");
        }
        let hum: Vec<f32> = (0..160_000).map(|i| (i as f32 * 0.0196).sin() * 0.1).collect();
        assert!(spans(&hum).is_empty());
    }

    // A burst ends one frame late: the emphasis still hears its last sample.
    #[test]
    fn bursts_are_spans_and_their_gaps_pauses() {
        let parts = [
            (1.0, -70.0),
            (1.5, -25.0),
            (3.0, -70.0),
            (0.5, -25.0),
            (0.3, -70.0),
            (0.5, -35.0),
        ];
        assert_eq!(spoken(&parts), [(1000, 2520), (5500, 6800)]);
    }

    #[test]
    fn a_click_is_no_word() {
        assert!(spoken(&[(3.0, -80.0), (0.06, -6.0), (3.0, -80.0)]).is_empty());
    }
}
