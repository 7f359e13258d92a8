"""Which files are decks, and have they changed? Kept apart from the reader: a warm start needs only this."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

SOURCES = "sources.yaml"


def stamp(path: Path) -> str:
    """Return what changes when the file does: size, time of change and inode; `gone` when there is nothing."""
    try:
        status = path.stat()
    except OSError:
        return "gone"
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}-{status.st_ino}-{status.st_mode}"


def deck_files(root: Path) -> list[Path]:
    """Return the deck files of a root in a fixed order: the file itself, or all `.yaml` and `.yml` below a folder.

    `sources.yaml` and `figures/` belong to the decks but are none. What is named like a deck but is no plain file (a
    folder, a FIFO, a broken link) is in the list, and so is a folder that may not be read: reading it says so.
    """
    if not _is(stat.S_ISDIR, root):
        return [root]
    found: list[Path] = []

    def unreadable(error: OSError) -> None:
        found.append(Path(error.filename))

    for folder, folders, files in os.walk(root, onerror=unreadable):
        odd = _enter(folders)
        found += [Path(folder, n) for n in sorted((*filter(_is_deck, files), *odd)) if n != SOURCES]
    return found


def sources_files(root: Path) -> list[Path]:
    """Return the bibliographies that belong to a root: beside a single deck, or anywhere below a folder."""
    if not _is(stat.S_ISDIR, root):
        beside = root.parent / SOURCES
        return [beside] if _is(stat.S_ISREG, beside) else []
    found: list[Path] = []
    for folder, folders, files in os.walk(root):
        _enter(folders)
        found += [Path(folder, n) for n in files if n == SOURCES]
    return found


def _is(kind: Callable[[int], bool], path: Path) -> bool:
    """Whether there is something of this kind, for all one may see."""
    try:
        return kind(path.stat().st_mode)
    except OSError:
        return False


def _enter(folders: list[str]) -> list[str]:
    """Leave in `folders` those to be entered, in order; return those that are named like a deck."""
    odd = [name for name in folders if _is_deck(name)]
    folders[:] = sorted(n for n in folders if n not in odd and n != "figures" and not n.startswith((".", "__")))
    return odd


def _is_deck(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml")) and not name.startswith(".")
