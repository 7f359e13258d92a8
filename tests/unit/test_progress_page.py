"""How it goes as a whole: `quiz stats` in words and as JSON, and the progress page in all its forms."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from quiz.cli.main import main
from quiz.memory import StudyDay
from quiz.report import plots
from quiz.report.document import document
from quiz.report.forecast import DAYS
from quiz.report.standing import Standing, there
from quiz.report.told import HEADINGS
from tests.support.clocks import FixedClock
from tests.support.desks import Place, flip, learned
from tests.support.hostile import LONG_WORD, MARKUP
from tests.support.lines import assert_golden
from tests.support.lives import lived

Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a way to run a command that returns `code`: it gives what was said (errors last)."""
    monkeypatch.chdir(tmp_path)

    def call(clock: FixedClock, *argv: str, code: int = 0, decks: str = "some decks") -> str:
        assert main([*argv, "--home", str(tmp_path), "--decks", str(tmp_path / decks)], clock) == code
        said = capsys.readouterr()
        return said.out + said.err

    return call


# -- quiz stats -------------------------------------------------------------------------------------------------------


def test_how_it_goes_reads_as_it_always_did(run: Run, tmp_path: Path) -> None:
    assert_golden("stats.txt", run(lived(tmp_path), "stats"))


SHARE = (float, type(None))
ROW = {
    "name": str,
    "title": str,
    "cards": int,
    "seen": int,
    "mastery": float,
    "recalled_now": float,
    "median_stability_days": SHARE,
    "lasting": int,
    "provable": int,
    "proven": int,
}
KEPT = {"reviews": int, "recalled": int, "share": SHARE}
BIN = {"from": float, "to": float, "answers": int, "said": SHARE, "right": int, "share": SHARE, "likely": object}
SHAPE: dict[str, Any] = {
    "day": date,
    "answers": int,
    "cards": int,
    "cards_seen": int,
    "suspended": int,
    "flagged": int,
    "mastery": ROW,
    "decks": [{"name": str, "title": str, "cards": int, "seen": int, "due": int, "mastery": float}],
    "topics": [ROW | {"due": int}],
    "procedures": [ROW],
    "retention": {"days": int, **KEPT, "young": KEPT, "mature": KEPT, "mature_from_days": float},
    "forecast": {
        "days": [
            {
                "day": date,
                "due": int,
                "reviews": float,
                "minutes": float,
                "new": float,
                "cards_with_new": float,
                "minutes_with_new": float,
            }
        ],
        "overdue": int,
        "due_later": int,
        "new_a_day": int,
        "unseen": int,
        "minutes_given": int,
        "minutes_needed": float,
        "left_over": float,
    },
    "minutes_a_day": SHARE,
    "days": [{"day": date, "answers": int, "recalled": int, "minutes": float}],
    "calendar": {"weeks": int, "days": [{"day": date, "answers": int}]},
    "calibration": object,  # tests/unit/test_calibration.py
    "model_calibration": object,  # tests/unit/test_model_calibration.py
    "hardest": [{"card": str, "asks": str, "lapses": int, "answers": int, "difficulty": float}],
    "leech_count": int,
    "leeches": [object],  # tests/unit/test_leeches.py
    "danger": [str],
    "exams": object,  # tests/unit/test_exam_result.py
    "exam_ahead": (dict, type(None)),
    "last_refresher": (dict, type(None)),
}


