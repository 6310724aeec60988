//! The coach over the shipped bank: what it says while real answers grow.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use answer::{Coaching, Grader, Header, Listener, Speech, TimePoint};
use domain::{GroupId, Item, Nudge, NudgeKind, ReferenceKind, Scorecard, Status};

use crate::shipped::{Case, cases, shipped};

/// Nothing was dismissed.
static NONE: BTreeSet<String> = BTreeSet::new();

fn typed<'a>(text: &'a str, dismissed: &'a BTreeSet<String>) -> Speech<'a> {
    Speech {
        text,
        spoken: false,
        timeline: &[],
        dismissed,
    }
}

fn listen(listener: &mut Listener, text: &str) -> Coaching {
    listener.listen(&typed(text, &NONE)).expect("the platform works")
}

/// A text as it grows: nothing, then one more sentence each time.
fn growing(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.match_indices(['.', '?', '!']).map(|(at, _)| at + 1);
    let ends = ends.filter(|at| text[*at..].chars().next().is_none_or(char::is_whitespace));
    std::iter::once(0).chain(ends).map(|end| &text[..end])
}

fn references(item: &Item, kind: ReferenceKind) -> impl Iterator<Item = &str> {
    let references = item.references().iter().filter(move |r| r.kind == kind);
    references.map(|r| r.text.as_str())
}

fn core() -> impl Iterator<Item = &'static Case> {
    cases().iter().filter(|case| case.item.core)
}

fn coverage(card: &Scorecard) -> &[domain::Criterion] {
    &card.group(GroupId::Coverage).expect("coverage").criteria
}

/// The fact that a nudge asks for as missing.
fn missing(nudge: &Nudge) -> Option<&str> {
    let fact = nudge.because.fact.as_deref()?;
    (!nudge.id.ends_with("/wrong")).then_some(fact)
}

/// What the coach says while each good reference of a core item grows; long to make, so made once.
fn grown() -> &'static [(&'static Case, &'static str, Vec<Coaching>)] {
    static GROWN: OnceLock<Vec<(&'static Case, &'static str, Vec<Coaching>)>> = OnceLock::new();
    let grow = |case: &'static Case, text| {
        let mut listener = Listener::new(Arc::clone(&case.grader));
        let said = growing(text).map(|so_far| listen(&mut listener, so_far));
        (case, text, said.collect())
    };
    GROWN.get_or_init(|| {
        let good =
            |case: &'static Case| references(&case.item, ReferenceKind::Good).map(move |text| (case, text));
        core()
            .flat_map(good)
            .map(|(case, text)| grow(case, text))
            .collect()
    })
}

#[test]
fn what_a_good_answer_has_made_is_not_asked_for() {
    for (case, text, said) in grown() {
        let asked: BTreeSet<&str> = said
            .iter()
            .flat_map(|now| &now.nudges)
            .filter_map(missing)
            .collect();
        let name = &case.item.id;
        assert!(said.iter().all(|now| now.nudges.len() <= 2), "{name}");
        let last = said.last().expect("nothing yet is heard, too");
        let card = case.grade(text);
        let count = |wanted: &[Status]| {
            let found = coverage(&card).iter().filter(|c| wanted.contains(&c.status));
            found.count()
        };
        assert_eq!(last.heard.made, count(&[Status::Met]), "{name}: as it is graded");
        assert_eq!(
            last.heard.touched,
            count(&[Status::Mentioned, Status::Partial]),
            "{name}"
        );
        let made = |fact: &str| {
            let found = coverage(&card).iter().find(|c| c.id == fact);
            found.is_some_and(|c| c.status == Status::Met)
        };
        for nudge in &last.nudges {
            assert!(!missing(nudge).is_some_and(made), "{name}: {nudge:?} was said");
        }
        assert!(
            asked.iter().any(|fact| made(fact)),
            "{name}: nothing asked for was made later"
        );
    }
}

#[test]
fn a_nudge_stays_until_something_happens() {
    let (mut shown, mut back) = (0, 0);
    for (_, _, said) in grown() {
        let (mut before, mut gone) = (BTreeSet::new(), BTreeSet::new());
        for coaching in said {
            let now: BTreeSet<&str> = coaching.nudges.iter().map(|nudge| nudge.id.as_str()).collect();
            shown += now.difference(&before).count();
            back += now.difference(&before).filter(|id| gone.contains(*id)).count();
            gone.extend(before.difference(&now).copied());
            before = now;
        }
    }
    assert!(
        shown > 100 && back * 20 <= shown,
        "{back} of {shown} nudges flickered"
    );
}

