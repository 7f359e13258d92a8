"""`due`, `decks`, `stats` and `card`: what they say after days of study, in words and as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quiz.cli.main import main
from quiz.report.words import in_days, percent, spent
from tests.support.clocks import FixedClock

DECKS = {
    "facet.yaml": """\
title: Facet
order: 1
topic: risks
cards:
  - id: pad
    claim: The pad goes on muscle.
    sources: [manual]
    safety: true
    questions:
      - ask: Where does the pad go?
        choices:
          - right: On muscle
          - wrong: On bone
            why: Little blood flows there.
      - ask: Where?
        answer: muscle
        accept: []
  - id: nerve
    ask: Which nerve?
    answer: medial branch
    accept: []
""",
    "sdr.yaml": "title: SDR\norder: 2\ncards:\n  - id: tone\n    topic: anatomy\n    ask: What?\n    answer: Tone\n",
    "sources.yaml": "manual:\n  title: The manual\n  authors: Maker A\n  year: '2020'\n",
}


class Learner:
    """Somebody who runs commands, on one day or another."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = FixedClock("2026-11-22 12:00")
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def run(self, *argv: str, lines: str = "", code: int = 0) -> str:
        clock = self.clock

        class Typing(io.StringIO):
            def readline(self, size: int = -1, /) -> str:  # type: ignore[override]  # the bases in typeshed disagree
                clock.forward(seconds=6)
                return super().readline(size)

        self._monkeypatch.setattr("sys.stdin", Typing(lines))
        assert main([*argv, "--decks", "decks"], clock) == code
        said = self._capsys.readouterr()
        assert said.err == ""
        return said.out

    def json(self, *argv: str) -> Any:
        return json.loads(self.run(*argv, "--json"))

    def study(self, *lines: str) -> str:
        return self.run("study", "--plain", "--seed", "1", lines="".join(f"{line}\n" for line in lines))

    def wait(self, days: int) -> None:
        self.clock.forward(days=days)


