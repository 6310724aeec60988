//! Which story answers which question.

use domain::Status;
use prepare::story::{Cell, best, best_for};

fn row(coverages: &[f64]) -> Vec<Cell> {
    let cell = |coverage: &f64| Cell {
        coverage: *coverage,
        facts: Vec::new(),
    };
    coverages.iter().map(cell).collect()
}

#[test]
fn the_best_story_answers_and_a_question_may_have_none() {
    assert_eq!(best(&row(&[39.9, 12.0])), None);
    assert_eq!(best(&row(&[41.0, 70.5, 70.5])), Some(1), "the first of equals");
    assert_eq!(best(&[]), None);
    let rows = [
        row(&[80.0, 60.0]),
        row(&[20.0, 10.0]),
        row(&[50.0, 90.0]),
        row(&[55.0, 41.0]),
    ];
    assert_eq!(best_for(&rows, 2), [2, 1]);
    let cell = Cell {
        coverage: 50.0,
        facts: vec![
            ("said".to_owned(), Status::Met),
            ("left out".to_owned(), Status::Missed),
            ("touched".to_owned(), Status::Mentioned),
            ("wrong".to_owned(), Status::Contradicted),
        ],
    };
    assert_eq!(cell.missing().collect::<Vec<_>>(), ["left out", "wrong"]);
}
