"""The line mode: a session in lines of text, for screen readers, simple terminals and pipes.

It prints what the session shows and passes on what the learner says. From a pipe it reads one answer a line and goes
on to the next question at once, so that a program on the other side is never left waiting; a person at a keyboard is
given time after each answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from quiz.cli import telling
from quiz.cli.console import Console, Signals
from quiz.desk import Desk
from quiz.memory import Rating
from quiz.questions import Choice, Flip
from quiz.study.rating import Certainty
from quiz.study.session import Feedback, Phase, Session, Shown
from quiz.text import nearest

DONT_KNOW = "?"
_RATINGS = "1 Again, 2 Hard, 3 Good, 4 Easy"
_SURE: dict[str, Certainty] = {"l": "low", "m": "mid", "h": "high"}
_SURE_AT_END = re.compile(r"(?:^|\s)!([lmh])$", re.IGNORECASE)
_HELP = (
    "A line that begins with ':' is a command; after an answer the colon may be left out.",
    ":undo takes the last answer back and asks again.",
    ":rate N changes the rating of the last answer (1 Again, 2 Hard, 3 Good, 4 Easy).",
    ":source tells the sources of the card answered last.",
    ":flag TEXT notes that something is wrong with the card on the screen.",
    ":suspend leaves the card on the screen out for good, :bury until tomorrow.",
    ":quit stops; the session goes on at the same question.",
    "An answer may end in !l, !m or !h: how sure you are (low, middle, high). A ? means that you don't know.",
)


class _Quit(Exception):
    """The learner is done, or the input is at its end."""


class LineMode:
    """One session, line by line."""

    def __init__(self, desk: Desk, session: Session, console: Console, signals: Signals) -> None:
        self._desk = desk
        self._session = session
        self._console = console
        self._signals = signals
        self._told: Shown | None = None  # the question that is on the screen
        self._waiting: tuple[Shown, str] | None = None  # an answer, until the learner has said how sure it is
        self._certainty: Certainty | None = None  # of the flip card whose answer is on the screen
        self._last: Feedback | None = None  # of the last answer given here
        self._trouble = ""
        self._commands: dict[str, Callable[[str], None]] = {
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
        self._say(telling.opening(self._desk, self._session))
        try:
            while self._session.phase is not Phase.DONE:
                self._step()
        except _Quit:
            self._do(self._session.stop)
        self._console.say()
        self._say(telling.result(self._desk, self._session))

    def _step(self) -> None:
        """Take one line and do what it says."""
        self._do(self._desk.history.flush)
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
            self._say(telling.question(self._session, shown))
        if not isinstance(shown.question, Flip):
            self._take_words(shown)
        elif self._console.interactive:
            self._take_thought(shown)
        else:
            self._take_verdict()

    def _take_words(self, shown: Shown) -> None:
        """Take the number of an option, or typed words."""
        options = len(shown.order)
        allowed = f"1-{options}, or {DONT_KNOW}" if options else DONT_KNOW
        line = self._line(f"Your answer ({allowed} for I don't know):")
        if line is None:
            return
        text, certainty = _split(line)
        if text == DONT_KNOW:
            self._answer("", None)
            return
        if isinstance(shown.question, Choice):
            number = _number(text, options)
            if number is None:
                self._console.say(f"Type a number from 1 to {options}, or {DONT_KNOW} if you do not know.")
                return
            text = str(shown.order[number - 1])
        elif not text:
            self._console.say(f"Type your answer, or {DONT_KNOW} if you do not know.")
            return
        if certainty is None and self._asks_certainty():
            self._waiting = (shown, text)
        else:
            self._answer(text, certainty)

    def _take_thought(self, shown: Shown) -> None:
        """Give time to think of a flip card's answer; what is typed meanwhile is the learner's own."""
        line = self._line("Think of the answer, then press Enter:")
        if line is None:
            return
        self._certainty = None
        if self._asks_certainty():
            self._waiting = (shown, "")
        else:
            self._reveal()

    def _take_certainty(self, given: str) -> None:
        """Take how sure the learner is of an answer that is not marked yet."""
        line = self._line("How sure are you (l low, m middle, h high, or only Enter)?")
        if line is None:
            return
        key = {"1": "l", "2": "m", "3": "h"}.get(line, line.casefold()[:1])
        if key and key not in _SURE:
            self._console.say("Type l, m or h (or 1, 2, 3); only Enter leaves it open.")
            return
        self._waiting = None
        self._certainty = _SURE.get(key)
        if isinstance(self._shown().question, Flip):
            self._reveal()
        else:
            self._answer(given, self._certainty)

    def _take_verdict(self) -> None:
        """Take the learner's own verdict on a flip card."""
        line = self._line(f"How did it go ({_RATINGS})?")
        if line is None:
            return
        text, certainty = _split(line)
        number = 1 if text == DONT_KNOW else _number(text, 4)
        if number is None:
            self._console.say(f"Type a number from 1 to 4: {_RATINGS}.")
            return
        hidden = self._session.phase is Phase.ASK
        if hidden:
            self._do(self._session.reveal)
        self._do(lambda: self._session.rate(Rating(number), certainty or self._certainty))
        self._told_feedback(with_answer=hidden)

    def _reveal(self) -> None:
        """Show the answer of a flip card; the verdict comes next."""
        self._do(self._session.reveal)
        self._say(telling.answer(self._shown()))

    def _answer(self, given: str, certainty: Certainty | None) -> None:
        self._do(lambda: self._session.answer(given, certainty))
        self._told_feedback(with_answer=True)

    def _told_feedback(self, *, with_answer: bool) -> None:
        """Say what came of the answer; it is on the disk by now (or the trouble has been told)."""
        feedback = self._session.feedback
        assert feedback is not None
        self._last, self._certainty = feedback, None
        self._say(telling.verdict(self._shown(), feedback))
        if with_answer:
            self._say(telling.answer(self._shown()))
        self._console.say(telling.comes_back(feedback))

    # -- after an answer ----------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Give a person time to read, and to say something about the card; a pipe goes on at once."""
        if not self._console.interactive:
            self._do(self._session.next)
            return
        line = self._line("Enter to go on, or a word (help lists them):")
        if line is None:
            return
        if not line:
            self._do(self._session.next)
        elif _number(line, 4) is not None:
            self._rate(line)
        else:
            self._command(line)

    def _command(self, line: str) -> None:
        """Do what a command says; for an unknown one name the nearest."""
        word, _, rest = line.removeprefix(":").strip().partition(" ")
        known = self._commands.get(word.casefold())
        if known:
            known(rest.strip())
            return
        guess = nearest(word, set(self._commands))
        mend = f"did you mean '{guess}'?" if guess else f"there are: {', '.join(self._commands)}"
        self._console.say(f"There is no command '{word}' - {mend}")

    def _undo(self, _: str) -> None:
        if not self._session.can_undo:
            self._console.say("There is no answer to take back.")
            return
        self._last = None
        self._do(self._session.undo)
        self._console.say("The last answer is taken back.")

    def _rate(self, text: str) -> None:
        """Change the rating of the last answer, whether or not the session has gone on since."""
        number = _number(text, 4)
        if number is None:
            self._console.say(f"Type :rate and a number from 1 to 4: {_RATINGS}.")
        elif self._last is None:
            self._console.say("There is no answer to rate.")
        else:
            rating = Rating(number)
            self._do(lambda: self._rate_last(rating))
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
        self._say(telling.sources(self._desk, self._session.answered[-1].card))

    def _flag(self, text: str) -> None:
        if not text:
            self._console.say("Say what is wrong: :flag TEXT")
            return
        shown = self._shown()
        self._do(lambda: self._session.flag(text))
        if self._told is shown:  # the question is still the same, and so is an answer to it
            self._told = self._shown()
        if self._waiting and self._waiting[0] is shown:
            self._waiting = (self._shown(), self._waiting[1])
        self._console.say("The note is kept with this card.")

    def _suspend(self, _: str) -> None:
        self._do(self._session.suspend)
        self._console.say("This card is not asked any more.")

    def _bury(self, _: str) -> None:
        self._do(self._session.bury)
        self._console.say("This card is put off until tomorrow.")

    def _help(self, _: str) -> None:
        self._say(_HELP)

    def _quit(self, _: str) -> None:
        raise _Quit

    # -- lines --------------------------------------------------------------------------------------------------------

    def _line(self, prompt: str) -> str | None:
        """Return the next line; None when it was a command, which is done then. Raises _Quit at the end."""
        line = self._console.ask(prompt)
        if line is None:
            raise _Quit
        if line.startswith(":"):
            self._command(line)
            return None
        return line

    def _do(self, action: Callable[[], object]) -> None:
        """Do something that is recorded, undisturbed by signals; say once when the disk does not take it."""
        with self._signals.held():
            action()
        trouble = str(self._desk.history.trouble or "")
        if trouble and trouble != self._trouble:
            self._console.say(f"Attention: {trouble}")
        self._trouble = trouble

    def _say(self, paragraphs: Iterable[str]) -> None:
        for paragraph in paragraphs:
            self._console.say(paragraph)

    def _shown(self) -> Shown:
        assert self._session.shown is not None
        return self._session.shown

    def _asks_certainty(self) -> bool:
        return self._console.interactive and self._desk.history.settings.certainty == "on"


def _split(line: str) -> tuple[str, Certainty | None]:
    """Return an answer and, where it ends in !l, !m or !h, how sure the learner is of it."""
    found = _SURE_AT_END.search(line)
    if not found:
        return line, None
    return line[: found.start()].strip(), _SURE[found[1].casefold()]


def _number(text: str, most: int) -> int | None:
    """Return the number from 1 to `most` that a line is (`2`, `2.`, `2)`), or None."""
    digits = text.removesuffix(".").removesuffix(")")
    return (
        int(digits)
        if digits.isascii() and digits.isdecimal() and len(digits) < 3 and 1 <= int(digits) <= most
        else None
    )
