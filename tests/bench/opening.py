"""How long it takes to open a profile and to build the day's queue, against Anki's own engine in the same run.

Run it by hand:
  python -m tests.bench.opening [--cards 10000] [--rounds 5] [--dir DISK] [--anki-python PATH --anki-script PATH]

Ours opens the history and the catalogue of the decks, gathers the day's cards and has the first question ready; Anki
opens its collection and returns the first card of its queue. Each side runs in a process of its own and they take
turns; `first` is the first opening in a process, `later` one that follows it there. Imports are counted for neither
side. For Anki see `tests.bench.answers`: nothing of it is imported here. `edited` is ours with one deck of 500 cards
changed since the last start, which is read anew: Anki has no files that could change beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from quiz.paths import find
from tests.bench.profiles import describe, write_decks, write_history

PAST = 10  # answers that each card seen has had
PER_DECK = 500
OPENINGS = 5

_OURS = """
import json, sys, time
from quiz.clock import SystemClock
from quiz.deck.scope import Scope
from quiz.desk import open_desk
from quiz.paths import find
import quiz.study.session, quiz.deck.library
home, times = sys.argv[1], []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    desk = open_desk(find(home, "default", {}), [home + "/decks"], SystemClock())
    session = desk.session(desk.plan(Scope(), minutes=0, seed=1), resume=False)
    times.append((time.perf_counter() - start) * 1000)
    assert session.shown is not None
    desk.close()
print(json.dumps(times))
"""


def ours(home: Path, openings: int) -> list[float]:
    """Return the milliseconds of so many openings in a new process."""
    command = [sys.executable, "-c", _OURS, str(home), str(openings)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    times: list[float] = json.loads(done.stdout)
    return times


def anki(python: str, script: str, cards: int, folder: str | None) -> tuple[float, float]:
    """Return the milliseconds of Anki's first opening with its queue, and of a later one with its queue."""
    sizes = ["--notes", str(cards), "--answers", "1", "--log-per-card", "0", "--reopens", str(OPENINGS)]
    where = ["--dir", folder] if folder else []
    done = subprocess.run([python, script, *sizes, *where], capture_output=True, text=True, check=True)
    run: dict[str, Any] = json.loads(done.stdout)["runs"][0]
    # The slowest opening is the first one of the process: of five it is the 99th percentile.
    return run["open"]["p99_ms"] + run["queue_build_ms"], run["open"]["median_ms"] + run["queue_build_ms"]


def edit(deck: Path) -> None:
    """Change a word in a deck, as an editor would."""
    text = deck.read_text("utf-8")
    deck.write_text(text.replace("chose it in", "took it in", 1), "utf-8")
    os.utime(deck)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--cards", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dir", help="where the temporary folders go")
    parser.add_argument("--anki-python", help="an interpreter with Anki's package")
    parser.add_argument("--anki-script", help="the script that measures it")
    options = parser.parse_args()
    rows: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(dir=options.dir) as folder:
        home = Path(folder, "home")
        write_decks(home / "decks", options.cards, PER_DECK)
        paths = find(str(home), "default", {})
        write_history(paths, home / "decks", PAST, int(time.time() * 1000))
        print(json.dumps(describe(paths)))
        for number in range(options.rounds):
            first, *later = ours(home, OPENINGS)
            edit(sorted((home / "decks").iterdir())[number])
            (edited,) = ours(home, 1)
            found = {"first, ours": first, "later, ours": statistics.median(later), "edited, ours": edited}
            if options.anki_python and options.anki_script:
                theirs = anki(options.anki_python, options.anki_script, options.cards, options.dir)
                found |= {"first, Anki": theirs[0], "later, Anki": theirs[1]}
            for name, value in found.items():
                rows.setdefault(name, []).append(value)
    for name, values in rows.items():
        print(f"{name:<13} median {statistics.median(values):8.2f} ms")
    for name in ("first", "later"):
        if f"{name}, Anki" in rows:
            pairs = zip(rows[f"{name}, ours"], rows[f"{name}, Anki"], strict=True)
            print(f"{name}: ratio {statistics.median(a / b for a, b in pairs):.2f}")


if __name__ == "__main__":
    main()
