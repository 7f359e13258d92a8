"""The filter language: what texts mean, what is wrong with others and where, and what of a card is compared."""

from __future__ import annotations

from textwrap import indent

import pytest

from quiz.deck.filter import DEEPEST, LONGEST, Fault, parse
from quiz.deck.terms import Everything, written
from quiz.deck.wording import compared, searchable, traits
from tests.support.decks import CHOICE, CLOZE, card


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("", ""),
        ("   ", ""),
        ("*", ""),
        ("burn", "burn"),
        ("Burn pad", "Burn pad"),
        ("burn and pad", "burn pad"),
        ("burn AND pad", "burn pad"),
        ("a or b", "a or b"),
        ("a b or c d", "a b or c d"),
        ("a (b or c)", "a (b or c)"),
        ("(a or b) or c", "a or b or c"),
        ("(a b) c", "a b c"),
        ("((a))", "a"),
        ("not a", "-a"),
        ("-a", "-a"),
        ("not not a", "a"),
        ("--a", "a"),
        ("not (a or b)", "-(a or b)"),
        ("-(a b) c", "-(a b) c"),
        ("a -b", "a -b"),
        ("L3-L4", "L3-L4"),
        ('"dorsal  root"', '"dorsal root"'),
        ("“dorsal root”", '"dorsal root"'),
        ('"or"', '"or"'),
        ('"a \\"b\\" \\\\ c"', '"a \\"b\\" \\\\ c"'),
        ("burn, pad;", "burn pad"),
        ("rhizo*", "rhizo"),
        ("10:30", '"10:30"'),
        ("p<0.05", '"p<0.05"'),
        ("topic:risks", "topic:risks"),
        ("TOPIC:Risks", "topic:Risks"),
        ("topic:risks,technique", "topic:risks,technique"),
        ("topic:ri*", "topic:ri*"),
        ("topic:*", "topic:*"),
        ('deck:"Facet rad"*', 'deck:"Facet rad"*'),
        ('deck:"Facet"', "deck:Facet"),
        ('deck:"a,b",c', 'deck:"a,b",c'),
        ("source:doi:10.1/x", 'source:"doi:10.1/x"'),
        ("is:due,new", "is:due,new"),
        ("IS:DUE", "is:DUE"),
        ("is:s*", "is:s*"),
        (
            "certainty:moderate kind:cloze tier:core audience:nurse",
            "certainty:moderate kind:cloze tier:core audience:nurse",
        ),
        ("recall<0.8", "recall<0.8"),
        ("recall < 80 %", Fault),
        ("recall < 80%", "recall<0.8"),
        ("recall<0,8", "recall<0.8"),
        ("Recall≤1", "recall<=1"),
        ("lapses >= 3", "lapses>=3"),
        ("stability>30", "stability>30"),
        ("due<=-7", "due<=-7"),
        ("due=0", "due=0"),
        ("due", "due"),
        ("width<3", '"width<3"'),
    ],
)
def test_a_filter_reads_as(text: str, read_as: str | type[Fault]) -> None:
    tree = parse(text)
    if read_as is Fault:
        assert isinstance(tree, Fault)
    else:
        assert not isinstance(tree, Fault), tree
        assert written(tree) == read_as
        assert parse(written(tree)) == tree


@pytest.mark.parametrize(
    ("text", "column", "what", "mend"),
    [
        ('a "b', 3, "this quotation mark is not closed", 'add another "'),
        ('a ""', 3, "nothing between these quotation marks", "write words"),
        ("(a or b", 1, "this bracket is not closed", "add ')'"),
        ("a (", 3, "this bracket is not closed", "add ')'"),
        (")", 1, "this bracket closes nothing", "take it out"),
        ("a)", 2, "this bracket closes nothing", "take it out"),
        ("a ()", 3, "nothing between these brackets", "take them out"),
        ("a or", 3, "something has to follow 'or'", 'write "or"'),
        ("a and )", 3, "something has to follow 'and'", 'write "and"'),
        ("or a", 1, "something has to stand before 'or'", 'write "or"'),
        ("a or or b", 6, "something has to stand before 'or'", 'write "or"'),
        ("a not", 3, "something has to follow 'not'", 'write "not"'),
        ("a - b", 3, "something has to follow '-' at once", 'write "-"'),
        ("-", 1, "something has to follow '-'", 'write "-"'),
        ("(-)", 2, "something has to follow '-'", 'write "-"'),
        ("topc:risks", 1, "no field 'topc'", "did you mean 'topic:'?"),
        ("procedur:x", 1, "no field 'procedur'", "did you mean 'procedure:'?"),
        ("zzz:x", 1, "no field 'zzz'", "topic, procedure, deck"),
        ("is:du", 4, "no state 'du'", "did you mean 'due'?"),
        ("is:leach", 4, "no state 'leach'", "did you mean 'leech'?"),
        ("is:z*", 4, "no state begins with 'z'", "due, new"),
        ("kind:flp", 6, "no kind 'flp'", "did you mean 'flip'?"),
        ("tier:core,cor", 11, "no tier 'cor'", "did you mean 'core'?"),
        ("audience:doctor", 10, "no audience 'doctor'", "student, nurse, patient"),
        ("certainty:sure", 11, "no certainty 'sure'", "high, moderate, controversial"),
        ("topic:", 7, "a value has to follow 'topic:'", "topic:value"),
        ("topic: risks", 7, "a value has to follow 'topic:'", "topic:value"),
        ("topic:a,", 9, "a value has to follow 'topic:'", "topic:value"),
        ("is:", 4, "a value has to follow 'is:'", "due, new"),
        ("recall<", 8, "a number has to follow 'recall<'", "write recall<0.8"),
        ("lapses>=x", 9, "a number has to follow 'lapses>='", "write lapses>=3"),
        ("due<=7days", 6, "a number has to follow 'due<='", "days from today"),
        ("recall<80", 1, "recall is a share from 0 to 1", "write 80%"),
        ("recall<-1", 1, "recall is a share from 0 to 1", "0.8"),
        ("recall<900", 1, "recall is a share from 0 to 1", "0.8"),
        ("lapses>3%", 1, "'lapses' is no share", "write lapses>=3"),
        ("due<999999999", 1, "beyond all numbers", "days from today"),
        ("recal<0.8", 1, "no number 'recal'", "did you mean 'recall'?"),
        ("topic<3", 1, "'topic' has no number", "write topic: and the value"),
        ("due:7", 1, "'due' is compared with a number", "due<=7"),
        ("recall:0.8", 1, "'recall' is compared with a number", "recall<0.8"),
        ("(" * (DEEPEST + 1) + "a", DEEPEST + 1, "brackets within each other", "take some out"),
        ("x" * (LONGEST + 1), LONGEST, f"at most {LONGEST} characters", "shorter"),
    ],
)
def test_a_faulty_filter_is_told_with_its_place_and_its_mend(text: str, column: int, what: str, mend: str) -> None:
    fault = parse(text)
    assert isinstance(fault, Fault)
    assert (fault.column, what in fault.what, mend in fault.mend) == (column, True, True), fault
    assert str(fault) == f"column {column}: {fault.what} - {fault.mend}"
    assert "\n" not in str(fault)


