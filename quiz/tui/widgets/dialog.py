"""A box over the screen: a heading, something to read or choose from, and its keys, which stay in sight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from quiz.tui.present import styled
from quiz.tui.widgets.keyline import Key, KeyLine
from quiz.tui.widgets.picker import Picker

if TYPE_CHECKING:
    from quiz.tui.app import QuizApp

Result = TypeVar("Result")

CLOSE: Key = ("Esc", "close", "screen.close")


class Dialog(ModalScreen[Result | None]):
    """A dialog gives a heading, what is `inside`, and `keys`. Esc or a click beside it gives None as its result."""

    CSS_PATH = "../styles/dialog.tcss"

    BINDINGS = [
        Binding("escape,q", "close", "Close", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self, heading: str) -> None:
        super().__init__()
        self._heading = heading

    @property
    def quiz(self) -> QuizApp:
        """The app, by its own type."""
        return cast("QuizApp", self.app)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False):
            yield Static(styled(self._heading, "bold"), classes="heading")
            yield from self.inside()
            line = KeyLine(classes="keys")
            line.show(self.keys())
            yield line

    def inside(self) -> ComposeResult:
        """Yield what stands between the heading and the keys."""
        raise NotImplementedError

    def keys(self) -> Sequence[Key]:
        """Return the keys of the dialog."""
        return [CLOSE]

    def action_move(self, step: int) -> None:
        """Mark another row where there are some to take, else scroll."""
        pickers = self.query(Picker)
        if pickers:
            pickers.first().move(step)
        else:
            self.query_one(".dialog").scroll_relative(y=step, animate=False)

    def action_page(self, step: int) -> None:
        """Scroll a page: as much as there is between heading and keys."""
        box = self.query_one(".dialog")
        fixed = sum(widget.outer_size.height for widget in box.query(".heading, .keys"))
        box.scroll_relative(y=step * max(1, box.size.height - fixed), animate=False)

    def action_take(self) -> None:
        """Take the marked row."""
        self.query_one(Picker).take()

    def action_close(self) -> None:
        """Close without a result."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """A click beside the box closes it."""
        if event.widget is self:
            self.action_close()
