//! Spoken answers over the API, by a scripted endpoint and by the real model.

use practice::{LocalSpeech, RemoteSpeech, SpeechEndpoint, Transcriber};
use scripted::{Server, Step, response};
use serde_json::{Value, json};

use crate::Api;

const PATH: &str = "/api/v1/transcriptions";
const WAV: &[(&str, &str)] = &[("content-type", "audio/wav")];

/// A spoken answer of nine seconds.
fn answer() -> Vec<u8> {
    include_bytes!("../../../speech/tests/it/sound/answer.wav").to_vec()
}

async fn hearing(steps: Vec<Step>) -> (Api, Server) {
    let server = Server::start(steps).await;
    let api = Api::new().await;
    let endpoint = SpeechEndpoint::new(server.base_url(), "whisper-1");
    api.practice
        .hear_by(Transcriber::Remote(RemoteSpeech::new(endpoint).unwrap()));
    (api, server)
}

fn transcript() -> Step {
    let body =
        json!({ "text": "Hello there.", "segments": [{ "start": 0.5, "end": 2, "text": " Hello there." }] });
    Step::Send(response("200 OK", "", body.to_string().as_bytes()))
}

#[tokio::test]
async fn off_says_so() {
    let api = Api::new().await;
    let speech = api.get("/api/v1/speech").await.expect(200);
    assert_eq!(speech["state"], "off");
    api.send("POST", PATH, WAV, answer())
        .await
        .problem(409, "speech_off", None);
    api.post("/api/v1/speech/fetch", &Value::Null)
        .await
        .problem(409, "speech_off", None);
}

#[tokio::test]
async fn a_recording_becomes_segments_and_says_where_it_went() {
    let (api, server) = hearing(vec![transcript()]).await;
    let origin = format!("http://127.0.0.1:{}", server.port);
    let speech = api.get("/api/v1/speech").await.expect(200);
    assert_eq!(speech["state"], "ready");
    assert_eq!(
        speech["endpoint"],
        json!({ "model": "whisper-1", "sent_to": origin })
    );
    let answered = api.send("POST", PATH, WAV, answer()).await;
    assert_eq!(answered.header("cache-control"), "no-store");
    let heard = answered.expect(200);
    assert_eq!(heard["text"], "Hello there.");
    assert_eq!(heard["words"], 2);
    let segments = json!([{ "start_ms": 500, "end_ms": 2000, "text": "Hello there." }]);
    assert_eq!(heard["segments"], segments);
    assert_eq!(heard["by"]["sent_to"], origin);
    // There is nothing to fetch for an endpoint.
    api.post("/api/v1/speech/fetch", &Value::Null)
        .await
        .problem(409, "speech_off", None);
    let health = api.get("/api/v1/health").await.expect(200).to_string();
    assert!(health.contains("recordings are sent there"), "{health}");
}

#[tokio::test]
async fn what_is_no_recording_is_refused_before_anything_is_sent() {
    let (api, server) = hearing(vec![transcript()]).await;
    api.send("POST", PATH, WAV, "RIFF and nothing")
        .await
        .problem(422, "recording_refused", Some("body"));
    let mut long = answer()[..44].to_vec();
    let bytes = 301 * 2 * 16_000_u32;
    long[40..44].copy_from_slice(&bytes.to_le_bytes());
    long.resize(44 + bytes as usize, 0);
    api.send("POST", PATH, WAV, long)
        .await
        .problem(422, "recording_refused", Some("body"));
    api.send("POST", PATH, WAV, vec![0; (32 << 20) + 1])
        .await
        .problem(413, "body_too_large", None);
    let json = [("content-type", "application/json")];
    api.send("POST", PATH, &json, answer()).await.problem(
        415,
        "unsupported_media_type",
        Some("Content-Type"),
    );
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn more_recordings_than_there_is_room_for_are_told_to_come_back() {
    let reply = response("200 OK", "", br#"{ "text": "Hello." }"#);
    let (api, server) = hearing(vec![Step::Gated(reply)]).await;
    let api = std::sync::Arc::new(api);
    let mut tasks = tokio::task::JoinSet::new();
    // Two gradings at once leave one transcription, and four that wait.
    for _ in 0..6 {
        let api = std::sync::Arc::clone(&api);
        tasks.spawn(async move { api.send("POST", PATH, WAV, answer()).await });
    }
    let refused = tasks.join_next().await.unwrap().unwrap();
    refused.problem(503, "speech_busy", None);
    assert_eq!(refused.header("retry-after"), "3");
    server.gate.add_permits(5);
    while let Some(heard) = tasks.join_next().await {
        assert_eq!(heard.unwrap().expect(200)["text"], "Hello.");
    }
    assert_eq!(server.most_at_once(), 1);
}

#[tokio::test]
async fn an_endpoint_that_fails_is_no_failure_of_the_server() {
    let (api, _server) = hearing(vec![scripted::status("401 Unauthorized")]).await;
    api.send("POST", PATH, WAV, answer())
        .await
        .problem(502, "speech_failed", None);
}

#[tokio::test]
async fn the_model_on_this_machine_is_offered_and_used() {
    let folder = tempfile::tempdir().unwrap();
    let api = Api::new().await;
    api.practice
        .hear_by(Transcriber::Local(LocalSpeech::new(folder.path().to_path_buf())));
    let speech = api.get("/api/v1/speech").await.expect(200);
    assert_eq!(speech["state"], "missing");
    assert_eq!(speech["offer"]["licence"], "MIT");
    api.send("POST", PATH, WAV, answer())
        .await
        .problem(409, "speech_missing", None);
    let models = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models");
    for file in ["whisper-tiny-en.bin", "whisper-tiny-en.txt"] {
        std::fs::copy(format!("{models}/{file}"), folder.path().join(file)).unwrap();
    }
    let speech = api.get("/api/v1/speech").await.expect(200);
    assert_eq!(
        (&speech["state"], &speech["offer"]),
        (&json!("ready"), &Value::Null)
    );
    let heard = api.send("POST", PATH, WAV, answer()).await.expect(200);
    assert!(
        heard["text"].as_str().unwrap().contains("shared store"),
        "{heard}"
    );
    assert_eq!(heard["by"]["sent_to"], Value::Null);
    // Metrics and logs count; they hold no words.
    let metrics = api.get("/metrics").await;
    assert!(!String::from_utf8_lossy(&metrics.bytes).contains("shared store"));
}
