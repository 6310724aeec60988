//! `spar loop`: a mock interview in the terminal. What you type is said; lines that start with `/` are acts.
//!
//! Everything is kept as it happens, so Ctrl-C, the end of the input or a kill leave a loop that `--resume`
//! goes on with. Without a terminal it reads the same lines, so it can be scripted.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use domain::{DocumentId, Reply, SpokenTo};
use practice::{
    Act, GRACE_MS, LineAct, LoopView, NewLoop, NewLoopEvent, Phase, Practice, StagePhase, Who, limit_ms,
};
use server::wire::{LoopEntry, LoopScorecardBody};

use crate::args::{Common, Loop as Args, LoopCommand};
use crate::failure::Failure;
use crate::loop_card;
use crate::open;
use crate::paint::{Paint, plain, wrapped};
use crate::render;
use crate::rounds;
use crate::say::{put, say};

const WIDTH: usize = 88;

const HELP: &str = "Type what you say; an empty line is nothing. /ask QUESTION asks for a requirement, /asks lists what \
    can be asked, /done hands in, /next goes on, /pause stops the clock, /end ends the loop, /quit leaves it for later.";

/// Loops in the list.
const LISTED: u32 = 100;

pub(crate) async fn run(common: &Common, args: &Args) -> Result<ExitCode, Failure> {
    match &args.command {
        Some(LoopCommand::List(list)) => return self::list(common, list.json).await,
        Some(LoopCommand::Show(show)) => return self::show(common, &show.id, show.json).await,
        None => {}
    }
    if args.preset.is_none() && args.resume.is_none() {
        presets();
        return Ok(ExitCode::SUCCESS);
    }
    let practice = open::with_store(common, &args.reader).await?;
    let view = match (&args.preset, &args.resume) {
        (_, Some(id)) => practice.interview_loop(&loop_id(id)?).await?,
        (preset, None) => {
            let new = NewLoop {
                preset: preset.clone().unwrap_or_default(),
                level: args.level,
                role: args.role.clone(),
                topics: args.topic.clone(),
                seed: args.seed.unwrap_or_else(|| practice::random() >> 11),
            };
            practice.new_loop(new, open::now_us()).await?
        }
    };
    let paint = Paint::for_stdout();
    say!(
        "{} {}",
        paint.bold(&plain(&view.head.title)),
        paint.dim(&format!("loop {}", view.id))
    );
    put!("{}", paint.dim(&wrapped(HELP, WIDTH, 0)));
    let mut session = Session {
        practice: practice.clone(),
        paint,
        shown: (view.state.stage, 0),
        since: Instant::now(),
        from_ms: 0,
        passed: None,
        view,
    };
    session.reset_clock();
    let finished = session.run().await?;
    if finished {
        let (view, card) = practice.loop_scorecard(&session.view.id).await?;
        loop_card::print(&view, &card, paint);
    } else {
        say!(
            "\nThe loop is kept. Go on with: spar loop --resume {}",
            session.view.id
        );
    }
    practice.close().await;
    Ok(ExitCode::SUCCESS)
}

/// A loop at the terminal.
struct Session {
    practice: Practice,
    paint: Paint,
    view: LoopView,
    /// The stage whose lines are shown, and how many of them were.
    shown: (usize, usize),
    /// When the clock of the stage last went on, and where it stood then.
    since: Instant,
    from_ms: u64,
    /// The question (stage and number) on which no more follow-ups are wanted.
    passed: Option<(usize, usize)>,
}

/// What a line of input asks for.
enum Input {
    Event(NewLoopEvent),
    Nothing,
    Leave,
}

impl Session {
    /// Goes on until the loop has ended; `false` when the candidate leaves before.
    async fn run(&mut self) -> Result<bool, Failure> {
        loop {
            self.print_lines();
            let input = match self.view.state.phase {
                Phase::Ended => return Ok(true),
                Phase::Ready => self.between("begins the stage", NewLoopEvent::Begin)?,
                Phase::Paused => self.between("lets the clock go on", NewLoopEvent::Resume)?,
                Phase::Running => {
                    if self.follow_up().await? {
                        continue;
                    }
                    self.turn()?
                }
            };
            match input {
                Input::Leave => return Ok(false),
                Input::Nothing => {}
                Input::Event(event) => self.happen(event).await?,
            }
        }
    }

