"""GIFT in, the text format of Moodle: what it says is made cards; what we have no kind for is left out with its line.

Rules from Moodle's documentation of the format: a blank line ends a question, `//` begins a line of comment (which may
hold `[id:…]` and `[tag:…]`), `\\` takes the meaning from `~ = # { } :`. Tags like `topic:…` are fields of ours.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from quiz.deck.model import AUDIENCES, CERTAINTIES, TIERS
from quiz.deck.reader import ID
from quiz.exchange.draft import Draft, settle
from quiz.exchange.entries import Spot, derived_id, figures_of, keyed, map_at, seq_at, text_at
from quiz.exchange.files import named, read_text
from quiz.exchange.parcel import Parcel
from quiz.questions.cloze import BLANK, Cloze, read_holes
from quiz.questions.fields import Reading, shown
from quiz.questions.nodes import Map, Node
from quiz.text import FORBIDDEN, clean, counted, folded

Field = tuple[str, Node]
_SIGN = re.compile(r"\\.|::|####|->|[~=#{}:]", re.DOTALL)
_ESCAPED = re.compile(r"\\([~=#{}:n\\])")
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]\s*")
_MARKED = re.compile(r"\[(id|tag):((?:\\.|[^\]\\])*)\]")
_WILD = re.compile(r"(?<!\\)\*")  # in short answers it stands for any text; Moodle has \* for the sign itself
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,9})?)%")
_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|span|div|sub|sup|ul|ol|li|img|a|table|tbody|thead|tr|td|th|h[1-6]|code|pre|font|"
    r"audio|video|source)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_MEDIA = re.compile(r"<(?:img|audio|video)\b|@@PLUGINFILE@@", re.IGNORECASE)
_LINE_END = re.compile(r" *\n *")
_HOLE = re.compile(r"_{3,}")
_ONE_HOLE = re.compile(r"(.*?)\{\{(.*?)\}\}(.*)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})(?:[eE][+-]?\d{1,2})?")
_CATEGORY = "$CATEGORY:"
MOST_ANSWERS = 100  # of one question, in the file
_TOPS = frozenset({"$course$", "$module$", "$system$", "$cat1$", "top"})
_TRUE, _FALSE = frozenset({"T", "TRUE"}), frozenset({"F", "FALSE"})
# Fields of a card that travel as tags, with the values that they may have (None: any).
TAGGED: dict[str, tuple[str, ...] | None] = {
    "procedure": None,
    "audience": AUDIENCES,
    "tier": TIERS,
    "certainty": CERTAINTIES,
    "safety": ("true",),
    "source": None,
    "both_ways": ("true",),
    "proof": ("true",),
    "kind": ("typed",),  # its blank is no hole
}
_MANY = {"audience": "audience", "source": "sources"}


def read_gift(path: Path) -> Parcel:
    """Read a GIFT file. Raises UnreadableError, or RefusedError with every problem and its place."""
    text = read_text(path)
    return settle(parse(text, named(path), clean(path.stem, lines=False) or "deck"), strict=False)


def parse(text: str, file: str, title: str) -> Draft:
    """Return what is in a GIFT text. Never raises."""
    draft = Draft(file, title)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    odd = sum(bool(FORBIDDEN.search(line)) for line in lines)
    if odd:
        draft.without(Spot(0, 0), f"control characters in {counted(odd, 'line')}", "they could steer a terminal")
    asked: list[_Asked] = []
    path: tuple[str, ...] = ()
    for block in _blocks(clean("\n".join(lines))):
        path = block.path if block.path is not None else path
        found = _question(block, draft)
        if found:
            asked.append(found._replace(path=path))
    _cards(asked, draft)
    if not draft.cards and not draft.problems and not draft.left_out:
        draft.problem(Spot(0, 0), "holds no question", "a GIFT question has its answers in {braces}")
    return draft


class _Block:
    """The lines of one question: comments are blanked, so that each character knows its place."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.lines: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.path: tuple[str, ...] | None = None
        self.text = ""

    def spot(self, at: int) -> Spot:
        """Return the place of a character of `text`."""
        return Spot(self.line + self.text.count("\n", 0, at), at - self.text.rfind("\n", 0, at) - 1)


