"""`quiz stats`: how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from quiz.cli.call import Call
from quiz.cli.console import Console
from quiz.deck.scope import Scope
from quiz.memory import date_of
from quiz.report.attempts import Attempts, attempts
from quiz.report.calibration import NAMES, Calibration, calibration, in_words
from quiz.report.calibration import SPAN as CERTAINTY_SPAN
from quiz.report.model_calibration import ModelCalibration, judged, model_calibration
from quiz.report.model_calibration import in_words as told
from quiz.report.overview import Overview, Progress, overview
from quiz.report.stats import SPAN, Stats, stats
from quiz.report.words import percent
from quiz.text import counted


def run(call: Call) -> int:
    """Say how many answers there are, how much is recalled, how far all is known, and how well certainty fits."""
    with call.desk() as desk:
        today, settings = desk.history.today(), desk.history.settings
        with closing(desk.history.reader()) as db:
            found, numbers = overview(db, Scope(), today, settings.new), stats(db, today)
            sure, model = calibration(db, today), model_calibration(db, today)
            danger = [card for (card,) in db.execute("select card from state where danger > 0 order by card")]
        exams = attempts(desk.history.of_kind("session"))
    if call.options.json:
        document = _as_json(found, numbers, sure, model)
        call.console.document({**document, "danger": danger, "exams": exams.as_json()})
    else:
        _say(call.console, found, numbers, settings.retention)
        _say_certainty(call.console, sure)
        _say_model(call.console, model)
        _say_exams(call.console, exams)
        if danger:
            call.console.say(f"Sure, and wrong, and not recalled often enough since: {', '.join(danger)}")
    return 0


def _as_json(found: Overview, numbers: Stats, sure: Calibration, model: ModelCalibration) -> dict[str, object]:
    kept = numbers.retention
    return {
        "day": date_of(found.day).isoformat(),
        "answers": numbers.answers,
        "cards": found.cards,
        "cards_seen": found.seen,
        "suspended": numbers.suspended,
        "flagged": numbers.flagged,
        "retention": {"days": SPAN, "reviews": kept.reviews, "recalled": kept.recalled, "share": kept.share},
        "days": [
            {
                "day": date_of(d.day).isoformat(),
                "answers": d.answers,
                "recalled": d.recalled,
                "minutes": round(d.minutes, 2),
            }
            for d in numbers.days
        ],
        "decks": _progress(found.decks),
        "topics": _progress(found.topics),
        "calibration": sure.as_json(),
        "model_calibration": model.as_json(),
    }


def _progress(rows: Sequence[Progress]) -> list[dict[str, object]]:
    return [
        {
            "name": r.name,
            "title": r.title,
            "cards": r.cards,
            "seen": r.seen,
            "due": r.due,
            "mastery": round(r.mastery, 4),
        }
        for r in rows
    ]


def _say(console: Console, found: Overview, numbers: Stats, aim: float) -> None:
    console.say(f"{counted(numbers.answers, 'answer')}, {found.seen} of {counted(found.cards, 'card')} seen.")
    kept = numbers.retention
    if kept.share is not None:
        recalled = f"{percent(kept.share)} of {counted(kept.reviews, 'review')}"
        console.say(f"Recalled in the last {SPAN} days: {recalled} (the aim is {percent(aim)}).")
    days = [day for day in numbers.days if day.answers]
    if days:
        minutes = counted(round(sum(day.minutes for day in days)), "minute")
        console.say(f"Studied on {len(days)} of the last {SPAN} days, {minutes} in all.")
        for day in days[-7:]:
            spent = f"{counted(day.answers, 'answer')}, {counted(round(day.minutes), 'minute')}"
            console.say(f"  {date_of(day.day).isoformat()}: {spent}, {percent(day.recalled / day.answers)} right")
    for heading, rows in (("Decks", found.decks), ("Topics", found.topics)):
        console.say(heading)
        for row in rows:
            seen = f"{row.seen} of {counted(row.cards, 'card')} seen"
            console.say(f"  {row.title}: {percent(row.mastery)} known, {seen}, {row.due} due")
    if numbers.suspended or numbers.flagged:
        console.say(f"Suspended: {numbers.suspended}. Flagged: {numbers.flagged}.")


def _say_exams(console: Console, exams: Attempts) -> None:
    """Say the best and the last exam, and where they lead; nothing where none was sat."""
    if exams.best is None or exams.last is None:
        return
    trend = f", {exams.trend}" if exams.trend else ""
    console.say(f"Exams: last {exams.last.percent:.0f} %, best {exams.best.percent:.0f} %{trend}.")


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
    console.say(f"  in all: {told(model.whole)}. {judged(model)}")
    for name, part in (("asked again within 3 weeks", model.young), ("after 3 weeks or more", model.mature)):
        if part.answers:
            console.say(f"  {name}: {told(part)}")
    for part in model.bins:
        if part.answers:
            console.say(f"  {told(part)}")
