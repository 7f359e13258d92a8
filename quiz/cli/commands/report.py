"""`quiz report`: the record of competency or the progress page as a file, and the check of a record."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from quiz.cli.call import Call
from quiz.errors import UsageError
from quiz.memory import date_of
from quiz.report.pages import target_for_page
from quiz.report.record import EXAM, REFRESHER
from quiz.report.record_file import ENDINGS, check, write
from quiz.report.record_page import summary
from quiz.report.recording import chosen, exams, record_of, refreshers


def run(call: Call) -> int:
    """Write the record of the latest refresher (or exam), or the progress; or say whether a record is unchanged."""
    options = call.options
    if options.check is not None:
        if options.exam or options.progress or options.name or options.session or options.day:
            raise UsageError("--check takes a file alone", "leave the other options out")
        return _check(call, Path(options.check))
    target = target_for_page(options.to, ENDINGS)
    if options.progress:
        if options.name or options.session or options.day:
            raise UsageError("--progress is about all sessions until now", "leave --name, --session and --day out")
        return _progress(call, target)
    about = EXAM if options.exam else REFRESHER
    with call.desk() as desk, closing(desk.history.reader()) as db:
        there = exams(db) if options.exam else refreshers(db)
        held = chosen(there, about, options.session, options.day)
        record = record_of(db, held, about, desk.paths.name, desk.clock.now(), options.name or "")
        write(record, target)
    call.console.say(f"{summary(record)} Written to {target}.")
    others = [h.id for h in there if h.day == held.day and h.id != held.id]
    if others and options.session is None:
        call.console.say(f"Others of {date_of(held.day)}, for --session: {', '.join(others)}")
    return 0


def _progress(call: Call, target: Path) -> int:
    from quiz.report.progress_page import write as write_progress
    from quiz.report.standing import standing

    with call.desk() as desk, closing(desk.history.reader()) as db:
        settings = desk.history.settings
        *_, found = standing(db, desk.history.today(), desk.asker())
        write_progress(found, desk.paths.name, settings.retention, target)
    call.console.say(f"Progress written to {target}.")
    return 0


def _check(call: Call, path: Path) -> int:
    found = check(path)
    call.console.say(f"{path}: {found.said}")
    return 0 if found.unchanged else 1
