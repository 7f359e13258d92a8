"""Every kind of question, answered by keyboard alone and by mouse alone, and what is told when an answer is not one."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.memory import Rating
from quiz.study.session import Phase
from tests.support.kinds import write_kinds
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, Seat, Size, asking, sit


def place_of(seat: Seat, item: int) -> int:
    """Return where on the screen (from 1) a shuffled part of the question stands, by its index in the deck."""
    shown = seat.session.shown
    assert shown is not None
    return shown.order.index(item) + 1


def letter_of(seat: Seat, right: int) -> str:
    """Return the letter of a right side, by its index in the deck."""
    return "abcdefghi"[place_of(seat, right) - 1]


def given(seat: Seat) -> str:
    """Return the answer that is on the disk."""
    (event,) = seat.events()
    return str(event.body["given"])


def laid(seat: Seat) -> list[str]:
    """Return the steps of an order question, from the top of the screen."""
    steps = ("Numb the skin", "Place the needle", "Test for movement", "Make the lesion")
    places = {step: seat.picture.find(step) for step in steps}
    return sorted((step for step in steps if places[step] >= 0), key=lambda step: places[step])


RIGHT_ORDER = ["Numb the skin", "Place the needle", "Test for movement", "Make the lesion"]


# -- select -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["digits", "letters", "space", "click"])
async def test_boxes_are_ticked_in_each_way_and_handed_in(tmp_path: Path, way: str) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("pick")) as seat:
        places = sorted((place_of(seat, 0), place_of(seat, 1)))
        match way:
            case "digits":
                await seat.press(*map(str, places))
            case "letters":
                await seat.press(*("abcd"[place - 1] for place in places))
            case "space":
                at = 1
                for place in places:
                    await seat.press(*["down"] * (place - at), "space")
                    at = place
            case "click":
                await seat.click("Fever with stiffness")
                await seat.click("New weakness")
        assert seat.picture.count("[x]") == 2
        assert "Choose all that apply: 2 chosen." in seat.told
        assert not seat.events()
        if way == "click":
            await seat.click("Enter Done")
        else:
            await seat.press("enter")
        assert "✓ Right" in seat.told
        assert given(seat) == "0,1"


async def test_a_tick_is_taken_back(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("pick")) as seat:
        await seat.press("1", "2", "1")
        assert seat.picture.count("[x]") == 1


async def test_the_count_is_told_and_one_more_is_refused(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("two")) as seat:
        assert "0 of 2 chosen" in seat.told
        await seat.press("1", "2")
        assert "2 of 2 chosen" in seat.told
        await seat.press("3")
        assert "2 are chosen already: take one back first." in seat.told
        assert seat.picture.count("[x]") == 2
        await seat.press("1", "3")
        assert "2 of 2 chosen" in seat.told


async def test_fewer_than_asked_for_are_asked_back_once(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("two")) as seat:
        await seat.press("1", "enter")
        assert "Only 1 of 2 chosen - press Enter once more to leave it so." in seat.told
        assert not seat.events()
        await seat.press("2", "1")
        assert "once more" not in seat.told, "something else is chosen now"
        await seat.press("enter", "enter")
        assert len(seat.events()) == 1


async def test_nothing_ticked_is_asked_back_once_and_then_means_not_known(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("pick")) as seat:
        await seat.press("enter")
        assert "Tick an option - or press Enter once more for “I don't know”." in seat.told
        await seat.press("enter")
        assert "✗ Not known" in seat.told
        assert given(seat) == ""


async def test_each_wrong_tick_is_signed_and_has_its_reason_and_what_was_missed_is_named(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("pick")) as seat:
        await seat.press(*(str(place_of(seat, option)) for option in (0, 2, 3)), "enter")
        assert "✗ Wrong 1 right, 2 wrong, 1 missed: 0 of 2 points." in seat.told
        assert "· A sore spot where the needle went in: That is usual for some days." in seat.told
        assert "· Tiredness in the evening: The calming medicine lasts into the evening." in seat.told
        signs = {line.split("]")[1].strip(): line.split()[0] for line in seat.picture.splitlines() if "[" in line}
        assert signs == {
            "Fever with stiffness of the neck": "✓",
            "New weakness of a leg  missed": "✓",
            "A sore spot where the needle went in": "✗",
            "Tiredness in the evening": "✗",
        }


async def test_a_part_of_what_is_right_is_told_as_such(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("pick")) as seat:
        await seat.press(str(place_of(seat, 0)), "enter")
        assert "≈ Partly right 1 right, 0 wrong, 1 missed: 1 of 2 points." in seat.told
        assert seat.events()[0].rating == Rating.AGAIN


# -- number -----------------------------------------------------------------------------------------------------------


async def test_what_is_no_number_is_told_in_a_line_and_nothing_is_lost(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("heat")) as seat:
        assert "a number" in seat.told
        await seat.write("8O", "enter")
        assert "“O” is no unit of this answer - write the number in °C." in seat.told
        assert seat.session.phase is Phase.ASK
        await seat.press("backspace", "0")
        assert "is no unit" not in seat.told
        await seat.press("enter")
        assert "✓ Right" in seat.told
        assert given(seat) == "80"


@pytest.mark.parametrize(
    ("typed", "verdict"), [("80", "✓ Right"), ("82 °C", "✓ Right"), ("60", "✗ Wrong"), ("0", "✗ Wrong")]
)
async def test_a_number_is_marked_with_its_unit(tmp_path: Path, typed: str, verdict: str) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("heat")) as seat:
        assert "°C" in seat.told
        await seat.write(typed, "enter")
        assert verdict in seat.told
        assert ("Answer: 80 °C" in seat.told) is (verdict != "✓ Right")


async def test_a_number_in_another_unit_is_told_so(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("heat")) as seat:
        await seat.write("80 mm", "enter")
        assert seat.session.phase is Phase.ASK
        assert "°C" in seat.told.split("80 mm", 1)[1]


# -- order ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["pick up", "digits", "shift", "click", "drag"])
async def test_steps_are_laid_in_order_in_each_way(tmp_path: Path, way: str) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("steps")) as seat:
        for to, step in enumerate(RIGHT_ORDER):
            at = laid(seat).index(step)
            if at == to:
                continue
            match way:
                case "pick up":
                    while not any(line.lstrip().startswith("▸") and step in line for line in seat.picture.splitlines()):
                        await seat.press("down")
                    await seat.press("space", *["up"] * (at - to), "enter")
                case "digits":
                    await seat.press(str(at + 1), str(to + 1))
                case "shift":
                    while not any(line.lstrip().startswith("▸") and step in line for line in seat.picture.splitlines()):
                        await seat.press("down")
                    await seat.press(*["shift+up"] * (at - to))
                case "click":
                    await seat.click(step)
                    assert "◆" in seat.picture
                    await seat.click(laid(seat)[to])
                case "drag":
                    await seat.drag(*laid(seat)[to : at + 1][::-1])
            assert laid(seat).index(step) == to
            assert "◆" not in seat.picture
        assert not seat.events()
        if way in ("click", "drag"):
            await seat.click("[ Done ]")
        elif way == "digits":
            await seat.press("s")
        else:
            while "▸ [ Done ]" not in seat.picture:
                await seat.press("down")
            await seat.press("enter")
        assert "✓ Right" in seat.told
        assert given(seat) == "0,1,2,3"


@pytest.mark.parametrize("way", ["key", "row", "click"])
async def test_an_untouched_list_is_no_answer(tmp_path: Path, way: str) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("steps")) as seat:

        async def done() -> None:
            if way == "key":
                await seat.press("s")
            elif way == "click":
                await seat.click("[ Done ]")
            else:
                await seat.press("up") if "▸ [ Done ]" not in seat.picture else None
                await seat.press("enter")

        await done()
        assert "Move the steps into their order - or choose Done once more for “I don't know”." in seat.told
        assert not seat.events()
        await done()
        assert given(seat) == ""
        assert "✗ Not known" in seat.told
        assert laid(seat) == RIGHT_ORDER


async def test_a_step_that_is_picked_up_is_put_back_with_esc(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("steps")) as seat:
        before = laid(seat)
        await seat.press("2", "down", "down")
        assert "Enter Lay it down Esc Put it back" in seat.told
        assert laid(seat) != before
        await seat.press("escape")
        assert laid(seat) == before
        assert "Space Pick up" in seat.told
        await seat.press("s")
        assert "Move the steps into their order" in seat.told, "what is put back was not moved"


async def test_a_step_stops_at_the_ends_of_the_list(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("steps")) as seat:
        first = laid(seat)[0]
        await seat.press("1", "up")
        assert laid(seat)[0] == first
        await seat.press(*["down"] * 9)
        assert laid(seat)[-1] == first
        await seat.press("enter", "shift+down")
        assert laid(seat)[-1] == first


async def test_done_lays_down_what_is_picked_up(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("steps")) as seat:
        await seat.press("1", "down", "s")
        shown = seat.session.shown
        assert shown is not None
        first, second, *rest = shown.order
        assert given(seat) == ",".join(map(str, [second, first, *rest]))


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL, LARGE])
async def test_a_wrong_order_shows_the_right_one_beside_it_and_the_first_wrong_step(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("steps"), size=size) as seat:
        await seat.press(str(place_of(seat, 3)), "1")  # the last step first
        for to, step in enumerate((0, 1, 2), 2):
            name = RIGHT_ORDER[step]
            at = laid(seat).index(name) + 1
            if at != to:
                await seat.press(str(at), str(to))
        await seat.press("s")
        assert "≈ Partly right 3 of 4 are in the right order." in seat.told
        assert "First wrong: step 1 is “Numb the skin”, not “Make the lesion”." in seat.told
        assert seat.events()[0].rating == Rating.HARD
        await seat.press(*["up"] * 20)
        read = ""
        for _ in range(12):
            read += seat.told
            await seat.press("down")
        for line in ("↓ 1 Make the lesion", "→ Numb the skin", "↑ 2 Numb the skin"):
            assert line in read


# -- match ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL, LARGE])
@pytest.mark.parametrize("way", ["letters", "digits and letters", "clicks"])
async def test_pairs_are_matched_in_each_way(tmp_path: Path, way: str, size: Size) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("pairs"), size=size) as seat:
        letters = [letter_of(seat, right) for right in range(3)]
        match way:
            case "letters":
                await seat.press(*letters)
            case "digits and letters":
                for row in (2, 0, 1):
                    await seat.press(str(row + 1), letters[row])
            case "clicks":
                for left, right in (("SDR", 1), ("trigeminal", 2), ("facet treatment", 0)):
                    await seat.press(*["pageup"] * 2)
                    await seat.click(left)
                    await seat.press(*["pagedown"] * 2)
                    await seat.click(f"{letters[right]}  the")
        assert "▸ [ Done ]" in seat.picture
        assert not seat.events()
        if way == "clicks":
            await seat.click("[ Done ]")
        else:
            await seat.press("enter")
        assert "✓ Right" in seat.told
        assert given(seat) == "0,1,2"


async def test_a_pair_is_changed_and_taken_back(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("pairs")) as seat:
        first, second = letter_of(seat, 0), letter_of(seat, 1)
        await seat.press(first, "1", second)
        assert "facet treatment → the dorsal" in " ".join(seat.told.split())
        await seat.press("1", second)
        assert "1 facet treatment → …" in seat.told


async def test_rows_without_anything_are_asked_back_once(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("pairs")) as seat:
        await seat.press("s")
        assert "Choose a letter for each row - or choose Done once more for “I don't know”." in seat.told
        await seat.press(letter_of(seat, 0), "s")
        assert "2 rows have nothing yet - choose Done once more to leave it so." in seat.told
        await seat.press("s")
        assert given(seat) == "0,-,-"
        assert "≈ Partly right 1 of 3 pairs are right." in seat.told
        assert "✓ 1 facet treatment → the medial branch" in seat.told
        assert "✗ 2 SDR → … right: the dorsal rootlets" in seat.told


# -- figures ----------------------------------------------------------------------------------------------------------

WIDE, NARROW = "╭──╯░░   │   ░░╰──╮ ═════[1]═══╗ ╭─────╮ │", "╭──┬──╮ ═[1]═╗ │"


@pytest.mark.parametrize(("size", "drawing"), [(HOME_SIZE, WIDE), (LARGE, WIDE), (SMALL, NARROW), ((60, 18), WIDE)])
@pytest.mark.parametrize("card", ["name", "point", "shown"])
async def test_a_figure_is_drawn_cell_for_cell_by_the_room_there_is(
    tmp_path: Path, card: str, size: Size, drawing: str
) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking(card), size=size) as seat:
        figure = seat.desk.library.figure("root")
        assert figure is not None
        whole = figure.wide if drawing is WIDE else figure.narrow
        lines = [line.removeprefix(" " * (len(line) - len(line.lstrip()))) for line in whole.split("\n")]
        seen = [line.strip(" ▁▂▃▄▅▆▇█") for line in seat.picture.splitlines()]
        assert drawing in whole
        for line in lines[: 5 if size == SMALL else None]:
            assert line.strip() in seen


async def test_the_figure_changes_with_the_terminal(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("name")) as seat:
        await seat.resize(*SMALL)
        assert NARROW in seat.picture
        await seat.resize(*HOME_SIZE)
        assert WIDE in seat.picture


@pytest.mark.parametrize("way", ["digit", "button", "drawing"])
async def test_a_mark_is_pointed_at_in_each_way(tmp_path: Path, way: str) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("point")) as seat:
        if way == "digit":
            await seat.press("3")
        else:
            await seat.click("[3]", nth=0 if way == "drawing" else 1)
        assert "✓ Right" in seat.told
        assert given(seat) == "3"
        assert "[3] ventral root: It carries motor fibres out of the cord." in seat.told
        assert "✓[3]" in seat.picture


async def test_a_wrong_mark_is_named_beside_the_right_one(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("point")) as seat:
        await seat.press("2")
        assert "✗[2]" in seat.picture
        assert "✗ Wrong You chose [2]. Answer: [3]" in seat.told
        assert "[3] ventral root: It carries motor fibres out of the cord. [2] dorsal root ganglion" in seat.told


async def test_a_mark_that_the_figure_does_not_have_is_told(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("point")) as seat:
        await seat.press("7")
        assert "The figure has no mark 7." in seat.told
        assert not seat.events()


async def test_a_mark_is_named_in_words(tmp_path: Path) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("name")) as seat:
        await seat.write("the posterior roots", "enter")
        assert "✓ Right" in seat.told
        assert "[1]: It carries sensory fibres into the cord." in seat.told


async def test_what_would_tell_the_answer_is_kept_back_until_it_is_given(tmp_path: Path) -> None:
    decks = write_kinds(tmp_path / "decks")
    figure = decks / "figures" / "root.yaml"
    text = figure.read_text("utf-8").replace("The two roots", "The dorsal root and the ventral root")
    figure.write_text(text, "utf-8")
    async with sit(tmp_path, decks=decks, plan=asking("name"), size=LARGE) as seat:
        assert "From the cord to the joint" in seat.told
        assert "The dorsal root" not in seat.told
        await seat.write("x", "enter")
        assert "The dorsal root and the ventral root join outside the cord." in seat.told


async def test_a_figure_that_is_missing_leaves_the_question_to_be_answered(tmp_path: Path) -> None:
    decks = write_kinds(tmp_path / "decks")
    async with sit(tmp_path, decks=decks, plan=asking("point")) as seat:
        await seat.press("3")
        assert "✓ Right" in seat.told
    (decks / "figures" / "root.yaml").unlink()
    async with sit(tmp_path / "b", decks=decks, plan=asking("point")) as seat:
        assert "1-9 Answer" in seat.told
        await seat.press("3")
        assert "✓ Right" in seat.told


# -- cases ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL, LARGE])
async def test_a_case_unfolds_and_stays_in_sight(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking("ward"), size=size) as seat:
        assert "A nurse calls you" in seat.told
        assert "Both legs" not in seat.told
        await seat.press(seat.option())
        assert "A leg that gives way" not in seat.told, "the reason of the card may tell what is still to be asked"
        assert "1 Again" not in seat.told, "within a case no rating counts"
        await seat.press("enter")
        assert "New: Both legs are weak" in seat.told.replace("▌ ", "")
        await seat.press(seat.option(), "enter")
        told = seat.told.replace("▌ ", "")
        assert "New: The scan shows blood beside the cord. What does he need? your answer" in told
        assert "New: Both legs" not in told
        if size != SMALL:
            assert "A nurse calls you" in told
        await seat.write("decompression", "enter")
        assert "✓ Right" in seat.told
        assert "A leg that gives way" in seat.told
        assert "▸3 Good" in seat.told


# -- how sure one is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "keys", "there"),
    [
        ("pick", ["1", "3", "enter"], "[x]"),
        ("heat", ["8", "1", "enter"], "81"),
        ("steps", ["1", "3", "s"], "3  Place the needle"),
        ("pairs", ["a", "b", "c", "s"], "→ the dorsal"),
        ("point", ["2"], "●[2]"),
    ],
)
async def test_what_is_about_to_be_handed_in_can_be_changed_while_certainty_is_asked(
    tmp_path: Path, card: str, keys: list[str], there: str
) -> None:
    decks = write_kinds(tmp_path / "decks")
    async with sit(tmp_path, decks=decks, plan=asking(card), settings={"certainty": "on"}) as seat:
        await seat.press(*keys)
        assert "How sure are you?" in seat.told
        await seat.press("down", "shift+up")
        held = seat.picture
        await seat.press("u")
        assert "How sure" not in seat.told
        assert there in held
        assert there in seat.picture
        await seat.press(keys[-1], "3")
        assert seat.events()[0].body["certainty"] == "high"


# -- all of them ------------------------------------------------------------------------------------------------------

CARDS = ("pick", "two", "heat", "steps", "pairs", "name", "point", "shown", "ward", "word")


async def answer_by_keys(seat: Seat) -> None:
    """Answer the question on the screen rightly with keys."""
    shown = seat.session.shown
    assert shown is not None
    match seat.card, shown.question.kind:
        case "pick" | "two", _:
            await seat.press(*(str(place_of(seat, option)) for option in (0, 1)), "enter")
        case "heat", _:
            await seat.write("80", "enter")
        case "steps", _:
            for to, step in enumerate(RIGHT_ORDER, 1):
                at = _laid_by_form(seat).index(to - 1) + 1
                if at != to:
                    await seat.press(str(at), str(to))
                assert step
            await seat.press("s")
        case "pairs", _:
            await seat.press(*(letter_of(seat, right) for right in range(3)), "s")
        case "name", _:
            await seat.write("dorsal root", "enter")
        case "point", _:
            await seat.press("3")
        case _, "typed":
            await seat.write("decompression", "enter")
        case _, "flip":
            await seat.press("enter")
        case _:
            await seat.press(seat.option())


def _laid_by_form(seat: Seat) -> list[int]:
    """Return the steps as they lie, also where not all of them are in sight."""
    from quiz.tui.widgets.steps import OrderForm

    return list(seat.app.screen.query_one(OrderForm)._laid)


@pytest.mark.parametrize("colours", [True, False])
@pytest.mark.parametrize("size", [HOME_SIZE, SMALL, LARGE])
async def test_a_session_through_every_kind_by_keyboard_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: Size, colours: bool
) -> None:
    if not colours:
        monkeypatch.setenv("NO_COLOR", "1")
    plan = asking(*CARDS)
    seen: set[str] = set()
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=plan, size=size) as seat:
        for _ in range(12):
            card = seat.card
            await answer_by_keys(seat)
            seen.add(card)
            if seat.session.phase is Phase.REVEALED:
                await seat.press("3")
            else:
                assert "✓ Right" in seat.told, seat.picture
                await seat.press("enter")
        assert seen == set(CARDS)
        assert all(event.body["mark"] == 1.0 for event in seat.events())


@pytest.mark.parametrize("size", [HOME_SIZE, LARGE])
async def test_every_kind_is_answered_by_mouse_alone(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, decks=write_kinds(tmp_path / "decks"), plan=asking(*CARDS), size=size) as seat:
        for _ in range(12):
            shown = seat.session.shown
            assert shown is not None
            match shown.question.kind:
                case "select":
                    for option in shown.order[:2]:
                        await seat.click(getattr(shown.question, "options")[option].text)  # noqa: B009
                    await seat.click("Enter Done")
                case "order":
                    await seat.drag(*laid(seat)[:2])
                    await seat.click("[ Done ]")
                case "match":
                    for letter in "abc":
                        await seat.click(f"{letter}  the")
                    await seat.click("[ Done ]")
                case "choice":
                    await seat.click("1  ")
                case "flip":
                    await seat.click("Show the answer")
                    await seat.click("3 Good")
                    continue
                case "figure" if getattr(shown.question, "points"):  # noqa: B009
                    await seat.click("[3]")
                case _:  # typing needs a keyboard; not knowing does not
                    await seat.click("Don't know")
            assert seat.session.phase is Phase.FEEDBACK, seat.picture
            await seat.click("Enter Go on")
        assert len(seat.events()) == 12
