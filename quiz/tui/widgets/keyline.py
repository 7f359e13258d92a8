"""Lines of small things that can be clicked: the keys that work now, and the ratings."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from textual.content import Content
from textual.geometry import Size
from textual.visual import VisualType
from textual.widget import Widget

from quiz.tui.present import button, flowed, joined

Key = tuple[str, str, str]
"""The key's name, what it does in a word, and the action that a click runs."""


class Flow(Widget):
    """Shows pieces side by side on as many lines as they need."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._pieces: Sequence[Content] = ()

    @property
    def link_style(self) -> Style:
        """The pieces keep their own look."""
        return Style()

    def put(self, pieces: Sequence[Content]) -> None:
        """Show other pieces."""
        self._pieces = pieces
        self.refresh(layout=True)

    def render(self) -> VisualType:
        return flowed(self._pieces, self.content_size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return flowed(self._pieces, width).plain.count("\n") + 1


class KeyLine(Flow):
    """The key line: what can be done now, by key or by mouse."""

    def show(self, keys: Sequence[Key]) -> None:
        """Show these keys in order; one without an action is only told."""
        self.put([button(joined((key, "bold"), " ", label), action) for key, label, action in keys])
