"""The record of competency: what it says, how it looks as a file, and that a change of the file is noticed."""

from __future__ import annotations

import csv
import hashlib
import html.parser
import io
import json
import os
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz import __version__
from quiz.cli.main import main
from quiz.clock import Instant
from quiz.deck.scope import Scope
from quiz.desk import Desk
from quiz.errors import UnreadableError
from quiz.report.record import (
    EXAM,
    NO_DECK,
    NOT_PASSED,
    PASSED,
    PRACTISED,
    REFRESHER,
    RIGHT,
    WRONG,
    DeckVersion,
    Item,
    Record,
    fingerprint_of,
)
from quiz.report.record_file import COLUMNS, ENDINGS, _uncell, as_csv, as_page, cell, check, from_csv, write
from quiz.report.recording import exams, in_words, record_of, refreshers
from quiz.study.exam import begin
from quiz.study.paper import draw
from quiz.study.plan import Plan
from quiz.study.session import Phase, Session
from quiz.text import FORBIDDEN
from tests.support.clocks import FixedClock
from tests.support.desks import Place, choice, flip, give, learned, mixed, on_screen, step
from tests.support.exams import exam_plan, reply
from tests.support.hostile import ESCAPES, MARKUP, folder_for_all
from tests.support.rights import as_nobody
from tests.support.screens import GOLDEN, UPDATE

DECK = DeckVersion("Facet radiofrequency", "facet-radiofrequency.yaml", 32, "2026-11-22", "c515-c2c1-bcbe")
WARD = DeckVersion("On the ward", "ward.yaml", 1, "", "1caf-de03-7ef9")
ITEM = Item(
    number=1,
    result=PASSED,
    claim="The return pad goes over well-perfused muscle.",
    sources="aorn-electrosurgery, francio-2021-burn",
    asked="Where does the return pad go?",
    card="rfa-pad",
    question="choice-34f8fee8",
    kind="choice",
    topic="nursing",
    basis="held back from practice",
    mark=1.0,
    certainty="high",
    ms=12_000,
    more_tries=0,
    settled=True,
    own_mark=False,
    changed=False,
    deck=0,
)
MISSED = replace(
    ITEM,
    number=2,
    result=NOT_PASSED,
    claim="A seizure after local anesthetic: stop the injection and call for help.",
    sources="rch-last",
    card="rfa-last",
    mark=0.0,
    more_tries=2,
)
OWN = replace(
    ITEM,
    number=3,
    result=PRACTISED,
    claim="The child is turned as a log.",
    sources="",
    card="turn",
    question="flip-1a2b3c4d",
    kind="flip",
    basis="seen in practice",
    certainty="",
    own_mark=True,
    changed=True,
    deck=1,
)
RECORD = Record(
    about=REFRESHER,
    name="Ann Example",
    profile="default",
    day="2026-11-22",
    begun="2026-11-22T10:00:00+01:00",
    ended="2026-11-22T10:04:48+01:00",
    spent_ms=285_000,
    minutes=5,
    state="finished",
    set="must-pass cards of all decks",
    set_cards=29,
    pass_mark=0,
    session="14c58932b15a0e14",
    program="1.2.3",
    made="2026-11-22T10:06:00+01:00",
    items=(ITEM, MISSED, OWN),
    decks=(DECK, WARD),
)
EXAM_RECORD = replace(
    RECORD,
    about=EXAM,
    name="",
    minutes=0,
    state="out of time",
    set="cards of Facet radiofrequency; by topic: risks 1, nursing 1",
    set_cards=0,
    pass_mark=60,
    items=(
        replace(ITEM, result=RIGHT, basis="", topic="risks"),
        replace(MISSED, result=WRONG, basis="", more_tries=0, settled=False),
    ),
    decks=(DECK,),
)


def plain_values(record: Record) -> Any:
    """Return a record's values as JSON gives them back."""
    return json.loads(json.dumps(record.as_json()))


# -- how it looks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(("name", "record"), [("refresher", RECORD), ("exam", EXAM_RECORD)])
def test_a_record_reads_as_it_always_did(name: str, record: Record, ending: str) -> None:
    path = GOLDEN / f"record_{name}{ending}"
    text = (as_csv(record) if ending == ".csv" else as_page(record, ending)).replace("\r\n", "\n")
    if os.environ.get(UPDATE):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), f"{path.name} looks otherwise now (write it anew with {UPDATE}=1)"


