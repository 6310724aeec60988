//! The graded result. A document on disk (format 1): change it only by addition.
//!
//! Scores are derived from the criteria by [`Group::score`] and [`Scorecard::score`] and never stored.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Version of the document; readers refuse a higher one.
pub const SCORECARD_FORMAT: u32 = 1;

/// The graded result of one attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scorecard {
    /// [`SCORECARD_FORMAT`].
    pub format: u32,
    /// The item.
    pub item: String,
    /// The round.
    pub round: crate::Round,
    /// Revision of the item that was graded.
    pub revision: String,
    /// Which grader, e.g. `answer/1+minilm-l6-int8/8199be6f` or `answer/1` without the encoder.
    pub scorer: String,
    /// Seed of everything that is shuffled.
    pub seed: u64,
    /// Of a program: the worst that came of it over all groups but its author's own tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<crate::RunVerdict>,
    /// The scored parts.
    pub groups: Vec<Group>,
    /// The one change worth most.
    pub next: Option<Fix>,
    /// The question an interviewer would now ask.
    pub probe: Option<String>,
    /// What the reader must know about this grading, in plain sentences (no encoder, dropped text).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A scored part with a weight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// `coverage`, `structure`, ...
    pub id: GroupId,
    /// Heading.
    pub title: String,
    /// Share in the total, in percent.
    pub weight: u32,
    /// False: listed, but without a score.
    pub assessed: bool,
    /// The observed statements.
    pub criteria: Vec<Criterion>,
    /// Coverage only: what is confirmed, and what would hold if every mention were right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
}

/// How far two careful readers of the same answer lie apart, in points of 100: 85 of 100 pairs of gradings
/// of the bank's references are within it (`spar eval bank`, second grading).
pub const GRADING_NOISE: f64 = 12.0;

/// Bounds of a score, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Only what is confirmed, less the noise of grading.
    pub low: f64,
    /// Everything mentioned taken as right, and the noise of grading.
    pub high: f64,
}

crate::item::vocabulary! {
    /// The scored parts of all rounds: the six of an answer, then those of a program.
    GroupId {
        /// Is it there, and is it right.
        Coverage = "coverage",
        /// Can a listener follow.
        Structure = "structure",
        /// Own, named, mechanical.
        Specificity = "specificity",
        /// Figures that carry the argument.
        Quantification = "quantification",
        /// Information per minute.
        Conciseness = "conciseness",
        /// Works with people asleep.
        RemoteReadiness = "remote_readiness",
        /// What the prompt shows.
        Examples = "examples",
        /// The ordinary cases.
        Behaviour = "behaviour",
        /// Limits, empty and odd input.
        Edges = "edges",
        /// What an attacker would send.
        Security = "security",
        /// Malformed input, duplicates, cut streams.
        Faults = "faults",
        /// What was acknowledged outlives `kill -9`.
        Durability = "durability",
        /// Many clients at once.
        Concurrency = "concurrency",
        /// How the time grows with the size.
        Scale = "scale",
        /// What it holds in memory.
        Memory = "memory",
        /// Tests that the candidate wrote, run against right and broken implementations.
        OwnTests = "own_tests",
    }
}

impl GroupId {
    /// The six of an answer, in the order shown.
    pub const ANSWER: [Self; 6] = [
        Self::Coverage,
        Self::Structure,
        Self::Specificity,
        Self::Quantification,
        Self::Conciseness,
        Self::RemoteReadiness,
    ];
}

/// One observable statement with points out of a maximum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    /// Slug, unique within the group.
    pub id: String,
    /// The statement.
    pub title: String,
    /// Points earned; negative for a contradiction.
    pub points: f64,
    /// Points possible.
    pub out_of: f64,
    /// The finding.
    pub status: Status,
    /// Why it fired, for the reader.
    pub why: String,
    /// Where it was seen.
    pub evidence: Vec<Evidence>,
    /// What to say instead or in addition; empty when nothing is missing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tip: String,
    /// A full answer cannot leave it out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub must: bool,
}

