"""Whatever the HTTP client raises, a link that fails is a ``FetchError``."""

from __future__ import annotations

from collections.abc import Iterator

import httpcore2
import httpx2
import pytest

from index.errors import FetchError
from index.fetch import Client
from tests.index.fetch.site import Site

LINK = "https://news.example/a"


def errors_of(module: object) -> list[type[Exception]]:
    """The exception classes that a module has, by name."""
    known = [kind for _, kind in sorted(vars(module).items()) if isinstance(kind, type)]
    return [kind for kind in known if issubclass(kind, Exception)]


class Pool(httpcore2.ConnectionPool):
    """Has no robots.txt, and fails at a page: at once, or when its body is read."""

    def __init__(self, error: Exception, at_once: bool) -> None:
        super().__init__()
        self.error = error
        self.at_once = at_once

    def handle_request(self, request: httpcore2.Request) -> httpcore2.Response:
        if request.url.target == b"/robots.txt":
            return httpcore2.Response(404)
        if self.at_once:
            raise self.error
        headers = [(b"Content-Type", b"text/html")]
        return httpcore2.Response(200, headers=headers, content=self._body())

    def _body(self) -> Iterator[bytes]:
        yield b"Wombats "
        raise self.error


@pytest.mark.parametrize("at_once", [True, False], ids=["request", "body"])
@pytest.mark.parametrize("kind", errors_of(httpcore2), ids=lambda kind: str(kind.__name__))
def test_every_error_of_a_connection_is_mapped(
    site: Site, client: Client, kind: type[Exception], at_once: bool
) -> None:
    client._pool = Pool(kind("it went wrong"), at_once)
    with pytest.raises(FetchError) as caught:
        client.get(LINK)
    assert caught.value.source == LINK
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize(
    "link",
    [
        "http://[::1", "http://a b/", "https://" + "a" * 70_000, "http://news.example:99999/",
        "http://\u2028.example/", "http://xn--\u00e9.example/", "https://%zz/", "//news.example/a",
    ],
    ids=lambda link: str(link)[:16],
)  # fmt: skip
def test_every_link_that_is_none_is_mapped(client: Client, link: str) -> None:
    with pytest.raises(FetchError):
        client.get(link)


@pytest.mark.parametrize(
    "location", ["http://[::1", "https://a:b:c/", "http://\x00/", "https://news.example:99999/"]
)
def test_every_redirect_to_what_is_no_link_is_mapped(
    site: Site, client: Client, location: str
) -> None:
    site.routes["news.example/a"] = lambda asked: asked.send(status=302, location=location)
    with pytest.raises(FetchError):
        client.get("http://news.example/a")


def test_the_errors_are_those_of_the_client() -> None:
    names = {kind.__name__ for kind in errors_of(httpcore2)}
    assert {"ConnectError", "ReadTimeout", "ProxyError", "RemoteProtocolError"} <= names
    # Its URLs are all that is used of httpx2, and this is what they raise.
    assert not issubclass(httpx2.InvalidURL, ValueError)
