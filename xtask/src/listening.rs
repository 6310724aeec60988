//! What the coach takes from the end of a sentence to its nudge: the strong references of the bank, grown
//! sentence by sentence over HTTP, as the page does it.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::http::Connection;
use crate::project::Outcome;

/// What was measured, sorted.
pub(crate) struct Listening {
    /// With one new sentence at the end.
    pub(crate) grown: Vec<Duration>,
    /// The same text once more, of which nothing is new: what the request itself costs.
    pub(crate) again: Vec<Duration>,
}

/// Grows every strong reference of every core item. Before the first sentence the coach is turned on, as on the
/// page: that prepares the item and is not measured.
pub(crate) fn measure(address: SocketAddr, bank: &Path) -> Outcome<Listening> {
    let mut connection = Connection::open(address)?;
    let mut listening = Listening {
        grown: Vec::new(),
        again: Vec::new(),
    };
    for (item, text) in references(bank)? {
        listen(&mut connection, &item, "")?;
        for so_far in growing(&text) {
            listening.grown.push(listen(&mut connection, &item, so_far)?);
            listening.again.push(listen(&mut connection, &item, so_far)?);
        }
    }
    if listening.grown.is_empty() {
        return Err(format!("no strong references in `{}`", bank.display()));
    }
    listening.grown.sort_unstable();
    listening.again.sort_unstable();
    Ok(listening)
}

fn listen(connection: &mut Connection, item: &str, text: &str) -> Outcome<Duration> {
    let path = format!("/api/v1/items/{item}/coach");
    let body = format!("{{\"text\":\"{}\"}}", escaped(text));
    let start = Instant::now();
    let response = connection.post(&path, &body)?;
    let took = start.elapsed();
    if response.status != 200 {
        let said = String::from_utf8_lossy(&response.body);
        return Err(format!("POST {path} gave {}: {said}", response.status));
    }
    Ok(took)
}

/// Items with their strong references, in the order of the files.
fn references(bank: &Path) -> Outcome<Vec<(String, String)>> {
    let failed = |e: std::io::Error| format!("read `{}`: {e}", bank.display());
    let entries = std::fs::read_dir(bank).map_err(failed)?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(failed)?;
        let item = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        all.extend(strong(&text).into_iter().map(|words| (item.clone(), words)));
    }
    Ok(all)
}

/// The words under each heading `### good`, without the grades before them.
fn strong(file: &str) -> Vec<String> {
    let sections = file.split("\n### ").skip(1).filter(|s| s.starts_with("good"));
    let words = |section: &str| {
        let answer = section.split("\n```\n").nth(1)?;
        Some(answer.split("\n## ").next()?.trim().to_owned())
    };
    sections.filter_map(words).collect()
}

/// A text up to each end of a sentence.
fn growing(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.match_indices(['.', '?', '!']).map(|(at, _)| at + 1);
    let ends = ends.filter(|end| text[*end..].chars().next().is_none_or(char::is_whitespace));
    ends.map(|end| &text[..end])
}

/// For a JSON string; control characters other than line ends do not occur in the bank.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_grow_by_sentences() {
        let file = "# A\n\n## References\n\n### good: terse\n```toml\na = 1\n```\nOne 1.5 s. \"Two\"?\n\n\
                    ### wrong: so\n```toml\na = 1\n```\nNo.\n\n### good: last\n```toml\n```\nThree!\n\n## Next\nx\n";
        let found = strong(file);
        assert_eq!(found, ["One 1.5 s. \"Two\"?", "Three!"]);
        let grown: Vec<&str> = growing(&found[0]).collect();
        assert_eq!(grown, ["One 1.5 s.", "One 1.5 s. \"Two\"?"]);
        assert_eq!(escaped("a \"b\"\n\\"), "a \\\"b\\\"\\n\\\\");
    }
}
