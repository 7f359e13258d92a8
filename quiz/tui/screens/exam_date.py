"""The exam that is studied for: how it stands towards the day, what that costs, and the date itself."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from quiz.deck.library import Library
from quiz.deck.scope import Scope
from quiz.desk import exam_scope
from quiz.errors import UsageError
from quiz.memory import date_of
from quiz.memory.exam import Expected
from quiz.report import towards
from quiz.report.prices import price_rows
from quiz.report.towards import Standing, standing
from quiz.report.words import percent
from quiz.study.target import Target, kept_target, read_target
from quiz.text import clean
from quiz.tui.actions import bindings
from quiz.tui.present import LONGEST, MUTED, bar, fitted, joined, paragraphs, plain, styled, wrapped
from quiz.tui.screens.page import Page
from quiz.tui.screens.prices import curve
from quiz.tui.widgets.dialog import Dialog
from quiz.tui.widgets.keyline import Key
from quiz.tui.widgets.picker import Picker, Row
from quiz.tui.widgets.sheet import Sheet

NARROW = 56  # cells: below it there is no room for words beside a bar
_NO_DATE = "No exam is set. With a date, the last days ask what gains most by it, and this page tells what to expect."


class ExamDateScreen(Page):
    """What is expected on the day, with study and without, and what each aim costs."""

    CSS_PATH = "../styles/progress.tcss"
    NAME = "exam_date"
    BINDINGS = bindings(NAME)

    def __init__(self, marked: Scope) -> None:
        """`marked` is what a new exam may be about beside everything; its decks stand there as their paths."""
        super().__init__()
        self._marked = marked
        self._standing: Standing | None = None
        self._wrong = ""
        self._counting: sqlite3.Connection | None = None

    def inside(self) -> ComposeResult:
        yield Sheet(id="outlook")

    def on_mount(self) -> None:
        self.new_turn()
        library = self.quiz.desk.library
        self._marked = replace(self._marked, decks=tuple(_short(path, library) for path in self._marked.decks))
        self._look()
        if self._target is None:
            self.call_after_refresh(self.action_change)

    def on_unmount(self) -> None:
        counting, self._counting = self._counting, None
        if counting is not None:
            with contextlib.suppress(sqlite3.ProgrammingError):  # it has ended already
                counting.interrupt()

    @property
    def _target(self) -> Target | None:
        return kept_target(self.quiz.desk.history.settings.exam)

    def _look(self) -> None:
        """Work out how it stands, in a thread: the days ahead are played through card by card."""
        target, desk = self._target, self.quiz.desk
        self._standing, self._wrong = None, ""
        if target is not None and desk.history.today() < target.day:
            try:
                scope = exam_scope(desk.library, target)
            except UsageError as error:
                self._wrong = str(error)
            else:
                self._counting = db = desk.history.reader()
                self.run_worker(
                    partial(self._count, db, scope, target), thread=True, exclusive=True, exit_on_error=False
                )
        self.draw()

    def _count(self, db: sqlite3.Connection, scope: Scope, target: Target) -> None:
        history = self.quiz.desk.history
        day, settings = history.today(), history.settings
        with closing(db), contextlib.suppress(sqlite3.OperationalError):  # when the screen has been left
            found = standing(db, scope, day, target.since, target.day, settings.minutes, settings.retention)
            if self._counting is db:
                self.app.call_from_thread(self._found, found)

    def _found(self, found: Standing) -> None:
        self._standing = found
        if self.is_mounted:
            self.draw()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        target = self._target
        date = f"{date_of(target.day):%a %d %b %Y}" if target else ""
        self.query_one("#top", Static).update(joined(fitted("Exam date", self.line - len(date)), date))
        self.query_one("#outlook", Sheet).put(
            lambda width: paragraphs(wrapped(said, width) for said in self._said(target, width))
        )
        self.show_keys(["change", *["none"] * (target is not None), "help", "leave"])
        self.quiz.show_trouble(self)

    def _said(self, target: Target | None, width: int) -> Iterator[Content]:
        """Yield the paragraphs of the page."""
        if target is None:
            yield plain(_NO_DATE)
            return
        yield joined(("About: ", "bold"), about(target.scope, self.quiz.desk.library))
        if self._wrong:
            yield joined(("! ", "bold $text-warning"), self._wrong)
            return
        if self.quiz.desk.history.today() >= target.day:
            yield plain(f"{towards.over(target)} Press n to take it away, or Enter to set another.")
            return
        if self._standing is None:
            yield styled("Working it out…", MUTED)
            return
        yield from in_pictures(target, self._standing, self.quiz.desk.history.settings.new, width)

    # -- what the learner does ----------------------------------------------------------------------------------------

    def action_change(self) -> None:
        """Set the date, and what the exam is about."""
        target = self._target
        scopes = list(dict.fromkeys([*([target.scope] if target else []), Scope(), self._marked]))
        at = scopes.index(target.scope if target else self._marked)
        titles = [about(scope, self.quiz.desk.library) for scope in scopes]

        def changed(found: tuple[str, int] | None) -> None:
            if found is not None:
                date, choice = found
                self._set(date, scopes[choice])

        self.app.push_screen(DateScreen(target, titles, at, self._problem), changed)

    def _problem(self, text: str) -> str:
        """Return what is wrong with a date, and with what was written behind it, or nothing."""
        try:
            found = read_target(text, self.quiz.desk.history.today())
            if found is not None:
                exam_scope(self.quiz.desk.library, found)
        except UsageError as error:
            return str(error)
        return ""

    def _set(self, text: str, chosen: Scope) -> None:
        """Set what was written: "off" for none. What it is about counts before what was chosen from the list."""
        found = read_target(text, self.quiz.desk.history.today())
        if found is None:
            self.action_none()
            return
        old = self._target
        since = old.since if old is not None and old.day == found.day else found.since
        about = chosen if found.scope == Scope() else found.scope
        self.quiz.desk.history.change_settings({"exam": str(Target(since, found.day, about))})
        self._look()

    def action_none(self) -> None:
        """Study for no exam."""
        if self._target is not None:
            self.quiz.desk.history.change_settings({"exam": ""})
            self._look()

    def action_leave(self) -> None:
        """Go home."""
        self.quiz.go_home()


class DateScreen(Dialog[tuple[str, int]]):
    """Asks for the date and for what the exam is about; returns both, or None when it was left."""

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = "DateScreen.-short Input { border: none; height: 1; padding: 0; background: $panel; }"

    def __init__(self, target: Target | None, titles: Sequence[str], at: int, problem: Callable[[str], str]) -> None:
        """`at` is the title to be marked; `problem` is given a date and returns what is wrong with it."""
        super().__init__("When is the exam?")
        self._date = f"{date_of(target.day)}" if target else ""
        self._titles, self._at, self._problem = titles, at, problem

    def inside(self) -> ComposeResult:
        yield Input(value=self._date, placeholder="year-month-day: 2027-01-15", max_length=LONGEST)
        yield Static(id="wrong")
        yield Static(plain("It is about"))
        yield Picker(id="about")

    def keys(self) -> Sequence[Key]:
        choose: list[Key] = [("↑ ↓", "choose", "screen.move(1)")] if len(self._titles) > 1 else []
        return [("Enter", "set it", "screen.set"), *choose, ("Esc", "leave it", "screen.close")]

    def on_mount(self) -> None:
        self.query_one("#wrong").display = False
        self._mark(self._at)

    def _mark(self, at: int) -> None:
        rows = [Row(lambda width, title=title: plain(fitted(title, width).rstrip())) for title in self._titles]  # type: ignore[misc]
        self.query_one(Picker).put(rows, at)

    @on(Picker.Taken)
    def _taken(self, message: Picker.Taken) -> None:
        self._mark(message.index)

    def on_input_submitted(self) -> None:
        self.action_set()

    def action_set(self) -> None:
        """Take the date, or say what is wrong with it."""
        date = clean(self.query_one(Input).value, lines=False).strip()
        wrong = self._problem(date) if date else "No date is given - write it as 2027-01-15"
        if wrong:
            self.query_one("#wrong").display = True
            self.query_one("#wrong", Static).update(joined(("! ", "bold $text-warning"), wrong))
        else:
            self.dismiss((date, self.query_one(Picker).marked or 0))


def about(scope: Scope, library: Library) -> str:
    """Return in words what an exam is about; its decks by their titles."""
    titles = {deck.path: deck.title for deck in library.decks()}
    named = {name: library.named((name,))[0] for name in scope.decks}
    decks = [titles[path] for paths in named.values() for path in paths] or list(named)
    words = [*decks, *scope.topics, *scope.procedures, *scope.audiences, *(["must-pass cards"] if scope.safety else [])]
    return " · ".join(words) or "Everything"


def in_pictures(target: Target, found: Standing, new: int, width: int) -> Iterator[Content]:
    """Yield how it stands: what is expected with study and without, and what each aim costs.

    new: cards a day, as set.
    """
    yield plain(towards.left(target, found))
    if found.too_late:
        yield joined(("! ", "bold $text-warning"), towards.fades(found))
    cells = 20 if width >= NARROW else 8
    rows = [("With study" if width >= NARROW else "Study", found.share), ("Without", found.idle)]
    bars = [
        joined(
            f"{label:<12}" if width >= NARROW else f"{label:<8}",
            (bar(likely.share, cells), "$accent"),
            "  ",
            _band(likely, width),
        )
        for label, likely in rows
    ]
    yield Content("\n").join([styled("Recalled on the day", "bold $text-accent"), *bars])
    yield plain(towards.expected(found))
    if slow := towards.slow(found, new):
        yield joined(("! ", "bold $text-warning"), slow)
    if same := towards.one_price(found):
        yield plain(same)
    elif found.levels:
        levels = price_rows(found.levels, found.aim, found.advice)
        costs = curve(levels, "on the day", narrow=width < NARROW)
        yield Content("\n").join([styled("What each aim costs", "bold $text-accent"), costs])
        set_ = f"he aim that is set is {percent(found.aim)}"
        if found.advice is None:
            yield styled(f"T{set_}.", MUTED)
        elif found.advice.retention == found.aim:
            yield styled(f"▸ is proposed for your minutes, and t{set_}.", MUTED)
        else:
            yield styled(f"▸ is proposed for your minutes. T{set_}.", MUTED)


def _band(likely: Expected, width: int) -> str:
    low, high = (percent(share).removesuffix(" %") for share in (likely.low, likely.high))
    return f"{percent(likely.share):>5}" + (f"  likely {low} to {high} %" if width >= NARROW and likely.share else "")


def _short(path: str, library: Library) -> str:
    """Return the name by which an exam keeps a deck: that of its file where no other has it, else the path."""
    name = Path(path).stem
    return name if library.named((name,))[0] == (path,) else path
