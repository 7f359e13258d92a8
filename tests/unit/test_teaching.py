"""A patient session step by step: what is on the screen, what was heard, and what it comes to."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.deck.local import Clinic, Local
from quiz.deck.sessions import PatientSession
from quiz.report.spoken import ending, place, said, sentences
from quiz.study.teach import BEGIN, END, Stage, Step, Teaching
from tests.support.lessons import lesson, sound

POINTS = 5


@pytest.fixture
def session(tmp_path: Path) -> PatientSession:
    return sound(tmp_path)


def to(teaching: Teaching, stage: Stage, point: int | None = None) -> Teaching:
    """Go on until this step."""
    while teaching.step != Step(stage, point):
        assert not teaching.done, f"{stage} of {point} was never reached"
        teaching.next()
    return teaching


def stages(teaching: Teaching, *, hear_all: bool) -> list[str]:
    """Go through the whole session and return the names of its steps."""
    passed = [teaching.step.stage.name]
    while not teaching.done:
        if hear_all and teaching.step.stage is Stage.ASK:
            teaching.tick_only(range(len(teaching.to_tick)))
        teaching.next()
        passed.append(teaching.step.stage.name)
    return passed


def test_a_point_goes_from_explaining_to_the_misconception(session: PatientSession) -> None:
    passed = stages(Teaching(session), hear_all=True)
    assert passed == ["BEGIN", *["SAY", "ASK", "PROBE", "ANSWER"] * POINTS, "QUESTIONS", "END"]


def test_what_was_missing_is_said_in_a_simpler_way_and_asked_again(session: PatientSession) -> None:
    assert stages(Teaching(session), hear_all=False)[:6] == ["BEGIN", "SAY", "ASK", "AGAIN", "PROBE", "ANSWER"]


def test_a_figure_is_looked_at_where_it_can_be_shown(session: PatientSession) -> None:
    with_figure = stages(Teaching(session, ["joint"]), hear_all=True)
    assert with_figure[5:8] == ["SAY", "LOOK", "ASK"]
    assert with_figure.count("LOOK") == 1


def test_phrases_are_ticked_and_the_tick_is_taken_off(session: PatientSession) -> None:
    teaching = to(Teaching(session), Stage.ASK, 0)
    assert teaching.to_tick == ("first of danger signs", "second of danger signs")
    teaching.tick(1)
    assert teaching.ticked == {1}
    teaching.tick(1)
    teaching.tick(7)
    teaching.tick(-1)
    assert teaching.ticked == frozenset()


def test_only_what_is_missing_is_listened_for_again(session: PatientSession) -> None:
    teaching = to(Teaching(session), Stage.ASK, 0)
    teaching.tick(0)
    to(teaching, Stage.AGAIN, 0)
    assert (teaching.to_tick, teaching.ticked) == (("second of danger signs",), frozenset())
    assert [p.title for p in teaching.taught().back] == []
    teaching.tick(0)
    assert [p.title for p in teaching.taught().back] == ["Danger signs"]


def test_nothing_can_be_ticked_where_nothing_is_asked(session: PatientSession) -> None:
    teaching = to(Teaching(session), Stage.SAY, 0)
    teaching.tick(0)
    assert (teaching.to_tick, teaching.ticked) == ((), frozenset())
    assert to(teaching, Stage.ASK, 0).ticked == frozenset()


def test_going_back_keeps_what_was_heard(session: PatientSession) -> None:
    teaching = to(Teaching(session), Stage.ASK, 0)
    teaching.tick(0)
    teaching.next()
    teaching.tick(0)
    to(teaching, Stage.SAY, 1)
    for stage in (Stage.ANSWER, Stage.PROBE, Stage.AGAIN):
        teaching.back()
        assert teaching.step == Step(stage, 0)
    assert teaching.ticked == {0}
    teaching.back()
    assert teaching.ticked == {0}


def test_before_the_beginning_and_after_the_end_there_is_nothing(session: PatientSession) -> None:
    teaching = Teaching(session)
    teaching.back()
    assert teaching.step == BEGIN
    teaching.end()
    teaching.next()
    assert teaching.step == END


def test_a_session_that_is_ended_early_goes_on_where_it_was(session: PatientSession) -> None:
    teaching = to(Teaching(session), Stage.AGAIN, 2)
    teaching.end()
    teaching.end()
    assert teaching.done
    teaching.back()
    assert teaching.step == Step(Stage.AGAIN, 2)
    to(teaching, Stage.QUESTIONS)
    teaching.next()
    teaching.back()
    assert teaching.step.stage is Stage.QUESTIONS


def test_what_it_comes_to_names_points_and_no_person(session: PatientSession) -> None:
    teaching = to(Teaching(session), Stage.ASK, 0)
    teaching.tick_only([0, 1])
    to(teaching, Stage.ASK, 1).tick_only([1])
    taught = teaching.taught()
    assert [p.title for p in taught.talked] == ["Danger signs", "What it does"]
    assert [p.title for p in taught.back] == ["Danger signs"]
    assert [p.title for p in taught.again] == ["What it does", "Before the day", "On the day", "Danger signs again"]
    assert taught.missing == {session.points[1]: ("first of what it does",)}
    assert taught.questions == session.questions


def test_the_questions_that_are_ticked_are_taken_along(session: PatientSession) -> None:
    teaching = to(Teaching(session), Stage.QUESTIONS)
    teaching.tick(2)
    teaching.tick(0)
    assert teaching.taught().questions == ("What will it do?", "Who do I call?")


ACTIONS = st.lists(st.one_of(st.sampled_from(["next", "back", "end", "all"]), st.integers(-2, 9)), max_size=60)


@given(ACTIONS)
def test_whatever_is_done_the_session_stays_sound(actions: list[str | int]) -> None:
    teaching = Teaching(SESSION, ["joint"])
    for action in actions:
        match action:
            case int():
                teaching.tick(action)
            case "all":
                teaching.tick_only(range(len(teaching.to_tick)))
            case _:
                getattr(teaching, action)()
        assert teaching.ticked <= set(range(len(teaching.to_tick)))
        taught = teaching.taught()
        assert sorted(p.title for p in (*taught.back, *taught.again)) == sorted(p.title for p in SESSION.points)
        assert set(taught.back) <= set(taught.talked)
        assert not set(taught.missing) & set(taught.back)
        said(teaching, Local())


@given(ACTIONS)
def test_a_step_forward_and_one_back_lead_to_the_same_place(actions: list[str | int]) -> None:
    teaching = Teaching(SESSION)
    for action in actions:
        if isinstance(action, int):
            teaching.tick(action)
        elif action == "next":
            teaching.next()
    before = teaching.step
    teaching.next()
    if before != END:
        teaching.back()
    assert teaching.step == before


# -- in words ---------------------------------------------------------------------------------------------------------


def test_each_step_says_what_to_do_and_what_to_say(session: PatientSession) -> None:
    teaching, told = Teaching(session, ["joint"]), []
    while not teaching.done:
        words = said(teaching, Local())
        told.append((place(teaching), words.lead, words.title, words.words))
        teaching.next()
    assert told[0] == ("", "To begin, say", "Nerve heating", ("We have ten minutes.", "Stop me at any time."))
    assert told[1] == ("Point 1 of 5", "Say", "Danger signs", ("This is about danger signs.", "Please listen."))
    assert told[3][1:] == ("Say it in a simpler way", "Danger signs", ("In short: danger signs.",))
    assert told[4][3] == ("Some people think: “I know all about danger signs.”", "What do you think?")
    assert told[7][1:] == ("Look at this together", "What it does", ("[1] The joint.",))
    assert told[-1][1:] == ("Choose together", "Questions to take to your visit", ())


def test_the_phone_numbers_stand_where_the_danger_signs_are_told(session: PatientSession) -> None:
    local = Local(clinic=Clinic("Back clinic", "555 0100", "555 0199", "112", "the nurse"))
    notes = [said(to(Teaching(session), Stage.SAY, i), local).note for i in range(POINTS)]
    told = "Back clinic: 555 0100\nNight and weekend: 555 0199\nEmergency: 112\nAsk for: the nurse"
    assert notes == [told, "", "", "", told]
    assert said(to(Teaching(session), Stage.SAY, 0), Local()).note == ""


def test_the_end_names_what_is_still_to_be_heard(session: PatientSession) -> None:
    teaching = to(Teaching(session), Stage.ASK, 0)
    teaching.tick(0)
    told = dict(ending(teaching.taught()))
    assert told["You told these back"] == ()
    assert told["We come back to these"][:2] == ("Danger signs (second of danger signs)", "What it does")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One.", ["One."]),
        ("One. Two? Three!  Four", ["One.", "Two?", "Three!", "Four"]),
        ("See 2.5 of it.", ["See 2.5 of it."]),
        ("", [""]),
    ],
)
def test_a_text_is_said_sentence_by_sentence(text: str, parts: list[str]) -> None:
    assert sentences(text) == tuple(parts)


def _read() -> PatientSession:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return sound(Path(folder), lesson())


SESSION = _read()
