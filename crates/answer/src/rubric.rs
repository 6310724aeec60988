//! A fact rubric, compiled: patterns interned, phrasings encoded, similarity anchored per fact.

use domain::{AnswerSpec, Fact, Figure, Kind};
use encoder::{Encoded, Encoder};

use crate::GradeError;
use crate::SpecError;
use crate::pattern::{Compiler, Pattern, Vocabulary};
use crate::recall::Phrasing;
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
}

/// A figure with its patterns.
#[derive(Debug)]
pub(crate) struct CompiledFigure {
    pub(crate) figure: Figure,
    pub(crate) about: Pattern,
    pub(crate) unit: Pattern,
}

/// Phrasings of a fact, right and wrong, with the recall that means "not this fact" and "surely it".
#[derive(Debug)]
pub(crate) struct Anchors {
    right: Vec<Phrasing>,
    wrong: Vec<Phrasing>,
    floor: f32,
    ceiling: f32,
}

impl Rubric {
    /// Compiles a spec; with an encoder also encodes its phrasings and exemplars (about 0.3 s).
    pub(crate) fn new(spec: &AnswerSpec, encoder: Option<&Encoder>) -> Result<Self, SpecError> {
        let mut compiler = Compiler::new(&spec.lexicon);
        let facts: Result<Vec<_>, _> = spec.facts.iter().map(|f| compile(f, &mut compiler)).collect();
        let mut rubric = Self {
            kind: spec.kind,
            facts: facts?,
            vocabulary: compiler.finish(),
        };
        if let Some(encoder) = encoder {
            rubric.anchor(spec, encoder).map_err(SpecError::Encode)?;
        }
        Ok(rubric)
    }

    fn anchor(&mut self, spec: &AnswerSpec, encoder: &Encoder) -> Result<(), GradeError> {
        let question: Vec<u32> = encoder.tokens(&spec.question).iter().map(|t| t.id).collect();
        let encode = |texts: &[String]| -> Result<Vec<Phrasing>, GradeError> {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            Ok(encoder
                .encode(&texts)?
                .into_iter()
                .map(|e| Phrasing::new(e, &question))
                .collect())
        };
        for compiled in &mut self.facts {
            let mut texts = compiled.fact.say.clone();
            texts.push(compiled.fact.claim.clone());
            let (right, wrong) = (encode(&texts)?, encode(&compiled.fact.untrue)?);
            compiled.anchors = Some(Anchors {
                right,
                wrong,
                floor: 0.0,
                ceiling: 1.0,
            });
        }
        let exemplars: Vec<Vec<Encoded>> = spec
            .exemplars()
            .map(|text| windows(encoder, text))
            .collect::<Result<_, _>>()?;
        let bounds: Vec<(f32, f32)> = (0..self.facts.len())
            .map(|i| self.bounds(i, &exemplars))
            .collect();
        for (compiled, (floor, ceiling)) in self.facts.iter_mut().zip(bounds) {
            if let Some(anchors) = &mut compiled.anchors {
                (anchors.floor, anchors.ceiling) = (floor, ceiling);
            }
        }
        Ok(())
    }

    /// Floor: the median recall of this fact in sentences that say another fact of the item. Ceiling: the
    /// median, over full-mark answers, of their best sentence.
    fn bounds(&self, i: usize, exemplars: &[Vec<Encoded>]) -> (f32, f32) {
        let Some(anchors) = &self.facts[i].anchors else {
            return (0.0, 1.0);
        };
        let others = self
            .facts
            .iter()
            .enumerate()
            .filter(|(j, _)| *j != i)
            .filter_map(|(_, f)| f.anchors.as_ref());
        let foreign = others.flat_map(|other| other.right.iter().map(|p| anchors.best(p.encoded())));
        let floor = median(foreign.collect()).unwrap_or(0.2);
        let best = |windows: &Vec<Encoded>| windows.iter().map(|w| anchors.best(w)).fold(0.0, f32::max);
        let ceiling = median(exemplars.iter().map(best).collect()).unwrap_or(0.65);
        (floor, ceiling.max(floor + MIN_SPAN))
    }
}

impl Anchors {
    /// Best recall of any right phrasing in a window.
    fn best(&self, window: &Encoded) -> f32 {
        self.right
            .iter()
            .map(|p| p.recalled_in(window))
            .fold(0.0, f32::max)
    }

    /// How surely the window touches the fact: 0 at the floor, 1 at the ceiling.
    pub(crate) fn strength(&self, window: &Encoded) -> f32 {
        ((self.best(window) - self.floor) / (self.ceiling - self.floor)).clamp(0.0, 1.0)
    }

    /// Whether the window says the misconception rather than the fact: recall of it above 0.60 and 0.30
    /// above the fact's own (the only margin that did not flag right answers in the trial).
    pub(crate) fn leans_wrong(&self, window: &Encoded) -> bool {
        let wrong = self
            .wrong
            .iter()
            .map(|p| p.recalled_in(window))
            .fold(0.0, f32::max);
        wrong > 0.60 && wrong - self.best(window) > 0.30
    }
}

/// The sentences of a text, encoded.
pub(crate) fn windows(encoder: &Encoder, text: &str) -> Result<Vec<Encoded>, GradeError> {
    let sentences = Text::new(text).sentences;
    let slices: Vec<&str> = sentences.iter().map(|s| &text[s.bytes.clone()]).collect();
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
    })
}
