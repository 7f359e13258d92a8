"""Questions of every kind made up by hypothesis, and answers that are nearly fit for them."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from quiz.questions import Choice, Cloze, FigureMark, Flip, Match, Number, Option, Order, Question, Select, Typed
from quiz.questions.words import normal

Texts = st.SearchStrategy[str]
UNITS = ("", "°C", "mg", "mL", "min", "months", "%", "kHz", "mV", "°", "mg/kg", "levels", "Gy")
# What answers are made of, so that they hit the rules more often than random letters do.
PIECES = (
    "0 1 2 3 8 80 1,000 1.000 1.5 1,5 .5 ½ 10² 1e9 -70 −70 eighty hundred half a and point , - – to between from out "
    "in / % °C °F mg g µg kg/mg mL min weeks months [3] mark ~ > ≈ ( ) e ^ x 10^ \u00a0 ' Ω third"
).split(" ")


def answers() -> Texts:
    """Return answers of all sorts: any text, indexes as the screens send them, and what looks like a number."""
    indexes = st.lists(st.one_of(st.integers(-1, 10).map(str), st.just("-")), max_size=10).map(",".join)
    numbers = st.builds("{}{}".format, st.one_of(st.integers(-200, 200), st.floats(-200, 200)), st.sampled_from(UNITS))
    pieces = st.lists(st.sampled_from(PIECES), max_size=6)
    return st.one_of(st.text(max_size=30), indexes, numbers, pieces.map(" ".join), pieces.map("".join))


def apart(texts: Texts, least: int, most: int) -> st.SearchStrategy[list[str]]:
    """Return lists of texts that a deck would take for different ones."""
    return st.lists(texts, min_size=least, max_size=most, unique_by=normal)


def choices(texts: Texts) -> st.SearchStrategy[Choice]:
    return st.builds(
        lambda ask, options, right, why, proof: Choice(
            ask, tuple(Option(text, why) for text in options), right % len(options), proof
        ),
        texts,
        apart(texts, 2, 9),
        st.integers(0, 8),
        st.one_of(st.just(""), texts),
        st.booleans(),
    )


@st.composite
def selects(draw: st.DrawFn, texts: Texts) -> Select:
    """Return select questions: two right options at least, one wrong at least."""
    options = draw(apart(texts, 3, 9))
    rights = draw(st.sets(st.integers(0, len(options) - 1), min_size=2, max_size=len(options) - 1))
    choose = draw(st.integers(0, len(options)))
    return Select(draw(texts), tuple(map(Option, options)), tuple(sorted(rights)), choose, draw(st.booleans()))


def orders(texts: Texts) -> st.SearchStrategy[Order]:
    return st.builds(Order, texts, apart(texts, 3, 9).map(tuple), st.booleans())


@st.composite
def matches(draw: st.DrawFn, texts: Texts) -> Match:
    """Return match questions: right sides may serve several left sides, and up to two serve none."""
    lefts = draw(apart(texts, 2, 8))
    rights = draw(apart(texts, 2, 9))
    chosen = draw(st.lists(st.integers(0, len(rights) - 1), min_size=len(lefts), max_size=len(lefts)))
    return Match(draw(texts), tuple(lefts), tuple(rights), tuple(chosen), draw(st.booleans()))


@st.composite
def numbers(draw: st.DrawFn, texts: Texts) -> Number:
    """Return number questions as decks have them: single numbers and ranges of up to six digits."""
    values = st.one_of(st.integers(-5000, 5000).map(float), st.decimals(-500, 500, places=3).map(float))
    low, high = sorted((draw(values), draw(values))) if draw(st.booleans()) else [draw(values)] * 2
    unit = draw(st.sampled_from(UNITS))
    percent = draw(st.booleans()) and unit != "%"
    return Number(draw(texts), low, high, unit, draw(st.integers(0, 50)) / 2, percent, draw(st.booleans()))


@st.composite
def figure_marks(draw: st.DrawFn, texts: Texts) -> FigureMark:
    """Return questions about a mark of a figure, of both sorts."""
    lists = st.lists(texts, max_size=2).map(tuple)
    ask, figure, at, proof = draw(texts), draw(texts), draw(st.integers(1, 9)), draw(st.booleans())
    if draw(st.booleans()):
        return FigureMark(ask, figure, at, proof=proof)
    return FigureMark(ask, figure, at, draw(texts), draw(lists), draw(lists), proof)


def questions(texts: Texts) -> st.SearchStrategy[Question]:
    """Return questions of every kind."""
    lists = st.lists(texts, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Flip, texts, texts, st.booleans()),
        st.builds(Typed, texts, texts, lists, lists, st.booleans()),
        st.builds(Cloze, texts, texts, texts, lists, lists, st.booleans()),
        choices(texts),
        selects(texts),
        orders(texts),
        matches(texts),
        numbers(texts),
        figure_marks(texts),
    )


def joined(indexes: Sequence[int | None]) -> str:
    """Return indexes as the screens send them."""
    return ",".join("-" if index is None else str(index) for index in indexes)


def solution(question: Question) -> str:
    """Return the answer that the key stands for."""
    match question:
        case Choice():
            return str(question.right)
        case Select():
            return joined(question.rights[: question.points])
        case Order():
            return joined(range(len(question.items)))
        case Match():
            return joined(question.answers)
        case Flip():
            return "1"
        case _:
            return question.key
