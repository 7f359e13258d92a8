"""The guide for deck authors is right: sound examples pass, and each bad one breaks the rule it is shown for."""

from __future__ import annotations

import re
import textwrap
from datetime import date
from pathlib import Path

import pytest

from quiz.check.files import check_files
from quiz.check.rules import Material, look
from quiz.paths import shipped_decks

GUIDE = (shipped_decks() / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"<!-- (.+?) -->\n```yaml\n(.*?)```", GUIDE, re.DOTALL)
TOP = """\
title: T
topic: risks
procedure: {procedure}
audience: [nurse]
checked: 2026-11-22
cards:
  - id: example
    claim: In the procedure that is meant here something is so and not otherwise.
    why: Because of a mechanism that takes more than a dozen words to explain to somebody who wants to learn it.
    sources: [aorn-electrosurgery, francio-2021-burn]
    tier: useful
    questions:
      - cloze: "{cloze}"
      -
"""
CLOZE = "In facet radiofrequency, SDR and trigeminal rhizotomy the {{thing}} matters."


def broken(tmp_path: Path, deck: str) -> set[str]:
    """Return the rules that a deck breaks, read as if it lay among the shipped ones."""
    path = tmp_path / "deck.yaml"
    path.write_text(deck, "utf-8")
    (tmp_path / "sources.yaml").write_text((shipped_decks() / "rhizotomy" / "sources.yaml").read_text("utf-8"), "utf-8")
    checked = check_files([tmp_path])
    assert checked.problems == ()
    return {one.rule for one in look(Material(checked.decks, checked.sources, (), date(2026, 11, 23)))}


def card(question: str) -> str:
    procedure = "sdr" if "SDR" in question else "trigeminal-rf" if "rigeminal" in question else "lumbar-facet-rf"
    if "a rhizotomy?" in question:
        procedure = "trigeminal-rf"
    return TOP.format(procedure=procedure, cloze=CLOZE) + textwrap.indent(question, " " * 8)


def test_there_are_six_bad_questions_each_with_its_mend() -> None:
    names = [name.split()[0] for name, _ in EXAMPLES if not name.startswith("sound")]
    assert names == ["bad", "good"] * 6


@pytest.mark.parametrize(("name", "text"), [e for e in EXAMPLES if e[0].startswith("bad")], ids=lambda e: str(e)[:7])
def test_a_bad_question_breaks_its_rule(tmp_path: Path, name: str, text: str) -> None:
    assert name.removeprefix("bad ") in broken(tmp_path, card(text))


@pytest.mark.parametrize("text", [text for name, text in EXAMPLES if name == "good"], ids=lambda e: str(e)[5:40])
def test_a_mended_question_breaks_none(tmp_path: Path, text: str) -> None:
    assert broken(tmp_path, card(text)) - {"C20", "C24"} == set()


def test_the_card_in_full_breaks_none(tmp_path: Path) -> None:
    (deck,) = [text for name, text in EXAMPLES if name == "sound"]
    assert broken(tmp_path, deck) == set()


def test_every_kind_of_question_is_shown(tmp_path: Path) -> None:
    (deck,) = [text for name, text in EXAMPLES if name == "sound kinds"]
    (tmp_path / "kinds.yaml").write_text(deck, "utf-8")
    checked = check_files([tmp_path])
    assert checked.problems == ()
    kinds = {question.kind for question in checked.decks[0].questions}
    assert kinds == {"flip", "typed", "cloze", "choice", "select", "number", "order", "match"}
