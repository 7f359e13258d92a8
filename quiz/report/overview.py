"""What there is to do and how far one is: the numbers of the home screen, `quiz due` and `quiz decks`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from quiz.deck.scope import Scope
from quiz.memory import Memory, StudyDay, recall
from quiz.memory.shift import shifted
from quiz.store.history import families_done, fresh_cards, introduced
from quiz.store.weights import kept_params

SECONDS_DUE, SECONDS_NEW = 12.0, 25.0  # until enough answers are there to take the learner's own pace
_PACE_FROM = 30  # answers

# The answers of a day without those taken back.
_ANSWERED = (
    "select count(*) from event e where e.day = ? and e.kind = 'answer' and not exists (select 1 from event u "
    "where u.target = e.id and not exists (select 1 from event again where again.target = u.id))"
)


@dataclass(frozen=True, slots=True)
class Progress:
    """A deck or topic: `recalled` is the number of its cards expected to be recalled now (the sum of their recall).

    `due` counts what a session would ask today: of siblings one, and none when one of them was asked today, unless its
    answer has changed since.
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


@dataclass(frozen=True, slots=True)
class Overview:
    """`new` is how many new cards today may still bring; `minutes` is what due and new cards are expected to take."""

    day: StudyDay
    due: int
    new: int
    cards: int
    seen: int
    minutes: float
    answered_today: int
    decks: tuple[Progress, ...]
    topics: tuple[Progress, ...]


def overview(db: sqlite3.Connection, scope: Scope, day: StudyDay, new_a_day: int, shift: float = 0.0) -> Overview:
    """Return the overview of a scope. `db` is a history with its catalogue attached as `deck`.

    shift: by which the learner's own answers correct what is recalled, on the logit (`quiz.memory.shift`).
    """
    where, values = scope.where()
    asked = families_done(db, day)
    params = kept_params(db)
    totals: dict[tuple[str, str], list[float]] = {}  # (deck, topic) -> cards, seen, due, recalled
    counts = db.execute(f"select c.path, c.topic, count(*) from deck.card c where {where} group by 1, 2", values)
    for path, topic, number in counts:
        totals[path, topic] = [number, 0, 0, 0.0]
    rows = db.execute(
        "select c.path, c.topic, c.family, s.stability, s.difficulty, s.day, s.shown_from <= ?, "
        "exists (select 1 from revised r where r.card = s.card and r.due) from state s "
        f"join deck.card c on c.id = s.card where s.stability is not null and {where}",
        (day, *values),
    )
    waiting: set[str] = set()
    for path, topic, family, stability, difficulty, last, due, changed in rows:
        # Another program may have read the decks anew since they were counted.
        total = totals.setdefault((path, topic), [0, 0, 0, 0.0])
        total[1] += 1
        total[3] += shifted(recall(Memory(stability, difficulty, last), day, params), shift)
        if due and (changed or family not in asked) and family not in waiting:
            waiting.add(family)
            total[2] += 1
    titles = dict(db.execute("select path, title from deck.file where place >= 0 order by place, path"))
    cards, seen, due = (int(sum(t[i] for t in totals.values())) for i in range(3))
    (today,) = db.execute(_ANSWERED, (day,)).fetchone()
    new = len(fresh_cards(db, scope, day, max(0, new_a_day - introduced(db, day)), asked | waiting))
    pace = pace_of(db)
    return Overview(
        day=day,
        due=due,
        new=new,
        cards=cards,
        seen=seen,
        minutes=(due * SECONDS_DUE + new * SECONDS_NEW) * pace / 60,
        answered_today=today,
        decks=tuple(
            _progress(totals, 0, path, title) for path, title in titles.items() if path in {k[0] for k in totals}
        ),
        topics=tuple(_progress(totals, 1, topic, topic or "other") for topic in sorted({k[1] for k in totals})),
    )


def _progress(totals: dict[tuple[str, str], list[float]], part: int, name: str, title: str) -> Progress:
    mine = [t for key, t in totals.items() if key[part] == name]
    cards, seen, due = (int(sum(t[i] for t in mine)) for i in range(3))
    return Progress(name, title, cards, seen, due, sum(t[3] for t in mine))


def pace_of(db: sqlite3.Connection) -> float:
    """Return how much slower (above 1) or faster than the assumed seconds the learner answers, by the last 200."""
    rows = db.execute(
        "select json_extract(body, '$.ms') from event where kind = 'answer' order by number desc limit 200"
    ).fetchall()
    times = sorted(min(ms, 120_000) for (ms,) in rows if ms)
    if len(times) < _PACE_FROM:
        return 1.0
    return max(0.25, min(4.0, float(times[len(times) // 2]) / 1000 / SECONDS_DUE))
