//! Recall cards and the day's review.

use domain::{Day, ReplyBody};
use practice::{CardView, Graded, ReviewDay, Reviewed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::question::QuestionBody;
use super::words::{Competency, Rating, Status, Verdict};
use super::{MAX_SAFE_INTEGER, instant};

/// A recall card: a fact that the latest attempt at its question did not confirm.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardBody {
    /// Item and fact, such as `pagination.keyset`: the same for as long as the bank has the fact.
    pub id: String,
    /// The item.
    pub item: String,
    /// Its title.
    pub title: String,
    /// The item's question (Markdown).
    pub prompt: String,
    /// What it assesses.
    pub competency: Competency,
    /// The front: the fact's check, its options in another order for each review, or its probe.
    pub front: QuestionBody,
    /// The back: the fact.
    pub claim: String,
    /// What to say.
    pub tip: String,
    /// The right answer to the front.
    pub right_answer: String,
    /// Weight of the fact, 1 to 3.
    pub weight: u32,
    /// The attempt that made it; null when that was deleted and the card is the candidate's own.
    #[schema(required)]
    pub made_by: Option<MadeByBody>,
    /// Not asked until taken back.
    pub suspended: bool,
    /// The candidate's own words.
    pub note: String,
    /// To be sent back when note or suspension are put; 0 when nothing is kept yet.
    pub version: i64,
    /// Entries in its log; to be sent back with a review.
    pub seen: usize,
    /// Where it stands; null when it is new.
    #[schema(required)]
    pub schedule: Option<ScheduleBody>,
}

/// The attempt that made a card.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeByBody {
    /// Its id.
    pub attempt: String,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// What became of the fact in it.
    pub status: Status,
    /// The candidate's own words on the fact.
    pub said: Vec<String>,
}

/// Where a card stands after its reviews.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScheduleBody {
    /// The day it comes up.
    #[schema(format = Date)]
    pub due: String,
    /// Days from the last review to then.
    pub interval_days: u32,
    /// The day of the last review.
    #[schema(format = Date)]
    pub last: String,
    /// Reviews that count.
    pub reviews: u32,
    /// How often it was forgotten after a day or more.
    pub lapses: u32,
    /// It was forgotten so often that the whole question is worth another try.
    pub leech: bool,
    /// Days until it is still known with 90 %.
    pub stability: f32,
    /// How hard it is to keep, 1 to 10.
    pub difficulty: f32,
}

/// The days until the next review that each rating gives; 0 is once more today.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewBody {
    /// Not known.
    pub again: u32,
    /// Known with effort.
    pub hard: u32,
    /// Known.
    pub good: u32,
    /// Known at once.
    pub easy: u32,
}

/// A card of the day with what each rating would give.
#[derive(Debug, Serialize, ToSchema)]
pub struct DueCard {
    /// The card.
    pub card: CardBody,
    /// Days until the next review.
    pub next_days: PreviewBody,
}

/// A page of cards.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardList {
    /// The cards, in id order.
    pub data: Vec<CardBody>,
    /// The cursor of the next page; null at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// How the candidate reviews.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewSettingsBody {
    /// Minutes a day.
    #[schema(minimum = 1, maximum = 120)]
    pub minutes: u32,
    /// Cards begun on one day.
    #[schema(minimum = 0, maximum = 50)]
    pub new_a_day: u32,
    /// Percent of the cards that should still be known when they come up. 95 asks about twice as often as 90.
    #[schema(minimum = 70, maximum = 97)]
    pub retention: u32,
}

/// What a day of review holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewBody {
    /// The day.
    #[schema(format = Date)]
    pub date: String,
    /// The settings, with the minutes asked for.
    pub settings: ReviewSettingsBody,
    /// What to ask, in order.
    pub cards: Vec<DueCard>,
    /// Due and asked today.
    pub due: u32,
    /// New and asked today.
    pub new: u32,
    /// Due, and beyond the minutes: they come on the next days.
    pub waiting: u32,
    /// New, and beyond the minutes or the cap.
    pub new_waiting: u32,
    /// Grades given today.
    pub graded: u32,
    /// Seconds spent today.
    pub seconds_spent: f64,
    /// Estimate of the seconds that one card takes.
    pub seconds_each: f64,
    /// What comes tomorrow once today is done.
    pub tomorrow: TomorrowBody,
    /// All cards there are.
    pub total: usize,
    /// The card whose last grade would be taken back; null when there is none.
    #[schema(required)]
    pub last: Option<LastGraded>,
}

/// What comes tomorrow.
#[derive(Debug, Serialize, ToSchema)]
pub struct TomorrowBody {
    /// Cards that are due then, within the minutes.
    pub due: u32,
    /// Cards begun then.
    pub new: u32,
}

/// The card that was graded last.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastGraded {
    /// Its id.
    pub card: String,
}

/// A grade for a card: `rating`, or an answer to its check, or both when the candidate knows better.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCardReview {
    /// The candidate's day.
    #[schema(value_type = String, format = Date)]
    pub date: Day,
    /// From question to grade, in milliseconds, at most an hour.
    #[schema(minimum = 0, maximum = 3_600_000)]
    pub elapsed_ms: u32,
    /// The card's `seen`.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    pub seen: u64,
    /// How well it was known.
    #[schema(nullable = false)]
    pub rating: Option<Rating>,
    /// Index into the options as shown, from 0.
    #[schema(nullable = false)]
    pub choice: Option<u32>,
    /// Indexes of all options that apply.
    #[schema(nullable = false, max_items = 64)]
    pub choices: Option<Vec<u32>>,
    /// A value in the question's unit.
    #[schema(nullable = false)]
    pub number: Option<f64>,
    /// Indexes of the options in the candidate's order.
    #[schema(nullable = false, max_items = 64)]
    pub order: Option<Vec<u32>>,
    /// Takes the last grade back first: it is being changed.
    #[serde(default)]
    #[schema(default = false)]
    pub instead: bool,
}

