"""Sync: what is taken from a folder, what is written there, and what is refused with its place."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quiz.errors import StoreError, UnreadableError
from quiz.memory import StudyDay
from quiz.store.events import Event
from quiz.store.missing import found
from quiz.store.sync import sync
from quiz.store.sync.courier import Courier
from quiz.store.sync.lines import DamagedError, NewerError, UnfitError, event_of, line_of
from quiz.store.sync.marks import Mark
from tests.support.clocks import DAY, FixedClock
from tests.support.desks import learned
from tests.support.syncing import Device, answered, contents


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "shared folder é"
    path.mkdir()
    return path


@pytest.fixture
def a(tmp_path: Path) -> Device:
    return Device(tmp_path, "a")


@pytest.fixture
def b(tmp_path: Path) -> Device:
    return Device(tmp_path, "b")


def foreign(folder: Path, *lines: bytes, name: str = "0a0b0c0d-2026.jsonl") -> Path:
    path = folder / name
    path.write_bytes(b"".join(lines))
    return path


# -- what is known of a folder -----------------------------------------------------------------------------------------


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each value inside a JSON value, and to itself."""
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield from places(below, (*at, key))


@pytest.mark.parametrize("wrong", [None, "x", "\ud800", 1.5, [], {}, True, 10**30, [1, 2, 3]], ids=repr)
def test_where_a_value_in_what_is_known_is_of_another_type_a_sync_reads_all_again(
    a: Device, b: Device, folder: Path, wrong: object
) -> None:
    event = a.answer("a", 3)[0]
    b.answer("b", 3)
    foreign(folder, b"{}\n")
    for device in (a, b, a, b, a):
        device.sync(folder)
    kept = a.profile / "sync.json"
    right = json.loads(kept.read_text("utf-8"))
    for place in places(right):
        changed = json.loads(json.dumps({"": right}))
        inside = changed
        *above, last = ("", *place)
        for key in above:
            inside = inside[key]
        if type(inside[last]) is type(wrong) and wrong != -5:
            continue
        inside[last] = wrong
        kept.write_text(json.dumps(changed[""]), "utf-8")
        history = a.open()
        found(history)
        assert sync(history, folder).came == 0, place
        assert history.find(event.id) is not None
        history.close()
        assert json.loads(kept.read_text("utf-8"))["folders"].keys() == right["folders"].keys(), "and knows it again"


# -- lines -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "event",
    [
        answered(3),
        answered(3, card="b/back", chance=0.25, retention=0.85, body={"given": "“µ” \n\u2028", "ms": 9}),
        replace(answered(1), kind="undo", target="f" * 32, rating=None, body={}),
        replace(answered(1), kind="bury", rating=None, body={"until": 20_900}),
        replace(answered(1), kind="session", card=None, rating=None, body={"day": 1, "id": "x", "at": [1.5, None]}),
    ],
)
def test_an_event_comes_back_from_its_line_as_it_was(event: Event) -> None:
    line = line_of(event)
    assert line.count(b"\n") == 1
    assert event_of(line[:-1]) == event


def test_every_flipped_bit_of_a_line_is_noticed() -> None:
    line = line_of(answered(5))[:-1]
    for place in range(len(line)):
        for bit in range(8):
            broken = bytearray(line)
            broken[place] ^= 1 << bit
            with pytest.raises(UnfitError):
                event_of(bytes(broken))


def test_a_line_of_a_newer_format_is_told_from_a_damaged_one() -> None:
    with pytest.raises(NewerError, match="format 2, known 1"):
        event_of(b'{"v":2,"anything":[1]}')
    with pytest.raises(DamagedError):
        event_of(b'{"v":2,"anything":[1]')


