//! The one shape of every error: RFC 9457 `application/problem+json` with a stable code.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{OverrideError, SubmissionError};
use practice::{Error, Refusal};
use serde::Serialize;
use utoipa::ToSchema;

/// Declares every code with its status and title, once.
/// `$text` is a `tt`: a `literal` fragment is opaque to the schema derive, which would then show the variant.
macro_rules! codes {
    ($($name:ident = $text:tt, $status:ident, $title:literal;)+) => {
        /// Stable names of what can go wrong, for programs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
        pub enum Code {$(
            #[doc = $title]
            #[serde(rename = $text)]
            $name,
        )+}

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// As it stands in the body.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The status it comes with.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),+ }
            }

            /// What it means, the same for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }
        }
    };
}

codes! {
    InvalidParameter = "invalid_parameter", BAD_REQUEST, "A parameter or header is not as documented";
    MalformedJson = "malformed_json", BAD_REQUEST, "The body is not JSON";
    TokenRequired = "token_required", UNAUTHORIZED, "This server needs a token";
    ForeignHost = "foreign_host", FORBIDDEN, "The Host is not this server's";
    ForeignOrigin = "foreign_origin", FORBIDDEN, "The request comes from another site";
    NotFound = "not_found", NOT_FOUND, "There is nothing at this path";
    ItemNotFound = "item_not_found", NOT_FOUND, "There is no such item";
    AttemptNotFound = "attempt_not_found", NOT_FOUND, "There is no such attempt";
    CriterionNotFound = "criterion_not_found", NOT_FOUND, "The scorecard has no such criterion";
    DraftNotFound = "draft_not_found", NOT_FOUND, "The item has no draft";
    DocumentNotFound = "document_not_found", NOT_FOUND, "There is no such job, set, loop, story, plan or card";
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "The path does not take this method";
    BodyTimeout = "body_timeout", REQUEST_TIMEOUT, "The body took too long to arrive";
    QuestionNotPending = "question_not_pending", CONFLICT, "The reply is not for the pending question";
    NotOverridable = "not_overridable", CONFLICT, "There is no grading that could be overridden";
    CoachOff = "coach_off", CONFLICT, "The coach is off in a graded loop";
    DocumentChanged = "document_changed", CONFLICT, "Another client wrote it before";
    ReaderOff = "reader_off", CONFLICT, "No second reader is configured";
    SpeechOff = "speech_off", CONFLICT, "Speech is off on this server";
    SpeechMissing = "speech_missing", CONFLICT, "There is no speech model yet";
    NotReadable = "not_readable", CONFLICT, "The attempt takes no second reading";
    LoopNotRunning = "loop_not_running", CONFLICT, "No stage of the loop is running";
    LoopRunning = "loop_running", CONFLICT, "A stage of the loop is running already";
    LoopEnded = "loop_ended", CONFLICT, "The loop has ended";
    StageOver = "stage_over", CONFLICT, "The time of the stage is over";
    AlreadyHandedIn = "already_handed_in", CONFLICT, "It is handed in already";
    NotHandedIn = "not_handed_in", CONFLICT, "The question is still open";
    JudgeUnavailable = "judge_unavailable", CONFLICT, "Programs cannot be run on this server";
    LanguageMissing = "language_missing", CONFLICT, "The language is not installed on this server";
    IsolationTooWeak = "isolation_too_weak", CONFLICT, "Programs are not held well enough for a server beyond loopback";
    LoopFull = "loop_full", CONFLICT, "The log of the loop is full";
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE, "The body is too large";
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body is not of the media type that is taken";
    InvalidField = "invalid_field", UNPROCESSABLE_ENTITY, "A field of the body is not as documented";
    UnknownItem = "unknown_item", UNPROCESSABLE_ENTITY, "The body names an item that does not exist";
    KeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "The key was used for another request";
    ImportRefused = "import_refused", UNPROCESSABLE_ENTITY, "The document cannot be imported";
    RecordingRefused = "recording_refused", UNPROCESSABLE_ENTITY, "The recording cannot be read, or is too long";
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests";
    Internal = "internal", INTERNAL_SERVER_ERROR, "The server failed; its log says why";
    StoreDamaged = "store_damaged", INTERNAL_SERVER_ERROR, "The store is damaged";
    SpeechFailed = "speech_failed", BAD_GATEWAY, "The speech endpoint failed";
    GradingBusy = "grading_busy", SERVICE_UNAVAILABLE, "Too many gradings at once";
    ReaderBusy = "reader_busy", SERVICE_UNAVAILABLE, "Too many second readings at once";
    SpeechBusy = "speech_busy", SERVICE_UNAVAILABLE, "Too many recordings at once";
    StreamsBusy = "streams_busy", SERVICE_UNAVAILABLE, "Too many event streams at once";
    StoreBusy = "store_busy", SERVICE_UNAVAILABLE, "The store is busy";
    StoreUnavailable = "store_unavailable", SERVICE_UNAVAILABLE, "The store cannot be read or written";
    StoreFull = "store_full", INSUFFICIENT_STORAGE, "The disk is full";
}

