"""The line mode: whole conversations, as golden text that a person can read, and what must hold for any input."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.cli.console import Console, Signals, Stop
from quiz.cli.plain import LineMode
from quiz.deck.scope import Scope
from quiz.desk import Desk, open_desk
from quiz.paths import Paths, find
from quiz.study.session import FORMAT, Session
from quiz.text import FORBIDDEN
from tests.support.clocks import FixedClock
from tests.support.desks import differing
from tests.support.lines import Typing, assert_golden

DECK = """\
title: Small deck
cards:
  - id: pad
    topic: risks
    claim: The return pad goes on well-perfused muscle.
    why: Blood carries the heat away.
    certainty: moderate
    sources: [manual, lost]
    case: A woman of 40 lies on her front.
    questions:
      - ask: Where does the pad go?
        choices:
          - right: On well-perfused muscle
          - wrong: On a bony place
            why: Little blood flows there.
          - wrong: Over a scar
            why: Scars conduct badly.
  - id: nerve
    topic: anatomy
    claim: Facet radiofrequency treats the medial branch.
    questions:
      - ask: Which nerve is treated?
        answer: medial branch
        accept: []
  - id: tone
    topic: anatomy
    cloze: "SDR lowers {{spasticity}} in the legs."
  - id: word
    topic: definition
    ask: What does the word mean?
    answer: Cutting a root
"""
SOURCES = "manual:\n  title: The manual\n  authors: Maker A\n  year: '2020'\n"


class Room:
    """A home with a small deck, in which sessions are held one after another."""

    def __init__(self, folder: Path, deck: str = DECK) -> None:
        self.folder = folder
        self.clock = FixedClock("2026-11-22 12:00")
        (folder / "decks").mkdir()
        (folder / "decks" / "small.yaml").write_text(deck, "utf-8")
        (folder / "decks" / "sources.yaml").write_text(SOURCES, "utf-8")

    @property
    def paths(self) -> Paths:
        return find(str(self.folder / "home"), "default", {})

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        desk = open_desk(self.paths, [str(self.folder / "decks")], self.clock)
        try:
            yield desk
        finally:
            desk.close()

    def talk(self, desk: Desk, lines: Sequence[str], *, interactive: bool = False) -> str:
        """Hold a session and return what was said, the learner's lines included."""
        out = io.StringIO()
        console = Console(Typing(lines, self.clock), out, interactive=interactive, echo=True, width=None)
        session: Session = desk.session(desk.plan(Scope(), seed=7))
        LineMode(desk, session, console, Signals()).run()
        return out.getvalue()


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_a_session_by_pipe_reads_as_a_conversation(room: Room) -> None:
    with room.desk() as desk:
        said = room.talk(desk, ["2", "medial brunch", "spasticity !h", "1", "1", "?", "4", "3"])
    assert_golden("line_mode_pipe.txt", said)


def test_a_session_at_the_keyboard_reads_as_a_conversation(room: Room) -> None:
    with room.desk() as desk:
        desk.history.change_settings({"certainty": "on"})
        lines = [
            "1",
            "x",
            "h",
            "source",
            "4",
            "flag no page",
            "",
            "medial branch",
            "1",
            "undo",
            "nerve !l",
            "sorce",
            "",
        ]
        said = room.talk(desk, [*lines, "?", "bury", "", "", "3", "quit"], interactive=True)
    assert_golden("line_mode_keyboard.txt", said)


def test_the_commands_by_pipe_read_as_a_conversation(room: Room) -> None:
    lines = [
        ":undo",
        ":rate 3",
        ":source",
        "undo",
        "q",
        "",
        "first",
        "5",
        "2",
        ":rate 3",
        ":rate 9",
        ":source",
        ":flag",
        ":flag odd",
    ]
    with room.desk() as desk:
        said = room.talk(desk, [*lines, "", ":suspend", ":bury", "9", ":hlep", ":help", "2", ":quit", "3"])
    assert_golden("line_mode_commands.txt", said)


def test_the_session_goes_on_at_the_same_question_after_the_end_of_the_input(room: Room) -> None:
    with room.desk() as desk:
        first = room.talk(desk, ["1"])
    with room.desk() as desk:
        second = room.talk(desk, [])
    assert "Going on where you stopped, after 1 answer." in second
    assert "Which nerve is treated?" in first
    assert second.split("\n\n")[1] == first.split("\n\n")[1]


@pytest.mark.parametrize("line", ["0", "?"])
def test_a_zero_means_i_dont_know_as_on_the_screens(room: Room, line: str) -> None:
    with room.desk() as desk:
        said = room.talk(desk, [line, "0"])
        assert desk.history.state("pad").lapses == 0
        assert desk.history.state("pad").answers == 1
    assert said.count("No answer was given.") == 1, "a word may be a 0"
    assert "Wrong. You wrote “0”." in said


