"""`quiz sync FOLDER`: exchange the history with other devices through a folder."""

from __future__ import annotations

from pathlib import Path

from quiz.cli.call import Call
from quiz.cli.telling_sync import lines_of
from quiz.errors import UsageError
from quiz.store.sync import sync


def run(call: Call) -> int:
    """Sync with the folder that is named, else with that of the settings. 1 if something in it is not right."""
    with call.history() as history:
        folder = call.options.folder if call.options.folder is not None else history.settings.sync
        if not folder:
            raise UsageError("no folder is named", "quiz sync FOLDER, or once for all: quiz config sync FOLDER")
        report = sync(history, Path(folder))
    if call.options.json:
        call.console.document(
            {
                "folder": str(report.folder),
                "events_in": report.came,
                "events_out": report.went,
                "cards_changed": report.cards,
                "undos_waiting": report.waiting,
                "problems": [{"file": f.file, "line": f.line or None, "what": f.what} for f in report.faults],
                "mended": list(report.mended),
                "due_by_other_weights": report.weighed and {"before": report.weighed[0], "after": report.weighed[1]},
            }
        )
    else:
        for line in lines_of(report):
            call.console.say(line)
    return 1 if report.faults else 0
