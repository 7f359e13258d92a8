"""Decks, answers and notes that mean harm, through every screen at three sizes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.content import Content

from quiz.text import FORBIDDEN
from quiz.tui.screens.study import StudyScreen
from tests.support.hostile import ESCAPES, LONG_STEM, LONG_WORD, MARKUP
from tests.support.pilots import HOME_SIZE, SMALL, Seat, Size, asking, sit, write_decks

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
    """Return a deck that has the text in every place where a text may stand."""
    said = f"{SIGN}{text}"
    one_line = " ".join(said.split())
    entry: dict[str, Any] = {
        "claim": said,
        "why": said,
        "case": said,
        "topic": one_line[:400],
        "certainty": "moderate",
        "sources": ["odd"],
    }
    short = said[:600]
    options = [{"right": f"{short} r"}, {"wrong": f"{short} w", "why": said}, {"wrong": f"{short} v", "why": said}]
    hole = said.replace("{", "(").replace("}", ")")
    questions: list[dict[str, Any]] = [
        {"ask": said, "choices": options},
        {"ask": said, "answer": said, "accept": []},
        {"cloze": f"{hole} {{{{{hole}}}}} {hole}"},
        {"ask": said, "answer": said},
        {"ask": said, "choices": [*options, {"right": f"{short} q"}]},
        {"ask": said, "choose": 2, "choices": [*options, {"right": f"{short} q"}]},
        {"ask": said, "order": [f"{short} {step}" for step in "abcd"]},
        {"ask": said, "match": {f"{short} {side}": f"{short} {side}{side}" for side in "abc"}, "distractors": [short]},
        {"ask": said, "number": 80, "unit": "°C", "tolerance": 5},
        {"ask": said, "figure": "odd", "mark": 1, "answer": short},
        {"ask": said, "figure": "odd", "mark": 2},
        {"ask": said, "figure": "odd", "choices": options},
    ]
    cards = [{"id": f"odd-{n}", **entry, "questions": [question]} for n, question in enumerate(questions)]
    steps = [{"ask": said, "choices": options}, {"case": said, "ask": f"{said} 2", "choices": options}]
    cards.append({"id": f"odd-{len(cards)}", **entry, "questions": steps})
    return json.dumps({"title": one_line, "cards": cards}, ensure_ascii=False)


def figure_of(text: str) -> str:
    """Return a figure that has the text in every place where a text may stand."""
    said = f"{SIGN}{text}"
    marks = [{"mark": mark, "label": f"{said[:300]} {mark}", "note": said} for mark in (1, 2)]
    wide, narrow = "┌[1]──[2]┐\n└────────┘", "[1]\n[2]"
    head = {"id": "odd", "title": said[:300], "caption": said, "alt": f"{said}. {said}", "note": said}
    return json.dumps({**head, "wide": wide, "narrow": narrow, "marks": marks}, ensure_ascii=False)


CARDS = 13


def write_hostile(folder: Path, text: str) -> Path:
    """Write a deck and a figure with the text in them."""
    write_decks(folder, odd=deck_of(text))
    (folder / "figures").mkdir()
    (folder / "figures" / "odd.yaml").write_text(figure_of(text), "utf-8")
    return folder


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


def sound(seat: Seat, width: int) -> None:
    """Nothing on the screen is wider than it or could give the terminal an order."""
    from rich.cells import cell_len

    for line in seat.picture.splitlines():
        assert not FORBIDDEN.search(line), repr(line)
        assert cell_len(line) <= width


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
@pytest.mark.parametrize("name", TEXTS)
async def test_a_hostile_deck_goes_through_every_screen(
    tmp_path: Path, name: str, size: Size, parsed: list[str]
) -> None:
    decks = write_hostile(tmp_path / "decks", TEXTS[name])
    (decks / "sources.yaml").write_text(json.dumps({"odd": {"title": f"{SIGN} {TEXTS[name][:2000]}"}}), "utf-8")
    (decks / "bad.yaml").write_text(json.dumps({"title": "x", "cards": [{f"{SIGN}{TEXTS[name][:99]}": 1}]}), "utf-8")
    async with sit(tmp_path, decks=decks, size=size, settings={"new": 50, "minutes": 0}) as seat:
        assert not [p for p in seat.desk.library.problems() if "odd.yaml" in str(p.place)]

        async def look(*keys: str) -> None:
            await seat.press(*keys)
            sound(seat, size[0])

        await look()
        for keys in (["o"], ["down"], ["o"], ["p"], ["pagedown"], ["escape"], ["f"], ["pagedown"], ["escape"]):
            await look(*keys)
        await look("enter")
        seen: set[str] = set()
        while len(seen) < CARDS:
            assert seat.on(StudyScreen)
            shown = seat.session.shown
            assert shown is not None
            if seat.card in seen and not shown.step:  # what was wrong comes back, and leaves no room for others
                await look("escape") if seat.app.focused else None
                await look("x")
                continue
            seen.add(seat.card)
            match shown.question.kind:
                case "choice":
                    await look("down")
                    await look(seat.option(right=False))
                case "select":
                    for keys in (["1"], ["2"], ["3"], ["enter"]):
                        await look(*keys)
                case "order":
                    for keys in (["2"], ["down"], ["enter"], ["down"], ["shift+up"], ["s"]):
                        await look(*keys)
                case "match":
                    for keys in (["a"], ["b"], ["down"], ["s"]):
                        await look(*keys)
                case "flip":
                    await look("enter")
                case "figure" if not seat.app.focused:
                    await look("9")
                    await look("1")
                case _:
                    await seat.paste(TEXTS[name])
                    await look("enter")
            if seat.session.feedback is None and shown.question.kind != "flip":
                await look("escape") if seat.app.focused else None
                await look("0")  # only blanks were pasted, what is no number, or too little was chosen
            assert seat.session.phase.name in ("FEEDBACK", "REVEALED")
            await look("o")
            await look("m")
            await look("escape")
            await look("pageup")
            await look("1" if shown.question.kind == "flip" else "enter")
        await look("x")
        await look("escape") if seat.app.focused else None
        await look("q")
        await look("enter")
        await look("x")
        await look("enter")
        await look("c")
        await look("escape") if seat.app.focused else None
        await look("q")


@pytest.mark.parametrize("name", ["colour", "window title", "eight-bit OSC", "lone escape", "bidi override"])
async def test_hostile_input_and_notes_stay_text(tmp_path: Path, name: str, parsed: list[str]) -> None:
    text = ESCAPES[name] + "[/b][@click=app.quit]x[/]"
    async with sit(tmp_path, plan=asking("branch")) as seat:
        await seat.press("z")
        await seat.paste(text)
        await seat.press("enter")
        sound(seat, 80)
        await seat.press("m")
        await seat.paste(text)
        await seat.press("enter")
        sound(seat, 80)
        kept = [*seat.events("answer"), *seat.events("flag")]
        assert len(kept) == 2
        for event in kept:
            assert not FORBIDDEN.search(json.dumps(event.body, ensure_ascii=False))


async def test_an_endless_answer_and_note_are_cut(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("branch")) as seat:
        await seat.paste(LONG_WORD)
        await seat.press("enter")
        assert "✗ Wrong You wrote “xxx" in seat.told
        await seat.press("m")
        await seat.paste(LONG_WORD)
        await seat.press("enter")
        assert len(seat.events()[0].body["given"]) <= 500
        assert len(seat.events("flag")[0].body["note"]) <= 500


async def test_a_link_in_a_deck_cannot_be_clicked(tmp_path: Path) -> None:
    decks = write_decks(tmp_path / "decks", odd=deck_of("[@click=app.quit]press me[/]"))
    async with sit(tmp_path, decks=decks, plan=asking("odd-1")) as seat:
        await seat.click("press me")
        assert seat.app.return_code is None
        assert seat.on(StudyScreen)


async def test_a_stem_longer_than_the_screen_can_be_read_and_answered(tmp_path: Path) -> None:
    card = {"id": "long", "ask": LONG_STEM, "choices": [{"right": "Yes"}, {"wrong": "No", "why": "Because."}]}
    decks = write_decks(tmp_path / "decks", long=json.dumps({"title": "Long", "cards": [card]}))
    async with sit(tmp_path, decks=decks, plan=asking(), size=SMALL) as seat:
        assert "Line 1 of a very long stem" in seat.told
        await seat.press("pagedown")
        assert "Line 1 of" not in seat.told
        await seat.press("down")
        assert "▸ 1" in seat.told, "the marked option comes into sight"
        await seat.press(seat.option(right=False))
        assert "✗ Wrong Answer: Yes" in seat.told


async def test_a_line_to_type_in_is_in_sight_below_a_long_stem(tmp_path: Path) -> None:
    card = {"id": "long", "ask": LONG_STEM, "answer": "Yes", "accept": []}
    decks = write_decks(tmp_path / "decks", long=json.dumps({"title": "Long", "cards": [card]}))
    async with sit(tmp_path, decks=decks, plan=asking(), size=SMALL) as seat:
        assert "Line 1 of a very long stem" in seat.told, "a question is read from its beginning"
        await seat.press("y")
        assert "Line 1 of" not in seat.told
        assert "y" in seat.told.partition("Line 300")[2], "what is typed is seen"
        await seat.press("enter")
        assert "✗ Wrong" in seat.told
        await seat.press("u")
        await seat.press("enter")
        assert "press Enter once more" in seat.told
