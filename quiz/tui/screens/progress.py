"""Progress: how far all is known, what comes, what was kept, how sure and how right, and what to do about it.

An overview stands at the top: a line for each section, with the digit that goes there.
The numbers are gathered in a thread where there are many, each part shown as soon as it is known. What the sections
say is in `quiz/tui/screens/sections.py`.
"""

from __future__ import annotations

import contextlib
import sqlite3
from contextlib import closing

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from quiz.deck.scope import Scope
from quiz.errors import QuizError
from quiz.memory import date_of
from quiz.report.pages import target_for_page
from quiz.report.record import REFRESHER
from quiz.report.record_file import ENDINGS, write
from quiz.report.recording import record_of
from quiz.report.standing import Refresher, Standing, standing
from quiz.study.plan import Mode
from quiz.tui.actions import bindings
from quiz.tui.present import fitted, joined
from quiz.tui.screens import page, sections
from quiz.tui.screens.page import Page
from quiz.tui.widgets.sheet import Sheet

AT_ONCE = 10_000  # events: up to here (and in decks of ordinary size) the numbers are there with the first paint


class ProgressScreen(Page):
    """An overview, and sections one below the other, on a page that scrolls."""

    CSS_PATH = "../styles/progress.tcss"
    NAME = "progress"
    BINDINGS = [
        *bindings(NAME),
        *(Binding(sections.digit_of(name), f"section('{name}')", show=False) for name in sections.HEADINGS),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._standing: Standing | None = None
        self._gathering: sqlite3.Connection | None = None
        self._place = (sections.TOP, 0.0)  # the section at the top of the body, and how much of it is above (0 to 1)
        self._laid = self.size  # the size at which the place was taken

    def inside(self) -> ComposeResult:
        for name in sections.SECTIONS:
            yield Sheet(id=name)

    def on_mount(self) -> None:
        self.new_turn()
        self.watch(self.body, "scroll_y", self._scrolled, init=False)
        self._gather()
        self.draw()

    def on_resize(self) -> None:
        """Stay at what one reads: at another width all is of another height."""
        super().on_resize()
        self.call_after_refresh(self._keep_place)

    def on_unmount(self) -> None:
        gathering, self._gathering = self._gathering, None
        if gathering is not None:
            with contextlib.suppress(sqlite3.ProgrammingError):  # it has ended already
                gathering.interrupt()

    def _gather(self) -> None:
        """Gather the numbers: at once in a history and decks of ordinary size, else in a thread."""
        history = self.quiz.desk.history
        asker = self.quiz.desk.asker()
        db, day = history.reader(), history.today()
        (cards,) = db.execute("select count(*) from deck.card").fetchone()
        (events,) = db.execute("select coalesce(max(number), 0) from event").fetchone()
        if cards <= page.AT_ONCE and events <= AT_ONCE:
            with closing(db):
                *_, self._standing = standing(db, day, asker)
            return

        def beside() -> None:
            with closing(db), contextlib.suppress(sqlite3.OperationalError):  # when the screen has been left
                for found in standing(db, day, asker):
                    if self._gathering is None:
                        return
                    self.app.call_from_thread(self._found, found)

        self._gathering = db
        self.run_worker(beside, thread=True, group="standing", exit_on_error=False)

    def _found(self, found: Standing) -> None:
        self._standing = found
        if self.is_mounted and self._gathering is not None:
            self.draw()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        found = self._standing
        date = f"{date_of(self.quiz.desk.history.today()):%a %d %b %Y}"
        self.query_one("#top", Static).update(joined(fitted("Progress", self.line - len(date)), date))
        aim = self.quiz.desk.history.settings.retention
        for name, draw in sections.drawn(found, aim):
            self.query_one(f"#{name}", Sheet).put(draw)
        danger = ["danger"] * bool(found and found.danger)
        record = ["record"] * bool(found and found.refresher)
        self.show_keys([*danger, *record, "overview", "after", "before", "help", "leave"])
        self.quiz.show_trouble(self)

    def _scrolled(self) -> None:
        """Note where one reads; that a change of size scrolls is no wish of the reader."""
        if self.size != self._laid:
            return
        at = round(self.body.scroll_y)
        for sheet in self.body.query(Sheet):
            region = sheet.virtual_region
            if sheet.display and region.y <= at:
                self._place = (sheet.id or sections.TOP, (at - region.y) / max(1, region.height))

    def _keep_place(self) -> None:
        name, above = self._place
        region = self.query_one(f"#{name}", Sheet).virtual_region
        self.body.scroll_to(y=region.y + round(above * region.height), animate=False, immediate=True)
        self._laid = self.size

    # -- what the learner does ----------------------------------------------------------------------------------------

    def action_danger(self) -> None:
        """Open the danger list; from there its cards can be studied."""
        from quiz.tui.screens.danger import DangerScreen

        danger = self._standing.danger if self._standing else None
        if danger:
            self.app.push_screen(DangerScreen(danger, self.quiz.desk.history.today()), self._study_danger)

    def _study_danger(self, wanted: bool | None) -> None:
        """Study the cards of the danger list: those that are due; where none is, all of them beside the schedule."""
        danger = (self._standing.danger if self._standing else None) or ()
        if wanted:
            today = self.quiz.desk.history.today()
            due = [d.card.id for d in danger if d.due <= today]
            cards = tuple(due or (d.card.id for d in danger))
            mode: Mode = "study" if due else "cram"
            self.quiz.study(self.quiz.desk.plan(Scope(cards=cards), len(cards), 0, None, mode))

    def action_record(self) -> None:
        """Write the record of the last refresher."""
        from quiz.tui.screens.record import RecordScreen

        found = self._standing.refresher if self._standing else None
        if not found:
            return
        (last,) = found

        def written(name: str | None) -> None:
            if name:
                self.app.notify(f"Written to {name}", markup=False)

        def write_it(file: str, learner: str) -> str:
            return self._write_record(last, file, learner)

        self.app.push_screen(RecordScreen(f"record-{last.record.day}", write_it), written)

    def _write_record(self, last: Refresher, file: str, learner: str) -> str:
        """Write the record and return what is wrong, or nothing."""
        desk = self.quiz.desk
        try:
            target = target_for_page(file, ENDINGS)
            with self.quiz.reading() as db:
                write(record_of(db, last.held, REFRESHER, desk.paths.name, desk.clock.now(), learner), target)
        except QuizError as error:
            return str(error)
        return ""

    def action_after(self) -> None:
        """Go to the next section."""
        self._go(1)

    def action_before(self) -> None:
        """Go to the section before, or to the beginning of this one."""
        self._go(-1)

    def action_overview(self) -> None:
        """Go to the top, where all sections are named."""
        self.body.scroll_home(animate=False, immediate=True)

    def action_section(self, name: str) -> None:
        """Go to the section of that name."""
        self.body.scroll_to(y=self.query_one(f"#{name}", Sheet).virtual_region.y, animate=False, immediate=True)

    def _go(self, step: int) -> None:
        tops = [sheet.virtual_region.y for sheet in self.body.query(Sheet) if sheet.display]
        at = round(self.body.scroll_y)
        wanted = [top for top in tops if (top > at if step > 0 else top < at)]
        if wanted:
            self.body.scroll_to(y=wanted[0] if step > 0 else wanted[-1], animate=False, immediate=True)

    def action_leave(self) -> None:
        """Go home."""
        self.quiz.go_home()
