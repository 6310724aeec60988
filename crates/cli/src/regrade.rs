//! `spar regrade`: a human's word on one criterion, beside what was graded.

use std::process::ExitCode;

use domain::{GroupId, Override, Ruling, Scorecard};

use crate::args::{Common, Regrade};
use crate::failure::{Failure, attempt_id};
use crate::open;
use crate::paint::Paint;
use crate::render;
use crate::say::say;

pub(crate) async fn run(common: &Common, args: &Regrade) -> Result<ExitCode, Failure> {
    let id = attempt_id(&args.attempt)?;
    let practice = open::records(common).await?;
    let view = practice.attempt(&id).await?;
    let void = || {
        Failure::Input(anyhow::anyhow!(
            "the attempt is void: it has no grading to override"
        ))
    };
    let card = view.scorecard.as_ref().ok_or_else(void)?;
    let (group, criterion) = find(card, &args.criterion)?;
    let ruling = match &args.status {
        Some(value) => ruling(group, value)?,
        None => Ruling::Withdrawn(true),
    };
    let entry = Override {
        group,
        criterion,
        ruling,
        reason: args.reason.clone().unwrap_or_default(),
        created_at_us: open::now_us(),
    };
    let view = practice.regrade(&id, entry).await?.view;
    if args.json {
        let body = server::wire::AttemptBody::from(&view);
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
    } else if let Some(card) = &view.scorecard {
        render::scorecard(card, view.overridden.as_ref(), &view.title, Paint::for_stdout());
        render::second(&view, Paint::for_stdout());
    }
    practice.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The criterion that is meant by `ID` or `GROUP/ID`.
fn find(card: &Scorecard, given: &str) -> Result<(GroupId, String), Failure> {
    let refused = |why: String| Failure::Input(anyhow::anyhow!(why));
    if let Some((group, id)) = given.split_once('/') {
        // Whether the group has it is for the override's own rules.
        return Ok((group.parse().map_err(refused)?, id.to_owned()));
    }
    let has = |group: &&domain::Group| group.criteria.iter().any(|c| c.id == given);
    let groups: Vec<GroupId> = card.groups.iter().filter(has).map(|group| group.id).collect();
    match groups[..] {
        [group] => Ok((group, given.to_owned())),
        [] => Err(refused(format!(
            "the scorecard has no criterion `{given}`; hint: `spar history ATTEMPT` shows their ids in brackets"
        ))),
        _ => {
            let named: Vec<String> = groups.iter().map(|group| format!("`{group}/{given}`")).collect();
            Err(refused(format!(
                "`{given}` is in several groups: give one of {}",
                named.join(", ")
            )))
        }
    }
}

fn ruling(group: GroupId, value: &str) -> Result<Ruling, Failure> {
    let refused = |why: String| Failure::Input(anyhow::anyhow!(why));
    if group == GroupId::Coverage {
        let status = value
            .parse()
            .map_err(|error| refused(format!("`STATUS` {error}")))?;
        return Ok(Ruling::Status(status));
    }
    let percent = value.strip_suffix('%').and_then(|digits| digits.parse().ok());
    percent.map(Ruling::Share).ok_or_else(|| {
        refused(format!(
            "`STATUS` of a criterion of {group} is the share of its points, `0%` to `100%`; `{value}` is none"
        ))
    })
}
