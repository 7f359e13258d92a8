"""GIFT out: the questions of ours that Moodle's text format can say, in the form that quiz/exchange/gift_in.py reads.

A card's id and its short fields stand in the comment above each question, where Moodle reads ids and tags too. Its case
stands before the question: in Moodle each question is alone. Units stand in the question, for GIFT has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from quiz.deck.model import Card
from quiz.exchange.entries import KEYED, figures_of
from quiz.exchange.files import write_file
from quiz.exchange.parcel import LeftOut
from quiz.questions import Choice, Cloze, Flip, Match, Number, Question, Select, Typed
from quiz.questions.choice import Option
from quiz.questions.cloze import BLANK
from quiz.text import counted, folded, shortened

_SIGNS = re.compile(r"[~=#{}:\\]")
_FORMAT = re.compile(r"\s*\[(?:html|moodle|plain|markdown)\]")
_EMPTY_LINE = re.compile(r"\n\s*\n")
_BLANKS = re.compile(r"_{3,}")
_GONE = ("claim", "checked", "corrects", "contrast_with")
TRUE_FALSE = ("True", "False")


class _CannotError(Exception):
    """A question that GIFT has no way to say; the message is the reason."""


def write_gift(path: Path, title: str, cards: Sequence[Card]) -> tuple[LeftOut, ...]:
    """Write cards as GIFT. Returns what was left out. Raises UnreadableError when the file cannot be written."""
    text, left_out = gift_of(title, cards)
    write_file(path, text.encode("utf-8"))
    return left_out


def gift_of(title: str, cards: Sequence[Card]) -> tuple[str, tuple[LeftOut, ...]]:
    """Return cards as GIFT text, and what it cannot say."""
    blocks: list[str] = []
    left_out: list[LeftOut] = []
    last: tuple[str, ...] = ()
    there: set[str] = set()  # the families of which something is written
    turned = {card.family for card in cards if card.id == f"{card.family}/back"}
    for card in cards:
        if card.id == f"{card.family}/back":  # said by the front, which has a tag for it
            if not _turns(card):
                left_out.append(LeftOut(card.id, "GIFT cannot say a way back with a case or an empty line"))
            continue
        both_ways = card.id in turned and _turns(card)
        said: list[str] = []
        proofs = 0
        for number, question in enumerate(card.questions, 1):
            try:
                body = _body(card, question)
            except _CannotError as error:
                left_out.append(LeftOut(f"{card.id}: {shortened(question.stem, 60)}", str(error)))
            else:
                head = _head(card, question, number if len(card.questions) > 1 else 0, both_ways)
                said.append(f"{head}\n::{_title(card, number)}::[plain]{body}\n")
                proofs += question.proof
        if said and proofs == len(said):
            left_out.append(LeftOut(card.id, "only questions that are held back as proof could be written"))
            continue
        path = (title, card.topic) if card.topic else (title,)
        if said and path != last:
            blocks.append("$CATEGORY: " + "/".join(map(_name, path)) + "\n")
            last = path
        blocks += said
        there |= {card.family} if said else set()
    gone = {card.id: card.family for card in cards if card.family not in there}
    return "\n".join(blocks), (*_counted(left_out, gone), *_fields_gone(cards))


def _counted(left_out: Sequence[LeftOut], gone: Mapping[str, str]) -> Iterator[LeftOut]:
    """Yield what was left out; of the cards that are `gone` as a whole, each with its family, the first one counts."""
    told: set[str] = set()
    for one in left_out:
        family = gone.get(one.what.partition(": ")[0])
        yield one._replace(cards=1) if family is not None and family not in told else one
        told |= {family} if family is not None else set()


def _name(part: str) -> str:
    """Return a name in the path of a category; a space parts its own slash at an end from the one that parts names."""
    text = folded(part).replace("/", "//")
    return f"{' ' * text.startswith('/')}{text}{' ' * text.endswith('/')}"


def _turns(card: Card) -> bool:
    """Whether both ways of a card can be said by one essay: each side is what the other one asks."""
    asked = card.questions[0]
    return isinstance(asked, Flip) and not card.case and not _EMPTY_LINE.search(f"{asked.ask}|{asked.answer}")


def _fields_gone(cards: Sequence[Card]) -> Iterator[LeftOut]:
    """Yield the fields for which GIFT has no place, with the number of cards that have them."""
    for name in _GONE:
        number = sum(bool(getattr(card, name)) for card in cards)
        if number:
            yield LeftOut(f"{name.replace('_', ' ')} of {counted(number, 'card')}", "GIFT has no place for it")
    limited = [q for card in cards for q in card.questions if isinstance(q, Select) and q.choose and not _any_of(q)]
    if limited:
        yield LeftOut(f"how many to choose in {counted(len(limited), 'question')}", "GIFT has no place for it")


def _head(card: Card, question: Question, number: int, both_ways: bool) -> str:
    """Return the comment with the id and the tags."""
    tags = [*card.tags, *(f"source:{source}" for source in card.sources), *(f"audience:{a}" for a in card.audience)]
    tags += [f"{name}:{value}" for name in ("procedure",) if (value := getattr(card, name))]
    tags += [f"tier:{card.tier}"] if card.tier != "core" else []
    tags += [f"certainty:{card.certainty}"] if card.certainty != "high" else []
    tags += ["safety:true"] if card.safety else []
    tags += ["both_ways:true"] if both_ways else []
    tags += ["proof:true"] if question.proof else []
    stem = "".join((*card.case_at(question), question.stem))
    tags += ["kind:typed"] if isinstance(question, Typed) and _BLANKS.search(stem) else []
    marks = [f"[id:{card.id}#{number}]" if number else f"[id:{card.id}]"]
    marks += (f"[tag:{_SIGN_OF_TAG.sub(_BEHIND_BACKSLASH, folded(tag))}]" for tag in tags)
    return f"// {' '.join(marks)}"


_SIGN_OF_TAG, _BEHIND_BACKSLASH = re.compile(r"[\]\\]"), r"\\\g<0>"


def _title(card: Card, number: int) -> str:
    """Return the name that Moodle lists the question under."""
    name = shortened(card.claim or card.questions[0].stem, 60)
    return _said(f"{name} ({number})" if len(card.questions) > 1 else name)


def _body(card: Card, question: Question) -> str:
    """Return the text of a question with its answers. Raises _CannotError with the reason."""
    if card.figure_at(question) or question.kind == "figure":
        raise _CannotError("it shows a figure, which GIFT cannot hold")
    case = "".join(f"{text}\n\n" for text in card.case_at(question))
    why = f"\n\t####{_answer(card.why)}" if card.why else ""
    match question:
        case Flip():
            # An essay: the answer is told once it was given. What follows an empty line is the reason.
            told = _EMPTY_LINE.sub("\n", question.answer) + (f"\n\n{card.why}" if card.why else "")
            return f"{_said(case + question.ask)} {{####{_answer(told)}}}"
        case Cloze():
            return _cloze(question, case, why)
        case Typed():
            return f"{_said(case + question.ask)} {{{_typed(question)}{why}\n}}"
        case Choice():
            return f"{_said(case + question.ask)} {{{_choice(question)}{why}\n}}"
        case Select():
            return f"{_said(case + question.ask)} {{{_select(question)}{why}\n}}"
        case Number():
            ask = f"{question.ask} (in {question.unit})" if question.unit else question.ask
            return f"{_said(case + ask)} {{#{_number(question)}{why}\n}}"
        case Match():
            return f"{_said(case + question.ask)} {{{_match(question)}{why}\n}}"
    raise _CannotError(f"GIFT has no kind '{question.kind}'")


def _said(text: str) -> str:
    """Return a text with a backslash before each sign that GIFT would take for its own."""
    return _SIGNS.sub(r"\\\g<0>", text).replace("\n", r"\n")


def _answer(text: str) -> str:
    """Return the text of an answer or a feedback, which may have to say that it is plain."""
    return ("[plain]" if _FORMAT.match(text) else "") + _said(text)


def _weighed(sign: str, text: str, weight: str = "") -> str:
    """Return an answer of its own line. One that looks as if it had a weight is given one."""
    if not weight and text.lstrip().startswith("%"):
        weight = "%100%" if sign == "=" else "%0%"
    return f"\n\t{sign}{weight}{_answer(text)}"


def _choice(question: Choice) -> str:
    if tuple(option.text for option in question.options) == TRUE_FALSE:
        right, wrong = question.options[question.right], question.options[1 - question.right]
        feedback = f"#{_answer(wrong.why)}#{_answer(right.why)}" if wrong.why or right.why else ""
        return f"{'T' if question.right == 0 else 'F'}{feedback}"
    return "".join(
        _weighed("=" if i == question.right else "~", option.text) + _feedback(option)
        for i, option in enumerate(question.options)
    )


def _select(question: Select) -> str:
    """Return the options: right ones share the mark, wrong ones cost as much, as in ours."""
    if _any_of(question):
        return "".join(
            _weighed("=" if i in question.rights else "~", option.text) + _feedback(option)
            for i, option in enumerate(question.options)
        )
    share = f"{100 / len(question.rights):.5f}".rstrip("0").rstrip(".")
    return "".join(
        _weighed("~", option.text, f"%{'' if i in question.rights else '-'}{share}%") + _feedback(option)
        for i, option in enumerate(question.options)
    )


def _any_of(question: Select) -> bool:
    """Whether one of several right options is asked for."""
    return question.choose == 1 and len(question.rights) > 1


def _feedback(option: Option) -> str:
    return f"#{_answer(option.why)}" if option.why else ""


def _typed(question: Typed | Cloze) -> str:
    """Return what may be typed. A bare * would stand for any text."""
    for text in (question.answer, *question.accept, *question.reject):
        if r"\*" in text:
            raise _CannotError("an answer holds a backslash before *, which Moodle takes for the sign itself")
        if "->" in text:
            raise _CannotError("an answer holds ->, by which GIFT knows a match")
    rights = "".join(_weighed("=", text).replace("*", r"\*") for text in (question.answer, *question.accept))
    return rights + "".join(_weighed("=", text, "%0%").replace("*", r"\*") for text in question.reject)


def _cloze(question: Cloze, case: str, why: str) -> str:
    """Return a sentence with the answers where they are missing; at its end GIFT wants a blank for it."""
    around = f"{case}{question.before}|{question.after}"
    if _BLANKS.search(around) or "_|" in around or "|_" in around:
        raise _CannotError("its sentence holds a blank of its own")
    if "{{" in case or "}}" in case:
        raise _CannotError("its case holds braces, which would be read as a hole")
    if KEYED.match(question.answer):
        raise _CannotError("its hole holds a colon, which would be read as the key of the hole")
    answers = f"{_typed(question)}{why}\n"
    if question.after.strip():
        return f"{_said(case + question.before)}{{{answers}}}{_said(question.after)}"
    return f"{_said(case + question.before)}{BLANK} {{{answers}}}"


def _number(question: Number) -> str:
    """Return the number with its tolerance, or the range with the tolerance added on both sides."""
    low, high, room = (Decimal(repr(float(value))) for value in (question.low, question.high, question.tolerance))
    below, above = (abs(low) * room / 100, abs(high) * room / 100) if question.percent else (room, room)
    if low == high:
        return figures_of(low) + (f":{figures_of(below)}" if below else "")
    return f"{figures_of(low - below)}..{figures_of(high + above)}"


def _match(question: Match) -> str:
    """Return the pairs; a right side that belongs to nothing has an empty left one."""
    if any("->" in left for left, _ in question.pairs):
        raise _CannotError("a left side holds ->, by which GIFT parts the sides")
    distractors = (right for i, right in enumerate(question.rights) if i not in question.answers)
    pairs = (*question.pairs, *(("", right) for right in distractors))
    return "".join(f"\n\t={_answer(left)} -> {_answer(right)}" for left, right in pairs)
