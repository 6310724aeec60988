//! Many answers graded and compared with the grades that somebody gave them: how far the scores can be
//! trusted, beside what two trivial baselines would reach.
//!
//! Pure but for the cores it uses: lines in, lines out, in the order of the input.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use answer::{Grader, Header, content_words};
use domain::{GroupId, ItemId, MAX_ANSWER_BYTES};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::graders::chain;
use crate::statistics::{Agreement, fitted};
use crate::{Practice, cores};

/// Lines graded before their results are handed on: keeps all cores busy and the memory bounded.
const BATCH: usize = 512;

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

/// Agreement on one axis, with the baselines on the same lines.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Axis {
    /// Our scores against the grades.
    #[serde(flatten)]
    pub scores: Agreement,
    /// `length` and `keywords` against the same grades.
    pub baselines: BTreeMap<&'static str, Agreement>,
}

const NOTES: [&str; 3] = [
    "grades are those of the file's author, not of a panel",
    "baseline length: words of the answer, put on the scale of the grades by the least-squares line over \
     these same lines, which flatters it",
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
    #[serde(default)]
    gold: BTreeMap<GroupId, Option<f64>>,
}

/// A graded line.
struct Graded {
    scored: BTreeMap<GroupId, Option<f64>>,
    gold: BTreeMap<GroupId, Option<f64>>,
    words: f64,
    keywords: f64,
}

/// One pair of score and grade with what the baselines say.
struct Pair {
    scored: f64,
    gold: f64,
    words: f64,
    keywords: f64,
}

/// Grades `lines` (see `docs/testing.md` and the design, section 8) and emits one JSON line for each that
/// is not blank, then the report. A line that cannot be graded gives `{"error", "line"}` and the rest go on.
pub fn eval(practice: &Practice, lines: impl Iterator<Item = String>, mut emit: impl FnMut(&str)) -> Report {
    let run = Run::new(practice);
    let mut lines = (1_usize..)
        .zip(lines)
        .filter(|(_, line)| !line.trim().is_empty())
        .peekable();
    let mut pairs: BTreeMap<GroupId, Vec<Pair>> = BTreeMap::new();
    let (mut count, mut errors) = (0, 0);
    while lines.peek().is_some() {
        let batch: Vec<(usize, String)> = lines.by_ref().take(BATCH).collect();
        count += batch.len();
        for (text, graded) in cores::map(&batch, |(number, line)| run.line(*number, line)) {
            emit(&text);
            match graded {
                Some(graded) => collect(&mut pairs, &graded),
                None => errors += 1,
            }
        }
    }
    let agreement = pairs
        .iter()
        .map(|(axis, pairs)| (*axis, compare(pairs)))
        .collect();
    let report = Report {
        lines: count,
        errors,
        agreement,
        notes: NOTES.to_vec(),
    };
    emit(&json!(report).to_string());
    report
}

fn collect(pairs: &mut BTreeMap<GroupId, Vec<Pair>>, graded: &Graded) {
    for (axis, gold) in &graded.gold {
        if let (Some(gold), Some(Some(scored))) = (*gold, graded.scored.get(axis).copied()) {
            let pair = Pair {
                scored,
                gold,
                words: graded.words,
                keywords: graded.keywords,
            };
            pairs.entry(*axis).or_default().push(pair);
        }
    }
}

fn compare(pairs: &[Pair]) -> Axis {
    let column = |of: fn(&Pair) -> f64| pairs.iter().map(of).collect::<Vec<f64>>();
    let gold = column(|p| p.gold);
    let length = fitted(&column(|p| p.words), &gold);
    // Correlations of the raw word count: a fitted line may slope down, which would turn their sign.
    let raw = Agreement::of(&column(|p| p.words), &gold);
    let length = Agreement {
        pearson: raw.pearson,
        spearman: raw.spearman,
        ..Agreement::of(&length, &gold)
    };
    let keywords = Agreement::of(&column(|p| p.keywords), &gold);
    Axis {
        scores: Agreement::of(&column(|p| p.scored), &gold),
        baselines: BTreeMap::from([("length", length), ("keywords", keywords)]),
    }
}

/// What the lines of one run share.
struct Run<'a> {
    practice: &'a Practice,
    /// One grader an item, prepared when its first line comes. All are kept: lines come in any order.
    graders: BTreeMap<ItemId, OnceLock<Result<Arc<Grader>, String>>>,
}

