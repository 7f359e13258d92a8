"""A card that is forgotten again and again: said on the feedback when it becomes one, explained on its page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quiz.memory.leech import LEECH
from quiz.study.session import Phase
from quiz.tui.screens.study import StudyScreen
from tests.support.commands import runner
from tests.support.desks import Place, choice, flip, learned, step
from tests.support.pilots import HOME_SIZE, SMALL, PilotClock, Size, asking, sit


def forgotten(root: Path, times: int) -> Place:
    """Return a place where one card was forgotten so often, and is due again."""
    place = Place(root)
    place.clock = PilotClock()
    place.write(choice("pad", contrast_with=["tip"], claim="The pad goes over muscle."), flip("tip", claim="Not it."))
    with place.open() as desk:
        card = desk.library.card("pad")
        assert card is not None
        learned(desk.history, "pad", 3)
        for _ in range(times):
            place.clock.forward(days=3)
            learned(desk.history, "pad", 1)
    place.clock.forward(days=3)
    return place


@pytest.mark.parametrize(
    ("before", "right", "said"), [(LEECH - 1, False, True), (LEECH - 2, False, False), (LEECH, False, False)]
)
@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_the_feedback_says_so_when_a_card_becomes_a_leech(
    tmp_path: Path, before: int, right: bool, said: bool, size: Size
) -> None:
    place = forgotten(tmp_path, before)
    clock = place.clock
    assert isinstance(clock, PilotClock)
    plan = asking("pad")
    async with sit(tmp_path / "home", decks=place.decks, plan=plan, clock=clock, size=size) as seat:
        await seat.press("0" if not right else "enter")
        told = " ".join(str(seat.app.screen.query_one("#after").render()).split())
        assert ("Forgotten 6 times: it does not stick." in told) is said
        assert not seat.desk.history.state("pad").suspended


async def test_the_page_of_a_leech_tells_what_it_is_taken_for_and_what_may_help(tmp_path: Path) -> None:
    place = forgotten(tmp_path, LEECH)
    clock = place.clock
    assert isinstance(clock, PilotClock)
    async with sit(tmp_path / "home", decks=place.decks, clock=clock) as seat:
        await seat.press("b")
        await seat.write("is:leech", "enter", "enter")
        assert "Forgotten again and again" in seat.told
        assert "Easily taken for: Not it." in seat.told
        assert "What may help: drill it together with “Not it” (d)." in seat.told


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
@pytest.mark.parametrize("reading", [False, True])
async def test_a_leech_is_drilled_from_browse_with_what_it_is_taken_for(
    tmp_path: Path, size: Size, reading: bool
) -> None:
    place = forgotten(tmp_path, LEECH)
    clock = place.clock
    assert isinstance(clock, PilotClock)
    async with sit(tmp_path / "home", decks=place.decks, clock=clock, size=size) as seat:
        await seat.press("b")
        await seat.write("is:leech", "enter", *["enter"] * reading)
        assert "d Drill" in seat.told
        await seat.press("d")
        assert seat.on(StudyScreen)
        screen = seat.app.screen
        assert isinstance(screen, StudyScreen)
        plan = screen.session.plan
        assert (plan.mode, plan.scope.cards) == ("contrast", ("pad", "tip"))
        asked = set[str]()
        while screen.session.phase is not Phase.DONE:
            asked.add(step(screen.session))
        assert asked == {"pad", "tip"}


async def test_a_card_without_look_alikes_has_no_drill_and_says_why(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(flip("alone"), flip("a", contrast_with=["b"]), flip("b"))
    async with sit(tmp_path / "home", decks=place.decks) as seat:
        await seat.press("b")
        await seat.press("enter")
        assert "d Drill" not in seat.told
        await seat.press("d")
        assert [note.message for note in seat.app._notifications] == [
            "no card is a look-alike of 'alone' - name some in its deck: contrast_with: [ID]"
        ]
        await seat.press("down")
        assert "d Drill" in seat.told
        await seat.press("x", "d")
        assert "'a' is suspended" in [note.message for note in seat.app._notifications][-1]
        assert not seat.on(StudyScreen)


def test_the_line_mode_and_the_card_command_tell_it_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = forgotten(tmp_path, LEECH - 1)
    monkeypatch.setenv("QUIZ_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("quiz.cli.main.SystemClock", lambda: place.clock)
    run = runner(monkeypatch, capsys, ["--decks", str(place.decks)])
    assert json.loads(run("card", "pad", "--json"))["leech"] is None
    said = run("study", "--plain", "--limit", "1", lines="?\n?\n?\n?\n")
    assert "Forgotten 6 times: it does not stick." in said
    assert said.count("Forgotten 6 times") == 1, "a second failure in the same session is no further lapse"
    assert "quiz card pad" in said
    assert json.loads(run("due", "--json"))["leeches"] == 1
    found = json.loads(run("card", "pad", "--json"))["leech"]
    assert (found["id"], found["lapses"], found["look_alikes"][0]["id"]) == ("pad", 6, "tip")
    told = run("card", "pad")
    assert "Easily taken for: Not it." in told
    assert "It is not put aside by itself" in told
