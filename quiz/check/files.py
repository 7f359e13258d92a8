"""Are these deck files sound, each by itself and all together? Uses the reader of the sessions, so both agree."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quiz.check.beside import check_beside, is_beside
from quiz.deck.figures import Figure, read_figure
from quiz.deck.files import FIGURES, LOCAL, SOURCES, deck_files, figure_files, sources_files
from quiz.deck.model import Card, Deck, Source
from quiz.deck.reader import read_deck, read_sources
from quiz.deck.sessions import PatientSession
from quiz.places import Place, Problem
from quiz.questions import FigureMark, Question
from quiz.text import clean, nearest


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and everything that is wrong, sorted by place."""

    files: int
    decks: tuple[Card, ...]
    own: tuple[Card, ...]  # of the ward
    problems: tuple[Problem, ...]
    sources: Mapping[str, Source]
    sessions: tuple[PatientSession, ...]

    @property
    def cards(self) -> int:
        """How many cards there are."""
        return len(self.decks) + len(self.own)

    @property
    def questions(self) -> int:
        """How many questions they have."""
        return sum(len(card.questions) for card in (*self.decks, *self.own))


def check_files(roots: Sequence[Path]) -> Checked:
    """Check deck files and folders of them: each file, then ids, sources and look-alikes across all of them."""
    paths = _once(path for root in roots for path in deck_files(root))
    decks = [read_deck(path) for path in paths if not is_beside(path)]
    problems = [problem for deck in decks for problem in deck.problems]
    problems += _doubles(decks)
    sources, wrong = _sources(roots, decks)
    problems += wrong
    problems += _figures(roots, decks)
    problems += _contrasts(decks)
    cards = tuple(card for deck in decks for card in deck.cards)
    beside = check_beside(roots, cards)
    problems += beside.problems
    files = len(decks) + beside.files
    return Checked(files, cards, beside.cards, tuple(sorted(problems)), sources, beside.sessions)


def _once(paths: Iterable[Path]) -> list[Path]:
    """Return the paths without those that lead to a file named before."""
    return list({os.path.realpath(path): path for path in reversed(list(paths))}.values())[::-1]


def _doubles(decks: Iterable[Deck]) -> list[Problem]:
    """Return a problem for each card whose id a card in another file has: one at each place, naming the others."""
    places: dict[str, dict[str, Card]] = {}
    for deck in decks:
        for card in deck.cards:
            places.setdefault(card.family, {}).setdefault(card.file, card)
    found = []
    for family, cards in places.items():
        for card in cards.values() if len(cards) > 1 else ():
            also = ", ".join(f"{other.file}:{other.line}" for other in cards.values() if other is not card)
            what = f"id '{family}' stands twice (also {also})"
            found.append(Problem(_place(card), what, "give one of the two cards another id", family))
    return found


def _sources(roots: Iterable[Path], decks: Sequence[Deck]) -> tuple[dict[str, Source], list[Problem]]:
    """Return the bibliography, what is wrong in it, and the sources that cards name but it does not hold.

    Without any bibliography the cards' sources are taken as they are.
    """
    files = _once(path for root in roots for path in sources_files(root))
    known: dict[str, Source] = {}
    problems: list[Problem] = []
    for path in files:
        entries, wrong = read_sources(path)
        known |= entries
        problems += wrong
    if not files:
        return known, problems
    for card in _entries(decks):
        for source in card.sources:
            if source not in known:
                guess = nearest(source, set(known))
                mend = f"did you mean '{guess}'?" if guess else f"add it to {files[0].name}"
                problems.append(Problem(_place(card), f"source '{source}' is not known", mend, card.family))
    return known, problems


def _figures(roots: Iterable[Path], decks: Sequence[Deck]) -> list[Problem]:
    """Return what is wrong in the figures, and the figures and marks that questions name but no file holds."""
    known: dict[str, tuple[Figure, Path]] = {}
    faulty: set[str] = set()
    problems: list[Problem] = []
    for path in _once(path for root in roots for path in figure_files(root)):
        figure, wrong = read_figure(path)
        problems += wrong
        if figure is None:
            faulty.add(path.stem)  # by custom its id; that it is not known was told well enough
        elif figure.id in known:
            also = clean(str(known[figure.id][1]), lines=False)
            what = f"id '{figure.id}' stands twice (also {also})"
            place = Place(clean(str(path), lines=False))
            problems.append(Problem(place, what, "give one of the two figures another id"))
        else:
            known[figure.id] = figure, path
    for card in _entries(decks):
        for question, name in zip(card.questions, card.figures, strict=True):
            found = known.get(name)
            if found:
                problems += _marks(card, question, found[0])
            elif name and name not in faulty:
                guess = nearest(name, set(known))
                mend = f"did you mean '{guess}'?" if guess else f"draw it in {FIGURES}/{name}.yaml beside the deck"
                problems.append(Problem(_place(card), f"figure '{name}' is not known", mend, card.family))
    return problems


def _marks(card: Card, question: Question, figure: Figure) -> list[Problem]:
    """Return a problem if a question asks for a mark that its figure has not."""
    if not isinstance(question, FigureMark) or figure.label(question.at):
        return []
    mend = f"its marks are {', '.join(str(label.mark) for label in figure.marks)}"
    what = f"figure '{figure.id}' has no mark {question.at}"
    return [Problem(_place(card), what, mend, card.family)]


def _contrasts(decks: Sequence[Deck]) -> list[Problem]:
    """Return the look-alikes that cards name but no deck holds, neither among these nor beside them."""
    known = _names(decks)
    wanting = [(card, name) for card in _entries(decks) for name in card.contrast_with if name not in known]
    if not wanting:
        return []
    known |= _names(map(read_deck, _beside(decks)))
    found = []
    for card, name in wanting:
        if name not in known:
            guess = nearest(name, known)
            mend = f"did you mean '{guess}'?" if guess else "name the id of a card, or take it out"
            what = f"'contrast_with' names '{name}', which no deck holds"
            found.append(Problem(_place(card), what, mend, card.family))
    return found


def _beside(decks: Iterable[Deck]) -> list[Path]:
    """Return the deck files in the folders of these: somebody may check one file of several that belong together."""
    folders = {Path(deck.file).parent for deck in decks}
    names = (path for folder in folders for ending in ("*.yaml", "*.yml") for path in folder.glob(ending))
    return _once(path for path in sorted(names) if path.name not in (SOURCES, LOCAL))


def _entries(decks: Iterable[Deck]) -> Iterable[Card]:
    """Return one card for each entry of the files: siblings share their fields."""
    return {(card.file, card.family): card for deck in decks for card in deck.cards}.values()


def _names(decks: Iterable[Deck]) -> set[str]:
    return {name for deck in decks for card in deck.cards for name in (card.id, card.family)}


def _place(card: Card) -> Place:
    return Place(card.file, card.line, 1)
