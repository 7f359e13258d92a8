"""`quiz backup`: a verified copy of the history, the list of copies, and one put back."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from quiz.cli.call import Call
from quiz.cli.console import Patience
from quiz.errors import StoreError, UnreadableError, UsageError
from quiz.store.backup import Backup, Seen, backups, choose, from_future, glance, ranked, verify
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
    from quiz.store.restore import restore

    exactly = call.options.exactly
    with Patience.alone("looking at every event of the copy and of the history"):
        path, later, damaged = _chosen(call, call.options.restore)
        sound = [restore(call.paths.history, path, call.clock, exactly=exactly)] if path else []
        # After the sound one what damaged ones hold beside.
        read_out = (
            [] if exactly else [more for b in damaged if (more := _read_out(call, b, bool(sound))) and more.added]
        )
        if not (sound or read_out):
            raise UnreadableError(f"there is no sound backup in {call.paths.backups}", "name a file to restore")
        done, *besides = (*sound, *read_out)
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
    if later and path:
        call.console.say(_passed_over(path, later))
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


def _read_out(call: Call, backup: Backup, besides: bool) -> Restored | None:
    """Put back what is sound in a damaged copy; None where that cannot be told.

    With `besides` a sound one was put back already, which no error may hide: this one was told to be passed over.
    """
    from quiz.store.restore import restore

    with suppress(UnreadableError, *([StoreError] if besides else [])):
        return restore(call.paths.history, backup.path, call.clock)
    return None


def _from_damaged(done: Restored) -> str:
    """Say what came from a damaged copy, and what did not."""
    left = f"; {counted(done.left, 'event')} left out" if done.left else ""
    sound = f"{counted(done.added, 'event')} put back from it that the history did not have"
    return f"{done.backup.name} is damaged ({done.fault}). Only what is sound was read: {sound}{left}."


def _passed_over(path: Path, later: list[Seen]) -> str:
    """Say that a copy with a later time was not taken."""
    (latest, held), more = later[0], len(later) - 1
    others = f" (nor {counted(more, 'other copy', 'other copies')} with a later time)" if more else ""
    return f"Taken: {path.name}, which holds the most. {latest.path.name} holds only {held.events}: not taken{others}."


def _chosen(call: Call, name: str) -> tuple[Path | None, list[Seen], list[Backup]]:
    """Return the copy that is meant (None: none is sound), the later ones that hold less, and the damaged ones.

    Raises UnreadableError for a name that no file has.
    """
    if name == "latest":
        found = choose(call.paths.history, call.clock.now().at)
        for backup, why in found.damaged:
            call.console.warn(f"{backup.path} is damaged ({why}): passed over")
        damaged = [backup for backup, _ in found.damaged]
        return found.taken.backup.path if found.taken else None, found.later, damaged
    for path in (Path(name), call.paths.backups / name):
        if path.exists():
            return path, [], []
    raise UnreadableError(f"{name} is not there", "see quiz backup --list")
