"""Card and deck: values that are read from a file and never change while the program runs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from quiz import questions
from quiz.digest import blake2b
from quiz.questions.base import Question
from quiz.text import folded

if TYPE_CHECKING:
    from quiz.places import Problem

CERTAINTIES = ("high", "moderate", "controversial")
TIERS = ("core", "useful", "detail")
AUDIENCES = ("student", "nurse", "patient")
_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no letters that look like digits


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to know, with the ways to ask it. The card is what the memory model schedules.

    `family` is the id of the entry in the file: cards made from one entry (`id`, `id/back`) are siblings.
    `same_as` are ids whose history this card takes up; answers before the day `reset` no longer count for its schedule.
    `unfolds` and `figures` stand beside `questions`, one for each ("" where there is none): the new information of the
    case that comes before the question, and the id of the figure that is shown with it.
    `lines` (where each question stands in the file), `evidence` (source id and the numbers taken from it) and
    `exceptions` (rule id and why this card breaks it) are for the checks: the catalogue does not keep them.
    """

    id: str
    family: str
    deck: str
    file: str
    line: int
    questions: tuple[Question, ...]
    claim: str = ""
    why: str = ""
    case: str = ""
    sources: tuple[str, ...] = ()
    certainty: str = "high"
    checked: str = ""
    tier: str = "core"
    safety: bool = False
    corrects: tuple[str, ...] = ()
    contrast_with: tuple[str, ...] = ()
    topic: str = ""
    procedure: str = ""
    audience: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    unfolds: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    reset: str = ""
    lines: tuple[int, ...] = field(default=(), compare=False)
    evidence: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    exceptions: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        for name in _BESIDE_QUESTIONS:
            if not getattr(self, name):
                object.__setattr__(self, name, ("",) * len(self.questions))

    @property
    def fact(self) -> str:
        """What the card teaches, in words: its claim, else its first question with the answer."""
        asked = self.questions[0]
        return self.claim or (asked.whole if isinstance(asked, questions.Cloze) else f"{asked.stem} {asked.key}")

    @property
    def follows(self) -> bool:
        """Whether the questions must be asked one after another, as written: they are the steps of one case."""
        return bool(self.case) and any(self.unfolds)

    def case_at(self, question: Question) -> tuple[str, ...]:
        """Return what is known of the case when `question` is asked: the vignette and what has unfolded, in order."""
        told = (self.case, *self.unfolds[: self.questions.index(question) + 1])
        return tuple(text for text in told if text)

    def figure_at(self, question: Question) -> str:
        """Return the id of the figure that is shown with `question`; "" when there is none."""
        return self.figures[self.questions.index(question)]

    def as_json(self) -> str:
        """Return the card as one line of JSON for the catalogue."""
        data = {name: getattr(self, name) for name in _PLAIN_FIELDS}
        data |= {name: found for name in _BESIDE_QUESTIONS if any(found := getattr(self, name))}
        data |= {name: found for name in _RARE_FIELDS if (found := getattr(self, name))}
        data["questions"] = [q.as_json() for q in self.questions]
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(line: str) -> Card:
        """Return the card that `as_json` gave."""
        data: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in json.loads(line).items()}
        data["questions"] = tuple(questions.from_json(q) for q in data["questions"])
        return Card(**data)


_BESIDE_QUESTIONS = ("unfolds", "figures")
_RARE_FIELDS = ("same_as", "reset")
_ELSEWHERE = {"questions", *_BESIDE_QUESTIONS, *_RARE_FIELDS, "lines", "evidence", "exceptions"}
_PLAIN_FIELDS = tuple(name for name in Card.__dataclass_fields__ if name not in _ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of the bibliography."""

    id: str
    title: str
    kind: str = ""
    authors: str = ""
    journal: str = ""
    year: str = ""
    doi: str = ""
    pmcid: str = ""
    url: str = ""

    def __str__(self) -> str:
        head = f"{self.authors.rstrip('.')}. " if self.authors else ""
        where = " ".join(part for part in (self.journal.rstrip("."), f"({self.year})" if self.year else "") if part)
        link = f"doi:{self.doi}" if self.doi else self.pmcid or self.url
        return ". ".join(part for part in (f"{head}{self.title.rstrip('.')}", where, link) if part)

    def as_json(self) -> str:
        """Return the entry as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Deck:
    """One deck file as read: its sound cards, and everything that is wrong in it."""

    file: str
    title: str
    order: int
    cards: tuple[Card, ...]
    problems: tuple[Problem, ...]


@lru_cache(maxsize=256)  # the same card is asked for several times in one turn
def fingerprint(parts: tuple[str, ...]) -> str:
    """Return 16 hex digits for a prompt or an answer: equal when only white space differs. Kept with each answer."""
    text = "\x1f".join(folded(part) for part in parts)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def question_id(question: Question) -> str:
    """Return the name of a question within its card: its kind and what it shows."""
    return f"{question.kind}-{fingerprint(question.prompt_parts)[:8]}"


def answers_of(card: Card) -> str:
    """Return what is right in a card, in one line: of each question its id and, after `=`, the answer's fingerprint."""
    return " ".join(f"{question_id(q)}={fingerprint(q.answer_parts)}" for q in card.questions)


def content_id(asked: tuple[Question, ...]) -> str:
    """Return the id of a card that has none: 12 letters and digits from its content.

    `quiz ids` writes this very id into the file, so that the history of the card needs no moving.
    """
    content = [(q.kind, *q.prompt_parts, "", *q.answer_parts) for q in asked]
    text = json.dumps([[folded(p) for p in parts] for parts in content], ensure_ascii=False)
    number = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
    return "".join(_BASE32[(number >> shift) & 31] for shift in range(0, 60, 5))
