//! An attempt as a stream: now, and after every reply, override and step of its grading or a second reading.

use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::{AttemptId, AttemptState};
use futures_util::stream::{self, Stream};
use practice::{AttemptView, Grading, ReadingState};
use tokio::sync::{OwnedSemaphorePermit, watch};

use crate::app::App;
use crate::extract::{AttemptPath, NoParams, Params};
use crate::metrics::Held;
use crate::problem::{Code, Problem};
use crate::wire::AttemptBody;

/// How often a stream looks for what another process, such as `spar practice`, has written.
const LOOK: Duration = Duration::from_secs(1);

/// How often a quiet stream shows that it lives, so that a dead connection is noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What one stream holds on to.
struct Stage {
    app: App,
    id: AttemptId,
    /// Sent first.
    first: Option<AttemptView>,
    /// What the last event had.
    seen: Seen,
    changes: watch::Receiver<u64>,
    draining: watch::Receiver<bool>,
    _permit: OwnedSemaphorePermit,
    _held: Held,
}

/// The attempt now and after every reply, override and step of its grading or a second reading, as events named `attempt`.
#[utoipa::path(get, path = "/attempts/{id}/events", operation_id = "attempt_events", tag = "attempts",
    params(("id" = String, Path, description = "The attempt")), responses(
    (status = 200, body = String, content_type = "text/event-stream",
        description = "Events named `attempt`; `data` is the body of `GET /attempts/{id}`. Ends when the attempt is deleted."),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `attempt_not_found`"),
))]
pub(crate) async fn events(
    State(app): State<App>,
    AttemptPath(id): AttemptPath,
    Params(_): Params<NoParams>,
) -> Result<Sse<impl Stream<Item = Result<Event, serde_json::Error>>>, Problem> {
    let busy = |_| {
        let detail = "close another page, or read `GET /attempts/{id}` instead";
        Problem::new(Code::StreamsBusy, detail).retry_after(LOOK.as_secs())
    };
    let permit = app.streams().clone().try_acquire_owned().map_err(busy)?;
    let changes = app.practice().changes();
    let first = app.practice().attempt(&id).await?;
    let stage = Stage {
        id,
        seen: seen(&first),
        first: Some(first),
        changes,
        draining: app.draining(),
        _permit: permit,
        _held: app.metrics().stream(),
        app,
    };
    let events = stream::unfold(stage, |mut stage| async {
        let view = stage.next().await?;
        let event = Event::default().event("attempt").id(stage.seen.0.to_string());
        let data = serde_json::to_string(&AttemptBody::from(&view));
        Some((data.map(|data| event.data(data)), stage))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

impl Stage {
    /// The attempt when something was added beside it, or its reading has moved on; `None` when it is gone or the server shuts down.
    async fn next(&mut self) -> Option<AttemptView> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            tokio::select! {
                changed = self.changes.changed() => changed.ok()?,
                () = tokio::time::sleep(LOOK) => {
                    // Raises the generation when another process has written, which wakes this loop.
                    self.app.practice().generation().await.ok()?;
                    continue;
                }
                () = drained(&mut self.draining) => return None,
            }
            let view = self.app.practice().attempt(&self.id).await.ok()?;
            if seen(&view) != self.seen {
                self.seen = seen(&view);
                return Some(view);
            }
        }
    }
}

/// How much was added beside the attempt, where its reading stands, and how far its grading is.
type Seen = (usize, ReadingState, AttemptState, Option<Grading>);

/// Replies, readings and the log of overrides only grow.
fn seen(view: &AttemptView) -> Seen {
    let attempt = &view.attempt;
    let added = attempt.replies.len() + attempt.overrides.len() + attempt.readings.len();
    (
        added,
        view.second.state.clone(),
        attempt.state,
        view.grading.clone(),
    )
}

/// Completes when the server shuts down; never when nobody can tell it to.
async fn drained(draining: &mut watch::Receiver<bool>) {
    if draining.wait_for(|draining| *draining).await.is_err() {
        std::future::pending::<()>().await;
    }
}
