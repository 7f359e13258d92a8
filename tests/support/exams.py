"""Builders for tests of exams: a deck with every kind of question, exams on it, and answers that are right or wrong."""

from __future__ import annotations

from typing import Any

from quiz.desk import Desk
from quiz.questions import Choice, FigureMark, Flip, Match, Order, Question, Select
from quiz.store.derive import undone
from quiz.store.events import Event
from quiz.study.blueprint import ExamPlan
from quiz.study.exam import Exam, begin, take_up, unfinished
from quiz.study.paper import draw
from quiz.study.rating import Certainty
from tests.support.desks import Entry


def every_kind() -> list[Entry]:
    """Return a card for each kind of question that needs no figure."""
    options = [{"right": "a"}, {"right": "b"}, {"wrong": "c", "why": "c is not"}, {"wrong": "d"}]
    return [
        {"id": "choice", "topic": "x", "questions": [{"ask": "One?", "choices": [options[0], *options[2:]]}]},
        {"id": "select", "topic": "x", "questions": [{"ask": "All?", "choices": options}]},
        {"id": "order", "topic": "y", "questions": [{"ask": "In order?", "order": ["first", "second", "third"]}]},
        {"id": "match", "topic": "y", "questions": [{"ask": "Match?", "match": {"l1": "r1", "l2": "r2", "l3": "r3"}}]},
        {"id": "number", "topic": "z", "questions": [{"ask": "How hot?", "number": "80", "unit": "°C"}]},
        {"id": "typed", "topic": "z", "questions": [{"ask": "Which nerve?", "answer": "medial branch", "accept": []}]},
        {"id": "cloze", "topic": "z", "questions": [{"cloze": "It is {{spasticity}}."}]},
        {"id": "flip", "topic": "z", "questions": [{"ask": "In your words?", "answer": "Cutting a root"}]},
    ]


def exam_plan(**fields: Any) -> ExamPlan:
    """Return a set-up of 5 questions with seed 1, unless `fields` say otherwise."""
    return ExamPlan(**{"limit": 5, "seed": 1} | fields)


def sit(desk: Desk, plan: ExamPlan | None = None) -> Exam:
    """Begin an exam."""
    plan = plan or exam_plan()
    return begin(desk.history, plan, draw(desk.library, plan, desk.history.state))


def resumed(desk: Desk) -> Exam:
    """Go on with the exam that was left; there has to be one."""
    saved = unfinished(desk.history)
    assert saved is not None
    exam = take_up(desk.history, desk.library, saved)
    assert exam is not None
    return exam


def right_given(question: Question) -> str:
    """Return a right answer, as `question.mark` takes it (for a flip card: words of the learner's)."""
    match question:
        case Choice():
            return str(question.right)
        case Select():
            return ",".join(map(str, question.rights))
        case Order():
            return ",".join(map(str, range(len(question.items))))
        case Match():
            return ",".join(map(str, question.answers))
        case FigureMark(points=True):
            return str(question.at)
        case _:
            return question.key


def wrong_given(question: Question) -> str:
    """Return an answer that earns nothing."""
    match question:
        case Choice():
            return str((question.right + 1) % len(question.options))
        case Select():
            return ",".join(str(i) for i in range(len(question.options)) if i not in question.rights)
        case Order():
            return ",".join(map(str, reversed(range(len(question.items)))))
        case Match():
            return ",".join(str((i + 1) % len(question.rights)) for i in question.answers)
        case FigureMark(points=True):
            return str(question.at % 9 + 1)
        case Flip():
            return "nothing like it"
        case _:
            return "99999" if question.kind == "number" else "something else entirely"


def reply(exam: Exam, right: bool = True, certainty: Certainty | None = None) -> bool:
    """Answer the current question."""
    question = exam.shown.question
    return exam.answer(right_given(question) if right else wrong_given(question), certainty)


def answer_all(exam: Exam, wrong: tuple[int, ...] = (), but: tuple[int, ...] = ()) -> None:
    """Answer every question from the first on, `wrong` ones wrongly, leaving out those in `but`."""
    for number in range(1, exam.size + 1):
        if number not in but:
            exam.go(number)
            reply(exam, number not in wrong)


def in_force(desk: Desk, exam: Exam) -> list[Event]:
    """Return the answers of an exam that count."""
    events = list(desk.history.events())
    gone = undone(events)
    return [e for e in events if e.kind == "answer" and e.body.get("exam") == exam.id and e.id not in gone]


def results(desk: Desk) -> list[Event]:
    """Return the `session` events of the history."""
    return desk.history.of_kind("session")
