"""Is a typed answer right? Forgiving where a person would be, strict where a slip could hurt somebody.

What may differ freely is in `words.py`. A slip in the spelling of a long word is told as such and counts in part. Never
forgiven: another number, level or side, or a word that merely looks alike (hypo for hyper, dysphasia for dysphagia).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from quiz.questions.base import NOT_ANSWERED, Mark
from quiz.questions.words import ARTICLE, normal, same_word, spoken
from quiz.text import clean, shortened

CLOSE = 0.8  # a slip in the spelling: recalled, with a blemish
Words = tuple[str, ...]
_LONGEST = 40  # letters of a word in which slips are looked for

# Beginnings and ends that differ by a letter or two and mean something else.
_PREFIXES = tuple(
    "hypo hyper intra inter extra ante anti ab ad sub supra super infra pre pro per post peri para ipsi contra "
    "afferent efferent macro micro epi endo mono non meso meta arter arthr ureter "
    "urethr".split()
)
_SUFFIXES = ("otomy", "otome", "ostomy", "ectomy", "lysis", "osis", "itis", "algia", "plegia")
# Words that are one slip from another and mean something else: whoever writes one of them means it.
_OTHER_WORDS = frozenset(
    "ablation ablution arterial arteriole aural basal basil callous callus casual caudal caudate causal check cheek "
    "coastal contiguous continuous costal dilation dilution facial fascial fatal fecal fetal flexion fluxion focal "
    "fraction friction glycerin glycerol hemostasis homeostasis humeral humerus humoral humorous ileal ileitis ileum "
    "iliac iliitis ilium infarction infection inflection infraction injection lamina lateral laxation lingual lingula "
    "literal lumina luxation malar mamillary mammillary mater meatal medial median mediation medication mesial metal "
    "meter molar motor mucous mucus neural neutral nidal nodal oral palate palmar patent patient perianal perineal "
    "perineum peritoneal peritoneum peroneal phenol phenyl plantar plate pleural plural potent prostate prostrate "
    "radial radical radicle rectus reflex reflux refraction renin rennin retinal retinol retraction rictus sceptic "
    "section sedation septic simulation skill skull spine stimulation stricture stroma structure struma suction "
    "sudation supine tabular tarsal tonic tophus topical torsal trachea trochlea tubular tunic typhus typical ulna "
    "ulnar ureter ureteral urethra urethral vagal vagus valgus valva valvar valve valvular varus velar venous vertex "
    "vesical vesicle vinous viscous viscus volar vortex vulva vulvar vulvular".split()
)
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {letter: (x, y) for y, row in enumerate(_ROWS) for x, letter in enumerate(row)}
# Spellings of one sound, then what is often left out or taken for another, then a letter doubled.
_SOUNDS = ((re.compile("ph"), "f"), (re.compile("c(?=[eiy])|z"), "s"), (re.compile("ck|c|q"), "k"))
_SILENT = re.compile(r"[aeiouyh]|(.)(?=\1)")


def mark_typed(given: str, accepted: Sequence[str], rejected: Sequence[str] = ()) -> Mark:
    """Mark a typed answer against all accepted ones; the first is the one that is shown.

    `rejected` answers, and what is as near to one of them, are never right and never close.
    """
    words = spoken(given)
    if not words:
        return NOT_ANSWERED
    right, wrong = [normal(a) for a in accepted], [normal(r) for r in rejected]
    said = shortened(clean(given, lines=False), 100)
    if said_exactly(given, accepted):
        return Mark(1.0, "Right.")
    if not any(_same(words, target) for target in wrong):
        if any(_same(words, target) for target in right):
            return Mark(1.0, "Right.")
        if not any(_near(words, target) for target in wrong):
            for text, target in zip(accepted, right, strict=True):
                if _near(words, target):
                    return Mark(CLOSE, f"Close: did you mean “{text}”? You wrote “{said}”.")
    return Mark(0.0, f"You wrote “{said}”.")


def said_exactly(given: str, answers: Iterable[str]) -> bool:
    """Whether an answer is one of these word for word, without the pardon for plurals and slips."""
    return bool(among((given,), answers))


def among(given: Iterable[str], answers: Iterable[str]) -> list[str]:
    """Return those of some texts that are one of the answers word for word."""
    targets = [normal(answer) for answer in answers]
    said = ((text, spoken(text)) for text in given)
    return [text for text, words in said if any(_as_in(words, target) == target for target in targets)]


def distance(a: str, b: str, most: int = 3) -> int:
    """Return the edit distance (a swap of neighbours counts one; optimal string alignment), at most `most` + 1."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, last, row = row, before, [i] + [0] * len(b)
        for j, y in enumerate(b, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if last and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], last[j - 2] + 1)
    return min(row[-1], most + 1)


