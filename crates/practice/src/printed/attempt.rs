//! An attempt as a document: the result, the one fix, what was asked and answered, what was found and where,
//! and what to say.

use domain::{
    Answered, AttemptId, Band, Criterion, Evidence, Group, GroupId, Item, Overridden, Question, Reply,
    ReplyBody, Ruling, Scorecard, Status,
};
use paper::text::{Block, Column, Span, Table, bold, inline, italic, markdown, paragraphs, plain};
use paper::{Booklet, Sheet};

use super::words::{band, clock, competency, day, heading, points, status, whole, written};
use super::{Format, Printed};
use crate::{AttemptView, Error, Practice};

impl Practice {
    /// An attempt with its scorecard as a file.
    ///
    /// # Errors
    /// There is none of that id, too much is printed at once, or the store fails.
    pub async fn print_attempt(
        &self,
        id: &AttemptId,
        format: Format,
        sheet: Sheet,
    ) -> Result<Printed, Error> {
        let view = self.attempt(id).await?;
        let item = self.item_of_attempt(&view.attempt).await?;
        let made = day(view.attempt.created_at_us);
        let stem = format!("scorecard-{}-{made}", view.attempt.item);
        self.printed(booklet(&view, item.as_ref()), format, sheet, made, &stem)
            .await
    }
}

/// The document.
fn booklet(view: &AttemptView, item: Option<&Item>) -> Booklet {
    let attempt = &view.attempt;
    let mut facts = vec![written(day(attempt.created_at_us))];
    if let Some(item) = item {
        facts.push(item.kind.to_string());
        facts.push(competency(item.competency).to_owned());
    }
    if let Some(ms) = attempt.elapsed_ms {
        facts.push(format!("answered in {}", clock(ms)));
    }
    let mut blocks = Vec::new();
    match &view.scorecard {
        Some(card) => result(&mut blocks, view, card),
        None => {
            let reason = attempt.void_reason.clone().unwrap_or_default();
            blocks.push(Block::Paragraph([bold("Not graded: "), plain(reason)].concat()));
        }
    }
    if let Some(item) = item {
        blocks.push(heading(1, "The question"));
        blocks.extend(markdown(&item.prompt, 2));
    }
    blocks.push(heading(1, "The answer"));
    blocks.push(Block::Quote(paragraphs(attempt.submission.text())));
    if let Some(card) = &view.scorecard {
        for group in &card.groups {
            found(&mut blocks, group, view.overridden.as_ref());
        }
    }
    asked(&mut blocks, &view.asked);
    if let (Some(item), Some(card)) = (item, &view.scorecard) {
        to_say(&mut blocks, item, card);
    }
    if let Some(card) = &view.scorecard {
        blocks.push(Block::Rule);
        let graded = format!(
            "Graded by {} at revision {}, seed {}. Attempt {}.",
            card.scorer, card.revision, card.seed, attempt.id
        );
        blocks.push(Block::Remark(plain(graded)));
    }
    Booklet {
        sort: "Scorecard".to_owned(),
        title: view.title.clone(),
        facts,
        blocks,
        foot: format!("Spar · {}", view.title),
    }
}

