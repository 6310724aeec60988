//! A human disagrees with the grading of one criterion: both values are kept.

use domain::{AttemptId, MAX_OVERRIDES, Overridden, Override, OverrideError, Ruling, Scorecard};
use store::{Added, NewOverride, Seen};

use crate::attempt::AttemptView;
use crate::{Error, Practice};

/// What came of a regrade.
#[derive(Debug, Clone)]
pub struct Regraded {
    /// The attempt with the overrides that are now in force.
    pub view: AttemptView,
    /// The criterion had no override in force before, and has one now.
    pub added: bool,
}

impl Practice {
    /// Adds an override, or its withdrawal, to the log of an attempt, synced to disk before this returns.
    /// What was graded stays as it is. Saying again what is in force already changes nothing, nor does
    /// withdrawing where nothing is.
    ///
    /// # Errors
    /// There is no such attempt or criterion, the criterion was not graded, the value or reason is out of
    /// bounds or is what was graded, the log is full, the machine is busy, or the store fails.
    pub async fn regrade(&self, id: &AttemptId, entry: Override) -> Result<Regraded, Error> {
        let store = self.store()?;
        // Until nobody else has added to the attempt between reading and writing.
        loop {
            let attempt = store.attempt(id).await?;
            let mut attempt = attempt.ok_or_else(|| Error::AttemptNotFound { id: id.clone() })?;
            let derived = self
                .derived(&attempt)
                .await?
                .ok_or_else(|| Error::NotOverridable {
                    why: "the attempt is void: it has no grading to override".to_owned(),
                })?;
            let card = derived.card();
            entry.check(card)?;
            let before = in_force(&attempt.overrides, &entry);
            let added = before.is_none() && !is_withdrawal(&entry);
            if says_the_same(before, &entry) {
                let view = self.view(attempt, None).await?;
                return Ok(Regraded { view, added: false });
            }
            differs_from_graded(card, &entry)?;
            if attempt.overrides.len() >= MAX_OVERRIDES {
                let why = format!(
                    "the attempt has {MAX_OVERRIDES} overrides and withdrawals, the most that are kept"
                );
                return Err(Error::NotOverridable { why });
            }
            let seen = Seen::of(&attempt);
            attempt.overrides.push(entry.clone());
            let standing = derived.standing(&attempt.overrides);
            let new = NewOverride {
                attempt: id,
                seen,
                entry: &entry,
                standing: &standing,
            };
            match store.add_override(new).await? {
                Added::Taken => {}
                Added::Gone => return Err(Error::AttemptNotFound { id: id.clone() }),
                Added::Now | Added::Before(_) => {
                    self.changed();
                    let view = self.view(attempt, None).await?;
                    return Ok(Regraded { view, added });
                }
            }
        }
    }
}

fn is_withdrawal(entry: &Override) -> bool {
    matches!(entry.ruling, Ruling::Withdrawn(_))
}

/// The entry that counts for the criterion of `entry`; `None` when there is none or it was withdrawn.
fn in_force<'a>(log: &'a [Override], entry: &Override) -> Option<&'a Override> {
    let same = |e: &&Override| e.group == entry.group && e.criterion == entry.criterion;
    log.iter().rev().find(same).filter(|e| !is_withdrawal(e))
}

fn says_the_same(before: Option<&Override>, entry: &Override) -> bool {
    match before {
        Some(before) => before.ruling == entry.ruling && before.reason == entry.reason,
        None => is_withdrawal(entry),
    }
}

/// An override that says what was graded would count as a disagreement and be none.
fn differs_from_graded(card: &Scorecard, entry: &Override) -> Result<(), Error> {
    let alone = Overridden::of(card, std::slice::from_ref(entry));
    let same = alone.is_some_and(|with| with.criteria.iter().all(|c| c.by_hand == c.graded));
    if !same {
        return Ok(());
    }
    let field = match entry.ruling {
        Ruling::Share(_) => "share",
        Ruling::Status(_) | Ruling::Withdrawn(_) => "status",
    };
    let rule = "is what was graded: give another value, or withdraw the override there is".to_owned();
    Err(OverrideError::Field { field, rule }.into())
}
