"""Laws of a session, whatever the learner does: it never fails, never asks a card twice for the first time, ends."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.deck.scope import Scope
from quiz.desk import Desk
from quiz.memory import Rating
from quiz.questions import Flip
from quiz.report.overview import overview
from quiz.store.derive import undone
from quiz.store.history import family_of
from quiz.study.session import Phase, Session
from quiz.study.summary import summary
from tests.support.clocks import DAY, HOUR
from tests.support.desks import Entry, Place, choice, flip, give, learned, mixed, sound, typed

CARDS: list[Entry] = [
    choice("c0", topic="x"),
    choice("c1", topic="y", safety=True),
    *(mixed(f"m{n}", topic="xyz"[n % 3]) for n in range(5)),
    *(flip(f"f{n}", both_ways=True, topic="x") for n in range(3)),
    typed("t0", topic="z"),
    {"id": "h", "cloze": "{{a: one}} and {{b: two}} and {{c: three}}", "topic": "y"},
]
PAST = ("c0", "m0", "m1", "f0", "f0/back", "f1/back", "h/b", "t0")

moves = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.booleans(), st.sampled_from([None, "low", "mid", "high"])),
        st.tuples(st.just("answer"), st.just(True), st.just(None)),
        st.tuples(st.just("next")),
        st.tuples(st.just("next")),
        st.tuples(st.just("rate"), st.sampled_from(list(Rating))),
        st.tuples(st.just("undo")),
        st.tuples(st.sampled_from(["suspend", "bury", "flag", "stop", "restart", "reveal", "vanish"])),
        st.tuples(st.just("time"), st.sampled_from([1000, 50_000, HOUR])),
    ),
    max_size=60,
)


class Study:
    """Does the moves that are possible at the moment, and checks what must hold after each."""

    def __init__(self, place: Place, desk: Desk, limit: int, minutes: int) -> None:
        self.place, self.desk, self.limit, self.minutes = place, desk, limit, minutes
        self.session = self._start()
        self.vanished: set[str] = set()

    def _start(self) -> Session:
        return self.desk.session(self.desk.plan(Scope(), self.limit or None, self.minutes, 5))

    def do(self, what: str, *how: Any) -> None:
        """Do one move, if it is possible in this phase."""
        session = self.session
        phase = session.phase
        is_flip = session.shown is not None and isinstance(session.shown.question, Flip)
        match what:
            case "answer" if phase in (Phase.ASK, Phase.REVEALED):
                give(session, *how)
                self._just_kept()
            case "reveal" if phase is Phase.ASK and is_flip:
                session.reveal()
            case "next" if phase is Phase.FEEDBACK:
                left = session.left
                session.next()
                assert (session.phase is Phase.DONE) == (left == 0), "0 left, and only then, is the end"
                if session.phase is not Phase.DONE and not self.minutes:
                    assert session.left == left - 1
            case "rate" if phase in (Phase.FEEDBACK, Phase.REVEALED):
                session.rate(*how)
                self._just_kept()
            case "undo":
                before = len(session.answered)
                assert session.undo() == (before > 0)
                assert len(session.answered) == max(0, before - 1)
            case "suspend" | "bury" if phase is not Phase.DONE:
                getattr(session, what)()
            case "flag" if phase is not Phase.DONE:
                session.flag("note")
            case "stop":
                session.stop()
            case "restart":
                self._restart()
            case "vanish" if phase is not Phase.DONE and session.shown is not None:
                self._vanish(session.shown.card.family)
            case "time":
                self.place.clock.forward(ms=how[0])

    def _just_kept(self) -> None:
        feedback, shown = self.session.feedback, self.session.shown
        assert feedback is not None
        assert shown is not None
        state = self.desk.history.state(shown.card.id)
        assert state.due == feedback.outcomes[feedback.rating].due or feedback.rating is Rating.GOOD
        assert self.session.answered[-1].event == feedback.event

    def _restart(self) -> None:
        """Start again as after kill -9: nothing is said to the session."""
        before, same_day = self.session, self.desk.history.today() == self.session.day
        self.session = self._start()
        if same_day and before.phase is Phase.ASK:
            assert self.session.id == before.id
            assert self.session.shown == before.shown
            assert self.session.left == before.left
            assert [a.event for a in self.session.answered] == [a.event for a in before.answered]

    def _vanish(self, family: str) -> None:
        """Somebody takes the card on the screen out of the deck while the program is not running."""
        self.vanished.add(family)
        self.place.write(*(card for card in CARDS if card["id"] not in self.vanished), choice("stays"))
        self.desk.library.refresh()
        self.session = self._start()
        assert self.session.shown is None or self.session.shown.card.family not in self.vanished

    def check(self) -> None:
        """Check what holds at every moment."""
        session = self.session
        assert session.left >= 0
        assert (session.shown is None) == (session.phase is Phase.DONE)
        assert (session.feedback is None) == (session.phase is not Phase.FEEDBACK)
        assert session.elapsed_ms >= 0
        firsts = [a.card for a in session.answered if not a.retry]
        assert len({family_of(card) for card in firsts}) == len(firsts), "a card, and its siblings, are new only once"
        assert {a.card for a in session.answered if a.retry} <= set(firsts)
        if self.limit:
            assert len(firsts) + (session.left if session.phase is not Phase.DONE else 0) >= 0
            assert len(firsts) <= self.limit
        counted = self.desk.history.answers_of(session.id, session.day)
        assert [e.id for e in counted] == [a.event for a in session.answered]
        whole = summary(session)
        assert whole.asked == len(firsts)
        assert whole.retries == len(counted) - len(firsts)
        right = [e for e in counted if not e.body.get("retry") and (e.rating or 0) > Rating.AGAIN]
        assert whole.right == len(right) == sum(topic.right for topic in whole.topics)
        assert sum(topic.asked for topic in whole.topics) == whole.asked
        assert set(whole.missed) == {e.card for e in counted if e.rating == Rating.AGAIN}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(moves, st.sampled_from([0, 0, 1, 3, 6]), st.sampled_from([0, 0, 2]), st.sampled_from([0, 1, 30]))
def test_whatever_the_learner_does(taken: list[tuple[Any, ...]], limit: int, minutes: int, later: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        place.write(*CARDS, choice("stays"))
        with place.open() as desk:
            for number, card in enumerate(PAST):
                learned(desk.history, card, 1 + number % 4)
            place.clock.forward(days=later)
            run = Study(place, desk, limit, minutes)
            run.check()
            for move in taken:
                run.do(*move)
                run.check()
            for _ in range(200):  # whatever has happened, answering right brings the session to its end
                if run.session.phase is Phase.DONE:
                    break
                run.do("next" if run.session.phase is Phase.FEEDBACK else "answer", True)
                run.check()
            assert run.session.phase is Phase.DONE
            assert sound(desk.history)
            check_overview(desk)


def check_overview(desk: Desk) -> None:
    """Compare the numbers of the home screen with those counted card by card, the slow way."""
    history, day = desk.history, desk.history.today()
    with_state = {card.id: history.state(card.id) for card in desk.library.cards()}
    events = list(history.events())
    gone = undone(events)
    asked_today = {
        family_of(e.card)
        for e in events
        if e.kind == "answer" and e.day == day and e.id not in gone and e.card and not history.state(e.card).new
    }
    due = {
        card.family
        for card in desk.library.cards()
        if not with_state[card.id].new and with_state[card.id].shown_from <= day and card.family not in asked_today
    }
    fresh = {
        card.family
        for card in desk.library.cards()
        if with_state[card.id].new and with_state[card.id].shown_from <= day and card.family not in asked_today | due
    }
    met_today = sum(state.first_day == day for state in map(history.state, {e.card for e in events if e.card}))
    reader = history.reader()
    found = overview(reader, Scope(), day, history.settings.new)
    reader.close()
    assert found.cards == len(with_state)
    assert found.seen == sum(not state.new for state in with_state.values())
    assert found.due == len(due) == sum(deck.due for deck in found.decks) == sum(topic.due for topic in found.topics)
    assert found.new == min(len(fresh), max(0, history.settings.new - met_today))
    assert found.answered_today == sum(e.kind == "answer" and e.day == day and e.id not in gone for e in events)
    for topic in found.topics:
        mine = [with_state[card.id] for card in desk.library.cards() if (card.topic or "") == topic.name]
        assert topic.cards == len(mine)
        assert topic.seen == sum(not state.new for state in mine)
        assert 0 <= topic.recalled <= topic.seen + 1e-9
        assert 0 <= topic.mastery <= 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from([1, 2, 9, 40])), min_size=1, max_size=12))
def test_day_after_day_of_study(days: list[tuple[bool, int]]) -> None:
    """Sessions over weeks: the home screen's numbers are what is asked, and never more new cards than set."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        place.write(*CARDS)
        with place.open() as desk:
            desk.history.change_settings({"new": 2})
            for right, later in days:
                reader = desk.history.reader()
                expected = overview(reader, Scope(), desk.history.today(), 2)
                reader.close()
                session = desk.session(desk.plan(Scope(), minutes=0, seed=3))
                met = 0
                while session.phase is not Phase.DONE:
                    give(session, right or (session.shown is not None and session.shown.retry))
                    session.next()
                whole = summary(session)
                met = whole.new
                assert met <= 2
                assert whole.asked == expected.due + expected.new
                assert met == expected.new
                assert desk.history.introduced(desk.history.today()) == met
                assert sound(desk.history)
                place.clock.at += later * DAY
