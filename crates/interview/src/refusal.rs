//! Why something cannot happen in a loop now.

use std::fmt;

/// Why an event is refused; the loop is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No stage is under way, or its clock stands.
    NotRunning {
        /// What to do first.
        cure: &'static str,
    },
    /// A stage is under way already.
    Running,
    /// The loop has ended.
    Ended,
    /// The time of the stage is over.
    TimeOver,
    /// It was handed in before.
    HandedIn,
    /// Nothing was handed in for the question yet.
    NotHandedIn,
    /// The log is full.
    Full,
    /// A field of the event breaks a rule.
    Field {
        /// The field.
        field: &'static str,
        /// What must hold.
        rule: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRunning { cure } => write!(f, "no stage is running: {cure}"),
            Self::Running => f.write_str("a stage is running already: pause, go on or end"),
            Self::Ended => f.write_str("the loop has ended: its scorecard can be read"),
            Self::TimeOver => f.write_str("the time of this stage is over: go on with `next`"),
            Self::HandedIn => f.write_str("it is handed in already: go on with `next`"),
            Self::NotHandedIn => {
                f.write_str("the question is still open: hand in first, also when nothing was said")
            }
            Self::Full => f.write_str("the log of this loop is full: end it"),
            Self::Field { field, rule } => write!(f, "`{field}` {rule}"),
        }
    }
}

impl std::error::Error for Refusal {}
