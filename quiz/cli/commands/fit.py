"""`quiz fit`: fit the memory model to the learner, and keep what it finds only if it predicts better."""

from __future__ import annotations

import sys
import time
from contextlib import closing

from quiz.cli.call import Call
from quiz.cli.console import Console
from quiz.cli.telling_weights import due_in_words
from quiz.errors import UsageError
from quiz.memory import date_of
from quiz.report.fitting import FEWEST, QUIET, Fit, fit, in_a_process, require_extra
from quiz.store.history import History
from quiz.text import counted

MANY = 50_000  # events: to read more takes longer than half a second


def run(call: Call) -> int:
    """Fit, say how both predict, and let the better weights hold; with `--undo` take the last ones back."""
    options = call.options
    if options.undo:
        if options.dry_run:
            raise UsageError("--undo takes nothing beside it", "it takes the last weights back")
        return _undo(call)
    require_extra()
    with call.history() as history:
        progress = _Progress()
        if history.count() > MANY:
            progress.fitting()
        with closing(history.reader()) as db:
            found = fit(db, history.today(), lambda cards: in_a_process(cards, progress.fitting))
        due = _due(history, found, keep=not options.dry_run) if isinstance(found, Fit) and found.accepted else None
    if options.json:
        call.console.document(_as_json(found, due, kept=due is not None and not options.dry_run))
    elif isinstance(found, Fit):
        _say(call.console, found, due, dry=options.dry_run)
    else:
        some = f"{counted(found, 'answer')} on later days"
        call.console.say(f"So far {some}; a fit needs {FEWEST}. Until then the default weights do best.")
    return 0


class _Progress:
    """Tells on stderr what takes longer than half a second, in one line that is written over on a terminal."""

    def __init__(self) -> None:
        self._begun, self._told, self._fitting = time.monotonic(), -1, False

    def fitting(self) -> None:
        """Be told that the fit takes its time."""
        if self._fitting:
            return
        self._fitting = True
        print("Fitting … (Ctrl+C leaves; nothing is changed before the end)", file=sys.stderr, flush=True)

    def cards(self, done: int, of: int) -> None:
        """Be told how far it is that all cards are worked out anew."""
        percent = 100 * done // max(1, of)
        if time.monotonic() - self._begun < QUIET or percent == self._told:
            return
        over = sys.stderr.isatty()
        if over or self._told < 0:
            begin, end = ("\r", "" if done < of else "\n") if over else ("", "\n")
            line = f"{begin}Working out all cards anew … {percent} %"
            print(line, end=end, file=sys.stderr, flush=True)
        self._told = percent


def _due(history: History, found: Fit, *, keep: bool) -> tuple[int, int]:
    return history.choose_weights(found.event_body(), _Progress().cards, keep=keep)


def _undo(call: Call) -> int:
    with call.history() as history:
        before, after = history.choose_weights(None, _Progress().cards)
    if call.options.json:
        call.console.document({"undone": True, "due_before": before, "due_after": after})
    else:
        call.console.say("The last weights are taken back; what held before them holds again.")
        call.console.say(due_in_words(before, after))
    return 0


def _as_json(found: Fit | int, due: tuple[int, int] | None, *, kept: bool) -> dict[str, object]:
    if not isinstance(found, Fit):
        return {"answers": found, "needed": FEWEST, "accepted": False, "kept": False}
    before, after = due or (None, None)
    minutes = [round(each, 1) for each in found.minutes] if found.minutes else None
    rest = {
        "kept": kept,
        "minutes_a_day": minutes,
        "weights": list(found.params.weights),
        "due_before": before,
        "due_after": after,
    }
    return {"needed": FEWEST, **found.as_json(), **rest}


def _say(console: Console, found: Fit, due: tuple[int, int] | None, *, dry: bool) -> None:
    console.say(
        f"{counted(found.answers, 'answer')} on later days. Learned from the older ones, tried on the newest "
        f"{found.held_out} (since {date_of(found.since)})."
    )
    for name, quality in (("weights that hold", found.before), ("fitted weights", found.after)):
        console.say(f"  {name}: log loss {quality.log_loss:.4f}, off by {100 * quality.rmse:.1f} points (RMSE)")
    if not found.accepted or due is None:
        gain = f"The gain is {found.gain:+.4f}, and has to be above {found.noise:.4f} to be more than noise"
        console.say(f"{gain}: the weights stay as they are.")
        return
    console.say(f"The gain is {found.gain:+.4f}, more than noise ({found.noise:.4f}): the fitted weights are better.")
    console.say(due_in_words(*due))
    if minutes := found.in_minutes():
        console.say(minutes)
    if dry:
        console.say("Nothing was written (--dry-run).")
    else:
        console.say("They hold from now on, on all your devices. Take them back with: quiz fit --undo")
