"""Has others' libraries read what `examples/samples.rs` wrote, and what `spar` writes of a scripted candidate:
Anki's own, icalendar, pypdf.

usage: check.py FOLDER SPAR
"""

import datetime
import json
import os
import re
import subprocess
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


def titles(entries):
    return [titles(entry) if isinstance(entry, list) else entry.title for entry in entries]


def open_pdf(path, size, title):
    """A PDF with its pages' words: of that size and title, tagged, in English, its pages numbered."""
    reader = pypdf.PdfReader(path, strict=True)
    pages = [page.extract_text() for page in reader.pages]
    expect("size", [round(float(n)) for n in reader.pages[0].mediabox[2:]], size)
    expect("title", reader.metadata.title, title)
    for number, page in enumerate(pages, 1):
        assert f"{number} of {len(pages)}" in page, f"{path.name}: no number on page {number}"
    catalog = reader.trailer["/Root"]
    expect("language", catalog["/Lang"], "en")
    expect("marked", catalog["/MarkInfo"]["/Marked"], True)
    return reader, pages


def check_pdf(folder, name, size):
    reader, pages = open_pdf(folder / name, size, "Scorecard: Rate limiter for a public API")
    whole = "\n".join(pages)
    for said in ["token bucket", "SET x = x - n", "Naïve café, Łódź, Ελλάδα, 日.", "What was said.", "The end."]:
        assert said in whole, f"{name} does not say {said!r}"
    for number, page in enumerate(pages, 1):
        # Every page that holds rows says what their columns are, and no row lies on two.
        rows = page.count("Fact number")
        assert rows == 0 or "Points" in page, f"{name}: page {number} has rows without a head"
        expect("rows are whole", rows, page.count("if not all"))
    expect("rows", whole.count("Fact number"), 60)
    bookmarks = ["Rate limiter for a public API", ["How it was scored", ["Table"], "Last"]]
    expect("bookmarks", titles(reader.outline), bookmarks)
    found = {}
    structure(reader.trailer["/Root"]["/StructTreeRoot"]["/K"], found)
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


