"""Answers that are typed or said: fair to every spelling, strict on near misses, and one thing at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quiz.check.rules.base import ERROR, WARNING, Fault, Material, rule
from quiz.check.words import count
from quiz.questions import Choice, Cloze, Flip, Typed
from quiz.questions.base import Question

_SPELLINGS = tuple(
    pair.split("/")
    for pair in (
        "anesth/anaesth edema/oedema ischem/ischaem hemorrh/haemorrh hemato/haemato color/colour center/centre "
        "fiber/fibre tumor/tumour pediatr/paediatr orthoped/orthopaed catheteriz/catheteris gray/grey leukocyt/leucocyt"
    ).split()
)
_MOST_WORDS = 12
_LIST = re.compile(r"[^,;]+[,;][^,;]+(?:[,;]| and | or )[^,;]+")


@rule(
    "C23",
    ERROR,
    "A typed answer takes US and UK spelling and the plural, no distractor, and lists near misses that are wrong.",
)
def fair(material: Material) -> Iterator[Fault]:
    """What the marking itself forgives (case, hyphens, spelling) need not be listed: the marking is asked."""
    for asked in material.asked:
        question = asked.question
        if not isinstance(question, (Typed, Cloze)):
            continue
        for other in _spelt(question.key):
            if not question.mark(other).right:
                yield Fault(asked, f"'{other}' is not accepted", "add it to 'accept'")
        for sibling in asked.card.questions:
            if isinstance(sibling, Choice) and question.mark(sibling.key).right:
                wrong = (o.text for i, o in enumerate(sibling.options) if i != sibling.right)
                taken = next((text for text in wrong if question.mark(text).right), "")
                if taken:
                    yield Fault(asked, f"accepts '{taken}', a wrong option of the card", "take it out of 'accept'")
        if isinstance(question, Typed) and not question.reject:
            yield Fault(asked, "no near miss is listed", "add 'reject: […]' with answers that are tempting and wrong")


def _spelt(key: str) -> Iterator[str]:
    """Yield the same answer in the other spelling, where there is one."""
    for one, other in _SPELLINGS:
        if other in key:
            yield key.replace(other, one)
        elif one in key:
            yield key.replace(one, other)


@rule("C24", WARNING, "An answer is one thing: twelve words at most, no list of three, no yes or no; a stem asks once.")
def one_thing(material: Material) -> Iterator[Fault]:
    for asked in material.asked:
        question: Question = asked.question
        if isinstance(question, (Flip, Typed, Cloze)):
            if count(question.key) > _MOST_WORDS:
                yield Fault(
                    asked, f"the answer has {count(question.key)} words", f"say it in {_MOST_WORDS}, or ask for less"
                )
            if question.key.casefold().strip(" .") in ("yes", "no"):
                yield Fault(asked, "the answer is yes or no", "ask what, why or how")
            elif _LIST.search(question.key):
                yield Fault(asked, "the answer is a list", "ask for one thing, or make it a choice of several")
        if question.stem.count("?") > 1:
            yield Fault(asked, "the stem asks more than once", "ask one question")
