"""The edit history of a public deck, as laws: whatever its authors do to it, no card loses what was learned of it.

The shape of the edits is that of decks kept in git for years: cards are renamed, parted, joined, reworded, corrected,
taken out and brought back, moved to other files; a version may be skipped. Learners answer in between, on two devices
that exchange their events now and then.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.deck.model import fingerprint, question_id
from quiz.report.orphans import unheld
from quiz.store.derive import CardState, replay
from quiz.store.events import Event
from quiz.store.history import History
from tests.support.clocks import FixedClock
from tests.support.desks import Entry, Place, sound

WORDS = ("one", "two", "three", "four")

number = st.integers(0, 9)
edit = st.one_of(
    st.tuples(st.sampled_from(["rename", "rename", "part", "move", "delete", "return", "kind"]), number, st.just(0)),
    st.tuples(st.sampled_from(["answer", "wording", "claim"]), number, st.integers(0, 3)),
    st.tuples(st.just("join"), number, number),
)
act = st.one_of(
    edit,
    edit,
    st.tuples(st.just("learn"), number, st.integers(1, 4)),
    st.tuples(st.just("learn"), number, st.integers(1, 4)),
    st.tuples(st.sampled_from(["see", "meet"]), number, st.just(0)),
)


class Author:
    """Keeps the deck: cards by id, each with what it holds and, in `same-as`, every id it ever had."""

    def __init__(self) -> None:
        self.cards: dict[str, Entry] = {f"c{n}": self._card(n) for n in range(4)}
        self.file = dict.fromkeys(self.cards, "main")
        self.gone: dict[str, Entry] = {}
        self._next = 4

    @staticmethod
    def _card(n: int) -> Entry:
        return {"ask": f"What is {n}?", "answer": WORDS[n % 4]}

    def edit(self, what: str, at: int, other: int) -> None:
        """Do one edit, if there is a card to do it to."""
        names = sorted(self.cards)
        if what == "return" and self.gone:
            name = sorted(self.gone)[at % len(self.gone)]
            self.cards[name] = self.gone.pop(name)
        elif not names:
            return
        name = names[at % len(names)]
        card = self.cards[name]
        match what:
            case "rename":
                self._under_a_new_id(self.cards.pop(name), [name])
            case "part":
                self._under_a_new_id(dict(card) | {"ask": f"{card['ask']} In part?"}, [name])
            case "join" if name != names[other % len(names)] and len(names) > 1:
                second = names[other % len(names)]
                olds = self.cards.pop(second).get("same-as", [])
                self._under_a_new_id(self.cards.pop(name), [name, second, *olds])
            case "delete":
                self.gone[name] = self.cards.pop(name)
            case "move":
                self.file[name] = "other" if self.file.get(name) == "main" else "main"
            case "kind":
                card.pop("accept") if "accept" in card else card.update(accept=[])
            case "answer":
                card["answer"] = WORDS[other]
            case "wording":
                card["ask"] = f"Tell: {card['ask']}" if other else card["ask"]
            case "claim":
                card["claim"] = f"It is {other}."

    def _under_a_new_id(self, card: Entry, olds: list[str]) -> None:
        name, self._next = f"c{self._next}", self._next + 1
        known = dict.fromkeys([*olds, *card.get("same-as", [])])
        self.cards[name] = {**card, "same-as": list(known)}
        self.file[name] = "main"

    def write(self, place: Place) -> None:
        """Write the deck as it stands. A file keeps a card that nobody learns, so that it is never empty."""
        for file in ("main", "other"):
            held = [{"id": name, **card} for name, card in self.cards.items() if self.file.get(name, "main") == file]
            place.write({"id": f"filler-{file}", "ask": f"{file}?", "answer": "-"}, *held, name=file)


class Device:
    """One of a learner's machines: it has seen the deck as it was when it last looked."""

    def __init__(self, root: Path, clock: FixedClock) -> None:
        root.mkdir()
        self.place = Place(root, clock)

    def look(self, author: Author) -> None:
        """Get the newest version of the deck and start the program."""
        author.write(self.place)
        with self.place.open():
            pass

    def learn(self, at: int, rating: int) -> None:
        """Answer a card of the deck as this device has it."""
        with self.place.open() as desk:
            cards = [card for card in desk.library.cards() if not card.id.startswith("filler")]
            if not cards:
                return
            card = cards[at % len(cards)]
            question = card.questions[0]
            body = {"question": question_id(question), "answer": fingerprint(question.answer_parts)}
            body |= {"key": question.key, "stem": fingerprint((question.stem,))}
            body |= {"mark": float(rating > 1)}  # type: ignore[dict-item]
            desk.history.record([desk.history.event("answer", card=card.id, rating=rating, body=body)])

    def events(self) -> list[Event]:
        """Return all that it knows."""
        with self.place.open() as desk:
            return list(desk.history.events())

    def take(self, events: list[Event]) -> None:
        """Take in what the other device knows."""
        with self.place.open() as desk:
            desk.history.record([event for event in events if not desk.history._knows(event)])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(st.tuples(st.integers(0, 1), act), min_size=4, max_size=22), st.randoms(use_true_random=False))
