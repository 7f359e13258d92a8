"""How hard a text is to read: the grades of Flesch-Kincaid and SMOG, from counted sentences, words and syllables.

Flesch-Kincaid grade = 0.39 words/sentences + 11.8 syllables/words - 15.59 (Kincaid 1975, as printed in PMC5849699).
SMOG grade = 1.0430 sqrt(30 words of three syllables or more / sentences) + 3.1291 (McLaughlin 1969); it is meant for 30
sentences, so it is worked out over a whole session and never for a single card.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from math import sqrt

_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+|\n+|;\s+")
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)?")
_GROUPS = re.compile(r"[aeiouy]+")
_HIATUS = re.compile(r"(?:ia|io|iu|eo|ua(?!r)|uou|yi|ie(?=t|r\b)|oe(?=r|t\b)|[aeiou]ing)")
_GLIDE = re.compile(r"(?:[csgtx]ia|[cstgx]io|gue|que|[qg]ua|eo(?=n$))")

SYLLABLES = {
    "anesthesia": 5, "anesthesiologist": 8, "area": 3, "arteries": 3, "baby": 2, "balloon": 2, "being": 2, "bowel": 2,
    "cerebrospinal": 6, "child": 1, "client": 2, "diabetes": 4, "diet": 2, "doing": 2, "every": 2, "evening": 2,
    "fluid": 2, "fuel": 2, "glycerol": 3, "going": 2, "healed": 1, "hour": 1, "idea": 3, "infection": 3, "injured": 2,
    "medicine": 3, "medicines": 3, "month": 1, "nausea": 3, "nerve": 1, "numb": 1, "numbness": 2, "physio": 3,
    "physiotherapy": 6, "physiotherapist": 6, "people": 2, "question": 2, "questions": 2, "quiet": 2, "radio": 3,
    "radiofrequency": 6, "radiosurgery": 6, "really": 2, "rhizotomy": 4, "science": 2, "seeing": 2, "something": 2,
    "sometimes": 2, "someone": 2, "somewhere": 2, "someday": 2, "spasticity": 4, "tired": 1, "trigeminal": 4,
    "usually": 4, "used": 1, "whole": 1, "x": 1, "tiny": 2, "trying": 2, "safely": 2, "surely": 2, "barely": 2,
    "lately": 2, "fully": 2, "completely": 3, "likely": 2, "namely": 2, "movement": 2, "basement": 2, "statement": 2,
    "useful": 2, "careful": 2, "carefully": 3, "hopeful": 2, "safety": 2, "homework": 2, "household": 2, "driver": 2,
    "leaves": 1, "gives": 1, "lives": 1, "nerves": 1, "heals": 1, "takes": 1, "makes": 1, "comes": 1, "goes": 1,
    "does": 1, "shoes": 1, "toes": 1, "clothes": 1, "eyes": 1, "types": 1, "times": 1, "sides": 1, "bruise": 1,
}  # fmt: skip
"""Words that counting by rule gets wrong or might, and our terms."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was counted in a text: the words of each sentence, syllables, and words of three syllables or more."""

    lengths: tuple[int, ...]
    syllables: int
    long_words: int

    @property
    def words(self) -> int:
        """How many words there are."""
        return sum(self.lengths)

    @property
    def mean(self) -> float:
        """Words in a sentence, on average."""
        return self.words / len(self.lengths)

    @property
    def flesch_kincaid(self) -> float:
        """The school grade by Flesch and Kincaid."""
        return 0.39 * self.mean + 11.8 * self.syllables / self.words - 15.59

    @property
    def smog(self) -> float:
        """The school grade by SMOG."""
        return 1.0430 * sqrt(self.long_words * 30 / len(self.lengths)) + 3.1291


def read(text: str, without: Collection[str] = ()) -> Reading | None:
    """Count a text; None when it has no words. Words in `without` (explained ones) count as of one syllable."""
    found = [words for part in _SENTENCE.split(text) if (words := _WORD.findall(part))]
    if not found:
        return None
    counts = [1 if word.casefold() in without else syllables(word) for words in found for word in words]
    return Reading(tuple(map(len, found)), sum(counts), sum(n > 2 for n in counts))


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [part.strip() for part in _SENTENCE.split(text) if _WORD.search(part)]


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


def syllables(word: str) -> int:
    """Return how many syllables a word has: by the list above, else by rule."""
    bare = word.casefold().replace("’", "'").split("'")[0]
    if bare in SYLLABLES:
        return SYLLABLES[bare]
    if bare.endswith("s") and bare[:-1] in SYLLABLES and not bare.endswith(("ses", "ces", "xes", "ges", "zes")):
        return SYLLABLES[bare[:-1]]
    groups = len(_GROUPS.findall(bare))
    if bare.endswith("e") and not bare.endswith("le") and groups > 1:
        groups -= 1 if bare[-2:-1] not in "aeiouy" else 0
    elif bare.endswith("le") and len(bare) > 2 and bare[-3] in "aeiouy" and groups > 1:
        groups -= 1
    silent = {"ed": "tdaeiouy", "es": "sczxghaeiouy"}.get(bare[-2:], "")  # after these the e is heard
    if silent and len(bare) > 3 and bare[-3] not in silent and groups > 1:
        groups -= 1
    groups += len(_HIATUS.findall(bare)) - len(_GLIDE.findall(bare))
    return max(1, groups)
