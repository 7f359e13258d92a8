"""Which files are decks, and have they changed? Kept apart from the reader: a warm start needs only this."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

SOURCES = "sources.yaml"
FIGURES = "figures"
PATIENTS = "patients"  # the folder of patient sessions (quiz/deck/sessions.py)
LOCAL = "local.yaml"  # the ward's own layer (quiz/deck/local.py)


def stamp(path: Path) -> str:
    """Return what changes when the file does: size, time of change and inode; `gone` when there is nothing."""
    try:
        status = path.stat()
    except OSError:
        return "gone"
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}-{status.st_ino}-{status.st_mode}"


def deck_files(root: Path) -> list[Path]:
    """Return the deck files of a root in a fixed order: the file itself, or all `.yaml` and `.yml` below a folder.

    `sources.yaml`, `local.yaml`, `figures/` and `patients/` belong to the decks but are none. What is named like a deck
    but is no plain file (a folder, a FIFO, a broken link) is in the list, and so is a folder that may not be read:
    reading it says so.
    """
    if not _is(stat.S_ISDIR, root):
        return [root]
    found: list[Path] = []

    def unreadable(error: OSError) -> None:
        found.append(Path(error.filename))

    for folder, folders, files in os.walk(root, onerror=unreadable):
        odd = _enter(folders)
        found += [Path(folder, n) for n in sorted((*filter(_is_deck, files), *odd)) if n not in (SOURCES, LOCAL)]
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


def figure_files(root: Path) -> list[Path]:
    """Return the figures that belong to a root: in `figures/` beside a single deck, or in each one below a folder."""
    return _files_of(FIGURES, root)


def session_files(root: Path) -> list[Path]:
    """Return the patient sessions that belong to a root: in `patients/` beside a deck, or in each below a folder."""
    return _files_of(PATIENTS, root)


def local_files(root: Path) -> list[Path]:
    """Return the ward's own layers below a folder."""
    found: list[Path] = []
    for folder, folders, files in os.walk(root):
        _enter(folders)
        found += [Path(folder, n) for n in files if n == LOCAL]
    return found


def _files_of(name: str, root: Path) -> list[Path]:
    """Return the files in the folders called `name` that belong to a root, in order."""
    if root.name == name:
        return _files_in(root)
    if not _is(stat.S_ISDIR, root):
        return _files_in(root.parent / name)
    found: list[Path] = []
    for folder, folders, _ in os.walk(root):
        if name in folders:
            found += _files_in(Path(folder, name))
        _enter(folders)
    return found


def _files_in(folder: Path) -> list[Path]:
    """Return the files in one folder that are named like decks, in order."""
    try:
        names = os.listdir(folder)  # noqa: PTH208  # a list of names, not of paths
    except OSError:
        return []
    return [folder / name for name in sorted(names) if _is_deck(name)]


def _is(kind: Callable[[int], bool], path: Path) -> bool:
    """Whether there is something of this kind, for all one may see."""
    try:
        return kind(path.stat().st_mode)
    except OSError:
        return False


def _enter(folders: list[str]) -> list[str]:
    """Leave in `folders` those to be entered, in order; return those that are named like a deck."""
    odd = [name for name in folders if _is_deck(name)]
    folders[:] = sorted(n for n in folders if n not in (*odd, FIGURES, PATIENTS) and not n.startswith((".", "__")))
    return odd


def _is_deck(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml")) and not name.startswith(".")
