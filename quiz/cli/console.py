"""The terminal as lines: the one place of the command line where text is printed, and where lines are read."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import textwrap
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any, TextIO

from quiz.errors import UnreadableError, UsageError
from quiz.text import FORBIDDEN, clean

WIDTH = 78
PATIENCE = 0.5  # seconds after which it is said that something takes long


class Console:
    """Prints lines and asks for them.

    `interactive` says that a person types the lines: then typed lines are on the screen already. Lines from a pipe are
    repeated behind the prompt, so that what comes out reads like a conversation. `width` wraps paragraphs; None leaves
    each on one line.
    """

    def __init__(self, source: TextIO, out: TextIO, *, interactive: bool, echo: bool, width: int | None) -> None:
        self._source, self._out = source, out
        self.interactive = interactive
        self._echo = echo
        self._width = width

    def columns(self, most: int) -> int:
        """Return how wide a drawing may be: what the terminal has, at most `most`."""
        return min(most, self._width) if self._width else most

    def say(self, text: str = "") -> None:
        """Print a paragraph (or a blank line) and flush it. Nothing in it can move the cursor or give a command."""
        self._write(self._wrapped(clean(text)) + "\n")

    def warn(self, text: str) -> None:
        """Print a line on stderr, beside what was asked for."""
        with contextlib.suppress(OSError):
            print(f"quiz: {clean(text, lines=False)}", file=sys.stderr, flush=True)

    def document(self, value: Any) -> None:
        """Print one JSON document."""
        utf8 = (getattr(self._out, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"
        text = json.dumps(value, ensure_ascii=not utf8, indent=2)
        self._write(FORBIDDEN.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n")

    def ask(self, prompt: str) -> str | None:
        """Print a prompt and return the line that answers it, cleaned; None at the end of the input."""
        self._write(f"{self._wrapped(clean(prompt))} ")
        try:
            line = self._source.readline()
        except (Stop, KeyboardInterrupt):
            if self.interactive:
                with contextlib.suppress(OSError, UnreadableError):
                    self._write("\n")  # what the shell says next begins a line of its own
            raise
        if not line:
            self._write("\n")
            return None
        text = clean(line, lines=False).strip()
        if self._echo:
            self._write(f"{text}\n")
        return text

    def forget_typed(self) -> None:
        """Drop what was typed ahead: no answer may count for a question that was not shown yet."""
        if not self.interactive:
            return
        with contextlib.suppress(ImportError, OSError, ValueError):
            import termios

            termios.tcflush(self._source.fileno(), termios.TCIFLUSH)

    def _wrapped(self, text: str) -> str:
        if self._width is None:
            return text
        lines = (
            textwrap.fill(line, self._width, break_long_words=False, break_on_hyphens=False)
            for line in text.splitlines()
        )
        return "\n".join(lines)

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise unwritable(error) from error


class Patience:
    """Says on stderr what takes long, once it has taken half a second, with a dot for each second after that.

    An object of it is called again and again meanwhile; leaving its context ends the line.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._next: float | None = None  # when there is something to say
        self._told = False

    def __call__(self) -> None:
        """Be told that it still goes on."""
        now = time.monotonic()
        if self._next is None:
            self._next = now + PATIENCE
        elif now >= self._next:
            self._next = now + 1
            self._write("." if self._told else f"quiz: {self._what} ..")
            self._told = True

    def __enter__(self) -> Patience:
        return self

    def __exit__(self, *_: object) -> None:
        if self._told:
            self._write("\n")

    @classmethod
    @contextlib.contextmanager
    def alone(cls, what: str) -> Iterator[None]:
        """Say by itself what takes long while the block runs, to somebody who looks at a terminal."""
        if not sys.stderr.isatty():
            yield
            return
        import threading  # not needed to study

        ended = threading.Event()

        def beat() -> None:
            with cls(what) as patience:
                patience()
                while not ended.wait(PATIENCE):
                    patience()

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    @staticmethod
    def _write(text: str) -> None:
        with contextlib.suppress(OSError):
            print(text, end="", file=sys.stderr, flush=True)


def standard() -> Console:
    """Return the console of this process."""
    interactive, wraps = sys.stdin.isatty(), sys.stdout.isatty()
    width = min(WIDTH, shutil.get_terminal_size().columns) if wraps else None
    return Console(sys.stdin, sys.stdout, interactive=interactive, echo=not interactive, width=width)


def unwritable(error: OSError) -> UnreadableError:
    """Return what it means that stdout does not take what is printed."""
    what = f"the output cannot be written ({(error.strerror or str(error)).lower()})"
    return UnreadableError(what, "check where it goes to")


def prepare_streams() -> None:
    """Make the standard streams fit for any text: a missing one goes nowhere, an unknown character becomes `?`."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - lives as long as we do
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def require_terminal(instead: str = "quiz study --plain") -> None:
    """Raise UsageError unless the TUI can run: it reads keys from stdin and draws on stderr."""
    if os.environ.get("TERM") == "dumb":
        raise UsageError("this terminal cannot draw screens (TERM=dumb)", f"use: {instead}")
    for stream in (sys.__stdin__, sys.__stderr__):
        if stream is None or stream.closed or not stream.isatty():
            raise UsageError("this is not a terminal", f"use: {instead}")


class Stop(BaseException):
    """A signal asked the program to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


class Signals:
    """Turns SIGINT, SIGTERM and SIGHUP into `Stop`, but never while an answer is being recorded (`held`)."""

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}
        self._holding = False
        self._got = 0

    def __enter__(self) -> Signals:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None:
                self._before[number] = signal.signal(number, self._arrived)
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Put a signal off until the block is done."""
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
        if self._got:
            raise Stop(self._got)

    def _arrived(self, number: int, _frame: FrameType | None) -> None:
        self._got = number
        if not self._holding:
            raise Stop(number)
