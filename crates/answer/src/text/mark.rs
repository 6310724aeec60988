//! What a token is besides a word: the slots that patterns and axes ask for.

use super::Token;

/// What a token can be besides a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Mark {
    /// A number.
    Number = 1,
    /// A number with a unit.
    Figure = 2,
    /// A number with a unit of time.
    Duration = 4,
    /// A percentage.
    Percent = 8,
    /// A past action of the speaker: the verb after "I".
    Own = 16,
    /// A named technology, protocol or system, by a known name or by its capital.
    Name = 32,
    /// The same by a known name alone: transcripts have no capitals.
    Known = 64,
    /// A past action, whoever did it: "we rolled back", "it was moved".
    Past = 128,
}

/// Units, besides those of time, that make a number a figure.
const UNITS: &[&str] = &[
    "percent", "mb", "gb", "kb", "tb", "byte", "rps", "qps", "tps", "per", "request", "call", "queri", "row",
    "user", "custom", "client", "million", "billion", "thousand", "time", "x", "node", "instanc", "server",
    "replica", "pod", "connect", "messag", "job", "event", "engin", "peopl", "team", "servic", "endpoint",
    "euro", "dollar", "order", "payment", "ticket", "error", "item", "page", "record", "tabl", "core",
    "thread", "worker", "partit", "shard", "line", "incid", "alert", "deploy", "releas", "consum",
    "merchant", "account", "transact", "attempt", "retri", "nine", "point", "fold",
];

/// Units of time.
const TIME_UNITS: &[&str] = &[
    "ms",
    "millisecond",
    "s",
    "sec",
    "second",
    "minut",
    "min",
    "hour",
    "h",
    "day",
    "week",
    "month",
    "year",
    "quarter",
    "sprint",
];

/// Technologies, protocols and products that count as a name even without a capital.
const NAMES: &[&str] = &[
    "redis",
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "mongodb",
    "mongo",
    "cassandra",
    "dynamodb",
    "kafka",
    "rabbitmq",
    "sqs",
    "sns",
    "nats",
    "kubernetes",
    "docker",
    "terraform",
    "nginx",
    "envoy",
    "haproxy",
    "istio",
    "grpc",
    "graphql",
    "openapi",
    "swagger",
    "oauth",
    "oidc",
    "jwt",
    "saml",
    "prometheus",
    "grafana",
    "datadog",
    "jaeger",
    "opentelemetry",
    "sentry",
    "pagerduty",
    "elasticsearch",
    "opensearch",
    "memcached",
    "varnish",
    "cloudfront",
    "cloudflare",
    "fastly",
    "s3",
    "ec2",
    "lambda",
    "aws",
    "gcp",
    "azure",
    "django",
    "rails",
    "spring",
    "java",
    "python",
    "golang",
    "rust",
    "typescript",
    "node",
    "php",
    "sidekiq",
    "celery",
    "resilience4j",
    "hystrix",
    "pgbouncer",
    "debezium",
    "flyway",
    "liquibase",
    "stripe",
    "github",
    "gitlab",
    "jenkins",
    "argocd",
    "jira",
    "slack",
    "confluence",
    "pprof",
    "jmap",
    "valgrind",
    "perf",
    "jvm",
    "tcp",
    "tls",
    "http",
    "https",
    "dns",
    "cdn",
    "sql",
    "btree",
    "bcrypt",
    "argon2",
    "owasp",
];

/// Irregular past forms that interview stories use; regular ones end in `ed`.
const PAST: &[&str] = &[
    "wrote",
    "built",
    "found",
    "made",
    "took",
    "led",
    "ran",
    "saw",
    "got",
    "went",
    "did",
    "said",
    "told",
    "brought",
    "chose",
    "cut",
    "put",
    "set",
    "drew",
    "held",
    "kept",
    "sent",
    "split",
    "shut",
    "read",
    "met",
    "gave",
    "began",
    "broke",
    "caught",
    "came",
    "dug",
    "drove",
    "felt",
    "fixed",
    "let",
    "lost",
    "paid",
    "rolled",
    "sat",
    "spoke",
    "spent",
    "thought",
    "threw",
    "took",
    "understood",
    "won",
    "had",
    "knew",
    "left",
    "grew",
    "became",
    "rewrote",
    "redid",
    "undid",
    "reran",
];

/// Sets the marks of a sentence's tokens.
pub(crate) fn mark_slots(tokens: &mut [Token]) {
    for i in 0..tokens.len() {
        let mut marks = 0u8;
        // "One request" is grammar; "eight requests" is a number.
        if tokens[i]
            .value
            .is_some_and(|value| tokens[i].norm != "one" || value != 1.0)
            || tokens[i].value.is_some() && tokens.get(i + 1).is_some_and(is_unit)
        {
            marks |= Mark::Number as u8;
            // The unit may follow an adjective: "40 paying customers".
            let near = tokens[i + 1..].iter().take(2).take_while(|t| !t.clause_before);
            for token in near {
                marks |= if is_unit(token) { Mark::Figure as u8 } else { 0 };
                marks |= if TIME_UNITS.contains(&token.stem.as_str()) {
                    Mark::Duration as u8
                } else {
                    0
                };
                marks |= if token.norm == "percent" {
                    Mark::Percent as u8
                } else {
                    0
                };
            }
        }
        let known = NAMES.contains(&tokens[i].norm.as_str());
        let proper = i > 0
            && tokens[i].capital
            && tokens[i].norm.len() > 1
            && !matches!(tokens[i].norm.as_str(), "i" | "am" | "have" | "will" | "would");
        marks |= if known { Mark::Known as u8 } else { 0 };
        marks |= if known || proper { Mark::Name as u8 } else { 0 };
        if own_action(&tokens[..=i]) {
            marks |= Mark::Own as u8;
        }
        if past_action(&tokens[..=i]) {
            marks |= Mark::Past as u8;
        }
        tokens[i].marks = marks;
    }
}

fn is_unit(token: &Token) -> bool {
    let stem = token.stem.as_str();
    UNITS.contains(&stem) || TIME_UNITS.contains(&stem) || token.norm == "x"
}

fn is_past(verb: &Token) -> bool {
    (verb.norm.len() > 4 && verb.norm.ends_with("ed")) || PAST.contains(&verb.norm.as_str())
}

/// The last token is a past form that nothing near before it makes a wish, a duty or a denial.
fn past_action(tokens: &[Token]) -> bool {
    let Some((verb, before)) = tokens.split_last() else {
        return false;
    };
    let unreal = |t: &Token| {
        matches!(
            t.norm.as_str(),
            "would" | "should" | "could" | "will" | "can" | "must" | "may" | "might" | "to" | "be" | "if"
        )
    };
    is_past(verb) && !verb.negated && !before.iter().rev().take(3).any(unreal)
}

/// The last token is a past action whose subject "I" stands at most three words before it.
fn own_action(tokens: &[Token]) -> bool {
    let Some((verb, before)) = tokens.split_last() else {
        return false;
    };
    let subject = before.iter().rev().take(3).position(|t| t.norm == "i");
    is_past(verb)
        && !verb.negated
        && subject.is_some_and(|n| {
            let between = &before[before.len() - n..];
            !between
                .iter()
                .any(|t| matches!(t.norm.as_str(), "would" | "should" | "could" | "will" | "not"))
        })
}
