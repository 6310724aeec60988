//! What to do next in an area, when so much is short and so much is left of the day.

use std::cmp::Reverse;

use domain::plan::days_between;
use domain::{ActivityKind, Area};

use super::block::span;
use super::day::{Filling, LEAST_MINUTES};
use super::recall::{Recall, rank};
use super::{Activity, Material, told};

/// Days before the same notes are worth reading again.
const NOTES_DAYS: i32 = 7;

/// Days that an answer rests before what it left half open is asked for again.
const REST_DAYS: i32 = 3;

impl Filling<'_> {
    /// An activity of this area in at most `most` minutes; `short` is what the area lacks.
    pub(super) fn choose(&self, area: Area, short: u16, most: u16) -> Option<Activity> {
        use ActivityKind::{Chapter, Mock, Postmortem, Problem, Sketch};
        let plan = self.planner.plan;
        // One piece of work away from Spar a day, while it has something to ask.
        let away = [Problem, Chapter, Sketch, Postmortem]
            .iter()
            .any(|kind| self.on_day(*kind));
        let block = |kind, wanted: bool| self.block(kind, area, false, short, most).filter(|_| wanted);
        let due = || self.item(area, most, Recalled::Due);
        let open = || self.item(area, most, Recalled::Open);
        let new = || self.item(area, most, Recalled::New);
        let again = || self.item(area, most, Recalled::Again);
        let notes = || self.notes(Some(area), most.min(short.max(LEAST_MINUTES)));
        match area {
            Area::Mocks => block(Mock, true),
            Area::WeakSpots => due().or_else(open).or_else(new).or_else(again).or_else(notes),
            Area::Stories => due()
                .or_else(|| self.write_story(false, most))
                .or_else(new)
                .or_else(|| self.tell(false, most))
                .or_else(open)
                .or_else(again)
                .or_else(notes),
            Area::Coding => due()
                .or_else(|| {
                    block(
                        Problem,
                        !away && self.this_week(Problem) < plan.quotas.problems_a_week.into(),
                    )
                })
                .or_else(new)
                .or_else(open)
                .or_else(|| block(Problem, true))
                .or_else(again)
                .or_else(notes),
            Area::Fundamentals => due()
                .or_else(|| {
                    block(
                        Chapter,
                        !away && self.this_week(Chapter) < plan.quotas.chapters_a_week.into(),
                    )
                })
                .or_else(new)
                .or_else(open)
                .or_else(again)
                .or_else(|| block(Chapter, true))
                .or_else(notes),
            Area::Design => due()
                .or_else(|| block(Sketch, !away && self.sketch_is_next()))
                .or_else(new)
                .or_else(open)
                .or_else(again)
                .or_else(|| block(Sketch, true))
                .or_else(notes),
            Area::Operations => due()
                .or_else(new)
                .or_else(open)
                .or_else(again)
                .or_else(|| block(Postmortem, true))
                .or_else(notes),
            Area::Recall | Area::Checklist => None,
        }
    }

    /// What stands beside the shares, in at most `room` minutes.
    pub(super) fn back(&self, room: u16) -> Option<Activity> {
        if room < LEAST_MINUTES {
            return None;
        }
        let last = self.at.map(|at| at + 1) == Some(self.planner.stretches.len());
        let shared = |area| self.planner.lane(self.at, area) == Some(area);
        let mock = || {
            let weekly = self.since(ActivityKind::Mock) >= 7 && self.missing_mocks() > 0;
            let wanted = last && weekly && !shared(Area::Mocks) && !self.on_day(ActivityKind::Mock);
            self.block(ActivityKind::Mock, Area::Mocks, true, room, room)
                .filter(|_| wanted)
        };
        let retry = || {
            let own = self.planner.known.materials.iter();
            let out = own.filter(|m| self.planner.lane(self.at, m.area).is_none());
            let item = self.first_of(out, room, Recalled::Due)?;
            Some(self.answer(item, Recalled::Due, item.area, true))
        };
        let story = || {
            if shared(Area::Stories) {
                return None;
            }
            let write = || {
                self.story_is_behind()
                    .then(|| self.write_story(true, room))
                    .flatten()
            };
            write().or_else(|| last.then(|| self.tell(true, room)).flatten())
        };
        mock().or_else(retry).or_else(story)
    }

    /// An item of this area, in the given standing.
    fn item(&self, area: Area, most: u16, recalled: Recalled) -> Option<Activity> {
        let own = self.planner.known.materials.iter();
        let own = own.filter(|m| self.planner.lane(self.at, m.area) == Some(area));
        let item = self.first_of(own, most, recalled)?;
        Some(self.answer(item, recalled, area, false))
    }

    /// The item most worth it: of another topic than the rest of the day, where there is one.
    fn first_of<'m>(
        &self,
        own: impl Iterator<Item = &'m Material>,
        most: u16,
        recalled: Recalled,
    ) -> Option<&'m Material> {
        let fits = |m: &&Material| !self.has(&m.id) && self.cost(m) <= most && self.stands(m, recalled);
        let mixed = |m: &Material| m.topics.iter().any(|topic| self.topics.contains(topic.as_str()));
        own.filter(fits).min_by_key(|m| {
            let recall = self.planner.recall.get(&m.id);
            let order = match recalled {
                Recalled::Due => (recall.and_then(|r| r.due), 0),
                Recalled::Again => (recall.and_then(|r| r.last), 0),
                Recalled::Open => (
                    None,
                    recall.and_then(|r| r.open.first()).map_or(9, |o| rank(o.status)),
                ),
                Recalled::New => (None, 0),
            };
            (order, mixed(m), self.worth(m))
        })
    }

    /// What is worth more sorts first.
    fn worth(&self, m: &Material) -> impl Ord + use<> {
        let plan = self.planner.plan;
        let practised = self.planner.ledger.practised.get(&m.competency).copied();
        (worth(plan, m), practised.unwrap_or(0), m.id.clone())
    }

    fn cost(&self, m: &Material) -> u16 {
        m.minutes
            .saturating_add(self.planner.plan.pace.study_minutes.into())
    }

    fn stands(&self, m: &Material, recalled: Recalled) -> bool {
        let recall = self.planner.recall.get(&m.id);
        let days = |recall: &Recall| recall.last.map_or(i32::MAX, |last| days_between(last, self.date));
        match (recalled, recall) {
            (Recalled::New, _) => recall.is_none() && !self.planner.ledger.touched.contains_key(&m.id),
            (Recalled::Due, Some(recall)) => recall.due.is_some_and(|due| due <= self.date),
            (Recalled::Open, Some(recall)) => {
                recall.due.is_none() && !recall.open.is_empty() && days(recall) >= REST_DAYS
            }
            (Recalled::Again, Some(recall)) => {
                recall.due.is_none() && days(recall) >= i32::from(self.planner.plan.pace.again_days)
            }
            (_, None) => false,
        }
    }

    fn answer(&self, m: &Material, recalled: Recalled, area: Area, beside: bool) -> Activity {
        let recall = self.planner.recall.get(&m.id);
        let mut facts = recall.map(|r| r.open.clone()).unwrap_or_default();
        if recalled == Recalled::Due {
            facts.retain(|fact| fact.must);
        }
        let last = recall.and_then(|r| r.last).map(told).unwrap_or_default();
        let (kind, why) = match recalled {
            Recalled::Due | Recalled::Open => (ActivityKind::Retry, missed(&facts)),
            Recalled::Again => (
                ActivityKind::Again,
                format!("Last answered on {last}: see what stayed."),
            ),
            Recalled::New => (ActivityKind::Practise, self.why_new(m)),
        };
        Activity {
            id: format!("{kind}.{}", m.id),
            title: m.title.clone(),
            why,
            item: Some(m.id.clone()),
            facts,
            ..self.by_hand(kind, area, beside, self.cost(m))
        }
    }

    fn why_new(&self, m: &Material) -> String {
        let plan = self.planner.plan;
        let chosen = m.topics.iter().find(|topic| plan.topics.contains(topic));
        let reason = match chosen {
            Some(topic) => format!(
                "Not answered yet, and on {}, which you put first.",
                topic.replace('-', " ")
            ),
            None if m.core => "Not answered yet, and asked often.".to_owned(),
            None => "Not answered yet.".to_owned(),
        };
        match m.area {
            Area::Coding => format!("{reason} Spar does not run code yet: say how you would write it."),
            _ => reason,
        }
    }

    /// The notes of an item, of this area or any: what is open first, then what was not read for longest.
    pub(super) fn notes(&self, area: Option<Area>, most: u16) -> Option<Activity> {
        if most < LEAST_MINUTES {
            return None;
        }
        let planner = self.planner;
        let read = |m: &Material| planner.ledger.read.get(&m.id).copied();
        let fresh = |m: &Material| read(m).is_none_or(|date| days_between(date, self.date) >= NOTES_DAYS);
        let own = planner.known.materials.iter().filter(|m| {
            let lane = || planner.lane(self.at, m.area);
            !self.has(&m.id) && fresh(m) && area.is_none_or(|area| lane() == Some(area))
        });
        let m = own.min_by_key(|m| {
            let open = planner.recall.get(&m.id).map_or(0, |recall| recall.open.len());
            (Reverse(open), read(m), self.worth(m))
        })?;
        let facts = planner
            .recall
            .get(&m.id)
            .map(|r| r.open.clone())
            .unwrap_or_default();
        let why = if facts.is_empty() {
            "Short enough for the rest of the day.".to_owned()
        } else {
            missed(&facts)
        };
        let minutes = span(ActivityKind::Read).1.min(most);
        Some(Activity {
            id: format!("{}.{}", ActivityKind::Read, m.id),
            title: m.title.clone(),
            why,
            item: Some(m.id.clone()),
            facts,
            ..self.by_hand(
                ActivityKind::Read,
                area.unwrap_or(m.area),
                area.is_none(),
                minutes,
            )
        })
    }
}

