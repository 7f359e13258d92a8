"""The screens of exams and huddles as they look, through hostile decks, at every size, and under a cat's paws."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.content import Content

from quiz.study.blueprint import ExamPlan
from quiz.text import FORBIDDEN
from quiz.tui.app import QuizApp
from quiz.tui.screens.exam_result import ResultScreen
from quiz.tui.screens.exam_review import ReviewScreen
from tests.support.desks import sound
from tests.support.exam_seats import ExamSeat, examined
from tests.support.exams import wrong_given
from tests.support.hostile import LONG_STEM, LONG_WORD, MARKUP
from tests.support.kinds import write_kinds
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, Size, write_decks
from tests.support.screens import check_golden

SIZES = [HOME_SIZE, SMALL]
PACE = 1_000  # milliseconds a key
PLAN = ExamPlan(limit=7, seed=1, minutes=90)


def golden(seat: ExamSeat, name: str, size: Size) -> None:
    check_golden(seat.app, f"exam_{name}_{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL, LARGE])
async def test_setting_up(tmp_path: Path, size: Size) -> None:
    async with examined(tmp_path, ExamPlan(limit=9), setup=True, size=size, pace=PACE) as seat:
        golden(seat, "setup", size)
        await seat.press("up", "3", "up", "1")
        golden(seat, "blueprint", size)


@pytest.mark.parametrize("size", SIZES)
async def test_sitting_it(tmp_path: Path, size: Size) -> None:
    async with examined(tmp_path, PLAN, size=size, settings={"certainty": "exam"}, pace=PACE) as seat:
        golden(seat, "first", size)
        await seat.press("1")
        golden(seat, "sure", size)
        await seat.press("2", "m", "1", "2", "left")
        golden(seat, "flagged", size)
        await seat.press("n", "down")
        golden(seat, "overview", size)
        await seat.press("escape", "p")
        golden(seat, "paused", size)
        await seat.press("enter", "x")
        golden(seat, "hand_in", size)
        await seat.press("escape", "question_mark")
        golden(seat, "help", size)


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL, LARGE])
async def test_after_it(tmp_path: Path, size: Size) -> None:
    async with examined(tmp_path, PLAN, size=size, pace=PACE) as seat:
        await seat.press("m")
        await seat.answer_all(wrong=(1, 3))
        await seat.press("enter")
        golden(seat, "result", size)
        await seat.press("enter")
        golden(seat, "review", size)


@pytest.mark.parametrize("size", SIZES)
async def test_as_tutor(tmp_path: Path, size: Size) -> None:
    async with examined(tmp_path, ExamPlan(limit=5, seed=1, tutor=True), size=size, pace=PACE) as seat:
        await seat.answer(right=False)
        golden(seat, "tutor", size)


@pytest.mark.parametrize("size", SIZES)
async def test_a_huddle(tmp_path: Path, size: Size) -> None:
    async with examined(tmp_path, ExamPlan(limit=1, seed=1), group=True, size=size, pace=PACE) as seat:
        await seat.write("3 10 2")
        golden(seat, "huddle", size)
        await seat.press("enter")
        golden(seat, "tally", size)
        await seat.press("enter")
        golden(seat, "totals", size)


# -- hostile decks ----------------------------------------------------------------------------------------------------

SIGN = "Ꙭ"  # stands in every text of the decks below, and nowhere else
TEXTS = {
    "markup": " ".join(MARKUP.values()),
    "capitals in brackets": "[TODO] y[i] [$primary] [b]",
    "long word": LONG_WORD,
    "long stem": LONG_STEM,
    "scripts": "選択的後根切断術は痙縮を和らげる手術である。" * 4 + "يقلل قطع الجذور الظهرية من التشنج في الساقين " * 3,
    "marks": "👨‍👩‍👧‍👦 🏳️‍🌈 👩🏽‍⚕️ ❤️ 🇩🇪 " * 4 + "e\u0301\u0302\u0303\u0304" * 60 + "a\u200bb\u200cc\u200dd\u2060e" * 30,
    "lines": "one\n\ntwo\n\n\n\nthree",
}


def deck_of(text: str) -> str:
    """Return a deck that has the text in every place where a text may stand, with a card for most kinds."""
    said = f"{SIGN}{text}"
    line = " ".join(said.split())
    short = said[:600]
    entry: dict[str, Any] = {"claim": said, "why": said, "case": said, "certainty": "moderate", "sources": ["odd"]}
    head = {"topic": line[:400], "procedure": line[:300], "audience": ["nurse"]}
    options = [{"right": f"{short} r"}, {"wrong": f"{short} w", "why": said}, {"wrong": f"{short} v", "why": said}]
    more = [{"right": f"{short} r"}, {"right": f"{short} s", "why": said}, {"wrong": f"{short} v", "why": said}]
    hole = said.replace("{", "(").replace("}", ")")
    questions: list[dict[str, Any]] = [
        {"ask": said, "choices": options},
        {"ask": said, "choices": more},
        {"ask": said, "answer": said, "accept": []},
        {"cloze": f"{hole} {{{{{hole}}}}} {hole}"},
        {"ask": said, "answer": said},
        {"ask": said, "order": [f"{short} 1", f"{short} 2", f"{short} 3"]},
    ]
    cards = [{"id": f"odd-{n}", **head, **entry, "questions": [q]} for n, q in enumerate(questions)]
    return json.dumps({"title": line, "cards": cards}, ensure_ascii=False)


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


def decks_of(folder: Path, name: str) -> Path:
    decks = write_decks(folder / "decks", odd=deck_of(TEXTS[name]))
    (decks / "sources.yaml").write_text(json.dumps({"odd": {"title": f"{SIGN} {TEXTS[name][:2000]}"}}), "utf-8")
    return decks


def harmless(seat: ExamSeat, width: int) -> None:
    """Nothing on the screen is wider than it or could give the terminal an order."""
    for line in seat.picture.splitlines():
        assert not FORBIDDEN.search(line), repr(line)
        assert cell_len(line) <= width


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("tutor", [False, True], ids=["exam", "tutor"])
async def test_a_hostile_deck_goes_through_every_screen_of_an_exam(
    tmp_path: Path, name: str, size: Size, tutor: bool, parsed: list[str]
) -> None:
    decks = decks_of(tmp_path, name)
    async with examined(tmp_path, ExamPlan(limit=6, seed=2, tutor=tutor), decks=decks, size=size, setup=True) as seat:
        assert not [p for p in seat.desk.library.problems() if "odd.yaml" in str(p.place)]

        async def look(*keys: str) -> None:
            await seat.press(*keys)
            harmless(seat, size[0])

        await look()
        await look(*["down"] * 6, "right", "down", "right", "down", "right")
        await look("up", "3")
        await look(*["up"] * 3, "enter")
        for _ in range(seat.exam.size):
            await look("escape") if seat.app.focused else None
            await look("m", "n")
            await look("escape")
            seat.exam.answer(wrong_given(seat.exam.shown.question))
            seat.app.screen.query_one("QuestionView")
            await look("right")
            await look("escape") if seat.app.focused else None
            await look("left")
            await look("escape") if seat.app.focused else None
            await look("2", "o", "pagedown")
            await look("right")
        await look("escape") if seat.app.focused else None
        await look("x")
        await look("1")
        for _ in range(3):
            await look("1")
        if seat.on(ResultScreen):
            await look("pagedown")
            await look("enter")
            assert seat.on(ReviewScreen)
            for _ in range(6):
                await look("o")
                await look("pageup")
                await look("right")


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
@pytest.mark.parametrize("name", TEXTS)
async def test_a_hostile_deck_goes_through_a_huddle(tmp_path: Path, name: str, size: Size, parsed: list[str]) -> None:
    decks = decks_of(tmp_path, name)
    async with examined(tmp_path, ExamPlan(limit=6, seed=2), decks=decks, size=size, group=True) as seat:
        while seat.huddle.shown is not None:
            if seat.huddle.open_ended:
                await seat.press("enter")
            harmless(seat, size[0])
            await seat.write(" ".join(["2"] * len(seat.huddle.choices)), "enter")
            harmless(seat, size[0])
            assert seat.huddle.tally is not None
            await seat.press("o", "pageup", "enter")
        harmless(seat, size[0])


# -- sizes, colours, and a cat ----------------------------------------------------------------------------------------

PLACES = {
    "setup": [],
    "question": ["enter"],
    "sure": ["enter", "1"],
    "overview": ["enter", "n"],
    "paused": ["enter", "p"],
    "hand in": ["enter", "x"],
    "result": ["enter", "x", "2"],
    "review": ["enter", "x", "2", "enter"],
}


@pytest.mark.parametrize("way", [[SMALL, HOME_SIZE], [LARGE, (20, 5), SMALL], [HOME_SIZE, (60, 13), LARGE]])
@pytest.mark.parametrize("place", PLACES)
async def test_a_size_reached_by_way_of_another_looks_as_from_the_start(
    tmp_path: Path, place: str, way: list[Size]
) -> None:
    pictures = []
    for folder, sizes in (("a", way), ("b", way[-1:])):
        settings = {"certainty": "exam"}
        async with examined(tmp_path / folder, setup=True, size=sizes[0], settings=settings, pace=PACE) as seat:
            await seat.press(*PLACES[place])
            for size in sizes[1:]:
                await seat.resize(*size)
            pictures.append(seat.picture)
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("place", ["question", "overview", "result", "review"])
async def test_without_colours_every_state_is_still_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    with_colours = []
    for no_color in (False, True):
        if no_color:
            monkeypatch.setenv("NO_COLOR", "1")
        async with examined(tmp_path / str(no_color), setup=True, pace=PACE) as seat:
            await seat.press(*PLACES[place])
            with_colours.append(seat.picture)
    assert with_colours[0] == with_colours[1]


KEYS = (
    "1 2 3 4 a b c n n m p x w o r s e f q 0 enter enter enter space escape up down left right right pageup pagedown "
    "home end question_mark f1 backspace tab ctrl+p minus plus"
).split()


@pytest.mark.parametrize("seed", range(6))
async def test_no_sequence_of_keys_clicks_and_sizes_brings_it_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    left: list[object] = []
    monkeypatch.setattr(QuizApp, "exit", lambda _, *code: left.append(code))  # it goes on
    chance = random.Random(seed)
    decks = write_decks(tmp_path / "decks")
    write_kinds(decks)
    plan = ExamPlan(limit=8, seed=seed, minutes=chance.choice([0, 3]), tutor=chance.choice([True, False]))
    settings = {"certainty": chance.choice(["exam", "off"])}
    opened = chance.choice(["setup", "exam", "group"])
    setup, group = opened == "setup", opened == "group"
    size = chance.choice(SIZES)
    async with examined(tmp_path, plan, decks=decks, settings=settings, size=size, setup=setup, group=group) as seat:
        for _ in range(120):
            kind = chance.random()
            if kind < 0.8:
                await seat.press(chance.choice(KEYS))
            elif kind < 0.95:
                await seat.click_at(chance.randrange(seat.app.size.width), chance.randrange(seat.app.size.height))
            else:
                await seat.resize(*chance.choice([HOME_SIZE, SMALL, LARGE, (30, 8)]))
            assert not FORBIDDEN.search(seat.picture.replace("\n", ""))
        assert sound(seat.desk.history)
        assert not seat.desk.history.pending
