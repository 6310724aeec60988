//! Progress by competency with what it rests on. Never one number: what was asked, what was found of it, and
//! what was not measured yet.

use std::collections::BTreeMap;

use domain::{AttemptId, Competency, ItemId, Status};
use jiff::civil::Date;

use super::recall::rank;
use super::{Known, Material, Tried};

/// How one competency stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompetencyProgress {
    /// The competency.
    pub competency: Competency,
    /// Items of the bank.
    pub items: u32,
    /// Items that were answered.
    pub answered: u32,
    /// Facts of items that were not answered yet: nothing is known of them.
    pub unmeasured: u32,
    /// What was last found of each fact that was asked, worst first.
    pub points: Vec<PointProgress>,
    /// What answering again changed; `None` while no item was answered on two days.
    pub gain: Option<Gain>,
}

/// What was last found of one fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointProgress {
    /// Its item.
    pub item: ItemId,
    /// The item's title.
    pub title: String,
    /// The fact.
    pub id: String,
    /// Its statement.
    pub claim: String,
    /// Whether every answer needs it.
    pub must: bool,
    /// What was last found of it.
    pub status: Status,
    /// When.
    pub date: Date,
    /// In which attempt.
    pub attempt: AttemptId,
}

/// First against last answers, over the items that were answered on two days or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gain {
    /// Such items.
    pub items: u32,
    /// Facts that both answers were asked for.
    pub points: u32,
    /// Of those, met at first.
    pub first: u32,
    /// Of those, met at last.
    pub last: u32,
}

impl CompetencyProgress {
    /// How many facts were last found so.
    pub fn count(&self, status: Status) -> usize {
        self.points.iter().filter(|point| point.status == status).count()
    }
}

/// How each competency of the bank stands, in the order of their declaration.
pub fn progress(known: &Known) -> Vec<CompetencyProgress> {
    let mut tries: BTreeMap<&ItemId, Vec<&Tried>> = BTreeMap::new();
    for tried in &known.tried {
        tries.entry(&tried.item).or_default().push(tried);
    }
    let of = |competency: Competency| {
        let own: Vec<&Material> = known
            .materials
            .iter()
            .filter(|m| m.competency == competency)
            .collect();
        (!own.is_empty()).then(|| of_competency(competency, &own, &tries))
    };
    Competency::ALL.iter().copied().filter_map(of).collect()
}

fn of_competency(
    competency: Competency,
    own: &[&Material],
    tries: &BTreeMap<&ItemId, Vec<&Tried>>,
) -> CompetencyProgress {
    let mut points = Vec::new();
    let (mut answered, mut unmeasured) = (0, 0);
    let mut gain = Gain {
        items: 0,
        points: 0,
        first: 0,
        last: 0,
    };
    for m in own {
        let tries = tries.get(&m.id).map_or(&[][..], Vec::as_slice);
        answered += u32::from(!tries.is_empty());
        for point in &m.points {
            match found(&point.id, tries) {
                None => unmeasured += 1,
                Some((tried, status)) => points.push(PointProgress {
                    item: m.id.clone(),
                    title: m.title.clone(),
                    id: point.id.clone(),
                    claim: point.claim.clone(),
                    must: point.must,
                    status,
                    date: tried.date,
                    attempt: tried.attempt.clone(),
                }),
            }
        }
        add(&mut gain, tries);
    }
    points.sort_by(|a, b| {
        (rank(a.status), !a.must, &a.item, &a.id).cmp(&(rank(b.status), !b.must, &b.item, &b.id))
    });
    CompetencyProgress {
        competency,
        items: u32::try_from(own.len()).unwrap_or(u32::MAX),
        answered,
        unmeasured,
        points,
        gain: (gain.items > 0).then_some(gain),
    }
}

/// What was last found of a fact.
fn found<'a>(fact: &str, tries: &[&'a Tried]) -> Option<(&'a Tried, Status)> {
    let assessed = |tried: &&'a Tried| {
        let own = tried.facts.iter().find(|(id, _)| id == fact)?;
        (own.1 != Status::NotAssessed).then_some((*tried, own.1))
    };
    tries.iter().rev().find_map(assessed)
}

fn add(gain: &mut Gain, tries: &[&Tried]) {
    let (Some(first), Some(last)) = (tries.first(), tries.last()) else {
        return;
    };
    if first.date == last.date {
        return;
    }
    gain.items += 1;
    for (id, before) in &first.facts {
        let Some((_, after)) = last.facts.iter().find(|(fact, _)| fact == id) else {
            continue;
        };
        if *before != Status::NotAssessed && *after != Status::NotAssessed {
            gain.points += 1;
            gain.first += u32::from(*before == Status::Met);
            gain.last += u32::from(*after == Status::Met);
        }
    }
}
