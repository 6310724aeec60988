//! Text with its structure: what every format here is written from.
//!
//! Packs, second readers and pasted job descriptions come from strangers, so Markdown is read into this and
//! written again by our own writers: no tag, address or picture of theirs gets through.

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A run of characters in one style.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Span {
    /// The characters; a line break that is meant is `\n`.
    pub text: String,
    /// Strong.
    pub bold: bool,
    /// Emphasised.
    pub italic: bool,
    /// Words of a machine.
    pub code: bool,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading {
        /// 1 is the largest below the title; 3 the smallest.
        level: u8,
        /// Its words.
        text: Vec<Span>,
    },
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A paragraph set small and grey: sources, reasons, remarks.
    Remark(Vec<Span>),
    /// A list.
    List {
        /// The number of its first item; `None` for bullets.
        first: Option<u64>,
        /// Its items.
        items: Vec<Vec<Block>>,
    },
    /// What somebody said.
    Quote(Vec<Block>),
    /// Lines of a machine, kept as they are.
    Code(String),
    /// A table.
    Table(Table),
    /// A line across.
    Rule,
    /// What follows begins on a new page.
    PageBreak,
}

/// A table with one head row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows; each has a cell for every column.
    pub rows: Vec<Vec<Vec<Span>>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// Its heading.
    pub title: Vec<Span>,
    /// Whether it holds figures, which are set flush right.
    pub figures: bool,
}

/// Text in no style.
pub fn plain(text: impl Into<String>) -> Vec<Span> {
    vec![Span {
        text: text.into(),
        ..Span::default()
    }]
}

/// Text in bold.
pub fn bold(text: impl Into<String>) -> Vec<Span> {
    vec![Span {
        text: text.into(),
        bold: true,
        ..Span::default()
    }]
}

/// Text in italics.
pub fn italic(text: impl Into<String>) -> Vec<Span> {
    vec![Span {
        text: text.into(),
        italic: true,
        ..Span::default()
    }]
}

/// The paragraphs of a text that has no markup: an answer, as it was typed. A blank line ends a paragraph,
/// other line ends stay.
pub fn paragraphs(text: &str) -> Vec<Block> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut all: Vec<Vec<&str>> = vec![Vec::new()];
    for line in text.lines().map(str::trim_end) {
        match all.last_mut() {
            Some(lines) if !line.is_empty() => lines.push(line),
            _ => all.push(Vec::new()),
        }
    }
    let filled = all.into_iter().filter(|lines| !lines.is_empty());
    filled
        .map(|lines| Block::Paragraph(plain(lines.join("\n"))))
        .collect()
}

