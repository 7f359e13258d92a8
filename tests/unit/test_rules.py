"""The rules of good content: a sound card passes them all, and each rule finds the fault it is for, in its place."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from quiz.check.files import check_files
from quiz.check.rules import RULES, Finding, Material, in_order, look
from quiz.check.rules.facts import numbers

TODAY = date(2026, 11, 22)
SOURCES = """\
guide: {title: A guideline, kind: guideline}
trial: {title: A trial, kind: study}
leaflet: {title: A leaflet, kind: patient-leaflet}
"""
SOUND = """\
title: The return pad
audience: [nurse]
checked: 2026-01-10
cards:
  - id: pad
    topic: equipment
    procedure: lumbar-facet-rf
    claim: In facet radiofrequency the return pad lies over muscle that has a good blood supply.
    why: Blood carries the heat off, so the skin below the pad stays cool while current flows through a wide area.
    sources: [guide]
    questions:
      - ask: Where does the return pad go in lumbar facet radiofrequency?
        choices:
          - right: Over the muscle of the thigh
          - wrong: Over the bone of the shin
            why: Bone carries current badly, so the skin heats.
          - wrong: Over the scar of the knee
            why: A scar has little blood to carry heat off.
      - proof: true
        ask: Which tissue lies under the return pad in facet radiofrequency?
        answer: muscle
        accept: [well-perfused muscle]
        reject: [bone, scar]
      - cloze: "In facet radiofrequency the return pad spreads the {{current}} over the skin."
