from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from index.article import Article
from index.errors import LoadError
from tests.index.load.archives.test_warc import PAGE
from tests.index.load.conftest import Load, Refusal


def record(
    url: str, page: str | bytes, day: int = 1, status: str = "200 OK", headers: str = ""
) -> bytes:
    """A response as crawlers kept it before WARC."""
    data = page.encode() if isinstance(page, str) else page
    body = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{headers}\r\n".encode() + data
    head = f"{url} 192.0.2.1 200501{day:02}000000 text/html {len(body)}\n"
    return head.encode() + body + b"\n"


VERSION = b"filedesc://a.arc 0.0.0.0 20050101000000 text/plain 15\n1 0 Quay Press\n\n"
ARCHIVE = VERSION + (
    record("http://quay.example/a", PAGE.format("Old ships"))
    + record("http://quay.example/a", PAGE.format("New ships"), day=2)
    + record("http://quay.example/b", PAGE.format("Boats"), status="404 Not Found")
    + record("http://quay.example/c", PAGE.format("Ferries"))
)


@pytest.mark.parametrize(
    ("name", "pack"), [("a.arc", bytes), ("a.arc.gz", gzip.compress)], ids=["plain", "packed"]
)
def test_the_latest_capture_of_each_page(
    load: Load, name: str, pack: Callable[[bytes], bytes]
) -> None:
    found = [each for each in load(name, pack(ARCHIVE)) if isinstance(each, Article)]
    assert [each.text.partition(" in the")[0] for each in found] == ["New ships", "Ferries"]
    assert [each.url for each in found] == ["http://quay.example/a", "http://quay.example/c"]


def test_what_stands_before_the_damage_is_read(load: Load) -> None:
    found = load("a.arc", ARCHIVE[:-40])
    assert isinstance(found[0], Article)
    assert isinstance(found[-1], LoadError)
    assert "damaged at record 5" in found[-1].reason


@pytest.mark.parametrize(
    ("content", "reason"), [(VERSION, "no page in the archive"), (b"Nothing.\n", "damaged")]
)
def test_refusals(refusal: Refusal, content: bytes, reason: str) -> None:
    assert reason in refusal("a.arc", content)


def test_bodies_are_unpacked(load: Load) -> None:
    body = PAGE.format("Tankers").encode()
    chunked = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    packed = gzip.compress(PAGE.format("Boats").encode())
    archive = VERSION + (
        record("http://quay.example/a", packed, headers="Content-Encoding: gzip\r\n")
        + record("http://quay.example/b", chunked, headers="Transfer-Encoding: chunked\r\n")
        + record("http://quay.example/c", PAGE.format("Tugs"), headers="Content-Encoding: gzip\r\n")
        + record("http://quay.example/d", packed[:60], headers="Content-Encoding: gzip\r\n")
        + record("http://quay.example/e", PAGE.format("Ferries"))
    )
    found = load("a.arc", archive)
    texts = [each.text.split()[0] if isinstance(each, Article) else "" for each in found]
    assert texts == ["Boats", "Tankers", "Tugs", "", "Ferries"]


def test_an_address_with_spaces(load: Load) -> None:
    archive = VERSION + record("http://quay.example/a b c", PAGE.format("Ships"))
    (found,) = load("a.arc", archive)
    assert isinstance(found, Article)
    assert found.url == "http://quay.example/a b c"


def test_what_a_record_does_not_say_its_page_does(load: Load) -> None:
    kind = record("http://quay.example/a", PAGE.format("Ships")).replace(
        b" text/html ", b" no-type "
    )
    assert b"no-type" in kind
    (found,) = load("a.arc", VERSION + kind)
    assert isinstance(found, Article)
