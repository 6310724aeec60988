//! Checks: the follow-ups with an answer that can be judged without reading words. The interviewer asks them
//! after an answer, and recall cards ask them again later.

use domain::{Check, Fact, Question, QuestionKind, ReplyBody, Status, Verdict};

use crate::ReplyError;
use crate::options::shuffled;

/// What a reply to a check amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Right, right in part, or wrong; open when it was passed.
    pub verdict: Verdict,
    /// What to learn from it: the correction of a wrong option, or why the right one is right.
    pub explanation: String,
}

/// The check of a fact as a question of its own, with its options shuffled by `seed`; its probe where the fact
/// has no check.
pub fn ask(fact: &Fact, because: Status, seed: u64) -> Question {
    question(fact, because, seed, (1, 1))
}

/// Judges a reply to [`ask`] with the same seed.
///
/// # Errors
/// The reply is not of the question's kind or outside of its options. Words are not judged here.
pub fn judge_check(fact: &Fact, body: &ReplyBody, seed: u64) -> Result<Judgement, ReplyError> {
    fits(&ask(fact, Status::Missed, seed), body)?;
    let verdict = verdict(judge(fact, body, seed).0);
    Ok(Judgement {
        explanation: explanation(fact, body, seed, verdict),
        verdict,
    })
}

/// The right answer to a fact's check as text; the fact itself where it has none.
pub fn right_answer(fact: &Fact) -> String {
    match &fact.check {
        Some(Check::Choice { right, .. }) => right.clone(),
        Some(Check::Pick { right, .. }) => right.join("; "),
        Some(Check::Number { value, unit, .. }) => format!("{value} {unit}"),
        Some(Check::Order { steps, .. }) => steps.join(" → "),
        None => fact.claim.clone(),
    }
}

/// A question on a fact: its number and how many there are at most.
pub(crate) fn question(fact: &Fact, because: Status, seed: u64, (number, of): (u32, u32)) -> Question {
    let (kind, ask, unit) = match &fact.check {
        Some(check) => {
            let kind = match check {
                Check::Choice { .. } => QuestionKind::Choice,
                Check::Pick { .. } => QuestionKind::Pick,
                Check::Number { .. } => QuestionKind::Number,
                Check::Order { .. } => QuestionKind::Order,
            };
            let unit = if let Check::Number { unit, .. } = check {
                Some(unit.clone())
            } else {
                None
            };
            (kind, check.ask().to_owned(), unit)
        }
        None => (QuestionKind::Probe, fact.probe.clone(), None),
    };
    let options = shuffled(fact, seed).into_iter().map(|(_, option)| option);
    Question {
        id: fact.id.clone(),
        kind,
        ask,
        because,
        options: options.collect(),
        unit,
        number,
        of,
    }
}

/// What a share of right amounts to; nothing said is open.
pub(crate) fn verdict(share_right: Option<f64>) -> Verdict {
    match share_right {
        None => Verdict::Open,
        Some(s) if s >= 1.0 => Verdict::Right,
        Some(s) if s > 0.0 => Verdict::Partly,
        Some(_) => Verdict::Wrong,
    }
}

/// How much of a reply to a check is right, from 0 to 1, and what it said; `None` when it says nothing.
pub(crate) fn judge(fact: &Fact, body: &ReplyBody, seed: u64) -> (Option<f64>, String) {
    let options = shuffled(fact, seed);
    let text = |i: &u32| options.get(*i as usize).map_or("", |(_, text)| text.as_str());
    let right = |i: &u32| options.get(*i as usize).is_some_and(|(slot, _)| slot.right);
    let full = |yes: bool| Some(if yes { 1.0 } else { 0.0 });
    match body {
        ReplyBody::Pass(_) => (None, String::new()),
        ReplyBody::Choice(i) => (full(right(i)), text(i).to_owned()),
        ReplyBody::Choices(chosen) => {
            let wanted = options.iter().filter(|(slot, _)| slot.right).count() as f64;
            let hits = chosen.iter().filter(|i| right(i)).count() as f64;
            let misses = chosen.len() as f64 - hits;
            let said = chosen.iter().map(text).collect::<Vec<_>>().join("; ");
            (Some(((hits - misses) / wanted.max(1.0)).max(0.0)), said)
        }
        ReplyBody::Number(value) => {
            let within = matches!(&fact.check, Some(Check::Number { value: want, tolerance, .. })
                if (value - want).abs() <= tolerance * want.abs() + 1e-9);
            (full(within), format!("{value}"))
        }
        ReplyBody::Order(given) => {
            let ranks: Vec<usize> = given
                .iter()
                .filter_map(|i| options.get(*i as usize))
                .map(|(slot, _)| slot.at)
                .collect();
            let pairs = ranks.len() * ranks.len().saturating_sub(1) / 2;
            let sorted = (0..ranks.len())
                .flat_map(|i| (i + 1..ranks.len()).map(move |j| (i, j)))
                .filter(|(i, j)| ranks[*i] < ranks[*j])
                .count();
            let said = given.iter().map(text).collect::<Vec<_>>().join(" → ");
            // All pairs right is right; two thirds of them is half; chance (one half) is nothing.
            let share = if sorted == pairs {
                1.0
            } else if 3 * sorted >= 2 * pairs {
                0.5
            } else {
                0.0
            };
            (Some(share), said)
        }
        ReplyBody::Text(words) => (None, words.clone()),
    }
}

