"""The ward's own layer: read strictly and kindly, over the decks and never in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quiz.check.files import check_files
from quiz.deck.library import Library
from quiz.deck.local import Clinic, Local, ids_of, read_local
from quiz.deck.model import Card
from quiz.deck.reader import read_deck
from tests.support.decks import FLIP, deck, write
from tests.support.desks import Place
from tests.support.lessons import LOCAL

KNOWN = frozenset({"burn-pad", "turn", "turn/back"})
PROCEDURES = frozenset({"facet", "sdr"})


def layer(folder: Path, text: str) -> Local:
    """Return a layer as read over a few known cards."""
    return read_local(write(folder, text, "local.yaml"), KNOWN, PROCEDURES)


def told(local: Local) -> list[str]:
    """Return the problems without the folder."""
    return [str(problem).rpartition("local.yaml:")[2] for problem in local.problems]


def test_what_the_ward_says_is_there(tmp_path: Path) -> None:
    local = layer(tmp_path, LOCAL)
    assert local.problems == ()
    assert local.clinic == Clinic("Back clinic", "555 0100", "555 0199", "112", "the nurse on duty")
    assert [local.date("visit", p) for p in ("facet", "sdr")] == ["Mondays at 7", "Tuesdays at 8"]
    assert local.date("stop_food", "facet") == ""


def test_without_a_file_there_is_nothing_and_nothing_is_wrong(tmp_path: Path) -> None:
    local = read_local(tmp_path / "local.yaml", KNOWN)
    assert (local.clinic, local.cards, local.problems, local.here("burn-pad")) == (Clinic(), (), (), "")


def test_notes_stand_beside_cards_and_their_siblings(tmp_path: Path) -> None:
    local = layer(tmp_path, "cards:\n  - {id: turn, here: As a log.}\n  - {id: burn-pad, here: Left leg.}\n")
    assert local.problems == ()
    assert [local.here(card) for card in ("turn", "turn/back", "burn-pad", "other")] == [
        "As a log.",
        "As a log.",
        "Left leg.",
        "",
    ]
    assert local.cards == ()


def test_a_note_on_one_sibling_is_for_it_alone(tmp_path: Path) -> None:
    local = layer(tmp_path, "cards:\n  - {id: turn/back, here: Slowly.}\n")
    assert (local.here("turn/back"), local.here("turn"), local.problems) == ("Slowly.", "", ())


def test_the_ward_has_cards_of_its_own(tmp_path: Path) -> None:
    text = """\
clinic: {name: Back clinic}
cards:
  - id: ward-number
    topic: nursing
    procedure: sdr
    audience: [nurse]
    safety: true
    why: It is on every desk.
    ask: Which number do you call at night?
    answer: 555 0199
