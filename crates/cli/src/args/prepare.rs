//! Arguments of the commands around the rounds: what to do next, loops, stories, cards, the coach.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};
use domain::{Level, Preset};

use crate::second::SecondReader;

#[derive(Debug, ClapArgs)]
pub(crate) struct Coach {
    /// The question's id.
    pub(crate) id: String,
    /// The answer so far: a text file, or `-` for standard input.
    pub(crate) file: PathBuf,
    /// Which variant of the question, as `spar show` lists them.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) variant: u32,
    /// Listen again each time the file is saved, until Ctrl-C.
    #[arg(long)]
    pub(crate) watch: bool,
    /// The id of a nudge that is not wanted again; repeatable.
    #[arg(long, value_name = "NUDGE")]
    pub(crate) dismiss: Vec<String>,
    /// Machine-readable, one line each time.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Loop {
    #[command(subcommand)]
    pub(crate) command: Option<LoopCommand>,
    /// The preset, such as `one-hour` or `system-design`; without it the presets are listed.
    #[arg(conflicts_with = "resume")]
    pub(crate) preset: Option<String>,
    /// The level that is interviewed for: junior, mid or senior.
    #[arg(long, default_value = "mid")]
    pub(crate) level: Level,
    /// The role, as you call it.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) role: String,
    /// A topic to prefer, such as `caching`; repeatable.
    #[arg(long, value_name = "TOPIC")]
    pub(crate) topic: Vec<String>,
    /// Seed of what is chosen; drawn without it.
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Go on with a loop that was left or cut off.
    #[arg(long, value_name = "ID")]
    pub(crate) resume: Option<String>,
    #[command(flatten)]
    pub(crate) reader: SecondReader,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LoopCommand {
    /// Your loops, newest first.
    List(LoopList),
    /// The hiring scorecard of one loop.
    Show(LoopShow),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct LoopList {
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct LoopShow {
    /// The loop's id, as `spar loop list` shows it.
    pub(crate) id: String,
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Review {
    /// Minutes for this time, in place of the setting.
    #[arg(long, value_name = "N")]
    pub(crate) minutes: Option<u32>,
    /// Cards begun on one day; kept as the setting.
    #[arg(long, value_name = "N")]
    pub(crate) new_a_day: Option<u32>,
    /// Percent that should still be known when a card comes up, 70 to 97; kept as the setting. 95 asks about
    /// twice as often as 90.
    #[arg(long, value_name = "PERCENT")]
    pub(crate) retention: Option<u32>,
    /// The day, as `2026-11-22` [default: today where this machine is].
    #[arg(long, value_name = "DAY")]
    pub(crate) date: Option<String>,
    /// The cards of the day as JSON; nothing is asked.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StoryCommand {
    /// The stories, newest first.
    List(StoryList),
    /// One story.
    Show(StoryShow),
    /// What to look at in a story file, before it is kept.
    Check(StoryCheck),
    /// Which story answers which question, and which question has none.
    Coverage(StoryCoverage),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct StoryList {
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct StoryShow {
    /// The story's id, as `spar story list` shows it.
    pub(crate) id: String,
    /// With its names hidden, for whatever leaves this machine.
    #[arg(long)]
    pub(crate) hide_names: bool,
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct StoryCheck {
    /// JSON with `title`, `situation`, `task`, `action`, `result` and `lesson`; `-` for standard input.
    pub(crate) file: PathBuf,
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct StoryCoverage {
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanArgs {
    #[command(subcommand)]
    pub(crate) command: Option<PlanCommand>,
    /// The day, as `2026-11-22` [default: today where this machine is].
    #[arg(long, global = true, value_name = "DAY")]
    pub(crate) date: Option<String>,
    /// Write the days ahead as a calendar (iCalendar); `-` for standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) ics: Option<PathBuf>,
    /// Machine-readable.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    /// Make the plan, or change it; what is left out stays as it was.
    Set(PlanSet),
    /// The next seven days.
    Week,
    /// Tick an activity of the day; attempts count by themselves.
    Done {
        /// The activity's id, as `spar plan` shows it.
        activity: String,
        /// Take the tick back.
        #[arg(long)]
        undo: bool,
    },
    /// Delete the plan with its ticks; attempts stay.
    Delete,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanSet {
    /// The day of the interview, as `2027-01-18`.
    #[arg(long, value_name = "DAY", alias = "exam")]
    pub(crate) interview: Option<String>,
    /// The first day [default: today].
    #[arg(long, value_name = "DAY")]
    pub(crate) start: Option<String>,
    /// Minutes a day: one number, or seven with commas, Monday first; 0 is a day off [default: 60].
    #[arg(long, value_name = "N")]
    pub(crate) minutes: Option<String>,
    /// What to start from: eight-weeks, four-to-six-weeks or two-to-three-weeks [default: what fits the days].
    #[arg(long)]
    pub(crate) preset: Option<Preset>,
    /// The level you interview for.
    #[arg(long)]
    pub(crate) level: Option<Level>,
    /// A topic to put first, such as `caching`; up to six.
    #[arg(long)]
    pub(crate) topic: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Progress {
    /// Machine-readable.
    #[arg(long)]
    pub(crate) json: bool,
}
