//! `spar try` of a program: from a file, a folder or standard input, once or at every save.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use domain::{AttemptId, Item, Language, MAX_PROGRAM_BYTES, ProgramFile, Submission, TESTS_FILE};
use practice::{AttemptView, JudgeStep, NewSubmission, Part, Practice, Progress};
use server::wire::AttemptBody;

use crate::args::{Common, Try};
use crate::failure::Failure;
use crate::paint::{Paint, plain};
use crate::render::program;
use crate::say::say;
use crate::{judge, open};

/// How often files are looked at with `--watch`: nobody notices a third of a second.
const LOOK: Duration = Duration::from_millis(300);

/// What is handed in, and the files it lies in.
struct Source {
    lang: Language,
    /// Empty for standard input.
    program: PathBuf,
    tests: Option<PathBuf>,
}

pub(crate) async fn run(
    practice: &Practice,
    common: &Common,
    args: &Try,
    item: &Item,
) -> Result<ExitCode, Failure> {
    let source = Source::of(args)?;
    if args.watch && source.is_standard_input() {
        return Err(usage("`--watch` needs a file or a folder"));
    }
    judge::start(practice, common).await?;
    let mut previous = None;
    loop {
        // Looked at before reading: what is saved meanwhile is run again.
        let saved = source.saved();
        match source.read() {
            Ok(submission) => {
                let view = graded(practice, args, item, submission, previous.clone()).await?;
                show(&view, args.json)?;
                if view.scorecard.is_none() && !args.watch {
                    let reason = view.attempt.void_reason.unwrap_or_default();
                    return Err(Failure::Platform(anyhow::anyhow!(
                        "the attempt is void: {reason}"
                    )));
                }
                previous = Some(view.attempt.id).filter(|_| !args.no_save);
            }
            // Many editors save by replacing: for a moment there is no file.
            Err(Failure::Input(error)) if args.watch => eprintln!("waiting: {error:#}"),
            Err(failure) => return Err(failure),
        }
        if !args.watch {
            practice.close().await;
            return Ok(ExitCode::SUCCESS);
        }
        eprintln!("watching {}; Ctrl-C ends", source.program.display());
        while source.saved() == saved || source.saved().is_none() {
            tokio::time::sleep(LOOK).await;
        }
    }
}

async fn graded(
    practice: &Practice,
    args: &Try,
    item: &Item,
    submission: Submission,
    previous: Option<AttemptId>,
) -> Result<AttemptView, Failure> {
    let now_us = open::now_us();
    let new = NewSubmission {
        id: practice::attempt_id(now_us),
        item: item.id.clone(),
        variant: args.variant,
        part: Part::Question,
        submission,
        seed: args.seed,
        elapsed_ms: None,
        previous,
        key: None,
    };
    let progress = Mutex::new(item.code().map(Progress::of).unwrap_or_default());
    let tell = move |step: JudgeStep| {
        let mut progress = progress.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        progress.step(&step);
        told(&progress, &step);
    };
    Ok(practice.grade_program(new, now_us, tell).await?.view)
}

/// One line for each group that is done, on standard error.
fn told(progress: &Progress, step: &JudgeStep) {
    match step {
        JudgeStep::Compiling => eprintln!("compiling ..."),
        JudgeStep::Group { id, done, of, failed } if done == of => {
            let group = progress.groups.iter().find(|group| group.id == *id);
            let title = group.map_or("", |group| group.title.as_str());
            let failed = match failed {
                0 => String::new(),
                n => format!(", {n} failed"),
            };
            eprintln!("  {:<28} {done} of {of}{failed}", plain(title));
        }
        JudgeStep::Group { .. } => {}
    }
}

fn show(view: &AttemptView, json: bool) -> Result<(), Failure> {
    if json {
        let body = AttemptBody::from(view);
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
        return Ok(());
    }
    match &view.scorecard {
        Some(card) => program::scorecard(card, view, Paint::for_stdout()),
        None => say!(
            "void: {}",
            plain(view.attempt.void_reason.as_deref().unwrap_or_default())
        ),
    }
    Ok(())
}

impl Source {
    fn of(args: &Try) -> Result<Self, Failure> {
        let given = args.lang.as_deref().map(str::parse::<Language>).transpose();
        let given = given.map_err(|error| usage(&format!("`--lang`: {error}")))?;
        let beside = |folder: &Path| Some(folder.join(TESTS_FILE)).filter(|tests| tests.is_file());
        if args.file == Path::new("-") {
            let lang =
                given.ok_or_else(|| usage("standard input has no name; hint: give `--lang python`"))?;
            return Ok(Self {
                lang,
                program: PathBuf::new(),
                tests: None,
            });
        }
        if args.file.is_dir() {
            let there = |lang: &Language| args.file.join(lang.file()).is_file();
            let lang = match given {
                Some(lang) => lang,
                None => only(Language::ALL.iter().copied().filter(there).collect(), &args.file)?,
            };
            return Ok(Self {
                lang,
                program: args.file.join(lang.file()),
                tests: beside(&args.file),
            });
        }
        let name = args.file.file_name().unwrap_or_default().to_string_lossy();
        let lang = given.or_else(|| Language::of_file(&name)).ok_or_else(|| {
            usage(&format!(
                "`{name}` is in no language that its name tells; hint: give `--lang`"
            ))
        })?;
        Ok(Self {
            lang,
            tests: beside(args.file.parent().unwrap_or(Path::new(""))),
            program: args.file.clone(),
        })
    }

    fn is_standard_input(&self) -> bool {
        self.program.as_os_str().is_empty()
    }

    fn read(&self) -> Result<Submission, Failure> {
        let program = match self.is_standard_input() {
            true => Path::new("-"),
            false => &self.program,
        };
        let file = |path: &str, from: &Path| -> Result<ProgramFile, Failure> {
            Ok(ProgramFile {
                path: path.to_owned(),
                text: open::read_text(from, MAX_PROGRAM_BYTES as u64)?,
            })
        };
        let mut files = vec![file(self.lang.file(), program)?];
        if let Some(tests) = &self.tests {
            files.push(file(TESTS_FILE, tests)?);
        }
        Ok(Submission::Source {
            lang: self.lang,
            files,
        })
    }

    /// When the files were last saved; `None` while the program is not there.
    fn saved(&self) -> Option<Vec<SystemTime>> {
        let at = |path: &PathBuf| std::fs::metadata(path).ok()?.modified().ok();
        let program = at(&self.program)?;
        let tests = self.tests.iter().filter_map(at);
        Some(std::iter::once(program).chain(tests).collect())
    }
}

/// The one language that a folder has a program in.
fn only(languages: Vec<Language>, folder: &Path) -> Result<Language, Failure> {
    match languages.as_slice() {
        [one] => Ok(*one),
        [] => Err(usage(&format!(
            "`{}` has no program, such as `main.py`",
            folder.display()
        ))),
        several => {
            let names: Vec<&str> = several.iter().map(|lang| lang.file()).collect();
            let names = names.join(", ");
            Err(usage(&format!(
                "`{}` has several programs, {names}; hint: give `--lang`",
                folder.display()
            )))
        }
    }
}

fn usage(message: &str) -> Failure {
    Failure::Input(anyhow::anyhow!("{message}"))
}
