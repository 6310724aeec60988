//! One stage under way: its clock, its questions, and what is said in it.

use domain::{AttemptId, LoopEvent, MAX_ANSWER_BYTES, SpokenTo, Stage};

use crate::refusal::Refusal;
use crate::voice::{self, Line};
use crate::words::{QuestionPhase, StagePhase};

/// How long a turn may run over the end of its stage, in milliseconds: an interviewer lets a sentence end.
pub const GRACE_MS: u64 = 30_000;

/// Where a stage stands.
#[derive(Debug, Clone, PartialEq)]
pub struct StageState {
    /// Where it stands.
    pub phase: StagePhase,
    /// Active time so far, in milliseconds.
    pub elapsed_ms: u64,
    /// The question that is under way.
    pub question: usize,
    /// Its questions.
    pub questions: Vec<QuestionState>,
    /// Times at which words came, with how many.
    pub activity: Vec<Activity>,
    /// What was said on both sides.
    pub lines: Vec<Line>,
    /// The last time a silence was filled by the interviewer.
    pub(crate) waited_ms: Option<u64>,
}

/// Words that came by a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activity {
    /// When they had come.
    pub elapsed_ms: u64,
    /// How many came since the activity before.
    pub words: u32,
}

/// Where a question stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuestionState {
    /// When it was put.
    pub begun_ms: Option<u64>,
    /// What was said to it.
    pub answer: Spoken,
    /// When the requirement changed.
    pub change_told_ms: Option<u64>,
    /// What was said to the change.
    pub change: Spoken,
    /// What was asked.
    pub asked: Vec<Asked>,
    /// Whether it was left for the next one or the end of the stage.
    pub left: bool,
}

/// Words of the candidate, turn by turn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spoken {
    /// All turns as one text: what is handed in, and what spans count in.
    pub text: String,
    /// Where each turn lies in it.
    pub turns: Vec<Turn>,
    /// Set when it was handed in.
    pub handed_in: Option<HandedIn>,
}

/// A turn of the candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// When it ended.
    pub elapsed_ms: u64,
    /// Its first byte.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// When something was handed in, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// When.
    pub elapsed_ms: u64,
    /// The attempt; `None` when nothing was said.
    pub attempt: Option<AttemptId>,
}

/// A clarifying question with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// When.
    pub elapsed_ms: u64,
    /// How many bytes of the answer were said before it.
    pub after: usize,
    /// As it was asked.
    pub text: String,
    /// The hidden requirement; `None` when the item holds none of that sort.
    pub clarification: Option<String>,
    /// The answer.
    pub answer: String,
}

/// What a stage does to the loop around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    Stay,
    Pause,
    Resume,
    Leave,
}

/// How long a stage is, in milliseconds.
pub fn limit_ms(script: &Stage) -> u64 {
    u64::from(script.minutes) * 60_000
}

fn count(text: &str) -> u32 {
    u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX)
}

impl StageState {
    pub(crate) fn new(script: &Stage) -> Self {
        Self {
            phase: StagePhase::Waiting,
            elapsed_ms: 0,
            question: 0,
            questions: vec![QuestionState::default(); script.questions.len()],
            activity: Vec::new(),
            lines: Vec::new(),
            waited_ms: None,
        }
    }

    /// The question that is under way, as far as it was put.
    pub fn current(&self) -> Option<&QuestionState> {
        self.questions.get(self.question)
    }

