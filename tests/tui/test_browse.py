"""Browse: searching, reading a card and its history, deciding about it, studying what is listed, editing its deck."""

from __future__ import annotations

import contextlib
import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.content import Content
from textual.widgets import Input

from quiz.deck.library import Library
from quiz.paths import shipped_decks
from quiz.text import FORBIDDEN
from quiz.tui import mending
from quiz.tui.app import QuizApp
from quiz.tui.screens import browse, page
from quiz.tui.screens.browse import OFFERED, BrowseScreen
from quiz.tui.screens.confirm import ConfirmScreen
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.note import NoteScreen
from quiz.tui.screens.study import StudyScreen
from quiz.tui.screens.texts import TextScreen
from tests.support.desks import learned
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, PilotClock, Seat, Size, asking, sit, write_decks
from tests.support.rights import as_nobody
from tests.support.screens import check_golden
from tests.tui.test_hostile_screens import CARDS, SIGN, TEXTS, sound, write_hostile
from tests.tui.test_trouble import full_disk

SIZES = [HOME_SIZE, SMALL, LARGE]


def listed(seat: Seat) -> list[str]:
    """Return the cards in the list."""
    assert isinstance(seat.app.screen, BrowseScreen)
    return [*seat.app.screen._list.cards]


def marked(seat: Seat) -> str | None:
    assert isinstance(seat.app.screen, BrowseScreen)
    return seat.app.screen._list.card


def notes(seat: Seat) -> list[str]:
    """Return what is said in passing."""
    return [note.message for note in seat.app._notifications]


async def browsing(seat: Seat, text: str = "") -> None:
    """Open Browse, search for a text and go to the list."""
    await seat.press("b")
    await seat.paste(text)
    await seat.press("enter")


# -- searching --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_typing_searches_at_once_and_enter_goes_to_the_list(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size) as seat:
        await seat.press("b")
        assert "1 of 6 cards" in seat.told
        assert "words, topic:risks" in seat.told
        await seat.write("root")
        assert listed(seat) == ["heat", "branch", "rootlets", "word"]  # the title of their deck
        await seat.write("lets")
        assert listed(seat) == ["rootlets"]
        assert "1 of 1 found" in seat.told
        await seat.press("enter")
        assert seat.app.focused is None
        assert "/ Search" in seat.told
        await seat.press("tab", "backspace", "tab")
        assert seat.app.focused is None
        assert "rootlet" in seat.told


@pytest.mark.parametrize("size", SIZES)
async def test_a_fault_is_told_with_its_mend_and_leaves_the_list_as_it_was(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size) as seat:
        await seat.press("b")
        await seat.paste("topic:anatomy")
        before = listed(seat)
        assert before == ["branch", "rootlets"]
        await seat.paste(" is:du")
        assert "! column 18: there is no state 'du' - did you mean 'due'?" in seat.told
        assert listed(seat) == before
        await seat.press("e")
        assert "column" not in seat.told
        assert listed(seat) == []
        assert "No card fits this filter." in seat.told
        assert "none found" in seat.told


