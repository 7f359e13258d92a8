"""The line mode of a patient session: one line goes on, and the numbers of phrases tick what was heard."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from pathlib import Path

from quiz.cli.console import Console, Signals
from quiz.cli.talk import Quit, Talk
from quiz.deck.lessons import Lessons
from quiz.deck.sessions import PatientSession
from quiz.errors import QuizError
from quiz.report.handout import handout
from quiz.report.pages import target_for_page, write_page
from quiz.report.spoken import ending, place, said
from quiz.study.teach import Stage, Teaching

MOST_PROBLEMS = 3
_ON = "Enter to go on:"
_BETWEEN = re.compile(r"[\s,;.)]+")
_HELP = (
    "Enter goes on. :back goes back, :end ends the session here, :help says this.",
    "The numbers of phrases tick what you heard: 1 3. The word all ticks them all; only Enter leaves them as they are.",
)


class TeachingMode:
    """One patient session, line by line. `target` is the page to write at the end (None: it is asked for)."""

    def __init__(self, lessons: Lessons, console: Console, signals: Signals, target: Path | None = None) -> None:
        self._lessons = lessons
        self._console = console
        self._target = target
        self._teaching: Teaching | None = None
        commands: dict[str, Callable[[str], None]] = {"back": self._back, "end": self._end, "help": self._help}
        self._talk = Talk(console, signals, commands | {"quit": self._end})

    def run(self, session: PatientSession | None = None) -> None:
        """Hold a session (which one is asked for where it is None) and write the page. The input's end ends it too.

        Raises QuizError when the page that was asked for cannot be written and no other name is given.
        """
        problems = self._lessons.problems
        self._talk.tell(f"Left out: {problem}" for problem in problems[:MOST_PROBLEMS])
        if len(problems) > MOST_PROBLEMS:
            self._console.say(f"... and {len(problems) - MOST_PROBLEMS} more: quiz check")
        session = session or self._choose()
        if session is None:
            return
        teaching = self._teaching = Teaching(session, self._lessons.figures(session))
        with contextlib.suppress(Quit):
            while not teaching.done:
                self._step(teaching)
        self._console.say()
        self._tell_end(teaching)
        self._page(teaching)

    def _choose(self) -> PatientSession | None:
        """Ask which procedure; None when the input ends."""
        sessions = self._lessons.sessions.found
        self._console.say("What is it about?")
        self._talk.tell(f"{number}. {session.title}" for number, session in enumerate(sessions, 1))
        while True:
            line = self._console.ask(f"Type a number (1-{len(sessions)}):")
            if line is None or line.removeprefix(":") in ("quit", "end"):
                return None
            numbers = _numbers(line, len(sessions))
            if numbers and len(numbers) == 1:
                return sessions[numbers[0] - 1]
            self._console.say(f"Type a number from 1 to {len(sessions)}, or quit.")

    def _step(self, teaching: Teaching) -> None:
        """Say one step and take one line."""
        step = teaching.step
        self._tell(teaching)
        while teaching.step == step:
            if not teaching.to_tick:
                if self._talk.line(_ON, bare=True) == "":
                    teaching.next()
                continue
            line = self._talk.line(_tick_prompt(teaching))
            if line is not None and self._tick(teaching, line):
                teaching.next()

    def _tell(self, teaching: Teaching) -> None:
        """Say what a step says."""
        words = said(teaching, self._lessons.local)
        where = place(teaching)
        self._console.say()
        if teaching.step.stage in (Stage.BEGIN, Stage.SAY, Stage.QUESTIONS):
            self._console.say(f"{where}: {words.title}" if where else words.title)
        lead = "A picture would show" if teaching.step.stage is Stage.LOOK else words.lead
        self._console.say(f"{lead}: {' '.join(words.words)}" if words.words else f"{lead}.")
        if words.note:
            self._console.say(words.note)
        for number, phrase in enumerate(teaching.to_tick, 1):
            ticked = " (ticked)" if number - 1 in teaching.ticked else ""
            self._console.say(f"{number}. {phrase}{ticked}")

    def _tick(self, teaching: Teaching, line: str) -> bool:
        """Tick what a line names; return whether it could be read."""
        most = len(teaching.to_tick)
        if line.isalpha() and line.casefold() != "all":
            self._talk.command(line)
            return False
        if line.casefold() == "all":
            teaching.tick_only(range(most))
        elif line:
            numbers = _numbers(line, most)
            if numbers is None:
                self._console.say(f"Type numbers from 1 to {most} such as 1 2, the word all, or only Enter.")
                return False
            teaching.tick_only([number - 1 for number in numbers])
        return True

    def _tell_end(self, teaching: Teaching) -> None:
        """Say what the session came to."""
        for heading, items in ending(teaching.taught()):
            if items:
                self._console.say(f"{heading}:")
                self._talk.tell(f"- {item}" for item in items)

    def _page(self, teaching: Teaching) -> None:
        """Write the page to take home: where `--to` said, or else where the educator says now."""
        target, trouble = self._target, None
        while True:
            try:
                if target is not None:
                    write_page(handout(teaching.taught(), self._lessons.local, self._lessons.sources()), target)
                    self._console.say(f"The page to take home is in {target}")
                    return
                line = self._console.ask("A page to take home? Name a file (.md or .html), or only Enter:")
                if not line:
                    break
                target = target_for_page(line)
            except QuizError as error:
                target, trouble = None, error
                self._console.say(f"{str(error)[:1].upper()}{str(error)[1:]}.")
        if trouble and self._target:
            raise trouble

    # -- commands -----------------------------------------------------------------------------------------------------

    def _back(self, _: str) -> None:
        if self._teaching:
            self._teaching.back()

    def _end(self, _: str) -> None:
        raise Quit

    def _help(self, _: str) -> None:
        self._talk.say(*_HELP)


def _tick_prompt(teaching: Teaching) -> str:
    if teaching.step.stage is Stage.QUESTIONS:
        return "Which ones (numbers such as 1 3, or only Enter)?"
    return "What did you hear (numbers such as 1 3, all, or only Enter)?"


def _numbers(line: str, most: int) -> list[int] | None:
    """Return the numbers from 1 to `most` in a line (`1 3`, `1, 3.`), or None where there is anything else."""
    words = [word for word in _BETWEEN.split(line) if word]
    sound = all(word.isascii() and word.isdecimal() and len(word) < 3 and 1 <= int(word) <= most for word in words)
    return [int(word) for word in words] if sound and words else None
