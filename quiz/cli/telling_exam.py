"""What the line mode says of an exam: set-up, questions, navigator, result, review. Nothing is read or printed here."""

from __future__ import annotations

import math
from collections.abc import Iterator

from quiz.cli import asking, telling
from quiz.deck.figures import Figure
from quiz.deck.library import Library
from quiz.deck.model import Card
from quiz.desk import Desk
from quiz.memory import date_of
from quiz.questions import Flip, Match, Order
from quiz.questions.cloze import BLANK
from quiz.report.attempts import Attempts
from quiz.report.exam_words import ranges, share
from quiz.report.words import spent
from quiz.store.rows import SavedSession
from quiz.study.blueprint import ExamPlan
from quiz.study.exam import Exam, plan_of
from quiz.study.result import MOST_CERTAIN, Result, Score
from quiz.study.seats import Reason, Reviewed
from quiz.study.shown import Shown
from quiz.text import counted


def setup(plan: ExamPlan, size: int) -> str:
    """Say what kind of exam this is."""
    limit = f"{counted(plan.minutes, 'minute')}" if plan.minutes else "no time limit"
    feedback = "after each answer" if plan.tutor else "at the end"
    return f"Exam: {counted(size, 'question')}, {limit}, pass mark {plan.pass_mark} %. Feedback comes {feedback}."


def going_on(exam: Exam) -> Iterator[str]:
    """Say where an exam that was left stands."""
    day = date_of(exam.day).isoformat()
    yield f"Going on with the exam of {day}: {exam.size - len(exam.missing())} of {exam.size} answered."
    if exam.withdrawn:
        yield f"Left out, because the decks have changed: {counted(exam.withdrawn, 'question')}."


def another(saved: SavedSession) -> str:
    """Say that an exam of another set-up waits."""
    plan, day = plan_of(saved), date_of(saved.day).isoformat()
    return f"An exam of {day} ({counted(plan.size, 'question')}) is not handed in: after this one, 'quiz exam' goes on."


def question(library: Library, exam: Exam, columns: int) -> Iterator[str]:
    """Say the current question: where it stands, what is asked, the answer so far."""
    cell, reply = exam.cells[exam.number - 1], exam.reply()
    head = [f"Question {exam.number} of {exam.size}."]
    if cell.flagged:
        head.append("Flagged.")
    if exam.left_ms is not None:
        head.append(f"{_minutes(exam.left_ms)} left.")
    yield " ".join([*head, f"{exam.shown.card.deck}."])
    yield from asked(library, exam.shown, columns)
    if reply and not exam.locked():
        yield f"Your answer so far: {reply.wrote or asking.in_words(exam.shown, reply.given)}"


def asked(library: Library, shown: Shown, columns: int) -> Iterator[str]:
    """Say a question: the case, the figure (drawn in at most so many columns), the stem, what can be chosen."""
    yield from _case(shown)
    picture = figure(library, shown)
    if picture:
        yield from asking.pictured(picture, shown.question, columns)
    yield _stem(shown)
    yield from asking.told(shown)


def figure(library: Library, shown: Shown) -> Figure | None:
    """Return the figure of a question, if it has one."""
    name = getattr(shown.question, "figure", "") or shown.card.figure_at(shown.question)
    return library.figure(name) if name else None


def navigator(exam: Exam) -> Iterator[str]:
    """Say which questions are answered, empty and flagged."""
    empty = exam.missing()
    answered = [cell.number for cell in exam.cells if cell.answered]
    yield f"Answered: {ranges(answered) or 'none'}. Empty: {ranges(empty) or 'none'}."
    if exam.flagged():
        yield f"Flagged: {ranges(exam.flagged())}."
    yield f"You are at question {exam.number} of {exam.size}."


def clock(exam: Exam) -> str:
    """Say the time spent and the time left."""
    left = "There is no time limit" if exam.left_ms is None else f"Left: {spent(exam.left_ms)}"
    return f"Spent: {spent(exam.elapsed_ms)}. {left}."


def paused(exam: Exam) -> str:
    """Say that the exam waits, and how it goes on."""
    if exam.to_mark() and exam.locked():
        waiting = counted(len(exam.to_mark()), "answer waits", "answers wait")
        return f"{waiting} for your own mark: 'quiz exam' goes on here."
    return f"Paused at question {exam.number} of {exam.size}: 'quiz exam' goes on here."


def verdict(looked: Reviewed) -> str:
    """Say in words how an answer was marked."""
    mark = looked.mark
    said = looked.reply is not None and bool(looked.reply.given) and not isinstance(looked.shown.question, Flip)
    wrong = said and not (mark.right or mark.partly)
    return f"Wrong. {mark.words}" if wrong else mark.words