@pytest.fixture
def learner(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Learner:
    monkeypatch.setenv("QUIZ_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("decks").mkdir()
    for name, text in DECKS.items():
        Path("decks", name).write_text(text, "utf-8")
    return Learner(capsys, monkeypatch)


def test_before_the_first_answer(learner: Learner) -> None:
    assert learner.json("due") == {
        "day": "2026-11-22",
        "due": 0,
        "new": 3,
        "minutes": 0.9,
        "today": 0,
        "new_today": 3,
        "waiting": 0,
        "days_to_catch_up": 0,
        "minutes_a_day": 15,
        "leeches": 0,
        "next_due": None,
        "answered_today": 0,
    }
    assert learner.run("due") == "0 cards due and 3 new: about 1 minute.\n"
    assert learner.run("stats").splitlines()[0] == "0 answers, 0 of 3 cards seen."


def test_after_a_session_the_cards_come_back_on_later_days(learner: Learner) -> None:
    learner.study("?", "medial branch", "3", ":quit")
    due = learner.json("due")
    assert (due["due"], due["new"], due["next_due"], due["answered_today"]) == (0, 0, "2026-11-23", 3)
    assert learner.run("due") == "Nothing is due.\nAfter today, the next card is due tomorrow.\n"
    learner.wait(1)
    due = learner.json("due")
    assert (due["day"], due["due"], due["next_due"], due["answered_today"]) == ("2026-11-23", 1, "2026-11-24", 0)
    assert learner.run("due").splitlines()[1] == "After today, the next card is due tomorrow."


def test_a_suspended_card_is_not_due_next(learner: Learner) -> None:
    learner.study("?", ":suspend", "1", ":quit")
    learner.study(":suspend")
    assert learner.json("due")["next_due"] == "2026-11-23"
    learner.wait(1)
    learner.study(":suspend", ":suspend")
    assert learner.json("due")["next_due"] is None
    assert learner.json("stats")["suspended"] == 3


def test_true_retention_counts_the_first_answer_of_a_day_of_each_card_met_before(learner: Learner) -> None:
    learner.study("?", "medial branch", "3", ":quit")  # new cards: none counts
    learner.wait(8)
    learner.study("?", "medial branch", "1", "?", "4")  # one recalled, two not; what comes back is not counted
    stats = learner.json("stats")
    all_ = {"reviews": 3, "recalled": 1, "share": pytest.approx(1 / 3)}
    none = {"reviews": 0, "recalled": 0, "share": None}
    assert stats["retention"] == {"days": 30, **all_, "young": all_, "mature": none, "mature_from_days": 21.0}
    assert "Recalled in the last 30 days: 33 % of 3 reviews (the aim is 90 %)." in learner.run("stats")


def test_the_last_thirty_days_are_counted_one_by_one(learner: Learner) -> None:
    learner.study("1", "medial branch", "3", ":quit")
    learner.wait(29)
    learner.study(":quit")
    stats = learner.json("stats")
    assert [day["day"] for day in stats["days"]][::29] == ["2026-11-22", "2026-12-21"]
    assert [day["answers"] for day in stats["days"]] == [3, *[0] * 29]
    assert stats["days"][0]["minutes"] == pytest.approx(0.3)
    learner.wait(1)
    stats = learner.json("stats")
    assert sum(day["answers"] for day in stats["days"]) == 0
    assert (stats["answers"], stats["cards_seen"]) == (3, 3)


def test_what_was_taken_back_or_rated_anew_counts_once(learner: Learner) -> None:
    learner.study("?", ":rate 3", ":undo", "?", ":rate 4", "nerve", ":quit")
    stats = learner.json("stats")
    assert stats["answers"] == 2
    assert (stats["days"][-1]["answers"], stats["days"][-1]["recalled"]) == (2, 1)
    assert len(learner.json("card", "pad")["answers"]) == 1


def test_decks_and_topics_are_told_with_their_progress(learner: Learner, tmp_path: Path) -> None:
    Path("decks", "bad.yaml").write_text("title: Bad\ncards: []\n", "utf-8")
    learner.study("?", "medial branch", ":quit")
    decks = learner.json("decks")
    assert [deck["name"] for deck in decks] == ["facet", "sdr", "bad"]
    assert decks[0] == {
        "name": "facet",
        "title": "Facet",
        "file": str(tmp_path / "decks" / "facet.yaml"),
        "cards": 2,
        "seen": 2,
        "due": 0,
        "mastery": decks[0]["mastery"],
        "problems": 0,
    }
    assert (decks[2]["cards"], decks[2]["problems"]) == (0, 1)
    said = learner.run("decks").splitlines()
    assert said[0] == "Facet (facet)"
    assert said[-1] == "  0 cards, 0 seen, 0 due, 0 % known, 1 problem (quiz check)"
    topics = learner.json("stats")["topics"]
    assert [(topic["name"], topic["cards"], topic["seen"]) for topic in topics] == [("anatomy", 1, 0), ("risks", 2, 2)]


def test_a_card_is_told_with_its_questions_and_its_history(learner: Learner) -> None:
    learner.study("1 !h", ":flag odd", "medial branch", "3", ":quit")
    learner.wait(1)
    card = learner.json("card", "pad")
    assert (card["held"], card["id"], card["deck"], card["topic"], card["safety"]) == (
        True,
        "pad",
        "Facet",
        "risks",
        True,
    )
    assert card["sources"] == [{"id": "manual", "text": "Maker A. The manual. (2020)"}]
    assert [question["kind"] for question in card["questions"]] == ["choice", "typed"]
    assert card["questions"][0]["options"][0] == {"text": "On muscle", "right": True, "why": ""}
    assert (card["state"]["answers"], card["state"]["due"], card["state"]["new"]) == (1, "2026-11-23", False)
    (answer,) = card["answers"]
    assert (answer["at"], answer["day"], answer["certainty"]) == ("2026-11-22T12:00:06.000Z", "2026-11-22", "high")
    assert (answer["question"], answer["ms"]) == (card["questions"][0]["id"], 6000)
    said = learner.run("card", "pad")
    for line in (
        "pad (Facet)",
        "Claim: The pad goes on muscle.",
        "A card that must be known.",
        "Due today; recall now ",
    ):
        assert line in said
    assert "Flagged as faulty on 2026-11-22: odd" in learner.run("card", "nerve")
    (flag,) = learner.json("card", "nerve")["flags"]
    assert flag["note"] == "odd"


def test_a_new_card_is_told_without_history(learner: Learner) -> None:
    card = learner.json("card", "tone")
    assert (card["state"]["new"], card["state"]["due"], card["state"]["recall"], card["answers"]) == (
        True,
        None,
        None,
        [],
    )
    assert "Not asked yet." in learner.run("card", "tone")


def test_a_card_that_left_the_decks_keeps_its_history(learner: Learner) -> None:
    learner.study("?", ":quit")
    Path("decks", "facet.yaml").unlink()
    card = learner.json("card", "pad")
    assert (card["id"], card["held"], len(card["answers"])) == ("pad", False, 1)
    assert learner.run("card", "pad").startswith("pad: no deck holds this card now; its history is kept.\n")


def test_json_keys_are_in_snake_case(learner: Learner) -> None:
    learner.study("?", ":quit")
    for argv in (["due"], ["decks"], ["stats"], ["card", "pad"], ["paths"], ["config"], ["doctor"]):
        keys = [key for key in _keys(learner.json(*argv)) if not key.startswith(("choice-", "typed-"))]
        assert keys
        assert all(key.replace("_", "a").isalnum() and key.islower() for key in keys)


def _keys(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(key for each in value.values() for key in _keys(each))]
    return [key for each in value for key in _keys(each)] if isinstance(value, list) else []


@pytest.mark.parametrize(
    ("say", "value", "words"),
    [
        *((in_days, days, words) for days, words in [(-1, "today"), (0, "today"), (1, "tomorrow"), (2, "in 2 days")]),
        *((in_days, days, words) for days, words in [(59, "in 59 days"), (60, "in 2 months"), (800, "in 2 years")]),
        *((spent, ms, words) for ms, words in [(0, "0 seconds"), (1000, "1 second"), (60_000, "1 minute")]),
        *((spent, ms, words) for ms, words in [(70_400, "1 minute 10 seconds"), (3_700_000, "1 hour 1 minute")]),
        *((percent, share, words) for share, words in [(0, "0 %"), (0.001, "1 %"), (0.845, "84 %"), (0.999, "99 %")]),
        (percent, 1, "100 %"),
    ],
)
def test_numbers_in_words(say: Callable[[float], str], value: float, words: str) -> None:
    assert say(value) == words
