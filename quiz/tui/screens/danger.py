"""The danger list: the cards that the learner was sure of and got wrong."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from quiz.memory import StudyDay
from quiz.report.standing import Danger
from quiz.report.words import in_days
from quiz.text import counted
from quiz.tui.present import MUTED, joined, plain, styled
from quiz.tui.widgets.dialog import CLOSE, Dialog
from quiz.tui.widgets.keyline import Key
from quiz.tui.widgets.picker import Picker, Row

_READ = "not bold $foreground"  # what is to be read stays calm in the marked row


class DangerScreen(Dialog[bool]):
    """Lists what was asked; a row opens to show what is right. Returns True when these cards are to be studied."""

    BINDINGS = [
        Binding("enter,space", "take", "Open", show=False),
        Binding("s", "study", "Study these", show=False),
        Binding("d", "close", "Close", show=False),
    ]

    def __init__(self, danger: Sequence[Danger], today: StudyDay) -> None:
        super().__init__(f"Sure and wrong: {counted(len(danger), 'card')}")
        self._danger = danger
        self._today = today
        self._open: set[int] = set()

    def inside(self) -> ComposeResult:
        yield Picker()

    def keys(self) -> Sequence[Key]:
        return [("Enter", "open", "screen.take"), ("s", "study these", "screen.study"), CLOSE]

    def on_mount(self) -> None:
        self._draw(0)

    def _draw(self, marked: int) -> None:
        self.query_one(Picker).put([self._row(i, danger) for i, danger in enumerate(self._danger)], marked)

    def _row(self, index: int, danger: Danger) -> Row:
        card = danger.card
        parts = [plain(card.questions[0].stem)]
        if index in self._open:
            parts.append(joined(("✓ ", "bold $text-success"), (card.claim or card.questions[0].key, _READ)))
            parts += [joined(("Why: ", "bold"), (card.why, _READ))] if card.why else []
            due = in_days(danger.due - self._today)
            parts.append(
                styled(f"Due {due}; to be recalled on {counted(danger.left, 'more day')}.", f"not bold {MUTED}")
            )
            parts.append(Content(""))
        return Row(lambda width: Content("\n").join([line for part in parts for line in part.wrap(width)]))

    @on(Picker.Taken)
    def _taken(self, message: Picker.Taken) -> None:
        self._open ^= {message.index}
        self._draw(message.index)

    def action_study(self) -> None:
        """Study just these cards."""
        self.dismiss(True)
