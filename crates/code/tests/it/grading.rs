//! Whole gradings of a small item.

use std::cell::RefCell;

use cases::{Call, Script, Step, Wanted};
use code::{Error, Judge, Progress, Trial};
use domain::{Evidence, GroupId, RunVerdict, Scorecard, Status};

use crate::fixture::{CACHE, config, grade, grade_seen, grade_with, judge, run, spec, spec_of};

/// A cache whose `get` does not make an entry recent.
fn forgets_gets() -> String {
    CACHE.replace("self.entries.move_to_end(key)\n            return", "return")
}

#[test]
fn a_right_program_is_accepted_and_told_of_as_it_goes() {
    let seen = RefCell::new(Vec::new());
    let card = grade_seen(&spec(), CACHE, &|progress| seen.borrow_mut().push(progress));
    assert_eq!(card.verdict, Some(RunVerdict::Accepted), "{card:#?}");
    assert!(card.scorer.starts_with("code/1+"), "{}", card.scorer);
    for id in [
        GroupId::Examples,
        GroupId::Behaviour,
        GroupId::Concurrency,
        GroupId::Scale,
    ] {
        assert_eq!(card.group(id).expect("a group").score(), Some(100.0), "{id:?}");
    }
    // In the order of the item, whatever was run first.
    assert_eq!(card.groups[0].id, GroupId::Behaviour);
    let figures = figures(&card);
    assert!(figures.iter().any(|(name, _)| name == "growth"), "{figures:?}");

    let seen = seen.into_inner();
    assert_eq!(seen[0], Progress::Compiling);
    let first = |id: GroupId| {
        seen.iter()
            .position(|p| matches!(p, Progress::Group { id: of, .. } if *of == id))
    };
    assert!(
        first(GroupId::Examples) < first(GroupId::Behaviour),
        "what is visible comes first"
    );
    let done = Progress::Group {
        id: GroupId::Examples,
        done: 3,
        of: 3,
        failed: 0,
    };
    assert!(seen.contains(&done), "{seen:?}");
}

#[test]
fn the_same_program_gets_the_same_scorecard_but_for_figures() {
    let only = spec_of(&[GroupId::Examples, GroupId::Behaviour, GroupId::OwnTests]);
    let source = forgets_gets();
    let first = grade(&only, &source);
    let again = grade(&only, &source);
    assert_eq!(
        serde_json::to_string(&first).unwrap(),
        serde_json::to_string(&again).unwrap()
    );
}

#[test]
fn a_visible_failure_is_shown_small_with_its_rule() {
    let card = grade(&spec_of(&[GroupId::Examples]), &forgets_gets());
    assert_eq!(card.verdict, Some(RunVerdict::WrongAnswer));
    let group = card.group(GroupId::Examples).expect("a group");
    let missed = group
        .criteria
        .iter()
        .find(|c| c.status == Status::Missed)
        .expect("a missed rule");
    let [
        Evidence::Case {
            input,
            expected,
            got,
            size,
        },
    ] = missed.evidence.as_slice()
    else {
        panic!("{missed:?}");
    };
    assert!(input.starts_with("new 2\n") && input.contains("get "), "{input}");
    assert_eq!((expected.as_str(), got.as_str()), ("null", "\"2\""));
    assert_eq!(size, "5 calls");
    assert!(missed.tip.contains(&missed.title));
    let next = card.next.as_ref().expect("a fix");
    assert_eq!(next.criterion, missed.id);
}

#[test]
fn a_hidden_case_shows_nothing_of_itself() {
    let only = spec_of(&[GroupId::Examples, GroupId::Behaviour, GroupId::Concurrency]);
    let leaking = format!(
        "{}\n    inner = get\n    def get(self, now, key):\n        print('LEAK', key)\n        value = \
         self.inner(now, key)\n        if value is not None and len(self.entries) > 2: raise ValueError(key + value)\n        \
         return value\n",
        forgets_gets()
    );
    for source in [
        forgets_gets(),
        leaking,
        CACHE.replace("return len(self.entries)", "import os; os._exit(3)"),
    ] {
        let card = grade(&only, &source);
        let hidden = card
            .groups
            .iter()
            .filter(|group| group.id != GroupId::Examples)
            .collect::<Vec<_>>();
        assert!(
            hidden.iter().any(|group| group.score() < Some(100.0)),
            "nothing failed: {card:#?}"
        );
        let told = serde_json::to_string(&hidden).unwrap();
        let next = serde_json::to_string(&card.next).unwrap();
        for word in hidden_words() {
            assert!(
                !told.contains(&word) && !next.contains(&word),
                "`{word}` is in {told}"
            );
        }
        for criterion in hidden.iter().flat_map(|group| &group.criteria) {
            for evidence in &criterion.evidence {
                let Evidence::Case { input, expected, .. } = evidence else {
                    continue;
                };
                assert_eq!((input.as_str(), expected.as_str()), ("", ""));
            }
        }
    }
}

