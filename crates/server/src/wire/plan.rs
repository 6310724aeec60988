//! The plan: its settings, a day's list, what is ahead, and progress by competency.

use std::collections::BTreeMap;

use domain::plan::{NOTES, Pace, Phase, Quotas};
use domain::{DocumentError, Plan};
use jiff::civil::Date;
use practice::Held;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use super::words::{Area, Level, Preset};

/// The plan there is, and what plans start from.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanState {
    /// The plan; null when there is none.
    #[schema(required)]
    pub plan: Option<PlanBody>,
    /// What plans start from.
    pub presets: Vec<PresetBody>,
    /// Where the default of each setting comes from.
    pub notes: Vec<NoteBody>,
}

/// The settings of the plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanBody {
    /// How often it was written; to be sent back with the next write.
    pub version: i64,
    /// When it was last written.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// What it started from.
    pub preset: Preset,
    /// Its first day.
    #[schema(format = Date)]
    pub start: String,
    /// The day of the interview.
    #[schema(format = Date)]
    pub interview: String,
    /// The level that is interviewed for.
    pub level: Level,
    /// Topics put first.
    pub topics: Vec<String>,
    /// Minutes of each day of the week, Monday first.
    pub minutes: Vec<u16>,
    /// Minutes that the candidate's clock is ahead of UTC.
    pub utc_offset: i32,
    /// The phases.
    pub phases: Vec<PhaseBody>,
    /// How many of what.
    pub quotas: QuotasBody,
    /// When things come back.
    pub pace: PaceBody,
}

/// What a plan starts from.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresetBody {
    /// Its name.
    pub preset: Preset,
    /// The phases.
    pub phases: Vec<PhaseBody>,
    /// How many of what.
    pub quotas: QuotasBody,
    /// When things come back.
    pub pace: PaceBody,
}

/// Where the default of a setting comes from.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoteBody {
    /// The setting, such as `quotas.mocks`.
    pub setting: &'static str,
    /// Study guides, or our choice.
    pub source: &'static str,
    /// Why it is as it is.
    pub why: &'static str,
}

/// A plan to keep. What is left out is as the preset has it; the preset is the one that fits the days.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    /// The version that the writer has seen; 0 for the first.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub version: u64,
    /// What to start from.
    #[schema(nullable = false)]
    pub preset: Option<Preset>,
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    pub start: Date,
    /// The day of the interview, 1 to 182 days after the first.
    #[schema(value_type = String, format = Date)]
    pub interview: Date,
    /// The level that is interviewed for; `mid` without it.
    #[schema(nullable = false)]
    pub level: Option<Level>,
    /// Topics to put first.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub topics: Vec<String>,
    /// Minutes of each day of the week, Monday first; 0 to 480.
    #[schema(min_items = 7, max_items = 7)]
    pub minutes: Vec<u16>,
    /// Minutes that the candidate's clock is ahead of UTC.
    #[serde(default)]
    #[schema(minimum = -1080, maximum = 1080)]
    pub utc_offset: i32,
    /// The phases.
    #[schema(nullable = false, min_items = 1, max_items = 8)]
    pub phases: Option<Vec<PhaseBody>>,
    /// How many of what.
    #[schema(nullable = false)]
    pub quotas: Option<QuotasBody>,
    /// When things come back.
    #[schema(nullable = false)]
    pub pace: Option<PaceBody>,
}

/// A stretch of a plan with its own shares.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhaseBody {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    pub title: String,
    /// Its length in days, in proportion to the others.
    #[schema(minimum = 1, maximum = 182)]
    pub days: u16,
    /// Its areas; their percentages add up to 100.
    #[schema(max_items = 7)]
    pub shares: Vec<ShareBody>,
}

/// How much of a phase an area has.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareBody {
    /// The area.
    pub area: Area,
    /// Percent of the minutes.
    #[schema(minimum = 0, maximum = 100)]
    pub percent: u8,
}

/// How many of what a plan aims at; each 0 to 30.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuotasBody {
    /// Programs a week, while coding has a share.
    #[schema(minimum = 0, maximum = 30)]
    pub problems_a_week: u8,
    /// Chapters a week, while fundamentals have a share.
    #[schema(minimum = 0, maximum = 30)]
    pub chapters_a_week: u8,
    /// Systems drawn from end to end.
    #[schema(minimum = 0, maximum = 30)]
    pub sketches: u8,
    /// Mocks.
    #[schema(minimum = 0, maximum = 30)]
    pub mocks: u8,
    /// Stories, written and rehearsed.
    #[schema(minimum = 0, maximum = 30)]
    pub stories: u8,
}

/// When things come back, and how a day is kept in bounds.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaceBody {
    /// Days after which a missed fact comes back: missed once, twice, more often; each 1 to 60.
    #[schema(min_items = 3, max_items = 3)]
    pub retry_days: Vec<u8>,
    /// Days after which an item that went well is worth another answer.
    #[schema(minimum = 1, maximum = 120)]
    pub again_days: u8,
    /// Minutes beside those of an answer.
    #[schema(minimum = 0, maximum = 60)]
    pub study_minutes: u8,
    /// Most minutes of cards a day.
    #[schema(minimum = 0, maximum = 60)]
    pub card_minutes: u8,
    /// Most percent of the minutes for what no share holds.
    #[schema(minimum = 0, maximum = 60)]
    pub beside_percent: u8,
    /// Light days before the interview.
    #[schema(minimum = 0, maximum = 14)]
    pub taper_days: u8,
    /// Percent of a day's minutes that a light day uses.
    #[schema(minimum = 10, maximum = 100)]
    pub taper_percent: u8,
}

