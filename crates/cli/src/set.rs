//! `spar set`: questions chosen for a job, with the words that chose them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args as ClapArgs;
use domain::{Level, MAX_JOB_NOTES_BYTES, MAX_JOB_TEXT_BYTES, SetInputs, TailoredSet};
use practice::{NewSet, Practice, SetQuestion, SetView};
use server::wire::{SetBody, SetSummary};

use crate::args::Common;
use crate::failure::Failure;
use crate::open;
use crate::paint::{Paint, plain, wrapped};
use crate::papers::document_id;
use crate::say::{put, say};
use crate::second::SecondReader;

/// Columns of the output.
const WIDTH: usize = 88;

#[derive(Debug, ClapArgs)]
pub(crate) struct Set {
    /// The job description: a text file, or `-` for standard input. Without it, what loops of the level ask.
    #[arg(long, value_name = "FILE")]
    pub(crate) job: Option<PathBuf>,
    /// Your CV: what it claims is probed, what it lacks is named.
    #[arg(long, value_name = "FILE")]
    pub(crate) cv: Option<PathBuf>,
    /// What they build, their public API, their stack.
    #[arg(long, value_name = "FILE")]
    pub(crate) company_notes: Option<PathBuf>,
    /// Title of the job.
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Name of the company.
    #[arg(long, value_name = "NAME")]
    pub(crate) company: Option<String>,
    /// backend, software-engineer, devops, full-stack, or a role of a pack.
    #[arg(long, default_value = "backend")]
    pub(crate) role: String,
    /// junior, mid or senior.
    #[arg(long, default_value = "mid")]
    pub(crate) level: Level,
    /// Minutes that the set may take, 10 to 600.
    #[arg(long, value_name = "N", default_value_t = domain::DEFAULT_SET_MINUTES)]
    pub(crate) minutes: u32,
    /// Decides between questions of equal worth; the same seed gives the same set.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Do not keep the set.
    #[arg(long)]
    pub(crate) no_save: bool,
    /// Choose nothing: list the sets that are kept, newest first, or show the one of this id.
    #[arg(long, value_name = "ID", num_args = 0..=1, conflicts_with_all = ["job", "cv", "company_notes", "no_save"])]
    pub(crate) kept: Option<Option<String>>,
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

pub(crate) async fn run(common: &Common, args: &Set) -> Result<ExitCode, Failure> {
    match &args.kept {
        None => choose(common, args).await,
        Some(None) => list(common, args.json).await,
        Some(Some(id)) => {
            let id = document_id(id)?;
            let practice = open::records(common).await?;
            let view = practice.set(&id).await?;
            practice.close().await;
            answer(&view, args.json)
        }
    }
}

/// The sets that are kept.
async fn list(common: &Common, json: bool) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    let sets = practice.all_held::<TailoredSet>().await?;
    practice.close().await;
    if json {
        let sets: Vec<SetSummary> = sets.iter().map(SetSummary::from).collect();
        say!("{}", serde_json::to_string(&sets).map_err(Failure::platform)?);
    } else if sets.is_empty() {
        say!("no set yet; choose one with `spar set --job FILE`");
    }
    for kept in sets.iter().filter(|_| !json) {
        let set = &kept.body;
        say!(
            "{}  {:>2} questions, {:>3} min, seed {:<4}  {}",
            kept.id,
            set.entries.len(),
            set.minutes(),
            set.seed,
            plain(&set.inputs.name())
        );
    }
    Ok(ExitCode::SUCCESS)
}

