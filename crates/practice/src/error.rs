//! Why the application could not do what was asked.

use std::path::PathBuf;

use domain::{
    AttemptId, DocumentError, DocumentId, DocumentKind, ItemId, Language, OverrideError, SubmissionError,
};

/// What the caller got wrong, or what the platform could not do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No item of that id.
    #[error("no item `{id}`: `GET /items` or `spar list` shows those there are")]
    ItemNotFound {
        /// The id.
        id: ItemId,
    },
    /// No attempt of that id.
    #[error("no attempt `{id}`")]
    AttemptNotFound {
        /// The id.
        id: AttemptId,
    },
    /// The item has no draft.
    #[error("no draft of `{item}`")]
    DraftNotFound {
        /// The item.
        item: ItemId,
    },
    /// No document of that kind and id.
    #[error("no {kind} `{id}`")]
    DocumentNotFound {
        /// The kind.
        kind: DocumentKind,
        /// The id.
        id: DocumentId,
    },
    /// Another writer was first.
    #[error("the {kind} `{id}` was changed elsewhere: read it again, then write")]
    DocumentChanged {
        /// The kind.
        kind: DocumentKind,
        /// The id.
        id: DocumentId,
    },
    /// A document breaks a rule.
    #[error(transparent)]
    Document(DocumentError),
    /// It cannot happen in a loop now.
    #[error(transparent)]
    Loop(#[from] interview::Refusal),
    /// The submission breaks a limit.
    #[error(transparent)]
    Submission(#[from] SubmissionError),
    /// The override breaks a rule.
    #[error(transparent)]
    Override(#[from] OverrideError),
    /// The attempt takes no override.
    #[error("{why}")]
    NotOverridable {
        /// Why not, as a sentence.
        why: String,
    },
    /// No second reader is configured.
    #[error(
        "no second reader is configured; hint: set `SPAR_READER_URL` and `SPAR_READER_MODEL`, then start again"
    )]
    ReaderOff,
    /// The attempt takes no reading.
    #[error("{why}")]
    NotReadable {
        /// Why not, as a sentence.
        why: String,
    },
    /// As many readings are under way as may be.
    #[error("too many readings at once: try again in {retry_after_s} s")]
    ReaderBusy {
        /// When it is worth trying again, in seconds.
        retry_after_s: u64,
    },
    /// There is no way from speech to text in this session, or none that could be fetched.
    #[error("speech is off here; hint: start `spar serve` without `SPAR_SPEECH_URL` to fetch a model")]
    SpeechOff,
    /// As many recordings are being transcribed as may be.
    #[error("too many recordings at once: try again in {retry_after_s} s")]
    SpeechBusy {
        /// When it is worth trying again, in seconds.
        retry_after_s: u64,
    },
    /// The recording cannot be read, or is too long.
    #[error("the recording is not taken: {0}")]
    Recording(#[from] transcriber::WavError),
    /// The recording was not transcribed.
    #[error(transparent)]
    Transcribe(#[from] transcriber::TranscribeError),
    /// A field outside its bounds.
    #[error("`{field}` {rule}")]
    Field {
        /// The field.
        field: &'static str,
        /// What must hold.
        rule: String,
    },
    /// The key came with another request before.
    #[error("the idempotency key was used for another request: send a new key with each new request")]
    KeyReused,
    /// The reply answers a question that is not pending.
    #[error("`question` is not the pending one{}", pending.as_ref().map_or_else(
        || ": the interviewer is done".to_owned(), |p| format!(", which is `{p}`")))]
    NotPending {
        /// The pending one.
        pending: Option<String>,
    },
    /// The reply is not of the question's kind.
    #[error("the question is answered with `{expected}`")]
    ReplyKind {
        /// The key that the reply must have.
        expected: String,
    },
    /// The answer is part of a graded loop.
    #[error("the coach is off in a graded loop: it is for practice")]
    CoachOff,
    /// All grading slots and the queue before them are taken.
    #[error("too many gradings at once: try again in {retry_after_s} s")]
    Busy {
        /// When it is worth trying again, in seconds.
        retry_after_s: u64,
    },
    /// Programs cannot be run here.
    #[error("programs cannot be run here: {why}{}", hint(cure))]
    JudgeOff {
        /// What is missing.
        why: String,
        /// What to do about it; may be empty.
        cure: String,
    },
    /// The language's tools are not installed.
    #[error("{} is not installed{}", language.title(), hint(cure))]
    LanguageMissing {
        /// The language.
        language: Language,
        /// How to install it.
        cure: String,
    },
    /// The judge failed; worth another try.
    #[error("the judge failed: {why}")]
    Judge {
        /// What happened.
        why: String,
    },
    /// The item cannot be judged by this version.
    #[error("{why}: use a newer `spar`, or mend the pack")]
    Unjudgeable {
        /// Why not.
        why: String,
    },
    /// The practice was opened without a store.
    #[error("nothing is kept in this session: start it with a data folder")]
    NoStore,
    /// The document is not an export of ours, or not a whole one.
    #[error("the document cannot be imported: `{field}` {rule}")]
    Import {
        /// Where.
        field: String,
        /// What must hold.
        rule: String,
    },
    /// A grader stopped in the middle of its work; the log holds the details.
    #[error("the grader stopped unexpectedly: please report this")]
    Stopped,
    /// The rubric of an item, shipped or from a pack, cannot be used.
    #[error("the rubric of `{item}` cannot be used: run `spar bank check`")]
    Rubric {
        /// The item.
        item: ItemId,
        /// What is wrong with it.
        why: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A pack could not be read.
    #[error("cannot read the pack file `{}`", path.display())]
    ReadPack {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A pack outside its bounds.
    #[error("the pack `{}` {rule}", path.display())]
    Pack {
        /// The file or folder.
        path: PathBuf,
        /// What must hold.
        rule: String,
    },
}

/// A cure as the end of a sentence.
fn hint(cure: &str) -> String {
    match cure {
        "" => String::new(),
        cure => format!("; hint: {cure}"),
    }
}

impl From<code::Error> for Error {
    fn from(error: code::Error) -> Self {
        match error {
            code::Error::Unavailable { why, cure } => Self::JudgeOff { why, cure },
            code::Error::Missing { language, cure } => Self::LanguageMissing { language, cure },
            code::Error::UnknownProblem(_) => Self::Unjudgeable {
                why: error.to_string(),
            },
            code::Error::Judge(why) => Self::Judge { why },
        }
    }
}
