"""Has the answer of a card changed since the learner last gave it? Pure: a card as it is now, and what happened to it.

An answer keeps which question it was about, a fingerprint of what was right and, since the words are kept too, those of
the right answer and a fingerprint of the stem. What was given before tells only that the answer is another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quiz.deck.model import Card, fingerprint, question_id
from quiz.questions.base import RIGHT_FROM, Question
from quiz.store.derive import Asked, undone
from quiz.store.events import Event
from quiz.text import clean, folded

_MARKED_BY_WORDS = ("typed", "cloze", "number", "figure")  # an answer given to one of these can be marked anew


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose right answer was `old` when it was last asked ("" where the words were not kept), and is `new`.

    `due` says that the card has to come back at once; a question held back as proof waits for its turn.
    """

    question: Question
    old: str
    new: str
    due: bool

    def __str__(self) -> str:
        if not self.old:
            return f"Changed since you learned it. Now: {self.new}"
        return f"Changed since you learned it. It was: {self.old}. Now: {self.new}"


def may_have_changed(card: Card, asked: Mapping[str, Asked]) -> bool:
    """Return whether an answer that was learned is not its question's now, or of a lost question none of the card's.

    It takes microseconds; what is left is for `changes`.
    """
    now = {question_id(question): fingerprint(question.answer_parts) for question in card.questions}
    return any(not _is_right(name, was, now) for name, was in asked.items())


def _is_right(name: str, was: Asked, now: Mapping[str, str]) -> bool:
    """Return whether what was learned is right now, by fingerprints alone; what is not known passes for right."""
    return not was.answer or (now[name] == was.answer if name in now else was.answer in now.values())


def changes(card: Card, asked: Mapping[str, Asked], events: Iterable[Event]) -> tuple[Change, ...]:
    """Return the questions of `card` whose answer is another one than when the learner last answered them.

    A question is known again by its id or, where its wording or its options changed with the answer, by its stem. Where
    nothing of the card is as it was, its last answer is compared with the first question of the same kind. An answer
    that is only worded with other capitals, that accepts more spellings, or that is asked in another way is no change.
    """
    now = {question_id(question): question for question in card.questions}
    right_now = {name: fingerprint(question.answer_parts) for name, question in now.items()}
    last = _last_answers(events)
    found: dict[str, Change] = {}
    lost: list[str] = []  # questions that are no longer there, the one answered last at the end
    for name, was in sorted(asked.items(), key=lambda item: item[1].last):
        if _is_right(name, was, right_now):
            continue
        again = name if name in now else _by_stem(name, last.get(name), now)
        if again is None:
            lost.append(name)
        elif again == name or again not in asked or asked[again].last < was.last:
            _note(found, again, now[again], last.get(name))
    known = {was.answer for was in asked.values()}
    if lost and not found and not any(name in asked or right_now[name] in known for name in now):
        again = next((n for n, q in now.items() if not q.proof and q.kind == _kind(lost[-1])), None)
        old = last.get(lost[-1])
        if again is not None and not any(_same(old, question) for question in card.questions):
            _note(found, again, now[again], old)
    return tuple(found.values())


def _note(found: dict[str, Change], name: str, question: Question, old: Event | None) -> None:
    """Note that a question has another answer now, unless the old one is right all the same."""
    if not _same(old, question):
        found[name] = Change(question, _words(old), question.key, not question.proof)


def _last_answers(events: Iterable[Event]) -> dict[str, Event]:
    """Return the last answer to each question, by the question's id."""
    every = list(events)
    gone = undone(every)
    answers = (e for e in sorted(every, key=lambda e: e.order) if e.kind == "answer" and e.id not in gone)
    return {str(event.body.get("question", "")): event for event in answers}


def _by_stem(name: str, old: Event | None, now: Mapping[str, Question]) -> str | None:
    """Return the question that an old one has become: one with its stem, of the same kind if there is one."""
    stem = old.body.get("stem") if old else None
    # Without a stem: some kinds show nothing but it, so that the id itself tells (it ends in the prompt's fingerprint).
    alike = [
        n
        for n, q in now.items()
        if (fingerprint((q.stem,)) == stem if stem else n.rpartition("-")[2] == name.rpartition("-")[2])
    ]
    return min(alike, key=lambda n: now[n].kind != _kind(name), default=None)


def _same(old: Event | None, question: Question) -> bool:
    """Return whether what was right then is right now, as far as can be told."""
    if old is None:
        return False
    if words := _words(old):
        return _bare(words) == _bare(question.key)
    given, mark = str(old.body.get("given", "")), float(old.body.get("mark", 0.0))
    both = question.kind in _MARKED_BY_WORDS and _kind(str(old.body.get("question", ""))) in _MARKED_BY_WORDS
    return both and bool(given) and mark >= RIGHT_FROM and question.mark(given).right


def _words(old: Event | None) -> str:
    return clean(str(old.body.get("key", "")), lines=False) if old else ""


def _bare(words: str) -> str:
    return folded(words).casefold().rstrip(" .")


def _kind(name: str) -> str:
    return name.rpartition("-")[0]