def _as_in(words: Words, target: Words) -> Words:
    """Return the words without articles; an "a" stays where the target has one that no other word can be."""
    kept: list[str] = []
    names = sum(word != ARTICLE for word in words)  # words to the left that stay in any case
    for word in reversed(words):
        left = len(target) - len(kept)
        if word != ARTICLE:
            names -= 1
            kept.append(word)
        elif left > names and target[left - 1] == "a":
            kept.append("a")
    return tuple(reversed(kept))


def _same(given: Words, target: Words) -> bool:
    """Whether two answers are the same words, with plural and word breaks forgiven."""
    words = _as_in(given, target)
    if len(words) == len(target) and all(map(same_word, words, target)):
        return True
    # "X ray", "x-ray" and "xray" are one; "L 4" and "L4" too. Digits may not run together: "1 0" is not "10".
    apart = any(x[-1:].isdigit() and y[:1].isdigit() for s in (words, target) for x, y in pairwise(s))
    return not apart and same_word("".join(words), "".join(target))


def _near(given: Words, target: Words) -> bool:
    """Whether each word of an answer is the target's with at most a slip in its spelling."""
    words = _as_in(given, target)
    return len(words) == len(target) and all(same_word(w, t) or _slip(w, t) for w, t in zip(words, target, strict=True))


def _slip(given: str, wanted: str) -> bool:
    """Whether one word is the other with a slip, and hardly can be another word.

    A slip leaves the first letter, prefix and ending of a word alone. In most the consonants stay (rhizotomy,
    rhyzotomy), while real words that look alike differ there (dysphagia, dysphasia; spondylosis, spondylolysis). In a
    long word one letter may also be swapped, left out, doubled, or hit beside its key.
    """
    short, long = sorted((len(given), len(wanted)))
    letters = given + wanted  # in scripts other than Latin one sign may be a word
    if short < 5 or long > _LONGEST or not (letters.isascii() and letters.isalpha()) or given[0] != wanted[0]:
        return False
    if not _OTHER_WORDS.isdisjoint((given, given.removesuffix("s"))) or _other_affix(given, wanted):
        return False
    edits = distance(given, wanted, most=2)
    if _consonants(given) == _consonants(wanted):
        return edits <= (2 if short >= 9 else 1)
    if edits > 1 or short < 8:
        return False
    changed = [(x, y) for x, y in zip(given, wanted, strict=False) if x != y]
    return short < long or len(changed) == 2 or (short >= 9 and _side_by_side(*changed[0]))


def _other_affix(given: str, wanted: str) -> bool:
    """Whether the words begin or end in what makes another meaning of the same stem."""
    front, other_front = (max((p for p in _PREFIXES if w.startswith(p)), key=len, default="") for w in (given, wanted))
    end, other_end = (max((s for s in _SUFFIXES if w.endswith(s)), key=len, default="") for w in (given, wanted))
    return front != other_front or (end != "" and other_end != "" and end != other_end)


def _consonants(word: str) -> str:
    """Return the consonants in their order, by their sound, doubled ones once."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return _SILENT.sub("", word)


def _side_by_side(one: str, other: str) -> bool:
    """Whether two letters are neighbours on the keyboard."""
    (x, y), (u, v) = _KEYS.get(one, (99, 99)), _KEYS.get(other, (-99, -99))
    return abs(x - u) <= 1 and abs(y - v) <= 1
