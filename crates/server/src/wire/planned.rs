//! The plan as it stands on one day, and progress by competency.

use domain::plan::days_between;
use practice::{
    Activity, AreaBalance, CompetencyProgress, Dropped, Missed, PhaseBalance, Planned, PlannedDay,
    PointProgress,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::{ActivityKind, Area, Competency, Status};

/// The plan as it stands on one day.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanTodayBody {
    /// The list of the day.
    pub day: DayBody,
    /// Days until the interview.
    pub days_left: i32,
    /// The phases with their dates and shares.
    pub phases: Vec<PlannedPhase>,
    /// Days without practice so far, which had minutes.
    pub pauses: Vec<PauseBody>,
    /// What the days ahead do not hold, most wanted first.
    pub dropped: Vec<DroppedBody>,
    /// The checklist.
    pub checklist: Vec<CheckBody>,
}

/// A list of days.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanDaysBody {
    /// The days in order; those outside the plan are left out.
    pub days: Vec<DayBody>,
}

/// One day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayBody {
    /// The date.
    #[schema(format = Date)]
    pub date: String,
    /// Minutes that it holds.
    pub holds: u16,
    /// Minutes of its activities.
    pub minutes: u16,
    /// Position of its phase in `phases`; null on light days and outside the plan.
    #[schema(required)]
    pub phase: Option<usize>,
    /// Whether it is one of the light days before the interview.
    pub light: bool,
    /// What to do, in order; of a day that has passed what was done.
    pub activities: Vec<ActivityBody>,
}

/// One thing to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityBody {
    /// Names it within its day.
    pub id: String,
    /// What it is.
    pub kind: ActivityKind,
    /// What its minutes count as.
    pub area: Area,
    /// Whether it stands beside the shares of its phase.
    pub beside: bool,
    /// What to do.
    pub title: String,
    /// Why.
    pub why: String,
    /// Its item; null when it has none.
    #[schema(required)]
    pub item: Option<String>,
    /// The facts that it is for, worst first.
    pub facts: Vec<MissedBody>,
    /// How long it takes.
    pub minutes: u16,
    /// Whether it was done.
    pub done: bool,
}

/// A fact that was missed and has not been met since.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissedBody {
    /// The fact.
    pub id: String,
    /// Its statement.
    pub claim: String,
    /// Whether every answer needs it.
    pub must: bool,
    /// What was last found of it.
    pub status: Status,
    /// When.
    #[schema(format = Date)]
    pub date: String,
    /// In which attempt.
    pub attempt: String,
}

/// A phase with its dates.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedPhase {
    /// Its name.
    pub title: String,
    /// Its first day.
    #[schema(format = Date)]
    pub first: String,
    /// Its last day.
    #[schema(format = Date)]
    pub last: String,
    /// Its areas, largest share first.
    pub areas: Vec<AreaBody>,
    /// Minutes beside the shares, done and ahead.
    pub beside: u32,
}

/// How the minutes of an area stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaBody {
    /// The area.
    pub area: Area,
    /// Percent that it should have.
    pub share: u8,
    /// Minutes done.
    pub done: u32,
    /// Minutes planned from here on.
    pub ahead: u32,
    /// Percent that it has, of what is done and ahead; null when there is none.
    #[schema(required)]
    pub percent: Option<f64>,
}

/// A day without practice, which had minutes.
#[derive(Debug, Serialize, ToSchema)]
pub struct PauseBody {
    /// The date.
    #[schema(format = Date)]
    pub date: String,
    /// Minutes that it held.
    pub held: u16,
}

/// What the days ahead do not hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct DroppedBody {
    /// What it is.
    pub title: String,
    /// Its item; null when it has none.
    #[schema(required)]
    pub item: Option<String>,
    /// What it would have counted as.
    pub area: Area,
    /// Why.
    pub why: String,
}

/// A line of the checklist.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckBody {
    /// Its id.
    pub id: String,
    /// What has to be.
    pub title: String,
    /// Whether it is.
    pub done: bool,
    /// What ticked it by itself; null when it is ticked by hand.
    #[schema(required)]
    pub by: Option<String>,
}

/// An activity that was done, or was not after all.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTick {
    /// The candidate's date today.
    #[schema(value_type = String, format = Date)]
    pub date: jiff::civil::Date,
    /// The day of the activity, today or before; today without it.
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub day: Option<jiff::civil::Date>,
    /// The activity's id.
    #[schema(min_length = 1, max_length = 140)]
    pub activity: String,
    /// Whether it was done.
    pub done: bool,
}

/// A line of the checklist, ticked or cleared.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCheck {
    /// The candidate's date today.
    #[schema(value_type = String, format = Date)]
    pub date: jiff::civil::Date,
    /// The line's id.
    #[schema(min_length = 1, max_length = 100)]
    pub check: String,
    /// Whether it is ticked now.
    pub done: bool,
}

/// Progress by competency.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgressBody {
    /// The competencies of the bank.
    pub competencies: Vec<CompetencyBody>,
}

