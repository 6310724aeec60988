//! What handlers take from a request, each refusal a [`Problem`] that names the field.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use domain::{AttemptId, DocumentId, GroupId, ItemId, Language};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use practice::Key;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::problem::{Code, Problem};

/// Largest JSON body, in bytes. An answer has at most 64 KiB; JSON escapes may multiply that.
pub(crate) const MAX_BODY_BYTES: usize = 256 * 1024;

/// Largest JSON body with a program, in bytes: two files of 256 KiB, which JSON escapes may multiply.
pub(crate) const MAX_PROGRAM_BODY_BYTES: usize = 2 * 1024 * 1024;

/// Largest import, in bytes: some three thousand attempts of 22 KB. A larger export can be split by hand, since
/// its attempts do not depend on each other.
pub(crate) const MAX_IMPORT_BYTES: usize = 64 * 1024 * 1024;

/// Largest recording, in bytes: five minutes at 48 kHz, one channel, with room for the head of the file.
pub(crate) const MAX_RECORDING_BYTES: usize = 32 * 1024 * 1024;

/// Longest idempotency key.
const MAX_KEY_CHARS: usize = 200;

/// The query, with every parameter known, given once and of its type.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        parse_query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// The query of a route that takes no parameters: any is an error.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoParams {}

fn parse_query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let message = error.inner().to_string();
        let field = blamed(&error.path().to_string(), &message);
        Problem::new(Code::InvalidParameter, message).field(field)
    })
}

/// The path's `{id}` as an item; what is no slug cannot exist.
pub(crate) struct ItemPath(pub(crate) ItemId);

impl FromRequestParts<App> for ItemPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &App) -> Result<Self, Problem> {
        let text = path_param(parts, state).await;
        let id = text
            .parse()
            .map_err(|error: domain::ItemIdError| Problem::new(Code::ItemNotFound, error.to_string()))?;
        Ok(Self(id))
    }
}

/// The path's `{id}` as an attempt.
pub(crate) struct AttemptPath(pub(crate) AttemptId);

impl FromRequestParts<App> for AttemptPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &App) -> Result<Self, Problem> {
        let text = path_param(parts, state).await;
        let id = text
            .parse()
            .map_err(|error: domain::IdError| Problem::new(Code::AttemptNotFound, error.to_string()))?;
        Ok(Self(id))
    }
}

/// The path's `{id}` as a document; what is no id cannot exist.
pub(crate) struct DocumentPath(pub(crate) DocumentId);

impl FromRequestParts<App> for DocumentPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &App) -> Result<Self, Problem> {
        let text = path_param(parts, state).await;
        let id = text.parse().map_err(|error: domain::DocumentIdError| {
            Problem::new(Code::DocumentNotFound, error.to_string())
        })?;
        Ok(Self(id))
    }
}

/// The path's `{item}` and `{lang}`.
pub(crate) struct ProgramDraftPath {
    pub(crate) item: ItemId,
    pub(crate) lang: Language,
}

impl FromRequestParts<App> for ProgramDraftPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &App) -> Result<Self, Problem> {
        let ItemPath(item) = ItemPath::from_request_parts(parts, state).await?;
        let lang = path_params(parts, state).await.into_iter().nth(1);
        let lang = lang.unwrap_or_default().parse();
        Ok(Self {
            item,
            lang: lang.map_err(|error: String| Problem::new(Code::DraftNotFound, error))?,
        })
    }
}

/// The path's `{id}`, `{group}` and `{criterion}`.
pub(crate) struct CriterionPath {
    pub(crate) attempt: AttemptId,
    pub(crate) group: GroupId,
    pub(crate) criterion: String,
}

impl FromRequestParts<App> for CriterionPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &App) -> Result<Self, Problem> {
        let AttemptPath(attempt) = AttemptPath::from_request_parts(parts, state).await?;
        let mut rest = path_params(parts, state).await.into_iter().skip(1);
        let group = rest.next().unwrap_or_default().parse();
        Ok(Self {
            attempt,
            group: group.map_err(|error: String| Problem::new(Code::CriterionNotFound, error))?,
            criterion: rest.next().unwrap_or_default(),
        })
    }
}

/// The first parameter of the matched path; empty when it is not UTF-8, which no id is.
async fn path_param(parts: &mut Parts, state: &App) -> String {
    path_params(parts, state)
        .await
        .into_iter()
        .next()
        .unwrap_or_default()
}

/// The parameters of the matched path in order; none when one is not UTF-8.
async fn path_params(parts: &mut Parts, state: &App) -> Vec<String> {
    let params = RawPathParams::from_request_parts(parts, state).await;
    let values = |params: RawPathParams| params.iter().map(|(_, value)| value.to_owned()).collect();
    params.map(values).unwrap_or_default()
}

