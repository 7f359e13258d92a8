"""The study screen: a question, its answer, and what came of it. All rules are the session's; this only draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from quiz.memory import Rating
from quiz.questions import Choice, Cloze, Flip
from quiz.questions.choice import LETTERS
from quiz.study.rating import CERTAINTY, Certainty
from quiz.study.session import Phase, Session, Shown
from quiz.text import counted
from quiz.tui.actions import bindings, of
from quiz.tui.present import bar, button, fitted, hanging, joined, paragraphs, plain, styled
from quiz.tui.widgets.keyline import Flow, KeyLine
from quiz.tui.widgets.picker import Picker, Row

if TYPE_CHECKING:
    from textual.widgets import Input

    from quiz.tui.app import QuizApp

_SURE = {"low": "a guess", "mid": "fairly sure", "high": "sure"}


class StudyScreen(Screen[None]):
    """Drives one session. `on_done` of the app decides what comes after."""

    BINDINGS = [
        *bindings("study"),
        *(Binding(f"{i + 1},{letter}", f"press({i})", show=False) for i, letter in enumerate(LETTERS)),
    ]
    ACTIONS_OF = "study"
    AUTO_FOCUS = None

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._held: str | None = None  # the answer given while the screen asks how sure the learner is
        self._asked_twice = False
        self._show_sources = False
        self._note = ""
        self._certainty: Certainty | None = None

    @property
    def quiz(self) -> QuizApp:
        """The app, by its own type."""
        return cast("QuizApp", self.app)

    def compose(self) -> ComposeResult:
        yield Static(id="top")
        yield Static(id="trouble")
        with VerticalScroll(id="body", can_focus=False):
            yield Static(id="case")
            yield Static(id="stem")
            yield Picker(id="choices")
            yield Static(id="after")
        with Vertical(id="foot"):
            yield Flow(id="ratings")
            yield KeyLine(id="keys")

    def on_mount(self) -> None:
        self.ask()

    def on_resize(self) -> None:
        self._draw_top()
        self._draw_keys()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Put the session's question on the screen, or leave when there is none."""
        self._held, self._asked_twice, self._show_sources, self._note = None, False, False, ""
        self.quiz.gate.shut()
        if self.session.phase is Phase.DONE:
            self.quiz.finished(self.session)
            return
        shown = self._shown()
        self.query_one("#case", Static).display = bool(shown.card.case)
        self.query_one("#case", Static).update(plain(shown.card.case))
        self.query_one("#stem", Static).update(plain(shown.question.stem))
        self._put_choices()
        self._put_input()
        self.query_one("#body").scroll_home(animate=False)
        self._draw()

    def _draw(self) -> None:
        """Bring everything but the question itself up to date, and open the gate once it stands on the screen."""
        self._draw_top()
        self._draw_after()
        self._draw_keys()
        self.quiz.show_trouble(self)
        self.call_after_refresh(self.quiz.gate.drawn)

    def _draw_top(self) -> None:
        if self.session.shown is None:
            return
        card, left = self.session.shown.card, self.session.left
        width = max(10, self.size.width - (4 if self.size.width < 100 else 16))
        place = f"{self.session.number} · {left} left"
        if width >= 60:
            place = f"{bar(self.session.number / (self.session.number + left), 12)}  {place}"
        again = "again · " if self.session.shown.retry else "new · " if self.session.shown.state.new else ""
        title = f"{again}{card.deck}{f' · {card.topic}' if card.topic else ''}"
        self.query_one("#top", Static).update(joined(fitted(title, max(0, width - len(place) - 1)), " ", place))

    def _put_choices(self) -> None:
        picker = self.query_one("#choices", Picker)
        shown = self._shown()
        picker.display = bool(shown.order)
        if shown.order:
            picker.put([self._row(i, "", "") for i in range(len(shown.order))])

    def _row(self, i: int, sign: str, look: str) -> Row:
        option = plain(self._shown().options[i])
        return Row(lambda width: hanging(f"{i + 1}  ", option, width), sign, look)

    def _put_input(self) -> None:
        """Show an input line for typed answers. It is made when the first one is asked: importing it takes time."""
        shown = self._shown()
        wanted = not shown.order and not isinstance(shown.question, Flip)
        boxes = self.query("#typed")
        if not wanted:
            if boxes:
                boxes.first().display = False
            self.set_focus(None)
            return
        from textual.widgets import Input

        if boxes:
            box = boxes.first(Input)
            box.value = ""
            box.disabled = False
            box.display = True
        else:
            box = Input(id="typed", placeholder="your answer", select_on_focus=False)
            self.query_one("#body").mount(box, before="#after")
        hint = "the missing words" if isinstance(shown.question, Cloze) else "your answer"
        box.placeholder = hint
        self.set_focus(box)

    def _draw_after(self) -> None:
        """Draw what stands below the question: how sure?, the answer of a flip card, or the feedback."""
        after = self.query_one("#after", Static)
        phase = self.session.phase
        if self._held is not None:
            after.update(styled("How sure are you?", "bold"))
        elif phase is Phase.REVEALED:
            after.update(paragraphs([styled(self._shown().question.key, "bold $text-accent"), *self._explained()]))
        elif phase is Phase.FEEDBACK:
            after.update(paragraphs([*self._verdict(), *self._explained()]))
        else:
            after.update(styled(self._note, "$foreground 70%"))
        after.display = bool(self._held is not None or phase is not Phase.ASK or self._note)

    def _verdict(self) -> list[Content]:
        """Return the verdict in a word and a sign, the right answer where it is not in sight, and the reason."""
        feedback, question = self.session.feedback, self._shown().question
        assert feedback is not None
        if feedback.mark.right:
            parts = [styled("✓ Right", "bold $text-success")]
        elif feedback.mark.partly:
            parts = [joined(("≈ Close", "bold $text-warning"), "  ", feedback.mark.words.removeprefix("Close: "))]
        else:
            said = "" if isinstance(question, Choice) and feedback.given else f"  {feedback.mark.words}"
            parts = [joined(("✗ Wrong" if feedback.given else "✗ Not known", "bold $text-error"), said)]
        if isinstance(question, Cloze):
            parts.append(joined(question.before, (question.answer, "bold $text-accent"), question.after))
        elif not isinstance(question, Choice) and not feedback.mark.right:
            parts.append(joined("Answer: ", (question.key, "bold $text-accent")))
        if feedback.reason:
            parts.append(joined(("Why not that: ", "bold"), feedback.reason))
        return parts

    def _explained(self) -> list[Content]:
        """Return the card's reason, its certainty where it is not high, and its sources when they are asked for."""
        card = self._shown().card
        parts = []
        if card.why:
            parts.append(joined(("Why: ", "bold"), card.why))
        elif card.claim:
            parts.append(plain(card.claim))
        if card.certainty != "high":
            parts.append(styled(f"Evidence: {card.certainty}", "italic $text-warning"))
        if self._show_sources:
            sources = [self.session_source(s) for s in card.sources] or ["This card names no source."]
            checked = f"\nChecked {card.checked}" if card.checked else ""
            parts.append(styled("\n".join(f"· {s}" for s in sources) + checked, "$foreground 70%"))
        if self._note:
            parts.append(styled(self._note, "$text-accent"))
        return parts

    def session_source(self, source_id: str) -> str:
        """Return an entry of the bibliography in words."""
        source = self.quiz.desk.library.source(source_id)
        return str(source) if source else source_id

    def _draw_keys(self) -> None:
        """Draw the keys that work now."""
        phase, ratings = self.session.phase, self.query_one("#ratings", Flow)
        named = {a.name: (a.shown, a.label, f"screen.{a.name}") for a in of("study")}
        ratings.display = self._held is not None or phase in (Phase.REVEALED, Phase.FEEDBACK)
        if self.session.shown is None:
            return
        if self._held is not None:
            ratings.put(self._sure_buttons())
            names = ["undo", "help", "leave"]
        elif phase is Phase.ASK:
            names = ["dont_know", "undo", "help", "leave"]
        else:
            ratings.put(self._rating_buttons())
            names = ["go_on", "undo", "sources", "flag", "bury", "suspend", "help", "leave"]
            if self.size.width < 60:  # one line of keys leaves room for the feedback; the help has them all
                names = ["go_on", "sources", "help", "leave"]
        items = [named[n] for n in names if n != "undo" or self.session.can_undo]
        if phase is Phase.ASK and self._held is None:
            items = [*self._ask_keys(named), *items]
        if phase is Phase.REVEALED:
            items = [item for item in items if item[1] != "Go on"]
        self.query_one(KeyLine).show(items)

    def _ask_keys(self, named: dict[str, tuple[str, str, str]]) -> list[tuple[str, str, str]]:
        shown = self._shown()
        if shown.order:
            return [(f"1-{len(shown.order)}", "Answer", "screen.mark_down")]
        if isinstance(shown.question, Flip):
            named.pop("dont_know")
            return [("Enter", "Show the answer", "screen.go_on")]
        return [("Enter", "Answer", "screen.submit"), ("Esc", "Leave the line", "screen.leave_line")]

    def _rating_buttons(self) -> list[Content]:
        """Return the four ratings, each with the time until the card comes back; the one in force stands out."""
        feedback = self.session.feedback
        outcomes = feedback.outcomes if feedback else self.session.outcomes()
        narrow = self.size.width < 60
        parts = []
        for rating in Rating:
            days = outcomes[rating].interval
            chosen = feedback is not None and feedback.rating is rating
            when = f"{days} d" if narrow else counted(days, "day")
            label = f" {rating.value} {rating.name.capitalize()} {when} "
            style = "reverse bold" if chosen else ""
            parts.append(button(label, f"screen.press({rating.value - 1})", style))
        return parts

    def _sure_buttons(self) -> list[Content]:
        labels = [f" {i + 1} {_SURE[c]} " for i, c in enumerate(CERTAINTY)]
        return [button(label, f"screen.press({i})") for i, label in enumerate(labels)]

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
        elif i < len(Rating):
            self._rate(Rating(i + 1))

    def action_go_on(self) -> None:
        """Enter: take the marked option, show the answer of a flip card, or go on."""
        phase, shown = self.session.phase, self.session.shown
        if self._held is not None or shown is None:
            return
        if phase is Phase.FEEDBACK:
            self._next()
        elif phase is Phase.ASK and isinstance(shown.question, Flip):
            self._hold_or("reveal")
        elif phase is Phase.ASK and shown.order:
            self.query_one("#choices", Picker).take()
        elif phase is Phase.ASK:
            self.set_focus(self.query_one("#typed"))

    def action_submit(self) -> None:
        """The key line's Enter, clicked while an answer is typed."""
        from textual.widgets import Input

        self._typed(self.query_one("#typed", Input).value)

    def action_leave_line(self) -> None:
        """Esc in the input line: from here on letters are keys again."""
        self.set_focus(None)

    def action_dont_know(self) -> None:
        """Say so instead of guessing."""
        if self.session.phase is Phase.ASK and self._held is None:
            if isinstance(self._shown().question, Flip):
                self.session.reveal()
                self._rate(Rating.AGAIN, stay=True)
            else:
                self._answer("", None)

    def action_mark_up(self) -> None:
        """Arrow up."""
        self._move(-1)

    def action_mark_down(self) -> None:
        """Arrow down."""
        self._move(1)

    def action_page_up(self) -> None:
        """Scroll a page."""
        self.query_one("#body").scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        """Scroll a page."""
        self.query_one("#body").scroll_page_down(animate=False)

    def action_sources(self) -> None:
        """Show or hide the sources."""
        if self.session.phase in (Phase.FEEDBACK, Phase.REVEALED):
            self._show_sources = not self._show_sources
            self._draw_after()
            if self._show_sources:
                self.call_after_refresh(self.query_one("#body").scroll_end, animate=False)

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
                self._note = "Flagged. Thank you: 'quiz card' shows your note."
                self._draw()

        self.app.push_screen(NoteScreen(self.session.shown.card.id), noted)

    def action_bury(self) -> None:
        """Put the card off until tomorrow."""
        self.session.bury()
        self.app.notify("Put off until tomorrow.", markup=False)
        self.ask()

    def action_suspend(self) -> None:
        """Stop asking the card."""
        shown = self._shown()
        self.session.suspend()
        self.app.notify(f"{shown.card.id} is suspended: 'x' on the home screen brings it back.", markup=False)
        self.ask()

    def action_leave(self) -> None:
        """Stop; the session goes on at this question later."""
        self.session.stop()
        self.quiz.finished(self.session)

    def action_help(self) -> None:
        """Show the keys."""
        self.quiz.show_help("study")

    @on(Picker.Taken)
    def _option_taken(self, message: Picker.Taken) -> None:
        if self.session.phase is Phase.ASK and self._held is None:
            self._take(message.index)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        self._typed(message.value)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _shown(self) -> Shown:
        assert self.session.shown is not None
        return self.session.shown

    def _move(self, step: int) -> None:
        if self.session.phase is Phase.ASK and self._held is None and self._shown().order:
            self.query_one("#choices", Picker).move(step)
        else:
            self.query_one("#body").scroll_relative(y=step, animate=False)

    def _take(self, i: int) -> None:
        """An option was taken, by its place on the screen."""
        self.query_one("#choices", Picker).mark(i)
        self._hold_or(str(self._shown().order[i]))

    def _typed(self, text: str) -> None:
        """An answer was typed. An empty one is asked for again, once: then it means "I don't know"."""
        if self.session.phase is not Phase.ASK or self._held is not None:
            return
        if not text.strip():
            if self._asked_twice:
                self._answer("", None)
                return
            self._asked_twice = True
            self._note = "Type an answer - or press Enter once more for “I don't know”."
            self._draw_after()
            return
        self._hold_or(text)

    def _hold_or(self, given: str) -> None:
        """Ask how sure the learner is, where that is switched on; else take the answer at once."""
        if self.session.records.settings.certainty == "on":
            self._held = given
            self._note = ""
            self.set_focus(None)
            self.quiz.gate.shut()
            self._draw()
        else:
            self._answer(given, None)

    def _answer(self, given: str, certainty: Certainty | None) -> None:
        """Hand the answer to the session (which keeps it before it returns) and show what came of it."""
        self._held, self._note = None, ""
        self.quiz.gate.shut()
        if isinstance(self._shown().question, Flip):
            self._certainty = certainty
            self.session.reveal()
        else:
            self.session.answer(given, certainty)
            self._mark_options()
        self.set_focus(None)
        for box in self.query("#typed"):
            box.disabled = True
        self._draw()
        self.call_after_refresh(self._to_verdict)

    def _to_verdict(self) -> None:
        """Bring the feedback into sight where the question fills the screen."""
        body, after = self.query_one("#body"), self.query_one("#after")
        if after.virtual_region.bottom > body.size.height:
            body.scroll_to(
                y=max(0, min(after.virtual_region.y, after.virtual_region.bottom - body.size.height)), animate=False
            )

    def _mark_options(self) -> None:
        """Sign the options: the right one, and the one taken."""
        shown, feedback = self._shown(), self.session.feedback
        if not isinstance(shown.question, Choice) or feedback is None:
            return
        rows = []
        for i, option in enumerate(shown.order):
            if option == shown.question.right:
                rows.append(self._row(i, "✓", "-right"))
            elif feedback.given == str(option):
                rows.append(self._row(i, "✗", "-wrong"))
            else:
                rows.append(self._row(i, " ", "-other"))
        self.query_one("#choices", Picker).put(rows)

    def _rate(self, rating: Rating, *, stay: bool = False) -> None:
        """A rating: of a flip card it is the answer, and the next question follows; else it changes the one given."""
        flip = self.session.phase is Phase.REVEALED
        self.session.rate(rating, self._certainty if flip else None)
        if flip and not stay:
            self._next()
        else:
            self.quiz.gate.shut()
            self._draw()

    def _next(self) -> None:
        self.session.next()
        self.ask()
