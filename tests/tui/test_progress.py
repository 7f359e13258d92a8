"""The Progress screen: what it says, by keyboard and by mouse, at every size, and with much to count."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from quiz.memory import Rating
from quiz.report.record_file import check
from quiz.report.standing import standing
from quiz.report.told import HEADINGS
from quiz.study.plan import Plan
from quiz.text import FORBIDDEN
from quiz.tui.screens import page, progress
from quiz.tui.screens.danger import DangerScreen
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.progress import ProgressScreen
from quiz.tui.screens.record import RecordScreen
from quiz.tui.screens.study import StudyScreen
from quiz.tui.widgets.keyline import KeyLine
from tests.support.desks import give, learned
from tests.support.hostile import LONG_WORD, MARKUP
from tests.support.lives import REFRESHED, lived
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, PilotClock, Seat, Size, sit, write_decks
from tests.support.screens import check_golden

SIZES = [HOME_SIZE, SMALL, LARGE]
TALL = (100, 200)  # the whole page is in sight
NUMBER = len(HEADINGS)  # of the sections


async def read(seat: Seat) -> str:
    """Return all that the page says, from its top to its end, scrolled by a line."""
    seat.app.screen.query_one("#body").scroll_home(animate=False)
    await seat.settle()
    seen = seat.told
    for _ in range(140):
        await seat.press("down")
        last = seat.picture.splitlines()
        seen += " ".join(last).strip() + " "
    return " ".join(seen.split())


# -- what it says -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_the_sections_look_as_they_always_did(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size, clock=lived(tmp_path)) as seat:
        await seat.press("g")
        check_golden(seat.app, f"progress_{size[0]}x{size[1]}")
        for number in range(1, 11):
            await seat.press(str(number % 10))
            check_golden(seat.app, f"progress_{number}_{size[0]}x{size[1]}")
        await seat.press("d", "enter")
        check_golden(seat.app, f"progress_danger_{size[0]}x{size[1]}")
        await seat.press("escape", "w")
        check_golden(seat.app, f"progress_record_{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_a_beginner_is_told_what_will_stand_there(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size) as seat:
        await seat.press("g")
        check_golden(seat.app, f"progress_new_{size[0]}x{size[1]}")
        await seat.press("d", "w")  # there is nothing to open
        assert seat.on(ProgressScreen)
        told = await read(seat)
        for sentence in ("No card is on the danger list", "No practice exam was handed in yet.", "There was none yet."):
            assert sentence in told


@pytest.mark.parametrize("sat", [True, False])
@pytest.mark.parametrize("day", ["2027-09-15", "2026-11-26"])
async def test_the_overview_has_a_line_for_each_section_with_an_exam_set_too(
    tmp_path: Path, sat: bool, day: str
) -> None:
    clock = lived(tmp_path) if sat else None
    async with sit(tmp_path, clock=clock, settings={"exam": f"2026-11-01..{day}"}) as seat:
        await seat.press("g")
        await seat.app.workers.wait_for_complete()
        await seat.settle()
        sheet = seat.app.screen.query_one("#overview")
        assert sheet.size.height == 1 + NUMBER, seat.picture
        line = next(line for line in seat.picture.splitlines() if "7  Exams" in line)
        assert re.search(r"\d % expected on \d\d \w{3} 202[67]; " + ("last \\d+ %" if sat else "none sat yet"), line)


async def test_pictures_are_told_in_words_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with sit(tmp_path, size=TALL, clock=lived(tmp_path)) as seat:
        await seat.press("g")
        for sentence in (
            "Everything",
            "recalled",
            "2 cards to put right",
            "1 of 6 for 21 days or more",
            "What you have met comes to 1 card and 1 minute a day.",
            "The most cards are to come on Thu 26 Nov 2026: 4, in 1 minute.",
            "of 40 reviews (the aim is 90 %).",
            "Young cards: 80 % of 20 reviews.",
            "That is 1 minute on each of them; the most was 2 minutes on Mon 02 Nov 2026.",
            "Forgotten 5 times in 160 answers; difficulty 10 of 10.",
            "it said 88 %; 88 % were right. The forecast fits.",
            "· none ○ 1 to 9 ◐ 10 to 29 ● 30 answers and more",
            "In 26 weeks: answers on 29 days",
            "✓ passed",
            "the trend is rising",
            "where that likely lies (95 %), ░ where this level earns most",
            "You were sure of 2 cards and wrong:",
            "cards passed",
        ):
            assert sentence in seat.told, seat.picture


async def test_without_cards_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    async with sit(tmp_path, decks=tmp_path / "empty") as seat:
        await seat.press("g")
        assert "There are no cards." in seat.told


async def test_a_rating_by_hand_and_an_undo_are_seen_at_once(tmp_path: Path) -> None:
    async with sit(tmp_path, settings={"certainty": "on"}) as seat:
        session = seat.desk.session(Plan(seed=7))
        give(session, right=False, certainty="high")
        await seat.press("g", "2")
        assert "You were sure of 1 card and wrong:" in seat.told
        await seat.press("q")
        session.rate(Rating.GOOD)
        await seat.press("g", "2")
        assert "No card is on the danger list" in seat.told


# -- by keyboard and by mouse -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_every_section_is_reached_by_keys(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size, clock=lived(tmp_path)) as seat:
        await seat.press("g")
        seen = seat.told
        for number, heading in enumerate(HEADINGS.values(), 1):
            await seat.press("right")
            seen += seat.told
            assert f"{number % 10} {heading}" in seen
        end = seat.picture
        for _ in range(NUMBER):
            await seat.press("left")
        assert seat.picture != end
        assert "How it goes" in seat.told
        for number, heading in enumerate(HEADINGS.values(), 1):
            await seat.press(str(number % 10))
            assert f"{number % 10} {heading}" in seat.told
        await seat.press("o")
        assert "How it goes" in seat.told
        await seat.press("q")
        assert seat.on(HomeScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_by_mouse_alone(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, size=size, clock=lived(tmp_path)) as seat:
        await seat.click("g Progress")
        assert seat.on(ProgressScreen)
        await seat.click("→ Next")
        assert "Recalled now, by topic" in seat.told
        await seat.click("o Overview")
        await seat.click("Sure and wrong")
        assert "You were sure of 2 cards and wrong:" in seat.told
        await seat.click("d Danger list")
        assert seat.on(DangerScreen)
        await seat.click("What does the word", nth=seat.picture.count("What does the word") - 1)  # the page is behind
        assert "Rhizotomy means cutting a root." in seat.told
        await seat.click("Esc close")
        await seat.click("w Record")
        assert seat.on(RecordScreen)
        await seat.click("Esc leave it")
        await seat.click("q Home")
        assert seat.on(HomeScreen)


async def test_the_links_of_the_sections_open_what_they_say(tmp_path: Path) -> None:
    async with sit(tmp_path, size=TALL, clock=lived(tmp_path)) as seat:
        await seat.press("g")
        await seat.click("opens the list")
        assert seat.on(DangerScreen)
        await seat.press("d")
        await seat.click("writes the record to a file")
        assert seat.on(RecordScreen)


async def test_a_danger_opens_and_closes_and_all_of_them_are_studied(tmp_path: Path) -> None:
    async with sit(tmp_path, clock=lived(tmp_path)) as seat:
        await seat.press("g", "d")
        assert "Sure and wrong: 2 cards" in seat.told
        assert "A pad over bone burns the skin." not in seat.told
        await seat.press("enter")
        opened = seat.told
        assert "Due " in opened
        assert "Why: " in opened
        await seat.press("enter")
        assert "Why: " not in seat.told
        await seat.press("s")
        assert seat.on(StudyScreen)
        assert seat.session.plan.scope.cards
        assert set(seat.session.plan.scope.cards) <= {"pad", "word"}


async def test_where_none_in_danger_is_due_they_are_studied_beside_the_schedule(tmp_path: Path) -> None:
    async with sit(tmp_path) as seat:
        learned(seat.desk.history, "word", 1, certainty="high")  # comes back tomorrow
        before = seat.desk.history.state("word")
        await seat.press("g", "d", "s")
        assert (seat.session.plan.mode, seat.card) == ("cram", "word")
        await seat.press("enter", "3")
        assert seat.desk.history.state("word").due == before.due


async def test_cards_that_are_due_are_studied_so_that_it_counts(tmp_path: Path) -> None:
    clock = PilotClock()
    async with sit(tmp_path, clock=clock) as seat:
        learned(seat.desk.history, "word", 1, certainty="high")
        clock.forward(days=1)
        learned(seat.desk.history, "turn", 1, certainty="high")  # not due before tomorrow
        await seat.press("g", "d", "s")
        assert (seat.session.plan.mode, seat.session.plan.scope.cards) == ("study", ("word",))


# -- the record -------------------------------------------------------------------------------------------------------


async def test_the_record_of_the_last_refresher_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = lived(tmp_path)
    monkeypatch.chdir(tmp_path)
    async with sit(tmp_path, clock=clock) as seat:
        await seat.press("g", "w")
        assert "record-2026-11-24.html" in seat.told
        await seat.press("tab")
        await seat.write("Ann", "enter")
        assert seat.on(ProgressScreen)
        assert "Written to record-2026-11-24.html" in seat.told
        assert check(tmp_path / "record-2026-11-24.html").unchanged
        assert "<dd>Ann</dd>" in (tmp_path / "record-2026-11-24.html").read_text("utf-8")
        await seat.press("w")
        assert "record-2026-11-24-1.html" in seat.told


async def test_a_file_that_cannot_be_written_is_told_and_the_box_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = lived(tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("there.md").write_text("mine")
    async with sit(tmp_path, clock=clock) as seat:
        await seat.press("g", "w")
        for name, said in (("there.md", "is there already"), ("x.pdf", "no ending"), ("no/x.md", "no folder")):
            await seat.press("ctrl+u")
            await seat.write(name, "enter")
            assert seat.on(RecordScreen)
            assert said in seat.told
        assert Path("there.md").read_text() == "mine"
        await seat.press("escape")
        assert not list(Path().glob("*.html"))


# -- much to count ----------------------------------------------------------------------------------------------------


async def test_a_large_history_is_counted_beside_the_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = lived(tmp_path)
    monkeypatch.setattr(progress, "AT_ONCE", 0)
    going_on = threading.Event()
    gathered = standing

    def slowly(*about: Any) -> Any:
        for number, found in enumerate(gathered(*about)):
            if number == 2:
                going_on.wait(30)
            yield found

    monkeypatch.setattr(progress, "standing", slowly)
    async with sit(tmp_path, clock=clock, size=TALL) as seat:
        await seat.press("g")
        assert "Counting…" in seat.told
        while "Everything" not in seat.told or "You were sure of" not in seat.told:
            await seat.settle()
        assert "Counting…" in seat.told, "the rest is still to come"
        await seat.press("question_mark", "escape", "n")
        going_on.set()
        while "Counting…" in seat.told:
            await seat.settle()
        assert "cards passed" in seat.told


async def test_the_screen_can_be_left_while_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = lived(tmp_path)
    monkeypatch.setattr(page, "AT_ONCE", 0)
    async with sit(tmp_path, clock=clock) as seat:
        for _ in range(5):
            await seat.press("g")
            await seat.press("q")
        while "Counting…" in seat.told:
            await seat.settle()
        assert seat.on(HomeScreen)


# -- sizes and texts --------------------------------------------------------------------------------------------------


async def test_every_size_keeps_to_its_lines(tmp_path: Path) -> None:
    async with sit(tmp_path, clock=lived(tmp_path)) as seat:
        await seat.press("g")
        for size in ((40, 12), (55, 20), (56, 20), (60, 18), (99, 30), (120, 40), (200, 50), (80, 24)):
            await seat.resize(*size)
            for _ in range(NUMBER):
                assert all(len(line) <= size[0] for line in seat.picture.splitlines())
                assert seat.app.screen.query_one(KeyLine).region.bottom <= size[1]
                await seat.press("n")
            seat.app.screen.query_one("#body").scroll_home(animate=False)
            await seat.settle()


async def test_a_change_of_size_leaves_one_where_one_reads(tmp_path: Path) -> None:
    async with sit(tmp_path, clock=lived(tmp_path)) as seat:
        await seat.press("g", "3")
        heading = HEADINGS["ahead"]
        for size in (SMALL, LARGE, (60, 18), HOME_SIZE):
            await seat.resize(*size)
            assert heading in "\n".join(seat.picture.splitlines()[:4]), size
        await seat.press("o")
        await seat.resize(*SMALL)
        assert seat.app.screen.query_one("#body").scroll_y == 0


@pytest.mark.parametrize("name", ["closing tag", "action", "style"])
async def test_what_decks_say_is_never_markup(tmp_path: Path, name: str) -> None:
    text = MARKUP[name]
    deck = f"title: {text!r}\ncards:\n  - id: odd\n    topic: {text!r}\n    claim: {text!r}\n    why: {text!r}\n"
    deck += f"    questions:\n      - ask: {text!r}\n        answer: {text!r}\n"
    decks = write_decks(tmp_path / "decks", odd=deck)
    async with sit(tmp_path, decks=decks, size=(100, 60)) as seat:
        learned(seat.desk.history, "odd", 1, certainty="high")
        await seat.press("g")
        assert text in seat.told
        await seat.press("d", "enter")
        assert f"✓ {text}" in seat.told
        assert seat.app.return_code is None


TEXTS = {
    "long word": LONG_WORD,
    "scripts": "選択的後根切断術は痙縮を和らげる手術である。" * 4 + "يقلل قطع الجذور الظهرية من التشنج في الساقين " * 3,
    "marks": "👨‍👩‍👧‍👦 🏳️‍🌈 👩🏽‍⚕️ ❤️ 🇩🇪 " * 4 + "e\u0301\u0302\u0303\u0304" * 60,
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", TEXTS)
async def test_hostile_texts_keep_to_the_screen(tmp_path: Path, name: str, size: Size) -> None:
    text = TEXTS[name]
    card = {"id": "odd", "safety": True, "claim": text, "why": text, "topic": " ".join(text.split())[:400]}
    card["questions"] = [{"ask": text, "answer": text}]
    decks = write_decks(tmp_path / "decks", odd=json.dumps({"title": text[:400], "cards": [card]}, ensure_ascii=False))
    async with sit(tmp_path, decks=decks, size=size) as seat:
        learned(seat.desk.history, "odd", 1, certainty="high")
        seat.clock.forward(days=1)
        session = seat.desk.session(REFRESHED)
        give(session, right=False)
        for keys in (["g"], *[["n"]] * NUMBER, ["d"], ["enter"], ["pagedown"], ["escape"], ["w"], ["escape"]):
            await seat.press(*keys)
            for line in seat.picture.splitlines():
                assert cell_len(line) <= size[0]
                assert not FORBIDDEN.search(line)
