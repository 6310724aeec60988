//! What is not an answer: text aimed at the grader, the question echoed, words without sentences.
//!
//! Dropped text earns nothing and the scorecard says what was dropped and why.

use std::ops::Range;

use domain::Lexicon;

use crate::pattern::{Compiler, Pattern, PatternError, Vocabulary};
use crate::text::{Text, Token};

/// Patterns of text aimed at a grader rather than an interviewer. Tight: a hit drops the rest of the
/// answer, and engineers do say "set the flag to 100 percent" or "evaluate the rule".
const INJECTIONS: [&str; 11] = [
    "ignore|disregard|forget|override previous|above|prior|earlier|your|rubric|grading instruct*|rule|rubric|prompt|guideline",
    "ignore|disregard|forget all|every|the instruct*|rubric|prompt",
    "system_prompt|system_message|developer_message|new_instruct*|hidden_instruct*",
    "award|give|grant|assign|deserve|output|report full_mark|full_point|full_credit|maximum_score|max_score|maximum_mark|maximum_point|perfect_score|top_score|top_mark|highest_score|highest_mark|highest_grade|full_score|score_of_100|100_point|hundred_point",
    "grader|autograder|=examiner|=examiners|assessor|grading_model|grading_system|language_model|ai_model|scoring_system award|give|grant|assign|must|should|please|mark|rate|attention|dear",
    "mark|treat|consider|count|rate all|every|each fact|criteri*|rubric as met|correct|confirmed|complete|satisfied",
    "you_are grader|=examiner|assessor|language_model|ai_assistant|autograder",
    "answer|submission|candidate deserve* full|maximum|perfect|all|every|top",
    "note|message|instruction > grader|autograder|=examiner|=examiners|assessor|language_model ^5",
    "end_of_rubric|begin_system|assistant_message",
    "score|grade 100 structure|specificity|conciseness|coverage",
];

/// Share of a sentence's content words that stand in the question, above which it is an echo.
const ECHO_SHARE: f64 = 0.8;

/// Content words below which a sentence is too short to be called an echo.
const ECHO_MIN_WORDS: usize = 4;

/// Share of function words below which a run of words is a list of keywords. Written English has 40 to
/// 50 %, telegraphic notes about 25 %; at 16 % a terse expert was refused.
const KEYWORDS_SHARE: f64 = 0.1;

/// Tokens from which one sentence alone is judged.
const KEYWORDS_MIN_TOKENS: usize = 7;

/// Mean transition score below which a text is words in no order. Shuffled answers lie at a median of
/// -0.29, answers in broken English reach down to -0.06: rather let a shuffled one through to the
/// patterns, which need words near each other, than drop a foreigner.
const SHUFFLED_BELOW: f64 = -0.14;

/// Tokens from which the order of words can be judged.
const SHUFFLED_MIN_TOKENS: usize = 30;

/// What is kept of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Guarded {
    /// One flag a sentence: graded or dropped.
    pub(crate) kept: Vec<bool>,
    /// What was dropped, for the reader, with its bytes.
    pub(crate) notes: Vec<(String, Range<usize>)>,
}

/// The guards, compiled.
#[derive(Debug)]
pub(crate) struct Guard {
    injections: Vec<Pattern>,
    vocabulary: Vocabulary,
    question: Vec<String>,
}

impl Guard {
    /// Guards for answers to this question.
    pub(crate) fn new(question: &str) -> Result<Self, PatternError> {
        let lexicon = Lexicon::new();
        let mut compiler = Compiler::new(&lexicon);
        let injections = INJECTIONS
            .iter()
            .map(|p| compiler.pattern(p))
            .collect::<Result<_, _>>()?;
        let question = Text::new(question)
            .tokens
            .into_iter()
            .filter(is_content)
            .map(|t| t.stem)
            .collect();
        Ok(Self {
            injections,
            vocabulary: compiler.finish(),
            question,
        })
    }

