//! What was said and when: pieces between marks of time, put back into the time of the recording.

use crate::RATE;
use crate::activity::Span;
use crate::vocabulary::{is_text, mark_ms};

/// Samples of a window: 30 s.
pub(crate) const WINDOW: usize = 30 * RATE as usize;

/// Sound kept around each stretch of speech, so that soft beginnings and ends are heard.
const MARGIN_MS: u32 = 240;
/// Silence between stretches of speech from which on it is told as a pause.
const PAUSE_MS: u32 = 2000;
/// The least that a window moves on, so that it always ends: half a second.
const LEAST_STEP: usize = RATE as usize / 2;
/// What is left of a window after its last piece and less than this holds no word that is not in the piece.
const LEAST_REST: usize = RATE as usize;

/// What was said in a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// The length of the recording.
    pub duration_ms: u64,
    /// In order of time.
    pub segments: Vec<Segment>,
    /// Silences of more than two seconds between the first words and the last.
    pub pauses: Vec<Pause>,
}

/// A phrase or sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// From the start of the recording.
    pub start_ms: u32,
    /// Not before its start.
    pub end_ms: u32,
    /// Without blanks at its ends, never empty.
    pub text: String,
}

/// A silence between words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// From the start of the recording.
    pub start_ms: u32,
    /// Not before its start.
    pub end_ms: u32,
}

impl Transcript {
    pub(crate) fn new(duration_ms: u64, segments: Vec<Segment>, spans: &[Span]) -> Transcript {
        Transcript {
            duration_ms,
            pauses: pauses(spans),
            segments,
        }
    }

    /// The whole text: the segments with a blank between them.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self.segments.iter().map(|s| s.text.as_str()).collect();
        texts.join(" ")
    }
}

/// The silences between stretches of speech that are long enough to be told.
pub(crate) fn pauses(spans: &[Span]) -> Vec<Pause> {
    let pause = |pair: &[Span]| Pause {
        start_ms: pair[0].end_ms(),
        end_ms: pair[1].start_ms(),
    };
    let pauses = spans.windows(2).map(pause);
    pauses.filter(|p| p.end_ms - p.start_ms > PAUSE_MS).collect()
}

/// The stretches of speech one after the other, with little of the silence between them.
pub(crate) struct Joined {
    pub(crate) samples: Vec<f32>,
    /// Where each stretch begins: here, and in the recording.
    starts: Vec<(usize, usize)>,
}

impl Joined {
    pub(crate) fn new(samples: &[f32], spans: &[Span]) -> Joined {
        let mut joined = Joined {
            samples: Vec::new(),
            starts: Vec::new(),
        };
        let mut heard = 0;
        for span in spans {
            let range = span.samples(MARGIN_MS, samples.len());
            // Margins of neighbours may overlap.
            let start = range.start.max(heard);
            joined.starts.push((joined.samples.len(), start));
            joined.samples.extend_from_slice(&samples[start..range.end]);
            heard = range.end;
        }
        joined
    }

    /// The piece of the window that begins at `window`, in the time of the recording.
    pub(crate) fn segment(&self, window: usize, piece: &Piece, text: String) -> Segment {
        let start_ms = self.recorded_ms(window + samples_of(piece.start_ms));
        let end_ms = self.recorded_ms((window + samples_of(piece.end_ms)).min(self.samples.len()));
        Segment {
            start_ms,
            end_ms: end_ms.max(start_ms),
            text,
        }
    }

    fn recorded_ms(&self, sample: usize) -> u32 {
        let stretch = self.starts.partition_point(|(here, _)| *here <= sample);
        let (here, there) = stretch.checked_sub(1).map_or((0, 0), |i| self.starts[i]);
        let ms = (there + sample - here) as u64 * 1000 / u64::from(RATE);
        u32::try_from(ms).unwrap_or(u32::MAX)
    }
}

fn samples_of(ms: u32) -> usize {
    ms as usize * (RATE as usize / 1000)
}

/// Tokens between two marks, in the time of their window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) start_ms: u32,
    pub(crate) end_ms: u32,
    pub(crate) tokens: Vec<u32>,
}

