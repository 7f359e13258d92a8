"""What the screens have in common on which a question is answered: the keys, and where they go."""

from __future__ import annotations

from textual import events, on
from textual.binding import Binding

from quiz.questions.choice import LETTERS
from quiz.study.shown import Shown
from quiz.tui.screens.page import Page
from quiz.tui.widgets.question import QuestionView

ANSWER_KEYS = [
    *(Binding(f"{i + 1}", f"press({i})", show=False) for i in range(len(LETTERS))),
    *(Binding(letter, f"letter({i})", show=False) for i, letter in enumerate(LETTERS)),
]


class AskingPage(Page):
    """A page with a `QuestionView`. While it is open, digits, letters, arrows, Enter, Space and Esc go to it.

    A page binds `bindings(NAME)` and `ANSWER_KEYS`, and says in `draw_keys` which keys work now.
    """

    @property
    def view(self) -> QuestionView:
        """The question on the screen."""
        return self.query_one(QuestionView)

    def draw_keys(self) -> None:
        """Draw the keys that work now."""
        raise NotImplementedError

    def taken(self, shown: Shown, given: str) -> None:
        """The learner hands in an answer to `shown`: what `question.mark` takes, "" for nothing."""
        raise NotImplementedError

    def action_press(self, i: int) -> None:
        """A digit, or a click on what it stands for: `i` counts from 0."""
        if self.view.open and self.view.form:
            self.view.form.digit(i)

    def action_letter(self, i: int) -> None:
        """A letter: `i` is 0 for a."""
        if self.view.open and self.view.form:
            self.view.form.letter(i)

    def action_go_on(self) -> None:
        """Enter: take or pick up what is marked, or hand in."""
        if self.view.open and self.view.form:
            self.view.form.enter()

    def action_pick(self) -> None:
        """Space: tick or pick up what is marked."""
        if self.view.open and self.view.form:
            self.view.form.space()
        else:
            self.action_go_on()

    def action_done(self) -> None:
        """Hand in what stands there."""
        if self.view.open and self.view.form:
            self.view.form.hand_in()

    def action_shift_up(self) -> None:
        """Move the marked step up."""
        self._shift(-1)

    def action_shift_down(self) -> None:
        """Move the marked step down."""
        self._shift(1)

    def action_back(self) -> None:
        """Esc: leave the line to type in, or put back what is picked up; else leave."""
        form = self.view.form if self.view.open else None
        if form is None or not form.back():
            self.action_leave()

    def action_leave(self) -> None:
        """Leave the page."""
        raise NotImplementedError

    def move(self, step: int) -> None:
        form = self.view.form if self.view.open else None
        if form is None or not form.arrow(step):
            super().move(step)

    def _shift(self, step: int) -> None:
        if self.view.open and self.view.form:
            self.view.form.shift(step)

    @on(QuestionView.Changed)
    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _other_keys(self) -> None:
        """Other keys work now."""
        self.draw_keys()
