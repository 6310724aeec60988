//! What the follow-ups are worth: scripted candidates of known knowledge, questioned in our order, in the
//! rubric's and by chance; and bluffers who touch everything and know nothing.

use std::collections::BTreeMap;

use answer::Order;
use domain::{GroupId, Interval, Item, Reply, ReplyBody, Scorecard};
use serde::Serialize;

use super::candidate::{self, Candidate, Script, Telling};
use super::{Evaluation, Random, coverage};
use crate::statistics::{Agreement, Mark, mean, rounded};
use crate::{Error, cores};

/// Follow-ups after which the score is looked at.
const AFTER: [usize; 4] = [0, 1, 3, 5];

/// Candidates of each telling, spread evenly over the items: enough for two digits of a correlation.
const CANDIDATES: usize = 144;

/// Fewest candidates an item gets of each telling.
const CANDIDATES_LEAST: usize = 4;

/// Bluffers an item gets that guess; they share one answer, so they cost next to nothing.
const GUESSERS: usize = 100;

/// What `spar eval questioning` reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Questioning {
    /// Seed of everything that is drawn.
    pub seed: u64,
    /// Items with checks.
    pub items: usize,
    /// Facts of those items for which no sentence was found that touches them without saying them: half
    /// known, they stay unsaid.
    pub untouched: usize,
    /// Candidates by telling, order and follow-ups.
    pub candidates: Vec<Questioned>,
    /// Bluffers by how they reply, and follow-ups.
    pub bluffers: Vec<Bluff>,
    /// How the figures are to be read.
    pub notes: Vec<&'static str>,
}

/// Scores against knowledge after some follow-ups.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Questioned {
    /// `plain` or `vague`.
    pub telling: &'static str,
    /// `ours`, `rubric` or `random`.
    pub order: &'static str,
    /// Follow-ups at most.
    pub after: usize,
    /// Candidates.
    pub n: usize,
    /// Pearson's r of coverage and true knowledge.
    pub pearson: Option<f64>,
    /// Their root mean squared difference, in points of 100.
    pub rmse: Option<f64>,
    /// Mean width of what follow-ups can still move of coverage, in points of 100.
    pub width: Option<f64>,
}

/// What bluffers earn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bluff {
    /// `guessed` or `misconceptions`.
    pub replies: &'static str,
    /// Follow-ups at most.
    pub after: usize,
    /// Bluffers.
    pub n: usize,
    /// Mean coverage over all.
    pub mean: f64,
    /// Mean coverage on the item that is easiest to bluff.
    pub highest_mean: f64,
    /// Best coverage that any of them got.
    pub max: f64,
    /// Share of them that got 30 or more.
    pub above_30: f64,
}

const NOTES: [&str; 4] = [
    "candidates speak in the rubric's own sentences, so this measures the questioning and not the reading",
    "of each fact a candidate knows it (1), half knows it (1/2) or believes the opposite (0, stated -1/2); \
     knowledge is the weighted share, floor 0. Checks: known is right, half known is right every second \
     time, the opposite gives the nearest misconception",
    "plain: known facts are said, half-known ones touched, wrong beliefs stated where the rubric has a \
     sentence for them; vague: every second fact is only touched, whatever is known of it",
    "bluffers touch every fact and state none; guessed: any of four options, misconceptions: the wrong one \
     that people believe",
];

/// Coverage and the width of its interval after the numbers of follow-ups in [`AFTER`].
type Course = [(f64, f64); AFTER.len()];

/// What one item gave.
struct Played {
    untouched: usize,
    /// By telling and order: knowledge and what was scored.
    candidates: BTreeMap<(&'static str, &'static str), Vec<(f64, Course)>>,
    guessed: Vec<Course>,
    misconceptions: Course,
}

