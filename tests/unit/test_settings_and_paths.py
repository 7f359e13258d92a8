"""Settings, folders and the clock: what is taken, what is refused and in which words."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from quiz.clock import SystemClock, iso
from quiz.errors import UsageError
from quiz.paths import APP, Paths, find, named, shipped_decks
from quiz.settings import BY_KEY, SETTINGS, Settings, setting


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("new", "0", 0),
        ("new", "500", 500),
        ("new", " 12 ", 12),
        ("minutes", "0", 0),
        ("retention", "0.85", 0.85),
        ("retention", "0,85", 0.85),
        ("retention", "85%", 0.85),
        ("retention", "85 %", 0.85),
        ("retention", "0.7", 0.7),
        ("retention", "0.97", 0.97),
        ("rollover", "12", 12),
        ("certainty", "on", "on"),
        ("certainty", " ON ", "on"),
        ("certainty", "exam", "exam"),
        ("theme", "nord", "nord"),
        ("theme", "", ""),
    ],
)
def test_a_setting_is_read(key: str, text: str, value: object) -> None:
    parsed = setting(key).parse(text)
    assert parsed == pytest.approx(value) if isinstance(value, float) else parsed == value
    assert type(parsed) is type(BY_KEY[key].default)


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("new", "501", "new cannot be 501 - give a number from 0 to 500"),
        ("new", "-1", "new cannot be -1 - give a number from 0 to 500"),
        ("new", "ten", "new cannot be 'ten' - give a number from 0 to 500"),
        ("new", "2.5", "new cannot be '2.5' - give a number from 0 to 500"),
        ("new", "", "new cannot be '' - give a number from 0 to 500"),
        ("new", "10%", "new cannot be '10%' - give a number from 0 to 500"),
        ("retention", "0.98", "retention cannot be 0.98 - give a number from 0.7 to 0.97"),
        ("retention", "90", "retention cannot be 90 - give a number from 0.7 to 0.97"),
        ("retention", "nan", "retention cannot be nan - give a number from 0.7 to 0.97"),
        ("retention", "inf", "retention cannot be inf - give a number from 0.7 to 0.97"),
        ("rollover", "13", "rollover cannot be 13 - give a number from 0 to 12"),
        ("certainty", "onn", "certainty cannot be 'onn' - did you mean 'on'?"),
        ("certainty", "perhaps", "certainty cannot be 'perhaps' - one of: off, on, exam"),
        ("certainty", "\x1b[31mred", "certainty cannot be 'red' - one of: off, on, exam"),
    ],
)
def test_a_setting_is_refused_with_what_is_allowed(key: str, text: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        setting(key).parse(text)
    assert str(refused.value) == words
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("minute", "there is no setting 'minute' - did you mean 'minutes'?"),
        (
            "xyz",
            "there is no setting 'xyz' - settings: new, minutes, retention, easy-days, rollover, certainty, exam, "
            "theme, sync",
        ),
    ],
)
def test_an_unknown_setting_is_told_with_the_nearest(key: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        setting(key)
    assert str(refused.value) == words


def test_the_defaults_of_the_list_and_of_the_values_are_the_same() -> None:
    defaults = Settings()
    assert {s.key: s.default for s in SETTINGS} == {key: getattr(defaults, key) for key in BY_KEY}
    assert Settings.of({}) == defaults


def test_each_default_is_allowed_and_comes_back_from_its_own_words() -> None:
    for each in SETTINGS:
        assert each.parse(str(each.default)) == each.default
        assert each.label
        assert each.help


def test_values_that_no_longer_fit_stay_at_their_defaults() -> None:
    kept = {"new": 7, "retention": 2.0, "certainty": "maybe", "rollover": "noon", "colour": "blue"}
    assert Settings.of(kept) == Settings(new=7)


# -- folders ----------------------------------------------------------------------------------------------------------


def test_home_comes_from_the_option_then_the_environment_then_the_system(tmp_path: Path) -> None:
    environ = {"QUIZ_HOME": str(tmp_path / "env")}
    assert find(str(tmp_path / "option"), "default", environ).home == tmp_path / "option"
    assert find(None, "default", environ).home == tmp_path / "env"
    system = find(None, "default", {})
    assert system.home.name == APP or APP in system.home.parts
    assert system.cache != system.home


def test_everything_of_a_learner_lies_below_home(tmp_path: Path) -> None:
    paths = find(str(tmp_path), "ann", {})
    assert paths == Paths(tmp_path, tmp_path / "cache", "ann")
    assert paths.profile == tmp_path / "profiles" / "ann"
    assert paths.history == paths.profile / "history.sqlite"
    assert paths.backups == paths.profile / "backups"
    assert paths.own_decks == tmp_path / "decks"
    assert paths.crash_log.parent == tmp_path


def test_a_home_that_is_relative_or_has_a_tilde_is_made_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    assert find("here", "default", {}).home == tmp_path / "here"
    assert find("~/quiz", "default", {}).home == tmp_path / "me" / "quiz"


def test_looking_for_folders_makes_none(tmp_path: Path) -> None:
    find(str(tmp_path / "home"), "default", {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["default", "Ann", "ann-2", "Änne", "a b", "a.b", "x" * 40, "李"])
def test_a_profile_name_that_makes_a_folder_is_taken(tmp_path: Path, name: str) -> None:
    find(str(tmp_path), name, {}).profile.mkdir(parents=True)
    assert [p.name for p in (tmp_path / "profiles").iterdir()] == [name]


@pytest.mark.parametrize(
    "name", ["", " ", ".", "..", ".hidden", "a/b", "../a", "a\\b", "a.", "a ", "x" * 41, "a\n", "a\x00"]
)
def test_a_profile_name_that_could_leave_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be used"):
        find(str(tmp_path), name, {})


def test_the_shipped_decks_are_found() -> None:
    assert sorted(path.suffix for path in shipped_decks().rglob("*.yaml"))[:1] == [".yaml"]


# -- the clock --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_795_345_200_123, "2026-11-22T11:00:00.123Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (10**18, "1000000000000000000 ms"),
    ],
)
def test_a_time_is_written_in_iso_8601_and_never_fails(at: int, text: str) -> None:
    assert iso(at) == text


@pytest.mark.parametrize(
    ("zone", "at", "offset"),
    [
        ("UTC0", 1_795_345_200, 0),
        ("IST-5:30", 1_795_345_200, 330),
        ("NST3:30", 1_795_345_200, -210),
        ("CET-1CEST,M3.5.0,M10.5.0/3", 1_795_345_200, 60),  # November
        ("CET-1CEST,M3.5.0,M10.5.0/3", 1_782_000_000, 120),  # June
    ],
)
def test_the_machine_s_clock_tells_the_offset_in_force(
    monkeypatch: pytest.MonkeyPatch, zone: str, at: int, offset: int
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        monkeypatch.setattr(time, "time", lambda: at + 0.25)
        now = SystemClock().now()
        assert (now.at, now.offset) == (at * 1000 + 250, offset)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_counter_never_runs_backwards() -> None:
    ticks = [SystemClock().ticks() for _ in range(100)]
    assert ticks == sorted(ticks)


@pytest.mark.parametrize("path", ["~0", "~nobody-of-that-name/decks"])
def test_the_home_of_nobody_is_a_name_like_any_other(path: str) -> None:
    assert named(path) == Path(path)


def test_a_home_of_ones_own_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert named("~/decks") == tmp_path / "decks"
