"""The one family of errors that people see: what happened, where, how to mend it, and the exit code of the command."""


class QuizError(Exception):
    """An error told to the user in one line. `exit_code` is what the command returns."""

    exit_code = 1

    def __init__(self, what: str, mend: str = "") -> None:
        """`what` happened (with the place, if there is one) and, in `mend`, what the user can do about it."""
        super().__init__(f"{what} - {mend}" if mend else what)
        self.what = what
        self.mend = mend


class UsageError(QuizError):
    """The command was given something it cannot use, or there is no terminal (exit code 2)."""

    exit_code = 2


class StoreError(QuizError):
    """The history cannot be used (exit code 3)."""

    exit_code = 3


class StoreFullError(StoreError):
    """The disk did not take the write. The answer is still in memory and is tried again."""


class StoreDamagedError(StoreError):
    """The file of the history is damaged. A backup can be put back (`quiz backup --restore`)."""


class UnreadableError(QuizError):
    """A file cannot be read or written (exit code 4)."""

    exit_code = 4
