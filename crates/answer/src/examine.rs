//! Under questioning: what the interviewer asks after the answer, and what the replies move.
//!
//! It asks about facts that were mentioned and not confirmed and about must-facts missed, first about what
//! moves the score most; a check where the fact has one, else its probe. The order, the options and the effect follow from spec, scorecard, seed and
//! replies alone, so replaying the replies gives the same result.

use domain::{
    Answered, Criterion, Evidence, Fact, GroupId, Interval, Question, Reply, ReplyBody, Scorecard, Status,
    Verdict, round2,
};

use crate::Grader;
use crate::check;
use crate::find::Search;
use crate::options::split_mix;
use crate::text::Text;

/// Most follow-ups an interviewer asks on one answer.
pub const MAX_QUESTIONS: u32 = 5;

/// A mention confirmed under questioning: nearly as good as saying it right unprompted.
const CONFIRMED_MENTION: f64 = 0.9;

/// A mention that turned out wrong under questioning costs what a wrong statement costs.
const REFUTED_MENTION: f64 = -0.5;

/// A wrong reply takes at least this share of what a right one would have added: who guesses among four
/// must lose by it.
const GUESS_COSTS: f64 = 0.36;

/// How often a probe decides, beside a check: many spoken replies say nothing on the point.
const PROBE_DECIDES: f64 = 0.5;

/// The state of the questioning after some replies.
#[derive(Debug, Clone, PartialEq)]
pub struct Examination {
    /// The scorecard with what the replies moved.
    pub scorecard: Scorecard,
    /// Questions answered so far.
    pub answered: Vec<Answered>,
    /// The next question; `None` when the interviewer is done.
    pub question: Option<Question>,
}

/// In which order the interviewer asks what is worth asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// First what moves the score most: how [`Grader::examine`] asks.
    Stakes,
    /// As the rubric lists the facts; a measure of what the order is worth.
    Rubric,
    /// By chance; the other measure.
    Shuffled(u64),
}

/// Why a reply is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplyError {
    /// It answers another question than the pending one.
    NotPending {
        /// The question that is pending, if any.
        pending: Option<String>,
    },
    /// It is of another kind than the question.
    Kind {
        /// The reply field that fits.
        expected: &'static str,
    },
    /// A value lies outside of what the question allows.
    Range {
        /// The field.
        field: &'static str,
        /// The rule.
        rule: String,
    },
}

impl std::fmt::Display for ReplyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotPending { pending: Some(id) } => write!(f, "the pending question is `{id}`"),
            Self::NotPending { pending: None } => f.write_str("no question is pending"),
            Self::Kind { expected } => write!(f, "this question is answered by `{expected}` or `pass`"),
            Self::Range { field, rule } => write!(f, "`{field}` {rule}"),
        }
    }
}

impl std::error::Error for ReplyError {}

impl Grader {
    /// Applies replies to the grading of the answer alone, and says what is asked next. Replies that no
    /// longer fit (their item was edited) end the questioning where it stands.
    pub fn examine(&self, base: &Scorecard, replies: &[Reply]) -> Examination {
        self.examine_in(Order::Stakes, base, replies)
    }

    /// [`Self::examine`] with the questions in another order.
    pub fn examine_in(&self, order: Order, base: &Scorecard, replies: &[Reply]) -> Examination {
        let mut state = Examination {
            scorecard: base.clone(),
            answered: Vec::new(),
            question: None,
        };
        let order = self.order(base, order);
        state.question = self.question(base, &order, 0);
        for reply in replies {
            let Some(question) = state.question.take() else {
                break;
            };
            if question.id != reply.question || check::fits(&question, &reply.body).is_err() {
                state.question = Some(question);
                break;
            }
            let answered = self.answer(&mut state.scorecard, question, reply, base.seed);
            state.answered.push(answered);
            state.question = self.question(base, &order, state.answered.len());
        }
        state.scorecard.next = state.scorecard.best_fix();
        state
    }

    /// Whether the next reply answers the pending question in its own kind.
    ///
    /// # Errors
    /// [`ReplyError`] names what does not fit.
    pub fn accepts(&self, base: &Scorecard, replies: &[Reply], next: &Reply) -> Result<(), ReplyError> {
        match self.examine(base, replies).question {
            Some(question) if question.id == next.question => check::fits(&question, &next.body),
            pending => Err(ReplyError::NotPending {
                pending: pending.map(|q| q.id),
            }),
        }
    }

