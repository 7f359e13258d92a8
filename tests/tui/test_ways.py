"""The ways of study on the screens: refresher, look-alikes, pretest, and what is said of sure and wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quiz.study.session import Phase
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.study import StudyScreen
from quiz.tui.screens.summary import SummaryScreen
from tests.support.desks import choice, mixed
from tests.support.pilots import HOME_SIZE, SMALL, Seat, Size, asking, sit, write_decks


def decks(folder: Path) -> Path:
    cards = [
        mixed("burn", topic="risks", safety=True, contrast_with=["bleed"], claim="Pads can burn."),
        mixed("bleed", topic="risks", contrast_with=["burn"], claim="Punctures can bleed."),
        *(choice(f"more{n}", topic="anatomy") for n in range(4)),
    ]
    return write_decks(folder, deck=json.dumps({"title": "Deck", "cards": cards}))


def wrong(seat: Seat) -> str:
    """Return the key of an option that is wrong."""
    shown = seat.session.shown
    assert shown is not None
    return str(next(place for place, option in enumerate(shown.order, 1) if option != 0))


async def back_home(seat: Seat) -> None:
    """Stop, whether or not an answer is being typed, and leave the summary."""
    while seat.on(StudyScreen):
        await seat.press("escape")
    await seat.press("enter")
    assert seat.on(HomeScreen)


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_a_nurse_proves_what_she_knows_and_sees_what_is_passed(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, decks=decks(tmp_path / "decks"), size=size) as seat:
        await seat.press("r")
        assert seat.on(StudyScreen)
        assert "Prove burn." in seat.told
        assert "1 · 0 left · 5 min" in seat.told
        await seat.write("burn", "enter")
        assert "Passed: you had not practised this question." in seat.told
        await seat.press("enter")
        assert seat.on(SummaryScreen)
        assert "1 passed" in seat.told
        assert "quiz report --to FILE" in seat.told


async def test_the_home_screen_leads_to_every_way_by_key_and_by_mouse(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=decks(tmp_path / "decks")) as seat:
        for key, label, mode in (
            ("r", "Safety", "refresher"),
            ("l", "Look-alikes", "contrast"),
            ("w", "Pretest", "pretest"),
        ):
            await seat.press(key)
            assert seat.session.plan.mode == mode
            await back_home(seat)
            await seat.click(label)
            assert seat.session.plan.mode == mode, "and it goes on where it was left"
            await back_home(seat)


async def test_what_there_is_not_is_said_and_the_home_screen_stays(tmp_path: Path) -> None:
    plain = write_decks(tmp_path / "decks", deck=json.dumps({"title": "Deck", "cards": [choice("a")]}))
    async with sit(tmp_path, decks=plain) as seat:
        for key, told in (("r", "There is no must-pass card here"), ("l", "No cards here are look-alikes")):
            await seat.press(key)
            assert seat.on(HomeScreen)
            assert told in seat.told


async def test_look_alikes_name_each_other(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=decks(tmp_path / "decks")) as seat:
        await seat.press("l")
        await seat.press("0")
        assert "Not the same: Punctures can bleed." in seat.told


async def test_a_pretest_is_not_rated_and_leads_to_the_lesson(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=decks(tmp_path / "decks")) as seat:
        await seat.press("w")
        for _ in range(5):
            await seat.press("0")
            assert "Again" not in seat.told
            await seat.press("enter")
        assert "A pretest is not scored" in seat.told
        await seat.press("s")
        assert seat.session.plan.mode == "study"


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_nobody_leaves_over_a_must_pass_card_in_danger_without_being_asked(tmp_path: Path, size: Size) -> None:
    on = {"certainty": "on"}
    async with sit(tmp_path, decks=decks(tmp_path / "decks"), size=size, plan=asking(), settings=on) as seat:
        assert seat.card == "burn"
        await seat.press(wrong(seat), "3")
        assert "Sure, and wrong" in seat.told
        await seat.press("q")
        assert "Stop here?" in seat.told
        assert "Pads can burn." in seat.told
        await seat.press("escape")
        assert seat.on(StudyScreen)
        assert seat.session.phase is Phase.FEEDBACK
        await seat.press("q", "enter")
        assert seat.on(SummaryScreen)
