//! What the interviewer asks after the answer, and what comes back.
//!
//! A question is derived from the spec, the scorecard and the seed, so only the reply is kept.

use serde::{Deserialize, Serialize};

use crate::Status;

/// A question put to the candidate after the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The id of the fact it aims at; names the question in a [`Reply`].
    pub id: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// The question.
    pub ask: String,
    /// Why the interviewer asks: mentioned and not confirmed, or missed.
    pub because: Status,
    /// Options in the order shown (choice, pick, order); empty otherwise.
    pub options: Vec<String>,
    /// Unit of a number question.
    pub unit: Option<String>,
    /// 1 for the first question of the attempt.
    pub number: u32,
    /// How many the interviewer will ask at most.
    pub of: u32,
}

crate::item::vocabulary! {
    /// How a question is answered.
    QuestionKind {
        /// Exactly one option.
        Choice = "choice",
        /// All options that apply.
        Pick = "pick",
        /// A number.
        Number = "number",
        /// All options, in order.
        Order = "order",
        /// Free text.
        Probe = "probe",
    }
}

/// The candidate's answer to one question. A document on disk: change it only by addition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// [`Question::id`].
    pub question: String,
    /// What was answered.
    #[serde(flatten)]
    pub body: ReplyBody,
}

/// What was answered; exactly one of these keys is present in JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyBody {
    /// Index into the options as shown, from 0.
    Choice(u32),
    /// Indexes of all options that apply.
    Choices(Vec<u32>),
    /// A value in the question's unit.
    Number(f64),
    /// Indexes of the options in the order the candidate gives.
    Order(Vec<u32>),
    /// Free text, at most [`crate::MAX_ANSWER_BYTES`].
    Text(String),
    /// "I do not know": honest, and moves nothing.
    Pass(bool),
}

crate::item::vocabulary! {
    /// What a reply turned out to be.
    Verdict {
        /// Right.
        Right = "right",
        /// Right in part (pick, order, probe).
        Partly = "partly",
        /// Wrong.
        Wrong = "wrong",
        /// Passed, or a probe reply that says nothing on the point.
        Open = "open",
    }
}

/// A question with its reply, the verdict and what it moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// The question as it was asked.
    pub question: Question,
    /// What came back.
    pub reply: Reply,
    /// What it turned out to be.
    pub verdict: Verdict,
    /// What to learn from it: the correction of a wrong option, or why the right one is right.
    pub explanation: String,
    /// The right answer, as text.
    pub right_answer: String,
    /// Status of the fact before.
    pub from: Status,
    /// Status of the fact after.
    pub to: Status,
    /// Change in the coverage score, in points of 100, two decimals.
    pub moved: f64,
}
