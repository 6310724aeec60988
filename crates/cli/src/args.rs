//! The command line, as declared to the parser; help texts are the manual.

mod prepare;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};
use domain::{Competency, Kind, Level, Round};
use practice::{Format, Sheet};

use crate::second::SecondReader;
use crate::speech::{Speech, SpeechCommand, Transcribe};

use crate::set::Set;
pub(crate) use prepare::{
    Coach, Loop, LoopCommand, PlanArgs, PlanCommand, PlanSet, Progress, Review, StoryCheck, StoryCommand,
    StoryCoverage, StoryList, StoryShow,
};

/// Practise backend interviews against a grader that shows its evidence. Offline; nothing leaves this machine
/// unless you configure a second reader or a speech endpoint.
#[derive(Debug, Parser)]
#[command(name = "spar", version, max_term_width = 100)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Common {
    /// A folder of items that adds to the shipped bank or replaces items of the same id; repeatable.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) bank: Vec<PathBuf>,
    /// Where attempts are kept [default: the user data folder of this platform].
    #[arg(long, global = true, value_name = "DIR", env = "SPAR_DATA")]
    pub(crate) data: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the web page and the API on this machine.
    Serve(Serve),
    /// List the questions of the bank.
    List(List),
    /// Show one question; with --guidance also what a full answer includes.
    Show(Show),
    /// Grade an answer or a program from a file or standard input (`-`) and print the scorecard.
    Try(Try),
    /// A folder to write a program in with your own editor: the prompt, a starter, an example of tests.
    Start(Start),
    /// What is still missing in an answer that you are writing in a file; keeps nothing, grades nothing.
    Coach(Coach),
    /// One question in the terminal: answer, scorecard, then the interviewer's follow-ups.
    Practice(Practice),
    /// Questions chosen for a job, each with the words that chose it.
    Set(Set),
    /// A mock interview in several timed stages, with a hiring scorecard at its end.
    Loop(Loop),
    /// Your attempts, newest first; or one of them with its scorecard.
    History(History),
    /// The facts you missed, as cards: ten minutes a day, one key each.
    Review(Review),
    /// What to do today, until the day of the interview.
    Plan(PlanArgs),
    /// How each competency stands, with what it rests on.
    Progress(Progress),
    /// Your stories: what to look at in them, and which question each answers.
    #[command(subcommand)]
    Story(StoryCommand),
    /// Say what a criterion should be, with a reason: both values are kept and shown.
    Regrade(Regrade),
    /// Everything you did, as one JSON document.
    Export(Export),
    /// Add what is missing from an exported document.
    Import(Import),
    /// Delete everything that is kept, after you typed what you are asked to.
    Wipe(Wipe),
    /// A document to print or to open elsewhere.
    #[command(subcommand)]
    Paper(PaperCommand),
    /// Measure the grader against people.
    #[command(subcommand)]
    Eval(EvalCommand),
    /// Check the bank.
    #[command(subcommand)]
    Bank(BankCommand),
    /// The model that hears spoken answers.
    #[command(subcommand)]
    Speech(SpeechCommand),
    /// Print what is said in a sound file.
    Transcribe(Transcribe),
    /// What works here, and the cure for what does not.
    Doctor(Doctor),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Serve {
    /// Address to listen on; beyond loopback a token is required. Port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:7777", value_name = "ADDR")]
    pub(crate) bind: SocketAddr,
    /// File with the token that every request must carry (`Authorization: Bearer TOKEN`); or in `SPAR_TOKEN`.
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// A further host name that browsers may use for this server; repeatable.
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// Requests a minute for each client; off by default.
    #[arg(long, value_name = "N")]
    pub(crate) rate_limit: Option<u32>,
    #[command(flatten)]
    pub(crate) reader: SecondReader,
    #[command(flatten)]
    pub(crate) speech: Speech,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct List {
    /// Only this round.
    #[arg(long)]
    pub(crate) round: Option<Round>,
    /// Only this kind: technical, behavioural, situational or remote.
    #[arg(long)]
    pub(crate) kind: Option<Kind>,
    /// Only this competency, such as `operations`.
    #[arg(long)]
    pub(crate) competency: Option<Competency>,
    /// Only this topic, such as `caching`.
    #[arg(long)]
    pub(crate) topic: Option<String>,
    /// Only this level: junior, mid or senior.
    #[arg(long)]
    pub(crate) level: Option<Level>,
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Show {
    /// The question's id, as `spar list` shows it.
    pub(crate) id: String,
    /// Which variant of the question, as `spar show` lists them.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) variant: u32,
    /// Also why it is asked, the rubric, a sample answer and the misconceptions.
    #[arg(long)]
    pub(crate) guidance: bool,
    /// Machine-readable, with the guidance.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Try {
    /// The question's id.
    pub(crate) id: String,
    /// The answer: a text file; the program: `main.py` and the like, or a folder with it; `-` for standard input.
    pub(crate) file: PathBuf,
    /// Which variant of the question, as `spar show` lists them.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) variant: u32,
    /// Language of a program whose file does not tell: python, javascript, typescript, go or rust.
    #[arg(long, value_name = "L")]
    pub(crate) lang: Option<String>,
    /// Seed of everything that is shuffled.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Grade a program again at every save, until Ctrl-C.
    #[arg(long)]
    pub(crate) watch: bool,
    /// Do not keep the attempt.
    #[arg(long)]
    pub(crate) no_save: bool,
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) reader: SecondReader,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Start {
    /// The item's id, as `spar list --round code` shows it.
    pub(crate) id: String,
    /// The language: python, javascript, typescript, go or rust.
    #[arg(long, value_name = "L")]
    pub(crate) lang: String,
    /// The folder to write; the item's id without it. Nothing that is there is overwritten.
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Practice {
    /// The question's id; without it one that you have not done yet.
    pub(crate) id: Option<String>,
    /// Which variant of the question, as `spar show` lists them.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) variant: u32,
    /// Do not keep the attempt.
    #[arg(long)]
    pub(crate) no_save: bool,
    #[command(flatten)]
    pub(crate) reader: SecondReader,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct History {
    /// Only attempts at this question; or the id of one attempt, to show its scorecard.
    pub(crate) id: Option<String>,
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Regrade {
    /// The attempt's id, as `spar history` shows it.
    pub(crate) attempt: String,
    /// The criterion's id, as `spar history ATTEMPT` shows it; `GROUP/ID` where two groups have that id.
    pub(crate) criterion: String,
    /// What it should be: met, partial, mentioned, missed or contradicted for a fact of coverage; for
    /// delivery the share of its points, such as `75%`.
    #[arg(required_unless_present = "undo", conflicts_with = "undo")]
    pub(crate) status: Option<String>,
    /// Why, in at most 500 characters: what the new value rests on.
    #[arg(long, value_name = "TEXT", required_unless_present = "undo")]
    pub(crate) reason: Option<String>,
    /// Withdraw what you said of this criterion; what was graded stands alone again.
    #[arg(long)]
    pub(crate) undo: bool,
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Export {
    /// The file to write; standard output without it.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Import {
    /// An exported document, or `-` for standard input.
    pub(crate) file: PathBuf,
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Wipe {
    /// Do not ask: for scripts.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Export everything to this file first.
    #[arg(long, value_name = "FILE")]
    pub(crate) export: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PaperCommand {
    /// An attempt: its scorecard with the evidence, the answer, and what to say.
    Attempt(Paper),
    /// The hiring scorecard of a loop.
    Loop(Paper),
    /// A story, its names hidden.
    Story(Paper),
    /// The plan: today, the days ahead, what they do not hold, the checklist.
    Plan(PaperPlan),
    /// A tailored set: its questions with their reasons, then what full answers say.
    Set(Paper),
    /// The questions of a tailored set as an Anki package; importing another one updates what both have.
    SetCards(PaperSetCards),
    /// Your recall cards as an Anki package; importing a later one updates them.
    Cards(PaperCards),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PaperCards {
    /// The file to write, `-` for standard output.
    #[arg(long, short, value_name = "FILE", default_value = "spar-cards.apkg")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PaperSetCards {
    /// The id of the set, as `spar set` shows it.
    pub(crate) id: String,
    /// The file to write, `-` for standard output; without it a name of its own in this folder.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Paper {
    /// The id, as `spar history`, `spar loop list`, `spar story list` and `spar set` show it.
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) file: PaperFile,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PaperPlan {
    /// The day, as `2026-11-22` [default: today where this machine is].
    #[arg(long, value_name = "DAY")]
    pub(crate) date: Option<String>,
    #[command(flatten)]
    pub(crate) file: PaperFile,
}

/// What is written, and where.
#[derive(Debug, ClapArgs)]
pub(crate) struct PaperFile {
    /// The file to write, `-` for standard output; without it a name of its own in this folder.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// `pdf` or `markdown` [default: by the end of FILE's name, else pdf].
    #[arg(long)]
    pub(crate) format: Option<Format>,
    /// Sheets of a PDF: `a4` or `letter`.
    #[arg(long, default_value = "a4")]
    pub(crate) sheet: Sheet,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EvalCommand {
    /// Grade the answers of a JSON-lines file and compare with the grades given there.
    Answers(EvalAnswers),
    /// Grade single statements of a JSON-lines file, each on one fact and known to be right, wrong or vague.
    Statements(EvalStatements),
    /// Count how often people overrode the grading of your attempts, by how much and where.
    Overrides(EvalOverrides),
    /// Grade the references of the core items and compare with both of their gradings.
    Bank(EvalBank),
    /// Question scripted candidates of known knowledge, and bluffers.
    Questioning(EvalSeeded),
    /// Hand in negated, shuffled, echoed, stuffed and ordering texts for every item.
    Attacks(EvalSeeded),
    /// Measure everything and write the figures into a page, or compare them with it.
    Report(EvalReport),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct EvalAnswers {
    /// Lines `{"item": ID, "answer": …, "gold": {…}}` or `{"question": …, "reference": …, "answer": …}`; `-`
    /// for standard input.
    pub(crate) file: PathBuf,
    /// Only JSON lines, no table on standard error.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct EvalStatements {
    /// Lines `{"item": ID, "fact": ID, "kind": "right" | "wrong" | "vague", "text": …}`; `-` for standard
    /// input.
    pub(crate) file: PathBuf,
    /// Only JSON lines, no tables on standard error.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct EvalOverrides {
    /// An exported document, or `-` for standard input; your own attempts without it.
    pub(crate) file: Option<PathBuf>,
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct EvalBank {
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct EvalSeeded {
    /// Seed of everything that is drawn.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct EvalReport {
    /// The Markdown page; what stands between its markers, such as `<!-- bank -->` and `<!-- /bank -->`, is
    /// replaced.
    pub(crate) page: PathBuf,
    /// Write nothing: fail when bank, statements, questioning or attacks differ from the page by more than
    /// 0.02 of a share or correlation, or 1 point.
    #[arg(long)]
    pub(crate) check: bool,
    /// Folder of graded answers, `*.jsonl`, with a README.md that has a table of them, and of statements,
    /// `statements.jsonl`.
    #[arg(long, value_name = "DIR", default_value = "eval")]
    pub(crate) answers: PathBuf,
    /// Graded public answers with references of their own, one data set a label; without it that part of the
    /// page stays as it is.
    #[arg(long, value_name = "FILE")]
    pub(crate) public: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BankCommand {
    /// Lint every item: file, line, column and cure.
    Check(BankCheck),
    /// Grade every reference answer and run every program, and compare with what must come of them.
    Verify(BankVerify),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct BankCheck {
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct BankVerify {
    /// Only this round.
    #[arg(long)]
    pub(crate) round: Option<Round>,
    /// Only these items.
    pub(crate) ids: Vec<String>,
    /// How often every program is graded, each time with other hidden cases.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(crate) times: u32,
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Doctor {
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) reader: SecondReader,
    #[command(flatten)]
    pub(crate) speech: Speech,
}
