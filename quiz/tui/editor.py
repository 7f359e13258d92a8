"""The learner's own editor, as VISUAL or EDITOR names it: the command that opens a file at a line, and its run."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath

_PLUS = frozenset(
    "vi vim nvim gvim mvim view vis nano pico emacs emacsclient jmacs joe jed ne mg micro kak mcedit gedit".split()
)
_COLON = frozenset({"hx", "helix", "subl", "zed"})
_GOTO = frozenset({"code", "code-insiders", "codium", "vscodium", "cursor"})
_WAITING = _GOTO | {"subl", "zed"}  # these come back at once unless they are told to wait


def command(environ: Mapping[str, str], path: Path, line: int) -> list[str] | None:
    """Return the command that opens a file at a line; None when no editor is set.

    An editor that is not known gets the file alone: a `+12` might be another file to it.
    """
    wanted = environ.get("VISUAL", "").strip() or environ.get("EDITOR", "").strip()
    if not wanted:
        return None
    try:
        words = shlex.split(wanted, posix=os.name != "nt")
    except ValueError:  # a lone quotation mark: the name of a file that holds one
        words = [wanted]
    if not words:
        return None
    name, file = PurePath(words[0]).name.lower().removesuffix(".exe"), str(path)
    if name in _WAITING and not {"-w", "--wait"} & set(words):
        words.append("--wait")
    if name in _PLUS:
        return [*words, f"+{line}", file]
    if name in _COLON:
        return [*words, f"{file}:{line}"]
    return [*words, "--goto", f"{file}:{line}"] if name in _GOTO else [*words, file]


def run(words: Sequence[str]) -> int:
    """Run the editor to its end and return its exit code. Raises OSError when it cannot be started."""
    with _deaf_to_interrupts():
        return subprocess.run(words, check=False).returncode


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Leave Ctrl+C to the editor: the terminal sends it to every program that stands in front.

    A handler, not SIG_IGN: that one would be handed on to the editor.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def writable(path: Path) -> bool:
    """Whether the file can be saved by whoever runs the program."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
