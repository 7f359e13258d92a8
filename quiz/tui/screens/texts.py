"""A longer text to read."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from quiz.tui.present import joined, plain, styled


class TextScreen(ModalScreen[None]):
    """Shows a title and a text that scrolls."""

    BINDINGS = [Binding("escape,q,enter", "close", "Close", show=False)]
    AUTO_FOCUS = ".dialog"

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._heading, self._text = title, text

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            yield Static(styled(self._heading, "bold"))
            yield Static()
            yield Static(plain(self._text))
            yield Static()
            yield Static(joined(("Esc", "bold $accent"), " closes this"))

    def action_close(self) -> None:
        """Close."""
        self.dismiss()
