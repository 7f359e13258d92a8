"""`quiz stats`: how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from quiz.cli.call import Call
from quiz.cli.console import Console
from quiz.memory import date_of
from quiz.report import told
from quiz.report.attempts import Attempts
from quiz.report.calibration import NAMES, Calibration, in_words
from quiz.report.calibration import SPAN as CERTAINTY_SPAN
from quiz.report.document import document
from quiz.report.forecast import Forecast
from quiz.report.hard import Hard
from quiz.report.leeches import Leech
from quiz.report.mastery import Mastered
from quiz.report.model_calibration import ModelCalibration, correction_in_words, judged
from quiz.report.model_calibration import in_words as said_and_was
from quiz.report.overview import Overview
from quiz.report.standing import Standing, standing, there
from quiz.report.stats import Stats
from quiz.report.words import minutes, percent
from quiz.text import counted

MOST_DAYS, MOST_HARD = 7, 5  # told; all are in the JSON


def run(call: Call) -> int:
    """Say how far all is known, what comes, what was kept, and how well both the learner and the model foretold it."""
    with call.desk() as desk:
        today, settings = desk.history.today(), desk.history.settings
        asker = desk.asker()
        with closing(desk.history.reader()) as db:
            *_, found = standing(db, today, asker)
            danger = [card for (card,) in db.execute("select card from state where danger > 0 order by card")]
    if call.options.json:
        call.console.document(document(found, danger))
        return 0
    _say(call.console, found, settings.retention)
    if danger:
        call.console.say(f"Sure, and wrong, and not recalled often enough since: {', '.join(danger)}")
    return 0


def _say(console: Console, found: Standing, aim: float) -> None:
    """Say every section that has something to tell, in the order of the Progress screen."""
    numbers, known, mastery = there(found.numbers), there(found.known), there(found.mastery)
    console.say(f"{counted(numbers.answers, 'answer')}, {known.seen} of {counted(known.cards, 'card')} seen.")
    if mastery.whole.seen:
        for line in told.known(mastery):
            console.say(line)
    _say_rows(console, known, mastery.topics, mastery.procedures)
    _say_ahead(console, there(found.ahead))
    if numbers.reviews:
        for line in told.kept(numbers, there(found.ages), aim):
            console.say(line)
    _say_days(console, numbers)
    if answers := there(found.days):
        console.say(told.calendar(answers, found.day))
    _say_certainty(console, there(found.sure))
    _say_model(console, there(found.model))
    _say_hard(console, there(found.hard), there(found.leeches), there(found.stuck))
    if coming := told.coming(there(found.coming)):
        console.say(coming)
    _say_exams(console, there(found.exams))
    if numbers.suspended or numbers.flagged:
        console.say(f"Suspended: {numbers.suspended}. Flagged: {numbers.flagged}.")


def _say_rows(
    console: Console, known: Overview, topics: tuple[Mastered, ...], procedures: tuple[Mastered, ...]
) -> None:
    console.say("Decks")
    for deck in known.decks:
        seen = f"{deck.seen} of {counted(deck.cards, 'card')} seen"
        console.say(f"  {deck.title}: {percent(deck.mastery)} known, {seen}, {deck.due} due")
    due = {row.name: row.due for row in known.topics}
    console.say("Topics")
    for row in topics:
        console.say(f"  {row.title}: {told.row_of(row)}, {due.get(row.name, 0)} due")
    console.say("Procedures")
    for row in procedures:
        console.say(f"  {row.title}: {told.row_of(row)}")


def _say_days(console: Console, numbers: Stats) -> None:
    days = [day for day in numbers.days if day.answers]
    for line in told.time(numbers) if days else ():
        console.say(line)
    for day in days[-MOST_DAYS:]:
        spent = f"{counted(day.answers, 'answer')}, {minutes(day.minutes)}"
        console.say(f"  {date_of(day.day).isoformat()}: {spent}, {percent(day.recalled / day.answers)} right")


def _say_certainty(console: Console, sure: Calibration) -> None:
    """Say how well the certainty stated fits the answers; nothing where it was never stated."""
    if not sure.answers:
        return
    console.say(f"How sure you were, and how right, in the last {CERTAINTY_SPAN} days")
    for level in sure.levels:
        console.say(f"  said “{NAMES[level.certainty]}”: {in_words(level)}")


def _say_model(console: Console, model: ModelCalibration) -> None:
    """Say how well the forecast of the memory fits what came; nothing before cards came back on later days."""
    if not model.answers:
        return
    console.say(f"How well the forecast of your memory fits, by your newest {counted(model.answers, 'review')}")
    console.say(f"  in all: {said_and_was(model.whole)}. {judged(model)} {correction_in_words(model)}".rstrip())
    for name, part in (("asked again within 3 weeks", model.young), ("after 3 weeks or more", model.mature)):
        if part.answers:
            console.say(f"  {name}: {said_and_was(part)}")
    for part in model.bins:
        if part.answers:
            console.say(f"  {said_and_was(part)}")


def _say_ahead(console: Console, ahead: Forecast) -> None:
    """Say the load of the days to come, and week by week where there is any."""
    console.say(told.HEADINGS["ahead"])
    for line in told.ahead(ahead):
        console.say(f"  {line}")
    for week in ahead.weeks() if ahead.met or ahead.with_new else ():
        console.say(f"  {told.week_of(week)}")


def _say_exams(console: Console, exams: Attempts) -> None:
    """Say the best and the last exam, and where they lead; nothing where none was sat."""
    if exams.best is None or exams.last is None:
        return
    trend = f", {exams.trend}" if exams.trend else ""
    console.say(f"Exams: last {exams.last.percent:.0f} %, best {exams.best.percent:.0f} %{trend}.")


def _say_hard(console: Console, cards: Sequence[Hard], leeches: Sequence[Leech], stuck: int) -> None:
    """Say which cards were forgotten most often, and what may help with leeches; nothing where there are none."""
    if cards:
        console.say(told.HEADINGS["hard"])
    for card in cards[:MOST_HARD]:
        console.say(f"  {card.card.id}: {card.told}")
    if leeches:
        console.say(told.leeches(leeches, stuck))
    for leech, text in told.each_leech(leeches[:MOST_HARD]):
        console.say(f"  {leech.card}: {text}")
