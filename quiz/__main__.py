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
    main()
