"""Import and export as people use them: shown first, one step, taken back; nothing written when something is wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quiz.clock import SystemClock
from quiz.deck.reader import read_deck
from quiz.errors import QuizError
from quiz.exchange.csv_in import parse as parse_csv
from quiz.exchange.draft import Draft, settle
from quiz.exchange.files import RefusedError
from quiz.exchange.gift_in import parse as parse_gift
from quiz.exchange.history_in import parse as parse_history
from quiz.exchange.importing import Planned, carry_out, plan, take_back
from quiz.exchange.parcel import Parcel
from quiz.paths import Paths, shipped_decks
from quiz.store.derive import CardState
from quiz.store.history import History
from tests.support.commands import Run, runner
from tests.support.desks import sound
from tests.support.hostile import ESCAPES, MARKUP
from tests.support.syncing import Device
from tests.support.syncing import answered as answer_of_another

DECK = "title: Small deck\ncards:\n  - {id: one, ask: What?, answer: That}\n  - {id: two, ask: Who?, answer: He}\n"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run a command that returns `code`: it gives what was said (errors last)."""
    monkeypatch.setenv("QUIZ_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("shipped").mkdir()
    monkeypatch.setattr("quiz.desk.shipped_decks", lambda: tmp_path / "shipped")  # reading all takes seconds
    Path("small.yaml").write_text(DECK, "utf-8")

    return runner(monkeypatch, capsys)


def own(name: str = "cards") -> Path:
    return Path("home", "decks", f"{name}.yaml")


def answered(name: str) -> list[tuple[str, str]]:
    """Return the cards of a deck, each with its first answer."""
    deck = read_deck(own(name))
    assert not deck.problems
    return [(card.id, card.questions[0].key) for card in deck.cards]


# -- one step ----------------------------------------------------------------------------------------------------------


def test_a_dry_run_tells_everything_and_writes_nothing(run: Run) -> None:
    Path("cards.csv").write_text("question,answer,notes\nWhat?,That,x\nWho?,He,y\n")
    said = run("import", "cards.csv", "--dry-run")
    assert "cards.csv: 2 cards (2 new, 0 changed, 0 the same)" in said
    assert "cards.csv:1:17: column 'notes' - a card has no such field" in said
    assert "Nothing was written" in said
    assert not own().exists()
    assert not Path("home", "profiles").exists()


def test_a_second_import_updates_the_deck_and_adds_nothing_twice(run: Run) -> None:
    Path("cards.csv").write_text("id,question,answer\na,What?,That\nb,Who?,He\n")
    run("import", "cards.csv")
    before = own().read_bytes()
    assert "Nothing to do" in run("import", "cards.csv")
    assert own().read_bytes() == before
    Path("cards.csv").write_text("id,question,answer\na,What?,This\nc,Why?,So\n")
    said = run("import", "cards.csv")
    assert "2 cards (1 new, 1 changed, 0 the same)" in said
    assert "1 card no longer in it, so no longer in the deck: b" in said
    assert answered("cards") == [("a", "This"), ("c", "So")]
    assert [path.name for path in Path("home/decks").iterdir()] == ["cards.yaml"]


def test_undo_puts_the_deck_back_step_by_step(run: Run) -> None:
    Path("cards.csv").write_text("question,answer\nWhat?,That\n")
    run("import", "cards.csv")
    first = own().read_bytes()
    Path("cards.csv").write_text("question,answer\nWhat?,Other\n")
    run("import", "cards.csv")
    assert "is as it was before" in run("import", "--undo")
    assert own().read_bytes() == first
    assert "is removed" in run("import", "--undo")
    assert not own().exists()
    assert "no import to take back" in run("import", "--undo", code=2)


def test_a_deck_of_another_origin_is_never_written_over(run: Run) -> None:
    own().parent.mkdir(parents=True)
    own().write_text(DECK)
    Path("cards.csv").write_text("question,answer\nWhat else?,That\n")
    run("import", "cards.csv")
    assert own().read_text() == DECK
    assert len(answered("cards-2")) == 1


def test_a_file_of_the_same_name_from_elsewhere_makes_a_deck_of_its_own(run: Run) -> None:
    for folder, question in (("a", "What?"), ("b", "Who?")):
        Path(folder).mkdir()
        Path(folder, "cards.csv").write_text(f"question,answer\n{question},That\n")
        run("import", f"{folder}/cards.csv")
    assert len(answered("cards")) == len(answered("cards-2")) == 1


def test_a_file_that_was_moved_still_updates_its_deck(run: Run) -> None:
    Path("cards.csv").write_text("question,answer\nWhat?,That\n")
    run("import", "cards.csv")
    Path("a").mkdir()
    Path("a", "cards.csv").write_text("question,answer\nWhat?,This\n")
    assert "(0 new, 1 changed, 0 the same)" in run("import", "a/cards.csv")
    assert not own("cards-2").exists()


def two_of_one_name() -> None:
    """Write two files of one name that have a card in common."""
    for folder, cards in (("a", "a1,What?,This\na2,Where?,There\n"), ("b", "b1,Why?,So\n")):
        Path(folder).mkdir()
        Path(folder, "cards.csv").write_text(f"id,question,answer\n{cards}s,Who?,He\n")


def test_another_file_of_the_same_name_that_shares_a_card_takes_no_card_out_of_a_deck(run: Run) -> None:
    two_of_one_name()
    run("import", "a/cards.csv")
    before = own().read_bytes()
    for argv in (("--dry-run",), ()):
        said = run("import", "b/cards.csv", *argv, code=1)
        assert "came from a file of this name in another folder" in said
        assert "lacks 2 cards of it (a1, a2) - another file: import it under another name" in said
    assert own().read_bytes() == before
    Path("b/cards.csv").rename("b/others.csv")
    assert "  s - the deck cards.yaml holds it already" in run("import", "b/others.csv")
    assert answered("others") == [("b1", "So")]
    assert "no problems" in run("check", "home/decks")


def test_a_file_updates_the_deck_that_came_from_its_path_before_one_that_shares_its_cards(run: Run) -> None:
    two_of_one_name()
    shared = Path("b/cards.csv").read_text()
    Path("b/cards.csv").write_text(shared.replace("s,Who?,He\n", ""))
    run("import", "a/cards.csv")
    run("import", "b/cards.csv")
    Path("b/cards.csv").write_text(shared.replace("So", "Thus"))
    assert "(0 new, 1 changed, 0 the same)" in run("import", "b/cards.csv")
    assert answered("cards-2") == [("b1", "Thus")]
    assert len(answered("cards")) == 3


def test_a_file_that_was_moved_and_grew_updates_its_deck(run: Run) -> None:
    two_of_one_name()
    run("import", "a/cards.csv")
    with Path("a/cards.csv").open("a") as file:
        file.write("a3,How?,Thus\n")
    Path("a/cards.csv").rename("b/cards.csv")
    assert "(1 new, 0 changed, 3 the same)" in run("import", "b/cards.csv")
    assert not own("cards-2").exists()


def test_a_deck_that_was_edited_is_not_written_over_nor_taken_back(run: Run) -> None:
    Path("cards.csv").write_text("question,answer\nWhat?,That\n")
    run("import", "cards.csv")
    with own().open("a") as file:
        file.write("- {ask: mine, answer: too}\n")
    Path("cards.csv").write_text("question,answer\nWhat?,This\n")
    assert "was edited since it was imported" in run("import", "cards.csv", code=1)
    assert "was changed since the import" in run("import", "--undo", code=1)
    assert "mine" in own().read_text()


def test_a_card_that_another_deck_holds_is_left_out(run: Run) -> None:
    own("mine").parent.mkdir(parents=True)
    own("mine").write_text(DECK)
    Path("cards.csv").write_text("id,question,answer\none,What?,That\nnew,Why?,So\n")
    assert "  one - the deck " in run("import", "cards.csv")
    assert answered("cards") == [("new", "So")]
    assert "no problems" in run("check", "home/decks")


def test_a_deck_that_cannot_be_written_leaves_nothing_behind(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("cards.csv").write_text("question,answer\nWhat?,That\n")
    real, calls = os.fsync, []

    def full(number: int) -> None:
        calls.append(number)
        if len(calls) == 2:  # the note of the step was written, the deck is not
            raise OSError(28, "No space left on device")
        real(number)

    monkeypatch.setattr("os.fsync", full)
    assert "cannot be written (no space left on device)" in run("import", "cards.csv", code=4)
    assert not [*Path("home/decks").iterdir()]
    assert not [*Path("home/profiles/default/imports").iterdir()]


@pytest.mark.parametrize(
    ("argv", "code", "told"),
    [
        (["import"], 2, "no file is named"),
        (["import", "x.csv"], 4, "x.csv is not there"),
        (["import", "small.yaml"], 2, "an import ends in .csv"),
        (["import", "--undo", "--dry-run"], 2, "--undo takes no file"),
        (["import", "home.csv"], 4, "is a folder"),
        (["import", "latin.csv"], 4, "latin.csv:2:4: is not UTF-8 (byte 0xe9; perhaps Latin-1) - save it as UTF-8"),
        (["import", "wide.csv"], 4, "is UTF-16, not UTF-8"),
        (["import", "empty.csv"], 4, "empty.csv is empty"),
        (["export", "--to", "x.csv", "--history"], 2, ".csv cannot hold a history"),
        (["export", "small.yaml", "--to", "x.jsonl"], 2, "the history is written as a whole"),
        (["export", "nodeck", "--to", "x.csv"], 2, "there is no deck 'nodeck'"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(run: Run, argv: list[str], code: int, told: str) -> None:
    Path("home.csv").mkdir()
    Path("latin.csv").write_bytes("question,answer\ncaf\xe9,x\n".encode("latin-1"))
    Path("wide.csv").write_bytes("question,answer\n".encode("utf-16"))
    Path("empty.csv").write_bytes(b"")
    said = run(*argv, code=code)
    assert told in said
    assert said.count("\n") == 1


# -- tables ------------------------------------------------------------------------------------------------------------


def questions_of(draft: Draft) -> list[dict[str, Any]]:
    return [{k: v for k, v in card.items() if k != "id"} for card in settle(draft, strict=True).cards]


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("What?,That", {"ask": "What?", "answer": "That"}),
        ("What, then?\tThat", {"ask": "What, then?", "answer": "That"}),
        ("What, then?;That;\nWho?;He\n", {"ask": "What, then?", "answer": "That"}),
        ("\ufeffFront;Back\r\nWhat?;That\r\n", {"ask": "What?", "answer": "That"}),
        ("sep=;\nquestion;answer\nWhat?;That", {"ask": "What?", "answer": "That"}),
        ('question,answer\n"a ""b"",\nc",d', {"ask": 'a "b",\nc', "answer": "d"}),
        ("question,answer,accept\nWhat?,That,this | it", {"ask": "What?", "answer": "That", "accept": ["this", "it"]}),
        ("question,answer\nSDR lowers {{spasticity}}.,", {"cloze": "SDR lowers {{spasticity}}."}),
        (
            "question,answer,unit,tolerance\nHow hot?,80,°C,5",
            {"ask": "How hot?", "number": "80", "unit": "°C", "tolerance": "5"},
        ),
        ("kind,question,answer\norder,Steps?,a | b | c", {"ask": "Steps?", "order": ["a", "b", "c"]}),
        ("kind,question,answer\nmatch,Pairs?,a -> b | c -> d", {"ask": "Pairs?", "match": {"a": "b", "c": "d"}}),
        ("question,answer\n'=1+1?,'-2", {"ask": "=1+1?", "answer": "-2"}),
        ("question,answer,tags\nWhat?,That,\"a, b;c\"", {"ask": "What?", "answer": "That", "tags": ["a", "b", "c"]}),
    ],
)  # fmt: skip
def test_a_table_is_read(text: str, card: dict[str, Any]) -> None:
    found = questions_of(parse_csv(text.removeprefix("\ufeff"), "f.csv", "T"))[0]
    found.pop("tags", None) if "tags" not in card else None
    assert found == card


def test_a_sign_within_quotes_that_makes_more_rows_is_not_what_parts_the_cells() -> None:
    text = 'question,answer,why\r\nWhat?,That\r\nWhich?,"a; b\nc; d\ne; f\ng; h"\r\n'
    draft = parse_csv(text, "f.csv", "T")
    assert not draft.problems
    assert [question["answer"] for question in questions_of(draft)] == ["That", "a; b\nc; d\ne; f\ng; h"]


@pytest.mark.parametrize("answer", ["Paris", "B", "2", "paris"])
def test_the_right_choice_is_named_by_its_text_or_its_place(answer: str) -> None:
    text = f"question,choice 1,choice 2,choice 3,answer\nCapital?,Rome,Paris,Oslo,{answer}"
    (card,) = questions_of(parse_csv(text, "f.csv", "T"))
    assert card["choices"] == [{"wrong": "Rome"}, {"right": "Paris"}, {"wrong": "Oslo"}]


def test_rows_of_one_id_are_questions_of_one_card() -> None:
    text = "id,question,answer,accept,why,proof\na,What?,That,,Because,\na,Who?,He,him,,true\n"
    (card,) = questions_of(parse_csv(text, "f.csv", "T"))
    assert card["why"] == "Because"
    assert [question["ask"] for question in card["questions"]] == ["What?", "Who?"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "question,anser\nWhat?,That",
            ["1:1: there is no column 'answer'", "1:10: unknown column 'anser' - did you mean"],
        ),
        ("question,answer\nWhat?,\n,That\n", ["2:1: this row has no answer", "3:1: this row has no question"]),
        ("question,answer\nWhat?,That,more\n", ["2:12: a row of 3 cells where there are 2 columns"]),
        ('question,answer\n"What?,That', ["2:1: a quote is not closed"]),
        ('question,answer\n"What"?,That', ["2:7: text after a closing quote"]),
        ("only\nwords", ["1:1: one column only"]),
        ("a,b,c\nd,e,f", ["1:1: 3 columns, and the first row does not name them"]),
        ("question,answer,choices\nWhat?,x,a | b", ["2:7: the answer 'x' is none of the choices"]),
        ("question,answer,wrong\nWhat?,x,X\nid,y,", ["2:9: two options are equal"]),
        ("id,question,answer\na b,What?,x", ["2:1: id 'a b' cannot be used"]),
        (
            "kind,question,answer\ntipped,What?,x\nnumber,How?,many",
            ["2:1: kind 'tipped' is not known", "3:13: 'number' is"],
        ),
        ("question,answer\nWhat?," + "x" * 30_000, ["2:7: a text of 30000 characters"]),
        ("question,answer\n", ["1:1: holds no question"]),
    ],
)  # fmt: skip
def test_everything_wrong_in_a_table_is_told_with_its_place(text: str, told: list[str]) -> None:
    with pytest.raises(RefusedError) as caught:
        settle(parse_csv(text, "f.csv", "T"), strict=True)
    lines = [str(problem) for problem in caught.value.problems]
    assert len(lines) == len(told), lines
    for line, part in zip(lines, told, strict=True):
        assert line.startswith(f"f.csv:{part}")
        assert " - " in line


def test_a_table_with_problems_is_told_whole_and_nothing_is_written(run: Run) -> None:
    Path("cards.csv").write_text("question,answer\nWhat?,\nWho?,\nWhy?,So\n")
    said = run("import", "cards.csv", code=1)
    assert said.count("this row has no answer - write it") == 2
    assert "quiz: cards.csv has 2 problems; nothing was taken in" in said
    assert not own().exists()


# -- GIFT --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("Grant was buried here.{F}", [{"wrong": "True"}, {"right": "False"}]),
        (
            "::T::Sky is blue.{TRUE#Look up.#Yes.}",
            [{"right": "True", "why": "Yes."}, {"wrong": "False", "why": "Look up."}],
        ),
        (
            "Who?{~Ann =Bob#Right! ~Cy#No.}",
            [{"wrong": "Ann"}, {"right": "Bob", "why": "Right!"}, {"wrong": "Cy", "why": "No."}],
        ),
        ("Which?{~%50%a ~%50%b ~%-100%c}", [{"right": "a"}, {"right": "b"}, {"wrong": "c"}]),
        ("[html]<p>Who?</p>{=<b>A</b> ~B &lt; C}", [{"right": "A"}, {"wrong": "B < C"}]),
        (r"What is \{x\}\:\=?{=a\~b ~c\#d}", [{"right": "a~b"}, {"wrong": "c#d"}]),
    ],
)  # fmt: skip
def test_gift_choices_are_read(text: str, card: list[dict[str, str]]) -> None:
    (found,) = questions_of(parse_gift(text, "f.gift", "T"))
    assert found["choices"] == card


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("Who?{=Ann =Anne}", {"ask": "Who?", "answer": "Ann", "accept": ["Anne"]}),
        ("Two plus two?{=four =%0%five}", {"ask": "Two plus two?", "answer": "four", "accept": [], "reject": ["five"]}),
        ("Mahatma {=Gandhi} was born.", {"cloze": "Mahatma {{Gandhi}} was born."}),
        ("He costs {~a =b} here.", {"ask": "He costs ____ here.", "choices": [{"wrong": "a"}, {"right": "b"}]}),
        ("When?{#1822:5}", {"ask": "When?", "number": "1822", "tolerance": "5"}),
        ("Pi?{#3.141..3.142}", {"ask": "Pi?", "number": "3.1410 to 3.1420"}),
        ("When?{#=1822:0 #yes =%50%1822:2 #near}", {"ask": "When?", "number": "1822"}),
        ("Pairs?{=a -> b =c -> d = -> e}", {"ask": "Pairs?", "match": {"a": "b", "c": "d"}, "distractors": ["e"]}),
        ("Essay?{####The answer}", {"ask": "Essay?", "answer": "The answer"}),
        ("Who?{=Ann####Since\nthen}", {"why": "Since then", "ask": "Who?", "answer": "Ann", "accept": []}),
        ("// c [id:x] [tag:t\\]u] [tag:procedure:sdr]\nWho?{=A}",
         {"procedure": "sdr", "tags": ["t]u"], "ask": "Who?", "answer": "A", "accept": []}),
    ],
)  # fmt: skip
def test_gift_is_read(text: str, card: dict[str, Any]) -> None:
    (found,) = questions_of(parse_gift(text, "f.gift", "T"))
    assert found == card