class _Asked(NamedTuple):
    """A question as read, with what belongs to its card."""

    id: str
    number: int
    spot: Spot
    fields: list[Field]
    why: str
    tags: tuple[str, ...]
    path: tuple[str, ...] = ()


def _blocks(text: str) -> Iterator[_Block]:
    """Yield the questions; a line `$CATEGORY: …` counts for all that follow it."""
    block: _Block | None = None
    path: tuple[str, ...] | None = None
    for number, line in enumerate([*text.split("\n"), ""]):
        bare = line.strip()
        if not bare:
            if block:
                block.text = "\n".join(block.lines)
                if block.text.strip() or block.path is not None:
                    yield block
            block = None
            continue
        block = block or _Block(number)
        if bare.startswith("//"):
            for name, value in _MARKED.findall(bare):
                (block.ids if name == "id" else block.tags).append(re.sub(r"\\(.)", r"\1", value).strip())
            block.lines.append("")
        elif bare.startswith(_CATEGORY):
            path = _path(bare[len(_CATEGORY) :])
            block.path = path
            block.lines.append("")
        else:
            block.lines.append(line)


def _path(text: str) -> tuple[str, ...]:
    """Return the names in the path of a category: `/` parts them, `//` is a slash."""
    parts = (folded(part.replace("\0", "/")) for part in text.replace("//", "\0").split("/"))
    return tuple(part for part in parts if part and part not in _TOPS)


def _signs(text: str, start: int = 0) -> Iterator[re.Match[str]]:
    """Yield the signs that have their meaning: those behind no backslash."""
    return (found for found in _SIGN.finditer(text, start) if found[0][0] != "\\")


def _told(text: str, form: str, *, own_form: bool = True) -> str:
    """Return a text for people: escapes undone, and no HTML unless it is plain. It may begin with its own format."""
    own = _FORMAT.match(text) if own_form else None
    form, text = (own[1], text[own.end() :]) if own else (form, text)
    # A line end in the file is white space, one that is written \n is meant.
    text = _ESCAPED.sub(lambda m: "\n" if m[1] == "n" else m[1], _LINE_END.sub(" ", text.strip()))
    if form in ("plain", "markdown"):
        return clean(text).strip()
    text = _TAG.sub("", _BREAKS.sub("\n", text))
    if form == "html" or "&" in text:
        text = html.unescape(text)
    return clean(re.sub(r"\n{3,}", "\n\n", text)).strip()


class _Answer(NamedTuple):
    """One answer as it stands: its sign (`=`, `~` or "" for none), its weight in percent, text and feedback."""

    sign: str
    weight: float | None
    text: str
    feedback: str
    spot: Spot

    @property
    def right(self) -> bool:
        """Whether it earns all."""
        return self.weight == 100 if self.weight is not None else self.sign != "~"


class _Parts(NamedTuple):
    """A question taken apart: before and behind the braces, and between them (None: there are none)."""

    title: str
    form: str
    before: str
    inside: str | None
    after: str
    start: int  # of what is inside
    general: str


def _question(block: _Block, draft: Draft) -> _Asked | None:
    """Return a question; None when it has a problem or is left out (both recorded)."""
    if not block.text.strip():
        return None
    parts = _parts(block, draft)
    if parts is None:
        return None
    spot = block.spot(len(block.text) - len(block.text.lstrip()))
    stem = _told(
        f"{parts.before}{BLANK}{parts.after}" if parts.after.strip() else parts.before, parts.form, own_form=False
    )
    name = shown(folded(_told(parts.title, "plain") or stem)) or "a question"
    why = _left_out(parts, stem)
    if why:
        draft.without(spot, name, why)
        return None
    before = len(draft.problems)
    fields = _fields(parts, stem, block, draft, name)
    if fields is None or len(draft.problems) > before:
        return None
    card, number = _id(block.ids, parts.title, stem)
    general = _told(parts.general, parts.form)
    if parts.inside == "":
        general = general.partition("\n\n")[2].strip()  # of an essay, its beginning is the answer
    return _Asked(card, number, spot, fields, general, tuple(block.tags))


