"""The huddle on the screen: one question for the room, a show of hands counted, the tally with the reasons.

It is given questions and no history: nothing of it can be kept.
"""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from quiz.deck.figures import spoken
from quiz.questions import Match, Order
from quiz.questions.cloze import BLANK
from quiz.report.words import percent
from quiz.study.huddle import Huddle, Tally
from quiz.study.shown import Shown
from quiz.text import counted
from quiz.tui.actions import bindings
from quiz.tui.present import MUTED, bar, button, fitted, hanging, joined, paragraphs, plain, styled
from quiz.tui.screens import feedback
from quiz.tui.screens.page import Page
from quiz.tui.widgets.keyline import Key
from quiz.tui.widgets.picker import Picker, Row

NARROW = 60  # columns


class HuddleScreen(Page):
    """Drives one huddle: question, count, tally, and so on to the totals."""

    CSS_PATH = "../styles/exam.tcss"
    NAME = "huddle"
    BINDINGS = bindings(NAME)

    def __init__(self, huddle: Huddle) -> None:
        super().__init__()
        self.huddle = huddle
        self._answer_shown = False  # of a question without options
        self._show_sources = False
        self._recounting = False
        self._ended = False

    def inside(self) -> ComposeResult:
        yield Static(id="case")
        yield Static(id="stem")
        yield Static(id="drawing")
        yield Picker(id="hands")
        yield Input(id="counts", restrict=r"[0-9 ,]*", max_length=60)
        yield Static(id="said")
        yield Static(id="after")

    def on_mount(self) -> None:
        self.ask()

    # -- drawing ------------------------------------------------------------------------------------------------------

    @property
    def _done(self) -> bool:
        return self._ended or self.huddle.shown is None

    @property
    def _counting(self) -> bool:
        """Whether hands are to be counted now."""
        hidden = not self._done and self.huddle.open_ended and not self._answer_shown
        return not self._done and (self.huddle.tally is None or self._recounting) and not hidden

    def ask(self) -> None:
        """Put the next question on the screen, or the totals."""
        self._answer_shown = self._show_sources = self._recounting = False
        self.new_turn()
        line = self.query_one("#counts", Input)
        line.value = ""
        line.placeholder = "hands for each, as in: 3 10 2 0"
        self.body.scroll_home(animate=False, immediate=True)
        self.draw()

    def draw(self) -> None:
        huddle, shown = self.huddle, self.huddle.shown
        line = self.query_one("#counts", Input)
        line.display = self._counting
        if self._counting and self.app.screen is self and not line.has_focus and not line.disabled:
            self.set_focus(line)
        elif not self._counting:
            self.set_focus(None)
        if self._done or shown is None:
            self._draw_totals()
        else:
            place = f"{huddle.number} of {huddle.size}"
            top = fitted(f"Huddle · {shown.card.deck}", max(0, self.line - len(place) - 1))
            self.query_one("#top", Static).update(joined(top, " ", place))
            self._put("#case", paragraphs(plain(text) for text in shown.card.case_at(shown.question)))
            self._put("#stem", styled(shown.question.stem.replace(BLANK, "____"), "bold"))
            self._put("#drawing", self._drawing())
            self._draw_hands()
            self._put("#after", paragraphs(self._after()))
        self._draw_keys()

    def _draw_hands(self) -> None:
        """Draw what hands are raised for: to be counted, or with the tally as bars."""
        huddle, picker = self.huddle, self.query_one("#hands", Picker)
        picker.display = not huddle.open_ended or self._answer_shown
        if not picker.display:
            return
        if huddle.tally is not None and not self._recounting:
            picker.put(_tally_rows(huddle.tally))
        else:
            picker.put([self._hand_row(i, text) for i, text in enumerate(huddle.choices)])

    def _hand_row(self, i: int, text: str) -> Row:
        """Return a row to count hands for, with one hand more or less on a click."""
        count = str(self._counts()[i])

        def drawn(width: int) -> Content:
            less, more = (button(s, f"screen.hands({i}, {n})") for s, n in (("◂ ", -1), (" ▸", 1)))
            tail = joined(less, (f"{count:>2}", "bold"), more)
            return _with_tail(hanging(f"{i + 1}  ", plain(text), max(6, width - 8)), tail, width)

        return Row(drawn, look="-option")

    def _drawing(self) -> Content:
        """Return the figure of the question, if there is one that fits."""
        shown = self.huddle.shown
        assert shown is not None
        name = getattr(shown.question, "figure", "") or shown.card.figure_at(shown.question)
        figure = self.quiz.desk.library.figure(name) if name else None
        return plain(figure.drawing(self.line - 1, 99) or spoken(figure, shown.question)) if figure else Content("")

    def _after(self) -> list[Content]:
        """Return what stands below: the answer of a question without options, or what came of the count."""
        huddle, shown, tally = self.huddle, self.huddle.shown, self.huddle.tally
        assert shown is not None
        if self._recounting or tally is None:
            if not huddle.open_ended:
                return []
            if not self._answer_shown:
                think = styled("Think of the answer, then press Enter to show it.", MUTED)
                return [*_parts(shown, self.line - 1), think]
            return [*_parts(shown, self.line - 1), feedback.answer(shown.question)]
        right = f"{tally.right} of {counted(tally.hands, 'hand')} right"
        parts = [joined((right, "bold $text-accent"), f" ({percent(tally.share)}).")]
        parts.append(feedback.answer(shown.question))
        reasons = [
            hanging((f"{'✓' if reason.right else '✗'} {reason.number}  ", "bold"), plain(reason.why), self.line - 1)
            for reason in tally.reasons
            if reason.why
        ]
        parts += [Content("\n").join(reasons)] if reasons else []
        parts += feedback.explained(shown.card)
        here = self.quiz.desk.library.here(shown.card.id)
        parts += [joined(("Here: ", "bold"), here)] if here else []
        if self._show_sources:
            library = self.quiz.desk.library
            entries = [str(library.source(name) or name) for name in shown.card.sources]
            parts.append(feedback.sources(entries, shown.card.checked))
        return parts

    def _draw_totals(self) -> None:
        totals = self.huddle.totals()
        self.query_one("#top", Static).update(styled("Huddle", "bold"))
        for name in ("#case", "#stem", "#drawing", "#said"):
            self._put(name, Content(""))
        self.query_one("#hands", Picker).display = False
        parts = [plain("No hands were counted.")]
        if totals.asked:
            share = percent(totals.share)
            head = (f"{totals.right} of {counted(totals.hands, 'hand')} right", "bold $text-accent")
            line = joined((bar(totals.share, 24), "$accent"), f"  {share}")
            asked = counted(totals.asked, "question")
            parts = [Content("\n").join([joined(head, f" over {asked}."), line])]
        if totals.weakest:
            cards = [plain(card.fact) for card in totals.weakest]
            lines = [hanging("· ", text, self.line - 1) for text in cards]
            parts.append(Content("\n").join([styled("To talk about again, the weakest first", "bold"), *lines]))
        parts.append(styled("Nothing was kept.", MUTED))
        self._put("#after", paragraphs(parts))

    def _draw_keys(self) -> None:
        if self._done:
            self.show_keys(["help", "leave"], {"leave": "Leave"})
            return
        first: list[Key] = []
        typing = self.query_one("#counts", Input).has_focus
        if self._counting:
            first = [("Enter", "Count", "screen.count")] + [("Esc", "then:", "screen.back")] * typing
        label = {"go_on": "Show the answer"} if self.huddle.open_ended and not self._answer_shown else {"go_on": "Next"}
        go_on = [] if self._counting else ["go_on"]
        counted_already = self.huddle.tally is not None and not self._recounting
        more = ["recount", "sources"] if counted_already else ["skip"]
        self.show_keys([*go_on, *more, "help", "leave"], label, first)

    def _put(self, name: str, content: Content) -> None:
        """Show a text, or nothing at all where it is empty."""
        self.query_one(name, Static).update(content)
        self.query_one(name).display = bool(content)

    # -- what the group does ------------------------------------------------------------------------------------------

    def _counts(self) -> list[int]:
        """Return the hands typed so far, one for each choice."""
        typed = [int(part) for part in self.query_one("#counts", Input).value.replace(",", " ").split()]
        size = len(self.huddle.choices)
        return (typed + [0] * size)[:size]

    def action_hands(self, choice: int, step: int) -> None:
        """A click on an arrow: one hand more or less for a choice."""
        counts = self._counts()
        counts[choice] = max(0, counts[choice] + step)
        line = self.query_one("#counts", Input)
        line.value = " ".join(map(str, counts))
        line.cursor_position = len(line.value)

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._counting:
            self._put("#said", Content(""))
            self._draw_hands()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _other_keys(self) -> None:
        """Other keys work now."""
        self._draw_keys()

    @on(Input.Submitted)
    def action_count(self) -> None:
        """Count the hands that were typed."""
        if not self._counting:
            return
        line = self.query_one("#counts", Input).value
        problem = self.huddle.problem(line)
        if problem:
            self._put("#said", styled(f"{problem[0].upper()}{problem[1:]}", "$text-warning"))
            return
        self.huddle.count(line)
        self._recounting = False
        self._put("#said", Content(""))
        self.new_turn()
        self.draw()

    def action_go_on(self) -> None:
        """Enter: show the answer of a question without options, count, or go on to the next."""
        if self._done:
            return
        if self._counting:
            self.set_focus(self.query_one("#counts", Input))
            self.action_count()
        elif self.huddle.tally is None:
            self._answer_shown = True
            self.new_turn()
            self.draw()
        else:
            self.action_skip()

    def action_skip(self) -> None:
        """Go on to the next question; without a count this one is left out."""
        if not self._done:
            self.huddle.next()
            self.ask()

    def action_recount(self) -> None:
        """Count the hands anew."""
        if self.huddle.tally is not None and not self._done:
            self._recounting = True
            self.new_turn()
            self.draw()

    def action_sources(self) -> None:
        """Show or hide the sources."""
        if self.huddle.tally is not None:
            self._show_sources = not self._show_sources
            self.draw()

    def action_back(self) -> None:
        """Esc: leave the line to type in; else end."""
        if self.query_one("#counts", Input).has_focus:
            self.set_focus(None)
            self._draw_keys()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """End with the totals; at the totals leave."""
        if self._done:
            self.quiz.leave_for_home(0)
        else:
            self._ended = True
            self.ask()


