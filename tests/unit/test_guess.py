"""The test-wise guessers: each finds the cue it is for, none finds anything where there is none."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.check.guess import guess, sight
from quiz.check.guess.learned import Solved, mixed
from quiz.check.guess.sight import Sight
from quiz.check.rules import Material
from quiz.cli.main import main
from quiz.deck.model import Card
from quiz.questions import Choice, Option

LETTERS = "bcdfghklmnprstvw"
Change = Callable[[str, random.Random], str]


def same(text: str, _: random.Random) -> str:
    return text


def material(key: Change = same, wrong: Change = same, count: int = 300) -> Material:
    """Return so many choices of four made-up words, the keys and the wrong options changed by these functions."""
    chance = random.Random(7)
    cards = []
    for i in range(count):
        words = [" ".join("".join(chance.choices(LETTERS, k=chance.randint(3, 9))) for _ in "ab") for _ in range(4)]
        options = [Option(key(words[0], chance)), *(Option(wrong(word, chance), "So.") for word in words[1:])]
        question = Choice(f"What is thing {i}?", tuple(options), 0)
        cards.append(Card(f"c{i}", f"c{i}", "D", "d.yaml", i + 1, (question,)))
    return Material(tuple(cards), {}, (), date(2026, 11, 22))


def scores(some: Material) -> dict[str, float]:
    guessed = guess(some)
    assert guessed is not None
    return {attack.id: attack.score for attack in guessed.attacks}


def test_where_there_is_no_cue_every_guesser_stays_near_chance() -> None:
    guessed = guess(material(count=600))
    assert guessed is not None
    assert guessed.chance == 0.25
    assert {attack.id for attack in guessed.attacks} == {f"G{n}" for n in range(1, 14)}
    assert [attack.id for attack in guessed.attacks if attack.score > guessed.chance + 0.06] == []
    assert all(attack.held == (attack.score <= attack.bound) for attack in guessed.attacks)


@pytest.mark.parametrize(
    ("attacker", "key", "wrong"),
    [
        ("G1", lambda text, _: text + " and longer", same),
        ("G2", same, lambda text, _: text + " and longer"),
        ("G3", same, lambda text, _: "always " + text),
        ("G4", lambda text, _: text + " may be", same),
        ("G5", lambda text, _: "thing " + text, same),
        ("G6", lambda text, _: text + " common odd", lambda text, chance: text + chance.choice([" common", " odd"])),
        ("G7", lambda text, _: text + ", 7", same),
        ("G11", lambda text, _: text + " team", same),
    ],
)
def test_each_guesser_finds_its_own_cue(attacker: str, key: Change, wrong: Change) -> None:
    found = scores(material(key, wrong))
    assert found[attacker] > 0.4
    assert found["G12"] > 0.4 or attacker == "G6", "the learned mix sees it too"


def test_the_option_that_fits_the_article_and_the_form_of_most_is_taken() -> None:
    one, other, third = sight.fits_grammar(Sight("A dorsal root is an", ("ulcer", "root", "cut")))
    assert one > other == third
    forms = sight.fits_grammar(Sight("Why?", ("to cut a root", "to heat a nerve", "cutting a root")))
    assert forms[0] == forms[1] > forms[2]


def test_the_learned_mix_joins_weak_cues() -> None:
    def sometimes(word: str) -> Change:
        return lambda text, chance: f"{text} {word}" if chance.random() < 0.5 else text

    found = scores(material(sometimes("team asks"), sometimes("dose alone")))
    assert found["G12"] > 0.5


def test_keys_that_are_dealt_out_evenly_are_found_out() -> None:
    """Of three options each is the key once, on three cards: whoever knows two of the keys knows the third."""
    cards = []
    for i in range(40):
        texts = [f"option {letter * 3}{i}" for letter in "bcd"]
        for k in range(3):
            question = Choice(f"What is thing {i} {k}?", tuple(map(Option, texts)), k)
            cards.append(Card(f"c{i}-{k}", f"c{i}-{k}", "D", "d.yaml", i + 1, (question,)))
    found = scores(Material(tuple(cards), {}, (), date(2026, 11, 22)))
    assert found["G13"] > 0.8
    assert found["G11"] < 0.2


def test_what_was_learned_from_a_card_is_never_used_on_it() -> None:
    """Each key has a word of its own that stands nowhere else: to remember it would give every point."""
    found = scores(material(lambda text, chance: f"{text} {chance.randint(10**6, 10**7)}x"))
    assert found["G11"] < 0.32


def test_the_words_that_give_away_are_named() -> None:
    guessed = guess(material(lambda text, _: text + " team"))
    assert guessed is not None
    assert guessed.words[0] == ("team", 300, 0)
    assert guessed.cues[0][0] in ("words that stand in keys", "words", "length")
    assert len(guessed.easiest) == 12


def test_too_few_choices_are_not_judged() -> None:
    assert guess(material(count=39)) is None


@given(st.lists(st.text(max_size=20), min_size=2, max_size=5, unique=True), st.text(max_size=30))
def test_every_guesser_gives_each_option_a_score(options: list[str], stem: str) -> None:
    seen = Sight(stem, tuple(options), (0, 1))
    judges = [judge for name, judge in vars(sight).items() if getattr(judge, "__doc__", None) and name.islower()]
    rules = [judge for judge in judges if (judge.__doc__ or "").startswith("G")]
    assert len(rules) == 10
    for judge in rules:
        assert len(judge(seen)) == len(options)


def test_a_place_says_nothing_to_who_does_not_know_the_order() -> None:
    chance = random.Random(3)
    solved = [Solved(Sight("What?", ("b", "c", "d")), chance.randrange(3), i % 10) for i in range(300)]
    judged, weights = mixed(solved)
    assert len(judged) == 300
    assert set(weights) >= {"length", "place", "words that stand in keys"}


def deck(key: str) -> str:
    cards = "".join(
        f"  - ask: What is {i}?\n    choices: [{{right: {key}{i}}}, {{wrong: ba{i * 7}}}, {{wrong: bo{i * 11}}}]\n"
        for i in range(60)
    )
    return f"title: T\ncards:\n{cards}"


def test_the_command_tells_how_each_guesser_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "deck.yaml"
    path.write_text(deck("team and call "), "utf-8")
    assert main(["check", str(path), "--guess"]) == 1
    told = capsys.readouterr().out
    assert "60 choices. Right by chance: 33.3%." in told
    assert "G1  the longest option                   100.0%  ABOVE the bound of 43.3%" in told
    assert "The cue that gives most away: " in told
    assert f"  {path}:3: team and call 0" in told or "Easiest to guess:" in told
    assert main(["check", str(path), "--guess", "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["guess"]["questions"] == 60
    assert data["problems"] == []


def test_the_command_says_when_there_are_too_few(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "deck.yaml"
    path.write_text("title: T\ncards: [{ask: A?, choices: [{right: b}, {wrong: c}]}]", "utf-8")
    assert main(["check", str(path), "--guess"]) == 0
    assert "Too few choices" in capsys.readouterr().out
    assert main(["check", str(path), "--rules"]) == 1
    told = capsys.readouterr().out
    assert f"{path}:2:1: C1 error: the card has no 'claim' - add 'claim: …'" in told
    assert "1 card, 1 question in 1 file: " in told
    assert main(["check", str(path), "--rules", "--json"]) == 1
    assert {"rule", "severity", "file", "line", "what", "mend"} <= set(json.loads(capsys.readouterr().out)[0])


def test_the_rules_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 37
    assert lines[0].startswith("C1  error    A card has claim")
    assert main(["check", "--list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["rule"] == "C1"
