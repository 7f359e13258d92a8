"""The learner's editor: how it is told the line, and what else VISUAL and EDITOR may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.tui.editor import command, run, writable
from tests.support.hostile import folder_for_all
from tests.support.rights import as_nobody

FILE = Path("/decks/a deck.yaml")


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"EDITOR": "vi"}, ["vi", "+12", str(FILE)]),
        ({"EDITOR": "nano"}, ["nano", "+12", str(FILE)]),
        ({"EDITOR": "/usr/bin/nvim"}, ["/usr/bin/nvim", "+12", str(FILE)]),
        ({"EDITOR": "emacsclient -t"}, ["emacsclient", "-t", "+12", str(FILE)]),
        ({"VISUAL": "micro", "EDITOR": "ed"}, ["micro", "+12", str(FILE)]),
        ({"VISUAL": " ", "EDITOR": "vi"}, ["vi", "+12", str(FILE)]),
        ({"EDITOR": "'/opt/my editor/vim' -u NONE"}, ["/opt/my editor/vim", "-u", "NONE", "+12", str(FILE)]),
        ({"EDITOR": "hx"}, ["hx", f"{FILE}:12"]),
        ({"EDITOR": "subl"}, ["subl", "--wait", f"{FILE}:12"]),
        ({"EDITOR": "subl -w"}, ["subl", "-w", f"{FILE}:12"]),
        ({"EDITOR": "code"}, ["code", "--wait", "--goto", f"{FILE}:12"]),
        ({"EDITOR": "code --wait"}, ["code", "--wait", "--goto", f"{FILE}:12"]),
        ({"EDITOR": "my-editor"}, ["my-editor", str(FILE)]),
        ({"EDITOR": "it's"}, ["it's", str(FILE)]),
        ({"EDITOR": "''"}, ["", str(FILE)]),
    ],
)
def test_an_editor_is_told_the_line_in_its_own_way(environ: dict[str, str], words: list[str]) -> None:
    assert command(environ, FILE, 12) == words


@pytest.mark.parametrize("environ", [{}, {"EDITOR": ""}, {"VISUAL": "  ", "EDITOR": "\t"}])
def test_without_an_editor_there_is_no_command(environ: dict[str, str]) -> None:
    assert command(environ, FILE, 12) is None


def test_the_exit_code_is_that_of_the_editor() -> None:
    assert run(["sh", "-c", "exit 7"]) == 7


@pytest.mark.parametrize("words", [["no-such-editor"], [""], ["/"]])
def test_an_editor_that_cannot_be_started_is_an_error_of_the_system(words: list[str]) -> None:
    with pytest.raises(OSError):
        run(words)


def test_whether_a_file_can_be_saved_is_asked_for_whoever_runs_the_program() -> None:
    with folder_for_all() as folder:
        file = folder / "deck.yaml"
        file.write_text("x")
        file.chmod(0o444)
        with as_nobody():
            assert not writable(file)
        file.chmod(0o666)
        with as_nobody():
            assert writable(file)
