"""Which question of a card is asked, and what an answer is worth to the memory model."""

from __future__ import annotations

import pytest

from quiz.deck.model import Card, question_id
from quiz.memory import Memory, Rating, StudyDay
from quiz.questions import (
    KINDS,
    Choice,
    Cloze,
    FigureMark,
    Flip,
    Mark,
    Match,
    Number,
    Option,
    Order,
    Question,
    Select,
    Typed,
)
from quiz.store.derive import NEW, Asked, CardState
from quiz.study.rating import CERTAINTY, Certainty, Verdict, verdict
from quiz.study.rotation import PROOF_STABILITY, choose

CHOICE = Choice("Which?", (Option("yes"), Option("no"), Option("never"), Option("maybe")), 0)
CLOZE = Cloze("The word is ", "yes", ".")
TYPED = Typed("Type it.", "yes")
FLIP = Flip("What?", "yes")
PROOF = Typed("Prove it.", "yes", proof=True)
OTHER_PROOF = Flip("Prove it by heart.", "yes", proof=True)
SELECT = Select("Which ones?", CHOICE.options, (0, 1))
NUMBER = Number("How much?", 80, 80, "°C")
ORDER = Order("In which order?", ("a", "b", "c"))
MATCH = Match("Which goes where?", ("a", "b"), ("c", "d"), (0, 1))
NAMING = FigureMark("What is [1]?", "figure", 1, "yes")
POINTING = FigureMark("Which mark is it?", "figure", 1)
ALL = (CHOICE, CLOZE, TYPED, FLIP, SELECT, NUMBER, ORDER, MATCH, NAMING)
NAMES = {CHOICE: "choice", CLOZE: "cloze", TYPED: "typed", FLIP: "flip", PROOF: "proof", OTHER_PROOF: "other proof"} | {
    question: question.kind for question in (SELECT, NUMBER, ORDER, MATCH, NAMING)
}


def card(*questions: Question) -> Card:
    return Card("a", "a", "deck", "file", 1, questions)


def seen(*questions: Question, stability: float = 1.0) -> CardState:
    """Return a state in which the questions were asked in this order."""
    asked = {question_id(q): Asked(1, n, 1.0) for n, q in enumerate(questions, 1)}
    return CardState(Memory(stability, 5.0, StudyDay(0)), due=1, answers=len(questions), asked=asked)


MATURE = PROOF_STABILITY
CASES = [
    # the first meeting: options teach most
    ((FLIP, TYPED, CLOZE, CHOICE, PROOF), NEW, CHOICE),
    ((FLIP, TYPED, CLOZE, PROOF), NEW, CLOZE),
    ((FLIP, TYPED, PROOF), NEW, TYPED),
    ((PROOF, FLIP), NEW, FLIP),
    ((FLIP, NUMBER, ORDER, SELECT, MATCH, NAMING), NEW, MATCH),
    ((FLIP, NUMBER, ORDER, SELECT, NAMING), NEW, SELECT),
    ((FLIP, NUMBER, ORDER), NEW, ORDER),
    # later: not seen before, hardest first
    ((CHOICE, MATCH, SELECT, ORDER, NUMBER), seen(CHOICE), NUMBER),
    ((CHOICE, MATCH, SELECT, ORDER, NUMBER), seen(CHOICE, NUMBER), ORDER),
    ((CHOICE, MATCH, SELECT), seen(CHOICE), SELECT),
    ((CHOICE, FLIP, CLOZE, TYPED, PROOF), seen(CHOICE), TYPED),
    ((CHOICE, FLIP, CLOZE, TYPED), seen(CHOICE, TYPED), CLOZE),
    ((CHOICE, FLIP, CLOZE, TYPED), seen(CHOICE, TYPED, CLOZE), FLIP),
    ((FLIP, CHOICE), seen(FLIP), CHOICE),
    # all seen: the one not asked for longest
    ((CHOICE, FLIP, CLOZE, TYPED), seen(TYPED, CHOICE, FLIP, CLOZE), TYPED),
    ((CHOICE, FLIP, CLOZE, TYPED), seen(CHOICE, TYPED, FLIP, CLOZE), CHOICE),
    ((CHOICE,), seen(CHOICE), CHOICE),
    # the proof only when all others were seen and the card is mature
    ((CHOICE, PROOF), seen(CHOICE), CHOICE),
    ((CHOICE, PROOF), seen(CHOICE, stability=MATURE - 0.01), CHOICE),
    ((CHOICE, PROOF), seen(CHOICE, stability=MATURE), PROOF),
    ((CHOICE, CLOZE, PROOF), seen(CHOICE, stability=MATURE), CLOZE),
    ((CHOICE, OTHER_PROOF, PROOF), seen(CHOICE, stability=MATURE), PROOF),
    # and only once
    ((CHOICE, PROOF), seen(CHOICE, PROOF, stability=MATURE), CHOICE),
    ((CHOICE, OTHER_PROOF, PROOF), seen(CHOICE, PROOF, stability=MATURE), OTHER_PROOF),
    # a question that the deck has dropped since counts for nothing
    ((CHOICE, CLOZE), seen(TYPED), CLOZE),
]


@pytest.mark.parametrize(("questions", "state", "expected"), CASES)
def test_the_question_to_ask(questions: tuple[Question, ...], state: CardState, expected: Question) -> None:
    assert NAMES[choose(card(*questions), state)] == NAMES[expected]


