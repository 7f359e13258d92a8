"""Laws of the deck reader: whatever is in the file, it is read or told, and what is read is what was written."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from quiz import questions
from quiz.deck.model import CERTAINTIES, TIERS, Card, Deck, content_id
from quiz.questions import Choice, Flip, Match, Number, Order, Question, Select
from quiz.text import FORBIDDEN, folded
from tests.support import questions as support
from tests.support.decks import CHOICE, CLOZE, FLIP, OTHER_FLIP, TYPED, card, deck, read
from tests.support.hostile import ESCAPES, MARKUP

SOUND = deck("id: a\n" + CHOICE, "id: b\n" + TYPED, "# a comment\nid: c\n" + CLOZE, "{id: d, ask: x, answer: y}")

# Pieces of YAML and of decks, good and bad, to be put together at random.
FIELDS = (
    "title: T|cards:|ask: a|answer: b|choices:|right: c|wrong: d|cloze: 'a {{b}}'|accept: [x]|id: x|proof: true|"
    "questions:|both_ways: yes|order: [a, b, c]|match: {a: b, c: d}|distractors: [e]|number: 60-80|unit: mg|"
    "tolerance: 5%|figure: f|mark: 1|case: c|choose: 2"
).split("|")
SIGNS = [
    "  - ",
    "    ",
    "\t",
    "&a ",
    "*a",
    "!!str ",
    "<<: ",
    "? ",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    '"',
    "'",
    "\r\n",
    "\ufeff",
]
LINES = ["|\n", ">-\n", "---\n", "...\n", "%YAML 1.1\n", "# c\n"]
tokens = st.sampled_from(FIELDS + SIGNS + LINES)
anything = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=60),
    st.lists(tokens, max_size=25).map("".join),
    st.lists(tokens, max_size=25).map("\n".join),
    st.lists(st.one_of(tokens, st.sampled_from([*ESCAPES.values(), *MARKUP.values()])), max_size=25).map(
        lambda found: "title: T\ncards:\n  - " + "\n    ".join(found).encode("utf-8", "replace").decode()
    ),
)


def check(found: Deck) -> None:
    """Check what holds for every file: each problem is one line with a mend, and each card can be run and kept."""
    for problem in found.problems:
        assert not FORBIDDEN.search(str(problem))
        assert "\n" not in str(problem)
        assert problem.what
        assert problem.mend
        assert (problem.place.line == 0) == (problem.place.column == 0)
    assert list(found.problems) == sorted(found.problems)
    assert len({c.id for c in found.cards}) == len(found.cards)
    for one in found.cards:
        assert Card.from_json(one.as_json()) == one
        assert any(not q.proof for q in one.questions)
        assert not FORBIDDEN.search(one.as_json())


@given(anything)
@example("title: T\ncards: [cloze: 'a {{b}}']")
@example("title: T\ncards:\n  - {? [a]: b, ask: c, answer: d}")
@example("title: T\ncards:\n  - ? {a: &x b}\n    : *x\n    ask: c\n    answer: d")
def test_any_file_is_read_or_told(content: str | bytes) -> None:
    found = read(content)
    check(found)
    assert found.cards or found.problems


@given(st.data())
def test_a_sound_deck_with_a_few_bytes_changed_is_read_or_told(data: st.DataObject) -> None:
    content = bytearray(SOUND.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    found = read(bytes(content))
    check(found)
    assert found.problems or len(found.cards) in (1, 2, 3, 4)


@given(st.integers(0, len(SOUND) - 1))
def test_a_deck_cut_off_anywhere_never_shows_half_a_card(at: int) -> None:
    """A text may end early, but a card that is asked has its answer, and one that is not the last is whole."""
    whole = {c.id: c for c in read(SOUND).cards}
    found = read(SOUND[:at])
    check(found)
    for one in found.cards[:-1]:
        assert one == whole[one.id]


def quoted(text: str) -> str:
    """Write a text so that YAML reads back the very same."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f")


plain = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn")), min_size=1, max_size=30).filter(
    lambda text: not FORBIDDEN.search(text) and any(c.isprintable() and not c.isspace() for c in text)
)
one_form = plain.map(lambda text: unicodedata.normalize("NFC", text.strip()))


@given(plain, plain)
@example("[/b]", "{{")
@example("# no comment", "- no list")
@example("a: b", "'")
def test_any_text_is_read_as_it_was_written(ask: str, answer: str) -> None:
    (question,) = card(f"ask: {quoted(ask)}\nanswer: {quoted(answer)}").questions
    expected = (unicodedata.normalize("NFC", ask.strip()), unicodedata.normalize("NFC", answer.strip()))
    assert (question.stem, question.key) == expected


