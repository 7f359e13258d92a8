"""Cues that give a key away to somebody who knows nothing: one by one, and as rates over the whole set."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from quiz.check.rules.base import (
    ERROR,
    FEWEST_FOR_RATES,
    WARNING,
    Fault,
    Material,
    beyond_chance,
    percent,
    rule,
)
from quiz.check.words import ABSOLUTES, HEDGES, form, likeness, share_of_best, stems, tokens
from quiz.questions.base import shuffled

_RATE_APART = 0.05  # how much more often such a word may stand in wrong options than in keys (or the other way)
_SIGNS_APART = 0.07
_MOST_CLANG = 0.35
_SIGNS = {"a comma": ",", "a bracket": "(", "a digit": r"\d"}
_SHOWINGS = 1_000
_CHI_SQUARE = {2: 9.21, 3: 11.34, 4: 13.28}  # at 1 in 100, by degrees of freedom


@rule("C7", ERROR, "Over the set the key is as often the longest, and the shortest, as chance would have it.")
def length_rate(material: Material) -> Iterator[Fault]:
    if len(material.choices) < FEWEST_FOR_RATES:
        return
    for name, sign in (("longest", 1), ("shortest", -1)):
        hits = sum(share_of_best([sign * len(o.text) for o in q.options], q.right) for _, q in material.choices)
        below, above = beyond_chance(hits, len(material.choices), material.chance)
        if above or (below and name == "longest"):
            share = percent(hits / len(material.choices))
            what = f"the key is the {name} option in {share} of the choices ({percent(material.chance)} by chance)"
            yield Fault(None, what, "change the length of keys and wrong options where it is easy")


@rule("C8", WARNING, "No always, never or only in wrong options alone.")
def absolutes(material: Material) -> Iterator[Fault]:
    yield from _words(material, ABSOLUTES, "absolute word", in_key=False)


@rule("C9", WARNING, "No may, often or usually in the key alone.")
def hedges(material: Material) -> Iterator[Fault]:
    yield from _words(material, HEDGES, "hedging word", in_key=True)


def _words(material: Material, words: Collection[str], name: str, *, in_key: bool) -> Iterator[Fault]:
    """Yield where such a word stands on one side alone; the rate over the set may differ by 0.05 at most."""
    keys = wrongs = 0
    total = 0
    for asked, question in material.choices:
        key = set(tokens(question.key)) & set(words)
        others = [o.text for i, o in enumerate(question.options) if i != question.right]
        wrong = [set(tokens(text)) & set(words) for text in others]
        keys += bool(key)
        wrongs += sum(map(bool, wrong))
        total += len(others)
        if in_key and key and not any(wrong):
            yield Fault(asked, f"{name} '{min(key)}' in the key alone", "take it out, or hedge a wrong option too")
        elif not in_key and not key and any(wrong):
            found = min(set().union(*wrong))
            yield Fault(asked, f"{name} '{found}' in wrong options, not in the key", "say the wrong options plainly")
    if len(material.choices) < FEWEST_FOR_RATES:
        return
    apart = keys / len(material.choices) - wrongs / total
    if (apart if in_key else -apart) > _RATE_APART:
        side = "keys" if in_key else "wrong options"
        yield Fault(None, f"{name}s stand {percent(abs(apart))} more often in {side}", "spread them over both sides")


@rule("C10", WARNING, "The key does not repeat the stem's words more than every other option does.")
def clang(material: Material) -> Iterator[Fault]:
    """A question is named where two words or more give the key away; the set, where it is more than 35 in 100."""
    hits = 0
    for asked, question in material.choices:
        stem = stems(asked.shown) - stems(asked.card.procedure)
        shared = [len(stem & stems(option.text)) for option in question.options]
        others = max(n for i, n in enumerate(shared) if i != question.right)
        hits += shared[question.right] > others
        if shared[question.right] > others + 1:
            both = ", ".join(sorted(stem & stems(question.key)))
            yield Fault(asked, f"stem and key share words that no other option has ({both}…)", "say the key otherwise")
    if len(material.choices) >= FEWEST_FOR_RATES and hits / len(material.choices) > _MOST_CLANG:
        share = percent(hits / len(material.choices))
        yield Fault(None, f"in {share} of the choices the key repeats the stem most", "say keys in other words")


@rule("C11", ERROR, "The key is not the option that has most in common with the others.")
def convergence(material: Material) -> Iterator[Fault]:
    if len(material.choices) < FEWEST_FOR_RATES:
        return
    hits = sum(share_of_best(likeness([stems(o.text) for o in q.options]), q.right) for _, q in material.choices)
    _, above = beyond_chance(hits, len(material.choices), material.chance)
    if above:
        share = percent(hits / len(material.choices))
        yield Fault(None, f"the key is most like the others in {share} of the choices", "vary what wrong options share")


@rule("C12", ERROR, "Commas, brackets and digits stand as often in wrong options as in keys.")
def signs(material: Material) -> Iterator[Fault]:
    if len(material.choices) < FEWEST_FOR_RATES:
        return
    for name, sign in _SIGNS.items():
        pattern = re.compile(sign if sign.startswith("\\") else re.escape(sign))
        keys = [bool(pattern.search(q.key)) for _, q in material.choices]
        wrong = [
            bool(pattern.search(o.text)) for _, q in material.choices for i, o in enumerate(q.options) if i != q.right
        ]
        apart = sum(keys) / len(keys) - sum(wrong) / len(wrong)
        if abs(apart) > _SIGNS_APART:
            side = "keys" if apart > 0 else "wrong options"
            yield Fault(
                None, f"{name} stands {percent(abs(apart))} more often in {side}", "spread them over both sides"
            )


@rule("C13", WARNING, "All options fit the stem's grammar and begin with the same kind of word.")
def grammar(material: Material) -> Iterator[Fault]:
    for asked, question in material.choices:
        article = re.search(r"\b(an?)[\s:…_]*\??$", question.ask)
        if article:
            vowel = article[1] == "an"
            odd = [o.text for o in question.options if (o.text[:1].lower() in "aeiou") is not vowel]
            if odd:
                yield Fault(asked, f"'{article[1]} {odd[0]}' is no English", "move the article into the options")
        forms = [form(option.text) for option in question.options]
        key = forms[question.right]
        if forms.count(key) == 1 and len(set(forms)) == 2:
            yield Fault(asked, f"the key alone begins with {key}", "write all options in one form")


@rule("C21", ERROR, "Options are shuffled anew for each showing, so that no place holds the key more often.")
def position(material: Material) -> Iterator[Fault]:
    """Chi-square over the places of the key in 1,000 showings of questions with the same number of options."""
    for size in sorted({len(q.options) for _, q in material.choices} & {k + 1 for k in _CHI_SQUARE}):
        rights = [q.right for _, q in material.choices if len(q.options) == size]
        places = [0] * size
        for showing in range(_SHOWINGS):
            at = rights[showing % len(rights)]
            places[shuffled(size, f"check-{size}-{showing}").index(at)] += 1
        even = _SHOWINGS / size
        if sum((n - even) ** 2 / even for n in places) > _CHI_SQUARE[size - 1]:
            yield Fault(None, f"the key of {size} options stands unevenly: {places}", "report this: it is our fault")
