"""A card of ours as a note that can be read in Anki: what is asked, what is right and why, and where that is from."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from quiz.deck.figures import Figure, read_figure
from quiz.deck.files import figure_files, sources_files
from quiz.deck.model import Card, Source
from quiz.deck.reader import read_sources
from quiz.exchange import anki_own
from quiz.exchange.anki_text import as_html
from quiz.exchange.anki_types import BOTH_WAYS, CARD, HOLES, OwnType
from quiz.questions import Choice, Cloze, FigureMark, Flip, Match, Number, Order, Question, Select, Typed
from quiz.questions.choice import LETTERS


class OwnNote(NamedTuple):
    """A note to be written: `cards` are ours, by their number in the note."""

    id: str
    type: OwnType
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    cards: Mapping[int, Card]


class Beside:
    """What lies beside the decks: bibliographies and figures, each read once."""

    def __init__(self) -> None:
        self.sources = cache(_sources)
        self.figures = cache(_figures)


def _sources(deck: str) -> dict[str, Source]:
    return {name: source for path in sources_files(Path(deck)) for name, source in read_sources(path)[0].items()}


def _figures(deck: str) -> dict[str, Figure]:
    read = (read_figure(path)[0] for path in figure_files(Path(deck)))
    return {figure.id: figure for figure in read if figure}


class MissingFigureError(Exception):
    """The figure that a question is about cannot be read."""


def note_of(family: Sequence[Card], beside: Beside) -> OwnNote | None:
    """Return the note for the cards of one entry; None when they need one each. Raises MissingFigureError."""
    first = family[0]
    if len(family) == 1 and first.id == first.family:
        asked = first.questions[0] if first.follows else practised(first)[0]
        if isinstance(asked, Cloze) and not first.case and not first.figure_at(asked):
            return _holes(first.id, {"": first}, {"": asked}, beside)
        front, back = _front(first, asked, beside), _back(first, asked, beside)
        return _note(first.id, CARD, {anki_own.FRONT: front, anki_own.BACK: back}, {0: first}, beside)
    keyed = {card.id.removeprefix(f"{card.family}/"): card for card in family}
    clozes = {key: card.questions[0] for key, card in keyed.items() if isinstance(card.questions[0], Cloze)}
    if clozes.keys() == keyed.keys():
        return _holes(first.family, keyed, {k: q for k, q in clozes.items() if isinstance(q, Cloze)}, beside)
    return _both_ways(family, beside)


def practised(card: Card) -> tuple[Question, ...]:
    """Return the questions that are not held back."""
    return tuple(question for question in card.questions if not question.proof)


def _both_ways(family: Sequence[Card], beside: Beside) -> OwnNote | None:
    cards = {int(card.id.endswith("/back")): card for card in family}
    flips = {number: card.questions[0] for number, card in cards.items()}
    if len(cards) < len(family) or not all(isinstance(flip, Flip) for flip in flips.values()):
        return None
    ways = {(q.stem, q.key) if number == 0 else (q.key, q.stem) for number, q in flips.items()}
    if len(ways) > 1:
        return None
    ((front, back),) = ways
    sides = {anki_own.FRONT: as_html(front), anki_own.BACK: as_html(back)}
    return _note(family[0].family, BOTH_WAYS, sides, cards, beside)


def _holes(own: str, cards: Mapping[str, Card], asked: Mapping[str, Cloze], beside: Beside) -> OwnNote | None:
    """Return a cloze note with a number for each hole, in the order in which they stand; None when they overlap."""
    if len({question.whole for question in asked.values()}) > 1:
        return None
    keys = sorted(asked, key=lambda key: len(asked[key].before))
    whole = asked[keys[0]].whole
    text, at = "", 0
    for number, key in enumerate(keys, 1):
        question = asked[key]
        start = len(question.before)
        if start < at:
            return None
        text += f"{_safe(whole[at:start])}{{{{c{number}::{_safe(question.answer)}}}}}"
        at = start + len(question.answer)
    fields = {anki_own.TEXT: text + _safe(whole[at:]), anki_own.KEYS: " ".join(filter(None, keys))}
    return _note(own, HOLES, fields, {number: cards[key] for number, key in enumerate(keys)}, beside)


def _safe(text: str) -> str:
    """Return text that Anki takes neither for a hole nor for a hint."""
    return as_html(text).replace("{", "&#123;").replace("}", "&#125;").replace("::", "&#58;&#58;")


def _note(own: str, type_: OwnType, given: Mapping[str, str], cards: Mapping[int, Card], beside: Beside) -> OwnNote:
    card = next(iter(cards.values()))
    known = beside.sources(card.file)
    about = {
        anki_own.CLAIM: as_html(card.claim),
        anki_own.WHY: as_html(card.why),
        anki_own.SOURCE: as_html("\n".join(_source(name, known) for name in card.sources)),
        anki_own.OWN_ID: own,
    }
    fields = tuple(({**about, **given}).get(name, "") for name in type_.fields)
    return OwnNote(own, type_, fields, tuple(anki_own.tags_of(card)), cards)


def _source(name: str, known: Mapping[str, Source]) -> str:
    return str(known[name]) if name in known else name


# -- the two sides ---------------------------------------------------------------------------------------------------


def _front(card: Card, asked: Question, beside: Beside) -> str:
    """Return what is asked: the case, the figure, the question and what there is to choose from."""
    case = [as_html(card.case), "<br><br>"] if card.case else []
    return "".join((*case, _drawn(card, asked, beside), _asked(card, asked)))


def _back(card: Card, asked: Question, beside: Beside) -> str:
    """Return what is right. Of a case whose questions follow one another, all that follow stand here."""
    parts = [_answered(card, asked)]
    if card.follows:
        for question, news in list(zip(card.questions, card.unfolds, strict=True))[1:]:
            told = [f"<i>{as_html(news)}</i>"] if news else []
            parts.append("<br>".join((*told, _drawn(card, question, beside) + _asked(card, question))))
            parts.append(_answered(card, question))
    return "<br><br>".join(parts)


def _drawn(card: Card, asked: Question, beside: Beside) -> str:
    """Return the figure that is shown with a question. Raises MissingFigureError."""
    name = asked.figure if isinstance(asked, FigureMark) else card.figure_at(asked)
    if not name:
        return ""
    figure = beside.figures(card.file).get(name)
    if figure is None:
        raise MissingFigureError(name)
    return f"<pre>{html.escape(figure.wide, quote=False)}</pre>"


def _asked(card: Card, asked: Question) -> str:
    lines = [as_html(asked.stem)]
    match asked:
        case Choice() | Select():
            if isinstance(asked, Select):
                lines.append(f"<i>Choose {asked.choose}.</i>" if asked.choose else "<i>Choose all that apply.</i>")
            lines += [f"{letter}) {as_html(asked.options[i].text)}" for letter, i in _lettered(card, asked)]
        case Order():
            lines += [f"- {as_html(asked.items[i])}" for i in asked.order(card.id)]
        case Match():
            lines += [f"- {as_html(left)}" for left in asked.lefts]
            lines += ["<i>Choose from:</i>", *(f"- {as_html(asked.rights[i])}" for i in asked.order(card.id))]
    return "<br>".join(lines)


def _answered(card: Card, asked: Question) -> str:
    match asked:
        case Choice() | Select():
            rights = asked.rights if isinstance(asked, Select) else (asked.right,)
            lines = []
            for letter, i in _lettered(card, asked):
                option = asked.options[i]
                text = f"{letter}) {as_html(option.text)}"
                why = f" – {as_html(option.why)}" if option.why else ""
                lines.append(f"✓ <b>{text}</b>{why}" if i in rights else f"✗ {text}{why}")
            return "<br>".join(lines)
        case Order():
            return "<br>".join(f"{n}. {as_html(item)}" for n, item in enumerate(asked.items, 1))
        case Match():
            return "<br>".join(f"{as_html(left)} – {as_html(right)}" for left, right in asked.pairs)
        case Number():
            margin = f" (± {asked.tolerance:g}{' %' if asked.percent else ''})" if asked.tolerance else ""
            return as_html(asked.key + margin)
        case Typed() | Cloze() | FigureMark():
            also = f"<br><i>also:</i> {as_html('; '.join(asked.accept))}" if asked.accept else ""
            return as_html(asked.key) + also
        case _:
            return as_html(asked.key)


def _lettered(card: Card, asked: Choice | Select) -> list[tuple[str, int]]:
    """Return the options in the order in which they are listed: the deck's own would give the key away."""
    return list(zip(LETTERS, asked.order(card.id), strict=False))
