//! Single statements on one fact, each graded as an answer of its own: whether what is said rightly of a
//! fact earns more than what is said wrongly of it, or vaguely.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use domain::{GroupId, ItemId, MAX_ANSWER_BYTES, Status};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Evaluation, lines};
use crate::graders::chain;
use crate::statistics::{Agreement, Mark, mean, rounded, share};

/// What `spar eval statements` reports; its JSON is the last line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatementReport {
    /// Lines read, blank ones left out.
    pub lines: usize,
    /// Lines that could not be graded.
    pub errors: usize,
    /// Items that the graded statements speak of.
    pub items: usize,
    /// Facts that they speak of.
    pub facts: usize,
    /// What the statements of each kind got; a kind without statements is left out.
    pub kinds: BTreeMap<StatementKind, StatementShares>,
    /// The right statements beside the others of the same fact.
    pub pairs: Vec<StatementPairs>,
    /// How the figures are to be read.
    pub notes: Vec<&'static str>,
}

/// What a statement is to its fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// Says it, rightly and fully.
    Right,
    /// Shows that the speaker does not know it.
    Wrong,
    /// Talks about its subject and says nothing.
    Vague,
}

/// What the statements of one kind got.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatementShares {
    /// Statements.
    pub n: usize,
    /// Share of them with each finding that an answer can get: met, partial, mentioned, missed,
    /// contradicted.
    pub found: BTreeMap<Status, f64>,
    /// Mean share of the fact's points, -0.5 (contradicted) to 1 (met).
    pub points: f64,
}

/// Right statements beside others of the same fact.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatementPairs {
    /// The kind beside the right ones.
    pub other: StatementKind,
    /// Pairs of a right statement and one of that kind, of the same fact.
    pub pairs: usize,
    /// Share of them in which the right one earns more points; a tie counts half. Null without pairs.
    pub right_more: Option<f64>,
}

/// What an answer can get for a fact; the others come of replies.
const FINDINGS: [Status; 5] = [
    Status::Met,
    Status::Partial,
    Status::Mentioned,
    Status::Missed,
    Status::Contradicted,
];

const NOTES: [&str; 3] = [
    "each statement is graded as an answer of its own, and only its own fact counts; confirmed is the status \
     met, share of points is points earned of points possible, -0.5 for a contradiction",
    "a sentence alone is no answer: a lone confirmation in a text that is not close to the rubric is taken \
     for a mention (`has the words, but the answer around them is about something else`), so the same \
     sentence can earn more inside of an answer",
    "pairs: every right statement beside every wrong, or vague, one of the same fact; share in which the \
     right one earns more points, a tie counts half",
];

impl StatementKind {
    const ALL: [Self; 3] = [Self::Right, Self::Wrong, Self::Vague];

    /// The one spelling, in files, JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Vague => "vague",
        }
    }
}

impl fmt::Display for StatementKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A line as it comes; anything else on it is handed back untouched.
#[derive(Deserialize)]
struct Line {
    item: String,
    fact: String,
    kind: String,
    text: String,
}

/// A graded line, with what the report needs of it.
struct Said {
    item: ItemId,
    fact: String,
    kind: StatementKind,
    status: Status,
    /// Points earned of points possible, -0.5 to 1.
    share: f64,
}

