"""Patient sessions: the reader tells all that is wrong at once, and what comes with the program is sound."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest

from quiz.check.files import check_files
from quiz.deck.files import deck_files
from quiz.deck.lessons import open_lessons
from quiz.deck.sessions import read_session, read_sessions
from quiz.errors import UsageError
from quiz.paths import shipped_decks
from tests.support.lessons import lesson, opened, point, sound, write_lessons, written

SHIPPED = read_sessions([shipped_decks()])


def problems(text: str | bytes) -> list[str]:
    """Return what is wrong with a session file, a line each, without the folder."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        session, found = read_session(path)
    assert (session is None) is bool(found)
    return [str(problem).replace(f"{folder}/", "") for problem in found]


def test_a_sound_session_is_read_with_all_its_parts(tmp_path: Path) -> None:
    session = sound(tmp_path)
    assert (session.procedure, session.minutes, len(session.points), len(session.questions)) == ("facet", 10, 5, 3)
    assert [p.danger_signs for p in session.points] == [True, False, False, False, True]
    assert session.points[1].figure_says == ("[1] The joint.",)
    assert [(n.count, n.under, n.of) for n in session.numbers] == [(5, False, "treatments"), (1, True, "people")]
    assert [blank.date for blank in session.sheet.fill_in] == ["visit", "stop_food", ""]
    assert session.sources == ("kim-2020", "lee-2021")


def test_a_text_on_several_lines_becomes_one(tmp_path: Path) -> None:
    assert sound(tmp_path, lesson(opening="One.\n\n  Two.")).opening == "One. Two."


@pytest.mark.parametrize(
    ("changed", "what", "mend"),
    [
        ({"procedure": None}, "field 'procedure' is missing", "add 'procedure: …'"),
        ({"procedure": "Facet RF"}, "'procedure' is 'Facet RF'", "use small letters"),
        ({"title": ""}, "'title' is blank", "write a text"),
        ({"titel": "x"}, "unknown field 'titel' in the patient session", "did you mean 'title'?"),
        ({"minutes": 0}, "'minutes' is '0'", "from 1 to 60"),
        ({"minutes": "ten"}, "'minutes' is 'ten'", "from 1 to 60"),
        ({"opening": None}, "field 'opening' is missing", "add 'opening: …'"),
        ({"points": None}, "field 'points' is missing", "a list below it"),
        ({"points": "x"}, "'points' is a text", "write a list"),
        ({"points": []}, "'points' is an empty list", "write at least one"),
        ({"questions_for_your_visit": [f"{n}?" for n in range(10)]}, "has 10 items", "write 1 to 9 of them"),
        ({"questions_for_your_visit": []}, "has 0 items", "write at least one"),
        ({"timeline": None}, "field 'timeline' is missing", "with its fields below it"),
        ({"timeline": {"before": ["x"], "during": ["x"]}}, "field 'after' is missing", "a list below it"),
        ({"timeline": ["x"]}, "'timeline' is a list", "write its fields below it"),
        ({"numbers": ["x"]}, "an item of 'numbers' is a text", "write '- field: …'"),
        ({"no_numbers": []}, "'no_numbers' has 0 items", "take it out"),
        ({"take_home": "x"}, "'take_home' is a text", "write its fields below it"),
    ],
)
def test_each_fault_is_told_with_its_mend(changed: dict[str, Any], what: str, mend: str) -> None:
    (found,) = problems(written(lesson(**changed)))
    assert what in found
    assert mend in found.partition(" - ")[2]
    assert found.startswith("s.yaml:")


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"say": None}, "field 'say' is missing"),
        ({"listen_for": None}, "field 'listen_for' is missing"),
        ({"listen_for": [str(n) for n in range(10)]}, "'listen_for' has 10 items"),
        ({"danger_signs": "perhaps"}, "'danger_signs' is neither yes nor no"),
        ({"figure": "joint"}, "field 'figure_says' is missing"),
        ({"figure_says": ["x"]}, "'figure_says' without a figure"),
        ({"score": "1"}, "unknown field 'score' in a point"),
        ({"misconception": ["a", "b"]}, "'misconception' is a list"),
    ],
)
def test_each_fault_of_a_point_is_told(changed: dict[str, Any], what: str) -> None:
    points = lesson()["points"]
    points[2] = {name: value for name, value in point("Third", **changed).items() if value is not None}
    (found,) = problems(written(lesson(points=points)))
    assert what in found


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"out_of_100": "5%"}, "'out_of_100' is '5%'"),
        ({"out_of_100": 101}, "'out_of_100' is '101'"),
        ({"out_of_100": "1 in 4"}, "'out_of_100' is '1 in 4'"),
        ({"out_of_100": None}, "field 'out_of_100' is missing"),
        ({"sources": None}, "a number without a source - add"),
        ({"sources": []}, "a number without a source - add"),
        ({"study": None}, "field 'study' is missing"),
        ({"per": 1000}, "unknown field 'per' in a number"),
    ],
)
def test_a_number_is_out_of_100_and_has_its_source(changed: dict[str, Any], what: str) -> None:
    number = {"out_of_100": 5, "did": "had pain", "study": "One study.", "sources": ["kim-2020"], **changed}
    (found,) = problems(written(lesson(numbers=[{k: v for k, v in number.items() if v is not None}])))
    assert what in found


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"go_now": None}, "field 'go_now' is missing"),
        ({"call_today": []}, "'call_today' has 0 items"),
        ({"fill_in": [{"label": "x", "date": "vist"}]}, "'date' is 'vist', which is not known - did you mean 'visit'?"),
        ({"fill_in": ["x"]}, "an item of 'fill_in' is a text"),
        ({"fill_in": None}, "field 'fill_in' is missing"),
        ({"last_line": None}, "field 'last_line' is missing"),
    ],
)
def test_each_fault_of_the_page_is_told(changed: dict[str, Any], what: str) -> None:
    sheet = {name: value for name, value in (lesson()["take_home"] | changed).items() if value is not None}
    (found,) = problems(written(lesson(take_home=sheet)))
    assert what in found


