"""Said 90 %, was right in 87 %: how well the memory model's odds fit what the learner's answers turned out to be.

Counted is the first answer of a study day to a card met on an earlier day, where it moves the schedule: within a day
the model predicts worse than a constant does, and whoever is asked again has just read the answer. In an exam only
wrong answers move the schedule, so none of them counts. What is compared are the odds of being *right*: a blind pick
out of four is right once in four times, unless the learner said how sure the answer was.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from quiz.memory import DEFAULT_PARAMS, Params, StudyDay
from quiz.memory.shift import BOUND, shift_of, shifted
from quiz.report.calibration import wilson
from quiz.report.stats import taken_back
from quiz.report.words import percent
from quiz.store.weights import kept_params
from quiz.text import counted

if TYPE_CHECKING:
    from quiz.memory.bulk import Rated

SPAN = 365  # days
MOST = 20_000  # answers, the newest: all answers of their cards are read, in a history of a million too within a second
FEWEST = 10  # answers: below that nothing is said of a bin
NEAR = 0.02  # said and right nearer than this fit, however many answers could tell them apart
MATURE = 21  # days since the last answer, as in Anki
EDGES = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)  # of the bins, by the odds said
NEWEST = 500  # answers from which the level is corrected: a learner changes
PARTS = 5  # of all answers: each but the first tries the correction that those before it ask for
FIT = "The command 'quiz fit' lets the model learn from your answers."
FEWEST_CORRECTED = 100  # answers: below that the level is left alone
_SURE = 1e-6


class Answer(NamedTuple):
    """An answer that the model had odds for.

    `recall` is what the model said (0 to 1), `luck` the odds of being right without knowing, `gap` the study days since
    the answer before it, `day` its own; `card` tells answers of one card from those of others.
    """

    recall: float
    luck: float
    right: bool
    gap: int
    day: StudyDay
    card: str = ""

    @property
    def said(self) -> float:
        """The odds of being right."""
        return self.luck + (1 - self.luck) * self.recall


class Row(NamedTuple):
    """An answer as it is kept: `rating` is None where the schedule was not told, `chance` the odds that it was luck.

    `counts` is whether it may be compared with the odds of the model. `options` is how many there were to a wrong pick;
    -1 where the learner said how sure the answer was, else 0.
    """

    card: str
    day: int
    rating: int | None
    chance: float
    counts: int
    question: str
    options: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of which the odds said lay from `low` to `high`: their number, the mean said, how many were right."""

    low: float
    high: float
    answers: int = 0
    said: float = 0.0
    right: int = 0

    @property
    def share(self) -> float | None:
        """The share that was right (0 to 1); None without answers."""
        return self.right / self.answers if self.answers else None

    @property
    def likely(self) -> tuple[float, float]:
        """The 95 % interval of the share; the whole of 0 to 1 without answers."""
        return wilson(self.right, self.answers)

    @property
    def fits(self) -> bool | None:
        """Whether what was said lies within what is likely; None where too few answers tell."""
        if self.answers < FEWEST:
            return None
        least, most = self.likely
        return least <= self.said <= most

    def as_json(self) -> dict[str, Any]:
        """Return the bin as plain values; what needs answers is null without any."""
        known = bool(self.answers)
        return {
            "from": self.low,
            "to": self.high,
            "answers": self.answers,
            "said": round(self.said, 4) if known else None,
            "right": self.right,
            "share": self.share,
            "likely": list(self.likely) if known else None,
        }


@dataclass(frozen=True, slots=True)
class ModelCalibration:
    """How the odds fitted, over all answers (`whole`), those asked again within 21 days and after, and bin by bin.

    `log_loss` is the mean of -ln of the odds given to what happened, `rmse` the root of the mean square of said minus
    right over the bins, weighed by their answers. Both None without answers. `shift` is the correction of the level,
    on the logit, of what is told to the learner: see `correction`.
    """

    whole: Bin
    young: Bin
    mature: Bin
    bins: tuple[Bin, ...]
    log_loss: float | None
    rmse: float | None
    shift: float

    @property
    def answers(self) -> int:
        """How many answers were compared."""
        return self.whole.answers

    def as_json(self) -> dict[str, Any]:
        """Return the table as plain values."""
        return {
            "days": SPAN,
            "most": MOST,
            **self.whole.as_json(),
            "young": self.young.as_json(),
            "mature": self.mature.as_json(),
            "log_loss": None if self.log_loss is None else round(self.log_loss, 5),
            "rmse": None if self.rmse is None else round(self.rmse, 5),
            "shift": round(self.shift, 4),
            "bins": [each.as_json() for each in self.bins],
        }


