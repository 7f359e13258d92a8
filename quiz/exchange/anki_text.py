"""Anki's fields are HTML: to plain text, in which no markup is left, and back.

The tags are found by a scan of our own that reads each character once. `html.parser` reads hostile fields in quadratic
time (80,000 characters of `<a ` took it 37 seconds) and stops at some (`<![<![`) with an AssertionError.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from quiz.text import clean, shortened

_BLOCKS = frozenset(
    "address article aside blockquote center dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol p pre section table tr ul".split()
)
_SILENT = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "template", "svg", "title")}
_MEDIA = {"img": "image", "audio": "sound", "video": "video", "source": "media", "embed": "media", "object": "media"}
_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9-]*)")
_SRC = re.compile(r"""(?:^|\s)(?:src|data)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_SOUND = re.compile(r"\[sound:([^\]\n]{1,500})\]")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_KEPT = "\ue00f"  # a private character for a space in `<pre>`, where those before a line count
_BLANK_LINES = re.compile(r"\n{3,}")
_RAISED = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_LONGEST_NAME = 120  # characters of a media file's name as it is told


class Plain(NamedTuple):
    """A field as text, and the names of the media files that it shows or plays."""

    text: str
    media: tuple[str, ...] = ()


@lru_cache(maxsize=32)  # a simple template gives the very text of its field, which was read just before
def plain(field: str) -> Plain:
    """Return a field of HTML as plain text, fit to print.

    Blocks and `<br>` make lines. Images and sounds leave their name in brackets, LaTeX stays as it was written, scripts
    and styles go. What was written as an entity (`&lt;b&gt;`) is text and stays so.
    """
    scan = _Scan(clean(field).replace(_KEPT, " "))  # first: what no screen shows must not hide a tag
    text = _SOUND.sub(scan.sound, clean("".join(scan.pieces)).replace("\u00a0", " "))
    lines = "\n".join(line.strip().replace(_KEPT, " ").rstrip() for line in text.split("\n"))
    return Plain(clean(_BLANK_LINES.sub("\n\n", lines).strip()), tuple(dict.fromkeys(scan.media)))


def as_html(text: str) -> str:
    """Return plain text as a field that shows it as it is, its line ends included."""
    return html.escape(text, quote=False).replace("\n", "<br>")


class _Scan:
    """One field being read. `pieces` are the parts of its text."""

    def __init__(self, field: str) -> None:
        self.pieces: list[str] = []
        self.media: list[str] = []
        self._as_written = 0  # how many `<pre>` are open
        self._shifted: list[tuple[str, int]] = []  # `<sup>` and `<sub>` that are open, with where they began
        for text, tag in _parts(field):
            if text:
                plain_text = html.unescape(text)
                kept = plain_text.replace(" ", _KEPT) if self._as_written else _SPACE.sub(" ", plain_text)
                self.pieces.append(f"{kept} " if tag and text.endswith("<") else kept)  # it must not begin a tag now
            if tag:
                self._tag(tag)

    def sound(self, found: re.Match[str]) -> str:
        """Return what stands for Anki's `[sound:…]`."""
        return self._named("sound", found[1])

    def _tag(self, tag: str) -> None:
        found = _NAME.match(tag)
        if not found:
            return
        name, closing = found[1].lower(), tag.startswith("/")
        if name in _MEDIA and not closing:
            src = _SRC.search(tag, found.end())
            if src or name == "img":
                self.pieces.append(
                    self._named(_MEDIA[name], html.unescape(next(filter(None, src.groups()), "")) if src else "")
                )
        elif name == "br":
            self.pieces.append("\n")
        elif name in _BLOCKS:
            self._block(name, closing)
        elif name in ("td", "th"):
            self.pieces.append("" if closing else "  ")
        elif name in ("sup", "sub"):
            self._shift(name, closing)

    def _block(self, name: str, closing: bool) -> None:
        if name == "pre":
            self._as_written = max(0, self._as_written + (-1 if closing else 1))
        if self.pieces and not self.pieces[-1].endswith("\n"):
            self.pieces.append("\n")
        if name == "li" and not closing:
            self.pieces.append("- ")

    def _shift(self, name: str, closing: bool) -> None:
        """Write figures above and below the line with their own signs; other text follows `^`, or stands as it is."""
        if not closing:
            self._shifted.append((name, len(self.pieces)))
        elif self._shifted and self._shifted[-1][0] == name:
            _, start = self._shifted.pop()
            text = "".join(self.pieces[start:])
            table = _RAISED if name == "sup" else _LOWERED
            if text and all(ord(char) in table for char in text):
                text = text.translate(table)
            elif text and name == "sup":
                text = f"^{text}"
            self.pieces[start:] = [text]

    def _named(self, what: str, name: str) -> str:
        shown = "" if name.startswith("data:") else shortened(clean(unquote(name), lines=False), _LONGEST_NAME)
        if shown:
            self.media.append(shown)
        return f"[{what}: {shown}]" if shown else f"[{what}]"


def _parts(field: str) -> Iterator[tuple[str, str]]:
    """Yield pieces of text, each with the inside of the tag that follows it. Comments and scripts are passed over."""
    at, end = 0, len(field)
    text_from = 0
    while at < end:
        opening = field.find("<", at)
        if opening < 0:
            break
        if field.startswith("<!--", opening):
            close, after = field.find("-->", opening + 4), 3
        elif field[opening + 1 : opening + 2].isascii() and (field[opening + 1 : opening + 2] or " ") in _BEGINS_TAG:
            close, after = field.find(">", opening + 1), 1
        else:
            at = opening + 1  # a plain "less than"
            continue
        if close < 0:
            yield field[text_from:opening], ""
            return  # what is never closed shows nothing in a browser either
        tag = field[opening + 1 : close]
        yield field[text_from:opening], tag
        at = text_from = _behind(field, tag, close + after)
    yield field[text_from:], ""


def _behind(field: str, tag: str, at: int) -> int:
    """Return where to go on after a tag: behind the whole of a script or style."""
    found = _NAME.match(tag)
    name = found[1].lower() if found and not tag.startswith("/") else ""
    if name not in _SILENT or tag.endswith("/"):
        return at
    close = _SILENT[name].search(field, at)
    return close.start() if close else len(field)


_BEGINS_TAG = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/!?")
