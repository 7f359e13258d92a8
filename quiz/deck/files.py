"""Which files are decks, and have they changed? Kept apart from the reader: a warm start needs only this."""

from __future__ import annotations

import os
from pathlib import Path


def stamp(path: Path) -> str:
    """Return what changes when the file does: size, time of change and inode; `gone` when there is nothing."""
    try:
        status = path.stat()
    except OSError:
        return "gone"
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}-{status.st_ino}-{status.st_mode}"


def deck_files(root: Path) -> list[Path]:
    """Return the deck files of a root in a fixed order: the file itself, or all `.yaml` and `.yml` below a folder.

    `sources.yaml` and `figures/` belong to the decks but are none. Something named like a deck that is no plain file
    (a folder, a FIFO, a broken link) is in the list, so that reading it says so.
    """
    if not root.is_dir():
        return [root]
    found: list[Path] = []
    for folder, folders, files in os.walk(root):
        odd = [name for name in folders if name.endswith((".yaml", ".yml"))]
        folders[:] = sorted(n for n in folders if n not in odd and n != "figures" and not n.startswith((".", "__")))
        names = (n for n in files if n.endswith((".yaml", ".yml")) and not n.startswith("."))
        found += [Path(folder, n) for n in sorted((*names, *odd)) if n != "sources.yaml"]
    return found


def sources_files(root: Path) -> list[Path]:
    """Return the bibliographies that belong to a root: beside a single deck, or anywhere below a folder."""
    if not root.is_dir():
        beside = root.parent / "sources.yaml"
        return [beside] if beside.is_file() else []
    return sorted(root.rglob("sources.yaml"))
