"""The queue: what comes next, worked out card by card."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.memory import Memory, StudyDay, recall
from quiz.store.history import Candidate
from quiz.study.queue import NEW_EVERY, RETRY_AFTER, Queue, loss

DAY = StudyDay(20_000)


def due(card: str, stability: float = 10.0, days: int = 10, safety: bool = False) -> Candidate:
    memory = Memory(stability, 5.0, StudyDay(DAY - days))
    return Candidate(card, card.split("/")[0], memory, safety, "")


def new(card: str) -> Candidate:
    return Candidate(card, card.split("/")[0], None, False, "")


def dues(number: int) -> list[Candidate]:
    return [due(f"d{n:03d}") for n in range(number)]


def news(number: int) -> list[Candidate]:
    return [new(f"n{n:03d}") for n in range(number)]


def queue(due_: list[Candidate], fresh: list[Candidate], seed: int = 1, done: set[str] | None = None) -> Queue:
    return Queue(due_, fresh, DAY, seed, done or set())


def put_back(q: Queue, candidate: Candidate, *, retry: bool) -> None:
    q.put_back(candidate.card, candidate.family, retry=retry, new=candidate.memory is None)


def drain(q: Queue, limit: int = 0, failing: set[str] | None = None, most: int = 500) -> list[str]:
    """Take cards until none is left; those in `failing` fail once each."""
    asked: list[str] = []
    fail = set(failing or ())
    while (found := q.next(limit)) is not None and len(asked) < most:
        card, retry = found
        asked.append(card + ("*" if retry else ""))
        if card in fail:
            fail.discard(card)
            q.fail(card)
        else:
            q.passed(card)
    return asked


# -- due cards --------------------------------------------------------------------------------------------------------


def test_the_card_that_loses_most_by_one_more_day_comes_first() -> None:
    fast, slow, long_gone = due("fast", 1.0, 2), due("slow", 50.0, 60), due("long-gone", 0.5, 300)
    expected = sorted([fast, slow, long_gone], key=lambda c: -loss(c, DAY))
    assert expected[0] is fast
    assert drain(queue([slow, long_gone, fast], [])) == [c.card for c in expected]


def test_loss_is_the_recall_that_a_day_costs_and_counts_twice_for_safety() -> None:
    memory = Memory(3.0, 5.0, StudyDay(DAY - 4))
    by_hand = recall(memory, DAY) - recall(memory, StudyDay(DAY + 1))
    assert loss(due("a", 3.0, 4), DAY) == pytest.approx(by_hand)
    assert loss(due("a", 3.0, 4, safety=True), DAY) == pytest.approx(2 * by_hand)
    assert loss(new("a"), DAY) == 0.0


def test_a_must_pass_card_comes_before_its_equal() -> None:
    assert drain(queue([due("a"), due("b", safety=True)], [])) == ["b", "a"]


def test_equal_cards_come_in_an_order_that_does_not_depend_on_how_they_were_found() -> None:
    assert drain(queue([due("b"), due("a"), due("c")], [])) == drain(queue([due("c"), due("b"), due("a")], []))


# -- new cards --------------------------------------------------------------------------------------------------------


def test_every_fourth_card_is_new_while_others_are_due() -> None:
    asked = drain(queue(dues(40), news(10)))
    kinds = "".join(card[0] for card in asked)
    assert kinds == "dddn" * 10 + "d" * 10
    assert NEW_EVERY == 4


@pytest.mark.parametrize(
    ("due_", "fresh", "kinds"),
    [
        (0, 0, ""),
        (0, 3, "nnn"),
        (3, 0, "ddd"),
        (2, 3, "ddnnn"),
        (5, 1, "dddndd"),
        (4, 4, "dddndnnn"),
    ],
)
def test_what_is_left_of_one_kind_follows(due_: int, fresh: int, kinds: str) -> None:
    assert "".join(card[0] for card in drain(queue(dues(due_), news(fresh)))) == kinds


def test_new_cards_keep_the_order_of_the_decks() -> None:
    asked = drain(queue([], news(5)))
    assert asked == [c.card for c in news(5)]


def test_retries_do_not_use_up_the_share_of_new_cards() -> None:
    asked = drain(queue(dues(20), news(5)), failing={"d001", "d005"})
    firsts = "".join(card[0] for card in asked if not card.endswith("*"))
    assert firsts == "dddn" * 5 + "ddddd"


# -- siblings ---------------------------------------------------------------------------------------------------------


def test_of_siblings_only_one_is_asked() -> None:
    assert drain(queue([due("a", 20), due("a/back", 2)], [new("b"), new("b/x"), new("a/third")])) == ["a/back", "b"]


def test_siblings_of_what_was_asked_today_wait() -> None:
    assert drain(queue([due("a/back"), due("c")], [new("b/x")], done={"a", "b"})) == ["c"]


def test_siblings_are_not_counted_as_left() -> None:
    q = queue([due("a"), due("a/back")], [new("b"), new("b/x")], done=set())
    assert q.firsts_left == 2


# -- failed cards -----------------------------------------------------------------------------------------------------


@given(st.integers(0, 2**31), st.integers(10, 60), st.data())
def test_a_failed_card_comes_back_after_three_to_eight_others(seed: int, number: int, data: st.DataObject) -> None:
    """Whatever fails, retries included: as long as there are others, nobody waits longer or shorter."""
    q = queue(dues(number), [], seed)
    asked: list[str] = []
    failed_at: dict[str, int] = {}
    while q.firsts_left and (found := q.next()) is not None:
        card, retry = found
        asked.append(card)
        if retry:
            others = len(asked) - 1 - failed_at.pop(card) - 1
            assert RETRY_AFTER[0] <= others <= RETRY_AFTER[1]
        if data.draw(st.booleans()):
            q.fail(card)
            failed_at[card] = len(asked) - 1
        else:
            q.passed(card)
    assert set(failed_at) == {r.card for r in q._retries}


def test_failures_in_a_row_do_not_push_each_other_back() -> None:
    for seed in range(200):
        asked = drain(queue(dues(40), [], seed), failing={f"d{n:03d}" for n in range(25)})
        for n in range(20):
            others = asked.index(f"d{n:03d}*") - asked.index(f"d{n:03d}") - 1
            assert RETRY_AFTER[0] <= others <= RETRY_AFTER[1]


def test_a_failed_card_comes_at_once_when_no_other_is_left() -> None:
    assert drain(queue(dues(1), []), failing={"d000"}) == ["d000", "d000*"]


def test_failed_cards_come_back_in_the_order_of_their_turns_when_no_other_is_left() -> None:
    asked = drain(queue(dues(2), []), failing={"d000", "d001"})
    assert sorted(asked[2:]) == ["d000*", "d001*"]


def test_a_failed_card_comes_back_until_it_is_right_once() -> None:
    q = queue(dues(1), [])
    assert q.next() == ("d000", False)
    for _ in range(5):
        q.fail("d000")
        assert q.retries_left == 1
        assert q.next() == ("d000", True)
    q.passed("d000")
    assert q.next() is None


def test_the_same_seed_brings_failures_back_at_the_same_places() -> None:
    failing = {f"d{n:03d}" for n in range(0, 40, 3)}
    runs = [drain(queue(dues(40), news(10), seed), failing=failing) for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]


# -- limits -----------------------------------------------------------------------------------------------------------


def test_a_limit_counts_first_tries_and_lets_failures_come_back() -> None:
    asked = drain(queue(dues(20), news(5)), limit=4, failing={"d000", "d001"})
    assert asked[:4] == ["d000", "d001", "d002", "n000"]
    assert sorted(asked[4:]) == ["d000*", "d001*"]


# -- taking back ------------------------------------------------------------------------------------------------------


@given(st.integers(0, 12), st.lists(st.booleans(), min_size=30, max_size=30), st.integers(0, 99))
def test_a_card_put_back_is_the_next_again(taken: int, fails: list[bool], seed: int) -> None:
    """`put_back` is the exact inverse of `next`: the rest of the session is as if nothing had been taken."""
    candidates = {c.card: c for c in (*dues(12), *news(4))}

    def run(put_back_after: int | None) -> list[str]:
        q = queue(dues(12), news(4), seed)
        asked: list[str] = []
        answers = iter(fails)
        while (found := q.next()) is not None and len(asked) < 25:
            if put_back_after == len(asked):
                put_back_after = None
                before = (q.asked, q.firsts)
                put_back(q, candidates[found[0]], retry=found[1])
                assert (q.asked, q.firsts) == (before[0] - 1, before[1] - (not found[1]))
                continue
            asked.append(found[0] + "*" * found[1])
            if next(answers, False):
                q.fail(found[0])
            else:
                q.passed(found[0])
        return asked

    assert run(None) == run(taken)


def test_a_next_try_that_is_put_back_does_not_come_sooner_than_it_would_have() -> None:
    """Somebody takes back a few answers, the next try of an earlier failure among them, and gives them again."""
    candidates = {c.card: c for c in dues(20)}
    q = queue(dues(20), [])
    asked = []
    while (found := q.next()) is not None:
        asked.append(found)
        if found[1]:
            break
        if found[0] == "d001":
            q.fail("d001")
    assert asked[-1] == ("d001", True)
    for card, retry in reversed(asked[3:]):
        put_back(q, candidates[card], retry=retry)
    assert [q.next() for _ in asked[3:]] == asked[3:]


def test_what_was_put_away_does_not_bring_in_another_new_card() -> None:
    q = queue([], news(3))
    assert q.next() == ("n000", False)
    q.uncount(retry=False)
    q.drop("n000")
    assert q.next() == ("n001", False)
    # The day's new cards are counted by answers, so the history offers three again, without the one put away.
    later = queue([], news(5)[1:4])
    later.take("n001")
    later.restore(q.as_json(), lambda _: True)
    assert later.firsts_left == q.firsts_left == 1
    assert drain(later) == drain(q) == ["n002"]


def test_a_family_that_is_dropped_comes_no_more() -> None:
    q = queue([due("a"), due("b"), due("c")], [new("d")])
    assert q.next() == ("a", False)
    q.fail("a")
    q.drop("a")
    q.drop("c")
    assert drain(q) == ["b", "d"]


# -- taking up --------------------------------------------------------------------------------------------------------


def test_a_queue_goes_on_where_it_stood() -> None:
    whole = queue(dues(12), news(4))
    failing = {"d001", "d004"}
    first = []
    for _ in range(6):
        found = whole.next()
        assert found is not None
        first.append(found[0])
        if found[0] in failing and not found[1]:
            whole.fail(found[0])
    # What was asked has been answered, so the history no longer offers it.
    later = queue([c for c in dues(12) if c.card not in first], [c for c in news(4) if c.card not in first])
    later.restore(whole.as_json(), lambda _: True)
    assert (later.asked, later.firsts, later.retries_left) == (whole.asked, whole.firsts, whole.retries_left)
    assert drain(later) == drain(whole)


def test_a_failed_card_whose_deck_has_gone_does_not_come_back() -> None:
    q = queue(dues(2), [])
    q.next()
    q.fail("d000")
    later = queue([due("d001")], [])
    later.restore(q.as_json(), lambda card: card != "d000")
    assert later.retries_left == 0
    assert drain(later) == ["d001"]
