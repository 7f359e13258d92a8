"""The kinds of question, one file each: the fields, what is shown, how it is marked. Pure: no I/O, no clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from quiz.questions import choice, cloze, flip, typed
from quiz.questions.base import Json, Mark, Question
from quiz.questions.choice import Choice, Option
from quiz.questions.cloze import Cloze
from quiz.questions.flip import Flip
from quiz.questions.typed import Typed

if TYPE_CHECKING:  # the reader's own modules are not needed to ask what was read before
    from quiz.questions.fields import Reading
    from quiz.questions.nodes import Map

FIELDS = choice.FIELDS | cloze.FIELDS | flip.FIELDS | typed.FIELDS
KINDS: tuple[str, ...] = (Flip.kind, Choice.kind, Typed.kind, Cloze.kind)

__all__ = ["FIELDS", "KINDS", "Choice", "Cloze", "Flip", "Mark", "Question", "Typed", "from_json", "read"]


def read(fields: Map, reading: Reading) -> Question | None:
    """Read one question: its fields say its kind. None when something is wrong (the problems are recorded)."""
    reader: Callable[[Map, Reading], Question | None]
    if "choices" in fields:
        name, reader, known = "choices", choice.read, choice.FIELDS
    elif "cloze" in fields:
        name, reader, known = "cloze", cloze.read, cloze.FIELDS
    elif "accept" in fields or "reject" in fields:
        name, reader, known = "accept", typed.read, typed.FIELDS
    elif "answer" in fields:
        name, reader, known = "answer", flip.read, flip.FIELDS
    else:
        reading.no_others(fields, FIELDS, "a question")
        mend = "add 'answer: …', 'choices:' with 'right:' and 'wrong:', or 'cloze: … {{hole}} …'"
        reading.problem(fields.mark, "this question has no answer of any known kind", mend)
        return None
    clash = (set(fields) & FIELDS) - known
    if clash:
        names = ", ".join(f"'{other}'" for other in sorted(clash))
        what = f"{names} cannot stand beside '{name}'"
        reading.problem(reading.key(fields, min(clash)), what, "make two questions of it, or take one out")
    reading.no_others(fields, known | clash, "a question")
    return reader(fields, reading)


def from_json(data: Json) -> Question:
    """Return the question that `as_json` gave."""
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    kind = fields.pop("kind")
    if kind == Choice.kind:
        fields["options"] = tuple(Option(*option) for option in fields["options"])
        return Choice(**fields)
    if kind == Cloze.kind:
        return Cloze(**fields)
    return Typed(**fields) if kind == Typed.kind else Flip(**fields)
