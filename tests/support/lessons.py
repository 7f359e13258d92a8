"""Patient sessions for tests: a short one as text, and writers of the folder in which `quiz teach` finds it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from quiz.deck.lessons import Lessons, open_lessons
from quiz.deck.sessions import PatientSession, read_session

TITLES = ("Danger signs", "What it does", "Before the day", "On the day", "Danger signs again")

FIGURE = """\
id: joint
title: A joint
alt: "A line with a joint, mark 1."
wide: |2
  ───────────────[1]───────────────
narrow: |2
  ────[1]────
marks:
  - mark: 1
    label: joint
"""
LOCAL = """\
clinic:
  name: Back clinic
  phone: 555 0100
  out_of_hours: 555 0199
  emergency: 112
  who_to_call: the nurse on duty
dates:
  visit: Tuesdays at 8
  facet: {visit: Mondays at 7}
"""
SOURCES = "kim-2020:\n  title: Of joints\n  authors: Kim A\n  year: '2020'\n"


def point(title: str, **fields: Any) -> dict[str, Any]:
    """Return the fields of a point with two phrases to hear."""
    words = title.lower()
    return {
        "title": title,
        "say": f"This is about {words}. Please listen.",
        "teach_back": f"Was I clear? What did I say about {words}?",
        "listen_for": [f"first of {words}", f"second of {words}"],
        "say_it_simpler": f"In short: {words}.",
        "misconception": f"I know all about {words}.",
        "gentle_correction": f"Many think so. There is more to {words}.",
        **fields,
    }


def lesson(**fields: Any) -> dict[str, Any]:
    """Return the fields of a whole session, some of them replaced (or, with None, taken out)."""
    points = [point(title) for title in TITLES]
    points[0]["danger_signs"] = points[-1]["danger_signs"] = True
    points[1] |= {"figure": "joint", "figure_says": ["[1] The joint."]}
    whole = {
        "procedure": "facet",
        "title": "Nerve heating",
        "minutes": 10,
        "opening": "We have ten minutes. Stop me at any time.",
        "points": points,
        "questions_for_your_visit": ["What will it do?", "What else is there?", "Who do I call?"],
        "timeline": {"before": ["You ask."], "during": ["You lie down."], "after": ["You rest."]},
        "numbers": [
            {
                "out_of_100": 5,
                "of": "treatments",
                "did": "led to a small problem",
                "study": "From one study.",
                "sources": ["kim-2020"],
            },
            {"out_of_100": "under 1", "did": "had great harm", "study": "From two studies.", "sources": ["lee-2021"]},
        ],
        "no_numbers": ["A sore back is common."],
        "take_home": {
            "heading": "Nerve heating: my sheet",
            "go_now": ["I cannot pass urine.", "My legs get weaker."],
            "call_now": ["Clear fluid leaks."],
            "call_today": ["I have a fever."],
            "good_to_know": ["A sore back fades."],
            "fill_in": [
                {"label": "My visit", "date": "visit"},
                {"label": "Stop food at", "date": "stop_food"},
                {"label": "Who takes me home"},
            ],
            "last_line": "My own team knows what is right for me.",
        },
        **fields,
    }
    return {name: value for name, value in whole.items() if value is not None}


def written(fields: dict[str, Any]) -> str:
    """Return a session as the text of its file: JSON is YAML too, and takes any text as it is."""
    return json.dumps(fields, ensure_ascii=False, indent=1)


def write_lessons(folder: Path, *sessions: dict[str, Any], local: str = "") -> Path:
    """Write a folder of decks with these sessions (one where none is given) and all they name; return the folder."""
    for name in ("patients", "figures"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for fields in sessions or (lesson(),):
        (folder / "patients" / f"{fields['procedure']}.yaml").write_text(written(fields), "utf-8")
    (folder / "figures" / "joint.yaml").write_text(FIGURE, "utf-8")
    (folder / "sources.yaml").write_text(SOURCES, "utf-8")
    if local:
        (folder / "local.yaml").write_text(local, "utf-8")
    return folder


def opened(folder: Path) -> Lessons:
    """Return the lessons of a folder that `write_lessons` wrote."""
    return open_lessons([folder], folder / "local.yaml")


def sound(folder: Path, fields: dict[str, Any] | None = None) -> PatientSession:
    """Return a session as read from its file; it must have no problem."""
    path = folder / "session.yaml"
    path.write_text(written(fields or lesson()), "utf-8")
    session, problems = read_session(path)
    assert session is not None, problems
    return session