def with_sum(text: bytes) -> bytes:
    """Return a line whose checksum is right, whatever it says."""
    import zlib

    return b'{"v":1,"crc":"%08x","event":%b}' % (zlib.crc32(text), text)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b'"rating":2', b'"rating":9'),
        (b'"rating":2', b'"rating":true'),
        (b'"rating":2', b'"rating":"2"'),
        (b'"chance":0.0', b'"chance":NaN'),
        (b'"chance":0.0', b'"chance":-1'),
        (b'"retention":0.9', b'"retention":1'),
        (b'"retention":0.9', b'"retention":0'),
        (b'"seq":2', b'"seq":0'),
        (b'"day":2', b'"day":222222222222'),
        (b'"at":1', b'"at":1e99'),
        (b'"mark":1.0', b'"mark":"much"'),
        (b'"mark":1.0', b'"mark":{}'),
        (b'"body":{', b'"more":1,"body":{'),
        (b'"kind":"answer","card":"c1"', b'"kind":"answer","card":["c1"]'),
        (b'"kind":"answer"', b'"kind":"bury"'),
        (b'"id":"0', b'"id":"\\u001b[31m'),
    ],
)
def test_a_whole_line_that_could_not_be_replayed_is_refused(was: bytes, now: bytes) -> None:
    body = {"question": "q", "mark": 1.0, "until": 10**60}
    text = line_of(answered(1, body=body))[:-1][32:-1]
    assert was in text
    with pytest.raises(UnfitError):
        event_of(with_sum(text.replace(was, now, 1)))


@pytest.mark.parametrize("text", [b"[]", b"1", b"{}", b"null", b"[" * 100_000, b'{"kind":[]}', b"\xff", b""])
def test_a_line_that_is_no_event_is_refused(text: bytes) -> None:
    with pytest.raises(UnfitError):
        event_of(with_sum(text))


def test_a_kind_that_a_later_version_knows_is_left_for_it() -> None:
    text = line_of(answered(1))[:-1][32:-1].replace(b'"answer"', b'"dream"')
    with pytest.raises(NewerError, match="dream"):
        event_of(with_sum(text))


# -- what comes in and goes out ----------------------------------------------------------------------------------------


def test_two_devices_come_to_stand_alike(a: Device, b: Device, folder: Path) -> None:
    a.answer("one", 3)
    b.clock.forward(days=3)
    b.answer("one", 1)
    a.clock.forward(days=5)
    a.answer("one", 3)
    assert (a.sync(folder).came, b.sync(folder).came, a.sync(folder).came) == (0, 2, 1)
    assert a.events() == b.events()
    assert a.state("one") == b.state("one")
    assert a.state("one").lapses == 1, "the failure on the other device counts, though a later answer was right"
    assert sorted(contents(folder)) == sorted([f"{a.name}-2026.jsonl", f"{b.name}-2026.jsonl"])


def test_a_sync_with_nothing_new_changes_no_byte(a: Device, b: Device, folder: Path) -> None:
    for device in (a, b, a, b):
        device.answer("one", 3)
        device.sync(folder)
    a.sync(folder)
    before = contents(folder)
    for device in (a, b, a):
        report = device.sync(folder)
        assert (report.came, report.went, report.faults, report.mended) == (0, 0, (), ())
    assert contents(folder) == before


def test_lines_are_only_added_and_each_year_has_its_file(a: Device, folder: Path) -> None:
    a.answer("one", 3)
    a.sync(folder)
    old = (folder / f"{a.name}-2026.jsonl").read_bytes()
    a.answer("two", 3)
    a.clock.set_to("2027-01-02 10:00")
    a.answer("one", 3)
    a.sync(folder)
    assert (folder / f"{a.name}-2026.jsonl").read_bytes().startswith(old)
    assert [path.count(b"\n") for _, path in sorted(contents(folder).items())] == [2, 1]
    assert sorted(contents(folder)) == [f"{a.name}-2026.jsonl", f"{a.name}-2027.jsonl"]


