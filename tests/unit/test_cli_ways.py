"""The ways of study on the command line: refresher, look-alikes, pretest, cramming, and cards by filter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.commands import Run, runner
from tests.support.desks import Place, choice, mixed, typed


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    found = Place(tmp_path)
    found.write(
        mixed("burn", topic="risks", safety=True, contrast_with=["bleed"], claim="Pads can burn."),
        mixed("bleed", topic="risks", contrast_with=["burn"], claim="Punctures can bleed."),
        typed("root", topic="anatomy"),
        choice("nerve", topic="anatomy"),
    )
    monkeypatch.setenv("QUIZ_HOME", str(tmp_path / "home"))
    return found


@pytest.fixture
def run(place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run a command that returns `code`: it gives what was said (errors last)."""

    return runner(monkeypatch, capsys, ["--decks", str(place.decks)])


def test_the_refresher_tells_what_was_passed(run: Run) -> None:
    text = run("study", "--safety", "--plain", lines="burn\n")
    assert "Prove burn." in text
    assert "Passed: you had not practised this question." in text
    assert "Passed: 1. Not passed: 0. Only practised: 0." in text


def test_a_drill_tells_the_difference(run: Run) -> None:
    text = run("study", "--contrast", "--plain", "--seed", "1", lines="?\n")
    assert "Not the same: Punctures can bleed." in text


def test_a_pretest_rates_nothing(run: Run) -> None:
    text = run("study", "--pretest", "--topic", "anatomy", "--plain", lines="?\n?\n")
    assert "comes back" not in text
    assert "Right at the first try: 0 of 2" in text


def test_cramming_leaves_the_schedule_alone(run: Run, place: Place) -> None:
    run("cram", "--topic", "anatomy", "--plain", lines="root\n")
    with place.open() as desk:
        assert desk.history.state("root").new


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["study", "--filter", "topic:rsiks"], "column 7: there is no topic 'rsiks' - did you mean 'risks'?"),
        (["study", "--filter", "("], "--filter, column 1: "),
        (["study", "--filter", "is:due"], "no card that may be asked fits this filter - "),
        (["study", "--contrast", "--topic", "anatomy"], "no cards here are look-alikes of each other - "),
        (["study", "--contrast", "--pretest"], "contrast and pretest do not go together - choose one of them"),
        (["study", "--drill", "burn", "--contrast"], "contrast and drill do not go together - choose one of them"),
        (["study", "--drill", "burn", "--topic", "risks"], "--drill takes the card and its look-alikes alone - "),
        (["study", "--drill", "burnt"], "there is no card 'burnt' - did you mean 'burn'?"),
        (["study", "--drill", "root"], "no card is a look-alike of 'root' - name some in its deck: "),
        (["cram", "--pretest"], "pretest and cram do not go together - choose one of them"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(run: Run, argv: list[str], told: str) -> None:
    text = run(*argv, "--plain", code=2)
    assert told in text
    assert text.count("\n") == 1


def test_one_card_is_drilled_with_its_look_alikes(run: Run) -> None:
    text = run("study", "--drill", "bleed", "--plain", "--seed", "1", lines="?\n" * 40)
    assert "Type bleed." in text
    assert "Type burn." in text
    assert "root" not in text


def test_a_filter_chooses_the_cards(run: Run) -> None:
    text = run("study", "--filter", "root", "--plain", lines="root\n")
    assert "Type root." in text
    assert "1 of 1" in text


def test_what_exams_and_certainty_showed_stands_in_the_numbers(run: Run) -> None:
    run("study", "--filter", "root", "--plain", lines="stem !h\n")
    run("exam", "--limit", "4", "--seed", "1", "--plain", lines="?\n?\n?\n?\n")
    text = run("stats")
    assert "Exams: last 0 %, best 0 %." in text
    numbers = json.loads(run("stats", "--json"))
    assert [attempt["percent"] for attempt in numbers["exams"]["attempts"]] == [0.0]
    assert numbers["danger"] == ["root"]
    assert "Sure, and wrong, and not recalled often enough since: root" in text