lists = st.lists(one_form, max_size=3).map(tuple)
choices = support.choices(one_form)
asked = support.questions(one_form)
some_cards = st.builds(
    Card,
    id=one_form,
    family=one_form,
    deck=one_form,
    file=one_form,
    line=st.integers(1, 10**6),
    questions=st.lists(asked, min_size=1, max_size=4).map(tuple),
    claim=one_form,
    why=one_form,
    case=one_form,
    sources=lists,
    certainty=st.sampled_from(CERTAINTIES),
    checked=st.dates().map(str),
    tier=st.sampled_from(TIERS),
    safety=st.booleans(),
    corrects=lists,
    contrast_with=lists,
    topic=one_form,
    procedure=one_form,
    audience=lists,
    tags=lists,
)


@given(some_cards)
def test_a_card_comes_back_from_the_catalogue(some: Card) -> None:
    line = some.as_json()
    assert "\n" not in line
    assert Card.from_json(line) == some


@given(asked)
def test_a_question_comes_back_from_its_values(question: Question) -> None:
    assert questions.from_json(json.loads(json.dumps(question.as_json()))) == question


@given(choices.filter(lambda q: not q.proof))
def test_a_choice_is_read_as_it_was_written(question: Choice) -> None:
    options = [
        f"  - {'right' if index == question.right else 'wrong'}: {quoted(option.text)}"
        + (f"\n    why: {quoted(option.why)}" if option.why else "")
        for index, option in enumerate(question.options)
    ]
    entry = "\n".join([f"ask: {quoted(question.ask)}", "choices:", *options])
    assert card(entry).questions == (question,)


@given(support.selects(one_form).filter(lambda q: not q.proof))
def test_a_select_is_read_as_it_was_written(question: Select) -> None:
    options = [
        f"  - {'right' if index in question.rights else 'wrong'}: {quoted(option.text)}"
        for index, option in enumerate(question.options)
    ]
    choose = [f"choose: {question.choose}"] if question.choose else []
    assert card("\n".join([f"ask: {quoted(question.ask)}", *choose, "choices:", *options])).questions == (question,)


@given(support.orders(one_form).filter(lambda q: not q.proof))
def test_an_order_is_read_as_it_was_written(question: Order) -> None:
    items = [f"  - {quoted(item)}" for item in question.items]
    assert card("\n".join([f"ask: {quoted(question.ask)}", "order:", *items])).questions == (question,)


@given(support.matches(one_form))
def test_a_match_is_read_as_it_was_written(question: Match) -> None:
    pairs = [f"  {quoted(left)}: {quoted(right)}" for left, right in question.pairs]
    serving = {right for _, right in question.pairs}
    rest = [f"  - {quoted(right)}" for right in question.rights if right not in serving]
    distractors = ["distractors:", *rest] if rest else []
    (found,) = card("\n".join([f"ask: {quoted(question.ask)}", "match:", *pairs, *distractors])).questions
    assert isinstance(found, Match)
    assert (found.pairs, set(found.rights)) == (question.pairs, set(question.rights))


@given(support.numbers(one_form).filter(lambda q: not q.proof))
def test_a_number_is_read_as_it_was_written(question: Number) -> None:
    percent = "%" if question.percent else ""
    number = f"{question.low:.4f} to {question.high:.4f}"  # with four digits nothing is a group of three
    unit = [f"unit: {quoted(question.unit)}"] if question.unit else []
    entry = [f"ask: {quoted(question.ask)}", f"number: {number}", f"tolerance: {question.tolerance}{percent}", *unit]
    assert card("\n".join(entry)).questions == (question,)


@given(one_form, one_form, st.sampled_from([" ", "  ", "\n", "\u00a0", " \t "]))
def test_white_space_never_changes_the_id_of_the_content(ask: str, answer: str, space: str) -> None:
    wide = Flip(f" {ask.replace(' ', space)} ", answer.replace(" ", space))
    assert content_id((wide,)) == content_id((Flip(ask, answer),))


@given(st.lists(asked, min_size=1, max_size=3), st.lists(asked, min_size=1, max_size=3))
def test_other_content_has_another_id(one: list[Question], other: list[Question]) -> None:
    def told(found: list[Question]) -> list[object]:
        return [(q.kind, *map(folded, q.prompt_parts), None, *map(folded, q.answer_parts)) for q in found]

    assert (content_id(tuple(one)) == content_id(tuple(other))) == (told(one) == told(other))


@given(st.permutations([FLIP, OTHER_FLIP, CHOICE, TYPED, CLOZE]))
def test_the_place_of_a_card_never_changes_its_id(entries: list[str]) -> None:
    found = read(deck(*entries)).cards
    assert {replace(c, line=0) for c in found} == {replace(card(entry), line=0) for entry in entries}
