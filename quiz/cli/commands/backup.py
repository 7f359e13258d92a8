"""`quiz backup`: a verified copy of the history."""

from __future__ import annotations

from quiz.cli.call import Call


def run(call: Call) -> int:
    """Copy the history into the backups folder and print where it is."""
    with call.history() as history:
        path = history.backup("by-hand")
    call.console.say(str(path))
    return 0
