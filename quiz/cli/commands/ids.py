"""`quiz ids FILE`: an id for each card, so that it can be edited and keep its history."""

from __future__ import annotations

from pathlib import Path

from quiz.cli.call import Call
from quiz.deck.ids import write_ids
from quiz.errors import UnreadableError
from quiz.text import counted


def run(call: Call) -> int:
    """Write the missing ids into the file; no other byte changes."""
    path = Path(call.options.file)
    if not path.exists():
        raise UnreadableError(f"{path} is not there", "check the path")
    written = write_ids(path).ids
    if written:
        call.console.say(f"{counted(len(written), 'id')} written: {', '.join(written)}")
    else:
        call.console.say("Every card has an id.")
    return 0
