//! The offline grade and a reading become a third scorecard. Pure: the same two give the same bytes.
//!
//! # The rule
//! The offline reading says which facts the text touches; what it cannot tell of a mention is the direction.
//! That is what a second reader adds, and all it adds:
//!
//! | offline | reader says | quote | becomes |
//! |---|---|---|---|
//! | mentioned | made | at the mention | met |
//! | mentioned | made | elsewhere | partial |
//! | mentioned | half | anywhere | partial |
//! | mentioned | wrong | at the mention | contradicted |
//! | missed | made, half | anywhere | partial, within the allowance |
//! | met | wrong, missing | at the evidence | partial |
//! | partial | wrong, missing | at the evidence | mentioned |
//! | anything else | | | as it was |
//!
//! A quote is a slice of the answer of 4 to 60 words outside of what the guards withheld. "At" is within or
//! within about a sentence of the offline evidence. A quote, or quotes that overlap, move two facts at most.
//!
//! The allowance for missed facts is a quarter of the rubric, and no more than what the text was found to
//! touch: all mentions taken as right. So whatever an endpoint says, coverage ends at or below
//! `high + min(25, high)`, where `high` is the offline upper bound without the noise of grading, and an answer in which nothing was
//! touched stays at zero. Contradicted stays: it was found by a form that only fits the wrong direction, and
//! no opinion outweighs it. A fact that a reply to a follow-up has settled stays too. So do the delivery groups, to the byte.

use std::ops::Range;

use domain::{Criterion, Evidence, GroupId, Interval, Scorecard, Status, round2};
use serde::{Deserialize, Serialize};

use crate::quote::{admissible, overlap};
use domain::reading::{Finding, Reading, Verdict};

/// Facts that one quote can move: a good sentence may make two points, hardly three.
const FACTS_A_QUOTE: usize = 2;

/// Bytes between a quote and the evidence that still are "at" it: about a sentence.
const BESIDE_BYTES: usize = 160;

/// Share of the rubric that a reader may find where the offline reading found nothing.
const ALLOWANCE: f64 = 0.25;

/// The merged grade and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The offline scorecard with what the reader moved. `probe` is still the offline one: only who has the
    /// rubric can say what to ask instead.
    pub scorecard: Scorecard,
    /// One for each verdict on a fact of the scorecard, in the order of the rubric.
    pub decisions: Vec<Decision>,
}

/// What came of one verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Id of the fact.
    pub fact: String,
    /// What the reader found.
    pub finding: Finding,
    /// Offline.
    pub from: Status,
    /// Merged; equal to `from` when nothing moved.
    pub to: Status,
    /// By which rule.
    pub ruling: Ruling,
}

impl Ruling {
    /// Every ruling.
    pub const ALL: &'static [Self] = &[
        Self::Confirmed,
        Self::Halved,
        Self::Found,
        Self::Refuted,
        Self::Disputed,
        Self::Stands,
        Self::Unquoted,
        Self::Elsewhere,
        Self::QuoteSpent,
        Self::AllowanceSpent,
        Self::Answered,
    ];

    /// The spelling used in JSON, both ways.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Halved => "halved",
            Self::Found => "found",
            Self::Refuted => "refuted",
            Self::Disputed => "disputed",
            Self::Stands => "stands",
            Self::Unquoted => "unquoted",
            Self::Elsewhere => "elsewhere",
            Self::QuoteSpent => "quote_spent",
            Self::AllowanceSpent => "allowance_spent",
            Self::Answered => "answered",
        }
    }
}

/// The rule that decided over a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// The mention is right.
    Confirmed,
    /// The mention is right in part, or the quote lies elsewhere.
    Halved,
    /// Not seen offline, and quoted.
    Found,
    /// The mention is wrong.
    Refuted,
    /// Confirmed offline and denied with a quote: one step down.
    Disputed,
    /// Both say the same, or the reader says less than would move anything.
    Stands,
    /// The quote is missing, withheld, or no slice of the answer.
    Unquoted,
    /// A denial whose quote lies away from what it denies.
    Elsewhere,
    /// The quote moved two facts already.
    QuoteSpent,
    /// The allowance for facts not seen offline is used up.
    AllowanceSpent,
    /// The candidate answered a follow-up on it: what they showed outweighs what is read into their words.
    Answered,
}

