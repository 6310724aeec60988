//! What the minutes went to: done or planned, counted alike.

use std::collections::{BTreeMap, BTreeSet};

use domain::{ActivityKind, Area, Competency, ItemId, Plan, PlanEntry};
use jiff::civil::Date;

use super::phases::{self, Stretch};
use super::{Activity, Known, Material, next};

/// What the minutes went to.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger {
    /// Minutes by stretch and area, without what stands beside the shares.
    pub(super) shared: BTreeMap<(usize, Area), u32>,
    /// Minutes beside the shares, by stretch.
    pub(super) beside: BTreeMap<usize, u32>,
    /// The last day of each item.
    pub(super) touched: BTreeMap<ItemId, Date>,
    /// The last day of each item's notes.
    pub(super) read: BTreeMap<ItemId, Date>,
    /// New items of each competency.
    pub(super) practised: BTreeMap<Competency, u32>,
    /// Activities by kind and week of the plan.
    pub(super) weekly: BTreeMap<(ActivityKind, i32), u32>,
    /// Activities by kind.
    pub(super) count: BTreeMap<ActivityKind, u32>,
    /// The last day of each kind.
    pub(super) last: BTreeMap<ActivityKind, Date>,
    /// Minutes spent on writing stories.
    pub(super) writing: u32,
    /// The last day on which each story was told.
    pub(super) told: BTreeMap<String, Date>,
}

impl Ledger {
    /// Everything done before a day.
    pub(super) fn before(plan: &Plan, known: &Known, stretches: &[Stretch], until: Date) -> Self {
        let mut ledger = Self::default();
        let mut date = plan.start;
        while date < until.min(plan.interview) {
            for activity in done_on(plan, known, date) {
                ledger.count(plan, known, stretches, date, &activity);
            }
            date = next(date);
        }
        ledger
    }

    /// Counts one activity, done or planned.
    pub(super) fn count(
        &mut self,
        plan: &Plan,
        known: &Known,
        stretches: &[Stretch],
        date: Date,
        it: &Activity,
    ) {
        if let Some(at) = phases::of(stretches, date) {
            if it.beside {
                *self.beside.entry(at).or_default() += u32::from(it.minutes);
            } else {
                *self.shared.entry((at, it.area)).or_default() += u32::from(it.minutes);
            }
        }
        *self
            .weekly
            .entry((it.kind, phases::week(plan, date)))
            .or_default() += 1;
        *self.count.entry(it.kind).or_default() += 1;
        self.last.insert(it.kind, date);
        match (it.kind, &it.item) {
            (ActivityKind::Read, Some(item)) => {
                self.read.insert(item.clone(), date);
            }
            (_, Some(item)) => {
                if it.kind == ActivityKind::Practise
                    && let Some(material) = known.materials.iter().find(|m| m.id == *item)
                {
                    *self.practised.entry(material.competency).or_default() += 1;
                }
                self.touched.insert(item.clone(), date);
            }
            (ActivityKind::WriteStory, None) => self.writing += u32::from(it.minutes),
            (ActivityKind::Rehearse, None) => {
                self.told.insert(it.id.clone(), date);
            }
            _ => {}
        }
    }
}

/// What minutes at an area count as in a phase: its own share, else weak spots; `None` beside the shares.
pub(super) fn lane(plan: &Plan, phase: Option<usize>, area: Area) -> Option<Area> {
    let shares = &plan.phases.get(phase?)?.shares;
    let has = |area: &Area| shares.get(area).is_some_and(|share| *share > 0);
    [area, Area::WeakSpots].into_iter().find(has)
}

