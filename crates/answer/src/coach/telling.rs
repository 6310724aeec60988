//! Nudges on the telling: how to begin, in which order to go on, and when to stop. They stand on the same
//! countable features as the axes of structure and conciseness.

use domain::{Nudge, NudgeKind};

use super::{Asks, Moment, Stage, plain};
use crate::axes::{LONG_WORDS, SPOKEN_WORDS_A_MINUTE, detours, flow, says, states_figures, steps, story};
use crate::text::Mark;

/// Returns to a point already made, from which the order is lost.
const LOST_RETURNS: usize = 3;

/// Share of the flow below which detours hide the order, and the detours it takes to tell.
const LOST_FLOW: f64 = 0.6;
const LOST_DETOURS: usize = 4;

/// Words from which a story should have come to the one who tells it.
const OWN_ACTION_WORDS: usize = 80;

/// Words from which a story should come to its result; strong ones have 200 to 250.
const RESULT_WORDS: usize = 180;

/// Words of somebody who asks or states what the answer rests on.
const ASSUMES: [&str; 14] = [
    "assume",
    "assuming",
    "assumption",
    "suppose",
    "let us say",
    "i would ask",
    "i would first ask",
    "my first question",
    "first question",
    "depends on whether",
    "given that",
    "requirement",
    "requirements",
    "clarify",
];

/// What there is to say of the telling, the more urgent first; one of them is said at a time.
pub(super) fn telling(moment: &Moment<'_>) -> Vec<Nudge> {
    [
        opening(moment),
        assumptions(moment),
        length(moment),
        own_action(moment),
        result(moment),
        frame(moment),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Until something is said to the question.
fn opening(moment: &Moment<'_>) -> Option<Nudge> {
    let is_story = matches!(moment.asks, Asks::Story) || moment.is_told();
    let (begun, text) = if is_story {
        let begun = story(moment.scene).situation.is_some();
        let text = "Begin with where it was and what was at stake, in one sentence.";
        (begun || moment.stage != Stage::Opening, text)
    } else if moment.asks == Asks::Design {
        return None;
    } else {
        let begun = moment.scene.on_point().next().is_some();
        let text = "Begin with the answer itself, in one or two sentences; the explanation can follow.";
        (begun, text)
    };
    let reason = if moment.words == 0 {
        "Nothing is said yet, and what comes first is what is remembered."
    } else if is_story {
        "No sentence so far says where it happened."
    } else {
        "No sentence so far is about what the question asks."
    };
    (!begun).then(|| plain("opening", NudgeKind::Frame, text, reason))
}

/// A design begins with what it must do.
fn assumptions(moment: &Moment<'_>) -> Option<Nudge> {
    if moment.asks != Asks::Design || moment.stage != Stage::Opening {
        return None;
    }
    let scene = moment.scene;
    let asks = |at: usize| scene.raw[scene.text.sentences[at].bytes.end..].starts_with('?');
    let states = |at: usize| says(scene.tokens(at), &ASSUMES);
    let begun = states_figures(scene) || scene.sentences().any(|at| asks(at) || states(at));
    (!begun).then(|| {
        plain(
            "assumptions",
            NudgeKind::Clarify,
            "Which requirement or load would change your design? Ask for it, or say what you assume.",
            "No sentence so far asks, assumes or gives a load.",
        )
    })
}

/// What belongs into one answer has been said.
fn length(moment: &Moment<'_>) -> Option<Nudge> {
    if (moment.words as f64) <= LONG_WORDS {
        return None;
    }
    let text = if moment.is_told() {
        "This runs long. Come to what it led to, and stop."
    } else {
        "This runs long. Name what is most important of what is left, and stop."
    };
    let minutes = moment.words as f64 / SPOKEN_WORDS_A_MINUTE;
    let reason = format!(
        "{} words take about {minutes:.1} minutes aloud; from {LONG_WORDS} on, length costs.",
        moment.words
    );
    Some(plain("length", NudgeKind::Length, text, reason))
}

/// A story is about the one who tells it.
fn own_action(moment: &Moment<'_>) -> Option<Nudge> {
    let acts = || {
        let own = |at: usize| moment.scene.tokens(at).iter().any(|t| t.is(Mark::Own));
        moment.scene.sentences().any(own)
    };
    (moment.is_told() && moment.words >= OWN_ACTION_WORDS && !acts()).then(|| {
        plain(
            "own-action",
            NudgeKind::Frame,
            "What did you do yourself? Say it in a sentence that begins with \u{201c}I\u{201d}.",
            "No sentence so far has an action of your own.",
        )
    })
}

/// A story ends with what came of it.
fn result(moment: &Moment<'_>) -> Option<Nudge> {
    let due = moment.is_told() && moment.words >= RESULT_WORDS;
    (due && story(moment.scene).result.is_none()).then(|| {
        plain(
            "result",
            NudgeKind::Result,
            "What came of it? Say how it ended, with one figure from before and after.",
            "No sentence in the second half says what came of it.",
        )
    })
}

/// An order to hold on to, for an answer that has lost its own.
fn frame(moment: &Moment<'_>) -> Option<Nudge> {
    let (detours, returns) = (detours(moment.scene), steps(moment.scene).returns);
    let interrupted = detours.len() >= LOST_DETOURS && flow(moment.scene) < LOST_FLOW;
    if moment.stage == Stage::Opening || (!interrupted && returns < LOST_RETURNS) {
        return None;
    }
    let text = match moment.asks {
        Asks::Incident => {
            "Try four steps: how it was noticed, what you did first for the users, what the cause was, and \
             what keeps it from coming back."
        }
        Asks::Story => "Try three steps: where it was, what you yourself did, what came of it.",
        Asks::Design => "Try one pass: what it must do, the path of a request, the data, what fails.",
        Asks::Explanation => "Finish one point before the next; say how many there are.",
    };
    let reason = if interrupted {
        format!("{} restarts or asides so far hide the order.", detours.len())
    } else {
        format!("The answer went back {returns} times to a point already made.")
    };
    let mut nudge = plain("frame", NudgeKind::Frame, text, reason);
    nudge.because.span = detours.last().filter(|_| interrupted).cloned();
    Some(nudge)
}

impl Moment<'_> {
    /// Whether the answer tells what the candidate did.
    fn is_told(&self) -> bool {
        self.scene.kind == domain::Kind::Behavioural
    }
}
