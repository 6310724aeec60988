//! What a plan starts from, and where each figure comes from. The figures of the published study guides
//! differ among themselves; all of them are settings.

use jiff::civil::Date;

use super::{Area, Pace, Phase, Plan, Preset, Quotas};
use crate::Level;

/// A setting with where its default comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note {
    /// Path of the setting, such as `quotas.mocks`.
    pub setting: &'static str,
    /// Whether a study guide says so, or we do.
    pub source: &'static str,
    /// Why it is as it is.
    pub why: &'static str,
}

/// Where the defaults come from.
pub const NOTES: &[Note] = &[
    Note {
        setting: "phases",
        source: "study guides",
        why: "Eight weeks: 60 % coding and 40 % fundamentals in weeks 1 to 4, 70 % design and 30 % operations in 5 \
              and 6, half mocks and half weak spots in 7 and 8. Two to three weeks: a week of fundamentals, a week \
              of design, then stories. For four to six weeks the guides give only 40 % coding, 35 % design and \
              25 % operations; the last fifth for mocks and weak spots is our choice.",
    },
    Note {
        setting: "topics",
        source: "study guides",
        why: "Four to six subtopics put first get further than everything at once.",
    },
    Note {
        setting: "quotas.problems_a_week",
        source: "study guides",
        why: "25 to 40 problems at three a week. Another guide says 40 to 60 in six weeks: then set 7 to 10.",
    },
    Note {
        setting: "quotas.chapters_a_week",
        source: "study guides",
        why: "Two to three chapters a week of a book on data systems.",
    },
    Note {
        setting: "quotas.sketches",
        source: "study guides",
        why: "Two systems known well and one case study.",
    },
    Note {
        setting: "quotas.mocks",
        source: "study guides",
        why: "Six to eight mocks in the eight weeks, some guides say three. In shorter plans one a week of the last \
              phase.",
    },
    Note {
        setting: "quotas.stories",
        source: "study guides",
        why: "Three stories, each under three minutes: reliability, a conflict in the team, performance.",
    },
    Note {
        setting: "pace.retry_days",
        source: "our choice",
        why: "What was missed is asked again after 2, then 5, then 10 days: each gap about twice the one before.",
    },
    Note {
        setting: "pace.again_days",
        source: "our choice",
        why: "An answer that went well is worth another one after two weeks, when nothing else waits.",
    },
    Note {
        setting: "pace.study_minutes",
        source: "our choice",
        why: "Follow-ups, the scorecard and the study notes take about eight minutes beside an answer.",
    },
    Note {
        setting: "pace.card_minutes",
        source: "our choice",
        why: "Ten minutes of cards a day.",
    },
    Note {
        setting: "pace.beside_percent",
        source: "our choice",
        why: "What comes back and stories take at most a quarter of the minutes, so that the shares of a phase hold.",
    },
    Note {
        setting: "pace.taper_days",
        source: "our choice",
        why: "Nothing new on the two days before the interview: stories, what is due, the checklist.",
    },
    Note {
        setting: "pace.taper_percent",
        source: "our choice",
        why: "Half the minutes on those days.",
    },
];

impl Default for Quotas {
    fn default() -> Self {
        Self {
            problems_a_week: 3,
            chapters_a_week: 2,
            sketches: 3,
            mocks: 6,
            stories: 3,
        }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            retry_days: [2, 5, 10],
            again_days: 14,
            study_minutes: 8,
            card_minutes: 10,
            beside_percent: 25,
            taper_days: 2,
            taper_percent: 50,
        }
    }
}

impl Preset {
    /// The preset that fits this many days: eight weeks from seven on, two to three up to 24 days.
    pub fn for_days(days: i32) -> Self {
        match days {
            ..=24 => Self::TwoToThreeWeeks,
            25..=48 => Self::FourToSixWeeks,
            _ => Self::EightWeeks,
        }
    }

    /// The phases that it starts from.
    pub fn phases(self) -> Vec<Phase> {
        use Area::{Coding, Design, Fundamentals, Mocks, Operations, Stories, WeakSpots};
        let phase = |title: &str, days: u16, shares: &[(Area, u8)]| Phase {
            title: title.to_owned(),
            days,
            shares: shares.iter().copied().collect(),
        };
        let last = |days| phase("Mocks and weak spots", days, &[(Mocks, 50), (WeakSpots, 50)]);
        match self {
            Self::EightWeeks => vec![
                phase("Coding and fundamentals", 28, &[(Coding, 60), (Fundamentals, 40)]),
                phase("Design and operations", 14, &[(Design, 70), (Operations, 30)]),
                last(14),
            ],
            Self::FourToSixWeeks => vec![
                phase(
                    "Coding, design and operations",
                    28,
                    &[(Coding, 40), (Design, 35), (Operations, 25)],
                ),
                last(7),
            ],
            Self::TwoToThreeWeeks => vec![
                phase("Fundamentals", 7, &[(Fundamentals, 100)]),
                phase("Design", 7, &[(Design, 100)]),
                phase("Stories", 3, &[(Stories, 100)]),
            ],
        }
    }

    /// The quotas that it starts from.
    pub fn quotas(self) -> Quotas {
        match self {
            Self::EightWeeks => Quotas::default(),
            Self::FourToSixWeeks => Quotas {
                mocks: 3,
                ..Quotas::default()
            },
            Self::TwoToThreeWeeks => Quotas {
                problems_a_week: 0,
                mocks: 1,
                ..Quotas::default()
            },
        }
    }

    /// A plan as it starts: every setting at its default.
    pub fn plan(self, start: Date, interview: Date, minutes: [u16; 7]) -> Plan {
        Plan {
            preset: self,
            start,
            interview,
            level: Level::Mid,
            topics: Vec::new(),
            minutes,
            utc_offset: 0,
            phases: self.phases(),
            quotas: self.quotas(),
            pace: Pace::default(),
        }
    }
}
