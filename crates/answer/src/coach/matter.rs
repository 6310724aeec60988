//! Nudges on the matter: what is wrong, and which points are open, in the words of the interviewer.

use domain::{Check, Fact, Grounds, Nudge, NudgeKind, Status};

use super::{Moment, Stage, plain};
use crate::axes::{says, slips, states_figures};
use crate::find::{Finding, Search};
use crate::rubric::Rubric;
use crate::text::{Mark, Text};

/// Words in a claim that is about finding out before acting.
const ASKS_FIRST: [&str; 8] = [
    "before acting",
    "find out",
    "requirement",
    "requirements",
    "agree with",
    "assumption",
    "assumptions",
    "clarify",
];

/// Words in a claim that is about the price of a choice.
const TRADES: [&str; 12] = [
    "price",
    "given up",
    "gives up",
    "trade off",
    "at the expense",
    "at the cost",
    "the cost of",
    "costs",
    "rejected option",
    "downside",
    "drawback",
    "turn the decision",
];

/// Words of a question for a quantity.
const ASKS_HOW_MUCH: [&str; 11] = [
    "how many",
    "how much",
    "how large",
    "how long",
    "how often",
    "per second",
    "a second",
    "a number",
    "which number",
    "what number",
    "which figure",
];

/// What stands before a question, by what was heard.
const WRONG: &str = "Is that so?";
const WRONG_FIGURE: &str = "Does that come out?";
const PARTIAL: &str = "Right as far as it goes.";
const MENTIONED: &str = "You touch on this; say which way you mean it.";
const MISSED: &str = "Still open:";
const MISSED_CLARIFY: &str = "Before you go on:";
const MISSED_TRADE_OFF: &str = "The other side of it:";
const MISSED_FIGURE: &str = "In figures:";
const LEADS: [&str; 8] = [
    WRONG,
    WRONG_FIGURE,
    PARTIAL,
    MENTIONED,
    MISSED,
    MISSED_CLARIFY,
    MISSED_TRADE_OFF,
    MISSED_FIGURE,
];

/// Words from which the last part of a question says what it is about.
const WHOLE_QUESTION_WORDS: usize = 8;

/// How the coach asks for a fact.
#[derive(Debug)]
pub(super) struct Ask {
    /// What sort of nudge it gives rise to when it is not made.
    pub(super) kind: NudgeKind,
    /// `None` where every question at hand has words that make the point.
    question: Option<String>,
}

impl Ask {
    pub(super) fn new(fact: &Fact, rubric: &Rubric) -> Self {
        Self {
            kind: kind(fact),
            question: question(fact, rubric),
        }
    }
}

/// The interviewer's question on a fact. One that would be taken for an answer if it were written down is
/// no question for a coach: then the check's is asked, or its own last part.
fn question(fact: &Fact, rubric: &Rubric) -> Option<String> {
    // "Which of these" speaks of options that a nudge does not show.
    let check = fact.check.as_ref().map(Check::ask);
    let check = check.filter(|ask| !says(&Text::new(ask).tokens, &["these"]));
    let asked = Text::new(&fact.probe);
    let last = asked.sentences.last();
    let last = last.filter(|sentence| sentence.tokens.len() >= WHOLE_QUESTION_WORDS);
    let last = last.map(|sentence| &fact.probe[sentence.bytes.start..]);
    let questions = [Some(fact.probe.as_str()), check, last];
    let grants = |question: &str| {
        LEADS
            .iter()
            .any(|lead| rubric.grants(&format!("{lead} {question}")))
    };
    let mut silent = questions
        .into_iter()
        .flatten()
        .filter(|question| !grants(question));
    silent.next().map(str::to_owned)
}

impl Rubric {
    /// Whether a text on its own makes a point, wholly or by half.
    fn grants(&self, text: &str) -> bool {
        let text = Text::new(text);
        let kept = vec![true; text.sentences.len()];
        let search = Search {
            read: self.vocabulary.read(&text),
            text: &text,
            kept: &kept,
            recalls: None,
            likenesses: None,
        };
        let mut found = self.find(&search).into_iter().map(|finding| finding.status);
        found.any(|status| matches!(status, Status::Met | Status::Partial))
    }
}

fn kind(fact: &Fact) -> NudgeKind {
    let (claim, probe) = (Text::new(&fact.claim), Text::new(&fact.probe));
    let counts =
        claim.tokens.iter().any(|t| t.is(Mark::Figure)) || says(&claim.tokens, &["figure", "figures"]);
    if fact.figure.is_some() || (counts && says(&probe.tokens, &ASKS_HOW_MUCH)) {
        NudgeKind::Figure
    } else if says(&claim.tokens, &ASKS_FIRST) {
        NudgeKind::Clarify
    } else if says(&claim.tokens, &TRADES) {
        NudgeKind::TradeOff
    } else {
        NudgeKind::Fact
    }
}

/// Facts that the answer has the wrong way round and sums that do not come out, the newest first: what was
/// said just now is easiest to mend. Only whole sentences: the rest of one may still turn it.
pub(super) fn wrong(moment: &Moment<'_>) -> Vec<Nudge> {
    let mut found: Vec<(usize, Nudge)> = Vec::new();
    for (fact, ask, finding) in moment.facts() {
        if finding.status == Status::Contradicted
            && let Some(at) = finding.sentences.first().filter(|at| moment.is_whole(**at))
        {
            found.push((*at, doubt(moment, fact, ask, *at)));
        }
    }
    for slip in slips(moment.scene).iter().filter(|slip| moment.is_whole(slip.at)) {
        found.push((slip.at, sum(moment, slip.at)));
    }
    found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    found.into_iter().map(|(_, nudge)| nudge).collect()
}

