from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.fetch import Client, FetchStates, LinkAdder, LinkReader, LinkResult
from index.fetch.address import article_address, canonical
from index.library import Library
from tests.index.fetch.site import Asked, Site
from tests.index.fetch.stories import feed, story

NEWS = "http://news.example"
LIMIT = 100_000


@pytest.fixture
def reader(client: Client, library: Library, tmp_path: Path) -> LinkReader:
    return LinkReader(client, FetchStates(tmp_path / "fetched.sqlite"), library.has)


@pytest.fixture
def adder(reader: LinkReader, library: Library) -> LinkAdder:
    return LinkAdder(reader, library.add, LIMIT)


def again(reader: LinkReader, library: Library) -> LinkAdder:
    """As if the command were run once more."""
    return LinkAdder(reader, library.add, LIMIT)


def said(results: Iterator[LinkResult]) -> list[tuple[str, str]]:
    return [(each.outcome, each.url.removeprefix(NEWS)) for each in results]


def test_a_page_is_known_by_its_own_address(site: Site, adder: LinkAdder, library: Library) -> None:
    head = "<link rel='canonical' href='http://www.news.example/wombats?utm_source=x'>"
    site.page("news.example/w", story("wombats", head, "Wombats counted"))
    (result,) = adder.add(f"{NEWS}/w?utm_campaign=y", 10)
    assert result.outcome == "failed"  # the site has no page with that query
    (result,) = adder.add(f"{NEWS}/w", 10)
    with library.view() as view:
        (article,) = view.articles()
    assert (result.outcome, result.ids) == ("added", (article.id,))
    assert article.url == "http://www.news.example/wombats"
    assert article.title == result.title == "Wombats counted"
    assert "district 3" in article.text


def test_no_page_speaks_for_another_site(site: Site, adder: LinkAdder, library: Library) -> None:
    head = "<link rel='canonical' href='http://other.example/wombats'>"
    site.page("news.example/w", story("wombats", head))
    adder_results = list(adder.add(f"{NEWS}/w", 10))
    with library.view() as view:
        (article,) = view.articles()
    assert (adder_results[0].outcome, article.url) == ("added", f"{NEWS}/w")


def test_a_feed_fills_what_pages_leave_out(site: Site, adder: LinkAdder, library: Library) -> None:
    head = "<meta property='article:published_time' content='2025-05-20T08:00:00Z'>"
    site.page("news.example/feed", feed(f"{NEWS}/w", f"{NEWS}/k"))
    site.page("news.example/w", story("wombats", head, "Wombats counted"))
    site.page("news.example/k", story("koalas"))
    assert said(adder.add(f"{NEWS}/feed", 10)) == [("added", "/w"), ("added", "/k")]
    with library.view() as view:
        found = {each.url: each for each in view.articles()}
    wombats, koalas = found[f"{NEWS}/w"], found[f"{NEWS}/k"]
    assert (wombats.title, wombats.published_at) == ("Wombats counted", date(2025, 5, 20))
    assert (koalas.title, koalas.published_at) == ("Story 1", date(2025, 5, 26))
    assert koalas.author == "Ann Poe"


def test_what_cannot_be_had_does_not_stop_the_rest(
    site: Site, adder: LinkAdder, library: Library
) -> None:
    links = ["/none", "/empty", "/inside", "/picture", "/k"]
    site.page("news.example/feed", feed(*(f"{NEWS}{link}" for link in links)))
    site.page("news.example/empty", "<html><body><nav>Home</nav></body></html>")
    site.redirect("news.example/inside", "http://169.254.169.254/")
    site.names["169.254.169.254"] = [["169.254.169.254"]]
    site.page("news.example/picture", b"\x89PNG", content_type="image/png")
    site.page("news.example/k", story("koalas"))
    results = list(adder.add(f"{NEWS}/feed", 10))
    assert said(iter(results)) == [*(("failed", link) for link in links[:-1]), ("added", "/k")]
    reasons = [each.report.failed[0].reason for each in results[:-1]]
    for reason, part in zip(reasons, ["404", "article", "metadata", "image/png"], strict=True):
        assert part in reason


def test_only_so_many_of_a_list(site: Site, adder: LinkAdder) -> None:
    site.page("news.example/feed", feed(*(f"{NEWS}/{name}" for name in "abc")))
    for name in "abc":
        site.page(f"news.example/{name}", story(f"wombats {name}"))
    assert said(adder.add(f"{NEWS}/feed", 2)) == [
        ("added", "/a"),
        ("added", "/b"),
        ("more", "/feed"),
    ]
    assert "news.example/c" not in site.asked


def test_one_article_in_two_lists_is_fetched_once(site: Site, adder: LinkAdder) -> None:
    site.page("news.example/a.xml", feed(f"{NEWS}/w?utm_source=a", f"{NEWS}/w#top"))
    site.page("news.example/w?utm_source=a", story("wombats"))
    assert said(adder.add(f"{NEWS}/a.xml", 10)) == [("added", "/w?utm_source=a")]


