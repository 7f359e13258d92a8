"""The deck reader: what is read, and every fault told with its place, what is wrong and how to mend it."""

from __future__ import annotations

import gc
import unicodedata
from pathlib import Path

import pytest

from quiz.deck.files import deck_files
from quiz.deck.model import Card, content_id
from quiz.deck.reader import read_deck, read_sources
from quiz.places import Place, Problem
from quiz.questions import KINDS, Choice, Cloze, FigureMark, Flip, Match, Number, Order, Select, Typed
from quiz.questions.fields import Reading
from quiz.text import FORBIDDEN
from tests.support.decks import (
    CHOICE,
    CLOZE,
    FLIP,
    OTHER_FLIP,
    TYPED,
    assert_said,
    card,
    cards,
    deck,
    problems,
    read,
    write,
)
from tests.support.hostile import ESCAPES, LONG_STEM, LONG_WORD, MARKUP, broken_files, folder_for_all
from tests.support.rights import as_nobody

T = "title: T\ncards:\n"
Q = "id: x\nquestions:\n"

# Each fault: the deck, and what is said as `line:column | what is wrong | how to mend it` (the place exactly, of the
# rest a part). A place without numbers is the file as a whole.
WHOLE_FILE: dict[str, tuple[str | bytes, list[str]]] = {
    "empty": ("", ["| is empty | quiz new FILE"]),
    "white space": (" \n\n", ["| is empty | quiz new FILE"]),
    "only a byte order mark": (b"\xef\xbb\xbf", ["| is empty | quiz new FILE"]),
    "only a comment": ("# nothing\n", ["1:1 | holds no deck | 'cards:'"]),
    "an empty document": ("---\n", ["2:1 | the deck is nothing | begin with 'title: …'"]),
    "prose": ("Dear reader, this is no deck.\n", ["1:1 | the deck is a text | begin with 'title: …'"]),
    "a list": ("- a\n- b\n", ["1:1 | the deck is a list | begin with 'title: …'"]),
    "two documents": (deck(FLIP) + "---\n" + deck(OTHER_FLIP), ["5:1 | a second document | one deck to a file"]),
    "cut off in a quote": (T + '  - ask: "What', ["3:15 | unexpected end of stream | cut off"]),
    "cut off in a bracket": (T + "  - {ask: a, answer", ["4:1 | did not find expected ',' | close the bracket"]),
    "cut off in a field": (T + "  - ask: a\n    ans", ["5:1 | could not find expected ':' | 'name: text'"]),
    "cut off after a colon": (T + "  - ask: a\n    answer:", ["4:12 | 'answer' is blank | write a text"]),
    "cut off after cards": ("title: T\ncards:", ["2:7 | 'cards' is nothing | '- ask: …'"]),
    "a colon in a text": (T + "  - ask: Now: what?\n", ["3:13 | mapping values | quotes"]),
    "a tab before a list": (T + "\t- ask: a\n", ["3:1 | cannot start any token | indent with spaces"]),
    "a tab before a field": (T + "  - ask: a\n\tanswer: b\n", ["4:1 | tab character | spaces only"]),
    "a sign at the start": (T + "  - ask: @home\n", ["3:10 | cannot start any token | begins with a sign"]),
    "wrong indentation": (T + "  - ask: a\n   answer: b\n", ["4:4 | expected '-' | line the '- '"]),
    "an unknown escape": (T + '  - ask: "a\\q"\n', ["3:12 | unknown escape character | backslash"]),
    "an open bracket": (
        T + "  - ask: a\n    accept: [b, c\n    answer: b\n",
        ["5:11 | expected ',' | close the bracket"],
    ),
    "a bracket that opens a text": (
        deck("cloze: {{b}} is it"),
        ["3:13 | a group or list where a field name | needs quotes", "3:18 | did not find expected key | quotes"],
    ),
    "half a surrogate pair": (deck('ask: "\\ud800"\nanswer: b'), ["3:13 | invalid Unicode character | look at"]),
    "brackets without end": ("title: T\ncards: " + "[" * 100_000, ["2:23 | nested too deeply | close the brackets"]),
    "braces without end": ("title: T\ncards: " + "{a: " * 100_000, ["2:68 | nested too deeply | close the brackets"]),
    "UTF-16": (deck(FLIP).encode("utf-16"), ["| is UTF-16, not UTF-8 | save it as UTF-8"]),
    "UTF-16, big end first": (deck(FLIP).encode("utf-16-be"), ["| is UTF-16, not UTF-8 | save it as UTF-8"]),
    "UTF-16, little end first": (deck(FLIP).encode("utf-16-le"), ["| is UTF-16, not UTF-8 | save it as UTF-8"]),
    "Latin-1": (deck("ask: Ä Trépan\nanswer: b").encode("latin-1"), ["3:10 | byte 0xc4; perhaps Latin-1 | UTF-8"]),
    "Latin-1 after UTF-8": (T.encode() + b"  - ask: \xc3\xa4\xe9", ["3:11 | byte 0xe9; perhaps Latin-1 | UTF-8"]),
    "NUL": (deck("ask: a\x00b\nanswer: c"), ["3:11 | U+0000 control character | take this invisible"]),
    "an escape code": (deck("ask: a\x1b[31mb\nanswer: c"), ["3:11 | U+001B control character | invisible"]),
    "a bidi override": (deck("ask: a\u202eb\nanswer: c"), ["3:11 | U+202E RIGHT-TO-LEFT OVERRIDE | invisible"]),
    "a bidi isolate": (deck("ask: a\u2067b\nanswer: c"), ["3:11 | U+2067 RIGHT-TO-LEFT ISOLATE | invisible"]),
    "a line separator": (deck("ask: a\u2028b\nanswer: c"), ["3:11 | U+2028 LINE SEPARATOR | invisible"]),
    "a second byte order mark": ("\ufeff\ufeff" + deck(FLIP), ["1:1 | U+FEFF | invisible"]),
    "no character at all": (deck("ask: a\uffffb\nanswer: c"), ["3:11 | U+FFFF which is no character | invisible"]),
    "two of them after CRLF": (
        deck("ask: a\x07\nanswer: \x08c").replace("\n", "\r\n"),
        ["3:11 | U+0007 control character | invisible", "4:13 | U+0008 control character | invisible"],
    ),
    "after line ends of an old Mac": (deck("ask: a\nanswer: \x08c").replace("\n", "\r"), ["4:13 | U+0008 | invisible"]),
}
TOP: dict[str, tuple[str, list[str]]] = {
    "no title": ("cards:\n- ask: a\n  answer: b\n", ["1:1 | 'title' is missing | add 'title: …'"]),
    "a blank title": (deck(FLIP, top="title:"), ["1:7 | 'title' is blank | write a text"]),
    "no cards": ("title: T\n", ["1:1 | 'cards' is missing | list of cards"]),
    "cards that are a text": ("title: T\ncards: x\n", ["2:8 | 'cards' is a text | '- ask: …'"]),
    "cards that are fields": ("title: T\ncards: {ask: a}\n", ["2:8 | 'cards' is a group of fields | '- ask: …'"]),
    "no card in the list": ("title: T\ncards: []\n", ["2:8 | 'cards' is an empty list | '- ask: …'"]),
    "a misspelt field": (deck(FLIP, top="title: T\nprocedur: x"), ["2:1 | 'procedur' in the deck | 'procedure'?"]),
    "a reset of all cards": (
        deck(FLIP, top="title: T\nreset: 2026-01-01"),
        ["2:1 | 'reset' in the deck | known fields"],
    ),
    "a field of cards": (deck(FLIP, top="title: T\nclaim: x"), ["2:1 | 'claim' in the deck | known fields"]),
    "a double field": (deck(FLIP, top="title: a\ntitle: b"), ["2:1 | 'title' stands twice | keep one"]),
    "order 0": (deck(FLIP, top="title: T\norder: 0"), ["2:8 | 'order' is '0' | 1 to 9999"]),
    "order in words": (deck(FLIP, top="title: T\norder: first"), ["2:8 | 'order' is 'first' | 1 to 9999"]),
    "order in Arabic digits": (deck(FLIP, top="title: T\norder: ٣"), ["2:8 | 'order' is '٣' | 1 to 9999"]),
    "order of 5,000 digits": (deck(FLIP, top=f"title: T\norder: {'9' * 5000}"), ["2:8 | '99999 | 1 to 9999"]),
    "an unknown default": (deck(FLIP, top="title: T\ntier: cor"), ["2:7 | 'tier' is 'cor' | 'core'?"]),
}
CARDS: dict[str, tuple[str, list[str]]] = {
    "a history of no id": ("id: x\nsame-as: a b\nask: a\nanswer: b", ["4:14 | 'same-as' names 'a b' | had before"]),
    "two parts": ("id: x\nsame-as: a/b/c\nask: a\nanswer: b", ["4:14 | 'a/b/c', which is no id | had before"]),
    "its own history": ("id: x\nsame-as: [y, x]\nask: a\nanswer: b", ["4:14 | names the card itself | had before"]),
    "the history of its own back": (
        "id: x\nsame-as: x/back\nask: a\nanswer: b\nboth_ways: true",
        ["4:14 | names the card itself ('x/back') | had before"],
    ),
    "one history twice": ("id: x\nsame-as: [y, y]\nask: a\nanswer: b", ["4:14 | names 'y' twice | one of the two"]),
    "a blank history": ("id: x\nsame-as: ''\nask: a\nanswer: b", ["4:14 | 'same-as' is blank | write a text"]),
    "a history of fields": ("id: x\nsame-as: {a: b}\nask: a\nanswer: b", ["4:14 | group of fields | write a list"]),
    "same_as with a dash below": ("ask: a\nanswer: b\nsame_as: x", ["5:5 | 'same_as' in a card | 'same-as'?"]),
    "a reset that is no day": ("ask: a\nanswer: b\nreset: yes", ["5:12 | 'reset' is 'yes', which is | 2026-11-22"]),
    "a reset on no day": ("ask: a\nanswer: b\nreset: 2026-02-30", ["5:12 | 'reset' is '2026-02-30' | 2026-11-22"]),
    "a text": ("What is it?", ["3:5 | this card is a text | '- ask: …'"]),
    "a list": ("[a, b]", ["3:5 | this card is a list | '- ask: …'"]),
    "nothing": ("", ["3:4 | this card is nothing | '- ask: …'"]),
    "no prompt": ("answer: b", ["3:5 | 'ask' is missing | add 'ask: …'"]),
    "no answer": ("ask: a", ["3:5 | no answer of any known kind | 'choices:' with 'right:'"]),
    "a blank prompt": ("ask:\nanswer: b", ["3:9 | 'ask' is blank | write a text"]),
    "a blank answer": ("ask: a\nanswer: ''", ["4:13 | 'answer' is blank | write a text"]),
    "a prompt of spaces": ('ask: "   "\nanswer: b', ["3:10 | 'ask' is blank | write a text"]),
    "a prompt that cannot be seen": (
        'ask: "\u200b\u2060"\nanswer: b',
        ["3:10 | nothing that can be seen | write a text"],
    ),
    "a prompt that is a list": ("ask: [/b]\nanswer: b", ["3:10 | 'ask' is a list | in quotes"]),
    "a prompt that is fields": ("ask: {a: b}\nanswer: b", ["3:10 | 'ask' is a group of fields | in quotes"]),
    "a misspelt field": ("ask: a\nanswer: b\nsorces: [x]", ["5:5 | 'sorces' in a card | 'sources'?"]),
    "a misspelt answer": ("ask: a\nanser: b", ["3:5 | no answer of any | add", "4:5 | 'anser' in a card | 'answer'?"]),
    "an unknown field": ("ask: a\nanswer: b\nzzz: 1", ["5:5 | 'zzz' in a card | known fields: accept, answer, ask"]),
    "an unknown kind": (
        "ask: a\nzzz: 80",
        ["3:5 | of any known kind | add", "4:5 | 'zzz' in a card | known fields"],
    ),
    "a prompt beside questions": (
        f"ask: a\n{Q}  - ask: a\n    answer: b",
        ["3:5 | 'ask' in a card with 'quest | known"],
    ),
    "a bad id": ("id: a b\n" + FLIP, ["3:9 | id 'a b' cannot be used | letters, digits"]),
    "an id with a slash": ("id: a/back\n" + FLIP, ["3:9 | id 'a/back' cannot be used | letters, digits"]),
    "an id of 81 letters": (f"id: {'a' * 81}\n" + FLIP, ["3:9 | id 'aaaaa | at most 80"]),
    "an id with a line feed": ('id: "a\\nb"\n' + FLIP, ["3:9 | id 'a?b' cannot be used | letters"]),
    "an id with a line separator": ('id: "a\\u2028b"\n' + FLIP, ["3:9 | 'id' holds U+2028 | invisible"]),
    "an id with a next line": ('id: "a\\Nb"\n' + FLIP, ["3:9 | 'id' holds U+0085 | invisible"]),
    "a blank id": ("id:\n" + FLIP, ["3:8 | 'id' is blank | take the field out"]),
    "an id that is a list": ("id: [x]\n" + FLIP, ["3:9 | 'id' is a list | one text"]),
    "an unknown audience": ("audience: [nurse, students]\n" + FLIP, ["3:15 | 'students' | 'student'?"]),
    "an unknown tier": ("tier: corr\n" + FLIP, ["3:11 | 'tier' is 'corr' | 'core'?"]),
    "an unknown certainty": (
        "certainty: sure\n" + FLIP,
        ["3:16 | 'certainty' is 'sure' | one of: controversial, high"],
    ),
    "a date of another sort": ("checked: 22.11.2026\n" + FLIP, ["3:14 | which is not a date | 2026-11-22"]),
    "a sentence without S": ("corrects: [13]\n" + FLIP, ["3:15 | 'corrects' names '13' | S01 to S16"]),
    "a doubtful yes": ("safety: maybe\n" + FLIP, ["3:13 | 'safety' is neither yes nor no | 'safety: true'"]),
    "a blank yes": ("safety:\n" + FLIP, ["3:12 | 'safety' is neither yes nor no | take it out"]),
    "a vignette that is a list": ("case: [a]\n" + FLIP, ["3:11 | 'case' is a list | one text"]),
    "a number sign": ("ask: Which is the #1 risk?\nanswer: b", ["3:22 | cut off at ' #' | put quotes around"]),
    "a remark without a space": ("ask: a\nanswer: b #c", ["4:14 | cut off at ' #' | a space after '#'"]),
    "a number sign in brackets": ("ask: a\nanswer: b\naccept: [c #1\n  ]", ["5:15 | cut off at ' #' | quotes"]),
    "a double field": ("ask: a\nanswer: b\nanswer: c", ["5:5 | 'answer' stands twice | keep one"]),
    "an alias": ("ask: *x\nanswer: b", ["3:10 | alias '*x' | write the text out"]),
    "an anchor": ("ask: &x a\nanswer: b", ["3:10 | anchor '&x' | take it out"]),
    "an anchor and its alias": ("ask: &x a\nanswer: *x", ["3:10 | anchor '&x' | out", "4:13 | alias '*x' | out"]),
    "a merge": ("<<: *x\n" + FLIP, ["3:5 | unknown field '<<' | known fields", "3:9 | alias '*x' | write the text"]),
    "an alias for a name": ("*a : c\n" + FLIP, ["3:5 | alias '*a' | write the text out"]),
    "a list for a name": ("? [a, b]\n: c\n" + FLIP, ["3:7 | where a field name should be | 'name: text'"]),
    "fields for a name": ("? {ask: b}\n: c\n" + FLIP, ["3:7 | where a field name should be | 'name: text'"]),
    "a tag": ("ask: !!str a\nanswer: b", ["3:10 | tag 'tag:yaml.org,2002:str' | take it out"]),
    "a tag of its own": ("ask: !x a\nanswer: b", ["3:10 | tag '!x' | take it out"]),
    "code": ("ask: !!python/object/apply:os.abort []\nanswer: b", ["3:10 | tag 'tag:yaml.org | as it stands"]),
    "a tag on the card": ("!x\nask: a\nanswer: b", ["3:5 | tag '!x' | take it out"]),
    "an escaped escape code": ('ask: "a\\x1b[31mb"\nanswer: c', ["3:10 | 'ask' holds U+001B | invisible"]),
    "an escaped NUL": ('ask: "a\\0b"\nanswer: c', ["3:10 | 'ask' holds U+0000 | invisible"]),
    "an escaped bidi override": (
        'ask: "a\\u202Eb"\nanswer: c',
        ["3:10 | 'ask' holds U+202E RIGHT-TO-LEFT | invisible"],
    ),
    "an escape code in a name": ('"\\e[31m": 1\n' + FLIP, ["3:5 | unknown field '?[31m' | known fields"]),
    "both ways on a typed card": ("both_ways: true\n" + TYPED, ["3:5 | not a simple flip card | only 'ask'"]),
    "both ways on a cloze": ("both_ways: true\n" + CLOZE, ["3:5 | not a simple flip card | only 'ask'"]),
    "both ways with questions": (
        f"both_ways: true\n{Q}  - {{ask: a, answer: b}}",
        ["3:5 | beside 'questions' | only 'ask'"],
    ),
    "held back: a simple card": ("proof: true\n" + FLIP, ["3:5 | held back as proof | for practice"]),
    "held back: a cloze card": ("proof: true\n" + CLOZE, ["3:5 | held back as proof | for practice"]),
    "held back: all questions": (
        f"{Q}  - {{ask: a, answer: b, proof: true}}",
        ["5:7 | held back as proof | for practice"],
    ),
    "questions that are a text": ("id: x\nquestions: a", ["4:16 | 'questions' is a text | a line '- …'"]),
    "no question in the list": ("id: x\nquestions: []", ["4:16 | 'questions' is an empty list | at least one"]),
    "blank questions": ("id: x\nquestions:", ["4:15 | 'questions' is nothing | a line '- …'"]),
    "a question that is a text": (f"{Q}  - a", ["5:9 | this question is a text | '- ask: …'"]),
    "a question of no kind": (
        f"{Q}  - ask: a\n    zzz: 80",
        ["5:9 | no answer of any known kind | add 'answer: …'", "6:9 | 'zzz' in a question | known fields: accept"],
    ),
    "a question twice": (
        f"{Q}  - {{ask: a  b, answer: b}}\n  - {{ask: a b, answer: c}}",
        ["6:9 | this question stands twice | change or remove"],
    ),
}
FAULTY = (
    [pytest.param(text, said, id=f"file: {name}") for name, (text, said) in WHOLE_FILE.items()]
    + [pytest.param(text, said, id=f"top: {name}") for name, (text, said) in TOP.items()]
    + [pytest.param(deck(entry), said, id=f"card: {name}") for name, (entry, said) in CARDS.items()]
)


