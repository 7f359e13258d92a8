"""`quiz exam` in lines: whole conversations as golden text, the options, and what must hold for any input."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.cli.console import Console, Signals, Stop
from quiz.cli.examining import ExamMode
from quiz.cli.main import main
from quiz.desk import Desk
from quiz.study.blueprint import ExamPlan
from quiz.study.exam import Exam, Stage, take_up, unfinished
from quiz.text import FORBIDDEN
from tests.support.desks import Place, sound
from tests.support.exams import exam_plan, in_force, results, sit
from tests.support.lines import Typing, assert_golden

DECK = """\
title: Small deck
cards:
  - id: pad
    topic: risks
    claim: The return pad goes on well-perfused muscle.
    why: Blood carries the heat away.
    certainty: moderate
    sources: [manual]
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
  - id: steps
    topic: technique
    questions:
      - ask: What comes first?
        order: [Position, Numb, Test, Heat]
  - id: word
    topic: definition
    ask: What does the word mean?
    answer: Cutting a root
"""
SOURCES = "manual:\n  title: The manual\n  authors: Maker A\n  year: '2020'\n"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return room(tmp_path)


def room(folder: Path) -> Place:
    found = Place(folder)
    (found.decks / "small.yaml").write_text(DECK, "utf-8")
    (found.decks / "sources.yaml").write_text(SOURCES, "utf-8")
    return found


def talk(
    place: Place, desk: Desk, lines: Sequence[str], plan: ExamPlan | None = None, *, interactive: bool = False
) -> tuple[str, Exam, bool]:
    """Hold an exam, or go on with the one that was left; return what was said, the exam, and what `run` returned."""
    saved = unfinished(desk.history) if plan is None else None
    exam = (saved and take_up(desk.history, desk.library, saved)) or sit(desk, plan)
    with Typing(lines, place.clock) as source:
        console = Console(source, source.out, interactive=interactive, echo=True, width=None)
        more = ExamMode(desk, exam, console, Signals()).run()
        return source.out.getvalue(), exam, more


def at(exam: Exam, card: str) -> int:
    return next(n for n in range(1, exam.size + 1) if exam.at(n).card.id == card)


def test_an_exam_by_pipe_reads_as_a_conversation(place: Place) -> None:
    lines = [":next", "", "cut a root", "spasticity !h", ":flag", "medial brunch !m", ":list", ":time", ":undo", "1 2"]
    lines += ["2 3 4 1", "3", ":go 7", ":hand-in", "perhaps", "n", "y", "y", "maybe", "y"]
    with place.open() as desk:
        said, exam, _ = talk(place, desk, lines, exam_plan(minutes=10))
    assert exam.stage is Stage.DONE
    assert_golden("exam_pipe.txt", said)


def test_an_exam_at_the_keyboard_reads_as_a_conversation(place: Place) -> None:
    lines = ["3", "x", "h", "", "cutting", "", "?", ":back", "spasticity", "m", ":pause", "", ":go 9", ":go 5"]
    lines += ["2 3 1 4", "l", ":list", ":go 4", "nerve", "3", "n", ":time", "Y", "y", "", "sorce", "", "", "", "", "y"]
    with place.open() as desk:
        desk.history.change_settings({"certainty": "on"})
        said, exam, more = talk(place, desk, lines, exam_plan(pass_mark=70), interactive=True)
    assert exam.stage is Stage.DONE
    assert more
    assert_golden("exam_keyboard.txt", said)


def test_a_tutored_quiz_reads_as_a_conversation(place: Place) -> None:
    with place.open() as desk:
        lines = ["2", "words", "perhaps", "y", "spasticity", "?", "2 1 3 4"]
        said, exam, _ = talk(place, desk, lines, exam_plan(tutor=True))
    assert exam.stage is Stage.DONE
    assert_golden("exam_tutor_pipe.txt", said)


def test_a_tutored_quiz_at_the_keyboard_waits_after_each_answer(place: Place) -> None:
    with place.open() as desk:
        lines = ["1", "list", "", "words", "n", ":go 1", "", "spasticity", "", ":quit"]
        said, exam, _ = talk(place, desk, lines, exam_plan(tutor=True), interactive=True)
        assert exam.missing() == (4, 5)
    assert_golden("exam_tutor_keyboard.txt", said)


def test_the_end_of_the_input_pauses_and_the_next_run_goes_on(place: Place) -> None:
    with place.open() as desk:
        first, _, _ = talk(place, desk, [":next", "words"], exam_plan(minutes=10))
    place.clock.forward(days=3)
    with place.open() as desk:
        second, exam, _ = talk(place, desk, ["spasticity", "medial branch", "2 3 4 1", ":go 1", "1", "y"])
    assert first.endswith("\nPaused at question 3 of 5: 'quiz exam' goes on here.\n")
    assert second.split("\n\n")[0].startswith("\nQuestion 3 of 5. 10 minutes left.")
    assert exam.result is not None
    assert exam.result.score.right == 5


def test_by_pipe_the_exam_is_handed_in_when_nothing_is_empty(place: Place) -> None:
    with place.open() as desk:
        said, exam, _ = talk(place, desk, ["?", "?", "?", "?", "?"])
        assert (exam.stage, len(results(desk))) == (Stage.DONE, 1)
    assert "Not passed: 0 %" in said
    assert said.count("No answer was given.") == 5


def test_a_paper_answered_before_a_kill_is_handed_in_by_the_next_pipe(place: Place) -> None:
    with place.killed() as desk:
        exam = sit(desk, exam_plan())
        for number in range(1, 6):
            exam.go(number)
            exam.answer("")
    with place.open() as desk:
        assert talk(place, desk, [])[1].stage is Stage.DONE


def test_an_answer_after_the_time_does_not_count(place: Place) -> None:
    with place.open() as desk:
        lines = ["spasticity"] * 20
        said, exam, _ = talk(place, desk, lines, exam_plan(minutes=1, kinds=("typed", "cloze"), limit=2))
        place.clock.forward(minutes=2)
        late, timed, _ = talk(place, desk, [":time", *lines], exam_plan(minutes=1), interactive=False)
    assert exam.stage is Stage.DONE
    assert "The time is up: the exam is handed in as it stands." in late
    assert "The time was up." in late
    assert timed.out_of_time
    assert "The time is up" not in said


def test_who_leaves_after_the_time_has_handed_in(place: Place) -> None:
    with place.open() as desk:
        said, exam, _ = talk(place, desk, [":list"] * 11, exam_plan(minutes=1, kinds=("choice",)))
    assert exam.stage is Stage.DONE
    assert "The time is up: the exam is handed in as it stands.\n\nResult.\nThe time was up.\n" in said
    assert "goes on here" not in said


def test_marking_that_was_left_goes_on(place: Place) -> None:
    with place.open() as desk:
        said, exam, _ = talk(place, desk, ["?", "words", "?", "?", "?"])
        assert exam.stage is Stage.MARKING
        assert said.endswith("1 answer waits for your own mark: 'quiz exam' goes on here.\n")
    with place.open() as desk:
        said, exam, _ = talk(place, desk, ["maybe", "y"])
        assert exam.stage is Stage.DONE
        assert exam.result is not None
        assert exam.result.score.right == 1
    assert "Type y if your answer was right, n if not." in said


def test_a_second_attempt_is_compared_with_the_first(place: Place) -> None:
    plan = exam_plan(limit=2, kinds=("typed", "cloze"))
    with place.open() as desk:
        talk(place, desk, ["?", "?"], plan)
        said, _, _ = talk(place, desk, ["spasticity", "medial branch"], plan)
    assert "Attempt 2 at this exam: best 100 %, the one before 0 %; the trend is rising." in said


def test_a_signal_keeps_the_answers_and_the_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with place.open() as desk:
        exam = sit(desk, exam_plan(minutes=9))

        class Interrupted(Typing):
            def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
                line = super().readline(size)
                if not line:
                    raise Stop(15)
                return line

        with Interrupted(["?"], place.clock) as source:
            console = Console(source, source.out, interactive=False, echo=True, width=None)
            with pytest.raises(Stop):
                ExamMode(desk, exam, console, Signals()).run()
    with place.open() as desk:
        said, again, _ = talk(place, desk, [])
        assert again.missing() == (2, 3, 4, 5)
        assert again.reviewed(2).ms == 10_000
        assert "Question 2 of 5." in said


words = st.sampled_from(
    "1 2 3 4 ? y n :flag :list :time :next :back :pause :hand-in :help quit y 1,2,3,4 spasticity".split()
)
commands = st.builds("{} {}".format, st.sampled_from([":go", ":flag", "x", "1"]), words)
anything = st.text(st.characters(exclude_characters="\n\r"), max_size=20)


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(words | commands | anything, max_size=25),
    interactive=st.booleans(),
    sure=st.booleans(),
    tutor=st.booleans(),
    minutes=st.sampled_from([0, 1]),
)
def test_any_input_leads_to_a_clean_end(
    lines: list[str], interactive: bool, sure: bool, tutor: bool, minutes: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = room(Path(folder))
        with place.open() as desk:
            desk.history.change_settings({"certainty": "on" if sure else "off"})
            said, exam, _ = talk(place, desk, lines, exam_plan(tutor=tutor, minutes=minutes), interactive=interactive)
            assert FORBIDDEN.search(said) is None
            assert sound(desk.history)
            done = exam.stage is Stage.DONE
            assert len(results(desk)) == done
            assert (unfinished(desk.history) is None) == done
            assert ("\nResult.\n" in said) == done
            assert ("'quiz exam' goes on here." in said) != done
            answered = {exam.at(n).card.id for n in range(1, 6) if exam.reply(n)}
            assert sorted(e.card or "" for e in in_force(desk, exam)) == sorted(answered)


# -- the command ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command returned and printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run `quiz exam --plain` on the small deck; `lines` is what stdin holds."""
    monkeypatch.setenv("QUIZ_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(DECK, "utf-8")
    Path("sources.yaml").write_text(SOURCES, "utf-8")

    def call(*argv: str, lines: str = "", deck: Sequence[str] = ("small.yaml",), plain: bool = True) -> Ran:
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        code = main(["exam", *deck, *(["--plain"] if plain else []), *argv])
        return Ran(code, *capsys.readouterr())

    return call


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--topic", "riks"], "no card has the topic 'riks' - did you mean 'risks'?"),
        (["--topics", "riks=3"], "no card has the topic 'riks' - did you mean 'risks'?"),
        (["--topics", "risks=x"], "--topics: 'risks=x' is no topic with a number - write topics with their numbers"),
        (["--topics", "risks=1", "--topic", "risks"], "--topic and --topics both name topics - give one of the two"),
        (
            ["--topics", "risks=3,anatomy=2,technique=2"],
            "the blueprint asks for more questions than there are: risks 1 of 3, technique 1 of 2 - lower its numbers, "
            "or add --limit N to take what there is",
        ),
        (["--kinds", "chioce"], "there is no kind of question 'chioce' - did you mean 'choice'?"),
        (["--kinds", "match"], "no question fits what you asked for - ask for more decks, topics or kinds of question"),
        (["--pass", "101"], "--pass: '101' is not a number from 0 to 100 - see quiz exam --help"),
        (["--pass", "x"], "--pass: 'x' is not a whole number - see quiz exam --help"),
        (["--limit", "0"], "--limit: '0' is not a number from 1 to 100000 - see quiz exam --help"),
        (["--group", "--minutes", "3"], "--group does not go with --minutes - a huddle has neither clock nor marks"),
        (["--group", "--pass", "50"], "--group does not go with --pass - a huddle has neither clock nor marks"),
        (["--group", "--tutor"], "--group does not go with --tutor - a huddle has neither clock nor marks"),
        (["--tuter"], "there is no option '--tuter' - did you mean '--tutor'? (see quiz --help)"),
    ],
)
def test_what_goes_wrong_is_told_in_one_line(run: Run, argv: list[str], said: str) -> None:
    ran = run(*argv)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"quiz: {said}")
    assert ran.err.count("\n") == 1


