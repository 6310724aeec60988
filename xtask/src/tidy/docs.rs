//! The documentation: paths that it names exist, and each page has one title.

use super::{Source, prose};

/// First parts of paths that a page may name, and that lie in the repository.
const ROOTS: [&str; 9] = [
    "crates", "web", "e2e", "bank", "docs", "xtask", "fuzz", ".ci", ".cargo",
];

/// Checks the pages; `exists` tells whether a path from the root does.
pub(crate) fn check(sources: &[Source], exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let pages = sources.iter().filter(|source| source.has_extension(&["md"]));
    let ours = pages.filter(|page| page.path.starts_with("docs/") || !page.path.contains('/'));
    ours.flat_map(|page| titles(page).into_iter().chain(lost_paths(page, exists)))
        .collect()
}

fn titles(page: &Source) -> Option<String> {
    let titles = prose(&page.text)
        .filter(|(_, line)| line.starts_with("# "))
        .count();
    (titles != 1).then(|| {
        format!(
            "{}: {titles} titles; hint: one line that starts with `# `",
            page.path
        )
    })
}

fn lost_paths(page: &Source, exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut findings = Vec::new();
    for (number, line) in prose(&page.text) {
        for path in line.split('`').skip(1).step_by(2).filter_map(as_path) {
            if !exists(path) {
                findings.push(format!(
                    "{}:{number}: `{path}` does not exist; hint: name its place now",
                    page.path
                ));
            }
        }
    }
    findings
}

/// The path that a span in backticks names: below a folder of the repository, without blanks or placeholders.
fn as_path(span: &str) -> Option<&str> {
    let path = span.split_once(':').map_or(span, |(path, _)| path);
    let (root, rest) = path.split_once('/')?;
    let made = path.starts_with("web/dist") || path.split('/').any(|part| part == "node_modules");
    let plain = !rest.contains([' ', '<', '>', '*', '{', '}', '(', '…', '|', '$']) && !rest.contains("...");
    (ROOTS.contains(&root) && plain && !made).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Vec<String> {
        let page = Source {
            path: "docs/a.md".to_owned(),
            text: text.to_owned(),
        };
        check(&[page], &|path| path == "crates/bank/src/lib.rs")
    }

    #[test]
    fn lost_paths_are_found() {
        assert!(
            findings("# a\nsee `crates/bank/src/lib.rs:12` and `bank/answer/<id>.md` and `GET /x/y`")
                .is_empty()
        );
        assert_eq!(
            findings("# a\nsee `crates/gone/src/lib.rs`"),
            ["docs/a.md:2: `crates/gone/src/lib.rs` does not exist; hint: name its place now"]
        );
        assert!(findings("# a\n```\n`crates/gone/src/lib.rs`\n```").is_empty());
    }

    #[test]
    fn one_title_a_page() {
        assert_eq!(findings("no title").len(), 1);
        assert_eq!(findings("# a\n# b").len(), 1);
        assert!(findings("# a\n```sh\n# a comment\n```").is_empty());
    }
}
