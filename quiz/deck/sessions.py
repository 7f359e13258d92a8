"""Patient sessions: what a person is taught about one procedure, point by point. One YAML file for each procedure.

They lie in folders named `patients` beside the decks and are no decks. All texts but `sources` are read or heard by the
person: short sentences, plain words, "you". Everything is required unless it says otherwise.

```yaml
procedure: lumbar-facet-rf      # which rhizotomy; one session for each
title: Nerve heating for low back pain
minutes: 10                     # about how long it takes
opening: said first
points:                         # five to seven; the first and the last are about danger signs
  - title: When to get help fast
    danger_signs: true          # optional: no, if it is left out
    say: the explanation, said aloud
    figure: timeline-facet      # optional: a figure of the decks ...
    figure_says: ["[1] …"]      # ... and, with one, what there is to see in it
    teach_back: the question that asks the person to tell it back; it tests the teacher
    listen_for: [one to nine phrases that a good answer holds]
    say_it_simpler: the same in other words, for what was missing
    misconception: what many people think instead
    gentle_correction: the answer to it
    sources: [ids in sources.yaml]  # optional
questions_for_your_visit: [one to nine questions]
timeline: {before: [what happens], during: [what happens], after: [what happens]}
numbers:                        # optional: what is known, each as so many out of 100
  - out_of_100: 5               # 0 to 100, or `under 1`
    of: treatments              # optional: people, if it is left out
    did: had a small problem    # "About 5 out of 100 treatments had a small problem"
    study: where the number comes from, and how sure it is
    sources: [kornick-2004]
no_numbers: [what cannot be said in numbers]  # optional
take_home:
  heading: at the top of the page
  go_now: [danger signs for the emergency room]
  call_now: [danger signs to call about at once]  # optional
  call_today: [danger signs to call about on the same day]
  good_to_know: [what is common]  # optional
  fill_in:                      # lines to write on
    - label: My visit
      date: visit               # optional: filled from the ward's own layer (see `quiz.deck.local`)
  last_line: My own team knows what is right for me.
```
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quiz.deck.files import session_files
from quiz.deck.reader import read_text
from quiz.deck.yaml import collector_paused, parse
from quiz.places import Place, Problem
from quiz.questions.fields import Reading, shown
from quiz.questions.nodes import Map, Node, Seq, kind_of
from quiz.text import clean, counted, folded

FEWEST_POINTS, MOST_POINTS = 5, 7
MOST_TICKS = 9  # phrases or questions: each has a digit as its key
DATES = ("visit", "arrive", "stop_food", "stop_drink", "drive", "effect", "therapy", "next_visit")
"""What the ward's own layer may give for lines of the page: days, times of day, spans of time."""

PEOPLE, UNDER_ONE = "people", "under 1"

_FIELDS = frozenset(
    "procedure title minutes opening points questions_for_your_visit timeline numbers no_numbers take_home".split()
)
_POINT_TEXTS = ("title", "say", "teach_back", "say_it_simpler", "misconception", "gentle_correction")
_POINT_FIELDS = frozenset({*_POINT_TEXTS, "danger_signs", "figure", "figure_says", "listen_for", "sources"})
_NUMBER_FIELDS = frozenset({"out_of_100", "of", "did", "study", "sources"})
_TIMES = ("before", "during", "after")
_SHEET_FIELDS = frozenset({"heading", "go_now", "call_now", "call_today", "good_to_know", "fill_in", "last_line"})
_BEGIN = "begin with 'procedure: …' and 'title: …', and the other fields below"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to teach. `listen_for` are the phrases that show that it was understood."""

    title: str
    say: str
    teach_back: str
    listen_for: tuple[str, ...]
    say_it_simpler: str
    misconception: str
    gentle_correction: str
    danger_signs: bool = False
    figure: str = ""
    figure_says: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """A chance as so many `of` 100; `count` is 0 to 100, and `under` says that it is fewer than `count`."""

    count: int
    did: str
    study: str
    sources: tuple[str, ...]
    of: str = PEOPLE
    under: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """A line of the page to be written on; `date` names what the ward's own layer may fill in, or is empty."""

    label: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the page to take home besides the points."""

    heading: str
    go_now: tuple[str, ...]
    call_now: tuple[str, ...]
    call_today: tuple[str, ...]
    good_to_know: tuple[str, ...]
    fill_in: tuple[Blank, ...]
    last_line: str


@dataclass(frozen=True, slots=True)
class PatientSession:
    """All that is taught about one procedure. `minutes` is about how long it takes."""

    file: str
    procedure: str
    title: str
    minutes: int
    opening: str
    points: tuple[Point, ...]
    questions: tuple[str, ...]
    before: tuple[str, ...]
    during: tuple[str, ...]
    after: tuple[str, ...]
    sheet: Sheet
    numbers: tuple[Number, ...] = ()
    no_numbers: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of all sources, in the order in which they are named."""
        named = [point.sources for point in self.points] + [number.sources for number in self.numbers]
        return tuple(dict.fromkeys(source for sources in named for source in sources))


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions there are, one for each procedure, and what is wrong with files that are left out."""

    found: tuple[PatientSession, ...] = ()
    problems: tuple[Problem, ...] = ()

    def of(self, procedure: str) -> PatientSession | None:
        """Return the session about a procedure."""
        return next((session for session in self.found if session.procedure == procedure), None)


def read_sessions(roots: Iterable[Path]) -> Sessions:
    """Read all sessions. Of two about one procedure the one under the later root counts: a ward's own over ours."""
    found: dict[str, PatientSession] = {}
    problems: list[Problem] = []
    for root in roots:
        here: dict[str, PatientSession] = {}
        for path in session_files(root):
            session, wrong = read_session(path)
            problems += wrong
            if session is None:
                continue
            other = here.setdefault(session.procedure, session)
            if other is not session:
                what = f"a session about '{session.procedure}' stands in {other.file} too"
                problems.append(Problem(Place(session.file), what, "keep one of the two"))
        found |= here
    return Sessions(tuple(found.values()), tuple(problems))


