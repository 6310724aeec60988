//! What a candidate reads of a run: bounded, and the same each time.

use cases::{Answered, Case, Reply, Script, Step, Transcript};

/// Bytes of a text that are shown: two screens.
const SHOWN: usize = 4096;

/// A text cut to what is shown, with a word on what was left out.
pub(super) fn cut(text: &str) -> String {
    if text.len() <= SHOWN {
        return text.to_owned();
    }
    let end = (0..=SHOWN).rev().find(|n| text.is_char_boundary(*n)).unwrap_or(0);
    format!("{}\n... {} bytes more", &text[..end], text.len() - end)
}

/// A text of the program without what differs from run to run: addresses in memory.
pub(super) fn steady(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("0x") {
        let digits = rest[at + 2..].bytes().take_while(u8::is_ascii_hexdigit).count();
        out.push_str(&rest[..at + 2]);
        // Short ones are numbers that somebody wrote.
        let shown = if digits >= 6 {
            "..."
        } else {
            &rest[at + 2..at + 2 + digits]
        };
        out.push_str(shown);
        rest = &rest[at + 2 + digits..];
    }
    out.push_str(rest);
    out
}

/// How large a case is, in the words of its kind.
pub(super) fn size(case: &Case) -> String {
    match &case.script {
        Script::Stdio { input } => {
            let lines = input.split_inclusive(|b| *b == b'\n').count();
            count(lines, "line")
        }
        Script::Calls { steps, .. } => {
            let calls = |step: &Step| match step {
                Step::Call(_) => 1,
                Step::Together(calls) => calls.len(),
                Step::Par(scripts) => scripts.iter().map(Vec::len).sum(),
                Step::Restart | Step::Garbage(_) => 0,
            };
            let restarts = steps.iter().filter(|step| **step == Step::Restart).count();
            let mut text = count(steps.iter().map(calls).sum(), "call");
            if restarts > 0 {
                text.push_str(&format!(" and {}", count(restarts, "restart")));
            }
            text
        }
    }
}

/// How many of something.
pub(super) fn count(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}

/// What came back, a line for each answer.
pub(super) fn transcript(transcript: &Transcript) -> String {
    match transcript {
        Transcript::Stdio { output } => cut(&String::from_utf8_lossy(output)),
        Transcript::Calls { steps } => {
            let mut text = String::new();
            for answered in steps.iter().flatten() {
                text.push_str(&line(answered));
                text.push('\n');
                if text.len() > SHOWN {
                    break;
                }
            }
            cut(text.trim_end())
        }
    }
}

fn line(answered: &Answered) -> String {
    let call = &answered.call;
    let mut text = call.op.clone();
    for arg in &call.args {
        text.push(' ');
        text.push_str(&arg.to_string());
    }
    match &answered.reply {
        Reply::Ok(value) => text.push_str(&format!(" -> {value}")),
        Reply::Err(error) => text.push_str(&format!(" -> error {error}")),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_text_says_how_much_is_missing_and_stays_text() {
        let long = "é".repeat(3000);
        let shown = cut(&long);
        assert!(shown.ends_with("\n... 1904 bytes more"), "{}", &shown[4000..]);
        assert_eq!(cut("short"), "short");
    }

    #[test]
    fn addresses_do_not_show() {
        assert_eq!(steady("<A at 0x7f12ab34cd56> 0x1f"), "<A at 0x...> 0x1f");
        assert_eq!(steady("ends 0x"), "ends 0x");
    }
}
