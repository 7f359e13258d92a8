"""Send every guesser over a set of choices, and say how each did against chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from quiz.check.guess import sight
from quiz.check.guess.learned import HEAPS, Solved, Words, mixed, words_alone
from quiz.check.guess.sight import Scores, Sight
from quiz.check.rules.base import FEWEST_FOR_RATES, Asked, Material
from quiz.check.words import share_of_best
from quiz.digest import blake2b

Z95_ONE_SIDED = 1.645
"""Chance stays below so many standard errors above its mean 95 times in 100."""

_MOST_NAMED = 12
_SHOWINGS = 10  # the options lie otherwise in each: where a key happens to stand once is luck
_BY_RULE = {
    "G1": ("the longest option", sight.longest),
    "G2": ("the shortest option", sight.shortest),
    "G3": ("no absolute word", sight.least_absolute),
    "G4": ("most hedging words", sight.most_hedged),
    "G5": ("most words of the stem", sight.echoes_stem),
    "G6": ("most like the other options", sight.like_the_others),
    "G7": ("most commas, brackets, digits", sight.most_signs),
    "G8": ("best fit of grammar", sight.fits_grammar),
    "G9": ("the place in the middle", sight.in_the_middle),
    "G10": ("the place that was due", sight.not_the_last_place),
}


_TAKES = {name: takes for name, (takes, _) in _BY_RULE.items()} | {
    "G11": "words that keys have, unseen stem",
    "G12": "a learned mix of all cues",
    "G13": "words that keys lack: over-corrected",
}


@dataclass(frozen=True, slots=True)
class Attack:
    """How one guesser did: shares of right answers from 0 to 1; it is held off when `score` is at most `bound`."""

    id: str
    takes: str
    score: float
    bound: float

    @property
    def held(self) -> bool:
        """Whether it did no better than chance allows."""
        return self.score <= self.bound


@dataclass(frozen=True, slots=True)
class Guessed:
    """What came of all attacks.

    `cues` are the weights of the learned mix, the strongest first, and `words` those beginnings of words that stand
    mostly on one side, each with how many keys and how many wrong options hold it.
    """

    questions: int
    chance: float
    attacks: tuple[Attack, ...]
    cues: tuple[tuple[str, float], ...]
    words: tuple[tuple[str, int, int], ...]
    easiest: tuple[Asked, ...]


def guess(material: Material) -> Guessed | None:
    """Let every guesser try; None when there are too few choices to tell skill from luck."""
    if len(material.choices) < FEWEST_FOR_RATES:
        return None
    showings = [_shown(material, showing) for showing in range(_SHOWINGS)]
    solved = showings[0]
    chance = material.chance
    even = [1 / len(one.sight.options) for one in solved]
    bound = chance + Z95_ONE_SIDED * sum(p * (1 - p) for p in even) ** 0.5 / len(solved)
    right = {name: fmean(_rate(shown, judge) for shown in showings) for name, (_, judge) in _BY_RULE.items()}
    words = words_alone(solved)
    right["G11"] = fmean(map(_hit, solved, words))
    scores, weights = mixed(solved)
    right["G12"] = fmean(map(_hit, solved, scores))
    right["G13"] = fmean(_hit(one, [-value for value in values]) for one, values in zip(solved, words, strict=True))
    attacks = tuple(Attack(name, _TAKES[name], score, bound) for name, score in right.items())
    cues = tuple(sorted(weights.items(), key=lambda cue: -abs(cue[1])))
    return Guessed(len(solved), chance, attacks, cues, Words(solved).one_sided(), _easiest(material, solved, scores))


def _shown(material: Material, showing: int) -> list[Solved]:
    """Return the choices as one session would show them, options shuffled, with the heap of each card."""
    found: list[Solved] = []
    for asked, question in material.choices:
        order = question.order(f"guess/{showing}/{asked.card.family}/{question.ask}")
        options = tuple(question.options[i].text for i in order)
        before = tuple(one.key for one in found[-40:])
        found.append(Solved(Sight(asked.shown, options, before), order.index(question.right), _heap(asked)))
    return found


def _rate(shown: Sequence[Solved], judge: Callable[[Sight], Scores]) -> float:
    return fmean(_hit(one, judge(one.sight)) for one in shown)


def _heap(asked: Asked) -> int:
    return int.from_bytes(blake2b(asked.card.family.encode(), digest_size=4).digest(), "big") % HEAPS


def _hit(one: Solved, scores: Scores) -> float:
    return share_of_best(scores, one.key)


def _easiest(material: Material, solved: Sequence[Solved], scores: Sequence[Scores]) -> tuple[Asked, ...]:
    """Return the questions whose key stands out most to the learned mix."""
    lead = []
    for (asked, _), one, values in zip(material.choices, solved, scores, strict=True):
        others = [value for i, value in enumerate(values) if i != one.key]
        lead.append((values[one.key] - max(others), asked))
    lead.sort(key=lambda pair: -pair[0])
    return tuple(asked for apart, asked in lead[:_MOST_NAMED] if apart > 0)
