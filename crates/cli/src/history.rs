//! `spar history`: the list, or one attempt.

use std::process::ExitCode;

use domain::AttemptId;
use practice::{Cursor, Practice};

use crate::args::{Common, History};
use crate::failure::{Failure, item_id};
use crate::open;
use crate::paint::{Paint, plain};
use crate::render;
use crate::say::say;

/// Attempts read at once.
const PAGE: u32 = 100;

pub(crate) async fn run(common: &Common, args: &History) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    // Ids of attempts are capitals, ids of questions are not.
    if let Some(Ok(id)) = args.id.as_deref().map(str::parse::<AttemptId>) {
        return one(&practice, &id, args.json).await;
    }
    let item = args.id.as_deref().map(item_id).transpose()?;
    if let Some(item) = &item {
        practice.item(item).await?;
    }
    let mut after: Option<Cursor> = None;
    let mut listed = Vec::new();
    loop {
        let page = practice.attempts(item.as_ref(), after.as_ref(), PAGE).await?;
        after = page.entries.last().map(|last| Cursor {
            created_at_us: last.entry.created_at_us,
            id: last.entry.id.clone(),
        });
        listed.extend(page.entries);
        if !page.more {
            break;
        }
    }
    if args.json {
        let entries: Vec<_> = listed.iter().map(server::wire::AttemptEntry::from).collect();
        say!("{}", serde_json::to_string(&entries).map_err(Failure::platform)?);
        return Ok(ExitCode::SUCCESS);
    }
    let paint = Paint::for_stdout();
    for attempt in &listed {
        let body = server::wire::AttemptEntry::from(attempt);
        let score = body
            .score
            .map_or_else(|| attempt.entry.state.to_string(), |s| format!("{s:>4.0}"));
        let by_hand = body
            .score_by_hand
            .map_or(String::new(), |s| format!("you {s:.0}"));
        let merged = body
            .score_merged
            .map_or(String::new(), |s| format!("read {s:.0}"));
        let when = body.created_at.get(..16).unwrap_or("").replace('T', " ");
        say!(
            "{when}  {score} {merged:<8} {by_hand:<7}  {}  {:<26} {}",
            body.id,
            body.item,
            paint.dim(&plain(&attempt.title))
        );
    }
    if listed.is_empty() {
        say!("no attempts yet; `spar practice` starts one");
    }
    Ok(ExitCode::SUCCESS)
}

async fn one(practice: &Practice, id: &AttemptId, json: bool) -> Result<ExitCode, Failure> {
    let view = practice.attempt(id).await?;
    if json {
        let body = server::wire::AttemptBody::from(&view);
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
    } else if let Some(card) = view.scorecard.as_ref().filter(|card| card.verdict.is_some()) {
        render::program::scorecard(card, &view, Paint::for_stdout());
    } else if let Some(grading) = &view.grading {
        let reason = grading.reason.as_deref().unwrap_or("is graded by `spar serve`");
        say!(
            "{}\n{}: {}",
            plain(&view.title),
            view.attempt.state,
            plain(reason)
        );
    } else if let Some(card) = &view.scorecard {
        render::scorecard(card, view.overridden.as_ref(), &view.title, Paint::for_stdout());
        render::second(&view, Paint::for_stdout());
    } else {
        let reason = view.attempt.void_reason.unwrap_or_default();
        say!("{}\nvoid: {}", plain(&view.title), plain(&reason));
    }
    Ok(ExitCode::SUCCESS)
}
