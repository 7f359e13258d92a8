"""Anki's HTML as plain text: what is said stays, markup goes, media are named."""

from __future__ import annotations

import pytest

from quiz.exchange.anki_text import as_html, plain

CASES = {
    "bold and line": ("What is <b>cut</b>?<br>Say it", "What is cut?\nSay it"),
    "blocks": ("<div>one</div><div>two</div>three", "one\ntwo\nthree"),
    "list": ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
    "table": ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a  b\nc"),
    "entities": ("a &lt; b &amp; c&nbsp;d", "a < b & c d"),
    "markup as text": ("write &lt;b&gt;", "write <b>"),
    "less than": ("p < 0.05 and 3<4", "p < 0.05 and 3<4"),
    "source lines are spaces": ("one\n   two", "one two"),
    "pre keeps its shape": ("<pre>a\n  b</pre>", "a\n  b"),
    "superscript": ("10<sup>-3</sup> and x<sup>ab</sup>", "10⁻³ and x^ab"),
    "subscript": ("CO<sub>2</sub>, K<sub>a</sub>", "CO₂, Ka"),
    "image": ('<img src="my%20pic.png" alt="x">', "[image: my pic.png]"),
    "image without quotes": ("<IMG SRC=a.jpg>", "[image: a.jpg]"),
    "image in the field itself": ('<img src="data:image/png;base64,AAAA">', "[image]"),
    "sound": ("hear [sound:a b.mp3]", "hear [sound: a b.mp3]"),
    "latex": (r"[latex]\alpha &lt; 1[/latex] \(x^2\)", r"[latex]\alpha < 1[/latex] \(x^2\)"),
    "script": ("a<script>alert('<b>')</script>b", "ab"),
    "style never closed": ("a<style>b { }", "a"),
    "comment": ("a<!-- <b>x</b> -->b", "ab"),
    "comment never closed": ("a<!-- b", "a"),
    "tag never closed": ("a<b", "a"),
    "tag in a tag": ("<scr<script>ipt>alert(1)", "ipt>alert(1)"),
    "handler": ('<a href="javascript:x()" onclick="y()">z</a>', "z"),
    "escape sequence": ("a\x1b[31mb&#27;[0m", "ab[0m"),
    "override": ("a\u202eb&#x202E;c", "abc"),
    "marked section": ("<![CDATA[x]]>y", "y"),
    "sub and sup crossed": ("<sup><sub>1</sup></sub>", "₁"),
}


@pytest.mark.parametrize(("field", "text"), CASES.values(), ids=CASES)
def test_html_becomes_text(field: str, text: str) -> None:
    assert plain(field).text == text


def test_media_are_named_once_in_the_order_of_the_field() -> None:
    assert plain('<img src="b.png">[sound:a.mp3]<img src="b.png">').media == ("b.png", "a.mp3")


def test_a_field_shows_our_text_as_it_is() -> None:
    text = "a < b & <b>c</b>\nline {{two}}"
    assert plain(as_html(text)).text == text


@pytest.mark.parametrize(
    "piece", ["<a ", "<!", "<![CDATA[", "<!--", "</", "<script>", "<a='", '<a "', "&#", "<", "<pre>", "<sup>"]
)
def test_hostile_fields_are_read_in_one_pass(piece: str) -> None:
    # A field as long as a package may hold: the parser of the standard library needs hours for some of these.
    assert len(plain(piece * (1_000_000 // len(piece))).text) <= 1_000_000
