"""Lines of small things that can be clicked: the keys that work now, and the ratings."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.visual import VisualType
from textual.widget import Widget

from quiz.tui.present import button, flowed, joined


class Flow(Widget):
    """Shows pieces side by side on as many lines as they need."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._pieces: Sequence[Content] = ()

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

    def show(self, items: Sequence[tuple[str, str, str]]) -> None:
        """Show (key, label, action) in order."""
        self.put([button(joined((key, "bold $accent"), " ", label), action) for key, label, action in items])