@pytest.mark.parametrize("ending", [".md", ".html"])
def test_a_page_says_what_it_is_for_and_what_it_does_not_show(ending: str) -> None:
    page = as_page(RECORD, ending)
    assert "For learning, not for deciding treatment." in page
    assert "It does not show who gave them." in page
    assert f"Fingerprint: {RECORD.fingerprint}" in page
    assert "quiz report --check FILE" in page


class Tags(html.parser.HTMLParser):
    """Gathers the tags and attributes of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile(text: str) -> Record:
    """Return a record with this text in every place where text from outside may stand."""
    line = " ".join(text.split())
    item = replace(ITEM, claim=line, sources=line, asked=line, card=line, topic=line, certainty="high", mark=0.0)
    deck = replace(DECK, title=line, file=line, checked=line)
    return replace(RECORD, name=line, profile=line, set=line, items=(item,), decks=(deck,))


@pytest.mark.parametrize("name", MARKUP)
def test_nothing_in_a_page_is_an_order(name: str) -> None:
    seen, harmless = Tags(as_page(hostile(MARKUP[name]), ".html")), Tags(as_page(RECORD, ".html"))
    assert seen.tags <= harmless.tags
    assert seen.attributes <= harmless.attributes
    assert not seen.tags & {"script", "link", "iframe", "img", "object", "form"}
    assert not [name for name in seen.attributes if name.startswith("on")]
    assert " ".join(MARKUP[name].split()) in seen.text


# -- the fingerprint --------------------------------------------------------------------------------------------------


def other(value: Any) -> Any:
    """Return another value of the same type."""
    match value:
        case bool():
            return not value
        case str():
            return value + "x"
        case tuple():
            return value[:-1]
        case _:
            return value + 1


@pytest.mark.parametrize("field", [field.name for field in fields(Record)])
def test_each_fact_changes_the_fingerprint(field: str) -> None:
    changed = replace(RECORD, **{field: other(getattr(RECORD, field))})
    assert changed.fingerprint != RECORD.fingerprint


@pytest.mark.parametrize("field", [field.name for field in fields(Item)])
def test_each_fact_of_a_question_changes_the_fingerprint(field: str) -> None:
    item = replace(MISSED, **{field: other(getattr(MISSED, field))})
    assert replace(RECORD, items=(ITEM, item, OWN)).fingerprint != RECORD.fingerprint


@pytest.mark.parametrize("field", [field.name for field in fields(DeckVersion)])
def test_each_fact_of_a_deck_changes_the_fingerprint(field: str) -> None:
    deck = replace(DECK, **{field: other(getattr(DECK, field))})
    assert replace(RECORD, decks=(deck, WARD)).fingerprint != RECORD.fingerprint


def test_the_fingerprint_is_the_same_in_every_form_and_hangs_on_no_order() -> None:
    data = RECORD.as_json()
    assert fingerprint_of(dict(reversed(data.items()))) == fingerprint_of(plain_values(RECORD)) == RECORD.fingerprint
    assert RECORD.fingerprint.count("-") == 7
    assert from_csv(as_csv(RECORD))[1] == RECORD.fingerprint


# -- the table --------------------------------------------------------------------------------------------------------

LINES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
CELLS = LINES | st.sampled_from(["=1+1", "+1", "-1", "@SUM(A1)", "'", "'=1", '"', "a;b,c", "  x", "﻿x", "12-e4"])
ITEMS = st.builds(
    Item,
    number=st.integers(1, 999),
    result=st.sampled_from([PASSED, NOT_PASSED, PRACTISED]),
    claim=CELLS,
    sources=CELLS,
    asked=CELLS,
    card=CELLS,
    question=CELLS,
    kind=CELLS,
    topic=CELLS,
    basis=CELLS,
    mark=st.floats(0, 1),
    certainty=CELLS,
    ms=st.integers(0, 10**9),
    more_tries=st.integers(0, 9),
    settled=st.booleans(),
    own_mark=st.booleans(),
    changed=st.booleans(),
    deck=st.just(NO_DECK),
)


@st.composite
def records(draw: Any) -> Record:
    """Draw a record whose decks stand in the order in which its questions first name them."""
    items: list[Item] = []
    decks: list[DeckVersion] = []
    places: dict[int, int] = {}
    for item in draw(st.lists(ITEMS, min_size=1, max_size=5)):
        number = draw(st.integers(-1, 2))
        if number != NO_DECK and number not in places:
            places[number] = len(decks)
            decks.append(replace(DECK, title=f"{draw(CELLS)}{number}", checked=draw(CELLS)))
        items.append(replace(item, deck=places.get(number, NO_DECK)))
    texts = {name: draw(CELLS) for name in ("name", "profile", "set", "session", "program", "state")}
    return replace(RECORD, **texts, items=tuple(items), decks=tuple(decks))


@given(records())
def test_a_table_reads_back_as_the_record_it_was(record: Record) -> None:
    assert from_csv(as_csv(record)) == (plain_values(record), record.fingerprint)


@given(records())
def test_no_cell_is_a_formula(record: Record) -> None:
    text = as_csv(record)
    assert text.startswith("\ufeffnumber,")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert rows[0] == COLUMNS
    assert len(rows) == len(record.items) + 1
    assert not [cell for row in rows for cell in row if re.match(r"\s*[=+\-@\t\r＝＋－＠]", cell)]


@pytest.mark.parametrize("text", ["=1+1", " =cmd|'/c calc'!A0", "\u00a0@SUM(A1)", "＝1", "+1", "-1", "'=1"])
def test_a_name_that_a_spreadsheet_would_run_comes_back_from_a_cell_that_it_does_not(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert _uncell(cell(text)) == text


# -- the check --------------------------------------------------------------------------------------------------------


@pytest.fixture(params=ENDINGS)
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a record that was written, in each form."""
    path = tmp_path / f"record{request.param}"
    write(RECORD, path)
    return path


