//! Whole gradings of a small item.

use crate::fixture::{CACHE, grade, spec};

#[test]
fn a_right_program_is_accepted() {
    let t = std::time::Instant::now();
    let card = grade(&spec(), CACHE);
    println!(
        "{:?} {}",
        t.elapsed(),
        serde_json::to_string_pretty(&card).unwrap()
    );
    assert_eq!(card.verdict, Some(domain::RunVerdict::Accepted));
}

#[test]
fn wrong() {
    let t = std::time::Instant::now();
    let card = grade(
        &spec(),
        &CACHE.replace("self.entries.move_to_end(key)\n            return", "return"),
    );
    println!(
        "{:?} {}",
        t.elapsed(),
        serde_json::to_string_pretty(&card).unwrap()
    );
}
