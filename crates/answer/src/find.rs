//! Which facts an answer makes: met, partial, mentioned, missed or contradicted, each with its sentence.

use std::collections::BTreeSet;

use domain::{Kind, Status};

use crate::contrast::{self, Lean, Side};
use crate::pattern::{Match, Pattern, Read};
use crate::recall::Recalls;
use crate::rubric::{CompiledFact, CompiledFigure, Rubric};
use crate::text::{Text, denies, dismisses, plans, warns};

/// Similarity from which a sentence counts as touching a fact, between its floor (0) and ceiling (1).
const MENTION_STRENGTH: f32 = 0.7;

/// Similarity from which a confirmed sentence is surely about its fact, and how many of those show that
/// the answer is about the question at all. Measured on samples of other questions: 52 % of the forms that
/// fit by chance lie below, and 14 % of right ones, which nearly always stand beside two that do not.
const ANCHORED: f32 = 0.2;
const ON_SUBJECT: usize = 2;

/// So many confirmations do not fit by chance, however far in meaning their sentences are: plain speech and
/// other trades. Of 2,070 samples of other questions 39 have as many; with one anchored, three suffice.
const BEYOND_CHANCE: usize = 4;

/// Recall above a fact's floor from which a sentence is on the subject of the question. It holds 51 % of the
/// words of strong answers in plain speech, 80 % of other strong ones, 18 % of empty ones.
const RELATED: f32 = 0.1;

/// Sentences from which an answer to the question would make more than one of its points.
const LONG_SENTENCES: usize = 7;

/// Similarity below which a topic pattern alone mentions nothing, with the encoder: its nouns were used
/// for something else.
const TOPIC_STRENGTH: f32 = 0.2;

/// Similarity from which a sentence on the fact's topic counts as on point.
const ON_TOPIC_STRENGTH: f32 = 0.45;

/// Share of denying sentences from which an answer says nothing one way or the other, and the sentences it
/// takes to tell. Of 547 answers by four writers half deny in under a quarter of their sentences, none in
/// more than two thirds.
const DENIES_ALL: f64 = 0.75;
const TELLING_SENTENCES: usize = 4;

/// So many facts that the answer leans right on do not come about by chance either.
const LEANING: usize = 3;

/// What a lean moves of a fact's points, as shares: a confirmed fact while another sentence leans wrong, a
/// partial one, a mention, and what no pattern saw at all. From the same fit as the constants of
/// [`crate::contrast`].
const DOUBT: f64 = 0.4;
const PARTIAL_LEAN: f64 = 0.3;
const MENTION_RIGHT: f64 = 0.65;
const MENTION_WRONG: f64 = 0.75;
const UNSEEN_RIGHT: f64 = 0.7;
const UNSEEN_WRONG: f64 = 0.2;

/// What was found of one fact.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) status: Status,
    /// Of its points: what the status earns, moved by how the answer leans.
    pub(crate) share: f64,
    /// Sentences it rests on, best first.
    pub(crate) sentences: Vec<usize>,
    pub(crate) why: String,
    /// All sentences that touch it, in order, whatever the status.
    pub(crate) touched: Vec<usize>,
    /// Similarity of the sentence it rests on, between floor (0) and ceiling (1); 1 without the encoder.
    anchor: f32,
    lean: Lean,
}

/// An answer ready to be searched.
pub(crate) struct Search<'a> {
    pub(crate) text: &'a Text,
    pub(crate) read: Read,
    pub(crate) kept: &'a [bool],
    /// What the sentences recall of the rubric's phrasings, with the encoder.
    pub(crate) recalls: Option<Recalls>,
    /// How like they are to the statements of its facts, with the encoder.
    pub(crate) likenesses: Option<Recalls>,
}

