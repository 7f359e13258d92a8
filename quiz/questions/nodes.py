"""What a deck file is made of once YAML has been read: texts, maps and lists that know their place."""

from __future__ import annotations

from typing import Protocol


class Mark(Protocol):
    """A place as the YAML parser gives it: line and column count from 0."""

    line: int
    column: int


class Text(str):
    """A scalar. Everything is text until a field asks for a number or a yes: so `no` and `3` stay what was written."""

    __slots__ = ("mark",)
    mark: Mark


class Map(dict[str, "Node"]):
    """A mapping; its keys are `Text` and so know their own place."""

    __slots__ = ("mark",)
    mark: Mark


class Seq(list["Node"]):
    """A list."""

    __slots__ = ("mark",)
    mark: Mark


Node = Text | Map | Seq


def kind_of(node: Node) -> str:
    """Say what a node is, in words for somebody who does not know YAML's."""
    if isinstance(node, Map):
        return "a group of fields"
    if isinstance(node, Seq):
        return "a list"
    return "nothing" if node == "" else "a text"