/// Merges a reading into the offline scorecard of `answer`. `withheld` are the byte ranges that the guards
/// dropped, as in [`crate::Ask`]; `answered` are facts that stay as they are, because a reply to a follow-up
/// settled them. The reading may come from anywhere: each quote is checked again.
pub fn merge(
    offline: &Scorecard,
    answer: &str,
    withheld: &[Range<usize>],
    answered: &[&str],
    reading: &Reading,
) -> Merged {
    let mut scorecard = offline.clone();
    let coverage = scorecard
        .groups
        .iter_mut()
        .find(|g| g.id == GroupId::Coverage && g.assessed);
    let Some(coverage) = coverage else {
        return Merged {
            scorecard,
            decisions: Vec::new(),
        };
    };
    let mut merge = Merge {
        answer,
        withheld,
        model: &reading.model,
        spent: Vec::new(),
        allowance: allowance(&coverage.criteria),
    };
    let mut decisions = Vec::new();
    for at in order(&coverage.criteria) {
        let criterion = &mut coverage.criteria[at];
        if let Some(verdict) = reading.verdicts.iter().find(|v| v.fact == criterion.id) {
            let settled = answered.contains(&criterion.id.as_str());
            decisions.push((at, merge.decide(criterion, verdict, settled)));
        }
    }
    coverage.interval = Some(Interval::of(&coverage.criteria));
    decisions.sort_unstable_by_key(|(at, _)| *at);
    let decisions: Vec<Decision> = decisions.into_iter().map(|(_, decision)| decision).collect();
    let moved = decisions.iter().filter(|d| d.from != d.to).count();
    scorecard.scorer = format!("{}+{}/{}", offline.scorer, reading.prompt, reading.model);
    scorecard.next = scorecard.best_fix();
    scorecard.notes.push(format!(
        "Read a second time by {}: {moved} of {} verdicts moved a fact. The offline grading is kept beside this one.",
        reading.model,
        decisions.len()
    ));
    Merged { scorecard, decisions }
}

/// Where quotes and the allowance run out, the facts that matter most come first, whatever the reply's order.
fn order(criteria: &[Criterion]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..criteria.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&criteria[*a], &criteria[*b]);
        b.must.cmp(&a.must).then(b.out_of.total_cmp(&a.out_of))
    });
    order
}

fn allowance(criteria: &[Criterion]) -> f64 {
    let touched = criteria.iter().map(|c| match c.status {
        Status::Mentioned => c.out_of,
        _ => c.points,
    });
    let out_of: f64 = criteria.iter().map(|c| c.out_of).sum();
    touched.sum::<f64>().max(0.0).min(ALLOWANCE * out_of)
}

struct Merge<'a> {
    answer: &'a str,
    withheld: &'a [Range<usize>],
    model: &'a str,
    /// Quotes that moved a fact.
    spent: Vec<Range<usize>>,
    /// Points left for facts not seen offline.
    allowance: f64,
}

