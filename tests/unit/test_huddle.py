"""Huddles: counts by a show of hands, tally, totals - and nothing stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.cli.console import Console, Signals
from quiz.cli.huddling import HuddleMode
from quiz.deck.scope import Scope
from quiz.desk import open_library
from quiz.errors import UsageError
from quiz.study.blueprint import ExamPlan
from quiz.study.huddle import HAD_IT, Huddle, draw_for_group
from tests.support.desks import Place, choice, mixed, typed
from tests.support.exams import every_kind, exam_plan
from tests.support.lines import Typing, assert_golden


@pytest.fixture
def place(tmp_path: Path) -> Place:
    found = Place(tmp_path)
    found.write(*(choice(f"c{n}", claim=f"Claim {n}.", why=f"Reason {n}.") for n in range(3)))
    return found


def huddle(place: Place, plan: ExamPlan | None = None) -> Huddle:
    library = open_library(place.paths, [str(place.decks)])
    try:
        return Huddle(draw_for_group(library, plan or exam_plan(limit=3)))
    finally:
        library.close()


def hands(found: Huddle, right: int, wrong: int) -> str:
    """Return the counts for so many right hands, and so many wrong ones on one option."""
    assert found.shown is not None
    key = found.shown.question.key
    other = next(c for c in found.choices if c != key)
    return " ".join(str(right if c == key else wrong if c == other else 0) for c in found.choices)


def test_a_whole_huddle(place: Place) -> None:
    found = huddle(place)
    assert (found.size, found.number, found.open_ended) == (3, 1, False)
    for right, wrong in ((10, 5), (0, 4), (7, 0)):
        tally = found.count(hands(found, right, wrong))
        assert (tally.hands, tally.right) == (right + wrong, right)
        assert tally.share == right / (right + wrong)
        assert [reason.right for reason in tally.reasons] == list(tally.rights)
        assert sorted(reason.why for reason in tally.reasons) == ["", "because 1", "because 2", "because 3"]
        found.next()
    assert found.shown is None
    totals = found.totals()
    assert (totals.asked, totals.hands, totals.right) == (3, 26, 17)
    assert len(totals.weakest) == 2


def test_a_miscount_can_be_corrected_and_a_question_left_out(place: Place) -> None:
    found = huddle(place)
    found.count("1 1 1 1")
    found.count("2 0 0 0")
    found.next()
    found.next()
    assert (found.totals().asked, found.totals().hands, found.number) == (1, 2, 3)


@pytest.mark.parametrize("line", ["", "1 2 3", "1 2 3 4 5", "0 0 0 0", "1 2 x 4", "1 2 -3 4", "1 2 3 ½", "1 2 3 10000"])
def test_what_is_no_count_is_told_with_an_example(place: Place, line: str) -> None:
    found = huddle(place)
    said = "type 4 numbers, the hands for each in turn, as in: 3 10 2 0"
    assert found.problem(line) == said
    with pytest.raises(UsageError, match="type 4 numbers"):
        found.count(line)
    assert (found.tally, found.totals().asked) == (None, 0)


@pytest.mark.parametrize("line", ["3 10 2 0", "3,10,2,0", " 3, 10  2 , 0 "])
def test_counts_may_be_typed_with_or_without_commas(place: Place, line: str) -> None:
    assert huddle(place).count(line).counts == (3, 10, 2, 0)


def test_a_question_without_options_is_voted_on_after_its_answer(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(typed("t0"))
    found = huddle(place, exam_plan(limit=1))
    assert (found.open_ended, found.choices) == (True, HAD_IT)
    tally = found.count("9 3")
    assert (tally.hands, tally.right, tally.reasons) == (12, 9, ())


def test_several_right_options_are_all_right(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(*every_kind())
    found = huddle(place, exam_plan(limit=1, kinds=("select",)))
    tally = found.count("1 2 3 4")
    assert sum(tally.rights) == 2
    assert tally.right == sum(n for n, right in zip((1, 2, 3, 4), tally.rights, strict=True) if right)


def test_questions_with_options_come_first(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(*(mixed(f"m{n}") for n in range(3)), *(typed(f"t{n}") for n in range(9)))
    found = huddle(place, exam_plan(limit=3))
    kinds = []
    while found.shown is not None:
        kinds.append(found.shown.question.kind)
        found.next()
    assert kinds == ["choice"] * 3


def test_a_huddle_stores_nothing(place: Place) -> None:
    """It never sees a history: after one, no file but the cache of the decks is there."""
    lines = ["3 1 0 0", "", "", "0 1 2 3", "", "1 1 1 1", ""]
    with_home = {path for path in place.paths.history.parent.rglob("*") if path.is_file()}
    talk(place, lines, interactive=True)
    assert {path for path in place.paths.history.parent.rglob("*") if path.is_file()} == with_home == set()
    assert not place.paths.history.exists()


def test_a_huddle_after_study_leaves_the_history_as_it_was(place: Place) -> None:
    with place.open() as desk:
        desk.history.record([desk.history.event("flag", card="c0", body={"on": True})])
        before = list(desk.history.events())
    talk(place, ["3 1 0 0", "0 1 2 3", "1 1 1 1"])
    with place.open() as desk:
        assert list(desk.history.events()) == before
        assert list(desk.history.query("select * from session")) == []


# -- in lines ---------------------------------------------------------------------------------------------------------


def talk(place: Place, lines: list[str], *, interactive: bool = False) -> str:
    """Hold a huddle in lines and return what was said."""
    with Typing(lines, place.clock) as source:
        library = open_library(place.paths, [str(place.decks)])
        try:
            found = Huddle(draw_for_group(library, ExamPlan(Scope(), limit=3, seed=2)))
            console = Console(source, source.out, interactive=interactive, echo=True, width=None)
            HuddleMode(library, found, console, Signals()).run()
        finally:
            library.close()
        return source.out.getvalue()


def test_a_huddle_by_pipe_reads_as_a_conversation(place: Place) -> None:
    place.write(choice("c0", claim="Claim 0.", why="Reason 0."), *every_kind()[1:2], typed("nerve"))
    assert_golden("huddle_pipe.txt", talk(place, ["3 10", "4 1 3 0", "0 8", ":next"]))


def test_a_huddle_at_the_keyboard_reads_as_a_conversation(place: Place) -> None:
    place.write(choice("c0", claim="Claim 0.", why="Reason 0."), typed("nerve"), choice("c1"))
    lines = [":help", "3 10 2", "3 10 2 0", "", "", "9 1", ":nxet", "", "1 1 1 1", ":quit"]
    assert_golden("huddle_keyboard.txt", talk(place, lines, interactive=True))


def test_a_huddle_that_ends_before_any_count(place: Place) -> None:
    assert talk(place, [":quit"]).endswith("No hands were counted.\n")
    assert talk(place, []).endswith("No hands were counted.\n")
