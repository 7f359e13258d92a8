"""`quiz check`: are the decks sound?"""

from __future__ import annotations

import os
from pathlib import Path

from quiz.check.files import check_files
from quiz.cli.call import Call
from quiz.errors import UnreadableError
from quiz.text import counted


def run(call: Call) -> int:
    """Print every problem in its place; return 1 if there is any."""
    roots = [Path(path) for path in call.options.path]
    for root in roots:
        if not os.path.lexists(root):
            raise UnreadableError(f"{root} is not there", "check the path")
    if not roots:
        with call.library() as library:
            roots = list(library.roots)
    checked = check_files(roots)
    if call.options.json:
        call.console.document([problem.as_json() for problem in checked.problems])
        return 1 if checked.problems else 0
    for problem in checked.problems:
        call.console.say(str(problem))
    cards, questions = counted(checked.cards, "card"), counted(checked.questions, "question")
    result = counted(len(checked.problems), "problem") if checked.problems else "no problems"
    call.console.say(f"{cards}, {questions} in {counted(checked.files, 'file')}: {result}")
    return 1 if checked.problems else 0
