"""`quiz backup`: a verified copy of the history, the list of copies, and one put back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from quiz.cli.call import Call
from quiz.cli.console import Patience
from quiz.errors import UnreadableError, UsageError
from quiz.store.backup import Backup, Seen, backups, from_future, glance, ranked, verify
from quiz.store.missing import let_go
from quiz.text import counted

if TYPE_CHECKING:
    from quiz.store.restore import Restored


def run(call: Call) -> int:
    """Copy the history into the backups folder and print where it is; list the copies; or put one back.

    Of a list, 1 if a copy is seen to be damaged.
    """
    if call.options.exactly and call.options.restore is None:
        raise UsageError("--exactly says how a copy is put back", "give --restore too")
    if call.options.list:
        return _list(call)
    if call.options.restore is not None:
        return _restore(call)
    with call.history() as history, Patience.alone("copying the history"):
        path = let_go(history) if call.options.as_meant else history.backup("by-hand")
    if call.options.json:
        call.console.document({"path": str(path), "events": verify(path).events})
    else:
        call.console.say(str(path))
    return 0


def _list(call: Call) -> int:
    """List the copies, the latest first. None is read: that is done before one is put back, and by the doctor."""
    found, code, now = [], 0, call.clock.now().at
    copies = backups(call.paths.history)
    for backup in copies:
        held = glance(backup)
        size = backup.path.stat().st_size
        code = 1 if held.fault else code
        ahead = from_future(backup, now)
        found.append(
            {
                "path": str(backup.path),
                "made": _time(backup),
                "reason": backup.reason,
                "events": None if held.fault else held.events,
                "bytes": size,
                "damaged": held.fault or None,
                "from_future": ahead,
            }
        )
        if not call.options.json:
            room = f"{size / 1e6:.1f} MB"
            what = f"{room}, DAMAGED ({held.fault})" if held.fault else f"{counted(held.events, 'event')}, {room}"
            call.console.say(f"{backup.path.name}: {what}{', FROM THE FUTURE (a clock was wrong)' if ahead else ''}")
    first = next((seen.backup.path for seen in ranked(copies, now)), None)
    if call.options.json:
        takes = str(first) if first else None
        call.console.document({"folder": str(call.paths.backups), "backups": found, "restore_takes": takes})
    elif not found:
        call.console.say(f"There is no backup in {call.paths.backups} yet.")
    else:
        if first and len(found) > 1:
            call.console.say(f"A restore without a name takes the one that holds the most: {first.name}.")
        call.console.say(
            "They were not read now. A restore reads the copy that it puts back, and quiz doctor that one."
        )
    return code


def _time(backup: Backup) -> str:
    """Return when a copy was made, as ISO 8601."""
    day, _, hour = backup.stamp.partition("T")
    return f"{day}T{hour.replace('-', ':')}Z"


def _restore(call: Call) -> int:
    """Put a copy back and say in one line what that came to."""
    from quiz.store.restore import PutBack, restore, restore_fullest

    def passed_over(backup: Backup, why: str) -> None:
        call.console.warn(f"{backup.path} is damaged ({why}): passed over")

    exactly, name, history = call.options.exactly, call.options.restore, call.paths.history
    with Patience.alone("looking at every event of the copy and of the history"):
        if name == "latest":
            done, besides, later = restore_fullest(history, call.clock, passed_over, exactly=exactly)
        else:
            done, besides, later = PutBack(restore(history, _named(call, name), call.clock, exactly=exactly))
    if call.options.json:
        call.console.document(
            {
                "restored": str(done.backup),
                "saved": str(done.saved) if done.saved else None,
                "events": done.events,
                "added": done.added,
                "newer_kept": done.newer,
                "unreadable": done.lost,
                "unchecked": done.unchecked,
                "damaged": done.fault or None,
                "left_out": done.left,
                "from_damaged": [
                    {"path": str(more.backup), "added": more.added, "left_out": more.left} for more in besides
                ],
                "later_with_less": [str(seen.backup.path) for seen in later],
            }
        )
        return 0
    if later:
        call.console.say(_passed_over(done.backup, later))
    if exactly:
        saved = f" What was there before is in {done.saved}" if done.saved else ""
        call.console.say(f"Restored: {counted(done.events, 'event')}, as {done.backup.name} has them.{saved}")
        return 0
    parts = [f"{counted(done.added, 'event')} put back from {done.backup.name}"]
    if done.newer:
        parts.append(f"{counted(done.newer, 'event')} that it lacks kept")
    if done.lost:
        parts.append(f"{counted(done.lost, 'damaged event')} left in the saved file alone")
    if done.unchecked:
        parts.append(
            f"{counted(done.unchecked, 'event')} of an older version had no checksum to tell whether they are sound"
        )
    saved = f" The history as it was: {done.saved}" if done.saved else ""
    call.console.say(f"Restored: {'; '.join(parts)}.{saved}")
    for part in (done, *besides):
        if part.fault:
            call.console.say(_from_damaged(part))
    return 0


def _from_damaged(done: Restored) -> str:
    """Say what came from a damaged copy, and what did not."""
    left = f"; {counted(done.left, 'event')} left out" if done.left else ""
    sound = f"{counted(done.added, 'event')} put back from it that the history did not have"
    return f"{done.backup.name} is damaged ({done.fault}). Only what is sound was read: {sound}{left}."


def _passed_over(path: Path, later: Sequence[Seen]) -> str:
    """Say that a copy with a later time was not taken."""
    (latest, held), more = later[0], len(later) - 1
    others = f" (nor {counted(more, 'other copy', 'other copies')} with a later time)" if more else ""
    return f"Taken: {path.name}, which holds the most. {latest.path.name} holds only {held.events}: not taken{others}."


def _named(call: Call, name: str) -> Path:
    """Return the copy of this name. Raises UnreadableError if there is none."""
    for path in (Path(name), call.paths.backups / name):
        if path.exists():
            return path
    raise UnreadableError(f"{name} is not there", "see quiz backup --list")
