"""The filter: by audience, procedure and topic."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from quiz.deck.scope import Scope
from quiz.tui.present import joined, styled
from quiz.tui.widgets.keyline import KeyLine
from quiz.tui.widgets.picker import Picker, Row

if TYPE_CHECKING:
    from quiz.tui.app import QuizApp

_SAFETY = ("safety", "must-pass cards")


class FilterScreen(ModalScreen[Scope | None]):
    """Returns the scope, or None when it was left as it was."""

    BINDINGS = [
        Binding("escape,q", "keep", "Leave", show=False),
        Binding("f", "apply", "Apply", show=False),
        Binding("n", "nothing", "Clear", show=False),
        Binding("space,enter", "take", "Mark", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
    ]
    AUTO_FOCUS = None

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        chosen = (("audience", scope.audiences), ("procedure", scope.procedures), ("topic", scope.topics))
        self._marked = {(column, value) for column, values in chosen for value in values}
        if scope.safety:
            self._marked.add(_SAFETY)
        self._choices: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False):
            yield Static(styled("Ask only cards that are for, or about", "bold"))
            yield KeyLine()
            yield Picker()

    def on_mount(self) -> None:
        library = cast("QuizApp", self.app).desk.library
        columns = ("audience", "procedure", "topic")
        self._choices = [_SAFETY, *((column, value) for column in columns for value in library.values(column))]
        keys = [("Space", "mark", "screen.take"), ("f", "apply", "screen.apply")]
        keys += [("n", "clear", "screen.nothing"), ("Esc", "leave it", "screen.keep")]
        self.query_one(KeyLine).show(keys)
        self._draw(0)

    def _draw(self, marked: int) -> None:
        self.query_one(Picker).put([self._row(choice) for choice in self._choices], marked)

    def _row(self, choice: tuple[str, str]) -> Row:
        column, value = choice
        box = "[x]" if choice in self._marked else "[ ]"
        return Row(lambda _: joined(f"{box} {column:<10}", value))

    def action_move(self, step: int) -> None:
        """Go to another line."""
        self.query_one(Picker).move(step)

    def action_take(self) -> None:
        """Mark the line, or take its mark off."""
        self.query_one(Picker).take()

    @on(Picker.Taken)
    def _taken(self, message: Picker.Taken) -> None:
        self._marked ^= {self._choices[message.index]}
        self._draw(message.index)

    def action_apply(self) -> None:
        """Take what is marked."""

        def of(column: str) -> tuple[str, ...]:
            return tuple(value for c, value in self._choices if c == column and (c, value) in self._marked)

        scope = Scope(topics=of("topic"), procedures=of("procedure"), audiences=of("audience"))
        self.dismiss(replace(scope, safety=_SAFETY in self._marked))

    def action_nothing(self) -> None:
        """Take all marks off."""
        self._marked.clear()
        self._draw(self.query_one(Picker).marked or 0)

    def action_keep(self) -> None:
        """Leave the filter as it was."""
        self.dismiss(None)
