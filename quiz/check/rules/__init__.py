"""The rules of good content: C for cards and questions, P for what patients read. One family in each file.

`look` runs them over decks that the reader found sound. A card that breaks a rule for a reason says so in its
`exceptions`; an exception that excuses nothing is itself a fault, so that none outlives its reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from quiz.check.rules import answers, cues, facts, options, patients, repeats, stems
from quiz.check.rules.base import (
    ERROR,
    RULES,
    WARNING,
    Fault,
    Finding,
    Material,
    Rule,
    card_of,
    place_of,
)
from quiz.deck.model import Card
from quiz.places import Problem
from quiz.text import nearest

__all__ = ["ERROR", "RULES", "WARNING", "Finding", "Material", "Rule", "in_order", "look"]
FAMILIES = (answers, cues, facts, options, patients, repeats, stems)
WHOLE = "all decks together"
_FEWEST_WORDS = 3


def in_order() -> list[Rule]:
    """Return all rules, in the order of their ids."""
    return sorted(RULES.values(), key=lambda rule: (rule.id[0], int(rule.id[1:])))


def look(material: Material) -> list[Finding]:
    """Run every rule over the material; return what is found, by place."""
    used: set[tuple[str, str, str]] = set()
    found: list[Finding] = []
    for rule in in_order():
        for fault in rule.look(material):
            card = card_of(fault.at)
            if card and rule.id in dict(card.exceptions):
                used.add((card.file, card.family, rule.id))
            else:
                found.append(_finding(rule.id, rule.severity, fault))
    found += _exceptions(material, used)
    return sorted(found, key=lambda one: (one.problem.place, one.rule))


def _finding(rule: str, severity: str, fault: Fault) -> Finding:
    card = card_of(fault.at)
    problem = Problem(place_of(fault.at, WHOLE), fault.what, fault.mend, card.family if card else "")
    return Finding(rule, severity, problem)


def _exceptions(material: Material, used: set[tuple[str, str, str]]) -> Iterator[Finding]:
    """Yield the exceptions that name no rule, give no reason or excuse nothing."""
    for card in facts.entries(material):
        for name, reason in card.exceptions:
            fault = _needless(card, name, reason, (card.file, card.family, name) in used)
            if fault:
                yield _finding(name, ERROR, fault)


def _needless(card: Card, name: str, reason: str, used: bool) -> Fault | None:
    if name not in RULES:
        guess = nearest(name, frozenset(RULES))
        mend = f"did you mean {guess}?" if guess else "see: quiz check --list"
        return Fault(card, f"an exception from '{name}', which is no rule", mend)
    if not used:
        return Fault(card, f"an exception from {name} that nothing needs", "take it out")
    if len(reason.split()) < _FEWEST_WORDS:
        return Fault(card, f"the exception from {name} gives no reason", "say why this card must break the rule")
    return None
