"""The entry of the command line: parse, run one command, and tell whatever goes wrong in one line."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from quiz.cli.arguments import parse
from quiz.cli.call import Call
from quiz.cli.console import Stop, prepare_streams, standard, unwritable
from quiz.clock import Clock, SystemClock
from quiz.errors import QuizError
from quiz.paths import Paths, find, private_folder
from quiz.text import clean

if TYPE_CHECKING:
    from quiz.deck.lessons import TeachPlan
    from quiz.desk import Desk
    from quiz.study.blueprint import ExamPlan
    from quiz.study.exam import Exam
    from quiz.study.huddle import Huddle
    from quiz.study.plan import Plan

INTERRUPTED, PIPE_CLOSED = 130, 141
_MODULES = {"import": "import_"}  # a word of the language cannot name a module that is to be imported


def main(argv: Sequence[str], clock: Clock | None = None) -> int:
    """Run one command and return its exit code (design, section 6). Nothing is raised, and no traceback printed."""
    prepare_streams()
    log: Path | None = None
    try:
        try:
            options = parse(argv)
            paths = find(options.home, options.profile, dict(os.environ))
            log = paths.crash_log
            code = _run(options, paths, clock or SystemClock())
        except SystemExit as done:  # --help and --version
            code = int(done.code or 0)
        _flush()
    except Stop as stop:
        code = stop.exit_code
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        _close_stdout()
        code = PIPE_CLOSED
    except QuizError as error:
        code = _told(error)
    except Exception as error:
        code = _told(_crash(error, log))
    return code


def _run(options: Namespace, paths: Paths, clock: Clock) -> int:
    """Run the command that was asked for; the home screen where there was none."""
    if options.no_color:
        os.environ["NO_COLOR"] = "1"
    decks = (*options.decks, *options.more_decks)
    call = Call(options, decks, paths, clock, standard(), partial(_open_tui, not options.no_mouse))
    name = options.command or "home"
    command = importlib.import_module(f"quiz.cli.commands.{_MODULES.get(name, name)}")
    try:
        return int(command.run(call))
    except Exception as error:
        sqlite = sys.modules.get("sqlite3")  # who never loaded it cannot have failed in it
        if sqlite is None or not isinstance(error, sqlite.Error):
            raise
        from quiz.store.database import store_error

        raise store_error(paths.history, error) from error


def _open_tui(mouse: bool, desk: Desk, plan: Plan | TeachPlan | ExamPlan | Exam | Huddle | None, resume: bool) -> int:
    """Open the screens: the one place that loads the TUI."""
    from quiz.tui.app import run

    return run(desk, plan, resume=resume, mouse=mouse)


def _told(error: QuizError) -> int:
    """Print an error in one line and return its exit code."""
    with contextlib.suppress(OSError):
        print(f"quiz: {clean(str(error), lines=False)}", file=sys.stderr, flush=True)
    try:
        sys.stdout.flush()
    except OSError:  # the error may have been that very stream's
        _close_stdout()
    return error.exit_code


def _crash(error: Exception, log: Path | None) -> QuizError:
    """Write the traceback to the crash log (or, failing that, a temporary file) and return a line that names it."""
    import tempfile
    import traceback

    from quiz.whole import whole_file

    text = "".join(traceback.format_exception(error))
    what = f"the program failed ({type(error).__name__}); the fault is its own"
    with contextlib.suppress(OSError):
        try:
            if log is None:
                raise FileNotFoundError
            private_folder(log.parent)
            with whole_file(log, over=True, mode=0o600) as whole:
                whole.write(text.encode("utf-8", "backslashreplace"))
        except OSError:
            number, name = tempfile.mkstemp(".log", "quiz-crash-")
            log = Path(name)
            with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        return QuizError(what, f"please report it with the file {log}")
    return QuizError(what, "no folder could be written to keep its details")


def _flush() -> None:
    """Write what is left for stdout while an error can still be told."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(error) from error


def _close_stdout() -> None:
    """Send what may still be in the buffer of stdout nowhere: Python would try again to write it at its end."""
    with contextlib.suppress(OSError, ValueError):
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, sys.stdout.fileno())
        os.close(sink)