/// The characters alone.
pub fn characters(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

/// Reads Markdown. Headings start at `level`; raw HTML becomes text, a picture its description, a link its words.
pub fn markdown(source: &str, level: u8) -> Vec<Block> {
    let mut reader = Reader {
        open: vec![Frame::Blocks(Vec::new())],
        style: Span::default(),
        level,
    };
    for event in Parser::new_ext(source, Options::ENABLE_TABLES) {
        reader.take(event);
    }
    match reader.open.into_iter().next() {
        Some(Frame::Blocks(blocks)) => blocks,
        _ => Vec::new(),
    }
}

/// Reads one line of Markdown: its styles alone.
pub fn inline(source: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    for block in markdown(source, 1) {
        match block {
            Block::Paragraph(text) | Block::Heading { text, .. } => {
                if !spans.is_empty() {
                    push(&mut spans, &Span::default(), " ");
                }
                spans.extend(text);
            }
            // Something that only looked like a list or a quote: as it was written.
            _ => return plain(source),
        }
    }
    spans
}

/// What is being read: blocks gather blocks, words gather spans.
enum Frame {
    Blocks(Vec<Block>),
    Words(Vec<Span>),
    List(Option<u64>, Vec<Vec<Block>>),
    Code(String),
    Table(Table, Vec<Vec<Span>>),
}

struct Reader {
    open: Vec<Frame>,
    style: Span,
    level: u8,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.words(&text, false),
            Event::Code(text) => self.words(&text, true),
            Event::SoftBreak => self.words(" ", false),
            Event::HardBreak => self.words("\n", false),
            Event::Rule => self.block(Block::Rule),
            // Not enabled.
            Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Strong => self.style.bold = true,
            Tag::Emphasis => self.style.italic = true,
            Tag::List(first) => {
                self.close_words();
                self.open.push(Frame::List(*first, Vec::new()));
            }
            Tag::Item | Tag::BlockQuote(_) => {
                self.close_words();
                self.open.push(Frame::Blocks(Vec::new()));
            }
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => {
                self.close_words();
                self.open.push(Frame::Code(String::new()));
            }
            Tag::Table(columns) => {
                let column = |alignment: &Alignment| Column {
                    title: Vec::new(),
                    figures: *alignment == Alignment::Right,
                };
                let columns = columns.iter().map(column).collect();
                let table = Table {
                    columns,
                    rows: Vec::new(),
                };
                self.open.push(Frame::Table(table, Vec::new()));
            }
            Tag::Paragraph | Tag::Heading { .. } | Tag::HtmlBlock | Tag::TableCell => {
                self.close_words();
                self.open.push(Frame::Words(Vec::new()));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.style.bold = false,
            TagEnd::Emphasis => self.style.italic = false,
            TagEnd::Heading(level) => {
                if let Some(Frame::Words(text)) = self.open.pop() {
                    let level = (self.level + depth(level)).min(3);
                    self.block(Block::Heading { level, text });
                }
            }
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.close_words(),
            TagEnd::BlockQuote(_) | TagEnd::Item => {
                self.close_words();
                let Some(Frame::Blocks(blocks)) = self.open.pop() else {
                    return;
                };
                match self.open.last_mut() {
                    Some(Frame::List(_, items)) if tag == TagEnd::Item => items.push(blocks),
                    _ => self.block(Block::Quote(blocks)),
                }
            }
            TagEnd::List(_) => {
                if let Some(Frame::List(first, items)) = self.open.pop() {
                    self.block(Block::List { first, items });
                }
            }
            TagEnd::CodeBlock => {
                if let Some(Frame::Code(text)) = self.open.pop() {
                    self.block(Block::Code(text.trim_end_matches('\n').to_owned()));
                }
            }
            TagEnd::TableCell => {
                if let Some(Frame::Words(cell)) = self.open.pop()
                    && let Some(Frame::Table(_, row)) = self.open.last_mut()
                {
                    row.push(cell);
                }
            }
            TagEnd::TableHead => {
                if let Some(Frame::Table(table, row)) = self.open.last_mut() {
                    for (column, title) in table.columns.iter_mut().zip(std::mem::take(row)) {
                        column.title = title;
                    }
                }
            }
            TagEnd::TableRow => {
                if let Some(Frame::Table(table, row)) = self.open.last_mut() {
                    table.rows.push(std::mem::take(row));
                }
            }
            TagEnd::Table => {
                if let Some(Frame::Table(table, _)) = self.open.pop() {
                    self.block(Block::Table(table));
                }
            }
            _ => {}
        }
    }

    /// Adds words; those of a tight list item stand in no paragraph of their own and get one.
    fn words(&mut self, text: &str, code: bool) {
        if let Some(Frame::Code(all)) = self.open.last_mut() {
            all.push_str(text);
            return;
        }
        if matches!(self.open.last(), Some(Frame::Blocks(_))) {
            self.open.push(Frame::Words(Vec::new()));
        }
        if let Some(Frame::Words(spans)) = self.open.last_mut() {
            let style = Span {
                code,
                ..self.style.clone()
            };
            push(spans, &style, text);
        }
    }

    fn close_words(&mut self) {
        if matches!(self.open.last(), Some(Frame::Words(_)))
            && let Some(Frame::Words(mut text)) = self.open.pop()
        {
            if let Some(last) = text.last_mut() {
                last.text.truncate(last.text.trim_end().len());
            }
            if text.iter().any(|span| !span.text.is_empty()) {
                self.block(Block::Paragraph(text));
            }
        }
    }

    fn block(&mut self, block: Block) {
        if let Some(Frame::Blocks(blocks)) = self.open.last_mut() {
            blocks.push(block);
        }
    }
}

fn depth(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 0,
        HeadingLevel::H2 => 1,
        _ => 2,
    }
}

/// Adds characters to the last span if it has that style.
fn push(spans: &mut Vec<Span>, style: &Span, text: &str) {
    match spans.last_mut() {
        Some(last) if (last.bold, last.italic, last.code) == (style.bold, style.italic, style.code) => {
            last.text.push_str(text);
        }
        _ => spans.push(Span {
            text: text.to_owned(),
            ..style.clone()
        }),
    }
}
