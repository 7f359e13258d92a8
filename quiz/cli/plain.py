"""The line mode: a session in lines of text, for screen readers, simple terminals and pipes.

It prints what the session shows and passes on what the learner says. From a pipe it reads one answer a line and goes
on to the next question at once, so that a program on the other side is never left waiting; a person at a keyboard is
given time after each answer.
"""

from __future__ import annotations

from collections.abc import Callable

from quiz.cli import asking, telling
from quiz.cli.asking import DONT_KNOW, ZERO
from quiz.cli.console import Console, Signals
from quiz.cli.talk import Quit, Talk
from quiz.desk import Desk
from quiz.memory import Rating
from quiz.questions import Flip
from quiz.study.rating import Certainty
from quiz.study.session import Feedback, Phase, Session
from quiz.study.shown import Shown

_RATINGS = "1 Again, 2 Hard, 3 Good, 4 Easy"
_HELP = (
    "A line that begins with ':' is a command; after an answer the colon may be left out.",
    ":undo takes the last answer back and asks again.",
    ":rate N changes the rating of the last answer (1 Again, 2 Hard, 3 Good, 4 Easy).",
    ":source tells the sources of the card answered last.",
    ":flag TEXT notes that something is wrong with the card on the screen.",
    ":suspend leaves the card on the screen out for good, :bury until tomorrow.",
    ":quit stops; the session goes on at the same question.",
    "An answer may end in !l, !m or !h: how sure you are (low, middle, high).",
    "A ? means that you don't know, and so does a 0 where answers have numbers.",
)


