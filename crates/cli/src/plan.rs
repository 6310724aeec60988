//! `spar plan` and `spar progress`: what to do today, the days ahead, and how each competency stands.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use domain::plan::days_between;
use domain::{Plan, Preset, Status};
use jiff::civil::Date;
use practice::{Planned, PlannedDay, Practice};

use crate::args::{Common, PlanArgs, PlanCommand, PlanSet, Progress};
use crate::failure::Failure;
use crate::open;
use crate::paint::{Paint, plain, wrapped};
use crate::say::{put, say};

/// Columns of the output.
const WIDTH: usize = 88;

/// Days that `spar plan week` shows.
const WEEK: i32 = 7;

pub(crate) async fn run(common: &Common, args: &PlanArgs) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    let today = date_or_today(args.date.as_deref())?;
    match &args.command {
        Some(PlanCommand::Set(set)) => {
            let offset = jiff::Zoned::now().offset().seconds() / 60;
            let plan = settings(&practice, set, today, offset).await?;
            let seen = practice.plan().await?.map_or(0, |held| held.version);
            practice.put_plan(&plan, seen, open::now_us()).await?;
        }
        Some(PlanCommand::Done { activity, undo }) => {
            practice
                .tick(today, today, activity, !undo, open::now_us())
                .await?;
        }
        Some(PlanCommand::Delete) => {
            practice.delete_plan().await?;
            say!("the plan is deleted; your attempts stay");
            return Ok(ExitCode::SUCCESS);
        }
        Some(PlanCommand::Week) | None => {}
    }
    if practice.plan().await?.is_none() {
        let cure = "no plan yet; hint: `spar plan set --interview 2027-01-18 --minutes 60`";
        return Err(Failure::Input(anyhow::anyhow!(cure)));
    }
    if let Some(file) = &args.ics {
        return calendar(&practice, today, file).await;
    }
    if matches!(args.command, Some(PlanCommand::Week)) {
        return week(&practice, today, args.json).await;
    }
    let planned = practice.planned(today).await?;
    if args.json {
        let body = server::wire::PlanTodayBody::from(&planned);
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
    } else {
        print_today(&planned);
    }
    Ok(ExitCode::SUCCESS)
}

/// The day that was asked for, else today where this machine is.
pub(crate) fn date_or_today(asked: Option<&str>) -> Result<Date, Failure> {
    let Some(date) = asked else {
        return Ok(jiff::Zoned::now().date());
    };
    date.parse()
        .with_context(|| format!("`{date}` is not a date such as 2026-11-22"))
        .map_err(Failure::Input)
}

