"""Said when the terminal is too small."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Static

from quiz.tui.present import plain


class TooSmallScreen(Screen[None]):
    """Stands over everything until there is room (`fewest` columns and rows); what is below stays as it is."""

    CSS_PATH = "../styles/home.tcss"

    def __init__(self, fewest: tuple[int, int]) -> None:
        super().__init__()
        self._fewest = "x".join(map(str, fewest))

    def compose(self) -> ComposeResult:
        yield Static(id="small")

    def on_resize(self, event: Resize) -> None:
        text = plain(f"Too small: {event.size.width}x{event.size.height}. This needs {self._fewest}.")
        self.query_one("#small", Static).update(text)
