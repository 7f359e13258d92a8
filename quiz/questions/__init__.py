"""The kinds of question, one file each: the fields, what is shown, how it is marked. Pure: no I/O, no clock."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from quiz.questions.base import Json, Mark, Question
from quiz.questions.choice import Choice, Option
from quiz.questions.cloze import Cloze
from quiz.questions.flip import Flip
from quiz.questions.typed import Typed

if TYPE_CHECKING:
    from quiz.questions.figure import FigureMark
    from quiz.questions.match import Match
    from quiz.questions.number import Number
    from quiz.questions.order import Order
    from quiz.questions.select import Select

__all__ = [
    "KINDS",
    "Choice",
    "Cloze",
    "FigureMark",
    "Flip",
    "Mark",
    "Match",
    "Number",
    "Option",
    "Order",
    "Question",
    "Select",
    "Typed",
    "from_json",
]

_CLASSES: dict[str, Callable[..., Question]] = {cls.kind: cls for cls in (Flip, Choice, Typed, Cloze)}
# Loaded when the first question of the kind comes up: the program starts sooner without them. By kind, which is also
# the name of the module.
_LATER = {"select": "Select", "number": "Number", "order": "Order", "match": "Match", "figure": "FigureMark"}
KINDS: tuple[str, ...] = (*_CLASSES, *_LATER)


def from_json(data: Json) -> Question:
    """Return the question that `as_json` gave."""
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    make = _class(fields.pop("kind"))
    if "options" in fields:
        fields["options"] = tuple(Option(*option) for option in fields["options"])
    return make(**fields)


def _class(kind: str) -> Callable[..., Question]:
    if kind not in _CLASSES:
        _CLASSES[kind] = getattr(import_module(f"{__name__}.{kind}"), _LATER[kind])
    return _CLASSES[kind]


if not TYPE_CHECKING:  # a type checker has to see the names themselves

    def __getattr__(name: str) -> Any:
        """Return one of the classes that are loaded later."""
        for kind, later in _LATER.items():
            if later == name:
                return _class(kind)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
