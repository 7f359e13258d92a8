"""`quiz export --to FILE`: the history as JSON lines, or cards as a table, as GIFT or as an Anki package."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from quiz.cli import left_out
from quiz.cli.call import Call
from quiz.errors import UnreadableError, UsageError
from quiz.text import counted
from quiz.whole import whole_file

if TYPE_CHECKING:
    from quiz.deck.model import Card
    from quiz.exchange.parcel import LeftOut
    from quiz.store.history import History

_TOLD = 100  # reasons why something was left out
CARDS = (".csv", ".tsv", ".gift", ".apkg")


def run(call: Call) -> int:
    """Write what the ending of the file says. The file is whole or not there, and no other is written over."""
    options = call.options
    target = Path(options.to)
    ending = target.suffix.lower()
    if ending not in (".jsonl", *CARDS):
        mend = f"the history is written as .jsonl, cards as {', '.join(CARDS)}"
        raise UsageError(f"{target} has no ending that is known", mend)
    if os.path.lexists(target):
        raise UsageError(f"{target} is there already", "name a new file")
    if ending == ".jsonl":
        if options.deck or options.history:
            raise UsageError("the history is written as a whole", "leave the decks and --history out")
        return _history(call, target)
    if options.history and ending != ".apkg":
        raise UsageError(f"{ending} cannot hold a history", "write it as .jsonl, or cards with it as .apkg")
    return _cards(call, target, ending)


def _history(call: Call, target: Path) -> int:
    """Write all events, one a line, in the order of study."""
    with call.history() as history:
        number = _write(target, (event.as_json() for event in history.events()))
    call.console.say(f"{counted(number, 'event')} written to {target}")
    return 0


def _cards(call: Call, target: Path, ending: str) -> int:
    """Write the cards of the decks named (of all in use, if none is), and say what the format cannot hold."""
    title, cards = _chosen(call)
    with call.history() if call.options.history else nullcontext() as history:
        gone = _written(target, ending, title, cards, history)
    entries = len({card.family for card in cards})
    there = entries - sum(one.cards for one in gone)
    what = counted(entries, "card") if there == entries else f"{there} of {counted(entries, 'card')}"
    call.console.say(f"{what} written to {target}")
    for line in left_out.told(gone, _TOLD):
        call.console.say(line)
    return 0


def _chosen(call: Call) -> tuple[str, Sequence[Card]]:
    """Return the cards that are meant, and a title for them."""
    from quiz.cli.choosing import is_path
    from quiz.desk import open_library, scope_of

    names = call.options.deck
    library = open_library(call.paths, (*call.decks, *(name for name in names if is_path(name))))
    try:
        scope = scope_of(library, names)
        wanted = {listed.id for listed in library.within(scope)}
        cards = [card for card in library.cards() if card.id in wanted]
    finally:
        library.close()
    if not cards:
        raise UsageError("there is no card to write", "name a deck: quiz decks lists them")
    titles = {card.deck for card in cards}
    return (cards[0].deck if len(titles) == 1 else Path(call.options.to).stem), cards


def _written(
    target: Path, ending: str, title: str, cards: Sequence[Card], history: History | None
) -> tuple[LeftOut, ...]:
    """Write cards in the format of the ending; return what it cannot hold."""
    if ending == ".gift":
        from quiz.exchange.gift_out import write_gift

        return write_gift(target, title, cards)
    if ending == ".apkg":
        from quiz.exchange.anki_out import write_apkg

        if history is not None:
            return write_apkg(target, title, cards, history.events(), params=history.params)
        return write_apkg(target, title, cards)
    from quiz.exchange.csv_out import write_csv

    return write_csv(target, title, cards)


def _write(target: Path, lines: Iterable[str]) -> int:
    """Write the lines into a new file; return how many there were."""
    number = 0
    try:
        with whole_file(target) as file:
            for line in lines:
                file.write(f"{line}\n".encode())
                number += 1
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableError(f"{target} cannot be written ({reason})", "check the folder and its rights") from error
    return number
