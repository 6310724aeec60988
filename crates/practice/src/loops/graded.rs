//! What the attempts of a loop came to, with replies, readings and overrides applied.

use domain::{AttemptId, Criterion, Evidence, GroupId, Level, Status};
use interview::{Graded, GradedAttempt, GradedFact, GradedQuestion, QuestionPhase, Span, Spoken};

use super::LoopView;
use crate::{AttemptView, Error, Practice};

impl Practice {
    /// Every question of a loop with what was graded of it.
    pub(super) async fn graded_questions(&self, view: &LoopView) -> Result<Vec<GradedQuestion>, Error> {
        let mut graded = Vec::new();
        for (stage, (script, state)) in view.head.stages.iter().zip(&view.state.stages).enumerate() {
            for (number, (asked, question)) in script.questions.iter().zip(&state.questions).enumerate() {
                let phase = state.question_phase(number);
                let told = question.change_told_ms.is_some() && phase != QuestionPhase::Silent;
                let change = if told {
                    Some(self.graded_words(&question.change).await?)
                } else {
                    None
                };
                graded.push(GradedQuestion {
                    stage,
                    number,
                    item: asked.item.clone(),
                    title: asked.title.clone(),
                    competency: asked.competency,
                    phase,
                    answer: self.graded_words(&question.answer).await?,
                    change,
                });
            }
        }
        Ok(graded)
    }

    async fn graded_words(&self, spoken: &Spoken) -> Result<Graded, Error> {
        let Some(id) = spoken
            .handed_in
            .as_ref()
            .and_then(|handed| handed.attempt.as_ref())
        else {
            return Ok(Graded::Silent);
        };
        match self.attempt(id).await {
            Ok(view) => self.graded_attempt(id, &view).await,
            Err(Error::AttemptNotFound { .. }) => Ok(Graded::NotAssessed {
                why: "Its attempt was deleted.".to_owned(),
            }),
            Err(error) => Err(error),
        }
    }

    async fn graded_attempt(&self, id: &AttemptId, view: &AttemptView) -> Result<Graded, Error> {
        let merged = view.second.read.as_ref().map(|read| &read.merged.scorecard);
        let Some(card) = merged.or(view.scorecard.as_ref()) else {
            let reason = view.attempt.void_reason.clone().unwrap_or_default();
            return Ok(Graded::NotAssessed {
                why: format!("It could not be graded: {reason}."),
            });
        };
        // Without its rubric every fact is taken as expected.
        let spec = match self.spec(&view.attempt.item, &view.attempt.revision).await {
            Ok(spec) => Some(spec),
            Err(Error::Rubric { .. }) => None,
            Err(error) => return Err(error),
        };
        let level = |id: &str| {
            let fact = spec
                .as_ref()
                .and_then(|spec| spec.facts.iter().find(|fact| fact.id == id));
            fact.map_or(Level::Junior, |fact| fact.level)
        };
        let by_hand = view.overridden.as_ref();
        let fact = |criterion: &Criterion| {
            let ruled = by_hand.and_then(|with| with.criterion(GroupId::Coverage, &criterion.id));
            GradedFact {
                id: criterion.id.clone(),
                title: criterion.title.clone(),
                points: ruled.map_or(criterion.points, |r| r.by_hand.points),
                out_of: criterion.out_of,
                status: ruled.map_or(criterion.status, |r| r.by_hand.status),
                must: criterion.must,
                level: level(&criterion.id),
                by_hand: ruled.is_some(),
                tip: criterion.tip.clone(),
                spans: criterion.evidence.iter().filter_map(span).collect(),
            }
        };
        let coverage = card.group(GroupId::Coverage);
        let facts = coverage.iter().flat_map(|group| &group.criteria);
        let facts = facts
            .filter(|criterion| criterion.status != Status::NotAssessed)
            .map(fact)
            .collect();
        let axes = card.groups.iter().filter(|group| group.id != GroupId::Coverage);
        let delivery = axes.map(|group| {
            let ruled = by_hand.map(|with| with.group(group.id));
            (group.id, ruled.unwrap_or_else(|| group.score()))
        });
        Ok(Graded::Scored(GradedAttempt {
            attempt: id.clone(),
            facts,
            delivery: delivery.collect(),
        }))
    }
}

fn span(evidence: &Evidence) -> Option<Span> {
    match evidence {
        Evidence::Span { start, end, text } => Some(Span {
            start: *start,
            end: *end,
            text: text.clone(),
        }),
        Evidence::Reply { .. } | Evidence::Figure { .. } | Evidence::Case { .. } => None,
    }
}
