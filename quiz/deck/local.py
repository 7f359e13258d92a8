"""The ward's own layer: its phone numbers, days and rules beside the general answers, and cards of its own.

It is one file, `local.yaml` in the folder of the learner's own decks, and no deck. All of it is optional:

```yaml
clinic:
  name: Spine clinic, Riverside Hospital
  phone: 555 0100
  out_of_hours: 555 0199
  emergency: 112
  who_to_call: the nurse on duty
dates:                      # what stands on the page that a patient takes home
  visit: Tuesdays at 8
  stop_food: 6 hours before you come
  sdr:                      # only for this procedure, before what stands above
    visit: Mondays at 7
cards:
  - id: card-of-a-deck      # its text is shown as "here:" beside the general answer
    here: Here we stop food at midnight.
  - id: ward-night-number   # a card of the ward's own: an id that no deck has, and the fields of any card
    ask: Which number do you call at night?
    answer: 555 0199
```
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from quiz.deck.model import Card
from quiz.deck.reader import read_cards, read_text
from quiz.deck.sessions import DATES
from quiz.deck.yaml import collector_paused, parse
from quiz.places import Problem
from quiz.questions.fields import Reading, shown
from quiz.questions.nodes import Map, Node, Seq, Text, kind_of
from quiz.text import clean, folded, nearest

TITLE = "Here"  # the deck of the ward's own cards, where the clinic has no name

_FIELDS = ("clinic", "dates", "cards")
_CLINIC = ("name", "phone", "out_of_hours", "emergency", "who_to_call")
_BEGIN = "write 'clinic:', 'dates:' or 'cards:' with its fields below"
_PROCEDURE = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


@dataclass(frozen=True, slots=True)
class Clinic:
    """Who the ward is and how it is reached; what is not known is empty."""

    name: str = ""
    phone: str = ""
    out_of_hours: str = ""
    emergency: str = ""
    who_to_call: str = ""


@dataclass(frozen=True, slots=True)
class Local:
    """What the ward's own file says. `notes` are the texts beside general answers, by the card's id.

    `dates` holds texts by name (one of `DATES`), and `dates_of` the same by procedure.
    """

    file: str = ""
    clinic: Clinic = Clinic()
    dates: Mapping[str, str] = field(default_factory=dict)
    dates_of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    problems: tuple[Problem, ...] = ()

    def here(self, card_id: str) -> str:
        """Return the ward's own text beside a card; a note on an entry goes for all its siblings. Empty if none."""
        return self.notes.get(card_id) or self.notes.get(card_id.partition("/")[0], "")

    def date(self, name: str, procedure: str) -> str:
        """Return a day or time as text: the procedure's own, else that of all; empty if there is none."""
        return self.dates_of.get(procedure, {}).get(name) or self.dates.get(name, "")


def read_local(path: Path, known: Collection[str] | None = None, procedures: Collection[str] | None = None) -> Local:
    """Read the ward's own layer; without a file it is empty. What is wrong is left out, and told in `problems`.

    `known` are the ids of all cards of the decks and `procedures` the names of all procedures; None checks neither.
    """
    reading = Reading(clean(str(path), lines=False))
    empty = Local(reading.file)
    if not path.exists() and not path.is_symlink():
        return empty
    text = read_text(path, reading, _BEGIN)
    local = empty
    if text is not None:
        with collector_paused():
            root = parse(text, reading)
        if isinstance(root, Map):
            local = _local(root, known, procedures, reading)
        elif root is not None:
            reading.problem(root.mark, f"the local layer is {kind_of(root)}", _BEGIN)
    return replace(local, problems=tuple(sorted(reading.problems)))


def _local(root: Map, known: Collection[str] | None, procedures: Collection[str] | None, reading: Reading) -> Local:
    reading.no_others(root, _FIELDS, "the local layer")
    clinic = _clinic(root, reading)
    dates, dates_of = _dates(root, procedures, reading)
    notes, cards = _entries(root, known, clinic.name or TITLE, reading)
    return Local(reading.file, clinic, dates, dates_of, notes, cards)


