//! The SQLite collection of a package, schema 11.
//!
//! The tables and JSON keys are those that Anki's importer reads; what it does not need of them (options,
//! statistics, LaTeX) has the values of an empty collection.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::html::{escaped, field};
use super::{Deck, Note};

/// The one model (note type). Frozen: another id would be another model in people's collections.
const MODEL: i64 = 1_763_800_000_000;

/// When the model last changed, in seconds since the Unix epoch: raise it with any change of fields,
/// templates or style.
const MODEL_CHANGED_S: i64 = 1_763_800_000;

/// Name of the model, as it is listed in Anki.
const MODEL_NAME: &str = "Spar";

/// Id of the deck and of the options that every collection has.
const DEFAULT: i64 = 1;

/// What separates the fields of a note.
const FIELD_END: &str = "\u{1f}";

const SCHEMA: &str = "
CREATE TABLE col (id integer primary key, crt integer not null, mod integer not null, scm integer not null,
  ver integer not null, dty integer not null, usn integer not null, ls integer not null, conf text not null,
  models text not null, decks text not null, dconf text not null, tags text not null);
CREATE TABLE notes (id integer primary key, guid text not null, mid integer not null, mod integer not null,
  usn integer not null, tags text not null, flds text not null, sfld integer not null, csum integer not null,
  flags integer not null, data text not null);
CREATE TABLE cards (id integer primary key, nid integer not null, did integer not null, ord integer not null,
  mod integer not null, usn integer not null, type integer not null, queue integer not null,
  due integer not null, ivl integer not null, factor integer not null, reps integer not null,
  lapses integer not null, left integer not null, odue integer not null, odid integer not null,
  flags integer not null, data text not null);
CREATE TABLE revlog (id integer primary key, cid integer not null, usn integer not null, ease integer not null,
  ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null,
  type integer not null);
CREATE TABLE graves (usn integer not null, oid integer not null, type integer not null);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
";

const FRONT: &str = "{{Front}}";

const BACK: &str = "{{FrontSide}}<hr id=answer>{{Back}}{{#Source}}<footer>{{Source}}</footer>{{/Source}}";

const STYLE: &str = ".card { font-family: Georgia, serif; font-size: 20px; line-height: 1.45; text-align: left; \
     max-width: 34em; margin: 0 auto; padding: 0 1em }\n\
     footer { margin-top: 1.5em; font-size: 15px; opacity: 0.7 }\n\
     code, pre { font-family: monospace; font-size: 0.9em }\n\
     pre { white-space: pre-wrap }\n\
     blockquote { margin: 0.5em 0 0.5em 1em; font-style: italic }\n";

/// The file's bytes.
pub(super) async fn build(decks: &[Deck]) -> Result<Vec<u8>, sqlx::Error> {
    let mut db = SqliteConnectOptions::new().in_memory(true).connect().await?;
    sqlx::raw_sql(SCHEMA).execute(&mut db).await?;
    let notes = || decks.iter().flat_map(|deck| &deck.notes);
    let changed_ms = notes().map(|note| note.changed_at_ms).max().unwrap_or_default();
    collection_row(&mut db, decks, changed_ms).await?;
    let mut taken = BTreeSet::new();
    for deck in decks {
        for (position, note) in (1_i64..).zip(&deck.notes) {
            // Ids of notes and cards are times of creation in milliseconds; those made together follow one
            // another. Anki gives another id where its collection has that one.
            let mut id = note.created_at_ms.max(1);
            while !taken.insert(id) {
                id += 1;
            }
            insert(&mut db, note, id, deck_id(&deck.name), position).await?;
        }
    }
    Ok(db.serialize(None).await?.to_vec())
}

async fn collection_row(
    db: &mut SqliteConnection,
    decks: &[Deck],
    changed_ms: i64,
) -> Result<(), sqlx::Error> {
    let changed_s = changed_ms / 1000;
    let mut listed = BTreeMap::from([(DEFAULT, deck_json(DEFAULT, "Default", "", changed_s))]);
    for deck in decks {
        let id = deck_id(&deck.name);
        listed.insert(
            id,
            deck_json(id, &deck.name, &escaped(&deck.description), changed_s),
        );
    }
    let listed: BTreeMap<String, Value> = listed.into_iter().map(|(id, v)| (id.to_string(), v)).collect();
    sqlx::query("INSERT INTO col VALUES (1, $1, $2, $2, 11, 0, 0, 0, $3, $4, $5, $6, '{}')")
        .bind(MODEL_CHANGED_S)
        .bind(changed_ms)
        .bind(conf().to_string())
        .bind(json!({ MODEL.to_string(): model() }).to_string())
        .bind(json!(listed).to_string())
        .bind(json!({ "1": options() }).to_string())
        .execute(db)
        .await?;
    Ok(())
}

