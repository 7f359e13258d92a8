"""How hard a text is to read: two formulas on words, sentences and syllables.

Syllables are counted by rule, with a list of exceptions; nothing is downloaded.

Flesch-Kincaid grade = 0.39 (words / sentences) + 11.8 (syllables / words) - 15.59 (PMC5849699).
SMOG grade = 1.0430 sqrt(30 polysyllables / sentences) + 3.1291; made for 30 sentences and more, so for pooled texts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import sqrt

LONG = 3  # syllables of a "polysyllable"

_SENTENCE = re.compile(r"(?<=[.?!])[”’\"')]*\s+")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
# What the rules below get wrong among the words that we use.
_SYLLABLES = {
    "area": 3, "being": 2, "diabetes": 4, "diet": 2, "doesn't": 2, "fluid": 2, "idea": 3, "pacemaker": 3, "people": 2,
    "quiet": 2, "real": 1, "sciatica": 4, "science": 2, "surgeon": 2,
}  # fmt: skip
_SILENT_INSIDE = re.compile(r"(?<=[a-z][^aeiou])e(?=(?:ful|less|ment|ments|ty|ly|times|time|thing|one|body|where)$)")

# A final e, but not in "table", "see" or "dye"; -ed but for "needed"; -es but for "changes", "uses" and "tables".
_SILENT_END = re.compile(r"[^aeyl]e$|[aeiou]le$|[^aeiouytd]ed$|[^aeiouysxzcghl]es$|[aeiou]les$|[tp]hes$")


@dataclass(frozen=True, slots=True)
class Level:
    """What was counted in a text."""

    sentences: int
    words: int
    syllables: int
    polysyllables: int
    longest: int  # words of the longest sentence

    @property
    def flesch_kincaid(self) -> float:
        """The US school grade by Flesch and Kincaid."""
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    @property
    def smog(self) -> float:
        """The US school grade by SMOG."""
        return 1.0430 * sqrt(30 * self.polysyllables / self.sentences) + 3.1291

    @property
    def mean_sentence(self) -> float:
        """Words in a sentence."""
        return self.words / self.sentences


def level(texts: Iterable[str], terms: Collection[str] = ()) -> Level:
    """Count all sentences of the texts. `terms` are words that cannot be said otherwise: they count as short ones."""
    counts = [[1 if w.lower() in terms else syllables(w) for w in words_of(s)] for t in texts for s in sentences_of(t)]
    counts = [words for words in counts if words]
    every = [n for words in counts for n in words]
    long = sum(n >= LONG for n in every)
    return Level(len(counts), len(every), sum(every), long, max(map(len, counts), default=0))


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text."""
    return _SENTENCE.split(text.strip())


def words_of(text: str) -> list[str]:
    """Return the words of a text, without numbers."""
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """Return the number of syllables of an English word: its groups of vowels, but for silent endings."""
    lower = word.lower().replace("’", "'")
    if lower in _SYLLABLES:
        return _SYLLABLES[lower]
    if word.isupper() and 1 < len(word) <= 4:  # spelt out, as SDR
        return len(word)
    bare = _SILENT_INSIDE.sub("", lower.removesuffix("'s").replace("'", ""))
    count = len(_VOWELS.findall(bare))
    count -= bool(_SILENT_END.search(bare))
    count += len(re.findall(r"i[ao]|[^q]u[aeo](?!u)|eo(?!u)|[iy]ing$", bare)) - len(re.findall(r"[tcsg]i[ao]", bare))
    return max(1, count)
