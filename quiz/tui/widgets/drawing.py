"""A figure drawn in text, cell for cell: the wide or the narrow drawing, by the room there is."""

from __future__ import annotations

import re
from collections.abc import Callable

from rich.style import Style
from textual.content import Content
from textual.geometry import Size
from textual.visual import VisualType
from textual.widget import Widget

from quiz.deck.figures import Figure, spoken, tells
from quiz.questions import FigureMark, Question
from quiz.tui.present import MUTED, RIGHT, plain, restyled, styled, wrapped

_MARK = re.compile(r"\[(\d)\]")
_SMALLEST = 10  # rows: so much is given to a figure wherever it stands
_CHROME = 4  # rows that the head, the keys and the margins take


class FigureView(Widget):
    """Shows a figure with its question. What would give the answer away is kept back until the answer is there.

    Where not even the narrow drawing fits, the description in words stands in its place.
    """

    DEFAULT_CSS = """
    FigureView {
        min-width: 8;
        text-wrap: nowrap;
        link-background-hover: $panel;
        link-color-hover: $accent;
        link-style-hover: none;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._figure: Figure | None = None
        self._question: Question | None = None
        self._others: Callable[[int], int] = lambda _: 0
        self._given: str | None = None

    @property
    def link_style(self) -> Style:
        """What can be clicked keeps its own look."""
        return Style()

    def put(self, figure: Figure, question: Question, others: Callable[[int], int]) -> None:
        """Show a figure; `others` tells how many rows the question's other parts take in a width."""
        self._figure, self._question, self._others, self._given = figure, question, others, None
        self.refresh(layout=True)

    def freeze(self, given: str) -> None:
        """Show which mark was right, and all that was kept back."""
        self._given = given
        self.refresh(layout=True)

    def render(self) -> VisualType:
        return self._drawn(self.content_size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._drawn(width).plain.count("\n") + 1

    def _drawn(self, width: int) -> Content:
        """Return the drawing with, where there is room for them, its title above and its caption below."""
        figure, question = self._figure, self._question
        if figure is None or question is None:
            return Content("")
        room = self.screen.size.height - _CHROME - self._others(width)
        drawing = figure.drawing(width, max(_SMALLEST, room))
        answered = self._given is not None
        if not drawing:
            return wrapped(plain(figure.alt if answered else spoken(figure, question)), width)
        parts = [self._signed(plain(drawing))]
        room -= drawing.count("\n") + 1
        title, caption = (
            wrapped(styled(text, MUTED), width) if text and (answered or not tells(text, figure, question)) else None
            for text in (figure.title, figure.caption)
        )
        if title is not None and "\n" not in title.plain and room > 0:
            parts.insert(0, title)
            room -= 1
        if caption is not None and (answered or room > caption.plain.count("\n") + 1):
            parts.append(caption)
        return Content("\n").join(parts)

    def _signed(self, drawing: Content) -> Content:
        """Return the drawing with its marks standing out: to be clicked where one is asked for, signed after that."""
        question = self._question
        if not isinstance(question, FigureMark):
            return drawing
        answered, points = self._given is not None, question.points
        taken = question.pointed(self._given or "") if points else None
        for found in _MARK.finditer(drawing.plain):
            mark = int(found[1])
            if mark == question.at and (answered or not points):
                style = f"{RIGHT} reverse" if answered else "bold $text-accent reverse"
            else:
                style = "bold $text-error reverse" if mark == taken else "bold underline $text-accent" if points else ""
            action = f"screen.press({mark - 1})" if points and not answered else ""
            drawing = restyled(drawing, *found.span(), style, action)
        return drawing
