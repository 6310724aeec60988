//! One day filled: cards, what comes back, then the areas of its phase by what they are short of.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use domain::plan::days_between;
use domain::{ActivityKind, Area, ItemId, Plan};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::ledger::{Ledger, lane};
use super::phases::{self, Stretch};
use super::recall::{Recall, recall};
use super::{Activity, Day, Known, next};

/// Fewer minutes are no use for anything.
pub(super) const LEAST_MINUTES: u16 = 5;

/// Cards reviewed in one minute.
const CARDS_A_MINUTE: u32 = 2;

/// Minutes of the checklist.
const CHECKLIST_MINUTES: u16 = 10;

/// What is known on one morning, and what was planned since.
pub(super) struct Planner<'a> {
    pub(super) plan: &'a Plan,
    pub(super) known: &'a Known,
    pub(super) stretches: Vec<Stretch>,
    pub(super) ledger: Ledger,
    pub(super) recall: BTreeMap<ItemId, Recall>,
}

/// A day while it is filled.
pub(super) struct Filling<'a> {
    pub(super) planner: &'a Planner<'a>,
    pub(super) date: Date,
    pub(super) at: Option<usize>,
    pub(super) holds: u16,
    pub(super) left: u16,
    pub(super) activities: Vec<Activity>,
    /// Topics of the items on this day: the next one is of something else.
    pub(super) topics: BTreeSet<&'a str>,
}

impl<'a> Planner<'a> {
    /// What was known before `date`.
    pub(super) fn on_morning(plan: &'a Plan, known: &'a Known, date: Date) -> Self {
        let stretches = phases::stretches(plan);
        let ledger = Ledger::before(plan, known, &stretches, date);
        let mut recall = recall(plan, known, date);
        for (item, own) in &mut recall {
            // Ticked by hand and not measured: what was missed is still open, and comes back again.
            if let (Some(due), Some(touched)) = (own.due, ledger.touched.get(item))
                && due <= *touched
                && own.last < Some(*touched)
            {
                own.due = Some(touched.saturating_add(i64::from(own.gap).days()));
            }
        }
        Self {
            plan,
            known,
            stretches,
            ledger,
            recall,
        }
    }

    /// Takes an activity as done on that day.
    pub(super) fn count(&mut self, date: Date, activity: &Activity) {
        self.ledger
            .count(self.plan, self.known, &self.stretches, date, activity);
        if let (Some(item), false) = (&activity.item, activity.kind == ActivityKind::Read) {
            let own = self.recall.entry(item.clone()).or_default();
            (own.last, own.due) = (Some(date), None);
        }
    }

    /// What to do on a day.
    pub(super) fn day(&self, date: Date) -> Day {
        let within = self.plan.start <= date && date < self.plan.interview;
        let holds = if within { self.plan.holds(date) } else { 0 };
        let mut filling = Filling {
            planner: self,
            date,
            at: phases::of(&self.stretches, date),
            holds,
            left: holds,
            activities: Vec::new(),
            topics: BTreeSet::new(),
        };
        let light = within && self.plan.tapers(date);
        if light {
            filling.light();
        } else if within {
            filling.ordinary();
        }
        Day {
            date,
            holds,
            phase: filling.at,
            light,
            activities: filling.activities,
        }
    }

    /// The phase of a stretch.
    pub(super) fn phase(&self, at: Option<usize>) -> Option<usize> {
        Some(self.stretches.get(at?)?.phase)
    }

    /// What an item counts as in a stretch.
    pub(super) fn lane(&self, at: Option<usize>, area: Area) -> Option<Area> {
        lane(self.plan, self.phase(at), area)
    }
}

