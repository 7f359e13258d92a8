"""What a session came to: score, topics, missed cards, time, and when the next one is due."""

from __future__ import annotations

from dataclasses import dataclass

from quiz.memory import Rating
from quiz.study.session import Session


@dataclass(frozen=True, slots=True)
class TopicScore:
    """First tries of one topic: how many there were and how many were right."""

    topic: str
    asked: int
    right: int


@dataclass(frozen=True, slots=True)
class Summary:
    """`asked` and `right` count first tries; `missed` are the cards failed at least once; `ms` is the time spent.

    `passed` and `failed` count the cards of a refresher that were asked for proof.
    """

    asked: int
    right: int
    retries: int
    new: int
    topics: tuple[TopicScore, ...]
    missed: tuple[str, ...]
    ms: int
    out_of_time: bool
    passed: int = 0
    failed: int = 0


def summary(session: Session) -> Summary:
    """Return the summary of a session so far."""
    firsts = [a for a in session.answered if not a.retry]
    topics: dict[str, list[bool]] = {}
    for answer in firsts:
        topics.setdefault(answer.topic or "other", []).append(answer.rating > Rating.AGAIN)
    scores = sorted(
        (TopicScore(t, len(r), sum(r)) for t, r in topics.items()), key=lambda s: (s.right / s.asked, s.topic)
    )
    return Summary(
        asked=len(firsts),
        right=sum(a.rating > Rating.AGAIN for a in firsts),
        retries=len(session.answered) - len(firsts),
        new=sum(a.new for a in firsts),
        topics=tuple(scores),
        missed=tuple(dict.fromkeys(a.card for a in session.answered if a.rating is Rating.AGAIN)),
        ms=session.elapsed_ms,
        out_of_time=session.out_of_time,
        passed=sum(a.passed is True for a in session.answered),
        failed=sum(a.passed is False for a in session.answered),
    )
