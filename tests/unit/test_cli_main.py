"""The edge of the command line: options, exit codes, and one line for whatever goes wrong."""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from quiz import __version__
from quiz.cli import arguments, console
from quiz.cli.commands import due, study
from quiz.cli.main import main
from quiz.desk import Desk
from quiz.errors import UsageError
from quiz.study.plan import Plan

DECK = "title: Small deck\ncards:\n  - id: one\n    topic: risks\n    ask: What?\n    answer: That\n"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command returned and printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run a command in a home of its own; `lines` is what stdin holds."""
    monkeypatch.setenv("QUIZ_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(DECK, "utf-8")

    def call(*argv: str, lines: str = "") -> Ran:
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        code = main(argv)
        return Ran(code, *capsys.readouterr())

    return call


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (["stduy"], 2, "there is no command 'stduy' - did you mean 'study'? (see quiz --help)"),
        (["frobnicate"], 2, "there is no command 'frobnicate' - see quiz --help"),
        (["\x1b[2Jdue"], 2, "there is no command 'due' - did you mean 'due'? (see quiz --help)"),
        (["due", "--jsno"], 2, "there is no option '--jsno' - did you mean '--json'? (see quiz --help)"),
        (["study", "--tpoic=risks"], 2, "there is no option '--tpoic' - did you mean '--topic'? (see quiz --help)"),
        (["--plian"], 2, "there is no option '--plian' - see quiz --help"),
        (["study", "--top", "risks"], 2, "there is no option '--top' - did you mean '--topic'? (see quiz --help)"),
        (["due", "more"], 2, "'quiz due' does not take 'more' - see quiz due --help"),
        (["card"], 2, "the following arguments are required: ID - see quiz card --help"),
        (["export"], 2, "the following arguments are required: --to - see quiz export --help"),
        (["study", "--limit"], 2, "--limit: expected one argument - see quiz study --help"),
        (["study", "--limit", "0"], 2, "--limit: '0' is not a number from 1 to 100000 - see quiz study --help"),
        (["study", "--minutes", "-3"], 2, "--minutes: '-3' is not a whole number - see quiz study --help"),
        (["study", "--seed", "½"], 2, "--seed: '½' is not a whole number - see quiz study --help"),
        (
            ["--profile", "../x", "due"],
            2,
            "profile name '../x' cannot be used - use letters, digits, '-', '_' and spaces",
        ),
        (["study", "--plain", "smal.yaml"], 4, "smal.yaml is not there - check the path"),
        (["study", "--plain", "--decks", "small.yaml", "smal"], 2, "there is no deck 'smal' - did you mean 'small'?"),
        (
            ["study", "--plain", "small.yaml", "--topic", "riks"],
            2,
            "no card has the topic 'riks' - did you mean 'risks'?",
        ),
        (["due", "--decks", "nowhere"], 4, "nowhere is not there - check the path after --decks"),
        (["check", "nowhere"], 4, "nowhere is not there - check the path"),
        (["ids", "nowhere.yaml"], 4, "nowhere.yaml is not there - check the path"),
        (["new", "deck"], 2, "deck would not be found as a deck - name it deck.yaml"),
        (["new", "small.yaml"], 2, "small.yaml is there already - name a new file"),
        (["new", "nowhere/a.yaml"], 4, "nowhere/a.yaml cannot be written (No such file or directory)"),
        (["export", "--to", "x.txt"], 2, "x.txt has no ending that is known - the history is written as .jsonl"),
        (["export", "--to", "nowhere/x.jsonl"], 4, "nowhere/x.jsonl cannot be written (no such file or directory)"),
        (["card", "oen", "--decks", "small.yaml"], 2, "there is no card 'oen' - ids stand in the deck files"),
        (["card", "onne", "--decks", "small.yaml"], 2, "there is no card 'onne' - did you mean 'one'?"),
        (["config", "nwe"], 2, "there is no setting 'nwe' - did you mean 'new'?"),
        (["config", "new", "many"], 2, "new cannot be 'many' - give a number from 0 to 500"),
        (["export", "--to", "x.jsonl", "--json"], 2, "quiz export cannot print JSON - --json goes with: "),
        (["--json"], 2, "the home screen cannot print JSON - --json goes with: "),
        ([], 2, "this is not a terminal - use: quiz study --plain"),
        (["study"], 2, "this is not a terminal - use: quiz study --plain"),
    ],
)
def test_what_goes_wrong_is_told_in_one_line(run: Run, argv: list[str], code: int, said: str) -> None:
    ran = run(*argv)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith(f"quiz: {said}")
    assert ran.err.count("\n") == 1


def test_the_version(run: Run) -> None:
    assert run("--version") == Ran(0, f"quiz {__version__}\n", "")


@pytest.mark.parametrize("argv", [["--help"], *([name, "--help"] for name in ("study", "check", "doctor", "export"))])
def test_help_goes_to_stdout(run: Run, argv: list[str]) -> None:
    ran = run(*argv)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(" ".join(["usage: quiz", *argv[:-1]]))


def test_the_help_of_study_explains_the_line_mode(run: Run) -> None:
    said = run("study", "--help").out
    for word in (":undo", ":rate N", ":source", ":flag TEXT", ":suspend", ":bury", ":help", ":quit", "!l, !m or !h"):
        assert word in said


def test_commands_of_later_versions_are_not_known_yet(run: Run) -> None:
    for name in ("exam", "cram", "teach", "import", "report", "sync"):
        assert run(name).code == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["--profile", "ann", "--home", "h", "--json"], []),
        ([], ["--profile", "ann", "--home", "h", "--json"]),
        (["--json", "--home", "h"], ["--profile", "ann"]),
        (["--profile", "bob"], ["--json", "--home", "h", "--profile", "ann"]),
    ],
)
def test_common_options_stand_before_and_after_the_command(before: list[str], after: list[str]) -> None:
    options = arguments.parse([*before, "due", *after])
    assert (options.profile, options.home, options.json) == ("ann", "h", True)
    assert (options.no_color, options.no_mouse) == (False, False)


def test_decks_may_be_named_before_and_after_the_command() -> None:
    options = arguments.parse(["--decks", "a", "study", "--decks", "b", "--decks", "c", "d"])
    assert (options.decks, options.more_decks, options.deck) == (["a"], ["b", "c"], ["d"])


def test_one_parse_leaves_nothing_for_the_next() -> None:
    arguments.parse(["--decks", "a", "study", "--topic", "x", "--decks", "b"])
    options = arguments.parse(["study"])
    assert (options.decks, options.more_decks, options.topic) == ([], [], [])


@pytest.mark.parametrize("argv", [["study", "--no-color", "--plain", "small.yaml"], ["--no-color", "paths"]])
def test_no_color_reaches_everything_that_draws(run: Run, argv: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    assert run(*argv).code == 0
    assert os.environ["NO_COLOR"] == "1"


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (sqlite3.OperationalError("database or disk is full"), 3, "the disk is full"),
        (sqlite3.OperationalError("database is locked"), 3, "another program is writing to"),
        (sqlite3.DatabaseError("file is not a database"), 3, "is damaged"),
        (UsageError("what", "mend\x1b[2J\nmore"), 2, "quiz: what - mend more\n"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 141, ""),
        (console.Stop(15), 143, ""),
    ],
)
def test_exit_codes(run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str) -> None:
    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr(due, "run", fail)
    monkeypatch.setattr("quiz.cli.main._close_stdout", lambda: None)  # stdout is the test's own
    ran = run("due")
    assert ran.code == code
    assert said in ran.err
    assert ran.err.count("\n") == bool(said)


def test_a_mistake_of_the_program_goes_to_the_crash_log(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> int:
        raise ZeroDivisionError("secret of the inside")

    monkeypatch.setattr(due, "run", fail)
    ran = run("due")
    log = tmp_path / "home" / "crash.log"
    assert (ran.code, ran.out) == (1, "")
    failed = "the program failed (ZeroDivisionError); the fault is its own"
    assert ran.err == f"quiz: {failed} - please report it with the file {log}\n"
    assert "ZeroDivisionError: secret of the inside" in log.read_text("utf-8")


def test_a_crash_without_a_home_still_names_a_log(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(due, "run", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ran = run("due", "--home", "/dev/null/nowhere")
    (log,) = tmp_path.glob("quiz-crash-*.log")
    assert ran.code == 1
    assert ran.err.endswith(f"{log}\n")


def test_a_history_that_is_no_history_is_left_as_it_is(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "home" / "profiles" / "default" / "history.sqlite"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"random bytes" * 1000)
    for argv in (["due"], ["study", "--plain"], ["doctor"], ["config"], ["backup"], ["export", "--to", "x.jsonl"]):
        ran = run(*argv)
        assert (ran.code, ran.out) == (3, "")
        assert "is not a history file, or is damaged" in ran.err
    assert path.read_bytes() == b"random bytes" * 1000


def test_paths_are_told_even_when_the_history_is_damaged(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "home" / "profiles" / "default" / "history.sqlite"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"random bytes" * 1000)
    assert f"history: {path}\n" in run("paths").out


@dataclass
class Screens:
    """Stands for the TUI: keeps what it was opened with."""

    plan: Plan | None = None
    resume: bool | None = None
    mouse: bool | None = None

    def run(self, _: Desk, plan: Plan | None, *, resume: bool = True, mouse: bool = True) -> int:
        self.plan, self.resume, self.mouse = plan, resume, mouse
        return 0


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch) -> Screens:
    """Stand in for the TUI and pretend that there is a terminal."""
    found = Screens()
    monkeypatch.setattr("quiz.tui.app.run", found.run)
    monkeypatch.setattr(study, "require_terminal", lambda: None)
    monkeypatch.setattr("quiz.cli.commands.home.require_terminal", lambda: None)
    return found


def test_without_a_command_the_home_screen_opens(run: Run, screens: Screens) -> None:
    assert run("--no-mouse", "--decks", "small.yaml").code == 0
    assert (screens.plan, screens.resume, screens.mouse) == (None, True, False)


def test_study_opens_the_screens_with_its_plan(run: Run, screens: Screens, tmp_path: Path) -> None:
    assert run("study", "small.yaml", "--topic", "risks", "--safety", "--limit", "5", "--seed", "9").code == 0
    assert screens.plan is not None
    assert screens.plan.scope.decks == (str(tmp_path / "small.yaml"),)
    assert (screens.plan.scope.topics, screens.plan.scope.safety) == (("risks",), True)
    assert (screens.plan.limit, screens.plan.minutes, screens.plan.seed) == (5, 0, 9)
    assert (screens.resume, screens.mouse) == (False, True)


def test_without_a_seed_an_unfinished_session_goes_on(run: Run, screens: Screens) -> None:
    assert run("study", "small.yaml", "--minutes", "3").code == 0
    assert screens.resume is True
    assert screens.plan is not None
    assert screens.plan.minutes == 3


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stdin", "stderr", "term", "fits"),
    [
        (Terminal(), Terminal(), "xterm", True),
        (Terminal(), Terminal(), "", True),
        (Terminal(), Terminal(), "dumb", False),
        (io.StringIO(), Terminal(), "xterm", False),
        (Terminal(), io.StringIO(), "xterm", False),
        (None, Terminal(), "xterm", False),
    ],
)
def test_the_screens_need_a_terminal_for_keys_and_for_drawing(
    stdin: io.StringIO | None, stderr: io.StringIO, term: str, fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.__stdin__", stdin)
    monkeypatch.setattr("sys.__stderr__", stderr)
    monkeypatch.setenv("TERM", term)
    if fits:
        console.require_terminal()
    else:
        with pytest.raises(UsageError, match="quiz study --plain"):
            console.require_terminal()


def _names(root: Path) -> Sequence[str]:
    return sorted(path.stem for path in root.glob("*.py") if path.stem not in ("__init__", "home"))


def test_each_command_has_its_file() -> None:
    _, commands = arguments._parsers([])
    assert sorted(commands) == [name.rstrip("_") for name in _names(Path(study.__file__).parent)]


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["exma"], "there is no command 'exma' - did you mean 'exam'?"),
        (["--profile", "study", "exma"], "there is no command 'exma' - did you mean 'exam'?"),
    ],
)
def test_the_nearest_command_is_found_among_all_whatever_stands_besides(argv: list[str], told: str) -> None:
    with pytest.raises(UsageError) as error:
        arguments.parse(argv)
    assert told in str(error.value)


def test_the_help_names_every_command_wherever_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments.parse(["--help", "study"])
    listed = capsys.readouterr().out
    assert all(f"\n    {name} " in listed for name in arguments._COMMANDS)
