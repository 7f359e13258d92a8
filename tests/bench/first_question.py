"""How long until the first question stands on the screen, and in how much memory, against a bare Textual app.

Both are started in a pseudo-terminal of 80x24, in turn, so that a machine whose speed drifts does not favour one.
Run it by hand:  python -m tests.bench.first_question [--runs 15] [--large]
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

from quiz.paths import find
from tests.bench.profiles import describe, write_decks, write_history

ROOT = Path(__file__).resolve().parents[2]


def first_paint(command: list[str], environ: dict[str, str], sign: bytes) -> tuple[float, float, float]:
    """Return what it takes until `sign` is on the screen: seconds, seconds of processor, and the peak memory in MB."""
    start = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.execvpe(command[0], command, environ)
    seen = b""
    try:
        while sign not in seen:
            ready, _, _ = select.select([fd], [], [], 60)
            if not ready:
                raise SystemExit(f"nothing after 60 s: {command}")
            seen += os.read(fd, 65536)
        took = time.perf_counter() - start
        status = Path(f"/proc/{pid}/status").read_text()
        memory = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    finally:
        os.kill(pid, signal.SIGKILL)
        usage = os.wait4(pid, 0)[2]
        os.close(fd)
    return took, usage.ru_utime + usage.ru_stime, memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--large", action="store_true", help="also 100,000 cards and 1,000,000 answers")
    options = parser.parse_args()
    environ = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT)}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    bare = [sys.executable, str(ROOT / "tests/bench/bare_app.py")]
    with tempfile.TemporaryDirectory() as folder:
        profiles: dict[str, tuple[list[str], bytes]] = {}
        shipped = Path(folder, "shipped")
        # The progress in the top line shows that the question itself is there: "1 · n left".
        profiles["shipped decks"] = (["--home", str(shipped)], b" left")
        if options.large:
            large = Path(folder, "large")
            write_decks(large / "decks", 100_000)
            paths = find(str(large), "default", {})
            write_history(paths, large / "decks", 13, int(time.time() * 1000))
            print("large profile:", describe(paths))
            profiles["100,000 cards"] = (["--home", str(large), "--decks", str(large / "decks")], b" left")
        for name, (arguments, sign) in profiles.items():
            # As the installed command starts it: `-m` would load runpy besides.
            start = "from quiz.__main__ import main; main()"
            ours = [sys.executable, "-c", start, *arguments, "study"]
            first_paint(ours, environ, sign)  # reads the decks into the catalogue
            first_paint(bare, environ, b"FIRST QUESTION")
            pairs = [
                (first_paint(ours, environ, sign), first_paint(bare, environ, b"FIRST QUESTION"))
                for _ in range(options.runs)
            ]
            result: dict[str, object] = {"profile": name}
            for i, (what, unit, digits) in enumerate((("time", 1000, 0), ("processor", 1000, 0), ("memory", 1, 1))):
                result[f"{what}_ours"] = round(unit * statistics.median(a[i] for a, _ in pairs), digits)
                result[f"{what}_bare"] = round(unit * statistics.median(b[i] for _, b in pairs), digits)
                result[f"{what}_ratio"] = round(statistics.median(a[i] / b[i] for a, b in pairs), 3)
            print(json.dumps(result))


if __name__ == "__main__":
    main()