def _clinic(root: Map, reading: Reading) -> Clinic:
    fields = _group(root, "clinic", reading)
    reading.no_others(fields, _CLINIC, "'clinic'")
    return Clinic(**{name: folded(reading.text(fields, name) or "") for name in _CLINIC})


def _dates(
    root: Map, procedures: Collection[str] | None, reading: Reading
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return the texts for all procedures, and those for single ones."""
    fields = _group(root, "dates", reading)
    of: dict[str, dict[str, str]] = {}
    for name, node in fields.items():
        if name in DATES or not isinstance(node, Map):
            continue
        mark = reading.key(fields, name)
        if procedures is not None and name not in procedures:
            reading.known(name, mark, "the procedure", procedures)
        elif not _PROCEDURE.fullmatch(name):
            reading.problem(mark, f"the procedure is '{shown(name)}'", "use small letters, digits and '-'")
        else:
            reading.no_others(node, DATES, f"'dates' of {name}")
            of[str(name)] = _texts(node, reading)
    own = Map((name, node) for name, node in fields.items() if name in DATES or not isinstance(node, Map))
    own.mark = fields.mark
    reading.no_others(own, DATES, "'dates'")
    return _texts(own, reading), of


def _texts(fields: Map, reading: Reading) -> dict[str, str]:
    """Return the dates among the fields that have a text."""
    texts = {name: reading.text(fields, name) for name in DATES if name in fields}
    return {name: folded(text) for name, text in texts.items() if text}


def _entries(
    root: Map, known: Collection[str] | None, title: str, reading: Reading
) -> tuple[dict[str, str], tuple[Card, ...]]:
    """Return the notes on cards of the decks, and the cards of the ward's own."""
    notes: dict[str, str] = {}
    own = Seq()
    for item in (reading.seq(root, "cards") or ()) if "cards" in root else ():
        if not isinstance(item, Map):
            mend = "write '- id: …' with 'here: …' or a question below it"
            reading.problem(item.mark, f"this entry is {kind_of(item)}", mend)
        elif "id" not in item:
            mend = "add 'id: …': that of the card it is about, or a new one"
            reading.problem(item.mark, "this entry has no id", mend)
        elif "here" in item:
            _note(item, known, notes, reading)
        elif _is_new(item, known, reading):
            own.append(item)
    if not own:
        return notes, ()
    cards = Map({"cards": own})
    cards.mark = own.mark = root["cards"].mark
    return notes, read_cards(cards, {}, title, reading)


def _note(item: Map, known: Collection[str] | None, notes: dict[str, str], reading: Reading) -> None:
    """Read the ward's own text beside a card."""
    reading.no_others(item, ("id", "here"), "an entry with 'here'")
    card, text = reading.text(item, "id"), reading.text(item, "here")
    if card is None or text is None:
        return
    mark = item["id"].mark
    if known is not None and card not in known:
        guess = nearest(card, set(known))
        mend = f"did you mean '{guess}'?" if guess else "name the id of a card ('quiz card ID' tells what it holds)"
        reading.problem(mark, f"no deck holds a card '{shown(card)}'", mend)
    elif card in notes:
        reading.problem(mark, f"id '{shown(card)}' stands twice", "keep one of the two, or join their texts")
    else:
        notes[card] = text


def _is_new(item: Map, known: Collection[str] | None, reading: Reading) -> bool:
    """Whether the id of a card of the ward's own is free."""
    card = item["id"]
    if known is None or not isinstance(card, Text) or card.strip() not in known:
        return True
    mend = "write 'here: …' to add to that card, or give yours another id"
    reading.problem(card.mark, f"id '{shown(card.strip())}' is that of a card of the decks", mend)
    return False


def _group(root: Map, name: str, reading: Reading) -> Map:
    """Return the group of fields below `name`; an empty one where there is none."""
    node: Node | None = root.get(name)
    if isinstance(node, Map):
        return node
    if node is not None:
        reading.problem(node.mark, f"'{name}' is {kind_of(node)}", "write its fields below it, indented")
    nothing = Map()
    nothing.mark = root.mark
    return nothing


def ids_of(cards: Iterable[Card]) -> frozenset[str]:
    """Return the ids that a local layer may name: those of the cards, and of the entries they are made from."""
    return frozenset(name for card in cards for name in (card.id, card.family))
