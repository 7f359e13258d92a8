"""A patient session on the screens: stories of an educator at the keyboard or with a mouse, and how it looks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.color import Color
from textual.content import Content

from quiz.deck.lessons import TeachPlan, open_lessons
from quiz.desk import open_desk
from quiz.paths import find
from quiz.study.teach import Stage, Step, Teaching
from quiz.text import FORBIDDEN
from quiz.tui.app import CALM_DARK, QuizApp
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.teach import UNWRITTEN, TeachScreen
from quiz.tui.screens.teach_choice import TeachChoiceScreen
from quiz.tui.screens.teach_page import TeachPageScreen
from tests.support.hostile import LONG_WORD, MARKUP
from tests.support.lessons import LOCAL, lesson, write_lessons
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, PilotClock, Seat, Size
from tests.support.screens import check_golden

SIZES = [HOME_SIZE, SMALL, LARGE]


@asynccontextmanager
async def sit_with(
    folder: Path,
    *sessions: dict[str, Any],
    size: Size = HOME_SIZE,
    chosen: bool = True,
    target: Path | None = None,
    local: str = "",
    home_first: bool = False,
) -> AsyncIterator[Seat]:
    """Open a patient session (or their choice), as `quiz teach` does; with `home_first` open the home screen.

    The decks are written where there are none yet.
    """
    decks = folder / "decks"
    if not decks.exists():
        write_lessons(decks, *sessions, local=local)
    clock = PilotClock()
    desk = open_desk(find(str(folder / "home"), "default", {}), [str(decks)], clock)
    try:
        lessons = open_lessons([decks], decks / "local.yaml")
        plan = TeachPlan(lessons, lessons.sessions.found[0] if chosen else None, target)
        app = QuizApp(desk) if home_first else QuizApp(desk, teach=plan)
        async with app.run_test(size=size, notifications=True) as pilot:
            seat = Seat(app, pilot, desk, clock)
            await seat.settle()
            yield seat
    finally:
        desk.close()


def teaching(seat: Seat) -> Teaching:
    """Return the session of the screen on top."""
    assert isinstance(seat.app.screen, TeachScreen), f"{seat.app.screen} is on top"
    return seat.app.screen.teaching


async def to(seat: Seat, stage: Stage, point: int | None = None) -> None:
    """Go on until this step; on a small screen Enter may only show more of one."""
    for _ in range(200):
        if teaching(seat).step == Step(stage, point):
            return
        await seat.press("enter")
    raise AssertionError(f"{stage} of {point} was never reached")


# -- stories ----------------------------------------------------------------------------------------------------------


async def test_one_point_by_keyboard(tmp_path: Path) -> None:
    async with sit_with(tmp_path) as seat:
        assert "To begin, say We have ten minutes. Stop me at any time." in seat.told
        await seat.press("enter")
        assert "Point 1 of 5" in seat.told
        assert "Say This is about danger signs. Please listen." in seat.told
        await seat.press("enter", "1")
        assert "[x] 1 first of danger signs" in seat.told
        assert "[ ] 2 second of danger signs" in seat.told
        await seat.press("enter")
        assert "Say it in a simpler way In short: danger signs." in seat.told
        assert "first of danger signs" not in seat.told
        await seat.press("down", "space")
        assert "[x] 1 second of danger signs" in seat.told
        await seat.press("enter")
        assert "Some people think: “I know all about danger signs.” What do you think?" in seat.told
        await seat.press("enter")
        assert "Then say Many think so. There is more to danger signs." in seat.told
        await seat.press("enter")
        assert "Point 2 of 5" in seat.told
        assert [p.title for p in teaching(seat).taught().back] == ["Danger signs"]


async def test_one_point_by_mouse_alone(tmp_path: Path) -> None:
    async with sit_with(tmp_path, lesson(), lesson(procedure="sdr", title="For your child"), chosen=False) as seat:
        await seat.click("For your child")
        for _ in range(2):
            await seat.click("Enter Go on")
        await seat.click("first of danger")
        await seat.click("second of danger")
        await seat.click("second of danger")
        assert teaching(seat).ticked == {0}
        await seat.click("← Back")
        assert teaching(seat).step == Step(Stage.SAY, 0)
        await seat.click("q End here")
        assert teaching(seat).done
        await seat.click("w Page")
        assert seat.on(TeachPageScreen)
        await seat.click("Esc leave it")
        await seat.click("q Leave")
        assert seat.app.return_code == 0


@pytest.mark.parametrize("back", ["left", "backspace"])
async def test_one_can_go_back_and_what_was_ticked_is_still_there(tmp_path: Path, back: str) -> None:
    async with sit_with(tmp_path) as seat:
        await to(seat, Stage.ASK, 0)
        await seat.press("2", "enter", "enter")
        await seat.press(back, back)
        assert "[x] 2 second of danger signs" in seat.told
        await seat.press(*[back] * 5)
        assert "To begin" in seat.told


async def test_a_figure_is_looked_at_together(tmp_path: Path) -> None:
    async with sit_with(tmp_path) as seat:
        await to(seat, Stage.LOOK, 1)
        assert "───────[1]───────" in seat.picture
        assert "[1] The joint." in seat.told


async def test_the_end_names_what_was_told_back_and_what_to_come_back_to(tmp_path: Path) -> None:
    async with sit_with(tmp_path) as seat:
        await to(seat, Stage.ASK, 0)
        await seat.press("1", "2")
        await to(seat, Stage.QUESTIONS)
        await seat.press("2", "enter")
        assert "You told these back · Danger signs We come back to these · What it does" in seat.told
        assert "Questions to take to your visit · What else is there? " in seat.told
        assert "Press w for a page to take home." in seat.told


async def test_ending_early_loses_nothing(tmp_path: Path) -> None:
    async with sit_with(tmp_path) as seat:
        await to(seat, Stage.ASK, 0)
        await seat.press("1", "q")
        assert "What we did" in seat.told
        await seat.press("left")
        assert "[x] 1 first of danger signs" in seat.told


async def test_one_procedure_is_chosen_and_only_that_one_is_seen(tmp_path: Path) -> None:
    async with sit_with(tmp_path, lesson(), lesson(procedure="sdr", title="For your child"), chosen=False) as seat:
        assert seat.on(TeachChoiceScreen)
        assert "1 Nerve heating 2 For your child" in seat.told.replace("▸ ", "")
        await seat.press("down", "enter")
        assert teaching(seat).session.procedure == "sdr"
        assert "Nerve heating" not in seat.told


async def test_a_digit_chooses_too_and_one_without_a_session_does_nothing(tmp_path: Path) -> None:
    async with sit_with(tmp_path, chosen=False) as seat:
        await seat.press("5")
        assert seat.on(TeachChoiceScreen)
        await seat.press("1")
        assert seat.on(TeachScreen)


async def test_a_held_enter_does_not_run_through_the_steps(tmp_path: Path) -> None:
    async with sit_with(tmp_path) as seat:
        seat.clock.step = 30
        await seat.press(*["enter"] * 20)
        assert teaching(seat).step == Step(Stage.SAY, 0)


async def test_the_phone_numbers_stand_with_the_danger_signs(tmp_path: Path) -> None:
    async with sit_with(tmp_path, local=LOCAL) as seat:
        await seat.press("enter")
        assert "Back clinic: 555 0100 Night and weekend: 555 0199 Emergency: 112 " in seat.told


async def test_files_with_faults_are_told_before_the_choice(tmp_path: Path) -> None:
    faulty = lesson(procedure="sdr", title=None)
    async with sit_with(tmp_path, faulty, lesson(), chosen=False, local="x: y\n") as seat:
        assert "Left out:" in seat.told
        assert "(and 1 more)" in seat.told
        assert "1 Nerve heating" in seat.told


# -- the page ---------------------------------------------------------------------------------------------------------


async def test_the_page_is_written_where_one_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with sit_with(tmp_path) as seat:
        await seat.press("enter", "q", "w")
        assert "facet.html" in seat.told
        await seat.press("enter")
        assert "The page to take home is in facet.html" in seat.told
        assert Path("facet.html").read_text("utf-8").startswith("<!doctype html>")
        await seat.press("w")
        assert "facet-1.html" in seat.told, "a name that is free"


async def test_a_name_that_cannot_be_taken_is_told_and_the_dialog_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("facet.html").write_text("theirs")
    async with sit_with(tmp_path) as seat:
        await seat.press("enter", "q", "w", *["backspace"] * 20)
        for name, said in (
            ("", "the page has no name"),
            ("facet.html", "facet.html is there already"),
            ("none/a.md", "there is no folder none"),
        ):
            await seat.write(name, "enter")
            assert said in seat.told
            assert seat.on(TeachPageScreen)
            await seat.press(*["backspace"] * 20)
        await seat.write("b.md", "enter")
        assert teaching(seat).done
        assert "The page to take home is in b.md" in seat.told
    assert Path("facet.html").read_text() == "theirs"


async def test_a_page_that_was_asked_for_before_is_written_at_the_end_and_follows_what_is_changed(
    tmp_path: Path,
) -> None:
    target = tmp_path / "page.md"
    async with sit_with(tmp_path, target=target) as seat:
        await to(seat, Stage.ASK, 0)
        assert not target.exists()
        await seat.press("q")
        assert "The page to take home is in" in seat.told
        first = target.read_text("utf-8")
        await seat.press("left", "1", "2", "q")
        assert target.read_text("utf-8") != first
        await seat.press("q")
    assert seat.app.return_code == 0


async def test_a_page_that_was_asked_for_and_is_not_written_is_told_to_the_shell(tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    async with sit_with(tmp_path, target=target) as seat:
        target.write_text("theirs")  # since the program was started
        await seat.press("enter", "q")
        assert "  !" in seat.picture
        assert "is there already - choose another name" in seat.told
        await seat.press("q")
    assert seat.app.return_code == UNWRITTEN
    assert target.read_text() == "theirs"


# -- nothing is kept --------------------------------------------------------------------------------------------------


def prints(folder: Path) -> dict[str, str]:
    """Return a fingerprint of each file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


