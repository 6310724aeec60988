//! Items as the planner sees them.

use domain::{Area, Competency, Item, ItemId, Kind, Level, Round};

/// Topics whose questions are about a system from end to end.
const DESIGN: [&str; 11] = [
    "system-design",
    "api-design",
    "architecture",
    "capacity",
    "upload",
    "rate-limiting",
    "queues",
    "partitioning",
    "multi-tenancy",
    "webhooks",
    "case-study",
];

/// Topics that the coding and query rounds are about.
const CODING: [&str; 5] = ["sql", "concurrency", "debugging", "testing", "algorithms"];

/// An item as the planner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// Its id.
    pub id: ItemId,
    /// Its title.
    pub title: String,
    /// What practising it counts as.
    pub area: Area,
    /// What it assesses.
    pub competency: Competency,
    /// Minutes to answer it aloud.
    pub minutes: u16,
    /// Levels it is asked at.
    pub levels: Vec<Level>,
    /// Its topics.
    pub topics: Vec<String>,
    /// Whether it belongs to the core of the bank.
    pub core: bool,
    /// The facts of its rubric.
    pub points: Vec<Point>,
}

/// A fact of a rubric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Its id within the item.
    pub id: String,
    /// Its statement.
    pub claim: String,
    /// Whether an answer cannot leave it out.
    pub must: bool,
    /// From which level on it is expected.
    pub level: Level,
}

impl Material {
    /// An item of the bank.
    pub fn of(item: &Item) -> Self {
        let point = |fact: &domain::Fact| Point {
            id: fact.id.clone(),
            claim: fact.claim.clone(),
            must: fact.must,
            level: fact.level,
        };
        Self {
            id: item.id.clone(),
            title: item.title.clone(),
            area: area(item),
            competency: item.competency,
            minutes: u16::try_from(item.minutes).unwrap_or(u16::MAX),
            levels: item.levels.clone(),
            topics: item.topics.clone(),
            core: item.core,
            points: item.facts().iter().map(point).collect(),
        }
    }
}

/// Which area practising an item counts as. Programs and designs do not run here yet: the spoken questions of
/// their subjects stand for them.
fn area(item: &Item) -> Area {
    let about = |topics: &[&str]| item.topics.iter().any(|topic| topics.contains(&topic.as_str()));
    let told = matches!(item.kind, Kind::Behavioural | Kind::Remote) || about(&["ask-the-interviewer"]);
    match (item.round, item.competency) {
        (Round::Code | Round::Query, _) => Area::Coding,
        (Round::Design, _) => Area::Design,
        (Round::Answer, _) if told => Area::Stories,
        (Round::Answer, _) if about(&DESIGN) => Area::Design,
        (Round::Answer, Competency::Operations) => Area::Operations,
        (Round::Answer, Competency::CommunicationOwnership) => Area::Stories,
        (Round::Answer, Competency::Coding) => Area::Coding,
        (Round::Answer, _) if about(&CODING) => Area::Coding,
        (Round::Answer, _) => Area::Fundamentals,
    }
}
