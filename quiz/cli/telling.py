"""What the line mode says: questions, feedback and summary as paragraphs. Nothing is read or printed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from quiz.cli import asking
from quiz.desk import Desk
from quiz.memory import Rating
from quiz.paths import shipped_decks
from quiz.questions import Cloze, Flip
from quiz.questions.cloze import BLANK
from quiz.report.health import CLOCK_TOLERANCE
from quiz.report.overview import overview
from quiz.report.stats import next_due
from quiz.report.words import apart, in_days, percent, spent
from quiz.study.session import Feedback, Phase, Session
from quiz.study.shown import Shown
from quiz.study.summary import summary
from quiz.text import counted

DANGER = "Sure, and wrong: that is dangerous. It comes back in this session, tomorrow and in a week."
CHANGED = "An answer of this card has changed since you learned it."
PASSED = "Passed: you had not practised this question."
NOT_PASSED = "Not passed. It counts: you had not practised this question."
NOT_FOR_TREATMENT = "For learning, not for deciding treatment."
MOST_PROBLEMS = 3


def before(desk: Desk) -> Iterator[str]:
    """Say what has to be known before any question: what the program is for, and what is wrong."""
    if shipped_decks().resolve() in desk.library.roots:
        yield NOT_FOR_TREATMENT
    behind = desk.history.behind()
    if behind > CLOCK_TOLERANCE:
        yield f"The clock is {apart(behind)} behind your latest answer. Check the date and time of this machine."
    problems = desk.library.problems()
    for problem in problems[:MOST_PROBLEMS]:
        yield f"Left out: {problem}"
    if len(problems) > MOST_PROBLEMS:
        yield f"... and {len(problems) - MOST_PROBLEMS} more: quiz check"


def opening(desk: Desk, session: Session) -> Iterator[str]:
    """Say what lies ahead, and what is wrong before it begins."""
    yield from before(desk)
    if session.answered:
        yield f"Going on where you stopped, after {counted(len(session.answered), 'answer')}."


def question(desk: Desk, session: Session, shown: Shown, columns: int = asking.WIDEST) -> Iterator[str]:
    """Say a question: where it stands, the case, the figure, the stem, what there is to choose by number.

    `columns` is the room there is for a drawing.
    """
    head = [f"{', '.join([f'Question {session.number}', *_left(session)])}."]
    if shown.retry:
        head.append("Once more.")
    elif shown.state.new:
        head.append("New card.")
    yield " ".join([*head, f"{shown.card.deck}."])
    told = shown.card.case_at(shown.question)
    if told and not shown.step:
        yield f"Case: {told[0]}"
    if shown.card.unfolds[shown.card.questions.index(shown.question)]:
        yield f"New: {told[-1]}"
    figure = desk.library.figure(shown.card.figure_at(shown.question)) if any(shown.card.figures) else None
    if figure is not None:
        yield from asking.pictured(figure, shown.question, columns)
    if shown.change:
        yield CHANGED
    yield shown.question.stem.replace(BLANK, "(blank)")
    yield from asking.told(shown)


def _left(session: Session) -> Iterator[str]:
    """Say what is left: the minutes where they end the session, else the questions; of a refresher both."""
    if session.left and not session.ends_by_time:
        yield f"{session.left} left"
    if session.ends_by_time or session.plan.mode == "refresher":
        yield from _minutes_left(session)


def _minutes_left(session: Session) -> Iterator[str]:
    if session.minutes_left is not None:
        yield f"about {counted(session.minutes_left, 'minute')} left" if session.minutes_left else "the time is up"


def answer(shown: Shown) -> Iterator[str]:
    """Say the right answer, why it is right, and how good the evidence is when it is not high."""
    if isinstance(shown.question, Cloze):
        yield f"The answer: {shown.question.key}. In full: {shown.question.whole}"
    else:
        yield f"The answer: {shown.question.key}"
    card = shown.card
    if card.why or card.claim:
        yield f"Why: {card.why}" if card.why else f"To know: {card.claim}"
    if card.certainty != "high":
        yield f"Evidence: {card.certainty}."


def verdict(shown: Shown, feedback: Feedback) -> Iterator[str]:
    """Say in words how the answer was marked, and why the option taken is wrong."""
    mark = feedback.mark
    wrong = feedback.given and not isinstance(shown.question, Flip) and not (mark.right or mark.partly)
    yield f"Wrong. {mark.words}" if wrong else mark.words
    if feedback.reason:
        yield f"Why not: {feedback.reason}"


def besides(desk: Desk, session: Session, feedback: Feedback) -> Iterator[str]:
    """Say what else follows from an answer: the ward's own rule, danger, proof, look-alikes, when it comes back."""
    assert session.shown is not None
    if session.shown.change:
        yield f"{session.shown.change}"
    here = desk.library.here(session.shown.card.id)
    if here:
        yield f"Here: {here}"
    if feedback.danger:
        yield DANGER
    if feedback.passed is not None:
        yield PASSED if feedback.passed else NOT_PASSED
    if session.stuck:
        from quiz.report.leeches import became

        yield f"{became(session.stuck)} quiz card {session.shown.card.id}"
    for other in session.look_alikes():
        yield f"Not the same: {other.fact}"
    if feedback.counts and not feedback.danger:
        yield comes_back(feedback)


