"""What a sync did, in words."""

from __future__ import annotations

from collections.abc import Iterator

from quiz.cli.telling_weights import due_in_words
from quiz.store.sync import Report
from quiz.text import counted

_MOST = 10  # faults told one by one


def lines_of(report: Report) -> Iterator[str]:
    """Yield the paragraphs that tell a sync."""
    came, went = counted(report.came, "event"), counted(report.went, "event")
    about = f" about {counted(report.cards, 'card')}" if report.cards else ""
    yield f"Synced with {report.folder}: {came} came in{about}, {went} went out."
    yield from troubles_of(report)
    if report.waiting:
        undos = "1 undo waits" if report.waiting == 1 else f"{report.waiting} undos wait"
        yield f"{undos} for an event of another device that has not come yet."


def troubles_of(report: Report) -> Iterator[str]:
    """Yield what was mended and what is not right: a learner in the middle of a session needs no more."""
    yield from report.mended
    if report.weighed is not None:
        before, after = report.weighed
        yield "The memory model now has the weights that you took on another device (or no longer has them)."
        yield due_in_words(before, after)
    yield from map(str, report.faults[:_MOST])
    if len(report.faults) > _MOST:
        yield f"... and {counted(len(report.faults) - _MOST, 'problem')} more: see quiz sync --json"
    if report.faults:
        yield "Everything else was taken in. Files of other devices are never changed: sync again on those devices."
