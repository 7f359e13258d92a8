"""What an import or an export left out: a line for each reason, with how many there are of it and the first few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quiz.exchange.parcel import LeftOut
from quiz.text import counted

NAMED = 3  # of those left out for one reason


def told(left_out: Sequence[LeftOut], most: int) -> Iterator[str]:
    """Yield a line for each of the first `most` reasons, and how many more there are."""
    reasons: dict[str, list[str]] = {}
    for one in left_out:
        reasons.setdefault(one.why, []).append(one.what)
    if reasons:
        yield "Left out:"
    for why, all_ in list(reasons.items())[:most]:
        some = ", ".join(all_[:NAMED]) + (" …" if len(all_) > NAMED else "")
        yield f"  {len(all_)}: {some} - {why}" if len(all_) > 1 else f"  {some} - {why}"
    if len(reasons) > most:
        yield f"  … and for {counted(len(reasons) - most, 'more reason')}"
