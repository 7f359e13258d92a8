"""Whole sessions, through the keys and through the mouse, as somebody would go through them."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.study.session import Phase
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.study import StudyScreen
from quiz.tui.screens.summary import SummaryScreen
from tests.support.desks import choice, flip, typed
from tests.support.pilots import HOME_SIZE, SMALL, Seat, Size, asking, sit, write_decks


def ten_cards(folder: Path) -> Path:
    """Write a deck of ten cards of three kinds."""
    import json

    cards = [choice(f"choice{n}") for n in range(4)] + [typed(f"typed{n}") for n in range(3)]
    cards += [flip(f"flip{n}") for n in range(3)]
    return write_decks(folder, ten=json.dumps({"title": "Ten", "cards": cards}))


async def answer_by_keys(seat: Seat) -> str:
    """Answer the question on the screen rightly and go on; return its card."""
    card, shown = seat.card, seat.session.shown
    assert shown is not None
    if shown.order:
        await seat.press(seat.option(), "enter")
    elif shown.question.kind == "flip":
        await seat.press("enter", "3")
    else:
        await seat.write(shown.question.key, "enter", "enter")
    return card


async def answer_by_mouse(seat: Seat) -> str:
    """Answer the question on the screen and go on with the mouse alone; a typed one cannot be known without keys."""
    card, shown = seat.card, seat.session.shown
    assert shown is not None
    if shown.order:
        await seat.click(shown.options[shown.order.index(0)])
    elif shown.question.kind == "flip":
        await seat.click("Show the answer")
        await seat.click("3 Good")
        return card
    else:
        await seat.click("Don't know")
    await seat.click("Go on")
    return card


async def test_a_newcomer_goes_from_home_through_ten_questions_to_the_summary_and_home(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=ten_cards(tmp_path / "decks")) as seat:
        assert "0 due · 10 new" in seat.told
        assert "Press Enter: the first question comes at once." in seat.told
        await seat.press("enter")
        asked = [await answer_by_keys(seat) for _ in range(10)]
        assert len(set(asked)) == 10
        assert seat.on(SummaryScreen)
        assert "10 of 10 right at the first try (100 %)" in seat.told
        assert "The next card is due" in seat.told
        await seat.press("enter")
        assert seat.on(HomeScreen)
        assert "Nothing is due. 10 answers today. The next card is due" in seat.told
        assert len(seat.events()) == 10
        await seat.press("q")
        assert seat.app.return_code == 0


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_a_session_by_mouse_alone(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, decks=ten_cards(tmp_path / "decks"), size=size) as seat:
        await seat.click("Everything")
        for _ in range(10):
            await answer_by_mouse(seat)
        # The three typed ones were not known, so they are asked again.
        while seat.on(StudyScreen):
            await answer_by_mouse(seat)
            if len(seat.events()) > 15:
                await seat.click("q Stop")
        assert "7 of 10 right" in seat.told
        await seat.click("Enter Home")
        assert seat.on(HomeScreen)
        await seat.click("Settings")
        await seat.click("Esc close")
        await seat.click("? Help")
        await seat.click("Esc close")
        await seat.click("Filter")
        await seat.click("Esc leave it")
        await seat.click("q Quit")
        assert seat.app.return_code == 0


async def test_failed_cards_come_back_within_the_session_and_are_named_in_the_summary(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=ten_cards(tmp_path / "decks"), plan=asking("choice0", "choice1")) as seat:
        missed = seat.card
        await seat.press(seat.option(right=False), "enter")
        await answer_by_keys(seat)
        assert "again ·" in seat.told
        assert await answer_by_keys(seat) == missed
        assert "1 of 2 right at the first try (50 %), and 1 more try" in seat.told
        assert "To look at again" in seat.told
        assert f"Which is {missed}?" in seat.told


async def test_studying_on_after_the_summary_takes_what_is_left(tmp_path: Path) -> None:
    plan = asking(limit=2)
    async with sit(tmp_path, decks=ten_cards(tmp_path / "decks"), plan=plan) as seat:
        for _ in range(2):
            await answer_by_keys(seat)
        assert "8 cards left today" in seat.told
        await seat.press("s")
        assert seat.session.number == 1
        await answer_by_keys(seat)
        assert len(seat.events()) == 3


async def test_one_deck_or_one_topic_can_be_studied_alone(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("down", "down", "enter")
        assert seat.session.shown is not None
        assert seat.session.shown.card.deck == "On the ward"
        await seat.press("q", "enter")
        assert seat.on(HomeScreen)
        await seat.press("o")
        assert "definition" in seat.told
        assert "Roots and nerves" not in seat.told
        await seat.press("down", "down", "enter")
        assert seat.session.shown.card.topic == "definition"
        await seat.press("escape", "enter")
        assert "o Decks" in seat.told


async def test_left_session_goes_on_at_the_same_question_with_the_same_order(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("enter")
        await answer_by_keys(seat)
        card, shown = seat.card, seat.session.shown
        await seat.press("escape", "q") if seat.app.focused else await seat.press("q")
        assert "Stopped" in seat.told
        await seat.press("enter")
        assert "c goes on with the session you left today." in seat.told
        await seat.press("c")
        assert (seat.card, seat.session.shown) == (card, shown)
        assert seat.session.number == 2


@pytest.mark.parametrize("answered", [0, 1])
async def test_after_a_kill_the_next_start_asks_the_same_question(tmp_path: Path, answered: int) -> None:
    plan = asking("heat", "pad")
    async with sit(tmp_path, plan=plan) as seat:
        for _ in range(answered):
            await seat.press(seat.option())
            await seat.press("enter")
        left = seat.session.shown
        # A kill: what is not on the disk by now is gone.
        seat.desk.history.pending.clear()
        seat.desk.history._waiting = None
    async with sit(tmp_path, plan=asking("heat", "pad", seed=99)) as seat:
        assert seat.session.shown is not None
        assert left is not None
        assert seat.card == left.card.id
        assert seat.session.shown.order == left.order
        assert len(seat.events()) == answered


async def test_a_kill_during_the_feedback_keeps_the_answer(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat", "pad")) as seat:
        first = seat.card
        await seat.press(seat.option())
        assert seat.session.phase is Phase.FEEDBACK
        assert [event.card for event in seat.events()] == [first]
        seat.desk.history.pending.clear()
        seat.desk.history._waiting = None
    async with sit(tmp_path, plan=asking("heat", "pad")) as seat:
        assert seat.card != first


async def test_the_time_limit_ends_the_session_after_the_answer(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking(minutes=1)) as seat:
        seat.clock.forward(minutes=1)
        await seat.press(seat.option())
        assert seat.session.phase is Phase.FEEDBACK
        await seat.press("enter")
        assert "Stopped" in seat.told
        assert "The time for this session is up." in seat.told


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_a_session_that_its_time_ends_tells_the_minutes_left(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, plan=asking(minutes=1), size=size) as seat:
        assert "1 · 1 min left" in seat.told, "6 cards are more than a minute has room for"
        await seat.press(seat.option(), "enter", "escape", "q")
        assert "About 1 minute of this session left." in seat.told
        assert "to come" not in seat.told
        await seat.press("s")
        seat.clock.forward(minutes=1)
        await seat.press("escape", "0")
        assert "2 · time is up" in seat.told
        await seat.press("q", "pagedown")
        assert "The time for this session is up." in seat.told


async def test_a_session_that_its_minutes_have_room_for_counts_its_questions(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking(minutes=2)) as seat:
        assert "1 · 5 left" in seat.told


async def test_the_session_of_the_command_line_ends_at_home_too(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        await seat.press(seat.option(), "enter", "enter")
        assert seat.on(HomeScreen)
        await seat.press("down", "down", "enter", "0", "enter", "q", "enter")
        assert seat.on(HomeScreen)
        assert "c Continue" in seat.told
        await seat.press("q")
        assert seat.app.return_code == 0
