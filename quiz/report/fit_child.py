"""Fits the weights of FSRS-6 with fsrs-rs-python: run as a process of its own, never imported.

It holds the interpreter lock while it works, may crash, and states no licence: so it stays outside, an extra that the
learner installs. In: one JSON document {"weights": [...], "cards": [[[days, rating, counts], ...], ...]}, where days
are those since the answer before it. Out: the list of the fitted weights.
"""

import importlib
import json
import sys


def main() -> None:
    """Read, fit, write."""
    engine = importlib.import_module("fsrs_rs_python")
    given = json.load(sys.stdin)
    items, cards = [], []
    for number, answers in enumerate(given["cards"]):
        reviews = [engine.FSRSReview(rating, days) for days, rating, _ in answers]
        # One item for each answer to be predicted, with all before it: of whole histories it learns nothing.
        for end, (days, _, counts) in enumerate(answers):
            if counts and days:
                items.append(engine.FSRSItem(reviews[: end + 1]))
                cards.append(number)
    # With the cards named it is several times faster.
    json.dump(list(engine.FSRS(given["weights"]).compute_parameters(items, cards)), sys.stdout)


if __name__ == "__main__":
    main()