    /// Where a question of this stage stands.
    pub fn question_phase(&self, at: usize) -> QuestionPhase {
        let Some(question) = self.questions.get(at) else {
            return QuestionPhase::NotReached;
        };
        let nothing = question
            .answer
            .handed_in
            .as_ref()
            .is_some_and(|h| h.attempt.is_none());
        match (question.begun_ms, self.phase) {
            (None, StagePhase::Waiting | StagePhase::Running) => QuestionPhase::Waiting,
            // Left without being put: only the end of the time skips questions.
            (None, StagePhase::TimeOver | StagePhase::Done) => QuestionPhase::OutOfTime,
            (None, StagePhase::Cut) => QuestionPhase::NotReached,
            (Some(_), _) if nothing => QuestionPhase::Silent,
            (Some(_), StagePhase::Cut | StagePhase::Done) if question.answer.handed_in.is_none() => {
                QuestionPhase::Silent
            }
            (Some(_), StagePhase::Cut | StagePhase::Done) => QuestionPhase::Done,
            (Some(_), _) if question.left => QuestionPhase::Done,
            (Some(_), _) if question.answer.handed_in.is_some() => QuestionPhase::FollowingUp,
            (Some(_), _) => QuestionPhase::Answering,
        }
    }

    /// Whether an event of a running stage can happen now.
    pub(crate) fn check(&self, script: &Stage, event: &LoopEvent) -> Result<(), Refusal> {
        let over = self.phase == StagePhase::TimeOver;
        let question = self.current();
        match event {
            LoopEvent::Say { elapsed_ms, text, to } => {
                if over || *elapsed_ms > limit_ms(script) + GRACE_MS {
                    return Err(Refusal::TimeOver);
                }
                let Some(question) = question else {
                    return Err(Refusal::HandedIn);
                };
                question.takes(text, *to)
            }
            LoopEvent::Ask { .. } if question.is_none() => Err(Refusal::HandedIn),
            LoopEvent::Ask { .. } | LoopEvent::Pulse { .. } | LoopEvent::Pause { .. } if over => {
                Err(Refusal::TimeOver)
            }
            LoopEvent::HandIn {
                attempt,
                change_attempt,
                ..
            } => match question {
                None => Err(Refusal::HandedIn),
                Some(question) => question.takes_in(attempt.is_some(), change_attempt.is_some()),
            },
            LoopEvent::Next { .. } if question.is_some_and(|q| q.answer.handed_in.is_none()) => {
                Err(Refusal::NotHandedIn)
            }
            _ => Ok(()),
        }
    }

    /// Takes an event that [`StageState::check`] let through.
    pub(crate) fn take(&mut self, script: &Stage, seed: u64, event: &LoopEvent, last: bool) -> Flow {
        match event {
            LoopEvent::Say { elapsed_ms, text, to } => {
                self.active(*elapsed_ms, count(text));
                self.say(text, *to, seed);
                self.pass(script);
            }
            LoopEvent::Ask {
                elapsed_ms,
                text,
                clarification,
                answer,
            } => {
                self.active(*elapsed_ms, count(text));
                self.ask(text, clarification.as_ref(), answer);
                self.pass(script);
            }
            LoopEvent::Pulse { elapsed_ms, words } => {
                self.active(*elapsed_ms, *words);
                self.pass(script);
                self.wait();
            }
            LoopEvent::HandIn {
                elapsed_ms,
                attempt,
                change_attempt,
            } => {
                self.active(*elapsed_ms, 0);
                self.hand_in(attempt.as_ref(), change_attempt.as_ref());
                self.pass(script);
            }
            LoopEvent::Pause { elapsed_ms } => {
                self.active(*elapsed_ms, 0);
                self.pass(script);
                self.lines.push(voice::paused(self.elapsed_ms));
                return Flow::Pause;
            }
            LoopEvent::Resume => {
                let left = limit_ms(script).saturating_sub(self.elapsed_ms);
                self.lines.push(voice::resumed(self.elapsed_ms, left));
                return Flow::Resume;
            }
            LoopEvent::Next { elapsed_ms } => {
                self.active(*elapsed_ms, 0);
                return self.next(script, last);
            }
            LoopEvent::Begin | LoopEvent::End => {}
        }
        Flow::Stay
    }

