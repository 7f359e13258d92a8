"""`quiz new FILE`: a starter deck."""

from __future__ import annotations

from pathlib import Path

from quiz.cli.call import Call
from quiz.deck.ids import write_starter
from quiz.errors import UsageError


def run(call: Call) -> int:
    """Write a small deck that shows each kind of question."""
    path = Path(call.options.file)
    if path.suffix not in (".yaml", ".yml"):
        raise UsageError(f"{path} would not be found as a deck", f"name it {path.with_suffix('.yaml').name}")
    write_starter(path)
    call.console.say(f"{path} is written. Check it with: quiz check {path}")
    call.console.say(f"Learn it with: quiz study {path}")
    return 0