/// The pieces of a window of `len` samples, and how far the window got: where the model began a piece that it
/// did not finish, the next window takes it up again; a window that is finished was heard to its end.
pub(crate) fn pieces(tokens: &[u32], len: usize) -> (Vec<Piece>, usize) {
    let len_ms = u32::try_from(len as u64 * 1000 / u64::from(RATE)).unwrap_or(u32::MAX);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open: Option<Piece> = None;
    for token in tokens {
        match (mark_ms(*token), &mut open) {
            (Some(ms), None) => {
                open = Some(Piece {
                    start_ms: ms.min(len_ms),
                    end_ms: len_ms,
                    tokens: Vec::new(),
                });
            }
            (Some(ms), Some(piece)) if !piece.tokens.is_empty() => {
                piece.end_ms = ms.min(len_ms);
                pieces.extend(open.take());
            }
            (None, Some(piece)) if is_text(*token) => piece.tokens.push(*token),
            _ => {}
        }
    }
    match open {
        // One begun that came to no words: the rest is for the next window, if there is enough of it.
        Some(begun)
            if begun.tokens.is_empty()
                && !pieces.is_empty()
                && samples_of(begun.start_ms) + LEAST_REST < len =>
        {
            let closed = samples_of(begun.start_ms).max(LEAST_STEP);
            (pieces, closed)
        }
        open => {
            pieces.extend(open.filter(|piece| !piece.tokens.is_empty()));
            (pieces, len)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::FIRST_MARK;

    fn mark(seconds: u32) -> u32 {
        FIRST_MARK + seconds * 50
    }

    fn told(tokens: &[u32], len: usize) -> (Vec<(u32, u32, usize)>, usize) {
        let (pieces, closed) = pieces(tokens, len);
        let told = |p: &Piece| (p.start_ms, p.end_ms, p.tokens.len());
        (pieces.iter().map(told).collect(), closed / RATE as usize)
    }

    #[test]
    fn a_window_that_was_not_finished_is_taken_up_at_its_last_mark() {
        let tokens = [mark(0), 1, 2, mark(9), mark(9), 3, mark(21), mark(21)];
        assert_eq!(told(&tokens, WINDOW), (vec![(0, 9000, 2), (9000, 21_000, 1)], 21));
        // Less than a second after the last mark is nothing to come back for.
        let len = 21 * RATE as usize + LEAST_REST - 1;
        assert_eq!(told(&tokens, len), (vec![(0, 9000, 2), (9000, 21_000, 1)], 21));
        assert_eq!(pieces(&tokens, len).1, len);
        assert_eq!(
            told(&tokens[..7], WINDOW),
            (vec![(0, 9000, 2), (9000, 21_000, 1)], 30)
        );
        assert_eq!(
            told(&tokens[..6], WINDOW),
            (vec![(0, 9000, 2), (9000, 30_000, 1)], 30)
        );
        assert_eq!(told(&[mark(1), mark(1)], WINDOW), (vec![], 30));
        assert_eq!(told(&[], WINDOW), (vec![], 30));
    }

    #[test]
    fn times_are_those_of_the_recording() {
        let samples = vec![0.1; 60 * RATE as usize];
        let spans = [
            Span { start: 100, end: 200 },
            Span {
                start: 1000,
                end: 1500,
            },
        ];
        let joined = Joined::new(&samples, &spans);
        assert_eq!(joined.samples.len(), (2 + 10) * RATE as usize + 4 * 240 * 16);
        let piece = Piece {
            start_ms: 0,
            end_ms: 3480,
            tokens: Vec::new(),
        };
        let segment = joined.segment(0, &piece, "x".to_owned());
        assert_eq!((segment.start_ms, segment.end_ms), (1760, 19_760 + 1000));
        let transcript = Transcript::new(60_000, vec![segment], &spans);
        let pause = Pause {
            start_ms: 4000,
            end_ms: 20_000,
        };
        assert_eq!(transcript.pauses, [pause]);
    }
}
