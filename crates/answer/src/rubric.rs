//! A fact rubric, compiled: patterns interned, phrasings encoded, similarity anchored per fact.

use std::ops::Range;

use domain::{AnswerSpec, Fact, Figure, Kind};
use encoder::{Encoded, Encoder};

use crate::GradeError;
use crate::SpecError;
use crate::contrast::Contrast;
use crate::pattern::{Compiler, Pattern, Vocabulary};
use crate::recall::{Phrasings, Recalls, is_word};
use crate::text::Text;

/// A fact whose ceiling lies closer to its floor than this is one that its own exemplars hardly recall;
/// the span is widened so that noise does not decide.
const MIN_SPAN: f32 = 0.15;

/// A whole rubric.
#[derive(Debug)]
pub(crate) struct Rubric {
    pub(crate) kind: Kind,
    pub(crate) facts: Vec<CompiledFact>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) phrasings: Phrasings,
    /// The right and the wrong statements of all facts.
    pub(crate) statements: Phrasings,
}

/// One fact with everything that finds it.
#[derive(Debug)]
pub(crate) struct CompiledFact {
    pub(crate) fact: Fact,
    pub(crate) topic: Vec<Pattern>,
    pub(crate) right: Vec<Pattern>,
    pub(crate) half: Vec<Pattern>,
    pub(crate) wrong: Vec<Pattern>,
    pub(crate) figure: Option<CompiledFigure>,
    pub(crate) members: Vec<Pattern>,
    pub(crate) anchors: Option<Anchors>,
    pub(crate) contrast: Option<Contrast>,
}

/// A figure with its patterns.
#[derive(Debug)]
pub(crate) struct CompiledFigure {
    pub(crate) figure: Figure,
    pub(crate) about: Pattern,
    pub(crate) unit: Pattern,
}

/// Phrasings of a fact, with the recall that means "not this fact" and "surely it".
#[derive(Debug)]
pub(crate) struct Anchors {
    right: Range<usize>,
    floor: f32,
    ceiling: f32,
}

impl Rubric {
    /// Compiles a spec; with an encoder also encodes its phrasings and exemplars (about 0.3 s).
    pub(crate) fn new(spec: &AnswerSpec, encoder: Option<&Encoder>) -> Result<Self, SpecError> {
        let mut compiler = Compiler::new(&spec.lexicon);
        let facts: Result<Vec<_>, _> = spec.facts.iter().map(|f| compile(f, &mut compiler)).collect();
        let (facts, vocabulary) = (facts?, compiler.finish());
        let mut rubric = Self {
            kind: spec.kind,
            facts,
            vocabulary,
            phrasings: Phrasings::default(),
            statements: Phrasings::default(),
        };
        if let Some(encoder) = encoder {
            rubric.anchor(spec, encoder).map_err(SpecError::Encode)?;
            rubric.contrast(encoder).map_err(SpecError::Encode)?;
        }
        Ok(rubric)
    }

    fn anchor(&mut self, spec: &AnswerSpec, encoder: &Encoder) -> Result<(), GradeError> {
        let question: Vec<u32> = encoder.tokens(&spec.question).iter().map(|t| t.id).collect();
        let phrasings = self.facts.iter().map(|f| {
            let claim = std::iter::once(f.fact.claim.as_str());
            f.fact.say.iter().map(String::as_str).chain(claim).collect()
        });
        // Every phrasing is also a window: what another fact's phrasing recalls of this one is its floor.
        let (windows, ranges) = encode_lists(encoder, phrasings.collect())?;
        for encoded in &windows {
            self.phrasings
                .push(encoded, |token| !question.contains(&token.id));
        }
        for (compiled, right) in self.facts.iter_mut().zip(ranges) {
            compiled.anchors = Some(Anchors {
                right,
                floor: 0.0,
                ceiling: 1.0,
            });
        }
        let own = self.phrasings.recalls(encoder, &windows)?;
        let exemplars: Vec<Recalls> = spec
            .exemplars()
            .map(|text| self.phrasings.recalls(encoder, &encode_sentences(encoder, text)?))
            .collect::<Result<_, _>>()?;
        let ranges: Vec<Range<usize>> = self
            .facts
            .iter()
            .filter_map(|f| f.anchors.as_ref())
            .map(|a| a.right.clone())
            .collect();
        for (i, compiled) in self.facts.iter_mut().enumerate() {
            let Some(anchors) = &mut compiled.anchors else {
                continue;
            };
            let others = ranges
                .iter()
                .enumerate()
                .filter(|(j, _)| *j != i)
                .flat_map(|(_, r)| r.clone());
            anchors.bound(
                others.map(|window| own.best(&ranges[i], window)).collect(),
                &exemplars,
            );
        }
        Ok(())
    }