/// An error as answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Where the code is explained: `/api/v1/problems#CODE`.
    #[serde(rename = "type")]
    kind: String,
    /// What the code means.
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What happened here, with the cure.
    detail: String,
    /// For programs.
    code: Code,
    /// The parameter, header or field to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    field: Option<String>,
    /// Seconds after which it is worth trying again, also in `Retry-After`.
    #[serde(skip)]
    retry_after_s: Option<u64>,
}

impl Problem {
    /// A problem with what happened here, in a sentence.
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/api/v1/problems#{}", code.as_str()),
            title: code.title(),
            status: code.status().as_u16(),
            detail: detail.into(),
            code,
            field: None,
            retry_after_s: None,
        }
    }

    /// Names the field to blame.
    pub(crate) fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    pub(crate) fn code(&self) -> Code {
        self.code
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let retry_after_s = self.retry_after_s;
        // Plain data with string keys: serialising it cannot fail.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.code.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        match error {
            Error::ItemNotFound { .. } => Self::new(Code::ItemNotFound, detail),
            Error::AttemptNotFound { .. } => Self::new(Code::AttemptNotFound, detail),
            Error::DraftNotFound { .. } => Self::new(Code::DraftNotFound, detail),
            Error::DocumentNotFound { .. } => Self::new(Code::DocumentNotFound, detail),
            Error::DocumentChanged { .. } => Self::new(Code::DocumentChanged, detail),
            Error::Loop(refusal) => Self::of_refusal(&refusal),
            Error::Document(error) => Self::new(Code::InvalidField, detail).field(error.field),
            Error::Submission(SubmissionError::File { .. }) => {
                Self::new(Code::InvalidField, detail).field("submission.files")
            }
            Error::Submission(_) => Self::new(Code::InvalidField, detail).field("submission.text"),
            Error::JudgeOff { .. } => Self::new(Code::JudgeUnavailable, detail),
            Error::LanguageMissing { .. } => Self::new(Code::LanguageMissing, detail),
            Error::Override(error) => Self::of_override(&error),
            Error::NotOverridable { .. } => Self::new(Code::NotOverridable, detail),
            Error::CoachOff => Self::new(Code::CoachOff, detail),
            Error::ReaderOff => Self::new(Code::ReaderOff, detail),
            Error::NotReadable { .. } => Self::new(Code::NotReadable, detail),
            Error::ReaderBusy { retry_after_s } => {
                Self::new(Code::ReaderBusy, detail).retry_after(retry_after_s)
            }
            Error::SpeechOff => Self::new(Code::SpeechOff, detail),
            Error::SpeechBusy { retry_after_s } => {
                Self::new(Code::SpeechBusy, detail).retry_after(retry_after_s)
            }
            Error::Recording(_) => Self::new(Code::RecordingRefused, detail).field("body"),
            Error::Transcribe(error) => Self::of_transcribe(&error),
            Error::Field { field, .. } => Self::new(Code::InvalidField, detail).field(field),
            Error::KeyReused => Self::new(Code::KeyReused, detail).field("Idempotency-Key"),
            Error::NotPending { .. } => Self::new(Code::QuestionNotPending, detail).field("question"),
            Error::ReplyKind { expected } => Self::new(Code::InvalidField, detail).field(expected),
            Error::Busy { retry_after_s } => Self::new(Code::GradingBusy, detail).retry_after(retry_after_s),
            Error::Import { field, .. } => Self::new(Code::ImportRefused, detail).field(field),
            Error::NoStore => Self::new(Code::StoreUnavailable, detail),
            Error::Store(error) => Self::of_store(&error),
            error @ (Error::Stopped
            | Error::Judge { .. }
            | Error::Unjudgeable { .. }
            | Error::Rubric { .. }
            | Error::ReadPack { .. }
            | Error::Pack { .. }) => {
                tracing::error!(error = chain(&error), "a request failed");
                Self::new(Code::Internal, detail)
            }
        }
    }
}

