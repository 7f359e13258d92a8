"""What comes after an answer: the verdict, the reasons, the sources, and what can be done about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.deck.library import Library
from quiz.memory import Rating
from quiz.study.session import Phase
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.summary import SummaryScreen
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, Seat, Size, asking, sit, write_decks


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL, LARGE])
async def test_a_wrong_option_is_told_in_word_and_sign_with_the_answer_and_both_reasons(
    tmp_path: Path, size: Size
) -> None:
    async with sit(tmp_path, plan=asking("heat"), size=size) as seat:
        shown = seat.session.shown
        assert shown is not None
        await seat.press(str(shown.order.index(1) + 1))
        assert "✗ Wrong Answer: Alternating current" in seat.told, "the verdict is in sight at once"
        assert "Why not that: The tissue heats first, not the wire." in seat.told
        await seat.press("up", "up", "up", "up", "up", "up")
        assert "✗ " + str(shown.order.index(1) + 1) + " A hot wire" in seat.told
        assert "✓ " + str(shown.order.index(0) + 1) + " Alternating current" in seat.told
        await seat.press("pagedown", "pagedown")
        assert "Why: The current agitates ions" in seat.told


async def test_evidence_is_named_only_where_it_is_not_high(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("rootlets", "branch")) as seat:
        seen = {}
        for _ in range(2):
            await seat.press("escape", "0")
            seen[seat.card] = "Evidence: moderate" in seat.told
            await seat.press("enter")
        assert seen == {"rootlets": True, "branch": False}


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_sources_are_shown_and_hidden(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, plan=asking("heat"), size=size) as seat:
        await seat.press("o")
        assert "atlas" not in seat.told.lower(), "a source may give the answer away"
        await seat.press(seat.option())
        assert "Journal of Roots" not in seat.told
        await seat.press("o")
        assert "A. Writer. An atlas of nerve roots. Journal of Roots (2020). doi:10.1000/roots" in seat.told
        assert "· nobody" in seat.told, "a source that the bibliography does not hold is told by its id"
        assert "Checked 2026-11-22" in seat.told
        await seat.press("o")
        assert "Journal of Roots" not in seat.told
        assert "✓ Right" in seat.told


async def test_a_card_without_sources_says_so(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("word")) as seat:
        await seat.press("enter", "o")
        assert "This card names no source." in seat.told


# -- danger, proof, look-alikes, the ward's own layer -----------------------------------------------------------------

ALIKE = """\
title: Levels
cards:
  - id: three
    safety: true
    claim: The L3 medial branch crosses L4.
    contrast_with: [four]
    questions:
      - ask: Which nerve crosses L4?
        choices: [{right: L3}, {wrong: L4}]
      - {ask: Which nerve crosses the L4 process?, answer: L3, accept: [], proof: true}
  - id: four
    claim: The L4 medial branch crosses L5.
    contrast_with: [three]
    ask: Which nerve crosses L5?
    answer: L4