@pytest.mark.parametrize(("text", "expected"), FAULTY)
def test_each_fault_is_told_with_its_place_and_its_mend(text: str | bytes, expected: list[str]) -> None:
    assert_said(problems(text), expected)


@pytest.mark.parametrize(("text", "expected"), FAULTY)
def test_what_is_told_is_one_line_without_control_characters(text: str | bytes, expected: list[str]) -> None:
    for problem in problems(text):
        assert problem.isprintable()
        assert len(problem) < 400


@pytest.mark.parametrize("entry", [pytest.param(entry, id=name) for name, (entry, _) in CARDS.items()])
def test_a_faulty_card_is_left_out_and_the_others_stay(entry: str) -> None:
    found = read(deck(OTHER_FLIP, entry, TYPED))
    assert found.problems
    assert [c.questions[0].kind for c in found.cards] == ["flip", "typed"]


def test_all_problems_of_a_deck_are_told_at_once_in_the_order_of_the_file() -> None:
    entries = [entry for entry, _ in CARDS.values() if "id: x" not in entry]
    found = read(deck(*entries))
    lines = [problem.place.line for problem in found.problems]
    assert lines == sorted(lines)
    assert len(lines) >= len(entries)


def test_a_problem_names_the_card_that_it_is_in() -> None:
    found = read(deck("id: good\n" + FLIP, "id: bad\nask: a\nanswer:"))
    assert [problem.card for problem in found.problems] == ["bad"]


