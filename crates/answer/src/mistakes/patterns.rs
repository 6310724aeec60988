//! What the mistakes are read from, in the pattern language of facts.

/// A requirement is spoken of: asked about, assumed, bounded or sized.
pub(super) const REQUIREMENT: [&str; 8] = [
    "requirement*|scope|constraint*|assum*|clarif*|suppose|non_functional|use_case*",
    "want|like|need|have|first|let|before|thing* know|understand|clear|ask|learn|find_out",
    "how_many|how_much|how_often|how_big|how_large|how_fast|how_slow|how_long|how_fresh|how_late",
    "question|questions me|i|first|you|before",
    "matter*|important|priority here|most|is|first|me",
    "#number user*|request*|redirect*|read*|write*|link*|job*|call*|order*|event*|upload*|message*|login*|booking*|people a_day|per_day|day|second|month|minute|hour|peak|average|once",
    "#number second|peak|average a|per|about|some|maybe|roughly|around",
    "#number is|are nothing|little|small|tiny|a_lot|much|fine",
];

/// A part of a solution. Naming a product or a technique takes it; "the database" and "the cache" may be those of
/// the problem, so plain parts count where they are brought in.
pub(super) const COMPONENT: &str = "redis|memcach*|kafka|rabbitmq|rabbit|sqs|kinesis|pulsar|celery|sidekiq|\
    postgres*|mysql|mariadb|mongo*|cassandra|dynamodb|dynamo|sqlite|elasticsearch|kubernetes|k8s|docker|\
    microservice*|lambda|serverless|load_balancer|api_gateway|cdn|nginx|s3|object_storage|object_store|shard*|\
    message_queue|websocket*|grpc|graphql|\
    a_database|one_database|a_db|a_queue|one_queue|a_broker|a_cache|one_cache|a_bucket|a_cluster|a_worker|\
    workers|some_workers|a_replica|replicas|read_replica*|with_cache|with_database";

/// Something is left to the database.
pub(super) const DATABASE: [&str; 2] = [
    "database|db|datastore|data_store|postgres*|mysql|mariadb|mongo*|sql_server|oracle \
     save*|store*|stored|write*|put*|keep*|kept|persist*|insert*|read*|fetch*|load*|get*|go*|goes|look*|talk*|know*|\
     remember*|find*|query|queries|delete*|ask*|do|does|handle*|manage*|take*",
    "everything|all|data|it|result* in|into|from|to database|db|postgres*|mysql|mongo*",
];

/// How data lies in a database, or what it does with two writers.
pub(super) const DATA: [&str; 4] = [
    "index*|indices|schema|table*|column*|row*|primary_key|unique|foreign_key*|partition_key|sort_key|key_value|keyed|\
     normali*|denormali*|join*|query_plan|explain|b_tree|btree|access_pattern*",
    "transaction*|isolation|serializable|lock*|skip_locked|constraint*|acid|consisten*|optimistic|compare_and_set|\
     upsert|exclusion",
    "replica*|leader|follower*|partition*|shard*|wal|write_ahead|vacuum|archiv*",
    "not:database|db|postgres*|mysql|mongo*",
];

/// Something goes wrong, or is kept from it.
pub(super) const FAILURE: [&str; 6] = [
    "fail*|error*|crash*|outage*|breaks|broken|break_off|breaks_off|unavailable|unreachable|not_reachable|corrupt*|\
     partial*|rollback|roll_back|truncat*|overload*|exhaust*|hang|hangs|stuck|dies|die|died|lost|lose|loses|conflict*|race*",
    "retry|retries|retried|retrying|timeout*|time_out|times_out|deadline*|backoff|back_off|back_pressure|backpressure|\
     circuit_breaker|breaker|fallback|fall_back|degrad*|dead_letter|dlq|bulkhead|shed*|throttl*|idempoten*|duplicat*|\
     twice|dedup*|poison*",
    "400|401|403|404|409|413|415|422|429|500|502|503|504|invalid|malformed|refuse*|reject*|edge_case*|exception*",
    "goes|go|went|going|is|are down|away|wrong|unreachable|gone|missing|slow|full",
    "not:lose|lost|drop|dropped|reach|reachable|answer|respond|available",
    "what_if|what_happens|when_it_does_not|worst_case",
];

/// Machinery that a small load does not pay for.
pub(super) const HEAVY: [(&str, &str); 11] = [
    (
        "microservices",
        "microservice*|micro_service*|separate_service*|service_for_each|service_per",
    ),
    ("Kubernetes", "kubernetes|k8s|helm"),
    ("sharding", "shard*"),
    ("Kafka", "kafka|pulsar|kinesis"),
    ("a service mesh", "service_mesh|istio|linkerd"),
    (
        "several regions",
        "multi_region|multiregion|two_regions|three_regions|several_regions|active_active|multiple_regions",
    ),
    ("event sourcing", "event_sourc*|event_sourced"),
    ("CQRS", "cqrs"),
    (
        "a wide-column store",
        "cassandra|scylla*|hbase|spanner|cockroach*",
    ),
    ("a stream processor", "flink|spark|hadoop|storm"),
    ("a data lake", "data_lake|snowflake"),
];

/// A condition that is not met today.
pub(super) const LATER: &str = "if|should_we|ever|later|until|unless|eventually|someday|one_day|grows|grew|beyond|once_we|\
    would_only|in_future|instead|rather|versus|another|other";
