"""`quiz study`: a session, on the screens or in lines."""

from __future__ import annotations

import gc
import os

from quiz.cli.call import Call
from quiz.cli.console import Signals, require_terminal
from quiz.desk import Desk, scope_of
from quiz.errors import UnreadableError, UsageError
from quiz.study.plan import Plan


def run(call: Call) -> int:
    """Ask what the options name. A deck file or folder among the names takes the place of the decks in use."""
    options = call.options
    if not options.plain:
        require_terminal()
    with call.desk([name for name in options.deck if _is_path(name)]) as desk:
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


def _is_path(name: str) -> bool:
    """Whether a name means a file or folder. Raises UnreadableError for a deck file that is not there."""
    if name.endswith((".yaml", ".yml")) and not os.path.lexists(name):
        raise UnreadableError(f"{name} is not there", "check the path")
    return os.path.lexists(name)


def _plan(call: Call, desk: Desk) -> Plan:
    """Return the plan that the options mean. Raises UsageError for a name that nothing has."""
    options, library = call.options, desk.library
    if library.empty:
        roots = ", ".join(map(str, library.roots))
        raise UsageError(
            f"there is no deck in {roots}", "decks are files ending in .yaml; begin one with: quiz new FILE"
        )
    scope = scope_of(
        library,
        options.deck,
        topics=tuple(options.topic),
        procedures=tuple(options.procedure),
        audiences=tuple(options.audience),
        safety=options.safety,
    )
    return desk.plan(scope, options.limit, options.minutes, options.seed)
