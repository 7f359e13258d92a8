"""The settings, one row each: left and right change the value, and it is kept at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from quiz.settings import SETTINGS, Setting
from quiz.tui.present import button, fitted, joined, styled
from quiz.tui.widgets.picker import Picker, Row

if TYPE_CHECKING:
    from quiz.tui.app import QuizApp

_STEPS = {"new": 5, "minutes": 5, "retention": 0.01, "rollover": 1}


class SettingsScreen(ModalScreen[None]):
    """Lists the settings."""

    BINDINGS = [
        Binding("escape,q,enter", "close", "Close", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("left,h,minus", "change(-1)", show=False),
        Binding("right,l,plus", "change(1)", show=False),
    ]
    AUTO_FOCUS = None

    @property
    def quiz(self) -> QuizApp:
        """The app, by its own type."""
        return cast("QuizApp", self.app)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False):
            yield Static(styled("Settings", "bold"))
            yield Static()
            yield Picker()
            yield Static()
            yield Static(id="about")
            yield Static()
            keys = (("↑ ↓", " choose  "), ("← →", " change  "), ("Esc", " closes this"))
            yield Static(joined(*(part for key, text in keys for part in ((key, "bold $accent"), text))))

    def on_mount(self) -> None:
        self._draw(0)

    def _draw(self, marked: int) -> None:
        self.query_one(Picker).put([self._row(i, s) for i, s in enumerate(SETTINGS)], marked)
        about = SETTINGS[marked]
        self.query_one("#about", Static).update(styled(about.help[0].upper() + about.help[1:] + ".", "$foreground 70%"))

    def _row(self, i: int, setting: Setting) -> Row:
        value = getattr(self.quiz.desk.history.settings, setting.key)
        if setting.key == "theme":
            value = self.app.theme
        elif isinstance(value, float):
            value = f"{100 * value:.0f} %"

        def draw(width: int) -> Content:
            less, more = (button(sign, f"screen.change_row({i}, {step})") for sign, step in ((" ◂ ", -1), (" ▸ ", 1)))
            return Content.assemble(
                fitted(setting.label, max(8, min(40, width - len(str(value)) - 7))),
                less,
                joined((str(value), "bold")),
                more,
            )

        return Row(draw)

    @on(Picker.Taken)
    def _taken(self, message: Picker.Taken) -> None:
        self._draw(message.index)

    def action_move(self, step: int) -> None:
        """Mark another setting."""
        picker = self.query_one(Picker)
        picker.move(step)
        self._draw(picker.marked or 0)

    def action_change(self, step: int) -> None:
        """Change the marked setting."""
        self.action_change_row(self.query_one(Picker).marked or 0, step)

    def action_change_row(self, row: int, step: int) -> None:
        """Change one setting by a step, within its bounds, and keep it."""
        setting, history = SETTINGS[row], self.quiz.desk.history
        value = getattr(history.settings, setting.key)
        if setting.key == "theme":
            names = sorted(self.app.available_themes)
            value = names[(names.index(self.app.theme) + step) % len(names)]
            self.app.theme = value
        elif setting.among:
            value = setting.among[(setting.among.index(value) + step) % len(setting.among)]
        else:
            value = max(setting.low, min(setting.high, round(value + step * _STEPS[setting.key], 2)))
            value = type(setting.default)(value)
        history.change_settings({setting.key: value})
        self._draw(row)

    def on_click(self, event: events.Click) -> None:
        """A click beside the dialog closes it."""
        if event.widget is self:
            self.dismiss()

    def action_close(self) -> None:
        """Close."""
        self.dismiss()
