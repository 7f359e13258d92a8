"""Figures drawn in text: what is read, every fault of a file told, and what decks may ask of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from quiz.check.files import check_files
from quiz.deck.figures import SIZES, Figure, Label, read_figure
from quiz.paths import shipped_decks
from tests.support.decks import FLIP, assert_said, deck, write

SOUND = """\
id: joint
title: A joint
caption: Seen from behind.
wide: |2

    ──[1]──╮
      ▒▒▒  │
    ══[2]══╯

narrow: |2
  ─[1]╮
  ═[2]╯
alt: A joint, mark 1, with its nerve, mark 2.
note: Not to scale.
marks:
  - mark: 1
    label: facet joint
    note: Two nerves serve it.
  - mark: 2
    label: medial branch
"""
JOINT = Figure(
    id="joint",
    title="A joint",
    wide="──[1]──╮\n  ▒▒▒  │\n══[2]══╯",
    narrow="─[1]╮\n═[2]╯",
    alt="A joint, mark 1, with its nerve, mark 2.",
    marks=(Label(1, "facet joint", "Two nerves serve it."), Label(2, "medial branch")),
    caption="Seen from behind.",
    note="Not to scale.",
)
SHIPPED = sorted((shipped_decks() / "rhizotomy" / "figures").iterdir())


def said(text: str, folder: Path) -> list[str]:
    """Return what is wrong with a figure file, which is called `deck.yaml` in what is said."""
    path = write(folder, text, "joint.yaml")
    return [str(problem).replace(str(path), "deck.yaml") for problem in read_figure(path)[1]]


def changed(old: str, new: str) -> str:
    assert old in SOUND
    return SOUND.replace(old, new)


def test_a_figure_is_read_without_the_blanks_around_its_drawings(tmp_path: Path) -> None:
    assert read_figure(write(tmp_path, SOUND)) == (JOINT, ())


def test_caption_and_notes_may_be_left_out(tmp_path: Path) -> None:
    bare = changed("caption: Seen from behind.\n", "").replace("note: Not to scale.\n", "")
    figure, problems = read_figure(write(tmp_path, bare))
    assert (figure, problems) == (replace(JOINT, caption="", note=""), ())


FAULTS: dict[str, tuple[str, list[str]]] = {
    "empty": ("", ["| is empty | write 'id:', 'title:'"]),
    "only a remark": ("# nothing\n", ["1:1 | holds no figure | 'id:' and 'title:'"]),
    "a list": ("- a\n", ["1:1 | the figure is a list | begin with 'id: …'"]),
    "no id": (changed("id: joint\n", ""), ["1:1 | 'id' is missing | add 'id: …'"]),
    "no title": (changed("title: A joint\n", ""), ["1:1 | 'title' is missing | add 'title: …'"]),
    "no description": (
        changed("alt: A joint, mark 1, with its nerve, mark 2.\n", ""),
        ["1:1 | 'alt' is missing | add 'alt: …'"],
    ),
    "a blank description": (
        changed("alt: A joint, mark 1, with its nerve, mark 2.", "alt:"),
        ["13:5 | 'alt' is blank | write a text"],
    ),
    "an id that is a path": (changed("id: joint", "id: ../joint"), ["1:5 | id '../joint' cannot be used | letters"]),
    "a misspelt field": (changed("caption:", "capton:"), ["3:1 | 'capton' in a figure | 'caption'?"]),
    "a field of cards": (SOUND + "sources: [x]\n", ["21:1 | unknown field 'sources' in a figure | "]),
    "no wide drawing": (
        SOUND[: SOUND.index("wide")] + SOUND[SOUND.index("narrow") :],
        ["1:1 | drawing 'wide' is missing | draw it below"],
    ),
    "a blank drawing": (changed("  ─[1]╮\n  ═[2]╯\n", ""), ["10:9 | drawing 'narrow' is blank | draw it below"]),
    "a drawing that is a list": (
        changed("narrow: |2\n  ─[1]╮\n  ═[2]╯\n", "narrow: [a]\n"),
        ["10:9 | drawing 'narrow' is a list | draw it below"],
    ),
    "too wide": (
        changed("  ═[2]╯\n", f"  ═[2]╯{'─' * 34}\n"),
        ["10:9 | drawing 'narrow' has 39 columns and 2 rows | at most 38 columns and 10 rows"],
    ),
    "too high": (
        changed("  ═[2]╯\n", "  │\n" * 9 + "  ═[2]╯\n"),
        ["10:9 | drawing 'narrow' has 5 columns and 11 rows | at most 38 columns and 10 rows"],
    ),
    "a tab": (changed("  ═[2]╯\n", "  \t[2]\n"), ["10:9 | row 2 of drawing 'narrow' holds U+0009 | printable ASCII"]),
    "a wide sign": (
        changed("  ═[2]╯\n", "  ═[2]関\n"),
        ["10:9 | row 2 of drawing 'narrow' holds U+95A2 CJK | one cell wide"],
    ),
    "an emoji in the range": (changed("  ─[1]╮\n", "  ─[1]◾\n"), ["10:9 | row 1 of drawing 'narrow' holds U+25FE | "]),
    "a circled digit": (
        changed("  ─[1]╮\n", "  ─①╮\n"),
        ["10:9 | drawing 'narrow' lacks [1] | draw [1] once", "10:9 | row 1 of drawing 'narrow' holds U+2460 | ASCII"],
    ),
    "a mark that is not drawn": (changed("══[2]══", "═══════"), ["4:7 | drawing 'wide' lacks [2] | draw [2] once"]),
    "a mark that is drawn twice": (changed("══[2]══", "[2][2]═"), ["4:7 | drawing 'wide' has [2] 2 times | once"]),
    "a mark without a name": (
        changed("══[2]══", "[2][3]═"),
        ["4:7 | drawing 'wide' has [3], which 'marks' does not name | '- mark: 3'"],
    ),
    "no marks": (SOUND[: SOUND.index("marks:")], ["1:1 | 'marks' is missing | a list of '- mark: 1'"]),
    "an empty list of marks": (SOUND[: SOUND.index("marks:")] + "marks: []", ["15:8 | 'marks' is an empty list | "]),
    "a mark that is a text": (SOUND + "  - three\n", ["21:5 | this mark is a text | '- mark: 1' and 'label: …'"]),
    "a mark that stands twice": (
        changed("mark: 2\n", "mark: 1\n"),
        ["19:11 | mark 1 stands twice | its own number"],
    ),
    "a mark out of range": (changed("mark: 2\n", "mark: 10\n"), ["19:11 | 'mark' is '10' | number from 1 to 9"]),
    "a mark without its number": (
        changed("  - mark: 2\n    label", "  - label"),
        ["19:5 | 'mark' is missing | 'mark: 1'"],
    ),
    "a mark without a label": (
        changed("    label: medial branch\n", ""),
        ["19:5 | 'label' is missing | add 'label: …'"],
    ),
    "a misspelt field of a mark": (changed("    note: Two", "    not: Two"), ["18:5 | 'not' in a mark | 'note'?"]),
    "no figure at all": ("title: [x\n", ["2:1 | not readable as YAML | "]),
}


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*case, id=name) for name, case in FAULTS.items()])
def test_faults_are_told_with_their_place_and_no_figure_is_left(text: str, expected: list[str], tmp_path: Path) -> None:
    assert_said(said(text, tmp_path), expected)
    assert read_figure(tmp_path / "joint.yaml")[0] is None


def test_all_faults_of_a_figure_are_told_at_once(tmp_path: Path) -> None:
    text = changed("title: A joint\n", "").replace("══[2]══", "═══════").replace("caption:", "capton:")
    assert len(said(text, tmp_path)) == 3


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    figure, (problem,) = read_figure(tmp_path / "no.yaml")
    assert figure is None
    assert str(problem) == f"{tmp_path / 'no.yaml'}: is not there - check the name and the path"


@pytest.mark.parametrize(
    ("columns", "rows", "expected"),
    [(8, 3, JOINT.wide), (80, 24, JOINT.wide), (7, 3, JOINT.narrow), (8, 2, JOINT.narrow), (4, 24, ""), (80, 1, "")],
)
def test_the_wide_drawing_is_shown_where_there_is_room(columns: int, rows: int, expected: str) -> None:
    assert JOINT.drawing(columns, rows) == expected


def test_a_mark_is_found_by_its_number() -> None:
    assert JOINT.label(2) == Label(2, "medial branch")
    assert JOINT.label(3) is None


def test_it_comes_back_from_the_catalogue() -> None:
    assert "\n" not in JOINT.as_json()
    assert Figure.from_json(JOINT.as_json()) == JOINT


# -- the figures that come with the program ---------------------------------------------------------------------------


def test_there_are_eight() -> None:
    assert len(SHIPPED) == 8


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in SHIPPED])
def test_a_shipped_figure_is_sound_and_fits_the_screens(path: Path) -> None:
    figure, problems = read_figure(path)
    assert problems == ()
    assert figure is not None
    assert figure.id == path.stem
    assert len(figure.marks) >= 7
    assert all(label.note for label in figure.marks)
    assert [figure.drawing(*SIZES[name]) for name in ("wide", "narrow")] == [figure.wide, figure.narrow]


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in SHIPPED])
def test_no_drawing_names_what_its_marks_ask_for(path: Path) -> None:
    figure = read_figure(path)[0]
    assert figure is not None
    for drawing in (figure.wide, figure.narrow):
        assert [label.label for label in figure.marks if label.label.lower() in drawing.lower()] == []


# -- what decks ask of them -------------------------------------------------------------------------------------------


def checked(folder: Path, *entries: str) -> list[str]:
    """Return what `quiz check` says of a deck beside the sound figure, with `deck.yaml` for its path."""
    write(folder, SOUND, "figures/joint.yaml")
    path = write(folder, deck(*entries), "deck.yaml")
    return [str(problem).replace(str(path), "deck.yaml") for problem in check_files([folder]).problems]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("ask: a\nfigure: joint\nmark: 2", []),
        ("ask: a\nanswer: b\nfigure: joint", []),
        ("ask: a\nanswer: b\nfigure: joints", ["3:1 | figure 'joints' is not known | did you mean 'joint'?"]),
        ("ask: a\nanswer: b\nfigure: spine", ["3:1 | 'spine' is not known | figures/spine.yaml beside the deck"]),
        ("ask: a\nfigure: spine\nmark: 2", ["3:1 | 'spine' is not known | figures/spine.yaml"]),
        ("ask: a\nfigure: joint\nmark: 3", ["3:1 | figure 'joint' has no mark 3 | its marks are 1, 2"]),
        ("ask: a\nfigure: joint\nmark: 3\nanswer: x", ["3:1 | figure 'joint' has no mark 3 | its marks are 1, 2"]),
        ("cloze: '{{a: x}} {{b: y}}'\nfigure: spine", ["3:1 | 'spine' is not known | figures/spine.yaml"]),
    ],
)
def test_unknown_figures_and_marks_are_told(entry: str, expected: list[str], tmp_path: Path) -> None:
    assert_said(checked(tmp_path, f"id: x\n{entry}"), expected)


def test_a_single_deck_is_checked_with_the_figures_beside_it(tmp_path: Path) -> None:
    checked(tmp_path, "ask: a\nfigure: joint\nmark: 3")
    (problem,) = check_files([tmp_path / "deck.yaml"]).problems
    assert problem.what == "figure 'joint' has no mark 3"


def test_a_faulty_figure_is_told_once(tmp_path: Path) -> None:
    write(tmp_path, changed("mark: 2\n", "mark: 1\n"), "figures/knee.yaml")
    told = checked(tmp_path, "ask: a\nanswer: b\nfigure: knee")
    assert len(told) == 1
    assert "figures/knee.yaml:19:11: mark 1 stands twice" in told[0]


def test_two_figures_with_one_id_are_told(tmp_path: Path) -> None:
    write(tmp_path, SOUND, "figures/other.yaml")
    (problem,) = checked(tmp_path, FLIP)
    assert problem.startswith(f"{tmp_path / 'figures/other.yaml'}: id 'joint' stands twice (also ")
    assert problem.endswith("figures/joint.yaml) - give one of the two figures another id")
