//! Pure crates have no clock, no I/O, no unseeded randomness and no hash maps, whose order varies.

use super::Source;

const PURE: [&str; 9] = [
    "crates/domain/src/",
    "crates/bank/src/",
    "crates/encoder/src/",
    "crates/answer/src/",
    "crates/speech/src/",
    "crates/prepare/src/",
    "crates/interview/src/",
    "crates/paper/src/",
    "crates/cases/src/",
];

/// Words that a pure crate must not say, with what to do instead.
const FORBIDDEN: [(&str, &str); 9] = [
    ("HashMap", "use a BTreeMap or a sorted Vec"),
    ("HashSet", "use a BTreeSet or a sorted Vec"),
    ("Instant", "take the time as an argument"),
    ("SystemTime", "take the time as an argument"),
    ("fs", "take the text or bytes as an argument"),
    ("env", "take the setting as an argument"),
    ("net", "do it in a shell crate"),
    ("process", "do it in a shell crate"),
    ("rand", "take a seed as an argument"),
];

/// Words that mean nothing bad unless they are a module of `std` or a crate.
const MODULES: [&str; 5] = ["fs", "env", "net", "process", "rand"];

/// Checks the sources of the pure crates; their tests may read files.
pub(crate) fn check(sources: &[Source]) -> Vec<String> {
    let pure = sources
        .iter()
        .filter(|s| PURE.iter().any(|p| s.path.starts_with(p)) && s.has_extension(&["rs"]));
    pure.flat_map(check_source).collect()
}

fn check_source(source: &Source) -> Vec<String> {
    let mut findings = Vec::new();
    let code = source.text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    for (i, line) in code.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for (word, cure) in FORBIDDEN.iter().filter(|(word, _)| says(code, word)) {
            findings.push(format!(
                "{}:{}: `{word}` in a pure crate; hint: {cure}",
                source.path,
                i + 1
            ));
        }
    }
    findings
}

fn says(code: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + word.len()..]);
        let whole = !before.ends_with(is_word) && !after.starts_with(is_word);
        let is_module = before.ends_with("std::")
            || (before.contains("std::{") && !after.starts_with('!'))
            || (word == "rand" && after.starts_with("::"));
        whole && (!MODULES.contains(&word) || is_module)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impure_words_are_found() {
        let check = |path: &str, text: &str| {
            check(&[Source {
                path: path.to_owned(),
                text: text.to_owned(),
            }])
            .len()
        };
        for bad in [
            "use std::collections::HashMap;",
            "use std::{env, fmt};",
            "std::fs::read(p)",
            "let now = Instant::now();",
            "rand::random()",
        ] {
            assert_eq!(check("crates/bank/src/a.rs", bad), 1, "{bad}");
            assert_eq!(check("crates/store/src/a.rs", bad), 0, "{bad}");
            assert_eq!(check("crates/bank/tests/it/main.rs", bad), 0, "{bad}");
        }
        for good in [
            "// a HashMap would vary",
            "env!(\"X\")",
            "let process = 1;",
            "operand",
            "MyHashMaps",
            "#[cfg(test)]\nmod tests {\n    use std::fs;\n}",
        ] {
            assert_eq!(check("crates/bank/src/a.rs", good), 0, "{good}");
        }
    }
}
