"""What a guesser sees: a stem, and options in the order in which they stand on the screen. Never the key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from quiz.check.words import ABSOLUTES, HEDGES, form, likeness, stems, tokens

_SIGN = re.compile(r"[,;()\d]")
Scores = Sequence[float]
"""One number for each option: the guesser takes the highest, and draws lots where several are."""


@dataclass(frozen=True)
class Sight:
    """A question as shown. `before` are the places (from 0) of the keys of the questions that came before it."""

    stem: str
    options: tuple[str, ...]
    before: tuple[int, ...] = ()

    @cached_property
    def words(self) -> tuple[frozenset[str], ...]:
        """The telling words of each option, cut to their beginnings."""
        return tuple(stems(text) for text in self.options)


def longest(sight: Sight) -> Scores:
    """G1: the longest option."""
    return [float(len(text)) for text in sight.options]


def shortest(sight: Sight) -> Scores:
    """G2: the shortest option."""
    return [-float(len(text)) for text in sight.options]


def least_absolute(sight: Sight) -> Scores:
    """G3: the option without always, never, only."""
    return [-float(len(ABSOLUTES.intersection(tokens(text)))) for text in sight.options]


def most_hedged(sight: Sight) -> Scores:
    """G4: the option with may, often, usually."""
    return [float(len(HEDGES.intersection(tokens(text)))) for text in sight.options]


def echoes_stem(sight: Sight) -> Scores:
    """G5: the option that repeats words of the stem."""
    asked = stems(sight.stem)
    return [float(len(asked & words)) for words in sight.words]


def like_the_others(sight: Sight) -> Scores:
    """G6: the option that has most in common with the others."""
    return likeness(sight.words)


def most_signs(sight: Sight) -> Scores:
    """G7: the option with commas, brackets, digits."""
    return [float(len(_SIGN.findall(text))) for text in sight.options]


def fits_grammar(sight: Sight) -> Scores:
    """G8: the option that begins as most others do, and fits an article at the end of the stem."""
    forms = [form(text) for text in sight.options]
    article = re.search(r"\b(an?)\W*$", sight.stem)
    return [
        forms.count(one) + (2.0 if article and (text[:1].lower() in "aeiou") is (article[1] == "an") else 0.0)
        for one, text in zip(forms, sight.options, strict=True)
    ]


def in_the_middle(sight: Sight) -> Scores:
    """G9: the option nearest to the middle."""
    middle = (len(sight.options) - 1) / 2
    return [-abs(i - middle) for i in range(len(sight.options))]


def not_the_last_place(sight: Sight) -> Scores:
    """G10: the place where the key stood least often in the questions before."""
    return [-float(sight.before[-12:].count(i)) - (sight.before[-1:] == (i,)) for i in range(len(sight.options))]
