"""Anki packages in: notes become cards that a session can ask, the review log becomes answers."""

from __future__ import annotations

import contextlib
import copy
import os
import sqlite3
import stat
import sys
import tracemalloc
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from quiz.deck.model import question_id
from quiz.errors import UnreadableError
from quiz.exchange import anki_package
from quiz.exchange.anki_in import read_apkg
from quiz.exchange.parcel import Parcel
from quiz.memory import date_of
from quiz.store.derive import replay
from quiz.store.events import Event
from tests.support.anki_packages import (
    BASIC,
    CLOZE,
    REVERSED,
    TYPED,
    AnkiNote,
    archive,
    as_deck,
    message,
    package,
    unknown,
)
from tests.support.clocks import DAY, HOUR, at_utc

OWN = (
    "Own",
    False,
    ("Drug", "Dose", "Use"),
    (
        ("{{Drug}}{{#Use}} for {{Use}}{{/Use}}?", "{{FrontSide}}<hr id=answer>{{Dose}}"),
        ("{{^Dose}}none{{/Dose}}Who gets {{Dose}}? {{hint:Drug}}", "{{FrontSide}}<hr id='answer'>{{text:Drug}}"),
    ),
)
HEAD = [
    (
        "basic",
        AnkiNote(BASIC, ["What is <b>cut</b>?", "dorsal &amp; rootlets"]),
        [{"ask": "What is cut?", "answer": "dorsal & rootlets"}],
    ),
    (
        "reversed",
        AnkiNote(REVERSED, ["front", "back"], cards=(0, 1)),
        [{"ask": "front", "answer": "back", "both_ways": True}],
    ),
    (
        "reversed, of which one card is there",
        AnkiNote(REVERSED, ["front", "back"]),
        [{"ask": "front", "answer": "back"}],
    ),
    (
        "typed",
        AnkiNote(TYPED, ["Which nerve?", "medial <i>branch</i>"]),
        [{"ask": "Which nerve?", "answer": "medial branch", "accept": []}],
    ),
    ("typed, but of two lines", AnkiNote(TYPED, ["Which?", "a<br>b"]), [{"ask": "Which?", "answer": "a\nb"}]),
    (
        "cloze with several holes",
        AnkiNote(CLOZE, ["The {{c1::pad}} sits near {{c2:: the <b>site</b>::where}}.", "more"], cards=(0, 1)),
        [{"cloze": "The {{c1: pad}} sits near  {{c2: the site}} (where).", "why": "more"}],
    ),
    (
        "cloze that hides two at once",
        AnkiNote(CLOZE, ["{{c1::pad}} and {{c1::tip::metal}}, not {{c2::skin}}"], cards=(0, 1)),
        [
            {"ask": "[…] and [metal], not skin", "answer": "pad; tip"},
            {"ask": "pad and tip, not […]", "answer": "skin"},
        ],
    ),
    (
        "cloze in a cloze",
        AnkiNote(CLOZE, ["{{c1::the {{c2::medial}} branch}} is heated"], cards=(0, 1)),
        [
            {"ask": "[…] is heated", "answer": "the medial branch"},
            {"ask": "the […] branch is heated", "answer": "medial"},
        ],
    ),
    (
        "cloze with braces of its own",
        AnkiNote(CLOZE, [r"\(\frac{ {{c1::a}} }{b}\)"]),
        [{"cloze": r"\(\frac{ {{c1: a}} }{b}\)"}],
    ),
    (
        "cloze with braces at the hole",
        AnkiNote(CLOZE, [r"\(\sqrt{{{c1::a}}}\)"]),
        [{"ask": r"\(\sqrt{[…]}\)", "answer": "a"}],
    ),
    (
        "own note type",
        AnkiNote(OWN, ["Phenol", "3 mL", ""], cards=(0, 1)),
        [{"ask": "Phenol?", "answer": "3 mL"}, {"ask": "Who gets 3 mL?", "answer": "Phenol"}],
    ),
    (
        "own note type, with a condition that holds",
        AnkiNote(OWN, ["Phenol", "3 mL", "nerves"]),
        [{"ask": "Phenol for nerves?", "answer": "3 mL"}],
    ),
    (
        "image and LaTeX",
        AnkiNote(BASIC, ['Look: <img src="x.png">', r"[latex]x^2[/latex]"]),
        [{"ask": "Look: [image: x.png]", "answer": r"[latex]x^2[/latex]"}],
    ),
    (
        "tags",
        AnkiNote(BASIC, ["a", "b"], tags="sdr risk::late"),
        [{"ask": "a", "answer": "b", "tags": ["sdr", "risk::late"]}],
    ),
]


