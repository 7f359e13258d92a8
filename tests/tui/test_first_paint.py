"""The first question comes fast: what it does not need is not loaded before it stands on the screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROBE = """
import asyncio, json, sys
from pathlib import Path
from tests.support.pilots import asking, sit

async def main():
    async with sit(Path(sys.argv[1]), plan=asking("heat")) as seat:
        assert "1-3 Answer" in seat.told
        print(json.dumps(sorted(sys.modules)))

asyncio.run(main())
"""
LATER = (
    "quiz.report",
    "quiz.exchange",
    "quiz.cli",
    "quiz.study.exam",
    "quiz.study.huddle",
    "quiz.tui.screens.exam",
    "quiz.tui.screens.home",
    "quiz.tui.screens.huddle",
    "quiz.tui.screens.summary",
    "quiz.tui.screens.help",
    "quiz.tui.screens.small",
    "quiz.tui.screens.palette",
    "quiz.tui.screens.feedback",
    "quiz.tui.widgets.dialog",
    "quiz.tui.widgets.boxes",
    "quiz.tui.widgets.drawing",
    "quiz.tui.widgets.line",
    "quiz.tui.widgets.marks",
    "quiz.tui.widgets.pairs",
    "quiz.tui.widgets.steps",
    "quiz.deck.figures",
    "textual.widgets._markdown",
    "markdown_it",
)


def test_what_the_first_question_does_not_need_is_not_loaded(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROBE, str(tmp_path)]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environ, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    loaded = json.loads(done.stdout.splitlines()[-1])
    assert not [name for name in loaded if name.startswith(LATER)]
    assert "quiz.tui.screens.study" in loaded
