"""Which cards the options of a command mean."""

from __future__ import annotations

import os
from argparse import Namespace

from quiz.deck.library import Library
from quiz.deck.scope import Scope
from quiz.desk import scope_of
from quiz.errors import UnreadableError, UsageError


def is_path(name: str) -> bool:
    """Whether a name means a file or folder. Raises UnreadableError for a deck file that is not there."""
    if name.endswith((".yaml", ".yml")) and not os.path.lexists(name):
        raise UnreadableError(f"{name} is not there", "check the path")
    return os.path.lexists(name)


def chosen(library: Library, options: Namespace, topics: tuple[str, ...]) -> Scope:
    """Return the scope that deck names, topics and filters mean. Raises UsageError for a name that nothing has."""
    if library.empty:
        roots = ", ".join(map(str, library.roots))
        raise UsageError(
            f"there is no deck in {roots}", "decks are files ending in .yaml; begin one with: quiz new FILE"
        )
    return scope_of(
        library,
        options.deck,
        topics=topics,
        procedures=tuple(options.procedure),
        audiences=tuple(options.audience),
        safety=options.safety,
    )
