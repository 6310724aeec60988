//! A tailored set: reads what a job says, ranks the bank by it, and chooses within the minutes.
//!
//! Words come first, since each reason quotes them: terms of the field are found in the posting, weighed by
//! the section and the sentence they stand in, and lead to items ([`Terms`]). What the posting leaves open is
//! filled by what loops of the level and the role ask ([`Roles`]). Similarity of meaning may add an item where
//! no word did ([`Likeness`]). Same inputs, seed and bank, same bytes.

mod choose;
mod find;
mod lint;
mod posting;
mod rank;
mod roles;
mod says;
mod terms;
mod words;

use domain::{
    Because, DocumentError, DocumentId, Item, ItemId, Mark, SET_FORMAT, SetEntry, SetInputs, TailoredSet,
};

pub use lint::{Fault, lint};
pub use roles::{LevelProfile, Role, Roles, Theme};
pub use terms::{FileError, Term, TermKind, Terms};

use find::Found;
use rank::{Ranked, Scales};
use roles::LevelProfile as Profile;

/// Similarity below which a sentence of a posting and a question have nothing to do with each other, as a
/// cosine. Set well above what unrelated sentences of one field reach.
pub const LEAST_SIMILARITY: f64 = 0.5;

/// A sentence of the description that means something close to an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// The item.
    pub item: ItemId,
    /// The sentence.
    pub mark: Mark,
    /// Cosine of both, at least [`LEAST_SIMILARITY`].
    pub similarity: f64,
}

impl Likeness {
    /// How far it is above the floor, from 0 to 1.
    fn excess(&self) -> f64 {
        ((self.similarity - LEAST_SIMILARITY) / (1.0 - LEAST_SIMILARITY)).clamp(0.0, 1.0)
    }
}

/// The sentences of a description that ask for something: what is worth comparing by meaning.
pub fn sentences(inputs: &SetInputs, terms: &Terms) -> Vec<Mark> {
    let text = &inputs.description;
    let mark = |sentence: posting::Sentence| {
        let (first, last) = (sentence.words.first()?, sentence.words.last()?);
        Some(Mark {
            source: domain::Source::Description,
            start: first.start,
            end: last.end,
            text: text[first.start..last.end].to_owned(),
        })
    };
    let asks = |sentence: &posting::Sentence| {
        sentence.because.is_some_and(|because| because <= Because::Wished)
            && sentence.words.len() >= LEAST_WORDS
    };
    posting::read(text, terms)
        .into_iter()
        .filter(asks)
        .filter_map(mark)
        .collect()
}

/// Words below which a sentence has no meaning to compare.
const LEAST_WORDS: usize = 5;

/// Makes a set for `inputs` from `items`.
///
/// # Errors
/// The inputs break a limit, or name a role that has no profile.
pub fn tailor(
    items: &[&Item],
    terms: &Terms,
    roles: &Roles,
    inputs: SetInputs,
    job: Option<DocumentId>,
    seed: u64,
    likenesses: &[Likeness],
) -> Result<TailoredSet, DocumentError> {
    inputs.check()?;
    let Some(role) = roles.role(&inputs.role) else {
        let known: Vec<&str> = roles.all().iter().map(|role| role.id.as_str()).collect();
        let rule = format!("must be one of {}, or a role of a pack", known.join(", "));
        return Err(DocumentError::new("role", rule));
    };
    let scales = Scales {
        terms,
        roles,
        role,
        level: inputs.level,
        seed,
    };
    let mut found = find::find(&inputs, terms);
    if says::is_of_another_field(&found) {
        // Patients and colleagues are in every nurse's posting, too.
        found.wanted.clear();
    }
    let ranked = rank::rank(items, &found, likenesses, &scales);
    let chosen = choose::choose(&ranked, &found, inputs.minutes, &scales);
    let mut entries: Vec<(f64, SetEntry)> = chosen
        .iter()
        .map(|at| entry(&ranked[*at], &found, &inputs, &scales))
        .collect();
    entries.sort_by(|(a, x), (b, y)| {
        y.weight
            .cmp(&x.weight)
            .then(b.total_cmp(a))
            .then(x.item.cmp(&y.item))
    });
    let remarks = says::remarks(&ranked, &chosen, &found, &inputs);
    Ok(TailoredSet {
        format: SET_FORMAT,
        job,
        digest: digest(&inputs),
        seed,
        claims: says::claims(&found),
        gaps: says::gaps(&found, &inputs),
        remarks,
        entries: entries.into_iter().map(|(_, entry)| entry).collect(),
        inputs,
    })
}

