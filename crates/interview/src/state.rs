//! Where a loop stands: a fold of its script and its log.
//!
//! [`State::apply`] takes every event, from a client, from the log after a crash and from an import, and
//! refuses what cannot happen, so no log leads to a state that cannot be.

use domain::{InterviewLoop, LoopEvent, MAX_LOOP_EVENTS, SpokenTo};

use crate::refusal::Refusal;
use crate::stage::{Flow, QuestionState, StageState};
use crate::voice;
use crate::words::{Act, Phase, StagePhase};

/// Events that are kept free at the end of a log, to hand in and end.
const RESERVED_EVENTS: usize = 8;

/// Where a loop stands.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Where it stands.
    pub phase: Phase,
    /// The stage that is under way or next; the number of stages after the last.
    pub stage: usize,
    /// The stages.
    pub stages: Vec<StageState>,
    /// How many events led here.
    pub events: usize,
}

impl State {
    /// A loop before anything happened.
    pub fn new(head: &InterviewLoop) -> Self {
        Self {
            phase: Phase::Ready,
            stage: 0,
            stages: head.stages.iter().map(StageState::new).collect(),
            events: 0,
        }
    }

    /// The state that a log leads to.
    ///
    /// # Errors
    /// The position of the event that cannot happen, and why.
    pub fn after<'a>(
        head: &InterviewLoop,
        log: impl IntoIterator<Item = &'a LoopEvent>,
    ) -> Result<Self, (usize, Refusal)> {
        let mut state = Self::new(head);
        for (at, event) in log.into_iter().enumerate() {
            state.apply(head, event).map_err(|refusal| (at, refusal))?;
        }
        Ok(state)
    }

    /// Takes one event.
    ///
    /// # Errors
    /// It cannot happen now; the state is as it was.
    pub fn apply(&mut self, head: &InterviewLoop, event: &LoopEvent) -> Result<(), Refusal> {
        self.check(head, event)?;
        self.events += 1;
        match event {
            LoopEvent::Begin => self.begin(head),
            LoopEvent::End => self.end(),
            _ => {
                let number = self.stage;
                let stages = self.stages.get_mut(number).zip(head.stages.get(number));
                let Some((stage, script)) = stages else {
                    return Ok(());
                };
                let last = number + 1 == head.stages.len();
                match stage.take(script, head.seed, event, last) {
                    Flow::Stay => {}
                    Flow::Pause => self.phase = Phase::Paused,
                    Flow::Resume => self.phase = Phase::Running,
                    Flow::Leave => {
                        self.stage = number + 1;
                        self.phase = if last { Phase::Ended } else { Phase::Ready };
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether an event can happen now.
    fn check(&self, head: &InterviewLoop, event: &LoopEvent) -> Result<(), Refusal> {
        if self.phase == Phase::Ended {
            return Err(Refusal::Ended);
        }
        let full = self.events + RESERVED_EVENTS >= MAX_LOOP_EVENTS;
        let closes = matches!(event, LoopEvent::HandIn { .. } | LoopEvent::End);
        if self.events >= MAX_LOOP_EVENTS || (full && !closes) {
            return Err(Refusal::Full);
        }
        match (event, self.phase) {
            (LoopEvent::Begin, Phase::Ready) | (LoopEvent::Resume, Phase::Paused) | (LoopEvent::End, _) => {
                return Ok(());
            }
            (LoopEvent::Begin | LoopEvent::Resume, Phase::Running) => return Err(Refusal::Running),
            (LoopEvent::Begin, _)
            | (LoopEvent::HandIn { .. }, Phase::Running | Phase::Paused)
            | (_, Phase::Running) => {}
            (LoopEvent::Resume, _) => {
                return Err(Refusal::NotRunning {
                    cure: "begin the stage with `begin`",
                });
            }
            (_, Phase::Paused) => {
                return Err(Refusal::NotRunning {
                    cure: "let the clock go on with `resume`",
                });
            }
            (_, Phase::Ready) => {
                return Err(Refusal::NotRunning {
                    cure: "begin the stage with `begin`",
                });
            }
            (_, Phase::Ended) => return Err(Refusal::Ended),
        }
        let (Some(stage), Some(script)) = (self.stages.get(self.stage), head.stages.get(self.stage)) else {
            return Err(Refusal::Ended);
        };
        if matches!(event, LoopEvent::Begin) {
            return Err(Refusal::NotRunning {
                cure: "let the clock go on with `resume`",
            });
        }
        if event.elapsed_ms().is_some_and(|ms| ms < stage.elapsed_ms) {
            return Err(Refusal::Field {
                field: "elapsed_ms",
                rule: format!("must not fall: the stage was at {} ms", stage.elapsed_ms),
            });
        }
        stage.check(script, event)
    }

    /// What can be done now; replies to attempts are not known here.
    pub fn may(&self) -> Vec<Act> {
        match self.phase {
            Phase::Ended => Vec::new(),
            Phase::Ready => vec![Act::Begin, Act::End],
            Phase::Paused => vec![Act::Resume, Act::End],
            Phase::Running => {
                let Some(stage) = self.stages.get(self.stage) else {
                    return vec![Act::End];
                };
                let mut may = Vec::new();
                let question = stage.questions.get(stage.question);
                let open = stage.phase == StagePhase::Running;
                if let Some(question) = question.filter(|_| open) {
                    if question.answer.handed_in.is_none() {
                        may.push(Act::Say);
                    }
                    if question.change_is_open() {
                        may.push(Act::SayChange);
                    }
                    may.push(Act::Ask);
                }
                if open {
                    may.push(Act::Pulse);
                }
                if question.is_some_and(|q| !q.open_parts().is_empty()) {
                    may.push(Act::HandIn);
                }
                if open {
                    may.push(Act::Pause);
                }
                if question.is_none_or(|q| q.answer.handed_in.is_some()) {
                    may.push(Act::Next);
                }
                may.push(Act::End);
                may
            }
        }
    }

    /// The stage that is under way.
    pub fn current(&self) -> Option<&StageState> {
        let under_way = matches!(self.phase, Phase::Running | Phase::Paused);
        self.stages.get(self.stage).filter(|_| under_way)
    }

    /// What is open and must be handed in before anything else, since the time of the stage is over.
    pub fn owes(&self) -> Vec<SpokenTo> {
        let over = self.current().filter(|stage| stage.phase == StagePhase::TimeOver);
        let question = over.and_then(|stage| stage.questions.get(stage.question));
        question
            .filter(|q| q.answer.handed_in.is_none() || q.change_is_open() && !q.change.text.is_empty())
            .map(QuestionState::open_parts)
            .unwrap_or_default()
    }

    /// What a hand-in would take now.
    pub fn open(&self) -> Vec<SpokenTo> {
        let question = self
            .current()
            .and_then(|stage| stage.questions.get(stage.question));
        question.map(QuestionState::open_parts).unwrap_or_default()
    }

    fn begin(&mut self, head: &InterviewLoop) {
        let number = self.stage;
        let (Some(stage), Some(script)) = (self.stages.get_mut(number), head.stages.get(number)) else {
            return;
        };
        self.phase = Phase::Running;
        stage.phase = StagePhase::Running;
        stage.lines.extend(voice::opening(head, number));
        stage.put_question(script);
    }

    fn end(&mut self) {
        let under_way = matches!(self.phase, Phase::Running | Phase::Paused);
        if let Some(stage) = self.stages.get_mut(self.stage).filter(|_| under_way) {
            stage.lines.push(voice::ended(stage.elapsed_ms));
        }
        for stage in self
            .stages
            .iter_mut()
            .filter(|stage| stage.phase != StagePhase::Done)
        {
            stage.phase = StagePhase::Cut;
        }
        self.phase = Phase::Ended;
    }
}