def test_no_card_loses_its_history_and_both_devices_agree(
    steps: list[tuple[int, tuple[Any, ...]]], shuffler: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = FixedClock("2026-01-01 10:00")
        author = Author()
        devices = [Device(Path(folder, name), clock) for name in ("laptop", "phone")]
        for device in devices:
            device.look(author)
        for which, (what, at, other) in steps:
            clock.forward(days=1, seconds=1)
            match what:
                case "learn":
                    devices[which].learn(at, other)
                case "see":
                    devices[which].look(author)
                case "meet":
                    meet(devices)
                case _:
                    author.edit(what, at, other)
        for device in devices:
            device.look(author)
        meet(devices)
        for device in devices:  # what the other's events mean for this deck is found at the next start
            device.look(author)
        meet(devices)
        every = devices[0].events()
        assert {e.id for e in every} == {e.id for e in devices[1].events()}
        found = [states(device, author) for device in devices]
        assert found[0] == found[1], "whichever versions of the deck a device saw, and when"
        nothing_is_lost(every, author, found[0])
        due = [coming_back(device) for device in devices]
        assert due[0] == due[1]
        shuffled = [replace(event, seq=0) for event in every]
        shuffler.shuffle(shuffled)
        with closing(History(Path(folder, "third", "history.sqlite"), clock)) as third:
            assert third.record(shuffled)
            assert sound(third)
            assert {card: third.state(card) for card in found[0]} == found[0], "whatever order the events came in"


def meet(devices: list[Device]) -> None:
    """Let two devices exchange all that they know."""
    first, second = (device.events() for device in devices)
    devices[0].take(second)
    devices[1].take(first)


def states(device: Device, author: Author) -> dict[str, CardState]:
    """Return where each card of the deck stands on a device, which must be what its events say."""
    with device.place.open() as desk:
        assert sound(desk.history)
        with closing(desk.history.reader()) as db:
            assert set(unheld(db)) <= set(author.gone) | old_ids(author.gone.values())
        return {name: desk.history.state(name) for name in author.cards}


def coming_back(device: Device) -> list[tuple[Any, ...]]:
    """Return the cards whose answer changed since it was learned, as the queue sees them; they are all due."""
    with device.place.open() as desk:
        kept = list(desk.history.query("select card from revised where due order by card"))
        for (name,) in kept:
            card = desk.library.card(name)
            if card is not None:
                assert any(change.due for change in desk.history.changes(card, desk.history.state(name)))
        held = [row for row in kept if desk.library.card(row[0])]
        for card in desk.library.cards():
            state = desk.history.state(card.id)
            if not state.new and any(change.due for change in desk.history.changes(card, state)):
                assert (card.id,) in held
        return held


def old_ids(cards: Any) -> set[str]:
    return {old for card in cards for old in card.get("same-as", [])}


def nothing_is_lost(every: list[Event], author: Author, found: dict[str, CardState]) -> None:
    """Each card of the deck knows every answer to it under any of its ids: counted by the plainest reading."""
    for name, card in author.cards.items():
        mine = [e for e in every if e.kind == "answer" and e.card in set(origins(name, author, card, every))]
        assert found[name].answers == len(mine)
        assert found[name] == replay(mine)


def origins(name: str, author: Author, card: Entry, every: list[Event]) -> Iterator[str]:
    """Return the ids a card had, as its `same-as` lists them and as earlier versions did."""
    seen = [name]
    for one in seen:
        olds = [*author.cards.get(one, {}).get("same-as", []), *(card.get("same-as", []) if one == name else [])]
        olds += [e.target for e in every if e.kind == "alias" and e.card == one and e.target]
        seen += [old for old in olds if old not in seen]
    yield from seen
