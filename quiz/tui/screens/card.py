"""All about one card, as Browse shows it: what it says, how it is asked, where it stands, how it went. Texts only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from textual.content import Content

from quiz.deck.figures import Figure
from quiz.deck.model import Card, question_id
from quiz.memory import Params, StudyDay, date_of, recall
from quiz.questions.base import PARTLY_FROM, RIGHT_FROM
from quiz.report.leeches import Leech
from quiz.report.leeches import told as lines_of
from quiz.report.search import Moment
from quiz.report.words import in_days, percent
from quiz.store.derive import CardState
from quiz.text import counted
from quiz.tui.present import MUTED, hanging, joined, paragraphs, plain, styled

MOST_MOMENTS = 40  # of the history: the newest
MOST_ROWS = 60  # of a figure
_SURE = {"low": "a guess", "mid": "fairly sure", "high": "sure"}
_DECIDED = {
    "suspend": ("Suspended", "Brought back"),
    "bury": ("Put off", "Put off"),
    "flag": ("Flagged", "Flag taken off"),
    "reset": ("Begun anew", "Begun anew"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a card today. `sources` are in words; `moments` come newest first.

    `figures` are those that the card shows, by their ids; `here` is what the ward's own layer says beside the card.
    `params` are the weights of the learner's memory.
    `leech` tells why it is forgotten again and again, if it is.
    """

    card: Card
    state: CardState
    sources: Sequence[str]
    moments: Sequence[Moment]
    today: StudyDay
    figures: Mapping[str, Figure]
    here: str
    params: Params
    leech: Leech | None = None


def sheet(told: Told, width: int) -> Content:
    """Return the whole text, laid out for a width in cells."""
    card = told.card
    parts = [
        styled(card.claim or card.questions[0].stem, "bold"),
        _standing(told),
        *([_leech(told.leech, width)] if told.leech else []),
        *([joined(("Why: ", "bold"), card.why)] if card.why else []),
        *([joined(("Here: ", "bold"), told.here)] if told.here else []),
        *([joined(("Case: ", "bold"), "\n".join((card.case, *filter(None, card.unfolds))))] if card.case else []),
        *(_question(told, number, width) for number in range(1, len(card.questions) + 1)),
        _about(card),
        _sources(told, width),
        _history(told, width),
        styled(f"{PurePath(card.file).name}:{card.line}", MUTED),
    ]
    return paragraphs(parts)


def _standing(told: Told) -> Content:
    """Return where the card stands, and what is out of the ordinary in a line each."""
    state, today = told.state, told.today
    lines = [_memory(state, today, told.params)]
    if state.suspended:
        lines.append(styled("Suspended: it is not asked.", "bold"))
    elif state.buried_until > today:
        lines.append(plain(f"Put off: it is not asked before {_date(state.buried_until)}."))
    if state.danger:
        left = counted(state.danger, "more day")
        lines.append(styled(f"! Sure and wrong: it comes back until you have recalled it on {left}.", "$text-warning"))
    if state.flagged:
        note = next((m.note for m in told.moments if m.what == "flag" and m.on), "")
        lines.append(joined(("⚑ Flagged: ", "bold"), note))
    return Content("\n").join(lines)


def _leech(leech: Leech, width: int) -> Content:
    """Return what a leech is taken for, and what may help."""
    lines = [hanging(("· ", MUTED), plain(line), width) for line in lines_of(leech, {"contrast": "d"})]
    return Content("\n").join([styled("Forgotten again and again", "bold $text-warning"), *lines])


def _memory(state: CardState, today: StudyDay, params: Params) -> Content:
    memory = state.memory
    if memory is None:
        return plain("New: it was not asked yet." if not state.answers else "New.")
    known = [f"stability {counted(max(1, round(memory.stability)), 'day')}"]
    if today > memory.day:  # within a day of the answer the model does not know
        known.insert(0, f"recall now {percent(recall(memory, today, params))}")
    if state.lapses:
        known.append(f"forgotten {counted(state.lapses, 'time')}")
    return joined((f"Due {in_days(state.due - today)}", "bold"), " · ", " · ".join(known))


def _question(told: Told, number: int, width: int) -> Content:
    """Return a question with its answers; the key has a sign."""
    question = told.card.questions[number - 1]
    held = " (held back to show mastery)" if question.proof else ""
    head = styled(f"Question {number} · {question.kind}{held}", MUTED)
    options = getattr(question, "options", None)
    lines = [head, plain(question.stem)]
    figure = told.figures.get(told.card.figure_at(question))
    if figure is not None:
        lines.append(plain(figure.drawing(width, MOST_ROWS) or figure.alt))
    if options is None:
        return Content("\n").join([*lines, hanging(("✓ ", "bold $text-success"), plain(question.key), width)])
    rights = getattr(question, "rights", None) or (getattr(question, "right", -1),)
    for i, option in enumerate(options):
        sign = ("✓ ", "bold $text-success") if i in rights else ("· ", MUTED)
        lines.append(hanging(sign, plain(option.text), width))
        if option.why:
            lines.append(hanging("    ", styled(option.why, MUTED), width))
    return Content("\n").join(lines)


def _about(card: Card) -> Content:
    """Return what the deck notes beside the card."""
    audience = f"for {', '.join(card.audience)}" if card.audience else ""
    marks = [card.deck, card.topic, card.procedure, audience, card.tier, "must-pass" if card.safety else "", *card.tags]
    lines = [card.id, " · ".join(filter(None, marks)), f"Evidence: {card.certainty}"]
    if card.checked:
        lines[-1] += f" · checked {card.checked}"
    return styled("\n".join(lines), MUTED)


def _sources(told: Told, width: int) -> Content:
    lines = [hanging(("· ", MUTED), styled(source, MUTED), width) for source in told.sources]
    return Content("\n").join([styled("Sources", "bold"), *lines]) if lines else Content("")


def _history(told: Told, width: int) -> Content:
    names = {question_id(question): n for n, question in enumerate(told.card.questions, 1)}
    lines = [hanging(f"{_date(m.day)}  ", _moment(m, names), width) for m in told.moments[:MOST_MOMENTS]]
    more = len(told.moments) - MOST_MOMENTS
    if more > 0:
        lines.append(styled(f"… and {more} earlier", MUTED))
    return Content("\n").join([styled("History", "bold"), *lines]) if lines else Content("")


def _moment(moment: Moment, names: dict[str, int]) -> Content:
    if moment.what != "answer":
        said = _DECIDED[moment.what][not moment.on]
        return plain(f"{said}: {moment.note}" if moment.note and moment.on else said)
    parts = [_which(moment.question, names)]
    if moment.rating is not None:
        parts.append(moment.rating.name.capitalize())
    if moment.certainty:
        parts.append(_SURE.get(moment.certainty, moment.certainty))
    if moment.mode != "study":
        parts.append(moment.mode)
    return joined(_verdict(moment.mark), " · ".join(["", *parts]))


def _verdict(mark: float) -> tuple[str, str]:
    if mark >= RIGHT_FROM:
        return "✓ Right", "$text-success"
    if mark >= PARTLY_FROM:
        return f"≈ {mark:.0%}", "$text-warning"
    return "✗ Wrong", "$text-error"


def _which(name: str, names: dict[str, int]) -> str:
    kind = name.partition("-")[0]
    return f"question {names[name]}, {kind}" if name in names else f"an earlier question, {kind}"


def _date(day: int) -> str:
    return date_of(StudyDay(day)).isoformat()
