"""`quiz teach` as a script and a shell see it: real processes, pipes and a signal, with the shipped sessions."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUIZ = [sys.executable, "-m", "quiz", "teach"]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment of a fresh machine."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    places = {"HOME": str(tmp_path), "QUIZ_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    return kept | places | {"LC_ALL": "C.UTF-8", "TERM": "dumb"}


def run(folder: Path, environ: dict[str, str], *argv: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*QUIZ, *argv],
        input=lines,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env=environ,
        timeout=60,
    )


@pytest.mark.parametrize("procedure", ["lumbar-facet-rf", "cervical-facet-rf", "sdr", "trigeminal-rf"])
@pytest.mark.parametrize("ending", ["md", "html"])
def test_a_session_by_pipe_writes_its_page_and_nothing_else(
    tmp_path: Path, environ: dict[str, str], procedure: str, ending: str
) -> None:
    page = tmp_path / f"page.{ending}"
    done = run(tmp_path, environ, "--plain", "--procedure", procedure, "--to", page.name, lines="all\n" + "\n" * 60)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"The page to take home is in {page.name}" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == [page.name]
    again = run(tmp_path, environ, "--plain", "--procedure", procedure, "--to", page.name)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == f"quiz: {page.name} is there already - choose another name: nothing is overwritten\n"


def test_without_a_terminal_the_line_mode_is_named(tmp_path: Path, environ: dict[str, str]) -> None:
    done = run(tmp_path, environ)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("use: quiz teach --plain\n")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_ends_at_once_and_leaves_nothing(tmp_path: Path, environ: dict[str, str]) -> None:
    command = [*QUIZ, "--plain", "--procedure", "sdr", "--to", "page.md"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8", cwd=tmp_path, env=environ
    ) as process:
        assert process.stdout is not None
        while not process.stdout.readline().startswith("7 points"):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
    assert list(tmp_path.iterdir()) == []
