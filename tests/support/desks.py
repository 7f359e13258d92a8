"""Builders for tests: decks in a line a card, a learner's folder to open and open again, and answers right or wrong."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from quiz.deck.scope import Scope
from quiz.desk import Desk, open_desk
from quiz.memory import Rating
from quiz.paths import Paths, find
from quiz.questions import Choice, Flip, Order, Question
from quiz.store.bulk import compared
from quiz.store.derive import CardState
from quiz.store.events import Event
from quiz.store.history import History
from quiz.study.rating import Certainty
from quiz.study.session import Feedback, Phase, Session
from tests.support.clocks import FixedClock

Entry = dict[str, Any]


def choice(card: str, wrong: int = 3, **fields: Any) -> Entry:
    """Return a card with one choice question: the key stands first."""
    return {"id": card, "questions": [choices_of(card, wrong)], **fields}


def choices_of(card: str, wrong: int = 3, **fields: Any) -> Entry:
    """Return a choice question about `card`."""
    options: list[Entry] = [{"right": f"{card} yes"}]
    options += [{"wrong": f"{card} no {n}", "why": f"because {n}"} for n in range(1, wrong + 1)]
    return {"ask": f"Which is {card}?", "choices": options, **fields}


def flip(card: str, **fields: Any) -> Entry:
    """Return a flip card."""
    return {"id": card, "ask": f"What is {card}?", "answer": f"It is {card}", **fields}


def typed(card: str, **fields: Any) -> Entry:
    """Return a card that is answered by typing its id."""
    return {"id": card, "ask": f"Type {card}.", "answer": card, "accept": [], **fields}


def mixed(card: str, **fields: Any) -> Entry:
    """Return a card with a question of each kind, and one held back as proof."""
    questions = [
        choices_of(card),
        {"cloze": f"The word is {{{{{card}}}}}."},
        {"ask": f"Type {card}.", "answer": card, "accept": []},
        {"ask": f"What is {card}?", "answer": f"It is {card}"},
        {"ask": f"Prove {card}.", "answer": card, "accept": [], "proof": True},
    ]
    return {"id": card, "questions": questions, **fields}


class Place:
    """A learner's folder and decks inside a temporary folder. It can be opened, left and opened again."""

    def __init__(self, root: Path, clock: FixedClock | None = None) -> None:
        """Nothing is written yet: the first `open` makes the history."""
        self.clock = clock or FixedClock()
        self.paths: Paths = find(str(root / "home"), "default", {})
        self.decks = root / "decks"
        self.decks.mkdir(exist_ok=True)

    def write(self, *cards: Entry, name: str = "deck", **head: Any) -> Path:
        """Write a deck file. JSON is YAML too, and takes any text as it is."""
        path = self.decks / f"{name}.yaml"
        path.write_text(json.dumps({"title": name.title(), **head, "cards": list(cards)}, ensure_ascii=False), "utf-8")
        return path

    @contextmanager
    def open(self) -> Iterator[Desk]:
        """Open the desk, and close it at the end."""
        desk = open_desk(self.paths, [str(self.decks)], self.clock)
        assert not desk.library.problems(), desk.library.problems()
        try:
            yield desk
        finally:
            desk.close()

    @contextmanager
    def killed(self) -> Iterator[Desk]:
        """Open the desk, and at the end drop it without a word, as kill -9 does."""
        desk = open_desk(self.paths, [str(self.decks)], self.clock)
        try:
            yield desk
        finally:
            desk.history.pending.clear()
            desk.history._waiting = None
            desk.close()

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """Open the file of the history beside the program, to look or to break."""
        with closing(sqlite3.connect(self.paths.history, isolation_level=None)) as db:
            yield db


def study(
    desk: Desk, *, limit: int | None = None, minutes: int = 0, seed: int = 1, scope: Scope | None = None
) -> Session:
    """Start a session, or take up the one that was left."""
    return desk.session(desk.plan(scope or Scope(), limit, minutes, seed))


def right_answer(question: Question) -> str:
    """Return an answer that is right."""
    if isinstance(question, Choice):
        return str(question.right)
    if isinstance(question, Order):
        return ",".join(map(str, range(len(question.items))))
    return "1" if isinstance(question, Flip) else question.key


def wrong_answer(question: Question) -> str:
    """Return an answer that is wrong."""
    if isinstance(question, Choice):
        return str((question.right + 1) % len(question.options))
    return "0" if isinstance(question, Flip) else "something else entirely"


def give(session: Session, right: bool = True, certainty: Certainty | None = None) -> Feedback:
    """Answer the question on the screen, whatever its kind."""
    assert session.shown is not None
    question = session.shown.question
    if isinstance(question, Flip):
        if session.phase is Phase.ASK:
            session.reveal()
        return session.rate(Rating.GOOD if right else Rating.AGAIN, certainty)
    return session.answer(right_answer(question) if right else wrong_answer(question), certainty)


def step(session: Session, right: bool = True, certainty: Certainty | None = None) -> str:
    """Answer the question on the screen, go on, and return which card it was."""
    card = on_screen(session)
    give(session, right, certainty)
    session.next()
    return card


def on_screen(session: Session) -> str:
    """Return the card on the screen."""
    assert session.shown is not None
    return session.shown.card.id


def to_the_end(session: Session, failing: Collection[str] = (), most: int = 1000) -> list[str]:
    """Answer everything right but the first try of the `failing`; return the cards in the order they were asked."""
    asked: list[str] = []
    while session.phase is not Phase.DONE and len(asked) < most:
        card = on_screen(session)
        asked.append(step(session, right=card not in failing or card in asked))
    assert session.phase is Phase.DONE, "the session does not end"
    return asked


def learned(history: History, card: str, *ratings: int, question: str = "q", **body: Any) -> list[Event]:
    """Record answers with these ratings at this moment, and return their events."""
    events = []
    for rating in ratings:
        whole = {"question": question, "mark": float(rating > 1), **body}
        event = history.event("answer", card=card, rating=rating, retention=0.9, body=whole)
        assert history.record([event])
        events.append(event)
    return events


def differing(history: History) -> list[str]:
    """Return the cards whose kept state is not what their events lead to, found as `quiz doctor` finds them."""
    history.flush()
    return [card for card, right in compared(history.connection) if right is not None]


def sound(history: History) -> bool:
    """Whether the state of every card is what its events lead to."""
    return not differing(history)


def kept_states(history: History) -> dict[str, CardState]:
    """Return where each card stands by the file."""
    return {card: history.kept_state(card) for (card,) in history.query("select card from state order by card")}
