//! Recall cards: facts that the latest answer to their question did not confirm.
//!
//! Which cards there are follows from the attempts, each time anew: a fact that is missed, contradicted or
//! only mentioned in the latest scored attempt at an item, after its replies, readings and overrides, is a
//! card. An attempt that confirms the fact retires the card; its log stays and counts again if the fact is
//! missed again. Deleting the attempts of an item deletes its cards with them, except for those that the
//! candidate made their own by a review, a note or a suspension: these stay, without a word of the attempt,
//! until the candidate deletes them. A card whose item or fact the bank no longer has is not asked.

mod day;
mod grade;

use std::collections::BTreeMap;

use answer::{ask, right_answer};
use domain::{
    Attempt, AttemptId, Card, CardEntry, Competency, Day, DocumentId, Evidence, Fact, GroupId, Item, ItemId,
    Question, ReplyBody, ReviewSettings, Status,
};
use prepare::review::{Preview, Schedule, in_force, preview, schedule};
use store::Point;

use crate::shelf::Logged;
use crate::{Error, Practice};

pub use day::{ReviewDay, Tomorrow};
pub use grade::{Graded, NewReview, Reviewed};

/// A card as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct CardView {
    /// `{item}.{fact}`: the same for as long as the bank has the fact.
    pub id: DocumentId,
    /// The item.
    pub item: ItemId,
    /// Its title.
    pub title: String,
    /// The item's question (Markdown).
    pub prompt: String,
    /// What it assesses.
    pub competency: Competency,
    /// The front: the fact's check, its options shuffled anew for each review, or its probe.
    pub front: Question,
    /// The back: the fact.
    pub claim: String,
    /// What to say.
    pub tip: String,
    /// The right answer to the front.
    pub right_answer: String,
    /// Weight of the fact, 1 to 3.
    pub weight: u32,
    /// The attempt that made it; `None` when it was deleted and the card is the candidate's own.
    pub made_by: Option<MadeBy>,
    /// What the candidate keeps of it.
    pub kept: Card,
    /// How often that was written; 0 when nothing is kept.
    pub version: i64,
    /// Entries in its log: a review says how many it has seen.
    pub entries: usize,
    /// Where it stands; `None` when it is new.
    pub schedule: Option<Schedule>,
    log: Vec<Logged<CardEntry>>,
}

/// The attempt that made a card.
#[derive(Debug, Clone, PartialEq)]
pub struct MadeBy {
    /// Its id.
    pub attempt: AttemptId,
    /// Microseconds since the Unix epoch.
    pub created_at_us: i64,
    /// What became of the fact in it.
    pub status: Status,
    /// The candidate's own words on the fact, in order; empty when they said nothing of it.
    pub said: Vec<String>,
}

impl CardView {
    /// The days that each rating would give on `today`.
    pub fn preview(&self, today: Day, retention: u32) -> Preview {
        preview(self.schedule.as_ref(), today, retention)
    }

    pub(crate) fn entries_of(&self) -> Vec<CardEntry> {
        self.log.iter().map(|logged| logged.entry).collect()
    }
}

/// What is kept of cards: the documents with their logs.
struct Shelved {
    card: Card,
    version: i64,
    log: Vec<Logged<CardEntry>>,
}

impl Shelved {
    /// Whether the candidate made the card their own.
    fn is_own(&self) -> bool {
        self.card != Card::default() || !self.log.is_empty()
    }
}

impl Practice {
    /// How the candidate reviews.
    ///
    /// # Errors
    /// The store fails.
    pub async fn review_settings(&self) -> Result<ReviewSettings, Error> {
        match self.held::<ReviewSettings>(&settings_id()).await {
            Ok(held) => Ok(held.body),
            Err(Error::DocumentNotFound { .. }) => Ok(ReviewSettings::default()),
            Err(error) => Err(error),
        }
    }

