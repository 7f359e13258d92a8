"""The exam that is studied for: set, looked at, changed and taken away on its screen, and told on the home screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.memory import Rating
from quiz.tui.screens.exam_date import DateScreen, ExamDateScreen
from quiz.tui.screens.home import HomeScreen
from tests.support.desks import learned
from tests.support.hostile import MARKUP
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, PilotClock, Seat, Size, sit, write_decks
from tests.support.screens import check_golden

SIZES = [HOME_SIZE, SMALL, LARGE]
SET = {"exam": "2026-11-22..2027-01-15"}


async def counted(seat: Seat) -> None:
    """Wait until it is worked out."""
    await seat.app.workers.wait_for_complete()
    await seat.settle()


@pytest.mark.parametrize("size", SIZES)
async def test_it_looks_as_it_always_did(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size, settings=SET) as seat:
        learned(seat.desk.history, "heat", Rating.GOOD)
        learned(seat.desk.history, "branch", Rating.AGAIN)
        check_golden(seat.app, f"home_exam_{size[0]}x{size[1]}")
        await seat.press("d")
        await counted(seat)
        check_golden(seat.app, f"exam_date_{size[0]}x{size[1]}")
        await seat.press("enter")
        check_golden(seat.app, f"exam_date_asked_{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", SIZES)
async def test_home_tells_what_the_last_days_ask(tmp_path: Path, size: Size) -> None:
    clock = PilotClock()
    async with sit(tmp_path, size=size, settings={"exam": "2026-11-01..2026-11-25", "minutes": 1}, clock=clock) as seat:
        for card in ("heat", "branch", "pad"):
            learned(seat.desk.history, card, Rating.EASY)
        clock.forward(days=1)
        await seat.press("g", "q")
        await seat.settle()
        check_golden(seat.app, f"home_sprint_{size[0]}x{size[1]}")


async def test_a_date_is_set_for_the_marked_deck_and_stands_on_the_home_screen(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("down", "d")
        assert seat.on(DateScreen), "without a date it is asked for at once"
        await seat.write("2027-01-15", "enter")
        await counted(seat)
        assert "About: Roots and nerves" in seat.told
        assert "With study" in seat.told
        assert seat.desk.history.settings.exam == "2026-11-22..2027-01-15 deck:roots"
        await seat.press("q")
        assert seat.on(HomeScreen)
        assert "Exam in 54 days, Fri 15 Jan 2027" in seat.told


async def test_what_it_is_about_is_changed_and_the_day_it_was_set_stays(tmp_path: Path) -> None:
    async with sit(tmp_path, settings={"exam": "2026-11-01..2027-01-15 procedure:sdr"}) as seat:
        await seat.press("d", "enter", "down", "enter")
        await counted(seat)
        assert "About: Everything" in seat.told
        assert seat.desk.history.settings.exam == "2026-11-01..2027-01-15"


async def test_a_date_taken_away_is_studied_for_no_more(tmp_path: Path) -> None:
    async with sit(tmp_path, settings=SET) as seat:
        await seat.press("d", "n")
        assert "No exam is set" in seat.told
        assert seat.desk.history.settings.exam == ""
        await seat.press("q")
        assert "Exam in" not in seat.told


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "No date is given - write it as 2027-01-15"),
        ("soon", "'soon' is no date"),
        ("2026-11-22", "the exam on 2026-11-22 is not ahead"),
        (MARKUP["action"], "is no date"),
    ],
)
async def test_what_is_no_date_is_told_and_the_box_stays(tmp_path: Path, typed: str, said: str) -> None:
    async with sit(tmp_path, size=LARGE) as seat:
        await seat.press("d")
        await seat.paste(typed)
        await seat.press("enter")
        assert seat.on(DateScreen)
        assert said in seat.told
        await seat.press("escape")
        assert seat.on(ExamDateScreen)
        assert seat.desk.history.settings.exam == ""


async def test_what_is_written_behind_the_date_counts(tmp_path: Path) -> None:
    async with sit(tmp_path, size=LARGE) as seat:
        await seat.press("down", "d")
        await seat.paste("2027-01-15 procedure:sdt")
        await seat.press("enter")
        assert seat.on(DateScreen)
        assert "no card has the procedure 'sdt' - did you mean 'sdr'?" in seat.told
        await seat.press("escape", "enter")
        await seat.paste("2027-01-15 procedure:sdr")
        await seat.press("enter")
        await counted(seat)
        assert seat.desk.history.settings.exam == "2026-11-22..2027-01-15 procedure:sdr"
        assert "About: sdr" in seat.told


async def test_off_takes_the_date_away(tmp_path: Path) -> None:
    async with sit(tmp_path, settings=SET) as seat:
        await seat.press("d", "enter")
        await seat.paste("off")
        await seat.press("enter")
        assert seat.on(ExamDateScreen)
        assert "No exam is set" in seat.told
        assert seat.desk.history.settings.exam == ""


async def test_by_mouse_alone(tmp_path: Path) -> None:
    async with sit(tmp_path, settings=SET) as seat:
        await seat.click("Exam date")
        await seat.click("Change")
        await seat.paste("")
        await seat.click("set it")
        await counted(seat)
        assert seat.on(ExamDateScreen)
        await seat.click("No exam")
        assert "No exam is set" in seat.told
        await seat.click("Home")
        assert seat.on(HomeScreen)


async def test_a_day_that_is_over_and_a_deck_that_is_gone_are_told(tmp_path: Path) -> None:
    clock = PilotClock()
    async with sit(tmp_path, settings={"exam": "2026-11-01..2026-11-20"}, clock=clock) as seat:
        assert "Exam over since Fri 20 Nov 2026" in seat.told
        await seat.press("d")
        assert "The exam of Fri 20 Nov 2026 is over. Press n to take it away" in seat.told
        seat.desk.history.change_settings({"exam": "2026-11-01..2027-01-15 deck:gone"})
        await seat.press("q", "d")
        assert "there is no deck 'gone'" in seat.told


async def test_too_few_days_are_said(tmp_path: Path) -> None:
    async with sit(tmp_path, size=LARGE, settings={"exam": "2026-11-01..2026-11-24", "new": 1}) as seat:
        await seat.press("d")
        await counted(seat)
        assert "too late for more than a first look" in seat.told
        assert "From now on, what gains most by the exam comes first." in seat.told
        assert "your setting is" not in seat.told, "in the last days it is no limit"


async def test_a_deck_whose_file_has_spaces_is_kept_and_found_again(tmp_path: Path) -> None:
    text = f'title: "Mine {MARKUP["closing tag"]}"\ncards:\n  - {{ask: What?, answer: That}}\n'
    decks = write_decks(tmp_path / "decks", **{"my own, deck": text})
    async with sit(tmp_path, decks=decks, size=LARGE) as seat:
        await seat.press("down", "d")
        await seat.write("2027-01-15", "enter")
        await counted(seat)
        assert seat.desk.history.settings.exam == '2026-11-22..2027-01-15 deck:"my own, deck"'
        assert "About: Mine [/b]" in seat.told
        assert "1 new" in seat.told
