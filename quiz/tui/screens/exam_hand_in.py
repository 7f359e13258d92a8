"""Asks before an exam is handed in, and says what is empty and what is flagged."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from quiz.report.exam_words import ranges
from quiz.study.exam import Exam
from quiz.tui.present import hanging, joined, plain
from quiz.tui.widgets.dialog import Dialog
from quiz.tui.widgets.keyline import Key
from quiz.tui.widgets.picker import Picker, Row


class HandInScreen(Dialog[int]):
    """Returns 0 to hand in, the number of a question to go to, or None to stay."""

    BINDINGS = [
        Binding("enter,space", "take", "Take", show=False),
        *(Binding(str(i + 1), f"press({i})", show=False) for i in range(4)),
    ]

    def __init__(self, exam: Exam, *, at_end: bool) -> None:
        """`at_end` tells that the last question was just answered."""
        super().__init__("Hand in?")
        self._exam = exam
        self._at_end = at_end
        empty, flagged = exam.missing(), exam.flagged()
        ways = [(empty[0], f"Go to the first empty question ({empty[0]})")] if empty else []
        ways += [(flagged[0], f"Look at the first flagged question ({flagged[0]})")] if flagged else []
        last = (0, "Hand in all the same" if empty else "Hand in now")
        self._ways: list[tuple[int | None, str]] = [*ways, last] if empty else [last, *ways]
        self._ways.append((None, "Back to the questions"))

    def inside(self) -> ComposeResult:
        yield Static(self._told())
        yield Static()
        yield Picker()

    def keys(self) -> Sequence[Key]:
        return [("↑ ↓", "choose", "screen.move(1)"), ("Enter", "take", "screen.take"), ("Esc", "back", "screen.close")]

    def on_mount(self) -> None:
        self.quiz.gate.shut()  # the Enter that gave the last answer must not hand in
        self.call_after_refresh(self.quiz.gate.drawn)
        rows = [_row(i, text) for i, (_, text) in enumerate(self._ways)]
        self.query_one(Picker).put(rows, 0)

    def _told(self) -> Content:
        exam = self._exam
        empty, flagged = exam.missing(), exam.flagged()
        lines: list[Content] = [joined("This was the last question.")] if self._at_end else []
        if empty:
            lines.append(joined((f"{len(empty)} of {exam.size} empty: ", "bold"), ranges(empty), "."))
        else:
            lines.append(joined("No question is empty."))
        if flagged:
            lines.append(joined((f"{len(flagged)} flagged: ", "bold"), ranges(flagged), "."))
        lines.append(plain("After that no answer can be changed."))
        return Content("\n").join(lines)

    @on(Picker.Taken)
    def _taken(self, message: Picker.Taken) -> None:
        self.dismiss(self._ways[message.index][0])

    def action_press(self, i: int) -> None:
        """A digit: that row."""
        if i < len(self._ways):
            self.dismiss(self._ways[i][0])


def _row(i: int, text: str) -> Row:
    return Row(lambda width: hanging(f"{i + 1}  ", plain(text), width))