    /// Keeps how the candidate reviews; every schedule follows at once.
    ///
    /// # Errors
    /// A value is out of its bounds, or the store fails.
    pub async fn put_review_settings(&self, settings: &ReviewSettings, now_us: i64) -> Result<(), Error> {
        self.put(&settings_id(), settings, None, now_us).await.map(drop)
    }

    /// All cards with front, back, stable id and schedule, in the order of their ids; suspended ones too.
    ///
    /// # Errors
    /// The store fails, or the machine is busy while an overridden attempt has to be graded anew.
    pub async fn cards(&self) -> Result<Vec<CardView>, Error> {
        let retention = self.review_settings().await?.retention;
        let mut shelved = self.shelved().await?;
        let points = self.store()?.history(1).await?;
        let mut cards = Vec::new();
        for point in &points {
            let Some(item) = self.bank().item(&point.item) else {
                continue;
            };
            for (fact, made_by) in self.unconfirmed(item, point).await? {
                let Some(id) = card_id(&item.id, &fact.id) else {
                    continue;
                };
                let kept = shelved.remove(&id);
                cards.push(view(id, item, fact, Some(made_by), kept, retention));
            }
        }
        // What is left of the candidate's own: its item has no attempt any more.
        for (id, kept) in shelved {
            let Some((item, fact)) = self.find_fact(&id) else {
                continue;
            };
            let attempted = points.iter().any(|point| point.item == item.id);
            if kept.is_own() && !attempted {
                cards.push(view(id, item, fact, None, Some(kept), retention));
            }
        }
        cards.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(cards)
    }

    /// One card.
    ///
    /// # Errors
    /// There is none of that id, or as with [`Self::cards`].
    pub async fn card(&self, id: &DocumentId) -> Result<CardView, Error> {
        let found = self.cards().await?.into_iter().find(|card| card.id == *id);
        found.ok_or_else(|| Error::DocumentNotFound {
            kind: domain::DocumentKind::Card,
            id: id.clone(),
        })
    }

    /// Keeps the note and the suspension of a card in place of the version `seen`.
    ///
    /// # Errors
    /// There is no such card, the note is too long, somebody wrote before, or the store fails.
    pub async fn put_card(
        &self,
        id: &DocumentId,
        card: &Card,
        seen: i64,
        now_us: i64,
    ) -> Result<CardView, Error> {
        self.card(id).await?;
        self.put(id, card, Some(seen), now_us).await?;
        self.card(id).await
    }

    /// Deletes what the candidate keeps of a card: its note and all its reviews. A fact that the latest
    /// attempt still misses is a new card then.
    ///
    /// # Errors
    /// Nothing of that id is kept, or the store fails.
    pub async fn delete_card(&self, id: &DocumentId) -> Result<(), Error> {
        self.discard::<Card>(id).await
    }

    async fn shelved(&self) -> Result<BTreeMap<DocumentId, Shelved>, Error> {
        let mut all = BTreeMap::new();
        for held in self.all_held::<Card>().await? {
            let log = self.logged::<Card>(&held.id).await?;
            let shelved = Shelved {
                card: held.body,
                version: held.version,
                log,
            };
            all.insert(held.id, shelved);
        }
        Ok(all)
    }

