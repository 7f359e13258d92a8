"""The settings, one row each: left and right change the value, and it is kept at once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static
from textual.worker import get_current_worker

from quiz.settings import SETTINGS, Setting
from quiz.tui.present import MUTED, button, fitted, joined, plain, styled
from quiz.tui.screens.prices import curve
from quiz.tui.widgets.dialog import CLOSE, Dialog
from quiz.tui.widgets.keyline import Key, KeyLine
from quiz.tui.widgets.picker import Picker, Row

if TYPE_CHECKING:
    from quiz.report.pressure import Prices

# A folder is named by `quiz config`; an exam is a date and a filter, and nothing to step through.
_SHOWN = tuple(setting for setting in SETTINGS if not setting.folder and setting.key != "exam")
_STEPS = {"new": 5, "minutes": 5, "retention": 0.01, "rollover": 1}
_LABEL = 40  # cells
_EASY = ("", "sun", "sat,sun", "fri,sat", "fri", "sat", "mon", "tue", "wed", "thu")  # others by `quiz config`


class SettingsScreen(Dialog[None]):
    """Lists the settings."""

    BINDINGS = [
        Binding("enter", "close", "Close", show=False),
        Binding("left,h,minus", "change(-1)", show=False),
        Binding("right,l,plus", "change(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__("Settings")
        self._prices: Prices | None = None
        self._priced: tuple[int, int, float] | None = None  # what they were worked out for

    def inside(self) -> ComposeResult:
        yield Picker()
        yield Static(id="gap")
        yield Static(id="about")
        yield Static(id="prices")

    def keys(self) -> Sequence[Key]:
        return [("↑ ↓", "choose", "screen.move(1)"), ("← →", "change", "screen.change(1)"), CLOSE]

    def on_mount(self) -> None:
        self.watch(self.query_one(".dialog"), "virtual_size", self._laid_out, init=False)
        self._draw(0)

    def on_resize(self) -> None:
        """Draw the prices for the width there is."""
        self._draw_prices(_SHOWN[self.query_one(Picker).marked or 0].key == "retention")
        self._laid_out()

    def _laid_out(self) -> None:
        self.call_after_refresh(self._name_the_rest)

    def _name_the_rest(self) -> None:
        """Name the key that leads to what is below the fold, while there is something."""
        box, line = self.query_one(".dialog"), self.query_one(".keys", KeyLine)
        # A second line of keys hides as much itself: it is no reason to stay.
        below = box.max_scroll_y > max(0, line.size.height - 1)
        more: list[Key] = [("PgDn", "more", "screen.page(1)")] if below else []
        line.show([*self.keys(), *more])

    def _draw(self, marked: int) -> None:
        self.query_one(Picker).put([self._row(i, s) for i, s in enumerate(_SHOWN)], marked)
        about = _SHOWN[marked].help
        self.query_one("#about", Static).update(styled(f"{about[0].upper()}{about[1:]}.", MUTED))
        self._draw_prices(_SHOWN[marked].key == "retention")

    def _draw_prices(self, wanted: bool) -> None:
        """Show what each level of recall costs, on its row alone: worked out once, beside the screen."""
        prices = self.query_one("#prices", Static)
        prices.display = wanted
        self.set_class(wanted, "-close")  # there is much to say on that row
        if not wanted:
            return
        settings = self.quiz.desk.history.settings
        now = (settings.new, settings.minutes, settings.retention)
        if self._prices is None:
            prices.update(styled("Working out what each level costs…", MUTED))
        else:  # until it is worked out anew, the last one stays
            drawn = curve(self._prices.rows(), "known", narrow=self.app.size.width < 60)
            prices.update(Content("\n").join([drawn, plain(self._prices.why())]))
        if now != self._priced:
            self._priced = now
            self._work_out()

    def _work_out(self) -> None:
        from quiz.report.pressure import price_curve

        history = self.quiz.desk.history
        db, day, settings, scope = history.reader(), history.today(), history.settings, self.quiz.scope

        def beside() -> None:
            with closing(db):
                found = price_curve(db, scope, day, settings)
            if not get_current_worker().is_cancelled:
                self.app.call_from_thread(worked_out, found)

        def worked_out(found: Prices) -> None:
            self._prices = found
            self._draw_prices(_SHOWN[self.query_one(Picker).marked or 0].key == "retention")

        self.run_worker(beside, thread=True, exclusive=True, group="prices", exit_on_error=False)

    def _row(self, i: int, setting: Setting) -> Row:
        value = self._in_words(setting)

        def draw(width: int) -> Content:
            less, more = (button(sign, f"screen.change_row({i}, {step})") for sign, step in ((" ◂ ", -1), (" ▸ ", 1)))
            label = fitted(setting.label, max(8, min(_LABEL, width - cell_len(value) - 6)))
            return Content.assemble(label, less, joined((value, "bold")), more)

        return Row(draw)

    def _in_words(self, setting: Setting) -> str:
        """Return the value in force as a person reads it."""
        value = getattr(self.quiz.desk.history.settings, setting.key)
        match setting.key:
            case "theme":
                return self.app.theme
            case "retention":
                return f"{100 * value:.0f} %"
            case "rollover":
                return f"{value}:00"
            case "certainty" if value == "exam":
                return "in exams"
            case "easy_days":
                return value or "none"
            case "minutes" if not value:
                return "no limit"
            case _:
                return str(value)

    @on(Picker.Taken)
    def _taken(self, message: Picker.Taken) -> None:
        self._draw(message.index)

    def action_move(self, step: int) -> None:
        """Mark another setting."""
        super().action_move(step)
        self._draw(self.query_one(Picker).marked or 0)

    def action_change(self, step: int) -> None:
        """Change the marked setting."""
        self.action_change_row(self.query_one(Picker).marked or 0, step)

    def action_change_row(self, row: int, step: int) -> None:
        """Change one setting by a step, within its bounds, and keep it."""
        setting, history = _SHOWN[row], self.quiz.desk.history
        value = getattr(history.settings, setting.key)
        if setting.key == "theme":
            names = sorted(self.app.available_themes)
            self.app.theme = names[(names.index(self.app.theme) + step) % len(names)]  # the app keeps it
        elif setting.days:
            places = [*_EASY, *([] if value in _EASY else [value])]
            history.change_settings({setting.key: places[(places.index(value) + step) % len(places)]})
        elif setting.among:
            history.change_settings(
                {setting.key: setting.among[(setting.among.index(value) + step) % len(setting.among)]}
            )
        else:
            number = max(setting.low, min(setting.high, round(value + step * _STEPS[setting.key], 2)))
            history.change_settings({setting.key: type(setting.default)(number)})
        self._draw(row)
