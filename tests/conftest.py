"""What all tests share."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("quiz", deadline=None)  # no test fails by the clock
settings.load_profile("quiz")


@pytest.fixture(autouse=True)
def temporary_files_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Give each test a folder for temporary files: rescued answers must not wander from one to another."""
    tmp_path_factory.getbasetemp()  # chosen once for all tests: not inside the folder of the first
    folder = Path(tempfile.mkdtemp(prefix="quiz-test-"))
    folder.chmod(0o777)  # as `/tmp` is: some tests give up their rights
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    yield
    shutil.rmtree(folder)
