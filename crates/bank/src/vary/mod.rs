//! Variants: one item file, put with other figures, domains, constraints or budgets.
//!
//! A variant is made at the level of source text. What comes out is a plain item file of the same id, so
//! that a revision, a kept source and everything that reads them need to know nothing of variants. The
//! format is described in `docs/bank-format.md`, "Variants".

mod fill;
mod format;
mod formula;
mod table;

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use crate::pack::fenced_head;
use domain::Variant;
use table::Table;

pub(crate) use fill::Filled;

/// Something that cannot be filled in, at a byte of the file as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) at: usize,
    pub(crate) message: String,
    pub(crate) cure: &'static str,
}

/// Why there is no such variant of a source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaryError(String);

impl fmt::Display for VaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for VaryError {}

/// The source text of a variant: every placeholder filled in, without `[vary]`, and with the number and title
/// of the variant in its head. A text without `[vary]` is its own variant 0.
///
/// # Errors
/// There is no variant of that number, or the text cannot be filled in.
pub fn vary(source: &str, variant: u32) -> Result<String, VaryError> {
    let plan = Plan::read(source).map_err(|problem| VaryError(problem.message))?;
    if variant >= plan.count() {
        let rule = format!("there is no variant {variant}: the item has {}", plan.count());
        return Err(VaryError(rule));
    }
    let filled = plan.fill(variant);
    let filled = filled.map_err(|problem| VaryError(problem.message))?;
    Ok(filled.text)
}

/// An item file with what can differ in it.
pub(crate) struct Plan<'a> {
    text: &'a str,
    table: Option<Table>,
}

impl<'a> Plan<'a> {
    /// Reads the `[vary]` table of a file, if it has one.
    pub(crate) fn read(text: &'a str) -> Result<Self, Problem> {
        let head: Option<Range<usize>> = fenced_head(text).map(|(from, (to, _))| from..to);
        let table = match head {
            Some(head) => Table::read(text, head)?,
            None => None,
        };
        Ok(Self { text, table })
    }

    /// How many variants there are; 1 without `[vary]`.
    pub(crate) fn count(&self) -> u32 {
        self.table.as_ref().map_or(1, Table::count)
    }

    /// All variants with their titles; empty without `[vary]`.
    pub(crate) fn variants(&self) -> Vec<Variant> {
        let Some(table) = &self.table else {
            return Vec::new();
        };
        let variant = |number| Variant {
            number,
            title: table.title(&table.setting(number)),
        };
        (0..table.count()).map(variant).collect()
    }

    /// The file at a variant.
    pub(crate) fn fill(&self, variant: u32) -> Result<Filled, Problem> {
        match &self.table {
            Some(table) => fill::fill(self.text, table, variant),
            None => Ok(Filled::plain(self.text)),
        }
    }

    /// What no variant uses: the names with their places.
    pub(crate) fn unused(&self, used: &BTreeSet<String>) -> Vec<(usize, String)> {
        self.table
            .as_ref()
            .map_or_else(Vec::new, |table| table.unused(used))
    }
}

#[cfg(test)]
mod tests;