crate::item::vocabulary! {
    /// What was found of a criterion.
    Status {
        /// There, and right.
        Met = "met",
        /// There in part, planned only, or incomplete.
        Partial = "partial",
        /// Touched, not confirmed.
        Mentioned = "mentioned",
        /// Missed in the answer, right in a check.
        Prompted = "prompted",
        /// Not there.
        Missed = "missed",
        /// There, and wrong.
        Contradicted = "contradicted",
        /// Not looked at.
        NotAssessed = "not_assessed",
    }
}

impl Status {
    /// The share of its points that a fact of this status earns, before a lean of the answer moves it.
    pub fn share(self) -> f64 {
        match self {
            Self::Met => 1.0,
            Self::Partial => 0.5,
            // Recognised when offered: worth less than recall unprompted.
            Self::Prompted => 0.4,
            // A small share: the best estimate of what an unconfirmed mention is worth, before it is asked about.
            Self::Mentioned => 0.25,
            Self::Missed | Self::NotAssessed => 0.0,
            Self::Contradicted => -0.5,
        }
    }
}

/// What a point rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Evidence {
    /// A slice of the submission, in UTF-8 byte offsets; `text` equals that slice.
    Span {
        /// First byte.
        start: usize,
        /// One past the last byte.
        end: usize,
        /// The slice.
        text: String,
    },
    /// A reply to a follow-up question.
    Reply {
        /// [`crate::Question::id`].
        question: String,
        /// The chosen option or the words given.
        text: String,
    },
    /// A measured quantity.
    Figure {
        /// What was measured.
        name: String,
        /// Its value.
        value: f64,
        /// Its unit.
        unit: String,
        /// The bound it is held to, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<f64>,
    },
    /// A run of the candidate's program: the smallest failing case, or how many passed.
    Case {
        /// What was run: calls in the notation of own tests, or bytes of input. Empty for a hidden case.
        input: String,
        /// What a right program gives; empty for a hidden case.
        expected: String,
        /// What came, cut to a bounded length; for a hidden case only what kind of answer it was.
        got: String,
        /// How large the case is, such as `4 calls`.
        size: String,
    },
}

/// The single change worth most points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// What to do.
    pub change: String,
    /// Which criterion it moves.
    pub criterion: String,
    /// Points of the total it is worth.
    pub worth: f64,
}

crate::item::vocabulary! {
    /// The word that leads a score; decimals do not.
    Band {
        /// Below 40.
        Missing = "missing",
        /// 40 to below 70.
        Partial = "partial",
        /// 70 and more.
        Solid = "solid",
    }
}

impl Band {
    /// The band of a score from 0 to 100. The cuts are conventions: half-right lies in the middle band.
    pub fn of(score: f64) -> Self {
        if score >= 70.0 {
            Self::Solid
        } else if score >= 40.0 {
            Self::Partial
        } else {
            Self::Missing
        }
    }
}

impl Interval {
    /// Where the grade of a careful reader lies: from what is confirmed, with every mention taken as
    /// nothing, to every mention taken as right, and [`GRADING_NOISE`] to either side.
    pub fn of(criteria: &[Criterion]) -> Self {
        let open = Self::open(criteria);
        Self {
            low: round2((open.low - GRADING_NOISE).max(0.0)),
            high: round2((open.high + GRADING_NOISE).min(100.0)),
        }
    }

    /// The same without the noise: what follow-ups can still move.
    pub fn open(criteria: &[Criterion]) -> Self {
        let out_of: f64 = criteria.iter().map(|c| c.out_of).sum();
        let bound = |mention: fn(&Criterion) -> f64| {
            let points = criteria.iter().map(|c| match c.status {
                Status::Mentioned => mention(c),
                _ => c.points,
            });
            if out_of > 0.0 {
                round2((100.0 * points.sum::<f64>() / out_of).clamp(0.0, 100.0))
            } else {
                0.0
            }
        };
        Self {
            low: bound(|c| c.points.min(0.0)),
            high: bound(|c| c.out_of),
        }
    }
}

