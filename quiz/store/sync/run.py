"""One sync of a history with a folder: first everything new is taken in, then what the folder lacks is written."""

from __future__ import annotations

import contextlib
import heapq
import os
import re
import time
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from quiz.clock import iso
from quiz.errors import StoreError
from quiz.store.events import Event
from quiz.store.history import History
from quiz.store.sync.folder import OwnFile, Reader, cut_off, names_in, next_line, open_plainly, renew, year_of
from quiz.store.sync.lines import UnfitError, event_of, line_of
from quiz.store.sync.marks import WEEK_MS, Fault, Mark, Marks, load, save, tail_of

BATCH = 5_000  # events taken in with one transaction: a fifth of a second, while other programs wait
WINDOW = 50_000  # events in memory together, about 1.6 kB each: they are taken in card by card
PATIENCE = 10.0  # seconds to wait for another sync of this profile

_Found = tuple[Event, Reader, int]
"""An event with the place where it was read: the file and the number of its line."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a sync did: events that came in and went out, cards that came to stand elsewhere, and what is not right.

    `mended` says in words what was set right in this device's own files; `waiting` counts the undos whose event is not
    there yet. `weighed` are the cards due today before and after, where other weights of the memory model came in.
    """

    folder: Path
    came: int
    went: int
    cards: int
    waiting: int
    faults: tuple[Fault, ...]
    mended: tuple[str, ...]
    weighed: tuple[int, int] | None = None


def sync(
    history: History,
    folder: Path,
    batch: int = BATCH,
    tick: Callable[[], None] = lambda: None,
    window: int = WINDOW,
) -> Report:
    """Exchange the history with `folder`; nothing of another device's files is ever changed.

    `window` events are read before the first of them is taken in, `batch` of them with one transaction. `tick` is
    called now and then as it gets on. Raises UnreadableError for a folder that cannot be read or written
    (what came in is kept), and StoreError for a history that cannot be written, or while another sync of this profile
    runs.
    """
    folder = Path(os.path.realpath(folder))
    with _alone(history.path.parent):
        run = _Sync(history, folder, batch, tick, window)
        run.take_in()
        if run.mend():
            run.take_in()
        run.give_out()
        return run.report()


