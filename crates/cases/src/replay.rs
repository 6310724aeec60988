//! Models that are spoken to like programs: one call after another.
//!
//! A problem whose answers are fixed gives a maker of [`Subject`]s, right or with one mutation; its own tests,
//! the print of its cases and the exact check follow from that.

use serde_json::Value;

use crate::notation;
use crate::{Answered, Call, Case, Mismatch, Reply, Script, Step, Transcript};

/// What happens to a model.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event<'a> {
    /// A call.
    Call(&'a Call),
    /// The program is killed and started again over the same data folder. The reply is not looked at.
    Restart,
}

/// A model that lives: it is made with the arguments of `new`, then told what happens.
pub(crate) type Subject = Box<dyn FnMut(Event<'_>) -> Reply>;

/// A script in the making: what is done next may depend on what the model answered.
pub(crate) struct Play {
    subject: Subject,
    steps: Vec<Step>,
}

impl Play {
    /// Starts with a model that was just made.
    pub(crate) fn new(subject: Subject) -> Self {
        let steps = Vec::new();
        Self { subject, steps }
    }

    /// Makes a call and gives the model's answer; null for an error.
    pub(crate) fn call(&mut self, op: &str, args: Vec<Value>) -> Value {
        let op = op.to_owned();
        let call = Call { client: 0, op, args };
        let reply = (self.subject)(Event::Call(&call));
        self.steps.push(Step::Call(call));
        match reply {
            Reply::Ok(value) => value,
            Reply::Err(_) => Value::Null,
        }
    }

    /// Kills and starts again.
    pub(crate) fn restart(&mut self) {
        (self.subject)(Event::Restart);
        self.steps.push(Step::Restart);
    }

    /// Adds a step that the model does not see, such as garbage, or calls at once.
    pub(crate) fn unseen(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// How many steps there are.
    pub(crate) fn len(&self) -> usize {
        self.steps.len()
    }

    /// The script.
    pub(crate) fn steps(self) -> Vec<Step> {
        self.steps
    }
}

/// What a model answers to each call of a case. Calls that several clients make at once have no fixed answers,
/// nor has what comes after them: `None`.
pub(crate) fn answers(case: &Case, subject: &mut Subject) -> Vec<Vec<Option<Reply>>> {
    let Script::Calls { steps, .. } = &case.script else {
        return Vec::new();
    };
    let mut answers = Vec::with_capacity(steps.len());
    let mut fixed = true;
    for step in steps {
        fixed &= !races(step);
        let mut answer = |call: &Call| fixed.then(|| subject(Event::Call(call)));
        answers.push(match step {
            Step::Call(call) => vec![answer(call)],
            Step::Together(calls) => calls.iter().map(answer).collect(),
            Step::Par(threads) => threads.iter().flatten().map(answer).collect(),
            Step::Restart => {
                subject(Event::Restart);
                Vec::new()
            }
            Step::Garbage(_) => Vec::new(),
        });
    }
    answers
}

/// Whether a step has calls of several clients at once.
pub(crate) fn races(step: &Step) -> bool {
    match step {
        Step::Together(calls) => calls.iter().any(|call| call.client != calls[0].client),
        Step::Par(threads) => threads.len() > 1,
        Step::Call(_) | Step::Restart | Step::Garbage(_) => false,
    }
}

/// Whether a transcript answers each call as the model does, for cases without calls at once. `rule` may know a
/// more particular rule than that of the case, from the call and the right answer.
pub(crate) fn exact(
    case: &Case,
    transcript: &Transcript,
    subject: &mut Subject,
    rule: &dyn Fn(&Call, &Reply) -> Option<String>,
) -> Result<(), Box<Mismatch>> {
    let Transcript::Calls { steps: came } = transcript else {
        return Ok(());
    };
    for (step, (expected, came)) in answers(case, subject).iter().zip(came).enumerate() {
        for (expected, answered) in expected.iter().zip(came) {
            let Some(expected) = expected else { continue };
            if !same_reply(expected, &answered.reply) {
                let rule = rule(&answered.call, expected).unwrap_or_else(|| case.rule.clone());
                return Err(Box::new(mismatch(step, answered, expected, rule)));
            }
        }
    }
    Ok(())
}

/// A transcript that the model itself would give, for tests of checks: calls at once are made one by one in the
/// order written.
#[cfg(test)]
pub(crate) fn transcript(case: &Case, subject: &mut Subject) -> Transcript {
    let Script::Calls { steps, .. } = &case.script else {
        return Transcript::Calls { steps: Vec::new() };
    };
    let mut clock = 0;
    let mut answered = |call: &Call, subject: &mut Subject| {
        clock += 2;
        Answered {
            call: call.clone(),
            reply: subject(Event::Call(call)),
            began: clock,
            ended: clock + 1,
        }
    };
    let mut each = |step: &Step| match step {
        Step::Call(call) => vec![answered(call, subject)],
        Step::Together(calls) => calls.iter().map(|call| answered(call, subject)).collect(),
        Step::Par(threads) => {
            let calls = threads.iter().flatten();
            calls.map(|call| answered(call, subject)).collect()
        }
        Step::Restart => {
            subject(Event::Restart);
            Vec::new()
        }
        Step::Garbage(_) => Vec::new(),
    };
    let steps = steps.iter().map(&mut each).collect();
    Transcript::Calls { steps }
}

/// Whether two replies are the same: values by [`same`], errors by their text without the white space around.
pub(crate) fn same_reply(a: &Reply, b: &Reply) -> bool {
    match (a, b) {
        (Reply::Ok(a), Reply::Ok(b)) => same(a, b),
        (Reply::Err(a), Reply::Err(b)) => a.trim() == b.trim(),
        _ => false,
    }
}

/// Whether two values are the same to all languages: 1 and 1.0 are, since JavaScript has one type of number.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

fn mismatch(step: usize, answered: &Answered, expected: &Reply, rule: String) -> Mismatch {
    Mismatch {
        step,
        input: notation::call_text(&answered.call),
        expected: notation::reply_text(expected),
        got: notation::reply_text(&answered.reply),
        rule,
    }
}

/// Proves a problem whose calls a model can answer one by one: the cases of each group follow from the seed,
/// the right model is accepted everywhere, and each mutation is refused in some case of some seed's groups.
#[cfg(test)]
pub(crate) fn prove(
    problem: &crate::Problem,
    groups: &[(domain::GroupId, u32)],
    mutations: &[(&'static str, &'static str)],
    make: notation::Make<'_>,
) {
    let init = |case: &Case| match &case.script {
        Script::Calls { init, .. } => init.clone(),
        Script::Stdio { .. } => Vec::new(),
    };
    let cases = |seed| -> Vec<Case> {
        let wanted = |&(group, count)| crate::Wanted { group, count, seed };
        let all = groups.iter().map(wanted).map(problem.generate);
        all.inspect(|cases| assert!(!cases.is_empty()))
            .flatten()
            .collect()
    };
    assert_eq!(cases(1), cases(1), "the seed decides");
    assert_ne!(cases(1), cases(2), "seeds differ");
    for (group, count) in groups {
        let of = cases(3).iter().filter(|case| case.group == *group).count();
        assert_eq!(of, *count as usize, "{group:?}: as many as wanted");
    }
    let mut escaped: Vec<(&str, u64)> = Vec::new();
    for seed in 0..20 {
        let cases = cases(seed);
        let ids: std::collections::BTreeSet<_> = cases.iter().map(|case| (case.group, &case.id)).collect();
        assert_eq!(ids.len(), cases.len(), "ids are unique in their group");
        for case in &cases {
            let right = transcript(case, &mut make(None, &init(case)));
            if let Err(wrong) = (problem.check)(case, &right) {
                panic!(
                    "{} of seed {seed} refuses the right model: {wrong:?}\n{}",
                    case.id,
                    (problem.show)(case)
                );
            }
        }
        for (id, _) in mutations {
            let caught = |case: &Case| {
                let broken = transcript(case, &mut make(Some(id), &init(case)));
                (problem.check)(case, &broken).is_err()
            };
            if !cases.iter().any(caught) {
                escaped.push((id, seed));
            }
        }
    }
    assert!(escaped.is_empty(), "escaped the generated cases: {escaped:?}");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_and_one_point_nothing_are_the_same() {
        assert!(same(&json!({"a": [1, null]}), &json!({"a": [1.0, null]})));
        assert!(!same(&json!({"a": 1}), &json!({"a": 1, "b": null})));
        assert!(!same(&json!(1), &json!("1")));
    }
}
