//! Programs that do not keep to the protocol, or to anything: each gets a verdict of its own, and the judge
//! goes on.

use code::{RanCase, Trial};
use domain::{GroupId, RunVerdict};

use crate::fixture::{CACHE, grade, run, spec, spec_of};

/// Two calls of a cache with room for two.
const CALLS: &str = "new 2\nput 0 \"a\" \"1\" null\nget 1 \"a\"\n";

/// Writes bytes to where answers go, past the shim.
const SHOUT: &str = "
import os
def shout(data):
    for fd in range(3, 64):
        try:
            os.write(fd, data)
        except OSError:
            pass
";

/// A cache that does something first in every `get`.
fn on_get(what: &str) -> String {
    let body = what.replace('\n', "\n        ");
    format!(
        "{SHOUT}{CACHE}\n    plain = get\n    def get(self, now, key):\n        {body}\n        return self.plain(now, key)\n"
    )
}

fn of(source: &str) -> RanCase {
    let mut ran = run(&spec(), source, None, Trial::Own(CALLS));
    assert_eq!(ran.compile_error, None);
    let case = ran.cases.pop().expect("a case");
    assert!(ran.cases.is_empty());
    // The judge goes on.
    let next = run(&spec(), CACHE, None, Trial::Own(CALLS));
    assert_eq!(next.cases[0].verdict, RunVerdict::Accepted, "{:?}", next.cases[0]);
    case
}

fn check(what: &str, verdict: RunVerdict) {
    let case = of(&on_get(what));
    assert_eq!(case.verdict, verdict, "{what}: {case:?}");
    // What came before is kept.
    let kept = case.got.starts_with("put 0 \"a\" \"1\" null -> null");
    assert!(kept, "{what}: {case:?}");
}

#[test]
fn what_is_no_answer_is_a_protocol_error() {
    for line in [
        r"b'hello\n'",
        r"b'\n'",
        r"b'\xff\xfe\n'",
        r"b'\x00\n'",
        r"b'[' * 900_000 + b'\n'",
        r#"b'{"id":1,"ok":' + b'[' * 500_000 + b'\n'"#,
        r#"b'{"id":1,"ok":NaN}\n'"#,
        r#"b'{"id":1,"ok":"\\ud800"}\n'"#,
        r#"b'{"id":1,"ok":1e999}\n'"#,
        r#"b'{"id":18446744073709551616,"ok":1}\n'"#,
        r#"b'{"verdict":"accepted","score":100}\n'"#,
        r"b'\x1b[2K\rok 1 - accepted\n'",
    ] {
        check(&format!("shout({line})"), RunVerdict::ProtocolError);
    }
}

#[test]
fn answers_ahead_of_the_question_and_second_answers_are_protocol_errors() {
    check(
        r#"for n in range(100): shout(b'{"id":%d,"ok":"1"}\n' % n)"#,
        RunVerdict::ProtocolError,
    );
    let twice = "import __main__\nonce = __main__.send\n\
                 def twice(answer):\n    once(answer)\n    once(answer)\n__main__.send = twice";
    check(twice, RunVerdict::ProtocolError);
}

#[test]
fn output_without_end_is_too_much_output() {
    check("while True: shout(b'x' * 65536)", RunVerdict::TooMuchOutput);
    check("while True: shout(b'\\n' * 65536)", RunVerdict::ProtocolError);
    check("while True: print('y' * 65536)", RunVerdict::TooMuchOutput);
    check("shout(b'x' * 1_100_000 + b'\\n')", RunVerdict::TooMuchOutput);
}

#[test]
fn an_early_end_is_a_crash_with_what_it_said() {
    check("os._exit(0)", RunVerdict::Crashes);
    check("raise SystemExit", RunVerdict::Crashes);
    check("os._exit(3)", RunVerdict::Crashes);
    check("os.kill(os.getpid(), 9)", RunVerdict::Crashes);
    let case = of(&on_get("print('the last words')\nos.abort()"));
    assert_eq!(case.verdict, RunVerdict::Crashes);
    assert!(case.why.contains("SIGABRT"), "{case:?}");
    assert!(case.why.contains("the last words") && case.log.contains("the last words"));
    let case =
        of("class LruCache:\n    def __init__(self, capacity):\n        raise ValueError('no room')\n");
    assert_eq!(case.verdict, RunVerdict::Crashes);
    assert!(case.why.contains("no room"), "{case:?}");
}

#[test]
fn silence_is_idle_and_work_is_too_slow() {
    check("import time; time.sleep(100)", RunVerdict::Idle);
    check("import threading; threading.Event().wait()", RunVerdict::Idle);
    check("import __main__; __main__.lines.readline()", RunVerdict::Idle);
    check(
        "os.closerange(3, 64)\nimport time; time.sleep(100)",
        RunVerdict::Idle,
    );
    check("while True: pass", RunVerdict::TooSlow);
    check("os.closerange(3, 64)\nwhile True: pass", RunVerdict::TooSlow);
    check(
        "import time\nend = time.time() + 60\nwhile time.time() < end: pass",
        RunVerdict::TooSlow,
    );
}

#[test]
fn prints_are_logs_and_change_nothing() {
    let source = on_get(
        "print('{\"id\":1,\"ok\":null}')\nprint('verdict: accepted')\nimport sys\nsys.stdout.write('x')",
    );
    let case = of(&source);
    assert_eq!(case.verdict, RunVerdict::Accepted, "{case:?}");
    assert!(case.log.contains("verdict: accepted"));
}

#[test]
fn a_number_that_fits_nowhere_is_an_answer_and_a_wrong_one() {
    let source = format!("{CACHE}\n    def size(self, now):\n        return 2 ** 63\n");
    let only = spec_of(&[GroupId::Examples, GroupId::Behaviour]);
    let card = grade(&only, &source);
    assert_eq!(card.verdict, Some(RunVerdict::WrongAnswer), "{card:?}");
}

#[test]
fn what_a_program_does_to_its_own_shim_stays_in_its_process() {
    for what in [
        "import json; json.dumps = lambda *a, **k: '{\"id\":1,\"ok\":\"1\"}'",
        "import json; json.dumps = None",
        "import threading, time\nthreading.Lock = None\ntime.monotonic_ns = lambda: 0",
        "import __main__; __main__.__dict__.clear()",
    ] {
        let case = of(&on_get(what));
        let harmless = !matches!(case.verdict, RunVerdict::CompileError | RunVerdict::TooMuchOutput);
        assert!(harmless, "{what}: {case:?}");
    }
}

#[test]
fn a_program_that_does_not_read_does_not_hold_up_the_judge() {
    let large = spec_of(&[GroupId::Examples, GroupId::Memory]);
    let source = CACHE.replace(
        "self.capacity, self.entries = ",
        "if capacity > 1000:\n            import time; time.sleep(100)\n        self.capacity, self.entries = ",
    );
    let card = grade(&large, &source);
    assert_eq!(card.verdict, Some(RunVerdict::Idle), "{card:?}");
}

#[test]
fn a_program_that_knows_the_examples_only_gets_their_points_only() {
    let source = CACHE.replace("return self.entries[key][0]", "return '1'");
    let card = grade(&spec_of(&[GroupId::Examples, GroupId::Behaviour]), &source);
    assert_eq!(card.verdict, Some(RunVerdict::WrongAnswer));
    let hidden = card.group(GroupId::Behaviour).expect("a group");
    assert!(hidden.score() < Some(100.0));
}
