"""How a learner stands, in words: the same sentences on the Progress screen, in the line mode and on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import fsum

from quiz.memory import StudyDay, date_of
from quiz.memory.balance import FEWEST
from quiz.report import towards
from quiz.report.ages import MATURE_FROM, Ages
from quiz.report.attempts import Attempts
from quiz.report.calibration import NAMES, Calibration
from quiz.report.forecast import DAYS, DayAhead, Forecast
from quiz.report.hard import Hard
from quiz.report.leeches import DRILL, DRILL_ONE, Leech
from quiz.report.mastery import Mastered, Mastery
from quiz.report.model_calibration import ModelCalibration, correction_in_words, judged
from quiz.report.record import PASSED
from quiz.report.standing import MOST_IN_DANGER, WEEKS, Coming, Danger, Refresher, Standing
from quiz.report.stats import SPAN, Retention, Stats
from quiz.report.words import lasting, minutes, percent
from quiz.text import counted

HEADINGS = {
    "known": "What you know",
    "danger": "Sure and wrong",
    "ahead": f"The next {DAYS} days",
    "kept": "What you kept",
    "days": "Day by day",
    "hard": "Hardest cards",
    "exams": "Exams",
    "certainty": "How sure, and how right",
    "model": "What the program foretold",
    "last": "The last safety refresher",
}
"""The sections by name, in their order."""

DRILLS = f"{DRILL} (sets that failed most come first), those of one card with {DRILL_ONE} ID"
EVENED_OUT = "From tomorrow on a card may still move by some days, to even out the load."

WHEN_NEW = {
    "known": "There are no cards.",
    "danger": "No card is on the danger list: nothing that you were sure of and got wrong is open.",
    "kept": "No card has come back for review yet.",
    "hard": "No card was forgotten yet.",
    "exams": "No practice exam was handed in yet.",
    "certainty": "You have not said yet how sure you are. The settings turn the question on.",
    "model": "No card has come back on a later day yet: then it can be compared.",
    "last": "There was none yet. It takes five minutes.",
}


def figures(found: Standing, aim: float) -> Iterator[tuple[str, str]]:
    """Yield the sections by name, each with its main figure in a few words; "" where it is not counted yet."""
    yield "known", _in_short(found.mastery.whole) if found.mastery else ""
    yield "danger", _danger_in_short(found.danger) if found.danger is not None else ""
    yield "ahead", _ahead_in_short(found.ahead) if found.ahead else ""
    yield "kept", _kept_in_short(found.numbers.retention, aim) if found.numbers else ""
    yield "days", _days_in_short(found.numbers) if found.numbers else ""
    yield "hard", _hard_in_short(found.hard, found.stuck or 0) if found.hard is not None else ""
    yield "exams", _exams_in_short(found.exams, found.coming) if found.exams and found.coming is not None else ""
    yield "certainty", _sure_in_short(found.sure) if found.sure else ""
    yield "model", _model_in_short(found.model) if found.model else ""
    yield "last", _last_in_short(found.refresher) if found.refresher is not None else ""


def _in_short(whole: Mastered) -> str:
    if not whole.cards:
        return "no cards"
    return f"{percent(whole.share)} of {counted(whole.cards, 'card')} recalled now"


def _danger_in_short(danger: Sequence[Danger]) -> str:
    return f"{counted(len(danger), 'card')} to put right" if danger else "nothing is open"


def _ahead_in_short(ahead: Forecast) -> str:
    today = ahead.days[0]
    return f"{counted(today.due, 'card') if today.due else 'no card'} due today; {minutes(ahead.minutes_a_day)} a day"


def _kept_in_short(kept: Retention, aim: float) -> str:
    if kept.share is None:
        return "no review yet"
    return f"{percent(kept.share)} of {counted(kept.reviews, 'review')}; the aim is {percent(aim)}"


def _days_in_short(numbers: Stats) -> str:
    days = [day for day in numbers.days if day.answers]
    if not days:
        return f"none of the last {SPAN} days"
    mean = fsum(day.minutes for day in days) / len(days)
    return f"{len(days)} of the last {SPAN} days, {minutes(mean)}{' each' * (len(days) > 1)}"


def _hard_in_short(hard: Sequence[Hard], stuck: int) -> str:
    if not hard:
        return "none was forgotten"
    leech = f"; {counted(stuck, 'leech', 'leeches')}" if stuck else ""
    return f"forgotten up to {counted(hard[0].lapses, 'time')}{leech}"


def _exams_in_short(exams: Attempts, coming: Sequence[Coming]) -> str:
    """Return the one that is studied for, then those sat in practice: short enough for a line of 80 cells."""
    ahead = [
        f"{percent(each.found.share.share)} expected on {date_of(each.target.day):%d %b %Y}"
        for each in coming
        if each.found.days
    ]
    if exams.best is None or exams.last is None:
        return "; ".join([*ahead, "none sat yet" if ahead else "no practice exam yet"])
    last, best = (percent(each.percent / 100) for each in (exams.last, exams.best))
    if ahead:
        return "; ".join([*ahead, f"last {last}"])
    trend = f", {exams.trend}" if exams.trend else ""
    return f"last {last}, best {best}{trend}"


def _sure_in_short(sure: Calibration) -> str:
    level = next((level for level in reversed(sure.levels) if level.share is not None), None)
    if level is None or level.share is None:
        return "not said yet"
    return f"said “{NAMES[level.certainty]}”: {percent(level.share)} right"


def _model_in_short(model: ModelCalibration) -> str:
    whole = model.whole
    if whole.share is None:
        return "no review to compare yet"
    return f"said {percent(whole.said)}, was right in {percent(whole.share)}"


def _last_in_short(refresher: Sequence[Refresher]) -> str:
    if not refresher:
        return "none yet"
    record = refresher[0].record
    return f"{record.number_of(PASSED)} of {counted(len(record.cards), 'card')} passed"


# -- in sentences -----------------------------------------------------------------------------------------------------


def known(found: Mastery) -> Iterator[str]:
    """Yield what is mastered of everything."""
    whole = found.whole
    if not whole.cards:
        yield WHEN_NEW["known"]
        return
    yield f"You would recall {percent(whole.share)} of {counted(whole.cards, 'card')} now; {whole.seen} were met."
    if whole.lasts is not None:
        stay = f"half stay above 90 % for {lasting(whole.lasts)} or longer"
        lasts = f"Of those met, {stay if round(whole.lasts) else 'half fall below 90 % in less than a day'}"
        yield f"{lasts}; {whole.lasting} of {whole.seen} for {MATURE_FROM:.0f} days or more."
    if whole.provable:
        told = "passed on proof: right on a question that practice holds back"
        yield f"{whole.proven} of {counted(whole.provable, 'card')} {told}."


def row_of(row: Mastered) -> str:
    """Return a topic or procedure in a line: `84 % known, 12 of 14 cards seen, lasts 20 days, 3 of 9 proven`."""
    lasts = f", lasts {lasting(row.lasts)}" if row.lasts is not None else ""
    proof = f", {row.proven} of {row.provable} passed on proof" if row.provable else ""
    return f"{percent(row.share)} known, {row.seen} of {counted(row.cards, 'card')} seen{lasts}{proof}"


def ahead(found: Forecast) -> Iterator[str]:
    """Yield the load of the days to come."""
    today = found.days[0]
    yield _due_today(today.due, found.overdue)
    if found.before_exam:
        yield f"{found.before_exam} Later days are counted here without the exam."
    if not found.met and not found.with_new:
        yield "Nothing else is to come."
        return
    number = len(found.days)
    reviews, alone = fsum(d.reviews for d in found.days) / number, fsum(d.minutes for d in found.days) / number
    if found.met:
        yield f"What you have met comes to {_cards(reviews)} and {minutes(alone)} a day."
    if found.with_new:
        cards, all_ = fsum(d.cards for d in found.days) / number, found.minutes_a_day
        set_ = f"With {counted(found.new_a_day, 'new card')} a day (of {found.unseen} that there are)"
        yield f"{set_} it is {_cards(cards)} and {minutes(all_)} a day."
    if limit := _limit(found):
        yield limit
    most = found.busiest
    if most.cards:
        when = "today" if most is today else f"on {_date(most.day)}"
        # More may be due today than the minutes have room for.
        lead = "Within your minutes the most cards come" if today.due > most.cards else "The most cards are to come"
        yield f"{lead} {when}: {round(most.cards)}, in {minutes(most.minutes_with_new)}."
    if any(day.reviews > FEWEST for day in found.days[1:]):
        yield EVENED_OUT


def _due_today(due: int, overdue: int) -> str:
    if due < 2:
        return f"Today 1 card is {'over' * bool(overdue)}due." if due else "No card is due today."
    late = f", {'all' if overdue == due else overdue} of them overdue" if overdue else ""
    return f"Today {due} cards are due{late}."


def _limit(found: Forecast) -> str:
    """Return what the minutes set leave undone, or how they spread a backlog; "" where they change nothing."""
    if not found.given or found.before_exam:  # today takes what the exam asks, whatever that does to the mean
        return ""
    have = f"the {counted(found.given, 'minute')} a day that you have"
    if round(found.left):
        needed = f"all that is due would take {minutes(found.needed)} a day"
        return f"That is within {have}; {needed}, and after {DAYS} days {_cards(found.left)} wait."
    if round(found.needed) != round(found.minutes_a_day):
        return f"That is within {have}; with all done on its day it would be {minutes(found.needed)}."
    return ""


def week_of(days: Sequence[DayAhead]) -> str:
    """Return a week ahead in a line: `22 Nov to 28 Nov: 80 reviews, 60 new cards, 51 minutes`."""
    first, last = (f"{date_of(day.day):%d %b}" for day in (days[0], days[-1]))
    new = fsum(day.new for day in days)
    fresh = f", {counted(round(new), 'new card')}" if new else ""
    reviews = counted(round(fsum(day.cards for day in days) - new), "review")
    span = first if len(days) == 1 else f"{first} to {last}"
    return f"{span}: {reviews}{fresh}, {minutes(fsum(day.minutes_with_new for day in days))}"


def kept(numbers: Stats, parts: Ages | None, aim: float) -> Iterator[str]:
    """Yield what was recalled when it mattered; `parts` is None while it is not counted yet."""
    whole = numbers.retention
    if whole.share is None:
        yield WHEN_NEW["kept"]
        return
    recalled = f"{percent(whole.share)} of {counted(whole.reviews, 'review')}"
    yield f"Recalled in the last {SPAN} days: {recalled} (the aim is {percent(aim)})."
    if parts is not None:
        mature = f"{MATURE_FROM:.0f} days or more"
        yield f"Young cards: {of_reviews(parts.young)}. Mature ones, which last {mature}: {of_reviews(parts.mature)}."


def of_reviews(part: Retention) -> str:
    """Return a retention in words: `90 % of 40 reviews`, `no review`."""
    return f"{percent(part.share)} of {counted(part.reviews, 'review')}" if part.share is not None else "no review"


def time(numbers: Stats) -> Iterator[str]:
    """Yield the time spent."""
    days = [day for day in numbers.days if day.answers]
    if not days:
        yield f"There was no answer in the last {SPAN} days."
        return
    whole = fsum(day.minutes for day in days)
    answers = counted(sum(day.answers for day in days), "answer")
    yield f"Studied on {len(days)} of the last {SPAN} days: {answers}, {minutes(whole)}."
    most = max(days, key=lambda day: day.minutes)
    if len(days) > 1:
        mean = minutes(whole / len(days))
        yield f"That is {mean} on each of them; the most was {minutes(most.minutes)} on {_date(most.day)}."


def calendar(answers: Mapping[StudyDay, int], today: StudyDay) -> str:
    """Return what the calendar shows."""
    busiest = max(answers, key=lambda day: answers[day], default=None)
    said = f"In {WEEKS} weeks: answers on {counted(len(answers), 'day')}, {sum(answers.values())} in all"
    most = f", most on {_date(busiest)} ({answers[busiest]})" if busiest is not None else ""
    return f"{said}{most}. Today: {answers.get(today, 0)}."


def danger(found: Sequence[Danger]) -> str:
    """Return how many cards are on the danger list."""
    if not found:
        return WHEN_NEW["danger"]
    more = " and more" * (len(found) == MOST_IN_DANGER)
    return f"You were sure of {counted(len(found), 'card')}{more} and wrong:"


def leeches(found: Sequence[Leech], stuck: int, drill: str = DRILLS) -> str:
    """Return how many cards are leeches (`stuck`), and how look-alikes among those found are drilled; "" for none."""
    if not found:
        return ""
    number = counted(stuck, "leech", "leeches")
    said = f"{number}: forgotten again and again, and asked as before until you decide otherwise."
    if any(leech.proposal.way == "contrast" for leech in found):
        said += f" Look-alikes are drilled with {drill}."
    return said


def each_leech(found: Sequence[Leech]) -> Iterator[tuple[Leech, str]]:
    """Yield each leech with what it is taken for and what helps most; what helps several in a row is said once."""
    before = ""
    for leech in found:
        taken = f"Taken for: {'; '.join(t.text for t in leech.taken[:2])}." if leech.taken else ""
        text = leech.proposal.text
        advice = f"{text[:1].upper()}{text[1:]}." if text != before else "The same as above may help."
        before = text
        yield leech, " ".join(filter(None, (taken, advice)))


def coming(found: Sequence[Coming]) -> str:
    """Return when the exam is that is studied for, and what is expected then; "" where none is set."""
    return " ".join(towards.ahead(each.target, each.found) for each in found)


def exams(found: Attempts) -> str:
    """Return the best and the last exam at the set-up of the last one, and where they lead; "" for fewer than two."""
    if found.last is None:
        return WHEN_NEW["exams"]
    same = found.of(found.last.result.plan)
    if len(same.all) < 2 or same.best is None or same.last is None:
        return ""
    best, last = (percent(attempt.percent / 100) for attempt in (same.best, same.last))
    number = counted(len(same.all), "attempt")
    return f"At the set-up of the last one ({number}): best {best}, last {last}; the trend is {same.trend}."


def model(found: ModelCalibration) -> str:
    """Return how well the odds of the memory model fitted, and how the outlook is corrected by it."""
    whole = found.whole
    if whole.share is None:
        return WHEN_NEW["model"]
    said = f"Of your newest {counted(found.answers, 'review')} it said {percent(whole.said)}"
    return f"{said}; {percent(whole.share)} were right. {judged(found)} {correction_in_words(found)}".rstrip()


def _cards(number: float) -> str:
    return "less than 1 card" if 0 < number < 0.5 else counted(round(number), "card")


def _date(day: StudyDay) -> str:
    return f"{date_of(day):%a %d %b %Y}"
