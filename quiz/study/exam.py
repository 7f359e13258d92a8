"""An exam: a fixed paper, answered in any order and marked at the end, or at once as tutor. It is behind both fronts.

It knows no screen and no file. How a front drives it:

1. `left_off` goes on with an exam that was left (`unfinished` and `plan_of` say which); else `draw` a paper, say what
   it is short of, and `begin`. From then on the clock runs while the exam is `OPEN` and not `paused`.
2. Draw `shown` (the question of the current place), `reply()` (what was answered so far), `cells` (the navigator),
   `elapsed_ms` and `left_ms` (the clock). `go(number)` moves to any place.
3. When the learner answers, check `shown.question.problem(given)`, then call `answer(given, certainty)`: it is on the
   disk when it returns. It may be given again as often as one likes: the last one counts. An answer to a self-marked
   question (`self_marked`) is what the learner wrote, in own words.
   Where `asks_certainty`, ask before that how sure the learner is. `flag()` puts a mark on a place or takes it off.
4. Call `tick()` every second or so: it keeps the clock on the disk and hands the exam in when the time is up. `answer`
   and `go` do the same and then return False. `pause()` before the program is left, or to stop the clock; `go_on()`.
5. As tutor, once `locked()` the answer stands and `reviewed()` has its feedback; a self-marked one is locked by
   `mark_own(number, right)`, for which the front shows the right answer first (`to_mark` says which).
6. `hand_in()` returns False and does nothing while questions are empty (`missing()`): ask, then call
   `hand_in(confirmed=True)`. The stage then is `MARKING` while self-marked answers wait (`to_mark`, `mark_own`), and
   `DONE` when there is a `result`. `review()` goes through the questions; `result.study_missed(seed)` is the plan of
   what was missed.

Each answer is an `answer` event of mode `exam` without a rating, which leaves the schedule alone. When the exam is over
(as tutor: at once) a wrong one is replaced by the same answer rated Again, so that the card comes back; an empty one
says nothing about the memory and is left alone too. The result is one `session` event, in the same transaction. A
program that is killed loses no answer: where the exam stands is written with each.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from typing import Any

from quiz.deck.model import question_id
from quiz.memory import Rating, StudyDay
from quiz.questions.base import NOT_ANSWERED
from quiz.store.changes import Change
from quiz.store.events import Event
from quiz.store.rows import SavedSession
from quiz.study.blueprint import ExamPlan
from quiz.study.kept import answer_body, heard, might_wait
from quiz.study.paper import Paper, stamp
from quiz.study.ports import Cards, Records
from quiz.study.rating import Certainty
from quiz.study.result import Result
from quiz.study.seats import Cell, Reply, Reviewed, Seat, marked, reasons, replied, saved_seat, scored, wrong
from quiz.study.session import AWAY_AFTER
from quiz.study.shown import Shown, told_with

FORMAT = "exam-1"  # of a saved exam: change it with its JSON; one of another format is not taken up
KEPT_EVERY = 10_000  # milliseconds of the clock that a kill may lose


class Stage(Enum):
    """What the exam waits for."""

    OPEN = "answers"
    MARKING = "the learner's own verdicts on self-marked answers"
    DONE = "nothing"


class Exam:
    """An exam over a history and some decks: `begin` or `take_up` makes one. Places are numbered from 1."""

    def __init__(
        self,
        records: Records,
        plan: ExamPlan,
        seats: list[Seat],
        saved: SavedSession | None = None,
        absent: Sequence[dict[str, Any]] = (),
    ) -> None:
        """`saved` is where an exam stood that is taken up, `absent` what it held of questions that no deck has now."""
        self.records = records
        self.plan = plan
        self.day = saved.day if saved else records.today()
        self.id = saved.id if saved else os.urandom(8).hex()
        self.started = saved.started if saved else records.clock.now().at
        self.stage = Stage.OPEN
        self.paused = False
        self.out_of_time = False
        self.result: Result | None = None
        self._seats = seats
        self._absent = tuple(absent)
        self._at = 0
        self._active_ms = 0
        self._kept_ms = 0
        self._since = self._touched = records.clock.ticks()

    # -- what the fronts show -----------------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """How many questions the paper has."""
        return len(self._seats)

    @property
    def withdrawn(self) -> int:
        """How many questions are left out, because the decks do not hold them as they were drawn."""
        return len(self._absent)

    @property
    def number(self) -> int:
        """The current place, from 1."""
        return self._at + 1

    @property
    def shown(self) -> Shown:
        """The question of the current place."""
        return self._seats[self._at].shown

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The navigator: each place, whether it is answered, flagged, and the current one."""
        return tuple(Cell(i + 1, s.reply is not None, s.flagged, i == self._at) for i, s in enumerate(self._seats))

    @property
    def asks_certainty(self) -> bool:
        """Whether the learner wants to be asked how sure an answer is."""
        return self.records.settings.certainty != "off"

    @property
    def elapsed_ms(self) -> int:
        """The time spent, in milliseconds, without the pauses."""
        return self._active_ms + self._running()

    @property
    def left_ms(self) -> int | None:
        """The time left, in milliseconds; None without a limit."""
        return max(0, self.plan.minutes * 60_000 - self.elapsed_ms) if self.plan.minutes else None

    def at(self, number: int) -> Shown:
        """Return the question of a place."""
        return self._seats[number - 1].shown

    def reply(self, number: int = 0) -> Reply | None:
        """Return the answer in force at a place (0: the current one)."""
        return self._seat(number).reply

    def locked(self, number: int = 0) -> bool:
        """Whether the answer at a place stands for good: always after the exam, as tutor once it is marked."""
        reply = self._seat(number).reply
        return self.stage is not Stage.OPEN or (self.plan.tutor and reply is not None and reply.mark is not None)

    def missing(self) -> tuple[int, ...]:
        """Return the places without an answer ("I don't know" is one)."""
        return tuple(cell.number for cell in self.cells if not cell.answered)

    def flagged(self) -> tuple[int, ...]:
        """Return the places flagged for later."""
        return tuple(cell.number for cell in self.cells if cell.flagged)

    def to_mark(self) -> tuple[int, ...]:
        """Return the places whose self-marked answer has no verdict yet."""
        return tuple(i + 1 for i, s in enumerate(self._seats) if s.reply is not None and s.reply.mark is None)

    def reviewed(self, number: int = 0) -> Reviewed:
        """Return the feedback on a place: for after the exam, or as tutor once the place is locked."""
        seat = self._seat(number)
        reply, at = seat.reply, self._seats.index(seat) + 1
        mark = reply.mark if reply and reply.mark else NOT_ANSWERED
        return Reviewed(at, seat.shown, reply, mark, reasons(seat.shown, reply), seat.ms, seat.flagged)

    def review(self) -> tuple[Reviewed, ...]:
        """Return the feedback on every place."""
        return tuple(self.reviewed(number) for number in range(1, self.size + 1))

    # -- what the learner does ----------------------------------------------------------------------------------------

    def go(self, number: int) -> bool:
        """Go to a place; return False when the time was up instead."""
        assert 1 <= number <= self.size
        if self._over():
            return False
        self._touch()
        self._at = number - 1
        self._save()
        return True

    def answer(self, given: str, certainty: Certainty | None = None) -> bool:
        """Answer the current question, or change its answer; return False when it came after the time was up.

        `given` is what `question.mark` takes ("" for "I don't know"); for a self-marked question it is what the learner
        wrote. The same answer once more changes nothing.
        """
        if self._over():
            return False
        assert not self.locked()
        self._touch()
        seat, given = self._seats[self._at], heard(given)
        assert not seat.shown.question.problem(given)
        before = seat.reply
        new = marked(seat.shown.question, given, certainty if given else None, seat.ms)
        if before and (before.given, before.wrote, before.certainty) == (new.given, new.wrote, new.certainty):
            return True
        self.records.record(self._replace(seat, replace(new, rated=self.plan.tutor and wrong(new))), self._saved())
        return True

    def mark_own(self, number: int, right: bool) -> None:
        """Give the learner's verdict on a self-marked answer; after the last one that waits the exam is done."""
        seat = self._seat(number)
        reply = seat.reply
        assert reply is not None
        assert reply.mark is None
        assert self.plan.tutor or self.stage is Stage.MARKING
        given = "1" if right else "0"
        events = self._replace(seat, replace(reply, given=given, mark=seat.shown.question.mark(given), rated=not right))
        if self.stage is Stage.MARKING and not self.to_mark():
            events += self._finish()
        self.records.record(events, self._saved())

    def flag(self, number: int = 0) -> bool:
        """Flag a place for later (0: the current one), or take its flag off; return whether it is flagged now."""
        seat = self._seat(number)
        if not self._over():
            self._touch()
            seat.flagged = not seat.flagged
            self._save()
        return seat.flagged

    def pause(self) -> None:
        """Stop the clock and keep where the exam stands: it can be taken up on any later day."""
        self._over()
        self._spend()
        self.paused = True
        self._save()

    def go_on(self) -> None:
        """Let the clock run again."""
        self.paused = False
        self._since = self._touched = self.records.clock.ticks()

    def tick(self) -> bool:
        """Keep the clock's time from a kill, and hand the exam in when it is up; return False once it is."""
        if self._over():
            return False
        if self.elapsed_ms - self._kept_ms >= KEPT_EVERY:
            self._spend()
            self._save()
        return True

    def hand_in(self, *, confirmed: bool = False) -> bool:
        """Hand the exam in; return False, and do nothing, while questions are empty and that is not `confirmed`."""
        if self.stage is Stage.OPEN and self.missing() and not confirmed and not self._over():
            return False
        if self.stage is Stage.OPEN:
            self._close()
        return True

    # -- inside -------------------------------------------------------------------------------------------------------

    def _seat(self, number: int) -> Seat:
        return self._seats[number - 1 if number else self._at]

    def _over(self) -> bool:
        """Hand the exam in as it stands if its time is up; return whether it takes no answers any more."""
        if self.stage is Stage.OPEN and self.left_ms == 0:
            self.out_of_time = True
            self._close()
        return self.stage is not Stage.OPEN

    def _close(self) -> None:
        """Take no more answers: done, but for the learner's own verdicts."""
        self._spend()
        self.stage = Stage.MARKING
        self.records.record(self._finish() if not self.to_mark() else (), self._saved())

    def _finish(self) -> list[Event]:
        """Work out the result; return its event, and those that make the wrong cards due.

        Where another program has handed the same exam in meanwhile, its result stands.
        """
        self.stage = Stage.DONE
        self.result = _handed_in(self.records, self.id)
        if self.result:
            return []
        events: list[Event] = []
        for seat in self._seats:
            if seat.reply and wrong(seat.reply) and not seat.reply.rated:
                events += self._replace(seat, replace(seat.reply, rated=True))
        self.result = Result(
            self.id,
            self.plan,
            self.started,
            self.records.clock.now().at,
            self._active_ms,
            self.out_of_time,
            tuple(scored(seat) for seat in self._seats),
        )
        return [*events, self.records.event("session", body=self.result.as_json())]

    def _replace(self, seat: Seat, reply: Reply) -> list[Event]:
        """Put an answer in force in place of the one before, if any; return the events that say so."""
        card, before = seat.shown.card.id, seat.reply
        mark = reply.mark.value if reply.mark else 0.0
        body = answer_body(self.id, "exam", seat.shown, reply.given, mark, reply.ms, reply.certainty)
        body["exam"] = self.id
        retention = self.records.settings.retention
        if (left := might_wait(seat.shown, self.records.today(), retention, self.records.params)) is not None:
            body["waits"] = left
        if reply.wrote:
            body["wrote"] = reply.wrote
        events = []
        if before:
            body["instead_of"] = before.event
            events.append(self.records.event("undo", card=card, target=before.event))
        rating = int(Rating.AGAIN) if reply.rated else None
        event = self.records.event("answer", card=card, rating=rating, retention=retention, body=body)
        seat.reply = replace(reply, event=event.id)
        return [*events, event]

    def _running(self) -> int:
        """Return the milliseconds since the clock was last read: in an exam with a limit every one counts.

        Without a limit a question that nobody touched for long is one that the learner went away from.
        """
        if self.stage is not Stage.OPEN or self.paused:
            return 0
        now = self.records.clock.ticks()
        if self.plan.minutes:
            return max(0, min(self.plan.minutes * 60_000 - self._active_ms, now - self._since))
        return max(0, min(now, self._touched + AWAY_AFTER) - self._since)

    def _spend(self) -> None:
        """Count the time since the clock was last read, for the exam and for the question that was on the screen."""
        ms = self._running()
        self._active_ms += ms
        if not self.locked():
            self._seats[self._at].ms += ms
        self._since = self.records.clock.ticks()

    def _touch(self) -> None:
        """Count the time: the learner is there, and a clock that stood runs again."""
        if self.paused:
            self.go_on()
        self._spend()
        self._touched = self._since

    def _save(self) -> None:
        self.records.record((), self._saved())

    def _saved(self) -> SavedSession:
        """Return where the exam stands."""
        self._kept_ms = self._active_ms
        body: dict[str, Any] = {
            "format": FORMAT,
            "plan": self.plan.as_json(),
            "paper": [*map(saved_seat, self._seats), *self._absent],  # those absent may come back with their deck
            "at": self._at,
            "active_ms": self._active_ms,
            "marking": self.stage is Stage.MARKING,
            "out_of_time": self.out_of_time,
        }
        return SavedSession(self.id, StudyDay(self.day), self.started, self.stage is not Stage.DONE, body)


