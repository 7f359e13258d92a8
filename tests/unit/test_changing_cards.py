"""Cards that change: what is said, what comes back, what goes on. Through the real decks and the real history."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from quiz.deck.model import fingerprint
from quiz.deck.scope import Scope
from quiz.memory import StudyDay
from quiz.report.orphans import Orphan, orphans
from quiz.store.changes import Change
from quiz.store.derive import NEVER
from quiz.store.examine import examine, repair
from quiz.store.history import History
from quiz.study.session import Phase
from tests.support.clocks import FixedClock
from tests.support.desks import Entry, Place, flip, give, mixed, on_screen, sound, step, study, to_the_end, typed
from tests.support.old_stores import as_version


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def cloze(answer: str = "80", **fields: Any) -> Entry:
    return {"id": "a", "cloze": f"It is heated to {{{{{answer}}}}} degrees.", **fields}


def picked(right: str, *wrong: str, ask: str = "How hot?", **fields: Any) -> Entry:
    options = [{"right": right}, *({"wrong": text, "why": "no"} for text in wrong)]
    return {"id": "a", "questions": [{"ask": ask, "choices": options}], **fields}


def several(*questions: Entry) -> Entry:
    return {"id": "a", "questions": list(questions)}


ASKED = {"ask": "How hot?", "answer": "80 degrees"}
HOT_TYPED = {"ask": "How hot?", "answer": "80", "accept": []}

# What the card was, what it is now, and the change that is told: the old words and the new ones, or nothing.
EDITS: dict[str, tuple[Entry, Entry, tuple[str, str] | None]] = {
    "nothing": (cloze(), cloze(), None),
    "the claim and the reason": (cloze(), cloze(claim="Other.", why="Since."), None),
    "the topic, the deck's place": (cloze(), cloze(topic="risks", tier="detail"), None),
    "the wording": (typed("a"), typed("a") | {"ask": "Write a."}, None),
    "capitals and the full stop": (flip("a", answer="It is hot"), flip("a", answer="it is hot."), None),
    "one more spelling": (HOT_TYPED | {"id": "a"}, HOT_TYPED | {"id": "a", "accept": ["80 °C"]}, None),
    "a wrong option": (picked("80", "60", "100"), picked("80", "60", "120"), None),
    "the order of options": (picked("80", "60", "100"), picked("80", "100", "60"), None),
    "the kind": (ASKED | {"id": "a"}, ASKED | {"id": "a", "accept": []}, None),
    "the kind, and more wrong options": (picked("80", "60"), HOT_TYPED | {"id": "a"}, None),
    "a question more": (cloze(), several({"cloze": cloze()["cloze"]}, picked("eighty", "60")["questions"][0]), None),
    "a question less": (several({"cloze": cloze()["cloze"]}, ASKED), cloze(), None),
    "the hole of a sentence": (cloze(), cloze("90"), ("80", "90")),
    "the answer of a flip card": (ASKED | {"id": "a"}, ASKED | {"id": "a", "answer": "90"}, ("80 degrees", "90")),
    "a typed answer": (HOT_TYPED | {"id": "a"}, HOT_TYPED | {"id": "a", "answer": "90"}, ("80", "90")),
    "which option is right": (picked("80", "90"), picked("90", "80"), ("80", "90")),
    "the words of the right option": (picked("80", "60"), picked("90", "60"), ("80", "90")),
    "kind and answer": (ASKED | {"id": "a"}, HOT_TYPED | {"id": "a", "answer": "90"}, ("80 degrees", "90")),
    "wording and answer": (flip("a"), flip("a", ask="What is it?", answer="Else"), ("It is a", "Else")),
    "a number": (
        {"id": "a", "ask": "How hot?", "number": "80", "unit": "°C", "tolerance": "5"},
        {"id": "a", "ask": "How hot?", "number": "90", "unit": "°C", "tolerance": "5"},
        ("80 °C", "90 °C"),
    ),
    "the order of steps": (
        {"id": "a", "ask": "In order?", "order": ["one", "two", "three"]},
        {"id": "a", "ask": "In order?", "order": ["one", "three", "two"]},
        ("one → two → three", "one → three → two"),
    ),
}


def learn(place: Place, *cards: Entry) -> None:
    """Answer every card right, three days ago."""
    place.write(*cards)
    with place.open() as desk:
        to_the_end(study(desk))
    place.clock.forward(days=1)


def waiting(place: Place) -> list[str]:
    """Return the cards that are due today, in the order they would be asked."""
    with place.open() as desk:
        return [c.card for c in desk.history.due(Scope(), desk.history.today(), 50)]


@pytest.mark.parametrize(("was", "now", "told"), EDITS.values(), ids=EDITS.keys())
def test_an_edit_is_told_only_when_the_answer_is_another_one(
    place: Place, was: Entry, now: Entry, told: tuple[str, str] | None
) -> None:
    learn(place, was)
    with place.open() as desk:
        before = desk.history.state("a")
    place.write(now)
    with place.open() as desk:
        state = desk.history.state("a")
        assert state == before, "what was learned stays"
        assert sound(desk.history)
        assert place.clock.at // 86_400_000 < state.due, "by itself it is not due yet"
        changes = desk.history.changes(desk.library.card("a"), state)  # type: ignore[arg-type]
        assert [(c.old, c.new) for c in changes] == ([told] if told else [])
        session = study(desk)
        if told is None:
            assert session.phase is Phase.DONE, "nothing is said, and nothing comes back"
        else:
            assert session.shown is not None
            assert session.shown.change == changes[0]
            give(session)


@pytest.mark.parametrize("kept_words", [True, False])
def test_after_its_new_answer_was_given_the_card_is_like_any_other(place: Place, kept_words: bool) -> None:
    learn(place, cloze(), typed("b"))
    if not kept_words:
        forget_words(place)
    place.write(cloze("90"), typed("b"))
    assert waiting(place) == ["a"]
    with place.open() as desk:
        session = study(desk)
        assert on_screen(session) == "a"
        assert session.shown is not None
        assert session.shown.change == Change(session.shown.question, "80" if kept_words else "", "90", True)
        step(session)
        assert session.phase is Phase.DONE
        assert desk.history.events_of("a")[-1].body["changed"] is True
        session.undo()
        assert session.shown is not None
        assert session.shown.change is not None, "taken back, the answer is not learned"
        session.stop()
    assert waiting(place) == ["a"]
    with place.open() as desk:
        step(study(desk))
    assert waiting(place) == []


def forget_words(place: Place) -> None:
    """Make the history one of the time when the words of the right answer were not kept."""
    with place.database() as db:
        db.execute("drop trigger event_is_never_changed")
        db.execute("update event set body = json_remove(body, '$.key', '$.stem')")
        db.execute("create trigger event_is_never_changed before update on event begin select raise(abort, ''); end")


@pytest.mark.parametrize(
    ("was", "now", "comes_back"),
    [
        (HOT_TYPED, HOT_TYPED | {"accept": ["80 °C"]}, False),  # what was typed is still right
        (HOT_TYPED, HOT_TYPED | {"answer": "90"}, True),
        (ASKED, ASKED | {"accept": [], "answer": "80"}, True),
        (ASKED, {"ask": "Which?", "answer": "90"}, True),
        (ASKED, {"ask": "Which?", "answer": "90", "accept": []}, False),  # another kind altogether: nothing is known
    ],
)
def test_of_answers_without_words_as_much_is_told_as_is_known(
    place: Place, was: Entry, now: Entry, comes_back: bool
) -> None:
    learn(place, was | {"id": "a"})
    forget_words(place)
    place.write(now | {"id": "a"})
    assert waiting(place) == (["a"] if comes_back else [])


def test_the_day_on_which_the_answer_was_learned_makes_no_difference(place: Place) -> None:
    place.write(cloze(), typed("b"))
    with place.open() as desk:
        to_the_end(study(desk))
    place.write(cloze("90"), typed("b"))
    assert waiting(place) == ["a"]
    with place.open() as desk:
        assert on_screen(study(desk)) == "a", "at once, though it was asked today"


def test_what_changed_comes_before_what_is_only_due(place: Place) -> None:
    learn(place, *(typed(f"t{n}") for n in range(9)), cloze())
    place.clock.forward(days=60)
    place.write(*(typed(f"t{n}") for n in range(9)), cloze("90"))
    assert waiting(place)[0] == "a"
    with place.open() as desk:
        assert on_screen(study(desk, limit=1)) == "a"


@pytest.mark.parametrize(("what", "shown_from"), [("suspend", NEVER), ("bury", None)])
def test_a_card_that_was_put_away_stays_away(place: Place, what: Any, shown_from: int | None) -> None:
    learn(place, cloze())
    with place.open() as desk:
        today = desk.history.today()
        desk.history.record([desk.history.event(what, card="a", body={"on": True, "until": today + 2})])
    place.write(cloze("90"))
    with place.open() as desk:
        ((kept,),) = desk.history.query("select shown_from from state where card = 'a'")
        assert kept == (today + 2 if shown_from is None else shown_from)
        assert study(desk).phase is Phase.DONE
        desk.history.record([desk.history.event("suspend", card="a", body={"on": False})])
        desk.history.record([desk.history.event("bury", card="a", body={"until": today})])
    assert waiting(place) == ["a"]


def test_an_answer_that_is_changed_back_asks_for_nothing(place: Place) -> None:
    learn(place, cloze())
    for answer, expected in (("90", ["a"]), ("80", []), ("90", ["a"])):
        place.write(cloze(answer))
        assert waiting(place) == expected


def test_of_several_questions_each_that_changed_is_asked(place: Place) -> None:
    learn(place, mixed("a"))
    for _ in range(3):
        place.clock.forward(days=200)
        with place.open() as desk:
            to_the_end(study(desk))
    other = mixed("a")
    other["questions"][1] = {"cloze": "The word is {{else}}."}
    other["questions"][2] = {"ask": "Type a.", "answer": "else", "accept": []}
    place.write(other)
    asked = []
    for _ in range(2):
        assert waiting(place) == ["a"]
        with place.open() as desk:
            session = study(desk)
            assert session.shown is not None
            asked.append(session.shown.question.kind)
            step(session)
    assert sorted(asked) == ["cloze", "typed"]
    assert waiting(place) == []


def test_proof_that_changed_waits_for_its_turn(place: Place) -> None:
    learn(place, mixed("a"))
    with place.open() as desk:
        card = desk.library.card("a")
        assert card is not None
        proof = card.questions[-1]
        body = {"question": f"typed-{fingerprint(proof.prompt_parts)[:8]}", "key": "a", "mark": 1.0}
        body["answer"] = fingerprint(proof.answer_parts)
        desk.history.record([desk.history.event("answer", card="a", rating=3, body=body)])
    other = mixed("a")
    other["questions"][-1] |= {"answer": "else"}
    place.write(other)
    assert waiting(place) == []
    with place.open() as desk:
        (change,) = desk.history.changes(desk.library.card("a"), desk.history.state("a"))  # type: ignore[arg-type]
        assert (change.old, change.new, change.due) == ("a", "else", False)


def test_a_deck_that_did_not_change_is_not_compared_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    learn(place, cloze())
    waiting(place)
    monkeypatch.setattr("quiz.store.revision.revise", lambda *_: pytest.fail("compared without need"))
    waiting(place)


def test_many_changes_are_compared_over_several_starts(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quiz.store.revision.MOST_CARDS", 3)
    place.write(*(flip(f"f{n}") for n in range(8)))
    with place.open() as desk:
        to_the_end(study(desk))
    place.clock.forward(days=1)
    place.write(*(flip(f"f{n}", answer="Else") for n in range(8)))
    assert [len(waiting(place)) for _ in range(4)] == [3, 6, 8, 8]


def test_a_history_from_before_knows_what_was_right(place: Place) -> None:
    """Migrated from version 2, where the states did not tell which answer was learned."""
    learn(place, cloze(), flip("b"))
    with place.open() as desk:
        first = desk.history.events_of("b")[0]
        desk.history.record([desk.history.event("undo", card="b", target=first.id)])
    as_version(place.paths.history, 2)
    place.write(cloze("90"), flip("b"))
    assert waiting(place) == ["a"]
    with place.open() as desk:
        assert sound(desk.history)
        assert desk.history.state("b").asked == {}


# -- same-as, deletion, return ----------------------------------------------------------------------------------------


def test_a_card_under_a_new_id_goes_on_where_the_old_one_stood(place: Place) -> None:
    learn(place, cloze())
    with place.open() as desk:
        before = desk.history.state("a")
    place.write(cloze() | {"id": "z"})
    with place.open() as desk:
        assert desk.history.state("z").new
    place.write(cloze() | {"id": "z", "same-as": "a"})
    for _ in range(2):
        with place.open() as desk:
            assert desk.history.state("z") == before
            assert len(desk.history.of_kind("alias")) == 1, "it is said once"
            assert sound(desk.history)


def test_histories_of_cards_that_became_one_are_joined(place: Place) -> None:
    learn(place, typed("a"), typed("b"))
    place.write(typed("c", **{"same-as": ["a", "b"]}))
    with place.open() as desk:
        assert desk.history.state("c").answers == 2
        assert [e.card for e in desk.history.events_of("c") if e.kind == "answer"] == ["a", "b"]
        assert sound(desk.history)


def test_both_halves_of_a_card_that_was_parted_know_what_it_knew(place: Place) -> None:
    learn(place, flip("a"))
    place.write(flip("a"), flip("b", **{"same-as": "a"}))
    with place.open() as desk:
        assert desk.history.state("a").memory == desk.history.state("b").memory
        assert not desk.history.state("a").new


@pytest.mark.parametrize(
    ("was", "now", "goes_on"),
    [
        (flip("a", both_ways=True), flip("z", both_ways=True), {"z": "a", "z/back": "a/back"}),
        (flip("a", both_ways=True), flip("z", **{"same-as": "a/back"}), {"z": "a/back"}),
        (
            {"id": "a", "cloze": "{{a: one}} and {{b: two}}"},
            {"id": "z", "cloze": "{{a: one}} and {{b: two}}"},
            {"z/a": "a/a", "z/b": "a/b"},
        ),
        (
            {"id": "a", "cloze": "{{one}} and two"},
            {"id": "a", "cloze": "{{a: one}} and {{b: two}}"},
            {"a/a": "a", "a/b": "a"},
        ),
    ],
)
def test_parts_go_on_as_parts(place: Place, was: Entry, now: Entry, goes_on: dict[str, str]) -> None:
    learn(place, was)
    for _ in range(2):  # siblings keep a day apart
        place.clock.forward(days=1)
        with place.open() as desk:
            to_the_end(study(desk))
    place.write({"same-as": "a", **now})
    with place.open() as desk:
        for card, old in goes_on.items():
            assert not desk.history.state(card).new
            assert desk.history.state(card) == desk.history.state(old)


def test_a_card_that_goes_is_listed_and_comes_back_as_it_was(place: Place) -> None:
    learn(place, cloze(), typed("b"))
    with place.open() as desk:
        before, last = desk.history.state("a"), desk.history.events_of("a")[-1].day
    place.write(typed("b"))
    with place.open() as desk:
        assert listed(desk.history) == [Orphan("a", 1, StudyDay(last), "80", "")]
        assert study(desk).phase is Phase.DONE
    place.write(cloze(claim="Back again."), typed("b"))
    with place.open() as desk:
        assert listed(desk.history) == []
        assert desk.history.state("a") == before


def listed(history: History) -> list[Orphan]:
    with closing(history.reader()) as db:
        return orphans(db)


def test_an_orphan_names_the_card_that_asks_the_same_until_that_takes_it_up(place: Place) -> None:
    learn(place, cloze())
    place.write(cloze() | {"id": "z"})
    with place.open() as desk:
        assert [o.now for o in listed(desk.history)] == ["z"]
    place.write(cloze() | {"id": "z", "same-as": "a"})
    with place.open() as desk:
        assert listed(desk.history) == []
    place.write(cloze() | {"id": "y", "same-as": ["z"]})  # and once more, through z
    with place.open() as desk:
        assert listed(desk.history) == []
        assert desk.history.state("y").answers == 1


def test_a_card_that_moves_to_another_file_keeps_all(place: Place) -> None:
    learn(place, cloze(), typed("b"))
    with place.open() as desk:
        before = desk.history.state("a")
    place.write(typed("b"))
    place.write(cloze(), name="other")
    with place.open() as desk:
        assert desk.history.state("a") == before
        assert study(desk).phase is Phase.DONE


def test_an_answer_that_changes_while_two_files_claim_the_id_is_told_once_one_gives_it_up(place: Place) -> None:
    learn(place, cloze(), typed("b"))
    place.write(cloze("90"), typed("b"))
    place.write(cloze("90"), name="other")
    with pytest.raises(AssertionError, match="stands twice"), place.open():
        pass
    place.write(typed("c"), name="other")
    assert waiting(place) == ["a"]


def test_a_card_without_an_id_is_found_again_by_its_content(place: Place) -> None:
    bare = {"ask": "How hot?", "answer": "80"}
    learn(place, bare)
    with place.open() as desk:
        (old,) = [card.id for card in desk.library.cards()]
    place.write(bare | {"answer": "81", "same-as": old})
    with place.open() as desk:
        (new,) = [card.id for card in desk.library.cards()]
        assert new != old
        assert desk.history.state(new).answers == 1
        session = study(desk)
        assert session.shown is not None
        assert session.shown.change is not None
        assert (session.shown.change.old, session.shown.change.new) == ("80", "81")


# -- reset ------------------------------------------------------------------------------------------------------------


def test_after_a_reset_only_later_answers_count(tmp_path: Path) -> None:
    place = Place(tmp_path, FixedClock("2026-11-20 10:00"))
    learn(place, cloze())
    place.clock.forward(days=19)
    with place.open() as desk:
        to_the_end(study(desk))
        assert desk.history.state("a").days == 2
    place.write(cloze(reset="2026-12-01"))
    with place.open() as desk:
        state = desk.history.state("a")
        assert (state.days, state.answers, state.new) == (1, 2, False), "what was answered since counts"
        assert sound(desk.history)
    place.write(cloze(reset="2026-12-11"))
    place.clock.forward(days=3)
    for _ in range(2):
        with place.open() as desk:
            state = desk.history.state("a")
            assert (state.new, state.days, state.answers) == (True, 0, 2)
            assert sound(desk.history)
            assert len(desk.history.of_kind("reset")) == 2
    with place.open() as desk:
        assert on_screen(study(desk)) == "a"


def test_a_reset_of_a_day_to_come_waits_for_it(place: Place) -> None:
    learn(place, cloze())
    place.write(cloze(reset="2026-12-01"))
    for days, new in ((0, False), (3, False), (10, True)):
        place.clock.forward(days=days)
        with place.open() as desk:
            assert desk.history.state("a").new == new


def test_a_reset_of_a_card_that_nobody_answered_before_it_writes_nothing(place: Place) -> None:
    place.write(cloze(reset="2026-11-22"), cloze() | {"id": "z", "same-as": "old"})
    with place.open() as desk:
        to_the_end(study(desk))
    with place.open() as desk:
        assert [e.kind for e in desk.history.events()] == ["answer", "answer"]


def test_a_reset_holds_for_ids_that_the_card_had_before(place: Place) -> None:
    learn(place, cloze())
    place.clock.forward(days=2)
    place.write(cloze() | {"id": "z", "same-as": "a", "reset": "2026-11-24"})
    with place.open() as desk:
        assert desk.history.state("z").new
        assert not desk.history.state("a").new
        assert desk.history.state("z").answers == 1


def test_an_examination_takes_changed_answers_and_other_ids_for_what_they_are(place: Place) -> None:
    learn(place, cloze(), flip("b"))
    place.write(cloze("90"), flip("z") | {"same-as": "b"})
    before = waiting(place)
    with place.open() as desk:
        found = examine(desk.history)
        assert list(desk.history.query("select card from revised where due order by card"))
        assert (found.sound, found.differing, found.cards) == (True, 0, 3)
        with sqlite3.connect(desk.history.path) as beside:
            beside.execute("update state set shown_from = 1, stability = stability + 1")
        beside.close()
        assert repair(desk.history, examine(desk.history)) == 3
    assert waiting(place) == before, "compared anew"
    with place.open() as desk:
        assert examine(desk.history).sound