/// Every text that a hidden case passes to the program, quoted as JSON would show it, and what programs log.
fn hidden_words() -> Vec<String> {
    let problem = cases::problem("lru-cache").expect("the problem");
    let mut words = vec!["LEAK".to_owned()];
    for group in [GroupId::Behaviour, GroupId::Concurrency] {
        for case in (problem.generate)(Wanted {
            group,
            count: 6,
            seed: 7,
        }) {
            let Script::Calls { steps, .. } = &case.script else {
                continue;
            };
            let calls = steps.iter().flat_map(|step| -> Vec<&Call> {
                match step {
                    Step::Call(call) => vec![call],
                    Step::Together(calls) => calls.iter().collect(),
                    Step::Par(scripts) => scripts.iter().flatten().collect(),
                    Step::Restart | Step::Garbage(_) => Vec::new(),
                }
            });
            let texts = calls.flat_map(|call| call.args.iter().filter_map(|arg| arg.as_str()));
            words.extend(texts.map(|text| format!("\\\"{text}\\\"")));
        }
    }
    words.sort();
    words.dedup();
    words
}

#[test]
fn without_one_right_case_nothing_earns_points() {
    let full = "test a hit\nnew 2\nput 0 \"a\" \"1\" null\nget 1 \"a\" -> \"1\"\nget 2 \"b\" -> null\n";
    let wrong = "class LruCache:\n    def __init__(self, c): pass\n    def put(self, *a): return None\n    \
                 def get(self, *a): return 'x'\n    def delete(self, *a): return 'x'\n    \
                 def size(self, *a): return -1\n";
    let card = grade_with(judge(), &spec(), wrong, Some(full));
    assert_eq!(card.score(), Some(0.0), "{card:#?}");
    let tests = card.group(GroupId::OwnTests).expect("a group");
    assert!(tests.criteria[0].why.contains("no case passed"), "{tests:?}");
}

#[test]
fn what_does_not_compile_is_told_once_with_its_line() {
    let card = grade(&spec(), "class LruCache:\n    def put(self:\n");
    assert_eq!(card.verdict, Some(RunVerdict::CompileError));
    assert_eq!(card.score(), Some(0.0));
    let Evidence::Case { got, .. } = &card.groups[0].criteria[0].evidence[0] else {
        panic!("{card:?}");
    };
    assert!(got.contains("main.py") && got.contains('2'), "{got}");
    let ran = run(&spec(), "def (", None, Trial::Examples);
    assert!(ran.compile_error.is_some() && ran.cases.is_empty(), "{ran:?}");
}

#[test]
fn own_tests_earn_by_the_broken_programs_they_catch() {
    let only = spec_of(&[GroupId::Examples, GroupId::OwnTests]);
    let own = |tests: Option<&str>| {
        let card = grade_with(judge(), &only, CACHE, tests);
        card.group(GroupId::OwnTests).expect("a group").clone()
    };
    let none = own(None);
    assert_eq!(none.score(), Some(0.0));
    assert!(none.criteria[0].tip.contains("tests.txt"), "{none:?}");
    let unreadable = own(Some("test a\nnew 2\nput oh\n"));
    assert!(unreadable.criteria[0].why.contains("line 3"), "{unreadable:?}");
    let one = own(Some(
        "test a hit counts as use\nnew 2\nput 0 \"a\" \"1\" null\nput 1 \"b\" \"2\" null\nget 2 \"a\" -> \"1\"\n\
         put 3 \"c\" \"3\" null\nget 4 \"b\" -> null\n\
         test is wrong itself\nnew 2\nget 0 \"a\" -> \"1\"\n",
    ));
    let score = one.score().expect("a score");
    assert!(score > 0.0 && score < 100.0, "{one:#?}");
    let wrong = one
        .criteria
        .iter()
        .find(|c| c.id.starts_with("wrong-test"))
        .expect("the wrong test");
    assert!(wrong.why.contains("line 8"), "{wrong:?}");
    let Evidence::Case { expected, got, .. } = &wrong.evidence[0] else {
        panic!("{wrong:?}")
    };
    assert_eq!((expected.as_str(), got.as_str()), ("null", "\"1\""));
}

#[test]
fn a_square_is_told_from_the_reference() {
    let scan = CACHE.replace(
        "            self.expire(now)\n            if key not in self.entries:",
        "            self.expire(now)\n            sum(1 for k in self.entries if k == key)\n            \
         if key not in self.entries:",
    );
    let card = grade(&spec_of(&[GroupId::Examples, GroupId::Scale]), &scan);
    assert_eq!(card.verdict, Some(RunVerdict::TooSlow), "{card:#?}");
    assert_eq!(card.group(GroupId::Scale).expect("a group").score(), Some(0.0));
    assert_eq!(
        card.group(GroupId::Examples).expect("a group").score(),
        Some(100.0)
    );
}