"""
Checks = Callable[..., list[Finding]]


@pytest.fixture
def checks(tmp_path: Path) -> Checks:
    """Return a way to write decks and run the rules over them."""

    def run(*decks: str, sources: str = SOURCES) -> list[Finding]:
        (tmp_path / "sources.yaml").write_text(sources, "utf-8")
        for i, text in enumerate(decks):
            (tmp_path / f"deck{i}.yaml").write_text(text, "utf-8")
        checked = check_files([tmp_path])
        assert checked.problems == ()
        return look(Material(checked.decks, checked.sources, checked.sessions, TODAY))

    return run


def test_a_sound_card_breaks_no_rule(checks: Checks) -> None:
    assert [str(one) for one in checks(SOUND)] == []


def test_there_is_a_rule_for_every_number() -> None:
    wanted = [f"C{n}" for n in range(1, 31)] + [f"P{n}" for n in range(1, 8)]
    assert [rule.id for rule in in_order()] == wanted
    assert all(rule.says.endswith(".") for rule in in_order())


@pytest.mark.parametrize(
    ("rule", "old", "new", "line"),
    [
        ("C1", "    topic: equipment\n", "", 5),
        ("C1", "topic: equipment", "topic: wellness", 5),
        ("C1", "      - proof: true\n        ask", "      - ask", 5),
        ("C2", "    sources: [guide]\n", "", 5),
        ("C2", "sources: [guide]", "sources: [trial]", 5),
        ("C2", "sources: [guide]", "sources: [leaflet]\n    certainty: moderate", 5),
        ("C3", "while current", "while 50 watts of current", 5),
        ("C3", "sources: [guide]", "sources: [guide]\n    evidence: {trial: none}", 5),
        ("C4", "Over the bone of the shin", "Over the muscle of the thighs", 12),
        ("C4", "Over the bone of the shin", "over the  Muscle, of the thigh!", 12),
        ("C5", "          - wrong: Over the scar of the knee\n            why: A scar has little blood to carry heat off.\n", "", 12),  # noqa: E501
        ("C6", "Over the muscle of the thigh", "Over the muscle of the thigh or of the back where no scar lies", 12),
        ("C6", "Over the muscle of the thigh", "Over thigh", 12),
        ("C8", "Over the bone of the shin\n", "Only over the bone of the shin\n", 12),
        ("C9", "right: Over the muscle", "right: Usually over the muscle", 12),
        ("C10", "Over the muscle of the thigh", "With radiofrequency the pad can return", 12),
        ("C13", "Over the muscle of the thigh", "Covering muscle of the thigh", 12),
        ("C13", "Where does the return pad go in lumbar facet radiofrequency?", "Lumbar facet radiofrequency needs a?", 12),  # noqa: E501
        ("C14", "Over the scar of the knee", "None of the above places", 12),
        ("C15", "Where does the return pad go in", "Where does the pad not go in", 12),
        ("C16", "Where does the return pad go in lumbar", "How often does the return pad go wrong in lumbar", 12),
        ("C18", "facet radiofrequency?\n        choices", "facet radiofrequency\n        choices", 12),
        ("C18", "Where does the return pad go", "Which of these holds for the return pad", 12),
        ("C19", "Over the scar of the knee", "Over " + "the scar of the knee or " * 4 + "the toe", 12),
        ("C19", "Where does the return pad go", "Where " + "and when and how " * 10 + "does the return pad go", 12),
        ("C20", "Where does the return pad go", "As it goes over the muscle of the thigh, where does the return pad go", 12),  # noqa: E501
        ("C22", "why: Blood carries the heat off, so the skin below the pad stays cool while current flows through a wide area.", "why: Good.", 5),  # noqa: E501
        ("C22", "            why: Bone carries current badly, so the skin heats.\n", "", 12),
        ("C23", "        reject: [bone, scar]\n", "", 19),
        ("C23", "answer: muscle", "answer: leukocytes", 19),
        ("C24", "{{current}}", "{{current, heat and pressure}}", 24),
        ("C24", "Which tissue lies under", "Why? Which tissue lies under", 19),
        ("C27", "Where does the return pad go in lumbar facet radiofrequency?", "Where does the return pad go?", 12),
        ("C27", "Where does the return pad go in lumbar facet radiofrequency?", "Where does the pad go in facet rhizotomy, or before a rhizotomy?", 12),  # noqa: E501
        ("C28", "sources: [guide]", "sources: [guide]\n    corrects: [S13]", 5),
        ("C29", "lies over muscle that", "lies over 90 % muscle that", 5),
        ("C30", "checked: 2026-01-10", "checked: 2023-01-10", 5),
        ("C30", "Blood carries the heat off", "Heparin or not, blood carries the heat off", 5),
    ],
)  # fmt: skip
def test_each_rule_finds_its_fault_where_it_is(checks: Checks, rule: str, old: str, new: str, line: int) -> None:
    deck = SOUND
    if rule == "C29":
        deck = deck.replace(
            "sources: [guide]", 'sources: [guide]\n    certainty: moderate\n    evidence: {guide: "90 %"}'
        )
    elif rule == "C30" and "Heparin" in new:
        deck = deck.replace("checked: 2026-01-10", "checked: 2025-11-01")
    elif rule == "C16":
        deck = deck.replace("Over the bone", "Often over the bone")
    assert old in deck
    found = checks(deck.replace(old, new, 1))
    shift = deck[: deck.index(old)].count("\n")
    assert rule in {one.rule for one in found}, [str(one) for one in found]
    (told, *_) = [one for one in found if one.rule == rule]
    moved = (new.count("\n") - old.count("\n")) * (line - 1 > shift)
    extra = (deck.count("\n") - SOUND.count("\n")) * (line > 10)
    assert told.problem.place.line == line + moved + extra, str(told)
    assert told.severity == RULES[rule].severity
    assert told.problem.mend
    assert told.problem.card == "pad"


def test_numbers_in_options_rise(checks: Checks) -> None:
    deck = SOUND.replace("Over the muscle of the thigh", "80 °C").replace("Over the bone of the shin", "60 °C")
    found = checks(
        deck.replace("Over the scar of the knee", "90 °C").replace(
            "[guide]", "[guide]\n    evidence: {guide: 80 to 90}"
        )
    )
    assert "C17" in {one.rule for one in found}


def test_levels_gauges_and_years_are_no_numbers() -> None:
    assert numbers("At L4, C2-3 and S2-S4, with an 18 G cannula, in 2016") == frozenset()
    assert numbers("80 °C for 90 s, 1,600 people, 0.5 ml and 12-24 h") == {"80", "90", "1600", "0.5", "12", "24"}


def test_an_exception_with_a_reason_is_heard(checks: Checks) -> None:
    odd = SOUND.replace("topic: equipment", "topic: wellness")
    excused = odd.replace(
        "    sources: [guide]", "    sources: [guide]\n    exceptions: {C1: our course has this topic}"
    )
    assert checks(excused) == []


@pytest.mark.parametrize(
    ("exception", "told"),
    [
        ("{C1: our course has this topic}", "an exception from C1 that nothing needs"),
        ("{C99: our course has this topic}", "an exception from 'C99', which is no rule"),
        ("{C2: no}", "an exception from C2 that nothing needs"),
    ],
)
def test_an_exception_that_excuses_nothing_is_a_fault(checks: Checks, exception: str, told: str) -> None:
    (found,) = checks(SOUND.replace("    sources: [guide]", f"    sources: [guide]\n    exceptions: {exception}"))
    assert (found.problem.what, found.severity) == (told, "error")


def test_an_exception_needs_a_reason_in_words(checks: Checks) -> None:
    deck = SOUND.replace("topic: equipment", "topic: wellness")
    (found,) = checks(deck.replace("    sources: [guide]", "    sources: [guide]\n    exceptions: {C1: so}"))
    assert found.problem.what == "the exception from C1 gives no reason"


def test_one_card_cannot_answer_another(checks: Checks) -> None:
    other = SOUND.replace("id: pad", "id: thigh").replace(
        "Where does the return pad go in", "If over the muscle of the thigh, why so in"
    )
    assert "C20" in {one.rule for one in checks(SOUND, other)}


def test_a_question_that_stands_in_two_decks_is_told(checks: Checks) -> None:
    found = {
        one.rule
        for one in checks(SOUND, SOUND.replace("id: pad", "id: plate").replace("the return pad", "the return pads"))
    }
    assert "C26" in found


def test_fronts_alike_with_other_answers_must_name_each_other(checks: Checks) -> None:
    other = SOUND.replace("id: pad", "id: shin").replace("muscle", "fat")
    assert "C25" in {one.rule for one in checks(SOUND, other)}
    linked = SOUND.replace("sources: [guide]", "sources: [guide]\n    contrast_with: [shin]")
    back = other.replace("sources: [guide]", "sources: [guide]\n    contrast_with: [pad]")
    assert "C25" not in {one.rule for one in checks(linked, back)}


LETTERS = "bcdfghklmnprstvw"


def many(key: str, wrong: str, count: int = 60) -> str:
    """Return a deck of choices, `{w}` in an option being a word that tells nothing."""
    cards, chance = [], random.Random(count)
    for i in range(count):
        words = ["".join(chance.choices(LETTERS, k=chance.randint(4, 14))) for _ in range(3)]
        options = [f"- right: {key.format(w=words[0])}"]
        options += [f"- wrong: {wrong.format(w=word)}\n          why: So." for word in words[1:]]
        choices = "".join(f"        {option}\n" for option in options)
        cards.append(f"  - id: c{i}\n    ask: What is thing {i * 37}?\n    choices:\n{choices}")
    return "title: Many\ncards:\n" + "".join(cards)


@pytest.mark.parametrize(
    ("rule", "key", "wrong", "told"),
    [
        ("C7", "{w} and far more than the others", "{w}", "the key is the longest option in 100 %"),
        ("C7", "{w}", "{w} and far more", "the key is the shortest option in 100 %"),
        ("C8", "{w}", "always {w}", "absolute words stand 100 % more often in wrong options"),
        ("C9", "often {w}", "{w}", "hedging words stand 100 % more often in keys"),
        ("C10", "{w} thing", "{w}", "in 100 % of the choices the key repeats the stem most"),
        ("C12", "{w}, so", "{w}", "a comma stands 100 % more often in keys"),
        ("C12", "{w}", "{w} (7)", "a digit stands 100 % more often in wrong options"),
    ],
)
def test_a_cue_over_the_whole_set_is_told(checks: Checks, rule: str, key: str, wrong: str, told: str) -> None:
    found = [one.problem.what for one in checks(many(key, wrong)) if one.rule == rule and not one.problem.place.line]
    assert any(what.startswith(told) for what in found), found


def test_rates_are_not_told_of_a_small_deck(checks: Checks) -> None:
    assert not [one for one in checks(many("{w}, so", "{w}", count=39)) if one.rule in ("C7", "C12")]


def test_no_rate_is_told_of_choices_without_a_cue(checks: Checks) -> None:
    found = [str(one) for one in checks(many("{w}", "{w}", count=200)) if not one.problem.place.line]
    assert found == []
