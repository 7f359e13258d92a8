"""The exam in lines: the same object as behind the screens, at a keyboard or by pipe, one answer a line."""

from __future__ import annotations

from collections.abc import Callable

from quiz.cli import asking, telling, telling_exam
from quiz.cli.console import Console, Signals
from quiz.cli.talk import Quit, Talk
from quiz.desk import Desk
from quiz.report.attempts import attempts
from quiz.report.exam_words import ranges
from quiz.study.exam import Exam, Stage
from quiz.study.rating import Certainty
from quiz.study.seats import Reviewed
from quiz.study.shown import Shown

_HELP = (
    "Type an answer, or ? for I don't know. It may end in !l, !m or !h: how sure you are (low, middle, high).",
    "A line that begins with ':' is a command:",
    ":next leaves the question as it is and goes on, :back goes to the one before, :go N to question N.",
    ":flag puts a flag on the question, to come back to it later, or takes it off.",
    ":list says which questions are answered, empty and flagged; :time tells the clock.",
    ":pause stops the clock; :quit leaves, and 'quiz exam' goes on at the same question.",
    ":hand-in ends the exam. Until then any answer can be changed: go to its question and answer again.",
)
_YES, _NO = ("y", "yes", "1"), ("n", "no", "0")
_TOO_LATE = "The time is up: the exam is handed in as it stands."


