//! The notation of own tests for programs that read a stream and write lines.
//!
//! ```text
//! # a comment
//! test counts a line that comes twice once
//! < 1000 a1 /orders 200 12
//! < 1000 a1 /orders 200 12
//! > 0 /orders count=1 errors=0 p50=12 p95=12 p99=12
//! > end lines=2 counted=1 duplicate=1 late=0 malformed=0
//! ```
//!
//! `< ` is a line of input, `<| ` the last one when the stream ends inside it, `> ` a line of output. All
//! output is compared. `\r`, `\t`, `\0`, `\\` and `\xHH` stand for bytes that an editor cannot hold.

use crate::{Mismatch, Mutant, OwnTest, OwnTests, TestsError};

/// Most lines of input that [`show`] writes out: what fits a screen or two.
const MAX_SHOWN_LINES: usize = 60;

/// Longest line in bytes that [`shown`] writes out in full.
const MAX_SHOWN_BYTES: usize = 400;

/// A test of the candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinesTest {
    pub(crate) name: String,
    /// Line of the file it starts at, from 1.
    pub(crate) line: usize,
    /// What the program reads.
    pub(crate) input: Vec<u8>,
    /// What it must write.
    pub(crate) expected: Vec<String>,
    /// The input ends inside a line: nothing may follow.
    cut: bool,
}

/// A program as a function from its input to its lines of output.
pub(crate) type Run<'a> = Box<dyn Fn(&[u8]) -> Vec<String> + 'a>;

/// A broken implementation that own tests should catch.
pub(crate) struct BrokenLines<'a> {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) run: Run<'a>,
}

/// Reads the candidate's tests.
///
/// # Errors
/// The first line that is not in the notation.
pub(crate) fn parse(text: &str) -> Result<Vec<LinesTest>, TestsError> {
    let mut tests: Vec<LinesTest> = Vec::new();
    for (at, raw) in text.lines().enumerate() {
        let line = at + 1;
        let error = |message: String| TestsError { line, message };
        if raw.trim().is_empty() || raw.starts_with('#') {
            continue;
        }
        if let Some(name) = raw.strip_prefix("test ") {
            complete(tests.last())?;
            let name = name.trim().to_owned();
            if tests.iter().any(|test| test.name == name) {
                return Err(error(format!("`{name}` is the name of two tests: rename one")));
            }
            tests.push(LinesTest {
                name,
                line,
                input: Vec::new(),
                expected: Vec::new(),
                cut: false,
            });
            continue;
        }
        let Some(test) = tests.last_mut() else {
            return Err(error(
                "no test has begun: write `test ` and its name on a line before".to_owned(),
            ));
        };
        read_line(test, raw).map_err(error)?;
    }
    complete(tests.last())?;
    Ok(tests)
}

fn read_line(test: &mut LinesTest, raw: &str) -> Result<(), String> {
    let after = |sign: &str| {
        raw.strip_prefix(sign)
            .map(|rest| rest.strip_prefix(' ').unwrap_or(rest))
    };
    let cut = after("<|");
    if let Some(text) = cut.or_else(|| after("<")) {
        if test.cut {
            return Err("the input ended with the line before (`<|`): make that one `< `".to_owned());
        }
        test.input.extend(unescaped(text)?);
        match cut {
            Some(_) => test.cut = true,
            None => test.input.push(b'\n'),
        }
        return Ok(());
    }
    if let Some(text) = after(">") {
        let bytes = unescaped(text)?;
        test.expected.push(String::from_utf8_lossy(&bytes).into_owned());
        return Ok(());
    }
    Err(
        "start the line with `< ` (input), `<| ` (input that is cut off), `> ` (output), `# ` or `test `"
            .to_owned(),
    )
}

fn complete(test: Option<&LinesTest>) -> Result<(), TestsError> {
    match test {
        Some(test) if test.expected.is_empty() => Err(TestsError {
            line: test.line,
            message: format!(
                "`{}` expects no output: add the lines it must write, each after `> `",
                test.name
            ),
        }),
        _ => Ok(()),
    }
}

fn unescaped(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend(rest[..at].bytes());
        let escape = &rest[at + 1..];
        let (byte, len) = match escape.as_bytes().first() {
            Some(b'r') => (b'\r', 1),
            Some(b't') => (b'\t', 1),
            Some(b'0') => (0, 1),
            Some(b'\\') => (b'\\', 1),
            Some(b'x') => {
                let digits = escape.get(1..3).unwrap_or_default();
                let byte = u8::from_str_radix(digits, 16)
                    .ok()
                    .filter(|_| !digits.starts_with('+'));
                (
                    byte.ok_or("write `\\x` with two digits from 0 to f, such as `\\xff`")?,
                    3,
                )
            }
            _ => return Err("after `\\` comes r, t, 0, x and two digits, or another `\\`".to_owned()),
        };
        bytes.push(byte);
        rest = &escape[len..];
    }
    bytes.extend(rest.bytes());
    Ok(bytes)
}

