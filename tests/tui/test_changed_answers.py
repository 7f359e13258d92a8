"""A card whose answer changed since it was learned, on the screens: at every size, and without colours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.pilots import HOME_SIZE, ROOTS, SMALL, PilotClock, Size, asking, sit, write_decks

CARDS = ("heat", "branch", "rootlets", "word")
NOW = (
    ROOTS.replace("right: Alternating current", "right: Direct current")
    .replace("answer: medial branch", "answer: lateral branch")
    .replace("{{dorsal}}", "{{ventral}}")
    .replace("answer: Cutting a root", "answer: Cutting a nerve root")
)
OLD = {"heat": "Alternating current", "branch": "medial branch", "rootlets": "dorsal", "word": "Cutting a root"}
NEW = {"heat": "Direct current", "branch": "lateral branch", "rootlets": "ventral", "word": "Cutting a nerve root"}
WARNING = "! Its answer has changed since you learned it."


async def learn(home: Path, clock: PilotClock) -> Path:
    """Learn all cards, and let their answers change."""
    decks = write_decks(home / "decks", roots=ROOTS)
    async with sit(home, decks=decks, plan=asking(*CARDS), clock=clock) as seat:
        for _ in CARDS:
            if seat.card == "heat":
                await seat.press(seat.option(), "enter")
            elif seat.card == "word":
                await seat.press("enter", "3")
            else:
                await seat.write(OLD[seat.card], "enter", "enter")
    clock.forward(days=1)
    return write_decks(home / "decks", roots=NOW)


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
@pytest.mark.parametrize("colours", [True, False])
async def test_the_old_and_the_new_answer_are_told_once_the_question_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: Size, colours: bool
) -> None:
    if not colours:
        monkeypatch.setenv("NO_COLOR", "1")
    clock = PilotClock()
    decks = await learn(tmp_path, clock)
    seen = []
    async with sit(tmp_path, decks=decks, plan=asking(*CARDS), clock=clock, size=size) as seat:
        for _ in CARDS:
            card = seat.card
            seen.append(card)
            assert WARNING in seat.told, "told before, so that nobody answers out of habit"
            assert NEW[card] not in seat.told or card == "heat", "but not what it is now"
            if card == "heat":
                await seat.press(seat.option())
            elif card == "word":
                await seat.press("enter")
            else:
                await seat.write(OLD[card], "enter")
            await seat.press("pagedown")
            told = f"! Changed since you learned it. It was: {OLD[card]}. Now: {NEW[card]}"
            above = seat.told
            await seat.press("pageup")
            assert told in above or told in seat.told
            await seat.press("3" if card == "word" else "enter")
    assert sorted(seen) == sorted(CARDS)


async def test_the_verdict_and_the_change_are_in_sight_at_once(tmp_path: Path) -> None:
    clock = PilotClock()
    decks = await learn(tmp_path, clock)
    async with sit(tmp_path, decks=decks, plan=asking("heat"), clock=clock) as seat:
        await seat.press(seat.option(right=False))
        assert "✗ Wrong" in seat.told
        assert "It was: Alternating current. Now: Direct current" in seat.told
