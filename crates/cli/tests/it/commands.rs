//! Each command: what it prints, what it keeps, how it refuses.

use crate::spar::Spar;

const ANSWER: &str = "I use a token bucket for each API key: it refills at a steady rate and the size is the burst. \
    The counters live in Redis so that all gateways share them, and a Lua script checks and decrements in one step. \
    Over the limit the client gets a 429 with Retry-After.";

#[test]
fn lists_and_shows_the_shipped_bank() {
    let spar = Spar::new();
    let list = spar.run(&["list", "--json"]);
    assert_eq!(list.code, 0, "{}", list.stderr);
    let list = list.json();
    let entries = list.as_array().expect("an array");
    let bank = concat!(env!("CARGO_MANIFEST_DIR"), "/../../bank/answer");
    let files = std::fs::read_dir(bank).expect("the bank").count();
    let code = concat!(env!("CARGO_MANIFEST_DIR"), "/../../bank/code");
    let folders = std::fs::read_dir(code).expect("the programs").flatten();
    let programs = folders.filter(|folder| folder.path().join("item.md").is_file());
    assert_eq!(entries.len(), files + programs.count());
    assert!(
        entries
            .iter()
            .all(|e| e["id"].is_string() && e["kind"].is_string() && e["attempts"] == 0)
    );
    let caching = spar.run(&["list", "--topic", "caching"]);
    assert!(
        caching.stdout.contains("hot-endpoint-cache"),
        "{}",
        caching.stdout
    );
    let shown = spar.run(&["show", "pagination", "--json"]).json();
    assert_eq!(shown["id"], "pagination");
    assert!(
        shown["guidance"]["sample"]
            .as_str()
            .is_some_and(|s| s.len() > 200)
    );
    let folded = spar.run(&["show", "pagination"]);
    assert!(
        !folded.stdout.contains("Misconceptions"),
        "guidance stays folded until asked for"
    );
    assert!(
        spar.run(&["show", "pagination", "--guidance"])
            .stdout
            .contains("Misconceptions")
    );
}

#[test]
fn grades_keeps_and_lists_an_attempt() {
    let spar = Spar::new();
    let file = spar.file("answer.txt", ANSWER);
    let tried = spar.run(&[
        "try",
        "public-api-rate-limiter",
        &file.to_string_lossy(),
        "--json",
    ]);
    assert_eq!(tried.code, 0, "{}", tried.stderr);
    let card = tried.json();
    assert_eq!(card["format"], 1);
    assert_eq!(card["groups"].as_array().map(Vec::len), Some(6));
    let coverage = &card["groups"][0];
    assert!(coverage["low"].as_f64() <= coverage["score"].as_f64());
    assert!(coverage["score"].as_f64() <= coverage["high"].as_f64());
    for criterion in coverage["criteria"].as_array().expect("criteria") {
        for evidence in criterion["evidence"].as_array().expect("always an array") {
            let (start, end) = (evidence["start"].as_u64(), evidence["end"].as_u64());
            let slice = &ANSWER[start.expect("start") as usize..end.expect("end") as usize];
            assert_eq!(evidence["text"], slice, "a span is a slice of the answer");
        }
    }
    let again = spar.run_with(
        &["try", "public-api-rate-limiter", "-", "--json", "--no-save"],
        ANSWER,
    );
    assert_eq!(again.stdout, tried.stdout, "same input, same bytes");
    let history = spar.run(&["history", "--json"]).json();
    assert_eq!(
        history.as_array().map(Vec::len),
        Some(1),
        "--no-save keeps nothing"
    );
    let told = spar.run(&["try", "public-api-rate-limiter", &file.to_string_lossy()]);
    for part in [
        "One fix first",
        "Coverage",
        "Remote-readiness",
        "An interviewer would now ask",
    ] {
        assert!(told.stdout.contains(part), "`{part}` in {}", told.stdout);
    }
    assert!(!told.stdout.contains('\u{1b}'), "no colour into a pipe");
}