# -- ids that stand twice ---------------------------------------------------------------------------------------------


def test_of_cards_with_one_id_none_is_left_and_both_places_are_named() -> None:
    found = read(deck("id: x\n" + FLIP, "id: y\n" + TYPED, "id: x\n" + OTHER_FLIP))
    assert [str(p) for p in found.problems] == [
        "deck.yaml:10:5: id 'x' stands twice (also in line 3) - give one of the two cards another id"
    ]
    assert [c.id for c in found.cards] == ["y"]


def test_the_id_is_pointed_at_wherever_it_stands_in_the_card() -> None:
    assert_said(problems(deck("id: x\n" + FLIP, OTHER_FLIP + "\nid: x")), ["8:5 | also in line 3 | another id"])


def test_an_id_three_times_is_told_twice() -> None:
    said = ["6:5 | id 'x' stands twice (also in line 3) | another id", "9:5 | also in line 3 | another id"]
    assert_said(problems(deck("id: x\n" + FLIP, "id: x\n" + OTHER_FLIP, "id: x\n" + TYPED)), said)


def test_siblings_count_as_their_card() -> None:
    found = read(deck("id: x\ncloze: '{{a: b}} and {{c: d}}'", "id: x\nboth_ways: true\n" + FLIP))
    assert_said([str(p) for p in found.problems], ["5:5 | id 'x' stands twice | another id"])
    assert found.cards == ()


