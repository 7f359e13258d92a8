"""`quiz card ID`: what a card says, how it is asked, and how it went."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from quiz.cli.call import Call
from quiz.cli.console import Console
from quiz.clock import iso
from quiz.deck.model import Card, question_id
from quiz.desk import Desk
from quiz.memory import Params, Rating, StudyDay, date_of, recall
from quiz.memory.leech import is_leech
from quiz.questions import Choice, Question
from quiz.report.leeches import Leech, explained, told
from quiz.report.words import in_days, percent
from quiz.store.derive import CardState, undone
from quiz.store.events import Event
from quiz.text import counted


def run(call: Call) -> int:
    """Say all about one card. A card that no deck holds any more is known by its history."""
    name = call.options.id
    with call.desk() as desk:
        card, events, state = desk.library.card(name), desk.history.events_of(name), desk.history.state(name)
        changes = desk.history.changes(card, state) if card else ()
        olds, goes_on = desk.history.names(name)[1:], desk.history.followers(name)
        if card is None and not events:
            raise desk.unknown(name)
        today, params = desk.history.today(), desk.history.params
        stuck = _leech(desk, card, state)
        sources = {id_: str(desk.library.source(id_) or id_) for id_ in card.sources} if card else {}
    gone = undone(events)
    answers = [e for e in events if e.kind == "answer" and e.id not in gone]
    flags = _flags([e for e in events if e.id not in gone])
    if call.options.json:
        held = _card_json(card, sources) if card else {"id": name}
        rest = {
            "held": card is not None,
            "state": _state_json(state, today, params),
            "answers": [*map(_answer_json, answers)],
        }
        rest["flags"] = [
            {"at": iso(e.at), "note": e.body.get("note"), "question": e.body.get("question")} for e in flags
        ]
        rest["leech"] = stuck and stuck.as_json()
        rest["takes_up"], rest["goes_on_in"] = olds, goes_on
        rest["changed"] = [{"question": question_id(c.question), "was": c.old or None, "now": c.new} for c in changes]
        call.console.document(held | rest)
        return 0
    if card:
        _say_card(call.console, card, sources)
    else:
        call.console.say(f"{name}: no deck holds this card now; its history is kept.")
    if olds:
        call.console.say(f"It takes up the history of: {', '.join(olds)}.")
    if goes_on:
        call.console.say(f"Its history goes on in: {', '.join(goes_on)}.")
    for change in changes:
        call.console.say(str(change))
    _say_history(call.console, state, answers, today, params, at_once=any(change.due for change in changes))
    for line in told(stuck) if stuck else ():
        call.console.say(line)
    for flag in flags:
        call.console.say(f"Flagged as faulty on {_date(flag.day)}: {flag.body.get('note')}")
    return 0


def _leech(desk: Desk, card: Card | None, state: CardState) -> Leech | None:
    """Return why a card is forgotten again and again, if it is."""
    if card is None or not is_leech(state.lapses, state.memory):
        return None
    with closing(desk.history.reader()) as db:
        return explained(db, card, state.lapses, state.answers)


def _flags(events: list[Event]) -> list[Event]:
    """Return the flags since the card was last found sound."""
    standing: list[Event] = []
    for event in events:
        if event.kind == "flag":
            standing = [*standing, event] if event.body.get("on") else []
    return standing


def _card_json(card: Card, sources: dict[str, str]) -> dict[str, Any]:
    names = "id family deck file line topic procedure tier safety certainty checked claim why case".split()
    lists = "audience corrects contrast_with tags".split()
    fields = {name: getattr(card, name) for name in names} | {name: list(getattr(card, name)) for name in lists}
    fields["sources"] = [{"id": id_, "text": text} for id_, text in sources.items()]
    fields["questions"] = [_question_json(question) for question in card.questions]
    return fields


def _question_json(question: Question) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": question_id(question),
        "kind": question.kind,
        "ask": question.stem,
        "answer": question.key,
        "proof": question.proof,
    }
    if isinstance(question, Choice):
        found["options"] = [
            {"text": option.text, "right": i == question.right, "why": option.why}
            for i, option in enumerate(question.options)
        ]
    return found


def _state_json(state: CardState, today: StudyDay, params: Params) -> dict[str, Any]:
    memory = state.memory
    return {
        "new": state.new,
        "due": _date(state.due) if memory else None,
        "stability_days": memory.stability if memory else None,
        "difficulty": memory.difficulty if memory else None,
        "recall": recall(memory, today, params) if memory and today > memory.day else None,
        "answers": state.answers,
        "lapses": state.lapses,
        "suspended": state.suspended,
        "buried_until": _date(state.buried_until) if state.buried_until > today else None,
        "flagged": state.flagged,
        "questions": {name: {"times": q.times, "last_mark": q.mark} for name, q in state.asked.items()},
    }


def _answer_json(event: Event) -> dict[str, Any]:
    body = event.body
    return {
        "id": event.id,
        "at": iso(event.at),
        "day": _date(event.day),
        "mode": body.get("mode"),
        "question": body.get("question"),
        "given": body.get("given"),
        "mark": body.get("mark"),
        "rating": event.rating,
        "certainty": body.get("certainty"),
        "ms": body.get("ms"),
    }


def _say_card(console: Console, card: Card, sources: dict[str, str]) -> None:
    console.say(f"{card.id} ({card.deck})")
    about = [("Topic", card.topic), ("Procedure", card.procedure), ("For", ", ".join(card.audience))]
    about += [("Claim", card.claim), ("Why", card.why), ("Case", card.case)]
    about += [("Evidence", card.certainty), ("Checked", card.checked), ("File", f"{card.file}:{card.line}")]
    for label, value in about:
        if value:
            console.say(f"{label}: {value}")
    if card.safety:
        console.say("A card that must be known.")
    for number, question in enumerate(card.questions, 1):
        held = " (held back to show mastery)" if question.proof else ""
        console.say(f"Question {number}, {question.kind}{held}: {question.stem}")
        console.say(f"  Answer: {question.key}")
    for text in sources.values():
        console.say(f"Source: {text}")


def _say_history(
    console: Console, state: CardState, answers: list[Event], today: StudyDay, params: Params, *, at_once: bool
) -> None:
    if state.memory:
        console.say(f"{counted(state.answers, 'answer')}, forgotten {counted(state.lapses, 'time')}.")
        known = f"; recall now {percent(recall(state.memory, today, params))}" if today > state.memory.day else ""
        due = "at once: its answer changed" if at_once else in_days(state.due - today)
        console.say(f"Due {due}{known}.")
    else:
        console.say("Not asked yet.")
    for event in answers[-5:]:
        rating = Rating(event.rating).name.capitalize() if event.rating else "not rated"
        console.say(f"  {_date(event.day)}: {rating}")
    if state.suspended:
        console.say("Suspended: it is not asked.")
    if state.buried_until > today:
        console.say(f"Put off until {_date(state.buried_until)}.")


def _date(day: int) -> str:
    return date_of(StudyDay(day)).isoformat()
