"""Which mark of a figure is it? The digit of the mark, or a click on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from textual.geometry import Size

from quiz.questions import FigureMark, Mark
from quiz.questions.figure import MOST
from quiz.tui.present import MUTED, RIGHT, button, joined
from quiz.tui.widgets.form import Form
from quiz.tui.widgets.keyline import Flow, Key
from quiz.tui.widgets.options import TAKEN


class MarksForm(Flow, Form):
    """The marks of the figure side by side. The one taken is signed, and is the answer at once."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._taken = ""
        self._unknown = 0

    @property
    def _marks(self) -> tuple[int, ...]:
        """The numbers that there are; all where the figure is not to be had."""
        return tuple(sorted(label.mark for label in self.figure.marks)) if self.figure else tuple(range(1, MOST + 1))

    def begin(self, given: str = "") -> None:
        self._taken, self._unknown = given, 0
        self._draw()

    def end(self, given: str, mark: Mark) -> None:
        question = cast("FigureMark", self.shown.question)
        taken = question.pointed(given)
        signs = {taken: ("✗", "bold $text-error"), question.at: ("✓", RIGHT)}
        told = ((n, *signs.get(n, (" ", MUTED))) for n in self._marks)
        self.put([joined((f"{sign}[{n}]", style)) for n, sign, style in told])

    def given(self) -> str:
        return self._taken

    def keys(self) -> Sequence[Key]:
        return [(f"{self._marks[0]}-{self._marks[-1]}", "Answer", "")]

    def told(self) -> str:
        return f"The figure has no mark {self._unknown}." if self._unknown else ""

    def rows(self, width: int) -> int:
        return self.get_content_height(Size(), Size(), width)

    def digit(self, i: int) -> None:
        if not self.open:
            return
        self._unknown = 0 if i + 1 in self._marks else i + 1
        if self._unknown:
            self.host.changed()
        else:
            self._taken = str(i + 1)
            self._draw()
            self.hand_in()

    def letter(self, i: int) -> None:
        """The marks have numbers only."""

    def enter(self) -> None:
        """Nothing is marked that Enter could take."""

    def _draw(self) -> None:
        taken = cast("FigureMark", self.shown.question).pointed(self._taken)
        pieces = [button(f"{TAKEN if n == taken else ' '}[{n}]", f"screen.press({n - 1})") for n in self._marks]
        self.put(pieces)
