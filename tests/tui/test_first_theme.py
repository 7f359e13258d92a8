"""The first theme is set before its styles are parsed; it must be the one that is seen all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color

from tests.support.pilots import sit


@pytest.mark.parametrize("theme", ["calm-dark", "calm-light", "nord", "textual-light"])
async def test_the_screen_has_the_colours_of_the_theme_chosen_last_time(tmp_path: Path, theme: str) -> None:
    async with sit(tmp_path, settings={"theme": theme}) as seat:
        wanted = seat.app.available_themes[theme].background
        shown = seat.app.screen.styles.background
        assert shown == (Color.parse(wanted) if wanted else Color.parse(seat.app.theme_variables["background"]))
        assert seat.app.has_class("-dark-mode") == seat.app.available_themes[theme].dark
        assert seat.app.has_class(f"-theme-{theme}")
