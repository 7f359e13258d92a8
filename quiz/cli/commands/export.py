"""`quiz export --to FILE`: the history as JSON lines."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from quiz.cli.call import Call
from quiz.errors import UnreadableError, UsageError
from quiz.text import counted


def run(call: Call) -> int:
    """Write all events, one a line, in the order of study. The file is whole or not there."""
    target = Path(call.options.to)
    if target.suffix != ".jsonl":
        raise UsageError(f"{target} has no ending that is known", "the history is written as .jsonl")
    if os.path.lexists(target):
        raise UsageError(f"{target} is there already", "name a new file")
    with call.history() as history:
        number = _write(target, (event.as_json() for event in history.events()))
    call.console.say(f"{counted(number, 'event')} written to {target}")
    return 0


def _write(target: Path, lines: Iterable[str]) -> int:
    """Write the lines into a file beside the target, then put it in place; return how many there were."""
    number = 0
    part = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=target.parent, prefix=".quiz-", suffix=".part", delete=False
        ) as file:
            part = Path(file.name)
            for line in lines:
                file.write(line + "\n")
                number += 1
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableError(f"{target} cannot be written ({reason})", "check the folder and its rights") from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
    return number
