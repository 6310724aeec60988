//! Blocks set into rows: lines of text with what stands beside them, from top to bottom, without pages.

use std::num::NonZeroU16;

use krilla::tagging::{ListNumbering, Tag};

use super::face::{Cut, Faces, Look, Run};
use super::lines::{self, Line, Piece};
use super::tags::Tags;
use crate::text::{Block, Span, characters};

/// The least that can stand on a page: a line, or a line of each cell of a table's row.
#[derive(Default)]
pub(super) struct Row {
    /// Space above; none at the top of a page.
    pub(super) before: f32,
    pub(super) height: f32,
    /// Whether the next row has to stand on the same page.
    pub(super) keep: bool,
    /// Whether it begins a page.
    pub(super) new_page: bool,
    /// The head of the table that it belongs to, repeated where it begins a page.
    pub(super) head: Option<usize>,
    /// The bars of quotes beside it, and whether each also runs through the space above.
    pub(super) bars: Vec<(f32, bool)>,
    /// The heading that it begins: level from 0 for the title, and words.
    pub(super) heading: Option<(u8, String)>,
    pub(super) marks: Vec<Mark>,
}

/// What is drawn in a row, from its top left corner.
#[derive(Clone)]
pub(super) enum Mark {
    /// Text, a part of a node of the tags.
    Text {
        x: f32,
        baseline: f32,
        run: Run,
        node: usize,
    },
    /// A line across.
    Stroke {
        x: f32,
        width: f32,
        y: f32,
        thickness: f32,
        grey: u8,
    },
}

/// How a kind of text is set, in points.
#[derive(Clone, Copy)]
pub(super) struct Set {
    pub(super) size: f32,
    pub(super) leading: f32,
    pub(super) before: f32,
    pub(super) after: f32,
    pub(super) grey: u8,
    pub(super) bold: bool,
}

pub(super) const BODY: Set = set(10.5, 15.0, 7.0, 0.0);
const REMARK: Set = Set {
    grey: 95,
    ..set(9.0, 12.5, 3.0, 0.0)
};
const SORT: Set = Set {
    grey: 95,
    ..set(10.0, 14.0, 0.0, 0.0)
};
const TITLE: Set = Set {
    bold: true,
    ..set(21.0, 26.0, 1.0, 5.0)
};
const FACTS: Set = Set {
    grey: 95,
    ..set(9.5, 13.5, 0.0, 0.0)
};
const HEADINGS: [Set; 3] = [
    Set {
        bold: true,
        ..set(14.5, 19.0, 22.0, 3.0)
    },
    Set {
        bold: true,
        ..set(11.5, 16.0, 15.0, 1.0)
    },
    Set {
        bold: true,
        ..set(10.5, 15.0, 11.0, 0.0)
    },
];
const CODE: Set = set(8.8, 12.5, 7.0, 0.0);

/// Where the items of a list, and what somebody said, begin.
const INDENT: f32 = 16.0;

/// Items of a list of more lines may be parted by a page.
const WHOLE: usize = 8;

/// Space above the items of a list that are one line or paragraph each.
const TIGHT: f32 = 3.0;

/// The monospaced letters are large for their size.
const MONO: f32 = 0.88;

const fn set(size: f32, leading: f32, before: f32, after: f32) -> Set {
    Set {
        size,
        leading,
        before,
        after,
        grey: 0,
        bold: false,
    }
}

/// Rows as they grow.
pub(super) struct Flow<'a> {
    pub(super) faces: &'a Faces,
    pub(super) tags: Tags,
    pub(super) rows: Vec<Row>,
    /// The head rows of tables.
    pub(super) heads: Vec<Vec<Row>>,
    gap: f32,
    new_page: bool,
    label: Option<(f32, Line, usize)>,
    bars: Vec<(f32, bool)>,
    tight: bool,
}

/// Where a block stands: its left edge, its width, and the node of the tags above it.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) x: f32,
    pub(super) measure: f32,
    pub(super) node: Option<usize>,
}

impl<'a> Flow<'a> {
    pub(super) fn new(faces: &'a Faces) -> Self {
        Self {
            faces,
            tags: Tags::default(),
            rows: Vec::new(),
            heads: Vec::new(),
            gap: 0.0,
            new_page: false,
            label: None,
            bars: Vec::new(),
            tight: false,
        }
    }

