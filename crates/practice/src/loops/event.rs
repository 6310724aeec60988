//! Something happens in a loop: checked, graded where it hands in, and logged before it is acknowledged.

use domain::{AttemptId, DocumentId, InterviewLoop, LoopEvent, SpokenTo, StageQuestion, Submission};
use interview::{Phase, State, YOURS_TO_DECIDE};
use store::Key;

use super::Happened;
use crate::graders::chain;
use crate::items::rubric;
use crate::{Error, MAX_ELAPSED_MS, NewSubmission, Part, Practice};

/// What a client lets happen. Times are milliseconds of active time in the stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewLoopEvent {
    /// Begin the stage that is next.
    Begin,
    /// Speak.
    Say {
        /// When the turn ended.
        elapsed_ms: u64,
        /// The words.
        text: String,
        /// To the question or its change.
        to: SpokenTo,
    },
    /// Ask in one's own words.
    Ask {
        /// When.
        elapsed_ms: u64,
        /// The question.
        text: String,
    },
    /// Ask one of the questions offered.
    Choose {
        /// When.
        elapsed_ms: u64,
        /// Id of what is held back.
        clarification: String,
    },
    /// Report activity.
    Pulse {
        /// When.
        elapsed_ms: u64,
        /// Words since the last event that are not said yet.
        words: u32,
    },
    /// Hand in what was said.
    HandIn {
        /// When.
        elapsed_ms: u64,
    },
    /// Stop the clock.
    Pause {
        /// When.
        elapsed_ms: u64,
    },
    /// Let the clock go on.
    Resume,
    /// Go on.
    Next {
        /// When.
        elapsed_ms: u64,
    },
    /// End the loop.
    End,
}

impl Practice {
    /// Takes an event of a loop whose log the client has seen with `position` entries, synced to disk before
    /// this returns. What it hands in becomes an ordinary attempt first; a crash between the two leaves an
    /// attempt that the same event, sent again, finds.
    ///
    /// # Errors
    /// It cannot happen now, another client was first, a field breaks a rule, the machine is busy, or the
    /// store fails. The loop is then as it was.
    pub async fn happen(
        &self,
        id: &DocumentId,
        position: usize,
        event: NewLoopEvent,
        now_us: i64,
    ) -> Result<Happened, Error> {
        let (held, log, mut state) = self.folded(id).await?;
        let head = &held.body;
        if let Some((known, _)) = log.get(position) {
            // The answer to this request was lost on its way: what it did stands.
            if same(known, &event) {
                let view = self.interview_loop(id).await?;
                return Ok(Happened { view, replayed: true });
            }
            return Err(Error::DocumentChanged {
                kind: domain::DocumentKind::Loop,
                id: id.clone(),
            });
        }
        if position > log.len() {
            return Err(Error::Field {
                field: "position",
                rule: format!("must be at most {}, the events of this loop so far", log.len()),
            });
        }
        let mut entries = Vec::new();
        // A log that was cut by hand may owe a hand-in; nothing else can happen before it.
        self.hand_in_owed(id, head, &mut state, &mut entries, now_us)
            .await?;
        match event {
            NewLoopEvent::HandIn { elapsed_ms } => {
                let entry = self.hand_in(id, head, &state, elapsed_ms, now_us).await?;
                take(head, &mut state, &mut entries, entry)?;
            }
            NewLoopEvent::End => {
                if state.phase == Phase::Ended {
                    return Err(Error::Loop(interview::Refusal::Ended));
                }
                if let Some(elapsed_ms) = unsaid(&state) {
                    let entry = self.hand_in(id, head, &state, elapsed_ms, now_us).await?;
                    take(head, &mut state, &mut entries, entry)?;
                }
                take(head, &mut state, &mut entries, LoopEvent::End)?;
            }
            event => {
                let entry = self.resolved(head, &state, event).await?;
                take(head, &mut state, &mut entries, entry)?;
            }
        }
        self.hand_in_owed(id, head, &mut state, &mut entries, now_us)
            .await?;
        self.log::<InterviewLoop>(id, position, &entries, now_us).await?;
        let view = self.loop_view(held, Some(now_us), state).await?;
        Ok(Happened {
            view,
            replayed: false,
        })
    }

    /// Hands in what is open when the time of a stage is over.
    async fn hand_in_owed(
        &self,
        id: &DocumentId,
        head: &InterviewLoop,
        state: &mut State,
        entries: &mut Vec<LoopEvent>,
        now_us: i64,
    ) -> Result<(), Error> {
        if state.owes().is_empty() {
            return Ok(());
        }
        let elapsed_ms = state.current().map_or(0, |stage| stage.elapsed_ms);
        let entry = self.hand_in(id, head, state, elapsed_ms, now_us).await?;
        take(head, state, entries, entry)
    }

