"""Connect to an address that was checked, and to no other, within the deadline.

A name is resolved once for a connection. Every address that it has is checked, and a checked
address is dialled as it is, so a name that resolves differently a moment later gains nothing. The
request and TLS still use the name.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Any

import httpcore2

from index.fetch.clock import Deadline
from index.fetch.guard import Guard, RequestRefusal

__all__ = ["Dial", "GuardedBackend", "Resolve", "system_dial", "system_resolve"]

# The addresses of a name, as text; ``OSError`` when there are none.
Resolve = Callable[[str, int], list[str]]
# A connection to an address within so many seconds; raises httpcore2's errors.
Dial = Callable[[str, int, float], httpcore2.NetworkStream]

# An address that does not answer leaves time for the next one.
_CONNECT_SECONDS = 5.0


def system_resolve(host: str, port: int) -> list[str]:
    """Resolve a host with the machine's resolver; the addresses in its order."""
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in infos))


def system_dial(address: str, port: int, timeout: float) -> httpcore2.NetworkStream:
    """Open a TCP connection."""
    return httpcore2.SyncBackend().connect_tcp(address, port, timeout, socket_options=[])


class GuardedBackend(httpcore2.NetworkBackend):
    """Makes connections for httpcore.

    ``deadline`` holds for all open connections until it is set again; whoever sends a request sets
    it. Not for two threads at once.
    """

    def __init__(self, guard: Guard, deadline: Deadline, resolve: Resolve, dial: Dial) -> None:
        self.deadline = deadline
        self._guard = guard
        self._resolve = resolve
        self._dial = dial

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Open a connection to a checked address.

        Raises ``RequestRefusal`` when any address of the name may not be connected to: a name with
        both public and private addresses is an attack.
        """
        addresses = self._look_up(host, port)
        for address in addresses:
            self._guard.address(address)
        failure: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                stream = self._dial(address, port, self.deadline.remaining(_CONNECT_SECONDS))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as exc:
                failure = exc
            else:
                return _DeadlineStream(stream, self)
        raise failure

    def _look_up(self, host: str, port: int) -> list[str]:
        """Resolve a name in a thread that is abandoned at the deadline: ``getaddrinfo`` has no
        timeout."""
        results: list[list[str] | Exception] = []

        def look_up() -> None:
            try:
                results.append(self._resolve(host, port))
            except (OSError, UnicodeError) as exc:
                results.append(exc)

        thread = threading.Thread(target=look_up, daemon=True)
        thread.start()
        thread.join(self.deadline.remaining())
        match results:
            case [list() as addresses]:
                return addresses
            case [socket.gaierror() as exc] if exc.errno == socket.EAI_AGAIN:
                raise httpcore2.ConnectError(f"{host} cannot be looked up now") from exc
            case [Exception() as exc]:
                raise RequestRefusal(f"there is no host {host}; check the link") from exc
            case _:
                raise httpcore2.ConnectTimeout(f"{host} could not be looked up in time")


class _DeadlineStream(httpcore2.NetworkStream):
    """A connection on which no operation waits beyond the deadline, however slowly data comes."""

    def __init__(self, stream: httpcore2.NetworkStream, backend: GuardedBackend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend.deadline.remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend.deadline.remaining(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        remaining = self._backend.deadline.remaining(timeout)
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, remaining)
        except httpcore2.ConnectError as exc:
            if isinstance(exc.__cause__, ssl.SSLCertVerificationError):
                reason = exc.__cause__.verify_message
                raise RequestRefusal(
                    f"the certificate of {server_hostname} is no good: {reason}"
                ) from exc
            raise
        return _DeadlineStream(stream, self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
