"""What the sections of the Progress screen say. Texts only; it knows no screen.

Whatever a picture tells (a bar, a dot, a place on a scale) is told in words too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date as Date
from datetime import timedelta
from functools import partial
from math import ceil
from typing import TypeVar

from textual.content import Content

from quiz.memory import StudyDay, date_of, day_of
from quiz.report.attempts import Attempt, Attempts
from quiz.report.calibration import NAMES, Calibration, Level, judged, mark_in_words, pays
from quiz.report.calibration import SPAN as CERTAINTY_DAYS
from quiz.report.overview import Overview, Progress
from quiz.report.record import NOT_PASSED, PASSED, PRACTISED
from quiz.report.record_page import span
from quiz.report.standing import MOST_IN_DANGER, WEEKS, Danger, Refresher, Standing
from quiz.report.stats import SPAN, Stats
from quiz.report.words import percent, spent
from quiz.text import counted
from quiz.tui.present import MUTED, bar, button, fitted, hanging, joined, plain, styled
from quiz.tui.widgets.sheet import Draw

SECTIONS = ("known", "danger", "kept", "days", "exams", "certainty", "last")
MOST_DANGERS, MOST_EXAMS = 3, 5  # shown; the rest is told as a number
NARROW = 56  # cells of a line: below it there is no room for words beside a bar
DOTS = ((30, "●"), (10, "◐"), (1, "○"))  # from so many answers on a day
_NO_DOT = "·"
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

Part = TypeVar("Part")


def drawn(found: Standing | None, aim: float) -> Iterator[tuple[str, Draw]]:
    """Yield each section by its name with what draws it for a width. `aim` is the recall aimed at (0 to 1)."""
    now = found or Standing(StudyDay(0))
    yield "known", _section("How much you know", now.known, _known)
    yield "danger", _section("Sure and wrong", now.danger, _danger)
    yield "kept", _section(f"The last {SPAN} days", now.numbers, partial(_kept, aim=aim))
    yield "days", _section("Day by day", now.days, partial(_days, today=now.day))
    yield "exams", _section("Exams", now.exams, _exams)
    yield "certainty", _section("How sure, and how right", now.sure, _certainty)
    yield "last", _section("The last safety refresher", now.refresher, _last)


def _section(heading: str, part: Part | None, says: Callable[[Part, int], Iterator[Content]]) -> Draw:
    """Return what draws a section: its heading, then its lines; what is not counted yet says so."""

    def draw(width: int) -> Content:
        lines = says(part, width) if part is not None else [styled("Counting…", MUTED)]
        return Content("\n").join([styled(heading, "bold $text-accent"), *lines])

    return draw


def _words(text: str, width: int) -> Content:
    return Content("\n").join(plain(text).wrap(width))


# -- what is known and kept -------------------------------------------------------------------------------------------


def _known(seen: Overview, width: int) -> Iterator[Content]:
    """Yield a bar for everything and for each topic: the share of all cards that would be recalled now."""
    if not seen.cards:
        yield plain("There are no cards.")
        return
    whole = Progress("", "Everything", seen.cards, seen.seen, seen.due, sum(deck.recalled for deck in seen.decks))
    rows = (whole, *seen.topics)
    counts = [f"{row.seen} of {row.cards} seen" if width >= NARROW else "" for row in rows]
    most, cells = max(map(len, counts)), 20 if width >= NARROW else 8
    for row, count in zip(rows, counts, strict=True):
        tail = f" {100 * row.mastery:3.0f} %  {count:>{most}}".rstrip()
        name = fitted(row.title, max(6, width - cells - most - 11))
        yield joined(name, "  ", (bar(row.mastery, cells), "$accent"), tail)
    yield styled("The share that you would recall now.", MUTED)


def _kept(numbers: Stats, width: int, aim: float) -> Iterator[Content]:
    """Yield the share recalled when it mattered, and the time that it took."""
    kept = numbers.retention
    if kept.share is None:
        yield _words("No card has come back for review yet.", width)
    else:
        picture = bar(kept.share, 20 if width >= NARROW else 8)
        yield joined((picture, "$accent"), f"  {percent(kept.share)} recalled")
        yield _words(f"That is {kept.recalled} of {counted(kept.reviews, 'review')}. The aim is {percent(aim)}.", width)
    days = [day for day in numbers.days if day.answers]
    if not days:
        yield _words("There was no answer in these days.", width)
        return
    minutes = counted(round(sum(day.minutes for day in days)), "minute")
    answers = counted(sum(day.answers for day in days), "answer")
    yield _words(f"You studied on {counted(len(days), 'day')}: {answers}, {minutes}.", width)


def _days(answers: Mapping[StudyDay, int], width: int, today: StudyDay) -> Iterator[Content]:
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
    yield _words(
        f"{_NO_DOT} none   {few} 1 to {some - 1}   {half} {some} to {many - 1}   {full} {many} answers and more", width
    )
    busiest = max(answers, key=lambda day: answers[day], default=None)
    said = f"In {WEEKS} weeks: answers on {counted(len(answers), 'day')}, {sum(answers.values())} in all"
    most = f", most on {date_of(busiest):%a %d %b %Y} ({answers[busiest]})" if busiest is not None else ""
    yield _words(f"{said}{most}. Today: {answers.get(today, 0)}.", width)


def _dot(answers: Mapping[StudyDay, int], date: Date, today: StudyDay) -> tuple[str, str]:
    day = day_of(date)
    if day > today:
        return " ", ""
    number = answers.get(day, 0)
    return next(((sign, "$text-accent") for least, sign in DOTS if number >= least), (_NO_DOT, MUTED))


# -- what to mind -----------------------------------------------------------------------------------------------------


def _danger(danger: tuple[Danger, ...], width: int) -> Iterator[Content]:
    """Yield the first cards of the danger list."""
    if not danger:
        yield _words("No card is on the danger list: nothing that you were sure of and got wrong is open.", width)
        return
    number = counted(len(danger), "card") + " and more" * (len(danger) == MOST_IN_DANGER)
    yield _words(f"You were sure of {number} and wrong:", width)
    for each in danger[:MOST_DANGERS]:
        yield hanging(("! ", "bold $text-warning"), plain(each.card.questions[0].stem), width)
    if len(danger) > MOST_DANGERS:
        yield plain(f"… and {len(danger) - MOST_DANGERS} more")
    yield button(joined(("d", "bold"), " opens the list"), "screen.danger")


def _last(found: tuple[Refresher, ...], width: int) -> Iterator[Content]:
    """Yield what the last refresher came to."""
    if not found:
        yield _words("There was none yet. It takes five minutes.", width)
        return
    record = found[0].record
    passed, cards = record.number_of(PASSED), len(record.cards)
    told = ((NOT_PASSED, "not passed"), (PRACTISED, "only practised"))
    rest = [f"{number} {words}" for outcome, words in told if (number := record.number_of(outcome))]
    if record.set_cards > cards:
        rest.append(f"{record.set_cards - cards} of the set not asked")
    yield _words(f"{span(record)}, {spent(record.spent_ms)}", width)
    picture = bar(passed / cards, 20 if width >= NARROW else 8)
    yield joined((picture, "$accent"), f"  {passed} of {counted(cards, 'card')} passed")
    if rest:
        yield _words(f"{', '.join(rest)}.", width)
    yield button(joined(("w", "bold"), " writes the record to a file"), "screen.record")


def _exams(all_: Attempts, width: int) -> Iterator[Content]:
    """Yield the latest exams; and best, last and trend of those at the set-up of the last one."""
    if all_.last is None:
        yield _words("No exam was handed in yet.", width)
        return
    for attempt in all_.all[-MOST_EXAMS:]:
        yield _exam(attempt, width)
    if len(all_.all) > MOST_EXAMS:
        yield plain(f"{len(all_.all) - MOST_EXAMS} earlier ones are not shown.")
    same = all_.of(all_.last.result.plan)
    if len(same.all) > 1 and same.best and same.last:
        told = f"best {_percent(same.best)}, last {_percent(same.last)}; the trend is {same.trend}"
        yield _words(f"At the set-up of the last one ({counted(len(same.all), 'attempt')}): {told}.", width)


def _exam(attempt: Attempt, width: int) -> Content:
    result = attempt.result
    cells = 20 if width >= NARROW else 6
    verdict = "✓ passed" if result.passed else "✗ not passed"
    of = f"  {counted(result.score.asked, 'question')}" if width >= NARROW else ""
    share = f" {_percent(attempt):>5}  "
    return joined(f"{date_of(attempt.day)}  ", (bar(attempt.percent / 100, cells), "$accent"), share, verdict, of)


def _percent(attempt: Attempt) -> str:
    return percent(attempt.percent / 100)


# -- how sure, and how right ------------------------------------------------------------------------------------------


def _certainty(sure: Calibration, width: int) -> Iterator[Content]:
    """Yield a scale for each level, then the same as a table with what can be said of it."""
    if not sure.answers:
        yield _words("You have not said yet how sure you are. The settings turn the question on.", width)
        return
    name = max(map(len, NAMES.values())) + 2
    cells = min(40, width - name - 7)
    for level in sure.levels:
        share = percent(level.share) if level.share is not None else "–"
        yield joined(f"{NAMES[level.certainty]:<{name}}", *_scale(level, cells), f"  {share:>5}")
    middle = cells // 2 - 1
    yield styled(" " * name + f"{'0':<{middle}}50{'100 %':>{cells - middle - 2}}", MUTED)
    signs = ("● right", "─ where that likely lies (95 %)", "░ where this level earns most")
    yield styled((", " if width >= NARROW else "\n").join(signs), MUTED)
    yield Content("")
    yield from _table(sure, width)
    yield styled(
        _words(
            f"First tries of the last {CERTAINTY_DAYS} days. A level earns 1, 2 or 3 when right, and 0, −2 or −6.",
            width,
        ).plain,
        MUTED,
    )


def _scale(level: Level, cells: int) -> Iterator[tuple[str, str]]:
    """Yield the cells of a scale from 0 to 100 %: where the level pays, where the share likely lies, and the share."""
    floor, ceiling = (round(share * cells) for share in pays(level.certainty))
    signs = ["░" if floor <= at < ceiling else " " for at in range(cells)]
    if level.share is not None:
        least, most = level.likely
        for at in range(int(least * cells), min(cells, ceil(most * cells))):
            signs[at] = "─"
        signs[min(cells - 1, int(level.share * cells))] = "●"
    yield from ((sign, "bold $text-accent" if sign == "●" else "$accent") for sign in signs)


def _table(sure: Calibration, width: int) -> Iterator[Content]:
    if width < NARROW:
        for level in sure.levels:
            said = f"{counted(level.answers, 'answer')}, {level.right} right"
            earned = f", {mark_in_words(level.earned)} each: {judged(level)}." if level.answers else "."
            yield Content("\n").join(joined((NAMES[level.certainty], "bold"), f": {said}{earned}").wrap(width))
        return
    yield styled(f"{'You said':<13}{'answers':>7}  {'right':<12}  {'marks each':<10}", MUTED)
    for level in sure.levels:
        share = f"{level.right} ({percent(level.share)})" if level.share is not None else "–"
        earned = mark_in_words(level.earned) if level.answers else "–"
        lead = f"{NAMES[level.certainty]:<13}{level.answers:>7}  {share:<12}  {earned:<10}  "
        yield hanging(lead, plain(judged(level)), width)
