"""What stands on the page of a record of competency, and the record in a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor

from quiz.report.calibration import NAMES
from quiz.report.pages import Block, Heading, Items, Lines, Paragraph, Terms
from quiz.report.record import (
    EMPTY,
    EXAM,
    NOT_PASSED,
    OUT_OF_TIME,
    PARTLY,
    PASSED,
    PRACTISED,
    RIGHT,
    STOPPED,
    WRONG,
    DeckVersion,
    Item,
    Record,
)
from quiz.report.words import percent, spent
from quiz.study.rating import CERTAINTY
from quiz.study.result import MOST_CERTAIN, certainty_mark
from quiz.text import counted

FOR_LEARNING = "For learning, not for deciding treatment."
NOT_IDENTITY = "This record shows answers given on one machine. It does not show who gave them."
HOW_TO_CHECK = (
    "To see whether this file is as it was written, run: quiz report --check FILE. "
    "It recomputes the fingerprint; anybody can make a new one, so keep it where the file is not."
)

_RESULTS = {
    PASSED: "Passed",
    NOT_PASSED: "Not passed",
    PRACTISED: "Only practised",
    RIGHT: "Right",
    PARTLY: "Partly right",
    WRONG: "Wrong",
    EMPTY: "Left empty",
}
_SAID: dict[str, str] = {level: f"said “{name}”" for level, name in NAMES.items()}


def heading(record: Record) -> str:
    """Return the heading of the page."""
    return "Record of an exam" if record.about == EXAM else "Record of competency: safety refresher"


def blocks_of(record: Record) -> Iterator[Block]:
    """Yield what stands below the heading: the facts, the result, every question, the decks, and how to check it."""
    yield Lines(tuple(_facts(record)))
    yield Heading("Result")
    yield from _exam_result(record) if record.about == EXAM else _refresher_result(record)
    yield Heading("Missed")
    yield from _missed(record)
    yield Heading("All questions")
    yield Terms(tuple(map(_question, record.items)))
    yield Heading("Decks")
    yield Items(tuple(map(_deck, record.decks)) or ("None of these cards is in a deck now.",))
    yield Heading("About this record")
    yield Paragraph(f"{FOR_LEARNING} {NOT_IDENTITY}")
    yield Paragraph(f"Made by quiz {record.program} on {_moment(record.made)}.")
    yield Paragraph(f"Fingerprint: {record.fingerprint}")
    yield Paragraph(HOW_TO_CHECK, small=True)


def _facts(record: Record) -> Iterator[tuple[str, str]]:
    yield "Name", record.name
    yield "Profile", record.profile
    yield "Date and time", span(record)
    limit = f" (limit {counted(record.minutes, 'minute')})" if record.minutes else ""
    yield "Time spent", f"{spent(record.spent_ms)}{limit}"
    yield "Set", f"{record.set[:1].upper()}{record.set[1:]}{_size(record)}"
    yield "Questions", str(len(record.items))
    share = percent(record.right / len(record.items))
    yield (
        "Right" if record.about == EXAM else "Right at the first try",
        f"{record.right} of {len(record.items)} ({share})",
    )


def _size(record: Record) -> str:
    return f" ({counted(record.set_cards, 'card')})" if record.set_cards else ""


def _refresher_result(record: Record) -> Iterator[Block]:
    lines = [
        ("Cards passed", f"{record.number_of(PASSED)} of {len(record.cards)}"),
        ("Cards not passed", str(record.number_of(NOT_PASSED))),
        ("Cards only practised", str(record.number_of(PRACTISED))),
    ]
    if record.set_cards > len(record.cards):
        lines.append(("Cards of the set not asked", str(record.set_cards - len(record.cards))))
    yield Lines(tuple(lines))
    yield Paragraph(
        "A card is passed when the first try at a question that was not seen in practice is right. "
        "A card without such a question is only practised."
    )
    if record.state == STOPPED:
        yield Paragraph("The refresher had not come to its end when this record was made.")
    yield from _own_marks(record)


def _exam_result(record: Record) -> Iterator[Block]:
    verdict = "Passed" if record.reached else "Not passed"
    lines = [("Verdict", verdict), ("Marks", _marks(record)), ("Pass mark", f"{record.pass_mark} %")]
    lines += [(f"Topic {topic}", said) for topic, said in _topics(record.items)]
    sure = [(item.mark, level) for item in record.items for level in CERTAINTY if item.certainty == level]
    if sure:
        marks = sum(certainty_mark(mark, level) for mark, level in sure)
        lines.append(("Certainty marks", f"{marks:g} of at most {MOST_CERTAIN * len(sure)}"))
    yield Lines(tuple(lines))
    if record.state == OUT_OF_TIME:
        yield Paragraph("The exam ended because its time was up.")
    yield from _own_marks(record)


def _marks(record: Record) -> str:
    """Return the marks in percent: rounded, but never to the other side of the pass mark."""
    rounded = round(record.percent, 1)
    if (rounded >= record.pass_mark) != record.reached:
        rounded = floor(record.percent * 10) / 10
    return f"{rounded:.1f} %"


def _topics(items: Sequence[Item]) -> Iterator[tuple[str, str]]:
    topics = dict.fromkeys(item.topic or "other" for item in items)
    for topic in topics if len(topics) > 1 else ():
        mine = [item for item in items if (item.topic or "other") == topic]
        yield topic, f"{sum(item.right for item in mine)} of {len(mine)} right"


def _own_marks(record: Record) -> Iterator[Block]:
    own = sum(item.own_mark for item in record.items)
    if own:
        yield Paragraph(f"{counted(own, 'question')} could be marked by the learner alone.")


def _missed(record: Record) -> Iterator[Block]:
    if not record.missed:
        yield Paragraph("Nothing: every question was right at the first try.")
        return
    yield Terms(tuple((item.claim.rstrip("."), _of_missed(item, record)) for item in record.missed))


def _of_missed(item: Item, record: Record) -> str:
    said = [f"Sources: {item.sources}." if item.sources else "No source is named."]
    if item.certainty == "high" and not item.mark:
        said.append("Sure, and wrong.")
    if record.about != EXAM:
        recalled = "Recalled at a later try." if item.more_tries else "Partly right."
        said.append(recalled if item.settled else "Not recalled in this session.")
    return " ".join(said)


def _question(item: Item) -> tuple[str, str]:
    """Return the number and result of a question, and what it was about with all that qualifies the result."""
    about = [f"card {item.card}", item.basis, _SAID.get(item.certainty, "")]
    if item.more_tries:
        about.append(counted(item.more_tries, "more try", "more tries"))
    if item.own_mark:
        about.append("marked by the learner")
    if item.changed:
        about.append("changed in the decks since")
    about.append(spent(item.ms))
    result = _RESULTS[item.result]
    if item.result == PRACTISED:
        result += ", right" if item.right else ", not right"
    return f"{item.number} · {result}", f"{item.claim} ({'; '.join(filter(None, about))})"


def _deck(deck: DeckVersion) -> str:
    checked = f", newest check {deck.checked}" if deck.checked else ""
    digest = f"SHA-256 of the file begins {deck.sha256}" if deck.sha256 else "the file cannot be read now"
    return f"{deck.title} ({deck.file}): {counted(deck.cards, 'card')}{checked}; {digest}"


def summary(record: Record) -> str:
    """Return the record in a line."""
    if record.about == EXAM:
        verdict = "passed" if record.reached else "not passed"
        return f"Exam of {span(record)}: {_marks(record)}, {verdict} (pass mark {record.pass_mark} %)."
    passed = f"{record.number_of(PASSED)} of {counted(len(record.cards), 'card')} passed"
    right = f"{record.right} of {len(record.items)} right at the first try"
    return f"Safety refresher of {span(record)}: {passed}, {right}."


def span(record: Record) -> str:
    """Return when it was, with the offset from UTC: `2026-11-22 10:00 to 10:05 (UTC+01:00)`."""
    end = record.ended[11:16] if record.ended[:10] == record.begun[:10] else _moment(record.ended).partition(" (")[0]
    return f"{record.begun[:10]} {record.begun[11:16]} to {end} (UTC{record.ended[19:]})"


def _moment(stamp: str) -> str:
    return f"{stamp[:10]} {stamp[11:16]} (UTC{stamp[19:]})"
