"""The exam date: set and refused on the command line, and what the last sixth of the time asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from quiz.deck.scope import Scope
from quiz.desk import Desk
from quiz.memory import Rating, StudyDay, date_of
from quiz.memory.exam import Expected
from quiz.report.towards import Standing, slow
from quiz.study.session import Phase
from tests.bench.trainer import Trainer
from tests.support.clocks import FixedClock
from tests.support.commands import Run, runner
from tests.support.desks import Place, flip, study

CARDS = 60
DAYS = 25
A_DAY = 30  # answers, retries included


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def set_exam(desk: Desk, days: int, about: str = "") -> StudyDay:
    """Set an exam as many days ahead; return today."""
    today = desk.history.today()
    exam = f"{date_of(today)}..{date_of(StudyDay(today + days))} {about}"
    desk.history.change_settings({"exam": exam.strip()})
    return today


def answer(desk: Desk, number: int, rate: Callable[[str], Rating]) -> list[str]:
    """Answer as many questions of a session of 20 minutes; return the cards in the order in which they were asked."""
    session = desk.session(desk.plan(Scope(), minutes=20, seed=1), resume=False)
    asked: list[str] = []
    while session.phase is not Phase.DONE and len(asked) < number:
        assert session.shown is not None
        card = session.shown.card.id
        asked.append(card)
        session.reveal()
        session.rate(rate(card))
        session.next()
    return asked


# -- the simulation measures what ships -------------------------------------------------------------------------------


@pytest.mark.parametrize("exam", [True, False])
def test_the_benchmark_asks_the_cards_that_a_real_session_on_a_real_history_asks(place: Place, exam: bool) -> None:
    place.write(*(flip(f"card-{n:05d}") for n in range(CARDS)))
    simulated = Trainer(CARDS, 5, DAYS, 20 * 60, exam=exam, retention=0.9)
    with place.open() as desk:
        desk.history.change_settings({"new": 5})
        if exam:
            set_exam(desk, DAYS)
        for day in range(DAYS):

            def rate(card: str, day: int = day) -> Rating:
                return Rating.AGAIN if (int(card[5:]) * 7 + day * 3) % 5 == 0 else Rating.GOOD

            simulated.begin(StudyDay(day))
            expected: list[str] = []
            while len(expected) < A_DAY and (found := simulated.next()) is not None:
                card = simulated.records.names[found[0]]
                expected.append(card)
                simulated.answered(found[0], rate(card), retry=found[1])
            assert answer(desk, A_DAY, rate) == expected, f"day {day}"
            place.clock.forward(days=1)
        for card, state in simulated.records.states.items():
            memory = desk.history.state(card).memory
            assert memory is not None
            assert state.memory is not None
            assert memory[:2] == state.memory[:2]


# -- what a session asks ----------------------------------------------------------------------------------------------


def test_in_the_last_days_cards_that_are_not_due_and_new_ones_beyond_the_day_are_asked(place: Place) -> None:
    place.write(*(flip(f"c{n:02d}") for n in range(20)))
    with place.open() as desk:
        desk.history.change_settings({"new": 2})
        set_exam(desk, 12)
        assert len(answer(desk, 50, lambda _: Rating.EASY)) == 2
        place.clock.forward(days=5)
        assert len(answer(desk, 50, lambda _: Rating.GOOD)) == 20


def test_an_exam_about_one_topic_leaves_the_rest_to_its_schedule(place: Place) -> None:
    risks = [flip(f"r{n}", topic="risks") for n in range(4)]
    place.write(*(flip(f"h{n}", topic="history") for n in range(4)), *risks)
    with place.open() as desk:
        desk.history.change_settings({"new": 4})
        assert sorted(answer(desk, 50, lambda _: Rating.EASY)) == ["h0", "h1", "h2", "h3"]
        set_exam(desk, 5, "topic:risks")
        place.clock.forward(days=1)
        assert sorted(answer(desk, 50, lambda _: Rating.GOOD)) == ["r0", "r1", "r2", "r3"]


def test_after_the_exam_the_schedule_goes_on(place: Place) -> None:
    place.write(*(flip(f"c{n:02d}") for n in range(20)))
    with place.open() as desk:
        desk.history.change_settings({"new": 3})
        set_exam(desk, 2)
        place.clock.forward(days=2)
        assert len(answer(desk, 50, lambda _: Rating.GOOD)) == 3


@pytest.mark.parametrize("kept", ["soon", "2026-11-22..2026-13-40", "2026-11-22..2026-11-25 mood:good"])
def test_an_exam_that_cannot_be_read_is_as_none(place: Place, kept: str) -> None:
    place.write(*(flip(f"c{n:02d}") for n in range(20)))
    with place.open() as desk:
        desk.history.change_settings({"new": 3, "exam": kept})
        assert len(answer(desk, 50, lambda _: Rating.GOOD)) == 3


def test_when_more_is_due_than_there_is_time_for_every_must_pass_card_comes_first(place: Place) -> None:
    place.write(*(flip(f"c{n:03d}", safety=n % 10 == 9, why="It is so.", sources=[]) for n in range(100)))
    with place.open() as desk:
        desk.history.change_settings({"new": 100})
        answer(desk, 100, lambda card: Rating.EASY if card.endswith("9") else Rating.GOOD)
        desk.history.change_settings({"new": 0})
        place.clock.forward(days=40)
        session = study(desk, minutes=5)
        asked = []
        for _ in range(10):
            assert session.shown is not None
            asked.append(session.shown.card.safety)
            session.reveal()
            session.rate(Rating.GOOD)
            session.next()
        assert all(asked)


# -- the command ------------------------------------------------------------------------------------------------------

DECK = """\
title: Small deck
procedure: sdr
cards:
  - {id: one, ask: What?, answer: That}
  - {id: two, ask: Who?, answer: He}
