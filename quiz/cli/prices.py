"""`quiz config retention`: what each level costs and gives, as a curve in text, with the one proposed."""

from __future__ import annotations

from contextlib import closing

from quiz.cli.call import Call
from quiz.deck.scope import Scope
from quiz.report.forecast import DAYS
from quiz.report.pressure import price_curve


def prices(call: Call) -> int:
    """Tell the level that is set, a bar for the price of each, and what is proposed and why."""
    with call.desk() as desk, closing(desk.history.reader()) as db:
        found = price_curve(db, Scope(), desk.history.today(), desk.history.settings)
    if call.options.json:
        call.console.document(found.as_json())
        return 0
    say = call.console.say
    say(f"retention = {found.aim}")
    say(f"What each level costs over the next {DAYS} days, and the share of the cards known then:")
    for row in found.rows():
        say(f"  {row.in_words('known')}")
    say(found.why())
    if found.advice is not None and found.advice.retention != found.aim:
        say(f"To take it: quiz config retention {found.advice.retention:g}")
    return 0
