//! From graded questions to the hiring scorecard.

use domain::{Competency, GroupId, InterviewLoop, StageKind, round2};

use crate::board::Board;
use crate::graded::{Graded, GradedQuestion};
use crate::preset;
use crate::reasons::reasons;
use crate::scorecard::{
    ASSESSED_SHARE, CompetencyResult, LoopEvidence, LoopScorecard, NO_BAR, QuestionResult, STRONG_YES_BAR,
    StageResult, YES_BAR, scored,
};
use crate::step;
use crate::weight::{StageWeight, stage_weight};
use crate::words::{QuestionPhase, Recommendation, Within};

/// How far delivery moves a loop within its step, as a share of the step.
const DELIVERY_REACH: f64 = 0.15;

/// The hiring scorecard of a loop. `ended` says that nothing more can happen in it.
pub fn assess(head: &InterviewLoop, ended: bool, questions: &[GradedQuestion]) -> LoopScorecard {
    let level = head.level;
    let weights: Vec<StageWeight> = head
        .stages
        .iter()
        .map(|stage| stage_weight(level, stage.kind))
        .collect();
    let board = Board::new(questions, &weights, level);
    let stages = stages(head, &weights, questions);
    let standing = board.standing();
    let assessed = stages.iter().any(|stage| stage.score.is_some());
    let withheld = withheld(ended, &stages);
    let recommendation = withheld.is_none().then(|| standing.recommendation());
    let delivery = delivery(questions);
    let step = recommendation.and_then(|_| step::step(&board, questions, level));
    LoopScorecard {
        ended,
        recommendation,
        within: recommendation.map(|step| within(step, standing.result, &delivery)),
        result: assessed.then_some(standing.result),
        contradiction_cost: board.cost(),
        reasons: match withheld {
            Some(why) => vec![why],
            None => reasons(standing, &board, &stages),
        },
        competencies: competencies(questions, head),
        delivery,
        step,
        limits: limits(head, &stages),
        stages,
    }
}

/// Why nothing is recommended; `None` when something is.
fn withheld(ended: bool, stages: &[StageResult]) -> Option<String> {
    if !ended {
        return Some("The loop is not over: there is no recommendation before its end.".to_owned());
    }
    let of = |assessed: bool| {
        let counted = stages.iter().filter(|s| !assessed || s.score.is_some());
        counted.map(|s| f64::from(s.weight)).sum::<f64>()
    };
    if of(true) < ASSESSED_SHARE * of(false) || of(true) == 0.0 {
        return Some(format!(
            "Only stages of {:.0} of {:.0} % of its weight were assessed: too little for a recommendation.",
            of(true),
            of(false)
        ));
    }
    let missing = stages.iter().find(|s| s.decisive && s.score.is_none())?;
    Some(format!(
        "The stage that this level turns on, {}, was not assessed: there is no recommendation without it.",
        missing.title.to_lowercase()
    ))
}

fn stages(head: &InterviewLoop, weights: &[StageWeight], questions: &[GradedQuestion]) -> Vec<StageResult> {
    let results = head
        .stages
        .iter()
        .zip(weights)
        .enumerate()
        .map(|(number, (stage, weight))| {
            let own: Vec<&GradedQuestion> = questions.iter().filter(|q| q.stage == number).collect();
            let scores: Vec<f64> = own.iter().filter_map(|q| q.score(head.level)).collect();
            StageResult {
                kind: stage.kind,
                title: stage.title.clone(),
                share: 0.0,
                weight: weight.weight,
                decisive: weight.decisive,
                why: weight.why,
                score: mean(&scores),
                not_assessed: scores.is_empty().then(|| not_assessed(&own)),
                questions: own.iter().map(|q| result(q, head)).collect(),
            }
        });
    let mut results: Vec<StageResult> = results.collect();
    let total: f64 = results
        .iter()
        .filter(|s| s.score.is_some())
        .map(|s| f64::from(s.weight))
        .sum();
    for stage in results.iter_mut().filter(|s| s.score.is_some()) {
        stage.share = round2(100.0 * f64::from(stage.weight) / total);
    }
    results
}

fn not_assessed(questions: &[&GradedQuestion]) -> String {
    if questions.is_empty() {
        return "The bank had no question for it.".to_owned();
    }
    let graded = questions.iter().find_map(|q| match &q.answer {
        Graded::NotAssessed { why } if q.phase != QuestionPhase::NotReached => Some(why.clone()),
        _ => None,
    });
    graded.unwrap_or_else(|| "It was not reached.".to_owned())
}

