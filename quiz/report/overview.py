"""What there is to do and how far one is: the numbers of the home screen, `quiz due` and `quiz decks`."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

from quiz.deck.scope import Scope
from quiz.memory import Memory, Params, Rating, StudyDay, recall
from quiz.memory.balance import Moved
from quiz.memory.pace import AVERAGE_PACE, Pace
from quiz.settings import Settings
from quiz.store.daily import moved_on
from quiz.store.history import families_done, fresh_cards, introduced, read_settings
from quiz.store.weights import kept_params
from quiz.study.modes import minutes_on, new_on
from quiz.study.queue import NEW_EVERY
from quiz.study.target import kept_target
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

    `due` counts what a session would ask today: of siblings one, and none when one of them was asked today, unless its
    answer has changed since. What waits for a lighter day is not among it, what comes early is.
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
    given: int = 0
    behind: tuple[Waiting, ...] = ()

    def part_of_today(self) -> str:
        """Say what is left of a backlog: what of it is today's part, and what waits."""
        rest = f"{counted(self.due - self.today, 'card')} wait{'s' * (self.due - self.today == 1)} for another day"
        return f"{counted(self.today, 'card')} left of today's part; {rest}." if self.today else f"{rest}."


def overview(db: sqlite3.Connection, scope: Scope, day: StudyDay, new_a_day: int) -> Overview:
    """Return the overview of a scope. `db` is a history with its catalogue attached as `deck`."""
    where, values = scope.where()
    asked = families_done(db, day)
    params = kept_params(db)
    totals: dict[tuple[str, str], list[float]] = {}  # (deck, topic) -> cards, seen, due, recalled
    counts = db.execute(f"select c.path, c.topic, count(*) from deck.card c where {where} group by 1, 2", values)
    for path, topic, number in counts:
        totals[path, topic] = [number, 0, 0, 0.0]
    rows = db.execute(
        "select c.path, c.topic, c.family, s.stability, s.difficulty, s.day, s.shown_from <= ?, s.card, "
        "c.safety, exists (select 1 from revised r where r.card = s.card and r.due) from state s "
        f"join deck.card c on c.id = s.card where s.stability is not null and {where}",
        (day, *values),
    )
    settings = read_settings(db)
    moved = moved_today(db, day, settings, params)
    failed = failed_on(db, day)
    waiting: set[str] = set()
    to_do: list[Waiting] = []
    for path, topic, family, stability, difficulty, last, due, card, safety, changed in rows:
        # Another program may have read the decks anew since they were counted.
        total = totals.setdefault((path, topic), [0, 0, 0, 0.0])
        total[1] += 1
        memory = Memory(stability, difficulty, last)
        total[3] += recalled_now(card, memory, day, params, failed)
        due = card in moved.early or (due and (changed or card not in moved.waiting))
        if due and (changed or family not in asked) and family not in waiting:
            waiting.add(family)
            total[2] += 1
            to_do.append(Waiting(card, memory, bool(safety)))
    titles = dict(db.execute("select path, title from deck.file where place >= 0 order by place, path"))
    cards, seen, due = (int(sum(t[i] for t in totals.values())) for i in range(3))
    answered_today, spent_ms = db.execute(_ANSWERED, (day,)).fetchone()
    new_today = new_on(day, replace(settings, new=new_a_day))
    new = len(fresh_cards(db, scope, day, max(0, new_today - introduced(db, day)), asked | waiting))
    pace = own_pace(db)
    seconds = new * pace.new + sum(pace.seconds(recall(card.memory, day, params)) for card in to_do)
    given = minutes_on(day, settings)
    today = _fits(to_do, new, day, given, spent_ms, pace, params)
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
        given=given,
        behind=tuple(to_do) if today < due else (),
    )


def _fits(due: list[Waiting], new: int, day: StudyDay, given: int, spent_ms: int, pace: Pace, params: Params) -> int:
    """Return how many of the due cards the minutes that are left of the day have room for, new cards beside them."""
    if not given:
        return len(due)
    left = max(0.0, given - spent_ms / 60_000)
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


def moved_today(db: sqlite3.Connection, day: StudyDay, settings: Settings, params: Params) -> Moved:
    """Return which due cards wait for another day, and which come early. In the sprint before an exam none does."""
    target = kept_target(settings.exam)
    return Moved() if target is not None and target.sprints_on(day) else moved_on(db, day, settings, params)


def _progress(totals: dict[tuple[str, str], list[float]], part: int, name: str, title: str) -> Progress:
    mine = [t for key, t in totals.items() if key[part] == name]
    cards, seen, due = (int(sum(t[i] for t in mine)) for i in range(3))
    return Progress(name, title, cards, seen, due, sum(t[3] for t in mine))


def own_pace(db: sqlite3.Connection) -> Pace:
    """Return the seconds that this learner takes for a card: the average ones until 30 answers tell."""
    return Pace(*(seconds * _slower(db) for seconds in AVERAGE_PACE))


def _slower(db: sqlite3.Connection) -> float:
    """Return how much slower (above 1) or faster than the average learner this one answers, by the last 200 answers."""
    rows = db.execute(
        "select json_extract(body, '$.ms') from event where kind = 'answer' order by number desc limit 200"
    ).fetchall()
    times = sorted(min(ms, 120_000) for (ms,) in rows if ms)
    if len(times) < _PACE_FROM:
        return 1.0
    return max(0.25, min(4.0, float(times[len(times) // 2]) / 1000 / _USUAL))