def _left_out(parts: _Parts, stem: str) -> str:
    """Return why a sound question cannot be taken over; "" when it can, for all one sees at once."""
    whole = f"{parts.before}{parts.inside or ''}{parts.after}{parts.general}"
    if parts.inside is None:
        return "it has no answers (a description)"
    if not stem:
        return "it has no text"
    if _MEDIA.search(whole):
        return "it shows a picture or plays a sound, which does not travel in a text file"
    if parts.inside == "" and not parts.general.strip():
        return "an essay without a model answer; give it one behind ####"
    return ""


def _parts(block: _Block, draft: Draft) -> _Parts | None:
    """Take a question apart; None when its braces do not fit (recorded)."""
    text = block.text
    title, at = "", 0
    lead = len(text) - len(text.lstrip())
    if text.startswith("::", lead):
        end = next((m for m in _signs(text, lead + 2) if m[0] == "::"), None)
        if end is None:
            draft.problem(block.spot(lead), "a title is not closed", "write it as ::title::")
            return None
        title, at = text[lead + 2 : end.start()], end.end()
    own = _FORMAT.match(text, at)
    form, at = (own[1], own.end()) if own else ("moodle", at)
    braces = [m for m in _signs(text, at) if m[0] in "{}"]
    if not braces:
        return _Parts(title, form, text[at:], None, "", at, "")
    shape = "".join(m[0] for m in braces)
    if shape != "{}":
        wrong = braces[0] if shape[0] == "}" or len(shape) == 1 else braces[2 if shape[:2] == "{}" else 1]
        if shape == "{":
            what, mend = "a brace is not closed", "write } behind the answers, with no blank line before it"
        elif shape == "}":
            what, mend = "a brace closes that was not opened", r"write { before the answers, or \} for the sign itself"
        else:
            what, mend = "a second brace", r"write one set of answers to a question, and \{ or \} for the sign itself"
        draft.problem(block.spot(wrong.start()), what, mend)
        return None
    start, end_at = braces[0].end(), braces[1].start()
    general = next((m for m in _signs(text, start) if m[0] == "####" and m.start() < end_at), None)
    inside_end = general.start() if general else end_at
    inside = text[start:inside_end]
    after = text[braces[1].end() :]
    whole = _Parts(
        title, form, text[at : braces[0].start()], inside, after, start, text[general.end() : end_at] if general else ""
    )
    return whole if inside.strip() else whole._replace(inside="")


def _fields(parts: _Parts, stem: str, block: _Block, draft: Draft, name: str) -> list[Field] | None:
    """Return the question as fields of a deck: its kind follows from its answers, in Moodle's own order of rules."""
    inside, spot = parts.inside or "", block.spot(parts.start)
    ask = ("ask", text_at(stem, spot))
    if not inside:
        answer = _told(parts.general, parts.form).partition("\n\n")[0]
        return [ask, ("answer", text_at(answer, spot))]
    lead = len(inside) - len(inside.lstrip())
    if inside.startswith("#", lead):
        return _number(ask, _answers(parts, block, draft, parts.start + lead + 1, "="), draft, name)
    signs = {m[0] for m in _signs(inside)}
    if "~" in signs:
        return _choice(ask, _answers(parts, block, draft, parts.start, "=~"), draft, name)
    if "=" in signs and "->" in signs:
        return _match(ask, parts, block, draft)
    given = _answers(parts, block, draft, parts.start, "=")
    if not given:
        return None
    if not given[0].sign and given[0].text.strip().upper() in _TRUE | _FALSE:
        return _true_false(ask, parts, block)
    return _typed(ask, parts, given, draft, name, "kind:typed" not in block.tags)


