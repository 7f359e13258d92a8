"""Attempts to do harm, each as somebody would make it: see quiz/store/README.md for what is protected from whom."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from quiz.cli.main import main
from quiz.clock import SystemClock
from quiz.store.events import Event
from quiz.store.history import History
from quiz.store.rescue import rescue, rescue_file, take_in
from quiz.store.sync import folder as sync_folder
from quiz.store.sync.lines import line_of
from tests.support.commands import Run, runner
from tests.support.programs import ROOT
from tests.support.syncing import Device, answered

DECK = "title: D\ncards:\n  - {id: one, ask: What?, answer: That, safety: true}\n  - {id: two, ask: Who?, answer: He}\n"
SECRET = "ssh-ed25519 AAAA\nno line end"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("QUIZ_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("deck.yaml").write_text(DECK, "utf-8")
    return runner(monkeypatch, capsys)


def program(folder: Path, *argv: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a folder. What hangs is ended by the time limit, which nothing else comes near."""
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder), "QUIZ_HOME": str(folder / "home")}
    return subprocess.run(
        [sys.executable, "-m", "quiz", *argv],
        cwd=folder,
        env=kept | environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        input="",
    )


# -- the folder that the program is started in -------------------------------------------------------------------------


def test_modules_in_the_folder_of_a_deck_are_not_run(tmp_path: Path) -> None:
    for name in ("yaml", "json", "csv", "sqlite3", "platformdirs", "textual", "argparse", "quizdeck"):
        (tmp_path / f"{name}.py").write_text("open('owned', 'w').close()\n")
    (tmp_path / "deck.yaml").write_text(DECK)
    done = program(tmp_path, "check", "deck.yaml", PYTHONDONTWRITEBYTECODE="1")
    assert (done.returncode in (0, 1), done.stderr) == (True, "")
    assert program(tmp_path, "stats", "--decks", "deck.yaml").returncode == 0
    assert not (tmp_path / "owned").exists()


# -- other users of the machine ----------------------------------------------------------------------------------------