def test_an_unknown_deck_is_told_with_the_nearest(run: Run) -> None:
    ran = run("--decks", "small.yaml", deck=("smal",))
    assert (ran.code, ran.err) == (2, "quiz: there is no deck 'smal' - did you mean 'small'?\n")


def test_without_a_terminal_the_line_mode_is_named(run: Run) -> None:
    assert run(plain=False) == Ran(2, "", "quiz: this is not a terminal - use: quiz exam --plain\n")


def test_an_exam_by_the_command(run: Run) -> None:
    ran = run("--seed", "1", "--limit", "2", "--kinds", "typed,cloze", "--pass", "50", lines="spasticity\nx\n")
    assert (ran.code, ran.err) == (0, "")
    assert "Exam: 2 questions, no time limit, pass mark 50 %. Feedback comes at the end." in ran.out
    assert "Passed: 50 %, pass mark 50 %." in ran.out


def test_a_limit_that_is_larger_than_there_is_gives_what_there_is(run: Run) -> None:
    ran = run("--limit", "50")
    assert ran.code == 0
    assert "There are fewer questions than asked for: 5 questions of the 50 asked for." in ran.out
    assert "Exam: 5 questions" in ran.out
    ran = run("--topics", "risks=1,anatomy=1", "--limit", "4")
    assert "There are fewer questions than asked for: risks 1 of 2." in ran.out
    assert "Exam: 3 questions" in ran.out