def test_undo_takes_the_answer_out_of_the_history(room: Room) -> None:
    with room.desk() as desk:
        room.talk(desk, ["1", ":undo", ":quit"])
        assert desk.history.state("pad").new
        assert desk.history.state("pad").answers == 0


@pytest.mark.parametrize(
    ("lines", "card", "rating"),
    [
        pytest.param(["2", ":rate 4"], "pad", 4, id="a choice that was wrong"),
        pytest.param(["2", "nerve", ":rate 2"], "nerve", 2, id="typed words that were wrong"),
        pytest.param(["2", "nerve", "tone", "1", ":rate 3"], "word", 3, id="a flip card"),
        pytest.param(["2", ":rate 4", ":rate 1"], "pad", 1, id="changed twice"),
    ],
)
def test_the_last_rating_counts_once_by_pipe(room: Room, lines: list[str], card: str, rating: int) -> None:
    with room.desk() as desk:
        room.talk(desk, lines)
        session = desk.history.open_session(FORMAT, desk.history.today())
        assert session is not None
        answers = [e for e in desk.history.answers_of(session.id, session.day) if e.card == card]
        assert [e.rating for e in answers] == [rating]
        assert desk.history.state(card).answers == 1


@pytest.mark.parametrize(
    ("ending", "certainty"), [(" !l", "low"), (" !M", "mid"), (" !h", "high"), ("", None), (" h", None), ("!h", None)]
)
def test_an_answer_may_say_how_sure_it_is(room: Room, ending: str, certainty: str | None) -> None:
    with room.desk() as desk:
        room.talk(desk, ["1", f"medial branch{ending}"])
        (event,) = [e for e in desk.history.events() if e.card == "nerve"]
        assert event.body.get("certainty") == certainty


def test_after_an_undo_there_is_no_answer_to_rate(room: Room) -> None:
    with room.desk() as desk:
        said = room.talk(desk, ["2", ":undo", ":rate 4"])
        assert "There is no answer to rate." in said
        assert desk.history.state("pad").new


def test_how_sure_one_was_of_a_flip_card_is_asked_before_its_answer_is_shown(room: Room) -> None:
    with room.desk() as desk:
        desk.history.change_settings({"certainty": "on"})
        lines = [":bury", ":bury", ":bury", "so I think", "m", "3", ":quit"]
        said = room.talk(desk, lines, interactive=True)
        (event,) = [e for e in desk.history.events() if e.kind == "answer"]
        assert event.body["certainty"] == "mid"
    assert said.index("How sure are you") < said.index("Cutting a root") < said.index("How did it go")


def test_an_answer_that_waits_is_dropped_when_another_question_is_asked(room: Room) -> None:
    with room.desk() as desk:
        desk.history.change_settings({"certainty": "on"})
        said = room.talk(desk, ["1", "l", "", "nerve", ":undo", "3", "h", ":quit"], interactive=True)
        answers = [
            (e.card, e.body["given"], e.body.get("certainty")) for e in desk.history.events() if e.kind == "answer"
        ]
    assert answers == [("pad", "2", "low"), ("pad", "0", "high")]
    assert said.count("How sure are you") == 3


def test_a_flag_neither_asks_again_nor_drops_an_answer_that_waits(room: Room) -> None:
    with room.desk() as desk:
        desk.history.change_settings({"certainty": "on"})
        said = room.talk(desk, [":flag odd", "1", ":flag odder", "h", ":quit"], interactive=True)
        answers = [(e.card, e.body.get("certainty")) for e in desk.history.events() if e.kind == "answer"]
    assert answers == [("pad", "high")]
    assert said.count("Where does the pad go?") == 1


def test_a_signal_while_an_answer_is_recorded_ends_the_session_after_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    signals = Signals()
    with room.desk() as desk:
        session = desk.session(desk.plan(Scope(), seed=7))
        keep, written = desk.history.keep, []

        def interrupted(*args: Any) -> None:
            signals._arrived(15, None)
            keep(*args)
            written.append(True)

        monkeypatch.setattr(desk.history, "keep", interrupted)
        console = Console(io.StringIO("1\n2\n"), io.StringIO(), interactive=False, echo=True, width=None)
        with pytest.raises(Stop):
            LineMode(desk, session, console, signals).run()
        monkeypatch.undo()
        assert written == [True]
        assert [desk.history.state(card).answers for card in ("pad", "nerve")] == [1, 0]


def test_a_full_disk_is_told_once_and_no_answer_is_lost(room: Room) -> None:
    with room.desk() as desk:
        room.talk(desk, ["1"])
        (pages,) = next(iter(desk.history.query("pragma page_count")))
        desk.history.query(f"pragma max_page_count = {pages}")
        said = room.talk(desk, [f"medial {'b' * 9000}", f"spas {'b' * 9000}", "1"])
        assert said.count("Attention: the disk is full") == 1
        assert len(desk.history.pending) == 3
        desk.history.query("pragma max_page_count = 100000")
        assert desk.history.flush()
    with room.desk() as desk:
        assert [desk.history.state(card).answers for card in ("pad", "nerve", "tone", "word")] == [1, 1, 1, 1]


