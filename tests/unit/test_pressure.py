"""More due than the minutes allow: today's part, the days to catch up, and what each retention costs."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from quiz.deck.scope import Scope
from quiz.errors import UsageError
from quiz.memory import Rating, date_of
from quiz.memory.outlook import Level
from quiz.report import told
from quiz.report.forecast import forecast
from quiz.report.overview import Overview, overview
from quiz.report.pressure import Prices, catching_up, caught_up_in, price_curve
from quiz.settings import WEEKDAYS, setting, weekdays
from tests.support.clocks import FixedClock
from tests.support.commands import Run, runner
from tests.support.desks import Place, flip, learned, on_screen, study

CARDS = 150


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return a learner who met many cards and then stayed away for a month; every tenth card must be known."""
    place = Place(tmp_path)
    place.write(*(flip(f"c{n:03d}", safety=n % 10 == 9, why="So.", sources=[]) for n in range(CARDS)))
    with place.open() as desk:
        desk.history.change_settings({"new": 0})
        for n in range(CARDS):
            learned(desk.history, f"c{n:03d}", 4 if n % 10 == 9 else 3)
    place.clock.forward(days=30)
    return place


@pytest.fixture
def run(place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("QUIZ_HOME", str(place.decks.parent / "home"))
    monkeypatch.setattr("quiz.cli.main.SystemClock", lambda: place.clock)
    return runner(monkeypatch, capsys, ["--decks", str(place.decks)])


def seen(place: Place, **settings: float) -> Overview:
    with place.open() as desk:
        desk.history.change_settings(settings)
        with closing(desk.history.reader()) as db:
            return overview(db, Scope(), desk.history.today(), desk.history.settings.new)


@pytest.mark.parametrize(("minutes", "least", "most"), [(15, 35, 60), (30, 75, 120), (5, 8, 20)])
def test_the_number_of_the_day_is_what_its_minutes_have_room_for(
    place: Place, minutes: int, least: int, most: int
) -> None:
    found = seen(place, minutes=minutes)
    assert found.due == CARDS
    assert least <= found.today <= most
    assert len(found.behind) == CARDS


@pytest.mark.parametrize("minutes", [0, 120])
def test_without_a_limit_or_with_ample_minutes_there_is_no_backlog(place: Place, minutes: int) -> None:
    found = seen(place, minutes=minutes)
    assert (found.today, found.behind) == (CARDS, ())


def test_what_was_spent_today_leaves_less_of_the_day(place: Place) -> None:
    before = seen(place, minutes=15).today
    with place.open() as desk:
        learned(desk.history, "c000", 3, ms=420_000)
    after = seen(place).today
    assert 0 < after < before - 10


def test_when_the_minutes_of_the_day_are_spent_its_part_is_done(run: Run, place: Place) -> None:
    with place.open() as desk:
        learned(desk.history, "c000", 3, ms=900_000)
    assert run("due").startswith(f"Today's part is done: {CARDS - 1} cards wait for another day.\nIt takes about ")
    said = run("study", "--plain", "--limit", "1", lines="3\n")
    assert "cards wait for another day." in said


def test_a_session_and_its_end_say_of_a_backlog_what_home_says(run: Run, place: Place) -> None:
    said = run("study", "--plain", lines="3\n:quit\n")
    assert "Question 1, about 15 minutes left." in said
    assert "Stopped with about 15 minutes left: the same command goes on here." in said
    now = seen(place)
    assert f"{now.today} cards left of today's part; {now.due - now.today} cards wait for another day." in said
    assert "Next due" not in said, "there is enough due now"


def test_a_session_without_a_limit_counts_its_questions(run: Run) -> None:
    run("config", "minutes", "0")
    said = run("study", "--plain", lines="3\n:quit\n")
    assert f"Question 1, {CARDS - 1} left." in said
    assert f"Stopped with {CARDS - 1} questions to come" in said


def test_the_session_takes_what_must_be_known_first(place: Place) -> None:
    with place.open() as desk:
        session = study(desk, minutes=15)
        first = []
        for _ in range(CARDS // 10):
            first.append(on_screen(session))
            session.reveal()
            session.rate(Rating.GOOD)
            session.next()
    assert all(card.endswith("9") for card in first)


def test_the_days_to_catch_up_grow_with_fewer_minutes(place: Place) -> None:
    days = []
    for minutes in (60, 20, 8):
        found = seen(place, minutes=minutes)
        with place.open() as desk, closing(desk.history.reader()) as db:
            days.append(catching_up(db, Scope(), found.day, desk.history.settings, found.behind or ()).days or 99)
    assert days[0] == 1
    assert 1 < days[1] < days[2]


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "about 1 day to catch up"), (5, "about 5 days to catch up"), (None, "more than 60 days to catch up")],
)
def test_the_days_are_told_in_words(days: int | None, words: str) -> None:
    assert caught_up_in(days).startswith(words)


