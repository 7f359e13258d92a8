# mypy: ignore-errors
"""Drives Anki's own engine. Runs under another Python (`QUIZ_ANKI_PYTHON`), never inside ours: Anki is AGPL.

Usage: `anki_engine.py STEPS.json`, a list of lists: the name of a function below, then its arguments. What the steps
return is printed as one JSON list.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from anki import import_export_pb2 as wire
from anki.collection import Collection, ExportAnkiPackageOptions


def make(file, notes):
    """Make a collection with notes, each as `[note type, deck, fields, tags]`; return the guids."""
    col = Collection(file)
    guids = []
    for kind, deck, fields, tags in notes:
        note = col.new_note(col.models.by_name(kind))
        note.fields[: len(fields)] = fields
        note.tags = tags
        col.add_note(note, col.decks.id(deck))
        guids.append(note.guid)
    col.close()
    return guids


def add_type(file, name, fields, templates):
    """Add a note type with these fields and templates."""
    col = Collection(file)
    kind = col.models.new(name)
    for field in fields:
        col.models.add_field(kind, col.models.new_field(field))
    for number, (front, back) in enumerate(templates):
        template = col.models.new_template(f"Card {number + 1}")
        template["qfmt"], template["afmt"] = front, back
        col.models.add_template(kind, template)
    col.models.add(kind)
    col.close()


def answer(file, ratings):
    """Answer the first card of each note by guid: `{guid: [rating, …]}`, a day between two answers.

    The engine has no clock that can be set, so the days are put between the rows of its log afterwards.
    """
    col = Collection(file)
    for guid, given in ratings.items():
        note = col.db.scalar("select id from notes where guid = ?", guid)
        card_id = col.db.scalar("select id from cards where nid = ? and ord = 0", note)
        for rating in given:
            card = col.get_card(card_id)
            card.start_timer()
            states = col._backend.get_scheduling_states(card_id)
            built = col.sched.build_answer(card=card, states=states, rating=rating - 1)
            col.sched.answer_card(built)
            time.sleep(0.002)
        rows = col.db.list("select id from revlog where cid = ? order by id desc limit ?", card_id, len(given))
        for days, row in enumerate(rows):
            col.db.execute("update revlog set id = ? where id = ?", row - days * 86_400_000, row)
    col.close()


def forget(file, guid):
    """Set the cards of a note back to new, as a person does by hand."""
    col = Collection(file)
    cards = col.db.list("select c.id from cards c join notes n on n.id = c.nid where n.guid = ?", guid)
    col.sched.schedule_cards_as_new(cards)
    col.close()


def suspend(file, guid):
    """Suspend the cards of a note."""
    col = Collection(file)
    cards = col.db.list("select c.id from cards c join notes n on n.id = c.nid where n.guid = ?", guid)
    col.sched.suspend_cards(cards)
    col.close()


def change(file, guid, number, text):
    """Change a field of a note."""
    col = Collection(file)
    note = col.get_note(col.db.scalar("select id from notes where guid = ?", guid))
    note.fields[number] = text
    col.update_note(note)
    col.close()


def export(file, package, legacy):
    """Export all with the learning progress."""
    col = Collection(file)
    if package.endswith(".colpkg"):
        col.export_collection_package(package, include_media=True, legacy=legacy)
        return
    options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy)
    col.export_anki_package(out_path=package, options=options, limit=None)
    col.close()


def take_in(file, package, with_scheduling):
    """Import a package; return how many notes were new, updated, unchanged and refused."""
    col = Collection(file)
    options = wire.ImportAnkiPackageOptions(with_scheduling=with_scheduling, with_deck_configs=False)
    done = col.import_anki_package(wire.ImportAnkiPackageRequest(package_path=package, options=options)).log
    problems = col.fix_integrity()[1]
    col.close()
    counts = {name: len(getattr(done, name)) for name in ("new", "updated", "duplicate", "conflicting")}
    return counts | {"sound": problems}


def dump(file):
    """Return all that the collection holds, cards as a learner sees them."""
    col = Collection(file)
    notes = []
    for note_id in col.find_notes(""):
        note = col.get_note(note_id)
        cards = []
        for card in note.cards():
            shown = card.render_output()
            log = col.db.all("select id, ease, type, time from revlog where cid = ? order by id", card.id)
            memory = card.memory_state
            cards.append(
                {
                    "ord": card.ord,
                    "deck": col.decks.name(card.did),
                    "question": shown.question_text,
                    "answer": shown.answer_text,
                    "queue": card.queue,
                    "due_in": card.due - col.sched.today if card.queue == 2 else None,
                    "ivl": card.ivl,
                    "stability": memory and memory.stability,
                    "log": log,
                }
            )
        notes.append(
            {
                "guid": note.guid,
                "type": note.note_type()["name"],
                "fields": dict(note.items()),
                "tags": note.tags,
                "cards": cards,
            }
        )
    col.close()
    return notes


if __name__ == "__main__":
    steps = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    print(json.dumps([globals()[name](*arguments) for name, *arguments in steps]))
