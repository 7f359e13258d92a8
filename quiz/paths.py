"""Where things are: the only module that knows folders."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from quiz.errors import UsageError

APP = "rhizotomy-quiz"
_PROFILE = re.compile(r"[\w][\w .-]{0,39}")


class Paths(NamedTuple):
    """The folders of one run: `home` holds everything of the learners, `profile` one learner's history."""

    home: Path
    cache: Path
    name: str

    @property
    def profile(self) -> Path:
        return self.home / "profiles" / self.name

    @property
    def history(self) -> Path:
        return self.profile / "history.sqlite"

    @property
    def backups(self) -> Path:
        return self.profile / "backups"

    @property
    def own_decks(self) -> Path:
        """The learner's own decks: every deck file put here is found."""
        return self.home / "decks"

    @property
    def local(self) -> Path:
        """The ward's own layer over all decks (quiz/deck/local.py)."""
        return self.own_decks / "local.yaml"

    @property
    def crash_log(self) -> Path:
        return self.home / "crash.log"


def find(home: str | None, profile: str, environ: dict[str, str]) -> Paths:
    """Return the folders: `home` as given, else `QUIZ_HOME`, else the system's data folder for users.

    Raises UsageError for a profile name that is no folder name, and where nobody's home is known.
    """
    if not _PROFILE.fullmatch(profile) or profile.endswith((".", " ")):
        raise UsageError(f"profile name {profile!r} cannot be used", "use letters, digits, '-', '_' and spaces")
    chosen = home or environ.get("QUIZ_HOME")
    if chosen:
        folder = named(chosen).absolute()
        return Paths(folder, folder / "cache", profile)
    import platformdirs

    try:
        data, cache = platformdirs.user_data_path(APP, False), platformdirs.user_cache_path(APP, False)
    except RuntimeError:
        raise UsageError("your home folder is not known", "set HOME, or choose a folder with --home DIR") from None
    return Paths(data, cache, profile)


def named(path: str) -> Path:
    """Return a path that a person wrote: `~` is their home; of nobody known, it stays as it is."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def private_folder(folder: Path) -> None:
    """Make a folder that only this user may enter, and so every folder above it that is not there. Raises OSError.

    `mkdir(parents=True)` would give those above whatever rights the umask leaves: where anybody may write to one,
    anybody may put a folder of theirs in the place of ours.
    """
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
    if not folder.is_dir():
        raise NotADirectoryError(20, "Not a directory", str(folder))


def keep_private(path: Path) -> None:
    """Take the rights of all others away from a file or folder of ours; elsewhere nothing is changed."""
    with suppress(OSError):
        mode = path.stat().st_mode & 0o7777
        if mode & 0o077:
            path.chmod(mode & ~0o077)


def shipped_decks() -> Path:
    """Return the decks that come with the program: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "decks"
    return inside if inside.is_dir() else package.parent / "decks"
