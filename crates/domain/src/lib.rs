//! The nouns of Spar and their rules: items, specs, submissions, scorecards, attempts, replies.
//!
//! Everything else depends on this crate and it depends on nobody. It has no clock, no I/O, no
//! randomness and no iteration over hash maps. What is kept on disk as a document is frozen by golden
//! tests: [`Submission`], [`Scorecard`] and [`Reply`]. [`reading`] is a module of its own, since its words
//! (a verdict, a finding) mean other things elsewhere.

mod attempt;
mod card;
mod day;
mod dialogue;
mod document;
mod interview_loop;
mod item;
mod job;
mod nudge;
mod overrides;
pub mod plan;
mod program;
mod question;
pub mod reading;
mod scorecard;
mod set;
mod spec;
mod story;
mod submission;

pub use attempt::{Attempt, AttemptId, AttemptState, IdError};
pub use card::{Card, CardEntry, MAX_NOTE_CHARS, MAX_REVIEW_MS, Rating, ReviewSettings};
pub use day::{Day, DayError};
pub use dialogue::{Change, ChangeProof, Clarification};
pub use document::{Document, DocumentError, DocumentId, DocumentIdError, DocumentKind, NoEntry};
pub use interview_loop::{
    InterviewLoop, LOOP_FORMAT, LoopEvent, MAX_ASK_CHARS, MAX_LOOP_EVENTS, MAX_PULSE_WORDS,
    MAX_STAGE_MINUTES, MAX_STAGE_MS, MAX_STAGE_QUESTIONS, MAX_STAGES, MAX_TURN_BYTES, SpokenTo, Stage,
    StageKind, StageQuestion,
};
pub use item::{
    Competency, Guidance, Item, ItemId, ItemIdError, Kind, Level, LevelNotes, Misconception, Round, Variant,
};
pub use job::{Job, MAX_JOB_NAME_CHARS, MAX_JOB_NOTES_BYTES, MAX_JOB_TEXT_BYTES, Task};
pub use nudge::{Grounds, Nudge, NudgeKind};
pub use overrides::{
    ByHand, Finding, MAX_OVERRIDES, MAX_REASON_CHARS, Overridden, Override, OverrideError, Ruling,
};
pub use plan::{ActivityKind, Area, Plan, PlanEntry, Preset};
pub use program::{
    Allowance, CaseGroup, CodeLimits, CodeSpec, Language, Mode, Operation, Param, Proof, Record, RunVerdict,
    Signature, Type,
};
pub use question::{Answered, Question, QuestionKind, Reply, ReplyBody, Verdict};
pub use reading::{KeptReading, MAX_READINGS, READING_FORMAT, Reading};
pub use scorecard::{
    Band, Criterion, Evidence, Fix, GRADING_NOISE, Group, GroupId, Interval, InvariantError,
    SCORECARD_FORMAT, Scorecard, Status, round2,
};
pub use set::{
    Because, Claim, DEFAULT_SET_MINUTES, Gap, MAX_SET_SEED, Mark, Reason, Remark, RemarkKind, SET_FORMAT,
    SET_MINUTES, SetEntry, SetInputs, Source, TailoredSet,
};
pub use spec::{
    AnswerSpec, Check, ClosedSet, Fact, Figure, Grades, Lexicon, Reference, ReferenceKind, Spec, Statements,
    WrongOption,
};
pub use story::{MAX_LINE_CHARS, MAX_LINES, MAX_PART_CHARS, MAX_REHEARSAL_MS, Rehearsal, Story, StoryPart};
pub use submission::{
    MAX_ANSWER_BYTES, MAX_PROGRAM_BYTES, ProgramFile, Submission, SubmissionError, TESTS_FILE,
};
