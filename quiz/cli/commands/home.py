"""`quiz` alone: the home screen."""

from __future__ import annotations

from quiz.cli.call import Call
from quiz.cli.console import require_terminal


def run(call: Call) -> int:
    """Open the TUI at home."""
    require_terminal()
    with call.session() as desk:
        return call.tui(desk, None, True)