pub(crate) fn fits(question: &Question, body: &ReplyBody) -> Result<(), ReplyError> {
    let n = question.options.len();
    let within = |field: &'static str, all: &[u32], want_all: bool| {
        let mut seen = all.to_vec();
        seen.sort_unstable();
        seen.dedup();
        let whole = !want_all || seen.len() == n;
        if seen.len() == all.len() && seen.iter().all(|i| (*i as usize) < n) && whole {
            return Ok(());
        }
        let rule = if want_all {
            "must hold every option once"
        } else {
            "must hold different options"
        };
        Err(ReplyError::Range {
            field,
            rule: format!("{rule}, numbered 0 to {}", n.saturating_sub(1)),
        })
    };
    match (question.kind, body) {
        (_, ReplyBody::Pass(true)) => Ok(()),
        (_, ReplyBody::Pass(false)) => Err(ReplyError::Range {
            field: "pass",
            rule: "must be true when given".to_owned(),
        }),
        (QuestionKind::Choice, ReplyBody::Choice(i)) => within("choice", &[*i], false),
        (QuestionKind::Pick, ReplyBody::Choices(all)) => within("choices", all, false),
        (QuestionKind::Order, ReplyBody::Order(all)) => within("order", all, true),
        (QuestionKind::Number, ReplyBody::Number(value)) if value.is_finite() => Ok(()),
        (QuestionKind::Number, ReplyBody::Number(_)) => Err(ReplyError::Range {
            field: "number",
            rule: "must be finite".to_owned(),
        }),
        (QuestionKind::Probe, ReplyBody::Text(text)) => {
            let submission = domain::Submission::Text { text: text.clone() };
            submission.validate().map_err(|_| ReplyError::Range {
                field: "text",
                rule: format!(
                    "must hold words, without NUL, in at most {} bytes",
                    domain::MAX_ANSWER_BYTES
                ),
            })
        }
        (QuestionKind::Choice, _) => Err(ReplyError::Kind { expected: "choice" }),
        (QuestionKind::Pick, _) => Err(ReplyError::Kind { expected: "choices" }),
        (QuestionKind::Order, _) => Err(ReplyError::Kind { expected: "order" }),
        (QuestionKind::Number, _) => Err(ReplyError::Kind { expected: "number" }),
        (QuestionKind::Probe, _) => Err(ReplyError::Kind { expected: "text" }),
    }
}

/// The correction of what was chosen; for a right reply the point itself.
pub(crate) fn explanation(fact: &Fact, body: &ReplyBody, seed: u64, verdict: Verdict) -> String {
    let options = shuffled(fact, seed);
    let corrections = |chosen: &[u32], wrong: &[domain::WrongOption]| {
        let picked = chosen
            .iter()
            .filter_map(|i| options.get(*i as usize))
            .filter(|(slot, _)| !slot.right);
        picked
            .map(|(slot, _)| wrong[slot.at].correction.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let found = match (&fact.check, body) {
        (Some(Check::Choice { wrong, .. }), ReplyBody::Choice(i)) => corrections(&[*i], wrong),
        (Some(Check::Pick { wrong, .. }), ReplyBody::Choices(chosen)) => corrections(chosen, wrong),
        (Some(Check::Number { why, .. } | Check::Order { why, .. }), _) => why.clone(),
        _ => String::new(),
    };
    if !found.is_empty() {
        return found;
    }
    if verdict == Verdict::Right {
        fact.claim.clone()
    } else {
        fact.tip.clone()
    }
}
