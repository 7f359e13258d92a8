"""Screens as text: what stands on the terminal, line by line, and the golden files it is compared with.

To write the golden files anew after a change of looks, and read the diff:  QUIZ_UPDATE_GOLDEN=1 pytest tests/tui
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from textual.app import App

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
UPDATE = "QUIZ_UPDATE_GOLDEN"
_FRAMES = dict.fromkeys(map(ord, "│▌▊▎▁▔╭╮╰╯─▂▃▄▅▆▇"), " ")


def lines(app: App[Any]) -> list[str]:
    """Return the lines of the screen on top, without the spaces at their ends."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def told(app: App[Any]) -> str:
    """Return what the screen says as one line with single spaces: a sentence is found wherever it is wrapped."""
    return " ".join(" ".join(lines(app)).translate(_FRAMES).split())


def check_golden(app: App[Any], name: str) -> None:
    """Compare the screen with `tests/golden/tui_NAME.txt`."""
    path = GOLDEN / f"tui_{name}.txt"
    drawn = "\n".join(lines(app)).rstrip() + "\n"
    if os.environ.get(UPDATE):
        path.write_text(drawn, "utf-8")
    assert drawn == path.read_text("utf-8"), f"{path.name} looks otherwise now (write it anew with {UPDATE}=1)"
