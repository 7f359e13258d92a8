"""What an answer event keeps beyond what moves the schedule: the same for every way to ask."""

from __future__ import annotations

from typing import Any

from quiz.deck.model import fingerprint
from quiz.memory import Params, StudyDay
from quiz.study.rating import Certainty
from quiz.study.shown import Shown
from quiz.text import clean

LONGEST_ANSWER = 40_000
"""Characters, as in a deck: what is longer is cut when it is given. An event with a text of over 100,000 would be
refused by other devices."""


def heard(given: str) -> str:
    """Return an answer as it is marked and kept."""
    return clean(given)[:LONGEST_ANSWER]


def might_wait(shown: Shown, day: StudyDay, retention: float, params: Params) -> int | None:
    """Return for how many days a card, due or brought in early, might have waited on `day`; else None.

    Kept with each answer as `waits`, so that the day stays as large as it was (see `quiz.memory.balance`).
    """
    state = shown.state
    if state.memory is None or state.memory.day >= day:
        return None
    from quiz.memory.balance import Dated, wait

    stability, _, last = state.memory
    fixed = bool(state.danger) or state.last_recalled < last or shown.card.safety
    return wait(Dated(shown.card.id, stability, last, state.due, state.shown_from, fixed), day, retention, params)


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
