"""How even the days are with load balance and without, and what it does to learning.

Run it by hand:
  python -m tests.bench.load [--learners 6] [--seed 1] [--processes 2] [--easy sat,sun]

The trainer studies with each learner twice, with ample minutes so that each day takes what it asks: once with its due
cards as fuzz has drawn them, once balanced. Days are counted from the second month on, without the first weeks'
batches. `cv` is the standard deviation of the minutes a day, by their mean; `peak` the heaviest day by the mean. `easy`
is the mean of the easy days by that of the others. The two `known` should be the same within chance: the errors beside
them are those of the difference, learner by learner.
"""

from __future__ import annotations

import argparse
import statistics
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import NamedTuple

from quiz.memory import Rating
from quiz.memory.balance import is_easy
from quiz.settings import setting, weekdays
from tests.bench.learners import SECONDS_AGAIN, SECONDS_NEW, SECONDS_SEEN, draw, study
from tests.bench.trainer import Trainer

CARDS, DAYS, NEW = 1500, 180, 10
AMPLE = 3600.0  # seconds a day
FROM = 30  # days that are left out
AROUND = 10  # days to either side


class Counting(Trainer):
    """The trainer, which notes the minutes of each day."""

    def __init__(self, cards: int, days: int, easy: str, *, balanced: bool) -> None:
        super().__init__(cards, NEW, days, AMPLE, exam=False, retention=0.9)
        self.records.balanced = balanced
        self.records.settings = replace(self.records.settings, easy_days=easy)
        self.minutes = [0.0] * days

    def answered(self, card: int, rating: Rating, *, retry: bool) -> None:
        """Note how long it took."""
        new = self.records.names[card] not in self.records.states
        seconds = SECONDS_AGAIN if retry else (SECONDS_NEW if new else SECONDS_SEEN)[rating - 1]
        self.minutes[self._day] += seconds / 60
        super().answered(card, rating, retry=retry)


class Seen(NamedTuple):
    """What came of one learner: evenness, and what is known in the end (see the module)."""

    cv: float
    peak: float
    easy: float
    known: float
    minutes: float


def trend(minutes: list[float], day: int) -> float:
    """Return the mean of the minutes around a day: the load grows and falls over months, which is not what is asked."""
    return statistics.fmean(minutes[day - AROUND : day + AROUND + 1])


def run(number: int, seed: int, balanced: bool, easy: str, cards: int = CARDS, days: int = DAYS) -> Seen:
    """Let the learner of a number study."""
    policy = Counting(cards, days, easy, balanced=balanced)
    outcome = study(policy, draw(f"{seed}:{number}", cards), days, AMPLE, f"{seed}:{number}:answers")
    counted = range(FROM, days - AROUND)
    minutes = [policy.minutes[day] / trend(policy.minutes, day) for day in counted]
    rest = [policy.minutes[day] for day in counted if not is_easy(day, weekdays(easy))]
    ease = [policy.minutes[day] for day in counted if is_easy(day, weekdays(easy))]
    mean = statistics.fmean(minutes)
    ratio = statistics.fmean(ease) / statistics.fmean(rest) if ease else 1.0
    return Seen(statistics.pstdev(minutes) / mean, max(minutes) / mean, ratio, outcome.known, outcome.minutes)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--learners", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--easy", default="", metavar="DAYS", help="as in: sat,sun")
    options = parser.parse_args()
    easy = str(setting("easy-days").parse(options.easy))
    with ProcessPoolExecutor(options.processes) as pool:
        found = {}
        for balanced in (False, True):
            jobs = [pool.submit(run, n, options.seed, balanced, easy) for n in range(options.learners)]
            found[balanced] = [job.result() for job in jobs]
    print(f"{CARDS} cards, {DAYS} days, {NEW} new a day, {options.learners} learners, easy days: {easy or 'none'}")
    for balanced, name in ((False, "as drawn"), (True, "balanced")):
        mean = Seen(*(statistics.fmean(values) for values in zip(*found[balanced], strict=True)))
        print(f"  {name}: cv {mean.cv:.3f}, peak {mean.peak:.2f}, easy {mean.easy:.2f}, ", end="")
        print(f"known {mean.known:.4f}, minutes {mean.minutes:.0f}")
    gains = [b.known - a.known for a, b in zip(found[False], found[True], strict=True)]
    doubt = statistics.stdev(gains) / len(gains) ** 0.5 if len(gains) > 1 else 0.0
    print(f"  balanced known: {statistics.fmean(gains):+.4f} ±{doubt:.4f}")


if __name__ == "__main__":
    main()