def read_session(path: Path) -> tuple[PatientSession | None, tuple[Problem, ...]]:
    """Read one session file. With any problem there is no session: a danger sign might be what is missing."""
    reading = Reading(clean(str(path), lines=False))
    text = read_text(path, reading, _BEGIN)
    session = None
    if text is not None:
        with collector_paused():
            root = parse(text, reading)
        if isinstance(root, Map):
            session = _session(root, reading)
        elif root is not None:
            reading.problem(root.mark, f"the patient session is {kind_of(root)}", _BEGIN)
        elif not reading.problems:
            reading.problems.append(Problem(Place(reading.file, 1, 1), "holds no patient session", _BEGIN))
    problems = tuple(sorted(reading.problems))
    return None if problems else session, problems


def _session(root: Map, reading: Reading) -> PatientSession | None:
    reading.no_others(root, _FIELDS, "the patient session")
    timeline = _group(root, "timeline", reading)
    sheet = _group(root, "take_home", reading)
    fields: dict[str, Any] = {
        "procedure": _name(root, "procedure", reading, required=True),
        "title": _text(root, "title", reading),
        "minutes": _whole(root, "minutes", 1, 60, reading),
        "opening": _text(root, "opening", reading),
        "points": _points(root, reading),
        "questions": _texts(root, "questions_for_your_visit", reading, most=MOST_TICKS),
        "numbers": tuple(_number(item, reading) for item in _groups(root, "numbers", reading, required=False)),
        "no_numbers": _texts(root, "no_numbers", reading, required=False),
    }
    if timeline is not None:
        reading.no_others(timeline, _TIMES, "'timeline'")
        fields |= {name: _texts(timeline, name, reading) for name in _TIMES}
    if sheet is not None:
        fields["sheet"] = _sheet(sheet, reading)
    return None if reading.problems else PatientSession(reading.file, **fields)


def _points(root: Map, reading: Reading) -> tuple[Point, ...]:
    """Read the points; the right number of them, with the danger signs first and last."""
    items = _groups(root, "points", reading)
    if items and not FEWEST_POINTS <= len(items) <= MOST_POINTS:
        mend = f"teach {FEWEST_POINTS} to {MOST_POINTS}: fewer leave out too much, more are not kept in mind"
        reading.problem(root["points"].mark, f"there are {counted(len(items), 'point')}", mend)
    points = tuple(_point(item, reading) for item in items)
    for which, at in (("first", 0), ("last", -1)):
        if points and not points[at].danger_signs:
            mend = "begin and end with when to get help, and write 'danger_signs: true' there"
            reading.problem(items[at].mark, f"the {which} point is not about danger signs", mend)
    return points


def _point(item: Map, reading: Reading) -> Point:
    reading.no_others(item, _POINT_FIELDS, "a point")
    if "figure_says" in item and "figure" not in item:
        mend = "name the figure: 'figure: …', or take it out"
        reading.problem(reading.key(item, "figure_says"), "'figure_says' without a figure", mend)
    return Point(
        **{name: _text(item, name, reading) for name in _POINT_TEXTS},
        listen_for=_texts(item, "listen_for", reading, most=MOST_TICKS),
        danger_signs=reading.flag(item, "danger_signs"),
        figure=_name(item, "figure", reading),
        figure_says=_texts(item, "figure_says", reading, required="figure" in item),
        sources=reading.texts(item, "sources"),
    )


