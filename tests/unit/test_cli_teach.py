"""`quiz teach --plain`: whole conversations by pipe, and what must hold for any input."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.cli.console import Console, Signals
from quiz.cli.main import main
from quiz.cli.teaching import TeachingMode
from quiz.deck.lessons import Lessons
from quiz.errors import UsageError
from quiz.text import FORBIDDEN
from tests.support.clocks import FixedClock
from tests.support.hostile import folder_for_all
from tests.support.lessons import LOCAL, lesson, opened, write_lessons
from tests.support.lines import assert_golden

WHOLE = ["", "", "1 2", "", "", *["", "", "", "all", "", ""], *["", "", "", "", ""] * 3, "1 3"]


def talk(lessons: Lessons, lines: Sequence[str], target: Path | None = None, procedure: str = "facet") -> str:
    """Hold a session and return what was said, the educator's lines included."""
    out = io.StringIO()
    source = io.StringIO("".join(f"{line}\n" for line in lines))
    console = Console(source, out, interactive=False, echo=True, width=None)
    session = lessons.session(procedure) if procedure else None
    TeachingMode(lessons, console, Signals(), target).run(session)
    return out.getvalue()


@pytest.fixture
def lessons(tmp_path: Path) -> Lessons:
    return opened(write_lessons(tmp_path / "decks", local=LOCAL))


def test_a_session_by_pipe_reads_as_a_conversation(lessons: Lessons) -> None:
    lines = ["", "", "1", "9", "1", "back", "", "", "sipmler", "help", "", "", "", "2 2", "", "", "", ":end", ""]
    assert_golden("teach_pipe.txt", talk(lessons, lines))


def test_a_whole_session_ends_with_what_was_taught_back(lessons: Lessons, tmp_path: Path) -> None:
    said = talk(lessons, WHOLE, tmp_path / "page.md")
    assert "You told these back:\n- Danger signs\n- What it does\nWe come back to these:\n- Before the day\n" in said
    assert "Questions to take to your visit:\n- What will it do?\n- Who do I call?\n" in said
    assert said.endswith(f"The page to take home is in {tmp_path / 'page.md'}\n")
    assert "- [ ] Who do I call?" in (tmp_path / "page.md").read_text("utf-8")


def test_the_procedure_is_chosen_by_its_number_and_only_it_is_taught(tmp_path: Path) -> None:
    lessons = opened(write_lessons(tmp_path, lesson(), lesson(procedure="sdr", title="For your child")))
    said = talk(lessons, ["", "0", "3", "two", "2", ":end", ""], procedure="")
    assert said.startswith("What is it about?\n1. Nerve heating\n2. For your child\nType a number (1-2): \n")
    assert said.count("Type a number from 1 to 2, or quit.") == 4
    assert "\nFor your child\nTo begin, say: " in said


@pytest.mark.parametrize("lines", [[], ["quit"], [":end"]])
def test_nothing_is_taught_when_nothing_is_chosen(lessons: Lessons, lines: list[str], tmp_path: Path) -> None:
    said = talk(lessons, lines, tmp_path / "page.md", procedure="")
    assert "Say:" not in said
    assert not (tmp_path / "page.md").exists()


@pytest.mark.parametrize("count", range(len(WHOLE) + 1))
def test_the_end_of_the_input_ends_the_session_and_the_page_is_written(
    lessons: Lessons, tmp_path: Path, count: int
) -> None:
    said = talk(lessons, WHOLE[:count], tmp_path / f"{count}.md")
    assert said.endswith(f"The page to take home is in {tmp_path / f'{count}.md'}\n")
    assert (tmp_path / f"{count}.md").read_text("utf-8").startswith("# Nerve heating: my sheet\n")


@pytest.mark.parametrize("line", ["3", "0", "1 3", "1,x", "-1", "1 2 3", "99999999999", "²"])
def test_numbers_that_are_not_there_are_asked_for_again(lessons: Lessons, line: str) -> None:
    said = talk(lessons, ["", "", line, "1"])
    assert said.count("Type numbers from 1 to 2 such as 1 2, the word all, or only Enter.") == 1
    assert "1. second of danger signs" in said


@pytest.mark.parametrize("line", ["1 2", "2, 1", "1;2.", "2) 1)", "all", "ALL", "1 1 2"])
def test_phrases_are_ticked_by_their_numbers(lessons: Lessons, line: str) -> None:
    assert "Say it in a simpler way" not in talk(lessons, ["", "", line, ""])


def test_ticks_are_kept_when_one_goes_back(lessons: Lessons) -> None:
    said = talk(lessons, ["", "", "2", ":back", ""])
    assert "2. second of danger signs (ticked)\n" in said
    assert said.count("Say it in a simpler way") == 2


