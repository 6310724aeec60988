//! Compiling honest programs and hostile ones: what comes out, what is said, and what is not.
//!
//! The numbers are the rows of the abuse suite that are about compilers.

use std::path::Path;
use std::time::Instant;

use code::language::baseline;
use code::language::{Installed, Toolchains, shim};
use code::sandbox::Exit;
use domain::{Language, Mode, Signature};
use serde_json::json;

use crate::workshop::{Session, compiled, ran, sandbox, shelf, tools};

/// A program that repeats its first line.
const ECHO: [(Language, &str); 5] = [
    (
        Language::Python,
        "import sys\nprint(sys.stdin.readline().strip())\nexit(3)\n",
    ),
    (
        Language::Javascript,
        "const fs = require('fs');\nconsole.log(fs.readFileSync(0, 'utf8').trim());\nprocess.exit(3);\n",
    ),
    (
        Language::Typescript,
        "import { readFileSync } from 'node:fs';\nconst text: string = readFileSync(0, 'utf8');\n\
         console.log(text.trim());\nprocess.exit(3);\n",
    ),
    (
        Language::Go,
        "package main\n\nimport (\n\t\"bufio\"\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc main() {\n\tline, _ := \
         bufio.NewReader(os.Stdin).ReadString('\\n')\n\tfmt.Print(line)\n\tos.Exit(3)\n}\n",
    ),
    (
        Language::Rust,
        "fn main() {\n    let mut line = String::new();\n    std::io::stdin().read_line(&mut line).unwrap();\n    \
         print!(\"{line}\");\n    std::process::exit(3)\n}\n",
    ),
];

/// The failure of a program that must not compile, checked for what no message may hold.
fn refused(language: Language, source: &str) -> String {
    let message = match compiled(None, language, source) {
        Ok(artifact) => panic!("{language} compiled to {artifact:?}:\n{source}"),
        Err(failure) => failure.message,
    };
    assert!(message.len() < 70_000, "{} bytes", message.len());
    for word in ["/w/", "/app/", ".rustup", ".pyenv", "toolchains/", "root:x"] {
        assert!(!message.contains(word), "{language} says `{word}`: {message}");
    }
    assert!(!message.contains('\u{1b}'), "{message}");
    message
}

#[test]
fn every_language_is_found_here() {
    for status in tools().status() {
        assert!(matches!(status.installed, Installed::Found { .. }), "{status:?}");
    }
}

#[test]
fn a_tool_that_is_too_old_is_passed_over() {
    let folder = |name: &str| {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/it/tools")
            .join(name)
    };
    let tools = Toolchains::find(&[folder("old"), folder("new")], b"");
    assert_eq!(tools.tool(Language::Javascript).unwrap().version, "24.1.0");
    assert!(
        tools
            .binds()
            .contains(&folder("new").join("node").canonicalize().unwrap())
    );
    let tools = Toolchains::find(&[folder("old")], b"");
    let cure = tools.tool(Language::Javascript).unwrap_err();
    assert!(
        cure.starts_with("18.19.0 is too old; needed is Node 20.0"),
        "{cure}"
    );
}

#[test]
fn programs_of_bytes_run_as_they_are() {
    for (language, source) in ECHO {
        let artifact =
            compiled(None, language, source).unwrap_or_else(|failure| panic!("{}", failure.message));
        let (outcome, out, log) = ran(&artifact, "hello ü\n");
        assert_eq!(
            (outcome.exit, out.as_str()),
            (Exit::Code(3), "hello ü\n"),
            "{language}: {log}"
        );
    }
}

#[test]
fn the_second_time_comes_from_the_shelf() {
    for (language, source) in ECHO {
        let source = format!("{source}\n");
        let first = compiled(None, language, &source).unwrap();
        let begun = Instant::now();
        assert_eq!(compiled(None, language, &source).unwrap(), first);
        let took = begun.elapsed();
        assert!(
            took.as_millis() < 50,
            "{language}: {took:?}, where a compiler would take longer"
        );
        let other = compiled(None, language, &format!("{source}\n")).unwrap();
        assert_ne!(
            other.folder, first.folder,
            "{language}: another content is another program"
        );
    }
}