    /// Decides which sentences are graded.
    pub(crate) fn apply(&self, text: &Text) -> Guarded {
        let mut guarded = Guarded {
            kept: vec![true; text.sentences.len()],
            notes: Vec::new(),
        };
        let everything = 0..text.tokens.last().map_or(0, |t| t.end);
        if text.tokens.len() >= KEYWORDS_MIN_TOKENS && function_share(&text.tokens) < KEYWORDS_SHARE {
            return guarded.drop_all(
                "Not graded: a list of keywords says nothing about them.",
                everything,
            );
        }
        if text.tokens.len() >= SHUFFLED_MIN_TOKENS && order_score(text) < SHUFFLED_BELOW {
            return guarded.drop_all(
                "Not graded: the words stand in no order that makes sentences.",
                everything,
            );
        }
        self.drop_injection(text, &mut guarded);
        for (i, sentence) in text.sentences.iter().enumerate() {
            let tokens = text.of(sentence);
            if !guarded.kept[i] {
                continue;
            }
            if tokens.len() >= KEYWORDS_MIN_TOKENS && function_share(tokens) < KEYWORDS_SHARE / 2.0 {
                guarded.drop_one(i, "Not graded: a list of keywords.", sentence.bytes.clone());
            } else if self.echoes(tokens) {
                guarded.drop_one(i, "Not graded: repeats the question.", sentence.bytes.clone());
            }
        }
        guarded
    }

    /// From the first marker on nothing is graded: what follows an injection cannot be trusted.
    fn drop_injection(&self, text: &Text, guarded: &mut Guarded) {
        let read = self.vocabulary.read(text);
        let marked = (0..text.sentences.len()).find(|at| {
            self.injections
                .iter()
                .any(|pattern| pattern.find(text, &read, *at).is_some())
        });
        if let Some(at) = marked {
            guarded.kept[at..].fill(false);
            let bytes = text.sentences[at].bytes.start..text.tokens.last().map_or(0, |t| t.end);
            guarded.notes.push((
                "Not graded from here on: text addressed to a grader.".to_owned(),
                bytes,
            ));
        }
    }

    fn echoes(&self, tokens: &[Token]) -> bool {
        let content: Vec<_> = tokens.iter().filter(|t| is_content(t)).collect();
        let shared = content.iter().filter(|t| self.question.contains(&t.stem)).count();
        content.len() >= ECHO_MIN_WORDS && shared as f64 >= ECHO_SHARE * content.len() as f64
    }
}

impl Guarded {
    fn drop_all(mut self, note: &str, bytes: Range<usize>) -> Self {
        self.kept.fill(false);
        self.notes.push((note.to_owned(), bytes));
        self
    }

    fn drop_one(&mut self, at: usize, note: &str, bytes: Range<usize>) {
        self.kept[at] = false;
        self.notes.push((note.to_owned(), bytes));
    }
}

fn function_share(tokens: &[Token]) -> f64 {
    let function = tokens
        .iter()
        .filter(|t| class(t) != Class::Word && class(t) != Class::Figure)
        .count();
    function as f64 / tokens.len().max(1) as f64
}

pub(crate) fn is_content(token: &Token) -> bool {
    matches!(class(token), Class::Word | Class::Figure)
}

/// Coarse word classes: enough to tell a sentence from its words in another order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Determiner,
    Preposition,
    Pronoun,
    Auxiliary,
    Conjunction,
    Adverb,
    Figure,
    Word,
}

const DETERMINERS: &[&str] = &[
    "the", "a", "an", "my", "our", "your", "their", "its", "his", "her", "each", "every", "some", "any",
    "no", "these", "those", "both", "another", "such",
];
const PREPOSITIONS: &[&str] = &[
    "of", "in", "on", "at", "by", "for", "with", "from", "to", "into", "over", "under", "between", "through",
    "after", "before", "without", "per", "across", "behind", "against", "about", "during", "within", "onto",
    "until", "like",
];
const PRONOUNS: &[&str] = &[
    "i",
    "we",
    "you",
    "it",
    "they",
    "he",
    "she",
    "me",
    "us",
    "them",
    "that",
    "which",
    "who",
    "what",
    "there",
    "this",
    "everybody",
    "everyone",
    "something",
    "nothing",
    "nobody",
    "somebody",
    "one",
    "where",
    "how",
];
const AUXILIARIES: &[&str] = &[
    "is", "are", "was", "were", "be", "been", "being", "am", "do", "does", "did", "have", "has", "had",
    "can", "could", "will", "would", "should", "may", "might", "must", "shall",
];
const CONJUNCTIONS: &[&str] = &[
    "and",
    "or",
    "but",
    "so",
    "because",
    "if",
    "when",
    "then",
    "than",
    "as",
    "while",
    "since",
    "though",
    "although",
    "unless",
    "whether",
    "otherwise",
];
const ADVERBS: &[&str] = &[
    "not",
    "never",
    "also",
    "only",
    "just",
    "still",
    "very",
    "too",
    "more",
    "most",
    "up",
    "out",
    "down",
    "back",
    "again",
    "even",
    "already",
    "first",
    "always",
    "now",
    "here",
    "yes",
    "well",
    "okay",
    "um",
    "uh",
    "all",
    "much",
    "many",
    "less",
    "off",
    "away",
    "instead",
    "rather",
    "really",
    "quite",
    "often",
    "soon",
    "maybe",
    "actually",
    "basically",
];

