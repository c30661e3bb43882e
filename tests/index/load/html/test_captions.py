from __future__ import annotations

from datetime import date

import pytest

from index.article import Article
from index.ingest.preparation import prepare_article
from index.load import as_page
from index.settings import IndexSettings
from index.text.captions import caption_line, is_caption
from tests.index.load.conftest import One
from tests.index.load.web_archives import epub
from tests.index.load.webpages import HEADLINE, P, article, paragraphs, read


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
        (
            "<div class=wp-caption><img src=a.jpg alt='At the pier'>"
            "<p class=wp-caption-text>The pier in 2019</p></div>",
            ["[Caption: The pier in 2019]"],
        ),
        (
            "<div><div><img src=a.jpg alt=x></div><div class=image-caption><p>The pier in 2019</p>"
            "</div></div>",
            ["[Caption: The pier in 2019]"],
        ),
        (
            "<figure><img src=a.jpg alt=x><figcaption><span>The pier in 2019.</span>"
            "<span>Photo: J. Roe</span></figcaption></figure>",
            ["[Caption: The pier in 2019. Photo: J. Roe]"],
        ),
        (
            "<figure><img src=a.jpg alt=x><figcaption>It was shut in 2019"
            "<span class=credit>J. Roe</span></figcaption></figure>",
            ["[Caption: It was shut in 2019 J. Roe]"],
        ),
        ("<figure><img src=a.jpg alt=x><figcaption>Photo: J. Roe</figcaption></figure>", []),
        ("<p><a href=/other><img src=a.jpg alt='Bank robbed in Leeham'></a></p>", []),
    ],
    ids=[
        *("caption", "figure", "picture", "file", "nothing", "paragraph", "box", "with credit"),
        *("credit behind", "credit", "link"),
    ],
)
def test_pictures_of_a_page(picture: str, lines: list[str]) -> None:
    assert captions(picture) == lines


def test_an_article_may_be_called_by_its_categories() -> None:
    picture = "<div><img src=a.jpg><p class=wp-caption-text>The pier in 2019</p></div>"
    page = f"<h2>{HEADLINE}</h2>{paragraphs(0, 2)}{picture}{paragraphs(2, 4)}"
    text = read(f'<div class="hentry category-sea">{page}</div>').text
    assert text.split("\n\n")[2] == "[Caption: The pier in 2019]"


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