@pytest.mark.parametrize("count", [4, 8])
def test_a_session_has_five_to_seven_points(count: int) -> None:
    points = [point(f"Point {n}", danger_signs=n in (0, count - 1)) for n in range(count)]
    (found,) = problems(written(lesson(points=points)))
    assert f"there are {count} points - teach 5 to 7" in found


@pytest.mark.parametrize(("at", "which"), [(0, "first"), (-1, "last")])
def test_danger_signs_come_first_and_last(at: int, which: str) -> None:
    points = lesson()["points"]
    points[at]["danger_signs"] = False
    (found,) = problems(written(lesson(points=points)))
    assert f"the {which} point is not about danger signs" in found


def test_all_faults_are_told_at_once_in_their_order() -> None:
    text = "procedure: X\ntitle: [a]\nminutes: 0\npoints:\n  - title: a\n  - b\n"
    found = problems(text)
    lines = [int(problem.split(":")[1]) for problem in found]
    assert lines == sorted(lines)
    assert len(found) > 12


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is empty - begin with 'procedure: …'"),
        ("# nothing\n", "holds no patient session - begin with 'procedure: …'"),
        ("- a\n", "the patient session is a list - begin with 'procedure: …'"),
        ("a: [\n", "not readable as YAML"),
        ("title: a\x1b[31m\n", "holds U+001B"),
        ("title: a\u202eb\n", "holds U+202E"),
        (b"\xff\xfea\x00", "is UTF-16"),
        ("title: &x a\n", "anchor '&x'"),
    ],
)
def test_a_file_that_is_no_session_is_told_in_one_line(text: str | bytes, what: str) -> None:
    assert any(what in problem for problem in problems(text))


# -- several sessions -------------------------------------------------------------------------------------------------


def test_sessions_are_found_beside_a_deck_and_below_a_folder(tmp_path: Path) -> None:
    decks = write_lessons(tmp_path / "a" / "b")
    deck = decks / "deck.yaml"
    deck.write_text("title: x\n", "utf-8")
    for root in (tmp_path, decks, deck, decks / "patients"):
        assert [s.procedure for s in read_sessions([root]).found] == ["facet"]
    assert read_sessions([tmp_path / "nowhere"]).found == ()


