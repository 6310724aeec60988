//! Under questioning: scripted candidates of known knowledge against every core item.

use answer::Order;
use domain::{
    GroupId, Interval, Question, QuestionKind, ReferenceKind, Reply, ReplyBody, Scorecard, Status, Verdict,
};

use crate::shipped::{Case, cases, group};

/// What follow-ups can still move of coverage.
fn interval(scorecard: &Scorecard) -> Interval {
    scorecard
        .group(GroupId::Coverage)
        .map(|g| Interval::open(&g.criteria))
        .expect("coverage is graded")
}

/// Replies of a candidate to every question, by a rule that finds the reply.
fn questioned(
    case: &Case,
    text: &str,
    reply: impl Fn(&Case, &Question) -> ReplyBody,
) -> (Scorecard, Vec<Verdict>) {
    let base = case.grade(text);
    let mut replies: Vec<Reply> = Vec::new();
    loop {
        let examination = case.grader.examine(&base, &replies);
        let Some(question) = examination.question else {
            return (
                examination.scorecard,
                examination.answered.iter().map(|a| a.verdict).collect(),
            );
        };
        let next = Reply {
            question: question.id.clone(),
            body: reply(case, &question),
        };
        case.grader
            .accepts(&base, &replies, &next)
            .expect("a fitting reply is accepted");
        replies.push(next);
        assert!(
            replies.len() <= answer::MAX_QUESTIONS as usize,
            "the interviewer stops"
        );
    }
}

/// Tries replies until one has the wanted verdict: what a candidate who knows (or errs) would say.
fn with_verdict(case: &Case, text: &str, replies: &[Reply], question: &Question, want: Verdict) -> ReplyBody {
    let base = case.grade(text);
    let fact = case
        .item
        .facts()
        .iter()
        .find(|f| f.id == question.id)
        .expect("fact");
    let n = question.options.len() as u32;
    let candidates: Vec<ReplyBody> = match question.kind {
        QuestionKind::Choice => (0..n).map(ReplyBody::Choice).collect(),
        QuestionKind::Pick => (1..1u32 << n)
            .map(|bits| ReplyBody::Choices((0..n).filter(|i| bits & (1 << i) != 0).collect()))
            .collect(),
        QuestionKind::Number => match &fact.check {
            Some(domain::Check::Number { value, .. }) => {
                vec![ReplyBody::Number(*value), ReplyBody::Number(value * 3.0 + 7.0)]
            }
            _ => vec![],
        },
        QuestionKind::Order => permutations(n).into_iter().map(ReplyBody::Order).collect(),
        QuestionKind::Probe => fact
            .say
            .iter()
            .chain(&fact.untrue)
            .cloned()
            .map(ReplyBody::Text)
            .collect(),
    };
    let verdict = |body: &ReplyBody| {
        let mut all = replies.to_vec();
        all.push(Reply {
            question: question.id.clone(),
            body: body.clone(),
        });
        case.grader
            .examine(&base, &all)
            .answered
            .last()
            .map(|a| a.verdict)
    };
    candidates
        .into_iter()
        .find(|body| verdict(body) == Some(want))
        .unwrap_or(ReplyBody::Pass(true))
}

fn permutations(n: u32) -> Vec<Vec<u32>> {
    if n == 0 {
        return vec![vec![]];
    }
    let shorter = permutations(n - 1);
    let insert = |p: &Vec<u32>, at: usize| {
        let mut longer = p.clone();
        longer.insert(at, n - 1);
        longer
    };
    shorter
        .iter()
        .flat_map(|p| (0..=p.len()).map(move |at| insert(p, at)))
        .collect()
}

fn scripted(case: &Case, text: &str, want: Verdict) -> (Scorecard, Vec<Verdict>) {
    let base = case.grade(text);
    let mut replies: Vec<Reply> = Vec::new();
    while let Some(question) = case.grader.examine(&base, &replies).question {
        let body = with_verdict(case, text, &replies, &question, want);
        replies.push(Reply {
            question: question.id,
            body,
        });
    }
    let examination = case.grader.examine(&base, &replies);
    (
        examination.scorecard,
        examination.answered.iter().map(|a| a.verdict).collect(),
    )
}

/// A text that mentions: the middling reference of a core item.
fn middling(case: &Case) -> &str {
    let reference = case
        .item
        .references()
        .iter()
        .find(|r| r.kind == ReferenceKind::Middling);
    &reference.expect("core items have one").text
}

#[test]
fn one_who_knows_ends_near_high_and_one_who_bluffs_near_low() {
    for case in cases().iter().filter(|c| c.item.core) {
        let text = middling(case);
        let before = interval(&case.grade(text));
        let (knows, verdicts) = scripted(case, text, Verdict::Right);
        assert!(
            verdicts.iter().all(|v| *v == Verdict::Right),
            "{}: {verdicts:?}",
            case.item.id
        );
        let (bluffs, _) = scripted(case, text, Verdict::Wrong);
        let (up, down) = (
            group(&knows, GroupId::Coverage),
            group(&bluffs, GroupId::Coverage),
        );
        assert!(
            up >= before.high - 8.0,
            "{}: knows and ends at {up} of {}",
            case.item.id,
            before.high
        );
        assert!(
            down <= before.low + 2.0,
            "{}: bluffs and ends at {down} over {}",
            case.item.id,
            before.low
        );
        let narrowed = interval(&knows);
        assert!(
            narrowed.high - narrowed.low <= before.high - before.low,
            "{}: the interval does not widen",
            case.item.id
        );
    }
}

