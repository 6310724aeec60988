//! The scorecard of a program for the terminal: the verdict, the one fix, the groups, and the first failing case.

use domain::{Band, Criterion, Evidence, RunVerdict, Scorecard, Status};
use practice::AttemptView;

use super::{WIDTH, band, trim};
use crate::paint::{Paint, plain, wrapped};
use crate::say::{put, say};

/// Lines of a case that are shown of each part.
const CASE_LINES: usize = 20;

/// Prints the scorecard of a program.
pub(crate) fn scorecard(card: &Scorecard, view: &AttemptView, paint: Paint) {
    let score = card.score().unwrap_or(0.0);
    let verdict = match card.verdict {
        Some(RunVerdict::Accepted) => paint.green("accepted"),
        Some(verdict) => paint.red(&verdict.as_str().replace('_', " ")),
        None => String::new(),
    };
    say!("\n{}  {verdict}", paint.bold(&plain(&view.title)));
    let by_hand = view.overridden.as_ref().and_then(|with| with.score);
    let by_hand = by_hand.map_or(String::new(), |score| format!(", {score:.0} with your overrides"));
    let moved = view.change.as_ref().and_then(|change| change.score);
    let moved = moved.map_or(String::new(), |points| format!(" ({points:+.0})"));
    say!(
        "{}   {score:.0} of 100{moved}{by_hand}\n",
        band(Band::of(score), paint)
    );
    if let Some(fix) = &card.next {
        let worth = format!("(worth {:.0} points)", fix.worth);
        say!("{} {}", paint.bold("One fix first"), paint.dim(&worth));
        put!("{}", wrapped(&plain(&fix.change), WIDTH, 2));
        say!();
    }
    for group in &card.groups {
        let score = group
            .score()
            .map_or("not assessed".to_owned(), |s| format!("{s:.0}"));
        let weight = paint.dim(&format!("weight {}", group.weight));
        say!("{}  {score}  {weight}", paint.bold(&plain(&group.title)));
        for criterion in &group.criteria {
            self::criterion(criterion, paint);
        }
    }
    say!();
    if let Some(failing) = first_failing(card) {
        case(failing, paint);
    }
    for note in &card.notes {
        put!("{}", wrapped(&format!("Note: {}", plain(note)), WIDTH, 0));
    }
    if let Some(probe) = &card.probe {
        say!("{}", paint.bold("An interviewer would now ask"));
        put!("{}", wrapped(&plain(probe), WIDTH, 2));
    }
}

fn criterion(criterion: &Criterion, paint: Paint) {
    let mark = match criterion.status {
        Status::Met => paint.green("●"),
        Status::NotAssessed => paint.dim("–"),
        _ if criterion.points > 0.0 => paint.yellow("◐"),
        _ => paint.red("×"),
    };
    let points = format!("{}/{}", trim(criterion.points), trim(criterion.out_of));
    let id = paint.dim(&format!("[{}]", plain(&criterion.id)));
    say!("  {mark} {points:<7} {} {id}", plain(&criterion.title));
    if criterion.status != Status::Met && !criterion.why.is_empty() {
        put!("{}", paint.dim(&wrapped(&plain(&criterion.why), WIDTH, 12)));
    }
}

/// The first criterion that lost points and shows a case.
fn first_failing(card: &Scorecard) -> Option<&Criterion> {
    let criteria = card.groups.iter().flat_map(|group| &group.criteria);
    criteria
        .filter(|c| c.points < c.out_of)
        .find(|c| c.evidence.iter().any(|e| matches!(e, Evidence::Case { .. })))
}

fn case(criterion: &Criterion, paint: Paint) {
    let shown = criterion.evidence.iter().find_map(|evidence| match evidence {
        Evidence::Case {
            input,
            expected,
            got,
            size,
        } => Some((input, expected, got, size)),
        _ => None,
    });
    let Some((input, expected, got, size)) = shown else {
        return;
    };
    let heading = match size.as_str() {
        "" => "The first failing case".to_owned(),
        size => format!("The first failing case, {size}"),
    };
    say!("{}", paint.bold(&plain(&heading)));
    for (label, text) in [("run", input), ("expected", expected), ("got", got)] {
        let mut lines = text.lines();
        let Some(first) = lines.next() else { continue };
        say!("  {label:<9} {}", plain(first));
        for line in lines.by_ref().take(CASE_LINES - 1) {
            say!("  {:<9} {}", "", plain(line));
        }
        if lines.next().is_some() {
            say!("  {:<9} ...", "");
        }
    }
    say!("  {:<9} {}\n", "rule", plain(&criterion.title));
}