@pytest.mark.parametrize("new", [False, True], ids=["old format", "new format"])
@pytest.mark.parametrize(("note", "entries"), [case[1:] for case in HEAD], ids=[case[0] for case in HEAD])
def test_a_note_becomes_cards_that_the_deck_reader_takes(
    note: AnkiNote, entries: list[dict[str, Any]], new: bool, tmp_path: Path
) -> None:
    note.log = {ordinal: [(at_utc("2026-05-01 10:00") + ordinal, 3, 0, 0)] for ordinal in note.cards}
    parcel = read_apkg(package(tmp_path, note, new=new))
    assert [{k: v for k, v in card.items() if k != "id"} for card in parcel.cards] == entries
    deck = as_deck(parcel, tmp_path)
    assert not deck.problems
    asked = {(card.id, question_id(card.questions[0])) for card in deck.cards}
    assert {(event.card, event.body["question"]) for event in parcel.events} == asked
    assert len(parcel.events) == len(note.cards)


LEFT = {
    "only a picture on the front": (AnkiNote(BASIC, ['<img src="a.png">', "b"]), "on the front"),
    "nothing on the back": (AnkiNote(BASIC, ["a", "<br>"]), "on the back"),
    "no hole": (AnkiNote(CLOZE, ["no hole here"]), "without a hole"),
    "image occlusion": (
        AnkiNote(CLOZE, ["{{c1::image-occlusion:rect:left=.1:top=.2}}"]),
        "asks about a picture",
    ),
    "no card": (AnkiNote(BASIC, ["a", "b"], cards=()), "no card was made"),
    "the same note twice": (AnkiNote(BASIC, ["a", "b"], guid="same"), "stands twice"),
    "template of a thousand fields": (
        AnkiNote(("Long", False, ("Front",), (("{{Front}}" * 1000, "x"),)), ["a"]),
        "template is longer",
    ),
    "a template that makes much of little": (
        AnkiNote(("Wide", False, ("Front",), (("{{Front}}" * 400, "x"),)), ["a" * 1000]),
        "template is longer",
    ),
}


@pytest.mark.parametrize(("note", "why"), LEFT.values(), ids=LEFT)
def test_what_is_left_out_is_told_with_its_reason(note: AnkiNote, why: str, tmp_path: Path) -> None:
    note.log = {0: [(at_utc("2026-05-01 10:00"), 3, 0, 0)]} if note.guid == "" else {}
    parcel = read_apkg(package(tmp_path, AnkiNote(BASIC, ["q", "a"], guid="same"), note))
    assert [card["ask"] for card in parcel.cards] == ["q"]
    told = {left.why: left.what for left in parcel.left_out}
    assert any(why in reason for reason in told), told
    assert not note.log or not note.cards or told["their card was left out or is not in the package"] == "1 answer"


def test_many_left_out_for_one_reason_are_one_line(tmp_path: Path) -> None:
    (left,) = read_apkg(package(tmp_path, *(AnkiNote(CLOZE, [f"no hole {n}"]) for n in range(9)))).left_out
    assert left.what == "9 cards (“no hole 0”, “no hole 1”, “no hole 2”, …)"


def test_decks_give_the_title_and_the_topics(tmp_path: Path) -> None:
    decks = ["Neuro::Facet RF::Risks", "Neuro::Facet RF", "Neuro::Facet RF::Nerves::Medial"]
    for new in (False, True):
        notes = [AnkiNote(BASIC, [f"q{n}", "a"], deck=deck) for n, deck in enumerate(decks)]
        parcel = read_apkg(package(tmp_path, *notes, new=new))
        assert parcel.title == "Neuro: Facet RF"
        assert [card.get("topic") for card in parcel.cards] == ["Risks", None, "Nerves: Medial"]


def test_a_deck_without_a_name_of_its_own_is_called_like_the_file(tmp_path: Path) -> None:
    notes = [AnkiNote(BASIC, ["q", "a"], deck="Default")]
    assert read_apkg(package(tmp_path, *notes, name="spine course.apkg")).title == "spine course"


