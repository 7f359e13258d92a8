"""CSV and TSV in: a row is a question, rows of one id are one card. The first row names the columns.

Two columns without names are question and answer. The columns are those of quiz/exchange/csv_names.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from quiz.exchange.csv_names import KINDS, WORD_LISTS, column, misspelt, split, split_pairs
from quiz.exchange.draft import Draft, settle
from quiz.exchange.entries import Spot, derived_id, map_at, seq_at, text_at
from quiz.exchange.files import named, read_text
from quiz.exchange.parcel import Parcel
from quiz.exchange.table import DELIMITERS, Row, delimiter_of, rows_of, unguarded, width
from quiz.questions.fields import alike, shown
from quiz.questions.nodes import Map, Node, Text
from quiz.text import FORBIDDEN, clean, counted, nearest

_SEP = "sep="  # by this first line some spreadsheets tell the delimiter
_CARD_TEXTS = ("claim", "why", "case", "certainty", "checked", "tier", "safety", "topic", "procedure")
_CARD_LISTS = ("sources", "corrects", "contrast with", "audience", "tags")
_SIGNS = "123456789", "abcdefghi"  # by which an answer may name one of the choices
_BLANK = text_at("", Spot(0, 0))
Field = tuple[str, Node]


def read_csv(path: Path) -> Parcel:
    """Read a table of questions. Raises UnreadableError, or RefusedError with every problem and its place."""
    text = read_text(path)
    tab = path.suffix.lower() in (".tsv", ".tab")
    return settle(parse(text, named(path), clean(path.stem, lines=False) or "deck", tab=tab), strict=True)


def parse(text: str, file: str, title: str, *, tab: bool = False) -> Draft:
    """Return what is in the text of a table; with `tab` its cells are parted by tabs. Never raises."""
    draft = Draft(file, title)
    rows = _cells(text, draft, tab=tab)
    if rows:
        head, body = _head(rows, draft)
        if head and not draft.problems:
            _cards([row for row in (_row(cells, head, draft) for cells in body) if row], draft)
            if not draft.cards and not draft.problems:
                draft.problem(Spot(0, 0), "holds no question", "write a question in each row below the names")
    elif not draft.problems:
        draft.problem(Spot(0, 0), "holds no row", "write a question and its answer in each row")
    return draft


def _cells(text: str, draft: Draft, *, tab: bool) -> list[Row]:
    """Return the rows with their texts cleaned."""
    sign = "\t" if tab else ""
    told = text[: len(_SEP) + 1].lower().startswith(_SEP) and text[len(_SEP) : len(_SEP) + 1] in DELIMITERS
    sign = text[len(_SEP)] if told else sign or delimiter_of(text)
    rows = rows_of(text, sign or ",", draft)[1 if told else 0 :]
    taken_out = 0
    for row in rows:
        for n, cell in enumerate(row):
            if cell.isascii() and cell.isprintable() and cell[:1] not in "'":
                continue
            raw = unguarded(cell)
            taken_out += bool(FORBIDDEN.search(raw.replace("\r\n", "\n")))
            row[n] = text_at(clean(raw), cell.mark)
    if taken_out:
        draft.without(Spot(0, 0), f"control characters in {counted(taken_out, 'cell')}", "they could steer a terminal")
    return rows


class _Column(NamedTuple):
    """What a column holds; `name` is "" for one that is passed over."""

    name: str
    numbered: bool


def _head(rows: list[Row], draft: Draft) -> tuple[list[_Column], list[Row]]:
    """Return the columns and the rows below their names; no columns when they cannot be told (recorded)."""
    first = rows[0]
    found = [column(cell.strip()) for cell in first]
    names = {one[0] for one in found if one}
    near = any(one is None and misspelt(cell.strip()) for cell, one in zip(first, found, strict=True))
    if "question" not in names or (len(names) < 2 and not near):
        columns_there = width(first)
        if columns_there == 2:
            return [_Column("question", False), _Column("answer", False)], rows
        if columns_there == 1:
            what, mend = "one column only", "part question and answer by a comma, a semicolon or a tab"
        else:
            what = f"{columns_there} columns, and the first row does not name them"
            mend = "write names above them: question, answer, choices, why, topic, tags, id, …"
        draft.problem(_spot(first[0]), what, mend)
        return [], []
    columns: list[_Column] = []
    for cell, one in zip(first, found, strict=True):
        if one is None and cell.strip():
            guess = misspelt(cell.strip())
            if guess:
                draft.problem(_spot(cell), f"unknown column '{shown(cell)}'", f"did you mean '{guess}'?")
            else:
                draft.without(_spot(cell), f"column '{shown(cell)}'", "a card has no such field")
        if one and not one[1] and _Column(*one) in columns:
            draft.problem(
                _spot(cell), f"column '{one[0]}' stands twice", "keep one, or number them: choice 1, choice 2"
            )
        columns.append(_Column(*one) if one else _Column("", False))
    if "answer" not in names and "choices" not in names:
        what = "there is no column 'answer'"
        draft.problem(_spot(first[0]), what, "name the column with the right answers 'answer'")
    return columns, rows[1:]


class _Row:
    """One row: its cells by the names of the columns."""

    def __init__(self, mark: Spot) -> None:
        self.mark = mark
        self.cells: dict[str, Text] = {}
        self.items: dict[str, list[Text]] = {}  # of numbered columns

    def one(self, name: str) -> Text:
        """Return a cell; one that is not there is blank."""
        return self.cells.get(name, _BLANK)

    def many(self, name: str) -> list[Text]:
        """Return the items of a list."""
        cell = self.one(name)
        told = [text_at(item, cell.mark) for item in split(cell, words=name in WORD_LISTS)]
        return told + self.items.get(name, [])


def _row(cells: Row, head: Sequence[_Column], draft: Draft) -> _Row | None:
    """Return a row with its cells by name; None when it is too long (recorded)."""
    extra = next((cell for cell in cells[len(head) :] if cell.strip()), None)
    if extra is not None:
        what = f"a row of {len(cells)} cells where there are {len(head)} columns"
        draft.problem(_spot(extra), what, 'put a text that holds the delimiter in "quotes"')
        return None
    row = _Row(_spot(cells[0]))
    for cell, of in zip(cells, head, strict=False):
        if not cell.strip():
            continue
        if of.numbered:
            row.items.setdefault(of.name, []).append(text_at(cell.strip(), cell.mark))
        elif of.name:
            row.cells[of.name] = text_at(cell.strip(), cell.mark)
    return row if row.cells or row.items else None


def _cards(rows: Sequence[_Row], draft: Draft) -> None:
    """Put the rows together to cards: those of one id, wherever they stand, are questions of one card."""
    cards: dict[str, list[tuple[_Row, list[Field]]]] = {}
    for row in rows:
        fields = _question(row, draft)
        if fields is None:
            continue
        name = str(row.one("id"))
        if not name:
            name = derived_id(row.one("question"))
            if name in cards:
                name = derived_id(row.one("question"), row.one("answer"), *row.many("choices"), *row.many("wrong"))
        if not row.one("id") and name in cards:
            line = cards[name][0][0].mark.line + 1
            draft.without(row.mark, f"'{shown(row.one('question'))}'", f"the same question stands in line {line}")
            continue
        cards.setdefault(name, []).append((row, fields))
    draft.cards += [_card(name, asked) for name, asked in cards.items()]


def _card(name: str, asked: Sequence[tuple[_Row, list[Field]]]) -> Map:
    """Return one card. What all its questions share is taken from the first row that tells it."""
    first = asked[0][0]
    mark = first.one("id").mark if first.one("id") else first.mark
    fields: list[Field] = [("id", text_at(name, mark))]
    for of in _CARD_TEXTS:
        told = next((row.one(of) for row, _ in asked if row.one(of)), None)
        if told:
            fields.append((of, told))
    for of in _CARD_LISTS:
        items = next((row.many(of) for row, _ in asked if row.one(of)), [])
        if items:
            fields.append((of.replace(" ", "_"), seq_at(items, items[0].mark)))
    if len(asked) == 1 and not first.one("goes on"):
        return map_at([*fields, *asked[0][1]], first.mark)
    questions = seq_at((map_at(own, row.mark) for row, own in asked), first.mark)
    return map_at([*fields, ("questions", questions)], first.mark)


def _question(row: _Row, draft: Draft) -> list[Field] | None:
    """Return the fields of the question in a row; None when it has none (recorded)."""
    before = len(draft.problems)
    ask, answer = row.one("question"), row.one("answer")
    if not ask:
        draft.problem(row.mark, "this row has no question", "write it in the column 'question', or empty the row")
        return None
    kind = _kind(row, draft)
    if kind != "cloze" and not answer and kind:
        draft.problem(row.mark, "this row has no answer", "write it in the column 'answer'")
    if len(draft.problems) > before:
        return None
    fields = _BY_KIND[kind](row, draft)
    for column_, name in (("proof", "proof"), ("both ways", "both_ways"), ("goes on", "case")):
        if row.one(column_):
            fields.append((name, row.one(column_)))
    return fields if len(draft.problems) == before else None


def _kind(row: _Row, draft: Draft) -> str:
    """Return the kind of a question: as told, else as its cells have it. "" when it is not known (recorded)."""
    told = row.one("kind")
    if told:
        kind = told.casefold()
        if kind not in KINDS:
            guess = nearest(kind[:40], set(KINDS))
            mend = f"did you mean '{guess}'?" if guess else f"one of: {', '.join(KINDS)}"
            draft.problem(_spot(told), f"kind '{shown(told)}' is not known", mend)
            return ""
        return kind
    if row.many("choices") or row.many("wrong"):
        return "choice"
    if row.one("unit") or row.one("tolerance"):
        return "number"
    if row.many("accept") or row.many("reject"):
        return "cloze" if "{{" in row.one("question") and not row.one("answer") else "typed"
    return "cloze" if "{{" in row.one("question") and not row.one("answer") else "flip"


def _flip(row: _Row, _: Draft) -> list[Field]:
    return [("ask", row.one("question")), ("answer", row.one("answer"))]


def _typed(row: _Row, draft: Draft) -> list[Field]:
    accept = seq_at(row.many("accept"), row.one("accept").mark)
    return [*_flip(row, draft), ("accept", accept), *_seq(row, "reject")]


def _cloze(row: _Row, draft: Draft) -> list[Field]:
    if row.one("answer"):
        mend = "leave it empty: the answer is what stands in {{braces}}"
        draft.problem(_spot(row.one("answer")), "a cloze has no 'answer'", mend)
    return [("cloze", row.one("question")), *_seq(row, "accept"), *_seq(row, "reject")]


def _number(row: _Row, _: Draft) -> list[Field]:
    given = [(name, row.one(name)) for name in ("unit", "tolerance") if row.one(name)]
    return [("ask", row.one("question")), ("number", row.one("answer")), *given]


def _order(row: _Row, _: Draft) -> list[Field]:
    return [("ask", row.one("question")), ("order", seq_at(row.many("answer"), row.one("answer").mark))]


def _match(row: _Row, draft: Draft) -> list[Field]:
    cell = row.one("answer")
    pairs: dict[str, Field] = {}
    for left, right in split_pairs(cell):
        if not left or not right:
            draft.problem(_spot(cell), f"'{shown(left or right)}' is no pair", "write: left -> right | left -> right")
        elif left in pairs:
            draft.problem(_spot(cell), f"'{shown(left)}' stands twice on the left", "change or remove one")
        pairs[left] = (left, text_at(right, cell.mark))
    return [
        ("ask", row.one("question")),
        ("match", map_at(pairs.values(), cell.mark)),
        *_seq(row, "wrong", "distractors"),
    ]


def _choice(row: _Row, draft: Draft) -> list[Field]:
    """Return a question with options: those in 'choices', or the right ones in 'answer' and the wrong ones."""
    listed, wrong, reasons = row.many("choices"), row.many("wrong"), row.many("reasons")
    options = [(text, True) for text in _rights(row, listed, draft)]
    if listed:
        rights = {alike(text) for text, _ in options}
        options = [(text, alike(text) in rights) for text in listed]
        reasons += [_BLANK] * len(listed)
    else:
        reasons = [_BLANK] * len(options) + reasons
    options += [(text, False) for text in wrong]
    reasons += [_BLANK] * len(options)
    made = [
        map_at([("right" if right else "wrong", text), *([("why", why)] if why else [])], text.mark)
        for (text, right), why in zip(options, reasons, strict=False)
    ]
    choose = [("choose", row.one("choose"))] if row.one("choose") else []
    return [("ask", row.one("question")), ("choices", seq_at(made, row.mark)), *choose]


def _rights(row: _Row, listed: Sequence[Text], draft: Draft) -> list[Text]:
    """Return the right options that 'answer' names: by their text, or the sign of their place (2 or B)."""
    cell = row.one("answer")
    known = {alike(text): text for text in reversed(listed)}
    if alike(cell) in known:
        return [known[alike(cell)]]
    found = []
    for item in row.many("answer"):
        sign = item.casefold()
        place = next((signs.index(sign) for signs in _SIGNS if len(sign) == 1 and sign in signs), len(listed))
        if not listed:
            found.append(item)
        elif alike(item) in known:
            found.append(known[alike(item)])
        elif place < len(listed):
            found.append(listed[place])
        else:
            mend = "write it as it stands there, or name the column with the others 'wrong'"
            draft.problem(_spot(cell), f"the answer '{shown(item)}' is none of the choices", mend)
    return found


def _seq(row: _Row, name: str, field: str = "") -> list[Field]:
    items = row.many(name)
    return [(field or name, seq_at(items, items[0].mark))] if items else []


def _spot(text: Text) -> Spot:
    return Spot(text.mark.line, text.mark.column)


_BY_KIND = {
    "flip": _flip,
    "typed": _typed,
    "cloze": _cloze,
    "choice": _choice,
    "select": _choice,
    "number": _number,
    "order": _order,
    "match": _match,
}
