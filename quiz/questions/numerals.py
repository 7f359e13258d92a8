"""Numbers as people write them: digits with any separators, fractions, powers of ten, and words."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

from quiz.text import normalized

_SIGNS = str.maketrans(
    dict.fromkeys("‐‑‒–—−﹣－", "-")
    | dict.fromkeys("’‘‛`´＇", "'")
    | {"º": "°", "˚": "°", "×": "x", "✕": "x", "⋅": "·", "⁄": "/", "∕": "/", "÷": "/", "٫": ".", "٬": ","}
)
_RAISED = re.compile(r"(?<=\d)[⁺⁻]?[⁰¹²³⁴-⁹]+")  # the compatibility forms would make 102 of 10², and 11/2 of 1½
_VULGAR = re.compile("[¼-¾⅐-⅞]")
_DIGITS = r"\d{1,15}"
_CHUNK = re.compile(
    rf"(?:\d{{1,3}}(?:[ ']\d{{3}})+(?:[.,]\d{{1,15}})?(?!\d)|{_DIGITS}(?:[.,]{_DIGITS})*|[.,]{_DIGITS})"
)
_FRACTION = re.compile(r"(?:(\d{1,6}) )?(\d{1,6}) ?/ ?(\d{1,6})(?![\d.,/])")
_POWER = re.compile(r" ?(?:e|[x*] ?10 ?\^) ?([+-]?\d{1,2})(?!\d)", re.IGNORECASE)
_TEN = re.compile(r"10\^([+-]?\d{1,2})(?!\d)")
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")
_SCALE = re.compile(r" ?(hundred|thousand|million|billion)\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)

_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12}
_SMALL = {
    word: value
    for value, words in enumerate(
        "zero,nought one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
    for word in words.split(",")
}
_TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4}


_MOST_WORDS = 24  # in one number
_FIRST = "|".join((*_SMALL, *_TENS, "hundred", "thousand", "million"))
_BEGIN = re.compile(rf"(?<![^\W_])(?:an?[ -](?=hundred|thousand|million)|(?:{_FIRST})\b)")


class Numeral(NamedTuple):
    """A number at the start of a text, and the `rest` of it.

    `other` is its value where the separator is read the other way (`1,500` is 1500 or 1.5), and `comma` says which one
    it is. `part` says that it was written as a part of one: `3/4`, `half`.
    """

    value: Fraction
    rest: str
    other: Fraction | None = None
    comma: bool = False
    part: bool = False


def undressed(text: str) -> str:
    """Return `text` on one line with one sign for all dashes, spaces, digits and the like. Case stays: mW is not MW."""
    if not text.isascii():
        text = _RAISED.sub(r"^\g<0>", _VULGAR.sub(r" \g<0> ", text.translate(_SIGNS)))
        text = normalized("NFKC", text).translate(_SIGNS)
        text = "".join(_plain(char) for char in text)
        text = re.sub(r"(?<=\d)·(?=\d)", ".", text)
    return " ".join(text.split())


def _plain(char: str) -> str:
    kind = unicodedata.category(char)
    return str(unicodedata.decimal(char)) if kind == "Nd" else "" if kind == "Cf" else char


def numeral(text: str) -> Numeral | None:
    """Return the number that an undressed text begins with; None when it begins with something else."""
    signed = re.match(r"(?:([+-])|(plus|minus|negative)\b) ?", text, re.IGNORECASE)
    bare = text[signed.end() :] if signed else text
    found = _in_digits(bare) or _in_words(bare)
    if found and signed and signed[0].strip().lower() not in ("+", "plus"):
        return found._replace(value=-found.value, other=None if found.other is None else -found.other)
    return found


def _in_digits(text: str) -> Numeral | None:
    if found := _FRACTION.match(text):
        whole, above, below = (int(digits or 0) for digits in found.groups())
        return Numeral(whole + Fraction(above, below), text[found.end() :], part=not whole) if below else None
    if found := _TEN.match(text):
        return Numeral(_power(found[1]), text[found.end() :])
    chunk = _CHUNK.match(text)
    if not chunk:
        return None
    values, rest = _values(chunk[0]), text[chunk.end() :]
    if not values or rest[:1].isdigit():
        return None
    scale = Fraction(1)
    if found := _POWER.match(rest) or _SCALE.match(rest):
        scale = Fraction(_SCALES[found[1].lower()]) if found[1].isalpha() else _power(found[1])
        rest = rest[found.end() :]
    other = values[1] * scale if len(values) > 1 else None
    return Numeral(values[0] * scale, rest, other, "," in chunk[0])


def _power(exponent: str) -> Fraction:
    return Fraction(10) ** int(exponent)


def _values(chunk: str) -> tuple[Fraction, ...]:
    """Return the value of digits with separators: two where it may be read in two ways, the English one first.

    A comma or a point is decimal unless it parts off groups of three digits; one such group may be either.
    """
    plain = re.sub(r"[ ']", "", chunk)
    commas, points = plain.count(","), plain.count(".")
    if plain != chunk or (commas <= 1 and points <= 1 and not (commas and points)):
        decimal = Fraction(_dotted(plain))
        if plain == chunk and _GROUPED.fullmatch(chunk) and not chunk.startswith("0"):
            whole = Fraction(re.sub("[.,]", "", chunk))
            return (whole, decimal) if commas else (decimal, whole)
        return (decimal,)
    if _GROUPED.fullmatch(chunk):
        return (Fraction(re.sub("[.,]", "", chunk)),)
    whole_part, last, part = re.split(r"([.,])(?=\d+$)", chunk)
    grouped = _GROUPED.fullmatch(whole_part)
    return (Fraction(f"{re.sub('[.,]', '', whole_part)}.{part}"),) if grouped and grouped[1] != last else ()


def _dotted(digits: str) -> str:
    """Return digits with at most one separator as a decimal that Python reads."""
    whole, _, part = digits.replace(",", ".").partition(".")
    return f"{whole or 0}.{part or 0}"


def _in_words(text: str) -> Numeral | None:
    """Return the number that a text begins with in words: `eighty-five`, `two and a half`, `three quarters`."""
    reader = _Words(text)
    value = reader.number()
    return None if value is None else Numeral(value, text[reader.end :], part=reader.part)


def digits_for_words(text: str) -> str:
    """Return a text in lower case with its numbers in digits; parts such as `half` stay as they are."""
    done, at = "", 0
    while found := _BEGIN.search(text, at):
        reader = _Words(text[found.start() :])
        value = float(reader.decimal())
        done += f"{text[at : found.start()]}{value:.12g}"
        at = found.start() + reader.end
    return done + text[at:]


class _Words:
    """Reads a number in words from the start of a text, as far as it goes; `end` is where it stops."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found = list(islice(_WORD.finditer(text), _MOST_WORDS)) if _WORD.match(text) else []
        self.at = self.end = 0
        self.part = False

    def number(self) -> Fraction | None:
        """Return the number, or None when the text begins with no number."""
        article = self._peek() in ("a", "an") and self._take()
        whole = self._whole(Fraction(1) if article else None)
        if whole is None:
            below = self._taken(_PARTS)
            self.part = below is not None
            return Fraction(1, below) if below else Fraction(1) if article and self._peek() else None
        if below := self._taken(_PARTS):  # three quarters
            self.part = True
            return whole / below
        return whole + self._decimals() + self._and_a_part()

    def decimal(self) -> Fraction:
        """Return the number without a part such as `and a half`; a lone `hundred` is a hundred."""
        article = self._peek() in ("a", "an") and self._take()
        whole = self._whole(Fraction(1) if article or self._peek() in _SCALES else None)
        assert whole is not None
        return whole + self._decimals()

    def _whole(self, before: Fraction | None) -> Fraction | None:
        """Return the whole number: groups of hundreds, each before its thousand or million. `before` is an "a"."""
        total = Fraction(0)
        group = before
        if before is None:
            group = Fraction(0) if self._peek() == "point" else self._below_hundred()
            if group is None:
                return None
        elif self._peek() not in _SCALES:
            return None
        while (scale := self._taken(_SCALES)) is not None:
            group = (group or Fraction(0)) * scale
            if scale >= 1000:
                total += group
                group = None
            more = self._and_below_hundred()
            if more is not None:
                group = (group or Fraction(0)) + more
            if group is None:
                break
        return total + (group or 0)

    def _below_hundred(self) -> Fraction | None:
        tens = self._taken(_TENS)
        if tens is None:
            small = self._taken(_SMALL)
            return None if small is None else Fraction(small)
        ones = self._taken({word: value for word, value in _SMALL.items() if 0 < value < 10})
        return Fraction(tens + (ones or 0))

    def _and_below_hundred(self) -> Fraction | None:
        """Return what follows a hundred or a thousand: `and fifty`, `fifty`."""
        here = self.at, self.end
        if self._peek() == "and":
            self._take()
        found = self._below_hundred()
        if found is None:
            self.at, self.end = here
        return found

    def _decimals(self) -> Fraction:
        """Return what follows a `point`."""
        if self._peek() != "point":
            return Fraction(0)
        here = self.at, self.end
        self._take()
        digits = ""
        while (digit := self._taken({word: value for word, value in _SMALL.items() if value < 10})) is not None:
            digits += str(digit)
        if not digits:
            self.at, self.end = here
        return Fraction(f"0.{digits or 0}")

    def _and_a_part(self) -> Fraction:
        """Return the part in `two and a half`."""
        here = self.at, self.end
        if self._peek() == "and":
            self._take()
            above = 1 if self._peek() in ("a", "an") and self._take() else self._taken(_SMALL)
            below = self._taken(_PARTS)
            if above and below:
                return Fraction(above, below)
        self.at, self.end = here
        return Fraction(0)

    def _peek(self) -> str:
        """Return the next word in lower case; "" when something else than a space or a hyphen stands before it."""
        if self.at == len(self.found):
            return ""
        word = self.found[self.at]
        joined = self.at == 0 or self.text[self.end : word.start()] in (" ", "-")
        return word[0].lower() if joined else ""

    def _take(self) -> bool:
        self.end = self.found[self.at].end()
        self.at += 1
        return True

    def _taken(self, words: dict[str, int]) -> int | None:
        """Take the next word if it is one of `words`; return its value."""
        word = self._peek()
        return words[word] if word in words and self._take() else None
