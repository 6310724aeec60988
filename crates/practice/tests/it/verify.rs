//! Samples and references against what they stand for.

use practice::{load, verify};

use crate::fixture;

#[test]
fn every_item_gives_its_lines_in_order() {
    let loaded = load(&[fixture()]).unwrap();
    let lines = verify(&loaded.bank, None, |item| {
        item.id.as_str().starts_with("fixture-")
    });
    let subjects: Vec<_> = lines
        .iter()
        .map(|l| (l.item.as_str(), l.subject.as_str()))
        .collect();
    assert_eq!(
        subjects[..2],
        [
            ("fixture-second", "sample"),
            ("fixture-second", "sample of fixture-stampede")
        ]
    );
    assert_eq!(subjects[2], ("fixture-stampede", "sample"));
    assert!(lines[0].ok, "its own sample: {:?}", lines[0]);
    assert!(
        !lines[1].ok,
        "the same facts under another id are told: {:?}",
        lines[1]
    );
}
