//! The hiring scorecard of a loop in the terminal.

use domain::Status;
use practice::{LoopScorecard, LoopView, Need, Recommendation};

use crate::paint::{Paint, plain, wrapped};
use crate::say::{put, say};

const WIDTH: usize = 88;

/// Prints what a loop came to.
pub(crate) fn print(view: &LoopView, card: &LoopScorecard, paint: Paint) {
    let role = if view.head.role.is_empty() {
        String::new()
    } else {
        format!(", {}", plain(&view.head.role))
    };
    say!(
        "\n{}",
        paint.bold(&format!("{}, {}{role}", plain(&view.head.title), view.head.level))
    );
    let word = match card.recommendation {
        Some(Recommendation::StrongYes) => paint.green("strong yes"),
        Some(Recommendation::Yes) => paint.green("yes"),
        Some(Recommendation::No) => paint.red("no"),
        Some(Recommendation::StrongNo) => paint.red("strong no"),
        None => paint.dim("no recommendation"),
    };
    let within = card.within.map_or(String::new(), |within| {
        format!(", in its {} third", within.as_str())
    });
    let result = card
        .result
        .map_or(String::new(), |result| format!("   {result:.0} of 100"));
    say!("On this loop: {word}{within}{result}\n");
    for reason in &card.reasons {
        put!("{}", wrapped(&format!("- {}", plain(reason)), WIDTH, 0));
    }
    stages(card, paint);
    moments(view, paint);
    competencies(card, paint);
    step(card, paint);
    say!();
    for limit in &card.limits {
        put!("{}", paint.dim(&wrapped(&plain(limit), WIDTH, 0)));
    }
}

fn stages(card: &LoopScorecard, paint: Paint) {
    say!("\n{}", paint.bold("Stages"));
    for stage in &card.stages {
        let score = stage
            .score
            .map_or_else(|| "not assessed".to_owned(), |score| format!("{score:.0}"));
        let decisive = if stage.decisive { ", decisive" } else { "" };
        let share = paint.dim(&format!("{:.0} % of this loop{decisive}", stage.share));
        say!("  {score:>12}  {} {share}", plain(&stage.title));
        for question in &stage.questions {
            let score = question
                .score
                .map_or_else(|| "-".to_owned(), |score| format!("{score:.0}"));
            let attempt = question
                .attempt
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            say!(
                "  {score:>12}    {} {}",
                plain(&question.title),
                paint.dim(&attempt)
            );
            if !question.note.is_empty() {
                put!("{}", paint.dim(&wrapped(&plain(&question.note), WIDTH, 18)));
            }
        }
    }
}

/// The marked mistakes, with the minute and second of their stage.
fn moments(view: &LoopView, paint: Paint) {
    let any = view.moments.iter().any(|moments| !moments.is_empty());
    if any {
        say!("\n{}", paint.bold("Moments to look at; they move no score"));
    }
    for (stage, moments) in view.head.stages.iter().zip(&view.moments) {
        for moment in moments {
            let seconds = moment.elapsed_ms / 1000;
            let name = moment.mistake.as_str().replace('_', " ");
            say!(
                "  {} {:02}:{:02}  {name}",
                plain(&stage.title),
                seconds / 60,
                seconds % 60
            );
            if let Some((_, _, text)) = &moment.span {
                put!("{}", paint.dim(&wrapped(&format!("“{}”", plain(text)), WIDTH, 4)));
            }
            put!("{}", wrapped(&plain(&moment.why), WIDTH, 4));
        }
    }
}

fn competencies(card: &LoopScorecard, paint: Paint) {
    say!("\n{}", paint.bold("Competencies"));
    for competency in &card.competencies {
        let score = competency
            .score
            .map_or_else(|| "not assessed".to_owned(), |score| format!("{score:.0}"));
        say!("  {score:>12}  {}", competency.competency);
        for evidence in competency
            .evidence
            .iter()
            .filter(|e| e.must || e.status == Status::Contradicted)
        {
            let status = evidence.status.as_str().replace('_', " ");
            let by_hand = if evidence.by_hand { ", by hand" } else { "" };
            say!(
                "    {status:<13}{by_hand} {} {}",
                plain(&evidence.title),
                paint.dim(&plain(&evidence.question))
            );
            if let Some(span) = evidence.spans.first() {
                put!(
                    "{}",
                    paint.dim(&wrapped(&format!("“{}”", plain(&span.text)), WIDTH, 18))
                );
            }
        }
    }
}

fn step(card: &LoopScorecard, paint: Paint) {
    let Some(step) = &card.step else { return };
    let to = step.to.as_str().replace('_', " ");
    let how = if step.smallest {
        "the fewest that do"
    } else {
        "about the fewest that do"
    };
    say!(
        "\n{} {}",
        paint.bold(&format!("What would make it a {to}")),
        paint.dim(how)
    );
    for need in &step.needs {
        match need {
            Need::Fact {
                question,
                title,
                tip,
                worth,
                ..
            } => {
                say!("  +{worth:.1}  {} {}", plain(title), paint.dim(&plain(question)));
                if !tip.is_empty() {
                    put!("{}", wrapped(&format!("→ {}", plain(tip)), WIDTH, 8));
                }
            }
            Need::Question {
                question,
                change,
                at,
                worth,
                ..
            } => {
                let what = if *change { "the change of " } else { "" };
                say!("  +{worth:.1}  answer {what}{} to {at:.0}", plain(question));
            }
        }
    }
}
