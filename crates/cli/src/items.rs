//! `spar list` and `spar show`.

use std::process::ExitCode;

use domain::{Item, Level};
use practice::{ItemFilter, Part};

use crate::args::{Common, List, Show};
use crate::failure::{Failure, item_id};
use crate::open;
use crate::paint::{Paint, plain, wrapped};
use crate::say::{put, say};

/// Columns of the output.
const WIDTH: usize = 88;

pub(crate) async fn list(common: &Common, args: &List) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    let filter = ItemFilter {
        round: args.round,
        kind: args.kind,
        competency: args.competency,
        topic: args.topic.clone(),
        level: args.level,
        ..ItemFilter::default()
    };
    let page = practice.items(&filter, None, usize::MAX - 1).await?;
    if args.json {
        let entries: Vec<_> = page
            .entries
            .iter()
            .map(|entry| server::wire::ItemEntry::new(entry.item, entry.summary.as_ref()))
            .collect();
        say!("{}", serde_json::to_string(&entries).map_err(Failure::platform)?);
        return Ok(ExitCode::SUCCESS);
    }
    let paint = Paint::for_stdout();
    for entry in &page.entries {
        let item = entry.item;
        let best = entry
            .summary
            .as_ref()
            .and_then(|s| s.best)
            .map_or(String::new(), |b| format!("best {b:.0}"));
        say!(
            "{:<26} {:<12} {} {}",
            item.id,
            item.kind,
            plain(&item.title),
            paint.dim(&best)
        );
    }
    if page.entries.is_empty() {
        say!("no question matches; `spar list` without filters shows all");
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn show(common: &Common, args: &Show) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    let entry = practice.item(&item_id(&args.id)?).await?;
    let instance = practice.instance(&entry.item.id, args.variant, Part::Question)?;
    let item = &instance.item;
    if args.json {
        let body = server::wire::ItemBody::new(item, &entry, &practice, true);
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
        return Ok(ExitCode::SUCCESS);
    }
    let paint = Paint::for_stdout();
    prompt(item, paint);
    if args.guidance {
        guidance(item, paint);
    } else {
        variants(item, paint);
        say!(
            "{}",
            paint.dim(&format!(
                "answer: spar practice {0}   guidance: spar show {0} --guidance",
                with_variant(item)
            ))
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the question.
pub(crate) fn prompt(item: &Item, paint: Paint) {
    let levels: Vec<_> = item.levels.iter().copied().map(Level::as_str).collect();
    say!("\n{}", paint.bold(&plain(&item.title)));
    say!(
        "{}\n",
        paint.dim(&format!(
            "{} · {} · {} min · reviewed {}",
            item.kind,
            levels.join(", "),
            item.minutes,
            item.reviewed
        ))
    );
    if let Some(variant) = &item.variant {
        say!(
            "{}\n",
            paint.dim(&format!("variant {}: {}", variant.number, plain(&variant.title)))
        );
    }
    say!("{}", wrapped(&plain(&item.prompt), WIDTH, 0));
}

/// The item as commands take it.
fn with_variant(item: &Item) -> String {
    match &item.variant {
        Some(variant) if variant.number > 0 => format!("{} --variant {}", item.id, variant.number),
        _ => item.id.to_string(),
    }
}

fn variants(item: &Item, paint: Paint) {
    if item.variants.is_empty() {
        return;
    }
    say!("{}", paint.bold("Variants"));
    for variant in &item.variants {
        let text = format!("{:>2}  {}", variant.number, plain(&variant.title));
        put!("{}", wrapped(&text, WIDTH, 2));
    }
    say!();
}

/// What an interviewer holds back.
fn held_back(item: &Item, paint: Paint) {
    if !item.clarifications.is_empty() {
        say!("\n{}", paint.bold("Worth asking first"));
    }
    for clarification in &item.clarifications {
        let text = format!("{} {}", plain(&clarification.ask), plain(&clarification.answer));
        put!("{}", wrapped(&text, WIDTH, 2));
    }
    if let Some(change) = &item.change {
        say!("\n{}", paint.bold("A requirement that changes"));
        put!("{}", wrapped(&plain(&change.say), WIDTH, 2));
        put!("{}", wrapped(&plain(&change.sample), WIDTH, 2));
    }
}

fn guidance(item: &Item, paint: Paint) {
    let guidance = &item.guidance;
    let section = |title: &str, text: &str| {
        say!("{}\n{}", paint.bold(title), wrapped(&plain(text), WIDTH, 2));
    };
    section("Why it is asked", &guidance.why_asked);
    say!("{}", paint.bold("What a full answer includes"));
    for fact in item.facts() {
        let weight = if fact.must { "must" } else { "    " };
        put!(
            "{}",
            wrapped(
                &format!("{weight} {} ({})", plain(&fact.claim), fact.level),
                WIDTH,
                2
            )
        );
    }
    say!();
    section("The detail that separates levels", &guidance.separates_levels);
    let notes = &guidance.level_notes;
    for (level, note) in [
        ("Junior", &notes.junior),
        ("Mid", &notes.mid),
        ("Senior", &notes.senior),
    ] {
        section(level, note);
    }
    section("Sample answer", &guidance.sample);
    say!("{}", paint.bold("Misconceptions"));
    for misconception in &guidance.misconceptions {
        let text = format!(
            "“{}” {}",
            plain(&misconception.claim),
            plain(&misconception.correction)
        );
        put!("{}", wrapped(&text, WIDTH, 2));
    }
    say!("\n{}", paint.bold("Follow-ups"));
    for question in &guidance.follow_ups {
        put!("{}", wrapped(&plain(question), WIDTH, 2));
    }
    held_back(item, paint);
}