def test_an_undo_that_comes_before_its_event_waits_for_it(a: Device, folder: Path) -> None:
    event = answered(4)
    undo = replace(answered(9), kind="undo", card=event.card, target=event.id, rating=None, body={})
    foreign(folder, line_of(undo))
    assert a.sync(folder).waiting == 1
    assert a.state("c4").answers == 0
    foreign(folder, line_of(undo), line_of(event))
    assert a.sync(folder).waiting == 0
    assert a.state("c4").answers == 0
    foreign(folder, line_of(undo), line_of(event), line_of(answered(11)))
    a.sync(folder)
    assert a.state("c4").answers == 1


def test_settings_travel_but_the_folder_is_each_device_s_own(a: Device, b: Device, folder: Path) -> None:
    history = a.open()
    history.change_settings({"new": 25, "sync": str(folder)})
    history.close()
    a.sync(folder)
    history = b.open()
    sync(history, folder)
    assert (history.settings.new, history.settings.sync) == (25, "")
    history.close()
    history = b.open()
    assert (history.settings.new, history.settings.sync) == (25, "")
    history.close()


def test_events_that_only_this_device_still_has_are_written_again(a: Device, b: Device, folder: Path) -> None:
    a.answer("one", 3, 3)
    b.answer("two", 3)
    for device in (a, b, a):
        device.sync(folder)
    for path in folder.iterdir():
        path.unlink()
    assert a.sync(folder).went == 3
    c = Device(folder.parent, "c")
    assert c.sync(folder).came == 3
    assert c.events() == a.events()