def begin(records: Records, plan: ExamPlan, paper: Paper) -> Exam:
    """Start an exam: its clock runs from now."""
    exam = Exam(records, plan, [Seat(_with_change(records, shown)) for shown in paper.items])
    exam._save()
    return exam


def _with_change(records: Records, shown: Shown) -> Shown:
    """Return a question with what the feedback tells of a card whose answer the learner knows otherwise."""
    return replace(shown, change=told_with(shown.question, records.changes(shown.card, shown.state)))


def unfinished(records: Records) -> SavedSession | None:
    """Return the latest exam that was begun and not handed in, of whatever day; `plan_of` says what it is."""
    return records.open_session(FORMAT)


def held(cards: Cards, saved: SavedSession) -> bool:
    """Whether the decks in use have any card of a saved exam."""
    return any(cards.card(row["card"]) for row in saved.body["paper"])


def plan_of(saved: SavedSession) -> ExamPlan:
    """Return the set-up of a saved exam."""
    return ExamPlan.from_json(saved.body["plan"])


def left_off(records: Records, cards: Cards, plan: ExamPlan | None = None) -> Exam | None:
    """Go on with the exam that was left, if there is one and it is of this set-up (None: of any)."""
    saved = unfinished(records)
    if saved is None or not (plan is None or plan_of(saved).same_as(plan)):
        return None
    return take_up(records, cards, saved)