"""


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run a command that returns `code`: it gives what was said (errors last)."""
    monkeypatch.setenv("QUIZ_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(DECK, "utf-8")
    monkeypatch.setattr("quiz.cli.main.SystemClock", FixedClock)

    return runner(monkeypatch, capsys, ["--decks", "small.yaml"])


def test_an_exam_is_set_told_and_taken_away(run: Run) -> None:
    said = run("config", "exam", "2027-01-15", "procedure:sdr")
    assert said.startswith("exam = 2026-11-22..2027-01-15 procedure:sdr\nSet on Sun 22 Nov 2026. 54 days left; ")
    assert " 54 days left; 0 cards met, 2 new." in said
    assert "From Wed 06 Jan 2027 on" in said
    assert "your setting" not in said, "the setting suffices"
    run("config", "new", "0")
    assert "To meet all in time takes 1 new card a day; your setting is 0." in run("config", "exam")
    assert "  90 %: " in said
    assert "% on the day, set, proposed" in said
    found = json.loads(run("config", "exam", "--json"))["standing"]
    assert (found["sprint_from"], found["days"], found["new"]) == ("2027-01-06", 54, 2)
    assert 0.9 < found["expected"]["low"] <= found["expected"]["share"] <= found["expected"]["high"] <= 1.0
    assert run("config", "exam", "off") == "exam = \n"
    assert json.loads(run("config", "exam", "--json")) == {"exam": "", "standing": None}


def test_on_the_day_it_is_today_and_then_it_is_over(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("config", "exam", "2026-11-23")
    for days, says in ((1, "The exam is today, Mon 23 Nov 2026."), (2, "The exam of Mon 23 Nov 2026 is over.")):
        clock = FixedClock()
        clock.forward(days=days)
        monkeypatch.setattr("quiz.cli.main.SystemClock", lambda clock=clock: clock)
        assert f"{says} 'quiz config exam off' takes it away." in run("config", "exam")
        assert says in run("stats")


def test_in_the_last_days_of_an_exam_no_aim_is_proposed(run: Run) -> None:
    said = run("config", "exam", "2026-11-25")
    assert "In these last days no aim counts" in said
    assert "proposed" not in said
    found = json.loads(run("config", "exam", "--json"))["standing"]
    assert (found["levels"], found["proposed_retention"]) == ([], None)


def test_until_the_last_days_others_share_the_time_of_an_exam_about_some_cards(run: Run) -> None:
    shares = "Until then all else that is due shares your time."
    assert shares in run("config", "exam", "2027-01-15", "procedure:sdr")
    assert shares not in run("config", "exam", "2027-01-15")
    assert shares not in run("config", "exam", "2026-11-24", "procedure:sdr")


def test_below_three_days_it_is_said_that_this_is_too_late(run: Run) -> None:
    assert "too late for more than a first look" in run("config", "exam", "2026-11-24")
    assert "too late" not in run("config", "exam", "2026-11-25")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["2026-11-22"], "the exam on 2026-11-22 is not ahead - give a date after 2026-11-22"),
        (["soon"], "'soon' is no date - give a date and, if you like, which cards, as in: 2027-01-15 procedure:sdr"),
        (["2207-01-15"], "the exam on 2207-01-15 is more than 3 years ahead - check the year"),
        (["2026-12-01..2026-12-20"], "2026-12-01 is still to come - write the date of the exam alone"),
        (["2027-02-30"], "'2027-02-30' is no date: February 2027 has 28 days"),
        (["2027-13-01"], "'2027-13-01' is no date - give a date"),
        (["2027-01-15", "procedur:sdr"], "an exam cannot be about 'procedur:sdr' - did you mean 'procedure:sdr'?"),
        (
            ["2027-01-15", "burn"],
            "an exam cannot be about 'burn' - fields: deck, topic, procedure, audience, is:safety",
        ),
        (["2027-01-15", "deck:,"], "'deck:,' names nothing - write a name right behind 'deck:'"),
        (["2027-01-15", 'topic:""'], "names nothing"),
        (["2027-01-15", 'deck:a"b"c'], "names nothing"),
        (["2027-01-15", 'deck:"small'], "a quote is opened and not closed"),
        (["2027-01-15", "procedure:sd"], "no card has the procedure 'sd' - did you mean 'sdr'?"),
    ],
)
def test_what_is_no_exam_is_refused_and_changes_nothing(run: Run, words: list[str], error: str) -> None:
    assert error in run("config", "exam", *words, code=2)
    assert run("config", "exam") == "exam = \n"


