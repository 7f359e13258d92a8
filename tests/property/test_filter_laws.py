"""Laws of the filter language: any text is read, what is written reads as it was, and SQL means what the tree says."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.deck.filter import Fault, parse
from quiz.deck.terms import (
    CLOSED_FIELDS,
    MEASURES,
    OPEN_FIELDS,
    OPERATORS,
    Everything,
    Field,
    Measure,
    Tree,
    Value,
    Word,
    all_of,
    any_of,
    negated,
    written,
)
from quiz.deck.wording import compared, searchable, traits
from quiz.desk import Desk
from quiz.report.search import cards_of, read
from quiz.text import FORBIDDEN, clean, folded
from tests.support.decks import card
from tests.support.searching import furnished, lets_through

FRAGMENTS = [
    *("(", ")", '"', "“", "-", "*", ",", ":", "\\", "<", ">=", "≤", "%", " ", "\t"),
    *(
        "and",
        "or",
        "not",
        "AND",
        "burn",
        "topic:",
        "topic:risks",
        "is:due",
        "is:s*",
        "kind:",
        "recall<0.8",
        "due<=",
        "7",
    ),
]
LANGUAGE = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3), max_size=25).map("".join)
TEXTS = st.text() | LANGUAGE | st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(" ".join)


def sound(text: str) -> str:
    """Return a text as a filter can hold it."""
    return folded(clean(text, lines=False)) or "x"


WORDS = st.text(max_size=8).map(sound) | st.sampled_from(
    ["or", "a", "burn", "skin", "L3", "e", "-x", 'a "b"', "x*", "is:due"]
)
OPEN_VALUES = st.sampled_from(["risks", "te", "technique", "sdr", "skin", "old tools", "ATLAS", "facet", "nothing"])


@st.composite
def values(draw: st.DrawFn, name: str) -> Value:
    if name in CLOSED_FIELDS:
        text = draw(st.sampled_from(CLOSED_FIELDS[name]))
        begins = draw(st.booleans())
        return Value(text[: draw(st.integers(0, len(text)))] if begins else text, begins)
    text = draw(OPEN_VALUES | WORDS)
    return Value(text, draw(st.booleans()))


@st.composite
def fields(draw: st.DrawFn) -> Field:
    name = draw(st.sampled_from([*OPEN_FIELDS, *CLOSED_FIELDS]))
    return Field(name, tuple(draw(st.lists(values(name), min_size=1, max_size=3))))


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    name, operator = draw(st.sampled_from(MEASURES)), draw(st.sampled_from(OPERATORS))
    if name == "recall":
        return Measure(name, operator, draw(st.integers(0, 10_000)) / 10_000)
    low = -200 if name == "due" else 0
    return Measure(name, operator, draw(st.integers(low, 200).map(float) | st.sampled_from([0.03, 1.5, 2.25, 109.2])))


LEAVES = st.builds(Word, WORDS) | fields() | measures() | st.just(Everything())
TREES: st.SearchStrategy[Tree] = st.recursive(
    LEAVES,
    lambda parts: (
        st.lists(parts, max_size=3).map(all_of)
        | st.lists(parts, min_size=1, max_size=3).map(any_of)
        | parts.map(negated)
    ),
    max_leaves=8,
)


@settings(max_examples=1000)
@given(TEXTS)
def test_any_text_is_read_or_told_what_is_wrong_in_one_line(text: str) -> None:
    tree = parse(text)
    if isinstance(tree, Fault):
        assert 1 <= tree.column <= len(tree.text) + 1
        assert tree.what
        assert tree.mend
        assert len(str(tree).splitlines()) == 1
        assert not FORBIDDEN.search(str(tree))
        assert len(tree.pointed().split("\n")) == 2


@settings(max_examples=1000)
@given(TEXTS)
def test_what_a_text_means_is_written_so_that_it_means_the_same(text: str) -> None:
    tree = parse(text)
    if not isinstance(tree, Fault):
        assert parse(written(tree)) == tree


@given(TREES)
def test_a_tree_that_is_written_reads_as_it_was(tree: Tree) -> None:
    assert parse(written(tree)) == tree


@given(TREES, TREES)
def test_terms_side_by_side_all_hold_and_or_binds_weaker(one: Tree, other: Tree) -> None:
    first, second = written(one) or "*", written(other) or "*"
    assert parse(f"({first}) ({second})") == all_of([one, other]) == parse(f"({first}) AND ({second})")
    assert parse(f"{first} or {second}") == any_of([one, other])
    assert parse(f"not ({first})") == negated(one) == parse(f"-({first})")


@given(st.text())
def test_comparing_twice_is_comparing_once(text: str) -> None:
    assert compared(compared(text)) == compared(text)
    assert "\n" not in compared(text)


visible = st.text(st.characters(categories=("L", "Nd", "P")), min_size=1)


@given(st.lists(visible, min_size=1, max_size=5).map(" ".join).map(sound), st.data())
def test_a_card_is_found_by_every_part_of_its_texts(text: str, data: st.DataObject) -> None:
    said = json.dumps(text, ensure_ascii=False)
    held = card(f"id: x\nask: {said}\nanswer: {said}\ntags: [{said}]")
    words = held.questions[0].stem.split()
    first = data.draw(st.integers(0, max(0, len(words) - 1)))
    part = " ".join(words[first : data.draw(st.integers(first, len(words)))])
    assert compared(part) in searchable(held)
    assert f"\ntag:{compared(text)}\n" in traits(held) or not compared(text)


# -- against a library ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with furnished(tmp_path_factory.mktemp("searched")).open() as found:
        yield found


@pytest.fixture(scope="module")
def db(desk: Desk) -> Iterator[sqlite3.Connection]:
    with closing(desk.history.reader()) as connection:
        yield connection


@given(tree=TREES, later=st.integers(-40, 200))
def test_sql_means_what_the_tree_says(db: sqlite3.Connection, desk: Desk, tree: Tree, later: int) -> None:
    day = desk.history.today() + later
    expected = [c.id for c in desk.library.cards() if lets_through(tree, c, desk.history.state(c.id), day)]
    assert cards_of(db, tree, day) == expected  # type: ignore[arg-type]


@given(tree=TREES)
def test_what_a_filter_leaves_out_is_what_its_negation_finds(db: sqlite3.Connection, desk: Desk, tree: Tree) -> None:
    day = desk.history.today()
    everything = cards_of(db, Everything(), day)
    found, rest = cards_of(db, tree, day), cards_of(db, negated(tree), day)
    assert sorted([*found, *rest]) == sorted(everything)


@given(text=TEXTS)
def test_no_text_breaks_a_search(db: sqlite3.Connection, desk: Desk, text: str) -> None:
    tree = read(db, text)
    if isinstance(tree, Fault):
        assert len(str(tree).splitlines()) == 1
    else:
        assert set(cards_of(db, tree, desk.history.today())) <= {c.id for c in desk.library.cards()}
