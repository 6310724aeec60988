//! `spar coach`: what is still missing in an answer in a file, once or each time the file is saved.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use domain::{ItemId, MAX_ANSWER_BYTES, Nudge};
use practice::{Coaching, Practice, SoFar};
use server::wire::CoachingBody;

use crate::args::{Coach, Common};
use crate::failure::{Failure, item_id};
use crate::open;
use crate::paint::{Paint, plain, wrapped};
use crate::say::{put, say};
use crate::second::SecondReader;

/// How often a watched file is looked at: soon enough to feel immediate, rare enough to cost nothing.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Columns of a terminal that prose takes.
const COLUMNS: usize = 88;

pub(crate) async fn run(common: &Common, args: &Coach) -> Result<ExitCode, Failure> {
    let item = item_id(&args.id)?;
    if args.watch && args.file == Path::new("-") {
        let message = "standard input cannot be watched: give a file that your editor saves";
        return Err(Failure::Input(anyhow::anyhow!(message)));
    }
    // The coach asks nobody else: an answer that is being written goes to no second reader.
    let practice = open::without_store(common, &SecondReader::default())?;
    let paint = Paint::for_stdout();
    let mut saved = changed(&args.file);
    loop {
        let text = open::read_text(&args.file, MAX_ANSWER_BYTES as u64)?;
        let coaching = listen(&practice, &item, &text, args).await?;
        print(&coaching, &text, args, paint)?;
        if !args.watch {
            return Ok(ExitCode::SUCCESS);
        }
        // Editors that save by renaming leave a moment without the file.
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let now = changed(&args.file);
            if now.is_some() && now != saved {
                saved = now;
                break;
            }
        }
        if !args.json {
            say!("\n{}\n", paint.dim(&"─".repeat(24)));
        }
    }
}

/// When a file was last written, and how long it is: some file systems count in whole seconds.
fn changed(path: &Path) -> Option<(SystemTime, u64)> {
    let file = std::fs::metadata(path).ok()?;
    Some((file.modified().ok()?, file.len()))
}

async fn listen(practice: &Practice, item: &ItemId, text: &str, args: &Coach) -> Result<Coaching, Failure> {
    let so_far = SoFar {
        item: item.clone(),
        variant: args.variant,
        text: text.to_owned(),
        spoken: false,
        timeline: Vec::new(),
        dismissed: BTreeSet::from_iter(args.dismiss.iter().cloned()),
        within: None,
    };
    Ok(practice.coach(so_far).await?)
}

fn print(coaching: &Coaching, text: &str, args: &Coach, paint: Paint) -> Result<(), Failure> {
    if args.json {
        let body = CoachingBody::new(coaching, text);
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
        return Ok(());
    }
    for nudge in coaching.nudges.iter().chain(&coaching.delivery.nudge) {
        show(nudge, text, paint);
    }
    if coaching.nudges.is_empty() {
        say!("Nothing to add right now.\n");
    }
    let heard = coaching.heard;
    let words = coaching.delivery.words;
    let summary = format!(
        "{} of {} points made, {} touched, {words} words",
        heard.made, heard.facts, heard.touched
    );
    say!("{}", paint.dim(&summary));
    Ok(())
}

fn show(nudge: &Nudge, text: &str, paint: Paint) {
    put!("{}", paint.bold(&wrapped(&plain(&nudge.text), COLUMNS, 0)));
    let because = &nudge.because;
    let quote = because
        .span
        .clone()
        .map(|span| format!(" \u{201c}{}\u{201d}", &text[span]));
    let reason = format!("{}{}", because.reason, quote.unwrap_or_default());
    put!("{}", paint.dim(&wrapped(&plain(&reason), COLUMNS, 2)));
    say!("{}\n", paint.dim(&format!("  {}", nudge.id)));
}