impl Group {
    /// Points over out-of in percent, floor 0; `None` when not assessed.
    pub fn score(&self) -> Option<f64> {
        if !self.assessed {
            return None;
        }
        let out_of: f64 = self.criteria.iter().map(|c| c.out_of).sum();
        let points: f64 = self.criteria.iter().map(|c| c.points).sum();
        Some(if out_of > 0.0 {
            round2((100.0 * points / out_of).clamp(0.0, 100.0))
        } else {
            0.0
        })
    }
}

impl Scorecard {
    /// Weighted mean over assessed groups, 0 to 100; `None` when no group is assessed.
    pub fn score(&self) -> Option<f64> {
        let scored = || {
            self.groups
                .iter()
                .filter_map(|g| g.score().map(|s| (s, f64::from(g.weight))))
        };
        let weight: f64 = scored().map(|(_, w)| w).sum();
        (weight > 0.0).then(|| round2(scored().map(|(s, w)| s * w).sum::<f64>() / weight))
    }

    /// The change worth most points of the total, over all groups with weight.
    pub fn best_fix(&self) -> Option<Fix> {
        let assessed = || self.groups.iter().filter(|g| g.assessed);
        let total: f64 = assessed().map(|g| f64::from(g.weight)).sum();
        let mut best: Option<Fix> = None;
        for group in assessed().filter(|_| total > 0.0) {
            let out_of: f64 = group.criteria.iter().map(|c| c.out_of).sum();
            let open = group
                .criteria
                .iter()
                .filter(|c| !c.tip.is_empty() && out_of > 0.0);
            for c in open {
                let worth = round2(100.0 * f64::from(group.weight) / total * (c.out_of - c.points) / out_of);
                if worth > best.as_ref().map_or(0.0, |fix| fix.worth) {
                    best = Some(Fix {
                        change: c.tip.clone(),
                        criterion: c.id.clone(),
                        worth,
                    });
                }
            }
        }
        best
    }

    /// The group of that id.
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.iter().find(|g| g.id == id)
    }

    /// Checks what must hold of every scorecard: points within bounds, spans equal to their slice of
    /// `text`, and no credit without evidence. Asserted before a scorecard is stored and after it is read.
    ///
    /// # Errors
    /// Names the criterion and the rule.
    pub fn check_invariants(&self, text: &str) -> Result<(), InvariantError> {
        for group in &self.groups {
            for criterion in &group.criteria {
                criterion.broken_rule(text).map_or(Ok(()), |rule| {
                    Err(InvariantError {
                        group: group.id,
                        criterion: criterion.id.clone(),
                        rule,
                    })
                })?;
            }
        }
        Ok(())
    }
}

impl Criterion {
    fn broken_rule(&self, text: &str) -> Option<&'static str> {
        if !self.points.is_finite() || self.points > self.out_of || self.points < -self.out_of {
            return Some("points lie outside of -out_of..=out_of");
        }
        if self.points > 0.0 && self.evidence.is_empty() {
            return Some("points without evidence");
        }
        let off = self.evidence.iter().any(|evidence| match evidence {
            Evidence::Span {
                start,
                end,
                text: slice,
            } => text.get(*start..*end) != Some(slice.as_str()),
            Evidence::Reply { .. } | Evidence::Figure { .. } | Evidence::Case { .. } => false,
        });
        off.then_some("a span differs from the submission")
    }
}

/// A scorecard that breaks its own rules: a fault of the platform, never of the candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvariantError {
    /// Where.
    pub group: GroupId,
    /// Which criterion.
    pub criterion: String,
    /// What does not hold.
    pub rule: &'static str,
}

impl fmt::Display for InvariantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "criterion `{}` of group `{}`: {}",
            self.criterion, self.group, self.rule
        )
    }
}

impl std::error::Error for InvariantError {}

/// Rounds to two decimals, so that scores are equal across machines after the last float digit differs.
pub fn round2(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
