"""Faults of the store: a file that is none, a folder that may not be written, a full disk, somebody else's lock."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from quiz.errors import StoreError, StoreFullError
from quiz.memory import Rating
from quiz.store import journal
from quiz.store.examine import integrity_of
from quiz.store.history import History
from quiz.store.rescue import rescue_file
from quiz.store.rows import SavedSession
from quiz.study.session import Phase
from tests.support.clocks import FixedClock
from tests.support.desks import Place, choice, give, learned, on_screen, sound, step, study, to_the_end
from tests.support.programs import said, start, tell
from tests.support.rights import as_nobody


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


# -- files that are no history ----------------------------------------------------------------------------------------


def own(path: Path) -> None:
    history = History(path, FixedClock())
    learned(history, "a", 3, 1)
    history.close()


def foreign(path: Path, *setup: str) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    for statement in ("create table notes (text)", "insert into notes values ('mine')", *setup):
        db.execute(statement)
    db.close()


def foreign_in_use(path: Path) -> None:
    """Make another program's database in WAL mode, as it lies there after that program was killed."""
    made = path.with_name("made.sqlite")
    db = sqlite3.connect(made, isolation_level=None)
    db.execute("pragma journal_mode = wal")
    db.execute("create table notes (text)")
    db.execute("insert into notes values ('mine')")
    for ending in ("", "-wal"):
        shutil.copy(f"{made}{ending}", f"{path}{ending}")
    db.close()
    made.unlink()


def cut_off(path: Path) -> None:
    own(path)
    path.write_bytes(path.read_bytes()[:5000])


def scrambled(path: Path) -> None:
    own(path)
    content = path.read_bytes()
    path.write_bytes(content[:100] + bytes(b ^ 0x5A for b in content[100:]))


