from __future__ import annotations

from datetime import date

import pytest

from index.article import Article
from index.ingest.preparation import prepare_article
from index.load import as_page
from index.settings import IndexSettings
from index.text.captions import caption_line, is_caption
from tests.index.load.archives import epub
from tests.index.load.conftest import One
from tests.index.load.webpages import P, article, paragraphs, read


def captions(inside: str) -> list[str]:
    """The captions that a picture in the middle of an article leaves in the library's text."""
    page = as_page(read(article(f"{paragraphs(0, 2)}{inside}{paragraphs(2, 4)}")))
    assert isinstance(page, Article)
    text = prepare_article(page, date(2026, 1, 1), IndexSettings())[0].text
    assert [line for line in text.split("\n") if line in P] == list(P[:4])
    return [line for line in text.split("\n") if line and line not in P]


@pytest.mark.parametrize(
    ("picture", "lines"),
    [
        (
            "<figure><img src=a.jpg alt='x'><figcaption>The pier in 2019.</figcaption></figure>",
            ["[Caption: The pier in 2019.]"],
        ),
        ("<figure><img src=a.jpg alt='The pier in 2019'></figure>", ["[Image: The pier in 2019]"]),
        ("<p><img src=a.jpg alt='The pier in 2019'></p>", ["[Image: The pier in 2019]"]),
        ("<p><img src=a.jpg alt='DSC_0042.jpg of the pier'></p>", []),
        ("<p><img src=a.jpg alt=''></p>", []),
        ("<p><a href=/other><img src=a.jpg alt='Bank robbed in Leeham'></a></p>", []),
    ],
    ids=["caption", "figure", "picture", "file", "nothing", "link"],
)
def test_pictures_of_a_page(picture: str, lines: list[str]) -> None:
    assert captions(picture) == lines


def test_pictures_of_a_book(one: One) -> None:
    body = (
        "<body><h1>One</h1><p>Ships wait.<img src='a.png' alt='A crane in Kiel'/></p><figure>"
        "<img src='b.png' alt='b'/><figcaption>The quay in May.</figcaption></figure></body>"
    )
    found = one("a.epub", epub({"a.xhtml": body}, {"a.xhtml": "One"}))
    assert found.text.split("\n\n") == [
        "Ships wait.", "[Image: A crane in Kiel]", "[Caption: The quay in May.]",
    ]  # fmt: skip


def test_pictures_of_markdown(one: One) -> None:
    found = one("a.md", "# T\n\nShips wait. ![A crane in Kiel](a.png)\n\n![](b.png)\n\nGo.\n")
    assert found.text == "Ships wait.\n\n[Image: A crane in Kiel]\n\nGo."


def test_a_caption_stays_what_it_is() -> None:
    line = caption_line("The quay [left] in May.")
    assert line == "[Caption: The quay [left] in May.]"
    assert is_caption(line)
    assert caption_line(line) == line
    assert not is_caption("He wrote [Caption: x] there.")