def _answers(
    parts: _Parts, block: _Block, draft: Draft, start: int, signs: str, *, weighed: bool = True
) -> list[_Answer]:
    """Return the answers inside the braces from `start` on, each begun by one of `signs`; pairs are not `weighed`."""
    end = parts.start + len(parts.inside or "")
    cuts = [m for m in _signs(block.text[:end], start) if m[0] in signs]
    if len(cuts) > MOST_ANSWERS:
        draft.problem(block.spot(parts.start), f"{len(cuts)} answers", f"a question has {MOST_ANSWERS} at most")
        return []
    begins = [m.start() for m in cuts]
    if not cuts or block.text[start : begins[0]].strip():
        begins.insert(0, start)
    found = []
    for n, at in enumerate(begins):
        sign = block.text[at] if any(at == m.start() for m in cuts) else ""
        raw = block.text[at + len(sign) : begins[n + 1] if n + 1 < len(begins) else end]
        spot = block.spot(at)
        weight = _WEIGHT.match(raw) if weighed else None
        if weight:
            raw = raw[weight.end() :]
        elif weighed and raw.lstrip().startswith("%") and raw.count("%") > 1:
            draft.problem(spot, f"a weight that cannot be read: '{shown(raw.strip())}'", "write it as in %50%")
        feedback = next((m for m in _signs(raw) if m[0] == "#"), None)
        text, more = (raw[: feedback.start()], raw[feedback.end() :]) if feedback else (raw, "")
        told = text if signs == "=" else _told(text, parts.form)
        found.append(_Answer(sign, float(weight[1]) if weight else None, told, _told(more, parts.form), spot))
    return found


def _choice(ask: Field, given: Sequence[_Answer], draft: Draft, name: str) -> list[Field] | None:
    """Return a choice, or a select: where no option has `=`, Moodle lets people tick all with a weight above 0."""
    if not given:
        return None
    several = not any(answer.sign == "=" for answer in given)
    rights = [(a.weight or 0) > 0 if several else a.right for a in given]
    parts = [a for a, right in zip(given, rights, strict=True) if not several and not right and (a.weight or 0) > 0]
    for answer in parts:
        draft.without(
            answer.spot, f"the part mark of {answer.weight:g} % in '{name}'", "an option is right or wrong here"
        )
    options = []
    for answer, right in zip(given, rights, strict=True):
        why = [("why", text_at(answer.feedback, answer.spot))] if answer.feedback else []
        options.append(map_at([("right" if right else "wrong", text_at(answer.text, answer.spot)), *why], answer.spot))
    # Several that earn all, of which only one can be taken: any of them is right.
    choose: list[Field] = [("choose", text_at("1", given[0].spot))] if not several and sum(rights) > 1 else []
    return [ask, ("choices", seq_at(options, given[0].spot)), *choose]


def _true_false(ask: Field, parts: _Parts, block: _Block) -> list[Field]:
    """Return a choice between True and False. The first feedback is for a wrong answer, the second for a right one."""
    inside = parts.inside or ""
    cuts = [m.start() for m in _signs(inside) if m[0] == "#"]
    ends = [*cuts, len(inside)]
    pieces = [inside[a + 1 : b] for a, b in zip(cuts, ends[1:], strict=True)] + ["", ""]
    right = inside[: ends[0]].strip().upper() in _TRUE
    spot = block.spot(parts.start)
    options = []
    for text, is_right in (("True", right), ("False", not right)):
        why = _told(pieces[1 if is_right else 0], parts.form)
        of = [("right" if is_right else "wrong", text_at(text, spot)), *([("why", text_at(why, spot))] if why else [])]
        options.append(map_at(of, spot))
    return [ask, ("choices", seq_at(options, spot))]


def _match(ask: Field, parts: _Parts, block: _Block, draft: Draft) -> list[Field]:
    """Return a match; a right side without a left one is a distractor."""
    pairs: dict[str, Field] = {}
    distractors: list[Node] = []
    for answer in _answers(parts, block, draft, parts.start, "=", weighed=False):
        left, arrow, right = answer.text.partition("->")
        sides = _told(left, parts.form), _told(right, parts.form)
        if not arrow or not sides[1]:
            draft.problem(answer.spot, f"'{shown(folded(answer.text))}' is no pair", "write: =left -> right")
        elif not sides[0]:
            distractors.append(text_at(sides[1], answer.spot))
        elif sides[0] in pairs:
            draft.problem(answer.spot, f"'{shown(sides[0])}' stands twice on the left", "change or remove one")
        else:
            pairs[sides[0]] = (sides[0], text_at(sides[1], answer.spot))
    spot = block.spot(parts.start)
    more: list[Field] = [("distractors", seq_at(distractors, spot))] if distractors else []
    return [ask, ("match", map_at(pairs.values(), spot)), *more]


