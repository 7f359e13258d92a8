"""Number questions: how people write a number and its unit, how far off it may be, and what is no number at all."""

from __future__ import annotations

import pytest

from quiz import questions
from quiz.questions import Number
from quiz.questions.base import NOT_ANSWERED
from tests.support.decks import assert_said, card, deck, problems

ASKED = {
    "heat": Number("How hot?", 80, 80, "°C", 5),
    "heats": Number("How hot?", 60, 80, "°C", 5),
    "dose": Number("How much?", 1500, 1500, "mg"),
    "half": Number("How much?", 1.5, 1.5, "g", 10, percent=True),
    "rate": Number("How fast?", 2, 4, "mL/h"),
    "by weight": Number("How much?", 0.5, 0.5, "mg/kg"),
    "count": Number("How many medial branches serve a facet joint?", 2, 2),
    "share": Number("How many?", 80, 80, "%", 5),
    "levels": Number("How many?", 3, 3, "levels"),
    "months": Number("How long?", 6, 12, "months"),
    "minutes": Number("How long?", 90, 90, "min"),
    "charge": Number("What?", -80, -60, "mV"),
    "waves": Number("What?", 500, 500, "kHz"),
    "length": Number("How long?", 10, 10, "mm"),
    "resistance": Number("What?", 300, 300, "Ω"),
    "angle": Number("How far?", 20, 20, "°"),
    "radiation": Number("How much?", 80, 80, "Gy"),
    "fine": Number("How much?", 2.125, 2.125),
    "toxin": Number("How much?", 400, 400, "units"),
}

RIGHT = """
heat       80 / 80 °C / 80°C / 80C / 80 c / 80 ° / 80 ℃ / 80 ºC / 80 °C. / 80,0 / 80.0 / 080 / +80
heat       80 degrees / 80 degrees Celsius / 80 deg C / 80 degrees centigrade / 80 celsius / eighty / Eighty degrees
heat       176 °F / 176F / 176 fahrenheit / 353.15 K / about 80 / approx. 80 °C / ~80 / ≈ 80 / it is 80 / ８０ / ٨٠
heats      60 / 80 / 70.5 / 60-80 / 60–80 °C / 60 - 80 / 60 to 80 / from 60 to 80 / between 60 and 80 / 65-70
heats      between 60 and 80 degrees / 60 °C to 80 °C / 140 °F to 176 °F / sixty to eighty / between sixty and eighty
heats      60-80° / 80-60 / 60 through 80 / 140-176 °F
dose       1500 / 1,500 / 1 500 / 1\u00a0500 / 1'500 / 1’500 / 1,500.0 / 1.500,0 / 1500 mg / 1500mg / 1500 MG / 1.5e3
dose       1.5 g / 1,5 g / 1½ g / 1 1/2 g / 0.0015 kg / 1500000 µg / 1500000 μg / 1500000 ug / 1,500,000 mcg
dose       1500 milligrams / 1.5 grams / 1.5 gramme / one and a half grams / fifteen hundred / 1.5 thousand / 1.5×10³
dose       one thousand five hundred / one thousand five hundred milligrams / 1.5 x 10^3 / 3/2 g / 1 500 000 micrograms
half       1.5 / 1,5 / 1.500 / 1·5 / 1500 mg / three halves / one point five / 1.50 g / 1.35 / 1.65
rate       3 / 3 mL/h / 3 ml/ h / 3 ml per hour / 3 mL/hr / 2-4 ml/h / 0.05 mL/min / 72 mL/day
by weight  0.5 / .5 / ,5 / 1/2 / ½ / half / 0.5 mg/kg / 500 µg/kg / 0.5 milligrams per kilogram
count      2 / two / 2.0 / 2 medial branches / two branches
share      80 / 80 % / 80% / 80 percent / 80 per cent / 4/5 / 8 in 10 / 8 out of 10 / 80/100 / eighty percent / 82
levels     3 / 3 levels / three level / 3 Levels
months     6 / 9 mo / 12 months / 6-12 months / 6 months to 1 year / half a year / a year / 1 yr / 0.75 years / ½ year
minutes    90 / 90 min / 90 minutes / 1.5 h / 1½ hours / one and a half hours / 5400 s / 0.0625 d
charge     -70 / −70 mV / – 70 / minus 70 / negative seventy / -80 to -60 / -80 - -60 / −80–−60 mV / -0.07 V / -70 mv
waves      500 / 500 kHz / 500khz / 0.5 MHz / 0.5 mhz / 500,000 Hz / 500 000 hertz / half a megahertz
length     10 / 10 mm / 1 cm / 0.01 m / 1 centimetre / 1 centimeter / 10 millimetres / 10 000 µm / 10.0 mm.
resistance 300 / 300 Ω / 300 Ω / 300 ohm / 300 ohms / 0.3 kΩ / 0.3 kohm
angle      20 / 20° / 20 degrees / 20 deg
radiation  80 / 80 Gy / 80 gray / 8000 cGy / 8,000 cgy
fine       2.125 / 2,1250 / 2.1250 / 17/8
toxin      400 / 400 units / 400 U / 400 u / four hundred / four hundred units / 4 hundred
"""