impl Filling<'_> {
    pub(super) fn push(&mut self, activity: Activity) {
        self.left = self.left.saturating_sub(activity.minutes);
        let item = activity.item.as_ref();
        if let Some(material) = self.planner.known.materials.iter().find(|m| Some(&m.id) == item) {
            self.topics.extend(material.topics.iter().map(String::as_str));
        }
        self.activities.push(activity);
    }

    /// Whether the day has that item already, in whatever form.
    pub(super) fn has(&self, item: &ItemId) -> bool {
        self.activities.iter().any(|a| a.item.as_ref() == Some(item))
    }

    fn ordinary(&mut self) {
        self.cards();
        self.beside();
        self.shares();
    }

    /// Cards that are due: first, and at most a quarter of the day.
    fn cards(&mut self) {
        let due = self.planner.known.due_cards.get(&self.date).copied().unwrap_or(0);
        let wanted = u16::try_from(due.div_ceil(CARDS_A_MINUTE)).unwrap_or(u16::MAX);
        let most = u16::from(self.planner.plan.pace.card_minutes)
            .min(LEAST_MINUTES.max(self.holds / 4))
            .min(self.left);
        if wanted > 0 && most > 0 {
            let title = if due == 1 {
                "1 card".to_owned()
            } else {
                format!("{due} cards")
            };
            self.push(Activity {
                title,
                why: "Due by today: points that you missed before.".to_owned(),
                ..self.by_hand(ActivityKind::Cards, Area::Recall, true, wanted.min(most))
            });
        }
    }

    /// What no share of the phase holds: a mock a week at the end, items that come back, stories. It may take
    /// its percentage of the minutes so far, and half of one day.
    fn beside(&mut self) {
        let Some(at) = self.at else { return };
        let capacity = self.capacity(self.planner.stretches[at].first, self.date);
        let capacity = capacity * u32::from(self.planner.plan.pace.beside_percent) / 100;
        let spent = self.planner.ledger.beside.get(&at).copied().unwrap_or(0);
        let allowed = capacity.saturating_sub(spent);
        let mut room = u16::try_from(allowed)
            .unwrap_or(u16::MAX)
            .min(self.holds / 2)
            .min(self.left);
        while let Some(activity) = self.back(room) {
            room -= activity.minutes;
            self.push(activity);
        }
    }

    /// Minutes that the days from `first` to `last` hold.
    fn capacity(&self, first: Date, last: Date) -> u32 {
        let mut date = first;
        let mut minutes = 0;
        while date <= last {
            minutes += u32::from(self.planner.plan.holds(date));
            date = next(date);
        }
        minutes
    }

    /// The rest of the day: again and again the area that is furthest behind its share.
    fn shares(&mut self) {
        let Some((at, phase)) = self.at.zip(self.planner.phase(self.at)) else {
            return;
        };
        let shares = &self.planner.plan.phases[phase].shares;
        let before = |area: Area| self.planner.ledger.shared.get(&(at, area)).copied().unwrap_or(0);
        let spent: BTreeMap<Area, u32> = shares.keys().map(|area| (*area, before(*area))).collect();
        let total = spent.values().sum::<u32>() + u32::from(self.left);
        let later = i64::from(self.capacity(next(self.date), self.planner.stretches[at].last));
        // What stands beside the shares is not known yet: less than half of it.
        let later = later / 2;
        let begin = self.activities.len();
        while self.left >= LEAST_MINUTES {
            let here = |area: Area| {
                let own = self.activities[begin..].iter().filter(|a| a.area == area);
                own.map(|a| u32::from(a.minutes)).sum::<u32>()
            };
            // In hundredths of a minute.
            let short = |area: Area, share: u8| {
                i64::from(total) * i64::from(share) - 100 * i64::from(spent[&area] + here(area))
            };
            let mut areas: Vec<(i64, Area)> = shares
                .iter()
                .filter(|(_, share)| **share > 0)
                .map(|(area, share)| (short(*area, *share), *area))
                .collect();
            areas.sort_by_key(|(short, area)| (Reverse(*short), *area));
            let minutes = |hundredths: i64| u16::try_from((hundredths / 100).max(0)).unwrap_or(u16::MAX);
            // An area may run ahead by what the rest of its phase can make even.
            let room =
                |short: i64, area: Area| self.left.min(minutes(short + later * i64::from(shares[&area])));
            let pick = |exact: bool| {
                areas.iter().find_map(|(short, area)| {
                    let most = room(*short, *area);
                    let most = if exact {
                        most.min(minutes(*short).saturating_mul(2))
                    } else {
                        most
                    };
                    self.choose(*area, minutes(*short), most)
                })
            };
            let chosen = pick(true).or_else(|| pick(false));
            match chosen {
                Some(activity) => self.push(activity),
                None => return,
            }
        }
    }

    /// A light day: cards, every story once, the checklist, the notes of what is still open.
    fn light(&mut self) {
        let plan = self.planner.plan;
        let budget = u32::from(self.holds) * u32::from(plan.pace.taper_percent) / 100;
        self.left = u16::try_from(budget).unwrap_or(self.holds).min(self.holds);
        self.cards();
        if self.left >= LEAST_MINUTES {
            self.push(Activity {
                title: "Go through the checklist".to_owned(),
                why: match days_between(self.date, plan.interview) {
                    1 => "The interview is tomorrow.".to_owned(),
                    n => format!("The interview is in {n} days."),
                },
                ..self.by_hand(
                    ActivityKind::Checklist,
                    Area::Checklist,
                    true,
                    CHECKLIST_MINUTES.min(self.left),
                )
            });
        }
        for story in 0..usize::from(plan.quotas.stories) {
            if let Some(activity) = self.rehearse(story, true, self.left) {
                self.push(activity);
            }
        }
        while let Some(activity) = self.notes(None, self.left) {
            self.push(activity);
        }
    }
}