async def test_a_value_that_no_card_has_is_named_with_the_nearest(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("b")
        await seat.paste("topic:antomy")
        assert "! column 7: there is no topic 'antomy' - did you mean 'anatomy'?" in seat.told


async def test_without_cards_there_is_nothing_to_browse(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    async with sit(tmp_path, decks=empty) as seat:
        assert "Browse" not in seat.told
        await seat.press("b", "enter")
        assert "There are no cards." in seat.told
        await seat.press("enter", "x", "r", "m", "e", "s", "u", "down", "left", "end", "home", "pagedown")
        assert "There are no cards." in seat.told
        await seat.press("escape")
        assert seat.on(HomeScreen)


async def test_the_mark_stays_on_its_card_while_the_list_changes(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("b", "down", "down")
        assert marked(seat) == "rootlets"
        await seat.paste("topic:anatomy")
        assert (listed(seat), marked(seat)) == (["branch", "rootlets"], "rootlets")
        await seat.press("ctrl+u")
        await seat.paste("heat")
        assert marked(seat) == "heat"
        await seat.press("ctrl+u")
        assert marked(seat) == "rootlets", "it comes back"


@pytest.mark.parametrize("typed", ["/is:new", "//is:new"])
async def test_a_slash_before_the_filter_is_no_part_of_it(tmp_path: Path, typed: str) -> None:
    async with sit(tmp_path, size=SMALL) as seat:
        await seat.press("b")
        await seat.write(typed)
        assert seat.app.screen.query_one("#search", Input).value == "is:new"
        assert "No card fits" not in seat.told
        assert all(state in seat.told for state in OFFERED), "all that can be clicked is in sight"


async def test_the_mark_moves_by_line_page_and_end_and_stops_there(tmp_path: Path) -> None:
    async with sit(tmp_path, size=SMALL) as seat:
        await browsing(seat)
        seen = []
        for key in (
            "up",
            "down",
            "j",
            "k",
            "end",
            "down",
            "home",
            "pagedown",
            "pageup",
            "right",
            "l",
            "left",
            "G",
            "g",
        ):
            await seat.press(key)
            seen.append(marked(seat))
            assert f"▸ {'' if marked(seat) else '?'}" in seat.picture
        assert seen == [
            *("heat", "branch", "rootlets", "branch", "turn", "turn", "heat", "turn", "heat", "branch", "rootlets"),
            *("branch", "turn", "heat"),
        ]


# -- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_enter_lets_the_card_fill_the_page_and_enter_or_escape_goes_back(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size) as seat:
        await browsing(seat, "heats")
        before = seat.picture
        beside = "Alternating current heats the tissue at the bare tip. New" in seat.told
        assert beside == (size == HOME_SIZE)
        for key in ("enter", "escape"):
            await seat.press("enter")
            read = seat.told
            for _ in range(12):
                await seat.press("pagedown")
                read += seat.told
            for text in (
                "Alternating current heats the tissue at the bare tip.",
                "New: it was not asked yet.",
                "✓ Alternating current",
                "· A hot wire",
                "not the wire.",
                "Evidence: high",
                "A. Writer.",
                "· nobody",
                "roots.yaml:",
            ):
                assert text in read, text
            assert "Search" not in seat.told
            await seat.press(key)
            assert seat.picture == before


@pytest.mark.parametrize("size", SIZES)
async def test_the_history_of_a_card_is_told(tmp_path: Path, size: Size) -> None:
    clock = PilotClock()
    async with sit(tmp_path, plan=asking("heat"), clock=clock, settings={"certainty": "on"}) as seat:
        await seat.press(seat.option(right=False), "3")
        await seat.press("m")
        await seat.write("Which tip?", "enter")
        await seat.press("enter", seat.option(), "2", "enter")
    clock.forward(days=2)
    async with sit(tmp_path, clock=clock, size=size) as seat:
        await browsing(seat, "heats")
        await seat.press("enter")
        read = ""
        for _ in range(12):
            read += " ".join(seat.told.split())
            await seat.press("pagedown")
        for text in (
            "Due",
            "recall now",
            "stability",
            "! Sure and wrong: it comes back until you have",
            "⚑ Flagged: Which tip?",
            "2026-11-22 ✓ Right · question 1, choice ·",
            "2026-11-22 Flagged: Which tip?",
            "2026-11-22 ✗ Wrong · question 1, choice ·",
            "sure",
        ):
            assert text in read, text


KINDS = """\
title: Of each kind
cards:
  - id: all
    claim: A card with every kind of question.
    case: A vignette.
    questions:
      - ask: "What is at [1]?"
        figure: lumbar-facet-posterior
        mark: 1
        answer: the joint
        accept: []
      - {ask: Lay them., order: [first, second, third]}
      - {ask: Match them., match: {facet RF: medial branch, SDR: dorsal rootlets}}
      - {ask: Which two?, choices: [{right: One}, {right: Two}, {wrong: Three, why: Too many.}]}
      - {ask: How hot?, number: 80, unit: "°C", tolerance: 5}
      - {ask: Name it., answer: a nerve, accept: []}
      - {cloze: "It {{burns}} the skin.", proof: true}
      - {ask: Turn me., answer: Turned}
"""


@pytest.mark.parametrize("size", SIZES)
async def test_a_card_of_every_kind_can_be_read_with_its_figure_and_the_ward_s_own_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: Size
) -> None:
    decks = write_decks(tmp_path / "decks", kinds=KINDS)
    (decks / "figures").mkdir()
    shutil.copy(shipped_decks() / "rhizotomy" / "figures" / "lumbar-facet-posterior.yaml", decks / "figures")
    monkeypatch.setattr(Library, "here", lambda _, card: "Here we use 85." if card == "all" else "")
    async with sit(tmp_path, decks=decks, size=size) as seat:
        assert not seat.desk.library.problems()
        await browsing(seat, "kind:order kind:figure")
        read = await read_on(seat)
        for text in (
            "Here: Here we use 85.",
            "Case: A vignette.",
            "[1]",
            "✓ the joint",
            "✓ first → second → third",
            "✓ facet RF",
            "✓ One",
            "✓ Two",
            "· Three",
            "Too many.",
            "✓ 80 °C",
            "✓ a nerve",
            "It ____ the skin.",
            "✓ burns",
            "(held back to show mastery)",
            "✓ Turned",
        ):
            assert text in read, text


async def test_the_next_card_can_be_read_without_going_back(tmp_path: Path) -> None:
    async with sit(tmp_path, size=SMALL) as seat:
        await browsing(seat)
        await seat.press("enter", "right", "right", "pagedown")
        assert "SDR divides part of the dorsal" not in seat.told  # scrolled
        await seat.press("left")
        assert "The medial branch supplies" in seat.told
        await seat.press("escape")
        assert marked(seat) == "branch"


@pytest.mark.parametrize(
    "way", [[SMALL, HOME_SIZE], [HOME_SIZE, LARGE], [LARGE, (20, 5), SMALL], [LARGE, (60, 13), LARGE]]
)
@pytest.mark.parametrize("keys", [["b"], ["b", "enter", "down"], ["b", "enter", "enter"]])
async def test_a_size_reached_by_way_of_another_looks_as_from_the_start(
    tmp_path: Path, way: list[Size], keys: list[str]
) -> None:
    decks = write_decks(tmp_path / "decks")
    pictures = []
    for folder, sizes in (("a", way), ("b", way[-1:])):
        async with sit(tmp_path / folder, size=sizes[0], decks=decks) as seat:
            await seat.press(*keys)
            for size in sizes[1:]:
                await seat.resize(*size)
            pictures.append(seat.picture)
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("keys", [["b"], ["b", "enter", "enter"], ["b", "enter", "r"]])
async def test_no_size_down_to_one_cell_is_a_fault(tmp_path: Path, keys: list[str]) -> None:
    async with sit(tmp_path) as seat:
        await seat.press(*keys)
        for width, height in [(39, 11), (8, 3), (3, 3), (2, 1), (1, 1), (1, 40), (200, 1), (200, 50), (41, 13)]:
            await seat.resize(width, height)
        assert "Too small" not in seat.told
        assert seat.picture.strip()


# -- the mouse alone --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_the_mouse_alone_will_do(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size) as seat:
        await seat.click("b Browse")
        await seat.click("SDR divides")
        assert (marked(seat), seat.app.focused) == ("rootlets", None)
        await seat.click("▸ SDR divides")
        assert "Esc List" in seat.told
        await seat.click("x Suspend")
        assert "Suspended: it is not asked." in seat.told
        await seat.click("→ Next")
        assert "Rhizotomy means cutting a root." in seat.told
        await seat.click("Esc List")
        await seat.click("suspended")
        assert listed(seat) == ["rootlets"]
        assert "✓suspended" in seat.told
        await seat.click("new")
        assert "is:suspended is:new" in seat.told
        await seat.click("✓suspended")
        assert len(listed(seat)) == 5 + 1
        await seat.click("all")
        assert "1 of 6 cards" in seat.told or "of 6 cards" in seat.told
        await seat.click("/ Search") if "/ Search" in seat.told else None
        await seat.click("To the list") if "To the list" in seat.told else None
        await seat.click("q Home")
        assert seat.on(HomeScreen)


async def test_what_is_due_is_what_home_counts_and_of_two_siblings_one_waits(tmp_path: Path) -> None:
    both = "{id: word, both_ways: true, ask: What?, answer: That}"
    text = f"title: Both\ncards:\n  - {both}\n  - {{id: one, ask: A?, answer: B}}\n"
    decks, clock = write_decks(tmp_path / "decks", both=text), PilotClock()
    async with sit(tmp_path, decks=decks, clock=clock) as seat:
        for card in ("word", "word/back", "one"):
            learned(seat.desk.history, card, 3)
        clock.forward(days=30)
        await seat.press("g", "q")
        assert "2 due" in seat.told
        await browsing(seat)
        assert [line_of(seat, card).split()[-1] for card in ("▸ What?", " That  ", " A?")] == ["due", "d", "due"]
        assert "in 1 d" in line_of(seat, " That  ")
        await seat.press("slash")
        await seat.paste("is:due")
        assert "1 of 2 found" in seat.told


async def test_a_state_that_is_clicked_takes_the_place_of_a_fault(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("b")
        await seat.paste("topc:x")
        await seat.click("due")
        assert "is:due" in seat.told
        assert "column" not in seat.told


async def test_clicking_below_the_last_card_does_nothing(tmp_path: Path) -> None:
    async with sit(tmp_path, size=LARGE) as seat:
        await browsing(seat)
        await seat.click_at(5, 25)
        assert marked(seat) == "heat"
        assert "Esc List" not in seat.told


# -- what is decided --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [HOME_SIZE, LARGE])
async def test_a_card_is_suspended_brought_back_and_each_is_taken_back(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size) as seat:
        await browsing(seat)
        await seat.press("x")
        assert "suspended" in line_of(seat, "▸")
        assert "x Bring back" in seat.told
        assert "Suspended: it is not asked." in seat.told
        await seat.press("x")
        assert "new" in line_of(seat, "▸")
        assert [e.body["on"] for e in seat.events("suspend")] == [True, False]
        await seat.press("u")
        assert "suspended" in line_of(seat, "▸")
        await seat.press("u")
        assert "new" in line_of(seat, "▸")
        assert "u Undo" not in seat.told
        await seat.press("u")
        assert len(seat.events("undo")) == 2


def line_of(seat: Seat, text: str) -> str:
    return next(line for line in seat.picture.splitlines() if text in line)


async def test_beginning_anew_asks_first_and_can_be_taken_back(tmp_path: Path) -> None:
    clock = PilotClock()
    async with sit(tmp_path, plan=asking("heat"), clock=clock) as seat:
        await seat.press(seat.option(), "enter")
    clock.forward(days=30)
    async with sit(tmp_path, clock=clock) as seat:
        await browsing(seat)
        assert "due" in line_of(seat, "▸")
        await seat.press("r")
        assert seat.on(ConfirmScreen)
        assert "Begin anew with this card?" in seat.told
        await seat.press("escape")
        assert not seat.events("reset")
        await seat.press("r", "enter")
        assert [e.card for e in seat.events("reset")] == ["heat"]
        assert "new" in line_of(seat, "▸")
        assert "Begun anew" in await read_on(seat)
        await seat.press("escape", "u")
        assert "due" in line_of(seat, "▸")
        await seat.press("down", "r")
        assert "It is new: there is nothing to begin anew." in notes(seat)
        assert seat.on(BrowseScreen)


async def read_on(seat: Seat) -> str:
    """Read the whole marked card."""
    await seat.press("enter")
    read = ""
    for _ in range(20):
        read += seat.told
        await seat.press("pagedown")
    return read


async def test_a_card_is_flagged_with_a_note_and_the_flag_taken_off(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await browsing(seat)
        await seat.press("m")
        assert seat.on(NoteScreen)
        await seat.press("escape")
        assert not seat.events("flag")
        await seat.press("m")
        await seat.write("odd", "enter")
        assert "⚑" in line_of(seat, "▸")
        assert "⚑ Flagged: odd" in seat.told
        assert "m Unflag" in seat.told
        await seat.press("m")
        assert "⚑" not in seat.told
        assert [(e.body["on"], e.body["note"]) for e in seat.events("flag")] == [(True, "odd"), (False, "")]
        await seat.press("m", "enter")
        assert "⚑ Flagged: (no note)" in seat.told


async def test_what_was_changed_does_not_vanish_from_the_list(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await browsing(seat, "-is:suspended")
        await seat.press("x")
        assert len(listed(seat)) == 6
        await seat.press("slash", "space", "enter")
        assert len(listed(seat)) == 5


async def test_a_full_disk_is_told_and_the_decision_counts_all_the_same(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await browsing(seat)
        with full_disk(seat):
            await seat.press("x")
            assert "Not saved yet (1)" in seat.told
            assert "suspended" in line_of(seat, "▸")
        await seat.press("down", "x")
        assert "Not saved yet" not in seat.told
        assert [e.card for e in seat.events("suspend")] == ["heat", "branch"]


# -- studying ---------------------------------------------------------------------------------------------------------


async def test_what_is_listed_can_be_studied(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await browsing(seat, "topic:anatomy")
        await seat.press("s")
        assert seat.on(StudyScreen)
        assert sorted(seat.session.plan.scope.cards) == ["branch", "rootlets"]
        await seat.press("escape", "q")
        await seat.press("enter")
        assert seat.on(HomeScreen)


async def test_the_most_worthwhile_are_studied_where_too_many_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse, "MOST_STUDIED", 2)
    async with sit(tmp_path) as seat:
        await browsing(seat)
        await seat.press("s")
        assert seat.session.plan.scope.cards == ("heat", "branch")
        assert "These are the 2 of them that are most worth it now." in notes(seat)


async def test_nothing_due_or_new_among_what_is_listed_is_said(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await browsing(seat, "alternating")
        await seat.press("x", "s")
        assert seat.on(BrowseScreen)
        assert "None of these cards is due or new." in notes(seat)


# -- a large library --------------------------------------------------------------------------------------------------


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every library count as a large one, and the pause be none."""
    monkeypatch.setattr(page, "AT_ONCE", 0)
    monkeypatch.setattr(browse, "PAUSE", 0.001)


async def until(seat: Seat, text: str) -> None:
    """Wait for a text, while a thread works."""
    for _ in range(2000):
        if text in seat.told:
            return
        await seat.pilot.pause(0.005)
    raise AssertionError(f"{text!r} did not come:\n{seat.picture}")


@pytest.mark.usefixtures("large")
async def test_a_large_library_is_searched_beside_the_screen(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await until(seat, "6 new")
        await seat.press("b")
        await until(seat, "1 of 6 cards")
        await seat.write("medial")
        await until(seat, "1 of 1 found")
        assert listed(seat) == ["branch"]
        await seat.paste(" topc:x")
        await until(seat, "did you mean 'topic:'?")
        assert listed(seat) == ["branch"]
        await seat.press("escape", "escape")
        assert seat.on(HomeScreen)


@pytest.mark.usefixtures("large")
async def test_the_newest_search_wins_and_enter_does_not_wait_for_the_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse, "PAUSE", 3600.0)
    async with sit(tmp_path) as seat:
        await seat.press("b")
        await until(seat, "1 of 6 cards")
        screen = seat.app.screen
        assert isinstance(screen, BrowseScreen)
        await seat.write("medial", "enter")
        late = screen._asked
        await until(seat, "1 of 1 found")
        screen._search()
        screen._found(late, screen._tree, ["heat", "pad"])  # an old one comes back last
        await until(seat, "1 of 1 found")
        assert listed(seat) == ["branch"]


@pytest.mark.usefixtures("large")
async def test_leaving_while_a_search_runs_is_no_fault(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        for _ in range(5):
            await seat.press("b", "escape", "q")
            assert seat.on(HomeScreen)
        await seat.press("b")


# -- the editor -------------------------------------------------------------------------------------------------------


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the terminal be lent, which that of a test cannot be."""
    monkeypatch.setattr(QuizApp, "suspend", lambda _: contextlib.nullcontext())
    monkeypatch.delenv("VISUAL", raising=False)


def fake_editor(folder: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> Path:
    """Set an editor that does what the lines of a shell script say: the file is $file, what it was given $@."""
    script = folder / "vim"
    script.write_text("\n".join(["#!/bin/sh", 'for file; do :; done; echo "$@" >> "$0.log"', *lines, ""]))
    script.chmod(script.stat().st_mode | stat.S_IXUSR | stat.S_IXOTH)
    monkeypatch.setenv("EDITOR", str(script))
    return folder / "vim.log"


@pytest.mark.usefixtures("terminal")
async def test_a_card_is_edited_at_its_line_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = fake_editor(tmp_path, monkeypatch, "sed -i 's/The medial branch supplies/A small nerve feeds/' \"$file\"")
    async with sit(tmp_path) as seat:
        await browsing(seat)
        await seat.press("down", "e")
        deck = tmp_path / "some decks" / "roots.yaml"
        line = deck.read_text().splitlines().index("  - id: branch") + 1
        assert log.read_text() == f"+{line} {deck}\n"
        assert "A small nerve feeds the facet joint." in seat.told
        assert "roots.yaml: read again." in notes(seat)
        assert marked(seat) == "branch"


@pytest.mark.usefixtures("terminal")
async def test_an_editor_that_changes_nothing_is_said_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_editor(tmp_path, monkeypatch)
    async with sit(tmp_path) as seat:
        await browsing(seat)
        await seat.press("e")
        assert "roots.yaml: nothing was changed." in notes(seat)


@pytest.mark.usefixtures("terminal")
async def test_what_is_wrong_after_the_edit_is_told_and_the_rest_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_editor(tmp_path, monkeypatch, "sed -i 's/claim: Rhizotomy/cliam: Rhizotomy/' \"$file\"", "exit 3")
    async with sit(tmp_path) as seat:
        await browsing(seat, "cutting")
        assert listed(seat) == ["word"]
        await seat.press("e")
        assert seat.on(TextScreen)
        assert "What is wrong in deck files" in seat.told
        assert "'cliam'" in seat.told
        await seat.press("escape")
        assert "The editor ended with code 3." in notes(seat)
        assert listed(seat) == []
        await seat.press("slash", "ctrl+u", "enter")
        assert listed(seat) == ["heat", "branch", "rootlets", "pad", "turn"]


@pytest.mark.usefixtures("terminal")
async def test_without_an_editor_path_and_line_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    async with sit(tmp_path) as seat:
        await browsing(seat)
        await seat.press("e")
        assert "No editor is set" in seat.told
        assert "roots.yaml" in seat.told.replace(" ", "")
        assert "line 6" in seat.told
        assert "set VISUAL or EDITOR" in seat.told


@pytest.mark.usefixtures("terminal")
async def test_an_editor_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "no-such-editor -x")
    async with sit(tmp_path) as seat:
        await browsing(seat)
        await seat.press("e")
        assert "'no-such-editor' cannot be started (No such file or directory). Check VISUAL and EDITOR." in notes(seat)


async def test_a_terminal_that_cannot_be_lent_shows_path_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "vi")
    async with sit(tmp_path) as seat:
        await browsing(seat)
        await seat.press("e")
        assert "This terminal cannot be lent to an editor" in seat.told
        assert "line 6" in seat.told


@pytest.mark.usefixtures("terminal")
async def test_a_file_that_has_gone_is_said_to_be_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_editor(tmp_path, monkeypatch)
    async with sit(tmp_path) as seat:
        await browsing(seat)
        (tmp_path / "some decks" / "roots.yaml").unlink()
        await seat.press("e")
        assert "is not there any more." in seat.told


@pytest.mark.usefixtures("terminal")
async def test_a_file_that_cannot_be_saved_is_said_to_be_read_only_and_can_be_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.hostile import folder_for_all

    with folder_for_all() as shared:
        log = fake_editor(shared, monkeypatch)
        log.touch()
        log.chmod(0o666)
        decks = write_decks(shared / "decks")
        (decks / "roots.yaml").chmod(0o444)
        async with sit(tmp_path, decks=decks) as seat:
            await browsing(seat)
            # What is loaded late is loaded while it may be read: the checkout may be closed to others.
            assert mending
            assert ConfirmScreen.BINDINGS
            await seat.press("m", "escape")
            with as_nobody():
                await seat.press("e")
            assert "This file is read-only" in seat.told
            assert not log.read_text()
            await seat.press("escape")
            assert not log.read_text()
            with as_nobody():
                await seat.press("e")
            await seat.press("enter")
            assert log.read_text() == f"+6 {decks / 'roots.yaml'}\n"


# -- looks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_how_it_looks(tmp_path: Path, size: Size) -> None:
    def golden(name: str) -> None:
        check_golden(seat.app, f"{name}_{size[0]}x{size[1]}")

    clock = PilotClock()
    # The file's path stands on the screen: it has to be the same everywhere.
    async with sit(tmp_path, plan=asking("heat", "pad", "word"), clock=clock, settings={"certainty": "on"}) as seat:
        await seat.press("0", "enter") if seat.card == "word" else None
        while seat.app.screen.query("#ratings") and len(seat.session.answered) < 3:
            await answer(seat)
        await seat.press("q")
    clock.forward(days=3)
    async with sit(tmp_path, clock=clock, size=size) as seat:
        await seat.press("b")
        golden("browse")
        await seat.press("enter", "down", "down", "x", "home", "m")
        await seat.write("Which tip is meant?", "enter")
        golden("browse_list")
        await seat.press("enter")
        golden("browse_card")
        await seat.press("escape", "slash")
        await seat.paste("topic:anatmy")
        golden("browse_fault")
        await seat.press("f1")
        golden("help_browse")


async def answer(seat: Seat) -> None:
    """Answer the question on the screen surely, wrong where it is a choice."""
    shown = seat.session.shown
    assert shown is not None
    if shown.order:
        await seat.press(seat.option(right=shown.card.id != "heat"), "3", "enter")
    else:
        await seat.press("enter", "2", "3")


@pytest.mark.parametrize("size", SIZES)
async def test_without_colours_it_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: Size) -> None:
    decks = write_decks(tmp_path / "decks")
    pictures = []
    for folder in ("with", "without"):
        if folder == "without":
            monkeypatch.setenv("NO_COLOR", "1")
        async with sit(tmp_path / folder, decks=decks, size=size) as seat:
            await browsing(seat)
            await seat.press("x", "down", "enter")
            pictures.append(seat.picture)
            await seat.press("escape")
            pictures.append(seat.picture)
    assert pictures[:2] == pictures[2:]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Yield what is parsed as markup: nothing from a deck may be among it."""
    seen: list[str] = []
    original = Content.from_markup

    def watch(markup: str | Content, **variables: object) -> Content:
        seen.append(str(markup))
        return original(markup, **variables)

    monkeypatch.setattr(Content, "from_markup", watch)
    yield seen
    assert not [text for text in seen if SIGN in text]


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.usefixtures("parsed", "terminal")
async def test_a_hostile_deck_is_browsed(
    tmp_path: Path, name: str, size: Size, monkeypatch: pytest.MonkeyPatch
) -> None:
    decks = write_hostile(tmp_path / "decks", TEXTS[name])
    (decks / "sources.yaml").write_text(json.dumps({"odd": {"title": f"{SIGN} {TEXTS[name][:2000]}"}}), "utf-8")
    fake_editor(tmp_path, monkeypatch, "sed -i 's/claim/cliam/' \"$file\"")
    async with sit(tmp_path, decks=decks, size=size) as seat:

        async def look(*keys: str) -> None:
            await seat.press(*keys)
            sound(seat, size[0])

        await look("b")
        assert len(listed(seat)) == CARDS
        await seat.paste(TEXTS[name])
        sound(seat, size[0])
        await look("ctrl+u")
        for keys in (["enter"], ["down"], ["x"], ["m"], ["a", "enter"], ["enter"], ["pagedown"], ["pagedown"], ["end"]):
            await look(*keys)
        for key in ("left", "right", "escape", "question_mark", "escape", "r", "e", "pagedown", "escape", "q"):
            await look(key)
        assert seat.on(HomeScreen)


async def test_a_link_in_a_deck_cannot_be_clicked(tmp_path: Path) -> None:
    decks = write_hostile(tmp_path / "decks", "[@click=app.quit]press me[/]")
    async with sit(tmp_path, decks=decks) as seat:
        await browsing(seat)
        await seat.click("press me")
        await seat.press("enter")
        await seat.click("press me")
        assert seat.app.return_code is None
        assert seat.on(BrowseScreen)


@pytest.mark.parametrize("text", ["\x1b[31mred\x1b[0m", "[/b] [@click=app.quit]x[/]", "\u202eabc", "x" * 5000])
async def test_hostile_filters_stay_text(tmp_path: Path, text: str) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("b")
        await seat.paste(text)
        sound(seat, 80)
        await seat.press("enter", "escape")
        assert not FORBIDDEN.search(seat.picture.replace("\n", ""))
