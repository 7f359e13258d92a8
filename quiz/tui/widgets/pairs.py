"""Match: each left side gets one of the lettered right sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from quiz.questions import Mark, Match
from quiz.questions.choice import LETTERS
from quiz.questions.match import NONE
from quiz.text import counted
from quiz.tui.present import MUTED, RIGHT, hanging, joined, plain, styled
from quiz.tui.widgets.form import Form, into_sight
from quiz.tui.widgets.keyline import Key
from quiz.tui.widgets.picker import Picker, Row
from quiz.tui.widgets.steps import DONE, DONE_ROW

if TYPE_CHECKING:
    from quiz.tui.screens.page import Page


class MatchForm(Form):
    """The left sides with what each got, a row that says Done, and the right sides to choose from.

    A letter, or a click on a right side, goes to the marked left side; the next one without any is marked then.
    """

    CONFIRM = "choose Done"
    SCOPED_CSS = False  # the width and height of the screen count
    DEFAULT_CSS = """
    MatchForm { layout: horizontal; }
    MatchForm Picker { width: 1fr; }
    MatchForm #rights { margin: 0 0 0 3; }
    Screen.-narrow MatchForm { layout: vertical; }
    Screen.-narrow MatchForm Picker { width: 100%; }
    Screen.-narrow MatchForm #rights { margin: 1 0 0 0; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lefts = Picker(id="lefts")
        self._rights = Picker(id="rights")
        self._chosen: list[int | None] = []
        self._begun = False  # until then the question itself is to be read

    def compose(self) -> ComposeResult:
        yield self._lefts
        yield self._rights

    @property
    def _question(self) -> Match:
        return cast("Match", self.shown.question)

    def begin(self, given: str = "") -> None:
        self._chosen = list(self._question.chosen(given) or (None,) * len(self._question.lefts))
        self._rights.display = True
        self._begun = False
        self._draw(self._next_open(0), sight=False)

    def end(self, given: str, mark: Mark) -> None:
        chosen = self._question.chosen(given) or (None,) * len(self._question.lefts)
        verdicts = self._question.verdicts(given)
        self._rights.display = False
        self._lefts.put([self._told_row(i, chosen[i], right) for i, right in enumerate(verdicts)])

    def given(self) -> str:
        if all(right is None for right in self._chosen):
            return ""
        return ",".join(NONE if right is None else str(right) for right in self._chosen)

    def keys(self) -> Sequence[Key]:
        lefts, rights = len(self._chosen), len(self.shown.order)
        return [(f"1-{lefts}", "Mark", ""), (f"a-{LETTERS[rights - 1]}", "Match", ""), ("s", DONE, "screen.done")]

    def doubt(self, given: str) -> str:
        left = sum(right is None for right in self._chosen)
        if left == len(self._chosen):
            return "Choose a letter for each row"
        return f"{counted(left, 'row has', 'rows have')} nothing yet" if left else ""

    def rows(self, width: int) -> int:
        return 1 + len(self._chosen) + len(self.shown.order)

    def digit(self, i: int) -> None:
        if self.open and i < len(self._chosen):
            self._mark(i)

    def letter(self, i: int) -> None:
        at = self._lefts.marked
        if not self.open or i >= len(self.shown.order):
            return
        if at is None or at >= len(self._chosen):
            at = self._next_open(0)
            if at == len(self._chosen):
                return
        right = self.shown.order[i]
        self._begun = True
        self._chosen[at] = None if self._chosen[at] == right else right
        self._draw(at if self._chosen[at] is None else self._next_open(at + 1))
        self.host.changed()

    def enter(self) -> None:
        if not self.open:
            return
        at = self._lefts.marked
        if at == len(self._chosen):
            self.hand_in()
        else:
            self._mark(0 if at is None else at + 1)

    def arrow(self, step: int) -> bool:
        self._begun = True
        self._lefts.move(step)
        self._rights_in_sight()
        return True

    @on(Picker.Taken, "#lefts")
    def _left_clicked(self, message: Picker.Taken) -> None:
        message.stop()
        if self.open and message.index == len(self._chosen):
            self.hand_in()
        elif self.open:
            self._mark(message.index)

    @on(Picker.Taken, "#rights")
    def _right_clicked(self, message: Picker.Taken) -> None:
        message.stop()
        self.letter(message.index)

    def on_resize(self) -> None:
        self._rights_in_sight()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _next_open(self, start: int) -> int:
        """Return the first left side from `start` on that got nothing, else the first of all; the row Done if none."""
        size = len(self._chosen)
        places = [(start + i) % size for i in range(size)]
        return next((i for i in places if self._chosen[i] is None), size)

    def _mark(self, i: int) -> None:
        self._begun = True
        self._lefts.mark(i)
        self._rights_in_sight()

    def _rights_in_sight(self) -> None:
        """Where the right sides stand below, bring as many of them into sight as leave the marked row there."""
        if self._begun:
            self.call_after_refresh(self._scroll)

    def _scroll(self) -> None:
        at = self._lefts.marked
        if self.open and at is not None:
            into_sight(cast("Page", self.screen).body, self._lefts.row(at), self._rights)

    def _draw(self, marked: int, *, sight: bool = True) -> None:
        rows = [self._row(i, right) for i, right in enumerate(self._chosen)]
        self._lefts.put([*rows, Row(lambda _: plain(DONE_ROW), "", "-done")], marked, sight=sight)
        self._rights.put([self._right_row(i) for i in range(len(self.shown.order))])
        self._rights_in_sight()

    def _row(self, i: int, right: int | None) -> Row:
        got = (self._question.rights[right], "$text-accent") if right is not None else ("…", MUTED)
        text = joined(self._question.lefts[i], ("  → ", MUTED), got)
        return Row(lambda width: hanging(f"{i + 1}  ", text, width))

    def _right_row(self, i: int) -> Row:
        right = self.shown.order[i]
        text = plain(self._question.rights[right])
        look = "-other" if right in self._chosen else ""
        return Row(lambda width: hanging(f"{LETTERS[i]}  ", text, width), "·" if look else "", look)

    def _told_row(self, i: int, right: int | None, fits: bool) -> Row:
        """Return a row after the answer: what it got and, where that is wrong, what belongs to it."""
        got = self._question.rights[right] if right is not None else "…"
        belongs = self._question.rights[self._question.answers[i]]
        text = joined(self._question.lefts[i], "  → ", got)

        def draw(width: int) -> Content:
            first = hanging(f"{i + 1}  ", text, width)
            return first if fits else Content("\n").join([first, hanging("   right: ", styled(belongs, RIGHT), width)])

        return Row(draw, "✓" if fits else "✗", "-right" if fits else "-wrong")