/// WRONG, on a fact that reads the wrong way round.
fn doubt(moment: &Moment<'_>, fact: &Fact, ask: &Ask, at: usize) -> Nudge {
    let is_figure = fact.figure.is_some();
    let (kind, lead, reason) = if is_figure {
        (
            NudgeKind::Arithmetic,
            WRONG_FIGURE,
            "A figure in this sentence does not follow from what the question gives.",
        )
    } else {
        (
            NudgeKind::Fact,
            WRONG,
            "This sentence reads as the wrong way round.",
        )
    };
    Nudge {
        id: format!("fact/{}/wrong", fact.id),
        kind,
        text: match &ask.question {
            Some(question) => format!("{lead} {question}"),
            None => format!("{lead} Think it through once more."),
        },
        because: Grounds {
            reason: reason.to_owned(),
            fact: Some(fact.id.clone()),
            span: Some(moment.scene.text.sentences[at].bytes.clone()),
        },
    }
}

/// A sum that does not come out. What it comes to is for the candidate to say.
fn sum(moment: &Moment<'_>, at: usize) -> Nudge {
    let bytes = moment.scene.text.sentences[at].bytes.clone();
    // Named by its words: another sum, or this one with other figures, is another nudge.
    let id = format!("sum/{:016x}", fingerprint(&moment.scene.raw[bytes.clone()]));
    let mut nudge = plain(
        &id,
        NudgeKind::Arithmetic,
        "Does that sum come out? Say it once more, step by step.",
        "The figures in this sentence do not follow from each other.",
    );
    nudge.because.span = Some(bytes);
    nudge
}

/// FNV-1a, 64 bits (Fowler, Noll and Vo): names a sentence.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Points that are open, what is worth most at this stage first: in the opening what to ask, in the middle
/// the points themselves, at the end figures and prices.
pub(super) fn open(moment: &Moment<'_>) -> Vec<Nudge> {
    let open = moment
        .facts()
        .filter(|(_, ask, finding)| is_open(finding) && timely(moment, ask.kind));
    let mut open: Vec<(&Fact, &Ask, &Finding)> = open.collect();
    // Stable: facts of equal rank stay in the order of the rubric.
    open.sort_by_key(|(fact, ask, finding)| {
        let half = finding.status == Status::Partial;
        let weight = std::cmp::Reverse(fact.weight);
        (
            ask.question.is_none(),
            !fact.must,
            half,
            later(moment.stage, ask.kind),
            weight,
        )
    });
    // One such is enough: they all say the same.
    if let Some(first) = open.iter().position(|(_, ask, _)| ask.question.is_none()) {
        open.truncate(first + 1);
    }
    let asks_a_figure = open.iter().any(|(_, ask, _)| ask.kind == NudgeKind::Figure);
    let aimed = |(fact, ask, finding)| aimed(moment, fact, ask, finding);
    let mut nudges: Vec<Nudge> = open.into_iter().map(aimed).collect();
    if moment.stage == Stage::End && !asks_a_figure && !states_figures(moment.scene) {
        nudges.push(plain(
            "figures",
            NudgeKind::Figure,
            "Put one figure on it, with its unit.",
            "There is no figure in the answer so far.",
        ));
    }
    nudges
}

fn is_open(finding: &Finding) -> bool {
    matches!(
        finding.status,
        Status::Missed | Status::Mentioned | Status::Partial
    )
}

/// In the opening nothing is missing yet but a question.
fn timely(moment: &Moment<'_>, kind: NudgeKind) -> bool {
    moment.stage != Stage::Opening || (kind == NudgeKind::Clarify && moment.words > 0)
}

/// What can wait at a stage.
fn later(stage: Stage, kind: NudgeKind) -> u8 {
    let order = match stage {
        Stage::Opening | Stage::Middle => [
            NudgeKind::Clarify,
            NudgeKind::Fact,
            NudgeKind::TradeOff,
            NudgeKind::Figure,
        ],
        Stage::End => [
            NudgeKind::Figure,
            NudgeKind::TradeOff,
            NudgeKind::Fact,
            NudgeKind::Clarify,
        ],
    };
    order.iter().position(|k| *k == kind).map_or(0, |at| at as u8)
}

/// The interviewer's question on a fact, after what was heard of it.
fn aimed(moment: &Moment<'_>, fact: &Fact, ask: &Ask, finding: &Finding) -> Nudge {
    let lead = match (finding.status, ask.kind) {
        (Status::Partial, _) => PARTIAL,
        (Status::Mentioned, _) => MENTIONED,
        (_, NudgeKind::Clarify) => MISSED_CLARIFY,
        (_, NudgeKind::TradeOff) => MISSED_TRADE_OFF,
        (_, NudgeKind::Figure) => MISSED_FIGURE,
        _ => MISSED,
    };
    let reason = match finding.status {
        Status::Partial => "This sentence has a part of the point.",
        Status::Mentioned => "This sentence touches the point and does not show which way it is meant.",
        _ if fact.must => "No sentence so far touches a point that a full answer cannot leave out.",
        _ => "No sentence so far touches a point that a full answer makes.",
    };
    let at = finding.sentences.first();
    Nudge {
        id: format!("fact/{}", fact.id),
        kind: ask.kind,
        text: match &ask.question {
            Some(question) => format!("{lead} {question}"),
            None => format!("{lead} One part of the question has no answer yet. Read it again."),
        },
        because: Grounds {
            reason: reason.to_owned(),
            fact: Some(fact.id.clone()),
            span: at.map(|at| moment.scene.text.sentences[*at].bytes.clone()),
        },
    }
}
