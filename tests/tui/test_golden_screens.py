"""Each screen as it looks, at the two sizes that matter most: `tests/golden/tui_*.txt`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.kinds import write_kinds
from tests.support.pilots import HOME_SIZE, SMALL, Seat, Size, asking, sit
from tests.support.screens import check_golden

SIZES = [HOME_SIZE, SMALL]
pytestmark = pytest.mark.usefixtures("same_seed")


def golden(seat: Seat, name: str, size: Size) -> None:
    check_golden(seat.app, f"{name}_{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", SIZES)
async def test_home_and_its_dialogs(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size) as seat:
        golden(seat, "home_new", size)
        await seat.press("question_mark")
        golden(seat, "help_home", size)
        await seat.press("escape", "s", "down")
        golden(seat, "settings", size)
        await seat.press("escape", "f", "down", "space")
        golden(seat, "filter", size)
        await seat.press("f")
        golden(seat, "home_filtered", size)


@pytest.mark.parametrize("size", SIZES)
async def test_a_choice(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, plan=asking("heat", "pad"), size=size) as seat:
        await seat.press("down")
        golden(seat, "choice", size)
        await seat.press(seat.option(right=False))
        golden(seat, "choice_wrong", size)
        await seat.press("o")
        golden(seat, "choice_sources", size)
        await seat.press("enter", seat.option())
        golden(seat, "choice_right", size)
        await seat.press("m")
        golden(seat, "note", size)
        await seat.press("escape", "question_mark")
        golden(seat, "help_study", size)


@pytest.mark.parametrize("size", SIZES)
async def test_typed_and_cloze(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, plan=asking("branch"), size=size) as seat:
        golden(seat, "typed", size)
        await seat.press("enter")
        golden(seat, "typed_empty", size)
        await seat.write("dorsal root", "enter")
        golden(seat, "typed_wrong", size)
    async with sit(tmp_path / "cloze", plan=asking("rootlets"), size=size) as seat:
        await seat.write("dorsal", "enter")
        golden(seat, "cloze_right", size)


@pytest.mark.parametrize("size", SIZES)
async def test_flip_with_a_case(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, plan=asking("turn"), size=size) as seat:
        golden(seat, "flip", size)
        await seat.press("enter")
        golden(seat, "flip_turned", size)


@pytest.mark.parametrize("size", SIZES)
async def test_certainty(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, plan=asking("heat"), size=size, settings={"certainty": "on"}) as seat:
        await seat.press("1")
        golden(seat, "certainty", size)


@pytest.mark.parametrize("size", SIZES)
async def test_summary_and_home_after_it(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, plan=asking(), size=size) as seat:
        for _ in range(2):
            await seat.press("escape" if seat.app.focused else "0", "0", "enter")
        await seat.press("escape") if seat.app.focused else None
        await seat.press("q")
        golden(seat, "summary", size)
        await seat.press("enter")
        golden(seat, "home_left", size)


# By card: the keys that lead to the picture of the question at work, and those that hand a wrong answer in.
KINDS = {
    "pick": (["1", "2"], ["3", "enter"]),
    "two": (["1", "2", "3"], ["enter"]),
    "heat": (["h", "o", "t", "enter"], [*["backspace"] * 3, "6", "0", "enter"]),
    "steps": (["down", "space", "down"], ["enter", "s"]),
    "pairs": (["a"], ["b", "s", "s"]),
    "name": (["r", "o"], ["o", "t", "enter"]),
    "point": (["9"], ["2"]),
    "shown": (["down"], ["1"]),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("card", KINDS)
async def test_each_kind_before_and_after_the_answer(tmp_path: Path, card: str, size: Size) -> None:
    before, after = KINDS[card]
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking(card), size=size) as seat:
        golden(seat, f"kind_{card}", size)
        await seat.press(*before)
        golden(seat, f"kind_{card}_at_work", size)
        await seat.press(*after)
        golden(seat, f"kind_{card}_answered", size)
        if size == SMALL:  # what the verdict has moved out of sight
            await seat.press(*["up"] * 30)
            golden(seat, f"kind_{card}_answered_top", size)


@pytest.mark.parametrize("size", SIZES)
async def test_a_case_that_unfolds(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("ward"), size=size) as seat:
        golden(seat, "case_first", size)
        await seat.press("1")
        golden(seat, "case_first_answered", size)
        await seat.press("enter")
        golden(seat, "case_second", size)
        await seat.press("1", "enter")
        golden(seat, "case_third", size)
        await seat.write("x", "enter")
        golden(seat, "case_third_answered", size)
