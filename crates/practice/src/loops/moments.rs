//! The common mistakes of a loop with the moment of each.

use domain::InterviewLoop;
use interview::{Moment, State, silences};

/// Mistakes for each stage, in order of time.
pub(super) fn of(_head: &InterviewLoop, state: &State) -> Vec<Vec<Moment>> {
    state.stages.iter().map(silences).collect()
}
