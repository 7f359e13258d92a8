"""The columns of a table of questions: their names, and lists inside a cell. One place for reading and writing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

# Each column as it is written, with other names that people give it. A number behind one that may be numbered
# (`choice 1`) makes its cell one item, taken as it stands; without a number the cell is a list, parted by |.
NAMES: dict[str, tuple[str, ...]] = {
    "id": ("card", "card id"),
    "kind": ("type", "question type"),
    "question": ("ask", "front", "stem", "term", "prompt", "q"),
    "answer": ("back", "definition", "correct answer", "right answer", "right", "correct", "key", "a"),
    "accept": ("accepted", "also", "other answers", "alternatives"),
    "reject": ("rejected",),
    "choices": ("choice", "options", "option"),
    "reasons": ("reason", "why not"),
    "wrong": ("wrong answers", "wrong answer", "distractors", "distractor", "incorrect"),
    "choose": (),
    "unit": (),
    "tolerance": (),
    "proof": (),
    "both ways": ("reversed",),
    "goes on": (),
    "claim": ("fact",),
    "why": ("explanation", "feedback", "rationale"),
    "case": ("vignette",),
    "sources": ("source", "reference", "references"),
    "certainty": (),
    "checked": (),
    "tier": (),
    "safety": (),
    "corrects": (),
    "contrast with": (),
    "topic": ("subject", "category"),
    "procedure": (),
    "audience": (),
    "tags": ("tag",),
}
NUMBERED = frozenset({"accept", "choices", "reasons", "wrong"})
WORD_LISTS = frozenset({"sources", "corrects", "contrast with", "audience", "tags"})
KINDS = ("flip", "typed", "cloze", "choice", "select", "number", "order", "match")
ARROW = "->"
_BY_NAME = {name: column for column, others in NAMES.items() for name in (column, *others)}
_NUMBER = re.compile(r"(.+?) ?(\d{1,2})")
_BARS = re.compile(r"((?:\\.|[^\\|])*)(\|?)", re.DOTALL)
_SIGNS = re.compile(r"((?:\\.|[^\\|;,])*)([|;,]?)", re.DOTALL)
_ARROWS = re.compile(r"((?:\\.|[^\\])*?)->", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\|;,-])")


def column(name: str) -> tuple[str, bool] | None:
    """Return the column that a name in the first row means, and whether it is numbered; None for an unknown one."""
    bare = " ".join(re.sub(r"[_-]", " ", name).casefold().split())
    if bare in _BY_NAME:
        return _BY_NAME[bare], False
    found = _NUMBER.fullmatch(bare)
    known = _BY_NAME.get(found[1]) if found else None
    return (known, True) if known in NUMBERED else None


def misspelt(name: str) -> str:
    """Return the column that a name most likely was meant to be; "" when it seems to be one of its own."""
    found = difflib.get_close_matches(name.casefold()[:40], _BY_NAME, n=1, cutoff=0.8)
    return found[0] if found else ""


def split(cell: str, *, words: bool = False) -> list[str]:
    """Return the items of a list in a cell, parted by | (`words`: by commas and semicolons too). Empty is no item."""
    if not cell.strip():
        return []
    found = []
    for part in (_SIGNS if words else _BARS).finditer(cell):
        found.append(_ESCAPED.sub(r"\1", part[1]).strip())
        if not part[2]:
            break
    return found


def joined(items: Sequence[str], *, words: bool = False) -> str:
    """Return items as one cell that `split` reads."""
    signs = re.compile(r"[\\|;,]" if words else r"[\\|]")
    return (", " if words else " | ").join(signs.sub(r"\\\g<0>", item) for item in items)


def split_pairs(cell: str) -> list[tuple[str, str]]:
    """Return the pairs `left -> right` in a cell, parted by |; the right side is "" where there is no arrow."""
    found = []
    for part in _BARS.finditer(cell):
        arrow = _ARROWS.match(part[1])
        left, right = (arrow[1], part[1][arrow.end() :]) if arrow else (part[1], "")
        found.append((_ESCAPED.sub(r"\1", left).strip(), _ESCAPED.sub(r"\1", right).strip()))
        if not part[2]:
            break
    return found


def joined_pairs(pairs: Sequence[tuple[str, str]]) -> str:
    """Return pairs as one cell that `split_pairs` reads."""
    sides = ((joined([left]).replace(ARROW, f"\\{ARROW}"), joined([right])) for left, right in pairs)
    return " | ".join(f"{left} {ARROW} {right}" for left, right in sides)
