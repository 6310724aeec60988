//! Tables: columns as wide as their words want, rows that may be parted by a page only when they are long.

use krilla::tagging::{TableHeaderScope, Tag};

use super::flow::{Flow, Mark, Place, Row, Set, baseline, clean, look, marks};
use super::lines::{self, Line, Piece};
use crate::text::{Span, Table};

const CELL: Set = Set {
    size: 9.5,
    leading: 13.0,
    before: 0.0,
    after: 0.0,
    grey: 0,
    bold: false,
};
const HEAD: Set = Set {
    size: 9.0,
    leading: 12.5,
    bold: true,
    ..CELL
};

/// Space between columns.
const GUTTER: f32 = 14.0;

/// Space above and below the lines of a row.
const PAD: f32 = 3.5;

/// Space above and below a table.
const AROUND: f32 = 9.0;

/// Rows of more lines may be parted by a page.
const WHOLE: usize = 8;

/// Where a column stands.
#[derive(Clone, Copy)]
struct Track {
    x: f32,
    width: f32,
    figures: bool,
}

impl Flow<'_> {
    pub(super) fn table(&mut self, table: &Table, place: Place) {
        let node = self.tags.add(place.node, Tag::Table);
        let tracks = self.tracks(table, place);
        let head = self.tags.add(Some(node), Tag::THead);
        let line = self.tags.add(Some(head), Tag::TR);
        let titles: Vec<(usize, &[Span])> = table
            .columns
            .iter()
            .map(|column| {
                let cell = self.tags.add(Some(line), Tag::TH(TableHeaderScope::Column));
                (cell, column.title.as_slice())
            })
            .collect();
        let mut rows = self.row(&titles, HEAD, &tracks, place, 0.8, 0);
        for row in &mut rows {
            row.keep = true;
        }
        let repeated = self.heads.len();
        self.heads.push(rows.iter().map(copied).collect());
        self.space(AROUND);
        for row in rows {
            self.push(row);
        }
        let body = self.tags.add(Some(node), Tag::TBody);
        let count = table.rows.len();
        for (at, cells) in table.rows.iter().enumerate() {
            let line = self.tags.add(Some(body), Tag::TR);
            let cells: Vec<(usize, &[Span])> = cells
                .iter()
                .map(|cell| (self.tags.add(Some(line), Tag::TD), cell.as_slice()))
                .collect();
            let mut lines = self.row(&cells, CELL, &tracks, place, 0.4, 175);
            // No row stands alone on a page, below the head or above what follows.
            if at + 1 < count
                && (at == 0 || at + 2 == count)
                && lines.len() <= WHOLE
                && let Some(last) = lines.last_mut()
            {
                last.keep = true;
            }
            for mut row in lines {
                row.head = Some(repeated);
                self.push(row);
            }
        }
        self.space(AROUND);
    }

    /// One row of cells as rows of lines, with a line below.
    fn row(
        &self,
        cells: &[(usize, &[Span])],
        set: Set,
        tracks: &[Track],
        place: Place,
        thickness: f32,
        grey: u8,
    ) -> Vec<Row> {
        let set_cells: Vec<(usize, Vec<Line>, Track)> = cells
            .iter()
            .zip(tracks)
            .map(|((node, text), track)| {
                let pieces = pieces(text, set, track.figures);
                (*node, lines::broken(self.faces, &pieces, track.width), *track)
            })
            .collect();
        let count = set_cells
            .iter()
            .map(|(_, lines, _)| lines.len())
            .max()
            .unwrap_or(0)
            .max(1);
        let mut rows: Vec<Row> = (0..count)
            .map(|i| Row {
                height: set.leading,
                keep: i + 1 < count && (count <= WHOLE || i == 0 || i + 2 == count),
                ..Row::default()
            })
            .collect();
        for (node, lines, track) in set_cells {
            for (row, line) in rows.iter_mut().zip(lines) {
                let x = if track.figures {
                    track.x + track.width - line.width
                } else {
                    track.x
                };
                row.marks.extend(marks(line, x, baseline(set), node));
            }
        }
        pad(&mut rows, place, thickness, grey);
        rows
    }

    /// Columns of figures get what they need; the others share the rest by what they would need, none less
    /// than its widest word unless all of those are too wide.
    fn tracks(&self, table: &Table, place: Place) -> Vec<Track> {
        let gutters = GUTTER * count(table.columns.len().saturating_sub(1));
        let room = (place.measure - gutters).max(1.0);
        let mut wants: Vec<(f32, f32)> = Vec::new();
        for (i, column) in table.columns.iter().enumerate() {
            let head = lines::widths(self.faces, &pieces(&column.title, HEAD, false));
            let cells = table.rows.iter().filter_map(|row| row.get(i));
            let each = cells.map(|cell| lines::widths(self.faces, &pieces(cell, CELL, column.figures)));
            wants.push(each.fold(head, |a, b| (a.0.max(b.0), a.1.max(b.1))));
        }
        let most: f32 = wants.iter().map(|w| w.0).sum();
        let least: f32 = wants.iter().map(|w| w.1).sum();
        let widest = (0..wants.len()).max_by(|a, b| wants[*a].0.total_cmp(&wants[*b].0));
        let mut x = place.x;
        let mut tracks = Vec::new();
        for (i, ((most_here, least_here), column)) in wants.iter().zip(&table.columns).enumerate() {
            let width = if most <= room {
                // What is left over goes to the column with the most words, so that the figures end flush.
                most_here + if Some(i) == widest { room - most } else { 0.0 }
            } else if least < room {
                least_here + (room - least) * (most_here - least_here) / (most - least).max(1.0)
            } else {
                room * least_here / least
            };
            tracks.push(Track {
                x,
                // Widths that are summed and taken apart again may miss by a rounding.
                width: width + 0.01,
                figures: column.figures,
            });
            x += width + GUTTER;
        }
        tracks
    }
}

/// Space above the first line and below the last, and the line under the row.
fn pad(rows: &mut [Row], place: Place, thickness: f32, grey: u8) {
    if let Some(first) = rows.first_mut() {
        first.height += PAD;
        for mark in &mut first.marks {
            if let Mark::Text { baseline, .. } = mark {
                *baseline += PAD;
            }
        }
    }
    if let Some(last) = rows.last_mut() {
        last.height += PAD;
        last.marks.push(Mark::Stroke {
            x: place.x,
            width: place.measure,
            y: last.height,
            thickness,
            grey,
        });
    }
}

fn pieces(text: &[Span], set: Set, figures: bool) -> Vec<Piece> {
    let piece = |span: &Span| {
        let mut look = look(span, set);
        look.tabular = figures;
        Piece {
            text: clean(&span.text),
            look,
        }
    };
    text.iter().map(piece).collect()
}

fn copied(row: &Row) -> Row {
    Row {
        height: row.height,
        marks: row.marks.clone(),
        ..Row::default()
    }
}

/// Columns are few.
fn count(columns: usize) -> f32 {
    u16::try_from(columns).map_or(0.0, f32::from)
}