    /// Puts the question that is next.
    pub(crate) fn put_question(&mut self, script: &Stage) {
        let at = self.question;
        if let (Some(question), Some(asked)) = (self.questions.get_mut(at), script.questions.get(at)) {
            question.begun_ms = Some(self.elapsed_ms);
            self.lines.push(voice::question(asked, at, self.elapsed_ms));
        }
    }

    fn active(&mut self, elapsed_ms: u64, words: u32) {
        self.elapsed_ms = self.elapsed_ms.max(elapsed_ms);
        if words > 0 {
            self.activity.push(Activity {
                elapsed_ms: self.elapsed_ms,
                words,
            });
        }
    }

    fn say(&mut self, text: &str, to: SpokenTo, seed: u64) {
        let (at, elapsed_ms) = (self.question, self.elapsed_ms);
        let Some(question) = self.questions.get_mut(at) else {
            return;
        };
        let spoken = match to {
            SpokenTo::Question => &mut question.answer,
            SpokenTo::Change => &mut question.change,
        };
        let start = spoken.append(text.trim(), elapsed_ms);
        self.lines
            .push(voice::said(text.trim(), to, at, elapsed_ms, start));
        let turn = self.lines.len();
        self.lines.push(voice::listening(seed, turn, at, elapsed_ms));
    }

    fn ask(&mut self, text: &str, clarification: Option<&String>, answer: &str) {
        let (at, elapsed_ms) = (self.question, self.elapsed_ms);
        let Some(question) = self.questions.get_mut(at) else {
            return;
        };
        question.asked.push(Asked {
            elapsed_ms,
            after: question.answer.text.len(),
            text: text.trim().to_owned(),
            clarification: clarification.cloned(),
            answer: answer.to_owned(),
        });
        self.lines.extend(voice::clarified(
            text.trim(),
            answer,
            clarification.is_some(),
            at,
            elapsed_ms,
        ));
    }

    fn hand_in(&mut self, attempt: Option<&AttemptId>, change_attempt: Option<&AttemptId>) {
        let (at, elapsed_ms) = (self.question, self.elapsed_ms);
        let Some(question) = self.questions.get_mut(at) else {
            return;
        };
        let parts = question.open_parts();
        for part in &parts {
            let (spoken, attempt) = match part {
                SpokenTo::Question => (&mut question.answer, attempt),
                SpokenTo::Change => (&mut question.change, change_attempt),
            };
            spoken.handed_in = Some(HandedIn {
                elapsed_ms,
                attempt: attempt.cloned(),
            });
        }
        let any = attempt.is_some() || change_attempt.is_some();
        self.lines.push(voice::taken(
            any,
            parts.contains(&SpokenTo::Question),
            at,
            elapsed_ms,
        ));
    }

    /// What the time that went by brings: the change, a warning, the end.
    fn pass(&mut self, script: &Stage) {
        let limit = limit_ms(script);
        let now = self.elapsed_ms;
        if self.phase != StagePhase::Running {
            return;
        }
        if now >= limit {
            self.phase = StagePhase::TimeOver;
            self.lines.push(voice::time_over(now));
            return;
        }
        let share = limit / (script.questions.len().max(1) as u64);
        let at = self.question;
        if let (Some(question), Some(asked)) = (self.questions.get_mut(at), script.questions.get(at))
            && let (Some(change), None, Some(begun)) =
                (&asked.change, question.change_told_ms, question.begun_ms)
            && (question.answer.handed_in.is_some() || now - begun >= share / 2)
        {
            question.change_told_ms = Some(now);
            self.lines.push(voice::change(change, at, now));
        }
        self.lines.extend(voice::warning(&self.lines, limit, now));
    }

