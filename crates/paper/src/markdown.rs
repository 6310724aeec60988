//! A booklet as Markdown (with tables as GitHub has them). What the text says stays what it says:
//! characters that would be markup are escaped.

use crate::booklet::Booklet;
use crate::text::{Block, Span, Table};

impl Booklet {
    /// The document, `text/markdown; charset=utf-8`.
    pub fn to_markdown(&self) -> String {
        let mut out = format!("# {}\n", escaped(&self.title));
        let mut facts = vec![self.sort.as_str()];
        facts.extend(self.facts.iter().map(String::as_str));
        out.push_str(&format!("\n{}\n", escaped(&facts.join(" · "))));
        out.push_str(&blocks(&self.blocks));
        out.push_str(&format!("\n---\n\n{}\n", escaped(&self.foot)));
        out
    }
}

/// Blocks, each after a blank line.
fn blocks(blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut before: Option<&Block> = None;
    for block in blocks {
        let text = one(block);
        // Two lists in a row would be one.
        if matches!((before, block), (Some(Block::List { .. }), Block::List { .. })) {
            out.push_str("\n<!-- -->\n");
        }
        if !text.is_empty() {
            out.push_str(&format!("\n{text}\n"));
            before = Some(block);
        }
    }
    out
}

fn one(block: &Block) -> String {
    match block {
        Block::Heading { level, text } => {
            format!(
                "{} {}",
                "#".repeat(usize::from(*level) + 1),
                line(text).replace("  \n", " ")
            )
        }
        Block::Paragraph(text) | Block::Remark(text) => guarded(&line(text)),
        Block::List { first, items } => list(*first, items),
        Block::Quote(inner) => prefixed(&blocks(inner), "> ", "> "),
        Block::Code(text) => {
            let fence = fence(text);
            format!("{fence}\n{text}\n{fence}")
        }
        Block::Table(rows) => table(rows),
        Block::Rule | Block::PageBreak => "---".to_owned(),
    }
}

fn list(first: Option<u64>, items: &[Vec<Block>]) -> String {
    let mut out = Vec::new();
    for (number, item) in (first.unwrap_or(1)..).zip(items) {
        let label = if first.is_some() {
            format!("{number}. ")
        } else {
            "- ".to_owned()
        };
        out.push(prefixed(&blocks(item), &label, &" ".repeat(label.len())));
    }
    let loose = items.iter().any(|item| item.len() > 1);
    out.join(if loose { "\n\n" } else { "\n" })
}

/// Lines with something before the first and before the others; none after.
fn prefixed(text: &str, first: &str, others: &str) -> String {
    let lines = text.trim_matches('\n').lines().enumerate();
    let prefixed = lines.map(|(i, line)| {
        let whole = format!("{}{line}", if i == 0 { first } else { others });
        if line.is_empty() {
            whole.trim_end().to_owned()
        } else {
            whole
        }
    });
    prefixed.collect::<Vec<_>>().join("\n")
}

fn table(table: &Table) -> String {
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let cell = |text: &[Span]| line(text).replace("  \n", "<br>").replace('|', "\\|");
    let mut out = vec![row(table.columns.iter().map(|c| cell(&c.title)).collect())];
    let rule = |figures| if figures { "---:" } else { "---" }.to_owned();
    out.push(row(table.columns.iter().map(|c| rule(c.figures)).collect()));
    out.extend(
        table
            .rows
            .iter()
            .map(|cells| row(cells.iter().map(|c| cell(c)).collect())),
    );
    out.join("\n")
}

/// Spans in a line; a line break is two spaces at a line's end.
fn line(spans: &[Span]) -> String {
    let mut out = String::new();
    for span in spans {
        // Markup must touch the words: white space stands outside.
        let words = span.text.trim();
        if words.is_empty() {
            out.push_str(&span.text.replace('\n', "  \n"));
            continue;
        }
        let lead = &span.text[..span.text.len() - span.text.trim_start().len()];
        let trail = &span.text[span.text.trim_end().len()..];
        let mark = match (span.bold, span.italic) {
            (true, true) => "***",
            (true, false) => "**",
            (false, true) => "*",
            (false, false) => "",
        };
        let words = if span.code { code(words) } else { escaped(words) };
        out.push_str(&format!("{lead}{mark}{words}{mark}{trail}").replace('\n', "  \n"));
    }
    out
}

/// Code in as many back ticks as it needs.
fn code(text: &str) -> String {
    let ticks = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

fn fence(text: &str) -> String {
    "`".repeat(longest_run(text).max(2) + 1)
}

/// Length of the longest run of back ticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Characters that are markup anywhere in a line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let after = text[at + c.len_utf8()..].chars().next().unwrap_or(' ');
        let within_word = before.is_alphanumeric() && after.is_alphanumeric();
        let markup = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' => true,
            '_' => !within_word,
            '&' => after.is_alphanumeric() || after == '#',
            _ => false,
        };
        if markup {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// Each line of a paragraph guarded against being read as a heading, a list, a rule or a quote.
fn guarded(text: &str) -> String {
    let guard = |line: &str| {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let numbered = digits > 0 && line[digits..].starts_with(['.', ')']);
        if numbered {
            format!("{}\\{}", &line[..digits], &line[digits..])
        } else if line.starts_with(['#', '>', '-', '+', '=', '~', '|']) {
            format!("\\{line}")
        } else {
            line.to_owned()
        }
    };
    text.split('\n')
        .map(|l| guard(l.trim_start()))
        .collect::<Vec<_>>()
        .join("\n")
}
