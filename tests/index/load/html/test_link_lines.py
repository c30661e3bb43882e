"""Lines that are a label and a link to another story, and lines that only look like one."""

from __future__ import annotations

import pytest

from tests.index.load.webpages import P, article, paragraphs, read

URL = "https://wexmouth.example/ferry"
STORY = '<a href="/museum">Museum in Lem opens with new hall</a>'


def lines(part: str) -> list[str]:
    page = article(paragraphs(0, 2) + part + paragraphs(2, 4))
    return read(page, url=URL).text.split("\n\n")


@pytest.mark.parametrize(
    "label", ["Veja também", "Czytaj także", "Lue myös", "Διαβάστε επίσης", "Xem thêm", "קראו גם"]
)
@pytest.mark.parametrize(
    "form",
    [
        "<p>{}: {}</p>",
        "<p><strong>{}</strong> {}</p>",
        "<p><em>{} | {}</em></p>",
        "<div><b>{}</b><br>{}</div>",
        "<p><b>{}</b></p><ul><li>{}</li></ul>",
    ],
)
def test_a_link_to_another_story_goes(label: str, form: str) -> None:
    assert lines(form.format(label, STORY)) == list(P[:4])


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ('<p>Source: <a href="/r">Report of the county on boats</a></p>', "Source: Report"),
        ('<p>In full: <a href="/r.pdf">Report of the county on boats</a></p>', "In full: Report"),
        ('<p>In full: <a href="https://b.example/r">Report of the county on boats</a></p>',
         "In full: Report"),
        ('<p>Winner: <a href="/roe">Ada Roe</a></p>', "Winner: Ada Roe"),
        (f"<p>The mayor said in May: {STORY}, and left.</p>", "Museum in Lem"),
        ("<p>The mayor wrote: <a href='/m'>I will not sell the bell to you.</a></p>", "I will not"),
        (f"<p>It is older than {STORY}</p>", "older than Museum"),
    ],
    ids=["source", "document", "elsewhere", "name", "goes on", "sentence", "no label"],
)  # fmt: skip
def test_what_only_looks_like_one_stays(part: str, words: str) -> None:
    assert words in "\n".join(lines(part))
