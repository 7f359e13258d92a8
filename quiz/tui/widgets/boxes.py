"""Select: all that apply, or as many as asked for. Boxes are ticked and taken back until they are handed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from textual import on

from quiz.questions import Mark, Select
from quiz.tui.present import MUTED, hanging, joined
from quiz.tui.widgets.form import Form
from quiz.tui.widgets.keyline import Key
from quiz.tui.widgets.picker import Picker, Row


class SelectForm(Picker, Form):
    """The options with a box each: number, letter, space or a click ticks, Enter hands in."""

    def __init__(self, *, id: str | None = None, views: int = 0) -> None:
        super().__init__(id=id, views=views)
        self._taken: set[int] = set()  # in the deck's own order
        self._refused = False

    @property
    def _question(self) -> Select:
        return cast("Select", self.shown.question)

    def begin(self, given: str = "") -> None:
        self._taken, self._refused = set(self._question.taken(given)), False
        self._draw(0, sight=False)

    def end(self, given: str, mark: Mark) -> None:
        self._taken = set(self._question.taken(given))
        rows = []
        for i, option in enumerate(self.shown.order):
            if option in self._question.rights:
                rows.append(self._row(i, "✓", "-right", "" if option in self._taken else "missed"))
            elif option in self._taken:
                rows.append(self._row(i, "✗", "-wrong"))
            else:
                rows.append(self._row(i, " ", "-other"))
        self.put(rows)

    def given(self) -> str:
        return ",".join(map(str, sorted(self._taken)))

    def keys(self) -> Sequence[Key]:
        return [(f"1-{self.count}", "Tick", ""), ("Enter", "Done", "screen.done")]

    def told(self) -> str:
        most, taken = self._question.choose, len(self._taken)
        if self._refused:
            return f"{most} are chosen already: take one back first."
        if most:
            return f"{taken} of {most} chosen"
        return f"Choose all that apply: {taken} chosen." if taken else "Choose all that apply."

    def doubt(self, given: str) -> str:
        most, taken = self._question.choose, len(self._taken)
        if not taken:
            return "Tick an option"
        return f"Only {taken} of {most} chosen" if taken < most else ""

    def rows(self, width: int) -> int:
        return 1 + sum(self._row(i).draw(width - 2).plain.count("\n") + 1 for i in range(len(self.shown.order)))

    def digit(self, i: int) -> None:
        if not self.open or i >= self.count:
            return
        option, most = self.shown.order[i], self._question.choose
        self._refused = option not in self._taken and bool(most) and len(self._taken) >= most
        if not self._refused:
            self._taken ^= {option}
        self._draw(i)
        self.host.changed()

    def space(self) -> None:
        if self.marked is not None:
            self.digit(self.marked)

    def arrow(self, step: int) -> bool:
        self.move(step)
        return True

    @on(Picker.Taken)
    def _clicked(self, message: Picker.Taken) -> None:
        message.stop()
        self.digit(message.index)

    def _draw(self, marked: int | None, *, sight: bool = True) -> None:
        self.put([self._row(i) for i in range(len(self.shown.order))], marked, sight=sight)

    def _row(self, i: int, sign: str = "", look: str = "", word: str = "") -> Row:
        option = self.shown.order[i]
        text = joined(self._question.options[option].text, (f"  {word}" if word else "", MUTED))
        box = "[x]" if option in self._taken else "[ ]"
        return Row(lambda width: hanging(f"{i + 1} {box} ", text, width), sign, look)
