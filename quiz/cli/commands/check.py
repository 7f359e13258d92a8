"""`quiz check`: are the decks sound, and on request good, and can their choices be guessed?"""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from quiz.check.files import Checked, check_files
from quiz.cli.call import Call
from quiz.errors import UnreadableError
from quiz.memory.days import date_of, study_day
from quiz.text import counted

if TYPE_CHECKING:
    from quiz.check.guess import Guessed
    from quiz.check.rules import Finding, Material


def run(call: Call) -> int:
    """Print every problem in its place; return 1 if there is any that a deck must not have."""
    if call.options.list:
        return _list(call)
    checked = check_files(_roots(call))
    material = _material(call, checked) if call.options.rules or call.options.guess else None
    found: list[Finding] = []
    if material and call.options.rules:
        from quiz.check.rules import look

        found = look(material)
    guessed = None
    if material and call.options.guess:
        from quiz.check.guess import guess

        guessed = guess(material)
    bad = checked.problems or any(one.severity == "error" for one in found)
    leaks = guessed and not all(attack.held for attack in guessed.attacks)
    if call.options.json:
        _as_json(call, checked, found, guessed)
    else:
        _in_words(call, checked, found, guessed)
    return 1 if bad or leaks else 0


def _roots(call: Call) -> list[Path]:
    """Return what is to be checked: what was named, else all decks in use."""
    roots = [Path(path) for path in call.options.path]
    for root in roots:
        if not os.path.lexists(root):
            raise UnreadableError(f"{root} is not there", "check the path")
    if not roots:
        with call.library() as library:
            roots = list(library.roots)
    return roots


def _material(call: Call, checked: Checked) -> Material:
    from quiz.check.rules import Material

    return Material(checked.decks, checked.sources, checked.sessions, date_of(study_day(*call.clock.now())))


def _list(call: Call) -> int:
    """Print the rules, a line each."""
    from quiz.check.rules import in_order

    if call.options.json:
        call.console.document([{"rule": r.id, "severity": r.severity, "says": r.says} for r in in_order()])
        return 0
    for rule in in_order():
        call.console.say(f"{rule.id:<4}{rule.severity:<9}{rule.says}")
    return 0


def _as_json(call: Call, checked: Checked, found: list[Finding], guessed: Guessed | None) -> None:
    problems = [problem.as_json() for problem in checked.problems] + [one.as_json() for one in found]
    if not call.options.guess:
        call.console.document(problems)
        return
    told = {name: value for name, value in asdict(guessed).items() if name != "easiest"} if guessed else None
    if told and guessed:
        told["easiest"] = [
            {"file": one.card.file, "line": one.line, "card": one.card.family} for one in guessed.easiest
        ]
    call.console.document({"problems": problems, "guess": told})


def _in_words(call: Call, checked: Checked, found: list[Finding], guessed: Guessed | None) -> None:
    for line in (*checked.problems, *found):
        call.console.say(str(line))
    if guessed:
        _guessed(call, guessed)
    elif call.options.guess:
        call.console.say("Too few choices to tell skill from luck: the guessers need 40.")
    cards, questions = counted(checked.cards, "card"), counted(checked.questions, "question")
    errors = len(checked.problems) + sum(one.severity == "error" for one in found)
    warnings = sum(one.severity == "warning" for one in found)
    parts = [counted(errors, "problem")] * bool(errors) + [counted(warnings, "warning")] * bool(warnings)
    result = ", ".join(parts) or "no problems"
    call.console.say(f"{cards}, {questions} in {counted(checked.files, 'file')}: {result}")


def _guessed(call: Call, guessed: Guessed) -> None:
    """Print how each guesser did."""
    say = call.console.say
    say(f"{counted(guessed.questions, 'choice')}. Right by chance: {guessed.chance:.1%}.")
    for attack in guessed.attacks:
        verdict = "within" if attack.held else "ABOVE"
        say(f"{attack.id:<4}{attack.takes:<37}{attack.score:6.1%}  {verdict} the bound of {attack.bound:.1%}")
    cue, weight = guessed.cues[0]
    say(f"The cue that gives most away: {cue} ({weight:+.2f} in the learned mix).")
    if guessed.words:
        say("Words that stand mostly on one side (in keys, in wrong options):")
        say("  " + ", ".join(f"{word}… {keys}/{wrong}" for word, keys, wrong in guessed.words))
    if not all(attack.held for attack in guessed.attacks):
        say("Easiest to guess:")
        for asked in guessed.easiest:
            say(f"  {asked.card.file}:{asked.line}: {asked.question.key}")