class _Sync:
    """The state of one sync."""

    def __init__(self, history: History, folder: Path, batch: int, tick: Callable[[], None], window: int) -> None:
        self._history, self._folder, self._batch, self._tick, self._window = history, folder, batch, tick, window
        self._marks = load(history, folder)
        # Its own lines have been read back before: what counts is whether a line of another device ever was.
        self._first_time = all(self._is_own(name) or not mark.lines for name, mark in self._marks.files.items())
        self._readers: list[Reader] = []
        self._there: set[bytes] = set()  # the events read in the folder, by a short form of their ids
        self._came = self._went = 0
        self._cards: set[str] = set()
        self._mended: list[str] = []

    # -- in -----------------------------------------------------------------------------------------------------------

    def take_in(self) -> None:
        """Read what is new in all files and merge it into the history."""
        names = names_in(self._folder)
        now = self._history.clock.now().at
        due = not 0 <= now - self._marks.compared < WEEK_MS
        if not all(name in names and self._fits(name, mark, due) for name, mark in self._marks.files.items()):
            self._marks = Marks()  # a file is gone or another one: what was known of the folder counts no more
        if due or not self._marks.files:
            self._marks.compared = now
            self._history.settle()  # an older version may have let a review from Anki count twice, on this device alone
        self._readers = [Reader(self._folder, name, self._mark(name)) for name in names]
        self._there.clear()
        refused: list[tuple[Reader, int, Event]] = []
        copied = False
        with ExitStack() as streams:
            found = heapq.merge(
                *(streams.enter_context(closing(_read(reader))) for reader in self._readers),
                key=lambda each: each[0].order,
            )
            for some in self._batches(found):
                self._tick()
                events = [event for event, _, _ in some]
                self._back_up_before(events)
                merged = self._history.merge(events)
                self._came += merged.new
                self._cards |= merged.cards
                copied |= merged.new > 0 and any(self._is_own(reader.name) for _, reader, _ in some)
                contradicting = {id(event) for event in merged.refused}
                refused += [(reader, line, event) for event, reader, line in some if id(event) in contradicting]
                self._there.update(_short(event.id) for event in events if id(event) not in contradicting)
        self._name_both(refused)
        if copied and self._history.part_from_copy():
            self._mended.append("This profile is a copy of another one: it has a device name of its own from now on.")

    def _batches(self, found: Iterable[_Found]) -> Iterator[list[_Found]]:
        """Yield what is read in batches, sorted by card within a window.

        Where histories of two devices interleave, a card is then derived anew once in a window, not in every batch.
        """
        rest = iter(found)
        while window := list(self._ticked(islice(rest, self._window))):
            window.sort(key=lambda each: (each[0].card or "", each[0].order))
            for start in range(0, len(window), self._batch):
                yield window[start : start + self._batch]
            window.clear()  # before the next one is read

    def _ticked(self, found: Iterable[_Found]) -> Iterator[_Found]:
        for number, each in enumerate(found):
            if number % self._batch == 0:
                self._tick()
            yield each

    def _fits(self, name: str, mark: Mark, due: bool) -> bool:
        """Whether a file holds what was read there: as a whole where that is `due`, or it is this device's and was
        touched.
        """
        try:
            with open_plainly(self._folder / name) as file:
                if due or (self._is_own(name) and mark.touched(file)):
                    return mark.holds(file, self._tick)
                return mark.fits(file)
        except OSError:
            return True  # it cannot be read: its reader says so

    def _mark(self, name: str) -> Mark:
        """Return from where to read a file: one that had faults and was touched since is read again as a whole."""
        mark = self._marks.files.get(name, Mark())
        if not mark.faults:
            return mark
        with contextlib.suppress(OSError):
            about = (self._folder / name).lstat()
            if (about.st_size, about.st_mtime_ns) == mark.stat:
                return mark
        return Mark()

    def _is_own(self, name: str) -> bool:
        return re.fullmatch(rf"{self._history.device}-\d{{4}}\.jsonl", name) is not None

    def _back_up_before(self, events: list[Event]) -> None:
        """Make a copy of the history before anything of another device comes in from a folder for the first time.

        Events are never deleted: where somebody named the folder of another learner, the copy is the way back.
        """
        if self._first_time and self._history.newest()[0] and self._history.lacks(events):
            self._history.backup("before-sync")
            self._first_time = False

    def _name_both(self, refused: list[tuple[Reader, int, Event]]) -> None:
        """Note each event that contradicts one of the same id, with the place of the other."""
        if not refused:
            return
        held = {event.id: self._history.find(event.id) for _, _, event in refused}
        others = _places(self._readers, held)
        for reader, line, event in refused:
            other = others.get(event.id, "the history of this device")
            reader.refuse(line, f"contradicts {other}, which has the same id {event.id}; the other one is kept")

    # -- this device's own files --------------------------------------------------------------------------------------

    def mend(self) -> bool:
        """Set right what a crash or the disk did to this device's own files; return whether to read all again."""
        again = False
        for reader in self._readers:
            if not self._is_own(reader.name) or reader.newer or reader.unread:
                continue
            if reader.cut:
                aside = self._aside(reader.name)
                cut_off(reader.path, reader.mark.size, aside)
                reader.faults.pop()
                self._mended.append(f"The last line of {reader.name} was cut short; the piece is kept in {aside}.")
            if reader.damaged:
                aside = self._aside(reader.name)
                lines = ", ".join(str(fault.line) for fault in reader.faults)
                renew(reader.path, aside)
                self._mended.append(
                    f"{reader.name} was damaged (line {lines}) and is written anew; the old one is kept in {aside}."
                )
                again = True
        if again:
            self._marks = Marks()
        return again

    def _aside(self, name: str) -> Path:
        """Return a new file for what is set aside."""
        folder = self._history.path.parent / "aside"
        try:
            folder.mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreError(f"{folder} cannot be made ({error})", "make room or check your rights") from error
        stem = f"{name}-{iso(self._history.clock.now().at)[:19].replace(':', '-')}"
        numbers = (f"{stem}-{number}" if number else stem for number in range(10_000))
        return next(folder / each for each in numbers if not (folder / each).exists())

    # -- out ----------------------------------------------------------------------------------------------------------

    def give_out(self) -> None:
        """Write what the folder lacks into this device's files, then note how far everything was read."""
        if any(reader.newer and self._is_own(reader.name) for reader in self._readers):
            return  # the fault says so; what a newer version wrote is not written on by this one
        files_read = {reader.name: reader.final_mark for reader in self._readers}
        marks = Marks(self._marks.sent, files_read, self._marks.compared)
        with ExitStack() as open_files:
            files: dict[str, OwnFile] = {}
            lines: dict[str, int] = {}
            wholes: dict[str, int] = {}
            for number, event in self._history.arrived_after(self._marks.sent, self._is_there):
                marks.sent = number
                if event is None:
                    continue
                name = f"{self._history.device}-{year_of(event)}.jsonl"
                if name not in files:
                    size = marks.files[name].size if name in marks.files else None
                    files[name] = open_files.enter_context(OwnFile(self._folder / name, size))
                    wholes[name] = marks.files[name].whole if name in marks.files else 0
                line = line_of(event)
                files[name].add(line)
                wholes[name] = zlib.crc32(line, wholes[name])
                lines[name] = lines.get(name, 0) + 1
                if sum(lines.values()) % self._batch == 0:
                    self._tick()
            for file in files.values():
                file.finish()
        self._went = sum(lines.values())
        for name, number in lines.items():
            marks.files[name] = _moved(self._folder / name, marks.files.get(name, Mark()), number, wholes[name])
        if not any(reader.unread for reader in self._readers):
            save(self._history, self._folder, marks)

    def _is_there(self, event: str) -> bool:
        return _short(event) in self._there

    def report(self) -> Report:
        """Return what was done."""
        faults = sorted(fault for reader in self._readers for fault in reader.faults)
        waiting = self._history.waiting_undos()
        return Report(
            self._folder,
            self._came,
            self._went,
            len(self._cards),
            waiting,
            tuple(faults),
            tuple(self._mended),
            self._history.weighed,
        )


