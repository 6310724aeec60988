//! The key and the answer show nowhere.

use reader::{ApiKey, ReadError};

use crate::{ANSWER, ask, endpoint, good, reader};
use scripted::{Server, Step, ok, response};

const KEY: &str = "sk_hunter_two";

#[tokio::test]
async fn the_key_goes_into_its_header_and_nowhere_else() {
    let server = Server::start(vec![ok(&good())]).await;
    let mut endpoint = endpoint(&server);
    endpoint.api_key = Some(ApiKey::new(KEY));
    assert!(!format!("{endpoint:?} {endpoint:#?}").contains(KEY));
    let reader = reader(endpoint);
    assert!(!format!("{reader:?} {reader:#?}").contains(KEY));
    reader.read(&ask(ANSWER)).await.unwrap();
    let request = &server.requests()[0];
    assert!(
        request
            .head
            .to_ascii_lowercase()
            .contains(&format!("authorization: bearer {KEY}"))
    );
    assert!(!request.body.to_string().contains(KEY));
}

/// Endpoints repeat what they were sent: the key, the answer, in whatever field.
#[tokio::test]
async fn errors_repeat_neither_key_nor_answer() {
    for (code, shown) in [
        (KEY, None),
        ("prefix_sk_hunter_two", None),
        ("We keep the counters of all gateways", None),
        ("invalid_api_key", Some("invalid_api_key")),
    ] {
        let body =
            serde_json::json!({ "error": { "message": format!("bad key {KEY}: {ANSWER}"), "code": code } });
        let refused = response("401 Unauthorized", "", body.to_string().as_bytes());
        let server = Server::start(vec![Step::Send(refused)]).await;
        let mut endpoint = endpoint(&server);
        endpoint.api_key = Some(ApiKey::new(KEY));
        let error = reader(endpoint).read(&ask(ANSWER)).await.unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(!text.contains(KEY) && !text.contains("counters"), "{text}");
        assert!(text.contains("check the key"), "{text}");
        assert_eq!(
            error,
            ReadError::Status {
                status: 401,
                code: shown.map(str::to_owned)
            }
        );
    }
}
