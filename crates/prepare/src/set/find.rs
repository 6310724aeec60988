//! Terms found in the texts of a job, each with its words and what naming it there is worth.

use domain::{Because, Mark, SetInputs, Source};

use super::posting::{self, Sentence};
use super::terms::{Term, TermKind, Terms};
use super::words::{self, Word};

/// How many words before a term a denial may stand: "we do not use any of the big Kafka tools".
const DENIAL_WORDS: usize = 6;

/// Words that may follow a word in exact spelling at the start of a sentence. Any other makes it the ordinary
/// word: "Go beyond what is asked", "Spark your curiosity".
const FOLLOWERS: [&str; 21] = [
    "and",
    "or",
    "is",
    "experience",
    "developer",
    "developers",
    "engineer",
    "engineers",
    "programming",
    "programmer",
    "services",
    "service",
    "backend",
    "code",
    "codebase",
    "language",
    "ecosystem",
    "modules",
    "microservices",
    "api",
    "apis",
];

/// A term where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Index of the term.
    pub(crate) term: usize,
    /// What naming it there is worth.
    pub(crate) because: Because,
    /// The words.
    pub(crate) mark: Mark,
}

/// What a term is worth to this job: all its hits.
#[derive(Debug, Clone)]
pub(crate) struct Wanted<'a> {
    /// The term.
    pub(crate) term: &'a Term,
    /// The strongest of its hits.
    pub(crate) because: Because,
    /// From 1, wished for once, to some 4, demanded again and again; half of it for what is usual.
    pub(crate) worth: f64,
    /// One for each spelling, strongest first.
    pub(crate) marks: Vec<Mark>,
}

/// What the texts of a job say.
#[derive(Debug, Clone)]
pub(crate) struct Found<'a> {
    /// Terms that the job wants, in the order of the terms.
    pub(crate) wanted: Vec<Wanted<'a>>,
    /// Terms that the CV claims.
    pub(crate) claimed: Vec<(&'a Term, Vec<Mark>)>,
    /// Whether the job is remote.
    pub(crate) remote: bool,
    /// How many of the terms tell this field from others.
    pub(crate) of_the_field: usize,
    /// Words of the description.
    pub(crate) length: usize,
    /// Whether the description is English, as far as its words tell.
    pub(crate) english: bool,
}

/// Left of the worth of a term that nearly every posting has.
const USUAL: f64 = 0.5;

/// Marks of one term that are worth showing.
const MOST_MARKS: usize = 3;

/// Finds all terms in the texts of a job.
pub(crate) fn find<'a>(inputs: &SetInputs, terms: &'a Terms) -> Found<'a> {
    let description = posting::read(&inputs.description, terms);
    let title = posting::plain(&inputs.title, Because::Named);
    let notes = posting::plain(&inputs.company_notes, Because::Company);
    let cv = posting::plain(&inputs.cv, Because::Claimed);
    let mut hits = hits(&inputs.title, Source::Title, &title, terms);
    hits.extend(self::hits(
        &inputs.description,
        Source::Description,
        &description,
        terms,
    ));
    hits.extend(self::hits(
        &inputs.company_notes,
        Source::CompanyNotes,
        &notes,
        terms,
    ));
    let hits = without_parts(hits);
    let claims = self::hits(&inputs.cv, Source::Cv, &cv, terms);
    let all =
        |at: usize, hits: &[Hit]| -> Vec<Hit> { hits.iter().filter(|hit| hit.term == at).cloned().collect() };
    let words = words::words(&inputs.description);
    let wanted: Vec<Wanted<'_>> = terms
        .all()
        .iter()
        .enumerate()
        .filter_map(|(at, term)| wanted(term, all(at, &hits)))
        .collect();
    Found {
        of_the_field: wanted.iter().filter(|wanted| tells(wanted)).count(),
        remote: hits.iter().any(|hit| terms.all()[hit.term].remote),
        wanted,
        claimed: terms
            .all()
            .iter()
            .enumerate()
            .map(|(at, term)| (term, marks(&all(at, &claims))))
            .filter(|(_, marks)| !marks.is_empty())
            .collect(),
        length: words.len(),
        english: terms.is_english(&words),
    }
}

fn wanted(term: &Term, mut hits: Vec<Hit>) -> Option<Wanted<'_>> {
    hits.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    let best = hits.first()?.clone();
    let marks = marks(&hits);
    // Said again is meant more, up to a point.
    let again = f64::from(u8::try_from(hits.len() - 1).unwrap_or(u8::MAX).min(3));
    Some(Wanted {
        term,
        because: hits.iter().map(|hit| hit.because).min().unwrap_or(best.because),
        worth: (worth(&best) + 0.25 * again) * if term.usual { USUAL } else { 1.0 },
        marks,
    })
}

/// What one hit is worth: our scale, on which a demand counts three wishes.
fn worth(hit: &Hit) -> f64 {
    match (hit.because, hit.mark.source) {
        (_, Source::Title) | (Because::Required, _) => 3.0,
        (Because::Named, _) | (_, Source::CompanyNotes) => 2.0,
        _ => 1.0,
    }
}

