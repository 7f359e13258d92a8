"""Two programs at once on one profile, and a program that is killed: no answer is ever lost, none is there twice."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from quiz.store import database
from quiz.store.examine import integrity_of
from quiz.store.history import History
from quiz.study.session import FORMAT, Phase
from tests.support.clocks import FixedClock
from tests.support.desks import Place, choice, give, learned, mixed, sound, step, study, to_the_end
from tests.support.programs import ANSWERS, close, said, start, tell


def place_with_cards(folder: Path, number: int = 40) -> Place:
    place = Place(folder)
    place.write(*(mixed(f"m{n:02d}") for n in range(number)))
    return place


def test_two_programs_answering_at_once_keep_every_answer(tmp_path: Path) -> None:
    place = place_with_cards(tmp_path)
    programs = [start("answer", tmp_path) for _ in range(2)]
    for program in programs:
        tell(program)
    confirmed = [line for program in programs for line in said(program)]
    assert len(set(confirmed)) == 2 * ANSWERS
    with place.open() as desk:
        events = list(desk.history.events())
        assert sorted(e.id for e in events) == sorted(confirmed)
        assert len({(e.device, e.seq) for e in events}) == 2 * ANSWERS
        assert sorted(e.seq for e in events) == list(range(1, 2 * ANSWERS + 1))
        assert len({e.device for e in events}) == 1
        assert sound(desk.history)
        assert integrity_of(desk.history.path) == "ok"


def test_two_programs_that_make_a_profile_at_the_same_moment_agree(tmp_path: Path) -> None:
    place_with_cards(tmp_path, 3)
    programs = [start("open-fresh", tmp_path) for _ in range(2)]
    rounds = 25
    for number in range(rounds):
        for program in programs:
            tell(program, f"p{number}")
    for program in programs:
        assert program.stdin is not None
        program.stdin.close()
    lines = [said(program) for program in programs]
    assert len(lines[0]) == len(lines[1]) == rounds
    for number in range(rounds):
        first, second = lines[0][number], lines[1][number]
        assert first == second, "one device, and nothing left unwritten"
        assert first.endswith(" 0")
        folder = tmp_path / f"p{number}" / "profiles" / "default"
        assert (folder / "device").read_text() == first.split()[0] + "\n"
        history = History(folder / "history.sqlite", FixedClock())
        assert [e.seq for e in history.events()] == [1, 2]
        assert sound(history)
        history.close()


@pytest.mark.parametrize("seed", range(20))
def test_every_answer_that_was_confirmed_survives_kill_9(tmp_path: Path, seed: int) -> None:
    place = place_with_cards(tmp_path)
    chance = random.Random(seed)
    program = start("answer-for-ever", tmp_path)
    tell(program)
    assert program.stdout is not None
    confirmed = [program.stdout.readline().strip() for _ in range(chance.randint(1, 60))]
    end = time.perf_counter() + chance.uniform(0, 0.003)
    while time.perf_counter() < end:  # somewhere within the next answers: a sleep would be too coarse
        pass
    program.kill()
    confirmed += [line for line in program.stdout.read().split("\n") if len(line) == 32]
    assert program.wait() == -9
    close(program)
    with place.open() as desk:
        kept = [e.id for e in desk.history.events()]
        assert set(confirmed) <= set(kept)
        assert len(kept) <= len(confirmed) + 1, "at most the one that was just being confirmed"
        assert len(set(kept)) == len(kept)
        assert [e.seq for e in sorted(desk.history.events(), key=lambda e: e.seq)] == list(range(1, len(kept) + 1))
        assert sound(desk.history)
        assert integrity_of(desk.history.path) == "ok"
        place.clock.at = max(e.at for e in desk.history.events())
        session = study(desk)
        to_the_end(session)
        assert sound(desk.history)


def test_a_session_goes_on_where_the_killed_program_stood(tmp_path: Path) -> None:
    place = place_with_cards(tmp_path)
    program = start("answer-for-ever", tmp_path)
    tell(program)
    assert program.stdout is not None
    confirmed = [program.stdout.readline().strip() for _ in range(4)]
    program.kill()
    confirmed += [line for line in program.stdout.read().split("\n") if len(line) == 32]
    program.wait()
    close(program)
    with place.open() as desk:
        place.clock.at = max(e.at for e in desk.history.events())
        kept = [e.id for e in desk.history.events() if e.day == desk.history.today()]
        saved = desk.history.open_session(FORMAT, desk.history.today())
        if saved is not None:  # the day's last answer may just have closed it
            session = study(desk)
            assert session.phase is Phase.ASK
            assert [a.event for a in session.answered] == kept[len(kept) - len(session.answered) :]
            assert len(session.answered) > 0


def test_two_sessions_in_turn_on_one_card_leave_one_history(tmp_path: Path) -> None:
    """The second program answered while the first had the question on the screen: both answers count, in order."""
    place = place_with_cards(tmp_path, 3)
    with place.open() as first, place.open() as second:
        one = study(first)
        two = second.session(second.plan(one.plan.scope, None, 0, 1), resume=False)
        assert one.shown == two.shown
        place.clock.forward(seconds=5)
        give(one, right=False)
        assert first.history.flush(), "what a front does while the learner reads"
        place.clock.forward(seconds=5)
        give(two)
        assert second.history.flush()
        events = first.history.events_of("m00")
        assert [(e.rating, e.seq) for e in events] == [(1, 1), (3, 2)]
        assert first.history.state("m00") == second.history.state("m00")
        assert sound(first.history)
        assert one.undo()
        assert sound(second.history)
        assert second.history.state("m00").lapses == 0
        assert second.history.state("m00").answers == 1


def test_a_program_that_reads_the_decks_anew_does_not_disturb_a_session(tmp_path: Path) -> None:
    place = place_with_cards(tmp_path, 6)
    with place.open() as first:
        session = study(first)
        step(session)
        place.write(*(mixed(f"m{n:02d}") for n in range(4)), choice("other"))
        with place.open() as second:
            assert second.library.card("m05") is None
            asked = to_the_end(session)
        assert asked == ["m01", "m02", "m03"]
        assert sound(first.history)


def test_two_programs_that_migrate_at_the_same_moment_do_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "history.sqlite"
    history = History(path, FixedClock())
    learned(history, "a", 3)
    history.close()
    ran: list[int] = []

    def migrate(db: sqlite3.Connection) -> None:
        ran.append(1)
        db.execute("alter table session add column note text not null default ''")

    monkeypatch.setattr(database, "SCHEMA_VERSION", database.SCHEMA_VERSION + 1)
    monkeypatch.setitem(database.MIGRATIONS, database.SCHEMA_VERSION - 1, migrate)
    barrier = threading.Barrier(2)
    troubles: list[Exception] = []

    def run() -> None:
        barrier.wait()
        try:
            opened = History(path, FixedClock())
            learned(opened, "a", 3)
            opened.close()
        except Exception as error:
            troubles.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert ran == [1]
    assert len(list((tmp_path / "backups").iterdir())) == 1
    history = History(path, FixedClock())
    assert [e.seq for e in history.events()] == [1, 2, 3]
    history.close()