    /// The sort, the title and the facts, with a line below.
    pub(super) fn title(&mut self, sort: &str, title: &str, facts: &[String], place: Place) {
        let node = self.tags.add(None, Tag::P);
        self.plain(sort, SORT, place, node);
        let node = self
            .tags
            .add(None, Tag::Hn(NonZeroU16::MIN, Some(title.to_owned())));
        let from = self.rows.len();
        self.plain(title, TITLE, place, node);
        if let Some(row) = self.rows.get_mut(from) {
            row.heading = Some((0, title.to_owned()));
        }
        if !facts.is_empty() {
            let node = self.tags.add(None, Tag::P);
            self.plain(&facts.join(" · "), FACTS, place, node);
        }
        for row in &mut self.rows {
            row.keep = true;
        }
        self.rule(place, 10.0, 0.8, 0);
    }

    fn plain(&mut self, text: &str, set: Set, place: Place, node: usize) {
        let spans = crate::text::plain(text);
        self.text(&spans, set, place, node);
    }

    pub(super) fn blocks(&mut self, blocks: &[Block], place: Place) {
        for block in blocks {
            self.block(block, place);
        }
    }

    fn block(&mut self, block: &Block, place: Place) {
        match block {
            Block::Heading { level, text } => self.heading(*level, text, place),
            Block::Paragraph(text) => {
                let node = self.tags.add(place.node, Tag::P);
                let from = self.rows.len();
                let before = if self.tight { TIGHT } else { BODY.before };
                self.text(text, Set { before, ..BODY }, place, node);
                // What introduces something stands with it.
                if characters(text).trim_end().ends_with(':')
                    && let Some(last) = self.rows[from..].last_mut()
                {
                    last.keep = true;
                }
            }
            Block::Remark(text) => {
                let node = self.tags.add(place.node, Tag::P);
                // Said of what stands above it.
                if let Some(last) = self.rows.last_mut() {
                    last.keep = true;
                }
                self.text(text, REMARK, place, node);
            }
            Block::List { first, items } => self.list(*first, items, place),
            Block::Quote(inner) => {
                let node = self.tags.add(place.node, Tag::BlockQuote);
                self.gap = self.gap.max(BODY.before);
                self.bars.push((place.x + 3.0, false));
                self.blocks(inner, indented(place, INDENT, node));
                self.bars.pop();
            }
            Block::Code(text) => {
                let node = self.tags.add(place.node, Tag::Code);
                let span = Span {
                    text: text.clone(),
                    code: true,
                    ..Span::default()
                };
                let size = CODE.size / MONO;
                self.text(&[span], Set { size, ..CODE }, indented(place, INDENT, node), node);
            }
            Block::Table(table) => self.table(table, place),
            Block::Rule => self.rule(place, 12.0, 0.4, 150),
            Block::PageBreak => self.new_page = true,
        }
    }

    fn heading(&mut self, level: u8, text: &[Span], place: Place) {
        let words = characters(text);
        if words.trim().is_empty() {
            return;
        }
        let level = level.clamp(1, 3);
        let depth = NonZeroU16::MIN.saturating_add(u16::from(level));
        let node = self.tags.add(place.node, Tag::Hn(depth, Some(words.clone())));
        let from = self.rows.len();
        self.text(text, HEADINGS[usize::from(level) - 1], place, node);
        for row in &mut self.rows[from..] {
            row.keep = true;
        }
        if let Some(row) = self.rows.get_mut(from) {
            row.heading = Some((level, words));
        }
    }

    fn list(&mut self, first: Option<u64>, items: &[Vec<Block>], place: Place) {
        let numbering = if first.is_some() {
            ListNumbering::Decimal
        } else {
            ListNumbering::Disc
        };
        let list = self.tags.add(place.node, Tag::L(numbering));
        let (tight, outer) = (items.iter().all(|item| item.len() == 1), self.tight);
        self.gap = self.gap.max(if outer { TIGHT } else { BODY.before });
        for (number, item) in (first.unwrap_or(1)..).zip(items) {
            let node = self.tags.add(Some(list), Tag::LI);
            let label = if first.is_some() {
                format!("{number}.")
            } else {
                "•".to_owned()
            };
            let look = look(&Span::default(), BODY);
            let piece = Piece { text: label, look };
            let mut lines = lines::broken(self.faces, &[piece], f32::INFINITY);
            let labelled = self.tags.add(Some(node), Tag::Lbl);
            if let Some(line) = lines.pop() {
                let x = place.x + if first.is_some() { 0.0 } else { 3.0 };
                self.label = Some((x, line, labelled));
            }
            let body = self.tags.add(Some(node), Tag::LBody);
            self.tight = tight;
            let from = self.rows.len();
            self.blocks(item, indented(place, INDENT, body));
            self.tight = outer;
            // An empty item leaves its label.
            if self.label.is_some() {
                self.text(&crate::text::plain(" "), BODY, place, body);
            }
            together(&mut self.rows[from..]);
        }
    }

