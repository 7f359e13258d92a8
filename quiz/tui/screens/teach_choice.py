"""Chooses what a patient session is about: one procedure, and only that one is shown afterwards."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from quiz.deck.lessons import TeachPlan
from quiz.report.spoken import NOT_FOR_TREATMENT, NOTHING_KEPT
from quiz.tui.actions import bindings
from quiz.tui.present import MUTED, hanging, joined, paragraphs, plain, styled
from quiz.tui.screens.page import Page
from quiz.tui.widgets.picker import Picker, Row


class TeachChoiceScreen(Page):
    """Lists the sessions by their titles."""

    CSS_PATH = "../styles/teach.tcss"
    NAME = "teach_choice"
    BINDINGS = [*bindings(NAME), *(Binding(str(i + 1), f"press({i})", show=False) for i in range(9))]

    def __init__(self, plan: TeachPlan) -> None:
        super().__init__()
        self._plan = plan
        self._sessions = plan.lessons.sessions.found

    def inside(self) -> ComposeResult:
        yield Static(id="point")
        yield Picker(id="ticks", views=len(self._sessions))
        yield Static(id="note")

    def on_mount(self) -> None:
        self.new_turn()
        rows = [_row(i, session.title) for i, session in enumerate(self._sessions)]
        self.query_one("#ticks", Picker).put(rows, 0)
        self.draw()

    def draw(self) -> None:
        self.query_one("#top", Static).update(styled("Teach a patient", "bold"))
        self.query_one("#point", Static).update(styled("What is it about?", "bold $text-accent"))
        self.query_one("#note", Static).update(self._note())
        self.show_keys(["start", "help", "leave"])
        self.quiz.show_trouble(self)

    def _note(self) -> Content:
        """Return what holds for all sessions, and which files are left out."""
        parts = [styled(f"{NOTHING_KEPT} {NOT_FOR_TREATMENT}", MUTED)]
        problems = self._plan.lessons.problems
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            parts.append(joined(("! ", "bold $text-warning"), f"Left out: {problems[0]}{more}"))
        return paragraphs(parts)

    # -- what the educator does ---------------------------------------------------------------------------------------

    def move(self, step: int) -> None:
        self.query_one("#ticks", Picker).move(step)

    def action_start(self) -> None:
        """Begin the marked session."""
        self.query_one("#ticks", Picker).take()

    def action_press(self, i: int) -> None:
        """A digit: begin that session."""
        if i < len(self._sessions):
            self._begin(i)

    @on(Picker.Taken)
    def _taken(self, message: Picker.Taken) -> None:
        self._begin(message.index)

    def _begin(self, index: int) -> None:
        self.quiz.teach(replace(self._plan, session=self._sessions[index]))

    def action_leave(self) -> None:
        """Leave without a session."""
        self.quiz.leave_for_home(0)


def _row(index: int, title: str) -> Row:
    text = plain(title)
    return Row(lambda width: hanging(f"{index + 1}  ", text, width))
