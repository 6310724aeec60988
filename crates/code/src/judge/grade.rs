//! From a compiled program to a scorecard.

use std::time::Duration;

use cases::{Case, Problem, Wanted};
use domain::{CaseGroup, Group, GroupId, RunVerdict, SCORECARD_FORMAT, Scorecard};

use super::card;
use super::minimise::minimise;
use super::runner::{CaseRun, Manner, Runner};
use super::verdict::rank;
use super::{Grading, Progress, own, render, scale};
use crate::Error;

/// CPU time and waiting of all cases of a grading, after which the rest is not run: an attempt ends within
/// half a minute, compiling included.
const BUDGET: Duration = Duration::from_secs(18);

/// The same for one group, so that one slow group leaves time for the others.
const GROUP_BUDGET: Duration = Duration::from_secs(6);

/// How often a case of the concurrency group is run, and on how many cores: a race needs luck to be seen.
const RACES: [f64; 3] = [2.0, 1.0, 2.0];

/// Smaller cases that are tried for one failing rule whose case is shown.
const SMALLER_SHOWN: u32 = 48;

/// The same for one of which only the size is told.
const SMALLER_HIDDEN: u32 = 24;

/// Everything that grading needs.
pub(super) struct Bench<'a> {
    pub(super) grading: &'a Grading<'a>,
    pub(super) problem: &'static Problem,
    pub(super) runner: Runner<'a>,
    /// The accepted program of the same language.
    pub(super) reference: Option<Runner<'a>>,
    /// Runs left for making cases smaller.
    pub(super) smaller: u32,
    /// Cases that are run at once.
    pub(super) beside: usize,
    pub(super) progress: &'a dyn Fn(Progress),
}

/// A graded group with the worst that came of its runs.
pub(super) struct Graded {
    pub(super) group: Group,
    pub(super) worst: RunVerdict,
    pub(super) passed: usize,
}

/// The cases of one rule.
struct Rule {
    rule: String,
    passed: usize,
    failed: usize,
    not_run: usize,
    /// The smallest that failed.
    worst: Option<(Case, CaseRun)>,
}

