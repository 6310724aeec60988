//! What would lift a loop one step: the smallest set of points that does, found by trying.

use domain::{AttemptId, Level, Status, round2};

use crate::board::{ANSWERED_AT, Bars, Board, Unit, UnitOf};
use crate::graded::GradedQuestion;
use crate::scorecard::{
    DECISIVE_FLOOR, MUST_SHARE, NO_BAR, STRONG_DECISIVE_FLOOR, STRONG_MUST_SHARE, STRONG_YES_BAR, YES_BAR,
};
use crate::words::Recommendation;

/// Sets that are tried to show that no smaller one does: all triples of a hundred units. A try takes about a
/// microsecond.
const MAX_TRIES: usize = 170_000;

/// What would lift a loop one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The recommendation that it would be.
    pub to: Recommendation,
    /// What it takes, the weightiest first.
    pub needs: Vec<Need>,
    /// No smaller set does; otherwise it was too large to try them all.
    pub smallest: bool,
}

/// One thing that a step takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Need {
    /// A fact made right.
    Fact {
        /// The stage, from 0.
        stage: usize,
        /// Short name of the question.
        question: String,
        /// The attempt that has it not yet.
        attempt: AttemptId,
        /// The criterion within its coverage.
        criterion: String,
        /// Its statement.
        title: String,
        /// What was found of it.
        status: Status,
        /// What to say.
        tip: String,
        /// What it moves the result by, in points of 100.
        worth: f64,
    },
    /// A question answered that was left open.
    Question {
        /// The stage, from 0.
        stage: usize,
        /// Short name of the question.
        question: String,
        /// Whether it is the change of that question.
        change: bool,
        /// The coverage that is taken for it.
        at: f64,
        /// What it moves the result by, in points of 100.
        worth: f64,
    },
}

/// The step above a recommendation with its bars; `None` at the top.
fn above(now: Recommendation) -> Option<(Recommendation, Bars)> {
    let (to, result, decisive, must_share, clean) = match now {
        Recommendation::StrongNo => (Recommendation::No, NO_BAR, 0.0, 0.0, false),
        Recommendation::No => (Recommendation::Yes, YES_BAR, DECISIVE_FLOOR, MUST_SHARE, false),
        Recommendation::Yes => (
            Recommendation::StrongYes,
            STRONG_YES_BAR,
            STRONG_DECISIVE_FLOOR,
            STRONG_MUST_SHARE,
            true,
        ),
        Recommendation::StrongYes => return None,
    };
    Some((
        to,
        Bars {
            result,
            decisive,
            must_share,
            clean,
        },
    ))
}

/// What would lift the board one step; `None` at the top, or when nothing on it does.
pub(crate) fn step(board: &Board, questions: &[GradedQuestion], level: Level) -> Option<Step> {
    let standing = board.standing();
    let (to, bars) = above(standing.recommendation())?;
    let units = board.units(questions, level);
    let lifts = |set: &[&Unit<'_>]| board.standing_with(set).recommendation() >= to;
    let mut chosen = greedy(board, &units, &bars, &lifts)?;
    let mut smallest = chosen.len() <= board.least(&units, standing, &bars).max(1);
    while !smallest {
        let fewer = chosen.len() - 1;
        if tries(units.len(), fewer) > MAX_TRIES {
            break;
        }
        match first_set(&units, fewer, &lifts) {
            Some(set) => {
                chosen = set;
                smallest = chosen.len() <= 1;
            }
            None => smallest = true,
        }
    }
    chosen.sort_by(|a, b| b.worth.total_cmp(&a.worth));
    Some(Step {
        to,
        needs: chosen.into_iter().map(need).collect(),
        smallest,
    })
}

/// Takes what brings most of what is missing until the step is reached, then drops what was not needed.
fn greedy<'a, 'b>(
    board: &Board,
    units: &'b [Unit<'a>],
    bars: &Bars,
    lifts: &impl Fn(&[&Unit<'_>]) -> bool,
) -> Option<Vec<&'b Unit<'a>>> {
    let mut chosen: Vec<&Unit<'a>> = Vec::new();
    let mut left: Vec<&Unit<'a>> = units.iter().collect();
    while !lifts(&chosen) {
        let now = board.standing_with(&chosen);
        // The first of equals: units come the weightiest first.
        let best = (0..left.len()).max_by(|a, b| {
            let progress = |i: &usize| board.progress(left[*i], now, bars);
            progress(a).total_cmp(&progress(b)).then(b.cmp(a))
        })?;
        chosen.push(left.remove(best));
    }
    for at in (0..chosen.len()).rev() {
        let mut without = chosen.clone();
        without.remove(at);
        if !without.is_empty() && lifts(&without) {
            chosen = without;
        }
    }
    Some(chosen)
}

/// How many sets of `k` of `n` there are.
fn tries(n: usize, k: usize) -> usize {
    (0..k).fold(1_usize, |sets, i| sets.saturating_mul(n - i) / (i + 1))
}

/// The first set of `k` units that does it.
fn first_set<'a, 'b>(
    units: &'b [Unit<'a>],
    k: usize,
    lifts: &impl Fn(&[&Unit<'_>]) -> bool,
) -> Option<Vec<&'b Unit<'a>>> {
    let mut at: Vec<usize> = (0..k).collect();
    loop {
        let set: Vec<&Unit<'a>> = at.iter().map(|i| &units[*i]).collect();
        if lifts(&set) {
            return Some(set);
        }
        // The next combination in lexicographic order.
        let moved = (0..k).rev().find(|i| at[*i] < units.len() - k + *i)?;
        at[moved] += 1;
        for i in moved + 1..k {
            at[i] = at[i - 1] + 1;
        }
    }
}

fn need(unit: &Unit<'_>) -> Need {
    let worth = round2(unit.worth);
    match &unit.of {
        UnitOf::Open(question) => Need::Question {
            stage: question.stage,
            question: question.title.clone(),
            change: unit.change,
            at: ANSWERED_AT,
            worth,
        },
        UnitOf::Fact(question, attempt, fact) => {
            let fact = &attempt.facts[*fact];
            Need::Fact {
                stage: question.stage,
                question: question.title.clone(),
                attempt: attempt.attempt.clone(),
                criterion: fact.id.clone(),
                title: fact.title.clone(),
                status: fact.status,
                tip: fact.tip.clone(),
                worth,
            }
        }
    }
}