/// A JSON body of the usual size.
pub(crate) type JsonBody<T> = SizedJsonBody<T, MAX_BODY_BYTES>;

/// A JSON body with its raw bytes, which the idempotency key is tied to.
pub(crate) struct SizedJsonBody<T, const MAX_BYTES: usize> {
    pub(crate) value: T,
    pub(crate) bytes: Bytes,
}

impl<T: DeserializeOwned, const MAX_BYTES: usize> FromRequest<App> for SizedJsonBody<T, MAX_BYTES> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let bytes = read(request, JSON, MAX_BYTES, app.limits().body_timeout).await?;
        Ok(Self {
            value: parse_json(&bytes)?,
            bytes,
        })
    }
}

/// The bytes of an import, for the application to parse.
pub(crate) struct ImportBytes(pub(crate) Bytes);

impl FromRequest<App> for ImportBytes {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        read(request, JSON, MAX_IMPORT_BYTES, app.limits().import_timeout)
            .await
            .map(Self)
    }
}

/// The bytes of a recording.
pub(crate) struct WavBytes(pub(crate) Bytes);

impl FromRequest<App> for WavBytes {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        read(request, WAV, MAX_RECORDING_BYTES, app.limits().import_timeout)
            .await
            .map(Self)
    }
}

/// The client's idempotency key with the hash of this request; `None` when it sent none.
pub(crate) fn idempotency(
    headers: &HeaderMap,
    method: &Method,
    path: &str,
    body: &[u8],
) -> Result<Option<Key>, Problem> {
    const NAME: &str = "Idempotency-Key";
    let mut sent = headers.get_all(NAME).iter();
    let Some(value) = sent.next() else { return Ok(None) };
    let key = value.to_str().unwrap_or_default();
    let visible = key.bytes().all(|b| (0x21..=0x7e).contains(&b));
    if key.is_empty() || key.len() > MAX_KEY_CHARS || !visible || sent.next().is_some() {
        let rule = format!("`{NAME}` must be one value of 1 to {MAX_KEY_CHARS} visible ASCII characters");
        return Err(Problem::new(Code::InvalidParameter, rule).field(NAME));
    }
    let mut hasher = blake3::Hasher::new();
    for part in [method.as_str().as_bytes(), path.as_bytes()] {
        hasher.update(part).update(&[0]);
    }
    let request_hash = hasher.update(body).finalize().to_hex().to_string();
    Ok(Some(Key {
        key: key.to_owned(),
        request_hash,
    }))
}

/// Names of a media type, the one to recommend first.
type MediaType = &'static [&'static str];

const JSON: MediaType = &["application/json"];
const WAV: MediaType = &["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"];

async fn read(request: Request, kind: MediaType, limit: usize, within: Duration) -> Result<Bytes, Problem> {
    let (parts, body) = request.into_parts();
    let too_large = || {
        Problem::new(
            Code::BodyTooLarge,
            format!("the body has more than {limit} bytes"),
        )
    };
    let announced = parts
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    if !is_of(&parts.headers, kind) {
        let detail = format!("send the body with `Content-Type: {}`", kind[0]);
        return Err(Problem::new(Code::UnsupportedMediaType, detail).field("Content-Type"));
    }
    let collected = tokio::time::timeout(within, Limited::new(body, limit).collect()).await;
    let collected = collected.map_err(|_| {
        Problem::new(
            Code::BodyTimeout,
            format!("the body did not arrive within {} s", within.as_secs_f32()),
        )
    })?;
    match collected {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(error) => Err(Problem::new(
            Code::MalformedJson,
            format!("the body broke off: {error}"),
        )),
    }
}

fn is_of(headers: &HeaderMap, kind: MediaType) -> bool {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    kind.iter().any(|name| essence.eq_ignore_ascii_case(name))
}

fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if !inner.is_data() {
            return Problem::new(Code::MalformedJson, inner.to_string());
        }
        let message = inner.to_string();
        Problem::new(Code::InvalidField, &message).field(blamed(&path, &message))
    })?;
    reader
        .end()
        .map_err(|error| Problem::new(Code::MalformedJson, error.to_string()))?;
    Ok(parsed)
}

/// The field to blame. Serde's path ends at the object when a key is unknown, missing or given twice; the
/// key itself then stands in its message, in the first backticks.
fn blamed(path: &str, message: &str) -> String {
    let about_key = ["unknown field", "missing field", "duplicate field"];
    let key = about_key
        .iter()
        .any(|start| message.starts_with(start))
        .then(|| message.split('`').nth(1))
        .flatten();
    match (path, key) {
        ("." | "", None) => "body".to_owned(),
        ("." | "", Some(key)) => key.to_owned(),
        (path, Some(key)) if path.rsplit('.').next() != Some(key) => format!("{path}.{key}"),
        (path, _) => path.to_owned(),
    }
}