impl Bench<'_> {
    /// Grades all groups.
    pub(super) fn grade(&mut self) -> Result<(Vec<Group>, RunVerdict), Error> {
        let spec = &self.grading.spec.groups;
        let mut groups: Vec<Option<Group>> = vec![None; spec.len()];
        let mut worst = RunVerdict::Accepted;
        let mut passed = 0;
        let functional =
            |group: &CaseGroup| !matches!(group.id, GroupId::Scale | GroupId::Memory | GroupId::OwnTests);
        // What the candidate can see comes first, so that the first news are about what they know.
        let mut order = (0..spec.len())
            .filter(|i| functional(&spec[*i]))
            .collect::<Vec<_>>();
        order.sort_by_key(|i| !spec[*i].visible);
        for i in &order {
            let graded = self.cases(&spec[*i])?;
            worst = worse(worst, graded.worst);
            passed += graded.passed;
            groups[*i] = Some(graded.group);
        }
        for (i, group) in spec.iter().enumerate().filter(|(_, group)| !functional(group)) {
            let graded = if passed == 0 && !order.is_empty() {
                nothing_passed(group)
            } else {
                self.other(group)?
            };
            if group.id != GroupId::OwnTests {
                worst = worse(worst, graded.worst);
            }
            groups[i] = Some(graded.group);
        }
        Ok((groups.into_iter().flatten().collect(), worst))
    }

    fn other(&mut self, group: &CaseGroup) -> Result<Graded, Error> {
        match group.id {
            GroupId::Scale => scale::grade(self, group),
            GroupId::Memory => scale::memory(self, group),
            _ => {
                self.tell(group, 0, 1, 0);
                let graded = own::grade(self.problem, self.grading.files, group);
                self.tell(group, 1, 1, u32::from(graded.group.score() == Some(0.0)));
                Ok(graded)
            }
        }
    }

    pub(super) fn tell(&self, group: &CaseGroup, done: u32, of: u32, failed: u32) {
        (self.progress)(Progress::Group {
            id: group.id,
            done,
            of,
            failed,
        });
    }

    /// Runs the cases of a group and makes a criterion of each rule.
    fn cases(&mut self, group: &CaseGroup) -> Result<Graded, Error> {
        let cases = (self.problem.generate)(Wanted {
            group: group.id,
            count: group.cases,
            seed: self.grading.seed,
        });
        let of = u32::try_from(cases.len()).unwrap_or(u32::MAX);
        let began = self.runner.spent();
        let mut rules: Vec<Rule> = Vec::new();
        let (mut done, mut failed) = (0, 0);
        self.tell(group, done, of, failed);
        // A race needs all cores for itself.
        let beside = if group.id == GroupId::Concurrency {
            1
        } else {
            self.beside
        };
        for some in cases.chunks(beside) {
            let spent = self.runner.spent();
            if spent > BUDGET || spent - began > GROUP_BUDGET {
                for case in some {
                    rule_of(&mut rules, &case.rule).not_run += 1;
                }
                continue;
            }
            for (case, run) in some.iter().zip(run_beside(&self.runner, group, some)) {
                let run = run?;
                let rule = rule_of(&mut rules, &case.rule);
                done += 1;
                if run.judged.verdict == RunVerdict::Accepted {
                    rule.passed += 1;
                } else {
                    failed += 1;
                    rule.failed += 1;
                    rule.keep_smallest(case.clone(), run);
                }
                self.tell(group, done, of, failed);
            }
        }
        self.conclude(group, rules)
    }

    fn conclude(&mut self, group: &CaseGroup, rules: Vec<Rule>) -> Result<Graded, Error> {
        let mut criteria = Vec::with_capacity(rules.len());
        let mut worst = RunVerdict::Accepted;
        let mut passed = 0;
        for rule in rules {
            passed += rule.passed;
            let id = card::id(&rule.rule, &criteria);
            let of = rule.passed + rule.failed + rule.not_run;
            let criterion = match rule.worst {
                Some((case, run)) => {
                    worst = worse(worst, run.judged.verdict);
                    let verdict = run.judged.verdict;
                    let (case, run) = self.smaller(group, case, run)?;
                    let why = card::why(&rule.rule, &run, rule.failed, of, group.visible);
                    let evidence = card::failing(self.problem, &case, &run, group.visible);
                    let tip = card::tip(verdict, &rule.rule);
                    card::missed(id, rule.rule, why, vec![evidence], tip)
                }
                None if rule.not_run > 0 => {
                    let why = format!(
                        "{} of {} not run: the program had used up the time of this group",
                        rule.not_run,
                        render::count(of, "case")
                    );
                    card::not_run(id, rule.rule, why)
                }
                None => {
                    let why = format!("{} of {} passed", rule.passed, render::count(of, "case"));
                    card::met(id, rule.rule, why, vec![card::passed(rule.passed, of)])
                }
            };
            criteria.push(criterion);
        }
        Ok(Graded {
            group: card::group(group, criteria),
            worst,
            passed,
        })
    }

    /// Makes a failing case small, as far as runs are left.
    fn smaller(&mut self, group: &CaseGroup, case: Case, run: CaseRun) -> Result<(Case, CaseRun), Error> {
        let most = if group.visible {
            SMALLER_SHOWN
        } else {
            SMALLER_HIDDEN
        };
        let mut runs = most.min(self.smaller);
        let given = runs;
        let small = minimise(&self.runner, case, run, &mut runs)?;
        self.smaller -= given - runs;
        Ok(small)
    }

    /// The scorecard of graded groups.
    pub(super) fn scorecard(
        grading: &Grading<'_>,
        scorer: String,
        groups: Vec<Group>,
        verdict: RunVerdict,
        notes: Vec<String>,
    ) -> Scorecard {
        let probe = (verdict != RunVerdict::CompileError).then(|| card::probe(&groups));
        let mut scorecard = Scorecard {
            format: SCORECARD_FORMAT,
            item: grading.item.to_owned(),
            round: domain::Round::Code,
            revision: grading.revision.to_owned(),
            scorer,
            seed: grading.seed,
            verdict: Some(verdict),
            groups,
            next: None,
            probe,
            notes,
        };
        scorecard.next = first_fix(&scorecard, verdict);
        scorecard
    }
}

