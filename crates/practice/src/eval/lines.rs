//! JSON lines in, JSON lines out, in the order of the input: what all measurements of a file share.

use serde_json::{Map, Value, json};

use crate::cores;

/// Lines worked on before their results are handed on: keeps all cores busy and the memory bounded.
const BATCH: usize = 512;

/// How many lines there were.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counted {
    /// Lines read, blank ones left out.
    pub(super) lines: usize,
    /// Lines that `work` refused.
    pub(super) errors: usize,
}

/// Does `work` on every line that is not blank and emits the fields it gives back. A line that it refuses
/// gives `{"error", "line"}`, and the rest go on. `keep` gets the number of each other line, from 1, with
/// what the report needs of it.
pub(super) fn each<K: Send>(
    lines: impl Iterator<Item = String>,
    work: impl Fn(&str) -> Result<(Map<String, Value>, K), String> + Sync,
    mut emit: impl FnMut(&str),
    mut keep: impl FnMut(usize, K),
) -> Counted {
    let mut lines = (1_usize..)
        .zip(lines)
        .filter(|(_, line)| !line.trim().is_empty())
        .peekable();
    let mut counted = Counted::default();
    while lines.peek().is_some() {
        let batch: Vec<(usize, String)> = lines.by_ref().take(BATCH).collect();
        counted.lines += batch.len();
        for (number, done) in cores::map(&batch, |(number, line)| (*number, work(line))) {
            match done {
                Ok((fields, kept)) => {
                    emit(&Value::Object(fields).to_string());
                    keep(number, kept);
                }
                Err(error) => {
                    emit(&json!({ "error": error, "line": number }).to_string());
                    counted.errors += 1;
                }
            }
        }
    }
    counted
}
