"""Draws the picture of the README from the running program:  python -m tests.support.screenshot

It answers one question of the shipped decks wrong, so that the picture shows what the feedback is like.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from quiz.clock import SystemClock
from quiz.deck.scope import Scope
from quiz.desk import open_desk
from quiz.paths import find
from quiz.questions import Choice
from quiz.tui.app import QuizApp

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "tests" / "golden" / "screenshot.svg"
CARD = "rfa-def-facet-rhizotomy-misnomer"


class QuickClock(SystemClock):
    """Each look at it is a second later, so that no key comes too soon after the last."""

    def __init__(self) -> None:
        self._ticks = 0

    def ticks(self) -> int:
        self._ticks += 1000
        return self._ticks


async def draw() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as home:
        desk = open_desk(find(home, "default", {}), [str(ROOT / "decks")], QuickClock())
        session = desk.session(desk.plan(Scope(cards=(CARD,)), limit=1, seed=1))
        app = QuizApp(desk, session)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            shown = session.shown
            assert shown is not None
            assert isinstance(shown.question, Choice)
            wrong = next(place for place, option in enumerate(shown.order, 1) if option != shown.question.right)
            await pilot.press(str(wrong))
            await pilot.pause()
            PICTURE.write_text(app.export_screenshot(title="quiz"), "utf-8")
        desk.close()


if __name__ == "__main__":
    asyncio.run(draw())
    print(PICTURE)