def test_what_was_not_touched_is_unchanged(written: Path) -> None:
    found = check(written)
    assert found.unchanged
    assert found.said == f"unchanged: the record of a safety refresher of 2026-11-22, fingerprint {RECORD.fingerprint}"


@pytest.mark.parametrize(
    "way",
    [
        lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n"),
        lambda text: text.replace("\r\n", "\n"),
        lambda text: text.removeprefix("\ufeff"),
        lambda text: "\ufeff" + text.removeprefix("\ufeff"),
        lambda text: text.rstrip() if "," not in text.splitlines()[0] else text,
    ],
)
def test_what_mail_and_editors_do_to_line_ends_is_no_change(written: Path, way: Callable[[str], str]) -> None:
    written.write_bytes(way(written.read_bytes().decode()).encode())
    assert check(written).unchanged


CHANGES = [
    ("Ann Example", "Bob"),
    ("12", "21"),
    ("2026", "2025"),
    ("muscle", "bone"),
    ("rch-last", ""),
    (RECORD.fingerprint[:4], "0000"),
    ("default", "other"),
]


@pytest.mark.parametrize(("old", "new"), CHANGES)
@pytest.mark.parametrize("nth", [0, -1])
def test_a_changed_word_is_noticed_wherever_it_stands(written: Path, old: str, new: str, nth: int) -> None:
    text = written.read_bytes().decode()
    parts = text.split(old)
    assert len(parts) > 1
    at = nth if nth == 0 else len(parts) - 2
    written.write_bytes((old.join(parts[: at + 1]) + new + old.join(parts[at + 1 :])).encode())
    found = check(written)
    assert not found.unchanged
    assert "\n" not in found.said


def test_words_that_were_changed_and_facts_that_were_changed_are_told_apart(tmp_path: Path) -> None:
    path, page = tmp_path / "r.md", as_page(RECORD, ".md")
    path.write_text(page.replace("Cards not passed: **1**", "Cards not passed: **0**"), "utf-8")
    assert check(path).said.startswith("changed: the words of this record of a safety refresher of 2026-11-22 are not")
    path.write_text(page.replace('"mark": 0.0', '"mark": 1.0'), "utf-8")
    assert check(path).said.endswith("does not fit its fingerprint")