def test_categories_are_title_and_topic() -> None:
    text = "$CATEGORY: $course$/top/Pain/Risks\n\nWho?{=A}\n\n$CATEGORY: Pain/What\nWhat?{=B}\n\nWhy?{=C}"
    parcel = settle(parse_gift(text, "f.gift", "T"), strict=False)
    assert parcel.title == "Pain"
    assert [card["topic"] for card in parcel.cards] == ["Risks", "What", "What"]


@pytest.mark.parametrize(
    ("text", "what", "why"),
    [
        ("Only words.", "f.gift:1:1: Only words.", "a description"),
        ("\n\nWrite!{}", "f.gift:3:1: Write!", "an essay without a model answer"),
        ("<img src=x> What?{=a ~b}", "f.gift:1:1", "a picture"),
        ("Who?{=a*}", "f.gift:1:6", "no wildcards"),
        ("Who?{~%50%a =b ~c}", "f.gift:1:6", "an option is right or wrong here"),
        ("Who?{" + " ".join(f"~{n}" for n in range(10)) + " =x}", "f.gift:1", "11 options"),
    ],
)  # fmt: skip
def test_what_gift_says_and_we_cannot_is_left_out_with_its_line(text: str, what: str, why: str) -> None:
    left_out = settle(parse_gift(text, "f.gift", "T"), strict=False).left_out
    assert any(one.what.startswith(what) and why in one.why for one in left_out), left_out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Who?{=a\n\nWhat?{=b}", "1:5: a brace is not closed"),
        ("Who?\nhe}", "2:3: a brace closes that was not opened"),
        ("Who?{=a} or {=b}", "1:13: a second brace"),
        ("::Who?{=a}", "1:1: a title is not closed"),
        ("Who?{#many}", "1:7: 'many' is no number"),
        ("Who?{=%x%a}", "1:6: a weight that cannot be read"),
        ("Who?{=a -> b =c}", "1:14: 'c' is no pair"),
        ("Who?{" + "=x" * 500 + "}", "1:6: 500 answers"),
        ("// nothing", "1:1: holds no question"),
    ],
)
def test_everything_wrong_in_gift_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(RefusedError) as caught:
        settle(parse_gift(text, "f.gift", "T"), strict=False)
    assert str(caught.value.problems[0]).startswith(f"f.gift:{told}")


