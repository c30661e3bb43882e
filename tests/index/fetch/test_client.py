from __future__ import annotations

import gzip
import socket
import threading
import tracemalloc
import zlib
from email.utils import formatdate
from typing import Any

import pytest

from index.errors import FetchError
from index.fetch import Client, Validators
from index.settings import FetchSettings
from tests.index.fetch.site import FAST, OTHER_PUBLIC, PUBLIC, Answer, Asked, Site

NEWS = "http://news.example"


def refusal(client: Client, link: str) -> FetchError:
    with pytest.raises(FetchError) as raised:
        client.get(link)
    return raised.value


def test_a_page_with_host_and_agent(site: Site, client: Client) -> None:
    site.page("news.example/a?b=%C3%BC", "Hello.", etag='"v1"')
    came = client.get(f"{NEWS}/a?b=ü#part")
    assert (came.data, came.url) == (b"Hello.", f"{NEWS}/a?b=%C3%BC#part")
    assert came.validators.etag == '"v1"'
    assert site.headers[-1]["host"] == "news.example"
    assert site.headers[-1]["user-agent"].startswith("Pullquote/")
    assert "cookie" not in site.headers[-1]


def test_a_port_is_part_of_the_host_header(site: Site, client: Client) -> None:
    site.page("news.example:8080/a", "Hello.")
    assert client.get("http://news.example:8080/a").data == b"Hello."


def test_tls_is_asked_for_the_name_at_the_checked_address(site: Site) -> None:
    hello: list[bytes] = []

    def listen(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            hello.append(connection.recv(4096))

    with socket.create_server(("127.0.0.1", 0)) as listener, site.client(once()) as client:
        site.dial_port = listener.getsockname()[1]
        thread = threading.Thread(target=listen, args=(listener,))
        thread.start()
        assert "SSL" in refusal(client, "https://news.example/a").reason
        thread.join()
    assert b"news.example" in hello[0]  # the server name indication
    assert site.dialled == [PUBLIC]


def once(**settings: object) -> FetchSettings:
    """Settings without a second attempt."""
    return FetchSettings.model_validate({**FAST.model_dump(), "download_attempts": 1, **settings})


# Where a link may lead


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.1/admin", "not a public address"),
        ("http://2130706433/admin", "not a public address"),
        ("http://[::1]/admin", "not a public address"),
        ("http://[::ffff:7f00:1]/admin", "not a public address"),
        ("http://169.254.169.254/latest/meta-data/", "metadata service"),
        ("http://inside.example/", "not a public address"),
        ("http://mixed.example/", "not a public address"),
        ("http://user:word@news.example/", "user name"),
        ("http://news.example:25/", "port 25"),
        ("file:///etc/passwd", "only http"),
    ],
)
def test_redirects_are_checked(site: Site, client: Client, location: str, reason: str) -> None:
    for literal in ("127.0.0.1", "::1", "::ffff:7f00:1", "169.254.169.254"):
        site.names[literal] = [[literal]]
    site.names["2130706433"] = [["127.0.0.1"]]
    site.names["inside.example"] = [["10.0.0.7"]]
    site.names["mixed.example"] = [[PUBLIC, "10.0.0.7"]]
    site.redirect("news.example/a", location)
    assert reason in refusal(client, f"{NEWS}/a").reason
    assert set(site.dialled) == {PUBLIC}
    assert site.asked == ["news.example/robots.txt", "news.example/a"]


def test_a_name_that_changes_its_meaning_gains_nothing(site: Site, client: Client) -> None:
    """DNS rebinding: public when it is checked, loopback when it would be connected to."""
    site.page("trap.example/robots.txt", "")
    site.page("trap.example/a", "Hello.")
    site.names["trap.example"] = [[PUBLIC], ["127.0.0.1"]]
    assert client.get("http://trap.example/a").data == b"Hello."
    # One look-up for the connection, which was made to what it said; robots.txt and the page
    # both went through it.
    assert site.looked_up == ["trap.example"]
    assert site.dialled == [PUBLIC]


def test_a_name_that_changed_is_refused_at_the_next_connection(site: Site, client: Client) -> None:
    hang_up = {"connection": "close"}
    site.page("trap.example/robots.txt", "", **hang_up)
    site.page("trap.example/a", "Hello.", **hang_up)
    site.names["trap.example"] = [[PUBLIC], [PUBLIC], ["127.0.0.1"]]
    assert client.get("http://trap.example/a").data == b"Hello."
    assert "not a public address" in refusal(client, "http://trap.example/a").reason
    assert site.dialled == [PUBLIC, PUBLIC]
    assert site.pages_asked == ["trap.example/a"]


def test_the_system_resolver_and_a_setting_for_loopback(site: Site) -> None:
    link = f"http://localhost:{site.port}/a"
    site.page(f"localhost:{site.port}/a", "Hello.")
    with Client(once()) as client:
        assert "not a public address" in refusal(client, link).reason
    assert site.asked == []
    with Client(once(allow_private_addresses=True)) as client:
        assert client.get(link).data == b"Hello."


