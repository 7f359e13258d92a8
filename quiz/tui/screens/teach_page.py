"""Asks for the file of the page to take home."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.widgets import Input, Static

from quiz.text import clean
from quiz.tui.present import LONGEST, MUTED, joined, styled
from quiz.tui.widgets.dialog import Dialog
from quiz.tui.widgets.keyline import Key

MOST_NAMES = 1000


class TeachPageScreen(Dialog[None]):
    """Stays open until the page is written, or it was left."""

    AUTO_FOCUS = "Input"

    def __init__(self, name: str, write: Callable[[str], str]) -> None:
        """`write` is given the name of the file and returns what is wrong with it, or nothing when it is written."""
        super().__init__("A page to take home")
        self._free = free_name(name)
        self._write = write

    def inside(self) -> ComposeResult:
        yield Input(value=self._free, max_length=LONGEST, select_on_focus=False)
        yield Static(styled("A new file ending in .html (to print) or .md.", MUTED), id="about")

    def keys(self) -> Sequence[Key]:
        return [("Enter", "write it", "screen.write"), ("Esc", "leave it", "screen.close")]

    def on_input_submitted(self) -> None:
        self.action_write()

    def action_write(self) -> None:
        """Write the page and close; say what is wrong otherwise."""
        wrong = self._write(clean(self.query_one(Input).value, lines=False).strip())
        if wrong:
            self.query_one("#about", Static).update(joined(("! ", "bold $text-warning"), wrong))
        else:
            self.dismiss(None)


def free_name(name: str) -> str:
    """Return the name of a file that is not there yet, in the current folder."""
    names = (f"{name}{f'-{n}' if n else ''}.html" for n in range(MOST_NAMES))
    return next((free for free in names if not Path(free).exists()), f"{name}.html")
