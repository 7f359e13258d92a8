"""The looks: themes, no colours at all, and that nothing is told by colour alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from textual.theme import BUILTIN_THEMES

from quiz.tui.app import CALM_DARK, CALM_LIGHT
from quiz.tui.screens.page import Page
from tests.support.kinds import write_kinds
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, Seat, Size, asking, sit, write_decks

THEMES = sorted({*BUILTIN_THEMES, CALM_DARK.name, CALM_LIGHT.name})
LEAST_CONTRAST = 4.5  # WCAG 2.2, level AA
LETTERS = re.compile("[A-Za-z]{2}")


class Piece(NamedTuple):
    """A stretch of a line in one style; colours are RGB triplets, or None where the terminal decides."""

    text: str
    color: tuple[int, int, int] | None
    background: tuple[int, int, int] | None
    bold: bool


def pieces(seat: Seat) -> list[Piece]:
    """Return what is painted, filters (as for NO_COLOR) included."""
    found = []
    for strip in seat.app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            if style is None or not segment.text.strip():
                continue
            colors = [c.get_truecolor() if c and not c.is_default else None for c in (style.color, style.bgcolor)]
            rgb = [None if c is None else (c.red, c.green, c.blue) for c in colors]
            found.append(Piece(segment.text, rgb[0], rgb[1], bool(style.bold)))
    return found


def luminance(rgb: tuple[int, int, int]) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [c / 255 for c in rgb]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(piece: Piece) -> float:
    """Return the contrast of a piece (1 to 21); 21 where the terminal's own colours are used."""
    if piece.color is None or piece.background is None:
        return 21.0
    light, dark = sorted((luminance(piece.color), luminance(piece.background)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
async def test_every_theme_shows_question_and_feedback(tmp_path: Path, theme: str) -> None:
    async with sit(tmp_path, plan=asking("heat", "branch"), settings={"theme": theme}) as seat:
        assert seat.app.theme == theme
        while seat.card != "heat":
            await seat.press("escape", "0", "enter")
        await seat.press("down", seat.option(right=False))
        assert "✗ Wrong" in seat.told
        assert {piece.color for piece in pieces(seat)} != {None} or "ansi" in theme
        await seat.press("question_mark", "escape", "enter")


WAYS = {"e": "Pass mark", "g": "What you know", "b": "Search", "s": "Minutes a session", "f": "Ask only"}


@pytest.mark.parametrize("theme", THEMES)
async def test_every_theme_shows_the_other_screens(tmp_path: Path, theme: str) -> None:
    ours = theme in (CALM_DARK.name, CALM_LIGHT.name)
    async with sit(tmp_path, settings={"theme": theme}) as seat:
        for key, told in WAYS.items():
            await seat.press(key)
            assert told in seat.told
            painted = pieces(seat)
            assert {piece.color for piece in painted} != {None} or "ansi" in theme
            if ours and isinstance(seat.app.screen, Page):  # what lies behind a dialog is dimmed on purpose
                faint = [piece for piece in painted if LETTERS.search(piece.text) and contrast(piece) < LEAST_CONTRAST]
                assert not faint
            await seat.press("escape")
            if key == "b":
                await seat.press("q")


@pytest.mark.parametrize("theme", [CALM_DARK.name, CALM_LIGHT.name])
async def test_our_own_themes_can_be_read_by_weak_eyes(tmp_path: Path, theme: str) -> None:
    async with sit(tmp_path, plan=asking("heat"), settings={"theme": theme}) as seat:
        seen = pieces(seat)
        await seat.press("down")
        seen += pieces(seat)
        await seat.press(seat.option(right=False), "o")
        seen += pieces(seat)
        await seat.press("question_mark")
        seen += [piece for piece in pieces(seat) if "Keys" in piece.text or "Esc" in piece.text]
        await seat.press("escape", "q")
        seen += pieces(seat)
        weak = {
            (piece.text.strip(), round(contrast(piece), 1))
            for piece in seen
            if contrast(piece) < LEAST_CONTRAST and not set(piece.text.strip()) <= set("░█▁▂▃▄▅▆▇ ")
        }
        assert not weak


async def test_without_colours_verdict_mark_and_rating_are_told_by_words_and_signs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with sit(tmp_path, plan=asking("heat", "pad")) as seat:
        await seat.press("down", "down")
        assert "▸ 2" in seat.picture
        (marked,) = [piece for piece in pieces(seat) if "▸" in piece.text]
        assert marked.bold
        await seat.press(seat.option(right=False))
        assert {"✗ Wrong", "▸1 Again soon"} <= {piece.text.strip() for piece in pieces(seat)}
        signed = [line.strip()[0] for line in seat.picture.splitlines() if line.strip()[:1] in ("✓", "✗")]
        assert sorted(signed) == ["✓", "✗", "✗"], "the option taken, the right one, and the verdict"
        for piece in pieces(seat):
            for rgb in (piece.color, piece.background):
                assert rgb is None or len(set(rgb)) == 1, f"{piece} is coloured"
            assert contrast(piece) > 3, piece
        await seat.press("enter", seat.option())
        assert "✓ Right" in seat.told
        assert "▸3 Good" in seat.told


# By card: the keys to a picture of the question at work, and those that hand a wrong answer in.
KINDS = {
    "pick": (["1", "2"], ["3", "enter"]),
    "two": (["1", "2", "3"], ["enter"]),
    "heat": (["x", "enter"], ["backspace", "6", "enter"]),
    "steps": (["down", "space", "down"], ["enter", "s"]),
    "pairs": (["a"], ["s", "s"]),
    "name": (["r"], ["enter"]),
    "point": (["9"], ["2"]),
}


@pytest.mark.parametrize("theme", [CALM_DARK.name, CALM_LIGHT.name])
@pytest.mark.parametrize("card", KINDS)
async def test_every_kind_can_be_read_by_weak_eyes(tmp_path: Path, card: str, theme: str) -> None:
    decks = write_kinds(tmp_path / "decks")
    async with sit(tmp_path, decks=decks, plan=asking(card), settings={"theme": theme}) as seat:
        seen = pieces(seat)
        for keys in KINDS[card]:
            await seat.press(*keys)
            seen += pieces(seat)
        faint = set("░█▁▂▃▄▅▆▇▊▔▎✗✓ ") | set("your answer" + "a number")  # frames, bars, and hints in an empty line
        weak = {
            (piece.text.strip(), round(contrast(piece), 1))
            for piece in seen
            if contrast(piece) < LEAST_CONTRAST and not set(piece.text.strip()) <= faint
        }
        assert not weak


@pytest.mark.parametrize("card", KINDS)
async def test_without_colours_every_kind_tells_its_state_by_words_and_signs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, card: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    signs = {
        "pick": (["[x]", "▸"], ["✗ 1 [x]", "missed"]),
        "two": (["[x]", "already"], ["✗", "✓"]),
        "heat": (["is no number"], ["✗ Wrong", "Answer:"]),
        "steps": (["◆ 3"], ["→", "↑"]),
        "pairs": (["· a", "▸ 2"], ["✗ 2", "right:"]),
        "name": (["[1]"], ["✗ Wrong", "Answer:"]),
        "point": (["no mark 9"], ["✗[2]", "✓[3]"]),
    }
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking(card)) as seat:
        for keys, wanted in zip(KINDS[card], signs[card], strict=True):
            await seat.press(*keys)
            for sign in wanted:
                assert sign in seat.picture, seat.picture
            for piece in pieces(seat):
                for rgb in (piece.color, piece.background):
                    assert rgb is None or len(set(rgb)) == 1, f"{piece} is coloured"


async def test_without_colours_the_marks_of_a_filter_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with sit(tmp_path) as seat:
        await seat.press("f", "space", "down")
        assert "[x] safety" in seat.told
        assert "▸ [ ] audience" in seat.told


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL, LARGE])
async def test_text_keeps_its_margins_and_never_runs_wider_than_a_page(tmp_path: Path, size: Size) -> None:
    decks = write_decks(
        tmp_path / "decks", long=f"title: Long\ncards:\n  - ask: {'word ' * 80}\n    answer: yes it is\n"
    )
    async with sit(tmp_path, decks=decks, plan=asking(), size=size) as seat:
        await seat.press("enter")
        for line in filter(None, seat.picture.splitlines()):
            margin = len(line) - len(line.lstrip())
            assert margin >= 1
            assert len(line) - margin <= 88


async def test_long_names_are_cut_with_a_sign_and_the_progress_stays(tmp_path: Path) -> None:
    decks = write_decks(
        tmp_path / "decks", long=f"title: {'A very long title ' * 9}\ncards:\n  - {{ask: a, answer: b}}\n"
    )
    async with sit(tmp_path, decks=decks, size=SMALL) as seat:
        assert "A very long titl…" in seat.told
        await seat.press("enter")
        assert re.fullmatch(r" new · A very long .*…\s+1 · 0 left", seat.picture.splitlines()[0])


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL, LARGE])
async def test_a_notice_does_not_cover_the_keys(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, settings={"new": 0}, size=size) as seat:
        keys = [line for line in seat.picture.splitlines() if "Help" in line]
        await seat.press("enter")
        assert "here, and" in seat.told
        assert [line for line in seat.picture.splitlines() if "Help" in line] == keys
