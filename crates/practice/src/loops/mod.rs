//! Mock loops: made from a preset and the bank, kept as a script with a log, read back as they stand.

mod event;
mod graded;
mod moments;

use std::collections::BTreeSet;

use domain::{
    AttemptId, DocumentError, DocumentId, InterviewLoop, Item, ItemId, LOOP_FORMAT, Level, LoopEvent,
    Question, SpokenTo, Stage, StageQuestion,
};
use interview::{Act, Chosen, LoopScorecard, Moment, Phase, Preset, StagePhase, State, Wanted, stands_in};

use store::KeptEntry;

use crate::{Error, Held, Part, Practice};

pub use event::NewLoopEvent;

/// Longest role, in characters.
pub(crate) const MAX_ROLE_CHARS: usize = 100;

/// Most topics that a new loop may prefer.
pub(crate) const MAX_TOPICS: usize = 50;

/// A loop to make.
#[derive(Debug, Clone)]
pub struct NewLoop {
    /// The preset, by its id.
    pub preset: String,
    /// The level.
    pub level: Level,
    /// The role, as the candidate calls it; may be empty.
    pub role: String,
    /// Topics to prefer, such as those of a job.
    pub topics: Vec<String>,
    /// Seed of what is chosen and shuffled.
    pub seed: u64,
}

/// A loop as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct LoopView {
    /// Its id.
    pub id: DocumentId,
    /// When it was made, in microseconds since the Unix epoch.
    pub created_at_us: i64,
    /// When something last happened in it.
    pub updated_at_us: i64,
    /// Its script.
    pub head: InterviewLoop,
    /// Where it stands.
    pub state: State,
    /// What can be done now.
    pub may: Vec<Act>,
    /// What can be asked of the question that is under way: ids and questions of what is held back.
    pub asks: Vec<(String, String)>,
    /// The interviewer's question on an attempt of the question that is under way.
    pub pending: Option<Pending>,
    /// Mistakes with their moments, for each stage.
    pub moments: Vec<Vec<Moment>>,
}

/// A question of the interviewer that a reply to the attempt answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// The attempt.
    pub attempt: AttemptId,
    /// At the question or at its change.
    pub of: SpokenTo,
    /// The question.
    pub question: Question,
}

/// What came of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// The loop after it.
    pub view: LoopView,
    /// The same event was taken before at this position: nothing happened now.
    pub replayed: bool,
}

impl Practice {
    /// Makes a loop and keeps it; it begins with its first event.
    ///
    /// # Errors
    /// A field breaks a rule, or the store fails.
    pub async fn new_loop(&self, new: NewLoop, now_us: i64) -> Result<LoopView, Error> {
        let preset = interview::preset(&new.preset).ok_or_else(|| Error::Field {
            field: "preset",
            rule: format!("must be one of {}", known_presets()),
        })?;
        check_bounds(&new)?;
        let done: BTreeSet<ItemId> = self.summaries().await?.keys().cloned().collect();
        let items: Vec<&Item> = self.bank().answer_items().collect();
        let wanted = Wanted {
            level: new.level,
            seed: new.seed,
            topics: &new.topics,
            done: &done,
        };
        let mut stages = Vec::new();
        for chosen in interview::choose(preset, &items, &wanted) {
            stages.push(self.stage(&chosen, new.seed)?);
        }
        let head = InterviewLoop {
            format: LOOP_FORMAT,
            preset: preset.id.to_owned(),
            title: preset.title.to_owned(),
            level: new.level,
            role: new.role.trim().to_owned(),
            seed: new.seed,
            stages,
        };
        let id = Self::document_id(now_us);
        self.put(&id, &head, Some(0), now_us).await?;
        self.interview_loop(&id).await
    }

