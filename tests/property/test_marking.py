"""Laws of marking: what holds for every question and every answer."""

from __future__ import annotations

import string
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from quiz.questions import Choice, Cloze, Match, Number, Option, Order, Question, Select, Typed
from quiz.questions.answers import distance, mark_typed, said_exactly
from quiz.questions.base import NOT_ANSWERED
from quiz.questions.words import normal
from quiz.text import FORBIDDEN
from tests.support import questions as asked

# Words that meet the rules: articles, plurals, numbers, signs, prefixes, look-alikes, and letters of other scripts.
WORDS = (
    "a A an the medial median branch branches root roots rootlet ganglion ganglia L3 L4 c5 10 1.0 .5 0,5 1,000 -70 "
    "5-10 2/3 1:10 % > < ≤ °C µg Aδ fibres fibers hypotension hypertension abduction adduction spondylosis "
    "spondylolysis not non- & and vitamin X-ray xray "
    "Tinel's Härtel œdema e\u0301 ½ 10² V Ⅴ 三叉神经 מלח कि の ノ 👍 \u200b ( ) . , …"
).split(" ")
texts = st.one_of(
    st.text(min_size=1, max_size=20),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map("".join),
)
answers = texts.filter(lambda text: bool(text.strip()))
latin_words = st.text(string.ascii_letters + "éüñ", min_size=1, max_size=12)
latin = st.lists(latin_words, min_size=1, max_size=4).map(" ".join)


@given(texts, st.lists(answers, min_size=1, max_size=3), st.lists(answers, max_size=2))
def test_a_mark_is_from_0_to_1_and_says_so_in_words(said: str, accepted: list[str], rejected: list[str]) -> None:
    mark = mark_typed(said, accepted, rejected)
    assert mark.value in (0.0, 0.8, 1.0)
    assert mark.right == (mark.value == 1.0)
    assert not FORBIDDEN.search(mark.words)
    assert len(mark.words) < 300


@given(answers, st.lists(answers, max_size=3), st.lists(answers, max_size=2))
@example("the A fibers", [], [])
@example("a :", [], [])
@example("a A", [], [])
@example("a type A fiber", [], [])
@example("The", [], [])
@example("A", [], [])
def test_the_key_and_what_is_accepted_always_earn_the_full_mark(
    key: str, accepted: list[str], rejected: list[str]
) -> None:
    assume(not any(said_exactly(wrong, (key, *accepted)) for wrong in rejected))
    for question in (Typed("?", key, tuple(accepted), tuple(rejected)), Cloze("", key, "", tuple(accepted))):
        for text in (key, *accepted):
            assert question.mark(text).value == 1.0


@given(st.lists(answers, min_size=1, max_size=3), st.lists(answers, min_size=1, max_size=3))
@example(["A fibers"], ["a fibres"])
def test_what_is_rejected_is_never_right_and_never_close(accepted: list[str], rejected: list[str]) -> None:
    assume(not any(said_exactly(wrong, accepted) for wrong in rejected))
    assert all(mark_typed(wrong, accepted, rejected).value == 0.0 for wrong in rejected)


@given(texts, answers, st.lists(answers, min_size=1, max_size=3))
def test_one_more_accepted_answer_never_lowers_a_mark(said: str, more: str, accepted: list[str]) -> None:
    assert mark_typed(said, [*accepted, more]).value >= mark_typed(said, accepted).value


@given(latin, latin, st.sampled_from(["upper", "lower", "title", "swapcase"]), st.sampled_from([" ", "  ", "\t", "\n"]))
@example("a fibers", "A fibers", "upper", " ")
@example("Vitamin A", "vitamin", "lower", " ")
def test_case_and_spaces_never_change_a_mark(said: str, key: str, case: str, space: str) -> None:
    changed = f"{space}{getattr(said, case)().replace(' ', space)}{space}"
    assert mark_typed(changed, (key,)).value == mark_typed(said, (key,)).value


@given(latin, st.sampled_from(["{}.", "({})", "“{}”", "{}!", "… {}", "the {}"]))
def test_punctuation_and_articles_around_an_answer_never_change_a_mark(said: str, around: str) -> None:
    keys = (said, "medial branch")
    assert mark_typed(around.format(said), keys).value == mark_typed(said, keys).value


numbers = st.one_of(st.integers(0, 10_000).map(str), st.decimals(0, 1000, places=2).map(str))
with_number = st.sampled_from(
    [
        "{}",
        "-{}",
        "{} %",
        "> {}",
        "about {} °C",
        "{} mg",
        "L{}",
        "L{} medial branch",
        "between 3 and {}",
        "1:{}",
        "{}/7",
    ]
)


