"""`quiz fit`: what is learned from, what is held out, when the fitted weights are accepted, and how it fails."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import quiz.report.fitting as fitting
from quiz.cli.main import main
from quiz.errors import QuizError, UsageError
from quiz.memory import DEFAULT_PARAMS, Params, Rating, StudyDay
from quiz.memory.outlook import Ahead, outlook
from quiz.report.fitting import AHEAD, FEWEST, Fit, Quality, fit, in_a_process, judged, sequences
from quiz.report.model_calibration import Answer, answered, with_odds
from quiz.report.overview import own_pace
from quiz.store.history import History
from tests.support.clocks import FixedClock
from tests.support.desks import kept_states, sound
from tests.support.logs import DAY_MS, FORGETFUL, NOON, Given, drawn_log, real_log, take_in

needs_extra = pytest.mark.skipif(find_spec(fitting.EXTRA) is None, reason="the extra 'fit' is not installed")

Cards = Sequence[Sequence[tuple[int, int, bool]]]


def fitted(tmp_path: Path, log: Sequence[Given], weights: Params | None = None) -> Fit | int:
    """Fit to a log in a process, or as if these weights had come of it."""
    with closing(History(tmp_path / "history.db", FixedClock())) as history:
        today = take_in(history, log)
        with closing(history.reader()) as db:
            return fit(db, today, lambda cards: weights or in_a_process(cards, lambda: None))


# -- what is learned from, and what is held out -----------------------------------------------------------------------


def test_the_newest_fifth_is_never_learned_from(tmp_path: Path) -> None:
    given: list[Cards] = []

    def train(cards: Cards) -> Params:
        given.append(cards)
        return FORGETFUL

    with closing(History(tmp_path / "history.db", FixedClock())) as history:
        today = take_in(history, drawn_log("a", days=60))
        with closing(history.reader()) as db:
            found = fit(db, today, train)
            rows = answered(db, today, 1000, 10**6)
    assert isinstance(found, Fit)
    learned_from = sum(counts for card in given[0] for _, _, counts in card)
    assert learned_from + found.held_out == found.answers
    assert found.answers // 5 <= found.held_out < found.answers // 3
    assert sum(map(len, given[0])) == sum(row.day < found.since for row in rows)


def test_only_answers_with_odds_of_their_own_are_to_be_predicted(tmp_path: Path) -> None:
    log = [Given("c", StudyDay(100 + day), Rating(rating)) for day, rating in ((0, 1), (0, 3), (4, 3), (4, 3), (9, 1))]
    with closing(History(tmp_path / "history.db", FixedClock())) as history:
        today = take_in(history, log)
        with closing(history.reader()) as db:
            rows = answered(db, today, 1000, 1000)
    told = sequences(rows, with_odds(rows, DEFAULT_PARAMS))
    assert told == [[(0, 1, False), (0, 3, False), (4, 3, True), (0, 3, False), (5, 1, True)]]


def minutes_ahead(history: History, today: StudyDay, aim: float) -> float:
    """Return the minutes a day that the cards take as they stand in the file, by the weights that hold."""
    memories = [state.memory for state in kept_states(history).values() if state.memory is not None]
    with closing(history.reader()) as db:
        return outlook(Ahead(memories, 0, today, AHEAD, 0), aim, history.params, own_pace(db)).minutes_a_day


@pytest.mark.parametrize("aim", [0.9, 0.75])
def test_the_minutes_of_a_fit_are_those_that_the_cards_take_by_the_weights_before_and_by_the_fitted_ones(
    tmp_path: Path, aim: float
) -> None:
    with closing(History(tmp_path / "history.db", FixedClock())) as history:
        today = take_in(history, drawn_log("a", FORGETFUL, 150, 60))
        history.change_settings({"retention": aim})
        with closing(history.reader()) as db:
            found = fit(db, today, lambda _: FORGETFUL)
        assert isinstance(found, Fit)
        before = minutes_ahead(history, today, aim)
        history.choose_weights(found.event_body())
        after = minutes_ahead(history, today, aim)
    assert found.minutes == pytest.approx((before, after))
    assert after > 1.2 * before > 0, "who forgets sooner needs more"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (None, ""),
        ((11.6, 12.4), "What you have met takes about 12 minutes a day in the next 30 days, as before."),
        (
            (1.2, 7.0),
            "What you have met takes about 7 minutes a day in the next 30 days; by the weights before it was 1 minute.",
        ),
        (
            (0.2, 0.0),
            "What you have met takes about 0 minutes a day in the next 30 days; by the weights before it was 1 minute.",
        ),
    ],
)
def test_the_minutes_of_a_fit_are_told_in_words(minutes: tuple[float, float] | None, said: str) -> None:
    quality = Quality(0.3, 0.05)
    assert Fit(FORGETFUL, 500, 100, StudyDay(20_000), quality, quality, 0.1, 0.01, minutes).in_minutes() == said


def test_too_few_answers_are_told(tmp_path: Path) -> None:
    found = fitted(tmp_path, drawn_log("a", cards=40, days=30), FORGETFUL)
    assert isinstance(found, int)
    assert 0 < found < FEWEST


def test_no_gain_and_a_gain_within_noise_are_refused_and_a_sure_one_is_not() -> None:
    dice = random.Random(3)
    truth = [(dice.uniform(0.5, 0.95), f"card {number % 100}") for number in range(1000)]

    def said(shift: float) -> list[Answer]:
        drawn = random.Random(4)
        return [Answer(p + shift, 0.0, drawn.random() < p, 5, StudyDay(9), card) for p, card in truth]

    assert not judged(said(0), said(0), StudyDay(9), FORGETFUL).accepted
    assert not judged(said(0), said(-0.2), StudyDay(9), FORGETFUL).accepted
    assert not judged(said(-0.001), said(0), StudyDay(9), FORGETFUL).accepted
    assert judged(said(-0.2), said(0), StudyDay(9), FORGETFUL).accepted


def test_one_card_alone_proves_nothing() -> None:
    before = [Answer(0.5, 0.0, True, 5, StudyDay(9), "c")] * 100
    after = [Answer(0.9, 0.0, True, 5, StudyDay(9), "c")] * 100
    assert not judged(before, after, StudyDay(9), FORGETFUL).accepted


# -- with the engine --------------------------------------------------------------------------------------------------


@needs_extra
def test_a_learner_with_another_memory_is_predicted_better(tmp_path: Path) -> None:
    found = fitted(tmp_path, drawn_log("a", FORGETFUL, 400, 100))
    assert isinstance(found, Fit)
    assert found.accepted
    assert found.after.log_loss < found.before.log_loss - 0.01
    assert found.after.rmse < found.before.rmse / 2


@needs_extra
@pytest.mark.parametrize("seed", ["a", "b"])
def test_a_learner_like_the_default_and_one_who_answers_at_random_keep_the_default(tmp_path: Path, seed: str) -> None:
    log = drawn_log(seed)
    average = fitted(tmp_path / "average", log)
    assert isinstance(average, Fit)
    assert not average.accepted
    dice = random.Random(seed)
    days = sorted(given.day for given in log)
    turn = days[len(days) * 4 // 5]  # from then on another random: what came before tells nothing of it
    noise = [g._replace(rating=Rating(3 if dice.random() < (0.5 if g.day < turn else 0.95) else 1)) for g in log]
    at_random = fitted(tmp_path / "random", noise)
    assert isinstance(at_random, Fit)
    assert not at_random.accepted


@needs_extra
def test_the_real_log_is_predicted_about_as_well_by_the_default(tmp_path: Path) -> None:
    found = fitted(tmp_path, real_log())
    assert isinstance(found, Fit)
    assert (found.answers, found.held_out) == (6276, 1279)
    assert abs(found.gain) < 0.01
    assert not found.accepted


@needs_extra
def test_our_model_is_the_one_that_is_fitted() -> None:
    import fsrs_rs_python as engine  # type: ignore[import-not-found, unused-ignore]

    from quiz.memory import replay

    dice = random.Random(8)
    for params in (DEFAULT_PARAMS, FORGETFUL):
        model = engine.FSRS(list(params.weights))
        for _ in range(200):
            gaps = [0, *(dice.choice([0, 1, 3, 8, 20, 90]) for _ in range(dice.randint(0, 8)))]
            ratings = [dice.choice([1, 2, 3, 3, 3, 4]) for _ in gaps]
            days = [sum(gaps[: i + 1]) for i in range(len(gaps))]
            ours = replay([(day, rating, 0.0) for day, rating in zip(days, ratings, strict=True)], params)
            reviews = [engine.FSRSReview(rating, gap) for rating, gap in zip(ratings, gaps, strict=True)]
            theirs = model.memory_state(engine.FSRSItem(reviews))
            assert ours is not None
            assert ours.stability == pytest.approx(theirs.stability, rel=1e-4)
            assert ours.difficulty == pytest.approx(theirs.difficulty, rel=1e-4)


# -- how it fails -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("import sys; sys.exit('the engine broke')", "the engine broke"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ended with -9"),
        ("print('no JSON')", "fit failed"),
        ("print([1.0, 2.0])", "2 weights"),
        ("print(None)", "fit failed"),
        ("raise RuntimeError('\\033[31mred')", "red"),
        ("import time; time.sleep(60)", "not done after 0.3 seconds"),
    ],
)
def test_a_process_that_fails_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, told: str
) -> None:
    child = tmp_path / "child.py"
    child.write_text(script, "utf-8")
    monkeypatch.setattr(fitting, "CHILD", child)
    monkeypatch.setattr(fitting, "EXTRA", "json")
    with pytest.raises(QuizError, match=told) as error:
        in_a_process([[(0, 3, False), (3, 3, True)]] * 2000, lambda: None, seconds=0.3 if "sleep" in script else 30)
    assert "\n" not in str(error.value)
    assert "\033" not in str(error.value)
    assert "nothing was changed" in str(error.value)


def test_a_fit_that_takes_its_time_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "child.py"
    child.write_text(f"import time; time.sleep(0.2); print({list(FORGETFUL.weights)})", "utf-8")
    monkeypatch.setattr(fitting, "CHILD", child)
    monkeypatch.setattr(fitting, "EXTRA", "json")
    monkeypatch.setattr(fitting, "QUIET", 0.01)
    told: list[bool] = []
    assert in_a_process([], lambda: told.append(True)) == FORGETFUL
    assert told == [True]


def test_without_the_extra_it_is_told_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "EXTRA", "no_such_engine")
    with pytest.raises(UsageError, match=r"pip install fsrs-rs-python"):
        in_a_process([], lambda: None)


# -- the command ------------------------------------------------------------------------------------------------------


class Learner:
    """A profile on a folder, at the end of a log, and the command on it."""

    def __init__(self, root: Path, log: Sequence[Given], capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.clock, self._capsys = str(root), FixedClock(), capsys
        self.file = root / "default" / "history.db"
        if log:
            with closing(History(self.path(), self.clock)) as history:
                self.clock.at = take_in(history, log) * DAY_MS + NOON

    def path(self) -> Path:
        from quiz.paths import find

        return find(self.home, "default", {}).history

    def run(self, *argv: str, code: int = 0) -> str:
        assert main(["--home", self.home, *argv], self.clock) == code
        out = self._capsys.readouterr()
        return out.out if not code else out.err

    def json(self, *argv: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run(*argv, "--json"))
        return found


@pytest.fixture
def stubborn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let every fit come to the same weights, so that the command is tested without the engine."""
    child = tmp_path / "child.py"
    child.write_text(f"print({list(FORGETFUL.weights)})", "utf-8")
    monkeypatch.setattr(fitting, "CHILD", child)
    monkeypatch.setattr(fitting, "EXTRA", "json")


