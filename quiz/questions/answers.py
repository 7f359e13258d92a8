"""Is a typed answer right? Forgiving where a person would be, strict where a slip could hurt somebody.

Forgiven: case, accents, punctuation, hyphens, articles, spaces, a plural s, the two signs for micro. One slip of the
keyboard in a long word is told as such and counts in part. Never forgiven: another number, level or side, or a word
that merely looks alike (hypo for hyper, abduction for adduction).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from quiz.questions.base import NOT_ANSWERED, Mark

CLOSE = 0.8  # a slip in the spelling: recalled, with a blemish
_ARTICLES = frozenset({"a", "an", "the"})
_LETTERS = str.maketrans({"µ": "μ", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l"})
# A decimal point or comma between digits belongs to the number; other punctuation separates words.
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’](?=[^\W\d_])")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%°+]")
# Pairs that differ by a letter or two and mean something else. Words are compared after folding.
_PREFIXES = tuple(
    "hypo hyper intra inter extra ante anti ab ad sub supra super infra pre pro post peri para ipsi contra afferent "
    "efferent macro micro".split()
)
_LOOK_ALIKE = frozenset(
    "medial median ilium ileum perineal peroneal motor rotor ventral dorsal rostral sacral mental dental cranial axial "
    "plantar palmar ulna ulnar radial radical glycerol glycerin stable unstable".split()
)


def normal(text: str) -> tuple[str, ...]:
    """Return the words of `text` as they are compared: NFKC, no case, accents, punctuation or articles."""
    bare = text.casefold()
    if not bare.isascii():
        split = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS))
        bare = "".join(c for c in split if not unicodedata.combining(c))
    bare = _APOSTROPHE.sub("", bare)
    words = tuple(w for w in _WORD.findall(bare) if w not in _ARTICLES)
    return words or tuple(_WORD.findall(bare)) or (() if not bare.strip() else (bare.strip(),))


def _singular(word: str) -> str:
    """Drop a plain plural ending. Latin ones are for the deck's `accept` list."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _same(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two answers are the same words, with plural and word breaks forgiven."""
    if [_singular(w) for w in a] == [_singular(w) for w in b]:
        return True
    joined = "".join(a)
    # "X ray", "x-ray" and "xray" are one; "L 4" and "L4" too. Digits may not run together: "1 0" is not "10".
    apart = any(x[-1:].isdigit() and y[:1].isdigit() for s in (a, b) for x, y in pairwise(s))
    return bool(joined) and joined == "".join(b) and not apart


def distance(a: str, b: str, most: int = 3) -> int:
    """Return the edit distance (a swap of neighbours counts one; optimal string alignment), at most `most` + 1."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, last, row = row, before, [i] + [0] * len(b)
        for j, y in enumerate(b, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if last and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], last[j - 2] + 1)
    return min(row[-1], most + 1)


def _slip(given: str, wanted: str) -> bool:
    """Whether one word is the other with a slip of the keyboard, and cannot be another word."""
    if given == wanted:
        return True
    short = min(len(given), len(wanted))
    if short < 5 or not (given + wanted).isalpha() or given[0] != wanted[0]:
        return False
    if given in _LOOK_ALIKE and wanted in _LOOK_ALIKE:
        return False
    fronts = [max((p for p in _PREFIXES if w.startswith(p)), key=len, default="") for w in (given, wanted)]
    if fronts[0] != fronts[1]:
        return False
    return distance(given, wanted) <= (2 if short >= 9 else 1)


def mark_typed(given: str, accepted: Sequence[str], rejected: Sequence[str] = ()) -> Mark:
    """Mark a typed answer against all accepted ones; the first is the one that is shown.

    `rejected` answers are never right and never close, whatever the distance.
    """
    words = normal(given)
    if not words:
        return NOT_ANSWERED
    wanted = [normal(a) for a in accepted]
    if any(_same(words, w) for w in wanted):
        return Mark(1.0, "Right.")
    if not any(_same(words, normal(r)) for r in rejected):
        for text, target in zip(accepted, wanted, strict=True):
            if len(target) == len(words) and all(map(_slip, words, target)):
                return Mark(CLOSE, f"Close: you wrote “{given.strip()}”. It is spelt “{text}”.")
    return Mark(0.0, f"You wrote “{given.strip()}”.")