fn result(question: &GradedQuestion, head: &InterviewLoop) -> QuestionResult {
    let attempt = |graded: &Graded| match graded {
        Graded::Scored(attempt) => Some(attempt.attempt.clone()),
        Graded::Silent | Graded::NotAssessed { .. } => None,
    };
    let note = match (question.phase, &question.answer) {
        (QuestionPhase::Silent, _) => "Nothing was said, which counts as nothing.".to_owned(),
        (QuestionPhase::OutOfTime, _) => {
            "The time was over before it could be asked, which counts as nothing.".to_owned()
        }
        (QuestionPhase::NotReached, _) => "It was not reached.".to_owned(),
        (_, Graded::NotAssessed { why }) => why.clone(),
        _ => match &question.change {
            Some(Graded::Silent) => "The change was left open, which counts as nothing.".to_owned(),
            Some(Graded::NotAssessed { why }) => why.clone(),
            _ => String::new(),
        },
    };
    QuestionResult {
        item: question.item.clone(),
        title: question.title.clone(),
        competency: question.competency,
        phase: question.phase,
        attempt: attempt(&question.answer),
        change_attempt: question.change.as_ref().and_then(attempt),
        score: question.score(head.level).map(round2),
        change_score: question
            .change
            .as_ref()
            .and_then(|change| scored(change, head.level))
            .map(round2),
        note,
    }
}

fn competencies(questions: &[GradedQuestion], head: &InterviewLoop) -> Vec<CompetencyResult> {
    let of = |competency: Competency| {
        let own: Vec<&GradedQuestion> = questions.iter().filter(|q| q.competency == competency).collect();
        let scores: Vec<f64> = own.iter().filter_map(|q| q.score(head.level)).collect();
        CompetencyResult {
            competency,
            score: mean(&scores),
            evidence: own.iter().flat_map(|question| evidence(question)).collect(),
        }
    };
    Competency::ALL.iter().map(|competency| of(*competency)).collect()
}

fn evidence(question: &GradedQuestion) -> Vec<LoopEvidence> {
    let of = question.attempts().flat_map(|attempt| {
        attempt.facts.iter().map(|fact| LoopEvidence {
            stage: question.stage,
            question: question.title.clone(),
            attempt: attempt.attempt.clone(),
            criterion: fact.id.clone(),
            title: fact.title.clone(),
            status: fact.status,
            must: fact.must,
            by_hand: fact.by_hand,
            spans: fact.spans.clone(),
        })
    });
    of.collect()
}

/// Mean scores of delivery over all answers; a change is too short to show any.
fn delivery(questions: &[GradedQuestion]) -> Vec<(GroupId, Option<f64>)> {
    let axes = GroupId::ALL.iter().filter(|group| **group != GroupId::Coverage);
    let of = |group: GroupId| {
        let answers = questions.iter().filter_map(|q| match &q.answer {
            Graded::Scored(attempt) => Some(attempt),
            Graded::Silent | Graded::NotAssessed { .. } => None,
        });
        let scores = answers.filter_map(|a| a.delivery.iter().find(|(id, _)| *id == group)?.1);
        mean(&scores.collect::<Vec<f64>>())
    };
    axes.map(|group| (*group, of(*group))).collect()
}

/// Where in its step a result lies; delivery moves it there, and never across.
fn within(step: Recommendation, result: f64, delivery: &[(GroupId, Option<f64>)]) -> Within {
    let (from, to) = match step {
        Recommendation::StrongNo => (0.0, NO_BAR),
        Recommendation::No => (NO_BAR, YES_BAR),
        Recommendation::Yes => (YES_BAR, STRONG_YES_BAR),
        Recommendation::StrongYes => (STRONG_YES_BAR, 100.0),
    };
    // Remote readiness is left out: most questions give no opening for it.
    let told = delivery
        .iter()
        .filter(|(id, _)| *id != GroupId::RemoteReadiness)
        .filter_map(|(_, s)| *s);
    let told = mean(&told.collect::<Vec<f64>>()).unwrap_or(50.0);
    let moved = DELIVERY_REACH * (told - 50.0) / 50.0;
    let place = ((result - from) / (to - from)).clamp(0.0, 1.0) + moved;
    if place < 1.0 / 3.0 {
        Within::Lower
    } else if place < 2.0 / 3.0 {
        Within::Middle
    } else {
        Within::Upper
    }
}

/// What the result does not say.
fn limits(head: &InterviewLoop, stages: &[StageResult]) -> Vec<String> {
    let mut limits = vec![
        "This is what was said in this loop, weighed by a stated rule. It is no verdict on a person, and no forecast \
         of another interview."
            .to_owned(),
        "Coverage decides. Delivery moves the place within a step, and the marked mistakes move nothing.".to_owned(),
    ];
    let stand_ins: Vec<String> = head
        .stages
        .iter()
        .filter(|stage| preset::stands_in(stage.kind).is_some() && stage.stands_in.is_some())
        .map(|stage| stage.title.to_lowercase())
        .collect();
    if !stand_ins.is_empty() {
        limits.push(format!(
            "An answer in words stood in for {}: it shows what one would do, not that it runs.",
            stand_ins.join(" and ")
        ));
    }
    let kinds: Vec<StageKind> = stages.iter().map(|stage| stage.kind).collect();
    if kinds.len() < StageKind::ALL.len() {
        limits.push(
            "The loop has fewer stages than a whole one; the weights are those of the stages it has."
                .to_owned(),
        );
    }
    limits
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| round2(values.iter().sum::<f64>() / values.len() as f64))
}