@given(st.data())
def test_any_other_record_under_the_same_fingerprint_is_noticed(data: st.DataObject) -> None:
    record = data.draw(records())
    text = as_csv(record)
    forged = text.replace(record.fingerprint, RECORD.fingerprint)
    values, stated = from_csv(forged)
    assert stated != fingerprint_of(values)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# A letter\n",
        b"\xff\xfe\x00binary\x00",
        b"\n```json\n{\n}\n```\n",
        b"\n```json\n{\n[1, 2]\n}\n```\n",
        b'\n```json\n{\n"fingerprint": 1\n}\n```\n',
        b'<!doctype html><pre id="record">{\n' + b"[" * 100_000 + b"\n}</pre>",
        b"number,result\r\n1,passed\r\n",
        b"a" * 200_000,
    ],
)
@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_no_record_is_told_as_such(tmp_path: Path, content: bytes, ending: str) -> None:
    path = tmp_path / f"letter{ending}"
    path.write_bytes(content)
    found = check(path)
    assert not found.unchanged
    assert found.said == "no whole record is in it: it was changed, or is none"


def test_a_row_that_was_taken_out_or_put_in_twice_is_noticed(tmp_path: Path) -> None:
    rows = as_csv(RECORD).splitlines(keepends=True)
    path = tmp_path / "record.csv"
    for kept in (rows[:-1], [*rows, rows[-1]], [rows[0], rows[2], rows[1], rows[3]], rows[:1]):
        path.write_text("".join(kept), "utf-8", newline="")
        assert not check(path).unchanged


