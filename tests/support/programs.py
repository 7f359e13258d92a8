"""Programs for tests to start beside themselves: real processes on one profile, told by lines what to do.

Run as `python -m tests.support.programs WHAT FOLDER`; each writes a line for each thing done.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from quiz.deck.scope import Scope
from quiz.desk import open_desk
from quiz.paths import find
from quiz.store.history import History
from quiz.study.session import Phase
from tests.support.clocks import FixedClock
from tests.support.desks import Place, give, study

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = 500


def start(what: str, folder: Path) -> subprocess.Popen[str]:
    """Start a program and wait until it is ready."""
    command = [sys.executable, "-m", "tests.support.programs", what, str(folder)]
    program = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    return program


def tell(program: subprocess.Popen[str], line: str = "go") -> None:
    """Send a line to a program."""
    assert program.stdin is not None
    program.stdin.write(line + "\n")
    program.stdin.flush()


def said(program: subprocess.Popen[str]) -> list[str]:
    """Return all that a program still says before its end, and see that it ends well."""
    assert program.stdout is not None
    lines = program.stdout.read().splitlines()
    assert program.wait(timeout=60) == 0
    close(program)
    return lines


def close(program: subprocess.Popen[str]) -> None:
    """Close the pipes of a program that has ended."""
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.close()
    program.stdout.close()


def say(line: str) -> None:
    """Write a line so that it has left this process when the function returns."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def answer(folder: Path, most: int) -> None:
    """Study day after day, and say the id of each answer once the session says that it was recorded."""
    clock = FixedClock()
    place = Place(folder, clock)
    said_ready = False
    done = 0
    while done < most:
        with place.open() as desk:
            if not said_ready:
                say("ready")
                sys.stdin.readline()
                said_ready = True
            session = study(desk)
            while session.phase is not Phase.DONE and done < most:
                clock.forward(seconds=5)
                feedback = give(session, right=done % 5 != 4)
                assert desk.history.trouble is None, desk.history.trouble
                say(feedback.event)
                done += 1
                session.next()
        clock.forward(days=1)


def open_fresh(folder: Path) -> None:
    """Whenever told a name, open the home of that name, answer once, and say the device."""
    say("ready")
    for line in sys.stdin:
        paths = find(str(folder / line.strip()), "default", {})
        desk = open_desk(paths, [str(folder / "decks")], FixedClock())
        session = desk.session(desk.plan(Scope(), None, 0, 1), resume=False)
        give(session)
        say(f"{desk.history.device} {0 if desk.close() is None else 1}")


def hold_lock(folder: Path) -> None:
    """Hold the lock of the history until told to let go."""
    db = sqlite3.connect(folder / "home" / "profiles" / "default" / "history.sqlite", isolation_level=None)
    db.execute("begin immediate")
    say("ready")
    sys.stdin.readline()
    db.execute("rollback")
    db.close()
    say("let go")


def record(folder: Path) -> None:
    """Record an answer to each card that is named, and say whether it was written."""
    with closing(History(folder / "history.sqlite", FixedClock())) as history:
        say("ready")
        for line in sys.stdin:
            event = history.event("answer", card=line.strip(), rating=3, body={"question": "q", "mark": 1.0})
            say("written" if history.record([event]) else str(history.trouble))


if __name__ == "__main__":
    what, where = sys.argv[1], Path(sys.argv[2])
    if what == "answer":
        answer(where, ANSWERS)
    elif what == "answer-for-ever":
        answer(where, 10**9)
    elif what == "record":
        record(where)
    elif what == "open-fresh":
        open_fresh(where)
    else:
        hold_lock(where)