#[test]
fn what_is_kept_for_ever_is_too_much_memory() {
    let only = spec_of(&[GroupId::Examples, GroupId::Memory]);
    let right = grade(&only, CACHE);
    assert_eq!(right.verdict, Some(RunVerdict::Accepted), "{right:#?}");
    let hoards = CACHE
        .replace(
            "heapq.heappush(self.ends, (now + ttl, key))",
            "self.ends.append((now, key, value * 2))",
        )
        .replace("self.ends and self.ends[0][0] <= now", "False")
        .replace("if len(self.ends) > 2 * len(self.entries) + 64:", "if False:");
    let hoards = grade(&only, &hoards);
    assert_eq!(hoards.verdict, Some(RunVerdict::TooMuchMemory), "{hoards:#?}");
    let figures = figures(&right);
    assert!(
        figures
            .iter()
            .any(|(name, value)| name.contains("memory") && *value > 0.0),
        "{figures:?}"
    );
}

#[test]
fn a_program_that_waits_in_every_call_does_not_take_for_ever() {
    let only = spec_of(&[GroupId::Examples, GroupId::Behaviour]);
    let source = CACHE.replace(
        "    def put(self, now, key, value, ttl=None):",
        "    def put(self, now, key, value, ttl=None):\n        import time; time.sleep(600)",
    );
    let began = std::time::Instant::now();
    let card = grade(&only, &source);
    assert_eq!(card.verdict, Some(RunVerdict::Idle));
    let left = card
        .groups
        .iter()
        .flat_map(|g| &g.criteria)
        .filter(|c| c.status == Status::NotAssessed);
    assert!(left.count() > 0, "{card:#?}");
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

#[test]
fn trial_runs_show_what_came_and_what_was_logged() {
    let noisy = forgets_gets().replace(
        "def size(self, now):",
        "def size(self, now):\n        print('counted')",
    );
    let ran = run(&spec(), &noisy, None, Trial::Examples);
    assert_eq!(ran.cases.len(), 3);
    let wrong = &ran.cases[0];
    assert_eq!(wrong.verdict, RunVerdict::WrongAnswer, "{wrong:?}");
    assert_eq!(wrong.expected, "null");
    assert!(
        wrong.got.contains("-> \"2\"") && wrong.why.contains("get"),
        "{wrong:?}"
    );

    let own = run(
        &spec(),
        &noisy,
        None,
        Trial::Own("new 1\nput 0 \"a\" \"1\" null\nsize 1\n"),
    );
    assert_eq!(own.cases[0].verdict, RunVerdict::Accepted, "{own:?}");
    assert!(
        own.cases[0].log.contains("counted") && own.cases[0].got.contains("size 1 -> 1"),
        "{own:?}"
    );
    assert!(own.cases[0].memory_mb < 48);
    let unreadable = run(&spec(), CACHE, None, Trial::Own("nonsense"));
    assert!(unreadable.cases[0].why.contains("line 1"), "{unreadable:?}");

    let tests = "test a hit counts\nnew 2\nput 0 \"a\" \"1\" null\nput 1 \"b\" \"2\" null\nget 2 \"a\" -> \"1\"\n\
                 put 3 \"c\" \"3\" null\nget 4 \"b\" -> null\ntest is wrong\nnew 2\nget 0 \"a\" -> \"1\"\n";
    let ran = run(&spec(), &noisy, Some(tests), Trial::Tests);
    assert_eq!(ran.cases.len(), 2);
    assert_eq!(
        ran.cases[0].verdict,
        RunVerdict::WrongAnswer,
        "its own test finds its bug: {ran:?}"
    );
    assert!(ran.cases[1].why.contains("test itself is wrong"), "{ran:?}");
    let ran = run(&spec(), CACHE, Some(tests), Trial::Tests);
    assert_eq!(ran.cases[0].verdict, RunVerdict::Accepted, "{ran:?}");
}

#[test]
fn weak_isolation_is_said_on_every_scorecard() {
    let judge = Judge::start(code::Config {
        degraded: true,
        ..config("degraded")
    })
    .expect("a judge");
    assert!(!judge.status().warnings.is_empty());
    let card = grade_with(&judge, &spec_of(&[GroupId::Examples]), CACHE, None);
    assert_eq!(card.verdict, Some(RunVerdict::Accepted), "{card:#?}");
    assert_eq!(card.notes, judge.status().warnings);
    assert!(card.scorer.ends_with("degraded"), "{}", card.scorer);
}

#[test]
fn an_unknown_problem_is_a_fault_of_the_platform() {
    let mut unknown = spec();
    unknown.model = "no-such".to_owned();
    let grading = code::Grading {
        item: "x",
        revision: "b3:0",
        seed: 0,
        spec: &unknown,
        language: domain::Language::Python,
        files: &[],
    };
    let said = judge().grade(&grading, &|_| {});
    assert!(matches!(said, Err(Error::UnknownProblem(name)) if name == "no-such"));
}

fn figures(card: &Scorecard) -> Vec<(String, f64)> {
    let evidence = card
        .groups
        .iter()
        .flat_map(|g| &g.criteria)
        .flat_map(|c| &c.evidence);
    let figure = |evidence: &Evidence| match evidence {
        Evidence::Figure { name, value, .. } => Some((name.clone(), *value)),
        _ => None,
    };
    evidence.filter_map(figure).collect()
}
