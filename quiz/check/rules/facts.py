"""What is taught: complete, sourced, traced, dated, and about a named procedure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from quiz.check.rules.base import ERROR, WARNING, Fault, Material, rule
from quiz.check.words import count, overlap, telling
from quiz.deck.model import Card
from quiz.questions import Choice, Select

TOPICS = (
    "definition anatomy history technique indications contraindications selection anesthesia equipment risks recovery "
    "outcomes alternatives nursing consent red-flags preparation"
).split()
STRONG = ("guideline", "systematic-review", "review", "study", "textbook")
"""Kinds of source that may carry a card alone, the strongest first. The others serve for what patients are told."""

_FEWEST_WORDS, _MOST_WORDS, _RESTATED = 15, 80, 0.7

NAMES = {
    "lumbar-facet-rf": "facet|medial branch|radiofrequency",
    "cervical-facet-rf": "cervical|neck|third occipital",
    "thoracic-facet-rf": "thoracic",
    "sacroiliac-rf": "sacroiliac|lateral branch",
    "pulsed-rf": "pulsed",
    "cooled-rf": "cooled",
    "drg-rf": "dorsal root ganglion|DRG",
    "endoscopic-laser": "endoscop|laser",
    "sdr": "SDR|selective dorsal rhizotomy",
    "trigeminal-rf": "trigeminal",
    "trigeminal-glycerol": "glycerol",
    "trigeminal-balloon": "balloon",
    "radiosurgery": "radiosurg|gamma knife",
    "drez": "DREZ",
    "open-dorsal-rhizotomy": "dorsal rhizotomy|dorsal root|ganglionectomy",
    "sacral-rhizotomy": "sacral",
}
"""How a stem may name each procedure (any case)."""

_QUALIFIED = re.compile(
    r"(?:selective|dorsal|posterior|anterior|ventral|trigeminal|facet|radiofrequency|sacral|open|glycerol|balloon|"
    r"retrogasserian|percutaneous|surgical|thermal|medial branch|spinal|intradural|word|term|name|called|"
    r"which|kind of|kinds of|of|every|any|one) [\"'“‘]?rhizotom",
    re.IGNORECASE,
)
_BARE = re.compile(r"rhizotom", re.IGNORECASE)
_SOURCE_TEXT = re.compile(
    r"\btexts?\b|often (?:said|told|written|described|claimed)|commonly|common(?:ly)? (?:claim|belief)|sometimes said|"
    r"popular|misle|claim",
    re.IGNORECASE,
)
_ATTRIBUTED = re.compile(
    r"\b(?:series|trials?|study|studies|reviews?|cohorts?|guidelines?|reports?|reported|found|about|may|might|can|often|"
    r"some|most|many|around|roughly|up to|estimate[sd]?|meta-analys[ie]s|suggest\w*|likely|usually|consensus|centers?|"
    r"advis\w+|recommend\w*|authors|surveys?|registry|evidence|data|typically|commonly|between|few)\b",
    re.IGNORECASE,
)
_LEVELS = re.compile(r"\b[A-Za-zµ]{1,5}\d+[a-z]?(?:\s?[-–/,]\s?[A-Za-z]{0,2}\d+)*\b|\b[A-Z]{2,}-\d+\b")
_GAUGE = re.compile(r"\b\d+(?:\s?(?:to|-|–)\s?\d+)?[- ]?(?:G|gauge)\b")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DRUGS = re.compile(
    r"anticoagul|antiplatelet|heparin|warfarin|apixaban|rivaroxaban|clopidogrel|aspirin|baclofen|carbamazepine|"
    r"anticonvulsant|lidocaine|bupivacaine|opioid|steroid",
    re.IGNORECASE,
)


def entries(material: Material) -> Iterator[Card]:
    """Yield one card for each entry of the files: siblings share their fields."""
    yield from {(card.file, card.family): card for card in material.cards}.values()


@rule("C1", ERROR, "A card has claim, why, topic, procedure, audience, tier, date and questions of two kinds.")
def complete(material: Material) -> Iterator[Fault]:
    """Core cards have three questions or more, and hold one back as proof."""
    for card in entries(material):
        for field in ("claim", "why", "topic", "procedure", "audience", "checked"):
            if not getattr(card, field):
                yield Fault(
                    card, f"the card has no '{field}'", f"add '{field}: …' to the card or at the top of the deck"
                )
        if card.topic and card.topic not in TOPICS:
            yield Fault(card, f"topic '{card.topic}' is not one of the list", f"one of: {', '.join(TOPICS)}")
        if len({q.kind for q in card.questions}) < 2:
            yield Fault(card, "all its questions are of one kind", "ask it in another way too")
        if card.tier == "core" and len(card.questions) < 3:
            yield Fault(card, "a core card with fewer than three questions", "add one, or make its tier 'useful'")
        if card.tier == "core" and not card.follows and not any(q.proof for q in card.questions):
            yield Fault(card, "a core card holds no question back as proof", "add 'proof: true' to one of three")


@rule(
    "C2",
    ERROR,
    "A card has a source; high certainty needs a guideline or two sources, and one stronger than a leaflet.",
)
def sourced(material: Material) -> Iterator[Fault]:
    for card in entries(material):
        kinds = [material.sources[name].kind for name in card.sources if name in material.sources]
        if not card.sources:
            yield Fault(card, "the card has no source", "add 'sources: [id]', an id of sources.yaml")
        elif not material.sources:
            continue
        elif card.certainty == "high" and len(card.sources) < 2 and "guideline" not in kinds:
            mend = "add a second source or a guideline, or say 'certainty: moderate'"
            yield Fault(card, "high certainty on one source that is no guideline", mend)
        elif card.audience != ("patient",) and not any(kind in STRONG for kind in kinds):
            yield Fault(card, "no source is stronger than a leaflet or a web page", f"add one: {', '.join(STRONG)}")


def numbers(text: str) -> frozenset[str]:
    """Return the numbers in digits that stand in a text. Levels (L5, C2-3), needle gauges and years are none."""
    for names in (_LEVELS, _GAUGE, _YEAR):
        text = names.sub(" ", text)
    return frozenset(found.rstrip(".,").replace(",", "") for found in _NUMBER.findall(text))


@rule("C3", ERROR, "Every number in a key, claim or explanation stands in the card's evidence, with its source.")
def traced(material: Material) -> Iterator[Fault]:
    for card in entries(material):
        for source, _ in card.evidence:
            if source not in card.sources:
                yield Fault(card, f"evidence from '{source}', which is no source of the card", "add it to 'sources'")
        known = numbers(" ; ".join(note for _, note in card.evidence))
        texts = [card.claim, card.why]
        for question in card.questions:
            texts += [question.key] * (question.kind != "figure")  # the number of a mark is none
            if isinstance(question, (Choice, Select)):
                texts += [option.why for option in question.options]
        untold = sorted(frozenset().union(*map(numbers, texts)) - known)
        if untold:
            mend = "add them to 'evidence: {source-id: …}', or take them out"
            yield Fault(card, f"numbers without evidence: {', '.join(untold)}", mend)


@rule("C27", ERROR, "The stem names the procedure; the bare word rhizotomy is ambiguous.")
def procedure_named(material: Material) -> Iterator[Fault]:
    for asked in material.asked:
        names = NAMES.get(asked.card.procedure)
        text = f"{asked.shown} {asked.question.key}" if asked.question.kind == "match" else asked.shown
        if names and not re.search(names, text, re.IGNORECASE):
            yield Fault(asked, "the stem does not name the procedure", f"name it ({names.replace('|', ', ')})")
        elif len(_BARE.findall(asked.shown)) > len(_QUALIFIED.findall(asked.shown)):
            yield Fault(asked, "the bare word rhizotomy", "say which: facet radiofrequency, SDR, trigeminal, …")


@rule("C28", ERROR, "A card that corrects the source text says what common texts claim.")
def correction_told(material: Material) -> Iterator[Fault]:
    for card in entries(material):
        whys = (o.why for q in card.questions if isinstance(q, (Choice, Select)) for o in q.options)
        if card.corrects and not _SOURCE_TEXT.search(" ".join((card.why, *whys))):
            mend = "say it in 'why': common texts say …, but …"
            yield Fault(card, f"corrects {', '.join(card.corrects)} but does not say what texts claim", mend)


@rule("C29", WARNING, "What is less than certain is attributed: no flat number.")
def attributed(material: Material) -> Iterator[Fault]:
    for card in entries(material):
        if card.certainty != "high" and numbers(card.claim) and not _ATTRIBUTED.search(card.claim):
            mend = "say who found it, or how sure it is (in one series, about, may)"
            yield Fault(card, f"a flat number in a claim of {card.certainty} certainty", mend)


@rule("C30", WARNING, "A card was checked within two years, within one where it speaks of medicines.")
def fresh(material: Material) -> Iterator[Fault]:
    for card in entries(material):
        if not card.checked:
            continue
        months = 12 if _DRUGS.search(f"{card.claim} {card.why}") else 24
        if _months(date.fromisoformat(card.checked), material.today) > months:
            mend = "look at its sources again and set 'checked'"
            yield Fault(card, f"last checked on {card.checked}, more than {months} months ago", mend)


def _months(begin: date, end: date) -> float:
    return (end - begin).days / 30.44


@rule(
    "C22", ERROR, "The explanation has 15 to 80 words, adds to the claim, and each wrong option says why it is wrong."
)
def explained(material: Material) -> Iterator[Fault]:
    for card in entries(material):
        words = count(card.why)
        if words and not _FEWEST_WORDS <= words <= _MOST_WORDS:
            yield Fault(card, f"the why has {words} words", f"explain in {_FEWEST_WORDS} to {_MOST_WORDS} words")
        elif overlap(telling(card.why), telling(card.claim)) > _RESTATED:
            yield Fault(card, "the why restates the claim", "say the mechanism or the reason")
    for asked, question in material.with_options:
        right = {question.right} if isinstance(question, Choice) else set(question.rights)
        for at, option in enumerate(question.options):
            if at not in right and not option.why:
                yield Fault(asked, f"wrong option '{option.text}' does not say why", "add 'why: …' below it")
