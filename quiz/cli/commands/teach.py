"""`quiz teach`: a patient session, on the screens or in lines. Nothing about the person is kept."""

from __future__ import annotations

import os
from pathlib import Path

from quiz.cli.call import Call
from quiz.cli.console import Signals, require_terminal
from quiz.deck.lessons import Lessons, TeachPlan, open_lessons
from quiz.desk import deck_roots
from quiz.errors import UnreadableError
from quiz.report.pages import target_for_page


def run(call: Call) -> int:
    """Teach one procedure. What cannot work later, such as a page that may not be written, is said at once."""
    options = call.options
    if not options.plain:
        require_terminal("quiz teach --plain")
    target = target_for_page(options.to) if options.to is not None else None
    lessons = _lessons(call)
    session = lessons.session(options.procedure) if options.procedure is not None else None
    if not options.plain:
        with call.desk() as desk:
            return call.tui(desk, TeachPlan(lessons, session, target), True)
    from quiz.cli.teaching import TeachingMode

    with Signals() as signals:
        TeachingMode(lessons, call.console, signals, target).run(session)
    return 0


def _lessons(call: Call) -> Lessons:
    """Read the patient sessions. Raises UnreadableError where `--local` names no file."""
    local = Path(call.options.local) if call.options.local is not None else call.paths.local
    if call.options.local is not None and not os.path.lexists(local):
        raise UnreadableError(f"{local} is not there", "check the path after --local")
    return open_lessons(deck_roots(call.paths, call.decks), local)
