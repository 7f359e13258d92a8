"""Everything a front needs to start: the folders, the decks and one learner's history, opened in the right order."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from quiz.clock import Clock
from quiz.deck.library import Library
from quiz.deck.scope import Scope
from quiz.errors import StoreError, UnreadableError, UsageError
from quiz.paths import Paths, shipped_decks
from quiz.store.history import History
from quiz.store.rescue import rescue, take_in
from quiz.store.rows import SavedSession
from quiz.study.modes import minutes_on
from quiz.study.plan import Mode, Plan
from quiz.study.session import FORMAT, Session

if TYPE_CHECKING:
    from quiz.report.standing import Asker
    from quiz.store.sync.courier import Courier
    from quiz.study.target import Target


class Unsaved(NamedTuple):
    """Events that the disk did not take: how many, why, and the file where they wait (None: they are lost)."""

    events: int
    trouble: StoreError | None
    rescued: Path | None


@dataclass(slots=True)
class Desk:
    """The open decks and history of one run. Close it to write what may still be pending."""

    paths: Paths
    clock: Clock
    library: Library
    history: History
    courier: Courier | None = None
    uncopied: StoreError | None = None
    """Once it is closed: why today's copy of the history could not be made, if it could not."""

    def began(self) -> None:
        """Be told that the first screen or question is there: what nobody has to wait for can begin."""
        folder = self.history.settings.sync
        if folder and self.courier is None:
            from quiz.store.sync.courier import Courier  # only with a folder, and never before the first question

            self.courier = Courier(self.history.path, self.clock, Path(folder))
            self.courier.begin()

    def close(self) -> Unsaved | None:
        """Close everything; return what the disk did not take, if anything: it is then in the rescue file."""
        events = self.history.close()
        self.library.close()
        self.uncopied = self.history.copy_of_today()
        if not events:
            return None
        return Unsaved(len(events), self.history.trouble, self.history.aside or rescue(self.history.path, events))

    def session(self, plan: Plan, *, resume: bool = True) -> Session:
        """Return today's unfinished session of this plan where it stood, or a new one."""

        def fits(saved: SavedSession) -> bool:
            return Plan.from_json(saved.body["plan"]).same_as(plan)

        saved = self.history.open_session(FORMAT, self.history.today(), fits) if resume else None
        return Session(self.history, self.library, plan, saved)

    def unfinished(self) -> Plan | None:
        """Return the plan of today's session that was left before its end."""
        saved = self.history.open_session(FORMAT, self.history.today())
        return Plan.from_json(saved.body["plan"]) if saved else None

    def plan(
        self,
        scope: Scope,
        limit: int | None = None,
        minutes: int | None = None,
        seed: int | None = None,
        mode: Mode = "study",
    ) -> Plan:
        """Return a plan; what is not given comes from the settings (a limit in cards alone has no limit in time)."""
        if minutes is None:
            today = minutes_on(self.history.today(), self.history.settings)
            minutes = today if limit is None and mode != "pretest" else 0
        seed = seed if seed is not None else int.from_bytes(os.urandom(4), "big")
        return Plan(scope, limit or 0, minutes, seed, mode)

    def drill(
        self, card_id: str, limit: int | None = None, minutes: int | None = None, seed: int | None = None
    ) -> Plan:
        """Return the plan of a drill of a card with those that it is easily taken for.

        Raises UsageError for a card that is not there, that is suspended, or that has no look-alike.
        """
        from quiz.report.leeches import look_alikes

        card = self.library.card(card_id)
        if card is None:
            raise self.unknown(card_id)
        if self.history.state(card.id).suspended:
            raise UsageError(f"'{card.id}' is suspended", "bring it back with x in Browse")
        with closing(self.history.reader()) as db:
            alike = [other.card for other in look_alikes(db, card)]
        if not any(not self.history.state(other).suspended for other in alike):
            raise UsageError(f"no card is a look-alike of '{card.id}'", "name some in its deck: contrast_with: [ID]")
        return self.plan(Scope(cards=(card.id, *alike)), limit, minutes, seed, "contrast")

    def unknown(self, card_id: str) -> UsageError:
        """Return what is wrong with the id of a card that is not there, with the nearest one that is."""
        from quiz.text import clean, nearest

        # Guessing looks at ids that begin alike: comparing 100,000 of them would take seconds.
        sql = "select distinct id from deck.card where live and substr(id, 1, 2) = ?"
        guess = nearest(card_id, {id_ for (id_,) in self.history.query(sql, (card_id[:2],))})
        mend = f"did you mean '{guess}'?" if guess else "ids stand in the deck files"
        return UsageError(f"there is no card '{clean(card_id, lines=False)}'", mend)

    def asker(self) -> Asker:
        """Return who asks how it stands, now; an exam whose cards are no longer there is left out."""
        from quiz.report.standing import Asker
        from quiz.study.target import kept_target

        settings = self.history.settings
        target, about = kept_target(settings.exam), None
        if target is not None:
            with suppress(UsageError):
                about = exam_scope(self.library, target)
        return Asker(self.paths.name, self.clock.now(), settings, target if about is not None else None, about)


