"""Sync as real programs do it: two profiles on one machine, a killed program, a folder that fails."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

import quiz.store.backup
import quiz.store.merge
from quiz.clock import SystemClock
from quiz.errors import UnreadableError
from quiz.store.events import Event
from quiz.store.examine import integrity_of
from quiz.store.history import History
from quiz.store.sync import sync
from quiz.store.sync.lines import line_of
from tests.support.desks import learned, sound
from tests.support.programs import ROOT
from tests.support.rights import as_nobody
from tests.support.syncing import Device, answered, contents

DECK = "title: Small\ncards:\n" + "".join(
    f"  - id: c{n}\n    ask: What is {n}?\n    answer: It is {n}\n" for n in range(4)
)


def run(home: Path, *argv: str, lines: str = "", code: int = 0) -> str:
    """Run the program and return what it said, errors last."""
    command = [sys.executable, "-m", "quiz", "--home", str(home), *argv]
    done = subprocess.run(command, cwd=ROOT, input=lines, capture_output=True, text=True, check=False, timeout=120)
    assert "Traceback" not in done.stderr
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def history_of(home: Path) -> History:
    return History(home / "profiles" / "default" / "history.sqlite", SystemClock())


def stand(home: Path) -> tuple[list[Event], dict[str, object]]:
    with closing(history_of(home)) as history:
        assert sound(history)
        assert integrity_of(history.path) == "ok"
        return list(history.events()), {f"c{n}": history.state(f"c{n}") for n in range(4)}


@pytest.fixture
def deck(tmp_path: Path) -> str:
    path = tmp_path / "small.yaml"
    path.write_text(DECK, "utf-8")
    return str(path)


def study(home: Path, deck: str, ratings: str) -> None:
    run(home, "study", "--plain", deck, "--seed", "1", "--limit", "4", lines="".join(f"{r}\n" for r in ratings))


def test_two_profiles_with_conflicting_answers_end_alike_in_both_orders(tmp_path: Path, deck: str) -> None:
    homes = [tmp_path / "a", tmp_path / "b"]
    study(homes[0], deck, "1113")
    study(homes[1], deck, "4431")
    ends = []
    for order in ([0, 1, 0], [1, 0, 1]):
        place = tmp_path / f"order{order[0]}"
        shared = place / "shared"
        for home in homes:
            shutil.copytree(home, place / home.name)
        shared.mkdir()
        said = [run(place / homes[number].name, "sync", str(shared)) for number in order]
        assert "0 events came in" in said[0]
        assert "0 events came in" not in said[1]
        first, second = (stand(place / home.name) for home in homes)
        assert first == second
        ends.append(first)
        assert len(contents(shared)) == 2
        assert "Everything is in order." in run(place / "a", "doctor")
    assert ends[0] == ends[1]
    ids = {event.id for event in ends[0][0]}
    for home in homes:
        assert {event.id for event in stand(home)[0]} <= ids, "no answer of either is missing"


def test_json_tells_what_was_done_and_a_damaged_file_ends_with_1(tmp_path: Path, deck: str) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    study(tmp_path / "a", deck, "33")
    (shared / "0a0b0c0d-2026.jsonl").write_bytes(b"rubbish\n" + line_of(answered(1)))
    told = json.loads(run(tmp_path / "a", "sync", str(shared), "--json", code=1))
    assert told["events_in"] == 1
    assert told["events_out"] == 2
    assert told["problems"] == [
        {
            "file": "0a0b0c0d-2026.jsonl",
            "line": 1,
            "what": "damaged (its checksum does not fit); its event is not taken in",
        }
    ]


def test_a_session_with_a_sync_folder_takes_in_and_gives_out_by_itself(tmp_path: Path, deck: str) -> None:
    shared, a, b = tmp_path / "shared", tmp_path / "a", tmp_path / "b"
    shared.mkdir()
    for home in (a, b):
        assert run(home, "config", "sync", str(shared)) == f"sync = {shared}\n"
    study(a, deck, "3333")
    said = run(b, "study", "--plain", deck, "--seed", "1", "--limit", "1", lines="3\n")
    assert "came in from your other devices" in said
    run(a, "sync")
    assert stand(a) == stand(b)


def test_a_session_counts_even_when_its_folder_has_vanished(tmp_path: Path, deck: str) -> None:
    shared, home = tmp_path / "stick", tmp_path / "a"
    shared.mkdir()
    run(home, "config", "sync", str(shared))
    shared.rmdir()
    said = run(home, "study", "--plain", deck, "--seed", "1", "--limit", "1", lines="3\n")
    assert f"Not synced: the folder {shared} is not there" in said
    assert len([e for e in stand(home)[0] if e.kind == "answer"]) == 1
    assert not shared.exists()
    assert "is not there" in run(home, "sync", code=4)
    assert run(home, "config", "sync", "off") == "sync = \n"


def test_without_any_folder_the_way_to_name_one_is_told(tmp_path: Path) -> None:
    assert "quiz config sync FOLDER" in run(tmp_path / "a", "sync", code=2)


def test_a_folder_that_may_only_be_read_is_read_and_nothing_is_lost() -> None:
    assert quiz.store.merge  # loaded now: nobody may not be let into the checkout
    assert quiz.store.backup
    place = Path(tempfile.mkdtemp())  # pytest's own folders are closed to others
    place.chmod(0o777)
    shared = place / "shared"
    shared.mkdir()
    (shared / "0a0b0c0d-2026.jsonl").write_bytes(line_of(answered(1)))
    shared.chmod(0o555)
    with as_nobody():
        device = Device(place, "a")
        device.answer("one", 3)
        with pytest.raises(UnreadableError, match=r"cannot be written \(permission denied\)"):
            device.sync(shared)
        assert len(device.events()) == 2, "what was there came in"
    shared.chmod(0o777)
    with as_nobody():
        assert device.sync(shared).went == 1


def test_a_full_disk_leaves_no_half_line_in_the_folder(tmp_path: Path) -> None:
    shared, home = tmp_path / "shared", tmp_path / "a"
    shared.mkdir()
    with closing(history_of(home)) as history:
        learned(history, "one", 3)
        sync(history, shared)
        before = contents(shared)
        body = {"question": "q", "mark": 1.0, "given": "x" * 1000}
        assert history.record([history.event("answer", card="one", rating=3, body=body) for _ in range(500)])
    # A limit on the size of files acts like a disk that is full in the middle of a line.
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "from quiz.cli.main import main; resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000)); "
        "sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", script, "--home", str(home), "sync", str(shared)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 4, done
    assert "cannot be written (file too large) - make room" in done.stderr
    assert done.stderr.count("\n") == 1
    assert contents(shared) == before
    run(home, "sync", str(shared))
    report = Device(tmp_path, "c").sync(shared)
    assert (report.came, report.faults) == (501, ())


def test_a_program_that_answers_while_another_syncs_loses_nothing(tmp_path: Path) -> None:
    shared, home = tmp_path / "shared", tmp_path / "a"
    shared.mkdir()
    (shared / "0a0b0c0d-2026.jsonl").write_bytes(b"".join(line_of(answered(number)) for number in range(2000)))
    with closing(history_of(home)) as history:
        command = [sys.executable, "-m", "quiz", "--home", str(home), "sync", str(shared)]
        program = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        number = 0
        while program.poll() is None:
            learned(history, f"m{number % 5}", 3)
            number += 1
        assert program.returncode == 0
        learned(history, "m0", 3)
        assert history.count() == 2000 + number + 1
        assert sorted(e.seq for e in history.events() if e.device == history.device) == list(range(1, number + 2))
        assert sound(history)
        sync(history, shared)
    assert Device(tmp_path, "c").sync(shared).came == 2000 + number + 1
