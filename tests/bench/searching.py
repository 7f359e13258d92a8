"""How long a filter takes over a large library with a history: from the text to the cards.

python -m tests.bench.searching [CARDS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from quiz.deck.filter import Fault
from quiz.desk import Desk, open_desk
from quiz.paths import find
from quiz.report.search import cards_of, read
from tests.bench.profiles import StillClock, write_decks, write_history

NOW = 1_795_000_000_000
RUNS = 7
FILTERS = (
    "",
    "council 17",
    "nothing-like-that",
    "topic:topic-3",
    "-topic:topic-3 is:seen",
    "is:due",
    "recall<0.8 or lapses>=3",
    "kind:cloze deck:region-000 due<=7",
    "topic:topci-3",
)


def search(desk: Desk, text: str) -> tuple[float, int | str]:
    """Return the seconds of one search, its connection included, and what it found."""
    start = time.perf_counter()
    with closing(desk.history.reader()) as db:
        tree = read(db, text)
        found = str(tree) if isinstance(tree, Fault) else len(cards_of(db, tree, desk.history.today()))
    return time.perf_counter() - start, found


def main(cards: int) -> None:
    """Print the median of some runs for each filter."""
    with tempfile.TemporaryDirectory() as folder:
        decks, paths = Path(folder, "decks"), find(str(Path(folder, "home")), "default", {})
        write_decks(decks, cards)
        write_history(paths, decks, 6, NOW)
        desk = open_desk(paths, [str(decks)], StillClock(NOW))
        print(f"{cards} cards")
        for text in FILTERS:
            runs = [search(desk, text) for _ in range(RUNS)]
            print(f"  {1000 * statistics.median(r[0] for r in runs):8.1f} ms  {text!r:38} {runs[0][1]}")
        desk.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