@pytest.mark.parametrize("new", [False, True])
def test_media_are_listed_and_not_taken_over(new: bool, tmp_path: Path) -> None:
    note = AnkiNote(BASIC, ['q [sound:b.mp3] <img src="missing.png">', "a"])
    parcel = read_apkg(package(tmp_path, note, new=new, media=["b.mp3", "../evil\x1b[0m.png"]))
    assert parcel.media == ("../evil.png", "b.mp3", "missing.png")
    assert [left.what for left in parcel.left_out] == ["3 media files"]


# -- the review log ----------------------------------------------------------------------------------------------------

LATE = at_utc("2026-05-02 01:30")  # still the study day before


def logged(rows: list[tuple[int, int, int, int]], folder: Path, **options: Any) -> Parcel:
    """Return what comes of one card with this review log."""
    scheduler = options.pop("scheduler", 2)
    note = AnkiNote(BASIC, ["q", "a"], log={0: rows})
    return read_apkg(package(folder, note, scheduler=scheduler), **options)


def test_an_answer_keeps_its_rating_time_and_study_day(tmp_path: Path) -> None:
    (event,) = logged([(LATE, 2, 1, 2500)], tmp_path, offset_at=lambda _: 60).events
    assert (event.kind, event.rating, event.at, event.offset) == ("answer", 2, LATE, 60)
    assert date_of(event.day).isoformat() == "2026-05-01"
    assert event.body["ms"] == 4321
    assert event.body["mark"] == 1.0
    assert event.body["mode"] == "study"
    assert len(event.id) == 32
    assert len(event.device) == 8
    (event,) = logged([(LATE, 1, 1, 2500)], tmp_path, offset_at=lambda _: 60, rollover=lambda: 1).events
    assert date_of(event.day).isoformat() == "2026-05-02"
    assert event.body["mark"] == 0.0


def test_the_same_review_is_the_same_event_in_every_package(tmp_path: Path) -> None:
    rows = [(LATE, 3, 0, 0), (LATE + DAY, 1, 1, 2500)]
    first = logged(rows[:1], tmp_path).events
    second = logged(rows, tmp_path).events
    other = AnkiNote(BASIC, ["other", "a"], guid="other", log={0: [(LATE - DAY, 3, 0, 0)]})
    third = read_apkg(package(tmp_path, other, AnkiNote(BASIC, ["q", "a"], guid="guid-0", log={0: rows}), new=True))
    assert first[0] == second[0]
    assert third.events[1:] == second
    assert unknown(second, first) == [second[1]]


@pytest.mark.parametrize("new", [False, True], ids=["old format", "new format"])
def test_the_time_zone_is_that_of_the_collection_wherever_it_is_read(new: bool, tmp_path: Path) -> None:
    note = AnkiNote(BASIC, ["q", "a"], log={0: [(LATE, 3, 0, 0), (LATE + 5 * HOUR, 3, 1, 2500)]})
    path = package(tmp_path, note, new=new, config={"creationOffset": 480})
    here, there = (read_apkg(path, offset_at=at).events for at in (lambda _: 0, lambda _: 540))
    assert here == there
    assert [(event.offset, date_of(event.day).isoformat()) for event in here] == [(-480, "2026-05-01")] * 2


@pytest.mark.parametrize("offset", [10_000, "480", None, 4.5, True])
def test_a_time_zone_that_cannot_be_is_passed_over(offset: object, tmp_path: Path) -> None:
    note = AnkiNote(BASIC, ["q", "a"], log={0: [(LATE, 3, 0, 0)]})
    for new in (False, True):
        path = package(tmp_path, note, new=new, config={"creationOffset": offset})
        assert [event.offset for event in read_apkg(path, offset_at=lambda _: 60).events] == [60]


REREAD: dict[str, dict[str, Any]] = {
    "in another time zone": {"offset_at": lambda _: -480},
    "by another roll-over": {"rollover": lambda: 0},
    "with other words": {"fields": ["Q, reworded", "another answer"]},
}