@given(numbers, numbers, with_number)
@example("10", "1.0", "{}")
@example("100", "10", "{} mg")
@example("5", ".5", "{}")
@example("4", "5", "L{}")
def test_another_number_never_passes(one: str, other: str, form: str) -> None:
    assume(float(one) != float(other))
    assert mark_typed(form.format(other), (form.format(one),)).value == 0.0


@given(numbers, with_number, with_number)
def test_a_number_in_another_place_never_passes(number: str, one: str, other: str) -> None:
    assume(one != other)
    assert mark_typed(other.format(number), (one.format(number),)).value == 0.0


@given(answers, st.sampled_from(["not", "no", "non", "without"]))
def test_a_negation_never_passes(key: str, negation: str) -> None:
    assume(negation not in normal(key))
    assert mark_typed(f"{negation} {key}", (key,)).value == 0.0
    assert mark_typed(key, (f"{negation} {key}",)).value == 0.0


@given(st.lists(answers, min_size=2, max_size=9, unique_by=normal), st.data(), st.text(max_size=20))
def test_shuffling_and_moving_options_changes_nothing(wordings: list[str], data: st.DataObject, seed: str) -> None:
    right = data.draw(st.integers(0, len(wordings) - 1))
    options = [Option(text) for text in wordings]
    question = Choice("?", tuple(options), right)
    order = question.order(seed)
    assert sorted(order) == list(range(len(options)))
    assert [question.mark(str(index)).right for index in order] == [index == right for index in order]
    moved = data.draw(st.permutations(options))
    turned = Choice("?", tuple(moved), moved.index(options[right]))
    assert (turned.key, turned.prompt_parts, turned.answer_parts) == (
        question.key,
        question.prompt_parts,
        question.answer_parts,
    )


# -- every kind -------------------------------------------------------------------------------------------------------


@given(asked.questions(answers.filter(lambda text: not FORBIDDEN.search(text))), asked.answers())
def test_whatever_is_answered_the_mark_is_from_0_to_1_and_says_how_it_came_about(question: Question, said: str) -> None:
    mark, problem = question.mark(said), question.problem(said)
    assert 0.0 <= mark.value <= 1.0
    assert mark.words
    assert not FORBIDDEN.search(mark.words + problem)
    assert "\n" not in problem
    assert len(mark.words) < 2_000
    if problem:
        assert " - " in problem
        assert mark.value == 0.0


@given(asked.questions(answers))
def test_the_key_itself_always_earns_the_full_mark(question: Question) -> None:
    wrong = getattr(question, "reject", ())
    assume(not any(said_exactly(text, (question.key, *getattr(question, "accept", ()))) for text in wrong))
    solution = asked.solution(question)
    assert (question.problem(solution), question.mark(solution).value) == ("", 1.0)


@given(asked.questions(answers))
def test_no_answer_is_told_as_such_by_every_kind(question: Question) -> None:
    assert question.mark("") == NOT_ANSWERED
    assert question.problem("") == ""


@given(asked.selects(answers), st.data())
def test_moving_the_options_of_a_select_changes_nothing(question: Select, data: st.DataObject) -> None:
    places = data.draw(st.permutations(range(len(question.options))))
    now = {before: after for after, before in enumerate(places)}
    options = tuple(question.options[i] for i in places)
    moved = Select(question.ask, options, tuple(sorted(now[i] for i in question.rights)), question.choose)
    taken = data.draw(st.sets(st.integers(0, len(options) - 1), min_size=1))
    given_before, given_after = asked.joined(sorted(taken)), asked.joined(sorted(now[i] for i in taken))
    assert moved.mark(given_after).value == question.mark(given_before).value
    assert (moved.prompt_parts, moved.answer_parts) == (question.prompt_parts, question.answer_parts)


@given(asked.selects(answers), st.data())
def test_taking_a_right_option_away_never_raises_the_mark_and_a_wrong_one_never_lowers_it(
    question: Select, data: st.DataObject
) -> None:
    taken = data.draw(st.sets(st.integers(0, len(question.options) - 1), min_size=2))
    assume(not question.problem(asked.joined(sorted(taken))))
    gone = data.draw(st.sampled_from(sorted(taken)))
    before = question.mark(asked.joined(sorted(taken))).value
    after = question.mark(asked.joined(sorted(taken - {gone}))).value
    assert after <= before if gone in question.rights else after >= before