def test_one_card_written_twice_without_an_id_is_told() -> None:
    assert_said(problems(deck(FLIP, FLIP)), ["5:5 | this card stands twice (also in line 3) | take one of the two out"])


# -- what must be read ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in MARKUP.items()])
def test_markup_is_plain_text(text: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    (question,) = card(f"ask: {quoted}\nanswer: {quoted}").questions
    assert (question.stem, question.key) == (text, text)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in ESCAPES.items()])
def test_what_must_not_reach_a_terminal_is_refused_in_every_form(text: str) -> None:
    escaped = "".join(f"\\U{ord(char):08x}" for char in text)
    raw = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    for form in (f'ask: "{escaped}"\nanswer: b', f'{Q}  - cloze: "a {{{{{escaped}}}}}"', f'why: "{escaped}"\n{FLIP}'):
        found = read(deck(form))
        assert found.problems
        assert not found.cards
    if FORBIDDEN.search(raw):
        assert not read(deck(f"ask: a{raw}\nanswer: b")).cards


def test_a_word_of_5000_letters_and_a_stem_of_300_lines_are_read_whole() -> None:
    stem = "|\n" + "\n".join(f"  {line}" for line in LONG_STEM.splitlines())
    (question,) = card(f"ask: {stem}\nanswer: {LONG_WORD}").questions
    assert question.stem == LONG_STEM
    assert question.key == LONG_WORD