@pytest.mark.parametrize("ending", ["csv", "tsv", "gift"])
def test_cards_are_written_and_taken_in_again_as_they_were(run: Run, ending: str) -> None:
    Path("one.yaml").write_text(DECK.replace("title: Small deck", "title: out"))
    assert f"2 cards written to out.{ending}" in run("export", "one.yaml", "--to", f"out.{ending}")
    assert "is there already" in run("export", "one.yaml", "--to", f"out.{ending}", code=2)
    run("import", f"out.{ending}")
    before = [replace(card, file="", line=0) for card in read_deck(Path("one.yaml")).cards]
    assert [replace(card, file="", line=0) for card in read_deck(own("out")).cards] == before


FIGURES = """\
title: Small deck
cards:
  - {id: a, ask: What?, answer: That, claim: It is}
  - {id: b, ask: What is shown?, answer: A root, figure: one}
  - {id: c, ask: And here?, answer: A nerve, figure: one}
"""


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        (
            "csv",
            "1 of 3 cards written to out.csv\nLeft out:\n  2: b, c - it shows a figure, which a table cannot hold\n",
        ),
        (
            "tsv",
            "1 of 3 cards written to out.tsv\nLeft out:\n  2: b, c - it shows a figure, which a table cannot hold\n",
        ),
        ("gift", "1 of 3 cards written to out.gift\nLeft out:\n"),
    ],
)
def test_the_cards_that_were_written_are_counted(run: Run, ending: str, told: str) -> None:
    Path("figures.yaml").write_text(FIGURES)
    said = run("export", "figures.yaml", "--to", f"out.{ending}")
    assert said.startswith(told)
    run("import", f"out.{ending}")
    assert len(read_deck(own("out")).cards) == 1


