"""A conversation in lines: prompts, commands that begin with a colon, and actions that no signal cuts in two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from quiz.cli import asking
from quiz.cli.console import Console, Signals
from quiz.study.rating import Certainty
from quiz.study.shown import Shown
from quiz.text import nearest


class Quit(Exception):
    """The learner is done, or the input is at its end."""


class Talk:
    """The lines of one run. A command is called with what follows its name; `trouble` says what the disk refuses."""

    def __init__(
        self,
        console: Console,
        signals: Signals,
        commands: Mapping[str, Callable[[str], None]],
        trouble: Callable[[], object] = lambda: None,
    ) -> None:
        self.console = console
        self._signals = signals
        self._commands = commands
        self._trouble = trouble
        self._told = ""

    def line(self, prompt: str, *, bare: bool = False) -> str | None:
        """Return the next line; None when it was a command, which is done then. Raises Quit at the end.

        With `bare`, any word is a command, for a prompt that only waits.
        """
        line = self.console.ask(prompt)
        if line is None:
            raise Quit
        if line.startswith(":") or (bare and line):
            self.command(line)
            return None
        return line

    def answer(self, shown: Shown) -> tuple[str, Certainty | None] | None:
        """Return an answer as `question.mark` takes it, and how sure the learner said to be with it.

        None when the line was a command, or could not be taken and that was said.
        """
        line = self.line(asking.prompt(shown))
        if line is None:
            return None
        text, certainty = asking.with_certainty(line)
        found = asking.read(shown, text)
        if found.problem:
            self.console.say(self._meant(text) or f"{found.problem} :help lists the commands.")
            return None
        return found.given, certainty

    def command(self, line: str) -> None:
        """Do what a command says; for an unknown one name the nearest."""
        word, _, rest = line.removeprefix(":").strip().partition(" ")
        known = self._commands.get(word.casefold())
        if known:
            known(rest.strip())
            return
        guess = nearest(word, set(self._commands))
        mend = f"did you mean '{guess}'?" if guess else f"there are: {', '.join(self._commands)}"
        self.console.say(f"There is no command '{word}' - {mend}")

    def _meant(self, line: str) -> str:
        """Say which command was meant by a line that is no answer: `undo`, or the `q` of the screens; "" if none."""
        word = line.partition(" ")[0].casefold()
        name = "quit" if word == "q" else word
        return f"At a question a command begins with a colon: :{name}" if name in self._commands else ""

    def do(self, action: Callable[[], object]) -> None:
        """Do something that is recorded, undisturbed by signals; say once when the disk does not take it."""
        with self._signals.held():
            action()
        trouble = str(self._trouble() or "")
        if trouble and trouble != self._told:
            self.console.say(f"Attention: {trouble}")
        self._told = trouble

    def say(self, *paragraphs: str) -> None:
        """Say paragraphs, one after another."""
        for paragraph in paragraphs:
            self.console.say(paragraph)

    def tell(self, paragraphs: Iterable[str]) -> None:
        """Say what a telling function yields."""
        self.say(*paragraphs)
