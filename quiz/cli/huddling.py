"""The huddle in lines: a question to read out, a show of hands typed in as counts, the tally with the reasons."""

from __future__ import annotations

from collections.abc import Iterator

from quiz.cli import asking, telling, telling_exam
from quiz.cli.console import Console, Signals
from quiz.cli.talk import Quit, Talk
from quiz.deck.library import Library
from quiz.paths import shipped_decks
from quiz.report.words import percent
from quiz.study.huddle import Huddle, Tally
from quiz.study.shown import Shown
from quiz.text import counted

_HELP = (
    "Read the question out, count the hands for each option, and type the counts in their order, as in: 3 10 2 0",
    "A question without options shows its answer first; then count who had it right, and who had not.",
    ":next leaves the question out, :quit ends with the totals. Nothing is kept of a huddle.",
)


class HuddleMode:
    """One huddle, line by line. It is given the decks and no history: there is nothing it could write to."""

    def __init__(self, library: Library, huddle: Huddle, console: Console, signals: Signals) -> None:
        self._library = library
        self._huddle = huddle
        self._console = console
        self._told: Shown | None = None
        commands = {"next": self._next, "quit": self._quit, "help": self._help}
        self._talk = Talk(console, signals, commands)

    def run(self) -> None:
        """Go through the questions; then say how the group did."""
        heading = f"Huddle: {counted(self._huddle.size, 'question')}. Nothing is kept. :help lists the commands."
        if shipped_decks().resolve() in self._library.roots:
            self._talk.say(telling.NOT_FOR_TREATMENT)
        self._talk.say(heading)
        try:
            while (shown := self._huddle.shown) is not None:
                self._step(shown)
        except Quit:
            pass
        self._talk.say("")
        self._talk.tell(self._totals())

    def _step(self, shown: Shown) -> None:
        if self._huddle.tally is not None:
            if self._talk.line("Enter for the next question:") is not None:
                self._huddle.next()
            return
        if shown is not self._told:
            self._told = shown
            self._show(shown)
        line = self._talk.line(f"Hands ({counted(len(self._huddle.choices), 'number')}):")
        if line is None:
            return
        problem = self._huddle.problem(line)
        if problem:
            self._talk.say(f"{problem[0].upper()}{problem[1:]}")
            return
        self._talk.tell(self._tally(self._huddle.count(line)))
        if not self._console.interactive:
            self._huddle.next()

    def _show(self, shown: Shown) -> None:
        self._talk.say("", f"Question {self._huddle.number} of {self._huddle.size}. {shown.card.deck}.")
        self._talk.tell(telling_exam.asked(self._library, shown, self._console.columns(asking.WIDEST)))
        if not self._huddle.open_ended:
            return
        if self._console.interactive:
            self._console.ask("Think of the answer, then press Enter:")
        self._talk.tell(telling.answer(shown))
        self._talk.say(f"Hands for: {', then '.join(self._huddle.choices)}.")

    def _tally(self, tally: Tally) -> Iterator[str]:
        """Say the counts with what is right, and why."""
        yield f"Right: {tally.right} of {counted(tally.hands, 'hand')} ({percent(tally.share)})."
        for reason, count in zip(tally.reasons, tally.counts, strict=False):
            said = f"{counted(count, 'hand')}, {'right' if reason.right else 'wrong'}."
            yield f"{reason.number}. {reason.text} - {said} {reason.why}".rstrip()
        if tally.reasons:
            yield from telling.answer(tally.shown)
        yield from telling_exam.evidence(self._library, tally.shown.card)

    def _totals(self) -> Iterator[str]:
        """Say how the group did, and what to talk about again."""
        totals = self._huddle.totals()
        if not totals.asked:
            yield "No hands were counted."
            return
        share = f"{totals.right} of {counted(totals.hands, 'hand')} ({percent(totals.share)})"
        yield f"Totals: {counted(totals.asked, 'question')}, right: {share}."
        if totals.weakest:
            yield "To talk about again, the weakest first:"
        for card in totals.weakest:
            yield f"- {card.fact}"

    def _next(self, _: str) -> None:
        self._huddle.next()

    def _help(self, _: str) -> None:
        self._talk.say(*_HELP)

    def _quit(self, _: str) -> None:
        raise Quit
