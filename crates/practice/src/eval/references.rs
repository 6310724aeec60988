//! The references of the core items, graded and compared with both of their gradings and with how far
//! those lie apart.

use std::collections::BTreeMap;

use domain::{GroupId, Item, Reference};
use serde::Serialize;

use super::axis::{LabelBias, Point, Worst, by_label, worst};
use super::{Evaluation, Graded};
use crate::statistics::{Agreement, Mark, left_out, rescored, share};
use crate::{Error, cores};

/// What `spar eval bank` reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BankReport {
    /// Core items.
    pub items: usize,
    /// Their references.
    pub references: usize,
    /// Those of them that were graded twice.
    pub graded_twice: usize,
    /// Per axis.
    pub axes: BTreeMap<GroupId, BankAxis>,
    /// How the figures are to be read.
    pub notes: Vec<&'static str>,
}

/// One axis of the references.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BankAxis {
    /// Against the first grading, the author's.
    pub first: Against,
    /// Against the second grading; null while there is none.
    pub second: Option<Against>,
    /// The second grading as if it were a score of the first: the noise of the grades themselves.
    pub between: Option<Agreement>,
    /// Share of first grades that lie within [low, high]; coverage only.
    pub in_interval: Option<f64>,
    /// Bias to the first grading for each kind of reference.
    pub by_label: BTreeMap<String, LabelBias>,
    /// The largest errors against the first grading, worst first.
    pub worst: Vec<Worst>,
}

/// Scores against one grading.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Against {
    /// As they come, nothing fitted.
    pub raw: Compared,
    /// Each put on the scale of the grades by a line fitted on the other questions; null with one question.
    pub left_out: Option<Compared>,
}

/// The grader and the baselines on the same answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// Our scores.
    #[serde(flatten)]
    pub scores: Agreement,
    /// `length` and `keywords`.
    pub baselines: BTreeMap<&'static str, Agreement>,
}

const NOTES: [&str; 4] = [
    "the rubrics were written by people who knew these references: this shows that the bank is consistent, \
     not that the grader generalises",
    "raw: nothing is fitted; the word count has no scale of its own, so only its correlations and its order \
     of pairs are given",
    "left out: for grader, word count and keyword overlap alike, a least-squares line per axis from score \
     to grade is fitted on the other questions only and applied to the question left out, kept within 0 to \
     100; no other constant is fitted here",
    "between: the second grading compared with the first; no grader can be expected to agree better than \
     that",
];

/// A reference with its scores.
struct Row<'a> {
    item: &'a Item,
    reference: &'a Reference,
    graded: Graded,
}

impl Evaluation<'_> {
    /// Grades every reference of the core items.
    ///
    /// # Errors
    /// A rubric that does not compile, or an encoder that fails.
    pub fn bank(&self) -> Result<BankReport, Error> {
        let items = self.core_items();
        let rows = cores::map(&items, |item| self.rows(item));
        let rows: Vec<Row<'_>> = rows
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect();
        let axes = GroupId::ANSWER
            .iter()
            .map(|axis| (*axis, references(&rows, *axis)));
        Ok(BankReport {
            items: items.len(),
            references: rows.len(),
            graded_twice: rows.iter().filter(|r| r.reference.second.is_some()).count(),
            axes: axes.collect(),
            notes: NOTES.to_vec(),
        })
    }

    fn rows<'i>(&self, item: &'i Item) -> Result<Vec<Row<'i>>, Error> {
        let references = item.references().iter();
        let row = |reference: &'i Reference| {
            Ok(Row {
                item,
                reference,
                graded: self.graded(item, &reference.text)?,
            })
        };
        references.map(row).collect()
    }
}

fn references(rows: &[Row<'_>], axis: GroupId) -> BankAxis {
    let grading = |second: bool| -> Vec<Point> {
        let point = |(i, row): (usize, &Row<'_>)| {
            let grades = if second {
                row.reference.second.as_ref()?
            } else {
                &row.reference.grades
            };
            let graded = &row.graded;
            Some(Point {
                line: i + 1,
                item: Some(row.item.id.clone()),
                question: row.item.id.to_string(),
                label: Some(row.reference.kind.to_string()),
                gold: grades.of(axis)?,
                scored: graded.scored.get(&axis).copied().flatten()?,
                interval: graded.interval.filter(|_| axis == GroupId::Coverage),
                words: graded.words,
                keywords: graded.keywords,
            })
        };
        rows.iter().enumerate().filter_map(point).collect()
    };
    let (first, second) = (grading(false), grading(true));
    let again = |p: &Point| rows[p.line - 1].reference.second.as_ref()?.of(axis);
    let twice = first.iter().filter_map(|p| Some(p.mark(again(p)?)));
    let between: Vec<Mark<'_>> = twice.collect();
    let within = |p: &Point| p.interval.map(|i| (i.low..=i.high).contains(&p.gold));
    BankAxis {
        second: (!second.is_empty()).then(|| Against::of(&second)),
        between: (!between.is_empty()).then(|| Agreement::of(&between)),
        in_interval: share(first.iter().filter_map(within)),
        by_label: by_label(&first),
        worst: worst(&first),
        first: Against::of(&first),
    }
}

impl Against {
    fn of(points: &[Point]) -> Self {
        let marks = |of: fn(&Point) -> f64| points.iter().map(|p| p.mark(of(p))).collect::<Vec<_>>();
        let [scores, words, keywords] = [marks(|p| p.scored), marks(|p| p.words), marks(|p| p.keywords)];
        let raw = Compared {
            scores: Agreement::of(&scores),
            baselines: BTreeMap::from([
                ("length", Agreement::of_another_unit(&words)),
                ("keywords", Agreement::of(&keywords)),
            ]),
        };
        let fair = |marks: &[Mark<'_>]| {
            let scores = left_out(marks)?;
            Some(Agreement::of(&rescored(marks, &scores)))
        };
        let left_out = || {
            Some(Compared {
                scores: fair(&scores)?,
                baselines: BTreeMap::from([("length", fair(&words)?), ("keywords", fair(&keywords)?)]),
            })
        };
        Self {
            left_out: left_out(),
            raw,
        }
    }
}
