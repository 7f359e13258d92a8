"""What a session came to."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from quiz.memory import StudyDay
from quiz.report.overview import Overview
from quiz.report.stats import next_due
from quiz.report.words import in_days, percent, spent
from quiz.study.session import Phase, Session
from quiz.study.summary import Summary, summary
from quiz.text import counted
from quiz.tui.actions import bindings
from quiz.tui.present import bar, fitted, hanging, joined, paragraphs, plain, styled
from quiz.tui.screens.page import Page

MOST_MISSED = 12  # cards named; more would be a list nobody reads


class SummaryScreen(Page):
    """Score, topics, missed cards, time, and when the next cards are due."""

    CSS_PATH = "../styles/home.tcss"
    NAME = "summary"
    BINDINGS = bindings(NAME)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._told = summary(session)
        self._left: Overview | None = None
        self._following: StudyDay | None = None

    def inside(self) -> ComposeResult:
        yield Static(id="came_to")

    def on_mount(self) -> None:
        self.new_turn()
        self.count(self.session.plan.scope, self._counted)
        self.draw()

    def _counted(self, left: Overview) -> None:
        self._left = left
        with self.quiz.reading() as db:
            self._following = next_due(db, self.session.plan.scope, left.day)
        self.draw()

    # -- drawing ------------------------------------------------------------------------------------------------------

    @property
    def _stopped(self) -> bool:
        return self.session.phase is not Phase.DONE

    def draw(self) -> None:
        told = self._told
        self.query_one("#top", Static).update(
            styled("Stopped" if self._stopped or told.out_of_time else "Done", "bold")
        )
        parts = [self._score(told), self._proof(told), self._topics(told), self._missed(told), self._ahead(told)]
        self.query_one("#came_to", Static).update(paragraphs(parts))
        more, undo = ["more"] * bool(self._more()), ["undo"] * self.session.can_undo
        self.show_keys(["home", *more, *undo, "help", "leave"])
        self.quiz.show_trouble(self)

    def _score(self, told: Summary) -> Content:
        if not told.asked:
            return plain("Nothing was answered.")
        again = f", and {counted(told.retries, 'more try', 'more tries')}" if told.retries else ""
        head = (f"{told.right} of {told.asked} right", "bold $text-accent")
        share = percent(told.right / told.asked)
        return joined(head, f" at the first try ({share}){again}, in {spent(told.ms)}.")

    def _proof(self, told: Summary) -> Content:
        """Say which must-pass cards were passed: only a question not seen in practice shows that."""
        if self.session.plan.mode == "pretest" and told.asked:
            return plain("A pretest is not scored: it shows what to look out for. s begins to learn it.")
        if self.session.plan.mode != "refresher" or not told.asked:
            return Content("")
        head = (f"{told.passed} passed", "bold $text-accent")
        rest = f", {told.failed} not passed" if told.failed else ""
        practised = told.asked - told.passed - told.failed
        more = f", {practised} only practised (their questions were seen before)" if practised else ""
        return joined(head, f"{rest}{more}. The record: quiz report --to FILE")

    def _topics(self, told: Summary) -> Content:
        if len(told.topics) < 2:
            return Content("")
        name = min(24, max(len(t.topic) for t in told.topics) + 2)
        lines = [
            joined(fitted(t.topic, name), (bar(t.right / t.asked, 10), "$accent"), f"  {t.right} of {t.asked}")
            for t in told.topics
        ]
        return Content("\n").join([styled("By topic", "bold"), *lines])

    def _missed(self, told: Summary) -> Content:
        if not told.missed:
            return Content("")
        lines = [styled("To look at again", "bold")]
        for card_id in told.missed[:MOST_MISSED]:
            card = self.quiz.desk.library.card(card_id)
            text = card.fact if card else card_id
            lines.append(hanging("· ", plain(text), self.line - 1))  # one cell is the scrollbar's
        if len(told.missed) > MOST_MISSED:
            lines.append(plain(f"… and {len(told.missed) - MOST_MISSED} more"))
        return Content("\n").join(lines)

    def _ahead(self, told: Summary) -> Content:
        """Say what is left for today, and when there is something to do again."""
        parts = ["The time for this session is up."] if told.out_of_time else []
        behind = self._left is not None and bool(self._left.behind)
        if self._stopped and self.session.ends_by_time:
            minutes = self.session.minutes_left
            left = f"About {counted(minutes, 'minute')} of this session left." if minutes else ""
            parts.append(left or "The time for this session is up.")
        elif self._more() and (self._stopped or not behind):
            words = ("question to come", "questions to come") if self._stopped else ("card left", "cards left")
            parts.append(f"{counted(self._more(), *words)} today.")
        if self._left is not None and behind:
            said = self._left.part_of_today()
            parts.append(f"{said[:1].upper()}{said[1:]}")
        nothing = self._left is not None and not (self._more() or self._left.due or self._left.new)
        if self._following is not None and self._left is not None and nothing:
            parts.append(f"The next card is due {in_days(self._following - self._left.day)}.")
        return plain(" ".join(parts))

    def _more(self) -> int:
        """Return how many cards are left for today: of this session, or else in its scope."""
        if self._stopped:
            return self.session.left + (self.session.phase is not Phase.FEEDBACK)
        return self._left.due + self._left.new if self._left is not None else 0

    # -- what the learner does ----------------------------------------------------------------------------------------

    def action_home(self) -> None:
        """Back to the home screen."""
        self.quiz.go_home()

    def action_more(self) -> None:
        """Go on: with this session where it was stopped, else with a new one over the same cards."""
        plan = self.session.plan
        if plan.mode == "pretest" and not self._stopped:
            plan = self.quiz.desk.plan(plan.scope)
        self.quiz.study(plan, resume=self._stopped)

    def action_undo(self) -> None:
        """Take the last answer back."""
        if self.session.undo():
            self.quiz.ask(self.session)

    def action_leave(self) -> None:
        """Leave the program."""
        self.app.exit(None, 0)
