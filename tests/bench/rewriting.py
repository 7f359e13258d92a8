"""How long new parameters of the memory take: every answer replayed and every card rewritten, against Anki's engine.

Run it by hand:
  python -m tests.bench.rewriting [--cards 100000] [--rounds 3] [--dir DISK] [--anki-python PATH --anki-script PATH]

Four fifths of the cards have ten answers each, on both sides. Ours is one durable transaction in the file of the
history; the answers lie in it in the order of study. For Anki see `tests.bench.answers`: nothing of it is imported
here. The sides take turns. Ours is told in seconds of the processor besides: on a busy machine that is what counts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

from quiz.clock import SystemClock
from quiz.memory import DEFAULT_PARAMS, Params
from quiz.paths import find
from quiz.store.history import History
from quiz.store.weights import text_of
from tests.bench.profiles import describe, write_decks, write_history

PAST = 10  # answers that each card seen has had


def others(number: int) -> Params:
    """Return parameters that differ from those of the last round."""
    first, *rest = DEFAULT_PARAMS.weights
    return Params((first + 0.01 * (number + 1), *rest))


def anki(python: str, script: str, cards: int, folder: str) -> float:
    """Return the seconds that Anki takes."""
    sizes = ["--notes", str(cards), "--answers", "1", "--log-per-card", str(PAST), "--dir", folder]
    done = subprocess.run([python, script, *sizes], capture_output=True, text=True, check=True)
    took: float = json.loads(done.stdout)["runs"][0]["replay_all_cards_s"]
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--cards", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dir", help="where the temporary folders go: an fsync costs what the disk there asks")
    parser.add_argument("--anki-python", help="an interpreter with Anki's package")
    parser.add_argument("--anki-script", help="the script that measures it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.dir) as folder:
        home = Path(folder, "home")
        write_decks(home / "decks", options.cards)
        paths = find(str(home), "default", {})
        write_history(paths, home / "decks", PAST, int(time.time() * 1000))
        print(json.dumps(describe(paths)))
        walls, works, theirs = [], [], []
        for number in range(options.rounds):
            with closing(History(paths.history, SystemClock())) as history:
                start, worked = time.perf_counter(), time.process_time()
                history.choose_weights({"weights": text_of(others(number))})
                walls.append(time.perf_counter() - start)
                works.append(time.process_time() - worked)
            if options.anki_python and options.anki_script:
                theirs.append(anki(options.anki_python, options.anki_script, options.cards, folder))
    print(f"ours  median {statistics.median(walls):.2f} s, of the processor {statistics.median(works):.2f} s")
    if theirs:
        print(f"Anki  median {statistics.median(theirs):.2f} s")
        print(f"ratio {statistics.median(a / b for a, b in zip(walls, theirs, strict=True)):.2f}")


if __name__ == "__main__":
    main()