    /// Grades what is open and says what came of it.
    async fn hand_in(
        &self,
        id: &DocumentId,
        head: &InterviewLoop,
        state: &State,
        elapsed_ms: u64,
        now_us: i64,
    ) -> Result<LoopEvent, Error> {
        let blank = LoopEvent::HandIn {
            elapsed_ms,
            attempt: None,
            change_attempt: None,
        };
        let parts = state.open();
        let stage = state.current();
        let asked = stage.and_then(|s| head.stages.get(state.stage)?.questions.get(s.question));
        let (Some(stage), Some(asked)) = (stage, asked) else {
            return Ok(blank);
        };
        let Some(question) = stage.current() else {
            return Ok(blank);
        };
        if elapsed_ms < stage.elapsed_ms {
            // Refused by the state in its own words.
            return Ok(blank);
        }
        let begun = question.begun_ms.unwrap_or(0);
        let (mut attempt, mut change_attempt) = (None, None);
        for part in parts {
            let (text, made, from) = match part {
                SpokenTo::Question => (&question.answer.text, &mut attempt, begun),
                SpokenTo::Change => (
                    &question.change.text,
                    &mut change_attempt,
                    question.change_told_ms.unwrap_or(begun),
                ),
            };
            if !text.is_empty() {
                let took = elapsed_ms.saturating_sub(from);
                let submitted = self.submit_of_loop(id, head, state.events, asked, part, text, took, now_us);
                *made = Some(submitted.await?);
            }
        }
        Ok(LoopEvent::HandIn {
            elapsed_ms,
            attempt,
            change_attempt,
        })
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the fields of one submission, used once"
    )]
    async fn submit_of_loop(
        &self,
        id: &DocumentId,
        head: &InterviewLoop,
        position: usize,
        asked: &StageQuestion,
        to: SpokenTo,
        text: &str,
        took_ms: u64,
        now_us: i64,
    ) -> Result<AttemptId, Error> {
        let part = match to {
            SpokenTo::Question => Part::Question,
            SpokenTo::Change => Part::Change,
        };
        // The blanks keep it apart from every key of a client, which are visible characters only. A turn that
        // ends the time is not logged yet, so the words belong to the key as well.
        let words = interview::mixed(head.seed, text);
        let key = Key {
            key: format!("loop {id} {position} {} {words:016x}", to.as_str()),
            request_hash: format!("{words:016x}"),
        };
        let new = NewSubmission {
            id: crate::attempt_id(now_us),
            item: asked.item.clone(),
            variant: asked.variant,
            part,
            submission: Submission::Text {
                text: text.to_owned(),
            },
            seed: head.seed,
            elapsed_ms: Some(
                i64::try_from(took_ms)
                    .unwrap_or(MAX_ELAPSED_MS)
                    .min(MAX_ELAPSED_MS),
            ),
            previous: None,
            key: Some(key),
        };
        Ok(self.submit(new, now_us).await?.view.attempt.id)
    }

    /// The entry that an event becomes: clarifying questions get their answer.
    async fn resolved(
        &self,
        head: &InterviewLoop,
        state: &State,
        event: NewLoopEvent,
    ) -> Result<LoopEvent, Error> {
        let asked = state
            .current()
            .and_then(|stage| head.stages.get(state.stage)?.questions.get(stage.question));
        Ok(match event {
            NewLoopEvent::Begin => LoopEvent::Begin,
            NewLoopEvent::Say { elapsed_ms, text, to } => LoopEvent::Say { elapsed_ms, text, to },
            NewLoopEvent::Ask { elapsed_ms, text } => {
                let answered = match asked {
                    Some(question) => self.clarified(question, &text).await?,
                    None => None,
                };
                let (clarification, answer) = match answered {
                    Some((id, answer)) => (Some(id), answer),
                    None => (None, YOURS_TO_DECIDE.to_owned()),
                };
                LoopEvent::Ask {
                    elapsed_ms,
                    text,
                    clarification,
                    answer,
                }
            }
            NewLoopEvent::Choose {
                elapsed_ms,
                clarification,
            } => {
                let instance = asked.and_then(|q| self.instance(&q.item, q.variant, Part::Question).ok());
                let held_back = instance.as_ref().and_then(|instance| {
                    instance
                        .item
                        .clarifications
                        .iter()
                        .find(|c| c.id == clarification)
                });
                let held_back = held_back.ok_or_else(|| Error::Field {
                    field: "clarification",
                    rule: "must be one of the `asks` of the question that is under way".to_owned(),
                })?;
                LoopEvent::Ask {
                    elapsed_ms,
                    text: held_back.ask.clone(),
                    clarification: Some(clarification),
                    answer: held_back.answer.clone(),
                }
            }
            NewLoopEvent::Pulse { elapsed_ms, words } => LoopEvent::Pulse { elapsed_ms, words },
            NewLoopEvent::Pause { elapsed_ms } => LoopEvent::Pause { elapsed_ms },
            NewLoopEvent::Resume => LoopEvent::Resume,
            NewLoopEvent::Next { elapsed_ms } => LoopEvent::Next { elapsed_ms },
            NewLoopEvent::End => LoopEvent::End,
            NewLoopEvent::HandIn { elapsed_ms } => LoopEvent::HandIn {
                elapsed_ms,
                attempt: None,
                change_attempt: None,
            },
        })
    }

    /// What a typed question brings out of an item; `None` when it holds none of that sort.
    async fn clarified(&self, asked: &StageQuestion, text: &str) -> Result<Option<(String, String)>, Error> {
        let Ok(instance) = self.instance(&asked.item, asked.variant, Part::Question) else {
            return Ok(None);
        };
        if instance.item.clarifications.is_empty() || text.len() > domain::MAX_TURN_BYTES {
            return Ok(None);
        }
        let (encoder, text) = (self.0.graders.encoder().cloned(), text.to_owned());
        let matched = self.0.slots.run(move || {
            let item = &instance.item;
            let clarifier = answer::Clarifier::new(&item.clarifications, &rubric(item)?.lexicon, encoder);
            let unusable = |error: &dyn std::error::Error| Error::Rubric {
                item: item.id.clone(),
                why: chain(error),
            };
            let clarifier = clarifier.map_err(|error| unusable(&error))?;
            let found = clarifier.clarify(&text).map_err(|error| unusable(&error))?;
            let held_back = found.and_then(|found| item.clarifications.iter().find(|c| c.id == found.id));
            Ok(held_back.map(|c| (c.id.clone(), c.answer.clone())))
        });
        matched.await?
    }
}