fn class(token: &Token) -> Class {
    let is = |list: &[&str]| list.contains(&token.norm.as_str());
    match () {
        () if is(DETERMINERS) => Class::Determiner,
        () if is(PREPOSITIONS) => Class::Preposition,
        () if is(PRONOUNS) => Class::Pronoun,
        () if is(AUXILIARIES) => Class::Auxiliary,
        () if is(CONJUNCTIONS) => Class::Conjunction,
        () if is(ADVERBS) => Class::Adverb,
        () if token.value.is_some() => Class::Figure,
        () => Class::Word,
    }
}

/// Log-odds in tenths that a class follows another, against its share of all words: rows are the class
/// before, columns the class after, in the order of [`Class`]. Counted over the prose of the bank
/// (the test below recounts and prints it).
const TRANSITIONS: [[i8; 8]; 8] = [
    [-36, -27, -25, -36, -27, -10, -12, 7],
    [12, -20, 2, -18, -16, -7, 4, -3],
    [-11, -6, -3, 13, -12, 0, -29, 0],
    [2, -4, 2, -5, -17, 14, -10, -1],
    [7, -6, 10, -15, 2, -1, -8, -5],
    [-2, 3, -5, -4, 5, -5, -10, 1],
    [-17, -3, -24, -13, -3, -15, -26, 6],
    [-3, 6, 1, 0, 6, -1, 5, -3],
];

/// Mean transition score over neighbouring words of a sentence; clearly positive for sentences, about
/// zero or below for the same words shuffled.
pub(crate) fn order_score(text: &Text) -> f64 {
    let (mut sum, mut pairs) = (0.0, 0.0);
    for sentence in &text.sentences {
        for pair in text.of(sentence).windows(2).filter(|pair| !pair[1].clause_before) {
            sum += f64::from(TRANSITIONS[class(&pair[0]) as usize][class(&pair[1]) as usize]) / 10.0;
            pairs += 1.0;
        }
    }
    if pairs > 0.0 { sum / pairs } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recounts [`TRANSITIONS`] over the bank. The bank may grow; the table must stay near it.
    #[test]
    fn transitions_are_those_of_the_bank() {
        let (mut pairs, mut firsts, mut seconds) = ([[0.0f64; 8]; 8], [0.0f64; 8], [0.0f64; 8]);
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../bank/answer");
        for file in std::fs::read_dir(folder).expect("bank folder") {
            let text = std::fs::read_to_string(file.expect("entry").path()).expect("item file");
            let body = text.split_once("\n```\n").map_or("", |(_, body)| body);
            // What follows the follow-ups is data: tables of clarifications, a change, lists of statements.
            let prose = ["\n## Clarifications\n", "\n## Change\n", "\n## Statements\n"]
                .iter()
                .fold(body, |prose, heading| {
                    prose.split(heading).next().unwrap_or(prose)
                });
            let text = Text::new(prose);
            for sentence in &text.sentences {
                for pair in text.of(sentence).windows(2).filter(|pair| !pair[1].clause_before) {
                    let (a, b) = (class(&pair[0]) as usize, class(&pair[1]) as usize);
                    pairs[a][b] += 1.0;
                    firsts[a] += 1.0;
                    seconds[b] += 1.0;
                }
            }
        }
        let all: f64 = firsts.iter().sum();
        let mut counted = [[0i8; 8]; 8];
        for a in 0..8 {
            for b in 0..8 {
                let odds = ((pairs[a][b] + 1.0) * all / (firsts[a] * seconds[b] + all)).ln();
                counted[a][b] = (odds * 10.0).round() as i8;
            }
        }
        let far = (0..64).any(|i| (counted[i / 8][i % 8] - TRANSITIONS[i / 8][i % 8]).abs() > 4);
        assert!(!far, "TRANSITIONS should be {counted:?}");
    }
}