@given(asked.matches(answers), st.data())
def test_moving_the_pairs_and_the_right_sides_of_a_match_changes_nothing(question: Match, data: st.DataObject) -> None:
    lefts = data.draw(st.permutations(range(len(question.lefts))))
    rights = data.draw(st.permutations(range(len(question.rights))))
    now = {before: after for after, before in enumerate(rights)}
    moved = Match(
        question.ask,
        tuple(question.lefts[i] for i in lefts),
        tuple(question.rights[i] for i in rights),
        tuple(now[question.answers[i]] for i in lefts),
    )
    picks = st.one_of(st.none(), st.integers(0, len(rights) - 1))
    chosen = data.draw(st.lists(picks, min_size=len(lefts), max_size=len(lefts)))
    turned = [pick if pick is None else now[pick] for pick in (chosen[i] for i in lefts)]
    assert moved.mark(asked.joined(turned)).value == question.mark(asked.joined(chosen)).value
    assert (moved.prompt_parts, moved.answer_parts) == (question.prompt_parts, question.answer_parts)


@given(asked.matches(answers), st.data())
def test_taking_a_right_pair_away_takes_its_share_of_the_mark(question: Match, data: st.DataObject) -> None:
    picks = st.one_of(st.none(), st.integers(0, len(question.rights) - 1))
    size = len(question.lefts)
    chosen: list[int | None] = data.draw(st.lists(picks, min_size=size, max_size=size))
    at = data.draw(st.integers(0, size - 1))
    without = [*chosen[:at], None, *chosen[at + 1 :]]
    lost = question.mark(asked.joined(chosen)).value - question.mark(asked.joined(without)).value
    assert lost == pytest.approx((chosen[at] == question.answers[at]) / size)


@given(asked.orders(answers), st.data(), st.text(max_size=20))
def test_an_order_is_marked_by_what_was_laid_and_never_shown_as_it_should_be(
    question: Order, data: st.DataObject, seed: str
) -> None:
    size = len(question.items)
    shown = question.order(seed)
    assert sorted(shown) == list(range(size))
    assert question.mark(asked.joined(shown)).value < 1.0
    assert question.mark(asked.joined(range(size - 1, -1, -1))).value == 0.0
    laid = data.draw(st.permutations(range(size)))
    wrong = question.first_wrong(asked.joined(laid))
    assert (wrong is None) == question.mark(asked.joined(laid)).right == (laid == list(range(size)))
    if wrong:
        assert wrong.wanted == question.items[wrong.place - 1] != wrong.laid


SAME = [("mg", "g", 1000), ("mL", "L", 1000), ("min", "h", 60), ("months", "years", 12), ("kHz", "MHz", 1000)]


@given(asked.numbers(answers), st.decimals(-500, 500, places=2), st.sampled_from(SAME))
def test_a_number_in_another_unit_earns_what_it_earns_in_the_own(
    question: Number, value: Decimal, units: tuple[str, str, int]
) -> None:
    own, larger, times = units
    asks = replace(question, unit=own)
    here, there = asks.mark(f"{value} {own}"), asks.mark(f"{value / times:f} {larger}")
    assume(not asks.problem(f"{value} {own}") and not asks.problem(f"{value / times:f} {larger}"))
    assume(value / times * times == value)
    assert here.value == there.value


@given(asked.numbers(answers), st.integers(0, 10_000), st.integers(0, 10_000), st.sampled_from([-1, 1]))
def test_a_number_that_is_further_off_never_earns_more(question: Number, one: int, other: int, way: int) -> None:
    near, far = sorted((one, other))
    bound = question.high if way > 0 else question.low
    marks = [question.mark(f"{bound + way * off:.3f}0") for off in (near, far)]
    assert marks[0].value >= marks[1].value
    if near == 0:
        assert marks[0].value == 1.0


def slow_distance(a: str, b: str) -> int:
    """Optimal string alignment by its definition."""
    if not a or not b:
        return len(a) + len(b)
    found = [
        slow_distance(a[:-1], b) + 1,
        slow_distance(a, b[:-1]) + 1,
        slow_distance(a[:-1], b[:-1]) + (a[-1] != b[-1]),
    ]
    if len(a) > 1 and len(b) > 1 and a[-1] == b[-2] and a[-2] == b[-1]:
        found.append(slow_distance(a[:-2], b[:-2]) + 1)
    return min(found)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 6))
def test_distance_is_that_of_its_definition(a: str, b: str, most: int) -> None:
    assert distance(a, b, most) == min(slow_distance(a, b), most + 1)


@given(st.text(max_size=12), st.text(max_size=12))
def test_distance_is_symmetric(a: str, b: str) -> None:
    assert distance(a, b) == distance(b, a)
