//! The loops to choose from.

use practice::{Preset, purpose, stage_weight};
use serde::Serialize;
use utoipa::ToSchema;

use super::words::{Level, StageKind};

/// The presets.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopPresetList {
    /// Every preset, the whole loop first.
    pub data: Vec<LoopPresetBody>,
}

/// A loop to choose.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopPresetBody {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What it is for.
    pub about: String,
    /// Where its minutes come from, and which are our choice.
    pub note: String,
    /// Minutes of all stages.
    pub minutes: u32,
    /// Its stages.
    pub stages: Vec<PresetStageBody>,
}

/// A stage of a preset.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresetStageBody {
    /// What it is for.
    pub kind: StageKind,
    /// Its name.
    pub title: String,
    /// What it shows an interviewer, in one sentence.
    pub purpose: String,
    /// How long it is.
    pub minutes: u32,
    /// How many questions it asks.
    pub questions: usize,
    /// The sentence that says what stands in for a round that is not built yet.
    #[schema(required)]
    pub stands_in: Option<String>,
    /// Its weight at each level, in the order junior, mid, senior.
    pub weights: Vec<PresetWeightBody>,
}

/// What a stage weighs at a level.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresetWeightBody {
    /// The level.
    pub level: Level,
    /// Share of a whole loop, in percent.
    pub weight: u32,
    /// The recommendation has a floor in it.
    pub decisive: bool,
    /// Why.
    pub why: String,
}

impl From<&Preset> for LoopPresetBody {
    fn from(preset: &Preset) -> Self {
        let weights = |kind: domain::StageKind| {
            let of = |level: &domain::Level| {
                let weight = stage_weight(*level, kind);
                PresetWeightBody {
                    level: (*level).into(),
                    weight: weight.weight,
                    decisive: weight.decisive,
                    why: weight.why.to_owned(),
                }
            };
            domain::Level::ALL.iter().map(of).collect()
        };
        let stages = preset.stages.iter().map(|stage| PresetStageBody {
            kind: stage.kind.into(),
            title: stage.title.to_owned(),
            purpose: purpose(stage.kind).to_owned(),
            minutes: stage.minutes,
            questions: stage.slots.len(),
            stands_in: practice::stands_in(stage.kind).map(str::to_owned),
            weights: weights(stage.kind),
        });
        Self {
            id: preset.id.to_owned(),
            title: preset.title.to_owned(),
            about: preset.about.to_owned(),
            note: preset.note.to_owned(),
            minutes: preset.minutes(),
            stages: stages.collect(),
        }
    }
}