def test_due_says_the_part_of_today_in_words_and_in_json(run: Run) -> None:
    found = json.loads(run("due", "--json"))
    assert found["today"] + found["waiting"] == found["due"] == CARDS
    assert found["days_to_catch_up"] > 1
    assert (found["minutes_a_day"], found["leeches"]) == (15, 0)
    said = run("due")
    assert said.startswith(f"{found['today']} of {CARDS} cards due today, in 15 minutes.\n")
    assert f"about {found['days_to_catch_up']} days to catch up. Cards that must be known come first." in said


# -- the price of each level ------------------------------------------------------------------------------------------


def test_the_prices_fall_with_the_level_and_one_within_the_minutes_is_proposed(place: Place) -> None:
    with place.open() as desk, closing(desk.history.reader()) as db:
        history = desk.history
        generous = price_curve(db, Scope(), history.today(), history.settings)
        history.change_settings({"minutes": 1})
        tight = price_curve(db, Scope(), history.today(), history.settings)
        history.change_settings({"minutes": 0})
        free = price_curve(db, Scope(), history.today(), history.settings)
    minutes = [level.minutes for level in generous.levels]
    assert minutes[0] > minutes[-1]
    assert generous.advice is not None
    assert generous.advice.retention == 0.9
    assert "suffices" in generous.why()
    assert tight.advice is not None
    assert 0.8 <= tight.advice.retention < 0.9
    assert tight.too_dear
    assert free.advice is None
    assert "no limit of time" in free.why()


def test_retention_without_a_value_shows_the_curve(run: Run) -> None:
    said = run("config", "retention").splitlines()
    assert said[0] == "retention = 0.9"
    rows = [line for line in said if line.startswith("  ")]
    assert [row.split()[0] for row in rows] == ["95", "90", "85", "80", "75", "70"]
    assert "set, proposed" in rows[1]
    found = json.loads(run("config", "retention", "--json"))
    assert found["proposed_retention"] == 0.9
    assert [level["retention"] for level in found["levels"]] == [0.95, 0.9, 0.85, 0.8, 0.75, 0.7]


def test_with_an_exam_its_own_prices_are_named(run: Run) -> None:
    named = "What each costs until your exam stands with its date."
    assert named not in run("config", "retention")
    run("config", "exam", "2027-01-15")
    assert named in run("config", "retention")


def test_a_level_between_the_usual_ones_is_shown_among_them(run: Run) -> None:
    assert run("config", "retention", "0.87") == "retention = 0.87\n"
    assert "87 %" in run("config", "retention")


def test_prices_of_an_empty_history_are_those_of_what_is_to_be_met(run: Run, place: Place) -> None:
    (place.decks.parent / "home").rename(place.decks.parent / "away")
    assert "retention = 0.9" in run("config", "retention")