@pytest.mark.usefixtures("stubborn")
def test_better_weights_are_shown_kept_and_taken_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    learner = Learner(tmp_path / "home", drawn_log("a", FORGETFUL, 400, 100), capsys)
    before = learner.json("stats")["model_calibration"]
    tried = learner.json("fit", "--dry-run")
    assert (tried["accepted"], tried["kept"]) == (True, False)
    before_it, after_it = (max(1, round(each)) for each in tried["minutes_a_day"])
    text = learner.run("fit", "--dry-run")
    assert "Nothing was written" in text
    assert (
        f"takes about {after_it} minutes a day in the next 30 days; by the weights before it was {before_it} " in text
    )
    assert learner.json("stats")["model_calibration"] == before
    text = learner.run("fit")
    assert "the fitted weights are better" in text
    assert f"Due by their own days: {tried['due_after']} cards, {tried['due_after'] - tried['due_before']} more" in text
    after = learner.json("stats")["model_calibration"]
    assert after["rmse"] < before["rmse"] / 2
    again = learner.json("fit")  # nothing is gained by the same weights
    assert (again["accepted"], again["kept"], again["gain"]) == (False, False, 0.0)
    with closing(History(learner.path(), learner.clock)) as history:
        assert sound(history)
    assert "taken back" in learner.run("fit", "--undo")
    assert learner.json("stats")["model_calibration"] == before
    assert "no fitted weights" in learner.run("fit", "--undo", code=2)


