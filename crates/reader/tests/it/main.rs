//! The second reader against a scripted endpoint on a real socket, and the merge as a rule.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod faults;
mod merging;
mod replies;
mod request;
mod secrets;
mod sharing;
mod tls;

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use domain::{
    Criterion, Evidence, Group, GroupId, Interval, Round, SCORECARD_FORMAT, Scorecard, Status, round2,
};
use reader::{Ask, Claim, Endpoint, Finding, ReadError, Reader, Reading, Verdict};
use scripted::{Server, verdicts};

pub(crate) const QUESTION: &str =
    "How do you limit the rate of calls to a public API across several gateways?";

pub(crate) const CLAIMS: [Claim<'static>; 4] = [
    Claim {
        id: "shared-store",
        claim: "All gateways count in one store.",
    },
    Claim {
        id: "atomic",
        claim: "Reading and counting is one atomic step.",
    },
    Claim {
        id: "throttled",
        claim: "A throttled client gets 429 and a time to retry.",
    },
    Claim {
        id: "store-down",
        claim: "It is decided what happens when the store is away.",
    },
];

pub(crate) const ANSWER: &str = "We keep the counters of all gateways in one Redis. \
A Lua script reads and adds in a single step, so two gateways cannot both take the last token. \
Whoever is over the limit receives a 429 that says when to come back. \
If Redis is away, we let calls pass and raise an alarm.";

pub(crate) fn ask(answer: &str) -> Ask<'_> {
    Ask {
        question: QUESTION,
        claims: &CLAIMS,
        answer,
        withheld: &[],
    }
}

pub(crate) fn reader(endpoint: Endpoint) -> Reader {
    Reader::new(endpoint, 7).unwrap()
}

/// The endpoint with limits short enough for a test.
pub(crate) fn endpoint(server: &Server) -> Endpoint {
    let mut endpoint = Endpoint::new(server.base_url(), "test-model");
    endpoint.backoff = Duration::from_millis(1);
    endpoint.deadline = Duration::from_secs(20);
    endpoint.try_timeout = Duration::from_secs(10);
    endpoint
}

/// Reads [`ANSWER`] once.
pub(crate) async fn read(server: &Server) -> Result<Arc<Reading>, ReadError> {
    reader(endpoint(server)).read(&ask(ANSWER)).await
}

pub(crate) fn good() -> String {
    verdicts(&[
        (
            "shared-store",
            "made",
            "the counters of all gateways in one Redis",
        ),
        ("atomic", "made", "reads and adds in a single step"),
        ("throttled", "half", "receives a 429 that says when"),
        ("store-down", "missing", ""),
    ])
}

/// Bytes of a slice of the answer.
pub(crate) fn place(answer: &str, slice: &str) -> Range<usize> {
    let start = answer.find(slice).unwrap();
    start..start + slice.len()
}

/// A scorecard with these facts: id, weight, status, evidence; and a delivery group beside them.
pub(crate) fn card(answer: &str, facts: &[(&str, u32, Status, &str)]) -> Scorecard {
    let share = |status| match status {
        Status::Met => 1.0,
        Status::Partial => 0.5,
        Status::Mentioned => 0.25,
        Status::Contradicted => -0.5,
        _ => 0.0,
    };
    let criterion = |(id, weight, status, slice): &(&str, u32, Status, &str)| Criterion {
        id: (*id).to_owned(),
        title: format!("The point of {id}."),
        points: round2(f64::from(*weight) * share(*status)),
        out_of: f64::from(*weight),
        status: *status,
        why: "found offline".to_owned(),
        evidence: if slice.is_empty() {
            Vec::new()
        } else {
            vec![span(answer, place(answer, slice))]
        },
        tip: if *status == Status::Met {
            String::new()
        } else {
            format!("Say {id}.")
        },
        must: false,
    };
    let group = |id, weight, criteria, interval| Group {
        id,
        title: "Title".to_owned(),
        weight,
        assessed: true,
        criteria,
        interval,
    };
    let facts: Vec<_> = facts.iter().map(criterion).collect();
    let delivery = criterion(&("opening", 2, Status::Partial, &answer[..1]));
    Scorecard {
        format: SCORECARD_FORMAT,
        item: "rate-limiter".to_owned(),
        round: Round::Answer,
        revision: "b3:one".to_owned(),
        scorer: "answer/1".to_owned(),
        seed: 0,
        verdict: None,
        groups: vec![
            group(
                GroupId::Coverage,
                60,
                facts,
                Some(Interval { low: 0.0, high: 0.0 }),
            ),
            group(GroupId::Structure, 10, vec![delivery], None),
        ],
        next: None,
        probe: Some("What then?".to_owned()),
        notes: vec!["An offline note.".to_owned()],
    }
}

pub(crate) fn span(answer: &str, range: Range<usize>) -> Evidence {
    Evidence::Span {
        start: range.start,
        end: range.end,
        text: answer[range].to_owned(),
    }
}

pub(crate) fn reading(verdicts: Vec<Verdict>) -> Reading {
    Reading {
        format: reader::READING_FORMAT,
        model: "test-model".to_owned(),
        prompt: "reader/1".to_owned(),
        verdicts,
        dropped: Vec::new(),
    }
}

pub(crate) fn verdict(fact: &str, finding: Finding, quote: Option<Range<usize>>) -> Verdict {
    Verdict {
        fact: fact.to_owned(),
        finding,
        quote,
        why: "because".to_owned(),
    }
}
