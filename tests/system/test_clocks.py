"""The clock is wrong, the time zone changes, the night has an hour more or less: real processes, told another time.

Study days are worked out here a second time, by Python's own calendar.
"""

from __future__ import annotations

import json
import re
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from quiz.clock import SystemClock
from quiz.memory import date_of
from quiz.store.examine import integrity_of
from quiz.store.history import History
from tests.support.desks import sound
from tests.support.shell import Shell, read_until, say

PROMPT = "4 Easy)? "
CARDS = 60
# Loaded by Python itself before the program, from the first folder of PYTHONPATH.
SET_CLOCK = """\
import os, time
from pathlib import Path
_file = Path(os.environ["TEST_CLOCK"])
time.time = lambda: float(_file.read_text())
"""
# As POSIX writes time zones: no file of the system is needed.
BERLIN, TOKYO, HONOLULU = "CET-1CEST,M3.5.0,M10.5.0/3", "JST-9", "HST10"


class Watch(Shell):
    """A machine whose clock and time zone are set by hand."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder / "python").mkdir()
        (folder / "python" / "sitecustomize.py").write_text(SET_CLOCK)
        self.clock = folder / "clock"
        self.environ["PYTHONPATH"] = f"{folder / 'python'}:{self.environ['PYTHONPATH']}"
        self.environ["TEST_CLOCK"] = str(self.clock)
        self.decks = str(folder / "decks")
        (folder / "decks").mkdir()
        cards = "".join(f"  - {{id: c{n}, ask: What is c{n}?, answer: It is c{n}}}\n" for n in range(CARDS))
        (folder / "decks" / "deck.yaml").write_text(f"title: Deck\ncards:\n{cards}")
        self.given: list[tuple[int, date]] = []
        self.set(datetime(2026, 1, 1, 12, tzinfo=UTC))
        assert self.run("config", "new", "60").returncode == 0

    def set(self, at: datetime, zone: str = "UTC0") -> None:
        """Set clock and zone."""
        self.now = at
        self.clock.write_text(str(at.timestamp()))
        self.environ["TZ"] = zone

    def answer(self, number: int, rating: str = "3") -> str:
        """Answer some cards in a session of its own, and note the study day on which that has to count."""
        done = self.run(
            "study", "--plain", self.decks, "--limit", str(number), "--seed", "1", lines=f"{rating}\n" * number
        )
        assert (done.returncode, done.stderr) == (0, ""), done
        self.note(number)
        return done.stdout

    def note(self, number: int) -> None:
        """Note that so many answers were given now."""
        day = (self.now - timedelta(hours=4)).date()
        self.given += [(round(self.now.timestamp() * 1000), day)] * number

    def check(self) -> None:
        """See that every answer is there, once, at its time and on its day, and that what is derived follows."""
        with closing(
            History(self.folder / "home" / "profiles" / "default" / "history.sqlite", SystemClock())
        ) as history:
            events = sorted((e for e in history.events() if e.kind == "answer"), key=lambda e: e.seq)
            assert [(event.at, date_of(event.day)) for event in events] == self.given
            assert len({event.id for event in events}) == len(events)
            assert sound(history)
            assert integrity_of(history.path) == "ok"

    def doctor(self) -> str:
        """Return what the doctor says; he is content, or it is the clock that he does not like."""
        done = self.run("doctor", "--decks", self.decks)
        assert done.returncode == ("clock is" in done.stdout), done
        return done.stdout

    def days(self) -> dict[str, int]:
        """Return the days with answers, as the statistics tell them."""
        told = json.loads(self.run("stats", "--json", "--decks", self.decks).stdout)
        return {day["day"]: day["answers"] for day in told["days"] if day["answers"]}


def local(text: str, hours: float) -> datetime:
    """Return a time that a wall clock shows so many hours before UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone(timedelta(hours=hours)))


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


