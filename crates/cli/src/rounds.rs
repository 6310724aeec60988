//! `spar practice`: the question, the answer in your own editor, the scorecard, then the interviewer.
//!
//! Without a terminal it reads the answer up to a line that holds a single full stop, then one reply a
//! line, so it can be scripted.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use domain::{Item, Question, QuestionKind, Reply, ReplyBody, Round, Submission};
use practice::{ItemFilter, NewSubmission, Part};

use crate::args::{Common, Practice as Args};
use crate::failure::{Failure, item_id};
use crate::items;
use crate::open;
use crate::paint::{Paint, plain, wrapped};
use crate::render;
use crate::say::{put, say};

pub(crate) async fn run(common: &Common, args: &Args) -> Result<ExitCode, Failure> {
    let practice = if args.no_save {
        open::without_store(common, &args.reader)?
    } else {
        open::with_store(common, &args.reader).await?
    };
    let paint = Paint::for_stdout();
    let picked = pick(&practice, args.id.as_deref()).await?;
    let item = &practice.instance(&picked.id, args.variant, Part::Question)?.item;
    if item.code().is_some() {
        let id = &item.id;
        let message = format!("`{id}` asks for a program; hint: `spar start {id} --lang python`");
        return Err(Failure::Input(anyhow::anyhow!(message)));
    }
    items::prompt(item, paint);
    let started_us = open::now_us();
    let text = answer(item)?;
    let now_us = open::now_us();
    let submission = NewSubmission {
        id: practice::attempt_id(now_us),
        item: item.id.clone(),
        variant: args.variant,
        part: Part::Question,
        submission: Submission::Text { text },
        seed: practice::random() >> 11,
        elapsed_ms: Some((now_us - started_us) / 1000),
        previous: None,
        key: None,
    };
    let mut view = practice.submit(submission, now_us).await?.view;
    if let Some(scorecard) = &view.scorecard {
        render::scorecard(scorecard, view.overridden.as_ref(), &view.title, paint);
    }
    if args.no_save {
        finish(&practice, view, now_us, paint).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut asked = 0;
    while let Some(question) = view.question.clone() {
        ask(&question, paint);
        let Some(body) = reply(&question)? else { break };
        let reply = Reply {
            question: question.id,
            body,
        };
        view = practice
            .reply(&view.attempt.id, reply, None, open::now_us())
            .await?
            .view;
        asked += 1;
        if let Some(answered) = view.asked.last() {
            render::answered(answered, paint);
        }
    }
    if let (Some(scorecard), true) = (&view.scorecard, asked > 0) {
        say!("{}", paint.bold("After the follow-ups"));
        render::scorecard(scorecard, view.overridden.as_ref(), &view.title, paint);
    }
    finish(&practice, view, now_us, paint).await?;
    practice.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The second reading, which was under way during the questions.
async fn finish(
    practice: &practice::Practice,
    view: practice::AttemptView,
    now_us: i64,
    paint: Paint,
) -> Result<(), Failure> {
    render::awaited(&view.second);
    let view = practice.read_through(view, now_us).await?;
    render::second(&view, paint);
    Ok(())
}

/// The item asked for, or the first that was not done yet.
async fn pick(practice: &practice::Practice, id: Option<&str>) -> Result<Item, Failure> {
    if let Some(id) = id {
        return Ok(practice.item(&item_id(id)?).await?.item.clone());
    }
    for done in [Some(false), None] {
        let filter = ItemFilter {
            done,
            round: Some(Round::Answer),
            ..ItemFilter::default()
        };
        if let Some(entry) = practice.items(&filter, None, 1).await?.entries.first() {
            return Ok(entry.item.clone());
        }
    }
    Err(Failure::Input(anyhow::anyhow!(
        "the bank is empty; hint: give a pack with `--bank DIR`"
    )))
}

/// The answer from `$VISUAL` or `$EDITOR`, or typed here.
fn answer(item: &Item) -> Result<String, Failure> {
    let editor = std::env::var("VISUAL").or_else(|_| std::env::var("EDITOR")).ok();
    match editor.filter(|e| !e.trim().is_empty() && std::io::stdin().is_terminal()) {
        Some(editor) => edited(item, &editor).map_err(Failure::Input),
        None => typed(),
    }
}

fn edited(item: &Item, editor: &str) -> anyhow::Result<String> {
    let file = tempfile::Builder::new()
        .prefix(&format!("spar-{}-", item.id))
        .suffix(".md")
        .tempfile()
        .context("make a file for the editor")?;
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let status = std::process::Command::new(program)
        .args(words)
        .arg(file.path())
        .status()
        .with_context(|| format!("start `{program}`; hint: set EDITOR to an editor that is installed"))?;
    anyhow::ensure!(
        status.success(),
        "`{program}` ended with {status}: nothing was graded"
    );
    std::fs::read_to_string(file.path()).context("read what the editor wrote")
}

fn typed() -> Result<String, Failure> {
    say!("Type your answer; end it with a line that holds a single full stop.\n");
    let mut text = String::new();
    for line in std::io::stdin().lock().lines() {
        let line = line
            .context("read the answer from standard input")
            .map_err(Failure::Input)?;
        if line.trim() == "." {
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text.trim_end().to_owned())
}

/// Puts a follow-up question.
pub(crate) fn ask(question: &Question, paint: Paint) {
    say!(
        "\n{}",
        paint.dim(&format!("Question {} of {}", question.number, question.of))
    );
    put!("{}", wrapped(&plain(&question.ask), 88, 0));
    for (i, option) in question.options.iter().enumerate() {
        put!("{}", wrapped(&format!("{}  {}", i + 1, plain(option)), 88, 2));
    }
    say!("{}", paint.dim(&format!("{}; p passes, q ends", how(question))));
}

/// How a question is answered in a line.
pub(crate) fn how(question: &Question) -> String {
    match question.kind {
        QuestionKind::Choice => "number of the option".to_owned(),
        QuestionKind::Pick => "numbers of all that apply, such as `1 3`".to_owned(),
        QuestionKind::Order => "all numbers in the right order, such as `2 1 3`".to_owned(),
        QuestionKind::Number => format!("a number in {}", question.unit.as_deref().unwrap_or("its unit")),
        QuestionKind::Probe => "your answer in one line".to_owned(),
    }
}

/// Reads until a line fits the question; `None` at the end of input or on `q`.
pub(crate) fn reply(question: &Question) -> Result<Option<ReplyBody>, Failure> {
    let stdin = std::io::stdin();
    loop {
        put!("> ");
        std::io::stdout().flush().map_err(Failure::platform)?;
        let mut line = String::new();
        let n = stdin
            .lock()
            .read_line(&mut line)
            .context("read a reply")
            .map_err(Failure::Input)?;
        match (n, line.trim()) {
            (0, _) | (_, "q") => return Ok(None),
            (_, "p") => return Ok(Some(ReplyBody::Pass(true))),
            (_, "") => {}
            (_, words) => match parse(question, words) {
                Some(body) => return Ok(Some(body)),
                None => say!("that does not fit the question"),
            },
        }
    }
}

/// The reply in a line of words; `None` when they do not fit.
pub(crate) fn parse(question: &Question, words: &str) -> Option<ReplyBody> {
    let n = question.options.len();
    let index = |word: &str| {
        let letter = word
            .chars()
            .next()
            .filter(|c| word.len() == 1 && c.is_ascii_lowercase());
        let at = letter.map_or_else(
            || word.parse::<usize>().ok()?.checked_sub(1),
            |c| Some(c as usize - 'a' as usize),
        );
        at.filter(|at| *at < n).and_then(|at| u32::try_from(at).ok())
    };
    let separators = |c: char| c.is_whitespace() || c == ',';
    let all = || -> Option<Vec<u32>> {
        let mut indexes = words
            .split(separators)
            .filter(|w| !w.is_empty())
            .map(index)
            .collect::<Option<Vec<_>>>()?;
        let mut seen = indexes.clone();
        seen.sort_unstable();
        seen.dedup();
        (seen.len() == indexes.len()).then(|| std::mem::take(&mut indexes))
    };
    match question.kind {
        QuestionKind::Choice => index(words).map(ReplyBody::Choice),
        QuestionKind::Pick => all().map(ReplyBody::Choices),
        QuestionKind::Order => all().filter(|order| order.len() == n).map(ReplyBody::Order),
        QuestionKind::Number => words
            .parse()
            .ok()
            .filter(|v: &f64| v.is_finite())
            .map(ReplyBody::Number),
        QuestionKind::Probe => Some(ReplyBody::Text(words.to_owned())),
    }
}
