"""A session: ask, mark, explain, schedule, go on. The one object behind the TUI and the line mode.

It knows no screen and no file. Each answer is recorded before `feedback` can be read, and where the session stands goes
into the same transaction: whatever happens to the program, the next start goes on at the same question.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Any, NamedTuple

from quiz.deck.model import Card, question_id
from quiz.memory import Outcome, Params, Rating, StudyDay, preview
from quiz.questions import Choice, Flip, Mark
from quiz.questions.base import RIGHT_FROM, indexes
from quiz.store.derive import danger_after, due_in_danger
from quiz.store.events import Event
from quiz.store.history import family_of
from quiz.store.rows import SavedSession
from quiz.study import modes
from quiz.study.kept import answer_body, heard, might_wait
from quiz.study.plan import Plan
from quiz.study.ports import Cards, Records
from quiz.study.rating import MOST_MARKS, Certainty, Verdict, of_case, verdict
from quiz.study.shown import Shown, shown_order, told_with
from quiz.text import clean

AWAY_AFTER = 120_000  # milliseconds: a question, or its feedback, that stood longer than this counts as this long


FORMAT = 2  # of a saved session: raise it when its JSON changes; one of another format is not taken up


class Phase(Enum):
    """What the session waits for."""

    ASK = "an answer"
    REVEALED = "the learner's own verdict on a flip card"
    FEEDBACK = "the learner to go on"
    DONE = "nothing"


class Feedback(NamedTuple):
    """What came of an answer. `reason` says why the option taken is wrong; `preview` works out what ratings lead to.

    `counts` is False where the memory is told nothing, and ratings mean nothing: within a case, or while cramming.
    `danger` tells that the learner was sure and wrong. `passed` is None where no proof was asked for (see `Session`).
    """

    event: str
    given: str
    mark: Mark
    rating: Rating
    certainty: Certainty | None
    reason: str
    preview: Callable[[], dict[Rating, Outcome]]
    counts: bool = True
    danger: bool = False
    passed: bool | None = None

    @property
    def outcomes(self) -> dict[Rating, Outcome]:
        """What each rating leads to. Worked out when it is drawn: the answer need not wait for it."""
        return self.preview()


class Answered(NamedTuple):
    """One answer of this session, for undo and for the summary.

    `open_danger` tells that it was surely wrong on a must-pass card; `passed` is that of `Feedback`.
    """

    event: str
    card: str
    question: str
    topic: str
    mark: float
    rating: Rating
    retry: bool
    new: bool
    ms: int
    open_danger: bool = False
    passed: bool | None = None


class Session:
    """A study session over a history and some decks.

    A card is *passed* in a refresher when the first try at a question that was not seen in practice is right: one held
    back as proof or, where a card has none, one never asked before.
    """

    def __init__(self, records: Records, cards: Cards, plan: Plan, resume: SavedSession | None = None) -> None:
        """Start a session, or take up a saved one (whose plan then counts). The first question is ready at once."""
        self.records = records
        self.cards = cards
        self.plan = Plan.from_json(resume.body["plan"]) if resume else plan
        self._plan = self.plan.as_json()
        self.day = records.today()
        self.id = resume.id if resume else os.urandom(8).hex()
        self._started = resume.started if resume else records.clock.now().at
        self.active_ms = int(resume.body["active_ms"]) if resume else 0
        self.answered: list[Answered] = []
        self.phase = Phase.ASK
        self.shown: Shown | None = None
        self.feedback: Feedback | None = None
        self.out_of_time = False
        self._upcoming: Shown | None = None
        self._removed: dict[str, str] = {}  # card -> the event that suspended or buried it in this session
        self._since = records.clock.ticks()
        self._queue = modes.gather(records, cards, self.plan, self.day)
        if resume:
            self._take_up(resume)
        else:
            self._upcoming = self._pick()
        self._show_next()
        if not resume and self.phase is not Phase.DONE:
            records.hold((), self._saved())  # a front flushes as soon as the question stands there

    # -- what the fronts show -----------------------------------------------------------------------------------------

    @property
    def number(self) -> int:
        """The number of the question on the screen, from 1."""
        return len(self.answered) + (self.phase is not Phase.FEEDBACK)

    @property
    def left(self) -> int:
        """How many questions are left after this one, as far as known: a failure adds one, time may end it before."""
        if self.phase is Phase.DONE:
            return 0
        current = self._upcoming if self.phase is Phase.FEEDBACK else self.shown
        steps = current.steps_left if current else 0
        if self.phase is Phase.FEEDBACK and self._time_is_up():
            if current is not None and current.step:
                return steps + 1
            return len(self._still_open())
        firsts = self._queue.firsts_left
        if self.plan.limit and self.plan.mode != "contrast":
            firsts = max(0, min(firsts, self.plan.limit - self._queue.firsts))
        return firsts + self._queue.retries_left + (self._upcoming is not None) + steps

    @property
    def minutes_left(self) -> int | None:
        """The minutes until the time is up, one that has begun being counted; None where there is no limit."""
        if not self.plan.minutes:
            return None
        return -(min(0, self.elapsed_ms - self.plan.minutes * 60_000) // 60_000)

    @property
    def ends_by_time(self) -> bool:
        """Whether there is more to ask than the minutes have room for: then they tell what is left, and no number."""
        if self._time_is_up():
            return self.phase is not Phase.FEEDBACK or not self.left  # else what is open is brought to its end
        return self.number + self.left > self.plan.fits and not self.plan.limit

    @property
    def can_undo(self) -> bool:
        """Whether there is an answer to take back."""
        return bool(self.answered)

    @property
    def unsettled(self) -> tuple[str, ...]:
        """The must-pass cards that the learner was sure of and wrong, and has not answered right since."""
        found: dict[str, None] = {}
        for answer in self.answered:
            if answer.open_danger:
                found[answer.card] = None
            elif answer.rating > Rating.AGAIN:
                found.pop(answer.card, None)
        return tuple(found)

    def look_alikes(self) -> list[Card]:
        """Return the cards that the one on the screen is easily taken for: only a drill tells them apart."""
        assert self.shown is not None
        if self.plan.mode != "contrast":
            return []
        return [card for name in self.shown.card.contrast_with if (card := self.cards.card(name)) is not None]

    @property
    def stuck(self) -> int:
        """How often the card on the screen was forgotten, where this failure makes it a leech or says so again, else 0.

        See `quiz.memory.leech`.
        """
        if self.phase is not Phase.FEEDBACK or self.shown is None or self.feedback is None or not self.feedback.counts:
            return 0
        state = self.shown.state
        forgotten = self.feedback.rating is Rating.AGAIN and state.memory is not None and state.memory.day < self.day
        if not forgotten or self._told(Rating.AGAIN) is None:
            return 0
        from quiz.memory.leech import is_told_at

        return state.lapses + 1 if is_told_at(state.lapses + 1) else 0

    @property
    def elapsed_ms(self) -> int:
        """Time spent in this session, in milliseconds, without the time away from the keyboard."""
        return self.active_ms + (self._on_question() if self.phase is not Phase.DONE else 0)

    def outcomes(self, chance: float = 0.0) -> dict[Rating, Outcome]:
        """Return what each rating of the question on the screen leads to; `chance` are the odds that it was luck."""
        assert self.shown is not None
        return _outcomes(self.shown, self.records.today(), self._retention(), self.records.params, chance)

    # -- what the learner does ----------------------------------------------------------------------------------------

    def answer(self, given: str, certainty: Certainty | None = None) -> Feedback:
        """Mark and record an answer: the text typed, or the option's index in the deck's own order ("" for none)."""
        assert self.phase is Phase.ASK
        assert self.shown is not None
        given = heard(given)
        mark = self.shown.question.mark(given)
        return self._give(given, mark, verdict(self.shown.question, mark, certainty, self._marks()), certainty)

    def reveal(self) -> None:
        """Show the answer of a flip card; the learner's verdict comes next."""
        assert self.phase is Phase.ASK
        assert self.shown is not None
        assert isinstance(self.shown.question, Flip)
        self.phase = Phase.REVEALED

    def rate(self, rating: Rating, certainty: Certainty | None = None) -> Feedback:
        """Give the verdict on a flip card, or change the rating of the answer on the screen."""
        assert self.shown is not None
        if self.phase is Phase.REVEALED:
            given = "0" if rating is Rating.AGAIN else "1"
            return self._give(given, self.shown.question.mark(given), Verdict(rating, 0.0), certainty)
        assert self.phase is Phase.FEEDBACK
        assert self.feedback is not None
        if rating is not self.feedback.rating:
            self._change_rating(rating)
        return self.feedback

    def next(self) -> None:
        """Go on to the next question; the session is done when there is none, or when its time is up."""
        assert self.phase is Phase.FEEDBACK
        self._mind_the_time()
        self._show_next()

    def undo(self) -> bool:
        """Take the last answer back and ask its question again; return whether there was one.

        If its card was suspended or buried since, that is taken back too.
        """
        if not self.answered:
            return False
        last = self.answered.pop()
        self._back(self._upcoming if self.phase is Phase.FEEDBACK else self.shown)
        if last.rating is Rating.AGAIN:
            self._queue.passed(last.card)
        targets = [t for t in (last.event, self._removed.pop(last.card, "")) if t]
        self.records.hold([self.records.event("undo", card=last.card, target=target) for target in targets])
        self._upcoming = self._present(last.card, retry=last.retry, question=last.question)
        if self._upcoming is None:  # its deck has gone
            self._queue.uncount(retry=last.retry)
            self._upcoming = self._pick()
        self.out_of_time = False
        self._show_next()
        self.records.record((), self._saved())
        return True

    def suspend(self) -> None:
        """Take the card out of study until it is asked for again, and go on."""
        self._remove("suspend", {"on": True})

    def bury(self) -> None:
        """Put the card off until tomorrow, and go on."""
        self._remove("bury", {"until": self.records.today() + 1})

    def flag(self, note: str) -> None:
        """Note that something is wrong with the card on the screen (an empty note takes the flag off)."""
        assert self.shown is not None
        note = clean(note)
        body = {"on": bool(note), "note": note, "question": self.shown.name}
        self.records.record([self.records.event("flag", card=self.shown.card.id, body=body)])
        self.shown = replace(self.shown, state=replace(self.shown.state, flagged=bool(note)))

    def stop(self) -> None:
        """Leave the session; it can be taken up again on the same study day unless it is done."""
        self._spend()
        self.records.record((), self._saved())

    # -- inside -------------------------------------------------------------------------------------------------------

    def _take_up(self, saved: SavedSession) -> None:
        """Go on where a saved session stood."""
        for event in self.records.answers_of(self.id, saved.day):
            self.answered.append(_answered(event, self.cards))
            self._queue.take(family_of(event.card or ""))
        current = saved.body["current"]
        if current is not None:
            self._queue.take(family_of(current["card"]))
        self._queue.restore(saved.body["queue"], lambda card: self.cards.card(card) is not None)
        if current is not None:
            self._upcoming = self._present(current["card"], retry=current["retry"], question=current["question"])
            if self._upcoming is None and not current["step"]:  # its deck has gone
                self._queue.uncount(retry=current["retry"])
        if self._upcoming is None and saved.open:
            self._upcoming = self._pick()

    def _pick(self) -> Shown | None:
        """Take the next card whose deck still has it."""
        while (found := self._queue.next(self.plan.limit)) is not None:
            shown = self._present(found[0], retry=found[1])
            if shown is not None:
                return shown
            self._queue.uncount(retry=found[1])
        return None

    def _present(self, card_id: str, *, retry: bool, question: str = "") -> Shown | None:
        """Return a card ready to be shown, with the question named (if the card still has it) or the next in turn."""
        card = self.cards.card(card_id)
        if card is None:
            return None
        state = self.records.state(card_id)
        changes = self.records.changes(card, state)
        same = (q for q in card.questions if question_id(q) == question)
        asked = (question and next(same, None)) or modes.question(self.plan, card, state, retry=retry, changes=changes)
        name = question_id(asked)
        order = shown_order(asked, f"{self.plan.seed}:{card_id}:{name}:{state.answers}")
        return Shown(card, asked, name, state, order, retry, told_with(asked, changes))

    def _show_next(self) -> None:
        """Put the upcoming question on the screen, or end the session."""
        self.feedback = None
        self._spend()
        if self._upcoming is None or self.out_of_time:
            if self._upcoming is not None:
                self._back(self._upcoming)
            self.shown, self._upcoming, self.phase = None, None, Phase.DONE
            self.records.record((), self._saved())
            return
        self.shown, self._upcoming, self.phase = self._upcoming, None, Phase.ASK

    def _give(self, given: str, mark: Mark, said: Verdict, certainty: Certainty | None) -> Feedback:
        """Record one answer and make its feedback."""
        assert self.shown is not None
        shown, ms = self.shown, self._spend()
        if shown.step and not shown.steps_left:  # the last question of a case speaks for all of them
            said = of_case(self._marks_of_case(mark))
        rating = None if shown.steps_left else self._told(said.rating)
        event = self.records.event(
            "answer",
            card=shown.card.id,
            rating=rating and int(rating),
            chance=said.chance if rating else 0.0,
            retention=self._retention(),
            body=self._body(given, mark, certainty, ms, said.rating),
        )
        danger = certainty == "high" and said.rating is Rating.AGAIN
        passed = proven(event.body, shown.card, mark.value)
        # Held before the next card is picked: it may be the same one, and then has to be shown as it stands now.
        self.records.hold([event])
        head = (event.id, shown.card.id, shown.name, shown.card.topic, mark.value, said.rating)
        new, open_danger = shown.state.new, danger and shown.card.safety
        self.answered.append(Answered(*head, shown.retry, new, ms, open_danger, passed))
        self.phase = Phase.FEEDBACK
        self._upcoming = self._after(said.rating)
        self.records.keep((), self._saved())
        reason, retention, params = self._reason(given, mark), self._retention(), self.records.params

        def leads_to() -> dict[Rating, Outcome]:
            outcomes = _outcomes(shown, event.day, retention, params, sure=certainty == "high")
            if said.chance:  # a rating that the learner sets by hand leaves no room for luck
                lucky = _outcomes(shown, event.day, retention, params, said.chance, sure=certainty == "high")
                outcomes[said.rating] = lucky[said.rating]
            return outcomes

        counts = not shown.steps_left and self.plan.mode in ("study", "refresher", "contrast")
        self.feedback = Feedback(
            event.id, given, mark, said.rating, certainty, reason, leads_to, counts, danger, passed
        )
        return self.feedback

    def _marks(self) -> int:
        """Return how many marks the figure has of which the question asks for one."""
        assert self.shown is not None
        if self.shown.question.kind != "figure":
            return MOST_MARKS
        figure = self.cards.figure(self.shown.card.figure_at(self.shown.question))
        return len(figure.marks) if figure is not None else MOST_MARKS

    def _marks_of_case(self, last: Mark) -> list[float]:
        """Return the marks of all questions of the case that ends on the screen."""
        assert self.shown is not None
        return [*(a.mark for a in self.answered[-self.shown.step :]), last.value]

    def _told(self, rating: Rating) -> Rating | None:
        """Return what the memory is told of an answer to the question on the screen."""
        assert self.shown is not None
        again = self.plan.mode == "contrast" and any(a.card == self.shown.card.id for a in self.answered)
        return modes.told(self.plan, rating, again=again)

    def _body(self, given: str, mark: Mark, certainty: Certainty | None, ms: int, rating: Rating) -> dict[str, Any]:
        """Return what is kept of an answer beyond what moves the schedule."""
        assert self.shown is not None
        shown = self.shown
        body = answer_body(self.id, self.plan.mode, shown, given, mark.value, ms, certainty)
        if (left := might_wait(shown, self.day, self._retention(), self.records.params)) is not None:
            body["waits"] = left
        if shown.retry:
            body["retry"] = True
        if shown.state.new:
            body["new"] = True
        if shown.question.proof:
            body["proof"] = True
        if shown.name not in shown.state.asked:
            body["unseen"] = True
        if shown.step and not shown.steps_left:
            body["lowest"] = min(self._marks_of_case(mark))
        if self._told(rating) is None or shown.steps_left:
            body["rated"] = int(rating)  # what it would have been rated
        return body

    def _after(self, rating: Rating) -> Shown | None:
        """Return the question that follows: the next of a case, or that of the next card. A failed card comes back."""
        assert self.shown is not None
        shown = self.shown
        if shown.steps_left:
            following = question_id(shown.card.questions[shown.step + 1])
            return self._present(shown.card.id, retry=shown.retry, question=following) or self._pick()
        if self.plan.mode == "pretest":
            return self._pick()
        if rating is Rating.AGAIN:
            self._queue.fail(shown.card.id)
        else:
            self._queue.passed(shown.card.id)
        return self._pick()

    def _change_rating(self, rating: Rating) -> None:
        """Replace the answer on the screen by the same answer with another rating: an undo and a new event."""
        assert self.shown is not None
        assert self.feedback is not None
        if not self.feedback.counts:
            return
        old, last = self.feedback, self.answered.pop()
        told, retention = self._told(rating), self._retention()
        body = self._body(old.given, old.mark, old.certainty, last.ms, rating) | {"instead_of": old.event}
        undo = self.records.event("undo", card=last.card, target=old.event)
        event = self.records.event("answer", card=last.card, rating=told and int(told), retention=retention, body=body)
        self.records.hold([undo, event])
        self._back(self._upcoming)
        danger = old.certainty == "high" and rating is Rating.AGAIN
        open_danger = danger and self.shown.card.safety
        self.answered.append(last._replace(event=event.id, rating=rating, open_danger=open_danger))
        self._upcoming = self._after(rating)
        self.records.record((), self._saved())
        self.feedback = old._replace(event=event.id, rating=rating, danger=danger)

    def _remove(self, kind: Any, body: dict[str, Any]) -> None:
        """Write that the card is suspended or buried and go on without it (and, for today, without its siblings)."""
        assert self.shown is not None
        card = self.shown.card
        event = self.records.event(kind, card=card.id, body=body)
        self.records.hold([event])
        self._removed[card.id] = event.id
        self._spend()
        # Neither a question that was not answered nor a next try that now falls away counts as asked.
        gone = self._upcoming if self.phase is Phase.FEEDBACK else self.shown
        if gone is not None and gone.card.family == card.family:
            if not gone.step:
                self._queue.uncount(retry=gone.retry)
            self._upcoming = None
        self._queue.drop(card.family)
        self._upcoming = self._upcoming or self._pick()
        self._mind_the_time()
        self._show_next()
        if self.phase is not Phase.DONE:
            self.records.record((), self._saved())

    def _back(self, shown: Shown | None) -> None:
        """Put a question that was picked but not answered back into the queue. The steps of a case were not in it."""
        if shown is not None and not shown.step:
            self._queue.put_back(shown.card.id, shown.card.family, retry=shown.retry, new=shown.state.new)

    def _mind_the_time(self) -> None:
        """See whether the time is up. A case is brought to its end, and so is a must-pass card that is in danger."""
        self.out_of_time = False
        if not self._time_is_up() or (self._upcoming is not None and self._upcoming.step):
            return
        waiting = self._still_open()
        if not waiting:
            self.out_of_time = True
        elif self._upcoming is None or self._upcoming.card.id not in waiting:
            self._back(self._upcoming)
            card = next(card for card in waiting if self._queue.again(card))
            self._upcoming = self._present(card, retry=True)

    def _still_open(self) -> list[str]:
        """Return the must-pass cards in danger that can be asked again in this session."""
        upcoming = self._upcoming.card.id if self._upcoming is not None else ""
        return [card for card in self.unsettled if card == upcoming or self._queue.waits(card)]

    def _reason(self, given: str, mark: Mark) -> str:
        """Return why the option taken is wrong, where the deck says so."""
        assert self.shown is not None
        question = self.shown.question
        if not given or mark.right:
            return ""
        if isinstance(question, Choice):
            taken = indexes(given, len(question.options)) or ()
            return question.options[taken[0]].why if taken else ""
        from quiz.questions import Select  # the rarer kinds are loaded when one is asked

        if not isinstance(question, Select):
            return ""
        taken = indexes(given, len(question.options)) or ()
        wrong = [question.options[i] for i in taken if i not in question.rights]
        return "\n".join(f"{option.text}: {option.why}" for option in wrong if option.why)

    def _on_question(self) -> int:
        return max(0, min(AWAY_AFTER, self.records.clock.ticks() - self._since))

    def _spend(self) -> int:
        """Count the time since the screen last changed, and return it in milliseconds."""
        ms = self._on_question()
        self.active_ms += ms
        self._since = self.records.clock.ticks()
        return ms

    def _time_is_up(self) -> bool:
        return bool(self.plan.minutes) and self.elapsed_ms >= self.plan.minutes * 60_000

    def _retention(self) -> float:
        return self.records.settings.retention

    def _saved(self) -> SavedSession:
        """Return where the session stands: during feedback, at the question after it."""
        shown = self._upcoming if self.phase is Phase.FEEDBACK else self.shown
        current = None
        if shown is not None:
            current = {"card": shown.card.id, "question": shown.name, "retry": shown.retry, "step": shown.step}
        body = {
            "format": FORMAT,
            "plan": self._plan,
            "queue": self._queue.as_json(),
            "current": current,
            "active_ms": self.active_ms,
        }
        return SavedSession(self.id, StudyDay(self.day), self._started, current is not None, body)