# What is wrong with an answer that cannot be marked (a part of it, and of the mend).
UNREADABLE = """
heat       abc            | “abc” is no number - write one in digits or in words
heat       L4             | “L4” is no number
heat       ?              | “?” is no number
heat       > 80           | “> 80” is no number
heat       80 or 90       | “80 or 90” is no number
heat       8 0            | “8 0” is no number
heat       80/            | “/” is no unit
heat       80.5.3         | “80.5.3” is no number
heat       80,00,000      | “80,00,000” is no number
heat       1/0            | “1/0” is no number
heat       80+            | “+” is no unit of this answer - write the number in °C
heat       80.000         | that can mean 80 or 80000 - write 80 or 80000
heat       80-90          | “80-90” is a range - write one number
heat       eighty to 90   | “eighty to 90” is a range - write one number
heat       80 kg          | “kg” cannot be turned into °C - answer in °C
heat       80 %           | “%” cannot be turned into °C
heat       80 °C at first | “°C at first” is no unit of this answer - write the number in °C
heats      between 60     | “between 60” is no number
heats      60 and 80      | “60 and 80” is no number
dose       1.500          | that can mean 1.5 or 1500 - write 1.5 or 1500
dose       1.500 g        | that can mean 1.5 or 1500
dose       5 mL           | “mL” cannot be turned into mg - answer in mg
dose       1500 mg/kg     | “mg/kg” cannot be turned into mg
half       1,500          | that can mean 1500 or 1.5 - write 1500 or 1.5
fine       2,125          | that can mean 2125 or 2.125 - write 2125 or 2.1250
rate       3 mL           | “mL” cannot be turned into mL/h
rate       3 h/mL         | “h/mL” cannot be turned into mL/h
count      2 mm           | “mm” is not asked for - write the number alone
count      2 %            | “%” is not asked for
count      2 roots        | “roots” is not asked for
count      2-3            | “2-3” is a range
levels     3 mm           | “mm” cannot be turned into levels - answer in levels
levels     3 sides        | “sides” is no unit of this answer - write the number in levels
months     30 weeks       | “weeks” cannot be turned into months - answer in months
months     180 days       | “days” cannot be turned into months
minutes    2 months       | “months” cannot be turned into min
length     10 m/s         | “m/s” cannot be turned into mm
charge     -70 kHz        | “kHz” cannot be turned into mV
"""

MARKS = """
heat     85         | 1   | Right: within 5 °C of 80 °C.
heat     75         | 1   | Right: within 5 °C of 80 °C.
heat     176 °F     | 1   | Right: 176 °F is 80 °C.
heat     85.1       | 0.6 | Close: 85.1 °C is 5.1 °C too high; within 5 °C counts as right.
heat     70         | 0.6 | Close: 70 °C is 10 °C too low; within 5 °C counts as right.
heat     69.99      | 0   | 69.99 °C is 10.01 °C too low.
heat     80 °F      | 0   | 80 °F (26.6667 °C) is 53.3333 °C too low.
heat     -80        | 0   | -80 °C is 160 °C too low.
heats    82         | 1   | Right: within 5 °C of 60 to 80 °C.
heats    55-90      | 0.6 | Close: 55 to 90 °C is 10 °C too high; within 5 °C counts as right.
heats    20-70      | 0   | 20 to 70 °C is 40 °C too low.
dose     150        | 0   | 150 mg is 1350 mg too low.
dose     15 g       | 0   | 15 g (15000 mg) is 13500 mg too high.
dose     1499.9     | 0   | 1499.9 mg is 0.1 mg too low.
half     1.65       | 1   | Right: within 0.15 g of 1.5 g.
half     1.8        | 0.6 | Close: 1.8 g is 0.3 g too high; within 0.15 g counts as right.
half     1.81       | 0   | 1.81 g is 0.31 g too high.
count    3          | 0   | 3 is 1 too high.
count    20         | 0   | 20 is 18 too high.
share    0.8        | 0   | 0.8% is 79.2 points too low.
share    half       | 0   | Half (50%) is 30 points too low.
months   1.5 years  | 0   | 1.5 years (18 months) is 6 months too high.
charge   70         | 0   | 70 mV is 130 mV too high.
waves    500 Hz     | 0   | 500 Hz (0.5 kHz) is 499.5 kHz too low.
angle    25         | 0   | 25° is 5° too high.
toxin    1e30       | 0   | 1e+30 units is 1e+30 units too high.
"""


