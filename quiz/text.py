"""The one gate through which text from outside enters: decks, typed answers, notes, file names, imports.

What is let through can be printed to a terminal: no control characters, no escape sequences, no direction overrides.
It is still not markup-safe: drawing it in the TUI is the job of `quiz/tui/present.py`.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import Literal

# C0 (but tab and line feed), DEL, C1, line and paragraph separators, direction overrides and isolates, lone surrogates,
# byte order mark, tag characters, and two code points that are no characters. Joiners and variation selectors stay:
# scripts and emoji need them.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)
_ESCAPE = re.compile(
    "(?:\x1b\\[|\x9b)(?:\\[[A-E]|[0-?]*[ -/]*[@-~])"  # CSI; with a second bracket a function key of the Linux console
    # OSC, DCS, SOS, PM, APC up to their end; without one, up to the end of the line.
    "|\x1b[\\]PX^_](?:[^\x07\x1b\x9c]{0,4096}(?:\x1b\\\\|[\x07\x9c])|[^\n]*)"
    "|\x1b[NO][ -~]?"  # SS2 and SS3: arrow and function keys
    "|\x1b[ -/]*[0-~]"
)
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACE = re.compile(r"\s+")
_SHORT = 1000  # characters of a text that is brought into a form at once, whatever it is
_LONG_RUN = 128  # marks one after the other that are put in order here
# All marks are signs to `re`, but for the two of half-width Japanese, which become marks; so are other characters.
_MARKS = re.compile(rf"(?:[^\w\s\x00-\x7f]|[\uff9e\uff9f]){{{_LONG_RUN}}}")

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]


def clean(raw: str, *, lines: bool = True) -> str:
    """Return `raw` safe to print: NFC, line ends as LF, escape sequences and forbidden characters removed.

    With `lines=False` line breaks and tabs become single spaces: for names and everything on one line.
    """
    if raw.isascii() and raw.isprintable():
        return raw if lines else folded(raw)
    text = _ESCAPE.sub("", _BREAK.sub("\n", raw))
    text = normalized("NFC", FORBIDDEN.sub("", text)).replace("\t", "    ")
    return text if lines else folded(text)


def normalized(form: Form, text: str) -> str:
    """Return exactly what `unicodedata.normalize` does, in a time that grows with the length of the text alone.

    `unicodedata` puts the marks on a letter in order by insertion: 40,000 of them take seconds. A text with a long run
    of marks is taken apart here and each run sorted at once, by the rule of the standard (Unicode 3.11, D108 and D109);
    then nothing is left to put in order.
    """
    if len(text) < _SHORT or not _MARKS.search(text):
        return unicodedata.normalize(form, text)
    apart: Form = "NFKD" if "K" in form else "NFD"
    single = "".join(unicodedata.normalize(apart, char) for char in text)
    runs = groupby(single, key=lambda char: unicodedata.combining(char) > 0)
    ordered = (sorted(run, key=unicodedata.combining) if marks else run for marks, run in runs)
    return unicodedata.normalize(form, "".join("".join(run) for run in ordered))


def folded(text: str) -> str:
    """Return `text` with every run of white space as one space, none at the ends: what "the same text" means."""
    return " ".join(text.split())


def name_of(char: str) -> str:
    """Say which character this is in words a person can search for: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    unnamed = "control character" if unicodedata.category(char) == "Cc" else "which is no character"
    return f"U+{ord(char):04X} {unicodedata.name(char, unnamed)}"


def nearest(word: str, known: list[str] | tuple[str, ...] | frozenset[str] | set[str]) -> str | None:
    """Return the known word that `word` most likely was meant to be, or None when nothing is near."""
    import difflib  # only needed when something is wrong

    found = difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.6)
    return found[0] if found else None


def counted(n: int, one: str, many: str | None = None) -> str:
    """Return `1 card`, `2 cards`."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def shortened(text: str, width: int) -> str:
    """Return `text` on one line, cut to `width` characters with an ellipsis."""
    line = folded(text)
    return line if len(line) <= width else line[: max(0, width - 1)].rstrip() + "…"
