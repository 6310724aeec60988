//! The bank as lists show it.

use std::collections::BTreeMap;

use bank::Bank;
use domain::{Competency, Item, ItemId, Kind, Level, Round};
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

/// The bank with the text that a search looks through.
pub(crate) struct Catalogue {
    pub(crate) bank: Bank,
    haystacks: BTreeMap<ItemId, String>,
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
        Self { bank, haystacks }
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