#[test]
fn a_mistake_is_told_with_file_and_line() {
    let mistakes = [
        (
            Language::Python,
            "x = 1\ndef f(:\n    pass\n",
            "main.py\", line 2",
        ),
        (Language::Javascript, "let a = 1;\nlet a = 2;\n", "main.js:2"),
        (
            Language::Javascript,
            "export class A {\n  x( {}\n}\n",
            "main.js:3",
        ),
        (
            Language::Typescript,
            "let a: number = 1;\nlet b: = 2;\n",
            "main.ts:2:8",
        ),
        (
            Language::Go,
            "package main\n\nfunc main() {\n\tx := 1\n}\n",
            "main.go:4:2: declared and not used: x",
        ),
        (
            Language::Rust,
            "fn main() {\n    let x: i64 = \"a\";\n}\n",
            "main.rs:2:18",
        ),
    ];
    for (language, source, place) in mistakes {
        let message = refused(language, source);
        assert!(message.contains(place), "{language}: {message}");
    }
}

#[test]
fn a_class_that_differs_from_the_signature_does_not_compile() {
    let signature: Signature = serde_json::from_value(json!({
        "class": "Box", "init": [{"name": "size", "type": "int"}], "concurrent": true,
        "op": [{"name": "open", "params": [{"name": "key", "type": "str"}], "returns": "int?", "doc": "Opens."}]
    }))
    .unwrap();
    let rust = shim::starter(Language::Rust, &signature, "");
    let go = shim::starter(Language::Go, &signature, "");
    let cases = [
        (Language::Rust, rust.replace("fn open", "fn opened"), "open"),
        (
            Language::Rust,
            rust.replace("struct Box {}", "struct Box { x: std::cell::RefCell<i64> }")
                .replace("Self {}", "Self { x: Default::default() }"),
            "Sync",
        ),
        (
            Language::Go,
            go.replace("Open(key string) (int, bool)", "Open(key string) int"),
            "compare",
        ),
        (
            Language::Go,
            format!("{go}\nfunc main() {{}}\n"),
            "main redeclared",
        ),
    ];
    for (language, source, says) in cases {
        let message = compiled(Some(&signature), language, &source)
            .expect_err("it differs")
            .message;
        assert!(message.contains(says), "{language}: {message}");
    }
}

#[test]
fn row_54_environment_and_start_up_files_have_no_effect() {
    let python = "import os, sys\nprint(sorted(k for k in os.environ if k.startswith(('PYTHON', 'LD_'))))\n\
                  print('site' in sys.modules, [p for p in sys.path if 'site-packages' in p])\n";
    let artifact = compiled(None, Language::Python, python).unwrap();
    assert_eq!(ran(&artifact, "").1, "['PYTHONHASHSEED']\nFalse []\n");
    let node = "console.log(process.env.NODE_OPTIONS, process.env.LD_PRELOAD, process.execArgv.join());";
    let artifact = compiled(None, Language::Javascript, node).unwrap();
    assert_eq!(
        ran(&artifact, "").1,
        "undefined undefined --no-warnings,--max-semi-space-size=2\n"
    );
}

#[test]
fn row_60_endless_compiling_is_stopped() {
    // What it stands for doubles with each step.
    let doubling = "macro_rules! m { ($($x:tt)*) => { m!($($x)* $($x)*) } }\nfn main() { m!(a) }\n";
    let message = refused(Language::Rust, doubling);
    assert!(message.contains("was stopped"), "{message}");
    let deep = "macro_rules! m { ($x:tt) => { m!($x) } }\nfn main() { m!(a) }\n";
    assert!(refused(Language::Rust, deep).contains("recursion limit"));
}

#[test]
fn row_61_giant_initialisers_are_no_programs() {
    refused(
        Language::Rust,
        "static BIG: [u64; 1 << 27] = [7; 1 << 27];\nfn main() { println!(\"{}\", BIG[1]) }\n",
    );
    let go = "package main\n\nvar big = [1 << 27]int{1 << 26: 7}\n\nfunc main() { println(big[3]) }\n";
    refused(Language::Go, go);
}