#[test]
fn what_is_wrong_comes_first() {
    let mut seen = 0;
    for case in core() {
        for text in references(&case.item, ReferenceKind::Wrong) {
            let card = case.grade(text);
            let wrong = |fact: &str| {
                let found = coverage(&card).iter().find(|c| c.id == fact);
                found.is_some_and(|c| c.status == Status::Contradicted)
            };
            if !coverage(&card).iter().any(|c| c.status == Status::Contradicted) {
                continue;
            }
            let mut listener = Listener::new(Arc::clone(&case.grader));
            let first = listen(&mut listener, text).nudges.remove(0);
            if first.id.starts_with("sum/") {
                continue;
            }
            seen += 1;
            assert!(first.id.ends_with("/wrong"), "{}: {first:?}", case.item.id);
            assert!(first.because.fact.as_deref().is_some_and(wrong), "{first:?}");
            let span = first.because.span.expect("a sentence that is wrong");
            // Before the sentence has its end, nobody knows.
            let open = listen(&mut listener, &text[..span.end]).nudges;
            let says =
                |nudge: &Nudge| nudge.id.ends_with("/wrong") && nudge.because.span.as_ref() == Some(&span);
            assert!(!open.iter().any(says), "{}: {open:?}", case.item.id);
        }
    }
    assert!(seen >= 15, "only {seen} wrong references have a contradiction");
}

#[test]
fn a_sum_is_doubted_and_not_done() {
    let case = core().next().expect("core items");
    let mut listener = Listener::new(Arc::clone(&case.grader));
    let wrong = "We have a hundred events a second, so 864,000 a day.";
    let coaching = listen(&mut listener, wrong);
    let nudge = &coaching.nudges[0];
    assert_eq!(nudge.kind, NudgeKind::Arithmetic, "{coaching:?}");
    assert_eq!(nudge.because.span, Some(0..wrong.len() - 1));
    for told in [&nudge.text, &nudge.because.reason] {
        assert!(!told.contains(|c: char| c.is_ascii_digit()), "{told}");
    }
    let right = listen(
        &mut listener,
        "We have a hundred events a second, so 8.64 million a day.",
    );
    assert!(
        right.nudges.iter().all(|n| n.kind != NudgeKind::Arithmetic),
        "{right:?}"
    );
}

/// Asks and dismisses until nothing is left to say.
fn everything(listener: &mut Listener, text: &str) -> Vec<Nudge> {
    let (mut all, mut dismissed) = (Vec::new(), BTreeSet::new());
    loop {
        let coaching = listener
            .listen(&typed(text, &dismissed))
            .expect("the platform works");
        let nudges = coaching.nudges.into_iter().chain(coaching.delivery.nudge);
        let nudges: Vec<Nudge> = nudges.collect();
        if nudges.is_empty() {
            return all;
        }
        for nudge in &nudges {
            assert!(dismissed.insert(nudge.id.clone()), "{} came back", nudge.id);
        }
        all.extend(nudges);
    }
}

#[test]
fn no_nudge_gives_its_answer_away_and_none_comes_back() {
    let beside = "I like to talk about this with my colleagues over lunch and then we see. ".repeat(12);
    let mut facts = 0;
    for item in shipped().answer_items() {
        let grader = Arc::new(Grader::new(item.answer().expect("a rubric"), None).expect("patterns compile"));
        let mut listener = Listener::new(Arc::clone(&grader));
        let wrong: String = references(item, ReferenceKind::Wrong).collect();
        for text in [beside.as_str(), wrong.as_str()] {
            for nudge in everything(&mut listener, text) {
                let Nudge {
                    id, text, because, ..
                } = &nudge;
                let said = format!("{text} {}", because.reason);
                for fact in item.facts() {
                    let told = fact.say.iter().chain([&fact.claim, &fact.tip]);
                    assert!(
                        !told.into_iter().any(|told| said.contains(told.as_str())),
                        "{id}: {said}"
                    );
                }
                let header = Header {
                    item: item.id.to_string(),
                    revision: item.revision.clone(),
                    seed: 0,
                };
                let card = grader.grade(&header, text).expect("the platform works");
                let earns = |c: &&domain::Criterion| matches!(c.status, Status::Met | Status::Partial);
                let earned = coverage(&card).iter().find(earns);
                assert!(
                    earned.is_none(),
                    "{} {id}: handed in as an answer it makes {earned:?}",
                    item.id
                );
                facts += usize::from(missing(&nudge).is_some());
            }
        }
    }
    assert!(facts > 400, "only {facts} facts were ever asked for");
}

