"""The commands and their options, and one line for each way to get them wrong."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, NoReturn

from quiz import __version__
from quiz.errors import UsageError
from quiz.text import clean, nearest

SEE = "see quiz --help"
WITH_JSON = frozenset({"backup", "decks", "due", "stats", "card", "check", "config", "paths", "doctor", "sync", "fit"})
_ABOUT = "Learn rhizotomy in the terminal. Without a command, 'quiz' opens its home screen."
_PLAIN = """\
The line mode (--plain) asks in lines of text: for screen readers, simple terminals and pipes.
With a pipe it reads one answer a line:
  a choice     the number of the option
  a blank      the words
  a flip card  your rating: 1 Again, 2 Hard, 3 Good, 4 Easy (its answer is printed after)
  ?            I don't know
An answer may end in !l, !m or !h: how sure you were (low, middle, high).
A line that begins with ':' is a command:
  :undo              take the last answer back and ask again
  :rate N            change the rating of the last answer (1 to 4)
  :source            the sources of the card answered last
  :flag TEXT         note that something is wrong with the card on the screen
  :suspend, :bury    leave this card out for good, or until tomorrow
  :help, :quit       these words; stop (the session goes on at the same question)
"""
_REPORT = """\
Without --exam or --progress it is the record of the latest safety refresher: what was passed on proof, to be filed.
With --progress it is a page for yourself or a tutor: what you know by topic and procedure, what comes in 30 days, what
you kept, the time it took. It stands alone (no network) and prints well; .csv holds its numbers, a row for each.
  quiz report --progress --to progress.html
"""
_STATS = """\
--json gives one document: shares are 0 to 1, study days dates, and what needs answers is null without any.
  mastery, topics, procedures   recalled now; median_stability_days (how long half of the cards met stay above 90 %),
                                lasting (21 days or more), proven of provable (on a question held back from practice)
  retention                     the first answer of a day of cards met before: all, young, mature (21 days or more)
  forecast                      30 days: due (as scheduled now), reviews and minutes, the same with new cards
  minutes_a_day, days, calendar the time spent, the last 30 days, the answers of 26 weeks
  calibration, model_calibration    said and right: by how sure you were, and by the odds of the memory model
  hardest, danger, exams, last_refresher
  leeches                       the 50 forgotten most; leech_count says how many there are
"""
_EXAM = """\
On the screens 'quiz exam' alone lets you set the exam up, or go on with the one you left; with options it begins.
The line mode (--plain) takes one answer a line, as 'quiz study --plain' does, and these commands:
  :next, :back, :go N   leave the question as it is and go to another
  :flag                 flag the question for later, or take the flag off
  :list, :time          which questions are answered, empty and flagged; the clock
  :pause, :quit         stop the clock; leave ('quiz exam' goes on at the same question, on any day)
  :hand-in              end the exam; then come the result and the review
