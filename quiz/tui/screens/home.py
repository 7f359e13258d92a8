"""The home screen: what is due, what is new, how far one is - and Enter to begin."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from quiz.deck.scope import Scope
from quiz.memory import date_of
from quiz.report.overview import Overview, Progress
from quiz.text import counted
from quiz.tui.actions import bindings, of
from quiz.tui.present import MUTED, bar, button, fitted, joined, paragraphs, plain, styled
from quiz.tui.screens.page import Page
from quiz.tui.widgets.keyline import Flow
from quiz.tui.widgets.picker import Picker, Row

if TYPE_CHECKING:
    from quiz.report.pressure import Pressed

WAYS = ("exam", "refresher", "teach", "contrast", "pretest", "exam_date", "browse", "progress")
REFRESHER = 5  # minutes
NARROW = 56  # cells of a row: below it there is no room for words beside the bar


class HomeScreen(Page):
    """A list of what can be studied, with a bar each; the first row is everything."""

    CSS_PATH = "../styles/home.tcss"

    NAME = "home"
    BINDINGS = bindings(NAME)

    def __init__(self) -> None:
        super().__init__()
        self._by_topic = False
        self._seen: Overview | None = None
        self._rows: list[Progress] = []
        self._pressed: Pressed | None = None  # what is said where the minutes do not suffice

    def inside(self) -> ComposeResult:
        yield Static(id="today")
        yield Static(id="notes")
        yield Picker(id="list")
        yield Flow(id="ways")
        yield Static(id="hints")

    def on_screen_resume(self) -> None:
        """Count anew: at the start, and whenever another screen is left."""
        self.new_turn()
        self.look()

    def look(self) -> None:
        """Bring the numbers up to date."""
        if not self.count(self.quiz.scope, self._counted):
            self.query_one("#today", Static).update(plain("Counting…"))
            self._draw_keys()

    def on_resize(self) -> None:
        super().on_resize()
        if not self.query_one("#list", Picker).marked:
            self.call_after_refresh(self.body.scroll_home, animate=False)

    def _counted(self, seen: Overview) -> None:
        self._seen, self._pressed = seen, None
        self.draw()
        if seen.given and not seen.exam and (seen.behind or seen.minutes > seen.given):
            self._weigh(seen)

    def _weigh(self, seen: Overview) -> None:
        """Work out beside the screen what it takes to catch up: it is there already, and this follows."""
        from textual.worker import get_current_worker

        from quiz.report.pressure import in_a_line

        history = self.quiz.desk.history
        db, scope, settings = history.reader(), self.quiz.scope, history.settings

        def beside() -> None:
            with closing(db):
                said = in_a_line(db, scope, settings, seen)
            if not get_current_worker().is_cancelled:
                self.app.call_from_thread(self._weighed, said)

        self.run_worker(beside, thread=True, exclusive=True, group="weigh", exit_on_error=False)

    def _weighed(self, said: Pressed) -> None:
        self._pressed = said
        self.draw()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        seen = self._seen
        if seen is None:
            return
        date = f"{date_of(seen.day):%a %d %b %Y}"
        self.query_one("#top", Static).update(joined(fitted("Rhizotomy quiz", self.line - len(date)), date))
        self.query_one("#today", Static).update(self._today(seen))
        self._draw_rows(seen)
        self._draw_ways(seen)
        self._put("#notes", self._notes())
        self._put("#hints", self._hints(seen))
        self._draw_keys()
        self.quiz.show_trouble(self)

    def _put(self, name: str, content: Content) -> None:
        """Show a text, or nothing at all where it is empty."""
        self.query_one(name, Static).update(content)
        self.query_one(name).display = bool(content)

    def _draw_rows(self, seen: Overview) -> None:
        self._rows = list(seen.topics if self._by_topic else seen.decks)
        whole = Progress("", "Everything", seen.cards, seen.seen, seen.due, sum(d.recalled for d in seen.decks))
        picker = self.query_one("#list", Picker)
        picker.display = bool(seen.cards)
        marked = picker.marked if picker.marked is not None and picker.marked <= len(self._rows) else 0
        picker.put([_row(whole), *map(_row, self._rows)], marked)

    def _today(self, seen: Overview) -> Content:
        if not seen.cards:
            if self.quiz.scope != Scope():
                return plain("No card fits this filter. Press f to change it.")
            return plain("There are no cards. Put a deck into the folder that 'quiz paths' names, or see 'quiz new'.")
        if not seen.due and not seen.new:
            return joined(("Nothing is due. ", "bold $text-accent"), self._ahead(seen))
        if seen.behind and not seen.today:
            return joined(("Today's part is done: ", "bold $text-accent"), seen.part_of_today())
        if seen.cut and not seen.today + seen.new_today:
            return joined(("Today's minutes are spent: ", "bold $text-accent"), f"{seen.due} due, {seen.new} new left.")
        parts: list[tuple[str, str]] = []
        due = f"{seen.today} of {seen.due} due" if seen.behind or seen.cut else f"{seen.due} due"
        new = f"{seen.new_today} of {seen.new} new" if seen.cut else f"{seen.new} new"
        for number, words in ((seen.today, due), (seen.new_today, new)):
            parts += [(words, "bold $text-accent" if number else ""), (" · ", "")]
        head = ("Today  ", "bold") if self.size.width >= 60 else ""
        minutes = min(seen.minutes, seen.given) if seen.behind or seen.cut else seen.minutes
        if seen.cut and not head:
            return joined(*parts[:-1])
        about = "about " if head or not seen.behind else ""  # a narrow line has no room for it
        return joined(head, *parts, f"{about}{counted(max(1, round(minutes)), 'minute')}")

    def _ahead(self, seen: Overview) -> str:
        """Say what was done today and when there is something to do again."""
        from quiz.report.stats import next_due
        from quiz.report.words import in_days

        done = f"{counted(seen.answered_today, 'answer')} today. " if seen.answered_today else ""
        with self.quiz.reading() as db:
            following = next_due(db, self.quiz.scope, seen.day)
        return f"{done}The next card is due {in_days(following - seen.day)}." if following is not None else done

    def _notes(self) -> Content:
        """Return what qualifies the list: the exam ahead, the filter in force, and decks that could not be read."""
        parts: list[Content] = []
        if self._pressed and self._pressed.whole:
            parts.append(plain(self._pressed.whole if self.size.width >= 60 else self._pressed.short))
        if self.quiz.desk.history.settings.exam:
            parts += self._exam_ahead()
        scope = self.quiz.scope
        if scope != Scope():
            chosen = [*scope.audiences, *scope.procedures, *scope.topics, *(["must-pass cards"] * scope.safety)]
            parts.append(joined(("Filter: ", "bold"), " · ".join(chosen)))
        problems = self.quiz.desk.library.problems()
        if problems:
            place = str(problems[0].place).rsplit("/", 1)[-1]  # the full path stands under `p`
            more = f"and {len(problems) - 1} more: p" if len(problems) > 1 else "p shows how to mend it"
            parts.append(joined(("! ", "bold $text-warning"), f"{place}: {problems[0].what} ({more})"))
        return paragraphs(parts)

    def _exam_ahead(self) -> list[Content]:
        from quiz.study.target import kept_target  # few have set one

        target = kept_target(self.quiz.desk.history.settings.exam)
        if target is None:
            return []
        days = target.day - self.quiz.desk.history.today()
        when = f"{date_of(target.day):%a %d %b %Y}"
        said = f"in {counted(days, 'day')}, {when}" if days > 0 else "today" if not days else f"over since {when}"
        wide = self.size.width >= 60
        line = joined(("Exam  ", "bold"), said, (" · d shows how you stand" if wide else " (d)", MUTED))
        if self._seen is None or not self._seen.exam:
            return [line]
        first = "; what gains most comes first" if self._seen.cut else ""
        more = f" until then{first}" if wide else ""
        return [Content("\n").join([line, plain(f"All that gains by it is due{more}.")])]

    def _hints(self, seen: Overview) -> Content:
        parts: list[Content] = []
        if self.quiz.desk.unfinished() is not None:
            parts.append(joined(("c", "bold"), " goes on with the session you left today."))
        if self._exam_left():
            parts.append(joined(("e", "bold"), " goes on with the exam you left."))
        if not seen.seen and seen.cards:
            parts.append(plain("Press Enter: the first question comes at once. ? shows the keys."))
        parts.append(styled("For learning, not for deciding treatment.", MUTED))
        return paragraphs(parts)

    def _draw_ways(self, seen: Overview) -> None:
        """Show the other ways to study, each with its key."""
        labels = {a.name: (a.shown, a.label) for a in of(self.NAME)}
        ways = [name for name in WAYS if name in labels]
        row = self.query_one("#ways", Flow)
        row.display = bool(seen.cards)
        row.put([button(joined((labels[n][0], "bold"), " ", labels[n][1]), f"screen.{n}") for n in ways])

    def _exam_left(self) -> bool:
        from quiz.study.exam import unfinished

        return unfinished(self.quiz.desk.history) is not None

    def _draw_keys(self) -> None:
        """Show the keys that lead somewhere now."""
        left = self.quiz.desk.unfinished() is not None
        shown = {
            "start": self._seen is None or bool(self._seen.cards),
            "resume": left,
            # The other ways stand below the list; of this one somebody in a hurry is told at once.
            "refresher": not left and (self._seen is None or bool(self._seen.cards)),
            "by_topic": True,
            "filter": True,
            "settings": True,
            "suspended": bool(self._suspended()),
            "problems": bool(self.quiz.desk.library.problems()),
            "help": True,
            "leave": True,
        }
        self.show_keys(
            [name for name, there in shown.items() if there], {"by_topic": "Decks"} if self._by_topic else {}
        )

    def _suspended(self) -> list[str]:
        rows = self.quiz.desk.history.query("select card from state where suspended order by card")
        return [card for (card,) in rows]

    # -- what the learner does ----------------------------------------------------------------------------------------

    def move(self, step: int) -> None:
        self.query_one("#list", Picker).move(step)

    def action_start(self) -> None:
        """Study what is marked."""
        if self._seen is not None and self._seen.cards:
            self.query_one("#list", Picker).take()

    @on(Picker.Taken)
    def _taken(self, message: Picker.Taken) -> None:
        self.quiz.study(self.quiz.desk.plan(self._scope_of_row(message.index)))

    def _scope_of_row(self, row: int | None) -> Scope:
        """Return what a row stands for, within the filter in force."""
        scope = self.quiz.scope
        if not row:
            return scope
        name = self._rows[row - 1].name
        return replace(scope, topics=(name,)) if self._by_topic else replace(scope, decks=(name,))

    def action_refresher(self) -> None:
        """Five minutes over the must-pass cards."""
        scope = replace(self.quiz.scope, safety=True)
        self.quiz.study(self.quiz.desk.plan(scope, minutes=REFRESHER, mode="refresher"), resume=True)

    def action_contrast(self) -> None:
        """Drill look-alikes."""
        self.quiz.study(self.quiz.desk.plan(self.quiz.scope, mode="contrast"), resume=True)

    def action_pretest(self) -> None:
        """Ask a few new questions of what is marked, before it is learned."""
        scope = self._scope_of_row(self.query_one("#list", Picker).marked)
        self.quiz.study(self.quiz.desk.plan(scope, mode="pretest"), resume=True)

    def action_exam(self) -> None:
        """Set up an exam of what is marked."""
        self.quiz.set_up_exam(self._scope_of_row(self.query_one("#list", Picker).marked))

    def action_exam_date(self) -> None:
        """Show how it stands towards the exam, or set one."""
        from quiz.tui.screens.exam_date import ExamDateScreen

        self.quiz.show(ExamDateScreen(self._scope_of_row(self.query_one("#list", Picker).marked)))

    def action_teach(self) -> None:
        """Sit with a patient."""
        self.quiz.teach()

    def action_resume(self) -> None:
        """Go on with the session that was left."""
        plan = self.quiz.desk.unfinished()
        if plan is not None:
            self.quiz.study(plan, resume=True)

    def action_by_topic(self) -> None:
        """Show topics in place of decks, and back."""
        self._by_topic = not self._by_topic
        self.query_one("#list", Picker).marked = 0
        self.draw()

    def action_browse(self) -> None:
        """Search and look at all cards."""
        from quiz.tui.screens.browse import BrowseScreen

        self.quiz.show(BrowseScreen())

    def action_progress(self) -> None:
        """Show how far one is."""
        from quiz.tui.screens.progress import ProgressScreen

        self.quiz.show(ProgressScreen())

    def action_filter(self) -> None:
        """Choose what the numbers and the session are about."""
        from quiz.tui.screens.filter import FilterScreen

        def chosen(scope: Scope | None) -> None:
            if scope is not None:
                self.quiz.scope = scope
                self.look()

        self.app.push_screen(FilterScreen(self.quiz.scope), chosen)

    def action_settings(self) -> None:
        """Open the settings."""
        from quiz.tui.screens.settings import SettingsScreen

        self.app.push_screen(SettingsScreen())

    def action_problems(self) -> None:
        """Show what is wrong in deck files."""
        from quiz.tui.screens.texts import TextScreen

        problems = self.quiz.desk.library.problems()
        if problems:
            lines = [f"{p.place}\n  {p.what}\n  {p.mend}" for p in problems]
            self.app.push_screen(TextScreen("What is wrong in deck files", "\n\n".join(lines)))

    def action_suspended(self) -> None:
        """Bring a suspended card back."""
        from quiz.tui.screens.suspended import SuspendedScreen

        def chosen(card: str | None) -> None:
            if card is not None:
                history = self.quiz.desk.history
                history.record([history.event("suspend", card=card, body={"on": False})])
                self.app.notify("It will be asked again.", markup=False)
                self.look()

        if self._suspended():
            self.app.push_screen(SuspendedScreen(self._suspended()), chosen)

    def action_leave(self) -> None:
        """Leave the program."""
        self.app.exit(None, 0)


def _row(progress: Progress) -> Row:
    """Return a row with name, bar, share and counts, for whatever width there is."""

    def draw(width: int) -> Content:
        narrow = width < NARROW
        cells, gap = (5, " ") if narrow else (12, "  ")
        if progress.due:
            counts = f"{progress.due} due"
        else:
            counts = "" if narrow else f"{progress.seen} of {progress.cards} seen"
        share = f"{100 * progress.mastery:3.0f} %"
        counts = f"{counts:>8}" if narrow else f"  {counts:<16}"
        tail = f"{'' if narrow else ' '}{share}{counts}"
        name = fitted(progress.title, max(6, width - cells - len(gap) - len(tail)))
        return joined(name, gap, (bar(progress.mastery, cells), "$accent"), tail)

    return Row(draw)