def test_the_next_address_is_tried(site: Site, client: Client) -> None:
    site.page("news.example/robots.txt", "")
    site.page("news.example/a", "Hello.")
    site.names["news.example"] = [[OTHER_PUBLIC, PUBLIC]]
    site.dead.add(OTHER_PUBLIC)
    assert client.get(f"{NEWS}/a").data == b"Hello."
    assert site.dialled == [OTHER_PUBLIC, PUBLIC]


def test_redirects_are_followed_and_told(site: Site, client: Client) -> None:
    site.redirect("news.example/a", "/b c?x=1")
    site.redirect("news.example/b%20c?x=1", "http://other.example/d")
    site.page("other.example/d", "Hello.")
    assert client.get(f"{NEWS}/a").url == "http://other.example/d"


def test_endless_redirects(site: Site, client: Client) -> None:
    def onward(asked: Asked) -> None:
        asked.send(status=302, location=f"{asked.path}x")

    site.routes |= {f"news.example/{'x' * n}": onward for n in range(50)}
    assert refusal(client, f"{NEWS}/").reason == "more than 10 redirects"
    assert len(site.pages_asked) == 11


def test_an_unknown_host(site: Site) -> None:
    with Client(once(), resolve=_nobody) as client:
        assert "no host nobody.example" in refusal(client, "http://nobody.example/").reason


def _nobody(host: str, port: int) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


# How much, and how long


def test_a_server_that_sends_a_byte_at_a_time(site: Site) -> None:
    def drip(asked: Asked) -> None:
        asked.send(content_length="")
        asked.trickle(b"x", 0.02)

    site.routes["news.example/a"] = drip
    with site.client(once(download_timeout=0.3)) as client:
        site.clock.monotonic = site.real_seconds  # type: ignore[method-assign]
        assert "not there within 0.3 seconds" in refusal(client, f"{NEWS}/a").reason


def test_headers_that_come_a_byte_at_a_time(site: Site) -> None:
    def drip(asked: Asked) -> None:
        asked.wfile.write(b"HTTP/1.1 200 OK\r\nX-Padding: ")
        asked.trickle(b"x", 0.02)

    site.routes["news.example/a"] = drip
    with site.client(once(download_timeout=0.3)) as client:
        site.clock.monotonic = site.real_seconds  # type: ignore[method-assign]
        assert "not there within 0.3 seconds" in refusal(client, f"{NEWS}/a").reason


def test_a_server_that_says_nothing(site: Site) -> None:
    site.routes["news.example/robots.txt"] = lambda asked: asked.trickle(b"", 0.02)
    with site.client(once(download_timeout=0.3)) as client:
        site.clock.monotonic = site.real_seconds  # type: ignore[method-assign]
        assert "not there within 0.3 seconds" in refusal(client, f"{NEWS}/a").reason
    assert site.pages_asked == []


def test_a_name_server_that_says_nothing(site: Site) -> None:
    def wait(host: str, port: int) -> list[str]:
        site.closing.wait()
        return []

    with Client(once(download_timeout=0.3), resolve=wait) as client:
        assert "0.3 seconds" in refusal(client, f"{NEWS}/a").reason


def test_a_gzip_bomb_is_not_unpacked(site: Site, client: Client) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(30)) + packer.flush()
    site.page("news.example/a", bomb, content_encoding="gzip")
    assert len(bomb) < 50_000
    tracemalloc.start()
    try:
        assert "larger than 1,000,000 bytes" in refusal(client, f"{NEWS}/a").reason
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


def test_a_body_without_end(site: Site, client: Client) -> None:
    def pour(asked: Asked) -> None:
        asked.send(content_length="")
        asked.trickle(b"<p>More.</p>" * 5000, 0)

    site.routes["news.example/a"] = pour
    tracemalloc.start()
    try:
        assert "larger than 1,000,000 bytes" in refusal(client, f"{NEWS}/a").reason
        assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()


def test_a_body_that_says_how_large_it_is_is_not_begun(site: Site, client: Client) -> None:
    def announce(asked: Asked) -> None:
        asked.send(content_length="300000000")
        asked.trickle(b"x" * 10_000, 0.01)

    site.routes["news.example/a"] = announce
    assert "larger than" in refusal(client, f"{NEWS}/a").reason


def test_gzip_in_parts(site: Site, client: Client) -> None:
    site.page("news.example/a", gzip.compress(b"Hello, ") + gzip.compress(b"you."))
    site.page("news.example/b", gzip.compress(b"Hello.")[:-6], content_encoding="gzip")
    site.page("news.example/c", b"Hello.", content_encoding="gzip")
    site.page("news.example/d", b"Hello.", content_encoding="br")
    site.routes["news.example/a"] = lambda asked: asked.send(
        gzip.compress(b"Hello, ") + gzip.compress(b"you."), content_encoding="gzip"
    )
    assert client.get(f"{NEWS}/a").data == b"Hello, you."
    assert "ends too early" in refusal(client, f"{NEWS}/b").reason
    assert "broken" in refusal(client, f"{NEWS}/c").reason
    assert "not asked for" in refusal(client, f"{NEWS}/d").reason


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/zip", "text/css"])
def test_what_holds_no_article_is_not_received(site: Site, client: Client, kind: str) -> None:
    def answer(asked: Asked) -> None:
        asked.send(content_type=kind, content_length="9")
        asked.trickle(b"", 0.01)

    site.routes["news.example/a.bin"] = answer
    assert kind in refusal(client, f"{NEWS}/a.bin").reason


