//! Items, whole and in lists.

use domain::{Fact, Guidance, Item, Variant};
use practice::{Practice, Summary};
use serde::Serialize;
use utoipa::ToSchema;

use super::program::ProgramBody;
use super::words::{Competency, Kind, Level, Round};
use crate::markdown;

/// A page of items in id order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemList {
    /// The items.
    pub data: Vec<ItemEntry>,
    /// The cursor of the next page; null on the last.
    #[schema(required)]
    pub next: Option<String>,
}

/// An item as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemEntry {
    /// The slug.
    pub id: String,
    /// Short name.
    pub title: String,
    /// Which grader takes it.
    pub round: Round,
    /// What sort of question it is.
    pub kind: Kind,
    /// What it assesses.
    pub competency: Competency,
    /// For search and filters.
    pub topics: Vec<String>,
    /// Levels it is asked at.
    pub levels: Vec<Level>,
    /// Minutes to answer it aloud, or to write the program.
    pub minutes: u32,
    /// Whether it carries graded references and checks.
    pub core: bool,
    /// Date of the last review.
    #[schema(format = Date)]
    pub reviewed: String,
    /// Hash of its source.
    pub revision: String,
    /// How many scored attempts the candidate has made.
    pub attempts: u32,
    /// Highest total.
    #[schema(required)]
    pub best: Option<f64>,
    /// Total of the newest.
    #[schema(required)]
    pub last: Option<f64>,
}

/// One item.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemBody {
    /// What lists show of it.
    #[serde(flatten)]
    pub entry: ItemEntry,
    /// The variant that is shown; null for an item without variants.
    #[schema(required)]
    pub variant: Option<VariantBody>,
    /// All variants, the default first; empty for an item without variants.
    pub variants: Vec<VariantBody>,
    /// The question as put to the candidate (Markdown).
    pub prompt: String,
    /// The same as safe HTML.
    pub prompt_html: String,
    /// What an item that takes a program asks for; null for one that takes an answer.
    #[schema(required)]
    pub program: Option<ProgramBody>,
    /// Study material and rubric, when asked for with `guidance=true`.
    #[schema(required)]
    pub guidance: Option<GuidanceBody>,
}

/// One way to put an item: the same question with other figures or under another constraint.
#[derive(Debug, Serialize, ToSchema)]
pub struct VariantBody {
    /// From 0, the default.
    pub number: u32,
    /// What is particular to it.
    pub title: String,
}

impl From<&Variant> for VariantBody {
    fn from(variant: &Variant) -> Self {
        Self {
            number: variant.number,
            title: variant.title.clone(),
        }
    }
}

/// Study material of an item.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuidanceBody {
    /// Why interviewers ask it (Markdown).
    pub why_asked: String,
    /// The same as safe HTML.
    pub why_asked_html: String,
    /// The detail that separates levels (Markdown).
    pub separates_levels: String,
    /// The same as safe HTML.
    pub separates_levels_html: String,
    /// A full answer (Markdown).
    pub sample: String,
    /// The same as safe HTML.
    pub sample_html: String,
    /// What people believe and should not.
    pub misconceptions: Vec<MisconceptionBody>,
    /// Where an interviewer goes next.
    pub follow_ups: Vec<String>,
    /// What changes with the level.
    pub level_notes: LevelNotesBody,
    /// The points a full answer makes.
    pub rubric: Vec<FactBody>,
    /// What the question leaves open, with what an interviewer says when asked.
    pub clarifications: Vec<ClarificationBody>,
    /// The requirement that an interviewer changes mid-way; null where there is none.
    #[schema(required)]
    pub change: Option<ChangedBody>,
}

/// A requirement that only a question brings out.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClarificationBody {
    /// Unique within the item.
    pub id: String,
    /// The question.
    pub ask: String,
    /// The answer.
    pub answer: String,
    /// A good candidate asks it before designing.
    pub needed: bool,
}

/// A requirement that changes mid-way.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangedBody {
    /// What the interviewer says.
    pub say: String,
    /// A full answer to it.
    pub sample: String,
}

