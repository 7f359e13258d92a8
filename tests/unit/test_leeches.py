"""Leeches: when a card is one, what it is taken for, and what is proposed."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quiz.deck.model import question_id
from quiz.desk import Desk
from quiz.memory import Memory, StudyDay
from quiz.memory.leech import LEECH, is_leech, is_told_at
from quiz.report import told
from quiz.report.document import document
from quiz.report.leeches import Leech, Taken, count, leeches
from quiz.report.standing import standing
from tests.support.desks import Place, choice, flip, learned, typed


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def forget(desk: Desk, place: Place, card: str, times: int, **body: Any) -> None:
    """Learn a card if it is new, and forget it so often, every third day."""
    if desk.history.state(card).new:
        learned(desk.history, card, 3)
    for _ in range(times):
        place.clock.forward(days=3)
        learned(desk.history, card, 1, **body)


def found(desk: Desk) -> tuple[Leech, ...]:
    with closing(desk.history.reader()) as db:
        known = leeches(db)
        assert count(db) == len(known)
        return known


@pytest.mark.parametrize(
    ("lapses", "stability", "leech"),
    [(5, 1.0, False), (6, 1.0, True), (6, 20.9, True), (6, 21.0, False), (30, 100.0, False), (30, 2.0, True)],
)
def test_six_lapses_make_a_leech_until_it_is_learned(lapses: int, stability: float, leech: bool) -> None:
    assert is_leech(lapses, Memory(stability, 5.0, StudyDay(1))) is leech
    assert not is_leech(lapses, None)


def test_it_is_said_at_six_lapses_and_after_every_three_more() -> None:
    assert [n for n in range(20) if is_told_at(n)] == [6, 9, 12, 15, 18]


def test_a_card_is_listed_once_it_was_forgotten_often_and_no_longer_when_it_was_learned_since(place: Place) -> None:
    place.write(flip("stubborn"), flip("steady"))
    with place.open() as desk:
        learned(desk.history, "steady", 3)
        forget(desk, place, "stubborn", LEECH - 1)
        assert found(desk) == ()
        forget(desk, place, "stubborn", 1)
        (leech,) = found(desk)
        assert (leech.card, leech.lapses, leech.answers) == ("stubborn", 6, 7)
        for days in (1, 2, 4, 8, 16, 30):
            place.clock.forward(days=days)
            learned(desk.history, "stubborn", 4)
        assert found(desk) == ()


def test_a_suspended_card_and_one_that_no_deck_holds_are_not_listed(place: Place) -> None:
    place.write(flip("left-out"), flip("here"))
    with place.open() as desk:
        for card in ("left-out", "here", "gone"):
            forget(desk, place, card, LEECH)
        desk.history.record([desk.history.event("suspend", card="left-out", body={"on": True})])
        assert [leech.card for leech in found(desk)] == ["here"]


def test_the_most_forgotten_comes_first(place: Place) -> None:
    place.write(flip("six"), flip("eight"))
    with place.open() as desk:
        forget(desk, place, "six", 6)
        forget(desk, place, "eight", 8)
        assert [leech.card for leech in found(desk)] == ["eight", "six"]


def test_what_was_taken_for_right_is_told_in_words_most_often_first(place: Place) -> None:
    place.write(choice("pad"), typed("needle"))
    with place.open() as desk:
        card = desk.library.card("pad")
        assert card is not None
        name = question_id(card.questions[0])
        options = [option.text for option in getattr(card.questions[0], "options")]  # noqa: B009 - a choice has them
        forget(desk, place, "pad", 1, question=name, given="1")
        forget(desk, place, "pad", 3, question=name, given="2")
        forget(desk, place, "pad", 2, question=name, given="")
        forget(desk, place, "needle", 6, question="typed-gone", given="a blunt\x1b[31m one")
        by_card = {leech.card: leech for leech in found(desk)}
    assert by_card["pad"].taken == (Taken(options[2], 3), Taken(options[1], 1))
    assert by_card["pad"].unknown == 2
    ((said, times),) = by_card["needle"].taken
    assert times == 6
    assert "\x1b" not in said


def test_an_answer_that_was_taken_back_is_not_among_them(place: Place) -> None:
    place.write(typed("needle"))
    with place.open() as desk:
        forget(desk, place, "needle", 6, question="typed-gone", given="blunt")
        place.clock.forward(days=3)
        (event,) = learned(desk.history, "needle", 1, question="typed-gone", given="sharp")
        desk.history.record([desk.history.event("undo", card="needle", target=event.id)])
        (leech,) = found(desk)
        assert leech.taken == (Taken("blunt", 6),)


def test_look_alikes_are_those_it_names_and_those_that_name_it(place: Place) -> None:
    place.write(flip("a", contrast_with=["b"]), flip("b"), flip("c", contrast_with=["a"]), flip("d"))
    with place.open() as desk:
        forget(desk, place, "a", LEECH)
        (leech,) = found(desk)
    assert [alike.card for alike in leech.look_alikes] == ["b", "c"]
    assert leech.proposal.way == "contrast"
    assert leech.proposal.command == "quiz study --drill a"


def test_what_helps_several_is_said_once_and_look_alikes_by_name(place: Place) -> None:
    place.write(flip("a", contrast_with=["b"], claim="A is so."), flip("b", claim="B is so."), flip("c"), flip("d"))
    with place.open() as desk:
        for card in "abcd":
            forget(desk, place, card, LEECH)
        leeches_ = found(desk)
    texts = {leech.card: text for leech, text in told.each_leech(leeches_)}
    assert texts["a"] == "Drill it together with “B is so”."
    assert texts["b"] == "Drill it together with “A is so”."
    said = told.leeches(leeches_, 4)
    assert said.count("quiz study --contrast") == 1
    assert "quiz study --contrast" not in told.leeches([leech for leech in leeches_ if leech.card in "cd"], 2)
    plain = [leech for leech in leeches_ if leech.card in "cd"]
    same = [replace(leech, proposals=plain[0].proposals) for leech in plain]
    (_, first), (_, second) = told.each_leech(same)
    assert first.startswith("Ask it in a second way")
    assert second == "The same as above may help."


def test_all_leeches_are_counted_where_only_those_forgotten_most_are_listed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write(flip("a"), flip("b"), flip("c"))
    with place.open() as desk:
        for card in "abc":
            forget(desk, place, card, LEECH)
        monkeypatch.setattr("quiz.report.standing.leeches", lambda db: leeches(db, 2))
        with closing(desk.history.reader()) as db:
            *_, seen = standing(db, desk.history.today(), desk.asker())
    assert len(seen.leeches or ()) == 2
    assert dict(told.figures(seen, 0.9))["hard"].endswith("; 3 leeches")
    assert document(seen, [])["leech_count"] == 3


def test_a_look_alike_is_named_by_whole_words(place: Place) -> None:
    claim = "The pad goes over muscle that is well supplied with blood, never over scars or bones."
    place.write(flip("a", contrast_with=["b"]), flip("b", claim=claim))
    with place.open() as desk:
        forget(desk, place, "a", LEECH)
        (leech,) = found(desk)
    assert leech.proposal.text == (
        "drill it together with “The pad goes over muscle that is well supplied with blood, never …”"
    )


def test_what_fits_the_card_is_proposed(place: Place) -> None:
    long = "one two three four five six seven eight nine"
    place.write(
        flip("plain"),
        flip("long", answer=long),
        flip("must", safety=True, why="So.", sources=["atlas"]),
    )
    (place.decks / "sources.yaml").write_text("atlas:\n  title: An atlas\n", "utf-8")
    with place.open() as desk:
        for card in ("plain", "long", "must"):
            forget(desk, place, card, LEECH)
        ways = {leech.card: {p.way: p.text for p in leech.proposals} for leech in found(desk)}
    assert list(ways["plain"]) == ["reword", "suspend"]
    assert "second way" in ways["plain"]["reword"]
    assert "split the card in two" in ways["long"]["reword"]
    assert list(ways["must"]) == ["reword", "source", "explain"]


def test_a_question_that_fails_far_more_than_another_is_named(place: Place) -> None:
    place.write({"id": "two", "questions": [{"ask": "A?", "answer": "x"}, {"ask": "B?", "answer": "y"}]})
    with place.open() as desk:
        card = desk.library.card("two")
        assert card is not None
        first, second = map(question_id, card.questions)
        for _ in range(3):
            learned(desk.history, "two", 3, question=first)
        forget(desk, place, "two", LEECH, question=second)
        (leech,) = found(desk)
    texts = {proposal.way: proposal.text for proposal in leech.proposals}
    assert texts["question"].startswith("its question 2 (flip) failed 6 of 6 times")
