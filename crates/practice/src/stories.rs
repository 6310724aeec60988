//! Stories: their checks, a telling beside the record, and which question each answers, by the same grader.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use answer::{Header, Rehearsed, StoryFinding, check_story, occurrences, rehearse};
use domain::{AttemptId, Document as _, DocumentId, GroupId, Item, ItemId, Kind, Story, StoryPart};
use prepare::story::{Cell, best, best_for};
use store::Cursor;

use crate::items::rubric;
use crate::{Error, Held, Practice};

/// Most stories in the coverage map: nobody tells more, and it bounds the gradings to this many a question.
pub const MAX_MAPPED: usize = 20;

/// Gradings kept: 20 stories against 100 questions, some 2 KB each.
const KEPT: usize = 2_000;

/// Attempts that count as recent.
const RECENT: u32 = 20;

/// What stands for a hidden name.
const HIDDEN: &str = "[name]";

/// Gradings of stories by story, its version, item and revision.
#[derive(Default)]
pub(crate) struct Mapped(Mutex<BTreeMap<MapKey, Cell>>);

type MapKey = (DocumentId, i64, ItemId, String);

/// The coverage map: what was graded of it so far.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverageMap {
    /// The stories that are mapped, newest first.
    pub stories: Vec<MappedStory>,
    /// The questions, in id order.
    pub rows: Vec<CoverageRow>,
    /// Stories beyond [`MAX_MAPPED`], which are left out.
    pub left_out: usize,
}

/// A story of the map.
#[derive(Debug, Clone, PartialEq)]
pub struct MappedStory {
    /// Its id.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Questions that it answers best, of the rows that are graded.
    pub best_for: usize,
    /// How many of the latest attempts it was handed in as.
    pub recent: usize,
}

/// A question against all stories.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverageRow {
    /// The question.
    pub item: ItemId,
    /// Its title.
    pub title: String,
    /// One cell a story; `None` while not all of them are graded.
    pub cells: Option<Vec<Cell>>,
    /// The story that answers it best.
    pub best: Option<usize>,
}