RIGHT = datetime(2026, 3, 10, 12, tzinfo=UTC)
WRONG = {
    "back ten days": RIGHT - timedelta(days=10),
    "back to 1970": datetime(1970, 1, 1, 0, 0, 7, tzinfo=UTC),
    "ahead ten years": RIGHT + timedelta(days=3653),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_clock_that_was_set_wrong_and_right_again_loses_no_answer(watch: Watch, name: str) -> None:
    """Whatever the clock shows, answers are taken, kept in the order given, and count on the day that it showed.

    Once it is right again, the cards of before are due on their days, but for those answered meanwhile; that the clock
    is behind is told.
    """
    watch.set(RIGHT)
    assert "clock is" not in watch.answer(5)
    watch.set(WRONG[name])
    said = watch.answer(3)
    meanwhile = set(re.findall(r"What is (c\d+)", said))
    assert ("behind your latest answer" in said) == ("back" in name)
    assert ("behind the latest answer" in watch.doctor()) == ("back" in name)
    watch.set(RIGHT + timedelta(days=2))
    said = watch.answer(7)
    assert ("The clock is 3651 days behind your latest answer" in said) == ("ahead" in name)
    assert {f"c{n}" for n in range(5)} - meanwhile <= set(re.findall(r"What is (c\d+)", said))
    watch.check()
    assert ("behind the latest answer" in watch.doctor()) == ("ahead" in name)
    assert watch.days()["2026-03-10"] == 5
    assert watch.days()["2026-03-12"] == 7


@pytest.mark.parametrize("name", WRONG)
def test_a_clock_that_jumps_in_the_middle_of_a_session_loses_no_answer(watch: Watch, name: str) -> None:
    """The session goes on; answers before and after are kept, and none took less than no time."""
    watch.set(RIGHT)
    program = watch.start("study", "--plain", watch.decks, "--limit", "9", "--seed", "1")
    for at in (RIGHT, WRONG[name], RIGHT + timedelta(minutes=1)):
        read_until(program, PROMPT)
        watch.set(at)
        for number in range(3):
            say(program, "3")
            watch.note(1)
            if number < 2:
                read_until(program, PROMPT)
    _, complaint = program.communicate()
    assert (program.returncode, complaint) == (0, "")
    watch.check()
    with closing(History(watch.folder / "home" / "profiles" / "default" / "history.sqlite", SystemClock())) as history:
        assert all(event.body["ms"] >= 0 for event in history.events() if event.kind == "answer")


def test_1970_in_the_far_west_is_before_the_first_day_and_does_no_harm(watch: Watch) -> None:
    """A clock without battery, in Honolulu: the study day is the last one of 1969."""
    watch.set(local("1969-12-31T14:00:03", -10), HONOLULU)
    watch.answer(3)
    watch.set(local("2026-03-10T14:00", -10), HONOLULU)
    watch.answer(3)
    watch.check()
    assert "Everything is in order." in watch.doctor()
    assert watch.given[0][1] == date(1969, 12, 31)


def test_a_journey_through_time_zones_loses_no_answer_and_no_day(watch: Watch) -> None:
    """Each answer counts on the day of the place where it was given; a day with answers stays one after the journey."""
    for text, hours, zone in (
        ("2026-03-10T23:30", 1, BERLIN),
        ("2026-03-11T01:00", 1, BERLIN),  # still the 10th
        ("2026-03-11T23:00", 9, TOKYO),
        ("2026-03-12T09:00", 9, TOKYO),
        ("2026-03-11T16:00", -10, HONOLULU),  # two hours later, and the day before
        ("2026-03-12T07:00", -10, HONOLULU),
        ("2026-03-13T22:00", 1, BERLIN),
    ):
        watch.set(local(text, hours), zone)
        watch.answer(1)
    watch.check()
    assert watch.days() == {"2026-03-10": 2, "2026-03-11": 2, "2026-03-12": 2, "2026-03-13": 1}
    assert "Everything is in order." in watch.doctor()


NIGHTS = {
    "an hour less": [
        ("2026-03-28T23:50", 1, "2026-03-28"),
        ("2026-03-29T01:59:59", 1, "2026-03-28"),
        ("2026-03-29T03:00:01", 2, "2026-03-28"),
        ("2026-03-29T03:59:59", 2, "2026-03-28"),
        ("2026-03-29T04:00:01", 2, "2026-03-29"),
        ("2026-03-30T03:59", 2, "2026-03-29"),
        ("2026-03-30T04:01", 2, "2026-03-30"),
    ],
    "an hour more": [
        ("2026-10-24T23:50", 2, "2026-10-24"),
        ("2026-10-25T02:30", 2, "2026-10-24"),
        ("2026-10-25T02:30", 1, "2026-10-24"),  # the second time
        ("2026-10-25T03:59:59", 1, "2026-10-24"),
        ("2026-10-25T04:00:01", 1, "2026-10-25"),
        ("2026-10-26T03:59", 1, "2026-10-25"),
        ("2026-10-26T04:01", 1, "2026-10-26"),
    ],
}


@pytest.mark.parametrize("night", NIGHTS)
def test_in_the_nights_of_summer_time_every_answer_counts_on_its_day(watch: Watch, night: str) -> None:
    """The study day begins at four by the clock on the wall, before and after; no day is without its answers."""
    for text, hours, day in NIGHTS[night]:
        watch.set(local(text, hours), BERLIN)
        watch.answer(1)
        assert watch.given[-1][1] == date.fromisoformat(day), "the table is right"
    watch.check()
    assert list(watch.days().values()) == [4, 2, 1]
    assert "Everything is in order." in watch.doctor()


def test_a_session_through_the_night_of_summer_time_is_one_session(watch: Watch) -> None:
    """Its answers count on both days, and the next start has nothing left of it."""
    watch.set(local("2026-03-29T01:59:58", 1), BERLIN)
    program = watch.start("study", "--plain", watch.decks, "--limit", "4", "--seed", "1")
    for text in ("2026-03-29T01:59:58", "2026-03-29T03:00:02", "2026-03-29T03:59:59", "2026-03-29T04:00:02"):
        read_until(program, PROMPT)
        watch.set(local(text, 1 if "T01" in text else 2), BERLIN)
        say(program, "3")
        watch.note(1)
    said, complaint = program.communicate()
    assert (program.returncode, complaint) == (0, "")
    assert "4 of 4" in said
    watch.check()
    assert watch.days() == {"2026-03-28": 3, "2026-03-29": 1}
