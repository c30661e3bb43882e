from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from index.article import Article
from index.errors import LoadError
from tests.index.load.conftest import Load, Refusal

PAGE = (
    "<html><head><title>Harbour</title></head><body><article><p>{} in the harbour of Westmark "
    "were turned away on Monday.</p><p>They wait in the towns nearby.</p></article></body></html>"
)


def record(
    url: str, body: bytes | str, day: int = 1, status: str = "200 OK", headers: str = ""
) -> bytes:
    """A response as crawlers keep it."""
    data = body.encode() if isinstance(body, str) else body
    http = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{headers}\r\n".encode() + data
    return (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2025-01-{day:02}T00:00:00Z\r\nContent-Type: application/http; "
        f"msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    ).encode() + http + b"\r\n\r\n"  # fmt: skip


def plain(records: list[bytes]) -> bytes:
    return b"".join(records)


def zipped(records: list[bytes]) -> bytes:
    return b"".join(gzip.compress(each) for each in records)


@pytest.mark.parametrize(("name", "pack"), [("a.warc", plain), ("a.warc.gz", zipped)])
def test_each_page_is_an_article(
    load: Load, name: str, pack: Callable[[list[bytes]], bytes]
) -> None:
    body = PAGE.format("Tankers").encode()
    chunked = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    records = [
        record("https://a.example/1", PAGE.format("Ships"), day=1),
        record("https://a.example/2", gzip.compress(PAGE.format("Boats").encode()),
               headers="Content-Encoding: gzip\r\n"),
        record("https://a.example/1", PAGE.format("Ferries"), day=3),
        record("https://a.example/3", PAGE.format("None"), status="404 Not Found"),
        record("https://a.example/4", chunked, headers="Transfer-Encoding: chunked\r\n"),
        record("https://a.example/5", "<html><body><a href=/>Home</a></body></html>"),
    ]  # fmt: skip
    found = load(name, pack(records))
    articles = [item for item in found if isinstance(item, Article)]
    assert [item.text.split()[0] for item in articles] == ["Boats", "Ferries", "Tankers"]
    assert articles[0].url == "https://a.example/2"
    (failed,) = (item for item in found if isinstance(item, LoadError))
    assert failed.source.endswith("#https://a.example/5")


def test_an_address_that_is_none_costs_one_record_and_is_told_clearly(load: Load) -> None:
    records = [record("http://[x/1", PAGE.format("Ships")),
               record("https://a.example/2", PAGE.format("Boats"))]  # fmt: skip
    failed, boats = load("a.warc", plain(records))
    assert isinstance(boats, Article)
    assert isinstance(failed, LoadError)
    assert failed.reason.startswith("'http://[x/1' is no address")


def test_a_body_that_inflates_without_end_costs_one_article(load: Load) -> None:
    bomb = gzip.compress(b" " * 60_000_000, 1)
    records = [
        record("https://a.example/1", bomb, headers="Content-Encoding: gzip\r\n"),
        record("https://a.example/2", PAGE.format("Boats")),
    ]
    failed, found = load("a.warc", plain(records))
    assert isinstance(failed, LoadError)
    assert "over the limit" in failed.reason
    assert isinstance(found, Article)


def test_what_stands_before_the_damage_is_read(load: Load) -> None:
    records = [record(f"https://a.example/{at}", PAGE.format("Boats")) for at in (1, 2)]
    found, failed = load("a.warc", plain(records) + b"rubbish\r\n" * 20)[1:]
    assert isinstance(found, Article)
    assert isinstance(failed, LoadError)
    assert "damaged at record 3" in failed.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"rubbish" * 100, "damaged at record 1"), (b"", "the file is empty")],
)
def test_refusals(refusal: Refusal, content: bytes, reason: str) -> None:
    assert reason in refusal("a.warc", content)


def kept(kind: str, url: str, body: str, media_type: str) -> bytes:
    """What was archived without a response."""
    data = body.encode()
    return (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2025-01-01T00:00:00Z\r\nContent-Type: {media_type}\r\n"
        f"Content-Length: {len(data)}\r\n\r\n"
    ).encode() + data + b"\r\n\r\n"  # fmt: skip


def test_pages_that_were_kept_without_a_response(load: Load) -> None:
    records = [
        kept("warcinfo", "", "software: quay", "application/warc-fields"),
        kept("resource", "https://a.example/1", PAGE.format("Boats"), "text/html; charset=utf-8"),
        kept("metadata", "https://a.example/2", PAGE.format("Ships"), "text/html"),
        record("https://a.example/3", PAGE.format("Tugs")),
    ]
    found = load("a.warc", plain(records))
    assert [each.text.split()[0] for each in found if isinstance(each, Article)] == [
        "Boats",
        "Tugs",
    ]
    assert len(found) == 2


def test_the_refusal_says_what_the_archive_holds(refusal: Refusal) -> None:
    records = [
        kept("conversion", f"https://a.example/{at}", "The quay is shut.", "text/plain")
        for at in range(2)
    ]
    records.append(record("https://a.example/3", PAGE.format("Boats"), status="404 Not Found"))
    reason = "no page in the archive (2 of text/plain, 1 of status 404)"
    assert refusal("a.warc", plain(records)) == reason