def test_lines_end_as_they_like_and_a_byte_order_mark_may_stand_before_them() -> None:
    text = deck("why: |\n  one\n  two\n" + CHOICE, FLIP, TYPED, CLOZE)
    expected = [(c.id, c.why, c.line, c.questions) for c in read(text).cards]
    for ending in ("\r\n", "\r"):
        for mark in ("", "\ufeff"):
            found = read(mark + text.replace("\n", ending))
            assert not found.problems
            assert [(c.id, c.why, c.line, c.questions) for c in found.cards] == expected


@pytest.mark.parametrize("word", ["no", "off", "~", "null", "3", "1e3", "0x1F", "2026-11-22", "=", "Norwegian: no"])
def test_every_text_is_read_as_it_stands(word: str) -> None:
    (question,) = card(f"ask: a\nanswer: {word if ':' not in word else repr(word)}").questions
    assert question.key == word


@pytest.mark.parametrize(
    "entry",
    [
        "ask: What? # a remark\nanswer: That  # another",
        "#no text before it\nask: What?\nanswer: That\n#or here",
        "ask: 'What?' #after quotes\nanswer: That",
        "ask: What? ## a banner\nanswer: That",
        "{ask: What?, answer: That} #after a bracket",
    ],
)
def test_remarks_are_no_text(entry: str) -> None:
    assert card(entry).questions == (Flip("What?", "That"),)


@pytest.mark.parametrize("text", ["'The #1 risk'", "C#", "a#b", '"#1"', "|\n  The #1 risk", ">-\n  The #1\n  risk"])
def test_a_number_sign_that_begins_no_remark_is_text(text: str) -> None:
    assert "#" in card(f"ask: {text}\nanswer: b").questions[0].stem


