"""Makes the record of competency from answers that count, and from the decks as they are now.

Nothing of it is kept by the program. `db` is a history with its catalogue attached as `deck`.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from quiz import __version__
from quiz.clock import Instant
from quiz.deck.model import Card, fingerprint, question_id
from quiz.deck.scope import Scope
from quiz.errors import UsageError
from quiz.memory import Rating, StudyDay, date_of
from quiz.questions import Question
from quiz.questions.base import PARTLY_FROM, RIGHT_FROM
from quiz.report.record import (
    EMPTY,
    EXAM,
    FINISHED,
    HELD_BACK,
    NO_DECK,
    NOT_ASKED_BEFORE,
    NOT_PASSED,
    OUT_OF_TIME,
    PARTLY,
    PASSED,
    PRACTISED,
    REFRESHER,
    RIGHT,
    SEEN,
    STOPPED,
    UNKNOWN,
    WRONG,
    DeckVersion,
    Item,
    Record,
    grouped,
)
from quiz.report.stats import taken_back
from quiz.store.events import Event
from quiz.store.rows import SELECT, event_of
from quiz.study.result import Result
from quiz.study.session import proven
from quiz.text import clean, counted


@dataclass(frozen=True, slots=True)
class Held:
    """A refresher or exam that is in the history: its id, its study day, when it ended, and its events."""

    id: str
    day: StudyDay
    ended: Instant
    events: tuple[Event, ...]


def refreshers(db: sqlite3.Connection) -> list[Held]:
    """Return the refreshers with an answer that counts, in the order in which they ended. Reads every event once."""
    rows = db.execute(f"{SELECT} where kind = 'answer' and instr(body, ?)", (f'"mode":"{REFRESHER}"',))
    gone = taken_back(db)
    sessions: dict[str, list[Event]] = {}
    for event in sorted(map(event_of, rows), key=lambda e: e.order):
        if event.id not in gone and event.body.get("mode") == REFRESHER:
            sessions.setdefault(str(event.body.get("session", "")), []).append(event)
    asked = {id_: found for id_, found in sessions.items() if not all(e.body.get("retry") for e in found)}
    held = [Held(id_, found[0].day, _at(found[-1]), tuple(found)) for id_, found in asked.items()]
    return sorted(held, key=lambda found: found.ended.at)


def exams(db: sqlite3.Connection) -> list[Held]:
    """Return the exams that were handed in, each once, in that order."""
    rows = db.execute(f"{SELECT} where kind <> 'answer' and kind = 'session' order by at, device, seq")
    found: dict[str, Held] = {}
    for event in map(event_of, rows):
        with suppress(KeyError, TypeError, ValueError):
            exam = Result.from_json(event.body).exam
            found.setdefault(exam, Held(exam, event.day, _at(event), (event,)))
    return list(found.values())


def chosen(held: Sequence[Held], about: str, session: str | None = None, day: date | None = None) -> Held:
    """Return the latest one, or that with this id or of this study day. Raises UsageError where there is none."""
    if not held:
        how = "do one with: quiz study --safety" if about == REFRESHER else "sit one with: quiz exam"
        raise UsageError(f"there is no {about} to report", f"{how}; --progress writes what you know by now")
    fits = [h for h in held if session in (None, h.id) and (day is None or date_of(h.day) == day)]
    if fits:
        return fits[-1]
    asked = f"with the id '{clean(session, lines=False)}'" if session is not None else f"of {day}"
    latest = ", ".join(f"{h.id} ({date_of(h.day)})" for h in held[:-4:-1])
    raise UsageError(f"there is no {about} {asked}", f"the latest: {latest}")


# -- the record of one ------------------------------------------------------------------------------------------------


def record_of(db: sqlite3.Connection, held: Held, about: str, profile: str, made: Instant, name: str = "") -> Record:
    """Return the record of a refresher or an exam."""
    if about == EXAM:
        return _of_exam(db, held, _line(profile), made, _line(name))
    return _of_refresher(db, held, _line(profile), made, _line(name))


def _of_refresher(db: sqlite3.Connection, held: Held, profile: str, made: Instant, name: str) -> Record:
    decks = _Decks(db, (e.card or "" for e in held.events))
    first, last = held.events[0], held.events[-1]
    saved = db.execute("select open, body, started from session where id = ?", (held.id,)).fetchone()
    # Of a question left standing only a part counts as time spent: without the session that is all there is to go by.
    begun = saved[2] if saved else first.at - int(first.body.get("ms", 0))
    body = json.loads(saved[1]) if saved else {}
    plan = body.get("plan")
    scope = Scope.from_json(plan["scope"]) if plan else None
    answers = sum(int(e.body.get("ms", 0)) for e in held.events)
    return Record(
        about=REFRESHER,
        name=name,
        profile=profile,
        day=date_of(held.day).isoformat(),
        begun=moment(min(begun, first.at), first.offset),
        ended=moment(last.at, last.offset),
        spent_ms=int(body.get("active_ms", answers)),
        minutes=plan["minutes"] if plan else 0,
        state=UNKNOWN if not saved else STOPPED if saved[0] else FINISHED,
        set=in_words(scope, decks.titles) if scope is not None else "the cards listed below",
        set_cards=_count(db, scope) if scope is not None else 0,
        pass_mark=0,
        session=_line(held.id),
        program=__version__,
        made=moment(made.at, made.offset),
        items=tuple(_refreshed(held.events, decks)),
        decks=tuple(decks.versions),
    )


def _refreshed(events: Sequence[Event], decks: _Decks) -> Iterable[Item]:
    """Yield the first tries of a refresher, each with what came after it."""
    firsts = [event for event in events if not event.body.get("retry")]
    for number, event in enumerate(firsts, 1):
        body, card = event.body, decks.card(event.card or "")
        mark = float(body.get("mark", 0.0))
        tries = [e for e in events if e.card == event.card and e.body.get("retry")]
        last = (tries or [event])[-1]
        passed = proven(body, card, mark) if card else (mark >= RIGHT_FROM if "proof" in body else None)
        item = _item(number, event.card or "", str(body.get("question", "")), decks)
        same = [fingerprint(q) for q in _parts(card, item.question)]
        yield replace(
            item,
            result=PRACTISED if passed is None else PASSED if passed else NOT_PASSED,
            basis=HELD_BACK if body.get("proof") else NOT_ASKED_BEFORE if body.get("unseen") else SEEN,
            mark=round(mark, 6),
            certainty=_line(str(body.get("certainty", ""))),
            ms=int(body.get("ms", 0)),
            more_tries=len(tries),
            settled=(last.rating or _would_be(last)) > Rating.AGAIN,
            changed=same != [body.get("prompt"), body.get("answer")],
        )


def _of_exam(db: sqlite3.Connection, held: Held, profile: str, made: Instant, name: str) -> Record:
    result, offset = Result.from_json(held.events[0].body), held.ended.offset
    decks = _Decks(db, (scored.card for scored in result.questions))
    items = []
    for number, scored in enumerate(result.questions, 1):
        marked = RIGHT if scored.right else WRONG if scored.missed else PARTLY
        items.append(
            replace(
                _item(number, scored.card, scored.question, decks),
                result=EMPTY if scored.given is None else marked,
                topic=_line(scored.topic),
                mark=round(float(scored.mark), 6),
                certainty=scored.certainty or "",
                ms=scored.ms,
                settled=scored.mark >= PARTLY_FROM,
            )
        )
    weights = ", ".join(f"{topic} {number}" for topic, number in result.plan.weights)
    return Record(
        about=EXAM,
        name=name,
        profile=profile,
        day=date_of(held.day).isoformat(),
        begun=moment(result.started, offset),
        ended=moment(result.ended, offset),
        spent_ms=result.ms,
        minutes=result.plan.minutes,
        state=OUT_OF_TIME if result.out_of_time else FINISHED,
        set=in_words(result.plan.scope, decks.titles) + (f"; by topic: {_line(weights)}" if weights else ""),
        set_cards=0,
        pass_mark=result.plan.pass_mark,
        session=_line(held.id),
        program=__version__,
        made=moment(made.at, made.offset),
        items=tuple(items),
        decks=tuple(decks.versions),
    )


def in_words(scope: Scope, titles: Mapping[str, str]) -> str:
    """Say which cards a scope means; `titles` are those of the decks by their paths."""
    if scope.cards:
        return counted(len(scope.cards), "chosen card")
    named = [titles.get(path, Path(path).name) for path in scope.decks]
    parts = [f"{'must-pass cards' if scope.safety else 'cards'} of {_listed(named) if named else 'all decks'}"]
    fields = (("topic", scope.topics), ("procedure", scope.procedures), ("audience", scope.audiences))
    parts += [f"{name}: {_listed(values)}" for name, values in fields if values]
    return _line("; ".join(parts))


def moment(at: int, offset: int) -> str:
    """Return UTC milliseconds as local time with its offset (minutes): `2026-11-22T10:00:00+01:00`."""
    try:
        return datetime.fromtimestamp(at // 1000, UTC).astimezone(timezone(timedelta(minutes=offset))).isoformat()
    except (ValueError, OverflowError, OSError):
        return f"{at} ms"


class _Decks:
    """The cards of a record as the decks hold them now, and the versions of their files in the order of the cards."""

    def __init__(self, db: sqlite3.Connection, cards: Iterable[str]) -> None:
        self._db = db
        wanted = dict.fromkeys(cards)
        rows = db.execute(
            "select c.id, c.path, c.body from deck.card c where c.live and c.id in (select value from json_each(?))",
            (json.dumps([*wanted]),),
        )
        self._cards = {id_: (path, Card.from_json(body)) for id_, path, body in rows}
        self._paths = [*dict.fromkeys(self._cards[id_][0] for id_ in wanted if id_ in self._cards)]
        self.titles: dict[str, str] = dict(db.execute("select path, title from deck.file where place >= 0"))

    def card(self, card: str) -> Card | None:
        return self._cards[card][1] if card in self._cards else None

    def place(self, card: str) -> int:
        return self._paths.index(self._cards[card][0]) if card in self._cards else NO_DECK

    @property
    def versions(self) -> Iterable[DeckVersion]:
        for path in self._paths:
            number, checked = self._db.execute(
                "select count(*), max(json_extract(body, '$.checked')) from deck.card where path = ? and live", (path,)
            ).fetchone()
            title, name = _line(self.titles.get(path, "")), _line(Path(path).name)
            yield DeckVersion(title, name, number, _line(str(checked or "")), _digest(Path(path)))


def _item(number: int, card_id: str, name: str, decks: _Decks) -> Item:
    """Return what is known of a question from the decks alone."""
    card = decks.card(card_id)
    question = _question(card, name)
    return Item(
        number=number,
        result="",
        claim=_line(card.fact) if card else f"(card {_line(card_id)}, which no deck holds now)",
        sources=_line(", ".join(card.sources)) if card else "",
        asked=_line(question.stem) if question else "",
        card=_line(card_id),
        question=_line(name),
        kind=question.kind if question else _line(name.partition("-")[0]),
        topic=_line(card.topic) if card else "",
        basis="",
        mark=0.0,
        certainty="",
        ms=0,
        more_tries=0,
        settled=False,
        own_mark=name.startswith("flip-"),
        changed=question is None,
        deck=decks.place(card_id),
    )


def _question(card: Card | None, name: str) -> Question | None:
    return next((q for q in card.questions if question_id(q) == name), None) if card else None


def _parts(card: Card | None, name: str) -> tuple[tuple[str, ...], ...]:
    """Return what the fingerprints of a question are made of: its prompt and its answer."""
    question = _question(card, name)
    return (question.prompt_parts, question.answer_parts) if question else ()


def _would_be(event: Event) -> int:
    """Return what an answer that leaves the schedule alone would have been rated."""
    return int(event.body.get("rated") or Rating.AGAIN)


def _count(db: sqlite3.Connection, scope: Scope) -> int:
    where, values = scope.where()
    (number,) = db.execute(f"select count(*) from deck.card c where {where}", values).fetchone()
    return int(number)


def _digest(path: Path) -> str:
    try:
        return grouped(hashlib.sha256(path.read_bytes()).hexdigest()[:12])
    except OSError:
        return ""


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _at(event: Event) -> Instant:
    return Instant(event.at, event.offset)


def _line(text: str) -> str:
    """Return outside text on one line, fit for any file."""
    return clean(text, lines=False)
