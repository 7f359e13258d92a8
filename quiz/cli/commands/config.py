"""`quiz config`: list the settings, show one, or change one."""

from __future__ import annotations

from quiz.cli.call import Call
from quiz.errors import UsageError
from quiz.settings import SETTINGS, setting


def run(call: Call) -> int:
    """With a key show that setting; with a key and a value change it first."""
    key = call.options.key
    value = " ".join(call.options.value) if call.options.value else None
    if key == "exam":
        from quiz.cli.target import exam

        return exam(call, value)
    if key == "retention" and value is None:
        from quiz.cli.prices import prices

        return prices(call)
    if key is not None and setting(key).days and value is not None:
        call.options.value = [value]
    if len(call.options.value) > 1:
        raise UsageError(f"{key} takes one value, not {len(call.options.value)}", "see quiz config --help")
    wanted = [setting(key)] if key is not None else list(SETTINGS)
    with call.history() as history:
        if value is not None:
            history.change_settings({wanted[0].key: wanted[0].parse(value)})
        values = {each.key: getattr(history.settings, each.key) for each in wanted}
    if call.options.json:
        call.console.document(values)
        return 0
    for each in wanted:
        text = f"{each.key.replace('_', '-')} = {values[each.key]}"
        call.console.say(text if key is not None else f"{text}  ({each.help})")
    return 0
