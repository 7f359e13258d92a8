"""The filter: by audience, procedure and topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from quiz.deck.scope import Scope
from quiz.tui.present import joined
from quiz.tui.widgets.dialog import Dialog
from quiz.tui.widgets.keyline import Key
from quiz.tui.widgets.picker import Picker, Row

_SAFETY = ("safety", "must-pass cards")
_COLUMNS = ("audience", "procedure", "topic")


class FilterScreen(Dialog[Scope]):
    """Returns the scope, or None when it was left as it was."""

    BINDINGS = [
        Binding("f", "apply", "Apply", show=False),
        Binding("n", "nothing", "Clear", show=False),
        Binding("space,enter", "take", "Mark", show=False),
    ]

    def __init__(self, scope: Scope) -> None:
        super().__init__("Ask only cards that are for, or about")
        chosen = zip(_COLUMNS, (scope.audiences, scope.procedures, scope.topics), strict=True)
        self._chosen = {(column, value) for column, values in chosen for value in values}
        if scope.safety:
            self._chosen.add(_SAFETY)
        self._choices: list[tuple[str, str]] = []

    def inside(self) -> ComposeResult:
        yield Picker()

    def keys(self) -> Sequence[Key]:
        take, apply = ("Space", "mark", "screen.take"), ("f", "apply", "screen.apply")
        return [take, apply, ("n", "clear", "screen.nothing"), ("Esc", "leave it", "screen.close")]

    def on_mount(self) -> None:
        library = self.quiz.desk.library
        self._choices = [_SAFETY, *((column, value) for column in _COLUMNS for value in library.values(column))]
        self._draw(0)

    def _draw(self, marked: int) -> None:
        self.query_one(Picker).put([self._row(choice) for choice in self._choices], marked)

    def _row(self, choice: tuple[str, str]) -> Row:
        column, value = choice
        box = "[x]" if choice in self._chosen else "[ ]"
        return Row(lambda _: joined(f"{box} {column:<10}", value))

    @on(Picker.Taken)
    def _taken(self, message: Picker.Taken) -> None:
        self._chosen ^= {self._choices[message.index]}
        self._draw(message.index)

    def action_apply(self) -> None:
        """Take what is marked."""

        def of(column: str) -> tuple[str, ...]:
            return tuple(value for c, value in self._choices if c == column and (c, value) in self._chosen)

        scope = Scope(topics=of("topic"), procedures=of("procedure"), audiences=of("audience"))
        self.dismiss(replace(scope, safety=_SAFETY in self._chosen))

    def action_nothing(self) -> None:
        """Take all marks off."""
        self._chosen.clear()
        self._draw(self.query_one(Picker).marked or 0)
