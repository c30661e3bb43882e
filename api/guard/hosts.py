"""The host that a request is meant for: where it stands, and whether it is this server. A defence
against DNS rebinding."""

from __future__ import annotations

import re
import socket
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["LOOPBACK", "Hosts", "OriginForm", "host_of"]

# A name or an address, and a port. ``urlsplit`` reads ``[::1].evil`` as ``::1``, and
# ``localhost:.evil`` and ``localhost/.evil`` as ``localhost``.
_NETLOC = re.compile(r"(?:\[[^\[\]]*\]|[^\s/?#@:\[\]\\]+)(?::[0-9]*)?")
_ABSOLUTE = re.compile(rb"https?://([^/]*)(/.*)?", re.IGNORECASE | re.DOTALL)
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Hosts:
    """The accepted values of the Host header.

    ``allowed_names``: the names where any are set (``*`` accepts every name).
    ``listen_host``: the address that the server is bound to. Without ``allowed_names``,
    ``localhost`` is accepted and, where ``listen_host`` is not loopback, the name of this machine,
    ``listen_host`` itself and every IP address: an attack by DNS rebinding needs a name, which
    then stands in the header.
    """

    def __init__(self, allowed_names: Collection[str], listen_host: str) -> None:
        self._admits_all = "*" in allowed_names
        self._names = {name.lower().rstrip(".") for name in allowed_names or LOOPBACK}
        self._numbers = False
        if not allowed_names and listen_host.lower() not in LOOPBACK:
            machine = socket.gethostname().lower()
            self._names |= {machine, f"{machine}.local", listen_host.lower()}
            self._numbers = True

    def admit(self, host: str) -> bool:
        """Whether a request with this Host header is meant for this server."""
        name = host_of(f"//{host}") if _NETLOC.fullmatch(host) else ""
        if self._admits_all:
            return True
        return bool(name) and (name in self._names or (self._numbers and _is_address(name)))


class OriginForm:
    """Takes requests for a whole URL, as programs send them that believe to speak to a proxy, for
    requests for its path. Its host then counts instead of the header's (RFC 9112, 3.2.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (match := _ABSOLUTE.fullmatch(scope.get("raw_path") or b"")):
            host, path = match[1], match[2] or b"/"
            headers = [header for header in scope["headers"] if header[0] != b"host"]
            scope = {
                **scope,
                "path": unquote(path.decode("ascii")),
                "raw_path": path,
                "headers": [(b"host", host), *headers],
            }
        await self._app(scope, receive, send)


def host_of(url: str) -> str:
    """Return the host of a URL, in lower case; empty when it has none that can be parsed."""
    try:
        parts = urlsplit(url)
        return _plain_name(parts.hostname) if _NETLOC.fullmatch(parts.netloc) else ""
    except ValueError:
        return ""


def _plain_name(name: str | None) -> str:
    return (name or "").lower().rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
