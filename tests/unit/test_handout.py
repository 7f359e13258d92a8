"""The page to take home: what stands on it, in both forms, and how it is written to a file."""

from __future__ import annotations

import errno
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from quiz.deck.local import Local, read_local
from quiz.errors import QuizError, UnreadableError, UsageError
from quiz.report.handout import handout
from quiz.report.pages import Items, Lines, OutOf100, Page, Paragraph, as_html, as_markdown, target_for_page, write_page
from quiz.study.teach import Stage, Taught, Teaching
from quiz.text import FORBIDDEN
from tests.support.hostile import LONG_WORD, MARKUP, folder_for_all
from tests.support.lessons import LOCAL, lesson, opened, sound, write_lessons
from tests.support.lines import assert_golden
from tests.support.rights import as_nobody


def taught(folder: Path, fields: dict[str, Any] | None = None) -> Taught:
    """Return a session in which the first point was told back, the second in part, and then there was no more time."""
    teaching = Teaching(sound(folder, fields))
    while teaching.step.point != 1 or teaching.step.stage is not Stage.ASK:
        if teaching.step.stage is Stage.ASK:
            teaching.tick_only([0, 1])
        teaching.next()
    teaching.tick(0)
    return teaching.taught()


def page(folder: Path, local: str = "", fields: dict[str, Any] | None = None) -> Page:
    lessons = opened(write_lessons(folder / "decks", local=local))
    return handout(taught(folder, fields), lessons.local, lessons.sources())


@pytest.mark.parametrize(("local", "name"), [("", "take_home_blank.md"), (LOCAL, "take_home_clinic.md")])
def test_the_page_as_markdown(tmp_path: Path, local: str, name: str) -> None:
    assert_golden(name, as_markdown(page(tmp_path, local)))


def test_the_page_as_html(tmp_path: Path) -> None:
    assert_golden("take_home.html", as_html(page(tmp_path, LOCAL)))


# -- what stands on it ------------------------------------------------------------------------------------------------


def test_danger_signs_stand_first_and_last(tmp_path: Path) -> None:
    text = as_markdown(page(tmp_path))
    first, last = text.index("Go to the emergency room now"), text.index("The danger signs once more")
    assert first < text.index("The plan") < text.index("out of 100") < last


def test_dates_and_numbers_of_the_ward_are_filled_in_and_the_rest_is_to_be_written(tmp_path: Path) -> None:
    text = as_markdown(page(tmp_path, LOCAL))
    assert "- My visit: **Mondays at 7**" in text  # the procedure's own before that of all
    assert re.search(r"- Stop food at: _{20}\n", text)
    assert "or call 112, if:" in text
    assert "- Back clinic: **555 0100**\n- Night and weekend: **555 0199**" in text


def test_without_a_local_layer_there_are_lines_to_write_on(tmp_path: Path) -> None:
    text = as_markdown(page(tmp_path))
    assert re.search(r"- My visit: _{20}\n", text)
    assert re.search(r"- Clinic phone, day: _{20}\n", text)
    assert "or call your emergency number, if:" in text


def test_a_chance_is_told_both_ways_and_drawn_with_that_many_icons(tmp_path: Path) -> None:
    text = as_markdown(page(tmp_path))
    assert "About 5 out of 100 treatments led to a small problem. This was not so for about 95 out of 100." in text
    assert "Fewer than 1 out of 100 people had great harm. This was not so for the others." in text
    assert (text.count("●"), text.count("○")) == (5, 195)
    assert max(len(row) for row in text.splitlines() if set(row) & set("●○")) == 25


@pytest.mark.parametrize("count", [0, 1, 25, 99, 100])
def test_the_icons_of_both_forms_are_as_many(count: int) -> None:
    made = Page("x", (OutOf100(count, ("So many.",)),))
    text, html = as_markdown(made), as_html(made)
    assert (text.count("●"), text.count("○")) == (count, 100 - count)
    assert (html.count('"#full"'), html.count('"#empty"')) == (count, 100 - count)
    assert f'aria-label="{count} out of 100"' in html