impl Rubric {
    /// Searches every fact. In an answer to something else a form may fit by chance, so in an answer that
    /// hardly says anything close to this rubric, confirmations far from it in meaning are mentions.
    pub(crate) fn find(&self, search: &Search<'_>) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self
            .facts
            .iter()
            .map(|fact| fact.find(search, self.kind))
            .collect();
        let confirmed = |f: &Finding| matches!(f.status, Status::Met | Status::Partial);
        let denied = search.denies_all();
        for finding in findings
            .iter_mut()
            .filter(|f| confirmed(f) && denied && search.denies(f.sentences[0]))
        {
            finding.status = Status::Mentioned;
            finding.why = "nearly every sentence denies something, so which way this is meant cannot be told"
                .to_owned();
        }
        // Two facts in one sentence by chance are one chance.
        let anchored: BTreeSet<usize> = findings
            .iter()
            .filter(|f| confirmed(f) && f.anchor >= ANCHORED)
            .map(|f| f.sentences[0])
            .collect();
        let anchored = anchored.len();
        let all = findings.iter().filter(|f| confirmed(f)).count();
        let subject = search.subject();
        for finding in &mut findings {
            finding.lean.right.degree *= subject;
        }
        let leaning = findings.iter().filter(|f| f.lean.right.likely()).count();
        let on_subject =
            anchored >= ON_SUBJECT || all + anchored.min(1) >= BEYOND_CHANCE || leaning >= LEANING;
        if !on_subject {
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
        for (fact, finding) in self.facts.iter().zip(&mut findings) {
            if denied && search.denies(finding.lean.right.at) {
                finding.lean.right = Side::default();
            }
            fact.weigh(finding);
        }
        findings
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

impl CompiledFact {
    /// Whether a sentence of the text confirms the fact.
    pub(crate) fn confirms(&self, search: &Search<'_>) -> bool {
        let set = || self.set(search).is_some();
        !self.confirmed(search, Kind::Technical).0.is_empty() || set()
    }

    /// The status of the fact in a text of its own.
    pub(crate) fn status(&self, search: &Search<'_>, kind: Kind) -> Status {
        self.find(search, kind).status
    }

    fn find(&self, search: &Search<'_>, kind: Kind) -> Finding {
        let strengths = search.strengths(self);
        let (confirmed, disputed) = self.confirmed(search, kind);
        let touched = self.touched(search, &strengths, &confirmed);
        let wrong = self.contradicted(search, &confirmed, &disputed);
        let strength = |at: usize| strengths.iter().find(|(i, _)| *i == at).map_or(1.0, |(_, s)| *s);
        let finding = |status, sentences: Vec<usize>, why: String| Finding {
            anchor: sentences.iter().map(|at| strength(*at)).fold(0.0, f32::max),
            share: 0.0,
            lean: search.lean(self, status),
            status,
            sentences,
            why,
            touched,
        };
        if let Some((at, why)) = wrong {
            return finding(Status::Contradicted, vec![at], why);
        }
        if let (Some(best), Some(at)) = (confirmed.first(), self.denied(search, &disputed)) {
            let why = format!("{}, but another sentence says the opposite", best.why);
            return finding(Status::Partial, vec![best.at, at], why);
        }
        let off = self.figure.as_ref().and_then(|f| f.disagrees(search));
        if let (Some(best), Some((at, why))) = (confirmed.first(), off) {
            return finding(
                Status::Partial,
                vec![best.at, at],
                format!("{}, but {why}", best.why),
            );
        }
        if let Some(best) = confirmed.iter().find(|c| !c.planned) {
            return finding(Status::Met, vec![best.at], best.why.clone());
        }
        if let Some((status, sentences, why)) = self.set(search) {
            return finding(status, sentences, why);
        }
        if let Some(best) = confirmed.first() {
            return finding(
                Status::Partial,
                vec![best.at],
                format!("{}, but only as a plan or wish", best.why),
            );
        }
        let half = |at: usize| {
            let found = self
                .half
                .iter()
                .find_map(|p| p.find(search.text, &search.read, at))?;
            self.asserted_wrong(search, at).is_none().then_some((at, found))
        };
        if let Some((at, found)) = search.graded().find_map(half) {
            let why = format!("{}: right as far as it goes", search.quote(&found));
            return finding(Status::Partial, vec![at], why);
        }
        match self.mentioned(search, &strengths, &disputed) {
            Some((at, why)) => finding(Status::Mentioned, vec![at], why),
            None => finding(Status::Missed, Vec::new(), "not found in the answer".to_owned()),
        }
    }

    /// Turns status and lean into a share of the points, and says so.
    fn weigh(&self, finding: &mut Finding) {
        let Lean { right, wrong } = finding.lean;
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
                Status::Met => base - DOUBT * wrong.degree * (1.0 - right.degree),
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
        } else if matches!(finding.status, Status::Mentioned | Status::Partial | Status::Met)
            && wrong.likely()
            && !right.likely()
        {
            finding.why += &format!("; {}, which is wrong", like(wrong, &said.wrong));
            if !finding.sentences.contains(&wrong.at) {
                finding.sentences.push(wrong.at);
            }
        }
    }

    /// Sentences that only fit the right direction; and those that say both directions at once.
    fn confirmed(&self, search: &Search<'_>, kind: Kind) -> (Vec<Confirmation>, Vec<usize>) {
        let story = kind == Kind::Behavioural;
        let (mut confirmed, mut disputed) = (Vec::new(), Vec::new());
        for at in search.graded() {
            let tokens = search.text.of(&search.text.sentences[at]);
            let base = search.text.sentences[at].tokens.start;
            let right = || {
                self.right
                    .iter()
                    .filter_map(|p| p.find(search.text, &search.read, at))
            };
            let figure = || self.figure.as_ref().and_then(|f| f.agrees(search, at));
            let Some(first) = right().next().or_else(figure) else {
                continue;
            };
            // A form that takes the dismissing word in ("no new version is needed") is not dismissed by it.
            let dismissal = dismisses(tokens);
            let stands = |found: &Match| {
                let within = |i: usize| found.tokens.contains(&(base + i));
                dismissal
                    .as_ref()
                    .is_none_or(|d| within(d.at) || !d.clause.clone().any(within))
            };
            let found = if stands(&first) {
                Some(first)
            } else {
                right().find(stands)
            };
            let Some(found) = found.filter(|_| !search.any(&self.wrong, at)) else {
                disputed.push(at);
                continue;
            };
            let within = |i: usize| found.tokens.contains(&(base + i));
            let planned = plans(tokens, story).is_some_and(|i| !within(i));
            let why = format!("{}: it can only be meant right", search.quote(&found));
            confirmed.push(Confirmation { at, why, planned });
        }
        (confirmed, disputed)
    }

    fn touched(
        &self,
        search: &Search<'_>,
        strengths: &[(usize, f32)],
        confirmed: &[Confirmation],
    ) -> Vec<usize> {
        let strength = |at: usize| strengths.iter().find(|(i, _)| *i == at).map_or(1.0, |(_, s)| *s);
        let similar = |at: usize| !strengths.is_empty() && strength(at) >= MENTION_STRENGTH;
        let on_topic = |at: usize| search.any(&self.topic, at) && strength(at) >= ON_TOPIC_STRENGTH;
        let says = |at: usize| confirmed.iter().any(|c| c.at == at);
        search
            .graded()
            .filter(|at| says(*at) || similar(*at) || on_topic(*at))
            .collect()
    }

    /// A sentence that asserts the wrong direction, or states a wrong figure.
    fn contradicted(
        &self,
        search: &Search<'_>,
        confirmed: &[Confirmation],
        disputed: &[usize],
    ) -> Option<(usize, String)> {
        for at in search.graded().filter(|at| !disputed.contains(at)) {
            if let Some(found) = self.asserted_wrong(search, at) {
                return Some((
                    at,
                    format!("{}: that is the wrong direction", search.quote(&found)),
                ));
            }
        }
        if !confirmed.is_empty() {
            return None;
        }
        self.figure.as_ref().and_then(|f| f.disagrees(search))
    }

    /// The first of the disputed sentences that asserts the wrong direction.
    fn denied(&self, search: &Search<'_>, disputed: &[usize]) -> Option<usize> {
        disputed
            .iter()
            .copied()
            .find(|at| self.asserted_wrong(search, *at).is_some())
    }

    /// A `wrong` pattern in a sentence that does not warn of it, unless the warning is what it matches.
    pub(crate) fn asserted_wrong(&self, search: &Search<'_>, at: usize) -> Option<Match> {
        let sentence = &search.text.sentences[at];
        let tokens = search.text.of(sentence);
        let warning = warns(tokens).map(|i| sentence.tokens.start + i);
        // "Otherwise" warns of what follows it; what stands before is asserted.
        let asserts_before = |i: usize| search.text.tokens[i].stem == "otherwis";
        let mut found = self
            .wrong
            .iter()
            .filter_map(|p| p.find(search.text, &search.read, at));
        found.find(|found| {
            warning.is_none_or(|i| {
                found.tokens.contains(&i) || asserts_before(i) && found.tokens.iter().all(|t| *t < i)
            })
        })
    }

    fn mentioned(
        &self,
        search: &Search<'_>,
        strengths: &[(usize, f32)],
        disputed: &[usize],
    ) -> Option<(usize, String)> {
        if let Some(at) = disputed.first() {
            return Some((*at, "named, but in a sentence that turns it away".to_owned()));
        }
        let strength = |at: usize| strengths.iter().find(|(i, _)| *i == at).map_or(1.0, |(_, s)| *s);
        let topics = search.graded().filter_map(|at| {
            let found = self
                .topic
                .iter()
                .find_map(|p| p.find(search.text, &search.read, at))?;
            (strength(at) >= TOPIC_STRENGTH).then_some((at, found))
        });
        let best = topics.max_by(|(a, _), (b, _)| strength(*a).total_cmp(&strength(*b)).then(b.cmp(a)));
        if let Some((at, found)) = best {
            return Some((
                at,
                format!("{}: touches it, does not show which way", search.quote(&found)),
            ));
        }
        let closest = strengths
            .iter()
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        (closest.1 >= MENTION_STRENGTH).then(|| {
            (
                closest.0,
                "close to it in meaning, with none of the words that confirm it".to_owned(),
            )
        })
    }

    fn set(&self, search: &Search<'_>) -> Option<(Status, Vec<usize>, String)> {
        let need = self.fact.set.as_ref()?.need;
        let mut sentences: Vec<usize> = self.members.iter().filter_map(|m| search.first_of(m)).collect();
        let count = sentences.len();
        sentences.sort_unstable();
        sentences.dedup();
        let status = match count {
            n if n >= need => Status::Met,
            n if n > 0 && 2 * n >= need => Status::Partial,
            _ => return None,
        };
        Some((
            status,
            sentences,
            format!("names {count} of the {need} asked for"),
        ))
    }
}

/// A sentence that confirms a fact.
struct Confirmation {
    at: usize,
    why: String,
    planned: bool,
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

    fn graded(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.text.sentences.len()).filter(|at| self.kept[*at])
    }

    fn any(&self, patterns: &[Pattern], at: usize) -> bool {
        patterns
            .iter()
            .any(|p| p.find(self.text, &self.read, at).is_some())
    }

    fn first_of(&self, pattern: &Pattern) -> Option<usize> {
        self.graded()
            .find(|at| pattern.find(self.text, &self.read, *at).is_some())
    }

    fn strengths(&self, fact: &CompiledFact) -> Vec<(usize, f32)> {
        match (&fact.anchors, &self.recalls) {
            (Some(anchors), Some(recalls)) => self
                .graded()
                .map(|at| (at, anchors.strength(recalls, at)))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn lean(&self, fact: &CompiledFact, status: Status) -> Lean {
        let near = match status {
            Status::Missed => contrast::NEAR_UNSEEN,
            _ => contrast::NEAR_TOUCHED,
        };
        match (&fact.contrast, &self.likenesses) {
            (Some(contrast), Some(likenesses)) => contrast.lean(likenesses, near, self.graded()),
            _ => Lean::default(),
        }
    }

    /// How far the answer is about the question, 0 to 1; 0 without the encoder or statements.
    fn subject(&self) -> f64 {
        let likenesses = self.likenesses.as_ref();
        likenesses.map_or(0.0, |likenesses| contrast::subject(likenesses, self.graded()))
    }

    /// The matched words, for the reader: `says "redis ... shared"`.
    pub(crate) fn quote(&self, found: &Match) -> String {
        let mut words = String::new();
        let mut last: Option<usize> = None;
        for i in &found.tokens {
            let norm = &self.text.tokens[*i].norm;
            match last {
                Some(j) if *i == j + 1 => words.push(' '),
                Some(_) => words.push_str(" … "),
                None => {}
            }
            words.push_str(norm);
            last = Some(*i);
        }
        format!("says \u{201c}{words}\u{201d}")
    }
}

impl CompiledFigure {
    /// A number with the unit, within the tolerance of an accepted value.
    fn agrees(&self, search: &Search<'_>, at: usize) -> Option<Match> {
        let tokens = self
            .figures(search, at)
            .into_iter()
            .find(|(_, value)| self.accepts(*value))?
            .0;
        Some(Match { tokens })
    }

    /// A number with the unit, in a sentence on the subject, that no accepted value explains, when no
    /// sentence of the answer states an accepted one.
    fn disagrees(&self, search: &Search<'_>) -> Option<(usize, String)> {
        if search.graded().any(|at| self.agrees(search, at).is_some()) {
            return None;
        }
        search.graded().find_map(|at| {
            self.about.find(search.text, &search.read, at)?;
            let stated = self.figures(search, at).first()?.1;
            let derivation = &self.figure.derivation;
            Some((
                at,
                format!("states {stated}, which does not follow: {derivation}"),
            ))
        })
    }

    fn accepts(&self, value: f64) -> bool {
        self.figure
            .values
            .iter()
            .any(|want| (value - want).abs() <= self.figure.tolerance * want.abs())
    }

    /// Numbers of a sentence that the unit follows within three words.
    fn figures(&self, search: &Search<'_>, at: usize) -> Vec<(Vec<usize>, f64)> {
        let range = search.text.sentences[at].tokens.clone();
        let units = self.unit.find_all(search.text, &search.read, at);
        // "Not about 1,160 a second" states nothing.
        let number = |i: usize| {
            let token = &search.text.tokens[i];
            token.value.filter(|_| !token.negated).map(|value| (i, value))
        };
        let near = |i: usize| units.iter().find(|unit| (i + 1..=i + 4).contains(&unit.start));
        range
            .filter_map(number)
            .filter_map(|(i, value)| near(i).map(|_| (vec![i], value)))
            .collect()
    }
}
