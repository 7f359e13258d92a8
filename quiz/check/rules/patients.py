"""What patients read and hear: plain words, short sentences, honest numbers, and whom to call.

The rules look at patient sessions, and at cards whose only audience are patients.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from quiz.check.reading import level, sentences_of, words_of
from quiz.check.rules.base import ERROR, Fault, Material, rule
from quiz.check.rules.facts import entries
from quiz.deck.model import Card
from quiz.deck.sessions import PatientSession, Point

_GRADE, _SMOG, _GRADE_OF_ONE = 6.0, 8.0, 8.0
_MEAN, _LONGEST, _ACTIVE = 12.0, 20, 0.8
_BE = r"(?:is|are|was|were|be|been|being|gets?|got)"
_PASSIVE = re.compile(
    rf"\b{_BE}(?: (?:not|often|also|then|only))? (?:\w{{3,}}ed|done|made|put|taken|given|shown|told|held|kept|"
    r"seen|cut|known|found|hurt|felt|left|sent|set|said|heard|brought|built|worn|burnt)\b",
    re.IGNORECASE,
)
_NOT_PASSIVE = re.compile(
    rf"\b{_BE}(?: \w+)? (?:tired|worried|scared|confused|allowed|allergic|need|used|hundred)\b", re.I
)
_ACTIONS = re.compile(
    r"\b(?:call|go|ask|tell|bring|eat|drink|take|wear|wash|keep|walk|rest|sit|lie|drive|say|plan|write|show|check|look|get|"
    r"let|stay|hold|use|wait|come|speak)\b",
    re.IGNORECASE,
)
_READER = re.compile(r"\b(?:you|your|yours|yourself|i|me|my|we|us|our)\b", re.IGNORECASE)
_PERCENT = re.compile(r"\d\s?(?:%|percent|per cent)", re.IGNORECASE)
_ONE_IN = re.compile(r"\b(?:1|one) in (?:\d|a hundred|a thousand|ten|twenty)", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(?:times (?:more|less|higher|lower|as)|twice as|half as|double the risk|relative risk)\b", re.I
)
_OUT_OF = re.compile(r"\b(?:out )?of (100|1,?000|a hundred|a thousand|\d+)\b", re.IGNORECASE)
_WHO = re.compile(r"\b(?:call|emergency|ambulance|nurse|doctor|team|us|hospital|ward|911|999|112)\b", re.IGNORECASE)
_SOON = re.compile(
    r"\b(?:now|at once|right away|same day|today|straight away|fast|within|any time|first)\b", re.IGNORECASE
)
_DRUG = (
    r"(?:medicines?|pills?|tablets?|drugs?|blood thinners?|thinners?|pain ?killers?|aspirin|insulin|warfarin|baclofen)"
)
_ORDER = re.compile(rf"\b(?:stop|start|take|skip|change|double|halve)\b[^.?!]*\b{_DRUG}\b", re.IGNORECASE)
_ASK_TEAM = re.compile(r"\b(?:ask|not|tell (?:us|the team|your team)|team|what (?:should|to do))\b", re.IGNORECASE)


def said(point: Point) -> tuple[str, ...]:
    """Return the texts of a point that the person hears or reads."""
    return (point.say, point.teach_back, point.say_it_simpler, point.misconception, point.gentle_correction)


def of_session(session: PatientSession) -> tuple[str, ...]:
    """Return all texts of a session that make sentences."""
    sheet = session.sheet
    return (
        session.opening,
        *(text for point in session.points for text in said(point)),
        *session.no_numbers,
        *sheet.go_now,
        *sheet.call_now,
        *sheet.call_today,
        *sheet.good_to_know,
        sheet.last_line,
    )


def _patient_cards(material: Material) -> Iterator[Card]:
    return (card for card in entries(material) if card.audience == ("patient",))


def _of_card(card: Card) -> tuple[str, ...]:
    return (card.claim, card.why, *(q.stem for q in card.questions))


def _pieces(material: Material) -> Iterator[tuple[PatientSession | Card, str, str]]:
    """Yield each point of a session and each card for patients: where it is, what to call it, and its text."""
    for session in material.sessions:
        for point in session.points:
            yield session, f"point '{point.title}'", " ".join(said(point))
    for card in _patient_cards(material):
        yield card, "the card", " ".join(_of_card(card))


@rule("P1", ERROR, "A session reads at school grade 6 or below (Flesch-Kincaid; SMOG 8), each point at 8.")
def grade(material: Material) -> Iterator[Fault]:
    terms = _plain_words()[1]
    for session in material.sessions:
        read = level(of_session(session), terms)
        if read.flesch_kincaid > _GRADE or read.smog > _SMOG:
            grades = f"grade {read.flesch_kincaid:.1f} (Flesch-Kincaid) and {read.smog:.1f} (SMOG)"
            yield Fault(session, f"the session reads at {grades}", "shorten sentences and words")
    for at, name, text in _pieces(material):
        read = level([text], terms)
        if read.flesch_kincaid > _GRADE_OF_ONE:
            yield Fault(at, f"{name} reads at grade {read.flesch_kincaid:.1f}", "shorten sentences and words")


@rule("P2", ERROR, "Sentences have 12 words on average and 20 at most; four of five are active.")
def sentences(material: Material) -> Iterator[Fault]:
    for session in material.sessions:
        texts = [sentence for text in of_session(session) for sentence in sentences_of(text)]
        mean = level(texts).mean_sentence
        if mean > _MEAN:
            yield Fault(session, f"sentences have {mean:.1f} words on average", "split the long ones")
        passive = [text for text in texts if _PASSIVE.search(text) and not _NOT_PASSIVE.search(text)]
        if len(passive) / len(texts) > 1 - _ACTIVE:
            yield Fault(session, f"{len(passive)} of {len(texts)} sentences are passive", "say who does it")
    for at, name, text in _pieces(material):
        for sentence in sentences_of(text):
            if len(words_of(sentence)) > _LONGEST:
                yield Fault(at, f"{name} has a sentence of over {_LONGEST} words: '{sentence[:50]}…'", "split it")


@rule("P3", ERROR, "Every word is a plain one, or a term that is explained.")
def jargon(material: Material) -> Iterator[Fault]:
    for at, name, text in _pieces(material):
        strange = sorted({word for word in words_of(text) if not _plain(word.lower().replace("’", "'"))})
        if strange:
            yield Fault(at, f"{name} has hard words: {', '.join(strange)}", "say it as a child would")


def _plain(word: str) -> bool:
    plain, terms = _plain_words()
    return any(form in plain or form in terms for form in _forms(word))


def _forms(word: str) -> Iterator[str]:
    """Yield a word and what it may be a form of."""
    yield word
    bare = word.split("'")[0]
    yield bare
    for ending in ("s", "es", "ed", "d", "ing", "er", "r", "est", "st", "ly", "ness", "ful", "less", "y", "en", "al"):
        if bare.endswith(ending) and len(bare) > len(ending) + 1:
            stem = bare.removesuffix(ending)
            yield from (stem, stem + "e")
            if stem.endswith("i"):
                yield stem[:-1] + "y"
            if len(stem) > 2 and stem[-1] == stem[-2]:
                yield stem[:-1]
            if ending in ("ly", "ness", "es", "s") and stem != bare:
                yield from (form for form in _forms(stem) if form != stem)


@lru_cache
def _plain_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the plain words and the terms that are explained."""
    text = files("quiz.check").joinpath("plain-words.txt").read_text(encoding="utf-8").casefold()
    plain, terms = text.split("# terms", 1)
    return frozenset(_listed(plain)), frozenset(_listed("# " + terms))