def _read(reader: Reader) -> Generator[_Found, None, None]:
    with closing(reader.events()) as events:
        for event, line in events:
            yield event, reader, line


def _short(event: str) -> bytes:
    """Return an id in as few bytes as may be: of a million events all ids are in memory once."""
    try:
        return bytes.fromhex(event)
    except ValueError:
        return event.encode()


def _moved(path: Path, mark: Mark, lines: int, whole: int) -> Mark:
    """Return the mark at the end of an own file to which lines were added; `whole` is its checksum with them."""
    try:
        with open_plainly(path) as file:
            about = os.fstat(file.fileno())
            tail = tail_of(file, about.st_size)
    except OSError:
        return mark
    return Mark(about.st_size, mark.lines + lines, tail, mark.faults, (about.st_size, about.st_mtime_ns), whole)


def _places(readers: list[Reader], held: dict[str, Event | None]) -> dict[str, str]:
    """Return where in the folder the events are that the history holds under these ids."""
    places: dict[str, str] = {}
    for reader in readers:
        with contextlib.suppress(OSError), open_plainly(reader.path) as file:
            for number, line in enumerate(iter(partial(next_line, file), b""), 1):
                with contextlib.suppress(UnfitError):
                    event = event_of(line.rstrip(b"\r\n"))
                    if event.id in held and event == held[event.id]:
                        places.setdefault(event.id, f"{reader.name}:{number}")
    return places


@contextlib.contextmanager
def _alone(profile: Path) -> Iterator[None]:
    """Let one sync of a profile run at a time, where the system has locks that end with the program.

    Raises StoreError when another one does not come to its end.
    """
    try:
        import fcntl
    except ImportError:  # Windows: two at once may write an event twice, which does no harm
        yield
        return
    try:
        file = os.open(profile / "sync.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"the folder {profile} cannot be written ({error})", "check your rights there") from error
    try:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if time.monotonic() > end:
                    raise StoreError("another program is syncing this profile", "try again in a moment") from error
                time.sleep(0.05)
        yield
    finally:
        os.close(file)