    /// Encodes the statements. Words of the question weigh as any other here: a candidate who repeats them
    /// is as near to the wrong statements as to the right ones.
    fn contrast(&mut self, encoder: &Encoder) -> Result<(), GradeError> {
        let said = self.facts.iter().map(|f| &f.fact.statements);
        let lists = said.flat_map(|s| [&s.right, &s.wrong]);
        let lists = lists.map(|list| list.iter().map(String::as_str).collect());
        let (encoded, ranges) = encode_lists(encoder, lists.collect())?;
        for statement in &encoded {
            self.statements.push(statement, is_word);
        }
        for (compiled, pair) in self.facts.iter_mut().zip(ranges.chunks(2)) {
            if let [right, wrong] = pair
                && !right.is_empty()
                && !wrong.is_empty()
            {
                compiled.contrast = Some(Contrast {
                    right: right.clone(),
                    wrong: wrong.clone(),
                });
            }
        }
        Ok(())
    }
}

/// Encodes lists of texts in one go, which is faster than one by one, and says which range is whose.
pub(crate) fn encode_lists(
    encoder: &Encoder,
    lists: Vec<Vec<&str>>,
) -> Result<(Vec<Encoded>, Vec<Range<usize>>), GradeError> {
    let mut end = 0;
    let ranges = lists.iter().map(|list| {
        let start = end;
        end += list.len();
        start..end
    });
    let ranges = ranges.collect();
    Ok((encoder.encode(&lists.concat())?, ranges))
}

impl Anchors {
    /// Floor: the median recall of this fact in sentences that say another fact of the item. Ceiling: the
    /// median, over full-mark answers, of their best sentence.
    fn bound(&mut self, foreign: Vec<f32>, exemplars: &[Recalls]) {
        let best = |recalls: &Recalls| {
            (0..recalls.windows())
                .map(|w| recalls.best(&self.right, w))
                .fold(0.0, f32::max)
        };
        let ceiling = median(exemplars.iter().map(best).collect()).unwrap_or(0.65);
        self.floor = median(foreign).unwrap_or(0.2);
        self.ceiling = ceiling.max(self.floor + MIN_SPAN);
    }

    /// How surely the window touches the fact: 0 at the floor, 1 at the ceiling.
    pub(crate) fn strength(&self, recalls: &Recalls, window: usize) -> f32 {
        ((recalls.best(&self.right, window) - self.floor) / (self.ceiling - self.floor)).clamp(0.0, 1.0)
    }

    /// How much more of the fact the window recalls than sentences that say another fact of the item.
    pub(crate) fn above_floor(&self, recalls: &Recalls, window: usize) -> f32 {
        recalls.best(&self.right, window) - self.floor
    }
}

/// The sentences of a text, encoded without their fillers.
pub(crate) fn encode_sentences(encoder: &Encoder, raw: &str) -> Result<Vec<Encoded>, GradeError> {
    let text = Text::new(raw);
    encode_analysed(encoder, raw, &text)
}

/// The same for a text that is analysed already.
pub(crate) fn encode_analysed(encoder: &Encoder, raw: &str, text: &Text) -> Result<Vec<Encoded>, GradeError> {
    let plain: Vec<String> = text.sentences.iter().map(|s| text.plain(raw, s)).collect();
    encode_texts(encoder, &plain)
}

/// Texts, encoded as they are.
pub(crate) fn encode_texts(encoder: &Encoder, texts: &[String]) -> Result<Vec<Encoded>, GradeError> {
    let slices: Vec<&str> = texts.iter().map(String::as_str).collect();
    Ok(encoder.encode(&slices)?)
}

fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    let n = values.len();
    (n > 0).then(|| (values[(n - 1) / 2] + values[n / 2]) / 2.0)
}

fn compile(fact: &Fact, compiler: &mut Compiler<'_>) -> Result<CompiledFact, SpecError> {
    let mut list = |field: &str, sources: &[String]| -> Result<Vec<Pattern>, SpecError> {
        let compiled = sources.iter().enumerate().map(|(i, source)| {
            let part = format!("fact/{}/{field}/{i}", fact.id);
            compiler
                .pattern(source)
                .map_err(|error| SpecError::Pattern { part, error })
        });
        compiled.collect()
    };
    let (topic, right) = (list("topic", &fact.topic)?, list("right", &fact.right)?);
    let (half, wrong) = (list("half", &fact.half)?, list("wrong", &fact.wrong)?);
    let members = list("set", fact.set.as_ref().map_or(&[][..], |set| &set.members))?;
    let figure = fact.figure.as_ref().map(|figure| {
        let mut one = |source: &str| Ok(list("figure", &[source.to_owned()])?.remove(0));
        Ok(CompiledFigure {
            figure: figure.clone(),
            about: one(&figure.about)?,
            unit: one(&figure.unit)?,
        })
    });
    let figure = figure.transpose()?;
    Ok(CompiledFact {
        fact: fact.clone(),
        topic,
        right,
        half,
        wrong,
        figure,
        members,
        anchors: None,
        contrast: None,
    })
}
