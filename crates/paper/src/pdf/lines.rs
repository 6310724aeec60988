//! Text broken into lines, ragged right: of all ways to break a paragraph, the one whose lines are nearest to
//! full, by the sum of the squares of what is left over (the last line counts nothing).

use super::face::{Cut, Faces, Look, Run};

/// Characters of one look.
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) look: Look,
}

/// A line: its runs from left to right.
pub(super) struct Line {
    pub(super) runs: Vec<Run>,
    pub(super) width: f32,
}

/// What cannot be broken: runs of looks and what follows.
struct Word {
    pieces: Vec<(String, Look)>,
    width: f32,
    after: After,
}

#[derive(Clone, Copy, PartialEq)]
enum After {
    /// A space of that look and so many points, which no line ends with.
    Space(Look, f32),
    /// Nothing: after a hyphen, a slash, or where a long word had to be cut.
    Joint,
    /// The line ends here.
    End,
}

/// What a break at a joint costs, as the square of points left over: a line may be some 30 points shorter
/// before a word is broken at its hyphen.
const JOINT_COST: f32 = 900.0;

/// A last line shorter than this share of a full one costs as much: one word alone looks lost.
const SHORT: f32 = 0.12;

/// Breaks text to lines of at most `measure` points.
pub(super) fn broken(faces: &Faces, pieces: &[Piece], measure: f32) -> Vec<Line> {
    let mut words = words(faces, pieces, measure);
    let mut lines = Vec::new();
    while !words.is_empty() {
        let end = words
            .iter()
            .position(|w| w.after == After::End)
            .map_or(words.len(), |at| at + 1);
        let rest = words.split_off(end);
        lines.extend(paragraph(faces, &words, measure));
        words = rest;
    }
    lines
}

/// Width of the text on one line, and of its widest word.
pub(super) fn widths(faces: &Faces, pieces: &[Piece]) -> (f32, f32) {
    let words = words(faces, pieces, f32::INFINITY);
    let mut longest: f32 = 0.0;
    let mut line = 0.0;
    for word in &words {
        line += word.width;
        longest = longest.max(line);
        match word.after {
            After::Space(_, space) => line += space,
            After::Joint => {}
            After::End => line = 0.0,
        }
    }
    (longest, words.iter().map(|w| w.width).fold(0.0, f32::max))
}

/// The best breaks: `best[i]` is the least cost of setting the words before `i`, and where its last line starts.
fn paragraph(faces: &Faces, words: &[Word], measure: f32) -> Vec<Line> {
    let mut best: Vec<(f32, usize)> = vec![(0.0, 0)];
    for end in 1..=words.len() {
        let mut least = (f32::INFINITY, end - 1);
        let mut width = 0.0;
        for start in (0..end).rev() {
            width += words[start].width;
            if start + 1 < end
                && let After::Space(_, space) = words[start].after
            {
                width += space;
            }
            if width > measure && start + 1 < end {
                break;
            }
            let left = (measure - width).max(0.0);
            let mut cost = best[start].0;
            if end < words.len() {
                cost += left * left;
                if words[end - 1].after == After::Joint {
                    cost += JOINT_COST;
                }
            } else if start > 0 && width < measure * SHORT {
                cost += JOINT_COST;
            }
            if cost < least.0 {
                least = (cost, start);
            }
        }
        best.push(least);
    }
    let mut ends = Vec::new();
    let mut end = words.len();
    while end > 0 {
        ends.push(end);
        end = best[end].1;
    }
    let mut lines = Vec::new();
    let mut start = 0;
    for end in ends.into_iter().rev() {
        lines.push(line(faces, &words[start..end]));
        start = end;
    }
    lines
}

/// One line, shaped as a whole for each look, so that kerning reaches over words. A line that goes on ends with
/// its space, unseen, so that what is copied has it.
fn line(faces: &Faces, words: &[Word]) -> Line {
    let mut texts: Vec<(String, Look)> = Vec::new();
    let mut add = |text: &str, look: Look| match texts.last_mut() {
        Some((all, same)) if *same == look => all.push_str(text),
        _ => texts.push((text.to_owned(), look)),
    };
    let mut unseen = 0.0;
    for word in words {
        for (text, look) in &word.pieces {
            add(text, *look);
        }
        unseen = 0.0;
        if let After::Space(look, width) = word.after {
            add(" ", look);
            unseen = width;
        }
    }
    let runs: Vec<Run> = texts
        .iter()
        .map(|(text, look)| faces.shape(text, *look))
        .collect();
    let width = runs.iter().map(|run| run.width).sum::<f32>() - unseen;
    Line { runs, width }
}

