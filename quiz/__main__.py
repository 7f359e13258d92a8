"""The command `quiz`, and `python -m quiz`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    # Nothing that is made while the program loads is garbage. What runs for long switches the collector on again.
    gc.disable()
    from quiz.cli.main import main as command_line

    sys.exit(command_line(sys.argv[1:]))


if __name__ == "__main__":
    # `python -m quiz` looks for modules in the folder it is started in first: a `yaml.py` there, among somebody's decks
    # or downloads, would be run in place of the real one. This package is loaded already and finds its own parts.
    if __spec__ is not None and not sys.flags.safe_path:
        del sys.path[0]
    main()