/// How one competency stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompetencyBody {
    /// The competency.
    pub competency: Competency,
    /// Items of the bank.
    pub items: u32,
    /// Items that were answered.
    pub answered: u32,
    /// Facts of items that were not answered yet.
    pub unmeasured: u32,
    /// What was last found of each fact that was asked, worst first.
    pub points: Vec<PointBody>,
    /// What answering again changed; null while no item was answered on two days.
    #[schema(required)]
    pub gain: Option<GainBody>,
}

/// What was last found of one fact.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointBody {
    /// Its item.
    pub item: String,
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
    #[schema(format = Date)]
    pub date: String,
    /// In which attempt.
    pub attempt: String,
}

/// First against last answers, over the items that were answered on two days or more.
#[derive(Debug, Serialize, ToSchema)]
pub struct GainBody {
    /// Such items.
    pub items: u32,
    /// Facts that both answers were asked for.
    pub points: u32,
    /// Of those, met at first.
    pub first: u32,
    /// Of those, met at last.
    pub last: u32,
}

impl From<&Planned> for PlanTodayBody {
    fn from(planned: &Planned) -> Self {
        let plan = &planned.plan.body;
        let outlook = &planned.outlook;
        let check = |check: &practice::Check| CheckBody {
            id: check.id.to_owned(),
            title: check.title.clone(),
            done: check.done,
            by: check.by.clone(),
        };
        let pause = |pause: &practice::Pause| PauseBody {
            date: pause.date.to_string(),
            held: pause.held,
        };
        Self {
            day: (&outlook.today).into(),
            days_left: days_between(outlook.today.date, plan.interview),
            phases: outlook
                .balance
                .iter()
                .map(|balance| PlannedPhase::new(&plan.phases[balance.stretch.phase].title, balance))
                .collect(),
            pauses: outlook.pauses.iter().map(pause).collect(),
            dropped: outlook.dropped.iter().map(DroppedBody::from).collect(),
            checklist: planned.checks.iter().map(check).collect(),
        }
    }
}

impl PlannedPhase {
    fn new(title: &str, balance: &PhaseBalance) -> Self {
        let area = |area: &AreaBalance| AreaBody {
            area: area.area.into(),
            share: area.share,
            done: area.done,
            ahead: area.ahead,
            percent: balance.percent(area.area).map(domain::round2),
        };
        Self {
            title: title.to_owned(),
            first: balance.stretch.first.to_string(),
            last: balance.stretch.last.to_string(),
            areas: balance.areas.iter().map(area).collect(),
            beside: balance.beside,
        }
    }
}

impl From<&PlannedDay> for DayBody {
    fn from(day: &PlannedDay) -> Self {
        Self {
            date: day.date.to_string(),
            holds: day.holds,
            minutes: day.minutes(),
            phase: day.phase,
            light: day.light,
            activities: day.activities.iter().map(ActivityBody::from).collect(),
        }
    }
}

impl From<&Activity> for ActivityBody {
    fn from(activity: &Activity) -> Self {
        Self {
            id: activity.id.clone(),
            kind: activity.kind.into(),
            area: activity.area.into(),
            beside: activity.beside,
            title: activity.title.clone(),
            why: activity.why.clone(),
            item: activity.item.as_ref().map(ToString::to_string),
            facts: activity.facts.iter().map(MissedBody::from).collect(),
            minutes: activity.minutes,
            done: activity.done,
        }
    }
}

impl From<&Missed> for MissedBody {
    fn from(missed: &Missed) -> Self {
        Self {
            id: missed.id.clone(),
            claim: missed.claim.clone(),
            must: missed.must,
            status: missed.status.into(),
            date: missed.date.to_string(),
            attempt: missed.attempt.to_string(),
        }
    }
}

impl From<&Dropped> for DroppedBody {
    fn from(dropped: &Dropped) -> Self {
        Self {
            title: dropped.title.clone(),
            item: dropped.item.as_ref().map(ToString::to_string),
            area: dropped.area.into(),
            why: dropped.why.clone(),
        }
    }
}

impl From<&CompetencyProgress> for CompetencyBody {
    fn from(progress: &CompetencyProgress) -> Self {
        Self {
            competency: progress.competency.into(),
            items: progress.items,
            answered: progress.answered,
            unmeasured: progress.unmeasured,
            points: progress.points.iter().map(PointBody::from).collect(),
            gain: progress.gain.map(|gain| GainBody {
                items: gain.items,
                points: gain.points,
                first: gain.first,
                last: gain.last,
            }),
        }
    }
}

impl From<&PointProgress> for PointBody {
    fn from(point: &PointProgress) -> Self {
        Self {
            item: point.item.to_string(),
            title: point.title.clone(),
            id: point.id.clone(),
            claim: point.claim.clone(),
            must: point.must,
            status: point.status.into(),
            date: point.date.to_string(),
            attempt: point.attempt.to_string(),
        }
    }
}
