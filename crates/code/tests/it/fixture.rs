//! A judge, and the item that the tests of judging use: a cache with room for a few entries.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use code::{Config, Grading, Judge, Ran, Trial};
use domain::{
    Allowance, CaseGroup, CodeLimits, CodeSpec, GroupId, Language, Mode, Operation, Param, ProgramFile,
    Proof, RunVerdict, Scorecard, Signature, Type,
};

/// One judge for all tests, as in the application.
pub(crate) fn judge() -> &'static Judge {
    static JUDGE: OnceLock<Judge> = OnceLock::new();
    JUDGE.get_or_init(|| Judge::start(config("judge")).expect("a judge: programs can be held here"))
}

/// A configuration with a shelf of its own.
pub(crate) fn config(shelf: &str) -> Config {
    Config {
        broker: target().join("broker"),
        shelf: target().join("judge-tests").join(shelf),
        path: path(),
        strip_types: b"",
        slots: 2,
        degraded: false,
    }
}

/// The folder that this program was built into.
fn target() -> PathBuf {
    let program = std::env::current_exe().expect("the path of this program");
    let deps = program.parent().expect("a folder");
    deps.parent().expect("the folder above").to_owned()
}

fn path() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let go = std::env::var_os("SPAR_GO").map(PathBuf::from);
    let go = go.and_then(|go| go.parent().map(Path::to_owned));
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../toolchains/go/bin");
    std::env::split_paths(&path).chain(go).chain([beside]).collect()
}

/// The item's specification, with groups of one case or a few each.
pub(crate) fn spec() -> CodeSpec {
    let group = |id: GroupId, weight, visible, cases| CaseGroup {
        id,
        title: format!("{id:?}"),
        weight,
        visible,
        cases,
        why: "to see".to_owned(),
    };
    CodeSpec {
        mode: Mode::Calls,
        model: "lru-cache".to_owned(),
        signature: Some(signature()),
        groups: vec![
            group(GroupId::Behaviour, 40, false, 6),
            group(GroupId::Examples, 10, true, 3),
            group(GroupId::Concurrency, 20, false, 2),
            group(GroupId::Scale, 20, false, 0),
            group(GroupId::Memory, 0, false, 0),
            group(GroupId::OwnTests, 10, false, 0),
        ],
        limits: CodeLimits {
            allowance: Allowance {
                cpu_ms: 2000,
                memory_mb: 48,
            },
            why: "ten times what is needed".to_owned(),
        },
        starters: Vec::new(),
        tests: String::new(),
        proofs: vec![Proof {
            path: "accepted/reference.py".to_owned(),
            language: Language::Python,
            verdict: RunVerdict::Accepted,
            source: CACHE.to_owned(),
        }],
    }
}

/// The same with some of its groups only.
pub(crate) fn spec_of(groups: &[GroupId]) -> CodeSpec {
    let mut spec = spec();
    spec.groups.retain(|group| groups.contains(&group.id));
    spec
}

/// The class of the item.
fn signature() -> Signature {
    let param = |name: &str, ty: &str| Param {
        name: name.to_owned(),
        ty: ty.parse::<Type>().expect("a type"),
    };
    let op = |name: &str, params: Vec<Param>, returns: Option<&str>| Operation {
        name: name.to_owned(),
        params,
        returns: returns.map(|ty| ty.parse().expect("a type")),
        doc: format!("Does what `{name}` says."),
    };
    let key = || param("key", "str");
    Signature {
        class: "LruCache".to_owned(),
        init: vec![param("capacity", "int")],
        ops: vec![
            op(
                "put",
                vec![key(), param("value", "str"), param("ttl_ms", "int?")],
                None,
            ),
            op("get", vec![key()], Some("str?")),
            op("delete", vec![key()], Some("bool")),
            op("size", Vec::new(), Some("int")),
        ],
        records: Vec::new(),
        clock: true,
        concurrent: true,
        durable: false,
    }
}

/// A right program.
pub(crate) const CACHE: &str = r#"
import heapq, threading
from collections import OrderedDict

class LruCache:
    def __init__(self, capacity):
        self.capacity, self.entries = capacity, OrderedDict()
        self.ends, self.lock = [], threading.Lock()

    def put(self, now, key, value, ttl=None):
        with self.lock:
            self.expire(now)
            self.entries[key] = (value, None if ttl is None else now + ttl)
            self.entries.move_to_end(key)
            if ttl is not None:
                heapq.heappush(self.ends, (now + ttl, key))
            if len(self.ends) > 2 * len(self.entries) + 64:
                self.ends = [(end, k) for k, (_, end) in self.entries.items() if end is not None]
                heapq.heapify(self.ends)
            if len(self.entries) > self.capacity:
                self.entries.popitem(last=False)

    def get(self, now, key):
        with self.lock:
            self.expire(now)
            if key not in self.entries:
                return None
            self.entries.move_to_end(key)
            return self.entries[key][0]

    def delete(self, now, key):
        with self.lock:
            self.expire(now)
            return self.entries.pop(key, None) is not None

    def size(self, now):
        with self.lock:
            self.expire(now)
            return len(self.entries)

    def expire(self, now):
        while self.ends and self.ends[0][0] <= now:
            end, key = heapq.heappop(self.ends)
            if key in self.entries and self.entries[key][1] == end:
                del self.entries[key]
"#;

/// Grades a program in Python.
pub(crate) fn grade(spec: &CodeSpec, source: &str) -> Scorecard {
    grade_with(judge(), spec, source, None)
}

/// The same with the candidate's own tests.
pub(crate) fn grade_with(judge: &Judge, spec: &CodeSpec, source: &str, tests: Option<&str>) -> Scorecard {
    let files = files(source, tests);
    let scorecard = judge
        .grade(&grading(spec, &files), &|_| {})
        .expect("no platform failure");
    scorecard.check_invariants(source).expect("a sound scorecard");
    scorecard
}

/// The same, with what is told meanwhile.
pub(crate) fn grade_seen(spec: &CodeSpec, source: &str, seen: &dyn Fn(code::Progress)) -> Scorecard {
    let files = files(source, None);
    judge()
        .grade(&grading(spec, &files), seen)
        .expect("no platform failure")
}

/// Runs a program in Python.
pub(crate) fn run(spec: &CodeSpec, source: &str, tests: Option<&str>, trial: Trial<'_>) -> Ran {
    let files = files(source, tests);
    judge()
        .run(&grading(spec, &files), trial)
        .expect("no platform failure")
}

fn grading<'a>(spec: &'a CodeSpec, files: &'a [ProgramFile]) -> Grading<'a> {
    Grading {
        item: "a-cache",
        revision: "b3:0",
        seed: 7,
        spec,
        language: Language::Python,
        files,
    }
}

fn files(source: &str, tests: Option<&str>) -> Vec<ProgramFile> {
    let file = |path: &str, text: &str| ProgramFile {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let tests = tests.map(|tests| file(domain::TESTS_FILE, tests));
    std::iter::once(file("main.py", source)).chain(tests).collect()
}
