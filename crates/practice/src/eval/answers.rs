//! Many answers graded and compared with the grades that somebody gave them: how far the scores can be
//! trusted, beside what two trivial baselines would reach. Lines in, lines out, in the order of the input.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{GroupId, ItemId, MAX_ANSWER_BYTES};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::axis::{Axis, Point};
use super::{Evaluation, Graded, lines, overlap, words};
use crate::graders::chain;

/// What the whole run amounts to; its JSON is the last line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Lines read, blank ones left out.
    pub lines: usize,
    /// Lines that could not be graded.
    pub errors: usize,
    /// Per axis for which grades were given.
    pub agreement: BTreeMap<GroupId, Axis>,
    /// How the figures are to be read.
    pub notes: Vec<&'static str>,
}

const NOTES: [&str; 4] = [
    "grades are those of the file's author, not of a panel",
    "scores are not fitted to these lines",
    "baseline length: words of the answer, put on the scale of the grades by the least-squares line over \
     these same lines, which flatters it; correlations and order are those of the raw count",
    "baseline keywords: percent of the distinct stemmed content words of the reference, or of the item's \
     fact claims, that the answer has; not fitted",
];

/// A line as it comes; anything else on it is handed back untouched.
#[derive(Deserialize)]
struct Line {
    item: Option<String>,
    question: Option<String>,
    reference: Option<String>,
    answer: String,
    label: Option<Value>,
    #[serde(default)]
    gold: BTreeMap<GroupId, Option<f64>>,
}

/// A line of the output, with what the report needs of it.
struct Answered {
    /// The item, or the question as given.
    question: String,
    item: Option<ItemId>,
    label: Option<String>,
    gold: BTreeMap<GroupId, Option<f64>>,
    graded: Graded,
}

impl Evaluation<'_> {
    /// Grades `lines` (`eval/README.md` shows the two shapes) and emits one JSON line for each that is not
    /// blank, then the report. A line that cannot be graded gives `{"error", "line"}` and the rest go on.
    pub fn answers(&self, lines: impl Iterator<Item = String>, mut emit: impl FnMut(&str)) -> Report {
        let mut points: BTreeMap<GroupId, Vec<Point>> = BTreeMap::new();
        let keep = |number, answered: Answered| collect(&mut points, number, &answered);
        let counted = lines::each(lines, |line| self.answer(line), &mut emit, keep);
        let agreement = points
            .iter()
            .map(|(axis, points)| (*axis, Axis::of(points)))
            .collect();
        let report = Report {
            lines: counted.lines,
            errors: counted.errors,
            agreement,
            notes: NOTES.to_vec(),
        };
        emit(&json!(report).to_string());
        report
    }

    fn answer(&self, text: &str) -> Result<(Map<String, Value>, Answered), String> {
        let mut fields: Map<String, Value> = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let line: Line = serde_json::from_value(Value::Object(fields.clone())).map_err(|e| e.to_string())?;
        if line.answer.len() > MAX_ANSWER_BYTES {
            return Err(format!(
                "`answer` has {} bytes, the limit is {MAX_ANSWER_BYTES}",
                line.answer.len()
            ));
        }
        let grades = line
            .gold
            .iter()
            .filter_map(|(axis, gold)| gold.map(|g| (axis, g)));
        if let Some((axis, gold)) = grades.into_iter().find(|(_, g)| !(0.0..=100.0).contains(g)) {
            return Err(format!("`gold` must be 0 to 100, `{axis}` is {gold}"));
        }
        let (item, question, graded) = match (&line.item, &line.question, &line.reference) {
            (Some(id), None, None) => {
                let id: ItemId = id.parse().map_err(|e: domain::ItemIdError| e.to_string())?;
                let item = self.practice.find_item(&id).map_err(|e| e.to_string())?;
                let graded = self.graded(item, &line.answer).map_err(|e| chain(&e))?;
                (Some(id.clone()), id.to_string(), graded)
            }
            (None, Some(question), Some(reference)) => {
                let graded = self.by_reference(question, reference, &line.answer)?;
                (None, question.clone(), graded)
            }
            _ => return Err("give `item`, or `question` and `reference`".to_owned()),
        };
        let label = line.label.filter(|label| !label.is_null());
        let label = label.map(|label| label.as_str().map_or_else(|| label.to_string(), str::to_owned));
        fields.insert("scored".to_owned(), json!(graded.scored));
        let interval = graded.interval.map(|i| [i.low, i.high]);
        fields.insert("interval".to_owned(), json!(interval));
        let answered = Answered {
            question,
            item,
            label,
            gold: line.gold,
            graded,
        };
        Ok((fields, answered))
    }

    fn by_reference(&self, question: &str, reference: &str, answer: &str) -> Result<Graded, String> {
        let encoder = self.practice.0.graders.encoder();
        let coverage =
            answer::adhoc(question, reference, answer, encoder.map(Arc::as_ref)).map_err(|e| chain(&e))?;
        let score = |id: &GroupId| (*id, (*id == GroupId::Coverage).then_some(coverage));
        Ok(Graded {
            scored: GroupId::ANSWER.iter().map(score).collect(),
            interval: None,
            words: words(answer),
            keywords: overlap(reference, answer),
        })
    }
}

fn collect(points: &mut BTreeMap<GroupId, Vec<Point>>, line: usize, answered: &Answered) {
    let graded = &answered.graded;
    for (axis, gold) in &answered.gold {
        if let (Some(gold), Some(Some(scored))) = (*gold, graded.scored.get(axis).copied()) {
            let point = Point {
                line,
                item: answered.item.clone(),
                question: answered.question.clone(),
                label: answered.label.clone(),
                gold,
                scored,
                interval: graded.interval.filter(|_| *axis == GroupId::Coverage),
                words: graded.words,
                keywords: graded.keywords,
            };
            points.entry(*axis).or_default().push(point);
        }
    }
}
