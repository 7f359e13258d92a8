"""Laws of marking: what holds for every question and every answer."""

from __future__ import annotations

import string

from hypothesis import assume, example, given
from hypothesis import strategies as st

from quiz.questions import Choice, Cloze, Question, Typed
from quiz.questions.answers import distance, mark_typed, said_exactly
from quiz.questions.base import NOT_ANSWERED
from quiz.questions.choice import Option
from quiz.questions.words import normal
from quiz.text import FORBIDDEN

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


@given(answers)
def test_no_answer_is_told_as_such_by_every_kind_that_the_program_marks(key: str) -> None:
    asked: list[Question] = [Typed("?", key), Cloze("", key, ""), Choice("?", (Option(key), Option("x")), 0)]
    assert [question.mark("") for question in asked] == [NOT_ANSWERED] * 3


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
