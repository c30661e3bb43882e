"""Let requests begin one after another, so that a crowd does not keep others waiting.

Clients that were refused come back together, after the second that they were told. Each costs the
event loop some milliseconds, and the loop begins all that have come in before it looks for more:
whoever asks whether the server is alive just then would wait for all of them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from api.links import path_below

__all__ = ["Turns"]

_LIVENESS: Final = "/healthz"


class Turns:
    """Begins one request in each round of the event loop, in the order in which they came; one for
    ``/healthz`` waits for no other."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        # Whether one has begun in this round.
        self._is_taken = False
        self._line: deque[asyncio.Future[None]] = deque()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and path_below(scope) != _LIVENESS:
            await self._turn()
        await self._app(scope, receive, send)

    async def _turn(self) -> None:
        loop = asyncio.get_running_loop()
        if self._is_taken:
            turn: asyncio.Future[None] = loop.create_future()
            self._line.append(turn)
            await turn
        else:
            self._is_taken = True
            loop.call_soon(self._next_round)

    def _next_round(self) -> None:
        while self._line:
            turn = self._line.popleft()
            # Cancelled where the server stops meanwhile.
            if not turn.done():
                turn.set_result(None)
                asyncio.get_running_loop().call_soon(self._next_round)
                return
        self._is_taken = False
