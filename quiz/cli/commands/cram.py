"""`quiz cram`: any cards, in a session that leaves the schedule alone."""

from quiz.cli.commands.study import run

__all__ = ["run"]
