"""The options of a question: one key, as many as help, alike in form, and none that says something about the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from quiz.check.rules.base import ERROR, FEWEST_FOR_RATES, Fault, Material, beyond_chance, percent, rule
from quiz.check.words import overlap, tokens
from quiz.questions.words import singular

_LONGEST_KEY, _SHORTEST_KEY = 1.4, 0.6
_ALIKE = 0.8
_FORBIDDEN = re.compile(
    r"^(?:all|none|both|neither|any) (?:of )?(?:the|these|them|those)\b|^(?:all|none|both|neither)$|\bof the above\b|"
    r"^(?:both )?[A-E] and [A-E]$|^[A-E] or [A-E]$",
    re.IGNORECASE,
)
_VERDICTS = ({"true", "false"}, {"yes", "no"}, {"right", "wrong"}, {"correct", "incorrect"})
_QUANTITY = re.compile(
    r"\bhow (?:often|many|much|common|likely|frequent\w*)\b|\bwhat (?:share|proportion|percentage)\b", re.I
)
_VAGUE = re.compile(r"\b(?:often|rarely|usually|sometimes|seldom|frequently|occasionally|commonly)\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"^(?:about |around |roughly |under |over |at least |up to )?"
    r"(?P<low>\d+(?:[.,]\d+)*)(?:\s?(?:-|–|to)\s?(?P<high>\d+(?:[.,]\d+)*))?\s?(?P<unit>.*)$",
    re.IGNORECASE,
)


@rule("C4", ERROR, "No two options say the same.")
def one_key(material: Material) -> Iterator[Fault]:
    for asked, question in material.with_options:
        for one, other in combinations([option.text for option in question.options], 2):
            same = overlap(_in_order(one), _in_order(other))
            if same >= _ALIKE and not _AMOUNT.match(one):
                yield Fault(asked, f"two options are nearly the same: '{one}', '{other}'", "change or remove one")


@rule("C5", ERROR, "A choice has three to five options; three are enough.")
def option_count(material: Material) -> Iterator[Fault]:
    for asked, question in material.choices:
        if not 3 <= len(question.options) <= 5:
            yield Fault(asked, f"{len(question.options)} options", "give it three or four")


@rule("C6", ERROR, "The key is neither much longer than every other option, nor much shorter.")
def key_length(material: Material) -> Iterator[Fault]:
    """The length in letters is at most 1.4 of the longest and at least 0.6 of the shortest wrong option."""
    for asked, question in material.choices:
        wrong = [len(o.text) for i, o in enumerate(question.options) if i != question.right]
        if len(question.key) > _LONGEST_KEY * max(wrong):
            yield Fault(asked, "the key is far longer than the others", "shorten it, or say the others as fully")
        elif len(question.key) < _SHORTEST_KEY * min(wrong):
            yield Fault(asked, "the key is far shorter than the others", "say it as fully as the others")


@rule("C14", ERROR, "No 'all of the above', no 'A and B', no true and false as options.")
def no_forbidden_forms(material: Material) -> Iterator[Fault]:
    for asked, question in material.with_options:
        texts = {option.text.casefold().strip(" .") for option in question.options}
        found = next((option.text for option in question.options if _FORBIDDEN.search(option.text)), "")
        if found:
            yield Fault(asked, f"option '{found}' speaks of the others", "name one thing in each option")
        elif any(verdict <= texts for verdict in _VERDICTS):
            yield Fault(asked, "the options are a verdict", "ask for the reason or the right word")


@rule("C16", ERROR, "Where a quantity is asked for, no option says often, rarely or usually.")
def no_vague_frequency(material: Material) -> Iterator[Fault]:
    for asked, question in material.with_options:
        vague = next((o.text for o in question.options if _VAGUE.search(o.text)), "")
        if vague and _QUANTITY.search(question.ask):
            yield Fault(asked, f"vague amount '{vague}'", "give a number with its source, or ask something else")


@rule(
    "C17", ERROR, "Numbers as options rise, have one unit and do not overlap, and the key is not mostly in the middle."
)
def numeric_options(material: Material) -> Iterator[Fault]:
    in_middle, chance = [], []
    for asked, question in material.choices:
        amounts = [_AMOUNT.match(option.text) for option in question.options]
        read = [found for found in amounts if found]
        if len(read) < len(amounts):
            continue
        ranges = [(_value(found["low"]), _value(found["high"] or found["low"])) for found in read]
        if len({found["unit"].casefold().strip(" .").removesuffix("s") for found in read}) > 1:
            continue  # a number is only the beginning of these: "3 months of therapy", "2 positive blocks"
        if ranges != sorted(ranges):
            yield Fault(asked, "the numbers do not rise", "write the options in order of size")
        elif any(one[1] > other[0] for one, other in pairwise(ranges)):
            yield Fault(asked, "the numbers overlap", "let each range begin where the one before ends")
        if len(ranges) > 2:
            in_middle.append(0 < question.right < len(ranges) - 1)
            chance.append(1 - 2 / len(ranges))
    if len(in_middle) >= FEWEST_FOR_RATES:
        yield from _too_often("a number in the middle is the key", in_middle, sum(chance) / len(chance))


def _in_order(text: str) -> set[str]:
    """Return the words of an option, and each pair of neighbors: the same words in another order say another thing."""
    words = [singular(word) for word in tokens(text)]
    return {*words, *map(" ".join, pairwise(words))}


def _too_often(what: str, hits: Sequence[bool], chance: float) -> Iterator[Fault]:
    _, above = beyond_chance(sum(hits), len(hits), chance)
    if above:
        share = percent(sum(hits) / len(hits))
        yield Fault(None, f"{what} in {share} ({percent(chance)} by chance)", "move some keys to an end")


def _value(text: str) -> float:
    parts = text.replace(",", "").split(".")
    return float(".".join(parts[:2]))
