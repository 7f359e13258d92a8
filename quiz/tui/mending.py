"""Mends a card: opens its deck in the learner's editor at its line, reads it again, and says what is wrong then."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from quiz.deck.model import Card
from quiz.places import Problem
from quiz.text import clean
from quiz.tui import editor

if TYPE_CHECKING:
    from quiz.tui.app import QuizApp


def mend(quiz: QuizApp, card: Card, changed: Callable[[], None]) -> None:
    """Open the file of a card; `changed` is called if the decks were read anew."""
    path, place = Path(card.file).absolute(), f"The card stands in\n{card.file}\nline {card.line}"
    if not path.is_file():
        _warn(quiz, f"{path} is not there any more.")
        return
    words = editor.command(os.environ, path, card.line)
    if words is None:
        _tell(quiz, "No editor is set", f"{place}\n\nTo open it from here, set VISUAL or EDITOR to your editor.")
        return

    def edit() -> None:
        if _lend(quiz, words, place):
            _read_again(quiz, path, changed)

    if editor.writable(path):
        edit()
        return
    from quiz.tui.screens.confirm import ConfirmScreen

    text = f"{path}\ncan be read but not changed by you. To say what is wrong with the card, flag it."
    quiz.push_screen(
        ConfirmScreen("This file is read-only", text, "open it to read"), lambda yes: edit() if yes else None
    )


def _lend(quiz: QuizApp, words: list[str], place: str) -> bool:
    """Lend the terminal to the editor; return whether it ran."""
    try:
        with quiz.suspend():
            code = editor.run(words)
    except SuspendNotSupported:
        _tell(quiz, "This terminal cannot be lent to an editor", place)
        return False
    except OSError as error:
        _warn(quiz, f"'{words[0]}' cannot be started ({error.strerror}). Check VISUAL and EDITOR.")
        return False
    if code:
        _warn(quiz, f"The editor ended with code {code}.")
    return True


def _read_again(quiz: QuizApp, path: Path, changed: Callable[[], None]) -> None:
    """Read the decks that changed, and say what is wrong in the one that was open, or newly wrong in another."""
    library = quiz.desk.library
    before = set(library.problems())
    try:
        anew = library.refresh()
    except sqlite3.Error as error:
        _warn(quiz, f"The decks cannot be read again ({error}).")
        return
    if anew:
        quiz.desk.history.revise()
        changed()
    name = clean(str(path), lines=False)
    wrong = [p for p in library.problems() if p.place.file == name or p not in before]
    if wrong:
        _tell(quiz, "What is wrong in deck files", "\n\n".join(map(_problem, wrong)))
    else:
        said = f"{path.name}: {'read again.' if anew else 'nothing was changed.'}"
        quiz.notify(clean(said, lines=False), markup=False)


def _problem(problem: Problem) -> str:
    return f"{problem.place}\n  {problem.what}\n  {problem.mend}"


def _warn(quiz: QuizApp, text: str) -> None:
    quiz.notify(clean(text, lines=False), severity="warning", markup=False)


def _tell(quiz: QuizApp, heading: str, text: str) -> None:
    from quiz.tui.screens.texts import TextScreen

    quiz.push_screen(TextScreen(heading, text))
