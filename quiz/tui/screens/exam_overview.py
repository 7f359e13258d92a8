"""All questions of an exam in a grid: which are answered, empty, flagged; to go to any of them."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from quiz.study.exam import Exam
from quiz.study.seats import Cell
from quiz.tui.present import MUTED, button, joined, styled
from quiz.tui.widgets.dialog import CLOSE, Dialog
from quiz.tui.widgets.keyline import Key
from quiz.tui.widgets.sheet import Sheet

_LEGEND = "■ answered   · empty   ! flagged"


class OverviewScreen(Dialog[int]):
    """Returns the number of the question to go to, or None."""

    BINDINGS = [
        Binding("enter,space", "go", "Go", show=False),
        Binding("left,h", "step(-1)", show=False),
        Binding("right,l", "step(1)", show=False),
        Binding("home", "step(-9999)", show=False),
        Binding("end", "step(9999)", show=False),
        Binding("e", "first_empty", "Empty", show=False),
        Binding("f", "first_flagged", "Flagged", show=False),
        Binding("n", "close", "Close", show=False),
        Binding("backspace", "rub_out", show=False),
        *(Binding(str(digit), f"digit({digit})", show=False) for digit in range(10)),
    ]

    def __init__(self, exam: Exam) -> None:
        super().__init__("All questions")
        self._exam = exam
        self._cells = exam.cells
        self._marked = exam.number
        self._typed = ""
        self._columns = 1

    def inside(self) -> ComposeResult:
        yield Sheet(id="grid")
        yield Static(id="grid_said")

    def keys(self) -> Sequence[Key]:
        empty = [("e", "first empty", "screen.first_empty")] if self._exam.missing() else []
        flagged = [("f", "first flagged", "screen.first_flagged")] if self._exam.flagged() else []
        return [("Enter", "go", "screen.go"), *empty, *flagged, CLOSE]

    def on_mount(self) -> None:
        self._draw()

    def _draw(self) -> None:
        self.query_one("#grid", Sheet).put(self._grid)
        done = sum(cell.answered for cell in self._cells)
        flagged = sum(cell.flagged for cell in self._cells)
        told = f"{done} answered, {len(self._cells) - done} empty, {flagged} flagged."
        typed = joined(("Go to question: ", "bold"), self._typed, "_") if self._typed else joined(told)
        self.query_one("#grid_said", Static).update(Content("\n").join([Content(""), typed, styled(_LEGEND, MUTED)]))
        self.call_after_refresh(self._into_sight)

    def _grid(self, width: int) -> Content:
        digits = len(str(len(self._cells)))
        cell = digits + 6
        self._columns = max(1, min(10, width // cell))
        lines = []
        for start in range(0, len(self._cells), self._columns):
            row = self._cells[start : start + self._columns]
            lines.append(Content("").join([self._cell(each, digits) for each in row]))
        return Content("\n").join(lines)

    def _cell(self, cell: Cell, digits: int) -> Content:
        marked = cell.number == self._marked
        sign = ("■", "$text-accent") if cell.answered else ("·", MUTED)
        flag = ("!", "bold $text-warning") if cell.flagged else " "
        text = joined("▸" if marked else " ", f"{cell.number:>{digits}} ", sign, flag, "  ")
        return button(text, f"screen.go_to({cell.number})", "bold" if marked else "")

    def _into_sight(self) -> None:
        """Bring the row of the marked question into sight, where the grid is higher than the screen."""
        box, grid = self.query_one(".dialog"), self.query_one("#grid")
        row = (self._marked - 1) // self._columns
        height = box.scrollable_content_region.height - 5
        top = grid.virtual_region.y + row
        if not box.scroll_y <= top < box.scroll_y + height:
            box.scroll_to(y=max(0, top - height // 2), animate=False)

    def on_resize(self, _: events.Resize) -> None:
        self._draw()

    # -- what the learner does ----------------------------------------------------------------------------------------

    def _mark(self, number: int) -> None:
        self._marked, self._typed = max(1, min(len(self._cells), number)), ""
        self._draw()

    def action_step(self, step: int) -> None:
        """Mark the question beside."""
        self._mark(self._marked + step)

    def action_move(self, step: int) -> None:
        """Mark the question above or below."""
        number = self._marked + step * self._columns
        if 1 <= number <= len(self._cells):
            self._mark(number)

    def action_digit(self, digit: int) -> None:
        """Type the number of a question: it is marked; Enter goes there."""
        typed = f"{self._typed}{digit}".lstrip("0")
        if not typed or int(typed) > len(self._cells):
            typed = str(digit) if 1 <= digit <= len(self._cells) else ""
        if typed:
            self._marked = int(typed)
        self._typed = typed
        self._draw()

    def action_rub_out(self) -> None:
        """Take the last digit back."""
        self._typed = self._typed[:-1]
        if self._typed:
            self._marked = int(self._typed)
        self._draw()

    def action_first_empty(self) -> None:
        """Go to the first empty question."""
        self._leave_for(self._exam.missing())

    def action_first_flagged(self) -> None:
        """Go to the first flagged question."""
        self._leave_for(self._exam.flagged())

    def action_go(self) -> None:
        """Go to the marked question."""
        self.dismiss(self._marked)

    def action_go_to(self, number: int) -> None:
        """A click on a question."""
        self.dismiss(number)

    def _leave_for(self, numbers: Sequence[int]) -> None:
        if numbers:
            self.dismiss(numbers[0])
