"""`quiz paths`: where things are kept."""

from __future__ import annotations

from quiz.cli.call import Call
from quiz.paths import shipped_decks


def run(call: Call) -> int:
    """Name every folder and file. Nothing is opened, so that it works when nothing else does."""
    paths = call.paths
    places = {
        "home": paths.home,
        "profile": paths.profile,
        "history": paths.history,
        "backups": paths.backups,
        "own_decks": paths.own_decks,
        "local_layer": paths.local,
        "shipped_decks": shipped_decks(),
        "cache": paths.cache,
        "crash_log": paths.crash_log,
    }
    if call.options.json:
        call.console.document({name: str(path) for name, path in places.items()})
        return 0
    for name, path in places.items():
        call.console.say(f"{name.replace('_', ' ')}: {path}")
    return 0
