//! Which cards fill today's minutes. What does not fit waits for tomorrow, oldest first, so that a week away
//! is caught up with over days and never all at once.

use domain::{CardEntry, Day, ReviewSettings};

use super::Schedule;

/// Seconds that a card takes before anything was measured.
const PRIOR_SECONDS: f64 = 20.0;

/// How many reviews the prior stands for.
const PRIOR_REVIEWS: f64 = 10.0;

/// Newest reviews that the estimate looks at.
const RECENT: usize = 50;

/// A review that took longer was a break, for the estimate as for what was spent, in milliseconds.
const LONGEST_MS: u32 = 120_000;

/// A card that may be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<'a> {
    /// Its id.
    pub id: &'a str,
    /// Weight of its fact, 1 to 3.
    pub weight: u32,
    /// Where it stands; `None` when it is new.
    pub schedule: Option<Schedule>,
}

/// What the reviews of all cards say about time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Estimate of the seconds that one card takes.
    pub seconds_each: f64,
    /// Seconds spent today, reviews that were taken back included.
    pub spent_today: f64,
    /// Grades given today.
    pub graded_today: u32,
}

/// How many cards there are of each sort on a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Due, and within the minutes.
    pub due: u32,
    /// New, and within the minutes and the cap of new ones.
    pub new: u32,
    /// Due, and beyond the minutes: asked on the next days.
    pub waiting: u32,
    /// New, and beyond the minutes or the cap.
    pub new_waiting: u32,
}

/// What to ask today, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue<'a> {
    /// Ids of the cards.
    pub cards: Vec<&'a str>,
    /// How many of each sort.
    pub counts: Counts,
}

impl Pace {
    /// From the logs of all cards, each in order. With few reviews the estimate stays near 20 s; later it is
    /// the mean of the newest 50.
    pub fn of<'a>(logs: impl Iterator<Item = &'a [CardEntry]>, today: Day) -> Self {
        let mut spent: Vec<(Day, u32)> = Vec::new();
        for entry in logs.flatten() {
            if let CardEntry::Review { day, elapsed_ms, .. } = *entry {
                spent.push((day, elapsed_ms.min(LONGEST_MS)));
            }
        }
        spent.sort_unstable();
        let seconds = |of: &[(Day, u32)]| of.iter().map(|(_, ms)| f64::from(*ms) / 1000.0).sum::<f64>();
        let recent = &spent[spent.len().saturating_sub(RECENT)..];
        let today: Vec<(Day, u32)> = spent.iter().copied().filter(|(day, _)| *day == today).collect();
        let each = (PRIOR_SECONDS * PRIOR_REVIEWS + seconds(recent)) / (PRIOR_REVIEWS + recent.len() as f64);
        Self {
            seconds_each: each.max(1.0),
            spent_today: seconds(&today),
            graded_today: u32::try_from(today.len()).unwrap_or(u32::MAX),
        }
    }

    /// Cards that still fit into the minutes of the day.
    fn room(&self, minutes: u32) -> usize {
        let left = f64::from(minutes) * 60.0 - self.spent_today;
        (left / self.seconds_each).floor().max(0.0) as usize
    }
}

/// Fills the minutes: what is due by its day, then by weight; then new cards, the weightiest first, up to the
/// cap less those begun today.
pub fn queue<'a>(cards: &[Candidate<'a>], today: Day, settings: &ReviewSettings, pace: &Pace) -> Queue<'a> {
    let mut due: Vec<(Day, &Candidate<'a>)> = Vec::new();
    let mut new: Vec<&Candidate<'a>> = Vec::new();
    let mut begun_today = 0;
    for card in cards {
        match &card.schedule {
            None => new.push(card),
            Some(schedule) => {
                begun_today += usize::from(schedule.first == today);
                if schedule.due <= today {
                    due.push((schedule.due, card));
                }
            }
        }
    }
    // What was asked today already comes last: it is due today, as nothing else that is overdue is later.
    due.sort_by(|(a, x), (b, y)| {
        a.cmp(b)
            .then(asked_on(x, today).cmp(&asked_on(y, today)))
            .then(by_weight(x, y))
    });
    new.sort_by(|x, y| by_weight(x, y));

    let room = pace.room(settings.minutes);
    let fits = due.len().min(room);
    let cap = (settings.new_a_day as usize).saturating_sub(begun_today);
    let begins = new.len().min(cap).min(room - fits);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    // What is asked a second time today comes after the new cards, so that some time lies between.
    let (again, first): (Vec<_>, Vec<_>) = due[..fits].iter().partition(|(_, card)| asked_on(card, today));
    let ids = first.into_iter().map(|(_, card)| card.id);
    let ids = ids.chain(new[..begins].iter().map(|card| card.id));
    Queue {
        cards: ids.chain(again.into_iter().map(|(_, card)| card.id)).collect(),
        counts: Counts {
            due: count(fits),
            new: count(begins),
            waiting: count(due.len() - fits),
            new_waiting: count(new.len() - begins),
        },
    }
}

fn asked_on(card: &Candidate<'_>, day: Day) -> bool {
    card.schedule.is_some_and(|schedule| schedule.last == day)
}

fn by_weight(x: &Candidate<'_>, y: &Candidate<'_>) -> std::cmp::Ordering {
    y.weight.cmp(&x.weight).then_with(|| x.id.cmp(y.id))
}
