"""What a filter looks at in a card: its texts and its fields, in the form in which they are compared.

The catalogue keeps both beside each card. Two spellings that a person takes for the same are the same here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from quiz.deck.model import Card
from quiz.text import folded, normalized

_ALIKE = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("‘’ʼ", "'"))


def compared(text: str) -> str:
    """Return a text as it is compared: on one line, in lower case, without accents, with plain hyphens."""
    if text.isascii():
        return folded(text).lower()
    parts = normalized("NFKD", normalized("NFKD", text).casefold()).translate(_ALIKE)
    return folded("".join(char for char in parts if not unicodedata.combining(char)))


def searchable(card: Card) -> str:
    """Return what the words of a filter are looked for in: a line for each text of the card, as `compared`.

    All that a learner may have read of it: id, title of the deck, claim, why, case, and the texts of its questions,
    wrong options and their reasons included.
    """
    texts = [card.id, card.deck, card.claim, card.why, card.case, *card.unfolds]
    for question in card.questions:
        texts += [question.stem, question.key, getattr(question, "whole", ""), *_texts(question.as_json())]
    return "\n".join(dict.fromkeys(text.lower() if _plain(text) else compared(text) for text in texts if text))


def traits(card: Card) -> str:
    """Return the values of a card's fields: a line `field:value` for each, between line feeds."""
    path = PurePath(card.file)
    several: dict[str, Sequence[str]] = {
        "topic": (card.topic,),
        "procedure": (card.procedure,),
        "deck": (card.deck, path.stem, path.name),
        "source": card.sources,
        "tag": card.tags,
        "is": ("safety",) if card.safety else (),
        "audience": card.audience,
        "tier": (card.tier,),
        "certainty": (card.certainty,),
        "kind": [question.kind for question in card.questions],
    }
    lines = [f"{name}:{compared(value)}" for name, values in several.items() for value in values if value]
    return "".join(f"\n{line}" for line in dict.fromkeys(lines)) + "\n"


def _texts(data: object) -> Iterator[str]:
    """Yield the texts in the JSON of a question."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list | tuple):
        for item in data:
            yield from _texts(item)
    elif isinstance(data, dict):
        for name, item in data.items():
            if name != "kind":
                yield from _texts(item)


def _plain(text: str) -> bool:
    """Whether only its case may differ from `compared`, as in nearly all of the many texts that decks are read for."""
    return text.isascii() and text.isprintable() and "  " not in text and text.strip() == text