def test_a_file_that_cannot_be_written_is_told_and_another_is_asked_for(lessons: Lessons, tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("theirs")
    lines = [":end", str(tmp_path / "there.md"), "page.pdf", str(tmp_path / "none" / "a.md"), str(tmp_path / "new.md")]
    said = talk(lessons, lines)
    assert "there.md is there already - choose another name: nothing is overwritten." in said
    assert "Page.pdf has no ending that is known - name a file that ends in .md or .html." in said
    assert "cannot be written (there is no folder" in said
    assert said.endswith(f"The page to take home is in {tmp_path / 'new.md'}\n")
    assert (tmp_path / "there.md").read_text() == "theirs"


def test_a_page_that_was_asked_for_and_cannot_be_written_is_an_error_at_the_end(
    lessons: Lessons, tmp_path: Path
) -> None:
    (tmp_path / "there.md").write_text("theirs")
    with pytest.raises(UsageError, match="is there already"):
        talk(lessons, [":end", ""], tmp_path / "there.md")


def test_files_with_faults_are_told_first(tmp_path: Path) -> None:
    faulty = lesson(procedure="sdr", title=None)
    said = talk(opened(write_lessons(tmp_path, faulty, lesson(), local="clinic: {fon: 5}\n")), [])
    first, second = said.splitlines()[:2]
    assert first.startswith("Left out: ")
    assert "field 'title' is missing - add" in first
    assert "unknown field 'fon' in 'clinic'" in second


LINES = st.lists(st.one_of(st.sampled_from(["", "1", "2", "1 2", "all", ":back", ":end", "?"]), st.text()), max_size=40)


@settings(max_examples=60)
@given(LINES)
def test_any_lines_are_borne(lines: list[str]) -> None:
    with folder_for_all() as folder:
        lessons = opened(write_lessons(folder))
        said = talk(lessons, [line.replace("\n", " ").replace("/", " ") for line in lines if ".md" not in line])
    assert not FORBIDDEN.search(said)


# -- the command ------------------------------------------------------------------------------------------------------


def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *argv: str, lines: Sequence[str] = ()) -> int:
    """Run `quiz teach` with these options on the decks of the folder, and return its exit code."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    common = ("--home", str(tmp_path / "home"), "--decks", str(tmp_path / "decks"))
    return main(["teach", *common, *argv], FixedClock())


@pytest.fixture
def decks(tmp_path: Path) -> Path:
    return write_lessons(tmp_path / "decks")


@pytest.mark.usefixtures("decks")
@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        ([], 2, "quiz: this is not a terminal - use: quiz teach --plain"),
        (["--plain", "--procedure", "faset"], 2, "no patient session about 'faset' - did you mean 'facet'?"),
        (["--plain", "--to", "page"], 2, "page has no ending that is known - name a file that ends in .md or .html"),
        (["--plain", "--to", "/nowhere/page.md"], 4, "/nowhere/page.md cannot be written (there is no folder"),
        (["--plain", "--local", "/nowhere.yaml"], 4, "/nowhere.yaml is not there - check the path after --local"),
        (["--plain", "--decks", "/nowhere"], 4, "/nowhere is not there - check the path after --decks"),
        (["--json", "--plain"], 2, "quiz teach cannot print JSON"),
        (["--plain", "facet"], 2, "does not take 'facet'"),
    ],
)
def test_wrong_use_is_one_line_before_anything_is_asked(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    argv: list[str],
    code: int,
    said: str,
) -> None:
    assert run(tmp_path, monkeypatch, *argv) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.usefixtures("decks")
def test_nothing_at_all_is_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.html"
    assert run(tmp_path, monkeypatch, "--plain", "--procedure", "facet", "--to", str(page), lines=WHOLE) == 0
    assert page.exists()
    assert not (tmp_path / "home").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["decks", "page.html"]


@pytest.mark.usefixtures("decks")
def test_the_wards_own_file_is_taken_from_its_place_or_where_the_option_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "home" / "decks" / "local.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("clinic: {phone: 555 0100}\n")
    other = tmp_path / "other.yaml"
    other.write_text("clinic: {phone: 555 0200}\n")
    options = ("--plain", "--procedure", "facet")
    run(tmp_path, monkeypatch, *options, lines=[""])
    run(tmp_path, monkeypatch, *options, "--local", str(other), lines=[""])
    first, _, second = capsys.readouterr().out.partition("We come back")
    assert "Clinic: 555 0100\n" in first
    assert "Clinic: 555 0200\n" in second
    assert main(["paths", "--home", str(tmp_path / "home")], FixedClock()) == 0
    assert f"local layer: {own}" in capsys.readouterr().out
