"""`quiz study`: a session, on the screens or in lines."""

from __future__ import annotations

import gc
from argparse import Namespace
from contextlib import closing
from dataclasses import replace

from quiz.cli.call import Call
from quiz.cli.choosing import chosen, is_path
from quiz.cli.console import Signals, require_terminal
from quiz.deck.scope import Scope
from quiz.desk import Desk
from quiz.errors import UsageError
from quiz.study.plan import Mode, Plan


def run(call: Call) -> int:
    """Ask what the options name. A deck file or folder among the names takes the place of the decks in use."""
    options = call.options
    if not options.plain:
        require_terminal()
    with call.session([name for name in options.deck if is_path(name)]) as desk:
        plan, resume = _plan(call, desk), options.seed is None
        if not options.plain:
            return call.tui(desk, plan, resume)
        from quiz.cli.plain import LineMode

        gc.freeze()
        gc.enable()
        with Signals() as signals:
            session = desk.session(plan, resume=resume)
            LineMode(desk, session, call.console, signals).run()
    return 0


def _plan(call: Call, desk: Desk) -> Plan:
    """Return the plan that the options mean. Raises UsageError for a name that nothing has."""
    options = call.options
    scope = chosen(desk.library, options, tuple(options.topic))
    mode = _mode(options)
    if options.drill is not None:
        if options.filter is not None or scope != Scope():
            raise UsageError("--drill takes the card and its look-alikes alone", "leave the other choices out")
        return desk.drill(options.drill, options.limit, options.minutes, options.seed)
    if options.filter is not None:
        scope = replace(scope, cards=_found(desk, options.filter))
    if mode == "contrast" and not desk.library.contrasts(scope):
        raise UsageError("no cards here are look-alikes of each other", "choose other decks, or none to take them all")
    return desk.plan(scope, options.limit, options.minutes, options.seed, mode)


def _found(desk: Desk, text: str) -> tuple[str, ...]:
    """Return the cards that a filter finds, those most worth it now. Raises UsageError for one that cannot be read."""
    from quiz.deck.filter import Fault
    from quiz.report.search import MOST_STUDIED, askable, read

    with closing(desk.history.reader()) as db:
        tree = read(db, text)
        if isinstance(tree, Fault):
            raise UsageError(f"--filter, column {tree.column}: {tree.what}", tree.mend)
        found = askable(db, tree, desk.history.today(), MOST_STUDIED)
    if not found:
        raise UsageError("no card that may be asked fits this filter", "quiz opens Browse with b: it lists what fits")
    return tuple(found)


def _mode(options: Namespace) -> Mode:
    """Return the way of study. Raises UsageError for two at once."""
    ways: dict[str, tuple[Mode, bool]] = {
        "contrast": ("contrast", options.contrast),
        "drill": ("contrast", options.drill is not None),
        "pretest": ("pretest", options.pretest),
        "cram": ("cram", options.command == "cram"),
    }
    wanted = {name: mode for name, (mode, there) in ways.items() if there}
    if len(wanted) > 1:
        raise UsageError(f"{' and '.join(wanted)} do not go together", "choose one of them")
    return next(iter(wanted.values()), "refresher" if options.safety else "study")
