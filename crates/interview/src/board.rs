//! The graded questions of a loop as numbers, and every single thing that could be better.

use domain::{Level, Status, round2};

use crate::graded::{Graded, GradedAttempt, GradedQuestion};
use crate::scorecard::{CHANGE_SHARE, CONTRADICTION_COST, MAX_CONTRADICTION_COST, Standing, points};
use crate::weight::StageWeight;
use crate::words::QuestionPhase;

/// What a question that was left open is taken to reach when it is answered: the bar of a solid answer, where
/// [`domain::Band::Solid`] begins.
pub(crate) const ANSWERED_AT: f64 = 70.0;

/// What the standing of a loop is computed from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Board {
    stages: Vec<BoardStage>,
    questions: Vec<BoardQuestion>,
    /// Points and points possible of the facts that no full answer leaves out.
    must: (f64, f64),
    contradicted: usize,
    contradicted_musts: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct BoardStage {
    weight: f64,
    decisive: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct BoardQuestion {
    stage: usize,
    answer: Part,
    change: Option<Part>,
}

/// The score of something said.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Points { points: f64, out_of: f64 },
    Open,
}

impl Part {
    fn score(self) -> f64 {
        match self {
            Self::Points { points, out_of } if out_of > 0.0 => (100.0 * points / out_of).clamp(0.0, 100.0),
            Self::Points { .. } | Self::Open => 0.0,
        }
    }
}

