"""How long it takes to examine and to copy a large history, against the replay of each card by itself.

Run it by hand:  python -m tests.bench.doctor [--cards 100000] [--answers 13] [--home FOLDER]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from quiz.clock import SystemClock
from quiz.paths import find
from quiz.store.backup import back_up, verify
from quiz.store.bulk import compared
from quiz.store.derive import replay
from quiz.store.examine import examine, reading
from quiz.store.history import History
from tests.bench.profiles import describe, write_decks, write_history


def timed(what: Callable[[], object]) -> dict[str, float]:
    """Return the seconds, and those of the processor, that a call takes."""
    start, of_processor = time.perf_counter(), time.process_time()
    what()
    took = (time.perf_counter() - start, time.process_time() - of_processor)
    return {"seconds": round(took[0], 2), "processor": round(took[1], 2)}


def card_by_card(history: History) -> int:
    """Replay every card by itself: what an examination did before."""
    cards = history.query("select card from event where card is not null union select card from state")
    return sum(history.state(card) != replay(history.events_of(card)) for (card,) in list(cards))


def all_at_once(path: Path) -> int:
    """Replay every card in one pass."""
    with reading(path) as db:
        return sum(right is not None for _, right in compared(db))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--cards", type=int, default=100_000)
    parser.add_argument("--answers", type=int, default=13, help="answers a card")
    parser.add_argument("--home", help="a home that is there already (it gets a copy more)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = find(options.home or folder, "default", {})
        if not options.home:
            write_decks(paths.home / "decks", options.cards)
            write_history(paths, paths.home / "decks", options.answers, int(time.time() * 1000))
        copies: list[Path] = []
        with closing(History(paths.history, SystemClock())) as history:
            print(json.dumps(describe(paths)))
            print("card by card ", json.dumps(timed(lambda: card_by_card(history))))
            print("all at once  ", json.dumps(timed(lambda: all_at_once(paths.history))))
            print("whole doctor ", json.dumps(timed(lambda: examine(history))))
            print("backup       ", json.dumps(timed(lambda: copies.append(back_up(paths.history, "bench", 0)))))
            print("verify       ", json.dumps(timed(lambda: verify(copies[0]))))


if __name__ == "__main__":
    main()
