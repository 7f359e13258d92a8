"""The core knows no terminal, and what scripts call often loads nothing that it does not need.

import-linter checks the imports that are written; this checks those that happen, in fresh interpreters.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "quiz").rglob("*.py")
    if "tui" not in path.parts and path.name != "__main__.py"
)
TERMINAL = {"textual", "rich"}


def loaded_by(code: str, home: Path) -> set[str]:
    """Return the top-level packages that a fresh interpreter has loaded after running `code`."""
    probe = f"{code}\nimport sys, json\nsys.stderr.write(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    environ = os.environ | {"QUIZ_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", probe]
    done = subprocess.run(command, capture_output=True, text=True, env=environ, cwd=home, check=True)
    return set(json.loads(done.stderr))


@pytest.mark.parametrize("module", CORE)
def test_no_core_module_loads_a_terminal_toolkit(module: str, tmp_path: Path) -> None:
    assert not loaded_by(f"import {module}", tmp_path) & TERMINAL


def run(arguments: list[str]) -> str:
    return f"from quiz.cli.main import main\nassert main({arguments!r}) == 0"


def test_the_version_is_told_without_decks_or_history(tmp_path: Path) -> None:
    assert not loaded_by(run(["--version"]), tmp_path) & (TERMINAL | {"yaml", "sqlite3"})


def test_what_is_due_is_told_without_a_terminal_toolkit(tmp_path: Path) -> None:
    assert not loaded_by(run(["due", "--json"]), tmp_path) & TERMINAL


def test_a_warm_start_reads_no_deck(tmp_path: Path) -> None:
    """Once the decks are in the catalogue, the YAML reader is not even loaded."""
    loaded_by(run(["due", "--json"]), tmp_path)
    assert "yaml" not in loaded_by(run(["due", "--json"]), tmp_path)
