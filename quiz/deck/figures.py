"""Figures drawn in text, with numbered marks: the value that is shown, and the strict reader of its file.

A figure has two drawings, one for a wide and one for a narrow screen, that carry the same marks `[1]` to `[9]`, and its
description in plain words (`alt`) for those who hear the screen. Every sign of a drawing is one cell wide everywhere:
printable ASCII, box drawing, blocks and simple shapes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quiz.questions import FigureMark, Question

if TYPE_CHECKING:  # a session asks about figures that were read before
    from quiz.places import Problem
    from quiz.questions.fields import Reading
    from quiz.questions.nodes import Map, Text

FIELDS = frozenset({"id", "title", "caption", "wide", "narrow", "alt", "note", "marks"})
FIELDS_OF_MARK = frozenset({"mark", "label", "note"})
SIZES = {"wide": (66, 16), "narrow": (38, 10)}  # columns and rows at most: they fit screens of 80x24 and 40x12
MOST_MARKS = 9
_MARK = re.compile(r"\[(\d)\]")
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_UNSAFE = re.compile("[^\n -~\u2500-\u25fc\u25ff]")  # U+25FD and U+25FE are two cells wide


@dataclass(frozen=True, slots=True)
class Label:
    """What a mark of a figure is, and what is worth knowing about it: to be shown once the answer is given."""

    mark: int
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is shown. `title`, `caption`, `alt` and `note` may name what its marks ask for."""

    id: str
    title: str
    wide: str
    narrow: str
    alt: str
    marks: tuple[Label, ...]
    caption: str = ""
    note: str = ""

    def drawing(self, columns: int, rows: int) -> str:
        """Return the drawing for this room: the wide one where it fits, else the narrow one ("" if that does not)."""
        return next((d for d in (self.wide, self.narrow) if _fits(d, columns, rows)), "")

    def label(self, mark: int) -> Label | None:
        """Return what a mark is; None when the figure has no such mark."""
        return next((label for label in self.marks if label.mark == mark), None)

    def as_json(self) -> str:
        """Return the figure as one line of JSON for the catalogue."""
        data = {name: getattr(self, name) for name in self.__dataclass_fields__}
        data["marks"] = [(label.mark, label.label, label.note) for label in self.marks]
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(line: str) -> Figure:
        """Return the figure that `as_json` gave."""
        data: dict[str, Any] = json.loads(line)
        return Figure(**data | {"marks": tuple(Label(*label) for label in data["marks"])})


def _fits(drawing: str, columns: int, rows: int) -> bool:
    lines = drawing.split("\n")
    return len(lines) <= rows and all(len(line) <= columns for line in lines)


def tells(text: str, figure: Figure, question: Question) -> bool:
    """Whether a text about a figure gives an answer away: it names the answer, or what is at the mark asked about."""
    said = text.casefold()
    terms = [part.casefold() for part in question.answer_parts if len(part) > 1]
    if isinstance(question, FigureMark):
        label = figure.label(question.at)
        terms += [label.label.casefold()] if label else []
        if "mark" in said and re.search(rf"\b{question.at}\b", said):
            return True
    return any(term in said for term in terms)


def spoken(figure: Figure, question: Question) -> str:
    """Return the description of a figure without the sentences that would give the answer to a question away."""
    return " ".join(sentence for sentence in _SENTENCE.split(figure.alt) if not tells(sentence, figure, question))


def read_figure(path: Path) -> tuple[Figure | None, tuple[Problem, ...]]:
    """Read one figure file: the figure, or None, and all that is wrong. Never raises for what is in the file."""
    from quiz.deck.reader import read_text
    from quiz.deck.yaml import collector_paused, parse
    from quiz.questions.fields import Reading
    from quiz.questions.nodes import Map, kind_of
    from quiz.text import clean

    reading = Reading(clean(str(path), lines=False))
    text = read_text(path, reading, "write 'id:', 'title:', 'wide:', 'narrow:', 'alt:' and 'marks:' into it")
    with collector_paused():
        root = parse(text, reading) if text is not None else None
    figure = None
    if isinstance(root, Map):
        figure = _figure(root, reading)
    elif root is not None:
        reading.problem(root.mark, f"the figure is {kind_of(root)}", "begin with 'id: …' and 'title: …' below it")
    elif text is not None and not reading.problems:
        from quiz.places import Place, Problem

        reading.problems.append(
            Problem(Place(reading.file, 1, 1), "holds no figure", "write 'id:' and 'title:' into it")
        )
    return (None if reading.problems else figure), tuple(sorted(reading.problems))