@pytest.mark.parametrize("name", ["none.md", "folder.md"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(UnreadableError, match="cannot be read"):
        check(tmp_path / name)


# -- from the history -------------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, FixedClock("2026-11-22 10:00", 60))


def refresh(desk: Desk, minutes: int = 0, **scope: Any) -> Session:
    return desk.session(Plan(Scope(safety=True, **scope), 0, minutes, 1, "refresher"))


def record(desk: Desk, about: str = REFRESHER, name: str = "") -> Record:
    """Return the record of the latest refresher or exam."""
    with closing(desk.history.reader()) as db:
        held = (exams if about == EXAM else refreshers)(db)[-1]
        return record_of(db, held, about, desk.paths.name, desk.clock.now(), name)


def items(found: Record) -> dict[str, Item]:
    return {item.card: item for item in found.items}


def to_the_end(place: Place, session: Session, wrong: tuple[str, ...] = ()) -> None:
    """Answer everything, the first try of some cards wrongly, 10 seconds each."""
    missed: set[str] = set()
    while session.phase is not Phase.DONE:
        card = on_screen(session)
        place.clock.forward(seconds=10)
        step(session, right=card not in wrong or card in missed)
        missed.add(card)


def test_a_refresher_is_told_as_it_was(place: Place) -> None:
    path = place.write(
        mixed("a", safety=True, claim="A is so.", sources=["one", "two"], topic="risks", checked="2026-11-20"),
        mixed("b", safety=True, claim="B is so."),
        choice("c", safety=True, checked="2026-11-21"),
        choice("other"),
        name="safe",
    )
    with place.open() as desk:
        session = refresh(desk)
        to_the_end(place, session, wrong=("a",))
        found = record(desk, name="  Ann\nO'Brien ")
    assert (found.about, found.name, found.profile) == (REFRESHER, "Ann O'Brien", "default")
    assert (found.day, found.program, found.state) == ("2026-11-22", __version__, "finished")
    assert (found.begun, found.ended) == ("2026-11-22T11:00:00+01:00", "2026-11-22T11:00:40+01:00")
    assert (found.spent_ms, found.minutes) == (40_000, 0)
    assert (found.set, found.set_cards, found.session) == ("must-pass cards of all decks", 3, session.id)
    assert (found.right, len(found.items)) == (2, 3)
    assert found.cards == {"a": NOT_PASSED, "b": PASSED, "c": PASSED}
    a = items(found)["a"]
    assert (a.claim, a.sources, a.topic, a.asked) == ("A is so.", "one, two", "risks", "Prove a.")
    assert (a.basis, a.mark, a.more_tries, a.settled, a.ms) == ("held back from practice", 0.0, 1, True, 10_000)
    assert not a.changed
    assert items(found)["c"].claim == "Which is c? c yes"
    assert [item.card for item in found.missed] == ["a"]
    (deck,) = found.decks
    assert (deck.title, deck.file, deck.cards, deck.checked) == ("Safe", "safe.yaml", 4, "2026-11-21")
    assert deck.sha256.replace("-", "") == hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def test_a_question_left_standing_takes_nothing_off_the_time_of_day(place: Place) -> None:
    place.write(choice("c", safety=True))
    with place.open() as desk:
        session = refresh(desk)
        place.clock.forward(seconds=600)  # called away
        to_the_end(place, session)
        found = record(desk)
    assert (found.begun, found.ended) == ("2026-11-22T11:00:00+01:00", "2026-11-22T11:10:10+01:00")
    assert found.spent_ms < 200_000, "what nobody looked at is not time spent"


def test_a_card_without_proof_is_only_practised_when_its_question_was_seen(place: Place) -> None:
    place.write(choice("c", safety=True), mixed("m", safety=True))
    with place.open() as desk:
        to_the_end(place, refresh(desk))
        place.clock.forward(days=1)
        to_the_end(place, refresh(desk))
        found = record(desk)
    assert found.cards == {"c": PRACTISED, "m": PASSED}
    assert found.number_of(PRACTISED) == 1
    assert "Only practised, right" in as_page(found, ".md")


def test_a_case_is_passed_when_all_of_its_questions_were_right() -> None:
    steps = (replace(ITEM, result=PRACTISED, mark=0.0), replace(ITEM, number=2), replace(ITEM, number=3, card="b"))
    found = replace(RECORD, items=steps)
    assert found.cards == {"rfa-pad": NOT_PASSED, "b": PASSED}
    assert replace(found, items=(replace(steps[0], mark=1.0), *steps[1:])).cards["rfa-pad"] == PASSED


def test_what_was_taken_back_is_not_in_the_record(place: Place) -> None:
    place.write(choice("a", safety=True), choice("b", safety=True))
    with place.open() as desk:
        session = refresh(desk)
        first = on_screen(session)
        give(session, right=False)
        session.undo()
        to_the_end(place, session)
        found = record(desk)
        assert items(found)[first].right
        assert len(found.items) == 2
        while session.undo():
            pass
        with closing(desk.history.reader()) as db:
            assert refreshers(db) == []


def test_a_refresher_that_was_stopped_says_so(place: Place) -> None:
    place.write(*(choice(f"c{n}", safety=True) for n in range(4)))
    with place.open() as desk:
        session = refresh(desk, minutes=5)
        step(session)
        session.stop()
        found = record(desk)
    assert (found.state, len(found.items), found.set_cards, found.minutes) == ("stopped", 1, 4, 5)
    page = as_page(found, ".md")
    assert "Cards of the set not asked: **3**" in page
    assert "had not come to its end when this record was made" in page


def test_a_refresher_that_came_from_another_device_is_told_without_its_set(place: Place) -> None:
    place.write(choice("a", safety=True))
    with place.open() as desk:
        to_the_end(place, refresh(desk))
        with place.database() as db:
            db.execute("delete from session")
        found = record(desk)
    assert (found.state, found.set, found.set_cards) == ("unknown", "the cards listed below", 0)
    assert found.spent_ms == 10_000


def test_a_question_that_has_changed_since_is_marked(place: Place) -> None:
    place.write(choice("a", safety=True), choice("b", safety=True), choice("c", safety=True), choice("d", safety=True))
    with place.open() as desk:
        to_the_end(place, refresh(desk))
    place.write(choice("a", safety=True, claim="new words"), choice("b", wrong=2, safety=True), choice("x"))
    with place.open() as desk:
        found = record(desk)
        page = as_page(found, ".md")
    assert {card: item.changed for card, item in items(found).items()} == {"a": False, "b": True, "c": True, "d": True}
    assert items(found)["c"].claim == "(card c, which no deck holds now)"
    assert items(found)["c"].deck == NO_DECK
    assert page.count("changed in the decks since") == 3


def test_a_flip_card_is_told_as_marked_by_the_learner(place: Place) -> None:
    place.write(flip("a", safety=True))
    with place.open() as desk:
        to_the_end(place, refresh(desk))
        found = record(desk)
    assert items(found)["a"].own_mark
    assert "1 question could be marked by the learner alone." in as_page(found, ".md")


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (Scope(), "cards of all decks"),
        (Scope(safety=True), "must-pass cards of all decks"),
        (Scope(decks=("/x/a.yaml", "/x/b.yaml")), "cards of Deck A, b.yaml"),
        (
            Scope(topics=("risks",), procedures=("sdr",), audiences=("nurse",), safety=True),
            "must-pass cards of all decks; topic: risks; procedure: sdr; audience: nurse",
        ),
        (Scope(cards=("a", "b")), "2 chosen cards"),
    ],
)
def test_the_set_is_told_in_words(scope: Scope, words: str) -> None:
    assert in_words(scope, {"/x/a.yaml": "Deck A"}) == words