def _typed(
    ask: Field, parts: _Parts, given: Sequence[_Answer], draft: Draft, name: str, cloze: bool
) -> list[Field] | None:
    """Return a typed question, or a cloze where the answer is missing in the sentence."""
    spot, rights, wrongs = _spot(ask), [], []
    for answer in given:
        told = _told(answer.text, parts.form)
        text = told.replace(r"\*", "*")
        if _WILD.search(told):
            if answer.right or (answer.weight or 0) > 0:
                draft.without(answer.spot, f"'{shown(text)}' in '{name}'", "answers here have no wildcards")
        elif answer.right:
            rights.append(text)
        elif not answer.weight:
            wrongs.append(text)
        else:
            what = f"'{shown(text)}' in '{name}'"
            draft.without(answer.spot, what, f"a typed answer earns all or nothing here, not {answer.weight:g} %")
    if not rights:
        draft.without(spot, name, "no answer earns the full mark")
        return None
    accept: list[Field] = [("accept", seq_at((text_at(t, spot) for t in rights[1:]), spot))]
    reject: list[Field] = [("reject", seq_at((text_at(t, spot) for t in wrongs), spot))] if wrongs else []
    sentence = _sentence(str(ask[1]), rights[0]) if cloze else ""
    if sentence:
        return [("cloze", text_at(sentence, spot)), *(accept if rights[1:] else []), *reject]
    return [ask, ("answer", text_at(rights[0], spot)), *accept, *reject]


def _sentence(stem: str, answer: str) -> str:
    """Return the stem with the answer as its hole; "" where that would be read otherwise."""
    holes = list(_HOLE.finditer(stem))
    if len(holes) != 1:
        return ""
    before, after = stem[: holes[0].start()], stem[holes[0].end() :]
    sentence = f"{before}{{{{{answer}}}}}{after}"
    mark = Spot(0, 0)
    read = read_holes(map_at([("cloze", text_at(sentence, mark))], mark), Reading(""))
    return sentence if read == [("", Cloze(before, answer, after))] else ""


def _number(ask: Field, given: Sequence[_Answer], draft: Draft, name: str) -> list[Field] | None:
    """Return a number question: the first answer that earns all. Others are told."""
    found: list[Field] | None = None
    for answer in given:
        text = folded(_ESCAPED.sub(r"\1", answer.text))
        if not text and len(given) > 1 and not answer.sign:
            continue
        if not answer.right:
            if text != "*" and answer.weight:
                what = f"the part mark of {answer.weight:g} % in '{name}'"
                draft.without(answer.spot, what, "a number near the right one earns what its tolerance says")
            continue
        read = _span(text)
        if read is None:
            mend = "write it as in #80:5 (with a tolerance) or #60..80"
            draft.problem(answer.spot, f"'{shown(text)}' is no number", mend)
        elif found is None:
            found = [ask, *((field, text_at(value, answer.spot)) for field, value in read)]
        else:
            draft.without(answer.spot, f"'{shown(text)}' in '{name}'", "a number has one right value here, or a range")
    if found is None and not draft.problems:
        draft.without(_spot(ask), name, "no answer earns the full mark")
    return found


def _span(text: str) -> list[tuple[str, str]] | None:
    """Return the fields that a number with a tolerance (`80:5`) or a range (`60..80`) makes; None when it is none."""
    low, dots, high = text.partition("..")
    if dots:
        ends = [_decimal(low), _decimal(high)]
        if ends[0] is None or ends[1] is None:
            return None
        one, other = sorted(end for end in ends if end is not None)
        words = figures_of(one) if one == other else f"{figures_of(one)} to {figures_of(other)}"
        return [("number", words)]
    value, colon, tolerance = text.partition(":")
    middle, room = _decimal(value), _decimal(tolerance) if colon else Decimal(0)
    if middle is None or room is None or room < 0:
        return None
    return [("number", figures_of(middle)), *([("tolerance", figures_of(room))] if room else [])]


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip()) if _NUMBER.fullmatch(text.strip()) else None
    except InvalidOperation:
        return None


def _spot(field: Field) -> Spot:
    return Spot(field[1].mark.line, field[1].mark.column)


def _id(ids: Sequence[str], title: str, stem: str) -> tuple[str, int]:
    """Return the id of the card, and the number of the question in it (`card#2` is the second one)."""
    name, hash_, number = (ids[0] if ids else "").rpartition("#")
    if hash_ and number.isascii() and number.isdigit() and len(number) < 4 and _fits(name):
        return name, int(number)
    if ids and _fits(ids[0]):
        return ids[0], 0
    if ids and ids[0]:
        return derived_id("id", ids[0]), 0
    return (derived_id("title", title, stem) if title.strip() else derived_id(stem)), 0


