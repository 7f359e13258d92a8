"""Runs commands in this very process, as somebody would type them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest

from quiz.cli.main import main

Run = Callable[..., str]


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], always: Sequence[str] = ()) -> Run:
    """Return a way to run a command that returns `code`: it gives what was said (errors last).

    `lines` is what stdin holds; the options `always` follow each command.
    """

    def call(*argv: str, lines: str = "", code: int = 0) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        assert main([*argv, *always]) == code
        said = capsys.readouterr()
        return said.out + said.err

    return call
