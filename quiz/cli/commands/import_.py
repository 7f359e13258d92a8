"""`quiz import FILE`: cards and answers of other programs, shown first, taken in as one step, and taken back as one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from quiz.cli import left_out
from quiz.cli.call import Call
from quiz.deck.scope import Scope
from quiz.errors import UsageError
from quiz.exchange.files import MOST_TOLD, RefusedError
from quiz.exchange.importing import Planned, carry_out, plan, read, take_back
from quiz.text import counted

if TYPE_CHECKING:
    from quiz.exchange.importing import Held
    from quiz.exchange.parcel import Parcel
    from quiz.store.history import History


def run(call: Call) -> int:
    """Show what a file brings and, without `--dry-run`, take it in; 1 when it has to be mended first."""
    options = call.options
    if options.undo:
        if options.file or options.dry_run:
            raise UsageError("--undo takes no file and nothing beside it", "it takes the last import back")
        return _undo(call)
    if not options.file:
        raise UsageError("no file is named", "as in: quiz import cards.csv, or: quiz import --undo")
    path = Path(options.file)
    with ExitStack() as stack:

        @cache
        def opened() -> History:
            return stack.enter_context(call.history())

        parcel = _read(call, path, lambda: opened().settings.rollover)
        history = opened() if parcel.events else None  # a deck alone needs none
        planned = plan(path, parcel, call.paths, _held(call, parcel), history)
        _show(call, planned)
        if options.dry_run:
            call.console.say("Nothing was written (--dry-run).")
        elif planned.nothing:
            call.console.say("Nothing to do: all of it is there already.")
        else:
            copy = carry_out(planned, call.paths, history)
            if planned.deck and planned.content != planned.before:
                call.console.say(f"Written to {planned.deck}")
            if not planned.joined:
                call.console.say("Take it back with: quiz import --undo")
            elif copy:
                call.console.say(f"Your history as it was: quiz backup --restore {copy.name} --exactly")
    return 0


def _read(call: Call, path: Path, rollover: Callable[[], int]) -> Parcel:
    """Read the file; where it is refused, say each problem before that is raised."""
    try:
        return read(path, rollover)
    except RefusedError as error:
        for problem in error.problems[:MOST_TOLD]:
            call.console.say(str(problem))
        if len(error.problems) > MOST_TOLD:
            call.console.say(f"… and {counted(len(error.problems) - MOST_TOLD, 'more problem')}")
        raise


def _held(call: Call, parcel: Parcel) -> Held:
    """Return what tells which deck file holds a card."""
    if not parcel.cards:
        return lambda _: None
    wanted = {str(card.get("id")) for card in parcel.cards}
    with call.library() as library:
        one_of = {listed.family: listed.id for listed in library.within(Scope()) if listed.family in wanted}
        files = {family: card.file for family, name in one_of.items() if (card := library.card(name))}
    return files.get


def _show(call: Call, planned: Planned) -> None:
    """Say what comes, and what is left out and why."""
    say = call.console.say
    if planned.cards:
        parts = [(planned.new, "new"), (planned.changed, "changed"), (planned.same, "the same")]
        told = ", ".join(f"{len(some)} {word}" for some, word in parts)
        number = len(planned.new) + len(planned.changed) + len(planned.same)
        say(f"{planned.file}: {counted(number, 'card')} ({told})")
    else:
        say(f"{planned.file}: no cards to take in")
    if planned.gone:
        some = ", ".join(planned.gone[:5]) + (" …" if len(planned.gone) > 5 else "")
        say(f"{counted(len(planned.gone), 'card')} no longer in it, so no longer in the deck: {some}")
    events = len(planned.fresh) + len(planned.again) + planned.known
    if events:
        answers = sum(event.kind == "answer" for event in planned.fresh)
        again = f", {len(planned.again)} taken back before" if planned.again else ""
        what = counted(events, "entry", "entries")
        told = f"{len(planned.fresh)} new (of them {counted(answers, 'answer')}){again}, {planned.known} here already"
        say(f"{what} of a history: {told}")
    if planned.joined and not planned.nothing:
        say("They are joined as in a sync: 'quiz import --undo' does not take them back.")
    for line in left_out.told(planned.left_out, MOST_TOLD):
        say(line)


def _undo(call: Call) -> int:
    with call.history() as history:
        done = take_back(call.paths, history)
    call.console.say(f"The import of {done.file} is taken back.")
    if done.deck:
        call.console.say(f"{done.deck} {'is removed' if done.removed else 'is as it was before'}.")
    if done.answers:
        call.console.say(f"{counted(done.answers, 'entry', 'entries')} of the history no longer count.")
    return 0