def _outcomes(
    shown: Shown, day: StudyDay, retention: float, params: Params, chance: float = 0.0, *, sure: bool = False
) -> dict[Rating, Outcome]:
    """Return what each rating of a question leads to, given on `day`."""
    state = shown.state
    found = preview(state.memory, day, retention, params, shown.card.id, state.answers, chance=chance)
    if not state.danger and not sure:
        return found
    for rating, outcome in found.items():
        due = StudyDay(due_in_danger(outcome.due, day, danger_after(state, rating, day, sure=sure)))
        found[rating] = outcome._replace(due=due, interval=due - day)
    return found


def proven(body: dict[str, Any], card: Card, mark: float) -> bool | None:
    """Return whether the answer of a refresher, with this body and mark, passes its card; None for one that cannot."""
    if body["mode"] != "refresher" or "retry" in body or "rated" in body:
        return None
    proves = "proof" in body or ("unseen" in body and not any(q.proof for q in card.questions))
    return body.get("lowest", mark) >= RIGHT_FROM if proves else None


def _answered(event: Event, cards: Cards) -> Answered:
    """Return an answer of an earlier run of this session as it was noted then."""
    card = cards.card(event.card or "")
    body = event.body
    rating = Rating(event.rating or body.get("rated") or 1)
    sure, mark = body.get("certainty") == "high", float(body.get("mark", 0.0))
    return Answered(
        event.id,
        event.card or "",
        str(body.get("question", "")),
        card.topic if card else "",
        mark,
        rating,
        bool(body.get("retry")),
        bool(body.get("new")),
        int(body.get("ms", 0)),
        bool(sure and rating is Rating.AGAIN and card and card.safety),
        proven(body, card, mark) if card else None,
    )
