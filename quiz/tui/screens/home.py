"""The home screen: what is due, what is new, how far one is - and Enter to begin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from quiz.deck.scope import Scope
from quiz.memory import date_of
from quiz.report.overview import Overview, Progress, overview
from quiz.text import counted
from quiz.tui.actions import bindings, of
from quiz.tui.present import bar, fitted, joined, paragraphs, plain, styled
from quiz.tui.widgets.keyline import KeyLine
from quiz.tui.widgets.picker import Picker, Row

if TYPE_CHECKING:
    from quiz.tui.app import QuizApp

AT_ONCE = 5_000  # cards: up to here the numbers are there with the first paint, above they follow from a thread


class HomeScreen(Screen[None]):
    """A list of what can be studied, with a bar each; the first row is everything."""

    BINDINGS = [
        *bindings("home"),
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
    ]
    ACTIONS_OF = "home"
    AUTO_FOCUS = None

    def __init__(self) -> None:
        super().__init__()
        self._by_topic = False
        self._scope = Scope()
        self._seen: Overview | None = None
        self._rows: list[Progress] = []

    @property
    def quiz(self) -> QuizApp:
        """The app, by its own type."""
        return cast("QuizApp", self.app)

    def compose(self) -> ComposeResult:
        yield Static(id="top")
        yield Static(id="trouble")
        with VerticalScroll(id="body", can_focus=False):
            yield Static(id="today")
            yield Picker(id="list")
            yield Static(id="notes")
        with Vertical(id="foot"):
            yield KeyLine(id="keys")

    def on_mount(self) -> None:
        self._scope = self.quiz.scope
        self.look()

    def on_screen_resume(self) -> None:
        if self._seen is not None:
            self.look()

    def on_resize(self) -> None:
        if self._seen is not None:
            self._draw(self._seen)

    def look(self) -> None:
        """Count what there is to do: at once for decks of ordinary size, else beside the screen that is there already."""
        history = self.quiz.desk.history
        (cards,) = next(iter(history.query("select count(*) from deck.card")))
        if cards <= AT_ONCE:
            self._draw(self._count())
        else:
            self._draw_keys()
            self.query_one("#today", Static).update(plain("Counting…"))
            self.run_worker(self._count_beside, thread=True, exclusive=True, group="count")

    def _count(self) -> Overview:
        db = self.quiz.desk.history.reader()
        try:
            return overview(db, self._scope, self.quiz.desk.history.today(), self.quiz.desk.history.settings.new)
        finally:
            db.close()

    def _count_beside(self) -> None:
        seen = self._count()
        self.app.call_from_thread(self._draw, seen)

    # -- drawing ------------------------------------------------------------------------------------------------------

    def _draw(self, seen: Overview) -> None:
        self._seen = seen
        self._rows = list(seen.topics if self._by_topic else seen.decks)
        width = max(20, min(88, self.size.width - (16 if self.size.width >= 100 else 4)))
        self.query_one("#top", Static).update(
            joined(fitted("Rhizotomy quiz", width - 16), f"{date_of(seen.day):%a %d %b %Y}")
        )
        self.query_one("#today", Static).update(self._today(seen))
        whole = Progress("", "Everything", seen.cards, seen.seen, seen.due, sum(d.recalled for d in seen.decks))
        picker = self.query_one("#list", Picker)
        marked = picker.marked if picker.marked is not None and picker.marked <= len(self._rows) else 0
        picker.put([_row(whole), *map(_row, self._rows)], marked)
        self.query_one("#notes", Static).update(self._notes(seen))
        self._draw_keys()
        self.quiz.show_trouble(self)

    def _today(self, seen: Overview) -> Content:
        if not seen.cards:
            if self._scope != Scope():
                return plain("No card fits this filter. Press f to change it.")
            return plain("There are no cards. Put a deck into the folder that 'quiz paths' names, or see 'quiz new'.")
        if not seen.due and not seen.new:
            done = f"{counted(seen.answered_today, 'answer')} today. " if seen.answered_today else ""
            return joined(("Nothing is due. ", "bold $text-accent"), f"{done}Come back tomorrow.")
        about = f"about {counted(max(1, round(seen.minutes)), 'minute')}"
        return joined(
            ("Today  ", "bold"),
            (counted(seen.due, "card") + " due", "bold $text-accent" if seen.due else ""),
            " · ",
            (f"{seen.new} new", "bold $text-accent" if seen.new else ""),
            f" · {about}",
        )

    def _notes(self, seen: Overview) -> Content:
        parts: list[Content] = []
        plan = self.quiz.desk.unfinished()
        if plan is not None:
            parts.append(joined(("c", "bold $accent"), " goes on with the session you left today."))
        if self._scope != Scope():
            chosen = [*self._scope.audiences, *self._scope.procedures, *self._scope.topics]
            chosen += ["must-pass cards"] if self._scope.safety else []
            parts.append(joined(("Filter: ", "bold"), " · ".join(chosen)))
        problems = self.quiz.desk.library.problems()
        if problems:
            more = f" (and {len(problems) - 1} more: p)" if len(problems) > 1 else " (p shows how to mend it)"
            parts.append(
                joined(("! ", "bold $text-warning"), f"{_near(str(problems[0].place))}: {problems[0].what}{more}")
            )
        if not seen.seen and seen.cards:
            parts.append(plain("Press Enter: the first question comes at once. ? shows the keys of every screen."))
        parts.append(styled("For learning, not for deciding treatment.", "$foreground 70%"))
        return paragraphs(parts)

    def _draw_keys(self) -> None:
        named = {a.name: (a.shown, a.label, f"screen.{a.name}") for a in of("home")}
        if self._by_topic:
            named["by_topic"] = ("t", "Decks", "screen.by_topic")
        if self.quiz.desk.unfinished() is None:
            named.pop("resume")
        if not self.quiz.desk.library.problems():
            named.pop("problems")
        if not self._suspended():
            named.pop("suspended")
        self.query_one(KeyLine).show(list(named.values()))

    def _suspended(self) -> list[str]:
        return [
            card for (card,) in self.quiz.desk.history.query("select card from state where suspended order by card")
        ]

    # -- what the learner does ----------------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """Mark another row."""
        self.query_one("#list", Picker).move(step)

    def action_start(self) -> None:
        """Study what is marked."""
        self.query_one("#list", Picker).take()

    @on(Picker.Taken)
    def _taken(self, message: Picker.Taken) -> None:
        scope = self._scope
        if message.index:
            name = self._rows[message.index - 1].name
            scope = replace(scope, topics=(name,)) if self._by_topic else replace(scope, decks=(name,))
        self.quiz.study(self.quiz.desk.plan(scope))

    def action_resume(self) -> None:
        """Go on with the session that was left."""
        plan = self.quiz.desk.unfinished()
        if plan is not None:
            self.quiz.study(plan, resume=True)

    def action_by_topic(self) -> None:
        """Show topics in place of decks, and back."""
        self._by_topic = not self._by_topic
        if self._seen is not None:
            self.query_one("#list", Picker).marked = 0
            self._draw(self._seen)

    def action_filter(self) -> None:
        """Choose what the numbers and the session are about."""
        from quiz.tui.screens.filter import FilterScreen

        def chosen(scope: Scope | None) -> None:
            if scope is not None:
                self._scope = self.quiz.scope = scope
                self.look()

        self.app.push_screen(FilterScreen(self._scope), chosen)

    def action_settings(self) -> None:
        """Open the settings."""
        from quiz.tui.screens.settings import SettingsScreen

        self.app.push_screen(SettingsScreen(), lambda _: self.look())

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

        if self._suspended():
            self.app.push_screen(SuspendedScreen(self._suspended()), lambda _: self.look())

    def action_help(self) -> None:
        """Show the keys."""
        self.quiz.show_help("home")

    def action_leave(self) -> None:
        """Leave the program."""
        self.app.exit(None, 0)


def _row(progress: Progress) -> Row:
    """Return a row with name, bar, share and counts, for whatever width there is."""

    def draw(width: int) -> Content:
        share = f"{100 * progress.mastery:3.0f} %"
        counts = f"{progress.due} due" if progress.due else f"{progress.seen} of {progress.cards} seen"
        if width < 56:
            return joined(
                fitted(progress.title, max(6, width - 19)),
                " ",
                (bar(progress.mastery, 5), "$accent"),
                share,
                f"{progress.due:>5}d",
            )
        cells = 12
        return joined(
            fitted(progress.title, max(10, width - cells - 27)),
            "  ",
            (bar(progress.mastery, cells), "$accent"),
            f" {share}  ",
            fitted(counts, 16),
        )

    return Row(draw)


def _near(place: str) -> str:
    """Return a place by its file's name alone: the full path stands under `p`."""
    return place.rsplit("/", 1)[-1]
