//! The candidate answers the interviewer.

use answer::ReplyError;
use domain::{Attempt, AttemptId, MAX_ANSWER_BYTES, Reply, ReplyBody, Scorecard};
use store::{Added, Key, NewReply, Seen};

use crate::submit::Outcome;
use crate::{Error, Practice};

/// Most options that a reply may name; questions have at most a dozen.
const MAX_OPTIONS: usize = 64;

impl Practice {
    /// Takes the answer to the pending question, synced to disk before this returns.
    ///
    /// # Errors
    /// There is no such attempt, the reply answers another question or in another way, the key was used
    /// for another request, the machine is busy, or the store fails.
    pub async fn reply(
        &self,
        id: &AttemptId,
        reply: Reply,
        key: Option<Key>,
        now_us: i64,
    ) -> Result<Outcome, Error> {
        check(&reply)?;
        loop {
            // Somebody else added a reply or an override meanwhile: look again whether this one still fits.
            if let Some(outcome) = self.try_reply(id, &reply, key.as_ref(), now_us).await? {
                return Ok(outcome);
            }
        }
    }

    /// One try; `None` when the attempt changed between reading and writing.
    async fn try_reply(
        &self,
        id: &AttemptId,
        reply: &Reply,
        key: Option<&Key>,
        now_us: i64,
    ) -> Result<Option<Outcome>, Error> {
        let store = self.store()?;
        if let Some(outcome) = self.replay(key).await? {
            return Ok(Some(outcome));
        }
        let attempt = store.attempt(id).await?;
        let mut attempt = attempt.ok_or_else(|| Error::AttemptNotFound { id: id.clone() })?;
        let seen = Seen::of(&attempt);
        let base = attempt.scorecard.clone();
        let base = base.ok_or(Error::NotPending { pending: None })?;
        self.accept(&attempt, &base, reply).await?;
        attempt.replies.push(reply.clone());
        // Not remembered before the reply is kept: another may come first, or the disk may be full.
        let derived = self.examine(&attempt, base).await?;
        let standing = derived.standing(&attempt.overrides);
        let new = NewReply {
            attempt: id,
            seen,
            reply,
            standing: &standing,
            key,
            now_us,
        };
        match store.add_reply(new).await? {
            Added::Now => {}
            Added::Before(_) => return self.replay(key).await?.ok_or(Error::KeyReused).map(Some),
            Added::Gone => return Err(Error::AttemptNotFound { id: id.clone() }),
            Added::Taken => return Ok(None),
        }
        self.changed();
        Ok(Some(Outcome {
            view: self.view(attempt, None).await?,
            replayed: false,
        }))
    }

    /// Whether the reply is for the pending question and of its kind.
    async fn accept(&self, attempt: &Attempt, base: &Scorecard, reply: &Reply) -> Result<(), Error> {
        if attempt.submission.is_source() {
            return Err(Error::NotPending { pending: None });
        }
        let spec = match self.spec(&attempt.item, &attempt.revision).await {
            // It is shown without a question, so none is pending.
            Err(Error::Rubric { .. }) => return Err(Error::NotPending { pending: None }),
            spec => spec?,
        };
        let practice = self.clone();
        let (attempt, base, reply) = (attempt.clone(), base.clone(), reply.clone());
        let accepted = self.0.slots.run(move || {
            let grader = practice.0.graders.get(&attempt.item, &attempt.revision, &spec)?;
            grader
                .accepts(&base, &attempt.replies, &reply)
                .map_err(|error| match error {
                    ReplyError::NotPending { pending } => Error::NotPending { pending },
                    ReplyError::Kind { expected } => Error::ReplyKind {
                        expected: expected.to_string(),
                    },
                    ReplyError::Range { field, rule } => Error::Field { field, rule },
                })
        });
        accepted.await?
    }
}

/// The bounds that hold for a reply to any question.
pub(crate) fn check(reply: &Reply) -> Result<(), Error> {
    let field = |field, rule: String| Err(Error::Field { field, rule });
    match &reply.body {
        ReplyBody::Text(text) if text.len() > MAX_ANSWER_BYTES => field(
            "text",
            format!("has {} bytes, the limit is {MAX_ANSWER_BYTES}", text.len()),
        ),
        ReplyBody::Text(text) if text.contains('\0') => {
            field("text", "has a NUL character: remove it".to_owned())
        }
        ReplyBody::Choices(options) if options.len() > MAX_OPTIONS => {
            field("choices", format!("names more than {MAX_OPTIONS} options"))
        }
        ReplyBody::Order(options) if options.len() > MAX_OPTIONS => {
            field("order", format!("names more than {MAX_OPTIONS} options"))
        }
        ReplyBody::Number(value) if !value.is_finite() => field("number", "must be finite".to_owned()),
        _ => Ok(()),
    }
}
