//! Spoken answers to text: by the one way that is configured, a few at a time, and nothing kept.

use std::sync::{Arc, OnceLock};

use tokio::sync::Semaphore;
use transcriber::{By, Local, OFFER, Offer, Recording, Standing, Transcriber, Transcription};

use crate::{Capability, Error, Practice};

/// Longest recording that is transcribed, in seconds: five minutes, longer than any answer should be.
pub const MAX_RECORDING_S: u32 = 300;

/// Transcriptions that may wait, for each that may run: a page sends one window after the other.
const WAITING_EACH: usize = 4;

/// What a client that was refused is told to wait, in seconds: about one window of speech.
const RETRY_AFTER_S: u64 = 3;

/// The way to text and the room for it. Hearing takes seconds where grading takes a tenth of one, so at most
/// half of the grading slots are ever taken by it.
pub(crate) struct Hearing {
    transcriber: Transcriber,
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

/// How speech stands, for whoever shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speech {
    /// What can be done now.
    pub state: SpeechState,
    /// The endpoint that recordings are sent to; `None` when none leaves this machine.
    pub endpoint: Option<By>,
    /// What would be fetched, while there is something to fetch.
    pub offer: Option<Offer>,
}

/// What can be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpeechState {
    /// This session was opened without.
    Off,
    /// There is no model yet.
    Missing,
    /// The model is being fetched.
    Fetching,
    /// The model could not be fetched.
    Failed {
        /// What happened.
        reason: String,
        /// What to do.
        cure: String,
    },
    /// Recordings are taken.
    Ready,
}

impl Practice {
    /// Sets the way from speech to text. The first one set stays.
    pub fn hear_by(&self, transcriber: Transcriber) {
        let running = self.0.limits.gradings.div_ceil(2).max(1);
        let hearing = Hearing {
            transcriber,
            running: Arc::new(Semaphore::new(running)),
            admitted: Arc::new(Semaphore::new(running * (1 + WAITING_EACH))),
        };
        // A second one would be a mistake of the shell, and the first may be at work.
        let _ = self.0.hearing.set(hearing);
    }

    /// How speech stands.
    pub fn speech(&self) -> Speech {
        let Some(hearing) = self.0.hearing.get() else {
            return Speech {
                state: SpeechState::Off,
                endpoint: None,
                offer: None,
            };
        };
        match &hearing.transcriber {
            Transcriber::Remote(remote) => Speech {
                state: SpeechState::Ready,
                endpoint: Some(remote.by()),
                offer: None,
            },
            Transcriber::Local(local) => {
                let standing = local.standing();
                Speech {
                    offer: (standing != Standing::Ready).then_some(OFFER),
                    state: match standing {
                        Standing::Ready => SpeechState::Ready,
                        Standing::Missing => SpeechState::Missing,
                        Standing::Fetching => SpeechState::Fetching,
                        Standing::Failed(error) => {
                            let (reason, cure) = crate::reading::told(&error.to_string());
                            SpeechState::Failed { reason, cure }
                        }
                    },
                    endpoint: None,
                }
            }
        }
    }

    /// Begins to fetch the model; [`Practice::speech`] tells how it goes. Only ever called because somebody
    /// who has seen the offer asked for it. Nothing begins while a fetch is under way or the model is there.
    ///
    /// # Errors
    /// `Error::SpeechOff` when speech goes to an endpoint or this session is without.
    pub fn fetch_speech(&self) -> Result<Speech, Error> {
        if self.local()?.begin_fetch() {
            let practice = self.clone();
            // A thread of its own: the runtime would wait at its end for a download on one of its threads.
            let started = std::thread::Builder::new()
                .name("speech fetch".to_owned())
                .spawn(move || practice.fetch_speech_now());
            if let Err(error) = started {
                tracing::error!(%error, "no thread to fetch the speech model on");
                return Err(Error::Stopped);
            }
        }
        Ok(self.speech())
    }

    fn fetch_speech_now(&self) {
        let Ok(local) = self.local() else { return };
        match local.fetch() {
            Ok(()) => tracing::info!("the speech model is fetched"),
            Err(error) => tracing::warn!(%error, "the speech model is not fetched"),
        }
    }

    fn local(&self) -> Result<&Local, Error> {
        match self.0.hearing.get().map(|hearing| &hearing.transcriber) {
            Some(Transcriber::Local(local)) => Ok(local),
            _ => Err(Error::SpeechOff),
        }
    }

    /// What is said in a WAV file of at most [`MAX_RECORDING_S`] seconds. The recording is in memory for as long
    /// as this takes, and nowhere else.
    ///
    /// # Errors
    /// The bytes are no such file; there is no model, or the endpoint failed; too many at once.
    pub async fn transcribe(&self, wav: Vec<u8>) -> Result<Transcription, Error> {
        let hearing = self.0.hearing.get().ok_or(Error::SpeechOff)?;
        let busy = |_| Error::SpeechBusy {
            retry_after_s: RETRY_AFTER_S,
        };
        let recording = Recording::from_wav(&wav, MAX_RECORDING_S)?;
        let admitted = Arc::clone(&hearing.admitted).try_acquire_owned().map_err(busy)?;
        // The semaphore is never closed.
        let running = Arc::clone(&hearing.running).acquire_owned().await;
        let running = running.map_err(|_| Error::Stopped)?;
        match &hearing.transcriber {
            Transcriber::Remote(remote) => {
                let heard = remote.transcribe(&wav, &recording).await;
                drop((admitted, running));
                Ok(heard?)
            }
            Transcriber::Local(_) => {
                drop(wav);
                let practice = self.clone();
                // The permits move into the thread: hanging up must not make room before the work is done.
                let heard = self.0.slots.run(move || {
                    let _held = (admitted, running);
                    Ok(practice.local()?.transcribe(&recording)?)
                });
                heard.await?
            }
        }
    }

    pub(crate) fn speech_capability(&self) -> Capability {
        let name = "speech";
        let Speech { state, endpoint, .. } = self.speech();
        let capability = |ok, detail: String, cure: &'static str| Capability {
            name,
            ok,
            detail,
            cure: cure.into(),
        };
        match (state, endpoint) {
            (SpeechState::Ready, Some(By { model, sent_to })) => {
                let place = sent_to.unwrap_or_default();
                capability(true, format!("{model} at {place}: recordings are sent there"), "")
            }
            (SpeechState::Ready, None) => {
                let detail = "a model on this machine: no recording leaves it";
                capability(true, detail.to_owned(), "")
            }
            (SpeechState::Off, _) => capability(true, "off in this session".to_owned(), ""),
            (SpeechState::Fetching, _) => capability(false, "the model is being fetched".to_owned(), ""),
            (SpeechState::Missing, _) => {
                capability(false, "no model: answers are typed".to_owned(), MISSING_CURE)
            }
            (SpeechState::Failed { reason, .. }, _) => capability(false, reason, MISSING_CURE),
        }
    }
}

/// What to do without a model.
const MISSING_CURE: &str = "fetch one with `spar speech fetch`, or name a folder with one in `SPAR_SPEECH_MODEL`, or an \
    endpoint in `SPAR_SPEECH_URL`";

/// Where the state of the application holds it: set once, after the start.
pub(crate) type Slot = OnceLock<Hearing>;