class Candidate:
    """Somebody who has Spar: a story with names, a plan, a loop, an answer with gaps."""

    DAY = "2026-11-23"
    STORY = {
        "kind": "story",
        "id": "checkout",
        "version": 1,
        "created_at": "2026-11-22T12:00:00Z",
        "updated_at": "2026-11-22T12:00:00Z",
        "body": {
            "title": "The Acme checkout",
            "situation": "At Acme the checkout timed out.",
            "action": "I moved the report of Marta Nowak.",
            "result": "0.1 percent of orders.",
            "names": ["Acme", "Marta Nowak"],
        },
    }
    LOOP = "\n".join(
        [
            "",
            "I would put Redis in front of everything.",
            "Tokens refill at the rate of the plan, and the bucket holds the burst.",
            "A refused call gets 429 at once.",
            "/done",
            "q",
            "/next",
            "",
        ]
    )

    def __init__(self, spar, folder):
        self.spar, self.folder = spar, folder

    def run(self, *arguments, said=""):
        here = {"PATH": os.environ["PATH"], "SPAR_DATA": str(self.folder / "data")}
        done = subprocess.run([self.spar, *arguments], input=said, capture_output=True, text=True, env=here)
        if done.returncode != 0:
            sys.exit(f"spar {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        return done.stdout

    def paper(self, *arguments):
        path = self.folder / f"{arguments[0]}.pdf"
        self.run("paper", *arguments, "--output", str(path))
        return path

    def cards(self, name):
        path = self.folder / name
        self.run("paper", "cards", "--output", str(path))
        return path

    def live(self):
        document = json.loads(self.run("export"))
        document["documents"] = [self.STORY]
        self.run("import", "-", said=json.dumps(document))
        self.run("plan", "set", "--interview", "2027-01-18", "--date", self.DAY)
        self.run("loop", "system-design", "--level", "senior", "--seed", "3", said=self.LOOP)


def lines_of(page):
    """The lines of a page without its foot."""
    lines = [line.strip() for line in page.splitlines() if line.strip()]
    return [line for line in lines if not re.search(r"^Spar · |\d+ of \d+$", line)]


def check_breaks(path, reader, pages):
    """No heading ends a page, and what to say stands where the fact does."""
    headings = [entry.title for entry in flat(reader.outline)]
    for number, page in enumerate(pages, 1):
        lines = lines_of(page)
        assert not any(heading.endswith(lines[-1]) for heading in headings), f"{path.name}, {number}: {lines[-1]}"
        assert not lines[0].startswith("To say:"), f"{path.name}, page {number}"


def flat(entries):
    return [one for entry in entries for one in (flat(entry) if isinstance(entry, list) else [entry])]


def check_days(pages):
    """Every day of the plan is a row, and no row stands alone on a page."""
    row = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s\d+\s[A-Z][a-z]{2}")
    tables = [table for page in pages for table in page.split("Day What to do Minutes")[1:]]
    rows = [len(row.findall(table)) for table in tables]
    assert 1 not in rows, tables[rows.index(1)]
    expect("days", sum(rows), 55)


def check_papers(spar, folder):
    candidate = Candidate(spar, folder)
    candidate.live()
    loop = json.loads(candidate.run("loop", "list", "--json"))[0]["id"]
    attempt = json.loads(candidate.run("history", "--json"))[0]["id"]
    papers = {
        "loop": (candidate.paper("loop", loop), "Hiring scorecard: System design"),
        "attempt": (candidate.paper("attempt", attempt), None),
        "story": (candidate.paper("story", "checkout"), "Story: The [name] checkout"),
        "plan": (
            candidate.paper("plan", "--date", candidate.DAY),
            "Plan: Until the interview on 18 January 2027",
        ),
    }
    said = {}
    for name, (path, title) in papers.items():
        title = title or pypdf.PdfReader(path).metadata.title
        reader, pages = open_pdf(path, [595, 842], title)
        check_breaks(path, reader, pages)
        said[name] = (titles(reader.outline), pages)
        assert not re.search("acme|nowak", "\n".join([title, *map(str, said[name][0]), *pages]), re.I), name
    top, below = said["loop"][0][0], said["loop"][0][1]
    expect("loop", top, "System design")
    assert below[0].startswith("Recommendation: "), below
    for part in ["Stages", "Moments to look at", "Competencies", "What this does not say"]:
        assert part in below, (part, below)
    whole = re.sub(r"\s+", " ", " ".join(said["loop"][1]))
    for part in ["Solution before requirements at ", "“A refused call gets 429 at once”", "Rule loop/1."]:
        assert part in whole, (part, whole)
    expect("story", said["story"][0], ["The [name] checkout", ["Situation", "Action", "Result"]])
    check_days(said["plan"][1])
    return candidate


def check_exports(candidate):
    """The calendar and the cards of the same candidate, each taken twice."""
    calendars = []
    for _ in range(2):
        text = candidate.run("plan", "--date", candidate.DAY, "--ics", "-")
        calendar = icalendar.Calendar.from_ical(text)
        events = calendar.walk("VEVENT")
        expect("no errors", calendar.errors + [e for event in events for e in event.errors], [])
        calendars.append({str(event["UID"]): event["DTSTART"].dt for event in events})
        assert "Acme" not in text
    expect("the same events", calendars[0], calendars[1])
    expect("the interview", calendars[0]["plan-interview@spar"], datetime.date(2027, 1, 18))
    assert len(calendars[0]) > 40, calendars[0]
    collection = Collection(str(candidate.folder / "collection.anki2"))
    first = import_package(collection, candidate.cards("first.apkg"))
    assert first["new"] > 3, first
    ids = {guid: note["id"] for guid, note in notes(collection).items()}
    expect("the same again", import_package(collection, candidate.cards("again.apkg"))["new"], 0)
    expect("no doubles", {guid: note["id"] for guid, note in notes(collection).items()}, ids)
    # What another answer leaves out is added, and nothing else.
    candidate.run("try", "pagination", "-", said="I use OFFSET and LIMIT, which is fine for every size.")
    more = import_package(collection, candidate.cards("later.apkg"))["new"]
    assert more > 0, more
    after = {guid: note["id"] for guid, note in notes(collection).items()}
    expect("count", len(after), len(ids) + more)
    expect("ids stay", {guid: after[guid] for guid in ids}, ids)
    collection.close()


def main(folder, spar):
    check_anki(folder)
    check_calendar(folder)
    check_pdf(folder, "a4.pdf", [595, 842])
    check_pdf(folder, "letter.pdf", [612, 792])
    with tempfile.TemporaryDirectory() as scratch:
        check_exports(check_papers(spar, Path(scratch)))
    print("read by Anki's own library, icalendar and pypdf")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