def test_without_options_the_exam_that_was_left_goes_on_whatever_it_is(run: Run) -> None:
    run("--topics", "anatomy=2", "--minutes", "9", "--seed", "4", lines="x\n")
    ran = run("--decks", "small.yaml", deck=())
    assert "Going on with the exam of" in ran.out
    assert "1 of 2 answered." in ran.out
    assert "9 minutes, pass mark 60 %" in ran.out


def test_another_set_up_begins_anew_and_says_what_waits(run: Run) -> None:
    run("--topics", "anatomy=2", lines="x\n")
    ran = run("--limit", "3")
    assert "(2 questions) is not handed in: after this one, 'quiz exam' goes on." in ran.out
    assert "Exam: 3 questions" in ran.out
    same = run("--topics", "anatomy=2")
    assert "Exam: 2 questions" in same.out


def test_with_a_seed_the_exam_begins_anew(run: Run) -> None:
    run("--limit", "3", lines="x\n")
    assert "Going on" in run("--limit", "3").out
    assert "Going on" not in run("--limit", "3", "--seed", "9").out


def test_a_huddle_by_the_command_makes_no_history(run: Run, tmp_path: Path) -> None:
    ran = run("--group", "--seed", "1", "--limit", "1", "--kinds", "choice", lines="3 10 2\n")
    assert (ran.code, ran.err) == (0, "")
    assert "Totals: 1 question, right: " in ran.out
    assert not list((tmp_path / "home").rglob("history*"))
    assert not list((tmp_path / "home").rglob("device"))
