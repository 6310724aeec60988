//! Text as the HTML of a field: only tags written here, all else escaped.

use crate::text::{Block, Span, Table};

/// The field for some blocks.
pub(super) fn field(blocks: &[Block]) -> String {
    let mut out = String::new();
    // One paragraph alone needs no element: fields of most notes are a line.
    if let [Block::Paragraph(text)] = blocks {
        spans(&mut out, text);
    } else {
        blocks.iter().for_each(|block| write(&mut out, block));
    }
    out
}

/// Characters that mean themselves.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Anki replaces {{fields}} in templates only, but reads {{c1::clozes}} in fields of other models.
            '{' => out.push_str("&#123;"),
            '\n' => out.push_str("<br>"),
            // Separates fields in a note; no text holds it.
            '\u{1f}' => {}
            c => out.push(c),
        }
    }
    out
}

fn write(out: &mut String, block: &Block) {
    match block {
        Block::Heading { text, .. } => element(out, "h3", |out| spans(out, text)),
        Block::Paragraph(text) => element(out, "p", |out| spans(out, text)),
        Block::Remark(text) => element(out, "small", |out| spans(out, text)),
        Block::List { first, items } => {
            let tag = if first.is_some() { "ol" } else { "ul" };
            element(out, tag, |out| {
                for item in items {
                    element(out, "li", |out| out.push_str(&field(item)));
                }
            });
        }
        Block::Quote(blocks) => element(out, "blockquote", |out| out.push_str(&field(blocks))),
        // Line ends mean themselves in `pre`.
        Block::Code(text) => element(out, "pre", |out| out.push_str(&escaped(text))),
        Block::Table(table) => element(out, "table", |out| rows(out, table)),
        Block::Rule | Block::PageBreak => out.push_str("<hr>"),
    }
}

fn rows(out: &mut String, table: &Table) {
    element(out, "tr", |out| {
        for column in &table.columns {
            element(out, "th", |out| spans(out, &column.title));
        }
    });
    for row in &table.rows {
        element(out, "tr", |out| {
            for cell in row {
                element(out, "td", |out| spans(out, cell));
            }
        });
    }
}

fn spans(out: &mut String, spans: &[Span]) {
    for span in spans {
        let tags = [(span.bold, "b"), (span.italic, "i"), (span.code, "code")];
        let open = || tags.iter().filter(|(on, _)| *on).map(|(_, tag)| *tag);
        open().for_each(|tag| out.push_str(&format!("<{tag}>")));
        out.push_str(&escaped(&span.text));
        open().rev().for_each(|tag| out.push_str(&format!("</{tag}>")));
    }
}

fn element(out: &mut String, tag: &str, inside: impl FnOnce(&mut String)) {
    out.push_str(&format!("<{tag}>"));
    inside(out);
    out.push_str(&format!("</{tag}>"));
}
