//! What an endpoint is sent, and what is made of its replies.

use std::time::Duration;

use scripted::{Server, Step, response, status};
use transcriber::{Endpoint, Remote, TranscribeError, Transcription};

use crate::{answer, recording, silence};

const KEY: &str = "sk-hunter2";

fn remote(server: &Server) -> Remote {
    let mut endpoint = Endpoint::new(server.base_url(), "whisper-1");
    endpoint.api_key = Some(key());
    endpoint.timeout = Duration::from_millis(2000);
    Remote::new(endpoint).unwrap()
}

fn key() -> transcriber::ApiKey {
    transcriber::ApiKey::new(KEY)
}

fn ok(body: &str) -> Step {
    Step::Send(response(
        "200 OK",
        "content-type: application/json\r\n",
        body.as_bytes(),
    ))
}

async fn heard(steps: Vec<Step>) -> (Result<Transcription, TranscribeError>, Server) {
    let server = Server::start(steps).await;
    let wav = answer();
    let outcome = remote(&server).transcribe(&wav, &recording(&wav)).await;
    (outcome, server)
}

#[tokio::test]
async fn a_recording_is_posted_as_a_form_and_its_segments_come_back() {
    let reply = r#"{ "text": "Hello there. Bye.", "segments": [
        { "id": 0, "start": 0.5, "end": 2.25, "text": " Hello\n there." },
        { "id": 1, "start": 2.25, "end": 99.0, "text": "Bye." },
        { "id": 2, "start": 9.0, "end": 9.1, "text": "  " } ] }"#;
    let (outcome, server) = heard(vec![ok(reply)]).await;
    let heard = outcome.unwrap();
    let told: Vec<_> = heard
        .segments
        .iter()
        .map(|s| (s.start_ms, s.end_ms, s.text.as_str()))
        .collect();
    let end = u32::try_from(heard.duration_ms).unwrap();
    assert_eq!(told, [(500, 2250, "Hello there."), (2250, end, "Bye.")]);
    assert_eq!((heard.text().as_str(), heard.words()), ("Hello there. Bye.", 3));
    assert_eq!(heard.by.model, "whisper-1");
    assert_eq!(
        heard.by.sent_to,
        Some(format!("http://127.0.0.1:{}", server.port))
    );

    let [request] = &server.requests()[..] else {
        panic!("one request");
    };
    let head = request.head.to_ascii_lowercase();
    assert!(
        head.starts_with("post /v1/audio/transcriptions http/1.1"),
        "{head}"
    );
    assert!(head.contains(&format!("authorization: bearer {KEY}")), "{head}");
    let (_, boundary) = head.split_once("multipart/form-data; boundary=").unwrap();
    let boundary = boundary.lines().next().unwrap();
    let body = &request.bytes;
    let holds = |part: &[u8]| body.windows(part.len()).any(|w| w == part);
    assert!(body.starts_with(format!("--{boundary}\r\n").as_bytes()));
    assert!(body.ends_with(format!("\r\n--{boundary}--\r\n").as_bytes()));
    assert!(holds(&answer()), "the recording is sent as it is");
    assert!(holds(b"name=\"model\"\r\n\r\nwhisper-1\r\n") && holds(b"verbose_json"));
}

#[tokio::test]
async fn an_endpoint_without_times_gives_one_segment_and_is_asked_so_again() {
    let server = Server::start(vec![status("400 Bad Request"), ok(r#"{ "text": "All of it." }"#)]).await;
    let remote = remote(&server);
    let wav = answer();
    for _ in 0..2 {
        let heard = remote.transcribe(&wav, &recording(&wav)).await.unwrap();
        let [segment] = &heard.segments[..] else {
            panic!("{heard:?}");
        };
        assert_eq!((segment.start_ms, segment.text.as_str()), (0, "All of it."));
        assert_eq!(u64::from(segment.end_ms), heard.duration_ms);
    }
    assert_eq!(
        server.requests().len(),
        3,
        "the second recording is asked for once"
    );
}

#[tokio::test]
async fn silence_is_not_sent() {
    let server = Server::start(vec![ok(r#"{ "text": "Thank you." }"#)]).await;
    let wav = silence();
    let heard = remote(&server).transcribe(&wav, &recording(&wav)).await.unwrap();
    assert!(heard.segments.is_empty());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn what_an_endpoint_does_wrong_is_told_without_the_key() {
    let huge = vec![b'x'; 2 << 20];
    let stall = Step::Stall(b"HTTP/1.1 200 OK\r\n".to_vec());
    for (step, expect) in [
        (status("401 Unauthorized"), "answered 401; hint: check the key"),
        (status("302 Found"), "configure the final address"),
        (status("503 Busy"), "answered 503"),
        (ok("[]"), "no transcript in JSON"),
        (ok(r#"{ "text": 5 }"#), "no transcript in JSON"),
        (Step::Send(response("200 OK", "", &huge)), "too large"),
        (Step::Send(b"SSH-2.0\r\n".to_vec()), "not HTTP"),
        (
            Step::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{".to_vec()),
            "hung up",
        ),
        (stall, "nothing within 2 s"),
    ] {
        let (outcome, _server) = heard(vec![step]).await;
        let error = outcome.unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(error.to_string().contains(expect), "{expect}: {error}");
        assert!(told.contains("hint: ") && !told.contains(KEY), "{told}");
    }
}

#[tokio::test]
async fn hostile_segments_stay_within_the_recording() {
    let reply = r#"{ "text": "x", "segments": [
        { "start": -5, "end": 1e300, "text": "a\u0000\u001b[31mb" },
        { "start": 1e300, "end": 0, "text": "c" } ] }"#;
    let (outcome, _server) = heard(vec![ok(reply)]).await;
    let heard = outcome.unwrap();
    let end = u32::try_from(heard.duration_ms).unwrap();
    let told: Vec<_> = heard
        .segments
        .iter()
        .map(|s| (s.start_ms, s.end_ms, s.text.as_str()))
        .collect();
    assert_eq!(told, [(0, end, "a [31mb"), (end, end, "c")]);
    let many = r#"{"start":0,"end":1,"text":"x"},"#.repeat(2001);
    let reply = format!(
        r#"{{ "text": "", "segments": [{}] }}"#,
        many.trim_end_matches(',')
    );
    let (outcome, _server) = self::heard(vec![ok(&reply)]).await;
    assert!(outcome.unwrap_err().to_string().contains("too many segments"));
}

#[test]
fn addresses_and_names_are_checked_as_for_the_second_reader() {
    let refused = |url: &str, model: &str| Remote::new(Endpoint::new(url, model)).err().unwrap().field;
    assert_eq!(refused("http://api.example.com/v1", "m"), "base_url");
    assert_eq!(
        refused("https://api.example.com/v1/audio/transcriptions", "m"),
        "base_url"
    );
    assert_eq!(refused("http://127.0.0.1:1/v1", ""), "model");
}
