"""Single best answer: the option that is taken is the answer at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from textual import on

from quiz.questions import Choice, Mark
from quiz.tui.present import hanging, plain
from quiz.tui.widgets.form import Form
from quiz.tui.widgets.keyline import Key
from quiz.tui.widgets.picker import Picker, Row

TAKEN = "●"


class ChoiceForm(Picker, Form):
    """The options by number, letter, arrows and Enter, or a click. The one taken keeps a sign."""

    _taken = ""

    @property
    def _question(self) -> Choice:
        return cast("Choice", self.shown.question)

    def begin(self, given: str = "") -> None:
        self._taken = given
        self._draw(self._place())

    def end(self, given: str, mark: Mark) -> None:
        rows = []
        for i, option in enumerate(self.shown.order):
            if option == self._question.right:
                rows.append(self._row(i, "✓", "-right"))
            elif given == str(option):
                rows.append(self._row(i, "✗", "-wrong"))
            else:
                rows.append(self._row(i, " ", "-other"))
        self.put(rows)

    def given(self) -> str:
        return self._taken

    def keys(self) -> Sequence[Key]:
        return [(f"1-{self.count}", "Answer", "")]

    def rows(self, width: int) -> int:
        return sum(self._row(i).draw(width - 2).plain.count("\n") + 1 for i in range(len(self.shown.order)))

    def digit(self, i: int) -> None:
        if self.open and i < self.count:
            self._taken = str(self.shown.order[i])
            self._draw(i)
            self.hand_in()

    def enter(self) -> None:
        if self.marked is not None:
            self.digit(self.marked)

    def arrow(self, step: int) -> bool:
        self.move(step)
        return True

    @on(Picker.Taken)
    def _clicked(self, message: Picker.Taken) -> None:
        message.stop()
        self.digit(message.index)

    def _place(self) -> int | None:
        """Return where on the screen the option taken stands."""
        return self.shown.order.index(int(self._taken)) if self._taken else None

    def _draw(self, marked: int | None) -> None:
        place = self._place()
        self.put([self._row(i, TAKEN * (i == place)) for i in range(len(self.shown.order))], marked, sight=False)

    def _row(self, i: int, sign: str = "", look: str = "") -> Row:
        option = plain(self._question.options[self.shown.order[i]].text)
        return Row(lambda width: hanging(f"{i + 1}  ", option, width), sign, look)
