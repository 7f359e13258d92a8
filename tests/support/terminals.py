"""A program in a terminal of its own (a pty): real keys, real signals, and every byte that reaches it.

Waiting is always for something to be seen, with a deadline far off: a slow machine makes these tests slow, not red.
"""

from __future__ import annotations

import os
import re
import select
import sqlite3
import struct
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from quiz.store.journal import read

fcntl = pytest.importorskip("fcntl", reason="there is no pty on this system")
termios = pytest.importorskip("termios", reason="there is no pty on this system")

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 90.0  # seconds: what hangs must end; a slow machine is no fault
SAME_KEY = 0.8  # seconds between two presses of one key that are meant as two
CONTROL = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P_].*?(?:\x1b\\|\x07)|\x1b[ -/]*[0-~]", re.DOTALL)
MOUSE_OFF, CURSOR_SHOWN, MAIN_SCREEN = b"\x1b[?1000l", b"\x1b[?25h", b"\x1b[?1049l"
ALTERNATE = b"\x1b[?1049h"


class Terminal:
    """A program in a terminal of its own. `raw` is every byte that it sent."""

    def __init__(self, home: Path, *command: str, size: tuple[int, int] = (80, 24), **environ: str) -> None:
        self.home = home
        self.raw = b""
        self.master, self.slave = os.openpty()
        self._resize(size)
        self.before = termios.tcgetattr(self.slave)
        kept = {name: os.environ[name] for name in ("PATH", "COVERAGE_PROCESS_START") if name in os.environ}
        # It is about noon there: a study day must not end in the middle of a test.
        zone = f"NOON{time.gmtime().tm_hour - 12:+d}"
        places = {"HOME": str(home), "QUIZ_HOME": str(home / "home"), "PYTHONPATH": str(ROOT), "TZ": zone}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "quiz", *command],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            cwd=home,
            env=kept | places | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"} | environ,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def close(self) -> None:
        """End the program if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """Take the terminal away, as closing its window does."""
        for end in (self.slave, self.master):
            if end >= 0:
                os.close(end)
        self.slave = self.master = -1

    def _resize(self, size: tuple[int, int]) -> None:
        columns, rows = size
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal another size; the program gets SIGWINCH."""
        self._resize((columns, rows))

    def choke(self) -> None:
        """Let the program paint, without reading, until its output takes no more."""
        waiting, still = -1, 0
        while still < 20:
            self.resize(100 if still % 2 else 99, 24)
            select.select([], [], [], 0.02)  # the time of a paint
            before, waiting = (
                waiting,
                int.from_bytes(fcntl.ioctl(self.master, termios.FIONREAD, b"\0" * 4), sys.byteorder),
            )
            still = still + 1 if waiting == before else 0

    def read(self, seconds: float) -> bool:
        """Read what comes within that time; return whether something came."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            self.raw += os.read(self.master, 65536)
        except OSError:  # the other end is closed
            return False
        return True

    def quiet(self, seconds: float) -> None:
        """Read until nothing came for that time."""
        while self.read(seconds):
            pass

    def said(self, start: int = 0) -> str:
        """Return the words sent since `start` (a length of `raw`), without what steers the terminal, and no spaces."""
        return re.sub(r"\s", "", CONTROL.sub(b" ", self.raw[start:]).decode("utf-8", "replace"))

    def wait_for(self, text: str, start: int = 0) -> None:
        """Read until a text was sent since `start`."""
        wanted, end = re.sub(r"\s", "", text), time.monotonic() + DEADLINE
        while wanted not in self.said(start):
            assert time.monotonic() < end, f"{text!r} did not come; the end was {self.said(start)[-800:]!r}"
            self.read(0.1)

    def press(self, keys: str, text: str = "") -> int:
        """Press keys after a moment of quiet, wait for a text, and return where its output begins."""
        self.quiet(0.15)
        start = len(self.raw)
        os.write(self.master, keys.encode())
        if text:
            self.wait_for(text, start)
        return start

    def end(self) -> int:
        """Read to the program's end and return its exit code."""
        end = time.monotonic() + DEADLINE
        while self.process.poll() is None:
            assert time.monotonic() < end, "the program does not end"
            self.read(0.05)
        self.quiet(0.05)
        return self.process.returncode

    def answers(self) -> list[str]:
        """Return the cards answered, as they are on the disk."""
        history = self.home / "home" / "profiles" / "default" / "history.sqlite"
        # The journal first: what it holds goes into the history, and might be in neither if that were read before it.
        journals = [journal.read_bytes() for journal in history.parent.glob("*.journal")]
        with closing(sqlite3.connect(f"{history.as_uri()}?mode=ro", uri=True)) as db:
            kept = dict(db.execute("select id, card from event where kind = 'answer' order by number"))
        for journal in journals:
            kept |= {event[0]: event[7] for events, _ in read(journal)[0] for event in events}
        return list(kept.values())

    def wait_until_the_place_is_kept(self) -> None:
        """Wait until the session is on the disk: that comes right after its first question is drawn."""
        history = self.home / "home" / "profiles" / "default" / "history.sqlite"
        end = time.monotonic() + DEADLINE
        with closing(sqlite3.connect(f"{history.as_uri()}?mode=ro", uri=True)) as db:
            while not db.execute("select 1 from session").fetchone():
                assert time.monotonic() < end, "the session was not written"
                time.sleep(0.005)

    def clean(self) -> None:
        """The terminal is as it was: main screen, no mouse, a cursor, lines and echo."""
        assert self.raw.rfind(MAIN_SCREEN) > self.raw.rfind(ALTERNATE) >= 0
        mouse = [MOUSE_OFF] * (b"\x1b[?1000h" in self.raw)
        for off in (*mouse, CURSOR_SHOWN, b"\x1b[?2004l"):
            assert self.raw.rfind(off) > self.raw.rfind(ALTERNATE), off
        assert termios.tcgetattr(self.slave)[:4] == self.before[:4]
