"""Large profiles for the benchmarks: generated decks, and a history as years of study would leave it."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from pathlib import Path

from quiz.clock import Instant
from quiz.desk import open_desk
from quiz.memory import StudyDay
from quiz.memory.days import study_day
from quiz.paths import Paths
from quiz.store.derive import replay
from quiz.store.events import Event
from quiz.store.rows import EVENT_COLUMNS, INSERT, PUT_STATE, event_row, state_row

CARDS_PER_FILE = 5_000
DAY_MS = 86_400_000


class StillClock:
    """A clock that stands at one moment."""

    def __init__(self, at: int) -> None:
        self.at = at

    def now(self) -> Instant:
        """Return the moment, in UTC."""
        return Instant(self.at, 0)

    def ticks(self) -> int:
        """Return milliseconds that do not matter here."""
        return 0


def write_decks(folder: Path, cards: int, per_file: int = CARDS_PER_FILE) -> None:
    """Write decks of choice, cloze and typed questions into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for first in range(0, cards, per_file):
        lines = [f"title: Region {first // per_file}", "cards:"]
        for i in range(first, min(cards, first + per_file)):
            town = f"town {i * 7919 % 100003}"
            lines += [
                f"  - id: card-{i}",
                f"    topic: topic-{i % 17}",
                f"    why: The council of region {i} chose it in the year {1000 + i % 900}.",
                "    questions:",
                f"      - ask: What is the capital of region {i}?",
                "        choices:",
                f"          - right: The {town}",
                f"          - wrong: The town {i * 31 % 100003} by the sea",
                "            why: It was never a capital.",
                f"          - wrong: The town {i * 37 % 100003} on the hill",
                "            why: It lost the seat long ago.",
                f'      - cloze: "Region {i} is ruled from {{{{{town}}}}}."',
            ]
        (folder / f"region-{first // per_file:03d}.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def write_history(paths: Paths, decks: Path, answers_per_card: int, now_ms: int) -> None:
    """Fill a profile: four fifths of the cards with `answers_per_card` answers each, about a twentieth of them due."""
    desk = open_desk(paths, [str(decks)], StillClock(now_ms))
    cards = list(desk.history.query("select id, keys from deck.card where live"))
    desk.close()
    rng = random.Random(1)
    db = sqlite3.connect(paths.history, isolation_level=None)
    db.execute("pragma synchronous = off")
    db.execute("pragma temp_store = file")
    db.execute("begin")
    db.execute("create temp table later as select * from event where 0")
    db.execute("create unique index temp.later_by_id on later (id)")
    seq = 0
    today = study_day(now_ms, time.localtime(now_ms / 1000).tm_gmtoff // 60)  # nothing was answered today yet
    for number, (card, keys) in enumerate(cards):
        asked = [part.split("=") for part in keys.split()]
        if number % 5 == 4 or not answers_per_card:
            continue
        events: list[Event] = []
        last = today - rng.randint(1, 5)
        days = sorted({last - rng.randint(1, 700) for _ in range(answers_per_card - 1)} | {last})
        for day in days:
            seq += 1
            rating = rng.choices([1, 2, 3, 4], [0.12, 0.1, 0.68, 0.1])[0]
            question, answer = asked[seq % len(asked)]
            body: dict[str, object] = {
                "session": "0" * 16,
                "mode": "study",
                "question": question,
                "prompt": "0" * 16,
            }
            body |= {"answer": answer, "given": "0", "mark": float(rating > 1), "ms": 9000, "order": [2, 0, 1]}
            at = day * DAY_MS + 36_000_000 + seq % 1000
            head = (f"{rng.getrandbits(128):032x}", "answer", at, 0, StudyDay(day), card, None, rating, 0.0, 0.9)
            events.append(Event(*head, body, "00000000", seq))  # type: ignore[arg-type]
        db.executemany(INSERT.replace("event", "temp.later", 1), map(event_row, events))
        db.execute(PUT_STATE, state_row(card, replay(events)))
    # In the order of study, as they were given: the answers of a card do not lie beside each other.
    columns = EVENT_COLUMNS.replace(" seq,", " row_number() over (order by at, seq),")
    db.execute(f"insert into event ({EVENT_COLUMNS}) select {columns} from temp.later order by at, seq")
    db.execute("commit")
    db.execute("pragma wal_checkpoint(truncate)")
    db.close()


def describe(paths: Paths) -> dict[str, int]:
    """Return how many events and cards with a state a profile holds."""
    db = sqlite3.connect(paths.history)
    found = {
        "answers": db.execute("select count(*) from event").fetchone()[0],
        "cards_seen": db.execute("select count(*) from state").fetchone()[0],
    }
    db.close()
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]
