"""Asks what is wrong with a card."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from quiz.text import clean
from quiz.tui.present import joined


class NoteScreen(ModalScreen[str | None]):
    """Returns the note, or None when it was left."""

    BINDINGS = [Binding("escape", "cancel", "Cancel", show=False)]

    def __init__(self, card: str) -> None:
        super().__init__()
        self._card = card

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(joined(("What is wrong with this card? ", "bold"), (self._card, "$foreground 70%")))
            yield Input(placeholder="a few words, for whoever mends the deck", max_length=500)
            yield Static(joined(("Enter", "bold $accent"), " flags it   ", ("Esc", "bold $accent"), " leaves it"))

    def on_input_submitted(self, message: Input.Submitted) -> None:
        self.dismiss(clean(message.value, lines=False))

    def action_cancel(self) -> None:
        """Leave without a flag."""
        self.dismiss(None)