def _tally_rows(tally: Tally) -> list[Row]:
    """Return a row for each choice: its sign, its hands in numbers, and a bar."""
    most = max(tally.counts)

    def row(i: int) -> Row:
        sign, look = ("✓", "-right") if tally.rights[i] else ("✗", "-other")
        text, count = plain(tally.choices[i]), tally.counts[i]

        def drawn(width: int) -> Content:
            cells = 10 if width < NARROW else 20
            line = joined((bar(count / most, cells), "$accent"), f"  {counted(count, 'hand')}")
            indented = joined("   ", line)
            return Content("\n").join([hanging(f"{i + 1}  ", text, width), indented])

        return Row(drawn, sign, look)

    return [row(i) for i in range(len(tally.counts))]


def _parts(shown: Shown, width: int) -> list[Content]:
    """Return what is to be ordered or matched, in the order shown; nothing for other questions."""
    match shown.question:
        case Order(items=items):
            lists = [[items[i] for i in shown.order]]
        case Match(lefts=lefts, rights=rights):
            lists = [list(lefts), [rights[i] for i in shown.order]]
        case _:
            return []
    return [Content("\n").join([hanging("· ", plain(text), width) for text in texts]) for texts in lists]


def _with_tail(text: Content, tail: Content, width: int) -> Content:
    """Return `text` with `tail` at the right end of its first line."""
    first, *rest = text.split("\n", allow_blank=True)
    gap = max(1, width - first.cell_length - tail.cell_length)
    return Content("\n").join([joined(first, " " * gap, tail), *rest])