def test_events_pass_from_one_folder_to_another(a: Device, b: Device, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "stick"
    other.mkdir()
    b.answer("two", 3)
    b.sync(folder)
    a.sync(folder)
    assert a.sync(other).went == 1
    c = Device(tmp_path, "c")
    c.sync(other)
    assert c.events() == b.events()


def test_a_conflict_copy_that_a_file_sync_made_is_read_too(a: Device, folder: Path) -> None:
    foreign(folder, line_of(answered(1)))
    foreign(folder, line_of(answered(2)), name="0a0b0c0d-2026.sync-conflict-20261122-101010-ABCDEFG.jsonl")
    foreign(folder, line_of(answered(3)), name="0a0b0c0d-2026 (Ann's conflicted copy 2026-11-22).jsonl")
    assert a.sync(folder).came == 3


def test_what_git_does_to_the_ends_of_lines_does_no_harm(a: Device, folder: Path) -> None:
    foreign(folder, line_of(answered(1)).replace(b"\n", b"\r\n"), line_of(answered(2)).replace(b"\n", b"\r\n"))
    report = a.sync(folder)
    assert (report.came, report.faults) == (2, ())


def test_what_is_none_of_ours_is_ignored(a: Device, folder: Path) -> None:
    for name in ("notes.txt", "history.jsonl", ".0a0b0c0d-2026.jsonl.part", "0a0b0c0d-26.jsonl", "0A0B0C0D-2026.jsonl"):
        (folder / name).write_bytes(b"mine\n")
    (folder / ".git").mkdir()
    before = contents(folder)
    report = a.sync(folder)
    assert (report.came, report.went, report.faults) == (0, 0, ())
    assert contents(folder) == before


def test_the_history_is_copied_before_anything_comes_in_for_the_first_time(a: Device, folder: Path) -> None:
    a.answer("one", 3)
    a.sync(folder)
    assert not (a.profile / "backups").exists()
    foreign(folder, line_of(answered(1)))
    shutil.rmtree(folder.parent / "a" / "backups", ignore_errors=True)
    b = Device(folder.parent, "b")
    b.answer("two", 3)
    b.sync(folder)
    assert [path.name.endswith("before-sync.sqlite") for path in (b.profile / "backups").iterdir()] == [True]


def test_the_history_is_copied_when_another_device_comes_to_a_folder_that_was_ones_own(
    a: Device, b: Device, folder: Path
) -> None:
    a.answer("one", 3)
    a.sync(folder)
    a.answer("one", 3)
    a.sync(folder)
    assert not (a.profile / "backups").exists(), "its own events come from nowhere else"
    b.answer("two", 3)
    b.sync(folder)
    assert a.sync(folder).came == 1
    copies = [path.name for path in (a.profile / "backups").iterdir()]
    assert [name.endswith("before-sync.sqlite") for name in copies] == [True]
    b.answer("two", 3)
    b.sync(folder)
    assert a.sync(folder).came == 1
    assert [path.name for path in (a.profile / "backups").iterdir()] == copies, "once is enough"


# -- what is not right -------------------------------------------------------------------------------------------------


def test_a_damaged_line_is_told_with_its_place_and_its_event_alone_is_not_taken(a: Device, folder: Path) -> None:
    lines = [line_of(answered(n)) for n in range(4)]
    path = foreign(folder, lines[0], lines[1].replace(b'"rating":2', b'"rating":3'), *lines[2:])
    before = path.read_bytes()
    for came in (3, 0, 0):
        report = a.sync(folder)
        assert report.came == came
        assert [str(fault) for fault in report.faults] == [
            "0a0b0c0d-2026.jsonl:2: damaged (its checksum does not fit); its event is not taken in"
        ]
        assert path.read_bytes() == before, "another device's file stays as it is"
    foreign(folder, *lines)
    report = a.sync(folder)
    assert (report.came, report.faults) == (1, ())


@pytest.mark.parametrize("cut", [1, 10, 100])
def test_a_cut_last_line_is_told_and_taken_when_the_rest_has_come(a: Device, folder: Path, cut: int) -> None:
    lines = [line_of(answered(n)) for n in range(2)]
    foreign(folder, lines[0], lines[1][:-cut])
    for came in (1, 0):
        report = a.sync(folder)
        assert report.came == came
        assert [str(fault) for fault in report.faults] == [
            "0a0b0c0d-2026.jsonl:2: cut short; it is taken in when the rest has come"
        ]
    foreign(folder, *lines)
    report = a.sync(folder)
    assert (report.came, report.faults) == (1, ())


def test_an_own_line_cut_by_a_crash_is_kept_aside_and_written_again(a: Device, b: Device, folder: Path) -> None:
    a.answer("one", 3, 3)
    a.sync(folder)
    path = folder / f"{a.name}-2026.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    report = a.sync(folder)
    assert path.read_bytes() == whole
    assert "was cut short; the piece is kept in" in report.mended[0]
    (aside,) = (a.profile / "aside").iterdir()
    assert aside.read_bytes() == whole.splitlines(keepends=True)[1][:-20]
    assert (report.faults, b.sync(folder).came) == ((), 2)


def test_an_own_file_that_was_damaged_is_written_anew(a: Device, b: Device, folder: Path) -> None:
    a.answer("one", 3, 3, 1)
    a.sync(folder)
    path = folder / f"{a.name}-2026.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'"rating":3', b'"rating":4', 1))
    (a.profile / "sync.json").unlink()  # else nothing would read that line again
    report = a.sync(folder)
    assert "is written anew" in report.mended[0]
    assert report.faults == ()
    assert sorted(path.read_bytes().splitlines()) == sorted(whole.splitlines())
    report = b.sync(folder)
    assert (report.came, report.faults) == (3, ())


def long_file(a: Device, folder: Path) -> Path:
    """Sync so many answers that the end of the file, which every sync looks at, is far from its beginning."""
    a.answer("one", *[3, 1] * 40)
    a.sync(folder)
    path = folder / f"{a.name}-2026.jsonl"
    assert path.stat().st_size > 20_000
    return path


def flipped(line: bytes) -> bytes:
    return line.replace(b'"answer"', b'"bnswer"', 1)


DAMAGE: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "a letter": lambda lines: [lines[0], flipped(lines[1]), *lines[2:]],
    "the end of a line": lambda lines: [lines[0], lines[1][:-1] + b" ", *lines[2:]],
    "a sector of zeros": lambda lines: [lines[0], b"\0" * 512 + b"".join(lines[1:])[512:]],
    "a line made empty": lambda lines: [lines[0], b"\n" * len(lines[1]), *lines[2:]],
    "a line taken out": lambda lines: [lines[0], *lines[2:]],
    "a line written twice": lambda lines: [lines[0], lines[2], *lines[2:]],
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_anywhere_in_an_own_file_is_mended_by_the_next_sync(
    a: Device, b: Device, folder: Path, what: str
) -> None:
    path = long_file(a, folder)
    path.write_bytes(b"".join(DAMAGE[what](path.read_bytes().splitlines(keepends=True))))
    a.answer("two", 3)
    assert a.sync(folder).faults == ()
    report = b.sync(folder)
    assert (report.came, report.faults) == (81, ())
    assert b.events() == a.events()


def test_damage_that_left_size_and_time_as_they_were_is_mended_within_a_week(
    a: Device, b: Device, folder: Path
) -> None:
    path = long_file(a, folder)
    times, content = path.stat(), path.read_bytes()
    path.write_bytes(content.replace(b'"rating":1', b'"rating":2', 1))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    a.clock.forward(days=6)
    assert a.sync(folder).mended == ()
    a.clock.forward(days=2)
    (mended,) = a.sync(folder).mended
    assert f"{path.name} was damaged (line 2) and is written anew" in mended
    assert b.sync(folder).came == 80
    assert b.events() == a.events()


def test_damage_that_nobody_is_left_to_mend_is_made_good_by_who_holds_the_events(
    a: Device, b: Device, folder: Path, tmp_path: Path
) -> None:
    path = long_file(a, folder)
    b.sync(folder)
    path.write_bytes(path.read_bytes().replace(b'"rating":1', b'"rating":2', 1))
    b.clock.forward(days=8)  # and a never comes back
    assert b.sync(folder).went == 1
    c = Device(tmp_path, "c")
    c.sync(folder)
    assert c.events() == b.events()


def test_where_nobody_touched_a_file_only_its_end_is_read(
    a: Device, b: Device, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = long_file(a, folder)
    read: list[Mark] = []
    before = Mark.holds

    def noted(mark: Mark, *args: Any) -> bool:
        read.append(mark)
        return before(mark, *args)

    monkeypatch.setattr(Mark, "holds", noted)
    for number in range(3):
        a.answer("two", 3)
        assert (a.sync(folder).went, len(read)) == (1, 0), number
    os.utime(path)  # as by a drive that fetches the file anew: read once, and known to be whole
    content = path.read_bytes()
    for _ in range(2):
        report = a.sync(folder)
        assert (report.came, report.went, report.mended, len(read)) == (0, 0, (), 1)
    assert path.read_bytes() == content
    assert b.sync(folder).came == 83


def test_one_id_with_two_bodies_is_an_error_that_names_both(a: Device, folder: Path) -> None:
    foreign(folder, line_of(answered(0)), line_of(answered(1)))
    other = line_of(answered(1, rating=1, device="ffffffff"))
    foreign(folder, other, line_of(answered(5)), name="ffffffff-2026.jsonl")
    for came in (3, 0):
        report = a.sync(folder)
        assert report.came == came
        assert [str(fault) for fault in report.faults] == [
            f"ffffffff-2026.jsonl:1: contradicts 0a0b0c0d-2026.jsonl:2, which has the same id {1:032x}; "
            "the other one is kept"
        ]
    assert [e.rating for e in a.events() if e.id == f"{1:032x}"] == [2]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"body": {"question": "q", "mark": 5}}, "'mark' is not from 0 to 1"),
        ({"retention": 0.001}, "'retention' is not from 0.01 to 1"),
        ({"retention": 1.0}, "'retention' is not from 0.01 to 1"),
        ({"offset": 1440}, "time zone"),
        ({"card": None}, "answers no card"),
    ],
)
def test_what_would_do_harm_is_refused_with_its_place_and_the_reason(
    a: Device, folder: Path, changes: dict[str, object], why: str
) -> None:
    foreign(folder, line_of(answered(0)), line_of(replace(answered(1), **changes)))  # type: ignore[arg-type]
    report = a.sync(folder)
    assert report.came == 1
    (fault,) = report.faults
    assert str(fault).startswith("0a0b0c0d-2026.jsonl:2: an event that cannot be (")
    assert why in str(fault)


