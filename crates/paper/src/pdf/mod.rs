//! A booklet as a PDF (1.7, tagged as PDF/UA-1 asks): text that can be selected, read aloud and searched, fonts
//! as subsets, bookmarks, the number of each page and of all.

mod face;
mod flow;
mod lines;
mod pages;
mod table;
mod tags;

use jiff::civil::Date;
use krilla::color::luma;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla::{Document, SerializeSettings};

use crate::booklet::{Booklet, Sheet};
use face::{Cut, Faces, Look, Run};
use flow::{Flow, Mark, Place, Row};
use pages::{Placed, What};
use tags::Tags;

/// Width of the text: some 78 letters a line.
const MEASURE: f32 = 412.0;

/// From the top edge to the first line, and from the last line to the bottom edge.
const TOP: f32 = 66.0;
const BOTTOM: f32 = 76.0;

/// From the bottom edge to the letters of the foot.
const FOOT: f32 = 42.0;

const FOOT_LOOK: Look = Look {
    cut: Cut::Regular,
    size: 8.5,
    grey: 95,
    tabular: false,
};

const LANGUAGE: &str = "en";

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A font of the crate cannot be read.
    #[error("a font of the printed page cannot be read")]
    Font,
    /// The writer refused what was drawn.
    #[error("cannot write the PDF: {0}")]
    Write(String),
}

impl Booklet {
    /// The document, `application/pdf`: the same booklet, sheet and date give the same bytes. `made` stands in
    /// the file's properties.
    ///
    /// # Errors
    /// The writer refuses the document: a fault of this crate.
    pub fn to_pdf(&self, sheet: Sheet, made: Date) -> Result<Vec<u8>, Error> {
        let faces = Faces::read().ok_or(Error::Font)?;
        let (width, height) = sheet.points();
        let left = (width - MEASURE) / 2.0;
        let place = Place {
            x: left,
            measure: MEASURE,
            node: None,
        };
        let mut flow = Flow::new(&faces);
        flow.title(&self.sort, &self.title, &self.facts, place);
        flow.blocks(&self.blocks, place);
        let Flow {
            rows,
            heads,
            mut tags,
            ..
        } = flow;
        let pages = pages::filled(&rows, &heads, height - TOP - BOTTOM);
        let mut document = Document::new_with(settings()?);
        for (number, page) in (1..).zip(&pages) {
            let settings = PageSettings::from_wh(width, height);
            let mut sheet = document.start_page_with(settings.unwrap_or_default());
            let mut surface = sheet.surface();
            for placed in page {
                paint(&mut surface, &faces, &rows, &heads, placed, &mut tags);
            }
            let foot = [self.foot.clone(), format!("{number} of {}", pages.len())];
            paint_foot(&mut surface, &faces, &foot, left, height - FOOT);
            surface.finish();
            sheet.finish();
        }
        document.set_tag_tree(tags.tree(LANGUAGE));
        document.set_outline(outline(&rows, &pages, left));
        document.set_metadata(self.metadata(made));
        document
            .finish()
            .map_err(|error| Error::Write(format!("{error:?}")))
    }

    fn metadata(&self, made: Date) -> Metadata {
        let part = |n: i8| u8::try_from(n).unwrap_or_default();
        let date = DateTime::new(u16::try_from(made.year()).unwrap_or_default())
            .month(part(made.month()))
            .day(part(made.day()))
            .hour(0)
            .minute(0)
            .second(0)
            .utc_offset_hour(0)
            .utc_offset_minute(0);
        Metadata::new()
            .title(format!("{}: {}", self.sort, self.title))
            .language(LANGUAGE.to_owned())
            .creator("Spar".to_owned())
            .creation_date(date)
    }
}

fn settings() -> Result<SerializeSettings, Error> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish();
    Ok(SerializeSettings {
        configuration: configuration.map_err(|error| Error::Write(format!("{error:?}")))?,
        ..SerializeSettings::default()
    })
}

fn paint(
    surface: &mut Surface<'_>,
    faces: &Faces,
    rows: &[Row],
    heads: &[Vec<Row>],
    placed: &Placed,
    tags: &mut Tags,
) {
    let (row, again) = match placed.what {
        What::Row(at) => (&rows[at], false),
        What::Head(head, at) => (&heads[head][at], true),
    };
    let top = TOP + placed.y;
    for (x, joined) in &row.bars {
        let from = if *joined { top - placed.above } else { top };
        decoration(surface, |surface| {
            stroke(surface, (*x, from), (*x, top + row.height), 1.2, 190);
        });
    }
    for mark in &row.marks {
        match mark {
            Mark::Stroke {
                x,
                width,
                y,
                thickness,
                grey,
            } => decoration(surface, |surface| {
                stroke(surface, (*x, top + y), (x + width, top + y), *thickness, *grey);
            }),
            Mark::Text { x, baseline, run, .. } if again => decoration(surface, |surface| {
                write(surface, faces, run, *x, top + baseline);
            }),
            Mark::Text {
                x,
                baseline,
                run,
                node,
            } => {
                let drawn = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                write(surface, faces, run, *x, top + baseline);
                surface.end_tagged();
                tags.drawn(*node, drawn);
            }
        }
    }
}

fn paint_foot(surface: &mut Surface<'_>, faces: &Faces, foot: &[String; 2], left: f32, y: f32) {
    let [said, number] = foot.each_ref().map(|text| faces.shape(text, FOOT_LOOK));
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
    write(surface, faces, &said, left, y);
    write(surface, faces, &number, left + MEASURE - number.width, y);
    surface.end_tagged();
}

/// What no screen reader has to know of.
fn decoration(surface: &mut Surface<'_>, draw: impl FnOnce(&mut Surface<'_>)) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    draw(surface);
    surface.end_tagged();
}

fn write(surface: &mut Surface<'_>, faces: &Faces, run: &Run, x: f32, baseline: f32) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill {
        paint: luma::Color::new(run.look.grey).into(),
        ..Fill::default()
    }));
    let font = faces.font(run.look.cut);
    let start = Point::from_xy(x, baseline);
    surface.draw_glyphs(start, &run.glyphs, font, &run.text, run.look.size, false);
}

fn stroke(surface: &mut Surface<'_>, from: (f32, f32), to: (f32, f32), thickness: f32, grey: u8) {
    let mut path = PathBuilder::new();
    path.move_to(from.0, from.1);
    path.line_to(to.0, to.1);
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke {
        paint: luma::Color::new(grey).into(),
        width: thickness,
        ..Stroke::default()
    }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

/// The bookmarks: every heading below the one that it belongs to.
fn outline(rows: &[Row], pages: &[Vec<Placed>], left: f32) -> Outline {
    let mut open: Vec<(u8, OutlineNode)> = Vec::new();
    let mut outline = Outline::new();
    let close = |open: &mut Vec<(u8, OutlineNode)>, outline: &mut Outline, level: u8| {
        while open.last().is_some_and(|(last, _)| *last >= level) {
            let Some((_, node)) = open.pop() else { break };
            match open.last_mut() {
                Some((_, parent)) => parent.push_child(node),
                None => outline.push_child(node),
            }
        }
    };
    for (number, page) in pages.iter().enumerate() {
        for placed in page {
            let What::Row(at) = placed.what else { continue };
            let Some((level, words)) = &rows[at].heading else {
                continue;
            };
            close(&mut open, &mut outline, *level);
            let target = XyzDestination::new(number, Point::from_xy(left, TOP + placed.y));
            let node = OutlineNode::new(words.clone(), target).with_open(*level == 0);
            open.push((*level, node));
        }
    }
    close(&mut open, &mut outline, 0);
    outline
}