class LineMode:
    """One session, line by line."""

    def __init__(self, desk: Desk, session: Session, console: Console, signals: Signals) -> None:
        self._desk = desk
        self._session = session
        self._console = console
        self._told: Shown | None = None  # the question that is on the screen
        self._waiting: tuple[Shown, str] | None = None  # an answer, until the learner has said how sure it is
        self._certainty: Certainty | None = None  # of the flip card whose answer is on the screen
        self._last: Feedback | None = None  # of the last answer given here
        self._warned: tuple[str, ...] = ()  # the cards in danger over which the learner was asked to stay
        self._talk = Talk(console, signals, self._commands(), lambda: desk.history.trouble)

    def _commands(self) -> dict[str, Callable[[str], None]]:
        return {
            "undo": self._undo,
            "rate": self._rate,
            "source": self._source,
            "flag": self._flag,
            "suspend": self._suspend,
            "bury": self._bury,
            "help": self._help,
            "quit": self._quit,
        }

    def run(self) -> None:
        """Ask until the session is done, the learner stops or the input ends; then say what it came to."""
        self._talk.tell(telling.opening(self._desk, self._session))
        if self._console.interactive:
            self._console.say("Commands begin with a colon; :help lists them.")
        try:
            while self._session.phase is not Phase.DONE:
                self._step()
        except Quit:
            self._talk.do(self._session.stop)
        self._console.say()
        self._talk.tell(telling.result(self._desk, self._session))

    def _step(self) -> None:
        """Take one line and do what it says."""
        self._talk.do(self._desk.history.flush)
        match self._session.phase:
            case Phase.FEEDBACK:
                self._go_on()
            case Phase.REVEALED:
                self._take_verdict()
            case _ if self._waiting and self._waiting[0] is self._session.shown:
                self._take_certainty(self._waiting[1])
            case _:
                self._take_answer()

    # -- answers ------------------------------------------------------------------------------------------------------

    def _take_answer(self) -> None:
        """Put the question on the screen if it is not there yet, and take an answer to it."""
        shown = self._shown()
        if shown is not self._told:
            self._told = shown
            self._console.forget_typed()
            self._console.say()
            self._talk.tell(telling.question(self._desk, self._session, shown, self._console.columns(asking.WIDEST)))
            self._desk.began()
        if not isinstance(shown.question, Flip):
            self._take_words(shown)
        elif self._console.interactive:
            self._take_thought(shown)
        else:
            self._take_verdict()

    def _take_words(self, shown: Shown) -> None:
        """Take an answer that the program marks."""
        said = self._talk.answer(shown)
        if said is None:
            return
        given, certainty = said
        if certainty is None and given and self._asks_certainty():
            self._waiting = (shown, given)
        else:
            self._answer(given, certainty)

    def _take_thought(self, shown: Shown) -> None:
        """Give time to think of a flip card's answer; what is typed meanwhile is the learner's own."""
        line = self._talk.line("Think of the answer, then press Enter:")
        if line is None:
            return
        self._certainty = None
        if self._asks_certainty():
            self._waiting = (shown, "")
        else:
            self._reveal()

    def _take_certainty(self, given: str) -> None:
        """Take how sure the learner is of an answer that is not marked yet."""
        line = self._talk.line(asking.SURE_PROMPT)
        if line is None:
            return
        certainty, problem = asking.certainty(line)
        if problem:
            self._console.say(problem)
            return
        self._waiting = None
        self._certainty = certainty
        if isinstance(self._shown().question, Flip):
            self._reveal()
        else:
            self._answer(given, certainty)

    def _take_verdict(self) -> None:
        """Take the learner's own verdict on a flip card."""
        line = self._talk.line(f"How did it go ({_RATINGS})?")
        if line is None:
            return
        text, certainty = asking.with_certainty(line)
        number = 1 if text in (DONT_KNOW, ZERO) else asking.number(text, 4)
        if number is None:
            self._console.say(f"Type a number from 1 to 4: {_RATINGS}.")
            return
        hidden = self._session.phase is Phase.ASK
        if hidden:
            self._talk.do(self._session.reveal)
        self._talk.do(lambda: self._session.rate(Rating(number), certainty or self._certainty))
        self._told_feedback(with_answer=hidden)

    def _reveal(self) -> None:
        """Show the answer of a flip card; the verdict comes next."""
        self._talk.do(self._session.reveal)
        self._talk.tell(telling.answer(self._shown()))

    def _answer(self, given: str, certainty: Certainty | None) -> None:
        self._talk.do(lambda: self._session.answer(given, certainty))
        self._told_feedback(with_answer=True)

    def _told_feedback(self, *, with_answer: bool) -> None:
        """Say what came of the answer; it is on the disk by now (or the trouble has been told)."""
        feedback = self._session.feedback
        assert feedback is not None
        self._last, self._certainty = feedback, None
        shown = self._shown()
        self._talk.tell(telling.verdict(shown, feedback))
        if with_answer:
            self._talk.tell(telling.answer(shown))
        self._talk.tell(telling.besides(self._desk, self._session, feedback))

    # -- after an answer ----------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Give a person time to read, and to say something about the card; a pipe goes on at once."""
        if not self._console.interactive:
            self._talk.do(self._session.next)
            return
        line = self._talk.line("Enter to go on, or a word (help lists them):")
        if line is None:
            return
        if not line:
            self._talk.do(self._session.next)
        elif asking.number(line, 4) is not None:
            self._rate(line)
        else:
            self._talk.command(line)

    def _undo(self, _: str) -> None:
        if not self._session.can_undo:
            self._console.say("There is no answer to take back.")
            return
        self._last = None
        self._talk.do(self._session.undo)
        self._console.say("The last answer is taken back.")

    def _rate(self, text: str) -> None:
        """Change the rating of the last answer, whether or not the session has gone on since."""
        number = asking.number(text, 4)
        if number is None:
            self._console.say(f"Type :rate and a number from 1 to 4: {_RATINGS}.")
        elif self._last is None:
            self._console.say("There is no answer to rate.")
        elif not self._last.counts:
            self._console.say("This answer is not rated: it leaves the schedule alone.")
        else:
            rating = Rating(number)
            self._talk.do(lambda: self._rate_last(rating))
            self._console.say(f"Rated {rating.name.capitalize()}. {telling.comes_back(self._last)}")

    def _rate_last(self, rating: Rating) -> None:
        """Rate the answer on the screen; one that is gone from it is taken back and given again as it was."""
        session, last = self._session, self._last
        assert last is not None
        gone_on = session.phase is not Phase.FEEDBACK
        if gone_on:
            session.undo()
            if isinstance(self._shown().question, Flip):
                session.reveal()
                session.rate(rating, last.certainty)
            else:
                session.answer(last.given, last.certainty)
        self._last = session.rate(rating)
        if gone_on:
            session.next()

    def _source(self, _: str) -> None:
        if not self._session.answered:
            self._console.say("The sources are told after an answer.")
            return
        self._talk.tell(telling.sources(self._desk, self._session.answered[-1].card))

    def _flag(self, text: str) -> None:
        if not text:
            self._console.say("Say what is wrong: :flag TEXT")
            return
        shown = self._shown()
        self._talk.do(lambda: self._session.flag(text))
        if self._told is shown:  # the question is still the same, and so is an answer to it
            self._told = self._shown()
        if self._waiting and self._waiting[0] is shown:
            self._waiting = (self._shown(), self._waiting[1])
        self._console.say("The note is kept with this card.")

    def _suspend(self, _: str) -> None:
        self._talk.do(self._session.suspend)
        self._console.say("This card is not asked any more.")

    def _bury(self, _: str) -> None:
        self._talk.do(self._session.bury)
        self._console.say("This card is put off until tomorrow.")

    def _help(self, _: str) -> None:
        self._talk.tell(_HELP)

    def _quit(self, _: str) -> None:
        """Stop; over a must-pass card that was surely wrong the learner is asked once whether to stay."""
        open_ = self._session.unsettled
        if open_ and open_ != self._warned and self._console.interactive:
            self._warned = open_
            self._talk.tell(telling.unsettled(self._desk, open_))
            return
        raise Quit

    # -- what is on the screen ----------------------------------------------------------------------------------------

    def _shown(self) -> Shown:
        assert self._session.shown is not None
        return self._session.shown

    def _asks_certainty(self) -> bool:
        return self._console.interactive and self._desk.history.settings.certainty == "on"