/// One thing that could be better.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Unit<'a> {
    /// The question on the board.
    at: usize,
    /// Whether it concerns the change.
    pub(crate) change: bool,
    /// What it moves the result by, clamps left out: no set of units moves it by more than their sum.
    pub(crate) worth: f64,
    /// What it moves its stage by, likewise.
    in_stage: f64,
    /// What it adds to the points of must facts.
    must: f64,
    contradicted: bool,
    contradicted_must: bool,
    pub(crate) of: UnitOf<'a>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum UnitOf<'a> {
    Fact(&'a GradedQuestion, &'a GradedAttempt, usize),
    Open(&'a GradedQuestion),
}

impl Board {
    /// The board of the questions that are assessed. `weights` are those of the stages.
    pub(crate) fn new(questions: &[GradedQuestion], weights: &[StageWeight], level: Level) -> Self {
        let stages = weights.iter().map(|w| BoardStage {
            weight: f64::from(w.weight),
            decisive: w.decisive,
        });
        let mut board = Self {
            stages: stages.collect(),
            questions: Vec::new(),
            must: (0.0, 0.0),
            contradicted: 0,
            contradicted_musts: 0,
        };
        for question in assessed(questions, level) {
            board.questions.push(BoardQuestion {
                stage: question.stage,
                answer: part(&question.answer, level).unwrap_or(Part::Open),
                change: question.change.as_ref().and_then(|change| part(change, level)),
            });
            for fact in question.attempts().flat_map(|attempt| &attempt.facts) {
                let contradicted = fact.status == Status::Contradicted && fact.points < 0.0;
                board.contradicted += usize::from(contradicted);
                if fact.must && fact.level <= level {
                    board.must.0 += fact.points.max(0.0);
                    board.must.1 += fact.out_of;
                    board.contradicted_musts += usize::from(contradicted);
                }
            }
        }
        board
    }

    /// The standing as it is.
    pub(crate) fn standing(&self) -> Standing {
        self.standing_with(&[])
    }

    /// The standing if the units were made good.
    pub(crate) fn standing_with(&self, units: &[&Unit<'_>]) -> Standing {
        let mut questions = self.questions.clone();
        let (mut must, mut contradicted, mut musts) =
            (self.must.0, self.contradicted, self.contradicted_musts);
        for unit in units {
            let Some(question) = questions.get_mut(unit.at) else {
                continue;
            };
            let part = if unit.change {
                question.change.as_mut()
            } else {
                Some(&mut question.answer)
            };
            match (part, &unit.of) {
                (Some(Part::Points { points, .. }), UnitOf::Fact(_, attempt, fact)) => {
                    *points += attempt.facts.get(*fact).map_or(0.0, |f| f.out_of - f.points);
                }
                (Some(part @ Part::Open), UnitOf::Open(_)) => {
                    *part = Part::Points {
                        points: ANSWERED_AT,
                        out_of: 100.0,
                    }
                }
                _ => {}
            }
            must += unit.must;
            contradicted -= usize::from(unit.contradicted);
            musts -= usize::from(unit.contradicted_must);
        }
        let mut decisive: Option<f64> = None;
        let (mut weighted, mut weight) = (0.0, 0.0);
        for (number, stage) in self.stages.iter().enumerate() {
            let Some(score) = stage_score(&questions, number) else {
                continue;
            };
            weighted += stage.weight * score;
            weight += stage.weight;
            if stage.decisive {
                decisive = Some(decisive.map_or(score, |least| least.min(score)));
            }
        }
        let mean = if weight > 0.0 { weighted / weight } else { 0.0 };
        Standing {
            result: round2((mean - cost(contradicted)).max(0.0)),
            // A loop without such a stage has no floor to meet; its weight is missing from the loop as well.
            decisive: round2(decisive.unwrap_or(100.0)),
            must_share: if self.must.1 > 0.0 {
                must / self.must.1
            } else {
                1.0
            },
            contradicted_musts: musts,
            silent: questions.iter().any(|question| question.answer == Part::Open),
        }
    }

    /// What contradictions cost.
    pub(crate) fn cost(&self) -> f64 {
        cost(self.contradicted)
    }

    /// Whether anything was answered that has facts which no full answer leaves out.
    pub(crate) fn has_musts(&self) -> bool {
        self.must.1 > 0.0
    }

    /// How many facts stand contradicted.
    pub(crate) fn contradicted(&self) -> usize {
        self.contradicted
    }

    /// Everything that could be better, the weightiest first.
    pub(crate) fn units<'a>(&self, questions: &'a [GradedQuestion], level: Level) -> Vec<Unit<'a>> {
        let mut units = Vec::new();
        for (at, question) in assessed(questions, level).enumerate() {
            let has_change = self.questions.get(at).is_some_and(|q| q.change.is_some());
            for change in [false, true] {
                let graded = if change {
                    question.change.as_ref()
                } else {
                    Some(&question.answer)
                };
                let share = match (change, has_change) {
                    (true, _) => CHANGE_SHARE,
                    (false, true) => 1.0 - CHANGE_SHARE,
                    (false, false) => 1.0,
                };
                let open = matches!(graded, Some(Graded::Silent))
                    || !change && question.phase == QuestionPhase::OutOfTime;
                if open {
                    units.push(self.unit(at, change, share * ANSWERED_AT, None, UnitOf::Open(question)));
                } else if let Some(Graded::Scored(attempt)) = graded {
                    let (_, out_of) = points(attempt, level);
                    for (i, fact) in attempt.facts.iter().enumerate() {
                        let gain = fact.out_of - fact.points;
                        if fact.level <= level && gain > 0.0 && out_of > 0.0 {
                            let of = UnitOf::Fact(question, attempt, i);
                            units.push(self.unit(at, change, share * 100.0 * gain / out_of, Some(fact), of));
                        }
                    }
                }
            }
        }
        units.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.at.cmp(&b.at)));
        units
    }

    fn unit<'a>(
        &self,
        at: usize,
        change: bool,
        gain: f64,
        fact: Option<&crate::graded::GradedFact>,
        of: UnitOf<'a>,
    ) -> Unit<'a> {
        let stage = self.questions.get(at).map_or(0, |question| question.stage);
        let beside = self.questions.iter().filter(|q| q.stage == stage).count().max(1) as f64;
        let present = |number: &usize| self.questions.iter().any(|q| q.stage == *number);
        let weight: f64 = (0..self.stages.len())
            .filter(present)
            .map(|n| self.stages[n].weight)
            .sum();
        let own = self.stages.get(stage).map_or(0.0, |s| s.weight);
        let contradicted = fact.is_some_and(|f| f.status == Status::Contradicted && f.points < 0.0);
        let must = fact.filter(|f| f.must);
        let in_stage = gain / beside;
        let in_result = if weight > 0.0 {
            in_stage * own / weight
        } else {
            0.0
        };
        Unit {
            at,
            change,
            worth: in_result + if contradicted { CONTRADICTION_COST } else { 0.0 },
            in_stage,
            must: must.map_or(0.0, |f| f.out_of - f.points.max(0.0)),
            contradicted,
            contradicted_must: contradicted && must.is_some(),
            of,
        }
    }

    /// How much of what is missing for `bars` a unit brings, each condition that is not met counting 1.
    pub(crate) fn progress(&self, unit: &Unit<'_>, now: Standing, bars: &Bars) -> f64 {
        let share = |gain: f64, deficit: f64| {
            if deficit > 0.0 {
                (gain / deficit).min(1.0)
            } else {
                0.0
            }
        };
        let stage = self.questions.get(unit.at).map_or(0, |q| q.stage);
        let decisive = self.stages.get(stage).is_some_and(|s| s.decisive);
        share(unit.worth, bars.result - now.result)
            + if decisive {
                share(unit.in_stage, bars.decisive - now.decisive)
            } else {
                0.0
            }
            + share(unit.must, (bars.must_share - now.must_share) * self.must.1)
            + if bars.clean && unit.contradicted_must {
                1.0
            } else {
                0.0
            }
            + if bars.clean && matches!(unit.of, UnitOf::Open(_)) && !unit.change {
                1.0
            } else {
                0.0
            }
    }

    /// A number of units below which nothing reaches `bars`: each condition alone needs so many of the best.
    pub(crate) fn least(&self, units: &[Unit<'_>], now: Standing, bars: &Bars) -> usize {
        let needed = |mut gains: Vec<f64>, deficit: f64| {
            gains.sort_by(|a, b| b.total_cmp(a));
            let mut sum = 0.0;
            // Rounding of the result may hide half a hundredth.
            let reached = gains.iter().position(|gain| {
                sum += gain;
                sum + 0.01 >= deficit
            });
            if deficit > 0.0 {
                reached.map_or(gains.len() + 1, |at| at + 1)
            } else {
                0
            }
        };
        let result = needed(units.iter().map(|u| u.worth).collect(), bars.result - now.result);
        let must = needed(
            units.iter().map(|u| u.must).collect(),
            (bars.must_share - now.must_share) * self.must.1,
        );
        let open = units
            .iter()
            .filter(|u| !u.change && matches!(u.of, UnitOf::Open(_)))
            .count();
        let clean = if bars.clean {
            now.contradicted_musts.max(open)
        } else {
            0
        };
        result.max(must).max(clean)
    }
}

