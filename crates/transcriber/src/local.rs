//! A model on this machine: loaded when it is first needed, fetched when somebody asks for it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use speech::Model;

use crate::weights::found;
use crate::{By, FetchError, Recording, TranscribeError, Transcription};

/// A model in a folder. Share it: it holds the loaded model.
pub struct Local {
    folder: PathBuf,
    model: Mutex<Option<Arc<Model>>>,
    fetch: Mutex<Fetch>,
}

enum Fetch {
    Idle,
    UnderWay,
    Failed(FetchError),
}

/// How the model stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Its files are there.
    Ready,
    /// They are not.
    Missing,
    /// They are being fetched.
    Fetching,
    /// They could not be fetched.
    Failed(FetchError),
}

impl Local {
    /// The model in `folder`, which need not exist.
    pub fn new(folder: PathBuf) -> Local {
        Local {
            folder,
            model: Mutex::default(),
            fetch: Mutex::new(Fetch::Idle),
        }
    }

    /// Where its files lie, or will.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How the model stands now; looks at the folder, so that files put there by hand are found.
    pub fn standing(&self) -> Standing {
        match &*lock(&self.fetch) {
            Fetch::UnderWay => Standing::Fetching,
            _ if found(&self.folder).is_some() => Standing::Ready,
            Fetch::Failed(error) => Standing::Failed(error.clone()),
            Fetch::Idle => Standing::Missing,
        }
    }

    /// Says that a fetch begins; false when one is under way or there is nothing to fetch.
    pub fn begin_fetch(&self) -> bool {
        let mut fetch = lock(&self.fetch);
        if matches!(*fetch, Fetch::UnderWay) || found(&self.folder).is_some() {
            return false;
        }
        *fetch = Fetch::UnderWay;
        true
    }

    /// Fetches the model and says how that ended. Blocks for as long as the download takes.
    ///
    /// # Errors
    /// `FetchError` with the cure.
    pub fn fetch(&self) -> Result<(), FetchError> {
        let done = crate::fetch::fetch(&self.folder);
        *lock(&self.fetch) = match &done {
            Ok(()) => Fetch::Idle,
            Err(error) => Fetch::Failed(error.clone()),
        };
        done
    }

    /// What is said in a recording. Keeps a core busy; the first call also loads the model, in about 0.4 s.
    ///
    /// # Errors
    /// `TranscribeError` with the cure.
    pub fn transcribe(&self, recording: &Recording) -> Result<Transcription, TranscribeError> {
        let model = self.model()?;
        let transcript = model.transcribe(recording)?;
        Ok(Transcription {
            duration_ms: transcript.duration_ms,
            segments: transcript.segments,
            pauses: transcript.pauses,
            by: By {
                model: model.id().to_owned(),
                sent_to: None,
            },
        })
    }

    fn model(&self) -> Result<Arc<Model>, TranscribeError> {
        let mut loaded = lock(&self.model);
        if let Some(model) = &*loaded {
            return Ok(Arc::clone(model));
        }
        let [weights, vocabulary] = found(&self.folder).ok_or(TranscribeError::Missing)?;
        let read = |path: PathBuf| {
            let bytes = std::fs::read(&path);
            bytes.map_err(|source| TranscribeError::Read { path, source })
        };
        let vocabulary = String::from_utf8_lossy(&read(vocabulary)?).into_owned();
        let model = Arc::new(Model::load(&read(weights)?, &vocabulary)?);
        tracing::info!(model = model.id(), "the speech model is loaded");
        *loaded = Some(Arc::clone(&model));
        Ok(model)
    }
}

/// No lock here guards more than plain values that are whole at any time.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
