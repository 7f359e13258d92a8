"""Words as the checks count them, and the closed lists of words that give a key away."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_STOP = frozenset(
    "a an the of in to and or for with by on at from into is are was be been being it its as that this these those "
    "after before during than then which what how why who whom whose when where do does did not no their his her "
    "there they them he she you your we our has have had will would can could should about over under out up".split()
)
STEM = 5  # letters: two words that share so many at their beginning are taken for the same

ABSOLUTES = frozenset("always never all only none every entirely completely must cannot any wholly impossible".split())
HEDGES = frozenset(
    "may might often usually can could some sometimes generally typically likely probably partly mostly commonly "
    "roughly relatively".split()
)


def tokens(text: str) -> list[str]:
    """Return the words and numbers of a text, in lower case."""
    return [found.casefold() for found in _TOKEN.findall(text)]


def count(text: str) -> int:
    """Return how many words a text has; what is joined by a hyphen counts as one."""
    return len(text.split())


def telling(text: str) -> list[str]:
    """Return the words of a text without those that stand everywhere."""
    return [word for word in tokens(text) if word not in _STOP]


def stems(text: str) -> frozenset[str]:
    """Return the beginnings of the telling words that have three letters or more."""
    return frozenset(word[:STEM] for word in telling(text) if len(word) > 2)


def overlap(one: Collection[str], other: Collection[str]) -> float:
    """Return how much two sets have in common (Jaccard): 0 is nothing, 1 everything. Two empty sets share nothing."""
    union = set(one) | set(other)
    return len(set(one) & set(other)) / len(union) if union else 0.0


def likeness(options: Sequence[Collection[str]]) -> list[float]:
    """Return, for each option as its words, how much they overlap with those of the others, on average (0 to 1)."""
    most = len(options) - 1
    return [
        sum(overlap(one, other) for j, other in enumerate(options) if j != i) / most for i, one in enumerate(options)
    ]


def share_of_best(scores: Sequence[float], key: int) -> float:
    """Return 1 if the key alone has the highest score, its share of it where several have, else 0."""
    best = max(scores)
    return 1 / list(scores).count(best) if scores[key] == best else 0.0


def form(text: str) -> str:
    """Return with what kind of word an option begins."""
    first = (tokens(text) or [""])[0]
    if first == "to":
        return "an infinitive"
    if first in {"the", "a", "an"}:
        return "an article"
    if first in {"because", "so", "since", "as", "when", "if"}:
        return "a conjunction"
    if first in {"it", "they", "he", "she", "you", "there"}:
        return "a pronoun"
    if first in {"in", "on", "at", "by", "with", "from", "after", "before", "within", "over", "under", "through"}:
        return "a preposition"
    if len(first) > 5 and first.endswith("ing"):
        return "a verb in -ing"
    return "another word" if not first.isdigit() else "a number"
