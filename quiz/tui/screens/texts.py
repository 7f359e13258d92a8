"""A longer text to read."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from quiz.tui.present import plain
from quiz.tui.widgets.dialog import Dialog


class TextScreen(Dialog[None]):
    """Shows a text that scrolls."""

    BINDINGS = [Binding("enter", "close", "Close", show=False)]

    def __init__(self, heading: str, text: str) -> None:
        super().__init__(heading)
        self._text = text

    def inside(self) -> ComposeResult:
        yield Static(plain(self._text))
