//! Scripted candidates: what each of them knows is drawn by seed, and they speak and reply by it.

use answer::content_words;
use domain::{Check, Fact, GroupId, Item, Question, QuestionKind, ReplyBody, Scorecard, Status, WrongOption};

use super::{Evaluation, Random};
use crate::Error;

/// Alternatives of a topic pattern that are tried for a sentence.
const CHOICES: usize = 4;

/// What a candidate holds of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Knowledge {
    Known,
    Half,
    Wrong,
}

/// How a candidate speaks of what is in the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// Known facts are said, half-known ones touched, wrong beliefs stated.
    Plain,
    /// The same, but every second fact is only touched, whatever is known of it.
    Vague,
}

/// The sentences a candidate may use for each fact of an item.
pub(super) struct Script {
    facts: Vec<Lines>,
}

struct Lines {
    /// Says the point.
    say: Vec<String>,
    /// States the misconception.
    untrue: Vec<String>,
    /// Names the subject without the point; `None` when no such sentence was found.
    touch: Option<String>,
}

/// A candidate before an item.
pub(super) struct Candidate {
    pub(super) text: String,
    /// Weighted share of the facts that is known: known 1, half known 1/2, wrong 0, stated wrongly -1/2;
    /// 0 to 100.
    pub(super) knowledge: f64,
    facts: Vec<Held>,
}

#[derive(Clone, Copy)]
struct Held {
    knowledge: Knowledge,
    /// Whether a half-known fact is answered right when asked.
    right: bool,
}

impl Script {
    /// Finds the sentences. Those that only touch a fact are made of its topic words or its probe and
    /// tried on the grader beside two confirmed facts: they must move no fact but their own, and that one
    /// to a mention, or else to a half.
    pub(super) fn of(evaluation: &Evaluation<'_>, item: &Item) -> Result<Self, Error> {
        let facts = item.facts();
        let mut lines = Vec::new();
        for (i, fact) in facts.iter().enumerate() {
            lines.push(Lines {
                say: fact.say.clone(),
                untrue: fact.untrue.clone(),
                touch: touch(evaluation, item, i)?,
            });
        }
        Ok(Self { facts: lines })
    }

    /// Facts without a sentence that only touches them.
    pub(super) fn untouched(&self) -> usize {
        self.facts.iter().filter(|f| f.touch.is_none()).count()
    }

    /// An answer that touches every fact and says nothing of any.
    pub(super) fn bluff(&self) -> String {
        let touches: Vec<&str> = self.facts.iter().filter_map(|f| f.touch.as_deref()).collect();
        touches.join(" ")
    }

    pub(super) fn candidate(&self, item: &Item, telling: Telling, random: &mut Random) -> Candidate {
        let (ability, honesty) = (random.unit(), random.unit());
        let mut facts = Vec::new();
        let mut sentences = Vec::new();
        let (mut known, mut out_of) = (0.0, 0.0);
        for (fact, lines) in item.facts().iter().zip(&self.facts) {
            let knowledge = match random.unit() {
                luck if luck < ability => Knowledge::Known,
                luck if luck < ability + (1.0 - ability) * honesty => Knowledge::Half,
                _ => Knowledge::Wrong,
            };
            let vague = random.unit() < 0.5 && telling == Telling::Vague;
            let right = random.unit() < 0.5;
            let pick = |all: &[String], at: usize| (!all.is_empty()).then(|| all[at % all.len()].clone());
            let at = random.below(1 << 16);
            let told = match knowledge {
                Knowledge::Half => lines.touch.clone(),
                _ if vague => lines.touch.clone(),
                Knowledge::Known => pick(&lines.say, at),
                Knowledge::Wrong => pick(&lines.untrue, at),
            };
            let stated = !vague && told.is_some();
            sentences.extend(told);
            let share = match knowledge {
                Knowledge::Known => 1.0,
                Knowledge::Half => 0.5,
                Knowledge::Wrong if stated => -0.5,
                Knowledge::Wrong => 0.0,
            };
            known += f64::from(fact.weight) * share;
            out_of += f64::from(fact.weight);
            facts.push(Held { knowledge, right });
        }
        random.shuffle(&mut sentences);
        Candidate {
            text: sentences.join(" "),
            knowledge: (100.0 * known / out_of.max(1.0)).clamp(0.0, 100.0),
            facts,
        }
    }

    /// A reply to an open question.
    fn words(&self, at: usize, right: bool) -> ReplyBody {
        let lines = &self.facts[at];
        let said = if right {
            lines.say.last()
        } else {
            lines.untrue.first().or(lines.touch.as_ref())
        };
        said.cloned().map_or(ReplyBody::Pass(true), ReplyBody::Text)
    }
}

impl Candidate {
    pub(super) fn reply(&self, item: &Item, script: &Script, question: &Question) -> ReplyBody {
        let at = place(item, question);
        let Held { knowledge, right } = self.facts[at];
        let right = knowledge == Knowledge::Known || knowledge == Knowledge::Half && right;
        if right {
            right_reply(&item.facts()[at], question).unwrap_or_else(|| script.words(at, true))
        } else {
            misconception(item, script, question)
        }
    }
}

/// The wrong reply nearest to what people get wrong about the fact.
pub(super) fn misconception(item: &Item, script: &Script, question: &Question) -> ReplyBody {
    let at = place(item, question);
    let fact = &item.facts()[at];
    match &fact.check {
        Some(Check::Choice { wrong, .. }) => ReplyBody::Choice(index(question, &nearest(fact, wrong).option)),
        Some(Check::Pick { wrong, .. }) => {
            ReplyBody::Choices(wrong.iter().map(|w| index(question, &w.option)).collect())
        }
        // A slip by a power of ten.
        Some(Check::Number { value, .. }) => ReplyBody::Number(value * 10.0 + 1.0),
        Some(Check::Order { steps, .. }) => {
            ReplyBody::Order(steps.iter().rev().map(|s| index(question, s)).collect())
        }
        None => script.words(at, false),
    }
}

