"""The yardstick: a bare Textual app that shows one question with the same kinds of widgets, and echoes keys."""

from __future__ import annotations

import gc

gc.disable()

from textual.app import App, ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.screen import Screen
from textual.visual import VisualType
from textual.widget import Widget
from textual.widgets import Static


class Line(Widget):
    """One row of our own, as the options and the key line are."""

    DEFAULT_CSS = "Line { height: 1; }"

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self) -> VisualType:
        return Content(self._text)


class Question(Screen[None]):
    """A question with four options and a line of keys."""

    def compose(self) -> ComposeResult:
        yield Static("deck", id="top")
        with VerticalScroll(id="body"):
            yield Static("")
            yield Static("FIRST QUESTION stands here?")
            with Vertical():
                for i in range(4):
                    yield Line(f"{i + 1}  option")
            yield Static("", id="after")
        with Vertical(id="foot"):
            yield Line("")
            yield Line("1-4 Answer  ? Help  q Stop")

    def on_key(self, event: Key) -> None:
        """Echo the key."""
        self.query_one("#after", Static).update(f"KEY {event.key}")


class Bare(App[None]):
    """Nothing but the screen."""

    CSS = """
    #top { dock: top; height: 1; padding: 0 2; color: $text-muted; }
    #body { padding: 1 2; }
    #foot { dock: bottom; height: auto; padding: 0 2; }
    Static { height: auto; }
    Vertical { height: auto; }
    """

    def get_default_screen(self) -> Screen[None]:
        return Question()

    def on_ready(self) -> None:
        gc.freeze()
        gc.enable()


if __name__ == "__main__":
    Bare().run()
