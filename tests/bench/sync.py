"""How long a sync of many new answers takes, each way, and how long one with nothing new.

Run it by hand:
  python -m tests.bench.sync [--answers 100000] [--cards 10000] [--known 0] [--dir DISK]

One device has the answers and another has `--known` answers of its own about the same cards. Both sync as the command
line does; the last line is what a session with nothing new pays in the background.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from quiz.clock import SystemClock
from quiz.memory import StudyDay
from quiz.store.events import Event
from quiz.store.history import History
from quiz.store.sync import sync

DAY_MS = 86_400_000
FIRST = 20_000  # study day


def years_of(device: str, answers: int, cards: int, seed: int) -> Iterator[Event]:
    """Yield answers over three years, in the order of study."""
    rng = random.Random(seed)
    for number in range(answers):
        at = (FIRST + number * 1000 // answers) * DAY_MS + 36_000_000 + number
        rating = rng.choices([1, 2, 3, 4], [0.12, 0.1, 0.68, 0.1])[0]
        body: dict[str, object] = {"session": "0" * 16, "mode": "study", "question": f"choice-{number % 3:08x}"}
        body |= {"prompt": "0" * 16, "answer": "0" * 16, "given": "0", "mark": float(rating > 1), "ms": 9000}
        head = (f"{rng.getrandbits(128):032x}", "answer", at, 0, StudyDay(at // DAY_MS), f"card-{rng.randrange(cards)}")
        yield Event(*head, None, rating, 0.0, 0.9, body, device, number + 1)  # type: ignore[arg-type]


def seconds(step: Callable[[], object]) -> str:
    """Return how long a step takes, and how much of it is the processor's: on a busy machine that is what counts."""
    start, worked = time.perf_counter(), time.process_time()
    step()
    return f"{time.perf_counter() - start:8.4f} s, of the processor {time.process_time() - worked:8.4f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--cards", type=int, default=10_000)
    parser.add_argument("--known", type=int, default=0)
    parser.add_argument("--dir", help="where the temporary folders go: an fsync costs what the disk there asks")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.dir) as place:
        shared = Path(place, "shared")
        shared.mkdir()
        with (
            closing(History(Path(place, "a", "history.sqlite"), SystemClock())) as one,
            closing(History(Path(place, "b", "history.sqlite"), SystemClock())) as two,
        ):
            one.merge([*years_of(one.device, options.answers, options.cards, 1)])
            if options.known:
                two.merge([*years_of(two.device, options.known, options.cards, 2)])
            print(f"{options.answers} answers about {options.cards} cards; the other device has {options.known}")
            print(f"written into the folder   {seconds(lambda: sync(one, shared))}")
            print(f"taken in by the other     {seconds(lambda: sync(two, shared))}")
            sync(one, shared)
            print(f"with nothing new          {seconds(lambda: sync(one, shared))}")
            size = sum(path.stat().st_size for path in shared.iterdir())
            print(f"{size / 1e6:.1f} MB in the folder")
            assert one.count() == two.count() == options.answers + options.known
            assert all(one.state(f"card-{n}") == two.state(f"card-{n}") for n in range(0, options.cards, 97))


if __name__ == "__main__":
    main()
