"""Is what stands beside decks sound: patient sessions, and the ward's own layer? By their readers, then together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from quiz.deck.figures import read_figure
from quiz.deck.files import LOCAL, PATIENTS, deck_files, figure_files, local_files, session_files, sources_files
from quiz.deck.local import ids_of, read_local
from quiz.deck.model import Card
from quiz.deck.reader import read_deck, read_sources
from quiz.deck.sessions import PatientSession, read_session
from quiz.paths import shipped_decks
from quiz.places import Place, Problem
from quiz.text import nearest


@dataclass(frozen=True, slots=True)
class Beside:
    """What was looked at (`cards` are the ward's own), and what is wrong."""

    files: int
    cards: tuple[Card, ...]
    problems: tuple[Problem, ...]
    sessions: tuple[PatientSession, ...]


def is_beside(path: Path) -> bool:
    """Whether a file that is named to be checked is no deck."""
    return path.name == LOCAL or path.parent.name == PATIENTS


def check_beside(roots: Sequence[Path], cards: Sequence[Card]) -> Beside:
    """Check the sessions and local layers of these roots. `cards` are those of the roots' decks."""
    paths = list(dict.fromkeys(path for root in roots for path in _of(root, PATIENTS, session_files(root))))
    sessions = [(path, *read_session(path)) for path in paths]
    problems = [problem for _, _, wrong in sessions for problem in wrong]
    for path, session, _ in sessions:
        if session:
            problems += _named(session, path.parent.parent)
    procedures = {session.procedure for _, session, _ in sessions if session} | {c.procedure for c in cards}
    layers = list(dict.fromkeys(path for root in roots for path in _of(root, LOCAL, local_files(root))))
    own: list[Card] = []
    for path in layers:
        known, there = _known(path, cards)
        local = read_local(path, known, (procedures | there) - {""})
        problems += local.problems
        own += local.cards
    sound = tuple(session for _, session, _ in sessions if session)
    return Beside(len(paths) + len(layers), tuple(own), tuple(problems), sound)


def _of(root: Path, name: str, inside: Iterable[Path]) -> Iterable[Path]:
    """Return the files of one sort below a root, or the root itself where it is one."""
    if root.is_dir() or not is_beside(root):
        return inside
    return [root] if (root.name == LOCAL) is (name == LOCAL) else []


def _known(path: Path, cards: Iterable[Card]) -> tuple[frozenset[str], set[str]]:
    """Return the ids and the procedures that a local layer may name: of these cards, those beside it, and ours."""
    decks = (read_deck(deck) for root in (path.parent, shipped_decks()) for deck in deck_files(root))
    more = [card for deck in decks for card in deck.cards]
    ours = (read_session(file)[0] for file in session_files(shipped_decks()))
    procedures = {card.procedure for card in more} | {session.procedure for session in ours if session}
    return ids_of([*cards, *more]), procedures


def _named(session: PatientSession, folder: Path) -> list[Problem]:
    """Return the sources and figures that a session names but its folder of decks does not hold."""
    files = sources_files(folder)
    sources = {name for path in files for name in read_sources(path)[0]}
    figures = {figure.id for path in figure_files(folder) if (figure := read_figure(path)[0])}
    wanted = [(name, "source", sources) for name in session.sources if files]
    wanted += [(point.figure, "figure", figures) for point in session.points if point.figure]
    return [_unknown(session, name, sort, known) for name, sort, known in wanted if name not in known]


def _unknown(session: PatientSession, name: str, sort: str, known: Collection[str]) -> Problem:
    guess = nearest(name, set(known))
    mend = f"did you mean '{guess}'?" if guess else f"add it, or take the {sort} out"
    return Problem(Place(session.file), f"{sort} '{name}' is not known", mend)
