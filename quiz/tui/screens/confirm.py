"""Asks before something is done that is not taken back lightly."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from quiz.tui.present import plain
from quiz.tui.widgets.dialog import Dialog
from quiz.tui.widgets.keyline import Key


class ConfirmScreen(Dialog[bool]):
    """Returns True when it is to be done, else None."""

    BINDINGS = [Binding("enter,y", "confirm", "Do it", show=False), Binding("n", "close", "Leave it", show=False)]

    def __init__(self, heading: str, text: str, label: str) -> None:
        """`label` says in a word or two what Enter does."""
        super().__init__(heading)
        self._text = text
        self._label = label

    def inside(self) -> ComposeResult:
        yield Static(plain(self._text))

    def keys(self) -> Sequence[Key]:
        return [("Enter", self._label, "screen.confirm"), ("Esc", "leave it", "screen.close")]

    def action_confirm(self) -> None:
        """Do it."""
        self.dismiss(True)