def _fits(name: str) -> bool:
    family, slash, part = name.partition("/")
    return bool(ID.fullmatch(family)) and (not slash or bool(ID.fullmatch(part)))


def _cards(asked: Sequence[_Asked], draft: Draft) -> None:
    """Put the questions together to cards, and give the deck the title that all categories begin with."""
    paths = {one.path for one in asked}
    shared = len({path[:1] for path in paths}) == 1 and all(paths)
    if shared:
        draft.title = next(iter(paths))[0]
    cards: dict[str, list[_Asked]] = {}
    for one in asked:
        numbers = {other.number for other in cards.get(one.id, ())}
        if one.id in cards and (not one.number or one.number in numbers or 0 in numbers):
            line = cards[one.id][0].spot.line + 1
            draft.without(
                one.spot, "a question", f"one of the same id, or the same title and text, stands in line {line}"
            )
        else:
            cards.setdefault(one.id, []).append(one)
    siblings: dict[str, list[str]] = {}
    for name in cards:
        siblings.setdefault(name.partition("/")[0], []).append(name)
    for family, names in siblings.items():
        joined = _joined(family, [cards[name] for name in names]) if "/" in names[0] else None
        draft.cards += [_card(family, joined, shared)] if joined else [_card(n, cards[n], shared) for n in names]


def _joined(family: str, parts: Sequence[Sequence[_Asked]]) -> list[_Asked] | None:
    """Return the one cloze whose keyed holes were written as questions `family/key`; None when these are no such."""
    holes = []
    for asked in parts:
        fields = dict(asked[0].fields)
        found = _ONE_HOLE.fullmatch(str(fields.get("cloze", "")))
        if found is None or len(asked) > 1 or ("accept" in fields and len(parts) > 1):
            return None
        holes.append(Cloze(found[1], found[2], found[3]))
    if len({hole.whole for hole in holes}) > 1:
        return None
    first = parts[0][0]
    keys = [asked[0].id.removeprefix(f"{family}/") for asked in parts]
    return [first._replace(fields=[("cloze", text_at(keyed(keys, holes), first.spot)), *first.fields[1:]])]


def _card(name: str, asked: Sequence[_Asked], shared: bool) -> Map:
    """Return one card with its questions in the order of their numbers."""
    ordered = sorted(asked, key=lambda one: one.number)
    first = ordered[0]
    family, slash, part = name.partition("/")
    fields: list[Field] = [("id", text_at(f"{family}.{part}" if slash else name, first.spot))]
    topic = " / ".join(first.path[1 if shared else 0 :])
    if topic:
        fields.append(("topic", text_at(topic, first.spot)))
    if first.why:
        fields.append(("why", text_at(first.why, first.spot)))
    fields += _tagged(first)
    if len(ordered) == 1 and not first.number:
        return map_at([*fields, *first.fields, *_proof(first)], first.spot)
    questions = seq_at((map_at([*one.fields, *_proof(one)], one.spot) for one in ordered), first.spot)
    return map_at([*fields, ("questions", questions)], first.spot)


def _tagged(asked: _Asked) -> list[Field]:
    """Return the fields that stand in tags, and the other tags."""
    lists: dict[str, list[Node]] = {}
    single: dict[str, Node] = {}
    for tag in asked.tags:
        name, _, value = clean(tag, lines=False).partition(":")
        known = TAGGED.get(name, ())
        if not value or (known is not None and value not in known):
            if tag.strip():
                lists.setdefault("tags", []).append(text_at(clean(tag, lines=False), asked.spot))
        elif name in _MANY:
            lists.setdefault(_MANY[name], []).append(text_at(value, asked.spot))
        elif name not in ("proof", "kind"):
            single[name] = text_at(value, asked.spot)
    return [*single.items(), *((name, seq_at(items, asked.spot)) for name, items in lists.items())]


def _proof(asked: _Asked) -> list[Field]:
    return [("proof", text_at("true", asked.spot))] if "proof:true" in asked.tags else []
