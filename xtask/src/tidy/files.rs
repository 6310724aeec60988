//! Files: not too long, named for what they hold, free of this machine's paths and mirrors.

use super::Source;

/// Lines in a source file at most: longer ones are more than one idea.
const MAX_LINES: usize = 500;

/// Names that say nothing, so that everything ends up there.
const VAGUE: [&str; 7] = ["utils", "util", "helpers", "helper", "common", "misc", "shared"];

/// First folders of absolute paths that only exist on somebody's machine.
const MACHINE: [&str; 5] = ["work", "farm", "root", "home", "Users"];

/// Checks every file.
pub(crate) fn check(sources: &[Source]) -> Vec<String> {
    sources
        .iter()
        .flat_map(|source| {
            [too_long(source), vague(source)]
                .into_iter()
                .flatten()
                .chain(places(source))
        })
        .collect()
}

fn too_long(source: &Source) -> Option<String> {
    let lines = source.text.lines().count();
    let generated = source.text.lines().take(3).any(|line| line.contains("generated"));
    (source.has_extension(&["rs", "svelte", "ts"]) && lines > MAX_LINES && !generated).then(|| {
        format!(
            "{}: {lines} lines, more than {MAX_LINES}; hint: split it by idea",
            source.path
        )
    })
}

fn vague(source: &Source) -> Option<String> {
    let parts = source
        .path
        .split('/')
        .map(|part| part.split('.').next().unwrap_or(part));
    let vague = parts.into_iter().find(|part| VAGUE.contains(part))?;
    source.has_extension(&["rs", "svelte", "ts", "js"]).then(|| {
        format!(
            "{}: `{vague}` says nothing; hint: name it for what it holds",
            source.path
        )
    })
}

fn places(source: &Source) -> Vec<String> {
    let mut findings = Vec::new();
    for (i, line) in source.text.lines().enumerate() {
        if let Some(folder) = MACHINE.iter().find(|folder| has_root(line, folder)) {
            findings.push(format!(
                "{}:{}: a path of one machine, /{folder}/; hint: make it relative",
                source.path,
                i + 1
            ));
        }
        if let Some(host) = foreign_registry(source.name(), line) {
            findings.push(format!(
                "{}:{}: fetches from {host}; hint: make the lock file with the public registry",
                source.path,
                i + 1
            ));
        }
    }
    findings
}

fn has_root(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + folder.len()..]);
        let starts = before.strip_suffix('/').is_some_and(|before| {
            !before.ends_with(|c: char| {
                c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '$' | '}' | '>' | '*' | '-')
            })
        });
        starts && after.starts_with('/') && after[1..].starts_with(|c: char| c.is_alphanumeric() || c == '.')
    })
}

/// An address in an npm lock file: npm finds packages by name without one, and the one it writes is that of
/// whoever ran it. (Cargo writes the public index whatever mirror it used.)
fn foreign_registry<'a>(name: &str, line: &'a str) -> Option<&'a str> {
    let address = line.trim().strip_prefix("\"resolved\": \"")?;
    (name == "package-lock.json").then(|| address.trim_end_matches([',', '"']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> usize {
        check(&[Source {
            path: path.to_owned(),
            text: text.to_owned(),
        }])
        .len()
    }

    #[test]
    fn long_files_are_found_unless_generated() {
        assert_eq!(findings("a.rs", &"x\n".repeat(500)), 0);
        assert_eq!(findings("a.rs", &"x\n".repeat(501)), 1);
        assert_eq!(findings("a.md", &"x\n".repeat(501)), 0);
        assert_eq!(
            findings(
                "schema.d.ts",
                &format!("/** auto-generated */\n{}", "x\n".repeat(900))
            ),
            0
        );
    }

    #[test]
    fn vague_names_are_found() {
        assert_eq!(findings("crates/bank/src/utils.rs", ""), 1);
        assert_eq!(findings("web/src/helpers/a.ts", ""), 1);
        assert_eq!(findings("docs/common.md", ""), 0);
        assert_eq!(findings("crates/bank/src/commons.rs", ""), 0);
    }

    #[test]
    fn machine_paths_and_mirrors_are_found() {
        for folder in MACHINE {
            assert_eq!(findings("a.md", &format!("see /{folder}/me")), 1, "{folder}");
            assert_eq!(
                findings("a.md", &format!("see ./{folder}/me and x/{folder}/me")),
                0,
                "{folder}"
            );
        }
        let line = "  \"resolved\": \"http://mirror.example/a.tgz\",";
        assert_eq!(findings("web/package-lock.json", line), 1);
        assert_eq!(findings("web/other.json", line), 0);
    }
}