impl Mapped {
    fn get(&self, key: &MapKey) -> Option<Cell> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned()
    }

    fn put(&self, key: MapKey, cell: Cell) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, cell);
    }

    /// A deleted story leaves no trace of its words.
    pub(crate) fn forget(&self, id: &DocumentId) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(story, ..), _| story != id);
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Practice {
    /// Looks at a story as it stands, kept or not.
    ///
    /// # Errors
    /// A part is too long, or the machine is busy.
    pub async fn check_story(&self, story: Story) -> Result<Vec<StoryFinding>, Error> {
        let named = Story {
            title: title_of(&story),
            ..story
        };
        named.check().map_err(Error::Document)?;
        let look = move || check_story(&parts(&named), &named.names);
        self.0.slots.run(look).await
    }

    /// Sets a telling beside the story.
    ///
    /// # Errors
    /// The telling is too long, there is no such story, the machine is busy, or the platform fails.
    pub async fn rehearse_story(&self, id: &DocumentId, telling: String) -> Result<Rehearsed, Error> {
        let limit = domain::MAX_ANSWER_BYTES;
        if telling.len() > limit {
            let rule = format!("has {} bytes, the limit is {limit}", telling.len());
            return Err(Error::Field { field: "text", rule });
        }
        let story = self.held::<Story>(id).await?.body;
        let practice = self.clone();
        let compare = move || {
            let encoder = practice.0.graders.encoder();
            rehearse(&parts(&story), &telling, encoder.map(AsRef::as_ref)).map_err(|error| {
                tracing::error!(
                    error = crate::graders::chain(&error),
                    "a telling cannot be compared"
                );
                Error::Stopped
            })
        };
        self.0.slots.run(compare).await?
    }

    /// Deletes a story with its rehearsals.
    ///
    /// # Errors
    /// There is none of that id, or the store fails.
    pub async fn delete_story(&self, id: &DocumentId) -> Result<(), Error> {
        self.0.mapped.forget(id);
        self.discard::<Story>(id).await
    }

    /// The coverage map with what is graded already; [`Self::coverage_row`] grades a row.
    ///
    /// # Errors
    /// The store fails.
    pub async fn coverage_map(&self) -> Result<CoverageMap, Error> {
        let (stories, left_out) = self.mapped_stories().await?;
        let rows: Vec<CoverageRow> = self
            .asked_for_stories()
            .map(|item| self.row(item, &stories))
            .collect();
        let graded: Vec<Vec<Cell>> = rows.iter().filter_map(|row| row.cells.clone()).collect();
        let best_for = best_for(&graded, stories.len());
        let recent = self.recent_attempts().await?;
        let mut mapped = Vec::with_capacity(stories.len());
        for (story, best_for) in stories.iter().zip(best_for) {
            let log = self.logged::<Story>(&story.id).await?;
            let handed_in = log.iter().filter_map(|logged| logged.entry.attempt.as_ref());
            mapped.push(MappedStory {
                id: story.id.clone(),
                title: story.body.title.clone(),
                best_for,
                recent: handed_in.filter(|id| recent.contains(*id)).count(),
            });
        }
        Ok(CoverageMap {
            stories: mapped,
            rows,
            left_out,
        })
    }

    /// Grades every story against one question, on the grading slots; what was graded before is kept.
    ///
    /// # Errors
    /// The item is unknown or does not ask for a story, the machine is busy, or the store fails.
    pub async fn coverage_row(&self, id: &ItemId) -> Result<CoverageRow, Error> {
        let item = self.asked_for_stories().find(|item| item.id == *id);
        let item = item.ok_or_else(|| Error::ItemNotFound { id: id.clone() })?;
        let (stories, _) = self.mapped_stories().await?;
        for story in &stories {
            let key = key(story, item);
            if self.0.mapped.get(&key).is_none() {
                let cell = self.cell(item, story.body.told()).await?;
                self.0.mapped.put(key, cell);
            }
        }
        Ok(self.row(item, &stories))
    }

    /// The questions that ask for something the candidate did.
    fn asked_for_stories(&self) -> impl Iterator<Item = &Item> {
        self.bank()
            .answer_items()
            .filter(|item| item.kind == Kind::Behavioural)
    }

    async fn mapped_stories(&self) -> Result<(Vec<Held<Story>>, usize), Error> {
        let mut stories = self.all_held::<Story>().await?;
        stories.retain(|story| !story.body.told().is_empty());
        let left_out = stories.len().saturating_sub(MAX_MAPPED);
        stories.truncate(MAX_MAPPED);
        Ok((stories, left_out))
    }

    fn row(&self, item: &Item, stories: &[Held<Story>]) -> CoverageRow {
        let cells: Option<Vec<Cell>> = stories
            .iter()
            .map(|story| self.0.mapped.get(&key(story, item)))
            .collect();
        CoverageRow {
            item: item.id.clone(),
            title: item.title.clone(),
            best: cells.as_deref().and_then(best),
            cells,
        }
    }

    async fn cell(&self, item: &Item, told: String) -> Result<Cell, Error> {
        let practice = self.clone();
        let (id, revision, spec) = (item.id.clone(), item.revision.clone(), rubric(item)?.clone());
        let grade = move || {
            let grader = practice.0.graders.get(&id, &revision, &spec)?;
            let header = Header {
                item: id.to_string(),
                revision,
                seed: 0,
            };
            let card = grader.grade(&header, &told).map_err(|error| {
                tracing::error!(item = %id, error = crate::graders::chain(&error), "a story cannot be graded");
                Error::Stopped
            })?;
            let coverage = card.group(GroupId::Coverage);
            let criteria = coverage.iter().flat_map(|group| &group.criteria);
            Ok(Cell {
                coverage: coverage.and_then(domain::Group::score).unwrap_or(0.0),
                facts: criteria.map(|c| (c.title.clone(), c.status)).collect(),
            })
        };
        self.0.slots.run(grade).await?
    }

    async fn recent_attempts(&self) -> Result<BTreeSet<AttemptId>, Error> {
        let after: Option<&Cursor> = None;
        let recent = self.store()?.attempts(None, after, RECENT).await?;
        Ok(recent.into_iter().map(|entry| entry.id).collect())
    }
}

/// A story with the candidate's names hidden, for whatever leaves: prints, packages, plain text.
pub fn without_names(story: &Story) -> Story {
    let hide = |text: &String| {
        let spans = story.names.iter().flat_map(|name| occurrences(text, name));
        let mut spans: Vec<_> = spans.collect();
        spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let (mut out, mut from) = (String::new(), 0);
        for span in spans.into_iter() {
            // A name inside another is hidden with it.
            if span.start >= from {
                out.push_str(&text[from..span.start]);
                out.push_str(HIDDEN);
                from = span.end;
            }
        }
        out + &text[from..]
    };
    Story {
        title: hide(&story.title),
        situation: hide(&story.situation),
        task: hide(&story.task),
        action: hide(&story.action),
        result: hide(&story.result),
        lesson: hide(&story.lesson),
        when: hide(&story.when),
        role: hide(&story.role),
        tags: story.tags.iter().map(hide).collect(),
        figures: story.figures.iter().map(hide).collect(),
        names: Vec::new(),
        competencies: story.competencies.clone(),
    }
}

fn key(story: &Held<Story>, item: &Item) -> MapKey {
    (
        story.id.clone(),
        story.version,
        item.id.clone(),
        item.revision.clone(),
    )
}

fn parts(story: &Story) -> Vec<(StoryPart, &str)> {
    StoryPart::ALL
        .iter()
        .map(|part| (*part, story.part(*part)))
        .collect()
}

/// What is looked at while it is written may have no title yet.
fn title_of(story: &Story) -> String {
    if story.title.trim().is_empty() {
        "untitled".to_owned()
    } else {
        story.title.clone()
    }
}