/// What a recommendation asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bars {
    pub(crate) result: f64,
    pub(crate) decisive: f64,
    pub(crate) must_share: f64,
    /// No contradicted must fact and no open question.
    pub(crate) clean: bool,
}

fn cost(contradicted: usize) -> f64 {
    (contradicted as f64 * CONTRADICTION_COST).min(MAX_CONTRADICTION_COST)
}

fn assessed(questions: &[GradedQuestion], level: Level) -> impl Iterator<Item = &GradedQuestion> {
    questions
        .iter()
        .filter(move |question| question.score(level).is_some())
}

fn part(graded: &Graded, level: Level) -> Option<Part> {
    match graded {
        Graded::Silent => Some(Part::Open),
        Graded::NotAssessed { .. } => None,
        Graded::Scored(attempt) => {
            let (points, out_of) = points(attempt, level);
            Some(Part::Points { points, out_of })
        }
    }
}

fn stage_score(questions: &[BoardQuestion], stage: usize) -> Option<f64> {
    let (mut sum, mut n) = (0.0, 0.0);
    for question in questions.iter().filter(|question| question.stage == stage) {
        let answer = question.answer.score();
        sum += question.change.map_or(answer, |change| {
            (1.0 - CHANGE_SHARE) * answer + CHANGE_SHARE * change.score()
        });
        n += 1.0;
    }
    (n > 0.0).then(|| sum / n)
}

#[cfg(test)]
mod tests {
    use domain::Band;

    use super::ANSWERED_AT;

    #[test]
    fn an_open_question_is_taken_as_barely_solid() {
        assert_eq!(Band::of(ANSWERED_AT), Band::Solid);
        assert_eq!(Band::of(ANSWERED_AT - 0.01), Band::Partial);
    }
}
