"""Reads fields out of a map, and collects every problem with its place and its mend."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from quiz.places import Place, Problem
from quiz.questions.nodes import Map, Mark, Node, Seq, Text, kind_of
from quiz.text import FORBIDDEN, folded, name_of, nearest, normalized

LONGEST_TEXT = 40_000  # characters: twenty pages
_YES = frozenset({"true", "yes", "on"})
_NO = frozenset({"false", "no", "off"})


class Reading:
    """One file being read: what is wrong so far, and the readers of single fields.

    Each reader returns a plain value; where the field is wrong it records the problem and returns None, so that
    the rest of the card is still looked at and all problems are told at once.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.card = ""
        self.problems: list[Problem] = []
        self._refused: set[tuple[int, int]] = set()
        self._spoilt: dict[int, Map | Seq] = {}  # by id; kept alive so that the id stays theirs

    @staticmethod
    def shown(word: str) -> str:
        """Return a word from the file fit to stand in a message."""
        return shown(word)

    def place(self, mark: Mark) -> Place:
        """Return the place of a node for people: lines and columns from 1."""
        return Place(self.file, mark.line + 1, mark.column + 1)

    def problem(self, mark: Mark, what: str, mend: str) -> None:
        """Record a problem of the card being read. Nothing more is said about what was refused."""
        if (mark.line, mark.column) not in self._refused:
            self.problems.append(Problem(self.place(mark), what, mend, self.card))

    def refuse(self, mark: Mark, inside: Iterable[Map | Seq], what: str, mend: str) -> None:
        """Record something that no deck may hold; `inside` are the maps and lists around it, which it spoils."""
        self.problem(mark, what, mend)
        self._refused.add((mark.line, mark.column))
        self._spoilt.update((id(node), node) for node in inside)

    def spoilt(self, node: Map) -> bool:
        """Whether something inside this map was refused."""
        return id(node) in self._spoilt

    def key(self, fields: Map, name: str) -> Mark:
        """Return the place of the key `name` in `fields` (the place of the map when it is not there)."""
        return next((k.mark for k in fields if k == name and isinstance(k, Text)), fields.mark)

    def no_others(self, fields: Map, known: Collection[str], of: str) -> None:
        """Record a problem for each field that is not `known`, with the nearest name that is."""
        for key in fields:
            if key not in known:
                guess = nearest(key, set(known))
                mend = f"did you mean '{guess}'?" if guess else f"known fields: {', '.join(sorted(known))}"
                self.problem(self.key(fields, key), f"unknown field '{shown(key)}' in {of}", mend)

    def text(self, fields: Map, name: str, *, required: bool = False) -> str | None:
        """Return the text of a field, in NFC, without space at its ends; None when it is missing or wrong."""
        node = fields.get(name)
        if node is None:
            if required:
                self.problem(fields.mark, f"field '{name}' is missing", f"add '{name}: …'")
            return None
        return self.scalar(node, f"'{name}'")

    def scalar(self, node: Node, what: str) -> str | None:
        """Return one text node as a plain string; None (and a problem) when it is blank or not a text."""
        if not isinstance(node, Text):
            mend = "write one text here (in quotes if it begins with a sign or holds ': ')"
            self.problem(node.mark, f"{what} is {kind_of(node)}", mend)
            return None
        value = node.strip()
        if not value:
            self.problem(node.mark, f"{what} is blank", "write a text, or take the field out")
            return None
        if len(value) > LONGEST_TEXT:
            what = f"{what} is {len(value):,} characters long"
            self.problem(node.mark, what, f"write at most {LONGEST_TEXT:,}; is a quote or a '|' not ended?")
            return None
        if value.isascii() and value.isprintable():
            return value
        found = FORBIDDEN.search(value)
        if found:
            self.problem(node.mark, f"{what} holds {name_of(found[0])}", "take this invisible character out")
            return None
        if not any(char.isprintable() and not char.isspace() for char in value):
            self.problem(node.mark, f"{what} holds nothing that can be seen", "write a text, or take the field out")
            return None
        return normalized("NFC", value.replace("\t", "    "))

    def texts(self, fields: Map, name: str) -> tuple[str, ...]:
        """Return a list of texts; a single text counts as a list of one. Missing is empty; blank items are problems."""
        node = fields.get(name)
        if node is None:
            return ()
        if isinstance(node, Text):
            value = self.scalar(node, f"'{name}'")
            return (value,) if value is not None else ()
        if isinstance(node, Map):
            self.problem(node.mark, f"'{name}' is a group of fields", f"write a list: {name}: [one, two]")
            return ()
        values = (self.scalar(item, f"an item of '{name}'") for item in node)
        return tuple(v for v in values if v is not None)

    def pairs(self, fields: Map, name: str) -> tuple[tuple[str, str], ...]:
        """Return a map of texts as pairs, in the order of the file; what is no map or no text is a problem."""
        node = fields[name]
        if not isinstance(node, Map):
            self.problem(node.mark, f"'{name}' is {kind_of(node)}", f"write lines 'name: text' below '{name}:'")
            return ()
        found = ((key, self.scalar(value, f"'{key}'")) for key, value in node.items())
        return tuple((str(key), value) for key, value in found if value is not None)

    def unequal(self, nodes: Iterable[Node], what: str, equal: str) -> tuple[str, ...]:
        """Return some texts that have to differ from each other; blank ones and equal ones are problems.

        `what` names one of them in a message, and `equal` says that two are not different.
        """
        seen: set[str] = set()
        found = []
        for node in nodes:
            value = self.scalar(node, what)
            if value is None:
                continue
            bare = alike(value)
            if bare in seen:
                self.problem(node.mark, f"{equal}: '{shown(value)}'", "change or remove one")
            seen.add(bare)
            found.append(value)
        return tuple(found)

    def whole(self, fields: Map, name: str, least: int, most: int) -> int | None:
        """Return a whole number from `least` to `most`; None when it is missing or wrong."""
        value = self.text(fields, name)
        if value is None:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 6 and least <= int(value) <= most):
            mend = f"write a whole number from {least} to {most}"
            self.problem(fields[name].mark, f"'{name}' is '{shown(value)}'", mend)
            return None
        return int(value)

    def one_of(self, fields: Map, name: str, known: Collection[str], default: str = "") -> str:
        """Return a text that must be one of `known`."""
        value = self.text(fields, name)
        if value is None:
            return default
        return self.known(value, fields[name].mark, f"'{name}'", known) or default

    def known(self, value: str, mark: Mark, what: str, known: Collection[str]) -> str | None:
        """Return `value` if it is one of `known`; else record a problem with the nearest one."""
        if value in known:
            return value
        guess = nearest(value, set(known))
        mend = f"did you mean '{guess}'?" if guess else f"one of: {', '.join(sorted(known))}"
        self.problem(mark, f"{what} is '{shown(value)}', which is not known", mend)
        return None

    def flag(self, fields: Map, name: str) -> bool:
        """Return a yes or no; missing is no."""
        node = fields.get(name)
        if node is None:
            return False
        word = node.lower() if isinstance(node, Text) else ""
        if word not in _YES and word not in _NO:
            self.problem(node.mark, f"'{name}' is neither yes nor no", f"write '{name}: true' or take it out")
        return word in _YES

    def seq(self, fields: Map, name: str) -> Seq | None:
        """Return a field that must be a list with something in it."""
        node = fields.get(name)
        if node is None:
            return None
        if not isinstance(node, Seq):
            self.problem(
                node.mark, f"'{name}' is {kind_of(node)}", f"write a list: a line '- …' for each below '{name}:'"
            )
            return None
        if not node:
            self.problem(node.mark, f"'{name}' is an empty list", "write at least one item, or take the field out")
            return None
        return node


def alike(text: str) -> str:
    """Return what two texts share that a learner could not tell apart: without case, spaces, article and full stop."""
    return folded(text).casefold().removeprefix("the ").rstrip(" .") or text


def shown(word: str) -> str:
    """Return a word from a file fit to stand in a message: printable and not too long."""
    safe = "".join(c if c.isprintable() else "?" for c in word)
    return safe if len(safe) <= 40 else safe[:39] + "…"