def test_they_and_the_local_layer_are_no_decks(tmp_path: Path) -> None:
    assert deck_files(write_lessons(tmp_path, local="clinic: {name: x}\n")) == []


def test_a_session_of_a_later_root_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    ours = write_lessons(tmp_path / "ours", lesson(), lesson(procedure="sdr"))
    own = write_lessons(tmp_path / "own", lesson(title="As we do it"))
    found = read_sessions([ours, own])
    assert [(s.procedure, s.title) for s in found.found] == [("facet", "As we do it"), ("sdr", "Nerve heating")]
    assert found.problems == ()


def test_two_sessions_of_one_root_about_one_procedure_are_a_problem(tmp_path: Path) -> None:
    decks = write_lessons(tmp_path)
    (decks / "patients" / "second.yaml").write_text(written(lesson()), "utf-8")
    found = read_sessions([decks])
    assert len(found.found) == 1
    assert "a session about 'facet' stands in" in str(found.problems[0])


def test_a_faulty_session_is_left_out_and_told_and_the_others_stay(tmp_path: Path) -> None:
    lessons = opened(write_lessons(tmp_path, lesson(procedure="sdr", title=None), lesson()))
    assert [s.procedure for s in lessons.sessions.found] == ["facet"]
    assert "field 'title' is missing" in str(lessons.problems[0])


def test_without_any_session_the_mend_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no patient session in .* 'patients'"):
        open_lessons([tmp_path], tmp_path / "local.yaml")
    with pytest.raises(UsageError, match="field 'title' is missing"):
        opened(write_lessons(tmp_path, lesson(title=None)))


def test_an_unknown_procedure_is_told_with_the_nearest(tmp_path: Path) -> None:
    lessons = opened(write_lessons(tmp_path))
    with pytest.raises(UsageError, match=r"no patient session about 'faset' - did you mean 'facet'\?"):
        lessons.session("faset")
    with pytest.raises(UsageError, match="there are: facet"):
        lessons.session("\x1b[31m")


def test_a_figure_that_is_not_there_is_left_out_of_the_session(tmp_path: Path) -> None:
    decks = write_lessons(tmp_path)
    lessons = opened(decks)
    assert list(lessons.figures(lessons.session("facet"))) == ["joint"]
    (decks / "figures" / "joint.yaml").unlink()
    assert lessons.figures(lessons.session("facet")) == {}


# -- quiz check -------------------------------------------------------------------------------------------------------


def test_quiz_check_reads_sessions_and_what_they_name(tmp_path: Path) -> None:
    decks = write_lessons(tmp_path)
    (decks / "figures" / "joint.yaml").unlink()
    told = [str(problem).rpartition("/")[2] for problem in check_files([decks]).problems]
    assert told == [
        "facet.yaml: figure 'joint' is not known - add it, or take the figure out",
        "facet.yaml: source 'lee-2021' is not known - add it, or take the source out",
    ]
    assert [str(p).rpartition("/")[2] for p in check_files([decks / "patients" / "facet.yaml"]).problems] == told
    assert [str(p).rpartition("/")[2] for p in check_files([decks / "patients"]).problems] == told


# -- the sessions that come with the program --------------------------------------------------------------------------


def test_there_is_a_sound_session_for_each_procedure_that_is_taught() -> None:
    assert SHIPPED.problems == ()
    assert {s.procedure for s in SHIPPED.found} == {"lumbar-facet-rf", "cervical-facet-rf", "sdr", "trigeminal-rf"}
    assert check_files([shipped_decks()]).problems == ()


@pytest.mark.parametrize("session", SHIPPED.found, ids=lambda session: session.procedure)
def test_each_point_has_sources_and_each_session_a_number_with_one(session: Any) -> None:
    assert all(p.sources for p in session.points)
    assert session.numbers
    assert all(number.sources for number in session.numbers)
