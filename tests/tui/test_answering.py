"""Every kind of question, answered in every way there is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quiz.memory import Rating
from quiz.study.session import Phase
from quiz.tui.screens.summary import SummaryScreen
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, Seat, Size, asking, sit, write_decks


@pytest.mark.parametrize("way", ["digit", "letter", "arrows", "vi keys", "up", "space", "click"])
async def test_an_option_is_taken_in_each_way(tmp_path: Path, way: str) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        place = int(seat.option())
        match way:
            case "digit":
                await seat.press(str(place))
            case "letter":
                await seat.press("abc"[place - 1])
            case "arrows":
                await seat.press(*["down"] * place, "enter")
            case "vi keys":
                await seat.press(*["j"] * (place + 1), "k", "enter")
            case "up":
                await seat.press(*["up"] * (4 - place), "enter")
            case "space":
                await seat.press(*["down"] * place, "space")
            case "click":
                await seat.click("Alternating current")
        assert "✓ Right" in seat.told
        (event,) = seat.events()
        assert (event.card, event.body["mark"], event.rating) == ("heat", 1.0, Rating.GOOD)
        assert event.body["given"] == "0"
        assert len(event.body["order"]) == 3


async def test_a_digit_beyond_the_options_and_enter_without_a_mark_do_nothing(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        await seat.press("4", "d", "9", "i", "enter", "space")
        assert seat.session.phase is Phase.ASK
        assert not seat.events()


async def test_the_options_keep_their_places_after_the_answer(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        before = [line.lstrip(" ▸✓✗") for line in seat.picture.splitlines()[4:7]]
        await seat.press(seat.option(right=False))
        assert [line.lstrip(" ▸✓✗") for line in seat.picture.splitlines()[4:7]] == before


async def test_i_dont_know_is_told_as_such_and_counts_as_not_recalled(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        await seat.press("0")
        assert "✗ Not known Answer: Alternating current" in seat.told
        (event,) = seat.events()
        assert (event.body["given"], event.rating) == ("", Rating.AGAIN)


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("medial branch", "✓ Right"),
        ("The Medial-Branch.", "✓ Right"),
        ("medial brnch", "≈ Close"),
        ("dorsal root", "✗ Wrong You wrote “dorsal root”. Answer: medial branch"),
    ],
)
async def test_a_typed_answer_is_marked(tmp_path: Path, typed: str, verdict: str) -> None:
    async with sit(tmp_path, plan=asking("branch")) as seat:
        await seat.write(typed, "enter")
        assert verdict in seat.told
        assert seat.events()[0].body["given"] == typed


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL, LARGE])
async def test_a_cloze_shows_a_blank_and_then_the_whole_sentence(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, plan=asking("rootlets"), size=size) as seat:
        assert "SDR divides part of the ____ rootlets." in seat.told
        assert "the missing words" in seat.told
        await seat.write("ventral", "enter")
        assert "✗ Wrong You wrote “ventral”." in seat.told
        assert "Answer: SDR divides part of the dorsal rootlets." in seat.told


async def test_letters_are_text_while_one_types_and_keys_after_esc(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("branch")) as seat:
        await seat.write("quom0?")
        assert "quom0?" in seat.told
        assert seat.session.phase is Phase.ASK
        await seat.press("escape")
        assert "Enter Type 0 Don't know ? Help q Stop" in seat.told
        await seat.press("question_mark")
        assert "Keys of this screen" in seat.told
        await seat.press("escape")
        assert seat.app.focused is None, "leaving the help must not put one back into the line"
        await seat.press("enter")
        await seat.write("x")
        assert "quom0?x" in seat.told
        await seat.press("escape", "0")
        assert "✗ Not known" in seat.told


async def test_f1_opens_the_help_while_one_types(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("branch")) as seat:
        await seat.press("f1")
        assert "Keys of this screen" in seat.told
        await seat.press("escape")
        await seat.write("medial branch", "enter")
        assert "✓ Right" in seat.told


async def test_an_empty_line_is_asked_for_once_more_and_then_means_not_known(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("branch")) as seat:
        await seat.press("enter")
        assert "press Enter once more for “I don't know”" in seat.told
        assert seat.session.phase is Phase.ASK
        await seat.write("  ", "enter")
        assert "✗ Not known" in seat.told
        assert seat.events()[0].body["given"] == ""


async def test_the_next_typed_question_begins_with_an_empty_line(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("branch", "rootlets")) as seat:
        await seat.write("something", "enter", "enter")
        assert "something" not in seat.told
        assert seat.app.focused is not None
        await seat.write("other", "enter", "enter")
        assert len(seat.events()) == 2


async def test_a_click_on_the_line_after_the_answer_does_not_take_the_keys_away(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("branch", "rootlets")) as seat:
        card = seat.card
        await seat.write("something", "enter")
        await seat.click("something")
        await seat.press("4")
        assert "▸4 Easy" in seat.told
        await seat.press("enter")
        assert seat.card != card


async def test_a_typed_answer_is_given_with_the_mouse_too(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("branch")) as seat:
        await seat.write("medial branch")
        await seat.click("Enter Answer")
        assert "✓ Right" in seat.told


@pytest.mark.parametrize(("key", "rating"), [("1", 1), ("2", 2), ("3", 3), ("4", 4)])
async def test_a_flip_card_is_turned_and_rated(tmp_path: Path, key: str, rating: int) -> None:
    async with sit(tmp_path, plan=asking("word", "heat")) as seat:
        while seat.card != "word":
            await seat.press(seat.option(), "enter")
        assert "Cutting a root" not in seat.told
        await seat.press("1")
        assert "Cutting a root" not in seat.told, "a rating before the answer is shown does nothing"
        await seat.press("enter")
        assert "Answer: Cutting a root Why: The Greek rhiza is a root" in seat.told
        assert "How did it go? 1 Again soon 2 Hard" in seat.told
        await seat.press("enter")
        assert seat.session.phase is Phase.REVEALED, "Enter must not rate"
        await seat.press(key)
        event = next(event for event in seat.events() if event.card == "word")
        assert (event.rating, event.body["given"]) == (rating, "0" if rating == 1 else "1")


async def test_a_flip_card_by_clicks(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("word")) as seat:
        await seat.click("Show the answer")
        await seat.click("4 Easy")
        assert seat.events()[0].rating == Rating.EASY
        assert seat.on(SummaryScreen)


async def test_a_flip_card_not_known_shows_its_answer_before_the_next_question(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("word")) as seat:
        await seat.press("0")
        assert "✗ Not known Answer: Cutting a root" in seat.told
        assert seat.events()[0].rating == Rating.AGAIN
        await seat.press("enter")
        assert seat.card == "word"


# -- how sure one is --------------------------------------------------------------------------------------------------

SURE = {"certainty": "on"}


@pytest.mark.parametrize(("key", "said"), [("1", "low"), ("2", "mid"), ("3", "high"), ("a", "low"), ("c", "high")])
async def test_certainty_is_asked_before_the_answer_is_shown(tmp_path: Path, key: str, said: str) -> None:
    async with sit(tmp_path, plan=asking("heat"), settings=SURE) as seat:
        await seat.press(seat.option())
        assert "How sure are you?" in seat.told
        assert "1 a guess 2 fairly sure 3 sure" in seat.told
        assert "Right" not in seat.told
        assert not seat.events()
        await seat.press("4", "enter", "0")
        assert "How sure are you?" in seat.told
        await seat.press(key)
        assert "✓ Right" in seat.told
        (event,) = seat.events()
        assert event.body["certainty"] == said
        assert event.rating == (Rating.AGAIN if said == "low" else Rating.GOOD)


async def test_certainty_by_mouse(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat"), settings=SURE) as seat:
        await seat.click("Alternating current")
        await seat.click("fairly sure")
        assert seat.events()[0].body["certainty"] == "mid"


async def test_certainty_of_a_flip_card_is_kept_and_does_not_reach_the_next(tmp_path: Path) -> None:
    cards = [{"id": f"flip{n}", "ask": f"Ask {n}", "answer": f"Answer {n}"} for n in range(2)]
    decks = write_decks(tmp_path / "decks", two=json.dumps({"title": "Two", "cards": cards}))
    async with sit(tmp_path, decks=decks, plan=asking(), settings=SURE) as seat:
        await seat.press("enter")
        assert "How sure are you?" in seat.told
        await seat.press("3")
        await seat.press("2", "0")
        first, second = seat.events()
        assert (first.body["certainty"], first.rating) == ("high", Rating.HARD)
        assert "certainty" not in second.body


async def test_certainty_of_a_typed_answer(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("branch"), settings=SURE) as seat:
        await seat.write("medial branch", "enter")
        assert "How sure are you?" in seat.told
        await seat.press("2")
        assert seat.events()[0].body["certainty"] == "mid"


async def test_the_choice_can_be_taken_back_while_certainty_is_asked(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat"), settings=SURE) as seat:
        wrong = seat.option(right=False)
        await seat.press(wrong)
        assert "u Back" in seat.told
        await seat.press("u")
        assert "How sure" not in seat.told
        await seat.press(seat.option(), "3")
        assert "✓ Right" in seat.told
        assert len(seat.events()) == 1


async def test_i_dont_know_needs_no_certainty(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat"), settings=SURE) as seat:
        await seat.press("0")
        assert "✗ Not known" in seat.told
        assert "certainty" not in seat.events()[0].body


async def held_by_certainty(seat: Seat) -> None:
    await seat.press(seat.option())
    assert "How sure are you?" in seat.told


async def test_leaving_while_certainty_is_asked_gives_no_answer(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat"), settings=SURE) as seat:
        await held_by_certainty(seat)
        await seat.press("q")
        assert "Nothing was answered." in seat.told
        await seat.press("s")
        assert seat.card == "heat"
        assert not seat.events()
