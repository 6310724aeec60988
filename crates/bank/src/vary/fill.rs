//! Fills the placeholders of an item file in.

use std::collections::BTreeSet;

use super::Problem;
use super::format::{Value, write};
use super::formula::is_name;
use super::table::{Setting, Table};

/// A file at one variant, with where its parts come from.
#[derive(Debug, Clone)]
pub(crate) struct Filled {
    /// The text of a plain item file.
    pub(crate) text: String,
    /// Names of `[vary]` that it rests on.
    pub(crate) used: BTreeSet<String>,
    /// Where each piece starts, here and in the file as written.
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy)]
struct Piece {
    here: usize,
    written: usize,
    /// Copied byte for byte, else filled in.
    copied: bool,
}

const CURE: &str =
    "write `{{name}}`, `{{formula|format}}` or `{{when name = value}}..{{end}}`; `\\{{` stands for braces";

impl Filled {
    /// A file without placeholders.
    pub(super) fn plain(text: &str) -> Self {
        let mut filled = Self {
            text: String::new(),
            used: BTreeSet::new(),
            pieces: Vec::new(),
        };
        filled.put(text, 0, true);
        filled
    }

    /// The byte of the file as written that a byte of the text comes from.
    pub(crate) fn written(&self, at: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.here <= at);
        let Some(piece) = after.checked_sub(1).map(|i| self.pieces[i]) else {
            return at;
        };
        piece.written + if piece.copied { at - piece.here } else { 0 }
    }

    fn put(&mut self, text: &str, written: usize, copied: bool) {
        self.pieces.push(Piece {
            here: self.text.len(),
            written,
            copied,
        });
        self.text.push_str(text);
    }
}

/// Fills a file in for one variant.
pub(super) fn fill(text: &str, table: &Table, variant: u32) -> Result<Filled, Problem> {
    let setting = table.setting(variant);
    let mut filled = Filled {
        text: String::new(),
        used: BTreeSet::new(),
        pieces: Vec::new(),
    };
    let start = text.find('\n').map_or(0, |at| at + 1);
    filled.put(&text[..start], 0, true);
    let title = table.title(&setting);
    let line = format!("variant = {{ number = {variant}, title = \"{title}\" }}\n");
    filled.put(&line, start, false);
    let mut pen = Pen {
        text,
        table,
        setting,
        out: filled,
        open: None,
    };
    pen.copy(start, table.range.start)?;
    pen.copy(table.range.end, text.len())?;
    match pen.open {
        Some((at, _)) => Err(problem(at, "`{{when}}` has no `{{end}}`".into())),
        None => Ok(pen.out),
    }
}

struct Pen<'a> {
    text: &'a str,
    table: &'a Table,
    setting: Setting,
    out: Filled,
    /// The `{{when}}` that is open: where, and whether it holds.
    open: Option<(usize, bool)>,
}

impl Pen<'_> {
    /// Copies a range of the file, with its placeholders filled in.
    fn copy(&mut self, from: usize, to: usize) -> Result<(), Problem> {
        let mut at = from;
        while let Some(next) = self.text[at..to].find("{{").map(|i| at + i) {
            if self.text[at..next].ends_with('\\') {
                self.put(&self.text[at..next - 1], at, true);
                self.put("{{", next, true);
                at = next + 2;
                continue;
            }
            self.put(&self.text[at..next], at, true);
            let inner = next + 2;
            let close = self.text[inner..to].find("}}").map(|i| inner + i);
            let close = close.filter(|close| !self.text[inner..*close].contains('\n'));
            let close = close.ok_or_else(|| problem(next, "`{{` is not closed on its line".into()))?;
            at = self.placeholder(next, &self.text[inner..close], close + 2)?;
        }
        self.put(&self.text[at..to], at, true);
        Ok(())
    }

    /// Fills one placeholder in; gives where the text goes on.
    fn placeholder(&mut self, at: usize, inner: &str, after: usize) -> Result<usize, Problem> {
        let inner = inner.trim();
        let fail = |message: String| problem(at, message);
        if let Some(condition) = inner.strip_prefix("when ") {
            if self.open.is_some() {
                return Err(fail("`{{when}}` inside another".into()));
            }
            let holds = self.holds(condition).map_err(fail)?;
            self.open = Some((at, holds));
            return Ok(self.past_line(at, after));
        }
        if inner == "end" {
            let open = self.open.take();
            open.ok_or_else(|| fail("`{{end}}` without `{{when}}`".into()))?;
            return Ok(self.past_line(at, after));
        }
        // What is left out may have no value here: that is often why it is left out.
        if self.open.is_some_and(|(_, holds)| !holds) {
            return Ok(after);
        }
        let mut parts = inner.split('|').map(str::trim);
        let source = parts.next().unwrap_or_default();
        let formats: Vec<&str> = parts.collect();
        let value = self.value(source).map_err(fail)?;
        let text = write(value, &formats).map_err(|why| fail(format!("`{inner}`: {why}")))?;
        self.put(&text, at, false);
        Ok(after)
    }

    fn value(&mut self, source: &str) -> Result<Value, String> {
        if is_name(source) {
            return self.table.value(source, &self.setting, 0, &mut self.out.used);
        }
        let formula = self.table.formula(source, &self.setting, 0, &mut self.out.used);
        formula.map(Value::Number)
    }

    /// Whether a condition holds: two figures, or words of a name and words as written.
    fn holds(&mut self, condition: &str) -> Result<bool, String> {
        const SIGNS: [&str; 4] = ["!=", "=", "<", ">"];
        let sign = SIGNS.iter().find(|sign| condition.contains(**sign));
        let (sign, (left, right)) = sign
            .and_then(|sign| Some((*sign, condition.split_once(sign)?)))
            .ok_or_else(|| format!("`{condition}` compares nothing: use =, !=, < or >"))?;
        let (left, right) = (left.trim(), right.trim());
        let order = match self.value(left)? {
            Value::Text(text) if sign.ends_with('=') => text.as_str().partial_cmp(right),
            Value::Text(_) => return Err(format!("`{left}` is words: use = or !=")),
            Value::Number(figure) => match self.value(right)? {
                Value::Number(other) => figure.partial_cmp(&other),
                Value::Text(_) => return Err(format!("`{right}` is no figure")),
            },
        };
        Ok(match sign {
            "!=" => order.is_some_and(std::cmp::Ordering::is_ne),
            "=" => order.is_some_and(std::cmp::Ordering::is_eq),
            "<" => order.is_some_and(std::cmp::Ordering::is_lt),
            _ => order.is_some_and(std::cmp::Ordering::is_gt),
        })
    }

    /// A `{{when}}` or `{{end}}` alone on its line takes the line end with it.
    fn past_line(&self, at: usize, after: usize) -> usize {
        let alone = at == 0 || self.text[..at].ends_with('\n');
        after + usize::from(alone && self.text[after..].starts_with('\n'))
    }

    fn put(&mut self, text: &str, written: usize, copied: bool) {
        if self.open.is_none_or(|(_, holds)| holds) && !text.is_empty() {
            self.out.put(text, written, copied);
        }
    }
}

fn problem(at: usize, message: String) -> Problem {
    Problem {
        at,
        message,
        cure: CURE,
    }
}
