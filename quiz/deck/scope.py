"""Which cards: by deck, topic, procedure and audience. The one filter of commands, sessions and the home screen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Scope:
    """An empty tuple lets everything through; several values of one field are joined by "or", fields by "and"."""

    decks: tuple[str, ...] = ()  # paths of deck files, as in the catalogue
    topics: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    safety: bool = False
    cards: tuple[str, ...] = ()

    def where(self) -> tuple[str, list[Any]]:
        """Return the SQL condition on the catalogue's `card` table (named `c`) and its values."""
        parts: list[str] = ["c.live"]
        values: list[Any] = []
        columns = (("path", self.decks), ("topic", self.topics), ("procedure", self.procedures), ("id", self.cards))
        for column, wanted in columns:
            if wanted:
                parts.append(f"c.{column} in ({','.join('?' * len(wanted))})")
                values += wanted
        if self.audiences:
            parts.append("(" + " or ".join("instr(c.audience, ?)" for _ in self.audiences) + ")")
            values += [f",{audience}," for audience in self.audiences]
        if self.safety:
            parts.append("c.safety")
        return " and ".join(parts), values

    def as_json(self) -> dict[str, Any]:
        """Return the fields that are set."""
        return {name: value for name, value in asdict(self).items() if value}

    @staticmethod
    def from_json(data: dict[str, Any]) -> Scope:
        """Return the scope that `as_json` gave."""
        fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
        return Scope(**fields)
