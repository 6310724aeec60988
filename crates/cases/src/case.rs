//! What is run, and what came back.

use domain::GroupId;
use serde_json::Value;

/// One run of the candidate's program from its start.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Unique within its group and stable over seeds, such as `expiry-3`.
    pub id: String,
    /// The group it counts for.
    pub group: GroupId,
    /// The rule of the prompt that it shows, as one sentence: what a candidate reads when it fails.
    pub rule: String,
    /// What is done.
    pub script: Script,
}

/// What is done with the program.
#[derive(Debug, Clone, PartialEq)]
pub enum Script {
    /// Bytes to its standard input.
    Stdio {
        /// The input. It is closed after the last byte.
        input: Vec<u8>,
    },
    /// Calls of the candidate's class.
    Calls {
        /// Arguments of the constructor, without the data folder.
        init: Vec<Value>,
        /// What happens, in order.
        steps: Vec<Step>,
    },
}

/// One thing that happens to a program that is spoken to by calls.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// One call; its answer is awaited before the next step.
    Call(Call),
    /// Calls that are sent at once. Those of one client are made in order by one thread; answers come in any
    /// order between clients and are stamped by the judge.
    Together(Vec<Call>),
    /// Scripts for real threads: each list is run by a thread of the program, all let go at one moment. The
    /// program's stamps only narrow the intervals that the judge saw.
    Par(Vec<Vec<Call>>),
    /// Kills the program with `SIGKILL` and starts it again over the same data folder.
    Restart,
    /// A line that is no call, such as cut JSON. The program must live on; it may answer with one error line.
    Garbage(String),
}

/// A call of an operation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Call {
    /// Which client makes it, from 0.
    pub client: u32,
    /// The operation.
    pub op: String,
    /// Its arguments, the time first where the signature has a clock.
    pub args: Vec<Value>,
}

/// What the program answered to a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// A value; `null` for nothing.
    Ok(Value),
    /// The class raised an error, with its text.
    Err(String),
}

/// A call with its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The call.
    pub call: Call,
    /// The answer.
    pub reply: Reply,
    /// When it was sent, in nanoseconds since the start of the run; only the order means something.
    pub began: u64,
    /// When its answer had come.
    pub ended: u64,
}

/// What came back of one case.
#[derive(Debug, Clone, PartialEq)]
pub enum Transcript {
    /// Everything on standard output.
    Stdio {
        /// The bytes.
        output: Vec<u8>,
    },
    /// For each step what was answered; nothing for restarts and garbage. Shorter than the case when the
    /// program ended early, which the judge reports by itself.
    Calls {
        /// By step, in the order of the calls in the step.
        steps: Vec<Vec<Answered>>,
    },
}

/// What was wrong, told so that the candidate sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The step that shows it, from 0; of a stdio case the line of output.
    pub step: usize,
    /// The call or the line of input that it is about, in the notation of own tests.
    pub input: String,
    /// What a right program gives, or what must hold.
    pub expected: String,
    /// What came.
    pub got: String,
    /// The rule that was broken, one sentence, more particular than that of the case where it can be.
    pub rule: String,
}
