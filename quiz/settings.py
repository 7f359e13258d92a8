"""The learner's settings: one list that the command line, the settings screen and the session read."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from quiz.errors import UsageError
from quiz.text import clean, nearest


class Setting(NamedTuple):
    """One setting: `low` to `high` for numbers, `among` for words; whole numbers unless the default is a fraction.

    A `folder` is kept as its whole path, "" for none. It is this device's own: the others have other folders.
    `days` are weekdays, kept by their first three letters: "sat,sun", "" for none.
    """

    key: str
    label: str
    default: int | float | str
    help: str
    low: float = 0
    high: float = 0
    among: tuple[str, ...] = ()
    folder: bool = False
    days: bool = False

    def parse(self, text: str) -> int | float | str:
        """Return the value that `text` means. Raises UsageError saying what is allowed."""
        given = clean(text, lines=False).strip()
        if self.among:
            if given.casefold() in self.among:
                return given.casefold()
            guess = nearest(given, self.among)
            mend = f"did you mean '{guess}'?" if guess else f"one of: {', '.join(self.among)}"
            raise UsageError(f"{self.key} cannot be '{given}'", mend)
        if self.folder:
            return "" if given.casefold() in ("", OFF) else _whole_path(given)
        if self.days:
            return _days(self.key, given)
        if isinstance(self.default, str):
            return given
        allowed = f"a number from {self.low:g} to {self.high:g}"
        try:
            share = given.removesuffix("%").strip() if isinstance(self.default, float) else given
            value: int | float = type(self.default)(share.replace(",", "."))
        except ValueError:
            raise UsageError(f"{self.key} cannot be '{given}'", f"give {allowed}") from None
        if isinstance(value, float) and given.endswith("%"):
            value /= 100
        if not self.low <= value <= self.high:
            raise UsageError(f"{self.key} cannot be {given}", f"give {allowed}")
        return value


OFF = "off"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKEND = "weekend"

SETTINGS = (
    Setting("new", "New cards a day", 10, "how many cards you meet for the first time on one day", 0, 500),
    Setting("minutes", "Minutes a session", 15, "a session ends after this many minutes (0: when all is done)", 0, 600),
    Setting("retention", "Recall aimed at", 0.9, "the share you want to recall; more costs more time", 0.7, 0.97),
    Setting(
        "easy_days",
        "Easy days",
        "",
        "weekdays with half the minutes and half the cards or fewer, as in: sat,sun (off: none)",
        days=True,
    ),
    Setting("rollover", "The day begins at", 4, "hour at which a new study day begins", 0, 12),
    Setting(
        "certainty",
        "Ask how sure you are",
        "off",
        "one key before the answer is shown; 'exam' asks in exams alone",
        among=("off", "on", "exam"),
    ),
    Setting("exam", "Exam", "", "the day you study for, and what it is about: 2027-01-15 procedure:sdr (off: none)"),
    Setting("theme", "Theme", "", "the colours; empty for the program's own"),
    Setting(
        "sync",
        "Sync folder",
        "",
        "the folder through which this device syncs at the start and the end of a session; 'off' for none",
        folder=True,
    ),
)
BY_KEY = {setting.key: setting for setting in SETTINGS}
LOCAL = frozenset(setting.key for setting in SETTINGS if setting.folder)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their values. `retention` is 0 to 1, `rollover` an hour, `minutes` 0 for no limit.

    `exam` is read by `quiz.study.target`, `easy_days` by `weekdays`.
    """

    new: int = 10
    minutes: int = 15
    retention: float = 0.9
    easy_days: str = ""
    rollover: int = 4
    certainty: str = "off"
    exam: str = ""
    theme: str = ""
    sync: str = ""

    @staticmethod
    def of(values: Mapping[str, Any]) -> Settings:
        """Return the settings with `values` over the defaults; what is unknown or out of range stays at its default."""
        good: dict[str, Any] = {}
        for key, value in values.items():
            if key in BY_KEY:
                try:
                    good[key] = BY_KEY[key].parse(str(value))
                except UsageError:
                    continue
        return Settings(**good)


def weekdays(text: str) -> frozenset[int]:
    """Return the weekdays of a kept setting, Monday being 0; none where it cannot be read."""
    return frozenset(WEEKDAYS.index(word) for word in text.split(",") if word in WEEKDAYS)


def _days(key: str, given: str) -> str:
    """Return weekdays as they are kept, from Monday on. Raises UsageError with the nearest name."""
    shown = key.replace("_", "-")
    words = given.casefold().replace(",", " ").replace(";", " ").split()
    if words in ([], [OFF]):
        return ""
    found: set[str] = set()
    for word in words:
        day = next((full for full in _DAY_NAMES if len(word) > 1 and full.startswith(word.removesuffix("s"))), None)
        if word in (_WEEKEND, f"{_WEEKEND}s"):
            found |= {"sat", "sun"}
        elif day is None:
            guess = nearest(word, {*_DAY_NAMES, *WEEKDAYS, _WEEKEND})
            mend = f"did you mean '{guess[:3] if guess != _WEEKEND else guess}'?" if guess else "give weekdays: sat,sun"
            raise UsageError(f"{shown} cannot be '{word}'", mend)
        else:
            found.add(day[:3])
    if len(found) == len(WEEKDAYS):
        raise UsageError(f"{shown} cannot be all seven days", "leave one out, or aim at less: quiz config retention")
    return ",".join(day for day in WEEKDAYS if day in found)


def _whole_path(given: str) -> str:
    """Return the path from the root: the program is not always started in the same folder."""
    path = Path(given)
    with suppress(RuntimeError):  # nobody's home is known
        path = path.expanduser()
    return str(path.absolute())


def setting(key: str) -> Setting:
    """Return the setting called `key`. Raises UsageError with the nearest name."""
    key = key.replace("-", "_")
    if key in BY_KEY:
        return BY_KEY[key]
    guess = nearest(key, set(BY_KEY))
    mend = f"did you mean '{guess}'?" if guess else f"settings: {', '.join(BY_KEY).replace('_', '-')}"
    raise UsageError(f"there is no setting '{clean(key, lines=False)}'", mend)
