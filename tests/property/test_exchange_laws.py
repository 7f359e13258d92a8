"""Laws of the formats: what is written is read again as it was, and no text makes a reader fail."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any, cast

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from quiz.deck.model import Card
from quiz.deck.reader import ID
from quiz.exchange import csv_in, csv_out, gift_in, gift_out
from quiz.exchange.csv_names import joined, joined_pairs, split, split_pairs
from quiz.exchange.draft import Draft, settle, tried
from quiz.exchange.entries import Entry, entries_of
from quiz.exchange.files import RefusedError
from quiz.exchange.table import guarded, rows_of, unguarded, written
from quiz.questions import Cloze, Flip, Number, Question, Select
from quiz.text import FORBIDDEN, clean, folded
from tests.support import questions as support
from tests.support.hostile import ESCAPES, MARKUP

SIGNS = ["|", "\\", ",", ";", "->", "'", '"', "=", "+", "-", "@", "~", "#", "{", "}", ":", "//", "\n", "%50%", "[html]",
         "*", "____", "::", "####", "$CATEGORY: ", "<b>", "&amp;", "1,5", "T", "{{", "a: "]  # fmt: skip
seen = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn")), min_size=1, max_size=12)
pieces = st.lists(st.one_of(st.sampled_from(SIGNS), seen), min_size=1, max_size=6).map("".join)
texts = (
    st.one_of(seen, pieces)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(lambda text: not FORBIDDEN.search(text) and any(c.isprintable() and not c.isspace() for c in text))
)
lists = st.lists(texts.map(folded), max_size=3).map(tuple)
ids = st.from_regex(r"[a-z][a-z0-9._-]{0,8}", fullmatch=True).filter(lambda text: bool(ID.fullmatch(text)))
anything = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.one_of(
            st.sampled_from([*SIGNS, *ESCAPES.values(), *MARKUP.values(), "\r", "\t", "\n\n", "question,answer\n"]),
            seen,
        ),
        max_size=40,
    ).map("".join),
)


@st.composite
def some_cards(draw: st.DrawFn) -> list[Card]:
    """Return cards that a deck can hold, siblings included: what the reader of decks made of entries."""
    made: list[Card] = []
    for name in draw(st.lists(ids, min_size=1, max_size=3, unique=True)):
        asked = tuple(draw(st.lists(support.questions(texts), min_size=1, max_size=3)))
        one = Card(
            name, name, "T", "f", 1, asked,
            claim=draw(st.one_of(st.just(""), texts)),
            why=draw(st.one_of(st.just(""), texts)),
            case=draw(st.one_of(st.just(""), texts)),
            sources=draw(lists),
            certainty=draw(st.sampled_from(["high", "moderate"])),
            safety=draw(st.booleans()),
            topic=" ".join(draw(texts).split()),
            tags=draw(lists),
            audience=draw(st.sampled_from([(), ("nurse",), ("student", "nurse")])),
        )  # fmt: skip
        entry: Entry = entries_of([one])[0][0]
        only = asked[0]
        if len(asked) == 1 and isinstance(only, Flip) and not only.proof and draw(st.booleans()):
            entry["both_ways"] = True
        made += tried([entry], "T", "f")[0]
    return made


def bare(cards: list[Card] | tuple[Card, ...]) -> list[Card]:
    """Return the cards without what a format cannot know: where they stood."""
    return [replace(card, file="", line=0, deck="") for card in cards]


def read_back(draft: Draft) -> list[Card]:
    parcel = settle(draft, strict=True)
    cards, left_out = tried(list(parcel.cards), "T", "f")
    assert not left_out
    return bare(cards)


@given(some_cards())
def test_cards_become_entries_and_the_same_cards_again(cards: list[Card]) -> None:
    entries, left_out = entries_of(cards)
    again, refused = tried(entries, "T", "f")
    assert not left_out
    assert not refused
    assert bare(again) == bare(cards)


@given(some_cards(), st.sampled_from([",", "\t"]))
def test_a_table_is_read_as_it_was_written(cards: list[Card], delimiter: str) -> None:
    text, left_out = csv_out.table_of(cards, delimiter)
    gone = {one.what for one in left_out}
    kept = [card for card in cards if card.family not in gone]
    if kept:
        assert read_back(csv_in.parse(text, "f.csv", "T", tab=delimiter == "\t")) == bare(kept)


@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=4), min_size=1, max_size=4), st.sampled_from(",;\t"))
def test_rows_are_read_as_they_were_written(rows: list[list[str]], delimiter: str) -> None:
    draft = Draft("f", "T")
    full = [row for row in rows if any(cell.strip() for cell in row)]
    found = rows_of(written(full, delimiter), delimiter, draft)
    assert [[unguarded(cell) for cell in row] for row in found] == full
    assert not draft.problems


@given(pieces)
@example("=1+1")
@example("'=1")
@example("'' -x")
def test_no_cell_that_is_written_begins_as_a_formula(text: str) -> None:
    assert guarded(text).lstrip()[:1] not in [*"=+-@\t\r"]
    assert unguarded(guarded(text)) == text


@given(st.lists(texts, max_size=4), st.booleans())
def test_a_list_is_read_as_it_was_written(items: list[str], words: bool) -> None:
    assert split(joined(items, words=words), words=words) == items


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4))
def test_pairs_are_read_as_they_were_written(pairs: list[tuple[str, str]]) -> None:
    assert split_pairs(joined_pairs(pairs)) == pairs


def told_well(draft: Draft) -> None:
    """Whatever was read: each problem has a place and a mend, and nothing that is kept could steer a terminal."""
    try:
        parcel = settle(draft, strict=True)
    except RefusedError as error:
        found = error.problems
        assert found
    else:
        found = ()
        assert not FORBIDDEN.search(clean(repr(parcel.cards)))
        assert not tried(list(parcel.cards), "T", "f")[1]
    for problem in found:
        assert problem.what
        assert problem.mend
        assert not FORBIDDEN.search(str(problem))
        assert "\n" not in str(problem)


@settings(max_examples=150)
@given(anything, st.booleans())
def test_any_text_is_read_as_a_table_or_told(text: str, tab: bool) -> None:
    told_well(csv_in.parse(text, "f.csv", "T", tab=tab))


def as_gift_says(card: Card, question: Any) -> Question:
    """Return a question as GIFT can say it: its case before it, a unit in words, and no number of options to choose."""
    case = "".join(f"{text}\n\n" for text in card.case_at(question))
    match question:
        case Flip():
            lines = [line for line in question.answer.split("\n") if line.strip()]
            return replace(question, ask=case + question.ask, answer="\n".join(lines))
        case Cloze():
            return replace(question, before=case + question.before)
        case Select() if question.choose != 1:
            return replace(question, ask=case + question.ask, choose=0)
        case Number():
            ask = f"{question.ask} (in {question.unit})" if question.unit else question.ask
            draft = Draft("f", "T")
            fields = gift_in._span(gift_out._number(question))
            assert fields
            entry: Entry = {"id": "x", "ask": case + ask, **dict(fields)}
            (only,), _ = tried([entry], "T", draft.file)
            number: Any = only.questions[0]
            return cast(Question, replace(number, proof=question.proof))
    return cast(Question, replace(question, ask=case + question.ask))


@settings(max_examples=100, phases=set(Phase) - {Phase.shrink, Phase.explain})
@given(some_cards())
def test_gift_is_read_as_it_was_written_within_what_it_can_say(cards: list[Card]) -> None:
    title = "A/B"
    text, left_out = gift_out.gift_of(title, cards)
    gone = {one.what.partition(":")[0].partition("/")[0] for one in left_out}
    kept = [card for card in cards if card.family not in gone]
    if not kept:
        return
    text, _ = gift_out.gift_of(title, kept)
    draft = gift_in.parse(text, "f.gift", "T")
    assert not draft.problems
    assert [card for card in draft.left_out if "control" not in card.what] == []
    assert draft.title == title
    expected = [
        replace(
            card,
            questions=tuple(as_gift_says(card, question) for question in card.questions),
            case="",
            claim="",
            unfolds=(),
        )
        for card in kept
    ]
    assert sorted(read_back(draft), key=lambda c: c.id) == sorted(bare(expected), key=lambda c: c.id)


@settings(max_examples=150)
@given(anything)
def test_any_text_is_read_as_gift_or_told(text: str) -> None:
    told_well(gift_in.parse(text, "f.gift", "T"))
