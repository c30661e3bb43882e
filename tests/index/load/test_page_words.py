"""What of a page's words is the article's, and whom a page names: kinds of mark-up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LoadError
from index.load.base import Source
from index.load.html.loader import page_article

_FIRST = "The council of Velmark voted on Monday to rebuild the old swimming hall."
_LAST = "Residents of the northern quarter had asked for a smaller pool in March."
_TITLE = "Velmark rebuilds its swimming hall"


def _article(body: str, title: str = _TITLE) -> Article:
    page = f"<html lang='en'><head><title>{title}</title></head><body>{body}</body></html>"
    return page_article(page, Source.of_file(Path("page.html")), 1_000_000)


def _story(part: str, heading: str = f"<h1>{_TITLE}</h1>") -> str:
    return f"<article>{heading}<p>{_FIRST}</p>{part}<p>{_LAST}</p></article>"


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("<p><button>TORV</button> gained five per cent in Oslo on Monday.</p>",
         ["TORV gained five per cent in Oslo on Monday."]),
        ("<p><label>Total:</label> <output>412</output> votes were counted in the tower.</p>",
         ["Total: 412 votes were counted in the tower."]),
        ("<p>The weir is long<span class='sidenote'>Measured in 1904.</span> and very old.</p>",
         ["The weir is long and very old.", "Measured in 1904."]),
        ("<div role='dialog'><p>Enter your password to go on reading this story now.</p></div>",
         []),
        ("<p>The lake froze twice. [<a href='/x'>Read also: Lake too cold for pupils</a>]</p>",
         ["The lake froze twice."]),
        ("<p><span aria-hidden='true'>2.3m</span><span class='sr-only'>2.3 million</span> euros "
         "went into the old rope.</p>", ["2.3m euros went into the old rope."]),
        ("<p>Here <span><math><mi>E</mi><mo>=</mo><mi>m</mi></math></span>"
         "<span aria-hidden='true'>E=m</span> is the load of the old rope.</p>",
         ["Here E = m is the load of the old rope."]),
        ("<p>The gate of <ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby> is made of old wood.</p>",
         ["The gate of 東京 is made of old wood."]),
        ("<p>It rose to 900<sup>o</sup>C within five hours, the log says.</p>",
         ["It rose to 900°C within five hours, the log says."]),
        ("<p>No rides today, it says.<a href='/p'>pic.twitter.com/abc</a></p>",
         ["No rides today, it says."]),
        ("<form method='post'><p>The council meets again on 14 September at noon.</p>"
         "<input type='hidden'></form>", ["The council meets again on 14 September at noon."]),
        ("<div class='hatnote'>For the town, see Velmark (town) on another page.</div>", []),
        ("<amp-ad><div fallback>No advert could be shown here to you.</div></amp-ad>", []),
        ("<amp-img src='x.jpg' alt='Boats at the pier'></amp-img>", ["[Image: Boats at the pier]"]),
    ],
)  # fmt: skip
def test_words_of_a_page(part: str, words: list[str]) -> None:
    text = _article(_story(part)).text.replace(" []", "")
    assert text.split("\n\n") == [_FIRST, *words, _LAST]


def test_a_page_that_is_taken_in_one_piece_has_its_blocks() -> None:
    player = "<div class='player'><button>Play</button><span>31:04</span></div>"
    body = f"{player}<h2>Notes</h2><p>{_LAST}</p>"
    assert _article(f"<article><h1>{_TITLE}</h1>{body}</article>").text == f"Notes\n\n{_LAST}"


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By <a href='/a'>Ida Moe</a>, <a href='/b'>Nils Fure</a>", "Ida Moe; Nils Fure"),
        ("By <a href='/a'>Ida Moe</a>, Science Correspondent", "Ida Moe"),
        ("Von Ida Moe und Nils Fure", "Ida Moe; Nils Fure"),
        ("Par Ida Moe et Nils Fure", "Ida Moe; Nils Fure"),
        ("Written by: Ida Moe", "Ida Moe"),
        ("By Ida Moe | Photographs by Nils Fure", "Ida Moe"),
    ],
)
def test_authors_of_a_line(line: str, authors: str) -> None:
    assert _article(_story("", f"<h1>{_TITLE}</h1><p>{line}</p>")).author == authors


def test_a_section_above_the_headline_is_left_out() -> None:
    article = _article(_story("", f"<p class='kicker'>Harbour</p><h1>{_TITLE}</h1>"))
    assert article.text.split("\n\n") == [_FIRST, _LAST]
    assert ("Harbour", "section") in article.findings.left_out


@pytest.mark.parametrize(
    ("heading", "title", "expected"),
    [
        ("<h1>Ice plant opens<br>and lorries wait</h1>", "Ice plant opens and lorries wait",
         "Ice plant opens and lorries wait"),
        ("<h1><a href='/'>Fjord Notes</a></h1><h3>Counting rings</h3>",
         "Fjord Notes: Counting rings", "Counting rings"),
    ],
)  # fmt: skip
def test_titles(heading: str, title: str, expected: str) -> None:
    assert _article(_story("", heading), title).title == expected


@pytest.mark.parametrize(
    ("line", "author", "day"),
    [
        ("Par Anne Faure, publié le 2 avril 2025", "Anne Faure", date(2025, 4, 2)),
        ("Von Greta Sommer | Stand: 14.03.2025, 10:05 Uhr", "Greta Sommer", None),
        ("By <a rel='author'>Ida Moe</a> and <a rel='author'>Nils Fure</a>", "Ida Moe; Nils Fure",
         None),
    ],
)  # fmt: skip
def test_bylines(line: str, author: str, day: date | None) -> None:
    heading = f"<h1>{_TITLE}</h1><p class='byline'>{line}</p>"
    article = _article(_story("", heading))
    assert (article.author, article.published_at) == (author, day)


def test_microdata_names_all_authors_and_the_publisher() -> None:
    names = (
        "<span itemprop='author'>Runa Vik</span><span itemprop='author'>Bo Castell</span>"
        "<div itemprop='publisher' itemscope><meta itemprop='name' content='Kolbu Times'></div>"
    )
    article = _article(_story("", f"<h1>{_TITLE}</h1>{names}"))
    assert (article.author, article.publisher) == ("Runa Vik; Bo Castell", "Kolbu Times")


@pytest.mark.parametrize(
    "body",
    [
        "<h1>We'll be back soon!</h1><p>Sorry for the inconvenience but we are performing some "
        "maintenance at the moment. We will be back online shortly!</p>",
        _story("<div class='paywall'><h2>Continue reading</h2><p>Subscribe now for 1 krone a month "
               "and read all stories.</p><a href='/subscribe'>Subscribe</a></div>"),
    ],
)  # fmt: skip
def test_pages_that_come_instead_of_an_article(body: str) -> None:
    with pytest.raises(LoadError, match="no article in the page, but"):
        _article(body)
