"""The questions of an exam looked at again: one's own answer, the right one, every reason, and the sources on a key."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from quiz.questions import Flip
from quiz.report.words import spent
from quiz.study.exam import Exam
from quiz.study.seats import Reviewed
from quiz.tui.actions import bindings
from quiz.tui.present import fitted, joined, paragraphs
from quiz.tui.screens import feedback
from quiz.tui.screens.exam_feedback import looked_at
from quiz.tui.screens.page import Page
from quiz.tui.widgets.question import QuestionView

NARROW = 60  # columns: below it there is room for few keys


class ReviewScreen(Page):
    """Goes through an exam that is over, all questions or the missed ones only."""

    CSS_PATH = ["../styles/study.tcss", "../styles/exam.tcss"]
    NAME = "exam_review"
    BINDINGS = bindings(NAME)

    def __init__(self, exam: Exam) -> None:
        super().__init__()
        self.exam = exam
        self._all = exam.review()
        self._wrong_only = False
        self._at = 0  # in what is gone through
        self._show_sources = False

    @property
    def _some(self) -> tuple[Reviewed, ...]:
        """What is gone through."""
        return tuple(r for r in self._all if not (r.mark.right or r.mark.partly)) if self._wrong_only else self._all

    @property
    def _looked(self) -> Reviewed:
        return self._some[self._at]

    def inside(self) -> ComposeResult:
        yield QuestionView(self.quiz.desk.library.figure, self._looked.shown)
        yield Static(id="after")

    def on_mount(self) -> None:
        self.new_turn()
        self.watch(self.body, "virtual_size", self._laid_out, init=False)
        self._show()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Put the question on the screen as it was answered."""
        looked, view = self._looked, self.query_one(QuestionView)
        self._show_sources = False
        given = (looked.reply.wrote or looked.reply.given) if looked.reply else ""
        view.put(looked.shown, own_words=bool(given) or not isinstance(looked.shown.question, Flip))
        view.freeze(given, looked.mark)
        self.body.scroll_home(animate=False, immediate=True)
        self.draw()

    def draw(self) -> None:
        looked = self._looked
        place = f"{self._at + 1} of {len(self._some)}{' missed' if self._wrong_only else ''}"
        flag = " · ! flagged" if looked.flagged else ""
        title = f"Question {looked.number}{flag} · {spent(looked.ms)}"
        top = joined(fitted(title, max(0, self.line - len(place) - 1)), " ", place)
        self.query_one("#top", Static).update(top)
        self._draw_after()
        narrow, missed = self.size.width < NARROW, bool(self.exam.result and self.exam.result.missed)
        only = ["wrong_only"] * bool(self._wrong_only or any(not (r.mark.right or r.mark.partly) for r in self._all))
        more = ["help"] if narrow else [*["missed"] * missed, "help", "leave"]
        labels = {"wrong_only": "All"} if self._wrong_only else {}
        self.show_keys(["previous", "next", *only, "sources", *more], labels)
        self.quiz.show_trouble(self)

    def _draw_after(self) -> None:
        library, looked = self.quiz.desk.library, self._looked
        figure = self.query_one(QuestionView).figure
        parts = looked_at(library, looked, figure, self.line - 1)
        if self._show_sources:
            card = looked.shown.card
            parts.append(feedback.sources([str(library.source(n) or n) for n in card.sources], card.checked))
        self.query_one("#after", Static).update(paragraphs(parts))

    # -- what the learner does ----------------------------------------------------------------------------------------

    def action_next(self) -> None:
        """Go to the next question; after the last one back to the result."""
        self._step(1)

    def action_previous(self) -> None:
        """Go to the question before."""
        self._step(-1)

    def _step(self, step: int) -> None:
        at = self._at + step
        if 0 <= at < len(self._some):
            self._at = at
            self._show()
        elif step > 0:
            self.action_leave()

    def action_go_on(self) -> None:
        """Enter: show what is still below, else go to the next question."""
        if self.body.scroll_y < self.body.max_scroll_y:
            self.body.scroll_page_down(animate=False)
        else:
            self._step(1)

    def action_wrong_only(self) -> None:
        """Go through the missed questions only, or through all again."""
        number = self._looked.number
        self._wrong_only = not self._wrong_only
        if not self._some:
            self._wrong_only = False
            self.app.notify("Nothing was missed.", markup=False)
            return
        places = [i for i, looked in enumerate(self._some) if looked.number >= number]
        self._at = places[0] if places else len(self._some) - 1
        self._show()

    def action_sources(self) -> None:
        """Show or hide the sources."""
        self._show_sources = not self._show_sources
        self._draw_after()

    def action_missed(self) -> None:
        """Study what was missed."""
        from quiz.tui.screens.exam_result import study_missed

        study_missed(self, self.exam)

    def action_leave(self) -> None:
        """Back to the result."""
        from quiz.tui.screens.exam_result import ResultScreen

        self.quiz.show(ResultScreen(self.exam))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _laid_out(self) -> None:
        self.call_after_refresh(self._to_after)

    def _to_after(self) -> None:
        """Bring the verdict (or the sources asked for) into sight where the question fills the screen."""
        if self._show_sources:
            self.body.scroll_end(animate=False)
