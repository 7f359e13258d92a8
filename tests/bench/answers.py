"""How long the next card and a durable answer take, against Anki's own engine on the same disk in the same run.

Run it by hand:
  python -m tests.bench.answers [--cards 10000] [--answers 500] [--rounds 3] [--dir DISK]
      [--anki-python PATH --anki-script PATH]

Anki runs in a process of its own, started with the interpreter `--anki-python` in which its package is installed, by a
script that prints its times as JSON (`{"runs": [{"cycle": {"median_ms": …, "p99_ms": …}}]}`). Nothing of it is imported
here. The sides take turns, so that a machine whose speed drifts does not favour one, and both have the same kind of
cards: a front and a back, which the learner rates.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from quiz.clock import SystemClock
from quiz.deck.scope import Scope
from quiz.desk import Desk, open_desk
from quiz.memory import Rating
from quiz.paths import find
from quiz.study.session import Phase
from tests.bench.profiles import describe, write_history

PAST = 10  # answers that each card seen has had


def write_deck(folder: Path, cards: int) -> None:
    """Write a deck of flip cards."""
    folder.mkdir(parents=True)
    lines = ["title: Regions", "cards:"]
    for i in range(cards):
        lines += [f"  - id: card-{i}", f"    ask: 'Question number {i}: what is the capital of region {i % 977}?'"]
        lines += [f"    answer: 'Answer {i}: city of {i * 7919 % 100003}'"]
    (folder / "regions.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def open_there(home: Path) -> Desk:
    """Open the profile in `home`."""
    return open_desk(find(str(home), "default", {}), [str(home / "decks")], SystemClock())


def ours(home: Path, answers: int) -> list[tuple[float, float]]:
    """Return the milliseconds of `answers` turns of our own: the answer with its write, and the next card.

    Every eighth answer is Again.
    """
    desk = open_there(home)
    try:
        desk.history.change_settings({"new": 500})
        session = desk.session(desk.plan(Scope(), minutes=0, seed=1), resume=False)
        turns = []
        for number in range(answers):
            if session.phase is Phase.DONE:
                break
            rating = Rating.AGAIN if number % 8 == 7 else Rating.GOOD
            start = time.perf_counter()
            session.reveal()
            session.rate(rating)
            answered = time.perf_counter()
            session.next()
            turns.append(((answered - start) * 1000, (time.perf_counter() - answered) * 1000))
        assert desk.history.trouble is None
    finally:
        desk.close()
    return turns


def anki(python: str, script: str, cards: int, answers: int, folder: str) -> dict[str, float]:
    """Return what Anki's engine takes for the same: `median_ms` and `p99_ms` of a turn."""
    sizes = ["--notes", str(cards), "--answers", str(answers), "--log-per-card", str(PAST), "--dir", folder]
    done = subprocess.run([python, script, *sizes], capture_output=True, text=True, check=True)
    cycle: dict[str, float] = json.loads(done.stdout)["runs"][0]["cycle"]
    return cycle


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--cards", type=int, default=10_000)
    parser.add_argument("--answers", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dir", help="where the temporary folders go: an fsync costs what the disk there asks")
    parser.add_argument("--anki-python", help="an interpreter with Anki's package")
    parser.add_argument("--anki-script", help="the script that measures it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.dir) as folder:
        theirs: list[dict[str, float]] = []
        turns: list[list[float]] = []
        parts: list[tuple[float, float]] = []
        for number in range(options.rounds):
            home = Path(folder, str(number))
            write_deck(home / "decks", options.cards)
            write_history(find(str(home), "default", {}), home / "decks", PAST, int(time.time() * 1000))
            measured = ours(home, options.answers)
            parts += measured
            turns.append([answer + following for answer, following in measured])
            if options.anki_python and options.anki_script:
                size = (options.cards, options.answers, folder)
                theirs.append(anki(options.anki_python, options.anki_script, *size))
        print(json.dumps(describe(find(str(Path(folder, "0")), "default", {}))))
    median = statistics.median(percentile(turn, 0.5) for turn in turns)
    worst = statistics.median(percentile(turn, 0.99) for turn in turns)
    of_answer, of_next = (statistics.median(part[i] for part in parts) for i in range(2))
    print(f"ours  median {median:.3f} ms (answer {of_answer:.3f}, next {of_next:.3f}), p99 {worst:.3f} ms")
    if theirs:
        their_median, their_worst = (statistics.median(t[key] for t in theirs) for key in ("median_ms", "p99_ms"))
        print(f"Anki  median {their_median:.3f} ms, p99 {their_worst:.3f} ms")
        print(f"ratio median {median / their_median:.2f}, p99 {worst / their_worst:.2f}")


if __name__ == "__main__":
    main()
