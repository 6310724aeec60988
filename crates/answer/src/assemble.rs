//! Findings become a scorecard: criteria with evidence, the one fix first, the probe.

use domain::{Criterion, Evidence, Fact, Group, GroupId, Interval, Kind, Scorecard, Status, round2};

use crate::axes::{self, Scene};
use crate::find::Finding;
use crate::guard::Guarded;
use crate::text::Text;
use crate::{Grader, Header};

/// Weights of the groups in percent, in the order of [`GroupId::ANSWER`]: the table of the design.
pub(crate) fn weights(kind: Kind) -> [u32; 6] {
    match kind {
        Kind::Technical => [60, 10, 12, 8, 10, 0],
        Kind::Behavioural | Kind::Situational => [40, 20, 15, 10, 10, 5],
        Kind::Remote => [45, 12, 12, 6, 10, 15],
    }
}

impl Grader {
    pub(crate) fn assemble(
        &self,
        header: &Header,
        scene: &Scene<'_>,
        guarded: &Guarded,
        findings: &[Finding],
    ) -> Scorecard {
        let coverage: Vec<Criterion> = self
            .spec
            .facts
            .iter()
            .zip(findings)
            .map(|(fact, finding)| criterion(fact, finding, scene.raw, scene.text))
            .collect();
        let parts = [
            (GroupId::Coverage, "Coverage", coverage),
            (GroupId::Structure, "Structure", axes::structure(scene)),
            (GroupId::Specificity, "Specificity", axes::specificity(scene)),
            (
                GroupId::Quantification,
                "Quantification",
                axes::quantification(scene),
            ),
            (GroupId::Conciseness, "Conciseness", axes::conciseness(scene)),
            (
                GroupId::RemoteReadiness,
                "Remote-readiness",
                self.habits.criteria(scene),
            ),
        ];
        let groups = parts
            .into_iter()
            .zip(weights(self.spec.kind))
            .map(|((id, title, criteria), weight)| Group {
                id,
                title: title.to_owned(),
                weight,
                assessed: true,
                interval: (id == GroupId::Coverage).then(|| Interval::of(&criteria)),
                criteria,
            });
        let mut scorecard = Scorecard {
            format: domain::SCORECARD_FORMAT,
            item: header.item.clone(),
            round: domain::Round::Answer,
            revision: header.revision.clone(),
            scorer: self.scorer(),
            seed: header.seed,
            verdict: None,
            groups: groups.collect(),
            next: None,
            probe: None,
            notes: self.notes(scene.raw, guarded),
        };
        scorecard.next = scorecard.best_fix();
        scorecard.probe = self.probe(&scorecard);
        scorecard
    }

    fn notes(&self, raw: &str, guarded: &Guarded) -> Vec<String> {
        let quote = |range: &std::ops::Range<usize>| {
            let words: String = raw[range.clone()].chars().take(80).collect();
            if words.len() < range.len() {
                format!("{}…", words.trim_end())
            } else {
                words
            }
        };
        let dropped = guarded
            .notes
            .iter()
            .map(|(note, range)| format!("{note} “{}”", quote(range)));
        let mut notes: Vec<String> = dropped.collect();
        if self.encoder.is_none() {
            notes.push(
                "Graded without the language model: only cue patterns were read, so points told in unusual \
                 words may be missed. `spar doctor` says how to get it."
                    .to_owned(),
            );
        }
        notes
    }

    /// The question an interviewer would ask now: on the heaviest fact that was mentioned and not
    /// confirmed, then missed, then contradicted; when everything holds, deeper into the heaviest fact.
    pub fn probe(&self, scorecard: &Scorecard) -> Option<String> {
        let coverage = scorecard.group(GroupId::Coverage)?;
        let rank = |status: Status| match status {
            Status::Mentioned => 0,
            Status::Contradicted => 1,
            Status::Missed => 2,
            Status::Partial => 3,
            _ => 4,
        };
        let facts = self.spec.facts.iter().zip(&coverage.criteria);
        let order = |(fact, criterion): &(&Fact, &Criterion)| {
            (!fact.must, rank(criterion.status), std::cmp::Reverse(fact.weight))
        };
        let open = facts
            .clone()
            .filter(|(_, c)| rank(c.status) < 4)
            .min_by_key(order);
        open.or_else(|| facts.min_by_key(order))
            .map(|(fact, _)| fact.probe.clone())
    }
}

fn criterion(fact: &Fact, finding: &Finding, raw: &str, text: &Text) -> Criterion {
    let out_of = f64::from(fact.weight);
    Criterion {
        id: fact.id.clone(),
        title: fact.claim.clone(),
        points: round2(out_of * finding.share),
        out_of,
        status: finding.status,
        why: finding.why.clone(),
        evidence: finding.sentences.iter().map(|at| span(raw, text, *at)).collect(),
        tip: if finding.status == Status::Met {
            String::new()
        } else {
            fact.tip.clone()
        },
        must: fact.must,
    }
}

/// The bytes of a sentence as evidence.
pub(crate) fn span(raw: &str, text: &Text, at: usize) -> Evidence {
    slice(raw, text.sentences[at].bytes.clone())
}

/// A byte range as evidence.
pub(crate) fn slice(raw: &str, bytes: std::ops::Range<usize>) -> Evidence {
    Evidence::Span {
        start: bytes.start,
        end: bytes.end,
        text: raw[bytes].to_owned(),
    }
}
