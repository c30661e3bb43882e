from __future__ import annotations

import pytest

from tests.index.load.webpages import P, article, paragraphs, read

_NOTE = "Minutes of the board."


@pytest.mark.parametrize(
    ("mark", "note"),
    [
        (
            '<a href="#n1" name="r1"><span>[1]</span></a>',
            f'<hr><div><p><a href="#r1" name="n1">[1]</a> {_NOTE}</p></div>',
        ),
        (
            ' <a href="#n1" id="r1"><span>[</span>1<span>]</span></a>',
            '<aside><aside id="n1"><span>[<a href="#r1">1</a>]</span>'
            f"<p>{_NOTE}</p></aside></aside>",
        ),
        (
            '<a id="r1" href="#n1">1</a>',
            f'<div><a id="n1" href="#r1">1</a><div><p>{_NOTE}</p></div></div>',
        ),
        (
            '<sup id="r1"><a href="#n1">[1]</a></sup><sup id="r2"><a href="#n1">[1]</a></sup>',
            f'<ol><li id="n1"><b>^ <a href="#r1">a</a> <a href="#r2">b</a></b> {_NOTE}</li></ol>',
        ),
        (
            '<sup>[<a id="r1" href="#n1">1</a>]</sup>',
            f'<div id="n1"><a href="#r1">1</a>. {_NOTE}</div>',
        ),
    ],
)
def test_a_note_is_read_without_its_mark_wherever_it_stands(mark: str, note: str) -> None:
    body = f"<div><h1>Ferries</h1>{paragraphs(0, 2)}<p>{P[2]}{mark}, again</p></div>{note}"
    *text, last = read(body).text.split("\n\n")
    assert text == [*P[:2], f"{P[2]}, again"]
    assert last.removeprefix("- ") == _NOTE


def test_the_remark_of_an_editor_is_listed_and_no_part_of_the_text() -> None:
    mark = '<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup>'
    remark = '<p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>please check</span></p><p>done</p>'
    page = read(f"{paragraphs(0, 2)}<p>{P[2]}{mark}</p><div>{remark}</div>")
    assert page.text.split("\n\n") == list(P[:3])
    remarks = [text for text, reason in page.findings.left_out if reason == "remark"]
    assert remarks == ["[a]please check", "done"]


def test_headings_and_the_contents_that_lead_to_each_other_are_no_notes() -> None:
    contents = '<ul><li><a id="c1" href="#h1">1</a></li></ul>'
    heading = '<h2 id="h1"><a href="#c1">1</a> The boats</h2>'
    inside = f"{contents}{paragraphs(0, 2)}{heading}{paragraphs(2, 4)}"
    assert "1 The boats" in read(article(inside)).text.split("\n\n")