@pytest.mark.usefixtures("stubborn")
def test_worse_weights_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    learner = Learner(tmp_path / "home", drawn_log("a"), capsys)
    assert "the weights stay as they are" in learner.run("fit")
    found = learner.json("fit")
    assert (found["accepted"], found["kept"], found["due_after"]) == (False, False, None)
    assert found["gain"] < 0


@pytest.mark.usefixtures("stubborn")
def test_few_answers_are_told_kindly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    learner = Learner(tmp_path / "home", [], capsys)
    assert (
        learner.run("fit")
        == "So far 0 answers on later days; a fit needs 400. Until then the default weights do best.\n"
    )
    assert learner.json("fit") == {"answers": 0, "needed": 400, "accepted": False, "kept": False}
    assert "--undo" in learner.run("fit", "--undo", "--dry-run", code=2)


@pytest.mark.usefixtures("stubborn")
def test_another_device_is_told_what_the_weights_do_to_its_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learner, shared = Learner(tmp_path / "one", drawn_log("a", FORGETFUL, 400, 100), capsys), str(tmp_path / "shared")
    Path(shared).mkdir()
    other = Learner(tmp_path / "two", [], capsys)
    other.clock = learner.clock
    for one in (learner, other):
        assert "memory model" not in one.run("sync", shared)
    fitted = learner.json("fit")
    learner.run("sync", shared)
    text = " ".join(other.run("sync", shared).split())
    assert "The memory model now has the weights that you took on another device" in text
    assert (
        f"Due by their own days: {fitted['due_after']} cards, {fitted['due_after'] - fitted['due_before']} more" in text
    )
    learner.run("fit", "--undo")
    learner.run("sync", shared)
    back = other.json("sync", shared)["due_by_other_weights"]
    assert back == {"before": fitted["due_after"], "after": fitted["due_before"]}
    with closing(History(other.path(), other.clock)) as history:
        assert sound(history)
