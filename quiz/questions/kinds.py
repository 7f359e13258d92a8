"""Which kind of question some fields of a deck make, and the reading of it."""

from __future__ import annotations

from collections.abc import Callable

from quiz.questions import choice, cloze, figure, flip, match, number, order, typed
from quiz.questions.base import Question
from quiz.questions.fields import Reading
from quiz.questions.nodes import Map

Reader = Callable[[Map, Reading], Question | None]

ASIDES = frozenset({"case", "figure"})  # what may stand beside a question of any kind: it belongs to the card
# The fields that tell the kind, with the one that is surest first.
_BY_FIELD: tuple[tuple[tuple[str, ...], Reader, frozenset[str]], ...] = (
    (("mark",), figure.read, figure.FIELDS),
    (("choices",), choice.read, choice.FIELDS),
    (("number",), number.read, number.FIELDS),
    (("order",), order.read, order.FIELDS),
    (("match",), match.read, match.FIELDS),
    (("cloze",), cloze.read, cloze.FIELDS),
    (("accept", "reject"), typed.read, typed.FIELDS),
    (("answer",), flip.read, flip.FIELDS),
)
FIELDS = frozenset().union(*(known for _, _, known in _BY_FIELD))


def read(fields: Map, reading: Reading) -> Question | None:
    """Read one question: its fields say its kind. None when something is wrong (the problems are recorded)."""
    kind = next(((n, *of[1:]) for of in _BY_FIELD for n in of[0] if n in fields), None)
    if kind is None:
        reading.no_others(fields, FIELDS | ASIDES, "a question")
        mend = "add 'answer: …', 'choices:' with 'right:' and 'wrong:', or 'cloze: … {{hole}} …'"
        reading.problem(fields.mark, "this question has no answer of any known kind", mend)
        return None
    name, reader, known = kind
    clash = (set(fields) & FIELDS) - known - ASIDES
    if clash:
        names = ", ".join(f"'{other}'" for other in sorted(clash))
        what = f"{names} cannot stand beside '{name}'"
        reading.problem(reading.key(fields, min(clash)), what, "make two questions of it, or take one out")
    reading.no_others(fields, known | ASIDES | clash, "a question")
    return reader(fields, reading)
