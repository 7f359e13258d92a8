"""`quiz config`: list the settings, show one, or change one."""

from __future__ import annotations

from quiz.cli.call import Call
from quiz.settings import SETTINGS, setting


def run(call: Call) -> int:
    """With a key show that setting; with a key and a value change it first."""
    key, value = call.options.key, call.options.value
    wanted = [setting(key)] if key is not None else list(SETTINGS)
    with call.history() as history:
        if value is not None:
            history.change_settings({key: wanted[0].parse(value)})
        values = {each.key: getattr(history.settings, each.key) for each in wanted}
    if call.options.json:
        call.console.document(values)
        return 0
    for each in wanted:
        text = f"{each.key} = {values[each.key]}"
        call.console.say(text if key is not None else f"{text}  ({each.help})")
    return 0
