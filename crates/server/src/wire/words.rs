//! The closed vocabularies of the domain, with their values in the OpenAPI document.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A vocabulary of the domain as a schema: one spelling, taken from where it is declared.
macro_rules! words {
    ($($name:ident = $of:ident: $doc:literal),+ $(,)?) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub domain::$of);

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let values = domain::$of::ALL.iter().map(|value| value.as_str());
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

        impl From<domain::$of> for $name {
            fn from(value: domain::$of) -> Self {
                Self(value)
            }
        }
    )+};
}

words! {
    Round = Round: "A kind of practice with its own grader.",
    Kind = Kind: "What sort of interview question an item is.",
    Level = Level: "An interviewing level.",
    Competency = Competency: "What a hiring loop assesses with an item.",
    State = AttemptState: "Where an attempt stands.",
    GroupId = GroupId: "A group of an answer scorecard.",
    Status = Status: "What was found of a criterion.",
    Band = Band: "The word that leads a score: missing below 40, partial below 70, solid from there.",
    QuestionKind = QuestionKind: "How a question is answered.",
    Verdict = Verdict: "What a reply turned out to be.",
}
