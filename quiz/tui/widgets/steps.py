"""Order: steps are picked up, moved and laid down until they are handed in as they lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from textual import events, on
from textual.content import Content

from quiz.questions import Mark, Order
from quiz.tui.present import RIGHT, beside, hanging, plain, styled
from quiz.tui.widgets.form import Form
from quiz.tui.widgets.keyline import Key
from quiz.tui.widgets.picker import Picker, Row, RowView

DONE = "Done"
DONE_ROW = "[ Done ]"
_WIDE = 56  # cells: from here on the right order stands in a column of its own


class OrderForm(Picker, Form):
    """A row for each step and one that says Done.

    Space, Enter, a digit or a click picks the row up; arrows, the digit of another place or a click on it lay it there.
    With the mouse a row can be dragged as well, and Shift with an arrow moves the marked one at once.
    """

    CONFIRM = "choose Done"

    def __init__(self, *, id: str | None = None, views: int = 0) -> None:
        super().__init__(id=id, views=views + 1)
        self._laid: list[int] = []  # the steps, by their place in the right order, as they lie
        self._moved = False
        self._lifted: int | None = None  # the place of the row that is picked up
        self._before: list[int] = []  # how they lay before it was
        self._dragged: int | None = None  # the place of the row under the pressed button of the mouse
        self._was_dragged = False

    @property
    def _question(self) -> Order:
        return cast("Order", self.shown.question)

    def begin(self, given: str = "") -> None:
        self._laid = list(self._question.laid(given) or self.shown.order)
        self._moved, self._lifted, self._dragged = bool(given), None, None
        self._draw(0, sight=False)

    def end(self, given: str, mark: Mark) -> None:
        self._lifted = self._dragged = None
        self._laid = list(self._question.laid(given))
        if self._laid:
            self.put([self._told_row(place, step) for place, step in enumerate(self._laid)])
        else:
            right = range(len(self._question.items))
            self.put([self._row(place, self._question.items[place], "✓", "-right") for place in right])

    def given(self) -> str:
        return ",".join(map(str, self._laid)) if self._moved else ""

    def keys(self) -> Sequence[Key]:
        if self._lifted is not None:
            lay = ("Enter", "Lay it down", "screen.go_on")
            return [("↑↓", "Move it", ""), lay, ("Esc", "Put it back", "screen.back")]
        return [("↑↓", "Mark", ""), ("Space", "Pick up", "screen.pick"), ("s", DONE, "screen.done")]

    def doubt(self, given: str) -> str:
        return "" if given else "Move the steps into their order"

    def rows(self, width: int) -> int:
        return 2 + sum(
            self._row(place, self._question.items[step]).draw(width - 2).plain.count("\n") + 1
            for place, step in enumerate(self._laid)
        )

    # -- keys ---------------------------------------------------------------------------------------------------------

    def digit(self, i: int) -> None:
        if not self.open or i >= len(self._laid):
            return
        if self._lifted is None:
            self._lift(i)
        else:
            self._move(self._lifted, i)
            self._lay_down(i)

    def letter(self, i: int) -> None:
        """The rows have numbers only."""

    def enter(self) -> None:
        if not self.open:
            return
        if self._lifted is not None:
            self._lay_down(self._lifted)
        elif self.marked == len(self._laid):
            self.hand_in()
        elif self.marked is not None:
            self._lift(self.marked)

    def arrow(self, step: int) -> bool:
        if self._lifted is None:
            self.move(step)
        elif self.open:
            self._lifted = self._move(self._lifted, self._lifted + step)
            self._draw(self._lifted)
        return True

    def shift(self, step: int) -> None:
        place = self._lifted if self._lifted is not None else self.marked
        if self.open and place is not None and place < len(self._laid):
            to = self._move(place, place + step)
            self._lifted = to if self._lifted is not None else None
            self._draw(to)

    def back(self) -> bool:
        """Put the row that is picked up back to where it was."""
        if self._lifted is None or not self.open:
            return False
        step = self._laid[self._lifted]
        self._laid = self._before
        self._lay_down(self._laid.index(step))
        return True

    def hand_in(self) -> None:
        if self._lifted is not None and self.open:
            self._lay_down(self._lifted)
        super().hand_in()

    # -- the mouse ----------------------------------------------------------------------------------------------------

    @on(Picker.Taken)
    def _clicked(self, message: Picker.Taken) -> None:
        message.stop()
        if not self.open or self._was_dragged:
            self._was_dragged = False
        elif message.index == len(self._laid):
            self.hand_in()
        elif message.index == self._lifted:
            self._lay_down(message.index)
        else:
            self.digit(message.index)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._was_dragged = False
        self._dragged = self._place_at(event) if self.open and self._lifted is None else None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragged is None or not event.button or not self.open:
            return
        place = self._place_at(event)
        if place is not None and place != self._dragged:
            self._was_dragged = True
            self._dragged = self._move(self._dragged, place)
            self._draw(self._dragged)

    def on_mouse_up(self) -> None:
        self._dragged = None

    def _place_at(self, event: events.MouseEvent) -> int | None:
        """Return the place of the step under the pointer."""
        found, _ = self.screen.get_widget_at(event.screen_x, event.screen_y)
        return found.index if isinstance(found, RowView) and found.index < len(self._laid) else None

    # -- inside -------------------------------------------------------------------------------------------------------

    def _lift(self, place: int) -> None:
        self._lifted, self._before = place, self._laid.copy()
        self._draw(place)

    def _lay_down(self, place: int) -> None:
        self._lifted = None
        self._moved = self._moved or self._laid != list(self.shown.order)
        self._draw(place)

    def _move(self, place: int, to: int) -> int:
        """Move a step to another place, the ends of the list being the furthest; return where it lies then."""
        to = max(0, min(len(self._laid) - 1, to))
        self._laid.insert(to, self._laid.pop(place))
        self._moved = self._moved or (self._lifted is None and to != place)
        return to

    def _draw(self, marked: int | None, *, sight: bool = True) -> None:
        rows = [
            self._row(place, self._question.items[step], *(("◆", "-lifted") if place == self._lifted else ()))
            for place, step in enumerate(self._laid)
        ]
        self.put([*rows, Row(lambda _: plain(DONE_ROW), "", "-done")], marked, sight=sight)
        self.host.changed()

    def _row(self, place: int, text: str, sign: str = "", look: str = "") -> Row:
        return Row(lambda width: hanging(f"{place + 1}  ", plain(text), width), sign, look)

    def _told_row(self, place: int, step: int) -> Row:
        """Return a row after the answer: a step in its place, or which way it has to go and what belongs here."""
        laid, right = self._question.items[step], self._question.items[place]
        if step == place:
            return self._row(place, laid, "✓", "-right")

        def draw(width: int) -> Content:
            half = width // 2 if width >= _WIDE else width
            left = hanging(f"{place + 1}  ", plain(laid), half - 2)
            if width >= _WIDE:
                return beside(left, hanging("→ ", styled(right, RIGHT), width - half), half)
            return Content("\n").join([left, hanging("   → ", styled(right, RIGHT), width)])

        return Row(draw, "↑" if step < place else "↓", "-wrong")
