//! Many reads at once, and the same again.

use std::sync::Arc;

use reader::{ReadError, merge};

use crate::{ANSWER, ask, card, endpoint, good, reader};
use scripted::{Server, Step, completion, ok, status};

fn gated() -> Step {
    Step::Gated(completion(&good()))
}

#[tokio::test]
async fn equal_reads_at_once_make_one_request() {
    let server = Server::start(vec![gated()]).await;
    let reader = reader(endpoint(&server));
    let question = ask(ANSWER);
    // Both are polled, so both wait, before the gate opens.
    let (a, b, ()) = tokio::join!(reader.read(&question), reader.read(&question), async {
        server.arrivals(1).await;
        server.gate.add_permits(9);
    });
    assert!(Arc::ptr_eq(&a.unwrap(), &b.unwrap()));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn equal_reads_at_once_share_a_failure_and_the_next_tries_again() {
    let failing = Step::Gated(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec());
    let server = Server::start(vec![failing, ok(&good())]).await;
    let reader = reader(endpoint(&server));
    let question = ask(ANSWER);
    let (a, b, ()) = tokio::join!(reader.read(&question), reader.read(&question), async {
        server.arrivals(1).await;
        server.gate.add_permits(9);
    });
    assert_eq!(a.unwrap_err(), b.unwrap_err());
    assert_eq!(server.requests().len(), 1);
    assert!(reader.read(&question).await.is_ok(), "failures are not kept");
}

#[tokio::test]
async fn a_read_again_makes_no_request() {
    let server = Server::start(vec![ok(&good())]).await;
    let reader = reader(endpoint(&server));
    let first = reader.read(&ask(ANSWER)).await.unwrap();
    let second = reader.read(&ask(ANSWER)).await.unwrap();
    assert!(Arc::ptr_eq(&first, &second));
    assert_eq!(server.requests().len(), 1);
    assert_eq!(reader.health().cached, 1);
    reader
        .read(&ask("Other words, another reading of them."))
        .await
        .unwrap();
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn the_cache_is_bounded() {
    let server = Server::start(vec![ok(&good())]).await;
    let mut endpoint = endpoint(&server);
    endpoint.cached = 1;
    let reader = reader(endpoint);
    for answer in [ANSWER, "Another answer altogether.", ANSWER] {
        reader.read(&ask(answer)).await.unwrap();
    }
    assert_eq!(server.requests().len(), 3);
}

/// What a store keeps and gives back after a restart replaces the request, and merges to the same bytes.
#[tokio::test]
async fn a_kept_reading_is_replayed_to_the_byte() {
    let server = Server::start(vec![ok(&good())]).await;
    let first = reader(endpoint(&server));
    let reading = first.read(&ask(ANSWER)).await.unwrap();
    let kept = serde_json::to_string(&*reading).unwrap();
    let key = first.fingerprint(&ask(ANSWER));

    let restarted = reader(endpoint(&server));
    assert_eq!(restarted.fingerprint(&ask(ANSWER)), key);
    restarted.remember(key, serde_json::from_str(&kept).unwrap());
    let replayed = restarted.read(&ask(ANSWER)).await.unwrap();
    assert_eq!(server.requests().len(), 1);

    let facts = [
        (
            "shared-store",
            3,
            domain::Status::Mentioned,
            "We keep the counters",
        ),
        ("atomic", 2, domain::Status::Missed, ""),
    ];
    let bytes = |reading| {
        serde_json::to_vec(&merge(&card(ANSWER, &facts), ANSWER, &[], &[], reading).scorecard).unwrap()
    };
    assert_eq!(bytes(&reading), bytes(&replayed));
}

/// The one whose request is under way goes away: the other gets its reading all the same.
#[tokio::test]
async fn whoever_waits_takes_over_from_who_leaves() {
    let server = Server::start(vec![gated()]).await;
    let reader = reader(endpoint(&server));
    let question = ask(ANSWER);
    let mut leaver = Box::pin(reader.read(&question));
    let mut waiter = Box::pin(reader.read(&question));
    tokio::select! {
        biased;
        _ = &mut leaver => unreachable!("the gate is shut"),
        _ = &mut waiter => unreachable!("the gate is shut"),
        () = server.arrivals(1) => {}
    }
    drop(leaver);
    let (reading, ()) = tokio::join!(waiter, async {
        server.arrivals(1).await;
        server.gate.add_permits(9);
    });
    assert_eq!(reading.unwrap().verdicts.len(), 4);
    assert_eq!(server.requests().len(), 2);
}

/// A trial that is cancelled neither heals nor harms, and does not hold the circuit half-open for ever.
#[tokio::test]
async fn a_cancelled_trial_lets_the_next_one_try() {
    let mut steps = vec![status("500 Internal Server Error"); 5];
    steps.extend([Step::Stall(Vec::new()), ok(&good())]);
    let server = Server::start(steps).await;
    let mut endpoint = endpoint(&server);
    endpoint.tries = 1;
    endpoint.cooldown = std::time::Duration::from_millis(1);
    let reader = reader(endpoint);
    let question = ask(ANSWER);
    for _ in 0..5 {
        let error = reader.read(&question).await.unwrap_err();
        assert!(matches!(error, ReadError::Status { .. }), "{error}");
    }
    server.arrivals(5).await;
    let cancelled = async {
        loop {
            // Resting for a millisecond, then the trial.
            if !matches!(reader.read(&question).await, Err(ReadError::Resting { .. })) {
                unreachable!("the endpoint stalls");
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = cancelled => {}
        () = server.arrivals(1) => {}
    }
    assert_eq!(reader.read(&question).await.unwrap().verdicts.len(), 4);
}

#[tokio::test]
async fn requests_at_once_are_bounded() {
    let server = Server::start(vec![gated()]).await;
    let mut endpoint = endpoint(&server);
    endpoint.concurrency = 2;
    let reader = Arc::new(reader(endpoint));
    let mut reads = tokio::task::JoinSet::new();
    for n in 0..8 {
        let reader = Arc::clone(&reader);
        reads.spawn(async move { reader.read(&ask(&format!("{ANSWER} {n}"))).await });
    }
    for _ in 0..4 {
        server.arrivals(2).await;
        server.gate.add_permits(2);
    }
    while let Some(read) = reads.join_next().await {
        assert_eq!(read.unwrap().unwrap().verdicts.len(), 4);
    }
    assert_eq!(server.requests().len(), 8);
    assert!(server.most_at_once() <= 2, "{}", server.most_at_once());
}