#[test]
fn every_check_of_a_must_fact_is_reachable_and_teaches() {
    for case in cases().iter().filter(|c| c.item.core) {
        // An answer that touches nothing is asked about the must-facts it missed.
        let (scorecard, verdicts) = scripted(
            case,
            "I would have to think about that for a while.",
            Verdict::Wrong,
        );
        let must = case.item.facts().iter().filter(|f| f.must).count();
        assert_eq!(
            verdicts.len(),
            must.min(answer::MAX_QUESTIONS as usize),
            "{}",
            case.item.id
        );
        assert!(group(&scorecard, GroupId::Coverage) <= 0.0);
    }
}

#[test]
fn replies_are_held_to_their_question() {
    let case = cases().iter().find(|c| c.item.core).expect("a core item");
    let base = case.grade(middling(case));
    let question = case
        .grader
        .examine(&base, &[])
        .question
        .expect("something is asked");
    let refuse = |id: &str, body: ReplyBody| {
        let reply = Reply {
            question: id.to_owned(),
            body,
        };
        case.grader
            .accepts(&base, &[], &reply)
            .expect_err("refused")
            .to_string()
    };
    assert!(refuse("nothing", ReplyBody::Pass(true)).contains(&question.id));
    assert!(refuse(&question.id, ReplyBody::Choices(vec![0, 0])).contains('`'));
    assert!(refuse(&question.id, ReplyBody::Number(f64::NAN)).contains('`'));
    let done = questioned(case, middling(case), |_, _| ReplyBody::Pass(true));
    assert!(
        done.1.iter().all(|v| *v == Verdict::Open),
        "passing is open, not wrong"
    );
    assert_eq!(
        group(&done.0, GroupId::Coverage),
        group(&base, GroupId::Coverage),
        "passing moves nothing"
    );
    let statuses = done.0.group(GroupId::Coverage).expect("coverage").criteria.iter();
    assert!(statuses.clone().all(|c| c.status != Status::Prompted));
}

/// Coverage moved by the first reply, by its verdict.
fn moved(case: &Case, text: &str, want: Verdict) -> f64 {
    let base = case.grade(text);
    let question = case
        .grader
        .examine(&base, &[])
        .question
        .expect("something is asked");
    let reply = Reply {
        body: with_verdict(case, text, &[], &question, want),
        question: question.id,
    };
    case.grader.examine(&base, &[reply]).answered[0].moved
}

#[test]
fn who_is_fairly_sure_gains_by_answering_and_who_guesses_loses() {
    for case in cases().iter().filter(|c| c.item.core) {
        let text = middling(case);
        let base = case.grade(text);
        let first = case
            .grader
            .examine(&base, &[])
            .question
            .expect("something is asked");
        // A mention that reads right is credited nearly in full: there is little left to gain.
        let coverage = base.group(GroupId::Coverage).expect("coverage");
        let nearly = |c: &domain::Criterion| c.id == first.id && c.points > 0.5 * c.out_of;
        if first.because != Status::Mentioned
            || first.kind == QuestionKind::Probe
            || coverage.criteria.iter().any(nearly)
        {
            continue;
        }
        let (right, wrong) = (
            moved(case, text, Verdict::Right),
            moved(case, text, Verdict::Wrong),
        );
        assert!(3.0 * right + wrong > 0.0, "{}: +{right} {wrong}", case.item.id);
        assert!(right + 3.0 * wrong < 0.0, "{}: +{right} {wrong}", case.item.id);
    }
}

#[test]
fn the_heaviest_open_check_is_asked_first() {
    let mut seen = 0;
    for case in cases().iter().filter(|c| c.item.core) {
        let base = case.grade(middling(case));
        let coverage = base.group(GroupId::Coverage).expect("coverage");
        let facts = case.item.facts().iter().zip(&coverage.criteria);
        let open: Vec<_> = facts
            .filter(|(f, c)| c.status == Status::Mentioned && f.check.is_some())
            .collect();
        if open.is_empty() {
            continue;
        }
        let question = case
            .grader
            .examine(&base, &[])
            .question
            .expect("something is asked");
        let Some((asked, criterion)) = open.iter().find(|(f, _)| f.id == question.id) else {
            continue;
        };
        // Of mentions that are as open as this one none weighs more.
        let share = |c: &domain::Criterion| c.points / c.out_of;
        let as_open = |c: &domain::Criterion| (share(c) - share(criterion)).abs() < 0.01;
        let heaviest = open
            .iter()
            .filter(|(_, c)| as_open(c))
            .map(|(f, _)| f.weight)
            .max();
        assert_eq!(Some(asked.weight), heaviest, "{}: {}", case.item.id, asked.id);
        seen += 1;
    }
    assert!(
        seen > 0,
        "some middling reference mentions a fact that has a check"
    );
}

#[test]
fn every_order_asks_the_same_kind_of_questions_and_repeats() {
    for case in cases().iter().filter(|c| c.item.core).take(3) {
        let base = case.grade(middling(case));
        let first = |order| case.grader.examine_in(order, &base, &[]).question.map(|q| q.id);
        let listed = first(Order::Rubric);
        let rank = |id: &str| case.item.facts().iter().position(|f| f.id == id);
        for seed in 0..20 {
            let drawn = first(Order::Shuffled(seed));
            assert_eq!(drawn, first(Order::Shuffled(seed)), "a seed gives one order");
            let (listed, drawn) = (listed.as_deref().and_then(rank), drawn.as_deref().and_then(rank));
            assert!(
                listed <= drawn,
                "the rubric's order begins with its first open fact"
            );
        }
    }
}
