"""The note types under which cards of ours are found in Anki: their fields, templates and looks.

Their numbers never change, so that Anki knows them again. Whoever changes a template gives `CHANGED` a later time;
a change of the fields needs another number, or Anki cannot update the notes it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quiz.exchange.anki_own import BACK, CLAIM, FRONT, KEYS, OWN_ID, SOURCE, TEXT, WHY

CHANGED = 1_795_000_000  # seconds
_FIRST = 1_795_000_000_000
_BELOW = f"""\
{{{{#{CLAIM}}}}}<div class=claim>{{{{{CLAIM}}}}}</div>{{{{/{CLAIM}}}}}
{{{{#{WHY}}}}}<div class=why>{{{{{WHY}}}}}</div>{{{{/{WHY}}}}}
{{{{#{SOURCE}}}}}<div class=source>{{{{{SOURCE}}}}}</div>{{{{/{SOURCE}}}}}
"""
_CSS = """\
.card { font-family: sans-serif; font-size: 20px; line-height: 1.4; max-width: 40em; margin: 1em auto; }
.claim { margin-top: 1em; font-weight: bold; }
.why { margin-top: 1em; }
.source { margin-top: 1em; font-size: 14px; opacity: 0.7; }
.cloze { font-weight: bold; }
pre { font-family: monospace; font-size: 14px; line-height: 1.2; text-align: left; overflow-x: auto; }
"""


@dataclass(frozen=True, slots=True)
class OwnType:
    """One note type of ours: `templates` are pairs of front and back."""

    id: int
    name: str
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str], ...]
    cloze: bool = False

    def as_json(self, deck: int) -> dict[str, Any]:
        """Return the note type as it stands in a collection of schema 11; `deck` is where new notes of it go."""
        return {
            "id": self.id,
            "name": self.name,
            "type": int(self.cloze),
            "mod": CHANGED,
            "usn": -1,
            "sortf": 0,
            "did": deck,
            "tmpls": [_template(n, front, back) for n, (front, back) in enumerate(self.templates)],
            "flds": [_field(n, name) for n, name in enumerate(self.fields)],
            "css": _CSS,
            "latexPre": "",
            "latexPost": "",
            "req": [[n, "any", [n]] for n in range(len(self.templates))],
            "tags": [],
            "vers": [],
        }


def _template(number: int, front: str, back: str) -> dict[str, Any]:
    names = {"qfmt": front, "afmt": back, "bqfmt": "", "bafmt": ""}
    return {"name": f"Card {number + 1}", "ord": number, "did": None, **names}


def _field(number: int, name: str) -> dict[str, Any]:
    return {"name": name, "ord": number, "sticky": False, "rtl": False, "font": "Arial", "size": 20, "media": []}


def _sides(front: str, back: str) -> tuple[str, str]:
    return f"{{{{{front}}}}}", f"{{{{FrontSide}}}}\n<hr id=answer>\n{{{{{back}}}}}\n{_BELOW}"


_ABOUT = (CLAIM, WHY, SOURCE, OWN_ID)
CARD = OwnType(_FIRST + 1, "Quiz card", (FRONT, BACK, *_ABOUT), (_sides(FRONT, BACK),))
BOTH_WAYS = OwnType(
    _FIRST + 2, "Quiz card, both ways", (FRONT, BACK, *_ABOUT), (_sides(FRONT, BACK), _sides(BACK, FRONT))
)
HOLES = OwnType(
    _FIRST + 3,
    "Quiz cloze",
    (TEXT, *_ABOUT, KEYS),
    ((f"{{{{cloze:{TEXT}}}}}", f"{{{{cloze:{TEXT}}}}}\n{_BELOW}"),),
    cloze=True,
)
OWN_TYPES = (CARD, BOTH_WAYS, HOLES)
