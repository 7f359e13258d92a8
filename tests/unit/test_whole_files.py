"""Files written in one step: whole under their name or not there, and nothing half written stays for good."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from quiz.whole import whole_file

KILLED = """
import os, signal, sys
from pathlib import Path
from quiz.whole import whole_file
with whole_file(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_program_left_is_removed_by_the_next_write(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "a")], check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    assert left.read_bytes() == b"half"
    with whole_file(tmp_path / "b") as file:
        file.write(b"all")
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_what_another_program_is_writing_stays(tmp_path: Path) -> None:
    with whole_file(tmp_path / "a") as one:
        one.write(b"1")
        with whole_file(tmp_path / "b") as other:
            other.write(b"2")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"1", "b": b"2"}


def test_what_is_no_file_of_ours_stays(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"mine")
    (tmp_path / ".quiz-link.part").symlink_to(tmp_path / "precious")
    os.mkfifo(tmp_path / ".quiz-pipe.part")
    (tmp_path / ".quiz-folder.part").mkdir()
    (tmp_path / "quiz-1.part").write_bytes(b"mine")
    before = {path.name for path in tmp_path.iterdir()}
    with whole_file(tmp_path / "a") as file:
        file.write(b"all")
    assert {path.name for path in tmp_path.iterdir()} == before | {"a"}
    assert (tmp_path / "precious").read_bytes() == b"mine"