By pipe, the exam is handed in when no question is empty; the end of the input pauses it.
An answer that only you can mark is marked at the end: y or n.
A huddle (--group) takes the hands for each option in their order, as in: 3 10 2 0
"""


class _Parser(argparse.ArgumentParser):
    """Tells what is wrong in one line, with the nearest name that is known."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message.removeprefix("argument "), f"see {self.prog} --help")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.dest == "command" and action.choices is not None and value not in action.choices:
            raise UsageError(f"there is no command '{clean(value, lines=False)}'", _mend(value, _COMMANDS))
        super()._check_value(action, value)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return the options; `command` is None for the home screen. Raises UsageError, and SystemExit for help."""
    parser, commands = _parsers(argv)
    options, rest = parser.parse_known_args(argv)
    if rest:
        _refuse(rest[0], options.command, commands.get(options.command, parser))
    if options.json and options.command not in WITH_JSON:
        name = f"quiz {options.command}" if options.command else "the home screen"
        raise UsageError(f"{name} cannot print JSON", f"--json goes with: {', '.join(sorted(WITH_JSON))}")
    return options


def _refuse(word: str, command: str | None, parser: argparse.ArgumentParser) -> NoReturn:
    """Raise UsageError for an argument that nobody took."""
    given = clean(word, lines=False)
    if word.startswith("-"):
        options = [name for action in parser._actions for name in action.option_strings]
        raise UsageError(f"there is no option '{given.partition('=')[0]}'", _mend(word.partition("=")[0], options))
    raise UsageError(f"'quiz {command}' does not take '{given}'", f"see quiz {command} --help")


def _mend(word: str, known: Iterable[str]) -> str:
    guess = nearest(word, set(known))
    return f"did you mean '{guess}'? ({SEE})" if guess else SEE


def _parsers(argv: Sequence[str]) -> tuple[_Parser, dict[str, argparse.ArgumentParser]]:
    """Return the parser and those of the commands by name: of all, or only of those that stand among the arguments.

    Most runs name one command and want no help; to make the parsers of all would take milliseconds of every start.
    """
    parser = _Parser("quiz", description=_ABOUT, allow_abbrev=False)
    # What is not given keeps off the namespace (SUPPRESS), so that an option before the command outlives the command's.
    parser.set_defaults(
        profile="default", home=None, decks=[], more_decks=[], json=False, no_color=False, no_mouse=False
    )
    parser.add_argument("--version", action="version", version=f"quiz {__version__}", help="print the version")
    _add_common(parser, "decks")
    common = _Parser(add_help=False)
    _add_common(common, "more_decks")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", prog="quiz", parser_class=_Parser
    )
    helping = "-h" in argv or "--help" in argv
    for name in ([] if helping else [name for name in _COMMANDS if name in argv]) or _COMMANDS:
        does, fill, epilog = _COMMANDS[name]
        about: dict[str, Any] = {"help": does, "description": f"{does[0].upper()}{does[1:]}."}
        if epilog:
            about |= {"epilog": epilog, "formatter_class": _AsWritten}
        fill(commands.add_parser(name, allow_abbrev=False, parents=[common], **about))
    return parser, dict(commands.choices)


class _AsWritten(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the text below the options."""


def _add_common(parser: argparse.ArgumentParser, decks: str) -> None:
    """Add the options that may stand before and after the command."""
    common = parser.add_argument_group("everywhere")

    def add(name: str, text: str, **more: Any) -> None:
        common.add_argument(name, help=text, default=argparse.SUPPRESS, **more)

    add("--profile", "the learner (default: default)", metavar="NAME")
    add("--home", "the folder for all that is kept (else QUIZ_HOME, else your data folder)", metavar="DIR")
    add("--decks", "use these decks (a folder or file; may be repeated)", metavar="DIR", dest=decks, action="append")
    add("--json", "print one JSON document (reading commands)", action="store_true")
    add("--no-color", "no colours", action="store_true")
    add("--no-mouse", "leave the mouse to the terminal", action="store_true")


def _add_study(study: argparse.ArgumentParser) -> None:
    study.add_argument(
        "deck", metavar="DECK", nargs="*", help="names of decks, or a deck file or folder to learn alone"
    )
    study.add_argument("--topic", metavar="T", action="append", default=[], help="only this topic (may be repeated)")
    study.add_argument(
        "--procedure", metavar="P", action="append", default=[], help="only this procedure (may be repeated)"
    )
    study.add_argument(
        "--audience", metavar="A", action="append", default=[], help="student, nurse or patient (may be repeated)"
    )
    study.add_argument("--filter", metavar="TEXT", help="only what this finds, as in: 'topic:risks recall<0.8 -is:new'")
    study.add_argument("--safety", action="store_true", help="the refresher: all cards that must be known, with proof")
    study.add_argument("--contrast", action="store_true", help="drill cards that are easily taken for each other")
    study.add_argument("--drill", metavar="ID", help="drill this card with those that it is easily taken for")
    study.add_argument("--pretest", action="store_true", help="five new questions before you learn, not scored")
    study.add_argument("--limit", type=_positive, metavar="N", help="end after N cards")
    study.add_argument("--minutes", type=_positive, metavar="N", help="end after N minutes")
    study.add_argument("--seed", type=_whole, metavar="N", help="begin anew, with chance as this number has it")
    study.add_argument("--plain", action="store_true", help="the line mode: lines of text, no screens")


