"""What the study screen says of an answer: the verdict, the reasons, the ratings. Texts only; it knows no screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from quiz.deck.model import Card
from quiz.memory import Outcome, Rating
from quiz.questions import Choice, Cloze, FigureMark, Flip, Match, Order, Question, Select
from quiz.study.rating import CERTAINTY
from quiz.study.session import Feedback
from quiz.text import counted, folded
from quiz.tui.present import MUTED, button, joined, plain, styled

if TYPE_CHECKING:
    from quiz.deck.figures import Figure
    from quiz.store.changes import Change

_PASSED = "Passed: you had not practised this question."
_NOT_PASSED = "Not passed. It counts: you had not practised this question."
_SURE = {"low": "a guess", "mid": "fairly sure", "high": "sure"}


def verdict(question: Question, feedback: Feedback, figure: Figure | None = None) -> list[Content]:
    """Return the verdict in a sign and a word, the right answer, and why what was taken is wrong.

    `figure` is the one that is shown with the question.
    """
    mark = feedback.mark
    said = [joined(_sign(question, feedback), "  " * bool(words := _words(question, feedback)), words)]
    in_list = isinstance(question, Select | Order | Match)  # each part is signed in the list above
    if not in_list and (not mark.right or isinstance(question, Cloze)):
        said.append(answer(question))
    parts = [Content("\n").join(said)]
    if feedback.danger:
        parts.append(styled("! Sure, and wrong: it comes back now, tomorrow and in a week.", "bold $text-warning"))
    if feedback.passed is not None:
        parts.append(plain(_PASSED if feedback.passed else _NOT_PASSED))
    if feedback.reason and isinstance(question, Select):
        parts.append(joined(("Why not:", "bold"), *(f"\n· {line}" for line in feedback.reason.split("\n"))))
    elif feedback.reason:
        parts.append(joined(("Why not that: ", "bold"), feedback.reason))
    if isinstance(question, FigureMark) and figure is not None:
        parts.append(_at_the_mark(question, feedback, figure))
    return parts


def _sign(question: Question, feedback: Feedback) -> tuple[str, str]:
    """Return the verdict as a sign and a word, with its style."""
    mark = feedback.mark
    if mark.right:
        return "✓ Right", "bold $text-success"
    if not feedback.given or isinstance(question, Flip):
        return "✗ Not known", "bold $text-error"
    if mark.value and isinstance(question, Select | Order | Match):
        return "≈ Partly right", "bold $text-warning"
    return ("≈ Close", "bold $text-warning") if mark.value else ("✗ Wrong", "bold $text-error")


def _words(question: Question, feedback: Feedback) -> str:
    """Return how the mark came about, as far as the signs in the list above do not tell it."""
    mark, given = feedback.mark, feedback.given
    if mark.right or not given or isinstance(question, Flip | Choice):
        return ""
    if isinstance(question, Select):
        taken, rights = set(question.taken(given)), set(question.rights)
        points = f"{round(mark.value * question.points)} of {counted(question.points, 'point')}"
        return f"{len(taken & rights)} right, {len(taken - rights)} wrong, {len(rights - taken)} missed: {points}."
    if isinstance(question, Match):
        verdicts = question.verdicts(given)
        return f"{sum(verdicts)} of {len(verdicts)} pairs are right."
    words = mark.words.removeprefix("Close: ")
    return f"{words[:1].upper()}{words[1:]}"


def _at_the_mark(question: FigureMark, feedback: Feedback, figure: Figure) -> Content:
    """Return what is at the mark asked about and, where another one was taken for it, what is at that one."""
    taken = question.pointed(feedback.given) if question.points else None
    labels = [figure.label(mark) for mark in dict.fromkeys(n for n in (question.at, taken) if n)]
    lines = []
    for label in filter(None, labels):
        known = folded(label.label).casefold() == folded(question.answer).casefold()  # it stands in the verdict
        if label.note or not known:
            named = f"[{label.mark}]" if known else f"[{label.mark}] {label.label}"
            lines.append(joined((f"{named}: " if label.note else named, "bold"), label.note))
    return Content("\n").join(lines)


def answer(question: Question) -> Content:
    """Return the right answer; of a cloze the whole sentence."""
    key = (question.key, "bold $text-accent")
    if isinstance(question, Cloze):
        return joined("Answer: ", question.before, key, question.after)
    return joined("Answer: ", key)


def changed(change: Change | None) -> list[Content]:
    """Return what was right when the learner last answered, and what is right now, where the two differ."""
    if change is None:
        return []
    head = ("! Changed since you learned it.", "bold $text-warning")
    old = (" It was: ", "bold"), f"{change.old}."
    return [joined(head, *(old if change.old else ()), (" Now: ", "bold"), change.new)]


def explained(card: Card, here: str = "") -> list[Content]:
    """Return the card's reason, what the ward's own layer says of it, and its certainty where that is not high."""
    parts = []
    if card.why:
        parts.append(joined(("Why: ", "bold"), card.why))
    elif card.claim:
        parts.append(plain(card.claim))
    if here:
        parts.append(joined(("Here: ", "bold $text-accent"), here))
    if card.certainty != "high":
        parts.append(styled(f"Evidence: {card.certainty}", "italic $text-warning"))
    return parts


def not_the_same(alike: Sequence[Card]) -> list[Content]:
    """Return the cards that this one is easily taken for, each with what it teaches."""
    return [joined(("Not the same: ", "bold"), card.fact) for card in alike]


def stuck(lapses: int) -> list[Content]:
    """Return that the card has become a leech with so many lapses; nothing for 0."""
    if not lapses:
        return []
    from quiz.report.leeches import became

    return [styled(became(lapses), "$text-warning")]


def sources(entries: Sequence[str], checked: str) -> Content:
    """Return the bibliography of a card and the day on which it was last checked."""
    lines = [f"· {entry}" for entry in entries] or ["This card names no source."]
    return styled("\n".join([*lines, *([f"Checked {checked}"] if checked else [])]), MUTED)


def ratings(outcomes: Mapping[Rating, Outcome], chosen: Rating | None, *, narrow: bool) -> list[Content]:
    """Return the four ratings to click, each with the time until the card comes back; the one in force stands out."""
    parts = []
    for rating in Rating:
        days = outcomes[rating].interval
        # A failed card comes back within the session, whatever the day it is due.
        when = "soon" if rating is Rating.AGAIN else f"{days} d" if narrow else counted(days, "day")
        parts.append(_choice(rating.value, f"{rating.name.capitalize()} {when}", rating is chosen))
    return parts


def certainties() -> list[Content]:
    """Return the ways to say how sure one is."""
    return [_choice(i, _SURE[certainty], False) for i, certainty in enumerate(CERTAINTY, 1)]


def _choice(number: int, label: str, chosen: bool) -> Content:
    sign, style = ("▸", "bold $text-accent") if chosen else (" ", "")
    return button((f"{sign}{number} {label}", style), f"screen.press({number - 1})")
