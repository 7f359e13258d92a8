"""Cards out to Anki: a note that can be read for every kind, known again at every export; answers if wanted."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quiz.deck.model import Card
from quiz.deck.reader import read_deck
from quiz.errors import UnreadableError
from quiz.exchange.anki_in import read_apkg
from quiz.exchange.anki_out import write_apkg
from quiz.exchange.anki_text import plain
from quiz.exchange.parcel import LeftOut
from quiz.memory import study_day
from quiz.store.derive import replay
from quiz.store.events import Event, Kind
from tests.support.anki_packages import as_deck, unknown
from tests.support.clocks import DAY, FixedClock, at_utc
from tests.support.decks import CHOICE, FLIP, card, cards
from tests.support.kinds import write_kinds

BOTH_WAYS = "id: word\nask: rhiza\nanswer: root\nboth_ways: true"
HOLES = 'id: parts\ncloze: "The {{a: pad}} is {{b: far::off}} <it> {x}"\nwhy: because'


@contextmanager
def opened(path: Path, folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the collection of a package."""
    file = folder / "opened"
    with zipfile.ZipFile(path) as archive:
        file.write_bytes(archive.read("collection.anki2"))
    with closing(sqlite3.connect(file)) as db:
        yield db


def notes(path: Path, folder: Path) -> dict[str, dict[str, str]]:
    """Return the notes of a package, by the id of our card, with their fields by name."""
    with opened(path, folder) as db:
        (models,) = db.execute("select models from col").fetchone()
        names = {int(k): [f["name"] for f in m["flds"]] for k, m in json.loads(models).items()}
        found = [
            dict(zip(names[t], f.split("\x1f"), strict=True)) for t, f in db.execute("select mid, flds from notes")
        ]
    return {fields["Id"]: fields for fields in found}


def exported(folder: Path, *given: Card) -> dict[str, dict[str, str]]:
    """Return the notes that these cards make."""
    write_apkg(folder / "out.apkg", "Test", given, clock=FixedClock())
    return notes(folder / "out.apkg", folder)


def test_every_kind_of_question_can_be_read(tmp_path: Path) -> None:
    write_kinds(tmp_path)
    found = exported(tmp_path, *read_deck(tmp_path / "kinds.yaml").cards)
    sides = {own: (plain(f["Front"]).text, plain(f["Back"]).text) for own, f in found.items()}
    assert sides["heat"] == ("How hot is the tip during a conventional lesion?", "80 °C (± 5)")
    assert sides["word"] == ("What does rhizotomy mean?", "Cutting a root")
    front, back = sides["two"]
    assert front.startswith("Which two does the current run between?\nChoose 2.\na) ")
    assert sorted(line[:1] for line in back.split("\n")) == ["✓", "✓", "✗", "✗"]
    assert "The skin marker – It is only ink." in back
    front, back = sides["steps"]
    assert back.split("\n") == [
        "1. Numb the skin",
        "2. Place the needle under X-ray",
        "3. Test for movement of the leg",
        "4. Make the lesion",
    ]
    assert sorted(front.split("\n- ")[1:]) == sorted(line[3:] for line in back.split("\n"))
    assert "the ventral root" in sides["pairs"][0]
    assert sides["pairs"][1].split("\n")[0] == "facet treatment – the medial branch"
    front, back = sides["name"]
    assert "╞═╪═══" in front
    assert front.endswith("What is the structure at [1]?")
    assert back == "dorsal root\nalso: posterior root"
    front, back = sides["ward"]
    assert front.startswith("A nurse calls you")
    assert "He" not in front.replace("A nurse calls you to a man", "")
    assert back.index("The strength of both legs") < back.index("Both legs are weak") < back.index("decompression")
    assert found["heat"]["Why"] == "Below 45 °C the tissue recovers, far above it chars."


def test_the_options_do_not_stand_in_the_order_of_the_deck(tmp_path: Path) -> None:
    given = [card(f"id: c{n}\n{CHOICE}") for n in range(30)]
    fronts = [fields["Front"] for fields in exported(tmp_path, *given).values()]
    firsts = [front.split("<br>a) ")[1].split("<br>")[0] for front in fronts]
    assert 3 < firsts.count("spasticity") < 20


def test_a_cloze_is_one_of_ankis(tmp_path: Path) -> None:
    fields = exported(tmp_path, *cards(HOLES))["parts"]
    assert fields["Text"] == "The {{c1::pad}} is {{c2::far&#58;&#58;off}} &lt;it&gt; &#123;x&#125;"
    assert fields["Keys"] == "a b"
    with opened(tmp_path / "out.apkg", tmp_path) as db:
        assert db.execute("select ord from cards order by ord").fetchall() == [(0,), (1,)]