async fn insert(
    db: &mut SqliteConnection,
    note: &Note,
    id: i64,
    deck: i64,
    position: i64,
) -> Result<(), sqlx::Error> {
    let fields = [field(&note.front), field(&note.back), escaped(&note.source)];
    let changed_s = note.changed_at_ms / 1000;
    // Sort field and checksum are Anki's to compute: it does when it imports.
    sqlx::query("INSERT INTO notes VALUES ($1, $2, $3, $4, -1, $5, $6, $7, 0, 0, '')")
        .bind(id)
        .bind(format!("spar-{}", note.id))
        .bind(MODEL)
        .bind(changed_s)
        .bind(tags(&note.tags))
        .bind(fields.join(FIELD_END))
        .bind(&fields[0])
        .execute(&mut *db)
        .await?;
    // Type and queue 0, due by position: a card that was never seen.
    sqlx::query("INSERT INTO cards VALUES ($1, $1, $2, 0, $3, -1, 0, 0, $4, 0, 0, 0, 0, 0, 0, 0, 0, '')")
        .bind(id)
        .bind(deck)
        .bind(changed_s)
        .bind(position)
        .execute(db)
        .await?;
    Ok(())
}

/// Tags as a note holds them: separated and surrounded by spaces.
fn tags(tags: &[String]) -> String {
    let whole = tags
        .iter()
        .map(|tag| tag.split_whitespace().collect::<Vec<_>>().join("-"));
    let all: BTreeSet<String> = whole.filter(|tag| !tag.is_empty()).collect();
    if all.is_empty() {
        return String::new();
    }
    format!(" {} ", all.into_iter().collect::<Vec<_>>().join(" "))
}

/// Anki knows decks by name; within the file they need distinct ids, here 40 bits of the name's hash above
/// the ids that Anki's clock gives.
fn deck_id(name: &str) -> i64 {
    let hash = blake3::hash(name.as_bytes());
    let bits = hash.as_bytes()[..5]
        .iter()
        .fold(0, |bits, byte| (bits << 8) | i64::from(*byte));
    MODEL + 1 + bits
}

fn deck_json(id: i64, name: &str, description: &str, changed_s: i64) -> Value {
    json!({
        "id": id, "name": name, "desc": description, "mod": changed_s, "usn": 0, "dyn": 0, "conf": DEFAULT,
        "collapsed": false, "browserCollapsed": false, "extendNew": 0, "extendRev": 0,
        "newToday": [0, 0], "revToday": [0, 0], "lrnToday": [0, 0], "timeToday": [0, 0],
    })
}

fn model() -> Value {
    let field = |ord: usize, name: &str| json!({ "name": name, "ord": ord, "font": "Georgia", "size": 20, "sticky": false, "rtl": false, "media": [] });
    json!({
        "id": MODEL, "name": MODEL_NAME, "type": 0, "mod": MODEL_CHANGED_S, "usn": 0, "sortf": 0, "did": null,
        "flds": [field(0, "Front"), field(1, "Back"), field(2, "Source")],
        "tmpls": [{
            "name": "Card 1", "ord": 0, "qfmt": FRONT, "afmt": BACK, "bqfmt": "", "bafmt": "", "did": null,
        }],
        "css": STYLE, "req": [[0, "any", [0]]], "tags": [], "vers": [],
        "latexPre": "", "latexPost": "", "latexsvg": false,
    })
}

fn conf() -> Value {
    json!({
        "nextPos": 1, "estTimes": true, "activeDecks": [DEFAULT], "sortType": "noteFld", "timeLim": 0,
        "sortBackwards": false, "addToCur": true, "curDeck": DEFAULT, "newSpread": 0, "dueCounts": true,
        "curModel": MODEL, "collapseTime": 1200,
    })
}

fn options() -> Value {
    json!({
        "id": DEFAULT, "name": "Default", "mod": 0, "usn": 0, "maxTaken": 60, "autoplay": true, "timer": 0,
        "replayq": true, "dyn": false,
        "new": { "bury": true, "delays": [1, 10], "initialFactor": 2500, "ints": [1, 4, 7], "order": 1,
            "perDay": 20, "separate": true },
        "rev": { "bury": true, "ease4": 1.3, "fuzz": 0.05, "ivlFct": 1, "maxIvl": 36500, "minSpace": 1,
            "perDay": 200 },
        "lapse": { "delays": [10], "leechAction": 0, "leechFails": 8, "minInt": 1, "mult": 0 },
    })
}
