"""From events to where a card stands, by cases worked out by hand."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from quiz.memory import Memory, Rating, StudyDay, due_day, knew_odds_by_chance, step
from quiz.store.derive import NEVER, NEW, Asked, CardState, apply, replay, undone
from quiz.store.events import Event, Kind

DAY = 20_000
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4


def event(number: int, kind: Kind = "answer", day: int = DAY, **fields: Any) -> Event:
    """Return an event at a second of its own, with the number as its id."""
    fields.setdefault("card", "a")
    fields.setdefault("device", "d")
    return Event(str(number), kind, number * 1000, 0, StudyDay(day), seq=number, **fields)


def answer(
    number: int, rating: int | None, day: int = DAY, question: str = "q", mark: float = 1.0, **rest: Any
) -> Event:
    return event(number, day=day, rating=rating, body={"question": question, "mark": mark}, **rest)


def undo(number: int, target: int) -> Event:
    return event(number, "undo", target=str(target))


# -- answers ----------------------------------------------------------------------------------------------------------


def test_a_first_answer_gives_a_memory_and_a_due_day() -> None:
    state = apply(NEW, answer(1, GOOD))
    memory = step(None, Rating.GOOD, StudyDay(DAY))
    assert state == CardState(
        memory=memory,
        due=due_day(memory, 0.9, "a", 1),
        answers=1,
        lapses=0,
        days=1,
        last_recalled=DAY,
        first_day=DAY,
        asked={"q": Asked(1, 1, 1.0)},
    )
    assert not state.new
    assert state.shown_from == state.due > DAY


def test_the_due_day_depends_on_the_recall_aimed_at() -> None:
    strict, easy = (apply(NEW, answer(1, EASY, retention=r)).due for r in (0.95, 0.8))
    assert strict < easy


def test_a_right_choice_counts_in_the_measure_that_it_was_known() -> None:
    first = apply(NEW, answer(1, GOOD))
    assert first.memory is not None
    sure = apply(first, answer(2, GOOD, DAY + 5)).memory
    lucky = apply(first, answer(2, GOOD, DAY + 5, chance=0.25)).memory
    assert sure is not None
    assert lucky is not None
    assert lucky.stability < sure.stability
    knew = knew_odds_by_chance(first.memory, StudyDay(DAY + 5), 0.25)
    assert lucky == step(first.memory, Rating.GOOD, StudyDay(DAY + 5), knew=knew)


@pytest.mark.parametrize(
    ("ratings", "lapses"),
    [
        ([(AGAIN, 0)], 0),  # a card that was never known does not lapse
        ([(GOOD, 0), (AGAIN, 0)], 0),  # nor one within the day it was met
        ([(GOOD, 0), (AGAIN, 3)], 1),
        ([(GOOD, 0), (AGAIN, 3), (AGAIN, 3)], 1),
        ([(GOOD, 0), (AGAIN, 3), (GOOD, 3), (AGAIN, 9)], 2),
    ],
)
def test_a_lapse_is_a_failure_on_a_later_day(ratings: list[tuple[int, int]], lapses: int) -> None:
    events = [answer(n, rating, DAY + day) for n, (rating, day) in enumerate(ratings, 1)]
    assert replay(events).lapses == lapses


@pytest.mark.parametrize(
    ("ratings", "days"),
    [
        ([(AGAIN, 0)], 0),
        ([(GOOD, 0), (GOOD, 0), (EASY, 0)], 1),
        ([(AGAIN, 0), (HARD, 0)], 1),
        ([(GOOD, 0), (AGAIN, 2), (GOOD, 5)], 2),
        ([(GOOD, 5), (GOOD, 2), (GOOD, 5)], 1),  # a clock set back brings no day twice
    ],
)
def test_days_of_recall_are_counted_once_each(ratings: list[tuple[int, int]], days: int) -> None:
    assert replay([answer(n, rating, DAY + day) for n, (rating, day) in enumerate(ratings, 1)]).days == days


def test_questions_are_told_apart_with_times_order_and_last_mark() -> None:
    state = replay([answer(1, GOOD), answer(2, AGAIN, question="p", mark=0.0), answer(3, AGAIN, mark=0.5)])
    assert state.asked == {"q": Asked(2, 3, 0.5), "p": Asked(1, 2, 0.0)}
    assert state.answers == 3


def test_an_answer_without_rating_is_remembered_and_moves_no_schedule() -> None:
    before = apply(NEW, answer(1, GOOD))
    after = apply(before, answer(2, None, DAY + 1))
    assert (after.memory, after.due, after.days) == (before.memory, before.due, before.days)
    assert (after.answers, after.asked["q"].times) == (2, 2)


@pytest.mark.parametrize("back", [1, 10, DAY, DAY + 365])
def test_an_answer_on_an_earlier_day_leads_to_no_negative_interval(back: int) -> None:
    state = replay([answer(1, GOOD), answer(2, GOOD, DAY - back), answer(3, AGAIN, DAY - back)])
    assert state.memory is not None
    assert state.memory.day == DAY - back
    assert state.due > DAY - back


# -- decisions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([("suspend", {"on": True})], NEVER),
        ([("suspend", {"on": True}), ("suspend", {"on": False})], 0),
        ([("bury", {"until": 7})], 7),
        ([("bury", {"until": 7}), ("bury", {"until": 3})], 3),
        ([("bury", {"until": 7}), ("suspend", {"on": True})], NEVER),
        ([("suspend", {"on": True}), ("bury", {"until": 7}), ("suspend", {"on": False})], 7),
        ([("flag", {"on": True, "note": "wrong"})], 0),
    ],
)
def test_a_card_is_shown_from(events: list[tuple[Kind, dict[str, object]]], expected: int) -> None:
    state = replay([event(n, kind, body=body) for n, (kind, body) in enumerate(events, 1)])
    assert state.shown_from == expected


def test_a_card_put_off_comes_when_both_its_day_and_its_due_day_are_there() -> None:
    due = apply(NEW, answer(1, GOOD)).due
    for until, expected in ((due - 1, due), (due, due), (due + 4, due + 4)):
        assert replay([answer(1, GOOD), event(2, "bury", body={"until": until})]).shown_from == expected


def test_a_flag_goes_on_and_off() -> None:
    on, off = event(1, "flag", body={"on": True, "note": "x"}), event(2, "flag", body={"on": False, "note": ""})
    assert replay([on]).flagged
    assert not replay([on, off]).flagged


def test_a_reset_forgets_the_memory_and_keeps_what_was_asked() -> None:
    state = replay([answer(1, GOOD), answer(2, AGAIN, DAY + 3), event(3, "reset")])
    assert (state.memory, state.due, state.lapses, state.days) == (None, 0, 0, 0)
    assert (state.answers, state.first_day, state.asked["q"].times) == (2, DAY, 2)
    assert state.new
    again = replay([answer(1, GOOD), event(3, "reset"), answer(4, GOOD, DAY)])
    assert again.days == 1
    assert again.memory == Memory(*_first_good(), StudyDay(DAY))


def _first_good() -> tuple[float, float]:
    memory = step(None, Rating.GOOD, StudyDay(DAY))
    return memory.stability, memory.difficulty


@pytest.mark.parametrize("kind", ["settings", "session", "alias"])
def test_other_events_leave_a_card_alone(kind: Kind) -> None:
    assert apply(apply(NEW, answer(1, GOOD)), event(2, kind)) == apply(NEW, answer(1, GOOD))


# -- undo -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("undos", "gone"),
    [
        ([], set()),
        ([(11, 1)], {"1"}),
        ([(11, 1), (12, 1)], {"1"}),  # twice taken back is taken back
        ([(11, 1), (12, 11)], {"11"}),
        ([(11, 1), (12, 11), (13, 12)], {"1", "12"}),
        ([(11, 1), (12, 1), (13, 11)], {"1", "11"}),  # one of two undos falls away: the other still counts
        ([(11, 1), (12, 1), (13, 11), (14, 12)], {"11", "12"}),
        ([(11, 1), (12, 2)], {"1", "2"}),
        ([(11, 99)], {"99"}),  # of an event that has not arrived yet
    ],
)
def test_what_does_not_count_whatever_the_order(undos: list[tuple[int, int]], gone: set[str]) -> None:
    events = [answer(1, GOOD), answer(2, GOOD), *(undo(*pair) for pair in undos)]
    for order in permutations(events):
        assert undone(order) == gone


def test_a_long_chain_of_undos_of_undos_is_followed_to_its_end() -> None:
    for length in (2000, 2001):
        chain = [undo(n + 1, n) for n in range(1, length + 1)]
        gone = undone([answer(1, GOOD), *chain])
        assert ("1" in gone) == (length % 2 == 1)
        assert len(gone) == (length + 1) // 2


def test_undos_that_name_each_other_come_to_an_end() -> None:
    """No program writes them, but a damaged or malicious file may hold them."""
    assert undone([undo(1, 2), undo(2, 1), undo(3, 3)]) <= {"1", "2", "3"}


def test_replay_leaves_out_what_was_taken_back() -> None:
    kept = [answer(1, GOOD), answer(3, EASY, DAY + 4)]
    assert replay([kept[0], answer(2, AGAIN, DAY + 2), undo(4, 2), kept[1]]) == replay(kept)
    assert replay([answer(1, GOOD), undo(2, 1)]) == NEW


def test_replay_of_nothing_is_a_new_card() -> None:
    assert replay([]) == NEW == CardState()


# -- order ------------------------------------------------------------------------------------------------------------


def test_events_of_one_moment_go_by_device_and_then_by_sequence_as_a_number() -> None:
    def of(device: str, seq: int, question: str) -> Event:
        body = {"question": question, "mark": 1.0}
        return Event(f"{device}{seq}", "answer", 5, 0, StudyDay(DAY), "a", None, GOOD, 0.0, 0.9, body, device, seq)

    events = [of("a", 2, "first"), of("a", 10, "second"), of("b", 1, "third")]
    for order in permutations(events):
        state = replay(order)
        assert [q for q, _ in sorted(state.asked.items(), key=lambda item: item[1].last)] == [
            "first",
            "second",
            "third",
        ]


def test_the_clock_of_the_answer_and_not_its_arrival_decides() -> None:
    early, late = answer(1, AGAIN), answer(2, GOOD, DAY + 1)
    assert replay([late, early]) == replay([early, late])
    assert replay([late, early]) != replay([late, answer(3, AGAIN, DAY + 1)])
