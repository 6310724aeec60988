//! Which crate may use which: the arrows of `docs/architecture.md`.

use super::Source;

/// A crate and those of ours that it may use. Siblings do not see each other; `xtask` depends on nobody.
const MAY_USE: [(&str, &[&str]); 20] = [
    ("domain", &[]),
    ("bank", &["domain"]),
    ("encoder", &["domain"]),
    ("answer", &["domain", "encoder"]),
    ("broker", &[]),
    ("cases", &["domain"]),
    ("code", &["broker", "cases", "domain"]),
    ("remote", &[]),
    ("reader", &["domain", "remote"]),
    ("prepare", &["domain"]),
    ("interview", &["domain"]),
    ("paper", &["domain"]),
    ("scripted", &[]),
    ("speech", &["domain"]),
    ("transcriber", &["remote", "speech"]),
    ("store", &["domain"]),
    (
        "practice",
        &[
            "answer",
            "bank",
            "cases",
            "code",
            "domain",
            "encoder",
            "interview",
            "paper",
            "prepare",
            "reader",
            "store",
            "transcriber",
        ],
    ),
    ("server", &["domain", "practice"]),
    ("cli", &["broker", "domain", "encoder", "practice", "server"]),
    ("xtask", &[]),
];

/// Checks every manifest of the workspace.
pub(crate) fn check(sources: &[Source]) -> Vec<String> {
    sources.iter().flat_map(check_manifest).collect()
}

fn check_manifest(source: &Source) -> Vec<String> {
    let Some(name) = crate_of(&source.path) else {
        return Vec::new();
    };
    let Some((_, allowed)) = MAY_USE.iter().find(|(n, _)| *n == name) else {
        return vec![format!(
            "{}: crate `{name}` has no place in the graph; hint: give it one in xtask/src/tidy/graph.rs",
            source.path
        )];
    };
    dependencies(&source.text)
        .filter(|(_, used)| MAY_USE.iter().any(|(n, _)| n == used) && !allowed.contains(used))
        .map(|(line, used)| {
            format!(
                "{}:{line}: `{name}` must not use `{used}`; hint: see docs/architecture.md",
                source.path
            )
        })
        .collect()
}

fn crate_of(path: &str) -> Option<&str> {
    let folder = path.strip_suffix("/Cargo.toml")?;
    let name = folder.strip_prefix("crates/").unwrap_or(folder);
    (name == "xtask" || folder != name).then_some(name)
}

/// The names that a manifest depends on, for building and running; tests may use more.
fn dependencies(manifest: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut within = false;
    manifest.lines().enumerate().filter_map(move |(i, line)| {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            let table = header.rsplit_once("dependencies");
            within = matches!(table, Some((before, "")) if !before.ends_with("dev-"));
            // `[dependencies.name]`, the long form.
            let (before, after) = table?;
            return after
                .strip_prefix('.')
                .filter(|_| !before.ends_with("dev-"))
                .map(|name| (i + 1, name));
        }
        let name = line
            .split([' ', '.', '='])
            .next()
            .filter(|n| !n.is_empty() && !n.starts_with('#'))?;
        within.then_some((i + 1, name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        check(&[Source {
            path: path.to_owned(),
            text: text.to_owned(),
        }])
    }

    #[test]
    fn arrows_outside_the_table_are_found() {
        let store = "[package]\nname = \"store\"\n\n[dependencies]\ndomain.workspace = true\nsqlx = \"1\"\n";
        assert!(findings("crates/store/Cargo.toml", store).is_empty());
        let wrong = format!("{store}bank = {{ path = \"../bank\" }}\n");
        assert_eq!(
            findings("crates/store/Cargo.toml", &wrong),
            ["crates/store/Cargo.toml:7: `store` must not use `bank`; hint: see docs/architecture.md"]
        );
        let tests =
            format!("{store}\n[dev-dependencies]\nbank.workspace = true\n[dev-dependencies.answer]\n");
        assert!(findings("crates/store/Cargo.toml", &tests).is_empty());
        let long = format!("{store}\n[dependencies.answer]\nworkspace = true\n");
        assert_eq!(findings("crates/store/Cargo.toml", &long).len(), 1);
    }

    #[test]
    fn a_new_crate_needs_a_place() {
        assert_eq!(findings("crates/extra/Cargo.toml", "").len(), 1);
        assert!(findings("Cargo.toml", "[dependencies]\nbank.workspace = true").is_empty());
    }
}