def test_ones_own_export_is_summed_up(run: Run) -> None:
    own("mine").parent.mkdir(parents=True)
    own("mine").write_text(
        "title: Mine\ncards:\n" + "".join(f"  - {{id: c{n}, ask: Q{n}?, answer: A}}\n" for n in range(9))
    )
    run("export", "mine", "--to", "mine.csv")
    said = run("import", "mine.csv")
    assert said == (
        "mine.csv: no cards to take in\nLeft out:\n  9: c0, c1, c2 … - the deck mine.yaml holds it already\n"
        "Nothing to do: all of it is there already.\n"
    )


@pytest.mark.parametrize("ending", ["csv", "gift"])
def test_the_shipped_decks_go_out_and_in_again(run: Run, ending: str) -> None:
    run("export", str(shipped_decks()), "--to", f"all.{ending}")
    said = run("import", f"all.{ending}")
    assert "0 changed, 0 the same" in said
    deck = read_deck(own("all"))
    assert not deck.problems
    assert len(deck.cards) > 450


# -- hostile input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hostile", [*ESCAPES, *MARKUP])
@pytest.mark.parametrize("ending", ["csv", "gift"])
def test_hostile_texts_come_out_harmless(run: Run, hostile: str, ending: str) -> None:
    bad = {**ESCAPES, **MARKUP}[hostile].encode("utf-8", "replace").decode()
    sign = '"' + f"What {bad}?".replace('"', '""') + '"'
    guarded = "".join(f"\\{c}" if c in "~=#{}:\\" else c for c in f"What {bad}?").replace("\n", " ")
    text = f"question,answer\n{sign},That\n" if ending == "csv" else f"[plain]{guarded} {{=That ~Not}}\n"
    Path(f"bad.{ending}").write_text(text, "utf-8", newline="")
    said = run("import", f"bad.{ending}")
    assert "\x1b" not in said
    assert not own("bad").exists() or "\x1b" not in own("bad").read_text("utf-8")
    if hostile != "title without an end":  # which takes the rest of its line with it, answers included
        assert len(answered("bad")) == 1
        assert "\x1b" not in run("study", "--plain", str(own("bad")), lines="1\n")


