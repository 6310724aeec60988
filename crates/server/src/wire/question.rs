//! The interviewer's questions and the candidate's replies.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::{QuestionKind, Status, Verdict};

/// A question put to the candidate after the answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionBody {
    /// Names the question in a reply: the id of the fact it aims at.
    pub id: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// The question.
    pub ask: String,
    /// Why the interviewer asks.
    pub because: Status,
    /// Options in the order shown; empty for number and probe.
    pub options: Vec<String>,
    /// Unit of a number question.
    #[schema(required)]
    pub unit: Option<String>,
    /// 1 for the first question of the attempt.
    pub number: u32,
    /// How many the interviewer will ask at most.
    pub of: u32,
}

/// A question with its reply, the verdict and what it moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnsweredBody {
    /// The question as it was asked.
    pub question: QuestionBody,
    /// What came back.
    pub reply: ReplyBody,
    /// What it turned out to be.
    pub verdict: Verdict,
    /// What to learn from it.
    pub explanation: String,
    /// The right answer, as text.
    pub right_answer: String,
    /// Status of the fact before.
    pub from: Status,
    /// Status of the fact after.
    pub to: Status,
    /// Change in the coverage score, in points of 100.
    pub moved: f64,
}

/// A reply that was given; one of the optional fields is there.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ReplyBody {
    /// The question.
    pub question: String,
    /// Index into the options as shown, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub choice: Option<u32>,
    /// Indexes of all options that apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub choices: Option<Vec<u32>>,
    /// A value in the question's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub number: Option<f64>,
    /// Indexes of the options in the candidate's order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub order: Option<Vec<u32>>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub text: Option<String>,
    /// "I do not know".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pass: Option<bool>,
}

/// An answer to the pending question: exactly one of `choice`, `choices`, `number`, `order`, `text`, `pass`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReply {
    /// The pending question.
    #[schema(max_length = 64)]
    pub question: String,
    /// Index into the options as shown, from 0.
    #[schema(nullable = false)]
    pub choice: Option<u32>,
    /// Indexes of all options that apply.
    #[schema(nullable = false, max_items = 64)]
    pub choices: Option<Vec<u32>>,
    /// A value in the question's unit.
    #[schema(nullable = false)]
    pub number: Option<f64>,
    /// Indexes of the options in the candidate's order.
    #[schema(nullable = false, max_items = 64)]
    pub order: Option<Vec<u32>>,
    /// Free text, at most 65,536 bytes.
    #[schema(nullable = false, max_length = 65_536)]
    pub text: Option<String>,
    /// "I do not know": honest, and moves nothing. Only `true`.
    #[schema(nullable = false)]
    pub pass: Option<bool>,
}

impl NewReply {
    /// The reply, when exactly one answer is given.
    pub(crate) fn into_reply(self) -> Result<domain::Reply, &'static str> {
        let one = "needs exactly one of `choice`, `choices`, `number`, `order`, `text`, `pass`";
        let given = [
            self.choice.map(domain::ReplyBody::Choice),
            self.choices.map(domain::ReplyBody::Choices),
            self.number.map(domain::ReplyBody::Number),
            self.order.map(domain::ReplyBody::Order),
            self.text.map(domain::ReplyBody::Text),
            self.pass.map(domain::ReplyBody::Pass),
        ];
        let mut given = given.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(domain::ReplyBody::Pass(false)), None) => Err("can only `pass` with `true`"),
            (Some(body), None) => Ok(domain::Reply {
                question: self.question,
                body,
            }),
            _ => Err(one),
        }
    }
}

impl From<&domain::Question> for QuestionBody {
    fn from(question: &domain::Question) -> Self {
        Self {
            id: question.id.clone(),
            kind: question.kind.into(),
            ask: question.ask.clone(),
            because: question.because.into(),
            options: question.options.clone(),
            unit: question.unit.clone(),
            number: question.number,
            of: question.of,
        }
    }
}

impl From<&domain::Reply> for ReplyBody {
    fn from(reply: &domain::Reply) -> Self {
        let mut body = Self {
            question: reply.question.clone(),
            ..Self::default()
        };
        match reply.body.clone() {
            domain::ReplyBody::Choice(option) => body.choice = Some(option),
            domain::ReplyBody::Choices(options) => body.choices = Some(options),
            domain::ReplyBody::Number(value) => body.number = Some(value),
            domain::ReplyBody::Order(options) => body.order = Some(options),
            domain::ReplyBody::Text(text) => body.text = Some(text),
            domain::ReplyBody::Pass(pass) => body.pass = Some(pass),
        }
        body
    }
}

impl From<&domain::Answered> for AnsweredBody {
    fn from(answered: &domain::Answered) -> Self {
        Self {
            question: (&answered.question).into(),
            reply: (&answered.reply).into(),
            verdict: answered.verdict.into(),
            explanation: answered.explanation.clone(),
            right_answer: answered.right_answer.clone(),
            from: answered.from.into(),
            to: answered.to.into(),
            moved: answered.moved,
        }
    }
}
