//! The candidate's plan: kept, planned anew for each day that is asked for, ticked off.

use std::collections::BTreeMap;

use domain::plan::{MAX_DAY_MINUTES, days_between};
use domain::{CardEntry, DocumentId, InterviewLoop, Plan, PlanEntry, Story};
use interview::Phase;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use paper::calendar::{Calendar, Event, When};
use prepare::plan::{
    Activity, Check, CompetencyProgress, Day, Known, Material, Outlook, Tried, checklist, outlook, past,
    progress,
};

use crate::shelf::Held;
use crate::{Error, Practice, without_names};

/// Attempts of one item that a plan looks at: enough to see what was missed and met since.
const TRIES_PER_ITEM: u32 = 50;

/// Loops read at once.
const LOOPS: u32 = 100;

/// Windows that may write one plan at the same moment, before a tick gives up.
const WRITERS: usize = 4;

/// The plan as it stands on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The plan.
    pub plan: Held<Plan>,
    /// Today, what is ahead, and what is not.
    pub outlook: Outlook,
    /// The checklist.
    pub checks: Vec<Check>,
}

impl Practice {
    /// The plan; `None` when there is none.
    ///
    /// # Errors
    /// The store fails.
    pub async fn plan(&self) -> Result<Option<Held<Plan>>, Error> {
        match self.held::<Plan>(&plan_id()).await {
            Ok(held) => Ok(Some(held)),
            Err(Error::DocumentNotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps the plan in place of the version `seen`, 0 where there was none. What was done stays.
    ///
    /// # Errors
    /// A setting breaks its rule, somebody wrote another version before, or the store fails.
    pub async fn put_plan(&self, plan: &Plan, seen: i64, now_us: i64) -> Result<Held<Plan>, Error> {
        self.put(&plan_id(), plan, Some(seen), now_us).await?;
        self.held(&plan_id()).await
    }

    /// Deletes the plan with its log. Attempts stay.
    ///
    /// # Errors
    /// There is none, or the store fails.
    pub async fn delete_plan(&self) -> Result<(), Error> {
        self.discard::<Plan>(&plan_id()).await
    }

    /// The plan as it stands on `date`, the candidate's own.
    ///
    /// # Errors
    /// There is no plan, or the store fails.
    pub async fn planned(&self, date: Date) -> Result<Planned, Error> {
        self.planned_titled(date, |story| story.title.clone()).await
    }

    /// The plan as it leaves this machine: stories are named without the names that they hide.
    pub(crate) async fn planned_to_leave(&self, date: Date) -> Result<Planned, Error> {
        self.planned_titled(date, |story| without_names(story).title)
            .await
    }

    async fn planned_titled(&self, date: Date, title: fn(&Story) -> String) -> Result<Planned, Error> {
        let plan = self.held::<Plan>(&plan_id()).await?;
        let known = self.known(&plan.body, date, title).await?;
        Ok(Planned {
            outlook: outlook(&plan.body, &known, date),
            checks: checklist(&plan.body, &known, date),
            plan,
        })
    }

    /// The days from `from` to `to` as they stand on `today`: what was done on those before it, what is planned
    /// for the rest.
    ///
    /// # Errors
    /// There is no plan, or the store fails.
    pub async fn plan_days(&self, today: Date, from: Date, to: Date) -> Result<Vec<Day>, Error> {
        let plan = self.held::<Plan>(&plan_id()).await?.body;
        let known = self.known(&plan, today, |story| story.title.clone()).await?;
        let seen = outlook(&plan, &known, today);
        let mut days = Vec::new();
        let mut date = from.max(plan.start);
        while date <= to && date < plan.interview {
            if date < today {
                days.push(past(&plan, &known, date));
            }
            date = date.tomorrow().unwrap_or(Date::MAX);
        }
        let rest = std::iter::once(seen.today).chain(seen.ahead);
        let within = |day: &Day| plan.start <= day.date && day.date < plan.interview;
        days.extend(rest.filter(|day| within(day) && from <= day.date && day.date <= to));
        Ok(days)
    }

    /// Ticks an activity of a day, or takes the tick back. Attempts, reviews and loops count by themselves.
    ///
    /// # Errors
    /// There is no plan, the day lies after the candidate's, the day has no such activity, or the store fails.
    pub async fn tick(
        &self,
        date: Date,
        today: Date,
        activity: &str,
        done: bool,
        now_us: i64,
    ) -> Result<(), Error> {
        if date > today {
            let rule = "is a day that has not come".to_owned();
            return Err(Error::Field { field: "day", rule });
        }
        let planned = self.planned(date).await?;
        let found = planned.outlook.today.activities.iter().find(|a| a.id == activity);
        let Some(found) = found else {
            let rule = format!("is not on the list of {date}: `GET /plan/today` shows what is");
            return Err(Error::Field {
                field: "activity",
                rule,
            });
        };
        let entry = if done {
            PlanEntry::Done {
                date,
                activity: found.id.clone(),
                kind: found.kind,
                area: found.area,
                beside: found.beside,
                minutes: found.minutes.max(1),
            }
        } else {
            PlanEntry::Undone {
                date,
                activity: found.id.clone(),
            }
        };
        self.log_plan(&entry, now_us).await
    }

    /// Ticks or clears a line of the checklist.
    ///
    /// # Errors
    /// There is no plan, the checklist has no such line, or the store fails.
    pub async fn check_off(&self, check: &str, done: bool, now_us: i64) -> Result<(), Error> {
        let plan = self.held::<Plan>(&plan_id()).await?;
        let lines = checklist(&plan.body, &Known::default(), plan.body.start);
        if !lines.iter().any(|line| line.id == check) {
            let rule = "is no line of the checklist".to_owned();
            return Err(Error::Field { field: "check", rule });
        }
        let check = check.to_owned();
        self.log_plan(&PlanEntry::Checked { check, done }, now_us).await
    }

    /// How each competency stands, with or without a plan; `utc_offset` in minutes dates the attempts.
    ///
    /// # Errors
    /// The store fails.
    pub async fn progress(&self, utc_offset: i32) -> Result<Vec<CompetencyProgress>, Error> {
        let known = Known {
            materials: self.materials(),
            tried: self.tried(utc_offset).await?,
            ..Known::default()
        };
        Ok(progress(&known))
    }

    /// The days of the plan from `date` on as a calendar: one event a day, named by its date, so that importing
    /// it again moves what is there.
    ///
    /// # Errors
    /// There is no plan, or the store fails.
    pub async fn plan_calendar(&self, date: Date, now_us: i64) -> Result<String, Error> {
        let planned = self.planned_to_leave(date).await?;
        let now = Timestamp::from_microsecond(now_us).unwrap_or(Timestamp::UNIX_EPOCH);
        Ok(calendar(&planned, now).to_ics(now))
    }

    async fn log_plan(&self, entry: &PlanEntry, now_us: i64) -> Result<(), Error> {
        let id = plan_id();
        for _ in 1..WRITERS {
            let position = self.logged::<Plan>(&id).await?.len();
            match self
                .log::<Plan>(&id, position, std::slice::from_ref(entry), now_us)
                .await
            {
                Err(Error::DocumentChanged { .. }) => {}
                done => return done,
            }
        }
        let position = self.logged::<Plan>(&id).await?.len();
        self.log::<Plan>(&id, position, std::slice::from_ref(entry), now_us)
            .await
    }

    fn materials(&self) -> Vec<Material> {
        self.bank().answer_items().map(Material::of).collect()
    }

    /// Everything that a day is planned from.
    async fn known(&self, plan: &Plan, today: Date, title: fn(&Story) -> String) -> Result<Known, Error> {
        let log = self.logged::<Plan>(&plan_id()).await?;
        let mut known = Known {
            materials: self.materials(),
            tried: self.tried(plan.utc_offset).await?,
            log: log.into_iter().map(|logged| logged.entry).collect(),
            ..Known::default()
        };
        for held in self.all_held::<Story>().await?.into_iter().rev() {
            let story = held.body;
            // Begun is not written: it takes what was, what was done and what came of it.
            if ![&story.situation, &story.action, &story.result]
                .iter()
                .any(|part| part.trim().is_empty())
            {
                known.stories.push(title(&story));
            }
        }
        self.add_cards(&mut known, plan, today).await?;
        self.add_mocks(&mut known, plan.utc_offset).await?;
        Ok(known)
    }

    /// Loops that were gone through, with the minutes of their stages.
    async fn add_mocks(&self, known: &mut Known, utc_offset: i32) -> Result<(), Error> {
        let mut after: Option<(i64, DocumentId)> = None;
        loop {
            let seen = after.as_ref().map(|(at, id)| (*at, id));
            let page = self.loops(seen, LOOPS).await?;
            for (held, _) in page.iter().filter(|(_, state)| state.phase == Phase::Ended) {
                let log = self.logged::<InterviewLoop>(&held.id).await?;
                let ended = log.last().map_or(held.updated_at_us, |last| last.created_at_us);
                let minutes: u32 = held.body.stages.iter().map(|stage| stage.minutes).sum();
                let minutes = u16::try_from(minutes)
                    .unwrap_or(MAX_DAY_MINUTES)
                    .clamp(1, MAX_DAY_MINUTES);
                known.mocks.push((local(ended, utc_offset), minutes));
            }
            if page.len() < LOOPS as usize {
                return Ok(());
            }
            after = page
                .into_iter()
                .last()
                .map(|(held, _)| (held.created_at_us, held.id));
        }
    }

    /// What was reviewed on each day, and what falls due.
    async fn add_cards(&self, known: &mut Known, plan: &Plan, today: Date) -> Result<(), Error> {
        let mut spent_ms: BTreeMap<Date, u32> = BTreeMap::new();
        let mut waiting = 0_u32;
        let mut new = 0_u32;
        let mut reviewed_today = 0_u32;
        for card in self.cards().await?.iter().filter(|card| !card.kept.suspended) {
            for entry in card.entries_of() {
                if let CardEntry::Review { day, elapsed_ms, .. } = entry
                    && let Some(date) = civil(day)
                {
                    *spent_ms.entry(date).or_default() += elapsed_ms;
                    reviewed_today += u32::from(date == today);
                }
            }
            match card.schedule.as_ref().map(|schedule| civil(schedule.due)) {
                // What an answer of today missed is asked from tomorrow on: today's list stays as it is.
                None if card
                    .made_by
                    .as_ref()
                    .is_some_and(|m| local(m.created_at_us, plan.utc_offset) < today) =>
                {
                    new += 1;
                }
                None => {}
                Some(Some(due)) if due <= today => waiting += 1,
                Some(Some(due)) => *known.due_cards.entry(due).or_default() += 1,
                Some(None) => {}
            }
        }
        let new_a_day = self.review_settings().await?.new_a_day;
        // What was reviewed today was due today: the list stays as it was in the morning.
        let due = waiting + new.min(new_a_day.saturating_sub(reviewed_today)) + reviewed_today;
        known.due_cards.insert(today, due);
        for (date, ms) in spent_ms {
            let minutes = u16::try_from(ms.div_ceil(60_000)).unwrap_or(u16::MAX).max(1);
            let enough = date < today || waiting == 0 || minutes >= u16::from(plan.pace.card_minutes);
            if enough {
                known.reviewed.insert(date, minutes);
            }
        }
        Ok(())
    }

    /// The scored attempts, oldest first, each on the candidate's day.
    async fn tried(&self, utc_offset: i32) -> Result<Vec<Tried>, Error> {
        let mut points = self.store()?.history(TRIES_PER_ITEM).await?;
        points.sort_by(|a, b| (a.created_at_us, &a.attempt).cmp(&(b.created_at_us, &b.attempt)));
        let tried = |point: store::Point| {
            let fact = |found: store::CriterionStatus| (found.id, found.status);
            Tried {
                attempt: point.attempt,
                item: point.item,
                date: local(point.created_at_us, utc_offset),
                facts: point.standing.criteria.into_iter().map(fact).collect(),
            }
        };
        Ok(points.into_iter().map(tried).collect())
    }
}

/// The candidate's day at an instant.
fn local(us: i64, utc_offset: i32) -> Date {
    let offset = Offset::from_seconds(utc_offset.saturating_mul(60)).unwrap_or(Offset::UTC);
    let at = Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH);
    offset.to_datetime(at).date()
}

/// There is one plan.
fn plan_id() -> DocumentId {
    "plan"
        .parse()
        .unwrap_or_else(|_| unreachable!("letters are an id"))
}

/// A day of the review as a date.
fn civil(day: domain::Day) -> Option<Date> {
    day.to_string().parse().ok()
}

fn calendar(planned: &Planned, now: Timestamp) -> Calendar {
    let plan = &planned.plan.body;
    // Minutes since 2020: rises with each export, which calendars ask of what replaces an event.
    let since = now.as_second().saturating_sub(1_577_836_800) / 60;
    let sequence = u32::try_from(since).unwrap_or(0);
    let days = std::iter::once(&planned.outlook.today).chain(&planned.outlook.ahead);
    let within = |day: &&Day| !day.activities.is_empty() && plan.start <= day.date;
    let event = |day: &Day| Event {
        uid: format!("plan-{}", day.date),
        sequence,
        when: When::Day(day.date),
        summary: format!("Spar: {} min, {}", day.minutes(), day.activities[0].title),
        description: day.activities.iter().map(line).collect::<Vec<_>>().join("\n"),
        categories: vec!["Interview practice".to_owned()],
        url: String::new(),
    };
    let mut events: Vec<Event> = days.filter(within).map(event).collect();
    events.push(Event {
        uid: "plan-interview".to_owned(),
        sequence,
        when: When::Day(plan.interview),
        summary: "Interview".to_owned(),
        description: String::new(),
        categories: vec!["Interview practice".to_owned()],
        url: String::new(),
    });
    let days = days_between(plan.start, plan.interview);
    Calendar {
        name: "Spar: the plan".to_owned(),
        description: format!("{days} days of practice until the interview."),
        events,
    }
}

fn line(activity: &Activity) -> String {
    format!("{} min: {}. {}", activity.minutes, activity.title, activity.why)
}