async fn choose(common: &Common, args: &Set) -> Result<ExitCode, Failure> {
    let text = |path: &Option<PathBuf>, limit: usize| match path {
        Some(path) => open::read_text(path, limit as u64),
        None => Ok(String::new()),
    };
    let dash = |path: &Option<PathBuf>| path.as_deref() == Some(Path::new("-"));
    let from_input = [&args.job, &args.cv, &args.company_notes]
        .into_iter()
        .filter(|p| dash(p));
    if from_input.count() > 1 {
        let message = "standard input (`-`) holds one text only: give the others as files";
        return Err(Failure::Input(anyhow::anyhow!(message)));
    }
    let inputs = SetInputs {
        title: args.title.clone().unwrap_or_default(),
        role: args.role.clone(),
        level: args.level,
        company: args.company.clone().unwrap_or_default(),
        company_notes: text(&args.company_notes, MAX_JOB_NOTES_BYTES)?,
        description: text(&args.job, MAX_JOB_TEXT_BYTES)?,
        cv: text(&args.cv, MAX_JOB_TEXT_BYTES)?,
        minutes: args.minutes,
    };
    let new = NewSet {
        job: None,
        inputs,
        seed: args.seed,
    };
    let reader = SecondReader::default();
    let view = if args.no_save {
        let practice = open::without_store(common, &reader)?;
        practice.set_view(practice.tailor(new)?)
    } else {
        let practice = open::with_store(common, &reader).await?;
        let now_us = open::now_us();
        let view = practice
            .create_set(&Practice::document_id(now_us), new, now_us)
            .await?;
        practice.close().await;
        view
    };
    answer(&view, args.json)
}

fn answer(view: &SetView, json: bool) -> Result<ExitCode, Failure> {
    if json {
        let body = SetBody::from(view);
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
    } else {
        show(view, Paint::for_stdout());
    }
    Ok(ExitCode::SUCCESS)
}

fn show(view: &SetView, paint: Paint) {
    let set = &view.set;
    let paragraph = |text: &str, indent: usize| put!("{}", wrapped(&plain(text), WIDTH, indent));
    let head = format!(
        "{} questions, {} of {} minutes, {} {}, seed {}",
        set.entries.len(),
        set.minutes(),
        set.inputs.minutes,
        set.inputs.level,
        set.inputs.role,
        set.seed
    );
    say!("\n{}\n", paint.bold(&head));
    for remark in &set.remarks {
        paragraph(&remark.says, 0);
        say!();
    }
    for (at, question) in view.questions.iter().enumerate() {
        let title = format!("{:>2}. {}", at + 1, plain(question.title()));
        say!("{}", paint.bold(&title));
        paragraph(&facts(question), 4);
        for reason in &question.entry.reasons {
            paragraph(&reason.says, 4);
        }
        say!(
            "    {}\n",
            paint.dim(&format!(
                "spar practice {}{}",
                question.entry.item,
                at_variant(question)
            ))
        );
    }
    if !set.claims.is_empty() {
        say!("{}", paint.bold("What your CV claims"));
        set.claims.iter().for_each(|claim| paragraph(&claim.ask, 2));
        say!();
    }
    if !set.gaps.is_empty() {
        say!("{}", paint.bold("What your CV does not show"));
        for gap in &set.gaps {
            let quoted = gap.marks.first().map_or("", |mark| mark.text.as_str());
            let demand = if gap.required { "demanded" } else { "named" };
            paragraph(&format!("{} ({demand}: “{quoted}”). {}", gap.name, gap.says), 2);
        }
        say!();
    }
    if let Some(kept) = &view.kept {
        say!("{}", paint.dim(&format!("kept as {}", kept.id)));
    }
}

fn facts(question: &SetQuestion) -> String {
    let entry = &question.entry;
    let weight = match entry.weight {
        3 => "decisive",
        2 => "expected",
        _ => "worth a look",
    };
    let variant = question
        .instance
        .as_ref()
        .and_then(|instance| instance.item.variant.as_ref());
    let variant = variant.map_or(String::new(), |variant| format!(", variant: {}", variant.title));
    format!("{} min, {weight}{variant}", entry.minutes)
}

fn at_variant(question: &SetQuestion) -> String {
    match question.entry.variant {
        0 => String::new(),
        number => format!(" --variant {number}"),
    }
}
