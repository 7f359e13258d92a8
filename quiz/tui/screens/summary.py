"""What a session came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from quiz.memory import StudyDay, date_of
from quiz.study.session import Phase, Session
from quiz.study.summary import Summary, summary
from quiz.text import counted
from quiz.tui.actions import bindings, of
from quiz.tui.present import bar, fitted, hanging, joined, paragraphs, plain, styled
from quiz.tui.widgets.keyline import KeyLine

if TYPE_CHECKING:
    from quiz.tui.app import QuizApp


class SummaryScreen(Screen[None]):
    """Score, topics, missed cards, time, and when the next cards are due."""

    BINDINGS = bindings("summary")
    ACTIONS_OF = "summary"
    AUTO_FOCUS = None

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    @property
    def quiz(self) -> QuizApp:
        """The app, by its own type."""
        return cast("QuizApp", self.app)

    def compose(self) -> ComposeResult:
        yield Static(id="top")
        yield Static(id="trouble")
        with VerticalScroll(id="body"):
            yield Static(id="came_to")
        with Vertical(id="foot"):
            yield KeyLine(id="keys")

    def on_mount(self) -> None:
        self.quiz.gate.shut()
        self.query_one("#body").focus()
        self.quiz.show_trouble(self)
        self._draw()
        self.call_after_refresh(self.quiz.gate.drawn)

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        told = summary(self.session)
        title = "Done" if self.session.phase is Phase.DONE and not told.out_of_time else "Stopped"
        self.query_one("#top", Static).update(styled(title, "bold"))
        width = max(20, min(88, self.size.width - 8))
        parts = [self._score(told), self._topics(told), self._missed(told, width), self._next(told)]
        self.query_one("#came_to", Static).update(paragraphs(parts))
        names = ["home", *(["more"] if self._more() else []), *(["undo"] if self.session.can_undo else [])]
        named = {a.name: (a.shown, a.label, f"screen.{a.name}") for a in of("summary")}
        self.query_one(KeyLine).show([named[n] for n in (*names, "help", "leave")])

    def _score(self, told: Summary) -> Content:
        if not told.asked:
            return plain("Nothing was answered.")
        minutes = max(1, round(told.ms / 60_000))
        again = f", {counted(told.retries, 'repeat')}" if told.retries else ""
        share = f"{100 * told.right / told.asked:.0f} %"
        head = (f"{told.right} of {told.asked} right", "bold $text-accent")
        return joined(head, f" at the first try ({share}), in {counted(minutes, 'minute')}{again}.")

    def _topics(self, told: Summary) -> Content:
        if len(told.topics) < 2:
            return Content("")
        name = min(24, max(len(t.topic) for t in told.topics) + 2)
        lines = [
            joined(fitted(t.topic, name), (bar(t.right / t.asked, 10), "$accent"), f"  {t.right} of {t.asked}")
            for t in told.topics
        ]
        return Content("\n").join([styled("By topic", "bold"), *lines])

    def _missed(self, told: Summary, width: int) -> Content:
        if not told.missed:
            return Content("")
        lines = [styled("To look at again", "bold")]
        for card_id in told.missed[:12]:
            card = self.quiz.desk.library.card(card_id)
            text = (card.claim or card.questions[0].stem) if card else card_id
            lines.append(hanging("· ", plain(text), width))
        if len(told.missed) > 12:
            lines.append(plain(f"… and {len(told.missed) - 12} more"))
        return Content("\n").join(lines)

    def _next(self, told: Summary) -> Content:
        history = self.quiz.desk.history
        left = self._more()
        parts = []
        if told.out_of_time:
            parts.append("The time for this session is up. ")
        if left:
            parts.append(f"{counted(left, 'card')} left for today. ")
        row = next(iter(history.query(
            "select min(shown_from), count(*) from state where answers > 0 and shown_from > ? and shown_from <= ?",
            (self.session.day, self.session.day + 1))))  # fmt: skip
        tomorrow = row[1]
        if tomorrow:
            parts.append(f"Tomorrow {counted(tomorrow, 'card')} will be due.")
        else:
            found = next(
                iter(history.query("select min(due) from state where due > ? and not suspended", (self.session.day,)))
            )
            if found[0] is not None:
                parts.append(f"The next card is due on {date_of(StudyDay(found[0])):%A, %d %B}.")
        return plain("".join(parts))

    def _more(self) -> int:
        """Return how many cards are left for today in the scope of this session."""
        history, scope = self.quiz.desk.history, self.session.plan.scope
        budget = max(0, history.settings.new - history.introduced(self.session.day))
        return len(history.due(scope, self.session.day)) + len(history.fresh(scope, self.session.day, budget))

    def action_home(self) -> None:
        """Back to the home screen."""
        self.quiz.go_home()

    def action_more(self) -> None:
        """Go on: with this session where it was stopped, else with a new one over the same cards."""
        from quiz.tui.screens.study import StudyScreen

        stopped = self.session.phase is not Phase.DONE
        session = self.quiz.desk.session(self.session.plan, resume=stopped)
        if session.shown is None:
            self.app.notify("Nothing is left for today.", markup=False)
        else:
            self.quiz.show(StudyScreen(session))

    def action_undo(self) -> None:
        """Take the last answer back."""
        from quiz.tui.screens.study import StudyScreen

        if self.session.undo():
            self.quiz.show(StudyScreen(self.session))

    def action_help(self) -> None:
        """Show the keys."""
        self.quiz.show_help("summary")

    def action_leave(self) -> None:
        """Leave the program."""
        self.app.exit(None, 0)
