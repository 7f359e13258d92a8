"""Somebody, or a cat, presses whatever there is: the program stays up, and the history stays sound."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from quiz.text import FORBIDDEN
from quiz.tui.app import QuizApp
from tests.support.desks import sound
from tests.support.kinds import write_kinds
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, asking, sit

KEYS = (
    "1 2 3 4 5 a b c d h j k l m n o p q s t u x f 0 enter enter enter space escape up down pageup pagedown home end "
    "question_mark f1 left right minus plus backspace tab shift+tab shift+up shift+down ctrl+p"
).split()
SIZES = [HOME_SIZE, SMALL, LARGE, (30, 8), (1, 1)]
STEPS = 100


@pytest.mark.parametrize("seed", range(int(os.environ.get("QUIZ_WALKS", "6"))))
async def test_no_sequence_of_keys_clicks_and_sizes_brings_it_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    left: list[object] = []
    monkeypatch.setattr(QuizApp, "exit", lambda _, *code: left.append(code))  # it goes on
    chance = random.Random(seed)
    plan = chance.choice([None, asking(), asking(limit=2)])
    settings = {"certainty": chance.choice(["on", "off"])}
    await walk(tmp_path, chance, plan=plan, settings=settings)


@pytest.mark.parametrize("seed", range(int(os.environ.get("QUIZ_WALKS", "6"))))
@pytest.mark.parametrize("card", ["pick", "two", "steps", "pairs", "name", "point", "heat", "ward"])
async def test_no_sequence_of_keys_brings_a_question_of_any_kind_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, card: str, seed: int
) -> None:
    monkeypatch.setattr(QuizApp, "exit", lambda *_: None)
    chance = random.Random(f"{card} {seed}")
    settings = {"certainty": chance.choice(["on", "off"])}
    decks = write_kinds(tmp_path / "decks")
    await walk(tmp_path, chance, steps=25, decks=decks, plan=asking(card), settings=settings)


async def walk(home: Path, chance: random.Random, steps: int = STEPS, **where: Any) -> None:
    """Press, click and change the size at random, and look at the history at the end."""
    async with sit(home, size=chance.choice(SIZES[:3]), **where) as seat:
        for _ in range(steps):
            kind = chance.random()
            if kind < 0.8:
                await seat.press(chance.choice(KEYS))
            elif kind < 0.95:
                await seat.click_at(chance.randrange(seat.app.size.width), chance.randrange(seat.app.size.height))
            else:
                await seat.resize(*chance.choice(SIZES))
            assert not FORBIDDEN.search(seat.picture.replace("\n", ""))
        assert sound(seat.desk.history)
        assert not seat.desk.history.pending