fn words(faces: &Faces, pieces: &[Piece], measure: f32) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open: Vec<(String, Look)> = Vec::new();
    for piece in pieces {
        let space = faces.shape(" ", piece.look).width;
        for part in parts(&piece.text) {
            let line_starts = open.iter().all(|(text, _)| text.trim().is_empty())
                && words.last().is_none_or(|word| word.after == After::End);
            match part {
                Part::Words(text) => open.push((text.to_owned(), piece.look)),
                // Code is indented on purpose.
                Part::Space if line_starts && piece.look.cut == Cut::Mono => {
                    open.push((" ".to_owned(), piece.look));
                }
                Part::Space => {
                    let after = After::Space(piece.look, space);
                    close(faces, &mut words, &mut open, after, measure);
                }
                Part::Joint => close(faces, &mut words, &mut open, After::Joint, measure),
                Part::End => {
                    // An empty line is a word of no width.
                    if open.is_empty() {
                        open.push((String::new(), piece.look));
                    }
                    close(faces, &mut words, &mut open, After::End, measure);
                }
            }
        }
    }
    close(faces, &mut words, &mut open, After::End, measure);
    words
}

enum Part<'a> {
    Words(&'a str),
    Space,
    Joint,
    End,
}

/// Splits at white space, and after hyphens, dashes and slashes within words.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut letters = 0;
    for (at, c) in text.char_indices() {
        let next = at + c.len_utf8();
        let part = match c {
            '\n' => Some(Part::End),
            // A space that does not break stays within its word.
            '\u{a0}' | '\u{202f}' => None,
            c if c.is_whitespace() => Some(Part::Space),
            '-' | '/' | '–' | '—' | '\u{2010}' if letters > 1 => {
                let follows = text[next..].chars().take(2).filter(|c| c.is_alphanumeric());
                // Not within `--flag`, `a-b` or `1-2`: two letters on either side.
                if follows.count() == 2 {
                    parts.push(Part::Words(&text[start..next]));
                    start = next;
                    parts.push(Part::Joint);
                }
                None
            }
            _ => None,
        };
        letters = if c.is_alphabetic() { letters + 1 } else { 0 };
        if let Some(part) = part {
            if start < at {
                parts.push(Part::Words(&text[start..at]));
            }
            parts.push(part);
            start = next;
        }
    }
    if start < text.len() {
        parts.push(Part::Words(&text[start..]));
    }
    parts
}

/// Ends a word; one that is wider than a line is cut where the line is full.
fn close(faces: &Faces, words: &mut Vec<Word>, open: &mut Vec<(String, Look)>, after: After, measure: f32) {
    if open.is_empty() {
        // More white space, or a line end after it.
        if let Some(last) = words.last_mut()
            && after == After::End
            && last.after != After::End
        {
            last.after = After::End;
        }
        return;
    }
    let mut pieces = std::mem::take(open);
    let width = |pieces: &[(String, Look)]| -> f32 {
        let each = pieces.iter().map(|(text, look)| faces.shape(text, *look).width);
        each.sum()
    };
    while width(&pieces) > measure {
        let Some(head) = cut(faces, &mut pieces, measure) else {
            break;
        };
        words.push(Word {
            width: width(&head),
            pieces: head,
            after: After::Joint,
        });
    }
    let width = width(&pieces);
    words.push(Word { pieces, width, after });
}

/// Takes as many characters off the front as a line holds; `None` when only one is left.
fn cut(faces: &Faces, pieces: &mut Vec<(String, Look)>, measure: f32) -> Option<Vec<(String, Look)>> {
    let mut head: Vec<(String, Look)> = Vec::new();
    let mut left = measure;
    while let Some((text, look)) = pieces.first().cloned() {
        let width = faces.shape(&text, look).width;
        if width <= left {
            left -= width;
            head.push((text, look));
            pieces.remove(0);
            continue;
        }
        let mut fits = 0;
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            if faces.shape(&text[..end], look).width > left {
                break;
            }
            fits = end;
        }
        if fits == 0 && head.is_empty() {
            // Not even one character: take it, or nothing would ever fit.
            fits = text.chars().next()?.len_utf8();
            if fits == text.len() && pieces.len() == 1 {
                return None;
            }
        }
        if fits > 0 {
            head.push((text[..fits].to_owned(), look));
            pieces[0].0.replace_range(..fits, "");
            if pieces[0].0.is_empty() {
                pieces.remove(0);
            }
        }
        break;
    }
    (!head.is_empty() && !pieces.is_empty()).then_some(head)
}