/// How an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recalled {
    /// A fact that every answer needs comes back.
    Due,
    /// Something was not met, and nothing of it has to come back.
    Open,
    /// Never answered.
    New,
    /// It went well, some time ago.
    Again,
}

/// What an item is worth to this plan; more sorts first.
pub(super) fn worth(plan: &domain::Plan, m: &Material) -> (bool, bool, bool, Reverse<usize>) {
    let chosen = m.topics.iter().any(|topic| plan.topics.contains(topic));
    let musts = m.points.iter().filter(|point| point.must).count();
    (!chosen, !m.levels.contains(&plan.level), !m.core, Reverse(musts))
}

/// `“…” was missed on 12 Jan, and 2 more`.
fn missed(facts: &[super::Missed]) -> String {
    use domain::Status;
    let Some(first) = facts.first() else {
        return "Something is still open.".to_owned();
    };
    let found = match first.status {
        Status::Contradicted => "was said wrongly",
        Status::Missed => "was missed",
        Status::Prompted => "came only when asked",
        Status::Mentioned => "was only mentioned",
        _ => "was there in part",
    };
    let more = match facts.len() {
        1 => String::new(),
        n => format!(", and {} more", n - 1),
    };
    let claim = first.claim.trim_end_matches('.');
    format!("“{claim}” {found} on {}{more}.", told(first.date))
}
