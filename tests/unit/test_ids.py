"""`quiz ids` and `quiz new`: ids are put in and nothing else changes; the starter deck is sound."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quiz.deck.ids import STARTER, write_ids, write_starter
from quiz.deck.reader import read_deck
from quiz.errors import QuizError, UnreadableError, UsageError
from tests.support.decks import CHOICE, CLOZE, FLIP, OTHER_FLIP, TYPED, deck, write
from tests.support.hostile import folder_for_all
from tests.support.rights import as_nobody

ID = re.compile(rb"id: [0-9a-z]{12}(?:, |(?:\r\n|\r|\n) *)")

# Entries as people write them: in block and in flow style, over lines, with comments and quotes in all places.
ENTRIES = [
    f"  - {FLIP.replace(chr(10), chr(10) + '    ')}\n",
    "  -   ask: far in\n      answer: yes   # a comment\n\n",
    "  -\n    # a comment before the first field\n    ask: below\n    answer: the dash\n",
    "  - # a comment after the dash\n      ask: further\n      answer: below\n",
    "  - {ask: in braces, answer: flow}\n",
    "  - { ask: with room, answer: flow }  # {no: map}\n",
    "  - {\n      ask: over lines,\n      answer: flow,\n    }\n",
    "  - {# close by\n     ask: a comment, answer: in braces}\n",
    "  - \"ask\": \"quoted: \\u00e9\"\n    answer: 'it''s'\n",
    "  - ? ask\n    : spelt out\n    ? answer\n    : at length\n",
    "  - ask: |\n      a block # no comment\n\n      id: no id\n    answer: >-\n      folded\n      text\n",
    "  - ask: Ünïcödé 三叉神经 👩\u200d⚕\ufe0f\n    answer: e\u0301 [/b] {{x}}\n",
    "  - cloze: 'a {{a: hole}} and {{b: another}}'\n",
    "  - both_ways: true\n    ask: rhiza\n    answer: root\n",
    "  - answer: the other\n    ask: way round\n",
    "  - id: has-one\n    ask: an id\n    answer: stays\n",
    "  - ask: at the end\n    id: has-another\n    answer: stays too\n",
    "  - {ask: in flow, id: has-a-third, answer: stays}\n",
    "  # a comment between cards: - ask: no card\n  - ask: after\n    answer: a comment\n",
]
ONE_LINE = [
    "{ask: a, answer: b}",
    "{ask: é, answer: 👍}",
    "{ask: c,answer: d}",
    '{"ask": "}", answer: "{"}',
    "{id: x, ask: e, answer: f}",
]


@st.composite
def decks(draw: st.DrawFn) -> bytes:
    """Draw a sound deck in some style, as the bytes of a file."""
    if draw(st.booleans()):
        entries = draw(st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=8, unique=True))
        text = f"# é\ntitle: T\ncards:\n{''.join(entries)}"
    else:
        items = draw(st.lists(st.sampled_from(ONE_LINE), min_size=1, max_size=5, unique=True))
        text = f"title: T\ncards: [{', '.join(items)}]  # é\n"
    text += draw(st.sampled_from(["", "audience: nurse\n", "# the end\n", "\n\n", "...\n"]))
    if draw(st.booleans()):
        text = text.rstrip("\n")
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))
    return (draw(st.sampled_from(["", "\ufeff"])) + text).encode()


@given(decks())
@example(STARTER.encode())
@example(deck(FLIP, OTHER_FLIP, CHOICE, TYPED, CLOZE).encode())
def test_ids_are_put_in_and_no_other_byte_changes(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), content)
        before = read_deck(path)
        assert not before.problems, before.problems
        written = write_ids(path).ids
        result = path.read_bytes()
        after = read_deck(path)

        assert not after.problems
        assert [(c.id, c.family, c.questions) for c in after.cards] == [
            (c.id, c.family, c.questions) for c in before.cards
        ]
        assert len(written) == len(ID.findall(result)) - len(ID.findall(content))
        assert ID.sub(lambda found: b"" if found[0][4:16].decode() in written else found[0], result) == content
        assert all(f"id: {family}".encode() in result for family in {c.family for c in after.cards})

        assert write_ids(path).ids == ()
        assert path.read_bytes() == result
        assert [entry.name for entry in Path(folder).iterdir()] == [path.name]


def test_each_card_is_found_by_its_id_after_its_text_has_changed(tmp_path: Path) -> None:
    path = write(tmp_path, deck(FLIP, TYPED))
    before = [c.id for c in read_deck(path).cards]
    write_ids(path)
    path.write_text(path.read_text("utf-8").replace("What is cut", "What does one cut"), "utf-8")
    assert [c.id for c in read_deck(path).cards] == before


def test_only_cards_without_an_id_get_one(tmp_path: Path) -> None:
    path = write(tmp_path, deck("id: mine\n" + FLIP, TYPED))
    (written,) = write_ids(path).ids
    assert [c.id for c in read_deck(path).cards] == ["mine", written]


@pytest.mark.parametrize(
    "content",
    [
        deck("ask: a"),
        deck(FLIP, FLIP),
        "title: T\ncards: [cloze: 'a {{b}}']\n",
        b"\xff\xfe",
        "",
    ],
    ids=["a fault", "a card twice", "a card without braces in brackets", "another encoding", "nothing"],
)
def test_a_deck_that_cannot_be_given_ids_is_left_as_it_is(content: str | bytes, tmp_path: Path) -> None:
    path = write(tmp_path, content)
    before = path.read_bytes()
    with pytest.raises(QuizError) as caught:
        write_ids(path)
    assert str(path) in str(caught.value)
    assert str(caught.value).isprintable()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_rights_and_links_of_the_file_stay(tmp_path: Path) -> None:
    path = write(tmp_path, deck(FLIP), "real/deck.yaml")
    path.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    write_ids(link)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert "id: " in path.read_text("utf-8")


def test_a_folder_that_may_not_be_written_is_told() -> None:
    with folder_for_all() as folder:
        path = write(folder, deck(FLIP))
        with as_nobody(), pytest.raises(UnreadableError, match=r"cannot be written .* - check the folder's rights"):
            write_ids(path)
        assert path.read_text("utf-8") == deck(FLIP)


def test_the_starter_deck_is_sound_and_shows_each_kind(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    write_starter(path)
    found = read_deck(path)
    assert not found.problems
    assert [c.questions[0].kind for c in found.cards] == ["flip", "typed", "cloze", "choice"]
    assert len(write_ids(path).ids) == 4
    assert not read_deck(path).problems


def test_a_starter_deck_never_takes_the_place_of_a_file(tmp_path: Path) -> None:
    path = write(tmp_path, "mine")
    with pytest.raises(UsageError, match="is there already"):
        write_starter(path)
    assert path.read_text("utf-8") == "mine"


def test_a_starter_deck_where_no_folder_is_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="cannot be written"):
        write_starter(tmp_path / "no" / "deck.yaml")
