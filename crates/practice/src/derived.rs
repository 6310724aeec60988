//! What follows from an attempt and all that lies beside it, in this order: the grading of the answer, the
//! replies, the last reading, the overrides. Each step leaves what it starts from as it was.

use answer::{Examination, Grader};
use domain::{Attempt, Overridden, Override, Scorecard, Verdict};
use reader::Merged;
use store::Standing;

/// An attempt with its replies applied and its last reading merged.
#[derive(Debug)]
pub(crate) struct Derived {
    /// As graded, with the replies applied.
    pub(crate) examination: Examination,
    /// The same with the last reading merged; `None` without one.
    pub(crate) merged: Option<Merged>,
}

impl Derived {
    /// Merges the last reading into what the replies left. With the grader the merged scorecard gets the
    /// probe that fits it.
    pub(crate) fn of(attempt: &Attempt, examination: Examination, grader: Option<&Grader>) -> Self {
        let mut merged = merge(attempt, &examination);
        if let (Some(merged), Some(grader)) = (&mut merged, grader) {
            merged.scorecard.probe = grader.probe(&merged.scorecard);
        }
        Self { examination, merged }
    }

    /// As graded when nothing was asked; for figures that no question changes.
    pub(crate) fn unasked(attempt: &Attempt, base: Scorecard) -> Self {
        let examination = Examination {
            scorecard: base,
            answered: Vec::new(),
            question: None,
        };
        Self::of(attempt, examination, None)
    }

    /// What a human's override stands against: the merged scorecard where there is one.
    pub(crate) fn card(&self) -> &Scorecard {
        let merged = self.merged.as_ref().map(|merged| &merged.scorecard);
        merged.unwrap_or(&self.examination.scorecard)
    }

    pub(crate) fn overridden(&self, log: &[Override]) -> Option<Overridden> {
        Overridden::of(self.card(), log)
    }

    pub(crate) fn standing(&self, log: &[Override]) -> Standing {
        let merged = self.merged.as_ref().map(|merged| &merged.scorecard);
        Standing::of(&self.examination.scorecard, merged, log)
    }
}

fn merge(attempt: &Attempt, examination: &Examination) -> Option<Merged> {
    let kept = attempt.readings.last()?;
    let text = attempt.submission.text();
    // A reply that was passed over settles nothing.
    let settled = examination.answered.iter().filter(|a| a.verdict != Verdict::Open);
    let settled: Vec<&str> = settled.map(|a| a.question.id.as_str()).collect();
    let merged = reader::merge(
        &examination.scorecard,
        text,
        &kept.withheld,
        &settled,
        &kept.reading,
    );
    match merged.scorecard.check_invariants(text) {
        Ok(()) => Some(merged),
        Err(error) => {
            tracing::error!(attempt = %attempt.id, %error, "a reading cannot be merged");
            None
        }
    }
}