/// Runs tests against the right model and the broken ones.
pub(crate) fn judge(
    tests: &[LinesTest],
    right: impl Fn(&[u8]) -> Vec<String>,
    broken: &[BrokenLines<'_>],
) -> OwnTests {
    let judged: Vec<OwnTest> = tests
        .iter()
        .map(|test| OwnTest {
            name: test.name.clone(),
            line: test.line,
            wrong: difference(test, &right(&test.input)),
        })
        .collect();
    let sound = || {
        tests
            .iter()
            .zip(&judged)
            .filter(|(_, judged)| judged.wrong.is_none())
    };
    let mutants = broken
        .iter()
        .map(|broken| Mutant {
            id: broken.id,
            title: broken.title,
            caught_by: sound()
                .find(|(test, _)| (broken.run)(&test.input) != test.expected)
                .map(|(test, _)| test.name.clone()),
        })
        .collect();
    OwnTests {
        tests: judged,
        mutants,
    }
}

/// How a test is wrong: `right` is what a right program writes.
fn difference(test: &LinesTest, right: &[String]) -> Option<Mismatch> {
    let at = first_difference(&test.expected, right)?;
    let line = |lines: &[String]| {
        lines
            .get(at)
            .map_or("(no line)".to_owned(), |line| format!("> {line}"))
    };
    Some(Mismatch {
        step: at,
        input: show_input(&test.input),
        expected: line(right),
        got: line(&test.expected),
        rule: "A test must hold for a right program: this one expects something else.".to_owned(),
    })
}

/// The first line in which two outputs differ.
pub(crate) fn first_difference<A: AsRef<str>, B: AsRef<str>>(one: &[A], other: &[B]) -> Option<usize> {
    (0..one.len().max(other.len()))
        .find(|&at| one.get(at).map(AsRef::as_ref) != other.get(at).map(AsRef::as_ref))
}

/// Input and output in the notation. Long inputs are shortened by a comment that says so.
pub(crate) fn show(name: &str, input: &[u8], output: &[String]) -> String {
    let mut text = format!("test {name}\n{}", show_input(input));
    for line in output.iter().take(MAX_SHOWN_LINES) {
        text.push_str(&format!("> {}\n", shown(line.as_bytes())));
    }
    if output.len() > MAX_SHOWN_LINES {
        text.push_str(&format!(
            "# and {} more lines of output\n",
            output.len() - MAX_SHOWN_LINES
        ));
    }
    text
}

fn show_input(input: &[u8]) -> String {
    let mut text = String::new();
    let lines = input.split_inclusive(|&byte| byte == b'\n');
    for line in lines.clone().take(MAX_SHOWN_LINES) {
        match line.strip_suffix(b"\n") {
            Some(whole) => text.push_str(&format!("< {}\n", shown(whole))),
            None => text.push_str(&format!("<| {}\n", shown(line))),
        }
    }
    let more = lines.count().saturating_sub(MAX_SHOWN_LINES);
    if more > 0 {
        text.push_str(&format!("# and {more} more lines of input\n"));
    }
    text
}

/// A line as the notation writes it; what is not readable is escaped. A very long one is cut with a mark.
pub(crate) fn shown(line: &[u8]) -> String {
    let mut text = String::new();
    for chunk in line[..line.len().min(MAX_SHOWN_BYTES)].utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => text.push_str("\\\\"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                '\0' => text.push_str("\\0"),
                c if c.is_ascii() && !c.is_ascii_control() => text.push(c),
                c if c.is_alphanumeric() => text.push(c),
                c => escape_bytes(&mut text, c.to_string().as_bytes()),
            }
        }
        escape_bytes(&mut text, chunk.invalid());
    }
    if line.len() > MAX_SHOWN_BYTES {
        text.push_str(&format!(" ... ({} bytes)", line.len()));
    }
    // An editor that strips spaces at line ends would change the test.
    if text.ends_with(' ') {
        text.truncate(text.len() - 1);
        text.push_str("\\x20");
    }
    text
}

fn escape_bytes(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        text.push_str(&format!("\\x{byte:02x}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# first\ntest one\n< a b\n<\n<| cut \\xff\\\\\n> out\n\ntest two\n< x\n> y\n> z\n";

    #[test]
    fn input_output_and_escapes_are_read() {
        let tests = parse(TEXT).unwrap();
        assert_eq!(tests.len(), 2);
        assert_eq!((tests[0].name.as_str(), tests[0].line), ("one", 2));
        assert_eq!(tests[0].input, b"a b\n\ncut \xff\\");
        assert_eq!(tests[0].expected, ["out"]);
        assert_eq!(tests[1].expected, ["y", "z"]);
    }

    #[test]
    fn errors_name_the_line_and_the_cure() {
        for (text, line, cure) in [
            ("< a\n", 1, "write `test `"),
            ("test a\n< x\n", 1, "after `> `"),
            ("test a\nx\n", 2, "start the line with"),
            ("test a\n< \\q\n> x\n", 2, "after `\\`"),
            ("test a\n< \\xg0\n> x\n", 2, "two digits"),
            ("test a\n<| x\n< y\n> x\n", 3, "make that one"),
            ("test a\n> x\ntest a\n> y\n", 3, "rename one"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.line, line, "{text:?}");
            assert!(error.message.contains(cure), "{text:?}: {}", error.message);
        }
    }

    #[test]
    fn what_is_shown_reads_back() {
        let input = b"a\\b \n\xff\xfe\r\n\xe2\x80\xa8\x00\n\nlast".to_vec();
        let output = vec!["a".to_owned(), "b c".to_owned()];
        let tests = parse(&show("back", &input, &output)).unwrap();
        assert_eq!((&tests[0].input, &tests[0].expected), (&input, &output));
    }

    #[test]
    fn a_wrong_test_catches_nothing() {
        let tests = parse("test wrong\n< a\n> b\ntest right\n< c\n> c\n").unwrap();
        let echo = |input: &[u8]| {
            String::from_utf8_lossy(input)
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let mutes = BrokenLines {
            id: "mute",
            title: "Says nothing.",
            run: Box::new(|_| Vec::new()),
        };
        let echoes = BrokenLines {
            id: "same",
            title: "Is right.",
            run: Box::new(echo),
        };
        let judged = judge(&tests, echo, &[mutes, echoes]);
        assert!(judged.tests[0].wrong.is_some() && judged.tests[1].wrong.is_none());
        assert_eq!(judged.mutants[0].caught_by.as_deref(), Some("right"));
        assert_eq!(judged.mutants[1].caught_by, None);
    }
}