/// The score with what a second reader and a human make of it, the fix, and the groups.
fn result(blocks: &mut Vec<Block>, view: &AttemptView, card: &Scorecard) {
    blocks.push(match card.score() {
        Some(score) => Block::Paragraph([bold(band(score)), plain(after(score, view.asked.len()))].concat()),
        None => Block::Paragraph(bold("Not assessed")),
    });
    let merged = view.second.read.as_ref().map(|read| &read.merged.scorecard);
    if let Some(score) = merged.and_then(Scorecard::score) {
        blocks.push(Block::Paragraph(plain(format!(
            "With the second reading: {} of 100. Above is the offline grade.",
            whole(score)
        ))));
    }
    if let Some(score) = view.overridden.as_ref().and_then(|by_hand| by_hand.score) {
        blocks.push(Block::Paragraph(plain(format!(
            "With the overrides by hand: {} of 100. Above is what was graded.",
            whole(score)
        ))));
    }
    let coverage = card.group(GroupId::Coverage);
    if let Some((group, bounds)) = coverage.and_then(|group| Some((group, group.interval?))) {
        blocks.push(Block::Paragraph(plain(format!(
            "Coverage {}; a careful reader would grade it between {} and {}.",
            whole(group.score().unwrap_or_default()),
            whole(bounds.low),
            whole(bounds.high)
        ))));
    }
    if let Some(fix) = &card.next {
        blocks.push(heading(1, "The one fix first"));
        blocks.push(Block::Paragraph(inline(&fix.change)));
        blocks.push(Block::Remark(plain(format!(
            "Worth {} of 100 points.",
            whole(fix.worth)
        ))));
    }
    blocks.push(Block::Table(scores(card)));
    for note in &card.notes {
        blocks.push(Block::Remark(plain(note.as_str())));
    }
    if let Some(probe) = &card.probe {
        blocks.push(Block::Paragraph(
            [bold("An interviewer would now ask: "), inline(probe)].concat(),
        ));
    }
}

fn after(score: f64, asked: usize) -> String {
    match asked {
        0 => format!(", {} of 100", whole(score)),
        1 => format!(", {} of 100 after one question", whole(score)),
        n => format!(", {} of 100 after {n} questions", whole(score)),
    }
}

fn scores(card: &Scorecard) -> Table {
    let column = |title: &str, figures| Column {
        title: plain(title),
        figures,
    };
    let row = |group: &Group| {
        let score = group.score();
        vec![
            plain(group.title.as_str()),
            plain(score.map_or(String::new(), |s| band(s).to_lowercase())),
            plain(score.map_or("not assessed".to_owned(), whole)),
            plain(group.weight.to_string()),
        ]
    };
    Table {
        columns: vec![
            column("Group", false),
            column("", false),
            column("Score", true),
            column("Weight", true),
        ],
        rows: card.groups.iter().map(row).collect(),
    }
}

/// What was found in a group: each criterion with its evidence and what to say instead.
fn found(blocks: &mut Vec<Block>, group: &Group, by_hand: Option<&Overridden>) {
    let score = group.score().map_or("not assessed".to_owned(), whole);
    blocks.push(heading(1, &format!("{}: {score}", group.title)));
    if group.criteria.is_empty() {
        blocks.push(Block::Paragraph(plain("Nothing was assessed.")));
        return;
    }
    let item = |criterion: &Criterion| {
        let found = format!(
            " ({}, {} of {})",
            status(criterion.status),
            points(criterion.points),
            points(criterion.out_of)
        );
        let mut parts = vec![Block::Paragraph(
            [strong(&criterion.title), plain(found)].concat(),
        )];
        let quotes = criterion.evidence.iter().filter_map(quoted);
        let mut why = plain(criterion.why.as_str());
        for quote in quotes {
            why.extend(plain(" "));
            why.extend(quote);
        }
        parts.push(Block::Remark(why));
        if !criterion.tip.is_empty() && criterion.status != Status::Met {
            parts.push(Block::Paragraph(
                [italic("To say: "), inline(&criterion.tip)].concat(),
            ));
        }
        if let Some(said) = by_hand.and_then(|by_hand| by_hand.criterion(group.id, &criterion.id)) {
            let value = ruling(said.ruling);
            parts.push(Block::Paragraph(
                [italic("By hand: "), plain(format!("{value}. {}", said.reason))].concat(),
            ));
        }
        parts
    };
    blocks.push(Block::List {
        first: None,
        items: group.criteria.iter().map(item).collect(),
    });
}

/// Markdown of one line, in bold.
fn strong(text: &str) -> Vec<Span> {
    let mut spans = inline(text);
    for span in &mut spans {
        span.bold = true;
    }
    spans
}