def test_what_was_told_back_is_named_only_as_a_point(tmp_path: Path) -> None:
    text = as_markdown(page(tmp_path))
    assert "- **Danger signs:** In short: danger signs." in text
    again = text[text.index("## We talk about this again next time") : text.index("## Step by step")]
    assert re.findall("- (.*)", again) == ["What it does", "Before the day", "On the day", "Danger signs"]
    assert "first of" not in text
    assert not re.search(r"told back|score|missed|\bnot understood", text)


def test_where_all_was_told_back_nothing_is_for_next_time(tmp_path: Path) -> None:
    teaching = Teaching(sound(tmp_path))
    while not teaching.done:
        teaching.tick_only(range(len(teaching.to_tick)) if teaching.point else [1])
        teaching.next()
    text = as_markdown(handout(teaching.taught(), Local(), {}))
    assert "next time" not in text
    assert "- [ ] What else is there?" in text
    assert "- [ ] What will it do?" not in text


def test_a_session_that_never_began_has_a_page_without_talk(tmp_path: Path) -> None:
    text = as_markdown(handout(Teaching(sound(tmp_path)).taught(), Local(), {}))
    assert "We talked about" not in text
    assert "- What it does" in text


def test_sources_are_cited_and_one_that_is_not_known_by_its_id(tmp_path: Path) -> None:
    text = as_markdown(page(tmp_path))
    assert "Where the numbers come from: Kim A. Of joints. (2020). lee-2021." in text


def test_without_numbers_there_is_no_heading_for_them(tmp_path: Path) -> None:
    text = as_markdown(page(tmp_path, "", lesson(numbers=None, no_numbers=None)))
    assert "out of 100" not in text
    assert "Where the numbers" not in text


# -- outside text -----------------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """Collects tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.values: set[str] = set()
        self.said = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        self.values |= {value or "" for name, value in attrs if name in ("href", "src")}

    def handle_data(self, data: str) -> None:
        self.said += data


HOSTILE = {
    **MARKUP,
    "script": "</style></title><script>alert(1)</script>",
    "attribute": '" onload="alert(1)" x="',
    "entity": "&lt;b&gt; &#106; &amp;",
    "link": "[a](javascript:alert(1)) <javascript:alert(1)>",
    "long": LONG_WORD,
    "scripts": "選択 يقلل 👩🏽‍⚕️",
    "heading": "# x",
    "table": "| a | b |",
}


def hostile_lesson(text: str) -> dict[str, Any]:
    """Return a session with the text in every place that is printed."""
    fields = lesson(opening=text, no_numbers=[text], questions_for_your_visit=[text])
    for point in fields["points"]:
        point |= {"title": text, "say_it_simpler": text}
    fields["timeline"] = {"before": [text], "during": [text], "after": [text]}
    fields["numbers"] = [{"out_of_100": 5, "of": text, "did": text, "study": text, "sources": [text]}]
    fields["take_home"] |= {name: [text] for name in ("go_now", "call_now", "call_today", "good_to_know")}
    fields["take_home"] |= {"heading": text, "last_line": text, "fill_in": [{"label": text, "date": "visit"}]}
    return fields


def hostile_page(folder: Path, text: str) -> Page:
    path = folder / "ward.yaml"
    words = text.replace("'", "''")
    path.write_text(
        f"clinic: {{name: '{words}', phone: '{words}', emergency: '{words}'}}\ndates: {{visit: '{words}'}}\n"
    )
    local = read_local(path)
    assert not local.problems
    return handout(taught(folder, hostile_lesson(text)), local, {})


@pytest.mark.parametrize("name", HOSTILE)
def test_outside_text_stands_in_the_html_as_it_is_and_orders_nothing(tmp_path: Path, name: str) -> None:
    plain, read = Tags(as_html(page(tmp_path))), Tags(as_html(hostile_page(tmp_path, HOSTILE[name])))
    assert read.tags == plain.tags
    assert read.names == plain.names
    assert read.values == {"#full", "#empty"}
    assert "script" not in read.tags
    assert read.said.count(" ".join(HOSTILE[name].split())) >= 20


