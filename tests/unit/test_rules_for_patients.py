"""The rules for what patients read: the shipped sessions keep them, and each rule finds the fault it is for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from quiz.check.files import check_files
from quiz.check.rules import Finding, Material, look
from quiz.deck.reader import read_deck
from quiz.paths import shipped_decks

SESSION = shipped_decks() / "rhizotomy" / "patients" / "lumbar-facet-rf.yaml"
Checks = Callable[[str, str], list[Finding]]


@pytest.fixture
def checks(tmp_path: Path) -> Checks:
    """Return a way to change one place in a shipped session and run the rules over it."""

    def run(old: str, new: str) -> list[Finding]:
        text = SESSION.read_text("utf-8")
        assert old in text
        path = tmp_path / "patients" / "session.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace(old, new, 1), "utf-8")
        checked = check_files([path])
        (session,) = checked.sessions
        return look(Material((), {}, (session,), date(2026, 11, 22)))

    return run


def test_a_shipped_session_keeps_all_rules(checks: Checks) -> None:
    assert [str(one) for one in checks("Most people do fine.", "Most people do fine.")] == []


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("P1", "Most people do fine.", "Radiofrequency denervation interrupts nociceptive transmission. " * 12),
        ("P2", "Most people do fine.", "Most people do fine and " + "go home and rest and eat and " * 5 + "sleep."),
        ("P2", "Most people do fine.", "You are seen. You are heard. You are told. You are shown. " * 12),
        ("P3", "Most people do fine.", "Most people tolerate ablation well."),
        ("P4", "A needle tip heats a tiny nerve.", "A needle tip heats a tiny nerve. This is one thing to know."),
        ("P5", "Most people do fine.", "In 5 % of people it hurts."),
        ("P5", "Most people do fine.", "In 1 in 20 people it hurts."),
        ("P5", "Most people do fine.", "It is twice as safe."),
        ("P5", "Most people do fine.", "In 3 of 1,000 people it hurts."),
        ("P6", "For these, go to the emergency room now or call your emergency number.", "These are bad."),
        ("P6", "last_line: My own team knows what is right for me.", "last_line: I know what is right for me."),
        ("P7", "A needle tip heats a tiny nerve.", "Stop your blood thinner. A needle tip heats a tiny nerve."),
    ],
)
def test_each_rule_finds_its_fault(checks: Checks, rule: str, old: str, new: str) -> None:
    if rule == "P6" and old.startswith("For these"):
        text = SESSION.read_text("utf-8")
        end = text.index("teach_back", text.index(old))
        old = text[text.index("say: Most people do fine.") : end]
        new = "say: Most people do fine. A few signs are bad for you.\n    "
    elif rule == "P4":
        text = SESSION.read_text("utf-8")
        begin = text.index("say: A needle tip")
        old, new = (
            text[begin : text.index("listen_for", begin)],
            "say: A tip heats.\n    teach_back: What is heated?\n    ",
        )
    assert rule in {one.rule for one in checks(old, new)}, [str(one) for one in checks(old, new)]


@pytest.mark.parametrize(
    ("rule", "topic", "claim"),
    [
        ("P1", "risks", "Radiofrequency denervation interrupts nociceptive transmission from articulations."),
        ("P3", "risks", "The ablation is done."),
        ("P4", "red-flags", "Weak legs are bad."),
        ("P5", "risks", "It hurts 5 % of people."),
        ("P6", "red-flags", "Weak legs are bad."),
        ("P7", "risks", "Stop your pills."),
    ],
)
def test_cards_that_are_for_patients_alone_keep_them_too(tmp_path: Path, rule: str, topic: str, claim: str) -> None:
    path = tmp_path / "deck.yaml"
    card = f"{{claim: '{claim}', topic: {topic}, ask: What is it?, answer: This}}"
    path.write_text(f"title: T\naudience: [patient]\ncards: [{card}]", "utf-8")
    cards = read_deck(path).cards
    assert len(cards) == 1
    found = {one.rule for one in look(Material(cards, {}, (), date(2026, 11, 22)))}
    assert rule in found