    /// Indexes of the facts to ask about, in order.
    fn order(&self, base: &Scorecard, by: Order) -> Vec<usize> {
        let Some(coverage) = base.group(GroupId::Coverage) else {
            return Vec::new();
        };
        let facts = self.spec.facts.iter().zip(&coverage.criteria).enumerate();
        let mut order: Vec<(f64, usize)> = facts
            .filter_map(|(i, (fact, criterion))| stake(fact, criterion).map(|stake| (stake, i)))
            .collect();
        match by {
            Order::Stakes => order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))),
            Order::Rubric => {}
            Order::Shuffled(mut seed) => {
                for i in (1..order.len()).rev() {
                    order.swap(i, (split_mix(&mut seed) % (i as u64 + 1)) as usize);
                }
            }
        }
        order
            .into_iter()
            .map(|(_, i)| i)
            .take(MAX_QUESTIONS as usize)
            .collect()
    }

    fn question(&self, base: &Scorecard, order: &[usize], n: usize) -> Option<Question> {
        let fact = &self.spec.facts[*order.get(n)?];
        let because = base.group(GroupId::Coverage)?.criteria[order[n]].status;
        let (number, of) = (n as u32 + 1, order.len() as u32);
        Some(check::question(fact, because, base.seed, (number, of)))
    }

    /// Judges one reply and moves its criterion.
    fn answer(&self, scorecard: &mut Scorecard, question: Question, reply: &Reply, seed: u64) -> Answered {
        let index = self
            .spec
            .facts
            .iter()
            .position(|f| f.id == question.id)
            .unwrap_or(0);
        let fact = &self.spec.facts[index];
        let (share_right, said) = self.judge(index, reply, seed);
        let verdict = check::verdict(share_right);
        let mut answered = Answered {
            explanation: check::explanation(fact, &reply.body, seed, verdict),
            right_answer: check::right_answer(fact),
            reply: reply.clone(),
            verdict,
            from: question.because,
            to: question.because,
            moved: 0.0,
            question,
        };
        let Some(coverage) = scorecard.groups.iter_mut().find(|g| g.id == GroupId::Coverage) else {
            return answered;
        };
        let before = coverage.score().unwrap_or(0.0);
        let criterion = &mut coverage.criteria[index];
        moves(
            criterion,
            verdict,
            share_right.unwrap_or(0.0),
            &answered.question.id,
            said,
        );
        answered.to = criterion.status;
        coverage.interval = Some(Interval::of(&coverage.criteria));
        answered.moved = round2(coverage.score().unwrap_or(0.0) - before);
        answered
    }

    /// How much of the reply is right, from 0 to 1, and what it said; `None` when it says nothing.
    fn judge(&self, index: usize, reply: &Reply, seed: u64) -> (Option<f64>, String) {
        match &reply.body {
            ReplyBody::Text(words) => (self.judge_text(index, words), words.clone()),
            body => check::judge(&self.spec.facts[index], body, seed),
        }
    }

    /// A spoken reply to a probe, read with the patterns of its fact.
    fn judge_text(&self, index: usize, words: &str) -> Option<f64> {
        let text = Text::new(words);
        let kept = self.guard.apply(&text).kept;
        let read = self.rubric.vocabulary.read(&text);
        let search = Search {
            text: &text,
            read,
            kept: &kept,
            recalls: None,
            likenesses: None,
        };
        match self.rubric.facts[index].status(&search, self.rubric.kind) {
            Status::Met => Some(1.0),
            Status::Partial => Some(0.5),
            Status::Contradicted => Some(0.0),
            _ => None,
        }
    }
}

/// What becomes of the share of a mention by a right and by a wrong reply.
fn outcomes(criterion: &Criterion) -> (f64, f64) {
    let before = criterion.points / criterion.out_of;
    let right = CONFIRMED_MENTION.max(before);
    let wrong = (before - GUESS_COSTS * (right - before)).min(REFUTED_MENTION);
    (right, wrong.max(-1.0))
}

/// How far asking about a fact may move the score: its weight, how open it is (twice the lesser of what
/// either outcome would move), and how surely the question decides between them. `None` when it is not
/// asked about.
fn stake(fact: &Fact, criterion: &Criterion) -> Option<f64> {
    let apart = match criterion.status {
        Status::Mentioned => {
            let before = criterion.points / criterion.out_of;
            let (right, wrong) = outcomes(criterion);
            2.0 * (right - before).min(before - wrong)
        }
        Status::Missed if fact.must => Status::Prompted.share(),
        _ => return None,
    };
    let decides = if fact.check.is_some() { 1.0 } else { PROBE_DECIDES };
    Some(f64::from(fact.weight) * apart * decides)
}

/// What a verdict does to the criterion.
fn moves(criterion: &mut Criterion, verdict: Verdict, share_right: f64, question: &str, said: String) {
    let mentioned = criterion.status == Status::Mentioned;
    let (confirmed, refuted) = outcomes(criterion);
    let (status, earned, why) = match (verdict, mentioned) {
        (Verdict::Open, _) => return,
        (Verdict::Right, true) => (
            Status::Met,
            confirmed,
            "mentioned, and confirmed under questioning",
        ),
        (Verdict::Right, false) => (
            Status::Prompted,
            Status::Prompted.share(),
            "missed in the answer, right when asked",
        ),
        (Verdict::Partly, true) => (
            Status::Partial,
            Status::Partial.share(),
            "mentioned, half right under questioning",
        ),
        (Verdict::Partly, false) => (
            Status::Prompted,
            Status::Prompted.share() * share_right,
            "missed in the answer, partly right when asked",
        ),
        (Verdict::Wrong, true) => (
            Status::Contradicted,
            refuted,
            "mentioned, but wrong under questioning",
        ),
        (Verdict::Wrong, false) => (Status::Missed, 0.0, "missed in the answer, and wrong when asked"),
    };
    criterion.status = status;
    criterion.points = round2(criterion.out_of * earned);
    criterion.why = why.to_owned();
    criterion.evidence.push(Evidence::Reply {
        question: question.to_owned(),
        text: said,
    });
    if status == Status::Met {
        criterion.tip.clear();
    }
}
