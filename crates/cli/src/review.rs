//! `spar review`: the cards of the day, one key each in a terminal, one line each when piped.

use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::process::{Command, ExitCode, Stdio};

use anyhow::Context as _;
use domain::{Day, Question, QuestionKind, Rating, ReplyBody};
use practice::{CardView, Graded, NewReview, Practice, ReviewDay};

use crate::args::{Common, Review};
use crate::failure::Failure;
use crate::open;
use crate::paint::{Paint, plain, wrapped};
use crate::rounds;
use crate::say::{put, say};

/// Columns of the output.
const WIDTH: usize = 88;

pub(crate) async fn run(common: &Common, args: &Review) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    let day = match &args.date {
        Some(date) => date.parse().map_err(Failure::input)?,
        None => today()?,
    };
    settle(&practice, args).await?;
    let review = practice.review(day, args.minutes).await?;
    if args.json {
        let body = server::wire::ReviewBody::from(&review);
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
        return Ok(ExitCode::SUCCESS);
    }
    let paint = Paint::for_stdout();
    opening(&review);
    let mut keys = Keys::open();
    let mut done: Option<CardView> = None;
    let mut graded = 0;
    loop {
        let review = practice.review(day, args.minutes).await?;
        let Some(card) = review.cards.first() else {
            closing(&review, graded);
            break;
        };
        front(card, &review, graded, paint);
        match one(&practice, card, &review, &mut keys, paint).await? {
            Asked::Graded(view) => {
                graded += 1;
                done = Some(*view);
            }
            Asked::Undo => match done.take() {
                Some(before) => {
                    practice
                        .undo_review(&before.id, day, before.entries, open::now_us())
                        .await?;
                    graded -= 1;
                    say!("taken back: {}", plain(&before.title));
                }
                None => say!("nothing to take back"),
            },
            Asked::Left => {
                say!("\n{graded} graded; {} left for today", review.cards.len());
                break;
            }
        }
    }
    drop(keys);
    practice.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Keeps the settings that were given.
async fn settle(practice: &Practice, args: &Review) -> Result<(), Failure> {
    if args.new_a_day.is_none() && args.retention.is_none() {
        return Ok(());
    }
    let mut settings = practice.review_settings().await?;
    settings.new_a_day = args.new_a_day.unwrap_or(settings.new_a_day);
    settings.retention = args.retention.unwrap_or(settings.retention);
    practice.put_review_settings(&settings, open::now_us()).await?;
    Ok(())
}

/// The day where this machine is.
fn today() -> Result<Day, Failure> {
    // The zone of the system, found by the library without a look at the clock of another place.
    let date = jiff::Zoned::now().date().to_string();
    date.parse().map_err(Failure::platform)
}

enum Asked {
    Graded(Box<CardView>),
    Undo,
    Left,
}

/// Shows the back and takes a grade.
async fn one(
    practice: &Practice,
    card: &CardView,
    review: &ReviewDay,
    keys: &mut Keys,
    paint: Paint,
) -> Result<Asked, Failure> {
    let started_us = open::now_us();
    let new = |graded, seen, instead| NewReview {
        day: review.day,
        elapsed_ms: u32::try_from((open::now_us() - started_us) / 1000)
            .unwrap_or(u32::MAX)
            .min(domain::MAX_REVIEW_MS),
        graded,
        seen,
        instead,
    };
    let reply = if card.front.kind == QuestionKind::Probe {
        say!(
            "{}",
            paint.dim("say it aloud, then Space or Enter for the back; u takes the last grade back, q ends")
        );
        match keys.any()? {
            Some('q') | None => return Ok(Asked::Left),
            Some('u') => return Ok(Asked::Undo),
            Some(_) => None,
        }
    } else {
        say!(
            "{}",
            paint.dim(&format!(
                "{}; Enter for the back, u takes the last grade back, q ends",
                rounds::how(&card.front)
            ))
        );
        match answered(&card.front, keys)? {
            Answer::Left => return Ok(Asked::Left),
            Answer::Undo => return Ok(Asked::Undo),
            Answer::Open => None,
            Answer::Given(body) => Some(body),
        }
    };
    let mut now = card.clone();
    let mut by_check = None;
    if let Some(body) = reply {
        let graded = Graded::ByCheck { body, rating: None };
        let reviewed = practice
            .review_card(&card.id, new(graded, card.entries, false), open::now_us())
            .await?;
        if let Some(judgement) = &reviewed.judgement {
            say!("{}. {}", judgement.verdict, plain(&judgement.explanation));
        }
        by_check = Some(reviewed.rating);
        now = reviewed.card;
    }
    back(card, paint);
    let next = card.preview(review.day, review.settings.retention);
    let each = [
        ("again", next.again),
        ("hard", next.hard),
        ("good", next.good),
        ("easy", next.easy),
    ];
    let each = each
        .iter()
        .enumerate()
        .map(|(i, (word, days))| format!("{} {word} ({})", i + 1, in_days(*days)));
    let kept = by_check.map_or(String::new(), |rating| format!("; Enter keeps {rating}"));
    say!("{}", paint.dim(&(each.collect::<Vec<_>>().join("   ") + &kept)));
    loop {
        let rating = match (keys.any()?, by_check) {
            (Some('1'), _) => Rating::Again,
            (Some('2'), _) => Rating::Hard,
            (Some('3'), _) => Rating::Good,
            (Some('4'), _) => Rating::Easy,
            // What the check said is logged already.
            (Some('\n' | 'q') | None, Some(_)) => return Ok(Asked::Graded(Box::new(now))),
            (Some('q') | None, None) => return Ok(Asked::Left),
            _ => continue,
        };
        if by_check == Some(rating) {
            return Ok(Asked::Graded(Box::new(now)));
        }
        let review = new(Graded::ByHand(rating), now.entries, by_check.is_some());
        let reviewed = practice.review_card(&card.id, review, open::now_us()).await?;
        return Ok(Asked::Graded(Box::new(reviewed.card)));
    }
}

