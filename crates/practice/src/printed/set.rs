//! A tailored set on paper: first the questions with the words that chose them, to practise from; then, on pages
//! of their own, what a full answer to each says. And its questions as an Anki package.

use domain::{Claim, DocumentId, Gap, Item, Kind, Remark, SetEntry};
use paper::anki::{Deck, Note, package};
use paper::text::{Block, Column, Span, Table, bold, inline, italic, markdown, plain};
use paper::{Booklet, Sheet};

use super::words::{competency, day, reviewed_ms, written};
use super::{Format, Printed, slug};
use crate::graders::chain;
use crate::{Error, Practice, SetQuestion, SetView};

/// The deck that the questions of all sets come in: one that two sets share stays where it was studied.
const DECK: &str = "Spar::Questions";

impl Practice {
    /// A set as a file. What was done of it is not on it, so that it prints the same before and after.
    ///
    /// # Errors
    /// There is none of that id, too much is printed at once, or the store fails.
    pub async fn print_set(&self, id: &DocumentId, format: Format, sheet: Sheet) -> Result<Printed, Error> {
        let view = self.set(id).await?;
        let made = day(made_us(&view));
        let stem = format!("set-{}-{made}", view.set.inputs.name());
        self.printed(self.booklet(&view), format, sheet, made, &stem)
            .await
    }

    /// The questions of a set as an Anki package, each with what a full answer says. A question keeps its id
    /// from set to set, so that another package updates what an earlier one brought.
    ///
    /// # Errors
    /// There is none of that id, or the store fails.
    pub async fn print_set_cards(&self, id: &DocumentId) -> Result<Printed, Error> {
        let view = self.set(id).await?;
        let name = view.set.inputs.name();
        let deck = Deck {
            name: DECK.to_owned(),
            description: format!("Questions chosen for a job: {name}."),
            notes: view.questions.iter().filter_map(note).collect(),
        };
        let bytes = package(&[deck]).await.map_err(|error| {
            tracing::error!(error = chain(&error), "the questions of a set cannot be packed");
            Error::Stopped
        })?;
        let made = day(made_us(&view));
        Ok(Printed {
            name: format!("spar-{}.apkg", slug(&format!("set-{name}-{made}"))),
            media_type: "application/octet-stream",
            bytes,
        })
    }

    fn booklet(&self, view: &SetView) -> Booklet {
        let set = &view.set;
        let role = self.roles().iter().find(|role| role.id == set.inputs.role);
        let role = role.map_or(set.inputs.role.as_str(), |role| role.title.as_str());
        let facts = vec![
            written(day(made_us(view))),
            format!("{} questions", set.entries.len()),
            format!("{} of {} minutes", set.minutes(), set.inputs.minutes),
            format!("{}, {}", role.to_lowercase(), set.inputs.level),
        ];
        let mut blocks: Vec<Block> = set.remarks.iter().map(remark).collect();
        blocks.push(Block::Table(overview(&view.questions)));
        for (at, question) in view.questions.iter().enumerate() {
            asked(&mut blocks, at + 1, question);
        }
        cv(&mut blocks, &set.claims, &set.gaps);
        answers(&mut blocks, &view.questions);
        blocks.push(Block::Rule);
        blocks.push(Block::Remark(plain(format!(
            "The same texts ({}), minutes and seed ({}) choose the same questions again.",
            set.digest, set.seed
        ))));
        let title = set.inputs.name();
        Booklet {
            sort: "Question set".to_owned(),
            foot: format!("Spar · {title}"),
            title,
            facts,
            blocks,
        }
    }
}

fn made_us(view: &SetView) -> i64 {
    view.kept.as_ref().map_or(0, |kept| kept.created_at_us)
}

fn heading(level: u8, text: impl Into<String>) -> Block {
    Block::Heading {
        level,
        text: plain(text),
    }
}

fn remark(remark: &Remark) -> Block {
    Block::Paragraph(plain(remark.says.as_str()))
}

fn bullets(items: impl Iterator<Item = Vec<Span>>) -> Block {
    Block::List {
        first: None,
        items: items.map(|item| vec![Block::Paragraph(item)]).collect(),
    }
}