/// A common false belief with its correction.
#[derive(Debug, Serialize, ToSchema)]
pub struct MisconceptionBody {
    /// The belief.
    pub claim: String,
    /// Why it does not hold.
    pub correction: String,
}

/// What interviewers expect at each level.
#[derive(Debug, Serialize, ToSchema)]
pub struct LevelNotesBody {
    /// Junior.
    pub junior: String,
    /// Mid.
    pub mid: String,
    /// Senior.
    pub senior: String,
}

/// A point that a full answer makes.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactBody {
    /// Unique within the item.
    pub id: String,
    /// The point as one sentence.
    pub claim: String,
    /// 1 nice, 2 expected, 3 decisive.
    pub weight: u32,
    /// A full answer cannot leave it out.
    pub must: bool,
    /// From which level on it is expected.
    pub level: Level,
    /// The point as people say it.
    pub say: Vec<String>,
    /// What to say when it was missed.
    pub tip: String,
    /// The follow-up question aimed at it.
    pub probe: String,
}

impl ItemEntry {
    /// From the domain, with what the candidate did of it.
    pub fn new(item: &Item, summary: Option<&Summary>) -> Self {
        Self {
            id: item.id.to_string(),
            title: item.title.clone(),
            round: item.round.into(),
            kind: item.kind.into(),
            competency: item.competency.into(),
            topics: item.topics.clone(),
            levels: item.levels.iter().copied().map(Level).collect(),
            minutes: item.minutes,
            core: item.core,
            reviewed: item.reviewed.clone(),
            revision: item.revision.clone(),
            attempts: summary.map_or(0, |s| s.attempts),
            best: summary.and_then(|s| s.best),
            last: summary.and_then(|s| s.last),
        }
    }
}

impl ItemBody {
    /// From the domain, with what the candidate did of it.
    pub fn new(
        item: &Item,
        entry: &practice::ItemEntry<'_>,
        practice: &Practice,
        with_guidance: bool,
    ) -> Self {
        Self {
            entry: ItemEntry::new(item, entry.summary.as_ref()),
            program: ProgramBody::new(item, practice, with_guidance),
            variant: item.variant.as_ref().map(VariantBody::from),
            variants: item.variants.iter().map(VariantBody::from).collect(),
            prompt: item.prompt.clone(),
            prompt_html: markdown::to_html(&item.prompt),
            guidance: with_guidance.then(|| GuidanceBody::new(item)),
        }
    }
}

impl GuidanceBody {
    fn new(item: &Item) -> Self {
        let guidance: &Guidance = &item.guidance;
        let clarification = |c: &domain::Clarification| ClarificationBody {
            id: c.id.clone(),
            ask: c.ask.clone(),
            answer: c.answer.clone(),
            needed: c.needed,
        };
        let misconception = |m: &domain::Misconception| MisconceptionBody {
            claim: m.claim.clone(),
            correction: m.correction.clone(),
        };
        let notes = &guidance.level_notes;
        Self {
            why_asked: guidance.why_asked.clone(),
            why_asked_html: markdown::to_html(&guidance.why_asked),
            separates_levels: guidance.separates_levels.clone(),
            separates_levels_html: markdown::to_html(&guidance.separates_levels),
            sample: guidance.sample.clone(),
            sample_html: markdown::to_html(&guidance.sample),
            misconceptions: guidance.misconceptions.iter().map(misconception).collect(),
            follow_ups: guidance.follow_ups.clone(),
            level_notes: LevelNotesBody {
                junior: notes.junior.clone(),
                mid: notes.mid.clone(),
                senior: notes.senior.clone(),
            },
            rubric: item.facts().iter().map(FactBody::from).collect(),
            clarifications: item.clarifications.iter().map(clarification).collect(),
            change: item.change.as_ref().map(|change| ChangedBody {
                say: change.say.clone(),
                sample: change.sample.clone(),
            }),
        }
    }
}

impl From<&Fact> for FactBody {
    fn from(fact: &Fact) -> Self {
        Self {
            id: fact.id.clone(),
            claim: fact.claim.clone(),
            weight: fact.weight,
            must: fact.must,
            level: fact.level.into(),
            say: fact.say.clone(),
            tip: fact.tip.clone(),
            probe: fact.probe.clone(),
        }
    }
}
