"""Asks what is wrong with a card."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widgets import Input, Static

from quiz.text import clean
from quiz.tui.present import LONGEST, MUTED, styled
from quiz.tui.widgets.dialog import Dialog
from quiz.tui.widgets.keyline import Key


class NoteScreen(Dialog[str]):
    """Returns the note, or None when it was left."""

    AUTO_FOCUS = "Input"

    def __init__(self, card: str) -> None:
        super().__init__("What is wrong with this card?")
        self._card = card

    def inside(self) -> ComposeResult:
        yield Static(styled(self._card, MUTED))
        yield Input(placeholder="a few words, for whoever mends the deck", max_length=LONGEST)

    def keys(self) -> Sequence[Key]:
        return [("Enter", "flag it", "screen.flag"), ("Esc", "leave it", "screen.close")]

    def on_input_submitted(self) -> None:
        self.action_flag()

    def action_flag(self) -> None:
        """Take the note."""
        self.dismiss(clean(self.query_one(Input).value, lines=False))