def asked(line: str) -> str:
    """Return the name of the question that a row of a table is about."""
    return next(key for key in sorted(ASKED, key=len, reverse=True) if line.startswith(f"{key} "))


def rows(text: str) -> list[pytest.param]:  # type: ignore[valid-type]
    """Return the rows of a table: the question, then its cells."""
    found = []
    for line in text.strip().splitlines():
        name = asked(line)
        cells = [cell.strip() for cell in line.removeprefix(name).split("|")]
        found.append(pytest.param(ASKED[name], *cells, id=f"{name}: {cells[0]}"))
    return found


def right() -> list[pytest.param]:  # type: ignore[valid-type]
    """Return each right answer with its question; the answers stand between slashes with a space on both sides."""
    found = []
    for line in RIGHT.strip().splitlines():
        name = asked(line)
        answers = line.removeprefix(name).strip().split(" / ")
        found += [pytest.param(ASKED[name], given, id=f"{name}: {given}") for given in answers]
    return found


@pytest.mark.parametrize(("question", "given"), right())
def test_a_number_is_right_however_people_write_it(question: Number, given: str) -> None:
    mark = question.mark(given)
    assert (mark.value, question.problem(given)) == (1.0, ""), mark.words


@pytest.mark.parametrize(("question", "given", "said"), rows(UNREADABLE))
def test_what_cannot_be_marked_is_told_and_earns_nothing(question: Number, given: str, said: str) -> None:
    assert question.problem(given).startswith(said)
    assert " - " in question.problem(given)
    assert (question.mark(given).value, question.mark(given).words) == (0.0, question.problem(given))


@pytest.mark.parametrize(("question", "given", "value", "words"), rows(MARKS))
def test_the_mark_says_how_far_off_a_number_is(question: Number, given: str, value: str, words: str) -> None:
    mark = question.mark(given)
    assert (mark.value, mark.words) == (float(value), words)
    assert question.problem(given) == ""


@pytest.mark.parametrize("given", ["", "  ", "\n"])
def test_no_answer_is_no_problem(given: str) -> None:
    assert (ASKED["heat"].problem(given), ASKED["heat"].mark(given)) == ("", NOT_ANSWERED)


@pytest.mark.parametrize("given", ["9" * 5000, "1 " * 5000, "one " * 5000, "-" * 5000, "8" * 16, "1e99999", "10^999"])
def test_numbers_without_end_are_told_at_once(given: str) -> None:
    assert ASKED["heat"].problem(given)
    assert ASKED["heat"].mark(given).value == 0.0


@pytest.mark.parametrize("name", ASKED)
def test_the_key_is_right_and_said_in_words(name: str) -> None:
    assert ASKED[name].mark(ASKED[name].key).words == "Right."


def test_the_key_is_written_as_people_write_it() -> None:
    keys = [ASKED[name].key for name in ("heat", "heats", "share", "angle", "count", "fine", "charge", "half")]
    assert keys == ["80 °C", "60 to 80 °C", "80%", "20°", "2", "2.125", "-80 to -60 mV", "1.5 g"]
    assert [Number("?", n, n).key for n in (1e-5, 1e15, 123456789012345.0, 0.1)] == [
        "0.00001",
        "1e+15",
        "123456789012345",
        "0.1",
    ]


