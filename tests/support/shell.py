"""The command as a shell runs it: a process of its own in a folder of its own, told line by line what to do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUIZ = [sys.executable, "-m", "quiz"]


class Shell:
    """A fresh machine in a folder. It is about noon there: no study day ends in the middle of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {n: os.environ[n] for n in ("PATH", "SYSTEMROOT", "COVERAGE_PROCESS_START", "TMPDIR") if n in os.environ}
        places = {"HOME": str(folder), "QUIZ_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
        noon = f"NOON{time.gmtime().tm_hour - 12:+d}"
        self.environ = kept | places | {"TZ": noon, "LC_ALL": "C.UTF-8", "TERM": "dumb"}

    def run(self, *argv: str, lines: str = "") -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        return subprocess.run(
            [*QUIZ, *argv],
            input=lines,
            capture_output=True,
            timeout=60,
            text=True,
            encoding="utf-8",
            cwd=self.folder,
            env=self.environ,
        )

    def start(self, *argv: str, terminal: int | None = None) -> subprocess.Popen[str]:
        """Start the command, on pipes or on a terminal (the number of its end)."""
        end = subprocess.PIPE if terminal is None else terminal
        return subprocess.Popen(
            [*QUIZ, *argv],
            stdin=end,
            stdout=end,
            stderr=end,
            text=True,
            encoding="utf-8",
            cwd=self.folder,
            env=self.environ,
        )


def say(process: subprocess.Popen[str], line: str) -> None:
    """Write a line to a process."""
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """Read what a process prints until `text` was printed."""
    assert process.stdout is not None
    said = ""
    while not said.endswith(text):
        char = process.stdout.read(1)
        assert char, f"the output ended before {text!r}:\n{said}"
        said += char
    return said
