//! A scorecard for the terminal.

pub(crate) mod program;

use domain::{
    Answered, Band, ByHand, Criterion, Evidence, Group, GroupId, Overridden, Reading, Scorecard, Status,
};
use practice::{AttemptView, Decision, ReadingState, SecondReading};

use crate::paint::{Paint, plain, wrapped};
use crate::say::{put, say};

/// Columns of the output.
const WIDTH: usize = 88;

/// Prints a scorecard as graded, and beside it what a human made of it.
pub(crate) fn scorecard(card: &Scorecard, with: Option<&Overridden>, title: &str, paint: Paint) {
    let score = card.score().unwrap_or(0.0);
    say!("\n{}", paint.bold(&plain(title)));
    say!("{}   {score:.0} of 100", band(Band::of(score), paint));
    if let Some(score) = with.and_then(|with| with.score) {
        say!(
            "{}   {score:.0} of 100 with your overrides",
            band(Band::of(score), paint)
        );
    }
    say!();
    if let Some(coverage) = card.group(GroupId::Coverage) {
        bar(coverage, paint);
    }
    if let Some(fix) = &card.next {
        say!(
            "{} {}",
            paint.bold("One fix first"),
            paint.dim(&format!("(worth {:.0} points)", fix.worth))
        );
        put!("{}", wrapped(&plain(&fix.change), WIDTH, 2));
        say!();
    }
    for group in &card.groups {
        let score = group
            .score()
            .map_or("not assessed".to_owned(), |s| format!("{s:.0}"));
        let by_hand = with
            .filter(|with| with.criteria.iter().any(|c| c.group == group.id))
            .and_then(|with| with.group(group.id))
            .filter(|s| group.score() != Some(*s));
        let by_hand = by_hand.map_or(String::new(), |s| format!("  (you {s:.0})"));
        let weight = format!("weight {}", group.weight);
        let word = group.score().map_or(String::new(), |s| band(Band::of(s), paint));
        say!(
            "{}  {score}  {word}{by_hand}  {}",
            paint.bold(&group.title),
            paint.dim(&weight)
        );
        for criterion in &group.criteria {
            self::criterion(criterion, group.id == GroupId::Coverage, paint);
            if let Some(by_hand) = with.and_then(|with| with.criterion(group.id, &criterion.id)) {
                self::by_hand(by_hand, paint);
            }
        }
        say!();
    }
    for note in &card.notes {
        put!("{}", wrapped(&format!("Note: {}", plain(note)), WIDTH, 0));
    }
    if let Some(probe) = &card.probe {
        say!("{}", paint.bold("An interviewer would now ask"));
        put!("{}", wrapped(&plain(probe), WIDTH, 2));
    }
}

/// Says on standard error what is waited for, and where the answer went.
pub(crate) fn awaited(second: &SecondReading) {
    let waits = matches!(second.state, ReadingState::Reading | ReadingState::Unread);
    if let Some(by) = second.by.as_ref().filter(|_| waits) {
        eprintln!(
            "{} at {} reads your answer a second time ...",
            plain(&by.model),
            plain(&by.sent_to)
        );
    }
}

/// Prints the second reading beside the offline grade: both scores, each verdict, what came of it.
pub(crate) fn second(view: &AttemptView, paint: Paint) {
    if let ReadingState::Failed { reason, cure } = &view.second.state {
        say!("\n{}", paint.bold("Second reading"));
        let failed = format!("There is none, the grade above stands: {reason}. Hint: {cure}.");
        put!("{}", wrapped(&plain(&failed), WIDTH, 0));
    }
    let Some(read) = &view.second.read else { return };
    let offline = view.scorecard.as_ref().and_then(Scorecard::score).unwrap_or(0.0);
    let merged = read.merged.scorecard.score().unwrap_or(0.0);
    let kept = &read.kept;
    let by = format!("by {} at {}", plain(&kept.reading.model), plain(&kept.sent_to));
    say!("\n{} {}", paint.bold("Second reading"), paint.dim(&by));
    say!(
        "{}   {merged:.0} of 100 with it, {offline:.0} offline",
        band(Band::of(merged), paint)
    );
    let text = view.attempt.submission.text();
    for decision in &read.merged.decisions {
        verdict(decision, &kept.reading, text, paint);
    }
    if !kept.reading.dropped.is_empty() {
        let dropped: Vec<String> = kept
            .reading
            .dropped
            .iter()
            .map(|d| format!("{} ({})", plain(&d.fact), d.reason.as_str().replace('_', " ")))
            .collect();
        let dropped = format!("Dropped, since it could not prove them: {}", dropped.join(", "));
        put!("{}", paint.dim(&wrapped(&dropped, WIDTH, 2)));
    }
}

