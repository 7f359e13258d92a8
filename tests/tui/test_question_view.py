"""What screens other than study rely on: an answer put back, changed, handed in again, and shown with its signs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.app import ComposeResult

from quiz.study.shown import Shown
from quiz.tui.actions import bindings
from quiz.tui.screens.asking import ANSWER_KEYS, AskingPage
from quiz.tui.widgets.question import QuestionView
from tests.support.kinds import write_kinds
from tests.support.pilots import HOME_SIZE, SMALL, Seat, Size, asking, sit

STYLES = Path(__file__).resolve().parents[2] / "quiz" / "tui" / "styles" / "study.tcss"

# By card: an answer as it is kept, what shows it, and another answer with the keys that lead to it from the first.
KEPT = {
    "pick": ("0,2", "[x]", "2", ["toggle 0", "enter"]),
    "heat": ("75", "75", "754", ["4", "enter"]),
    "steps": ("1,0,2,3", "1  Place the needle", "0,1,2,3", ["2", "1", "s"]),
    "pairs": ("1,-,2", "facet treatment", "1,0,2", ["letter 0", "s"]),
    "name": ("posterior", "posterior", "posteriorx", ["x", "enter"]),
    "point": ("2", "●[2]", "3", ["3"]),
    "shown": ("1", "The one at [3]", "0", ["place 0"]),
}


class Taker(AskingPage):
    """A page that keeps what is handed in, as an exam does."""

    NAME = "study"
    CSS_PATH = STYLES
    BINDINGS = [*bindings("study"), *ANSWER_KEYS]

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self._first = shown
        self.handed_in: list[str] = []

    def inside(self) -> ComposeResult:
        yield QuestionView(self.quiz.desk.library.figure, self._first, nothing="an empty answer")

    def on_mount(self) -> None:
        self.new_turn()
        self.view.put(self._first)

    def draw(self) -> None:
        self.draw_keys()

    def draw_keys(self) -> None:
        self.show_keys([], {}, self.view.form.keys() if self.view.form else [])

    def action_leave(self) -> None:
        self.handed_in.append("left")

    def taken(self, shown: Shown, given: str) -> None:
        assert shown is self.view.shown
        self.handed_in.append(given)


@asynccontextmanager
async def taking(tmp_path: Path, card: str, size: Size = HOME_SIZE) -> AsyncIterator[tuple[Seat, Taker]]:
    """Open a question on a screen that only keeps what is handed in."""
    decks = write_kinds(tmp_path / "decks")
    async with sit(tmp_path, decks=decks, plan=asking(card), size=size) as seat:
        screen = Taker(shown_in(seat))
        seat.app.show(screen)
        await seat.settle()
        yield seat, screen


def shown_in(seat: Seat) -> Shown:
    """Return the question of the session."""
    assert seat.session.shown is not None
    return seat.session.shown


def keys_for(shown: Shown, steps: list[str]) -> list[str]:
    """Return the keys, with parts of the question named by their index in the deck put in their places."""
    keys = []
    for step in steps:
        word, _, index = step.partition(" ")
        place = shown.order.index(int(index)) if index else 0
        keys.append({"toggle": str(place + 1), "place": str(place + 1), "letter": "abcd"[place]}.get(word, word))
    return keys


@pytest.mark.parametrize("card", KEPT)
async def test_an_answer_is_put_back_and_stands_there(tmp_path: Path, card: str) -> None:
    given, seen, _, _ = KEPT[card]
    async with taking(tmp_path, card) as (seat, screen):
        assert screen.view.given() == ""
        screen.view.restore(given)
        await seat.settle()
        assert screen.view.given() == given
        assert seen in seat.picture
        assert screen.handed_in == []


@pytest.mark.parametrize("card", KEPT)
async def test_an_answer_that_was_put_back_is_changed_and_handed_in(tmp_path: Path, card: str) -> None:
    given, _, changed, steps = KEPT[card]
    async with taking(tmp_path, card) as (seat, screen):
        screen.view.restore(given)
        await seat.settle()
        assert screen.view.shown is not None
        if card == "pick":
            changed = "2"  # the tick of the first one is taken back
        await seat.press(*keys_for(screen.view.shown, steps))
        assert screen.handed_in == [changed]


@pytest.mark.parametrize("card", KEPT)
async def test_after_an_answer_nothing_is_taken_until_it_is_put_back(tmp_path: Path, card: str) -> None:
    given, _, _, steps = KEPT[card]
    async with taking(tmp_path, card) as (seat, screen):
        assert screen.view.shown is not None
        keys = keys_for(screen.view.shown, steps)
        screen.view.restore(given)
        await seat.press(*keys)
        first = list(screen.handed_in)
        before = screen.view.given()
        await seat.press("1", "2", "a", "b", "down", "enter", "space", "s", "shift+up")
        assert screen.handed_in == first
        assert screen.view.given() == before
        screen.view.restore(given)
        await seat.settle()
        await seat.press(*keys)
        assert screen.handed_in == first * 2


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
@pytest.mark.parametrize("card", KEPT)
async def test_a_question_is_looked_at_again_with_signs_and_cannot_be_changed(
    tmp_path: Path, card: str, size: Size
) -> None:
    given, _, _, steps = KEPT[card]
    async with taking(tmp_path, card, size) as (seat, screen):
        shown = screen.view.shown
        assert shown is not None
        screen.view.freeze(given, shown.question.mark(given))
        await seat.settle()
        picture = ""
        for _ in range(8):
            picture += seat.picture
            await seat.press("down")
        assert any(sign in picture for sign in "✗✓↑≈")
        await seat.press("up", "up", "up", "up", "up", "up", "up", "up", "up", "up")
        before = seat.picture
        await seat.press(*keys_for(shown, steps), "1", "a", "space", "enter")
        assert seat.picture == before
        assert screen.handed_in == []


@pytest.mark.parametrize("card", KEPT)
async def test_an_empty_answer_is_looked_at_again(tmp_path: Path, card: str) -> None:
    async with taking(tmp_path, card) as (seat, screen):
        shown = screen.view.shown
        assert shown is not None
        screen.view.freeze("", shown.question.mark(""))
        await seat.settle()
        taking_answers = [screen.view.open]
        screen.view.put(shown)
        await seat.settle()
        taking_answers.append(screen.view.open)
        assert taking_answers == [False, True]
        assert screen.view.given() == ""


async def test_a_flip_card_is_answered_in_own_words_where_it_is_marked_later(tmp_path: Path) -> None:
    async with taking(tmp_path, "word") as (seat, screen):
        shown = screen.view.shown
        assert shown is not None
        screen.view.put(shown, own_words=True)
        await seat.settle()
        assert "in your own words" in seat.told
        await seat.write("to cut a root", "enter")
        assert screen.handed_in == ["to cut a root"]
        screen.view.put(shown)
        await seat.settle()
        assert "in your own words" not in seat.told
        assert screen.view.form is None


async def test_one_view_shows_every_kind_one_after_the_other_and_back(tmp_path: Path) -> None:
    decks = write_kinds(tmp_path / "decks")
    async with sit(tmp_path, decks=decks, plan=asking()) as seat:
        shown = {}
        for card in KEPT:
            session = seat.desk.session(asking(card), resume=False)
            assert session.shown is not None
            shown[card] = session.shown
        screen = Taker(shown_in(seat))
        seat.app.show(screen)
        await seat.settle()
        for _ in range(2):
            for card, (given, seen, _, _) in KEPT.items():
                screen.view.put(shown[card])
                assert screen.view.given() == "", card
                screen.view.restore(given)
                await seat.settle()
                assert screen.view.given() == given
                assert seen in seat.picture, seat.picture
                assert " ".join(shown[card].question.stem.split()) in seat.told
                visible = [part.id or type(part).__name__ for part in screen.view.children if part.display]
                assert len([name for name in visible if name.endswith("Form")]) == 1


async def test_what_a_screen_says_below_the_input_goes_when_the_answer_changes(tmp_path: Path) -> None:
    async with taking(tmp_path, "heat") as (seat, screen):
        screen.view.problem("that is not it - try again")
        await seat.settle()
        assert "That is not it - try again." in seat.told
        await seat.press("7")
        assert "try again" not in seat.told
        assert screen.view.given() == "7"
