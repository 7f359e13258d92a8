"""What the sections of the Progress screen say. Texts only; it knows no screen.

Whatever a picture tells (a bar, a dot, a place on a scale) is told in words too: those of `quiz/report/told.py`.
Mastery, the days ahead, retention and both calibrations stand in `quiz/tui/screens/sections_memory.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date as Date
from datetime import timedelta
from functools import partial
from typing import TypeVar

from textual.content import Content

from quiz.memory import StudyDay, date_of, day_of
from quiz.report import told
from quiz.report.attempts import Attempt, Attempts
from quiz.report.forecast import WEEK
from quiz.report.hard import Hard
from quiz.report.leeches import Leech
from quiz.report.record import NOT_PASSED, PASSED, PRACTISED
from quiz.report.record_page import span
from quiz.report.standing import WEEKS, Coming, Danger, Refresher, Standing
from quiz.report.stats import Stats
from quiz.report.words import percent, spent
from quiz.text import counted
from quiz.tui.present import MUTED, bar, button, hanging, joined, plain, styled
from quiz.tui.screens import sections_memory as memory
from quiz.tui.screens.plots import columns
from quiz.tui.screens.sections_memory import NARROW, words
from quiz.tui.widgets.sheet import Draw

TOP = "overview"
HEADINGS = told.HEADINGS
SECTIONS = (TOP, *HEADINGS)
MOST_DANGERS, MOST_EXAMS, MOST_HARD = 3, 5, 5  # shown; the rest is told as a number
DOTS = ((30, "●"), (10, "◐"), (1, "○"))  # from so many answers on a day
_NO_DOT = "·"
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DRILLS = "l at home, those of one card with d in Browse, where is:leech finds them all"
_ROWS = 4  # lines of the plot of minutes

Part = TypeVar("Part")


def drawn(found: Standing | None, aim: float) -> Iterator[tuple[str, Draw]]:
    """Yield each section by its name with what draws it for a width. `aim` is the recall aimed at (0 to 1)."""
    now = found or Standing(StudyDay(0))
    days = (now.numbers, now.days) if now.numbers and now.days is not None else None
    leeches = (now.leeches, now.stuck) if now.leeches is not None and now.stuck is not None else None
    hard = (now.hard, *leeches) if now.hard is not None and leeches else None
    exams = (now.exams, now.coming) if now.exams and now.coming is not None else None
    yield TOP, _overview(now, aim)
    yield _section("known", now.mastery, memory.known)
    yield _section("danger", now.danger, _danger)
    yield _section("ahead", now.ahead, memory.ahead)
    yield _section("kept", now.numbers, partial(memory.kept, parts=now.ages, aim=aim))
    yield _section("days", days, partial(_days, today=now.day))
    yield _section("hard", hard, _hard)
    yield _section("exams", exams, _exams)
    yield _section("certainty", now.sure, memory.certainty)
    yield _section("model", now.model, memory.model)
    yield _section("last", now.refresher, _last)


def digit_of(section: str) -> str:
    """Return the key that goes to a section: 1 to 9, and 0 for the tenth."""
    return str((list(HEADINGS).index(section) + 1) % 10)


def _section(name: str, part: Part | None, says: Callable[[Part, int], Iterator[Content]]) -> tuple[str, Draw]:
    """Return what draws a section: its heading, then its lines; what is not counted yet says so."""

    def draw(width: int) -> Content:
        lines = says(part, width) if part is not None else [styled("Counting…", MUTED)]
        heading = joined((f"{digit_of(name)}  ", MUTED), (HEADINGS[name], "bold $text-accent"))
        return Content("\n").join([heading, *lines])

    return name, draw


def _overview(found: Standing, aim: float) -> Draw:
    """Return what draws the overview: each section with its key and its main figure; a click goes there."""

    def draw(width: int) -> Content:
        lines = []
        cells = max(map(len, HEADINGS.values()))
        for name, figure in told.figures(found, aim):
            digit, heading, says = digit_of(name), HEADINGS[name], figure or "Counting…"
            if width >= NARROW:
                line = hanging(joined((digit, "bold"), f"  {heading:<{cells}}  "), plain(says), width)
            else:
                line = hanging(joined((digit, "bold"), " "), joined(f"{heading}: ", (says, MUTED)), width)
            lines.append(button(line, f"screen.section('{name}')"))
        return Content("\n").join([styled("How it goes", "bold $text-accent"), *lines])

    return draw


# -- day by day -------------------------------------------------------------------------------------------------------


def _days(found: tuple[Stats, Mapping[StudyDay, int]], width: int, today: StudyDay) -> Iterator[Content]:
    """Yield the calendar, and the minutes of the last days, a column for each."""
    numbers, answers = found
    yield from _calendar(answers, width, today)
    yield Content("")
    spent_on = [day.minutes for day in numbers.days]
    if any(spent_on):
        yield styled("Minutes a day", MUTED)
        labels = {at: f"{date_of(day.day):%d %b}" for at, day in enumerate(numbers.days) if at % WEEK == 1}
        yield from columns(spent_on, [0.0] * len(spent_on), labels, width, _ROWS)
    for line in told.time(numbers):
        yield words(line, width)


def _calendar(answers: Mapping[StudyDay, int], width: int, today: StudyDay) -> Iterator[Content]:
    """Yield a calendar, a column for each week, and what it shows in words."""
    weeks = max(1, min(WEEKS, (width - len(_WEEKDAYS[0]) - 1) // 2))
    date = date_of(today)
    mondays = [date - timedelta(days=date.weekday() + 7 * back) for back in reversed(range(weeks))]
    months, end = "   ", 0
    for at, monday in enumerate(mondays):
        first = next((d for d in (monday + timedelta(days=n) for n in range(7)) if d.day == 1), None)
        if first is not None and 2 * at >= end and 2 * at + 3 <= 2 * weeks:
            months = f"{months:<{3 + 2 * at}}{first:%b}"
            end = 2 * at + 4
    yield styled(months, MUTED)
    for row, name in enumerate(_WEEKDAYS):
        signs = [_dot(answers, monday + timedelta(days=row), today) for monday in mondays]
        yield joined((f"{name} ", MUTED), *[part for sign in signs for part in (sign, " ")])
    (many, full), (some, half), (_, few) = DOTS
    more = f"{many} answers and more" if width >= NARROW else f"{many}+"
    yield words(f"{_NO_DOT} none   {few} 1 to {some - 1}   {half} {some} to {many - 1}   {full} {more}", width)
    yield words(told.calendar(answers, today), width)


def _dot(answers: Mapping[StudyDay, int], date: Date, today: StudyDay) -> tuple[str, str]:
    day = day_of(date)
    if day > today:
        return " ", ""
    number = answers.get(day, 0)
    return next(((sign, "$text-accent") for least, sign in DOTS if number >= least), (_NO_DOT, MUTED))


# -- what to mind -----------------------------------------------------------------------------------------------------


def _danger(danger: tuple[Danger, ...], width: int) -> Iterator[Content]:
    """Yield the first cards of the danger list."""
    yield words(told.danger(danger), width)
    if not danger:
        return
    for each in danger[:MOST_DANGERS]:
        yield hanging(("! ", "bold $text-warning"), plain(each.card.questions[0].stem), width)
    if len(danger) > MOST_DANGERS:
        yield plain(f"… and {len(danger) - MOST_DANGERS} more")
    yield button(joined(("d", "bold"), " opens the list"), "screen.danger")


def _hard(found: tuple[tuple[Hard, ...], tuple[Leech, ...], int], width: int) -> Iterator[Content]:
    """Yield the cards that were forgotten most often, and of leeches what may help."""
    hard, leeches, stuck = found
    if not hard:
        yield words(told.WHEN_NEW["hard"], width)
        return
    for each in hard[:MOST_HARD]:
        yield hanging(f"{each.lapses:>2} × ", plain(each.card.questions[0].stem), width)
        yield hanging("     ", styled(f"{each.told[:1].upper()}{each.told[1:]}.", MUTED), width)
    if leeches:
        yield Content("")
        yield words(told.leeches(leeches, stuck, _DRILLS), width)
    for leech, text in told.each_leech(leeches[:MOST_HARD]):
        yield hanging(("! ", "bold $text-warning"), plain(leech.text), width)
        yield hanging("  ", styled(text, MUTED), width)


def _last(found: tuple[Refresher, ...], width: int) -> Iterator[Content]:
    """Yield what the last refresher came to."""
    if not found:
        yield words(told.WHEN_NEW["last"], width)
        return
    record = found[0].record
    passed, cards = record.number_of(PASSED), len(record.cards)
    others = ((NOT_PASSED, "not passed"), (PRACTISED, "only practised"))
    rest = [f"{number} {name}" for outcome, name in others if (number := record.number_of(outcome))]
    if record.set_cards > cards:
        rest.append(f"{record.set_cards - cards} of the set not asked")
    yield words(f"{span(record)}, {spent(record.spent_ms)}", width)
    picture = bar(passed / cards, 20 if width >= NARROW else 8)
    yield joined((picture, "$accent"), f"  {passed} of {counted(cards, 'card')} passed")
    if rest:
        yield words(f"{', '.join(rest)}.", width)
    yield button(joined(("w", "bold"), " writes the record to a file"), "screen.record")


def _exams(found: tuple[Attempts, Sequence[Coming]], width: int) -> Iterator[Content]:
    """Yield the exam that is studied for, the latest ones, and best, last and trend of those set up like the last."""
    all_, coming = found
    if ahead := told.coming(coming):
        yield words(ahead, width)
    if all_.last is None:
        yield words(told.WHEN_NEW["exams"], width)
        return
    for attempt in all_.all[-MOST_EXAMS:]:
        yield _exam(attempt, width)
    if len(all_.all) > MOST_EXAMS:
        yield plain(f"{len(all_.all) - MOST_EXAMS} earlier ones are not shown.")
    if same := told.exams(all_):
        yield words(same, width)


def _exam(attempt: Attempt, width: int) -> Content:
    result = attempt.result
    cells = 20 if width >= NARROW else 6
    verdict = "✓ passed" if result.passed else "✗ not passed"
    of = f"  {counted(result.score.asked, 'question')}" if width >= NARROW else ""
    share = f" {_percent(attempt):>5}  "
    return joined(f"{date_of(attempt.day)}  ", (bar(attempt.percent / 100, cells), "$accent"), share, verdict, of)


def _percent(attempt: Attempt) -> str:
    return percent(attempt.percent / 100)