class ExamMode:
    """One exam, line by line: sitting it, marking one's own answers, the result, the review."""

    def __init__(self, desk: Desk, exam: Exam, console: Console, signals: Signals) -> None:
        self._desk = desk
        self._exam = exam
        self._console = console
        self._columns = console.columns(asking.WIDEST)
        self._talk = Talk(console, signals, self._commands(), lambda: desk.history.trouble)
        self._told: Shown | None = None  # the question that is on the screen
        self._waiting: str | None = None  # an answer to it, until the learner has said how sure it is
        self._revealed: Shown | None = None  # the self-marked question whose answer is on the screen
        self._at_end = False  # the last question is behind the learner
        self._end_told = False
        self._confirming = False  # handing in waits for a yes

    def run(self) -> bool:
        """Go through the exam, or as far as the learner and the input go; return whether to study what was missed."""
        try:
            self._sit()
            self._mark_own()
            self._result()
            return self._review()
        except Quit:
            if self._exam.stage is not Stage.DONE:
                self._leave()
            return False
        finally:
            if self._exam.stage is Stage.OPEN and not self._exam.paused:  # a signal: the time until now counts
                self._exam.pause()

    def _leave(self) -> None:
        """Pause, unless the time turns out to be up."""
        self._talk.do(self._exam.pause)
        if self._exam.stage is not Stage.DONE:
            self._talk.say("", telling_exam.paused(self._exam))
            return
        self._talk.say(_TOO_LATE)
        self._result()

    # -- sitting ------------------------------------------------------------------------------------------------------

    def _sit(self) -> None:
        going_on = self._exam.stage is Stage.OPEN and self._exam.number not in self._exam.to_mark()
        if going_on and self._exam.reply():
            self._advance()
        while self._exam.stage is Stage.OPEN:
            if self._exam.tick():
                self._step()
        if self._exam.out_of_time:
            self._talk.say(_TOO_LATE)

    def _step(self) -> None:
        """Take one line and do what it says."""
        if self._confirming:
            self._confirm()
        elif self._at_end:
            self._end_of_paper()
        elif self._waiting is not None:
            self._take_certainty(self._waiting)
        elif self._exam.plan.tutor and self._exam.number in self._exam.to_mark():
            if self._own_verdict(self._exam.number):
                self._own_feedback()
        elif self._exam.locked():
            self._go_on()
        else:
            self._take_answer()

    def _take_answer(self) -> None:
        self._show()
        shown = self._exam.shown
        said = self._talk.answer(shown)
        if said is None:
            return
        given, certainty = said
        if certainty is None and given and self._asks_certainty():
            self._waiting = given
        else:
            self._answer(given, certainty)

    def _take_certainty(self, given: str) -> None:
        line = self._talk.line(asking.SURE_PROMPT)
        if line is None:
            return
        certainty, problem = asking.certainty(line)
        if problem:
            self._talk.say(problem)
        else:
            self._answer(given, certainty)

    def _answer(self, given: str, certainty: Certainty | None) -> None:
        self._waiting = None
        self._talk.do(lambda: self._exam.answer(given, certainty))
        if self._exam.stage is not Stage.OPEN:
            return
        if not self._exam.plan.tutor:
            self._advance()
        elif self._exam.locked():
            self._feedback()

    def _feedback(self) -> None:
        """As tutor: say what came of the answer. A pipe goes on at once."""
        self._talk.tell(telling_exam.feedback(self._desk.library, self._exam.reviewed()))
        if not self._console.interactive:
            self._advance()

    def _own_feedback(self) -> None:
        """As tutor: say the reasons after the learner's own verdict; the right answer was told before it."""
        looked = self._exam.reviewed()
        _, *reasons = telling.answer(looked.shown)
        self._talk.say(telling_exam.verdict(looked), *reasons)
        self._talk.tell(telling_exam.evidence(self._desk.library, looked.shown.card))
        if not self._console.interactive:
            self._advance()

    def _go_on(self) -> None:
        if self._told is not self._exam.shown:
            self._show()
            self._talk.tell(telling_exam.feedback(self._desk.library, self._exam.reviewed()))
        line = self._talk.line("Enter to go on, or a word (help lists them):", bare=True)
        if line is not None:
            self._advance()

    def _advance(self) -> None:
        """Go to the next empty question after this one; without one the end of the paper is reached."""
        ahead = [number for number in self._exam.missing() if number > self._exam.number]
        if ahead:
            self._go_to(ahead[0])
        elif not self._exam.missing() and not self._console.interactive:
            self._talk.do(self._exam.hand_in)  # nobody is there to look at it once more
        else:
            self._reach_end()

    def _reach_end(self) -> None:
        self._at_end, self._end_told = True, False

    def _end_of_paper(self) -> None:
        if not self._end_told:
            self._end_told = True
            *where, _ = telling_exam.navigator(self._exam)
            self._talk.say("", "This was the last question.", *where)
        line = self._talk.line("Hand in now (y), or a command (:go N goes back, :help lists them)?")
        if line is None:
            return
        if line.casefold() in _YES:
            self._hand_in("")
        else:
            self._talk.say("Type y to hand in, or :go and the number of a question.")

    def _confirm(self) -> None:
        line = self._talk.line("Hand in all the same (y or n)?")
        if line is None:
            return
        word = line.casefold()
        if word in _YES:
            self._confirming = False
            self._talk.do(lambda: self._exam.hand_in(confirmed=True))
        elif word in _NO:
            self._confirming = False
            self._told = None
        else:
            self._talk.say("Type y to hand in, or n to go on.")

    # -- commands -----------------------------------------------------------------------------------------------------

    def _commands(self) -> dict[str, Callable[[str], None]]:
        return {
            "next": lambda _: self._move(1),
            "back": lambda _: self._move(-1),
            "go": self._go,
            "flag": self._flag,
            "list": lambda _: self._talk.tell(telling_exam.navigator(self._exam)),
            "time": lambda _: self._talk.say(telling_exam.clock(self._exam)),
            "pause": self._pause,
            "quit": self._quit,
            "hand-in": self._hand_in,
            "help": lambda _: self._talk.say(*_HELP),
        }

    def _move(self, step: int) -> None:
        if not self._sitting():
            return
        number = self._exam.number + step
        if self._at_end and step < 0:
            self._go_to(self._exam.number)
        elif number > self._exam.size:
            self._reach_end()
        elif number < 1:
            self._talk.say("This is the first question.")
        else:
            self._go_to(number)

    def _go(self, text: str) -> None:
        if not self._sitting():
            return
        number = asking.number(text, self._exam.size)
        if number is None:
            self._talk.say(f"Type :go and a number from 1 to {self._exam.size}.")
        else:
            self._go_to(number)

    def _go_to(self, number: int) -> None:
        self._at_end = self._confirming = False
        self._waiting = self._told = None
        self._talk.do(lambda: self._exam.go(number))

    def _flag(self, _: str) -> None:
        if not self._sitting():
            return
        self._talk.do(self._exam.flag)
        state = "flagged" if self._exam.number in self._exam.flagged() else "not flagged any more"
        self._talk.say(f"Question {self._exam.number} is {state}.")

    def _pause(self, text: str) -> None:
        """Stop the clock until Enter; in a pipe nobody could tell when to go on."""
        if not self._sitting():
            return
        if not self._console.interactive:
            self._quit(text)
        self._talk.do(self._exam.pause)
        self._talk.say("The clock stands.")
        if self._console.ask("Enter to go on, :quit to leave:") in (None, ":quit", "quit"):
            raise Quit
        self._exam.go_on()
        self._told = None

    def _quit(self, _: str) -> None:
        raise Quit

    def _hand_in(self, _: str) -> None:
        if not self._sitting():
            return
        self._waiting = None
        self._talk.do(self._exam.hand_in)
        if self._exam.stage is Stage.OPEN:
            self._talk.say(f"Empty: {ranges(self._exam.missing())}.")
            self._confirming = True

    def _sitting(self) -> bool:
        """Whether the exam still takes answers; else say that it does not."""
        if self._exam.stage is Stage.OPEN:
            return True
        self._talk.say("The exam is handed in.")
        return False

    # -- after the exam -----------------------------------------------------------------------------------------------

    def _mark_own(self) -> None:
        """Take the learner's verdicts on the answers that the program cannot mark."""
        if self._exam.stage is Stage.MARKING:
            self._talk.say("", "Now mark the answers that only you can mark.")
        while self._exam.stage is Stage.MARKING:
            self._own_verdict(self._exam.to_mark()[0])

    def _own_verdict(self, number: int) -> bool:
        """Show the right answer and take the learner's verdict on what was written; return whether there is one."""
        shown, reply = self._exam.at(number), self._exam.reply(number)
        assert reply is not None
        if self._told is not shown:
            self._told = shown
            self._talk.say("", f"Question {number} of {self._exam.size}.")
            self._talk.tell(telling_exam.asked(self._desk.library, shown, self._columns))
        if self._revealed is not shown:
            self._revealed = shown
            changed = [f"{shown.change}"] if shown.change else []
            self._talk.say(f"You wrote: {reply.wrote}", f"The answer: {shown.question.key}", *changed)
        line = self._talk.line("Was yours right (y or n)?")
        if line is None:
            return False
        if line.casefold() not in (*_YES, *_NO):
            self._talk.say("Type y if your answer was right, n if not.")
            return False
        self._talk.do(lambda: self._exam.mark_own(number, line.casefold() in _YES))
        return True

    def _result(self) -> None:
        came = self._exam.result
        assert came is not None
        sat = attempts(self._desk.history.of_kind("session")).of(came.plan)
        self._talk.say("")
        self._talk.tell(telling_exam.result(self._desk, came, sat))

    def _review(self) -> bool:
        """Go through the questions again, and at a keyboard offer to study what was missed; return whether to."""
        if not self._exam.plan.tutor:  # which has told it all
            self._talk.say("", "Review.")
            for looked in self._exam.review():
                self._look_again(looked)
        if not (self._console.interactive and self._exam.result and self._exam.result.missed):
            return False
        return (self._console.ask("Study what you missed now (y or n)?") or "").casefold() in _YES

    def _look_again(self, looked: Reviewed) -> None:
        """Say a question with all its reasons; at a keyboard when the learner is ready for it."""
        if self._console.interactive:
            self._wait("Enter for the next question, :quit to end:")
        self._talk.say("")
        self._talk.tell(telling_exam.reviewed(self._desk.library, looked, self._exam.size, self._columns))

    def _wait(self, prompt: str) -> None:
        """Wait for Enter; commands are done meanwhile."""
        while self._talk.line(prompt, bare=True) is None:
            pass

    # -- inside -------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Put the question on the screen if it is not there yet."""
        shown = self._exam.shown
        if shown is self._told:
            return
        self._told = shown
        self._console.forget_typed()
        self._talk.say("")
        self._talk.tell(telling_exam.question(self._desk.library, self._exam, self._columns))
        self._desk.began()

    def _asks_certainty(self) -> bool:
        return self._console.interactive and self._exam.asks_certainty
