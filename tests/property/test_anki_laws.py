"""Laws of the exchange with Anki: whatever a package holds becomes a sound deck, and what goes out comes back."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from quiz.deck.model import Card, question_id
from quiz.exchange.anki_in import read_apkg
from quiz.exchange.anki_out import write_apkg
from quiz.exchange.anki_text import as_html, plain
from quiz.memory import study_day
from quiz.store.derive import replay
from quiz.store.events import Event
from quiz.text import FORBIDDEN, clean
from tests.support.anki_packages import BASIC, CLOZE, REVERSED, TYPED, AnkiNote, as_deck, package, unknown
from tests.support.clocks import DAY, FixedClock, at_utc
from tests.support.questions import questions

# What fields are made of, so that they meet the reader's rules more often than random letters do.
PIECES = (
    "{{c1:: {{c2:: {{c1,2:: }} :: { } {{ {{Front}} <b> </b> <br> <div> <img src=a.png> <!-- --> <script> </script> < > "
    "& &lt; &#x1b; &nbsp; [sound:a] nerve root a # : - ' \" \\( \\) \x1b[31m \u202e \u0301 \ue000 \ue003 \n | yes "
    "null 1.0"
).split(" ")
FIELDS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
    st.text(max_size=20),
).map(lambda text: text.replace("\x1f", "").encode("utf-8", "replace").decode().replace("\x00", ""))


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.text(max_size=30))
@example("<<b>src=a.png>", "")
@example("<\x1b[31ma>", "")
def test_no_markup_and_nothing_unprintable_is_left(pieces: str, more: str) -> None:
    field = pieces + more
    text = plain(field).text
    assert not FORBIDDEN.search(text)
    assert clean(text) == text
    if "&" not in field:
        assert not re.search("<[A-Za-z/!?][^>]*>", text)


@given(st.text(max_size=60))
def test_our_own_text_survives_the_way_through_html(text: str) -> None:
    cleaned = clean(text).replace("\u00a0", " ")
    assert plain(as_html(cleaned)).text.split() == cleaned.replace("\ue00f", " ").split()


NOTES = st.builds(
    lambda kind, one, two: AnkiNote(kind, [one, two], cards=(0, 1) if kind is REVERSED else (0,)),
    st.sampled_from((BASIC, REVERSED, TYPED, CLOZE)),
    FIELDS,
    FIELDS,
)


@settings(max_examples=60)
@given(st.lists(NOTES, min_size=1, max_size=6), st.booleans())
def test_every_package_becomes_a_deck_without_problems_and_its_answers_find_their_cards(
    notes: list[AnkiNote], new: bool
) -> None:
    for number, note in enumerate(notes):
        note.log = {n: [(at_utc("2026-05-01 10:00") + number * 1000 + n, 3, 0, 0)] for n in note.cards}
    with tempfile.TemporaryDirectory() as name:
        parcel = read_apkg(package(Path(name), *notes, new=new))
        if not parcel.cards:
            return
        deck = as_deck(parcel, Path(name))
    assert not deck.problems
    known = {(card.id, question_id(card.questions[0])) for card in deck.cards}
    assert {(event.card, event.body["question"]) for event in parcel.events} <= known


TEXTS = st.text("abc {}:<>&é", min_size=1, max_size=12).filter(lambda text: text.strip() == text)
MOMENTS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 4)), max_size=8, unique_by=lambda m: m[0])


@settings(max_examples=60)
@given(st.lists(st.tuples(questions(TEXTS), MOMENTS), min_size=1, max_size=5))
def test_answers_of_any_cards_go_out_and_come_back_as_they_were(given_: list[tuple[object, object]]) -> None:
    cards: list[Card] = []
    history: list[Event] = []
    for number, (question, moments) in enumerate(given_):
        own = f"card-{number}"
        question = replace(question, proof=False)  # type: ignore[type-var]
        cards.append(Card(own, own, "Deck", "/nowhere/deck.yaml", 1, (question,)))  # type: ignore[arg-type]
        for day, rating in sorted(moments):  # type: ignore[call-overload]
            at = at_utc("2026-01-01 10:00") + day * DAY + number
            history.append(Event(f"{own}-{day}", "answer", at, 0, study_day(at, 0), own, rating=rating, device="abcd"))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "out.apkg"
        left = write_apkg(path, "Test", cards, history, clock=FixedClock())
        back = read_apkg(path, offset_at=lambda _: 0)
    assert unknown(back.events, history) == []
    if left or back.left_out:
        return  # a figure that is not there, or a text that Anki takes for something else
    for card in cards:
        ours, theirs = ([e for e in events if e.card == card.id] for events in (history, back.events))
        assert replay(ours).memory == replay(theirs).memory
