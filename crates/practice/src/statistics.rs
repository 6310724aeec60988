//! Agreement of scores with grades. Plain textbook formulas, in the order of the input, so that the
//! figures are the same on every run.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// A score and a grade of 50 or more pass.
const PASS: f64 = 50.0;

/// Grades nearer to each other than this, in points of 100, say nothing about the order of two answers.
const APART: f64 = 10.0;

/// Lines a label needs for a correlation of its own.
const LABEL_LINES: usize = 8;

/// A score beside the grade of the same answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark<'a> {
    pub(crate) scored: f64,
    pub(crate) gold: f64,
    /// What was answered: only answers to the same question are put in order.
    pub(crate) question: &'a str,
    /// Which kind of answer it is, where somebody said so.
    pub(crate) label: Option<&'a str>,
}

/// How well scores agree with given grades. Figures that do not exist (too few answers, or no variance)
/// are null.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Agreement {
    /// Answers compared.
    pub n: usize,
    /// Pearson's product-moment correlation.
    pub pearson: Option<f64>,
    /// Spearman's rank correlation; ties take the mean of their ranks.
    pub spearman: Option<f64>,
    /// Root of the mean squared difference, in points of 100.
    pub rmse: Option<f64>,
    /// Mean absolute difference, in points of 100.
    pub mae: Option<f64>,
    /// Mean signed difference, score less grade, in points of 100.
    pub bias: Option<f64>,
    /// Share of `pairs` that the scores put in the order of the grades; a tie counts half.
    pub pairs_in_order: Option<f64>,
    /// Pairs of answers to the same question whose grades lie 10 points or more apart.
    pub pairs: usize,
    /// Share of answers that score and grade put on the same side of 50.
    pub pass_fail: Option<f64>,
    /// Mean of Pearson's r inside each label: what is left when good and bad answers are not mixed.
    pub within_label: Option<f64>,
    /// Labels that `within_label` is the mean of: those with 8 answers or more and variance.
    pub labels: usize,
}

impl Agreement {
    /// Compares the scores with the grades.
    pub(crate) fn of(marks: &[Mark<'_>]) -> Self {
        let (scored, gold) = columns(marks);
        let differences = |of: fn(f64) -> f64| -> Vec<f64> {
            let each = marks.iter().map(|m| m.scored - m.gold);
            each.map(of).collect()
        };
        let (pairs, in_order) = pairs(marks);
        let inside = within_labels(marks);
        Self {
            n: marks.len(),
            pearson: pearson(&scored, &gold).map(rounded),
            spearman: pearson(&ranks(&scored), &ranks(&gold)).map(rounded),
            rmse: mean(&differences(|d| d * d)).map(|m| rounded(m.sqrt())),
            mae: mean(&differences(f64::abs)).map(rounded),
            bias: mean(&differences(|d| d)).map(rounded),
            pairs_in_order: (pairs > 0).then(|| rounded(in_order / pairs as f64)),
            pairs,
            pass_fail: share(marks.iter().map(|m| (m.scored >= PASS) == (m.gold >= PASS))),
            within_label: mean(&inside).map(rounded),
            labels: inside.len(),
        }
    }

    /// Compares a series of another unit, such as a count of words: only what does not depend on the unit.
    pub(crate) fn of_another_unit(marks: &[Mark<'_>]) -> Self {
        Self {
            rmse: None,
            mae: None,
            bias: None,
            pass_fail: None,
            ..Self::of(marks)
        }
    }
}

/// The marks with other scores, answer by answer.
pub(crate) fn rescored<'a>(marks: &[Mark<'a>], scores: &[f64]) -> Vec<Mark<'a>> {
    let pairs = marks.iter().zip(scores);
    pairs
        .map(|(mark, score)| Mark {
            scored: *score,
            ..*mark
        })
        .collect()
}