def unsettled(desk: Desk, cards: Sequence[str]) -> Iterator[str]:
    """Say which must-pass cards are open, before the learner leaves."""
    yield "You were sure of this, and it was wrong. It has not come back yet:"
    for name in cards:
        card = desk.library.card(name)
        if card:
            yield f"- {card.fact}"
    yield "Type :quit once more to stop all the same."


def comes_back(feedback: Feedback) -> str:
    """Say when the card is asked again."""
    if feedback.rating is Rating.AGAIN:
        return "It comes back in this session."
    return f"Again {in_days(feedback.outcomes[feedback.rating].interval)}."


def sources(desk: Desk, card_id: str) -> Iterator[str]:
    """Say the sources of a card."""
    card = desk.library.card(card_id)
    for name in card.sources if card else ():
        yield f"Source: {desk.library.source(name) or name}"
    if not (card and card.sources):
        yield "This card names no source."


def result(desk: Desk, session: Session) -> Iterator[str]:
    """Say what the session came to, and when there is more to do."""
    score = summary(session)
    if score.asked:
        yield "Summary."
        if score.out_of_time:
            yield "The time is up."
        yield f"Right at the first try: {score.right} of {score.asked} ({percent(score.right / score.asked)})."
        more = [counted(score.new, "new card"), spent(score.ms)]
        if score.retries:
            more.insert(0, counted(score.retries, "more try", "more tries"))
        yield f"{', '.join(more)}."
        if session.plan.mode == "refresher":
            practised = score.asked - score.passed - score.failed
            yield f"Passed: {score.passed}. Not passed: {score.failed}. Only practised: {practised}."
            yield "The record of this: quiz report --to FILE"
        topics = [f"{topic.topic} {topic.right} of {topic.asked}" for topic in score.topics]
        if len(topics) > 1:
            yield f"By topic: {', '.join(topics)}."
        if score.missed:
            yield "Missed:"
        for name in score.missed:
            card = desk.library.card(name)
            if card:
                yield f"- {card.fact}"
    yield from _ahead(desk, session)


def _ahead(desk: Desk, session: Session) -> Iterator[str]:
    """Say what is left for today, and when the next card is due."""
    scope, today = session.plan.scope, desk.history.today()
    with closing(desk.history.reader()) as db:
        left, following = overview(db, scope, today, desk.history.settings.new), next_due(db, scope, today)
    to_come = 0 if session.phase is Phase.DONE else session.left + (session.phase is not Phase.FEEDBACK)
    if not left.cards:
        yield "No card fits what you asked for."
    elif to_come:
        what = f"{counted(to_come, 'question')} to come"
        if session.ends_by_time:
            what = f"about {counted(session.minutes_left, 'minute')} left" if session.minutes_left else "its time up"
        yield f"Stopped with {what}: the same command goes on here."
    elif not (left.due or left.new):
        yield "Nothing is left for today."
    elif not left.behind:
        yield f"Left for today: {left.due} due, {left.new} new."
    if left.behind:
        yield f"{left.part_of_today()[:1].upper()}{left.part_of_today()[1:]}"
    if following is not None and not (to_come or left.due or left.new):
        yield f"Next due: {in_days(following - today)}."
