"""What a reader of a format made of a file, and its examination by the reader of decks: what that takes, we can ask."""

from __future__ import annotations

from dataclasses import dataclass, field

from quiz.deck.model import Card
from quiz.deck.reader import read_cards
from quiz.exchange.entries import MOST_CARDS, MOST_TEXT, Entry, Spot, map_at, nodes_of, plain, seq_at, texts_in
from quiz.exchange.files import RefusedError
from quiz.exchange.parcel import LeftOut, Parcel
from quiz.places import Place, Problem
from quiz.questions.fields import Reading
from quiz.questions.nodes import Map
from quiz.text import counted

_TOP = Spot(0, 0)


@dataclass(slots=True)
class Draft:
    """Entries with their places in `file`, each with an `id`; what is wrong there; and what was left out, and why."""

    file: str
    title: str
    cards: list[Map] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def problem(self, spot: Spot, what: str, mend: str) -> None:
        """Record something that is wrong in the file, with its place (counted from 0)."""
        self.problems.append(Problem(Place(self.file, spot.line + 1, spot.column + 1), what, mend))

    def without(self, spot: Spot, what: str, why: str) -> None:
        """Record something that is sound but cannot be taken over."""
        self.left_out.append(LeftOut(f"{Place(self.file, spot.line + 1, spot.column + 1)}: {what}", why))


def settle(draft: Draft, *, strict: bool) -> Parcel:
    """Return what the draft holds once the reader of decks has looked at it.

    What it refuses is a problem of the file if `strict`, else left out. Raises RefusedError with all problems.
    """
    if len(draft.cards) > MOST_CARDS:
        what, mend = f"holds {counted(len(draft.cards), 'card')}", f"split it: {MOST_CARDS} at most go into one deck"
        draft.problems.append(Problem(Place(draft.file), what, mend))
        draft.cards.clear()
    short = [card for card in draft.cards if not _too_long(card, draft)]
    reading = Reading(draft.file)
    root = map_at([("cards", seq_at(short, _TOP))], _TOP)
    taken = read_cards(root, {}, draft.title, reading) if short else ()
    if strict:
        draft.problems += reading.problems
    else:
        draft.left_out += [LeftOut(str(problem.place), problem.what) for problem in reading.problems]
    if draft.problems:
        raise RefusedError(draft.file, draft.problems)
    families = {card.family for card in taken}
    kept = tuple(plain(card) for card in short if card["id"] in families)
    return Parcel(draft.title, kept, (), tuple(draft.left_out))


def _too_long(card: Map, draft: Draft) -> bool:
    """Whether a text in the entry is more than anybody could read (told with its place)."""
    found = next((text for text in texts_in(card) if len(text) > MOST_TEXT), None)
    if found is None:
        return False
    spot = Spot(found.mark.line, found.mark.column)
    draft.problem(spot, f"a text of {len(found)} characters", f"shorten it to {MOST_TEXT}; is a quote not closed?")
    return True


def tried(entries: list[Entry], title: str, file: str) -> tuple[tuple[Card, ...], tuple[LeftOut, ...]]:
    """Return the cards that these entries make, and the entries that make none, with the reasons."""
    reading = Reading(file)
    root = map_at([("cards", nodes_of(entries, _TOP))], _TOP)
    cards = read_cards(root, {}, title, reading) if entries else ()
    return cards, tuple(LeftOut(problem.card or "a card", problem.what) for problem in reading.problems)