def test_what_the_server_calls_unchanged_is_not_sent_again(
    site: Site, reader: LinkReader, library: Library
) -> None:
    bodies = {"/w": story("wombats"), "/feed": feed(f"{NEWS}/w")}
    tag = {"/w": '"1"', "/feed": '"1"'}
    statuses: list[int] = []

    def answer(asked: Asked) -> None:
        known = asked.headers["If-None-Match"] == tag[asked.path]
        statuses.append(304 if known else 200)
        body = b"" if known else bodies[asked.path].encode()
        asked.send(body, statuses[-1], etag=tag[asked.path])

    site.routes |= {"news.example/w": answer, "news.example/feed": answer}
    link = f"{NEWS}/feed"
    assert said(again(reader, library).add(link, 10)) == [("added", "/w")]
    assert said(again(reader, library).add(link, 10)) == [("unchanged", "/w")]
    assert statuses == [200, 200, 304, 304]

    bodies["/w"], tag["/w"] = story("quolls"), '"2"'
    assert said(again(reader, library).add(link, 10)) == [("updated", "/w")]
    assert statuses[4:] == [304, 200]

    # What was removed is asked for in full: the server's word is of no use without the article.
    with library.view() as view:
        (article,) = view.articles()
    assert "quolls" in article.text
    library.remove([article.id])
    assert said(again(reader, library).add(link, 10)) == [("added", "/w")]
    assert statuses[6:] == [304, 200]


def test_the_same_page_again_is_unchanged(site: Site, reader: LinkReader, library: Library) -> None:
    site.page("news.example/w", story("wombats"))
    assert said(again(reader, library).add(f"{NEWS}/w", 10)) == [("added", "/w")]
    assert said(again(reader, library).add(f"{NEWS}/w", 10)) == [("unchanged", "/w")]


def test_a_page_that_a_feed_named_is_the_same_without_the_feed(
    site: Site, reader: LinkReader, library: Library
) -> None:
    site.page("news.example/feed", feed(f"{NEWS}/k"))
    site.page("news.example/k", story("koalas"))
    assert said(again(reader, library).add(f"{NEWS}/feed", 10)) == [("added", "/k")]
    assert said(again(reader, library).add(f"{NEWS}/k", 10)) == [("unchanged", "/k")]
    site.page("news.example/k", story("quolls"))
    (result,) = again(reader, library).add(f"{NEWS}/k", 10)
    with library.view() as view:
        assert view.article(result.ids[0]).author == "Ann Poe"


def test_a_file_of_articles_behind_a_link_keeps_its_ids(
    site: Site, adder: LinkAdder, library: Library
) -> None:
    lines = (
        '{"id": "one", "text": "Wombats dig."}\n{"text": []}\n{"id": "two", "text": "Emus run."}'
    )
    site.page("news.example/wire.jsonl", lines, content_type="application/x-ndjson")
    (result,) = adder.add(f"{NEWS}/wire.jsonl", 10)
    assert (result.outcome, result.ids) == ("added", ("one", "two"))
    assert len(result.report.failed) == 1
    assert library.has(["one", "two"])


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("HTTP://News.example:80/a#top", f"{NEWS}/a"),
        (f"{NEWS}/a?utm_source=x&id=7&fbclid=y", f"{NEWS}/a?id=7"),
        (f"{NEWS}/a?gclid=x", f"{NEWS}/a"),
        (f"{NEWS}/a?b=2&a=1&b=%20", f"{NEWS}/a?b=2&a=1&b=%20"),
        (f"{NEWS}/a?ref=7&cid=8", f"{NEWS}/a?ref=7&cid=8"),
    ],
)
def test_addresses(link: str, address: str) -> None:
    assert canonical(link) == address
    assert canonical(address) == address


@pytest.mark.parametrize(
    ("page", "stated", "address"),
    [
        ("https://amp.news.example/a", "https://www.news.example/a", "https://www.news.example/a"),
        ("https://edition.news.example/a", "https://news.example/b", "https://news.example/b"),
        ("https://a.pages.example/x", "https://b.pages.example/x", "https://a.pages.example/x"),
        ("https://news.example/a", "https://evilnews.example/a", "https://news.example/a"),
        ("https://news.example/a", "https://news.example/", "https://news.example/a"),
        ("https://news.example/a", "/b", "https://news.example/b"),
        ("https://news.example/a", "javascript:x", "https://news.example/a"),
        ("https://news.example/a", "http://[", "https://news.example/a"),
        ("https://news.example/a", None, "https://news.example/a"),
    ],
)
def test_what_a_page_may_call_itself(page: str, stated: str | None, address: str) -> None:
    assert article_address(page, stated) == address