def test_text_comes_in_one_unicode_form() -> None:
    split = unicodedata.normalize("NFD", "Trépanation für Ärzte")
    assert card(f"ask: {split}\nanswer: b").questions[0].stem == unicodedata.normalize("NFC", split)


def test_joiners_and_emoji_of_several_parts_stay() -> None:
    for text in ("می\u200cخواهم", "👩\u200d⚕\ufe0f", "क्\u200dष", "❤\ufe0f"):
        assert card(f"ask: {text}\nanswer: b").questions[0].stem == unicodedata.normalize("NFC", text)


def test_a_title_of_two_lines_becomes_one() -> None:
    assert read(deck(FLIP, top="title: |\n  My\n  deck")).title == "My deck"


# -- cards ------------------------------------------------------------------------------------------------------------


def test_the_kinds_are_known_by_their_fields() -> None:
    found = cards(
        FLIP,
        CHOICE,
        TYPED,
        CLOZE,
        "ask: a\nchoices: [{right: b}, {right: c}, {wrong: d}]",
        "ask: a\nnumber: 80",
        "ask: a\norder: [b, c, d]",
        "ask: a\nmatch: {b: c, d: e}",
        "ask: a\nfigure: f\nmark: 1",
    )
    kinds = [type(c.questions[0]) for c in found]
    assert kinds == [Flip, Choice, Typed, Cloze, Select, Number, Order, Match, FigureMark]
    assert {c.questions[0].kind for c in found} == set(KINDS)


def test_proof_holds_back_a_question_of_any_kind() -> None:
    fields = (
        "answer: b",
        "answer: b, accept: []",
        "choices: [{right: b}, {wrong: d}]",
        "choices: [{right: b}, {right: c}, {wrong: d}]",
        "number: 80",
        "order: [b, c, d]",
        "match: {b: c, d: e}",
        "figure: f, mark: 1",
    )
    asked = "\n".join(f"  - {{ask: a{n}, {field}, proof: true}}" for n, field in enumerate(fields))
    found = card(f"questions:\n  - {{ask: a, answer: b}}\n{asked}")
    assert [question.proof for question in found.questions] == [False] + [True] * len(fields)


def test_a_card_carries_all_its_fields() -> None:
    found = card("""\
id: burn
claim: A claim.
why: A reason.
case: A woman of 50.
sources: [s-1, s-2]
certainty: moderate
checked: 2026-11-22
tier: useful
safety: yes
corrects: [S13]
contrast_with: [other]
topic: risks
procedure: sdr
audience: [student, nurse]
tags: [x]
questions:
  - {ask: a, answer: b}
  - {cloze: 'a {{b}}', proof: true}""")
    assert found == Card(
        id="burn",
        family="burn",
        deck="Test",
        file=found.file,
        line=3,
        questions=(Flip("a", "b"), Cloze("a ", "b", "", proof=True)),
        claim="A claim.",
        why="A reason.",
        case="A woman of 50.",
        sources=("s-1", "s-2"),
        certainty="moderate",
        checked="2026-11-22",
        tier="useful",
        safety=True,
        corrects=("S13",),
        contrast_with=("other",),
        topic="risks",
        procedure="sdr",
        audience=("student", "nurse"),
        tags=("x",),
    )


CASE = """\
case: A woman of 50 has pain.
questions:
  - {ask: What now?, answer: Listen.}
  - {ask: And then?, answer: Test., case: Her left leg is weak.}
  - {ask: What is shown?, answer: A disc., case: She had a scan., figure: lumbar}
  - {ask: What last?, answer: Refer.}"""


def test_a_case_unfolds_between_its_questions() -> None:
    found = card(CASE)
    assert found.unfolds == ("", "Her left leg is weak.", "She had a scan.", "")
    assert found.figures == ("", "", "lumbar", "")
    assert found.follows
    assert [found.case_at(question) for question in found.questions] == [
        ("A woman of 50 has pain.",),
        ("A woman of 50 has pain.", "Her left leg is weak."),
        ("A woman of 50 has pain.", "Her left leg is weak.", "She had a scan."),
        ("A woman of 50 has pain.", "Her left leg is weak.", "She had a scan."),
    ]
    assert [found.figure_at(question) for question in found.questions] == ["", "", "lumbar", ""]


def test_a_case_that_does_not_unfold_leaves_its_questions_in_any_order() -> None:
    found = card("case: A woman of 50.\nquestions:\n  - {ask: a, answer: b}\n  - {ask: c, answer: d}")
    assert (found.follows, found.unfolds, found.figures) == (False, ("", ""), ("", ""))
    assert found.case_at(found.questions[1]) == ("A woman of 50.",)


def test_a_card_without_a_case_has_none_at_its_questions() -> None:
    found = card(FLIP)
    assert (found.follows, found.case_at(found.questions[0]), found.figure_at(found.questions[0])) == (False, (), "")


