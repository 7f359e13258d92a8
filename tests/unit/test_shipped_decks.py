"""The decks that come with the program are sound, sourced and fair. What they say was reviewed by people."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable

import pytest

from quiz.check.files import check_files
from quiz.deck.files import deck_files
from quiz.deck.model import Card
from quiz.deck.reader import read_deck, read_sources
from quiz.paths import shipped_decks
from quiz.questions import Choice, Cloze, Question, Typed

FOLDER = shipped_decks() / "rhizotomy"
CARDS = [card for path in deck_files(FOLDER) for card in read_deck(path).cards]
ASKED = [(card, question) for card in CARDS for question in card.questions]
CHOICES = [(card, question) for card, question in ASKED if isinstance(question, Choice)]
WRITTEN = [(card, question) for card, question in ASKED if isinstance(question, Typed | Cloze)]
SOURCES = read_sources(FOLDER / "sources.yaml")[0]

PROCEDURES = {
    "facet RF": re.compile(r"facet|medial branch|radiofrequency denervation", re.I),
    "SDR": re.compile(r"\bSDR\b|selective dorsal rhizotomy", re.I),
    "trigeminal": re.compile(r"trigeminal|balloon|glycerol rhizotomy|radiosurgery", re.I),
    "another": re.compile(r"\bDREZ|dorsal rhizotomy|sacral rhizotomy", re.I),
}
STRONG = {"guideline", "systematic-review", "review", "study", "textbook"}


def faulty(found: Iterable[tuple[Card, Question]], sound: Callable[[Card, Question], bool]) -> list[str]:
    """Return the questions that are not sound, by their card and their number in it."""
    return [f"{card.id}: question {card.questions.index(q) + 1}" for card, q in found if not sound(card, q)]


def test_they_have_no_problem_each_by_itself_and_all_together() -> None:
    assert [str(problem) for problem in check_files([shipped_decks()]).problems] == []


@pytest.mark.parametrize("procedure", ["facet RF", "SDR", "trigeminal"])
def test_core_cards_cover_each_procedure(procedure: str) -> None:
    core = [card for card in CARDS if card.tier == "core"]
    assert len(core) >= 60
    about = {c.topic for c in core if any(PROCEDURES[procedure].search(q.stem) for q in c.questions)}
    assert {"definition", "technique", "indications", "risks"} <= about


def test_ids_are_unique() -> None:
    assert [name for name, times in Counter(card.id for card in CARDS).items() if times > 1] == []


def test_each_card_is_asked_in_two_ways_at_least_and_one_is_left_for_practice() -> None:
    assert [c.id for c in CARDS if len({q.kind for q in c.questions}) < 2 or all(q.proof for q in c.questions)] == []


def test_each_card_says_what_to_know_and_why() -> None:
    said = [(c.id, c.claim, c.why, c.checked, c.topic, c.procedure, c.audience, c.sources) for c in CARDS]
    assert [fields[0] for fields in said if not all(fields)] == []


def test_each_card_stands_on_a_strong_source_and_a_sure_one_on_two_or_a_guideline() -> None:
    weak = []
    for card in CARDS:
        kinds = {SOURCES[source].kind for source in card.sources}
        enough = card.certainty != "high" or len(card.sources) >= 2 or "guideline" in kinds
        if not (kinds & STRONG and enough):
            weak.append(card.id)
    assert weak == []


def test_each_source_in_use_can_be_looked_up() -> None:
    used = {SOURCES[source] for card in CARDS for source in card.sources}
    assert [source.id for source in used if not (source.doi or source.pmcid or source.url or source.journal)] == []


def test_each_stem_names_its_procedure() -> None:
    def names_it(card: Card, question: Question) -> bool:
        return any(pattern.search(f"{card.case} {question.stem}") for pattern in PROCEDURES.values())

    assert faulty(ASKED, names_it) == []


def test_each_choice_has_three_or_four_options_and_its_own_reason_for_each_wrong_one() -> None:
    def sound(_: Card, question: Question) -> bool:
        assert isinstance(question, Choice)
        reasons = [option.why for index, option in enumerate(question.options) if index != question.right]
        return len(question.options) in (3, 4) and all(reasons) and len(set(reasons)) == len(reasons)

    assert faulty(CHOICES, sound) == []


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


@pytest.mark.parametrize("extreme", ["longest", "shortest"])
def test_the_length_of_an_option_does_not_tell_the_key(extreme: str) -> None:
    """The share of keys that are the longest (shortest) option is within 1.96 standard errors of chance."""
    keys = chance = variance = 0.0
    for _, question in CHOICES:
        lengths = [len(option.text) for option in question.options]
        wanted = max(lengths) if extreme == "longest" else min(lengths)
        keys += (len(question.key) == wanted) / lengths.count(wanted)
        chance += 1 / len(lengths)
        variance += (1 - 1 / len(lengths)) / len(lengths)
    assert abs(keys - chance) <= 1.96 * math.sqrt(variance), f"{keys:.0f} keys, {chance:.0f} by chance"
