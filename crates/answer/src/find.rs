//! Which facts an answer makes: met, partial, mentioned, missed or contradicted, each with its sentence.

use domain::{Kind, Status};

use crate::pattern::{Match, Pattern, Read};
use crate::recall::Recalls;
use crate::rubric::{CompiledFact, CompiledFigure};
use crate::text::{Text, dismisses, plans, warns};

/// Similarity from which a sentence counts as touching a fact, between its floor (0) and ceiling (1).
const MENTION_STRENGTH: f32 = 0.7;

/// Similarity below which a topic pattern alone mentions nothing, with the encoder: its nouns were used
/// for something else.
const TOPIC_STRENGTH: f32 = 0.2;

/// Similarity from which a sentence on the fact's topic counts as on point.
const ON_TOPIC_STRENGTH: f32 = 0.45;

/// What was found of one fact.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) status: Status,
    /// Of its points: what the status earns, moved by how the answer leans. Nothing until the answer was read
    /// as a whole.
    pub(crate) share: f64,
    /// Sentences it rests on, best first.
    pub(crate) sentences: Vec<usize>,
    pub(crate) why: String,
    /// All sentences that touch it, in order, whatever the status.
    pub(crate) touched: Vec<usize>,
    /// Similarity of the sentence it rests on, between floor (0) and ceiling (1); 1 without the encoder.
    pub(crate) anchor: f32,
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

    pub(crate) fn find(&self, search: &Search<'_>, kind: Kind) -> Finding {
        let strengths = search.strengths(self);
        let (confirmed, disputed) = self.confirmed(search, kind);
        let touched = self.touched(search, &strengths, &confirmed);
        let wrong = self.contradicted(search, &confirmed, &disputed);
        let strength = |at: usize| strengths.iter().find(|(i, _)| *i == at).map_or(1.0, |(_, s)| *s);
        let finding = |status, sentences: Vec<usize>, why: String| Finding {
            anchor: sentences.iter().map(|at| strength(*at)).fold(0.0, f32::max),
            share: 0.0,
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
    pub(crate) fn graded(&self) -> impl Iterator<Item = usize> + '_ {
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