def model_calibration(db: sqlite3.Connection, today: StudyDay) -> ModelCalibration:
    """Return how the odds of the model, with the weights that hold, fitted the newest answers."""
    return measured(predicted(db, today, kept_params(db)))


def measured(answers: Iterable[Answer]) -> ModelCalibration:
    """Return how well the odds fitted some answers."""
    given = list(answers)
    bins = tuple(
        _bin(low, high, [a for a in given if low <= a.said < high or (high == 1.0 and a.said >= 1.0)])
        for low, high in pairwise(EDGES)
    )
    return ModelCalibration(
        whole=_bin(0.0, 1.0, given),
        young=_bin(0.0, 1.0, [a for a in given if a.gap < MATURE]),
        mature=_bin(0.0, 1.0, [a for a in given if a.gap >= MATURE]),
        bins=bins,
        log_loss=log_loss(given),
        rmse=_rmse(bins),
        shift=correction(given),
    )


def correction(answers: Iterable[Answer]) -> float:
    """Return the shift on the logit by which what is told of the memory fits what comes: 0.0 where none would help.

    It is the one that the newest 500 answers ask for (see `quiz.memory.shift`). It is used only if it would have helped
    so far: part by part, the answers have to be foretold better (in log loss) by what those before them asked for. Else
    the level of this learner goes up and down, and to follow it would be worse than to stay with the model. Nor is it
    used where it goes against the answers on the whole: there it is not the level that is wrong.
    """
    order = sorted(answers, key=lambda answer: answer.day)
    if len(order) < FEWEST_CORRECTED:
        return 0.0
    size, gain = len(order) // PARTS, 0.0
    for number in range(1, PARTS):
        past, part = order[: number * size], order[number * size : (number + 1) * size]
        gain += (log_loss(part) or 0.0) - (log_loss(corrected(part, _level(past))) or 0.0)
    shift, more = _level(order), math.fsum(a.right - a.said for a in order[-NEWEST:])
    return shift if gain > 0 and shift * more > 0 else 0.0


def _level(order: Sequence[Answer]) -> float:
    return shift_of((answer.recall, answer.luck, answer.right) for answer in order[-NEWEST:])


def corrected(answers: Iterable[Answer], shift: float) -> list[Answer]:
    """Return the answers as if the model had said every recall shifted so on the logit."""
    return [answer._replace(recall=shifted(answer.recall, shift)) for answer in answers]


def log_loss(answers: Sequence[Answer]) -> float | None:
    """Return the mean of -ln of the odds that were given to what happened; None without answers."""
    if not answers:
        return None
    return -math.fsum(math.log(_open(a.said) if a.right else 1 - _open(a.said)) for a in answers) / len(answers)


def predicted(
    db: sqlite3.Connection, today: StudyDay, params: Params = DEFAULT_PARAMS, span: int = SPAN, most: int = MOST
) -> list[Answer]:
    """Return the answers that count among the newest `most` of the last `span` days, with the odds said for each."""
    return with_odds(answered(db, today, span, most), params)


def answered(db: sqlite3.Connection, today: StudyDay, span: int = SPAN, most: int = MOST) -> list[Row]:
    """Return all answers of the cards that were answered among the newest `most` answers of the last `span` days.

    Cards that were reset or go on with the history of another id are left out: they are few. Answers of one card stand
    together, in the order of study.
    """
    values = (most, today - span + 1, today, json.dumps(sorted(taken_back(db))))
    return [Row(*row) for row in db.execute(_ANSWERS, values)]


def with_odds(rows: Sequence[Row], params: Params) -> list[Answer]:
    """Return the answers that count among some, with the odds that a model with these weights had for each."""
    from quiz.memory.bulk import replay_states

    lucks = _lucks(rows)
    odds: list[float] = []
    replay_states(rated_by_card(rows), params, odds=odds)
    found: list[Answer] = []
    recalls = iter(odds)
    for card, answers in groupby(rows, key=itemgetter(0)):
        seen = last = None  # the days on which the card was answered last, at all and so that the schedule moved
        for _, day, rating, _, counts, question, options in answers:
            recall = next(recalls) if rating is not None else 1.0
            if rating is not None and counts and last is not None and seen is not None and day > seen:
                luck = 0.0 if options < 0 else lucks.get(question, 1 / options if options > 1 else 0.0)
                found.append(Answer(recall, luck, rating > 1, day - last, StudyDay(day), card))
            seen = day
            last = day if rating is not None else last
    return found


