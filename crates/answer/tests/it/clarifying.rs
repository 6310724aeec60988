//! What a question holds back, asked for in words that are not in its file.

use std::sync::Arc;

use answer::Clarifier;
use domain::Item;
use encoder::Encoder;

use crate::shipped::{encoder, shipped};

/// Questions by item, with the clarification that they ask for. None of them stands in the bank.
const ASKED: [(&str, &str, &str); 24] = [
    (
        "url-shortener",
        "Would it hurt if someone could work out other people's short codes?",
        "guessable-codes",
    ),
    (
        "url-shortener",
        "How up to date must the click statistics be?",
        "count-accuracy",
    ),
    (
        "url-shortener",
        "Can users pick their own alias for a link?",
        "custom-names",
    ),
    ("url-shortener", "do links ever expire", "lifetime"),
    (
        "public-api-rate-limiter",
        "Do we limit per API key or per customer account?",
        "who-is-limited",
    ),
    (
        "public-api-rate-limiter",
        "Does the count have to be precise, or is roughly fine?",
        "how-exact",
    ),
    (
        "public-api-rate-limiter",
        "And if Redis is down, do we let the calls through?",
        "if-it-fails",
    ),
    (
        "background-jobs",
        "Is it a disaster when the same job is executed two times?",
        "twice-harmful",
    ),
    (
        "background-jobs",
        "Let me ask whether there is a message broker in place already.",
        "what-exists",
    ),
    ("background-jobs", "How long can an invoice run?", "job-length"),
    (
        "ride-sharing-api",
        "Who assigns the driver to a ride?",
        "who-chooses-driver",
    ),
    (
        "ride-sharing-api",
        "Can a rider still cancel once the driver is on the way?",
        "cancel-rules",
    ),
    (
        "image-upload",
        "Are these photos visible to anyone?",
        "who-sees-them",
    ),
    (
        "image-upload",
        "Which image types should we take?",
        "which-formats",
    ),
    (
        "million-requests-a-day",
        "What is actually slow right now?",
        "what-is-wrong-now",
    ),
    (
        "million-requests-a-day",
        "How big is the load in the busiest hour?",
        "busiest-hour",
    ),
    (
        "million-users-case-study",
        "How much downtime can we afford?",
        "downtime",
    ),
    (
        "hot-endpoint-cache",
        "Can we serve a value that is a bit stale?",
        "how-old-may-it-be",
    ),
    ("hot-endpoint-cache", "Who else updates those rows?", "who-writes"),
    (
        "webhook-delivery",
        "Do the customers rely on the order in which events come?",
        "order",
    ),
    (
        "zero-downtime-migration",
        "What database engine are we on?",
        "which-database",
    ),
    (
        "zero-downtime-migration",
        "Which other services touch that table?",
        "who-uses-it",
    ),
    (
        "multi-tenancy",
        "Is there a law on which country the data has to stay in?",
        "legal-separation",
    ),
    ("traffic-spike", "Did we deploy something today?", "what-changed"),
];

/// What is no question, or asks for nothing that an item holds back.
const REFUSED: [&str; 12] = [
    "I would use Redis.",
    "I would put a cache in front of the database and answer 429 over the limit.",
    "The links are kept in a table with a unique constraint.",
    "What I would do first is look at the traffic and the endpoints.",
    "When the queue is full we drop the oldest job.",
    "So I would use Kafka for the events, right?",
    "Do not retry a job that has no key.",
    "What is the weather like in Lisbon?",
    "Can I have a glass of water?",
    "How am I doing so far?",
    "Who won the match yesterday?",
    "",
];

fn clarifier(item: &Item, encoder: Option<Arc<Encoder>>) -> Clarifier {
    Clarifier::new(
        &item.clarifications,
        &item.answer().expect("a rubric").lexicon,
        encoder,
    )
    .expect("compiles")
}

#[test]
fn questions_in_other_words_find_their_answer() {
    let bank = shipped();
    for (encoder, wanted) in [(Some(encoder()), ASKED.len() - 1), (None, ASKED.len() - 4)] {
        let mut missed = Vec::new();
        for (item, ask, want) in ASKED {
            let item = bank.item(&item.parse().unwrap()).unwrap();
            let wordings = item
                .clarifications
                .iter()
                .flat_map(|c| c.also.iter().chain([&c.ask]));
            assert!(
                wordings.into_iter().all(|wording| wording != ask),
                "{ask} stands in the bank"
            );
            let asked = clarifier(item, encoder.clone()).clarify(ask).unwrap();
            if asked.as_ref().map(|a| a.id.as_str()) != Some(want) {
                missed.push((ask, asked));
            }
        }
        assert!(
            ASKED.len() - missed.len() >= wanted,
            "{} {missed:#?}",
            encoder.is_some()
        );
    }
}

#[test]
fn statements_and_other_questions_get_no_answer() {
    let bank = shipped();
    for encoder in [Some(encoder()), None] {
        for item in bank.items().filter(|item| !item.clarifications.is_empty()) {
            let clarifier = clarifier(item, encoder.clone());
            for text in REFUSED {
                let asked = clarifier.clarify(text).unwrap();
                assert_eq!(asked, None, "{}: `{text}`", item.id);
            }
            // A whole answer proposes. One that asks itself something is spared: that is a question.
            let sample = &item.guidance.sample;
            if !sample.contains('?') {
                assert_eq!(clarifier.clarify(sample).unwrap(), None, "{}", item.id);
            }
        }
    }
}