/// Applies an entry and adds it to those to log.
fn take(
    head: &InterviewLoop,
    state: &mut State,
    entries: &mut Vec<LoopEvent>,
    entry: LoopEvent,
) -> Result<(), Error> {
    <InterviewLoop as domain::Document>::check_entry(&entry).map_err(Error::Document)?;
    state.apply(head, &entry).map_err(Error::Loop)?;
    entries.push(entry);
    Ok(())
}

/// The time at which a loop that ends hands in what was said; `None` when nothing is open that was said.
fn unsaid(state: &State) -> Option<u64> {
    let stage = state.current()?;
    let question = stage.current()?;
    let open = state.open();
    let said = open.iter().any(|part| match part {
        SpokenTo::Question => !question.answer.text.is_empty(),
        SpokenTo::Change => !question.change.text.is_empty(),
    });
    said.then_some(stage.elapsed_ms)
}

/// Whether a logged entry is what this event became.
fn same(known: &LoopEvent, event: &NewLoopEvent) -> bool {
    match (known, event) {
        (LoopEvent::Begin, NewLoopEvent::Begin)
        | (LoopEvent::Resume, NewLoopEvent::Resume)
        | (LoopEvent::End, NewLoopEvent::End) => true,
        (
            LoopEvent::Say { elapsed_ms, text, to },
            NewLoopEvent::Say {
                elapsed_ms: ms,
                text: said,
                to: of,
            },
        ) => elapsed_ms == ms && text == said && to == of,
        (
            LoopEvent::Ask { elapsed_ms, text, .. },
            NewLoopEvent::Ask {
                elapsed_ms: ms,
                text: asked,
            },
        ) => elapsed_ms == ms && text == asked,
        (
            LoopEvent::Ask {
                elapsed_ms,
                clarification,
                ..
            },
            NewLoopEvent::Choose {
                elapsed_ms: ms,
                clarification: chosen,
            },
        ) => elapsed_ms == ms && clarification.as_ref() == Some(chosen),
        (
            LoopEvent::Pulse { elapsed_ms, words },
            NewLoopEvent::Pulse {
                elapsed_ms: ms,
                words: n,
            },
        ) => elapsed_ms == ms && words == n,
        (LoopEvent::HandIn { elapsed_ms, .. }, NewLoopEvent::HandIn { elapsed_ms: ms })
        | (LoopEvent::Pause { elapsed_ms }, NewLoopEvent::Pause { elapsed_ms: ms })
        | (LoopEvent::Next { elapsed_ms }, NewLoopEvent::Next { elapsed_ms: ms }) => elapsed_ms == ms,
        // The hand-in of an end comes first and has its own entry.
        (LoopEvent::HandIn { .. }, NewLoopEvent::End) => true,
        _ => false,
    }
}