#[test]
fn rows_62_to_65_files_of_the_host_are_not_there_to_be_included() {
    // It never ends.
    refused(
        Language::Rust,
        "fn main() { println!(\"{}\", include_str!(\"/dev/urandom\").len()) }\n",
    );
    let included = [
        "/etc/shadow",
        "/var/log/dpkg.log",
        "/proc/1/environ",
        "tests.txt",
        "../tests.txt",
    ];
    for file in included {
        refused(
            Language::Rust,
            &format!("fn main() {{ println!(\"{{}}\", include_str!({file:?})) }}\n"),
        );
        refused(Language::Rust, &format!("include!({file:?});\n"));
    }
    // The accounts seen inside are none of this machine's.
    let passwd = "const P: &str = include_str!(\"/etc/passwd\");\nfn main() { print!(\"{P}\") }\n";
    if let Ok(artifact) = compiled(None, Language::Rust, passwd) {
        let host = std::fs::read_to_string("/etc/passwd").unwrap();
        assert_ne!(ran(&artifact, "").1, host);
    }
    let asm = "std::arch::global_asm!(\".incbin \\\"/etc/shadow\\\"\");\nfn main() {}\n";
    refused(Language::Rust, asm);
}

#[test]
fn row_66_rust_computes_no_program_of_its_own() {
    refused(
        Language::Rust,
        "const N: u64 = { let mut i = 0; while i < u64::MAX { i += 1 } i };\nfn main() { println!(\"{N}\") }\n",
    );
    refused(Language::Rust, "#![feature(proc_macro_hygiene)]\nfn main() {}\n");
    refused(
        Language::Rust,
        "extern crate proc_macro;\n#[proc_macro]\npub fn m(t: proc_macro::TokenStream) -> proc_macro::TokenStream { t }\nfn main() {}\n",
    );
    let linked = "#[link(name = \"ssl\")]\nunsafe extern \"C\" { fn nothing_of_that_name(); }\nfn main() { unsafe { nothing_of_that_name() } }\n";
    refused(Language::Rust, linked);
}

#[test]
fn row_67_go_calls_no_c_and_embeds_nothing() {
    refused(
        Language::Go,
        "package main\n\n// int x;\nimport \"C\"\n\nfunc main() { println(C.x) }\n",
    );
    let embed = "package main\n\nimport _ \"embed\"\n\n//go:embed main.go\nvar text string\n\nfunc main() { print(text) }\n";
    refused(Language::Go, embed);
    refused(
        Language::Go,
        "package main\n\nimport \"net/http\"\n\nfunc main() { http.Get(\"\") }\n",
    );
    refused(
        Language::Go,
        "package main\n\nimport \"github.com/a/b\"\n\nfunc main() { b.C() }\n",
    );
    let generate = "package main\n\n//go:generate sh -c \"echo 1 > /w/made\"\n\nfunc main() { print(1) }\n";
    assert!(
        compiled(None, Language::Go, generate).is_ok(),
        "a comment is a comment"
    );
}

#[test]
fn row_69_types_are_taken_off_and_nothing_else_is_run() {
    let bomb = "type A<T> = T extends string ? A<A<T>> : never;\ntype B = A<string>;\nconsole.log(1 as unknown as B);\n";
    let artifact = compiled(None, Language::Typescript, bomb).unwrap();
    assert_eq!(ran(&artifact, "").1, "1\n", "types are not checked");
    let deep = format!("const x = {}1{};\n", "(".repeat(50_000), ")".repeat(50_000));
    for language in [Language::Typescript, Language::Javascript] {
        refused(language, &deep);
    }
    refused(
        Language::Python,
        &format!("x = {}1{}\n", "(".repeat(50_000), ")".repeat(50_000)),
    );
}

#[test]
fn row_70_names_are_ours_and_contents_are_no_options() {
    refused(Language::Go, "-o x\n");
    refused(Language::Rust, "-o x\n#line 1 \"/etc/shadow\"\n");
    let line = "package main\n\n//line /etc/shadow:1\nfunc main() { x := 1 }\n";
    refused(Language::Go, line);
}

