"""What a filter finds in a library with a history, values that no card has, the rows of a list, and a card's past."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quiz.deck.filter import Fault, parse
from quiz.deck.terms import Everything
from quiz.desk import Desk
from quiz.memory import Rating, StudyDay
from quiz.report.search import Moment, Row, askable, cards_of, past, read, rows
from quiz.report.today import due_today
from tests.support.desks import learned
from tests.support.searching import furnished

ALL = "pad heat needle trepan sdr tone nerve both both/back"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with furnished(tmp_path_factory.mktemp("searched")).open() as found:
        yield found


@pytest.fixture(scope="module")
def db(desk: Desk) -> Iterator[sqlite3.Connection]:
    with closing(desk.history.reader()) as connection:
        yield connection


def found(db: sqlite3.Connection, desk: Desk, text: str) -> str:
    tree = read(db, text)
    assert not isinstance(tree, Fault), tree
    return " ".join(cards_of(db, tree, desk.history.today()))


@pytest.mark.parametrize(
    ("text", "cards"),
    [
        ("", ALL),
        ("*", ALL),
        ("-*", ""),
        ("burn", "pad"),
        ("BURN skin", "pad"),
        ("trepan", "trepan"),
        ("Trépan", "trepan"),
        ('"trépan - an old"', "trepan"),
        ('"an trepan"', ""),
        ("because", "pad heat nerve"),  # reasons of wrong options
        ("rhizotomy", "sdr tone nerve both both/back"),  # the title of their deck
        ("both/back", "both/back"),
        ("rear", "both both/back"),
        ("sdr -definition", "sdr tone"),
        ("L3 or needle", "needle nerve"),
        ("tissue or (skin burns)", "pad heat"),
        ("-(a or e)", ""),
        ("topic:risks", "pad"),
        ("topic:TECHNIQUE", "heat needle"),
        ("topic:risks,technique", "pad heat needle"),
        ("topic:te*", "heat needle"),
        ("-topic:*", "nerve both both/back"),
        ("procedure:sdr", "sdr tone nerve both both/back"),
        ("audience:nurse", "pad heat needle trepan"),
        ("deck:dorsal", "sdr tone nerve both both/back"),
        ('deck:"facet radiofrequency"', "pad heat needle trepan"),
        ("deck:facet.yaml -tier:core", "needle"),
        ("tier:detail", "needle"),
        ("source:atlas", "pad heat needle trepan"),
        ("source:leeds*", "heat"),
        ('tag:"old tools"', "trepan"),
        ("tag:skin tag:old*", "trepan"),
        ("certainty:moderate", "needle"),
        ("kind:choice", "pad heat nerve"),
        ("kind:flip,typed", "needle trepan sdr tone nerve both both/back"),
        ("kind:choice kind:cloze", "nerve"),
        ("is:due", "pad needle"),
        ("is:new", "trepan both both/back"),
        ("is:seen", "pad heat needle sdr tone nerve"),
        ("is:suspended", "sdr"),
        ("is:flagged", "pad"),
        ("is:safety", "pad"),
        ("is:leech", "pad"),
        ("is:danger", "needle"),
        ("is:due,new -is:flagged", "needle trepan both both/back"),
        ("is:s* -is:seen", ""),
        ("recall<0.9", "pad needle sdr"),
        ("recall<50%", "pad"),
        ("recall>=0", "pad heat needle sdr tone nerve"),
        ("recall<=0", ""),
        ("recall<1", "pad heat needle sdr tone nerve"),
        ("-recall<0.9", "heat trepan tone nerve both both/back"),
        ("stability>30", "heat tone nerve"),
        ("stability<=3 is:due", "pad needle"),
        ("lapses>=1", "pad needle"),
        ("lapses=9", "pad"),
        ("lapses<1 is:seen", "heat sdr tone nerve"),
        ("due<=7", "pad needle"),
        ("due<0", "pad needle"),
        ("due>7", "heat tone nerve"),
        ("due>=-1 is:due", "needle"),
    ],
)
def test_a_filter_finds(db: sqlite3.Connection, desk: Desk, text: str, cards: str) -> None:
    assert found(db, desk, text) == cards


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("topic:rsiks", "column 7: there is no topic 'rsiks' - did you mean 'risks'?"),
        ("burn topic:risks,techniqe", "column 18: there is no topic 'techniqe' - did you mean 'technique'?"),
        ("topic:ri", "column 7: there is no topic 'ri' - did you mean 'risks'?"),
        ("topic:x*", "column 7: no topic begins with 'x' - there are: definition, history, outcomes, risks, technique"),
        ("procedure:srd", "column 11: there is no procedure 'srd' - did you mean 'sdr'?"),
        ("deck:fcaet", "column 6: there is no deck 'fcaet' - did you mean 'facet'?"),
        ("-(source:atlsa or a)", "column 10: there is no source 'atlsa' - did you mean 'atlas'?"),
        ("tag:zzz", "column 5: there is no tag 'zzz' - there are: old tools, skin"),
        (
            "topic:",
            "column 7: a value has to follow 'topic:' - there are: definition, history, outcomes, risks, technique",
        ),
        ("tag:\x1b[31mred", "column 5: there is no tag 'red' - there are: old tools, skin"),
        ("is:du", "column 4: there is no state 'du' - did you mean 'due'?"),
    ],
)
def test_a_value_that_no_card_has_is_told_with_the_nearest(db: sqlite3.Connection, text: str, told: str) -> None:
    assert str(read(db, text)) == told


def test_a_field_that_no_card_has_is_told_as_such(tmp_path: Path) -> None:
    place = furnished(tmp_path)
    for deck in place.decks.glob("*.yaml"):
        deck.unlink()
    place.write({"id": "a", "ask": "b", "answer": "c"})
    with place.open() as desk, closing(desk.history.reader()) as db:
        assert str(read(db, "tag:x")) == "column 5: no card has a tag - leave it out"
        assert str(read(db, "tag:")) == "column 5: a value has to follow 'tag:' - no card has one"
        assert found(db, desk, "is:seen") == ""


@pytest.mark.parametrize("text", ["a " * 499, "a or " * 199 + "a", "tag:" + "skin," * 198 + "skin", "-a " * 333])
def test_the_longest_filters_are_no_burden(db: sqlite3.Connection, desk: Desk, text: str) -> None:
    tree = parse(text)
    assert not isinstance(tree, Fault)
    assert len(cards_of(db, tree, desk.history.today())) <= 9


def test_cards_whose_id_two_decks_claim_are_not_found(tmp_path: Path) -> None:
    place = furnished(tmp_path)
    place.write({"id": "pad", "ask": "b", "answer": "c"}, name="other")
    from quiz.desk import open_desk

    desk = open_desk(place.paths, [str(place.decks)], place.clock)
    try:
        with closing(desk.history.reader()) as db:
            assert found(db, desk, "") == ALL.removeprefix("pad ")
    finally:
        desk.close()


def test_a_deck_that_is_edited_is_found_by_its_new_words_alone(tmp_path: Path) -> None:
    place = furnished(tmp_path)
    place.write({"id": "pad", "ask": "What of frostbite?", "answer": "c"}, name="facet")
    with place.open() as desk, closing(desk.history.reader()) as db:
        assert found(db, desk, "frostbite") == "pad"
        assert found(db, desk, "burn") == ""
        (rest,) = db.execute("select count(*) from deck.wording").fetchone()
        assert rest == db.execute("select count(*) from deck.card").fetchone()[0]


# -- what a session could ask -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "most", "cards"),
    [
        ("", 99, "pad needle trepan both both/back"),
        ("", 3, "pad needle trepan"),
        ("-burn", 99, "needle trepan both both/back"),
        ("is:suspended", 99, ""),
        ("topic:outcomes", 99, ""),  # put off
    ],
)
def test_what_can_be_studied_comes_weakest_first_then_new(
    db: sqlite3.Connection, desk: Desk, text: str, most: int, cards: str
) -> None:
    tree = parse(text)
    assert not isinstance(tree, Fault)
    assert " ".join(askable(db, tree, desk.history.today(), most)) == cards


# -- rows -------------------------------------------------------------------------------------------------------------


def test_rows_say_the_claim_or_the_question_and_where_the_card_stands(db: sqlite3.Connection, desk: Desk) -> None:
    day = desk.history.today()
    told = {row.card: row for row in rows(db.execute, ["tone", *ALL.split(), "gone"], day, due_today(db, day))}
    assert list(told) == ["tone", "pad", "heat", "needle", "trepan", "sdr", "nerve", "both", "both/back", "gone"]
    assert {card: row.text for card, row in told.items() if card in ("pad", "tone", "both/back", "gone")} == {
        "pad": "A pad over bone burns the skin.",
        "tone": "What falls after SDR?",
        "both/back": "Rear of it",
        "gone": "",
    }
    assert {card: row.state for card, row in told.items()} == {
        "pad": "due",
        "heat": "in 4 mo",
        "needle": "due",
        "trepan": "new",
        "sdr": "suspended",
        "tone": "in 49 d",
        "nerve": "in 2 mo",
        "both": "new",
        "both/back": "new",
        "gone": "new",
    }
    assert [card for card, row in told.items() if row.flagged] == ["pad"]


@pytest.mark.parametrize(
    ("waits", "new", "suspended", "state"),
    [
        (0, True, False, "new"),
        (1, True, False, "in 1 d"),
        (0, False, False, "due"),
        (1, False, False, "in 1 d"),
        (59, False, False, "in 59 d"),
        (60, False, False, "in 2 mo"),
        (729, False, False, "in 24 mo"),
        (730, False, False, "in 2 y"),
        (36_500, False, False, "in 100 y"),
        (0, False, True, "suspended"),
        (2**31, True, True, "suspended"),
    ],
)
def test_a_state_takes_at_most_nine_cells(waits: int, new: bool, suspended: bool, state: str) -> None:
    row = Row("x", "x", new, waits, suspended, False)
    assert row.state == state
    assert len(state) <= 9


# -- the past of a card -----------------------------------------------------------------------------------------------


def test_the_past_is_told_newest_first_without_what_was_taken_back(tmp_path: Path) -> None:
    place = furnished(tmp_path)
    with place.open() as desk:
        history = desk.history
        day = history.today()
        (event,) = learned(history, "trepan", 1, question="flip-1", certainty="high")
        history.record([history.event("undo", card="trepan", target=event.id)])
        place.clock.forward(minutes=1)
        learned(history, "trepan", 3, question="flip-2", mode="exam")
        for kind, body in [
            ("flag", {"on": True, "note": "odd"}),
            ("suspend", {"on": False}),
            ("bury", {"until": day + 1}),
            ("reset", {}),
        ]:
            place.clock.forward(minutes=1)
            history.record([history.event(kind, card="trepan", body=body)])  # type: ignore[arg-type]
        assert past(history.events_of("trepan")) == [
            Moment(day, "reset"),
            Moment(day, "bury"),
            Moment(day, "suspend", on=False),
            Moment(day, "flag", note="odd"),
            Moment(day, "answer", "flip-2", 1.0, Rating.GOOD, mode="exam"),
        ]


def test_a_card_that_was_begun_anew_is_new_and_keeps_its_past(tmp_path: Path) -> None:
    place = furnished(tmp_path)
    with place.open() as desk, closing(desk.history.reader()) as db:
        history = desk.history
        before = len(past(history.events_of("pad")))
        history.record([history.event("reset", card="pad")])
        assert found(db, desk, "is:new burn") == "pad"
        assert found(db, desk, "is:leech") == ""
        assert len(past(history.events_of("pad"))) == before + 1


def test_days_are_the_learner_s(db: sqlite3.Connection, desk: Desk) -> None:
    tomorrow = StudyDay(desk.history.today() + 60)
    tree = parse("is:due")
    assert not isinstance(tree, Fault)
    assert "tone" in cards_of(db, tree, tomorrow)
    assert cards_of(db, Everything(), tomorrow) == ALL.split()
