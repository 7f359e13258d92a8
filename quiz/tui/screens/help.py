"""The help: the keys of the screen one came from, read off the registry, so that it cannot go stale."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from quiz.tui.actions import EVERYWHERE, of
from quiz.tui.present import hanging, joined, plain, styled
from quiz.tui.widgets.picker import Draw, Row, RowView

_FIRST = {
    "study": [
        ("1 2 3 …", "Take that option; a, b, c … do the same. After the answer: 1 Again, 2 Hard, 3 Good, 4 Easy."),
        ("Esc", "While you type an answer: leave the line, so that letters are keys again."),
    ],
}
_NOTE = {
    "study": "The rating says when the card comes back. It is set for you; change it when you guessed or knew it cold.",
    "home": "Questions come back when you are about to forget them. For learning, not for deciding treatment.",
}


class HelpScreen(ModalScreen[None]):
    """Lists keys with what they do."""

    BINDINGS = [
        Binding("escape,question_mark,f1,q,enter", "close", "Close", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("down,j", "scroll(1)", show=False),
    ]
    AUTO_FOCUS = None

    def __init__(self, screen: str) -> None:
        super().__init__()
        self._of = screen

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False):
            yield Static(styled("Keys of this screen", "bold"))
            yield Static()
            keys = [*_FIRST.get(self._of, []), *((a.shown, a.help) for a in of(self._of)), *EVERYWHERE]
            for i, (key, text) in enumerate(keys):
                view = RowView(i)
                view.row = Row(_drawer(key, text))
                yield view
            yield Static()
            yield Static(plain(_NOTE.get(self._of, "")))
            yield Static(joined(("Esc", "bold $accent"), " closes this. The mouse works too."))

    def action_scroll(self, step: int) -> None:
        """Scroll a line."""
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)

    def action_close(self) -> None:
        """Close."""
        self.dismiss()


def _drawer(key: str, text: str) -> Draw:
    def draw(width: int) -> Content:
        return hanging((f"{key:<8} ", "bold $accent"), plain(text), width)

    return draw
