//! `spar try`: grade an answer, print the scorecard, keep the attempt.

use std::process::ExitCode;

use domain::{MAX_ANSWER_BYTES, Submission};
use practice::NewSubmission;

use crate::args::{Common, Try};
use crate::failure::{Failure, item_id};
use crate::open;
use crate::paint::Paint;
use crate::render;
use crate::say::say;

pub(crate) async fn run(common: &Common, args: &Try) -> Result<ExitCode, Failure> {
    if args.lang.is_some() {
        let message = "`--lang` is for rounds that take source code; this question takes a text";
        return Err(Failure::Input(anyhow::anyhow!(message)));
    }
    let item = item_id(&args.id)?;
    let text = open::read_text(&args.file, MAX_ANSWER_BYTES as u64)?;
    let practice = if args.no_save {
        open::without_store(common)?
    } else {
        open::with_store(common).await?
    };
    let now_us = open::now_us();
    let submission = NewSubmission {
        id: practice::attempt_id(now_us),
        item,
        submission: Submission::Text { text },
        seed: args.seed,
        elapsed_ms: None,
        previous: None,
        key: None,
    };
    let view = practice.submit(submission, now_us).await?.view;
    let Some(scorecard) = &view.scorecard else {
        let reason = view.attempt.void_reason.unwrap_or_default();
        return Err(Failure::Platform(anyhow::anyhow!(
            "the attempt is void: {reason}"
        )));
    };
    if args.json {
        let body = server::wire::ScorecardBody::from(scorecard);
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
    } else {
        render::scorecard(
            scorecard,
            view.overridden.as_ref(),
            &view.title,
            Paint::for_stdout(),
        );
    }
    practice.close().await;
    Ok(ExitCode::SUCCESS)
}
