"""A slight correction of the model's odds by what the learner's recent answers turned out to be.

One number: a shift of the logit of every recall. The memories themselves, and the days on which cards come back, stay
as the model has them: this is for what is *told* to the learner. In the benchmark of FSRS a mere streak average is
better calibrated than the model, which ranks cards better: hence the model's order, and the level of the answers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

BOUND = 1.0  # the greatest shift: 90 % becomes 77 or 96 %
SPREAD = 0.15  # standard deviation of the shift that is assumed before there are answers: see tests/bench/correction.py
_SURE = 1e-6  # odds nearer to 0 or 1 than this are not told apart: their logit would be endless
_ROUNDS = 25


def shifted(recall: float, shift: float) -> float:
    """Return a recall (0 to 1) moved by `shift` on the logit. 0.0 and 1.0 stay, and so does any recall at 0."""
    if not shift or recall <= 0.0 or recall >= 1.0:
        return recall
    return 1 / (1 + (1 - recall) / recall * math.exp(-shift))


def shift_of(answers: Iterable[tuple[float, float, bool]], spread: float = SPREAD) -> float:
    """Return the shift, -1 to 1, that fits some answers best.

    answers: the recall that the model gave, the odds of being right by luck without knowing (0 where there is none),
        and whether it was right. They are independent given the shift.
    spread: what the shift is shrunk by: it is the middle of the posterior under a normal prior about 0 with this
        standard deviation, so that few answers move it little. 0.0 without answers.

    Solved by Fisher scoring: right has the odds p = g + (1 - g) q, where q is the shifted recall and g the luck.
    """
    given = [(math.log(r / (1 - r)), g, right) for r, g, right in ((_open(r), g, right) for r, g, right in answers)]
    shift = 0.0
    for _ in range(_ROUNDS):
        slope, curve = -shift / spread**2, 1 / spread**2
        for logit, luck, right in given:
            q = 1 / (1 + math.exp(-logit - shift))
            p = luck + (1 - luck) * q
            moved = (1 - luck) * q * (1 - q)
            slope += moved * (right - p) / (p * (1 - p))
            curve += moved * moved / (p * (1 - p))
        change = slope / curve
        shift = min(max(shift + change, -BOUND), BOUND)
        if abs(change) < 1e-4:
            break
    return shift


def _open(recall: float) -> float:
    return min(max(recall, _SURE), 1 - _SURE)