def test_a_card_without_memory_shows_no_proof_even_if_all_else_was_seen() -> None:
    state = CardState(asked={question_id(CHOICE): Asked(1, 1, 1.0)}, answers=1)
    assert choose(card(CHOICE, PROOF), state) is CHOICE


def test_practice_goes_round_all_questions() -> None:
    questions = (CHOICE, CLOZE, TYPED, FLIP)
    order: list[Question] = []
    for _ in range(12):
        asked = {question_id(q): Asked(1, n, 1.0) for n, q in enumerate(order, 1)}
        order.append(choose(card(*questions), CardState(answers=len(order), asked=asked)))
    assert order[:4] == order[4:8] == order[8:]
    assert set(order[:4]) == set(questions)


@pytest.mark.parametrize("state", [NEW, seen(PROOF), seen(PROOF, *ALL)])
def test_every_kind_has_its_place(state: CardState) -> None:
    assert {question.kind for question in ALL} == set(KINDS)
    assert choose(card(*ALL), state) in ALL


# -- ratings ----------------------------------------------------------------------------------------------------------

RIGHT, CLOSE, HALF, WRONG = Mark(1.0, ""), Mark(0.6, ""), Mark(0.59, ""), Mark(0.0, "")
FOUR = 0.25


@pytest.mark.parametrize(
    ("question", "mark", "certainty", "rating", "chance"),
    [
        (CHOICE, RIGHT, None, Rating.GOOD, FOUR),
        (CHOICE, RIGHT, "mid", Rating.GOOD, FOUR),
        (CHOICE, RIGHT, "high", Rating.GOOD, 0.0),
        (CHOICE, RIGHT, "low", Rating.AGAIN, 0.0),
        (CHOICE, WRONG, None, Rating.AGAIN, 0.0),
        (CHOICE, WRONG, "low", Rating.AGAIN, 0.0),
        (CHOICE, WRONG, "high", Rating.AGAIN, 0.0),
        (TYPED, RIGHT, None, Rating.GOOD, 0.0),
        (TYPED, RIGHT, "high", Rating.GOOD, 0.0),
        (TYPED, CLOSE, None, Rating.HARD, 0.0),
        (TYPED, HALF, None, Rating.AGAIN, 0.0),
        (TYPED, WRONG, None, Rating.AGAIN, 0.0),
        (CLOZE, RIGHT, None, Rating.GOOD, 0.0),
        (CLOZE, CLOSE, "high", Rating.HARD, 0.0),
        (FLIP, RIGHT, None, Rating.GOOD, 0.0),
        (FLIP, WRONG, None, Rating.AGAIN, 0.0),
        (SELECT, RIGHT, None, Rating.GOOD, 0.0),
        (SELECT, RIGHT, "low", Rating.AGAIN, 0.0),
        (SELECT, Mark(2 / 3, ""), None, Rating.HARD, 0.0),
        (SELECT, Mark(0.5, ""), None, Rating.AGAIN, 0.0),
        (NUMBER, RIGHT, "low", Rating.GOOD, 0.0),
        (NUMBER, CLOSE, None, Rating.HARD, 0.0),
        (ORDER, RIGHT, "mid", Rating.GOOD, 0.0),
        (ORDER, HALF, None, Rating.AGAIN, 0.0),
        (MATCH, RIGHT, None, Rating.GOOD, 0.0),
        (MATCH, Mark(0.75, ""), None, Rating.HARD, 0.0),
        (NAMING, RIGHT, None, Rating.GOOD, 0.0),
        (NAMING, RIGHT, "low", Rating.GOOD, 0.0),
        (POINTING, RIGHT, None, Rating.GOOD, 1 / 9),
        (POINTING, RIGHT, "high", Rating.GOOD, 0.0),
        (POINTING, RIGHT, "low", Rating.AGAIN, 0.0),
        (POINTING, WRONG, "high", Rating.AGAIN, 0.0),
    ],
)
def test_from_mark_and_certainty_to_rating(
    question: Question, mark: Mark, certainty: Certainty | None, rating: Rating, chance: float
) -> None:
    assert verdict(question, mark, certainty) == Verdict(rating, chance)


@pytest.mark.parametrize("options", [2, 3, 4, 9])
def test_the_chance_of_luck_is_one_in_the_number_of_options(options: int) -> None:
    question = Choice("Which?", tuple(Option(str(n)) for n in range(options)), 1)
    assert verdict(question, RIGHT, None).chance == pytest.approx(1 / options)


@pytest.mark.parametrize("marks", [1, 2, 8, 9])
def test_the_chance_to_hit_a_mark_is_one_in_the_number_of_marks(marks: int) -> None:
    assert verdict(POINTING, RIGHT, None, marks).chance == pytest.approx(1 / marks)
    assert verdict(NAMING, RIGHT, None, marks).chance == 0.0


@pytest.mark.parametrize("certainty", [None, *CERTAINTY])
def test_a_right_choice_is_never_hard(certainty: Certainty | None) -> None:
    assert verdict(CHOICE, RIGHT, certainty).rating is not Rating.HARD


@pytest.mark.parametrize("certainty", [None, *CERTAINTY])
def test_a_guess_or_a_failure_leaves_no_room_for_luck(certainty: Certainty | None) -> None:
    assert verdict(CHOICE, WRONG, certainty).chance == 0.0
