"""Laws of what comes in from elsewhere: whatever an event says, it is refused or it does no harm.

`QUIZ_EXAMPLES=20000` tries more than a few cases.
"""

from __future__ import annotations

import json
import math
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from quiz.clock import iso
from quiz.exchange.history_in import parse, read_history
from quiz.memory import StudyDay, date_of, day_of
from quiz.sql import statements
from quiz.store import examine as examining
from quiz.store.backup import verify
from quiz.store.derive import replay
from quiz.store.events import KINDS, Event, wrong_with
from quiz.store.examine import examine, implausible
from quiz.store.history import History
from quiz.store.rescue import rescue, take_in
from quiz.store.restore import restore
from quiz.store.rows import INSERT, event_row
from quiz.store.sync import sync
from quiz.store.sync.lines import UnfitError, event_of, line_of
from tests.support.clocks import DAY, FixedClock

EXAMPLES = int(os.environ.get("QUIZ_EXAMPLES", "200"))
START = 1_795_000_000_000
SOUND = Event(
    "e" * 32,
    "answer",
    START,
    60,
    StudyDay(START // DAY),
    "a",
    rating=3,
    chance=0.25,
    retention=0.9,
    body={"question": "q", "answer": "x", "mark": 1.0, "ms": 900},
    device="0a0b0c0d",
    seq=4,
)
EDGES = (0, 1, -1, 2, 4, 5, 0.0, 0.01, 0.001, 1.0, 0.999, 1439, 1440, -1440, 2**53, 2**63, 10**30, 1e300, START)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(EDGES),
    st.integers(-(2**64), 2**64),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(["", "answer", "high", "\ud83e", "x\n", "1", "x" * 1001]),
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda v: st.lists(v, max_size=2) | st.dictionaries(st.text(max_size=2), v, max_size=2)
)
FIELDS = ("id", "kind", "at", "offset", "day", "card", "target", "rating", "chance", "retention", "device", "seq")
NAMES = ("question", "answer", "mark", "certainty", "until", "before", "on", "ms", "waits", "rated", "weights", "new")


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Draw an event as another program may write it: of any kind, with some fields that are something else."""
    event = replace(SOUND, kind=draw(st.sampled_from(KINDS)), rating=draw(st.sampled_from([None, 3])))
    match draw(st.sampled_from(["field", "body", "no body", "numbers"])):
        case "field":
            changed: dict[str, Any] = {draw(st.sampled_from(FIELDS)): draw(values)}
            return replace(event, **changed)
        case "body":
            return replace(event, body=SOUND.body | {draw(st.sampled_from(NAMES)): draw(values)})
        case "no body":
            return replace(event, body=draw(values))
    return replace(
        event,
        at=START + draw(st.integers(-(2**48), 2**48)),
        day=StudyDay(draw(st.integers(-(2**20), 2**22))),
        rating=draw(st.sampled_from([None, 1, 2, 3, 4, 5])),
        chance=draw(st.floats(-0.1, 1.1)),
        retention=draw(st.floats(-0.1, 1.1)),
        body={"mark": draw(st.floats(0, 1)), "until": draw(st.integers(-(2**20), 2**22))},
    )


@contextmanager
def empty_store() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        for statement in statements(Path(examining.__file__).with_name("schema.sql")):
            db.execute(statement)
        yield db


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(events())
@example(SOUND)
@example(replace(SOUND, retention=0.001))
@example(replace(SOUND, retention=math.nan))
@example(replace(SOUND, kind="bury", rating=None, body={"until": 1e300}))
@example(replace(SOUND, kind="bury", rating=None, body={"until": "1"}))
@example(replace(SOUND, body={"mark": None}))
@example(replace(SOUND, offset=1440))
def test_what_is_not_refused_is_plausible_and_can_be_replayed_and_told(event: Event) -> None:
    if wrong_with(event):
        return
    with empty_store() as db:
        db.execute(INSERT, event_row(event))
        assert list(implausible(db)) == []
    after = replace(SOUND, id="f" * 32, seq=5, at=START + DAY, day=StudyDay(SOUND.day + 1), card=event.card)
    for among in ([event], [SOUND, event], [event, after], [SOUND, event, after]):
        state = replay(among)
        assert abs(state.shown_from) < 2**53
        assert state.memory is None or date_of(StudyDay(state.due))
        assert date_of(StudyDay(state.buried_until))
    assert date_of(event.day)
    assert iso(event.at).endswith("Z") or event.at < 0
    assert event_of(line_of(event)[:-1]) == event


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(events())
def test_sync_and_import_refuse_the_same_and_never_end_otherwise(event: Event) -> None:
    try:
        line, text = line_of(event), json.dumps(_as_told(event))
    except (UnicodeEncodeError, TypeError, ValueError):
        return
    try:
        taken = event_of(line[:-1])
    except UnfitError:
        pass
    else:
        assert wrong_with(taken) == ""
    found, problems = parse(text, "h.jsonl")
    assert bool(found) != bool(problems)
    assert all(wrong_with(each if each.seq else replace(each, seq=1)) == "" for each in found)


def _as_told(event: Event) -> dict[str, Any]:
    """Return what `quiz export` of earlier versions wrote of an event, as far as it could write this one."""
    head = {"id": event.id, "device": event.device, "seq": event.seq, "at": "", "at_ms": event.at}
    head |= {"offset_min": event.offset, "day": "2026-11-22", "kind": event.kind, "card": event.card}
    head |= {"target": event.target, "rating": event.rating, "chance": event.chance, "retention": event.retention}
    return head | (event.body if isinstance(event.body, dict) else {})


@settings(max_examples=EXAMPLES // 8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(events(), min_size=1, max_size=6))
@example([replace(SOUND, day=StudyDay(20_000))])
@example([replace(SOUND, kind="undo", rating=None, target=None)])
@example([replace(SOUND, kind="suspend", rating=3)])
@example([replace(SOUND, rating=None, retention=0.0)])
@example([replace(SOUND, rating=None, chance=-0.0, retention=-0.0)])
def test_a_history_stays_sound_and_can_be_backed_up_whatever_was_taken_in(drawn: list[Event]) -> None:
    numbered = [replace(event, id=f"{number:032x}") for number, event in enumerate(drawn)]
    sound = [event for event in numbered if not wrong_with(event)]
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder, "history.sqlite"), FixedClock())
        try:
            assert history.merge(sound).new == len(sound)
            found = examine(history)
            assert (found.unsound, found.unreadable, found.differing, found.structure) == ((), "", 0, ())
            assert found.whole
            assert verify(history.backup("by-hand")).fault == ""
            assert history.waiting_undos() == sum(e.kind == "undo" and e.target is not None for e in sound)
        finally:
            history.close()


# -- what goes out comes in again as it was ----------------------------------------------------------------------------

HEADS = [*json.loads(SOUND.as_json()), "at", "target", "new", "x"]  # the names of all fields, and others
texts = st.text(st.characters(codec="utf-8"), max_size=6)
names = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=6)
shares = st.floats(0, 1)
contents = st.recursive(
    st.none() | st.booleans() | st.integers(1 - 2**53, 2**53 - 1) | shares | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=6,
)


@st.composite
def sound_events(draw: st.DrawFn) -> Event:
    """Draw an event that a history can hold: its body may have the name of any field."""
    at = START + draw(st.integers(-(2**40), 2**40))
    return Event(
        draw(st.uuids()).hex,
        draw(st.sampled_from(KINDS)),
        at,
        draw(st.integers(-720, 840)),
        StudyDay(draw(st.integers(-(2**14), 2**17))),
        draw(names),
        draw(st.none() | names),
        draw(st.none() | st.integers(1, 4)),
        draw(shares),
        draw(st.floats(0.01, 0.99) | st.just(0.9)),
        draw(st.dictionaries(st.sampled_from(HEADS) | texts, contents, max_size=3)),
        draw(st.sampled_from(["0a0b0c0d", "ann"])),
        draw(st.integers(1, 2**53 - 1)),
    )


RETENTION = Event("1" * 32, "settings", START, 0, StudyDay(20_000), body={"retention": 0.85}, device="d", seq=1)
CRAMMED = replace(SOUND, id="2" * 32, rating=None, retention=0.8, body={"mode": "cram", "given": "a\tb\x9b2J"})
SAT = Event("3" * 32, "session", START, 0, StudyDay(20_000), body={"v": 1, "id": "x", "day": 3}, device="d", seq=2)


@contextmanager
def history_in(folder: str, name: str) -> Iterator[History]:
    with closing(History(Path(folder, name, "history.sqlite"), FixedClock())) as history:
        yield history


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sound_events())
@example(RETENTION)
@example(CRAMMED)
@example(SAT)
def test_an_event_is_read_as_it_was_written(event: Event) -> None:
    line = event.as_json()
    assert Event.from_json(json.loads(line)) == event
    if not wrong_with(event):
        assert parse(line, "h.jsonl") == ([event], [])


@settings(max_examples=EXAMPLES // 8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(sound_events(), min_size=1, max_size=6, unique_by=lambda event: event.id))
@example([RETENTION, CRAMMED, SAT])
def test_events_come_back_equal_from_an_export_a_rescue_and_a_sync_in_both_orders(drawn: list[Event]) -> None:
    events = sorted((event for event in drawn if not wrong_with(event)), key=lambda event: event.order)
    if not events:
        return
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr("tempfile.tempdir", folder)
        file, shared = Path(folder, "out.jsonl"), Path(folder, "shared")
        shared.mkdir()
        with (
            history_in(folder, "one") as one,
            history_in(folder, "two") as two,
            history_in(folder, "three") as three,
        ):
            one.merge(events)
            assert list(one.events()) == events
            file.write_text("".join(f"{event.as_json()}\n" for event in one.events()), "utf-8")
            assert two.merge(read_history(file).events).new == len(events)
            assert one.news(read_history(file).events) == ([], []), "its own export brings nothing"
            assert list(two.events()) == events
            for each in (one, two, one):
                report = sync(each, shared)
                assert report.faults == ()
                assert report.came == 0
            assert one.settings == two.settings
            assert rescue(three.path, events)
            assert take_in(three) == len(events)
            assert list(three.events()) == events


def flat(event: Event) -> str:
    """Return the line that earlier versions exported: the first form."""
    data = json.loads(event.as_json())
    data["at"], body = data.pop("time"), data.pop("body")
    del data["v"]
    if event.rating is None:
        del data["chance"], data["retention"]
    return json.dumps(data | body)


def read_by_earlier(data: dict[str, Any]) -> Event:
    """Read a line as the versions did that know the first form alone, step by step."""
    rest = dict(data)
    head = (str(rest.pop("id")), rest.pop("kind"), int(rest.pop("at_ms")), int(rest.pop("offset_min")))
    day = day_of(date.fromisoformat(rest.pop("day")))
    device, seq = str(rest.pop("device")), int(rest.pop("seq"))
    del rest["at"]
    about = (rest.pop("card", None), rest.pop("target", None), rest.pop("rating", None))
    odds = (float(rest.pop("chance", 0.0)), float(rest.pop("retention", 0.9)))
    return Event(*head, day, *about, *odds, rest, device, seq)


@settings(max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sound_events())
@example(RETENTION)
@example(replace(RETENTION, body={"at": 1, "v": 1}))
def test_an_earlier_version_refuses_a_line_of_today_and_never_misreads_it(event: Event) -> None:
    with pytest.raises(KeyError, match="'at'"):
        read_by_earlier(json.loads(event.as_json()))
    assert read_by_earlier(json.loads(flat(SOUND))) == SOUND, "it reads its own"


@pytest.mark.parametrize("event", [SOUND, RETENTION, replace(RETENTION, body={"new": 3, "chance": 1})])
def test_an_export_of_an_earlier_version_is_read(event: Event) -> None:
    assert Event.from_json(json.loads(flat(event))) == event
    assert parse(flat(event), "h.jsonl") == ([event], [])


def test_an_answer_that_moves_nothing_is_known_again_from_an_earlier_export(tmp_path: Path) -> None:
    with history_in(str(tmp_path), "one") as one, history_in(str(tmp_path), "two") as two:
        one.merge([CRAMMED])
        (poor,) = parse(flat(CRAMMED), "h.jsonl")[0]
        assert (poor.chance, poor.retention) == (0.0, 0.9), "nothing tells what it had"
        assert one.news([poor]) == ([], [])
        two.merge([poor])
        assert two.merge([CRAMMED]).refused == ()
        assert two.merge([replace(CRAMMED, body={})]).refused
        assert one.merge([replace(CRAMMED, chance=0.5)]).refused, "both have odds, which are not the same"


@pytest.mark.parametrize("first", [0, 1])
def test_homes_agree_where_one_was_filled_from_an_export_of_an_earlier_version(tmp_path: Path, first: int) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    events = [RETENTION, SOUND, CRAMMED, replace(CRAMMED, id="4" * 32, seq=5, chance=0.25, body={"mode": "exam"})]
    with history_in(str(tmp_path), "one") as one, history_in(str(tmp_path), "two") as two:
        one.merge(events)
        two.merge(parse("\n".join(map(flat, events)), "h.jsonl")[0])
        homes = (one, two) if first == 0 else (two, one)
        for each in (*homes, homes[0]):
            report = sync(each, shared)
            assert (report.came, report.faults) == (0, ())
        assert one.settings == two.settings
        assert one.settings.retention == 0.85
        assert one.state("a") == two.state("a")


AIMS = [
    RETENTION,
    replace(RETENTION, id="5" * 32, at=START + 1, body={"new": 7}, seq=2),
    replace(RETENTION, id="6" * 32, at=START + 2, body={"retention": 0.9}, seq=3),
    replace(RETENTION, id="7" * 32, at=START + 3, body={"weights": "default"}, seq=4),
    SOUND,
]


def taken_in_by_earlier(events: list[Event]) -> list[Event]:
    """Return what a home holds that an earlier version filled from an exported history."""
    return [read_by_earlier(json.loads(flat(event))) for event in events]


@pytest.mark.parametrize("number", [1, 3, 5])  # the last aim is 0.85, 0.9, 0.9
@pytest.mark.parametrize("first", [0, 1])
def test_homes_agree_where_an_earlier_version_filled_one(tmp_path: Path, first: int, number: int) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    events = AIMS[:number]
    poor = taken_in_by_earlier(events)
    assert poor[0].body == {}
    with (
        history_in(str(tmp_path), "one") as one,
        history_in(str(tmp_path), "two") as two,
        history_in(str(tmp_path), "three") as three,
    ):
        one.merge(events)
        two.merge(poor)
        assert {event.id: event.body for event in two.events()} == {event.id: event.body for event in poor}, "unchanged"
        homes = (one, two) if first == 0 else (two, one)
        for each in (*homes, homes[0]):
            report = sync(each, shared)
            assert (report.came, report.faults) == (0, ())
        sync(three, shared)
        for each in (one, two, three):
            each.reread_settings()
            assert each.settings == one.settings
            assert each.settings.retention == (0.85 if number == 1 else 0.9)
            assert each.news(events) == each.news(poor) == ([], [])


def test_what_an_earlier_version_took_in_is_known_in_exports_and_copies(tmp_path: Path) -> None:
    poor = taken_in_by_earlier(AIMS)
    with history_in(str(tmp_path), "one") as one, history_in(str(tmp_path), "two") as two:
        one.merge(AIMS)
        two.merge(poor)
        exports = {
            name: "\n".join(event.as_json() for event in history.events())
            for name, history in {"one": one, "two": two}.items()
        } | {"old": "\n".join(map(flat, AIMS))}
        for text in exports.values():
            for history in (one, two):
                assert history.news(parse(text, "h.jsonl")[0]) == ([], [])
        assert parse(f"{exports['one']}\n{exports['two']}", "h.jsonl") == (list(one.events()), [])
        copies = one.backup("by-hand"), two.backup("by-hand")
    for name, copy in zip(("two", "one"), copies, strict=True):
        back = restore(tmp_path / name / "history.sqlite", copy, FixedClock())
        assert (back.added, back.newer) == (0, 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RETENTION, replace(RETENTION, body={}, retention=0.8)),
        (RETENTION, replace(RETENTION, body={})),
        (RETENTION, replace(RETENTION, body={"new": 3}, retention=0.85)),
        (replace(RETENTION, body={"new": 3}), replace(RETENTION, body={"new": 4})),
        (replace(SOUND, rating=None, body={}, retention=0.85), replace(SOUND, rating=None, body={"retention": 0.85})),
    ],
)
def test_settings_that_mean_unlike_things_still_contradict(tmp_path: Path, one: Event, other: Event) -> None:
    for here, there in ((one, other), (other, one)):
        with history_in(str(tmp_path), here.id + str(here is one)) as history:
            history.merge([here])
            assert history.merge([there]).refused == (there,)


def test_a_line_of_a_newer_form_is_told() -> None:
    line = json.dumps(json.loads(SOUND.as_json()) | {"v": 4})
    assert "a newer version of this program wrote it" in parse(line, "h.jsonl")[1][0].what


@pytest.mark.parametrize(
    ("changed", "told"), [({"body": []}, "a field has a value"), ({"mark": 1.0}, "no field of an event: mark")]
)
def test_a_line_whose_body_does_not_stand_apart_is_told(changed: dict[str, Any], told: str) -> None:
    line = json.dumps(json.loads(SOUND.as_json()) | changed)
    assert told in parse(line, "h.jsonl")[1][0].what
