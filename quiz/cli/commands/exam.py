"""`quiz exam`: an exam, a tutored quiz, or a huddle, on the screens or in lines."""

from __future__ import annotations

import gc
import os
from contextlib import closing

from quiz.cli.call import Call
from quiz.cli.choosing import chosen, is_path
from quiz.cli.console import Signals, require_terminal
from quiz.deck.library import Library
from quiz.desk import Desk, open_library
from quiz.errors import UsageError
from quiz.questions import KINDS
from quiz.study.blueprint import PASS_MARK, QUESTIONS, ExamPlan, read_weights
from quiz.study.exam import Exam, begin, held, left_off, unfinished
from quiz.study.paper import Paper, draw
from quiz.text import clean, nearest

_SETUP = (
    "deck",
    "topic",
    "topics",
    "procedure",
    "audience",
    "kinds",
    "safety",
    "limit",
    "minutes",
    "pass_mark",
    "tutor",
)


def run(call: Call) -> int:
    """Hold the exam that the options name, or go on with the one that was left."""
    options = call.options
    if not options.plain:
        require_terminal("quiz exam --plain")
    if options.group:
        return _huddle(call)
    with call.session([name for name in options.deck if is_path(name)]) as desk:
        plan = _plan(call, desk.library)
        if not options.plain:
            return call.tui(desk, _on_screens(call, desk, plan), True)
        gc.freeze()
        gc.enable()
        with Signals() as signals:
            return _in_lines(call, desk, plan, signals)


def _on_screens(call: Call, desk: Desk, plan: ExamPlan) -> ExamPlan | Exam:
    """Return the exam that is asked for, begun or taken up; without any option the plan, to be set up on a screen."""
    if not _chosen_anything(call):
        return plan
    return _left(call, desk, plan) or begin(desk.history, plan, _paper(call, desk, plan))


def _chosen_anything(call: Call) -> bool:
    return call.options.seed is not None or any(getattr(call.options, name) for name in _SETUP)


def _in_lines(call: Call, desk: Desk, plan: ExamPlan, signals: Signals) -> int:
    """Hold the exam in lines, and study what was missed after it, where the learner wants to."""
    from quiz.cli import telling, telling_exam
    from quiz.cli.examining import ExamMode
    from quiz.cli.plain import LineMode

    told: list[str] = []
    exam = _left(call, desk, plan)
    if exam is None:
        paper = _paper(call, desk, plan)
        saved = unfinished(desk.history)
        told += [telling_exam.another(saved)] if saved and held(desk.library, saved) else []
        told += [f"There are fewer questions than asked for: {paper.shortage}."] if paper.short else []
        exam = begin(desk.history, plan, paper)
    else:
        told += telling_exam.going_on(exam)
    call.console.say()
    for line in (*telling.before(desk), *told, telling_exam.setup(exam.plan, exam.size), ":help lists the commands."):
        call.console.say(line)
    if ExamMode(desk, exam, call.console, signals).run() and exam.result:
        missed = desk.session(exam.result.study_missed(exam.plan.seed), resume=False)
        LineMode(desk, missed, call.console, signals).run()
    return 0


def _left(call: Call, desk: Desk, plan: ExamPlan) -> Exam | None:
    """Return the exam that was left, if it is the one that is asked for: without any option, whatever it is."""
    if call.options.seed is not None:
        return None
    anything = not any(getattr(call.options, name) for name in _SETUP)
    return left_off(desk.history, desk.library, None if anything else plan)


def _paper(call: Call, desk: Desk, plan: ExamPlan) -> Paper:
    """Draw the paper. Raises UsageError where the blueprint's own numbers cannot be met, saying what can be given."""
    paper = draw(desk.library, plan, desk.history.state)
    if paper.short and plan.weights and call.options.limit is None:
        what = f"the blueprint asks for more questions than there are: {paper.shortage}"
        raise UsageError(what, "lower its numbers, or add --limit N to take what there is")
    return paper


def _huddle(call: Call) -> int:
    """Hold a huddle. In lines no history is opened: nothing could be kept. The screens need one for the settings."""
    from quiz.cli.huddling import HuddleMode
    from quiz.study.huddle import Huddle, draw_for_group

    options = call.options
    for name, option in (("minutes", "--minutes"), ("pass_mark", "--pass"), ("tutor", "--tutor")):
        if getattr(options, name):
            raise UsageError(f"--group does not go with {option}", "a huddle has neither clock nor marks")
    paths = [name for name in options.deck if is_path(name)]
    if not options.plain:
        with call.desk(paths) as desk:
            return call.tui(desk, Huddle(draw_for_group(desk.library, _plan(call, desk.library))), True)
    decks = (*call.decks, *paths)
    with closing(open_library(call.paths, decks)) as library:
        paper = draw_for_group(library, _plan(call, library))
        if paper.short:
            call.console.say(f"There are fewer questions than asked for: {paper.shortage}.")
        with Signals() as signals:
            HuddleMode(library, Huddle(paper), call.console, signals).run()
    return 0


def _plan(call: Call, library: Library) -> ExamPlan:
    """Return the set-up that the options mean. Raises UsageError for what nothing has."""
    options = call.options
    if options.topic and options.topics:
        raise UsageError("--topic and --topics both name topics", "give one of the two")
    weights, number = read_weights(options.topics) if options.topics else ((), 0)
    scope = chosen(library, options, tuple(topic for topic, _ in weights) or tuple(options.topic))
    return ExamPlan(
        scope,
        weights,
        options.limit or number or QUESTIONS,
        options.minutes or 0,
        PASS_MARK if options.pass_mark is None else options.pass_mark,
        options.tutor,
        _kinds(options.kinds),
        options.seed if options.seed is not None else int.from_bytes(os.urandom(4), "big"),
    )


def _kinds(text: str | None) -> tuple[str, ...]:
    """Return the kinds of question that `choice,typed` means. Raises UsageError with the nearest name."""
    kinds = tuple(
        dict.fromkeys(clean(part, lines=False).strip().casefold() for part in (text or "").split(",") if part)
    )
    for kind in kinds:
        if kind not in KINDS:
            guess = nearest(kind, set(KINDS))
            mend = f"did you mean '{guess}'?" if guess else f"there are: {', '.join(KINDS)}"
            raise UsageError(f"there is no kind of question '{kind}'", mend)
    return kinds