def take_up(records: Records, cards: Cards, saved: SavedSession) -> Exam | None:
    """Go on with an exam where it stood; the clock runs again from now.

    Questions that the decks in use do not hold as they were drawn are left out (`withdrawn`). None when nothing is left
    of it (it waits for its decks), or when its result is known already (it is then closed).
    """
    body = saved.body
    if _handed_in(records, saved.id):
        records.record((), saved._replace(open=False))
        return None
    paper = [(row, _drawn(cards, records, row)) for row in body["paper"]]
    seats = [Seat(shown, None, row["flagged"], row["ms"]) for row, shown in paper if shown]
    if not seats:
        return None
    exam = Exam(records, plan_of(saved), seats, saved, [row for row, shown in paper if shown is None])
    exam.stage = Stage.MARKING if body["marking"] else Stage.OPEN
    exam.out_of_time = body["out_of_time"]
    exam._active_ms = exam._kept_ms = body["active_ms"]
    before = sum(shown is not None for _, shown in paper[: body["at"]])
    exam._at = min(before, len(seats) - 1)
    by_card = {seat.shown.card.id: seat for seat in seats}
    # The study day of somebody who travels may step back.
    for event in records.answers_of(saved.id, StudyDay(saved.day - 2)):
        seat = by_card.get(event.card or "")
        if seat and event.body.get("question") == seat.shown.name:
            seat.reply = replied(event, seat.shown.question)
    if exam._over() and exam.stage is Stage.MARKING and not exam.to_mark():
        exam._close()  # the last verdict that was waited for went with its question
    return exam


def _handed_in(records: Records, exam: str) -> Result | None:
    """Return the result of an exam, if it was handed in."""
    for event in records.of_kind("session"):
        if event.body.get("exam") == exam:
            with suppress(KeyError, TypeError, ValueError):  # it may have come from elsewhere
                return Result.from_json(event.body)
    return None


def _drawn(cards: Cards, records: Records, row: dict[str, Any]) -> Shown | None:
    """Return a question of a saved paper; None when its deck has gone or it reads differently now."""
    card = cards.card(row["card"])
    named = (q for q in card.questions if question_id(q) == row["question"]) if card else iter(())
    question = next(named, None)
    if card is None or question is None or stamp(question) != row["stamp"]:
        return None
    change = Change(question, *row["change"]) if "change" in row else None
    return Shown(card, question, row["question"], records.state(card.id), tuple(row["order"]), False, change)
