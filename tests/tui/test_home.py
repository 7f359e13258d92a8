"""The home screen and what opens from it: filter, settings, problems, the session that was left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.widgets import Static

from quiz.tui.screens.home import HomeScreen
from tests.support.desks import Place, flip, learned
from tests.support.hostile import broken_files
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, PilotClock, Size, asking, sit, write_decks


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL, LARGE])
async def test_home_shows_what_is_due_and_new_and_each_deck_with_its_bar(tmp_path: Path, size: Size) -> None:
    clock = PilotClock()
    async with sit(tmp_path, plan=asking("heat", "pad"), clock=clock) as seat:
        for _ in range(2):
            await seat.press(seat.option(), "enter")
    clock.forward(days=30)
    async with sit(tmp_path, size=size, clock=clock) as seat:
        assert "2 due · 4 new · about" in seat.told
        bars = {line.strip(" ▸").split("  ")[0]: line for line in seat.picture.splitlines() if "░" in line}
        assert list(bars) == ["Everything", "Roots and nerves", "On the ward"]
        assert "2 due" in bars["Everything"]
        assert "1 due" in bars["On the ward"]
        assert "█" in bars["Everything"]


async def test_nothing_due_says_so_and_when_there_is_something_again(tmp_path: Path) -> None:
    async with sit(tmp_path, settings={"new": 0}) as seat:
        assert "Nothing is due." in seat.told
        await seat.press("enter")
        assert seat.on(HomeScreen)
        assert "Nothing is due here, and nothing new is left for today." in seat.told


async def test_one_escape_too_many_does_not_leave_the_program(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("s", "escape", "escape", "escape")
        assert seat.on(HomeScreen)
        await seat.press("q")
        assert seat.app.return_code == 0


async def test_without_decks_it_says_where_to_put_one(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    async with sit(tmp_path, decks=empty) as seat:
        assert "There are no cards. Put a deck into the folder that 'quiz paths' names, or see 'quiz new'." in seat.told
        assert "Everything" not in seat.told
        await seat.press("enter", "o", "f", "escape", "p", "x", "c", "question_mark", "escape", "s", "escape")
        assert seat.on(HomeScreen)


async def test_a_session_over_no_decks_begins_at_its_summary(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    async with sit(tmp_path, decks=empty, plan=asking()) as seat:
        assert "Nothing was answered." in seat.told
        await seat.press("enter")
        assert seat.on(HomeScreen)


async def test_bad_deck_files_are_named_beside_the_good_ones(tmp_path: Path) -> None:
    decks = write_decks(tmp_path / "decks")
    signs = broken_files(decks)
    async with sit(tmp_path, decks=decks) as seat:
        assert "0 due · 6 new" in seat.told
        assert "! binary.yaml: is UTF-16, not UTF-8" in seat.told
        assert f"and {len(seat.desk.library.problems()) - 1} more: p" in seat.told
        await seat.press("p")
        read = ""
        for _ in range(12):
            read += seat.told.replace(" ", "")  # a long path is broken anywhere
            await seat.press("pagedown")
        for name, sign in signs.items():
            assert name in read
            assert sign.replace(" ", "") in read
        await seat.press("escape", "enter")
        assert seat.session.shown is not None


async def test_one_problem_is_told_with_its_place_and_mend(tmp_path: Path) -> None:
    decks = write_decks(tmp_path / "decks")
    (decks / "bad.yaml").write_text("title: Bad\ncards:\n  - ask: What?\n    anwser: That\n", "utf-8")
    async with sit(tmp_path, decks=decks) as seat:
        assert "! bad.yaml:" in seat.told
        await seat.click("p Problems")
        assert "bad.yaml" in seat.told
        assert "answer" in seat.told
        await seat.click("Esc close")
        assert seat.on(HomeScreen)


# -- filter -----------------------------------------------------------------------------------------------------------


async def test_the_filter_by_keys(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("f")
        assert "[ ] safety must-pass cards" in seat.told
        await seat.press("down")
        assert "▸ [ ] audience nurse" in seat.told
        await seat.press("space")
        assert "▸ [x] audience nurse" in seat.told
        await seat.press("f")
        assert "Filter: nurse" in seat.told
        assert "0 due · 2 new" in seat.told
        assert "Roots and nerves" not in seat.told
        await seat.press("enter")
        assert seat.session.plan.scope.audiences == ("nurse",)


async def test_the_filter_by_mouse(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await seat.click("f Filter")
        await seat.click("technique")
        assert "[x] topic technique" in seat.told
        await seat.click("f apply")
        assert "Filter: technique" in seat.told
        assert "0 due · 1 new" in seat.told


async def test_a_filter_that_lets_nothing_through_says_how_to_change_it(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("f", "space")
        await seat.click("definition")
        await seat.press("f")
        assert "No card fits this filter. Press f to change it." in seat.told
        assert "Filter: definition · must-pass cards" in seat.told
        await seat.press("enter")
        assert seat.on(HomeScreen)
        await seat.press("f", "n")
        assert "[x]" not in seat.told
        await seat.press("f")
        assert "Filter:" not in seat.told
        assert "0 due · 6 new" in seat.told


async def test_the_filter_left_with_esc_stays_as_it_was(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("f", "space", "escape")
        assert "Filter:" not in seat.told
        await seat.press("f")
        assert "[x]" not in seat.told


async def test_the_filter_outlives_a_session(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("f", "space", "f", "enter")
        assert seat.card == "pad"
        await seat.press("q", "enter")
        assert "Filter: must-pass cards" in seat.told


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_a_long_list_follows_the_mark_and_the_keys_stay_in_sight(tmp_path: Path, size: Size) -> None:
    cards = "\n".join(f"  - {{ask: a{n}, answer: b, topic: topic{n:02}}}" for n in range(40))
    decks = write_decks(tmp_path / "decks", many=f"title: Many\ncards:\n{cards}\n")
    async with sit(tmp_path, decks=decks, size=size) as seat:
        await seat.press("f", *["down"] * 25)
        assert "▸ [ ] topic topic24" in seat.told
        assert "f apply" in seat.told
        await seat.press("up", *["up"] * 24, "up")
        assert "▸ [ ] topic topic39" in seat.told, "the list goes round its ends"
        await seat.press("escape", "o", *["down"] * 25)
        assert "▸ topic24" in seat.told
        await seat.press(*["down"] * 15)
        assert "For learning, not for deciding treatment." in seat.told, (
            "the last row brings what is below it into sight"
        )
        await seat.press("down")
        assert "0 due · 10 new" in seat.told, "the first row brings what is above it into sight"


# -- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_settings_by_keys_are_kept_after_a_restart(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size) as seat:
        await seat.press("s")
        assert "How many cards you meet for the first time on one day." in seat.told
        await seat.press("left", "left", "left")
        await seat.press("down", "right", "down", "minus", "down", "right", "down", "plus", "down", "right")
        assert "▸ Ask how sure you are ◂ on ▸" in seat.told
        await seat.press("down", "right")
        theme = seat.app.theme
        assert theme != "calm-dark"
        assert f"◂ {theme} ▸" in seat.told
        await seat.press("escape")
        assert "Nothing is due." in seat.told, "no new cards a day: the numbers follow at once"
    async with sit(tmp_path) as seat:
        kept = seat.desk.history.settings
        assert (kept.new, kept.minutes, kept.rollover, kept.certainty) == (0, 20, 5, "on")
        assert kept.retention == pytest.approx(0.89)
        assert kept.easy_days == "sun"
        assert seat.app.theme == theme


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_the_settings_say_what_an_easy_day_has(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size) as seat:
        await seat.press("s", "down", "down", "down", *["pagedown"] * (size == SMALL))
        assert "Weekdays with half the minutes and half the cards or fewer, as in: sat,sun (off: none)." in seat.told


async def test_settings_by_mouse(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await seat.click("s Settings")
        await seat.click("▸", nth=2)  # two stand before the marked rows of home and dialog
        assert "New cards a day ◂ 15 ▸" in seat.told
        await seat.click("Recall aimed at")
        assert "The share you want to recall" in seat.told
        await seat.app.workers.wait_for_complete()  # the box grows when the prices come, and its keys move
        await seat.settle()
        await seat.click("← → change")
        assert "Recall aimed at ◂ 91 % ▸" in seat.told
        await seat.click("Esc close")
        assert seat.desk.history.settings.new == 15


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_the_row_of_the_recall_aimed_at_shows_what_each_level_costs(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size) as seat:
        await seat.press("s", "down")
        prices = seat.app.screen.query_one("#prices", Static)
        assert prices.styles.display == "none"
        await seat.press("down")
        await seat.app.workers.wait_for_complete()
        await seat.settle()
        assert prices.styles.display == "block"
        told = " ".join(str(prices.content).split())
        assert all(f"{level} %" in told for level in (95, 90, 85, 80, 75, 70))
        assert "90 % takes about" in told
        assert "you have 15: that suffices." in told
        await seat.press("right")
        await seat.app.workers.wait_for_complete()
        await seat.settle()
        assert "91 % takes about" in str(prices.content), "it follows the level that is set"
        await seat.press("up")
        assert prices.styles.display == "none"


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_a_backlog_is_told_as_the_part_of_today_and_the_days_to_catch_up(tmp_path: Path, size: Size) -> None:
    place, clock = Place(tmp_path), PilotClock()
    place.clock = clock
    place.write(*(flip(f"c{n:03d}") for n in range(120)))
    with place.open() as desk:
        for n in range(120):
            learned(desk.history, f"c{n:03d}", 3)
    clock.forward(days=30)
    async with sit(tmp_path / "home", decks=place.decks, clock=clock, settings={"new": 5}, size=size) as seat:
        await seat.app.workers.wait_for_complete()
        await seat.settle()
        if size == SMALL:
            assert re.search(r"\d+ of 120 due · 0 new · 15 minutes", seat.told), seat.picture
            assert re.search(r"About \d+ days to catch up\.", seat.told), seat.picture
            assert "▸ Everything" in seat.told, "what Enter begins is in sight"
            return
        assert re.search(r"Today \d+ of 120 due · 0 new · about 15 minutes", seat.told), seat.picture
        assert re.search(r"about \d+ days to catch up\. Cards that must be known come first\.", seat.told), seat.picture


async def test_settings_stay_within_their_bounds(tmp_path: Path) -> None:
    async with sit(tmp_path, settings={"retention": 0.97, "minutes": 0}) as seat:
        await seat.press("s", "down", "left")
        assert "Minutes a session ◂ no limit ▸" in seat.told
        await seat.press("down", "right")
        assert "Recall aimed at ◂ 97 % ▸" in seat.told


async def test_a_theme_chosen_in_the_palette_is_kept_too(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        seat.app.theme = "nord"
        await seat.settle()
    async with sit(tmp_path) as seat:
        assert seat.app.theme == "nord"


@pytest.mark.parametrize("theme", ["", "calm-light", "nord"])
async def test_a_start_changes_no_setting(tmp_path: Path, theme: str) -> None:
    async with sit(tmp_path, settings={"theme": theme}) as seat:
        await seat.settle()
        assert len(seat.events("settings")) == 1, "only the one that the test made"


async def test_a_theme_that_is_gone_falls_back_to_the_own_one(tmp_path: Path) -> None:
    async with sit(tmp_path, settings={"theme": "of an older version"}):
        pass
    async with sit(tmp_path) as seat:
        assert seat.app.theme == "calm-dark"


# -- dialogs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["f", "s", "question_mark"])
async def test_a_click_beside_a_dialog_closes_it(tmp_path: Path, key: str) -> None:
    async with sit(tmp_path, size=LARGE) as seat:
        await seat.press(key)
        assert not seat.on(HomeScreen)
        await seat.click_at(1, 1)
        assert seat.on(HomeScreen)


# -- the clock --------------------------------------------------------------------------------------------------------


async def test_a_clock_set_back_is_told_once(tmp_path: Path) -> None:
    clock = PilotClock()
    async with sit(tmp_path, plan=asking("heat"), clock=clock) as seat:
        await seat.press(seat.option())
        assert "clock" not in seat.told
    clock.set_back(hours=3)
    async with sit(tmp_path, clock=clock) as seat:
        assert "The clock is 3 hours behind your latest answer. Check the date and time of this machine." in seat.told
        await seat.press("enter")
        assert seat.session.shown is not None


async def test_large_decks_are_counted_beside_the_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quiz.tui.screens.page.AT_ONCE", 1)
    async with sit(tmp_path) as seat:
        await seat.app.workers.wait_for_complete()
        await seat.settle()
        assert "0 due · 6 new" in seat.told
        await seat.press("enter", "q")
        await seat.app.workers.wait_for_complete()
        await seat.settle()
        assert "questions to come" in seat.told
