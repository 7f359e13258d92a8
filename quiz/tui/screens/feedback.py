"""What the study screen says of an answer: the verdict, the reasons, the ratings. Texts only; it knows no screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from quiz.deck.model import Card
from quiz.memory import Outcome, Rating
from quiz.questions import Choice, Cloze, Flip, Question
from quiz.study.rating import CERTAINTY
from quiz.study.session import Feedback
from quiz.text import counted
from quiz.tui.present import MUTED, button, joined, plain, styled

_SURE = {"low": "a guess", "mid": "fairly sure", "high": "sure"}


def verdict(question: Question, feedback: Feedback) -> list[Content]:
    """Return the verdict in a sign and a word, the right answer, and why the option taken is wrong."""
    mark = feedback.mark
    if mark.right:
        said = styled("✓ Right", "bold $text-success")
    elif mark.partly:
        words = mark.words.removeprefix("Close: ")
        said = joined(("≈ Close", "bold $text-warning"), f"  {words[:1].upper()}{words[1:]}")
    elif not feedback.given or isinstance(question, Flip):
        said = styled("✗ Not known", "bold $text-error")
    else:
        # An option taken is signed in the list above; typed words are shown again.
        said = joined(("✗ Wrong", "bold $text-error"), "" if isinstance(question, Choice) else f"  {mark.words}")
    parts = [said if mark.right and not isinstance(question, Cloze) else Content("\n").join([said, answer(question)])]
    if feedback.reason:
        parts.append(joined(("Why not that: ", "bold"), feedback.reason))
    return parts


def answer(question: Question) -> Content:
    """Return the right answer; of a cloze the whole sentence."""
    key = (question.key, "bold $text-accent")
    if isinstance(question, Cloze):
        return joined("Answer: ", question.before, key, question.after)
    return joined("Answer: ", key)


def explained(card: Card) -> list[Content]:
    """Return the card's reason, and its certainty where it is not high."""
    parts = []
    if card.why:
        parts.append(joined(("Why: ", "bold"), card.why))
    elif card.claim:
        parts.append(plain(card.claim))
    if card.certainty != "high":
        parts.append(styled(f"Evidence: {card.certainty}", "italic $text-warning"))
    return parts


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
