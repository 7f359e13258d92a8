"""How long from a key to the feedback on the screen, against a bare Textual app that echoes the key.

Both run in pseudo-terminals of 80x24 and are pressed in turn, so that a machine whose speed drifts does not favour one.
Ours stands at a question of four options: the key answers it, the answer goes to the disk, and the time ends when the
verdict is among what is written to the terminal. The first answer of a session is told by itself: it loads what the
first question did without. The last line is what ours takes longer than the echo: the aim is 50 ms at most.
Run it by hand:  python -m tests.bench.key_echo [--rounds 40] [--sessions 5]
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path
from types import TracebackType

from quiz.clock import SystemClock
from quiz.desk import open_desk
from quiz.paths import find

ROOT = Path(__file__).resolve().parents[2]
PAUSE = 0.15  # seconds of silence before a key: what the last one caused is over, and no key counts as held down
AIM_MS = 50


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, command: list[str], environ: dict[str, str]) -> None:
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.execvpe(command[0], command, environ)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._fd)

    def until(self, sign: str) -> None:
        """Read until the pattern `sign` is among what came since the call."""
        seen, pattern = b"", re.compile(sign.encode())
        while not pattern.search(seen):
            ready, _, _ = select.select([self._fd], [], [], 60)
            if not ready:
                raise SystemExit(f"nothing that is like {sign} after 60 s: {seen[-2000:]!r}")
            seen += os.read(self._fd, 65536)

    def quiet(self) -> None:
        """Read until nothing has come for a moment."""
        while select.select([self._fd], [], [], PAUSE)[0]:
            os.read(self._fd, 65536)

    def milliseconds(self, key: str, sign: str) -> float:
        """Press a key and return how long it took until `sign` came."""
        self.quiet()
        start = time.perf_counter()
        os.write(self._fd, key.encode())
        self.until(sign)
        return (time.perf_counter() - start) * 1000


def write_deck(folder: Path, cards: int) -> None:
    """Write a deck of choices with reasons."""
    folder.mkdir(parents=True)
    lines = ["title: Regions", "cards:"]
    for i in range(cards):
        lines += [
            f"  - id: card-{i}",
            f"    why: The council of region {i} chose it in the year {1000 + i}.",
            f"    ask: What is the capital of region {i}?",
            "    choices:",
            f"      - right: The town {i * 7919 % 100003}",
        ]
        for n in (31, 37, 41):
            lines += [f"      - wrong: The town {i * n % 100003} by the sea", "        why: It was never a capital."]
    (folder / "regions.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def told(name: str, values: list[float]) -> None:
    """Print a line of figures."""
    print(f"{name:<30} median {statistics.median(values):6.1f} ms, p95 {percentile(values, 0.95):6.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=40, help="answers of a session")
    parser.add_argument("--sessions", type=int, default=5)
    options = parser.parse_args()
    environ = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT)}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    bare = [sys.executable, str(ROOT / "tests/bench/bare_app.py")]
    firsts: list[tuple[float, float]] = []
    pairs: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        write_deck(Path(folder, "decks"), 2 * options.rounds)
        for number in range(options.sessions):
            home = Path(folder, str(number))
            desk = open_desk(find(str(home), "default", {}), [folder + "/decks"], SystemClock())
            desk.history.change_settings({"new": 2 * options.rounds})
            desk.close()
            start = "from quiz.__main__ import main; main()"
            arguments = ["--home", str(home), "--decks", folder + "/decks", "study", "--limit", str(2 * options.rounds)]
            with (
                Terminal([sys.executable, "-c", start, *arguments], environ) as ours,
                Terminal(bare, environ) as echo,
            ):
                ours.until(" left")
                echo.until("FIRST QUESTION")
                for turn in range(options.rounds):
                    key = str(turn % 4 + 1)
                    pair = (ours.milliseconds(key, "Right|Wrong"), echo.milliseconds(key, f"KEY {key}"))
                    (pairs if turn else firsts).append(pair)
                    ours.milliseconds("\r", f"{turn + 2} · ")
    told("first of a session, ours", [ours for ours, _ in firsts])
    told("first of a session, echo", [echo for _, echo in firsts])
    told("ours", [ours for ours, _ in pairs])
    told("echo", [echo for _, echo in pairs])
    told("first of a session, more", [ours - echo for ours, echo in firsts])
    told(f"more than the echo (aim {AIM_MS})", [ours - echo for ours, echo in pairs])


if __name__ == "__main__":
    main()
