"""Faults while copies are made and put back: programs killed, a full disk, no rights, a lock, and random damage."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quiz.errors import StoreError, UnreadableError
from quiz.store.backup import back_up, backups, verify
from quiz.store.events import Event
from quiz.store.examine import examine, repair
from quiz.store.history import History
from quiz.store.restore import restore
from tests.support.clocks import FixedClock
from tests.support.desks import learned, sound
from tests.support.old_stores import as_version
from tests.support.rights import as_nobody
from tests.support.shell import Shell


def filled(path: Path, cards: int = 60, pad: int = 200) -> list[Event]:
    """Make a history with answers, undos, a session and settings; return its events."""
    history = History(path, FixedClock())
    history.change_settings({"new": 7})
    for n in range(cards):
        first, _ = learned(history, f"card-{n}", 3, 1, question=f"choice-{n}", certainty="high", pad="x" * pad)
        if n % 7 == 0:
            history.record([history.event("undo", card=f"card-{n}", target=first.id)])
    found = list(history.events())
    history.close()
    return found


def ids_in(copy: Path) -> set[str]:
    """Return the ids of the events of a copy, which may be one of a damaged file."""
    with closing(sqlite3.connect(copy)) as db:
        return {event for (event,) in db.execute("select id from event")}


def events(path: Path) -> list[Event]:
    """Return the events of a history that is looked through first."""
    history = History(path, FixedClock())
    try:
        assert examine(history).sound
        assert sound(history)
        return list(history.events())
    finally:
        history.close()


# -- killed -----------------------------------------------------------------------------------------------------------


def killed(shell: Shell, folder: Path, seconds: float, *argv: str) -> bool:
    """Start a command, kill it some time after it began a file in `folder`, and return whether it was killed."""
    before = set(folder.glob("*.part"))
    process = shell.start(*argv)
    while process.poll() is None and set(folder.glob("*.part")) <= before:
        pass
    end = time.perf_counter() + seconds  # a sleep would be too coarse
    while time.perf_counter() < end and process.poll() is None:
        pass
    process.kill()
    process.communicate()
    return process.returncode == -9


def test_a_program_killed_while_it_backs_up_leaves_only_whole_copies(tmp_path: Path) -> None:
    shell, path = Shell(tmp_path), tmp_path / "home" / "profiles" / "default" / "history.sqlite"
    whole = filled(path, 400, 900)
    chance, folder = random.Random(1), path.parent / "backups"
    assert sum(killed(shell, folder, chance.uniform(0, 0.02), "backup") for _ in range(14)) > 0
    for backup in backups(path):
        assert verify(backup.path) == verify(path)
    assert shell.run("backup").returncode == 0
    assert all(b.suffix == ".sqlite" for b in folder.iterdir()), "the rests of killed programs are gone"
    assert events(path) == whole


def test_a_program_killed_while_it_migrates_loses_nothing_and_the_next_one_does_it(tmp_path: Path) -> None:
    shell, path = Shell(tmp_path), tmp_path / "home" / "profiles" / "default" / "history.sqlite"
    whole = filled(path, 300, 600)
    as_version(path, 3)
    chance, folder = random.Random(3), path.parent / "backups"
    hits = 0
    for _ in range(100):
        if killed(shell, folder, chance.uniform(0, 0.03), "due"):
            hits += 1
        else:  # it was done before the kill came
            as_version(path, 3)
        if hits == 5:
            break
    assert hits == 5
    assert shell.run("due").returncode == 0
    assert events(path) == whole
    assert all(not verify(b.path).fault for b in backups(path))


@pytest.mark.parametrize("seed", range(8))
def test_a_program_killed_while_it_restores_loses_nothing(tmp_path: Path, seed: int) -> None:
    """The history is damaged, and has answers that the backup lacks: they must be there in the end."""
    shell, path = Shell(tmp_path), tmp_path / "home" / "profiles" / "default" / "history.sqlite"
    filled(path, 150, 600)
    backup = back_up(path, "by-hand", FixedClock().at)
    history = History(path, FixedClock())
    learned(history, "later", 3, 1)
    whole = {event.id for event in history.events()}
    history.close()
    with path.open("rb+") as file:  # in the bodies of the first events, which the backup holds
        file.seek(path.read_bytes().index(b"x" * 600) + 100)
        file.write(b"y")
    chance, argv = random.Random(seed), ("backup", "--restore", str(backup))
    exactly = bool(seed % 2)  # then what was answered since may be in the copy made before it alone
    for way in ((), ("--exactly",) if exactly else (), ()):
        killed(shell, backup.parent, chance.uniform(0, 0.12), *argv, *way)
    assert shell.run(*argv).returncode == 0
    there = {event.id for event in events(path)}
    kept = there.union(*(ids_in(b.path) for b in backups(path)))
    assert whole <= (kept if exactly else there)
    assert not [p for p in (path.parent / "backups").iterdir() if ".part" in p.name]


# -- full disks and closed folders ------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("damaged", [False, True])
@pytest.mark.parametrize("room", [0, 40, 200])
def test_on_a_full_disk_a_restore_says_so_and_changes_nothing(small_disk: Path, damaged: bool, room: int) -> None:
    path = small_disk / "history.sqlite"
    filled(path, 150)
    backup = back_up(path, "by-hand", FixedClock().at)
    whole = {event.id for event in events(path)}
    if damaged:
        content = path.read_bytes()
        path.write_bytes(content.replace(b"x" * 200, b"x" * 199 + b"y", 1))
    before = path.read_bytes()
    filler = small_disk / "filler"
    free = shutil.disk_usage(small_disk).free
    filler.write_bytes(bytes(max(0, free - room * 1024)))
    with pytest.raises(StoreError) as told:
        restore(path, backup, FixedClock())
    assert "\n" not in str(told.value)
    assert path.read_bytes() == before
    assert not [p for p in backup.parent.iterdir() if ".part" in p.name]
    filler.unlink()
    restore(path, backup, FixedClock())
    assert {event.id for event in events(path)} == whole


def test_in_a_folder_that_may_not_be_written_both_are_refused_in_a_line() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        path = folder / "history.sqlite"
        filled(path, 3)
        backup = back_up(path, "by-hand", FixedClock().at)
        path.write_bytes(b"")
        for closed in (backup.parent, folder):
            closed.chmod(0o555)
        for file in (path, backup):
            file.chmod(0o444)
        with as_nobody():
            with pytest.raises(StoreError, match="cannot be written"):
                back_up(backup, "by-hand", FixedClock().at)
            with pytest.raises(StoreError, match="cannot be opened"):
                restore(path, backup, FixedClock())
        assert path.read_bytes() == b""


# -- a second program -------------------------------------------------------------------------------------------------


def test_a_damaged_history_that_another_program_has_open_is_not_replaced(tmp_path: Path) -> None:
    shell, path = Shell(tmp_path), tmp_path / "home" / "profiles" / "default" / "history.sqlite"
    filled(path, 40)
    back_up(path, "by-hand", FixedClock().at)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"x" * 200, b"x" * 199 + b"y", 1))
    before = path.read_bytes()
    other = History(path, FixedClock())
    said = shell.run("backup", "--restore", "latest")
    assert (said.returncode, said.stdout) == (3, "")
    assert said.stderr == f"quiz: another program has the history {path} open - close it, then restore again\n"
    other.close()
    assert path.read_bytes() == before
    assert shell.run("backup", "--restore", "latest").returncode == 0
    assert len(events(path)) == 87


def test_a_history_that_is_being_written_is_told_in_a_line(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    filled(path, 3)
    backup = back_up(path, "by-hand", FixedClock().at)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(StoreError, match="another program is writing") as told:
            restore(path, backup, FixedClock(), busy=0.02)
        assert told.value.exit_code == 3
        other.execute("rollback")
    assert restore(path, backup, FixedClock()).added == 0


# -- random damage ----------------------------------------------------------------------------------------------------


def damage(content: bytes, seed: int) -> bytes:
    """Return a file with one bit flipped, or, for every fourth seed, cut short, at a random place."""
    chance = random.Random(seed)
    if seed % 4 == 3:
        return content[: chance.randrange(len(content))]
    broken = bytearray(content)
    broken[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(broken)


@pytest.fixture(scope="module", params=["new", "brought up from version 3"])
def original(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> tuple[bytes, list[Event], bytes]:
    """A history as bytes, its events, and a backup of it."""
    path = tmp_path_factory.mktemp("original") / "history.sqlite"
    found = filled(path, 30, 20)
    if request.param != "new":
        as_version(path, 3)
        History(path, FixedClock()).close()
    return path.read_bytes(), found, back_up(path, "by-hand", FixedClock().at).read_bytes()


def refused_or_sound(path: Path, whole: list[Event]) -> str:
    """Return why a history is refused; if it is not, see that it is found unsound, or is whole, repaired if need be."""
    try:
        history = History(path, FixedClock())
    except StoreError as refused:
        return str(refused)
    found = examine(history)
    if found.sound or (found.whole and repair(history, found) >= 0 and examine(history).sound):
        assert list(history.events()) == whole
        assert sound(history)
    history.close()
    return ""


@pytest.mark.parametrize("seeds", [range(n, n + 25) for n in range(0, 100, 25)], ids=str)
def test_a_damaged_history_is_never_taken_for_a_sound_one(
    tmp_path: Path, original: tuple[bytes, list[Event], bytes], seeds: range
) -> None:
    """100 places: it is refused, or an examination finds it, or nothing that counts was changed. Then it is mended."""
    content, whole, copy = original
    for seed in seeds:
        path = tmp_path / str(seed) / "history.sqlite"
        (path.parent / "backups").mkdir(parents=True)
        (path.parent / "device").write_text(whole[0].device + "\n")
        path.write_bytes(damage(content, seed))
        backup = path.parent / "backups" / "history-2026-11-22T10-00-00-by-hand.sqlite"
        backup.write_bytes(copy)
        refused = refused_or_sound(path, whole)
        if "another program" in refused or "newer version" in refused:
            path.unlink()  # what the message says
        restore(path, backup, FixedClock())
        assert events(path) == whole, seed


def test_a_damaged_backup_is_named_or_holds_everything(
    tmp_path: Path, original: tuple[bytes, list[Event], bytes]
) -> None:
    _, whole, copy = original
    named = good = 0
    for seed in range(100):
        path = tmp_path / str(seed) / "history.sqlite"
        path.parent.mkdir()
        backup = path.parent / "history-2026-11-22T10-00-00-by-hand.sqlite"
        backup.write_bytes(damage(copy, seed))
        try:
            done = restore(path, backup, FixedClock())
        except UnreadableError as refused:
            named += str(backup) in str(refused) and not path.exists()
        else:
            found = events(path)
            if done.fault:
                named += all(event in whole for event in found)
            else:
                good += found == whole
    assert named + good == 100, "named and not restored but for what is sound, or whole"
    assert named > 25


def test_the_latest_sound_copy_is_put_back_and_a_damaged_one_is_named(tmp_path: Path) -> None:
    shell, path = Shell(tmp_path), tmp_path / "home" / "profiles" / "default" / "history.sqlite"
    filled(path, 20)
    good = back_up(path, "by-hand", FixedClock().at)
    bad = back_up(path, "daily", FixedClock().at + 86_400_000)
    bad.write_bytes(bad.read_bytes()[:20_000])
    path.write_bytes(b"")
    listed = shell.run("backup", "--list")
    assert listed.returncode == 1
    assert listed.stdout.splitlines()[:2] == [
        f"{bad.name}: 0.0 MB, DAMAGED (its end is missing)",
        f"{good.name}: 44 events, {good.stat().st_size / 1e6:.1f} MB",
    ]
    said = shell.run("due")
    assert said.returncode == 3
    assert "is empty, and was not" in said.stderr
    said = shell.run("backup", "--restore", bad.name)
    assert (said.returncode, path.read_bytes()) == (4, b"")
    assert f"the backup {bad} is damaged" in said.stderr
    said = shell.run("backup", "--restore", "latest")
    assert said.returncode == 0
    assert said.stderr.startswith(f"quiz: {bad} is damaged")
    assert said.stdout.startswith(f"Restored: 44 events put back from {good.name}. The history as it was: ")
    assert len(events(path)) == 44
