"""Said when the terminal is too small."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static

from quiz.tui.present import plain

FEWEST_COLUMNS, FEWEST_ROWS = 40, 12


def too_small(size: Size) -> bool:
    """Whether a terminal of this size has no room for a question."""
    return size.width < FEWEST_COLUMNS or size.height < FEWEST_ROWS


class TooSmallScreen(Screen[None]):
    """Stands over everything until there is room; what is below stays as it is."""

    def compose(self) -> ComposeResult:
        yield Static(id="small")

    def on_resize(self, event: Resize) -> None:
        text = f"Too small: {event.size.width}x{event.size.height}. This needs {FEWEST_COLUMNS}x{FEWEST_ROWS}."
        self.query_one("#small", Static).update(plain(text))
