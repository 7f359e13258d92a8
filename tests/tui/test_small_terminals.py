"""Terminals that are too small, that grow and shrink, and that are tiny."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quiz.study.session import Phase
from quiz.tui.screens.small import TooSmallScreen
from tests.support.kinds import write_kinds
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, Seat, Size, asking, sit


@pytest.mark.parametrize("size", [(39, 24), (80, 11), (20, 5)])
async def test_a_terminal_too_small_names_both_sizes(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size) as seat:
        assert f"Too small: {size[0]}x{size[1]}. This needs 40x12." in seat.told
        await seat.resize(*HOME_SIZE)
        assert "0 due · 6 new" in seat.told
        assert not seat.on(TooSmallScreen)


async def test_the_smallest_terminal_that_will_do(tmp_path: Path) -> None:
    async with sit(tmp_path, size=SMALL) as seat:
        assert "0 due · 6 new" in seat.told


PLACES = {
    "home": [],
    "question": ["enter"],
    "feedback": ["enter", "1"],
    "sources": ["enter", "1", "o"],
    "summary": ["enter", "1", "q"],
    "help": ["question_mark"],
    "settings": ["s", "down"],
    "filter": ["f", "down", "space"],
    "note": ["enter", "m"],
    "palette": ["ctrl+p"],
}


async def go_to(seat: Seat, place: str) -> None:
    """Bring the screen to a place that a test is about."""
    await seat.press(*PLACES[place])


@pytest.mark.parametrize("place", PLACES)
async def test_what_was_there_comes_back_as_it_was(tmp_path: Path, place: str) -> None:
    async with sit(tmp_path) as seat:
        await go_to(seat, place)
        before = seat.picture
        await seat.resize(30, 8)
        assert "Too small: 30x8." in seat.told
        await seat.press("1", "enter", "q", "escape", "u", "x", "ctrl+p")
        await seat.click_at(3, 3)
        assert "Too small: 30x8." in seat.told
        await seat.resize(*HOME_SIZE)
        assert seat.picture == before


SPENT = re.compile(r"in \d+")  # seconds: the clock of the tests goes on with each look at it, and each size looks


@pytest.mark.parametrize("way", [[SMALL, HOME_SIZE], [LARGE, (20, 5), SMALL], [HOME_SIZE, (60, 13), LARGE]])
@pytest.mark.parametrize("place", ["home", "question", "feedback", "summary", "help", "settings", "filter"])
async def test_a_size_reached_by_way_of_another_looks_as_from_the_start(
    tmp_path: Path, same_seed: None, place: str, way: list[Size]
) -> None:
    pictures = []
    for folder, sizes in (("a", way), ("b", way[-1:])):
        async with sit(tmp_path / folder, size=sizes[0]) as seat:
            await go_to(seat, place)
            for size in sizes[1:]:
                await seat.resize(*size)
            pictures.append(SPENT.sub("in some", seat.picture))
            if seat.app.screen.is_modal:  # and the screen below, which did not have the terminal for itself
                await seat.press("escape")
                pictures.append(seat.picture)
    half = len(pictures) // 2
    assert pictures[:half] == pictures[half:]


async def test_what_is_typed_stays_when_the_terminal_shrinks_and_grows(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("branch")) as seat:
        await seat.write("medial")
        await seat.resize(20, 4)
        await seat.resize(*SMALL)
        assert "medial" in seat.told
        await seat.write(" branch", "enter")
        assert "✓ Right" in seat.told


@pytest.mark.parametrize("size", [SMALL, (60, 18), LARGE])
async def test_a_resize_in_each_phase_keeps_the_phase(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, plan=asking("heat", "word"), settings={"certainty": "on"}) as seat:
        while seat.card != "heat":
            await seat.press("0", "enter")
        await seat.resize(*size)
        assert "What makes the lesion in radiofrequency?" in seat.told
        await seat.press(seat.option(right=False))
        await seat.resize(*HOME_SIZE)
        assert "How sure are you?" in seat.told
        await seat.resize(*size)
        assert "1 a guess" in seat.told
        await seat.press("2")
        await seat.resize(*HOME_SIZE)
        await seat.resize(*size)
        assert "✗ Wrong Answer: Alternating current" in seat.told
        await seat.press("enter")
        while seat.card != "word":
            await seat.press("0", "enter")
        await seat.press("enter", "2")
        assert seat.session.phase is Phase.REVEALED
        await seat.resize(*HOME_SIZE)
        assert "Answer: Cutting a root" in seat.told
        await seat.resize(*size)
        assert "3 Good" in seat.told


@pytest.mark.parametrize("place", ["home", "question", "feedback", "help", "note"])
async def test_no_size_down_to_one_cell_is_a_fault(tmp_path: Path, place: str) -> None:
    async with sit(tmp_path) as seat:
        await go_to(seat, place)
        for width, height in [(39, 11), (8, 3), (3, 3), (2, 1), (1, 1), (1, 40), (200, 1), (200, 50), (41, 13)]:
            await seat.resize(width, height)
        assert "Too small" not in seat.told
        assert seat.picture.strip()


KINDS = {
    "pick": ["1"],
    "steps": ["2", "up", "enter"],
    "pairs": ["b"],
    "heat": ["7", "5"],
    "name": ["r"],
    "point": ["9"],
    "ward": ["1", "enter"],
}


@pytest.mark.parametrize("card", KINDS)
async def test_every_kind_bears_every_size_and_loses_nothing(tmp_path: Path, card: str) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking(card)) as seat:
        await seat.press(*KINDS[card])
        before = seat.picture
        for width, height in [(39, 11), (3, 3), (1, 1), (1, 40), SMALL, (200, 12), (200, 50), (61, 13), HOME_SIZE]:
            await seat.resize(width, height)
        assert seat.picture == before
        await seat.press("escape") if seat.app.focused else None
        await seat.press("0")
        before = seat.picture
        for width, height in [(8, 3), (2, 1), SMALL, LARGE, HOME_SIZE]:
            await seat.resize(width, height)
        assert seat.picture == before


@pytest.mark.parametrize("card", KINDS)
async def test_every_kind_starts_in_a_tiny_terminal(tmp_path: Path, card: str) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking(card), size=(2, 2)) as seat:
        await seat.resize(*SMALL)
        grown = seat.picture
    async with sit(tmp_path / "b", decks=tmp_path / "decks", plan=asking(card), size=SMALL) as seat:
        assert seat.picture == grown


@pytest.mark.parametrize("width", [1, 2, 3, 5])
async def test_it_starts_in_a_tiny_terminal(tmp_path: Path, width: int) -> None:
    async with sit(tmp_path, size=(width, width), plan=asking("branch")) as seat:
        await seat.resize(*SMALL)
        await seat.write("medial branch", "enter")
        assert "✓ Right" in seat.told
