"""`quiz config exam`: set the day that is studied for, or say how it stands towards it."""

from __future__ import annotations

from contextlib import closing

from quiz.cli.call import Call
from quiz.desk import Desk, exam_scope
from quiz.memory import date_of
from quiz.report.prices import price_rows
from quiz.report.towards import Standing, expected, fades, left, one_price, over, slow, standing
from quiz.study.target import Target, kept_target, read_target


def exam(call: Call, value: str | None) -> int:
    """Set the exam where a value is given, "off" for none; then tell how it stands. Raises UsageError."""
    with call.desk() as desk:
        if value is not None:
            target = read_target(value, desk.history.today())
            if target is not None:
                exam_scope(desk.library, target)  # a name that no card has is refused now
            desk.history.change_settings({"exam": str(target or "")})
        kept = desk.history.settings.exam
        target = kept_target(kept)
        found = _standing(desk, target) if target is not None else None
        new = desk.history.settings.new
    if call.options.json:
        call.console.document({"exam": kept, "standing": found and _as_json(target, found)})
        return 0
    call.console.say(f"exam = {kept}")
    if target is not None and found is not None:
        for line in _lines(target, found, new):
            call.console.say(line)
    return 0


def _standing(desk: Desk, target: Target) -> Standing:
    settings, today = desk.history.settings, desk.history.today()
    scope = exam_scope(desk.library, target)
    with closing(desk.history.reader()) as db:
        return standing(db, scope, today, target.since, target.day, settings.minutes, settings.retention)


def _as_json(target: Target | None, found: Standing) -> dict[str, object]:
    assert target is not None
    return {
        "day": date_of(target.day).isoformat(),
        "sprint_from": date_of(target.begins).isoformat(),
        "days": found.days,
        "met": found.met,
        "new": found.unseen,
        "new_a_day": found.new_a_day,
        "expected_without_study": found.idle._asdict(),
        "expected": found.share._asdict(),
        "minutes_a_day": round(found.minutes, 1),
        "levels": [level._asdict() for level in found.levels],
        "proposed_retention": found.advice.retention if found.advice else None,
        "left_after_30_days": round(found.left_later, 3),
    }


def _lines(target: Target, found: Standing, new: int) -> list[str]:
    if not found.days:
        return [f"{over(target)} 'quiz config exam off' takes it away."]
    when = f"Set on {date_of(target.since):%a %d %b %Y}. {left(target, found)}"
    lines = [when, expected(found), *([fades(found)] if found.too_late else [])]
    lines += [said] if (said := slow(found, new)) else []
    if same := one_price(found):
        return [*lines, same]
    lines.append("What each aim costs, and the share recalled on the day:")
    lines += [f"  {row.in_words('on the day')}" for row in price_rows(found.levels, found.aim, found.advice)]
    if found.advice is not None and found.advice.retention != found.aim:
        lines.append(f"For your minutes: quiz config retention {found.advice.retention:g}")
    return lines