async def test_nothing_about_the_person_is_stored(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    async with sit_with(tmp_path):
        pass  # the history and the catalogue are there now
    before = prints(tmp_path / "home")
    assert "profiles/default/history.sqlite" in before
    async with sit_with(tmp_path, target=page) as seat:
        await to(seat, Stage.ASK, 0)
        await seat.press("1", "2", "enter")
        await to(seat, Stage.QUESTIONS)
        await seat.press("1", "enter")
        assert teaching(seat).done
        assert list(seat.desk.history.events()) == []
        await seat.press("q")
    assert page.exists()
    assert prints(tmp_path / "home") == before


# -- from the home screen ---------------------------------------------------------------------------------------------


async def test_it_opens_from_home_and_leads_back_there(tmp_path: Path) -> None:
    async with sit_with(tmp_path, home_first=True) as seat:
        seat.app.teach()
        await seat.settle()
        assert seat.on(TeachChoiceScreen)
        await seat.press("enter")
        assert seat.on(TeachScreen)
        await seat.press("q", "q")
        assert seat.on(HomeScreen)
        seat.app.teach()
        await seat.settle()
        await seat.press("escape")
        assert seat.on(HomeScreen)


async def test_without_sessions_home_says_so_and_stays(tmp_path: Path) -> None:
    async with sit_with(tmp_path, home_first=True) as seat:
        (tmp_path / "decks" / "patients" / "facet.yaml").unlink()
        seat.app.teach()
        await seat.settle()
        assert seat.on(HomeScreen)
        assert "there is no patient session in" in seat.told


# -- looks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_how_it_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: Size) -> None:
    monkeypatch.chdir(tmp_path)

    def golden(name: str) -> None:
        check_golden(seat.app, f"teach_{name}_{size[0]}x{size[1]}")

    second = lesson(procedure="sdr", title="For your child: a talk for parents")
    async with sit_with(tmp_path, lesson(), second, chosen=False, local=LOCAL, size=size) as seat:
        golden("choice")
        await seat.press("1")
        golden("begin")
        await to(seat, Stage.SAY, 0)
        golden("say")
        await to(seat, Stage.ASK, 0)
        await seat.press("1")
        golden("ask")
        await to(seat, Stage.AGAIN, 0)
        golden("again")
        await to(seat, Stage.PROBE, 0)
        golden("probe")
        await to(seat, Stage.ANSWER, 0)
        golden("answer")
        await to(seat, Stage.LOOK, 1)
        golden("look")
        await to(seat, Stage.QUESTIONS)
        golden("questions")
        await to(seat, Stage.END)
        golden("end")
        await seat.press("w")
        golden("page")
        await seat.press("escape", "question_mark")
        golden("help")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", [(Stage.SAY, 0), (Stage.ASK, 0), (Stage.END, None)])
async def test_all_of_a_long_step_is_seen_by_pressing_enter(
    tmp_path: Path, size: Size, place: tuple[Stage, int | None]
) -> None:
    """Enter shows what is below before it goes on: nothing of a danger sign is passed over."""
    fields = lesson()
    sentences = [f"Sentence number {n} of a long text." for n in range(40)]
    fields["points"][0] |= {"say": " ".join(sentences), "teach_back": " ".join(sentences)}
    fields["questions_for_your_visit"] = sentences[:9]
    async with sit_with(tmp_path, fields, size=size) as seat:
        while teaching(seat).step != Step(*place):
            teaching(seat).next() if place[0] is not Stage.END else teaching(seat).end()
        screen = seat.app.screen
        assert isinstance(screen, TeachScreen)
        screen._show()
        await seat.settle()
        read = seat.told
        while "Enter More" in seat.told or (place[0] is Stage.END and screen._more):
            await seat.press("enter")
            read += " " + seat.told
        assert teaching(seat).step == Step(*place)
        assert sentences[8] in " ".join(read.split())
        assert (sentences[39] in read) is (place[0] is not Stage.END)


def is_red(color: Color | None) -> bool:
    if color is None or color.triplet is None:
        return False
    red, green, blue = color.triplet
    return red > 120 and red > 1.6 * green and red > 1.6 * blue


async def test_nothing_on_any_step_is_red_or_a_score(tmp_path: Path) -> None:
    assert is_red(Color.parse(CALM_DARK.error or "")), "the law below can fail"
    async with sit_with(tmp_path) as seat:
        while True:
            strips = seat.app.screen._compositor.render_strips()
            styles = [segment.style for strip in strips for segment in strip if segment.style]
            assert not [style for style in styles if is_red(style.color) or is_red(style.bgcolor)]
            assert not re.search(r"%|\bscore|\bright\b|\bwrong\b|\bcorrect|\d:\d\d", seat.told, re.I)
            if teaching(seat).done:
                break
            await seat.press("1", "enter")


# -- hostile sessions -------------------------------------------------------------------------------------------------

SIGN = "Ꙭ"
TEXTS = {
    "markup": " ".join(MARKUP.values()),
    "capitals in brackets": "[TODO] y[i] [$primary] [b]",
    "long word": LONG_WORD,
    "scripts": "選択的後根切断術は痙縮を和らげる手術である。" * 4 + "يقلل قطع الجذور الظهرية من التشنج " * 3,
    "marks": "👨‍👩‍👧‍👦 🏳️‍🌈 👩🏽‍⚕️ 🇩🇪 " * 4 + "e\u0301\u0302\u0303" * 60 + "a\u200bb\u200cc\u200dd" * 30,
}


def hostile(text: str) -> dict[str, Any]:
    """Return a session that has the text in every place."""
    said = f"{SIGN}{text}"
    fields = lesson(title=said, opening=said, questions_for_your_visit=[said] * 9, no_numbers=[said])
    for point in fields["points"]:
        names = ("title", "say", "teach_back", "say_it_simpler", "misconception", "gentle_correction")
        point |= dict.fromkeys(names, said) | {"listen_for": [said] * 3}
        if "figure" in point:
            point["figure_says"] = [said]
    return fields


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """See to it that nothing from a session is parsed as markup."""
    seen: list[str] = []
    original = Content.from_markup

    def watch(markup: str | Content, **variables: object) -> Content:
        seen.append(str(markup))
        return original(markup, **variables)

    monkeypatch.setattr(Content, "from_markup", watch)
    yield
    assert not [text for text in seen if SIGN in text]


@pytest.mark.usefixtures("parsed")
@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
@pytest.mark.parametrize("name", TEXTS)
async def test_a_hostile_session_goes_through_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, size: Size
) -> None:
    monkeypatch.chdir(tmp_path)
    words = TEXTS[name].replace("'", "''")
    local = f"clinic: {{name: '{words}', phone: '{words}', who_to_call: '{words}'}}\n"
    async with sit_with(tmp_path, hostile(TEXTS[name]), chosen=False, local=local, size=size) as seat:
        await seat.press("1")
        stages = set()
        while not teaching(seat).done:
            step = teaching(seat).step
            stages.add(step.stage)
            for line in seat.picture.splitlines():
                assert not FORBIDDEN.search(line), repr(line)
                assert cell_len(line) <= size[0]
            await seat.press("1", "enter", "pagedown")
            if teaching(seat).step == step:  # more of it was shown: the rest is as long as a hostile text may be
                teaching(seat).next()
                seat.app.screen._show()  # type: ignore[attr-defined]
                await seat.settle()
        assert stages >= {Stage.BEGIN, Stage.SAY, Stage.LOOK, Stage.ASK, Stage.AGAIN, Stage.PROBE, Stage.QUESTIONS}
        await seat.press("w", "enter")
        assert Path("facet.html").exists()
        await seat.press("q")
        assert seat.app.return_code == 0


async def test_a_session_with_escape_codes_is_left_out(tmp_path: Path) -> None:
    decks = write_lessons(tmp_path, lesson(), lesson(procedure="sdr", title="x"))
    path = decks / "patients" / "sdr.yaml"
    path.write_text(path.read_text("utf-8").replace('"x"', "\x1b]0;owned\x07\u202ex"), "utf-8")
    lessons = open_lessons([decks], decks / "local.yaml")
    assert [s.procedure for s in lessons.sessions.found] == ["facet"]
    assert not any(FORBIDDEN.search(str(problem)) for problem in lessons.problems)