"""
SURE_AND_WRONG = "! Sure, and wrong: it comes back now, tomorrow and in a week."


@pytest.mark.parametrize(("certainty", "told"), [("3", True), ("2", False)])
async def test_sure_and_wrong_is_shown_as_such(tmp_path: Path, certainty: str, told: bool) -> None:
    async with sit(tmp_path, plan=asking("heat"), settings={"certainty": "on"}) as seat:
        await seat.press(seat.option(right=False), certainty)
        assert "✗ Wrong" in seat.told
        assert (SURE_AND_WRONG in seat.told) is told


async def test_sure_and_right_is_no_danger(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat"), settings={"certainty": "on"}) as seat:
        await seat.press(seat.option(), "3")
        assert "Sure, and wrong" not in seat.told


@pytest.mark.parametrize("right", [True, False])
async def test_what_a_card_is_taken_for_is_named_in_a_drill_alone(tmp_path: Path, right: bool) -> None:
    """In plain study it would push the question out of sight: one thing at a time."""
    decks = write_decks(tmp_path / "decks", levels=ALIKE)
    async with sit(tmp_path, decks=decks, plan=asking("three")) as seat:
        await seat.press(seat.option(right=right))
        assert "Not the same" not in seat.told
    async with sit(tmp_path / "b", decks=decks, plan=asking(mode="contrast")) as seat:
        while seat.card != "three":
            await seat.press("enter", "3")
        await seat.press(seat.option(right=right))
        assert "Not the same: The L4 medial branch crosses L5." in seat.told


async def test_in_a_drill_of_look_alikes_the_other_is_always_named(tmp_path: Path) -> None:
    decks = write_decks(tmp_path / "decks", levels=ALIKE)
    async with sit(tmp_path, decks=decks, plan=asking(mode="contrast")) as seat:
        while seat.card != "three":
            await seat.press("enter", "3")
        await seat.press(seat.option())
        assert "✓ Right" in seat.told
        assert "Not the same: The L4 medial branch crosses L5." in seat.told


@pytest.mark.parametrize(
    ("right", "told"),
    [
        (True, "Passed: you had not practised this question."),
        (False, "Not passed. It counts: you had not practised this question."),
    ],
)
async def test_a_question_held_back_tells_whether_the_card_is_passed(tmp_path: Path, right: bool, told: str) -> None:
    decks = write_decks(tmp_path / "decks", levels=ALIKE)
    async with sit(tmp_path, decks=decks, plan=asking("three", mode="refresher")) as seat:
        while not seat.app.focused:
            await seat.press(seat.option(), "enter")
        await seat.write("L3" if right else "L5", "enter")
        assert told in seat.told


async def test_what_holds_on_this_ward_stands_beside_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Library, "here", lambda _, card: f"On the left leg [/b] ({card}).")
    async with sit(tmp_path, plan=asking("pad")) as seat:
        assert "On the left leg" not in seat.told
        await seat.press(seat.option())
        assert "Why: A pad over bone burns the skin. Here: On the left leg [/b] (pad)." in seat.told


# -- ratings ----------------------------------------------------------------------------------------------------------


async def test_the_ratings_say_when_the_card_comes_back_and_which_is_in_force(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        await seat.press(seat.option())
        feedback = seat.session.feedback
        assert feedback is not None
        days = {rating: feedback.outcomes[rating].interval for rating in Rating}
        assert days[Rating.EASY] > days[Rating.GOOD] >= 1
        for rating in (Rating.HARD, Rating.GOOD, Rating.EASY):
            assert f"{rating.value} {rating.name.capitalize()} {days[rating]} day" in seat.told
        assert "1 Again soon" in seat.told
        assert "▸3 Good" in seat.told


@pytest.mark.parametrize("way", ["key", "click"])
async def test_the_rating_can_be_changed_and_the_screen_stays(tmp_path: Path, way: str) -> None:
    async with sit(tmp_path, plan=asking("heat", "pad")) as seat:
        card = seat.card
        await seat.press(seat.option())
        if way == "key":
            await seat.press("4")
        else:
            await seat.click("4 Easy")
        assert "▸4 Easy" in seat.told
        assert "▸3" not in seat.told
        assert (seat.card, seat.session.phase) == (card, Phase.FEEDBACK)
        state = seat.desk.history.state(card)
        feedback = seat.session.feedback
        assert feedback is not None
        assert state.due - seat.session.day == feedback.outcomes[Rating.EASY].interval
        assert state.answers == 1


async def test_a_letter_or_a_digit_beyond_four_does_not_rate(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        await seat.press(seat.option(), "5", "0", "e")
        assert "▸3 Good" in seat.told


# -- undo -------------------------------------------------------------------------------------------------------------


async def wrong(seat: Seat) -> str:
    """Answer the choice on the screen wrongly; return its card."""
    await seat.press(seat.option(right=False))
    return seat.card


async def test_undo_during_the_feedback_asks_the_same_question_in_the_same_order(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat", "pad")) as seat:
        before = seat.picture
        await wrong(seat)
        await seat.press("u")
        assert seat.picture == before
        await seat.press(seat.option(), "enter", seat.option())
        assert seat.desk.history.state("heat").lapses == 0


async def test_undo_on_the_next_question_goes_back_one(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat", "pad")) as seat:
        card = await wrong(seat)
        await seat.press("enter")
        assert seat.card != card
        await seat.press("u")
        assert (seat.card, seat.session.phase) == (card, Phase.ASK)
        assert seat.desk.history.state(card).answers == 0


async def test_undo_after_a_flip_card_was_turned_takes_the_answer_before_back(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat", "word")) as seat:
        if seat.card == "word":
            await seat.press("enter", "3")
            await seat.press("u")
        else:
            await wrong(seat)
            await seat.press("enter", "enter")
            assert seat.session.phase is Phase.REVEALED
            await seat.press("u")
        assert seat.session.phase is Phase.ASK
        assert not seat.session.answered


@pytest.mark.parametrize("way", ["key", "click"])
async def test_undo_from_the_summary(tmp_path: Path, way: str) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        await seat.press(seat.option(), "enter")
        assert seat.on(SummaryScreen)
        if way == "key":
            await seat.press("u")
        else:
            await seat.click("u Undo")
        assert seat.card == "heat"
        await wrong(seat)
        assert "✗ Wrong" in seat.told
        assert seat.desk.history.state("heat").answers == 1


async def test_there_is_no_undo_before_the_first_answer(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        before = seat.picture
        assert "u Undo" not in seat.told
        await seat.press("u")
        assert seat.picture == before


# -- flag, put off, suspend -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", ["question", "feedback", "typing"])
async def test_a_card_is_flagged_with_a_note(tmp_path: Path, phase: str) -> None:
    async with sit(tmp_path, plan=asking("branch" if phase == "typing" else "heat")) as seat:
        if phase == "feedback":
            await seat.press(seat.option())
        if phase == "typing":
            await seat.press("escape")
        await seat.press("m")
        assert "What is wrong with this card?" in seat.told
        await seat.write("the wire [/b] q1", "enter")
        assert "Flagged. Thank you" in seat.told
        (event,) = seat.events("flag")
        assert (event.card, event.body["note"]) == (seat.card, "the wire [/b] q1")
        assert seat.desk.history.state(seat.card).flagged
        assert seat.session.phase is (Phase.FEEDBACK if phase == "feedback" else Phase.ASK)


async def test_flagging_by_mouse_and_leaving_it(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        await seat.press(seat.option())
        await seat.click("m Flag")
        await seat.click("Esc leave it")
        assert not seat.events("flag")
        await seat.click("m Flag")
        await seat.click("Enter flag it")
        assert seat.events("flag")[0].body["note"] == "(no note)"
        await seat.press("m", "escape")
        assert seat.session.phase is Phase.FEEDBACK
        assert len(seat.events("flag")) == 1


@pytest.mark.parametrize("answered", [False, True])
async def test_putting_off_goes_on_with_another_card_until_tomorrow(tmp_path: Path, answered: bool) -> None:
    async with sit(tmp_path, plan=asking("heat", "pad")) as seat:
        card = seat.card
        if answered:
            await seat.press(seat.option())
        await seat.press("p")
        assert "Put off until tomorrow." in seat.told
        assert seat.card != card
        state = seat.desk.history.state(card)
        assert state.shown_from > seat.session.day


async def test_a_suspended_card_is_brought_back_from_home(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat", "pad")) as seat:
        card = seat.card
        await seat.press("x")
        assert seat.card != card
        assert "Suspended: x on the home screen brings it back." in seat.told
        await seat.press("q", "enter")
        assert seat.on(HomeScreen)
        assert "x Suspended" in seat.told
        await seat.press("x")
        assert "Suspended cards" in seat.told
        await seat.press("enter")
        assert "It will be asked again." in seat.told
        assert "x Suspended" not in seat.told
        assert not seat.desk.history.state(card).suspended


async def test_suspending_the_last_card_ends_the_session(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        await seat.press("x")
        assert seat.on(SummaryScreen)
        assert "Nothing was answered." in seat.told


@pytest.mark.parametrize("way", ["click", "keys"])
async def test_suspended_cards_are_chosen_by_mouse_or_left_alone(tmp_path: Path, way: str) -> None:
    async with sit(tmp_path, plan=asking("heat", "pad")) as seat:
        await seat.press("x")
        await seat.press("x", "enter")
        await seat.click("x Suspended")
        await seat.press("escape")
        assert seat.on(HomeScreen)
        await seat.click("x Suspended")
        if way == "click":
            await seat.click("Alternating current heats")
        else:
            await seat.press("down", "up", "enter")
        back = seat.events("suspend")[-1]
        assert (back.card, back.body["on"]) == ("heat", False)
