//! Why a recommendation is what it is, in sentences, what decided first.

use crate::board::Board;
use crate::scorecard::{
    DECISIVE_FLOOR, MUST_SHARE, NO_BAR, STRONG_DECISIVE_FLOOR, STRONG_MUST_SHARE, STRONG_YES_BAR,
    StageResult, Standing, YES_BAR,
};
use crate::words::{QuestionPhase, Recommendation};

/// The reasons of a standing.
pub(crate) fn reasons(standing: Standing, board: &Board, stages: &[StageResult]) -> Vec<String> {
    let step = standing.recommendation();
    let mut reasons = vec![result(step, standing.result)];
    let (floor, share, next) = match step {
        Recommendation::Yes | Recommendation::StrongYes => {
            (STRONG_DECISIVE_FLOOR, STRONG_MUST_SHARE, "a strong yes")
        }
        Recommendation::No | Recommendation::StrongNo => (DECISIVE_FLOOR, MUST_SHARE, "a yes"),
    };
    for stage in stages.iter().filter(|stage| stage.decisive) {
        let Some(score) = stage.score else { continue };
        let verb = if score >= floor {
            "which it has"
        } else {
            "which it has not"
        };
        reasons.push(format!(
            "This level turns on {}, which reached {score:.0}: {next} takes {floor:.0} there, {verb}.",
            name(stage)
        ));
    }
    reasons.extend(board.has_musts().then(|| {
        let right = format!(
            "Of the facts that no full answer leaves out, {:.0} % were made right in what was answered",
            100.0 * standing.must_share
        );
        if standing.must_share < share {
            format!("{right}; {next} takes {:.0} %.", 100.0 * share)
        } else {
            format!("{right}.")
        }
    }));
    reasons.extend(contradictions(board, standing));
    reasons.extend(open(stages));
    reasons.extend(extremes(stages));
    reasons
}

fn result(step: Recommendation, result: f64) -> String {
    match step {
        Recommendation::StrongYes => {
            format!("The result is {result:.0}; {STRONG_YES_BAR:.0} make a strong yes.")
        }
        Recommendation::Yes if result >= STRONG_YES_BAR => {
            format!("The result of {result:.0} would make a strong yes, and a condition of it is not met.")
        }
        Recommendation::Yes => format!("The result is {result:.0}; {YES_BAR:.0} make a yes."),
        Recommendation::No if result >= YES_BAR => {
            format!("The result of {result:.0} would make a yes, and a condition of it is not met.")
        }
        Recommendation::No => format!("The result is {result:.0}; a yes takes {YES_BAR:.0}."),
        Recommendation::StrongNo => {
            format!("The result is {result:.0}; below {NO_BAR:.0} it is a strong no.")
        }
    }
}

fn contradictions(board: &Board, standing: Standing) -> Option<String> {
    let stand = match board.contradicted() {
        0 => return None,
        1 => "1 fact stands contradicted".to_owned(),
        n => format!("{n} facts stand contradicted"),
    };
    let must = if standing.contradicted_musts > 0 {
        "; with one that no full answer leaves out there is no strong yes"
    } else {
        ""
    };
    Some(format!(
        "{stand}, which costs {:.0} points beyond their own{must}.",
        board.cost()
    ))
}

fn open(stages: &[StageResult]) -> Option<String> {
    let questions = stages.iter().flat_map(|stage| &stage.questions);
    let open = questions.filter(|q| matches!(q.phase, QuestionPhase::Silent | QuestionPhase::OutOfTime));
    let were = match open.count() {
        0 => return None,
        1 => "1 question was left open".to_owned(),
        n => format!("{n} questions were left open"),
    };
    Some(format!(
        "{were}; what is open counts as nothing, and a strong yes leaves none open."
    ))
}

/// The strongest and the weakest stage, where they differ.
fn extremes(stages: &[StageResult]) -> Vec<String> {
    let scored = || stages.iter().filter_map(|stage| Some((stage, stage.score?)));
    let best = scored().reduce(|a, b| if b.1 > a.1 { b } else { a });
    let worst = scored().reduce(|a, b| if b.1 < a.1 { b } else { a });
    match (best, worst) {
        (Some((best, high)), Some((worst, low))) if high > low => vec![
            format!("The strongest stage was {}, with {high:.0}.", name(best)),
            format!("The weakest was {}, with {low:.0}.", name(worst)),
        ],
        _ => Vec::new(),
    }
}

fn name(stage: &StageResult) -> String {
    stage.title.to_lowercase()
}
