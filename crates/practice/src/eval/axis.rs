//! One axis of a set of graded answers: how the scores agree with the grades, and where they do not.

use std::collections::BTreeMap;

use domain::{Interval, ItemId};
use serde::Serialize;

use crate::statistics::{Agreement, Mark, fitted, mean, rescored, rounded, share};

/// Largest errors that are listed.
const WORST: usize = 5;

/// Agreement on one axis, with the baselines on the same answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Axis {
    /// Our scores against the grades.
    #[serde(flatten)]
    pub scores: Agreement,
    /// Share of the grades that lie within [low, high]; coverage by rubric only.
    pub in_interval: Option<f64>,
    /// `length` and `keywords` against the same grades.
    pub baselines: BTreeMap<&'static str, Agreement>,
    /// Where answers carry labels, the bias of each.
    pub by_label: BTreeMap<String, LabelBias>,
    /// The largest errors, worst first.
    pub worst: Vec<Worst>,
}

/// How the scores of one kind of answer lie to its grades.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LabelBias {
    /// Answers with this label.
    pub n: usize,
    /// Their mean grade.
    pub gold: f64,
    /// Mean signed difference, score less grade.
    pub bias: f64,
}

/// An answer whose score lies far from its grade.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Worst {
    /// Line of the input, or place among the references, from 1.
    pub line: usize,
    /// The item; null for a line with a reference of its own.
    pub item: Option<ItemId>,
    /// Its label.
    pub label: Option<String>,
    /// The grade given.
    pub gold: f64,
    /// The score.
    pub scored: f64,
}

/// An answer on one axis.
pub(super) struct Point {
    pub(super) line: usize,
    pub(super) item: Option<ItemId>,
    pub(super) question: String,
    pub(super) label: Option<String>,
    pub(super) gold: f64,
    pub(super) scored: f64,
    pub(super) interval: Option<Interval>,
    pub(super) words: f64,
    pub(super) keywords: f64,
}

impl Point {
    pub(super) fn mark(&self, scored: f64) -> Mark<'_> {
        Mark {
            scored,
            gold: self.gold,
            question: &self.question,
            label: self.label.as_deref(),
        }
    }
}

impl Axis {
    pub(super) fn of(points: &[Point]) -> Self {
        let marks = |of: fn(&Point) -> f64| points.iter().map(|p| p.mark(of(p))).collect::<Vec<_>>();
        let words = marks(|p| p.words);
        // Correlations of the raw word count: a fitted line may slope down, which would turn their sign.
        let raw = Agreement::of(&words);
        let length = Agreement::of(&rescored(&words, &fitted(&words)));
        let length = Agreement {
            pearson: raw.pearson,
            spearman: raw.spearman,
            pairs_in_order: raw.pairs_in_order,
            within_label: raw.within_label,
            labels: raw.labels,
            ..length
        };
        let keywords = Agreement::of(&marks(|p| p.keywords));
        let within = |p: &Point| p.interval.map(|i| (i.low..=i.high).contains(&p.gold));
        Self {
            scores: Agreement::of(&marks(|p| p.scored)),
            in_interval: share(points.iter().filter_map(within)),
            baselines: BTreeMap::from([("length", length), ("keywords", keywords)]),
            by_label: by_label(points),
            worst: worst(points),
        }
    }
}

pub(super) fn by_label(points: &[Point]) -> BTreeMap<String, LabelBias> {
    let mut labels: BTreeMap<String, Vec<&Point>> = BTreeMap::new();
    for point in points {
        if let Some(label) = &point.label {
            labels.entry(label.clone()).or_default().push(point);
        }
    }
    let bias = |points: Vec<&Point>| {
        let of = |value: fn(&Point) -> f64| {
            let values: Vec<f64> = points.iter().map(|p| value(p)).collect();
            mean(&values).map_or(0.0, rounded)
        };
        LabelBias {
            n: points.len(),
            gold: of(|p| p.gold),
            bias: of(|p| p.scored - p.gold),
        }
    };
    labels
        .into_iter()
        .map(|(label, points)| (label, bias(points)))
        .collect()
}

pub(super) fn worst(points: &[Point]) -> Vec<Worst> {
    let error = |p: &Point| (p.scored - p.gold).abs();
    let mut order: Vec<&Point> = points.iter().collect();
    order.sort_by(|a, b| error(b).total_cmp(&error(a)).then(a.line.cmp(&b.line)));
    let worst = |p: &Point| Worst {
        line: p.line,
        item: p.item.clone(),
        label: p.label.clone(),
        gold: p.gold,
        scored: p.scored,
    };
    order.into_iter().take(WORST).map(worst).collect()
}
