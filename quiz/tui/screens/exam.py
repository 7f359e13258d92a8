"""The exam on the screen: its questions in any order, a clock, flags, and at the end handing in.

All rules are those of `quiz.study.exam`; this only draws. After the exam, and as tutor at once, it also takes the
learner's own verdict on what only the learner can mark.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from quiz.report.exam_words import clock
from quiz.study.exam import Exam, Stage
from quiz.study.rating import CERTAINTY, Certainty
from quiz.study.shown import Shown
from quiz.text import counted
from quiz.tui.actions import bindings
from quiz.tui.present import MUTED, bar, button, joined, paragraphs, styled
from quiz.tui.screens import feedback
from quiz.tui.screens.asking import ANSWER_KEYS, AskingPage
from quiz.tui.screens.exam_feedback import looked_at
from quiz.tui.widgets.form import into_sight
from quiz.tui.widgets.keyline import Flow
from quiz.tui.widgets.question import QuestionView

NARROW = 60  # columns: below it there is room for one line of keys; the help has them all
MOVES = frozenset({"left", "right"})  # they answer nothing: they work however fast they come
WHAT_STANDS_COUNTS_MS = 1_500  # before the end of the time: what stands in the input is taken then
_KEPT = "Answer {} is kept. Until you hand in you can go back (←) and change it."
_TIME_UP = "The time is up: the exam is handed in as it stood."


class ExamScreen(AskingPage):
    """Drives one exam from its current question to its result."""

    CSS_PATH = ["../styles/study.tcss", "../styles/exam.tcss"]
    NAME = "exam"
    BINDINGS = [*bindings(NAME), *ANSWER_KEYS]
    TICK: ClassVar[float] = 1.0  # seconds

    def __init__(self, exam: Exam) -> None:
        super().__init__()
        self.exam = exam
        self._held: str | None = None  # the answer given while the screen asks how sure the learner is
        self._show_sources = False
        self._note = _at_first(exam)
        self._clock = ""  # as drawn
        self._timer: Timer | None = None
        self._over = False  # what follows the exam is on the screen

    def inside(self) -> ComposeResult:
        yield QuestionView(self.quiz.desk.library.figure, self.exam.at(self._place))
        yield Static(id="after")

    def above_keys(self) -> ComposeResult:
        yield Flow(id="choices")

    def on_mount(self) -> None:
        self.watch(self.body, "virtual_size", self._laid_out, init=False)
        self._timer = self.set_interval(self.TICK, self._tick)
        self.ask()

    def on_unmount(self) -> None:
        """However the program ends: the time until now counts."""
        if self.exam.stage is Stage.OPEN and not self.exam.paused:
            self.exam.pause()

    # -- where it stands ----------------------------------------------------------------------------------------------

    @property
    def _place(self) -> int:
        """The place on the screen: the current one, or after the exam the first that waits for the learner's mark."""
        waiting = self.exam.to_mark()
        return waiting[0] if self.exam.stage is Stage.MARKING and waiting else self.exam.number

    @property
    def _judging(self) -> bool:
        """Whether the learner is asked if the own answer was right."""
        asked = self.exam.plan.tutor or self.exam.stage is Stage.MARKING
        return asked and self._place in self.exam.to_mark()

    @property
    def _open(self) -> bool:
        """Whether the question on the screen takes an answer."""
        return self._held is None and not self._judging and not self.exam.locked()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Put the question of the place on the screen, with what was answered so far."""
        self._held, self._show_sources = None, False
        if self.exam.stage is Stage.DONE:
            self._end()
            return
        self.new_turn(MOVES if self.exam.stage is Stage.OPEN else frozenset())
        self.view.put(self.exam.at(self._place), own_words=True)
        self._put_reply()
        self.body.scroll_home(animate=False, immediate=True)
        self.draw()

    def _put_reply(self) -> None:
        """Show the answer in force: to be changed, or with its signs."""
        reply = self.exam.reply(self._place)
        if reply is None:
            return
        given = reply.wrote or reply.given
        if self._judging:
            self.view.restore(given)
            if self.view.form:
                self.view.form.close()
            self.set_focus(None)
        elif self.exam.locked():
            self.view.freeze(given, self.exam.reviewed().mark)
        else:
            self.view.restore(given)

    def draw(self) -> None:
        """Bring everything but the question itself up to date."""
        if self._over:
            return
        self._draw_top()
        self._draw_after()
        self.draw_keys()
        self.quiz.show_trouble(self)

    def _draw_top(self) -> None:
        exam, wide = self.exam, self.size.width >= NARROW
        self._clock = clock(exam.elapsed_ms, exam.left_ms)
        if exam.stage is Stage.MARKING:
            left = f"Mark your own answer: question {self._place}"
            right = f"{len(exam.to_mark())} to mark"
        else:
            done = exam.size - len(exam.missing())
            left = f"Question {exam.number} of {exam.size}" if wide else f"{exam.number} of {exam.size}"
            share = 1 if done == exam.size else min(done / exam.size, 0.94)  # full only when nothing is empty
            progress = f"{bar(share, 10)}  {done} answered · " if wide else ""
            right = f"{progress}{self._clock}"
        flag = ("  ! flagged", "bold $text-warning") if self._place in exam.flagged() else ""
        head = joined(left, flag)
        gap = max(1, self.line - head.cell_length - len(right))
        self.query_one("#top", Static).update(joined(head, " " * gap, right))

    def _draw_after(self) -> None:
        """Draw what stands below the question: how sure?, the answer to compare with, or the feedback."""
        parts: list[Content] = []
        shown = self.exam.at(self._place)
        if self._held is not None:
            parts.append(styled("How sure are you?", "bold"))
        elif self._judging:
            parts += [feedback.answer(shown.question), *feedback.changed(shown.change)]
            parts += feedback.explained(shown.card)
            parts.append(styled("Was your answer right?", "bold"))
        elif self.exam.locked():
            library = self.quiz.desk.library
            parts += looked_at(library, self.exam.reviewed(), self.view.figure, self.line - 1)
            if self._show_sources:
                entries = [str(library.source(name) or name) for name in shown.card.sources]
                parts.append(feedback.sources(entries, shown.card.checked))
        if self._note:
            parts.append(styled(self._note, MUTED))
        after = self.query_one("#after", Static)
        after.update(paragraphs(parts))
        after.display = bool(parts)

    def draw_keys(self) -> None:
        if self._over:
            return
        row, narrow = self.query_one("#choices", Flow), self.size.width < NARROW
        row.display = self._held is not None or self._judging
        if self._held is not None:
            row.put(feedback.certainties())
            self.show_keys(["back", "help", "leave"], {"back": "Back"})
        elif self._judging:
            row.put([button(f" {i} {word}", f"screen.press({i - 1})") for i, word in ((1, "Not right"), (2, "Right"))])
            self.show_keys(["help", "leave"])
        elif self.exam.locked():
            more = ["overview", "help"] if narrow else ["previous", "next", "overview", "hand_in", "help", "leave"]
            self.show_keys(["go_on", "sources", *more])
        else:
            form = self.view.form
            first = form.keys() if form and form.open else []
            if narrow:
                self.show_keys(["next", "overview", "help"], {}, first)
            else:
                names = ["dont_know", "previous", "next", "flag", "overview", "pause", "hand_in", "help", "leave"]
                flagged = {"flag": "Unflag"} if self.exam.number in self.exam.flagged() else {}
                self.show_keys(names, flagged, first)

    # -- the clock ----------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        """Let the clock go on, and end the exam when the time is up."""
        exam = self.exam
        if exam.stage is Stage.OPEN and not exam.paused:
            if exam.left_ms is not None and exam.left_ms <= WHAT_STANDS_COUNTS_MS:
                self._keep_what_stands()
            if exam.tick():
                if self._clock != clock(exam.elapsed_ms, exam.left_ms):
                    self._draw_top()
                return
        if exam.out_of_time and not self._over:
            self._time_is_up()

    def _time_is_up(self) -> None:
        """Go on to what follows, whatever stands over this screen."""
        from quiz.tui.screens.small import TooSmallScreen

        if isinstance(self.app.screen, TooSmallScreen):
            return  # the next tick tries again
        while self in self.app.screen_stack and self.app.screen is not self:
            self.app.pop_screen()
        if self._timer:
            self._timer.stop()
        self._handed_in()

    # -- what the learner does ----------------------------------------------------------------------------------------

    def action_press(self, i: int) -> None:
        """A digit: a certainty, the learner's own verdict, or an option and the like, by what is asked."""
        if self._held is not None:
            if i < len(CERTAINTY):
                self._answer(self._held, CERTAINTY[i])
        elif self._judging:
            if i < 2:
                self._judge(right=i == 1)
        else:
            super().action_press(i)

    def action_letter(self, i: int) -> None:
        """A letter stands for its digit but where a question has letters of its own."""
        if self._held is None and not self._judging:
            super().action_letter(i)
        else:
            self.action_press(i)

    def action_go_on(self) -> None:
        """Enter: hand an answer in; where it stands already, go on."""
        if self._open:
            super().action_go_on()
        elif self._held is None and not self._judging:
            self._advance("")

    def action_dont_know(self) -> None:
        """Say so instead of guessing."""
        if self._open:
            self._answer("", None)

    def action_next(self) -> None:
        """Go to the next question, whether this one is answered or not."""
        self._step(1)

    def action_previous(self) -> None:
        """Go to the question before."""
        self._step(-1)

    def action_flag(self) -> None:
        """Flag the question for later, or take its flag off."""
        if self.exam.stage is Stage.OPEN:
            self.exam.flag()
            self._draw_top()
            self.draw_keys()

    def action_sources(self) -> None:
        """Show or hide the sources, where the feedback is shown."""
        if self.exam.locked() and not self._judging:
            self._show_sources = not self._show_sources
            self._draw_after()

    def action_overview(self) -> None:
        """Show all questions with their signs, to go to any."""
        if not self._still_open():
            return
        from quiz.tui.screens.exam_overview import OverviewScreen

        self._keep_what_stands()
        self.app.push_screen(OverviewScreen(self.exam), self._chosen)

    def action_pause(self) -> None:
        """Stop the clock; the question is hidden meanwhile."""
        if not self._still_open():
            return
        self._keep_what_stands()
        self.exam.pause()
        if self.exam.stage is not Stage.OPEN:
            self._handed_in()
            return
        from quiz.tui.screens.exam_paused import PausedScreen

        self.app.push_screen(PausedScreen(self.exam), self._paused)

    def action_hand_in(self) -> None:
        """Ask whether to hand in, saying what is empty and flagged."""
        if self._still_open():
            self._keep_what_stands()
            self._offer_to_hand_in(at_end=False)

    def action_back(self) -> None:
        """Esc: back to the question while the screen asks how sure the learner is; out of the line; else a pause."""
        if self._held is not None:
            held, self._held = self._held, None
            self.view.restore(held)
            self.new_turn()
            self.draw()
        elif not (self.view.open and self.view.form and self.view.form.back()):
            self.action_pause()

    def action_leave(self) -> None:
        """Leave; the exam goes on at this question later."""
        if self._over:
            return
        self._keep_what_stands()
        self.exam.pause()
        if self.exam.stage is Stage.DONE or (self.exam.stage is Stage.MARKING and not self._judging):
            self._handed_in()
            return
        what = "your own marks" if self.exam.stage is Stage.MARKING else f"question {self.exam.number}"
        self.app.notify(f"The exam waits at {what}: e goes on.", markup=False)
        self.quiz.leave_for_home(0)

    def taken(self, shown: Shown, given: str) -> None:
        if not self._open or shown is not self.exam.shown:
            return
        if given and self.exam.asks_certainty:
            self._held, self._note = given, ""
            self.set_focus(None)
            self.new_turn()
            self.draw()
        else:
            self._answer(given, None)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _still_open(self) -> bool:
        return self.exam.stage is Stage.OPEN and not self._over

    def _answer(self, given: str, certainty: Certainty | None) -> None:
        """Hand the answer to the exam, which keeps it before it returns."""
        self._held, self._note = None, ""
        if not self.exam.answer(given, certainty):
            self._handed_in()
        elif not self.exam.plan.tutor:
            self._advance(_KEPT.format(self.exam.number))
        else:
            self.new_turn()
            self._put_reply()
            self.draw()

    def _judge(self, *, right: bool) -> None:
        """Take the learner's own verdict: as tutor the feedback follows, after the exam the next one to mark."""
        marking = self.exam.stage is Stage.MARKING
        self._note = ""
        self.exam.mark_own(self._place, right)
        if marking:
            self._handed_in()
        else:
            self.new_turn()
            self._put_reply()
            self.draw()

    def _keep_what_stands(self) -> None:
        """Keep what stands in the input as the answer when the learner goes elsewhere. As tutor only Enter does."""
        exam = self.exam
        if exam.stage is not Stage.OPEN or exam.plan.tutor or exam.locked():
            return
        given = self._held if self._held is not None else self.view.given() if self.view.open else ""
        before = exam.reply()
        known = (before.wrote or before.given) if before else ""
        if given and given != known and not exam.shown.question.problem(given):
            exam.answer(given)

    def _advance(self, said: str) -> None:
        """Go to the next empty question after this one; without one the end of the paper is reached."""
        exam = self.exam
        ahead = [number for number in exam.missing() if number > exam.number]
        if not ahead:
            self._note = ""
            self.ask()
            self._offer_to_hand_in(at_end=True)
        elif exam.go(ahead[0]):
            self._note = said
            self.ask()
        else:
            self._handed_in()

    def _step(self, step: int) -> None:
        number = self.exam.number + step
        if not self._still_open():
            return
        if 1 <= number <= self.exam.size:
            self._go(number)
        else:
            self._keep_what_stands()
            self._note = "This is the last question; x hands in." if step > 0 else "This is the first question."
            self.draw()

    def _go(self, number: int) -> None:
        self._keep_what_stands()
        self._note = ""
        if self.exam.go(number):
            self.ask()
        else:
            self._handed_in()

    def _chosen(self, number: int | None) -> None:
        """A place was chosen in the overview, or when handing in."""
        if number and self._still_open():
            self._go(number)

    def _paused(self, go_on: bool | None) -> None:
        self.exam.go_on()
        if go_on:
            self.ask()
        else:
            self.action_leave()

    def _offer_to_hand_in(self, *, at_end: bool) -> None:
        from quiz.tui.screens.exam_hand_in import HandInScreen

        self.app.push_screen(HandInScreen(self.exam, at_end=at_end), self._decided)

    def _decided(self, number: int | None) -> None:
        """0 hands in, a number goes to that place."""
        if number == 0 and self._still_open():
            self.exam.hand_in(confirmed=True)
            self._handed_in()
        elif number is None and self._still_open():
            self.new_turn(MOVES)
        else:
            self._chosen(number)

    def _handed_in(self) -> None:
        """The exam takes no more answers: now the learner's own marks, then the result."""
        if self.exam.stage is Stage.MARKING:
            self._note = _TIME_UP if self.exam.out_of_time and self._timer else ""
            if self._timer:
                self._timer.stop()
                self._timer = None
        self.ask()

    def _end(self) -> None:
        """Show the result in the place of this screen."""
        if self._over:
            return
        self._over = True
        if self._timer:
            self._timer.stop()
        from quiz.tui.screens.exam_result import ResultScreen

        self.quiz.show(ResultScreen(self.exam))

    def _laid_out(self) -> None:
        """What stands below the question has its place: only now is it known how far to scroll."""
        self.call_after_refresh(self._to_after)

    def _to_after(self) -> None:
        """Bring the verdict (or the sources asked for) into sight where the question fills the screen."""
        if self._open or self._over:
            return
        if self._show_sources:
            self.body.scroll_end(animate=False)
        else:
            after = self.query_one("#after")
            into_sight(self.body, after, after)


def _at_first(exam: Exam) -> str:
    """Return what is to be said when the exam begins or goes on: questions that could not be had."""
    if exam.withdrawn:
        return f"Left out, because the decks have changed: {counted(exam.withdrawn, 'question')}."
    if exam.size < exam.plan.size:
        return f"There are fewer questions than asked for: {exam.size} of {exam.plan.size}."
    return ""
