"""What each level costs, in the settings: all of it in sight, or the key named that leads to the rest."""

from __future__ import annotations

from pathlib import Path

from quiz.tui.screens.settings import SettingsScreen
from tests.support.pilots import HOME_SIZE, SMALL, Seat, sit
from tests.support.screens import check_golden


async def priced(seat: Seat) -> None:
    """Go to the row of the recall aimed at, and wait until the prices are there."""
    await seat.press("s", "down", "down")
    await seat.app.workers.wait_for_complete()
    await seat.settle()


async def test_the_conclusion_is_in_sight_with_all_its_levels(tmp_path: Path) -> None:
    async with sit(tmp_path, settings={"minutes": 1, "new": 200}, size=HOME_SIZE) as seat:
        await priced(seat)
        assert "95 %" in seat.told
        assert "70 %" in seat.told
        box = seat.app.screen.query_one(".dialog")
        assert box.max_scroll_y == 0
        assert "PgDn" not in seat.told
        assert "90 % takes about" in seat.told
        await seat.press("down")
        assert "(off: none)." in seat.told


async def test_on_a_small_screen_the_key_to_the_rest_is_named_and_leads_there(tmp_path: Path) -> None:
    async with sit(tmp_path, size=HOME_SIZE) as seat:
        await priced(seat)
        await seat.resize(*SMALL)
        assert "PgDn more" in seat.told
        check_golden(seat.app, "settings_prices_40x12")
        read = ""
        for _ in range(3):
            await seat.press("pagedown")
            read += seat.told
        assert "min/day" in read
        assert "known" in read
        assert seat.on(SettingsScreen)
        await seat.press("down", "down")
        assert "PgDn" not in seat.told, "there is nothing more on the other rows"