enum Answer {
    Given(ReplyBody),
    Open,
    Undo,
    Left,
}

/// The answer to a check: a line, since two options or a figure are more than one key.
fn answered(question: &Question, keys: &mut Keys) -> Result<Answer, Failure> {
    loop {
        let Some(line) = keys.line()? else {
            return Ok(Answer::Left);
        };
        match line.trim() {
            "" => return Ok(Answer::Open),
            "q" => return Ok(Answer::Left),
            "u" => return Ok(Answer::Undo),
            words => match rounds::parse(question, words) {
                Some(body) => return Ok(Answer::Given(body)),
                None => say!("that does not fit the question"),
            },
        }
    }
}

fn opening(review: &ReviewDay) {
    let counts = review.counts;
    if review.total == 0 {
        say!("no cards yet: facts that you miss in an answer become cards; `spar practice` starts one");
        return;
    }
    say!("{} due, {} new", counts.due, counts.new);
    let waiting = counts.waiting;
    if waiting > 0 {
        say!(
            "{waiting} more are due and wait: {} minutes a day hold no more, and they come on the next days",
            review.settings.minutes
        );
    }
}

fn closing(review: &ReviewDay, graded: u32) {
    if review.total == 0 {
        return;
    }
    say!(
        "\ndone for today: {graded} graded; tomorrow {} due and {} new",
        review.tomorrow.due,
        review.tomorrow.new
    );
}

fn front(card: &CardView, review: &ReviewDay, graded: u32, paint: Paint) {
    let left = review.cards.len();
    let minutes = (left as f64 * review.pace.seconds_each / 60.0).ceil();
    let place = format!(
        "{} of {}, about {minutes:.0} min left",
        graded + 1,
        graded as usize + left
    );
    say!("\n{}", paint.dim(&format!("{place} · {}", plain(&card.title))));
    put!("{}", wrapped(&plain(&card.front.ask), WIDTH, 0));
    for (i, option) in card.front.options.iter().enumerate() {
        put!("{}", wrapped(&format!("{}  {}", i + 1, plain(option)), WIDTH, 2));
    }
}

fn back(card: &CardView, paint: Paint) {
    say!("{}", paint.bold(&plain(&card.right_answer)));
    if card.right_answer != card.claim {
        put!("{}", wrapped(&plain(&card.claim), WIDTH, 2));
    }
    put!("{}", wrapped(&format!("Say: {}", plain(&card.tip)), WIDTH, 2));
    if let Some(made) = &card.made_by {
        let said = match made.said.first() {
            Some(words) => format!("You said: \u{201c}{}\u{201d} ({})", plain(words), made.status),
            None => format!("You said nothing of it ({})", made.status),
        };
        put!("{}", wrapped(&said, WIDTH, 2));
        say!("  {}", paint.dim(&format!("spar history {}", made.attempt)));
    }
    if !card.kept.note.is_empty() {
        put!(
            "{}",
            wrapped(&format!("Note: {}", plain(&card.kept.note)), WIDTH, 2)
        );
    }
    if card.schedule.is_some_and(|schedule| schedule.is_leech()) {
        say!(
            "  forgotten again and again: answer the whole question, `spar practice {}`",
            card.item
        );
    }
}

fn in_days(days: u32) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "1 day".to_owned(),
        n => format!("{n} days"),
    }
}

/// Keys one at a time from a terminal, lines from anything else.
struct Keys {
    /// What `stty` had, while keys come one at a time.
    terminal: Option<String>,
}

impl Keys {
    fn open() -> Self {
        let terminal = std::io::stdin().is_terminal().then(|| stty(&["-g"])).flatten();
        Self { terminal }
    }

    /// The next key; of a line its first character, `\n` for an empty one; `None` at the end.
    fn any(&mut self) -> Result<Option<char>, Failure> {
        if self.terminal.is_none() {
            let line = self.line()?;
            return Ok(line.map(|line| line.trim().chars().next().unwrap_or('\n')));
        }
        let mut byte = [0_u8];
        // Without signals, so that Ctrl-C comes here as a key and the terminal is put right.
        stty(&["-icanon", "-echo", "-isig", "min", "1"]);
        let read = std::io::stdin().lock().read(&mut byte);
        self.restore();
        let n = read.context("read a key").map_err(Failure::Input)?;
        Ok(match (n, byte[0]) {
            (0, _) => None,
            // Ctrl-C and Ctrl-D.
            (_, 3 | 4) => Some('q'),
            (_, b'\r') => Some('\n'),
            (_, key) => Some(char::from(key)),
        })
    }

    fn line(&mut self) -> Result<Option<String>, Failure> {
        if self.terminal.is_some() {
            put!("> ");
        }
        let mut line = String::new();
        let n = std::io::stdin().lock().read_line(&mut line);
        let n = n.context("read a line").map_err(Failure::Input)?;
        Ok((n > 0).then_some(line))
    }

    fn restore(&self) {
        if let Some(before) = &self.terminal {
            stty(&[before]);
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.restore();
    }
}

/// What `stty` prints; `None` where there is none, and lines are read then.
fn stty(args: &[&str]) -> Option<String> {
    let output = Command::new("stty")
        .args(args)
        .stdin(Stdio::inherit())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
