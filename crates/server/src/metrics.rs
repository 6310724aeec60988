//! The four golden signals, by route template: latency, traffic, errors, saturation.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use practice::Circuit;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Upper bounds in seconds. Reads take tens of microseconds, gradings a tenth of a second, and what takes
/// longer than ten seconds has failed.
const BUCKETS: [f64; 12] = [
    0.000_25, 0.001, 0.002_5, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0,
];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: &'static str,
    route: String,
    status: u16,
}

/// The figures and where they are read from.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Labels, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    connections: Gauge,
    streams: Gauge,
    grading_taken: Gauge<u64, AtomicU64>,
    grading_room: Gauge<u64, AtomicU64>,
    reader: Reader,
}

/// How the second reader fares; all zero without one.
#[derive(Default)]
struct Reader {
    circuit: Gauge<u64, AtomicU64>,
    requests: Gauge<u64, AtomicU64>,
    retries: Gauge<u64, AtomicU64>,
    failed: Gauge<u64, AtomicU64>,
    cached: Gauge<u64, AtomicU64>,
}

impl Reader {
    fn register(&self, registry: &mut Registry) {
        let gauges = [
            (
                "second_reader_circuit",
                "What the breaker lets through: 0 everything, 1 one request, 2 nothing",
                &self.circuit,
            ),
            (
                "second_reader_requests",
                "Requests sent since the start",
                &self.requests,
            ),
            (
                "second_reader_retries",
                "Those of them that tried again",
                &self.retries,
            ),
            (
                "second_reader_failed",
                "Readings that failed since the start",
                &self.failed,
            ),
            (
                "second_reader_cached",
                "Readings answered from memory",
                &self.cached,
            ),
        ];
        for (name, help, gauge) in gauges {
            registry.register(name, help, gauge.clone());
        }
    }

    fn set(&self, health: practice::ReaderHealth) {
        self.circuit.set(match health.circuit {
            Circuit::Closed => 0,
            Circuit::HalfOpen => 1,
            Circuit::Open { .. } => 2,
        });
        self.requests.set(health.requests);
        self.retries.set(health.retries);
        self.failed.set(health.failed);
        self.cached.set(health.cached);
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let constructor: fn() -> Histogram = || Histogram::new(BUCKETS);
        let requests = Family::new_with_constructor(constructor);
        let mut registry = Registry::default();
        let (in_flight, connections, streams) = (Gauge::default(), Gauge::default(), Gauge::default());
        let (grading_taken, grading_room) = (Gauge::default(), Gauge::default());
        registry.register(
            "http_request_duration_seconds",
            "Time to answer; its count by status is traffic and errors",
            requests.clone(),
        );
        registry.register(
            "http_requests_in_flight",
            "Requests being answered",
            in_flight.clone(),
        );
        registry.register("http_connections", "Open connections", connections.clone());
        registry.register("event_streams", "Open event streams", streams.clone());
        registry.register(
            "grading_slots_taken",
            "Gradings that run or wait",
            grading_taken.clone(),
        );
        registry.register(
            "grading_slots",
            "Gradings that may run or wait",
            grading_room.clone(),
        );
        let reader = Reader::default();
        reader.register(&mut registry);
        Self {
            reader,
            registry,
            requests,
            in_flight,
            connections,
            streams,
            grading_taken,
            grading_room,
        }
    }
}

/// A gauge that is one higher for as long as this lives.
pub(crate) struct Held(Gauge);

impl Held {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    pub(crate) fn request(&self) -> Held {
        Held::new(&self.in_flight)
    }

    pub(crate) fn connection(&self) -> Held {
        Held::new(&self.connections)
    }

    pub(crate) fn stream(&self) -> Held {
        Held::new(&self.streams)
    }

    /// Counts an answered request. `route` is the template, so ids do not multiply the series.
    pub(crate) fn answered(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let labels = Labels {
            method,
            route: route.to_owned(),
            status,
        };
        self.requests.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// The figures in the `OpenMetrics` text format, which Prometheus scrapes.
    pub(crate) fn text(
        &self,
        load: practice::Load,
        reader: Option<practice::ReaderHealth>,
    ) -> Result<String, std::fmt::Error> {
        if let Some(health) = reader {
            self.reader.set(health);
        }
        self.grading_taken.set(load.taken as u64);
        self.grading_room.set(load.room as u64);
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}