impl Merge<'_> {
    fn decide(&mut self, criterion: &mut Criterion, verdict: &Verdict, settled: bool) -> Decision {
        let from = criterion.status;
        let quote = verdict
            .quote
            .clone()
            .filter(|quote| admissible(self.answer, self.withheld, quote).is_ok());
        let at = quote.as_ref().map(|quote| lies_at(quote, &criterion.evidence));
        let (to, ruling) = match rule(from, verdict.finding, at) {
            _ if settled => (from, Ruling::Answered),
            (to, ruling) if to == from => (from, ruling),
            (to, ruling) => self.afford(criterion, quote.as_ref(), to, ruling),
        };
        if let (true, Some(quote)) = (to != from, quote) {
            self.apply(criterion, to, ruling, quote);
        }
        Decision {
            fact: criterion.id.clone(),
            finding: verdict.finding,
            from,
            to,
            ruling,
        }
    }

    /// Holds a move against what one quote and the allowance still cover.
    fn afford(
        &mut self,
        criterion: &Criterion,
        quote: Option<&Range<usize>>,
        to: Status,
        ruling: Ruling,
    ) -> (Status, Ruling) {
        let from = criterion.status;
        let Some(quote) = quote else {
            return (from, Ruling::Unquoted);
        };
        if self.spent.iter().filter(|spent| overlap(spent, quote)).count() >= FACTS_A_QUOTE {
            return (from, Ruling::QuoteSpent);
        }
        if ruling == Ruling::Found {
            let cost = criterion.out_of * to.share();
            if cost > self.allowance {
                return (from, Ruling::AllowanceSpent);
            }
            self.allowance -= cost;
        }
        (to, ruling)
    }

    fn apply(&mut self, criterion: &mut Criterion, to: Status, ruling: Ruling, quote: Range<usize>) {
        let span = Evidence::Span {
            start: quote.start,
            end: quote.end,
            text: self.answer[quote.clone()].to_owned(),
        };
        if !criterion.evidence.contains(&span) {
            criterion.evidence.push(span);
        }
        if criterion.tip.is_empty() {
            criterion.tip = format!("Say it so that it cannot be taken otherwise: {}", criterion.title);
        }
        if to == Status::Met {
            criterion.tip.clear();
        }
        criterion.why = format!("{}; {}", criterion.why, self.reason(ruling));
        criterion.points = round2(criterion.out_of * to.share());
        criterion.status = to;
        self.spent.push(quote);
    }

    /// In our words: the model's own stay in the reading.
    fn reason(&self, ruling: Ruling) -> String {
        let says = match ruling {
            Ruling::Confirmed => "quotes it as said right",
            Ruling::Halved => "quotes a part of it",
            Ruling::Found => "quotes it in other words, which nothing else confirms",
            Ruling::Refuted => "quotes it as said wrong",
            _ => "disputes it, with a quote",
        };
        format!("the second reader ({}) {says}", self.model)
    }
}

/// The table above. `at` is whether the quote lies at the offline evidence; `None` without a quote.
fn rule(from: Status, finding: Finding, at: Option<bool>) -> (Status, Ruling) {
    let denied = matches!(finding, Finding::Wrong | Finding::Missing);
    let step = match (from, finding) {
        (Status::Mentioned, Finding::Made) if at == Some(true) => (Status::Met, Ruling::Confirmed),
        (Status::Mentioned, Finding::Made | Finding::Half) => (Status::Partial, Ruling::Halved),
        (Status::Mentioned, Finding::Wrong) => (Status::Contradicted, Ruling::Refuted),
        (Status::Missed, Finding::Made | Finding::Half) => (Status::Partial, Ruling::Found),
        (Status::Met, _) if denied => (Status::Partial, Ruling::Disputed),
        (Status::Partial, _) if denied => (Status::Mentioned, Ruling::Disputed),
        _ => return (from, Ruling::Stands),
    };
    match at {
        None => (from, Ruling::Unquoted),
        Some(false) if denied => (from, Ruling::Elsewhere),
        Some(_) => step,
    }
}

fn lies_at(quote: &Range<usize>, evidence: &[Evidence]) -> bool {
    evidence.iter().any(|evidence| match evidence {
        Evidence::Span { start, end, .. } => {
            let widened = start.saturating_sub(BESIDE_BYTES)..end.saturating_add(BESIDE_BYTES);
            overlap(&widened, quote)
        }
        Evidence::Reply { .. } | Evidence::Figure { .. } | Evidence::Case { .. } => false,
    })
}
