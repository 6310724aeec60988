//! Which sentences of a posting mean something close to which question, by the encoder.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{Item, ItemId, SetInputs};
use encoder::{DIMENSIONS, Encoder};
use prepare::set::{LEAST_SIMILARITY, Likeness, sentences};

use crate::Practice;

/// Most sentences that are compared; a long posting has some sixty.
const MOST_SENTENCES: usize = 120;

/// The vector of each question.
type Vectors = Vec<(ItemId, Vec<f32>)>;

/// The vectors of the bank, made when first needed.
pub(crate) type Questions = Mutex<Option<Arc<Vectors>>>;

/// The closest question of each sentence, where they are close enough; empty without an encoder, or when it
/// fails: the words choose then.
pub(crate) fn of(practice: &Practice, inputs: &SetInputs, items: &[&Item]) -> Vec<Likeness> {
    let Some(encoder) = practice.0.graders.encoder() else {
        return Vec::new();
    };
    compared(practice, encoder, inputs, items).unwrap_or_else(|error| {
        tracing::warn!(%error, "a posting is not compared by meaning");
        Vec::new()
    })
}

fn compared(
    practice: &Practice,
    encoder: &Encoder,
    inputs: &SetInputs,
    items: &[&Item],
) -> Result<Vec<Likeness>, encoder::EncodeError> {
    let mut marks = sentences(inputs, &practice.0.terms);
    marks.truncate(MOST_SENTENCES);
    if marks.is_empty() {
        return Ok(Vec::new());
    }
    let questions = questions(practice, encoder, items)?;
    let texts: Vec<&str> = marks.iter().map(|mark| mark.text.as_str()).collect();
    let vectors = vectors(encoder, &texts)?;
    let mut likenesses = Vec::new();
    for (mark, vector) in marks.iter().zip(&vectors) {
        let closest = questions
            .iter()
            .map(|(item, question)| (item, dot(vector, question)))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((item, similarity)) = closest.filter(|(_, s)| *s >= LEAST_SIMILARITY) {
            likenesses.push(Likeness {
                item: item.clone(),
                mark: mark.clone(),
                similarity,
            });
        }
    }
    Ok(likenesses)
}

fn questions(
    practice: &Practice,
    encoder: &Encoder,
    items: &[&Item],
) -> Result<Arc<Vectors>, encoder::EncodeError> {
    let mut kept = practice
        .0
        .questions
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(questions) = &*kept {
        return Ok(Arc::clone(questions));
    }
    let texts: Vec<&str> = items
        .iter()
        .map(|item| item.answer().map_or("", |spec| spec.question.as_str()))
        .collect();
    let ids = items.iter().map(|item| item.id.clone());
    let questions = Arc::new(ids.zip(vectors(encoder, &texts)?).collect::<Vec<_>>());
    *kept = Some(Arc::clone(&questions));
    Ok(questions)
}

/// The mean of each text's token vectors, of unit length; zeros for a text without words.
fn vectors(encoder: &Encoder, texts: &[&str]) -> Result<Vec<Vec<f32>>, encoder::EncodeError> {
    let mean = |encoded: encoder::Encoded| {
        let mut sum = vec![0.0_f32; DIMENSIONS];
        for row in encoded.vectors().chunks_exact(DIMENSIONS) {
            for (of, value) in sum.iter_mut().zip(row) {
                *of += value;
            }
        }
        let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
        if length > 0.0 {
            sum.iter_mut().for_each(|value| *value /= length);
        }
        sum
    };
    Ok(encoder.encode(texts)?.into_iter().map(mean).collect())
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
}