BOMBS = {
    "braces": "{" * 200_000,
    "signs": "=" * 200_000,
    "titles": "::" * 100_000,
    "backslashes": "\\" * 200_000,
    "blanks": "____" * 50_000,
    "quotes": '"' * 200_001,
    "options": "a{" + "~x" * 100_000 + "}",
    "open braces": "\n\n".join("a{=b" for _ in range(20_000)),
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("parse", [parse_csv, parse_gift])
def test_bombs_are_told_and_nothing_is_taken_in(bomb: str, parse: Callable[..., Draft]) -> None:
    draft = parse(BOMBS[bomb], "f", "T")
    assert draft.problems or draft.left_out
    assert not draft.cards


def test_no_cell_that_is_written_is_run_by_a_spreadsheet(run: Run) -> None:
    Path("evil.yaml").write_text(
        'title: T\ncards:\n  - {ask: "=cmd|x!A1", answer: "@SUM(1)"}\n  - {ask: "+1", answer: "-1"}\n'
    )
    run("export", "evil.yaml", "--to", "out.csv")
    text = Path("out.csv").read_text("utf-8-sig")
    assert "'=cmd" in text
    assert "'@SUM" in text
    assert not [cell for line in text.splitlines() for cell in line.split(",") if cell.strip('"')[:1] in [*"=+-@"]]


# -- histories ---------------------------------------------------------------------------------------------------------


def studied(run: Run) -> None:
    run("study", "--plain", "small.yaml", "--seed", "1", lines="1\n3\n")
    run("export", "--to", "history.jsonl")


def due(run: Run, *argv: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("doctor", "--json", "--decks", "small.yaml", *argv))
    return found


def state(tmp_path: Path, profile: str, card: str) -> tuple[int, bool]:
    history = History(tmp_path / "home" / "profiles" / profile / "history.sqlite", SystemClock())
    try:
        found = history.state(card)
        return found.answers, found.new
    finally:
        history.close()


def test_a_history_is_joined_once_and_put_back_by_the_copy_that_was_made(run: Run, tmp_path: Path) -> None:
    studied(run)
    to_ann = ("--profile", "ann")
    run("config", "new", "77")
    run("export", "--to", "more.jsonl")
    run("config", "new", "5", *to_ann)
    assert "3 new" in run("import", "more.jsonl", "--dry-run", *to_ann)
    assert state(tmp_path, "ann", "one") == (0, True)
    said = run("import", "more.jsonl", *to_ann)
    assert "3 new (of them 2 answers), 0 here already" in said
    assert "'quiz import --undo' does not take them back" in said
    assert "Take it back" not in said
    assert state(tmp_path, "ann", "one") == state(tmp_path, "default", "one") != (0, True)
    assert "Nothing to do" in run("import", "more.jsonl", *to_ann)
    copy = said.partition("quiz backup --restore ")[2].split()[0]
    assert "before-import" in copy
    assert f"for the history as it was: quiz backup --restore {copy} --exactly" in run(
        "import", "--undo", *to_ann, code=1
    )
    run("backup", "--restore", copy, "--exactly", *to_ann)
    assert state(tmp_path, "ann", "one") == (0, True)
    assert run("config", "new", *to_ann) == "new = 5\n"
    assert due(run, *to_ann)["sound"]


def test_an_undo_passes_over_a_history_and_says_so(run: Run, tmp_path: Path) -> None:
    studied(run)
    to_ann = ("--profile", "ann")
    Path("cards.csv").write_text("question,answer\nWhat?,That\n")
    run("import", "cards.csv", *to_ann)
    run("import", "history.jsonl", *to_ann)
    told = run("import", "--undo", *to_ann, code=1)
    assert "history.jsonl is a history: its answers count where they were given, and are not taken back" in told
    assert "nothing was in yours before" in told
    assert "takes back the import before this one from now on" in told
    assert state(tmp_path, "ann", "one") == state(tmp_path, "default", "one") != (0, True)
    assert own().exists()
    assert "The import of cards.csv is taken back" in run("import", "--undo", *to_ann)
    assert not own().exists()


@pytest.mark.parametrize("first", [0, 1], ids=["the one that took it in", "the one that gave them"])
def test_taking_an_import_back_makes_no_answer_void_where_it_was_given(tmp_path: Path, first: int) -> None:
    there, here = (Device(tmp_path / "profiles", name) for name in ("there", "here"))
    there.answer("a", 3, 1, 4)
    given = there.events()
    shared = tmp_path / "shared"
    shared.mkdir()
    imported(here, Parcel("", (), tuple(given), joined=True))
    with pytest.raises(QuizError, match="are not taken back"):
        taken_back(here)
    order = (here, there) if first == 0 else (there, here)
    for device in (*order, order[0]):
        assert device.sync(shared).faults == ()
    assert there.events() == here.events() == given
    assert there.state("a") == here.state("a")
    assert there.state("a").answers == 3


def test_a_step_of_an_earlier_version_that_joined_a_history_is_not_taken_back(run: Run, tmp_path: Path) -> None:
    studied(run)
    run("import", "history.jsonl", "--profile", "ann")
    (step,) = Path("home/profiles/ann/imports").iterdir()
    note = json.loads(step.read_text())
    step.write_text(json.dumps({name: value for name, value in note.items() if name not in ("joined", "copy")}))
    assert "quiz backup --restore FILE --exactly" in run("import", "--undo", "--profile", "ann", code=1)
    assert state(tmp_path, "ann", "one") == state(tmp_path, "default", "one")


def test_what_earlier_versions_made_void_counts_again_by_the_import_of_an_export_from_before(tmp_path: Path) -> None:
    device = Device(tmp_path / "profiles", "there")
    device.answer("a", 3, 1, 4)
    given = device.events()
    before = device.state("a")
    for number, event in enumerate(given):
        undo = replace(event, id=f"{number:032x}", kind="undo", target=event.id, device="0a0b0c0d", seq=number + 1)
        device.merge([replace(undo, rating=None, body={"import": "000001"})])
    assert device.state("a").answers == 0
    late = Parcel("", (), tuple(device.events()), joined=True)
    assert imported(device, late).nothing, "an export from after that says that they do not count"
    imported(device, Parcel("", (), tuple(given), joined=True))
    assert device.state("a") == before


def test_an_import_is_taken_in_once_taken_back_and_taken_in_again(tmp_path: Path) -> None:
    device = Device(tmp_path / "profiles", "a")
    parcel = Parcel("", (), (answer_of_another(1),))
    assert len(imported(device, parcel).fresh) == 1
    assert imported(device, parcel).nothing
    before = device.state("c1")
    for _ in range(2):
        taken_back(device)
        assert device.state("c1").answers == 0
        assert len(imported(device, parcel).again) == 1
        assert device.state("c1") == before


def test_taking_many_answers_back_derives_each_card_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device(tmp_path / "profiles", "a")
    many = [replace(answer_of_another(number), card=f"card-{number % 3}") for number in range(600)]
    parcel = Parcel("", (), tuple(many))
    imported(device, parcel)
    replayed: list[str] = []
    before = History.replayed

    def counted(history: History, card: str) -> CardState:
        replayed.append(card)
        return before(history, card)

    monkeypatch.setattr(History, "replayed", counted)
    taken_back(device)
    assert sorted(replayed) == ["card-0", "card-1", "card-2"]
    assert {device.state(card).answers for card in replayed} == {0}
    assert len(imported(device, parcel).again) == 600
    assert sorted(replayed) == sorted(["card-0", "card-1", "card-2"] * 2)
    assert {device.state(card).answers for card in replayed} == {200}
    own_events = [event.seq for event in device.events() if event.device == device.name]
    assert sorted(own_events) == list(range(1, 1201)), "numbered without a gap"


def test_what_several_devices_took_back_counts_again_with_one_import(tmp_path: Path) -> None:
    brought = [answer_of_another(number) for number in range(3)]
    both = [Device(tmp_path / "profiles", name) for name in ("a", "b")]
    shared = tmp_path / "shared"
    shared.mkdir()
    parcel = Parcel("", (), tuple(brought))
    for device in both:
        imported(device, parcel)
    for device in both:
        taken_back(device)
    for device in (*both, both[0]):
        device.sync(shared)
    assert {device.state(brought[0].card or "").answers for device in both} == {0}
    again = imported(both[0], parcel)
    assert (len(again.again), len(again.fresh)) == (3, 0)
    assert both[0].state(brought[0].card or "").answers == 1
    assert imported(both[0], parcel).nothing
    for device in (*both, both[0]):
        assert device.sync(shared).faults == ()
    assert [device.state(brought[0].card or "").answers for device in both] == [1, 1]
    assert both[0].events() == both[1].events()
    taken_back(both[0])
    assert both[0].state(brought[0].card or "").answers == 0


def imported(device: Device, parcel: Parcel) -> Planned:
    """Import a parcel as one of another program, and return what was planned."""
    history, paths = device.open(), paths_of(device)
    try:
        planned = plan(Path("them.apkg"), parcel, paths, lambda _: None, history)
        if not planned.nothing:
            carry_out(planned, paths, history)
        return planned
    finally:
        assert sound(history)
        history.close()


def taken_back(device: Device) -> None:
    """Take the last import back."""
    history = device.open()
    try:
        take_back(paths_of(device), history)
    finally:
        history.close()


def paths_of(device: Device) -> Paths:
    home = device.profile.parent.parent
    return Paths(home, home / "cache", device.profile.name)


def test_an_event_that_is_not_the_same_here_is_an_error_that_names_both(run: Run) -> None:
    studied(run)
    first, *rest = Path("history.jsonl").read_text().splitlines()
    changed = json.dumps({**json.loads(first), "rating": 4})
    Path("history.jsonl").write_text("\n".join([changed, *rest]))
    said = run("import", "history.jsonl", code=1)
    assert json.loads(first)["id"] in said
    assert '"rating": 4' in said
    assert "nothing was taken in" in said
    assert due(run)["events"] == 2


EVENT = {"id": "a", "device": "d", "seq": 1, "at": "", "at_ms": 1, "offset_min": 0, "day": "2026-11-22", "kind": "flag"}
ANSWER = {"kind": "answer", "card": "a", "question": "q", "mark": 1.0}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (json.dumps(EVENT)[:-9], "is it cut off?"),
        ("[1]", "is no event"),
        (json.dumps({k: v for k, v in EVENT.items() if k != "device"}), "has no field 'device'"),
        (json.dumps(EVENT | {"kind": "party"}), "kind 'party' is not known"),
        (json.dumps(EVENT | {"at_ms": 10**30}), "its time is none of the years"),
        (json.dumps(EVENT | {"day": "soon"}), "a field is wrong"),
        (json.dumps(EVENT | {"rating": 5}), "'rating' is none of 1 to 4"),
        (json.dumps(EVENT | {"rating": True}), "'rating' is none of 1 to 4"),
        (json.dumps(EVENT | {"mark": "full"}), "a field has a value that cannot be"),
        (json.dumps(EVENT | {"mark": 7}), "'mark' is not from 0 to 1"),
        (json.dumps(EVENT | {"seq": -1}), "'seq' is no place"),
        (json.dumps(EVENT | {"id": ""}), "an id is missing"),
        (json.dumps(EVENT | {"card": {"a": 1}}), "an id is missing"),
        ('{"id": NaN}', "is no line of JSON"),
        ("[" * 100_000, "is no line of JSON"),
        (json.dumps(EVENT | {"offset_min": 9999}), "its time zone is no distance"),
        (json.dumps(EVENT | ANSWER | {"rating": 3, "retention": 0.001}), "'retention' is not from 0.01 to 1"),
        (json.dumps(EVENT | ANSWER | {"card": None}), "it answers no card"),
        (json.dumps(EVENT | {"kind": "bury", "card": "a", "until": 10**9}), "'until' is no study day"),
    ],
)
def test_a_line_that_is_no_event_is_told(line: str, told: str) -> None:
    events, problems = parse_history(f"{json.dumps(EVENT | {'id': 'sound'})}\n{line}\n", "h.jsonl")
    assert len(events) == 1
    assert [str(problem).startswith("h.jsonl:2:1: ") for problem in problems] == [True]
    assert told in problems[0].what


def test_two_unlike_events_of_one_id_in_a_file_are_told() -> None:
    text = "\n".join(json.dumps(EVENT | {"on": on}) for on in (True, False, True))
    assert [problem.what for problem in parse_history(text, "h.jsonl")[1]] == ["event a is not the same as in line 1"]
