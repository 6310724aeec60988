//! How each language's programs are compiled and run: the files, the command, what comes out of it.

use std::path::Path;

use domain::{CodeSpec, Language, Mode, ProgramFile};

use super::super::shim;
use super::super::toolchains::{Tool, Toolchains};
use crate::Error;

/// Everything that decides what comes out: the same recipe with the same tool makes the same artifact.
pub(super) struct Recipe {
    /// Files that the command finds in its folder.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// The command.
    pub(super) argv: Vec<String>,
    /// Files that it makes and the artifact has.
    pub(super) made: Vec<&'static str>,
    /// Files that the artifact has besides.
    pub(super) kept: Vec<(String, Vec<u8>)>,
    /// The command that runs the artifact, in `/app`.
    pub(super) run: Vec<String>,
}

/// Python without site packages, user folders and written byte code, in UTF-8. What it would read from the
/// environment is decided by ours.
const PYTHON: [&str; 5] = ["-S", "-s", "-B", "-X", "utf8"];

/// Sets the program's input and output aside for the shim, as descriptors 4 and 3: Node cannot do that itself.
const SET_ASIDE: &str = "exec 3>&1 4<&0 1>&2 0</dev/null; exec \"$0\" \"$@\"";

/// Optimised as a release is; the checks of a debug build would be judged as slowness.
const RUSTC: [&str; 10] = [
    "--edition=2024",
    "--crate-name=program",
    "--crate-type=bin",
    "--color=never",
    "-Copt-level=2",
    "-Cdebuginfo=0",
    "-Cstrip=debuginfo",
    "-Awarnings",
    "-o",
    "program",
];

impl Recipe {
    pub(super) fn new(
        tools: &Toolchains,
        spec: &CodeSpec,
        language: Language,
        files: &[ProgramFile],
    ) -> Result<Self, Error> {
        let tool = tools.expect(language)?;
        let source = files
            .iter()
            .find(|file| file.path == language.file())
            .ok_or_else(|| Error::Judge(format!("the submission has no `{}`", language.file())))?;
        let shim = match (spec.mode, &spec.signature) {
            (Mode::Stdio, _) => None,
            (Mode::Calls, Some(signature)) => shim::generate(language, signature).pop(),
            (Mode::Calls, None) => {
                return Err(Error::Judge(format!(
                    "the problem `{}` has no signature",
                    spec.model
                )));
            }
        };
        let source = (language.file().to_owned(), source.text.clone().into_bytes());
        let shim = shim.map(|(name, text)| (name, text.into_bytes()));
        Ok(match language {
            Language::Python => python(tool, source, shim),
            Language::Javascript => javascript(tool, source, shim),
            Language::Typescript => typescript(tool, source, shim, tools.strip_types()),
            Language::Go => go(source, shim),
            Language::Rust => rust(tool, source, shim, tools.linker()),
        })
    }

    /// Names the artifact: no other recipe, tool or version has the same.
    pub(super) fn key(&self, tool: &Tool, language: Language) -> String {
        let mut hash = blake3::Hasher::new();
        let mut add = |part: &[u8]| {
            hash.update(&(part.len() as u64).to_le_bytes()).update(part);
        };
        add(language.as_str().as_bytes());
        add(tool.version.as_bytes());
        for (name, text) in self.files.iter().chain(&self.kept) {
            add(name.as_bytes());
            add(text);
        }
        for word in self.argv.iter().chain(&self.run) {
            add(word.as_bytes());
        }
        hash.finalize().to_hex()[..32].to_owned()
    }
}

type File = (String, Vec<u8>);

fn python(tool: &Tool, source: File, shim: Option<File>) -> Recipe {
    let start = shim.unwrap_or_else(|| ("start.py".to_owned(), include_bytes!("start.py").to_vec()));
    let python = |script: &str| [&[text(&tool.program)], &words(&PYTHON)[..], &[script.to_owned()]].concat();
    Recipe {
        argv: python("check.py"),
        run: python(&format!("/app/{}", start.0)),
        files: vec![
            source.clone(),
            ("check.py".to_owned(), include_bytes!("check.py").to_vec()),
        ],
        made: Vec::new(),
        kept: vec![source, start],
    }
}

fn javascript(tool: &Tool, source: File, shim: Option<File>) -> Recipe {
    let node = text(&tool.program);
    let flags = words(&["--experimental-vm-modules", "--no-warnings", "check.cjs"]);
    let run = match &shim {
        Some((name, _)) => [
            words(&["/bin/sh", "-c", SET_ASIDE]),
            vec![node.clone(), "--no-warnings".to_owned(), format!("/app/{name}")],
        ]
        .concat(),
        None => vec![
            node.clone(),
            "--no-warnings".to_owned(),
            "/app/main.js".to_owned(),
        ],
    };
    Recipe {
        argv: [vec![node], flags].concat(),
        run,
        files: vec![
            source.clone(),
            ("check.cjs".to_owned(), include_bytes!("check.js").to_vec()),
        ],
        made: vec!["package.json"],
        kept: [source].into_iter().chain(shim).collect(),
    }
}

fn typescript(tool: &Tool, source: File, shim: Option<File>, strip_types: &[u8]) -> Recipe {
    const STRIP: &str = "\"$0\" strip.cjs main.ts main.js && exec \"$0\" \"$@\"";
    let stripped = ("main.js".to_owned(), Vec::new());
    let mut recipe = javascript(tool, stripped, shim);
    let [source_at, kept_at] = [&mut recipe.files, &mut recipe.kept].map(|files| files.remove(0));
    debug_assert_eq!((source_at.0.as_str(), kept_at.0.as_str()), ("main.js", "main.js"));
    recipe.files.push(source);
    recipe.files.push(("strip.cjs".to_owned(), strip_types.to_vec()));
    recipe.argv = [words(&["/bin/sh", "-c", STRIP]), recipe.argv].concat();
    recipe.made.push("main.js");
    recipe
}

fn go(source: File, shim: Option<File>) -> Recipe {
    // The compiler and the linker alone: nothing reads packages, fetches modules, runs generators or calls C.
    const BUILD: &str = "set -e; \
        /app/compile -p main -importcfg /app/importcfg -complete -c 2 -pack -o program.a \"$@\"; \
        /app/link -importcfg /app/importcfg -buildid= -s -w -o program program.a";
    let files: Vec<File> = [source].into_iter().chain(shim).collect();
    let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    Recipe {
        argv: [words(&["/bin/sh", "-c", BUILD, "sh"]), names].concat(),
        run: words(&["/app/program"]),
        files,
        made: vec!["program"],
        kept: Vec::new(),
    }
}

fn rust(tool: &Tool, source: File, shim: Option<File>, linker: Option<&Path>) -> Recipe {
    let linker = linker.map(|linker| format!("-Clinker={}", linker.display()));
    let root = shim.as_ref().map_or(source.0.clone(), |(name, _)| name.clone());
    let runtime = shim
        .is_some()
        .then(|| "--extern=spar_runtime=/app/libspar_runtime.rlib".to_owned());
    let argv = [vec![text(&tool.program)], words(&RUSTC)].concat();
    Recipe {
        argv: argv
            .into_iter()
            .chain(linker)
            .chain(runtime)
            .chain([root])
            .collect(),
        run: words(&["/app/program"]),
        files: [source].into_iter().chain(shim).collect(),
        made: vec!["program"],
        kept: Vec::new(),
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