/// A piece of evidence in quotation marks, or as a figure; what lies across lines is quoted in one.
fn quoted(evidence: &Evidence) -> Option<Vec<Span>> {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match evidence {
        Evidence::Span { text, .. } | Evidence::Reply { text, .. } => {
            let text = one_line(text);
            (!text.is_empty()).then(|| italic(format!("“{text}”")))
        }
        Evidence::Case {
            input,
            expected,
            got,
            size,
        } => {
            let shown = |label: &str, text: &str| match text.trim() {
                "" => String::new(),
                text => format!(" {label}: {text}."),
            };
            let case = [
                format!("({size})"),
                shown("Run", input),
                shown("Expected", expected),
                shown("Got", got),
            ];
            Some(plain(case.concat()))
        }
        Evidence::Figure {
            name, value, unit, ..
        } => Some(plain(format!("{name}: {} {unit}", points(*value)))),
    }
}

fn ruling(ruling: Ruling) -> String {
    match ruling {
        Ruling::Status(said) => status(said).to_owned(),
        Ruling::Share(percent) => format!("{percent} % of the points"),
        Ruling::Withdrawn(_) => "withdrawn".to_owned(),
    }
}

/// The follow-ups with what came of them.
fn asked(blocks: &mut Vec<Block>, asked: &[Answered]) {
    if asked.is_empty() {
        return;
    }
    blocks.push(heading(1, "The interviewer asked"));
    let item = |answered: &Answered| {
        let mut parts = vec![Block::Paragraph(strong(&answered.question.ask))];
        let reply = reply(&answered.question, &answered.reply);
        parts.push(Block::Paragraph([italic("You: "), inline(&reply)].concat()));
        let moved = format!(
            "{}; {} → {}, coverage {}{}.",
            answered.verdict.as_str(),
            status(answered.from),
            status(answered.to),
            if answered.moved >= 0.0 { "+" } else { "" },
            points(answered.moved)
        );
        parts.push(Block::Remark(plain(moved)));
        if !answered.right_answer.is_empty() {
            let right = inline(&answered.right_answer);
            parts.push(Block::Paragraph([italic("Right: "), right].concat()));
        }
        if !answered.explanation.is_empty() && answered.explanation != answered.right_answer {
            parts.push(Block::Paragraph(inline(&answered.explanation)));
        }
        parts
    };
    blocks.push(Block::List {
        first: Some(1),
        items: asked.iter().map(item).collect(),
    });
}

/// What was answered, in the words of the options.
fn reply(question: &Question, reply: &Reply) -> String {
    let option = |i: &u32| question.options.get(*i as usize).cloned().unwrap_or_default();
    let all = |chosen: &[u32], with: &str| chosen.iter().map(option).collect::<Vec<_>>().join(with);
    match &reply.body {
        ReplyBody::Choice(chosen) => option(chosen),
        ReplyBody::Choices(chosen) => all(chosen, "; "),
        ReplyBody::Order(chosen) => all(chosen, " → "),
        ReplyBody::Number(value) => {
            let unit = question.unit.clone().unwrap_or_default();
            format!("{} {unit}", points(*value)).trim_end().to_owned()
        }
        ReplyBody::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        ReplyBody::Pass(_) => "I do not know.".to_owned(),
    }
}

/// The facts that were not met, and a full answer.
fn to_say(blocks: &mut Vec<Block>, item: &Item, card: &Scorecard) {
    let coverage = card.group(GroupId::Coverage);
    let met = |id: &str| {
        let found = coverage.and_then(|group| group.criteria.iter().find(|c| c.id == id));
        found.is_some_and(|criterion| criterion.status == Status::Met)
    };
    let open: Vec<_> = item.facts().iter().filter(|fact| !met(&fact.id)).collect();
    if !open.is_empty() {
        blocks.push(heading(1, "What a full answer also says"));
        blocks.push(Block::List {
            first: None,
            items: open
                .iter()
                .map(|fact| vec![Block::Paragraph(inline(&fact.claim))])
                .collect(),
        });
    }
    // Below the middle band an example helps more than the list alone.
    let score = coverage.and_then(Group::score).unwrap_or_default();
    if Band::of(score) != Band::Solid && !item.guidance.sample.trim().is_empty() {
        blocks.push(heading(1, "One full answer"));
        blocks.extend(markdown(&item.guidance.sample, 2));
    }
}
