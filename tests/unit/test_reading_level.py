"""All texts for patients read at grade 6 or below, and keep the rules for what may be said to a patient."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from quiz.check.reading import level, sentences_of, syllables, words_of
from quiz.deck.local import Local
from quiz.deck.reader import read_sources
from quiz.deck.sessions import PatientSession, read_sessions
from quiz.paths import shipped_decks
from quiz.report.handout import handout, in_words
from quiz.report.pages import Alert, Columns, Heading, Items, Lines, OutOf100, Page, Paragraph, Terms
from quiz.report.spoken import said
from quiz.study.teach import Teaching

SESSIONS = read_sessions([shipped_decks()]).found
SOURCES = read_sources(shipped_decks() / "rhizotomy" / "sources.yaml")[0]

GRADE, SMOG, ONE_ITEM = 6.0, 8.0, 8.0
MEAN_SENTENCE, LONGEST_SENTENCE = 12, 20
# Names of what is treated and with what: there is no other word, and each is explained where it is said first.
TERMS = frozenset({"cerebral", "rhizotomy", "sdr"})

everywhere = pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session.procedure)


def spoken(session: PatientSession) -> Iterator[str]:
    """Yield what is said aloud, in the order of a session in which nothing is told back."""
    teaching = Teaching(session, [point.figure for point in session.points])
    while not teaching.done:
        words = said(teaching, Local())
        yield " ".join(words.words)
        teaching.next()
    yield from session.questions


def printed(session: PatientSession) -> Iterator[str]:
    """Yield what stands on the page, but for the small print with the sources."""
    teaching = Teaching(session)
    while teaching.step.point != len(session.points) - 1:
        teaching.next()
    page: Page = handout(teaching.taught(), Local(), SOURCES)
    for block in page.blocks:
        match block:
            case Heading(text):
                yield f"{text}."
            case Paragraph(text, small=False):
                yield text
            case Items(items):
                yield from items
            case Terms(terms):
                yield from (text for _, text in terms)
            case Columns(columns):
                yield from (item for _, items in columns for item in items)
            case Alert(act, signs):
                yield f"{act.removesuffix(':')}."
                yield from signs
            case Lines(lines):
                yield from (f"{label}." for label, _ in lines)
            case OutOf100(_, words, note):
                yield " ".join(words)
                yield note


def all_of(session: PatientSession) -> list[str]:
    return [text for text in (*spoken(session), *printed(session)) if text]


@everywhere
def test_a_session_and_its_page_read_at_grade_6(session: PatientSession) -> None:
    for texts in (list(spoken(session)), list(printed(session)), all_of(session)):
        found = level([t for t in texts if t], TERMS)
        assert found.sentences > 30
        assert found.flesch_kincaid <= GRADE
        assert found.smog <= SMOG
        assert found.mean_sentence <= MEAN_SENTENCE


@everywhere
def test_no_single_text_is_hard(session: PatientSession) -> None:
    hard = [t for t in all_of(session) if len(words_of(t)) > 5 and level([t], TERMS).flesch_kincaid > ONE_ITEM]
    assert hard == []


@everywhere
def test_no_sentence_is_long(session: PatientSession) -> None:
    long = [s for text in all_of(session) for s in sentences_of(text) if len(words_of(s)) > LONGEST_SENTENCE]
    assert long == []


_CHANGES = re.compile(r"\b(?:stop|start|skip|change|take)\b[^.]*\b(?:medicines?|thinners?|pills?|drugs?)\b", re.I)
_LEFT_TO_THE_TEAM = re.compile(r"\bask\b|\bnot\b|\btell (?:us|the team)\b|\bteam\b|\bwhat (?:should|to do)\b", re.I)


@everywhere
def test_nobody_is_told_to_start_or_stop_a_medicine(session: PatientSession) -> None:
    wrong = {point.misconception for point in session.points}
    found = [
        sentence
        for text in all_of(session)
        if not any(thought in text for thought in wrong)
        for sentence in sentences_of(text)
        if _CHANGES.search(sentence) and not _LEFT_TO_THE_TEAM.search(sentence)
    ]
    assert found == []


@everywhere
def test_chances_are_told_out_of_100_and_never_in_percent_or_as_1_in_x(session: PatientSession) -> None:
    for text in all_of(session):
        assert not re.search(r"%|\bpercent|\b1 in \d|\bone in (?!f)\w+|\btwice\b|\btimes as\b", text), text
    assert all("out of 100" in sentence for number in session.numbers for sentence in in_words(number)[:1])


@everywhere
def test_danger_signs_say_where_to_go_and_how_fast(session: PatientSession) -> None:
    for point in (session.points[0], session.points[-1]):
        assert re.search(r"\bnow\b", point.say)
        assert "emergency" in point.say.lower()
        assert re.search(r"\bsame day\b", point.say)


@everywhere
def test_the_page_sends_to_the_own_team(session: PatientSession) -> None:
    text = " ".join(printed(session))
    assert "own team knows" in text
    assert "This page is for learning, not for deciding treatment." in text


@everywhere
def test_no_verdict_is_passed_on_the_person(session: PatientSession) -> None:
    verdicts = r"\byou (?:are|were|got it) (?:right|wrong)|\b(?:in)?correct\b|\bscore|\bwell done|\bmistaken"
    spoken_by_us = [p for point in session.points for p in (point.say_it_simpler, point.gentle_correction)]
    assert [text for text in spoken_by_us if re.search(verdicts, text, re.I)] == []


# -- the formulas -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *((word, 1) for word in "nerve use once times numbed signs goes years sure place eye don't through".split()),
        *((word, 2) for word in "needed treated pictures people little question doctor fever someone careful".split()),
        *((word, 3) for word in "medicine allergies dizziness serious expected unsteady cerebral SDR exercise".split()),
        *((word, 4) for word in "emergency rhizotomy denervation operation diabetes sciatica".split()),
        ("radiofrequency", 6),
    ],
)
def test_syllables_are_counted_as_they_are_said(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_formulas_give_the_grades_that_follow_by_hand() -> None:
    found = level(["The cat sat on the mat. The emergency ended."])
    assert (found.sentences, found.words, found.syllables, found.polysyllables, found.longest) == (2, 9, 13, 1, 6)
    assert found.flesch_kincaid == pytest.approx(0.39 * 4.5 + 11.8 * 13 / 9 - 15.59)
    assert found.smog == pytest.approx(1.0430 * (30 / 2) ** 0.5 + 3.1291)


def test_a_hard_text_is_found_hard() -> None:
    text = (
        "Radiofrequency denervation interrupts nociceptive transmission from degenerative zygapophysial articulations."
    )
    assert level([text]).flesch_kincaid > 20
