"""The sections of the Progress screen about the memory: what is known, comes, was kept, and both calibrations."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from quiz.memory import date_of
from quiz.report import told
from quiz.report.ages import Ages
from quiz.report.calibration import NAMES, Calibration, Level, judged, mark_in_words, pays
from quiz.report.calibration import SPAN as CERTAINTY_DAYS
from quiz.report.forecast import WEEK, Forecast
from quiz.report.mastery import Mastered, Mastery
from quiz.report.model_calibration import FEWEST, ModelCalibration
from quiz.report.stats import Retention, Stats
from quiz.report.words import lasting, percent
from quiz.text import counted
from quiz.tui.present import MUTED, bar, fitted, hanging, joined, plain, styled
from quiz.tui.screens.plots import FULL, LIGHT, MORE, axis, columns, scale

NARROW = 56  # cells of a line: below it there is no room for words beside a bar
_ROWS = 6  # lines of the plot of the days ahead
_WIDEST = 40  # cells of a scale


def words(text: str, width: int) -> Content:
    """Return a sentence on lines of at most `width` cells."""
    return Content("\n").join(plain(text).wrap(width))


# -- what is known ----------------------------------------------------------------------------------------------------


def known(found: Mastery, width: int) -> Iterator[Content]:
    """Yield everything, each topic and each procedure: the share recalled now, how long it lasts, what was proven."""
    if not found.whole.cards:
        yield plain(told.WHEN_NEW["known"])
        return
    yield from _table([found.whole, *found.topics], "by topic", width)
    if len(found.procedures) > 1:
        yield Content("")
        yield from _table(found.procedures, "by procedure", width)
    yield Content("")
    for line in told.known(found):
        yield words(line, width)


def _table(rows: list[Mastered] | tuple[Mastered, ...], by: str, width: int) -> Iterator[Content]:
    if width < NARROW:
        proven = ", proven" if any(row.provable for row in rows) else ""
        yield styled(f"Recalled now, {by}\n  (met, how long it lasts{proven})", MUTED)
        for row in rows:
            yield joined(fitted(row.title, max(6, width - 17)), "  ", (bar(row.share, 8), "$accent"), f" {_share(row)}")
            yield hanging("  ", styled(_beside(row), MUTED), width)
        return
    proof = any(row.provable for row in rows)
    heads = ("met", "lasts", "proven" if proof else "")
    cells = [(f"{row.seen} of {row.cards}", _lasts(row), _proof(row) if proof else "") for row in rows]
    wide = [max(len(head), *(len(cell[at]) for cell in cells)) for at, head in enumerate(heads)]
    bar_cells = 16
    name = max(8, width - bar_cells - 8 - sum(2 + each for each in wide if each))
    tail = "".join(f"  {head:>{each}}" for head, each in zip(heads, wide, strict=True) if each)
    yield styled(f"{fitted(f'Recalled now, {by}', name + bar_cells + 8)}{tail}", MUTED)
    for row, said in zip(rows, cells, strict=True):
        tail = "".join(f"  {cell:>{each}}" for cell, each in zip(said, wide, strict=True) if each)
        yield joined(fitted(row.title, name), "  ", (bar(row.share, bar_cells), "$accent"), f" {_share(row)}{tail}")


def _share(row: Mastered) -> str:
    return f"{percent(row.share):>5}"


def _lasts(row: Mastered) -> str:
    return (lasting(row.lasts) if row.lasts >= 0.5 else "< 1 day") if row.lasts is not None else "–"


def _proof(row: Mastered) -> str:
    return f"{row.proven} of {row.provable}" if row.provable else "–"


def _beside(row: Mastered) -> str:
    """Return what stands below a row where there is no room beside it: in one line, but for the largest numbers."""
    lasts = f", {_lasts(row)}" if row.lasts is not None else ""
    proof = f", {_proof(row)} proven" if row.provable else ""
    return f"{row.seen} of {row.cards} met{lasts}{proof}"


# -- what comes -------------------------------------------------------------------------------------------------------


def ahead(found: Forecast, width: int) -> Iterator[Content]:
    """Yield a column for each day to come: the cards met that are due, above them new ones with their reviews."""
    if not found.met and not found.with_new:
        for line in told.ahead(found):
            yield words(line, width)
        return
    days = found.days
    labels = {at: f"{date_of(days[at].day):%d %b}" for at in range(WEEK, len(days), WEEK)} | {0: "today"}
    reviews = [day.reviews for day in days]
    more = [max(0.0, day.cards - day.reviews) for day in days]
    signs = [f"{FULL} cards you have met"] + [f"{LIGHT} new ones and their reviews"] * found.with_new
    yield styled("Cards a day", MUTED)
    if days[0].cards > found.scale:
        signs.append(f"{MORE} today {days[0].cards:.0f}")
    yield from columns(reviews, more, labels, width, _ROWS, found.scale)
    yield styled(("   " if width >= NARROW else "\n").join(signs), MUTED)
    yield Content("")
    for line in told.ahead(found):
        yield words(line, width)
    yield Content("")
    for week in found.weeks():
        span, _, says = told.week_of(week).partition(": ")
        yield hanging((f"{span:<16}  ", MUTED), plain(says), width)


# -- what was kept ----------------------------------------------------------------------------------------------------


def kept(numbers: Stats, width: int, parts: Ages | None, aim: float) -> Iterator[Content]:
    """Yield the share recalled when it mattered, of all reviews, of young and of mature cards."""
    if numbers.retention.share is not None:
        rows: list[tuple[str, Retention | None]] = [("All", numbers.retention)]
        rows += [("Young", parts.young if parts else None), ("Mature", parts.mature if parts else None)]
        for name, part in rows:
            yield _bar_of(name, part, width)
    for line in told.kept(numbers, parts, aim):
        yield words(line, width)


def _bar_of(name: str, part: Retention | None, width: int) -> Content:
    lead = f"{name:<8}"
    if part is None:
        return joined(lead, ("Counting…", MUTED))
    cells = 20 if width >= NARROW else 8
    if part.share is None:
        return joined(lead, (f"{'–':<{cells}}  no review", MUTED))
    return joined(lead, (bar(part.share, cells), "$accent"), f"  {percent(part.share):>5} of {part.reviews}")


# -- the learner's calibration ----------------------------------------------------------------------------------------


def certainty(sure: Calibration, width: int) -> Iterator[Content]:
    """Yield a scale for each level, then the same as a table with what can be said of it."""
    if not sure.answers:
        yield words(told.WHEN_NEW["certainty"], width)
        return
    name = max(map(len, NAMES.values())) + 2
    cells = min(_WIDEST, width - name - 7)
    for level in sure.levels:
        share = percent(level.share) if level.share is not None else "–"
        floor, ceiling = (round(end * cells) for end in pays(level.certainty))
        signs = scale(level.share, level.likely, cells, range(floor, ceiling))
        yield joined(f"{NAMES[level.certainty]:<{name}}", *signs, f"  {share:>5}")
    yield axis(name, cells)
    legend = ("● right", "─ where that likely lies (95 %)", f"{LIGHT} where this level earns most")
    yield styled((", " if width >= NARROW else "\n").join(legend), MUTED)
    yield Content("")
    yield from _levels(sure, width)
    note = f"First tries of the last {CERTAINTY_DAYS} days. A level earns 1, 2 or 3 when right, and 0, −2 or −6."
    yield styled(words(note, width).plain, MUTED)


def _levels(sure: Calibration, width: int) -> Iterator[Content]:
    if width < NARROW:
        yield from (_level(level, width) for level in sure.levels)
        return
    yield styled(f"{'You said':<13}{'answers':>7}  {'right':<12}  {'marks each':<10}", MUTED)
    for level in sure.levels:
        share = f"{level.right} ({percent(level.share)})" if level.share is not None else "–"
        earned = mark_in_words(level.earned) if level.answers else "–"
        lead = f"{NAMES[level.certainty]:<13}{level.answers:>7}  {share:<12}  {earned:<10}  "
        yield hanging(lead, plain(judged(level)), width)


def _level(level: Level, width: int) -> Content:
    said = f"{counted(level.answers, 'answer')}, {level.right} right"
    earned = f", {mark_in_words(level.earned)} each: {judged(level)}." if level.answers else "."
    return Content("\n").join(joined((NAMES[level.certainty], "bold"), f": {said}{earned}").wrap(width))


# -- the model's calibration ------------------------------------------------------------------------------------------


def model(found: ModelCalibration, width: int) -> Iterator[Content]:
    """Yield a scale for each range of what the model said, with how many were right."""
    if found.whole.share is None:
        yield words(told.WHEN_NEW["model"], width)
        return
    lead = 11
    cells = min(_WIDEST, width - lead - 6)
    rows = [each for each in found.bins if each.answers]
    yield styled(f"{'It said':<{lead}}{'and you were right in':<{cells}}", MUTED)
    for row in rows:
        assert row.share is not None
        signs = scale(row.share, row.likely, cells, mark=row.said)
        beside = f" {percent(row.share):>5}" + (f" of {row.answers}" if width >= NARROW else "")
        yield joined(f"{percent(row.said):>8}   ", *signs, beside)
    yield axis(lead, cells)
    legend = ("● right", "┃ what it said", "─ where the truth likely lies (95 %)")
    yield styled((", " if width >= NARROW else "\n").join(legend), MUTED)
    yield Content("")
    yield words(told.model(found), width)
    few = [row for row in rows if row.answers < FEWEST]
    if few:
        yield styled(words(f"Rows with fewer than {FEWEST} answers tell little.", width).plain, MUTED)