def _number(item: Map, reading: Reading) -> Number:
    reading.no_others(item, _NUMBER_FIELDS, "a number")
    under = item.get("out_of_100") == UNDER_ONE
    if not item.get("sources"):
        mend = "add 'sources: [id]', the study that found it"
        reading.problem(reading.key(item, "sources"), "a number without a source", mend)
    return Number(
        count=1 if under else _whole(item, "out_of_100", 0, 100, reading, or_else=UNDER_ONE),
        did=_text(item, "did", reading),
        study=_text(item, "study", reading),
        sources=reading.texts(item, "sources") if item.get("sources") else (),
        of=_text(item, "of", reading, required=False) or PEOPLE,
        under=under,
    )


def _sheet(fields: Map, reading: Reading) -> Sheet:
    reading.no_others(fields, _SHEET_FIELDS, "'take_home'")
    return Sheet(
        heading=_text(fields, "heading", reading),
        go_now=_texts(fields, "go_now", reading),
        call_now=_texts(fields, "call_now", reading, required=False),
        call_today=_texts(fields, "call_today", reading),
        good_to_know=_texts(fields, "good_to_know", reading, required=False),
        fill_in=tuple(_blank(item, reading) for item in _groups(fields, "fill_in", reading)),
        last_line=_text(fields, "last_line", reading),
    )


def _blank(item: Map, reading: Reading) -> Blank:
    reading.no_others(item, ("label", "date"), "a line to fill in")
    return Blank(_text(item, "label", reading), reading.one_of(item, "date", DATES))


# -- single fields ----------------------------------------------------------------------------------------------------


def _text(fields: Map, name: str, reading: Reading, *, required: bool = True) -> str:
    """Return a text on one line; empty when it is missing or wrong."""
    return folded(reading.text(fields, name, required=required) or "")


def _texts(fields: Map, name: str, reading: Reading, *, most: int = 99, required: bool = True) -> tuple[str, ...]:
    """Return a list of 1 to `most` texts, each on one line."""
    node = fields.get(name)
    if node is None:
        if required:
            reading.problem(fields.mark, f"field '{name}' is missing", f"add '{name}:' and a list below it")
        return ()
    if isinstance(node, Seq) and not 1 <= len(node) <= most:
        what = f"'{name}' has {counted(len(node), 'item')}"
        reading.problem(node.mark, what, f"write 1 to {most} of them" if node else "write at least one, or take it out")
    return tuple(map(folded, reading.texts(fields, name)))


def _name(fields: Map, name: str, reading: Reading, *, required: bool = False) -> str:
    """Return the name of a procedure or a figure."""
    value = _text(fields, name, reading, required=required)
    if value and not _NAME.fullmatch(value):
        reading.problem(fields[name].mark, f"'{name}' is '{shown(value)}'", "use small letters, digits and '-'")
    return value


def _whole(fields: Map, name: str, low: int, high: int, reading: Reading, or_else: str = "") -> int:
    """Return a whole number from `low` to `high`; `or_else` is what else may stand there, for the mend."""
    value = _text(fields, name, reading)
    number = int(value) if value.isascii() and value.isdecimal() and len(value) < 4 else -1
    if value and not low <= number <= high:
        mend = f"write a whole number from {low} to {high}" + (f", or '{or_else}'" if or_else else "")
        reading.problem(fields[name].mark, f"'{name}' is '{shown(value)}'", mend)
    return number


def _group(fields: Map, name: str, reading: Reading) -> Map | None:
    """Return the group of fields below `name`."""
    node: Node | None = fields.get(name)
    if node is None:
        reading.problem(fields.mark, f"field '{name}' is missing", f"add '{name}:' with its fields below it")
    elif not isinstance(node, Map):
        reading.problem(node.mark, f"'{name}' is {kind_of(node)}", "write its fields below it, indented")
    return node if isinstance(node, Map) else None


def _groups(fields: Map, name: str, reading: Reading, *, required: bool = True) -> list[Map]:
    """Return a list of groups of fields."""
    if required and name not in fields:
        reading.problem(fields.mark, f"field '{name}' is missing", f"add '{name}:' and a list below it")
    items = reading.seq(fields, name) or Seq()
    for item in items:
        if not isinstance(item, Map):
            what = f"an item of '{name}' is {kind_of(item)}"
            reading.problem(item.mark, what, "write '- field: …', and its other fields below that")
    return [item for item in items if isinstance(item, Map)]