def test_what_stands_beside_questions_takes_no_room_where_there_is_none() -> None:
    assert "unfolds" not in card(FLIP).as_json()
    assert "figures" not in card(FLIP).as_json()
    assert Card.from_json(card(CASE).as_json()) == card(CASE)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            f"{Q}  - {{ask: a, answer: b, case: c}}",
            ["5:29 | 'case' unfolds at a question, but the card has none | 'case:' of the card"],
        ),
        (f"case: x\n{Q}  - {{ask: a, answer: b, case: }}", ["6:35 | 'case' is blank | write a text"]),
        (f"case: x\n{Q}  - {{ask: a, answer: b, case: [c]}}", ["6:35 | 'case' is a list | one text"]),
        (f"{Q}  - {{ask: a, answer: b, cas: c}}", ["5:29 | unknown field 'cas' in a question | 'case'?"]),
        (f"figure: f\n{Q}  - {{ask: a, answer: b}}", ["3:5 | 'figure' in a card with 'questions' | known fields"]),
    ],
)
def test_faults_of_what_stands_beside_a_question_are_told(entry: str, expected: list[str]) -> None:
    assert_said(problems(deck(entry)), expected)


def test_defaults_of_the_deck_hold_until_a_card_overrides_them() -> None:
    top = "title: T\ntopic: risks\nprocedure: sdr\naudience: [nurse]\nsources: [a]\ncertainty: moderate\ntier: detail"
    plain, own = cards(
        FLIP,
        f"{TYPED}\ntopic: history\nprocedure: x\naudience: patient\nsources: []\ncertainty: high\ntier: core",
        top=top,
    )
    kept = (plain.topic, plain.procedure, plain.audience, plain.sources, plain.certainty, plain.tier)
    assert kept == ("risks", "sdr", ("nurse",), ("a",), "moderate", "detail")
    kept = (own.topic, own.procedure, own.audience, own.sources, own.certainty, own.tier)
    assert kept == ("history", "x", ("patient",), (), "high", "core")


def test_a_misspelt_certainty_at_the_top_never_passes_for_high() -> None:
    found = read(deck(FLIP, top="title: T\ncertainty: controversal"))
    assert_said([str(p) for p in found.problems], ["2:12 | 'controversal' | 'controversial'?"])
    assert [c.certainty for c in found.cards] == ["controversial"]


def test_both_ways_makes_two_siblings() -> None:
    front, back = cards("id: greek\nboth_ways: true\nask: rhiza\nanswer: root")
    assert (front.id, back.id, front.family, back.family) == ("greek", "greek/back", "greek", "greek")
    assert (front.questions, back.questions) == ((Flip("rhiza", "root"),), (Flip("root", "rhiza"),))


def test_keyed_holes_make_siblings_whose_ids_survive_an_edit() -> None:
    before = cards("id: target\ncloze: 'RF heats the {{a: medial branch}} of the {{b: dorsal ramus}}.'")
    after = cards("id: target\ncloze: 'The {{b: ramus}} has a {{a: medial branch}}, which RF heats.'")
    assert [c.id for c in before] == ["target/a", "target/b"]
    assert {c.id for c in after} == {c.id for c in before}
    assert before[0].questions[0].stem == "RF heats the ____ of the dorsal ramus."
    assert before[1].questions[0].stem == "RF heats the medial branch of the ____."


def test_siblings_without_an_id_share_one_that_comes_from_the_content() -> None:
    one, two = cards("cloze: '{{a: x}} and {{b: y}}'")
    assert one.family == two.family == one.id.removesuffix("/a") == two.id.removesuffix("/b")


def test_a_card_without_an_id_has_the_one_of_its_content() -> None:
    found = card(CHOICE)
    assert found.id == found.family == content_id(found.questions)
    assert len(found.id) == 12


@pytest.mark.parametrize(
    "same",
    [
        "answer: dorsal rootlets\nask: What is cut in SDR?",
        'ask: "What   is\n  cut in SDR?"\nanswer: dorsal rootlets ',
        f"{FLIP}\ntopic: risks\nwhy: Because.\ntier: detail",
        f"questions:\n  - {FLIP.replace(chr(10), chr(10) + '    ')}",
    ],
    ids=["order of fields", "white space", "other fields", "the long form"],
)
def test_the_id_of_the_content_stays_when_what_is_asked_stays(same: str) -> None:
    assert card(same).id == card(FLIP).id


def test_the_id_of_the_content_of_a_choice_does_not_hang_on_the_order_of_options() -> None:
    lines = CHOICE.splitlines()
    turned = "\n".join([*lines[:2], *lines[3:], lines[2]])
    assert card(turned).id == card(CHOICE).id


@pytest.mark.parametrize(
    "other",
    [
        "ask: What is cut in SDR?\nanswer: rootlets",
        "ask: What is spared in SDR?\nanswer: dorsal rootlets",
        "ask: dorsal rootlets\nanswer: What is cut in SDR?",
        f"{FLIP}\naccept: []",
        "ask: what is cut in SDR?\nanswer: dorsal rootlets",
    ],
    ids=["answer", "prompt", "sides", "kind", "case"],
)
def test_the_id_of_the_content_changes_with_what_is_asked(other: str) -> None:
    assert card(other).id != card(FLIP).id