@pytest.mark.parametrize(
    ("needed", "advised", "minutes", "said"),
    [
        (19.6, 0.85, 20, "90 % takes about 20 minutes a day, and you have 20: that suffices, with little to spare."),
        (15.4, 0.85, 15, "90 % takes about 15 minutes a day, and you have 15: that suffices, with little to spare."),
        (25.0, 0.85, 20, "90 % takes about 25 minutes a day, and you have 20. 85 % takes about 12 minutes: "),
        (12.5, 0.9, 11, "90 % takes about 12 minutes a day, and you have 11: fewer new cards or more minutes"),
        (12.5, 0.9, 11, "A lower aim would hardly cost less, for what is forgotten is asked again."),
    ],
)
def test_a_tie_suffices_and_a_flat_price_is_said(needed: float, advised: float, minutes: int, said: str) -> None:
    levels = (Level(0.9, needed, 0.94), Level(0.85, 12.0, 0.91))
    advice = next(level for level in levels if level.retention == advised)
    assert said in Prices(levels, 0.9, minutes, advice).why()


def test_one_set_of_days_makes_the_prices_and_the_forecast(place: Place) -> None:
    with place.open() as desk, closing(desk.history.reader()) as db:
        history = desk.history
        for minutes in (0, 120):
            history.change_settings({"minutes": minutes})
            found = forecast(db, history.today(), history.settings)
            assert found.minutes_a_day == price_curve(db, Scope(), history.today(), history.settings).needed
            assert found.days[0].minutes == pytest.approx(seen(place).minutes, rel=0.1), "today, as home has it"
        history.change_settings({"minutes": 2})
        tight = forecast(db, history.today(), history.settings)
    assert tight.needed == found.needed
    assert max(day.minutes_with_new for day in tight.days) < 3
    assert any("within the 2 minutes a day that you have" in line for line in told.ahead(tight))
    assert not any("within the" in line for line in told.ahead(found))


def test_an_easy_day_has_half_the_minutes_and_half_of_a_backlog(place: Place) -> None:
    whole = seen(place, minutes=20)
    name = f"{date_of(whole.day):%a}".casefold()
    with place.open() as desk:
        desk.history.change_settings({"easy_days": name})
        assert desk.plan(Scope()).minutes == 10
    half = seen(place)
    assert (whole.given, half.given) == (20, 10)
    assert half.today <= whole.today / 2 + 1


# -- easy days --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("sat,sun", "sat,sun"),
        ("Sunday Saturday", "sat,sun"),
        ("weekend", "sat,sun"),
        ("mo; wednesdays", "mon,wed"),
        ("off", ""),
        ("", ""),
    ],
)
def test_weekdays_are_read_kindly(text: str, kept: str) -> None:
    assert setting("easy-days").parse(text) == kept
    assert weekdays(kept) == {WEEKDAYS.index(day) for day in kept.split(",") if day}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("sunn", "easy-days cannot be 'sunn' - did you mean 'sun'?"),
        ("tomorrow", "easy-days cannot be 'tomorrow' - "),
        ("mon tue wed thu fri sat sun", "easy-days cannot be all seven days - leave one out"),
    ],
)
def test_what_is_no_weekday_is_refused_with_the_mend(text: str, error: str) -> None:
    with pytest.raises(UsageError) as refused:
        setting("easy-days").parse(text)
    assert str(refused.value).startswith(error)


def test_easy_days_are_set_told_and_taken_away(run: Run) -> None:
    assert run("config", "easy-days", "sat,", "sun") == "easy-days = sat,sun\n"
    assert run("config", "easy_days") == "easy-days = sat,sun\n"
    assert json.loads(run("config", "--json"))["easy_days"] == "sat,sun"
    assert run("config", "easy-days", "off") == "easy-days = \n"


@pytest.mark.parametrize(("easy", "new"), [("", 10), ("sun", 5), ("mon", 10)])
def test_an_easy_day_meets_half_of_the_new_cards(tmp_path: Path, easy: str, new: int) -> None:
    place = Place(tmp_path, FixedClock())
    place.write(*(flip(f"n{n:02d}") for n in range(30)))
    with place.open() as desk, closing(desk.history.reader()) as db:
        desk.history.change_settings({"easy_days": easy})
        assert overview(db, Scope(), desk.history.today(), 10).new == new
        assert study(desk).left + 1 == new
