"""A line to type in: for words, for a number with its unit, and for an answer in one's own words."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from quiz.questions import Cloze, Flip, Mark, Number
from quiz.tui.present import LONGEST, joined
from quiz.tui.widgets.form import Form, roomy
from quiz.tui.widgets.keyline import Key


class LineForm(Form):
    """Enter hands in what was typed. Beside the line stand the unit and, after the answer, its sign."""

    SCOPED_CSS = False  # the width and height of the screen count
    DEFAULT_CSS = """
    LineForm { layout: horizontal; }
    LineForm Input { width: 1fr; }
    LineForm Static { width: auto; min-width: 1; max-width: 50%; height: auto; margin: 1 0 0 1; }
    Screen.-short LineForm Static, LineForm.-compact Static { margin: 0 0 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._box = Input(id="typed", max_length=LONGEST, select_on_focus=False)
        self._beside = Static(id="unit")

    def compose(self) -> ComposeResult:
        yield self._box
        yield self._beside

    def on_mount(self) -> None:
        if self.open:
            self._take_focus()

    def begin(self, given: str = "") -> None:
        question = self.shown.question
        self._box.value, self._box.disabled = given, False
        self._box.cursor_position = len(given)
        self._box.placeholder = _WANTED.get(type(question), "your answer")
        self._say_beside(question.unit if isinstance(question, Number) else "")
        self.set_class(self.compact, "-compact")
        if self._box.is_attached:
            self._take_focus()

    def end(self, given: str, mark: Mark) -> None:
        self.close()
        self._box.value = given
        question = self.shown.question
        sign = "" if not given else "✓" if mark.right else "≈" if mark.value else "✗"
        self._say_beside(question.unit if isinstance(question, Number) else "", sign)

    def close(self) -> None:
        super().close()
        self._box.disabled = True

    @property
    def compact(self) -> bool:
        """Whether the line goes without a frame: a figure needs the room."""
        return self.figure is not None

    def given(self) -> str:
        return self._box.value if self._box.value.strip() else ""

    def keys(self) -> Sequence[Key]:
        if self._box.has_focus:
            return [("Enter", "Answer", "screen.done"), ("Esc", "then:", "screen.back")]
        return [("Enter", "Type", "screen.go_on")]

    def doubt(self, given: str) -> str:
        return "" if given else "Type an answer"

    def rows(self, width: int) -> int:
        return 1 if self.compact or not roomy(self.screen) else 3

    def enter(self) -> None:
        self._take_focus()
        self._box.scroll_visible(animate=False)

    def back(self) -> bool:
        """Leave the line, so that letters are keys again."""
        if not self._box.has_focus:
            return False
        self.screen.set_focus(None)
        return True

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.hand_in()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        if self.open:
            if self._box.value:
                self._box.scroll_visible(animate=False)
            self.host.changed()

    def _take_focus(self) -> None:
        # Where the question fills the screen, it is read from its beginning; the line comes into sight with the typing.
        self.screen.set_focus(self._box, scroll_visible=False)

    def _say_beside(self, unit: str, sign: str = "") -> None:
        self._beside.update(joined(unit, " " * bool(unit), sign or " "))  # the line stays as wide with its sign


_WANTED: dict[type[object], str] = {Cloze: "the missing words", Number: "a number", Flip: "in your own words"}
