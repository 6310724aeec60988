//! A story as a page to have at hand, without the names that it hides.

use domain::{DocumentId, Story, StoryPart};
use paper::text::{Block, paragraphs, plain};
use paper::{Booklet, Sheet};

use super::words::{competency, day, heading, sentence};
use super::{Format, Printed};
use crate::{Error, Practice, without_names};

/// A calm speaking pace, as on the story's page.
const WORDS_PER_MINUTE: usize = 150;

impl Practice {
    /// A story as a file. Its names are hidden, in the file's name too.
    ///
    /// # Errors
    /// There is no such story, the machine is busy, or the store fails.
    pub async fn print_story(&self, id: &DocumentId, format: Format, sheet: Sheet) -> Result<Printed, Error> {
        let held = self.held::<Story>(id).await?;
        let story = without_names(&held.body);
        let stem = format!("story-{}", story.title);
        let made = day(held.updated_at_us);
        self.printed(booklet(&story), format, sheet, made, &stem).await
    }
}

fn booklet(story: &Story) -> Booklet {
    let words = story.told().split_whitespace().count();
    let lines = [story.role.clone(), story.when.clone(), told_in(words)];
    let facts = lines.into_iter().filter(|line| !line.trim().is_empty()).collect();
    let mut blocks = Vec::new();
    for part in StoryPart::ALL {
        let text = story.part(*part);
        if !text.trim().is_empty() {
            blocks.push(heading(1, &sentence(part.as_str())));
            blocks.extend(paragraphs(text));
        }
    }
    if !story.figures.is_empty() {
        blocks.push(heading(1, "Figures to have at hand"));
        let figure = |figure: &String| vec![Block::Paragraph(plain(figure.as_str()))];
        blocks.push(Block::List {
            first: None,
            items: story.figures.iter().map(figure).collect(),
        });
    }
    if !story.competencies.is_empty() {
        let shown: Vec<&str> = story.competencies.iter().map(|c| competency(*c)).collect();
        blocks.push(Block::Rule);
        blocks.push(Block::Remark(plain(format!("Shows: {}.", shown.join(", ")))));
    }
    Booklet {
        sort: "Story".to_owned(),
        title: story.title.clone(),
        facts,
        blocks,
        foot: format!("Spar · {}", story.title),
    }
}

/// How long it takes to say so many words, to half a minute; nothing for a story without words.
fn told_in(words: usize) -> String {
    let halves = (2 * words + WORDS_PER_MINUTE / 2) / WORDS_PER_MINUTE;
    match (words, halves / 2, halves % 2) {
        (0, ..) => String::new(),
        (_, 0, 0) => "under ½ min told".to_owned(),
        (_, 0, _) => "½ min told".to_owned(),
        (_, whole, 0) => format!("{whole} min told"),
        (_, whole, _) => format!("{whole}½ min told"),
    }
}
