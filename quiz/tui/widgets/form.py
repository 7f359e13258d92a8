"""What a question is answered with: what all kinds of it share. Each kind has a module of its own beside this one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.screen import Screen
from textual.widget import Widget

from quiz.questions import Mark
from quiz.study.shown import Shown
from quiz.tui.widgets.keyline import Key

if TYPE_CHECKING:  # a protocol costs time where it is made, and the first question has to be there soon
    from typing import Protocol

    from quiz.deck.figures import Figure

    class Host(Protocol):
        """What a form stands in."""

        def ready(self, given: str) -> None:
            """Take an answer that is handed in."""

        def changed(self) -> None:
            """Something else stands there now, or other keys work."""

        def appeared(self) -> None:
            """The form has got its place on the screen."""


TALL = 18  # rows: as the breakpoint of the app


class Form(Widget):
    """Takes the answer to one question at a time, which `ask` gives it.

    What is given is the text that `question.mark` takes ("" for nothing). While the form is not `open` (the answer is
    handed in, or looked at again) it takes neither keys nor clicks.
    """

    CONFIRM: ClassVar[str] = "press Enter"
    """How an answer is handed in, in words."""

    host: Host
    shown: Shown
    figure: Figure | None = None
    """The figure that is shown with the question."""
    open: bool = False

    def ask(self, shown: Shown, figure: Figure | None) -> None:
        """Show the input for a question, empty."""
        self.shown, self.figure = shown, figure
        self.open = True
        self.begin()

    def restore(self, given: str) -> None:
        """Put an answer given before back, to be changed or handed in again."""
        self.open = True
        self.begin(given)

    def freeze(self, given: str, mark: Mark) -> None:
        """Show an answer with its signs: what was right and what was not."""
        self.open = False
        self.end(given, mark)

    def close(self) -> None:
        """Take nothing more; what stands there stays as it is."""
        self.open = False

    def on_show(self) -> None:
        self.host.appeared()

    def hand_in(self) -> None:
        """Hand in what stands there."""
        if self.open:
            self.host.ready(self.given())

    # -- what each kind does its own way ------------------------------------------------------------------------------

    def begin(self, given: str = "") -> None:
        """Show the input with this answer in it."""
        raise NotImplementedError

    def end(self, given: str, mark: Mark) -> None:
        """Show an answer with its signs."""
        raise NotImplementedError

    def given(self) -> str:
        """Return what stands there now."""
        raise NotImplementedError

    def keys(self) -> Sequence[Key]:
        """Return the keys that answer, for the key line."""
        raise NotImplementedError

    def told(self) -> str:
        """Return what is to be said below the input, if anything."""
        return ""

    def doubt(self, given: str) -> str:
        """Return what is missing in an answer that could be handed in all the same; it is asked back once."""
        return ""

    def rows(self, width: int) -> int:
        """Return about how many lines the input takes in `width` cells."""
        return 1

    def digit(self, i: int) -> None:
        """The digit `i` + 1 was pressed."""

    def letter(self, i: int) -> None:
        """The letter `i` (0 for a) was pressed."""
        self.digit(i)

    def enter(self) -> None:
        """Enter was pressed."""
        self.hand_in()

    def space(self) -> None:
        """Space was pressed."""
        self.enter()

    def arrow(self, step: int) -> bool:
        """An arrow was pressed, up (-1) or down (1); return whether there was a use for it."""
        return False

    def shift(self, step: int) -> None:
        """An arrow was pressed together with Shift."""

    def back(self) -> bool:
        """Esc was pressed; return whether there was a use for it."""
        return False


def roomy(screen: Screen[object]) -> bool:
    """Whether there are empty lines between the parts of a page (`-tall` in the styles, which follows the size)."""
    return screen.size.height >= TALL


def into_sight(body: Widget, first: Widget, last: Widget) -> None:
    """Scroll `body` just so far that it shows all from `first` to `last`; where that is too much, from `first` on."""
    bottom = _place(body, last) + last.virtual_region.height
    y = max(0, min(_place(body, first), bottom - body.scrollable_content_region.height))
    if y != body.scroll_offset.y:
        body.scroll_to(y=y, animate=False, immediate=True)


def _place(body: Widget, part: Widget) -> int:
    """Return how far below the top of the body a part of it begins, whatever is scrolled."""
    y, node = 0, part
    while node is not body:
        y += node.virtual_region.y
        node = cast("Widget", node.parent)
    return y