@pytest.mark.parametrize("options", REREAD.values(), ids=REREAD)
def test_a_review_that_is_read_otherwise_is_known_again(options: dict[str, Any], tmp_path: Path) -> None:
    rows = [(LATE, 3, 0, 0), (LATE + HOUR, 0, 4, 0), (LATE + DAY, 1, 1, 2500)]
    fields = options.pop("fields", ["q", "a"])

    def read(rows: list[tuple[int, int, int, int]], fields: list[str], **options: Any) -> tuple[Event, ...]:
        note = AnkiNote(BASIC, fields, log={0: rows}, suspended=True)
        return read_apkg(package(tmp_path, note), **options).events

    known = read(rows, ["q", "a"], offset_at=lambda _: 0)
    again = read([*rows, (LATE + 2 * DAY, 3, 1, 2500)], fields, **({"offset_at": lambda _: 0} | options))
    assert {event.id for event in again} - {event.id for event in known}
    assert [event.at - LATE for event in unknown(again, known)] == [2 * DAY, 2 * DAY + 1]
    assert unknown(known, again[:3]) == list(known[3:])


KINDS_OF_ROW = {
    "learned": ((LATE, 3, 0, 0), ("answer", 3, "study")),
    "reviewed": ((LATE, 4, 1, 2500), ("answer", 4, "study")),
    "relearned": ((LATE, 1, 2, 2500), ("answer", 1, "study")),
    "filtered deck that moved the schedule": ((LATE, 3, 3, 2500), ("answer", 3, "study")),
    "cramming": ((LATE, 3, 3, 0), ("answer", None, "cram")),
    "set back to new": ((LATE, 0, 4, 0), ("reset", None, None)),
    "due day set by hand": ((LATE, 0, 4, 2500), None),
    "moved by a new setting": ((LATE, 0, 5, 2500), None),
}


@pytest.mark.parametrize(("row", "expected"), KINDS_OF_ROW.values(), ids=KINDS_OF_ROW)
def test_each_kind_of_row(
    row: tuple[int, int, int, int], expected: tuple[str, int | None, str | None] | None, tmp_path: Path
) -> None:
    parcel = logged([row], tmp_path)
    assert [(e.kind, e.rating, e.body.get("mode")) for e in parcel.events] == ([expected] if expected else [])
    assert not parcel.left_out


def test_the_first_scheduler_had_three_buttons_while_a_card_was_learned(tmp_path: Path) -> None:
    rows = [(LATE + n, ease, kind, 2500) for n, (ease, kind) in enumerate([(1, 0), (2, 0), (3, 0), (2, 1), (3, 2)])]
    assert [event.rating for event in logged(rows, tmp_path, scheduler=1).events] == [1, 3, 4, 2, 4]


def test_rows_that_cannot_be_are_left_out_and_told(tmp_path: Path) -> None:
    rows = [(5, 3, 1, 2500), (LATE, 7, 1, 2500), (at_utc("2026-05-01 10:00") * 1000, 3, 1, 0)]
    parcel = logged(rows, tmp_path)
    assert not parcel.events
    assert [(left.what, left.why) for left in parcel.left_out] == [
        ("1 answer", "they have a rating that is not known"),
        ("2 answers", "their time cannot be right"),
    ]


def test_a_suspended_card_stays_so_if_it_was_ever_answered(tmp_path: Path) -> None:
    answered = AnkiNote(BASIC, ["q", "a"], log={0: [(LATE, 1, 0, 0)]}, suspended=True)
    parcel = read_apkg(package(tmp_path, answered, AnkiNote(BASIC, ["never", "met"], suspended=True)))
    assert [event.kind for event in parcel.events] == ["answer", "suspend"]
    assert replay(parcel.events).suspended
    assert parcel.left_out[0].what == "the suspension of 1 card"


# -- packages that are none --------------------------------------------------------------------------------------------


def good(folder: Path) -> dict[str, bytes]:
    """Return the members of a sound package."""
    with zipfile.ZipFile(package(folder, AnkiNote(BASIC, ["q", "a"]), name="good.apkg")) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def refused(path: Path) -> str:
    """Return why a package is refused: one line that names it and the mend."""
    with pytest.raises(UnreadableError) as caught:
        read_apkg(path)
    told = str(caught.value)
    assert str(path) in told
    assert " - " in told
    assert "\n" not in told
    assert "\x1b" not in told
    return told


BROKEN: dict[str, tuple[dict[str, bytes], str]] = {
    "no collection": ({"collection.anki2": b""}, "no Anki collection"),
    "not a database": ({"collection.anki2": b"x" * 5000}, "no Anki collection"),
    "a path that leads out": ({"../evil": b"x"}, "holds the path '../evil'"),
    "a path from the root": ({"/etc/x": b"x"}, "holds the path"),
    "a path of Windows": ({"..\\evil": b"x"}, "holds the path"),
    "a path with an escape sequence": ({"../\x1b[31mevil": b"x"}, "holds the path"),
    "a format of the future": ({"meta": b"\x08\x04"}, "newer than this program"),
    "a head that is broken": ({"meta": b"\xff\xff"}, "no Anki package"),
    "a head that is large": ({"meta": b"\x08\x01" * 5000}, "no Anki package"),
    "new format, not compressed": ({"collection.anki21b": b"SQLite format 3\0"}, "damaged"),
}


