//! `spar`: the one binary. Parses the command line, runs a command, turns errors into exit codes.
//!
//! 0: done, whatever the score. 1: a failure of the platform, or of `bank check` and `bank verify`.
//! 2: wrong usage or bad input. Results go to stdout, everything else to stderr.
#![expect(clippy::print_stderr, reason = "a command line talks")]

mod agreement;
mod args;
mod attempt;
mod bank;
mod coach;
mod doctor;
mod eval;
mod failure;
mod history;
mod items;
mod judge;
mod loop_card;
mod loops;
mod open;
mod overrides;
mod paint;
mod papers;
mod plan;
mod program;
mod regrade;
mod render;
mod review;
mod rounds;
mod say;
mod second;
mod serve;
mod set;
mod speech;
mod start;
mod story;
mod transfer;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, BankCommand, Command, EvalCommand, PaperCommand};
use failure::Failure;
use speech::SpeechCommand;

fn main() -> ExitCode {
    // Before anything else: a broker has no threads yet and must not have any.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|first| first == broker::ARGUMENT)
    {
        return broker::main();
    }
    let args = Args::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return Failure::platform(anyhow::Error::new(error).context("start the runtime")).report();
        }
    };
    let code = match runtime.block_on(run(args)) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    };
    // A program that is being graded is not waited for: it is graded again when Spar runs again.
    runtime.shutdown_background();
    code
}

async fn run(args: Args) -> Result<ExitCode, Failure> {
    let common = args.common;
    match args.command {
        Command::Serve(command) => serve::run(&common, command).await,
        Command::List(command) => items::list(&common, &command).await,
        Command::Show(command) => items::show(&common, &command).await,
        Command::Try(command) => attempt::run(&common, &command).await,
        Command::Start(command) => start::run(&common, &command).await,
        Command::Coach(command) => coach::run(&common, &command).await,
        Command::Practice(command) => rounds::run(&common, &command).await,
        Command::Set(command) => set::run(&common, &command).await,
        Command::Loop(command) => loops::run(&common, &command).await,
        Command::History(command) => history::run(&common, &command).await,
        Command::Review(command) => review::run(&common, &command).await,
        Command::Plan(command) => plan::run(&common, &command).await,
        Command::Progress(command) => plan::progress(&common, &command).await,
        Command::Story(command) => story::run(&common, command).await,
        Command::Regrade(command) => regrade::run(&common, &command).await,
        Command::Export(command) => transfer::export(&common, &command).await,
        Command::Import(command) => transfer::import(&common, &command).await,
        Command::Wipe(command) => transfer::wipe(&common, &command).await,
        Command::Paper(PaperCommand::Attempt(command)) => papers::attempt(&common, &command).await,
        Command::Paper(PaperCommand::Loop(command)) => papers::hiring(&common, &command).await,
        Command::Paper(PaperCommand::Story(command)) => papers::story(&common, &command).await,
        Command::Paper(PaperCommand::Plan(command)) => papers::plan(&common, &command).await,
        Command::Paper(PaperCommand::Set(command)) => papers::set(&common, &command).await,
        Command::Paper(PaperCommand::SetCards(command)) => papers::set_cards(&common, &command).await,
        Command::Paper(PaperCommand::Cards(command)) => papers::cards(&common, &command).await,
        Command::Eval(EvalCommand::Answers(command)) => eval::answers(&common, &command),
        Command::Eval(EvalCommand::Statements(command)) => eval::statements(&common, &command),
        Command::Eval(EvalCommand::Overrides(command)) => overrides::run(&common, &command).await,
        Command::Eval(EvalCommand::Bank(command)) => eval::bank(&common, &command),
        Command::Eval(EvalCommand::Questioning(command)) => eval::questioning(&common, &command),
        Command::Eval(EvalCommand::Attacks(command)) => eval::attacks(&common, &command),
        Command::Eval(EvalCommand::Report(command)) => agreement::report(&common, &command),
        Command::Bank(BankCommand::Check(command)) => bank::check(&common, &command),
        Command::Bank(BankCommand::Verify(command)) => bank::verify(&common, &command),
        Command::Speech(SpeechCommand::Fetch(command)) => speech::fetch(&common, &command),
        Command::Transcribe(command) => speech::transcribe(&common, &command).await,
        Command::Doctor(command) => doctor::run(&common, &command).await,
    }
}
