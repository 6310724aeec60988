//! What compilers and programs say, made fit to be shown: text without controls, bounded, and without the places
//! of this machine.

use std::path::PathBuf;

/// Kept of a compiler's output: what a candidate reads is in the first screens, and the count of errors at the end.
pub(super) const HEAD_BYTES: usize = 48 * 1024;
/// See [`HEAD_BYTES`].
pub(super) const TAIL_BYTES: usize = 16 * 1024;

/// Where the program lies in the sandbox.
const INSIDE: [&str; 2] = ["/w/", "/app/"];

/// Folders that the tools' files are in, besides those of each tool, and where they work.
const OUTSIDE: [&str; 7] = ["/usr/", "/lib/", "/bin/", "/tmp/", "/rustc/", "/w/", "/app/"];

/// A compiler's output. `tools` are the folders of the tools on this machine.
pub(super) fn of_compiler(output: &[u8], tools: &[PathBuf]) -> String {
    let mut text = of_program(output);
    for tool in tools {
        if let Some(folder) = tool.to_str() {
            text = names_only(&text, folder);
        }
    }
    for folder in OUTSIDE {
        text = names_only(&text, folder);
    }
    text.replace("./main.", "main.")
        .replace("./shim.", "shim.")
        .trim_end()
        .to_owned()
}

/// What a program wrote to its log: as text, without the folders that it lies in while it runs. Control
/// characters and the colours of terminals go.
pub fn of_program(output: &[u8]) -> String {
    let mut text = printable(&String::from_utf8_lossy(output));
    for folder in INSIDE {
        for name in ["main.", "shim.", "start."] {
            text = text.replace(&format!("file://{folder}{name}"), name);
            text = text.replace(&format!("{folder}{name}"), name);
        }
    }
    text
}

/// Each path that begins with the folder, cut to its last part.
fn names_only(text: &str, folder: &str) -> String {
    let mut cut = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(folder) {
        let (before, path) = rest.split_at(at);
        cut += before;
        let in_path = |c: char| c.is_alphanumeric() || "/._-+@~".contains(c);
        let end = path.find(|c| !in_path(c)).unwrap_or(path.len());
        let begins = !before.ends_with(|c: char| c.is_alphanumeric() || "._-/".contains(c));
        let shown = if begins {
            path[..end]
                .trim_end_matches('/')
                .rsplit('/')
                .next()
                .unwrap_or_default()
        } else {
            &path[..end]
        };
        cut += shown;
        rest = &path[end..];
    }
    cut + rest
}

/// The text without escape sequences and control characters.
fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => {
                if chars.next_if_eq(&'[').is_some() {
                    while chars
                        .next_if(|c| !c.is_ascii_alphabetic() && *c != '\n')
                        .is_some()
                    {}
                    chars.next_if(char::is_ascii_alphabetic);
                }
            }
            '\n' | '\t' => clean.push(c),
            '\r' => {}
            _ if c.is_control() => clean.push('\u{fffd}'),
            _ => clean.push(c),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cut_to_names() {
        let said = b"/w/main.py:3:5: error in /opt/go/src/fmt/print.go:9 (\"/users/42\"), ./main.go:1, /usr/lib/x/crt1.o";
        let shown = of_compiler(said, &[PathBuf::from("/opt/go")]);
        assert_eq!(
            shown,
            "main.py:3:5: error in print.go:9 (\"/users/42\"), main.go:1, crt1.o"
        );
    }

    #[test]
    fn colours_and_controls_go() {
        assert_eq!(
            of_program(b"\x1b[31;1mred\x1b[0m\x07 \xff\r\n"),
            "red\u{fffd} \u{fffd}\n"
        );
    }
}
