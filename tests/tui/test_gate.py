"""No answer is given to a question that nobody has seen: held keys, bursts, double clicks. And nobody is slowed."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Key

from quiz.study.session import Phase
from quiz.tui.gate import DOUBLE_CLICK_MS, MOUSE, QUIET_MS, SAME_KEY_QUIET_MS, Gate
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.study import StudyScreen
from tests.support.desks import choice, flip, typed
from tests.support.pilots import Seat, asking, sit, write_decks

REPEAT_MS = 30  # how often a held key comes again
FIRST_REPEAT_MS = 500


RARER: dict[str, dict[str, Any]] = {
    "select": {"choices": [{"right": "a"}, {"right": "b"}, {"wrong": "c"}]},
    "select two": {"choose": 2, "choices": [{"right": "a"}, {"right": "b"}, {"wrong": "c"}, {"wrong": "d"}]},
    "number": {"number": 1},
    "order": {"order": ["a", "b", "c"]},
    "match": {"match": {"a": "x", "b": "y"}},
}
KINDS = ["choice", "typed", "flip", *RARER]


def decks_of(folder: Path, kind: str) -> Path:
    """Write a deck of six cards of one kind."""
    if kind in RARER:
        cards = [{"id": f"card{n}", "ask": f"Which is card{n}?", **RARER[kind]} for n in range(6)]
    else:
        make = {"choice": choice, "typed": typed, "flip": flip}[kind]
        cards = [make(f"card{n}") for n in range(6)]
    return write_decks(folder, some=json.dumps({"title": kind, "cards": cards}))


async def hold(seat: Seat, key: str, times: int) -> None:
    """Hold a key down: after the first repeat it comes every 30 ms. Each is worked off before the next."""
    seat.clock.step = 0
    for number in range(times):
        seat.clock.forward(ms={0: 1000, 1: FIRST_REPEAT_MS}.get(number, REPEAT_MS))
        seat.app.post_message(Key(key, key if len(key) == 1 else None))
        await seat.settle()
    seat.clock.step = 1000


async def burst(seat: Seat, *keys: str) -> None:
    """Send keys all at once, as a paste into a terminal without bracketed paste does."""
    seat.clock.forward(ms=1000)
    seat.clock.step = 0
    for key in keys:
        seat.app.post_message(Key(key, key if len(key) == 1 else None))
    await seat.settle()
    await seat.settle()
    seat.clock.step = 1000


# -- the gate alone ---------------------------------------------------------------------------------------------------


def test_the_gate_opens_for_a_key_after_quiet_once_the_question_is_drawn() -> None:
    gate = Gate()
    assert gate.admits("1", 0)
    gate.shut()
    assert not gate.admits("enter", 5000), "not drawn yet"
    gate.drawn()
    assert not gate.admits("1", 5000 + QUIET_MS - 1), "too soon after another key"
    assert gate.admits("2", 5000 + 2 * QUIET_MS)
    assert gate.admits("2", 5000 + 2 * QUIET_MS + 1), "once open it lets a fast writer through"


@given(
    gap=st.integers(0, SAME_KEY_QUIET_MS - 1),
    keys=st.lists(st.integers(0, SAME_KEY_QUIET_MS - 1), max_size=60),
)
def test_a_key_that_keeps_coming_never_opens_the_gate(gap: int, keys: list[int]) -> None:
    gate, now = Gate(), 10_000
    gate.admits("enter", now)
    gate.shut()
    gate.drawn()
    for step in [gap, *keys]:
        now += step
        assert not gate.admits("enter", now)


@given(st.lists(st.sampled_from("123456789abcx"), min_size=1, max_size=50))
def test_of_a_burst_no_key_but_the_first_opens_the_gate(keys: list[str]) -> None:
    gate = Gate()
    gate.shut()
    gate.drawn()
    assert gate.admits(keys[0], 10_000)
    gate.shut()
    gate.drawn()
    assert not any(gate.admits(key, 10_000 + QUIET_MS // 2) for key in keys)


@given(st.lists(st.tuples(st.sampled_from(["1", "2", "enter", MOUSE]), st.integers(0, 5000)), min_size=2, max_size=40))
def test_a_person_at_a_normal_pace_is_never_stopped(presses: list[tuple[str, int]]) -> None:
    gate, now = Gate(), 0
    named = [("", 0), *presses]
    for (before, _), (key, more) in pairwise(named):
        now += (DOUBLE_CLICK_MS if key == MOUSE else SAME_KEY_QUIET_MS) + more if key == before else QUIET_MS + more
        assert gate.admits(key, now)
        gate.shut()
        gate.drawn()


# -- held keys --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", ["1", "enter", "space", "0", "a", "3", "s"])
async def test_a_held_key_answers_at_most_the_question_it_was_pressed_for(tmp_path: Path, kind: str, key: str) -> None:
    async with sit(tmp_path, decks=decks_of(tmp_path / "decks", kind), plan=asking()) as seat:
        await hold(seat, key, 40)
        assert len(seat.events()) <= 1
        assert seat.session.number == 1, "nothing skips the feedback"


async def test_enter_held_on_an_empty_line_does_not_mean_not_known(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=decks_of(tmp_path / "decks", "typed"), plan=asking()) as seat:
        await hold(seat, "enter", 40)
        assert "press Enter once more" in seat.told
        assert not seat.events()


@pytest.mark.parametrize("kind", ["select", "select two", "order", "match"])
@pytest.mark.parametrize("key", ["enter", "s"])
async def test_what_is_asked_back_is_not_confirmed_by_the_same_key_held_down(
    tmp_path: Path, kind: str, key: str
) -> None:
    async with sit(tmp_path, decks=decks_of(tmp_path / "decks", kind), plan=asking()) as seat:
        await seat.press("up")  # from the first row to the last: Done, where there is one
        await hold(seat, key, 40)
        assert "once more for “I don't know”" in seat.told
        assert not seat.events()


async def test_a_second_question_of_another_kind_takes_no_key_of_a_burst(tmp_path: Path) -> None:
    cards = [{"id": f"card{n}", "ask": f"Which is card{n}?", **fields} for n, fields in enumerate(RARER.values())]
    decks = write_decks(tmp_path / "decks", mixed=json.dumps({"title": "mixed", "cards": cards}))
    async with sit(tmp_path, decks=decks, plan=asking()) as seat:
        for number in range(1, len(cards) + 1):
            assert seat.session.number == number
            if seat.app.focused:
                await seat.press("escape")
            await seat.press("0")
            await burst(seat, "enter", "1", "a", "0", "s", "enter", "0")
            assert len(seat.events()) == number
            assert seat.session.phase is Phase.ASK, "the first key of it goes on"


async def test_a_held_rating_of_a_flip_card_does_not_touch_the_next_question(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=decks_of(tmp_path / "decks", "choice"), plan=asking()) as seat:
        await seat.press("1")
        await seat.press("enter")
        await hold(seat, "enter", 20)
        assert (seat.session.number, seat.session.phase) == (2, Phase.ASK)
    flips = decks_of(tmp_path / "flips", "flip")
    async with sit(tmp_path / "b", decks=flips, plan=asking()) as seat:
        await seat.press("enter")
        await hold(seat, "3", 40)
        assert (seat.session.number, seat.session.phase) == (2, Phase.ASK)
        assert len(seat.events()) == 1


async def test_enter_held_on_home_starts_a_session_and_no_more(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=decks_of(tmp_path / "decks", "flip")) as seat:
        await hold(seat, "enter", 40)
        assert seat.on(StudyScreen)
        assert seat.session.phase is Phase.ASK
        assert not seat.events()


async def test_enter_held_at_the_end_stays_on_the_summary_or_at_home(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        await seat.press(seat.option(), "enter")
        await hold(seat, "enter", 40)
        assert not seat.on(StudyScreen)


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_a_key_held_to_close_a_dialog_does_not_leave_the_program(tmp_path: Path, key: str) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("s")
        await hold(seat, key, 10)
        assert seat.on(HomeScreen)
        assert seat.app.return_code is None


async def test_held_certainty_does_not_rate(tmp_path: Path) -> None:
    decks = decks_of(tmp_path / "decks", "choice")
    async with sit(tmp_path, decks=decks, plan=asking(), settings={"certainty": "on"}) as seat:
        await hold(seat, seat.option(), 30)
        assert "How sure are you?" in seat.told
        assert not seat.events()


# -- bursts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "keys",
    [
        ["1"] * 50,
        ["1", "enter"] * 25,
        ["x", "enter", "1", "enter"] * 10,
        ["enter", "3"] * 20,
        ["1", "a", "s", "enter"] * 12,
        ["s", "space", "down", "enter", "2"] * 10,
    ],
)
async def test_a_burst_of_keys_answers_at_most_one_question(tmp_path: Path, kind: str, keys: list[str]) -> None:
    async with sit(tmp_path, decks=decks_of(tmp_path / "decks", kind), plan=asking()) as seat:
        await burst(seat, *keys)
        assert len([e for e in seat.events() if e.kind == "answer"]) <= 1
        assert seat.session.number == 1
        if seat.session.feedback is not None:
            assert not seat.events("undo"), "the rest of the burst must not change the rating"


async def test_pasted_text_goes_into_the_line_and_answers_nothing(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=decks_of(tmp_path / "decks", "typed"), plan=asking()) as seat:
        await seat.paste("card0\ncard1\n1\n1\n")
        assert "card0" in seat.told
        assert not seat.events()
        await seat.paste("\n")
        assert not seat.events()


async def test_pasted_text_where_nothing_is_typed_does_nothing(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=decks_of(tmp_path / "decks", "choice"), plan=asking()) as seat:
        before = seat.picture
        await seat.paste("1\n1\n1\n")
        assert seat.picture == before


async def test_keys_before_the_question_is_drawn_are_dropped(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=decks_of(tmp_path / "decks", "choice"), plan=asking()) as seat:
        await seat.press(seat.option())
        screen = seat.app.screen
        assert isinstance(screen, StudyScreen)
        await seat.press("enter")
        seat.app.gate.shut()  # asked, but not drawn
        await seat.press("1", "2", "3")
        assert len(seat.events()) == 1
        seat.app.gate.drawn()
        await seat.press("2")
        assert len(seat.events()) == 2


async def test_a_fast_person_is_not_stopped(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=decks_of(tmp_path / "decks", "choice"), plan=asking()) as seat:
        seat.clock.step = 0
        for _ in range(6):
            for key in (seat.option(), "enter"):
                seat.clock.forward(ms=QUIET_MS)
                await seat.press(key)
        assert len(seat.events()) == 6


async def test_somebody_who_types_fast_loses_no_letter(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=decks_of(tmp_path / "decks", "typed"), plan=asking()) as seat:
        await burst(seat, *"aaabbbcccdddeeefff")
        assert "aaabbbcccdddeeefff" in seat.told


# -- the mouse --------------------------------------------------------------------------------------------------------


def place_of(seat: Seat, text: str) -> tuple[int, int]:
    """Return where a text stands on the screen."""
    return next((line.index(text), y) for y, line in enumerate(seat.picture.splitlines()) if text in line)


async def test_a_double_click_gives_one_answer_and_no_more(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=decks_of(tmp_path / "decks", "flip"), plan=asking()) as seat:
        x, y = place_of(seat, "Show the answer")
        await seat.click_at(x, y)
        assert seat.session.phase is Phase.REVEALED
        x, y = place_of(seat, "3 Good")
        for gap in (1000, 150, 150):
            seat.clock.step = 0
            seat.clock.forward(ms=gap)
            await seat.click_at(x, y)
        seat.clock.step = 1000
        assert len(seat.events()) == 1
        assert (seat.session.number, seat.session.phase) == (2, Phase.ASK)
        x, y = place_of(seat, "Show the answer")
        await seat.click_at(x, y)
        assert seat.session.phase is Phase.REVEALED


async def test_a_double_click_that_turns_a_card_does_not_press_the_keys_that_come_in_its_place(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=decks_of(tmp_path / "decks", "flip"), plan=asking()) as seat:
        x, y = place_of(seat, "Show the answer")
        await seat.click_at(x, y)
        turned = seat.picture
        assert seat.session.phase is Phase.REVEALED
        seat.clock.step = 0
        for column in range(x, x + 30, 3):
            seat.clock.forward(ms=150)
            await seat.click_at(column, y)
            assert seat.picture == turned


async def test_quick_clicks_change_a_setting_each(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("s")
        y = next(y for y, line in enumerate(seat.picture.splitlines()) if "New cards a day" in line)
        x = seat.picture.splitlines()[y].rindex("▸")
        seat.clock.step = 100
        for _ in range(5):
            await seat.click_at(x, y)
        assert seat.desk.history.settings.new == 35