"""
    (card,) = layer(tmp_path, text).cards
    assert (card.id, card.deck, card.procedure, card.safety) == ("ward-number", "Back clinic", "sdr", True)
    assert card.questions[0].key == "555 0199"
    assert (card.file, card.line) == (str(tmp_path / "local.yaml"), 3)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("clinc: {}\n", "1:1: unknown field 'clinc' in the local layer - did you mean 'clinic'?"),
        ("clinic: 555\n", "1:9: 'clinic' is a text - write its fields below it, indented"),
        ("clinic: {fone: 5}\n", "1:10: unknown field 'fone' in 'clinic' - did you mean 'phone'?"),
        ("clinic: {phone: [1, 2]}\n", "1:17: 'phone' is a list - write one text here"),
        ("dates: {vist: x}\n", "1:9: unknown field 'vist' in 'dates' - did you mean 'visit'?"),
        ("dates: {srd: {visit: x}}\n", "1:9: the procedure is 'srd', which is not known - did you mean 'sdr'?"),
        ("dates: {sdr: {vist: x}}\n", "1:15: unknown field 'vist' in 'dates' of sdr - did you mean 'visit'?"),
        ("dates: {visit: {a: b}}\n", "1:16: 'visit' is a group of fields - write one text here"),
        ("cards: x\n", "1:8: 'cards' is a text - write a list"),
        ("cards: []\n", "1:8: 'cards' is an empty list - write at least one"),
        ("cards: [x]\n", "1:9: this entry is a text - write '- id: …'"),
        ("cards: [{here: x}]\n", "1:9: this entry has no id - add 'id: …'"),
        ("cards: [{ask: a, answer: b}]\n", "1:9: this entry has no id - add 'id: …'"),
        ("cards: [{id: burn-pat, here: x}]\n", "1:14: no deck holds a card 'burn-pat' - did you mean 'burn-pad'?"),
        ("cards: [{id: zzz, here: x}]\n", "1:14: no deck holds a card 'zzz' - name the id of a card"),
        ("cards: [{id: turn, here: ''}]\n", "1:26: 'here' is blank - write a text"),
        ("cards: [{id: turn, here: x, ask: y}]\n", "1:29: unknown field 'ask' in an entry with 'here'"),
        (
            "cards: [{id: turn, ask: a, answer: b}]\n",
            "1:14: id 'turn' is that of a card of the decks - write 'here: …'",
        ),
        ("cards: [{id: new, ask: a}]\n", "1:9: this question has no answer of any known kind"),
        ("cards: [{id: a b, ask: a, answer: b}]\n", "1:14: id 'a b' cannot be used"),
        ("- a\n", "1:1: the local layer is a list - write 'clinic:'"),
    ],
)
def test_each_fault_is_told_with_its_place_and_mend(tmp_path: Path, text: str, what: str) -> None:
    (found,) = told(layer(tmp_path, text))
    assert found.startswith(what)


def test_an_id_may_stand_once(tmp_path: Path) -> None:
    notes = told(layer(tmp_path, "cards:\n  - {id: turn, here: a}\n  - {id: turn, here: b}\n"))
    assert notes == ["3:10: id 'turn' stands twice - keep one of the two, or join their texts"]
    twice = layer(tmp_path, "cards:\n  - {id: new, ask: a, answer: b}\n  - {id: new, ask: c, answer: d}\n")
    assert twice.cards == ()
    assert told(twice)[0].startswith("3:6: id 'new' stands twice (also in line 2)")


def test_what_is_sound_stays_beside_what_is_not(tmp_path: Path) -> None:
    local = layer(
        tmp_path, "clinic: {phone: 555, mail: x}\ndates: {visit: Mondays, x: y}\ncards: [{id: turn, here: x}, 1]\n"
    )
    assert (local.clinic.phone, local.date("visit", "sdr"), local.here("turn")) == ("555", "Mondays", "x")
    assert len(local.problems) == 3


def test_faults_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    local = layer(tmp_path, "cards: [{id: zzz, here: x}]\ndates: {x: y}\nclinic: {x: y}\n")
    assert [problem.place.line for problem in local.problems] == [1, 2, 3]


@pytest.mark.parametrize("text", ['clinic: {name: "a\x1b[31m"}\n', "clinic: {name: a\u202eb}\n"])
def test_what_a_terminal_would_obey_is_refused(tmp_path: Path, text: str) -> None:
    local = layer(tmp_path, text)
    assert local.clinic == Clinic()
    assert "U+" in told(local)[0]


def test_a_broken_link_is_told(tmp_path: Path) -> None:
    (tmp_path / "local.yaml").symlink_to(tmp_path / "nowhere")
    (problem,) = read_local(tmp_path / "local.yaml").problems
    assert "broken link" in problem.what


def test_the_ids_of_siblings_and_of_their_entry_are_known() -> None:
    cards: list[Any] = [Card("turn/back", "turn", "", "", 1, ())]
    assert ids_of(cards) == {"turn/back", "turn"}


# -- beside the decks -------------------------------------------------------------------------------------------------


def test_it_is_never_taken_for_a_deck(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write({"id": "a", "ask": "a?", "answer": "b"})
    write(place.decks, "cards: [{id: ward, ask: w?, answer: x}]\n", "local.yaml")
    with place.open() as desk:
        assert desk.library.problems() == []
        assert desk.library.card("ward") is None


def test_quiz_check_reads_it_over_the_decks_beside_it(tmp_path: Path) -> None:
    write(tmp_path, deck(f"id: mine\n{FLIP}"))
    path = write(tmp_path, "cards:\n  - {id: mine, here: x}\n  - {id: mime, here: y}\n", "local.yaml")
    assert read_deck(tmp_path / "deck.yaml").cards[0].id == "mine"
    for roots in ([tmp_path], [path]):
        checked = check_files(roots)
        assert [str(p).rpartition("local.yaml:")[2] for p in checked.problems] == [
            "3:10: no deck holds a card 'mime' - did you mean 'mine'?"
        ]


def test_quiz_check_counts_the_cards_of_the_ward(tmp_path: Path) -> None:
    path = write(tmp_path, "cards:\n  - {id: ward-new, ask: w?, answer: x}\n", "local.yaml")
    checked = check_files([path])
    assert (checked.files, checked.cards, checked.questions, checked.problems) == (1, 1, 1, ())


# -- in the catalogue -------------------------------------------------------------------------------------------------


def test_the_layer_stands_beside_the_decks_and_follows_their_changes(tmp_path: Path) -> None:
    decks, local = tmp_path / "decks", tmp_path / "local.yaml"
    decks.mkdir()
    deck = decks / "deck.yaml"
    deck.write_text("title: Deck\ncards:\n  - id: fasting\n    ask: How long?\n    answer: Six hours\n")
    local.write_text(
        "cards:\n  - id: fasting\n    here: From midnight.\n  - id: night\n    ask: Whom?\n    answer: Ann\n"
    )
    library = Library([decks], tmp_path / "cache", local)
    library.refresh()
    assert library.problems() == []
    assert library.here("fasting") == "From midnight."
    assert library.here("night") == ""
    card = library.card("night")
    assert card is not None
    assert card.deck == "Here"
    assert [d.title for d in library.decks()] == ["Deck", "Here"], "the ward's own cards come last"
    assert not library.refresh()
    deck.write_text("title: Deck\ncards:\n  - id: fasting-6h\n    ask: How long?\n    answer: Six hours\n")
    assert library.refresh()
    (problem,) = library.problems()
    assert (problem.place.line, problem.what) == (2, "no deck holds a card 'fasting'")
    local.unlink()
    assert library.refresh()
    assert library.problems() == []
    assert library.card("night") is None
    assert library.here("fasting") == ""
    library.close()