def deck_roots(paths: Paths, decks: Sequence[str]) -> list[Path]:
    """Return where decks are: those named by `--decks`, else the shipped ones and the learner's own.

    Raises UnreadableError for a folder or file that is not there.
    """
    roots = [Path(deck) for deck in decks]
    for root in roots:
        if not root.exists():
            raise UnreadableError(f"{root} is not there", "check the path after --decks")
    return roots or [shipped_decks(), *([paths.own_decks] if paths.own_decks.is_dir() else [])]


def open_library(paths: Paths, decks: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Library:
    """Return the decks of these roots (see `deck_roots`), read where they changed.

    Raises UnreadableError for a folder or file that is not there.
    """
    roots = deck_roots(paths, decks)
    try:
        library = Library(roots, paths.cache, None if decks else paths.local)
    except OSError as error:
        raise UnreadableError(str(error), "make room or check your rights there") from error
    try:
        library.refresh(progress)
    except sqlite3.Error as error:
        library.close()
        what = f"the decks cannot be kept in {library.path.parent} ({error})"
        raise UnreadableError(what, "make room or check your rights there") from error
    except BaseException:
        library.close()
        raise
    return library


def open_desk(
    paths: Paths,
    decks: Sequence[str],
    clock: Clock,
    progress: Callable[[int, int], None] | None = None,
    tick: Callable[[], None] | None = None,
) -> Desk:
    """Open history and decks. Raises StoreError when answers could not be kept: before any question is asked.

    `tick` is called again and again while a history of an older version is brought up to date, or what is in a copy
    beside it is taken in.
    """
    history = History(paths.history, clock, tick=tick)
    take_in(history)
    try:
        library = open_library(paths, decks, progress)
    except BaseException:
        history.close()
        raise
    try:
        history.attach(library.path)
        history.revise()
    except BaseException:
        library.close()
        history.close()
        raise
    return Desk(paths, clock, library, history)


def scope_of(library: Library, names: Sequence[str], **fields: tuple[str, ...] | bool) -> Scope:
    """Return the scope that deck names and filters mean. Raises UsageError with the nearest name for an unknown one."""
    from quiz.text import clean, nearest

    paths, unknown = library.named(names)
    if unknown:
        known = {Path(d.path).stem for d in library.decks()}
        guess = nearest(unknown[0], known)
        others = f"decks: {', '.join(sorted(known))}" if known else "there is no deck file in the folder of this name"
        mend = f"did you mean '{guess}'?" if guess else others
        raise UsageError(f"there is no deck '{clean(unknown[0], lines=False)}'", mend)
    for name, column in (("topics", "topic"), ("procedures", "procedure"), ("audiences", "audience")):
        values = fields.get(name) or ()
        known = set(library.values(column)) if values else set()
        for value in values if isinstance(values, tuple) else ():
            if value not in known:
                guess = nearest(value, known)
                mend = f"did you mean '{guess}'?" if guess else f"there are: {', '.join(sorted(known))}"
                raise UsageError(f"no card has the {column} '{clean(value, lines=False)}'", mend)
    return Scope(decks=paths, **fields)  # type: ignore[arg-type]


def exam_scope(library: Library, target: Target) -> Scope:
    """Return the cards that an exam is about. Raises UsageError for a name that no deck or card has (any more)."""
    about = target.scope
    names = {"topics": about.topics, "procedures": about.procedures, "audiences": about.audiences}
    return scope_of(library, about.decks, **names, safety=about.safety)