/// What was done on a day: what was ticked, and what counts by itself.
pub(super) fn done_on(plan: &Plan, known: &Known, date: Date) -> Vec<Activity> {
    let mut done: BTreeMap<String, Activity> = BTreeMap::new();
    for entry in &known.log {
        match entry {
            PlanEntry::Done {
                date: of, activity, ..
            } if *of == date => {
                done.insert(activity.clone(), ticked(known, entry, activity));
            }
            PlanEntry::Undone { date: of, activity } if *of == date => {
                done.remove(activity);
            }
            _ => {}
        }
    }
    let mut done: Vec<Activity> = done.into_values().collect();
    let stretches = phases::stretches(plan);
    let phase = phases::of(&stretches, date).map(|at| stretches[at].phase);
    for material in answered(known, date) {
        let ticked = |a: &Activity| a.item.as_ref() == Some(&material.id) && a.kind != ActivityKind::Read;
        if !done.iter().any(ticked) {
            let earlier = known.tried.iter().any(|t| t.item == material.id && t.date < date);
            let kind = if earlier {
                ActivityKind::Retry
            } else {
                ActivityKind::Practise
            };
            let own = lane(plan, phase, material.area);
            let minutes = material.minutes + u16::from(plan.pace.study_minutes);
            let base = by_itself(kind, own.unwrap_or(material.area), own.is_none(), minutes);
            done.push(Activity {
                id: format!("{kind}.{}", material.id),
                title: material.title.clone(),
                item: Some(material.id.clone()),
                ..base
            });
        }
    }
    for (_, minutes) in known.mocks.iter().filter(|(of, _)| *of == date) {
        if !done.iter().any(|a| a.kind == ActivityKind::Mock) {
            let own = lane(plan, phase, Area::Mocks).filter(|area| *area == Area::Mocks);
            done.push(by_itself(
                ActivityKind::Mock,
                Area::Mocks,
                own.is_none(),
                *minutes,
            ));
        }
    }
    if let Some(minutes) = known.reviewed.get(&date)
        && !done.iter().any(|a| a.kind == ActivityKind::Cards)
    {
        done.push(by_itself(ActivityKind::Cards, Area::Recall, true, *minutes));
    }
    done
}

/// Items answered on a day, each once.
fn answered(known: &Known, date: Date) -> impl Iterator<Item = &Material> {
    let ids: BTreeSet<&ItemId> = known
        .tried
        .iter()
        .filter(|t| t.date == date)
        .map(|t| &t.item)
        .collect();
    known.materials.iter().filter(move |m| ids.contains(&m.id))
}

/// What was ticked, from its entry.
fn ticked(known: &Known, entry: &PlanEntry, id: &str) -> Activity {
    let PlanEntry::Done {
        kind,
        area,
        beside,
        minutes,
        ..
    } = entry
    else {
        return by_itself(ActivityKind::Read, Area::WeakSpots, true, 0);
    };
    let material = id
        .split_once('.')
        .and_then(|(_, target)| known.materials.iter().find(|m| m.id.as_str() == target));
    Activity {
        id: id.to_owned(),
        title: material.map_or_else(|| name(*kind).to_owned(), |m| m.title.clone()),
        item: material.map(|m| m.id.clone()),
        ..by_itself(*kind, *area, *beside, *minutes)
    }
}

fn by_itself(kind: ActivityKind, area: Area, beside: bool, minutes: u16) -> Activity {
    Activity {
        id: kind.to_string(),
        kind,
        area,
        beside,
        title: name(kind).to_owned(),
        why: String::new(),
        item: None,
        facts: Vec::new(),
        minutes,
        done: true,
    }
}

/// What a kind of activity is called when nothing more is known of it.
fn name(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::Practise | ActivityKind::Retry | ActivityKind::Again => "A question",
        ActivityKind::Read => "Study notes",
        ActivityKind::Problem => "A program in your own editor",
        ActivityKind::Chapter => "A chapter on data systems",
        ActivityKind::Sketch => "A system, drawn from end to end",
        ActivityKind::Postmortem => "The account of a real incident",
        ActivityKind::WriteStory => "A story, written",
        ActivityKind::Rehearse => "A story, told in three minutes",
        ActivityKind::Mock => "A mock loop",
        ActivityKind::Cards => "Cards",
        ActivityKind::Checklist => "The checklist",
    }
}
