"""What the screens that fill the terminal have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from quiz.deck.scope import Scope
from quiz.tui.actions import of
from quiz.tui.widgets.keyline import Key, KeyLine

if TYPE_CHECKING:
    from quiz.report.overview import Overview
    from quiz.tui.app import QuizApp

PAGE = 88  # cells: text never runs wider
AT_ONCE = 5_000  # cards: up to here the numbers are there with the first paint, above they follow from a thread


class Page(Screen[None]):
    """A line at the top, a body that scrolls, and the keys at the foot.

    A page says what is `inside` the body and brings it up to date in `draw`, which also follows each change of size.
    """

    NAME: ClassVar[str] = ""  # in the registry of actions

    @property
    def quiz(self) -> QuizApp:
        """The app, by its own type."""
        return cast("QuizApp", self.app)

    @property
    def line(self) -> int:
        """How many cells a line of text has between the margins (of app.tcss)."""
        width = self.size.width
        margin = 8 if width >= 100 else 2 if width >= 60 else 1
        return max(10, min(PAGE, width - 2 * margin))

    @property
    def body(self) -> Widget:
        """The part that scrolls."""
        return self.query_one("#body")

    def scroll_to_center(self, widget: Widget, *args: Any, **options: Any) -> None:
        """Bring what takes the focus into sight at once: a page that glides would undo the scroll that comes next."""
        super().scroll_to_center(widget, *args, **options | {"animate": False})

    def compose(self) -> ComposeResult:
        with Vertical(id="head"):
            yield Static(id="top")
            yield Static(id="trouble")
        with VerticalScroll(id="body", can_focus=False):
            yield from self.inside()
        with Vertical(id="foot"):
            yield from self.above_keys()
            yield KeyLine(id="keys")

    def inside(self) -> ComposeResult:
        """Yield what stands in the body."""
        raise NotImplementedError

    def above_keys(self) -> ComposeResult:
        """Yield what stands above the key line."""
        yield from ()

    def draw(self) -> None:
        """Bring everything on the page up to date."""
        raise NotImplementedError

    def on_resize(self) -> None:
        self.draw()

    def show_keys(
        self, names: Iterable[str], instead: Mapping[str, str] | None = None, first: Sequence[Key] = ()
    ) -> None:
        """Show these actions in the key line, after those in `first`; `instead` holds other labels for some."""
        labels = instead or {}
        known = {a.name: a for a in of(self.NAME)}
        keys = [(known[n].shown, labels.get(n, known[n].label), f"screen.{n}") for n in names]
        self.query_one("#keys", KeyLine).show([*first, *keys])

    def new_turn(self, free: frozenset[str] = frozenset()) -> None:
        """Let no key through that was pressed before what is asked now stands on the screen, but the `free` ones."""
        self.quiz.gate.shut(free)
        self.call_after_refresh(self.quiz.gate.drawn)

    def move(self, step: int) -> None:
        """Mark another line; a page without any scrolls."""
        self.body.scroll_relative(y=step, animate=False)

    def action_mark_up(self) -> None:
        """Arrow up."""
        self.move(-1)

    def action_mark_down(self) -> None:
        """Arrow down."""
        self.move(1)

    def action_page_up(self) -> None:
        """Scroll a page up."""
        self.body.scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        """Scroll a page down."""
        self.body.scroll_page_down(animate=False)

    def action_help(self) -> None:
        """Show the keys."""
        from quiz.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.NAME), self._do)

    def _do(self, name: str | None) -> None:
        """Run the action that was taken in the help."""
        if name:
            self.call_later(self.run_action, name)

    def count(self, scope: Scope, then: Callable[[Overview], None]) -> bool:
        """Count what there is to do and call `then` with it: at once (and return True) for decks of ordinary size.

        For larger ones it is counted in a thread, beside a screen that is there already.
        """
        from textual.worker import get_current_worker

        from quiz.report.overview import overview

        history = self.quiz.desk.history
        db, day, new = history.reader(), history.today(), history.settings.new
        (cards,) = db.execute("select count(*) from deck.card").fetchone()

        def counted() -> Overview:
            with closing(db):
                return overview(db, scope, day, new)

        if cards <= AT_ONCE:
            then(counted())
            return True

        def beside() -> None:
            seen = counted()
            if not get_current_worker().is_cancelled:
                self.app.call_from_thread(then, seen)

        self.run_worker(beside, thread=True, exclusive=True, group="count", exit_on_error=False)
        return False
