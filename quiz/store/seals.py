"""The checksums of events: in their own row, or, of those that are older than store version 4, in the table `seal`.

Old events are never written again to get one: that would double the file and take twenty seconds for a million. Their
checksums stand side by side in blocks of `BLOCK` numbers, four bytes each, which is one part in a hundred of the file.

A program of version 3 that still runs after the migration writes events without one. They are no damage, as far as they
can be replayed: `quiz doctor --repair` seals them too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from quiz.store.rows import EVENT_COLUMNS, checksum

BLOCK = 1024  # numbers of events whose checksums stand in one row: four kilobytes
SEALED = "create table seal (block integer primary key, sums blob not null)"
_WIDTH = 4  # bytes of a checksum, the highest first


class Sums:
    """The checksums of all events as they were when these were written."""

    def __init__(self, db: sqlite3.Connection, *, lenient: bool = False) -> None:
        """Read the table `seal`. Raises sqlite3.Error, unless `lenient` takes what can be read of a damaged one."""
        self._blocks: dict[int, bytes] = {}
        try:
            for block, sums in db.execute("select block, sums from seal where typeof(sums) = 'blob'"):
                self._blocks[block] = sums
        except sqlite3.Error:
            if not lenient:
                raise

    def of(self, number: int, crc: int | None) -> int | None:
        """Return the checksum of the event with this number; `crc` is what stands in its row. None: it has none."""
        if crc is not None or not isinstance(number, int):
            return crc
        block, place = divmod(number, BLOCK)
        found = self._blocks.get(block, b"")[place * _WIDTH : (place + 1) * _WIDTH]
        return int.from_bytes(found, "big") if len(found) == _WIDTH else None

    def hold(self, number: int, crc: int | None, row: Sequence[object]) -> bool | None:
        """Whether an event is as it was written: `row` are its `EVENT_COLUMNS`. None: it has no checksum."""
        right = crc if crc is not None else self.of(number, None)
        return None if right is None else checksum(*row) == right

    def block(self, block: int) -> bytearray:
        """Return what stands in a block."""
        return bytearray(self._blocks.get(block, b""))


def seal(db: sqlite3.Connection) -> None:
    """Write the checksums of all events that have none. Runs inside a transaction.

    There are none yet in a migration; later such events only come after those that are sealed.
    """
    known = Sums(db)
    block, sums = 0, known.block(0)
    for number, *row in db.execute(f"select number, {EVENT_COLUMNS} from event where crc is null order by number"):
        if number // BLOCK != block:
            _put(db, block, sums)
            block = number // BLOCK
            sums = known.block(block)
        if len(sums) > number % BLOCK * _WIDTH:
            continue
        sums.extend(bytes(number % BLOCK * _WIDTH - len(sums)))  # of numbers that no event has
        sums += checksum(*row).to_bytes(_WIDTH, "big")
    _put(db, block, sums)


def _put(db: sqlite3.Connection, block: int, sums: bytearray) -> None:
    if sums:
        db.execute("insert or replace into seal values (?, ?)", (block, bytes(sums)))