fn entry(it: &Ranked<'_>, found: &Found<'_>, inputs: &SetInputs, scales: &Scales<'_>) -> (f64, SetEntry) {
    let profile = scales.roles.level(inputs.level);
    let none = vec![0.0; found.wanted.len()];
    let entry = SetEntry {
        item: it.item.id.clone(),
        variant: variant(it.item, inputs, scales.seed),
        minutes: it.minutes,
        weight: weight(it, found, &profile),
        reasons: says::reasons(it, found, scales),
    };
    (it.worth(&found.wanted, &none), entry)
}

/// 3 for what is demanded and asked about outright, 2 for what is named, or asked at the level anyway. What the
/// posting names outright weighs one more where it is also what decides at the level: a question of its core, or
/// one that two terms lead to. A word that nearly every
/// posting has makes nothing decisive.
fn weight(it: &Ranked<'_>, found: &Found<'_>, profile: &Profile) -> u32 {
    let outright = |(at, strength): &&(usize, u32)| {
        let wanted = &found.wanted[*at];
        *strength == 3 && !wanted.term.usual && wanted.because <= Because::Named
    };
    let expected = it.core || it.terms.iter().filter(outright).count() > 1;
    let decisive = expected && profile.decisive.contains(&it.theme);
    let asked = |(at, strength): &(usize, u32)| {
        let wanted = &found.wanted[*at];
        match (wanted.because, *strength) {
            (Because::Required, 3) if !wanted.term.usual => 3,
            (Because::Named, 3) if decisive && !wanted.term.usual => 3,
            (Because::Required | Because::Named, 2..) => 2,
            _ => 1,
        }
    };
    let asked = it.terms.iter().map(asked).max().unwrap_or(1);
    asked.max(if it.core { 2 } else { 1 })
}

/// The variant whose own words the job uses most; among equals the seed decides.
fn variant(item: &Item, inputs: &SetInputs, seed: u64) -> u32 {
    let told = |text: &str| words::words(text).into_iter().map(|word| word.lower);
    let used: std::collections::BTreeSet<String> = told(&inputs.description)
        .chain(told(&inputs.company_notes))
        .chain(told(&inputs.title))
        .collect();
    // Short words are grammar and units.
    let fits = |title: &str| {
        told(title)
            .filter(|word| word.len() > 3 && used.contains(word))
            .count()
    };
    let most = item.variants.iter().map(|variant| fits(&variant.title)).max();
    let best: Vec<u32> = item
        .variants
        .iter()
        .filter(|variant| Some(fits(&variant.title)) == most)
        .map(|variant| variant.number)
        .collect();
    let n = u64::try_from(best.len()).unwrap_or(u64::MAX).max(1);
    let at = rank::mixed(seed, &format!("{}/variant", item.id)) % n;
    usize::try_from(at)
        .ok()
        .and_then(|at| best.get(at))
        .copied()
        .unwrap_or(0)
}

/// `b3:` and half of BLAKE3 over the inputs, each behind its length so that none runs into the next.
fn digest(inputs: &SetInputs) -> String {
    let mut hasher = blake3::Hasher::new();
    let minutes = inputs.minutes.to_string();
    for part in [
        inputs.title.as_str(),
        &inputs.role,
        inputs.level.as_str(),
        &inputs.company,
        &inputs.company_notes,
        &inputs.description,
        &inputs.cv,
        &minutes,
    ] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    format!("b3:{}", &hasher.finalize().to_hex()[..32])
}
