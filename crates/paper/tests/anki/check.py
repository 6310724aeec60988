"""Has Anki's own library import the packages of `examples/anki_packages.rs` into a fresh collection.

usage: check.py FOLDER    with first.apkg and later.apkg
"""

import sys
import tempfile
from pathlib import Path

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


def main(folder):
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
    print("imported, imported again and updated by Anki's own library")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