def feedback(library: Library, looked: Reviewed) -> Iterator[str]:
    """Say what came of one answer, and every reason the deck gives."""
    reply, shown = looked.reply, looked.shown
    yield verdict(looked)
    if shown.change:
        yield f"{shown.change}"
    if reply and reply.wrote:
        yield f"You wrote: {reply.wrote}"
    elif reply and reply.given and isinstance(shown.question, Order | Match):
        yield f"Your answer: {asking.in_words(shown, reply.given)}"
    for reason in looked.reasons:
        yield option(reason)
    yield from telling.answer(shown)
    picture = figure(library, shown)
    if picture:
        yield from asking.labelled(picture, shown.question)
    yield from evidence(library, shown.card)


def option(reason: Reason) -> str:
    """Say an option with its verdict and its reason."""
    said = f"{'your answer, ' * reason.taken}{'right' if reason.right else 'wrong'}."
    return f"{reason.number}. {reason.text} - {said} {reason.why}".rstrip()


def evidence(library: Library, card: Card) -> Iterator[str]:
    """Say what a card teaches, where its reason alone was told, what holds here, and its sources."""
    if card.why and card.claim:
        yield f"To know: {card.claim}"
    here = library.here(card.id)
    if here:
        yield f"Here: {here}"
    for name in card.sources:
        yield f"Source: {library.source(name) or name}"


def reviewed(library: Library, looked: Reviewed, size: int, columns: int) -> Iterator[str]:
    """Say a question again, with what was answered and everything about it; options come once, with their reasons."""
    head = [f"Question {looked.number} of {size}.", f"{spent(looked.ms)}."]
    if looked.reply and looked.reply.certainty:
        head.append(f"Certainty: {looked.reply.certainty}.")
    if looked.flagged:
        head.append("Flagged.")
    yield " ".join(head)
    yield from _case(looked.shown)
    picture = figure(library, looked.shown)
    if picture:
        yield from asking.drawn(picture, columns)
    yield _stem(looked.shown)
    if not looked.reasons:
        yield from asking.told(looked.shown)
    yield from feedback(library, looked)


def result(desk: Desk, came: Result, attempts: Attempts) -> Iterator[str]:
    """Say what an exam came to; `attempts` are those at the same set-up, this one included."""
    score, plan = came.score, came.plan
    yield "Result."
    if came.out_of_time:
        yield "The time was up."
    yield f"{'Passed' if came.passed else 'Not passed'}: {share(score, plan.pass_mark)}, pass mark {plan.pass_mark} %."
    yield f"Right: {score.right} of {score.asked}.{_parts(score)}"
    if len(came.topics) > 1:
        yield "By topic, the weakest first:"
        for topic in came.topics:
            right = f"{topic.right} of {topic.asked} right"
            yield f"- {topic.topic}: {share(topic, plan.pass_mark)}, {right}, {_reached(topic, plan)}."
    slow = max(range(len(came.questions)), key=lambda i: came.questions[i].ms)
    pace = f"{spent(came.ms // score.asked)} a question, longest question {slow + 1} ({spent(came.questions[slow].ms)})"
    yield f"Time: {spent(came.ms)}, {pace}."
    yield from certainty(came)
    if came.missed:
        yield f"Missed: {ranges([i for i, q in enumerate(came.questions, 1) if q.missed])}."
    for name in came.missed:
        card = desk.library.card(name)
        if card:
            yield f"- {card.fact}"
    yield from history(attempts)


def certainty(came: Result) -> Iterator[str]:
    """Say the certainty marks, where certainty was stated, and what was sure and wrong."""
    if not came.sure:
        return
    marks, most = _two_places(came.certainty_marks), MOST_CERTAIN * len(came.sure)
    yield f"Certainty marks: {marks} of at most {most}, for {counted(len(came.sure), 'answer')}."
    sure_and_wrong = [i for i, q in enumerate(came.questions, 1) if q.certainty == "high" and q.missed]
    if sure_and_wrong:
        yield f"Sure and wrong: {ranges(sure_and_wrong)}."


def history(attempts: Attempts) -> Iterator[str]:
    """Say how this attempt stands among those at the same set-up."""
    if len(attempts.all) < 2 or not attempts.best:
        return
    last = attempts.all[-2]
    told = [f"best {_whole(attempts.best.percent)} %", f"the one before {_whole(last.percent)} %"]
    yield f"Attempt {len(attempts.all)} at this exam: {', '.join(told)}; the trend is {attempts.trend}."


def _case(shown: Shown) -> Iterator[str]:
    for number, text in enumerate(shown.card.case_at(shown.question)):
        yield f"New: {text}" if number else f"Case: {text}"


def _stem(shown: Shown) -> str:
    return shown.question.stem.replace(BLANK, "(blank)")


def _parts(score: Score) -> str:
    return "" if score.marks == score.right else f" With part marks: {_two_places(score.marks)}."


def _reached(score: Score, plan: ExamPlan) -> str:
    return "passed" if score.reaches(plan.pass_mark) else "not passed"


def _minutes(ms: int) -> str:
    """Return the time left, to the minute while there is more than one."""
    return counted(math.ceil(ms / 60_000), "minute") if ms > 60_000 else spent(ms)


def _whole(number: float) -> str:
    return f"{number:.0f}"


def _two_places(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