/// The change worth most. While the program itself is wrong, that is never to write tests: they would be worth
/// more only because each of the rules that fail is worth little alone.
fn first_fix(scorecard: &Scorecard, verdict: RunVerdict) -> Option<domain::Fix> {
    if verdict == RunVerdict::Accepted {
        return scorecard.best_fix();
    }
    let mut program = scorecard.clone();
    let tests = program
        .groups
        .iter_mut()
        .filter(|group| group.id == GroupId::OwnTests);
    for criterion in tests.flat_map(|group| &mut group.criteria) {
        criterion.tip.clear();
    }
    program.best_fix().or_else(|| scorecard.best_fix())
}

impl Rule {
    fn keep_smallest(&mut self, case: Case, run: CaseRun) {
        // The worst verdict decides what is shown; among equals the smallest case.
        let key = |case: &Case, run: &CaseRun| (std::cmp::Reverse(rank(run.judged.verdict)), parts(case));
        let smaller = self
            .worst
            .as_ref()
            .is_none_or(|(c, r)| key(&case, &run) < key(c, r));
        if smaller {
            self.worst = Some((case, run));
        }
    }
}

/// Steps or bytes of a case.
fn parts(case: &Case) -> usize {
    match &case.script {
        cases::Script::Calls { steps, .. } => steps.len(),
        cases::Script::Stdio { input } => input.len(),
    }
}

fn rule_of<'a>(rules: &'a mut Vec<Rule>, rule: &str) -> &'a mut Rule {
    let at = rules.iter().position(|r| r.rule == rule).unwrap_or(rules.len());
    if at == rules.len() {
        rules.push(Rule {
            rule: rule.to_owned(),
            passed: 0,
            failed: 0,
            not_run: 0,
            worst: None,
        });
    }
    &mut rules[at]
}

/// Runs cases at once, each in a thread of its own but the first.
fn run_beside(runner: &Runner<'_>, group: &CaseGroup, cases: &[Case]) -> Vec<Result<CaseRun, Error>> {
    let Some((first, rest)) = cases.split_first() else {
        return Vec::new();
    };
    std::thread::scope(|scope| {
        let threads = rest
            .iter()
            .map(|case| scope.spawn(|| run_case(runner, group, case)))
            .collect::<Vec<_>>();
        let mut runs = vec![run_case(runner, group, first)];
        let fault = || Err(Error::Judge("a thread that ran a case panicked".to_owned()));
        runs.extend(
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|_| fault())),
        );
        runs
    })
}

/// Runs a case; one of the concurrency group several times, until it fails.
fn run_case(runner: &Runner<'_>, group: &CaseGroup, case: &Case) -> Result<CaseRun, Error> {
    if group.id != GroupId::Concurrency {
        return runner.case(case, Manner::PLAIN);
    }
    let mut last = None;
    for cores in RACES {
        let run = runner.case(
            case,
            Manner {
                cores,
                ..Manner::PLAIN
            },
        )?;
        let failed = run.judged.verdict != RunVerdict::Accepted;
        last = Some(run);
        if failed {
            break;
        }
    }
    last.ok_or_else(|| Error::Judge("a case of the concurrency group was not run".to_owned()))
}

fn nothing_passed(group: &CaseGroup) -> Graded {
    let why = "not looked at: no case passed, and speed, memory and tests are worth nothing without one";
    Graded {
        group: card::nothing(group, why, Vec::new(), ""),
        worst: RunVerdict::Accepted,
        passed: 0,
    }
}

/// The worse of two verdicts.
pub(super) fn worse(a: RunVerdict, b: RunVerdict) -> RunVerdict {
    if rank(b) > rank(a) { b } else { a }
}