impl NewPlan {
    /// The plan with the preset's settings where none are given.
    ///
    /// # Errors
    /// A list has another length than it must.
    pub fn into_plan(self) -> Result<Plan, DocumentError> {
        let days = domain::plan::days_between(self.start, self.interview);
        let preset = self
            .preset
            .map_or_else(|| domain::Preset::for_days(days), |preset| preset.0);
        let minutes = <[u16; 7]>::try_from(self.minutes)
            .map_err(|_| DocumentError::new("minutes", "must be 7 numbers, Monday first"))?;
        let mut plan = preset.plan(self.start, self.interview, minutes);
        plan.topics = self.topics;
        plan.utc_offset = self.utc_offset;
        if let Some(level) = self.level {
            plan.level = level.0;
        }
        if let Some(phases) = self.phases {
            let phases: Result<Vec<Phase>, _> = phases.into_iter().enumerate().map(phase).collect();
            plan.phases = phases?;
        }
        if let Some(q) = self.quotas {
            plan.quotas = Quotas {
                problems_a_week: q.problems_a_week,
                chapters_a_week: q.chapters_a_week,
                sketches: q.sketches,
                mocks: q.mocks,
                stories: q.stories,
            };
        }
        if let Some(p) = self.pace {
            plan.pace = Pace {
                retry_days: <[u8; 3]>::try_from(p.retry_days)
                    .map_err(|_| DocumentError::new("pace.retry_days", "must be 3 numbers"))?,
                again_days: p.again_days,
                study_minutes: p.study_minutes,
                card_minutes: p.card_minutes,
                beside_percent: p.beside_percent,
                taper_days: p.taper_days,
                taper_percent: p.taper_percent,
            };
        }
        Ok(plan)
    }
}

fn phase((at, body): (usize, PhaseBody)) -> Result<Phase, DocumentError> {
    let mut shares = BTreeMap::new();
    for share in body.shares {
        if shares.insert(share.area.0, share.percent).is_some() {
            let rule = format!("names `{}` twice", share.area.0);
            return Err(DocumentError::new(format!("phases[{at}].shares"), rule));
        }
    }
    Ok(Phase {
        title: body.title,
        days: body.days,
        shares,
    })
}

impl PlanState {
    /// What there is, and what plans start from.
    pub fn of(plan: Option<&Held<Plan>>) -> Self {
        let preset = |preset: &domain::Preset| PresetBody {
            preset: (*preset).into(),
            phases: preset.phases().iter().map(PhaseBody::from).collect(),
            quotas: preset.quotas().into(),
            pace: Pace::default().into(),
        };
        let note = |note: &domain::plan::Note| NoteBody {
            setting: note.setting,
            source: note.source,
            why: note.why,
        };
        Self {
            plan: plan.map(PlanBody::from),
            presets: domain::Preset::ALL.iter().map(preset).collect(),
            notes: NOTES.iter().map(note).collect(),
        }
    }
}

impl From<&Held<Plan>> for PlanBody {
    fn from(held: &Held<Plan>) -> Self {
        let plan = &held.body;
        Self {
            version: held.version,
            updated_at: instant(held.updated_at_us),
            preset: plan.preset.into(),
            start: plan.start.to_string(),
            interview: plan.interview.to_string(),
            level: plan.level.into(),
            topics: plan.topics.clone(),
            minutes: plan.minutes.to_vec(),
            utc_offset: plan.utc_offset,
            phases: plan.phases.iter().map(PhaseBody::from).collect(),
            quotas: plan.quotas.into(),
            pace: plan.pace.into(),
        }
    }
}

impl From<&Phase> for PhaseBody {
    fn from(phase: &Phase) -> Self {
        let share = |(area, percent): (&domain::Area, &u8)| ShareBody {
            area: (*area).into(),
            percent: *percent,
        };
        Self {
            title: phase.title.clone(),
            days: phase.days,
            shares: phase.shares.iter().map(share).collect(),
        }
    }
}

impl From<Quotas> for QuotasBody {
    fn from(q: Quotas) -> Self {
        Self {
            problems_a_week: q.problems_a_week,
            chapters_a_week: q.chapters_a_week,
            sketches: q.sketches,
            mocks: q.mocks,
            stories: q.stories,
        }
    }
}

impl From<Pace> for PaceBody {
    fn from(p: Pace) -> Self {
        Self {
            retry_days: p.retry_days.to_vec(),
            again_days: p.again_days,
            study_minutes: p.study_minutes,
            card_minutes: p.card_minutes,
            beside_percent: p.beside_percent,
            taper_days: p.taper_days,
            taper_percent: p.taper_percent,
        }
    }
}
