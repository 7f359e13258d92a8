"""The suspended cards: take one to bring it back."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from quiz.tui.present import plain
from quiz.tui.widgets.dialog import CLOSE, Dialog
from quiz.tui.widgets.keyline import Key
from quiz.tui.widgets.picker import Picker, Row


class SuspendedScreen(Dialog[str]):
    """Lists the cards by what they claim. Returns the id of the one to bring back."""

    BINDINGS = [Binding("enter,space", "take", "Bring back", show=False)]

    def __init__(self, cards: Sequence[str]) -> None:
        super().__init__("Suspended cards")
        self._cards = cards

    def inside(self) -> ComposeResult:
        yield Picker()

    def keys(self) -> Sequence[Key]:
        return [("Enter", "bring it back", "screen.take"), CLOSE]

    def on_mount(self) -> None:
        self.query_one(Picker).put([self._row(card) for card in self._cards], 0)

    def _row(self, card_id: str) -> Row:
        card = self.quiz.desk.library.card(card_id)
        text = plain(card.fact if card else f"{card_id} (in no deck now)")
        return Row(lambda width: Content("\n").join(text.wrap(width)))

    @on(Picker.Taken)
    def _taken(self, message: Picker.Taken) -> None:
        self.dismiss(self._cards[message.index])
