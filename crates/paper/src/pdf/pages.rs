//! Rows put on pages.

use super::flow::Row;

/// Where a row stands.
pub(super) struct Placed {
    /// Which row; of a repeated head, which head and which of its rows.
    pub(super) what: What,
    /// Its top, in points from the top of the text.
    pub(super) y: f32,
    /// Space above it that its bars may run through.
    pub(super) above: f32,
}

pub(super) enum What {
    Row(usize),
    Head(usize, usize),
}

/// Fills pages of so many points, breaking where no row has to stay with its next. Where every row would have
/// to, the page is filled and broken there: nothing is lost.
pub(super) fn filled(rows: &[Row], heads: &[Vec<Row>], height: f32) -> Vec<Vec<Placed>> {
    let mut pages = Vec::new();
    let mut start = 0;
    while start < rows.len() {
        let mut page = repeated(rows, heads, start);
        let top: f32 = page.iter().map(|(_, height)| height).sum();
        let end = end_of(rows, start, height - top);
        let mut y = 0.0;
        let mut placed = Vec::new();
        for (what, height) in page.drain(..) {
            placed.push(Placed { what, y, above: 0.0 });
            y += height;
        }
        for (i, row) in rows.iter().enumerate().take(end).skip(start) {
            let above = if i == start { 0.0 } else { row.before };
            y += above;
            placed.push(Placed {
                what: What::Row(i),
                y,
                above,
            });
            y += row.height;
        }
        pages.push(placed);
        start = end;
    }
    pages
}

/// The head rows that stand again above a row that begins a page in the middle of a table.
fn repeated(rows: &[Row], heads: &[Vec<Row>], start: usize) -> Vec<(What, f32)> {
    let Some(head) = rows[start].head else {
        return Vec::new();
    };
    let all = heads[head].iter().enumerate();
    all.map(|(i, row)| (What::Head(head, i), row.height)).collect()
}

/// One past the last row of the page that starts with a row.
fn end_of(rows: &[Row], start: usize, height: f32) -> usize {
    let mut y = 0.0;
    for (i, row) in rows.iter().enumerate().skip(start) {
        if row.new_page && i > start {
            return i;
        }
        y += row.height + if i == start { 0.0 } else { row.before };
        if y > height {
            let parts = (start + 1..=i).rev().find(|end| !rows[end - 1].keep);
            return parts.unwrap_or(i.max(start + 1));
        }
    }
    rows.len()
}
