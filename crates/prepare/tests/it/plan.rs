//! The plan, lived through by candidates who practise day by day.

mod candidate;
mod days;
mod settings;

use domain::{Area, Competency, Level, Plan, Preset};
use jiff::civil::{Date, date};
use prepare::plan::{Material, Point};

/// A Monday.
const START: Date = date(2026, 11, 23);

/// Eight weeks with these minutes on every day.
fn eight_weeks(minutes: [u16; 7]) -> Plan {
    Preset::EightWeeks.plan(START, date(2027, 1, 18), minutes)
}

/// Items as a bank has them: so many of each area, with five facts each, of which two are needed.
fn bank() -> Vec<Material> {
    let areas = [
        (Area::Coding, Competency::Coding, 7),
        (Area::Fundamentals, Competency::DataModelling, 7),
        (Area::Fundamentals, Competency::FailureResilience, 7),
        (Area::Design, Competency::ApiContracts, 11),
        (Area::Operations, Competency::Operations, 9),
        (Area::Stories, Competency::CommunicationOwnership, 14),
    ];
    let item = |(area, competency, n): (Area, Competency, usize)| {
        (0..n).map(move |i| Material {
            id: format!("{competency}-{area}-{i}").parse().unwrap(),
            title: format!("{area} {competency} {i}"),
            area,
            competency,
            minutes: [2, 3, 4, 5][i % 4],
            levels: if i % 3 == 0 {
                vec![Level::Senior]
            } else {
                vec![Level::Mid, Level::Senior]
            },
            topics: vec![format!("{area}-{}", i % 3), format!("topic-{}", i % 5)],
            core: i % 2 == 0,
            points: (0..5).map(point).collect(),
        })
    };
    areas.into_iter().flat_map(item).collect()
}

fn point(n: usize) -> Point {
    Point {
        id: format!("point-{n}"),
        claim: format!("Point {n} of a full answer."),
        must: n < 2,
        level: if n == 1 { Level::Mid } else { Level::Junior },
    }
}
