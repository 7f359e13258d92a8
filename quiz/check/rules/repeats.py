"""Cards that are too much alike: asked twice, or mistaken for each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher

from quiz.check.rules.base import ERROR, WARNING, Asked, Fault, Material, rule
from quiz.check.words import overlap, telling
from quiz.text import folded

_FRONTS_ALIKE, _TWICE = 0.85, 0.92
_WORTH_A_LOOK = 0.5  # two texts that share fewer of their words are never so much alike


def _alike(material: Material, least: float) -> Iterator[tuple[Asked, Asked]]:
    """Yield the pairs of questions, of different cards, whose stems are alike."""
    fronts = [(asked, text, frozenset(telling(text))) for asked in material.asked for text in (_front(asked),)]
    by_word: dict[str, list[int]] = defaultdict(list)
    for i, (asked, text, words) in enumerate(fronts):
        near: set[int] = set()
        rare = sorted(words, key=lambda word: len(by_word[word]))[
            : len(words) // 2 + 1
        ]  # alike ones share one of these
        for word in rare:
            near.update(by_word[word])
        for word in words:
            by_word[word].append(i)
        for j in sorted(near):
            other, front, others = fronts[j]
            if other.card.family == asked.card.family or overlap(words, others) < _WORTH_A_LOOK:
                continue
            match = SequenceMatcher(None, front, text, autojunk=False)
            if match.quick_ratio() > least and match.ratio() > least:
                yield other, asked


def _front(asked: Asked) -> str:
    """Return what is shown before the answer; the figure belongs to it."""
    return folded(f"{asked.shown} {asked.card.figure_at(asked.question)}").casefold()


def _key(asked: Asked) -> str:
    return " ".join(sorted(telling(asked.question.key)))


@rule("C25", WARNING, "Cards whose fronts are alike but whose answers differ name each other in contrast_with.")
def told_apart(material: Material) -> Iterator[Fault]:
    for one, other in _alike(material, _FRONTS_ALIKE):
        linked = other.card.family in one.card.contrast_with and one.card.family in other.card.contrast_with
        if not linked and _key(one) != _key(other):
            where = f"{one.card.file}:{one.line}"
            yield Fault(other, f"looks like the question at {where}", "name each other in 'contrast_with'")


@rule("C26", ERROR, "No question stands twice.")
def asked_once(material: Material) -> Iterator[Fault]:
    for one, other in _alike(material, _TWICE):
        if _key(one) == _key(other) and one.question.kind == other.question.kind:
            where = f"{one.card.file}:{one.line}"
            yield Fault(other, f"asks the same as {where}", "take one of the two out")