@pytest.mark.parametrize(
    "changes",
    [
        {"day": StudyDay(20_000)},
        {"rating": None, "retention": 0.0},
        {"kind": "undo", "rating": None, "body": {}},
        {"kind": "suspend"},
    ],
)
def test_what_is_only_odd_is_taken_in(a: Device, folder: Path, changes: dict[str, object]) -> None:
    foreign(folder, line_of(replace(answered(0), **changes)))  # type: ignore[arg-type]
    report = a.sync(folder)
    assert (report.came, report.waiting, report.faults) == (1, 0, ())


def test_what_contradicts_the_history_itself_is_told(a: Device, folder: Path) -> None:
    (event,) = a.answer("one", 3)
    foreign(folder, line_of(replace(event, seq=1, rating=1)))
    (fault,) = a.sync(folder).faults
    assert "contradicts the history of this device" in str(fault)
    assert a.state("one").lapses == 0


def test_a_file_of_a_newer_format_is_refused_and_the_rest_taken(a: Device, folder: Path) -> None:
    foreign(folder, line_of(answered(0)), b'{"v":2,"new":"things"}\n')
    foreign(folder, line_of(answered(1)), name="ffffffff-2026.jsonl")
    report = a.sync(folder)
    assert report.came == 2
    assert [str(fault) for fault in report.faults] == [
        "0a0b0c0d-2026.jsonl:2: written by a newer version of this program (format 2, known 1); "
        "it is not taken in: update this program"
    ]


