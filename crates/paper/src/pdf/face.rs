//! The fonts, and text shaped in them.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, Feature, UnicodeBuffer, ttf_parser::Tag};

const REGULAR: &[u8] = include_bytes!("../../fonts/SparSerif-Regular.otf");
const ITALIC: &[u8] = include_bytes!("../../fonts/SparSerif-Italic.otf");
const SEMIBOLD: &[u8] = include_bytes!("../../fonts/SparSerif-Semibold.otf");
const MONO: &[u8] = include_bytes!("../../fonts/SparMono-Regular.otf");

/// Stands for a character that a font lacks; what is copied is the character itself.
const BOX: char = '\u{2610}';

/// One of the four fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    Regular,
    Italic,
    Semibold,
    Mono,
}

/// How characters look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    pub(super) cut: Cut,
    /// In points.
    pub(super) size: f32,
    /// 0 is black, 255 white.
    pub(super) grey: u8,
    /// Figures of one width, for columns.
    pub(super) tabular: bool,
}

/// Characters of one look, shaped.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) look: Look,
    pub(super) text: String,
    /// Advances and offsets in units of the size.
    pub(super) glyphs: Vec<KrillaGlyph>,
    /// In points.
    pub(super) width: f32,
}

/// The fonts as the shaper and the writer have them.
pub(super) struct Faces {
    shaped: [Face<'static>; 4],
    written: [Font; 4],
}

impl Faces {
    /// Reads the fonts; `None` if one cannot be read, which a test excludes.
    pub(super) fn read() -> Option<Self> {
        let all = [REGULAR, ITALIC, SEMIBOLD, MONO];
        let shaped = |bytes| Face::from_slice(bytes, 0);
        let written = |bytes: &'static [u8]| Font::new(bytes.into(), 0);
        Some(Self {
            shaped: [shaped(all[0])?, shaped(all[1])?, shaped(all[2])?, shaped(all[3])?],
            written: [
                written(all[0])?,
                written(all[1])?,
                written(all[2])?,
                written(all[3])?,
            ],
        })
    }

    pub(super) fn font(&self, cut: Cut) -> Font {
        self.written[cut as usize].clone()
    }

    /// Shapes characters from left to right.
    pub(super) fn shape(&self, text: &str, look: Look) -> Run {
        let face = &self.shaped[look.cut as usize];
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        // The fonts hold no script that runs the other way.
        buffer.set_direction(Direction::LeftToRight);
        let mut features = Vec::new();
        if look.tabular {
            features.push(Feature::new(Tag::from_bytes(b"tnum"), 1, ..));
        }
        if look.cut == Cut::Mono {
            features.push(Feature::new(Tag::from_bytes(b"liga"), 0, ..));
        }
        let shaped = rustybuzz::shape(face, &features, buffer);
        #[expect(clippy::cast_precision_loss, reason = "units of a font are small")]
        let em = |units: i32| units as f32 / face.units_per_em() as f32;
        let (infos, positions) = (shaped.glyph_infos(), shaped.glyph_positions());
        let mut glyphs = Vec::with_capacity(infos.len());
        for (i, (info, position)) in infos.iter().zip(positions).enumerate() {
            let start = info.cluster as usize;
            let later = infos[i..].iter().map(|g| g.cluster as usize);
            let end = later.into_iter().find(|c| *c > start).unwrap_or(text.len());
            let (id, advance) = if info.glyph_id == 0 {
                missing(face)
            } else {
                (info.glyph_id, position.x_advance)
            };
            glyphs.push(KrillaGlyph {
                glyph_id: GlyphId::new(id),
                text_range: start..end,
                x_advance: em(advance),
                x_offset: em(position.x_offset),
                y_offset: em(position.y_offset),
                y_advance: 0.0,
                location: None,
            });
        }
        let width = glyphs.iter().map(|g| g.x_advance).sum::<f32>() * look.size;
        Run {
            look,
            text: text.to_owned(),
            glyphs,
            width,
        }
    }
}

/// The box's glyph and advance.
fn missing(face: &Face<'_>) -> (u32, i32) {
    let glyph = face.glyph_index(BOX).or_else(|| face.glyph_index('?'));
    let glyph = glyph.unwrap_or_default();
    let advance = face.glyph_hor_advance(glyph).unwrap_or_default();
    (u32::from(glyph.0), i32::from(advance))
}