impl Problem {
    fn of_transcribe(error: &practice::TranscribeError) -> Self {
        use practice::TranscribeError as E;
        let detail = error.to_string();
        match error {
            E::Missing => Self::new(Code::SpeechMissing, detail),
            E::Read { .. } | E::Load(_) | E::Speech(_) => {
                tracing::error!(error = chain(error), "a recording was not transcribed");
                Self::new(Code::Internal, detail)
            }
            E::Connect { .. } | E::Cut | E::Timeout { .. } | E::Status { .. } | E::Reply { .. } => {
                tracing::warn!(%error, "a recording was not transcribed");
                Self::new(Code::SpeechFailed, detail)
            }
        }
    }

    fn of_refusal(refusal: &Refusal) -> Self {
        let detail = refusal.to_string();
        let code = match refusal {
            Refusal::NotRunning { .. } => Code::LoopNotRunning,
            Refusal::Running => Code::LoopRunning,
            Refusal::Ended => Code::LoopEnded,
            Refusal::TimeOver => Code::StageOver,
            Refusal::HandedIn => Code::AlreadyHandedIn,
            Refusal::NotHandedIn => Code::NotHandedIn,
            Refusal::Full => Code::LoopFull,
            Refusal::Field { field, .. } => {
                return Self::new(Code::InvalidField, detail).field(format!("event.{field}"));
            }
        };
        Self::new(code, detail)
    }

    fn of_override(error: &OverrideError) -> Self {
        let detail = error.to_string();
        match error {
            OverrideError::NoCriterion { .. } => Self::new(Code::CriterionNotFound, detail),
            OverrideError::NotAssessed { .. } => Self::new(Code::NotOverridable, detail),
            OverrideError::Field { field, .. } => Self::new(Code::InvalidField, detail).field(*field),
        }
    }

    /// What the disk did; paths and engine messages go to the log, not to the client.
    fn of_store(error: &practice::StoreError) -> Self {
        use practice::Fault;
        tracing::error!(error = chain(error), "the store failed");
        let fault = error.fault();
        match fault {
            Fault::Busy => Self::new(Code::StoreBusy, fault.cure()).retry_after(1),
            Fault::Full => Self::new(Code::StoreFull, fault.cure()),
            Fault::Corrupt => Self::new(Code::StoreDamaged, error.to_string()),
            Fault::ReadOnly | Fault::CannotOpen => Self::new(Code::StoreUnavailable, fault.cure()),
            Fault::Other => Self::new(Code::Internal, "the store failed: see the server's log"),
        }
    }
}

/// An error with its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |e| e.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// A response without body, for the few places that need one.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