def test_an_exam_is_told_as_it_was_handed_in(place: Place) -> None:
    place.write(*(choice(f"c{n}", topic="x" if n % 2 else "y", claim=f"Fact {n}.") for n in range(4)))
    with place.open() as desk:
        plan = exam_plan(limit=4, pass_mark=50, minutes=20)
        exam = begin(desk.history, plan, draw(desk.library, plan, desk.history.state))
        for number in (1, 2, 3):
            exam.go(number)
            place.clock.forward(seconds=30)
            reply(exam, number != 2, "high" if number == 2 else None)
        exam.hand_in(confirmed=True)
        found = record(desk, EXAM)
    assert [item.result for item in found.items] == ["right", "wrong", "right", "empty"]
    assert (found.percent, found.reached, found.pass_mark) == (50.0, True, 50)
    assert (found.begun, found.ended) == ("2026-11-22T11:00:00+01:00", "2026-11-22T11:01:30+01:00")
    page = as_page(found, ".md")
    assert "- Verdict: **Passed**" in page
    assert "- Topic x: **1 of 2 right**" in page
    assert "- Certainty marks: **-6 of at most 3**" in page
    assert "Sure, and wrong." in page


def test_marks_are_never_rounded_up_to_the_pass_mark() -> None:
    items = tuple(replace(ITEM, result=RIGHT, mark=mark) for mark in (0.6, 0.6, 0.5999))
    found = replace(EXAM_RECORD, items=items)
    assert not found.reached
    assert "- Marks: **59.9 %**" in as_page(found, ".md")
    assert "- Marks: **60.0 %**" in as_page(replace(found, items=items[:2]), ".md")