    async fn happen(&mut self, event: NewLoopEvent) -> Result<(), Failure> {
        let position = self.view.state.events;
        match self
            .practice
            .happen(&self.view.id, position, event, open::now_us())
            .await
        {
            Ok(happened) => {
                let phase = self.view.state.phase;
                self.view = happened.view;
                if self.view.state.phase != phase {
                    self.reset_clock();
                }
                Ok(())
            }
            // What cannot happen now is said and changes nothing.
            Err(
                error @ (practice::Error::Loop(_)
                | practice::Error::Document(_)
                | practice::Error::Field { .. }),
            ) => {
                say!("{}", self.paint.yellow(&error.to_string()));
                Ok(())
            }
            Err(practice::Error::DocumentChanged { .. }) => {
                self.view = self.practice.interview_loop(&self.view.id).await?;
                self.reset_clock();
                say!(
                    "{}",
                    self.paint
                        .yellow("the loop went on elsewhere: this is where it stands")
                );
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Before a stage or in a pause: Enter goes on.
    fn between(&self, what: &str, event: NewLoopEvent) -> Result<Input, Failure> {
        if let Some(stage) = self.view.head.stages.get(self.view.state.stage) {
            let number = self.view.state.stage + 1;
            let of = self.view.head.stages.len();
            say!(
                "\n{} {}",
                self.paint
                    .bold(&format!("Stage {number} of {of}: {}", plain(&stage.title))),
                self.paint
                    .dim(&format!("{} minutes; Enter {what}, /quit leaves", stage.minutes))
            );
        }
        let Some(line) = read_line()? else {
            return Ok(Input::Leave);
        };
        Ok(match line.trim() {
            "/quit" | "q" => Input::Leave,
            "/end" => Input::Event(NewLoopEvent::End),
            _ => Input::Event(event),
        })
    }

    /// Puts the interviewer's question on what was handed in; whether there was one.
    async fn follow_up(&mut self) -> Result<bool, Failure> {
        let at = (
            self.view.state.stage,
            self.view.state.current().map_or(0, |stage| stage.question),
        );
        let Some(pending) = self.view.pending.clone().filter(|_| self.passed != Some(at)) else {
            return Ok(false);
        };
        rounds::ask(&pending.question, self.paint);
        let Some(body) = rounds::reply(&pending.question)? else {
            self.passed = Some(at);
            return Ok(true);
        };
        let reply = Reply {
            question: pending.question.id,
            body,
        };
        let outcome = self
            .practice
            .reply(&pending.attempt, reply, None, open::now_us())
            .await?;
        if let Some(answered) = outcome.view.asked.last() {
            render::answered(answered, self.paint);
        }
        self.view = self.practice.interview_loop(&self.view.id).await?;
        Ok(true)
    }

    /// One line of a running stage.
    fn turn(&self) -> Result<Input, Failure> {
        let may = |act: Act| self.view.may.contains(&act);
        let to = if may(Act::Say) {
            SpokenTo::Question
        } else {
            SpokenTo::Change
        };
        put!(
            "{}",
            if may(Act::Say) {
                "> "
            } else if may(Act::SayChange) {
                "change> "
            } else {
                "/next> "
            }
        );
        let Some(line) = read_line()? else {
            return Ok(Input::Leave);
        };
        let elapsed_ms = self.elapsed_ms();
        let line = line.trim();
        // The time ran out while nothing was typed: the stage takes what was said before.
        let over = self
            .view
            .head
            .stages
            .get(self.view.state.stage)
            .is_some_and(|stage| elapsed_ms > limit_ms(stage) + GRACE_MS);
        let running = self
            .view
            .state
            .current()
            .is_some_and(|stage| stage.phase == StagePhase::Running);
        if over && running && !matches!(line, "/quit" | "/end") {
            return Ok(Input::Event(NewLoopEvent::Pulse { elapsed_ms, words: 0 }));
        }
        let event = match line.split_once(' ').unwrap_or((line, "")) {
            ("", _) => return Ok(Input::Nothing),
            ("/quit", _) => return Ok(Input::Leave),
            ("/end", _) => NewLoopEvent::End,
            ("/done", _) => NewLoopEvent::HandIn { elapsed_ms },
            ("/next", _) => NewLoopEvent::Next { elapsed_ms },
            ("/pause", _) => NewLoopEvent::Pause { elapsed_ms },
            ("/asks", _) => {
                self.print_asks();
                return Ok(Input::Nothing);
            }
            ("/ask", question) => self.asked(elapsed_ms, question.trim()),
            (command, _) if command.starts_with('/') => {
                put!("{}", self.paint.dim(&wrapped(HELP, WIDTH, 0)));
                return Ok(Input::Nothing);
            }
            _ => NewLoopEvent::Say {
                elapsed_ms,
                text: line.to_owned(),
                to,
            },
        };
        Ok(Input::Event(event))
    }

    /// A question in one's own words, or the number of one that is offered.
    fn asked(&self, elapsed_ms: u64, question: &str) -> NewLoopEvent {
        let number = question.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        match number.and_then(|at| self.view.asks.get(at)) {
            Some((id, _)) => NewLoopEvent::Choose {
                elapsed_ms,
                clarification: id.clone(),
            },
            None => NewLoopEvent::Ask {
                elapsed_ms,
                text: question.to_owned(),
            },
        }
    }

    fn print_asks(&self) {
        if self.view.asks.is_empty() {
            say!(
                "{}",
                self.paint
                    .dim("nothing is held back here; what is not stated is yours to decide")
            );
        }
        for (i, (_, ask)) in self.view.asks.iter().enumerate() {
            say!("  /ask {}  {}", i + 1, plain(ask));
        }
    }

    /// Prints what the interviewer said since the last time; what the candidate typed stands there already.
    fn print_lines(&mut self) {
        let (mut stage, mut from) = self.shown;
        while let Some(state) = self.view.state.stages.get(stage) {
            for line in state
                .lines
                .iter()
                .skip(from)
                .filter(|line| line.who == Who::Interviewer)
            {
                let text = wrapped(&plain(&line.text), WIDTH, 2);
                match line.act {
                    LineAct::Question | LineAct::Change => put!("\n{}\n", self.paint.bold(&text)),
                    LineAct::Notice | LineAct::Listen => put!("{}", self.paint.dim(&text)),
                    _ => put!("{text}"),
                }
            }
            self.shown = (stage, state.lines.len());
            if stage >= self.view.state.stage {
                break;
            }
            (stage, from) = (stage + 1, 0);
        }
    }

    fn reset_clock(&mut self) {
        self.from_ms = self.view.state.current().map_or(0, |stage| stage.elapsed_ms);
        self.since = Instant::now();
    }

    /// Active time in the stage.
    fn elapsed_ms(&self) -> u64 {
        let on = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.from_ms.saturating_add(on)
    }
}

async fn list(common: &Common, json: bool) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    let loops = practice.loops(None, LISTED).await?;
    if json {
        let entries: Vec<LoopEntry> = loops
            .iter()
            .map(|(held, state)| LoopEntry::of(held, state))
            .collect();
        say!("{}", serde_json::to_string(&entries).map_err(Failure::platform)?);
    } else if loops.is_empty() {
        say!("No loops yet. `spar loop` lists what there is to begin.");
    } else {
        for (held, state) in &loops {
            let stands = match state.phase {
                Phase::Ended => "ended".to_owned(),
                phase => format!(
                    "{} at stage {} of {}",
                    phase.as_str(),
                    state.stage + 1,
                    held.body.stages.len()
                ),
            };
            say!(
                "{}  {:<8} {:<40} {stands}",
                held.id,
                held.body.level,
                plain(&held.body.title)
            );
        }
    }
    practice.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn show(common: &Common, id: &str, json: bool) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    let (view, card) = practice.loop_scorecard(&loop_id(id)?).await?;
    if json {
        let body = LoopScorecardBody::of(&view, &card);
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
    } else {
        loop_card::print(&view, &card, Paint::for_stdout());
    }
    practice.close().await;
    Ok(ExitCode::SUCCESS)
}

fn presets() {
    say!("Begin with `spar loop PRESET --level junior|mid|senior`:\n");
    for preset in Practice::loop_presets() {
        say!("{:<16} {:>3} min  {}", preset.id, preset.minutes(), preset.title);
        put!("{}", wrapped(preset.about, WIDTH, 26));
    }
}

fn loop_id(text: &str) -> Result<DocumentId, Failure> {
    text.parse().map_err(Failure::input)
}

/// A line of standard input; `None` at its end.
fn read_line() -> Result<Option<String>, Failure> {
    let mut line = String::new();
    let n = std::io::stdin()
        .read_line(&mut line)
        .context("read from standard input")
        .map_err(Failure::Input)?;
    Ok((n > 0).then_some(line))
}