    /// A line across, with space on both sides.
    fn rule(&mut self, place: Place, space: f32, thickness: f32, grey: u8) {
        self.gap = self.gap.max(space);
        let mark = Mark::Stroke {
            x: place.x,
            width: place.measure,
            y: 0.0,
            thickness,
            grey,
        };
        self.push(Row {
            height: thickness,
            marks: vec![mark],
            ..Row::default()
        });
        self.gap = space;
    }

    /// Lines of text, of which the first two and the last two stay together.
    fn text(&mut self, text: &[Span], set: Set, place: Place, node: usize) {
        let pieces: Vec<Piece> = text
            .iter()
            .map(|span| Piece {
                text: clean(&span.text),
                look: look(span, set),
            })
            .collect();
        self.gap = self.gap.max(set.before);
        let lines = lines::broken(self.faces, &pieces, place.measure);
        let count = lines.len();
        for (i, line) in lines.into_iter().enumerate() {
            let marks = marks(line, place.x, baseline(set), node);
            let keep = i + 1 < count && (i == 0 || i + 2 == count);
            self.push(Row {
                height: set.leading,
                keep,
                marks,
                ..Row::default()
            });
        }
        self.gap = self.gap.max(set.after);
    }

    /// Adds a row with the space, the label and the bars that are due.
    pub(super) fn push(&mut self, mut row: Row) {
        row.before = std::mem::take(&mut self.gap).max(row.before);
        row.new_page = std::mem::take(&mut self.new_page);
        row.bars.clone_from(&self.bars);
        for (_, joined) in &mut self.bars {
            *joined = true;
        }
        if let Some((x, line, node)) = self.label.take() {
            let mut label = marks(line, x, baseline(BODY), node);
            label.append(&mut row.marks);
            row.marks = label;
        }
        self.rows.push(row);
    }

    /// Space above whatever comes next.
    pub(super) fn space(&mut self, points: f32) {
        self.gap = self.gap.max(points);
    }
}

/// Keeps an item of a list on one page, unless it is long.
fn together(rows: &mut [Row]) {
    if rows.len() <= WHOLE
        && let [but_last @ .., _] = rows
    {
        but_last.iter_mut().for_each(|row| row.keep = true);
    }
}

/// Where the letters stand in a line: the space that the size leaves, shared so that capitals look centred.
pub(super) fn baseline(set: Set) -> f32 {
    set.leading / 2.0 + set.size * 0.32
}

pub(super) fn look(span: &Span, set: Set) -> Look {
    let cut = match (span.code, span.bold || set.bold, span.italic) {
        (true, ..) => Cut::Mono,
        (_, true, _) => Cut::Semibold,
        (_, _, true) => Cut::Italic,
        _ => Cut::Regular,
    };
    let size = if span.code { set.size * MONO } else { set.size };
    Look {
        cut,
        size,
        grey: set.grey,
        tabular: false,
    }
}

/// Text without what cannot be drawn; a tab is a space.
pub(super) fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\t', "    ");
    let drawn =
        |c: &char| *c == '\n' || !(c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'));
    text.chars().filter(drawn).collect()
}

/// A line's runs, one after the other.
pub(super) fn marks(line: Line, mut x: f32, baseline: f32, node: usize) -> Vec<Mark> {
    let mut marks = Vec::with_capacity(line.runs.len());
    for run in line.runs {
        let width = run.width;
        if !run.text.is_empty() {
            marks.push(Mark::Text {
                x,
                baseline,
                run,
                node,
            });
        }
        x += width;
    }
    marks
}

fn indented(place: Place, by: f32, node: usize) -> Place {
    Place {
        x: place.x + by,
        measure: place.measure - by,
        node: Some(node),
    }
}
