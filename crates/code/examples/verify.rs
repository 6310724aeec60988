//! Grades every proof of items of the bank and compares the verdict with its folder:
//! `verify bank/code/lru-cache [part of a proof's path]`. `spar bank verify` does this for the product.

use std::path::{Path, PathBuf};
use std::time::Instant;

use code::{Config, Grading, Judge};
use domain::{
    CaseGroup, CodeLimits, CodeSpec, GroupId, Language, Mode, ProgramFile, Proof, RunVerdict, Signature,
};

#[derive(serde::Deserialize)]
struct Head {
    id: String,
    mode: Mode,
    model: String,
    signature: Option<Signature>,
    limits: CodeLimits,
    #[serde(rename = "group")]
    groups: Vec<CaseGroup>,
}

#[expect(clippy::print_stdout, reason = "a program for a terminal")]
fn main() {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().expect("a folder of an item"));
    let filter = args.next().unwrap_or_default();
    let spec = spec(&folder);
    let judge = Judge::start(config()).expect("a judge");
    println!("{:?}", judge.status());
    let full = std::fs::read_to_string(folder.join("tests-full.txt")).unwrap_or_default();
    let mut off = 0;
    for proof in spec.1.proofs.iter().filter(|proof| proof.path.contains(&filter)) {
        let file = |path: &str, text: &str| ProgramFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let files = [
            file(proof.language.file(), &proof.source),
            file(domain::TESTS_FILE, &full),
        ];
        let grading = Grading {
            item: &spec.0,
            revision: "b3:0",
            seed: 1,
            spec: &spec.1,
            language: proof.language,
            files: &files,
        };
        let began = Instant::now();
        let tell = |progress| {
            if !filter.is_empty() {
                println!("{:.1?} {progress:?}", began.elapsed());
            }
        };
        let card = match judge.grade(&grading, &tell) {
            Ok(card) => card,
            Err(e) => {
                println!("BROKEN {}: {e}", proof.path);
                off += 1;
                continue;
            }
        };
        let right = card.verdict == Some(proof.verdict);
        let mark = if right { "ok" } else { "OFF" };
        off += usize::from(!right);
        let verdict = card.verdict.map_or("", RunVerdict::as_str);
        println!(
            "{mark} {} {verdict} {:?} {:.1?}",
            proof.path,
            card.score(),
            began.elapsed()
        );
        for group in card.groups.iter().filter(|g| g.score() != Some(100.0)) {
            let shown = !right || !filter.is_empty() || group.id == GroupId::OwnTests;
            for c in group.criteria.iter().filter(|c| shown && c.points < c.out_of) {
                println!("    {}: {} | {} | {:?}", group.id, c.title, c.why, c.evidence);
            }
        }
        if !filter.is_empty() {
            println!(
                "{:?}\n{:?}",
                card.group(GroupId::Scale),
                card.group(GroupId::Memory)
            );
        }
    }
    println!("{off} off");
}

fn config() -> Config {
    let program = std::env::current_exe().expect("this program");
    let target = program
        .parent()
        .and_then(Path::parent)
        .expect("the target folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let go = std::env::var_os("SPAR_GO").map(PathBuf::from);
    let go = go.and_then(|go| go.parent().map(Path::to_owned));
    Config {
        broker: target.join("broker"),
        shelf: target.join("verify-shelf"),
        path: std::env::split_paths(&path).chain(go).collect(),
        strip_types: std::fs::read("web/dist-judge/strip.js")
            .unwrap_or_default()
            .leak(),
        slots: 2,
        degraded: false,
    }
}

fn spec(folder: &Path) -> (String, CodeSpec) {
    let item = std::fs::read_to_string(folder.join("item.md")).expect("item.md");
    let head = item
        .split("```toml")
        .nth(1)
        .and_then(|rest| rest.split("\n```").next());
    let head: Head = toml::from_str(head.expect("a fenced head")).expect("a head");
    let mut proofs = Vec::new();
    let submissions = std::fs::read_dir(folder.join("submissions")).expect("submissions");
    for verdict in submissions.filter_map(Result::ok) {
        let name = verdict.file_name().to_string_lossy().into_owned();
        for file in std::fs::read_dir(verdict.path())
            .expect("a folder")
            .filter_map(Result::ok)
        {
            let path = format!("{name}/{}", file.file_name().to_string_lossy());
            proofs.push(Proof {
                language: Language::of_file(&path).expect("a language"),
                verdict: name.parse().expect("a verdict"),
                source: std::fs::read_to_string(file.path()).expect("a program"),
                path,
            });
        }
    }
    proofs.sort_by(|a, b| a.path.cmp(&b.path));
    let spec = CodeSpec {
        mode: head.mode,
        model: head.model,
        signature: head.signature,
        groups: head.groups,
        limits: head.limits,
        starters: Vec::new(),
        tests: String::new(),
        proofs,
    };
    (head.id, spec)
}