fn verdict(decision: &Decision, reading: &Reading, text: &str, paint: Paint) {
    let told = |status: Status| status.as_str().replace('_', " ");
    let moved = if decision.from == decision.to {
        paint.dim(&format!("{} stays", told(decision.from)))
    } else {
        paint.bold(&format!("{} -> {}", told(decision.from), told(decision.to)))
    };
    let ruling = paint.dim(&format!("({})", decision.ruling.as_str().replace('_', " ")));
    let finding = decision.finding.as_str();
    say!("  {finding:<8} {} {moved} {ruling}", plain(&decision.fact));
    let Some(said) = reading.verdicts.iter().find(|v| v.fact == decision.fact) else {
        return;
    };
    if let Some(quote) = said.quote.clone().and_then(|quote| text.get(quote)) {
        put!(
            "{}",
            paint.dim(&wrapped(&format!("“{}”", plain(quote)), WIDTH, 11))
        );
    }
    if !said.why.is_empty() {
        put!(
            "{}",
            wrapped(&format!("It says: {}", plain(&said.why)), WIDTH, 11)
        );
    }
}

/// Prints what a reply came to.
pub(crate) fn answered(answered: &Answered, paint: Paint) {
    let verdict = match answered.verdict {
        domain::Verdict::Right => paint.green("Right."),
        domain::Verdict::Partly => paint.yellow("Partly right."),
        domain::Verdict::Wrong => paint.red("Not so."),
        domain::Verdict::Open => paint.dim("Left open."),
    };
    say!(
        "{verdict} {}",
        paint.dim(&format!("coverage {:+.1}", answered.moved))
    );
    put!("{}", wrapped(&plain(&answered.explanation), WIDTH, 2));
    if answered.verdict != domain::Verdict::Right {
        put!(
            "{}",
            wrapped(
                &format!("The answer: {}", plain(&answered.right_answer)),
                WIDTH,
                2
            )
        );
    }
    say!();
}

fn band(band: Band, paint: Paint) -> String {
    match band {
        Band::Solid => paint.green("solid"),
        Band::Partial => paint.yellow("partial"),
        Band::Missing => paint.red("missing"),
    }
}

/// Coverage as one bar: the lower bound, the score, and the upper bound.
fn bar(coverage: &Group, paint: Paint) {
    let (Some(score), Some(interval)) = (coverage.score(), coverage.interval) else {
        return;
    };
    let cells = |value: f64| (value / 2.5).round() as usize;
    let (low, mid, high) = (cells(interval.low), cells(score), cells(interval.high));
    let drawn: String = (0..40)
        .map(|i| match i {
            i if i < low => '█',
            i if i < mid => '▓',
            i if i < high => '▒',
            _ => '·',
        })
        .collect();
    say!("Coverage {drawn} {score:.0}");
    let legend = format!(
        "         a careful reader would put it between {:.0} and {:.0}",
        interval.low, interval.high
    );
    say!("{}\n", paint.dim(&legend));
}

fn criterion(criterion: &Criterion, with_quote: bool, paint: Paint) {
    let status = format!("{:<13}", criterion.status.as_str().replace('_', " "));
    let (mark, status) = match criterion.status {
        Status::Met => ("●", paint.green(&status)),
        Status::Partial => ("◐", paint.yellow(&status)),
        Status::Mentioned => ("○", paint.yellow(&status)),
        Status::Prompted => ("◔", paint.yellow(&status)),
        Status::Contradicted => ("×", paint.red(&status)),
        Status::Missed => ("–", paint.dim(&status)),
        Status::NotAssessed => (" ", paint.dim(&status)),
    };
    let points = format!("{:>4}/{}", trim(criterion.points), trim(criterion.out_of));
    let id = paint.dim(&format!("[{}]", plain(&criterion.id)));
    say!("  {mark} {status} {points:<8} {} {id}", plain(&criterion.title));
    if with_quote {
        // What was found right or not at all speaks for itself.
        if !matches!(criterion.status, Status::Met | Status::Missed) {
            put!("{}", wrapped(&plain(&criterion.why), WIDTH, 18));
        }
        for evidence in criterion.evidence.iter().take(1) {
            let quote = match evidence {
                Evidence::Span { text, .. } | Evidence::Reply { text, .. } => text.clone(),
                Evidence::Figure {
                    name, value, unit, ..
                } => format!("{name} {value} {unit}"),
                Evidence::Case { got, .. } => got.clone(),
            };
            put!(
                "{}",
                paint.dim(&wrapped(&format!("“{}”", plain(&quote)), WIDTH, 18))
            );
        }
        if criterion.status != Status::Met {
            put!("{}", wrapped(&format!("→ {}", plain(&criterion.tip)), WIDTH, 18));
        }
    }
}

/// Both values of a criterion, and the reason for the human's.
fn by_hand(by_hand: &ByHand, paint: Paint) {
    let told = |status: Status| status.as_str().replace('_', " ");
    let values = format!(
        "graded: {} · you: {} {}/{}",
        told(by_hand.graded.status),
        told(by_hand.by_hand.status),
        trim(by_hand.by_hand.points),
        trim(by_hand.out_of),
    );
    let because = format!("{values}, because {}", plain(&by_hand.reason));
    put!("{}", paint.bold(&wrapped(&because, WIDTH, 18)));
}

/// A number without a trailing `.0`.
fn trim(value: f64) -> String {
    format!("{}", domain::round2(value))
}
