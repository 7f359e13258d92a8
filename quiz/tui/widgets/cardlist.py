"""A list of any number of cards, a line each: only the lines in sight are looked up and drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from quiz.report.search import Row
from quiz.tui.present import MUTED, fitted, joined

Fetch = Callable[[Sequence[str]], Sequence[Row]]
"""Returns the rows of some cards, in their order."""

FLAG = "⚑"
_STATE = 9  # cells: the longest state
_CHUNK = 64  # rows looked up at once


class CardList(ScrollView, can_focus=False):
    """Lists `cards`, one of which is marked: by the keys of its screen, or by a click. A second click opens it."""

    COMPONENT_CLASSES = {"cardlist--line", "cardlist--marked", "cardlist--hover"}

    @dataclass
    class Marked(Message):
        """Another card is marked, or none is."""

    @dataclass
    class Clicked(Message):
        """A card was clicked; `again` if it was the marked one."""

        again: bool

    def __init__(self, fetch: Fetch, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cards: Sequence[str] = ()
        self.marked = 0
        self._chosen: str | None = None  # the card that was marked by hand last
        self._fetch = fetch
        self._rows: dict[int, Row] = {}
        self._hover = -1

    @property
    def card(self) -> str | None:
        """The marked card; None when there is none."""
        return self.cards[self.marked] if self.cards else None

    def put(self, cards: Sequence[str]) -> None:
        """Show other cards. The card that was marked by hand last is marked if it is among them, else the first."""
        self.cards = cards
        self._rows.clear()
        self._hover = -1
        self.virtual_size = Size(0, len(cards))
        self._mark(cards.index(self._chosen) if self._chosen in cards else 0)
        self.refresh()

    def renew(self) -> None:
        """Look the rows up again: where a card stands has changed."""
        self._rows.clear()
        self.refresh()

    def move(self, step: int) -> None:
        """Mark another card, `step` lines below the marked one; the ends stop."""
        if self.cards:
            self._choose(max(0, min(len(self.cards) - 1, self.marked + step)))

    @property
    def page(self) -> int:
        """How many lines a page has."""
        return max(1, self.scrollable_content_region.height - 1)

    def _choose(self, index: int) -> None:
        self._chosen = self.cards[index]
        self._mark(index)

    def _mark(self, index: int) -> None:
        for line in (self.marked, index):
            self.refresh_line(line)
        self.marked = index
        self._into_sight()
        self.post_message(self.Marked())

    def _into_sight(self) -> None:
        height = self.scrollable_content_region.height
        top = self.scroll_offset.y
        if self.marked < top:
            self.scroll_to(y=self.marked, animate=False)
        elif height and self.marked >= top + height:
            self.scroll_to(y=self.marked - height + 1, animate=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self._into_sight)

    # -- drawing ------------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Return one line of what is in sight."""
        width, index = self.scrollable_content_region.width, y + self.scroll_offset.y
        name = "marked" if index == self.marked else "hover" if index == self._hover else "line"
        style = self.get_visual_style(f"cardlist--{name}")
        if index >= len(self.cards):
            return Strip.blank(width, self.get_visual_style("cardlist--line").rich_style)
        lines = Visual.to_strips(self, self._line(index, width), width, 1, style, pad=True)
        return lines[0]

    def _line(self, index: int, width: int) -> Content:
        row = self._row(index)
        sign = "▸ " if index == self.marked else "  "
        flag = FLAG if row.flagged else " "
        look = "" if index == self.marked or row.state in ("due", "new") else MUTED
        text = fitted(row.text or row.card, max(4, width - _STATE - 5))
        return joined(sign, text, f" {flag} ", (fitted(row.state, _STATE), look))

    def _row(self, index: int) -> Row:
        if index not in self._rows:
            if len(self._rows) > 50 * _CHUNK:  # somebody scrolls through a large library
                self._rows.clear()
            first = index - index % _CHUNK
            self._rows.update(enumerate(self._fetch(self.cards[first : first + _CHUNK]), first))
        return self._rows[index]

    # -- the mouse ----------------------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        event.stop()
        index = event.y + self.scroll_offset.y
        if index >= len(self.cards):
            return
        self.post_message(self.Clicked(index == self.marked))
        self._choose(index)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover_at(event.y + self.scroll_offset.y)

    def on_leave(self) -> None:
        self._hover_at(-1)

    def _hover_at(self, index: int) -> None:
        if index != self._hover:
            for line in (self._hover, index):
                self.refresh_line(line)
            self._hover = index
