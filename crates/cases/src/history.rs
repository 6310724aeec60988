//! The calls of a case beside what was answered: what the checks of all problems with calls start from.

use std::collections::BTreeMap;
use std::collections::VecDeque;

use serde_json::Value;

use crate::notation::{call_text, reply_text};
use crate::replay::same;
use crate::{Answered, Call, Finding, Mismatch, Reply, Step, Timed};

/// A call of a case and what came of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Asked<'a> {
    /// The step of the case it belongs to.
    pub(crate) step: usize,
    /// The call.
    pub(crate) call: &'a Call,
    /// The answer; `None` when none came.
    pub(crate) reply: Option<&'a Reply>,
}

/// Beside each call that was made its answer and when. Calls of steps that were not reached are left out; of
/// the step in which a program ended, those without an answer are in it. The clients of calls in one step of
/// threads are theirs: a generator numbers them.
pub(crate) fn history<'a>(steps: &'a [Step], answered: &'a [Vec<Answered>]) -> Vec<Timed<Asked<'a>>> {
    let mut timed = Vec::new();
    let mut now = 0;
    for (index, (step, answers)) in steps.iter().zip(answered).enumerate() {
        let calls: Vec<&Call> = match step {
            Step::Call(call) => vec![call],
            Step::Together(calls) => calls.iter().collect(),
            Step::Par(scripts) => scripts.iter().flatten().collect(),
            Step::Restart | Step::Garbage(_) => Vec::new(),
        };
        let mut by_client: BTreeMap<u32, VecDeque<&Answered>> = BTreeMap::new();
        for answer in answers {
            by_client.entry(answer.call.client).or_default().push_back(answer);
        }
        for call in calls {
            let answer = by_client.get_mut(&call.client).and_then(VecDeque::pop_front);
            timed.push(Timed {
                client: call.client,
                began: answer.map_or(now, |answer| answer.began),
                ended: answer.map(|answer| answer.ended),
                call: Asked {
                    step: index,
                    call,
                    reply: answer.map(|answer| &answer.reply),
                },
            });
        }
        now = answers.iter().map(|answer| answer.ended).fold(now, u64::max);
    }
    timed
}

/// Compares the answers with those of a model that makes the calls in the order of the case.
///
/// # Errors
/// The first answer that is another.
pub(crate) fn same_answers(
    history: &[Timed<Asked<'_>>],
    rule: &str,
    mut model: impl FnMut(&Call) -> Value,
) -> Result<(), Box<Mismatch>> {
    for Timed { call: asked, .. } in history {
        let Some(reply) = asked.reply else {
            return Ok(());
        };
        let expected = model(asked.call);
        if !matches!(reply, Reply::Ok(value) if same(value, &expected)) {
            return Err(mismatch(asked, reply_text(&Reply::Ok(expected)), rule));
        }
    }
    Ok(())
}

/// Whether calls are made at once: a single script of threads is not.
pub(crate) fn overlaps(steps: &[Step]) -> bool {
    steps.iter().any(|step| match step {
        Step::Together(calls) => calls.len() > 1,
        Step::Par(scripts) => scripts.len() > 1,
        Step::Call(_) | Step::Restart | Step::Garbage(_) => false,
    })
}

/// Whether no call failed, for problems in which none may.
///
/// # Errors
/// The first call that did.
pub(crate) fn no_errors(history: &[Timed<Asked<'_>>], rule: &str) -> Result<(), Box<Mismatch>> {
    let failed = |timed: &&Timed<Asked<'_>>| matches!(timed.call.reply, Some(Reply::Err(_)));
    match history.iter().find(failed) {
        Some(timed) => Err(mismatch(&timed.call, "an answer, no error".to_owned(), rule)),
        None => Ok(()),
    }
}

/// What to say of a search that found no order.
///
/// # Errors
/// The finding is that there is none.
pub(crate) fn explained(
    history: &[Timed<Asked<'_>>],
    finding: Finding,
    rule: &str,
) -> Result<(), Box<Mismatch>> {
    match finding {
        Finding::Explained | Finding::Undecided => Ok(()),
        Finding::Unexplained { call } => {
            let expected = "an answer that fits some order of the calls, one at a time".to_owned();
            Err(mismatch(&history[call].call, expected, rule))
        }
    }
}

/// An answer that is not as it must be.
pub(crate) fn mismatch(asked: &Asked<'_>, expected: String, rule: &str) -> Box<Mismatch> {
    Box::new(Mismatch {
        step: asked.step,
        input: call_text(asked.call),
        expected,
        got: asked.reply.map_or_else(|| "no answer".to_owned(), reply_text),
        rule: rule.to_owned(),
    })
}

/// The whole number at a place of the arguments; 0 where there is none.
pub(crate) fn int(call: &Call, place: usize) -> i64 {
    call.args.get(place).and_then(Value::as_i64).unwrap_or(0)
}

/// The text at a place of the arguments; empty where there is none.
pub(crate) fn text(call: &Call, place: usize) -> &str {
    call.args.get(place).and_then(Value::as_str).unwrap_or("")
}