def test_whatever_the_umask_nobody_else_may_enter_or_read(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        (tmp_path / "deck.yaml").write_text(DECK)
        (tmp_path / "cards.csv").write_text("question,answer\nWhat?,That\n")
        (tmp_path / "shared").mkdir()
        for command in (
            ["study", "--plain", "--decks", "deck.yaml"],
            ["backup"],
            ["import", "cards.csv"],
            ["sync", "shared"],
            ["config", "new", "7"],
        ):
            done = program(tmp_path, *command)
            assert done.returncode == 0, done.stderr
    finally:
        os.umask(before)
    home = tmp_path / "home"
    found = [home, *home.rglob("*"), *(tmp_path / "shared").iterdir()]
    open_ = [str(path) for path in found if path.stat().st_mode & 0o077 and not _behind_a_door(path, home)]
    assert not open_
    assert any(path.name == "history.sqlite" for path in found)
    assert any(path.parent.name == "backups" for path in found)


def _behind_a_door(path: Path, home: Path) -> bool:
    """Whether a file lies in a folder of ours that nobody else may enter."""
    return path.is_file() and home in path.parents and not path.parent.stat().st_mode & 0o077


def test_a_profile_that_was_brought_with_the_rights_of_all_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "history.sqlite"
    History(path, SystemClock()).close()
    path.chmod(0o666)
    path.parent.chmod(0o777)
    History(path, SystemClock()).close()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_pipe_in_place_of_the_rescue_file_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    os.mkfifo(rescue_file(tmp_path / "home/profiles/default/history.sqlite"))
    (tmp_path / "deck.yaml").write_text(DECK)
    done = program(tmp_path, "due", "--decks", "deck.yaml", TMPDIR=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("how", ["link", "hard link", "pipe", "folder"])
def test_answers_are_not_rescued_into_what_somebody_else_has_put_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    victim, history = tmp_path / "victim", tmp_path / "profile" / "history.sqlite"
    victim.write_text(SECRET)
    place = rescue_file(history)
    if how == "link":
        place.symlink_to(victim)
    elif how == "hard link":
        place.hardlink_to(victim)
    elif how == "pipe":
        os.mkfifo(place)
    else:
        place.mkdir()
    assert rescue(history, [answered(1)]) is None
    assert victim.read_text() == SECRET
    with closing(History(history, SystemClock())) as opened:
        assert take_in(opened) == 0
    assert os.path.lexists(place)


# -- a folder that others write to -------------------------------------------------------------------------------------


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    (tmp_path / "shared").mkdir()
    return tmp_path / "shared"


def own_file(device: Device, shared: Path) -> Path:
    (found,) = shared.glob(f"{device.name}-*.jsonl")
    return found


@pytest.mark.parametrize("name", ["own", "0a0b0c0d-2026.jsonl"])
def test_a_link_out_of_the_sync_folder_is_neither_read_nor_cut_nor_written(
    tmp_path: Path, shared: Path, name: str
) -> None:
    victim, device = tmp_path / "authorized_keys", Device(tmp_path, "a")
    victim.write_text(SECRET)
    device.answer("c1", 3)
    device.sync(shared)
    place = own_file(device, shared) if name == "own" else shared / name
    place.unlink(missing_ok=True)
    place.symlink_to(victim)
    report = device.sync(shared) if name != "own" else None
    if report is None:
        device.answer("c2", 3)
        with pytest.raises(Exception, match="cannot be written"):
            device.sync(shared)
    else:
        assert [fault.what for fault in report.faults] == ["cannot be read (a link, which is not followed)"]
    assert victim.read_text() == SECRET


def test_a_link_that_waits_for_the_mending_of_a_file_is_not_written_through(tmp_path: Path, shared: Path) -> None:
    victim, device = tmp_path / "authorized_keys", Device(tmp_path, "a")
    victim.write_text(SECRET)
    device.answer("c1", 3, 3)
    device.sync(shared)
    own = own_file(device, shared)
    (shared / f".{own.name}.part").symlink_to(victim)
    own.write_bytes(b"damaged\n" + own.read_bytes())
    assert any("written anew" in line for line in device.sync(shared).mended)
    assert victim.read_text() == SECRET


def test_a_file_with_a_hole_as_large_as_one_likes_is_not_read(tmp_path: Path, shared: Path) -> None:
    device = Device(tmp_path, "a")
    device.answer("c1", 3)
    with (shared / "0a0b0c0d-2026.jsonl").open("wb") as file:
        file.truncate(sync_folder.LARGEST + 1)
    os.mkfifo(shared / "0a0b0c0d-2025.jsonl")
    said = [fault.what for fault in device.sync(shared).faults]
    assert said == ["cannot be read (not a plain file)", "cannot be read (too large)"]


def test_of_a_million_bad_lines_the_first_are_told_and_the_others_counted(
    tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_folder, "MOST_FAULTS", 10)
    device = Device(tmp_path, "a")
    (shared / "0a0b0c0d-2026.jsonl").write_bytes(b"x\n" * 500 + line_of(answered(1)))
    report = device.sync(shared)
    assert report.came == 1, "a sound line among them is taken"
    assert len(report.faults) == 11
    assert "490 more lines are not right" in report.faults[-1].what


@pytest.mark.parametrize(
    "body",
    [
        {"given": "\ud800"},
        {"\ud800": 1},
        {"ms": 10**30},
        {"ms": "soon"},
        {"given": "x" * 200_000},
        {"certainty": []},
        {"question": {}},
        {"rated": 7},
        {"x": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]},
    ],
)
def test_an_event_of_another_device_with_values_that_cannot_be_is_not_taken_in(
    tmp_path: Path, shared: Path, body: dict[str, Any]
) -> None:
    device = Device(tmp_path, "a")
    event = answered(1, body=body)
    text = json.dumps(
        {name: getattr(event, name) for name in Event.__dataclass_fields__}, separators=(",", ":")
    ).encode()
    (shared / "0a0b0c0d-2026.jsonl").write_bytes(b'{"v":1,"crc":"%08x","event":%b}\n' % (zlib.crc32(text), text))
    report = device.sync(shared)
    assert (report.came, [fault.what for fault in report.faults]) == (
        0,
        ["an event that cannot be (a field has a value that cannot be); its event is not taken in"],
    )


# -- a history of somebody's -------------------------------------------------------------------------------------------

ANSWER: dict[str, Any] = {
    "id": "a" * 32, "device": "abcd1234", "seq": 1, "at": "x", "at_ms": 1_763_800_000_000, "offset_min": 0,
    "day": "2025-11-22", "kind": "answer", "card": "one", "rating": 3, "chance": 0.0, "retention": 0.9, "session": "s",
    "mode": "refresher", "question": "flip-1", "prompt": "p", "answer": "q", "key": "That", "stem": "r", "given": "1",
    "mark": 1.0, "ms": 1000, "certainty": "high", "unseen": True, "rated": 3,
}  # fmt: skip
HEAD = {name: ANSWER[name] for name in ("id", "device", "seq", "at", "at_ms", "offset_min", "day")}
SCORED = {
    "card": "one", "question": "flip-1", "topic": "t", "given": "x", "mark": 1.0, "ms": 4, "certainty": None,
    "flagged": False,
}  # fmt: skip
RESULT: dict[str, Any] = {
    "exam": "e1", "plan": {"scope": {}}, "started": "2025-11-22T10:00:00Z", "ended": "2025-11-22T11:00:00Z", "ms": 5,
    "out_of_time": False, "questions": [SCORED],
}  # fmt: skip
ODD_EVENTS = {
    "a mark of 400 digits": ANSWER | {"mark": 10**400},
    "a day off of 400 digits": ANSWER | {"kind": "bury", "until": 10**400},
    "endless milliseconds": ANSWER | {"ms": float("inf")},
    "a question that is a list": ANSWER | {"question": []},
    "a mode that is a group": ANSWER | {"mode": {}},
    "a certainty that is a list": ANSWER | {"certainty": [["high"]]},
    "only later tries": ANSWER | {"retry": True},
    "an exam without questions": HEAD | {"kind": "session"} | RESULT | {"questions": []},
    "an exam with a mark in words": HEAD
    | {"kind": "session"}
    | RESULT
    | {"questions": [SCORED | {"mark": "full", "certainty": "x"}]},
    "an exam of endless time": HEAD | {"kind": "session"} | RESULT | {"ms": 10**300},
    "a theme with a path": HEAD
    | {"kind": "settings", "theme": "../../x", "sync": "/", "new": [], "rollover": "\x1b[2J"},
    "an id with a path": ANSWER | {"card": "../../etc/passwd", "id": "../../x", "session": "../../x"},
    "an id with SQL": ANSWER | {"card": "x' or 1=1; drop table event --", "session": "'"},
}


@pytest.mark.parametrize("odd", ODD_EVENTS)
def test_a_history_with_values_that_cannot_be_is_refused_or_harms_no_command(
    run: Run, odd: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("h.jsonl").write_text(json.dumps(ODD_EVENTS[odd]))
    taken_in = "1 new" in _any(capsys, "import", "h.jsonl")
    for command in ("stats", "due", "card one", "doctor", "report --to r.md", "report --exam --to e.html", "config"):
        _any(capsys, *command.split(), "--decks", "deck.yaml")
    if taken_in:
        run("export", "--to", "o.jsonl")
        run("import", "--dry-run", "o.jsonl")
    assert sorted(path.name for path in Path().iterdir() if path.name.startswith(("x", "etc"))) == []


def _any(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """Run a command that may refuse what it is given, and return what it said."""
    assert main(argv) in (0, 1, 2, 4)
    said = "".join(capsys.readouterr())
    assert "the program failed" not in said
    assert "cannot be used" not in said
    return said


# -- files that the program writes and reads --------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["jsonl", "csv", "gift", "apkg"])
@pytest.mark.parametrize("what", ["link", "broken link", "pipe", "folder", "file"])
def test_an_export_writes_over_nothing_and_through_nothing(run: Run, ending: str, what: str) -> None:
    target, victim = Path(f"out.{ending}"), Path("victim")
    victim.write_text(SECRET)
    if what == "link":
        target.symlink_to(victim)
    elif what == "broken link":
        target.symlink_to("nowhere")
    elif what == "pipe":
        os.mkfifo(target)
    elif what == "folder":
        target.mkdir()
    else:
        target.write_text(SECRET)
    assert "is there already" in run("export", "--to", str(target), "--decks", "deck.yaml", code=2)
    assert victim.read_text() == SECRET
    assert not Path("nowhere").exists()
    assert target.is_symlink() or stat.S_IFMT(target.stat().st_mode) in (stat.S_IFIFO, stat.S_IFDIR, stat.S_IFREG)


@pytest.mark.parametrize("content", ["\n```json\n{\n", '<!doctype><pre id="record">{\n', "<!doctype", "[" * 9])
def test_a_file_that_would_keep_the_check_of_records_busy_is_told_at_once(tmp_path: Path, content: str) -> None:
    (tmp_path / "record.md").write_text(content * (8_000_000 // len(content)))
    done = program(tmp_path, "report", "--check", "record.md")
    assert (done.returncode, "no whole record is in it" in done.stdout) == (1, True)


def test_a_pipe_is_no_record(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "record.md")
    done = program(tmp_path, "report", "--check", "record.md")
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert "not a plain file" in done.stderr


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (f'cloze: "{"{{" * 9_000}"', "a hole is not closed"),
        (f'cloze: "{" ".join(f"{{{{h{n}: x}}}}" for n in range(900))}"', "this cloze has 900 holes"),
        (f'ask: H?\n    number: "{"5 to " * 3_900}"', "is no number"),
        (f'ask: "{"a" * 40_001}"\n    answer: b', "is 40,001 characters long"),
        (f'ask: "{"(" * 20_000}"\n    answer: "{"&amp;" * 4_000}"', ""),
    ],
)
def test_a_text_made_to_keep_the_reader_busy_is_told_at_once(tmp_path: Path, field: str, said: str) -> None:
    cards = "".join(f"  - id: c{n}\n    {field}\n" for n in range(20))
    (tmp_path / "deck.yaml").write_text(f"title: D\ncards:\n{cards}")
    done = program(tmp_path, "check", "deck.yaml")
    assert done.returncode == (1 if said else done.returncode), done.stderr
    assert said in done.stdout
    assert "failed" not in done.stderr
