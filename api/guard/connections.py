"""Close idle connections after a time, and earlier when there are too many.

Uvicorn waits for ever for the headers of a request and for a client that does not read its answer,
and at ``limit_concurrency`` it refuses new requests although others only hold a connection. This is
its protocol with a timeout for both, where idle connections make room, and if there are none those
whose requests have not come in whole.
"""

from __future__ import annotations

import asyncio
import resource
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol

from rag import Settings

__all__ = ["BACKLOG", "Connection", "most_connections"]

# How many connections the event loop takes in at once, before any of them can make room.
BACKLOG = 64
# File descriptors that are left to them, the library, its indexes and the models.
_RESERVED_FILES = 512


class Connection(H11Protocol):
    """A connection under uvicorn's own settings: at most ``limit_concurrency`` of them are held,
    and ``timeout_keep_alive`` is how many seconds a client may take to send the headers and to read
    what was written."""

    def __init__(self, config: Config, *args: Any, **kwargs: Any) -> None:
        super().__init__(config, *args, **kwargs)
        self._limit = config.limit_concurrency
        # Uvicorn would refuse the next request instead of closing an idle connection.
        self.limit_concurrency = None
        self._clock: asyncio.TimerHandle | None = None
        # When it became idle, or its present request began.
        self._since = self.loop.time()

    @property
    def idle(self) -> bool:
        """Whether no request is being answered on this connection."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def receiving(self) -> bool:
        """Whether a request is being answered whose body has not come in whole."""
        return not self.idle and self.cycle.more_body

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Close another connection if there are too many, and start the timeout of the first
        request."""
        super().connection_made(transport)
        if self._limit is not None and len(self.connections) > self._limit:
            self._make_room()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timeout."""
        super().connection_lost(exc)
        self._stop()

    def data_received(self, data: bytes) -> None:
        """Receive a part of a request. The timeout runs from its first byte until its headers are
        complete."""
        was_idle = self.idle
        if was_idle and self._clock is None:
            self._wait()
        super().data_received(data)
        if was_idle and not self.idle:
            self._since = self.loop.time()
            self._stop()

    def on_response_complete(self) -> None:
        """Stop the timeout once the client has read the answer; uvicorn's own limit for idle
        connections holds until the next request."""
        # All is written, but uvicorn would wait for ever for a client that does not read it.
        if not self.flow.write_paused:
            self._stop()
        self._since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Start the timeout: the client reads more slowly than the server writes."""
        super().pause_writing()
        self._wait()

    def resume_writing(self) -> None:
        """Stop the timeout: the client reads again."""
        super().resume_writing()
        self._stop()

    def _make_room(self) -> None:
        peers = [peer for peer in self.connections if isinstance(peer, Connection)]
        peers.remove(self)
        waiting = [peer for peer in peers if peer.idle] or [
            peer for peer in peers if peer.receiving
        ]
        # The youngest connection may be about to send a request, or the rest of one.
        min(waiting, key=lambda peer: peer._since, default=self)._cut()

    def _wait(self) -> None:
        self._stop()
        self._clock = self.loop.call_later(self.timeout_keep_alive, self._cut)

    def _stop(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _cut(self) -> None:
        # Taken out at once: uvicorn does so only when the loop reports the connection as lost.
        self.connections.discard(self)
        self._stop()
        self.transport.abort()


def most_connections(settings: Settings) -> int:
    """Compute how many connections a server may hold, by these settings and the system's limit of
    open files."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return settings.max_connections
    return min(settings.max_connections, max(files - _RESERVED_FILES, 1))