# -- in a deck --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("number: 80", Number("a", 80, 80)),
        ("number: 80\nunit: °C\ntolerance: 5", Number("a", 80, 80, "°C", 5)),
        ('number: "80"\ntolerance: 10%', Number("a", 80, 80, "", 10, percent=True)),
        ("number: 80\ntolerance: 7.5 %", Number("a", 80, 80, "", 7.5, percent=True)),
        ("number: 60-80", Number("a", 60, 80)),
        ("number: 60 to 80", Number("a", 60, 80)),
        ("number: 60–80", Number("a", 60, 80)),
        ("number: -80 to -60\nunit: mV", Number("a", -80, -60, "mV")),
        ("number: 1,500", Number("a", 1500, 1500)),
        ("number: 0.5\nunit: mg/kg", Number("a", 0.5, 0.5, "mg/kg")),
        ("number: 1e-3", Number("a", 0.001, 0.001)),
        ("number: 3\nunit:  spinal   levels", Number("a", 3, 3, "spinal levels")),
        ("number: 20\nunit: '%'\ntolerance: 5", Number("a", 20, 20, "%", 5)),
    ],
)
def test_a_number_is_read(fields: str, expected: Number) -> None:
    assert card(f"ask: a\n{fields}").questions == (expected,)


FAULTS = {
    "no number": ("number: many", ["4:13 | 'number' is 'many', which is no number | 80 or 0.5"]),
    "nothing": ("number:", ["4:12 | 'number' is blank | write a text"]),
    "a list": ("number: [1, 2]", ["4:13 | 'number' is a list | one text"]),
    "a unit inside": ("number: 80 °C", ["4:13 | 'number' is '80 °C', which holds a unit | in 'unit: …'"]),
    "a percent sign inside": ("number: 80%", ["4:13 | '80%', which holds a unit | in 'unit: …'"]),
    "a number of two meanings": ("number: 1.500", ["4:13 | '1.500', which can mean 1.5 or 1500 | write 1.5 or 1500"]),
    "a range that runs down": ("number: 80-60", ["4:13 | the range '80-60' runs down | lower number first"]),
    "a number without an end": ("number: 1/3", ["4:13 | '1/3', which has no end in digits | 'tolerance: …'"]),
    "a tolerance in words": ("number: 80\ntolerance: some", ["5:16 | 'tolerance' is 'some' | 5 or 0.5"]),
    "a tolerance below nothing": ("number: 80\ntolerance: -5", ["5:16 | 'tolerance' is '-5' | 5 or 0.5"]),
    "a tolerance with a unit": ("number: 80\ntolerance: 5 °C", ["5:16 | 'tolerance' is '5 °C' | 5 or 0.5"]),
    "percent of percent": (
        "number: 20\nunit: '%'\ntolerance: 5%",
        ["6:16 | a tolerance in percent of percent | 'tolerance: 5' for percentage points"],
    ),
    "a unit that is a number": (
        "number: 80\nunit: 5",
        ["5:11 | with the unit '5' no number can be read | take it out"],
    ),
    "a unit that is a part": ("number: 7\nunit: /10", ["5:11 | with the unit '/10' no number can be read | take"]),
    "a unit that is a story": (
        "number: 80\nunit: degrees Celsius at the tip of it",
        ["5:11 | 'unit' is 'degrees Celsius at the tip of it' | short"],
    ),
    "a tolerance alone": ("answer: b\ntolerance: 5", ["5:5 | 'tolerance' cannot stand beside 'answer' | take one out"]),
    "an answer beside it": ("number: 80\nanswer: b", ["5:5 | 'answer' cannot stand beside 'number' | two questions"]),
    "a misspelt field": ("number: 80\ntolerence: 5", ["5:5 | 'tolerence' in a card | 'tolerance'?"]),
}


@pytest.mark.parametrize(("fields", "expected"), [pytest.param(*case, id=name) for name, case in FAULTS.items()])
def test_faults_are_told(fields: str, expected: list[str]) -> None:
    assert_said(problems(deck(f"ask: a\n{fields}")), expected)


def test_another_tolerance_is_no_other_answer() -> None:
    """Or a deck that becomes kinder would bring the card back as changed."""
    assert Number("?", 80, 80, "°C").answer_parts == Number("?", 80, 80, "°C", 5).answer_parts
    assert Number("?", 80, 80, "°C").answer_parts != Number("?", 80, 80, "°F").answer_parts


def test_it_comes_back_from_json() -> None:
    assert questions.from_json(ASKED["half"].as_json()) == ASKED["half"]
