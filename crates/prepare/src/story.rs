//! Which story answers which question, from the coverage that the grader gave each: what has no story, and
//! what is told too often.

use domain::Status;

/// Coverage from which a story answers a question: below it the band is "missing".
pub const ANSWERS_FROM: f64 = 40.0;

/// A story that is the best for more questions than this is told too often in one loop.
pub const BEST_FOR_MOST: usize = 3;

/// A story handed in more often than this in recent attempts is worn.
pub const RECENT_MOST: usize = 3;

/// A story against a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Coverage, 0 to 100.
    pub coverage: f64,
    /// The facts that the question asks for, with what the story says of them.
    pub facts: Vec<(String, Status)>,
}

impl Cell {
    /// Whether the story answers the question.
    pub fn answers(&self) -> bool {
        self.coverage >= ANSWERS_FROM
    }

    /// The facts that the story leaves out or gets wrong.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        let open = |status: &Status| matches!(status, Status::Missed | Status::Contradicted);
        self.facts
            .iter()
            .filter(move |(_, status)| open(status))
            .map(|(title, _)| title.as_str())
    }
}

/// The story that answers a row of cells best, if any does; the first of equals.
pub fn best(row: &[Cell]) -> Option<usize> {
    let answering = row.iter().enumerate().filter(|(_, cell)| cell.answers());
    answering
        .max_by(|(i, a), (j, b)| a.coverage.total_cmp(&b.coverage).then(j.cmp(i)))
        .map(|(at, _)| at)
}

/// How often each of `stories` is the best of a row.
pub fn best_for(rows: &[Vec<Cell>], stories: usize) -> Vec<usize> {
    let mut counts = vec![0; stories];
    for at in rows.iter().filter_map(|row| best(row)) {
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    counts
}
