"""`quiz check`: every problem of all files at once, each file by itself and all of them together."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from quiz.check.files import check_files
from quiz.cli.main import main
from quiz.deck.library import Library
from quiz.paths import shipped_decks

Write = Callable[[Mapping[str, str]], Path]
FLIP = "ask: What?\n    answer: That\n"


def card(name: str, more: str = "") -> str:
    return f"  - id: {name}\n    {more}{FLIP}"


def deck(*cards: str) -> str:
    return f"title: A deck\ncards:\n{''.join(cards)}"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a way to write files below the folder `decks`, which is returned relative to the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUIZ_HOME", str(tmp_path / "home"))

    def files(texts: Mapping[str, str]) -> Path:
        for name, text in texts.items():
            path = Path("decks", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return Path("decks")

    return files


def problems(*roots: Path) -> list[str]:
    return [str(problem) for problem in check_files(roots).problems]


def test_sound_decks_are_counted(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    root = write({"a.yaml": deck(card("one"), card("two", "both_ways: true\n    ")), "b.yaml": deck(card("three"))})
    assert main(["check", str(root)]) == 0
    assert capsys.readouterr().out == "4 cards, 4 questions in 2 files: no problems\n"


def test_all_problems_of_all_files_are_told_at_once_in_order(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    root = write(
        {
            "b.yaml": deck("  - ask: What?\n    anser: That\n", card("two")),
            "a.yaml": deck(card("two")),
            "c.yaml": "",
        }
    )
    assert main(["check", str(root)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0] == (
        "decks/a.yaml:3:1: id 'two' stands twice (also decks/b.yaml:5) - give one of the two cards another id"
    )
    assert "decks/b.yaml:4:5: unknown field 'anser' in a card - did you mean 'answer'?" in told
    assert told[-2].startswith("decks/c.yaml: is empty - ")
    assert told[:-1] == sorted(told[:-1])
    assert told[-1] == f"2 cards, 2 questions in 3 files: {len(told) - 1} problems"


def test_json_is_one_list_with_places(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    root = write({"a.yaml": deck(card("one", "tier: cor\n    "))})
    assert main(["check", str(root), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == [
        {
            "file": "decks/a.yaml",
            "line": 4,
            "column": 11,
            "what": "'tier' is 'cor', which is not known",
            "mend": "did you mean 'core'?",
            "card": "one",
        }
    ]


def test_json_of_sound_decks_is_an_empty_list(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", str(write({"a.yaml": deck(card("one"))}))]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_an_id_in_three_files_is_told_at_each_with_the_other_two(write: Write) -> None:
    root = write({f"{name}.yaml": deck(card("same")) for name in "abc"})
    assert problems(root) == [
        f"decks/{a}.yaml:3:1: id 'same' stands twice (also decks/{b}.yaml:3, decks/{c}.yaml:3) "
        "- give one of the two cards another id"
        for a, b, c in ("abc", "bac", "cab")
    ]


def test_one_file_named_twice_is_read_once(write: Write) -> None:
    root = write({"a.yaml": deck(card("one"))})
    (root / "link.yaml").symlink_to("a.yaml")
    checked = check_files([root, root / "a.yaml", root.absolute()])
    assert (checked.files, checked.cards, checked.problems) == (1, 1, ())


@pytest.mark.parametrize(
    ("sources", "named", "told"),
    [
        pytest.param("sar-2020:\n  title: S\n", "sar-2020", [], id="known"),
        pytest.param("sar-2020:\n  title: S\n", "sar-2021", ["did you mean 'sar-2020'?"], id="misspelt"),
        pytest.param("sar-2020:\n  title: S\n", "x", ["add it to sources.yaml"], id="unlike any"),
        pytest.param(None, "sar-2021", [], id="no bibliography, nothing to compare with"),
    ],
)
def test_sources_are_looked_up(write: Write, sources: str | None, named: str, told: list[str]) -> None:
    texts = {"a.yaml": deck(card("one", f"sources: [{named}]\n    "))}
    root = write(texts | ({"sources.yaml": sources} if sources else {}))
    for path in (root, root / "a.yaml"):
        assert problems(path) == [f"decks/a.yaml:3:1: source '{named}' is not known - {mend}" for mend in told]


def test_a_fault_in_the_bibliography_is_told(write: Write) -> None:
    root = write({"a.yaml": deck(card("one")), "sources.yaml": "s:\n  titel: S\n"})
    assert any(problem.startswith("decks/sources.yaml:2:3: unknown field 'titel'") for problem in problems(root))


def test_look_alikes_may_stand_in_any_file_beside_the_deck(write: Write) -> None:
    root = write(
        {
            "a.yaml": deck(card("one", "contrast_with: [two, twin]\n    ")),
            "b.yml": deck(card("two")),
            "sub/c.yaml": deck(card("twin")),
        }
    )
    assert problems(root) == []
    assert problems(root / "a.yaml") == [
        "decks/a.yaml:3:1: 'contrast_with' names 'twin', which no deck holds - name the id of a card, or take it out"
    ]


def test_an_unknown_look_alike_is_told_with_the_nearest_id(write: Write) -> None:
    root = write({"a.yaml": deck(card("one", "contrast_with: [tow]\n    "), card("two"))})
    assert problems(root) == [
        "decks/a.yaml:3:1: 'contrast_with' names 'tow', which no deck holds - did you mean 'two'?"
    ]


@pytest.mark.parametrize("kind", ["folder", "fifo", "broken link", "escape codes in the name"])
def test_odd_files_are_problems_and_do_not_stop_the_others(
    write: Write, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write({"good.yaml": deck(card("one"))})
    odd = root / "odd.yaml"
    match kind:
        case "folder":
            odd.mkdir()
        case "fifo":
            os.mkfifo(odd)
        case "broken link":
            odd.symlink_to("nowhere")
        case _:
            (root / "odd\x1b[2J\n.yaml").write_text("")
    assert main(["check", str(root)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 2
    assert told[0].startswith("decks/odd")
    assert told[1] == "1 card, 1 question in 2 files: 1 problem"


def test_without_a_path_the_decks_in_use_are_checked(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write({"a.yaml": deck(card("one"))})
    assert main(["check", "--decks", "decks"]) == 0
    assert capsys.readouterr().out == "1 card, 1 question in 1 file: no problems\n"


def test_the_shipped_decks_are_sound(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", str(shipped_decks())])
    assert (code, capsys.readouterr().out.splitlines()[:-1]) == (0, [])


def test_a_session_can_run_what_the_check_accepts(write: Write, tmp_path: Path) -> None:
    root = write({"a.yaml": deck(card("one")), "b.yaml": deck(card("two"), card("one")), "c.yaml": deck(card("three"))})
    library = Library([root], tmp_path / "cache")
    library.refresh()
    asked = {card.id for card in library.cards()}
    told = [(Path(p.place.file).name, p.card) for p in library.problems()]
    library.close()
    checked = check_files([root])
    assert (
        told == [(Path(p.place.file).name, p.card) for p in checked.problems] == [("a.yaml", "one"), ("b.yaml", "one")]
    )
    assert asked == {"two", "three"}