impl<'a> Run<'a> {
    fn new(practice: &'a Practice) -> Self {
        let graders = practice
            .bank()
            .items()
            .map(|item| (item.id.clone(), OnceLock::new()))
            .collect();
        Self { practice, graders }
    }

    fn line(&self, number: usize, text: &str) -> (String, Option<Graded>) {
        match self.grade(text) {
            Ok((mut fields, graded)) => {
                fields.insert("scored".to_owned(), json!(graded.scored));
                (Value::Object(fields).to_string(), Some(graded))
            }
            Err(error) => (json!({ "error": error, "line": number }).to_string(), None),
        }
    }

    fn grade(&self, text: &str) -> Result<(Map<String, Value>, Graded), String> {
        let fields: Map<String, Value> = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let line: Line = serde_json::from_value(Value::Object(fields.clone())).map_err(|e| e.to_string())?;
        if line.answer.len() > MAX_ANSWER_BYTES {
            return Err(format!(
                "`answer` has {} bytes, the limit is {MAX_ANSWER_BYTES}",
                line.answer.len()
            ));
        }
        if let Some((axis, gold)) = line.gold.iter().find_map(|(a, g)| g.map(|g| (a, g)))
            && !line
                .gold
                .values()
                .flatten()
                .all(|gold| (0.0..=100.0).contains(gold))
        {
            return Err(format!("`gold` must be 0 to 100, `{axis}` is {gold}"));
        }
        let (scored, keywords) = match (&line.item, &line.question, &line.reference) {
            (Some(id), None, None) => self.by_rubric(id, &line.answer)?,
            (None, Some(question), Some(reference)) => {
                self.by_reference(question, reference, &line.answer)?
            }
            _ => return Err("give `item`, or `question` and `reference`".to_owned()),
        };
        #[expect(clippy::cast_precision_loss, reason = "an answer has fewer than 2^53 words")]
        let words = line.answer.split_whitespace().count() as f64;
        Ok((
            fields,
            Graded {
                scored,
                gold: line.gold,
                words,
                keywords,
            },
        ))
    }

    fn by_rubric(&self, id: &str, answer: &str) -> Result<(BTreeMap<GroupId, Option<f64>>, f64), String> {
        let id: ItemId = id.parse().map_err(|e: domain::ItemIdError| e.to_string())?;
        let item = self.practice.find_item(&id).map_err(|e| e.to_string())?;
        let prepare = || {
            let encoder = self.practice.0.graders.encoder().cloned();
            Grader::new(&item.spec, encoder)
                .map(Arc::new)
                .map_err(|e| chain(&e))
        };
        let slot = self.graders.get(&id).ok_or("the bank has changed")?;
        let grader = slot.get_or_init(prepare).clone()?;
        let header = Header {
            item: id.to_string(),
            revision: item.revision.clone(),
            seed: 0,
        };
        let card = grader.grade(&header, answer).map_err(|e| chain(&e))?;
        let claims: Vec<&str> = item.spec.facts.iter().map(|fact| fact.claim.as_str()).collect();
        let score = |id: &GroupId| (*id, card.group(*id).and_then(domain::Group::score));
        Ok((
            GroupId::ALL.iter().map(score).collect(),
            overlap(&claims.join(". "), answer),
        ))
    }

    fn by_reference(
        &self,
        question: &str,
        reference: &str,
        answer: &str,
    ) -> Result<(BTreeMap<GroupId, Option<f64>>, f64), String> {
        let encoder = self.practice.0.graders.encoder();
        let coverage =
            answer::adhoc(question, reference, answer, encoder.map(Arc::as_ref)).map_err(|e| chain(&e))?;
        let score = |id: &GroupId| (*id, (*id == GroupId::Coverage).then_some(coverage));
        Ok((
            GroupId::ALL.iter().map(score).collect(),
            overlap(reference, answer),
        ))
    }
}

/// Percent of the distinct stemmed content words of `wanted` that `answer` has.
fn overlap(wanted: &str, answer: &str) -> f64 {
    let (wanted, given) = (content_words(wanted), content_words(answer));
    let found = wanted
        .iter()
        .filter(|word| given.binary_search(word).is_ok())
        .count();
    #[expect(clippy::cast_precision_loss, reason = "a text has fewer than 2^53 words")]
    let share = found as f64 / wanted.len().max(1) as f64;
    domain::round2(100.0 * share)
}