#[test]
fn row_71_what_a_program_writes_while_it_runs_is_not_in_the_next_run() {
    let source = "import os\nprint(os.path.exists('/w/left'), os.path.exists('/tmp/left'))\n\
                  open('/w/left', 'w').write('x')\nopen('/tmp/left', 'w').write('x')\n\
                  try:\n    open('/app/main.py', 'a')\nexcept OSError as e:\n    print('kept')\n";
    let artifact = compiled(None, Language::Python, source).unwrap();
    for _ in 0..2 {
        assert_eq!(ran(&artifact, "").1, "False False\nkept\n");
    }
}

#[test]
fn a_compiler_that_floods_is_cut_and_the_next_program_compiles() {
    let flood: String = (0..1_500).map(|i| format!("let x{i}: u8 = \"{i}\";\n")).collect();
    let message = refused(Language::Rust, &format!("fn main() {{\n{flood}}}\n"));
    assert!(message.contains("[cut]"), "{} bytes", message.len());
    assert!(message.contains("x0"), "the head is kept");
    assert!(compiled(None, Language::Rust, "fn main() {}\n").is_ok());
}

#[test]
fn collectors_of_garbage_are_told_the_limit() {
    let (_, go) = ECHO[3];
    let artifact = compiled(None, Language::Go, go).unwrap();
    let limit = |env: Vec<(String, String)>| env.into_iter().find(|(name, _)| name == "GOMEMLIMIT");
    assert_eq!(limit(artifact.env.clone()), None);
    let told = limit(artifact.env_within(100 << 20)).unwrap();
    assert_eq!(told.1, (90 << 20).to_string());
}

#[test]
fn the_empty_program_is_measured() {
    for language in Language::ALL {
        for mode in [Mode::Stdio, Mode::Calls] {
            let baseline = baseline::measure(sandbox(), tools(), *language, mode, &shelf()).unwrap();
            println!("{language} {mode}: {baseline:?}");
            assert!(
                baseline.memory < 100 << 20 && baseline.cpu.as_millis() < 1500,
                "{language}: {baseline:?}"
            );
        }
    }
}

#[test]
fn a_runtime_error_is_told_by_file_and_line() {
    let signature: Signature =
        serde_json::from_value(json!({"class": "Quit", "op": [{"name": "go", "doc": "Ends."}]})).unwrap();
    let broken = [
        (
            Language::Python,
            "class Quit:\n    def go(self):\n        return [][1]\n",
            "main.py\", line 3",
        ),
        (
            Language::Javascript,
            "export class Quit {\n  go() {\n    null.x;\n  }\n}\n",
            "main.js:3",
        ),
        (
            Language::Typescript,
            "export class Quit {\n  go(): void {\n    (null as any).x;\n  }\n}\n",
            "main.js:3",
        ),
        (
            Language::Go,
            "package main\n\ntype Quit struct{ x []int }\n\nfunc NewQuit() *Quit { return &Quit{} }\n\nfunc (q *Quit) Go() { println(q.x[1]) }\n",
            "main.go:7",
        ),
        (
            Language::Rust,
            "pub struct Quit;\nimpl Quit {\n    pub fn new() -> Self { Self }\n    pub fn go(&self) { None::<u8>.unwrap(); }\n}\n",
            "main.rs:4",
        ),
    ];
    for (language, source, place) in broken {
        let artifact = compiled(Some(&signature), language, source)
            .unwrap_or_else(|failure| panic!("{}", failure.message));
        let mut slot = sandbox().lease().unwrap();
        let mut session = Session::start(&mut slot, &artifact);
        session.call("init", json!([]));
        assert!(session.call("go", json!([]))["err"].is_string(), "{language}");
        let log = code::language::compile::readable_log(session.ended().2.as_bytes());
        assert!(log.contains(place), "{language}: {log}");
        assert!(!log.contains("/app/main"), "{language}: {log}");
    }
}
