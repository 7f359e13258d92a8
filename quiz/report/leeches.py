"""Leeches explained: cards that are forgotten again and again, what they are taken for, and what may help.

Nothing is done to a leech by itself: it is asked as before until the learner decides otherwise.
"""

from __future__ import annotations

import json
import shlex
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from quiz.deck.model import Card, question_id
from quiz.memory.leech import LEARNED, LEECH
from quiz.paths import shipped_decks
from quiz.questions import Choice, Match, Order, Question, Select
from quiz.questions.base import PARTLY_FROM, indexes
from quiz.store.derive import undone
from quiz.store.events import Event
from quiz.store.rows import SELECT, event_of
from quiz.text import clean, counted, shortened

MOST = 50  # leeches in a list: who has more of them needs fewer new cards, not a longer list
MOST_TAKEN = 5  # wrong answers named
LONG_ANSWER = 8  # words: from here on an answer is too much for one card
LONG_NAME = 70  # characters of a look-alike where it is named in a sentence
MANY_PARTS = 5  # of a list to be ordered, matched or selected
FAILS_MORE = 2.0  # times as often as another question: then this question is the trouble, not the card

DRILL = "quiz study --contrast"
DRILL_ONE = "quiz study --drill"
SUMMARY = "It is not put aside by itself: it is asked as before until you decide otherwise."


class Taken(NamedTuple):
    """What the learner took for right, and how often."""

    text: str
    times: int


class LookAlike(NamedTuple):
    """A card that this one is easily taken for: its id and what it teaches."""

    card: str
    text: str


class Proposal(NamedTuple):
    """What may help. `way`: contrast, question, reword, source, explain or suspend. `command`: what to type, if any."""

    way: str
    text: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Leech:
    """A card that is forgotten again and again. `text` is what it teaches, `taken` the wrong answers given, most often
    first; `unknown` is how often nothing was answered. `proposals` begin with what helps most."""

    card: str
    text: str
    lapses: int
    answers: int
    taken: tuple[Taken, ...]
    unknown: int
    look_alikes: tuple[LookAlike, ...]
    proposals: tuple[Proposal, ...]

    @property
    def proposal(self) -> Proposal:
        """What helps most."""
        return self.proposals[0]

    def as_json(self) -> dict[str, object]:
        """Return the leech as plain values."""
        return {
            "id": self.card,
            "text": self.text,
            "lapses": self.lapses,
            "answers": self.answers,
            "taken_for": [taken._asdict() for taken in self.taken],
            "not_known": self.unknown,
            "look_alikes": [{"id": alike.card, "text": alike.text} for alike in self.look_alikes],
            "proposals": [proposal._asdict() for proposal in self.proposals],
        }


def count(db: sqlite3.Connection) -> int:
    """Return how many leeches there are that are not suspended and stand in a deck."""
    return int(db.execute(f"select count(*) {_LEECHES}", _BOUNDS).fetchone()[0])


def leeches(db: sqlite3.Connection, most: int = MOST) -> tuple[Leech, ...]:
    """Return the leeches, those with most lapses first. `db` is a history with its catalogue attached as `deck`."""
    rows = db.execute(
        f"select c.body, s.lapses, s.answers {_LEECHES} order by s.lapses desc, s.stability, s.card limit ?",
        (*_BOUNDS, most),
    ).fetchall()
    return tuple(explained(db, Card.from_json(body), lapses, answers) for body, lapses, answers in rows)


def explained(db: sqlite3.Connection, card: Card, lapses: int, answers: int) -> Leech:
    """Return a leech with all that is known of it. `db` is as for `leeches`."""
    given = _answers(db, card.id)
    alike = look_alikes(db, card)
    taken, unknown = _taken(card, given)
    proposals = _proposals(card, alike, given)
    return Leech(card.id, card.fact, lapses, answers, taken, unknown, alike, proposals)


def told(leech: Leech, keys: Mapping[str, str] | None = None) -> Iterator[str]:
    """Say line by line what a leech is, what it is taken for and what may help.

    keys: for ways that a screen has a key for, its name; it stands in the place of the command.
    """
    yield f"Forgotten {counted(leech.lapses, 'time')}, and not learned since: others would use its time better."
    for alike in leech.look_alikes:
        yield f"Easily taken for: {alike.text}"
    for taken in leech.taken:
        yield f"You answered “{taken.text}”, {counted(taken.times, 'time')}."
    if leech.unknown:
        yield f"Without an answer: {counted(leech.unknown, 'time')}."
    for proposal in leech.proposals:
        how = (keys or {}).get(proposal.way, proposal.command)
        yield f"What may help: {proposal.text}{f' ({how})' if how else ''}."
    yield SUMMARY


def became(lapses: int) -> str:
    """Say after an answer that the card has become a leech with this lapse, or is one still."""
    return (
        f"Forgotten {counted(lapses, 'time')}: it does not stick. Its page tells what you take it for and what may "
        "help. It is asked as before."
    )


_LEECHES = (
    "from state s join deck.card c on c.id = s.card and c.live "
    "where s.lapses >= ? and s.stability < ? and not s.suspended"
)
_BOUNDS = (LEECH, LEARNED)


def _answers(db: sqlite3.Connection, card: str) -> list[Event]:
    """Return the answers to a card that count, those under the ids that it had before included, the oldest first."""
    names = (
        "with recursive name(id) as (select ? union select e.target from name join event e on e.card = name.id "
        "where e.kind = 'alias' and e.target is not null) select id from name"
    )
    rows = db.execute(f"{SELECT} where card in ({names}) order by at, device, seq", (card,))
    events = [event_of(row) for row in rows]
    gone = undone(events)
    return [event for event in events if event.kind == "answer" and event.id not in gone]