def check(value: Any, shape: Any, where: str = "") -> None:
    """Compare plain values with a shape: keys just these, dates as dates, whole numbers where they are whole."""
    if isinstance(shape, dict):
        assert value.keys() == shape.keys(), where
        for key, each in value.items():
            assert re.fullmatch(r"[a-z][a-z0-9_]*", key), where
            check(each, shape[key], f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for each in value:
            check(each, shape[0], where)
    elif shape is date:
        assert date.fromisoformat(value).isoformat() == value, where
    elif shape is float:
        assert isinstance(value, int | float), where
    else:
        assert isinstance(value, shape), (where, value)


@pytest.mark.parametrize("with_history", [False, True])
def test_the_document_has_its_shape_with_and_without_a_history(run: Run, tmp_path: Path, with_history: bool) -> None:
    if with_history:
        clock: FixedClock = lived(tmp_path)
    else:
        (tmp_path / "some decks").mkdir()
        clock = FixedClock()
    numbers = json.loads(run(clock, "stats", "--json"))
    check(numbers, SHAPE)
    assert len(numbers["forecast"]["days"]) == DAYS
    assert len(numbers["days"]) == 30
    assert bool(numbers["hardest"] and numbers["calendar"]["days"] and numbers["last_refresher"]) is with_history
    young, mature = numbers["retention"]["young"], numbers["retention"]["mature"]
    for part in ("reviews", "recalled"):
        assert young[part] + mature[part] == numbers["retention"][part]


def test_a_standing_that_is_not_whole_makes_no_document() -> None:
    with pytest.raises(ValueError, match="not counted yet"):
        document(Standing(StudyDay(0)), [])
    assert there("") == ""


# -- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_is_written_in_each_form(run: Run, tmp_path: Path) -> None:
    clock = lived(tmp_path)
    for ending in ("html", "md", "csv"):
        assert run(clock, "report", "--progress", "--to", f"p.{ending}") == f"Progress written to p.{ending}.\n"
        assert_golden(f"progress.{ending}", Path(f"p.{ending}").read_text("utf-8"))
    for name in HEADINGS.values():
        assert f"<h2>{name}</h2>" in Path("p.html").read_text("utf-8")
        assert f"\n## {name}\n" in Path("p.md").read_text("utf-8")


def test_a_beginner_gets_a_page_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "some decks").mkdir()
    for ending in ("html", "md", "csv"):
        run(FixedClock(), "report", "--progress", "--to", f"p.{ending}")
    text = Path("p.md").read_text("utf-8")
    for said in ("There are no cards.", "No practice exam was handed in yet.", "No card has come back for review yet."):
        assert said in text


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--to", "p.md", "--progress", "--exam"], "not allowed with"),
        (["--to", "p.md", "--progress", "--day", "2026-11-22"], "--progress is about all sessions until now"),
        (["--to", "p.md", "--progress", "--name", "Ann"], "leave --name, --session and --day out"),
        (["--check", "p.md", "--progress"], "--check takes a file alone"),
        (["--to", "p.pdf", "--progress"], "name a file that ends in .md, .html or .csv"),
    ],
)
def test_what_does_not_go_together_is_told(run: Run, tmp_path: Path, argv: list[str], said: str) -> None:
    (tmp_path / "some decks").mkdir()
    assert said in run(FixedClock(), "report", *argv, code=2)
    assert not list(tmp_path.glob("p.*"))


def test_what_is_there_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    (tmp_path / "some decks").mkdir()
    Path("p.html").write_text("mine")
    assert "is there already" in run(FixedClock(), "report", "--progress", "--to", "p.html", code=2)
    assert Path("p.html").read_text() == "mine"


class Elements(HTMLParser):
    """Collects the elements of a page with their attributes, and checks that each one that opens is closed."""

    VOID = ("meta",)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


def hostile_page(run: Run, tmp_path: Path, text: str, ending: str) -> str:
    """Return the page of a learner whose decks say `text` wherever they can."""
    place = Place(tmp_path)
    place.write(flip("odd", topic=text, procedure=text, claim=text) | {"ask": text, "answer": text}, title=text)
    with place.open() as desk:
        learned(desk.history, "odd", 3, certainty="high", ms=9000)
        for _ in range(7):
            place.clock.forward(days=1)
            learned(desk.history, "odd", 1, certainty="high", given=text, ms=9000)
    where = ["--home", str(place.paths.home), "--decks", str(place.decks)]
    assert main(["report", "--progress", "--to", f"odd.{ending}", *where], place.clock) == 0
    return Path(f"odd.{ending}").read_text("utf-8-sig")


