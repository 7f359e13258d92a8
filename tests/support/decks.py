"""Decks for tests: YAML in a line a card, and what the reader says about it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import indent

from quiz.deck.model import Card, Deck
from quiz.deck.reader import read_deck

FLIP = "ask: What is cut in SDR?\nanswer: dorsal rootlets"
OTHER_FLIP = "ask: What is heated in facet RF?\nanswer: medial branch"
TYPED = "ask: Which nerve is heated in facet RF?\nanswer: medial branch\naccept: [medial branch nerve]"
CLOZE = 'cloze: "SDR lowers {{spasticity}} in the legs."'
CHOICE = """\
ask: Which of these does SDR treat?
choices:
  - right: spasticity
  - wrong: facet pain
    why: Facet pain is treated at the medial branches.
  - wrong: trigeminal neuralgia
    why: That is treated at the ganglion."""


def deck(*cards: str, top: str = "title: Test") -> str:
    """Return a deck of these cards, each written without its dash and from the first column."""
    items = ["  - " + indent(card, "    ").lstrip() for card in cards]
    return "\n".join([top, "cards:", *items, ""])


def write(folder: Path, text: str | bytes, name: str = "deck.yaml") -> Path:
    """Write a file as it is: text in UTF-8, no line end changed."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(text: str | bytes) -> Deck:
    """Read a deck from a file of its own. Cards and problems name the file `deck.yaml`, wherever it stood."""
    with tempfile.TemporaryDirectory() as folder:
        found = read_deck(write(Path(folder), text))
    told = tuple(replace(problem, place=replace(problem.place, file="deck.yaml")) for problem in found.problems)
    return replace(
        found, file="deck.yaml", cards=tuple(replace(c, file="deck.yaml") for c in found.cards), problems=told
    )


def problems(text: str | bytes) -> list[str]:
    """Return what is wrong with a deck, a line for each problem: `deck.yaml:3:5: what is wrong - the mend`."""
    return [str(problem) for problem in read(text).problems]


def assert_said(found: list[str], expected: list[str]) -> None:
    """Check each problem against `line:column | part of what is wrong | part of the mend`.

    Without line and column the file as a whole is meant.
    """
    assert len(found) == len(expected), found
    for problem, parts in zip(found, expected, strict=True):
        place, what, mend = (part.strip() for part in parts.split("|"))
        said, _, help_ = problem.partition(" - ")
        assert said.startswith(f"deck.yaml:{place}: " if place else "deck.yaml: "), problem
        assert what in said, problem
        assert mend in help_, problem


def cards(*entries: str, top: str = "title: Test") -> tuple[Card, ...]:
    """Return the cards of a deck that must be sound."""
    found = read(deck(*entries, top=top))
    assert not found.problems, found.problems
    return found.cards


def card(entry: str, top: str = "title: Test") -> Card:
    """Return the one card of a deck that must be sound."""
    (found,) = cards(entry, top=top)
    return found


def many(count: int) -> Iterator[str]:
    """Yield entries as real decks have them: an id, a claim, a reason, a choice, a cloze and a typed question."""
    for number in range(count):
        yield f"""\
id: card-{number}
claim: Fact {number} is one of the things to know about facet radiofrequency.
why: The current moves ions in the tissue next to the tip; the tissue heats and warms the electrode.
topic: risks
sources: [source-{number % 50}, source-{number % 7}]
certainty: high
tier: core
questions:
  - ask: What is fact number {number} in lumbar facet radiofrequency?
    choices:
      - right: The right option of {number}
      - wrong: A wrong option of {number}
        why: The tissue heats first, not the electrode.
      - wrong: Another wrong option of {number}
        why: Freezing is another treatment.
      - wrong: The last wrong option of {number}
        why: This is a laser's work.
  - cloze: "Fact {number} is about the {{{{medial branch}}}} of the dorsal ramus."
    accept: [medial branch nerve, medial branches]
  - ask: Which nerve is heated in case {number} of facet radiofrequency?
    answer: medial branch
    accept: [medial branch nerve]
    proof: true"""
