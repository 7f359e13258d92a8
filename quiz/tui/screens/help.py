"""The help: the keys of the screen one came from, read off the registry, so that it cannot go stale."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from quiz.tui.actions import EVERYWHERE, of
from quiz.tui.present import MUTED, hanging, plain, styled
from quiz.tui.widgets.dialog import Dialog
from quiz.tui.widgets.picker import Picker, Row

_FIRST = {
    "browse": [
        ("burn pad", "Cards with both words. In quotation marks a phrase; -word leaves out the cards that have it."),
        (
            "topic:x",
            "Also procedure, audience, deck, tier, source, tag, certainty, kind. topic:a,b is either; topic:ri*",
        ),
        ("is:due", "Also new, seen, suspended, flagged, safety, leech (forgotten 6 times), danger (sure and wrong)."),
        ("due<=7", "Days from today. Also recall<0.8, stability>30 (days), lapses>=3."),
        ("a or b", "And, or, not, and (brackets): burn -(is:new or is:suspended)"),
    ],
    "exam": [("1 2 3 …", "Take that option; a, b, c … do the same. Asked how sure: 1 a guess, 2 fairly sure, 3 sure.")],
    "exam_setup": [("0 to 9", "The weight of the marked topic. Without any weight, topics come as chance has them.")],
    "teach": [("1 2 3 …", "Tick that phrase when you hear it, or take its tick off.")],
    "study": [
        ("1 2 3 …", "Take that option, step or mark. After the answer: 1 Again, 2 Hard, 3 Good, 4 Easy."),
        ("a b c …", "The same; of pairs to be matched, the right side for the marked row."),
    ],
}
_NOTE = {
    "teach": "There is no score. Nothing about the person is kept.",
    "study": "The rating says when the card comes back. It is set for you; change it when you guessed or knew it cold.",
    "home": "Questions come back when you are about to forget them. For learning, not for deciding treatment.",
}
_BY_MOUSE = "A click on a line does what it says."


class HelpScreen(Dialog[str]):
    """Lists keys with what they do. Returns the name of the action whose line was clicked."""

    BINDINGS = [Binding("question_mark,f1,enter", "close", "Close", show=False)]

    def __init__(self, screen: str) -> None:
        super().__init__("Keys of this screen")
        self._of = screen
        self._first = _FIRST.get(screen, [])
        self._actions = of(screen)

    def inside(self) -> ComposeResult:
        yield Picker()
        yield Static()
        yield Static(styled(" ".join([_NOTE.get(self._of, ""), _BY_MOUSE]).strip(), MUTED))

    def on_mount(self) -> None:
        keys = [*self._first, *((a.shown, a.help) for a in self._actions), *EVERYWHERE]
        self.query_one(Picker).put([_row(key, text) for key, text in keys])

    def action_move(self, step: int) -> None:
        """Scroll a line."""
        self.query_one(".dialog").scroll_relative(y=step, animate=False)

    @on(Picker.Taken)
    def _clicked(self, message: Picker.Taken) -> None:
        index = message.index - len(self._first)
        if 0 <= index < len(self._actions):
            self.dismiss(self._actions[index].name)


def _row(key: str, text: str) -> Row:
    return Row(lambda width: hanging((f"{key:<8} ", "bold"), plain(text), width))
