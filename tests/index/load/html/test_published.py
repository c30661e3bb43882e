from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.ingest.preparation import prepare_article
from index.settings import IndexSettings
from tests.index.load.webpages import HEADLINE, article, paragraphs, read

TITLE = f"<title>{HEADLINE}</title>"
DAY, TODAY = date(2025, 3, 1), date(2026, 1, 1)


def ld(said: str) -> str:
    return f'<script type="application/ld+json">{{"@type":"NewsArticle",{said}}}</script>'


@pytest.mark.parametrize(
    "head",
    [
        ld('"datePublished":"2025-03-01T10:00:00+01:00","dateModified":"2025-04-02"')
        + '<meta property="article:modified_time" content="2025-04-02">',
        '<meta property="article:modified_time" content="2025-04-02">'
        '<meta property="article:published_time" content="2025-03-01">',
        '<meta name="DC.date.issued" content="2025-03-01">',
        '<meta name="date" content="1 March 2025">',
        ld('"datePublished":"2025-03-02T04:30:00Z"')
        + '<meta property="article:published_time" content="2025-03-01T23:30:00-05:00">',
        '<script type="application/ld+json">{"datePublished":"2025-03-01",}</script>',
        ld('"datePublished":{"@type":"Date","@value":"2025-03-01"}'),
    ],
    ids=["json-ld", "open-graph", "dublin-core", "words", "own-clock", "broken-json", "typed"],
)
def test_metadata_that_states_it(head: str) -> None:
    assert read(article(paragraphs()), TITLE + head).published_at == DAY


@pytest.mark.parametrize(
    "line",
    [
        '<time pubdate datetime="2025-03-01">yesterday</time>',
        '<header><time datetime="2025-03-01">1 March</time></header>',
        '<p class=meta>Published <time datetime="2025-03-01">1 March</time>, updated '
        '<time datetime="2025-03-05">5 March</time></p>',
        "<div class=byline>By Ada Roe<br>Saturday, March 1, 2025</div>",
        "<p class=author>Ada Roe March 1, 2025</p>",
        "<div>First published 1 March 2025</div><p>Last reviewed: 5 March 2025</p>",
        "<div class=meta>Published 1 March 2025 | Updated 5 March 2025</div>",
        "<div>Ada Roe<span> · </span>1 March 2025</div>",
        "<div><span>March 1, 2025 at 6:14 p.m. EST</span></div>",
        "<footer class=node__meta><p>Submitted by Ada Roe on Sat, 03/01/2025</p></footer>",
        '<time class=published datetime="1740823200">1 March 2025</time>',
        '<span itemprop="datePublished" content="2025-03-01">1.3.</span>',
        '<span property="schema:datePublished" content="2025-03-01">1.3.</span>',
        '<abbr class=published title="2025-03-01T10:00:00">1.3.</abbr>',
        '<time pubdate datetime="2025-03-01">1 March</time><time pubdate>March 1, 2025</time>',
    ],
)
def test_a_byline_that_states_it(line: str) -> None:
    assert read(article(line + paragraphs())).published_at == DAY


def test_the_root_of_a_template_is_no_next_article() -> None:
    body = f"<div id=__next>{article('<div>1 March 2025</div>' + paragraphs())}</div>"
    assert read(body).published_at == DAY


@pytest.mark.parametrize(
    ("head", "inside", "after"),
    [
        ('<meta property="article:modified_time" content="2025-03-01">', "", ""),
        ('<meta name="last-modified" content="2025-03-01">', "", ""),
        (ld('"dateModified":"2025-03-01"'), "", ""),
        ('<script>var until = {"expires": "2025-03-01"};</script>', "", ""),
        ('<meta name="date" content="2025-03">', "", ""),
        ("", '<p>Last updated: <time datetime="2025-03-01">1 March 2025</time></p>', ""),
        ("", "<p>The trial begins on <time>1 March 2025</time> in the court of Leeham.</p>", ""),
        ("", "<div class=event-date>Saturday 1 March 2025</div>", ""),
        ("", "<span class=date>Today is Saturday, 1 March 2025</span>", ""),
        ("", '<div class=deadline><time datetime="2025-03-01">1 March 2025</time></div>', ""),
        ("", "", '<aside><a href=/x>Other</a> <time datetime="2025-03-01">1 March</time></aside>'),
        ("", "", '<div class=comments><time datetime="2025-03-01T10">1 March</time> Nice.</div>'),
        ("", "", "<div>Privacy policy as of 2025-03-01</div>"),
        # One of two days that are stated alike is as good as the other.
        ("", "<time pubdate>1 March 2025</time> <time pubdate>5 March 2025</time>", ""),
    ],
)  # fmt: skip
def test_what_is_the_day_of_something_else(head: str, inside: str, after: str) -> None:
    page = read(article(inside + paragraphs()) + after, TITLE + head)
    found, _ = prepare_article(replace(page, found_as="page"), TODAY, IndexSettings())
    assert (found.published_at, found.date_source) == (None, None)


def test_an_unclear_order_is_settled_by_the_setting() -> None:
    page = read(article(paragraphs()), f'{TITLE}<meta name="date" content="01/03/2025">')
    page = replace(page, found_as="page")
    assert prepare_article(page, TODAY, IndexSettings())[0].published_at is None
    assert prepare_article(page, TODAY, IndexSettings(date_order="dmy"))[0].published_at == DAY


def test_a_guess_is_taken_if_asked_for_and_called_one() -> None:
    page = read(article(paragraphs()) + "<div>Privacy policy as of 2025-03-01</div>")
    page = replace(page, found_as="page")
    assert prepare_article(page, TODAY, IndexSettings())[0].published_at is None
    found, _ = prepare_article(page, TODAY, IndexSettings(guess_dates=True))
    assert (found.published_at, found.date_source) == (DAY, "guessed")


@pytest.mark.parametrize(
    "head",
    [
        "<header><span class=date>Saturday, 1 March 2025</span></header>",
        "<div class=date>Saturday, 1 March 2025</div>",
        '<div class="topbar"><time datetime="2025-03-01">1 March</time></div>',
    ],
)
def test_the_day_of_the_visit_above_the_headline(head: str) -> None:
    assert read(head + article(paragraphs())).published_at is None


INSTANT = "2025-03-13T00:41:27.511Z"
SHOWN = "March 12, 2025 at 8:41 p.m. EDT"


@pytest.mark.parametrize(
    ("time", "day"),
    [
        (f'<time datetime="{INSTANT}">{SHOWN}</time>', 12),
        (f'<time datetime="{INSTANT}">March 13, 2025 at 0:41</time>', 13),
        # The day of something else, and one that is in no day's reach of the instant.
        (f'<time datetime="2025-03-12T09:00:00Z">{SHOWN}</time>', 13),
        (f'<time datetime="{INSTANT}">March 2, 2025</time>', 13),
    ],
)
def test_the_day_shown_beside_an_instant_in_utc_is_the_outlets_own(time: str, day: int) -> None:
    head = f'<meta property="article:published_time" content="{INSTANT}">'
    assert read(article(f"{time}{paragraphs()}"), head).published_at == date(2025, 3, day)
