from __future__ import annotations

from datetime import date

import pytest

from index.fetch.feeds import read_feed
from index.fetch.link import Link
from index.fetch.xml_text import xml_text

PAGE = "http://news.example/a"


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("Sat, 01 Mar 2025 23:30:00 -0500", date(2025, 3, 1)),
        ("Sun, 02 Mar 2025 06:00:00 +0900", date(2025, 3, 2)),
        ("2016/6/29 15:07:41", date(2016, 6, 29)),
        ("2025-03-01T23:30:00-05:00", date(2025, 3, 1)),
        ("Sat, 1 Mar 25 23:30 EST", date(2025, 3, 1)),
        ("25-03-01", None),
        ("1740787200", None),
        ("2025-W09", None),
        ("2025-03", None),
        ("2025", None),
        ("March 2025", None),
        ("yesterday", None),
    ],
)
def test_the_day_of_an_entry_is_the_one_that_is_stated(stated: str, day: date | None) -> None:
    entry = f"<item><title>A</title><link>{PAGE}</link><pubDate>{stated}</pubDate></item>"
    feed = f'<rss version="2.0"><channel><title>Herald</title>{entry}</channel></rss>'
    (link,) = read_feed(feed, "http://news.example/feed")
    assert isinstance(link, Link)
    assert link.published_at == day


DC = "http://purl.org/dc/elements/1.1/"


@pytest.mark.parametrize(
    ("inside", "day"),
    [
        (f'<dc:date xmlns:dc="{DC}">2025-03-01T23:30:00-05:00</dc:date>', date(2025, 3, 1)),
        (f'<x:date xmlns:x="{DC}">2025-03</x:date>', None),
        (
            f'<dc:date xmlns:dc="{DC}">2025-03-01</dc:date>'
            '<a:updated xmlns:a="http://www.w3.org/2005/Atom">2025-03-05T10:00:00Z</a:updated>',
            None,
        ),
        ('<a:updated xmlns:a="http://www.w3.org/2005/Atom">2025-03-05T10:00:00Z</a:updated>', None),
    ],
)
def test_dublin_core_alone_states_the_day(inside: str, day: date | None) -> None:
    entry = f"<item><title>A</title><link>{PAGE}</link>{inside}</item>"
    feed = f'<rss version="2.0"><channel><title>Herald</title>{entry}</channel></rss>'
    (link,) = read_feed(feed, "http://news.example/feed")
    assert isinstance(link, Link)
    assert link.published_at == day


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        ("Pier opens&lt;br/&gt;At last", "Pier opens At last"),
        ("<![CDATA[<b>Pier</b> opens &amp; grows]]>", "Pier opens & grows"),
        ("Rates &lt; 3% for piers", "Rates < 3% for piers"),
    ],
)
def test_titles_have_no_mark_up(inside: str, title: str) -> None:
    item = f"<item><title>{inside}</title><link>{PAGE}</link></item>"
    feed = f'<rss version="2.0"><channel>{item}</channel></rss>'
    (link,) = read_feed(feed, "http://news.example/feed")
    assert isinstance(link, Link)
    assert link.title == title


@pytest.mark.parametrize(
    ("inside", "author"),
    [
        ("<author>desk@quay.example (Ada Roe)</author>", "Ada Roe"),
        ("<author>desk@quay.example</author>", None),
        (f'<d:creator xmlns:d="{DC}">By Ada Roe</d:creator>', "Ada Roe"),
        (f'<d:creator xmlns:d="{DC}">Reuters</d:creator>', None),
        (f'<d:creator xmlns:d="{DC}">Ada Roe</d:creator><d:creator xmlns:d="{DC}">Bo Lund'
         "</d:creator>", "Ada Roe; Bo Lund"),
    ],
)  # fmt: skip
def test_authors_are_people(inside: str, author: str | None) -> None:
    entry = f"<title>The Quay - RSS</title><item><link>{PAGE}</link>{inside}</item>"
    feed = f'<rss version="2.0"><channel>{entry}</channel></rss>'
    (link,) = read_feed(feed, "http://news.example/feed")
    assert isinstance(link, Link)
    assert (link.author, link.publisher) == (author, "The Quay")


@pytest.mark.parametrize("label", ["", '<?xml version="1.0" encoding="iso-8859-1"?>'])
def test_the_code_page_of_a_feed_is_told_by_its_letters(label: str) -> None:
    title = "Přístavní molo se otevře v pondělí, řekl mluvčí"
    assert title in xml_text(f"{label}<rss><title>{title}</title></rss>".encode("cp1250"))
