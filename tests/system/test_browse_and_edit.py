"""Browse in a real terminal: it is lent to an editor that draws and reads keys itself, and taken back as it was."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest

from tests.support.pilots import write_decks
from tests.support.terminals import ALTERNATE, MAIN_SCREEN, Terminal

EDITOR = """\
#!/bin/sh
printf 'EDITOR %s AT %s; press a key' "$2" "$1"
read -r key
sed -i "s/Rhizotomy means cutting a root/Rhizotomy means $key/" "$2"
"""


@pytest.fixture
def editor(tmp_path: Path) -> str:
    script = tmp_path / "nano"
    script.write_text(EDITOR)
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return str(script)


def test_a_card_is_edited_in_the_learner_s_own_editor(tmp_path: Path, editor: str) -> None:
    decks = write_decks(tmp_path / "decks")
    seat = Terminal(tmp_path, "--decks", str(decks), EDITOR=editor)
    try:
        seat.wait_for("b Browse")
        seat.press("b", "1 of 6 cards")
        seat.press("cutting", "1 of 1 found")
        seat.press("\r", "e Edit")
        start = seat.press("e", "press a key")
        line = (decks / "roots.yaml").read_text().splitlines().index("  - id: word") + 1
        assert f"EDITOR{decks}/roots.yamlAT+{line}" in seat.said(start)
        assert MAIN_SCREEN in seat.raw[start:]
        os.kill(seat.process.pid, signal.SIGINT)  # what Ctrl+C sends to all that stand in front: it is the editor's
        start = seat.press("severing\n", "roots.yaml: read again.")
        assert ALTERNATE in seat.raw[start:]
        seat.press("/")
        seat.press("\x15", "6 cards")
        seat.press("severing", "Rhizotomy means severing.")
        seat.press("\r", "q Home")
        seat.press("\x1b", "Everything")
        seat.press("q")
        assert seat.end() == 0
    finally:
        seat.close()
