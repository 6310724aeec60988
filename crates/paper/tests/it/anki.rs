//! The package, taken apart. What Anki's own importer makes of it is `tests/anki/check.py`.

use std::io::Read as _;

use flate2::read::DeflateDecoder;
use paper::anki::{Deck, Error, Note, package};
use paper::text::{inline, markdown, plain};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Row as _};

fn note(id: &str, front: &str, back: &str) -> Note {
    Note {
        id: id.to_owned(),
        front: markdown(front, 1),
        back: markdown(back, 1),
        source: "Rate limits & <tags>".to_owned(),
        tags: vec!["api contracts".to_owned(), "spar".to_owned()],
        created_at_ms: 1_763_000_000_000,
        changed_at_ms: 1_763_000_005_999,
    }
}

fn decks() -> Vec<Deck> {
    let deck = |name: &str, notes| Deck {
        name: name.to_owned(),
        description: "Missed facts".to_owned(),
        notes,
    };
    vec![
        deck(
            "Spar::Missed facts",
            vec![
                note("a.one", "What is *it*?", "`SET x = x - n` & <b>not this</b>"),
                note("a.two", "Why?", "- one\n- two\n\n```\na\nb\n```\n"),
            ],
        ),
        deck("Spar::Set", vec![note("b.one", "How?", "Like **this**.")]),
    ]
}

/// The files of an archive, read by its directory at the end.
fn unzip(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let half = |at: usize| usize::from(u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap()));
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let end = bytes.len() - 22;
    assert_eq!(&bytes[end..end + 4], b"PK\x05\x06");
    let (count, mut at) = (half(end + 10), word(end + 16));
    assert_eq!(at + word(end + 12), end);
    let mut files = Vec::new();
    for _ in 0..count {
        assert_eq!(&bytes[at..at + 4], b"PK\x01\x02");
        assert_eq!(half(at + 10), 8);
        let (packed, unpacked, named, local) = (word(at + 20), word(at + 24), half(at + 28), word(at + 42));
        let name = String::from_utf8(bytes[at + 46..at + 46 + named].to_vec()).unwrap();
        assert_eq!(&bytes[local..local + 4], b"PK\x03\x04");
        // Everything from the version to the lengths of names stands in both places.
        assert_eq!(bytes[local + 4..local + 30], bytes[at + 6..at + 32]);
        let data = local + 30 + named;
        let mut content = Vec::new();
        DeflateDecoder::new(&bytes[data..data + packed])
            .read_to_end(&mut content)
            .unwrap();
        let mut crc = flate2::Crc::new();
        crc.update(&content);
        assert_eq!((content.len(), crc.sum() as usize), (unpacked, word(at + 16)));
        files.push((name, content));
        at += 46 + named;
    }
    files
}

async fn open(bytes: &[u8]) -> (SqliteConnection, tempfile::TempDir) {
    let files = unzip(bytes);
    assert_eq!(files[1], ("media".to_owned(), b"{}".to_vec()));
    assert_eq!(files[0].0, "collection.anki2");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("collection.anki2");
    std::fs::write(&path, &files[0].1).unwrap();
    let db = SqliteConnectOptions::new()
        .filename(path)
        .connect()
        .await
        .unwrap();
    (db, folder)
}

#[tokio::test]
async fn notes_keep_their_ids_and_their_words() {
    let (mut db, _folder) = open(&package(&decks()).await.unwrap()).await;
    let rows = sqlx::query("SELECT guid, flds, tags, mod FROM notes ORDER BY guid")
        .fetch_all(&mut db)
        .await
        .unwrap();
    let notes: Vec<(String, String, String, i64)> = rows
        .iter()
        .map(|r| (r.get(0), r.get(1), r.get(2), r.get(3)))
        .collect();
    let guids: Vec<&str> = notes.iter().map(|n| n.0.as_str()).collect();
    assert_eq!(guids, ["spar-a.one", "spar-a.two", "spar-b.one"]);
    let fields: Vec<&str> = notes[0].1.split('\u{1f}').collect();
    assert_eq!(
        fields,
        [
            "What is <i>it</i>?",
            "<code>SET x = x - n</code> &amp; &lt;b&gt;not this&lt;/b&gt;",
            "Rate limits &amp; &lt;tags&gt;"
        ]
    );
    assert!(
        notes[1]
            .1
            .contains("<ul><li>one</li><li>two</li></ul><pre>a<br>b</pre>")
    );
    assert_eq!(
        (notes[0].2.as_str(), notes[0].3),
        (" api-contracts spar ", 1_763_000_005)
    );
    // Each note has one card, new, in its deck, in the order given.
    let rows = sqlx::query(
        "SELECT notes.guid, cards.due, cards.type, cards.queue, cards.did FROM cards JOIN notes ON notes.id = cards.nid \
         ORDER BY notes.guid",
    )
    .fetch_all(&mut db)
    .await
    .unwrap();
    let cards: Vec<(i64, i64, i64, i64)> = rows
        .iter()
        .map(|r| (r.get(1), r.get(2), r.get(3), r.get(4)))
        .collect();
    assert_eq!(
        cards.iter().map(|c| (c.0, c.1, c.2)).collect::<Vec<_>>(),
        [(1, 0, 0), (2, 0, 0), (1, 0, 0)]
    );
    assert!(cards[0].3 == cards[1].3 && cards[1].3 != cards[2].3);
}

#[tokio::test]
async fn the_same_decks_give_the_same_bytes() {
    let once = package(&decks()).await.unwrap();
    assert_eq!(once, package(&decks()).await.unwrap());
    let mut other = decks();
    other[0].notes[0].back = vec![paper::text::Block::Paragraph(plain("Other words."))];
    assert_ne!(once, package(&other).await.unwrap());
}

#[tokio::test]
async fn an_id_names_one_note() {
    let mut twice = decks();
    twice[1].notes[0].id = "a.one".to_owned();
    assert!(matches!(package(&twice).await, Err(Error::SameId(id)) if id == "a.one"));
}

#[test]
fn one_line_has_styles_and_no_blocks() {
    let spans = inline("Use **keyset** pagination, `WHERE id > $1`, <script>");
    assert_eq!(
        paper::text::characters(&spans),
        "Use keyset pagination, WHERE id > $1, <script>"
    );
    assert!(spans[1].bold && spans[3].code);
    assert_eq!(paper::text::characters(&inline("- not a list")), "- not a list");
}
