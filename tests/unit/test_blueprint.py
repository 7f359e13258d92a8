"""The set-up of an exam: how questions are shared out among topics, and what a blueprint may say."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.deck.scope import Scope
from quiz.errors import UsageError
from quiz.study.blueprint import QUESTIONS, ExamPlan, apportioned, read_weights


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (20, [3, 2], [12, 8]),
        (10, [1, 1, 1], [4, 3, 3]),
        (1, [1, 1], [1, 0]),
        (0, [5], [0]),
        (7, [1, 2, 4], [1, 2, 4]),
        (10, [47, 16, 37], [5, 1, 4]),
    ],
)
def test_shares_go_by_the_largest_remainder(total: int, weights: list[int], shares: list[int]) -> None:
    assert apportioned(total, weights) == shares


@given(st.integers(0, 500), st.lists(st.integers(1, 1000), min_size=1, max_size=12))
def test_shares_add_up_and_none_is_a_question_off(total: int, weights: list[int]) -> None:
    shares = apportioned(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(total * weight, sum(weights))) < 1


@pytest.mark.parametrize(
    ("text", "weights", "number"),
    [
        ("risks=3,technique=2", (("risks", 3), ("technique", 2)), 5),
        (" risks = 3 , technique=2 ", (("risks", 3), ("technique", 2)), 5),
        ("risks,technique", (("risks", 1), ("technique", 1)), 0),
        ("risks=3,technique", (("risks", 3), ("technique", 1)), 4),
        ("red flags=1", (("red flags", 1),), 1),
    ],
)
def test_a_blueprint_is_read(text: str, weights: tuple[tuple[str, int], ...], number: int) -> None:
    assert read_weights(text) == (weights, number)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "--topics: '' is no topic with a number - write topics with their numbers, as in: risks=3,technique=2"),
        ("risks=", "--topics: 'risks=' is no topic with a number"),
        ("risks=0", "--topics: 'risks=0' is no topic"),
        ("risks=-1", "--topics: 'risks=-1' is no topic"),
        ("risks=½", "--topics: 'risks=½' is no topic"),
        ("risks=1.5", "--topics: 'risks=1.5' is no topic"),
        ("risks=3,", "--topics: '' is no topic"),
        ("=3", "--topics: '=3' is no topic"),
        ("risks=1001", "--topics: 'risks=1001' is no topic"),
        ("risks=1,risks=2", "--topics names 'risks' twice - name each topic once"),
        ("a\x1b[2Jb=x", "--topics: 'ab=x' is no topic"),
    ],
)
def test_what_is_no_blueprint_is_told_in_one_line(text: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_weights(text)
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("plan", "size", "shares"),
    [
        (ExamPlan(), QUESTIONS, (("", QUESTIONS),)),
        (ExamPlan(limit=7), 7, (("", 7),)),
        (ExamPlan(weights=(("a", 3), ("b", 2))), 5, (("a", 3), ("b", 2))),
        (ExamPlan(weights=(("a", 3), ("b", 2)), limit=20), 20, (("a", 12), ("b", 8))),
    ],
)
def test_the_size_and_the_shares_of_a_plan(plan: ExamPlan, size: int, shares: tuple[tuple[str, int], ...]) -> None:
    assert (plan.size, plan.shares) == (size, shares)


WHOLE = ExamPlan(Scope(topics=("a", "b"), safety=True), (("a", 3), ("b", 2)), 9, 30, 75, True, ("choice", "typed"), 4)


def test_a_plan_survives_json() -> None:
    assert ExamPlan.from_json(json.loads(json.dumps(WHOLE.as_json()))) == WHOLE


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (ExamPlan(WHOLE.scope, WHOLE.weights, 9, 30, 75, True, WHOLE.kinds, 99), True),
        (
            ExamPlan(
                Scope(topics=("b", "a"), safety=True), (("b", 2), ("a", 3)), 9, 30, 75, True, ("typed", "choice"), 4
            ),
            True,
        ),
        (ExamPlan(WHOLE.scope, WHOLE.weights, 8, 30, 75, True, WHOLE.kinds, 4), False),
        (ExamPlan(WHOLE.scope, WHOLE.weights, 9, 0, 75, True, WHOLE.kinds, 4), False),
        (ExamPlan(WHOLE.scope, WHOLE.weights, 9, 30, 60, True, WHOLE.kinds, 4), False),
        (ExamPlan(WHOLE.scope, WHOLE.weights, 9, 30, 75, False, WHOLE.kinds, 4), False),
        (ExamPlan(WHOLE.scope, WHOLE.weights, 9, 30, 75, True, (), 4), False),
        (ExamPlan(Scope(topics=("a", "b")), WHOLE.weights, 9, 30, 75, True, WHOLE.kinds, 4), False),
    ],
)
def test_the_same_set_up_is_known_again(other: ExamPlan, same: bool) -> None:
    assert WHOLE.same_as(other) is same


def test_a_limit_that_is_the_default_is_the_same_set_up() -> None:
    assert ExamPlan().same_as(ExamPlan(limit=QUESTIONS, seed=3))
