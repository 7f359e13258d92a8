"""The study screen: a question, its answer, and what came of it. All rules are the session's; this only draws."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from quiz.memory import Rating
from quiz.questions import Flip
from quiz.study.rating import CERTAINTY, Certainty
from quiz.study.session import Phase, Session
from quiz.study.shown import Shown
from quiz.tui.actions import bindings
from quiz.tui.present import MUTED, bar, fitted, joined, paragraphs, styled
from quiz.tui.screens.asking import ANSWER_KEYS, AskingPage
from quiz.tui.widgets.form import into_sight
from quiz.tui.widgets.keyline import Flow
from quiz.tui.widgets.question import QuestionView

NARROW = 60  # columns: below it there is room for one line of keys; the help has them all
_CHANGED = "! Its answer has changed since you learned it."
_FLAGGED = "Flagged. Thank you: 'quiz card' shows your note."


class StudyScreen(AskingPage):
    """Drives one session; the app shows the summary after it."""

    CSS_PATH = "../styles/study.tcss"
    NAME = "study"
    BINDINGS = [*bindings(NAME), *ANSWER_KEYS]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._held: str | None = None  # the answer given while the screen asks how sure the learner is
        self._show_sources = False
        self._note = ""
        self._certainty: Certainty | None = None  # of the flip card whose answer is on the screen

    def inside(self) -> ComposeResult:
        yield QuestionView(self.quiz.desk.library.figure, self.session.shown)
        yield Static(id="after")

    def above_keys(self) -> ComposeResult:
        yield Flow(id="ratings")

    def on_mount(self) -> None:
        self.watch(self.body, "virtual_size", self._laid_out, init=False)
        self.ask()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Put the session's question on the screen, or leave when there is none."""
        self._held, self._show_sources, self._note = None, False, ""
        self.new_turn()
        if self.session.phase is Phase.DONE:
            self.quiz.finished(self.session)
            return
        self.view.put(self._shown())
        self.body.scroll_home(animate=False, immediate=True)
        self.draw()

    def draw(self) -> None:
        """Bring everything but the question itself up to date."""
        if self.session.shown is not None:
            self._draw_top()
            self._draw_after()
            self.draw_keys()
        self.quiz.show_trouble(self)
        self.call_after_refresh(self._settle)

    def _draw_top(self) -> None:
        shown, session = self._shown(), self.session
        place = f"{session.number} · {self._left()}"
        if self.size.width >= NARROW:
            place = f"{bar(self._share_done(), 12)}  {place}"
        state = "again" if shown.retry else "new" if shown.state.new else ""
        title = " · ".join(part for part in (state, shown.card.deck, shown.card.topic) if part)
        text = joined(fitted(title, max(0, self.line - len(place) - 1)), " ", place)
        self.query_one("#top", Static).update(text)

    def _left(self) -> str:
        """Say what is left: the minutes where they end the session, else the questions; of a refresher both."""
        session, minutes = self.session, self.session.minutes_left
        time = "time is up" if minutes == 0 else f"{minutes} min left"
        if session.ends_by_time:
            return time
        both = minutes is not None and session.plan.mode == "refresher"
        return f"{session.left} left · {time.removesuffix(' left')}" if both else f"{session.left} left"

    def _share_done(self) -> float:
        """Return which share (0 to 1) of what `_left` counts is behind one."""
        session = self.session
        if session.ends_by_time:
            return min(1.0, session.elapsed_ms / (session.plan.minutes * 60_000))
        return (session.number - (session.phase is not Phase.FEEDBACK)) / (session.number + session.left)

    def _draw_after(self) -> None:
        """Draw what stands below the question: how sure?, the answer of a flip card, or the feedback."""
        parts = [styled("How sure are you?", "bold")] if self._held is not None else self._told()
        if self._note:
            parts.append(styled(self._note, MUTED))
        after = self.query_one("#after", Static)
        after.update(paragraphs(parts))
        after.display = bool(parts)

    def _told(self) -> list[Content]:
        """Return what is told once the answer is shown."""
        shown, came = self._shown(), self.session.feedback
        if came is None and self.session.phase is not Phase.REVEALED:
            return [styled(_CHANGED, "$text-warning")] if shown.change else []
        from quiz.tui.screens import feedback  # it knows all kinds; the first question has to be there sooner

        library = self.quiz.desk.library
        # The reason of a card may tell what its case has still to ask.
        reasons = [] if shown.steps_left else feedback.explained(shown.card, library.here(shown.card.id))
        if came is None:
            changed = feedback.changed(shown.change)
            parts = [feedback.answer(shown.question), *changed, *reasons, styled("How did it go?", "bold")]
        else:
            alike = feedback.not_the_same(self.session.look_alikes())
            parts = [*feedback.verdict(shown.question, came, self.view.figure), *feedback.changed(shown.change)]
            parts += [*reasons, *alike, *feedback.stuck(self.session.stuck)]
        if self._show_sources:
            entries = [str(library.source(name) or name) for name in shown.card.sources]
            parts.append(feedback.sources(entries, shown.card.checked))
        return parts

    def draw_keys(self) -> None:
        if self.session.shown is None:
            return
        self._draw_ratings()
        phase, narrow = self.session.phase, self.size.width < NARROW
        undo = ["undo"] * self.session.can_undo
        if self._held is not None:
            self.show_keys(["undo", "help", "leave"], {"undo": "Back"})
        elif phase is Phase.ASK:
            first = self.view.form.keys() if self.view.form else [("Enter", "Show the answer", "screen.go_on")]
            self.show_keys(["dont_know", *undo, "help", "leave"], {}, first)
        else:
            more = ["sources"] if narrow else [*undo, "sources", "flag", "bury", "suspend"]
            self.show_keys([*["go_on"] * (phase is Phase.FEEDBACK), *more, "help", "leave"])

    def _draw_ratings(self) -> None:
        """Draw the certainties or the ratings to choose from, if they count."""
        phase, came, row = self.session.phase, self.session.feedback, self.query_one("#ratings", Flow)
        rated = phase is Phase.REVEALED or (phase is Phase.FEEDBACK and came is not None and came.counts)
        row.display = self._held is not None or rated
        if not row.display:
            return
        from quiz.tui.screens import feedback

        if self._held is not None:
            row.put(feedback.certainties())
        else:
            outcomes = came.outcomes if came else self.session.outcomes()
            row.put(feedback.ratings(outcomes, came.rating if came else None, narrow=self.size.width < NARROW))

    # -- what the learner does ----------------------------------------------------------------------------------------

    def action_press(self, i: int) -> None:
        """A digit: a certainty, an option or the like, or a rating, by what is asked."""
        phase = self.session.phase
        if self._held is not None:
            if i < len(CERTAINTY):
                self._answer(self._held, CERTAINTY[i])
        elif phase is Phase.ASK:
            super().action_press(i)
        elif phase is not Phase.DONE and i < len(Rating):
            self._rate(Rating(i + 1))

    def action_letter(self, i: int) -> None:
        """A letter stands for its digit but where a question has letters of its own."""
        if self._held is None and self.session.phase is Phase.ASK:
            super().action_letter(i)
        else:
            self.action_press(i)

    def action_go_on(self) -> None:
        """Enter: show the answer of a flip card, or go on; else it goes to the question."""
        phase, shown = self.session.phase, self.session.shown
        if self._held is not None or shown is None:
            return
        if phase is Phase.FEEDBACK:
            self._next()
        elif phase is Phase.ASK and isinstance(shown.question, Flip):
            self._hold_or_answer("")
        elif phase is Phase.ASK:
            super().action_go_on()

    def action_dont_know(self) -> None:
        """Say so instead of guessing."""
        if self.session.phase is not Phase.ASK or self._held is not None:
            return
        if isinstance(self._shown().question, Flip):
            self.session.reveal()
            self.session.rate(Rating.AGAIN)
            self._answered()
        else:
            self._answer("", None)

    def action_sources(self) -> None:
        """Show or hide the sources."""
        if self.session.phase in (Phase.FEEDBACK, Phase.REVEALED):
            self._show_sources = not self._show_sources
            self._draw_after()

    def action_undo(self) -> None:
        """Take the last answer back; while the certainty is asked, only go back to what is about to be handed in."""
        if self._held is not None:
            held, self._held = self._held, None
            self.view.restore(held)
            self.new_turn()
            self.draw()
        elif self.session.undo():
            self.ask()

    def action_flag(self) -> None:
        """Ask for a note and flag the card."""
        if self.session.shown is None:
            return
        from quiz.tui.screens.note import NoteScreen

        def noted(note: str | None) -> None:
            if note is not None:
                self.session.flag(note or "(no note)")
                self._note = _FLAGGED
                self.draw()

        self.app.push_screen(NoteScreen(self.session.shown.card.id), noted)

    def action_bury(self) -> None:
        """Put the card off until tomorrow."""
        if self.session.shown is not None:
            self.session.bury()
            self._gone("Put off until tomorrow.")

    def action_suspend(self) -> None:
        """Stop asking the card."""
        if self.session.shown is not None:
            self.session.suspend()
            self._gone("Suspended: x on the home screen brings it back.")

    def action_leave(self) -> None:
        """Stop; the session goes on at this question later. Not without asking over a must-pass card in danger."""
        open_ = self.session.unsettled
        if not open_:
            self._leave()
            return
        from quiz.tui.screens.confirm import ConfirmScreen

        cards = [card for name in open_ if (card := self.quiz.desk.library.card(name)) is not None]
        lines = "\n".join(f"· {card.fact}" for card in cards)
        text = f"You were sure of this, and it was wrong. It has not come back yet:\n{lines}"
        confirm = ConfirmScreen("Stop here?", text, "stop all the same")
        self.app.push_screen(confirm, lambda yes: self._leave() if yes else None)

    def _leave(self) -> None:
        self.session.stop()
        self.quiz.finished(self.session)

    def taken(self, shown: Shown, given: str) -> None:
        if self.session.phase is not Phase.ASK or self._held is not None or shown is not self.session.shown:
            return
        if given:
            self._hold_or_answer(given)
        else:
            self._answer("", None)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _shown(self) -> Shown:
        assert self.session.shown is not None
        return self.session.shown

    def _hold_or_answer(self, given: str) -> None:
        """Ask how sure the learner is, where that is switched on; else take the answer at once."""
        if self.session.records.settings.certainty == "on":
            self._held, self._note = given, ""
            self.set_focus(None)
            self.new_turn()
            self.draw()
        else:
            self._answer(given, None)

    def _answer(self, given: str, certainty: Certainty | None) -> None:
        """Hand the answer to the session, which keeps it before it returns; of a flip card only the certainty."""
        if isinstance(self._shown().question, Flip):
            self._certainty = certainty
            self.session.reveal()
        else:
            self.session.answer(given, certainty)
        self._answered()

    def _answered(self) -> None:
        """Show what came of the answer."""
        self._held, self._note = None, ""
        self.new_turn()
        came = self.session.feedback
        if came is not None:
            self.view.freeze(came.given, came.mark)
        self.draw()

    def _settle(self) -> None:
        """While the learner reads: bring the answer, or where the session stands, into the history."""
        self.session.records.flush()
        self.quiz.show_trouble(self)

    def _laid_out(self) -> None:
        """What stands below the question has its place: only now is it known how far to scroll."""
        self.call_after_refresh(self._to_after)

    def _to_after(self) -> None:
        """Bring the verdict (or the sources asked for) into sight where the question fills the screen."""
        if self.session.phase is Phase.ASK and self._held is None:
            return
        if self._show_sources:
            self.body.scroll_end(animate=False)
        else:
            after = self.query_one("#after")
            into_sight(self.body, after, after)

    def _gone(self, said: str) -> None:
        """Say what became of the card before, below the question that follows it."""
        self.ask()
        if self.session.shown is not None:
            self._note = said
            self.draw()
        else:
            self.app.notify(said, markup=False)

    def _rate(self, rating: Rating) -> None:
        """A rating: of a flip card it is the answer, and the next question follows; else it changes the one given."""
        if self.session.phase is Phase.REVEALED:
            self.session.rate(rating, self._certainty)
            self._next()
        else:
            self.session.rate(rating)
            self.new_turn()
            self.draw()

    def _next(self) -> None:
        self.session.next()
        self.ask()
