"""A small library with a history to search in, and what a filter means told once more: card by card, without SQL."""

from __future__ import annotations

import operator
from collections.abc import Callable
from pathlib import Path

from quiz.deck.model import Card, question_id
from quiz.deck.terms import And, Everything, Field, Measure, Not, Or, Tree, Value, Word
from quiz.deck.wording import compared, searchable
from quiz.desk import Desk
from quiz.memory import recall
from quiz.memory.leech import is_leech
from quiz.store.derive import CardState
from quiz.store.history import History
from tests.support.desks import Place, choice, flip, learned, mixed, typed

TODAY = "2026-11-22 10:00"
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}


def furnished(root: Path) -> Place:
    """Return a place with two decks and some weeks of study; the clock stands at `TODAY`.

    pad due, leech, flagged · heat in 3 days or more · needle in danger · trepan new · sdr suspended · tone put off ·
    nerve known well · mixed new · back/front siblings, new.
    """
    place = Place(root)
    place.write(
        choice("pad", claim="A pad over bone burns the skin.", topic="risks", tags=["skin"], safety=True),
        choice(
            "heat", claim="Alternating current heats the tissue.", topic="Technique", sources=["atlas", "Leeds-2016"]
        ),
        typed("needle", why="The bare tip is 10 mm long.", topic="technique", tier="detail", certainty="moderate"),
        flip("trepan", claim="Trépan – an old drill.", topic="history", tags=["old tools", "skin"]),
        name="facet",
        title="Facet radiofrequency",
        order=1,
        procedure="lumbar-facet-rf",
        audience=["student", "nurse"],
        sources=["atlas"],
    )
    place.write(
        flip("sdr", claim="SDR divides dorsal rootlets.", topic="definition"),
        flip("tone", ask="What falls after SDR?", answer="Spasticity, or tone", topic="outcomes"),
        mixed("nerve", claim="L3 is not L4."),
        {"id": "both", "ask": "Front of it", "answer": "Rear of it", "both_ways": True},
        name="dorsal",
        title="Dorsal rhizotomy",
        order=2,
        procedure="sdr",
        audience=["student"],
    )
    study(place)
    return place


def study(place: Place) -> None:
    """Leave a history behind."""
    clock = place.clock
    clock.set_to("2026-09-01 10:00")
    with place.open() as desk:
        history = desk.history
        answers(desk, "pad", "heat", "needle", "sdr", "tone", "nerve", rating=3)
        for _ in range(9):
            clock.forward(days=5)
            answers(desk, "pad", rating=1)
        clock.set_to("2026-11-10 10:00")
        answers(desk, "nerve", rating=4)
        answers(desk, "heat", rating=3)
        clock.set_to("2026-11-20 10:00")
        answers(desk, "needle", rating=1, certainty="high")
        answers(desk, "heat", rating=4)
        answers(desk, "tone", rating=3)
        clock.set_to(TODAY)
        decide(history, "suspend", "sdr", on=True)
        decide(history, "bury", "tone", until=history.today() + 1)
        decide(history, "flag", "pad", on=True, note="Which pad?")


def answers(desk: Desk, *cards: str, rating: int, **body: object) -> None:
    """Answer cards, each by its first question."""
    for card in cards:
        held = desk.library.card(card)
        assert held is not None
        learned(desk.history, card, rating, question=question_id(held.questions[0]), **body)


def decide(history: History, kind: str, card: str, **body: object) -> None:
    """Write a decision."""
    assert history.record([history.event(kind, card=card, body=body)])  # type: ignore[arg-type]


def lets_through(tree: Tree, card: Card, state: CardState, day: int) -> bool:
    """Return whether a filter lets a card through: the meaning of the language, said without SQL."""
    match tree:
        case Everything():
            return True
        case Word(text):
            return compared(text) in searchable(card)
        case Field(name, values):
            return any(_is(value, one) for value in values for one in _values(name, card, state, day))
        case Measure(name, sign, number):
            found = _number(name, state, day)
            return found is not None and COMPARISONS[sign](found, number)
        case Not(part):
            return not lets_through(part, card, state, day)
        case And(parts):
            return all(lets_through(part, card, state, day) for part in parts)
        case Or(parts):
            return any(lets_through(part, card, state, day) for part in parts)


def _is(value: Value, one: str) -> bool:
    said = compared(value.text)
    return compared(one).startswith(said) if value.begins else compared(one) == said


def _values(name: str, card: Card, state: CardState, day: int) -> list[str]:
    path = Path(card.file)
    states = {
        "due": state.memory is not None and state.shown_from <= day,
        "new": state.memory is None,
        "seen": state.memory is not None,
        "suspended": state.suspended,
        "flagged": state.flagged,
        "safety": card.safety,
        "leech": is_leech(state.lapses, state.memory),
        "danger": state.danger > 0,
    }
    values: dict[str, list[str]] = {
        "topic": [card.topic],
        "procedure": [card.procedure],
        "deck": [card.deck, path.name, path.stem],
        "source": [*card.sources],
        "tag": [*card.tags],
        "is": [state for state, there in states.items() if there],
        "audience": [*card.audience],
        "tier": [card.tier],
        "certainty": [card.certainty],
        "kind": [question.kind for question in card.questions],
    }
    return [value for value in values[name] if value]


def _number(name: str, state: CardState, day: int) -> float | None:
    if name == "lapses":
        return state.lapses
    if state.memory is None:
        return None
    if name == "recall":
        return recall(state.memory, day)  # type: ignore[arg-type]
    if name == "stability":
        return state.memory.stability
    return None if state.suspended else state.shown_from - day