    fn stage(&self, chosen: &Chosen<'_>, seed: u64) -> Result<Stage, Error> {
        let plan = chosen.plan;
        let mut questions = Vec::with_capacity(chosen.items.len());
        for item in &chosen.items {
            let variant = interview::variant(seed, &item.id, item.variant_count());
            let instance = self.instance(&item.id, variant, Part::Question)?;
            let item = &instance.item;
            questions.push(StageQuestion {
                item: item.id.clone(),
                variant,
                revision: item.revision.clone(),
                title: item.title.clone(),
                competency: item.competency,
                prompt: item.prompt.clone(),
                change: item.change.as_ref().map(|change| change.say.clone()),
            });
        }
        let missing = match (questions.len(), plan.slots.len()) {
            (0, _) => {
                Some("The bank has no question for this stage at this level: go on to the next.".to_owned())
            }
            (n, slots) if n < slots => Some(format!(
                "The bank has {n} of the {slots} questions of this stage."
            )),
            _ => None,
        };
        Ok(Stage {
            kind: plan.kind,
            title: plan.title.to_owned(),
            minutes: plan.minutes,
            stands_in: stands_in(plan.kind).map(str::to_owned),
            missing,
            questions,
        })
    }

    /// A loop as it stands.
    ///
    /// # Errors
    /// There is none of that id, or the store fails.
    pub async fn interview_loop(&self, id: &DocumentId) -> Result<LoopView, Error> {
        let (held, log, state) = self.folded(id).await?;
        let last = log.last().map(|entry| entry.1);
        self.loop_view(held, last, state).await
    }

    /// Up to `limit` loops, newest first, after the last one seen (its creation and id), each as it stands.
    ///
    /// # Errors
    /// The store fails.
    pub async fn loops(
        &self,
        after: Option<(i64, &DocumentId)>,
        limit: u32,
    ) -> Result<Vec<(Held<InterviewLoop>, State)>, Error> {
        let mut loops = Vec::new();
        for held in self.held_page::<InterviewLoop>(after, limit).await? {
            let log = self.logged::<InterviewLoop>(&held.id).await?;
            let events: Vec<LoopEvent> = log.into_iter().map(|logged| logged.entry).collect();
            let state = fold(&held.id, &held.body, &events)?;
            loops.push((held, state));
        }
        Ok(loops)
    }

