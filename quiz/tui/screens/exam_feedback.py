"""What is said of a question of an exam that is looked at again. Texts only; it knows no screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from quiz.deck.library import Library
from quiz.memory import Rating
from quiz.questions import Flip
from quiz.study.seats import Reason, Reviewed
from quiz.study.session import Feedback
from quiz.tui.present import hanging, joined, plain
from quiz.tui.screens import feedback

if TYPE_CHECKING:
    from quiz.deck.figures import Figure

_SURE = {"low": "a guess", "mid": "fairly sure", "high": "sure"}


def looked_at(library: Library, looked: Reviewed, figure: Figure | None, width: int) -> list[Content]:
    """Return the verdict, what was said of how sure it is, an answer that changed, every reason, and why it is so.

    `figure` is the one that is shown with the question.
    """
    parts = [*verdict(looked, figure), *feedback.changed(looked.shown.change), options(looked.reasons, width)]
    parts += feedback.explained(looked.shown.card)
    here = library.here(looked.shown.card.id)
    return [*parts, joined(("Here: ", "bold"), here)] if here else parts


def verdict(looked: Reviewed, figure: Figure | None) -> list[Content]:
    """Return the verdict in a sign and a word, and the right answer."""
    question, reply = looked.shown.question, looked.reply
    if reply is None:
        empty = joined(("· Not answered", "bold $text-warning"))
        return [Content("\n").join([empty, feedback.answer(question)])]
    came = Feedback(reply.event, reply.given, looked.mark, Rating.AGAIN, reply.certainty, "", dict)
    parts = feedback.verdict(question, came, figure)
    if isinstance(question, Flip) and looked.mark.right:
        parts.append(feedback.answer(question))
    if reply.certainty:
        sure_and_wrong = reply.certainty == "high" and not looked.mark.value
        said = (f"You said: {_SURE[reply.certainty]}", "bold $text-warning" if sure_and_wrong else "")
        parts.append(joined(said, ". Sure and wrong: learn this one first." if sure_and_wrong else "."))
    return parts


def options(reasons: tuple[Reason, ...], width: int) -> Content:
    """Return what the deck says of each option, by the numbers on the screen."""
    lines = [
        hanging((f"{'✓' if reason.right else '✗'} {reason.number}  ", "bold"), plain(reason.why), width)
        for reason in reasons
        if reason.why
    ]
    return Content("\n").join([joined(("Option by option", "bold")), *lines]) if lines else Content("")
