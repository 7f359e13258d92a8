"""How a card of ours is known again in Anki: the note's id among programs (guid), and the fields of our note types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from quiz.deck.model import AUDIENCES, Card
from quiz.deck.reader import ID
from quiz.digest import blake2b
from quiz.exchange.anki_text import plain

FRONT, BACK, TEXT, CLAIM, WHY, SOURCE = "Front", "Back", "Text", "Claim", "Why", "Source"
OWN_ID, KEYS = "Id", "Keys"

LEVEL = "::"  # between the parts of a tag or of a deck's name in Anki
_FACETS = ("topic", "procedure", "audience")


def guid_of(card: str) -> str:
    """Return the guid of the note for a card or a family of cards: the same at every export, so that Anki updates."""
    return "quiz" + blake2b(card.encode(), digest_size=8).hexdigest()


def own_id(guid: str, fields: Mapping[str, str]) -> str:
    """Return the id of the cards of ours that a note was made from; "" for all other notes."""
    found = plain(fields.get(OWN_ID, "")).text
    return found if guid_of(found) == guid and ID.fullmatch(found) else ""


def tags_of(card: Card) -> list[str]:
    """Return the tags of a card's note: its own, and where it belongs, as in `topic::risks`."""
    belongs = {"topic": (card.topic,), "procedure": (card.procedure,), "audience": card.audience}
    facets = [f"{name}{LEVEL}{value}" for name, values in belongs.items() for value in values if value]
    return ["_".join(tag.split()) for tag in (*card.tags, *facets, *(["safety"] if card.safety else []))]


def fields_of(tags: Iterable[str]) -> dict[str, Any]:
    """Return what `tags_of` wrote as fields of a card."""
    found: dict[str, Any] = {}
    for tag in tags:
        name, _, value = tag.partition(LEVEL)
        if tag == "safety":
            found["safety"] = True
        elif value and name == "audience":
            if value in AUDIENCES:
                found.setdefault(name, []).append(value)
        elif value and name in _FACETS:
            found[name] = value
        else:
            found.setdefault("tags", []).append(tag)
    return found