def test_the_first_three_problems_of_the_decks_are_told_in_a_line_each(room: Room) -> None:
    cards = "".join(f"  - ask: Question {n}\n    anser: x\n" for n in range(5))
    (room.folder / "decks" / "bad.yaml").write_text(f"title: Bad\ncards:\n{cards}", "utf-8")
    with room.desk() as desk:
        said = room.talk(desk, [])
    told = [line for line in said.splitlines() if line.startswith("Left out: ")]
    assert len(told) == 3
    assert f"{room.folder}/decks/bad.yaml:3:" in told[0]
    assert "... and 7 more: quiz check" in said
    assert "Where does the pad go?" in said


@pytest.mark.parametrize(("hours", "told"), [(1, True), (1 / 120, False)])
def test_a_clock_set_back_is_told(room: Room, hours: float, told: bool) -> None:
    with room.desk() as desk:
        room.talk(desk, ["1"])
        room.clock.set_back(hours=hours)
        assert ("behind your latest answer" in room.talk(desk, [])) is told


def test_when_all_is_done_it_says_when_the_next_card_is_due(room: Room) -> None:
    with room.desk() as desk:
        assert "Summary." in room.talk(desk, ["3", "medial branch", "spasticity", "4"])
        said = room.talk(desk, [])
    assert said == "\nNothing is left for today.\nNext due: in 2 days.\n"


def test_paragraphs_are_wrapped_only_where_there_is_a_width() -> None:
    out = io.StringIO()
    long = "word " * 40
    Console(io.StringIO(), out, interactive=True, echo=False, width=78).say(long)
    assert max(map(len, out.getvalue().splitlines())) <= 78
    out = io.StringIO()
    Console(io.StringIO(), out, interactive=False, echo=True, width=None).say(long.strip())
    assert out.getvalue() == f"{long.strip()}\n"


def test_nothing_from_outside_reaches_the_terminal_as_a_command() -> None:
    out = io.StringIO()
    console = Console(io.StringIO("\x1b[2Jtyped\x07\x9b1m\n"), out, interactive=False, echo=True, width=None)
    console.say("\x1b]0;title\x07text\u202e\x9b31m")
    console.ask("Your answer:")
    console.document({"given": "\x9b\u202e\x1b[2J"})
    assert FORBIDDEN.search(out.getvalue()) is None
    assert out.getvalue().startswith("text\nYour answer: typed\n")
    assert '"\\u009b\\u202e\\u001b[2J"' in out.getvalue()


def test_a_signal_waits_until_the_answer_is_recorded() -> None:
    signals = Signals()
    done = []

    def record_under_signal() -> None:
        with signals.held():
            signals._arrived(15, None)
            done.append("recorded")

    with pytest.raises(Stop) as stopped:
        record_under_signal()
    assert done == ["recorded"]
    assert stopped.value.exit_code == 143


words = st.sampled_from(
    "1 2 3 4 ? :undo :source :suspend :bury :help quit undo medial branch spasticity flag x h l".split()
)
commands = st.builds("{} {}".format, st.sampled_from([":flag", ":rate", "rate", "1", "x"]), words)
anything = st.text(st.characters(exclude_characters="\n\r"), max_size=20)


@settings(max_examples=40, deadline=None)
@given(lines=st.lists(words | commands | anything, max_size=25), interactive=st.booleans(), sure=st.booleans())
def test_any_input_leads_to_a_clean_end(lines: list[str], interactive: bool, sure: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        room = Room(Path(folder))
        with room.desk() as desk:
            desk.history.change_settings({"certainty": "on" if sure else "off"})
            said = room.talk(desk, lines, interactive=interactive)
            wrong = differing(desk.history)
            counted = sum(desk.history.state(card).answers for card in ("pad", "nerve", "tone", "word"))
        assert FORBIDDEN.search(said) is None
        assert said.count("\nSummary.\n") == (counted > 0)
        assert (
            said.rstrip()
            .splitlines()[-1]
            .startswith(("Next due: ", "Left for today: ", "Nothing is left", "Stopped with "))
        )
        assert not wrong


def test_a_changed_answer_is_told_before_and_after(room: Room) -> None:
    with room.desk() as desk:
        room.talk(desk, ["2", "medial branch", "spasticity", "3", "1", "1", "3"])
    room.clock.forward(days=1)
    deck = DECK.replace("answer: medial branch", "answer: lateral branch").replace("spasticity", "tone")
    (room.folder / "decks" / "small.yaml").write_text(deck, "utf-8")
    with room.desk() as desk:
        said = room.talk(desk, ["medial branch", "tone"])
    before, after = said.split("medial branch\n", 1)[0], said
    assert "An answer of this card has changed since you learned it." in before
    assert "lateral" not in before
    assert "Changed since you learned it. It was: medial branch. Now: lateral branch" in after
    assert "Changed since you learned it. It was: spasticity. Now: tone" in after
