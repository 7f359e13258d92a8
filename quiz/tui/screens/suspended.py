"""The suspended cards: take one to bring it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from quiz.tui.present import joined, plain, styled
from quiz.tui.widgets.picker import Picker, Row

if TYPE_CHECKING:
    from quiz.tui.app import QuizApp


class SuspendedScreen(ModalScreen[None]):
    """Lists the cards by what they claim."""

    BINDINGS = [
        Binding("escape,q", "close", "Close", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("enter", "take", show=False),
    ]
    AUTO_FOCUS = None

    def __init__(self, cards: list[str]) -> None:
        super().__init__()
        self._cards = cards

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False):
            yield Static(styled("Suspended cards", "bold"))
            yield Static()
            yield Picker()
            yield Static()
            yield Static(
                joined(("Enter", "bold $accent"), " brings it back   ", ("Esc", "bold $accent"), " closes this")
            )

    def on_mount(self) -> None:
        self.query_one(Picker).put([self._row(card) for card in self._cards], 0)

    def _row(self, card_id: str) -> Row:
        card = cast("QuizApp", self.app).desk.library.card(card_id)
        text = (card.claim or card.questions[0].stem) if card else f"{card_id} (in no deck now)"
        return Row(lambda width: Content("\n").join(plain(text).wrap(width)))

    def action_move(self, step: int) -> None:
        """Mark another card."""
        self.query_one(Picker).move(step)

    def action_take(self) -> None:
        """Bring the marked card back."""
        self.query_one(Picker).take()

    @on(Picker.Taken)
    def _taken(self, message: Picker.Taken) -> None:
        history = cast("QuizApp", self.app).desk.history
        history.record([history.event("suspend", card=self._cards[message.index], body={"on": False})])
        self.app.notify("It will be asked again.", markup=False)
        self.dismiss()

    def action_close(self) -> None:
        """Close."""
        self.dismiss()
