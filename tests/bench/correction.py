"""Does a level corrected by the learner's own recent answers fit better? `python -m tests.bench.correction`.

Each log is gone through in expanding folds: the correction is worked out from what came before a fold, and both
forecasts, as the model says it and corrected, are set against what came in it. The learners are drawn with a seed, as
in `tests/bench/learning.py`; the last row is the log of a real person, where it is at hand. Calibration error is the
distance of the mean said from the share that was right, in a fold; RMSE is over the bins of odds said.
"""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from quiz.memory import Params
from quiz.report.model_calibration import Answer, answered, corrected, correction, measured, with_odds
from quiz.store.history import History
from tests.bench.learners import STEEP, draw
from tests.support.clocks import FixedClock
from tests.support.logs import REAL_LOG, Given, drawn_log, real_log, take_in

FOLDS = 6  # the first of them is only learned from
LEARNERS = 24  # of each kind


class Error(NamedTuple):
    """What a forecast is off by, over all folds of a log: the level (points), RMSE over bins (points), log loss."""

    level: float
    rmse: float
    log_loss: float


def answers_of(log: Sequence[Given]) -> list[Answer]:
    """Return what the model with its default weights said of a log, in the order of study."""
    with tempfile.TemporaryDirectory() as folder, closing(History(Path(folder) / "h.db", FixedClock())) as history:
        today = take_in(history, log)
        with closing(history.reader()) as db:
            found = with_odds(answered(db, today, 10_000, 10**7), history.params)
    return sorted(found, key=lambda answer: answer.day)


def errors(answers: Sequence[Answer]) -> tuple[Error, Error]:
    """Return the errors of the forecast as it is, and as it is told: corrected by the answers before each fold."""
    plain: list[Answer] = []
    told: list[Answer] = []
    levels: list[tuple[float, float]] = []
    size = len(answers) // FOLDS
    for number in range(1, FOLDS):
        past, fold = answers[: number * size], answers[number * size : (number + 1) * size]
        better = corrected(fold, correction(past))
        right = sum(a.right for a in fold) / size
        levels.append((_off(fold, right), _off(better, right)))
        plain += fold
        told += better
    return _error(plain, [pair[0] for pair in levels]), _error(told, [pair[1] for pair in levels])


def _off(answers: Sequence[Answer], right: float) -> float:
    return abs(math.fsum(a.said for a in answers) / len(answers) - right)


def _error(answers: Sequence[Answer], levels: Sequence[float]) -> Error:
    found = measured(answers)
    assert found.rmse is not None
    assert found.log_loss is not None
    return Error(100 * statistics.mean(levels), 100 * found.rmse, found.log_loss)


def learner(seed: str, *, steep: bool) -> Params:
    """Return the true weights of a learner drawn around the default ones."""
    return draw(seed, 1, STEEP if steep else 0.0).weights


def main() -> None:
    """Print a row for each kind of learner: the means over them, as it is and as it is told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default="v", help="other learners (the settings were chosen with 'd' and 's')")
    seed = parser.parse_args().seed
    logs = {
        "drawn": [drawn_log(f"{seed}{n}", learner(f"{seed}{n}", steep=False), 250, 90) for n in range(LEARNERS)],
        "steep": [drawn_log(f"{seed}{n}", learner(f"{seed}{n}", steep=True), 250, 90) for n in range(LEARNERS)],
        **({"real": [real_log()]} if REAL_LOG.exists() else {}),
    }
    for name, some in logs.items():
        found = [errors(answers_of(log)) for log in some]
        plain, told = (Error(*(statistics.mean(f[side][i] for f in found) for i in range(3))) for side in (0, 1))
        better = sum(f[1].rmse < f[0].rmse for f in found)
        worse = sum(f[1].rmse > f[0].rmse for f in found)
        print(f"{name:6} level off by {plain.level:.2f} -> {told.level:.2f} points, ", end="")
        print(f"RMSE {plain.rmse:.2f} -> {told.rmse:.2f} points, ", end="")
        print(f"log loss {plain.log_loss:.4f} -> {told.log_loss:.4f}; ", end="")
        print(f"RMSE better for {better}, worse for {worse} of {len(found)}")


if __name__ == "__main__":
    main()
