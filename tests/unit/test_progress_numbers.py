"""The numbers of Progress: mastery, true retention by age, the forecast of the load, and the hardest cards."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from quiz.deck.model import question_id
from quiz.deck.scope import Scope
from quiz.desk import Desk
from quiz.memory import StudyDay, date_of
from quiz.memory.outlook import Ahead, outlook
from quiz.memory.pace import AVERAGE_PACE, Pace
from quiz.report import told
from quiz.report.ages import Ages, ages
from quiz.report.forecast import DAYS, Forecast, forecast
from quiz.report.hard import hardest
from quiz.report.mastery import Mastery, mastery
from quiz.report.overview import overview, own_pace
from quiz.report.stats import stats
from quiz.report.words import lasting, minutes
from tests.support.clocks import DAY
from tests.support.desks import Place, choice, flip, learned, mixed, typed


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def mastered(desk: Desk) -> Mastery:
    with closing(desk.history.reader()) as db:
        return mastery(db, desk.history.today())


def ahead(desk: Desk, new: int = 0, retention: float = 0.9, minutes: int = 0) -> Forecast:
    with closing(desk.history.reader()) as db:
        settings = replace(desk.history.settings, new=new, minutes=minutes, retention=retention)
        return forecast(db, desk.history.today(), settings)


def aged(desk: Desk) -> Ages:
    with closing(desk.history.reader()) as db:
        return ages(db, stats(db, desk.history.today()).reviews)


# -- mastery ----------------------------------------------------------------------------------------------------------


def test_each_card_is_in_one_topic_and_one_procedure(place: Place) -> None:
    place.write(
        choice("a", topic="risks", procedure="sdr"),
        choice("b", topic="risks"),
        choice("c", topic="anatomy", procedure="sdr"),
    )
    with place.open() as desk:
        learned(desk.history, "a", 3)
        found = mastered(desk)
        assert [(row.title, row.cards, row.seen) for row in found.topics] == [("anatomy", 1, 0), ("risks", 2, 1)]
        assert [(row.title, row.cards, row.seen) for row in found.procedures] == [("other", 1, 0), ("sdr", 2, 1)]
        assert (found.whole.cards, found.whole.seen) == (3, 1)
        assert found.whole.recalled == pytest.approx(1.0)
        assert found.whole.share == pytest.approx(1 / 3)


def test_it_lasts_as_long_as_half_of_the_cards_met(place: Place) -> None:
    place.write(*(flip(f"c{n}") for n in range(4)))
    with place.open() as desk:
        assert mastered(desk).whole.lasts is None
        for card, rating in (("c0", 1), ("c1", 3), ("c2", 4)):
            learned(desk.history, card, rating)
        found = mastered(desk).whole
        assert found.lasts == pytest.approx(2.3065)  # the stability after a first Good; Again is less, Easy is more
        assert found.lasting == 0
        for _ in range(3):
            place.clock.forward(days=30)
            learned(desk.history, "c2", 3)
        assert mastered(desk).whole.lasting == 1


@pytest.mark.parametrize(("mark", "proven"), [(1.0, 1), (0.5, 0), (0.0, 0)])
def test_proof_is_a_question_held_back_that_was_right(place: Place, mark: float, proven: int) -> None:
    place.write(mixed("proved"), choice("plain"), mixed("unmet"))
    with place.open() as desk:
        card = desk.library.card("proved")
        assert card is not None
        ids = {q.proof: question_id(q) for q in card.questions}
        learned(desk.history, "proved", 3, question=ids[False])  # right, but in practice
        found = mastered(desk).whole
        assert (found.provable, found.proven) == (2, 0)
        learned(desk.history, "proved", 3, question=ids[True], mark=mark)
        assert mastered(desk).whole.proven == proven


# -- young and mature -------------------------------------------------------------------------------------------------


def test_a_review_is_mature_by_what_the_memory_was_before_it(place: Place) -> None:
    place.write(flip("old"), flip("new"))
    with place.open() as desk:
        learned(desk.history, "old", 4)
        for _ in range(4):
            place.clock.forward(days=40)
            learned(desk.history, "old", 3)
        learned(desk.history, "new", 3)
        place.clock.forward(days=35)
        learned(desk.history, "old", 1)  # it was mature until now
        learned(desk.history, "new", 3)  # a long gap, but a young memory
        found = aged(desk)
        assert (found.mature.reviews, found.mature.recalled) == (1, 0)
        assert (found.young.reviews, found.young.recalled) == (1, 1)


def test_who_was_reset_begins_young_and_an_answer_taken_back_does_not_count(place: Place) -> None:
    place.write(flip("c"))
    with place.open() as desk:
        learned(desk.history, "c", 4)
        for _ in range(4):
            place.clock.forward(days=40)
            learned(desk.history, "c", 3)
        place.clock.forward(days=40)
        assert desk.history.record([desk.history.event("reset", card="c")])
        place.clock.forward(days=1)
        learned(desk.history, "c", 3)
        assert aged(desk).mature.reviews == 0
        place.clock.forward(days=1)
        (event,) = learned(desk.history, "c", 1)
        before = aged(desk)
        assert desk.history.record([desk.history.event("undo", card="c", target=event.id)])
        after = aged(desk)
        assert (before.young.reviews, after.young.reviews) == (2, 1)


def test_a_card_under_a_new_id_keeps_its_age(place: Place) -> None:
    path = place.write(flip("was"))
    with place.open() as desk:
        learned(desk.history, "was", 4)
        for _ in range(4):
            place.clock.forward(days=40)
            learned(desk.history, "was", 3)
    path.unlink()
    place.write(flip("now", **{"same-as": ["was"]}))
    place.clock.forward(days=40)
    with place.open() as desk:
        learned(desk.history, "now", 3)
        assert (aged(desk).young.reviews, aged(desk).mature.reviews) == (0, 1)


# -- the days to come -------------------------------------------------------------------------------------------------


def test_every_card_met_comes_up_on_its_day(place: Place) -> None:
    place.write(*(flip(f"c{n}") for n in range(6)))
    with place.open() as desk:
        for n, rating in enumerate((1, 2, 3, 4)):
            learned(desk.history, f"c{n}", rating)
        today = desk.history.today()
        due = [desk.history.state(f"c{n}").shown_from for n in range(4)]
        found = ahead(desk)
        assert [day.due for day in found.days] == [due.count(today + n) for n in range(DAYS)]
        assert (found.met, found.unseen, found.overdue, found.later) == (4, 2, 0, 0)
        place.clock.forward(days=20)
        found = ahead(desk)
        assert (found.days[0].due, found.overdue) == (4, 4)
        assert found.days[0].reviews == 4.0
        assert [day.due for day in found.days[1:]] == [0] * (DAYS - 1)


def test_of_siblings_one_comes_a_day(place: Place) -> None:
    place.write(*(flip(f"c{n}", both_ways=True) for n in range(3)), flip("alone"))
    with place.open() as desk:
        for card in ("c0", "c0/back", "c1", "c1/back", "c2", "alone"):
            learned(desk.history, card, 3)
        first = desk.history.state("c0").shown_from - desk.history.today()
        found = ahead(desk)
        assert [day.due for day in found.days[first : first + 3]] == [4, 2, 0]
        place.clock.forward(days=20)
        found = ahead(desk)
        assert [day.due for day in found.days[:3]] == [4, 2, 0]
        assert (found.met, found.overdue) == (6, 4)
        learned(desk.history, "c0", 3)
        found = ahead(desk)
        assert [day.due for day in found.days[:2]] == [3, 2], "the sibling of what was asked today waits"


@pytest.mark.parametrize("minutes", [0, 2])
def test_before_an_exam_today_is_what_home_says(place: Place, minutes: int) -> None:
    place.write(*(flip(f"c{n:02d}") for n in range(30)))
    with place.open() as desk:
        for n in range(20):
            learned(desk.history, f"c{n:02d}", 4)
        place.clock.forward(days=1)
        today = desk.history.today()
        exam = f"{date_of(today)}..{date_of(StudyDay(today + 3))}"
        desk.history.change_settings({"exam": exam, "minutes": minutes, "new": 3})
        with closing(desk.history.reader()) as db:
            home = overview(db, Scope(), today, 3)
        found = ahead(desk, new=3, minutes=minutes)
        first = found.days[0]
        assert (first.due, first.reviews, first.new) == (20, home.today, home.new_today)
        assert first.minutes_with_new == (minutes or home.minutes)
        assert sum(day.due for day in found.days[1:]) == found.met == 20, "and on their own days"
        assert f"{home.before_exam()} Later days are counted here without the exam." in told.ahead(found)


def test_suspended_cards_do_not_come_and_buried_ones_come_later(place: Place) -> None:
    place.write(flip("a"), flip("b"), flip("c"))
    with place.open() as desk:
        for card in "ab":
            learned(desk.history, card, 3)
        place.clock.forward(days=10)
        today = desk.history.today()
        suspend = [desk.history.event("suspend", card=card, body={"on": True}) for card in "ac"]
        assert desk.history.record([*suspend, desk.history.event("bury", card="b", body={"until": today + 2})])
        found = ahead(desk, new=5)
        assert [day.due for day in found.days[:4]] == [0, 0, 1, 0]
        assert (found.met, found.unseen, found.with_new) == (1, 0, False)


def test_new_cards_come_as_they_are_set_and_today_less_those_met_already(place: Place) -> None:
    place.write(*(flip(f"c{n}") for n in range(20)))
    with place.open() as desk:
        learned(desk.history, "c0", 3)
        found = ahead(desk, new=4)
        assert [day.new for day in found.days[:7]] == [3, 4, 4, 4, 4, 0, 0]
        assert sum(day.cards for day in found.days) > sum(day.reviews for day in found.days) + 19
        assert all(day.minutes_with_new > 0 for day in found.days[:5])


def test_the_minutes_follow_the_pace_of_the_learner(place: Place) -> None:
    place.write(*(flip(f"c{n}") for n in range(20)))
    with place.open() as desk:
        for n in range(20):
            learned(desk.history, f"c{n}", 3, 3, ms=12_000)
        usual = sum(day.minutes for day in ahead(desk).days)
        for _ in range(200):
            learned(desk.history, "c0", 3, ms=24_000)
        assert sum(day.minutes for day in ahead(desk).days) == pytest.approx(2 * usual, rel=0.05)


def test_the_pace_is_that_of_the_last_answers_in_whatever_order_they_arrived(place: Place) -> None:
    place.write(flip("a"))
    with place.open() as desk:
        (event,) = learned(desk.history, "a", 3, ms=8_000)
        slower = [
            replace(
                event,
                id=f"{n:032x}",
                device="0a0b0c0d",
                seq=n,
                at=event.at + n * DAY,
                day=StudyDay(event.day + n),
                body=event.body | {"ms": 12_000 if n < 300 else 24_000},
            )
            for n in range(1, 501)
        ]
        desk.history.merge(slower[::-1])
        with closing(desk.history.reader()) as db:
            assert own_pace(db) == Pace(*(2 * seconds for seconds in AVERAGE_PACE))


def test_what_the_minutes_have_no_room_for_is_not_called_the_most_that_is_to_come(place: Place) -> None:
    place.write(*(flip(f"c{n}") for n in range(60)))
    with place.open() as desk:
        for n in range(60):
            learned(desk.history, f"c{n}", 3)
        place.clock.forward(days=90)
        assert any("The most cards are to come today: 60" in line for line in told.ahead(ahead(desk)))
        assert any("Within your minutes the most cards come" in line for line in told.ahead(ahead(desk, minutes=2)))


@pytest.mark.parametrize(
    ("due", "late", "said"),
    [
        (0, 0, "No card is due today."),
        (1, 0, "Today 1 card is due."),
        (1, 20, "Today 1 card is overdue."),
        (3, 0, "Today 3 cards are due."),
        (3, 20, "Today 3 cards are due, all of them overdue."),
    ],
)
def test_what_is_due_today_in_words(place: Place, due: int, late: int, said: str) -> None:
    place.write(*(flip(f"c{n}") for n in range(4)))
    with place.open() as desk:
        for n in range(due):
            learned(desk.history, f"c{n}", 3)
        first = desk.history.state("c0").shown_from - desk.history.today() if due else 0
        place.clock.forward(days=first + late)
        assert next(told.ahead(ahead(desk))) == said


def test_a_backlog_stands_out_of_the_plot(place: Place) -> None:
    place.write(*(flip(f"c{n}") for n in range(60)))
    with place.open() as desk:
        for n in range(60):
            learned(desk.history, f"c{n}", 3)
        assert ahead(desk).scale == max(day.cards for day in ahead(desk).days)
        place.clock.forward(days=90)
        found = ahead(desk)
        assert found.days[0].cards == 60
        assert found.scale == max(day.cards for day in found.days[1:])
        assert found.scale < 60


def test_an_outlook_counts_what_it_asks() -> None:
    seen = outlook(Ahead([], 100, StudyDay(1), 20, 7), 0.9)
    assert list(seen.met) == [7.0] * 14 + [2.0] + [0.0] * 5
    assert all(asked >= met for asked, met in zip(seen.asked, seen.met, strict=True))
    assert [minutes > 0 for minutes in seen.minutes] == [asked > 0 for asked in seen.asked]
    assert outlook(Ahead([], 0, StudyDay(1), 3, 7), 0.9).asked == (0.0,) * 3


def test_a_card_failed_today_is_not_recalled_now_until_it_is(place: Place) -> None:
    place.write(*(flip(f"c{n}") for n in range(3)))

    def recalled() -> list[float]:
        with closing(desk.history.reader()) as db:
            home = overview(db, Scope(), desk.history.today(), 0)
        return [mastered(desk).whole.recalled, sum(deck.recalled for deck in home.decks)]

    with place.open() as desk:
        learned(desk.history, "c0", 3)
        learned(desk.history, "c1", 1)
        assert recalled() == [1.0, 1.0]
        learned(desk.history, "c1", 3)
        assert recalled() == [2.0, 2.0], "recalled at last"
        (again,) = learned(desk.history, "c1", 1)
        assert recalled() == [1.0, 1.0], "the last answer counts"
        desk.history.record([desk.history.event("undo", target=again.id)])
        assert recalled() == [2.0, 2.0], "an answer taken back does not"
        learned(desk.history, "c2", 1)
        place.clock.forward(days=1)
        assert 2.0 < recalled()[0] < 3.0, "on the next day the model has odds"


# -- the hardest ------------------------------------------------------------------------------------------------------


def test_the_hardest_are_those_forgotten_most_and_still_asked(place: Place) -> None:
    place.write(*(typed(card) for card in ("twice", "once", "never", "hidden", "unmet")))
    with place.open() as desk:
        for card, lapses in (("twice", 2), ("once", 1), ("never", 0), ("hidden", 3)):
            learned(desk.history, card, 3)
            for _ in range(lapses):
                place.clock.forward(days=1)
                learned(desk.history, card, 1)
        assert desk.history.record([desk.history.event("suspend", card="hidden", body={"on": True})])
        with closing(desk.history.reader()) as db:
            found = hardest(db)
            assert [(hard.card.id, hard.lapses, hard.answers) for hard in found] == [("twice", 2, 3), ("once", 1, 2)]
            assert found[0].told.startswith("forgotten 2 times in 3 answers; difficulty ")
            assert [hard.card.id for hard in hardest(db, 1)] == ["twice"]


# -- in words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "said"),
    [(0.0, "less than a day"), (0.6, "1 day"), (20.6, "21 days"), (100, "3 months"), (730, "2 years")],
)
def test_how_long_it_lasts_in_words(days: float, said: str) -> None:
    assert lasting(days) == said


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 minutes"), (0.1, "1 minute"), (2.4, "2 minutes"), (61, "1 hour 1 minute")]
)
def test_minutes_in_words(number: float, said: str) -> None:
    assert minutes(number) == said


def test_a_longer_span_is_never_told_as_a_shorter_one() -> None:
    order = {"day": 1, "days": 1, "month": 30, "months": 30, "year": 365, "years": 365}
    spans = [lasting(days).split() for days in range(1, 4000)]
    told = [int(number) * order[unit] for number, unit in spans]
    assert all(less <= more for less, more in pairwise(told))
