"""What there is to do and how far one is: the numbers of the home screen, `quiz due` and `quiz decks`."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from quiz.deck.scope import Scope
from quiz.memory import Memory, Params, Rating, StudyDay, recall
from quiz.memory.exam import worth
from quiz.memory.pace import AVERAGE_PACE, Pace
from quiz.report.today import Asking
from quiz.study.modes import minutes_on
from quiz.study.queue import NEW_EVERY
from quiz.text import counted

_PACE_FROM = 30  # answers
_USUAL = 12.0  # seconds: the median answer of the average learner

# The answers of a day without those taken back; their number and the milliseconds they took; how each was rated.
_THAT_COUNT = (
    "from event e where e.day = ? and e.kind = 'answer' and not exists (select 1 from event u "
    "where u.target = e.id and not exists (select 1 from event again where again.target = u.id))"
)
_ANSWERED = f"select count(*), coalesce(sum(json_extract(e.body, '$.ms')), 0) {_THAT_COUNT}"
_RATED = f"select e.card, e.rating {_THAT_COUNT} and e.rating is not null order by e.at, e.device, e.seq"


@dataclass(frozen=True, slots=True)
class Progress:
    """A deck or topic: `recalled` is the number of its cards expected to be recalled now (see `recalled_now`).

    `due` counts what a session would ask today (`quiz.report.today`).
    """

    name: str
    title: str
    cards: int
    seen: int
    due: int
    recalled: float

    @property
    def mastery(self) -> float:
        """The share (0 to 1) of all its cards that would be recalled now; cards not met yet count as not recalled."""
        return self.recalled / self.cards if self.cards else 0.0


class Waiting(NamedTuple):
    """A due card, as its place in a backlog asks for it (`quiz/memory/backlog.py`)."""

    card: str
    memory: Memory
    safety: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """`new` is how many new cards today may still bring; `minutes` is what due and new cards are expected to take.

    `today` is how many of the due cards the minutes of the day have room for, beside its new cards: where it is less
    than `due`, there is a backlog, and `behind` has its cards. `given` are these minutes (0: no limit).

    `exam` tells that one is near: then all that gains by it is due, what gains most comes first, and of what the
    minutes have room for, `new_today` are new. That is no backlog.
    """

    day: StudyDay
    due: int
    new: int
    cards: int
    seen: int
    minutes: float
    answered_today: int
    decks: tuple[Progress, ...]
    topics: tuple[Progress, ...]
    today: int = 0
    new_today: int = 0
    given: int = 0
    behind: tuple[Waiting, ...] = ()
    exam: bool = False

    @property
    def cut(self) -> bool:
        """Whether the minutes of the day have no room for all that gains by an exam that is near."""
        return self.exam and self.today + self.new_today < self.due + self.new

    def before_exam(self) -> str:
        """Say what the days before an exam ask, where one is near."""
        if not self.exam:
            return ""
        first = " What gains most comes first." if self.cut else ""
        return f"All that gains by the exam is due until then.{first}"

    def part_of_today(self) -> str:
        """Say what is left of a backlog: what of it is today's part, and what waits."""
        rest = f"{counted(self.due - self.today, 'card')} wait{'s' * (self.due - self.today == 1)} for another day"
        return f"{counted(self.today, 'card')} left of today's part; {rest}." if self.today else f"{rest}."


