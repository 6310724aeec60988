"""Has others' libraries read what `examples/samples.rs` wrote: Anki's own, icalendar, pypdf.

usage: check.py FOLDER
"""

import datetime
import sys
import tempfile
from pathlib import Path

import icalendar
import pypdf
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest


def import_package(collection, path):
    request = ImportAnkiPackageRequest(package_path=str(path), options=ImportAnkiPackageOptions())
    log = collection.import_anki_package(request).log
    return {"new": len(log.new), "updated": len(log.updated), "same": len(log.duplicate)}


def notes(collection):
    found = {}
    for id in collection.find_notes(""):
        note = collection.get_note(id)
        assert len(note.cards()) == 1, note.guid
        card = note.cards()[0]
        found[note.guid] = {
            "id": id,
            "fields": dict(note.items()),
            "tags": note.tags,
            "deck": collection.decks.name(card.did),
            "new": (card.type, card.queue, card.ivl, card.reps) == (0, 0, 0, 0),
        }
    return found


def expect(what, got, want):
    if got != want:
        sys.exit(f"{what}\n  expected {want}\n  got      {got}")


def check_anki(folder):
    with tempfile.TemporaryDirectory() as scratch:
        collection = Collection(str(Path(scratch) / "collection.anki2"))
        expect("first import", import_package(collection, folder / "first.apkg"), {"new": 3, "updated": 0, "same": 0})
        first = notes(collection)
        expect("notes", sorted(first), ["spar-limits.keys", "spar-limits.store", "spar-set.one"])
        store = first["spar-limits.store"]
        expect(
            "fields",
            store["fields"],
            {
                "Front": "Where does the <i>count</i> live?",
                "Back": "In one store that all instances share, <code>&lt;redis&gt;</code> say.",
                "Source": "Rate limiter for a public API",
            },
        )
        expect("tags", sorted(store["tags"]), ["api-contracts", "spar"])
        expect("deck", store["deck"], "Spar::Missed facts")
        expect("other deck", first["spar-set.one"]["deck"], "Spar::Set")
        expect("all are new to Anki", [n["new"] for n in first.values()], [True, True, True])
        card = collection.get_note(store["id"]).cards()[0]
        shown = card.answer()
        assert "one store that all instances share" in shown and "<footer>" in shown, shown

        # Studied once: a later import must not take that away.
        collection.decks.select(card.did)
        queued = collection.sched.get_queued_cards(fetch_limit=1).cards[0]
        studied = collection.get_card(queued.card.id)
        studied.start_timer()
        answer = collection.sched.build_answer(card=studied, states=queued.states, rating=2)
        collection.sched.answer_card(answer)
        reps = collection.get_card(studied.id).reps
        expect("reps", reps, 1)

        again = import_package(collection, folder / "first.apkg")
        expect("the same again", again, {"new": 0, "updated": 0, "same": 3})
        expect("ids stay", {g: n["id"] for g, n in notes(collection).items()}, {g: n["id"] for g, n in first.items()})

        later = import_package(collection, folder / "later.apkg")
        expect("a later one", (later["new"], later["updated"]), (1, 1))
        after = notes(collection)
        expect("count", len(after), 4)
        expect("the note is the same", after["spar-limits.store"]["id"], store["id"])
        expect(
            "the words are new",
            after["spar-limits.store"]["fields"]["Back"],
            "In a shared store, or each instance allows the limit.",
        )
        expect("what was studied stays", collection.get_card(studied.id).reps, 1)
        expect("one model", sorted(m.name for m in collection.models.all_names_and_ids() if "Spar" in m.name), ["Spar"])
        problems, ok = collection.fix_integrity()
        assert ok, problems
        collection.close()


def check_calendar(folder):
    calendar = icalendar.Calendar.from_ical((folder / "plan.ics").read_bytes())
    expect("calendar", (calendar["VERSION"], calendar.errors), ("2.0", []))
    day, evening = calendar.walk("VEVENT")
    expect("no errors", day.errors + evening.errors, [])
    expect("uids", [str(day["UID"]), str(evening["UID"])], ["day-1@spar", "day-2@spar"])
    expect("all day", (day["DTSTART"].dt, day["DTEND"].dt), (datetime.date(2026, 12, 31), datetime.date(2027, 1, 1)))
    expect("timed", evening["DTSTART"].dt, datetime.datetime(2027, 1, 1, 19, 0))
    expect("duration", evening["DURATION"].dt, datetime.timedelta(minutes=90))
    expect("summary", str(day["SUMMARY"]), "Queues; stories, 日本語 and \\ " * 5)
    expect("description", str(day["DESCRIPTION"]), "First line\nSecond, line")
    expect("categories", [str(c) for c in day["CATEGORIES"].cats], ["Spar", "a, b"])


def structure(node, found):
    """Counts the kinds of the tags below a node."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            structure(child, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found[node["/S"]] = found.get(node["/S"], 0) + 1
        if "/K" in node:
            structure(node["/K"], found)


def check_pdf(folder, name, size):
    reader = pypdf.PdfReader(folder / name, strict=True)
    pages = [page.extract_text() for page in reader.pages]
    expect("size", [round(float(n)) for n in reader.pages[0].mediabox[2:]], size)
    expect("title", reader.metadata.title, "Scorecard: Rate limiter for a public API")
    whole = "\n".join(pages)
    for said in ["token bucket", "SET x = x - n", "Naïve café, Łódź, Ελλάδα, 日.", "What was said.", "The end."]:
        assert said in whole, f"{name} does not say {said!r}"
    for number, page in enumerate(pages, 1):
        assert f"{number} of {len(pages)}" in page, f"{name}: no number on page {number}"
        # Every page that holds rows says what their columns are, and no row lies on two.
        rows = page.count("Fact number")
        assert rows == 0 or "Points" in page, f"{name}: page {number} has rows without a head"
        expect("rows are whole", rows, page.count("if not all"))
    expect("rows", whole.count("Fact number"), 60)
    def titles(entries):
        return [titles(entry) if isinstance(entry, list) else entry.title for entry in entries]

    bookmarks = ["Rate limiter for a public API", ["How it was scored", ["Table"], "Last"]]
    expect("bookmarks", titles(reader.outline), bookmarks)
    catalog = reader.trailer["/Root"]
    expect("language", catalog["/Lang"], "en")
    expect("marked", catalog["/MarkInfo"]["/Marked"], True)
    found = {}
    structure(catalog["/StructTreeRoot"]["/K"], found)
    counts = {kind: found.get(kind) for kind in ["/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/H1", "/BlockQuote"]}
    expect(
        "tags",
        counts,
        {"/Table": 1, "/TR": 61, "/TH": 3, "/TD": 180, "/L": 3, "/LI": 5, "/H1": 1, "/BlockQuote": 1},
    )
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            font = font.get_object()
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            fonts[font["/BaseFont"]] = "/FontFile3" in descriptor and "/ToUnicode" in font
    assert len(fonts) == 4 and all(fonts.values()), fonts
    assert all("+Spar" in font for font in fonts), fonts


def main(folder):
    check_anki(folder)
    check_calendar(folder)
    check_pdf(folder, "a4.pdf", [595, 842])
    check_pdf(folder, "letter.pdf", [612, 792])
    print("read by Anki's own library, icalendar and pypdf")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
