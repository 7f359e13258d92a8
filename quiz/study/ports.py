"""What a session needs from outside: a history to write to and cards to ask. `History` and `Library` fit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from quiz.clock import Clock
from quiz.deck.model import Card
from quiz.deck.scope import Scope
from quiz.errors import StoreError
from quiz.memory import StudyDay
from quiz.settings import Settings
from quiz.store.derive import CardState
from quiz.store.events import Event, Kind
from quiz.store.history import Candidate, SavedSession


class Records(Protocol):
    """The history, as far as a session sees it. See `quiz.store.history.History` for each method."""

    clock: Clock
    settings: Settings
    trouble: StoreError | None

    def today(self) -> StudyDay: ...
    def event(self, kind: Kind, **fields: Any) -> Event: ...
    def hold(self, events: Sequence[Event]) -> None: ...
    def record(self, events: Sequence[Event], session: SavedSession | None = None) -> bool: ...
    def state(self, card: str) -> CardState: ...
    def due(self, scope: Scope, day: StudyDay, most: int) -> list[Candidate]: ...
    def fresh(self, scope: Scope, day: StudyDay, most: int, without: Collection[str] = ()) -> list[Candidate]: ...
    def introduced(self, day: StudyDay) -> int: ...
    def families_of(self, day: StudyDay) -> set[str]: ...
    def answers_of(self, session: str, day: StudyDay) -> list[Event]: ...


class Cards(Protocol):
    """The decks, card by card."""

    def card(self, card_id: str) -> Card | None: ...
