from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from index.errors import FetchError
from index.fetch import Client, FetchStates, Link, LinkReader
from index.fetch import listing as listing_module
from index.fetch.body import BadBody
from index.fetch.feeds import read_feed
from index.fetch.sitemaps import read_sitemap
from index.fetch.xml_text import root_tag, xml_text
from tests.index.fetch.site import Asked, Site

NEWS = "http://news.example"

RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Wire</title>
<item><title>Chips &amp; cables</title><link>{NEWS}/chips</link><dc:creator>Ann Poe</dc:creator>
  <pubDate>Mon, 26 May 2025 23:30:00 GMT</pubDate></item>
<item><title>No link here</title></item>
<item><title>Mail</title><link>mailto:x@news.example</link></item>
<item><title>Chips again</title><link>{NEWS}/chips</link></item>
<item><link>/ships</link><pubDate>soon</pubDate></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Wire</title>
<entry><title type="html">Chips &amp;amp; cables</title><link rel="alternate" href="chips"/>
  <updated>2025-05-27T01:00:00+02:00</updated><published>2025-05-26T01:00:00Z</published>
  <author><name>Ann Poe</name></author></entry></feed>"""

SITEMAP = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> {NEWS}/old </loc><lastmod>2024-01-01</lastmod></url>
<url><loc>{NEWS}/a?x=1&amp;y=2</loc><lastmod>2025-05-27T08:00:00+00:00</lastmod>
  <image:image><image:loc>{NEWS}/a.png</image:loc><image:title>No</image:title></image:image>
  <news:news><news:publication><news:name>The Wire</news:name></news:publication>
  <news:publication_date>2025-05-26T23:00:00Z</news:publication_date>
  <news:title>Chips</news:title></news:news></url>
<url><lastmod>2025-01-01</lastmod></url>
<url><loc>javascript:alert(1)</loc></url>
</urlset>"""


def index_of(*links: str) -> str:
    inside = "".join(f"<sitemap><loc>{link}</loc></sitemap>" for link in links)
    return f"<sitemapindex>{inside}</sitemapindex>"


def urls_of(*links: str) -> str:
    return "<urlset>" + "".join(f"<url><loc>{link}</loc></url>" for link in links) + "</urlset>"


def nothing(ids: Sequence[str]) -> bool:
    return False


@pytest.fixture
def reader(client: Client, tmp_path: Path) -> LinkReader:
    return LinkReader(client, FetchStates(tmp_path / "fetched.sqlite"), nothing)


def links(reader: LinkReader, url: str) -> list[str]:
    """The links, and the reasons for those that are none."""
    return [
        each.url if isinstance(each, Link) else each.reason for each in reader.listing(url).links
    ]


def test_rss() -> None:
    first, broken, mail, ships = read_feed(xml_text(RSS.encode()), f"{NEWS}/feed")
    assert first == Link(
        url=f"{NEWS}/chips",
        title="Chips & cables",
        published_at=date(2025, 5, 26),
        author="Ann Poe",
        publisher="The Wire",
        modified="Mon, 26 May 2025 23:30:00 GMT",
    )
    assert isinstance(broken, FetchError)
    assert broken.reason == "entry 2 (No link here) has no link"
    assert isinstance(mail, FetchError)
    assert isinstance(ships, Link)
    assert (ships.url, ships.published_at) == (f"{NEWS}/ships", None)


def test_atom() -> None:
    (link,) = read_feed(xml_text(ATOM.encode()), f"{NEWS}/feed/")
    assert isinstance(link, Link)
    assert (link.url, link.title) == (f"{NEWS}/feed/chips", "Chips & cables")
    assert (link.published_at, link.author) == (date(2025, 5, 26), "Ann Poe")


@pytest.mark.parametrize("cut", [RSS.index("<item><link>/ships"), RSS.index("</channel>")])
def test_a_feed_that_breaks_off_is_read_until_there(cut: int) -> None:
    found = read_feed(xml_text(RSS[:cut].encode()), f"{NEWS}/feed")
    assert isinstance(found[0], Link)
    assert found[0].title == "Chips & cables"


@pytest.mark.parametrize(
    ("encoding", "declared", "charset"),
    [
        ("utf-8", "", None),
        ("utf-8", "", "iso-8859-1x"),
        ("utf-8", "", "\0"),
        ("iso-8859-1", "iso-8859-1", "utf-8"),
        ("cp1252", "", None),
        ("cp1251", "", "windows-1251"),
        ("utf-16", "utf-16", None),
        ("utf-8-sig", "iso-8859-1", "iso-8859-1"),
        ("utf-8", "punycode", None),
    ],
)
def test_encodings(encoding: str, declared: str, charset: str | None) -> None:
    name = "Новости" if "1251" in encoding else "Café"
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    data = f"{head}<rss><channel><title>{name}</title></channel></rss>".encode(encoding)
    assert name in xml_text(data, charset)
    assert root_tag(data, charset) == "rss"


ENTITIES = [
    '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>',
    '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1/evil.dtd"> %x;]>',
    '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
]


