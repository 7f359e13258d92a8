"""The guessers that learn: from other questions of the same set, what keys have that wrong options have not.

A question is never judged by a model that has seen it: the cards are dealt into ten heaps, and each heap is judged by
what was learned from the other nine. The questions of one card stay in one heap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from quiz.check.guess.sight import (
    Scores,
    Sight,
    echoes_stem,
    fits_grammar,
    in_the_middle,
    least_absolute,
    like_the_others,
    longest,
    most_hedged,
    most_signs,
)
from quiz.check.words import tokens

HEAPS = 10
_SMOOTH = 0.5  # added to each count, so that a word seen once says little
_APART = 2.0  # standard errors from chance
_ROUNDS, _STEP, _SHRINK = 80, 0.5, 0.02


@dataclass(frozen=True, slots=True)
class Solved:
    """A question to learn from: what is seen, the place of the key, and the heap of its card."""

    sight: Sight
    key: int
    heap: int


class Words:
    """Naive Bayes over the words of options: how much more often each stands in keys."""

    def __init__(self, solved: Sequence[Solved]) -> None:
        self._keys: Counter[str] = Counter()
        self._wrong: Counter[str] = Counter()
        for one in solved:
            for i, words in enumerate(one.sight.words):
                (self._keys if i == one.key else self._wrong).update(words)
        options = sum(len(one.sight.options) for one in solved)
        self._odds = (options - len(solved)) / max(1, len(solved))  # wrong options for each key

    def one_sided(self, most: int = 16) -> tuple[tuple[str, int, int], ...]:
        """Return the words that tell most: beginning, keys that hold it, wrong options that do."""
        found = []
        for word in {*self._keys, *self._wrong}:
            keys, wrong = self._keys[word], self._wrong[word]
            share = 1 / (1 + self._odds)
            far = (keys - (keys + wrong) * share) / ((keys + wrong) * share * (1 - share)) ** 0.5
            found.append((abs(far), (word, keys, wrong)))
        return tuple(word for far, word in sorted(found, key=lambda one: (-one[0], one[1]))[:most] if far > _APART)

    def scores(self, sight: Sight, without: int | None = None) -> Scores:
        """Return the log odds of each option; `without` is the key's place in a question that was learned from."""
        found = []
        for words in sight.words:
            total = 0.0
            for word in words:
                keys, wrong = self._keys[word], self._wrong[word]
                if without is not None:  # take out what this very question added
                    for j, others in enumerate(sight.words):
                        if word in others:
                            keys, wrong = (keys - 1, wrong) if j == without else (keys, wrong - 1)
                total += log((keys + _SMOOTH) / (wrong / self._odds + _SMOOTH))
            found.append(total)
        return found


CUES: Mapping[str, Callable[[Sight], Scores]] = {
    "length": longest,
    "words": lambda sight: [float(len(tokens(text))) for text in sight.options],
    "long words": lambda sight: [len(text) / max(1, len(tokens(text))) for text in sight.options],
    "no absolute word": least_absolute,
    "hedging": most_hedged,
    "the stem's words": echoes_stem,
    "words of the other options": like_the_others,
    "commas, brackets, digits": most_signs,
    "form": fits_grammar,
    "place": in_the_middle,
}
OWN_WORDS = "words that stand in keys"


def words_alone(solved: Sequence[Solved]) -> list[Scores]:
    """G11: judge each question by the words of its options alone."""
    models = [Words([one for one in solved if one.heap != heap]) for heap in range(HEAPS)]
    return [models[one.heap].scores(one.sight) for one in solved]


def mixed(solved: Sequence[Solved]) -> tuple[list[Scores], dict[str, float]]:
    """G12: judge each question by a mix of all cues, a conditional logit; return the weights over all questions too."""
    shown = [
        _standard([[*rows] for rows in zip(*(cue(one.sight) for cue in CUES.values()), strict=True)]) for one in solved
    ]
    scores: list[Scores] = [()] * len(solved)
    for heap in range(HEAPS):
        train = [i for i, one in enumerate(solved) if one.heap != heap]
        words = Words([solved[i] for i in train])
        weights = _fit([_with(shown[i], words.scores(solved[i].sight, solved[i].key)) for i in train],
                       [solved[i].key for i in train])  # fmt: skip
        for i, one in enumerate(solved):
            if one.heap == heap:
                scores[i] = [_dot(weights, row) for row in _with(shown[i], words.scores(one.sight))]
    everything = Words(solved)
    whole = [_with(rows, everything.scores(one.sight, one.key)) for rows, one in zip(shown, solved, strict=True)]
    weights = _fit(whole, [one.key for one in solved])
    return scores, dict(zip((*CUES, OWN_WORDS), weights, strict=True))


def _with(rows: Sequence[Sequence[float]], words: Scores) -> list[list[float]]:
    """Return the cues of each option with one more: what its words say."""
    column = _standard([[value] for value in words])
    return [[*row, *more] for row, more in zip(rows, column, strict=True)]


def _standard(rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return each cue as its distance from the mean of the question's options, at most 1 either way."""
    columns = []
    for column in zip(*rows, strict=True):
        mean = sum(column) / len(column)
        apart = max(abs(value - mean) for value in column) or 1.0
        columns.append([(value - mean) / apart for value in column])
    return [list(row) for row in zip(*columns, strict=True)]


def _fit(items: Sequence[Sequence[Sequence[float]]], keys: Sequence[int]) -> list[float]:
    """Return the weights that make the keys most likely, by gradient steps with a penalty on large weights."""
    weights = [0.0] * (len(CUES) + 1)
    for _ in range(_ROUNDS):
        slope = [-_SHRINK * weight for weight in weights]
        for rows, key in zip(items, keys, strict=True):
            chances = _chances([_dot(weights, row) for row in rows])
            for i, row in enumerate(rows):
                short = ((i == key) - chances[i]) / len(items)
                for k, value in enumerate(row):
                    slope[k] += short * value
        weights = [weight + _STEP * step for weight, step in zip(weights, slope, strict=True)]
    return weights


def _chances(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    raised = [exp(score - top) for score in scores]
    return [value / sum(raised) for value in raised]


def _dot(weights: Sequence[float], row: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, row, strict=True))
