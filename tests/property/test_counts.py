"""One number everywhere: home, `quiz due`, the rows of decks and topics, `is:due` in Browse, the first day of the
forecast, and the session itself.
"""

from __future__ import annotations

import json
import random
from contextlib import closing
from pathlib import Path

import pytest

from quiz.deck.filter import Fault, parse
from quiz.deck.scope import Scope
from quiz.desk import Desk
from quiz.memory import StudyDay, date_of
from quiz.report.forecast import forecast
from quiz.report.overview import overview
from quiz.report.search import askable, cards_of, rows
from quiz.report.today import due_today
from quiz.study.session import Phase
from tests.support.commands import runner
from tests.support.desks import Entry, Place, flip, learned, on_screen, step, study

EXAMS = ["", "{}", "{} topic:risks", "{} deck:other", "{} deck:gone", "{} is:safety", "{} topic:risks deck:other"]
SCOPES = [Scope(), Scope(topics=("risks",)), Scope(topics=("history",)), Scope(safety=True)]


def entry(n: int, rng: random.Random) -> Entry:
    """Return a card of some topic, with a sibling or without."""
    sort = {"both_ways": True} if rng.random() < 0.3 else {}
    safety = {"safety": True, "why": "So.", "sources": []} if rng.random() < 0.2 else {}
    return flip(f"c{n:02d}", topic=rng.choice(["risks", "history"]), **sort, **safety)


def lived(place: Place, rng: random.Random) -> None:
    """Write two decks, and learn most of their cards, good and bad, over some weeks; decide about a few."""
    place.write(*(entry(n, rng) for n in range(40)))
    place.write(*(entry(n, rng) for n in range(40, 60)), name="other")
    with place.open() as desk:
        history = desk.history
        history.change_settings({"new": 4, "minutes": 0})
        ids = [card.id for card in desk.library.cards()]
        met = rng.sample(ids, 45)
        for days in (0, 3, 9, 20, 1):
            place.clock.forward(days=days)
            for card in met:
                if rng.random() < 0.7:
                    learned(history, card, rng.choice([1, 3, 3, 3, 4]))
        place.clock.forward(days=rng.randint(1, 25))
        for card in rng.sample(ids, 4):
            history.record([history.event("suspend", card=card, body={"on": True})])
        for card in rng.sample(met, 3):
            learned(history, card, 3)


def check(desk: Desk, scope: Scope) -> None:
    """Compare what is counted with what a session holds."""
    day, history = desk.history.today(), desk.history
    session = desk.session(desk.plan(scope, minutes=0, seed=1), resume=False)
    to_come = session.left + (session.phase is not Phase.DONE)
    with closing(history.reader()) as db:
        found = overview(db, scope, day, history.settings.new)
        assert found.due + found.new == to_come
        assert found.due == sum(deck.due for deck in found.decks) == sum(topic.due for topic in found.topics)
        due = due_today(db, day)
        assert len(due_today(db, day, scope)) == found.due
        if scope == Scope():
            ahead = forecast(db, day, history.settings)
            assert (ahead.days[0].due, ahead.days[0].reviews, ahead.days[0].new) == (found.due, found.due, found.new)
            if not found.exam:
                assert sum(each.due for each in ahead.days) + ahead.later == ahead.met
            tree = parse("is:due")
            assert not isinstance(tree, Fault)
            assert set(cards_of(db, tree, day)) == set(askable(db, tree, day, 1000)) == due
            assert len(due) == found.due
            every = [card.id for card in desk.library.cards()]
            assert {row.card for row in rows(db.execute, every, day, due) if row.state == "due"} == due


@pytest.mark.parametrize("exam", EXAMS)
@pytest.mark.parametrize("seed", range(3))
def test_what_is_counted_is_what_a_session_asks(tmp_path: Path, exam: str, seed: int) -> None:
    rng, place = random.Random(seed), Place(tmp_path)
    lived(place, rng)
    with place.open() as desk:
        today = desk.history.today()
        until = f"{date_of(StudyDay(today - 20))}..{date_of(StudyDay(today + 3))}"
        desk.history.change_settings({"exam": exam.format(until)})
        for scope in SCOPES:
            check(desk, scope)
        with closing(desk.history.reader()) as db:
            due = due_today(db, today)
        session = study(desk)
        new = {card.id for card in desk.library.cards() if desk.history.state(card.id).new}
        asked = set[str]()
        for number in range(200):
            if session.phase is Phase.DONE:
                break
            if session.shown is not None and not session.shown.retry:
                asked.add(on_screen(session))
            step(session, right=rng.random() < 0.8)
            if number == 5:
                check(desk, Scope())
        assert asked - new == due
        check(desk, Scope())


def test_the_cards_that_browse_calls_due_can_be_studied_from_there(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(*(flip(f"c{n:03d}") for n in range(120)))
    early = False
    with place.open() as desk:
        for days in (0, 2, 8):
            place.clock.forward(days=days)
            for n in range(120):
                learned(desk.history, f"c{n:03d}", 3)
        tree = parse("is:due")
        assert not isinstance(tree, Fault)
        for _ in range(40):
            day = desk.history.today()
            with closing(desk.history.reader()) as db:
                due = askable(db, tree, day, 200)
                first = forecast(db, day, desk.history.settings).days[0]
            assert first.due == len(due)
            session = desk.session(desk.plan(Scope(cards=tuple(due) or ("none",)), minutes=0), resume=False)
            assert session.left + (session.phase is not Phase.DONE) == len(due)
            early = early or any(desk.history.state(card).shown_from > day for card in due)
            for card in due:
                learned(desk.history, card, 3)
            place.clock.forward(days=1)
    assert early, "none came early"


@pytest.mark.parametrize("minutes", [0, 3])
def test_quiz_due_says_what_the_days_before_an_exam_ask(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    place = Place(tmp_path)
    place.write(*(flip(f"c{n:02d}") for n in range(30)))
    with place.open() as desk:
        for n in range(20):
            learned(desk.history, f"c{n:02d}", 4)
        place.clock.forward(days=1)
        today = desk.history.today()
        desk.history.change_settings({"exam": f"{date_of(today)}..{date_of(StudyDay(today + 3))}", "minutes": minutes})
    monkeypatch.setattr("quiz.cli.main.SystemClock", lambda: place.clock)
    run = runner(monkeypatch, capsys, ["--home", str(place.paths.home), "--decks", str(place.decks)])
    said, found = run("due"), json.loads(run("due", "--json"))
    assert (found["due"], found["new"], found["waiting"]) == (20, 10, 0), "before an exam nothing is behind"
    assert found["today"] + found["new_today"] > 0
    assert found["next_due"] == date_of(StudyDay(today + 1)).isoformat(), "what gains by the exam is asked again"
    if minutes:
        # 3 minutes: 17.4 seconds for a new card, which gains more by then than one that was easy yesterday.
        assert said.startswith("0 of 20 cards due and 10 of 10 new today, in 3 minutes.\n")
        assert "All that gains by the exam is due until then. What gains most comes first.\n" in said
    else:
        assert said.startswith(
            "20 cards due and 10 new: about 7 minutes.\nAll that gains by the exam is due until then.\n"
        )
    assert run("decks").count("20 due") == 1