    /// The interviewer fills a long silence, once.
    fn wait(&mut self) {
        let heard = self.activity.last().map_or(0, |a| a.elapsed_ms);
        let begun = self.current().and_then(|q| q.begun_ms).unwrap_or(0);
        let since = heard.max(begun).max(self.waited_ms.unwrap_or(0));
        let open = self.current().is_some_and(|q| q.answer.handed_in.is_none());
        if open && self.phase == StagePhase::Running && self.elapsed_ms - since >= voice::WAIT_MS {
            self.waited_ms = Some(self.elapsed_ms);
            self.lines.push(voice::waiting(self.question, self.elapsed_ms));
        }
    }

    fn next(&mut self, script: &Stage, last: bool) -> Flow {
        let at = self.question;
        if let Some(question) = self.questions.get_mut(at) {
            question.left = true;
        }
        let in_time = self.phase == StagePhase::Running && self.elapsed_ms < limit_ms(script);
        if in_time && at + 1 < self.questions.len() {
            self.question = at + 1;
            self.put_question(script);
            return Flow::Stay;
        }
        self.phase = StagePhase::Done;
        self.lines.push(voice::closing(script, self.elapsed_ms, last));
        Flow::Leave
    }
}

impl QuestionState {
    /// Whether a change was told and not handed in.
    pub fn change_is_open(&self) -> bool {
        self.change_told_ms.is_some() && self.change.handed_in.is_none()
    }

    /// What a hand-in takes now: the question first; its change when something was said to it, or when the
    /// question was taken before.
    pub fn open_parts(&self) -> Vec<SpokenTo> {
        let mut parts = Vec::new();
        let main = self.answer.handed_in.is_none();
        if main {
            parts.push(SpokenTo::Question);
        }
        if self.change_is_open() && (!main || !self.change.text.is_empty()) {
            parts.push(SpokenTo::Change);
        }
        parts
    }

    fn takes(&self, text: &str, to: SpokenTo) -> Result<(), Refusal> {
        let spoken = match to {
            SpokenTo::Question => &self.answer,
            SpokenTo::Change if self.change_told_ms.is_none() => {
                return Err(Refusal::Field {
                    field: "to",
                    rule: "must be `question`: no requirement has changed yet".to_owned(),
                });
            }
            SpokenTo::Change => &self.change,
        };
        if spoken.handed_in.is_some() {
            return Err(Refusal::HandedIn);
        }
        let bytes = spoken.text.len() + 1 + text.trim().len();
        if bytes > MAX_ANSWER_BYTES {
            return Err(Refusal::Field {
                field: "text",
                rule: format!("makes an answer of {bytes} bytes, the limit is {MAX_ANSWER_BYTES}"),
            });
        }
        Ok(())
    }

    /// Whether a hand-in with these attempts fits: an attempt for what was said, none for silence.
    fn takes_in(&self, attempt: bool, change_attempt: bool) -> Result<(), Refusal> {
        let parts = self.open_parts();
        if parts.is_empty() {
            return Err(Refusal::HandedIn);
        }
        let fits = |part: SpokenTo, spoken: &Spoken, given: bool| {
            given == (parts.contains(&part) && !spoken.text.is_empty())
        };
        let rule = "must be there exactly when something was said to it".to_owned();
        if !fits(SpokenTo::Question, &self.answer, attempt) {
            return Err(Refusal::Field {
                field: "attempt",
                rule,
            });
        }
        if !fits(SpokenTo::Change, &self.change, change_attempt) {
            return Err(Refusal::Field {
                field: "change_attempt",
                rule,
            });
        }
        Ok(())
    }
}

impl Spoken {
    /// Adds a turn; where it starts.
    fn append(&mut self, text: &str, elapsed_ms: u64) -> usize {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.turns.push(Turn {
            elapsed_ms,
            start,
            end: self.text.len(),
        });
        start
    }

    /// When the byte was said: the end of its turn.
    pub fn said_at(&self, byte: usize) -> u64 {
        let turn = self
            .turns
            .iter()
            .find(|turn| byte < turn.end)
            .or(self.turns.last());
        turn.map_or(0, |turn| turn.elapsed_ms)
    }
}