#[test]
fn refuses_with_the_name_of_the_thing_and_the_cure() {
    let spar = Spar::new();
    let binary = spar.file("binary.txt", "");
    std::fs::write(&binary, [0xff, 0xfe, 0x00]).expect("file");
    let long = spar.file("long.txt", &"word ".repeat(20_000));
    let (binary, long) = (
        binary.to_string_lossy().into_owned(),
        long.to_string_lossy().into_owned(),
    );
    let cases: [(&[&str], &str); 9] = [
        (&["try", "no-such-item", "-"], "no item `no-such-item`"),
        (&["try", "No Such", "-"], "is not an item id"),
        (
            &["try", "pagination", "/no/such/file"],
            "cannot read `/no/such/file`",
        ),
        (&["try", "pagination", "-"], "is empty"),
        (&["try", "pagination", &binary], "is not UTF-8 at byte 0"),
        (&["try", "pagination", &long], "more than 65536 bytes"),
        (&["try", "pagination", "-", "--lang", "rust"], "`--lang`"),
        (&["list", "--level", "guru"], "guru"),
        (&["bank", "verify", "nothing"], "no item `nothing`"),
    ];
    for (args, message) in cases {
        let run = spar.run(args);
        assert_eq!(run.code, 2, "{args:?}: {}", run.stderr);
        assert!(
            run.stderr.contains(message),
            "{args:?}: `{message}` in {}",
            run.stderr
        );
        assert!(run.stdout.is_empty(), "{args:?}: nothing on standard output");
    }
}