pub(crate) async fn progress(common: &Common, args: &Progress) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    let offset = jiff::Zoned::now().offset().seconds() / 60;
    let competencies = practice.progress(offset).await?;
    if args.json {
        let competencies = competencies
            .iter()
            .map(server::wire::CompetencyBody::from)
            .collect();
        let body = server::wire::ProgressBody { competencies };
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
        return Ok(ExitCode::SUCCESS);
    }
    let paint = Paint::for_stdout();
    for of in &competencies {
        let asked = of.points.len();
        let met = of.count(Status::Met);
        let wrong = of.count(Status::Contradicted);
        let found = if asked == 0 {
            "not measured yet".to_owned()
        } else {
            format!("{met} of {asked} facts met, {wrong} contradicted")
        };
        say!(
            "{:<26} {found}; {} of {} questions answered",
            of.competency,
            of.answered,
            of.items
        );
        if let Some(gain) = of.gain {
            let text = format!(
                "answered again: {} of {} met at first, {} now",
                gain.first, gain.points, gain.last
            );
            say!("{:<26} {}", "", paint.dim(&text));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The plan that the arguments describe: over the one there is, or over what its preset starts from.
async fn settings(practice: &Practice, set: &PlanSet, today: Date, offset: i32) -> Result<Plan, Failure> {
    let date = |text: &String| {
        text.parse::<Date>()
            .with_context(|| format!("`{text}` is not a date such as 2027-01-18"))
            .map_err(Failure::Input)
    };
    let before = practice.plan().await?.map(|held| held.body);
    let interview = match (&set.interview, &before) {
        (Some(text), _) => date(text)?,
        (None, Some(plan)) => plan.interview,
        (None, None) => {
            let rule = "`--interview` is missing: the day of the interview, such as 2027-01-18";
            return Err(Failure::Input(anyhow::anyhow!(rule)));
        }
    };
    let start = match (&set.start, &before) {
        (Some(text), _) => date(text)?,
        (None, Some(plan)) => plan.start,
        (None, None) => today,
    };
    let minutes = match (&set.minutes, &before) {
        (Some(text), _) => minutes(text)?,
        (None, Some(plan)) => plan.minutes,
        (None, None) => [60; 7],
    };
    let fitting = Preset::for_days(days_between(start, interview));
    let mut plan = match (set.preset, before) {
        (None, Some(plan)) => plan,
        (preset, _) => preset.unwrap_or(fitting).plan(start, interview, minutes),
    };
    (plan.start, plan.interview, plan.minutes, plan.utc_offset) = (start, interview, minutes, offset);
    if let Some(level) = set.level {
        plan.level = level;
    }
    if !set.topic.is_empty() {
        plan.topics.clone_from(&set.topic);
    }
    Ok(plan)
}

/// One number for every day, or seven, Monday first.
fn minutes(text: &str) -> Result<[u16; 7], Failure> {
    let numbers: Result<Vec<u16>, _> = text.split(',').map(|n| n.trim().parse()).collect();
    let wrong =
        || anyhow::anyhow!("`--minutes {text}` is not one number, or seven with commas, Monday first");
    let numbers = numbers.map_err(|_| Failure::Input(wrong()))?;
    match numbers[..] {
        [every] => Ok([every; 7]),
        _ => <[u16; 7]>::try_from(numbers).map_err(|_| Failure::Input(wrong())),
    }
}

async fn calendar(practice: &Practice, today: Date, file: &Path) -> Result<ExitCode, Failure> {
    let text = practice.plan_calendar(today, open::now_us()).await?;
    if file == Path::new("-") {
        put!("{text}");
        return Ok(ExitCode::SUCCESS);
    }
    std::fs::write(file, text)
        .with_context(|| format!("cannot write `{}`", file.display()))
        .map_err(Failure::Input)?;
    say!("wrote {}", file.display());
    Ok(ExitCode::SUCCESS)
}

async fn week(practice: &Practice, today: Date, json: bool) -> Result<ExitCode, Failure> {
    let last = today.saturating_add(jiff::Span::new().days(WEEK - 1));
    let days = practice.plan_days(today, today, last).await?;
    if json {
        let days = days.iter().map(server::wire::DayBody::from).collect();
        let body = server::wire::PlanDaysBody { days };
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
        return Ok(ExitCode::SUCCESS);
    }
    let paint = Paint::for_stdout();
    for day in &days {
        let date = day.date.strftime("%a %-d %b").to_string();
        say!(
            "{}  {}",
            paint.bold(&date),
            paint.dim(&format!("{} of {} min", day.minutes(), day.holds))
        );
        for activity in &day.activities {
            say!("  {:>3} min  {}", activity.minutes, plain(&activity.title));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print_today(planned: &Planned) {
    let paint = Paint::for_stdout();
    let outlook = &planned.outlook;
    let day = &outlook.today;
    let left = days_between(day.date, planned.plan.body.interview);
    let until = match left {
        ..0 => "the interview is over".to_owned(),
        0 => "the interview is today".to_owned(),
        1 => "the interview is tomorrow".to_owned(),
        n => format!("{n} days until the interview"),
    };
    let date = day.date.strftime("%A %-d %B").to_string();
    say!(
        "{}  {}",
        paint.bold(&date),
        paint.dim(&format!("{} min, {until}", day.minutes()))
    );
    if day.activities.is_empty() {
        say!("nothing is planned for this day");
    }
    list(day, paint);
    if !outlook.pauses.is_empty() {
        let n = outlook.pauses.len();
        let days = if n == 1 {
            "1 day".to_owned()
        } else {
            format!("{n} days")
        };
        say!(
            "{}",
            paint.dim(&format!(
                "{days} passed without practice: the rest is planned anew"
            ))
        );
    }
    if let Some(first) = outlook.dropped.first() {
        let n = outlook.dropped.len();
        let text = format!(
            "{n} not held by the days ahead, such as: {}. {}",
            plain(&first.title),
            first.why
        );
        put!("{}", paint.dim(&wrapped(&text, WIDTH, 0)));
    }
}

fn list(day: &PlannedDay, paint: Paint) {
    for activity in &day.activities {
        let mark = if activity.done { "x" } else { " " };
        say!("[{mark}] {:>3} min  {}", activity.minutes, plain(&activity.title));
        if !activity.why.is_empty() {
            put!("{}", paint.dim(&wrapped(&plain(&activity.why), WIDTH, 13)));
        }
        let how = match &activity.item {
            Some(item) if activity.kind == domain::ActivityKind::Read => {
                format!("spar show {item} --guidance")
            }
            Some(item) => format!("spar practice {item}"),
            None if activity.kind == domain::ActivityKind::Cards => "spar review".to_owned(),
            None => format!("spar plan done {}", activity.id),
        };
        say!("{:13}{}", "", paint.dim(&how));
    }
}
