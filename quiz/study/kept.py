"""What an answer event keeps beyond what moves the schedule: the same for every way to ask."""

from __future__ import annotations

from typing import Any

from quiz.deck.model import fingerprint
from quiz.study.rating import Certainty
from quiz.study.shown import Shown


def answer_body(
    session: str, mode: str, shown: Shown, given: str, mark: float, ms: int, certainty: Certainty | None
) -> dict[str, Any]:
    """Return the body of an answer event. `mark` is 0 to 1, `ms` the milliseconds that the answer took."""
    body: dict[str, Any] = {
        "session": session,
        "mode": mode,
        "question": shown.name,
        "prompt": fingerprint(shown.question.prompt_parts),
        "answer": fingerprint(shown.question.answer_parts),
        # In words, and so that the question is known again by its stem: for the day on which its answer changes.
        "key": shown.question.key,
        "stem": fingerprint((shown.question.stem,)),
        "given": given,
        "mark": mark,
        "ms": ms,
    }
    if shown.order:
        body["order"] = shown.order
    if shown.change:
        body["changed"] = True  # the learner was told so
    if certainty:
        body["certainty"] = certainty
    return body
