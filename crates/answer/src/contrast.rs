//! Which way a sentence leans: nearer to what people said rightly of a fact, or to what they said wrongly.
//!
//! Likeness to a right sentence alone shows nothing, since a wrong one uses the same words. The difference
//! of the two likenesses cancels the shared words out: with one writer's statements as the rubric, another
//! writer's right ones lean further right than their wrong ones in 99 of 100 pairs. Inside an answer, where
//! a sentence speaks of more than one thing, a lean is weaker evidence. So it confirms nothing: it says what
//! a mention is probably worth until the interviewer asks.

use std::ops::Range;

use crate::recall::Recalls;

/// Likeness at which a sentence is as likely as not about the fact: where a pattern saw it touched, and
/// where none did.
pub(crate) const NEAR_TOUCHED: f32 = 0.38;
pub(crate) const NEAR_UNSEEN: f32 = 0.42;

/// How sharply likeness decides.
const NEAR_WIDTH: f32 = 0.04;

/// How sharply the difference of the two likenesses decides.
const MARGIN_WIDTH: f32 = 0.03;

/// Mean likeness of a sentence to the nearest statement of any fact, below which an answer is about something
/// else, and from which it is about the question. Of samples of related questions 90 % lie below 0.36, of
/// strong answers in plain speech 5 %.
const OFF_SUBJECT: f32 = 0.31;
const ON_SUBJECT: f32 = 0.36;

/// Which of the rubric's statements belong to a fact.
#[derive(Debug)]
pub(crate) struct Contrast {
    pub(crate) right: Range<usize>,
    pub(crate) wrong: Range<usize>,
}

/// How an answer leans on a fact. The constants of this module were fitted by hand on the sets that may be
/// looked at (`eval/README.md`) and move the totals of the others little around their values.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Lean {
    /// The sentence that leans furthest right.
    pub(crate) right: Side,
    /// The one that leans furthest wrong.
    pub(crate) wrong: Side,
}

/// One direction of a lean.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Side {
    /// 0 to 1.
    pub(crate) degree: f64,
    /// The sentence.
    pub(crate) at: usize,
    /// The statement that it is most like, by its place among those of its fact and direction.
    pub(crate) statement: usize,
}

impl Contrast {
    /// How the sentences lean, when `near` is the likeness of a sentence about the fact. Those that are
    /// `innocent` lean to no wrong side.
    pub(crate) fn lean(
        &self,
        likenesses: &Recalls,
        near: f32,
        sentences: impl Iterator<Item = usize>,
        innocent: impl Fn(usize) -> bool,
    ) -> Lean {
        let mut lean = Lean::default();
        for at in sentences {
            let nearest = |range: &Range<usize>| {
                let (number, likeness) = likenesses.nearest(range, at).unwrap_or((range.start, 0.0));
                (number - range.start, likeness)
            };
            let (right, wrong) = (nearest(&self.right), nearest(&self.wrong));
            let side = |this: (usize, f32), other: (usize, f32)| Side {
                degree: logistic((this.1 - near) / NEAR_WIDTH) * logistic((this.1 - other.1) / MARGIN_WIDTH),
                at,
                statement: this.0,
            };
            lean.right.raise(side(right, wrong));
            if !innocent(at) {
                lean.wrong.raise(side(wrong, right));
            }
        }
        lean
    }
}

/// How far an answer is about the question at all, 0 to 1: a sentence or two that resemble a statement are
/// found in any answer.
pub(crate) fn subject(likenesses: &Recalls, sentences: impl Iterator<Item = usize>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for at in sentences {
        sum += likenesses.best(&(0..likenesses.phrasings()), at);
        count += 1.0;
    }
    let mean = if count > 0.0 { sum / count } else { 0.0 };
    f64::from((mean - OFF_SUBJECT) / (ON_SUBJECT - OFF_SUBJECT)).clamp(0.0, 1.0)
}

impl Side {
    fn raise(&mut self, other: Self) {
        if other.degree > self.degree {
            *self = other;
        }
    }

    /// More likely than not.
    pub(crate) fn likely(&self) -> bool {
        self.degree >= 0.5
    }
}

fn logistic(x: f32) -> f64 {
    1.0 / (1.0 + f64::from(-x).exp())
}