/// One mark for each spelling; a plural is none of its own.
fn marks(hits: &[Hit]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for hit in hits {
        let singular = |mark: &Mark| mark.text.to_lowercase().trim_end_matches('s').to_owned();
        let same = |mark: &Mark| singular(mark) == singular(&hit.mark);
        if marks.len() < MOST_MARKS && !marks.iter().any(same) {
            marks.push(hit.mark.clone());
        }
    }
    marks
}

fn hits(text: &str, source: Source, sentences: &[Sentence], terms: &Terms) -> Vec<Hit> {
    let mut found: Vec<Hit> = Vec::new();
    for sentence in sentences {
        let words = &sentence.words;
        for at in 0..words.len() {
            for (alias, n) in terms.aliases.at(text, words, at) {
                let term = &terms.all()[alias.of];
                let because = match sentence.because {
                    Some(because) => because,
                    None if term.anywhere && n > 1 => Because::Named,
                    None => continue,
                };
                let ordinary = alias.exact.is_some() && is_ordinary(text, words, at, n, sentence.range.end);
                if ordinary || (n == 1 && is_other(term, words, at)) || is_denied(text, words, at, n, terms) {
                    continue;
                }
                let (start, end) = (words[at].start, words[at + n - 1].end);
                let hit = Hit {
                    term: alias.of,
                    because,
                    mark: Mark {
                        source,
                        start,
                        end,
                        text: text[start..end].to_owned(),
                    },
                };
                keep_longest(&mut found, hit);
            }
        }
    }
    found
}

/// Without the words that are only a part of a longer name: "real-time data" is no wish for real-time updates,
/// and "SQL injection" none for SQL.
fn without_parts(hits: Vec<Hit>) -> Vec<Hit> {
    let part = |hit: &Hit| {
        hits.iter().any(|other| {
            let (own, whole) = (&hit.mark, &other.mark);
            other.term != hit.term
                && whole.source == own.source
                && whole.start <= own.start
                && own.end <= whole.end
                && own.end - own.start < whole.end - whole.start
        })
    };
    hits.iter().filter(|hit| !part(hit)).cloned().collect()
}

/// Of two hits of one term that overlap, the longer one says more.
fn keep_longest(found: &mut Vec<Hit>, hit: Hit) {
    let overlaps = |other: &Hit| {
        other.term == hit.term && other.mark.start < hit.mark.end && hit.mark.start < other.mark.end
    };
    let length = |hit: &Hit| hit.mark.end - hit.mark.start;
    match found.iter_mut().find(|other| overlaps(other)) {
        Some(other) if length(other) < length(&hit) => *other = hit,
        Some(_) => {}
        None => found.push(hit),
    }
}

/// Whether a word in exact spelling is the ordinary word at the start of its sentence.
fn is_ordinary(text: &str, words: &[Word], at: usize, n: usize, end: usize) -> bool {
    if at > 0 {
        return false;
    }
    let rest = text[words[at + n - 1].end..end].trim_start();
    let mark = rest.is_empty() || rest.starts_with(|c: char| !c.is_alphanumeric());
    let follower = words
        .get(at + n)
        .is_some_and(|w| FOLLOWERS.contains(&w.lower.as_str()));
    !mark && !follower
}

/// Whether its neighbours make the word something else.
fn is_other(term: &Term, words: &[Word], at: usize) -> bool {
    let among = |word: Option<&Word>, list: &[String]| word.is_some_and(|word| list.contains(&word.lower));
    among(words.get(at + 1), &term.not_before)
        || among(at.checked_sub(1).and_then(|i| words.get(i)), &term.not_after)
}

/// Whether the sentence says that this is not asked for.
fn is_denied(text: &str, words: &[Word], at: usize, n: usize, terms: &Terms) -> bool {
    let cues = &terms.cues;
    let from = clause_start(text, words, at);
    let before = &words[from..at];
    let saved = cues
        .not_negated
        .iter()
        .any(|phrase| words::find(&words[from..], phrase).is_some_and(|found| from + found < at));
    if !saved && words::has(before, &cues.negated_before) {
        return true;
    }
    let after = &words[at + n..];
    let stop = words::find(after, &["but".to_owned()]).unwrap_or(after.len());
    words::has(&after[..stop], &cues.negated_after)
}

/// Where the clause of a word begins: behind the last comma, bracket or dash, some words back at most.
fn clause_start(text: &str, words: &[Word], at: usize) -> usize {
    let mut from = at;
    while from > 0 && at - from < DENIAL_WORDS {
        let gap = &text[words[from - 1].end..words[from].start];
        if gap.contains([',', ';', ':', '(', ')', '–', '—', '.', '\n']) || words[from - 1].lower == "but"
        {
            break;
        }
        from -= 1;
    }
    from
}

/// Whether a term tells this field from others, where the posting itself names it.
fn tells(wanted: &Wanted<'_>) -> bool {
    let kind = matches!(wanted.term.kind, TermKind::Technology | TermKind::Practice);
    let posting = wanted
        .marks
        .iter()
        .any(|mark| mark.source != Source::CompanyNotes);
    kind && posting && !wanted.term.common
}
