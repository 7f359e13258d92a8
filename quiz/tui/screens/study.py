"""The study screen: a question, its answer, and what came of it. All rules are the session's; this only draws."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input, Static

from quiz.memory import Rating
from quiz.questions import Choice, Cloze, Flip
from quiz.questions.choice import LETTERS
from quiz.study.rating import CERTAINTY, Certainty
from quiz.study.session import Phase, Session, Shown
from quiz.tui.actions import bindings
from quiz.tui.present import LONGEST, MUTED, bar, fitted, hanging, joined, paragraphs, plain, styled
from quiz.tui.screens import feedback
from quiz.tui.screens.page import Page
from quiz.tui.widgets.keyline import Flow
from quiz.tui.widgets.picker import Picker, Row

NARROW = 60  # columns: below it there is room for one line of keys; the help has them all
_EMPTY = "Type an answer - or press Enter once more for “I don't know”."
_FLAGGED = "Flagged. Thank you: 'quiz card' shows your note."


class StudyScreen(Page):
    """Drives one session; the app shows the summary after it."""

    CSS_PATH = "../styles/study.tcss"
    NAME = "study"
    BINDINGS = [
        *bindings(NAME),
        *(Binding(f"{i + 1},{letter}", f"press({i})", show=False) for i, letter in enumerate(LETTERS)),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._held: str | None = None  # the answer given while the screen asks how sure the learner is
        self._asked_twice = False
        self._show_sources = False
        self._note = ""
        self._certainty: Certainty | None = None  # of the flip card whose answer is on the screen

    def inside(self) -> ComposeResult:
        yield Static(id="case")
        yield Static(id="stem")
        shown = self.session.shown
        yield Picker(id="choices", views=len(shown.order) if shown else 0)
        yield Static(id="after")

    def above_keys(self) -> ComposeResult:
        yield Flow(id="ratings")

    def on_mount(self) -> None:
        self.watch(self.body, "virtual_size", self._laid_out, init=False)
        self.ask()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Put the session's question on the screen, or leave when there is none."""
        self._held, self._asked_twice, self._show_sources, self._note = None, False, False, ""
        self.new_turn()
        if self.session.phase is Phase.DONE:
            self.quiz.finished(self.session)
            return
        shown = self._shown()
        self.query_one("#case", Static).display = bool(shown.card.case)
        self.query_one("#case", Static).update(plain(shown.card.case))
        self.query_one("#stem", Static).update(plain(shown.question.stem))
        picker = self.query_one("#choices", Picker)
        picker.display = bool(shown.order)
        picker.put([self._row(i, "", "") for i in range(len(shown.order))])
        self._put_input()
        self.body.scroll_home(animate=False)
        self.draw()

    def draw(self) -> None:
        """Bring everything but the question itself up to date."""
        if self.session.shown is not None:
            self._draw_top()
            self._draw_after()
            self._draw_keys()
        self.quiz.show_trouble(self)
        self.call_after_refresh(self._settle)

    def _draw_top(self) -> None:
        shown, number, left = self._shown(), self.session.number, self.session.left
        place = f"{number} · {left} left"
        if self.size.width >= NARROW:
            done = number - (self.session.phase is not Phase.FEEDBACK)
            place = f"{bar(done / (number + left), 12)}  {place}"
        state = "again" if shown.retry else "new" if shown.state.new else ""
        title = " · ".join(part for part in (state, shown.card.deck, shown.card.topic) if part)
        text = joined(fitted(title, max(0, self.line - len(place) - 1)), " ", place)
        self.query_one("#top", Static).update(text)

    def _row(self, i: int, sign: str, look: str) -> Row:
        option = plain(self._shown().options[i])
        return Row(lambda width: hanging(f"{i + 1}  ", option, width), sign, look)

    def _put_input(self) -> None:
        """Show an input line for typed answers. It is made when the first one is asked."""
        question = self._shown().question
        boxes = self.query("#typed")
        if isinstance(question, Choice | Flip):
            if boxes:
                boxes.first().display = False
            self.set_focus(None)
            return
        if boxes:
            box = boxes.first(Input)
            box.value, box.disabled, box.display = "", False, True
        else:
            box = Input(id="typed", max_length=LONGEST, select_on_focus=False)
            self.body.mount(box, before="#after")
        box.placeholder = "the missing words" if isinstance(question, Cloze) else "your answer"
        self.set_focus(box)

    def _draw_after(self) -> None:
        """Draw what stands below the question: how sure?, the answer of a flip card, or the feedback."""
        shown, phase = self._shown(), self.session.phase
        parts = []
        if self._held is not None:
            parts.append(styled("How sure are you?", "bold"))
        elif phase is Phase.REVEALED:
            parts += [feedback.answer(shown.question), *feedback.explained(shown.card)]
            parts.append(styled("How did it go?", "bold"))
        elif self.session.feedback is not None:
            parts += [*feedback.verdict(shown.question, self.session.feedback), *feedback.explained(shown.card)]
        if self._show_sources:
            library = self.quiz.desk.library
            entries = [str(library.source(name) or name) for name in shown.card.sources]
            parts.append(feedback.sources(entries, shown.card.checked))
        if self._note:
            parts.append(styled(self._note, MUTED))
        after = self.query_one("#after", Static)
        after.update(paragraphs(parts))
        after.display = bool(parts)

    def _draw_keys(self) -> None:
        """Draw the keys that work now."""
        phase, row = self.session.phase, self.query_one("#ratings", Flow)
        row.display = self._held is not None or phase in (Phase.REVEALED, Phase.FEEDBACK)
        narrow = self.size.width < NARROW
        undo = ["undo"] * self.session.can_undo
        if self._held is not None:
            row.put(feedback.certainties())
            self.show_keys(["undo", "help", "leave"], {"undo": "Back"})
        elif phase is Phase.ASK:
            self._draw_ask_keys(undo)
        else:
            came = self.session.feedback
            outcomes = came.outcomes if came else self.session.outcomes()
            row.put(feedback.ratings(outcomes, came.rating if came else None, narrow=narrow))
            more = ["sources"] if narrow else [*undo, "sources", "flag", "bury", "suspend"]
            self.show_keys([*["go_on"] * (came is not None), *more, "help", "leave"])

    def _draw_ask_keys(self, undo: list[str]) -> None:
        shown = self._shown()
        rest = ["dont_know", *undo, "help", "leave"]
        if shown.order:
            self.show_keys(rest, {}, [(f"1-{len(shown.order)}", "Answer", "")])
        elif isinstance(shown.question, Flip):
            self.show_keys(["go_on", *rest], {"go_on": "Show the answer"})
        elif self.focused is None:
            self.show_keys(["go_on", *rest], {"go_on": "Type"})
        else:
            self.show_keys(rest, {}, [("Enter", "Answer", "screen.submit"), ("Esc", "then:", "screen.back")])

    # -- what the learner does ----------------------------------------------------------------------------------------

    def action_press(self, i: int) -> None:
        """A digit or letter: an option, a rating or a certainty, by what is asked."""
        phase = self.session.phase
        if self._held is not None:
            if i < len(CERTAINTY):
                self._answer(self._held, CERTAINTY[i])
        elif phase is Phase.ASK:
            if i < len(self._shown().order):
                self._take(i)
        elif phase is not Phase.DONE and i < len(Rating):
            self._rate(Rating(i + 1))

    def action_go_on(self) -> None:
        """Enter: take the marked option, show the answer of a flip card, or go on."""
        phase, shown = self.session.phase, self.session.shown
        if self._held is not None or shown is None:
            return
        if phase is Phase.FEEDBACK:
            self._next()
        elif phase is Phase.ASK and isinstance(shown.question, Flip):
            self._hold_or_answer("")
        elif phase is Phase.ASK and shown.order:
            self.query_one("#choices", Picker).take()
        elif phase is Phase.ASK:
            self.set_focus(self.query_one("#typed"))

    def action_submit(self) -> None:
        """The key line's Enter, clicked while an answer is typed."""
        self._typed(self.query_one("#typed", Input).value)

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
        """Take the last answer back; while the certainty is asked, only the choice."""
        if self._held is not None or self.session.undo():
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

    def action_back(self) -> None:
        """Leave the input line, so that letters are keys again; else stop."""
        if self.focused is not None:
            self.set_focus(None)
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Stop; the session goes on at this question later."""
        self.session.stop()
        self.quiz.finished(self.session)

    def move(self, step: int) -> None:
        if self.session.phase is Phase.ASK and self._held is None and self._shown().order:
            self.query_one("#choices", Picker).move(step)
        else:
            super().move(step)

    @on(Picker.Taken)
    def _option_taken(self, message: Picker.Taken) -> None:
        if self.session.phase is Phase.ASK and self._held is None:
            self._take(message.index)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        self._typed(message.value)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        """Other keys work while an answer is typed."""
        if self.session.shown is not None:
            self._draw_keys()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _shown(self) -> Shown:
        assert self.session.shown is not None
        return self.session.shown

    def _take(self, i: int) -> None:
        """An option was taken, by its place on the screen."""
        self.query_one("#choices", Picker).mark(i)
        self._hold_or_answer(str(self._shown().order[i]))

    def _typed(self, text: str) -> None:
        """An answer was typed. An empty one is asked for again, once: then it means "I don't know"."""
        if self.session.phase is not Phase.ASK or self._held is not None:
            return
        if text.strip():
            self._hold_or_answer(text)
        elif self._asked_twice:
            self._answer("", None)
        else:
            self._asked_twice = True
            self._note = _EMPTY
            self.new_turn()
            self._draw_after()

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
        self._mark_options()
        self.set_focus(None)
        for box in self.query("#typed"):
            box.disabled = True
        self.draw()

    def _settle(self) -> None:
        """While the learner reads: bring the answer from the journal into the history."""
        self.session.records.flush()
        self.quiz.show_trouble(self)

    def _laid_out(self) -> None:
        """What stands below the question has its place: only now is it known how far to scroll."""
        self.call_after_refresh(self._to_after)

    def _to_after(self) -> None:
        """Bring the verdict (or the sources asked for) into sight where the question fills the screen."""
        body, after = self.body, self.query_one("#after").virtual_region
        if self.session.phase is Phase.ASK and self._held is None and not self._asked_twice:
            return
        if self._show_sources:
            body.scroll_end(animate=False)
        elif after.bottom > body.size.height:
            body.scroll_to(y=max(0, min(after.y, after.bottom - body.size.height)), animate=False)

    def _mark_options(self) -> None:
        """Sign the options: the right one, and the one taken."""
        shown, came = self._shown(), self.session.feedback
        if not isinstance(shown.question, Choice) or came is None:
            return
        rows = []
        for i, option in enumerate(shown.order):
            if option == shown.question.right:
                rows.append(self._row(i, "✓", "-right"))
            elif came.given == str(option):
                rows.append(self._row(i, "✗", "-wrong"))
            else:
                rows.append(self._row(i, " ", "-other"))
        self.query_one("#choices", Picker).put(rows)

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
