"""A huddle on the screen: a question for the room, hands counted, the tally, the totals; nothing is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.study.blueprint import ExamPlan
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.huddle import HuddleScreen
from tests.support.exam_seats import examined, small_deck
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, PilotClock, Size, write_decks

PLAN = ExamPlan(limit=3, seed=1)


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL, LARGE])
async def test_three_questions_by_keyboard(tmp_path: Path, size: Size) -> None:
    async with examined(tmp_path, PLAN, group=True, size=size) as seat:
        right = 0
        for number in range(1, 4):
            shown = seat.huddle.shown
            assert shown is not None
            assert f"{number} of 3" in seat.told
            counts = dict(zip(shown.order, (3, 10, 2), strict=True))
            right += counts[0]
            await seat.write("3 10 2", "enter")
            assert seat.huddle.tally is not None
            assert f"{counts[0]} of 15 hands right" in " ".join([seat.told, *await read(seat)])
            await seat.press("enter")
        assert f"{right} of 45 hands right over 3 questions." in seat.told
        assert "Nothing was kept." in seat.told
        await seat.press("q")
        assert seat.app.return_code == 0
        assert not seat.events()
        assert not seat.events("session")


async def read(seat: object) -> list[str]:
    """Page down to the end and return what was read."""
    from tests.support.pilots import Seat

    assert isinstance(seat, Seat)
    found = []
    for _ in range(6):
        await seat.press("pagedown")
        found.append(seat.told)
    return found


async def test_the_tally_shows_hands_in_numbers_and_bars_with_the_reasons(tmp_path: Path) -> None:
    async with examined(tmp_path, PLAN, group=True, size=LARGE) as seat:
        shown = seat.huddle.shown
        assert shown is not None
        await seat.write("8,4,0", "enter")
        signs = ["✓" if option == 0 else "✗" for option in shown.order]
        for place, (sign, hands, bar) in enumerate(
            zip(signs, ("8 hands", "4 hands", "0 hands"), ("█" * 20, "█" * 10 + "░" * 10, "░" * 20), strict=True)
        ):
            text = getattr(shown.question, "options")[shown.order[place]].text  # noqa: B009 - a choice
            assert f"{sign} {place + 1} {text} {bar} {hands}" in seat.told
        assert f"Why: {shown.card.why}" in seat.told
        assert "That is something else." in seat.told
        await seat.press("o")
        assert "An atlas of nerve roots" in seat.told


async def test_hands_are_counted_with_the_mouse_alone(tmp_path: Path) -> None:
    async with examined(tmp_path, PLAN, group=True) as seat:
        for _ in range(3):
            await seat.click("▸", 1)
        await seat.click("◂", 1)
        await seat.click("▸", 0)
        assert "◂ 1 ▸" in seat.told
        assert "◂ 2 ▸" in seat.told
        await seat.click("Enter Count")
        assert seat.huddle.tally is not None
        assert seat.huddle.tally.counts == (1, 2, 0)
        await seat.click("r Count anew")
        await seat.click("▸", 2)
        await seat.click("Enter Count")
        assert seat.huddle.tally.counts == (1, 2, 1)
        await seat.click("Enter Next")
        assert seat.huddle.number == 2
        await seat.click("→ Skip")
        assert seat.huddle.number == 3
        assert seat.huddle.totals().hands == 4
        await seat.click("q End")
        await seat.click("q Leave")
        assert seat.app.return_code == 0


@pytest.mark.parametrize("typed", ["", "3", "3 4", "3 4 5 6", "0 0 0", "99999 1 1"])
async def test_what_is_no_count_is_told_with_an_example(tmp_path: Path, typed: str) -> None:
    async with examined(tmp_path, PLAN, group=True) as seat:
        await seat.write(typed, "enter")
        assert "Type 3 numbers, the hands for each in turn, as in: 3 10 2" in seat.told
        assert seat.huddle.tally is None


async def test_letters_do_not_get_into_the_line_and_are_keys_after_esc(tmp_path: Path) -> None:
    async with examined(tmp_path, PLAN, group=True) as seat:
        await seat.write("a3 q1")
        assert "3 1" in seat.told
        await seat.press("escape", "n")
        assert seat.huddle.number == 2


async def test_a_question_without_options_shows_its_answer_before_hands_are_raised(tmp_path: Path) -> None:
    decks = write_decks(tmp_path / "d", f=small_deck({"id": "f", "topic": "t", "ask": "What is it?", "answer": "That"}))
    async with examined(tmp_path, ExamPlan(limit=1, seed=1), group=True, decks=decks) as seat:
        assert "Think of the answer" in seat.told
        assert "That" not in seat.told
        await seat.press("enter")
        assert "Answer: That" in seat.told
        assert "1 had it right" in seat.told
        await seat.write("4 6", "enter")
        assert "4 of 10 hands right (40 %)." in seat.told
        await seat.press("enter")
        assert "To talk about again, the weakest first · What is it?" in seat.told


async def test_a_held_enter_does_not_skip_the_tally(tmp_path: Path) -> None:
    clock = PilotClock(step=10)
    async with examined(tmp_path, PLAN, group=True, clock=clock) as seat:
        clock.counter += 5_000
        await seat.write("1 2 3")
        clock.counter += 5_000
        await seat.press(*["enter"] * 30)
        assert seat.huddle.number == 1
        assert seat.huddle.tally is not None


async def test_ended_at_once_it_says_that_nothing_was_counted(tmp_path: Path) -> None:
    async with examined(tmp_path, PLAN, group=True) as seat:
        await seat.press("escape", "escape")
        assert "No hands were counted." in seat.told
        await seat.press("enter", "q")
        assert seat.app.return_code == 0


async def test_from_home_a_huddle_begins_and_leads_back(tmp_path: Path) -> None:
    async with examined(tmp_path, at_home=True) as seat:
        await seat.press("e", *["up"] * 3, "right")
        assert "a group, by show of hands" in seat.told
        assert "Pass mark" not in seat.told
        await seat.press("enter")
        assert seat.on(HuddleScreen)
        await seat.press("escape", "q", "q")
        assert seat.on(HomeScreen)
        assert not seat.events("session")


async def test_what_is_to_be_ordered_or_matched_stands_there_before_its_answer(tmp_path: Path) -> None:
    order = {"id": "o", "topic": "t", "ask": "In order?", "order": ["first", "second", "third"]}
    match = {"id": "m", "topic": "t", "ask": "Match?", "match": {"left": "one side", "west": "other side"}}
    decks = write_decks(tmp_path / "d", f=small_deck(order, match))
    async with examined(tmp_path, ExamPlan(limit=2, seed=1), group=True, decks=decks) as seat:
        seen = seat.told
        await seat.press("n")
        seen += seat.told
        for text in ("first", "second", "third", "left", "west", "one side", "other side"):
            assert f"· {text}" in seen


async def test_a_huddle_without_any_card_is_told(tmp_path: Path) -> None:
    decks = write_decks(tmp_path / "d", f=small_deck({"id": "f", "topic": "t", "ask": "What is it?", "answer": "That"}))
    (decks / "f.yaml").write_text("title: Empty\ncards: []\n", "utf-8")
    async with examined(tmp_path, ExamPlan(), setup=True, decks=decks) as seat:
        assert "0 of 0 questions" in seat.told
        await seat.press("enter")
        assert "no question fits what you asked for" in seat.told