def test_the_id_of_the_content_is_the_same_for_ever() -> None:
    """History hangs on it: a change here loses the history of every card without an id."""
    assert card(FLIP).id == "w9n0jzqrxrr9"
    assert card(CHOICE).id == "tz93k7vrkqq3"
    assert card(TYPED).id == "zddjkqegmg95"
    assert card(CLOZE).id == "xjenvmq9f7jh"


@pytest.mark.parametrize("on", [True, False])
def test_the_garbage_collector_is_left_as_it_was(on: bool) -> None:
    was_on = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        read(deck(FLIP))
        assert gc.isenabled() == on
    finally:
        (gc.enable if was_on else gc.disable)()


def test_decks_without_an_order_come_last() -> None:
    assert read(deck(FLIP, top="title: T\norder: 9999")).order < read(deck(FLIP)).order == read("").order


# -- files ------------------------------------------------------------------------------------------------------------


def test_no_broken_file_stops_the_good_ones_or_hangs(tmp_path: Path) -> None:
    expected = broken_files(tmp_path)
    write(tmp_path, deck(FLIP), "good.yaml")
    found = {Path(d.file).name: d for d in map(read_deck, deck_files(tmp_path))}
    assert found.keys() == expected.keys() | {"good.yaml"}
    assert len(found["good.yaml"].cards) == 1
    assert not found["good.yaml"].problems
    for name, sign in expected.items():
        assert not found[name].cards, name
        said = str(found[name].problems[0])
        assert sign in said
        assert said.startswith(str(tmp_path / name))
        assert said.isprintable()


def test_a_file_without_permission_is_told() -> None:
    with folder_for_all() as folder:
        path = write(folder, deck(FLIP))
        path.chmod(0)
        with as_nobody():
            (problem,) = read_deck(path).problems
    assert str(problem) == f"{path}: may not be read - give yourself the right to read it (chmod u+rX)"


def test_a_folder_without_permission_is_told_and_the_decks_beside_it_are_found() -> None:
    with folder_for_all() as folder:
        write(folder, deck(FLIP), "good.yaml")
        hidden = write(folder, deck(FLIP), "hidden/deck.yaml").parent
        hidden.chmod(0)
        with as_nobody():
            found = [read_deck(path) for path in deck_files(folder)]
        hidden.chmod(0o755)
    assert [len(d.cards) for d in found] == [1, 0]
    assert str(found[1].problems[0]).startswith(f"{hidden}: may not be read - ")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (problem,) = read_deck(tmp_path / "no.yaml").problems
    assert str(problem) == f"{tmp_path / 'no.yaml'}: is not there - check the name and the path"


def test_a_name_that_means_harm_comes_out_harmless(tmp_path: Path) -> None:
    path = write(tmp_path, "cards: []", "a\x1b[2J\n\u202eb.yaml")
    found = read_deck(path)
    assert found.title == "a b"
    assert all(str(problem).isprintable() for problem in found.problems)


# -- the bibliography -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\n", ["1:1 | the bibliography is a list | 'source-id:'"]),
        ("smith: Smith 2020\n", ["1:8 | source 'smith' is a text | its fields below"]),
        ("smith:\n  kind: review\n", ["2:3 | 'title' is missing | add 'title: …'"]),
        ("smith:\n  title: A\n  jurnal: B\n", ["3:3 | 'jurnal' in a source | 'journal'?"]),
        ('"a\\x1bb":\n  title: A\n', ["1:1 | source id 'a?b' cannot be used | letters"]),
        ("smith:\n  title: A\nsmith:\n  title: B\n", ["3:1 | 'smith' stands twice | keep one"]),
        ("", ["| is empty | "]),
    ],
)
def test_faults_of_a_bibliography_are_told(text: str, expected: list[str], tmp_path: Path) -> None:
    path = write(tmp_path, text, "sources.yaml")
    found = [str(p).replace(str(path), "deck.yaml") for p in read_sources(path)[1]]
    assert_said(found, expected)


def test_a_bibliography_is_read(tmp_path: Path) -> None:
    text = 'smith:\n  title: A title.\n  authors: Smith J.\n  journal: Pain\n  year: "2020"\n  doi: 10.1/x\n'
    found, wrong = read_sources(write(tmp_path, text, "sources.yaml"))
    assert not wrong
    assert str(found["smith"]) == "Smith J. A title. Pain (2020). doi:10.1/x"


# -- problems ---------------------------------------------------------------------------------------------------------


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    assert str(Problem(Place("a.yaml"), "is empty", "fill it")) == "a.yaml: is empty - fill it"
    assert Problem(Place("a.yaml", 2, 3), "w", "m", "c").as_json() == {
        "file": "a.yaml",
        "line": 2,
        "column": 3,
        "what": "w",
        "mend": "m",
        "card": "c",
    }


def test_nothing_more_is_said_about_what_was_refused() -> None:
    class Here:
        line = column = 0

    reading = Reading("a.yaml")
    reading.refuse(Here(), [], "alias", "write it out")
    reading.problem(Here(), "'ask' is blank", "write a text")
    assert [p.what for p in reading.problems] == ["alias"]
