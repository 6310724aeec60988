//! What each stage weighs at each level, and which stage decides.
//!
//! Guides agree on the direction only: design and ownership for senior candidates, coding and fundamentals
//! for junior ones. The figures are ours, and this table is the only place that holds them.

use domain::{Level, StageKind};

/// What a stage counts at a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageWeight {
    /// Share of a whole loop, in percent.
    pub weight: u32,
    /// The recommendation has a floor in this stage.
    pub decisive: bool,
    /// Why it weighs that.
    pub why: &'static str,
}

/// The weight of a stage at a level. The weights of a level add up to 100 over the six kinds.
pub fn stage_weight(level: Level, kind: StageKind) -> StageWeight {
    use Level::{Junior, Mid, Senior};
    use StageKind::{Behavioural, Coding, HiringManager, PhoneScreen, Recruiter, SystemDesign};
    let (weight, decisive, why) = match (kind, level) {
        (Recruiter, _) => (5, false, "It opens the door and says little about the work."),
        (PhoneScreen, Junior) => (25, false, "Fundamentals carry a junior's first years."),
        (PhoneScreen, Mid) => (20, false, "Fundamentals are expected and still asked."),
        (PhoneScreen, Senior) => (10, false, "Fundamentals are taken for granted."),
        (Coding, Junior) => (35, true, "A junior is hired to write code that works."),
        (Coding, Mid) => (25, true, "Working alone needs code that works."),
        (Coding, Senior) => (
            15,
            false,
            "Code must be sound; it is not what sets a senior apart.",
        ),
        (SystemDesign, Junior) => (10, false, "A junior shows the direction, not the whole system."),
        (SystemDesign, Mid) => (20, true, "Working alone needs a sound small design."),
        (SystemDesign, Senior) => (35, true, "A senior leads by design."),
        (Behavioural, Junior) => (15, false, "How somebody learns and works with others."),
        (Behavioural, Mid) => (20, false, "Ownership of what one builds."),
        (Behavioural, Senior) => (25, false, "A senior leads by ownership."),
        (HiringManager, _) => (10, false, "Judgement, and what the candidate wants to know."),
    };
    StageWeight {
        weight,
        decisive,
        why,
    }
}