def _figure(root: Map, reading: Reading) -> Figure | None:
    """Read the fields of a figure; None when one is missing."""
    from quiz.deck.reader import ID, ID_MEND

    reading.no_others(root, FIELDS, "a figure")
    name, title, alt = (reading.text(root, field, required=True) for field in ("id", "title", "alt"))
    caption, note = (reading.text(root, field) or "" for field in ("caption", "note"))
    if name and not ID.fullmatch(name):
        reading.problem(root["id"].mark, f"id '{reading.shown(name)}' cannot be used", ID_MEND)
    before = len(reading.problems)
    marks = tuple(_labels(root, reading))
    named = None if len(reading.problems) > before else {label.mark for label in marks}
    drawings = {field: _drawing(root, field, named, reading) for field in SIZES}
    if not (name and title and alt):
        return None
    return Figure(name, title, drawings["wide"], drawings["narrow"], alt, marks, caption, note)


def _labels(root: Map, reading: Reading) -> Iterator[Label]:
    """Yield the marks of a figure, each once; what is wrong with them is recorded."""
    from quiz.questions.nodes import Map, kind_of

    if "marks" not in root:
        mend = "add 'marks:' and a list of '- mark: 1' with 'label: …' below each"
        reading.problem(root.mark, "field 'marks' is missing", mend)
    seen: set[int] = set()
    for node in reading.seq(root, "marks") or ():
        if not isinstance(node, Map):
            reading.problem(node.mark, f"this mark is {kind_of(node)}", "write '- mark: 1' and 'label: …' below it")
            continue
        reading.no_others(node, FIELDS_OF_MARK, "a mark")
        if "mark" not in node:
            reading.problem(node.mark, "field 'mark' is missing", "add 'mark: 1', its number in the drawing")
        number, label = reading.whole(node, "mark", 1, MOST_MARKS), reading.text(node, "label", required=True)
        note = reading.text(node, "note") or ""
        if number in seen:
            reading.problem(node["mark"].mark, f"mark {number} stands twice", "give each mark its own number")
        elif number and label:
            yield Label(number, label, note)
        seen.add(number or 0)


def _drawing(root: Map, field: str, named: set[int] | None, reading: Reading) -> str:
    """Return a drawing without the blanks around it. What is wrong with it is recorded.

    It must have the marks that are `named` under `marks` (None: those are faulty themselves).
    """
    from quiz.questions.nodes import Text, kind_of
    from quiz.text import name_of

    node = root.get(field)
    if not isinstance(node, Text) or not node.strip():
        what = "is missing" if node is None else "is blank" if isinstance(node, Text) else f"is {kind_of(node)}"
        place = root.mark if node is None else node.mark
        reading.problem(place, f"drawing '{field}' {what}", f"draw it below '{field}: |2', indented by two spaces")
        return ""
    lines = [line.rstrip(" ") for line in node.split("\n")]
    blank = next(row for row, line in enumerate(lines) if line)
    lines = lines[blank : max(row for row, line in enumerate(lines) if line) + 1]
    columns, rows = SIZES[field]
    widest = max(map(len, lines))
    if widest > columns or len(lines) > rows:
        mend = f"draw it in at most {columns} columns and {rows} rows"
        reading.problem(node.mark, f"drawing '{field}' has {widest} columns and {len(lines)} rows", mend)
    for row, line in enumerate(lines, 1):
        if unsafe := _UNSAFE.search(line):
            mend = "use printable ASCII and the signs U+2500 to U+25FF, which are one cell wide"
            what = f"row {row} of drawing '{field}' holds {name_of(unsafe[0])}"
            reading.problem(node.mark, what, mend)
            break
    if named is not None:
        _compare(field, node, named, reading)
    inset = min((len(line) - len(line.lstrip(" ")) for line in lines if line), default=0)
    return "\n".join(line[inset:] for line in lines)


def _compare(field: str, node: Text, named: set[int], reading: Reading) -> None:
    """Record which marks a drawing lacks, has twice, or has without saying under `marks` what they are."""
    drawn = [int(found) for found in _MARK.findall(node)]
    for mark in sorted(named.union(drawn)):
        times = drawn.count(mark)
        if mark not in named:
            mend = f"add '- mark: {mark}' under 'marks', or take it out"
            reading.problem(node.mark, f"drawing '{field}' has [{mark}], which 'marks' does not name", mend)
        elif times != 1:
            what = f"drawing '{field}' has [{mark}] {times} times" if times else f"drawing '{field}' lacks [{mark}]"
            reading.problem(node.mark, what, f"draw [{mark}] once")
