"""How long it takes to read a deck of 10,000 cards, against PyYAML's own loader on the same file, in one run.

python -m tests.bench.deck_reading [CARDS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from quiz.deck.library import Library
from quiz.deck.reader import read_deck
from tests.support.decks import deck, many, write

RUNS = 5


def seconds(work: Callable[[], object]) -> float:
    """Return the median time of some runs, after one that does not count."""
    work()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main(count: int) -> None:
    """Print the figures."""
    simple = (f"ask: What is fact number {n} of facet radiofrequency?\nanswer: It is {n}" for n in range(count))
    for name, entries in (("with a prompt and an answer", simple), ("of three questions with all fields", many(count))):
        with tempfile.TemporaryDirectory() as folder:
            measure(name, write(Path(folder), deck(*entries), "decks/many.yaml"), Path(folder), count)


def measure(name: str, path: Path, folder: Path, count: int) -> None:
    """Print the figures of one deck."""
    assert len(read_deck(path).cards) == count

    def load() -> object:
        with path.open("rb") as file:
            return yaml.load(file, yaml.CSafeLoader)

    def start(cache: Path) -> None:
        library = Library([path.parent], cache)
        library.refresh()
        library.close()

    cold = iter(range(RUNS + 1))
    reader, loader = seconds(lambda: read_deck(path)), seconds(load)
    first, warm = seconds(lambda: start(folder / f"cold-{next(cold)}")), seconds(lambda: start(folder / "warm"))
    print(f"{count} cards {name}, {path.stat().st_size / 1e6:.1f} MB")
    print(f"  reader                {reader:8.3f} s")
    print(f"  yaml.CSafeLoader      {loader:8.3f} s   the reader takes {reader / loader:.2f} of it")
    print(f"  library, first start  {first:8.3f} s")
    print(f"  library, warm start   {warm:8.4f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