/// The questions at a glance.
fn overview(questions: &[SetQuestion]) -> Table {
    let column = |title: &str, figures| Column {
        title: plain(title),
        figures,
    };
    let row = |(at, question): (usize, &SetQuestion)| {
        vec![
            plain((at + 1).to_string()),
            plain(question.title()),
            plain(weight(&question.entry)),
            plain(question.entry.minutes.to_string()),
        ]
    };
    Table {
        columns: vec![
            column("", true),
            column("Question", false),
            column("Weight", false),
            column("Minutes", true),
        ],
        rows: questions.iter().enumerate().map(row).collect(),
    }
}

fn weight(entry: &SetEntry) -> &'static str {
    match entry.weight {
        3 => "decisive",
        2 => "expected",
        _ => "worth a look",
    }
}

/// A question as it is asked, with why it was chosen.
fn asked(blocks: &mut Vec<Block>, place: usize, question: &SetQuestion) {
    blocks.push(heading(1, format!("{place}. {}", question.title())));
    let entry = &question.entry;
    let mut facts = vec![format!("{} minutes", entry.minutes), weight(entry).to_owned()];
    let Some(item) = item(question) else {
        blocks.push(Block::Paragraph(plain("The bank no longer has this question.")));
        return;
    };
    if item.kind != Kind::Technical {
        facts.push(item.kind.to_string());
    }
    facts.push(competency(item.competency).to_owned());
    facts.extend(
        item.variant
            .as_ref()
            .map(|variant| format!("variant: {}", variant.title)),
    );
    blocks.push(Block::Remark(plain(facts.join(" · "))));
    blocks.extend(markdown(&item.prompt, 2));
    let why = entry.reasons.iter().map(|reason| italic(reason.says.as_str()));
    blocks.push(bullets(why));
}

fn item(question: &SetQuestion) -> Option<&Item> {
    question.instance.as_ref().map(|instance| &instance.item)
}

/// What the CV claims and what it does not show.
fn cv(blocks: &mut Vec<Block>, claims: &[Claim], gaps: &[Gap]) {
    if !claims.is_empty() {
        blocks.push(heading(1, "What your CV claims"));
        blocks.push(bullets(claims.iter().map(|claim| plain(claim.ask.as_str()))));
    }
    if !gaps.is_empty() {
        blocks.push(heading(1, "What your CV does not show"));
        let gap = |gap: &Gap| {
            let demand = if gap.required { "demanded" } else { "named" };
            [
                bold(gap.name.as_str()),
                plain(format!(" ({demand}). {}", gap.says)),
            ]
            .concat()
        };
        blocks.push(bullets(gaps.iter().map(gap)));
    }
}

/// What a full answer to each says: not on the pages that one practises from.
fn answers(blocks: &mut Vec<Block>, questions: &[SetQuestion]) {
    let known = questions
        .iter()
        .enumerate()
        .filter_map(|(at, q)| Some((at + 1, item(q)?)));
    let mut known = known.peekable();
    if known.peek().is_none() {
        return;
    }
    blocks.push(Block::PageBreak);
    blocks.push(heading(1, "What full answers say"));
    for (place, item) in known {
        blocks.push(heading(2, format!("{place}. {}", item.title)));
        blocks.push(claims(item));
    }
}

fn claims(item: &Item) -> Block {
    bullets(item.facts().iter().map(|fact| inline(&fact.claim)))
}

/// Depends on the question and its variant alone, so that it is the same out of whatever set.
fn note(question: &SetQuestion) -> Option<Note> {
    let item = item(question)?;
    let variant = item.variant.as_ref().map(|variant| variant.number);
    let id = match variant.filter(|number| *number > 0) {
        Some(number) => format!("question.{}.{number}", item.id),
        None => format!("question.{}", item.id),
    };
    let mut back = vec![claims(item)];
    if !item.guidance.why_asked.trim().is_empty() {
        back.push(Block::Remark(inline(&item.guidance.why_asked)));
    }
    Some(Note {
        id,
        front: markdown(&item.prompt, 2),
        back,
        source: item.title.clone(),
        tags: vec!["spar".to_owned(), item.competency.as_str().to_owned()],
        created_at_ms: reviewed_ms(item),
        changed_at_ms: reviewed_ms(item),
    })
}