#[test]
fn practises_in_the_terminal_up_to_the_last_question() {
    let spar = Spar::new();
    let input = format!("{ANSWER}\n.\n1\np\np\np\np\np\n");
    let run = spar.run_with(&["practice", "public-api-rate-limiter"], &input);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for part in ["Rate limiter", "Question 1 of", "After the follow-ups"] {
        assert!(run.stdout.contains(part), "`{part}` in {}", run.stdout);
    }
    assert_eq!(
        spar.run(&["history", "--json"]).json().as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn exports_wipes_and_imports_to_the_same_bytes() {
    let spar = Spar::new();
    let input = format!("{ANSWER}\n.\n1\n2\nq\n");
    assert_eq!(
        spar.run_with(&["practice", "public-api-rate-limiter"], &input)
            .code,
        0
    );
    assert_eq!(
        spar.run_with(&["try", "pagination", "-"], "Use keyset, not offset.")
            .code,
        0
    );
    let before = spar.run(&["export"]).json();
    let file = spar.file("export.json", &before.to_string());
    let other = Spar::new();
    let imported = other.run(&["import", &file.to_string_lossy(), "--json"]).json();
    assert_eq!(
        (&imported["attempts"]["added"], &imported["attempts"]["skipped"]),
        (&2.into(), &0.into())
    );
    let after = other.run(&["export"]).json();
    assert_eq!(after["attempts"], before["attempts"]);
    let again = other.run(&["import", &file.to_string_lossy(), "--json"]).json();
    assert_eq!(
        (&again["attempts"]["added"], &again["attempts"]["skipped"]),
        (&0.into(), &2.into())
    );
    let broken = other.run_with(&["import", "-"], "{\"format\": 9}");
    assert_eq!(broken.code, 2, "{}", broken.stderr);
}

#[test]
fn checks_packs_with_file_line_and_cure() {
    let spar = Spar::new();
    let sound = spar.run(&["bank", "check"]);
    assert_eq!(sound.code, 0, "{}", sound.stdout);
    let pack = spar.file(
        "pack/answer/broken.md",
        "```toml\nformat = 1\nid = \"broken\"\nround = \"song\"\n```\n",
    );
    let folder = pack
        .parent()
        .and_then(|p| p.parent())
        .expect("pack folder")
        .to_string_lossy()
        .into_owned();
    let run = spar.run(&["bank", "check", "--bank", &folder]);
    assert_eq!(run.code, 1, "findings are a failure");
    assert!(
        run.stdout.contains("answer/broken.md:4:"),
        "file and line in {}",
        run.stdout
    );
    assert!(run.stdout.contains("hint:"), "a cure in {}", run.stdout);
}

#[test]
fn evaluates_answers_line_by_line() {
    let spar = Spar::new();
    let lines = [
        format!(
            "{{\"item\":\"pagination\",\"answer\":{:?},\"gold\":{{\"coverage\":5}}}}",
            ANSWER
        ),
        "{\"question\":\"What does a prototype do?\",\"reference\":\"It simulates parts of the product.\",\
          \"answer\":\"It simulates portions of the product.\"}"
            .to_owned(),
        "not json".to_owned(),
    ];
    let run = spar.run_with(&["eval", "answers", "-", "--json"], &lines.join("\n"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let out = json_lines(&run.stdout);
    assert_eq!(out.len(), 4, "one line back for each, and the report");
    assert!(out[0]["scored"]["structure"].is_number());
    assert!(out[1]["scored"]["coverage"].as_f64().is_some_and(|c| c > 60.0));
    assert!(out[1]["scored"]["structure"].is_null(), "no rubric, no axes");
    assert!(out[2]["error"].is_string());
    assert!(out[3].get("scored").is_none());
}

fn json_lines(stdout: &str) -> Vec<serde_json::Value> {
    let lines = stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON lines"))
        .collect()
}

#[test]
fn evaluates_statements_and_names_the_lines_that_are_none() {
    let spar = Spar::new();
    let line = |item: &str, fact: &str, kind: &str| {
        let text = "Skipping with an offset gets slower with every page, since all rows before it are read.";
        serde_json::json!({"item": item, "fact": fact, "kind": kind, "text": text}).to_string()
    };
    let lines = [
        line("pagination", "offset-cost", "right"),
        line("no-such-item", "offset-cost", "right"),
        line("pagination", "no-such-fact", "wrong"),
        line("pagination", "offset-cost", "sure"),
    ];
    let run = spar.run_with(&["eval", "statements", "-"], &lines.join("\n"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let out = json_lines(&run.stdout);
    assert_eq!(out.len(), 5, "one line back for each, and the report");
    assert!(
        out[0]["status"].is_string() && out[0]["share"].is_number(),
        "{}",
        out[0]
    );
    for (at, field) in [(1, "`item`"), (2, "`fact`"), (3, "`kind`")] {
        assert_eq!(out[at]["line"], at + 1);
        let error = out[at]["error"].as_str().expect("an error");
        assert!(error.starts_with(field), "{error}");
    }
    assert_eq!(out[4]["errors"], 3);
    for part in [
        "1 statements on 1 facts of 1 items; not graded: 3 lines.",
        "| confirmed |",
        "- a sentence alone is no answer",
    ] {
        assert!(run.stderr.contains(part), "{}", run.stderr);
    }
}

#[test]
fn doctor_names_what_works() {
    let spar = Spar::new();
    let run = spar.run(&["doctor", "--json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let names: Vec<String> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON lines")["name"].to_string())
        .collect();
    assert_eq!(
        names,
        [
            "\"bank\"",
            "\"encoder\"",
            "\"go\"",
            "\"javascript\"",
            "\"python\"",
            "\"rust\"",
            "\"sandbox\"",
            "\"second reader\"",
            "\"speech\"",
            "\"store\"",
            "\"typescript\""
        ]
    );
}

#[test]
fn a_page_without_its_markers_is_refused_before_anything_is_measured() {
    let spar = Spar::new();
    let page = spar.file("page.md", "# Page\n<!-- bank -->\n");
    let run = spar.run(&["eval", "report", &page.to_string_lossy(), "--check"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("<!-- /bank -->"), "{}", run.stderr);
    assert_eq!(
        std::fs::read_to_string(&page).expect("page"),
        "# Page\n<!-- bank -->\n"
    );
}
