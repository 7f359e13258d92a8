"""Numbers in words: spans of days, time spent, shares."""

from __future__ import annotations

from quiz.text import counted


def in_days(days: int) -> str:
    """Return when something comes that is `days` study days away: `tomorrow`, `in 5 days`, `in 3 months`."""
    if days <= 0:
        return "today"
    if days == 1:
        return "tomorrow"
    if days < 60:
        return f"in {days} days"
    if days < 730:
        return f"in {round(days / 30.44)} months"
    return f"in {round(days / 365.25)} years"


def lasting(days: float) -> str:
    """Return a span of days in words: `less than a day`, `12 days`, `5 months`, `2 years`."""
    whole = round(days)
    if whole < 1:
        return "less than a day"
    if whole < 60:
        return counted(whole, "day")
    if whole < 730:
        return counted(round(whole / 30.44), "month")
    return counted(round(whole / 365.25), "year")


def minutes(number: float) -> str:
    """Return minutes in words: `4 minutes`, `1 hour 5 minutes`; a part of one is told as `1 minute`."""
    whole = round(number) or int(number > 0)
    return spent(whole * 60_000) if whole else "0 minutes"


def spent(ms: int) -> str:
    """Return a time spent (milliseconds): `45 seconds`, `6 minutes 10 seconds`, `1 hour 5 minutes`."""
    seconds = round(ms / 1000)
    hours, minutes = divmod(seconds // 60, 60)
    parts = [(hours, "hour"), (minutes, "minute"), (0 if hours else seconds % 60, "second")]
    return " ".join(counted(n, word) for n, word in parts if n) or "0 seconds"


def apart(ms: int) -> str:
    """Return how far two moments lie apart (ms): in days from two on, in years from ten years on, else as `spent`."""
    days = ms // 86_400_000
    if days >= 3660:
        return counted(round(days / 365.25), "year")
    return counted(days, "day") if days >= 2 else spent(ms)


def percent(share: float) -> str:
    """Return a share (0 to 1) as `84 %`: rounded, but never up to 100 or down to 0 where it is neither."""
    number = round(share * 100)
    if share < 1:
        number = min(number, 99)
    if share > 0:
        number = max(number, 1)
    return f"{number} %"