@pytest.mark.parametrize("doctype", ENTITIES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("kind", ["rss", "urlset"])
def test_entities_are_refused(
    site: Site, reader: LinkReader, doctype: str, encoding: str, kind: str
) -> None:
    body = f"<?xml version='1.0' encoding='{encoding}'?>{doctype}<{kind}><a>&a;</a></{kind}>"
    site.page("news.example/feed", body.encode(encoding), content_type="application/xml")
    with pytest.raises(FetchError, match="XML entities"):
        reader.listing(f"{NEWS}/feed")


@pytest.mark.parametrize("tag", ["<item>", "<item><title>x</title></item>", "<", "<!--"])
def test_a_feed_made_to_take_long(tag: str) -> None:
    with pytest.raises(BadBody, match="100,000 tags"):
        read_feed("<rss><channel>" + tag * 100_000, NEWS)


def test_a_feed_over_the_limit() -> None:
    with pytest.raises(BadBody, match="larger than"):
        read_feed("<rss>" + " " * 9_000_000, NEWS)


def test_a_sitemap() -> None:
    found = read_sitemap(xml_text(SITEMAP.encode()))
    assert found.links == (
        Link(
            url=f"{NEWS}/a?x=1&y=2",
            title="Chips",
            published_at=date(2025, 5, 26),
            publisher="The Wire",
            modified="2025-05-27T08:00:00+00:00",
        ),
        Link(url=f"{NEWS}/old", modified="2024-01-01"),
    )


def test_a_sitemap_that_breaks_off_is_read_until_there() -> None:
    found = read_sitemap(urls_of(f"{NEWS}/a", f"{NEWS}/b")[:-20])
    assert [link.url for link in found.links] == [f"{NEWS}/a"]
    assert "broken" in (found.problem or "")
    with pytest.raises(BadBody, match="broken"):
        read_sitemap("<urlset><url>")


@pytest.mark.parametrize("inside", ["<url>" + "<a/>" * 2_000_000, "<a>" * 2_000_000])
def test_a_sitemap_made_to_fill_memory(inside: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(BadBody, match="more than 10,000 elements"):
            read_sitemap(f"<urlset>{inside}")
        # The text again as bytes, and little else.
        assert tracemalloc.get_traced_memory()[1] < 2 * len(inside) + 10_000_000
    finally:
        tracemalloc.stop()


def test_sitemaps_of_sitemaps_that_lead_in_circles(site: Site, reader: LinkReader) -> None:
    site.page("news.example/robots.txt", f"Sitemap: {NEWS}/a.xml")
    site.page("news.example/a.xml", index_of(f"{NEWS}/b.xml", f"{NEWS}/a.xml", f"{NEWS}/c.xml.gz"))
    site.page("news.example/b.xml", index_of(f"{NEWS}/a.xml", f"{NEWS}/b.xml", f"{NEWS}/none.xml"))
    packed = gzip.compress(urls_of(f"{NEWS}/1", f"{NEWS}/2").encode())
    site.page("news.example/c.xml.gz", packed, content_type="application/gzip")
    assert links(reader, f"{NEWS}/a.xml") == [
        "HTTP 404: there is no such page",
        f"{NEWS}/1",
        f"{NEWS}/2",
    ]
    assert len(site.pages_asked) == 4


def test_sitemaps_without_end(
    site: Site, reader: LinkReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_module, "MAX_SITEMAPS", 5)

    def another(asked: Asked) -> None:
        number = int(asked.path.strip("/s.xml"))
        asked.send(index_of(f"{NEWS}/s{number + 1}.xml").encode(), content_type="text/xml")

    site.routes |= {f"news.example/s{number}.xml": another for number in range(100)}
    assert links(reader, f"{NEWS}/s0.xml") == ["only the first 5 of its sitemaps are read"]
    assert len(site.pages_asked) == 5


def test_a_packed_sitemap_that_is_a_bomb(site: Site, reader: LinkReader) -> None:
    body = gzip.compress(b"<urlset>" + b" " * 20_000_000)
    site.page("news.example/s.xml.gz", body, content_type="application/x-gzip")
    with pytest.raises(FetchError, match="larger than"):
        reader.listing(f"{NEWS}/s.xml.gz")


@pytest.mark.parametrize(
    ("body", "kind", "found"),
    [
        (RSS, "text/html", "feed"),
        (ATOM, "text/plain", "feed"),
        ("  garbage <rss><channel><item><link>http://x.example/</link></item></channel></rss>",
         "application/rss+xml", "feed"),
        (SITEMAP, "text/plain", "sitemap"),
        ("<!-- rss --><html><body>rss</body></html>", "text/html", "page"),
        ("<!DOCTYPE html><rssx></rssx>", "application/xml", "page"),
        ("", "text/html", "page"),
    ],
)  # fmt: skip
def test_what_is_behind_a_link_is_told_by_its_content(
    site: Site, reader: LinkReader, body: str, kind: str, found: str
) -> None:
    site.page("news.example/x", body, content_type=kind)
    assert reader.listing(f"{NEWS}/x").kind == found


@pytest.mark.parametrize("body", [RSS, SITEMAP])
def test_a_listing_is_asked_for_once(site: Site, reader: LinkReader, body: str) -> None:
    def answer(asked: Asked) -> None:
        known = asked.headers["If-None-Match"] == '"v1"'
        asked.send(b"" if known else body.encode(), 304 if known else 200, etag='"v1"')

    site.routes["news.example/x"] = answer
    first = list(map(str, reader.listing(f"{NEWS}/x").links))
    again = reader.listing(f"{NEWS}/x")
    assert again.unchanged
    assert list(map(str, again.links)) == first