def test_of_several_questions_the_first_that_is_not_held_back_is_asked(tmp_path: Path) -> None:
    asked = ("Held back?, proof: true", "Asked?", "And?")
    entry = "id: c\nquestions:" + "".join(f"\n  - {{answer: a, ask: {ask}}}" for ask in asked)
    left = write_apkg(tmp_path / "out.apkg", "Test", [card(entry)], clock=FixedClock())
    assert notes(tmp_path / "out.apkg", tmp_path)["c"]["Front"] == "Asked?"
    assert [(one.what, one.why) for one in left] == [
        ("2 questions", "Anki asks a card in one way: the first question is taken")
    ]


def test_a_card_without_its_figure_is_left_out(tmp_path: Path) -> None:
    entry = "id: c\nask: What is at [1]?\nfigure: nowhere\nmark: 1\nanswer: root"
    left = write_apkg(tmp_path / "out.apkg", "Test", [card(entry), card(f"id: d\n{FLIP}")], clock=FixedClock())
    assert list(notes(tmp_path / "out.apkg", tmp_path)) == ["d"]
    assert left[0].what == "1 card (c)"


def test_sources_stand_written_out_where_there_is_a_bibliography(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("s-1: {title: A trial, year: 2021}\n")
    (tmp_path / "d.yaml").write_text(
        "title: D\ncards:\n  - {id: c, ask: a, answer: b, sources: [s-1, s-2], claim: a is b}\n"
    )
    fields = exported(tmp_path, *read_deck(tmp_path / "d.yaml").cards)["c"]
    assert fields["Source"] == "A trial. (2021)<br>s-2"
    assert fields["Claim"] == "a is b"


def test_decks_tags_and_guids(tmp_path: Path) -> None:
    top = "title: Facet RF::late\ntopic: risks\nprocedure: facet rf\naudience: [nurse, student]"
    given = [card(f"id: c\ntags: [my tag]\nsafety: true\n{FLIP}", top), card(f"id: d\n{FLIP}", "title: Other")]
    write_apkg(tmp_path / "a.apkg", "All::of it", given, clock=FixedClock())
    write_apkg(tmp_path / "b.apkg", "All::of it", given[::-1], clock=FixedClock("2027-01-01 10:00"))
    with opened(tmp_path / "a.apkg", tmp_path) as db:
        first = dict(db.execute("select flds, guid from notes").fetchall())
        (tags,) = db.execute("select tags from notes where flds like '%Idc%' or tags <> ''").fetchone()
        decks = {deck["name"] for deck in json.loads(db.execute("select decks from col").fetchone()[0]).values()}
    with opened(tmp_path / "b.apkg", tmp_path) as db:
        assert dict(db.execute("select flds, guid from notes").fetchall()) == first
    assert tags.split() == [
        "my_tag",
        "topic::risks",
        "procedure::facet_rf",
        "audience::nurse",
        "audience::student",
        "safety",
    ]
    assert decks == {"Default", "All: of it", "All: of it::Facet RF: late", "All: of it::Other"}


def test_what_stands_in_a_card_is_never_markup(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=y> {{Front}} & [sound"
    given = card(f"id: c\nask: {json.dumps(hostile)}\nanswer: {json.dumps(hostile)}\nwhy: {json.dumps(hostile)}")
    fields = exported(tmp_path, given)["c"]
    for name in ("Front", "Back", "Why"):
        assert "<script" not in fields[name]
        assert "<img" not in fields[name]
        assert plain(fields[name]).text == hostile


# -- answers -----------------------------------------------------------------------------------------------------------


def answers(own: str, *given: tuple[str, int], kind: Kind = "answer") -> list[Event]:
    """Return answers of a card: times in UTC with their ratings."""
    found = []
    for text, rating in given:
        at = at_utc(text)
        body = {"question": "q", "mark": float(rating > 1), "ms": 2000}
        found.append(Event(f"{own}-{at}", kind, at, 0, study_day(at, 0), own, rating=rating, body=body, device="abcd"))
    return found


HISTORY = answers(
    "c", ("2026-11-01 10:00", 1), ("2026-11-01 10:05", 3), ("2026-11-03 01:00", 3), ("2026-11-10 10:00", 1),
    ("2026-11-11 10:00", 4),
)  # fmt: skip


def test_answers_go_out_and_come_back_as_the_same(tmp_path: Path) -> None:
    given = [card(f"id: c\n{FLIP}"), *cards(BOTH_WAYS, HOLES)]
    history = [*HISTORY, *answers("word/back", ("2026-11-10 10:00", 2)), *answers("parts/b", ("2026-11-10 10:00", 3))]
    write_apkg(tmp_path / "out.apkg", "Test", given, history, clock=FixedClock())
    back = read_apkg(tmp_path / "out.apkg", offset_at=lambda _: 0)
    assert unknown(back.events, history) == []
    for own in ("c", "word/back", "parts/b"):
        ours, theirs = ([e for e in events if e.card == own] for events in (history, back.events))
        assert [(e.rating, e.day, e.body["ms"]) for e in ours] == [(e.rating, e.day, e.body["ms"]) for e in theirs]
        assert replay(ours).memory == replay(theirs).memory
    assert as_deck(back, tmp_path).cards == tuple(as_deck(read_apkg(tmp_path / "out.apkg"), tmp_path).cards)
    assert [c.id for c in as_deck(back, tmp_path).cards] == ["c", "word", "word/back", "parts/a", "parts/b"]


def rows(path: Path, folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return what the collection of a package says."""
    with opened(path, folder) as db:
        return db.execute(sql).fetchall()


def test_where_a_card_stands_goes_out_with_its_answers(tmp_path: Path) -> None:
    path = tmp_path / "out.apkg"
    write_apkg(path, "Test", [card(f"id: c\n{FLIP}"), card(f"id: d\n{FLIP}")], HISTORY, clock=FixedClock())
    state = replay(HISTORY)
    first = HISTORY[0].day
    (created,) = rows(path, tmp_path, "select crt from col")[0]
    assert created == at_utc("2026-11-01 04:00") // 1000
    old, new = rows(path, tmp_path, "select type, queue, due, ivl, reps, lapses, data from cards order by id")
    assert old[:6] == (2, 2, state.due - first, state.due - HISTORY[-1].day, 5, 1)
    assert json.loads(old[6])["s"] == pytest.approx(state.memory.stability if state.memory else 0, abs=1e-4)
    assert new == (0, 0, 2, 0, 0, 0, "")
    assert [row[1:] for row in rows(path, tmp_path, "select id, ease, type from revlog order by id")] == [
        (1, 0), (3, 0), (3, 1), (1, 1), (4, 1),
    ]  # fmt: skip


def test_without_answers_no_history_goes_out(tmp_path: Path) -> None:
    exported(tmp_path, card(f"id: c\n{FLIP}"))
    assert rows(tmp_path / "out.apkg", tmp_path, "select count(*) from revlog") == [(0,)]


def test_what_was_taken_back_or_did_not_count_does_not_go_out(tmp_path: Path) -> None:
    undo = Event("u", "undo", HISTORY[1].at + 1, 0, HISTORY[1].day, "c", HISTORY[1].id, device="abcd")
    crammed = Event("x", "answer", HISTORY[4].at + DAY, 0, HISTORY[4].day, "c", body={"rated": 3}, device="abcd")
    other = answers("not-there", ("2026-10-01 10:00", 3))
    path = tmp_path / "out.apkg"
    write_apkg(path, "Test", [card(f"id: c\n{FLIP}")], [*other, *HISTORY, undo, crammed], clock=FixedClock())
    assert rows(path, tmp_path, "select ease from revlog order by id") == [(1,), (3,), (1,), (4,)]


def alias(name: str, own: str, old: str) -> Event:
    at = HISTORY[-1].at + 1
    return Event(name, "alias", at, 0, HISTORY[-1].day, own, old, device="abcd")


def test_answers_under_an_id_that_a_card_had_before_are_told_as_left_out(tmp_path: Path) -> None:
    old = answers("old", ("2026-10-01 10:00", 3), ("2026-10-02 10:00", 1))
    older = answers("older", ("2026-09-01 10:00", 3))
    crammed = replace(old[0], id="y", rating=None)
    back = Event("u", "undo", old[1].at + 1, 0, old[1].day, "old", old[1].id, device="abcd")
    named = [alias("1", "c", "old"), alias("2", "old", "older"), alias("3", "older", "c"), alias("4", "c", "none")]
    events = [*older, *old, crammed, back, *HISTORY, *named]
    left = write_apkg(tmp_path / "out.apkg", "Test", [card(f"id: c\n{FLIP}")], events, clock=FixedClock())
    assert left == (LeftOut("2 answers (c)", "given under an id that the card had before, where they stay"),)
    assert len(rows(tmp_path / "out.apkg", tmp_path, "select id from revlog")) == len(HISTORY)


def test_an_old_id_in_the_deck_alone_is_told_too_and_one_that_was_taken_back_is_not(tmp_path: Path) -> None:
    old = answers("old", ("2026-10-01 10:00", 3))
    (left,) = write_apkg(
        tmp_path / "deck.apkg", "Test", [card(f"id: c\nsame-as: old\n{FLIP}")], [*old, *HISTORY], clock=FixedClock()
    )
    assert left.what == "1 answer (c)"
    freed = Event("u", "undo", HISTORY[-1].at + 2, 0, HISTORY[-1].day, "c", "1", device="abcd")
    events = [*old, *HISTORY, alias("1", "c", "old"), freed]
    assert write_apkg(tmp_path / "free.apkg", "Test", [card(f"id: c\n{FLIP}")], events, clock=FixedClock()) == ()
    both = [card(f"id: c\nsame-as: old\n{FLIP}"), card(f"id: old\n{FLIP}")]
    assert write_apkg(tmp_path / "both.apkg", "Test", both, events, clock=FixedClock()) == (), "with its own card"


def test_a_reset_and_a_suspension_go_out_and_come_back(tmp_path: Path) -> None:
    (reset,) = answers("c", ("2026-11-12 10:00", 1), kind="reset")
    suspend = Event("s", "suspend", HISTORY[0].at, 0, HISTORY[0].day, "d", body={"on": True}, device="abcd")
    more = answers("d", ("2026-11-01 09:00", 3))
    given = [card(f"id: c\n{FLIP}"), card(f"id: d\n{FLIP}")]
    path = tmp_path / "out.apkg"
    write_apkg(path, "Test", given, [*HISTORY, reset, *more, suspend], clock=FixedClock())
    back = read_apkg(path).events
    assert replay([e for e in back if e.card == "c"]).new
    assert replay([e for e in back if e.card == "d"]).suspended


def test_two_answers_in_one_millisecond_are_both_there(tmp_path: Path) -> None:
    given = [card(f"id: c{n}\n{FLIP}") for n in range(5)]
    history = [event for n in range(5) for event in answers(f"c{n}", ("2026-11-10 10:00", 3))]
    write_apkg(tmp_path / "out.apkg", "Test", given, history, clock=FixedClock())
    back = read_apkg(tmp_path / "out.apkg").events
    assert len(back) == 5
    assert unknown(back, history) == []


def test_two_answers_to_one_card_in_one_millisecond_are_both_there(tmp_path: Path) -> None:
    one, other = (replace(event, id=name) for event, name in zip(HISTORY[:1] * 2, "ba", strict=True))
    path = tmp_path / "out.apkg"
    write_apkg(path, "Test", [card(f"id: c\n{FLIP}")], [one, replace(other, rating=3)], clock=FixedClock())
    assert rows(path, tmp_path, "select id, ease from revlog order by id") == [(one.at, 3), (one.at + 1, 1)]


# -- the file ----------------------------------------------------------------------------------------------------------


def test_a_package_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    given = [card(f"id: c\n{FLIP}")]
    with pytest.raises(UnreadableError, match=r"cannot be written .* - check the folder"):
        write_apkg(tmp_path / "none" / "out.apkg", "Test", given)
    (tmp_path / "folder.apkg").mkdir()
    with pytest.raises(UnreadableError, match="cannot be written"):
        write_apkg(tmp_path / "folder.apkg", "Test", given)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.apkg"]


def test_no_room_for_temporary_files_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [card(f"id: c\n{FLIP}")]
    write_apkg(tmp_path / "out.apkg", "Test", given)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(UnreadableError, match=r"other.apkg cannot be written .* - check the folder"):
        write_apkg(tmp_path / "other.apkg", "Test", given)
    with pytest.raises(UnreadableError, match=r"out.apkg cannot be read .* - check the file"):
        read_apkg(tmp_path / "out.apkg")


def test_a_full_disk_leaves_no_half_package(tmp_path: Path) -> None:
    code = """
import resource, signal, sys
from pathlib import Path
from quiz.deck.reader import read_deck
from quiz.errors import UnreadableError
from quiz.exchange.anki_out import write_apkg
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
deck = read_deck(Path(sys.argv[1]))
for limit in (1000, 8000, 20000, 100000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        write_apkg(Path(sys.argv[2]), "Test", deck.cards)
        print("written")
    except UnreadableError as error:
        print("refused")
"""
    write_kinds(tmp_path)
    out = tmp_path / "out.apkg"
    run: list[str | Path] = [sys.executable, "-c", code, tmp_path / "kinds.yaml", out]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused", "refused", "refused", "written"]
    assert {path.name for path in tmp_path.iterdir()} == {"kinds.yaml", "figures", "out.apkg"}
    assert len(read_apkg(out).cards) == 10


def test_a_package_is_the_users_own_and_can_be_written_again(tmp_path: Path) -> None:
    path = tmp_path / "out.apkg"
    for _ in range(2):
        write_apkg(path, "Test", [card(f"id: c\n{FLIP}")])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["out.apkg"]


def test_no_cards_make_an_empty_package(tmp_path: Path) -> None:
    assert write_apkg(tmp_path / "out.apkg", "::", []) == ()
    assert read_apkg(tmp_path / "out.apkg").cards == ()
