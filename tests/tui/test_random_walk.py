"""Somebody, or a cat, presses whatever there is: the program stays up, and the history stays sound."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from quiz.text import FORBIDDEN
from quiz.tui.app import QuizApp
from tests.support.desks import sound
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, asking, sit

KEYS = (
    "1 2 3 4 5 a b c d h j k l m n o p q s t u x f 0 enter enter enter space escape up down pageup pagedown home end "
    "question_mark f1 left right minus plus backspace tab shift+tab ctrl+p"
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
    async with sit(tmp_path, size=chance.choice(SIZES[:3]), plan=plan, settings=settings) as seat:
        for _ in range(STEPS):
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