#[test]
fn what_was_heard_before_changes_nothing() {
    for case in core().take(4) {
        let mut warm = Listener::new(Arc::clone(&case.grader));
        // More sentences than are kept, so that some are forgotten on the way.
        let noise: Vec<String> = (0..300)
            .map(|n| format!("Sentence number {n} is about nothing."))
            .collect();
        for text in references(&case.item, ReferenceKind::Good) {
            for so_far in growing(text) {
                let heard = listen(&mut warm, so_far);
                let cold = listen(&mut Listener::new(Arc::clone(&case.grader)), so_far);
                assert_eq!(heard, cold, "{so_far}");
            }
            listen(&mut warm, &noise.join(" "));
            let again = listen(&mut warm, text);
            assert_eq!(again, listen(&mut Listener::new(Arc::clone(&case.grader)), text));
        }
    }
}

#[test]
fn before_a_word_is_said_it_says_how_to_begin() {
    for item in shipped().answer_items() {
        let grader = Arc::new(Grader::new(item.answer().expect("a rubric"), None).expect("patterns compile"));
        let coaching = listen(&mut Listener::new(grader), " \n");
        let ids: Vec<&str> = coaching.nudges.iter().map(|nudge| nudge.id.as_str()).collect();
        assert!(
            ids == ["opening"] || ids == ["assumptions"],
            "{}: {ids:?}",
            item.id
        );
    }
}

#[test]
fn a_messy_incident_gets_a_frame_and_a_clear_one_none() {
    let case = core().find(|case| case.item.id.as_str() == "production-incident");
    let case = case.expect("the incident is a core item");
    let frames = |text: &str| {
        let said = listen(&mut Listener::new(Arc::clone(&case.grader)), text).nudges;
        said.into_iter().find(|nudge| nudge.id == "frame")
    };
    for text in references(&case.item, ReferenceKind::Rambling) {
        let frame = frames(text).expect("a frame for who has lost the order");
        assert!(
            frame.text.contains("noticed") && frame.text.contains("cause"),
            "{frame:?}"
        );
    }
    for text in references(&case.item, ReferenceKind::Good) {
        assert_eq!(frames(text), None);
    }
}

#[test]
fn delivery_is_remarked_on_gently() {
    let item = shipped().answer_items().next().expect("items");
    let grader = Arc::new(Grader::new(item.answer().expect("a rubric"), None).expect("patterns compile"));
    let mut listener = Listener::new(grader);
    let mut of = |text: &str, spoken, timeline: &[(u64, u32)]| {
        let point = |&(elapsed_ms, words)| TimePoint { elapsed_ms, words };
        let timeline: Vec<TimePoint> = timeline.iter().map(point).collect();
        let speech = Speech {
            text,
            spoken,
            timeline: &timeline,
            dismissed: &NONE,
        };
        listener.listen(&speech).expect("the platform works").delivery
    };
    let kind = |delivery: &answer::Delivery| delivery.nudge.as_ref().map(|nudge| nudge.kind);

    let fast = of("We moved it.", true, &[(0, 0), (15_000, 60), (30_000, 110)]);
    assert_eq!(
        (fast.words_a_minute, kind(&fast)),
        (Some(220), Some(NudgeKind::Pace))
    );
    let calm = of("We moved it.", true, &[(0, 0), (30_000, 75)]);
    assert_eq!((calm.words_a_minute, kind(&calm)), (Some(150), None));
    // Only the last minute counts, and too short a time shows no pace.
    let slowed = of("We moved it.", true, &[(0, 0), (60_000, 300), (120_000, 420)]);
    assert_eq!(slowed.words_a_minute, Some(120));
    assert_eq!(
        of("We moved it.", true, &[(0, 0), (5_000, 40)]).words_a_minute,
        None
    );

    let pause = [(0, 0), (8_000, 20), (16_000, 20)];
    let (said, written) = (
        of("We moved it.", true, &pause),
        of("We moved it.", false, &pause),
    );
    assert_eq!((said.pause_ms, kind(&said)), (8_000, Some(NudgeKind::Silence)));
    assert_eq!((written.pause_ms, kind(&written)), (8_000, None));

    let um = "Um, we, you know, basically moved it, um, to another place, I mean, there.";
    let filled = of(um, true, &[]);
    assert_eq!((filled.fillers, kind(&filled)), (5, Some(NudgeKind::Fillers)));
    let once = of("Um, we moved it to another place.", true, &[]);
    assert_eq!((once.fillers, kind(&once)), (1, None));
}
