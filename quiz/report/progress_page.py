"""The progress page: all that the Progress screen tells, to print and to keep, with a table beside each plot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from quiz.memory import StudyDay, date_of, day_of
from quiz.report import plots, told
from quiz.report.attempts import Attempts
from quiz.report.calibration import NAMES, Calibration, judged
from quiz.report.forecast import Forecast
from quiz.report.hard import Hard
from quiz.report.leeches import Leech
from quiz.report.mastery import Mastered, Mastery
from quiz.report.model_calibration import Bin, ModelCalibration
from quiz.report.pages import (
    Block,
    Drawing,
    Heading,
    Items,
    Lines,
    Page,
    Paragraph,
    Table,
    Terms,
    write_page,
    write_text,
)
from quiz.report.progress_table import as_csv
from quiz.report.record_page import FOR_LEARNING, summary
from quiz.report.standing import WEEKS, Coming, Danger, Refresher, Standing, there
from quiz.report.stats import Stats
from quiz.report.words import lasting, percent

ENDINGS = (".md", ".html", ".csv")
MOST_DANGERS, MOST_LEECHES = 20, 10  # on the page
LEVELS = (30, 10, 1)  # answers a day from which on a dot of the calendar is large, middling, small

_STYLE = """\
.plot { margin: .6rem 0; break-inside: avoid; }
.plot svg { display: block; width: 100%; height: auto; overflow: visible; }
.tables { display: flex; flex-wrap: wrap; gap: 0 1.2rem; align-items: flex-start; overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; margin: .4rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .1rem 0 .1rem .8rem; text-align: right; border-bottom: 1px solid #ccc; vertical-align: top; }
th:first-child { padding-left: 0; text-align: left; font-weight: 400; min-width: 8.5rem; }
th + th, td { overflow-wrap: break-word; }
td:not(:last-child) { white-space: nowrap; }
.beside table { font-size: .75rem; }
.beside td, .beside th + th { padding-left: .5rem; }
.beside th:first-child { min-width: 0; white-space: nowrap; }
thead th, thead th:first-child { font-weight: 600; border-bottom-color: currentColor; }
tr { break-inside: avoid; }
dl.lines dd { font-weight: 600; }
@media print { .plot svg { max-width: 15cm; } table { font-size: 9pt; } .lines div { min-height: 0; } }
"""


def write(found: Standing, profile: str, aim: float, path: Path) -> None:
    """Write a standing that is whole in the form that the ending of `path` says.

    Raises what `quiz.report.pages.write_text` does.
    """
    if path.suffix.lower() == ".csv":
        write_text(as_csv(found), path)
    else:
        write_page(page_of(found, profile, aim), path)


def page_of(found: Standing, profile: str, aim: float) -> Page:
    """Return the page of a standing that is whole. `aim` is the recall aimed at (0 to 1)."""
    return Page(f"Progress, {date_of(found.day)}", tuple(_blocks(found, profile, aim)), _STYLE)


def _blocks(found: Standing, profile: str, aim: float) -> Iterator[Block]:
    figures = tuple((told.HEADINGS[name], figure) for name, figure in told.figures(found, aim))
    yield Lines((("Profile", profile), *figures))
    sections: Mapping[str, Iterator[Block]] = {
        "known": _known(there(found.mastery)),
        "danger": _danger(there(found.danger)),
        "ahead": _ahead(there(found.ahead)),
        "kept": _kept(found, aim),
        "days": _days(there(found.numbers), there(found.days), found.day),
        "hard": _hard(there(found.hard), there(found.leeches), there(found.stuck)),
        "exams": _exams(there(found.exams), there(found.coming)),
        "certainty": _certainty(there(found.sure)),
        "model": _model(there(found.model)),
        "last": _last(there(found.refresher)),
    }
    for name, heading in told.HEADINGS.items():
        yield Heading(heading)
        yield from sections[name]
    yield Paragraph(FOR_LEARNING, small=True)


def _sentences(lines: Iterator[str]) -> Iterator[Block]:
    told_ = " ".join(lines)
    if told_:
        yield Paragraph(told_)


def _known(found: Mastery) -> Iterator[Block]:
    yield from _sentences(told.known(found))
    if not found.whole.cards:
        return
    yield from _mastered("topics", "topic", [found.whole, *found.topics])
    if len(found.procedures) > 1:
        yield from _mastered("procedures", "procedure", found.procedures)


def _mastered(name: str, by: str, rows: Sequence[Mastered]) -> Iterator[Block]:
    values = [plots.Bar(row.title, row.share, percent(row.share)) for row in rows]
    said = "; ".join(f"{row.title}: {percent(row.share)}" for row in rows)
    yield Drawing(plots.bars(name, f"The share recalled now, by {by}", said, values))
    yield Table(
        (by.capitalize(), "Recalled now", "Met", "Half last", "21 days or more", "Passed on proof"),
        tuple(
            (
                row.title,
                percent(row.share),
                f"{row.seen} of {row.cards}",
                _lasts(row.lasts),
                str(row.lasting),
                f"{row.proven} of {row.provable}" if row.provable else "–",
            )
            for row in rows
        ),
    )


def _lasts(days: float | None) -> str:
    return "–" if days is None else "< 1 day" if days < 0.5 else lasting(days)


def _danger(found: Sequence[Danger]) -> Iterator[Block]:
    yield Paragraph(told.danger(found))
    if found:
        yield Items(tuple(each.card.questions[0].stem for each in found[:MOST_DANGERS]))
    if len(found) > MOST_DANGERS:
        yield Paragraph(f"… and {len(found) - MOST_DANGERS} more: Progress lists them all.")


def _ahead(found: Forecast) -> Iterator[Block]:
    yield from _sentences(told.ahead(found))
    if not found.met and not found.with_new:
        return
    labels = {at: f"{date_of(found.days[at].day):%d %b}" for at in range(0, len(found.days), 7)}
    values = [
        plots.Column(labels.get(at, ""), day.reviews, max(0.0, day.cards - day.reviews))
        for at, day in enumerate(found.days)
    ]
    said = "Solid: cards you have met. Hatched: new ones and their reviews."
    yield Drawing(plots.columns("ahead", "Cards a day in the days to come", said, values, most=found.scale), said)
    yield Paragraph("Due: what comes up on that day as the schedule stands now.", small=True)
    rows = tuple(
        (
            f"{date_of(day.day):%a %d %b}",
            str(day.due),
            f"{day.reviews:.0f}",
            f"{day.cards:.0f}",
            _minutes(day.minutes_with_new),
        )
        for day in found.days
    )
    yield Table(("Day", "Due", "Reviews", "With new", "Minutes"), rows, beside=2)


def _kept(found: Standing, aim: float) -> Iterator[Block]:
    numbers, ages = there(found.numbers), there(found.ages)
    yield from _sentences(told.kept(numbers, ages, aim))
    if numbers.retention.share is None:
        return
    parts = (("All", numbers.retention), ("Young", ages.young), ("Mature", ages.mature))
    values = [plots.Bar(name, part.share or 0.0, told.of_reviews(part)) for name, part in parts]
    said = "; ".join(f"{name}: {told.of_reviews(part)}" for name, part in parts)
    yield Drawing(plots.bars("kept", "The share recalled at reviews", said, values))
    yield Table(
        ("Cards", "Reviews", "Recalled", "Share"),
        tuple(
            (name, str(part.reviews), str(part.recalled), percent(part.share) if part.share is not None else "–")
            for name, part in parts
        ),
    )


def _days(numbers: Stats, answers: Mapping[StudyDay, int], today: StudyDay) -> Iterator[Block]:
    date = date_of(today)
    mondays = [date - timedelta(days=date.weekday() + 7 * back) for back in reversed(range(WEEKS))]
    days = [[day_of(monday) + n for n in range(7)] for monday in mondays]
    weeks = [[_level(answers.get(StudyDay(day), 0)) if day <= today else None for day in week] for week in days]
    heads = [f"{monday:%b}" if monday.day <= 7 else "" for monday in mondays]
    many, some, _ = LEVELS
    legend = f"A ring: 1 to {some - 1} answers. A ring with a dot: {some} to {many - 1}. A full dot: {many} and more."
    words = told.calendar(answers, today)
    yield Drawing(plots.grid("calendar", "Calendar of the study days", words, weeks, heads), legend)
    yield Paragraph(words)
    yield from _sentences(told.time(numbers))
    if not any(day.answers for day in numbers.days):
        return
    values = [
        plots.Column(f"{date_of(day.day):%d %b}" if at % 7 == 1 else "", day.minutes)
        for at, day in enumerate(numbers.days)
    ]
    yield Drawing(plots.columns("minutes", "Minutes a day", " ".join(told.time(numbers)), values, height=90))
    rows = tuple(
        (
            f"{date_of(day.day):%a %d %b}",
            str(day.answers),
            _minutes(day.minutes),
            percent(day.recalled / day.answers),
        )
        for day in numbers.days
        if day.answers
    )
    yield Table(("Day", "Answers", "Minutes", "Right"), rows, beside=2)


def _minutes(number: float) -> str:
    return "< 1" if 0 < number < 0.5 else f"{number:.0f}"


def _level(number: int) -> int:
    return next((len(LEVELS) - at for at, least in enumerate(LEVELS) if number >= least), 0)


def _hard(cards: Sequence[Hard], leeches: Sequence[Leech], stuck: int) -> Iterator[Block]:
    if not cards:
        yield Paragraph(told.WHEN_NEW["hard"])
        return
    rows = tuple(
        (each.card.questions[0].stem, str(each.lapses), str(each.answers), f"{each.difficulty:.1f}") for each in cards
    )
    yield Table(("Card", "Forgotten", "Answers", "Difficulty"), rows)
    if leeches:
        yield Paragraph(told.leeches(leeches, stuck))
        yield Terms(tuple((leech.text.rstrip("."), text) for leech, text in told.each_leech(leeches[:MOST_LEECHES])))


def _exams(found: Attempts, coming: Sequence[Coming]) -> Iterator[Block]:
    if ahead := told.coming(coming):
        yield Paragraph(ahead)
    if not found.all:
        yield Paragraph(told.WHEN_NEW["exams"])
        return
    if same := told.exams(found):
        yield Paragraph(same)
    rows = [
        (date_of(each.day).isoformat(), each.percent / 100, "passed" if each.result.passed else "not passed", each)
        for each in found.all
    ]
    values = [plots.Bar(day, share, f"{percent(share)}, {verdict}") for day, share, verdict, _ in rows]
    said = "; ".join(f"{bar.name}: {bar.says}" for bar in values)
    yield Drawing(plots.bars("exams", "The exams", said, values))
    yield Table(
        ("Day", "Marks", "Questions", "Verdict"),
        tuple(
            (day, percent(share), str(each.result.score.asked), verdict.capitalize())
            for day, share, verdict, each in rows
        ),
    )


def _certainty(sure: Calibration) -> Iterator[Block]:
    if not sure.answers:
        yield Paragraph(told.WHEN_NEW["certainty"])
        return
    names = {level.certainty: f"said “{NAMES[level.certainty]}”" for level in sure.levels}
    values = [
        plots.Bar(
            names[level.certainty],
            level.share or 0.0,
            f"{percent(level.share)} right" if level.share is not None else "no answers",
        )
        for level in sure.levels
    ]
    said = "; ".join(f"{bar.name}: {bar.says}" for bar in values)
    yield Drawing(plots.bars("sure", "How often you were right, by how sure you were", said, values))
    yield Table(
        ("You said", "Answers", "Right", "Likely (95 %)", "What it means"),
        tuple(
            (
                NAMES[level.certainty],
                str(level.answers),
                str(level.right),
                _likely(level.likely, level.answers),
                judged(level),
            )
            for level in sure.levels
        ),
    )


def _model(found: ModelCalibration) -> Iterator[Block]:
    if found.whole.share is None:
        yield Paragraph(told.WHEN_NEW["model"])
        return
    words = told.model(found)
    rows: list[Bin] = [each for each in found.bins if each.answers]
    points = [plots.Point(each.said, each.share or 0.0, each.likely) for each in rows]
    yield Paragraph(words)
    yield Drawing(plots.diagonal("model", "What the program foretold, and what came", words, points))
    yield Table(
        ("It said", "Answers", "Right", "Share", "Likely (95 %)"),
        tuple(
            (
                percent(each.said),
                str(each.answers),
                str(each.right),
                percent(each.share or 0.0),
                _likely(each.likely, 1),
            )
            for each in rows
        ),
    )


def _likely(interval: tuple[float, float], answers: int) -> str:
    if not answers:
        return "–"
    least, most = (percent(end) for end in interval)
    return f"{least.removesuffix(' %')} to {most}"


def _last(found: Sequence[Refresher]) -> Iterator[Block]:
    yield Paragraph(summary(found[0].record) if found else told.WHEN_NEW["last"])
