"""The decks that come with the program are sound, sourced, fair and whole. What they say was reviewed by people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

import pytest

from quiz.check.files import check_files
from quiz.check.guess import guess
from quiz.check.rules import Material, look
from quiz.check.rules.facts import TOPICS
from quiz.deck.model import Card
from quiz.paths import shipped_decks
from quiz.questions import Cloze, Question, Typed

CHECKED = check_files([shipped_decks()])
CARDS = CHECKED.decks
ASKED = [(card, question) for card in CARDS for question in card.questions]
WRITTEN = [(card, question) for card, question in ASKED if isinstance(question, Typed | Cloze)]
# The day of the last look: a card that grows old is told by `quiz check --rules`, and breaks no test by the calendar.
MATERIAL = Material(CARDS, CHECKED.sources, CHECKED.sessions, max(date.fromisoformat(card.checked) for card in CARDS))
PROCEDURES = {
    "lumbar-facet-rf": 100,
    "cervical-facet-rf": 10,
    "thoracic-facet-rf": 2,
    "sacroiliac-rf": 5,
    "pulsed-rf": 4,
    "cooled-rf": 2,
    "endoscopic-laser": 2,
    "sdr": 80,
    "trigeminal-rf": 12,
    "trigeminal-glycerol": 6,
    "trigeminal-balloon": 10,
    "radiosurgery": 4,
    "drez": 10,
    "open-dorsal-rhizotomy": 5,
    "sacral-rhizotomy": 6,
}
"""How many cards there are at least for each."""

RIGHT_AS_WRITTEN = {"S06", "S14", "S16"}


def faulty(found: Iterable[tuple[Card, Question]], sound: Callable[[Card, Question], bool]) -> list[str]:
    """Return the questions that are not sound, by their card and their number in it."""
    return [f"{card.id}: question {card.questions.index(q) + 1}" for card, q in found if not sound(card, q)]


def test_they_have_no_problem_each_by_itself_and_all_together() -> None:
    assert [str(problem) for problem in CHECKED.problems] == []


def test_they_keep_every_rule_or_say_why_not() -> None:
    assert [str(one) for one in look(MATERIAL)] == []


def test_no_guesser_does_better_than_chance() -> None:
    guessed = guess(MATERIAL)
    assert guessed is not None
    assert [f"{a.id} {a.takes}: {a.score:.3f} > {a.bound:.3f}" for a in guessed.attacks if not a.held] == []


def test_there_is_enough_of_everything() -> None:
    families = {card.family: card for card in CARDS}
    assert len(families) >= 320
    assert len(ASKED) >= 800
    assert {q.kind for _, q in ASKED} == set("flip choice select typed cloze number order match figure".split())
    assert sum(bool(card.case) for card in families.values()) >= 40
    assert sum(bool(name) for card in CARDS for name in card.figures) >= 40
    assert sum(card.safety for card in families.values()) >= 40
    assert {card.topic for card in CARDS} == set(TOPICS)


def test_there_are_sets_of_look_alikes() -> None:
    """A set is what names each other; counted are those of two cards or more that share no card."""
    sets: list[set[str]] = []
    for card in CARDS:
        if card.contrast_with and not any({card.family, *card.contrast_with} & one for one in sets):
            sets.append({card.family, *card.contrast_with})
    assert len(sets) >= 12


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_each_procedure_is_taught(procedure: str) -> None:
    assert sum(card.procedure == procedure for card in CARDS) >= PROCEDURES[procedure]


def test_each_sentence_of_the_source_text_is_judged() -> None:
    corrected = {sentence for card in CARDS for sentence in card.corrects}
    assert corrected == {f"S{n:02}" for n in range(1, 17)} - RIGHT_AS_WRITTEN
    assert {f"text-s{n:02}" for n in range(1, 17)} <= {card.id for card in CARDS}


def test_ids_are_unique() -> None:
    assert [name for name, times in Counter(card.id for card in CARDS).items() if times > 1] == []


def test_each_source_in_use_can_be_looked_up() -> None:
    used = {CHECKED.sources[source] for card in CARDS for source in card.sources}
    assert [source.id for source in used if not (source.doi or source.pmcid or source.url or source.journal)] == []


def test_no_stem_tells_its_key() -> None:
    def silent(_: Card, question: Question) -> bool:
        return not re.search(rf"(?<!\w){re.escape(question.key)}(?!\w)", question.stem, re.I)

    assert faulty(ASKED, silent) == []


def test_everything_that_a_deck_accepts_earns_the_full_mark() -> None:
    def sound(_: Card, question: Question) -> bool:
        assert isinstance(question, Typed | Cloze)
        right = (question.answer, *question.accept)
        return all(question.mark(text).right and question.mark(text.upper()).right for text in right)

    assert faulty(WRITTEN, sound) == []


def test_nothing_that_a_deck_rejects_earns_anything() -> None:
    def sound(_: Card, question: Question) -> bool:
        assert isinstance(question, Typed | Cloze)
        return not any(question.mark(text).value for text in question.reject)

    assert faulty(WRITTEN, sound) == []