    /// The facts of an item that its latest attempt did not confirm.
    async fn unconfirmed<'a>(&self, item: &'a Item, point: &Point) -> Result<Vec<(&'a Fact, MadeBy)>, Error> {
        // Deleted since the point was read.
        let Some(attempt) = self.store()?.attempt(&point.attempt).await? else {
            return Ok(Vec::new());
        };
        let statuses = self.statuses(&attempt, point).await?;
        let open =
            |status: &Status| matches!(status, Status::Missed | Status::Contradicted | Status::Mentioned);
        let cards = item.facts().iter().filter_map(|fact| {
            let status = *statuses.get(&fact.id).filter(|status| open(status))?;
            let made_by = MadeBy {
                attempt: attempt.id.clone(),
                created_at_us: attempt.created_at_us,
                status,
                said: said(&attempt, &fact.id),
            };
            Some((fact, made_by))
        });
        Ok(cards.collect())
    }

    /// What became of each fact in an attempt. What replies made of it stands in the store; readings and
    /// overrides are rare, so what they make of it is derived here.
    async fn statuses(&self, attempt: &Attempt, point: &Point) -> Result<BTreeMap<String, Status>, Error> {
        let graded = point.standing.criteria.iter();
        let mut statuses: BTreeMap<String, Status> = graded.map(|c| (c.id.clone(), c.status)).collect();
        if attempt.overrides.is_empty() && attempt.readings.is_empty() {
            return Ok(statuses);
        }
        let Some(derived) = self.derived(attempt).await? else {
            return Ok(statuses);
        };
        let coverage = derived.card().group(GroupId::Coverage);
        statuses.extend(
            coverage
                .iter()
                .flat_map(|g| &g.criteria)
                .map(|c| (c.id.clone(), c.status)),
        );
        let by_hand = derived.overridden(&attempt.overrides);
        let by_hand = by_hand.iter().flat_map(|with| &with.criteria);
        let facts = by_hand.filter(|c| c.group == GroupId::Coverage);
        statuses.extend(facts.map(|c| (c.criterion.clone(), c.by_hand.status)));
        Ok(statuses)
    }

    /// The fact of a card's id, where the bank has it.
    fn find_fact(&self, id: &DocumentId) -> Option<(&Item, &Fact)> {
        // Neither slugs of items nor of facts have a dot.
        let (item, fact) = id.as_str().split_once('.')?;
        let item = self.bank().item(&item.parse().ok()?)?;
        let fact = item.facts().iter().find(|f| f.id == fact)?;
        Some((item, fact))
    }
}

fn settings_id() -> DocumentId {
    "settings"
        .parse()
        .unwrap_or_else(|_| unreachable!("letters are a document id"))
}

/// The id of a fact's card; a pack whose ids are too long together has none.
fn card_id(item: &ItemId, fact: &str) -> Option<DocumentId> {
    format!("{item}.{fact}").parse().ok()
}

fn view(
    id: DocumentId,
    item: &Item,
    fact: &Fact,
    made_by: Option<MadeBy>,
    kept: Option<Shelved>,
    retention: u32,
) -> CardView {
    let kept = kept.unwrap_or(Shelved {
        card: Card::default(),
        version: 0,
        log: Vec::new(),
    });
    let entries: Vec<CardEntry> = kept.log.iter().map(|logged| logged.entry).collect();
    let because = made_by.as_ref().map_or(Status::Missed, |made| made.status);
    CardView {
        title: item.title.clone(),
        prompt: item.prompt.clone(),
        competency: item.competency,
        // Another order each time: a place on the screen is not knowledge.
        front: ask(fact, because, kept.log.len() as u64),
        claim: fact.claim.clone(),
        tip: fact.tip.clone(),
        right_answer: right_answer(fact),
        weight: fact.weight,
        made_by,
        schedule: schedule(&in_force(&entries), retention),
        entries: entries.len(),
        version: kept.version,
        kept: kept.card,
        log: kept.log,
        item: item.id.clone(),
        id,
    }
}

/// The candidate's words on a fact: what the grader cited, then what they replied when asked.
fn said(attempt: &Attempt, fact: &str) -> Vec<String> {
    let coverage = attempt
        .scorecard
        .as_ref()
        .and_then(|card| card.group(GroupId::Coverage));
    let criterion = coverage.and_then(|group| group.criteria.iter().find(|c| c.id == fact));
    let cited = criterion
        .iter()
        .flat_map(|c| &c.evidence)
        .filter_map(|evidence| match evidence {
            Evidence::Span { text, .. } => Some(text.clone()),
            Evidence::Reply { .. } | Evidence::Figure { .. } | Evidence::Case { .. } => None,
        });
    let replied = attempt.replies.iter().filter(|reply| reply.question == fact);
    let replied = replied.filter_map(|reply| match &reply.body {
        ReplyBody::Text(text) => Some(text.clone()),
        _ => None,
    });
    cited.chain(replied).collect()
}