@pytest.mark.parametrize("name", ['the "old" one', "two  spaces", "e\u0301te\u0301"])
def test_a_deck_is_found_again_whatever_its_file_is_called(run: Run, name: str) -> None:
    Path(f"{name}.yaml").write_text(DECK.replace("{id: ", "{id: x-"), "utf-8")
    said = run(
        "--decks", f"{name}.yaml", "config", "exam", "2027-01-15", f'deck:"{name.replace(chr(34), 2 * chr(34))}"'
    )
    assert "0 cards met, 2 new." in said
    assert "0 cards met, 2 new." in run("--decks", f"{name}.yaml", "config", "exam")


def test_what_has_to_hold_may_be_joined_as_in_a_filter(run: Run) -> None:
    assert "procedure:sdr deck:small" not in run("config", "exam", "2027-01-15", "deck:small", "and", "procedure:sdr")
    assert run("config", "exam").startswith("exam = 2026-11-22..2027-01-15 deck:small procedure:sdr\n")


def test_other_settings_take_one_value(run: Run) -> None:
    assert "new takes one value, not 2" in run("config", "new", "3", "4", code=2)


def test_an_answer_that_waits_for_the_disk_since_yesterday_is_not_one_of_today(place: Place) -> None:
    place.write(flip("one"))
    with place.open() as desk:
        answer(desk, 1, lambda _: Rating.AGAIN)
        desk.history.hold([desk.history.event("answer", card="one", rating=1, body={"question": "q"})])
        today = desk.history.today()
        assert desk.history.families_of(today) == {"one"}
        assert desk.history.families_of(StudyDay(today + 1)) == set()


# -- what is expected on the day --------------------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [0, 30])
def test_the_headline_is_the_row_of_the_aim_that_is_set(run: Run, minutes: int) -> None:
    run("config", "exam", "2027-01-15")
    run("config", "minutes", str(minutes))
    shares = []
    for aim in (0.95, 0.9, 0.83, 0.7):
        run("config", "retention", str(aim))
        found = json.loads(run("config", "exam", "--json"))["standing"]
        (row,) = [level for level in found["levels"] if level["retention"] == aim]
        assert row["known"] == found["expected"]["share"]
        assert row["minutes"] == pytest.approx(found["minutes_a_day"], abs=0.05)
        assert f"At {round(100 * aim)} %, with " in run("config", "exam")
        shares.append(found["expected"]["share"])
    assert len(set(shares)) > 1, "the aim makes a difference"


def test_how_it_goes_tells_the_exam_that_is_studied_for(run: Run) -> None:
    assert "The exam" not in run("stats")
    assert json.loads(run("stats", "--json"))["exam_ahead"] is None
    run("config", "exam", "2027-01-15")
    assert "The exam that you study for is on Fri 15 Jan 2027, in 54 days. At 90 %, with " in run("stats")
    ahead = json.loads(run("stats", "--json"))["exam_ahead"]
    standing = json.loads(run("config", "exam", "--json"))["standing"]
    assert {key: standing[key] for key in ahead} == ahead


@pytest.mark.parametrize(
    ("begins_in", "new", "says"),
    [
        (30, 1, "For the next 30 days no more than that are asked"),
        (1, 1, "From tomorrow on it is no limit."),
        (0, 1, ""),
        (30, 9, ""),
    ],
)
def test_a_limit_of_new_cards_is_told_as_long_as_it_holds(begins_in: int, new: int, says: str) -> None:
    none = Expected(0.0, 0.0, 0.0)
    found = Standing(40, 0, 100, 4, begins_in, none, none, 5.0, 0.9, (), None, 1.0)
    assert says in slow(found, new)
    assert bool(slow(found, new)) == bool(says)