@pytest.mark.parametrize(("members", "why"), BROKEN.values(), ids=BROKEN)
def test_a_broken_package_is_refused_in_one_line(members: dict[str, bytes], why: str, tmp_path: Path) -> None:
    assert why in refused(archive(tmp_path / "bad.apkg", good(tmp_path) | members))


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    assert "is not there" in refused(tmp_path / "none.apkg")
    assert "not a plain file" in refused(tmp_path)
    os.mkfifo(tmp_path / "fifo.apkg")
    assert "not a plain file" in refused(tmp_path / "fifo.apkg")
    (tmp_path / "text.apkg").write_text("hello")
    assert "no Anki package" in refused(tmp_path / "text.apkg")
    assert "no Anki collection" in refused(archive(tmp_path / "empty.apkg", {"other": b""}))


def test_every_cut_and_many_flips_are_refused_or_read_the_same(tmp_path: Path) -> None:
    for new in (False, True):
        path = package(tmp_path, AnkiNote(BASIC, ["q", "a"], log={0: [(LATE, 3, 0, 0)]}), new=new)
        whole, raw = read_apkg(path), path.read_bytes()
        damaged = [raw[:cut] for cut in range(0, len(raw), len(raw) // 25)]
        damaged += [raw[:at] + bytes([raw[at] ^ 0x55]) + raw[at + 1 :] for at in range(0, len(raw), len(raw) // 100)]
        for number, content in enumerate(damaged):
            path.write_bytes(content)
            found: Parcel | None = None
            with contextlib.suppress(UnreadableError):
                found = read_apkg(path)
            # A byte that nothing hangs on, such as a date in the archive, harms nothing.
            assert found in (None, whole), number


def test_a_link_in_the_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "bad.apkg", good(tmp_path))
    with zipfile.ZipFile(path, "a") as opened:
        info = zipfile.ZipInfo("0")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(info, "/etc/passwd")
    assert "holds a link" in refused(path)


@pytest.mark.parametrize("new", [False, True])
def test_a_bomb_is_refused_before_it_fills_the_disk(new: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anki_package, "MOST_BYTES", 100_000)
    import zstandard

    bomb = b"\0" * 50_000_000
    name, content = ("collection.anki21b", zstandard.compress(bomb)) if new else ("collection.anki2", bomb)
    path = archive(tmp_path / "bomb.apkg", good(tmp_path) | {name: content})
    assert path.stat().st_size < 100_000
    assert "too large" in refused(path)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_whose_pieces_have_no_bound_is_refused_unread(tmp_path: Path, packing: int) -> None:
    path = tmp_path / "bomb.apkg"
    with zipfile.ZipFile(path, "w", packing) as opened:
        opened.writestr("collection.anki2", b"\0" * 50_000_000)
    assert path.stat().st_size < 20_000, "a megabyte of it would fill any memory"
    assert "packed in a way that Anki does not use" in refused(path)


def test_what_unpacks_to_far_more_than_collections_do_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anki_package, "FREE_BYTES", 100_000)
    path = archive(tmp_path / "bomb.apkg", good(tmp_path) | {"collection.anki2": b"\0" * 10_000_000})
    assert "too large" in refused(path)


def test_the_same_bytes_named_by_many_entries_are_read_once(tmp_path: Path) -> None:
    path = archive(tmp_path / "x.apkg", good(tmp_path))
    with zipfile.ZipFile(path, "a") as opened:  # entries that overlap, as a bomb without nesting has them
        first = opened.infolist()[0]
        for number in range(2000):
            again = copy.copy(first)
            again.filename = f"{number}"
            opened.filelist.append(again)
            opened.NameToInfo[again.filename] = again
        opened._didModify = True  # type: ignore[attr-defined]
    assert read_apkg(path).cards


@pytest.mark.parametrize(
    "made",
    [
        "create virtual table notes using fts4(id, guid, mid, tags, flds)",
        "create/**/virtual--x\n table notes using fts4(id, guid, mid, tags, flds)",
        "create table notes (id, guid, mid, tags, flds as/* x */(replace(hex(zeroblob(8000000)), '0', 'xx')))",
        "create table notes (id, guid, mid, tags, flds generated always as (printf('%.9999999c', 'x')) stored)",
    ],
)
def test_a_table_that_runs_something_when_it_is_read_is_refused_unread(tmp_path: Path, made: str) -> None:
    path = spoilt(tmp_path, "drop table notes", made)
    assert "without the table 'notes'" in refused(path)


def test_triggers_and_views_of_a_collection_are_never_run(tmp_path: Path) -> None:
    path = spoilt(
        tmp_path,
        "create trigger t after insert on notes begin select load_extension('x'); end",
        "create view evil as with recursive n(x) as (select 1 union all select x + 1 from n) select * from n",
        "create table other (a, b as (zeroblob(1000000000)))",
    )
    assert read_apkg(path).cards


def test_a_note_of_millions_of_fields_and_tags_does_not_take_the_memory(tmp_path: Path) -> None:
    path = spoilt(tmp_path, "update notes set flds = replace(hex(zeroblob(7000000)), '0', x'1f'), tags = 'a'")
    tracemalloc.start()
    try:
        with contextlib.suppress(UnreadableError):
            read_apkg(path)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def spoilt(folder: Path, *orders: str) -> Path:
    """Write a package whose collection was changed by these statements."""
    members = good(folder)
    file = folder / "spoilt"
    file.write_bytes(members["collection.anki2"])
    with closing(sqlite3.connect(file)) as db:
        for order in orders:
            db.execute(order)
        db.commit()
    return archive(folder / "spoilt.apkg", members | {"collection.anki2": file.read_bytes()})


def test_an_archive_of_very_many_files_is_refused_before_it_takes_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(tmp_path / "many.apkg", good(tmp_path) | {str(n): b"" for n in range(3000)})
    assert read_apkg(path).cards
    monkeypatch.setattr(anki_package, "MOST_INDEX_BYTES", 100_000)
    assert "too many files" in refused(path)


def test_tables_of_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anki_package, "MOST_ROWS", {"notes": 1})
    path = package(tmp_path, AnkiNote(BASIC, ["q", "a"]), AnkiNote(BASIC, ["r", "a"]))
    assert "2 rows of 'notes'" in refused(path)


def test_a_view_in_place_of_a_table_is_refused(tmp_path: Path) -> None:
    members = good(tmp_path)
    file = tmp_path / "c"
    file.write_bytes(members["collection.anki2"])
    with closing(sqlite3.connect(file)) as db:
        db.execute("drop table revlog")
        endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select i as id from n"
        db.execute(f"create view revlog as {endless}")
        db.commit()
    path = archive(tmp_path / "view.apkg", members | {"collection.anki2": file.read_bytes()})
    assert "without the table 'revlog'" in refused(path)


def test_a_list_of_media_that_cannot_be_read_harms_nothing(tmp_path: Path) -> None:
    for listed in (b"\xff\xfe", b"[" * 100_000, b'{"0": 5}', b"[]"):
        path = archive(tmp_path / "media.apkg", good(tmp_path) | {"media": listed})
        assert not read_apkg(path).media


def test_the_new_format_without_its_library_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = package(tmp_path, AnkiNote(BASIC, ["q", "a"]), new=True)
    monkeypatch.setitem(sys.modules, "zstandard", None)
    told = refused(path)
    assert "pip install zstandard" in told
    assert "Support older Anki versions" in told
    assert read_apkg(package(tmp_path, AnkiNote(BASIC, ["q", "a"]))).cards


def test_protobuf_that_is_cut_is_refused() -> None:
    sound = message(1, b"abc")
    assert list(anki_package.wire(sound)) == [(1, b"abc")]
    for cut in range(1, len(sound)):
        with pytest.raises(ValueError, match="protobuf"):
            list(anki_package.wire(sound[:cut]))


def test_reading_leaves_no_files_behind(tmp_path: Path) -> None:
    import tempfile

    read_apkg(package(tmp_path, AnkiNote(BASIC, ["q", "a"]), new=True))
    refused(archive(tmp_path / "bad.apkg", good(tmp_path) | {"collection.anki2": b"x"}))
    assert not list(Path(tempfile.gettempdir()).iterdir())
