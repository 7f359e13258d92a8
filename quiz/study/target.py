"""An exam date that is studied for: the day, the cards it is about, and the session that the last sixth asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date

from quiz.deck.scope import Scope
from quiz.errors import UsageError
from quiz.memory import DEFAULT_PARAMS, Memory, Params, StudyDay, date_of, day_of
from quiz.memory.exam import sprint_begins, worth
from quiz.store.history import Candidate
from quiz.text import clean, nearest

OFF = "off"
FARTHEST = 3 * 365 + 1  # days: nothing is foreseen beyond
_FIELDS = {"deck": "decks", "topic": "topics", "procedure": "procedures", "audience": "audiences"}
_MEND = "give a date and, if you like, which cards, as in: 2027-01-15 procedure:sdr"
_DATE = re.compile(r"([1-9][0-9]{3})-([0-9]{2})-[0-9]{2}")
_WORDS = re.compile(r'(?:"[^"]*"|[^\s"])+')  # parted by spaces, but for those within quotes
_VALUE = r'"(?:[^"]|"")*"|[^,"]+'  # as it is, or within quotes, where one that belongs to it is written twice
_ONE = re.compile(_VALUE)
_LIST = re.compile(f"(?:{_VALUE})(?:,(?:{_VALUE}))*")


@dataclass(frozen=True, slots=True)
class Target:
    """The exam is on `day`, about the cards of `scope`; it was set on `since`.

    `scope.decks` holds the words that the learner wrote: `Library.named` knows which files they mean.
    """

    since: StudyDay
    day: StudyDay
    scope: Scope = field(default_factory=Scope)

    @property
    def begins(self) -> StudyDay:
        """The study day from which cards are ranked by what they gain."""
        return sprint_begins(self.since, self.day)

    def sprints_on(self, day: StudyDay) -> bool:
        """Whether cards are ranked so on a day: from `begins` to the day before the exam."""
        return self.begins <= day < self.day

    def within(self, scope: Scope, named: Callable[[Sequence[str]], tuple[tuple[str, ...], list[str]]]) -> Scope | None:
        """Return the cards of a scope that the exam is about; None where there is none. `named`: `Library.named`."""
        decks, unknown = named(self.scope.decks)
        return None if unknown and not decks else common(scope, replace(self.scope, decks=decks))

    def __str__(self) -> str:
        words = [f"{date_of(self.since)}..{date_of(self.day)}"]
        for word, column in _FIELDS.items():
            values = getattr(self.scope, column)
            words += [f"{word}:{','.join(map(_quoted, values))}"] if values else []
        return " ".join([*words, *(["is:safety"] if self.scope.safety else [])])


def read_target(text: str, today: StudyDay) -> Target | None:
    """Return the exam that a text means, None for "off" or nothing.

    The text is a date, or two joined by `..` of which the first is the day on which the exam was set (else `today`),
    and then fields as in the filter language, all of which have to hold: deck, topic, procedure, audience, is:safety.
    Several values are parted by commas; one with spaces, commas or quotes stands in quotes, and its own are doubled.

    Raises UsageError for anything else, and for an exam that is not after the day on which it is set, that is set on a
    day still to come, or that is more than `FARTHEST` days ahead.
    """
    target = _read(text, today)
    if target is not None and target.since > today:
        raise UsageError(f"{date_of(target.since)} is still to come", "write the date of the exam alone")
    if target is not None and target.day > today + FARTHEST:
        years = round(FARTHEST / 365)
        raise UsageError(f"the exam on {date_of(target.day)} is more than {years} years ahead", "check the year")
    return target


def _read(text: str, today: StudyDay) -> Target | None:
    line = clean(text, lines=False)
    if line.count('"') % 2:
        raise UsageError("a quote is opened and not closed", 'write it as in: 2027-01-15 topic:"red flags"')
    words = _WORDS.findall(line)
    if not words or [word.casefold() for word in words] == [OFF]:
        return None
    first, _, last = words[0].rpartition("..")
    since, day = _day(first) if first else today, _day(last)
    if day <= since:
        raise UsageError(f"the exam on {date_of(day)} is not ahead", f"give a date after {date_of(since)}")
    return Target(since, day, _scope(words[1:]))


def kept_target(text: str) -> Target | None:
    """Return the exam of a kept setting; None where it cannot be read (another program may have written it)."""
    if ".." not in text.partition(" ")[0]:
        return None
    try:
        return _read(text, StudyDay(0))
    except UsageError:
        return None


def common(one: Scope, other: Scope) -> Scope | None:
    """Return the scope of cards that are in both; None if their fields leave none.

    Of two lists of audiences, only what both name is taken: a card for either may be left out.
    """
    values: dict[str, tuple[str, ...] | bool] = {"safety": one.safety or other.safety}
    for name in (each.name for each in fields(Scope) if each.name != "safety"):
        a, b = getattr(one, name), getattr(other, name)
        both = tuple(value for value in a if value in b) if a and b else a or b
        if a and b and not both:
            return None
        values[name] = both
    return Scope(**values)  # type: ignore[arg-type]


def by_worth(
    candidates: Iterable[Candidate], day: StudyDay, exam: StudyDay, params: Params = DEFAULT_PARAMS
) -> list[Candidate]:
    """Return the cards worth asking on `day`, those first that gain most by the exam for each second they take.

    A must-pass card counts twice. New cards stay in the order in which they come.
    """
    new = worth(None, day, exam, params)
    ranked = []
    for candidate in candidates:
        gained = gain(candidate.memory, candidate.safety, day, exam, params, new)
        if gained > 0:
            ranked.append((gained, candidate))
    ranked.sort(key=lambda pair: -pair[0])
    return [candidate for _, candidate in ranked]


def gain(
    memory: Memory | None,
    safety: bool,
    day: StudyDay,
    exam: StudyDay,
    params: Params = DEFAULT_PARAMS,
    new: float | None = None,
) -> float:
    """Return what asking a card on `day` gains by the exam for each second. `new`: that of a new card, where known."""
    gained = new if memory is None and new is not None else worth(memory, day, exam, params)
    return 2 * gained if safety else gained


def _day(word: str) -> StudyDay:
    try:
        return day_of(date.fromisoformat(word))
    except ValueError:
        raise UsageError(f"'{word}' is no date{_days_of(word)}", _MEND) from None


def _days_of(word: str) -> str:
    """Say how many days the month of a date has, "" where that is not what is wrong."""
    found = _DATE.fullmatch(word)
    if found is None or not 1 <= int(found[2]) <= 12:
        return ""
    from calendar import monthrange  # only a mistake needs it

    first = date(int(found[1]), int(found[2]), 1)
    return f": {first:%B %Y} has {monthrange(first.year, first.month)[1]} days"


def _scope(words: Iterable[str]) -> Scope:
    values: dict[str, tuple[str, ...]] = {}
    safety = False
    for word in words:
        name, colon, value = word.partition(":")
        if word.casefold() == "is:safety":
            safety = True
        elif word.casefold() == "and":
            continue  # as the filter language has it
        elif name.casefold() in _FIELDS and not (found := _values(value)):
            raise UsageError(
                f"'{word}' names nothing", f"write a name right behind '{name.casefold()}:', several parted by commas"
            )
        elif not colon or name.casefold() not in _FIELDS:
            guess = nearest(name.casefold(), tuple(_FIELDS)) if colon else None
            mend = f"did you mean '{guess}:{value}'?" if guess and value else f"fields: {', '.join(_FIELDS)}, is:safety"
            raise UsageError(f"an exam cannot be about '{word}'", mend)
        else:
            column = _FIELDS[name.casefold()]
            values[column] = (*values.get(column, ()), *found)
    return Scope(**values, safety=safety)


def _values(text: str) -> tuple[str, ...]:
    """Return the values that stand there, parted by commas; nothing where one is missing or cannot be read."""
    found = _ONE.findall(text) if _LIST.fullmatch(text) else []
    values = tuple(each[1:-1].replace('""', '"') if each.startswith('"') else each for each in found)
    return values if all(value.strip() for value in values) else ()


def _quoted(value: str) -> str:
    """Return a value as it is written."""
    doubled = value.replace('"', '""')
    return f'"{doubled}"' if re.search(r'[\s,"]', value) else value