    /// Deletes a loop with its log. Its attempts stay, unless they are to go as well.
    ///
    /// # Errors
    /// There is none of that id, or the store fails.
    pub async fn delete_loop(&self, id: &DocumentId, with_attempts: bool) -> Result<(), Error> {
        if with_attempts {
            let (_, _, state) = self.folded(id).await?;
            for attempt in attempts_of(&state) {
                match self.delete(&attempt).await {
                    // Deleted by hand before.
                    Ok(()) | Err(Error::AttemptNotFound { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        self.discard::<InterviewLoop>(id).await
    }

    /// The hiring scorecard of a loop, recomputed from its attempts: overrides, readings and later replies
    /// count.
    ///
    /// # Errors
    /// There is no such loop, the machine is busy, or the store fails.
    pub async fn loop_scorecard(&self, id: &DocumentId) -> Result<(LoopView, LoopScorecard), Error> {
        let view = self.interview_loop(id).await?;
        let questions = self.graded_questions(&view).await?;
        let ended = view.state.phase == Phase::Ended;
        let card = interview::assess(&view.head, ended, &questions);
        Ok((view, card))
    }

    /// A loop with its log and where that leads.
    async fn folded(
        &self,
        id: &DocumentId,
    ) -> Result<(Held<InterviewLoop>, Vec<(LoopEvent, i64)>, State), Error> {
        let held = self.held::<InterviewLoop>(id).await?;
        let log = self.logged::<InterviewLoop>(id).await?;
        let log: Vec<(LoopEvent, i64)> = log.into_iter().map(|l| (l.entry, l.created_at_us)).collect();
        let events: Vec<LoopEvent> = log.iter().map(|(event, _)| event.clone()).collect();
        let state = fold(id, &held.body, &events)?;
        Ok((held, log, state))
    }

    async fn loop_view(
        &self,
        held: Held<InterviewLoop>,
        last_us: Option<i64>,
        state: State,
    ) -> Result<LoopView, Error> {
        let mut may = state.may();
        let pending = self.pending(&state).await?;
        if pending.is_some() {
            may.insert(0, Act::Reply);
        }
        Ok(LoopView {
            asks: self.asks(&held.body, &state),
            moments: self.moments(&held.body, &state),
            id: held.id,
            created_at_us: held.created_at_us,
            updated_at_us: last_us.unwrap_or(held.updated_at_us),
            head: held.body,
            state,
            may,
            pending,
        })
    }

    /// What is held back of the question that is under way.
    fn asks(&self, head: &InterviewLoop, state: &State) -> Vec<(String, String)> {
        let running = state.current().filter(|stage| stage.phase == StagePhase::Running);
        let asked = running.and_then(|stage| head.stages.get(state.stage)?.questions.get(stage.question));
        let item = asked.and_then(|q| self.instance(&q.item, q.variant, Part::Question).ok());
        let held_back = item.iter().flat_map(|instance| &instance.item.clarifications);
        held_back.map(|c| (c.id.clone(), c.ask.clone())).collect()
    }

    /// The interviewer's question on what was handed in for the question that is under way: first on the
    /// answer, then on its change.
    async fn pending(&self, state: &State) -> Result<Option<Pending>, Error> {
        let running = state.current().filter(|stage| stage.phase == StagePhase::Running);
        let Some(question) = running
            .filter(|_| state.phase == Phase::Running)
            .and_then(|s| s.current())
        else {
            return Ok(None);
        };
        for (of, spoken) in [
            (SpokenTo::Question, &question.answer),
            (SpokenTo::Change, &question.change),
        ] {
            let Some(id) = spoken
                .handed_in
                .as_ref()
                .and_then(|handed| handed.attempt.as_ref())
            else {
                continue;
            };
            match self.attempt(id).await {
                Ok(view) => {
                    if let Some(question) = view.question {
                        return Ok(Some(Pending {
                            attempt: id.clone(),
                            of,
                            question,
                        }));
                    }
                }
                Err(Error::AttemptNotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// The presets of loops.
    pub fn loop_presets() -> &'static [Preset] {
        &interview::PRESETS
    }
}

/// The state that a kept log leads to. What cannot happen is refused before it is logged, so a log that
/// breaks off was changed on disk.
fn fold(id: &DocumentId, head: &InterviewLoop, log: &[LoopEvent]) -> Result<State, Error> {
    State::after(head, log).map_err(|(at, refusal)| {
        Error::Store(store::Error::Damaged {
            row: format!("loop `{id}`, entry {at}"),
            why: refusal.to_string(),
        })
    })
}

/// What holds of the log of an imported loop besides what holds of its script and of each entry: every one
/// could happen after those before it.
pub(crate) fn check_log(body: &str, entries: &[KeptEntry]) -> Result<(), DocumentError> {
    let broken = |field: String| move |e: serde_json::Error| DocumentError::new(field, e.to_string());
    let head: InterviewLoop = serde_json::from_str(body).map_err(broken("body".to_owned()))?;
    let mut state = State::new(&head);
    for (at, entry) in entries.iter().enumerate() {
        let event: LoopEvent = serde_json::from_str(&entry.body).map_err(broken(format!("entries[{at}]")))?;
        state.apply(&head, &event).map_err(|refusal| {
            DocumentError::new(
                format!("entries[{at}]"),
                format!("cannot happen there: {refusal}"),
            )
        })?;
    }
    Ok(())
}

/// The attempts of a loop.
fn attempts_of(state: &State) -> Vec<AttemptId> {
    let questions = state.stages.iter().flat_map(|stage| &stage.questions);
    let handed = questions
        .flat_map(|q| [&q.answer, &q.change])
        .filter_map(|s| s.handed_in.as_ref());
    handed.filter_map(|h| h.attempt.clone()).collect()
}

fn known_presets() -> String {
    let ids: Vec<&str> = interview::PRESETS.iter().map(|preset| preset.id).collect();
    ids.join(", ")
}

fn check_bounds(new: &NewLoop) -> Result<(), Error> {
    if new.role.chars().count() > MAX_ROLE_CHARS || new.role.contains('\0') {
        return Err(Error::Field {
            field: "role",
            rule: format!("must be at most {MAX_ROLE_CHARS} characters, without NUL"),
        });
    }
    if new.topics.len() > MAX_TOPICS {
        return Err(Error::Field {
            field: "topics",
            rule: format!("must be at most {MAX_TOPICS}"),
        });
    }
    Ok(())
}
