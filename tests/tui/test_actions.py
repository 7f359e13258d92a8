"""The registry of actions, and what is read off it: keys, help, palette."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
from textual.command import CommandPalette

from quiz.questions.choice import LETTERS
from quiz.tui.actions import ACTIONS, EVERY_SCREEN, EVERYWHERE, QUESTION, of
from quiz.tui.screens.browse import BrowseScreen
from quiz.tui.screens.exam import ExamScreen
from quiz.tui.screens.exam_date import ExamDateScreen
from quiz.tui.screens.exam_result import ResultScreen
from quiz.tui.screens.exam_review import ReviewScreen
from quiz.tui.screens.exam_setup import ExamSetupScreen
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.huddle import HuddleScreen
from quiz.tui.screens.page import Page
from quiz.tui.screens.progress import ProgressScreen
from quiz.tui.screens.study import StudyScreen
from quiz.tui.screens.summary import SummaryScreen
from quiz.tui.screens.teach import TeachScreen
from quiz.tui.screens.teach_choice import TeachChoiceScreen
from tests.support.pilots import HOME_SIZE, SMALL, Seat, Size, asking, sit

PAGES: tuple[type[Page], ...] = (
    BrowseScreen,
    ExamDateScreen,
    ExamScreen,
    ExamSetupScreen,
    HomeScreen,
    HuddleScreen,
    ProgressScreen,
    ResultScreen,
    ReviewScreen,
    StudyScreen,
    SummaryScreen,
    TeachChoiceScreen,
    TeachScreen,
)
DIGITS = {*"123456789"}
ANSWERS: dict[type[Page], set[str]] = {
    ExamScreen: {*LETTERS, *DIGITS},
    ExamSetupScreen: {*DIGITS, "0"},
    ProgressScreen: {*DIGITS, "0"},
    StudyScreen: {*LETTERS, *DIGITS},
    TeachChoiceScreen: DIGITS,
    TeachScreen: DIGITS,
}
TUI = Path(__file__).resolve().parents[2] / "quiz" / "tui"


def keys_of(screen: str) -> list[str]:
    return [key for action in of(screen) for key in action.keys.split(",")]


@pytest.mark.parametrize("page", PAGES)
def test_each_action_has_its_method_and_a_sentence_of_help(page: type[Page]) -> None:
    for action in of(page.NAME):
        assert callable(getattr(page, f"action_{action.name}", None)), action
        assert action.help.endswith(".")
        assert action.help[0].isupper()
        assert len(action.help) < 80


def test_each_action_belongs_to_a_screen() -> None:
    assert {action.screen for action in ACTIONS} == {EVERY_SCREEN, QUESTION, *(page.NAME for page in PAGES)}


@pytest.mark.parametrize("page", PAGES)
def test_no_two_actions_of_a_screen_share_a_key_or_a_name(page: type[Page]) -> None:
    for seen in (Counter(keys_of(page.NAME)), Counter(action.name for action in of(page.NAME))):
        assert max(seen.values()) == 1, seen


@pytest.mark.parametrize("screen", ["study", "exam"])
def test_the_keys_of_options_and_ratings_are_free_where_questions_are_answered(screen: str) -> None:
    assert not set(keys_of(screen)) & {*LETTERS, *"123456789"}


@pytest.mark.parametrize("page", PAGES)
def test_every_single_key_is_in_the_registry_or_answers(page: type[Page]) -> None:
    bound = {key for binding in page.BINDINGS for key in getattr(binding, "key", "").split(",")}
    assert bound == set(keys_of(page.NAME)) | ANSWERS.get(page, set())


# -- help -------------------------------------------------------------------------------------------------------------


async def open_page(seat: Seat, name: str) -> None:
    if name != "home":
        await seat.press("enter")
    if name == "summary":
        await seat.press("q")


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
@pytest.mark.parametrize("name", ["home", "study", "summary"])
async def test_the_help_lists_the_registry_and_nothing_else(tmp_path: Path, name: str, size: Size) -> None:
    from quiz.tui.screens.help import _FIRST
    from quiz.tui.widgets.picker import RowView

    async with sit(tmp_path, size=size) as seat:
        await open_page(seat, name)
        before = seat.picture
        await seat.press("question_mark")
        rows = seat.app.screen.query(RowView)
        listed = [" ".join(row.row.draw(200).plain.split()) for row in rows if row.display]
        expected = [*_FIRST.get(name, []), *((a.shown, a.help) for a in of(name)), *EVERYWHERE]
        assert listed == [f"{key} {text}" for key, text in expected]
        read = ""
        for _ in range(60):
            read += seat.told
            await seat.press("down")
        assert EVERYWHERE[-1][1].split(".")[-2].strip() in read, "its end can be reached"
        assert "Esc close" in seat.told
        await seat.press("question_mark")
        assert seat.picture == before


@pytest.mark.parametrize("key", ["escape", "q", "f1", "enter"])
async def test_the_help_closes_with_the_keys_that_one_tries(tmp_path: Path, key: str) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        await seat.press("f1")
        assert "Keys of this screen" in seat.told
        await seat.press(key)
        assert seat.on(StudyScreen)


async def test_a_click_on_a_line_of_the_help_does_what_it_says(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat", "pad"), size=SMALL) as seat:
        card = seat.card
        await seat.press(seat.option(right=False))
        await seat.click("? Help")
        await seat.click("Say that you don't")  # does nothing after the answer
        await seat.click("? Help")
        await seat.press(*["down"] * 6)
        await seat.click("Take the last")
        assert (seat.card, seat.session.answered) == (card, [])


# -- the palette ------------------------------------------------------------------------------------------------------


async def choose(seat: Seat, text: str) -> None:
    """Open the palette, type and take what is found first."""
    await seat.press("ctrl+p")
    assert seat.on(CommandPalette)
    await seat.write(text)
    await seat.app.workers.wait_for_complete()
    await seat.pilot.pause(0.1)
    await seat.press("down")
    await seat.press("enter")
    await seat.pilot.pause(0.1)


async def test_the_palette_runs_an_action_of_the_screen(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat", "pad")) as seat:
        card = seat.card
        await seat.press(seat.option(right=False), "enter")
        assert seat.card != card
        await choose(seat, "Undo")
        assert seat.card == card
        await choose(seat, "Flag")
        assert "What is wrong with this card?" in seat.told


@pytest.mark.parametrize("key", ["pagedown", "pageup", "down", "up", "home", "end"])
async def test_the_palette_bears_every_key_while_its_list_is_empty(tmp_path: Path, key: str) -> None:
    async with sit(tmp_path) as seat:
        await seat.press("ctrl+p", key, "x", key, "q", "z", key)
        assert seat.on(CommandPalette)
        await seat.press("escape")
        assert seat.on(HomeScreen)


async def test_the_palette_leads_home_to_settings(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        await choose(seat, "Settings")
        assert "How many cards you meet for the first time on one day." in seat.told


# -- what is drawn ----------------------------------------------------------------------------------------------------

DRAWERS = {"Static", "update", "notify", "Label", "Button", "Option"}


def strings_drawn(source: str) -> list[int]:
    """Return the lines where something that may be a plain string is handed to what parses markup.

    Sound are literals, what a call returns (mypy knows that `present` returns Content), names that hold such, and
    arguments declared as Content; and `markup=False`.
    """
    tree = ast.parse(source)
    sound = {a.arg for a in ast.walk(tree) if isinstance(a, ast.arg) and getattr(a.annotation, "id", "") == "Content"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            sound |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    found = []
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        given = call.args[0] if call.args else None
        content = given is None or isinstance(given, ast.Constant | ast.Call) or getattr(given, "id", "") in sound
        told_plain = any(k.arg == "markup" and getattr(k.value, "value", None) is False for k in call.keywords)
        if name in DRAWERS and not told_plain and (name == "notify" or not content):
            found.append(call.lineno)
    return found


@pytest.mark.parametrize("path", sorted(TUI.rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_hands_a_text_to_something_that_parses_markup(path: Path) -> None:
    assert strings_drawn(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    ["Static(title)", "w.update(f'{x}')", "self.notify('x')", "Label(card.claim)", "x = 'a'\nStatic(x)"],
)
def test_the_law_above_notices_a_string(source: str) -> None:
    assert strings_drawn(source)


@pytest.mark.parametrize(
    "source",
    ["Static(plain(x))", "Static()", "notify(x, markup=False)", "x = joined(y)\nd.update(x)"],
)
def test_the_law_above_lets_content_through(source: str) -> None:
    assert not strings_drawn(source)
