//! `spar try`: grade an answer, print the scorecard, keep the attempt. Programs go to [`crate::program`].

use std::process::ExitCode;

use domain::{MAX_ANSWER_BYTES, Submission};
use practice::{NewSubmission, Part, ReadingState};
use serde::Serialize;
use server::wire::{ReadingBody, ScorecardBody};

use crate::args::{Common, Try};
use crate::failure::{Failure, item_id};
use crate::open;
use crate::paint::Paint;
use crate::program;
use crate::render;
use crate::say::say;

/// The scorecard as graded offline, and beside it the second reading where a reader is configured.
#[derive(Serialize)]
struct Graded {
    #[serde(flatten)]
    scorecard: ScorecardBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<ReadingBody>,
}

pub(crate) async fn run(common: &Common, args: &Try) -> Result<ExitCode, Failure> {
    let item = item_id(&args.id)?;
    let practice = if args.no_save {
        open::without_store(common, &args.reader)?
    } else {
        open::with_store(common, &args.reader).await?
    };
    if let Some(found) = practice.bank().item(&item).filter(|item| item.code().is_some()) {
        return program::run(&practice, common, args, found).await;
    }
    if args.lang.is_some() || args.watch {
        let message = "`--lang` and `--watch` are for programs; this question takes a text";
        return Err(Failure::Input(anyhow::anyhow!(message)));
    }
    let text = open::read_text(&args.file, MAX_ANSWER_BYTES as u64)?;
    let now_us = open::now_us();
    let submission = NewSubmission {
        id: practice::attempt_id(now_us),
        item,
        variant: args.variant,
        part: Part::Question,
        submission: Submission::Text { text },
        seed: args.seed,
        elapsed_ms: None,
        previous: None,
        key: None,
    };
    let view = practice.submit(submission, now_us).await?.view;
    render::awaited(&view.second);
    let view = practice.read_through(view, now_us).await?;
    let Some(scorecard) = &view.scorecard else {
        let reason = view.attempt.void_reason.unwrap_or_default();
        return Err(Failure::Platform(anyhow::anyhow!(
            "the attempt is void: {reason}"
        )));
    };
    if args.json {
        let reading = (view.second.state != ReadingState::Off).then(|| ReadingBody::from(&view));
        let body = Graded {
            scorecard: ScorecardBody::from(scorecard),
            reading,
        };
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
    } else {
        render::scorecard(
            scorecard,
            view.overridden.as_ref(),
            &view.title,
            Paint::for_stdout(),
        );
        render::second(&view, Paint::for_stdout());
    }
    practice.close().await;
    Ok(ExitCode::SUCCESS)
}