@pytest.mark.parametrize("name", ESCAPES)
def test_hostile_decks_and_names_come_out_harmless(place: Place, tmp_path: Path, name: str) -> None:
    text = ESCAPES[name].encode("utf-8", "replace").decode()
    with place.open() as desk:
        learned(desk.history, f"x{text}", 3, mode="refresher", session="s", certainty=text)
        found = record(desk, name=f"=cmd{text}")
    for ending in ENDINGS:
        path = tmp_path / f"record{ending}"
        write(found, path)
        assert not FORBIDDEN.search(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
        assert check(path).unchanged


def test_a_clock_out_of_its_mind_is_no_fault(place: Place) -> None:
    place.write(choice("a", safety=True))
    with place.open() as desk:
        to_the_end(place, refresh(desk))
        with closing(desk.history.reader()) as db:
            found = record_of(db, refreshers(db)[-1], REFRESHER, "p", Instant(10**18, 0))
    assert found.made == f"{10**18} ms"
    assert as_page(found, ".html")


# -- the command ------------------------------------------------------------------------------------------------------

Run = Callable[..., str]


@pytest.fixture
def run(place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a way to run `quiz report` that returns `code`: it gives what was said (errors last)."""
    monkeypatch.chdir(tmp_path)

    def call(*argv: str, code: int = 0) -> str:
        where = ["--home", str(place.paths.home), "--decks", str(place.decks)]
        assert main(["report", *where, *argv], place.clock) == code
        said = capsys.readouterr()
        return said.out + said.err

    return call


def two_days(place: Place) -> list[str]:
    """Do a refresher on two days, and two on the second; return their ids."""
    place.write(*(choice(f"c{n}", safety=True) for n in range(4)))
    ids = []
    with place.open() as desk:
        for _ in range(3):
            session = refresh(desk)
            ids.append(session.id)
            step(session)
            if len(ids) == 2:
                session.stop()
                with place.database() as db:
                    db.execute("update session set open = 0")
                place.clock.forward(hours=1)
            else:
                to_the_end(place, session)
                place.clock.forward(days=1)
    return ids


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_record_is_written_and_checked(place: Place, run: Run, ending: str) -> None:
    place.write(mixed("a", safety=True), mixed("b", safety=True))
    with place.open() as desk:
        to_the_end(place, refresh(desk), wrong=("a",))
    said = run("--to", f"r{ending}", "--name", "Ann")
    assert "1 of 2 cards passed, 1 of 2 right at the first try. " in said
    assert said.endswith(f"Written to r{ending}.\n")
    assert "Ann" in Path(f"r{ending}").read_text("utf-8")
    assert run("--check", f"r{ending}").startswith(f"r{ending}: unchanged: ")
    Path(f"r{ending}").write_text(Path(f"r{ending}").read_text("utf-8").replace("Ann", "Bob", 1), "utf-8")
    assert run("--check", f"r{ending}", code=1).startswith(f"r{ending}: ")


def test_the_name_is_kept_nowhere(place: Place, run: Run) -> None:
    place.write(mixed("a", safety=True))
    with place.open() as desk:
        to_the_end(place, refresh(desk))
    run("--to", "r.md", "--name", "Zebedee")
    kept = [path for path in place.paths.home.rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if b"Zebedee" in path.read_bytes()]
    run("--to", "nameless.md")
    assert "- Name: ____" in Path("nameless.md").read_text("utf-8")


def test_the_latest_is_taken_or_that_of_a_day_or_an_id(place: Place, run: Run) -> None:
    first, second, third = two_days(place)
    said = run("--to", "latest.csv")
    assert f"Others of 2026-11-23, for --session: {second}" in said
    assert third in Path("latest.csv").read_text("utf-8-sig")
    run("--to", "day.csv", "--day", "2026-11-22")
    assert first in Path("day.csv").read_text("utf-8-sig")
    run("--to", "id.csv", "--session", second)
    assert second in Path("id.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (["--to", "r.md"], 2, "there is no refresher to report - do one with: quiz study --safety"),
        (["--to", "r.md", "--exam"], 2, "there is no exam to report - sit one with: quiz exam"),
        (["--to", "r.htm"], 2, "r.htm has no ending that is known - name a file that ends in .html"),
        (["--to", "r.pdf"], 2, "name a file that ends in .md, .html or .csv"),
        (["--to", "r"], 2, "name a file that ends in .md, .html or .csv"),
        (["--to", ""], 2, "the page has no name"),
        (["--to", "there.md"], 2, "there.md is there already - choose another name: nothing is overwritten"),
        (["--to", "none/r.md"], 4, "there is no folder none"),
        (["--check", "none.md"], 4, "none.md cannot be read (no such file or directory)"),
        (["--check", "there.md", "--exam"], 2, "--check takes a file alone"),
        (["--check", "there.md", "--to", "r.md"], 2, "not allowed with"),
        ([], 2, "one of the arguments --to --check is required"),
        (["--to", "r.md", "--day", "yesterday"], 2, "'yesterday' is not a date as in 2026-11-22"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(run: Run, argv: list[str], code: int, said: str) -> None:
    Path("there.md").write_text("mine")
    found = run(*argv, code=code)
    assert said in found
    assert found.count("\n") == 1
    assert Path("there.md").read_text() == "mine"
    assert not Path("r.md").exists()


@pytest.mark.parametrize("argv", [["--day", "2020-01-01"], ["--session", "nobody\x1b[31m"]])
def test_what_is_not_there_is_told_with_the_latest(place: Place, run: Run, argv: list[str]) -> None:
    ids = two_days(place)
    found = run("--to", "r.md", *argv, code=2)
    assert f"- the latest: {ids[2]} (2026-11-23), {ids[1]} (2026-11-23), {ids[0]} (2026-11-22)" in found
    assert "\x1b" not in found


def test_a_folder_without_the_right_to_write_is_told(run: Run) -> None:
    with folder_for_all() as folder, as_nobody():
        found = run("--to", str(folder / "r.html"), code=4)
    assert "cannot be written (permission denied)" in found
    assert found.count("\n") == 1