/// Scores put on the scale of the grades by the least-squares line of the same answers.
pub(crate) fn fitted(marks: &[Mark<'_>]) -> Vec<f64> {
    let line = Line::through(marks.iter());
    marks.iter().map(|m| line.at(m.scored)).collect()
}

/// Scores put on the scale of the grades, each by the least-squares line of the answers to all *other*
/// questions, kept within 0 to 100; `None` with fewer than two questions.
pub(crate) fn left_out(marks: &[Mark<'_>]) -> Option<Vec<f64>> {
    let questions: BTreeSet<&str> = marks.iter().map(|m| m.question).collect();
    if questions.len() < 2 {
        return None;
    }
    let line = |question: &str| Line::through(marks.iter().filter(|m| m.question != question));
    let lines: BTreeMap<&str, Line> = questions.into_iter().map(|q| (q, line(q))).collect();
    let apply = |m: &Mark<'_>| lines[m.question].at(m.scored).clamp(0.0, 100.0);
    Some(marks.iter().map(apply).collect())
}

/// Share of what is so, with four decimals; `None` of nothing.
pub(crate) fn share(all: impl Iterator<Item = bool>) -> Option<f64> {
    let ones: Vec<f64> = all.map(|yes| if yes { 1.0 } else { 0.0 }).collect();
    mean(&ones).map(rounded)
}

/// Arithmetic mean; `None` of nothing.
pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Four decimals: more would be noise of the last bits.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

fn columns(marks: &[Mark<'_>]) -> (Vec<f64>, Vec<f64>) {
    marks.iter().map(|m| (m.scored, m.gold)).unzip()
}

/// How many pairs have grades that lie apart, and how many of those the scores put in order.
fn pairs(marks: &[Mark<'_>]) -> (usize, f64) {
    let mut questions: BTreeMap<&str, Vec<Mark<'_>>> = BTreeMap::new();
    for mark in marks {
        questions.entry(mark.question).or_default().push(*mark);
    }
    let (mut pairs, mut in_order) = (0, 0.0);
    for mut answers in questions.into_values() {
        answers.sort_by(|a, b| a.gold.total_cmp(&b.gold));
        // Scores of the answers graded far enough below, sorted: no pair is looked at by itself.
        let mut below: Vec<f64> = Vec::new();
        let mut lower = answers.iter().peekable();
        for answer in &answers {
            while let Some(next) = lower.next_if(|other| other.gold <= answer.gold - APART) {
                below.insert(below.partition_point(|score| *score < next.scored), next.scored);
            }
            let less = below.partition_point(|score| *score < answer.scored);
            let equal = below[less..].partition_point(|score| *score <= answer.scored);
            pairs += below.len();
            in_order += less as f64 + equal as f64 / 2.0;
        }
    }
    (pairs, in_order)
}

/// Pearson's r inside each label that has enough answers and variance.
fn within_labels(marks: &[Mark<'_>]) -> Vec<f64> {
    let labels: BTreeSet<&str> = marks.iter().filter_map(|m| m.label).collect();
    let correlation = |label: &str| {
        let of = marks.iter().filter(|m| m.label == Some(label));
        let (scored, gold): (Vec<f64>, Vec<f64>) = of.map(|m| (m.scored, m.gold)).unzip();
        if scored.len() < LABEL_LINES {
            return None;
        }
        pearson(&scored, &gold)
    };
    labels.into_iter().filter_map(correlation).collect()
}

fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() < 2 || x.len() != y.len() {
        return None;
    }
    let (mx, my) = (mean(x)?, mean(y)?);
    let sum = |of: &dyn Fn(f64, f64) -> f64| x.iter().zip(y).map(|(a, b)| of(a - mx, b - my)).sum::<f64>();
    let variances = sum(&|a, _| a * a) * sum(&|_, b| b * b);
    // Below this the differences are rounding noise: the series is constant.
    (variances > 1e-12).then(|| sum(&|a, b| a * b) / variances.sqrt())
}

/// Ranks from 1; equal values share the mean of the ranks they take up.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let same = |at: &&usize| values[**at] == values[order[from]];
        let count = order[from..].iter().take_while(same).count();
        let rank = from as f64 + (count as f64 + 1.0) / 2.0;
        for &at in &order[from..from + count] {
            ranks[at] = rank;
        }
        from += count;
    }
    ranks
}

/// The line from score to grade that leaves the least squared error.
#[derive(Debug, Clone, Copy)]
struct Line {
    from: f64,
    to: f64,
    slope: f64,
}

impl Line {
    /// Flat through the mean grade where the scores are constant.
    fn through<'a, 'b: 'a>(marks: impl Iterator<Item = &'a Mark<'b>>) -> Self {
        let (x, y): (Vec<f64>, Vec<f64>) = marks.map(|m| (m.scored, m.gold)).unzip();
        let (from, to) = (mean(&x).unwrap_or(0.0), mean(&y).unwrap_or(0.0));
        let variance: f64 = x.iter().map(|a| (a - from) * (a - from)).sum();
        let covariance: f64 = x.iter().zip(&y).map(|(a, b)| (a - from) * (b - to)).sum();
        let slope = if variance > 0.0 {
            covariance / variance
        } else {
            0.0
        };
        Self { from, to, slope }
    }

    fn at(self, score: f64) -> f64 {
        self.to + self.slope * (score - self.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks of one question without labels.
    fn marks(scored: &[f64], gold: &[f64]) -> Vec<Mark<'static>> {
        let pairs = scored.iter().zip(gold);
        let mark = |(scored, gold): (&f64, &f64)| Mark {
            scored: *scored,
            gold: *gold,
            question: "q",
            label: None,
        };
        pairs.map(mark).collect()
    }

    #[test]
    fn textbook_values() {
        // Anscombe's first set: r = 0.816.
        let x = [10.0, 8.0, 13.0, 9.0, 11.0, 14.0, 6.0, 4.0, 12.0, 7.0, 5.0];
        let y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
        let agreement = Agreement::of(&marks(&x, &y));
        assert_eq!(agreement.pearson, Some(0.8164));
        assert_eq!(agreement.spearman, Some(0.8182));
        let line = fitted(&marks(&x, &y));
        assert!((line[0] - 8.001).abs() < 1e-3, "3.00 + 0.500 x: {}", line[0]);
    }

    #[test]
    fn ties_share_the_mean_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0, 3.0]), [4.0, 1.0, 4.0, 2.0, 4.0]);
    }

    #[test]
    fn figures_that_do_not_exist_are_none() {
        let none = Agreement::of(&[]);
        assert_eq!((none.pearson, none.rmse, none.pairs_in_order), (None, None, None));
        let constant = Agreement::of(&marks(&[50.0, 50.0], &[40.0, 60.0]));
        assert_eq!(
            (constant.pearson, constant.rmse, constant.mae, constant.bias),
            (None, Some(10.0), Some(10.0), Some(0.0))
        );
        assert_eq!(
            Agreement::of_another_unit(&marks(&[3.0, 9.0], &[40.0, 60.0])).rmse,
            None
        );
    }

    #[test]
    fn only_pairs_of_one_question_whose_grades_lie_apart_count() {
        // Grades 0, 5, 50, 60, 60: every pair but (0, 5) and (60, 60) lies ten apart.
        let one = marks(&[10.0, 90.0, 40.0, 40.0, 80.0], &[0.0, 5.0, 50.0, 60.0, 60.0]);
        let agreement = Agreement::of(&one);
        // Right: 0-50, 0-60, 0-60, 50-60b; tied: 50-60a; wrong: the three of 5.
        assert_eq!((agreement.pairs, agreement.pairs_in_order), (8, Some(0.5625)));
        let mut two = one;
        two[1].question = "another";
        assert_eq!(Agreement::of(&two).pairs, 5);
    }

    #[test]
    fn sides_of_the_pass_mark() {
        let agreement = Agreement::of(&marks(&[50.0, 49.9, 10.0, 90.0], &[90.0, 50.0, 49.0, 0.0]));
        assert_eq!(agreement.pass_fail, Some(0.5));
        assert_eq!(agreement.bias, Some(2.725));
    }

    #[test]
    fn inside_a_label_only_labels_with_enough_lines_count() {
        let scored: Vec<f64> = (0..8).map(f64::from).collect();
        let mut all = marks(&scored, &scored);
        all.iter_mut().for_each(|m| m.label = Some("strong"));
        let falling: Vec<f64> = scored.iter().rev().copied().collect();
        let weak = marks(&falling, &scored).into_iter().map(|m| Mark {
            label: Some("weak"),
            ..m
        });
        all.extend(weak);
        let few = marks(&scored[..7], &scored[..7]).into_iter().map(|m| Mark {
            label: Some("few"),
            ..m
        });
        all.extend(few);
        let agreement = Agreement::of(&all);
        assert_eq!((agreement.within_label, agreement.labels), (Some(0.0), 2));
    }

    #[test]
    fn a_question_is_not_fitted_on_itself() {
        // In the first question a score is half its grade, in the second a quarter.
        let mut all = marks(&[10.0, 20.0, 10.0, 20.0], &[20.0, 40.0, 40.0, 80.0]);
        all[2].question = "another";
        all[3].question = "another";
        assert_eq!(left_out(&all).unwrap(), [40.0, 80.0, 20.0, 40.0]);
        assert_eq!(left_out(&all[..2]), None);
    }
}
