"""Sets an exam up: Enter begins at once, arrows change what it is to be. An exam that was left is offered first."""

from __future__ import annotations

import os
from dataclasses import dataclass

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from quiz.errors import UsageError
from quiz.report.attempts import Attempts, attempts
from quiz.report.exam_words import sat
from quiz.settings import BY_KEY
from quiz.study.blueprint import ExamPlan
from quiz.study.exam import Exam, Stage, begin, left_off
from quiz.study.huddle import Huddle, draw_for_group
from quiz.study.paper import draw
from quiz.study.setup import MOST_WEIGHT, Setup
from quiz.text import counted
from quiz.tui.actions import bindings
from quiz.tui.present import MUTED, button, fitted, joined, plain, styled
from quiz.tui.screens.page import Page
from quiz.tui.widgets.picker import Picker, Row

LABEL, LABEL_NARROW = 24, 13  # cells
NARROW = 56  # cells of a row
_WEIGHTS = [Binding(str(weight), f"weigh({weight})", show=False) for weight in range(MOST_WEIGHT + 1)]
_CERTAINTY = {"off": "no", "exam": "in exams", "on": "always"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the set-up: what it changes (`name`, for a topic its weight), and how it is called."""

    name: str
    label: str
    topic: str = ""


_FIELDS = (
    Line("number", "Questions"),
    Line("minutes", "Time limit"),
    Line("pass_mark", "Pass mark"),
    Line("tutor", "Feedback"),
    Line("certainty", "Ask how sure"),
    Line("decks", "Deck"),
    Line("audiences", "Audience"),
    Line("procedures", "Procedure"),
    Line("safety", "Cards"),
    Line("group", "Who answers"),
)
_NOT_FOR_GROUPS = ("minutes", "pass_mark", "tutor", "certainty")


class ExamSetupScreen(Page):
    """A line for each choice; below them the topics with their weights, and what it all comes to at the foot."""

    CSS_PATH = "../styles/exam.tcss"
    NAME = "exam_setup"
    BINDINGS = [*bindings(NAME), *_WEIGHTS]

    def __init__(self, plan: ExamPlan) -> None:
        super().__init__()
        self._plan = plan
        self._setup: Setup
        self._left: Exam | None = None
        self._sat = Attempts(())
        self._lines: list[Line] = []

    def inside(self) -> ComposeResult:
        yield Picker(id="setup", views=len(_FIELDS) + 3)

    def above_keys(self) -> ComposeResult:
        yield Static(id="comes_to")

    def on_mount(self) -> None:
        self.new_turn()
        desk = self.quiz.desk
        self._setup = Setup(desk.library, self._plan)
        self._sat = attempts(desk.history.of_kind("session"))
        self._left = left_off(desk.history, desk.library)
        if self._left is not None and self._left.stage is Stage.DONE:
            self._left = None
        self.draw()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        self.query_one("#top", Static).update(styled("Exam", "bold"))
        going_on = [Line("left", "")] * (self._left is not None)
        fields = [line for line in _FIELDS if not (self._setup.group and line.name in _NOT_FOR_GROUPS)]
        topics = [Line("topic", topic, topic) for topic in self._setup.topics]
        picker = self.query_one("#setup", Picker)
        marked = self._lines[picker.marked] if picker.marked is not None and self._lines else None
        heading = [Line("heading", "")] * bool(topics)
        self._lines = [*going_on, Line("begin", ""), *fields, *heading, *topics]
        place = self._lines.index(marked) if marked in self._lines else 0
        picker.put([self._row(i, line) for i, line in enumerate(self._lines)], place)
        self._draw_foot()
        self.quiz.show_trouble(self)

    def _draw_foot(self) -> None:
        foot = self.query_one("#comes_to", Static)
        foot.update(self._comes_to())
        line = self._marked()
        changes = line.name not in ("left", "begin")
        labels = {"start": "Go on"} if line.name == "left" else {"more": "Weight"} if line.topic else {}
        first = [("0-9", "Weight", "")] if line.topic else []
        self.show_keys(["start", *["more"] * (changes and not line.topic), "help", "leave"], labels, first)

    def _comes_to(self) -> Content:
        """Say how many questions there are, what cannot be met, and how this exam went before."""
        setup = self._setup
        asked, there = setup.number, setup.available
        number = min(asked, sum(min(n, setup.there[t]) for t, n in setup.shares.items()) if setup.shares else there)
        said = [joined((f"{number} of {counted(there, 'question')}", "bold $text-accent"))]
        if setup.short.short:
            said.append(joined(("! ", "bold $text-warning"), f"That is more than there are: {setup.short.shortage}."))
        elif self._marked().topic and not setup.shares:
            said.append(styled("Without any weight, topics come as chance has them.", MUTED))
        elif told := "" if setup.group else sat(self._sat.of(setup.plan(0))):
            said.append(plain(told))
        if setup.group:
            said.append(styled("Nothing is kept of it.", MUTED))
        return Content("\n").join(said)

    def _row(self, i: int, line: Line) -> Row:
        if line.name == "left" and self._left is not None:
            done = self._left.size - len(self._left.missing())
            text = f"Go on with the exam you left: {done} of {self._left.size} answered"
            return Row(lambda _: styled(text, "bold"), look="-begin")
        if line.name == "begin":
            word = "Begin with the group" if self._setup.group else "Begin a new exam" if self._left else "Begin"
            return Row(lambda _: styled(word, "bold"), look="-begin -last")
        if line.name == "heading":
            text = "Topics, with a weight for each" if self.size.width >= 60 else "Topics and weights"
            return Row(lambda _: styled(text, MUTED), look="-heading")
        value, remark = self._topic(line.topic) if line.topic else (self._value(line.name), "")

        def drawn(width: int) -> Content:
            label = LABEL if width >= NARROW else LABEL_NARROW
            room = max(4, width - label - 4)
            said = fitted(value, room).rstrip() if cell_len(value) > room else value
            less, more = (button(sign, f"screen.change_row({i}, {step})") for sign, step in (("◂ ", -1), (" ▸", 1)))
            left = width - label - 7 - cell_len(said)
            told = f"   {fitted(remark, left).rstrip()}" if remark and left > 3 else ""
            style = "$text-warning" if "only" in remark else MUTED
            return joined(fitted(line.label, label - 1), " ", less, (said, "bold"), more, (told, style))

        return Row(drawn)

    def _topic(self, topic: str) -> tuple[str, str]:
        """Return the weight of a topic and how many of its questions are asked."""
        there, shares = self._setup.there[topic], self._setup.shares
        weight = self._setup.weights.get(topic, 0)
        if not shares:
            return str(weight), counted(there, "question")
        asked = shares.get(topic, 0)
        return str(weight), f"{asked} of {there}" if asked <= there else f"{asked}, only {there} there"

    def _value(self, name: str) -> str:
        """Return what is chosen, in words."""
        setup = self._setup
        match name:
            case "number":
                return str(setup.number)
            case "minutes":
                return counted(setup.minutes, "minute") if setup.minutes else "none"
            case "pass_mark":
                return f"{setup.pass_mark} %"
            case "tutor":
                return "after each answer (tutor)" if setup.tutor else "at the end (exam)"
            case "certainty":
                return _CERTAINTY[self.quiz.desk.history.settings.certainty]
            case "safety":
                return "must-pass only" if setup.safety else "all"
            case "group":
                return "a group, by show of hands" if setup.group else "you"
            case "decks":
                titles = {deck.path: deck.title for deck in self.quiz.desk.library.decks()}
                return ", ".join(titles.get(path, path) for path in setup.decks.value) or "all"
            case _:
                return ", ".join(getattr(setup, name).value) or "all"

    # -- what the learner does ----------------------------------------------------------------------------------------

    def _marked(self) -> Line:
        return self._lines[self.query_one("#setup", Picker).marked or 0]

    def move(self, step: int) -> None:
        picker = self.query_one("#setup", Picker)
        picker.move(step)
        if self._marked().name == "heading":
            picker.move(step)
        self._draw_foot()

    def action_less(self) -> None:
        """Change the marked line: less, or the one before."""
        self._change(self._marked(), -1)

    def action_more(self) -> None:
        """Change the marked line: more, or the next."""
        self._change(self._marked(), 1)

    def action_change_row(self, row: int, step: int) -> None:
        """A click on one of the arrows of a line."""
        self.query_one("#setup", Picker).mark(row)
        self._change(self._lines[row], step)

    def action_weigh(self, weight: int) -> None:
        """A digit: the weight of the marked topic."""
        if topic := self._marked().topic:
            self._setup.weigh(topic, weight)
            self.draw()

    def _change(self, line: Line, step: int) -> None:
        if line.topic:
            self._setup.weigh(line.topic, self._setup.weights.get(line.topic, 0) + step)
        elif line.name == "certainty":
            history, among = self.quiz.desk.history, BY_KEY["certainty"].among
            at = among.index(history.settings.certainty)
            history.change_settings({"certainty": among[(at + step) % len(among)]})
        elif line.name not in ("left", "begin"):
            self._setup.shift(line.name, step)
        self.draw()

    def action_start(self) -> None:
        """Enter: go on with the exam that was left where that is marked, else begin."""
        if self._marked().name == "left":
            self._go_on()
        else:
            self._begin()

    @on(Picker.Taken)
    def _taken(self, message: Picker.Taken) -> None:
        """A click on a line."""
        line = self._lines[message.index]
        if line.name == "left":
            self._go_on()
        elif line.name == "begin":
            self._begin()
        elif line.name != "heading":
            self.query_one("#setup", Picker).mark(message.index)
            self._draw_foot()

    def _go_on(self) -> None:
        from quiz.tui.screens.exam import ExamScreen

        assert self._left is not None
        self._left.go_on()
        self.quiz.show(ExamScreen(self._left))

    def _begin(self) -> None:
        desk, plan = self.quiz.desk, self._setup.plan(new_seed())
        try:
            if self._setup.group:
                self.quiz.show(first_screen(Huddle(draw_for_group(desk.library, plan))))
            else:
                paper = draw(desk.library, plan, desk.history.state)
                self.quiz.show(first_screen(begin(desk.history, plan, paper)))
        except UsageError as error:
            self.app.notify(str(error), markup=False)

    def action_leave(self) -> None:
        """Leave without an exam."""
        self.quiz.leave_for_home(0)


def first_screen(what: ExamPlan | Exam | Huddle) -> Page:
    """Return the screen for an exam or a huddle that is ready to begin, or on which one is set up."""
    if isinstance(what, Exam):
        from quiz.tui.screens.exam import ExamScreen

        return ExamScreen(what)
    if isinstance(what, Huddle):
        from quiz.tui.screens.huddle import HuddleScreen

        return HuddleScreen(what)
    return ExamSetupScreen(what)


def new_seed() -> int:
    """Return a seed that was not used before."""
    return int.from_bytes(os.urandom(4), "big")
