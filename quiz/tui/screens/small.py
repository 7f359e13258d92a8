"""Said when the terminal is too small."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from quiz.tui.present import plain


class TooSmallScreen(Screen[None]):
    """Stands over everything until there is room; what is below stays as it is."""

    def compose(self) -> ComposeResult:
        yield Static(id="small")

    def on_resize(self, event: events.Resize) -> None:
        from quiz.tui.app import FEWEST_COLUMNS, FEWEST_ROWS

        width, height = event.size
        if width >= FEWEST_COLUMNS and height >= FEWEST_ROWS:
            self.dismiss()
            return
        text = f"Too small: {width}x{height}. This needs {FEWEST_COLUMNS}x{FEWEST_ROWS}."
        self.query_one("#small", Static).update(plain(text))
