//! The closed vocabularies of the domain, with their values in the OpenAPI document.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A vocabulary of the domain as a schema: one spelling, taken from where it is declared.
macro_rules! words {
    ($($name:ident = $of:ty: $doc:literal),+ $(,)?) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $of);

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let values = <$of>::ALL.iter().map(|value| value.as_str());
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .enum_values(Some(values))
                    .description(Some($doc))
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }

        impl From<$of> for $name {
            fn from(value: $of) -> Self {
                Self(value)
            }
        }
    )+};
}

words! {
    Round = domain::Round: "A kind of practice with its own grader.",
    Kind = domain::Kind: "What sort of interview question an item is.",
    Level = domain::Level: "An interviewing level.",
    Area = domain::Area: "What minutes of a plan are spent on.",
    ActivityKind = domain::ActivityKind: "What a plan has to do.",
    Preset = domain::Preset: "How long there is, and with it the phases that a plan starts from.",
    Competency = domain::Competency: "What a hiring loop assesses with an item.",
    State = domain::AttemptState: "Where an attempt stands.",
    GroupId = domain::GroupId: "A group of a scorecard: the first six of answers, the others of programs.",
    Language = domain::Language: "A language that programs are written in.",
    Mode = domain::Mode: "How a program is spoken to: lines of its own, or calls of a class.",
    RunVerdict = domain::RunVerdict: "What came of running a program.",
    Status = domain::Status: "What was found of a criterion.",
    StoryPart = domain::StoryPart: "A part of a story, in the order of telling.",
    Band = domain::Band: "The word that leads a score: missing below 40, partial below 70, solid from there.",
    QuestionKind = domain::QuestionKind: "How a question is answered.",
    NudgeKind = domain::NudgeKind: "What a nudge of the coach is about.",
    Verdict = domain::Verdict: "What a reply turned out to be.",
    Rating = domain::Rating: "How well a card was known.",
    ReadFinding = domain::reading::Finding: "What a second reader found of a fact.",
    DropReason = domain::reading::Reason: "Why a verdict of a second reader was dropped.",
    Because = domain::Because: "Why a question is in a set, strongest first.",
    RemarkKind = domain::RemarkKind: "What a reader of a set must know.",
    Source = domain::Source: "A text that words were found in.",
    Task = domain::Task: "A line of the checklist of a preparation.",
    Ruling = practice::Ruling: "The rule that decided over a verdict of a second reader; see docs/second-reader.md.",
    StageKind = domain::StageKind: "What a stage of a loop is for.",
    LoopPart = domain::SpokenTo: "The question, or the requirement that changed.",
    LoopPhase = practice::Phase: "Where a loop stands.",
    StageState = practice::StagePhase: "Where a stage of a loop stands.",
    QuestionState = practice::QuestionPhase: "Where a question of a loop stands.",
    LoopAct = practice::Act: "What can be done in a loop.",
    Who = practice::Who: "Who speaks.",
    LineAct = practice::LineAct: "What a line of a loop does.",
    Mistake = practice::Mistake: "One of the five common mistakes.",
    Recommendation = practice::Recommendation: "What a loop recommends; there is no value between no and yes.",
    Within = practice::Within: "Where in a step of the recommendation a loop lies.",
}
