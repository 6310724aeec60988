//! `spar story`: the stories, what to look at in one, and which question each answers.

use std::path::Path;
use std::process::ExitCode;

use domain::{DocumentId, Story, StoryPart};
use practice::Practice;

use crate::args::{Common, StoryCheck, StoryCommand, StoryCoverage, StoryList, StoryShow};
use crate::failure::Failure;
use crate::open;
use crate::paint::{Paint, plain, wrapped};
use crate::say::{put, say};
use crate::second::SecondReader;

/// Columns of the output.
const WIDTH: usize = 88;

/// Largest story file: five parts of 4,000 characters, and the rest.
const MAX_FILE_BYTES: u64 = 128 * 1024;

pub(crate) async fn run(common: &Common, command: StoryCommand) -> Result<ExitCode, Failure> {
    match command {
        StoryCommand::List(args) => list(common, &args).await,
        StoryCommand::Show(args) => show(common, &args).await,
        StoryCommand::Check(args) => check(common, &args).await,
        StoryCommand::Coverage(args) => coverage(common, &args).await,
    }
}

async fn list(common: &Common, args: &StoryList) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    let stories = practice.all_held::<Story>().await?;
    if args.json {
        let bodies: Vec<_> = stories.iter().map(server::wire::StoryBody::from).collect();
        say!("{}", serde_json::to_string(&bodies).map_err(Failure::platform)?);
        return Ok(ExitCode::SUCCESS);
    }
    for story in &stories {
        let words = story.body.told().split_whitespace().count();
        say!("{}  {:>4} words  {}", story.id, words, plain(&story.body.title));
    }
    if stories.is_empty() {
        say!("no stories yet; `spar serve`, then /stories, writes one");
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(common: &Common, args: &StoryShow) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    let id: DocumentId = args.id.parse().map_err(Failure::input)?;
    let mut held = practice.held::<Story>(&id).await?;
    if args.hide_names {
        held.body = practice::without_names(&held.body);
    }
    if args.json {
        let body = server::wire::StoryBody::from(&held);
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
        return Ok(ExitCode::SUCCESS);
    }
    let paint = Paint::for_stdout();
    let story = &held.body;
    say!("{}", paint.bold(&plain(&story.title)));
    let about = [story.role.as_str(), story.when.as_str()];
    let about: Vec<_> = about
        .iter()
        .filter(|text| !text.is_empty())
        .map(|text| plain(text))
        .collect();
    if !about.is_empty() {
        say!("{}", paint.dim(&about.join(" · ")));
    }
    for part in StoryPart::ALL {
        say!("\n{}", paint.bold(part.as_str()));
        put!("{}", wrapped(&plain(story.part(*part)), WIDTH, 2));
    }
    for (title, lines) in [("figures", &story.figures), ("tags", &story.tags)] {
        if !lines.is_empty() {
            say!("\n{}", paint.bold(title));
            lines
                .iter()
                .for_each(|line| put!("{}", wrapped(&plain(line), WIDTH, 2)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn check(common: &Common, args: &StoryCheck) -> Result<ExitCode, Failure> {
    let practice = open::bank(common)?;
    let story = read(&args.file)?;
    let findings = practice.check_story(story.clone()).await?;
    if args.json {
        let bodies: Vec<_> = findings
            .iter()
            .map(server::wire::StoryFindingBody::from)
            .collect();
        say!("{}", serde_json::to_string(&bodies).map_err(Failure::platform)?);
        return Ok(ExitCode::SUCCESS);
    }
    let paint = Paint::for_stdout();
    for finding in &findings {
        say!("{}: {}", paint.bold(finding.part.as_str()), plain(&finding.why));
        let text = story.part(finding.part);
        let quotes: Vec<_> = finding
            .spans
            .iter()
            .filter_map(|span| text.get(span.clone()))
            .map(plain)
            .collect();
        if !quotes.is_empty() {
            put!(
                "{}",
                wrapped(
                    &format!("\u{201c}{}\u{201d}", quotes.join("\u{201d}, \u{201c}")),
                    WIDTH,
                    2
                )
            );
        }
    }
    if findings.is_empty() {
        say!("nothing to look at");
    }
    Ok(ExitCode::SUCCESS)
}

/// A story from JSON, in the fields of the API; what is left out is empty.
fn read(path: &Path) -> Result<Story, Failure> {
    let text = open::read_text(path, MAX_FILE_BYTES)?;
    serde_json::from_str(&text).map_err(|error| {
        let shape = "a story is JSON with `title`, `situation`, `task`, `action`, `result` and `lesson`";
        Failure::Input(anyhow::anyhow!("`{}`: {error}; hint: {shape}", path.display()))
    })
}

async fn coverage(common: &Common, args: &StoryCoverage) -> Result<ExitCode, Failure> {
    let practice = open::with_store(common, &SecondReader::default()).await?;
    let map = graded(&practice).await?;
    if args.json {
        let body = server::wire::CoverageBody::from(&map);
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
        return Ok(ExitCode::SUCCESS);
    }
    if map.stories.is_empty() {
        say!("no stories yet; `spar serve`, then /stories, writes one");
        return Ok(ExitCode::SUCCESS);
    }
    let paint = Paint::for_stdout();
    for row in &map.rows {
        let best = row
            .best
            .and_then(|at| Some((&map.stories[at], row.cells.as_ref()?.get(at)?)));
        match best {
            Some((story, cell)) => {
                say!("{:<28} {:>3.0}  {}", row.item, cell.coverage, plain(&story.title));
                let missing: Vec<_> = cell.missing().map(plain).collect();
                if !missing.is_empty() {
                    put!(
                        "{}",
                        wrapped(&paint.dim(&format!("left out: {}", missing.join(" "))), WIDTH, 4)
                    );
                }
            }
            None => say!("{:<28}   -  no story: {}", row.item, plain(&row.title)),
        }
    }
    let body = server::wire::CoverageBody::from(&map);
    for story in body.stories.iter().filter(|story| story.overused) {
        say!(
            "told too often: {} (best for {}, {} of the latest attempts)",
            plain(&story.title),
            story.best_for,
            story.recent
        );
    }
    practice.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The map with every row graded, one after the other; says how far it is where somebody waits.
async fn graded(practice: &Practice) -> Result<practice::CoverageMap, Failure> {
    let map = practice.coverage_map().await?;
    for (at, row) in map.rows.iter().enumerate() {
        if !map.stories.is_empty() {
            eprintln!("question {} of {}: {}", at + 1, map.rows.len(), row.item);
        }
        practice.coverage_row(&row.item).await?;
    }
    Ok(practice.coverage_map().await?)
}