def _add_exam(exam: argparse.ArgumentParser) -> None:
    add = exam.add_argument
    add("deck", metavar="DECK", nargs="*", help="names of decks, or a deck file or folder to be examined in alone")
    add("--topic", metavar="T", action="append", default=[], help="only this topic (may be repeated)")
    add("--topics", metavar="A=N,B=M", help="a blueprint: topics with their numbers or weights; without any, equal")
    add("--procedure", metavar="P", action="append", default=[], help="only this procedure (may be repeated)")
    add("--audience", metavar="A", action="append", default=[], help="student, nurse or patient (may be repeated)")
    add("--safety", action="store_true", help="only cards that must be known")
    add("--kinds", metavar="K,…", help="only these kinds of question, as in: choice,typed")
    add("--limit", type=_positive, metavar="N", help="the number of questions (default: that of --topics, or 20)")
    add("--minutes", type=_positive, metavar="N", help="the time limit (default: none)")
    add("--pass", type=_percent, metavar="N", dest="pass_mark", help="the pass mark in percent (default: 60)")
    add("--tutor", action="store_true", help="feedback after each answer, not at the end")
    add("--seed", type=_whole, metavar="N", help="begin anew, with chance as this number has it")
    add("--group", action="store_true", help="a huddle: a group answers by a show of hands; nothing is kept")
    add("--plain", action="store_true", help="the line mode: lines of text, no screens")


def _add_teach(teach: argparse.ArgumentParser) -> None:
    teach.add_argument("--procedure", metavar="P", help="what it is about (else it is asked)")
    teach.add_argument("--to", metavar="FILE", help="write the page to take home: a new file ending in .md or .html")
    teach.add_argument("--local", metavar="FILE", help="the ward's own phone numbers and days (else: see quiz paths)")
    teach.add_argument("--plain", action="store_true", help="the line mode: lines of text, no screens")


def _add_report(report: argparse.ArgumentParser) -> None:
    what = report.add_mutually_exclusive_group(required=True)
    what.add_argument("--to", metavar="FILE", help="write it: a new file ending in .md, .html (to print) or .csv")
    what.add_argument("--check", metavar="FILE", help="say whether a record is as it was written")
    about = report.add_mutually_exclusive_group()
    about.add_argument("--exam", action="store_true", help="the latest exam (else the latest refresher)")
    about.add_argument(
        "--progress", action="store_true", help="no record, but how it goes: all of quiz stats, with plots"
    )
    report.add_argument("--name", metavar="NAME", help="the learner's name, for the record alone: it is not kept")
    report.add_argument("--day", type=_day, metavar="DATE", help="that of a day, as in 2026-11-22")
    report.add_argument("--session", metavar="ID", help="that with this id")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{clean(text, lines=False)}' is not a date as in 2026-11-22") from None


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise argparse.ArgumentTypeError(f"'{clean(text, lines=False)}' is not a whole number")
    return int(text)


def _positive(text: str) -> int:
    number = _whole(text)
    if not 1 <= number <= 100_000:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to 100000")
    return number


def _percent(text: str) -> int:
    number = _whole(text.removesuffix("%"))
    if number > 100:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 0 to 100")
    return number


def _nothing(_: argparse.ArgumentParser) -> None:
    """A command without options of its own."""


def _add_orphans(decks: argparse.ArgumentParser) -> None:
    decks.add_argument("--orphans", action="store_true", help="list the answered cards that no deck holds any more")


def _add_id(card: argparse.ArgumentParser) -> None:
    card.add_argument("id", metavar="ID", help="its id")


def _add_paths(check: argparse.ArgumentParser) -> None:
    check.add_argument("path", metavar="PATH", nargs="*", help="deck files and folders (else: all decks in use)")
    check.add_argument("--rules", action="store_true", help="look at the content too, by the rules of good questions")
    check.add_argument("--guess", action="store_true", help="let programs that know nothing try the choices")
    check.add_argument("--list", action="store_true", help="list the rules, and do nothing else")


