//! Booklets: Markdown that says what was meant, PDF whose parts are where they should be. What other libraries
//! read of the PDF is `tests/readers/check.py`.

use jiff::civil::date;
use paper::text::{Block, Column, Span, Table, bold, characters, italic, markdown, paragraphs, plain};
use paper::{Booklet, Sheet};
use proptest::prelude::*;

fn booklet(blocks: Vec<Block>) -> Booklet {
    Booklet {
        sort: "Scorecard".to_owned(),
        title: "Rate limiter [draft] *1*".to_owned(),
        facts: vec!["22 November 2026".to_owned()],
        blocks,
        foot: "Spar".to_owned(),
    }
}

/// What the Markdown says, without the title, the facts and the foot.
fn read(markdown_text: &str) -> Vec<Block> {
    let blocks = markdown(markdown_text, 1);
    assert_eq!(
        blocks[0],
        Block::Heading {
            level: 1,
            text: plain("Rate limiter [draft] *1*")
        }
    );
    blocks[2..blocks.len() - 2].to_vec()
}

fn code(text: &str) -> Span {
    Span {
        text: text.to_owned(),
        code: true,
        ..Span::default()
    }
}

#[test]
fn markdown_reads_back_as_it_was_meant() {
    let cell = |text: &str| plain(text);
    let blocks = vec![
        Block::Heading {
            level: 1,
            text: plain("How # it was scored"),
        },
        Block::Paragraph(
            [
                bold("Coverage"),
                plain(" of "),
                italic("all"),
                vec![code("a`b | c")],
            ]
            .concat(),
        ),
        Block::List {
            first: None,
            items: vec![
                vec![Block::Paragraph(plain("one"))],
                vec![
                    Block::Paragraph(plain("two")),
                    Block::List {
                        first: Some(3),
                        items: vec![vec![Block::Paragraph(plain("- not a list"))]],
                    },
                ],
            ],
        },
        Block::Quote(vec![
            Block::Paragraph(plain("1. said")),
            Block::Paragraph(plain("> and said")),
        ]),
        Block::Code("```\n  let x = 1;\n```".to_owned()),
        Block::Table(Table {
            columns: vec![
                Column {
                    title: cell("Fact | claim"),
                    figures: false,
                },
                Column {
                    title: cell("Points"),
                    figures: true,
                },
            ],
            rows: vec![
                vec![cell("a | b \\ c"), cell("2.0")],
                vec![cell("<b>"), cell("0.5")],
            ],
        }),
    ];
    let mut written = read(&booklet(blocks.clone()).to_markdown());
    // The title takes the first level.
    if let Block::Heading { level, .. } = &mut written[0] {
        *level -= 1;
    }
    assert_eq!(written, blocks);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// An answer may hold anything; in Markdown it stays a paragraph of just those words.
    #[test]
    fn no_text_becomes_markup(lines in prop::collection::vec("[-a-c#>*_`|\\\\\\[\\]<&;:!=~+.()1-3 é]{1,24}", 1..4)) {
        let text = lines.iter().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n");
        let blocks = paragraphs(&text);
        prop_assume!(!blocks.is_empty());
        let said = booklet(blocks.clone()).to_markdown();
        prop_assert_eq!(read(&said), blocks, "{}", said);
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Any text can be set on any sheet.
    #[test]
    fn any_text_is_set(text in "\\PC{0,400}", sheet in prop::sample::select(Sheet::ALL)) {
        let cells = vec![plain(text.as_str()), bold(text.as_str()), vec![code(&text)]];
        let columns = ["A", "B", "C"].map(|t| Column { title: plain(t), figures: t == "B" }).to_vec();
        let blocks = vec![
            Block::Heading { level: 1, text: plain(text.as_str()) },
            Block::Code(text.clone()),
            Block::Quote(paragraphs(&text)),
            Block::Table(Table { columns, rows: vec![cells] }),
        ];
        let pdf = booklet(blocks).to_pdf(sheet, date(2026, 11, 22));
        prop_assert!(pdf.is_ok(), "{:?}", pdf.err());
    }
}

/// The height of every page, in points.
fn pages(pdf: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(pdf);
    let boxes = text.split("/MediaBox").skip(1);
    boxes
        .map(|rest| rest.split([']', '[']).nth(1).unwrap().trim().to_owned())
        .collect()
}

fn set(booklet: &Booklet, sheet: Sheet) -> Vec<u8> {
    booklet.to_pdf(sheet, date(2026, 11, 22)).unwrap()
}

#[test]
fn the_same_booklet_gives_the_same_bytes() {
    let words = "Words of an answer that goes on. ".repeat(400);
    let one = booklet(paragraphs(&words));
    let pdf = set(&one, Sheet::A4);
    assert_eq!(pdf, set(&one, Sheet::A4));
    assert_eq!(pages(&pdf), vec!["0 0 595.28 841.89"; pages(&pdf).len()]);
    assert!(pages(&pdf).len() > 2, "{}", pages(&pdf).len());
    assert!(pages(&set(&one, Sheet::Letter)).contains(&"0 0 612 792".to_owned()));
    assert_ne!(pdf, one.to_pdf(Sheet::A4, date(2026, 11, 23)).unwrap());
    // Two subsets of fonts, not four fonts.
    assert!(pdf.len() < 60_000, "{} bytes", pdf.len());
    for part in ["/StructTreeRoot", "/Outlines", "/Lang", "pdfuaid"] {
        assert!(String::from_utf8_lossy(&pdf).contains(part), "{part}");
    }
}

#[test]
fn a_page_break_breaks_the_page() {
    let one = || Block::Paragraph(plain("One line."));
    let together = booklet(vec![one(), one()]);
    assert_eq!(pages(&set(&together, Sheet::A4)).len(), 1);
    let apart = booklet(vec![one(), Block::PageBreak, one()]);
    assert_eq!(pages(&set(&apart, Sheet::A4)).len(), 2);
}

#[test]
fn an_item_of_a_list_stays_whole() {
    let part = || Block::Paragraph(plain("One.\nTwo.\nThree."));
    let list = |count| Block::List {
        first: None,
        items: vec![vec![part(), part()]; count],
    };
    // 104 points each, six on a page of 700. What is left holds the first half of another.
    let pages_of = |count| pages(&set(&booklet(vec![list(count)]), Sheet::A4)).len();
    assert_eq!(
        [6, 7, 12, 13, 18, 19, 60, 61].map(pages_of),
        [1, 2, 2, 3, 3, 4, 10, 11]
    );
}

#[test]
fn a_row_longer_than_a_page_is_parted() {
    let cell = plain("Words of a cell that goes on. ".repeat(400));
    let column = |title: &str| Column {
        title: plain(title),
        figures: false,
    };
    let table = Table {
        columns: vec![column("Said"), column("Found")],
        rows: vec![vec![cell, plain("met")]],
    };
    let long = booklet(vec![Block::Table(table)]);
    assert!(pages(&set(&long, Sheet::A4)).len() > 2);
}

#[test]
fn an_answer_keeps_its_paragraphs_and_lines() {
    let blocks = paragraphs("One\r\ntwo\n\n\n three \n");
    let said: Vec<String> = blocks
        .iter()
        .map(|b| match b {
            Block::Paragraph(text) => characters(text),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(said, ["One\ntwo", " three"]);
}
