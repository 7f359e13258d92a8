"""Asks for the file of a record of competency, and for the learner's name if it is to stand there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.widgets import Input, Static

from quiz.text import clean
from quiz.tui.present import LONGEST, MUTED, joined, plain, styled
from quiz.tui.screens.teach_page import free_name
from quiz.tui.widgets.dialog import Dialog
from quiz.tui.widgets.keyline import Key

_ENDINGS = "A new file ending in .html (to print), .md or .csv."


class RecordScreen(Dialog[str]):
    """Stays open until the record is written (and returns the name of its file), or it was left."""

    AUTO_FOCUS = "#file"
    DEFAULT_CSS = "RecordScreen.-short Input { border: none; height: 1; padding: 0; background: $panel; }"

    def __init__(self, name: str, write: Callable[[str, str], str]) -> None:
        """`write` is given the names of file and learner; it returns what is wrong, or nothing when it is written."""
        super().__init__("The record of the last refresher")
        self._free = free_name(name)
        self._write = write

    def inside(self) -> ComposeResult:
        yield Static(plain("File"))
        yield Input(value=self._free, id="file", max_length=LONGEST, select_on_focus=False)
        yield Static(plain("Your name, if it is to stand there (it is not kept)"))
        yield Input(id="name", max_length=LONGEST, select_on_focus=False)
        yield Static(styled(_ENDINGS, MUTED), id="about")

    def keys(self) -> Sequence[Key]:
        return [
            ("Enter", "write it", "screen.write"),
            ("Tab", "next line", "app.focus_next"),
            ("Esc", "leave it", "screen.close"),
        ]

    def on_input_submitted(self) -> None:
        self.action_write()

    def action_write(self) -> None:
        """Write the record and close; say what is wrong otherwise."""
        file, name = (clean(self.query_one(f"#{id_}", Input).value, lines=False).strip() for id_ in ("file", "name"))
        wrong = self._write(file, name)
        if wrong:
            self.query_one("#about", Static).update(joined(("! ", "bold $text-warning"), wrong))
        else:
            self.dismiss(file)
