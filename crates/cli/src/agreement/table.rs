//! Tables of figures in Markdown, padded so that they also read well in a terminal.

use std::fmt::Write as _;

/// The end of a heading over figures in points of 100; other figures are shares and correlations.
pub(crate) const POINTS: &str = ", pt";

/// Rows under headings.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A heading for each column.
    pub(crate) fn new(headings: &[&str]) -> Self {
        Self {
            rows: vec![headings.iter().map(ToString::to_string).collect()],
        }
    }

    /// One more row: a cell for each heading.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The table, with a line end after each row.
    pub(crate) fn markdown(&self) -> String {
        let columns = self.rows[0].len();
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut out = String::new();
        for (i, row) in self.rows.iter().enumerate() {
            line(
                &mut out,
                row.iter()
                    .zip(&widths)
                    .map(|(cell, width)| format!("{cell:<width$}")),
            );
            if i == 0 {
                line(&mut out, widths.iter().map(|width| "-".repeat(*width)));
            }
        }
        out
    }
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    // Writing to a string does not fail.
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

/// A figure with two decimals; a dash where there is none.
pub(crate) fn figure(value: impl Into<Option<f64>>) -> String {
    value.into().map_or("-".to_owned(), |value| {
        let text = format!("{value:.2}");
        if text == "-0.00" { "0.00".to_owned() } else { text }
    })
}