def _listed(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.startswith("#"):
            yield from line.split()


@rule("P4", ERROR, "A point speaks to the reader, and one about danger or preparation says what to do.")
def speaks_to_reader(material: Material) -> Iterator[Fault]:
    for session in material.sessions:
        for point in session.points:
            if not _READER.search(" ".join((point.say, point.teach_back))):
                yield Fault(session, f"point '{point.title}' does not speak to the reader", "say you and your")
            if point.danger_signs and not _ACTIONS.search(point.say):
                yield Fault(session, f"point '{point.title}' names no action", "say what to do: call, go, ask")
    for card in _patient_cards(material):
        if card.topic in ("red-flags", "preparation") and not _ACTIONS.search(f"{card.claim} {card.why}"):
            yield Fault(card, "names no action", "say what to do: call, go, ask")


@rule("P5", ERROR, "A risk is so many of 100 (or of 1,000), with one denominator in a set: no percent, no 1 in X.")
def honest_numbers(material: Material) -> Iterator[Fault]:
    for session in material.sessions:
        texts = [*of_session(session), *(number.did for number in session.numbers)]
        yield from _bad_numbers(session, " ".join(texts))
        bases = {found.replace(",", "") for text in texts for found in _OUT_OF.findall(text)}
        if len(bases | ({"100"} if session.numbers else set())) > 1:
            yield Fault(session, f"risks are given out of {', '.join(sorted(bases))}", "take one denominator")
    for card in _patient_cards(material):
        yield from _bad_numbers(card, " ".join(_of_card(card)))


def _bad_numbers(at: PatientSession | Card, text: str) -> Iterator[Fault]:
    for pattern in (_PERCENT, _ONE_IN, _RELATIVE):
        found = pattern.search(text)
        if found:
            yield Fault(at, f"a risk as '{found[0]}'", "say how many of 100 people")


@rule("P6", ERROR, "A danger sign says whom to call and how fast; a session ends with the person's own team.")
def whom_to_call(material: Material) -> Iterator[Fault]:
    for session in material.sessions:
        for point in session.points:
            if point.danger_signs and not (_WHO.search(point.say) and _SOON.search(point.say)):
                yield Fault(session, f"point '{point.title}' does not say whom to call and how fast", "say both")
        if not re.search(r"\bteam\b", session.sheet.last_line, re.IGNORECASE):
            yield Fault(
                session, "the page does not end with the person's own team", "let last_line speak of 'my own team'"
            )
    for card in _patient_cards(material):
        text = f"{card.claim} {card.why}"
        if card.topic == "red-flags" and not (_WHO.search(text) and _SOON.search(text)):
            yield Fault(card, "does not say whom to call and how fast", "say both")


@rule("P7", ERROR, "Nobody is told to stop, start or change a medicine without 'ask your team'.")
def no_treatment_order(material: Material) -> Iterator[Fault]:
    """What many people think (a misconception) may say so: the answer to it puts it right."""
    told: list[tuple[PatientSession | Card, str]] = []
    for session in material.sessions:
        wrong = {point.misconception for point in session.points}
        told += [(session, text) for text in of_session(session) if text not in wrong]
    told += [(card, text) for card in _patient_cards(material) for text in _of_card(card)]
    for at, text in told:
        for sentence in sentences_of(text):
            if _ORDER.search(sentence) and not _ASK_TEAM.search(sentence):
                yield Fault(at, f"'{sentence}' is an order", "say that they ask their team first")