/// A reply by somebody who has no idea: of four options, or as if there were four.
pub(super) fn guess(item: &Item, script: &Script, question: &Question, random: &mut Random) -> ReplyBody {
    let at = place(item, question);
    let n = question.options.len();
    match question.kind {
        QuestionKind::Choice => ReplyBody::Choice(random.below(n.max(1)) as u32),
        QuestionKind::Pick => {
            let mut chosen: Vec<u32> = (0..n as u32).filter(|_| random.unit() < 0.5).collect();
            if chosen.is_empty() {
                chosen.push(random.below(n.max(1)) as u32);
            }
            ReplyBody::Choices(chosen)
        }
        QuestionKind::Order => {
            let mut order: Vec<u32> = (0..n as u32).collect();
            random.shuffle(&mut order);
            ReplyBody::Order(order)
        }
        QuestionKind::Number if random.below(4) == 0 => {
            right_reply(&item.facts()[at], question).unwrap_or(ReplyBody::Pass(true))
        }
        QuestionKind::Number => misconception(item, script, question),
        QuestionKind::Probe => script.facts[at]
            .touch
            .clone()
            .map_or(ReplyBody::Pass(true), ReplyBody::Text),
    }
}

/// The right reply to a check; `None` for a probe.
fn right_reply(fact: &Fact, question: &Question) -> Option<ReplyBody> {
    let all = |options: &[String]| options.iter().map(|o| index(question, o)).collect();
    Some(match fact.check.as_ref()? {
        Check::Choice { right, .. } => ReplyBody::Choice(index(question, right)),
        Check::Pick { right, .. } => ReplyBody::Choices(all(right)),
        Check::Number { value, .. } => ReplyBody::Number(*value),
        Check::Order { steps, .. } => ReplyBody::Order(all(steps)),
    })
}

/// The wrong option that shares most words with the fact's misconceptions; the first of equals.
fn nearest<'a>(fact: &Fact, wrong: &'a [WrongOption]) -> &'a WrongOption {
    let believed = content_words(&fact.untrue.join(" "));
    let shared = |option: &WrongOption| {
        let words = content_words(&option.option);
        words.iter().filter(|w| believed.binary_search(w).is_ok()).count()
    };
    wrong
        .iter()
        .rev()
        .max_by_key(|option| shared(option))
        .unwrap_or(&wrong[0])
}

fn index(question: &Question, option: &str) -> u32 {
    question.options.iter().position(|o| o == option).unwrap_or(0) as u32
}

fn place(item: &Item, question: &Question) -> usize {
    let facts = item.facts();
    facts.iter().position(|f| f.id == question.id).unwrap_or(0)
}

/// A sentence that names the subject of a fact and not its point.
fn touch(evaluation: &Evaluation<'_>, item: &Item, at: usize) -> Result<Option<String>, Error> {
    let facts = item.facts();
    let others = facts
        .iter()
        .enumerate()
        .filter(|(i, f)| *i != at && !f.say.is_empty());
    let context: Vec<&str> = others.take(2).map(|(_, f)| f.say[0].as_str()).collect();
    let context = context.join(" ");
    let before = statuses(&evaluation.scorecard(item, 0, &context)?);
    let mut half = None;
    for sentence in topic_sentences(&facts[at]) {
        let after = statuses(&evaluation.scorecard(item, 0, &format!("{context} {sentence}"))?);
        let decided = |s: Status| !matches!(s, Status::Missed | Status::Mentioned);
        let moved = |i: usize| before[i] != after[i] && (decided(before[i]) || decided(after[i]));
        if (0..facts.len()).any(|i| i != at && moved(i)) {
            continue;
        }
        match after[at] {
            Status::Mentioned => return Ok(Some(sentence)),
            Status::Partial => half = half.or(Some(sentence)),
            _ => {}
        }
    }
    Ok(half)
}

fn statuses(card: &Scorecard) -> Vec<Status> {
    let coverage = card.group(GroupId::Coverage);
    coverage.map_or(Vec::new(), |g| g.criteria.iter().map(|c| c.status).collect())
}

/// Sentences about the subject: from the words of each topic pattern, then the questions asked about it.
fn topic_sentences(fact: &Fact) -> impl Iterator<Item = String> {
    let from_topic = |pattern: &String, choice: usize| {
        let words: Vec<String> = pattern
            .split(' ')
            .filter_map(|group| plain_word(group, choice))
            .collect();
        (!words.is_empty()).then(|| format!("Then there is the matter of {}.", words.join(" and the ")))
    };
    let choices =
        (0..CHOICES).flat_map(|choice| fact.topic.iter().filter_map(move |p| from_topic(p, choice)));
    let mut topics: Vec<String> = choices.collect();
    topics.dedup();
    let asked = fact
        .check
        .as_ref()
        .map(Check::ask)
        .into_iter()
        .chain([fact.probe.as_str()]);
    let asked = asked.map(|ask| format!("I have asked myself the same thing: {ask}"));
    topics.extend(asked);
    topics.into_iter()
}

/// One of the alternatives of a pattern's group that are words and nothing else; the last when there are
/// fewer.
fn plain_word(group: &str, choice: usize) -> Option<String> {
    let plain = |word: &&str| word.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '*');
    let words: Vec<&str> = group.split('|').filter(plain).collect();
    let word = words.get(choice).or(words.last())?;
    Some(word.trim_end_matches('*').replace('_', " "))
}