@pytest.mark.parametrize("kind", ["", "text/html", "application/pdf", "TEXT/PLAIN; charset=x"])
def test_what_may_hold_one_is(site: Site, client: Client, kind: str) -> None:
    site.page("news.example/a.bin", "Hello.", content_type=kind)
    assert client.get(f"{NEWS}/a.bin").content_type == kind


# Trying again


@pytest.mark.parametrize(("status", "word"), [(404, "no such page"), (403, "allow"), (418, "418")])
def test_a_no_is_a_no(site: Site, client: Client, status: int, word: str) -> None:
    site.routes["news.example/a"] = lambda asked: asked.send(b"Sorry.", status)
    error = refusal(client, f"{NEWS}/a")
    assert (error.status, word in error.reason) == (status, True)
    assert len(site.pages_asked) == 1


def failing(times: int, status: int, **headers: Any) -> Answer:
    left = iter([status] * times)

    def answer(asked: Asked) -> None:
        now = next(left, 200)
        asked.send(b"Hello.", now, **(headers if now != 200 else {}))

    return answer


def test_trouble_passes(site: Site, client: Client) -> None:
    site.routes["news.example/a"] = failing(2, 503)
    assert client.get(f"{NEWS}/a").data == b"Hello."
    first, second = site.clock.slept
    assert 1 <= first <= 2 <= second <= 3


def test_trouble_that_stays(site: Site, client: Client) -> None:
    site.routes["news.example/a"] = failing(9, 500)
    error = refusal(client, f"{NEWS}/a")
    assert (error.status, len(site.pages_asked)) == (500, 3)


def test_the_server_says_when(site: Site, client: Client) -> None:
    later = formatdate(site.clock.time() + 40, usegmt=True)
    site.routes["news.example/a"] = failing(1, 429, retry_after="7")
    site.routes["news.example/b"] = failing(1, 503, retry_after=later)
    client.get(f"{NEWS}/a")
    assert site.clock.slept == [7.0]
    client.get(f"{NEWS}/b")
    assert 30 < site.clock.slept[-1] <= 40


def test_too_much_patience_is_asked_for(site: Site, client: Client) -> None:
    site.routes["news.example/a"] = failing(1, 429, retry_after="7200")
    assert "7,200 seconds" in refusal(client, f"{NEWS}/a").reason
    assert site.clock.slept == []


def test_a_connection_that_breaks_is_made_again(site: Site, client: Client) -> None:
    calls = iter([True, False])

    def answer(asked: Asked) -> None:
        if next(calls):
            asked.close_connection = True
            asked.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nHell")
        else:
            asked.send(b"Hello.")

    site.routes["news.example/a"] = answer
    assert client.get(f"{NEWS}/a").data == b"Hello."


def test_what_is_not_http(site: Site, client: Client) -> None:
    def answer(asked: Asked) -> None:
        asked.close_connection = True
        asked.wfile.write(b"220 mail.example ESMTP\r\n")

    site.routes["news.example/a"] = answer
    assert "not HTTP" in refusal(client, f"{NEWS}/a").reason


def test_a_server_that_is_not_there(site: Site) -> None:
    site.dead.add(PUBLIC)
    with site.client() as client:
        assert "no connection to news.example" in refusal(client, f"{NEWS}/a").reason
    assert len(site.dialled) == 3


# Asking whether anything is new


def test_what_is_known_is_not_sent_again(site: Site, client: Client) -> None:
    def answer(asked: Asked) -> None:
        known = asked.headers["If-None-Match"] == '"v1"' and asked.headers["If-Modified-Since"]
        asked.send(b"" if known else b"Hello.", 304 if known else 200, etag='"v1"', **DATED)

    site.routes["news.example/a"] = answer
    first = client.get(f"{NEWS}/a")
    assert first.validators == Validators(f"{NEWS}/a", '"v1"', DATED["last_modified"])
    second = client.get(f"{NEWS}/a", first.validators)
    assert (second.unchanged, second.data, second.validators) == (True, b"", first.validators)


DATED = {"last_modified": "Mon, 26 May 2025 07:00:00 GMT"}


def test_another_page_behind_the_link_is_new(site: Site, client: Client) -> None:
    """``/latest`` leads to another article today, older than yesterday's answer."""
    site.redirect("news.example/latest", "/two")
    site.page("news.example/two", "Two.")
    assert client.get(f"{NEWS}/latest", Validators(f"{NEWS}/one", '"v1"')).data == b"Two."
    assert not any("if-none-match" in headers for headers in site.headers)