def test_the_html_fetches_nothing_and_runs_nothing(tmp_path: Path) -> None:
    text = as_html(page(tmp_path, LOCAL))
    assert not re.search(r"<script|<link|<iframe|\bsrc=|@import|url\(|https?:", text)
    assert "Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'" in text
    assert text.index("Content-Security-Policy") < text.index("<title>"), "in force before anything else is read"
    assert "@media print" in text
    assert text.startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a *b* _c_ `d`", r"a \*b\* \_c\_ \`d\`"),
        ("[x](y)", r"\[x\](y)"),
        ("<script>", r"\<script\>"),
        ("a &amp; b & c", r"a \&amp; b & c"),
        ("# x", r"\# x"),
        ("1. x", r"1\. x"),
        ("- x", r"\- x"),
        ("## x", r"\## x"),
        ("---", r"\---"),
        ("5-6 weeks", "5-6 weeks"),
        ("Out of 100: 5.", "Out of 100: 5."),
        ("two\nlines", "two lines"),
        ("a\x1b[31mb\u202ec", "abc"),
    ],
)
def test_outside_text_is_escaped_in_markdown(text: str, written: str) -> None:
    assert as_markdown(Page("h", (Paragraph(text),))).split("\n")[2] == written


@pytest.mark.parametrize("name", HOSTILE)
def test_no_line_of_the_markdown_gives_an_order(tmp_path: Path, name: str) -> None:
    text = as_markdown(hostile_page(tmp_path, HOSTILE[name]))
    plain = as_markdown(page(tmp_path))
    assert not FORBIDDEN.search(text)
    assert not re.search(r"(?<!\\)[<]|(?<!\\)\[(?! \] )", text)
    assert text.count("\n# ") == plain.count("\n# ")
    assert text.count("\n## ") == plain.count("\n## ")


# -- the file ---------------------------------------------------------------------------------------------------------

PAGE = Page("Page", (Items(("One.",)), Lines((("Two", ""),))))


@pytest.mark.parametrize(("name", "sign"), [("a.md", "# Page\n"), ("a.html", "<!doctype"), ("A.HTML", "<!doctype")])
def test_the_ending_says_the_form(tmp_path: Path, name: str, sign: str) -> None:
    target = target_for_page(str(tmp_path / name))
    write_page(PAGE, target)
    assert target.read_text("utf-8").startswith(sign)


@pytest.mark.parametrize(
    ("name", "error", "what"),
    [
        ("", UsageError, "the page has no name - name a file"),
        ("page", UsageError, "has no ending that is known - name a file that ends in .md or .html"),
        ("page.pdf", UsageError, "has no ending that is known"),
        (".md", UsageError, "has no ending that is known"),
        ("there.md", UsageError, "there.md is there already - choose another name"),
        ("link.html", UsageError, "is there already"),
        ("none/page.md", UnreadableError, "there is no folder"),
        ("there.md/page.md", UnreadableError, "there is no folder"),
    ],
)
def test_a_name_that_cannot_be_taken_is_told_in_one_line(
    tmp_path: Path, name: str, error: type[QuizError], what: str
) -> None:
    (tmp_path / "there.md").write_text("kept")
    (tmp_path / "link.html").symlink_to(tmp_path / "nowhere")
    with pytest.raises(error) as raised:
        target_for_page(str(tmp_path / name) if name else "  ")
    assert what in str(raised.value)
    assert "\n" not in str(raised.value)
    assert (tmp_path / "there.md").read_text() == "kept"


def test_a_folder_without_the_right_to_write_is_told() -> None:
    with folder_for_all() as folder, as_nobody():
        with pytest.raises(UnreadableError, match="permission denied"):
            target_for_page(str(folder / "page.md"))
        with pytest.raises(UnreadableError, match="permission denied"):
            write_page(PAGE, folder / "page.md")


def test_a_file_that_came_in_between_is_not_overwritten(tmp_path: Path) -> None:
    target = target_for_page(str(tmp_path / "page.md"))
    target.write_text("theirs")
    with pytest.raises(UsageError, match="is there already"):
        write_page(PAGE, target)
    assert target.read_text() == "theirs"
    write_page(PAGE, target, again=True)
    assert target.read_text("utf-8").startswith("# Page")


def test_a_page_that_cannot_be_written_whole_is_not_left_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnreadableError, match="no space left"):
        write_page(PAGE, tmp_path / "page.md")
    assert list(tmp_path.iterdir()) == []