/// Takes the last grade of a card back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoReview {
    /// The candidate's day.
    #[schema(value_type = String, format = Date)]
    pub date: Day,
    /// The card's `seen`.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    pub seen: u64,
}

/// What came of a review.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewedBody {
    /// The card as it stands now.
    pub card: CardBody,
    /// The rating that counts.
    pub rating: Rating,
    /// What the check says; null when it was graded by hand.
    #[schema(required)]
    pub judgement: Option<JudgementBody>,
}

/// What an answer to a check amounts to.
#[derive(Debug, Serialize, ToSchema)]
pub struct JudgementBody {
    /// Right, right in part, or wrong.
    pub verdict: Verdict,
    /// What to learn from it.
    pub explanation: String,
}

/// The candidate's own of a card.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCard {
    /// Not asked until taken back.
    pub suspended: bool,
    /// The candidate's own words.
    #[schema(max_length = 2_000)]
    pub note: String,
    /// The card's `version`.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub version: i64,
}

impl NewCardReview {
    /// The review, when it has a rating, an answer or both.
    pub(crate) fn into_review(self) -> Result<practice::NewReview, &'static str> {
        let given = [
            self.choice.map(ReplyBody::Choice),
            self.choices.map(ReplyBody::Choices),
            self.number.map(ReplyBody::Number),
            self.order.map(ReplyBody::Order),
        ];
        let mut given = given.into_iter().flatten();
        let rating = self.rating.map(|rating| rating.0);
        let graded = match (given.next(), given.next(), rating) {
            (Some(body), None, rating) => Graded::ByCheck { body, rating },
            (None, _, Some(rating)) => Graded::ByHand(rating),
            _ => return Err("needs `rating`, or exactly one of `choice`, `choices`, `number`, `order`"),
        };
        Ok(practice::NewReview {
            day: self.date,
            elapsed_ms: self.elapsed_ms,
            graded,
            seen: seen(self.seen),
            instead: self.instead,
        })
    }
}

/// A number that no log reaches stays out of reach.
pub(crate) fn seen(seen: u64) -> usize {
    usize::try_from(seen.min(MAX_SAFE_INTEGER)).unwrap_or(usize::MAX)
}

impl From<&CardView> for CardBody {
    fn from(card: &CardView) -> Self {
        Self {
            id: card.id.to_string(),
            item: card.item.to_string(),
            title: card.title.clone(),
            prompt: card.prompt.clone(),
            competency: card.competency.into(),
            front: (&card.front).into(),
            claim: card.claim.clone(),
            tip: card.tip.clone(),
            right_answer: card.right_answer.clone(),
            weight: card.weight,
            made_by: card.made_by.as_ref().map(|made| MadeByBody {
                attempt: made.attempt.to_string(),
                created_at: instant(made.created_at_us),
                status: made.status.into(),
                said: made.said.clone(),
            }),
            suspended: card.kept.suspended,
            note: card.kept.note.clone(),
            version: card.version,
            seen: card.entries,
            schedule: card.schedule.as_ref().map(ScheduleBody::from),
        }
    }
}

impl From<&practice::Schedule> for ScheduleBody {
    fn from(schedule: &practice::Schedule) -> Self {
        Self {
            due: schedule.due.to_string(),
            interval_days: schedule.interval_days,
            last: schedule.last.to_string(),
            reviews: schedule.reviews,
            lapses: schedule.lapses,
            leech: schedule.is_leech(),
            stability: schedule.stability,
            difficulty: schedule.difficulty,
        }
    }
}

impl From<domain::ReviewSettings> for ReviewSettingsBody {
    fn from(settings: domain::ReviewSettings) -> Self {
        Self {
            minutes: settings.minutes,
            new_a_day: settings.new_a_day,
            retention: settings.retention,
        }
    }
}

impl From<&ReviewSettingsBody> for domain::ReviewSettings {
    fn from(body: &ReviewSettingsBody) -> Self {
        Self {
            minutes: body.minutes,
            new_a_day: body.new_a_day,
            retention: body.retention,
        }
    }
}

impl From<&ReviewDay> for ReviewBody {
    fn from(review: &ReviewDay) -> Self {
        let due = |card: &CardView| {
            let next = card.preview(review.day, review.settings.retention);
            DueCard {
                card: card.into(),
                next_days: PreviewBody {
                    again: next.again,
                    hard: next.hard,
                    good: next.good,
                    easy: next.easy,
                },
            }
        };
        Self {
            date: review.day.to_string(),
            settings: review.settings.into(),
            cards: review.cards.iter().map(due).collect(),
            due: review.counts.due,
            new: review.counts.new,
            waiting: review.counts.waiting,
            new_waiting: review.counts.new_waiting,
            graded: review.pace.graded_today,
            seconds_spent: review.pace.spent_today,
            seconds_each: review.pace.seconds_each,
            tomorrow: TomorrowBody {
                due: review.tomorrow.due,
                new: review.tomorrow.new,
            },
            total: review.total,
            last: review.last.as_ref().map(|card| LastGraded {
                card: card.to_string(),
            }),
        }
    }
}

impl From<&Reviewed> for ReviewedBody {
    fn from(reviewed: &Reviewed) -> Self {
        Self {
            card: (&reviewed.card).into(),
            rating: reviewed.rating.into(),
            judgement: reviewed.judgement.as_ref().map(|judgement| JudgementBody {
                verdict: judgement.verdict.into(),
                explanation: judgement.explanation.clone(),
            }),
        }
    }
}
