"""Drawing a paper: which questions, in which order, and what is said when there are too few."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.deck.scope import Scope
from quiz.desk import Desk
from quiz.errors import UsageError
from quiz.store.history import family_of
from quiz.study.blueprint import ExamPlan
from quiz.study.paper import Paper, Short, by_topic, draw
from tests.support.desks import Entry, Place, choice, choices_of, flip, mixed, typed
from tests.support.exams import every_kind, exam_plan


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def paper(desk: Desk, plan: ExamPlan | None = None) -> Paper:
    return draw(desk.library, plan or exam_plan(), desk.history.state)


def ids(found: Paper) -> list[str]:
    return [shown.card.id for shown in found.items]


def many(number: int, topic: str = "c") -> list[Entry]:
    return [choice(f"{topic}{n:02d}", topic=topic) for n in range(number)]


def test_the_seed_decides_the_paper_and_everything_in_it(place: Place) -> None:
    place.write(*many(30))
    with place.open() as desk:
        one, same, other = (paper(desk, exam_plan(limit=10, seed=seed)) for seed in (1, 1, 2))
    assert one == same
    assert ids(one) != ids(other)
    assert {shown.order for shown in one.items} != {one.items[0].order}
    assert len(set(ids(one))) == 10


def test_a_new_card_in_the_deck_changes_no_more_than_its_own_place(place: Place) -> None:
    place.write(*many(30))
    with place.open() as desk:
        before = ids(paper(desk, exam_plan(limit=10)))
    place.write(*many(31))
    with place.open() as desk:
        after = ids(paper(desk, exam_plan(limit=10)))
    assert len(set(before) - set(after)) <= 1
    kept = [card for card in before if card in after]
    assert [card for card in after if card in kept] == kept


def test_one_card_of_a_family_is_asked(place: Place) -> None:
    place.write(*(flip(f"f{n}", both_ways=True) for n in range(6)), {"id": "h", "cloze": "{{a: one}} {{b: two}}"})
    with place.open() as desk:
        found = ids(paper(desk, exam_plan(limit=50)))
    assert len(found) == 7
    assert len({family_of(card) for card in found}) == 7


def test_a_question_that_the_program_marks_comes_before_one_that_the_learner_marks(place: Place) -> None:
    place.write(*(mixed(f"m{n}") for n in range(4)), *(flip(f"f{n}") for n in range(9)))
    with place.open() as desk:
        few, more = paper(desk, exam_plan(limit=4)), paper(desk, exam_plan(limit=6))
    assert "flip" not in {shown.question.kind for shown in few.items}
    assert sorted(shown.question.kind == "flip" for shown in more.items) == [False] * 4 + [True] * 2


def test_proof_questions_are_drawn_too(place: Place) -> None:
    place.write(*(mixed(f"m{n:02d}") for n in range(40)))
    with place.open() as desk:
        found = paper(desk, exam_plan(limit=40))
    assert {shown.question.proof for shown in found.items} == {True, False}


def test_a_suspended_card_is_left_out(place: Place) -> None:
    place.write(*many(3))
    with place.open() as desk:
        desk.history.record([desk.history.event("suspend", card="c01", body={"on": True})])
        found = paper(desk, exam_plan(limit=3))
    assert sorted(ids(found)) == ["c00", "c02"]
    assert found.short == (Short("", 3, 2),)


def test_only_the_kinds_that_were_asked_for_are_drawn(place: Place) -> None:
    place.write(*every_kind(), *(mixed(f"m{n}") for n in range(4)))
    with place.open() as desk:
        found = paper(desk, exam_plan(limit=50, kinds=("cloze", "order")))
        flips = paper(desk, exam_plan(limit=50, kinds=("flip",)))
    assert {shown.question.kind for shown in found.items} == {"cloze", "order"}
    assert len(found.items) == 6
    assert {shown.question.kind for shown in flips.items} == {"flip"}
    assert len(flips.items) == 5


def test_of_a_case_that_unfolds_the_first_question_is_asked(place: Place) -> None:
    steps = [choices_of("s0"), *(choices_of(f"s{n}", case=f"Then {n}.") for n in range(1, 4))]
    place.write({"id": "case", "case": "A man of 50.", "questions": steps})
    with place.open() as desk:
        asked = {paper(desk, exam_plan(limit=1, seed=seed)).items[0].question.stem for seed in range(9)}
    assert asked == {"Which is s0?"}


def test_a_blueprint_shares_the_questions_out(place: Place) -> None:
    place.write(*many(9, topic="risks"), *many(9, topic="technique"), *many(9, topic="anatomy"))
    plan = exam_plan(limit=10, weights=(("risks", 3), ("technique", 2)), scope=Scope(topics=("risks", "technique")))
    with place.open() as desk:
        found = paper(desk, plan)
    topics = [shown.card.topic for shown in found.items]
    assert (topics.count("risks"), topics.count("technique"), len(topics)) == (6, 4, 10)
    assert topics != sorted(topics), "the topics are mixed"
    assert not found.shortage


def test_what_is_short_is_told_by_topic(place: Place) -> None:
    place.write(*many(2, topic="risks"), *many(9, topic="technique"), *many(1, topic="anatomy"))
    plan = exam_plan(limit=0, weights=(("risks", 5), ("technique", 4), ("anatomy", 3)))
    with place.open() as desk:
        found = paper(desk, plan)
    assert len(found.items) == 2 + 4 + 1
    assert found.short == (Short("risks", 5, 2), Short("anatomy", 3, 1))
    assert found.shortage == "risks 2 of 5, anatomy 1 of 3"


def test_what_is_short_without_a_blueprint(place: Place) -> None:
    place.write(*many(1))
    with place.open() as desk:
        assert paper(desk).shortage == "1 question of the 5 asked for"


@pytest.mark.parametrize("fields", [{"scope": Scope(topics=("none",))}, {"kinds": ("order",)}])
def test_a_paper_without_any_question_is_refused(place: Place, fields: dict[str, object]) -> None:
    place.write(*many(3))
    with place.open() as desk, pytest.raises(UsageError, match="no question fits what you asked for"):
        paper(desk, exam_plan(**fields))


def test_how_much_each_topic_can_give_counts_families(place: Place) -> None:
    place.write(*many(3, topic="risks"), flip("f", both_ways=True, topic="anatomy"), typed("t"))
    with place.open() as desk:
        assert by_topic(desk.library, Scope()) == {"": 1, "anatomy": 1, "risks": 3}
        assert by_topic(desk.library, Scope(topics=("risks",))) == {"risks": 3}
