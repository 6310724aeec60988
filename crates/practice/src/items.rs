//! The bank as lists show it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bank::{Bank, Instance};
use domain::{AnswerSpec, Competency, Item, ItemId, Kind, Level, Round};
use store::Summary;

use crate::{Error, Practice};

/// Which items a list shows; an empty filter shows all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemFilter {
    /// Of this round.
    pub round: Option<Round>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// With this topic.
    pub topic: Option<String>,
    /// Asked at this level.
    pub level: Option<Level>,
    /// Of this competency.
    pub competency: Option<Competency>,
    /// Attempted, or not yet.
    pub done: Option<bool>,
    /// With all of these words in id, title, prompt or topics, in any case.
    pub words: Option<String>,
}

/// An item with what the candidate did of it.
#[derive(Debug, Clone)]
pub struct ItemEntry<'a> {
    /// The item.
    pub item: &'a Item,
    /// `None` before the first attempt.
    pub summary: Option<Summary>,
}

/// A page of items in id order.
#[derive(Debug, Clone)]
pub struct ItemPage<'a> {
    /// The items.
    pub entries: Vec<ItemEntry<'a>>,
    /// Whether more follow.
    pub more: bool,
}

/// Items kept at a variant; one is its text and its facts, about 150 KB, and reading it again takes some
/// milliseconds.
const KEPT: usize = 16;

/// Which text of the bank is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// The question.
    #[default]
    Question,
    /// The requirement that changes mid-way, answered on its own.
    Change,
}

/// The rubric of an item.
///
/// # Errors
/// It asks for a program.
pub(crate) fn rubric(item: &Item) -> Result<&AnswerSpec, Error> {
    item.answer().ok_or_else(|| Error::Field {
        field: "item",
        rule: format!("must take an answer: `{}` asks for a program", item.id),
    })
}

/// An item with the variant and part that it is read at.
type Place = (ItemId, u32, Part);

/// The bank with the text that a search looks through.
pub(crate) struct Catalogue {
    pub(crate) bank: Bank,
    haystacks: BTreeMap<ItemId, String>,
    /// The most recently used, newest first.
    instances: Mutex<Vec<(Place, Arc<Instance>)>>,
}

impl Catalogue {
    pub(crate) fn new(bank: Bank) -> Self {
        let haystack = |item: &Item| {
            let topics = item.topics.join(" ");
            format!("{} {} {} {topics}", item.id, item.title, item.prompt).to_lowercase()
        };
        let haystacks = bank
            .items()
            .map(|item| (item.id.clone(), haystack(item)))
            .collect();
        Self {
            bank,
            haystacks,
            instances: Mutex::default(),
        }
    }

    fn matches(&self, item: &Item, filter: &ItemFilter, words: &[String], done: bool) -> bool {
        let haystack = self.haystacks.get(&item.id).map_or("", String::as_str);
        filter.round.is_none_or(|round| item.round == round)
            && filter.kind.is_none_or(|kind| item.kind == kind)
            && filter
                .topic
                .as_ref()
                .is_none_or(|topic| item.topics.contains(topic))
            && filter.level.is_none_or(|level| item.levels.contains(&level))
            && filter
                .competency
                .is_none_or(|competency| item.competency == competency)
            && filter.done.is_none_or(|wanted| done == wanted)
            && words.iter().all(|word| haystack.contains(word))
    }
}

impl Practice {
    /// Up to `limit` items that pass the filter and follow `after` in id order.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn items(
        &self,
        filter: &ItemFilter,
        after: Option<&ItemId>,
        limit: usize,
    ) -> Result<ItemPage<'_>, Error> {
        let summaries = self.summaries().await?;
        let catalogue = &self.0.catalogue;
        let words: Vec<String> = filter
            .words
            .iter()
            .flat_map(|w| w.split_whitespace())
            .map(str::to_lowercase)
            .collect();
        let shown = |item: &&Item| {
            after.is_none_or(|after| item.id > *after)
                && catalogue.matches(item, filter, &words, summaries.contains_key(&item.id))
        };
        let entry = |item: &'_ Item| summaries.get(&item.id).cloned();
        // One more than asked for tells whether the list goes on.
        let mut entries: Vec<ItemEntry<'_>> = catalogue
            .bank
            .items()
            .filter(shown)
            .take(limit + 1)
            .map(|item| ItemEntry {
                item,
                summary: entry(item),
            })
            .collect();
        let more = entries.len() > limit;
        entries.truncate(limit);
        Ok(ItemPage { entries, more })
    }

    /// One item with what the candidate did of it.
    ///
    /// # Errors
    /// There is none of that id, or the store cannot be read.
    pub async fn item(&self, id: &ItemId) -> Result<ItemEntry<'_>, Error> {
        let item = self.find_item(id)?;
        Ok(ItemEntry {
            item,
            summary: self.summaries().await?.get(id).cloned(),
        })
    }

    /// An item at a variant, as a question or as its change.
    ///
    /// # Errors
    /// There is no such item, variant or change; the error names the field.
    pub fn instance(&self, id: &ItemId, variant: u32, part: Part) -> Result<Arc<Instance>, Error> {
        let item = self.find_item(id)?;
        if variant >= item.variant_count() {
            return Err(Error::Field {
                field: "variant",
                rule: format!("must be 0 to {}: `{id}` has no other", item.variant_count() - 1),
            });
        }
        if part == Part::Change && item.change.is_none() {
            return Err(Error::Field {
                field: "part",
                rule: format!("must be `question`: `{id}` has no change"),
            });
        }
        let place = (id.clone(), variant, part);
        let kept = &self.0.catalogue.instances;
        let known = |kept: &[(Place, Arc<Instance>)]| {
            let found = kept.iter().find(|(of, _)| *of == place);
            found.map(|(_, instance)| Arc::clone(instance))
        };
        if let Some(instance) = known(&kept.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(instance);
        }
        let read = match part {
            Part::Question => self.bank().instance(id, variant),
            Part::Change => self.bank().change(id, variant),
        };
        // A pack may hold an item that reads at its default only: `bank check` says so.
        let instance = Arc::new(read.ok_or_else(|| Error::Rubric {
            item: id.clone(),
            why: format!("variant {variant} cannot be read: see `spar bank check`"),
        })?);
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(0, (place, Arc::clone(&instance)));
        kept.truncate(KEPT);
        Ok(instance)
    }

    /// The item as the bank has it at a revision, in whichever variant or part that is.
    pub(crate) fn at_revision(&self, id: &ItemId, revision: &str) -> Option<Arc<Instance>> {
        let kept = &self.0.catalogue.instances;
        let known = |kept: &[(Place, Arc<Instance>)]| {
            let found = kept
                .iter()
                .find(|((of, ..), instance)| of == id && instance.item.revision == revision);
            found.map(|(_, instance)| Arc::clone(instance))
        };
        if let Some(instance) = known(&kept.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Some(instance);
        }
        self.bank().at_revision(id, revision).map(Arc::new)
    }

    /// The bank.
    pub fn bank(&self) -> &Bank {
        &self.0.catalogue.bank
    }

    pub(crate) fn find_item(&self, id: &ItemId) -> Result<&Item, Error> {
        self.bank()
            .item(id)
            .ok_or_else(|| Error::ItemNotFound { id: id.clone() })
    }

    /// The title of an item; its id when the bank no longer has it.
    pub fn title(&self, id: &ItemId) -> String {
        self.bank()
            .item(id)
            .map_or_else(|| id.to_string(), |item| item.title.clone())
    }
}
