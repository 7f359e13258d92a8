"""The stem: a question that can be answered with the options covered, and that does not answer another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from quiz.check.rules.base import ERROR, WARNING, Asked, Fault, Material, rule
from quiz.check.words import count, tokens
from quiz.questions import Choice, Cloze

_NEGATIVE = re.compile(r"\b(?:not|except|least|false|incorrect|untrue|n't)\b|n['’]t\b", re.IGNORECASE)
_WORD = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|is|are|was|does|do|did|can|should|will|has|have|would|put|match|"
    r"order|sort|name|give|choose|pick|fill)\b",
    re.IGNORECASE,
)
_UNFOCUSED = re.compile(
    r"\bwhich (?:one )?(?:of (?:the following|these)|statements?|options?|is (?:true|correct|right))\b", re.I
)
_IMPERATIVE = {"order", "match", "figure"}  # "Put these in order." is told, not asked
_MOST_WORDS, _MOST_IN_CASE, _MOST_IN_OPTION = 30, 90, 15
_LEAK = 3  # words in a row


@rule("C15", ERROR, "The lead-in does not ask for what is not so.")
def positive(material: Material) -> Iterator[Fault]:
    for asked, question in material.with_options:
        found = _NEGATIVE.search(_lead_in(question.ask))
        if found:
            yield Fault(asked, f"the lead-in says '{found[0]}'", "ask for what is so")


@rule("C18", ERROR, "The lead-in is a question, and clear with the options covered.")
def asks(material: Material) -> Iterator[Fault]:
    for asked in material.asked:
        stem = asked.question.stem
        if isinstance(asked.question, Cloze) or asked.question.kind in _IMPERATIVE:
            continue
        if not stem.rstrip().endswith("?"):
            yield Fault(asked, "the stem does not end in a question mark", "ask a question in full")
        elif not _WORD.search(_lead_in(stem)):
            yield Fault(asked, "the lead-in has no question word", "ask with what, which, when, where, why or how")
        elif isinstance(asked.question, Choice) and _UNFOCUSED.search(stem):
            yield Fault(asked, "the stem asks for any true option", "ask for one thing that can be said unseen")


@rule("C19", WARNING, "At most 90 words in a case, 30 in a stem, 15 in an option.")
def short(material: Material) -> Iterator[Fault]:
    for asked in material.asked:
        case = sum(map(count, asked.card.case_at(asked.question)))
        if case > _MOST_IN_CASE + 30 * max(0, len(asked.card.case_at(asked.question)) - 1):
            yield Fault(asked, f"the case has {case} words", f"tell it in {_MOST_IN_CASE}")
        if count(asked.question.stem) > _MOST_WORDS:
            yield Fault(asked, f"the stem has {count(asked.question.stem)} words", f"ask it in {_MOST_WORDS}")
    for asked, question in material.with_options:
        long = max(question.options, key=lambda option: count(option.text)).text
        if count(long) > _MOST_IN_OPTION:
            yield Fault(asked, f"an option has {count(long)} words: '{long}'", f"say it in {_MOST_IN_OPTION}")


@rule("C20", ERROR, "A stem does not hold the answer: neither its own nor that of another card.")
def no_leak(material: Material) -> Iterator[Fault]:
    """A key of three words or more that stands in a stem as it is."""
    stems = [(asked, f" {' '.join(tokens(asked.shown))} ") for asked in material.asked]
    by_words: dict[tuple[str, ...], list[tuple[Asked, str]]] = defaultdict(list)
    for asked, text in stems:
        words = text.split()
        for triple in set(zip(words, words[1:], words[2:], strict=False)):
            by_words[triple].append((asked, text))
    for asked in material.asked:
        key = tokens(asked.question.key)
        if len(key) < _LEAK or asked.question.kind in ("order", "match", "select"):
            continue
        wanted = f" {' '.join(key)} "
        for other, text in by_words.get((key[0], key[1], key[2]), ()):
            # Two questions of one card never come in one session, and the steps of a case tell what came before.
            if wanted in text and (other is asked or other.card.family != asked.card.family):
                where = "its own stem" if other is asked else f"the stem at {other.card.file}:{other.line}"
                yield Fault(asked, f"its answer stands in {where}", "say one of the two otherwise")
                break


def _lead_in(stem: str) -> str:
    """Return the last sentence of a stem: the question itself."""
    return re.split(r"(?<=[.:!])\s+", stem.strip())[-1]