FILES: dict[str, Callable[[Path], object]] = {
    "one byte": lambda path: path.write_bytes(b"x"),
    "random bytes": lambda path: path.write_bytes(bytes(range(1, 256)) * 50),
    "text": lambda path: path.write_text("dear diary\n" * 1000),
    "zeros": lambda path: path.write_bytes(bytes(8192)),
    "the name of SQLite and no more": lambda path: path.write_bytes(b"SQLite format 3\x00"),
    "SQLite's header, then random bytes": lambda path: (
        path.write_bytes(b"SQLite format 3\x00" + b"\x07" * 8000) and None
    ),
    "another program's database": foreign,
    "another program's, of our version": lambda path: foreign(path, "pragma user_version = 1"),
    "another program's, of a later version": lambda path: foreign(path, "pragma user_version = 9"),
    "another program's, marked as such": lambda path: foreign(path, "pragma application_id = 77"),
    "another program's, left in use": foreign_in_use,
    "a history cut off": cut_off,
    "a history scrambled": scrambled,
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_history_is_refused_and_left_byte_for_byte(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "history.sqlite"
    FILES[kind](path)
    before = everything(tmp_path)
    for _ in range(2):
        with pytest.raises(StoreError) as refused:
            History(path, FixedClock())
        assert refused.value.exit_code == 3
        assert str(path) in refused.value.what
        assert refused.value.mend
        assert "\n" not in str(refused.value)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_something_that_is_no_plain_file_is_refused_at_once(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "history.sqlite")
    with pytest.raises(StoreError, match="is not a plain file"):
        History(tmp_path / "history.sqlite", FixedClock())


def test_an_empty_file_is_taken_as_a_new_history(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").touch()
    own(tmp_path / "history.sqlite")
    history = History(tmp_path / "history.sqlite", FixedClock())
    assert history.count() == 2
    history.close()


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StoreError, match=r"cannot be opened \(not a directory\)"):
        History(tmp_path / "home" / "profiles" / "default" / "history.sqlite", FixedClock())


def test_a_history_killed_while_it_was_made_is_opened(tmp_path: Path) -> None:
    """The tables of a new history must not lie in the WAL alone: the first page says whose the file is."""
    history = History(tmp_path / "history.sqlite", FixedClock())
    shutil.copytree(tmp_path, tmp_path / "copy", ignore=shutil.ignore_patterns("copy"))
    history.close()
    again = History(tmp_path / "copy" / "history.sqlite", FixedClock())
    learned(again, "a", 3)
    again.close()


# -- rights -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that somebody without rights can reach (pytest's own are closed to others)."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_read_only_folder_is_told_at_the_start(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    with as_nobody(), pytest.raises(StoreError, match=r"cannot be (opened|written).*--home DIR"):
        History(open_folder / "profiles" / "default" / "history.sqlite", FixedClock())
    assert list(open_folder.iterdir()) == []


@pytest.mark.parametrize("still_open", [False, True])
def test_a_history_in_a_read_only_folder_is_told_at_the_start(open_folder: Path, still_open: bool) -> None:
    path = open_folder / "history.sqlite"
    own(path)
    writer = History(path, FixedClock()) if still_open else None
    before = everything(open_folder)
    for name in open_folder.iterdir():
        name.chmod(0o444)
    open_folder.chmod(0o555)
    with as_nobody(), pytest.raises(StoreError, match=r"cannot be (opened|written).*--home DIR"):
        History(path, FixedClock())
    assert everything(open_folder) == before
    if writer:
        writer.close()


def test_a_history_that_may_not_be_read_is_told(open_folder: Path) -> None:
    path = open_folder / "history.sqlite"
    own(path)
    path.chmod(0o000)
    with as_nobody(), pytest.raises(StoreError, match="permission denied"):
        History(path, FixedClock())


def test_a_folder_in_which_no_device_can_be_named_is_told(open_folder: Path) -> None:
    path = open_folder / "history.sqlite"
    own(path)
    (open_folder / "device").unlink()
    (open_folder / "device").mkdir()
    with pytest.raises(StoreError, match="cannot be opened"):
        History(path, FixedClock())


# -- a full disk ------------------------------------------------------------------------------------------------------


def full(history: History) -> None:
    """Let SQLite find no room for one page more: what it raises then is what a full disk makes it raise."""
    history._db.execute("pragma max_page_count = 1")


def room(history: History) -> None:
    history._db.execute("pragma max_page_count = 1000000")


def trouble(history: History) -> StoreError | None:
    """Return what the history has to tell now."""
    return history.trouble


def until_full(history: History, card: str = "filler") -> None:
    """Record answers until one does not find room."""
    for _ in range(10_000):
        event = history.event("answer", card=card, rating=3, body={"question": "q", "mark": 1.0, "pad": "x" * 500})
        if not history.record([event]):
            return
    raise AssertionError("the disk does not get full")


def test_with_a_full_disk_answers_are_kept_in_memory_counted_and_written_later(tmp_path: Path) -> None:
    clock = FixedClock()
    history = History(tmp_path / "history.sqlite", clock)
    learned(history, "a", 3)
    full(history)
    until_full(history)
    (waiting,) = history.pending
    on_disk = history.count()
    assert isinstance(trouble(history), StoreFullError)
    assert str(history.trouble) == f"the disk is full ({tmp_path}) - make room; until then answers wait to be written"

    clock.forward(days=5)
    before = history.state("a")
    later = [history.event("answer", card="a", rating=r, body={"question": "q", "mark": 1.0}) for r in (1, 3)]
    for event in later:
        assert not history.record([event])
    assert [e.id for e in history.pending] == [waiting.id, *(e.id for e in later)]
    assert history.count() == on_disk
    assert history.state("a").answers == before.answers + 2
    assert history.state("a").lapses == 1
    counted = history.state("a")

    room(history)
    last = history.event("answer", card="b", rating=4, body={"question": "q", "mark": 1.0})
    assert history.record([last]), "the next answer takes the others along"
    assert trouble(history) is None
    assert history.pending == []
    ids = [row[0] for row in history.query("select id from event order by number desc limit 4")]
    assert ids == [last.id, later[1].id, later[0].id, waiting.id]
    assert [e.seq for e in sorted(history.events(), key=lambda e: e.seq)] == list(range(1, on_disk + 5))
    assert history.state("a") == counted
    assert sound(history)
    history.close()


def test_a_session_goes_on_while_the_disk_is_full(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(*(choice(f"c{n}") for n in range(8)))
    with place.open() as desk:
        session = study(desk)
        step(session)
        full(desk.history)
        until_full(desk.history)
        padding = desk.history.count() + len(desk.history.pending) - 1
        step(session, right=False)
        give(session)
        session.rate(Rating.EASY)
        session.next()
        session.flag("a note")
        assert session.undo()
        give(session, right=False)
        session.next()
        assert isinstance(trouble(desk.history), StoreFullError)
        assert len(desk.history.pending) >= 6
        assert [a.rating for a in session.answered] == [3, 1, 1]
        assert [e.id for e in desk.history.answers_of(session.id, session.day)] == [a.event for a in session.answered]
        room(desk.history)
        rest = to_the_end(session)
        assert trouble(desk.history) is None
        assert set(rest) >= {"c1", "c2", "c3", "c4", "c5", "c6", "c7"}
        assert desk.history.count() > padding
        assert sound(desk.history)


def test_a_session_on_a_full_disk_can_be_taken_up_once_there_was_room(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(*(choice(f"c{n}") for n in range(8)))
    with place.open() as desk:
        session = study(desk)
        full(desk.history)
        until_full(desk.history)
        for _ in range(3):
            step(session)
        session.stop()
        stood_at = on_screen(session)
        room(desk.history)
    with place.open() as desk:
        session = study(desk)
        assert on_screen(session) == stood_at
        assert len(session.answered) == 3
        assert sound(desk.history)


def test_where_a_session_stands_is_written_with_the_next_answer(tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite", FixedClock())
    day = history.today()
    full(history)
    until_full(history)
    history.record((), SavedSession("s", day, 0, True, {"format": 1, "n": 1}))
    assert history.open_session(1, day) is None
    room(history)
    learned(history, "a", 3)
    assert history.open_session(1, day) == SavedSession("s", day, 0, True, {"format": 1, "n": 1})
    history.close()


@pytest.mark.parametrize("room", [journal.ROOM, 0], ids=["in the journal", "in the rescue file"])
def test_what_could_not_be_written_at_the_end_is_taken_in_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(journal, "ROOM", room)
    place = Place(tmp_path)
    place.write(choice("a"), choice("b"))
    with place.open() as desk:
        full(desk.history)
        until_full(desk.history)
        feedback = give(study(desk))
        unsaved = desk.close()
        assert unsaved is not None
        assert isinstance(unsaved.trouble, StoreFullError)
        assert unsaved.rescued is not None
        assert unsaved.rescued.stat().st_mode & 0o777 == 0o600
    with place.open() as desk:
        assert feedback.event in [e.id for e in desk.history.events()]
        waits = journal.read(unsaved.rescued.read_bytes())[0] if room else unsaved.rescued.exists()
        assert not waits
        assert sound(desk.history)
    with place.open() as desk:
        assert [e.id for e in desk.history.events()].count(feedback.event) == 1


def test_a_rescue_file_that_is_no_such_thing_is_left_alone(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(choice("a"))
    with place.open() as desk:
        path, before = rescue_file(desk.history.path), desk.history.count()
    path.write_text('{"id": "x"}\nnot JSON\n')
    with place.open() as desk:
        assert desk.history.count() == before
    assert path.read_text() == '{"id": "x"}\nnot JSON\n'


def test_a_rescue_file_of_another_user_is_not_taken_in(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(choice("a"))
    with place.open() as desk:
        give(study(desk))
        events, path = list(desk.history.events()), rescue_file(desk.history.path)
        path.write_text("".join(replace(e, id="f" * 32).as_json() + "\n" for e in events[:1]))
    os.chown(path, 65534, 65534)
    with place.open() as desk:
        assert "f" * 32 not in [e.id for e in desk.history.events()]
    assert path.exists()


def test_settings_changed_on_a_full_disk_hold_for_this_run(tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite", FixedClock())
    full(history)
    until_full(history)
    history.change_settings({"new": 3})
    assert history.settings.new == 3
    room(history)
    history.close()
    history = History(tmp_path / "history.sqlite", FixedClock())
    assert history.settings.new == 3
    history.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of half a megabyte, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_on_a_disk_that_is_really_full_no_answer_is_lost(small_disk: Path) -> None:
    clock = FixedClock()
    history = History(small_disk / "history.sqlite", clock)
    filler = small_disk / "filler"
    learned(history, "a", 3)
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    until_full(history)
    confirmed = history.count()
    assert isinstance(history.trouble, StoreFullError)
    events = [history.event("answer", card="a", rating=r, body={"question": "q", "mark": 1.0}) for r in (1, 3, 4)]
    for event in events:
        assert not history.record([event])
    assert history.state("a").answers == 4
    filler.unlink()
    assert history.flush()
    assert history.count() == confirmed + 4
    assert [e.id for e in history.events_of("a")][-3:] == [e.id for e in events]
    assert sound(history)
    assert integrity_of(history.path) == "ok"
    history.close()


def test_on_a_full_disk_a_backup_says_so_and_leaves_no_part(small_disk: Path) -> None:
    history = History(small_disk / "history.sqlite", FixedClock())
    until_full(history)
    with pytest.raises(StoreError, match="cannot be written"):
        history.backup("test")
    assert list((small_disk / "backups").iterdir()) == []
    history.pending.clear()
    history.close()


def test_a_new_profile_on_a_full_disk_is_told_at_the_start(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(bytes(500 * 1024))
    with pytest.raises(StoreError):
        History(small_disk / "profiles" / "default" / "history.sqlite", FixedClock())
    (small_disk / "filler").unlink()
    own(small_disk / "profiles" / "default" / "history.sqlite")


# -- somebody else's lock ---------------------------------------------------------------------------------------------


def test_a_lock_held_by_another_program_makes_answers_wait_and_loses_none(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(*(choice(f"c{n}") for n in range(4)))
    with place.open():
        pass
    history = History(place.paths.history, place.clock, busy=0.02)
    other = start("hold-lock", tmp_path)
    events = [history.event("answer", card="c0", rating=r, body={"question": "q", "mark": 1.0}) for r in (1, 3)]
    for event in events:
        assert not history.record([event])
    assert str(history.trouble) == (
        f"another program is writing to {place.paths.history} - close it, or try again in a moment"
    )
    assert history.count() == 0
    assert history.state("c0").answers == 2
    tell(other)
    assert said(other) == ["let go"]
    assert history.flush()
    assert history.trouble is None
    assert [e.id for e in history.events()] == [e.id for e in events]
    assert sound(history)
    history.close()


def test_a_history_locked_by_another_program_is_told_at_the_start(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(choice("a"))
    with place.open():
        pass
    other = start("hold-lock", tmp_path)
    with pytest.raises(StoreError, match="another program is writing"):
        History(place.paths.history, place.clock, busy=0.02)
    tell(other)
    said(other)
    History(place.paths.history, place.clock).close()


# -- damage that shows later ------------------------------------------------------------------------------------------


def test_damage_found_while_writing_is_told_and_the_answers_stay_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    history = History(path, FixedClock())
    for n in range(60):
        learned(history, f"c{n}", 3, pad="x" * 300)
    history.close()
    (root,) = _roots(path, "state")
    content = bytearray(path.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = b"\x5a" * 4096
    path.write_bytes(content)
    history = History(path, FixedClock())
    with pytest.raises(sqlite3.DatabaseError):
        history.state("c0")
    event = history.event("answer", card="c0", rating=3, body={"question": "q", "mark": 1.0})
    assert not history.record([event])
    assert history.trouble is not None
    assert "is damaged" in history.trouble.what
    assert "quiz backup --restore" in history.trouble.mend
    assert [e.id for e in history.pending] == [event.id]
    assert history.count() == 60
    history.close()


def _roots(path: Path, table: str) -> tuple[int]:
    db = sqlite3.connect(path)
    (root,) = db.execute("select rootpage from sqlite_master where name = ? and type = 'table'", (table,)).fetchone()
    db.close()
    return (root,)


def test_a_session_that_ends_on_a_full_disk_is_written_when_there_is_room(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(choice("a"))
    with place.open() as desk:
        session = study(desk)
        full(desk.history)
        until_full(desk.history)
        feedback = give(session)
        assert feedback.mark.right
        assert session.feedback is feedback
        session.next()
        assert session.phase is Phase.DONE
        room(desk.history)
    with place.open() as desk:
        assert desk.history.state("a").answers == 1
