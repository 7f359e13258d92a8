"""A text that is laid out for the width there is."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style
from textual.content import Content
from textual.geometry import Size
from textual.visual import VisualType
from textual.widget import Widget

Draw = Callable[[int], Content]
"""Returns the text for a width in cells."""


class Sheet(Widget):
    """Shows what a function draws, as high as it needs."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw: Draw = lambda _: Content("")
        self._drawn: tuple[int, Content] | None = None

    @property
    def link_style(self) -> Style:
        """What can be clicked keeps its own look."""
        return Style()

    def put(self, draw: Draw) -> None:
        """Show another text."""
        self._draw, self._drawn = draw, None
        self.refresh(layout=True)

    def _at(self, width: int) -> Content:
        if self._drawn is None or self._drawn[0] != width:
            self._drawn = (width, self._draw(max(4, width)))
        return self._drawn[1]

    def render(self) -> VisualType:
        return self._at(self.content_size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        # Measured as it is rendered: a text may hold lines that are wider than the width and are wrapped once more.
        room = max(1, width)
        return self._at(room).get_height({}, room)
