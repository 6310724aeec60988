//! The answer read as a whole: what single findings are worth beside all the others.

use std::collections::BTreeSet;

use domain::Status;

use crate::axes::ramp;
use crate::contrast::{self, Lean, Side};
use crate::find::{Finding, Search};
use crate::rubric::{CompiledFact, Rubric};
use crate::text::denies;

/// Similarity from which a confirmed sentence is surely about its fact, and how many of those show that
/// the answer is about the question at all. Measured on samples of other questions: 52 % of the forms that
/// fit by chance lie below, and 14 % of right ones, which nearly always stand beside two that do not.
const ANCHORED: f32 = 0.2;
const ON_SUBJECT: usize = 2;

/// A rubric of fewer facts is that of a change, never that of an item. It gives chance as few occasions, and
/// cannot ask for two anchored sentences beside others: one of them, or all it has in different ones.
const FEW_FACTS: usize = 3;

/// So many confirmations do not fit by chance, however far in meaning their sentences are: plain speech and
/// other trades. Of 2,070 samples of other questions 39 have as many; with one anchored, three suffice.
const BEYOND_CHANCE: usize = 4;

/// Recall above a fact's floor from which a sentence is on the subject of the question. It holds 51 % of the
/// words of strong answers in plain speech, 80 % of other strong ones, 18 % of empty ones.
const RELATED: f32 = 0.1;

/// Sentences from which an answer to the question would make more than one of its points.
const LONG_SENTENCES: usize = 7;

/// Share of denying sentences from which an answer says nothing one way or the other, and the sentences it
/// takes to tell. Of 547 answers by four writers half deny in under a quarter of their sentences, none in
/// more than two thirds.
const DENIES_ALL: f64 = 0.75;
const TELLING_SENTENCES: usize = 4;

/// So many facts that the answer leans right on do not come about by chance either.
const LEANING: usize = 3;

/// Words below which a piece of speech is a fragment that leans nowhere.
const LEANING_WORDS: usize = 6;

/// What a lean moves of a fact's points, as shares: a confirmed fact while another sentence leans wrong, a
/// partial one, a mention, and what no pattern saw at all. From the same fit as the constants of
/// [`crate::contrast`].
const DOUBT: f64 = 0.7;
const PARTIAL_LEAN: f64 = 0.3;
const MENTION_RIGHT: f64 = 0.65;
const MENTION_WRONG: f64 = 0.75;
const UNSEEN_RIGHT: f64 = 0.7;
const UNSEEN_WRONG: f64 = 0.2;

/// Share of wrong leans among all of an answer from which its confirmations are in doubt, and from which
/// they are so in full: who holds one misconception may know the rest, who leans wrong on most says right
/// things by accident.
const TRUSTED_TO: f64 = 0.4;
const DOUBTED_FROM: f64 = 0.6;

/// Share of the rubric that is confirmed, from which an answer is beyond such doubt, and up to which it is
/// not spared any. Experts name the wrong way too, to turn it down.
const BEYOND_DOUBT: f64 = 0.7;
const NOT_SPARED: f64 = 0.5;

impl Rubric {
    /// Searches every fact. In an answer to something else a form may fit by chance, so in an answer that
    /// hardly says anything close to this rubric, confirmations far from it in meaning are mentions.
    pub(crate) fn find(&self, search: &Search<'_>) -> Vec<Finding> {
        let found = self.facts.iter().map(|fact| fact.find(search, self.kind));
        let mut findings: Vec<Finding> = found.collect();
        let leans = self.leans(search, &findings);
        let denied = search.denies_all();
        for finding in findings
            .iter_mut()
            .filter(|f| confirmed(f) && denied && search.denies(f.sentences[0]))
        {
            finding.status = Status::Mentioned;
            finding.why = "nearly every sentence denies something, so which way this is meant cannot be told"
                .to_owned();
        }
        if !on_subject(&findings, &leans) {
            // In a long answer one lone hit proves nothing either: it is asked about.
            let long = search.graded().count() >= LONG_SENTENCES;
            for finding in findings
                .iter_mut()
                .filter(|f| confirmed(f) && (long || f.anchor < ANCHORED))
            {
                finding.status = Status::Mentioned;
                finding.why = "has the words, but the answer around them is about something else".to_owned();
            }
        }
        let doubt = DOUBT * self.doubt(&findings, &leans);
        for ((fact, finding), mut lean) in self.facts.iter().zip(&mut findings).zip(leans) {
            if denied && search.denies(lean.right.at) {
                lean.right = Side::default();
            }
            fact.weigh(finding, lean, doubt);
        }
        findings
    }

    /// How the answer leans on each fact. A sentence that makes another point is about that one, and shows
    /// no misconception of this.
    fn leans(&self, search: &Search<'_>, findings: &[Finding]) -> Vec<Lean> {
        let Some(likenesses) = &search.likenesses else {
            return vec![Lean::default(); findings.len()];
        };
        let subject = contrast::subject(likenesses, search.graded());
        let long = |at: &usize| search.text.sentences[*at].tokens.len() >= LEANING_WORDS;
        let makes =
            |other: usize, at: usize| confirmed(&findings[other]) && findings[other].sentences[0] == at;
        let facts = self.facts.iter().zip(findings).enumerate();
        let lean = |(i, (fact, finding)): (usize, (&CompiledFact, &Finding))| {
            let near = match finding.status {
                Status::Missed => contrast::NEAR_UNSEEN,
                _ => contrast::NEAR_TOUCHED,
            };
            let elsewhere = |at: usize| (0..findings.len()).any(|other| other != i && makes(other, at));
            let contrast = fact.contrast.as_ref();
            let mut lean = contrast.map_or_else(Lean::default, |contrast| {
                contrast.lean(likenesses, near, search.graded().filter(long), |at| {
                    !makes(i, at) && elsewhere(at)
                })
            });
            lean.right.degree *= subject;
            lean
        };
        facts.map(lean).collect()
    }