def _add_new_file(new: argparse.ArgumentParser) -> None:
    new.add_argument("file", metavar="FILE", help="a new file ending in .yaml")


def _add_file(ids: argparse.ArgumentParser) -> None:
    ids.add_argument("file", metavar="FILE", help="a deck file")


def _add_setting(config: argparse.ArgumentParser) -> None:
    config.add_argument("key", metavar="KEY", nargs="?", help="the setting")
    config.add_argument("value", metavar="VALUE", nargs="*", help="its new value")


def _add_repair(doctor: argparse.ArgumentParser) -> None:
    doctor.add_argument("--repair", action="store_true", help="work out anew where each card stands")


def _add_backup(backup: argparse.ArgumentParser) -> None:
    way = backup.add_mutually_exclusive_group()
    way.add_argument("--list", action="store_true", help="list the copies")
    help_restore = "put a copy back: the sound one that holds the most, or this; nothing answered since is lost"
    way.add_argument("--restore", metavar="FILE", nargs="?", const="latest", help=help_restore)
    help_meant = "copy the history, and ask no more for what only older copies or syncs hold (they stay)"
    way.add_argument("--as-meant", action="store_true", help=help_meant)
    help_exactly = "with --restore: without what was answered since (a new copy keeps it, and sync brings it back)"
    backup.add_argument("--exactly", action="store_true", help=help_exactly)


def _add_to(export: argparse.ArgumentParser) -> None:
    add = export.add_argument
    add("deck", metavar="DECK", nargs="*", help="for cards: names of decks, or deck files (else: all decks in use)")
    endings = ".jsonl (the history), .csv, .tsv, .gift or .apkg (cards)"
    add("--to", metavar="FILE", required=True, help=f"a new file ending in {endings}")
    add("--history", action="store_true", help="with .apkg: your answers too")


def _add_import(import_: argparse.ArgumentParser) -> None:
    add = import_.add_argument
    add("file", metavar="FILE", nargs="?", help="a file ending in .csv, .tsv, .gift, .apkg or (a history) .jsonl")
    add("--dry-run", action="store_true", help="show what would come in, and write nothing")
    add("--undo", action="store_true", help="take the last import back")


def _add_fit(fit: argparse.ArgumentParser) -> None:
    fit.add_argument("--dry-run", action="store_true", help="show what a fit comes to, and write nothing")
    fit.add_argument("--undo", action="store_true", help="take the last weights back")


def _add_folder(sync: argparse.ArgumentParser) -> None:
    sync.add_argument("folder", metavar="FOLDER", nargs="?", help="the folder (else that of quiz config sync)")


# Each command: what it does, what adds its options, and the text below them.
_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None], str]] = {
    "study": ("learn: what is due, then new cards", _add_study, _PLAIN),
    "cram": ("go through any cards; the schedule is left alone", _add_study, ""),
    "exam": ("a scored exam, a tutored quiz, or a huddle", _add_exam, _EXAM),
    "teach": ("teach a patient: point by point, with a page to take home", _add_teach, ""),
    "decks": ("list the decks", _add_orphans, ""),
    "due": ("say what is due today", _nothing, ""),
    "stats": ("say how it goes", _nothing, _STATS),
    "card": ("say all about one card", _add_id, ""),
    "check": ("look for mistakes in decks", _add_paths, ""),
    "new": ("write a starter deck", _add_new_file, ""),
    "ids": ("write an id into each card without one", _add_file, ""),
    "config": ("show settings, or change one", _add_setting, ""),
    "fit": ("fit the memory model to you, if that predicts better", _add_fit, ""),
    "paths": ("say where things are kept", _nothing, ""),
    "doctor": ("examine the history and the decks", _add_repair, ""),
    "sync": ("exchange the history with your other devices through a folder", _add_folder, ""),
    "backup": ("copy the history, or put a copy back", _add_backup, ""),
    "report": ("write a record of what a refresher or an exam showed, or your progress", _add_report, _REPORT),
    "export": ("write the history, or cards, to a file", _add_to, ""),
    "import": ("take in cards or answers from a file of another program", _add_import, ""),
}
