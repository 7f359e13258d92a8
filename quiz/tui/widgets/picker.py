"""A list of rows of which one can be taken: by its number or letter, by arrows and Enter, or by a click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.visual import VisualType
from textual.widget import Widget

Draw = Callable[[int], Content]
"""Returns what stands in a row, given the width in cells that there is for it."""


class Row(NamedTuple):
    """One row: `draw` gives its text for a width; `sign` stands before it (two cells), `look` is a style class."""

    draw: Draw
    sign: str = ""
    look: str = ""


class RowView(Widget):
    """One row on the screen, as high as its text needs."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index
        self.row = Row(lambda _: Content(""))

    @property
    def link_style(self) -> Style:
        """What can be clicked keeps its own look."""
        return Style()

    def put(self, row: Row) -> None:
        """Show another row."""
        self.set_classes(row.look)
        self.row = row
        self.refresh(layout=True)

    def _drawn(self, width: int) -> Content:
        sign = "▸ " if self.has_class("-marked") and not self.row.sign else f"{self.row.sign:<2}"
        lines = self.row.draw(max(2, width - 2)).split("\n", allow_blank=True)
        return Content("\n").join([Content.assemble(sign if i == 0 else "  ", line) for i, line in enumerate(lines)])

    def render(self) -> VisualType:
        return self._drawn(self.content_size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._drawn(width).plain.count("\n") + 1

    def on_click(self, event: events.Click) -> None:
        event.stop()
        picker = cast("Picker", self.parent)
        picker.post_message(Picker.Taken(self.index, picker))


class Picker(Widget):
    """Rows, one of which may be marked. `marked` is its index, or None: then Enter takes nothing."""

    @dataclass
    class Taken(Message):
        """A row of `picker` was taken."""

        index: int
        picker: Picker

        @property
        def control(self) -> Picker:
            """The picker, for `on` with a selector."""
            return self.picker

    def __init__(self, *, id: str | None = None, views: int = 0) -> None:
        """`views` is how many rows to make from the start: those made later cost a second layout."""
        super().__init__(id=id)
        self.marked: int | None = None
        self.count = 0
        self._rows = [RowView(i) for i in range(views)]
        self._composed = False

    def compose(self) -> ComposeResult:
        self._composed = True
        yield from self._rows

    def put(self, rows: Sequence[Row], marked: int | None = None, *, sight: bool = True) -> None:
        """Show these rows. Widgets are kept and used again: putting new ones in costs a layout each."""
        more = [RowView(i) for i in range(len(self._rows), len(rows))]
        self._rows += more
        if more and self._composed:
            self.mount_all(more)
        self.count = len(rows)
        for view in self._rows:
            view.display = view.index < len(rows)
            if view.display:
                view.put(rows[view.index])
        self.mark(marked, sight=sight)

    def mark(self, index: int | None, *, sight: bool = True) -> None:
        """Mark one row (or none) and, with `sight`, bring it into sight."""
        self.marked = index
        for view in self._rows:
            was = view.has_class("-marked")
            view.set_class(view.index == index, "-marked")
            if was or view.index == index:
                view.refresh()
            if view.index == index and sight:
                view.scroll_visible(animate=False)

    def row(self, index: int) -> RowView:
        """Return what shows a row."""
        return self._rows[index]

    def move(self, step: int) -> None:
        """Mark the next row (`step` 1) or the one before (-1), round the ends."""
        if not self.count:
            return
        start = self.marked if self.marked is not None else (-1 if step > 0 else 0)
        index = (start + step) % self.count
        # At an end of the list, what stands above or below it comes into sight too, as far as there is room.
        around = cast("Widget", self.parent)
        if index == 0:
            around.scroll_home(animate=False, immediate=True)
        elif index == self.count - 1:
            around.scroll_end(animate=False, immediate=True)
        self.mark(index)

    def take(self) -> bool:
        """Take the marked row; return whether there is one."""
        if self.marked is None:
            return False
        self.post_message(self.Taken(self.marked, self))
        return True