impl Evaluation<'_> {
    /// Grades `lines` (`eval/README.md` shows their shape) and emits one JSON line for each that is not blank,
    /// then the report. A line that cannot be graded gives `{"error", "line"}` and the rest go on.
    pub fn statements(
        &self,
        lines: impl Iterator<Item = String>,
        mut emit: impl FnMut(&str),
    ) -> StatementReport {
        let mut said: Vec<Said> = Vec::new();
        let keep = |_, statement| said.push(statement);
        let counted = lines::each(lines, |line| self.statement(line), &mut emit, keep);
        let facts: BTreeSet<_> = said.iter().map(|s| (&s.item, s.fact.as_str())).collect();
        let items: BTreeSet<_> = facts.iter().map(|(item, _)| *item).collect();
        let kinds = StatementKind::ALL.into_iter();
        let others = [StatementKind::Wrong, StatementKind::Vague];
        let report = StatementReport {
            lines: counted.lines,
            errors: counted.errors,
            items: items.len(),
            facts: facts.len(),
            kinds: kinds
                .filter_map(|kind| Some((kind, shares(&said, kind)?)))
                .collect(),
            pairs: others.map(|other| pairs(&said, other)).to_vec(),
            notes: NOTES.to_vec(),
        };
        emit(&json!(report).to_string());
        report
    }

    fn statement(&self, text: &str) -> Result<(Map<String, Value>, Said), String> {
        let mut fields: Map<String, Value> = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let line: Line = serde_json::from_value(Value::Object(fields.clone())).map_err(|e| e.to_string())?;
        if line.text.len() > MAX_ANSWER_BYTES {
            let bytes = line.text.len();
            return Err(format!(
                "`text` has {bytes} bytes, the limit is {MAX_ANSWER_BYTES}"
            ));
        }
        let kind = StatementKind::ALL.into_iter().find(|k| k.as_str() == line.kind);
        let kind =
            kind.ok_or_else(|| format!("`kind` must be right, wrong or vague, it is `{}`", line.kind))?;
        let parsed: Result<ItemId, _> = line.item.parse();
        let id = parsed.map_err(|e: domain::ItemIdError| format!("`item`: {e}"))?;
        let item = self.practice.find_item(&id).map_err(|e| format!("`item`: {e}"))?;
        let facts: Vec<&str> = item.facts().iter().map(|fact| fact.id.as_str()).collect();
        if !facts.contains(&line.fact.as_str()) {
            let facts = facts.join(", ");
            return Err(format!(
                "`fact` must be one of `{id}` ({facts}), it is `{}`",
                line.fact
            ));
        }
        let card = self.scorecard(item, 0, &line.text).map_err(|e| chain(&e))?;
        let coverage = card.group(GroupId::Coverage);
        let criterion = coverage.and_then(|g| g.criteria.iter().find(|c| c.id == line.fact));
        let criterion = criterion.ok_or_else(|| format!("`fact` `{}` was not graded", line.fact))?;
        let said = Said {
            item: id,
            fact: line.fact,
            kind,
            status: criterion.status,
            share: rounded(criterion.points / criterion.out_of),
        };
        fields.insert("status".to_owned(), json!(said.status));
        fields.insert("share".to_owned(), json!(said.share));
        Ok((fields, said))
    }
}

/// `None` without statements of that kind.
fn shares(said: &[Said], kind: StatementKind) -> Option<StatementShares> {
    let of: Vec<&Said> = said.iter().filter(|s| s.kind == kind).collect();
    let found = |status: Status| Some((status, share(of.iter().map(|s| s.status == status))?));
    let points: Vec<f64> = of.iter().map(|s| s.share).collect();
    Some(StatementShares {
        n: of.len(),
        found: FINDINGS.into_iter().filter_map(found).collect(),
        points: rounded(mean(&points)?),
    })
}

/// Counted as the pairs of graded answers are: to the question of one fact, the right statement is graded
/// 100 and the other 0.
fn pairs(said: &[Said], other: StatementKind) -> StatementPairs {
    let of = said
        .iter()
        .filter(|s| [StatementKind::Right, other].contains(&s.kind));
    let of: Vec<(String, &Said)> = of.map(|s| (format!("{}/{}", s.item, s.fact), s)).collect();
    let marks: Vec<Mark<'_>> = of
        .iter()
        .map(|(question, s)| Mark {
            scored: 100.0 * s.share,
            gold: if s.kind == other { 0.0 } else { 100.0 },
            question,
            label: None,
        })
        .collect();
    let agreement = Agreement::of(&marks);
    StatementPairs {
        other,
        pairs: agreement.pairs,
        right_more: agreement.pairs_in_order,
    }
}
