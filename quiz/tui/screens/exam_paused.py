"""The exam while it is paused: the clock stands, and the question is hidden."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

from quiz.report.exam_words import clock
from quiz.study.exam import Exam
from quiz.tui.present import MUTED, paragraphs, plain, styled
from quiz.tui.widgets.keyline import KeyLine


class PausedScreen(Screen[bool]):
    """Returns True to go on, False to leave the exam for now."""

    CSS_PATH = "../styles/exam.tcss"
    BINDINGS = [
        Binding("enter,space,p,escape", "go_on", "Go on", show=False),
        Binding("q", "leave", "Leave", show=False),
    ]

    def __init__(self, exam: Exam) -> None:
        super().__init__()
        self._exam = exam

    def compose(self) -> ComposeResult:
        exam = self._exam
        done = exam.size - len(exam.missing())
        told = f"The clock stands at {clock(exam.elapsed_ms, exam.left_ms)}. You are at question {exam.number}"
        with Vertical(id="paused"):
            yield Static(
                paragraphs(
                    [
                        styled("Paused", "bold $text-accent"),
                        plain(f"{told} of {exam.size}; {done} answered."),
                        styled("The question is hidden until you go on. All answers are kept.", MUTED),
                    ]
                )
            )
        line = KeyLine(id="keys")
        line.show([("Enter", "Go on", "screen.go_on"), ("q", "Leave for now", "screen.leave")])
        with Vertical(id="foot"):
            yield line

    def action_go_on(self) -> None:
        """Go on."""
        self.dismiss(True)

    def action_leave(self) -> None:
        """Leave the exam for now."""
        self.dismiss(False)