TAGS = {
    *"html head meta title style body main h1 h2 p dl div dt dd ul li strong table thead tbody tr th td".split(),
    *"figure figcaption svg desc defs g pattern path rect circle text".split(),
}
CLOSING = "</svg></td></title></style><script>alert(1)</script>"
TEXTS = {**MARKUP, "closing": CLOSING, "quotes": "\" onload='x' a=\"", "long": LONG_WORD, "pipes": "a | b || `c`"}


@pytest.mark.parametrize("name", TEXTS)
def test_what_decks_say_is_text_on_the_page(run: Run, tmp_path: Path, name: str) -> None:
    page = hostile_page(run, tmp_path, TEXTS[name], "html")
    elements = Elements(page).found
    assert {tag for tag, _ in elements} <= TAGS
    assert all(not key.startswith("on") and key not in ("href", "src") for _, attrs in elements for key in attrs)
    for svg in re.findall(r"<svg.*?</svg>", page, re.S):
        ElementTree.fromstring(svg)


def test_the_page_loads_nothing_and_each_plot_has_a_title_words_and_a_table(run: Run, tmp_path: Path) -> None:
    clock = lived(tmp_path)
    run(clock, "report", "--progress", "--to", "p.html")
    page = Path("p.html").read_text("utf-8")
    assert not re.search(r"https?:|@import|<script|<link|<img|url\((?!#)", page)
    figures = re.findall(r'<figure class="plot">.*?</figure>.*?(?=<figure|<h2|</main>)', page, re.S)
    names = []
    for figure in figures:
        picture = ElementTree.fromstring(figure[figure.index("<svg") : figure.index("</svg>") + 6])
        by_id = {each.get("id"): each for each in picture.iter() if each.get("id")}
        title, words = (picture.get("aria-labelledby") or "").split()
        assert by_id[title].tag == "title"
        assert by_id[words].tag == "desc"
        assert by_id[title].text
        assert by_id[words].text
        names.append(title)
        assert "<table>" in figure or "Calendar" in str(by_id[title].text)  # its days stand in the plot below it
    assert len(set(names)) == len(names) == 9


def test_a_table_in_markdown_keeps_its_columns(run: Run, tmp_path: Path) -> None:
    page = hostile_page(run, tmp_path, TEXTS["pipes"], "md")
    for table in re.findall(r"(?:^\|.*\n)+", page, re.M):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


@pytest.mark.parametrize("text", ["=1+1", "+x", "@SUM(A1)", "-2"])
def test_no_cell_is_a_formula(run: Run, tmp_path: Path, text: str) -> None:
    rows = list(csv.reader(io.StringIO(hostile_page(run, tmp_path, text, "csv"))))
    assert rows[0] == ["section", "about", "measure", "value"]
    assert all(len(row) == 4 for row in rows)
    cells = [cell for row in rows for cell in row]
    assert f"'{text}" in cells
    for cell in cells:
        assert not cell.startswith(("=", "+", "@", "\t", "\r"))
        if cell.startswith("-"):
            float(cell)


# -- the plots --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("most", "top"), [(0, 1), (1, 1), (3, 3), (7, 8), (11, 20), (99, 100), (101, 200), (642, 800)])
def test_the_scale_ends_in_a_round_number(most: float, top: float) -> None:
    drawn = plots.columns("p", "Title", "Words", [plots.Column("", most)])
    assert [float(text) for text in re.findall(r">([\d.]+)</text>", drawn)] == sorted({0, top / 2, top})


def test_a_column_that_is_cut_bears_its_number() -> None:
    drawn = plots.columns("p", "Title", "Words", [plots.Column("", 200, 20), plots.Column("", 8)], most=10)
    assert ">220</text>" in drawn
    heights = [
        float(height) for height in re.findall(r'<rect x="[\d.]+" y="[\d.]+" width="[\d.]+" height="([\d.]+)"', drawn)
    ]
    assert max(heights) == 150