def look_alikes(db: sqlite3.Connection, card: Card) -> tuple[LookAlike, ...]:
    """Return the cards that this one names as look-alikes, and those of its deck that name it.

    `db` is as for `leeches`.
    """
    rows = db.execute(
        "select c.id, c.body from deck.card c where c.live and c.id <> ?1 "
        "and c.id in (select value from json_each(?2)) "
        "union select c.id, c.body from deck.card c where c.live and c.id <> ?1 "
        "and c.path in (select path from deck.card where id = ?1) and instr(c.body, ?1) "
        "and exists (select 1 from json_each(c.body, '$.contrast_with') where value = ?1) order by 1",
        (card.id, json.dumps(card.contrast_with)),
    )
    return tuple(LookAlike(name, Card.from_json(body).fact) for name, body in rows)


def _wrong(event: Event) -> bool:
    return float(event.body.get("mark", 0.0)) < PARTLY_FROM


def _taken(card: Card, answers: Sequence[Event]) -> tuple[tuple[Taken, ...], int]:
    """Return what was answered wrongly, most often first, and how often nothing was answered."""
    questions = {question_id(question): question for question in card.questions}
    counts: Counter[str] = Counter()
    unknown = 0
    for event in filter(_wrong, answers):
        name, given = str(event.body.get("question", "")), str(event.body.get("given") or "")
        kind = name.partition("-")[0]
        if not given or kind == "flip":
            unknown += 1
        elif name in questions:
            counts.update(_words(questions[name], given))
        elif kind in ("typed", "cloze", "number"):  # the question is gone, but its answer was in words
            counts[_line(given)] += 1
    ranked = sorted(counts.items(), key=lambda pair: -pair[1])
    return tuple(Taken(*pair) for pair in ranked[:MOST_TAKEN]), unknown


def _words(question: Question, given: str) -> list[str]:
    """Return in words what was wrong in an answer."""
    if isinstance(question, Choice | Select):
        rights = {question.right} if isinstance(question, Choice) else set(question.rights)
        taken = indexes(given, len(question.options)) or ()
        return [_line(question.options[at].text) for at in dict.fromkeys(taken) if at not in rights]
    if isinstance(question, Order | Match):
        return []  # a row of numbers: which part was wrong is not one answer
    return [_line(given)]


def _line(text: str) -> str:
    return shortened(clean(text, lines=False), 80)


def _proposals(card: Card, alike: Sequence[LookAlike], answers: Sequence[Event]) -> tuple[Proposal, ...]:
    """Return what may help, what helps most first."""
    found = []
    if alike:
        more = f" and {counted(len(alike) - 1, 'more look-alike')}" if len(alike) > 1 else ""
        text = f"drill it together with “{_named(alike[0].text.rstrip('.'))}”{more}"
        found.append(Proposal("contrast", text, f"{DRILL_ONE} {shlex.quote(card.id)}"))
    hardest = _hardest(card, answers)
    if hardest:
        found.append(Proposal("question", hardest))
    own = not Path(card.file).is_relative_to(shipped_decks())
    if own:
        found.append(Proposal("reword", _reword(card)))
    if card.sources:
        found.append(Proposal("source", "read its source: why it is so holds better than that it is so"))
    if card.safety:
        found.append(Proposal("explain", "it must be known: have it explained to you, then say why it is so yourself"))
    else:
        found.append(Proposal("suspend", "leave it out if it is not worth the time: x in Browse, and x brings it back"))
    return tuple(found)


def _named(text: str) -> str:
    """Return a text short enough to name a card by it, cut between words."""
    cut = shortened(text, LONG_NAME)
    return cut if cut == text or " " not in cut else f"{cut[:-1].rpartition(' ')[0].rstrip(',;:')} …"


def _hardest(card: Card, answers: Sequence[Event]) -> str:
    """Return in words which question fails far more often than another one of the card; "" for none."""
    tries: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for event in answers:
        name = str(event.body.get("question", ""))
        tries[name] += 1
        wrong[name] += _wrong(event)
    there = [(n, question_id(q), q) for n, q in enumerate(card.questions, 1)]
    shares = [(wrong[name] / tries[name], n, name, q) for n, name, q in there if tries[name] > 1]
    if len(shares) < 2:
        return ""
    worst, best = max(shares, key=lambda s: s[0]), min(shares, key=lambda s: s[0])
    if worst[0] < FAILS_MORE * best[0] or worst[0] == best[0]:
        return ""
    failed = f"{wrong[worst[2]]} of {counted(tries[worst[2]], 'time')}"
    return f"its question {worst[1]} ({worst[3].kind}) failed {failed}, question {best[1]} far less: compare the two"


def _reword(card: Card) -> str:
    """Return how to mend a card of the learner's own."""
    where = f"{Path(card.file).name}:{card.line}, e in Browse opens it"
    for number, question in enumerate(card.questions, 1):
        parts = len(getattr(question, "rights", ()) or getattr(question, "items", ()) or getattr(question, "lefts", ()))
        if parts >= MANY_PARTS or len(question.key.split()) >= LONG_ANSWER:
            return f"question {number} asks for much at once: split the card in two ({where})"
    if len(card.questions) == 1:
        return f"ask it in a second way, or in other words ({where})"
    return f"reword it, or split it in two ({where})"
