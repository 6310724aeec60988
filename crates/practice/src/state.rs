//! The state of the application, and when what was read from the store has gone stale.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use answer::Mistakes;
use domain::{AttemptId, ItemId};
use encoder::Encoder;
use prepare::set::{Roles, Terms};
use reader::Reader;
use store::{Store, Summary};
use tokio::sync::watch;

use crate::attempt::Examined;
use crate::coach::Listeners;
use crate::graders::Graders;
use crate::items::Catalogue;
use crate::likeness::Questions;
use crate::programs::Judging;
use crate::reading::Second;
use crate::slots::{Load, Slots};
use crate::stories::Mapped;
use crate::{Error, Loaded, speech};

/// How long a read may lag behind a write of another process. Nobody sees 50 ms, and at most twenty
/// look-ups a second cost nothing. Writes of this process are seen at once.
const STALE_FOR: Duration = Duration::from_millis(50);

/// Gradings that may wait for a slot, for each that may run. More would only turn into time-outs.
const WAITING_PER_SLOT: usize = 8;

/// Bounds of one practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Gradings at once.
    pub gradings: usize,
    /// Gradings that wait for their turn.
    pub waiting: usize,
}

impl Limits {
    /// One grading a core of this machine.
    pub fn of_this_machine() -> Self {
        let gradings = crate::cores::count();
        Self {
            gradings,
            waiting: gradings * WAITING_PER_SLOT,
        }
    }
}

/// The application. Clones share everything.
#[derive(Clone)]
pub struct Practice(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) catalogue: Catalogue,
    pub(crate) terms: Terms,
    pub(crate) roles: Roles,
    pub(crate) questions: Questions,
    pub(crate) findings: usize,
    pub(crate) graders: Graders,
    pub(crate) listeners: Listeners,
    pub(crate) store: Option<Store>,
    pub(crate) slots: Slots,
    pub(crate) limits: Limits,
    pub(crate) hearing: speech::Slot,
    pub(crate) examined: Examined,
    pub(crate) mapped: Mapped,
    pub(crate) second: Option<Second>,
    pub(crate) judging: Judging,
    mistakes: OnceLock<Option<Mistakes>>,
    generation: watch::Sender<u64>,
    checked: Mutex<Checked>,
    summaries: Mutex<Option<(u64, Arc<Summaries>)>>,
}

pub(crate) type Summaries = BTreeMap<ItemId, Summary>;

/// When the store's version was last looked at, and what it was.
#[derive(Default)]
struct Checked {
    at: Option<Instant>,
    version: Option<i64>,
}

impl Practice {
    /// Brings bank, encoder and store together. Without an encoder the cue patterns grade alone and the
    /// scorecards say so; without a store nothing is kept.
    pub fn new(loaded: Loaded, encoder: Option<Arc<Encoder>>, store: Option<Store>, limits: Limits) -> Self {
        Self::with_reader(loaded, encoder, store, limits, None)
    }

    /// The same with a second reader: answers are sent to its endpoint after they were graded and kept.
    pub fn with_reader(
        loaded: Loaded,
        encoder: Option<Arc<Encoder>>,
        store: Option<Store>,
        limits: Limits,
        reader: Option<Reader>,
    ) -> Self {
        Self(Arc::new(Inner {
            second: reader.map(Second::new),
            judging: Judging::new(limits.gradings.max(1)),
            mistakes: OnceLock::new(),
            findings: loaded.findings.len(),
            catalogue: Catalogue::new(loaded.bank),
            terms: loaded.terms,
            roles: loaded.roles,
            questions: Questions::default(),
            graders: Graders::new(encoder),
            listeners: Listeners::default(),
            store,
            slots: Slots::new(limits.gradings.max(1), limits.waiting),
            limits,
            hearing: speech::Slot::new(),
            examined: Examined::default(),
            mapped: Mapped::default(),
            generation: watch::Sender::new(0),
            checked: Mutex::default(),
            summaries: Mutex::default(),
        }))
    }

    /// How busy grading is.
    pub fn load(&self) -> Load {
        self.0.slots.load()
    }

    /// A number that rises whenever what the store holds may have changed: what was read at one
    /// generation may be served again while it lasts.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn generation(&self) -> Result<u64, Error> {
        if let Some(store) = &self.0.store
            && self.check_is_due()
        {
            let version = store.version().await?;
            let mut checked = self.0.checked.lock().unwrap_or_else(PoisonError::into_inner);
            let before = checked.version.replace(version);
            drop(checked);
            // The first look counts as a change: nobody knows what was written before it.
            if before != Some(version) {
                self.0.examined.clear();
                self.0.mapped.clear();
                self.changed();
            }
        }
        Ok(*self.0.generation.borrow())
    }

    /// Tells when the generation rises because of this process.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.generation.subscribe()
    }

    /// Ends gradings of programs and readings that are under way, then empties and closes the store.
    pub async fn close(&self) {
        self.stop_grading().await;
        if let Some(second) = &self.0.second {
            second.stop().await;
        }
        if let Some(store) = &self.0.store {
            store.close().await;
        }
    }

    pub(crate) fn store(&self) -> Result<&Store, Error> {
        self.0.store.as_ref().ok_or(Error::NoStore)
    }

    /// The detectors of common mistakes, compiled when they are first needed; `None` when they do not compile,
    /// which their tests rule out.
    pub(crate) fn mistakes(&self) -> Option<&Mistakes> {
        let compile = || {
            let compiled = Mistakes::new();
            compiled
                .inspect_err(|error| tracing::error!(%error, "no mistakes are marked"))
                .ok()
        };
        self.0.mistakes.get_or_init(compile).as_ref()
    }

    pub(crate) fn changed(&self) {
        self.0.generation.send_modify(|generation| *generation += 1);
    }

    /// The summaries of all items: one grouped query a generation, not one a request.
    pub(crate) async fn summaries(&self) -> Result<Arc<Summaries>, Error> {
        let Some(store) = &self.0.store else {
            return Ok(Arc::default());
        };
        let generation = self.generation().await?;
        if let Some((of, summaries)) = &*self.0.summaries.lock().unwrap_or_else(PoisonError::into_inner)
            && *of == generation
        {
            return Ok(Arc::clone(summaries));
        }
        let read = store.summaries().await?;
        let summaries: Arc<Summaries> = Arc::new(read.into_iter().map(|s| (s.item.clone(), s)).collect());
        let mut kept = self.0.summaries.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((generation, Arc::clone(&summaries)));
        Ok(summaries)
    }

    fn check_is_due(&self) -> bool {
        let mut checked = self.0.checked.lock().unwrap_or_else(PoisonError::into_inner);
        let due = checked.at.is_none_or(|at| at.elapsed() >= STALE_FOR);
        if due {
            checked.at = Some(Instant::now());
        }
        due
    }
}

/// A new attempt id: the time and 80 bits from the operating system.
pub fn attempt_id(now_us: i64) -> AttemptId {
    AttemptId::new(
        u64::try_from(now_us / 1000).unwrap_or(0),
        u128::from(random()) << 32 | u128::from(random()),
    )
}

/// 64 random bits from the operating system, for ids and seeds.
///
/// # Panics
/// When the operating system has no randomness to give: nothing can be named then.
pub fn random() -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    u64::from_le_bytes(bytes)
}
