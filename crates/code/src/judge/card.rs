//! Findings as criteria of a scorecard.
//!
//! Of a hidden group nothing of a case may appear: the functions here take the case of a visible group only.

use cases::{Case, Problem};
use domain::{CaseGroup, Criterion, Evidence, Group, GroupId, RunVerdict, Status};

use super::render;
use super::runner::CaseRun;

/// Longest id of a criterion.
const ID_MAX: usize = 60;

/// A criterion that is met, with what it rests on.
pub(super) fn met(id: String, title: String, why: String, evidence: Vec<Evidence>) -> Criterion {
    Criterion {
        id,
        title,
        points: 1.0,
        out_of: 1.0,
        status: Status::Met,
        why,
        evidence,
        tip: String::new(),
        must: false,
    }
}

/// A criterion that is missed, with what to do.
pub(super) fn missed(
    id: String,
    title: String,
    why: String,
    evidence: Vec<Evidence>,
    tip: String,
) -> Criterion {
    Criterion {
        points: 0.0,
        status: Status::Missed,
        tip,
        ..met(id, title, why, evidence)
    }
}

/// A criterion that was not looked at and earns nothing.
pub(super) fn not_run(id: String, title: String, why: String) -> Criterion {
    Criterion {
        points: 0.0,
        status: Status::NotAssessed,
        ..met(id, title, why, Vec::new())
    }
}

/// The evidence that something passed.
pub(super) fn passed(n: usize, of: usize) -> Evidence {
    Evidence::Case {
        input: String::new(),
        expected: String::new(),
        got: format!("{n} of {} passed", render::count(of, "case")),
        size: render::count(of, "case"),
    }
}

/// The evidence of a failing case.
pub(super) fn failing(problem: &Problem, case: &Case, run: &CaseRun, visible: bool) -> Evidence {
    let size = render::size(case);
    let judged = &run.judged;
    if !visible {
        return Evidence::Case {
            input: String::new(),
            expected: String::new(),
            got: judged.kind.clone(),
            size,
        };
    }
    let (expected, got) = match &judged.mismatch {
        Some(mismatch) => (mismatch.expected.clone(), mismatch.got.clone()),
        None if judged.detail.is_empty() => (String::new(), judged.kind.clone()),
        None => (String::new(), format!("{}\n{}", judged.kind, judged.detail)),
    };
    Evidence::Case {
        input: render::cut(&(problem.show)(case)),
        expected: render::cut(&expected),
        got: render::cut(&render::steady(&got)),
        size,
    }
}

/// Why a rule is missed.
pub(super) fn why(rule: &str, run: &CaseRun, failed: usize, of: usize, visible: bool) -> String {
    let judged = &run.judged;
    let mut why = format!(
        "{failed} of {} failed: {}",
        render::count(of, "case"),
        judged.kind
    );
    if let (true, Some(mismatch)) = (visible, &judged.mismatch) {
        if !mismatch.input.is_empty() {
            why.push_str(&format!(" to `{}`", render::cut(&mismatch.input)));
        }
        if mismatch.rule != rule && !mismatch.rule.is_empty() {
            why.push_str(&format!(". {}", mismatch.rule));
        }
    }
    why
}

/// What to do about a verdict.
pub(super) fn tip(verdict: RunVerdict, rule: &str) -> String {
    let what = match verdict {
        RunVerdict::Accepted => return String::new(),
        RunVerdict::WrongAnswer => "Make this hold",
        RunVerdict::ProtocolError => "Write nothing but answers; log to standard error. Seen with",
        RunVerdict::Crashes => "Keep it from ending before it has answered. Seen with",
        RunVerdict::TooSlow => "Do the same with less work. Seen with",
        RunVerdict::Idle => {
            "Find what it waits for: a lock that is held, a signal that is missed, \
                             input that has ended. Seen with"
        }
        RunVerdict::TooMuchMemory => "Hold less in memory. Seen with",
        RunVerdict::TooMuchOutput => "Write only what is asked for. Seen with",
        RunVerdict::CompileError => "Make it compile. Seen with",
    };
    format!("{what}: {rule}")
}

/// A group with its criteria.
pub(super) fn group(of: &CaseGroup, criteria: Vec<Criterion>) -> Group {
    Group {
        id: of.id,
        title: of.title.clone(),
        weight: of.weight,
        assessed: true,
        criteria,
        interval: None,
    }
}

/// A group that stands on one reason and earns nothing.
pub(super) fn nothing(of: &CaseGroup, why: &str, evidence: Vec<Evidence>, tip: &str) -> Group {
    let criterion = missed(
        "not-reached".to_owned(),
        of.why.clone(),
        why.to_owned(),
        evidence,
        tip.to_owned(),
    );
    group(of, vec![criterion])
}

/// A slug of a sentence that no other criterion of the group has.
pub(super) fn id(sentence: &str, taken: &[Criterion]) -> String {
    let mut slug = String::new();
    for c in sentence.chars().map(|c| c.to_ascii_lowercase()) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
        if slug.len() >= ID_MAX {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    let slug = if slug.is_empty() { "rule" } else { slug };
    let free = |id: &String| taken.iter().all(|criterion| criterion.id != *id);
    std::iter::once(slug.to_owned())
        .chain((2..).map(|n| format!("{slug}-{n}")))
        .find(free)
        .unwrap_or_default()
}

/// What an interviewer would ask next about a group that lost points, or of a program that lost none.
pub(super) fn probe(groups: &[Group]) -> String {
    let lost = |group: &&Group| group.score().is_some_and(|score| score < 100.0);
    let share = |group: &Group| (100.0 - group.score().unwrap_or(100.0)) * f64::from(group.weight);
    let worst = groups
        .iter()
        .filter(lost)
        .reduce(|a, b| if share(b) > share(a) { b } else { a });
    let question = match worst.map(|group| group.id) {
        None => "It holds on one machine. What is the first thing to break when two of them share the work?",
        Some(GroupId::Examples | GroupId::Behaviour) => {
            "Walk me through the first failing case line by line: where does your state first differ \
             from what you wanted?"
        }
        Some(GroupId::Edges) => "Which inputs did you decide not to handle, and what does a caller see then?",
        Some(GroupId::Security) => "An attacker reads your code. Which line do they try first?",
        Some(GroupId::Faults) => {
            "The same message comes twice and the next one is cut in half. What happens?"
        }
        Some(GroupId::Durability) => {
            "The machine loses power right after you answered. What does a caller find when it is back?"
        }
        Some(GroupId::Concurrency) => {
            "Two clients make this call at the same moment. Which line keeps them from both succeeding?"
        }
        Some(GroupId::Scale) => {
            "Ten times the data: which operation gets more than ten times slower, and why?"
        }
        Some(GroupId::Memory) => "What grows without a bound here, and what would you drop first?",
        Some(GroupId::OwnTests) => {
            "Which bug could you put into this program that none of your tests would notice?"
        }
        Some(_) => "What would you test next, and why that?",
    };
    question.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_slugs_and_never_twice() {
        let first = id("A key that has expired is not returned.", &[]);
        assert_eq!(first, "a-key-that-has-expired-is-not-returned");
        let taken = [not_run(first.clone(), String::new(), String::new())];
        assert_eq!(
            id("A key that has expired is not returned!", &taken),
            format!("{first}-2")
        );
        assert_eq!(id("!", &[]), "rule");
    }
}
