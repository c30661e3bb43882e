"""Fetch a link: guarded at every redirect, within limits of size and time, politely.

Redirects are followed here, one by one, so that each is checked as the first link was. No cookies
are kept, and no proxy of the environment is used: it would connect where the guard cannot see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import httpcore2
import httpx2

from index.errors import FetchError
from index.fetch.body import BadBody, read_body, too_large
from index.fetch.clock import Clock, Deadline, SystemClock
from index.fetch.connect import Dial, GuardedBackend, Resolve, system_dial, system_resolve
from index.fetch.guard import Guard, RequestRefusal
from index.fetch.media import readable
from index.fetch.retry import MAX_WAIT, Transient, retry_after, retrying
from index.fetch.robots import AGENT, ROBOTS_BYTES, Pace, Robots
from index.settings import FetchSettings
from index.version import pullquote_version

__all__ = ["Client", "Response", "Validators"]

MAX_REDIRECTS = 10
_REDIRECTS = {301, 302, 303, 307, 308}
# What else its pool raises, beside errors of the network.
_BROKEN = (
    httpcore2.TimeoutException,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
    httpcore2.ConnectionNotAvailable,
)
_LATER = {408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524}
_STATUS_REASONS = {
    401: "it wants a password",
    403: "the server does not allow it",
    404: "there is no such page",
    410: "the page was taken away",
    451: "it may not be shown for legal reasons",
}


@dataclass(frozen=True, slots=True)
class Validators:
    """The validators of the version that ``url`` sent last, for conditional requests (RFC 9110,
    13)."""

    url: str
    etag: str | None = None
    last_modified: str | None = None

    def asks(self, url: str) -> bool:
        """Whether a conditional request can be made to this address."""
        return self.url == url and bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class Response:
    """A response. ``url`` is where the last redirect led; ``content_type`` the header as sent.

    ``data`` is unpacked. With ``unchanged`` the server confirmed the validators and sent no data.
    """

    url: str
    content_type: str
    data: bytes
    validators: Validators
    unchanged: bool = False


class Client:
    """Fetches links, one after another. Not for use by two threads at once.

    ``resolve`` and ``dial`` resolve names and make connections; the guard checks addresses between
    them.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        clock: Clock | None = None,
        resolve: Resolve = system_resolve,
        dial: Dial = system_dial,
    ) -> None:
        self.settings = settings
        self._clock = clock or SystemClock()
        self._guard = Guard(settings.allow_private_addresses)
        self._backend = GuardedBackend(self._guard, self._deadline(), resolve, dial)
        self._pool = httpcore2.ConnectionPool(
            network_backend=self._backend, keepalive_expiry=30.0, max_connections=8
        )
        self._robots = Robots(self._robots_txt)
        self._pace = Pace(settings.download_delay, self._clock)
        self._agent = f"{AGENT}/{pullquote_version()} (article reader; obeys robots.txt)"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.close()

    def get(self, link: str, validators: Validators | None = None) -> Response:
        """Fetch the link. Raises ``FetchError``, which says why it cannot be fetched.

        Temporary failures are tried again, after a growing wait or the wait that the server asks
        for.
        """
        try:
            url = self._guard.url(link)
            site = _site(url)
            self._robots.check(site, str(url))
            self._pace.wait(url.host, self._robots.delay(site))
        except RequestRefusal as exc:
            raise FetchError(link, str(exc)) from exc
        return self._patiently(link, url, validators, _Limits(self.settings.max_download_bytes))

    def _robots_txt(self, link: str) -> bytes:
        limits = _Limits(ROBOTS_BYTES, robots=True)
        try:
            url = self._guard.url(link)
        except RequestRefusal as exc:
            raise FetchError(link, str(exc)) from exc
        return self._patiently(link, url, None, limits).data

    def _patiently(
        self, link: str, url: httpx2.URL, validators: Validators | None, limits: _Limits
    ) -> Response:
        try:
            return retrying(self.settings.download_attempts, self._clock)(
                self._follow, url, validators, limits
            )
        except Transient as exc:
            raise FetchError(link, str(exc), exc.status) from exc
        except _RequestFailure as exc:
            raise FetchError(link, str(exc), exc.status) from exc
        except (RequestRefusal, BadBody, TimeoutError) as exc:
            raise FetchError(link, str(exc)) from exc

    def _follow(self, url: httpx2.URL, validators: Validators | None, limits: _Limits) -> Response:
        deadline = self._deadline()
        for _ in range(MAX_REDIRECTS + 1):
            self._backend.deadline = deadline
            conditions = validators if validators and validators.asks(str(url)) else None
            came = self._exchange(url, conditions, limits)
            if isinstance(came, Response):
                return came
            url = self._redirect_target(url, came, limits)
        raise RequestRefusal(f"more than {MAX_REDIRECTS} redirects")

    def _redirect_target(self, url: httpx2.URL, location: str, limits: _Limits) -> httpx2.URL:
        try:
            target = self._guard.url(str(url.join(location)))
            if not limits.robots:
                self._robots.check(_site(target), str(target))
        except (RequestRefusal, httpx2.InvalidURL, ValueError) as exc:
            raise RequestRefusal(f"it redirects to {location[:200]!r}: {exc}") from exc
        return target

    def _exchange(
        self, url: httpx2.URL, conditions: Validators | None, limits: _Limits
    ) -> Response | str:
        """Make one request; return the response, or the address that it redirects to."""
        request = httpcore2.Request(
            b"GET",
            httpcore2.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=self._headers(url, conditions),
        )
        try:
            response = self._pool.handle_request(request)
        except httpcore2.NetworkError as exc:
            raise Transient(f"no connection to {url.host}: {_words(exc)}") from exc
        except _BROKEN as exc:
            raise self._connection_error(url, exc) from exc
        try:
            return self._response_of(url, response, conditions, limits)
        except httpcore2.NetworkError as exc:
            raise Transient(f"the connection to {url.host} broke: {_words(exc)}") from exc
        except _BROKEN as exc:
            raise self._connection_error(url, exc) from exc
        finally:
            response.close()

    def _connection_error(self, url: httpx2.URL, error: Exception) -> Exception:
        if isinstance(error, httpcore2.TimeoutException):
            self._backend.deadline.remaining()  # raises TimeoutError when it was all of the time
            return Transient(f"{url.host} did not answer in time")
        return Transient(f"{url.host} broke off or sent what is not HTTP: {_words(error)}")

    def _response_of(
        self,
        url: httpx2.URL,
        response: httpcore2.Response,
        conditions: Validators | None,
        limits: _Limits,
    ) -> Response | str:
        headers = httpx2.Headers(response.headers)
        status = response.status
        if status in _REDIRECTS and "location" in headers:
            return headers["location"]
        if status == 304 and conditions:
            return Response(str(url), "", b"", conditions, unchanged=True)
        if status not in (200, 203):
            raise self._failure(status, headers)
        kind = headers.get("content-type", "")
        if not limits.robots:
            if not readable(kind, url.path):
                raise RequestRefusal(f"it is {kind[:80]!r}, and no article comes as that")
            if int(_digits(headers.get("content-length"))) > limits.bytes:
                raise BadBody(too_large(limits.bytes))
        data = read_body(
            response.iter_stream(),
            headers.get("content-encoding", ""),
            limits.bytes,
            cut=limits.robots,
        )
        etag, last_modified = (_sendable(headers.get(name)) for name in ("etag", "last-modified"))
        validators = Validators(str(url), etag, last_modified)
        return Response(str(url), kind, data, validators)

    def _failure(self, status: int, headers: httpx2.Headers) -> Exception:
        message = f"HTTP {status}: {_STATUS_REASONS.get(status, 'the server has no page for it')}"
        if status not in _LATER:
            return _RequestFailure(message, status)
        after = retry_after(headers.get("retry-after"), self._clock)
        if after is not None and after > MAX_WAIT:
            return _RequestFailure(
                f"HTTP {status}: the server wants to be left alone for {after:,.0f} seconds", status
            )
        busy = "too many requests" if status == 429 else "the server is in trouble"
        return Transient(f"HTTP {status}: {busy}; try again later", status, after)

    def _headers(self, url: httpx2.URL, conditions: Validators | None) -> list[tuple[bytes, bytes]]:
        headers = {
            "Host": url.netloc.decode("ascii"),
            "User-Agent": self._agent,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip",
        }
        if conditions and conditions.etag:
            headers["If-None-Match"] = conditions.etag
        if conditions and conditions.last_modified:
            headers["If-Modified-Since"] = conditions.last_modified
        return [(name.encode(), value.encode()) for name, value in headers.items()]

    def _deadline(self) -> Deadline:
        return Deadline.after(self.settings.download_timeout, self._clock)


@dataclass(frozen=True, slots=True)
class _Limits:
    """The most bytes to take; ``robots`` is for a robots.txt, of which the first part is kept."""

    bytes: int
    robots: bool = False


class _RequestFailure(Exception):
    """The server refuses the request, and would refuse it again."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


def _site(url: httpx2.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _digits(value: str | None) -> str:
    return value[:18] if value and value.isdecimal() else "0"


def _sendable(value: str | None) -> str | None:
    """Return a header's value if it can be sent back unchanged, else ``None``."""
    return (
        value if value and len(value) < 1000 and value.isascii() and value.isprintable() else None
    )


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
