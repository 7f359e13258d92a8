"""What an exam came to: the score beside the pass mark, by topic, the time, how sure one was, and the attempts."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from quiz.report.attempts import Attempts, attempts
from quiz.report.exam_words import ranges, share
from quiz.report.words import spent
from quiz.study.exam import Exam
from quiz.study.result import MOST_CERTAIN, Result
from quiz.text import counted
from quiz.tui.actions import bindings
from quiz.tui.present import MUTED, bar, fitted, joined, paragraphs, plain, styled
from quiz.tui.screens.page import Page

SLOWEST = 3  # questions named
LONG_MS = 1_000  # a question that took less was not slow
ATTEMPTS_NAMED = 6
WIDE, NARROW = 40, 24  # cells of the bar


class ResultScreen(Page):
    """Shows the result of an exam that is over; from here one looks at it again, or studies what was missed."""

    CSS_PATH = "../styles/exam.tcss"
    NAME = "exam_result"
    BINDINGS = bindings(NAME)

    def __init__(self, exam: Exam) -> None:
        super().__init__()
        self.exam = exam
        self._sat = Attempts(())

    @property
    def _result(self) -> Result:
        assert self.exam.result is not None
        return self.exam.result

    def inside(self) -> ComposeResult:
        yield Static(id="result")

    def on_mount(self) -> None:
        self.new_turn()
        self._sat = attempts(self.quiz.desk.history.of_kind("session")).of(self._result.plan)
        self.draw()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        self.query_one("#top", Static).update(styled("Result of the exam", "bold"))
        came = self._result
        parts = [self._score(came), self._topics(came), self._certainty(came), self._time(came), self._history()]
        self.query_one("#result", Static).update(paragraphs(parts))
        missed = ["missed"] * bool(came.missed)
        labels = {"missed": f"Study the {len(came.missed)} missed"} if self.size.width >= 60 else {}
        self.show_keys(["review", *missed, "again", "help", "leave"], labels)
        self.quiz.show_trouble(self)

    def _score(self, came: Result) -> Content:
        score, plan = came.score, came.plan
        sign = "✓ Passed" if came.passed else "✗ Not passed"
        head = joined(
            (sign, f"bold {'$text-success' if came.passed else '$text-error'}"),
            f"  {share(score, plan.pass_mark)}, and {plan.pass_mark} % passes",
        )
        width = WIDE if self.size.width >= 60 else NARROW
        filled = bar(score.percent / 100, width)
        at = min(width - 1, round(plan.pass_mark / 100 * width))
        line = joined((filled[:at], "$accent"), ("│", "bold"), (filled[at:], "$accent"), f"  │ {plan.pass_mark} %")
        parts = "" if score.marks == score.right else f", with part marks {score.marks:.1f}"
        right = plain(f"{score.right} of {score.asked} right{parts}.")
        empty = [i for i, q in enumerate(came.questions, 1) if q.given is None]
        more = [plain(f"Left empty: {ranges(empty)}.")] if empty else []
        if came.out_of_time:
            more.append(styled("The time was up: it was handed in as it stood.", "$text-warning"))
        return Content("\n").join([head, line, right, *more])

    def _topics(self, came: Result) -> Content:
        if len(came.topics) < 2:
            return Content("")
        name = min(24 if self.size.width >= 60 else 12, max(len(t.topic) for t in came.topics) + 2)
        lines = []
        for topic in came.topics:
            reached = topic.reaches(came.plan.pass_mark)
            sign = ("  ✓", "$text-success") if reached else ("  ✗", "$text-error")
            told = f"  {topic.right} of {topic.asked}"
            lines.append(
                joined(fitted(topic.topic, name - 1), " ", (bar(topic.percent / 100, 10), "$accent"), sign, told)
            )
        legend = f"   ✓ reaches {came.plan.pass_mark} %" if self.size.width >= 60 else ""
        head = joined(("By topic, the weakest first", "bold"), (legend, MUTED))
        return Content("\n").join([head, *lines])

    def _certainty(self, came: Result) -> Content:
        """Say the certainty marks, where certainty was stated, and what was sure and wrong."""
        if not came.sure:
            return Content("")
        marks = f"{came.certainty_marks:.2f}".rstrip("0").rstrip(".")
        told = f"Certainty marks: {marks} of at most {MOST_CERTAIN * len(came.sure)}"
        lines = [plain(f"{told}, for {counted(len(came.sure), 'answer')}.")]
        wrong = [i for i, q in enumerate(came.questions, 1) if q.certainty == "high" and q.missed]
        if wrong:
            lines.append(joined(("Sure and wrong: ", "bold $text-warning"), f"{ranges(wrong)}. Learn these first."))
        return Content("\n").join(lines)

    def _time(self, came: Result) -> Content:
        each = spent(came.ms // came.score.asked)
        order = sorted(range(len(came.questions)), key=lambda i: (-came.questions[i].ms, i))
        slow = [f"{i + 1} ({spent(came.questions[i].ms)})" for i in order[:SLOWEST] if came.questions[i].ms >= LONG_MS]
        longest = f" The longest: question {', '.join(slow)}." if slow else ""
        return plain(f"Time: {spent(came.ms)}, {each} a question.{longest}")

    def _history(self) -> Content:
        """Say how this attempt stands among those of the same set-up."""
        sat, best = self._sat, self._sat.best
        if len(sat.all) < 2 or best is None:
            return Content("")
        line = " → ".join(f"{attempt.percent:.0f}" for attempt in sat.all[-ATTEMPTS_NAMED:])
        told = f"best {best.percent:.0f} %, the trend is {sat.trend}"
        return joined((f"Attempt {len(sat.all)}: ", "bold"), f"{told}. ", (f"{line} %", MUTED))

    # -- what the learner does ----------------------------------------------------------------------------------------

    def action_review(self) -> None:
        """Go through the questions again, with all reasons."""
        from quiz.tui.screens.exam_review import ReviewScreen

        self.quiz.show(ReviewScreen(self.exam))

    def action_missed(self) -> None:
        """Study what was missed."""
        study_missed(self, self.exam)

    def action_again(self) -> None:
        """Set up another exam like this one."""
        from quiz.tui.screens.exam_setup import ExamSetupScreen

        self.quiz.show(ExamSetupScreen(self._result.plan))

    def action_leave(self) -> None:
        """Leave the result."""
        self.quiz.leave_for_home(0)


def study_missed(page: Page, exam: Exam) -> None:
    """Open a session over the cards that were missed, where there are any."""
    assert exam.result is not None
    if exam.result.missed:
        page.quiz.study(exam.result.study_missed(exam.plan.seed))
    else:
        page.app.notify("Nothing was missed.", markup=False)