def overview(db: sqlite3.Connection, scope: Scope, day: StudyDay, new_a_day: int) -> Overview:
    """Return the overview of a scope. `db` is a history with its catalogue attached as `deck`."""
    where, values = scope.where()
    asking = Asking(db, scope, day)
    settings, params = asking.settings, asking.params
    totals: dict[tuple[str, str], list[float]] = {}  # (deck, topic) -> cards, seen, due, recalled
    counts = db.execute(f"select c.path, c.topic, count(*) from deck.card c where {where} group by 1, 2", values)
    for path, topic, number in counts:
        totals[path, topic] = [number, 0, 0, 0.0]
    waiting: dict[str, float] = {}  # family -> what it gains by the exam
    about: set[str] = set()
    failed = failed_on(db, day)
    to_do: list[Waiting] = []
    for card in asking.met():
        # Another program may have read the decks anew since they were counted.
        total = totals.setdefault((card.path, card.topic), [0, 0, 0, 0.0])
        total[1] += 1
        memory = Memory(card.stability, card.difficulty, card.day)
        total[3] += recalled_now(card.card, memory, day, params, failed)
        gained = asking.gain(card)
        if card.about:
            about.add(card.family)
        if gained is None:
            continue
        if card.family not in waiting:
            total[2] += 1
            to_do.append(Waiting(card.card, memory, bool(card.safety)))
        waiting[card.family] = max(gained, waiting.get(card.family, 0.0))
    titles = dict(db.execute("select path, title from deck.file where place >= 0 order by place, path"))
    cards, seen, due = (int(sum(t[i] for t in totals.values())) for i in range(3))
    answered_today, spent_ms = db.execute(_ANSWERED, (day,)).fetchone()
    new = asking.new(about | waiting.keys(), new_a_day)
    pace, given = own_pace(db), minutes_on(day, settings)
    seconds = new * pace.new + sum(pace.seconds(recall(card.memory, day, params)) for card in to_do)
    left = max(0.0, given - spent_ms / 60_000)
    if asking.exam is not None:
        gain_of_new = worth(None, day, asking.exam.day, params)
        today, new_today = _fits_before(list(waiting.values()), new, gain_of_new, left if given else None, pace)
    else:
        today, new_today = _fits(to_do, new, day, left if given else None, pace, params), new
    return Overview(
        day=day,
        due=due,
        new=new,
        cards=cards,
        seen=seen,
        minutes=seconds / 60,
        answered_today=answered_today,
        decks=tuple(
            _progress(totals, 0, path, title) for path, title in titles.items() if path in {k[0] for k in totals}
        ),
        topics=tuple(_progress(totals, 1, topic, topic or "other") for topic in sorted({k[1] for k in totals})),
        today=today,
        new_today=new_today,
        given=given,
        behind=tuple(to_do) if today < due and asking.exam is None else (),
        exam=asking.exam is not None,
    )


def _fits_before(
    gains: list[float], new: int, gain_of_new: float, minutes: float | None, pace: Pace
) -> tuple[int, int]:
    """Return how many due and how many new cards the minutes left of a day before an exam have room for (None: all).

    Those come first that gain most by it.
    """
    if minutes is None:
        return len(gains), new
    left, found = minutes * 60, [0, 0]
    for _, kind in sorted([*((-gain, 0) for gain in gains), *((-gain_of_new, 1) for _ in range(new))]):
        left -= pace.new if kind else pace.recalled
        if left < 0:
            break
        found[kind] += 1
    return found[0], found[1]


def _fits(due: list[Waiting], new: int, day: StudyDay, minutes: float | None, pace: Pace, params: Params) -> int:
    """Return how many of the due cards the minutes that are left of the day have room for, new cards beside them."""
    if minutes is None:
        return len(due)
    left = minutes
    left -= min(left / NEW_EVERY, new * pace.new / 60)
    if len(due) * pace.failed <= left * 60:
        return len(due)
    from quiz.memory.backlog import by_risk, fits

    return fits([card.memory for card in by_risk(due, day, params)], day, left, params, pace)


def recalled_now(card: str, memory: Memory, day: StudyDay, params: Params, failed: Collection[str]) -> float:
    """Return the odds (0 to 1) that a card is recalled now, to be summed up over cards.

    On the day of an answer the model says 1, also after a wrong one: those cards are `failed`, and count as not
    recalled until they are.
    """
    return 0.0 if card in failed else recall(memory, day, params)


def failed_on(db: sqlite3.Connection, day: StudyDay) -> set[str]:
    """Return the cards whose last answer on a study day was wrong, those that were taken back left out."""
    last = dict(db.execute(_RATED, (day,)).fetchall())
    return {card for card, rating in last.items() if rating == Rating.AGAIN}


def _progress(totals: dict[tuple[str, str], list[float]], part: int, name: str, title: str) -> Progress:
    mine = [t for key, t in totals.items() if key[part] == name]
    cards, seen, due = (int(sum(t[i] for t in mine)) for i in range(3))
    return Progress(name, title, cards, seen, due, sum(t[3] for t in mine))


def own_pace(db: sqlite3.Connection) -> Pace:
    """Return the seconds that this learner takes for a card: the average ones until 30 answers tell."""
    slower = _slower(db)
    return Pace(*(seconds * slower for seconds in AVERAGE_PACE))


def _slower(db: sqlite3.Connection) -> float:
    """Return how much slower (above 1) or faster than the average learner this one answers, by the last 200 answers."""
    rows = db.execute(
        "select json_extract(body, '$.ms') from event where kind = 'answer' "
        "order by day desc, at desc, number desc limit 200"
    ).fetchall()
    times = sorted(min(ms, 120_000) for (ms,) in rows if ms)
    if len(times) < _PACE_FROM:
        return 1.0
    return max(0.25, min(4.0, float(times[len(times) // 2]) / 1000 / _USUAL))