def test_what_is_nested_as_deep_as_allowed_is_read() -> None:
    assert not isinstance(parse("(" * DEEPEST + "a" + ")" * DEEPEST), Fault)
    assert not isinstance(parse("not " * (LONGEST // 4 - 1) + "a"), Fault)


@pytest.mark.parametrize(
    ("text", "under"),
    [
        ("burn topc:x", "t"),
        ("深部 topc:x", "t"),  # wide characters take two cells
        ("cafe\u0301 topc:x", "t"),
        ("a " * 300 + "topc:x " + "b " * 50, "t"),
    ],
)
def test_the_caret_stands_below_the_fault(text: str, under: str) -> None:
    from rich.cells import cell_len

    fault = parse(text)
    assert isinstance(fault, Fault)
    line, caret = fault.pointed(72).split("\n")
    assert len(line) <= 72
    assert caret.strip() == "^"
    place = next(i for i in range(len(line) + 1) if cell_len(line[:i]) == len(caret) - 1)
    assert line[place:].startswith("topc:x"), (line, caret, under)


def test_controls_never_reach_what_is_told() -> None:
    fault = parse("\x1b[31mtopc\x00:\u202ex")
    assert isinstance(fault, Fault)
    assert fault.text == "topc:x"
    assert fault.pointed() == "topc:x\n^"


def test_an_empty_filter_is_everything() -> None:
    assert parse("") == parse(" \n\t") == Everything()


# -- what of a card is compared ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trépan", "trepan"),
        ("L3–L4", "l3-l4"),
        ("Tinel’s", "tinel's"),
        ("STRASSE", "straße"),
        ("ｆｕｌｌ", "full"),
        ("80 µg", "80 μg"),
        ("a\n b\tc", "a b c"),
        ("ℌ", "h"),
    ],
)
def test_spellings_that_are_compared_as_one(one: str, other: str) -> None:
    assert compared(one) == compared(other)


@pytest.mark.parametrize(
    "text",
    [
        "test",  # the deck
        "which of these does sdr treat?",
        "spasticity",
        "trigeminal neuralgia",  # a wrong option
        "treated at the medial branches",  # why it is wrong
        "the-id",
        "a claim",
        "why so",
        "a case",
        "sdr lowers spasticity in the legs.",  # a cloze with its hole filled
        "sdr lowers ____ in",
    ],
)
def test_words_are_looked_for_in_all_that_can_be_read_of_a_card(text: str) -> None:
    questions = "\n".join("  - " + indent(question, "    ").lstrip() for question in (CHOICE, CLOZE))
    entry = f"id: the-id\nclaim: A claim\nwhy: Why\n  so\ncase: A case\nquestions:\n{questions}"
    assert text in searchable(card(entry))


def test_words_are_not_looked_for_across_texts_nor_in_names_of_fields() -> None:
    found = searchable(card(f"id: x\n{CHOICE}"))
    assert "choice" not in found
    assert "option" not in found
    assert "spasticity facet" not in found


def test_the_fields_of_a_card_stand_in_its_traits() -> None:
    entry = (
        f"id: x\ntopic: Risks\nprocedure: sdr\naudience: [nurse]\ntags: [Öl, a]\nsources: [S-1]\nsafety: true\n{CHOICE}"
    )
    lines = traits(card(entry, "title: The Deck")).split("\n")
    assert lines == [
        "",
        "topic:risks",
        "procedure:sdr",
        "deck:the deck",
        "deck:deck",
        "deck:deck.yaml",
        "source:s-1",
        "tag:ol",
        "tag:a",
        "is:safety",
        "audience:nurse",
        "tier:core",
        "certainty:high",
        "kind:choice",
        "",
    ]
