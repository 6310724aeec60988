//! Which tokens may come next: the rules under which Whisper writes text between marks of time
//! (Radford et al. 2022, section 4.5, and the reference implementation's order of applying them).

use crate::vocabulary::{END, FIRST_MARK, NO_MARKS, is_text};

/// The first words begin within one second of the window's start: later, and the model is guessing.
const LATEST_START: u32 = 50;

/// Tokens for what is not spoken, such as brackets, dashes and notes of music, that the published English
/// models are never to write.
const UNSPOKEN: [u32; 84] = [
    1, 2, 7, 8, 9, 10, 14, 25, 26, 27, 28, 29, 31, 58, 59, 60, 61, 62, 63, 90, 91, 92, 93, 357, 366, 438,
    532, 685, 705, 796, 930, 1058, 1220, 1267, 1279, 1303, 1343, 1377, 1391, 1635, 1782, 1875, 2162, 2361,
    2488, 3467, 4008, 4211, 4600, 4808, 5299, 5855, 6329, 7203, 9609, 9959, 10563, 10786, 11420, 11709,
    11907, 13163, 13697, 13700, 14808, 15306, 16410, 16791, 17992, 19203, 19510, 20724, 22305, 22935, 27007,
    30109, 30420, 33409, 34949, 40283, 40493, 40549, 47282, 49146,
];

/// Length of a run of tokens that may not come twice where the text is written a second time.
const RUN: usize = 4;

/// Turns the logits after `written` into logarithms of probabilities, with minus infinity for every token that
/// must not come next. With `once`, no run of four text tokens may come a second time.
pub(crate) fn apply(logits: &mut [f32], written: &[u32], once: bool) {
    for token in UNSPOKEN {
        forbid(logits, token..token + 1);
    }
    // Between the end of the text and the marks lie tokens that only ever start a window.
    forbid(logits, END + 1..NO_MARKS + 1);
    if once {
        forbid_runs(logits, written);
    }
    if written.is_empty() {
        forbid(logits, 0..FIRST_MARK);
        forbid(logits, FIRST_MARK + LATEST_START + 1..u32::MAX);
    }
    let is_mark = |token: Option<&u32>| token.is_some_and(|t| *t >= FIRST_MARK);
    let mut backwards = written.iter().rev();
    let (last, before) = (backwards.next(), backwards.next());
    match (is_mark(last), is_mark(before) || written.len() < 2) {
        // The mark that opens a piece of text is followed by that text ...
        (true, true) => forbid(logits, FIRST_MARK..u32::MAX),
        // ... and the one that closes it by the next opening mark, or by the end.
        (true, false) => forbid(logits, 0..END),
        (false, _) => {}
    }
    // Time never runs backwards, and a piece of text takes some of it.
    if let Some(latest) = written.iter().rfind(|t| **t >= FIRST_MARK) {
        let opens_next = is_mark(last) && !is_mark(before) && written.len() >= 2;
        forbid(logits, FIRST_MARK..latest + u32::from(!opens_next));
    }
    to_log_probabilities(logits);
    // When marks together are likelier than any one text token, it is time for a mark.
    let marks: f32 = logits[FIRST_MARK as usize..].iter().map(|x| x.exp()).sum();
    let text = logits[..FIRST_MARK as usize]
        .iter()
        .copied()
        .fold(f32::MIN, f32::max);
    if marks.ln() > text {
        forbid(logits, 0..FIRST_MARK);
        to_log_probabilities(logits);
    }
}

fn forbid(logits: &mut [f32], tokens: std::ops::Range<u32>) {
    let end = logits.len().min(tokens.end as usize);
    if let Some(logits) = logits.get_mut(tokens.start as usize..end) {
        logits.fill(f32::NEG_INFINITY);
    }
}

fn forbid_runs(logits: &mut [f32], written: &[u32]) {
    let text: Vec<u32> = written.iter().copied().filter(|t| is_text(*t)).collect();
    let Some(tail) = text.len().checked_sub(RUN - 1).map(|from| &text[from..]) else {
        return;
    };
    for run in text.windows(RUN) {
        if run[..RUN - 1] == *tail {
            forbid(logits, run[RUN - 1]..run[RUN - 1] + 1);
        }
    }
}

fn to_log_probabilities(logits: &mut [f32]) {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if !largest.is_finite() {
        return;
    }
    let sum: f64 = logits.iter().map(|x| f64::from((x - largest).exp())).sum();
    let all = largest + sum.ln() as f32;
    logits.iter_mut().for_each(|x| *x -= all);
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNT: usize = FIRST_MARK as usize + 1501;
    const MARK: u32 = FIRST_MARK + 10;

    /// What may follow, out of a few tokens that stand for their kind.
    fn allowed(written: &[u32], once: bool) -> Vec<&'static str> {
        let mut logits = vec![0.0; COUNT];
        // Text is likely enough not to be pushed out by the many marks.
        logits[..=END as usize].fill(9.0);
        apply(&mut logits, written, once);
        let kinds = [
            ("blank", 220),
            ("word", 1000),
            ("unspoken", 7),
            ("end", END),
            ("start", END + 1),
            ("no marks", NO_MARKS),
            ("early", FIRST_MARK + 9),
            ("same", MARK),
            ("later", MARK + 1),
            ("too late", FIRST_MARK + 51),
        ];
        let may = |token: u32| logits[token as usize] > f32::NEG_INFINITY;
        kinds
            .into_iter()
            .filter(|(_, token)| may(*token))
            .map(|(kind, _)| kind)
            .collect()
    }

    #[test]
    fn marks_come_in_pairs_and_in_order() {
        assert_eq!(allowed(&[], false), ["early", "same", "later"]);
        assert_eq!(allowed(&[MARK], false), ["blank", "word", "end"]);
        assert_eq!(
            allowed(&[MARK, 5], false),
            ["blank", "word", "end", "later", "too late"]
        );
        assert_eq!(
            allowed(&[FIRST_MARK, 5, MARK], false),
            ["end", "same", "later", "too late"]
        );
        assert_eq!(
            allowed(&[FIRST_MARK, 5, MARK, MARK], false),
            ["blank", "word", "end"]
        );
    }

    #[test]
    fn likely_marks_push_text_out() {
        let mut logits = vec![0.0; COUNT];
        logits[1000] = 5.0;
        apply(&mut logits, &[FIRST_MARK, 5], false);
        assert_eq!(logits[1000], f32::NEG_INFINITY);
        assert!(logits[MARK as usize].is_finite());
    }

    #[test]
    fn a_run_comes_once() {
        let written = [FIRST_MARK, 5, 6, 7001, 1000, MARK, MARK, 5, 6, 7001];
        assert!(allowed(&written, false).contains(&"word"));
        assert!(!allowed(&written, true).contains(&"word"));
    }

    #[test]
    fn probabilities_add_up() {
        let mut logits: Vec<f32> = (0..COUNT).map(|i| (i % 17) as f32).collect();
        apply(&mut logits, &[FIRST_MARK, 5], false);
        let sum: f32 = logits.iter().map(|x| x.exp()).sum();
        assert!((sum - 1.0).abs() < 1e-3, "{sum}");
    }
}