def rated_by_card(rows: Sequence[Row]) -> Iterator[tuple[str, list[Rated]]]:
    """Yield each card of some rows with its answers that were rated, as a replay takes them."""
    for card, answers in groupby(rows, key=itemgetter(0)):
        yield card, [(r.day, r.rating, r.chance, 0.0) for r in answers if r.rating is not None]


def _lucks(rows: Iterable[Row]) -> dict[str, float]:
    """Return the odds of a right answer by luck, by question: only right answers keep them."""
    return {question: chance for _, _, _, chance, _, question, _ in rows if chance}


# The plus keeps SQLite from the index of the days, in which there are all answers of a year.
#
# Of the cards with a new answer all answers, in the order of study. What an exam or cramming has shown was met on that
# day too.
_ANSWERS = """\
with recent as materialized (
    select distinct card from event
    where number > (select coalesce(max(number), 0) from event) - ?1 and +day between ?2 and ?3
    and kind = 'answer' and rating is not null
    and card not in (select card from event indexed by event_that_moves where kind in ('alias', 'reset'))
    order by card
)
select e.card, e.day, e.rating, e.chance,
    e.number > (select coalesce(max(number), 0) from event) - ?1 and e.day between ?2 and ?3
        and not instr(e.body, '"mode":"exam"'),
    coalesce(json_extract(e.body, '$.question'), ''),
    case when instr(e.body, '"certainty":"high"') or instr(e.body, '"certainty":"low"') then -1
        when e.rating = 1 and json_extract(e.body, '$.given') not like '%,%'
        then coalesce(json_array_length(e.body, '$.order'), 0)
        else 0 end
from recent r cross join event e indexed by event_by_card on e.card = r.card
where e.kind = 'answer' and e.card is not null
and (e.rating is not null or instr(e.body, '"mode":"exam"') or instr(e.body, '"mode":"cram"'))
and e.id not in (select value from json_each(?4))
order by e.card, e.at, e.device, e.seq"""


def in_words(found: Bin) -> str:
    """Return a bin in a line: `said 90 %, was right in 87 % of 412 (likely 84 to 90 %)`."""
    if found.share is None:
        return "no answers yet"
    said = f"said {percent(found.said)}, was right in {percent(found.share)} of {found.answers}"
    if found.answers < FEWEST:
        return f"{said} (too few to tell)"
    least, most = (percent(end).removesuffix(" %") for end in found.likely)
    return f"{said} (likely {least} to {most} %)"


def judged(found: ModelCalibration) -> str:
    """Return in words what the answers say of the forecast."""
    if found.whole.fits is None:
        return f"After {counted(FEWEST, 'review')} on later days it can be said how well this forecast fits."
    assert found.whole.share is not None
    more = found.whole.share - found.whole.said
    if found.whole.fits or abs(more) < NEAR:
        return "The forecast fits."
    return "You recall more than it says." if more > 0 else "You recall less than it says."


def correction_in_words(found: ModelCalibration) -> str:
    """Return how the outlook is corrected; nothing where it is not, or by less than a point."""
    was, told = percent(0.9), percent(shifted(0.9, found.shift))
    if was == told:
        return ""
    by = f"the newest {NEWEST}" if found.answers > NEWEST else "it"
    most = "; it is never corrected by more" * (abs(found.shift) >= BOUND)
    return f"The outlook for an exam is corrected by {by}: {was} becomes {told}{most}. {FIT}"


def _bin(low: float, high: float, answers: Sequence[Answer]) -> Bin:
    if not answers:
        return Bin(low, high)
    said = math.fsum(a.said for a in answers) / len(answers)
    said = min(max(said, low), high)  # the mean of three times 0.7 is a hair below it
    return Bin(low, high, len(answers), said, sum(a.right for a in answers))


def _rmse(bins: Iterable[Bin]) -> float | None:
    known = [(each.answers, each.said - each.right / each.answers) for each in bins if each.answers]
    total = sum(answers for answers, _ in known)
    return math.sqrt(math.fsum(n * error * error for n, error in known) / total) if total else None


def _open(odds: float) -> float:
    return min(max(odds, _SURE), 1 - _SURE)
