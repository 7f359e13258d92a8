"""Input that is broken or means harm: texts that must come out harmless, and files that must not stop the good ones."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.decks import FLIP, deck

# Looks like markup of Rich or Textual: plain text to us. All of it is sound in a deck.
MARKUP = {
    "closing tag": "[/b]",
    "closing tag of nothing": "[/]",
    "action": "[@click=app.quit]x[/]",
    "link": "[link=file:///etc/passwd]x[/link]",
    "style": "[bold red on blue]x[/]",
    "escaped bracket": r"\[b] and \\[/b]",
    "emoji code": ":warning: :skull:",
    "variable": "$primary [$accent]x",
    "html": "<b>x</b> &amp; <script>alert(1)</script>",
    "braces and percent": "{0} {name!r} %s %d %%",
}

# Must never reach a terminal.
ESCAPES = {
    "colour": "\x1b[31mred\x1b[0m",
    "clear screen": "\x1b[2J\x1b[H",
    "window title": "\x1b]0;owned\x07",
    "hyperlink": "\x1b]8;;http://example.org\x1b\\x\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;aGVsbG8=\x07",
    "title without an end": "\x1b]0;owned",
    "device control": "\x1bP1$r0m\x1b\\",
    "reset": "\x1bc",
    "other character set": "\x1b(0lqk\x1b(B",
    "eight-bit CSI": "\x9b31mred",
    "eight-bit OSC": "\x9d0;owned\x9c",
    "lone escape": "\x1b",
    "function key": "\x1bOP",
    "function key of the console": "\x1b[[A",
    "bell and backspace": "a\x07\x08\x08b",
    "NUL": "a\x00b",
    "delete": "a\x7fb",
    "bidi override": "abc\u202edcba\u202c",
    "bidi isolate": "abc\u2066d\u2069",
    "line separator": "a\u2028b",
    "next line": "a\x85b",
    "byte order mark inside": "a\ufeffb",
    "tag characters": "a\U000e0041\U000e007fb",
    "lone surrogate": "a\ud800b",
}

LONG_WORD = "x" * 5_000
LONG_STEM = "\n".join(f"Line {number} of a very long stem about SDR." for number in range(1, 301))


@contextmanager
def folder_for_all() -> Iterator[Path]:
    """Give a temporary folder that every user can enter and read (pytest's own cannot)."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def broken_files(folder: Path) -> dict[str, str]:
    """Put a file of every broken sort into `folder`; return what must be said about each (by its name)."""
    texts: dict[str, tuple[bytes, str]] = {
        "binary.yaml": (bytes(range(256)), "UTF-16"),
        "bracket.yaml": (b"title: [x\ncards:\n", "not readable as YAML"),
        "control.yaml": (deck("ask: a\x1b[31m\nanswer: b").encode(), "U+001B"),
        "cut-off.yaml": (deck(FLIP, 'ask: "What is').encode(), "not readable as YAML"),
        "empty.yaml": (b"", "is empty"),
        "latin-1.yaml": (deck("ask: Trépan?\nanswer: b").encode("latin-1"), "Latin-1"),
        "list.yaml": (b"- ask: a\n  answer: b\n", "the deck is a list"),
        "prose.yaml": (b"This is a letter and no deck.\n", "the deck is a text"),
        "tabs.yaml": (b"title: x\ncards:\n\t- ask: a\n", "not readable as YAML"),
        "utf-16.yaml": (deck(FLIP).encode("utf-16"), "UTF-16"),
    }
    for name, (content, _) in texts.items():
        (folder / name).write_bytes(content)
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "fifo.yaml")
    (folder / "link.yaml").symlink_to(folder / "nowhere.yaml")
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    said = {name: sign for name, (_, sign) in texts.items()}
    return said | {
        "folder.yaml": "is a folder",
        "fifo.yaml": "not a plain file",
        "link.yaml": "broken link",
        "loop.yaml": "cannot be read",
    }