def test_an_own_file_that_a_newer_version_wrote_is_not_written_to(a: Device, folder: Path) -> None:
    a.answer("one", 3)
    a.sync(folder)
    path = folder / f"{a.name}-2026.jsonl"
    path.write_bytes(path.read_bytes() + b'{"v":2}\n')
    before = path.read_bytes()
    a.answer("one", 3)
    report = a.sync(folder)
    assert report.went == 0
    assert report.faults
    assert path.read_bytes() == before
    path.write_bytes(before.removesuffix(b'{"v":2}\n'))
    assert a.sync(folder).went == 1


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_something_that_is_no_file_under_such_a_name_is_told_and_hangs_nothing(
    a: Device, folder: Path, make: Callable[[Path], None]
) -> None:
    make(folder / "0a0b0c0d-2026.jsonl")
    foreign(folder, line_of(answered(1)), name="ffffffff-2026.jsonl")
    report = a.sync(folder)
    assert report.came == 1
    assert [fault.file for fault in report.faults] == ["0a0b0c0d-2026.jsonl"]


@pytest.mark.parametrize("kind", ["gone", "file"])
def test_a_folder_that_is_none_is_told_and_never_made(a: Device, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "stick"
    if kind == "file":
        path.touch()
    with pytest.raises(UnreadableError, match="is not"):
        a.sync(path)
    assert path.exists() == (kind == "file")


# -- copies and backups ------------------------------------------------------------------------------------------------


def test_a_history_put_back_from_a_backup_gets_everything_again(a: Device, b: Device, folder: Path) -> None:
    a.answer("one", 3)
    saved = a.path.read_bytes()
    b.answer("two", 3)
    for device in (b, a):
        device.sync(folder)
    a.answer("one", 1)
    a.sync(folder)
    before = a.events()
    for path in a.profile.glob("history.sqlite*"):
        path.unlink()
    a.path.write_bytes(saved)
    report = a.sync(folder)
    assert (report.came, report.mended) == (2, ())
    assert a.events() == before


def test_after_an_old_copy_was_put_back_by_hand_no_number_is_given_twice(a: Device, folder: Path) -> None:
    a.answer("z", 3)
    saved = a.path.read_bytes()
    for card in ("c", "b", "a"):
        a.clock.forward(days=1)
        a.answer(card, 3)
    a.sync(folder)
    for path in a.profile.glob("history.sqlite*"):
        path.unlink()
    a.path.write_bytes(saved)
    assert a.sync(folder).came == 3
    history = a.open()
    given = [history.find(event.id) for event in (*learned(history, "x", 3), *learned(history, "y", 3))]
    assert [event.seq for event in given if event] == [5, 6]
    history.record_all([history.event("answer", card="w", body={"question": "q", "mark": 1.0})])
    assert max(event.seq for event in history.events()) == 7
    history.close()


def test_two_programs_of_one_device_never_give_a_number_twice(a: Device) -> None:
    one, other = a.open(), a.open()
    for number in range(6):
        learned((one, other)[number % 2], f"c{number}", 3)
    assert sorted(event.seq for event in one.events()) == [1, 2, 3, 4, 5, 6]
    one.close()
    other.close()


def test_a_clock_behind_what_came_by_sync_is_told(a: Device, b: Device, folder: Path) -> None:
    for day in range(60):
        a.answer("zz" if day < 55 else "aa", 3)
        a.clock.forward(days=1)
    a.sync(folder)
    b.clock.forward(days=56)
    assert b.sync(folder).came == 60
    history = b.open()
    assert history.behind() == 3 * DAY
    history.close()


def test_a_clock_of_another_device_that_was_years_ahead_is_forgotten_after_some_answers(a: Device) -> None:
    a.merge([replace(answered(1), at=a.clock.at + 3650 * DAY)])
    history = a.open()
    for _ in range(49):
        learned(history, "x", 3)
    assert history.behind() == 3650 * DAY
    learned(history, "x", 3)
    assert history.behind() == 0
    history.close()


def test_a_copied_profile_gets_a_name_of_its_own_and_loses_nothing(a: Device, folder: Path, tmp_path: Path) -> None:
    history = a.open()
    history.change_settings({"sync": str(folder)})
    history.close()
    shutil.copytree(a.profile, tmp_path / "copy")
    copy = Device(tmp_path, "copy")
    a.answer("one", 3)
    copy.answer("two", 1)
    assert a.name == copy.name
    a.sync(folder)
    report = copy.sync(folder)
    assert a.name != copy.name
    assert "a device name of its own" in report.mended[0]
    history = copy.open()
    assert history.settings.sync == str(folder)
    history.close()
    a.sync(folder)
    assert a.events() == copy.events()
    for device in (a, copy, a, copy):
        assert (device.sync(folder).faults, device.sync(folder).mended) == ((), ())
    assert len({a.name, copy.name}) == 2


def test_two_syncs_of_one_profile_take_turns(a: Device, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")
    a.answer("one", 3)
    monkeypatch.setattr("quiz.store.sync.run.PATIENCE", 0.1)
    with (a.profile / "sync.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="another program is syncing"):
            a.sync(folder)
    assert a.sync(folder).went == 1


def test_answers_of_another_program_that_are_still_in_its_journal_go_out_later(a: Device, folder: Path) -> None:
    running = a.open()
    event = running.event("answer", card="one", rating=3, body={"question": "q", "mark": 1.0})
    running.keep([event])
    assert running.pending
    assert a.sync(folder).went == 0
    running.close()
    assert a.sync(folder).went == 1


# -- beside a session --------------------------------------------------------------------------------------------------


def test_a_courier_syncs_while_the_history_is_in_use(a: Device, folder: Path) -> None:
    foreign(folder, *(line_of(answered(n)) for n in range(900)))
    running = a.open()
    courier = Courier(a.path, FixedClock(), folder)
    courier.begin()
    for number in range(20):
        event = running.event("answer", card=f"c{number}", rating=3, body={"question": "q", "mark": 1.0})
        running.keep([event])
    assert running.flush()
    running.close()
    report = courier.end()
    assert report.faults == ()
    assert len(a.events()) == 920
    assert a.sync(folder).went == 0


def test_a_courier_says_what_hindered_it(a: Device, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="is not there"):
        Courier(a.path, FixedClock(), tmp_path / "stick").end()
