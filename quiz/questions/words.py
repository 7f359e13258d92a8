"""From a text to the words that are compared: what may differ between two answers that mean the same.

Forgiven: case, accents, punctuation, hyphens, articles, a plural, US or UK spelling, the ways to write a number (in
words too) or a unit. Kept apart is what changes the meaning: a sign, a decimal point, a ratio, a comparison, the letter
in "vitamin A", and the marks of scripts where they are sounds and not accents.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from quiz.text import folded, normalized

ARTICLE = "a "  # an "a" that may be an article or a name: "a nerve", "a delta fibers"

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−﹣－", "-") | {"º": "°", "˚": "°", "×": "x"})
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "⁄": "/"})
_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta"}
_LONE_GREEK = re.compile("(?<![Ͱ-Ͽ])[αβγδ](?![Ͱ-Ͽ])")
# Unicode's compatibility forms would make 102 of 10² and 11/2 of 1½.
_RAISED = re.compile(r"(?<=\d)[⁺⁻]?[⁰¹²³⁴-⁹]+")
_VULGAR = re.compile("[¼-¾⅐-⅞]")
_IDLE_SIGNS = frozenset("≈∼≅®©")  # other signs say something: ↑ is not ↓

# One way to write what can be written in several, in this order. The text is on one line and in lower case.
_REWRITTEN = (
    (re.compile(r"(?<=[^\W\d_])['’](?=[^\W\d_])"), ""),  # Tinel's
    (re.compile(r"(?<![\d.,])(\d{1,3}),(\d{3})(?:,(\d{3}))?(?![\d,])"), r"\1\2\3"),  # 1,000
    (re.compile(r"(?<![^\W_])(?<![,.])(?<!\b[cslt] )(\d+),(?=\d+(?![\d,.]))"), r"\1."),  # 0,5; but not in L4,5
    (re.compile(r"(?<=\d),(?: and)? ?(?=[a-z]\d)"), " and "),  # L3, L4
    (re.compile(r"(?<=\d) to (?=\d)"), "-"),
    # A minus: a dash that is neither a hyphen nor stands in a range.
    (re.compile(r"(?:^- ?|(?<![\w)\]%°.,^])(?<![\d%°] )-)(?=\.?\d)"), " minus "),
    (re.compile(r"\bper ?cent\b"), "%"),
    (re.compile(r"\bdegrees?\b"), "°"),
    (re.compile(r"° ?(?:celsius|centigrade)\b"), "c"),
    (re.compile(r"° ?(?=[cf]\b)"), ""),  # 80 °C and 80 C
    (re.compile("<=|=<"), "≤"),
    (re.compile(">=|=>"), "≥"),
    (re.compile("&"), " and "),
)
_SPECIAL = re.compile(r"[^a-z ]|\bper ?cent\b|\bdegrees?\b")
_WORD = re.compile(
    r"(?P<ratio>(?<![^\W_])(?<!\b[cslt] )\d+(?:\.\d+)?(?: ?[/:] ?\d+(?:\.\d+)?)+)"  # 2/3, 1:10; but not C5/6
    r"|(?P<number>(?:\d+|(?<![\w.])(?=\.\d))(?:\.\d+)*(?:\^[+-]?\d+)?)"
    r"|[^\W\d_](?:[^\W\d_]|[^\w\s\x00-\x7f])*"  # letters and their marks
    r"|[%+<>$]|[^\w\s\x00-\x7f]"
)
_JOINED = re.compile(r"[-\d]")  # "type-a fibers" has no article
_NUMBER_WORD = re.compile(
    r"\b(?:zero|nought|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|million|"
    r"(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b"
)
_CAPITAL_A = re.compile(r"\bA(?=\s(?!hundred|thousand|million))")
_DROPPED = frozenset({"an", "the"})


def _pairs(text: str) -> dict[str, str]:
    return {uk: us for uk, _, us in (pair.partition("/") for pair in text.split())}


_SPELLINGS = _pairs(
    "aesthe/esthe haem/hem aemi/emi oedem/edem oesoph/esoph foet/fet caes/ces paed/ped faec/fec aetio/etio rrhoe/rrhe "
    "pnoe/pne gynaec/gynec coeli/celi oestr/estr sulph/sulf tumour/tumor colour/color labour/labor behaviour/behavior "
    "favour/favor neighbour/neighbor vapour/vapor mould/mold programme/program artefact/artifact calibre/caliber "
    "theatre/theater caec/cec homoeo/homeo fibre/fiber centred/centered centre/center litre/liter metre/meter "
    "manoeuvre/maneuver neurone/neuron grey/gray isation/ization lyse/lyze disc/disk"
)
_UK = re.compile("|".join(_SPELLINGS))
_ISE = re.compile(r"(?<=\w{3})is(?=(?:e|ed|es|ing|er|ers)\b)")
_LATIN = _pairs(
    "ganglia/ganglion rami/ramus foramina/foramen vertebrae/vertebra nuclei/nucleus fasciculi/fasciculus "
    "funiculi/funiculus radices/radix apices/apex cortices/cortex cannulae/cannula fasciae/fascia laminae/lamina "
    "stimuli/stimulus foci/focus"
)


def normal(text: str) -> tuple[str, ...]:
    """Return the words of an answer as a deck has it, without articles; a capital A in it is a name."""
    return tuple(word for word in spoken(_CAPITAL_A.sub("A-", text)) if word != ARTICLE)


def spoken(text: str) -> tuple[str, ...]:
    """Return the words of a typed answer; an "a" that may be an article is `ARTICLE`. Empty when there is nothing."""
    bare = " ".join(_undressed(text).split())
    if _NUMBER_WORD.search(bare):
        from quiz.questions.numerals import digits_for_words  # few answers hold a number in words

        bare = digits_for_words(bare)
    bare = _UK.sub(lambda found: _SPELLINGS[found[0]], bare)
    words = _parted(_ISE.sub("iz", bare))
    kept = tuple(w for w in words if w not in _DROPPED) or words
    if kept and kept[-1] == ARTICLE:  # with nothing after it, it is none
        kept = (*kept[:-1], "a")
    return kept or tuple(filter(None, (folded(text).casefold(),)))


def same_word(one: str, other: str) -> bool:
    """Whether two words are the same, or one is the plural of the other."""
    return one == other or not _singulars(one).isdisjoint(_singulars(other))


def singular(word: str) -> str:
    """Return the shortest word that this one may be the plural of: the same for both."""
    return min(_singulars(word), key=lambda found: (len(found), found))


def _undressed(text: str) -> str:
    """Return `text` in lower case, without accents and without compatibility forms such as `Ⅳ`, `µ` or full width."""
    if text.isascii():
        return text.lower()
    text = _RAISED.sub(r"^\g<0>", _VULGAR.sub(r" \g<0> ", text.translate(_DASHES)))
    text = normalized("NFKC", text).casefold().translate(_DASHES).translate(_LETTERS)
    result: list[str] = []
    base = ""
    for char in normalized("NFKD", text):
        kind = unicodedata.category(char)
        if kind[0] == "M":
            if _sounds(base) or result[-1:] == ["="]:  # ≠ is a sign with a mark
                result.append(char)
        elif kind != "Cf":  # soft hyphens and joiners stand inside words
            base = char if kind[0] == "L" else ""
            result.append(_plain(char, kind))
    return _LONE_GREEK.sub(lambda m: _GREEK[m[0]], normalized("NFC", "".join(result)))


def _plain(char: str, kind: str) -> str:
    """Return a letter as it is, a digit of any script as one of ours, and a space for what only separates."""
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    if kind[0] in "LN" or char.isascii():
        return char
    return f" {char} " if kind in ("Sc", "Sm", "So") and char not in _IDLE_SIGNS else " "


def _sounds(base: str) -> bool:
    """Whether marks on this letter are sounds of their own, not accents or points (Latin, Greek, Hebrew, Arabic)."""
    return base >= "\u0400" and not ("\u0590" <= base < "\u0780" or "\u1e00" <= base < "\u2000")


def _parted(bare: str) -> tuple[str, ...]:
    """Return the words and signs of a text in lower case, each in the form in which it is compared."""
    if not _SPECIAL.search(bare):  # by far the most answers, and decks have many
        return tuple(ARTICLE if word == "a" else word for word in bare.split())
    for pattern, put in _REWRITTEN:
        bare = pattern.sub(put, bare)
    return tuple(_canonical(found) for found in _WORD.finditer(bare))


def _canonical(found: re.Match[str]) -> str:
    """Return one word as it is compared."""
    word, text = found[0], found.string
    if found["ratio"]:
        return word.replace(" ", "")
    if found["number"]:
        return _number(word)
    if word == "a" and text.startswith(" ", found.end()) and not _JOINED.match(text, max(0, found.start() - 1)):
        return ARTICLE
    return word


def _number(word: str) -> str:
    """Return a number without zeros that say nothing: `.50` is `0.5`, and `1.0` is `1` but never `10`."""
    whole, dot, part = word.partition(".")
    if "^" in word or "." in part:
        return word
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + (dot + part if part else "")


@lru_cache(4096)
def _singulars(word: str) -> frozenset[str]:
    """Return the word itself and what it may be the plural of."""
    found = {word, _LATIN.get(word, word)}
    if word.isalpha() and len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        found.add(word[:-1])
        if word.endswith("ies"):
            found.add(f"{word[:-3]}y")
        if word.endswith(("ses", "xes", "zes", "ches", "shes")):
            found.add(word[:-2])
        if word.endswith(("ses", "xes")):
            found.add(f"{word[:-2]}is")  # metastases
    return frozenset(found)