impl Evaluation<'_> {
    /// Questions scripted candidates on every item that has checks.
    ///
    /// # Errors
    /// A rubric that does not compile, or an encoder that fails.
    pub fn questioning(&self, seed: u64) -> Result<Questioning, Error> {
        let has_check = |item: &&Item| item.facts().iter().any(|f| f.check.is_some());
        let items: Vec<&Item> = self.items().filter(has_check).collect();
        let each = (CANDIDATES / items.len().max(1)).max(CANDIDATES_LEAST);
        let played = cores::map(&items, |item| self.play(item, seed, each));
        let played: Vec<Played> = played.into_iter().collect::<Result<_, _>>()?;
        Ok(Questioning {
            seed,
            items: items.len(),
            untouched: played.iter().map(|p| p.untouched).sum(),
            candidates: candidates(&played),
            bluffers: bluffers(&played),
            notes: NOTES.to_vec(),
        })
    }

    fn play(&self, item: &Item, seed: u64, each: usize) -> Result<Played, Error> {
        let script = Script::of(self, item)?;
        let mut random = Random::new(seed, item.id.as_str());
        let mut candidates: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (telling, name) in [(Telling::Plain, "plain"), (Telling::Vague, "vague")] {
            for _ in 0..each {
                let candidate = script.candidate(item, telling, &mut random);
                let base = self.scorecard(item, seed, &candidate.text)?;
                let chance = Order::Shuffled(random.next());
                for (order, by) in [
                    (Order::Stakes, "ours"),
                    (Order::Rubric, "rubric"),
                    (chance, "random"),
                ] {
                    let course = self.course(item, order, &base, &candidate, &script)?;
                    let of = candidates.entry((name, by)).or_default();
                    of.push((candidate.knowledge, course));
                }
            }
        }
        let base = self.scorecard(item, seed, &script.bluff())?;
        let mut guessed = Vec::new();
        for _ in 0..GUESSERS {
            let reply = |question: &_| candidate::guess(item, &script, question, &mut random);
            guessed.push(self.questioned(item, Order::Stakes, &base, reply)?);
        }
        let believes = |question: &_| candidate::misconception(item, &script, question);
        Ok(Played {
            untouched: script.untouched(),
            candidates,
            guessed,
            misconceptions: self.questioned(item, Order::Stakes, &base, believes)?,
        })
    }

    fn course(
        &self,
        item: &Item,
        order: Order,
        base: &Scorecard,
        candidate: &Candidate,
        script: &Script,
    ) -> Result<Course, Error> {
        self.questioned(item, order, base, |question| {
            candidate.reply(item, script, question)
        })
    }

    /// Asks and replies until the interviewer is done.
    fn questioned(
        &self,
        item: &Item,
        order: Order,
        base: &Scorecard,
        mut reply: impl FnMut(&domain::Question) -> ReplyBody,
    ) -> Result<Course, Error> {
        let grader = self.grader(item)?;
        let mut replies: Vec<Reply> = Vec::new();
        let mut seen: Vec<(f64, f64)> = Vec::new();
        loop {
            let state = grader.examine_in(order, base, &replies);
            seen.push((coverage(&state.scorecard), width(&state.scorecard)));
            let Some(question) = state.question else { break };
            let body = reply(&question);
            replies.push(Reply {
                question: question.id,
                body,
            });
            // A reply that does not fit would leave the same question pending for ever.
            if replies.len() > answer::MAX_QUESTIONS as usize {
                break;
            }
        }
        Ok(AFTER.map(|after| seen[after.min(seen.len() - 1)]))
    }
}

fn width(card: &Scorecard) -> f64 {
    let open = card.group(GroupId::Coverage).map(|g| Interval::open(&g.criteria));
    open.map_or(0.0, |i| i.high - i.low)
}

fn candidates(played: &[Played]) -> Vec<Questioned> {
    let mut all = Vec::new();
    for telling in ["plain", "vague"] {
        for order in ["ours", "rubric", "random"] {
            let of = |p: &Played| p.candidates.get(&(telling, order)).cloned().unwrap_or_default();
            let courses: Vec<(f64, Course)> = played.iter().flat_map(of).collect();
            for (at, after) in AFTER.into_iter().enumerate() {
                let mark = |(knowledge, course): &(f64, Course)| Mark {
                    scored: course[at].0,
                    gold: *knowledge,
                    question: "",
                    label: None,
                };
                let marks: Vec<Mark<'_>> = courses.iter().map(mark).collect();
                let agreement = Agreement::of(&marks);
                let widths: Vec<f64> = courses.iter().map(|(_, course)| course[at].1).collect();
                all.push(Questioned {
                    telling,
                    order,
                    after,
                    n: agreement.n,
                    pearson: agreement.pearson,
                    rmse: agreement.rmse,
                    width: mean(&widths).map(rounded),
                });
            }
        }
    }
    all
}

fn bluffers(played: &[Played]) -> Vec<Bluff> {
    let mut all = Vec::new();
    for replies in ["guessed", "misconceptions"] {
        for (at, after) in AFTER.into_iter().enumerate() {
            let scores = |p: &Played| -> Vec<f64> {
                let courses = if replies == "guessed" {
                    &p.guessed[..]
                } else {
                    std::slice::from_ref(&p.misconceptions)
                };
                courses.iter().map(|course| course[at].0).collect()
            };
            let by_item: Vec<Vec<f64>> = played.iter().map(scores).collect();
            let every = by_item.concat();
            let high = every.iter().filter(|score| **score >= 30.0).count();
            let means = by_item.iter().filter_map(|scores| mean(scores));
            all.push(Bluff {
                replies,
                after,
                n: every.len(),
                mean: mean(&every).map_or(0.0, rounded),
                highest_mean: rounded(means.fold(0.0, f64::max)),
                max: every.iter().copied().fold(0.0, f64::max),
                above_30: rounded(high as f64 / every.len().max(1) as f64),
            });
        }
    }
    all
}