    /// How far the answer as a whole is in doubt, 0 to 1.
    fn doubt(&self, findings: &[Finding], leans: &[Lean]) -> f64 {
        let sum = |side: fn(&Lean) -> f64| -> f64 {
            let weighted = self.facts.iter().zip(leans);
            weighted
                .map(|(fact, lean)| f64::from(fact.fact.weight) * side(lean))
                .sum()
        };
        let (right, wrong) = (sum(|lean| lean.right.degree), sum(|lean| lean.wrong.degree));
        let weights = || self.facts.iter().map(|fact| f64::from(fact.fact.weight));
        let met = weights().zip(findings).filter(|(_, f)| f.status == Status::Met);
        let met = met.map(|(weight, _)| weight).sum::<f64>() / weights().sum::<f64>();
        if wrong > 0.0 {
            ramp(wrong / (right + wrong), TRUSTED_TO, DOUBTED_FROM) * ramp(met, BEYOND_DOUBT, NOT_SPARED)
        } else {
            0.0
        }
    }

    /// Whether each sentence is on the subject of the question, right or wrong; all false without the encoder.
    pub(crate) fn related(&self, search: &Search<'_>) -> Vec<bool> {
        let Some(recalls) = &search.recalls else {
            return vec![false; search.text.sentences.len()];
        };
        let anchors = || self.facts.iter().filter_map(|fact| fact.anchors.as_ref());
        (0..search.text.sentences.len())
            .map(|at| search.kept[at] && anchors().any(|a| a.above_floor(recalls, at) >= RELATED))
            .collect()
    }
}

fn confirmed(finding: &Finding) -> bool {
    matches!(finding.status, Status::Met | Status::Partial)
}

/// Whether the answer is about the question.
fn on_subject(findings: &[Finding], leans: &[Lean]) -> bool {
    // Two facts in one sentence by chance are one chance.
    let anchored: BTreeSet<usize> = findings
        .iter()
        .filter(|f| confirmed(f) && f.anchor >= ANCHORED)
        .map(|f| f.sentences[0])
        .collect();
    let anchored = anchored.len();
    let all = findings.iter().filter(|f| confirmed(f)).count();
    if findings.len() < FEW_FACTS {
        let apart: BTreeSet<usize> = findings
            .iter()
            .filter(|f| confirmed(f))
            .map(|f| f.sentences[0])
            .collect();
        return anchored > 0 || apart.len() == FEW_FACTS - 1;
    }
    let leaning = leans.iter().filter(|lean| lean.right.likely()).count();
    anchored >= ON_SUBJECT || all + anchored.min(1) >= BEYOND_CHANCE || leaning >= LEANING
}

impl CompiledFact {
    /// Turns status and lean into a share of the points, and says so; `doubt` is what a lean to the wrong
    /// side takes from a confirmed fact.
    fn weigh(&self, finding: &mut Finding, lean: Lean, doubt: f64) {
        let Lean { right, wrong } = lean;
        let said = &self.fact.statements;
        let like =
            |side: Side, texts: &[String]| format!("reads like \u{201c}{}\u{201d}", texts[side.statement]);
        if finding.status == Status::Missed && (right.likely() || wrong.likely()) {
            finding.status = Status::Mentioned;
            let side = if right.degree >= wrong.degree {
                right
            } else {
                wrong
            };
            finding.sentences = vec![side.at];
            finding.why = "none of the words that confirm it".to_owned();
            finding.share = UNSEEN_RIGHT * right.degree - UNSEEN_WRONG * wrong.degree;
        } else {
            let base = finding.status.share();
            finding.share = match finding.status {
                Status::Met => base - doubt * wrong.degree * (1.0 - right.degree),
                Status::Partial => base + PARTIAL_LEAN * (right.degree - wrong.degree),
                Status::Mentioned => base + MENTION_RIGHT * right.degree - MENTION_WRONG * wrong.degree,
                _ => base,
            };
        }
        finding.share = finding.share.clamp(Status::Contradicted.share(), 1.0);
        let mentioned = finding.status == Status::Mentioned;
        if mentioned && right.likely() && right.degree >= wrong.degree {
            finding.why += &format!("; {}, which is right", like(right, &said.right));
            if !finding.sentences.contains(&right.at) {
                finding.sentences.push(right.at);
            }
        } else if (mentioned || finding.status == Status::Partial || finding.share < 1.0)
            && wrong.likely()
            && !right.likely()
        {
            let met = finding.status == Status::Met;
            let but = if met { "but a sentence " } else { "" };
            finding.why += &format!("; {but}{}, which is wrong", like(wrong, &said.wrong));
            if !finding.sentences.contains(&wrong.at) {
                finding.sentences.push(wrong.at);
            }
        }
    }
}

impl Search<'_> {
    fn denies(&self, at: usize) -> bool {
        denies(self.text.of(&self.text.sentences[at]))
    }

    /// Whether nearly every sentence denies something.
    fn denies_all(&self) -> bool {
        let all = self.graded().count();
        let denying = self.graded().filter(|at| self.denies(*at)).count();
        all >= TELLING_SENTENCES && denying as f64 >= DENIES_ALL * all as f64
    }
}
